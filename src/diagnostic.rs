//! What the program has to say about its input: code, severity, place, message, and a way out.
//!
//! Codes are stable: `S…` syntax, `C…` conversion, `A…` audit. The wording stands beside the check that finds the fault.

use crate::source::Span;

/// How bad a [`Diagnostic`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing is lost.
    Note,
    /// Something will behave otherwise than Chef did unless a person looks.
    Warning,
    /// Something of the input could not be understood.
    Error,
}

/// One finding about the input.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// Stable code, such as `S001`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Lower case, code in backticks, no full stop.
    pub message: String,
    /// The place; `None` where the input as a whole is meant.
    pub span: Option<Span>,
    /// The path, when there is a file but no span in it (binary, unreadable).
    pub path: Option<String>,
    /// What to do, in the imperative.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error with `code` and `message`.
    #[must_use]
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    /// A warning with `code` and `message`.
    #[must_use]
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message)
    }

    /// A note with `code` and `message`.
    #[must_use]
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Note, message)
    }

    fn new(code: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self { code, severity, message: message.into(), span: None, path: None, help: None }
    }

    /// With the place it is about.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// With the file it is about, where there is no span.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// With a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
