//! systemd's time spans: `90`, `5min 20s`, `1.5h`, `infinity`.

use std::time::Duration;

use nom::Parser;
use nom::combinator::all_consuming;
use nom::multi::many1;
use nom::sequence::delimited;

use crate::read::lexeme::{blank0, quantity};

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeSpan {
    /// So long.
    Finite(Duration),
    /// `infinity`
    Infinite,
}

impl TimeSpan {
    /// Whole seconds, rounded up; `None` for no limit.
    #[must_use]
    pub fn seconds(self) -> Option<u64> {
        match self {
            Self::Finite(duration) => Some(duration.as_secs() + u64::from(duration.subsec_nanos() > 0)),
            Self::Infinite => None,
        }
    }
}

/// Reads a time span; a number without a unit is seconds. `None` when it is none.
#[must_use]
pub fn time_span(text: &str) -> Option<TimeSpan> {
    let text = text.trim();
    if text == "infinity" {
        return Some(TimeSpan::Infinite);
    }
    let (_, parts) = all_consuming(many1(delimited(blank0, quantity, blank0))).parse(text).ok()?;
    let mut total = Duration::ZERO;
    for (number, unit) in parts {
        let nanoseconds = nanoseconds(unit)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let mut sum = whole.parse::<u64>().ok()?.checked_mul(nanoseconds)?;
        // Nine digits are as fine as the clock.
        let digits = fraction.get(..fraction.len().min(9))?;
        if !digits.is_empty() {
            let scale = 10_u128.pow(u32::try_from(digits.len()).ok()?);
            sum = sum.checked_add(u64::try_from(digits.parse::<u128>().ok()? * u128::from(nanoseconds) / scale).ok()?)?;
        }
        total = total.checked_add(Duration::from_nanos(sum))?;
    }
    Some(TimeSpan::Finite(total))
}

/// The units of systemd.time(7). A month is 30.44 days and a year 365.25.
fn nanoseconds(unit: &str) -> Option<u64> {
    const SECOND: u64 = 1_000_000_000;
    Some(match unit {
        "nsec" | "ns" => 1,
        "usec" | "us" | "µs" | "μs" => 1_000,
        "msec" | "ms" => 1_000_000,
        "" | "seconds" | "second" | "sec" | "s" => SECOND,
        "minutes" | "minute" | "min" | "m" => 60 * SECOND,
        "hours" | "hour" | "hr" | "h" => 3_600 * SECOND,
        "days" | "day" | "d" => 86_400 * SECOND,
        "weeks" | "week" | "w" => 604_800 * SECOND,
        "months" | "month" | "M" => 2_629_800 * SECOND,
        "years" | "year" | "y" => 31_557_600 * SECOND,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans() {
        let cases = [
            ("90", 90),
            ("5min 20s", 320),
            ("5min20s", 320),
            ("1.5h", 5_400),
            ("2 min", 120),
            ("1 month", 2_629_800),
            ("500ms", 1),
            ("1w 1d", 691_200),
        ];
        for (text, seconds) in cases {
            assert_eq!(time_span(text).and_then(TimeSpan::seconds), Some(seconds), "{text}");
        }
        assert_eq!(time_span("infinity"), Some(TimeSpan::Infinite));
        for text in ["", "soon", "5 fortnights", "-1", "1.s", "99999999999999999999", "99999999999y"] {
            assert_eq!(time_span(text), None, "{text}");
        }
    }
}
