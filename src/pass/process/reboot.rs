//! `@reboot` lines of crontabs that start something that stays.

use std::collections::BTreeMap;

use super::background;
use super::found::Found;
use super::place::Place;
use crate::blueprint::Restart;
use crate::pass::command::{self, Around, Plain, Wrappers};
use crate::read::{cron, crontab};

/// The process that the command of an `@reboot` line starts; `None` where it does something once.
#[must_use]
pub fn reboot(line: &str, wrappers: &Wrappers) -> Option<Plain> {
    let none = |_: &str| None;
    of_line(line, Around { wrappers, files: &none })
}

fn of_line(line: &str, around: Around<'_>) -> Option<Plain> {
    let all = command::service(line, &BTreeMap::new(), around);
    let [plain] = all.as_slice() else { return None };
    (background::stays(plain) || is_server(plain)).then(|| plain.clone())
}

/// Programs that never end by themselves.
fn is_server(plain: &Plain) -> bool {
    const SERVERS: &[&str] =
        &["sidekiq", "puma", "unicorn", "thin", "resque:work", "jobs:work", "delayed_job", "clockwork", "shoryuken", "gunicorn", "celery"];
    plain.words.iter().take(5).any(|word| SERVERS.contains(&word.rsplit('/').next().unwrap_or(word)))
}

/// Adds what `@reboot` starts, from cron resources and from rendered crontabs.
pub fn read(place: &Place<'_>, all: &mut Vec<Found>) {
    let files = |path: &str| place.text(path);
    let mut lines: Vec<(usize, String, Option<String>)> = Vec::new();
    for (run, index, resource) in place.resources() {
        if !matches!(resource.kind.as_str(), "cron" | "cron_d") || resource.does("delete") || resource.does("remove") {
            continue;
        }
        let when = ["time", "predefined_value", "minute"]
            .iter()
            .filter_map(|name| resource.known(name))
            .any(|value| value.trim_start_matches('@') == "reboot");
        if let (true, Some(command), Some(item)) = (when, resource.text("command"), place.input.items.number(run, index)) {
            lines.push((item, place.encode(&command), resource.known("user")));
        }
    }
    for file in place.files.values() {
        let system = file.path.starts_with("/etc/cron.d/") || file.path == "/etc/crontab";
        if !system && !file.path.contains("/cron/crontabs/") && !file.path.ends_with(".crontab") {
            continue;
        }
        let Some(text) = place.text_of(file).filter(|text| text.contains("@reboot")) else { continue };
        let (table, _) = if system { crontab::parse_system(&text) } else { crontab::parse(&text) };
        for (_, job) in table.jobs() {
            if job.when == cron::When::Reboot {
                lines.push((file.item, job.command.clone(), job.user.clone()));
            }
        }
    }
    for (item, line, user) in lines {
        let Some(mut plain) = of_line(&line.replace("\\%", "%"), place.around(&files)) else { continue };
        plain.user = plain.user.or(user);
        let name = background::name_of(&plain);
        let mut found = Found::new(&name, "", plain, "cron @reboot");
        found.name = name;
        found.restart = Restart::Never;
        let found = place.complete(found, Some(item));
        match all.iter_mut().find(|known| known.plain.words == found.plain.words) {
            Some(known) => known.merge(&found),
            None => all.push(found),
        }
    }
}
