//! Whenever's `config/schedule.rb` of the app, evaluated with the roles and settings of each call that writes a crontab of it.

mod call;
mod hook;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::blueprint::Origin;
use crate::diagnostic::Diagnostic;
use crate::graph::{Datum, FileKind, Resource, Run, Status};
use crate::outcome::{Fate, Subject};
use crate::pass::command::Wrappers;
use crate::pass::encode::encode;
use crate::pass::schedule::entry::{Entry, Time, alive, line_span};
use crate::pass::schedule::name::name_of;
use crate::pass::schedule::{crontab, resource, script};
use crate::pass::{Input, Sink};
use crate::project::Project;
use crate::read::cron::When;
use crate::read::lexeme::has_hole;
use crate::source::{FileId, SourceMap};
use crate::whenever::{self, Failure, Options, Schedule};
use call::Call;

/// The file without `--load-file`.
const SCHEDULE: &str = "config/schedule.rb";

/// One call of a run, and what stands around it.
struct Site<'a> {
    run: &'a Run,
    item: usize,
    resource: &'a Resource,
    call: Call,
    /// The directory it runs in.
    directory: Option<String>,
    /// The call stands in a deploy hook of the app, at this place.
    hook: Option<Origin>,
}

/// The entries of every call; a schedule that nothing runs is said.
pub fn find(input: &Input<'_>, wrappers: &Wrappers, entries: &mut Vec<Entry>, sink: &mut Sink) {
    let shared = Rc::new(input.sources.clone());
    let mut run_projects: Vec<String> = Vec::new();
    let mut found: Vec<(Entry, Vec<String>)> = Vec::new();
    for site in sites(input) {
        let Some((project, sources, file, path)) = schedule_of(input, &site, &shared) else {
            missing(input, &site, sink);
            continue;
        };
        if let Some(project) = project
            && !run_projects.contains(&project.folder)
        {
            run_projects.push(project.folder.clone());
        }
        let options = options(input, &site, project, &path);
        match whenever::evaluate(sources, file, &options) {
            Ok(schedule) if project.is_some() => {
                let before = found.len();
                translate(input, wrappers, &site, &schedule, &mut found, sink);
                // Where the app lies on the hosts, whatever says so.
                let own = |path: &String| path.trim_end_matches('/') == options.path.trim_end_matches('/');
                for (entry, _) in &mut found[before..] {
                    if entry.plain.directory.as_ref().is_some_and(own) {
                        entry.plain.directory = Some(crate::pass::app_root::WORKDIR.to_owned());
                    }
                }
            }
            Ok(schedule) => translate(input, wrappers, &site, &schedule, &mut found, sink),
            Err(failure) => failed(input, &site, &path, &failure, sink),
        }
    }
    entries.extend(by_role(found));
    for project in input.projects.iter().filter(|project| project.has(SCHEDULE) && !run_projects.contains(&project.folder)) {
        let place = project.place(SCHEDULE, 1);
        sink.diagnose(match line_span(input.sources, &place.path, 1) {
            Some(span) => Diagnostic::note("C146", "no recipe runs whenever: the entries of this schedule ran on none of these hosts")
                .at(span)
                .help("run them if something else did, by hand or from Capistrano"),
            None => Diagnostic::note("C146", format!("no recipe runs whenever for {}", place.path)),
        });
        let origin = vec![Origin { location: place, what: SCHEDULE.to_owned() }];
        sink.task(format!("Decide on {}{SCHEDULE}", project.folder), "no recipe runs whenever: its entries are not in the output", origin);
    }
}

/// An entry for some roles belongs to the layers of these names where one of them runs it: a host of several layers has the roles of all.
fn by_role(found: Vec<(Entry, Vec<String>)>) -> Vec<Entry> {
    let own = |entry: &Entry, roles: &[String]| roles.contains(&entry.layer);
    let at = |entry: &Entry| (entry.environment, entry.location.clone(), entry.original.clone(), entry.written.clone());
    let owned: Vec<_> = found.iter().filter(|(entry, roles)| own(entry, roles)).map(|(entry, _)| at(entry)).collect();
    found.into_iter().filter(|(entry, roles)| own(entry, roles) || !owned.contains(&at(entry))).map(|(entry, _)| entry).collect()
}

/// Every call that writes a crontab.
fn sites<'a>(input: &Input<'a>) -> Vec<Site<'a>> {
    let mut found = Vec::new();
    for number in 0..input.items.list.len() {
        for (run, resource) in input.occurrences(number) {
            if !alive(run.event) || !matches!(resource.status, Status::Run | Status::Unknown) {
                continue;
            }
            if let Some(line) = script::line_of(resource) {
                let encoded = encode(&line);
                for call in call::all(&encoded.text) {
                    let directory = call.directory.clone().or(resource.known("cwd"));
                    found.push(Site { run, item: number, resource, call, directory, hook: None });
                }
            }
            if matches!(resource.kind.as_str(), "deploy" | "deploy_revision" | "deploy_branch" | "timestamped_deploy") {
                let root = resource.text_or_name("deploy_to").to_string();
                for (call, hook) in hook::calls(input, resource, &root) {
                    let directory = call.directory.clone().or(Some(format!("{root}/current")));
                    found.push(Site { run, item: number, resource, call, directory, hook: Some(hook) });
                }
            }
        }
    }
    found
}

/// The schedule that a call reads: the project, the sources it is in, and its path in them.
fn schedule_of<'a>(
    input: &Input<'a>,
    site: &Site<'a>,
    shared: &Rc<SourceMap>,
) -> Option<(Option<&'a Project>, Rc<SourceMap>, FileId, String)> {
    let name = site.call.file.clone().unwrap_or_else(|| SCHEDULE.to_owned());
    // A schedule that a recipe laid out comes before the project's.
    let on_host = if name.starts_with('/') {
        Some(name.clone())
    } else {
        site.directory.as_deref().map(|directory| format!("{}/{name}", directory.trim_end_matches('/')))
    };
    let shown = input.image_path(&name);
    let inside = shown.strip_prefix("/app/").unwrap_or(&shown).to_owned();
    let project = project_of(input, site, &inside);
    if let Some(path) = on_host
        && let Some(FileKind::File(text)) = site.run.files.get(&path).map(|state| &state.kind)
        && let Some(text) = text.known()
    {
        let mut sources = SourceMap::clone(shared);
        let file = sources.add_text(path.trim_start_matches('/').to_owned(), text);
        return Some((project, Rc::new(sources), file, path));
    }
    let project = project?;
    let file = *project.files.get(&inside)?;
    Some((Some(project), Rc::clone(shared), file, inside))
}

/// The project with that file: of several the one whose folder the call runs in.
fn project_of<'a>(input: &Input<'a>, site: &Site<'_>, path: &str) -> Option<&'a Project> {
    let projects: &'a [Project] = input.projects;
    let fits: Vec<&Project> = projects.iter().filter(|project| project.has(path)).collect();
    if fits.len() < 2 {
        return fits.first().copied();
    }
    let directory = site.directory.clone().unwrap_or_default();
    let app = input.roots.iter().find(|root| directory.starts_with(&root.host)).map(|root| root.app.clone());
    let named = |project: &&&Project| app.as_ref() == Some(&project.name) || directory.split('/').any(|part| part == project.name);
    fits.iter().find(named).or(fits.first()).copied()
}

fn options(input: &Input<'_>, site: &Site<'_>, project: Option<&Project>, path: &str) -> Options {
    let mut variables: BTreeMap<String, String> = BTreeMap::new();
    if let Some(Datum::Map(map)) = site.resource.get("environment").or_else(|| site.resource.get("env")) {
        for (name, value) in map {
            variables.extend(value.as_text().and_then(|text| text.known().map(|text| (name.clone(), text.to_owned()))));
        }
    }
    variables.extend(site.call.variables.iter().filter(|(_, value)| !has_hole(value)).map(|(name, value)| (name.clone(), value.clone())));
    let newer = project
        .and_then(|project| project.libraries.get("whenever"))
        .and_then(|version| {
            let mut numbers = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
            Some((numbers.next()?, numbers.next()?))
        })
        .is_some_and(|version| version >= (1, 1));
    let roles = site.call.roles.clone().unwrap_or_default();
    Options {
        set: known_settings(site),
        // Roles that are not known would leave out everything that has one.
        roles: if roles.iter().any(|role| has_hole(role)) { Vec::new() } else { roles },
        path: site.directory.clone().filter(|path| !has_hole(path)).unwrap_or_else(|| input.image_path("/app")),
        exists: project.map(|project| project.files.keys().cloned().collect()).unwrap_or_default(),
        root: project.filter(|_| path != SCHEDULE).map(|project| project.folder.clone()),
        environment: variables.get("RAILS_ENV").cloned().filter(|_| newer),
        variables,
        ..Options::default()
    }
}

/// What `--set` says, without what is not known.
fn known_settings(site: &Site<'_>) -> Option<String> {
    let set = site.call.set.as_deref()?;
    Some(set.split('&').filter(|pair| !has_hole(pair)).collect::<Vec<_>>().join("&"))
}

fn missing(input: &Input<'_>, site: &Site<'_>, sink: &mut Sink) {
    let file = site.call.file.as_deref().unwrap_or(SCHEDULE);
    if site.hook.is_none() {
        sink.claim(site.item, Fate::Manual, "", format!("runs Whenever, and the app's {file} is not at hand: give the project with --app"));
    }
    let origin = site.hook.clone().or_else(|| input.origin(site.item));
    sink.task(
        "Give the app with `--app`, so that its schedule is translated",
        format!("Whenever's {file} is not at hand"),
        origin.into_iter().collect(),
    );
}

fn failed(input: &Input<'_>, site: &Site<'_>, path: &str, failure: &Failure, sink: &mut Sink) {
    let message = format!("{path} cannot be evaluated: {}: {}", failure.class, failure.message);
    let mut diagnostic = Diagnostic::warning("C145", message.clone());
    match failure.at.as_ref().and_then(|at| line_span(input.sources, &at.path, at.line)) {
        Some(span) => diagnostic = diagnostic.at(span),
        None => diagnostic = resource::place(input, site.resource, diagnostic),
    }
    sink.diagnose(diagnostic.help("write its entries by hand, or take out what only the application knows"));
    let location = failure.at.clone().or_else(|| site.resource.declared_at.clone());
    let recipe = format!("{}::{}", site.resource.cookbook, site.resource.recipe);
    if !sink.others.iter().any(|known| known.subject == Subject::Schedule && known.location == location && known.name == path) {
        sink.other(Subject::Schedule, path, &recipe, location, Fate::Manual, "", &message, Vec::new());
    }
    if site.hook.is_none() {
        sink.claim(site.item, Fate::Manual, "", message);
    }
    let origin = site.hook.clone().or_else(|| input.origin(site.item));
    sink.task(format!("Translate {path} by hand"), format!("{}: {}", failure.class, failure.message), origin.into_iter().collect());
}

fn translate(
    input: &Input<'_>,
    wrappers: &Wrappers,
    site: &Site<'_>,
    schedule: &Schedule,
    found: &mut Vec<(Entry, Vec<String>)>,
    sink: &mut Sink,
) {
    schedule.diagnostics.iter().for_each(|one| sink.diagnose(one.clone()));
    let open: Vec<String> = site
        .call
        .set
        .iter()
        .flat_map(|set| set.split('&'))
        .filter(|pair| has_hole(pair))
        .map(|pair| pair.split('=').next().unwrap_or(pair).to_owned())
        .collect();
    let unknown_roles = site.call.roles.iter().flatten().any(|role| has_hole(role));
    for job in &schedule.jobs {
        let line = encode(&job.command);
        let cron = job.cron.to_string();
        let (command, stdin) = crate::read::crontab::split_input(&line.text);
        let mut variables: Vec<(String, String)> = schedule
            .environment
            .iter()
            .map(|(name, value)| (name.clone(), value.to_string()))
            .filter(|(name, _)| name != "MAILTO")
            .collect();
        variables.extend(job.mailto.as_ref().map(|mail| ("MAILTO".to_owned(), mail.to_string().trim_matches('"').to_owned())));
        let mut entry = Entry::of(input, site.run, site.item, site.resource, "whenever");
        crontab::fill(&mut entry, &command, stdin.as_deref(), &variables, wrappers, super::entry::is_debian(input, site.run));
        let user = site.call.user.clone().filter(|user| !has_hole(user)).or(site.resource.known("user")).or(Some("root".to_owned()));
        entry.plain.user = entry.plain.user.take().or(user);
        entry.name = name_of(&entry.plain, "task");
        entry.written.clone_from(&job.written);
        entry.time =
            if job.cron.known().is_none() { Time::Refused("a part of it is not known".to_owned()) } else { Time::of(When::parse(&cron)) };
        entry.original = job.command.to_string();
        entry.origin = vec![Origin { location: job.at.clone(), what: job.written.clone() }];
        entry.location = Some(job.at.clone());
        entry.notes.extend(surprise(&job.written, &cron));
        if unknown_roles && !job.roles.is_empty() {
            entry.notes.push(format!("for the roles {}; which of them this layer has is not known", job.roles.join(", ")));
        }
        if !open.is_empty() {
            entry.notes.push(format!("`--set {}` is not known; the schedule's own value is taken", open.join(", ")));
        }
        if let Some(description) = &job.description {
            entry.notes.push(description.to_string());
        }
        for condition in &job.conditions {
            entry.notes.push(format!("only {} {}", if condition.holds { "if" } else { "unless" }, condition.text));
        }
        found.push((entry.shown(&line), job.roles.clone()));
    }
    if site.hook.is_none() {
        let why = "the app's config/schedule.rb, evaluated with these roles and settings";
        sink.claim(site.item, Fate::Translated, "schedules", why);
    }
}

/// What Whenever makes of a time that a reader would not expect.
fn surprise(written: &str, cron: &str) -> Option<String> {
    let days = cron.split_whitespace().nth(2);
    if days == Some("1,8,15,22") && ["1.week", "7.days", ":week"].iter().any(|word| written.contains(word)) {
        return Some("not weekly: it has always run on days 1, 8, 15 and 22".to_owned());
    }
    let hour: u32 = cron.split_whitespace().nth(1)?.parse().ok()?;
    let at = written.split("at:").nth(1).or_else(|| written.split(":at =>").nth(1)).or_else(|| written.split(":at=>").nth(1))?;
    let text: String = at.chars().skip_while(|c| !c.is_ascii_digit()).take_while(|c| c.is_ascii_digit() || *c == ':').collect();
    let said: u32 = text.split(':').next()?.parse().ok()?;
    let has_half = at.to_lowercase().contains("am") || at.to_lowercase().contains("pm");
    (hour == said + 12 && !has_half).then(|| format!("`{text}` has always meant {hour}:{}", text.split(':').nth(1).unwrap_or("00")))
}

#[cfg(test)]
mod tests {
    use super::surprise;

    #[test]
    fn surprises() {
        assert!(surprise("every :monday, at: '3:00'", "0 15 * * 1").is_some());
        assert!(surprise("every 1.day, at: '4:30 am'", "30 4 * * *").is_none());
        assert!(surprise("every 1.week", "0 0 1,8,15,22 * *").is_some());
    }
}
