//! Secrets in lines that are shown: `password 's3cret'` is shown as `password '‹hidden›'`.
//!
//! In: a line of the input, or a message. Out: the same with every literal hidden that follows a name which means a secret, whatever
//! looks like a secret, and every secret value that the evaluation came across. Rather too much is hidden than too little.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Range;

use fancy_regex::Regex;

use crate::outcome::Outcome;
use crate::secrecy::{FILTERED, is_distinctive, is_opaque, mark, mark_text_lines, name_is_secret};
use crate::text::{Part, Text};

/// What is shown in the place of a secret.
pub const HIDDEN: &str = "‹hidden›";

/// Files that hold secrets by their nature: no line of them is shown.
const SECRET_FILES: &[&str] = &[".env", ".netrc", ".npmrc", ".pgpass", "credentials", "id_rsa", "id_ed25519", "id_ecdsa", "id_dsa"];

/// Whether no line of the file at `path` may be shown: data bag items, key files, `.env`.
#[must_use]
pub fn is_secret_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.split('/').any(|part| part == "data_bags")
        || SECRET_FILES.contains(&name)
        || name.starts_with(".env.")
        || [".pem", ".key", ".p12", ".pfx"].iter().any(|ending| name.ends_with(ending))
}

/// Hides what the evaluation knows to be secret, and what looks like it.
#[derive(Debug, Default, Clone)]
pub struct Masker {
    /// The longest first, so that one inside another is not left over.
    values: Vec<String>,
    /// Finds any of them: most texts have none.
    any: OnceCell<Option<Regex>>,
}

impl Masker {
    /// A masker that knows the secrets which `outcome` came across.
    #[must_use]
    pub fn new(outcome: &Outcome) -> Self {
        let mut values = BTreeSet::new();
        Self::gather(outcome, &mut values);
        Self::of(values)
    }

    /// A masker that knows `secrets`, and those which `outcome` came across.
    #[must_use]
    pub fn with(secrets: &BTreeSet<String>, outcome: Option<&Outcome>) -> Self {
        let mut values = secrets.clone();
        outcome.into_iter().for_each(|outcome| Self::gather(outcome, &mut values));
        Self::of(values)
    }

    fn gather(outcome: &Outcome, values: &mut BTreeSet<String>) {
        outcome.graph.each_hole(&mut |hole, _| {
            if let Some(value) = hole.value.as_ref().filter(|value| hole.secret && is_distinctive(value)) {
                values.insert(value.clone());
            }
        });
    }

    fn of(values: BTreeSet<String>) -> Self {
        let mut values: Vec<String> = values.into_iter().collect();
        values.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        Self { values, any: OnceCell::new() }
    }

    /// Adds values that are secret.
    pub fn learn(&mut self, values: impl IntoIterator<Item = String>) {
        let known = std::mem::take(&mut self.values);
        *self = Self::of(known.into_iter().chain(values).collect());
    }

    /// Adds what another knows.
    pub fn add(&mut self, other: Self) {
        self.learn(other.values);
    }

    /// `text` without the secret values that are known and without what looks like one; for words of the program itself.
    #[must_use]
    pub fn words(&self, text: &str) -> String {
        Masked::new(text, self.known(text).into_iter().chain(shapes(text)).collect()).text
    }

    /// A message, whose quoted code may hold literals: as [`Masker::line`], without control characters.
    #[must_use]
    pub fn message(&self, text: &str) -> String {
        let lines = text.split('\n').map(|line| {
            let line: String = line.chars().map(|c| if c.is_control() && c != '\t' { '\u{FFFD}' } else { c }).collect();
            self.line(&line, false).text
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// A line of the input. `named`: what stands before it already named a secret.
    #[must_use]
    pub fn line(&self, line: &str, named: bool) -> Masked {
        Masked::new(line, self.known(line).into_iter().chain(shapes(line)).chain(literals(line, named)).chain(opaque(line)).collect())
    }

    fn known(&self, text: &str) -> Vec<Range<usize>> {
        let any = || Regex::new(&self.values.iter().map(|value| fancy_regex::escape(value)).collect::<Vec<_>>().join("|")).ok();
        let none =
            self.values.is_empty() || self.any.get_or_init(any).as_ref().is_some_and(|any| any.is_match(text).is_ok_and(|found| !found));
        if none {
            return Vec::new();
        }
        self.values.iter().flat_map(|value| text.match_indices(value.as_str()).map(|(at, found)| at..at + found.len())).collect()
    }
}

/// Text with hidden ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// What may be shown.
    pub text: String,
    hidden: Vec<Range<usize>>,
}

impl Masked {
    fn new(text: &str, mut ranges: Vec<Range<usize>>) -> Self {
        ranges.retain(|range| {
            text.get(range.clone()).is_some_and(|found| !found.is_empty() && (!found.starts_with('‹') || !found.ends_with('›')))
        });
        ranges.sort_by_key(|range| (range.start, range.end));
        let mut hidden: Vec<Range<usize>> = Vec::new();
        for range in ranges {
            match hidden.last_mut() {
                Some(last) if range.start < last.end => last.end = last.end.max(range.end),
                _ => hidden.push(range),
            }
        }
        let mut shown = String::new();
        let mut done = 0;
        for range in &hidden {
            shown.push_str(&text[done..range.start]);
            shown.push_str(HIDDEN);
            done = range.end;
        }
        shown.push_str(&text[done..]);
        Self { text: shown, hidden }
    }

    /// Where byte `offset` of the original stands in the text that is shown: at the start of what hides it.
    #[must_use]
    pub fn position(&self, offset: usize) -> usize {
        let mut shift = 0_isize;
        for range in &self.hidden {
            if offset >= range.end {
                shift += HIDDEN.len().cast_signed() - range.len().cast_signed();
            } else if offset > range.start {
                return range.start.saturating_add_signed(shift);
            }
        }
        offset.saturating_add_signed(shift).min(self.text.len())
    }
}

/// What [`mark`] takes for a secret, judged by its looks.
fn shapes(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    let mut found = Vec::new();
    for part in mark("text", text, "").parts() {
        match part {
            Part::Literal(literal) => at += literal.len(),
            Part::Hole(hole) => {
                let length = hole.value.as_ref().map_or(FILTERED.len(), String::len);
                found.push(at..at + length);
                at += length;
            }
        }
    }
    found
}

/// Long random-looking words.
fn opaque(line: &str) -> Vec<Range<usize>> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '=' | '/');
    let mut found = Vec::new();
    let mut start = None;
    for (at, character) in line.char_indices().chain([(line.len(), ' ')]) {
        match (start, is_part(character)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                let word = &line[from..at];
                // With slashes only where it is no path: keys in base64 have capitals, digits and no dots.
                let base64 = word.len() >= 40 && word.bytes().any(|b| b.is_ascii_uppercase()) && word.bytes().any(|b| b.is_ascii_digit());
                if is_opaque(word) || base64 {
                    found.push(from..at);
                }
                start = None;
            }
            _ => {}
        }
    }
    found
}

/// The insides of the literals that follow a name which means a secret. An open literal goes to the end of the line.
fn literals(line: &str, named: bool) -> Vec<Range<usize>> {
    let bytes = line.as_bytes();
    let mut named = named;
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let before = at.checked_sub(1).and_then(|index| bytes.get(index)).copied().unwrap_or(b' ');
        if byte == b'`' && named {
            // `password is `x`` of prose; a message names things so, which are words.
            let end = closing(bytes, at + 1, byte);
            let inside = line.get(at + 1..end).unwrap_or_default();
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"!@#%^&*_-+=?".contains(&b);
            if inside.len() >= 6 && inside.bytes().all(plain) && inside.bytes().any(|b| b.is_ascii_digit()) {
                found.push(at + 1..end);
            }
            at = end + 1;
        } else if byte == b'"' || (byte == b'\'' && !before.is_ascii_alphanumeric()) {
            let end = closing(bytes, at + 1, byte);
            let inside = line.get(at + 1..end).unwrap_or_default().trim_end();
            if named {
                found.push(at + 1..end);
            } else {
                named = is_name(inside) && name_is_secret(inside);
                if inside.contains("\\\"") {
                    // JSON within JSON: `\"password\": \"…\"`; the offsets stay the same.
                    let nested = literals(&inside.replace("\\\"", " \""), false);
                    found.extend(nested.into_iter().map(|range| {
                        let hidden = inside.get(range.clone()).unwrap_or_default();
                        at + 1 + range.start..at + 1 + range.start + hidden.trim_end_matches('\\').len()
                    }));
                }
            }
            at = end + 1;
        } else if byte.is_ascii_alphabetic() || byte == b'_' {
            let end =
                bytes[at..].iter().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))).map_or(bytes.len(), |n| at + n);
            named = named || line.get(at..end).is_some_and(name_is_secret);
            at = end;
        } else {
            at += 1;
        }
    }
    found
}

fn closing(bytes: &[u8], from: usize, quote: u8) -> usize {
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            _ if byte == quote => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

/// The secret values of a line in which one is known to stand, as far as they are like no ordinary word; `named` as for [`Masker::line`].
#[must_use]
pub fn values(line: &str, named: bool) -> Vec<String> {
    let marked = mark_text_lines(&Text::literal(line), "");
    let mut found: Vec<String> = marked.holes().filter_map(|hole| hole.value.clone()).collect();
    found.extend(literals(line, named).into_iter().chain(opaque(line)).filter_map(|range| line.get(range).map(str::to_owned)));
    if found.is_empty() {
        let last = line.rsplit(['=', ' ', ':']).next().unwrap_or_default();
        found.extend(literals(line, true).into_iter().filter_map(|range| line.get(range).map(str::to_owned)));
        found.push(last.to_owned());
        found.retain(|value| value.bytes().any(|b| b.is_ascii_digit()));
    }
    let trim = |value: String| value.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ';')).to_owned();
    // `PASSWORD` of a usage line is a name.
    let is_name = |value: &str| value.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-')) && name_is_secret(value);
    found.into_iter().map(trim).filter(|value| is_distinctive(value) && !is_name(value) && !value.contains(HIDDEN)).collect()
}

/// What a line in which a secret stands may show: `default['password'] = `, and all behind it hidden; nothing where it begins otherwise.
#[must_use]
pub fn sealed(line: &str) -> String {
    let rest = line.trim_start().trim_start_matches("- ");
    let word =
        |text: &str| text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '@' | '$'))).unwrap_or(text.len());
    let mut end = 0;
    let begins = rest.trim_start_matches(['"', '\'']).starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '@' | '$'));
    end += rest.len() - rest.trim_start_matches(['"', '\'']).len();
    end += word(&rest[end..]);
    while let Some(inner) = rest[end..].strip_prefix('[') {
        let Some(close) = inner
            .find(']')
            .filter(|close| word(inner[..*close].trim_matches(['"', '\'', ':'])) == inner[..*close].trim_matches(['"', '\'', ':']).len())
        else {
            break;
        };
        end += close + 2;
    }
    let after = rest[end..].trim_start_matches(['"', '\'', ' ']);
    let sign = ["=>", "||=", "=", ":"].iter().find_map(|sign| after.strip_prefix(sign));
    match sign.filter(|_| begins) {
        Some(value) => {
            let start = line.len() - value.trim_start().len();
            format!("{}{HIDDEN}", line.get(..start).unwrap_or_default())
        }
        None => HIDDEN.to_owned(),
    }
}

/// Whether a line leaves its end to the next one after naming a secret: `"Key": "PAY_TOKEN",` before `"Value": …`, `password = \`.
#[must_use]
pub fn names_for_next(line: &str) -> bool {
    let line = line.trim_end();
    let open = line.ends_with([',', '=', '(', '\\', ':', '{', '[', '|', '>']) || line.contains("<<");
    let words = line.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')));
    open && words.filter(|word| !word.is_empty()).any(name_is_secret)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::graph::FileKind;
    use crate::text::{Hole, Text};

    #[test]
    fn literals_after_names_of_secrets_are_hidden() {
        let masker = Masker::default();
        for (line, shown) in [
            ("default['till']['password'] = 'till-1'", "default['till']['password'] = '‹hidden›'"),
            ("api_password = 'syn-5' do |", "api_password = '‹hidden›' do |"),
            ("  \"faults\": { \"password\": \"role-7\", } },", "  \"faults\": { \"password\": \"‹hidden›\", } },"),
            ("password 'never closed", "password '‹hidden›"),
            ("password \"it\\\"s\" # end", "password \"‹hidden›\" # end"),
            ("{\"CustomJson\": \"{\\\"token\\\": \\\"a-b\\\"}\"}", "{\"CustomJson\": \"{\\\"token\\\": \\\"‹hidden›\\\"}\"}"),
            ("source 'https://ci:url-2@builds.example/a.jar'", "source 'https://ci:‹hidden›@builds.example/a.jar'"),
            ("package 'nginx' do", "package 'nginx' do"),
            ("token = \"‹TOKEN›\"", "token = \"‹TOKEN›\""),
            ("MIIEpAIBAAKCAQEA7bq1vF0lS2mJ8w+/Zk3xQpY5uTn", "‹hidden›"),
        ] {
            assert_eq!(masker.line(line, false).text, shown);
        }
        assert_eq!(masker.line("\"Value\": \"pay-77\"", true).text, "\"‹hidden›\": \"‹hidden›\"");
        assert!(names_for_next("  \"Key\": \"PAY_TOKEN\",") && !names_for_next("  \"Key\": \"PAY\","));
    }

    #[test]
    fn positions_follow_what_is_hidden() {
        let line = "password 's3cret' do";
        let masked = Masker::default().line(line, false);
        let at = line.find("do").unwrap_or_default();
        assert_eq!(&masked.text[masked.position(at)..], "do");
        assert_eq!(masked.position(0), 0);
        assert_eq!(&masked.text[masked.position(line.find("cret").unwrap_or_default())..][..HIDDEN.len()], HIDDEN);
        assert_eq!(masked.position(line.len()), masked.text.len());
    }

    #[test]
    fn values_that_the_evaluation_knows_are_hidden_everywhere() {
        let mut outcome = Outcome::default();
        let secret = |value: &str| Text::hole(Rc::new(Hole::secret("X", "r", Some(value.to_owned()))));
        let file = |value: &str| crate::graph::FileState {
            kind: FileKind::File(secret(value)),
            owner: None,
            group: None,
            mode: None,
            resource: 0,
            source: None,
        };
        outcome.graph.runs.push(crate::graph::Run {
            environment: 0,
            layer: String::new(),
            event: crate::graph::Lifecycle::Setup,
            run_list: Vec::new(),
            resources: Vec::new(),
            files: [("/a".to_owned(), file("license-Q7")), ("/b".to_owned(), file("app"))].into(),
            error: None,
            time_zone: None,
        });
        assert_eq!(Masker::new(&outcome).words("the app says license-Q7"), "the app says ‹hidden›");
    }

    #[test]
    fn messages_keep_their_apostrophes_and_lose_control_characters() {
        assert_eq!(Masker::default().message("the password isn't set in `x`\u{1b}[31m"), "the password isn't set in `x`\u{FFFD}[31m");
    }

    #[test]
    fn data_bags_and_keys_are_never_shown() {
        assert!(is_secret_file("data_bags/ovens/notes.json") && is_secret_file("app/.env.production") && is_secret_file("x/site.key"));
        assert!(!is_secret_file("cookbooks/web/recipes/default.rb"));
    }
}
