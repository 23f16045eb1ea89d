//! Bytes in strings: strings are text here, so a byte that is no part of a UTF-8 character is kept as a character of its own.
//!
//! `Digest::SHA256.digest` gives such bytes and `Base64.strict_encode64` takes them back: byte 0x9F is U+E49F in between.

const FIRST: u32 = 0xE400;

/// The string that stands for `bytes`.
#[must_use]
pub fn text_of(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().filter_map(|byte| char::from_u32(FIRST + u32::from(*byte))));
    }
    text
}

/// The bytes that `text` stands for.
#[must_use]
pub fn bytes_of(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut buffer = [0; 4];
    for character in text.chars() {
        match lone_byte(character) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes()),
        }
    }
    bytes
}

/// The byte that `character` stands for, when it stands for one.
#[must_use]
pub fn lone_byte(character: char) -> Option<u8> {
    u32::from(character).checked_sub(FIRST).and_then(|byte| u8::try_from(byte).ok()).filter(|byte| *byte >= 0x80)
}

#[cfg(test)]
mod tests {
    use super::{bytes_of, text_of};

    #[test]
    fn bytes_survive_being_text() {
        let bytes = [0x61, 0xC3, 0xA9, 0xFF, 0x9F, 0x00];
        assert_eq!(bytes_of(&text_of(&bytes)), bytes);
        assert_eq!(text_of("é".as_bytes()), "é");
    }
}
