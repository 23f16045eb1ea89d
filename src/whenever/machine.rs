//! What a schedule sees of the machine: the application's files, no environment variables, `require`, `Whenever` itself.
//!
//! `File.expand_path('../..', __FILE__)` is the working directory; `File.exist?('Gemfile')` asks the source map.

use std::rc::Rc;

use crate::diagnostic::Diagnostic;
use crate::name::Name;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;
use crate::source::FileId;
use crate::text::Hole;
use crate::whenever::{moment, state, units};

/// Files that load the whole Rails application, which is not evaluated here.
const APPLICATION: [&str; 3] = ["config/environment.rb", "config/application.rb", "config/boot.rb"];

const FILE: &[(&str, Native)] = &[
    ("join", |interpreter, _, args| {
        let mut parts = Vec::new();
        for value in &args.list {
            join_parts(interpreter, value, &mut parts, 0)?;
        }
        Ok(Value::str(join(&parts)))
    }),
    ("expand_path", expand_path),
    ("absolute_path", expand_path),
    ("realpath", expand_path),
    ("dirname", |interpreter, _, args| {
        let path = interpreter.to_str(&args.value(0))?;
        Ok(Value::str(dirname(&path)))
    }),
    ("basename", |interpreter, _, args| {
        let path = interpreter.to_str(&args.value(0))?;
        let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or("").to_owned();
        let name = if name.is_empty() && path.starts_with('/') { "/".to_owned() } else { name };
        let Some(suffix) = args.get(1) else { return Ok(Value::str(name)) };
        let suffix = interpreter.to_str(suffix)?;
        let cut = match suffix.as_str() {
            ".*" => name.rfind('.').filter(|dot| *dot > 0).map(|dot| &name[..dot]),
            suffix => name.strip_suffix(suffix).filter(|rest| !rest.is_empty()),
        };
        Ok(Value::str(cut.unwrap_or(&name)))
    }),
    ("extname", |interpreter, _, args| {
        let path = interpreter.to_str(&args.value(0))?;
        let name = path.rsplit('/').next().unwrap_or("");
        let dot = name.rfind('.').filter(|dot| *dot > 0 && dot + 1 < name.len());
        Ok(Value::str(dot.map_or("", |dot| &name[dot..])))
    }),
    ("split", |interpreter, _, args| {
        let path = interpreter.to_str(&args.value(0))?;
        let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or("");
        Ok(Value::strings([dirname(&path), name.to_owned()]))
    }),
    ("exist?", exist),
    ("exists?", exist),
    ("readable?", exist),
    ("file?", |interpreter, _, args| {
        let path = interpreter.to_str(&args.value(0))?;
        Ok(known(interpreter, &path, |interpreter, below| {
            let state = state(interpreter);
            state.files.contains_key(below) || (state.options.exists.contains(below) && !is_directory(interpreter, below))
        }))
    }),
    ("directory?", directory),
    ("read", read),
    ("readlines", |interpreter, me, args| {
        let text = read(interpreter, me, args)?;
        interpreter.send(&text, "lines", &[])
    }),
];

const DIRECTORY: &[(&str, Native)] = &[
    ("pwd", |interpreter, _, _| Ok(Value::str(state(interpreter).options.path.clone()))),
    ("getwd", |interpreter, _, _| Ok(Value::str(state(interpreter).options.path.clone()))),
    ("exist?", directory),
    ("glob", glob),
    ("[]", glob),
];

const WHENEVER: &[(&str, Native)] = &[
    ("path", |interpreter, _, _| Ok(Value::str(state(interpreter).options.path.clone()))),
    ("bundler?", |interpreter, _, _| Ok(Value::Bool(exists(interpreter, "Gemfile")))),
    ("bin_rails?", |interpreter, _, _| Ok(Value::Bool(exists(interpreter, "bin/rails")))),
    ("script_rails?", |interpreter, _, _| Ok(Value::Bool(exists(interpreter, "script/rails")))),
    ("seconds", |interpreter, _, args| {
        interpreter.check_arity(args, 2, Some(2))?;
        let unit = args.value(1).name();
        match unit.and_then(|unit| units::seconds(unit.as_str())) {
            Some(seconds) => units::multiply(interpreter, &args.value(0), seconds, false),
            None => interpreter.argument_error("no such unit of time"),
        }
    }),
];

const LOADING: &[(&str, Native)] = &[
    ("require", |interpreter, _, args| {
        let name = interpreter.to_str(&args.value(0))?;
        require(interpreter, &name)
    }),
    ("require_relative", |interpreter, _, args| {
        let name = interpreter.to_str(&args.value(0))?;
        let here = interpreter.location(interpreter.call_site()).path;
        let path = absolute(interpreter, &format!("{}/{name}", dirname(&here)), None);
        require(interpreter, &path)
    }),
    ("load", |interpreter, _, args| {
        let name = interpreter.to_str(&args.value(0))?;
        let path = absolute(interpreter, &name, None);
        match file(interpreter, &path) {
            Some(id) => run(interpreter, id),
            None => load_error(interpreter, &name),
        }
    }),
];

/// The documents that `load_file` parses: the module, and its method for text.
const DOCUMENTS: [(&str, &[(&str, Native)]); 3] = [
    ("YAML", &[("load_file", yaml_file), ("safe_load_file", yaml_file), ("unsafe_load_file", yaml_file)]),
    ("Psych", &[("load_file", yaml_file), ("safe_load_file", yaml_file), ("unsafe_load_file", yaml_file)]),
    ("JSON", &[("load_file", json_file), ("parse_file", json_file)]),
];

/// Defines `File`, `Dir`, `ENV`, `Whenever`, `Chronic` and the ways to load files.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let stream = interpreter.define_class_path("IO", &object);
    interpreter.define_singleton(&stream, &[("read", read)]);
    let file = interpreter.define_class_path("File", &stream);
    interpreter.define_singleton(&file, FILE);
    file.constants.borrow_mut().insert(Name::new("SEPARATOR"), Value::str("/"));
    let directory = interpreter.define_class_path("Dir", &object);
    interpreter.define_singleton(&directory, DIRECTORY);
    let whenever = interpreter.define_module_path("Whenever");
    interpreter.define_singleton(&whenever, WHENEVER);
    let chronic = interpreter.define_module_path("Chronic");
    interpreter.define_singleton(&chronic, &[("parse", moment::parse)]);
    for (name, table) in DOCUMENTS {
        let module = interpreter.define_module_path(name);
        interpreter.define_singleton(&module, table);
    }
    let kernel = Rc::clone(&interpreter.classes.kernel);
    interpreter.define_private(&kernel, LOADING);
    interpreter.define_singleton(&kernel, LOADING);
    // Of the deploying user's environment only what the call sets is known; a read of another gives `nil`, as for one that is not set.
    let environment = Value::new_hash();
    for (name, value) in &state(interpreter).options.variables {
        environment.insert_plain(Value::str(name.clone()), Value::str(value.clone()));
    }
    object.constants.borrow_mut().insert(Name::new("ENV"), Value::Hash(environment));
    interpreter.version += 1;
}

/// Whether the path `below` the working directory exists.
pub fn exists(interpreter: &Interpreter, below: &str) -> bool {
    let state = state(interpreter);
    below.is_empty() || state.options.exists.contains(below) || state.files.contains_key(below) || is_directory(interpreter, below)
}

fn is_directory(interpreter: &Interpreter, below: &str) -> bool {
    let state = state(interpreter);
    let inside = format!("{below}/");
    let known = state.files.range(inside.clone()..).next().is_some_and(|(path, _)| path.starts_with(&inside));
    below.is_empty() || known || state.options.exists.range(inside.clone()..).next().is_some_and(|path| path.starts_with(&inside))
}

/// `path` made absolute from `from`, without `.` and `..`. Paths of the source map are below the working directory.
fn absolute(interpreter: &Interpreter, path: &str, from: Option<&str>) -> String {
    let state = state(interpreter);
    let base = match from {
        Some(from) => absolute(interpreter, from, None),
        None => state.options.path.clone(),
    };
    let path = match path.strip_prefix(&state.root) {
        Some(below) if !state.root.is_empty() => below,
        _ => path,
    };
    let whole = if path.starts_with('/') { path.to_owned() } else { format!("{base}/{path}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// What stands below the working directory in an absolute path.
fn below(interpreter: &Interpreter, path: &str) -> Option<String> {
    let absolute = absolute(interpreter, path, None);
    let root = state(interpreter).options.path.clone();
    match absolute.strip_prefix(root.trim_end_matches('/')) {
        Some("") => Some(String::new()),
        Some(rest) => rest.strip_prefix('/').map(str::to_owned),
        None => None,
    }
}

/// The file of the application at `path`.
fn file(interpreter: &Interpreter, path: &str) -> Option<FileId> {
    state(interpreter).files.get(&below(interpreter, path)?).copied()
}

/// An answer about a path below the working directory; unknown for any other.
fn known(interpreter: &Interpreter, path: &str, ask: impl Fn(&Interpreter, &str) -> bool) -> Value {
    match below(interpreter, path) {
        Some(below) => Value::Bool(ask(interpreter, &below)),
        None => outside(path),
    }
}

fn outside(path: &str) -> Value {
    Value::Unknown(Rc::new(Hole::unknown(path, "a file of the machine, not of the application")))
}

fn exist(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let path = interpreter.to_str(&args.value(0))?;
    Ok(known(interpreter, &path, exists))
}

fn directory(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let path = interpreter.to_str(&args.value(0))?;
    Ok(known(interpreter, &path, is_directory))
}

fn read(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let path = interpreter.to_str(&args.value(0))?;
    if let Some(id) = file(interpreter, &path) {
        let text = crate::ruby::hole::without_holes(interpreter.source(id).text());
        return Ok(Value::str(text));
    }
    match below(interpreter, &path) {
        Some(below) if !state(interpreter).options.exists.contains(&below) => {
            let above = Rc::clone(&interpreter.classes.standard_error);
            let above = interpreter.error_class("SystemCallError", &above);
            let class = interpreter.error_class("Errno::ENOENT", &above);
            interpreter.raise(&class, format!("No such file or directory @ rb_sysopen - {path}"))
        }
        _ => Ok(outside(&path)),
    }
}

fn document(interpreter: &mut Interpreter, me: &Value, args: &Args, method: &str) -> Eval {
    let text = read(interpreter, me, &Args::new(vec![args.value(0)]))?;
    let mut list = args.list.clone();
    if let Some(first) = list.first_mut() {
        *first = text;
    }
    interpreter.call(me, Name::new(method), Args { list, keywords: args.keywords, block: None }, CallKind::Explicit)
}

fn yaml_file(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    document(interpreter, me, args, "load")
}

fn json_file(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    document(interpreter, me, args, "parse")
}

fn expand_path(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    let path = interpreter.to_str(&args.value(0))?;
    let from = match args.get(1) {
        None | Some(Value::Nil) => None,
        Some(from) => Some(interpreter.to_str(from)?),
    };
    if let Some(rest) = path.strip_prefix('~') {
        let home = interpreter.hole_character(&Rc::new(Hole::unknown("~", "the home directory of the user that owns the crontab")));
        return Ok(Value::str(format!("{home}{rest}")));
    }
    Ok(Value::str(absolute(interpreter, &path, from.as_deref())))
}

fn dirname(path: &str) -> String {
    match path.trim_end_matches('/').rsplit_once('/') {
        Some((dir, _)) if dir.trim_end_matches('/').is_empty() => "/".to_owned(),
        Some((dir, _)) => dir.trim_end_matches('/').to_owned(),
        None if path.starts_with('/') => "/".to_owned(),
        None => ".".to_owned(),
    }
}

fn join_parts(interpreter: &mut Interpreter, value: &Value, parts: &mut Vec<String>, depth: usize) -> Eval<()> {
    match value {
        Value::Array(array) if depth < 50 => {
            let items = array.items.borrow().clone();
            for item in items {
                join_parts(interpreter, &item, parts, depth + 1)?;
            }
            Ok(())
        }
        value => {
            parts.push(interpreter.to_str(value)?);
            Ok(())
        }
    }
}

fn join(parts: &[String]) -> String {
    let mut out = String::new();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            match (out.ends_with('/'), part.starts_with('/')) {
                (true, true) => out.truncate(out.trim_end_matches('/').len()),
                (false, false) => out.push('/'),
                _ => {}
            }
        }
        out.push_str(part);
    }
    out
}

/// `Dir['lib/**/*.rb']` over the files of the application, relative as the pattern is.
fn glob(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let mut found = Vec::new();
    let patterns = match args.get(0) {
        Some(Value::Array(items)) => items.items.borrow().clone(),
        _ => args.list.iter().filter(|value| !matches!(value, Value::Hash(_))).cloned().collect(),
    };
    let state = state(interpreter);
    let root = format!("{}/", state.options.path.trim_end_matches('/'));
    for pattern in patterns {
        let pattern = interpreter.to_str(&pattern)?;
        let is_absolute = pattern.starts_with('/');
        if is_absolute && !absolute(interpreter, &pattern, None).starts_with(&root) {
            return Ok(outside(&pattern));
        }
        let whole = absolute(interpreter, &pattern, None);
        let Ok(regex) = fancy_regex::Regex::new(&glob_regex(&whole)) else { continue };
        for path in state.files.keys() {
            interpreter.step()?;
            let full = format!("{root}{path}");
            if regex.is_match(&full).unwrap_or(false) {
                found.push(if is_absolute { full } else { path.clone() });
            }
        }
    }
    let list = Value::strings(found);
    match &args.block {
        Some(block) => {
            for item in list.items().unwrap_or_default() {
                interpreter.yield_values(block, vec![item])?;
            }
            Ok(Value::Nil)
        }
        None => Ok(list),
    }
}

/// A glob as a regular expression: `**/`, `*`, `?`, `{a,b}`, `[ab]`.
fn glob_regex(pattern: &str) -> String {
    let mut out = String::from("^");
    let mut depth = 0;
    let mut rest = pattern;
    while let Some(character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        match character {
            '*' if rest.starts_with("*/") => {
                out.push_str("(?:[^/.][^/]*/)*");
                rest = &rest[2..];
            }
            '*' if out.ends_with('/') => out.push_str("(?:[^/.][^/]*)?"),
            '*' => out.push_str("[^/]*"),
            '?' => out.push_str("[^/]"),
            '{' => {
                depth += 1;
                out.push_str("(?:");
            }
            '}' if depth > 0 => {
                depth -= 1;
                out.push(')');
            }
            ',' if depth > 0 => out.push('|'),
            '[' | ']' => out.push(character),
            c if c.is_alphanumeric() || c == '/' || c == '_' => out.push(c),
            c => out.extend(['\\', c]),
        }
    }
    out.push('$');
    out
}

fn require(interpreter: &mut Interpreter, name: &str) -> Eval {
    let is_path = ["/", "./", "../", "~"].iter().any(|start| name.starts_with(start));
    if !is_path {
        // A gem, or the standard library: nothing of it is needed but what `ActiveSupport` adds to numbers.
        if ["active_support/all", "active_support/core_ext", "active_support/time", "rails/all"].iter().any(|start| name.starts_with(start))
        {
            units::use_active_support(interpreter);
        }
        return Ok(Value::Bool(true));
    }
    let path = absolute(interpreter, name, None);
    let with_ending = if path.ends_with(".rb") { path.clone() } else { format!("{path}.rb") };
    let inside = below(interpreter, &with_ending);
    if inside.as_deref().is_some_and(|inside| APPLICATION.contains(&inside)) {
        return rails(interpreter, inside.as_deref().unwrap_or(""));
    }
    if let Some(id) = file(interpreter, &with_ending) {
        if !state(interpreter).required.borrow_mut().insert(id) {
            return Ok(Value::Bool(false));
        }
        return run(interpreter, id);
    }
    match inside {
        Some(inside) if state(interpreter).options.exists.contains(&inside) => Ok(Value::Bool(true)),
        None => Ok(Value::Bool(true)),
        Some(_) => load_error(interpreter, name),
    }
}

fn load_error(interpreter: &mut Interpreter, name: &str) -> Eval {
    let class = Rc::clone(&interpreter.classes.load_error);
    interpreter.raise(&class, format!("cannot load such file -- {name}"))
}

fn run(interpreter: &mut Interpreter, id: FileId) -> Eval {
    let sources = Rc::clone(&interpreter.sources);
    let (tree, mut problems) = crate::read::ruby::parse(&sources, id);
    if let Some(problem) = problems.first() {
        let class = Rc::clone(&interpreter.classes.syntax_error);
        let message = format!("{}: {}", sources.file(id).path, problem.message);
        interpreter.diagnostics.append(&mut problems);
        return interpreter.raise(&class, message);
    }
    let main = interpreter.main.clone();
    let scope = interpreter.top_scope(main);
    interpreter.run(&scope, &tree)?;
    Ok(Value::Bool(true))
}

/// The Rails application would be loaded: `Rails` is unknown from here on, and numbers have `ActiveSupport`'s lengths.
fn rails(interpreter: &mut Interpreter, path: &str) -> Eval {
    let state = state(interpreter);
    if !state.rails.replace(true) {
        let span = interpreter.call_site();
        let hole = Hole::unknown("Rails", "the Rails application is not loaded");
        interpreter.classes.object.constants.borrow_mut().insert(Name::new("Rails"), Value::Unknown(Rc::new(hole)));
        interpreter.version += 1;
        units::use_active_support(interpreter);
        interpreter.diagnostics.push(
            Diagnostic::warning("C210", format!("`{path}` loads the whole Rails application, which is not evaluated"))
                .at(span)
                .help("replace what the schedule takes from the application by plain values"),
        );
    }
    Ok(Value::Bool(true))
}
