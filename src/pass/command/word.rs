//! Words of a script to strings: known variables are filled in, what only a shell can expand becomes one private character each.
//!
//! With `PORT=80`, `-p$PORT` is `-p80`; `-p$OTHER` is `-p` and a character that stands for `$OTHER`, and needs a shell in the end.

use super::script::Reader;
use crate::read::shell::{self, Piece, Word};

/// The first character that stands for an expansion: a private one of the basic plane, which no hole uses.
const FIRST: u32 = 0xE000;
const LAST: u32 = 0xF8FF;

fn is_expansion(c: char) -> bool {
    (FIRST..=LAST).contains(&u32::from(c))
}

/// Whether the shell must expand something in `text`.
pub(super) fn needs_shell(text: &str) -> bool {
    text.chars().any(is_expansion)
}

impl Reader<'_> {
    fn expansion(&mut self, text: String) -> char {
        let index = u32::try_from(self.expansions.len()).unwrap_or(0).min(LAST - FIRST);
        self.expansions.push(text);
        char::from_u32(FIRST + index).unwrap_or('?')
    }

    /// The fields that `word` becomes.
    pub(super) fn fields(&mut self, word: &Word) -> Vec<String> {
        // `QUEUE=*` matches no file: it is what it says.
        let setting = word.text.split_once('=').is_some_and(|(name, _)| crate::read::lexeme::is_name(name));
        if word.is_pattern() && !setting && !word.text.starts_with("~/") && !word.has_expansion() && !word.text.starts_with('[') {
            return vec![self.expansion(word.text.clone()).to_string()];
        }
        let mut fields = vec![String::new()];
        let mut is_quoted = false;
        let push = |fields: &mut Vec<String>, text: &str| {
            if let Some(last) = fields.last_mut() {
                last.push_str(text);
            }
        };
        for piece in &word.pieces {
            match piece {
                Piece::Plain(text) => push(&mut fields, text),
                Piece::Quoted(text) => {
                    is_quoted = true;
                    push(&mut fields, text);
                }
                Piece::Variable { name, text, quoted } => {
                    is_quoted |= quoted;
                    match self.variable(name, text) {
                        Some(value) if *quoted => push(&mut fields, &value),
                        Some(value) => split(&mut fields, &value),
                        None => {
                            let text = if *quoted { format!("\"{text}\"") } else { text.clone() };
                            let c = self.expansion(text);
                            push(&mut fields, c.encode_utf8(&mut [0; 4]));
                        }
                    }
                }
                Piece::Command { script, quoted } => {
                    is_quoted |= quoted;
                    match self.output(script) {
                        Some(value) if *quoted => push(&mut fields, &value),
                        Some(value) => split(&mut fields, &value),
                        None => {
                            let text = if *quoted { format!("\"$({script})\"") } else { format!("$({script})") };
                            let c = self.expansion(text);
                            push(&mut fields, c.encode_utf8(&mut [0; 4]));
                        }
                    }
                }
                Piece::Arithmetic { expression, .. } => {
                    let c = self.expansion(format!("$(({expression}))"));
                    push(&mut fields, c.encode_utf8(&mut [0; 4]));
                }
            }
        }
        if fields.iter().all(String::is_empty) && !is_quoted {
            Vec::new()
        } else {
            fields.into_iter().filter(|field| is_quoted || !field.is_empty()).collect()
        }
    }

    /// The one string that `word` becomes where nothing is split: the value of an assignment, a path.
    pub(super) fn string(&mut self, word: &Word) -> String {
        let mut joined = word.clone();
        for piece in &mut joined.pieces {
            match piece {
                Piece::Variable { quoted, .. } | Piece::Command { quoted, .. } | Piece::Arithmetic { quoted, .. } => *quoted = true,
                _ => {}
            }
        }
        if joined.pieces.len() == 1 && word.is_pattern() && !word.has_expansion() {
            return word.shown();
        }
        self.fields(&joined).join(" ")
    }

    /// The fields of a word that is not shell text but may name variables (`ExecStart=`): `$NAME` is split, `${NAME}` is not.
    pub(super) fn expand(&mut self, word: &str) -> Vec<String> {
        if !word.contains('$') {
            return vec![word.to_owned()];
        }
        let pieces = variables(word);
        let word = Word { line: 1, text: word.to_owned(), pieces };
        self.fields(&word)
    }

    fn variable(&self, name: &str, text: &str) -> Option<String> {
        let inner = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        let rest = inner.and_then(|inner| inner.strip_prefix(name)).unwrap_or("");
        let known = self.scope.get(name);
        if rest.is_empty() {
            return known.cloned();
        }
        let default = rest
            .strip_prefix(":-")
            .or_else(|| rest.strip_prefix(":="))
            .or_else(|| rest.strip_prefix('-'))
            .or_else(|| rest.strip_prefix('='));
        match (known, default) {
            (Some(value), Some(_)) if !value.is_empty() => Some(value.clone()),
            (_, Some(default)) if self.service && !default.contains(['$', '`']) => Some(default.trim_matches(['"', '\'']).to_owned()),
            _ => None,
        }
    }

    /// What a command would print, where that is no question to the machine.
    fn output(&mut self, script: &str) -> Option<String> {
        let script = shell::parse(script).ok()?;
        let command = script.only_command()?;
        let words: Vec<String> = command.words.iter().flat_map(|word| self.fields(word)).collect();
        if words.iter().any(|word| needs_shell(word)) {
            return None;
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["which", program] | ["command", "-v", program] | ["type", "-p", program] => Some((*program).to_owned()),
            ["echo", rest @ ..] => Some(rest.join(" ")),
            ["basename", path] => path.rsplit('/').next().map(str::to_owned),
            ["dirname", path] => path.rsplit_once('/').map(|(folder, _)| folder.to_owned()),
            ["seq", last] => sequence(1, last.parse().ok()?),
            ["seq", first, last] => sequence(first.parse().ok()?, last.parse().ok()?),
            ["seq", first, "1", last] => sequence(first.parse().ok()?, last.parse().ok()?),
            _ => None,
        }
    }

    /// Words in exec form: through a shell where any needs one.
    pub(super) fn finish(&self, words: Vec<String>, assignments: &[(String, String)]) -> (Vec<String>, bool) {
        if assignments.is_empty() && !words.iter().any(|word| needs_shell(word)) {
            return (words, false);
        }
        let mut line = String::new();
        if self.service {
            line.push_str("exec ");
        }
        if !assignments.is_empty() {
            line.push_str("env ");
        }
        let all = assignments.iter().map(|(name, value)| format!("{name}={}", self.written(value)));
        let all: Vec<String> = all.chain(words.iter().map(|word| self.written(word))).collect();
        line.push_str(&all.join(" "));
        (vec!["sh".to_owned(), "-c".to_owned(), line], true)
    }

    /// A word as the shell reads it.
    pub(super) fn written(&self, word: &str) -> String {
        let mut out = String::new();
        let mut literal = String::new();
        let flush = |literal: &mut String, out: &mut String| {
            if !literal.is_empty() {
                out.push_str(&quote(literal));
                literal.clear();
            }
        };
        for c in word.chars() {
            match is_expansion(c).then(|| self.expansions.get((u32::from(c) - FIRST) as usize)).flatten() {
                Some(expansion) => {
                    flush(&mut literal, &mut out);
                    out.push_str(expansion);
                }
                None => literal.push(c),
            }
        }
        flush(&mut literal, &mut out);
        if out.is_empty() { "''".to_owned() } else { out }
    }

    /// Text for the reader: expansions as they were written.
    pub(super) fn shown(&self, text: &str) -> String {
        text.chars()
            .map(|c| match is_expansion(c).then(|| self.expansions.get((u32::from(c) - FIRST) as usize)).flatten() {
                Some(expansion) => expansion.trim_matches('"').to_owned(),
                None => c.to_string(),
            })
            .collect()
    }
}

/// In single quotes where a shell would change it.
fn quote(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-./:=,@%+".contains(c) || crate::read::lexeme::is_hole(c);
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// `1 2 3`, not too long.
fn sequence(first: u32, last: u32) -> Option<String> {
    (last < first.saturating_add(200)).then(|| (first..=last).map(|number| number.to_string()).collect::<Vec<_>>().join(" "))
}

/// Adds `value`, split at blanks, to the fields.
fn split(fields: &mut Vec<String>, value: &str) {
    let starts_blank = value.starts_with(char::is_whitespace);
    for (index, part) in value.split_whitespace().enumerate() {
        match fields.last_mut() {
            Some(last) if index == 0 && !starts_blank => last.push_str(part),
            _ => fields.push(part.to_owned()),
        }
    }
    if value.ends_with(char::is_whitespace) {
        fields.push(String::new());
    }
}

/// `$NAME` and `${NAME}` in text that is otherwise literal.
fn variables(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        if at > 0 {
            pieces.push(Piece::Quoted(rest[..at].to_owned()));
        }
        let after = &rest[at + 1..];
        let (braced, body) = match after.strip_prefix('{') {
            Some(body) => (true, body),
            None => (false, after),
        };
        let end = body.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(body.len());
        let name = &body[..end];
        let close = usize::from(braced && body[end..].starts_with('}'));
        if name.is_empty() || (braced && close == 0) {
            pieces.push(Piece::Quoted("$".to_owned()));
            rest = after.strip_prefix('$').unwrap_or(after);
            continue;
        }
        let written = if braced { format!("${{{name}}}") } else { format!("${name}") };
        pieces.push(Piece::Variable { name: name.to_owned(), text: written, quoted: braced });
        rest = &body[end + close..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Quoted(rest.to_owned()));
    }
    pieces
}
