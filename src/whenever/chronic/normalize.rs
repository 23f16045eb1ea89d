//! The rewriting of the text before it is cut into words (`Parser#pre_normalize`).
//!
//! `4.30am` becomes `4:30 am`, `noon` becomes `12:00 pm`, `tomorrow` becomes `next day`.

use std::sync::LazyLock;

use fancy_regex::Regex;

use super::compiled;
use super::number::in_digits;

/// Before numbers in words become digits.
const BEFORE: [(&str, &str); 9] = [
    (r"\b(\d{2})\.(\d{2})\.(\d{4})\b", "${3} / ${2} / ${1}"),
    (r"\b([ap])\.m\.?", "${1}m"),
    (r"(\s+|:\d{2}|:\d{2}\.\d{3})-(\d{2}:?\d{2})\b", "${1}tzminus${2}"),
    (r"\.", ":"),
    (r"([ap]):m:?", "${1}m"),
    (r#"['"]"#, ""),
    (",", " "),
    ("(?m)^second ", "2nd "),
    (r"\bsecond (of|day|month|hour|minute|second)\b", "2nd ${1}"),
];

/// After it.
const AFTER: [(&str, &str); 24] = [
    (r"([/\-,@])", " ${1} "),
    (r"(?m)(?:^|\s)0(\d+:\d+\s*pm?\b)", " ${1}"),
    (r"\btoday\b", "this day"),
    (r"\btomm?orr?ow\b", "next day"),
    (r"\byesterday\b", "last day"),
    (r"\bnoon\b", "12:00pm"),
    (r"\bmidnight\b", "24:00"),
    (r"\bnow\b", "this second"),
    ("quarter", "15"),
    ("half", "30"),
    (r"(\d{1,2}) (to|till|prior to|before)\b", "${1} minutes past"),
    (r"(\d{1,2}) (after|past)\b", "${1} minutes future"),
    (r"\b(?:ago|before(?: now)?)\b", "past"),
    (r"\bthis (?:last|past)\b", "last"),
    (r"\b(?:in|during) the (morning)\b", "${1}"),
    (r"\b(?:in the|during the|at) (afternoon|evening|night)\b", "${1}"),
    (r"\btonight\b", "this night"),
    (r"\b\d+:?\d*[ap]\b", "${0}m"),
    (r"\b(\d{2})(\d{2})(am|pm)\b", "${1}:${2}${3}"),
    (r"(\d)([ap]m|oclock)\b", "${1} ${2}"),
    (r"\b(hence|after|from)\b", "future"),
    (r"(?im)^\s?an? ", "1 "),
    (r"\b(\d{4}):(\d{2}):(\d{2})\b", "${1} / ${2} / ${3}"),
    (r"\b0(\d+):(\d{2}):(\d{2}) ([ap]m)\b", "${1}:${2}:${3} ${4}"),
];

type Table = Vec<(Regex, &'static str)>;

fn compile(table: &[(&str, &'static str)]) -> Table {
    table.iter().filter_map(|(pattern, replacement)| Some((compiled(pattern)?, *replacement))).collect()
}

static COMPILED: LazyLock<(Table, Table)> = LazyLock::new(|| (compile(&BEFORE), compile(&AFTER)));

/// `text` in the form that the words are read from.
#[must_use]
pub fn normalize(text: &str) -> String {
    let mut text = text.to_lowercase();
    for (pattern, replacement) in &COMPILED.0 {
        text = pattern.replace_all(&text, *replacement).into_owned();
    }
    text = in_digits(&text);
    for (pattern, replacement) in &COMPILED.1 {
        text = pattern.replace_all(&text, *replacement).into_owned();
    }
    text
}
