//! An audit as a table for spreadsheets: a line for each finding, every field in quotes.
//!
//! `"shop","recipes/default.rb","3","A101","node-set","error",…`

use super::Audit;

/// The columns.
const HEAD: &[&str] = &[
    "repository",
    "path",
    "line",
    "code",
    "rule",
    "severity",
    "category",
    "effort",
    "confidence",
    "message",
    "fixable",
    "known",
    "fingerprint",
];

/// The table.
#[must_use]
pub fn csv(audit: &Audit) -> String {
    let audit = &audit.plain();
    let mut out = row(HEAD.iter().map(|name| (*name).to_owned()));
    for repository in &audit.repositories {
        for one in &repository.findings {
            let fields = [
                repository.name.clone(),
                one.path.clone(),
                one.line.to_string(),
                one.code.to_owned(),
                one.rule.to_owned(),
                one.severity.name().to_owned(),
                one.category.to_owned(),
                one.effort.to_owned(),
                one.confidence.to_owned(),
                one.message.clone(),
                one.fixable.to_string(),
                one.known.to_string(),
                one.fingerprint.clone(),
            ];
            out.push_str(&row(fields.into_iter()));
        }
    }
    out
}

fn row(fields: impl Iterator<Item = String>) -> String {
    fields.map(|field| quoted(&field)).collect::<Vec<_>>().join(",") + "\r\n"
}

/// What begins a formula; some spreadsheets take the wide forms as well.
const FORMULA: &[char] = &['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// In quotes; what a spreadsheet would take for a formula is kept from being one.
fn quoted(field: &str) -> String {
    let guard = if field.trim_start().starts_with(FORMULA) || field.starts_with(char::is_control) { "'" } else { "" };
    format!("\"{guard}{}\"", field.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn quotes_are_doubled_and_formulas_are_none() {
        assert_eq!(quoted("a \"b\", c"), "\"a \"\"b\"\", c\"");
        for field in ["=1+1", "+1", "-1", "@a", " =1", "\t=1", "\r", "＝1"] {
            assert_eq!(quoted(field), format!("\"'{field}\""));
        }
    }
}
