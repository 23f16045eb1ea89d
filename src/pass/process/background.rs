//! Commands of recipes that leave something running: `nohup … &`, flags like `-d`, `pm2 start`, `foreman export`.

use std::collections::BTreeMap;

use super::found::Found;
use super::place::Place;
use super::procfile;
use crate::blueprint::Restart;
use crate::graph::{Datum, Resource, Status};
use crate::pass::command::{self, Plain};

/// Adds what the recipes' commands leave running.
pub fn read(place: &Place<'_>, all: &mut Vec<Found>) {
    let files = |path: &str| place.text(path);
    for (run, index, resource) in place.resources() {
        if matches!(resource.status, Status::Skipped(_) | Status::Idle | Status::Failed(_)) {
            continue;
        }
        let Some(text) = script(resource) else { continue };
        let text = place.encode(&text);
        if !may_stay(&text) {
            continue;
        }
        let Some(item) = place.input.items.number(run, index) else { continue };
        for mut plain in command::service(&text, &BTreeMap::new(), place.around(&files)) {
            complete(place, resource, &mut plain);
            if let Some(entries) = procfile::of_foreman(place, &plain) {
                for found in entries {
                    add(all, place.complete(found, Some(item)));
                }
                continue;
            }
            if !stays(&plain) {
                continue;
            }
            let name = plain.name.clone().unwrap_or_else(|| name_of(&plain));
            let mut found = Found::new(&name, "", plain, "background command");
            found.name = name;
            found.restart = Restart::Never;
            add(all, place.complete(found, Some(item)));
        }
    }
}

/// The same process by a restart, or by another event, is one.
fn add(all: &mut Vec<Found>, found: Found) {
    let same = |known: &Found| known.plain.words == found.plain.words && known.plain.directory == found.plain.directory;
    match all.iter_mut().find(|known| same(known) || (known.name == found.name && known.supervisor == found.supervisor)) {
        Some(known) => known.merge(&found),
        None => all.push(found),
    }
}

fn script(resource: &Resource) -> Option<crate::text::Text> {
    match resource.kind.as_str() {
        "execute" => Some(resource.text_or_name("command")),
        "bash" | "script" | "sh" => resource.text("code"),
        _ => None,
    }
}

/// Whether it is worth to take the text apart.
fn may_stay(text: &str) -> bool {
    const SIGNS: &[&str] = &[
        "&",
        "nohup",
        "-d",
        "-D",
        "daemon",
        "pm2",
        "forever",
        "foreman",
        "setsid",
        "delayed_job",
        "BACKGROUND",
        "_ctl",
        "start-stop-daemon",
        "sunspot",
    ];
    SIGNS.iter().any(|sign| text.contains(sign))
}

/// Whether a command leaves something running that is a process of the app.
pub fn stays(plain: &Plain) -> bool {
    let program = plain.words.first().map_or("", |word| word.rsplit('/').next().unwrap_or(word));
    let short = [
        "",
        "sleep",
        "kill",
        "rm",
        "curl",
        "wget",
        "mount",
        "tar",
        "apt-get",
        "yum",
        "dpkg",
        "rsync",
        "aws",
        "at",
        "chef-client",
        "reboot",
        "shutdown",
        "monit",
        "supervisord",
        "god",
        "eye",
        "bluepill",
        "systemctl",
        "service",
        "git",
        "mail",
        "sendmail",
        "docker",
        "certbot",
        "screen",
        "tmux",
        "cp",
        "mv",
        "sed",
    ];
    let whole_script = plain.shell && plain.words.last().is_some_and(|line| line.contains('\n'));
    plain.background && plain.service.is_none() && !short.contains(&program) && !whole_script
}

/// User, directory and variables that the resource sets.
fn complete(place: &Place<'_>, resource: &Resource, plain: &mut Plain) {
    let text = |name: &str| resource.text(name).map(|text| place.encode(&text));
    plain.user = plain.user.take().or_else(|| text("user"));
    plain.group = plain.group.take().or_else(|| text("group"));
    plain.directory = match (plain.directory.take(), text("cwd")) {
        (Some(directory), Some(cwd)) if !directory.starts_with(['/', '~']) => Some(format!("{}/{directory}", cwd.trim_end_matches('/'))),
        (directory, cwd) => directory.or(cwd),
    };
    if let Some(Datum::Map(variables)) = resource.get("environment") {
        for (name, value) in variables {
            if let Some(value) = value.as_text() {
                plain.variables.entry(name.clone()).or_insert_with(|| place.encode(&value));
            }
        }
    }
}

/// A name from the command: its program, or the script or task that a language runs.
pub fn name_of(plain: &Plain) -> String {
    const LANGUAGES: &[&str] = &[
        "bundle", "exec", "ruby", "node", "nodejs", "python", "python2", "python3", "php", "java", "sh", "-c", "rake", "rails", "runner",
        "-jar", "npm", "run", "env", "bin",
    ];
    let base = |word: &String| {
        let name = word.rsplit('/').next().unwrap_or(word);
        name.split_once('.').map_or(name, |(name, _)| name).to_owned()
    };
    let words: Vec<String> = match plain.words.as_slice() {
        [sh, dash, line] if sh == "sh" && dash == "-c" => line.split_whitespace().map(str::to_owned).collect(),
        words => words.to_vec(),
    };
    words
        .iter()
        .map(base)
        .find(|word| !LANGUAGES.contains(&word.as_str()) && !word.starts_with('-') && !word.contains('=') && !word.is_empty())
        .unwrap_or_else(|| "background".to_owned())
}
