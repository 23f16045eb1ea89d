//! `File`, `Dir`, `FileUtils`, `Etc` and `ENV` on the model of the machine: what the run made and what every machine has.
//!
//! A file of the cookbook itself is read from the repository. Everything else is absent: `File.exist?` says no, reading it raises
//! `Errno::ENOENT` in a strict run and is unknown in a conversion.

use std::rc::Rc;

use crate::chef::client::client;
use crate::chef::file_system;
use crate::diagnostic::Diagnostic;
use crate::graph::FileKind;
use crate::name::Name;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Native, Visibility};
use crate::ruby::procs::Args;
use crate::ruby::value::Value;
use crate::source::FileId;

const ASKING: &[(&str, Native)] = &[
    ("exist?", |i, _, a| ask(i, a, exists)),
    ("exists?", |i, _, a| ask(i, a, exists)),
    ("file?", |i, _, a| ask(i, a, |i, path| file_system::is_file(i, path) || repository_file(i, path).is_some())),
    ("directory?", |i, _, a| ask(i, a, is_directory)),
    ("symlink?", |i, _, a| ask(i, a, file_system::is_link)),
    ("readable?", |i, _, a| ask(i, a, exists)),
    ("writable?", |i, _, a| ask(i, a, exists)),
    ("executable?", |i, _, a| ask(i, a, |i, path| mode(i, path).is_some_and(|mode| mode & 0o111 != 0) || is_directory(i, path))),
    ("owned?", |i, _, a| ask(i, a, exists)),
    ("zero?", |i, _, a| ask(i, a, is_empty)),
    ("empty?", |i, _, a| ask(i, a, is_empty)),
    ("blockdev?", |_, _, _| Ok(Value::Bool(false))),
    ("chardev?", |_, _, _| Ok(Value::Bool(false))),
    ("pipe?", |_, _, _| Ok(Value::Bool(false))),
    ("socket?", |_, _, _| Ok(Value::Bool(false))),
    ("size?", |i, _, a| {
        let path = path(i, &a.value(0))?;
        Ok(text_at(i, &path).filter(|text| !text.is_empty()).map_or(Value::Nil, |text| length(&text)))
    }),
    ("identical?", |i, _, a| Ok(Value::Bool(path(i, &a.value(0))? == path(i, &a.value(1))?))),
];

const READING: &[(&str, Native)] = &[
    ("read", read),
    ("binread", read),
    ("readlines", |i, me, a| {
        let text = read(i, me, a)?;
        i.call(&text, Name::new("lines"), Args::none(), CallKind::Explicit)
    }),
    ("foreach", |i, me, a| {
        let text = read(i, me, a)?;
        i.call(&text, Name::new("each_line"), Args::none().with_block(a.block.clone()), CallKind::Explicit)
    }),
    ("open", open),
    ("write", |i, _, a| changes(i, a, "File.write")),
    ("binwrite", |i, _, a| changes(i, a, "File.write")),
];

const FILE: &[(&str, Native)] = &[
    ("size", |i, me, a| {
        let text = read(i, me, &Args::new(vec![a.value(0)]))?;
        Ok(match text {
            Value::Str(text) => length(&text.text.borrow()),
            other => other,
        })
    }),
    ("readlink", |i, _, a| {
        let path = path(i, &a.value(0))?;
        match file_system::state_at(i, &path) {
            Some(FileKind::Link(to)) => Ok(i.string_of(&to)),
            _ => absent(i, "rb_readlink", &path),
        }
    }),
    ("realpath", |i, _, a| {
        let path = path(i, &a.value(0))?;
        match file_system::state_at(i, &path) {
            Some(FileKind::Link(to)) => Ok(i.string_of(&to)),
            _ => Ok(Value::str(path)),
        }
    }),
    ("mtime", |i, _, a| stat_of(i, a, "mtime")),
    ("ctime", |i, _, a| stat_of(i, a, "ctime")),
    ("atime", |i, _, a| stat_of(i, a, "atime")),
    ("stat", |i, _, a| stat_of(i, a, "stat")),
    ("lstat", |i, _, a| stat_of(i, a, "lstat")),
    ("ftype", |i, _, a| stat_of(i, a, "ftype")),
    ("delete", |i, _, a| changes(i, a, "File.delete")),
    ("unlink", |i, _, a| changes(i, a, "File.delete")),
    ("rename", |i, _, a| changes(i, a, "File.rename")),
    ("symlink", |i, _, a| changes(i, a, "File.symlink")),
    ("chmod", |i, _, a| changes(i, a, "File.chmod")),
    ("chown", |i, _, a| changes(i, a, "File.chown")),
    ("umask", |_, _, _| Ok(Value::Integer(0o022))),
];

const DIR: &[(&str, Native)] = &[
    ("exist?", |i, _, a| ask(i, a, is_directory)),
    ("exists?", |i, _, a| ask(i, a, is_directory)),
    ("empty?", |i, _, a| {
        let path = path(i, &a.value(0))?;
        Ok(Value::Bool(is_directory(i, &path) && children(i, &path).is_empty()))
    }),
    ("entries", |i, _, a| listed(i, a, true)),
    ("children", |i, _, a| listed(i, a, false)),
    ("each_child", |i, _, a| {
        let list = listed(i, &Args::new(vec![a.value(0)]), false)?;
        i.call(&list, Name::new("each"), Args::none().with_block(a.block.clone()), CallKind::Explicit)
    }),
    ("glob", glob),
    ("[]", glob),
    ("mkdir", |i, _, a| changes(i, a, "Dir.mkdir")),
    ("rmdir", |i, _, a| changes(i, a, "Dir.rmdir")),
    ("pwd", |_, _, _| Ok(Value::str("/"))),
    ("getwd", |_, _, _| Ok(Value::str("/"))),
    ("tmpdir", |_, _, _| Ok(Value::str("/tmp"))),
    ("home", |_, _, _| Ok(Value::str("/root"))),
    ("chdir", |i, _, a| match &a.block {
        Some(block) => i.yield_values(block, vec![a.value(0)]),
        None => Ok(Value::Integer(0)),
    }),
];

/// Methods of `FileUtils`: all of them change the machine.
const UTILITIES: &[&str] = &[
    "mkdir",
    "mkdir_p",
    "makedirs",
    "mkpath",
    "rm",
    "rm_f",
    "rm_r",
    "rm_rf",
    "rmtree",
    "remove",
    "remove_dir",
    "cp",
    "copy",
    "cp_r",
    "mv",
    "move",
    "ln",
    "ln_s",
    "ln_sf",
    "symlink",
    "chmod",
    "chmod_R",
    "chown",
    "chown_R",
    "touch",
    "install",
    "rmdir",
    "copy_file",
    "cd",
];

const ETC: &[(&str, Native)] = &[
    ("getpwnam", |i, _, a| account(i, a, "passwd", "user", "user")),
    ("getgrnam", |i, _, a| account(i, a, "group", "group", "group")),
    ("getpwuid", |i, _, _| account(i, &Args::new(vec![Value::str("root")]), "passwd", "user", "user")),
    ("getlogin", |_, _, _| Ok(Value::str("root"))),
    ("nprocessors", |_, _, _| Ok(super::unknown("Etc.nprocessors", "host-dependent"))),
];

const PATHNAME: &[(&str, Native)] = &[
    ("exist?", |i, me, _| ask(i, &Args::new(vec![me.clone()]), exists)),
    ("file?", |i, me, _| ask(i, &Args::new(vec![me.clone()]), file_system::is_file)),
    ("directory?", |i, me, _| ask(i, &Args::new(vec![me.clone()]), is_directory)),
    ("symlink?", |i, me, _| ask(i, &Args::new(vec![me.clone()]), file_system::is_link)),
    ("readable?", |i, me, _| ask(i, &Args::new(vec![me.clone()]), exists)),
    ("read", |i, me, _| read(i, me, &Args::new(vec![me.clone()]))),
];

/// Installs them.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let io = interpreter.define_class_path("IO", &object);
    let file = interpreter.define_class_path("File", &io);
    interpreter.define_singleton(&io, READING);
    for table in [ASKING, READING, FILE] {
        interpreter.define_singleton(&file, table);
    }
    let test = interpreter.define_module_path("FileTest");
    interpreter.define_singleton(&test, ASKING);
    let dir = interpreter.define_class_path("Dir", &object);
    interpreter.define_singleton(&dir, DIR);
    let utilities = interpreter.define_module_path("FileUtils");
    let table: Vec<(&str, Native)> =
        UTILITIES.iter().map(|name| (*name, (|i: &mut Interpreter, _: &Value, a: &Args| changes(i, a, "FileUtils")) as Native)).collect();
    interpreter.define_list(&utilities, &table, Visibility::Public);
    interpreter.define_singleton_list(&utilities, &table);
    let etc = interpreter.define_module_path("Etc");
    interpreter.define_singleton(&etc, ETC);
    let pathname = interpreter.define_class_path("Pathname", &object);
    interpreter.define(&pathname, PATHNAME);
    // The environment of the machine is empty: what a cookbook sets in it is there for it to read.
    let environment = Name::new("ENV");
    let known = object.constants.borrow().contains_key(&environment);
    if !known {
        object.constants.borrow_mut().insert(environment, Value::Hash(Value::new_hash()));
    }
}

/// A path as the model knows it: with `.` and `..` taken away.
fn path(interpreter: &mut Interpreter, value: &Value) -> Eval<String> {
    let text = match value {
        Value::Str(_) | Value::Unknown(_) => interpreter.to_str(value)?,
        Value::Object(_) => interpreter.display(value)?,
        other => interpreter.to_str(other)?,
    };
    Ok(cleaned(&interpreter.to_text(&text).to_string()))
}

fn cleaned(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if path.starts_with('/') { format!("/{joined}") } else { joined }
}

/// The file of a cookbook at `path`, as `__FILE__` and `File.dirname` spell it.
fn repository_file(interpreter: &Interpreter, path: &str) -> Option<FileId> {
    let file = interpreter.sources.find(path)?;
    let inside = client(interpreter).cookbooks.values().any(|cookbook| {
        let folder = cookbook.files.folder.trim_end_matches('/');
        folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    });
    inside.then_some(file)
}

fn exists(interpreter: &Interpreter, path: &str) -> bool {
    file_system::exists(interpreter, path) || repository_file(interpreter, path).is_some() || is_directory(interpreter, path)
}

fn is_directory(interpreter: &Interpreter, path: &str) -> bool {
    file_system::is_directory(interpreter, path)
        || client(interpreter).cookbooks.values().any(|cookbook| {
            let folder = cookbook.files.folder.trim_end_matches('/');
            let within = path.strip_prefix(folder).map(|rest| rest.trim_start_matches('/'));
            !folder.is_empty()
                && within.is_some_and(|within| within.is_empty() || cookbook.files.within(&format!("{within}/")).next().is_some())
        })
}

fn mode(interpreter: &Interpreter, path: &str) -> Option<u32> {
    let state = client(interpreter);
    let files = state.files.borrow();
    files.get(path).and_then(|state| state.mode.as_deref()).and_then(|mode| u32::from_str_radix(mode, 8).ok())
}

/// The known text at `path`, holes as they stand in strings.
fn text_at(interpreter: &mut Interpreter, path: &str) -> Option<String> {
    match file_system::state_at(interpreter, path) {
        Some(FileKind::File(text)) => interpreter.string_of(&text).text(),
        Some(_) => None,
        None => {
            let file = repository_file(interpreter, path)?;
            Some(crate::ruby::hole::without_holes(interpreter.sources.file(file).text()))
        }
    }
}

fn is_empty(interpreter: &Interpreter, path: &str) -> bool {
    match file_system::state_at(interpreter, path) {
        Some(FileKind::File(text)) => text.parts().is_empty(),
        Some(_) => false,
        None => repository_file(interpreter, path).is_some_and(|file| interpreter.sources.file(file).text().is_empty()),
    }
}

fn length(text: &str) -> Value {
    Value::Integer(i64::try_from(text.len()).unwrap_or(i64::MAX))
}

fn ask(interpreter: &mut Interpreter, args: &Args, test: fn(&Interpreter, &str) -> bool) -> Eval {
    let path = path(interpreter, &args.value(0))?;
    Ok(Value::Bool(test(interpreter, &path)))
}

/// What a file that is not there gives.
fn absent(interpreter: &mut Interpreter, what: &str, path: &str) -> Eval {
    if client(interpreter).settings.lenient {
        return Ok(super::unknown(format!("File.read('{path}')"), "a file of the machine"));
    }
    let above = Rc::clone(&interpreter.classes.system_call_error);
    let class = interpreter.define_class_path("Errno::ENOENT", &above);
    interpreter.raise(&class, format!("No such file or directory @ {what} - {path}"))
}

fn read(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let path = path(interpreter, &args.value(0))?;
    match text_at(interpreter, &path) {
        Some(text) => Ok(Value::str(text)),
        None if exists(interpreter, &path) && !is_directory(interpreter, &path) => {
            Ok(super::unknown(format!("File.read('{path}')"), "a file whose content is not known"))
        }
        None => absent(interpreter, "rb_sysopen", &path),
    }
}

/// `File.open(path) { |file| … }`: for reading, a `StringIO` over the text; for writing, one that leads nowhere.
fn open(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let mode = args.get(1).and_then(Value::text).unwrap_or_else(|| "r".to_owned());
    let text = if mode.starts_with('r') && !mode.contains('+') {
        read(interpreter, me, &Args::new(vec![args.value(0)]))?
    } else {
        changes(interpreter, args, "File.open")?;
        Value::str("")
    };
    if text.is_unknown() {
        return match &args.block {
            Some(block) => interpreter.yield_values(block, vec![text]),
            None => Ok(text),
        };
    }
    let Some(class) = interpreter.constant_path("StringIO") else { return Ok(text) };
    let stream = interpreter.send(&class, "new", &[text])?;
    match &args.block {
        Some(block) => interpreter.yield_values(block, vec![stream]),
        None => Ok(stream),
    }
}

fn stat_of(interpreter: &mut Interpreter, args: &Args, what: &str) -> Eval {
    let path = path(interpreter, &args.value(0))?;
    if exists(interpreter, &path) || client(interpreter).settings.lenient {
        return Ok(super::unknown(format!("File.{what}('{path}')"), "a file of the machine"));
    }
    absent(interpreter, "rb_file_s_stat", &path)
}

/// Ruby code that changes files of the machine while the recipes are read: it is said, and nothing else happens.
fn changes(interpreter: &mut Interpreter, args: &Args, what: &str) -> Eval {
    if client(interpreter).settings.lenient {
        let shown = match args.get(0) {
            Some(value @ (Value::Str(_) | Value::Object(_))) => path(interpreter, value)?,
            _ => String::new(),
        };
        let diagnostic = Diagnostic::warning("C122", format!("Ruby code changes the machine with `{what}`: `{shown}`"))
            .at(interpreter.call_site())
            .help("make the change with a resource, or by hand in the image");
        interpreter.diagnostics.push(diagnostic);
    }
    Ok(Value::Nil)
}

/// Names right below a directory.
fn children(interpreter: &Interpreter, path: &str) -> Vec<String> {
    let prefix = format!("{}/", path.trim_end_matches('/'));
    let mut names = std::collections::BTreeSet::new();
    let mut add = |known: &str| {
        if let Some(name) = known.strip_prefix(&prefix).and_then(|rest| rest.split('/').next()) {
            names.insert(name.to_owned());
        }
    };
    file_system::known_paths(interpreter).iter().for_each(|known| add(known));
    if !path.starts_with('/') && is_directory(interpreter, path) {
        interpreter.sources.under(&prefix).for_each(|(_, file)| add(&file.path));
    }
    names.into_iter().collect()
}

fn listed(interpreter: &mut Interpreter, args: &Args, dots: bool) -> Eval {
    let path = path(interpreter, &args.value(0))?;
    if !is_directory(interpreter, &path) {
        return absent(interpreter, "dir_initialize", &path);
    }
    let mut names = children(interpreter, &path);
    if dots {
        names.splice(0..0, [".".to_owned(), "..".to_owned()]);
    }
    Ok(Value::strings(names))
}

/// `Dir.glob('/etc/app/*.conf')` over what is known.
fn glob(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let mut found = Vec::new();
    for value in &args.list {
        for item in value.items().unwrap_or_else(|| vec![value.clone()]) {
            if !matches!(item, Value::Str(_)) {
                continue;
            }
            let pattern = path(interpreter, &item)?;
            let Some(expression) = expression(&pattern) else { continue };
            let matches = |path: &str| expression.is_match(path).unwrap_or(false);
            let mut paths = file_system::known_paths(interpreter);
            paths.retain(|path| matches(path));
            if !pattern.starts_with('/') {
                // Of a repository of ten thousand files only those are looked at that begin as the pattern does.
                let plain = pattern.split(['*', '?', '[', '{', '\\']).next().unwrap_or("");
                let own = interpreter.sources.under(plain).map(|(_, file)| file.path.as_str()).filter(|path| matches(path));
                paths.extend(own.filter(|path| repository_file(interpreter, path).is_some()).map(str::to_owned));
            }
            paths.sort();
            found.extend(paths);
        }
    }
    let list = Value::strings(found);
    match &args.block {
        Some(block) => interpreter.call(&list, Name::new("each"), Args::none().with_block(Some(Rc::clone(block))), CallKind::Explicit),
        None => Ok(list),
    }
}

/// A shell pattern as a regular expression.
fn expression(pattern: &str) -> Option<fancy_regex::Regex> {
    let mut text = String::from("^");
    let mut characters = pattern.chars().peekable();
    let mut depth = 0_usize;
    while let Some(c) = characters.next() {
        match c {
            '*' if characters.peek() == Some(&'*') => {
                characters.next();
                if characters.peek() == Some(&'/') {
                    characters.next();
                    text.push_str("(?:.*/)?");
                } else {
                    text.push_str(".*");
                }
            }
            '*' => text.push_str("[^/]*"),
            '?' => text.push_str("[^/]"),
            '{' => {
                depth += 1;
                text.push_str("(?:");
            }
            '}' if depth > 0 => {
                depth -= 1;
                text.push(')');
            }
            ',' if depth > 0 => text.push('|'),
            '[' | ']' | '-' => text.push(c),
            c if c.is_alphanumeric() || c == '/' || c == '_' => text.push(c),
            c => {
                text.push('\\');
                text.push(c);
            }
        }
    }
    text.push('$');
    fancy_regex::Regex::new(&text).ok()
}

/// `Etc.getpwnam('deploy')`: an account of the node's attributes, or one that the run makes.
fn account(interpreter: &mut Interpreter, args: &Args, table: &str, kind: &str, what: &str) -> Eval {
    let name = interpreter.display(&args.value(0))?;
    let entry = crate::chef::node::at_path(interpreter, &["etc", table, &name]);
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Etc::Account", &object);
    if class.is_bare() {
        const READ: &[(&str, Native)] = &[
            ("name", |i, me, _| Ok(i.get_ivar(me, "@name"))),
            ("dir", |i, me, _| Ok(i.get_ivar(me, "@dir"))),
            ("shell", |i, me, _| Ok(i.get_ivar(me, "@shell"))),
            ("uid", |i, me, _| Ok(i.get_ivar(me, "@uid"))),
            ("gid", |i, me, _| Ok(i.get_ivar(me, "@gid"))),
            ("gecos", |i, me, _| Ok(i.get_ivar(me, "@gecos"))),
            ("mem", |i, me, _| Ok(i.get_ivar(me, "@members"))),
        ];
        interpreter.define(&class, READ);
    }
    let made = interpreter.allocate(&class);
    interpreter.set_ivar(&made, "@name", Value::str(name.as_str()));
    if let Value::Hash(entry) = &entry {
        for (key, value) in entry.pairs() {
            let key = interpreter.display(&key)?;
            interpreter.set_ivar(&made, &format!("@{key}"), value);
        }
        return Ok(made);
    }
    if let Some(resource) = crate::chef::run_context::find(interpreter, kind, &name, true) {
        for (ivar, property) in [("@dir", "home"), ("@uid", "uid"), ("@gid", "gid"), ("@shell", "shell"), ("@members", "members")] {
            if interpreter.has_method(&resource, Name::new(property), false) {
                let value = interpreter.send(&resource, property, &[])?;
                let value = match (ivar, &value) {
                    ("@dir", Value::Nil) => Value::str(format!("/home/{name}")),
                    ("@uid" | "@gid", Value::Nil) => super::unknown(format!("{} of {name}", &ivar[1..]), "given by the machine"),
                    _ => value,
                };
                interpreter.set_ivar(&made, ivar, value);
            }
        }
        return Ok(made);
    }
    if client(interpreter).settings.lenient {
        return Ok(super::unknown(
            format!("Etc.get{}('{name}')", if what == "user" { "pwnam" } else { "grnam" }),
            "an account of the machine",
        ));
    }
    interpreter.argument_error(format!("can't find {what} for {name}"))
}
