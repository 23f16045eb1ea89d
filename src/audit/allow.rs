//! Comments that allow findings: `# ekiben: allow(rule, rule) reason` at the end of a line covers that line, alone on a line the next one.

use std::collections::{BTreeMap, BTreeSet};

const MARK: &str = "ekiben: allow(";

/// The rules that `text` allows, by line.
#[must_use]
pub fn allowed(text: &str) -> BTreeMap<u32, BTreeSet<String>> {
    let mut lines: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    for (number, line) in (1_u32..).zip(text.lines()) {
        let Some((before, rest)) = line.split_once(MARK) else { continue };
        let Some((rules, _)) = rest.split_once(')') else { continue };
        let before = before.trim();
        if !before.ends_with(['#', ';', '/', '*']) && !before.ends_with("<!--") {
            continue;
        }
        let alone = matches!(before, "#" | "<%#" | "<%-#" | "//" | ";" | "/*" | "<!--");
        let covered = if alone { number.saturating_add(1) } else { number };
        lines.entry(covered).or_default().extend(rules.split(',').map(|rule| rule.trim().to_owned()));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn a_comment_covers_its_line_or_the_next() {
        let lines = allowed("a # ekiben: allow(x)\n  # ekiben: allow(y, z) why\nb\n<%# ekiben: allow(w) %>\n'ekiben: allow(v)'\n");
        let shown: Vec<(u32, Vec<&str>)> = lines.iter().map(|(line, rules)| (*line, rules.iter().map(String::as_str).collect())).collect();
        assert_eq!(shown, [(1, vec!["x"]), (3, vec!["y", "z"]), (5, vec!["w"])]);
    }
}
