//! The account: how many resources, schedule entries and processes met which fate.
//!
//! In: an [`Outcome`]. Out: [`Account`], whose rows add up to what there was, and diagnostics where something has no disposition.
//! `resources   translated 42   absorbed 7   …   total 61`.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::outcome::{Fate, Outcome, Subject};

/// The subjects, in the order of the table.
const SUBJECTS: [(Subject, &str); 3] =
    [(Subject::Resource, "resources"), (Subject::Schedule, "schedule entries"), (Subject::Process, "processes")];

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// What is counted.
    #[serde(rename = "subject")]
    pub name: &'static str,
    /// It is in the output.
    pub translated: usize,
    /// The base image or target does it.
    pub absorbed: usize,
    /// A host's or cluster's concern.
    pub host: usize,
    /// For a person.
    pub manual: usize,
    /// Does not run.
    pub skipped: usize,
    /// Not understood.
    pub unknown: usize,
    /// All of them, counted by themselves.
    pub total: usize,
}

impl Row {
    /// The numbers in the order of [`Fate::ALL`].
    #[must_use]
    pub fn counts(&self) -> [usize; 6] {
        Fate::ALL.map(|fate| match fate {
            Fate::Translated => self.translated,
            Fate::Absorbed => self.absorbed,
            Fate::Host => self.host,
            Fate::Manual => self.manual,
            Fate::Skipped => self.skipped,
            Fate::Unknown => self.unknown,
        })
    }

    /// Whether the fates add up to the total.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.counts().iter().sum::<usize>() == self.total
    }
}

/// The table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// One row for each subject.
    pub rows: Vec<Row>,
}

impl Account {
    /// The account of `outcome`.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Self {
        let row = |(subject, name): (Subject, &'static str)| {
            let counts = outcome.accounting(subject);
            let count = |fate: Fate| counts.iter().find(|(other, _)| *other == fate).map_or(0, |(_, count)| *count);
            Row {
                name,
                translated: count(Fate::Translated),
                absorbed: count(Fate::Absorbed),
                host: count(Fate::Host),
                manual: count(Fate::Manual),
                skipped: count(Fate::Skipped),
                unknown: count(Fate::Unknown),
                total: outcome.dispositions.iter().filter(|one| one.subject == subject).count(),
            }
        };
        Self { rows: SUBJECTS.map(row).into() }
    }

    /// The table for the terminal.
    #[must_use]
    pub fn text(&self) -> String {
        let mut lines =
            vec![std::iter::once(String::new()).chain(Fate::ALL.map(|fate| fate.name().to_owned())).chain(["total".to_owned()]).collect()];
        for row in &self.rows {
            let numbers = row.counts().into_iter().chain([row.total]).map(|count| count.to_string());
            lines.push(std::iter::once(row.name.to_owned()).chain(numbers).collect::<Vec<String>>());
        }
        let columns = lines.first().map_or(0, Vec::len);
        let widths: Vec<usize> =
            (0..columns).map(|column| lines.iter().filter_map(|line| line.get(column)).map(String::len).max().unwrap_or(0)).collect();
        let cell = |(column, (text, width)): (usize, (&String, &usize))| {
            if column == 0 { format!("{text:width$}") } else { format!("  {text:>width$}") }
        };
        lines.iter().map(|line| line.iter().zip(&widths).enumerate().map(cell).collect::<String>() + "\n").collect()
    }
}

/// What is wrong with the account of `outcome`: a fault of ekiben itself, said rather than hidden.
#[must_use]
pub fn check(outcome: &Outcome) -> Vec<Diagnostic> {
    let help = "report it with the folder that was converted";
    let mut diagnostics = Vec::new();
    for row in Account::of(outcome).rows.iter().filter(|row| !row.adds_up()) {
        diagnostics.push(Diagnostic::error("C090", format!("the account of the {} does not add up", row.name)).help(help));
    }
    let of = |subject: Subject| outcome.dispositions.iter().filter(move |one| one.subject == subject);
    let places: BTreeSet<(&str, u32)> =
        of(Subject::Resource).filter_map(|one| one.location.as_ref()).map(|at| (at.path.as_str(), at.line)).collect();
    let mut missing = BTreeSet::new();
    for resource in outcome.graph.runs.iter().flat_map(|run| &run.resources) {
        let Some(at) = &resource.declared_at else { continue };
        if !places.contains(&(at.path.as_str(), at.line)) {
            missing.insert((at, format!("{}[{}]", resource.kind, resource.name)));
        }
    }
    for (at, name) in missing {
        let message = format!("`{name}` in line {} has no disposition", at.line);
        diagnostics.push(Diagnostic::error("C091", message).in_file(at.path.clone()).help(help));
    }
    for (subject, name, count) in [
        (Subject::Schedule, "schedule entries", outcome.blueprint.schedules.len()),
        (Subject::Process, "processes", outcome.blueprint.processes.len()),
    ] {
        let accounted = of(subject).count();
        if accounted == 0 && count > 0 {
            diagnostics.push(Diagnostic::error("C092", format!("{count} {name} were converted, but none has a disposition")).help(help));
        }
    }
    diagnostics
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::outcome::Disposition;
    use crate::source::Location;

    /// A disposition of a resource.
    pub fn disposition(name: &str, line: u32, fate: Fate) -> Disposition {
        Disposition {
            subject: Subject::Resource,
            name: name.to_owned(),
            recipe: "web::default".to_owned(),
            location: Some(Location { path: "web/recipes/default.rb".to_owned(), line, column: 1 }),
            fate,
            to: vec!["Dockerfile:3".to_owned()],
            ends_in: Vec::new(),
            why: "because of `a|b`".to_owned(),
            contexts: vec!["production/web/Setup".to_owned()],
            conditions: Vec::new(),
        }
    }

    /// `package[name]` declared in that line.
    pub fn resource(name: &str, line: u32) -> crate::graph::Resource {
        crate::graph::Resource {
            kind: "package".to_owned(),
            name: name.into(),
            actions: vec!["install".to_owned()],
            properties: indexmap::IndexMap::new(),
            guards: Vec::new(),
            notifies: Vec::new(),
            subscribes: Vec::new(),
            conditions: Vec::new(),
            cookbook: "web".to_owned(),
            recipe: "default".to_owned(),
            declared_at: Some(Location { path: "web/recipes/default.rb".to_owned(), line, column: 1 }),
            within: None,
            status: crate::graph::Status::Run,
            sensitive: false,
            notified: false,
            ran: Vec::new(),
        }
    }

    /// A run with those resources.
    pub fn run(resources: Vec<crate::graph::Resource>) -> crate::graph::Run {
        crate::graph::Run {
            environment: 0,
            layer: "web".to_owned(),
            event: crate::graph::Lifecycle::Setup,
            run_list: vec!["web::default".to_owned()],
            resources,
            files: std::collections::BTreeMap::new(),
            error: None,
            time_zone: None,
        }
    }

    #[test]
    fn the_rows_add_up() {
        let outcome = Outcome {
            dispositions: vec![
                disposition("a", 1, Fate::Translated),
                disposition("b", 2, Fate::Unknown),
                disposition("c", 3, Fate::Translated),
            ],
            ..Outcome::default()
        };
        let account = Account::of(&outcome);
        assert_eq!(account.rows[0].counts(), [2, 0, 0, 0, 0, 1]);
        assert!(account.rows.iter().all(Row::adds_up));
        assert!(!Row { total: 9, ..account.rows[0].clone() }.adds_up());
        let text = account.text();
        assert!(
            text.lines().nth(1).is_some_and(|line| line.split_whitespace().eq(["resources", "2", "0", "0", "0", "0", "1", "3"])),
            "{text}"
        );
    }

    #[test]
    fn a_resource_without_a_disposition_is_said() {
        let mut outcome = Outcome { dispositions: vec![disposition("package[nginx]", 4, Fate::Translated)], ..Outcome::default() };
        outcome.graph.runs.push(run(vec![resource("nginx", 4), resource("git", 5), resource("git", 5)]));
        let said = check(&outcome);
        assert_eq!(said.len(), 1);
        assert!(said[0].message.contains("`package[git]` in line 5"));
    }
}
