//! Scripts of the hosts that only set up the environment and start their arguments.

use std::collections::BTreeMap;

use crate::pass::Input;
use crate::pass::command::Wrappers;

/// Scripts under `bin` folders that only set variables and end in `exec "$@"`, with the environment file they read.
#[must_use]
pub fn wrappers(input: &Input<'_>) -> (Wrappers, BTreeMap<String, usize>) {
    let mut found = Wrappers::new();
    let mut items = BTreeMap::new();
    for file in input.files() {
        let Some(text) = input.text(&file) else { continue };
        let shown = text.to_string();
        let lines: Vec<&str> = shown.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        let ends = lines.last().is_some_and(|line| *line == "exec \"$@\"" || *line == "\"$@\"" || *line == "exec $@" || *line == "$@");
        if ends && shown.starts_with("#!") && lines.len() <= 12 {
            let reads =
                lines.iter().find_map(|line| line.strip_prefix(". ").or_else(|| line.strip_prefix("source "))).unwrap_or("").to_owned();
            found.insert(file.path.to_owned(), reads);
            items.insert(file.path.to_owned(), file.item);
        }
    }
    (found, items)
}
