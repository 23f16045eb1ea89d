//! An audit for the terminal: findings by file (alike ones together), then what to do first, the recipes, the work, the forecast, and a table of all folders.
//!
//! In: an [`Audit`]. Out: text; `long` lists every finding, else only the summaries are shown.

use std::fmt::Write;

use super::{Audit, Finding, Forecasted, Repository, Severity, State, Totals};

/// The longest list of a summary.
const LONGEST: usize = 15;

/// The whole text.
#[must_use]
pub fn text(audit: &Audit, quiet: bool) -> String {
    let audit = &audit.plain();
    let mut out = String::new();
    for repository in &audit.repositories {
        if audit.repositories.len() > 1 {
            let _ = writeln!(out, "==== {}", repository.name);
        }
        if let Some(why) = &repository.failure {
            let _ = writeln!(out, "not audited: {why}\n");
            continue;
        }
        findings(&mut out, &repository.findings, quiet);
        if !quiet {
            summary(&mut out, repository);
        }
        out.push('\n');
    }
    if audit.repositories.len() > 1 {
        table(&mut out, audit);
        out.push('\n');
    }
    out + &totals(&audit.whole)
}

/// How many further lines are named where one thing is found many times in a file.
const LINES: usize = 12;

/// The findings by file; what a rule says of several lines of a file is said once, with the first line's text and the other lines.
fn findings(out: &mut String, findings: &[Finding], quiet: bool) {
    let least = if quiet { Severity::Warning } else { Severity::Note };
    let mut shown = findings.iter().filter(|one| !one.known && one.severity >= least).peekable();
    let mut gap = "";
    while let Some(first) = shown.peek() {
        let path = first.path.as_str();
        let _ = writeln!(out, "{gap}{path}");
        gap = "\n";
        let mut groups: Vec<Vec<&Finding>> = Vec::new();
        while let Some(one) = shown.next_if(|one| one.path == path) {
            match groups.iter_mut().find(|group| group.iter().any(|known| known.rule == one.rule && known.message == one.message)) {
                Some(group) => group.push(one),
                None => groups.push(vec![one]),
            }
        }
        groups.iter().for_each(|group| said(out, group));
    }
    if !gap.is_empty() {
        out.push('\n');
    }
}

fn said(out: &mut String, group: &[&Finding]) {
    let [one, others @ ..] = group else { return };
    let _ = writeln!(out, "{:>5}  {}[{}] {}: {}", one.line, one.severity.name(), one.code, one.rule, one.message);
    if let Some(snippet) = one.snippet.as_deref().map(str::trim).filter(|snippet| !snippet.is_empty()) {
        let _ = writeln!(out, "       | {snippet}");
    }
    if !others.is_empty() {
        let lines: Vec<String> = others.iter().take(LINES).map(|one| one.line.to_string()).collect();
        let more = others.len().saturating_sub(LINES);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let _ = writeln!(out, "       = the same on {} {}{more}", if others.len() == 1 { "line" } else { "lines" }, lines.join(", "));
    }
}

fn heading(out: &mut String, title: &str, count: usize) {
    let _ = writeln!(out, "\n== {title}{}", if count == 0 { ": none" } else { "" });
}

fn list<T>(out: &mut String, title: &str, items: &[T], line: impl Fn(&T) -> String) {
    if items.is_empty() {
        return;
    }
    heading(out, title, items.len());
    for item in items.iter().take(LONGEST) {
        let _ = writeln!(out, "  {}", line(item));
    }
    if items.len() > LONGEST {
        let _ = writeln!(out, "  … and {} more; `--format json` has them all", items.len() - LONGEST);
    }
}

fn summary(out: &mut String, repository: &Repository) {
    let totals = &repository.totals;
    let _ = writeln!(out, "== {}: {}, {} files, {} cookbooks", repository.name, repository.layout, totals.files, totals.cookbooks);
    list(out, "first", &repository.first, |one| {
        format!(
            "{}[{}] {} ({}, {} each): {}, first {}",
            one.severity.name(),
            one.code,
            one.rule,
            one.count,
            one.effort,
            one.title,
            one.places.join(", ")
        )
    });
    recipes(out, repository);
    let knowledge = &repository.knowledge;
    if knowledge.recipes > 0 {
        heading(out, "known and unknown", 1);
        let _ = writeln!(
            out,
            "  {} of {} recipes are understood throughout; {} resources, {} values that only the running system knows, {} things not supported, {} not in the folder",
            knowledge.understood, knowledge.recipes, knowledge.resources, knowledge.unknown, knowledge.unsupported, knowledge.missing
        );
    }
    heading(out, "effort (pieces of work; from the sure findings, alike ones in a file as one, to every finding by itself)", 1);
    let _ = writeln!(out, "  {}; {} can be mended by --fix", totals.effort.words(), totals.effort.fixable);
    if let Some(forecast) = &repository.forecast {
        heading(out, "what a conversion would give", 1);
        for (what, items) in [
            ("images", &forecast.images),
            ("processes", &forecast.processes),
            ("schedules", &forecast.schedules),
            ("volumes", &forecast.volumes),
            ("stores", &forecast.stores),
        ] {
            let _ = writeln!(out, "  {what:<10} {:>3}  {}", items.len(), names(items));
        }
        let _ = writeln!(out, "  variables  {:>3}  of them {} secrets", forecast.variables, forecast.secrets);
        let _ = writeln!(out, "  tasks      {:>3}  for a person", forecast.tasks);
    }
    list(out, "past its end of life", &repository.past, |one| {
        if one.places.is_empty() { one.what.clone() } else { format!("{}  # {}", one.what, one.places.join(", ")) }
    });
    list(out, "secrets to make anew", &repository.secrets, |one| {
        format!("{}:{}  {}{}", one.path, one.line, one.kind, if one.name.is_empty() { String::new() } else { format!(": {}", one.name) })
    });
    list(out, "hosts that something is fetched from", &repository.hosts, |one| {
        format!("{} ({}{})  # {}", one.name, one.count, if one.plain { ", not encrypted" } else { "" }, one.first)
    });
    list(out, "cookbooks that are not in the folder", &repository.missing, |one| {
        format!("{} ({} recipes)  # {}", one.name, one.recipes, one.first)
    });
    list(out, "not read, or not to the end", &repository.unread, |one| {
        format!("{}{}: {}", one.path, one.line.map(|line| format!(":{line}")).unwrap_or_default(), one.why)
    });
}

fn names(items: &[Forecasted]) -> String {
    let shown: Vec<&str> = items.iter().take(8).map(|item| item.name.as_str()).collect();
    let more = if items.len() > 8 { format!(" and {} more", items.len() - 8) } else { String::new() };
    shown.join(", ") + &more
}

impl State {
    /// The words for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Manual => "with manual work",
            Self::Blocked => "blocked",
        }
    }
}

fn recipes(out: &mut String, repository: &Repository) {
    let totals = &repository.totals;
    if totals.cookbooks == 0 {
        return;
    }
    heading(out, &format!("recipes: {} ready, {} with manual work, {} blocked", totals.ready, totals.manual, totals.blocked), 1);
    for cookbook in &repository.cookbooks {
        let why = cookbook.reasons.first().map(|reason| format!("  {}", reason.why)).unwrap_or_default();
        let _ = writeln!(out, "  {:<17} {}{why}", cookbook.state.words(), cookbook.name);
        for recipe in cookbook.recipes.iter().filter(|recipe| recipe.state > State::Ready) {
            let why: Vec<String> =
                recipe.reasons.iter().filter(|reason| reason.state == recipe.state).take(2).map(|one| one.why.clone()).collect();
            let more = recipe.reasons.len().saturating_sub(why.len());
            let more = if more == 0 { String::new() } else { format!(" (and {more} more)") };
            let _ = writeln!(out, "    {:<15} {}  {}{more}", recipe.state.words(), recipe.name, why.join("; "));
        }
    }
}

fn table(out: &mut String, audit: &Audit) {
    let width = audit.repositories.iter().map(|one| one.name.chars().count()).max().unwrap_or(0).max("all together".len());
    let _ = writeln!(out, "{:width$}  files  cookbooks  ready  manual  blocked  errors  warnings  notes  secrets", "repository");
    let secrets = |one: &Repository| one.secrets.len();
    let mut row = |name: &str, totals: &Totals, secrets: usize| {
        let _ = writeln!(
            out,
            "{name:width$}  {:>5}  {:>9}  {:>5}  {:>6}  {:>7}  {:>6}  {:>8}  {:>5}  {secrets:>7}",
            totals.files, totals.cookbooks, totals.ready, totals.manual, totals.blocked, totals.errors, totals.warnings, totals.notes
        );
    };
    for one in &audit.repositories {
        if one.failure.is_none() {
            row(&one.name, &one.totals, secrets(one));
        }
    }
    row("all together", &audit.whole, audit.repositories.iter().map(secrets).sum());
    for one in audit.repositories.iter().filter(|one| one.failure.is_some()) {
        let _ = writeln!(out, "{:width$}  not audited", one.name);
    }
}

fn totals(totals: &Totals) -> String {
    let mut said = format!("{} errors, {} warnings, {} notes", totals.errors, totals.warnings, totals.notes);
    if totals.allowed > 0 {
        let _ = write!(said, "; {} allowed in the source", totals.allowed);
    }
    if totals.known > 0 {
        let _ = write!(said, "; {} of them known to the baseline", totals.known);
    }
    said + "\n"
}
