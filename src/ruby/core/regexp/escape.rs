//! Escapes of single characters in regular expressions: `\n`, `\x41`, `\u{1F600}`, `\101`, `\cA`, `\M-a`.

use super::parse::Parser;
use crate::ruby::core::string::bytes;

impl Parser<'_> {
    /// The character of an escape, standing behind the backslash.
    pub(super) fn character_escape(&mut self) -> Result<char, String> {
        let Some(letter) = self.take() else { return Err("too short escape sequence".to_owned()) };
        Ok(match letter {
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'f' => '\u{C}',
            'v' => '\u{B}',
            'a' => '\u{7}',
            'e' => '\u{1B}',
            'u' => {
                let digits: String = self.chars[self.at..].iter().take(4).take_while(|c| c.is_ascii_hexdigit()).collect();
                if digits.len() < 4 {
                    return Err("invalid Unicode escape".to_owned());
                }
                self.at += 4;
                u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).ok_or("invalid Unicode range")?
            }
            'x' | '0'..='7' | 'c' | 'C' | 'M' => {
                self.at -= 1;
                let first = self.byte()?;
                self.character(first)?
            }
            other => other,
        })
    }

    /// The characters of `\u{61 62}`, standing behind the brace.
    pub(super) fn unicode_list(&mut self) -> Result<Vec<char>, String> {
        let start = self.at;
        while self.peek().is_some_and(|c| c != '}') {
            self.at += 1;
        }
        let text: String = self.chars[start..self.at].iter().collect();
        if self.take().is_none() {
            return Err("invalid Unicode list".to_owned());
        }
        let mut list = Vec::new();
        for digits in text.split_ascii_whitespace() {
            if !digits.chars().all(|c| c.is_ascii_hexdigit()) {
                return Err("invalid Unicode list".to_owned());
            }
            list.push(u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).ok_or("invalid Unicode range")?);
        }
        if list.is_empty() { Err("invalid Unicode list".to_owned()) } else { Ok(list) }
    }

    /// The byte of `\x41`, `\101`, `\cA`, `\C-a`, `\M-a`, standing at the letter.
    fn byte(&mut self) -> Result<u8, String> {
        let Some(letter) = self.take() else { return Err("too short escape sequence".to_owned()) };
        match letter {
            'x' => {
                let digits = self.digits(2, 16);
                u8::from_str_radix(&digits, 16).map_err(|_| "invalid hex escape".to_owned())
            }
            '0'..='7' => {
                self.at -= 1;
                let digits = self.digits(3, 8);
                Ok(u8::try_from(u32::from_str_radix(&digits, 8).unwrap_or(0) & 0xff).unwrap_or(0))
            }
            'c' => self.control(),
            'C' => {
                if self.take() != Some('-') {
                    return Err("too short control escape".to_owned());
                }
                self.control()
            }
            'M' => {
                if self.take() != Some('-') || self.peek().is_none() {
                    return Err("too short meta escape".to_owned());
                }
                Ok(self.operand()? | 0x80)
            }
            _ => Err("invalid escape".to_owned()),
        }
    }

    fn digits(&mut self, most: usize, radix: u32) -> String {
        let digits: String = self.chars[self.at..].iter().take(most).take_while(|c| c.is_digit(radix)).collect();
        self.at += digits.len();
        digits
    }

    fn control(&mut self) -> Result<u8, String> {
        if self.peek().is_none() {
            return Err("too short control escape".to_owned());
        }
        let byte = self.operand()?;
        Ok(if byte == b'?' { 127 } else { byte & 0x9f })
    }

    fn operand(&mut self) -> Result<u8, String> {
        if self.depth > 100 {
            return Err("too deep nest level".to_owned());
        }
        match self.take() {
            Some('\\') if matches!(self.peek(), Some('x' | '0'..='7' | 'c' | 'C' | 'M')) => {
                self.depth += 1;
                let byte = self.byte();
                self.depth -= 1;
                byte
            }
            Some('\\') => u8::try_from(u32::from(self.character_escape()?)).map_err(|_| "invalid escape".to_owned()),
            Some(character) => u8::try_from(u32::from(character)).map_err(|_| "invalid escape".to_owned()),
            None => Err("too short control escape".to_owned()),
        }
    }

    /// The character that begins with the byte `first`: the bytes of one character are escaped one by one.
    fn character(&mut self, first: u8) -> Result<char, String> {
        if first < 0x80 {
            return Ok(char::from(first));
        }
        if self.binary {
            return Ok(bytes::raw(first));
        }
        let length = match first {
            0xC2..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF4 => 4,
            _ => return Err("invalid multibyte escape".to_owned()),
        };
        let mut all = vec![first];
        while all.len() < length {
            if self.peek() != Some('\\') || !matches!(self.peek_at(1), Some('x' | '0'..='7' | 'M')) {
                return Err("too short escaped multibyte character".to_owned());
            }
            self.at += 1;
            all.push(self.byte()?);
        }
        std::str::from_utf8(&all).ok().and_then(|text| text.chars().next()).ok_or_else(|| "invalid multibyte escape".to_owned())
    }
}
