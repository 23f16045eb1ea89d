//! Whom a mounted file reaches: the processes, schedules and jobs whose commands name it, or a script that names it.
//!
//! In: the mounts with their layers, what Chef copied, the app's source. Out: `mounts` of what runs. `tide-report daily` is the script
//! `/usr/local/bin/tide-report`, which says `. /etc/tidegauge/report.env`: the task gets that file.

use std::collections::{BTreeMap, BTreeSet};

use crate::blueprint::{Action, Job, Mount, Process, Schedule};
use crate::pass::Input;
use crate::pass::files::Files;
use crate::pass::unit::names_root;

/// How far a script that calls a script is followed.
const DEPTH: usize = 4;

/// What runs.
pub struct Running<'b> {
    /// All the time.
    pub processes: &'b mut [Process],
    /// On a schedule.
    pub schedules: &'b mut [Schedule],
    /// Once per release.
    pub jobs: &'b mut [Job],
}

/// Mounts each file into what names it. One that nothing names is everybody's on its layers.
pub fn run(input: &Input<'_>, files: &Files, running: &mut Running<'_>) {
    let scripts = Scripts::of(input, files);
    let said: Vec<Said<'_>> = running.processes.iter().map(|one| scripts.said(one.command.values.iter().flatten().flatten())).collect();
    let tasks: Vec<Said<'_>> = running.schedules.iter().map(|one| scripts.said(one.command.values.iter().flatten().flatten())).collect();
    let jobs: Vec<Said<'_>> = running.jobs.iter().map(|one| scripts.said(&one.command)).collect();
    for (mount, layers) in &files.mounts {
        let here = |own: &[String]| layers.is_empty() || own.iter().any(|layer| layers.contains(layer));
        let processes: Vec<bool> = running
            .processes
            .iter()
            .zip(&said)
            .map(|(one, said)| here(&one.layers) && (said.names(mount) || is_value(one, mount)))
            .collect();
        let schedules: Vec<bool> = running
            .schedules
            .iter()
            .zip(&tasks)
            .map(|(one, said)| (here(&one.layers) || one.layers.is_empty()) && (said.names(mount) || is_set(one, mount)))
            .collect();
        let once: Vec<bool> = jobs.iter().map(|said| said.names(mount)).collect();
        let (by_process, by_task) = (processes.contains(&true), schedules.contains(&true) || once.contains(&true));
        // What a task's script reads, the app may read too.
        let all = !by_process && (!by_task || mount.path.starts_with("/app/") || scripts.app_names(input, mount));
        for (process, names) in running.processes.iter_mut().zip(processes) {
            if names || (all && here(&process.layers)) {
                process.mounts.push(mount.clone());
            }
        }
        let nobody = !by_process && !by_task;
        for (schedule, names) in running.schedules.iter_mut().zip(schedules) {
            if names || (nobody && here(&schedule.layers)) {
                schedule.mounts.push(mount.clone());
            }
        }
        for (job, names) in running.jobs.iter_mut().zip(once) {
            if names || (nobody && layers.is_empty()) {
                job.mounts.push(mount.clone());
            }
        }
    }
}

fn is_value(process: &Process, mount: &Mount) -> bool {
    let path = [mount.path.clone()];
    process.variables.values().flat_map(|value| value.values.iter().flatten()).any(|value| names_root(value, &path))
}

fn is_set(schedule: &Schedule, mount: &Mount) -> bool {
    let path = [mount.path.clone()];
    schedule.variables.values().any(|value| names_root(value, &path))
}

/// The words of a command, and the texts of the scripts that it runs.
struct Said<'s> {
    words: Vec<String>,
    scripts: Vec<&'s str>,
}

impl Said<'_> {
    fn names(&self, mount: &Mount) -> bool {
        let name = mount.path.rsplit('/').next().unwrap_or(&mount.path);
        let by_word = |word: &String| word.contains(&mount.path) || (word.contains(name) && name.len() > 4);
        let path = [mount.path.clone()];
        self.words.iter().any(by_word) || self.scripts.iter().any(|text| names_root(text, &path))
    }
}

/// Files of the image that may be scripts, by path.
struct Scripts<'s> {
    texts: BTreeMap<String, &'s str>,
}

impl<'s> Scripts<'s> {
    fn of(input: &Input<'s>, files: &'s Files) -> Self {
        let mut texts = BTreeMap::new();
        for project in input.projects {
            for (path, id) in &project.files {
                texts.insert(format!("/app/{path}"), input.sources.file(*id).text());
            }
        }
        let content: BTreeMap<&str, &str> = files.artifacts.iter().map(|file| (file.path.as_str(), file.content.as_str())).collect();
        for (from, to) in &files.overlays {
            if let Some(text) = content.get(from.as_str()) {
                texts.insert(format!("/app/{to}"), text);
            }
        }
        for step in &files.steps {
            if let Action::Copy { from, to, .. } = &step.action
                && let Some(text) = content.get(from.as_str())
            {
                texts.insert(to.clone(), text);
            }
        }
        Self { texts }
    }

    fn said<'w>(&self, words: impl IntoIterator<Item = &'w String>) -> Said<'s> {
        let words: Vec<String> = words.into_iter().cloned().collect();
        let mut scripts: Vec<&'s str> = Vec::new();
        let mut seen: BTreeSet<&String> = BTreeSet::new();
        let mut open: Vec<&str> = words.iter().map(String::as_str).collect();
        for _ in 0..DEPTH {
            let mut next: Vec<&str> = Vec::new();
            for text in open {
                for (path, text) in text.split(is_edge).filter(|word| !word.is_empty()).filter_map(|word| self.find(word)) {
                    if seen.insert(path) {
                        scripts.push(text);
                        next.push(text);
                    }
                }
            }
            open = next;
        }
        Said { words, scripts }
    }

    fn find(&self, word: &str) -> Option<(&String, &'s str)> {
        let word = word.strip_prefix("./").unwrap_or(word);
        let found = if word.starts_with('/') { self.texts.get_key_value(word) } else { self.texts.get_key_value(&format!("/app/{word}")) };
        found.map(|(path, text)| (path, *text))
    }

    /// Whether the app's own code names the file.
    fn app_names(&self, input: &Input<'_>, mount: &Mount) -> bool {
        let path = [mount.path.clone()];
        let mut files = input.projects.iter().flat_map(|project| project.files.values());
        files.any(|id| names_root(input.sources.file(*id).text(), &path))
    }
}

fn is_edge(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ';' | '|' | '&' | '(' | ')' | '<' | '>' | '=' | ',' | '{' | '}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_followed() {
        let texts = BTreeMap::from([
            ("/usr/local/bin/report".to_owned(), "#!/bin/sh\n. /usr/local/lib/common.sh\nexec bin/send \"$@\"\n"),
            ("/usr/local/lib/common.sh".to_owned(), ". /etc/report.env # for all\n"),
            ("/app/bin/send".to_owned(), "cat /etc/report.envelope\n"),
        ]);
        let words = ["/usr/local/bin/report".to_owned(), "daily".to_owned()];
        let said = Scripts { texts }.said(&words);
        let mount = |path: &str| Mount { name: "x".to_owned(), path: path.to_owned(), content: None, origin: Vec::new() };
        assert_eq!(said.scripts.len(), 3);
        assert!(said.names(&mount("/etc/report.env")));
        assert!(said.names(&mount("/etc/report.envelope")));
        assert!(!said.names(&mount("/etc/other.env")));
    }
}
