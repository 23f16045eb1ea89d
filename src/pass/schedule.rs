//! What runs on a schedule: cron resources, rendered crontabs, Whenever's schedule of the app.
//!
//! Each entry has one disposition: a schedule of the blueprint, the host's concern, or a person's.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::blueprint::{Origin, PerEnvironment, Schedule};
use crate::graph::{Datum, FileKind, Lifecycle, Resource};
use crate::outcome::{Fate, Subject};
use crate::pass::command::{self, Plain, Wrappers};
use crate::pass::encode::encode;
use crate::pass::sink::context_of;
use crate::pass::{Input, Sink};
use crate::project::Project;
use crate::read::cron::{Cron, When};
use crate::read::crontab;
use crate::source::Location;

/// An entry as one run has it.
#[derive(Debug, Clone)]
struct Entry {
    environment: usize,
    /// The name it would like.
    name: String,
    /// As written: `every 1.week`, `15 2 1 * *`.
    written: String,
    when: Option<When>,
    /// The whole command, holes by name.
    original: String,
    plain: Plain,
    time_zone: Option<String>,
    origin: Vec<Origin>,
    location: Option<Location>,
    recipe: String,
    context: String,
    /// How many hosts ran it.
    hosts: u32,
    notes: Vec<String>,
}

/// Programs whose scheduled runs look after a host, with why a container needs none.
const HOST_WORK: &[(&str, &str)] = &[
    ("apt-get", "packages are part of the image"),
    ("apt", "packages are part of the image"),
    ("yum", "packages are part of the image"),
    ("dnf", "packages are part of the image"),
    ("unattended-upgrade", "images are rebuilt instead"),
    ("logrotate", "logs go to the container's output"),
    ("df", "disk space is a metric of the nodes"),
    ("ntpdate", "the nodes keep the time"),
    ("chronyc", "the nodes keep the time"),
    ("service", "the cluster restarts what ends"),
    ("systemctl", "the cluster restarts what ends"),
    ("monit", "the cluster restarts what ends"),
    ("chef-client", "Chef itself"),
    ("chef-solo", "Chef itself"),
    ("certbot", "certificates are the load balancer's"),
    ("letsencrypt", "certificates are the load balancer's"),
    ("tmpwatch", "a container's files go with it"),
    ("tmpreaper", "a container's files go with it"),
    ("updatedb", "looks after a host"),
    ("reboot", "looks after a host"),
    ("sync", "looks after a host"),
];

/// Finds every schedule entry, makes schedules of those that belong to the app, and says what became of each.
pub fn run(input: &Input<'_>, wrappers: &Wrappers, image_of: &dyn Fn(&Plain) -> Option<String>, sink: &mut Sink) -> Vec<Schedule> {
    let mut entries = Vec::new();
    from_resources(input, wrappers, &mut entries, sink);
    from_files(input, wrappers, &mut entries, sink);
    from_whenever(input, wrappers, &mut entries, sink);
    build(input, entries, image_of, sink)
}

fn alive(event: Lifecycle) -> bool {
    !matches!(event, Lifecycle::Undeploy | Lifecycle::Shutdown)
}

/// The time zone of a run's hosts: what this run sets, else what another event of the layer set.
fn zone_of(input: &Input<'_>, run: &crate::graph::Run) -> Option<String> {
    let same_environment = || input.runs().map(|(_, other)| other).filter(|other| other.environment == run.environment);
    run.time_zone
        .clone()
        .or_else(|| same_environment().filter(|other| other.layer == run.layer).find_map(|other| other.time_zone.clone()))
        .or_else(|| same_environment().find_map(|other| other.time_zone.clone()))
}

fn hosts_of(input: &Input<'_>, environment: usize, layer: &str) -> u32 {
    input
        .graph
        .environments
        .get(environment)
        .and_then(|environment| environment.layers.iter().find(|known| known.name == layer))
        .map_or(1, |layer| layer.hosts.max(1))
}

fn from_resources(input: &Input<'_>, wrappers: &Wrappers, entries: &mut Vec<Entry>, sink: &mut Sink) {
    for number in 0..input.items.list.len() {
        let Some(first) = input.resource(number) else { continue };
        if !matches!(first.kind.as_str(), "cron" | "cron_d") {
            continue;
        }
        if first.does("delete") || first.does("remove") {
            sink.claim(number, Fate::Absorbed, "", "removes a schedule entry that is never made");
            continue;
        }
        for (run, resource) in input.occurrences(number) {
            if !alive(run.event) {
                continue;
            }
            let Some(line) = resource.text("command") else { continue };
            let encoded = encode(&line);
            let (written, when) = fields(resource);
            let mut plain = command::plain(&encoded.text, wrappers);
            plain.user = plain.user.take().or(resource.known("user"));
            if let Some(Datum::Map(environment)) = resource.get("environment") {
                for (name, value) in environment {
                    if let Some(value) = value.as_str() {
                        plain.variables.insert(name.clone(), value.to_owned());
                    }
                }
            }
            let mut notes = Vec::new();
            if let Some(mail) = resource.known("mailto").filter(|mail| !mail.is_empty()) {
                notes.push(format!("its output was mailed to {mail}: alert on failed Jobs instead"));
            }
            entries.push(Entry {
                environment: run.environment,
                name: resource.name.to_string(),
                written,
                when,
                original: encoded.show(&encoded.text),
                plain,
                time_zone: resource.known("time_zone").or_else(|| zone_of(input, run)),
                origin: input.origin(number).into_iter().collect(),
                location: resource.declared_at.clone(),
                recipe: format!("{}::{}", resource.cookbook, resource.recipe),
                context: context_of(input, run),
                hosts: hosts_of(input, run.environment, &run.layer),
                notes,
            });
        }
        sink.claim(number, Fate::Translated, "schedules", "a schedule entry");
    }
}

/// The five fields of a cron resource, as written and as read.
fn fields(resource: &Resource) -> (String, Option<When>) {
    if let Some(time) = resource.known("time").or_else(|| resource.known("predefined_value")) {
        let written = if time.starts_with('@') { time } else { format!("@{time}") };
        return (written.clone(), When::parse(&written).ok());
    }
    let field = |name: &str| resource.text(name).map_or_else(|| "*".to_owned(), |text| text.to_string());
    let written = format!("{} {} {} {} {}", field("minute"), field("hour"), field("day"), field("month"), field("weekday"));
    let when = When::parse(&written).ok();
    (written, when)
}

fn from_files(input: &Input<'_>, wrappers: &Wrappers, entries: &mut Vec<Entry>, sink: &mut Sink) {
    for file in input.files() {
        let run = &input.graph.runs[file.run];
        let system = file.path.starts_with("/etc/cron.d/") || file.path == "/etc/crontab";
        let user = file.path.strip_prefix("/var/spool/cron/crontabs/").or_else(|| file.path.strip_prefix("/var/spool/cron/"));
        let folder =
            ["hourly", "daily", "weekly", "monthly"].into_iter().find(|period| file.path.starts_with(&format!("/etc/cron.{period}/")));
        if !alive(run.event) || !(system || user.is_some() || folder.is_some()) {
            continue;
        }
        let FileKind::File(text) = &file.state.kind else { continue };
        let encoded = encode(text);
        let Some(resource) = input.resource(file.item) else { continue };
        let base = Entry {
            environment: run.environment,
            name: String::new(),
            written: String::new(),
            when: None,
            original: String::new(),
            plain: Plain::default(),
            time_zone: zone_of(input, run),
            origin: input.origin(file.item).into_iter().collect(),
            location: resource.declared_at.clone(),
            recipe: format!("{}::{}", resource.cookbook, resource.recipe),
            context: context_of(input, run),
            hosts: hosts_of(input, run.environment, &run.layer),
            notes: Vec::new(),
        };
        if let Some(period) = folder {
            let name = file.path.rsplit('/').next().unwrap_or(period).to_owned();
            let written = format!("@{period}");
            let plain = Plain {
                words: vec!["sh".to_owned(), "-c".to_owned(), encoded.text.clone()],
                shell: true,
                user: Some("root".to_owned()),
                ..Plain::default()
            };
            entries.push(Entry { name, when: When::parse(&written).ok(), written, original: encoded.show(&encoded.text), plain, ..base });
            sink.claim(file.item, Fate::Translated, "schedules", "a schedule entry");
            continue;
        }
        let (table, _) = if system { crontab::parse_system(&encoded.text) } else { crontab::parse(&encoded.text) };
        for (line, job) in table.jobs() {
            let mut plain = command::plain(&job.command, wrappers);
            plain.user = plain.user.take().or(job.user.clone()).or(user.map(str::to_owned));
            let name = name_of(&plain, file.path.rsplit('/').next().unwrap_or("cron"));
            entries.push(Entry {
                name,
                when: Some(job.when.clone()),
                written: encoded.show(&job.written),
                original: encoded.show(&job.command),
                plain,
                notes: vec![format!("line {line} of {}", file.path)],
                ..base.clone()
            });
        }
        sink.claim(file.item, Fate::Translated, "schedules", "its lines are schedule entries");
    }
}

fn from_whenever(input: &Input<'_>, wrappers: &Wrappers, entries: &mut Vec<Entry>, sink: &mut Sink) {
    let shared = Rc::new(input.sources.clone());
    for number in 0..input.items.list.len() {
        for (run, resource) in input.occurrences(number).collect::<Vec<_>>() {
            if !alive(run.event) || !matches!(resource.kind.as_str(), "execute" | "bash" | "script") {
                continue;
            }
            let line =
                if resource.kind == "execute" { resource.text_or_name("command") } else { resource.text("code").unwrap_or_default() };
            let encoded = encode(&line);
            let Some(call) = whenever_call(&encoded.text) else { continue };
            let Some(project) = project_with_schedule(input.projects) else {
                sink.claim(
                    number,
                    Fate::Manual,
                    "",
                    "runs Whenever, and the app's config/schedule.rb is not at hand: give the project with --app",
                );
                sink.task(
                    "Give the app with `--app`, so that its schedule is translated",
                    "Whenever's config/schedule.rb is not at hand",
                    input.origin(number).into_iter().collect(),
                );
                continue;
            };
            let Some(file) = project.files.get("config/schedule.rb").copied() else { continue };
            let options = crate::whenever::Options {
                set: call.set.clone(),
                roles: call.roles.clone().unwrap_or_default(),
                path: resource.known("cwd").unwrap_or_else(|| "/app".to_owned()),
                exists: project.files.keys().cloned().collect(),
                ..crate::whenever::Options::default()
            };
            match crate::whenever::evaluate(Rc::clone(&shared), file, &options) {
                Ok(schedule) => {
                    for job in &schedule.jobs {
                        let line = encode(&job.command);
                        let cron = job.cron.to_string();
                        let mut plain = command::plain(&line.text.replace("\\%", "%"), wrappers);
                        plain.user = plain.user.take().or(call.user.clone()).or(resource.known("user"));
                        let name = name_of(&plain, "task");
                        let mut notes = Vec::new();
                        if let Some(surprise) = surprise(&job.written, &cron) {
                            notes.push(surprise);
                        }
                        entries.push(Entry {
                            environment: run.environment,
                            name,
                            written: job.written.clone(),
                            when: When::parse(&cron).ok(),
                            original: job.command.to_string(),
                            plain,
                            time_zone: zone_of(input, run),
                            origin: vec![Origin { location: job.at.clone(), what: job.written.clone() }],
                            location: Some(job.at.clone()),
                            recipe: format!("{}::{}", resource.cookbook, resource.recipe),
                            context: context_of(input, run),
                            hosts: hosts_of(input, run.environment, &run.layer),
                            notes,
                        });
                    }
                    sink.claim(
                        number,
                        Fate::Translated,
                        "schedules",
                        "the app's config/schedule.rb, evaluated with these roles and settings",
                    );
                }
                Err(failure) => {
                    sink.claim(
                        number,
                        Fate::Manual,
                        "",
                        format!("config/schedule.rb could not be evaluated: {}: {}", failure.class, failure.message),
                    );
                    sink.task(
                        "Translate config/schedule.rb by hand",
                        format!("{}: {}", failure.class, failure.message),
                        input.origin(number).into_iter().collect(),
                    );
                }
            }
        }
    }
}

struct WheneverCall {
    set: Option<String>,
    roles: Option<Vec<String>>,
    user: Option<String>,
}

/// The options of a `whenever --update-crontab` call; `--clear-crontab` makes nothing.
fn whenever_call(line: &str) -> Option<WheneverCall> {
    let script = crate::read::shell::parse(line).ok()?;
    for command in script.simple_commands() {
        let words: Vec<String> = command.words.iter().map(|word| word.known().unwrap_or_else(|| word.text.clone())).collect();
        let Some(at) = words.iter().position(|word| word == "whenever" || word.ends_with("/whenever")) else { continue };
        let options = &words[at + 1..];
        if options.iter().any(|word| word == "-c" || word.starts_with("--clear-crontab")) {
            continue;
        }
        let value = |short: &str, long: &str| {
            options.iter().enumerate().find_map(|(index, word)| {
                if word == short || word == long {
                    options.get(index + 1).cloned()
                } else {
                    word.strip_prefix(&format!("{long}=")).map(str::to_owned)
                }
            })
        };
        let roles =
            value("-r", "--roles").map(|list| list.split(',').map(str::trim).filter(|role| !role.is_empty()).map(str::to_owned).collect());
        return Some(WheneverCall { set: value("-s", "--set"), roles, user: value("-u", "--user") });
    }
    None
}

fn project_with_schedule(projects: &[Project]) -> Option<&Project> {
    projects.iter().find(|project| project.has("config/schedule.rb"))
}

/// What Whenever makes of a time that a reader would not expect.
fn surprise(written: &str, cron: &str) -> Option<String> {
    if written.contains("1.week") && cron.split_whitespace().nth(2) == Some("1,8,15,22") {
        return Some("not weekly: it has always run on days 1, 8, 15 and 22".to_owned());
    }
    let hour: u32 = cron.split_whitespace().nth(1)?.parse().ok()?;
    let at = written.split("at:").nth(1).or_else(|| written.split(":at =>").nth(1))?;
    let text: String = at.chars().skip_while(|c| !c.is_ascii_digit()).take_while(|c| c.is_ascii_digit() || *c == ':').collect();
    let said: u32 = text.split(':').next()?.parse().ok()?;
    let has_half = at.to_lowercase().contains("am") || at.to_lowercase().contains("pm");
    (hour == said + 12 && !has_half).then(|| format!("`{text}` has always meant {hour}:{}", text.split(':').nth(1).unwrap_or("00")))
}

/// A name from the command: the task of rake, the method of a runner, the script.
fn name_of(plain: &Plain, fallback: &str) -> String {
    let words: Vec<&str> = plain
        .words
        .iter()
        .map(String::as_str)
        .filter(|word| !matches!(*word, "bundle" | "exec" | "bin/rails" | "rails" | "ruby" | "env") && !word.starts_with('-'))
        .collect();
    let word = match words.as_slice() {
        ["rake" | "bin/rake", task, ..] => (*task).to_owned(),
        ["runner", code, ..] => code.split('(').next().unwrap_or(code).to_owned(),
        [task, ..] if task.contains(':') && !plain.shell => (*task).to_owned(),
        [first, ..] if !plain.shell => first.rsplit('/').next().unwrap_or(first).to_owned(),
        _ => fallback.to_owned(),
    };
    word.split('[').next().unwrap_or(&word).to_owned()
}

/// A DNS label of at most 52 characters.
#[must_use]
pub fn label(text: &str) -> String {
    let mut out = String::new();
    let mut previous_lower = false;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            if c.is_ascii_uppercase() && previous_lower {
                out.push('-');
            }
            previous_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
            out.push(c.to_ascii_lowercase());
        } else {
            previous_lower = false;
            if !out.is_empty() && !out.ends_with('-') {
                out.push('-');
            }
        }
    }
    let cut: String = out.trim_matches('-').chars().take(52).collect();
    let cut = cut.trim_matches('-').to_owned();
    if cut.is_empty() { "task".to_owned() } else { cut }
}

fn host_work(plain: &Plain) -> Option<&'static str> {
    let script = if plain.shell { plain.words.get(2).cloned().unwrap_or_default() } else { plain.words.join(" ") };
    let first = script
        .split(|c: char| c.is_whitespace() || c == ';' || c == '|')
        .find(|word| !word.is_empty() && !word.contains('='))?
        .rsplit('/')
        .next()?
        .to_owned();
    if first == "find" && script.contains("-delete") {
        return Some("a container's files go with it");
    }
    HOST_WORK.iter().find(|(name, _)| *name == first).map(|(_, why)| *why)
}

/// Merges the entries of the environments and makes schedules of them.
fn build(input: &Input<'_>, entries: Vec<Entry>, image_of: &dyn Fn(&Plain) -> Option<String>, sink: &mut Sink) -> Vec<Schedule> {
    let count = input.environments();
    // One entry on several layers or events of an environment is one entry.
    let mut groups: Vec<Vec<Entry>> = Vec::new();
    for entry in entries {
        let same = groups
            .iter_mut()
            .find(|group| group[0].location == entry.location && group[0].written == entry.written && shape(&group[0]) == shape(&entry));
        match same {
            Some(group) => group.push(entry),
            None => groups.push(vec![entry]),
        }
    }
    let mut schedules: Vec<Schedule> = Vec::new();
    for group in groups {
        let first = &group[0];
        let contexts: Vec<String> =
            group.iter().map(|entry| entry.context.clone()).collect::<std::collections::BTreeSet<_>>().into_iter().collect();
        let title = format!("{} {}", first.written, first.original);
        let say = |sink: &mut Sink, fate: Fate, to: &str, why: &str| {
            sink.other(Subject::Schedule, title.clone(), &first.recipe, first.location.clone(), fate, to, why, contexts.clone());
        };
        if let Some(why) = host_work(&first.plain) {
            say(sink, Fate::Host, "", why);
            continue;
        }
        let reboot = matches!(first.when, Some(When::Reboot));
        let cron = first.when.as_ref().and_then(kubernetes_cron);
        if cron.is_none() && !reboot {
            say(sink, Fate::Manual, "", "its time cannot be written for Kubernetes as it stands");
            sink.task(format!("Schedule `{}` by hand", first.name), format!("its time is `{}`", first.written), first.origin.clone());
            continue;
        }
        let Some(image) = image_of(&first.plain) else {
            say(sink, Fate::Manual, "", "no image here has what its command needs");
            sink.task(
                format!("Decide where `{}` runs", first.name),
                format!("`{}` at `{}` belongs to no image of this set-up", first.original, first.written),
                first.origin.clone(),
            );
            continue;
        };
        let base_name = label(&first.name);
        let mut name = base_name.clone();
        let mut number = 2;
        while schedules.iter().any(|known| known.name == name) {
            name = format!("{}-{number}", base_name.chars().take(48).collect::<String>());
            number += 1;
        }
        let mut crons: Vec<Option<String>> = vec![None; count];
        let mut commands: Vec<Option<Vec<String>>> = vec![None; count];
        let mut notes = first.notes.clone();
        for entry in &group {
            let when = entry.when.as_ref().and_then(kubernetes_cron).unwrap_or_else(|| "0 * * * *".to_owned());
            if let Some(slot) = crons.get_mut(entry.environment) {
                *slot = Some(when);
            }
            if let Some(slot) = commands.get_mut(entry.environment) {
                *slot = Some(entry.plain.words.iter().map(|word| input.image_path(word)).collect());
            }
        }
        let hosts = group.iter().map(|entry| entry.hosts).max().unwrap_or(1);
        if hosts > 1 && !reboot {
            notes.push(format!("ran on each of {hosts} hosts; runs once here"));
        }
        let suspended = reboot.then(|| {
            "ran at every boot of a host; pods start more often than hosts did. Decide whether it is still needed, and when".to_owned()
        });
        if reboot {
            sink.task(
                format!("Decide on the schedule `{name}`, which is emitted suspended"),
                "it ran at every boot of a host",
                first.origin.clone(),
            );
        }
        for note in &notes {
            if note.starts_with("not weekly") || note.contains("has always meant") {
                sink.task(format!("Check the time of `{name}`"), note.clone(), first.origin.clone());
            }
        }
        say(
            sink,
            Fate::Translated,
            &format!("CronJob {name}"),
            if reboot { "suspended: a person decides" } else { "the same time and command" },
        );
        schedules.push(Schedule {
            name,
            image,
            cron: PerEnvironment { values: crons },
            written: first.written.clone(),
            time_zone: first.time_zone.clone(),
            command: PerEnvironment { values: commands },
            original: first.original.clone(),
            user: first.plain.user.clone(),
            variables: first
                .plain
                .variables
                .iter()
                .filter(|(name, _)| !matches!(name.as_str(), "RAILS_ENV" | "RACK_ENV" | "NODE_ENV" | "PATH"))
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect::<BTreeMap<_, _>>(),
            suspended,
            origin: first.origin.clone(),
            notes,
            directory: first.plain.directory.as_deref().map(|path| input.image_path(path)),
            ..Schedule::default()
        });
    }
    schedules
}

/// What makes two entries of different environments the same: the command without what belongs to an environment.
fn shape(entry: &Entry) -> String {
    entry.plain.words.join(" ")
}

/// The five fields in a form that Kubernetes reads as cron did; `None` where there is none.
fn kubernetes_cron(when: &When) -> Option<String> {
    let cron: Cron = match when {
        When::Reboot => return None,
        other => other.cron()?.clone(),
    };
    let cron = cron.with_sunday_zero();
    // Vixie cron treats a starred step in one day field as "both must match"; Kubernetes does not.
    let mixed = (cron.day_of_month.is_starred() != cron.day_of_month.is_any()
        || cron.day_of_week.is_starred() != cron.day_of_week.is_any())
        && !cron.day_of_month.is_any()
        && !cron.day_of_week.is_any();
    if mixed {
        return None;
    }
    Some(cron.to_string())
}

#[cfg(test)]
mod tests {
    use super::{label, surprise};

    #[test]
    fn labels() {
        assert_eq!(label("albums:daily_digest"), "albums-daily-digest");
        assert_eq!(label("ThumbnailWorker.requeue_stuck"), "thumbnail-worker-requeue-stuck");
        assert_eq!(label("invoices export"), "invoices-export");
        assert_eq!(label("***"), "task");
    }

    #[test]
    fn surprises() {
        assert!(surprise("every :monday, at: '3:00'", "0 15 * * 1").is_some());
        assert!(surprise("every 1.day, at: '4:30 am'", "30 4 * * *").is_none());
        assert!(surprise("every 1.week", "0 0 1,8,15,22 * *").is_some());
    }
}
