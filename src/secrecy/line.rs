//! Secrets in running text: command lines, scripts, configuration files.
//!
//! `java -jar a.jar --api-token=abc123` has a secret hole behind `--api-token=`; so have `password: abc` and `export API_KEY=abc`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::secrecy::{mark, name_is_secret, value};
use crate::text::{Hole, Part, Text};

/// Options whose value is a secret whatever else their name says.
const OPTIONS: &[&str] = &["license", "licence", "pass", "token", "secret"];

/// The text with a secret hole for every value that stands behind a name that means one.
#[must_use]
pub fn mark_text_lines(text: &Text, reason: &str) -> Text {
    let mut marked = Text::default();
    for part in text.parts() {
        match part {
            Part::Hole(hole) => marked.push_hole(Rc::clone(hole)),
            Part::Literal(literal) => marked.push(&mark_literal(literal, reason)),
        }
    }
    marked
}

/// How many texts are remembered.
const KEPT: usize = 4096;

thread_local! {
    /// What was made of a text before, by the text and the reason: every run writes much the same files.
    static KNOWN: RefCell<HashMap<(String, String), Rc<Text>>> = RefCell::default();
}

fn mark_literal(literal: &str, reason: &str) -> Rc<Text> {
    let key = (literal.to_owned(), reason.to_owned());
    if let Some(known) = KNOWN.with_borrow(|known| known.get(&key).map(Rc::clone)) {
        return known;
    }
    let mut marked = Text::default();
    for piece in mark("", literal, reason).parts() {
        match piece {
            // A quote before a hole is no secret.
            Part::Hole(hole) => match hole.value.as_deref().filter(|value| value.trim().len() < 4) {
                Some(value) => marked.push_str(value),
                None => marked.push_hole(Rc::clone(hole)),
            },
            Part::Literal(rest) => lines(rest, reason, &mut marked),
        }
    }
    let marked = Rc::new(marked);
    KNOWN.with_borrow_mut(|known| {
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(key, Rc::clone(&marked));
    });
    marked
}

fn lines(text: &str, reason: &str, marked: &mut Text) {
    // The name above a list of YAML: `tokens:`.
    let mut above: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        if let (Some(name), Some(item)) = (above, bare.strip_prefix("- ").map(str::trim)) {
            let item = item.trim_matches(['"', '\'']);
            if !item.contains(": ") && value::can_be_secret(item) {
                if let Some((before, after)) = line.split_once(item) {
                    marked.push_str(before);
                    marked.push_hole(Rc::new(Hole::secret(name.to_uppercase(), reason, Some(item.to_owned()))));
                    marked.push_str(after);
                    continue;
                }
            }
        }
        if !bare.starts_with("- ") {
            above = bare.strip_suffix(':').filter(|name| name.chars().all(in_name) && name_is_secret(name));
        }
        one_line(line, reason, marked);
    }
}

/// Whether `c` may be part of a name before `=` or `:`.
fn in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')
}

fn one_line(line: &str, reason: &str, marked: &mut Text) {
    let comment = line.trim_start().starts_with('#') || line.trim_start().starts_with("//");
    let mut done = 0;
    let mut at = 0;
    while at < line.len() {
        let Some((name, start)) = next_value(line, at) else { break };
        let (from, to) = value_at(line, start);
        at = start;
        let word = &line[from..to];
        let reference = word.starts_with(['$', '<', '{', '%', '@', '*', '&']) || word.contains("${") || word.contains("ENV[");
        let plain = name.trim_start_matches('-').to_lowercase();
        let secret = name_is_secret(&plain) || (name.starts_with("--") && OPTIONS.contains(&plain.as_str()));
        if comment && word.len() < 8 || word.is_empty() || reference || !secret || !value::can_be_secret(word) {
            continue;
        }
        marked.push_str(&line[done..from]);
        let label: String = plain.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
        marked.push_hole(Rc::new(Hole::secret(label, reason, Some(word.to_owned()))));
        done = to;
        at = to;
    }
    marked.push_str(&line[done..]);
}

/// The next name that something is given to, from byte `at` on, and where what is given starts.
fn next_value(line: &str, at: usize) -> Option<(&str, usize)> {
    let bytes = line.as_bytes();
    let mut index = at;
    while index < bytes.len() {
        let byte = bytes[index];
        let option_space = byte == b' ' && name_before(line, index).starts_with("--");
        if byte == b'=' || byte == b':' || option_space {
            let name = name_before(line, index);
            if !name.is_empty() && name.chars().any(char::is_alphabetic) {
                return Some((name, index + 1));
            }
        }
        index += 1;
    }
    None
}

/// The name that ends before byte `end`; spaces and a closing quote between are passed over for `=` and `:`.
fn name_before(line: &str, end: usize) -> &str {
    let head = line[..end].trim_end_matches([' ', '\t']).trim_end_matches(['"', '\'', ']', '\\']);
    let start = head.char_indices().rev().find(|(_, c)| !in_name(*c)).map_or(0, |(index, c)| index + c.len_utf8());
    &head[start..]
}

/// Where the value that starts at or after byte `start` stands: without quotes, up to a space or separator.
fn value_at(line: &str, start: usize) -> (usize, usize) {
    let rest = &line[start..];
    // A backslash is JSON's within JSON.
    let skipped = rest.len() - rest.trim_start_matches([' ', '\t', '>', '\\']).len();
    let from = start + skipped;
    let rest = &line[from..];
    if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let inner = &rest[1..];
        let end = inner.find(quote).unwrap_or_else(|| inner.trim_end().len());
        return (from + 1, from + 1 + inner[..end].trim_end_matches('\\').len());
    }
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '&' | ')' | '"' | '\'' | '|')).unwrap_or(rest.len());
    (from, from + end)
}

#[cfg(test)]
mod tests {
    use super::mark_text_lines;
    use crate::text::Text;

    fn shown(text: &str) -> String {
        mark_text_lines(&Text::literal(text), "test").to_string()
    }

    #[test]
    fn values_behind_secret_names() {
        for (text, expected) in [
            ("java -jar a.jar --license=Abc-123-x --port=80\n", "java -jar a.jar --license=‹LICENSE› --port=80\n"),
            ("export API_KEY=zzz999aaa && run", "export API_KEY=‹API_KEY› && run"),
            ("password: 'hunter2hunter'\nuser: bob", "password: ‹PASSWORD›\nuser: bob"),
            ("mysql --password s3cr3tword db", "mysql --password ‹PASSWORD› db"),
            ("password: <%= ENV['DB_PASSWORD'] %>", "password: <%= ENV['DB_PASSWORD'] %>"),
            ("PASSWORD=$DB_PASSWORD run", "PASSWORD=$DB_PASSWORD run"),
            ("server_tokens off;", "server_tokens off;"),
            ("time: 12:30:00", "time: 12:30:00"),
            ("tokens:\n  - abc1\n  - \"abc2\"\nplain:\n  - abc3\n", "tokens:\n  - ‹TOKENS›\n  - \"‹TOKENS›\"\nplain:\n  - abc3\n"),
            ("{\\\"password\\\": \\\"abc1\\\"}", "{\\\"password\\\": \\\"‹PASSWORD›\\\"}"),
            ("naïve=é", "naïve=é"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
