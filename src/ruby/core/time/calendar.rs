//! The calendar: days since 1970 to year, month, day and back (proleptic Gregorian), weeks, names.

/// Full names of the months.
pub const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
/// Full names of the days, Sunday first.
pub const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
/// The Julian day number of 1970-01-01.
pub const EPOCH_JULIAN: i64 = 2_440_588;

/// Days since 1970-01-01 of a date; the day may lie outside of the month.
#[must_use]
pub fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year.clamp(-1_000_000_000, 1_000_000_000);
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year + day - 1 - 719_468
}

/// Year, month and day of a number of days since 1970-01-01.
#[must_use]
pub fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let part = (5 * of_year + 2) / 153;
    let month = if part < 10 { part + 3 } else { part - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, of_year - (153 * part + 2) / 5 + 1)
}

/// Whether the year has a 29th of February.
#[must_use]
pub fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// How many days the month has.
#[must_use]
pub fn month_length(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The day of the week, 0 for Sunday.
#[must_use]
pub fn weekday(days: i64) -> i64 {
    (days + 4).rem_euclid(7)
}

/// The day of the year, 1 for the first of January.
#[must_use]
pub fn year_day(days: i64) -> i64 {
    let (year, _, _) = civil(days);
    days - self::days(year, 1, 1) + 1
}

/// Year and week by ISO 8601.
#[must_use]
pub fn iso_week(days: i64) -> (i64, i64) {
    // The week belongs to the year of its Thursday.
    let thursday = days - (weekday(days) + 6) % 7 + 3;
    let (year, _, _) = civil(thursday);
    (year, (thursday - self::days(year, 1, 1)) / 7 + 1)
}

/// The day of an ISO week (`day` 1 for Monday), when the year has that week.
#[must_use]
pub fn from_iso_week(year: i64, week: i64, day: i64) -> Option<i64> {
    let fourth = days(year, 1, 4);
    let monday = fourth - (weekday(fourth) + 6) % 7;
    let week = if week < 0 {
        let next = days(year + 1, 1, 4);
        ((next - (weekday(next) + 6) % 7) - monday) / 7 + week + 1
    } else {
        week
    };
    let day = if day < 0 { day + 8 } else { day };
    let found = monday + (week - 1) * 7 + day - 1;
    ((1..=7).contains(&day) && iso_week(found) == (year, week)).then_some(found)
}

/// The date, when the calendar has it; a month or day below zero counts from the end.
#[must_use]
pub fn checked_days(year: i64, month: i64, day: i64) -> Option<i64> {
    let month = if month < 0 { month + 13 } else { month };
    if !(1..=12).contains(&month) {
        return None;
    }
    let length = month_length(year, month);
    let day = if day < 0 { day + length + 1 } else { day };
    (1..=length).contains(&day).then(|| days(year, month, day))
}

/// The number of a month's name or of its first three letters (any case).
#[must_use]
pub fn month_number(name: &str) -> Option<i64> {
    number_of(name, &MONTHS).map(|index| index + 1)
}

/// The number of a day's name or of its first three letters (any case), 0 for Sunday.
#[must_use]
pub fn day_number(name: &str) -> Option<i64> {
    number_of(name, &DAYS)
}

fn number_of(name: &str, names: &[&str]) -> Option<i64> {
    if name.len() < 3 {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    names.iter().position(|known| known.to_ascii_lowercase().starts_with(&lower)).and_then(|index| i64::try_from(index).ok())
}

/// Seconds east of UTC of a zone: `+09:00`, `-0530`, `UTC`, `Z`, `EST`.
#[must_use]
pub fn zone_offset(zone: &str) -> Option<i64> {
    let upper = zone.to_ascii_uppercase();
    let hours = match upper.as_str() {
        "Z" | "UTC" | "GMT" | "UT" | "WET" => 0,
        "EST" | "CDT" => -5,
        "EDT" | "AST" => -4,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        "CET" | "BST" | "MET" => 1,
        "CEST" | "EET" | "MEST" => 2,
        "EEST" | "MSK" => 3,
        "JST" | "KST" => 9,
        _ => return signed_offset(&upper),
    };
    Some(hours * 3600)
}

fn signed_offset(zone: &str) -> Option<i64> {
    let zone = zone.strip_prefix("UTC").or_else(|| zone.strip_prefix("GMT")).unwrap_or(zone);
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = zone[1..].chars().filter(|c| *c != ':').collect();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| digits.get(range).and_then(|text| text.parse::<i64>().ok());
    let (hours, minutes, seconds) = match digits.len() {
        1 => (number(0..1)?, 0, 0),
        2 => (number(0..2)?, 0, 0),
        3 => (number(0..1)?, number(1..3)?, 0),
        4 => (number(0..2)?, number(2..4)?, 0),
        6 => (number(0..2)?, number(2..4)?, number(4..6)?),
        _ => return None,
    };
    (hours < 24 && minutes < 60 && seconds < 60).then_some(sign * (hours * 3600 + minutes * 60 + seconds))
}

#[cfg(test)]
mod tests {
    use super::{civil, days, from_iso_week, iso_week, weekday};

    #[test]
    fn days_and_dates_agree() {
        for day in (-800_000..800_000).step_by(97) {
            let (year, month, of_month) = civil(day);
            assert_eq!(days(year, month, of_month), day);
        }
        assert_eq!(weekday(days(2024, 6, 5)), 3);
        assert_eq!(iso_week(days(2024, 12, 30)), (2025, 1));
        assert_eq!(from_iso_week(2024, 10, 2), Some(days(2024, 3, 5)));
        assert_eq!(from_iso_week(2024, 53, 1), None);
    }
}
