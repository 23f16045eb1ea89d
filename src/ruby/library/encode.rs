//! `Base64`, `CGI`, `Shellwords`, `Zlib.crc32`: text in other clothes.

use std::rc::Rc;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::ruby::core::string::bytes::{from_bytes, to_bytes};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

const BASE64: &[(&str, Native)] = &[
    ("encode64", |interpreter, _, args| {
        let packed = engine(false, true).encode(bytes(interpreter, args)?);
        let lines: Vec<&str> = packed.as_bytes().chunks(60).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        Ok(Value::str(lines.iter().map(|line| format!("{line}\n")).collect::<String>()))
    }),
    ("strict_encode64", |interpreter, _, args| Ok(Value::str(engine(false, true).encode(bytes(interpreter, args)?)))),
    ("urlsafe_encode64", |interpreter, _, args| {
        let padded = args.option("padding").is_none_or(|value| value.truthy());
        Ok(Value::str(engine(true, padded).encode(bytes(interpreter, args)?)))
    }),
    ("decode64", |interpreter, _, args| {
        let text = interpreter.to_str(&args.value(0))?;
        Ok(Value::str(from_bytes(&decode_lenient(&text))))
    }),
    ("strict_decode64", |interpreter, _, args| {
        let text = interpreter.to_str(&args.value(0))?;
        strict(interpreter, &text)
    }),
    ("urlsafe_decode64", |interpreter, _, args| {
        let text = interpreter.to_str(&args.value(0))?.replace('-', "+").replace('_', "/");
        let missing = (4 - text.len() % 4) % 4;
        let padded = if text.ends_with('=') { text } else { format!("{text}{}", "=".repeat(missing)) };
        strict(interpreter, &padded)
    }),
];

const CGI: &[(&str, Native)] = &[
    ("escape", |interpreter, _, args| {
        let text = interpreter.to_str(&args.value(0))?;
        Ok(Value::str(percent(&text, "*-._", true)))
    }),
    ("unescape", |interpreter, _, args| {
        let text = interpreter.to_str(&args.value(0))?;
        Ok(Value::str(unpercent(&text, true)))
    }),
    ("escapeHTML", |interpreter, _, args| Ok(Value::str(html(&interpreter.to_str(&args.value(0))?)))),
    ("escape_html", |interpreter, _, args| Ok(Value::str(html(&interpreter.to_str(&args.value(0))?)))),
    ("h", |interpreter, _, args| Ok(Value::str(html(&interpreter.to_str(&args.value(0))?)))),
    ("unescapeHTML", |interpreter, _, args| Ok(Value::str(unhtml(&interpreter.to_str(&args.value(0))?)))),
    ("unescape_html", |interpreter, _, args| Ok(Value::str(unhtml(&interpreter.to_str(&args.value(0))?)))),
];

/// What `<%== value %>` of Erubis calls: of any value, and without the apostrophe that `CGI` escapes too.
const ERUBIS: &[(&str, Native)] = &[("escape_xml", escape_xml), ("h", escape_xml), ("html_escape", escape_xml)];

fn escape_xml(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let text = interpreter.display(&args.value(0))?;
    Ok(Value::str(text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")))
}

const SHELLWORDS: &[(&str, Native)] = &[
    ("split", split),
    ("shellsplit", split),
    ("shellwords", split),
    ("escape", escape),
    ("shellescape", escape),
    ("join", join),
    ("shelljoin", join),
];

/// Installs the modules and the methods of `String` and `Array`.
pub fn install(interpreter: &mut Interpreter) {
    let modules: [(&str, &[(&str, Native)]); 3] = [("Base64", BASE64), ("CGI", CGI), ("Shellwords", SHELLWORDS)];
    for (name, table) in modules {
        let module = if name == "CGI" {
            let object = Rc::clone(&interpreter.classes.object);
            interpreter.define_class_path(name, &object)
        } else {
            interpreter.define_module_path(name)
        };
        interpreter.define_singleton(&module, table);
        if name != "CGI" {
            interpreter.define_private(&module, table);
        }
        interpreter.looks_at_data(&module);
    }
    let string = Rc::clone(&interpreter.classes.string);
    interpreter.define(
        &string,
        &[
            ("shellescape", |interpreter, me, _| escape(interpreter, &Value::Nil, &Args::new(vec![me.clone()]))),
            ("shellsplit", |interpreter, me, _| split(interpreter, &Value::Nil, &Args::new(vec![me.clone()]))),
        ],
    );
    let array = Rc::clone(&interpreter.classes.array);
    interpreter.define(&array, &[("shelljoin", |interpreter, me, _| join(interpreter, &Value::Nil, &Args::new(vec![me.clone()])))]);
    let erubis = interpreter.define_module_path("Erubis::XmlHelper");
    interpreter.define_singleton(&erubis, ERUBIS);
    interpreter.define(&erubis, ERUBIS);
    let zlib = interpreter.define_module_path("Zlib");
    interpreter.define_singleton(
        &zlib,
        &[("crc32", |interpreter, _, args| {
            let bytes = if args.is_empty() { Vec::new() } else { bytes(interpreter, args)? };
            Ok(Value::Integer(i64::from(crc32(&bytes))))
        })],
    );
    interpreter.looks_at_data(&zlib);
}

fn engine(url: bool, padded: bool) -> GeneralPurpose {
    let config = GeneralPurposeConfig::new()
        .with_encode_padding(padded)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    GeneralPurpose::new(if url { &alphabet::URL_SAFE } else { &alphabet::STANDARD }, config)
}

fn bytes(interpreter: &mut Interpreter, args: &Args) -> Eval<Vec<u8>> {
    let text = interpreter.to_str(&args.value(0))?;
    Ok(to_bytes(&text))
}

/// Everything that is no digit of Base64 is skipped, up to the padding.
#[must_use]
pub fn decode_lenient(text: &str) -> Vec<u8> {
    let digits: String = text.chars().take_while(|c| *c != '=').filter(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/')).collect();
    // One digit alone holds no byte.
    let length = if digits.len() % 4 == 1 { digits.len() - 1 } else { digits.len() };
    engine(false, false).decode(&digits[..length]).unwrap_or_default()
}

fn strict(interpreter: &mut Interpreter, text: &str) -> Eval {
    let padded = text.len().is_multiple_of(4);
    match base64::engine::general_purpose::STANDARD.decode(text) {
        Ok(bytes) if padded => Ok(Value::str(from_bytes(&bytes))),
        _ => interpreter.argument_error("invalid base64"),
    }
}

/// `text` with everything but letters, digits and `safe` as `%XX`; with `plus` a space becomes `+`.
#[must_use]
pub fn percent(text: &str, safe: &str, plus: bool) -> String {
    let mut out = String::new();
    for byte in to_bytes(text) {
        let character = char::from(byte);
        if byte.is_ascii_alphanumeric() || byte.is_ascii() && safe.contains(character) {
            out.push(character);
        } else if plus && byte == b' ' {
            out.push('+');
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// `text` with `%XX` decoded; with `plus` a `+` becomes a space.
#[must_use]
pub fn unpercent(text: &str, plus: bool) -> String {
    let bytes = to_bytes(text);
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(byte) = bytes.get(index) {
        let hex = bytes.get(index + 1..index + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        let code = hex.filter(|_| *byte == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code {
            Some(code) => {
                out.push(code);
                index += 3;
            }
            None => {
                out.push(if plus && *byte == b'+' { b' ' } else { *byte });
                index += 1;
            }
        }
    }
    from_bytes(&out)
}

/// `text` with the characters that mean something in HTML escaped.
#[must_use]
pub fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

fn unhtml(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once(';').filter(|(name, _)| name.len() <= 8) else {
            out.push('&');
            rest = after;
            continue;
        };
        let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => digits.parse().ok(),
        });
        let character = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => number.and_then(char::from_u32).filter(|c| !crate::ruby::hole::is_hole(*c)),
        };
        match character {
            Some(character) => {
                out.push(character);
                rest = tail;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// A word as the shell must see it to read `text`.
#[must_use]
pub fn shell_word(text: &str) -> String {
    if text.is_empty() {
        return "''".to_owned();
    }
    let mut out = String::new();
    for character in text.chars() {
        if character == '\n' {
            out.push_str("'\n'");
            continue;
        }
        if !character.is_ascii_alphanumeric() && !"_-.,:+/@".contains(character) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

fn escape(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let text = interpreter.display(&args.value(0))?;
    Ok(Value::str(shell_word(&text)))
}

fn join(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let mut words = Vec::new();
    for value in interpreter.to_list(&args.value(0))? {
        let shellwords = interpreter.define_module_path("Shellwords");
        // Asked as a method so that words with holes are respected.
        let word = interpreter.send(&Value::Module(shellwords), "escape", &[value])?;
        words.push(interpreter.display(&word)?);
    }
    Ok(Value::str(words.join(" ")))
}

fn split(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let line = interpreter.to_str(&args.value(0))?;
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        if character.is_whitespace() {
            words.extend(word.take().map(Value::str));
            continue;
        }
        let current = word.get_or_insert_with(String::new);
        let closed = match character {
            '\\' => {
                current.extend(characters.next());
                true
            }
            '\'' => loop {
                match characters.next() {
                    Some('\'') => break true,
                    Some(other) => current.push(other),
                    None => break false,
                }
            },
            '"' => loop {
                match characters.next() {
                    Some('"') => break true,
                    Some('\\') => match characters.next() {
                        Some(escaped @ ('$' | '`' | '"' | '\\' | '\n')) => current.push(escaped),
                        Some(other) => {
                            current.push('\\');
                            current.push(other);
                        }
                        None => break false,
                    },
                    Some(other) => current.push(other),
                    None => break false,
                }
            },
            other => {
                current.push(other);
                true
            }
        };
        if !closed {
            let shown = interpreter.inspect(&Value::str(line))?;
            return interpreter.argument_error(format!("Unmatched quote: {shown}"));
        }
    }
    words.extend(word.map(Value::str));
    Ok(Value::array(words))
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |mut crc, byte| {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
        crc
    })
}

#[cfg(test)]
mod tests {
    use super::{crc32, decode_lenient, percent, shell_word, unhtml, unpercent};

    #[test]
    fn text_changes_clothes_and_back() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(decode_lenient("YWJj\nZGVm\n"), b"abcdef");
        assert_eq!(unpercent(&percent("a b/é", "", false), false), "a b/é");
        assert_eq!(unhtml("&lt;a&gt; &amp;x &#39;&nope;"), "<a> &x '&nope;");
        assert_eq!(shell_word("it's a $test"), "it\\'s\\ a\\ \\$test");
    }
}
