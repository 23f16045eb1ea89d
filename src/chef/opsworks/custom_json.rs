//! Custom JSON of stacks and layers: a string with JSON in the API's answers, an object in templates; node attributes in either case.

use crate::diagnostic::Diagnostic;
use crate::graph::Datum;
use crate::source::SourceMap;

use super::document::{Node, Value};
use super::json;
use super::merge::empty;

/// The `CustomJson` member of `node` as a map of attributes, secrets marked. What is no JSON object is a diagnostic and counts as empty.
pub fn read(node: &Node, sources: &SourceMap, what: &str, diagnostics: &mut Vec<Diagnostic>) -> Datum {
    let Some(member) = node.get("CustomJson") else { return empty() };
    let parsed = match &member.value {
        Value::Text(text) => match text.known() {
            Some(text) if text.trim().is_empty() => return empty(),
            // Every value inside stands where the string stands: its line breaks are escaped.
            Some(text) => json::parse(text, &|_, _| member.span).map_err(|failure| {
                let line = text[..failure.offset].matches('\n').count() + 1;
                let column = text[..failure.offset].rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
                format!("{what} is no JSON: {} (line {line}, column {column} of it)", failure.message)
            }),
            None => Err(format!("{what} is not known: it is put together when the template is deployed")),
        },
        _ => Ok(member.clone()),
    };
    let problem = match parsed {
        Ok(parsed) if parsed.map().is_some() => return parsed.datum(sources, "node", what),
        Ok(_) => format!("{what} is no JSON object"),
        Err(problem) => problem,
    };
    let mut diagnostic =
        Diagnostic::error("S012", problem).help("correct the JSON in the export: its attributes are missing from every run");
    diagnostic.span = member.span;
    diagnostics.push(diagnostic);
    empty()
}
