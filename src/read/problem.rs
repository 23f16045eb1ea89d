//! What a small language's parser could not read: line, column, message. Nothing is said about files here.
//!
//! `* * * *` in a crontab gives `Problem { line: 3, column: 1, message: "expected five time fields and a command" }`.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

/// One place of a text that could not be read; the rest of the text was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line of the text, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Lower case, code in backticks, no full stop.
    pub message: String,
}

impl Problem {
    /// A problem at a line, column 1.
    #[must_use]
    pub fn on_line(line: u32, message: impl Into<String>) -> Self {
        Self { line, column: 1, message: message.into() }
    }

    /// The problem as a warning `S100` about `file`. `text` is what was parsed, and stands in the file from byte `start` on;
    /// a rendered text that has no place in a file is given the span of whatever rendered it by the caller instead.
    #[must_use]
    pub fn diagnostic(&self, file: FileId, start: usize, text: &str) -> Diagnostic {
        self.in_lines(file, start, &line_starts(text), text)
    }

    /// [`Self::diagnostic`] of all of them; the lines of `text` are counted once.
    #[must_use]
    pub fn diagnostics(problems: &[Self], file: FileId, start: usize, text: &str) -> Vec<Diagnostic> {
        let starts = line_starts(text);
        problems.iter().map(|problem| problem.in_lines(file, start, &starts, text)).collect()
    }

    fn in_lines(&self, file: FileId, start: usize, starts: &[usize], text: &str) -> Diagnostic {
        let index = usize::try_from(self.line.saturating_sub(1)).unwrap_or(usize::MAX);
        let line_start = starts.get(index).copied().unwrap_or(text.len());
        let line = text.get(line_start..).unwrap_or("").lines().next().unwrap_or("");
        let columns = usize::try_from(self.column.saturating_sub(1)).unwrap_or(0);
        let within: usize = line.chars().take(columns).map(char::len_utf8).sum();
        let span = Span::new(file, start + line_start + within, start + line_start + line.len().max(within));
        Diagnostic::warning("S100", self.message.clone()).at(span)
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

/// Why a one-line text (or a text that is read whole or not at all) was not read.
pub type ParseError = Problem;

/// A value as it is written, and what it means where that could be told (a placeholder of an unknown has no meaning yet).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<T> {
    /// The characters in the file.
    pub text: String,
    /// What they mean.
    pub value: Option<T>,
    /// Line, from 1.
    pub line: u32,
}

impl<T> Written<T> {
    /// Reads `text` with `read`, pushing a problem when it means nothing although all of it is known.
    pub fn read(text: &str, line: u32, what: &str, problems: &mut Vec<Problem>, read: impl FnOnce(&str) -> Option<T>) -> Self {
        let value = read(text);
        if value.is_none() && !super::lexeme::has_hole(text) {
            problems.push(Problem::on_line(line, format!("`{text}` is no {what}")));
        }
        Self { text: text.to_owned(), value, line }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_span_starts_at_the_column_and_ends_with_the_line() {
        let problem = Problem { line: 2, column: 3, message: "x".to_owned() };
        let span = problem.diagnostic(FileId(4), 100, "ab\nécde\nf").span.unwrap();
        assert_eq!((span.file, span.start, span.end), (FileId(4), 106, 108));
    }

    #[test]
    fn a_line_after_the_end_gives_the_end() {
        let problem = Problem::on_line(9, "x");
        let span = problem.diagnostic(FileId(0), 0, "ab\n").span.unwrap();
        assert_eq!((span.start, span.end), (3, 3));
    }

    #[test]
    fn a_placeholder_is_no_problem() {
        let mut problems = Vec::new();
        let written = Written::read("\u{F0001}", 1, "number", &mut problems, |text| text.parse::<u32>().ok());
        assert_eq!((written.value, problems.len()), (None, 0));
        Written::read("x", 1, "number", &mut problems, |text| text.parse::<u32>().ok());
        assert_eq!(problems.len(), 1);
    }
}
