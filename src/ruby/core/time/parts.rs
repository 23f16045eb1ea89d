//! Reading dates and times: free text (`Time.parse`, `Date.parse`) and by a format (`strptime`).
//!
//! `Tue, 05 Mar 2024 07:08:09 GMT` gives the [`Parts`] year 2024, month 3, day 5, hour 7, …

use std::sync::LazyLock;

use fancy_regex::Regex;

use crate::ruby::big::Big;
use crate::ruby::core::rational::Ratio;
use crate::ruby::core::time::calendar::{self, checked_days, day_number, month_number, zone_offset};

/// What a text says of a moment.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    pub year: Option<i64>,
    pub month: Option<i64>,
    pub day: Option<i64>,
    pub hour: Option<i64>,
    pub minute: Option<i64>,
    pub second: Option<i64>,
    pub fraction: Option<Ratio>,
    pub offset: Option<i64>,
    pub zone: Option<String>,
    pub week_day: Option<i64>,
    pub year_day: Option<i64>,
    pub week_year: Option<i64>,
    pub week: Option<i64>,
    /// Seconds since 1970.
    pub epoch: Option<i64>,
}

/// A regular expression that the program itself contains.
macro_rules! regex {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new($text).ok());
    };
}

const MONTH: &str = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[^-/\\d\\s']*";
regex!(
    CLOCK,
    r"(?i)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(am|pm|a\.m\.|p\.m\.)?(?:\s*((?:gmt|utc)?[-+]\d{1,2}(?::?\d{2})?(?::?\d{2})?|z\b|[a-z]{3,4}\b))?"
);
regex!(CLOCK_SHORT, r"(?i)\b(\d{1,2})\s*(am|pm)\b");
regex!(COMPACT, r"(?i)^\s*(\d{4})(\d{2})(\d{2})(?:t?(\d{2})(\d{2})(\d{2})?(?:[.,](\d+))?\s*(z|[-+]\d{2}:?\d{2})?)?\s*$");
regex!(WEEK_DATE, r"(?i)\b(\d{4})-?w(\d{2})(?:-?(\d))?\b");
regex!(ORDINAL, r"(?<!\d)(\d{4})-(\d{3})(?!\d)");
regex!(ISO, r"(?<!\d)([-+]?\d{2,})-(\d{1,2})-(\d{1,2})(?!\d)");
regex!(ISO_MONTH, r"(?<!\d)(\d{4})-(\d{2})(?!\d)");
regex!(SLASH, r"(?<!\d)(\d{1,4})/(\d{1,2})(?:/(-?\d{1,4}))?(?!\d)");
regex!(DOTS, r"(?<!\d)(\d{1,4})\.(\d{1,2})\.(\d{1,4})(?!\d)");
static DAY_MONTH: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"(?i)\b(\d{{1,2}})(?:st|nd|rd|th)?[\s-]*\b{MONTH}[\s,.-]*(?:'?(-?\d+)(?![\d:]))?")).ok());
static MONTH_DAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(r"(?i)\b{MONTH}[\s.-]*(\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?![:])[\s,-]*(?:'?(-?\d+)(?![\d:]))?")).ok()
});
static MONTH_ALONE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!(r"(?i)\b{MONTH}\b(?:\s+(\d{{4}})\b)?")).ok());
regex!(WEEK_DAY, r"(?i)\b(sun|mon|tue|wed|thu|fri|sat)[a-z]*\b");
regex!(LAST_YEAR, r"(?<!\d)(\d{4})\s*$");

/// The groups of the first match, and the text without the match.
fn take(regex: &LazyLock<Option<Regex>>, text: &mut String) -> Option<Vec<Option<String>>> {
    let compiled = regex.as_ref()?;
    let captures = compiled.captures(text).ok()??;
    let groups = (0..captures.len()).map(|index| captures.get(index).map(|found| found.as_str().to_owned())).collect();
    let whole = captures.get(0)?;
    let (start, end) = (whole.start(), whole.end());
    text.replace_range(start..end, " ");
    Some(groups)
}

fn group(groups: &[Option<String>], index: usize) -> Option<&str> {
    groups.get(index).and_then(Option::as_deref)
}

fn number(groups: &[Option<String>], index: usize) -> Option<i64> {
    group(groups, index).and_then(|text| text.trim_start_matches('+').parse().ok())
}

/// The fraction that the digits behind the point say.
fn fraction(digits: &str) -> Option<Ratio> {
    let scale = Big::from(10).power(u32::try_from(digits.len()).ok()?.min(100));
    Ratio::new(Big::parse(digits.get(..digits.len().min(100))?, 10)?, scale)
}

/// A year of two digits as Ruby completes it.
fn full_year(year: i64, digits: usize) -> i64 {
    match year {
        0..=68 if digits <= 2 => year + 2000,
        69..=99 if digits <= 2 => year + 1900,
        _ => year,
    }
}

impl Parts {
    /// What the free text `text` says.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut parts = Self::default();
        let mut rest: String = text.chars().take(256).collect();
        if let Some(groups) = take(&COMPACT, &mut rest) {
            parts.year = number(&groups, 1);
            parts.month = number(&groups, 2);
            parts.day = number(&groups, 3);
            parts.hour = number(&groups, 4);
            parts.minute = number(&groups, 5);
            parts.second = number(&groups, 6).or(parts.hour.map(|_| 0));
            parts.fraction = group(&groups, 7).and_then(fraction);
            parts.set_zone(group(&groups, 8));
            return parts;
        }
        if let Some(groups) = take(&WEEK_DAY, &mut rest) {
            parts.week_day = group(&groups, 1).and_then(day_number);
        }
        if let Some(groups) = take(&CLOCK, &mut rest) {
            parts.hour = number(&groups, 1);
            parts.minute = number(&groups, 2);
            parts.second = number(&groups, 3);
            parts.fraction = group(&groups, 4).and_then(fraction);
            parts.set_half(group(&groups, 5));
            parts.set_zone(group(&groups, 6));
        } else if let Some(groups) = take(&CLOCK_SHORT, &mut rest) {
            parts.hour = number(&groups, 1);
            parts.set_half(group(&groups, 2));
        }
        parts.read_date(&mut rest);
        // `Tue Mar 5 07:08:09 UTC 2024`: the year may stand behind the clock.
        if parts.year.is_none() && parts.month.is_some() {
            if let Some(groups) = take(&LAST_YEAR, &mut rest) {
                parts.year = number(&groups, 1);
            }
        }
        parts
    }

    fn read_date(&mut self, rest: &mut String) {
        if let Some(groups) = take(&WEEK_DATE, rest) {
            self.week_year = number(&groups, 1);
            self.week = number(&groups, 2);
            self.week_day = number(&groups, 3).map(|day| day % 7).or(self.week_day);
        } else if let Some(groups) = take(&ISO, rest) {
            let digits = group(&groups, 1).map_or(4, str::len);
            self.year = number(&groups, 1).map(|year| full_year(year, digits));
            self.month = number(&groups, 2);
            self.day = number(&groups, 3);
        } else if let Some(groups) = take(&DAY_MONTH, rest) {
            self.day = number(&groups, 1);
            self.month = group(&groups, 2).and_then(month_number);
            let digits = group(&groups, 3).map_or(4, str::len);
            self.year = number(&groups, 3).map(|year| full_year(year, digits));
        } else if let Some(groups) = take(&MONTH_DAY, rest) {
            self.month = group(&groups, 1).and_then(month_number);
            self.day = number(&groups, 2);
            let digits = group(&groups, 3).map_or(4, str::len);
            self.year = number(&groups, 3).map(|year| full_year(year, digits));
        } else if let Some(groups) = take(&MONTH_ALONE, rest) {
            self.month = group(&groups, 1).and_then(month_number);
            self.year = number(&groups, 2);
        } else if let Some(groups) = take(&SLASH, rest).or_else(|| take(&DOTS, rest)) {
            self.set_three(&groups);
        } else if let Some(groups) = take(&ORDINAL, rest) {
            self.year = number(&groups, 1);
            self.year_day = number(&groups, 2);
        } else if let Some(groups) = take(&ISO_MONTH, rest) {
            self.year = number(&groups, 1);
            self.month = number(&groups, 2);
        }
    }

    /// `y/m/d`, or `d/m/y` when only the last can be the year.
    fn set_three(&mut self, groups: &[Option<String>]) {
        let length = |index: usize| group(groups, index).map_or(0, str::len);
        if group(groups, 3).is_none() {
            self.month = number(groups, 1);
            self.day = number(groups, 2);
        } else if length(3) > 2 && length(1) <= 2 {
            self.day = number(groups, 1);
            self.month = number(groups, 2);
            self.year = number(groups, 3);
        } else {
            self.year = number(groups, 1).map(|year| full_year(year, length(1)));
            self.month = number(groups, 2);
            self.day = number(groups, 3);
        }
    }

    fn set_half(&mut self, word: Option<&str>) {
        let Some(word) = word else { return };
        let late = word.starts_with(['p', 'P']);
        self.hour = self.hour.map(|hour| hour % 12 + if late { 12 } else { 0 });
    }

    fn set_zone(&mut self, zone: Option<&str>) {
        if let Some(zone) = zone {
            self.offset = zone_offset(zone);
            self.zone = Some(zone.to_owned());
        }
    }

    /// Whether anything was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.has_date() && self.hour.is_none()
    }

    /// Whether anything of a date was found.
    #[must_use]
    pub fn has_date(&self) -> bool {
        self.year.is_some()
            || self.month.is_some()
            || self.day.is_some()
            || self.week_day.is_some()
            || self.year_day.is_some()
            || self.week.is_some()
            || self.epoch.is_some()
    }

    /// The day that the parts name, seen from `today`; `None` where there is no such day.
    #[must_use]
    pub fn days(&self, today: i64) -> Option<i64> {
        let (this_year, this_month, _) = calendar::civil(today);
        if let Some(epoch) = self.epoch {
            return Some((epoch + self.offset.unwrap_or(0)).div_euclid(86_400));
        }
        if let (Some(year), Some(week)) = (self.week_year, self.week) {
            let day = self.week_day.map_or(1, |day| if day == 0 { 7 } else { day });
            return calendar::from_iso_week(year, week, day);
        }
        if let (Some(of_year), None) = (self.year_day, self.month) {
            let year = self.year.unwrap_or(this_year);
            let day = calendar::days(year, 1, 1) + of_year - 1;
            return (of_year >= 1 && calendar::civil(day).0 == year).then_some(day);
        }
        match (self.year, self.month, self.day) {
            (None, None, None) => {
                let wanted = self.week_day?;
                // The day of the current week, which starts on Sunday in Ruby's eyes for `%a` alone: Monday first.
                let monday = today - (calendar::weekday(today) + 6) % 7;
                Some(monday + (wanted + 6) % 7)
            }
            (year, month, day) => {
                let month_value = month.unwrap_or(if year.is_some() { 1 } else { this_month });
                checked_days(year.unwrap_or(this_year), month_value, day.unwrap_or(1))
            }
        }
    }

    /// Seconds since midnight; `None` where no clock shows that.
    #[must_use]
    pub fn clock(&self) -> Option<i64> {
        if let Some(epoch) = self.epoch {
            return Some((epoch + self.offset.unwrap_or(0)).rem_euclid(86_400));
        }
        let (hour, minute, second) = (self.hour.unwrap_or(0), self.minute.unwrap_or(0), self.second.unwrap_or(0));
        let fits = (0..=24).contains(&hour) && (0..60).contains(&minute) && (0..=60).contains(&second);
        fits.then_some(hour * 3600 + minute * 60 + second.min(59))
    }

    /// What `text` says by `format`; `None` where it does not match. The rest of the text must be empty.
    #[must_use]
    pub fn read_by(text: &str, format: &str) -> Option<Self> {
        let mut parts = Self::default();
        let mut reader = Reader { text, parts: &mut parts, century: None, late: None };
        reader.format(format)?;
        if !reader.text.is_empty() {
            return None;
        }
        let (century, late) = (reader.century, reader.late);
        if let (Some(late), Some(hour)) = (late, parts.hour) {
            parts.hour = Some(hour % 12 + if late { 12 } else { 0 });
        }
        if let (Some(century), Some(year)) = (century, parts.year) {
            parts.year = Some(century * 100 + year.rem_euclid(100));
        }
        Some(parts)
    }
}

struct Reader<'a> {
    text: &'a str,
    parts: &'a mut Parts,
    century: Option<i64>,
    late: Option<bool>,
}

impl Reader<'_> {
    fn number(&mut self, most: usize, signed: bool) -> Option<i64> {
        let body = if signed { self.text.strip_prefix(['-', '+']).unwrap_or(self.text) } else { self.text };
        let sign = self.text.len() - body.len();
        let digits = body.bytes().take(most).take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return None;
        }
        let number = self.text.get(..sign + digits)?.trim_start_matches('+').parse().ok()?;
        self.text = self.text.get(sign + digits..)?;
        Some(number)
    }

    fn ranged(&mut self, most: usize, low: i64, high: i64) -> Option<i64> {
        self.number(most, false).filter(|number| (low..=high).contains(number))
    }

    fn word(&mut self, names: &[&str]) -> Option<i64> {
        for (index, name) in names.iter().enumerate() {
            for candidate in [name, &name[..3]] {
                if self.text.get(..candidate.len()).is_some_and(|start| start.eq_ignore_ascii_case(candidate)) {
                    self.text = &self.text[candidate.len()..];
                    return i64::try_from(index).ok();
                }
            }
        }
        None
    }

    fn format(&mut self, format: &str) -> Option<()> {
        let mut rest = format.chars().peekable();
        while let Some(character) = rest.next() {
            if character.is_whitespace() {
                self.text = self.text.trim_start();
                continue;
            }
            if character != '%' {
                self.text = self.text.strip_prefix(character)?;
                continue;
            }
            let mut conversion = rest.next()?;
            while matches!(conversion, 'E' | 'O' | '-' | ':' | '^' | '0' | '_') {
                conversion = rest.next()?;
            }
            let digits_follow = matches!(rest.peek(), Some(c) if c.is_ascii_digit())
                || rest.clone().next() == Some('%') && rest.clone().nth(1).is_some_and(|c| "CDdeFGgHIjkLlMmNQRrSsTUuVvWwXxYy".contains(c));
            self.convert(conversion, digits_follow)?;
        }
        Some(())
    }

    fn convert(&mut self, conversion: char, digits_follow: bool) -> Option<()> {
        match conversion {
            'Y' => self.parts.year = Some(self.number(if digits_follow { 4 } else { 9 }, true)?),
            'C' => self.century = Some(self.number(2, true)?),
            'y' => {
                let year = self.ranged(2, 0, 99)?;
                self.parts.year = Some(full_year(year, 2));
            }
            'm' => self.parts.month = Some(self.ranged(2, 1, 12)?),
            'B' | 'b' | 'h' => self.parts.month = Some(self.word(&calendar::MONTHS)? + 1),
            'd' | 'e' => {
                self.text = self.text.strip_prefix(' ').unwrap_or(self.text);
                self.parts.day = Some(self.ranged(2, 1, 31)?);
            }
            'j' => self.parts.year_day = Some(self.ranged(3, 1, 366)?),
            'H' | 'k' => {
                self.text = self.text.strip_prefix(' ').unwrap_or(self.text);
                self.parts.hour = Some(self.ranged(2, 0, 24)?);
            }
            'I' | 'l' => {
                self.text = self.text.strip_prefix(' ').unwrap_or(self.text);
                self.parts.hour = Some(self.ranged(2, 1, 12)?);
            }
            'M' => self.parts.minute = Some(self.ranged(2, 0, 59)?),
            'S' => self.parts.second = Some(self.ranged(2, 0, 60)?),
            'L' | 'N' => {
                let most = if !digits_follow {
                    99
                } else if conversion == 'L' {
                    3
                } else {
                    9
                };
                let digits = self.text.bytes().take(most).take_while(u8::is_ascii_digit).count();
                self.parts.fraction = Some(fraction(self.text.get(..digits).filter(|text| !text.is_empty())?)?);
                self.text = &self.text[digits..];
            }
            'p' | 'P' => {
                let lower = self.text.to_ascii_lowercase();
                let long = lower.starts_with("a.m.") || lower.starts_with("p.m.");
                if !long && !lower.starts_with("am") && !lower.starts_with("pm") {
                    return None;
                }
                self.late = Some(lower.starts_with('p'));
                self.text = self.text.get(if long { 4 } else { 2 }..)?;
            }
            'A' | 'a' => self.parts.week_day = Some(self.word(&calendar::DAYS)?),
            'u' => self.parts.week_day = Some(self.ranged(1, 1, 7)? % 7),
            'w' => self.parts.week_day = Some(self.ranged(1, 0, 6)?),
            'G' => self.parts.week_year = Some(self.number(if digits_follow { 4 } else { 9 }, true)?),
            'V' => self.parts.week = Some(self.ranged(2, 1, 53)?),
            'U' | 'W' => {
                self.ranged(2, 0, 53)?;
            }
            'z' | 'Z' => {
                let end = self.text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | ':'))).unwrap_or(self.text.len());
                let zone = self.text.get(..end).filter(|zone| !zone.is_empty())?;
                self.parts.offset = Some(zone_offset(zone)?);
                self.parts.zone = Some(zone.to_owned());
                self.text = &self.text[end..];
            }
            's' => self.parts.epoch = Some(self.number(20, true)?),
            'Q' => {
                let number = self.number(20, true)?;
                self.parts.epoch = Some(number.div_euclid(1000));
                self.parts.fraction = Ratio::new(Big::from(number.rem_euclid(1000)), Big::from(1000));
            }
            'n' | 't' => self.text = self.text.trim_start(),
            '%' => self.text = self.text.strip_prefix('%')?,
            'D' | 'x' => self.format("%m/%d/%y")?,
            'F' => self.format("%Y-%m-%d")?,
            'T' | 'X' => self.format("%H:%M:%S")?,
            'R' => self.format("%H:%M")?,
            'r' => self.format("%I:%M:%S %p")?,
            'c' => self.format("%a %b %e %H:%M:%S %Y")?,
            'v' => self.format("%e-%b-%Y")?,
            '+' => self.format("%a %b %e %H:%M:%S %Z %Y")?,
            _ => return None,
        }
        Some(())
    }
}
