//! `report.md`: what a reviewer needs beside the files themselves.
//!
//! In: an [`Outcome`], its notes and findings. Out: Markdown: what the input is, the account, what to do before the first deployment,
//! processes, schedules, variables, secrets, routes, every disposition with file and line, and the diagnostics. No secret's value.

mod disposition;
pub(in crate::report) mod document;
mod running;
mod setting;

use self::document::{Document, code, text};
use crate::blueprint::{Blueprint, Origin, PerEnvironment};
use crate::outcome::{Fate, Outcome};
use crate::report::accounting::Account;
use crate::report::diagnostics::{Finding, count};
use crate::report::mask::Masker;

/// How many places are named for one diagnostic's message.
const PLACES: usize = 5;

/// The whole report. `notes` and `findings` are those of the outcome and of whoever loaded the input.
#[must_use]
pub fn render(outcome: &Outcome, notes: &[String], findings: &[Finding], masker: &Masker) -> String {
    let mut document = Document::new(masker);
    let blueprint = &outcome.blueprint;
    document
        .heading(1, &if blueprint.name.is_empty() { "Conversion".to_owned() } else { format!("Conversion of {}", text(&blueprint.name)) });
    document.paragraph(
        "Written by ekiben with the rest of this folder. Where something stands as `file:line`, the file is one of the input. \
         A name in ‹angle quotes› stands for a value that is secret, or that is not known before the program runs.",
    );
    document.heading(2, "What was converted");
    document.list(notes.iter().map(|note| text(note)), "Nothing is to be said of the input.");
    accounting(&mut document, outcome);
    tasks(&mut document, blueprint);
    running::write(&mut document, blueprint);
    setting::write(&mut document, blueprint);
    disposition::write(&mut document, &outcome.dispositions);
    diagnostics(&mut document, findings);
    document.finish()
}

fn accounting(document: &mut Document<'_>, outcome: &Outcome) {
    document.heading(2, "What became of it");
    let head: Vec<&str> = std::iter::once("").chain(Fate::ALL.map(Fate::name)).chain(["total"]).collect();
    let rows = Account::of(outcome).rows;
    let row = |row: &crate::report::accounting::Row| {
        std::iter::once(row.name.to_owned()).chain(row.counts().into_iter().chain([row.total]).map(|count| count.to_string())).collect()
    };
    document.table(&head, rows.iter().map(row).collect());
    document.paragraph(
        "translated: it is in this folder · absorbed: the base image or the target does it · host: it concerns the machine or cluster, \
         not a container · manual: a person must do or decide something · skipped: it does not run in Chef either · \
         unknown: it is not understood.",
    );
}

fn tasks(document: &mut Document<'_>, blueprint: &Blueprint) {
    document.heading(2, "Before the first deployment");
    let task = |task: &crate::blueprint::Task| {
        let why = if task.why.is_empty() { String::new() } else { format!(" — {}", text(&task.why)) };
        let from = origins(&task.origin);
        format!("[ ] {}{why}{}", text(&task.what), if from.is_empty() { from } else { format!(" ({from})") })
    };
    document.list(blueprint.tasks.iter().map(task), "Nothing is left to do by hand.");
}

fn diagnostics(document: &mut Document<'_>, findings: &[Finding]) {
    document.heading(2, "Diagnostics");
    let words = count(findings).map(|(severity, count)| {
        let name = format!("{severity:?}").to_lowercase();
        format!("{count} {name}{}", if count == 1 { "" } else { "s" })
    });
    document.paragraph(&format!("{}.", words.join(", ")));
    let mut groups: Vec<(&Finding, Vec<String>)> = Vec::new();
    for finding in findings {
        let place = match (&finding.path, finding.line) {
            (Some(path), Some(line)) => code(&format!("{path}:{line}")),
            (Some(path), None) => code(path),
            _ => String::new(),
        };
        match groups
            .iter_mut()
            .find(|(first, _)| (&first.code, &first.message, &first.help) == (&finding.code, &finding.message, &finding.help))
        {
            Some((_, places)) => places.push(place),
            None => groups.push((finding, vec![place])),
        }
    }
    groups.sort_by(|one, other| (other.0.severity, &one.0.code).cmp(&(one.0.severity, &other.0.code)));
    let row = |(finding, places): &(&Finding, Vec<String>)| {
        let severity = format!("{:?}", finding.severity).to_lowercase();
        let help = finding.help.as_ref().map(|help| text(help)).unwrap_or_default();
        vec![finding.code.clone(), severity, some(places, PLACES), text(&finding.message), help]
    };
    document.table(&["code", "severity", "where", "what", "what to do"], groups.iter().map(row).collect());
}

/// The first `most` of `items`, and how many more there are.
fn some(items: &[String], most: usize) -> String {
    let shown = items.iter().take(most).filter(|item| !item.is_empty()).cloned().collect::<Vec<_>>().join(", ");
    if items.len() > most { format!("{shown} and {} more", items.len() - most) } else { shown }
}

/// The places that something comes from.
fn origins(origins: &[Origin]) -> String {
    let mut places: Vec<String> = Vec::new();
    for origin in origins {
        let place = code(&origin.location.to_string());
        if !places.contains(&place) {
            places.push(place);
        }
    }
    some(&places, PLACES)
}

/// A value for each environment: one where they are all the same, else each with its environment's name.
fn per_environment<T: PartialEq>(blueprint: &Blueprint, values: &PerEnvironment<T>, show: impl Fn(&T) -> String) -> String {
    let same = values.values.windows(2).all(|pair| pair[0] == pair[1]);
    match values.values.first() {
        None => String::new(),
        Some(first) if same => first.as_ref().map(show).unwrap_or_default(),
        Some(_) => {
            let name = |index: usize| blueprint.environments.get(index).map_or_else(|| index.to_string(), |one| one.name.clone());
            let one = |(index, value): (usize, &Option<T>)| {
                format!("{}: {}", text(&name(index)), value.as_ref().map_or_else(|| "—".to_owned(), &show))
            };
            values.values.iter().enumerate().map(one).collect::<Vec<_>>().join("; ")
        }
    }
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::blueprint::{Environment, Schedule, Setting, Task, Variable};
    use crate::diagnostic::Severity;
    use crate::report::accounting::tests::disposition;
    use crate::source::Location;

    fn outcome() -> Outcome {
        let origin =
            vec![Origin { location: Location { path: "config/schedule.rb".to_owned(), line: 7, column: 1 }, what: "every".to_owned() }];
        let mut outcome = Outcome {
            dispositions: vec![disposition("package[b|c]", 9, Fate::Manual), disposition("package[nginx]", 3, Fate::Translated)],
            ..Outcome::default()
        };
        let blueprint = &mut outcome.blueprint;
        blueprint.name = "shop".to_owned();
        blueprint.environments =
            ["production", "staging"].map(|name| Environment { name: name.to_owned(), ..Environment::default() }).into();
        blueprint.tasks.push(Task {
            what: "create the secret `TOKEN`".to_owned(),
            why: "it is not in the input".to_owned(),
            origin: origin.clone(),
        });
        blueprint.schedules.push(Schedule {
            name: "digest".to_owned(),
            image: "shop".to_owned(),
            cron: PerEnvironment { values: vec![Some("0 4 * * *".to_owned()), None] },
            written: "every 1.day".to_owned(),
            time_zone: Some("Etc/UTC".to_owned()),
            command: PerEnvironment::same(vec!["rake".to_owned()], 2),
            original: "cd /srv && rake digest | logger".to_owned(),
            origin: origin.clone(),
            notes: vec!["midnight in UTC".to_owned()],
            ..Schedule::default()
        });
        blueprint.variables.push(Variable {
            name: "TOKEN".to_owned(),
            secret: true,
            value: PerEnvironment::same(Setting::Secret, 2),
            origin,
            readers: vec!["config/a.rb:1".to_owned()],
            ..Variable::default()
        });
        outcome
    }

    #[test]
    fn every_section_is_there_and_tables_are_escaped() {
        let finding = Finding {
            path: Some("a.rb".to_owned()),
            line: Some(2),
            column: Some(1),
            code: "C100".to_owned(),
            severity: Severity::Warning,
            message: "no `x` | y".to_owned(),
            help: None,
        };
        let report = render(&outcome(), &["one cookbook".to_owned()], &[finding], &Masker::default());
        for heading in [
            "What was converted",
            "What became of it",
            "Before the first deployment",
            "Schedules",
            "Variables",
            "Secrets to create",
            "Every resource",
            "Diagnostics",
        ] {
            assert!(report.contains(&format!("## {heading}\n")), "{heading} in {report}");
        }
        assert!(report.contains("- [ ] create the secret `TOKEN` — it is not in the input (`config/schedule.rb:7`)"), "{report}");
        assert!(report.contains("production: `0 4 * * *`; staging: —"), "{report}");
        assert!(report.contains("| `package[b\\|c]` | manual |"), "{report}");
        assert!(report.contains("| C100 | warning | `a.rb:2` | no `x` \\| y |"), "{report}");
        assert!(report.find("package[nginx]") < report.find("package[b"), "sorted by line");
        let columns = |line: &str| line.replace("\\|", "").matches('|').count();
        let lines: Vec<&str> = report.lines().collect();
        for pair in lines.windows(2).filter(|pair| pair.iter().all(|line| line.starts_with('|'))) {
            assert_eq!(columns(pair[0]), columns(pair[1]), "{pair:?}");
        }
        assert!(lines.iter().all(|line| line.trim_end() == *line), "no blanks at line ends");
        assert!(!report.contains("\n\n\n") && report.ends_with('\n') && !report.ends_with("\n\n"));
    }

    #[test]
    fn an_empty_outcome_has_a_report_too() {
        let report = render(&Outcome::default(), &[], &[], &Masker::default());
        assert!(
            report.starts_with("# Conversion\n") && report.contains("Nothing is left to do by hand.") && !report.contains("## Schedules")
        );
    }
}
