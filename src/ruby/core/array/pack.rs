//! `pack`: bytes out of values, by a template such as `"nC*a2"`.

use std::rc::Rc;

use crate::ruby::core::string::unpack::{Count, Directive, template};
use crate::ruby::core::string::{bytes, encode};
use crate::ruby::flow::Eval;
use crate::ruby::hole::is_hole;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub const METHODS: &[(&str, Native)] = &[("pack", pack)];

fn pack(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    let text = interpreter.to_str(&args.value(0))?;
    let mut values = me.items().unwrap_or_default().into_iter();
    let mut out: Vec<u8> = Vec::new();
    let directives = template(interpreter, &text)?;
    let binary = directives.iter().any(|directive| !matches!(directive.letter, 'U' | 'm' | 'M' | 'u'));
    for directive in directives {
        if directive.integer().is_some() || directive.float().is_some() || matches!(directive.letter, 'U' | 'w') {
            let times = directive.times(values.len());
            interpreter.check_size(times)?;
            for _ in 0..times {
                let Some(value) = values.next() else { return interpreter.argument_error("too few arguments") };
                number(interpreter, &directive, &value, &mut out)?;
            }
        } else {
            one(interpreter, &directive, &mut values, &mut out, &text)?;
        }
        interpreter.check_size(out.len())?;
    }
    let made = Value::str(bytes::from_bytes(&out));
    if binary {
        encode::note_binary(interpreter, &made);
    }
    Ok(made)
}

fn number(interpreter: &mut Interpreter, directive: &Directive, value: &Value, out: &mut Vec<u8>) -> Eval<()> {
    if let Some((width, big)) = directive.float() {
        #[expect(clippy::cast_precision_loss, reason = "as Ruby converts it")]
        let value = match value {
            Value::Float(value) => *value,
            other => interpreter.to_integer(other)? as f64,
        };
        #[expect(clippy::cast_possible_truncation, reason = "a single precision float is asked for")]
        let mut all = if width == 4 { (value as f32).to_le_bytes().to_vec() } else { value.to_le_bytes().to_vec() };
        if big {
            all.reverse();
        }
        out.extend(all);
        return Ok(());
    }
    let value = interpreter.to_integer(value)?;
    if let Some((width, _, big)) = directive.integer() {
        let mut all = value.to_le_bytes().get(..width).unwrap_or_default().to_vec();
        if big {
            all.reverse();
        }
        out.extend(all);
    } else if directive.letter == 'U' {
        let character = u32::try_from(value).ok().and_then(char::from_u32).filter(|character| !is_hole(*character));
        let Some(character) = character else {
            let class = Rc::clone(&interpreter.classes.range_error);
            return interpreter.raise(&class, "pack(U): value out of range");
        };
        out.extend(character.encode_utf8(&mut [0; 4]).bytes());
    } else {
        let Ok(mut rest) = u64::try_from(value) else { return interpreter.argument_error("can't compress negative numbers") };
        let mut all = vec![u8::try_from(rest & 0x7f).unwrap_or(0)];
        rest >>= 7;
        while rest > 0 {
            all.push(u8::try_from(rest & 0x7f).unwrap_or(0) | 0x80);
            rest >>= 7;
        }
        out.extend(all.into_iter().rev());
    }
    Ok(())
}

/// A directive that takes one value whole, or none.
fn one(
    interpreter: &mut Interpreter,
    directive: &Directive,
    values: &mut std::vec::IntoIter<Value>,
    out: &mut Vec<u8>,
    template: &str,
) -> Eval<()> {
    match directive.letter {
        'x' => {
            let times = directive.times(0);
            interpreter.check_size(times)?;
            out.extend(std::iter::repeat_n(0, times));
            return Ok(());
        }
        'X' => {
            match out.len().checked_sub(directive.times(0)) {
                Some(length) => out.truncate(length),
                None => return interpreter.argument_error("X outside of string"),
            }
            return Ok(());
        }
        '@' => {
            let length = directive.times(0);
            interpreter.check_size(length)?;
            out.resize(length, 0);
            return Ok(());
        }
        'a' | 'A' | 'Z' | 'B' | 'b' | 'H' | 'h' | 'm' | 'M' | 'u' => {}
        other => return interpreter.argument_error(format!("unknown pack directive '{other}' in '{template}'")),
    }
    let Some(value) = values.next() else { return interpreter.argument_error("too few arguments") };
    let text = match (&value, directive.letter) {
        (Value::Nil, 'a' | 'A' | 'Z') => String::new(),
        (value, 'M') => interpreter.display(value)?,
        (value, _) => interpreter.to_str(value)?,
    };
    let all = bytes::to_bytes(&text);
    match directive.letter {
        'a' | 'A' | 'Z' => {
            let fill = if directive.letter == 'A' { b' ' } else { 0 };
            let extra = usize::from(directive.letter == 'Z' && directive.count == Count::All);
            let length = directive.times(all.len() + extra);
            interpreter.check_size(length)?;
            out.extend(all.iter().copied().chain(std::iter::repeat(fill)).take(length));
        }
        'B' | 'b' => {
            let length = directive.times(all.len()).min(all.len());
            for unit in all.get(..length).unwrap_or_default().chunks(8) {
                let bits = unit.iter().enumerate().map(|(index, byte)| {
                    let shift = if directive.letter == 'B' { 7 - index } else { index };
                    (byte & 1) << shift
                });
                out.push(bits.fold(0, |sum, bit| sum | bit));
            }
        }
        'H' | 'h' => {
            let length = directive.times(all.len()).min(all.len());
            let digit = |byte: &u8| match byte {
                letter if letter.is_ascii_alphabetic() => (letter & 7).wrapping_add(9) & 15,
                other => other & 15,
            };
            for unit in all.get(..length).unwrap_or_default().chunks(2) {
                let (first, second) = (unit.first().map_or(0, digit), unit.get(1).map_or(0, digit));
                out.push(if directive.letter == 'H' { first << 4 | second } else { second << 4 | first });
            }
        }
        'u' => uuencoded(&all, directive, out),
        'm' => {
            use base64::Engine as _;
            let engine = base64::engine::general_purpose::STANDARD;
            if directive.count == Count::Times(0) {
                out.extend(engine.encode(&all).bytes());
            } else {
                let line = match directive.count {
                    Count::Times(length) if length >= 3 => length / 3 * 3,
                    _ => 45,
                };
                for unit in all.chunks(line) {
                    out.extend(engine.encode(unit).bytes());
                    out.push(b'\n');
                }
            }
        }
        _ => quoted_printable(&all, out),
    }
    Ok(())
}

fn quoted_printable(all: &[u8], out: &mut Vec<u8>) {
    let mut column = 0;
    for (index, byte) in all.iter().enumerate() {
        match byte {
            b'\n' => {
                out.push(b'\n');
                column = 0;
                continue;
            }
            b'\t' | b' ' if all.get(index + 1) != Some(&b'\n') => out.push(*byte),
            b'!'..=b'<' | b'>'..=b'~' => out.push(*byte),
            other => {
                out.extend(format!("={other:02X}").bytes());
                column += 2;
            }
        }
        column += 1;
        if column > 72 {
            out.extend(*b"=\n");
            column = 0;
        }
    }
    if column > 0 {
        out.extend(*b"=\n");
    }
}

fn uuencoded(all: &[u8], directive: &Directive, out: &mut Vec<u8>) {
    let line = match directive.count {
        Count::Times(length) if length >= 3 => (length / 3 * 3).min(63),
        _ => 45,
    };
    let digit = |value: u8| if value == 0 { b'`' } else { value + 32 };
    for unit in all.chunks(line) {
        out.push(digit(u8::try_from(unit.len()).unwrap_or(0)));
        for group in unit.chunks(3) {
            let at = |index: usize| group.get(index).copied().unwrap_or(0);
            let (a, b, c) = (at(0), at(1), at(2));
            out.extend([a >> 2, (a & 3) << 4 | b >> 4, (b & 15) << 2 | c >> 6, c & 63].map(digit));
        }
        out.push(b'\n');
    }
}
