//! A moment as clocks and calendars show it, and `strftime`.
//!
//! `2024-03-05 07:08:09 UTC` with `%Y%m%d` is `20240305`.

use crate::ruby::big::Big;
use crate::ruby::core::rational::Ratio;
use crate::ruby::core::time::calendar::{DAYS, EPOCH_JULIAN, MONTHS, civil, iso_week, weekday, year_day};

/// A moment in a zone.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// Seconds since 1970, UTC.
    pub seconds: i64,
    /// The rest of the second.
    pub fraction: Ratio,
    /// Seconds east of UTC.
    pub offset: i64,
    /// What `%Z` prints.
    pub zone: String,
}

impl Stamp {
    fn local(&self) -> i64 {
        self.seconds.saturating_add(self.offset)
    }

    /// Days since 1970 in its zone.
    #[must_use]
    pub fn day_number(&self) -> i64 {
        self.local().div_euclid(86_400)
    }

    /// Year, month, day.
    #[must_use]
    pub fn date(&self) -> (i64, i64, i64) {
        civil(self.day_number())
    }

    /// Hour, minute, second.
    #[must_use]
    pub fn clock(&self) -> (i64, i64, i64) {
        let rest = self.local().rem_euclid(86_400);
        (rest / 3600, rest / 60 % 60, rest % 60)
    }

    /// The first `digits` digits of the fraction.
    #[must_use]
    pub fn fraction_digits(&self, digits: usize) -> String {
        let scale = Big::from(10).power(u32::try_from(digits).unwrap_or(0).min(1000));
        let number = self.fraction.multiply(&Ratio::whole(scale)).floor().to_string();
        format!("{number:0>digits$}")
    }

    /// `+0900` (0 colons), `+09:00` (1), `+09:00:00` (2).
    #[must_use]
    pub fn offset_text(&self, colons: usize) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let size = self.offset.abs();
        let (hours, minutes, seconds) = (size / 3600, size / 60 % 60, size % 60);
        match colons {
            0 => format!("{sign}{hours:02}{minutes:02}"),
            1 => format!("{sign}{hours:02}:{minutes:02}"),
            2 => format!("{sign}{hours:02}:{minutes:02}:{seconds:02}"),
            _ if seconds != 0 => format!("{sign}{hours:02}:{minutes:02}:{seconds:02}"),
            _ if minutes != 0 => format!("{sign}{hours:02}:{minutes:02}"),
            _ => format!("{sign}{hours:02}"),
        }
    }

    /// `strftime(format)`; `extended` has what only `Date` knows (`%Q`, `%+`).
    #[must_use]
    pub fn strftime(&self, format: &str, extended: bool) -> String {
        let mut out = String::new();
        let mut rest = format.char_indices().peekable();
        while let Some((start, character)) = rest.next() {
            if character != '%' {
                out.push(character);
                continue;
            }
            let mut flags = Flags::default();
            while let Some((_, flag @ ('-' | '0' | '^' | '#' | '_' | ':'))) = rest.peek().copied() {
                flags.set(flag);
                rest.next();
            }
            let mut width = String::new();
            while let Some((_, digit)) = rest.peek().copied().filter(|(_, c)| c.is_ascii_digit()) {
                width.push(digit);
                rest.next();
            }
            flags.width = width.parse().ok().filter(|width| *width < 10_000);
            while matches!(rest.peek(), Some((_, 'E' | 'O'))) {
                rest.next();
            }
            let end = rest.peek().map_or(format.len(), |(at, c)| at + c.len_utf8());
            let made = rest.next().and_then(|(_, conversion)| self.convert(conversion, &flags, extended));
            match made {
                Some(text) => out.push_str(&text),
                None => out.push_str(&format[start..end]),
            }
        }
        out
    }

    fn convert(&self, conversion: char, flags: &Flags, extended: bool) -> Option<String> {
        let (year, month, day) = self.date();
        let (hour, minute, second) = self.clock();
        let days = self.day_number();
        let (week_day, of_year) = (weekday(days), year_day(days));
        let twelve = (hour + 11) % 12 + 1;
        let name = |list: &[&str], index: i64| usize::try_from(index).ok().and_then(|i| list.get(i).copied()).unwrap_or("?").to_owned();
        let short = |text: String| text.chars().take(3).collect::<String>();
        let zeros = |number: i64, width: usize| flags.number(number, width, '0');
        let spaces = |number: i64, width: usize| flags.number(number, width, ' ');
        let whole = |format: &str| flags.text(self.strftime(format, extended));
        Some(match conversion {
            'Y' => {
                let least = if year < 0 { 5 } else { 4 };
                zeros(year, least)
            }
            'C' => zeros(year.div_euclid(100), 2),
            'y' => zeros(year.rem_euclid(100), 2),
            'm' => zeros(month, 2),
            'B' => flags.text(name(&MONTHS, month - 1)),
            'b' | 'h' => flags.text(short(name(&MONTHS, month - 1))),
            'd' => zeros(day, 2),
            'e' => spaces(day, 2),
            'j' => zeros(of_year, 3),
            'H' => zeros(hour, 2),
            'k' => spaces(hour, 2),
            'I' => zeros(twelve, 2),
            'l' => spaces(twelve, 2),
            'M' => zeros(minute, 2),
            'S' => zeros(second, 2),
            'L' => self.fraction_digits(flags.width.unwrap_or(3)),
            'N' => self.fraction_digits(flags.width.unwrap_or(9)),
            'z' => flags.offset(self.offset_text(flags.colons)),
            // `#` makes the name of a zone small.
            'Z' if flags.swap => Flags { swap: false, ..*flags }.text(self.zone.to_lowercase()),
            'Z' => flags.text(self.zone.clone()),
            'A' => flags.text(name(&DAYS, week_day)),
            'a' => flags.text(short(name(&DAYS, week_day))),
            'u' => zeros(if week_day == 0 { 7 } else { week_day }, 1),
            'w' => zeros(week_day, 1),
            'G' => zeros(iso_week(days).0, 4),
            'g' => zeros(iso_week(days).0.rem_euclid(100), 2),
            'V' => zeros(iso_week(days).1, 2),
            'U' => zeros((of_year + 6 - week_day) / 7, 2),
            'W' => zeros((of_year + 6 - (week_day + 6) % 7) / 7, 2),
            's' => zeros(self.seconds, 1),
            'Q' if extended => zeros(self.seconds * 1000 + self.fraction_digits(3).parse().unwrap_or(0), 1),
            '+' if extended => whole("%a %b %e %H:%M:%S %Z %Y"),
            'p' => {
                let text = if hour < 12 { "AM" } else { "PM" };
                if flags.swap { text.to_lowercase() } else { flags.text(text.to_owned()) }
            }
            'P' => flags.text(if hour < 12 { "am" } else { "pm" }.to_owned()),
            'n' => flags.text("\n".to_owned()),
            't' => flags.text("\t".to_owned()),
            '%' => flags.text("%".to_owned()),
            'D' | 'x' => whole("%m/%d/%y"),
            'F' => whole("%Y-%m-%d"),
            'T' | 'X' => whole("%H:%M:%S"),
            'R' => whole("%H:%M"),
            'r' => whole("%I:%M:%S %p"),
            'c' => whole("%a %b %e %H:%M:%S %Y"),
            'v' => flags.text(self.strftime("%e-%^b-%Y", extended)),
            _ => return None,
        })
    }

    /// The Julian day number.
    #[must_use]
    pub fn julian(&self) -> i64 {
        self.day_number() + EPOCH_JULIAN
    }
}

#[derive(Default)]
struct Flags {
    bare: bool,
    fill: Option<char>,
    upper: bool,
    swap: bool,
    colons: usize,
    width: Option<usize>,
}

impl Flags {
    fn set(&mut self, flag: char) {
        match flag {
            '-' => self.bare = true,
            '0' => self.fill = Some('0'),
            '_' => self.fill = Some(' '),
            '^' => self.upper = true,
            '#' => self.swap = true,
            _ => self.colons += 1,
        }
    }

    fn number(&self, number: i64, width: usize, fill: char) -> String {
        let width = match self.width {
            Some(width) => width,
            None if self.bare => 0,
            None => width,
        };
        if self.bare {
            return number.to_string();
        }
        let fill = self.fill.unwrap_or(fill);
        let digits = number.abs().to_string();
        let room = width.saturating_sub(digits.len() + usize::from(number < 0));
        let padding: String = std::iter::repeat_n(fill, room).collect();
        match (number < 0, fill) {
            (true, '0') => format!("-{padding}{digits}"),
            (true, _) => format!("{padding}-{digits}"),
            _ => format!("{padding}{digits}"),
        }
    }

    fn offset(&self, text: String) -> String {
        let Some(width) = self.width else { return text };
        let room = width.saturating_sub(text.len());
        format!("{}{}{}", &text[..1], "0".repeat(room), &text[1..])
    }

    fn text(&self, text: String) -> String {
        let text = if self.upper || self.swap { text.to_uppercase() } else { text };
        let room = self.width.map_or(0, |width| width.saturating_sub(text.chars().count()));
        if self.bare {
            return text;
        }
        let fill = self.fill.unwrap_or(' ');
        format!("{}{text}", std::iter::repeat_n(fill, room).collect::<String>())
    }
}
