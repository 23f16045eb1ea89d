//! runit: `run` scripts, with the variables of `env`, the user and limits of `chpst`, and where `log/run` writes.

use std::collections::BTreeMap;

use super::found::Found;
use super::place::{Place, Reading};
use crate::pass::command::{self, Plain};
use crate::pass::input::RunFile;

/// Whether a file is a run script.
pub fn takes(path: &str, name: &str, text: &str) -> bool {
    let folder = path.rsplit('/').nth(1).unwrap_or("");
    name == "run" && folder != "log" && (text.starts_with("#!") || path.starts_with("/etc/sv/") || path.starts_with("/etc/service/"))
}

/// Reads a run script.
pub fn read(place: &Place<'_>, file: &RunFile<'_>, reading: &mut Reading) {
    script(place, file, "runit", reading);
}

/// A run script of runit or daemontools.
pub fn script(place: &Place<'_>, file: &RunFile<'_>, supervisor: &'static str, reading: &mut Reading) {
    let (Some(text), Some((folder, _))) = (place.text_of(file), file.path.rsplit_once('/')) else { return };
    let name = folder.rsplit('/').next().unwrap_or(folder);
    let files = |path: &str| place.text(path);
    let all = match crate::read::shell::parse(&text) {
        Ok(_) => command::service(&text, &BTreeMap::new(), place.around(&files)),
        Err(problem) => {
            reading.problems.push(problem);
            Vec::new()
        }
    };
    let Some(mut plain) = all.into_iter().next() else {
        reading.nothing("C131", 1, format!("the run script of `{name}` starts nothing"));
        return;
    };
    let (variables, items) = directories(place, folder, &plain);
    plain.environment_directories.clear();
    let mut found = Found::new(name, name, plain, supervisor);
    found.set_variables(&variables);
    found.items.extend(items);
    logs(place, folder, &mut found);
    if place.files.contains_key(format!("{folder}/down").as_str()) {
        found.note(format!("{supervisor} did not start it by itself (`down`)"));
    }
    reading.found.push(found);
}

/// The variables of `chpst -e ./env`: a file for each.
fn directories(place: &Place<'_>, folder: &str, plain: &Plain) -> (BTreeMap<String, String>, Vec<usize>) {
    let mut variables = BTreeMap::new();
    let mut items = Vec::new();
    for directory in &plain.environment_directories {
        let path = match directory.strip_prefix('/') {
            Some(_) => directory.trim_end_matches('/').to_owned(),
            None => format!("{folder}/{}", directory.trim_start_matches("./").trim_end_matches('/')),
        };
        for (file_path, file) in &place.files {
            let Some(name) = file_path.strip_prefix(&format!("{path}/")).filter(|name| !name.contains('/')) else { continue };
            let Some(text) = place.text_of(file) else { continue };
            variables.insert(name.to_owned(), text.lines().next().unwrap_or("").trim_end().to_owned());
            items.push(file.item);
        }
    }
    (variables, items)
}

/// Where the logger beside it writes.
fn logs(place: &Place<'_>, folder: &str, found: &mut Found) {
    let path = format!("{folder}/log/run");
    let Some(text) = place.text(&path) else { return };
    found.items.extend(place.files.get(path.as_str()).map(|file| file.item));
    for line in text.lines().filter(|line| ["svlogd", "multilog", "logger"].iter().any(|word| line.contains(word))) {
        if line.contains("logger") {
            found.log("syslog");
        } else if let Some(target) = line.split_whitespace().last().filter(|word| word.contains('/')) {
            let target = target.trim_matches(['"', '\'']);
            found.log(match target.strip_prefix("./") {
                Some(rest) => format!("{folder}/log/{rest}"),
                None => target.to_owned(),
            });
        }
    }
}
