//! Logical names of a template: letters and digits, unique.
//!
//! In: the layout's names (`sidekiq-default`). Out: `SidekiqDefault`, to which each resource adds what it is: `SidekiqDefaultTask`.

use std::collections::{BTreeMap, BTreeSet};

use crate::emit::layout::Layout;

/// The stem of everything that has resources of its own.
#[derive(Debug, Default)]
pub struct Ids {
    running: BTreeMap<String, String>,
    images: BTreeMap<String, String>,
}

impl Ids {
    /// Stems for all that runs, and for images.
    #[must_use]
    pub fn of(layout: &Layout) -> Self {
        let processes = layout.processes.iter().map(|one| one.name.as_str());
        let others = layout.jobs.iter().map(|one| one.name.as_str()).chain(layout.schedules.iter().map(|one| one.name.as_str()));
        Self { running: stems(processes.chain(others)), images: stems(layout.images.iter().map(|one| one.name.as_str())) }
    }

    /// The stem of a process, job or schedule by its final name.
    #[must_use]
    pub fn running(&self, name: &str) -> String {
        self.running.get(name).cloned().unwrap_or_else(|| camel(name))
    }

    /// The stem of an image by its final name.
    #[must_use]
    pub fn image(&self, name: &str) -> String {
        self.images.get(name).cloned().unwrap_or_else(|| camel(name))
    }
}

fn stems<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<String, String> {
    let mut taken = BTreeSet::new();
    let mut stems = BTreeMap::new();
    for name in names {
        let wanted = camel(name);
        let mut stem = wanted.clone();
        let mut number = 1;
        while !taken.insert(stem.clone()) {
            number += 1;
            stem = format!("{wanted}N{number}");
        }
        stems.insert(name.to_owned(), stem);
    }
    stems
}

/// `sidekiq-default` → `SidekiqDefault`.
fn camel(name: &str) -> String {
    let parts = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let capital = |part: &str| {
        let (first, rest) = part.split_at(1);
        format!("{}{rest}", first.to_ascii_uppercase())
    };
    parts.map(capital).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_are_unique() {
        let stems = stems(["x-1-2", "x-12", "sidekiq-default"].into_iter());
        let all: Vec<&str> = stems.values().map(String::as_str).collect();
        assert_eq!(all, ["SidekiqDefault", "X12", "X12N2"]);
    }
}
