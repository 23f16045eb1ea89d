//! The five time fields of cron, by the rules of Vixie cron and cronie, and its `@daily` nicknames.
//!
//! `*/15 9-17 * * MON-FRI` parses to a [`Cron`] that displays as `*/15 9-17 * * 1-5`.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use nom::branch::alt;
use nom::bytes::complete::take_while1;
use nom::character::complete::{char, digit1};
use nom::combinator::{all_consuming, opt, value};
use nom::multi::separated_list1;
use nom::sequence::{preceded, separated_pair};
use nom::{IResult, Parser};

use super::lexeme::{column, has_hole};
use super::problem::ParseError;

/// Which of the five fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// 0–59
    Minute,
    /// 0–23
    Hour,
    /// 1–31
    DayOfMonth,
    /// 1–12 or `JAN`–`DEC`
    Month,
    /// 0–7 or `SUN`–`SAT`; 0 and 7 are Sunday
    DayOfWeek,
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

impl Unit {
    /// All five, in the order of a line.
    pub const ALL: [Self; 5] = [Self::Minute, Self::Hour, Self::DayOfMonth, Self::Month, Self::DayOfWeek];

    /// Lowest and highest value.
    #[must_use]
    pub fn bounds(self) -> (u8, u8) {
        match self {
            Self::Minute => (0, 59),
            Self::Hour => (0, 23),
            Self::DayOfMonth => (1, 31),
            Self::Month => (1, 12),
            Self::DayOfWeek => (0, 7),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::DayOfMonth => "day of month",
            Self::Month => "month",
            Self::DayOfWeek => "day of week",
        }
    }

    fn number(self, text: &str) -> Result<u8, String> {
        let (names, first): (&[&str], u8) = match self {
            Self::Month => (&MONTHS, 1),
            Self::DayOfWeek => (&WEEKDAYS, 0),
            _ => (&[], 0),
        };
        if let Some(at) = names.iter().zip(first..).find(|(name, _)| text.eq_ignore_ascii_case(name)) {
            return Ok(at.1);
        }
        let (low, high) = self.bounds();
        match text.parse::<u8>() {
            Ok(number) if text.bytes().all(|byte| byte.is_ascii_digit()) && (low..=high).contains(&number) => Ok(number),
            _ => Err(format!("`{text}` is no {} ({low} to {high})", self.word())),
        }
    }
}

/// One member of a field's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `*`, `*/step`
    Any { step: u8 },
    /// `5`, `1-5`, `1-31/2`; a single number is a range of one
    Range { from: u8, to: u8, step: u8 },
}

/// One of the five fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Which field it is.
    pub unit: Unit,
    /// The members of its list, in the order written.
    pub parts: Vec<Part>,
}

impl Field {
    /// `*`
    #[must_use]
    pub fn any(unit: Unit) -> Self {
        Self { unit, parts: vec![Part::Any { step: 1 }] }
    }

    /// A list of single numbers.
    #[must_use]
    pub fn numbers(unit: Unit, numbers: impl IntoIterator<Item = u8>) -> Self {
        Self { unit, parts: numbers.into_iter().map(|number| Part::Range { from: number, to: number, step: 1 }).collect() }
    }

    /// Reads one field.
    ///
    /// # Errors
    /// The reason, in words, when cron refuses the field.
    pub fn parse(unit: Unit, text: &str) -> Result<Self, String> {
        let Ok((_, members)) = all_consuming(separated_list1(char(','), member)).parse(text) else {
            return Err(match text.chars().find(|c| !c.is_ascii_alphanumeric() && !"*,-/".contains(*c)) {
                Some(c) => format!("`{c}` has no meaning in the {} field `{text}`", unit.word()),
                None => format!("`{text}` is no {} field", unit.word()),
            });
        };
        let parts = members.into_iter().map(|member| part(unit, text, member)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { unit, parts })
    }

    /// Whether it is `*` without a step.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.parts == [Part::Any { step: 1 }]
    }

    /// Whether it starts with `*`, which is what Vixie cron looks at when it combines the two day fields.
    #[must_use]
    pub fn is_starred(&self) -> bool {
        matches!(self.parts.first(), Some(Part::Any { .. }))
    }

    /// Every value that it matches; Sunday is 0.
    #[must_use]
    pub fn values(&self) -> BTreeSet<u8> {
        let (low, high) = self.unit.bounds();
        let mut all = BTreeSet::new();
        for part in &self.parts {
            let (from, to, step) = match *part {
                Part::Any { step } => (low, if self.unit == Unit::DayOfWeek { 6 } else { high }, step),
                Part::Range { from, to, step } => (from, to, step),
            };
            all.extend(
                (from..=to).step_by(usize::from(step.max(1))).map(|number| if self.unit == Unit::DayOfWeek { number % 7 } else { number }),
            );
        }
        all
    }
}

/// What the grammar gives for one member: `*` or first and last, and the step.
type Member<'a> = (Option<(&'a str, Option<&'a str>)>, Option<&'a str>);

fn member(input: &str) -> IResult<&str, Member<'_>> {
    let number = || take_while1(|c: char| c.is_ascii_alphanumeric());
    let span = alt((separated_pair(number(), char('-'), number()).map(|(from, to)| (from, Some(to))), number().map(|from| (from, None))));
    (alt((value(None, char('*')), span.map(Some))), opt(preceded(char('/'), digit1))).parse(input)
}

fn part(unit: Unit, text: &str, (range, step): Member<'_>) -> Result<Part, String> {
    let high = unit.bounds().1;
    let step = match step.map(str::parse::<u8>) {
        None => None,
        Some(Ok(step)) if (1..=high).contains(&step) => Some(step),
        Some(_) => return Err(format!("the step in `{text}` must be 1 to {high}")),
    };
    let Some((from, to)) = range else { return Ok(Part::Any { step: step.unwrap_or(1) }) };
    let first = unit.number(from)?;
    let Some(to) = to else {
        return match step {
            // Kubernetes and others read `5/15` as `5-59/15`; Vixie cron refuses it.
            Some(_) => Err(format!("the step in `{text}` needs `*` or a range before it")),
            None => Ok(Part::Range { from: first, to: first, step: 1 }),
        };
    };
    let last = unit.number(to)?;
    if first > last {
        return Err(format!("the range `{from}-{to}` in `{text}` runs backwards"));
    }
    Ok(Part::Range { from: first, to: last, step: step.unwrap_or(1) })
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.parts.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            let step = match *part {
                Part::Any { step } => {
                    f.write_str("*")?;
                    step
                }
                Part::Range { from, to, step } => {
                    write!(f, "{from}")?;
                    if from != to || step != 1 {
                        write!(f, "-{to}")?;
                    }
                    step
                }
            };
            if step != 1 {
                write!(f, "/{step}")?;
            }
        }
        Ok(())
    }
}

/// The five fields of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cron {
    /// Minute.
    pub minute: Field,
    /// Hour.
    pub hour: Field,
    /// Day of month.
    pub day_of_month: Field,
    /// Month.
    pub month: Field,
    /// Day of week.
    pub day_of_week: Field,
}

impl Cron {
    /// Reads five words.
    ///
    /// # Errors
    /// The index of the word (0 to 4) and the reason, when cron refuses one.
    pub fn from_words(words: [&str; 5]) -> Result<Self, (usize, String)> {
        let field = |index: usize| Field::parse(Unit::ALL[index], words[index]).map_err(|reason| (index, reason));
        Ok(Self { minute: field(0)?, hour: field(1)?, day_of_month: field(2)?, month: field(3)?, day_of_week: field(4)? })
    }

    /// Reads five words divided by blanks.
    ///
    /// # Errors
    /// When there are not five, or cron refuses one.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let words: Vec<&str> = text.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
        let Ok(five) = <[&str; 5]>::try_from(words.clone()) else {
            return Err(ParseError::on_line(1, format!("expected five time fields, found {}", words.len())));
        };
        Self::from_words(five).map_err(|(index, message)| {
            let offset = five[index].as_ptr() as usize - text.as_ptr() as usize;
            ParseError { line: 1, column: column(text, offset), message }
        })
    }

    /// Both day fields are restricted, so that cron runs when *either* matches. A field that starts with `*` counts as unrestricted
    /// here, even `*/2`, and then *both* must match.
    #[must_use]
    pub fn either_day_matches(&self) -> bool {
        !self.day_of_month.is_starred() && !self.day_of_week.is_starred()
    }

    /// The same times with Sunday written as 0 where 7 stood: schedulers other than cron know no 7.
    #[must_use]
    pub fn with_sunday_zero(mut self) -> Self {
        let has_seven = self.day_of_week.parts.iter().any(|part| matches!(part, Part::Range { to: 7, .. }));
        if has_seven {
            let values = self.day_of_week.values();
            self.day_of_week = Field::numbers(Unit::DayOfWeek, values);
        }
        self
    }
}

impl FromStr for Cron {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {} {}", self.minute, self.hour, self.day_of_month, self.month, self.day_of_week)
    }
}

/// When a job runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// Five fields.
    Fields(Cron),
    /// `@daily` and its like: the nickname without `@`, and what it stands for.
    Nickname(&'static str, Cron),
    /// `@reboot`
    Reboot,
    /// A placeholder stands in the fields: they are known when it is.
    Open(String),
}

/// Nicknames of Vixie cron, and their fields.
const NICKNAMES: [(&str, &str); 7] = [
    ("yearly", "0 0 1 1 *"),
    ("annually", "0 0 1 1 *"),
    ("monthly", "0 0 1 * *"),
    ("weekly", "0 0 * * 0"),
    ("daily", "0 0 * * *"),
    ("midnight", "0 0 * * *"),
    ("hourly", "0 * * * *"),
];

impl When {
    /// Reads a nickname or five fields.
    ///
    /// # Errors
    /// When cron refuses it.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let trimmed = text.trim();
        if has_hole(trimmed) {
            return Ok(Self::Open(trimmed.to_owned()));
        }
        let Some(nickname) = trimmed.strip_prefix('@') else { return Cron::parse(text).map(Self::Fields) };
        if nickname == "reboot" {
            return Ok(Self::Reboot);
        }
        match NICKNAMES.iter().find(|(name, _)| *name == nickname) {
            Some((name, fields)) => Ok(Self::Nickname(name, Cron::parse(fields)?)),
            None => Err(ParseError::on_line(1, format!("cron knows no `@{nickname}`"))),
        }
    }

    /// The five fields, where there are such.
    #[must_use]
    pub fn cron(&self) -> Option<&Cron> {
        match self {
            Self::Fields(cron) | Self::Nickname(_, cron) => Some(cron),
            Self::Reboot | Self::Open(_) => None,
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fields(cron) => cron.fmt(f),
            Self::Nickname(name, _) => write!(f, "@{name}"),
            Self::Reboot => f.write_str("@reboot"),
            Self::Open(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_display_with_numbers() {
        let cases = [
            ("*/15 9-17 * * MON-FRI", "*/15 9-17 * * 1-5"),
            ("0,30 0 1,15 jan,Jul 7", "0,30 0 1,15 1,7 7"),
            ("5-59/10  4\t*/2 * *", "5-59/10 4 */2 * *"),
            ("00 09 * * 0", "0 9 * * 0"),
        ];
        for (text, shown) in cases {
            assert_eq!(Cron::parse(text).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn cron_refuses() {
        for text in [
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * * 13 *",
            "* * * * 8",
            "5/15 * * * *",
            "*/0 * * * *",
            "* 22-2 * * *",
            "* * * * FRI-SUN",
            "* * * *",
            "* * * * * *",
            "? * * * *",
            "* * L * *",
            "* * * * MON#1",
            "1, * * * *",
            "jan * * * *",
            "* * * january *",
            "",
            "-1 * * * *",
            "0~59 * * * *",
        ] {
            assert!(Cron::parse(text).is_err(), "{text}");
        }
        assert_eq!(Cron::parse("0  25 * * *").unwrap_err().column, 4);
    }

    #[test]
    fn values_and_sunday() {
        let cron = Cron::parse("0 0 */10 * 5-7").unwrap();
        assert_eq!(cron.day_of_month.values().into_iter().collect::<Vec<_>>(), [1, 11, 21, 31]);
        assert_eq!(cron.day_of_week.values().into_iter().collect::<Vec<_>>(), [0, 5, 6]);
        assert_eq!(cron.with_sunday_zero().to_string(), "0 0 */10 * 0,5,6");
        assert_eq!(Cron::parse("0 0 * * 1-5").unwrap().with_sunday_zero().to_string(), "0 0 * * 1-5");
    }

    #[test]
    fn either_or_both_days() {
        assert!(Cron::parse("0 0 1 * 1").unwrap().either_day_matches());
        assert!(!Cron::parse("0 0 */2 * 1").unwrap().either_day_matches());
        assert!(!Cron::parse("0 0 1 * *").unwrap().either_day_matches());
    }

    #[test]
    fn nicknames() {
        assert_eq!(When::parse("@weekly").unwrap().cron().unwrap().to_string(), "0 0 * * 0");
        assert_eq!(When::parse("@reboot").unwrap(), When::Reboot);
        assert!(When::parse("@every 1h").is_err());
        assert_eq!(When::parse("\u{F0000} 3 * * *").unwrap(), When::Open("\u{F0000} 3 * * *".to_owned()));
    }
}
