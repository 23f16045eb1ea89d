//! Comments that allow findings: `# ekiben: allow(rule, rule) reason` at the end of a line covers that line, alone on a line the next one.

const MARK: &str = "ekiben: allow(";

/// A comment that allows findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// The line it stands on, from 1.
    pub line: u32,
    /// The line it covers.
    pub covers: u32,
    /// The rules it names.
    pub rules: Vec<String>,
    /// The text after the bracket.
    pub reason: String,
}

/// The comments of `text` that allow findings, by line.
#[must_use]
pub fn allowances(text: &str) -> Vec<Allowance> {
    let mut found = Vec::new();
    for (number, line) in (1_u32..).zip(text.lines()) {
        let Some((before, rest)) = line.split_once(MARK) else { continue };
        let Some((rules, reason)) = rest.split_once(')') else { continue };
        let before = before.trim();
        if !before.ends_with(['#', ';', '/', '*']) && !before.ends_with("<!--") {
            continue;
        }
        let alone = matches!(before, "#" | "<%#" | "<%-#" | "//" | ";" | "/*" | "<!--");
        let reason = ["-%>", "%>", "*/", "-->"].iter().fold(reason.trim(), |text, end| text.trim_end_matches(end).trim());
        found.push(Allowance {
            line: number,
            covers: if alone { number.saturating_add(1) } else { number },
            rules: rules.split(',').map(|rule| rule.trim().to_owned()).collect(),
            reason: reason.trim_start_matches([':', '-', ' ']).to_owned(),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::allowances;

    #[test]
    fn a_comment_covers_its_line_or_the_next() {
        let text = "a # ekiben: allow(x)\n  # ekiben: allow(y, z) why\nb\n<%# ekiben: allow(w) old %>\n'ekiben: allow(v)'\n";
        let found = allowances(text);
        let shown: Vec<(u32, u32, String, &str)> =
            found.iter().map(|one| (one.line, one.covers, one.rules.join(" "), one.reason.as_str())).collect();
        assert_eq!(shown, [(1, 1, "x".to_owned(), ""), (2, 3, "y z".to_owned(), "why"), (4, 5, "w".to_owned(), "old")]);
    }
}
