//! `report.html`: what `report.md` says, to search and filter, down to the source lines.
//!
//! In: an [`Outcome`], its notes and findings, the sources. Out: the page.

mod running;
mod setting;

use std::collections::{BTreeMap, BTreeSet};

use super::excerpt::Excerpts;
use super::page::{Block, Page, Piece, Row, Section, Writer};
use crate::blueprint::{Blueprint, Origin, PerEnvironment};
use crate::diagnostic::Severity;
use crate::outcome::{Disposition, Fate, Outcome, Subject};
use crate::report::accounting::Account;
use crate::report::diagnostics::{Finding, Places, count};

/// The whole page. `notes` and `findings` are those of the outcome and of whoever loaded the input.
#[must_use]
pub fn render(outcome: &Outcome, notes: &[String], findings: &[Finding], places: &Places<'_>) -> String {
    let blueprint = &outcome.blueprint;
    let exposed = blueprint.exposed.iter().flat_map(|one| &one.origin).map(|origin| (origin.location.path.clone(), origin.location.line));
    let excerpts = Excerpts::new(*places, exposed.collect());
    let mut page = Page {
        kind: "Conversion",
        title: blueprint.name.clone(),
        lead: "What became of the cookbooks, down to the source lines. A name in ‹angle quotes› stands for a value that is secret, or \
               that is not known before the program runs."
            .to_owned(),
        facets: vec![
            ("fate", "Fate"),
            ("severity", "Severity"),
            ("category", "Category"),
            ("environment", "Environment"),
            ("layer", "Layer"),
            ("recipe", "Recipe"),
        ],
        ..Page::default()
    };
    page.tiles = tiles(outcome, findings);
    page.sections.push(account(outcome, notes));
    page.sections.push(tasks(blueprint));
    running::sections(blueprint, &mut page.sections);
    setting::sections(blueprint, &mut page.sections);
    page.sections.extend(dispositions(&outcome.dispositions));
    page.sections.extend(diagnostics(findings, blueprint));
    Writer::new(places.masker, &excerpts).write(&page)
}

fn tiles(outcome: &Outcome, findings: &[Finding]) -> Vec<(String, &'static str, &'static str, &'static str)> {
    let blueprint = &outcome.blueprint;
    let fate = |fate: Fate| outcome.dispositions.iter().filter(|one| one.fate == fate).count();
    let open = fate(Fate::Manual) + fate(Fate::Unknown);
    let secrets = blueprint.variables.iter().filter(|one| one.secret).count() + blueprint.secret_files.len();
    let [(_, errors), (_, warnings), _] = count(findings);
    let tone = |count: usize, tone: &'static str| if count == 0 { "good" } else { tone };
    let mut tiles = vec![
        (outcome.dispositions.len().to_string(), "things accounted for", "", "account"),
        (open.to_string(), "for a person, or not understood", tone(open, "warn"), "resources"),
        (blueprint.tasks.len().to_string(), "tasks before the first deployment", tone(blueprint.tasks.len(), "warn"), "tasks"),
        (secrets.to_string(), "secrets to create", "", "secrets"),
        (errors.to_string(), "errors", tone(errors, "bad"), "diagnostics"),
        (warnings.to_string(), "warnings", tone(warnings, "warn"), "diagnostics"),
    ];
    // What leads nowhere is not offered.
    tiles.retain(|(number, _, _, section)| number != "0" || matches!(*section, "account" | "tasks"));
    tiles
}

/// The tone of a fate.
fn fate_tone(fate: Fate) -> &'static str {
    match fate {
        Fate::Translated => "good",
        Fate::Absorbed => "calm",
        Fate::Host => "host",
        Fate::Manual => "warn",
        Fate::Skipped => "mute",
        Fate::Unknown => "bad",
    }
}

/// The tone of a severity.
pub fn severity_tone(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "bad",
        Severity::Warning => "warn",
        Severity::Note => "calm",
    }
}

/// `warning`
pub fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn account(outcome: &Outcome, notes: &[String]) -> Section {
    let mut body = vec![Block::Notes(notes.to_vec())];
    for row in Account::of(outcome).rows {
        let parts = Fate::ALL.into_iter().zip(row.counts()).map(|(fate, count)| (fate.name(), count, fate_tone(fate))).collect();
        body.push(Block::Share(row.name, "fate", parts));
    }
    body.push(Block::Ready(
        "<p class=\"legend\"><b>translated</b>: it is in this folder · <b>absorbed</b>: the base image or the target does it · \
         <b>host</b>: it concerns the machine or cluster, not a container · <b>manual</b>: a person must do or decide something · \
         <b>skipped</b>: it does not run in Chef either · <b>unknown</b>: it is not understood.</p>\n"
            .to_owned(),
    ));
    Section { id: "account", title: "What became of it", lead: String::new(), body }
}

fn tasks(blueprint: &Blueprint) -> Section {
    let row = |task: &crate::blueprint::Task| {
        Row::new(sentence(&task.what))
            .text("why", &task.why)
            .field("from", origins(&task.origin))
            .facet("category", ["task"])
            .facet("environment", every(blueprint))
    };
    let rows: Vec<Row> = blueprint.tasks.iter().map(row).collect();
    let lead = if rows.is_empty() { "Nothing is left to do by hand." } else { "Ticks are kept in this browser." };
    let body = if rows.is_empty() { Vec::new() } else { vec![Block::Tasks(rows)] };
    Section { id: "tasks", title: "Before the first deployment", lead: lead.to_owned(), body }
}

/// With a capital at its start.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

fn dispositions(dispositions: &[Disposition]) -> Option<Section> {
    let mut recipes: BTreeMap<(&str, Subject), Vec<&Disposition>> = BTreeMap::new();
    for one in dispositions {
        recipes.entry((one.recipe.as_str(), one.subject)).or_default().push(one);
    }
    let mut body = Vec::new();
    for ((recipe, subject), mut list) in recipes {
        list.sort_by(|one, other| (&one.location, &one.name, one).cmp(&(&other.location, &other.name, other)));
        let what = match subject {
            Subject::Resource => "",
            Subject::Schedule => " (schedule)",
            Subject::Process => " (processes)",
        };
        let heading = if recipe.is_empty() { format!("No recipe{what}") } else { format!("`{recipe}`{what}") };
        body.push(Block::Rows(heading, list.into_iter().map(disposition).collect()));
    }
    let lead = "Each resource, schedule entry and process once, with what became of it, where it went, and why.";
    (!body.is_empty()).then(|| Section { id: "resources", title: "Every resource", lead: lead.to_owned(), body })
}

fn disposition(one: &Disposition) -> Row {
    let category = match one.subject {
        Subject::Resource => one.name.split_once('[').map_or(one.name.as_str(), |(kind, _)| kind),
        Subject::Schedule => "schedule",
        Subject::Process => "process",
    };
    let part = |index: usize| one.contexts.iter().filter_map(move |context| context.split('/').nth(index)).map(str::to_owned);
    let place = one.location.iter().map(|at| Piece::Place(at.path.clone(), Some(at.line))).collect();
    Row::new(format!("`{}`", one.name.replace('`', "'")))
        .tag(one.fate.name(), fate_tone(one.fate))
        .facet("fate", [one.fate.name()])
        .facet("category", [category])
        .facet("environment", part(0))
        .facet("layer", part(1))
        .facet("recipe", [one.recipe.as_str()])
        .aside(&shorten(&one.why))
        .field("where", place)
        .field("went to", one.to.iter().map(|to| Piece::Output(to.clone())).collect())
        .text("why", &one.why)
        .field("not known here", one.conditions.iter().map(|condition| Piece::Code(condition.clone())).collect())
        .text("in", &contexts(&one.contexts))
}

/// The beginning of a long sentence.
fn shorten(text: &str) -> String {
    const MOST: usize = 64;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let cut: String = text.chars().take(MOST).collect();
    let cut = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{}…", if cut.matches('`').count().is_multiple_of(2) { cut.to_owned() } else { cut.replace('`', "") })
}

/// `production/web/Setup`, `staging/web/Setup` → `web/Setup (production, staging)`.
fn contexts(contexts: &[String]) -> String {
    let mut events: Vec<(&str, BTreeSet<&str>)> = Vec::new();
    for context in contexts {
        let (environment, event) = context.split_once('/').unwrap_or(("", context));
        match events.iter_mut().find(|(known, _)| *known == event) {
            Some((_, places)) => {
                places.insert(environment);
            }
            None => events.push((event, BTreeSet::from([environment]))),
        }
    }
    let show = |(event, places): &(&str, BTreeSet<&str>)| {
        let named: Vec<&str> = places.iter().copied().filter(|place| !place.is_empty()).collect();
        if named.is_empty() { (*event).to_owned() } else { format!("{event} ({})", named.join(", ")) }
    };
    events.iter().map(show).collect::<Vec<_>>().join("; ")
}

fn diagnostics(findings: &[Finding], blueprint: &Blueprint) -> Option<Section> {
    let mut groups: Vec<(&Finding, Vec<Piece>)> = Vec::new();
    for finding in findings {
        let place = finding.path.iter().map(|path| Piece::Place(path.clone(), finding.line));
        let same = |first: &Finding| (&first.code, &first.message, &first.help) == (&finding.code, &finding.message, &finding.help);
        match groups.iter_mut().find(|(first, _)| same(first)) {
            Some((_, places)) => places.extend(place),
            None => groups.push((finding, place.collect())),
        }
    }
    groups.sort_by(|one, other| (other.0.severity, &one.0.code).cmp(&(one.0.severity, &other.0.code)));
    let row = |(finding, places): (&Finding, Vec<Piece>)| {
        let severity = severity_name(finding.severity);
        Row::new(finding.message.clone())
            .tag(severity, severity_tone(finding.severity))
            .aside(&format!("{}{}", finding.code, if places.len() > 1 { format!(" × {}", places.len()) } else { String::new() }))
            .facet("severity", [severity])
            .facet("category", ["diagnostic"])
            .facet("environment", every(blueprint))
            .text("what to do", finding.help.as_deref().unwrap_or_default())
            .field("where", places)
    };
    let rows: Vec<Row> = groups.into_iter().map(row).collect();
    let lead = count(findings).map(|(severity, count)| {
        let name = severity_name(severity);
        format!("{count} {name}{}", if count == 1 { "" } else { "s" })
    });
    let lead = format!("{}.", lead.join(", "));
    (!rows.is_empty()).then(|| Section { id: "diagnostics", title: "Diagnostics", lead, body: vec![Block::Rows(String::new(), rows)] })
}

/// The names of all environments.
fn every(blueprint: &Blueprint) -> Vec<String> {
    blueprint.environments.iter().map(|environment| environment.name.clone()).collect()
}

/// The names of the environments in which there is a value.
fn within<T>(blueprint: &Blueprint, value: &PerEnvironment<T>) -> Vec<String> {
    let named = blueprint.environments.iter().zip(&value.values);
    named.filter(|(_, value)| value.is_some()).map(|(environment, _)| environment.name.clone()).collect()
}

/// The places that something comes from, each once.
fn origins(origins: &[Origin]) -> Vec<Piece> {
    let mut seen = BTreeSet::new();
    let new = origins.iter().filter(|origin| seen.insert((origin.location.path.as_str(), origin.location.line)));
    new.map(|origin| Piece::Place(origin.location.path.clone(), Some(origin.location.line))).collect()
}

/// `config/a.rb:1` as a place; `sidekiq-default` as a word.
fn reader(reader: &str) -> Piece {
    match reader.rsplit_once(':').and_then(|(path, line)| Some((path, line.parse().ok()?))) {
        Some((path, line)) => Piece::Place(path.to_owned(), Some(line)),
        None => Piece::Code(reader.to_owned()),
    }
}

/// A value: once where it is the same everywhere, else with each environment's name.
fn each<T: PartialEq>(blueprint: &Blueprint, values: &PerEnvironment<T>, show: impl Fn(&T) -> Piece) -> Vec<Piece> {
    let same = values.values.windows(2).all(|pair| pair[0] == pair[1]);
    match values.values.first() {
        None => Vec::new(),
        Some(first) if same => first.iter().map(show).collect(),
        Some(_) => {
            let one = |(index, value): (usize, &Option<T>)| {
                let name = blueprint.environments.get(index).map_or_else(|| index.to_string(), |one| one.name.clone());
                Piece::Each(name, Box::new(value.as_ref().map_or_else(|| Piece::Words("—".to_owned()), &show)))
            };
            values.values.iter().enumerate().map(one).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blueprint::Task;
    use crate::report::accounting::tests::disposition;
    use crate::report::mask::Masker;
    use crate::source::{Location, SourceMap};

    #[test]
    fn a_resource_leads_to_its_line_and_names_are_escaped() {
        let mut sources = SourceMap::new();
        sources.add_text("web/recipes/default.rb", "a\nb\npackage 'x'\n");
        let masker = Masker::default();
        let places = Places { sources: &sources, masker: &masker };
        let mut outcome = Outcome { dispositions: vec![disposition("package[<b>]", 3, Fate::Manual)], ..Outcome::default() };
        let location = Location { path: "gone.rb".to_owned(), line: 1, column: 1 };
        outcome.blueprint.tasks.push(Task {
            what: "create `TOKEN`".to_owned(),
            why: String::new(),
            origin: vec![Origin { location, what: String::new() }],
        });
        let page = render(&outcome, &["one cookbook".to_owned()], &[], &places);
        for part in [
            "data-fate=\"manual\" data-layer=\"web\" data-recipe=\"web::default\"><summary><span class=\"tag warn\">manual</span>",
            "<code>package[&lt;b>]</code>",
            "href=\"#web/recipes/default.rb-3\"",
            "id=\"web/recipes/default.rb-3\" class=\"hit\">package 'x'",
            "<span class=\"place\">gone.rb:1</span>",
            "Create <code>TOKEN</code>",
        ] {
            assert!(page.contains(part), "{part}\n{}", &page[page.find("<body").unwrap_or(0)..]);
        }
        assert_eq!(page, render(&outcome, &["one cookbook".to_owned()], &[], &places));
    }
}
