//! `OnCalendar=` of a timer to the five fields of cron, where both mean exactly the same times.
//!
//! `Mon..Fri *-*-* 04:30:00 Asia/Tokyo` is `30 4 * * 1-5` in the time zone `Asia/Tokyo`.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::{char, digit1};
use nom::combinator::{all_consuming, opt, value};
use nom::multi::separated_list1;
use nom::sequence::{preceded, separated_pair};
use nom::{IResult, Parser};

use crate::read::cron::{Cron, Field, Part, Unit};

/// A calendar expression as cron has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// The fields.
    pub cron: Cron,
    /// The time zone at its end, when there is one.
    pub time_zone: Option<String>,
}

/// Shorthands of systemd.time(7).
const SHORTHANDS: [(&str, &str); 9] = [
    ("minutely", "* * * * *"),
    ("hourly", "0 * * * *"),
    ("daily", "0 0 * * *"),
    ("weekly", "0 0 * * 1"),
    ("monthly", "0 0 1 * *"),
    ("quarterly", "0 0 1 1,4,7,10 *"),
    ("semiannually", "0 0 1 1,7 *"),
    ("yearly", "0 0 1 1 *"),
    ("annually", "0 0 1 1 *"),
];

const WEEKDAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/// Turns a calendar expression into cron's fields.
///
/// # Errors
/// The reason, when it is no calendar expression, or cron cannot say the same: years, seconds, days from the end of the month,
/// a day of the week together with a day of the month (systemd wants both, cron either).
pub fn on_calendar(text: &str) -> Result<Calendar, String> {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let time_zone = match words.as_slice() {
        [_, .., last] if is_time_zone(last) => words.pop().map(str::to_owned),
        _ => None,
    };
    if let [word] = words.as_slice()
        && let Some((_, fields)) = SHORTHANDS.iter().find(|(name, _)| word.eq_ignore_ascii_case(name))
    {
        let cron = Cron::parse(fields).map_err(|problem| problem.message)?;
        return Ok(Calendar { cron, time_zone });
    }
    let mut rest = words.as_slice();
    let mut day_of_week = Field::any(Unit::DayOfWeek);
    if let [first, after @ ..] = rest
        && first.starts_with(|c: char| c.is_ascii_alphabetic())
    {
        day_of_week = weekdays(first)?;
        rest = after;
    }
    let mut day_of_month = Field::any(Unit::DayOfMonth);
    let mut month = Field::any(Unit::Month);
    if let [first, after @ ..] = rest
        && first.contains(['-', '~'])
    {
        (month, day_of_month) = date(first)?;
        rest = after;
    }
    let (hour, minute) = match rest {
        [] if words.is_empty() => return Err("the expression is empty".to_owned()),
        [] => (Field::numbers(Unit::Hour, [0]), Field::numbers(Unit::Minute, [0])),
        [time] => clock(time)?,
        [_, more, ..] => return Err(format!("`{more}` has no meaning after the time")),
    };
    if !day_of_week.is_any() && !day_of_month.is_any() {
        return Err("systemd wants the day of the week and the day of the month both, cron runs on either".to_owned());
    }
    Ok(Calendar { cron: Cron { minute, hour, day_of_month, month, day_of_week }, time_zone })
}

/// `UTC`, `CET`, `EST5EDT`, `Asia/Tokyo`
fn is_time_zone(word: &str) -> bool {
    let short = word.len() >= 3
        && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        && !word.starts_with(|c: char| c.is_ascii_digit());
    (short && weekday(word).is_err())
        || (word.contains('/') && word.starts_with(|c: char| c.is_ascii_alphabetic()) && !word.contains([':', ',', '*']))
}

fn weekday(name: &str) -> Result<u8, String> {
    let lower = name.to_ascii_lowercase();
    let found = WEEKDAYS.iter().zip(0..).find(|(full, _)| lower == **full || lower == full[..3]);
    found.map(|(_, number)| number).ok_or_else(|| format!("`{name}` is no day of the week"))
}

/// `Mon`, `Mon,Wed`, `Mon..Fri`
fn weekdays(text: &str) -> Result<Field, String> {
    let mut parts = Vec::new();
    for member in text.split(',').filter(|member| !member.is_empty()) {
        let (from, to) = member.split_once("..").or_else(|| member.split_once('-')).unwrap_or((member, member));
        let (from, mut to) = (weekday(from)?, weekday(to)?);
        // systemd's week ends with Sunday; cron has 7 for it.
        if to == 0 && from != 0 {
            to = 7;
        }
        if from > to {
            return Err(format!("the range `{member}` runs backwards"));
        }
        parts.push(Part::Range { from, to, step: 1 });
    }
    if parts.is_empty() {
        return Err(format!("`{text}` is no day of the week"));
    }
    Ok(Field { unit: Unit::DayOfWeek, parts })
}

/// `*-*-01`, `2024-02-03`, `02-03`
fn date(text: &str) -> Result<(Field, Field), String> {
    if text.contains('~') {
        return Err("cron cannot count days from the end of the month".to_owned());
    }
    let parts: Vec<&str> = text.split('-').collect();
    let (month, day) = match parts.as_slice() {
        ["*", month, day] | [month, day] => (*month, *day),
        [year, _, _] => return Err(format!("cron knows no years, and `{year}` limits them")),
        _ => return Err(format!("`{text}` is no date")),
    };
    Ok((component(Unit::Month, month)?, component(Unit::DayOfMonth, day)?))
}

/// `04:30`, `04:30:00`, `*:0/15`
fn clock(text: &str) -> Result<(Field, Field), String> {
    let parts: Vec<&str> = text.split(':').collect();
    let (hour, minute) = match parts.as_slice() {
        [hour, minute] => (*hour, *minute),
        [hour, minute, second] => {
            let zero = second
                .split_once('.')
                .map_or(*second, |(whole, fraction)| if fraction.trim_matches('0').is_empty() { whole } else { second });
            if zero.is_empty() || !zero.bytes().all(|byte| byte == b'0') {
                return Err(format!("cron starts at second 0, not at `{second}`"));
            }
            (*hour, *minute)
        }
        _ => return Err(format!("`{text}` is no time of day")),
    };
    Ok((component(Unit::Hour, hour)?, component(Unit::Minute, minute)?))
}

/// A member of a component: `*`, `5`, `1..5`, each perhaps with `/step`.
type Member<'a> = (Option<(&'a str, Option<&'a str>)>, Option<&'a str>);

fn member(input: &str) -> IResult<&str, Member<'_>> {
    let span = alt((separated_pair(digit1, tag(".."), digit1).map(|(from, to)| (from, Some(to))), digit1.map(|from| (from, None))));
    (alt((value(None, char('*')), span.map(Some))), opt(preceded(char('/'), take_while1(|c: char| c.is_ascii_digit())))).parse(input)
}

fn component(unit: Unit, text: &str) -> Result<Field, String> {
    let Ok((_, members)) = all_consuming(separated_list1(char(','), member)).parse(text) else {
        return Err(format!("`{text}` has no meaning in a calendar expression that cron could follow"));
    };
    let (low, high) = unit.bounds();
    let number = |text: &str| match text.parse::<u8>() {
        Ok(number) if (low..=high).contains(&number) => Ok(number),
        _ => Err(format!("`{text}` is not within {low} to {high}")),
    };
    let mut parts = Vec::new();
    for (range, step) in members {
        let step = step
            .map(|step| step.parse::<u8>().ok().filter(|step| *step > 0).ok_or_else(|| format!("the step in `{text}` is too large or 0")))
            .transpose()?;
        let wide = step.is_none_or(|step| step <= high);
        let part = match range {
            None if wide => Part::Any { step: step.unwrap_or(1) },
            // A step that passes the end leaves the first value alone.
            None => Part::Range { from: low, to: low, step: 1 },
            Some((from, to)) => {
                let from = number(from)?;
                let to = match (to, step) {
                    (Some(to), _) => number(to)?,
                    // `0/15`: from there to the end.
                    (None, Some(_)) => high,
                    (None, None) => from,
                };
                if from > to {
                    return Err(format!("the range in `{text}` runs backwards"));
                }
                match step {
                    Some(step) if from == low && to == high && wide => Part::Any { step },
                    Some(step) if from.checked_add(step).is_none_or(|next| next > to) => Part::Range { from, to: from, step: 1 },
                    Some(step) => Part::Range { from, to, step },
                    None => Part::Range { from, to, step: 1 },
                }
            }
        };
        parts.push(part);
    }
    Ok(Field { unit, parts })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact() {
        let cases = [
            ("daily", "0 0 * * *"),
            ("weekly", "0 0 * * 1"),
            ("*-*-* 04:30:00", "30 4 * * *"),
            ("*-*-* *:0/15", "*/15 * * * *"),
            ("*:00/10:00", "*/10 * * * *"),
            ("*:5/20", "5-59/20 * * * *"),
            ("Mon..Fri 09:00", "0 9 * * 1-5"),
            ("Sat,Sun", "0 0 * * 6,0"),
            ("Fri..Sun *-*-* 10:00", "0 10 * * 5-7"),
            ("Monday,Wed 1,13:30", "30 1,13 * * 1,3"),
            ("*-*-01 00:00", "0 0 1 * *"),
            ("*-1,7-15 12:00:00", "0 12 15 1,7 *"),
            ("12-25", "0 0 25 12 *"),
            ("*-*-1/2 3:00", "0 3 */2 * *"),
            ("08..18/2:00", "0 8-18/2 * * *"),
            ("00:50/20", "50 0 * * *"),
            ("*/40:00", "0 0 * * *"),
        ];
        for (text, cron) in cases {
            let found = on_calendar(text).unwrap_or_else(|reason| panic!("{text}: {reason}"));
            assert_eq!((found.cron.to_string().as_str(), found.time_zone), (cron, None), "{text}");
            assert!(Cron::parse(cron).is_ok(), "{cron}");
        }
        let found = on_calendar("*-*-* 04:30 Asia/Tokyo").unwrap();
        assert_eq!((found.cron.to_string().as_str(), found.time_zone.as_deref()), ("30 4 * * *", Some("Asia/Tokyo")));
        for zone in ["UTC", "CET", "EST5EDT"] {
            assert_eq!(on_calendar(&format!("daily {zone}")).unwrap().time_zone.as_deref(), Some(zone));
        }
    }

    #[test]
    fn what_cron_cannot_say() {
        for text in [
            "",
            "2024-01-01",
            "*-*~01",
            "*:*:30",
            "*-*-* *:*:0/10",
            "Mon *-*-01 00:00",
            "25:00",
            "Someday 10:00",
            "Fri..Mon 10:00",
            "10:00 10:00",
            "*:0/0",
            "Mon..Foo",
            "a b c",
            "10:60",
            "\u{F0000}",
        ] {
            assert!(on_calendar(text).is_err(), "{text}");
        }
    }
}
