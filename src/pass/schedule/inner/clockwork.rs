//! Clockwork: the clock files of the project, evaluated.

use std::rc::Rc;

use super::{Scene, line_span};
use crate::blueprint::{InnerSchedule, Origin};
use crate::clockwork::{self, Event};
use crate::diagnostic::Diagnostic;
use crate::outcome::{Fate, Subject};
use crate::pass::Sink;
use crate::pass::schedule::portable;
use crate::read::cron::Cron;

const FILES: &[&str] = &["clock.rb", "config/clock.rb", "lib/clock.rb", "app/clock.rb", "config/clockwork.rb", "lib/clockwork.rb"];

/// Finds the events.
pub fn find(scene: &Scene<'_>, all: &mut Vec<InnerSchedule>, sink: &mut Sink) {
    let mut paths: Vec<String> = FILES.iter().map(|path| (*path).to_owned()).collect();
    // The file that a process names.
    for words in scene.processes.iter().flat_map(|process| process.command.values.iter().flatten()) {
        if let Some(at) = words.iter().position(|word| word.rsplit('/').next() == Some("clockwork")) {
            paths.extend(
                words[at + 1..].iter().filter(|word| word.ends_with(".rb")).map(|word| word.trim_start_matches("/app/").to_owned()),
            );
        }
    }
    paths.sort();
    paths.dedup();
    for path in paths {
        let Some(file) = scene.project.files.get(&path) else { continue };
        if !scene.input.sources.file(*file).text().contains("lockwork") {
            continue;
        }
        match clockwork::evaluate(Rc::new(scene.input.sources.clone()), *file) {
            Ok(clock) => {
                clock.diagnostics.iter().for_each(|one| sink.diagnose(one.clone()));
                all.extend(clock.events.iter().map(schedule));
            }
            Err(failure) => failed(scene, &path, &failure, sink),
        }
    }
}

fn failed(scene: &Scene<'_>, path: &str, failure: &clockwork::Failure, sink: &mut Sink) {
    let place = failure.at.clone().unwrap_or_else(|| scene.project.place(path, 1));
    let message = format!("{path} cannot be evaluated: {}: {}", failure.class, failure.message);
    let mut diagnostic = Diagnostic::warning("C148", message.clone());
    match line_span(scene.input.sources, &place.path, place.line) {
        Some(span) => diagnostic = diagnostic.at(span),
        None => diagnostic = diagnostic.in_file(place.path.clone()),
    }
    sink.diagnose(diagnostic.help("its process goes on with it; read its times by hand"));
    let origin = vec![Origin { location: place.clone(), what: path.to_owned() }];
    sink.other(Subject::Schedule, path, "", Some(place), Fate::Manual, "", &message, Vec::new());
    sink.task(format!("Read the times of {path} by hand"), message, origin);
}

fn schedule(event: &Event) -> InnerSchedule {
    let mut one = InnerSchedule {
        name: event.job.clone(),
        kind: "clockwork".to_owned(),
        written: event.written.clone(),
        time_zone: event.zone.clone(),
        does: event.does.clone(),
        origin: vec![Origin { location: event.at.clone(), what: event.written.clone() }],
        notes: event.notes.clone(),
        ..InnerSchedule::default()
    };
    match event.fields() {
        Ok(fields) => match Cron::parse(&fields).map_err(|problem| problem.message).and_then(|cron| portable::portable(&cron)) {
            Ok(cron) => one.cron = Some(cron),
            Err(why) => one.notes.push(format!("no five fields: {why}")),
        },
        Err(why) => one.notes.push(why),
    }
    one
}
