//! Cron's five fields in a form that other schedulers read exactly as cron did, or the reason why there is none.
//!
//! Others (robfig's library and what is built on it) know no Sunday 7, and run on *either* day where both day fields are restricted and none is a
//! bare `*`; Vixie's cron and cronie run on *both* where one of them only starts with `*`. So `0 0 * * 5-7` is `0 0 * * 0,5,6`,
//! `0 0 1-31 * 1` is every day, and `0 0 */2 * 1` (odd Mondays) is refused.

use std::collections::BTreeSet;

use crate::read::cron::{Cron, Field, Part, Unit};

/// Days that the longest month of each number has.
const LONGEST: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// The five fields.
///
/// # Errors
/// Why no five fields mean the same elsewhere.
pub fn portable(cron: &Cron) -> Result<String, String> {
    let every_date = covers(&cron.day_of_month);
    let every_weekday = covers(&cron.day_of_week);
    let (date, weekday) = if cron.either_day_matches() {
        // One of two that is always true: every day.
        if every_date || every_weekday { ("*".to_owned(), "*".to_owned()) } else { (plain(&cron.day_of_month), plain(&cron.day_of_week)) }
    } else if every_weekday {
        (plain(&cron.day_of_month), "*".to_owned())
    } else if every_date {
        ("*".to_owned(), plain(&cron.day_of_week))
    } else {
        let starred = if cron.day_of_month.is_starred() { &cron.day_of_month } else { &cron.day_of_week };
        return Err(format!(
            "cron ran it when day of month and day of week both match, since `{starred}` starts with `*`; others run it when either does"
        ));
    };
    if date != "*" && weekday == "*" && never(&cron.day_of_month, &cron.month) {
        return Err("no month of these has such a day: it never ran".to_owned());
    }
    Ok(format!("{} {} {date} {} {weekday}", shortest(&cron.minute), shortest(&cron.hour), plain(&cron.month)))
}

/// Whether the dates come in none of the months.
fn never(date: &Field, month: &Field) -> bool {
    let earliest = date.values().first().copied().unwrap_or(1);
    month.values().iter().all(|month| LONGEST.get(usize::from(*month).wrapping_sub(1)).is_some_and(|last| earliest > *last))
}

/// Every value of the field's unit; Sunday is 0.
fn all(unit: Unit) -> BTreeSet<u8> {
    let (low, high) = unit.bounds();
    (low..=if unit == Unit::DayOfWeek { 6 } else { high }).collect()
}

/// Whether it matches always.
fn covers(field: &Field) -> bool {
    field.values() == all(field.unit)
}

/// The field as written, `*` where it matches always, numbers where it names Sunday as 7.
fn plain(field: &Field) -> String {
    if covers(field) {
        return "*".to_owned();
    }
    let seven = field.unit == Unit::DayOfWeek && field.parts.iter().any(|part| matches!(part, Part::Range { to: 7, .. }));
    // A bare `*` or `*/1` among others covers everything; what is left of a list is read the same everywhere.
    if seven { Field::numbers(field.unit, field.values()).to_string() } else { field.to_string() }
}

/// As [`plain`], and `*/10` for `0,10,20,30,40,50`: for minutes and hours, where a star says nothing more.
fn shortest(field: &Field) -> String {
    let values: Vec<u8> = field.values().into_iter().collect();
    let size = field.unit.bounds().1 + 1;
    if let [0, step, ..] = values.as_slice()
        && values.len() > 2
        && size.is_multiple_of(*step)
        && values.len() == usize::from(size / step)
        && values.iter().zip(0..).all(|(value, index)| *value == index * step)
        && *step > 1
    {
        return format!("*/{step}");
    }
    plain(field)
}

/// What a time in the words of another scheduler means, for people: cron itself does not know it.
#[must_use]
pub fn foreign(text: &str) -> Option<&'static str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let field = |test: fn(char) -> bool| words.iter().any(|word| word.chars().any(test));
    let capital =
        |letter: char| words.iter().any(|word| word.contains(letter) && word.chars().all(|c| !c.is_ascii_alphabetic() || c == letter));
    if text.trim_start().starts_with("@every") {
        Some("`@every` counts from the start of a scheduler in Go; cron has no such thing")
    } else if capital('H') {
        Some("`H` is Jenkins' word for a minute of its choice; write a number")
    } else if field(|c| c == '?') || capital('L') || capital('W') || field(|c| c == '#') {
        Some("`?`, `L`, `W` and `#` are Quartz's; cron counts no last days, work days or third Mondays")
    } else if field(|c| c == '~') {
        Some("`~` is a minute of the host's choice; write a number")
    } else if words.len() == 6 || words.len() == 7 {
        Some("cron has five fields; a sixth is seconds (at the front) or years (at the end)")
    } else {
        None
    }
}

/// `22-2` in the words that cron takes: `22-23,0-2`.
#[must_use]
pub fn unwrapped(text: &str) -> Option<String> {
    const HIGHEST: [u8; 5] = [59, 23, 31, 12, 6];
    const LOWEST: [u8; 5] = [0, 0, 1, 1, 0];
    const NAMES: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() != 5 {
        return None;
    }
    let mut changed = false;
    let mut out = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let number = |text: &str| {
            let named = NAMES.iter().zip(0_u8..).find(|(name, _)| index == 4 && text.eq_ignore_ascii_case(name)).map(|(_, number)| number);
            named.or_else(|| text.parse::<u8>().ok())
        };
        let members: Vec<String> = word
            .split(',')
            .map(|member| match member.split_once('-').map(|(from, to)| (number(from), number(to))) {
                Some((Some(from), Some(to))) if from > to && from <= HIGHEST[index] && to >= LOWEST[index] => {
                    changed = true;
                    let span = |from: u8, to: u8| if from == to { from.to_string() } else { format!("{from}-{to}") };
                    format!("{},{}", span(from, HIGHEST[index]), span(LOWEST[index], to))
                }
                _ => member.to_owned(),
            })
            .collect();
        out.push(members.join(","));
    }
    let text = out.join(" ");
    (changed && Cron::parse(&text).is_ok()).then_some(text)
}

#[cfg(test)]
mod tests;
