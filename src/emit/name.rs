//! Names that Kubernetes, Compose and registries all accept, made unique in a stable way.

use std::collections::BTreeSet;

/// The longest name of a Service, Deployment or container.
pub const LABEL: usize = 63;
/// The longest name of a `CronJob`: its Jobs get eleven more characters.
pub const CRON_JOB: usize = 52;

/// `text` as a DNS label of at most `longest` characters that begins with a letter; `fallback` where nothing is left.
#[must_use]
pub fn dns_label(text: &str, longest: usize, fallback: &str) -> String {
    let mut label = String::new();
    for character in text.to_lowercase().chars() {
        if character.is_ascii_lowercase() || character.is_ascii_digit() {
            label.push(character);
        } else if !label.is_empty() && !label.ends_with('-') {
            label.push('-');
        }
    }
    let mut label = label.trim_matches('-').to_owned();
    if label.is_empty() {
        fallback.clone_into(&mut label);
    }
    if label.starts_with(|c: char| c.is_ascii_digit()) {
        label.insert_str(0, "x-");
    }
    label.truncate(longest);
    label.trim_end_matches('-').to_owned()
}

/// Gives every name out once.
#[derive(Debug, Default)]
pub struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// Where `reserved` names are taken from the start.
    #[must_use]
    pub fn reserving(reserved: &[&str]) -> Self {
        Self { taken: reserved.iter().map(|name| (*name).to_owned()).collect() }
    }

    /// A DNS label for `wanted` that was not given out before: `worker`, then `worker-2`.
    pub fn give(&mut self, wanted: &str, longest: usize, fallback: &str) -> String {
        let label = dns_label(wanted, longest, fallback);
        let mut name = label.clone();
        let mut number = 1;
        while !self.taken.insert(name.clone()) {
            number += 1;
            let suffix = format!("-{number}");
            let mut stem = label.clone();
            stem.truncate(longest.saturating_sub(suffix.len()));
            name = format!("{}{suffix}", stem.trim_end_matches('-'));
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_legal() {
        assert_eq!(dns_label("Web_Shop", LABEL, "x"), "web-shop");
        assert_eq!(dns_label("--a..b--", LABEL, "x"), "a-b");
        assert_eq!(dns_label("写真", LABEL, "task"), "task");
        assert_eq!(dns_label("2fa", LABEL, "task"), "x-2fa");
        assert_eq!(dns_label(&"a-".repeat(60), 4, "task"), "a-a");
    }

    #[test]
    fn names_are_unique_and_short_enough() {
        let mut names = Names::reserving(&["cron"]);
        assert_eq!(names.give("cron", LABEL, "x"), "cron-2");
        assert_eq!(names.give("web", LABEL, "x"), "web");
        assert_eq!(names.give("Web", LABEL, "x"), "web-2");
        let long = "a".repeat(80);
        assert_eq!(names.give(&long, CRON_JOB, "x").len(), CRON_JOB);
        assert_eq!(names.give(&long, CRON_JOB, "x"), format!("{}-2", "a".repeat(50)));
    }
}
