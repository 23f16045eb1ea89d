//! Words with what they may mean: `5` is a time, a day, a month and a year; `tue` is a weekday.

use std::sync::{LazyLock, OnceLock};

use fancy_regex::Regex;

use super::Options;
use super::compiled;
use super::repeater::{Kind, Repeater};
use crate::ruby::core::time::calendar;

/// What follows a number that is then an hour, and no day.
const PORTIONS: [&str; 6] = ["am", "pm", "morning", "afternoon", "evening", "night"];

/// Words that repeat: pattern and meaning.
const REPEATERS: [(&str, Kind); 44] = [
    (r"^springs?$", Kind::Season),
    (r"^summers?$", Kind::Season),
    (r"^(autumn)|(fall)s?$", Kind::Season),
    (r"^winters?$", Kind::Season),
    (r"^jan[:\.]?(uary)?$", Kind::MonthName(1)),
    (r"^feb[:\.]?(ruary)?$", Kind::MonthName(2)),
    (r"^mar[:\.]?(ch)?$", Kind::MonthName(3)),
    (r"^apr[:\.]?(il)?$", Kind::MonthName(4)),
    (r"^may$", Kind::MonthName(5)),
    (r"^jun[:\.]?e?$", Kind::MonthName(6)),
    (r"^jul[:\.]?y?$", Kind::MonthName(7)),
    (r"^aug[:\.]?(ust)?$", Kind::MonthName(8)),
    (r"^sep[:\.]?(t[:\.]?|tember)?$", Kind::MonthName(9)),
    (r"^oct[:\.]?(ober)?$", Kind::MonthName(10)),
    (r"^nov[:\.]?(ember)?$", Kind::MonthName(11)),
    (r"^dec[:\.]?(ember)?$", Kind::MonthName(12)),
    (r"^m[ou]n(day)?$", Kind::DayName(1)),
    (r"^t(ue|eu|oo|u|)s?(day)?$", Kind::DayName(2)),
    (r"^we(d|dnes|nds|nns)(day)?$", Kind::DayName(3)),
    (r"^th(u|ur|urs|ers)(day)?$", Kind::DayName(4)),
    (r"^fr[iy](day)?$", Kind::DayName(5)),
    (r"^sat(t?[ue]rday)?$", Kind::DayName(6)),
    (r"^su[nm](day)?$", Kind::DayName(0)),
    (r"^ams?$", Kind::AM),
    (r"^pms?$", Kind::PM),
    (r"^mornings?$", Kind::Portion(6 * 3600, 12 * 3600)),
    (r"^afternoons?$", Kind::Portion(13 * 3600, 17 * 3600)),
    (r"^evenings?$", Kind::Portion(17 * 3600, 20 * 3600)),
    (r"^(night|nite)s?$", Kind::Portion(20 * 3600, 24 * 3600)),
    (TIME, Kind::Time { seconds: 0, ambiguous: false }),
    (r"^years?$", Kind::Year),
    (r"^seasons?$", Kind::Season),
    (r"^months?$", Kind::Month),
    (r"^fortnights?$", Kind::Fortnight),
    (r"^weeks?$", Kind::Week),
    (r"^weekends?$", Kind::Weekend),
    (r"^(week|business)days?$", Kind::Weekday),
    (r"^days?$", Kind::Day),
    (r"^hrs?$", Kind::Hour),
    (r"^hours?$", Kind::Hour),
    (r"^mins?$", Kind::Minute),
    (r"^minutes?$", Kind::Minute),
    (r"^secs?$", Kind::Second),
    (r"^seconds?$", Kind::Second),
];

const TIME: &str = r"^\d{1,2}(:?\d{1,2})?([\.:]?\d{1,2}([\.:]\d{1,6})?)?$";

/// Separators by their words.
const SEPARATORS: [(&str, Separator); 12] = [
    (",", Separator::Comma),
    (".", Separator::Other),
    (":", Separator::Other),
    ("/", Separator::Slash),
    ("-", Separator::Dash),
    ("at", Separator::At),
    ("@", Separator::At),
    ("in", Separator::In),
    ("on", Separator::On),
    ("and", Separator::And),
    ("t", Separator::Other),
    ("w", Separator::Other),
];

/// `last`, `this`, `next`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grabber {
    /// `last`
    Last,
    /// `this`
    This,
    /// `next`
    Next,
}

/// What stands between the parts of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    /// `,`
    Comma,
    /// `/`
    Slash,
    /// `-`
    Dash,
    /// `at`
    At,
    /// `in`
    In,
    /// `on`
    On,
    /// `and`
    And,
    /// Any other.
    Other,
}

/// What a number may count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Anything.
    Any,
    /// Days of a month.
    Day,
    /// Months.
    Month,
    /// Years.
    Year,
}

/// One meaning of a word.
#[derive(Debug, Clone, PartialEq)]
pub enum Tag {
    /// Something that comes again.
    Repeater(Repeater),
    /// `next`
    Grabber(Grabber),
    /// `past` (false), `future` (true)
    Pointer(bool),
    /// A number.
    Scalar(Count, i64),
    /// `1st`
    Ordinal(Count, i64),
    /// `at`
    Separator(Separator),
    /// `+`
    Sign,
    /// `utc`
    Zone,
}

/// A word.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// What it may mean.
    pub tags: Vec<Tag>,
}

impl Token {
    /// Its repeater.
    #[must_use]
    pub fn repeater(&self) -> Option<&Repeater> {
        self.tags.iter().find_map(|tag| if let Tag::Repeater(repeater) = tag { Some(repeater) } else { None })
    }

    /// Its number, counting `count`.
    #[must_use]
    pub fn scalar(&self, count: Count) -> Option<i64> {
        self.tags.iter().find_map(|tag| match tag {
            Tag::Scalar(known, value) if *known == count => Some(*value),
            _ => None,
        })
    }

    /// Its ordinal number, counting `count`.
    #[must_use]
    pub fn ordinal(&self, count: Count) -> Option<i64> {
        self.tags.iter().find_map(|tag| match tag {
            Tag::Ordinal(known, value) if *known == count => Some(*value),
            _ => None,
        })
    }
}

/// A pattern for whole words: it is compiled for the first word that starts like it.
struct Repeating {
    pattern: &'static str,
    kind: Kind,
    compiled: OnceLock<Option<Regex>>,
}

impl Repeating {
    fn matches(&self, word: &str) -> bool {
        let first = self.pattern.strip_prefix('^').and_then(|rest| rest.chars().next()).filter(char::is_ascii_lowercase);
        first.is_none_or(|first| word.starts_with(first)) && matches(self.compiled.get_or_init(|| compiled(self.pattern)).as_ref(), word)
    }
}

struct Words {
    repeaters: Vec<Repeating>,
    past: Option<Regex>,
    future: Option<Regex>,
    zone: Option<Regex>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words {
    repeaters: REPEATERS.iter().map(|(pattern, kind)| Repeating { pattern, kind: *kind, compiled: OnceLock::new() }).collect(),
    past: compiled(r"\bpast\b"),
    future: compiled(r"\b(?:future|in)\b"),
    zone: compiled(r"[pmce][ds]t|utc|\d{2}:?\d{2}"),
});

fn matches(pattern: Option<&Regex>, word: &str) -> bool {
    pattern.is_some_and(|pattern| pattern.is_match(word).unwrap_or(false))
}

/// The words of `text` with their meanings.
#[must_use]
pub fn tokens(text: &str, options: &Options) -> Vec<Token> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    words.iter().enumerate().map(|(index, word)| Token { tags: tags(word, words.get(index + 1).copied(), options) }).collect()
}

fn tags(word: &str, next: Option<&str>, options: &Options) -> Vec<Tag> {
    let mut tags = Vec::new();
    if let Some(Repeating { kind, .. }) = WORDS.repeaters.iter().find(|repeating| repeating.matches(word)) {
        let kind = if matches!(kind, Kind::Time { .. }) { time(word, options) } else { *kind };
        tags.push(Tag::Repeater(Repeater::new(kind)));
    }
    let grabbers = [("last", Grabber::Last), ("this", Grabber::This), ("next", Grabber::Next)];
    tags.extend(grabbers.iter().find(|(text, _)| word.contains(text)).map(|(_, grabber)| Tag::Grabber(*grabber)));
    if matches(WORDS.past.as_ref(), word) {
        tags.push(Tag::Pointer(false));
    } else if matches(WORDS.future.as_ref(), word) {
        tags.push(Tag::Pointer(true));
    }
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = word.parse().unwrap_or(i64::MAX);
        tags.push(Tag::Scalar(Count::Any, number));
        if !next.is_some_and(|next| PORTIONS.contains(&next)) {
            tags.extend(counts(number, options).into_iter().map(|(count, value)| Tag::Scalar(count, value)));
        }
    }
    let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
    let ending = &word[digits.len()..];
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) && ["st", "nd", "rd", "th", "."].contains(&ending) {
        let number = digits.parse().unwrap_or(i64::MAX);
        tags.push(Tag::Ordinal(Count::Any, number));
        tags.extend(counts(number, options).into_iter().map(|(count, value)| Tag::Ordinal(count, value)));
    }
    tags.extend(SEPARATORS.iter().find(|(text, _)| *text == word).map(|(_, separator)| Tag::Separator(*separator)));
    if word == "+" || word == "-" {
        tags.push(Tag::Sign);
    }
    if matches(WORDS.zone.as_ref(), word) {
        tags.push(Tag::Zone);
    }
    tags
}

/// What a number can count besides anything.
fn counts(number: i64, options: &Options) -> Vec<(Count, i64)> {
    let mut counts = Vec::new();
    if (1..=31).contains(&number) {
        counts.push((Count::Day, number));
    }
    if (1..=12).contains(&number) {
        counts.push((Count::Month, number));
    }
    if (0..=9999).contains(&number) {
        counts.push((Count::Year, full_year(number, options)));
    }
    counts
}

/// A year of one or two digits near now.
fn full_year(year: i64, options: &Options) -> i64 {
    if year > 99 {
        return year;
    }
    let start = calendar::civil(options.now.div_euclid(86_400)).0 - options.year_bias;
    let full = start.div_euclid(100) * 100 + year;
    if full < start { full + 100 } else { full }
}

/// The seconds of a clock time, and whether it may be of either half of the day.
fn time(word: &str, options: &Options) -> Kind {
    let mut parts: Vec<&str> = word.split(':').collect();
    let first = parts.first().copied().unwrap_or("");
    if first.len() > 2 && parts.len() == 1 {
        let (rest, seconds) = if first.len() > 4 { first.split_at(first.len() - 2) } else { (first, "") };
        let (hours, minutes) = rest.split_at(rest.len() - 2);
        parts = if seconds.is_empty() { vec![hours, minutes] } else { vec![hours, minutes, seconds] };
    }
    let number = |index: usize| parts.get(index).and_then(|part| part.parse::<i64>().ok()).unwrap_or(0);
    let mut hours = number(0);
    let mut ambiguous = false;
    if options.hours24 != Some(true) {
        let single = parts.first().is_some_and(|first| first.len() == 1);
        ambiguous = (single && hours > 0) || (10..=12).contains(&hours) || (options.hours24 == Some(false) && hours > 0);
        if hours == 12 && ambiguous {
            hours = 0;
        }
    }
    Kind::Time { seconds: hours * 3600 + number(1) * 60 + number(2), ambiguous }
}
