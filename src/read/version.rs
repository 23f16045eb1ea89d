//! Versions and constraints: Chef's (`Chef::Version`, `Chef::VersionConstraint`) and RubyGems' (`Gem::Version`, `Gem::Requirement`).
//!
//! `~> 1.2` of a cookbook matches 1.2.0 up to before 2.0.0; `~> 6.1.4, != 6.1.5` of a gem matches 6.1.4.1 and not 6.1.5 or 6.2.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while};
use nom::character::complete::{multispace0, space0};
use nom::combinator::{opt, value};

use super::problem::ParseError;

/// How a constraint compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `=`
    Equal,
    /// `!=`, of gems alone
    NotEqual,
    /// `>`
    Greater,
    /// `<`
    Less,
    /// `>=`
    GreaterOrEqual,
    /// `<=`
    LessOrEqual,
    /// `~>`
    Pessimistic,
}

impl Operator {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order == Ordering::Equal,
            Self::NotEqual => order != Ordering::Equal,
            Self::Greater => order == Ordering::Greater,
            Self::Less => order == Ordering::Less,
            Self::GreaterOrEqual | Self::Pessimistic => order != Ordering::Less,
            Self::LessOrEqual => order != Ordering::Greater,
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Greater => ">",
            Self::Less => "<",
            Self::GreaterOrEqual => ">=",
            Self::LessOrEqual => "<=",
            Self::Pessimistic => "~>",
        })
    }
}

/// An operator (`=` when there is none) and the text behind it.
fn constraint(input: &str) -> nom::IResult<&str, (Option<Operator>, &str)> {
    let operator = alt((
        value(Operator::Pessimistic, tag("~>")),
        value(Operator::GreaterOrEqual, tag(">=")),
        value(Operator::LessOrEqual, tag("<=")),
        value(Operator::NotEqual, tag("!=")),
        value(Operator::Greater, tag(">")),
        value(Operator::Less, tag("<")),
        value(Operator::Equal, tag("=")),
    ));
    (multispace0, opt(operator), space0, take_while(|_| true))
        .map(|(_, operator, _, version): (_, _, _, &str)| (operator, version.trim_end()))
        .parse(input)
}

/// A cookbook's version: `1.2.3`, or `1.2` for `1.2.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CookbookVersion {
    /// First number.
    pub major: u64,
    /// Second number.
    pub minor: u64,
    /// Third number.
    pub patch: u64,
}

impl CookbookVersion {
    /// Reads up to `least..=3` numbers; a platform's version (`supports 'ubuntu', '>= 12'`) may be one number alone.
    fn read(text: &str, least: usize) -> Result<(Self, usize), ParseError> {
        let parts: Vec<&str> = text.split('.').collect();
        let numbers: Option<Vec<u64>> =
            parts.iter().map(|part| if part.bytes().all(|byte| byte.is_ascii_digit()) { part.parse().ok() } else { None }).collect();
        match numbers {
            Some(numbers) if (least..=3).contains(&numbers.len()) => {
                let at = |index: usize| numbers.get(index).copied().unwrap_or(0);
                Ok((Self { major: at(0), minor: at(1), patch: at(2) }, numbers.len()))
            }
            _ => Err(ParseError::on_line(1, format!("`{text}` is no version of the form `x.y.z`"))),
        }
    }
}

impl FromStr for CookbookVersion {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::read(text, 2).map(|(version, _)| version)
    }
}

impl fmt::Display for CookbookVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// What a cookbook's version must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CookbookConstraint {
    /// How it compares.
    pub operator: Operator,
    /// With what.
    pub version: CookbookVersion,
    /// How many numbers were written; `~>` leaves the last of them open.
    numbers: usize,
}

impl CookbookConstraint {
    /// Reads a constraint on a cookbook; the empty text is any version.
    ///
    /// # Errors
    /// On an operator that Chef has not (`!=` among them), and on versions that are not two or three numbers.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Self::read(text, 2)
    }

    /// Reads a constraint on a platform's version, which may be one number.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn parse_platform(text: &str) -> Result<Self, ParseError> {
        Self::read(text, 1)
    }

    fn read(text: &str, least: usize) -> Result<Self, ParseError> {
        if text.trim().is_empty() {
            return Ok(Self { operator: Operator::GreaterOrEqual, version: CookbookVersion { major: 0, minor: 0, patch: 0 }, numbers: 3 });
        }
        match constraint(text) {
            Ok((_, (operator, version))) if operator != Some(Operator::NotEqual) => {
                let (version, numbers) = CookbookVersion::read(version, least)?;
                Ok(Self { operator: operator.unwrap_or(Operator::Equal), version, numbers })
            }
            _ => Err(ParseError::on_line(1, format!("`{text}` is no version constraint"))),
        }
    }

    /// Whether `version` is allowed.
    #[must_use]
    pub fn matches(&self, version: &CookbookVersion) -> bool {
        let holds = self.operator.holds(version.cmp(&self.version));
        if self.operator != Operator::Pessimistic {
            return holds;
        }
        holds && version.major == self.version.major && (self.numbers < 3 || version.minor == self.version.minor)
    }
}

impl fmt::Display for CookbookConstraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CookbookVersion { major, minor, patch } = self.version;
        match self.numbers {
            1 => write!(f, "{} {major}", self.operator),
            2 => write!(f, "{} {major}.{minor}", self.operator),
            _ => write!(f, "{} {major}.{minor}.{patch}", self.operator),
        }
    }
}

/// A part of a gem's version. A word comes before every number: `1.0.a` is older than `1.0`.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    /// Digits without leading zeros; empty for 0, of any length.
    Number(String),
    Word(String),
}

impl Segment {
    fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
            (Self::Word(a), Self::Word(b)) => a.cmp(b),
            (Self::Word(_), Self::Number(_)) => Ordering::Less,
            (Self::Number(_), Self::Word(_)) => Ordering::Greater,
        }
    }

    fn is_zero(&self) -> bool {
        matches!(self, Self::Number(digits) if digits.is_empty())
    }
}

/// A gem's version, ordered as `Gem::Version#<=>` does: `1.0` equals `1`, `1.0.rc1` comes before `1.0`.
#[derive(Debug, Clone)]
pub struct GemVersion {
    text: String,
    segments: Vec<Segment>,
}

impl GemVersion {
    /// Whether it has a letter in it.
    #[must_use]
    pub fn is_prerelease(&self) -> bool {
        self.segments.iter().any(|segment| matches!(segment, Segment::Word(_)))
    }

    /// The number at `index`: 6 of `6.1.7` at 0.
    #[must_use]
    pub fn number(&self, index: usize) -> Option<u64> {
        match self.segments.get(index)? {
            Segment::Number(digits) if digits.is_empty() => Some(0),
            Segment::Number(digits) => digits.parse().ok(),
            Segment::Word(_) => None,
        }
    }

    fn from_segments(text: String, segments: Vec<Segment>) -> Self {
        Self { text, segments }
    }

    /// Without the letters and what follows them.
    fn release(&self) -> Self {
        let segments = self.segments.iter().take_while(|segment| matches!(segment, Segment::Number(_))).cloned().collect();
        Self::from_segments(String::new(), segments)
    }

    /// The version before which `~>` stops: `2` for `1.2`, `1.3` for `1.2.3`.
    fn bump(&self) -> Self {
        let mut segments = self.release().segments;
        if segments.len() > 1 {
            segments.pop();
        }
        if let Some(Segment::Number(last)) = segments.last_mut() {
            *last = successor(last);
        }
        Self::from_segments(String::new(), segments)
    }

    /// Segments without the zeros at the end of the numbers and at the end of the whole.
    fn canonical(&self) -> Vec<&Segment> {
        let split = self.segments.iter().position(|segment| matches!(segment, Segment::Word(_))).unwrap_or(self.segments.len());
        let (numbers, words) = self.segments.split_at(split);
        let strip = |part: &[Segment]| part.iter().rposition(|segment| !segment.is_zero()).map_or(0, |at| at + 1);
        numbers[..strip(numbers)].iter().chain(&words[..strip(words)]).collect()
    }
}

/// One more, in decimal digits.
fn successor(digits: &str) -> String {
    let mut all: Vec<u8> = digits.bytes().collect();
    for digit in all.iter_mut().rev() {
        if *digit == b'9' {
            *digit = b'0';
        } else {
            *digit += 1;
            return all.into_iter().map(char::from).collect();
        }
    }
    std::iter::once('1').chain(all.into_iter().map(char::from)).collect()
}

impl FromStr for GemVersion {
    type Err = ParseError;

    /// `Gem::Version::VERSION_PATTERN`; the empty text is 0, and `-` is `.pre.`.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let trimmed = text.trim();
        let wrong = || ParseError::on_line(1, format!("`{text}` is no version of a gem"));
        let (numbers, prerelease) = trimmed.split_once('-').map_or((trimmed, None), |(numbers, rest)| (numbers, Some(rest)));
        let alphanumeric = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let well_formed = numbers.split('.').all(alphanumeric)
            && numbers.split('.').next().is_some_and(|first| first.bytes().all(|byte| byte.is_ascii_digit()))
            && prerelease.is_none_or(|rest| {
                rest.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
            });
        if !well_formed && !trimmed.is_empty() {
            return Err(wrong());
        }
        let mut segments = Vec::new();
        let whole = if trimmed.is_empty() { "0".to_owned() } else { trimmed.replace('-', ".pre.") };
        let mut rest = whole.as_str();
        while let Some(first) = rest.chars().next() {
            let digits = first.is_ascii_digit();
            let end = rest.find(|c: char| c.is_ascii_digit() != digits || c == '.').unwrap_or(rest.len());
            if first == '.' {
                rest = &rest[1..];
                continue;
            }
            let (part, after) = rest.split_at(end.max(1));
            segments.push(if digits { Segment::Number(part.trim_start_matches('0').to_owned()) } else { Segment::Word(part.to_owned()) });
            rest = after;
        }
        Ok(Self::from_segments(trimmed.to_owned(), segments))
    }
}

impl Ord for GemVersion {
    fn cmp(&self, other: &Self) -> Ordering {
        let (left, right) = (self.canonical(), other.canonical());
        let zero = Segment::Number(String::new());
        let length = left.len().max(right.len());
        let left = left.into_iter().chain(std::iter::repeat(&zero));
        let right = right.into_iter().chain(std::iter::repeat(&zero));
        left.zip(right).take(length).map(|(left, right)| left.order(right)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

impl PartialOrd for GemVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for GemVersion {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for GemVersion {}

impl fmt::Display for GemVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What a gem's version must be: all of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Operators and versions.
    pub parts: Vec<(Operator, GemVersion)>,
}

impl Requirement {
    /// Reads `~> 1.2, >= 1.2.4`; the empty text is any version.
    ///
    /// # Errors
    /// When a member is no constraint.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        if text.trim().is_empty() {
            return Ok(Self { parts: Vec::new() });
        }
        let mut parts = Vec::new();
        for member in text.split(',') {
            match constraint(member) {
                Ok((_, (operator, version))) if !version.is_empty() => parts.push((operator.unwrap_or(Operator::Equal), version.parse()?)),
                _ => return Err(ParseError::on_line(1, format!("`{}` is no version constraint", member.trim()))),
            }
        }
        Ok(Self { parts })
    }

    /// Whether `version` is allowed by every part.
    #[must_use]
    pub fn matches(&self, version: &GemVersion) -> bool {
        self.parts.iter().all(|(operator, wanted)| {
            operator.holds(version.cmp(wanted)) && (*operator != Operator::Pessimistic || version.release() < wanted.bump())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookbook_constraints() {
        let cases = [
            ("~> 1.2", "1.2.0", true),
            ("~> 1.2", "1.9.9", true),
            ("~> 1.2", "2.0.0", false),
            ("~> 1.2", "1.1.9", false),
            ("~> 1.2.3", "1.2.9", true),
            ("~> 1.2.3", "1.3.0", false),
            ("~>1.2.3", "1.2.2", false),
            (">= 1.0", "1.0", true),
            ("> 1.0", "1.0.1", true),
            ("< 2.0.0", "1.99.99", true),
            ("<= 2.0", "2.0.1", false),
            ("= 1.2", "1.2.0", true),
            ("1.2.3", "1.2.3", true),
            ("1.2.3", "1.2.4", false),
            ("", "0.0.1", true),
        ];
        for (constraint, version, expected) in cases {
            assert_eq!(
                CookbookConstraint::parse(constraint).unwrap().matches(&version.parse().unwrap()),
                expected,
                "{constraint} {version}"
            );
        }
        for text in ["!= 1.0", "~> 1", "1", "=> 1.0", "1.2.3.4", "1.x", "~> ", "1.0-rc", "1..2"] {
            assert!(CookbookConstraint::parse(text).is_err(), "{text}");
        }
        let platform = CookbookConstraint::parse_platform("~> 12").unwrap();
        assert!(platform.matches(&CookbookVersion { major: 12, minor: 4, patch: 0 }));
        assert!(!platform.matches(&CookbookVersion { major: 14, minor: 4, patch: 0 }));
        assert_eq!(CookbookConstraint::parse("~>1.2").unwrap().to_string(), "~> 1.2");
    }

    /// Each pair is in the order that `Gem::Version` of RubyGems 3.3 puts it.
    #[test]
    fn gem_versions_in_order() {
        let ascending = [
            "0.9",
            "1.0.a",
            "1.0.a.2",
            "1.0.b1",
            "1.0-rc1",
            "1.0.pre",
            "1",
            "1.0.1",
            "1.2.b1",
            "1.2",
            "1.10",
            "1.10.0.1",
            "2.a",
            "2",
            "99999999999999999999",
        ];
        for pair in ascending.windows(2) {
            assert!(pair[0].parse::<GemVersion>().unwrap() < pair[1].parse().unwrap(), "{pair:?}");
        }
        for (a, b) in [("1.0", "1"), ("1.0.0.a.0", "1.a"), ("01.2", "1.2"), ("", "0")] {
            assert_eq!(a.parse::<GemVersion>().unwrap(), b.parse::<GemVersion>().unwrap(), "{a} {b}");
        }
        for text in ["a", "1..2", "1.", "1 2", "1.2_3", "1-", "v1"] {
            assert!(text.parse::<GemVersion>().is_err(), "{text}");
        }
    }

    #[test]
    fn gem_requirements() {
        let cases = [
            ("~> 6.1.4", "6.1.7.1", true),
            ("~> 6.1.4", "6.2", false),
            ("~> 6.1", "6.9", true),
            ("~> 6.1", "7.0.a", false),
            ("~> 1", "1.9", true),
            ("~> 1", "2", false),
            ("~> 1.9", "1.10", true),
            ("~> 1.2.a", "1.2", true),
            (">= 1.0, < 3", "2.2.6", true),
            (">= 1.0, < 3", "3.0", false),
            ("!= 1.5", "1.5.0", false),
            ("1.5", "1.5.0", true),
            ("", "0.1", true),
            ("> 1.0.a", "1.0", true),
        ];
        for (requirement, version, expected) in cases {
            assert_eq!(Requirement::parse(requirement).unwrap().matches(&version.parse().unwrap()), expected, "{requirement} {version}");
        }
        for text in [">= ", "~> x", "=> 1", "1,,2"] {
            assert!(Requirement::parse(text).is_err(), "{text}");
        }
    }
}
