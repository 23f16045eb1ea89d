//! What an audit must not show: the lines where secrets stand in clear text, and the values that are known from there.
//!
//! In: files, findings, what the evaluation met. Out: [`Known`]. Without an evaluation the files alone are searched.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::is_secret;
use crate::audit::command::commands;
use crate::audit::examine::Examined;
use crate::audit::rules::HARD_CODED_SECRET;
use crate::audit::{Context, File, Finding};
use crate::blueprint::{Exposed, Origin};
use crate::graph::Graph;
use crate::outcome::Outcome;
use crate::pass::exposed as pass_exposed;
use crate::report::mask::{Masker, names_for_next, values};
use crate::source::{Location, SourceMap};

/// What must not be shown of one folder.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The values.
    pub masker: Masker,
    /// Lines of which nothing behind a name is shown.
    pub lines: BTreeSet<(String, u32)>,
}

/// The secrets in clear text that no rule is needed for: in settings, on command lines, and those that the evaluation in `design` followed
/// to where they are written.
#[must_use]
pub fn exposed(sources: &SourceMap, context: &Context, design: Option<&Outcome>) -> Vec<Exposed> {
    let none = Graph::default();
    let mut exposed = pass_exposed::sure(design.map_or(&none, |outcome| &outcome.graph), sources);
    exposed.extend(context.recipes().flat_map(commanded));
    exposed
}

/// `exposed` as findings.
#[must_use]
pub fn findings(exposed: &[Exposed], context: &Context) -> Vec<Finding> {
    let origins = exposed.iter().flat_map(|one| one.origin.iter().map(move |origin| (one, &origin.location)));
    let found = |(one, place): (&Exposed, &Location)| {
        context.file(&place.path)?;
        let message = format!("the value of `{}` is written out", one.name);
        Some(Finding { path: place.path.clone(), line: place.line, rule: HARD_CODED_SECRET.name, message })
    };
    origins.filter_map(found).collect()
}

impl Known {
    /// What `examined` and the evaluation, where there is one, know of the secrets in `sources`; `met`: the values that the survey of all
    /// recipes came across.
    #[must_use]
    pub fn new(
        sources: &SourceMap,
        exposed: &[Exposed],
        examined: &Examined,
        met: Option<&BTreeSet<String>>,
        design: Option<&Outcome>,
    ) -> Self {
        let found = examined.findings.iter().chain(&examined.allowed).filter(|one| is_secret(one.rule));
        let mut lines: BTreeSet<(String, u32)> = found.map(|one| (one.path.clone(), one.line)).collect();
        let origins = exposed.iter().flat_map(|one| &one.origin);
        lines.extend(origins.map(|origin| (origin.location.path.clone(), origin.location.line)));
        let mut masker = Masker::with(met.unwrap_or(&BTreeSet::new()), design);
        masker.learn(written(sources, &lines));
        Self { masker, lines }
    }

    /// Whether a secret stands in the line.
    #[must_use]
    pub fn is_in(&self, path: &str, line: u32) -> bool {
        self.lines.contains(&(path.to_owned(), line))
    }

    /// Adds what is known of another folder, whose files stand below `name`.
    pub fn add(&mut self, name: &str, other: Self) {
        self.masker.add(other.masker);
        self.lines.extend(other.lines.into_iter().map(|(path, line)| (format!("{name}/{path}"), line)));
    }
}

/// The secrets on the command lines of `file`, whatever program they are for.
fn commanded(file: &File) -> Vec<Exposed> {
    let mut found = Vec::new();
    for line in commands(file) {
        for (name, value, _) in pass_exposed::values(&line.text, false) {
            if pass_exposed::is_sure(&name, &value) {
                let location = Location { path: file.path.clone(), line: line.line, column: 1 };
                found.push(Exposed { name, origin: vec![Origin { location, what: String::new() }] });
            }
        }
    }
    found
}

/// The values that stand in `lines`.
fn written(sources: &SourceMap, lines: &BTreeSet<(String, u32)>) -> BTreeSet<String> {
    let mut files: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    lines.iter().for_each(|(path, line)| files.entry(path).or_default().push(*line));
    let mut found = BTreeSet::new();
    for (path, numbers) in files {
        let Some(file) = sources.find(path) else { continue };
        let texts: Vec<&str> = sources.file(file).text().lines().collect();
        for number in numbers {
            let index = (number as usize).saturating_sub(1);
            let named = index.checked_sub(1).and_then(|before| texts.get(before)).is_some_and(|before| names_for_next(before));
            found.extend(texts.get(index).into_iter().flat_map(|text| values(text, named)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::examine::examine;

    #[test]
    fn lines_and_values_are_known_without_an_evaluation() {
        let mut sources = SourceMap::new();
        sources.add_text("recipes/default.rb", "package 'a'\npassword = 'Hq7-pelican-33'\n");
        sources.add_text("files/default/run.sh", "ldapsearch -x -w Hq8-pelican-34 -b dc=x\n");
        let context = Context::new(&sources, "");
        let known = Known::new(&sources, &exposed(&sources, &context, None), &examine(&context), None, None);
        assert!(known.is_in("recipes/default.rb", 2) && known.is_in("files/default/run.sh", 1) && !known.is_in("recipes/default.rb", 1));
        assert_eq!(known.masker.words("Hq7-pelican-33 and Hq8-pelican-34"), "‹hidden› and ‹hidden›");
    }
}
