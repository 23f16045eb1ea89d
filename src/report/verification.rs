//! What `ekiben verify-image` says: a table by kind and verdict, then every difference with both sides and the recipe's line.
//!
//! In: [`Findings`]. Out: [`View`], its text form ([`text`]) and its JSON form ([`View::json`]). What is secret is masked on both sides.

use serde::Serialize;

use crate::report::mask::{Masker, is_secret_file};
use crate::source::Location;
use crate::verify::{Finding, Findings, Kind, Side, Verdict};

/// What is shown of a verification.
#[derive(Debug, Serialize)]
pub struct View {
    program: &'static str,
    version: &'static str,
    image: String,
    hosts: Vec<String>,
    table: Vec<Row>,
    unexplained: usize,
    not_compared: usize,
    refused_entries: usize,
    findings: Vec<Shown>,
}

/// A row of the table.
#[derive(Debug, Serialize)]
struct Row {
    kind: &'static str,
    same: usize,
    moved: usize,
    left_out: usize,
    different: usize,
    missing: usize,
    unchecked: usize,
    total: usize,
}

/// A finding as it is shown.
#[derive(Debug, Serialize)]
struct Shown {
    kind: Kind,
    name: String,
    verdict: Verdict,
    #[serde(skip_serializing_if = "String::is_empty")]
    why: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sides: Vec<Side>,
    #[serde(skip_serializing_if = "String::is_empty")]
    resource: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hosts: Vec<String>,
}

impl View {
    /// The view of `findings`; everything that `masker` knows to be secret is hidden.
    #[must_use]
    pub fn of(findings: &Findings, masker: &Masker) -> Self {
        let row = |kind: Kind| {
            let count = |verdict: Verdict| findings.all.iter().filter(|one| one.kind == kind && one.verdict == verdict).count();
            Row {
                kind: kind.names().1,
                same: count(Verdict::Same),
                moved: count(Verdict::Moved),
                left_out: count(Verdict::LeftOut),
                different: count(Verdict::Different),
                missing: count(Verdict::Missing),
                unchecked: count(Verdict::Unchecked),
                total: findings.all.iter().filter(|one| one.kind == kind).count(),
            }
        };
        Self {
            program: "ekiben",
            version: env!("CARGO_PKG_VERSION"),
            image: findings.image.clone(),
            hosts: findings.hosts.clone(),
            table: Kind::ALL.into_iter().map(row).filter(|row| row.total > 0).collect(),
            unexplained: findings.all.iter().filter(|one| one.verdict.is_fault()).count(),
            not_compared: findings.others,
            refused_entries: findings.refused,
            findings: findings.all.iter().map(|one| shown(one, masker)).collect(),
        }
    }

    /// The JSON text, with a newline at its end.
    #[must_use]
    pub fn json(&self) -> String {
        let mut out = serde_json::to_string_pretty(self).unwrap_or_default();
        out.push('\n');
        out
    }
}

fn shown(finding: &Finding, masker: &Masker) -> Shown {
    let secret = is_secret_file(&finding.name);
    let side = |side: &Side| {
        let hide = secret && side.what.starts_with("content");
        let text = |text: &str| if hide { crate::report::mask::HIDDEN.to_owned() } else { masker.message(text) };
        Side { what: side.what.clone(), chef: text(&side.chef), image: text(&side.image) }
    };
    Shown {
        kind: finding.kind,
        name: masker.message(&finding.name),
        verdict: finding.verdict,
        why: masker.message(&finding.why),
        sides: finding.sides.iter().map(side).collect(),
        resource: masker.message(&finding.resource),
        location: finding.location.clone(),
        hosts: finding.hosts.clone(),
    }
}

/// The text form; `all` lists what was moved and left out, too.
#[must_use]
pub fn text(view: &View, all: bool) -> String {
    let mut out = format!("image {}", view.image);
    if !view.hosts.is_empty() {
        out.push_str(&format!(" against what Chef left on {}", view.hosts.join(", ")));
    }
    out.push_str("\n\n");
    table(&mut out, &view.table);
    let mut verdicts = vec![Verdict::Missing, Verdict::Different];
    if all {
        verdicts.extend([Verdict::Unchecked, Verdict::Moved, Verdict::LeftOut]);
    }
    for verdict in verdicts {
        let list: Vec<&Shown> = view.findings.iter().filter(|one| one.verdict == verdict).collect();
        if !list.is_empty() {
            out.push_str(&format!("\n== {} ({})\n", verdict.name(), list.len()));
            list.into_iter().for_each(|one| write(&mut out, one));
        }
    }
    out.push('\n');
    if view.refused_entries > 0 {
        out.push_str(&format!("{} entries of the archive have paths that leave its root; they were left out\n", view.refused_entries));
    }
    if view.not_compared > 0 {
        out.push_str(&format!(
            "{} resources of these hosts leave no such thing (commands, services, …) and are not compared: report.md says what became of them\n",
            view.not_compared
        ));
    }
    out.push_str(&match view.unexplained {
        0 => "no unexplained difference\n".to_owned(),
        1 => "1 unexplained difference\n".to_owned(),
        count => format!("{count} unexplained differences\n"),
    });
    let explained = [Verdict::Moved, Verdict::LeftOut, Verdict::Unchecked];
    if !all && view.findings.iter().any(|one| explained.contains(&one.verdict)) {
        out.push_str("--all lists what was moved, left out or not checked, and why\n");
    }
    out
}

fn table(out: &mut String, rows: &[Row]) {
    let width = rows.iter().map(|row| row.kind.len()).max().unwrap_or(0);
    out.push_str(&format!("{:width$}", ""));
    for verdict in Verdict::ALL {
        out.push_str(&format!("  {}", verdict.name()));
    }
    out.push_str("  total\n");
    for row in rows {
        out.push_str(&format!("{:width$}", row.kind));
        let counts = [row.same, row.moved, row.left_out, row.different, row.missing, row.unchecked];
        for (verdict, count) in Verdict::ALL.into_iter().zip(counts) {
            out.push_str(&format!("  {count:>0$}", verdict.name().len()));
        }
        out.push_str(&format!("  {:>5}\n", row.total));
    }
}

fn write(out: &mut String, one: &Shown) {
    let name = one.kind.names().0;
    out.push_str(&format!("{name} {}", one.name));
    match (&one.location, one.resource.is_empty()) {
        (Some(location), false) => out.push_str(&format!("  # {location} {}", one.resource)),
        (Some(location), true) => out.push_str(&format!("  # {location}")),
        (None, false) => out.push_str(&format!("  # {}", one.resource)),
        (None, true) => {}
    }
    out.push('\n');
    if !one.why.is_empty() {
        out.push_str(&format!("    {}\n", one.why));
    }
    for side in &one.sides {
        out.push_str(&format!("    {}: Chef {}, image {}\n", side.what, quoted(&side.chef), quoted(&side.image)));
    }
    if !one.hosts.is_empty() && one.verdict.is_fault() {
        out.push_str(&format!("    on {}\n", one.hosts.join(", ")));
    }
}

/// Texts with blanks in marks, so that one sees where they end.
fn quoted(text: &str) -> String {
    if text.is_empty() || text.contains([' ', '\t']) { format!("`{text}`") } else { text.to_owned() }
}
