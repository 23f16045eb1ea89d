//! A conversion as one JSON document: for CI, and for whoever wants to count.
//!
//! In: an [`Outcome`], its findings, and the caller's account of the written files. Out: text with stable field names.

use serde::Serialize;

use crate::diagnostic::Severity;
use crate::outcome::{Disposition, Outcome};
use crate::report::accounting::{Account, Row};
use crate::report::diagnostics::{Finding, count};
use crate::report::mask::Masker;

/// The document. `files` is what became of the output, file by file.
#[derive(Debug, Serialize)]
struct Document<'a, F: Serialize> {
    program: &'static str,
    version: &'static str,
    notes: Vec<String>,
    accounting: Vec<Row>,
    tasks: Vec<Task>,
    dispositions: Vec<Disposition>,
    diagnostics: &'a [Finding],
    errors: usize,
    warnings: usize,
    files: &'a [F],
}

#[derive(Debug, Serialize)]
struct Task {
    what: String,
    why: String,
    origin: Vec<String>,
}

/// The JSON text, with a newline at its end.
#[must_use]
pub fn render<F: Serialize>(outcome: &Outcome, findings: &[Finding], files: &[F], masker: &Masker) -> String {
    let counts = count(findings);
    let of = |severity: Severity| counts.iter().find(|(other, _)| *other == severity).map_or(0, |(_, count)| *count);
    let words = |text: &String| masker.words(text);
    let disposition = |one: &Disposition| Disposition {
        name: masker.words(&one.name),
        why: masker.words(&one.why),
        conditions: one.conditions.iter().map(words).collect(),
        ..one.clone()
    };
    let document = Document {
        program: "ekiben",
        version: env!("CARGO_PKG_VERSION"),
        notes: outcome.notes.iter().map(words).collect(),
        accounting: Account::of(outcome).rows,
        tasks: outcome
            .blueprint
            .tasks
            .iter()
            .map(|task| Task {
                what: masker.words(&task.what),
                why: masker.words(&task.why),
                origin: task.origin.iter().map(|origin| origin.location.to_string()).collect(),
            })
            .collect(),
        dispositions: outcome.dispositions.iter().map(disposition).collect(),
        diagnostics: findings,
        errors: of(Severity::Error),
        warnings: of(Severity::Warning),
        files,
    };
    serde_json::to_string_pretty(&document).map(|text| text + "\n").unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Fate;

    #[test]
    fn the_field_names_are_stable() {
        let outcome =
            Outcome { dispositions: vec![super::super::accounting::tests::disposition("a", 1, Fate::Host)], ..Outcome::default() };
        let text = render::<()>(&outcome, &[], &[], &Masker::default());
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let keys: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(
            keys,
            ["program", "version", "notes", "accounting", "tasks", "dispositions", "diagnostics", "errors", "warnings", "files"]
        );
        assert_eq!(value["dispositions"][0]["fate"], "host");
        assert_eq!(value["accounting"][0]["total"], 1);
    }
}
