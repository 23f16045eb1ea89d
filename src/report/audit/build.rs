//! The audit of one folder and of all, put together from what the rules and the evaluation found.
//!
//! In: [`Parts`]. Out: a [`Repository`]; with [`whole`] an [`Audit`]. Nothing is read or evaluated here.

use super::finding::{Lines, is_secret, report};
use super::recipes::{Grounds, cookbooks};
use super::secret::Known;
use super::{Allowed, Audit, Knowledge, Repository, Secret, Totals, Unread, external, forecast, summary};
use crate::audit::examine::Examined;
use crate::audit::fix::fixable;
use crate::audit::{Context, Finding, Rule, allow, words};
use crate::blueprint::Exposed;
use crate::chef::repository::{self, Layout};
use crate::compile::Surveyed;
use crate::diagnostic::Diagnostic;
use crate::outcome::Outcome;
use crate::report::mask::Masker;
use crate::source::{Content, SourceMap};
use crate::survey::Survey;
use crate::unsupported::Lack;

/// What is known of one folder.
pub struct Parts<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its files.
    pub sources: &'a SourceMap,
    /// The files as the rules saw them.
    pub context: &'a Context<'a>,
    /// What the rules found.
    pub examined: &'a Examined,
    /// The secrets that no rule was needed for.
    pub exposed: &'a [Exposed],
    /// What could not be read.
    pub diagnostics: &'a [Diagnostic],
    /// Every recipe evaluated by itself.
    pub survey: Option<&'a Surveyed>,
    /// What a conversion would give.
    pub design: Option<&'a Outcome>,
}

/// The audit of one folder, and what must not be shown of it; `wanted` says which rules count, `known` which fingerprints are no news.
#[must_use]
pub fn repository(parts: &Parts<'_>, wanted: &dyn Fn(&Rule) -> bool, known: &dyn Fn(&str) -> bool) -> (Repository, Known) {
    let met = parts.survey.map(|surveyed| &surveyed.secrets);
    let examined = parts.examined;
    let hidden = Known::new(parts.sources, parts.exposed, examined, met, parts.design);
    let masker = &hidden.masker;
    let lines = Lines { sources: parts.sources, known: &hidden };
    let (mut findings, allowed) = reported(parts, wanted, &lines);
    let fixable = fixable(parts.context, &examined.findings);
    for one in &mut findings {
        one.known = known(&one.fingerprint);
        one.fixable = fixable.contains(&(one.rule, one.path.clone(), one.line));
    }
    let unread = unread(parts, masker);
    let found = repository::Repository::find(parts.sources, "", parts.name);
    let survey = parts.survey.map(|surveyed| &surveyed.survey);
    let grounds = Grounds { sources: parts.sources, findings: &findings, unread: &unread, survey, masker };
    let cookbooks = cookbooks(&found, &grounds);
    let totals = summary::totals(&findings, &cookbooks, parts.sources.len(), allowed.len());
    let notes = parts.design.map(|outcome| outcome.notes.clone()).unwrap_or_default();
    let repository = Repository {
        name: parts.name.to_owned(),
        layout: found.layout.unwrap_or(Layout::Nothing).describe().to_owned(),
        failure: None,
        totals,
        first: summary::first(&findings),
        past: summary::past(&findings, &notes),
        secrets: secrets(examined, masker),
        knowledge: survey.map(knowledge).unwrap_or_default(),
        forecast: parts.design.map(|outcome| forecast::forecast(outcome, masker)),
        hosts: external::hosts(parts.sources),
        missing: survey.map(external::missing).unwrap_or_default(),
        findings,
        allowed,
        unread,
        cookbooks,
    };
    (repository, hidden)
}

/// The findings that count, and those that comments allow. Occurrences are counted over both: where a comment allows the first of two
/// equal lines, the second stays what it was.
fn reported(parts: &Parts<'_>, wanted: &dyn Fn(&Rule) -> bool, lines: &Lines<'_>) -> (Vec<super::Finding>, Vec<Allowed>) {
    let mut all = counted(parts.examined, wanted);
    let is_allowed = |rule: &str, path: &str, line: u32| {
        parts.examined.allowed.iter().any(|one| (one.rule, one.path.as_str(), one.line) == (rule, path, line))
    };
    all.extend(parts.examined.allowed.iter().filter(|one| words::find(one.rule).is_some_and(wanted)).cloned());
    all.sort();
    let (allowed, findings): (Vec<_>, Vec<_>) = report(&all, lines).into_iter().partition(|one| is_allowed(one.rule, &one.path, one.line));
    let reason = |one: &super::Finding| {
        let text = parts.context.files.iter().find(|file| file.path == one.path).map_or("", |file| file.text);
        let mut found = allow::allowances(text).into_iter().filter(|found| found.covers == one.line);
        found.find(|found| found.rules.iter().any(|rule| rule == one.rule)).map(|found| found.reason).unwrap_or_default()
    };
    let masked = |one: super::Finding| Allowed { reason: lines.known.masker.message(&reason(&one)), finding: one };
    (findings, allowed.into_iter().map(masked).collect())
}

/// The findings of the rules that count, by file and line.
#[must_use]
pub fn counted(examined: &Examined, wanted: &dyn Fn(&Rule) -> bool) -> Vec<Finding> {
    let counts = |name: &str| words::find(name).is_some_and(wanted);
    let mut all: Vec<Finding> = examined.findings.iter().chain(&examined.unused).filter(|one| counts(one.rule)).cloned().collect();
    all.sort();
    all
}

/// A folder that could not be read at all, or whose audit ended early.
#[must_use]
pub fn broken(name: &str, why: String) -> Repository {
    let totals = Totals { repositories: 1, broken: 1, ..Totals::default() };
    Repository { name: name.to_owned(), failure: Some(why), totals, ..Repository::default() }
}

/// All repositories together.
#[must_use]
pub fn whole(repositories: Vec<Repository>) -> Audit {
    let mut whole = Totals::default();
    repositories.iter().for_each(|repository| whole.add(&repository.totals));
    Audit { program: "ekiben", version: env!("CARGO_PKG_VERSION"), repositories, whole }
}

fn knowledge(survey: &Survey) -> Knowledge {
    Knowledge {
        recipes: survey.recipes,
        understood: survey.clean,
        resources: survey.resources(),
        unknown: survey.unknown(),
        unsupported: survey.things(Lack::Ekiben).len(),
        missing: survey.things(Lack::Repository).len(),
    }
}

/// Files that were not read, code that is no text, and code with faults.
fn unread(parts: &Parts<'_>, masker: &Masker) -> Vec<Unread> {
    let mut found: Vec<Unread> = Vec::new();
    for diagnostic in parts.diagnostics {
        found.push(Unread { path: diagnostic.path.clone().unwrap_or_default(), line: None, why: masker.message(&diagnostic.message) });
    }
    for (_, file) in parts.sources.iter() {
        let is_code = file.path.ends_with(".rb") && !file.path.contains("/files/");
        if is_code && matches!(file.content, Content::Binary(_)) {
            found.push(Unread { path: file.path.clone(), line: None, why: "it is no UTF-8 text".to_owned() });
        }
    }
    for file in &parts.context.files {
        if let Some((line, why)) = file.faults.first() {
            let more = file.faults.len() - 1;
            let why = masker.message(why);
            let why = if more == 0 { why } else { format!("{why} (and {more} more)") };
            found.push(Unread { path: file.path.clone(), line: Some(*line), why });
        }
    }
    found.sort_by(|one, other| (&one.path, one.line).cmp(&(&other.path, other.line)));
    found
}

/// All secrets that were found, whichever rules count.
fn secrets(examined: &Examined, masker: &Masker) -> Vec<Secret> {
    let secret = |one: &Finding| Secret {
        path: one.path.clone(),
        line: one.line,
        kind: words::find(one.rule).map_or("", |rule| rule.title).to_owned(),
        name: masker.message(one.message.split('`').nth(1).unwrap_or("")),
    };
    examined.findings.iter().filter(|one| is_secret(one.rule)).map(secret).collect()
}
