//! What stands between each recipe and a container: ready, manual work, or blocked, with the reasons.
//!
//! In: cookbooks, findings, what the evaluation of each recipe met. Out: [`Cookbook`]s. Blocked is what cannot be read, needs a cookbook
//! that is not there, or holds an error that takes a change of how the system is made; other errors and warnings are manual work.

use std::collections::BTreeMap;

use super::{Cookbook, Finding, Reason, Recipe, Severity, State, Unread};
use crate::audit::words;
use crate::chef::cookbook::CookbookFiles;
use crate::chef::repository::Repository;
use crate::report::mask::Masker;
use crate::source::SourceMap;
use crate::survey::Survey;
use crate::unsupported::{Kind, Lack};

/// What the reasons are made of.
pub struct Grounds<'a> {
    /// The files.
    pub sources: &'a SourceMap,
    /// What the rules found.
    pub findings: &'a [Finding],
    /// What could not be read.
    pub unread: &'a [Unread],
    /// What the evaluation of each recipe met.
    pub survey: Option<&'a Survey>,
    /// What is hidden.
    pub masker: &'a Masker,
}

/// The cookbooks of `repository`, by name.
#[must_use]
pub fn cookbooks(repository: &Repository, grounds: &Grounds<'_>) -> Vec<Cookbook> {
    let by_file = by_file(grounds);
    let met = met(grounds);
    repository.cookbooks.iter().map(|(name, files)| cookbook(name, files, grounds.sources, &by_file, &met)).collect()
}

fn cookbook(
    name: &str,
    files: &CookbookFiles,
    sources: &SourceMap,
    by_file: &BTreeMap<&str, Vec<Reason>>,
    met: &BTreeMap<&str, Vec<Reason>>,
) -> Cookbook {
    let own_name = files.get("metadata.rb").and_then(|id| name_in(sources.file(id).text())).unwrap_or(name);
    let mut recipes = Vec::new();
    let mut elsewhere = Vec::new();
    for (inside, id) in &files.files {
        let path = &sources.file(*id).path;
        let reasons = by_file.get(path.as_str()).cloned().unwrap_or_default();
        let stem = inside.strip_prefix("recipes/").and_then(|rest| {
            [".rb", ".yml", ".yaml"].iter().find_map(|ending| rest.strip_suffix(ending)).filter(|stem| !stem.contains('/'))
        });
        let Some(stem) = stem else {
            elsewhere.extend(reasons);
            continue;
        };
        let full = format!("{own_name}::{stem}");
        let mut reasons = reasons;
        reasons.extend(met.get(full.as_str()).cloned().unwrap_or_default());
        let reasons = merged(reasons);
        recipes.push(Recipe { name: full, path: path.clone(), state: worst(&reasons), reasons });
    }
    let reasons = merged(elsewhere);
    let state = recipes.iter().map(|recipe| recipe.state).fold(worst(&reasons), State::max);
    Cookbook { name: own_name.to_owned(), path: files.folder.trim_end_matches('/').to_owned(), state, reasons, recipes }
}

/// `name 'web'` of a `metadata.rb`.
fn name_in(text: &str) -> Option<&str> {
    let rest = text.lines().find_map(|line| line.trim_start().strip_prefix("name"))?;
    let rest = rest.trim_start_matches([' ', '\t', '(']);
    let quote = rest.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    rest[1..].split_once(quote).map(|(name, _)| name)
}

fn worst(reasons: &[Reason]) -> State {
    reasons.iter().map(|reason| reason.state).max().unwrap_or_default()
}

/// The reasons that lie in each file.
fn by_file<'a>(grounds: &Grounds<'a>) -> BTreeMap<&'a str, Vec<Reason>> {
    let mut found: BTreeMap<&str, Vec<Reason>> = BTreeMap::new();
    for one in grounds.findings {
        let state = match (one.severity, one.effort) {
            (Severity::Error, "large") => State::Blocked,
            (Severity::Error | Severity::Warning, _) => State::Manual,
            (Severity::Note, _) => continue,
        };
        let title = words::find(one.rule).map_or("", |rule| rule.title);
        found.entry(&one.path).or_default().push(Reason {
            state,
            why: format!("{}: {title}", one.rule),
            rule: Some(one.rule),
            count: 1,
            path: one.path.clone(),
            line: one.line,
        });
    }
    for one in grounds.unread {
        found.entry(&one.path).or_default().push(Reason {
            state: State::Blocked,
            why: format!("the file is not read to its end: {}", one.why),
            rule: None,
            count: 1,
            path: one.path.clone(),
            line: one.line.unwrap_or(1),
        });
    }
    found
}

/// What the evaluation of each recipe met.
fn met<'a>(grounds: &Grounds<'a>) -> BTreeMap<&'a str, Vec<Reason>> {
    let mut found: BTreeMap<&str, Vec<Reason>> = BTreeMap::new();
    for lack in [Lack::Ekiben, Lack::Repository] {
        for thing in grounds.survey.into_iter().flat_map(|survey| survey.things(lack)) {
            let name = grounds.masker.message(&thing.name);
            let (state, why) = match (lack, thing.kind) {
                (Lack::Repository, Kind::Cookbook) => (State::Blocked, format!("needs the cookbook `{name}`, which is not in the folder")),
                (Lack::Repository, kind) => (State::Manual, format!("needs the {} `{name}`, which is not in the folder", kind.name())),
                (_, kind) => (State::Manual, format!("the {} `{name}` is not evaluated", kind.name())),
            };
            let Some(place) = thing.places.first() else { continue };
            for recipe in &thing.recipes {
                found.entry(recipe).or_default().push(Reason {
                    state,
                    why: why.clone(),
                    rule: None,
                    count: 1,
                    path: place.path.clone(),
                    line: place.line,
                });
            }
        }
    }
    found
}

/// Each reason once with its count, the worst first.
fn merged(reasons: Vec<Reason>) -> Vec<Reason> {
    let mut merged: Vec<Reason> = Vec::new();
    for reason in reasons {
        match merged.iter_mut().find(|known| known.why == reason.why) {
            Some(known) => known.count += 1,
            None => merged.push(reason),
        }
    }
    merged.sort_by_key(|reason| std::cmp::Reverse((reason.state, reason.count)));
    merged
}

#[cfg(test)]
mod tests {
    use super::name_in;

    #[test]
    fn a_cookbook_is_called_what_its_metadata_says() {
        assert_eq!(name_in("maintainer 'x'\nname   \"web\"\n"), Some("web"));
        assert_eq!(name_in("version '1'\n"), None);
    }
}
