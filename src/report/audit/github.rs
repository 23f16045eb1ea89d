//! An audit as annotations of GitHub Actions: `::error file=recipes/default.rb,line=3,title=A101 node-set::…`.
//!
//! What the baseline knows is left out. Paths are those below the repository, or below its folder where it lies deeper in the checkout.
//! GitHub shows ten of a kind for a step: where there are more, the first line says so.

use super::{Audit, Severity};

/// How many errors, warnings and notices GitHub shows of a step.
const SHOWN: usize = 10;

/// The annotations; the repositories' folders within the checkout, in the same order, are `folders`.
#[must_use]
pub fn annotations(audit: &Audit, folders: &[String]) -> String {
    let mut lines: Vec<(&str, String)> = Vec::new();
    for (index, repository) in audit.plain().repositories.iter().enumerate() {
        let folder = folders.get(index).map_or("", String::as_str);
        if let Some(why) = &repository.failure {
            lines.push(("error", format!("title=not audited::{}", data(&format!("{}: {why}", repository.name)))));
        }
        for one in repository.findings.iter().filter(|one| !one.known) {
            let command = match one.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            let path = property(&format!("{folder}{}", one.path));
            lines.push((command, format!("file={path},line={},title={} {}::{}", one.line, one.code, one.rule, data(&one.message))));
        }
        for file in &repository.unread {
            let path = property(&format!("{folder}{}", file.path));
            let line = file.line.map(|line| format!(",line={line}")).unwrap_or_default();
            lines.push(("warning", format!("file={path}{line},title=not read::{}", data(&file.why))));
        }
    }
    let lines_of = |kind: &str| lines.iter().filter(|(command, _)| *command == kind).count();
    let counts = ["error", "warning", "notice"].map(|kind| (lines_of(kind), kind));
    let more = counts.iter().any(|(count, _)| *count > SHOWN).then(|| {
        let said = counts.map(|(count, kind)| format!("{count} {kind}{}", if count == 1 { "" } else { "s" })).join(", ");
        format!("::notice title=ekiben audit::{said}; GitHub shows {SHOWN} of a kind for a step, the log has them all\n")
    });
    more.into_iter().chain(lines.iter().map(|(command, rest)| format!("::{command} {rest}\n"))).collect()
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn what_ends_a_field_is_escaped() {
        assert_eq!(data("100 %\nnext"), "100 %25%0Anext");
        assert_eq!(property("a:b,c"), "a%3Ab%2Cc");
    }
}
