//! Entries that a command writes: `crontab FILE`, `(crontab -l; echo "…") | crontab -`, `echo "…" > /etc/cron.d/x`, here-documents.

mod print;
mod text;

use crate::graph::{Resource, Run, Status};
use crate::outcome::Fate;
use crate::pass::command::Wrappers;
use crate::pass::encode::encode;
use crate::pass::schedule::Made;
use crate::pass::schedule::crontab::{self, Table};
use crate::pass::schedule::entry::{Act, Entry, alive};
use crate::pass::{Input, Sink};
use text::{Target, Writer};

/// Kinds of resources that hold a script, and the property that holds it.
#[must_use]
pub fn line_of(resource: &Resource) -> Option<crate::text::Text> {
    match resource.kind.as_str() {
        "execute" => Some(resource.text_or_name("command")),
        "cron" | "cron_d" | "file" | "template" | "service" | "systemd_unit" => None,
        _ => resource.text("code").or_else(|| resource.text("command")),
    }
}

/// What the scripts write.
pub fn find(input: &Input<'_>, wrappers: &Wrappers, acts: &mut Vec<Act<Made>>, sink: &mut Sink) {
    for (run_number, run) in input.runs().filter(|(_, run)| alive(run.event)) {
        for (index, resource) in run.resources.iter().enumerate() {
            if !matches!(resource.status, Status::Run | Status::Unknown) {
                continue;
            }
            let Some(line) = line_of(resource) else { continue };
            let encoded = encode(&line);
            if !encoded.text.contains("cron") {
                continue;
            }
            let Some(item) = input.items.number(run_number, index) else { continue };
            let file = |path: &str| rendered(run, path);
            let mut writer = Writer::new(&file);
            writer.read(&encoded.text);
            // A script of the recipes that the command runs.
            for path in writer.runs.clone() {
                if let Some(body) = rendered(run, &path).filter(|body| body.contains("cron") && body.starts_with("#!")) {
                    writer.read(&body);
                }
            }
            if writer.tables.is_empty() {
                continue;
            }
            let other = writer.other.clone();
            let mut entries = Vec::new();
            for (target, body) in &writer.tables {
                let (system, user, at) = match target {
                    Target::File(path) => {
                        let user = path.strip_prefix("/var/spool/cron/").map(|rest| rest.rsplit('/').next().unwrap_or(rest).to_owned());
                        (user.is_none(), user, path.clone())
                    }
                    Target::User(user) => {
                        let user = user.clone().or(resource.known("user")).unwrap_or_else(|| "root".to_owned());
                        (false, Some(user.clone()), format!("the crontab of {user}"))
                    }
                };
                let base = Entry::of(input, run, item, resource, "crontab");
                let table = Table {
                    encoded: &encoded,
                    text: body,
                    system,
                    user,
                    at,
                    source: None,
                    kind: if system { "cron.d" } else { "crontab" },
                };
                entries.extend(crontab::read(input, run, &table, &base, wrappers, sink));
            }
            let origin = || input.origin(item).into_iter().collect();
            if let Some(other) = other.filter(|_| !entries.is_empty()) {
                let why = format!("its schedule entries are translated; it also runs `{}`", encoded.show(&other));
                sink.task(format!("Decide on the rest of `{}`", resource.reference()), why.clone(), origin());
                sink.claim(item, Fate::Manual, "", why);
            }
            if entries.is_empty() {
                continue;
            }
            let place = (run.environment, run.layer.clone());
            let key = format!("script {item}");
            acts.push(Act { place, order: (run.event, run_number, index), key, item, makes: Some(Made { rank: 2, entries }) });
        }
    }
}

/// The text of a file that the run lays out.
fn rendered(run: &Run, path: &str) -> Option<String> {
    match &run.files.get(path)?.kind {
        crate::graph::FileKind::File(text) => Some(text.to_string()),
        _ => None,
    }
}
