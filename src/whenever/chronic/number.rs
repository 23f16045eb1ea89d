//! Numbers in words as digits (Chronic's `Numerizer`): `twenty two` is `22`, `first` is `1st`.

use std::sync::{LazyLock, OnceLock};

use fancy_regex::{Captures, Regex};

use super::compiled;

/// Marks digits that were words.
const MARK: &str = "<num>";

/// Words that are replaced as they are; a group at the end is kept.
const DIRECT: [(&str, &str); 21] = [
    ("eleven", "11"),
    ("twelve", "12"),
    ("thirteen", "13"),
    ("fourteen", "14"),
    ("fifteen", "15"),
    ("sixteen", "16"),
    ("seventeen", "17"),
    ("eighteen", "18"),
    ("nineteen", "19"),
    ("ninteen", "19"),
    ("zero", "0"),
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    (r"four(\W|$)", "4${1}"),
    ("five", "5"),
    (r"six(\W|$)", "6${1}"),
    (r"seven(\W|$)", "7${1}"),
    (r"eight(\W|$)", "8${1}"),
    (r"nine(\W|$)", "9${1}"),
    ("ten", "10"),
];

const ORDINALS: [(&str, &str); 18] = [
    ("first", "1st"),
    ("third", "3rd"),
    ("fourth", "4th"),
    ("fifth", "5th"),
    ("sixth", "6th"),
    ("seventh", "7th"),
    ("eighth", "8th"),
    ("ninth", "9th"),
    ("tenth", "10th"),
    ("twelfth", "12th"),
    ("twentieth", "20th"),
    ("thirtieth", "30th"),
    ("fourtieth", "40th"),
    ("fiftieth", "50th"),
    ("sixtieth", "60th"),
    ("seventieth", "70th"),
    ("eightieth", "80th"),
    ("ninetieth", "90th"),
];

const TENS: [(&str, i64); 9] = [
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fourty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
];

const BIG: [(&str, i64); 5] =
    [("hundred", 100), ("thousand", 1000), ("million", 1_000_000), ("billion", 1_000_000_000), ("trillion", 1_000_000_000_000)];

/// A pattern that only texts with a certain word can match: it is compiled for the first of them, which most programs never see.
struct Spelled {
    word: &'static str,
    pattern: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Spelled {
    fn new(word: &'static str, pattern: String) -> Self {
        Self { word, pattern, compiled: OnceLock::new() }
    }

    /// The pattern, where `text` (in small letters) has the word.
    fn within(&self, text: &str) -> Option<&Regex> {
        if text.contains(self.word) { self.compiled.get_or_init(|| compiled(&self.pattern)).as_ref() } else { None }
    }
}

struct Patterns {
    blanks: Option<Regex>,
    plain: Vec<(Spelled, String)>,
    tens_with_ones: Vec<(Spelled, i64)>,
    tens: Vec<(Spelled, i64)>,
    big: Vec<(Spelled, i64)>,
    sum: Spelled,
    half: Spelled,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| Patterns {
    blanks: compiled(r" +|([^\d])-([^\d])"),
    plain: DIRECT
        .iter()
        .chain(&ORDINALS)
        .map(|(pattern, to)| {
            let word = pattern.split('(').next().unwrap_or(pattern);
            (Spelled::new(word, format!("(?im){pattern}")), format!("{MARK}{to}"))
        })
        .collect(),
    tens_with_ones: valued(&TENS, |word| format!(r"(?im)(?:{word}) *<num>(\d(?=[^\d]|$))*")),
    tens: valued(&TENS, |word| format!("(?i){word}")),
    big: valued(&BIG, |word| format!(r"(?i)(?:<num>)?(\d*) *{word}")),
    sum: Spelled::new(MARK, r"(?im)<num>(\d+)( | and )<num>(\d+)(?=[^\w]|$)".to_owned()),
    half: Spelled::new("haAlf", r"(\d+)(?: | and |-)*haAlf".to_owned()),
});

fn valued(table: &[(&'static str, i64)], pattern: impl Fn(&str) -> String) -> Vec<(Spelled, i64)> {
    table.iter().map(|(word, value)| (Spelled::new(word, pattern(word)), *value)).collect()
}

fn number(captures: &Captures<str>, group: usize) -> Option<i64> {
    captures.get(group).and_then(|text| text.as_str().parse().ok())
}

/// `text`, in small letters, with its number words as digits.
#[must_use]
pub fn in_digits(text: &str) -> String {
    let patterns = &*PATTERNS;
    let mut text = text.to_owned();
    if let Some(blanks) = &patterns.blanks {
        text = blanks.replace_all(&text, "${1} ${2}").into_owned();
    }
    text = text.replace("a half", "haAlf");
    for (pattern, to) in &patterns.plain {
        let Some(pattern) = pattern.within(&text) else { continue };
        text = pattern.replace_all(&text, to.as_str()).into_owned();
    }
    for (pattern, value) in &patterns.tens_with_ones {
        let Some(pattern) = pattern.within(&text) else { continue };
        text = pattern.replace_all(&text, |found: &Captures<str>| format!("{MARK}{}", value + number(found, 1).unwrap_or(0))).into_owned();
    }
    for (pattern, value) in &patterns.tens {
        let Some(pattern) = pattern.within(&text) else { continue };
        text = pattern.replace_all(&text, format!("{MARK}{value}").as_str()).into_owned();
    }
    for (pattern, value) in &patterns.big {
        let Some(pattern) = pattern.within(&text) else { continue };
        text = pattern
            .replace_all(&text, |found: &Captures<str>| match number(found, 1) {
                Some(number) => format!("{MARK}{}", number.saturating_mul(*value)),
                None => value.to_string(),
            })
            .into_owned();
        text = added(text);
    }
    if let Some(half) = patterns.half.within(&text) {
        text = half.replace_all(&text, |found: &Captures<str>| format!("{}.5", number(found, 1).unwrap_or(0))).into_owned();
    }
    text.replace(MARK, "")
}

/// `<num>100 and <num>5` is `<num>105`.
fn added(mut text: String) -> String {
    let Some(sum) = PATTERNS.sum.within(&text) else { return text };
    let mut from = 0;
    // Every sum makes the text shorter, every other turn goes on behind the match.
    while let Ok(Some(found)) = sum.captures_from_pos(text.as_str(), from) {
        let Some(whole) = found.get(0).map(|whole| whole.range()) else { break };
        let size = |group: usize| found.get(group).map_or(0, |text| text.as_str().len());
        let word = found.get(2).is_some_and(|text| text.as_str().contains("and"));
        if word || size(1) > size(3) {
            let total = number(&found, 1).unwrap_or(0).saturating_add(number(&found, 3).unwrap_or(0));
            drop(found);
            text.replace_range(whole, &format!("{MARK}{total}"));
            from = 0;
        } else {
            from = whole.end;
        }
    }
    text
}
