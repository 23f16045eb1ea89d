//! Encodings. Strings are UTF-8; what says otherwise of itself (`force_encoding`, `encode`, `b`) is noted beside the string.

use std::rc::Rc;

use super::{bytes, change, look, replace, text};
use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::{Object, Value};

/// The encoding that strings have unless something else is noted.
pub const UTF_8: &str = "UTF-8";
const BINARY: &str = "ASCII-8BIT";
const ASCII: &str = "US-ASCII";

/// Canonical name, constant, other names.
const ENCODINGS: &[(&str, &str, &[&str])] = &[
    (UTF_8, "UTF_8", &["CP65001", "locale", "external", "filesystem"]),
    (BINARY, "ASCII_8BIT", &["BINARY"]),
    (ASCII, "US_ASCII", &["ASCII", "ANSI_X3.4-1968", "646"]),
    ("ISO-8859-1", "ISO_8859_1", &["ISO8859-1"]),
    ("ISO-8859-15", "ISO_8859_15", &["ISO8859-15"]),
    ("Windows-1252", "WINDOWS_1252", &["CP1252"]),
    ("UTF-16", "UTF_16", &[]),
    ("UTF-16LE", "UTF_16LE", &[]),
    ("UTF-16BE", "UTF_16BE", &["UCS-2BE"]),
    ("UTF-32", "UTF_32", &[]),
    ("UTF-32LE", "UTF_32LE", &["UCS-4LE"]),
    ("UTF-32BE", "UTF_32BE", &["UCS-4BE"]),
    ("Shift_JIS", "SHIFT_JIS", &[]),
    ("EUC-JP", "EUC_JP", &["eucJP"]),
];

pub(super) const METHODS: &[(&str, Native)] = &[
    ("encoding", |i, me, _| {
        let name = name_of(i, me);
        encoding(i, name)
    }),
    ("force_encoding", force_encoding),
    ("encode", |i, me, args| encoded(i, me, args)),
    ("encode!", |i, me, args| {
        let new = encoded(i, me, args)?;
        let name = name_of(i, &new);
        replace(i, me, text(&new))?;
        note(i, me, name);
        Ok(me.clone())
    }),
    ("b", |i, me, _| {
        let copy = Value::str(text(me));
        note(i, &copy, BINARY);
        Ok(copy)
    }),
    ("valid_encoding?", |i, me, _| {
        let utf8 = name_of(i, me) == UTF_8;
        Ok(Value::Bool(!utf8 || look(me, |text| !bytes::has_raw(text))))
    }),
    ("ascii_only?", |_, me, _| Ok(Value::Bool(look(me, str::is_ascii)))),
    ("scrub", |i, me, args| Ok(Value::str(scrubbed(i, me, args)?))),
    ("scrub!", |i, me, args| {
        let new = scrubbed(i, me, args)?;
        change(i, me, new)?;
        Ok(me.clone())
    }),
];

const ENCODING: &[(&str, Native)] = &[
    ("name", |i, me, _| Ok(i.get_ivar(me, "@name"))),
    ("to_s", |i, me, _| Ok(i.get_ivar(me, "@name"))),
    ("inspect", |i, me, _| {
        let name = i.get_ivar(me, "@name");
        Ok(Value::str(format!("#<Encoding:{}>", i.display(&name)?)))
    }),
    ("names", |i, me, _| {
        let name = text(&i.get_ivar(me, "@name"));
        let known = ENCODINGS.iter().find(|(canonical, _, _)| *canonical == name);
        Ok(Value::strings(known.into_iter().flat_map(|(canonical, _, others)| std::iter::once(*canonical).chain(others.iter().copied()))))
    }),
    ("ascii_compatible?", |i, me, _| {
        let name = text(&i.get_ivar(me, "@name"));
        Ok(Value::Bool(!name.starts_with("UTF-16") && !name.starts_with("UTF-32")))
    }),
    ("dummy?", |i, me, _| {
        let name = text(&i.get_ivar(me, "@name"));
        Ok(Value::Bool(matches!(name.as_str(), "UTF-16" | "UTF-32")))
    }),
];

const CLASS: &[(&str, Native)] = &[
    ("default_external", |i, _, _| i.encoding_constant("UTF_8")),
    ("default_internal", |_, _, _| Ok(Value::Nil)),
    ("default_external=", |_, _, args| Ok(args.value(0))),
    ("default_internal=", |_, _, args| Ok(args.value(0))),
    ("find", |i, _, args| {
        let name = named(i, &args.value(0))?;
        encoding(i, name)
    }),
    ("list", |i, _, _| {
        let list = ENCODINGS.iter().map(|(name, _, _)| encoding(i, name)).collect::<Eval<Vec<_>>>()?;
        Ok(Value::array(list))
    }),
    ("name_list", |_, _, _| Ok(Value::strings(ENCODINGS.iter().map(|(name, _, _)| *name)))),
    ("compatible?", |i, _, _| i.encoding_constant("UTF_8")),
];

pub(super) fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Encoding", &object);
    interpreter.define(&class, ENCODING);
    interpreter.define_singleton(&class, CLASS);
    let kernel = Rc::clone(&interpreter.classes.kernel);
    interpreter.define_private(&kernel, &[("__ENCODING__", |i, _, _| i.encoding_constant("UTF_8"))]);
    let error = Rc::clone(&interpreter.classes.encoding_error);
    for name in ["CompatibilityError", "UndefinedConversionError", "InvalidByteSequenceError", "ConverterNotFoundError"] {
        interpreter.define_class_path(&format!("Encoding::{name}"), &error);
    }
    for (name, constant, _) in ENCODINGS {
        let made = Value::Object(Rc::new(Object {
            class: std::cell::RefCell::new(Rc::clone(&class)),
            ivars: std::cell::RefCell::default(),
            frozen: std::cell::Cell::new(true),
            data: std::cell::RefCell::default(),
        }));
        interpreter.set_ivar(&made, "@name", Value::str(*name));
        let mut constants = class.constants.borrow_mut();
        constants.insert((*constant).into(), made.clone());
        match *constant {
            "ASCII_8BIT" => drop(constants.insert("BINARY".into(), made)),
            "US_ASCII" => drop(constants.insert("ASCII".into(), made)),
            "WINDOWS_1252" => {
                constants.insert("Windows_1252".into(), made.clone());
                constants.insert("CP1252".into(), made);
            }
            "SHIFT_JIS" => drop(constants.insert("Shift_JIS".into(), made)),
            _ => {}
        }
    }
}

impl Interpreter {
    /// `Encoding::NAME`
    ///
    /// # Errors
    /// None so far.
    pub fn encoding_constant(&mut self, name: &str) -> Eval {
        let object = Rc::clone(&self.classes.object);
        let class = self.define_class_path("Encoding", &object);
        let found = class.constants.borrow().get(&Name::new(name)).cloned();
        Ok(found.unwrap_or(Value::Nil))
    }
}

fn encoding(interpreter: &mut Interpreter, name: &str) -> Eval {
    let constant = ENCODINGS.iter().find(|(known, _, _)| *known == name).map_or("UTF_8", |(_, constant, _)| constant);
    interpreter.encoding_constant(constant)
}

fn canonical(name: &str) -> Option<&'static str> {
    ENCODINGS
        .iter()
        .find(|(known, _, others)| known.eq_ignore_ascii_case(name) || others.iter().any(|other| other.eq_ignore_ascii_case(name)))
        .map(|(known, _, _)| *known)
}

/// The name that an argument, an `Encoding` or its name, was given for.
fn argument(interpreter: &mut Interpreter, value: &Value) -> Eval<String> {
    match value {
        Value::Object(_) => {
            let name = interpreter.get_ivar(value, "@name");
            if name.is_nil() { interpreter.to_str(value) } else { Ok(text(&name)) }
        }
        other => interpreter.to_str(other),
    }
}

fn named(interpreter: &mut Interpreter, value: &Value) -> Eval<&'static str> {
    let name = argument(interpreter, value)?;
    match canonical(&name) {
        Some(name) => Ok(name),
        None => interpreter.argument_error(format!("unknown encoding name - {name}")),
    }
}

/// The canonical name of a string's encoding.
#[must_use]
pub fn name_of(interpreter: &Interpreter, me: &Value) -> &'static str {
    if interpreter.encodings.is_empty() {
        return UTF_8;
    }
    interpreter.encodings.get(&me.address()).map_or(UTF_8, |(_, name)| name)
}

/// Notes the encoding of a string.
pub(super) fn note(interpreter: &mut Interpreter, me: &Value, name: &'static str) {
    let Value::Str(string) = me else { return };
    if name == UTF_8 {
        interpreter.encodings.remove(&me.address());
        return;
    }
    // Strings that are gone need no note.
    if interpreter.encodings.len() > 1000 {
        interpreter.encodings.retain(|_, (string, _)| string.strong_count() > 0);
    }
    interpreter.encodings.insert(me.address(), (Rc::downgrade(string), name));
}

/// Notes a binary string.
pub fn note_binary(interpreter: &mut Interpreter, me: &Value) {
    note(interpreter, me, BINARY);
}

/// Notes the encoding that an argument names.
pub(super) fn mark(interpreter: &mut Interpreter, me: &Value, encoding: &Value) -> Eval<()> {
    let name = named(interpreter, encoding)?;
    note(interpreter, me, name);
    Ok(())
}

fn force_encoding(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    interpreter.check_frozen(me)?;
    mark(interpreter, me, &args.value(0))?;
    let joined = bytes::joined(text(me));
    if let Value::Str(string) = me {
        *string.text.borrow_mut() = joined;
    }
    Ok(me.clone())
}

/// The characters of text in an encoding of more than one byte a unit; `None` for other encodings.
#[must_use]
pub fn wide(text: &str, encoding: &str) -> Option<String> {
    if !encoding.starts_with("UTF-16") && !encoding.starts_with("UTF-32") {
        return None;
    }
    let all = bytes::to_bytes(text);
    Some(decode(&all, encoding).into_iter().map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).filter(|c| *c != '\u{FEFF}').collect())
}

/// Windows-1252 where it differs from ISO-8859-1.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘', '’', '“', '”', '•', '–',
    '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];
/// ISO-8859-15 where it differs from ISO-8859-1.
const LATIN_9: [(u8, char); 8] = [(0xA4, '€'), (0xA6, 'Š'), (0xA8, 'š'), (0xB4, 'Ž'), (0xB8, 'ž'), (0xBC, 'Œ'), (0xBD, 'œ'), (0xBE, 'Ÿ')];

/// Characters, or the bytes that are none.
fn decode(all: &[u8], encoding: &str) -> Vec<Result<char, Vec<u8>>> {
    let mut out = Vec::with_capacity(all.len());
    match encoding {
        UTF_8 => {
            for chunk in all.utf8_chunks() {
                out.extend(chunk.valid().chars().map(Ok));
                if !chunk.invalid().is_empty() {
                    out.push(Err(chunk.invalid().to_vec()));
                }
            }
        }
        "ISO-8859-1" => out.extend(all.iter().map(|byte| Ok(char::from(*byte)))),
        "ISO-8859-15" => out.extend(
            all.iter()
                .map(|byte| Ok(LATIN_9.iter().find(|(known, _)| known == byte).map_or(char::from(*byte), |(_, character)| *character))),
        ),
        "Windows-1252" => out.extend(all.iter().map(|byte| {
            let special = byte.checked_sub(0x80).and_then(|index| WINDOWS.get(usize::from(index)));
            Ok(special.copied().unwrap_or(char::from(*byte)))
        })),
        wide if wide.starts_with("UTF-16") => {
            let big = !wide.ends_with("LE");
            let units = all
                .chunks_exact(2)
                .map(|pair| if big { u16::from_be_bytes([pair[0], pair[1]]) } else { u16::from_le_bytes([pair[0], pair[1]]) });
            out.extend(char::decode_utf16(units).map(|unit| unit.map_err(|error| error.unpaired_surrogate().to_be_bytes().to_vec())));
        }
        wide if wide.starts_with("UTF-32") => {
            for unit in all.chunks_exact(4) {
                let code = match unit {
                    [a, b, c, d] if wide.ends_with("LE") => u32::from_le_bytes([*a, *b, *c, *d]),
                    [a, b, c, d] => u32::from_be_bytes([*a, *b, *c, *d]),
                    _ => 0,
                };
                out.push(char::from_u32(code).ok_or_else(|| unit.to_vec()));
            }
        }
        _ => out.extend(all.iter().map(|byte| if byte.is_ascii() { Ok(char::from(*byte)) } else { Err(vec![*byte]) })),
    }
    out
}

/// The bytes of a character; `None` when the encoding has no such character.
fn encode_character(character: char, encoding: &str) -> Option<Vec<u8>> {
    let code = u32::from(character);
    match encoding {
        UTF_8 => Some(character.to_string().into_bytes()),
        "ISO-8859-1" => u8::try_from(code).ok().map(|byte| vec![byte]),
        "ISO-8859-15" => match LATIN_9.iter().find(|(_, known)| *known == character) {
            Some((byte, _)) => Some(vec![*byte]),
            None => u8::try_from(code).ok().filter(|byte| !LATIN_9.iter().any(|(known, _)| known == byte)).map(|byte| vec![byte]),
        },
        "Windows-1252" => match WINDOWS.iter().position(|known| *known == character) {
            Some(index) => u8::try_from(index).ok().map(|index| vec![0x80 + index]),
            None => u8::try_from(code).ok().map(|byte| vec![byte]),
        },
        wide if wide.starts_with("UTF-16") => {
            let mut units = [0; 2];
            let units = character.encode_utf16(&mut units);
            Some(units.iter().flat_map(|unit| if wide.ends_with("LE") { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect())
        }
        wide if wide.starts_with("UTF-32") => Some(if wide.ends_with("LE") { code.to_le_bytes() } else { code.to_be_bytes() }.to_vec()),
        _ => u8::try_from(code).ok().filter(u8::is_ascii).map(|byte| vec![byte]),
    }
}

fn conversion_error(interpreter: &mut Interpreter, name: &str, message: String) -> Eval {
    let above = Rc::clone(&interpreter.classes.encoding_error);
    let class = interpreter.define_class_path(&format!("Encoding::{name}"), &above);
    interpreter.raise(&class, message)
}

fn encoded(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let positional: Vec<Value> = args.list.iter().filter(|value| !matches!(value, Value::Hash(_))).cloned().collect();
    let from = match positional.get(1) {
        Some(value) => named(interpreter, value)?,
        None => name_of(interpreter, me),
    };
    let to = match positional.first() {
        Some(value) => {
            let name = argument(interpreter, value)?;
            match canonical(&name) {
                Some(name) => name,
                None => {
                    return conversion_error(interpreter, "ConverterNotFoundError", format!("code converter not found ({from} to {name})"));
                }
            }
        }
        None => UTF_8,
    };
    let replaces =
        |option: &str| args.option(option).is_some_and(|value| matches!(&value, Value::Symbol(name) if name.as_str() == "replace"));
    let (invalid, undefined) = (replaces("invalid"), replaces("undef"));
    let replacement = match args.option("replace") {
        Some(value) if !value.is_nil() => interpreter.to_str(&value)?,
        _ if to.starts_with("UTF") => "\u{FFFD}".to_owned(),
        _ => "?".to_owned(),
    };
    let same = from == to && !invalid;
    let decoded = if same { Vec::new() } else { decode(&look(me, bytes::to_bytes), from) };
    let mut out: Vec<u8> = if same { look(me, bytes::to_bytes) } else { Vec::with_capacity(decoded.len()) };
    if to == "UTF-16" && !same {
        out.extend([0xFE, 0xFF]);
    }
    for unit in decoded {
        match unit {
            Ok(character) => match encode_character(character, to) {
                Some(encoded) => out.extend(encoded),
                None if undefined => out.extend(replacement.bytes()),
                None => {
                    if let Some(fallback) = args.option("fallback") {
                        let given = [Value::str(character.to_string())];
                        let method = if matches!(fallback, Value::Hash(_)) { "[]" } else { "call" };
                        let value = interpreter.send(&fallback, method, &given)?;
                        if !value.is_nil() {
                            out.extend(interpreter.to_str(&value)?.bytes());
                            continue;
                        }
                    }
                    let message = format!("U+{:04X} from {from} to {to}", u32::from(character));
                    return conversion_error(interpreter, "UndefinedConversionError", message);
                }
            },
            Err(_) if invalid || (undefined && from != UTF_8) => out.extend(replacement.bytes()),
            Err(wrong) => {
                let shown: String = wrong.iter().map(|byte| format!("\\x{byte:02X}")).collect();
                return if from == UTF_8 {
                    conversion_error(interpreter, "InvalidByteSequenceError", format!("\"{shown}\" on {from}"))
                } else {
                    conversion_error(interpreter, "UndefinedConversionError", format!("\"{shown}\" from {from} to {to}"))
                };
            }
        }
    }
    let new = decorated(bytes::from_bytes(&out), args);
    let made = Value::str(new);
    note(interpreter, &made, to);
    Ok(made)
}

/// Line ends and XML, which `encode` changes on the way.
fn decorated(text: String, args: &Args) -> String {
    let on = |option: &str| args.option(option).is_some_and(|value| value.truthy());
    let mut text = text;
    if on("universal_newline") {
        text = text.replace("\r\n", "\n").replace('\r', "\n");
    } else if on("crlf_newline") {
        text = text.replace('\n', "\r\n");
    }
    match args.option("xml") {
        Some(Value::Symbol(kind)) => {
            text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            if kind.as_str() == "attr" { format!("\"{}\"", text.replace('"', "&quot;").replace('\'', "&apos;")) } else { text }
        }
        _ => text,
    }
}

fn scrubbed(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval<String> {
    let text = text(me);
    if !bytes::has_raw(&text) {
        return Ok(text);
    }
    let replacement = match args.get(0) {
        Some(value) if !value.is_nil() => Some(interpreter.to_str(value)?),
        _ => None,
    };
    let mut out = String::with_capacity(text.len());
    for chunk in bytes::to_bytes(&text).utf8_chunks() {
        out.push_str(chunk.valid());
        if chunk.invalid().is_empty() {
            continue;
        }
        match (&replacement, &args.block) {
            (Some(replacement), _) => out.push_str(replacement),
            (None, Some(block)) => {
                let value = interpreter.yield_values(block, vec![Value::str(bytes::from_bytes(chunk.invalid()))])?;
                out.push_str(&interpreter.to_str(&value)?);
            }
            (None, None) => out.push('\u{FFFD}'),
        }
    }
    Ok(out)
}
