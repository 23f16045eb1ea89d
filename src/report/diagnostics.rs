//! Diagnostics in rustc's look: code, place, the line it is about, and a way out.
//!
//! In: [`Diagnostic`]s and the files they point into. Out: text for the terminal, or [`Finding`]s for JSON. Each is said once, in the
//! order of the files; of one code at most [`PER_CODE`] are shown in full.

use std::collections::BTreeMap;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use crate::diagnostic::{Diagnostic, Severity};
use crate::report::mask::{Masker, is_secret_file, names_for_next};
use crate::source::{FileId, Location, SourceFile, SourceMap, Span};

/// How many diagnostics of one code are shown in full.
pub const PER_CODE: usize = 20;

/// Lines longer than this are not shown: generated or minified files.
const LONGEST_LINE: usize = 2000;

/// The files that diagnostics point into, and what must not be shown of them.
#[derive(Clone, Copy)]
pub struct Places<'a> {
    /// What was read.
    pub sources: &'a SourceMap,
    /// What is hidden.
    pub masker: &'a Masker,
}

impl<'a> Places<'a> {
    fn file(&self, id: FileId) -> Option<&'a SourceFile> {
        ((id.0 as usize) < self.sources.len()).then(|| self.sources.file(id))
    }

    /// Where `diagnostic` is, for people: a path alone where it has no span.
    #[must_use]
    pub fn location(&self, diagnostic: &Diagnostic) -> Option<(String, Option<Location>)> {
        let at = diagnostic.span.and_then(|span| {
            let file = self.file(span.file)?;
            let (line, column) = file.line_column(span.start);
            Some(Location { path: file.path.clone(), line, column })
        });
        match (at, &diagnostic.path) {
            (Some(at), _) => Some((at.path.clone(), Some(at))),
            (None, Some(path)) => Some((path.clone(), None)),
            (None, None) => None,
        }
    }
}

/// A diagnostic for programs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The file, relative to the input.
    pub path: Option<String>,
    /// Line, from 1.
    pub line: Option<u32>,
    /// Column in characters, from 1.
    pub column: Option<u32>,
    /// `C101`
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// Every diagnostic once, sorted by place, with the diagnostic it is made from.
fn findings<'a>(diagnostics: &'a [Diagnostic], places: &Places<'_>) -> Vec<(Finding, &'a Diagnostic)> {
    let finding = |diagnostic: &Diagnostic| {
        let (path, at) = places.location(diagnostic).map_or((None, None), |(path, at)| (Some(path), at));
        Finding {
            path,
            line: at.as_ref().map(|at| at.line),
            column: at.as_ref().map(|at| at.column),
            code: diagnostic.code.to_owned(),
            severity: diagnostic.severity,
            message: places.masker.message(&diagnostic.message),
            help: diagnostic.help.as_ref().map(|help| places.masker.message(help)),
        }
    };
    let mut all: Vec<(Finding, &Diagnostic)> = diagnostics.iter().map(|diagnostic| (finding(diagnostic), diagnostic)).collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all.dedup_by(|one, other| one.0 == other.0);
    all
}

/// All diagnostics for programs: each once, sorted by place.
#[must_use]
pub fn list(diagnostics: &[Diagnostic], places: &Places<'_>) -> Vec<Finding> {
    findings(diagnostics, places).into_iter().map(|(finding, _)| finding).collect()
}

/// How many errors, warnings and notes there are, each counted once.
#[must_use]
pub fn count(findings: &[Finding]) -> [(Severity, usize); 3] {
    [Severity::Error, Severity::Warning, Severity::Note]
        .map(|severity| (severity, findings.iter().filter(|finding| finding.severity == severity).count()))
}

/// All diagnostics of at least severity `least`, for the terminal; with colours when `colour`.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], places: &Places<'_>, least: Severity, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut shown: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut text = String::new();
    for (finding, diagnostic) in findings(diagnostics, places).iter().filter(|(finding, _)| finding.severity >= least) {
        let count = shown.entry(diagnostic.code).or_default();
        *count += 1;
        if *count <= PER_CODE {
            text.push_str(&render_one(&renderer, finding, diagnostic, places));
            text.push_str("\n\n");
        }
    }
    let many = shown.iter().filter(|(_, count)| **count > PER_CODE);
    for (code, count) in many {
        text.push_str(&format!("… and {} more of {code}; `--format json` has them all\n\n", count - PER_CODE));
    }
    text
}

fn render_one(renderer: &Renderer, finding: &Finding, diagnostic: &Diagnostic, places: &Places<'_>) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let snippet = diagnostic.span.and_then(|span| snippet(span, places));
    let mut group = Group::with_title(level.primary_title(finding.message.as_str()).id(finding.code.as_str()));
    match (&finding.path, &snippet) {
        (Some(path), Some(Shown { line, text, start, end })) => {
            let source = Snippet::source(text.as_str()).line_start(*line).path(path.as_str());
            group = group.element(source.annotation(AnnotationKind::Primary.span(*start..*end)));
        }
        (Some(path), None) => {
            let mut origin = Origin::path(path.as_str());
            if let (Some(line), Some(column)) = (finding.line, finding.column) {
                origin = origin.line(line as usize).char_column(column as usize);
            }
            group = group.element(origin);
        }
        (None, _) => {}
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let rendered = renderer.render(&[group]);
    // What is hidden moves the rest of its line: the column is the original's.
    match (&finding.path, &snippet, finding.column) {
        (Some(path), Some(shown), Some(column)) => {
            let moved = shown.text[..shown.start].chars().count() + 1;
            let place = format!("{path}:{}:", shown.line);
            rendered.replacen(&format!("{place}{moved}"), &format!("{place}{column}"), 1)
        }
        _ => rendered,
    }
}

/// The first line of a span, as it may be shown.
struct Shown {
    line: usize,
    text: String,
    start: usize,
    end: usize,
}

fn snippet(span: Span, places: &Places<'_>) -> Option<Shown> {
    let file = places.file(span.file).filter(|file| !is_secret_file(&file.path))?;
    let text = file.text();
    let at = (span.start as usize).min(text.len());
    if !text.is_char_boundary(at) {
        return None;
    }
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    let line = &text[start..end];
    if line.trim().is_empty() || line.len() > LONGEST_LINE || is_inside_key(&text[..start]) {
        return None;
    }
    let before = text[..start].trim_end_matches('\n').rsplit('\n').next().unwrap_or_default();
    let masked = places.masker.line(line.trim_end(), names_for_next(before));
    // Control characters could speak to the terminal; what replaces them is as many bytes long.
    let visible = |c: char| match c {
        '\t' => c,
        _ if c.is_control() && c.len_utf8() == 1 => '?',
        _ if c.is_control() => '¿',
        _ => c,
    };
    let shown: String = masked.text.chars().map(visible).collect();
    let from = masked.position(at - start).min(shown.len());
    let to = masked.position((span.end as usize).clamp(at, end) - start).clamp(from, shown.len());
    if !shown.is_char_boundary(from) || !shown.is_char_boundary(to) {
        return None;
    }
    Some(Shown { line: file.line(span.start) as usize, text: shown, start: from, end: to })
}

/// Whether what follows `before` stands inside a private key.
fn is_inside_key(before: &str) -> bool {
    before.rfind("-----BEGIN").is_some_and(|begin| !before[begin..].contains("-----END"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> (SourceMap, FileId) {
        let mut sources = SourceMap::new();
        let id = sources.add_text("recipes/default.rb", "package 'nginx'\napi_password = 'syn-PLANTED-5' do |\n");
        (sources, id)
    }

    #[test]
    fn a_diagnostic_shows_its_line_without_the_secret() {
        let (sources, id) = sources();
        let masker = Masker::default();
        let places = Places { sources: &sources, masker: &masker };
        let text = sources.file(id).text();
        let at = text.find("do |").unwrap_or_default();
        let diagnostic = Diagnostic::error("S001", "syntax error at `do`").at(Span::new(id, at, at + 4)).help("end the block");
        let shown = render(&[diagnostic.clone(), diagnostic], &places, Severity::Note, false);
        let expected = "\
error[S001]: syntax error at `do`
 --> recipes/default.rb:2:32
  |
2 | api_password = '‹hidden›' do |
  |                           ^^^^
  |
  = help: end the block

";
        assert_eq!(shown, expected);
    }

    #[test]
    fn many_of_one_code_are_counted_and_notes_can_be_left_out() {
        let (sources, _) = sources();
        let masker = Masker::default();
        let places = Places { sources: &sources, masker: &masker };
        let many: Vec<Diagnostic> =
            (0..PER_CODE + 3).map(|n| Diagnostic::warning("C001", format!("`{n}` is not read")).in_file("x")).collect();
        let shown = render(&many, &places, Severity::Note, false);
        assert_eq!((shown.matches("warning[C001]").count(), shown.contains("… and 3 more of C001")), (PER_CODE, true));
        assert_eq!(list(&many, &places).len(), PER_CODE + 3);
        assert_eq!(render(&[Diagnostic::note("C004", "large")], &places, Severity::Warning, false), "");
    }

    #[test]
    fn data_bags_keys_and_wrong_spans_show_no_line() {
        let mut sources = SourceMap::new();
        let bag = sources.add_text("data_bags/a/b.json", "the code is bag-PLANTED-8\n");
        let key = sources.add_text("x.rb", "k = '-----BEGIN RSA PRIVATE KEY-----\nshort\n-----END RSA PRIVATE KEY-----'\n");
        let masker = Masker::default();
        let places = Places { sources: &sources, masker: &masker };
        for span in [Span::new(bag, 0, 3), Span::new(key, 38, 40), Span::new(FileId(99), 0, 1), Span::new(bag, 900, 901)] {
            let shown = render(&[Diagnostic::error("S001", "no")], &places, Severity::Note, false)
                + &render(&[Diagnostic::error("S001", "no").at(span)], &places, Severity::Note, false);
            assert!(!shown.contains("PLANTED") && !shown.contains("short"), "{shown}");
        }
    }
}
