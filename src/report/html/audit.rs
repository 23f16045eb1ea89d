//! `ekiben audit --format html`: every folder, its cookbooks, findings, dates, secrets and dependencies, to search and filter.
//!
//! In: an [`Audit`], the files that it names, each below its repository's name, and what of them is secret. Out: the page, with the rules' pages inside.

use std::collections::{BTreeMap, BTreeSet};

use super::excerpt::Excerpts;
use super::markup::{id, markdown};
use super::page::{Block, Page, Piece, Row, Section, Writer};
use crate::audit::words;
use crate::diagnostic::Severity;
use crate::report::audit::secret::Known;
use crate::report::audit::{Audit, Cookbook, Effort, Finding, Range, Reason, Recipe, Repository, State};
use crate::report::diagnostics::Places;
use crate::source::SourceMap;

/// The page.
#[must_use]
pub fn render(audit: &Audit, sources: &SourceMap, known: &Known) -> String {
    let places = Places { sources, masker: &known.masker };
    let excerpts = Excerpts::new(places, known.lines.clone());
    let whole = &audit.whole;
    let title = match audit.repositories.as_slice() {
        [one] => one.name.clone(),
        several => format!("{} repositories", several.len()),
    };
    let mut page = Page {
        kind: "Audit",
        title,
        lead: "What will break, leak or behave otherwise when these cookbooks move to containers, and what to do first.".to_owned(),
        facets: vec![
            ("severity", "Severity"),
            ("category", "Category"),
            ("repository", "Repository"),
            ("cookbook", "Cookbook"),
            ("state", "State"),
            ("effort", "Effort"),
            ("confidence", "Confidence"),
            ("rule", "Rule"),
        ],
        ..Page::default()
    };
    let secrets: usize = audit.repositories.iter().map(|one| one.secrets.len()).sum();
    let tile = |number: usize, what: &'static str, tone: &'static str, to: &'static str| {
        (number.to_string(), what, if number == 0 { "good" } else { tone }, to)
    };
    page.tiles = vec![
        (whole.repositories.to_string(), "repositories", "", "repositories"),
        (format!("{} / {}", whole.ready, whole.ready + whole.manual + whole.blocked), "recipes ready", "", "recipes"),
        tile(whole.errors, "errors", "bad", "findings"),
        tile(whole.warnings, "warnings", "warn", "findings"),
        tile(secrets, "secrets to make anew", "bad", "secrets"),
    ];
    page.sections = vec![overview(audit), repositories(audit), first(audit), recipes(audit), findings(audit)];
    page.sections.extend([past(audit), secrets_section(audit), external(audit), effort(audit), rules(audit)]);
    page.sections.retain(|section| !section.body.is_empty());
    let there: BTreeSet<&str> = page.sections.iter().map(|section| section.id).collect();
    page.tiles.retain(|(_, _, _, to)| there.contains(to));
    Writer::new(places.masker, &excerpts).write(&page)
}

fn tone(severity: Severity) -> &'static str {
    super::conversion::severity_tone(severity)
}

fn state(state: State) -> (&'static str, &'static str) {
    match state {
        State::Ready => ("ready", "good"),
        State::Manual => ("manual", "warn"),
        State::Blocked => ("blocked", "bad"),
    }
}

fn effort_tone(effort: &str) -> &'static str {
    match effort {
        "trivial" => "good",
        "small" => "calm",
        "medium" => "warn",
        _ => "bad",
    }
}

fn place(repository: &Repository, path: &str, line: u32) -> Piece {
    Piece::Place(format!("{}/{path}", repository.name), (line > 0).then_some(line))
}

/// `recipes/default.rb:3`
fn written(repository: &Repository, place_of: &str) -> Piece {
    match place_of.rsplit_once(':').and_then(|(path, line)| Some((path, line.parse().ok()?))) {
        Some((path, line)) => place(repository, path, line),
        None => Piece::Place(format!("{}/{place_of}", repository.name), None),
    }
}

fn section(id: &'static str, title: &'static str, lead: &str, body: Vec<Block>) -> Section {
    Section { id, title, lead: lead.to_owned(), body }
}

/// Rows as a block, and none where there are none.
fn rows(heading: &str, rows: Vec<Row>) -> Option<Block> {
    (!rows.is_empty()).then(|| Block::Rows(heading.to_owned(), rows))
}

fn overview(audit: &Audit) -> Section {
    let whole = &audit.whole;
    let severities = vec![("error", whole.errors, "bad"), ("warning", whole.warnings, "warn"), ("note", whole.notes, "calm")];
    let states = vec![("ready", whole.ready, "good"), ("manual", whole.manual, "warn"), ("blocked", whole.blocked, "bad")];
    let tones = ["calm", "host", "warn", "mute", "good", "bad"];
    let categories: Vec<_> =
        whole.categories.iter().zip(tones.iter().cycle()).map(|((name, count), tone)| (*name, *count, *tone)).collect();
    let body = vec![
        Block::Share("recipes", "state", states),
        Block::Share("findings by severity", "severity", severities),
        Block::Share("findings by category", "category", categories),
    ];
    section("overview", "Overview", "", body)
}

fn repositories(audit: &Audit) -> Section {
    let number = |number: usize| (String::new(), vec![Piece::Number(number.to_string())]);
    let row = |one: &Repository| {
        let totals = &one.totals;
        let mut row = Row::new(format!("`{}`", one.name)).facet("repository", [one.name.as_str()]);
        let counts = [totals.cookbooks, totals.ready, totals.manual, totals.blocked, totals.errors, totals.warnings, totals.notes];
        row.fields.extend(counts.map(number));
        let said = one.failure.as_ref().unwrap_or(&one.layout).clone();
        let knowledge = &one.knowledge;
        let understood = (knowledge.recipes > 0)
            .then(|| Piece::Words(format!("{} of {} recipes evaluated without a gap", knowledge.understood, knowledge.recipes)));
        row.fields.push((String::new(), std::iter::once(Piece::Words(said)).chain(understood).collect()));
        if one.failure.is_some() { row.tag("not read", "bad") } else { row }
    };
    let head = ["repository", "cookbooks", "ready", "manual", "blocked", "errors", "warnings", "notes", "what it is"];
    let table = Block::Table(head.map(str::to_owned).into(), audit.repositories.iter().map(row).collect());
    let unread = audit.repositories.iter().flat_map(|one| {
        one.unread.iter().map(move |file| {
            Row::new(format!("`{}/{}`", one.name, file.path))
                .tag("not read", "warn")
                .aside(&file.why)
                .facet("repository", [one.name.as_str()])
                .text("why", &file.why)
                .field("where", vec![place(one, &file.path, file.line.unwrap_or_default())])
        })
    });
    let body = std::iter::once(table).chain(rows("Files that could not be read, or not to their end", unread.collect())).collect();
    section("repositories", "Repositories", "", body)
}

fn first(audit: &Audit) -> Section {
    let body = audit.repositories.iter().filter_map(|one| {
        let row = |first: &crate::report::audit::First| {
            Row::new(first.title)
                .tag(first.severity.name(), tone(first.severity))
                .tag(first.effort, effort_tone(first.effort))
                .aside(&format!("`{}` × {}", first.rule, first.count))
                .facet("severity", [first.severity.name()])
                .facet("category", [first.category])
                .facet("repository", [one.name.as_str()])
                .facet("effort", [first.effort])
                .facet("rule", [first.rule])
                .field("first places", first.places.iter().map(|at| written(one, at)).collect())
                .field("more", vec![rule_link(first.rule)])
        };
        rows(&format!("`{}`", one.name), one.first.iter().map(row).collect())
    });
    section("first", "What to do first", "At most ten for each repository: the worst and most frequent first.", body.collect())
}

fn rule_link(rule: &str) -> Piece {
    Piece::Ready(format!("<a href=\"#rule-{}\">the rule <code>{}</code></a>", id(rule), id(rule)))
}

fn reasons(one: &Repository, reasons: &[Reason]) -> Vec<(String, Vec<Piece>)> {
    let field = |reason: &Reason| {
        let times = if reason.count > 1 { format!(" ({} times)", reason.count) } else { String::new() };
        let mut pieces = vec![Piece::Words(format!("{}{times}", reason.why))];
        if !reason.path.is_empty() {
            pieces.push(place(one, &reason.path, reason.line));
        }
        (state(reason.state).0.to_owned(), pieces)
    };
    reasons.iter().map(field).collect()
}

fn recipes(audit: &Audit) -> Section {
    let mut body = Vec::new();
    for one in &audit.repositories {
        for cookbook in &one.cookbooks {
            let (word, _) = state(cookbook.state);
            let mut list: Vec<Row> = Vec::new();
            if !cookbook.reasons.is_empty() {
                list.push(standing(one, cookbook, "outside of its recipes", cookbook.state, &cookbook.reasons));
            }
            list.extend(cookbook.recipes.iter().map(|recipe: &Recipe| {
                let mut row = standing(one, cookbook, &format!("`{}`", recipe.name), recipe.state, &recipe.reasons);
                row.fields.push(("file".to_owned(), vec![place(one, &recipe.path, 1)]));
                row
            }));
            body.extend(rows(&format!("`{}` of `{}`: {word}", cookbook.name, one.name), list));
        }
    }
    let lead = "ready: nothing stands in the way · manual: a person has to look · blocked: it has to be built anew, or cannot be read.";
    section("recipes", "Cookbooks and recipes", lead, body)
}

fn standing(one: &Repository, cookbook: &Cookbook, name: &str, how: State, why: &[Reason]) -> Row {
    let (word, tone) = state(how);
    let count = if why.is_empty() { String::new() } else { format!("{} reason{}", why.len(), if why.len() == 1 { "" } else { "s" }) };
    let mut row = Row::new(name)
        .tag(word, tone)
        .aside(&count)
        .facet("state", [word])
        .facet("repository", [one.name.as_str()])
        .facet("cookbook", [cookbook.name.as_str()])
        .facet("rule", why.iter().filter_map(|reason| reason.rule));
    row.fields = reasons(one, why);
    row
}

/// The cookbook that a file belongs to: the one whose folder is the longest around it.
fn cookbook_of<'a>(one: &'a Repository, path: &str) -> Option<&'a str> {
    let around = one.cookbooks.iter().filter(|cookbook| {
        cookbook.path.is_empty() || path.strip_prefix(cookbook.path.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'))
    });
    around.max_by_key(|cookbook| cookbook.path.len()).map(|cookbook| cookbook.name.as_str())
}

fn findings(audit: &Audit) -> Section {
    let body = audit.repositories.iter().filter_map(|one| {
        let row = |finding: &Finding| {
            let row = Row::new(finding.message.clone())
                .tag(finding.severity.name(), tone(finding.severity))
                .aside(&format!("{}:{}", finding.path, finding.line))
                .facet("severity", [finding.severity.name()])
                .facet("category", [finding.category])
                .facet("repository", [one.name.as_str()])
                .facet("cookbook", cookbook_of(one, &finding.path))
                .facet("effort", [finding.effort])
                .facet("confidence", [finding.confidence])
                .facet("rule", [finding.rule])
                .field("where", vec![place(one, &finding.path, finding.line)])
                .field("line", finding.snippet.iter().map(|line| Piece::Code(line.clone())).collect())
                .text("category", finding.category)
                .text("effort", &format!("{}{}", finding.effort, if finding.fixable { ", `ekiben audit --fix` does it" } else { "" }))
                .text("confidence", finding.confidence)
                .field("more", vec![rule_link(finding.rule)]);
            if finding.known { row.tag("known", "mute") } else { row }
        };
        rows(&format!("`{}`", one.name), one.findings.iter().map(row).collect())
    });
    section("findings", "Findings", "", body.collect())
}

fn past(audit: &Audit) -> Section {
    let list = audit.repositories.iter().flat_map(|one| {
        one.past.iter().map(move |past| {
            let mut row = Row::new(past.what.clone()).facet("repository", [one.name.as_str()]).facet("category", ["eol"]);
            let places: Vec<Piece> = past.places.iter().map(|at| written(one, at)).collect();
            row.fields.push((String::new(), vec![Piece::Words(one.name.clone())]));
            row.fields.push(("where".to_owned(), places));
            row
        })
    });
    let list: Vec<Row> = list.collect();
    let head = ["what", "repository", "where"].map(str::to_owned).into();
    let body = if list.is_empty() { Vec::new() } else { vec![Block::Table(head, list)] };
    section("past", "Past their end of life", "Base systems, runtimes and packages that get no updates any more.", body)
}

fn secrets_section(audit: &Audit) -> Section {
    let list = audit.repositories.iter().flat_map(|one| {
        one.secrets.iter().map(move |secret| {
            let name = if secret.name.is_empty() { secret.kind.clone() } else { format!("`{}`", secret.name.replace('`', "'")) };
            Row::new(name)
                .tag(&one.name, "mute")
                .facet("repository", [one.name.as_str()])
                .facet("cookbook", cookbook_of(one, &secret.path))
                .facet("category", ["secret"])
                .text("kind", &secret.kind)
                .field("where", vec![place(one, &secret.path, secret.line)])
        })
    });
    let list: Vec<Row> = list.collect();
    let lead = "They stand in clear text: whoever has the repository or its history knows them. Make each anew; taking the line away is \
                not enough.";
    let body = if list.is_empty() { Vec::new() } else { vec![Block::Tasks(list)] };
    section("secrets", "Secrets to make anew", lead, body)
}

fn external(audit: &Audit) -> Section {
    let hosts = audit.repositories.iter().flat_map(|one| {
        one.hosts.iter().map(move |host| {
            let row = Row::new(format!("`{}`", host.name)).aside(&format!("{} × in {}", host.count, one.name));
            let row = if host.plain { row.tag("not encrypted", "bad") } else { row.tag("encrypted", "good") };
            row.facet("repository", [one.name.as_str()]).facet("category", ["host"]).field("first", vec![written(one, &host.first)])
        })
    });
    let missing = audit.repositories.iter().flat_map(|one| {
        one.missing.iter().map(move |missing| {
            let recipes = if missing.recipes == 1 { "recipe" } else { "recipes" };
            Row::new(format!("`{}`", missing.name))
                .tag("not in the folder", "warn")
                .aside(&format!("{} {recipes} of {}", missing.recipes, one.name))
                .facet("repository", [one.name.as_str()])
                .facet("category", ["missing cookbook"])
                .field("first", vec![written(one, &missing.first)])
        })
    });
    let body = rows("Cookbooks that are needed", missing.collect())
        .into_iter()
        .chain(rows("Hosts that something is fetched from", hosts.collect()));
    section("external", "External dependencies", "", body.collect())
}

fn effort(audit: &Audit) -> Section {
    let range = |range: Range| {
        let text = if range.least == range.most { range.most.to_string() } else { format!("{} to {}", range.least, range.most) };
        (String::new(), vec![Piece::Number(text)])
    };
    let row = |name: &str, effort: &Effort| {
        let mut row = Row::new(format!("`{name}`")).facet("repository", [name]);
        row.fields.extend([effort.trivial, effort.small, effort.medium, effort.large].map(range));
        row.fields.push((String::new(), vec![Piece::Number(effort.fixable.to_string())]));
        row
    };
    let mut list: Vec<Row> = audit.repositories.iter().map(|one| row(&one.name, &one.totals.effort)).collect();
    if list.len() > 1 {
        list.push(Row { name: "all".to_owned(), facets: BTreeMap::new(), ..row("", &audit.whole.effort) });
    }
    let lead = "Pieces of work, never hours: from the sure findings, alike ones in a file as one, to every finding by itself. trivial: one line each · small: a few lines in \
                one file · medium: several files, or a decision · large: a change of how the system is made.";
    let head = ["repository", "trivial", "small", "medium", "large", "of these, done by `--fix`"];
    section("effort", "Effort", lead, vec![Block::Table(head.map(|cell| cell.replace('`', "")).into(), list)])
}

fn rules(audit: &Audit) -> Section {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for finding in audit.repositories.iter().flat_map(|one| &one.findings) {
        *counts.entry(finding.rule).or_default() += 1;
    }
    let row = |(name, count): (&&'static str, &usize)| {
        let rule = words::find(name)?;
        let mut row = Row::new(format!("`{}` {}", rule.name, rule.title))
            .tag(rule.severity.name(), tone(rule.severity))
            .aside(&format!("{} × {count}", rule.code))
            .facet("severity", [rule.severity.name()])
            .facet("category", [rule.category.name()])
            .facet("effort", [rule.effort.name()])
            .facet("rule", [rule.name])
            .text("category", rule.category.name())
            .text("effort", rule.effort.name())
            .text("removed in Chef", rule.removed.unwrap_or_default())
            .text("also called", &rule.also.join(", "))
            .field("page", vec![Piece::Ready(format!("<div class=\"rulepage\">{}</div>", markdown(&rule.text())))]);
        row.id = format!("rule-{}", id(rule.name));
        Some(row)
    };
    let body = rows("", counts.iter().filter_map(row).collect()).into_iter().collect();
    section("rules", "The rules that found something", "What each finds, why it matters, and the wrong and the right way.", body)
}
