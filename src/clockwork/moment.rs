//! `at:` of an event and its period as the five fields of cron, where both mean the same times.
//!
//! `1.day` at `04:30` is `30 4 * * *`; `1.hour` at `**:15` is `15 * * * *`; `1.week` at `Monday 9:00` is `0 9 * * 1`.

use super::Event;

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
const WEEK: i64 = 604_800;

const DAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/// One `at:`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct At {
    day: Option<usize>,
    /// `None`: any.
    hour: Option<u32>,
    minute: Option<u32>,
}

/// Reads `Monday 16:20`, `04:30`, `**:30`, `*:30`, `9:**`.
fn at(text: &str) -> Option<At> {
    let (day, clock) = match text.trim().rsplit_once(' ') {
        Some((day, clock)) => {
            let lower = day.trim().to_ascii_lowercase();
            (Some(DAYS.iter().position(|name| lower == *name || (lower.len() >= 3 && name.starts_with(&lower)))?), clock)
        }
        None => (None, text.trim()),
    };
    let (hour, minute) = clock.split_once(':')?;
    let part = |text: &str, high: u32| -> Option<Option<u32>> {
        if matches!(text, "*" | "**") {
            return Some(None);
        }
        text.parse::<u32>().ok().filter(|number| *number < high).map(Some)
    };
    Some(At { day, hour: part(hour, 24)?, minute: part(minute, 60)? })
}

impl Event {
    /// The five fields.
    ///
    /// # Errors
    /// Why there are none.
    pub fn fields(&self) -> Result<String, String> {
        let Some(period) = self.period else { return Err("its period is not known".to_owned()) };
        if self.times.is_empty() {
            return Err("counts from the start of the process, and starts anew with it".to_owned());
        }
        let mut all: Vec<At> = Vec::new();
        for text in &self.times {
            all.push(at(text).ok_or_else(|| format!("`{text}` is no time that five fields say"))?);
        }
        let fits = all.iter().all(|at| match (at.day, at.hour, at.minute) {
            (_, _, None) => false,
            (Some(_), Some(_), Some(_)) => period <= WEEK,
            (None, Some(_), Some(_)) => period <= DAY,
            (None, None, Some(_)) => period <= HOUR,
            (Some(_), None, Some(_)) => period <= HOUR,
        });
        if !fits {
            return Err("its period and `at:` together count from the last run".to_owned());
        }
        let list = |values: Vec<Option<u32>>| -> String {
            let mut numbers: Vec<u32> = values.into_iter().flatten().collect();
            numbers.sort_unstable();
            numbers.dedup();
            if numbers.is_empty() { "*".to_owned() } else { numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(",") }
        };
        let minutes = list(all.iter().map(|at| at.minute).collect());
        let hours = list(all.iter().map(|at| at.hour).collect());
        let days = list(all.iter().map(|at| at.day.and_then(|day| u32::try_from(day).ok())).collect());
        // Lists of two fields would say more times than these.
        let many = [&minutes, &hours, &days].iter().filter(|text| text.contains(',')).count();
        let mixed = all.iter().any(|one| one.day.is_some() != all[0].day.is_some() || one.hour.is_some() != all[0].hour.is_some());
        if many > 1 || mixed {
            return Err("its times differ in more than one field".to_owned());
        }
        Ok(format!("{minutes} {hours} * * {days}"))
    }
}
