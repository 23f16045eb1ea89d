//! `pack`: the directives that scripts use. Bytes that are no characters stand in the string as `string::bytes` says.

use base64::Engine as _;

use super::items;
use crate::ruby::core::string::bytes::{from_bytes, to_bytes};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

pub const METHODS: &[(&str, Native)] = &[("pack", pack)];

/// How often a directive applies.
#[derive(Clone, Copy)]
enum Count {
    Times(usize),
    All,
    /// Not written.
    One,
}

fn directives(template: &str) -> Vec<(char, Count)> {
    let mut list = Vec::new();
    let mut characters = template.chars().peekable();
    while let Some(directive) = characters.next() {
        if directive == '#' {
            characters.by_ref().find(|c| *c == '\n');
            continue;
        }
        if directive.is_whitespace() {
            continue;
        }
        while characters.next_if(|c| matches!(c, '_' | '!' | '<' | '>')).is_some() {}
        let mut digits = String::new();
        while let Some(digit) = characters.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        let count = if characters.next_if_eq(&'*').is_some() {
            Count::All
        } else if digits.is_empty() {
            Count::One
        } else {
            Count::Times(digits.parse().unwrap_or(usize::MAX))
        };
        list.push((directive, count));
    }
    list
}

fn pack(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    let template = interpreter.to_str(&args.list[0])?;
    let mut values = items(interpreter, me)?.into_iter();
    let mut bytes: Vec<u8> = Vec::new();
    for (directive, count) in directives(&template) {
        if let Count::Times(times) = count {
            interpreter.check_size(times)?;
        }
        match directive {
            'a' | 'A' | 'Z' | 'b' | 'B' | 'h' | 'H' | 'm' | 'M' | 'u' => {
                let Some(value) = values.next() else { return interpreter.argument_error("too few arguments") };
                let text = if value.is_nil() { String::new() } else { interpreter.to_str(&value)? };
                pack_text(directive, count, &to_bytes(&text), &mut bytes);
            }
            'x' => bytes.extend(std::iter::repeat_n(0, if let Count::Times(times) = count { times } else { 1 })),
            'c' | 'C' | 's' | 'S' | 'l' | 'L' | 'q' | 'Q' | 'j' | 'J' | 'i' | 'I' | 'n' | 'N' | 'v' | 'V' | 'U' | 'w' | 'd' | 'D' | 'e'
            | 'E' | 'f' | 'F' | 'g' | 'G' => {
                let times = match count {
                    Count::One => 1,
                    Count::Times(times) => times,
                    Count::All => values.len(),
                };
                for _ in 0..times {
                    let Some(value) = values.next() else { return interpreter.argument_error("too few arguments") };
                    pack_number(interpreter, directive, &value, &mut bytes)?;
                }
            }
            other => return interpreter.argument_error(format!("unknown pack directive '{other}' in '{template}'")),
        }
        interpreter.check_size(bytes.len())?;
    }
    Ok(Value::str(from_bytes(&bytes)))
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pack cuts numbers to width")]
fn pack_number(interpreter: &mut Interpreter, directive: char, value: &Value, bytes: &mut Vec<u8>) -> Eval<()> {
    if matches!(directive, 'd' | 'D' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G') {
        let number = match value {
            Value::Float(number) => *number,
            other => interpreter.to_integer(other)? as f64,
        };
        match directive {
            'd' | 'D' | 'E' => bytes.extend(number.to_le_bytes()),
            'G' => bytes.extend(number.to_be_bytes()),
            'g' => bytes.extend((number as f32).to_be_bytes()),
            _ => bytes.extend((number as f32).to_le_bytes()),
        }
        return Ok(());
    }
    let number = interpreter.to_integer(value)?;
    match directive {
        'c' | 'C' => bytes.push(number as u8),
        's' | 'S' | 'v' => bytes.extend((number as u16).to_le_bytes()),
        'n' => bytes.extend((number as u16).to_be_bytes()),
        'l' | 'L' | 'i' | 'I' | 'V' => bytes.extend((number as u32).to_le_bytes()),
        'N' => bytes.extend((number as u32).to_be_bytes()),
        'U' => match u32::try_from(number).ok().and_then(char::from_u32) {
            Some(character) => bytes.extend(crate::ruby::hole::without_holes(&character.to_string()).bytes()),
            None => {
                let class = std::rc::Rc::clone(&interpreter.classes.range_error);
                return interpreter.raise(&class, "pack(U): value out of range");
            }
        },
        'w' => {
            let mut left = number.unsigned_abs();
            let mut groups = vec![(left & 0x7f) as u8];
            while left > 0x7f {
                left >>= 7;
                groups.push((left & 0x7f) as u8 | 0x80);
            }
            bytes.extend(groups.iter().rev());
        }
        _ => bytes.extend(number.to_le_bytes()),
    }
    Ok(())
}

fn pack_text(directive: char, count: Count, text: &[u8], bytes: &mut Vec<u8>) {
    match directive {
        'a' | 'A' | 'Z' => {
            let width = match count {
                Count::One => 1,
                Count::Times(times) => times,
                Count::All => text.len() + usize::from(directive == 'Z'),
            };
            let filler = if directive == 'A' { b' ' } else { 0 };
            bytes.extend(text.iter().copied().chain(std::iter::repeat(filler)).take(width));
        }
        'm' => {
            let encode = |part: &[u8]| base64::engine::general_purpose::STANDARD.encode(part);
            if let Count::Times(0) = count {
                bytes.extend(encode(text).bytes());
                return;
            }
            // Lines of 45 bytes unless told otherwise.
            let width = match count {
                Count::Times(times) if times >= 3 => times / 3 * 3,
                _ => 45,
            };
            for part in text.chunks(width) {
                bytes.extend(encode(part).bytes());
                bytes.push(b'\n');
            }
        }
        'M' => {
            for byte in text {
                match byte {
                    b'\n' | b'\t' | b' '..=b'<' | b'>'..=b'~' => bytes.push(*byte),
                    other => bytes.extend(format!("={other:02X}").bytes()),
                }
            }
            if !text.ends_with(b"\n") {
                bytes.extend(b"=\n");
            }
        }
        'u' => {
            for part in text.chunks(45) {
                let digit = |value: u8| if value == 0 { b'`' } else { value + 32 };
                bytes.push(digit(u8::try_from(part.len()).unwrap_or(0)));
                for group in part.chunks(3) {
                    let at = |index: usize| group.get(index).copied().unwrap_or(0);
                    let (a, b, c) = (at(0), at(1), at(2));
                    bytes.extend([a >> 2, (a & 3) << 4 | b >> 4, (b & 15) << 2 | c >> 6, c & 63].map(digit));
                }
                bytes.push(b'\n');
            }
        }
        'h' | 'H' => {
            let wanted = match count {
                Count::One => 1,
                Count::Times(times) => times,
                Count::All => text.len(),
            };
            let nibble = |byte: &u8| if byte.is_ascii_alphabetic() { ((byte & 7) + 9) & 15 } else { byte & 15 };
            let nibbles: Vec<u8> = text.iter().take(wanted).map(nibble).collect();
            for pair in nibbles.chunks(2) {
                let (first, second) = (pair[0], pair.get(1).copied().unwrap_or(0));
                bytes.push(if directive == 'H' { first << 4 | second } else { second << 4 | first });
            }
        }
        _ => {
            let wanted = match count {
                Count::One => 1,
                Count::Times(times) => times,
                Count::All => text.len(),
            };
            let bits: Vec<u8> = text.iter().take(wanted).map(|byte| byte & 1).collect();
            for group in bits.chunks(8) {
                let place = |index: usize| if directive == 'B' { 7 - index } else { index };
                bytes.push(group.iter().enumerate().map(|(index, bit)| bit << place(index)).sum());
            }
        }
    }
}
