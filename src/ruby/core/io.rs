//! `$stdout`, `$stderr`, `$stdin`, the standard global variables, and what Ruby says of itself (`RUBY_VERSION`).

use std::rc::Rc;

use crate::name::Name;
use crate::ruby::core::machine::{HOST, unknown};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Native};
use crate::ruby::value::Value;

const IO: &[(&str, Native)] = &[
    ("puts", |interpreter, me, args| {
        let text = interpreter.lines_of(&args.list)?;
        put(interpreter, me, &text)
    }),
    ("print", |interpreter, me, args| {
        for value in &args.list {
            let text = interpreter.display(value)?;
            put(interpreter, me, &text)?;
        }
        Ok(Value::Nil)
    }),
    ("write", |interpreter, me, args| {
        let mut length = 0;
        for value in &args.list {
            let text = interpreter.display(value)?;
            length += text.len();
            put(interpreter, me, &text)?;
        }
        Ok(Value::Integer(i64::try_from(length).unwrap_or(0)))
    }),
    ("<<", |interpreter, me, args| {
        let text = interpreter.display(&args.value(0))?;
        put(interpreter, me, &text)?;
        Ok(me.clone())
    }),
    ("printf", |interpreter, me, args| {
        let text = interpreter.call(me, Name::new("format"), args.clone(), crate::ruby::dispatch::CallKind::Implicit)?;
        let text = interpreter.display(&text)?;
        put(interpreter, me, &text)
    }),
    ("p", |interpreter, me, args| {
        for value in &args.list {
            let text = interpreter.inspect(value)?;
            put(interpreter, me, &format!("{text}\n"))?;
        }
        Ok(args.value(0))
    }),
    ("putc", |interpreter, me, args| {
        let text = match args.value(0) {
            Value::Integer(code) => u32::try_from(code & 0xFF).ok().and_then(char::from_u32).map(String::from).unwrap_or_default(),
            other => interpreter.display(&other)?.chars().take(1).collect(),
        };
        put(interpreter, me, &text)?;
        Ok(args.value(0))
    }),
    ("flush", |_, me, _| Ok(me.clone())),
    ("fsync", |_, _, _| Ok(Value::Integer(0))),
    ("sync", |_, _, _| Ok(Value::Bool(true))),
    ("sync=", |_, _, args| Ok(args.value(0))),
    ("tty?", |_, _, _| Ok(Value::Bool(false))),
    ("isatty", |_, _, _| Ok(Value::Bool(false))),
    ("fileno", |interpreter, me, _| Ok(interpreter.get_ivar(me, "@fileno"))),
    ("binmode", |_, me, _| Ok(me.clone())),
    ("set_encoding", |_, me, _| Ok(me.clone())),
    ("close", |_, _, _| Ok(Value::Nil)),
    ("closed?", |_, _, _| Ok(Value::Bool(false))),
    ("gets", |_, _, _| Ok(Value::Nil)),
    ("read", |_, _, _| Ok(Value::str(""))),
    ("each_line", |_, me, _| Ok(me.clone())),
    ("reopen", |_, me, _| Ok(me.clone())),
    ("inspect", |interpreter, me, _| {
        let name = match interpreter.get_ivar(me, "@fileno") {
            Value::Integer(0) => "STDIN",
            Value::Integer(1) => "STDOUT",
            _ => "STDERR",
        };
        Ok(Value::str(format!("#<IO:<{name}>>")))
    }),
];

/// Installs the streams, the globals and the constants.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let io = interpreter.define_class_path("IO", &object);
    interpreter.define(&io, IO);
    for (number, name, global) in [(0, "STDIN", "$stdin"), (1, "STDOUT", "$stdout"), (2, "STDERR", "$stderr")] {
        let stream = interpreter.allocate(&io);
        interpreter.set_ivar(&stream, "@fileno", Value::Integer(number));
        interpreter.set_constant(&object, Name::new(name), stream.clone());
        interpreter.globals.insert(Name::new(global), stream);
    }
    let standard = interpreter.globals.get(&Name::new("$stdout")).cloned().unwrap_or(Value::Nil);
    let arguments = Value::array(Vec::new());
    let globals = [
        ("$>", standard),
        ("$0", Value::str("chef-client")),
        ("$PROGRAM_NAME", Value::str("chef-client")),
        ("$*", arguments.clone()),
        ("$$", unknown("$$", HOST)),
        ("$/", Value::str("\n")),
        ("$;", Value::Nil),
        ("$,", Value::Nil),
        ("$?", Value::Nil),
        ("$:", Value::array(Vec::new())),
        ("$\"", Value::array(Vec::new())),
        ("$VERBOSE", Value::Bool(false)),
        ("$DEBUG", Value::Bool(false)),
        ("$-w", Value::Bool(false)),
    ];
    for (name, value) in globals {
        interpreter.globals.insert(Name::new(name), value);
    }
    for (name, same) in [("$LOAD_PATH", "$:"), ("$LOADED_FEATURES", "$\"")] {
        let value = interpreter.globals.get(&Name::new(same)).cloned().unwrap_or(Value::Nil);
        interpreter.globals.insert(Name::new(name), value);
    }
    constants(interpreter, &object, arguments);
}

fn constants(interpreter: &mut Interpreter, object: &Rc<Module>, arguments: Value) {
    let frozen = |text: &str| {
        let value = Value::str(text);
        if let Value::Str(string) = &value {
            string.frozen.set(true);
        }
        value
    };
    let values = [
        ("ARGV", arguments),
        ("RUBY_VERSION", frozen("3.1.2")),
        ("RUBY_ENGINE", frozen("ruby")),
        ("RUBY_ENGINE_VERSION", frozen("3.1.2")),
        ("RUBY_PLATFORM", frozen("x86_64-linux-gnu")),
        ("RUBY_RELEASE_DATE", frozen("2022-04-12")),
        ("RUBY_PATCHLEVEL", Value::Integer(20)),
        ("RUBY_COPYRIGHT", frozen("ruby - Copyright (C) 1993-2022 Yukihiro Matsumoto")),
        ("RUBY_DESCRIPTION", frozen("ruby 3.1.2p20 (2022-04-12 revision 4491bb740a) [x86_64-linux-gnu]")),
        ("RUBY_REVISION", frozen("4491bb740a9506d76391ac44bb2fe6e483fec952")),
    ];
    for (name, value) in values {
        interpreter.set_constant(object, Name::new(name), value);
    }
}

/// Writes to the stream: only standard output is kept.
fn put(interpreter: &mut Interpreter, me: &Value, text: &str) -> Eval {
    if matches!(interpreter.get_ivar(me, "@fileno"), Value::Integer(1)) {
        interpreter.stdout.push_str(text);
        let size = interpreter.stdout.len();
        interpreter.check_size(size)?;
    }
    Ok(Value::Nil)
}

impl Interpreter {
    /// What `puts` prints for `values`.
    ///
    /// # Errors
    /// What their `to_s` raises.
    pub fn lines_of(&mut self, values: &[Value]) -> Eval<String> {
        let mut out = String::new();
        if values.is_empty() {
            out.push('\n');
        }
        for value in values {
            self.add_line(value, &mut out, 0)?;
        }
        Ok(out)
    }

    fn add_line(&mut self, value: &Value, out: &mut String, depth: usize) -> Eval<()> {
        let array = match value {
            Value::Array(array) => Some(array.items.borrow().clone()),
            Value::Object(_) if self.has_method(value, Name::new("to_ary"), true) => self.send(value, "to_ary", &[])?.items(),
            _ => None,
        };
        if let Some(items) = array {
            if depth > 50 {
                out.push_str("[...]\n");
                return Ok(());
            }
            for item in items {
                self.add_line(&item, out, depth + 1)?;
            }
            return Ok(());
        }
        let text = self.display(value)?;
        out.push_str(&text);
        if !text.ends_with('\n') {
            out.push('\n');
        }
        self.check_size(out.len())
    }

    /// Prints to `$stdout`: to whatever the script put there.
    ///
    /// # Errors
    /// What its `write` raises.
    pub fn print_out(&mut self, text: &str) -> Eval<()> {
        self.charge_text(text.len())?;
        let target = self.globals.get(&Name::new("$stdout")).cloned().unwrap_or(Value::Nil);
        let io = self.classes.object.constants.borrow().get(&Name::new("IO")).cloned();
        let own = matches!((&target, &io), (Value::Object(object), Some(Value::Module(io))) if Rc::ptr_eq(&object.class.borrow(), io));
        if own || !matches!(target, Value::Object(_)) {
            put(self, &target, text)?;
        } else {
            self.send(&target, "write", &[Value::str(text)])?;
        }
        Ok(())
    }
}
