//! An audit as a document: a section for each repository, and a table of all of them first where there are several.
//!
//! In: an [`Audit`]. Out: Markdown that GitHub and GitLab show.

use std::fmt::Write;

use super::{Audit, Forecasted, Repository, Severity, State, Totals};
use crate::report::markdown::document::{code, in_cell, text};

/// The document.
#[must_use]
pub fn markdown(audit: &Audit) -> String {
    let audit = &audit.plain();
    let mut out = "# Audit\n".to_owned();
    if audit.repositories.len() > 1 {
        out.push_str("\n| repository | files | cookbooks | ready | manual work | blocked | errors | warnings | notes | secrets |\n");
        out.push_str("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        for one in &audit.repositories {
            match &one.failure {
                Some(why) => {
                    let _ = writeln!(out, "| {} | not audited: {} | | | | | | | | |", cell(&one.name), cell(why));
                }
                None => row(&mut out, &cell(&one.name), &one.totals, one.secrets.len()),
            }
        }
        row(&mut out, "**all together**", &audit.whole, audit.repositories.iter().map(|one| one.secrets.len()).sum());
    }
    for one in &audit.repositories {
        repository(&mut out, one);
    }
    out
}

fn row(out: &mut String, name: &str, totals: &Totals, secrets: usize) {
    let _ = writeln!(
        out,
        "| {name} | {} | {} | {} | {} | {} | {} | {} | {} | {secrets} |",
        totals.files, totals.cookbooks, totals.ready, totals.manual, totals.blocked, totals.errors, totals.warnings, totals.notes
    );
}

/// Text in a cell: nothing in it is markup but code in backticks.
fn cell(words: &str) -> String {
    in_cell(&item(words))
}

/// A place or a command in a cell.
fn cell_code(content: &str) -> String {
    in_cell(&code(content))
}

/// Text in a line: as [`cell`], without what begins a list, a heading or a quotation.
fn item(words: &str) -> String {
    let out = text(words);
    let (number, rest) = out.split_at(out.len() - out.trim_start_matches(|c: char| c.is_ascii_digit()).len());
    let marks: &[char] = if number.is_empty() { &['#', '>', '+', '-', '=', '~'] } else { &['.', ')'] };
    if rest.starts_with(marks) { format!("{number}\\{rest}") } else { out }
}

fn repository(out: &mut String, one: &Repository) {
    let totals = &one.totals;
    let _ = writeln!(out, "\n## {}\n", item(&one.name));
    if let Some(why) = &one.failure {
        let _ = writeln!(out, "Not audited: {}.", text(why));
        return;
    }
    let _ = writeln!(
        out,
        "{}: {} files, {} cookbooks; {} errors, {} warnings, {} notes ({} allowed in the source, {} known to the baseline).",
        one.layout, totals.files, totals.cookbooks, totals.errors, totals.warnings, totals.notes, totals.allowed, totals.known
    );
    if !one.first.is_empty() {
        out.push_str("\n### First\n\n| | rule | what | how many | effort each | places |\n|--:|---|---|--:|---|---|\n");
        for (index, first) in one.first.iter().enumerate() {
            let places: Vec<String> = first.places.iter().map(|place| cell_code(place)).collect();
            let _ = writeln!(
                out,
                "| {} | {} {} ({}) | {} | {} | {} | {} |",
                index + 1,
                first.code,
                first.rule,
                first.severity.name(),
                cell(first.title),
                first.count,
                first.effort,
                places.join(" ")
            );
        }
    }
    recipes(out, one);
    let _ = writeln!(
        out,
        "\n### Effort\n\nPieces of work, from the sure findings (alike ones in a file as one) to every finding by itself: {}. `ekiben audit --fix` can mend {}.",
        totals.effort.words(),
        totals.effort.fixable
    );
    let known = &one.knowledge;
    if known.recipes > 0 {
        let _ = writeln!(
            out,
            "\n{} of {} recipes are understood throughout; {} resources, {} values that only the running system knows, {} things not supported, {} not in the folder.",
            known.understood, known.recipes, known.resources, known.unknown, known.unsupported, known.missing
        );
    }
    forecast(out, one);
    lists(out, one);
    findings(out, one);
}

fn recipes(out: &mut String, one: &Repository) {
    if one.cookbooks.is_empty() {
        return;
    }
    let totals = &one.totals;
    let _ = writeln!(out, "\n### Recipes: {} ready, {} with manual work, {} blocked\n", totals.ready, totals.manual, totals.blocked);
    out.push_str("| recipe | state | why |\n|---|---|---|\n");
    for cookbook in &one.cookbooks {
        let why = |reasons: &[super::Reason]| {
            reasons
                .iter()
                .map(|reason| format!("{} ({})", cell(&reason.why), cell_code(&format!("{}:{}", reason.path, reason.line))))
                .collect::<Vec<_>>()
                .join("; ")
        };
        let _ = writeln!(out, "| **{}** | {} | {} |", cell(&cookbook.name), cookbook.state.words(), why(&cookbook.reasons));
        for recipe in cookbook.recipes.iter().filter(|recipe| recipe.state > State::Ready) {
            let _ = writeln!(out, "| {} | {} | {} |", cell(&recipe.name), recipe.state.words(), why(&recipe.reasons));
        }
    }
}

fn forecast(out: &mut String, one: &Repository) {
    let Some(forecast) = &one.forecast else { return };
    out.push_str("\n### What a conversion would give\n\n| what | how many | which |\n|---|--:|---|\n");
    let names = |items: &[Forecasted]| {
        items.iter().map(|item| format!("{} ({})", cell(&item.name), cell_code(&item.what))).collect::<Vec<_>>().join(", ")
    };
    for (what, items) in [
        ("images", &forecast.images),
        ("processes", &forecast.processes),
        ("schedules", &forecast.schedules),
        ("volumes", &forecast.volumes),
        ("stores", &forecast.stores),
    ] {
        let _ = writeln!(out, "| {what} | {} | {} |", items.len(), names(items));
    }
    let _ = writeln!(out, "| variables | {} | of them {} secrets |", forecast.variables, forecast.secrets);
    let _ = writeln!(out, "| tasks | {} | for a person |", forecast.tasks);
}

fn lists(out: &mut String, one: &Repository) {
    let mut list = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = writeln!(out, "\n### {title}\n");
            lines.iter().for_each(|line| {
                let _ = writeln!(out, "- {line}");
            });
        }
    };
    let places = |places: &[String]| places.iter().map(|place| format!(" {}", code(place))).collect::<String>();
    list("Past its end of life", one.past.iter().map(|past| format!("{}{}", item(&past.what), places(&past.places))).collect());
    list(
        "Secrets to make anew",
        one.secrets
            .iter()
            .map(|secret| {
                format!("[ ] {} {}: {}", code(&format!("{}:{}", secret.path, secret.line)), item(&secret.kind), item(&secret.name))
            })
            .collect(),
    );
    list(
        "Hosts that something is fetched from",
        one.hosts
            .iter()
            .map(|host| {
                format!(
                    "{} ({}{}), first {}",
                    item(&host.name),
                    host.count,
                    if host.plain { ", not encrypted" } else { "" },
                    code(&host.first)
                )
            })
            .collect(),
    );
    list(
        "Cookbooks that are not in the folder",
        one.missing
            .iter()
            .map(|missing| format!("{} ({} recipes), first {}", item(&missing.name), missing.recipes, code(&missing.first)))
            .collect(),
    );
    list(
        "Not read, or not to the end",
        one.unread
            .iter()
            .map(|file| {
                format!(
                    "{}: {}",
                    code(&format!("{}{}", file.path, file.line.map(|line| format!(":{line}")).unwrap_or_default())),
                    item(&file.why)
                )
            })
            .collect(),
    );
}

fn findings(out: &mut String, one: &Repository) {
    if one.findings.is_empty() {
        return;
    }
    out.push_str("\n### Findings\n\n| severity | place | rule | what |\n|---|---|---|---|\n");
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        for finding in one.findings.iter().filter(|finding| finding.severity == severity && !finding.known) {
            let place = cell_code(&format!("{}:{}", finding.path, finding.line));
            let _ = writeln!(out, "| {} | {place} | {} {} | {} |", severity.name(), finding.code, finding.rule, cell(&finding.message));
        }
    }
}
