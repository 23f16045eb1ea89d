//! Cron's five fields as Amazon EventBridge writes them: `cron(minutes hours day-of-month month day-of-week year)`.
//!
//! There one of the two day fields is always `?`, days of the week are named (its numbers begin with Sunday = 1), and both day fields
//! together cannot be said: `0 3 1 * 1` becomes two expressions. `*/10 * * * *` is `cron(0/10 * * * ? *)`.

use std::collections::BTreeSet;

/// The lowest and highest value of the five fields, with the names that stand for numbers.
const FIELDS: [(u8, u8, &[&str]); 5] = [(0, 59, &[]), (0, 23, &[]), (1, 31, &[]), (1, 12, MONTHS), (0, 7, DAYS)];

const MONTHS: &[&str] = &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

const DAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// The expressions that together run when `cron` does: one, or two where it runs on certain dates and on certain weekdays. `None` for
/// what is no cron.
#[must_use]
pub fn expressions(cron: &str) -> Option<Vec<String>> {
    let [minute, hour, date, month, weekday] = fields(cron)?;
    let when = |date: &str, weekday: &str| {
        format!("cron({} {} {date} {} {weekday} *)", written(0, &minute), written(1, &hour), written(3, &month))
    };
    Some(match (is_all(2, &date), is_all(4, &weekday)) {
        (true, true) => vec![when("*", "?")],
        (false, true) => vec![when(&written(2, &date), "?")],
        (true, false) => vec![when("?", &weekdays(&weekday))],
        (false, false) => vec![when(&written(2, &date), "?"), when("?", &weekdays(&weekday))],
    })
}

/// Whether it runs at one minute of some hours: worth catching up on. Frequent ones just come round again.
#[must_use]
pub fn is_rare(cron: &str) -> bool {
    fields(cron).is_some_and(|[minute, hour, ..]| minute.len() == 1 && hour.len() < 24)
}

fn fields(cron: &str) -> Option<[BTreeSet<u8>; 5]> {
    let text = match cron.trim() {
        "@hourly" => "0 * * * *",
        "@daily" | "@midnight" => "0 0 * * *",
        "@weekly" => "0 0 * * 0",
        "@monthly" => "0 0 1 * *",
        "@yearly" | "@annually" => "0 0 1 1 *",
        other => other,
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let [minute, hour, date, month, weekday] = words.as_slice() else { return None };
    Some([values(0, minute)?, values(1, hour)?, values(2, date)?, values(3, month)?, values(4, weekday)?])
}

/// The values of one field; Sunday is 0.
fn values(field: usize, text: &str) -> Option<BTreeSet<u8>> {
    let (low, high, names) = FIELDS[field];
    let number = |word: &str| {
        let named = names.iter().position(|name| word.eq_ignore_ascii_case(name)).and_then(|index| u8::try_from(index).ok());
        let value = named.map(|index| index + low).or_else(|| word.parse().ok())?;
        (low..=high).contains(&value).then_some(value)
    };
    let mut all = BTreeSet::new();
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse::<u8>().ok().filter(|step| *step > 0)?),
            None => (part, 1),
        };
        let (from, to) = match range.split_once('-') {
            _ if range == "*" => (low, if field == 4 { 6 } else { high }),
            Some((from, to)) => (number(from)?, number(to)?),
            None => (number(range)?, if part.contains('/') { high } else { number(range)? }),
        };
        if from > to {
            return None;
        }
        all.extend((from..=to).step_by(usize::from(step)).map(|value| if field == 4 { value % 7 } else { value }));
    }
    (!all.is_empty()).then_some(all)
}

fn is_all(field: usize, values: &BTreeSet<u8>) -> bool {
    let (low, high, _) = FIELDS[field];
    let high = if field == 4 { 6 } else { high };
    (low..=high).all(|value| values.contains(&value))
}

/// A field in numbers: `*`, `0/10` for a step to the end, ranges, lists.
fn written(field: usize, values: &BTreeSet<u8>) -> String {
    if is_all(field, values) {
        return "*".to_owned();
    }
    let list: Vec<u8> = values.iter().copied().collect();
    if let [first, second, _, ..] = list.as_slice() {
        let step = second - first;
        let even = list.windows(2).all(|pair| pair[1] - pair[0] == step);
        let to_the_end = list.last().is_some_and(|last| u16::from(*last) + u16::from(step) > u16::from(FIELDS[field].1));
        if step > 1 && even && to_the_end {
            return format!("{first}/{step}");
        }
    }
    runs(&list, |value| value.to_string())
}

fn weekdays(values: &BTreeSet<u8>) -> String {
    let list: Vec<u8> = values.iter().copied().collect();
    runs(&list, |value| DAYS.get(usize::from(value)).copied().unwrap_or("SUN").to_owned())
}

/// `1-3,7` for 1, 2, 3 and 7.
fn runs(list: &[u8], name: impl Fn(u8) -> String) -> String {
    let mut spans: Vec<(u8, u8)> = Vec::new();
    for value in list {
        match spans.last_mut() {
            Some((_, to)) if *to + 1 == *value => *to = *value,
            _ => spans.push((*value, *value)),
        }
    }
    let span = |(from, to): (u8, u8)| match to - from {
        0 => name(from),
        1 => format!("{},{}", name(from), name(to)),
        _ => format!("{}-{}", name(from), name(to)),
    };
    spans.into_iter().map(span).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_is_said_exactly() {
        for (cron, wanted) in [
            ("* * * * *", "cron(* * * * ? *)"),
            ("*/10 * * * *", "cron(0/10 * * * ? *)"),
            ("*/7 * * * *", "cron(0/7 * * * ? *)"),
            ("5-59/20 * * * *", "cron(5/20 * * * ? *)"),
            ("0-30/10 * * * *", "cron(0,10,20,30 * * * ? *)"),
            ("30 4 * * *", "cron(30 4 * * ? *)"),
            ("0 8,20 * * *", "cron(0 8,20 * * ? *)"),
            ("0 0 1,8,15,22 * *", "cron(0 0 1,8,15,22 * ? *)"),
            ("0 6 1 1,4,7,10 *", "cron(0 6 1 1/3 ? *)"),
            ("0 0 1 jan-mar *", "cron(0 0 1 1-3 ? *)"),
            ("0 15 * * 1", "cron(0 15 ? * MON *)"),
            ("0 0 * * 0", "cron(0 0 ? * SUN *)"),
            ("0 0 * * 7", "cron(0 0 ? * SUN *)"),
            ("0 0 * * 5-7", "cron(0 0 ? * SUN,FRI,SAT *)"),
            ("*/15 6-22 * * 1-6", "cron(0/15 6-22 ? * MON-SAT *)"),
            ("0 0 * * Mon,fri", "cron(0 0 ? * MON,FRI *)"),
            ("0 0 * * */2", "cron(0 0 ? * SUN,TUE,THU,SAT *)"),
            ("0 0 1-31 * 1", "cron(0 0 ? * MON *)"),
            ("0 0 15 * 0-6", "cron(0 0 15 * ? *)"),
            ("@daily", "cron(0 0 * * ? *)"),
        ] {
            assert_eq!(expressions(cron), Some(vec![wanted.to_owned()]), "{cron}");
        }
    }

    #[test]
    fn both_days_need_two_schedules() {
        assert_eq!(expressions("0 3 1 * 1"), Some(vec!["cron(0 3 1 * ? *)".to_owned(), "cron(0 3 ? * MON *)".to_owned()]));
    }

    #[test]
    fn what_is_no_cron_gives_nothing() {
        for cron in ["", "@reboot", "60 * * * *", "* * * *", "* * * * * *", "a * * * *", "*/0 * * * *", "5-1 * * * *", "0 0 0 * *"] {
            assert_eq!(expressions(cron), None, "{cron}");
        }
    }

    #[test]
    fn rare_ones_are_caught_up_on() {
        assert!(is_rare("30 4 * * *") && is_rare("0 8,20 * * *"));
        assert!(!is_rare("*/10 * * * *") && !is_rare("20 * * * *"));
    }
}
