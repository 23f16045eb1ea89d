//! `StringIO`: a string that is read and written like a file.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::ruby::core::machine::{data_of, object_with, receiver_class};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

/// What a `StringIO` keeps: its string and the character that is next.
struct Buffer {
    string: RefCell<Value>,
    position: Cell<usize>,
    line: Cell<i64>,
    appends: bool,
}

const STRING_IO: &[(&str, Native)] = &[
    ("write", |interpreter, me, args| {
        let mut length = 0;
        for value in &args.list {
            let text = interpreter.display(value)?;
            length += text.len();
            put(interpreter, me, &text)?;
        }
        Ok(Value::Integer(i64::try_from(length).unwrap_or(0)))
    }),
    ("print", |interpreter, me, args| {
        for value in &args.list {
            let text = interpreter.display(value)?;
            put(interpreter, me, &text)?;
        }
        Ok(Value::Nil)
    }),
    ("<<", |interpreter, me, args| {
        let text = interpreter.display(&args.value(0))?;
        put(interpreter, me, &text)?;
        Ok(me.clone())
    }),
    ("puts", |interpreter, me, args| {
        let text = interpreter.lines_of(&args.list)?;
        put(interpreter, me, &text)?;
        Ok(Value::Nil)
    }),
    ("printf", |interpreter, me, args| {
        let text = interpreter.call(me, "format".into(), args.clone(), crate::ruby::dispatch::CallKind::Implicit)?;
        let text = interpreter.display(&text)?;
        put(interpreter, me, &text)?;
        Ok(Value::Nil)
    }),
    ("putc", |interpreter, me, args| {
        let text = interpreter.display(&args.value(0))?;
        put(interpreter, me, &text.chars().take(1).collect::<String>())?;
        Ok(args.value(0))
    }),
    ("string", |_, me, _| Ok(data_of::<Buffer>(me).map_or(Value::Nil, |buffer| buffer.string.borrow().clone()))),
    ("string=", |_, me, args| {
        if let Some(buffer) = data_of::<Buffer>(me) {
            *buffer.string.borrow_mut() = args.value(0);
            buffer.position.set(0);
        }
        Ok(args.value(0))
    }),
    ("read", read),
    ("gets", |_, me, _| Ok(next_line(me).map_or(Value::Nil, Value::str))),
    ("readline", |interpreter, me, _| match next_line(me) {
        Some(line) => Ok(Value::str(line)),
        None => {
            let class = Rc::clone(&interpreter.classes.eof_error);
            interpreter.raise(&class, "end of file reached")
        }
    }),
    ("readlines", |_, me, _| Ok(Value::strings(std::iter::from_fn(|| next_line(me))))),
    ("each_line", each_line),
    ("each", each_line),
    ("getc", |_, me, _| Ok(take(me, Some(1)).filter(|text| !text.is_empty()).map_or(Value::Nil, Value::str))),
    ("rewind", |_, me, _| {
        if let Some(buffer) = data_of::<Buffer>(me) {
            buffer.position.set(0);
            buffer.line.set(0);
        }
        Ok(Value::Integer(0))
    }),
    ("pos", |_, me, _| Ok(Value::Integer(i64::try_from(position(me)).unwrap_or(0)))),
    ("tell", |_, me, _| Ok(Value::Integer(i64::try_from(position(me)).unwrap_or(0)))),
    ("pos=", seek),
    ("seek", seek),
    ("lineno", |_, me, _| Ok(data_of::<Buffer>(me).map_or(Value::Nil, |buffer| Value::Integer(buffer.line.get())))),
    ("eof?", |_, me, _| Ok(Value::Bool(rest(me).is_empty()))),
    ("eof", |_, me, _| Ok(Value::Bool(rest(me).is_empty()))),
    ("size", |_, me, _| Ok(Value::Integer(i64::try_from(text(me).len()).unwrap_or(0)))),
    ("length", |_, me, _| Ok(Value::Integer(i64::try_from(text(me).len()).unwrap_or(0)))),
    ("truncate", |interpreter, me, args| {
        let length = usize::try_from(interpreter.to_integer(&args.value(0))?).unwrap_or(0);
        if let Some(buffer) = data_of::<Buffer>(me) {
            let kept: String = text(me).chars().take(length).collect();
            set_text(&buffer, kept);
        }
        Ok(Value::Integer(0))
    }),
    ("close", |_, _, _| Ok(Value::Nil)),
    ("close_write", |_, _, _| Ok(Value::Nil)),
    ("close_read", |_, _, _| Ok(Value::Nil)),
    ("closed?", |_, _, _| Ok(Value::Bool(false))),
    ("flush", |_, me, _| Ok(me.clone())),
    ("fsync", |_, _, _| Ok(Value::Integer(0))),
    ("sync", |_, _, _| Ok(Value::Bool(true))),
    ("sync=", |_, _, args| Ok(args.value(0))),
    ("tty?", |_, _, _| Ok(Value::Bool(false))),
    ("isatty", |_, _, _| Ok(Value::Bool(false))),
    ("binmode", |_, me, _| Ok(me.clone())),
    ("set_encoding", |_, me, _| Ok(me.clone())),
    ("fileno", |_, _, _| Ok(Value::Nil)),
];

/// Installs the class.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("StringIO", &object);
    let enumerable = Rc::clone(&interpreter.classes.enumerable);
    interpreter.include(&class, &enumerable);
    interpreter.define(&class, STRING_IO);
    interpreter.define_singleton(
        &class,
        &[
            ("new", new),
            ("open", |interpreter, me, args| {
                let made = new(interpreter, me, args)?;
                match &args.block {
                    Some(block) => interpreter.yield_values(block, vec![made]),
                    None => Ok(made),
                }
            }),
        ],
    );
}

fn new(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let string = match args.get(0) {
        Some(value @ Value::Str(_)) => value.clone(),
        Some(value) => Value::str(interpreter.to_str(value)?),
        None => Value::str(""),
    };
    let mode = args.get(1).and_then(Value::text).unwrap_or_default();
    if mode.starts_with('w') {
        if let Value::Str(string) = &string {
            string.text.borrow_mut().clear();
        }
    }
    let class = receiver_class(interpreter, me);
    let buffer = Buffer { string: RefCell::new(string), position: Cell::new(0), line: Cell::new(0), appends: mode.starts_with('a') };
    Ok(object_with(&class, Rc::new(buffer)))
}

fn text(me: &Value) -> String {
    data_of::<Buffer>(me).and_then(|buffer| buffer.string.borrow().text()).unwrap_or_default()
}

fn position(me: &Value) -> usize {
    data_of::<Buffer>(me).map_or(0, |buffer| buffer.position.get())
}

fn rest(me: &Value) -> String {
    text(me).chars().skip(position(me)).collect()
}

fn set_text(buffer: &Buffer, text: String) {
    if let Value::Str(string) = &*buffer.string.borrow() {
        *string.text.borrow_mut() = text;
    }
}

fn put(interpreter: &mut Interpreter, me: &Value, more: &str) -> Eval<()> {
    let Some(buffer) = data_of::<Buffer>(me) else { return Ok(()) };
    let string = buffer.string.borrow().clone();
    if interpreter.is_frozen(&string) {
        let class = Rc::clone(&interpreter.classes.io_error);
        return interpreter.raise(&class, "not opened for writing");
    }
    let Value::Str(string) = &string else { return Ok(()) };
    let count = more.chars().count();
    let length = string.text.borrow().chars().count();
    let start = if buffer.appends { length } else { buffer.position.get() };
    if start == length {
        // The common case: at the end, without a copy.
        string.text.borrow_mut().push_str(more);
    } else {
        let old = string.text.borrow().clone();
        let mut made: String = old.chars().chain(std::iter::repeat('\0')).take(start).collect();
        made.push_str(more);
        made.extend(old.chars().skip(start + count));
        *string.text.borrow_mut() = made;
    }
    buffer.position.set(start + count);
    let size = string.text.borrow().len();
    interpreter.check_size(size)
}

/// The next characters, at most `most` of them; moves on.
fn take(me: &Value, most: Option<usize>) -> Option<String> {
    let buffer = data_of::<Buffer>(me)?;
    let taken: String = rest(me).chars().take(most.unwrap_or(usize::MAX)).collect();
    buffer.position.set(buffer.position.get() + taken.chars().count());
    Some(taken)
}

fn next_line(me: &Value) -> Option<String> {
    let rest = rest(me);
    if rest.is_empty() {
        return None;
    }
    let line = rest.split_inclusive('\n').next()?;
    let buffer = data_of::<Buffer>(me)?;
    buffer.line.set(buffer.line.get() + 1);
    take(me, Some(line.chars().count()))
}

fn read(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let most = match args.get(0) {
        None | Some(Value::Nil) => None,
        Some(value) => Some(usize::try_from(interpreter.to_integer(value)?).unwrap_or(0)),
    };
    let taken = take(me, most).unwrap_or_default();
    Ok(if taken.is_empty() && most.is_some_and(|most| most > 0) { Value::Nil } else { Value::str(taken) })
}

fn each_line(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(block) = &args.block else { return interpreter.enumerator(me, "each_line", Vec::new()) };
    while let Some(line) = next_line(me) {
        interpreter.step()?;
        interpreter.yield_values(block, vec![Value::str(line)])?;
    }
    Ok(me.clone())
}

fn seek(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let to = usize::try_from(interpreter.to_integer(&args.value(0))?).unwrap_or(0);
    if let Some(buffer) = data_of::<Buffer>(me) {
        buffer.position.set(to);
    }
    Ok(args.value(0))
}
