//! Times in plain English, as the gem `chronic` (0.10) reads them: `4:30 am`, `noon`, `December 31st 11pm`.
//!
//! In: a text and the moment it is read at. Out: a moment, or nothing where Chronic gives `nil`. The zone is UTC.

mod handle;
mod normalize;
mod number;
mod pattern;
mod repeater;
mod token;

/// Which way an ambiguous day lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// Ahead.
    Future,
    /// Behind.
    Past,
    /// The whole of the current one.
    None,
}

/// Which moment of a span is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guess {
    /// Its middle.
    Middle,
    /// Its first.
    Begin,
    /// Its last.
    End,
}

/// Chronic's options.
#[derive(Debug, Clone)]
pub struct Options {
    /// The moment that the text is read at: seconds since 1970.
    pub now: i64,
    /// Where unclear days lie.
    pub context: Context,
    /// Hours are those of a clock of 24.
    pub hours24: Option<bool>,
    /// The hour from which twelve hours an unclear time is taken; `None` for `:none`.
    pub ambiguous: Option<i64>,
    /// `1/2` is the first of February.
    pub little_endian: bool,
    /// How far ahead a year of two digits may lie.
    pub year_bias: i64,
    /// Which moment of the span is given.
    pub guess: Guess,
}

impl Options {
    /// The defaults at the moment `now`.
    #[must_use]
    pub fn new(now: i64) -> Self {
        Self { now, context: Context::Future, hours24: None, ambiguous: Some(6), little_endian: false, year_bias: 50, guess: Guess::Middle }
    }
}

/// A stretch of time: first moment, and the one after it (or last).
pub type Span = (i64, i64);

/// A pattern as Ruby reads it: letters, digits and blanks are ASCII's. Those of all of Unicode cost more to compile than the rest of a run.
fn compiled(pattern: &str) -> Option<fancy_regex::Regex> {
    let classes = [(r"\d", "[0-9]"), (r"\w", "[0-9A-Za-z_]"), (r"\W", "[^0-9A-Za-z_]"), (r"\s", r"[\t-\r ]")];
    let ascii = classes.iter().fold(pattern.to_owned(), |text, (class, members)| text.replace(class, members));
    fancy_regex::Regex::new(&ascii).ok()
}

/// Reads `text`: the moment in seconds since 1970, `None` where Chronic gives `nil`.
///
/// # Errors
/// The message of the `ArgumentError` that Chronic raises.
pub fn parse(text: &str, options: &Options) -> Result<Option<i64>, String> {
    // Longer texts are no times, and some patterns go over them more than once.
    if text.len() > 400 {
        return Ok(None);
    }
    let normal = normalize::normalize(text);
    let mut tokens = token::tokens(&normal, options);
    tokens.retain(|token| !token.tags.is_empty());
    let span = handle::Reader::new(text, options).span(&tokens)?;
    Ok(span.map(|(begin, end)| {
        let width = end.saturating_sub(begin);
        match options.guess {
            Guess::Middle if width > 1 => begin + width.div_euclid(2),
            Guess::End => end,
            _ => begin,
        }
    }))
}
