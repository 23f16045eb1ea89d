//! Times as the libraries of jobs read them: five fields, six with seconds, a zone at the end, spans, and a few words of English.
//!
//! `0 */5 * * * * Asia/Tokyo` is `*/5 * * * *` in Tokyo; `every day at 9am` is `0 9 * * *`; `every: 1h` has no five fields.

use crate::pass::schedule::portable;
use crate::read::cron::{Cron, When};

/// What a time means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meaning {
    /// Five fields, where they say the same.
    pub cron: Option<String>,
    /// The zone that it names.
    pub zone: Option<String>,
    /// Words for the reader.
    pub notes: Vec<String>,
}

/// A cron line as fugit and rufus read it.
#[must_use]
pub fn of_cron(text: &str) -> Meaning {
    let mut meaning = Meaning::default();
    let mut words: Vec<&str> = text.split_whitespace().collect();
    if words.len() > 1 && words.last().is_some_and(|word| is_zone(word)) {
        meaning.zone = words.pop().map(str::to_owned);
    }
    if let [nickname] = words.as_slice()
        && let Ok(when) = When::parse(nickname)
    {
        meaning.cron = when.cron().and_then(|cron| portable::portable(cron).ok());
        return meaning;
    }
    if words.len() == 6 {
        let seconds = words.remove(0);
        if seconds.parse::<u8>() == Ok(0) {
            meaning.notes.push("six fields: the first is the second, 0".to_owned());
        } else {
            meaning.notes.push(format!("six fields: the first is the second, `{seconds}`, which no five fields say"));
            return meaning;
        }
    }
    if words.len() != 5 {
        return english(text).map_or(meaning, |cron| Meaning { cron: Some(cron), ..Meaning::default() });
    }
    match Cron::parse(&words.join(" ")).map_err(|problem| problem.message).and_then(|cron| portable::portable(&cron)) {
        Ok(cron) => meaning.cron = Some(cron),
        Err(why) => meaning.notes.push(format!("no five fields: {why}")),
    }
    meaning
}

/// A span that is counted from the start of the process.
#[must_use]
pub fn of_span() -> Meaning {
    Meaning { notes: vec!["counts from the start of the process, and starts anew with it".to_owned()], ..Meaning::default() }
}

/// `UTC`, `Asia/Tokyo`, `EST5EDT`
fn is_zone(word: &str) -> bool {
    let starts = word.starts_with(|c: char| c.is_ascii_uppercase());
    let named = word.contains('/') && !word.contains(['*', ',']);
    let short = word.len() >= 3 && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let day = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"].contains(&word);
    starts && !day && (named || short)
}

/// `every 5 minutes`, `every hour`, `every day at 9am`, `every monday at 16:30`.
fn english(text: &str) -> Option<String> {
    let lower = text.trim().to_ascii_lowercase();
    let rest = lower.strip_prefix("every ").unwrap_or(&lower);
    let (what, at) = rest.split_once(" at ").map_or((rest.trim(), None), |(what, at)| (what.trim(), Some(at.trim())));
    let (hour, minute) = match at {
        Some(at) => clock(at)?,
        None => (0, 0),
    };
    let days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
    if let Some(day) = days.iter().position(|day| *day == what) {
        return Some(format!("{minute} {hour} * * {day}"));
    }
    match what {
        "minute" => return Some("* * * * *".to_owned()),
        "hour" if at.is_none() => return Some("0 * * * *".to_owned()),
        "day" => return Some(format!("{minute} {hour} * * *")),
        "weekday" => return Some(format!("{minute} {hour} * * 1-5")),
        "week" if at.is_none() => return Some("0 0 * * 0".to_owned()),
        "month" if at.is_none() => return Some("0 0 1 * *".to_owned()),
        _ => {}
    }
    let (number, unit) = what.split_once(' ')?;
    let number: u32 = number.parse().ok()?;
    match unit {
        "minutes" | "minute" if at.is_none() && number > 0 && 60 % number == 0 => {
            Some(if number == 60 { "0 * * * *".to_owned() } else { format!("*/{number} * * * *") })
        }
        "hours" | "hour" if at.is_none() && number > 0 && 24 % number == 0 => Some(format!("0 */{number} * * *")),
        _ => None,
    }
}

/// `9am`, `16:30`, `noon`, `midnight` as hour and minute.
fn clock(text: &str) -> Option<(u32, u32)> {
    match text {
        "noon" => return Some((12, 0)),
        "midnight" => return Some((0, 0)),
        _ => {}
    }
    let half = if text.ends_with("am") {
        Some(0)
    } else if text.ends_with("pm") {
        Some(12)
    } else {
        None
    };
    let digits = text.trim_end_matches("am").trim_end_matches("pm").trim();
    let (hour, minute) = digits.split_once(':').unwrap_or((digits, "0"));
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    (hour < 24 && minute < 60).then_some((hour, minute))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_job_libraries() {
        for (text, cron, zone) in [
            ("*/5 * * * *", Some("*/5 * * * *"), None),
            ("0 */5 * * * *", Some("*/5 * * * *"), None),
            ("30 */5 * * * *", None, None),
            ("0 9 * * * Asia/Tokyo", Some("0 9 * * *"), Some("Asia/Tokyo")),
            ("0 0 9 * * 1-5 UTC", Some("0 9 * * 1-5"), Some("UTC")),
            ("0 9 * * MON", Some("0 9 * * 1"), None),
            ("@daily", Some("0 0 * * *"), None),
            ("every 15 minutes", Some("*/15 * * * *"), None),
            ("every 7 minutes", None, None),
            ("every hour", Some("0 * * * *"), None),
            ("every day at 9am", Some("0 9 * * *"), None),
            ("at 12am every day", None, None),
            ("every monday at 16:30", Some("30 16 * * 1"), None),
            ("0 22-2 * * *", None, None),
        ] {
            let found = of_cron(text);
            assert_eq!((found.cron.as_deref(), found.zone.as_deref()), (cron, zone), "{text}");
        }
    }
}
