//! `cron` and `cron_d` resources: times, command, mail, variables, the limit of time.

use crate::diagnostic::Diagnostic;
use crate::graph::{Datum, Resource, Run, Status};
use crate::outcome::Fate;
use crate::pass::command::Wrappers;
use crate::pass::encode::encode;
use crate::pass::schedule::crontab;
use crate::pass::schedule::entry::{Act, Entry, Time, alive};
use crate::pass::schedule::{Made, portable};
use crate::pass::{Input, Sink};
use crate::read::cron::When;

const WEEKDAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/// What the resources make and remove.
pub fn find(input: &Input<'_>, wrappers: &Wrappers, acts: &mut Vec<Act<Made>>, sink: &mut Sink) {
    for (run_number, run) in input.runs().filter(|(_, run)| alive(run.event)) {
        for (index, resource) in run.resources.iter().enumerate() {
            if !matches!(resource.kind.as_str(), "cron" | "cron_d") || !matches!(resource.status, Status::Run | Status::Unknown) {
                continue;
            }
            let Some(item) = input.items.number(run_number, index) else { continue };
            let key = key(resource);
            let act = |makes| Act { place: (run.environment, run.layer.clone()), order: (run.event, run_number, index), key, item, makes };
            let last = resource.ran.last().or(resource.actions.last()).map_or("create", String::as_str);
            if matches!(last, "delete" | "remove" | "unlink") {
                acts.push(act(None));
            } else if last != "nothing" {
                match entry(input, wrappers, run, item, resource) {
                    Some(entry) => acts.push(act(Some(Made { rank: 0, entries: vec![entry] }))),
                    None => {
                        sink.claim(item, Fate::Manual, "", "an entry without a command");
                        sink.diagnose(place(
                            input,
                            resource,
                            Diagnostic::warning("C140", format!("`{}` has no command", resource.reference())),
                        ));
                    }
                }
            }
        }
    }
}

/// What an entry is known by on its host.
fn key(resource: &Resource) -> String {
    if resource.kind == "cron_d" {
        return format!("/etc/cron.d/{}", resource.text_or_name("cron_name"));
    }
    format!("{}'s crontab: {}", resource.known("user").unwrap_or_else(|| "root".to_owned()), resource.name)
}

/// The diagnostic at the resource's place.
pub fn place(input: &Input<'_>, resource: &Resource, diagnostic: Diagnostic) -> Diagnostic {
    let Some(location) = &resource.declared_at else { return diagnostic };
    match super::entry::line_span(input.sources, &location.path, location.line) {
        Some(span) => diagnostic.at(span),
        None => diagnostic.in_file(location.path.clone()),
    }
}

fn entry(input: &Input<'_>, wrappers: &Wrappers, run: &Run, item: usize, resource: &Resource) -> Option<Entry> {
    let line = resource.text("command")?;
    let encoded = encode(&line);
    let (command, stdin) = crate::read::crontab::split_input(encoded.text.trim());
    let mut variables: Vec<(String, String)> = Vec::new();
    // What the resource says by properties of their own counts before its `environment`.
    if let Some(Datum::Map(environment)) = resource.get("environment") {
        for (name, value) in environment {
            variables.push((name.clone(), value.as_text().map(|text| text.to_string()).unwrap_or_default()));
        }
    }
    for (property, name) in [("mailto", "MAILTO"), ("path", "PATH"), ("shell", "SHELL"), ("home", "HOME")] {
        if let Some(value) = resource.text(property) {
            variables.push((name.to_owned(), value.to_string()));
        }
    }
    let kind = if resource.kind == "cron" { "cron" } else { "cron.d" };
    let mut entry = Entry::of(input, run, item, resource, kind);
    entry.name = resource.name.to_string();
    let (written, time) = fields(resource);
    entry.written = written;
    entry.original = encoded.show(encoded.text.trim());
    crontab::fill(&mut entry, &command, stdin.as_deref(), &variables, wrappers, super::entry::is_debian(input, run));
    entry.plain.user = entry.plain.user.take().or(resource.known("user")).or(Some("root".to_owned()));
    if let Some(zone) = resource.known("time_zone") {
        entry.time_zone = Some(zone);
    }
    if let Some(limit) = limit(resource) {
        entry.plain.words.splice(0..0, limit);
    }
    if let Some(comment) = resource.known("comment").filter(|text| !text.trim().is_empty()) {
        entry.notes.push(comment.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    entry.time = time;
    Some(entry.shown(&encoded))
}

/// `time_out`: the words that cron's provider puts before the command.
fn limit(resource: &Resource) -> Option<Vec<String>> {
    let mut words = vec!["timeout".to_owned()];
    match resource.get("time_out")? {
        Datum::Map(map) => {
            let of = |key: &str| map.get(key).and_then(Datum::as_text).map(|text| text.to_string());
            if matches!(map.get("preserve-status"), Some(Datum::Bool(true))) || of("preserve-status").as_deref() == Some("true") {
                words.push("--preserve-status".to_owned());
            }
            if matches!(map.get("foreground"), Some(Datum::Bool(true))) || of("foreground").as_deref() == Some("true") {
                words.push("--foreground".to_owned());
            }
            for option in ["kill-after", "signal"] {
                if let Some(value) = of(option) {
                    words.extend([format!("--{option}"), value]);
                }
            }
            words.push(of("duration")?);
        }
        other => words.push(other.as_text()?.to_string()),
    }
    Some(words)
}

/// The five fields of a cron resource, as written and as read.
fn fields(resource: &Resource) -> (String, Time) {
    if let Some(time) = resource.known("time").or_else(|| resource.known("predefined_value")) {
        let written = if time.starts_with('@') { time } else { format!("@{time}") };
        let time = Time::of(When::parse(&written));
        return (written, time);
    }
    let field = |name: &str| resource.text(name).unwrap_or_else(|| "*".into());
    let mut parts = Vec::new();
    for name in ["minute", "hour", "day", "month", "weekday"] {
        let text = field(name);
        let Some(known) = text.known() else {
            let written = ["minute", "hour", "day", "month", "weekday"].map(|name| field(name).to_string()).join(" ");
            return (written, Time::Refused("a part of it is not known".to_owned()));
        };
        let known = known.trim();
        // `weekday :monday` is Chef's number of the day.
        let number = WEEKDAYS.iter().position(|day| name == "weekday" && known.eq_ignore_ascii_case(day));
        parts.push(number.map_or_else(|| known.to_owned(), |number| number.to_string()));
    }
    let written = parts.join(" ");
    let time = match When::parse(&written) {
        Err(problem) => Time::Refused(portable::foreign(&written).map_or(problem.message, str::to_owned)),
        ok => Time::of(ok),
    };
    (written, time)
}
