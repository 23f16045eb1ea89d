//! Bytes that are no UTF-8 in strings that are text: each stands as one character of a private range, `\xFF` as U+EFFF.
//!
//! Methods that look at bytes (`bytes`, `inspect`, `unpack`, `scrub`) see the byte; joining strings joins bytes to characters again.

/// The characters that stand for the bytes 0x80 to 0xFF.
const FIRST: u32 = 0xEF80;

/// The character that stands for `byte`: itself below 0x80.
#[must_use]
pub fn raw(byte: u8) -> char {
    if byte < 0x80 { char::from(byte) } else { char::from_u32(FIRST + u32::from(byte) - 0x80).unwrap_or(char::REPLACEMENT_CHARACTER) }
}

/// The byte that `character` stands for.
#[must_use]
pub fn raw_byte(character: char) -> Option<u8> {
    u32::from(character)
        .checked_sub(FIRST)
        .and_then(|offset| u8::try_from(offset).ok())
        .filter(|offset| *offset < 0x80)
        .map(|offset| offset + 0x80)
}

/// Whether `text` holds bytes that are no characters.
#[must_use]
pub fn has_raw(text: &str) -> bool {
    // U+EF80 to U+EFFF begin with the bytes EE BE or EE BF.
    text.as_bytes().contains(&0xEE) && text.chars().any(|character| raw_byte(character).is_some())
}

/// The bytes of a string.
#[must_use]
pub fn to_bytes(text: &str) -> Vec<u8> {
    if !has_raw(text) {
        return text.as_bytes().to_vec();
    }
    let mut out = Vec::with_capacity(text.len());
    for character in text.chars() {
        match raw_byte(character) {
            Some(byte) => out.push(byte),
            None => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out
}

/// The string of `bytes`.
#[must_use]
pub fn from_bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            // A character that stands for a byte here is its own bytes when it comes from outside.
            if raw_byte(character).is_some() {
                out.extend(character.encode_utf8(&mut [0; 4]).bytes().map(raw));
            } else {
                out.push(character);
            }
        }
        out.extend(chunk.invalid().iter().map(|byte| raw(*byte)));
    }
    out
}

/// Every byte on its own, as in a binary string.
#[must_use]
pub fn binary(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| raw(*byte)).collect()
}

/// The text with neighbouring bytes joined to the characters that they make together.
#[must_use]
pub fn joined(text: String) -> String {
    if has_raw(&text) { from_bytes(&to_bytes(&text)) } else { text }
}
