//! `File`, `FileTest` and `IO`: pure functions of paths; whatever needs the machine's files is unknown.
//!
//! Whoever embeds the interpreter defines `exist?`, `read` and the like anew where it knows the files.

use std::rc::Rc;

use crate::ruby::core::machine::FILE;
use crate::ruby::core::path;
use crate::ruby::flow::Eval;
use crate::ruby::hole::has_hole;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

const PURE: &[(&str, Native)] = &[
    ("join", join),
    ("basename", basename),
    ("dirname", dirname),
    ("extname", extname),
    ("split", |interpreter, me, args| {
        let pair = vec![dirname(interpreter, me, args)?, basename(interpreter, me, args)?];
        Ok(Value::array(pair))
    }),
    ("expand_path", expand_path),
    ("absolute_path", absolute_path),
    ("absolute_path?", |interpreter, _, args| {
        let path = text(interpreter, &args.value(0))?;
        Ok(Value::Bool(path.starts_with('/')))
    }),
    ("path", |interpreter, _, args| Ok(Value::str(text(interpreter, &args.value(0))?))),
    ("fnmatch", fnmatch),
    ("fnmatch?", fnmatch),
];

/// Questions about files.
const MACHINE: &[&str] = &[
    "exist?",
    "file?",
    "directory?",
    "readable?",
    "writable?",
    "executable?",
    "symlink?",
    "size",
    "size?",
    "zero?",
    "empty?",
    "owned?",
    "world_readable?",
    "world_writable?",
    "setuid?",
    "pipe?",
    "socket?",
    "blockdev?",
    "chardev?",
    "mtime",
    "atime",
    "ctime",
    "birthtime",
    "stat",
    "lstat",
    "ftype",
    "identical?",
    "readlink",
    "realpath",
    "realdirpath",
    "read",
    "binread",
    "readlines",
    "open",
    "new",
    "foreach",
    "popen",
    "exists?",
];

/// Changes of files: the script goes on as if they had succeeded.
const CHANGES: &[(&str, Native)] = &[
    ("write", |interpreter, _, args| {
        let text = interpreter.display(&args.value(1))?;
        Ok(Value::Integer(i64::try_from(text.len()).unwrap_or(0)))
    }),
    ("binwrite", |interpreter, _, args| {
        let text = interpreter.display(&args.value(1))?;
        Ok(Value::Integer(i64::try_from(text.len()).unwrap_or(0)))
    }),
    ("delete", count),
    ("unlink", count),
    ("chmod", count_but_one),
    ("chown", count_but_one),
    ("lchown", count_but_one),
    ("utime", count_but_one),
    ("rename", |_, _, _| Ok(Value::Integer(0))),
    ("symlink", |_, _, _| Ok(Value::Integer(0))),
    ("link", |_, _, _| Ok(Value::Integer(0))),
    ("mkfifo", |_, _, _| Ok(Value::Integer(0))),
    ("truncate", |_, _, _| Ok(Value::Integer(0))),
    ("umask", |_, _, _| Ok(Value::Integer(0o022))),
];

/// Installs the classes.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let io = interpreter.define_class_path("IO", &object);
    let file = interpreter.define_class_path("File", &io);
    let test = interpreter.define_module_path("FileTest");
    interpreter.define_singleton(&file, PURE);
    interpreter.define_singleton(&file, CHANGES);
    interpreter.define_singleton(&io, &CHANGES[..2]);
    for name in MACHINE {
        let table: &[(&str, Native)] = &[(name, machine)];
        interpreter.define_singleton_list(&file, table);
        if name.ends_with('?') || *name == "size" {
            interpreter.define_singleton_list(&test, table);
        }
        if matches!(*name, "read" | "binread" | "readlines" | "foreach" | "popen") {
            interpreter.define_singleton_list(&io, table);
        }
    }
    let constants = interpreter.define_module_path("File::Constants");
    let numbers = [
        ("RDONLY", 0),
        ("WRONLY", 1),
        ("RDWR", 2),
        ("CREAT", 64),
        ("EXCL", 128),
        ("TRUNC", 512),
        ("APPEND", 1024),
        ("NONBLOCK", 2048),
        ("LOCK_SH", 1),
        ("LOCK_EX", 2),
        ("LOCK_NB", 4),
        ("LOCK_UN", 8),
        ("FNM_NOESCAPE", path::NO_ESCAPE),
        ("FNM_PATHNAME", path::PATHNAME),
        ("FNM_DOTMATCH", path::DOT_MATCH),
        ("FNM_CASEFOLD", path::CASE_FOLD),
        ("FNM_EXTGLOB", path::EXTENDED),
        ("FNM_SYSCASE", 0),
        ("FNM_SHORTNAME", 0),
    ];
    for (name, number) in numbers {
        interpreter.set_constant(&constants, name.into(), Value::Integer(number));
        interpreter.set_constant(&file, name.into(), Value::Integer(number));
    }
    for (name, text) in [("SEPARATOR", "/"), ("Separator", "/"), ("PATH_SEPARATOR", ":"), ("NULL", "/dev/null")] {
        interpreter.set_constant(&file, name.into(), Value::str(text));
    }
    interpreter.set_constant(&file, "ALT_SEPARATOR".into(), Value::Nil);
}

/// The text of a path argument: a string, a `Pathname`, or what has `to_path`.
///
/// # Errors
/// `TypeError` for anything else.
pub fn text(interpreter: &mut Interpreter, value: &Value) -> Eval<String> {
    if matches!(value, Value::Object(_)) && interpreter.responds_to(value, "to_path")? {
        let path = interpreter.send(value, "to_path", &[])?;
        return interpreter.to_str(&path);
    }
    interpreter.to_str(value)
}

/// What a question about `path` gives whose answer hangs on the holes in it.
fn depends(interpreter: &mut Interpreter, path: &str, method: &str) -> Value {
    match interpreter.holes_in(path).first() {
        Some(hole) => {
            let shown = interpreter.to_text(path).to_string();
            let hole = crate::text::Hole { name: format!("File.{method}('{shown}')"), value: None, ..(**hole).clone() };
            Value::Unknown(Rc::new(hole))
        }
        None => Value::Nil,
    }
}

fn machine(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let method = interpreter.calls.last().map_or_else(|| "read".to_owned(), |(_, name)| name.to_string());
    let path = text(interpreter, &args.value(0))?;
    let shown: String = interpreter.to_text(&path).to_string().chars().take(60).collect();
    let unknown = super::machine::unknown(format!("File.{method}('{shown}')"), FILE);
    if let (Some(block), Value::Unknown(_)) = (&args.block, &unknown) {
        let each = if method == "foreach" { "each" } else { "tap" };
        return interpreter.call_with_block(&unknown, each, Vec::new(), Rc::clone(block));
    }
    Ok(unknown)
}

fn count(_: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    Ok(Value::Integer(i64::try_from(args.len()).unwrap_or(0)))
}

fn count_but_one(_: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    Ok(Value::Integer(i64::try_from(args.len().saturating_sub(1)).unwrap_or(0)))
}

fn flatten(interpreter: &mut Interpreter, value: &Value, parts: &mut Vec<String>, depth: usize) -> Eval<()> {
    match value {
        Value::Array(array) if depth < 50 => {
            let items = array.items.borrow().clone();
            for item in &items {
                flatten(interpreter, item, parts, depth + 1)?;
            }
        }
        Value::Array(_) => return interpreter.argument_error("recursive array"),
        other => parts.push(text(interpreter, other)?),
    }
    Ok(())
}

fn join(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let mut parts = Vec::new();
    for value in &args.list {
        flatten(interpreter, value, &mut parts, 0)?;
    }
    let mut parts = parts.into_iter();
    let first = parts.next().unwrap_or_default();
    Ok(Value::str(parts.fold(first, |left, right| path::join(&left, &right))))
}

/// Whether the last component holds a hole: then where it ends is not known.
fn is_open(path: &str) -> bool {
    has_hole(path) && has_hole(path::basename(path))
}

fn basename(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    let path = text(interpreter, &args.value(0))?;
    if is_open(&path) {
        return Ok(depends(interpreter, &path, "basename"));
    }
    let name = match args.get(1) {
        Some(suffix) => {
            let suffix = interpreter.to_str(suffix)?;
            path::basename_without(&path, &suffix)
        }
        None => path::basename(&path),
    };
    Ok(Value::str(name))
}

fn dirname(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    let levels = match args.get(1) {
        Some(value) => interpreter.to_integer(value)?,
        None => 1,
    };
    if levels < 0 {
        return interpreter.argument_error(format!("negative level: {levels}"));
    }
    let path = text(interpreter, &args.value(0))?;
    let mut current = path.as_str();
    for _ in 0..levels.min(10_000) {
        if is_open(current) {
            return Ok(depends(interpreter, &path, "dirname"));
        }
        current = path::dirname(current);
    }
    Ok(Value::str(current))
}

fn extname(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let path = text(interpreter, &args.value(0))?;
    let extension = path::extname(&path);
    if is_open(&path) && (extension.is_empty() || has_hole(extension)) {
        return Ok(depends(interpreter, &path, "extname"));
    }
    Ok(Value::str(extension))
}

fn expanded(interpreter: &mut Interpreter, args: &Args, home: bool, method: &str) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    let path = text(interpreter, &args.value(0))?;
    let base = match args.get(1) {
        Some(value) if !value.is_nil() => text(interpreter, value)?,
        _ => String::new(),
    };
    if home && path.starts_with('~') || !path.starts_with('/') && base.starts_with('~') {
        return Ok(interpreter.machine_file(&path, &format!("File.{method}")));
    }
    // A relative base is relative to where the sources are: so is the answer.
    let whole = if path.starts_with('/') || base.is_empty() { path } else { path::join(&base, &path) };
    let opens = whole.chars().next().is_some_and(crate::ruby::hole::is_hole);
    if has_hole(&whole) && (opens || whole.split('/').any(|part| part == "..")) {
        return Ok(depends(interpreter, &whole, method));
    }
    let base = if whole.starts_with('/') { "/" } else { "." };
    Ok(Value::str(path::expand(&whole, base)))
}

fn expand_path(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    expanded(interpreter, args, true, "expand_path")
}

fn absolute_path(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    expanded(interpreter, args, false, "absolute_path")
}

fn fnmatch(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 2, Some(3))?;
    let pattern = text(interpreter, &args.value(0))?;
    let path = text(interpreter, &args.value(1))?;
    if has_hole(&path) || has_hole(&pattern) {
        let shown = if has_hole(&path) { path } else { pattern };
        return Ok(depends(interpreter, &shown, "fnmatch"));
    }
    let flags = match args.get(2) {
        Some(value) => interpreter.to_integer(value)?,
        None => 0,
    };
    Ok(Value::Bool(path::fnmatch(&pattern, &path, flags)))
}
