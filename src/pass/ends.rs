//! In which items of the blueprint each disposition ended: those whose origins name its place.
//!
//! `package[nginx]` at `web/recipes/default.rb:3` ended in `image shop`; a template that is a crontab in the schedules of its lines.

use std::collections::BTreeMap;

use crate::blueprint::{Blueprint, Image, Origin, Process, Role};
use crate::outcome::{Disposition, Fate, Subject};
use crate::pass::{Input, Sink};

/// The items by the place and words of their origins.
type Index = BTreeMap<(String, String), Vec<String>>;

/// Fills [`Disposition::ends_in`]; the dispositions of resources come first, in the order of the items.
pub fn link(input: &Input<'_>, blueprint: &Blueprint, sink: &Sink, dispositions: &mut [Disposition]) {
    let index = index(blueprint);
    for (number, one) in dispositions.iter_mut().enumerate() {
        if one.subject == Subject::Resource {
            let by_place = one.location.as_ref().and_then(|location| index.get(&(location.to_string(), one.name.clone())));
            one.ends_in = by_place.cloned().unwrap_or_default();
            if one.ends_in.is_empty() && one.fate == Fate::Translated {
                let units = sink.get(number).map(|claim| claim.units.as_slice()).unwrap_or_default();
                one.ends_in = one.to.iter().flat_map(|place| by_words(blueprint, place, units)).collect();
                one.ends_in.dedup();
            }
            continue;
        }
        // A schedule entry or process is an item of its own: the one that says so by its name.
        let target = one.to.first().and_then(|to| to.rsplit(' ').next()).unwrap_or_default();
        let kind = if one.subject == Subject::Schedule { "schedule" } else { "process" };
        let name = if target.is_empty() { one.name.as_str() } else { target };
        let schedules = blueprint.schedules.iter().map(|schedule| ("schedule", schedule.name.as_str()));
        let processes = blueprint.processes.iter().map(|process| ("process", process.name.as_str()));
        if schedules.chain(processes).any(|known| known == (kind, name)) {
            one.ends_in = vec![format!("{kind} {name}")];
        }
    }
    inner(input, dispositions);
    follow_entries(dispositions);
}

/// A resource whose schedule entries all became the host's or a person's concern is that concern, too.
fn follow_entries(dispositions: &mut [Disposition]) {
    let entries: Vec<Disposition> = dispositions.iter().filter(|one| one.subject == Subject::Schedule).cloned().collect();
    for one in dispositions.iter_mut().filter(|one| one.subject == Subject::Resource && one.fate == Fate::Translated) {
        if !one.ends_in.is_empty() || one.to != ["schedules"] {
            continue;
        }
        let mut mine = entries.iter().filter(|entry| entry.location == one.location);
        if let Some(first) = mine.next().filter(|first| first.fate != Fate::Translated && mine.all(|other| other.fate == first.fate)) {
            one.fate = first.fate;
            one.to.clear();
            one.why.clone_from(&first.why);
        }
    }
}

/// A custom resource ended where the resources inside it did.
fn inner(input: &Input<'_>, dispositions: &mut [Disposition]) {
    // From the end: what is inside comes after its custom resource.
    for number in (0..input.items.list.len()).rev() {
        let Some(item) = input.items.list.get(number) else { continue };
        let empty = dispositions.get(number).is_some_and(|one| one.ends_in.is_empty() && one.fate == Fate::Translated);
        if !empty {
            continue;
        }
        let mut found: Vec<String> = Vec::new();
        for (run, outer) in &item.occurrences {
            let Some(resources) = input.graph.runs.get(*run).map(|run| &run.resources) else { continue };
            for (index, _) in resources.iter().enumerate().filter(|(_, resource)| resource.within == Some(*outer)) {
                let ends = input.items.number(*run, index).and_then(|inner| dispositions.get(inner)).map(|one| one.ends_in.clone());
                found.extend(ends.unwrap_or_default().into_iter().filter(|end| !found.contains(end)).collect::<Vec<_>>());
            }
        }
        if let Some(one) = dispositions.get_mut(number) {
            one.ends_in = found;
        }
    }
}

/// The items that a disposition's words speak of: `process web`, `Dockerfile` of those images, `rolling update` of their processes.
fn by_words(blueprint: &Blueprint, place: &str, units: &[String]) -> Vec<String> {
    let mine = |image: &str| units.iter().any(|unit| unit == image) || units.is_empty();
    let processes = |wanted: &dyn Fn(&Process) -> bool| -> Vec<String> {
        let all = blueprint.processes.iter().filter(|process| mine(&process.image) && wanted(process));
        all.map(|process| format!("process {}", process.name)).collect()
    };
    let (kind, name) = place.rsplit_once(' ').unwrap_or(("", place));
    match (kind, name) {
        ("process" | "Deployment", name) => {
            let exact: Vec<String> =
                blueprint.processes.iter().filter(|process| process.name == name).map(|_| format!("process {name}")).collect();
            // A service by the name of the app is its web process, or whatever its unit was called.
            if exact.is_empty() {
                processes(&|process| process.role == Role::Web || process.origin.iter().any(|one| one.what.contains(name)))
            } else {
                exact
            }
        }
        ("the web", "process") => processes(&|process| process.role == Role::Web),
        ("CronJob", name) => vec![format!("schedule {name}")],
        ("Job", name) => vec![format!("job {name}")],
        ("compose service", name) => vec![format!("store {name}")],
        ("rolling", "update") | ("", "terminationGracePeriodSeconds" | "preStop") => processes(&|_| true),
        ("", "Dockerfile") => {
            blueprint.images.iter().filter(|image| mine(&image.name)).map(|image| format!("image {}", image.name)).collect()
        }
        ("", "schedules") => {
            let all = blueprint.schedules.iter().filter(|schedule| mine(&schedule.image) && schedule.kind == "whenever");
            all.map(|schedule| format!("schedule {}", schedule.name)).collect()
        }
        ("", path) if path.starts_with("container/") => vec![format!("file {}", path.trim_start_matches("container/"))],
        _ => Vec::new(),
    }
}

fn index(blueprint: &Blueprint) -> Index {
    let mut index = Index::new();
    let mut add = |item: &str, origin: &[Origin]| {
        for one in origin {
            let list = index.entry((one.location.to_string(), one.what.clone())).or_default();
            if !list.iter().any(|known| known == item) {
                list.push(item.to_owned());
            }
        }
    };
    for image in &blueprint.images {
        origins_of(image).for_each(|origin| add(&format!("image {}", image.name), std::slice::from_ref(origin)));
    }
    for process in &blueprint.processes {
        let item = format!("process {}", process.name);
        add(&item, &process.origin);
        process.mounts.iter().for_each(|mount| add(&item, &mount.origin));
        process.volumes.iter().for_each(|volume| add(&item, &volume.origin));
    }
    for schedule in &blueprint.schedules {
        let item = format!("schedule {}", schedule.name);
        add(&item, &schedule.origin);
        schedule.mounts.iter().for_each(|mount| add(&item, &mount.origin));
    }
    blueprint.inner_schedules.iter().for_each(|one| add(&format!("inner schedule {}", one.name), &one.origin));
    for job in &blueprint.jobs {
        let item = format!("job {}", job.name);
        add(&item, &job.origin);
        job.mounts.iter().for_each(|mount| add(&item, &mount.origin));
    }
    blueprint.variables.iter().for_each(|one| add(&format!("variable {}", one.name), &one.origin));
    blueprint.secret_files.iter().for_each(|one| add(&format!("secret file {}", one.name), &one.origin));
    blueprint.stores.iter().for_each(|one| add(&format!("store {}", one.name), &one.origin));
    blueprint.routes.iter().for_each(|one| add(&format!("route {} {}", one.process, one.path), &one.origin));
    blueprint.tasks.iter().for_each(|one| add(&format!("task {}", one.what), &one.origin));
    index
}

/// The origins of everything that an image is made of.
fn origins_of(image: &Image) -> impl Iterator<Item = &Origin> {
    let packages = image.packages.iter().chain(&image.build_packages).flat_map(|package| &package.origin);
    let accounts = image.accounts.iter().chain(&image.user).flat_map(|account| &account.origin);
    let builds = image.source.iter().flat_map(|source| &source.build).flat_map(|step| &step.origin);
    let steps = image.steps.iter().flat_map(|step| &step.origin);
    let variables = image.variables.values().flat_map(|(_, origin)| origin);
    image.base_origin.iter().chain(packages).chain(accounts).chain(builds).chain(steps).chain(variables)
}
