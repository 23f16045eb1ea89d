//! `Pathname`: a path as an object. What needs the machine's files goes through `File` and `Dir`.

use std::rc::Rc;

use crate::name::Name;
use crate::ruby::core::file::text;
use crate::ruby::core::machine::{data_of, object_with, receiver_class};
use crate::ruby::core::path;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Native, Visibility};
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

/// What a `Pathname` keeps.
struct Path(String);

const PATHNAME: &[(&str, Native)] = &[
    ("to_s", |_, me, _| Ok(Value::str(this(me)))),
    ("to_path", |_, me, _| Ok(Value::str(this(me)))),
    ("inspect", |interpreter, me, _| {
        let class = interpreter.real_class(me).display_name();
        Ok(Value::str(format!("#<{class}:{}>", this(me))))
    }),
    ("==", |_, me, args| Ok(Value::Bool(path_of(&args.value(0)).is_some_and(|other| other == this(me))))),
    ("eql?", |_, me, args| Ok(Value::Bool(path_of(&args.value(0)).is_some_and(|other| other == this(me))))),
    ("===", |_, me, args| Ok(Value::Bool(path_of(&args.value(0)).is_some_and(|other| other == this(me))))),
    ("<=>", |_, me, args| {
        let order = path_of(&args.value(0)).map(|other| this(me).replace('/', "\0").cmp(&other.replace('/', "\0")));
        Ok(order.map_or(Value::Nil, |order| Value::Integer(order as i64)))
    }),
    ("hash", |interpreter, me, _| interpreter.send(&Value::str(this(me)), "hash", &[])),
    ("+", plus),
    ("/", plus),
    ("join", join),
    ("parent", |interpreter, me, _| made(interpreter, me, &plus_path(&this(me), ".."))),
    ("dirname", |interpreter, me, _| through_file(interpreter, me, "dirname", &[])),
    ("basename", |interpreter, me, args| through_file(interpreter, me, "basename", &args.list)),
    ("extname", |interpreter, me, _| {
        let file = file(interpreter);
        interpreter.send(&file, "extname", &[Value::str(this(me))])
    }),
    ("expand_path", |interpreter, me, args| through_file(interpreter, me, "expand_path", &args.list)),
    ("cleanpath", |interpreter, me, _| made(interpreter, me, &clean(&this(me)))),
    ("absolute?", |_, me, _| Ok(Value::Bool(this(me).starts_with('/')))),
    ("relative?", |_, me, _| Ok(Value::Bool(!this(me).starts_with('/')))),
    ("mountpoint?", |_, me, _| {
        Ok(crate::ruby::core::machine::unknown(format!("Pathname('{}').mountpoint?", this(me)), crate::ruby::core::machine::FILE))
    }),
    ("root?", |_, me, _| Ok(Value::Bool(!this(me).is_empty() && this(me).trim_matches('/').is_empty()))),
    ("split", |interpreter, me, _| {
        let pair = vec![through_file(interpreter, me, "dirname", &[])?, through_file(interpreter, me, "basename", &[])?];
        Ok(Value::array(pair))
    }),
    ("sub", |interpreter, me, args| {
        let changed = interpreter.call(&Value::str(this(me)), Name::new("sub"), args.clone(), CallKind::Explicit)?;
        let changed = interpreter.display(&changed)?;
        made(interpreter, me, &changed)
    }),
    ("sub_ext", |interpreter, me, args| {
        let (path, extension) = (this(me), interpreter.to_str(&args.value(0))?);
        let base = path.strip_suffix(path::extname(&path)).unwrap_or(&path).to_owned();
        made(interpreter, me, &format!("{base}{extension}"))
    }),
    ("relative_path_from", relative_path_from),
    ("each_filename", |interpreter, me, args| {
        let Some(block) = &args.block else { return interpreter.enumerator(me, "each_filename", Vec::new()) };
        for name in this(me).split('/').filter(|name| !name.is_empty()) {
            interpreter.yield_values(block, vec![Value::str(name)])?;
        }
        Ok(Value::Nil)
    }),
    ("ascend", |interpreter, me, args| walk(interpreter, me, args, "ascend")),
    ("descend", |interpreter, me, args| walk(interpreter, me, args, "descend")),
    ("fnmatch", fnmatch),
    ("fnmatch?", fnmatch),
    ("mkpath", |_, _, _| Ok(Value::Nil)),
    ("rmtree", |_, _, _| Ok(Value::Nil)),
    ("mkdir", |_, _, _| Ok(Value::Integer(0))),
    ("rmdir", |_, _, _| Ok(Value::Integer(0))),
    ("make_symlink", |_, _, _| Ok(Value::Integer(0))),
    ("make_link", |_, _, _| Ok(Value::Integer(0))),
    ("truncate", |_, _, _| Ok(Value::Integer(0))),
    ("each_line", |interpreter, me, args| {
        let file = constant(interpreter, "File");
        let mut list = vec![Value::str(this(me))];
        list.extend(args.list.iter().cloned());
        interpreter.call(&file, Name::new("foreach"), Args { list, keywords: args.keywords, block: args.block.clone() }, CallKind::Explicit)
    }),
    ("delete", |_, _, _| Ok(Value::Integer(0))),
    ("unlink", |_, _, _| Ok(Value::Integer(0))),
    ("children", |interpreter, me, args| folder(interpreter, me, args, "children")),
    ("entries", |interpreter, me, args| folder(interpreter, me, args, "entries")),
    ("each_child", |interpreter, me, args| folder(interpreter, me, args, "children")),
    ("glob", |interpreter, me, args| {
        let pattern = interpreter.to_str(&args.value(0))?;
        let dir = constant(interpreter, "Dir");
        let list = Args::new(vec![Value::str(path::join(&this(me), &pattern))]).with_block(args.block.clone());
        interpreter.call(&dir, Name::new("glob"), list, CallKind::Explicit)
    }),
];

/// Methods that `File` has of the same name.
const FILE: &[&str] = &[
    "exist?",
    "file?",
    "directory?",
    "readable?",
    "writable?",
    "executable?",
    "symlink?",
    "size",
    "size?",
    "owned?",
    "setuid?",
    "pipe?",
    "socket?",
    "blockdev?",
    "chardev?",
    "realdirpath",
    "birthtime",
    "zero?",
    "empty?",
    "read",
    "binread",
    "readlines",
    "write",
    "binwrite",
    "open",
    "mtime",
    "atime",
    "ctime",
    "stat",
    "lstat",
    "ftype",
    "readlink",
    "realpath",
    "chmod",
    "chown",
    "rename",
];

/// Installs the class and `Pathname()`.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Pathname", &object);
    interpreter.define(&class, PATHNAME);
    for name in FILE {
        interpreter.define_list(
            &class,
            &[(name, |interpreter, me, args| {
                let method = interpreter.calls.last().map_or_else(|| Name::new("read"), |(_, name)| *name);
                let file = file(interpreter);
                let mut list = vec![Value::str(this(me))];
                list.extend(args.list.iter().cloned());
                let args = Args { list, keywords: args.keywords, block: args.block.clone() };
                interpreter.call(&file, method, args, CallKind::Explicit)
            })],
            Visibility::Public,
        );
    }
    interpreter.define_singleton(
        &class,
        &[
            ("new", new),
            ("pwd", |interpreter, _, _| {
                let dir = constant(interpreter, "Dir");
                interpreter.send(&dir, "pwd", &[])
            }),
            ("glob", |interpreter, _, args| {
                let dir = constant(interpreter, "Dir");
                interpreter.call(&dir, Name::new("glob"), args.clone(), CallKind::Explicit)
            }),
        ],
    );
    let kernel = Rc::clone(&interpreter.classes.kernel);
    interpreter.define_private(
        &kernel,
        &[("Pathname", |interpreter, _, args| {
            let class = constant(interpreter, "Pathname");
            if path_of(&args.value(0)).is_some() { Ok(args.value(0)) } else { new(interpreter, &class, args) }
        })],
    );
}

fn constant(interpreter: &mut Interpreter, name: &str) -> Value {
    interpreter.classes.object.constants.borrow().get(&Name::new(name)).cloned().unwrap_or(Value::Nil)
}

fn file(interpreter: &mut Interpreter) -> Value {
    constant(interpreter, "File")
}

fn path_of(value: &Value) -> Option<String> {
    data_of::<Path>(value).map(|path| path.0.clone())
}

fn this(me: &Value) -> String {
    path_of(me).unwrap_or_default()
}

fn make(class: &Rc<Module>, path: &str) -> Value {
    object_with(class, Rc::new(Path(path.to_owned())))
}

fn made(interpreter: &mut Interpreter, me: &Value, path: &str) -> Eval {
    let class = interpreter.real_class(me);
    Ok(make(&class, path))
}

fn new(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let path = text(interpreter, &args.value(0))?;
    if path.contains('\0') {
        return interpreter.argument_error("pathname contains null byte");
    }
    let class = receiver_class(interpreter, me);
    Ok(make(&class, &path))
}

fn through_file(interpreter: &mut Interpreter, me: &Value, method: &str, more: &[Value]) -> Eval {
    let file = file(interpreter);
    let mut list = vec![Value::str(this(me))];
    list.extend(more.iter().cloned());
    let answer = interpreter.send(&file, method, &list)?;
    match answer.text() {
        Some(path) => made(interpreter, me, &path),
        None => Ok(answer),
    }
}

/// `left + right`: `..` in the right takes names off the left.
fn plus_path(left: &str, right: &str) -> String {
    if right.starts_with('/') {
        return right.to_owned();
    }
    let mut base = left.to_owned();
    let mut rest: Vec<&str> = right.split('/').filter(|part| !part.is_empty()).collect();
    while let Some(first) = rest.first().copied() {
        match first {
            "." => {
                rest.remove(0);
            }
            ".." => {
                let name = path::basename(&base).to_owned();
                if name == "/" {
                    rest.remove(0);
                } else if base.is_empty() || name == ".." {
                    break;
                } else if name == "." {
                    base = path::dirname(&base).to_owned();
                    if base == "." {
                        break;
                    }
                } else {
                    rest.remove(0);
                    let above = path::dirname(&base).to_owned();
                    base = if above == "." && !base.starts_with("./") { String::new() } else { above };
                }
            }
            _ => break,
        }
    }
    let rest = rest.join("/");
    match (base.as_str(), rest.as_str()) {
        ("" | ".", "") => ".".to_owned(),
        ("" | ".", rest) => rest.to_owned(),
        (base, "") => base.to_owned(),
        (base, rest) => path::join(base, rest),
    }
}

fn plus(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let other = text(interpreter, &args.value(0))?;
    made(interpreter, me, &plus_path(&this(me), &other))
}

fn join(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let mut path = this(me);
    for value in &args.list {
        let other = text(interpreter, value)?;
        path = plus_path(&path, &other);
    }
    made(interpreter, me, &path)
}

/// The path without `.`, `..` and doubled slashes.
fn clean(path: &str) -> String {
    let cleaned = path::expand(path, if path.starts_with('/') { "/" } else { "." });
    if cleaned.is_empty() { ".".to_owned() } else { cleaned }
}

fn relative_path_from(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let other = text(interpreter, &args.value(0))?;
    let (to, from) = (clean(&this(me)), clean(&other));
    if to.starts_with('/') != from.starts_with('/') {
        let (to, from) = (interpreter.inspect(&Value::str(to))?, interpreter.inspect(&Value::str(from))?);
        return interpreter.argument_error(format!("different prefix: {to} and {from}"));
    }
    let names =
        |path: &str| -> Vec<String> { path.split('/').filter(|name| !name.is_empty() && *name != ".").map(str::to_owned).collect() };
    let (to, from) = (names(&to), names(&from));
    let common = to.iter().zip(&from).take_while(|(a, b)| a == b).count();
    if from[common..].iter().any(|name| name == "..") {
        return interpreter.argument_error("base_directory has ..");
    }
    let mut parts = vec!["..".to_owned(); from.len() - common];
    parts.extend(to[common..].iter().cloned());
    let path = if parts.is_empty() { ".".to_owned() } else { parts.join("/") };
    made(interpreter, me, &path)
}

fn walk(interpreter: &mut Interpreter, me: &Value, args: &Args, name: &str) -> Eval {
    let Some(block) = &args.block else { return interpreter.enumerator(me, name, Vec::new()) };
    let mut paths = vec![this(me)];
    while let Some(last) = paths.last() {
        let above = path::dirname(last).to_owned();
        if above == *last || above == "." {
            break;
        }
        paths.push(above);
    }
    if name == "descend" {
        paths.reverse();
    }
    for path in paths {
        let path = made(interpreter, me, &path)?;
        interpreter.yield_values(block, vec![path])?;
    }
    Ok(Value::Nil)
}

fn fnmatch(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let file = file(interpreter);
    let mut list = vec![args.value(0), Value::str(this(me))];
    list.extend(args.list.iter().skip(1).cloned());
    interpreter.send(&file, "fnmatch", &list)
}

fn folder(interpreter: &mut Interpreter, me: &Value, args: &Args, method: &str) -> Eval {
    let dir = constant(interpreter, "Dir");
    let list = Args::new(vec![Value::str(this(me))]);
    let names = interpreter.call(&dir, Name::new(method), list, CallKind::Explicit)?;
    let Some(items) = names.items() else {
        return match &args.block {
            Some(block) => interpreter.call_with_block(&names, "each", Vec::new(), Rc::clone(block)),
            None => Ok(names),
        };
    };
    let mut paths = Vec::new();
    for item in items {
        let name = interpreter.display(&item)?;
        let path = if method == "children" { path::join(&this(me), &name) } else { name };
        let path = made(interpreter, me, &path)?;
        if let Some(block) = &args.block {
            interpreter.yield_values(block, vec![path.clone()])?;
        }
        paths.push(path);
    }
    Ok(Value::array(paths))
}
