//! `format`, `sprintf`, `String#%`.
//!
//! `format("%-5s|%05.1f", "ab", 3.14159)` is `"ab   |003.1"`. A value that is not known stays a hole, without padding.

use std::rc::Rc;

use crate::ruby::big::Big;
use crate::ruby::core::conversion::{read_float, read_integer};
use crate::ruby::core::numeric::Number;
use crate::ruby::core::string::char_count;
use crate::ruby::flow::Eval;
use crate::ruby::hole::has_hole;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

mod float;
mod integer;
#[cfg(test)]
mod tests;

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    const TABLE: &[(&str, Native)] = &[("format", kernel), ("sprintf", kernel)];
    let kernel = Rc::clone(&interpreter.classes.kernel);
    interpreter.define_private(&kernel, TABLE);
    interpreter.define_singleton(&kernel, TABLE);
    let string = Rc::clone(&interpreter.classes.string);
    interpreter.define(&string, &[("%", percent)]);
}

fn kernel(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let Some((template, values)) = args.list.split_first() else { return interpreter.argument_error("too few arguments") };
    let template = interpreter.to_str(template)?;
    Ok(Value::str(format(interpreter, &template, values)?))
}

fn percent(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let template = me.text().unwrap_or_default();
    let values = match args.value(0) {
        Value::Array(array) => array.items.borrow().clone(),
        other => vec![other],
    };
    Ok(Value::str(format(interpreter, &template, &values)?))
}

/// Flags, width and precision of a directive.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "the flags of C's printf")]
pub struct Spec {
    /// `-`
    pub left: bool,
    /// `+`
    pub plus: bool,
    /// A blank.
    pub space: bool,
    /// `0`
    pub zero: bool,
    /// `#`
    pub alternate: bool,
    /// The least number of characters.
    pub width: Option<usize>,
    /// Digits behind the point, or the most characters.
    pub precision: Option<usize>,
}

impl Spec {
    /// `text` filled up to the width with blanks.
    #[must_use]
    pub fn pad(&self, text: &str) -> String {
        let missing = " ".repeat(self.width.unwrap_or(0).saturating_sub(char_count(text)));
        if self.left { format!("{text}{missing}") } else { format!("{missing}{text}") }
    }

    /// A number's parts filled up to the width: with zeros behind the sign and prefix where these are asked for.
    #[must_use]
    pub fn pad_number(&self, sign: &str, digits: &str, zeros: bool) -> String {
        let missing = self.width.unwrap_or(0).saturating_sub(sign.len() + char_count(digits));
        if zeros && self.zero && !self.left {
            return format!("{sign}{}{digits}", "0".repeat(missing));
        }
        self.pad(&format!("{sign}{digits}"))
    }

    /// The sign of a number.
    #[must_use]
    pub fn sign(&self, negative: bool) -> &'static str {
        match () {
            () if negative => "-",
            () if self.plus => "+",
            () if self.space => " ",
            () => "",
        }
    }
}

/// The values of a call, and in which of the three ways they were taken so far.
struct Values<'a> {
    all: &'a [Value],
    next: usize,
    numbered: bool,
    named: bool,
}

impl Values<'_> {
    fn next(&mut self, interpreter: &mut Interpreter) -> Eval {
        if self.numbered {
            return interpreter.argument_error(format!("unnumbered({}) mixed with numbered", self.next + 1));
        }
        if self.named {
            return interpreter.argument_error(format!("unnumbered({}) mixed with named", self.next + 1));
        }
        self.next += 1;
        match self.all.get(self.next - 1) {
            Some(value) => Ok(value.clone()),
            None => interpreter.argument_error("too few arguments"),
        }
    }

    fn at(&mut self, interpreter: &mut Interpreter, number: usize) -> Eval {
        if self.next > 0 {
            return interpreter.argument_error(format!("numbered({number}) after unnumbered({})", self.next));
        }
        if self.named {
            return interpreter.argument_error(format!("numbered({number}) after named"));
        }
        self.numbered = true;
        match number.checked_sub(1).and_then(|index| self.all.get(index)) {
            Some(value) => Ok(value.clone()),
            None => interpreter.argument_error("too few arguments"),
        }
    }

    /// The value under a name; `shown` is the name in its brackets.
    fn named(&mut self, interpreter: &mut Interpreter, name: &str, shown: &str) -> Eval {
        if self.next > 0 {
            return interpreter.argument_error(format!("named{shown} after unnumbered({})", self.next));
        }
        if self.numbered {
            return interpreter.argument_error(format!("named{shown} after numbered"));
        }
        self.named = true;
        let hash = match self.all {
            [Value::Hash(hash)] => Rc::clone(hash),
            [Value::Unknown(hole)] => return Ok(interpreter.derived(&Rc::clone(hole), &format!("[:{name}]"))),
            [Value::Object(_)] if interpreter.responds_to(&self.all[0], "to_hash")? => {
                match interpreter.send(&self.all[0], "to_hash", &[])? {
                    Value::Hash(hash) => hash,
                    _ => return interpreter.argument_error("one hash required"),
                }
            }
            _ => return interpreter.argument_error("one hash required"),
        };
        if let Some(value) = hash.get_symbol(name) {
            return Ok(value);
        }
        let key = Value::symbol(name);
        let value = interpreter.send(&Value::Hash(hash), "[]", std::slice::from_ref(&key))?;
        if value.is_nil() {
            let class = Rc::clone(&interpreter.classes.key_error);
            let error = interpreter.exception(&class, format!("key{shown} not found"));
            interpreter.set_ivar(&error, "@key", key);
            interpreter.set_ivar(&error, "@receiver", self.all[0].clone());
            return interpreter.raise_object(error);
        }
        Ok(value)
    }
}

/// The text of `template` with `values` put in.
///
/// # Errors
/// `ArgumentError`, `KeyError`, `TypeError` as Ruby raises them.
pub fn format(interpreter: &mut Interpreter, template: &str, values: &[Value]) -> Eval<String> {
    let characters: Vec<char> = template.chars().collect();
    let mut values = Values { all: values, next: 0, numbered: false, named: false };
    let mut out = String::with_capacity(template.len());
    let mut at = 0;
    while let Some(character) = characters.get(at) {
        at += 1;
        if *character != '%' {
            out.push(*character);
            continue;
        }
        if at == characters.len() {
            return interpreter.argument_error("incomplete format specifier; use %% (double %) instead");
        }
        at = directive(interpreter, &characters, at, &mut values, &mut out)?;
        interpreter.check_size(out.len())?;
    }
    Ok(out)
}

/// Reads digits at `at`: their number, and the place behind them, which cannot be the end.
fn number(interpreter: &mut Interpreter, characters: &[char], mut at: usize) -> Eval<(usize, usize)> {
    let mut number: usize = 0;
    while let Some(digit) = characters.get(at).and_then(|c| c.to_digit(10)) {
        number = number.saturating_mul(10).saturating_add(digit as usize);
        at += 1;
    }
    if at >= characters.len() {
        return malformed(interpreter, "*[0-9]");
    }
    Ok((number, at))
}

fn malformed<T>(interpreter: &mut Interpreter, what: &str) -> Eval<T> {
    interpreter.argument_error(format!("malformed format string - %{what}"))
}

/// One directive, `at` behind its percent sign; gives the place behind it.
fn directive(interpreter: &mut Interpreter, characters: &[char], mut at: usize, values: &mut Values, out: &mut String) -> Eval<usize> {
    let mut spec = Spec::default();
    let mut value: Option<Value> = None;
    loop {
        let Some(character) = characters.get(at).copied() else {
            // The end of the template counts as the end of a line.
            return lone(interpreter, spec, out).map(|()| at);
        };
        at += 1;
        match character {
            '-' | '+' | ' ' | '0' | '#' => {
                if spec.width.is_some() {
                    return interpreter.argument_error("flag after width");
                }
                if spec.precision.is_some() {
                    return interpreter.argument_error("flag after precision");
                }
                match character {
                    '-' => spec.left = true,
                    '+' => spec.plus = true,
                    ' ' => spec.space = true,
                    '0' => spec.zero = true,
                    _ => spec.alternate = true,
                }
            }
            '1'..='9' => {
                let (number, behind) = number(interpreter, characters, at - 1)?;
                at = behind;
                if characters.get(at) == Some(&'$') {
                    if value.is_some() {
                        return interpreter.argument_error(format!("value given twice - {number}$"));
                    }
                    value = Some(values.at(interpreter, number)?);
                    at += 1;
                } else {
                    once(interpreter, spec)?;
                    interpreter.check_size(number)?;
                    spec.width = Some(number);
                }
            }
            '*' => {
                once(interpreter, spec)?;
                let width = star(interpreter, characters, &mut at, values)?;
                spec.left |= width < 0;
                let width = usize::try_from(width.unsigned_abs()).unwrap_or(usize::MAX);
                interpreter.check_size(width)?;
                spec.width = Some(width);
            }
            '.' => {
                if spec.precision.is_some() {
                    return interpreter.argument_error("precision given twice");
                }
                if characters.get(at) == Some(&'*') {
                    at += 1;
                    // A negative precision is none.
                    spec.precision = usize::try_from(star(interpreter, characters, &mut at, values)?).ok();
                } else {
                    let (number, behind) = number(interpreter, characters, at)?;
                    at = behind;
                    spec.precision = Some(number);
                }
                interpreter.check_size(spec.precision.unwrap_or(0))?;
            }
            '<' | '{' => {
                let close = if character == '<' { '>' } else { '}' };
                let Some(length) = characters.get(at..).unwrap_or_default().iter().position(|c| *c == close) else {
                    return interpreter.argument_error("malformed name - unmatched parenthesis");
                };
                let name: String = characters.get(at..at + length).unwrap_or_default().iter().collect();
                at += length + 1;
                let found = values.named(interpreter, &name, &format!("{character}{name}{close}"))?;
                if character == '{' {
                    text(interpreter, spec, &found, out)?;
                    return Ok(at);
                }
                value = Some(found);
            }
            '%' => return lone(interpreter, spec, out).map(|()| at),
            // A percent sign at the end of a line stands for itself.
            '\n' | '\0' => return lone(interpreter, spec, out).map(|()| at - 1),
            'd' | 'i' | 'u' | 'x' | 'X' | 'o' | 'b' | 'B' | 'f' | 'e' | 'E' | 'g' | 'G' | 'a' | 'A' | 's' | 'p' | 'c' => {
                let value = match value {
                    Some(value) => value,
                    None => values.next(interpreter)?,
                };
                convert(interpreter, spec, character, &value, out)?;
                return Ok(at);
            }
            other => return malformed(interpreter, &other.to_string()),
        }
    }
}

/// A percent sign that stands for itself, which it cannot with flags.
fn lone(interpreter: &mut Interpreter, spec: Spec, out: &mut String) -> Eval<()> {
    let Spec { left, plus, space, zero, alternate, width, precision } = spec;
    if left || plus || space || zero || alternate || width.is_some() || precision.is_some() {
        return interpreter.argument_error("invalid format character - %");
    }
    out.push('%');
    Ok(())
}

/// Refuses a second width, and one behind the precision.
fn once(interpreter: &mut Interpreter, spec: Spec) -> Eval<()> {
    if spec.width.is_some() {
        return interpreter.argument_error("width given twice");
    }
    if spec.precision.is_some() {
        return interpreter.argument_error("width after precision");
    }
    Ok(())
}

/// The value of `*` or `*1$`.
fn star(interpreter: &mut Interpreter, characters: &[char], at: &mut usize, values: &mut Values) -> Eval<i64> {
    let (number, behind) = number(interpreter, characters, *at)?;
    let value = if behind > *at && characters.get(behind) == Some(&'$') {
        *at = behind + 1;
        values.at(interpreter, number)?
    } else {
        values.next(interpreter)?
    };
    interpreter.to_integer(&value)
}

fn unknown(value: &Value) -> bool {
    match value {
        Value::Unknown(_) => true,
        Value::Str(text) => has_hole(&text.text.borrow()),
        _ => false,
    }
}

/// `%s`: the text, shortened and filled up.
fn text(interpreter: &mut Interpreter, spec: Spec, value: &Value, out: &mut String) -> Eval<()> {
    let shown = interpreter.display(value)?;
    filled(spec, value, shown, out);
    Ok(())
}

fn filled(spec: Spec, value: &Value, shown: String, out: &mut String) {
    // How long something unknown is, is not known either.
    if unknown(value) || has_hole(&shown) {
        out.push_str(&shown);
        return;
    }
    let shown: String = match spec.precision {
        Some(precision) => shown.chars().take(precision).collect(),
        None => shown,
    };
    out.push_str(&spec.pad(&shown));
}

fn convert(interpreter: &mut Interpreter, spec: Spec, letter: char, value: &Value, out: &mut String) -> Eval<()> {
    match letter {
        's' => return text(interpreter, spec, value, out),
        'p' => {
            let shown = interpreter.inspect(value)?;
            filled(spec, value, shown, out);
            return Ok(());
        }
        _ if unknown(value) => {
            out.push_str(&interpreter.display(value)?);
            return Ok(());
        }
        'c' => {
            let character = match value {
                Value::Str(text) => {
                    let text = text.text.borrow();
                    let mut characters = text.chars();
                    characters.next().filter(|_| characters.next().is_none())
                }
                other => {
                    let code = interpreter.to_integer(other)?;
                    match u32::try_from(code).ok().and_then(char::from_u32).filter(|c| !crate::ruby::hole::is_hole(*c)) {
                        Some(character) => Some(character),
                        None => return interpreter.argument_error("invalid character"),
                    }
                }
            };
            let Some(character) = character else { return interpreter.argument_error("%c requires a character") };
            out.push_str(&spec.pad(&character.to_string()));
        }
        'f' | 'e' | 'E' | 'g' | 'G' | 'a' | 'A' => {
            // Integers are shown as they are, without the rounding of a float.
            let whole = Number::of(value).and_then(|number| number.whole()).filter(|_| letter == 'f');
            if let Some(number) = whole {
                out.push_str(&float::whole(spec, &number));
            } else {
                let number = to_float(interpreter, value)?;
                out.push_str(&float::show(spec, letter, number));
            }
        }
        _ => {
            let number = to_whole(interpreter, value)?;
            out.push_str(&integer::show(spec, letter, &number));
        }
    }
    Ok(())
}

/// `Integer(value)` as `%d` takes it.
fn to_whole(interpreter: &mut Interpreter, value: &Value) -> Eval<Big> {
    let value = match value {
        Value::Float(number) => interpreter.float_to_integer(number.trunc())?,
        Value::Str(text) => {
            let text = text.text.borrow().clone();
            return match read_integer(&text, 0) {
                Some(number) => Ok(number),
                None => {
                    let shown = interpreter.inspect(&Value::str(text))?;
                    interpreter.argument_error(format!("invalid value for Integer(): {shown}"))
                }
            };
        }
        other => other.clone(),
    };
    if let Some(number) = Number::of(&value).and_then(|number| number.whole()) {
        return Ok(number);
    }
    for method in ["to_int", "to_i"] {
        if matches!(value, Value::Object(_)) && interpreter.responds_to(&value, method)? {
            let whole = interpreter.send(&value, method, &[])?;
            if let Some(number) = Number::of(&whole).and_then(|number| number.whole()) {
                return Ok(number);
            }
        }
    }
    not_convertible(interpreter, &value, "Integer")
}

fn to_float(interpreter: &mut Interpreter, value: &Value) -> Eval<f64> {
    if let Some(number) = Number::of(value) {
        return Ok(number.float());
    }
    match value {
        Value::Str(text) => {
            let text = text.text.borrow().clone();
            match read_float(&text) {
                Some(number) => Ok(number),
                None => {
                    let shown = interpreter.inspect(&Value::str(text))?;
                    interpreter.argument_error(format!("invalid value for Float(): {shown}"))
                }
            }
        }
        other => {
            if matches!(other, Value::Object(_)) && interpreter.responds_to(other, "to_f")? {
                if let Value::Float(number) = interpreter.send(other, "to_f", &[])? {
                    return Ok(number);
                }
            }
            not_convertible(interpreter, other, "Float")
        }
    }
}

fn not_convertible<T>(interpreter: &mut Interpreter, value: &Value, to: &str) -> Eval<T> {
    let what = match value {
        Value::Nil | Value::Bool(_) => interpreter.inspect(value)?,
        other => interpreter.real_class(other).display_name(),
    };
    interpreter.type_error(format!("can't convert {what} into {to}"))
}
