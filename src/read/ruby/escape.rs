//! What stands between quotes to the bytes it means: `"a\tb"`, `'it\'s'`, `%w(a\ b)`, `/a\/b/`.
//!
//! Each function appends to `out`; escapes can make bytes that are no UTF-8 text (`"\xff"`). Rules: Ruby's `doc/syntax/literals.rdoc`.

/// Double quotes: every escape.
pub(super) fn double(text: &str, out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        rest = sequence(&rest[at + 1..], out);
    }
    out.extend_from_slice(rest.as_bytes());
}

/// Single quotes and `%q`: only the backslash itself and the delimiters are escaped.
pub(super) fn single(text: &str, delimiters: (char, char), out: &mut Vec<u8>) {
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\\' {
            let mut ahead = characters.clone();
            if let Some(next) = ahead.next().filter(|next| *next == '\\' || *next == delimiters.0 || *next == delimiters.1) {
                push(next, out);
                characters = ahead;
                continue;
            }
        }
        push(character, out);
    }
}

/// An element of `%w`: as [`single`], and an escaped blank is part of the word.
pub(super) fn word(text: &str, delimiters: (char, char), out: &mut Vec<u8>) {
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character == '\\' {
            let mut ahead = characters.clone();
            let escapes = |next: &char| *next == '\\' || *next == delimiters.0 || *next == delimiters.1 || next.is_ascii_whitespace();
            if let Some(next) = ahead.next().filter(escapes) {
                push(next, out);
                characters = ahead;
                continue;
            }
        }
        push(character, out);
    }
}

/// A regular expression: as written, but an escaped closing delimiter loses its backslash unless that would change its meaning,
/// and an escaped line end vanishes.
pub(super) fn regexp(text: &str, close: char, out: &mut Vec<u8>) {
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            push(character, out);
            continue;
        }
        match characters.next() {
            Some('\n') => {}
            Some(next) if next == close && !"$*+.?^|)]}>".contains(next) => push(next, out),
            Some(next) => {
                out.push(b'\\');
                push(next, out);
            }
            None => out.push(b'\\'),
        }
    }
}

/// What an escape of double quotes means, `text` standing after its backslash; returns what follows it.
pub(super) fn sequence<'a>(text: &'a str, out: &mut Vec<u8>) -> &'a str {
    let mut characters = text.chars();
    let Some(first) = characters.next() else {
        out.push(b'\\');
        return text;
    };
    match first {
        '\n' => return characters.as_str(),
        'u' => return unicode(characters.as_str(), out),
        'x' | '0'..='7' | 'M' | 'C' | 'c' => {
            let (byte, rest) = byte(text);
            out.push(byte);
            return rest;
        }
        _ => match simple(first) {
            Some(byte) => out.push(byte),
            None => push(first, out),
        },
    }
    characters.as_str()
}

fn simple(escape: char) -> Option<u8> {
    Some(match escape {
        'a' => 7,
        'b' => 8,
        't' => b'\t',
        'n' => b'\n',
        'v' => 11,
        'f' => 12,
        'r' => b'\r',
        'e' => 27,
        's' => b' ',
        _ => return None,
    })
}

/// `\x41`, `\101`, `\C-a`, `\ca`, `\M-a`, `\M-\C-a`: one byte. A byte that is not ASCII counts as its first one.
fn byte(text: &str) -> (u8, &str) {
    let bytes = text.as_bytes();
    let digits = |from: usize, most: usize, radix: u32| {
        let length = bytes[from..].iter().take(most).take_while(|byte| char::from(**byte).is_digit(radix)).count();
        let value = u32::from_str_radix(&text[from..from + length], radix).unwrap_or(0);
        (u8::try_from(value & 0xff).unwrap_or(0), &text[from + length..])
    };
    match bytes {
        [b'x', ..] => digits(1, 2, 16),
        [b'0'..=b'7', ..] => digits(0, 3, 8),
        [b'M', b'-', ..] => {
            let (byte, rest) = operand(&text[2..]);
            (byte | 0x80, rest)
        }
        [b'C', b'-', ..] => control(&text[2..]),
        [b'c', _, ..] => control(&text[1..]),
        [first, ..] if first.is_ascii() => (*first, &text[1..]),
        _ => (b'\\', text),
    }
}

fn control(text: &str) -> (u8, &str) {
    let (byte, rest) = operand(text);
    (if byte == b'?' { 127 } else { byte & 0x9f }, rest)
}

fn operand(text: &str) -> (u8, &str) {
    if let Some(escaped) = text.strip_prefix('\\') {
        return match escaped.chars().next() {
            Some(escape) if simple(escape).is_some() => (simple(escape).unwrap_or(0), &escaped[escape.len_utf8()..]),
            _ => byte(escaped),
        };
    }
    match text.chars().next() {
        Some(character) => (text.as_bytes()[0], &text[character.len_utf8()..]),
        None => (0, text),
    }
}

fn unicode<'a>(text: &'a str, out: &mut Vec<u8>) -> &'a str {
    let mut add = |digits: &str| push(u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}'), out);
    if let Some(braced) = text.strip_prefix('{') {
        let (inside, rest) = braced.split_once('}').unwrap_or((braced, ""));
        inside.split_ascii_whitespace().for_each(add);
        return rest;
    }
    let length = text.bytes().take(4).take_while(u8::is_ascii_hexdigit).count();
    add(&text[..length]);
    &text[length..]
}

fn push(character: char, out: &mut Vec<u8>) {
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::{double, regexp, single, word};

    fn read(quote: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
        let mut out = Vec::new();
        quote(&mut out);
        out
    }

    #[test]
    fn double_quotes_resolve_every_escape() {
        for (text, bytes) in [
            (r"a\tb\n\\", &b"a\tb\n\\"[..]),
            (r"\e[0m\s\0\a\b\v\f\r", b"\x1b[0m \0\x07\x08\x0b\x0c\r"),
            (r"\x41\x4a\x4\101\7", b"AJ\x04A\x07"),
            (r"\u00e9\u{1F600 41}", "é😀A".as_bytes()),
            (r"\C-a\ca\c?\M-a\M-\C-a\C-\M-a", b"\x01\x01\x7f\xe1\x81\x81"),
            ("a\\\nb", b"ab"),
            (r#"\"\#\q\é"#, "\"#qé".as_bytes()),
            (r"\xff", b"\xff"),
            ("\\", b"\\"),
            (r"\u", "\u{fffd}".as_bytes()),
            (r"\M", b"M"),
            (r"\c", b"c"),
        ] {
            assert_eq!(read(|out| double(text, out)), bytes, "{text}");
        }
    }

    #[test]
    fn single_quotes_keep_what_is_no_delimiter() {
        assert_eq!(read(|out| single(r"it\'s \\ \n", ('\'', '\''), out)), br"it's \ \n");
        assert_eq!(read(|out| single(r"a\(b\)c\'", ('(', ')'), out)), br"a(b)c\'");
        assert_eq!(read(|out| word(r"a\ b\n", ('(', ')'), out)), br"a b\n");
    }

    #[test]
    fn regular_expressions_stay_as_written() {
        assert_eq!(read(|out| regexp(r"a\/b\.\n", '/', out)), br"a/b\.\n");
        assert_eq!(read(|out| regexp(r"\{\}\/", '}', out)), br"\{\}\/");
        assert_eq!(read(|out| regexp(r"\!", '!', out)), b"!");
    }
}
