//! Figures over findings: totals, effort, what to do first, secrets to make anew, what is past its end.
//!
//! In: [`Finding`]s. Out: [`Totals`], [`Effort`], [`First`], [`Secret`], [`Past`].

use std::collections::{BTreeMap, BTreeSet};

use super::{Cookbook, Effort, Finding, First, Past, Range, Severity, State, Totals};
use crate::audit::words;
use crate::facts::end;

/// How many things to do first.
const FIRST: usize = 10;
/// How many places of each.
const PLACES: usize = 3;

/// The figures of one repository.
#[must_use]
pub fn totals(findings: &[Finding], cookbooks: &[Cookbook], files: usize, allowed: usize) -> Totals {
    let of = |severity| findings.iter().filter(|one| one.severity == severity).count();
    let recipes = |state| cookbooks.iter().flat_map(|cookbook| &cookbook.recipes).filter(|recipe| recipe.state == state).count();
    let mut categories = BTreeMap::new();
    for one in findings {
        *categories.entry(one.category).or_default() += 1;
    }
    Totals {
        repositories: 1,
        broken: 0,
        files,
        cookbooks: cookbooks.len(),
        ready: recipes(State::Ready),
        manual: recipes(State::Manual),
        blocked: recipes(State::Blocked),
        errors: of(Severity::Error),
        warnings: of(Severity::Warning),
        notes: of(Severity::Note),
        allowed,
        known: findings.iter().filter(|one| one.known).count(),
        categories,
        effort: effort(findings),
    }
}

/// The work of `findings`.
fn effort(findings: &[Finding]) -> Effort {
    let mut effort = Effort::default();
    let mut seen = BTreeSet::new();
    for one in findings {
        let range = match one.effort {
            "trivial" => &mut effort.trivial,
            "small" => &mut effort.small,
            "medium" => &mut effort.medium,
            _ => &mut effort.large,
        };
        range.most += 1;
        // Forty reads of one attribute in a file are one edit, and a base system is chosen once however many instances name it.
        let place = if one.category == "eol" { "" } else { one.path.as_str() };
        range.least += usize::from(one.confidence == "high" && seen.insert((one.rule, place, one.message.as_str())));
        effort.fixable += usize::from(one.fixable);
    }
    effort
}

impl Totals {
    /// Adds the figures of another repository.
    pub fn add(&mut self, other: &Self) {
        self.repositories += other.repositories;
        self.broken += other.broken;
        self.files += other.files;
        self.cookbooks += other.cookbooks;
        self.ready += other.ready;
        self.manual += other.manual;
        self.blocked += other.blocked;
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.notes += other.notes;
        self.allowed += other.allowed;
        self.known += other.known;
        for (category, count) in &other.categories {
            *self.categories.entry(category).or_default() += count;
        }
        self.effort.trivial.add(other.effort.trivial);
        self.effort.small.add(other.effort.small);
        self.effort.medium.add(other.effort.medium);
        self.effort.large.add(other.effort.large);
        self.effort.fixable += other.effort.fixable;
    }
}

impl Range {
    fn add(&mut self, other: Self) {
        self.least += other.least;
        self.most += other.most;
    }

    /// `3–5`, or `5` where they are the same.
    #[must_use]
    pub fn words(self) -> String {
        if self.least == self.most { self.most.to_string() } else { format!("{}–{}", self.least, self.most) }
    }
}

impl Effort {
    /// `12 of one line, 3–5 of a few lines, 1 of several files or a decision, 2 that change how the system is made`
    #[must_use]
    pub fn words(&self) -> String {
        let classes = [
            (self.trivial, "of one line"),
            (self.small, "of a few lines"),
            (self.medium, "of several files or a decision"),
            (self.large, "that change how the system is made"),
        ];
        let said: Vec<String> =
            classes.iter().filter(|(range, _)| range.most > 0).map(|(range, what)| format!("{} {what}", range.words())).collect();
        if said.is_empty() { "none".to_owned() } else { said.join(", ") }
    }
}

/// What to do first: errors before warnings, secrets and open doors before the rest, the sure and the cheap before the others.
#[must_use]
pub fn first(findings: &[Finding]) -> Vec<First> {
    let mut by_rule: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    findings
        .iter()
        .filter(|one| one.severity > Severity::Note && !one.known)
        .for_each(|one| by_rule.entry(one.code).or_default().push(one));
    let mut list: Vec<First> = by_rule
        .values()
        .filter_map(|found| {
            let one = found.first()?;
            Some(First {
                code: one.code,
                rule: one.rule,
                title: words::find(one.rule)?.title,
                severity: one.severity,
                category: one.category,
                effort: one.effort,
                count: found.len(),
                places: found.iter().take(PLACES).map(|one| format!("{}:{}", one.path, one.line)).collect(),
            })
        })
        .collect();
    let rank = |one: &First| words::find(one.rule).map(|rule| (std::cmp::Reverse(rule.confidence), rule.effort));
    list.sort_by(|one, other| {
        other
            .severity
            .cmp(&one.severity)
            .then_with(|| (other.category == "security").cmp(&(one.category == "security")))
            .then_with(|| rank(one).cmp(&rank(other)))
            .then_with(|| other.count.cmp(&one.count))
    });
    list.truncate(FIRST);
    list
}

/// What the rules found to be past its end of life, each once with its places; of the conversion's `notes` the runtimes that no file
/// names. The platform of a conversion may be assumed: one that is meant stands in a file.
#[must_use]
pub fn past(findings: &[Finding], notes: &[String]) -> Vec<Past> {
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for one in findings.iter().filter(|one| one.rule.starts_with("eol-")) {
        found.entry(&one.message).or_default().push(format!("{}:{}", one.path, one.line));
    }
    let named = |subject: &str| found.keys().any(|what| what.strip_prefix(subject).is_some_and(|rest| rest.starts_with([' ', '.'])));
    let ended = |note: &&String| {
        let subject = note.split_once(" has had no updates since").map(|(subject, _)| subject);
        subject.is_some_and(|subject| !end::is_platform(subject) && !named(subject))
    };
    for note in notes.iter().filter(ended).collect::<Vec<_>>() {
        found.entry(note).or_default();
    }
    found.into_iter().map(|(what, places)| Past { what: what.to_owned(), places }).collect()
}
