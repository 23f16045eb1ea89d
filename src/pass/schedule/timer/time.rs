//! The times of a timer: `OnCalendar=` as five fields, and the spans that fit the clock.

use crate::pass::schedule::entry::Time;
use crate::read::cron::Cron;
use crate::read::systemd::{Timer, UnitFile, on_calendar, time_span};

const DAY: u64 = 86_400;

/// What the timer says, each with its times, and words for the reader.
pub fn of(timer: &Timer, file: &UnitFile) -> (Vec<(String, Time)>, Vec<String>) {
    let mut times: Vec<(String, Time)> = Vec::new();
    let mut notes = Vec::new();
    for (_, written) in &timer.on_calendar {
        let time = match on_calendar(written) {
            Ok(calendar) => Time::Cron(calendar.cron),
            Err(why) => Time::Refused(why),
        };
        times.push((written.clone(), time));
    }
    join(&mut times);
    let value = |key: &str| file.values("Timer", key).last().map(|entry| entry.value.clone());
    let boot = value("OnBootSec").or_else(|| value("OnStartupSec")).or_else(|| value("OnActiveSec"));
    if let Some(written) = value("OnUnitActiveSec") {
        times.push((format!("every {written}"), every(&written)));
        notes.push("systemd counted from the last run; here it runs by the clock".to_owned());
    } else if let Some(written) = value("OnUnitInactiveSec") {
        let why = "it counts from the end of the last run, which no clock tells".to_owned();
        times.push((format!("{written} after the last run"), Time::Refused(why)));
    } else if let Some(written) = &boot
        && times.is_empty()
    {
        times.push((format!("{written} after boot"), Time::Reboot));
    }
    if let Some(written) = boot.filter(|_| times.iter().all(|(_, time)| *time != Time::Reboot)) {
        notes.push(format!("it also ran {written} after each boot"));
    }
    if timer.persistent {
        notes.push("systemd made up for a run that was missed while the host was off".to_owned());
    }
    if let Some(delay) = value("RandomizedDelaySec").filter(|delay| seconds(delay) != Some(0)) {
        notes.push(format!("systemd started it up to {delay} later, by chance"));
    }
    if let Some(accuracy) = value("AccuracySec").filter(|accuracy| seconds(accuracy).is_some_and(|seconds| seconds > 60)) {
        notes.push(format!("systemd may have started it up to {accuracy} later"));
    }
    (times, notes)
}

/// The time zone at the end of an expression.
pub fn zone(written: &str) -> Option<String> {
    on_calendar(written.split(" and ").next()?).ok()?.time_zone
}

/// Lines that differ in one field only, in the same zone, are one.
fn join(times: &mut Vec<(String, Time)>) {
    let mut index = 1;
    while index < times.len() {
        let joined = (0..index).find_map(|earlier| {
            let (Time::Cron(a), Time::Cron(b)) = (&times[earlier].1, &times[index].1) else { return None };
            let same_zone = zone(&times[earlier].0) == zone(&times[index].0);
            merge(a, b).filter(|_| same_zone).map(|cron| (earlier, cron))
        });
        match joined {
            Some((earlier, cron)) => {
                let (written, _) = times.remove(index);
                times[earlier] = (format!("{} and {written}", times[earlier].0), Time::Cron(cron));
            }
            None => index += 1,
        }
    }
}

/// Both in one, where one field alone differs.
fn merge(a: &Cron, b: &Cron) -> Option<Cron> {
    let (mut joined, mut differences) = (a.clone(), 0);
    let fields = [
        (&mut joined.minute, &b.minute),
        (&mut joined.hour, &b.hour),
        (&mut joined.day_of_month, &b.day_of_month),
        (&mut joined.month, &b.month),
        (&mut joined.day_of_week, &b.day_of_week),
    ];
    for (own, other) in fields {
        if own.values() != other.values() {
            differences += 1;
            own.parts.extend(other.parts.iter().copied());
        }
    }
    (differences <= 1).then_some(joined)
}

fn seconds(written: &str) -> Option<u64> {
    time_span(written).and_then(crate::read::systemd::TimeSpan::seconds)
}

/// An interval that the hour, the day or the week holds a whole number of times.
fn every(written: &str) -> Time {
    let Some(seconds) = seconds(written) else { return Time::Refused(format!("`{written}` is no time span")) };
    let minutes = seconds / 60;
    let text = match seconds {
        _ if seconds == 0 || seconds % 60 != 0 => None,
        60 => Some("* * * * *".to_owned()),
        3_600 => Some("0 * * * *".to_owned()),
        DAY => Some("0 0 * * *".to_owned()),
        604_800 => Some("0 0 * * 0".to_owned()),
        _ if minutes < 60 && 60 % minutes == 0 => Some(format!("*/{minutes} * * * *")),
        _ if minutes % 60 == 0 && seconds < DAY && DAY.is_multiple_of(seconds) => Some(format!("0 */{} * * *", minutes / 60)),
        _ => None,
    };
    match text.and_then(|text| Cron::parse(&text).ok()) {
        Some(cron) => Time::Cron(cron),
        None => Time::Refused("neither hour nor day is a whole number of such intervals".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals() {
        for (written, fields) in [
            ("15min", "*/15 * * * *"),
            ("900", "*/15 * * * *"),
            ("1h", "0 * * * *"),
            ("6h", "0 */6 * * *"),
            ("1d", "0 0 * * *"),
            ("1min", "* * * * *"),
        ] {
            assert_eq!(every(written), Time::Cron(Cron::parse(fields).unwrap()), "{written}");
        }
        for written in ["7min", "90s", "90min", "5h", "2d", "soon", "0"] {
            assert!(matches!(every(written), Time::Refused(_)), "{written}");
        }
    }

    #[test]
    fn lines_join() {
        let cron = |text: &str| Cron::parse(text).unwrap();
        assert_eq!(merge(&cron("0 8 * * *"), &cron("0 20 * * *")).unwrap().to_string(), "0 8,20 * * *");
        assert_eq!(merge(&cron("0 8 * * *"), &cron("5 20 * * *")), None);
    }
}
