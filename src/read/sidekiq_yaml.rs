//! `sidekiq.yml`: concurrency, timeout, queues with weights, sections of single environments; keys may be symbols (`:queues:`).
//!
//! `:queues: [[critical, 2], default]` is the queue `critical` of weight 2 and `default`. The file is ERB first: render it before.

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml::{Mapping, Value};

use super::lexeme::lines;
use super::problem::{Problem, Written};

/// A configuration file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sidekiq {
    /// What stands at the top.
    pub settings: Settings,
    /// Sections named after an environment, which are laid over the top.
    pub environments: Vec<(String, Settings)>,
}

/// One level of settings.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// `concurrency`
    pub concurrency: Option<Written<u32>>,
    /// `timeout`, seconds
    pub timeout: Option<Written<u32>>,
    /// `queues`; `None` when the key is not there.
    pub queues: Option<Vec<Queue>>,
    /// `pidfile`
    pub pidfile: Option<String>,
    /// `logfile`
    pub logfile: Option<String>,
    /// `require`
    pub require: Option<String>,
    /// `capsules` (Sidekiq 7): name and its settings.
    pub capsules: Vec<(String, Settings)>,
    /// Jobs of sidekiq-scheduler: `schedule`, or `schedule` inside `scheduler`.
    pub schedule: Option<Value>,
    /// Every other key with its value as YAML: line, key, value.
    pub others: Vec<(u32, String, String)>,
}

/// A queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Line, from 1.
    pub line: u32,
    /// Its name.
    pub name: String,
    /// Its weight; without any weight in the list the queues are worked strictly in order.
    pub weight: Option<u32>,
}

impl Sidekiq {
    /// The settings that hold in `environment`: its section over the top.
    #[must_use]
    pub fn settings_for(&self, environment: &str) -> Settings {
        let mut all = self.settings.clone();
        let Some((_, section)) = self.environments.iter().find(|(name, _)| name == environment) else { return all };
        let section = section.clone();
        all.concurrency = section.concurrency.or(all.concurrency);
        all.timeout = section.timeout.or(all.timeout);
        all.queues = section.queues.or(all.queues);
        all.pidfile = section.pidfile.or(all.pidfile);
        all.logfile = section.logfile.or(all.logfile);
        all.require = section.require.or(all.require);
        all.schedule = section.schedule.or(all.schedule);
        if !section.capsules.is_empty() {
            all.capsules = section.capsules;
        }
        let replaced: BTreeSet<String> = section.others.iter().map(|(_, key, _)| key.clone()).collect();
        all.others.retain(|(_, key, _)| !replaced.contains(key));
        all.others.extend(section.others);
        all
    }
}

/// Brackets inside each other beyond this are refused before the YAML reader sees them: it takes time that grows with their square.
const BRACKETS: usize = 100;

/// Reads a configuration file.
#[must_use]
pub fn parse(text: &str) -> (Sidekiq, Vec<Problem>) {
    let mut problems = Vec::new();
    if let Some(line) = too_deep(text) {
        return (Sidekiq::default(), vec![Problem::on_line(line, "brackets are nested too deeply")]);
    }
    let mut value: Value = match serde_yaml::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            let (line, column) = error.location().map_or((1, 1), |place| (place.line(), place.column()));
            let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).max(1);
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default().to_owned();
            return (Sidekiq::default(), vec![Problem { line: narrow(line), column: narrow(column), message }]);
        }
    };
    if let Err(error) = value.apply_merge() {
        problems.push(Problem::on_line(1, error.to_string()));
    }
    let places = Places::new(text);
    let mut sidekiq = Sidekiq::default();
    match value {
        Value::Null => {}
        Value::Mapping(root) => {
            let mut top = Mapping::new();
            for (key, value) in root {
                let name = plain(&key).unwrap_or_default();
                match value {
                    // A section of an environment; the keys below are sections of their own.
                    Value::Mapping(section)
                        if !matches!(name.as_str(), "capsules" | "scheduler" | "schedule" | "redis" | "labels" | "limits" | "dynamic") =>
                    {
                        let settings = settings(&section, &[&name], &places, &mut problems);
                        sidekiq.environments.push((name, settings));
                    }
                    value => {
                        top.insert(key, value);
                    }
                }
            }
            sidekiq.settings = settings(&top, &[], &places, &mut problems);
        }
        _ => problems.push(Problem::on_line(1, "expected keys and values")),
    }
    (sidekiq, problems)
}

/// The line where brackets are nested too deeply.
fn too_deep(text: &str) -> Option<u32> {
    let mut open = 0_usize;
    for (line, content) in lines(text) {
        for byte in content.bytes() {
            match byte {
                b'[' | b'{' => open += 1,
                b']' | b'}' => open = open.saturating_sub(1),
                _ => {}
            }
            if open > BRACKETS {
                return Some(line);
            }
        }
    }
    None
}

/// A scalar as text, the colon of a symbol taken off.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.strip_prefix(':').unwrap_or(text).to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Tagged(tagged) => plain(&tagged.value),
        _ => None,
    }
}

fn settings(section: &Mapping, path: &[&str], places: &Places<'_>, problems: &mut Vec<Problem>) -> Settings {
    let mut all = Settings::default();
    for (key, value) in section {
        let Some(name) = plain(key) else { continue };
        let line = places.line(path, &name);
        let number = |problems: &mut Vec<Problem>| {
            plain(value).map(|text| Written::read(&text, line, "whole number", problems, |text| text.trim().parse::<u32>().ok()))
        };
        match (name.as_str(), value) {
            ("concurrency", _) => all.concurrency = number(problems),
            ("timeout", _) => all.timeout = number(problems),
            ("queues", Value::Sequence(members)) => all.queues = Some(queues(members, &places.items(path, line), line, problems)),
            ("queues", _) => problems.push(Problem::on_line(line, "`queues` is no list")),
            ("pidfile", _) => all.pidfile = plain(value),
            ("logfile", _) => all.logfile = plain(value),
            ("require", _) => all.require = plain(value),
            ("schedule", _) => all.schedule = Some(value.clone()),
            ("scheduler", Value::Mapping(inner)) => {
                all.schedule = inner.iter().find(|(key, _)| plain(key).as_deref() == Some("schedule")).map(|(_, value)| value.clone());
            }
            // Capsules hold no capsules: the depth ends here.
            ("capsules", Value::Mapping(inner)) if path.len() < 2 => {
                for (capsule, value) in inner {
                    if let (Some(capsule), Value::Mapping(value)) = (plain(capsule), value) {
                        let inner = settings(value, &["capsules", &capsule], places, problems);
                        all.capsules.push((capsule, inner));
                    }
                }
            }
            _ => {
                let text = plain(value).unwrap_or_else(|| serde_yaml::to_string(value).unwrap_or_default().trim_end().to_owned());
                all.others.push((line, name, text));
            }
        }
    }
    all
}

/// `name`, `[name, weight]`, `name,weight`
fn queues(members: &[Value], places: &[u32], line: u32, problems: &mut Vec<Problem>) -> Vec<Queue> {
    let mut all = Vec::new();
    for (index, member) in members.iter().enumerate() {
        let line = places.get(index).copied().unwrap_or(line);
        let (name, weight) = match member {
            Value::Sequence(pair) => (pair.first().and_then(plain), pair.get(1).and_then(plain)),
            other => match plain(other) {
                Some(text) => match text.split_once(',') {
                    Some((name, weight)) => (Some(name.trim().to_owned()), Some(weight.trim().to_owned())),
                    None => (Some(text), None),
                },
                None => (None, None),
            },
        };
        let Some(name) = name else {
            problems.push(Problem::on_line(line, "a queue is a name, or a name and a weight"));
            continue;
        };
        let number = weight.as_deref().map(|weight| Written::read(weight, line, "whole number", problems, |text| text.parse().ok()));
        all.push(Queue { line, name, weight: number.and_then(|number| number.value) });
    }
    all
}

/// Where keys and list members stand: the YAML reader does not tell.
struct Places<'a> {
    /// Path of each key in block style, joined with NUL, and its line; the first of a name counts.
    keys: BTreeMap<String, u32>,
    lines: Vec<&'a str>,
}

impl<'a> Places<'a> {
    fn new(text: &'a str) -> Self {
        let mut keys = BTreeMap::new();
        let mut open: Vec<(usize, &str)> = Vec::new();
        for (line, content) in lines(text) {
            let body = content.trim_start();
            let indent = content.len() - body.len();
            let Some((key, _)) = key_of(body) else { continue };
            while open.last().is_some_and(|(outer, _)| *outer >= indent) {
                open.pop();
            }
            // Deeper keys are never asked for.
            if open.len() < 4 {
                let path = open.iter().map(|(_, name)| *name).chain([key]).collect::<Vec<_>>().join("\0");
                keys.entry(path).or_insert(line);
            }
            open.push((indent, key));
        }
        Self { keys, lines: text.lines().collect() }
    }

    /// The line of `key` in the section at `path`; that of the section when the key is not found, and 1 without any.
    fn line(&self, path: &[&str], key: &str) -> u32 {
        let full = path.iter().chain([&key]).copied().collect::<Vec<_>>();
        (1..=full.len()).rev().find_map(|length| self.keys.get(&full[..length].join("\0"))).copied().unwrap_or(1)
    }

    /// The lines of the members of the list whose key stands on `line`, when it is in block style.
    fn items(&self, path: &[&str], line: u32) -> Vec<u32> {
        let mut all = Vec::new();
        let mut level = None;
        let start = usize::try_from(line).unwrap_or(usize::MAX);
        let outer = usize::from(!path.is_empty());
        for (number, content) in (line + 1..).zip(self.lines.get(start..).unwrap_or(&[])) {
            let body = content.trim_start();
            let indent = content.len() - body.len();
            if body.is_empty() || body.starts_with('#') {
                continue;
            }
            if !(body.starts_with("- ") || body == "-") {
                if level.is_some_and(|level| indent > level) {
                    continue;
                }
                break;
            }
            if indent < outer {
                break;
            }
            if indent == *level.get_or_insert(indent) {
                all.push(number);
            }
        }
        all
    }
}

/// `key` of `key: …`, quotes and the colon of a symbol taken off, and what follows.
fn key_of(body: &str) -> Option<(&str, &str)> {
    let inner = body.strip_prefix(':').unwrap_or(body);
    let at = inner.find(':').filter(|at| inner[at + 1..].is_empty() || inner[at + 1..].starts_with([' ', '\t']))?;
    let key = inner[..at].trim().trim_matches(['"', '\'']);
    let starts_well = !key.is_empty() && !key.starts_with(['-', '#', '[', '{', '?', '&', '*']);
    starts_well.then(|| (key.strip_prefix(':').unwrap_or(key), &inner[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
---
:concurrency: 5
:timeout: 25
:verbose: false
:pidfile: tmp/pids/sidekiq.pid
production: &production
  :concurrency: 20
  queues:
    - critical
staging:
  <<: *production
  timeout: 8
:queues:
  # most urgent first
  - [critical, 4]
  - ['mailers', 2]
  - default,1
  - :low
:scheduler:
  :schedule:
    clean:
      cron: '0 0 * * *'
      class: CleanJob
capsules:
  single:
    concurrency: 1
    queues:
      - one
";

    #[test]
    fn settings_and_queues() {
        let (sidekiq, problems) = parse(FILE);
        assert_eq!(problems, []);
        let top = &sidekiq.settings;
        assert_eq!(top.concurrency.as_ref().map(|it| (it.value, it.line)), Some((Some(5), 2)));
        assert_eq!(top.timeout.as_ref().and_then(|it| it.value), Some(25));
        let queues: Vec<_> = top.queues.as_ref().unwrap().iter().map(|queue| (queue.line, queue.name.as_str(), queue.weight)).collect();
        assert_eq!(queues, [(15, "critical", Some(4)), (16, "mailers", Some(2)), (17, "default", Some(1)), (18, "low", None)]);
        assert_eq!(top.others, [(4, "verbose".to_owned(), "false".to_owned())]);
        assert!(top.schedule.as_ref().unwrap().get("clean").is_some());
        let (name, capsule) = &top.capsules[0];
        assert_eq!((name.as_str(), capsule.queues.as_ref().unwrap()[0].line), ("single", 28));
    }

    #[test]
    fn environments_lie_over_the_top() {
        let (sidekiq, _) = parse(FILE);
        let production = sidekiq.settings_for("production");
        assert_eq!(production.concurrency.map(|it| (it.value, it.line)), Some((Some(20), 7)));
        assert_eq!(production.queues.unwrap().iter().map(|queue| (queue.line, queue.name.as_str())).collect::<Vec<_>>(), [(9, "critical")]);
        let staging = sidekiq.settings_for("staging");
        assert_eq!((staging.concurrency.unwrap().value, staging.timeout.unwrap().value), (Some(20), Some(8)));
        assert_eq!(sidekiq.settings_for("test").timeout.unwrap().value, Some(25));
        assert_eq!(sidekiq.settings_for("test").queues.unwrap().len(), 4);
    }

    #[test]
    fn faults_and_placeholders() {
        let (_, problems) = parse(":concurrency: many\n:queues: default\n");
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(parse("a: [").1.len(), 1);
        assert_eq!(parse("- a").1.len(), 1);
        assert_eq!(parse(&"[".repeat(100_000)).1.len(), 1);
        assert_eq!(parse("").1, []);
        let (sidekiq, problems) = parse(":concurrency: \u{F0000}\n:queues:\n  - \u{F0001}\n  - [\u{F0002}, \u{F0003}]\n");
        assert_eq!(problems, []);
        assert_eq!(sidekiq.settings.concurrency.unwrap().text, "\u{F0000}");
        assert_eq!(sidekiq.settings.queues.unwrap()[1].name, "\u{F0002}");
    }
}
