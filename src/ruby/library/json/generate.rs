//! Values to JSON text.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::ruby::core::float;
use crate::ruby::core::numeric::Number;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{MethodBody, Module, Native};
use crate::ruby::procs::Args;
use crate::ruby::value::{Hash, Object, Value};

/// How to print; `to_json` methods of users get it as an object.
#[derive(Clone, Default)]
pub struct State {
    indent: String,
    space: String,
    space_before: String,
    object_nl: String,
    array_nl: String,
    ascii_only: bool,
    script_safe: bool,
    /// NaN and the infinities are printed.
    pub allow_nan: bool,
    /// Deepest nesting; 0 for any.
    pub max_nesting: usize,
    depth: Cell<usize>,
}

/// The values of more levels would not fit on the program's stack.
const DEEPEST: usize = 600;

impl State {
    /// Everything on one line.
    #[must_use]
    pub fn compact() -> Self {
        Self { max_nesting: 100, ..Self::default() }
    }

    /// As `pretty_generate` prints.
    #[must_use]
    pub fn pretty() -> Self {
        let newline = || "\n".to_owned();
        Self { indent: "  ".to_owned(), space: " ".to_owned(), object_nl: newline(), array_nl: newline(), ..Self::compact() }
    }

    /// The state that a `JSON::State` object keeps.
    #[must_use]
    pub fn of(value: &Value) -> Option<Rc<Self>> {
        match value {
            Value::Object(object) => object.data::<Self>(),
            _ => None,
        }
    }

    /// Takes over what the options say.
    ///
    /// # Errors
    /// What their `to_s` raises.
    pub fn read(&mut self, interpreter: &mut Interpreter, hash: &Hash) -> Eval<()> {
        for (key, value) in hash.pairs() {
            let Some(name) = key.name() else { continue };
            let mut text = || interpreter.display(&value);
            match name.as_str() {
                "indent" => self.indent = text()?,
                "space" => self.space = text()?,
                "space_before" => self.space_before = text()?,
                "object_nl" => self.object_nl = text()?,
                "array_nl" => self.array_nl = text()?,
                "ascii_only" => self.ascii_only = value.truthy(),
                "script_safe" | "escape_slash" => self.script_safe = value.truthy(),
                "allow_nan" => self.allow_nan = value.truthy(),
                "max_nesting" => {
                    self.max_nesting = match value {
                        Value::Integer(depth) => usize::try_from(depth).unwrap_or(0),
                        _ => 0,
                    };
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The JSON text of `value`.
    ///
    /// # Errors
    /// `JSON::GeneratorError`, `JSON::NestingError`, what users' `to_json` raises.
    pub fn text(self, interpreter: &mut Interpreter, value: &Value) -> Eval<String> {
        let state = Rc::new(self);
        let mut out = String::new();
        state.write(interpreter, value, &mut out)?;
        Ok(out)
    }

    fn write(self: &Rc<Self>, interpreter: &mut Interpreter, value: &Value, out: &mut String) -> Eval<()> {
        interpreter.step()?;
        interpreter.check_size(out.len())?;
        match value {
            Value::Nil => out.push_str("null"),
            Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
            Value::Integer(number) => out.push_str(&number.to_string()),
            Value::Float(number) => self.float(interpreter, *number, out)?,
            Value::Unknown(hole) => out.push(interpreter.hole_character(&Rc::clone(hole))),
            Value::Str(string) if string.class.is_none() => self.quote(&string.text.borrow(), out),
            Value::Array(array) if array.class.is_none() => self.array(interpreter, &array.items.borrow().clone(), out)?,
            Value::Hash(hash) if hash.class.borrow().is_none() => self.hash(interpreter, hash, out)?,
            other => {
                if !user_defined(interpreter, other) {
                    return self.plain(interpreter, other, out);
                }
                let class = super::state_class(interpreter);
                let object = Value::Object(Rc::new(Object {
                    class: RefCell::new(class),
                    ivars: RefCell::default(),
                    frozen: Cell::new(false),
                    data: RefCell::new(Some(Rc::clone(self) as Rc<dyn std::any::Any>)),
                }));
                let text = interpreter.send(other, "to_json", &[object])?;
                out.push_str(&interpreter.display(&text)?);
            }
        }
        Ok(())
    }

    /// What the library's own `to_json` of the value's class gives.
    fn plain(self: &Rc<Self>, interpreter: &mut Interpreter, value: &Value, out: &mut String) -> Eval<()> {
        match value {
            Value::Array(array) => self.array(interpreter, &array.items.borrow().clone(), out),
            Value::Hash(hash) => self.hash(interpreter, hash, out),
            Value::Object(_) if matches!(Number::of(value), Some(Number::Big(_))) => {
                out.push_str(&interpreter.display(value)?);
                Ok(())
            }
            Value::Nil | Value::Bool(_) | Value::Integer(_) | Value::Float(_) | Value::Unknown(_) => self.write(interpreter, value, out),
            other => {
                let text = interpreter.display(other)?;
                self.quote(&text, out);
                Ok(())
            }
        }
    }

    fn float(&self, interpreter: &mut Interpreter, number: f64, out: &mut String) -> Eval<()> {
        let text = float::text(number);
        if !number.is_finite() && !self.allow_nan {
            let line = if number.is_nan() { 1003 } else { 1000 };
            let class = super::error(interpreter, "GeneratorError");
            return interpreter.raise(&class, format!("{line}: {text} not allowed in JSON"));
        }
        out.push_str(&text);
        Ok(())
    }

    fn quote(&self, text: &str, out: &mut String) {
        out.push('"');
        for character in text.chars() {
            match character {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\u{c}' => out.push_str("\\f"),
                '\u{8}' => out.push_str("\\b"),
                '/' if self.script_safe => out.push_str("\\/"),
                '\u{2028}' if self.script_safe => out.push_str("\\u2028"),
                '\u{2029}' if self.script_safe => out.push_str("\\u2029"),
                control if u32::from(control) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(control))),
                wide if self.ascii_only && !wide.is_ascii() && !crate::ruby::hole::is_hole(wide) => {
                    for unit in wide.encode_utf16(&mut [0; 2]) {
                        out.push_str(&format!("\\u{unit:04x}"));
                    }
                }
                other => out.push(other),
            }
        }
        out.push('"');
    }

    fn enter(&self, interpreter: &mut Interpreter) -> Eval<usize> {
        let depth = self.depth.get() + 1;
        if self.max_nesting > 0 && depth > self.max_nesting || depth > DEEPEST {
            let class = super::error(interpreter, "NestingError");
            return interpreter.raise(&class, format!("nesting of {depth} is too deep"));
        }
        self.depth.set(depth);
        Ok(depth)
    }

    fn array(self: &Rc<Self>, interpreter: &mut Interpreter, items: &[Value], out: &mut String) -> Eval<()> {
        let depth = self.enter(interpreter)?;
        out.push('[');
        out.push_str(&self.array_nl);
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                out.push(',');
                out.push_str(&self.array_nl);
            }
            // With an indent but no line breaks the library indents all the same.
            out.push_str(&self.indent.repeat(depth));
            self.write(interpreter, item, out)?;
        }
        self.depth.set(depth - 1);
        if !self.array_nl.is_empty() {
            out.push_str(&self.array_nl);
            out.push_str(&self.indent.repeat(depth - 1));
        }
        out.push(']');
        Ok(())
    }

    fn hash(self: &Rc<Self>, interpreter: &mut Interpreter, hash: &Hash, out: &mut String) -> Eval<()> {
        let depth = self.enter(interpreter)?;
        out.push('{');
        for (index, (key, value)) in hash.pairs().into_iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            out.push_str(&self.object_nl);
            out.push_str(&self.indent.repeat(depth));
            let key = interpreter.display(&key)?;
            self.quote(&key, out);
            out.push_str(&self.space_before);
            out.push(':');
            out.push_str(&self.space);
            self.write(interpreter, &value, out)?;
        }
        self.depth.set(depth - 1);
        if !self.object_nl.is_empty() {
            out.push_str(&self.object_nl);
            out.push_str(&self.indent.repeat(depth - 1));
        }
        out.push('}');
        Ok(())
    }
}

/// Whether the value's class has a `to_json` that the script defines.
fn user_defined(interpreter: &mut Interpreter, value: &Value) -> bool {
    let class = interpreter.class_of(value);
    match interpreter.find_method(&class, "to_json".into()) {
        Some(method) => !matches!(method.body, MethodBody::Native(native, _) if std::ptr::fn_addr_eq(native, to_json as Native)),
        // `method_missing` and delegators.
        None => false,
    }
}

/// `value.to_json(state)`
///
/// # Errors
/// As [`State::text`].
pub fn to_json(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let state = match args.get(0) {
        Some(Value::Hash(hash)) => {
            let mut state = State::compact();
            state.read(interpreter, hash)?;
            Rc::new(state)
        }
        Some(value) => State::of(value).unwrap_or_else(|| Rc::new(State::compact())),
        None => Rc::new(State::compact()),
    };
    let mut out = String::new();
    state.plain(interpreter, me, &mut out)?;
    Ok(Value::str(out))
}

/// The methods of `JSON::State`.
pub fn define_state(interpreter: &mut Interpreter, class: &Rc<Module>) {
    const STATE: &[(&str, Native)] = &[
        ("indent", |_, me, _| Ok(State::of(me).map_or(Value::Nil, |state| Value::str(state.indent.clone())))),
        ("space", |_, me, _| Ok(State::of(me).map_or(Value::Nil, |state| Value::str(state.space.clone())))),
        ("object_nl", |_, me, _| Ok(State::of(me).map_or(Value::Nil, |state| Value::str(state.object_nl.clone())))),
        ("array_nl", |_, me, _| Ok(State::of(me).map_or(Value::Nil, |state| Value::str(state.array_nl.clone())))),
        ("depth", |_, me, _| Ok(State::of(me).map_or(Value::Nil, |state| Value::Integer(i64::try_from(state.depth.get()).unwrap_or(0))))),
        ("generate", |interpreter, me, args| {
            let state = State::of(me).map_or_else(State::compact, |state| (*state).clone());
            Ok(Value::str(state.text(interpreter, &args.value(0))?))
        }),
        ("to_h", |_, me, _| {
            let Some(state) = State::of(me) else { return Ok(Value::Hash(Value::new_hash())) };
            let texts =
                [("indent", &state.indent), ("space", &state.space), ("object_nl", &state.object_nl), ("array_nl", &state.array_nl)];
            Ok(Value::hash(texts.map(|(name, text)| (Value::symbol(name), Value::str(text.as_str())))))
        }),
    ];
    interpreter.define(class, STATE);
    interpreter.allocators.push((Rc::clone(class), |_, class| {
        Value::Object(Rc::new(Object {
            class: RefCell::new(Rc::clone(class)),
            ivars: RefCell::default(),
            frozen: Cell::new(false),
            data: RefCell::new(Some(Rc::new(State::compact()))),
        }))
    }));
}
