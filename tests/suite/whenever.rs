//! `whenever/TOPIC.jsonl`: schedules, and the crontab that whenever 1.0.0 prints for them.

use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;

use ekiben::source::SourceMap;
use ekiben::whenever::{Options, Schedule, evaluate};
use serde_json::{Map, Value as Json, json};

use super::Outcome;

/// The day on which the answers were taken: 2026-11-21.
const NOW: i64 = 1_795_219_200;

pub fn cases(folder: &Path) -> Vec<Outcome> {
    super::lines(folder).iter().map(|case| Outcome { id: case["id"].as_str().unwrap_or("?").to_owned(), failure: check(case) }).collect()
}

fn check(case: &Json) -> Option<String> {
    let vars = &case["vars.json"];
    let schedule = case["schedule.rb"].as_str().unwrap_or("");
    let mut sources = SourceMap::new();
    let file = sources.add_text(vars["file"].as_str().unwrap_or("config/schedule.rb"), schedule);
    for (path, text) in vars["files"].as_object().into_iter().flatten() {
        sources.add_text(path.as_str(), text.as_str().unwrap_or(""));
    }
    let options = Options {
        set: vars["set"].as_str().map(str::to_owned),
        roles: vars["roles"].as_array().into_iter().flatten().filter_map(|role| role.as_str().map(str::to_owned)).collect(),
        path: vars["path"].as_str().unwrap_or("").to_owned(),
        exists: BTreeSet::new(),
        now: NOW,
        ..Options::default()
    };
    let answer = evaluate(Rc::new(sources), file, &options);
    let difference = match (case.get("error.txt").and_then(Json::as_str), &answer) {
        (Some(error), Err(failure)) if error.split(':').next() == Some(&failure.class) => return None,
        (Some(error), answer) => format!("want {error:?}\n got {answer:?}"),
        (None, Err(failure)) => format!("want {}\n got {failure:?}", case["crontab.txt"]),
        (None, Ok(schedule)) => compare(case, schedule)?,
    };
    Some(format!("{schedule}\n{difference}"))
}

fn compare(case: &Json, schedule: &Schedule) -> Option<String> {
    let crontab = json!(schedule.crontab());
    if crontab != case["crontab.txt"] {
        return Some(format!("want {}\n got {crontab}", case["crontab.txt"]));
    }
    let jobs: Vec<Json> = schedule
        .jobs
        .iter()
        .map(|job| {
            // The answers have no description: this release prints none.
            let mailto = job.mailto.as_ref().map(ToString::to_string);
            json!({"cron": job.cron.to_string(), "command": job.command.to_string(), "mailto": mailto, "description": null})
        })
        .collect();
    let jobs = Json::Array(jobs);
    if case.get("jobs.json").is_some_and(|want| *want != jobs) {
        return Some(format!("want jobs {}\n got jobs {jobs}", case["jobs.json"]));
    }
    // The answers were read from the crontab, where `MAILTO` counts as the jobs' address.
    let environment: Map<String, Json> = schedule
        .environment
        .iter()
        .filter(|(name, _)| name != "MAILTO")
        .map(|(name, value)| {
            let value = value.to_string();
            (name.clone(), json!(if value.is_empty() { "\"\"".to_owned() } else { value }))
        })
        .collect();
    let environment = Json::Object(environment);
    if case.get("env.json").is_some_and(|want| *want != environment) {
        return Some(format!("want env {}\n got env {environment}", case["env.json"]));
    }
    None
}
