//! An audit as annotations of GitHub Actions: `::error file=recipes/default.rb,line=3,title=A101 node-set::…`.
//!
//! What the baseline knows is left out. Paths are those below the repository, or below `prefix` where it lies deeper in the checkout.

use super::{Audit, Severity};

/// The annotations; the repositories' folders within the checkout, in the same order, are `folders`.
#[must_use]
pub fn annotations(audit: &Audit, folders: &[String]) -> String {
    let mut out = String::new();
    for (index, repository) in audit.repositories.iter().enumerate() {
        let folder = folders.get(index).map_or("", String::as_str);
        if let Some(why) = &repository.failure {
            out.push_str(&format!("::error title=not audited::{}\n", data(&format!("{}: {why}", repository.name))));
        }
        for one in repository.findings.iter().filter(|one| !one.known) {
            let command = match one.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            let path = property(&format!("{folder}{}", one.path));
            let title = property(&format!("{} {}", one.code, one.rule));
            out.push_str(&format!("::{command} file={path},line={},title={title}::{}\n", one.line, data(&one.message)));
        }
        for file in &repository.unread {
            let path = property(&format!("{folder}{}", file.path));
            out.push_str(&format!("::warning file={path},line={},title=not read::{}\n", file.line.unwrap_or(1), data(&file.why)));
        }
    }
    out
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
