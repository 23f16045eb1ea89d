//! Things that come again: clock times, parts of the day, weekdays, months, units of time (`Chronic::Repeater`).
//!
//! The next `5:00` after noon of 2026-01-01 starts at 17:00 of that day when it is unclear which half is meant.

use super::{Context, Span};
use crate::ruby::core::time::calendar::{civil, days, is_leap, month_length, weekday};

const HOUR: i64 = 3600;
const DAY: i64 = 86_400;
const WEEK: i64 = 604_800;

/// What comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A clock time, in seconds since midnight.
    Time {
        /// Seconds since midnight (or noon, when ambiguous).
        seconds: i64,
        /// It may be of either half of the day.
        ambiguous: bool,
    },
    /// A part of the day, from one second of the day to another.
    Portion(i64, i64),
    /// A weekday, 0 is Sunday.
    DayName(i64),
    /// A month, from 1.
    MonthName(i64),
    Year,
    /// Spring and its like: known as words, not as times.
    Season,
    Month,
    Fortnight,
    Week,
    Weekend,
    /// Monday to Friday.
    Weekday,
    Day,
    Hour,
    Minute,
    Second,
}

impl Kind {
    /// Before noon.
    pub const AM: Self = Self::Portion(0, 12 * HOUR - 1);
    /// From noon on.
    pub const PM: Self = Self::Portion(12 * HOUR, 24 * HOUR - 1);
}

/// Something that comes again, and where its search stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeater {
    /// What.
    pub kind: Kind,
    /// Seen from here.
    pub now: i64,
    current: Option<Span>,
}

/// Year, month, day, hour, minute, second.
#[must_use]
pub fn fields(moment: i64) -> (i64, i64, i64, i64, i64, i64) {
    let (year, month, day) = civil(moment.div_euclid(DAY));
    let rest = moment.rem_euclid(DAY);
    (year, month, day, rest / HOUR, rest / 60 % 60, rest % 60)
}

/// Midnight of a day as `Time.local` takes it: a day beyond the month's end is one of the next month.
#[must_use]
pub fn midnight(year: i64, month: i64, day: i64) -> Option<i64> {
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then(|| (days(year, month, 1) + day - 1).saturating_mul(DAY))
}

/// `Chronic.construct`: too large fields run over into the next; `None` where it raises.
#[must_use]
pub fn construct(year: i64, month: i64, day: i64, hour: i64, minute: i64, second: i64) -> Option<i64> {
    let (mut year, mut month, mut day) = (year, month, day);
    let minute = minute + second.max(0) / 60;
    let second = if second >= 60 { second % 60 } else { second };
    let hour = hour + minute.max(0) / 60;
    let minute = if minute >= 60 { minute % 60 } else { minute };
    day += hour.max(0) / 24;
    let hour = if hour >= 24 { hour % 24 } else { hour };
    if day > 56 || !(1..=999).contains(&month) {
        return None;
    }
    if day > 28 {
        let length = month_length(year, if month > 12 { return None } else { month });
        if day > length {
            month += day / length;
            day %= length;
        }
    }
    if month > 12 {
        (year, month) = if month % 12 == 0 { (year + (month - 12) / 12, 12) } else { (year + month / 12, month % 12) };
    }
    if hour < 0 || minute < 0 || second < 0 {
        return None;
    }
    Some(midnight(year, month, day)? + hour * HOUR + minute * 60 + second)
}

fn day_of(moment: i64) -> i64 {
    moment.div_euclid(DAY) * DAY
}

impl Repeater {
    /// One whose search has not begun.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self { kind, now: 0, current: None }
    }

    /// How long one takes; orders several.
    #[must_use]
    pub fn width(&self) -> i64 {
        match self.kind {
            Kind::Time { .. } | Kind::Second => 1,
            Kind::Portion(low, high) => high - low,
            Kind::DayName(_) | Kind::Day | Kind::Weekday => DAY,
            Kind::MonthName(_) | Kind::Month => 30 * DAY,
            Kind::Year => 365 * DAY,
            Kind::Season => 91 * DAY,
            Kind::Fortnight => 2 * WEEK,
            Kind::Week => WEEK,
            Kind::Weekend => 2 * DAY,
            Kind::Hour => HOUR,
            Kind::Minute => 60,
        }
    }

    /// The next one ahead (or behind), seen from `now` or from the one found last.
    pub fn next(&mut self, ahead: bool) -> Option<Span> {
        let sign = if ahead { 1 } else { -1 };
        let now = self.now;
        let (year, month, day, hour, minute, _) = fields(now);
        let found = match (self.kind, self.current) {
            (Kind::Season, _) => return None,
            (Kind::Time { ambiguous, .. }, Some((begin, _))) => {
                let begin = begin + sign * if ambiguous { 12 * HOUR } else { DAY };
                (begin, begin + 1)
            }
            (Kind::Time { seconds, ambiguous }, None) => {
                let begin = first_time(now, seconds, ambiguous, ahead)?;
                (begin, begin + 1)
            }
            (Kind::Portion(..), Some((begin, end))) => (begin + sign * DAY, end + sign * DAY),
            (Kind::Portion(low, high), None) => {
                let of_day = now - day_of(now);
                let shift = match (ahead, of_day < low, of_day > high) {
                    (true, true, _) | (false, false, true) => 0,
                    (true, ..) => 1,
                    (false, ..) => -1,
                };
                let begin = day_of(now) + shift * DAY + low;
                (begin, portion_end(begin, high - low)?)
            }
            (Kind::DayName(_), Some((begin, end))) => (begin + sign * WEEK, end + sign * WEEK),
            (Kind::DayName(wanted), None) => {
                let begin = day_name(now, wanted, sign);
                (begin, begin + DAY)
            }
            (Kind::MonthName(_), Some((begin, _))) => {
                let (year, month, ..) = fields(begin);
                whole_month(year + sign, month)?
            }
            (Kind::MonthName(wanted), None) => match (ahead, month.cmp(&wanted)) {
                (true, std::cmp::Ordering::Less) => whole_month(year, wanted)?,
                (true, std::cmp::Ordering::Greater) => whole_month(year + 1, wanted)?,
                (true, std::cmp::Ordering::Equal) => return None,
                (false, std::cmp::Ordering::Less) => whole_month(year - 1, wanted)?,
                (false, _) => whole_month(year, wanted)?,
            },
            (Kind::Year, current) => {
                let year = current.map_or(year, |(begin, _)| fields(begin).0) + sign;
                (midnight(year, 1, 1)?, midnight(year + 1, 1, 1)?)
            }
            (Kind::Month, current) => {
                let (year, month, ..) = fields(current.map_or(now, |(begin, _)| begin));
                let begin = month_offset(midnight(year, month, 1)?, sign)?;
                let (year, month, ..) = fields(begin);
                (begin, construct(year, month + 1, 1, 0, 0, 0)?)
            }
            (Kind::Fortnight | Kind::Week, current) => {
                let width = self.width();
                let begin = match (current, ahead) {
                    (Some((begin, _)), _) => begin + sign * width,
                    (None, true) => day_name(now, 0, 1),
                    (None, false) => day_name(now + DAY, 0, -1) - width,
                };
                (begin, begin + width)
            }
            (Kind::Weekend, current) => {
                let begin = match (current, ahead) {
                    (Some((begin, _)), _) => begin + sign * WEEK,
                    (None, true) => day_name(now, 6, 1),
                    (None, false) => day_name(now + DAY, 6, -1),
                };
                (begin, begin + 2 * DAY)
            }
            (Kind::Weekday, current) => {
                let mut begin = current.map_or(day_of(now), |(begin, _)| begin) + sign * DAY;
                while [0, 6].contains(&weekday(begin.div_euclid(DAY))) {
                    begin += sign * DAY;
                }
                (begin, begin + DAY)
            }
            (Kind::Day, current) => {
                let begin = current.map_or(day_of(now), |(begin, _)| begin) + sign * DAY;
                (begin, begin + DAY)
            }
            (Kind::Hour | Kind::Minute, Some((begin, _))) => {
                let begin = begin + sign * self.width();
                (begin, begin + self.width())
            }
            (Kind::Hour, None) => {
                let begin = construct(year, month, day, hour + sign, 0, 0)?;
                (begin, begin + HOUR)
            }
            (Kind::Minute, None) => {
                let begin = construct(year, month, day, hour, minute + sign, 0)?;
                (begin, begin + 60)
            }
            (Kind::Second, current) => {
                let begin = current.map_or(now, |(begin, _)| begin) + sign;
                (begin, begin + 1)
            }
        };
        self.current = Some(found);
        Some(found)
    }

    /// The current one, or what is left of it in the direction of `context`.
    pub fn this(&mut self, context: Context) -> Option<Span> {
        let now = self.now;
        let (year, month, day, hour, minute, _) = fields(now);
        let today = day_of(now);
        let this_hour = today + hour * HOUR;
        Some(match (self.kind, context) {
            (Kind::Season, _) => return None,
            (Kind::Time { .. } | Kind::DayName(_), context) => return self.next(context != Context::Past),
            (Kind::Weekday, context) => return self.next(context != Context::Past),
            (Kind::Portion(low, high), _) => {
                let begin = today + low;
                let span = (begin, portion_end(begin, high - low)?);
                self.current = Some(span);
                span
            }
            (Kind::MonthName(_), Context::Past) => return self.next(false),
            (Kind::MonthName(wanted), _) => whole_month(if month <= wanted { year } else { year + 1 }, wanted)?,
            (Kind::Year, Context::Future) => (construct(year, month, day + 1, 0, 0, 0)?, midnight(year + 1, 1, 1)?),
            (Kind::Year, Context::Past) => (midnight(year, 1, 1)?, today),
            (Kind::Year, Context::None) => (midnight(year, 1, 1)?, midnight(year + 1, 1, 1)?),
            (Kind::Month, Context::Past) => (midnight(year, month, 1)?, today),
            (Kind::Month, context) => {
                let first = midnight(year, month, 1)?;
                let begin = if context == Context::Future { construct(year, month, day + 1, 0, 0, 0)? } else { first };
                (begin, month_offset(first, 1)?)
            }
            (Kind::Week | Kind::Fortnight, Context::Past) => (day_name(now, 0, -1), this_hour),
            (Kind::Week, Context::None) => {
                let begin = day_name(now, 0, -1);
                (begin, begin + WEEK)
            }
            (Kind::Week, Context::Future) => (this_hour + HOUR, day_name(now, 0, 1)),
            // The gem asks twice, which goes one week on.
            (Kind::Fortnight, _) => (this_hour + HOUR, day_name(now, 0, 1) + WEEK),
            (Kind::Weekend, context) => {
                let begin = day_name(now, 6, if context == Context::Past { -1 } else { 1 });
                (begin, begin + 2 * DAY)
            }
            (Kind::Day, Context::Future) => (this_hour, today + DAY),
            (Kind::Day, Context::Past) => (today, this_hour),
            (Kind::Day, Context::None) => (today, today + DAY),
            (Kind::Hour, Context::Future) => {
                (construct(year, month, day, hour, minute + 1, 0)?, construct(year, month, day, hour + 1, 0, 0)?)
            }
            (Kind::Hour, Context::Past) => (this_hour, this_hour + minute * 60),
            (Kind::Hour, Context::None) => (this_hour, this_hour + HOUR),
            (Kind::Minute, Context::Future) => (now, this_hour + minute * 60),
            (Kind::Minute, Context::Past) => (this_hour + minute * 60, now),
            (Kind::Minute, Context::None) => (this_hour + minute * 60, this_hour + minute * 60 + 60),
            (Kind::Second, _) => (now, now + 1),
        })
    }

    /// The span moved by `amount` of these; `None` for what has no length to move by.
    pub fn offset(&mut self, span: Span, amount: i64, ahead: bool) -> Option<Span> {
        let sign = if ahead { 1 } else { -1 };
        let amount = amount.min(1_000_000);
        let by = |seconds: i64| Some((span.0 + sign * amount * seconds, span.1 + sign * amount * seconds));
        match self.kind {
            Kind::Time { .. } | Kind::DayName(_) | Kind::MonthName(_) | Kind::Season => None,
            Kind::Portion(..) => {
                self.now = span.0;
                let (begin, end) = self.next(ahead)?;
                let shift = sign * (amount - 1) * DAY;
                Some((begin + shift, end + shift))
            }
            Kind::Year => Some((year_offset(span.0, sign * amount)?, year_offset(span.1, sign * amount)?)),
            Kind::Month => Some((month_offset(span.0, sign * amount)?, month_offset(span.1, sign * amount)?)),
            Kind::Weekend => {
                let mut weekend = Self::new(Kind::Weekend);
                weekend.now = span.0;
                let begin = weekend.next(ahead)?.0 + (amount - 1) * sign * WEEK;
                Some((begin, begin + (span.1 - span.0)))
            }
            Kind::Weekday => {
                let (mut passed, mut shift) = (0, 0);
                while passed < amount.min(10_000) {
                    shift += sign * DAY;
                    if ![0, 6].contains(&weekday((span.0 + shift).div_euclid(DAY))) {
                        passed += 1;
                    }
                }
                Some((span.0 + shift, span.1 + shift))
            }
            Kind::Fortnight | Kind::Week | Kind::Day | Kind::Hour | Kind::Minute | Kind::Second => by(self.width()),
        }
    }
}

fn first_time(now: i64, seconds: i64, ambiguous: bool, ahead: bool) -> Option<i64> {
    let midnight = day_of(now);
    let half = 12 * HOUR;
    let candidates = match (ahead, ambiguous) {
        (true, true) => vec![midnight + seconds, midnight + half + seconds, midnight + DAY + seconds],
        (true, false) => vec![midnight + seconds, midnight + DAY + seconds],
        (false, true) => vec![midnight + half + seconds, midnight + seconds, midnight - DAY + seconds + half],
        (false, false) => vec![midnight + seconds, midnight - DAY + seconds],
    };
    candidates.into_iter().find(|moment| if ahead { *moment >= now } else { *moment <= now })
}

/// The end of a part of the day, computed from hands of a clock as the gem does.
fn portion_end(begin: i64, elapsed: i64) -> Option<i64> {
    let second = (elapsed - 12 * 60).rem_euclid(60);
    let minute = (elapsed - second) / 60 % 60;
    let (year, month, day, hour, ..) = fields(begin);
    construct(year, month, day, (elapsed - minute - second) / HOUR + hour, minute, second)
}

/// The weekday `wanted` after (or before) the day of `now`.
fn day_name(now: i64, wanted: i64, sign: i64) -> i64 {
    let mut day = now.div_euclid(DAY) + sign;
    while weekday(day) != wanted {
        day += sign;
    }
    day * DAY
}

fn whole_month(year: i64, month: i64) -> Option<Span> {
    let end = if month == 12 { midnight(year + 1, 1, 1) } else { midnight(year, month + 1, 1) };
    Some((midnight(year, month, 1)?, end?))
}

fn month_offset(moment: i64, months: i64) -> Option<i64> {
    let (year, month, day, hour, minute, second) = fields(moment);
    let (mut year, mut month) = (year + months.div_euclid(12), month + months.rem_euclid(12));
    if month > 12 {
        year += 1;
        month -= 12;
    }
    construct(year, month, day.min(month_length(year, month)), hour, minute, second)
}

fn year_offset(moment: i64, years: i64) -> Option<i64> {
    let (year, month, day, hour, minute, second) = fields(moment);
    let year = year + years;
    let day = if month == 2 && day == 29 && !is_leap(year) { 28 } else { day };
    construct(year, month, day, hour, minute, second)
}
