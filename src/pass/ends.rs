//! In which items of the blueprint each disposition ended: those whose origins name its place.
//!
//! `package[nginx]` at `web/recipes/default.rb:3` ended in `image shop`; a template that is a crontab in the schedules of its lines.

use std::collections::BTreeMap;

use crate::blueprint::{Blueprint, Image, Origin};
use crate::outcome::{Disposition, Subject};

/// The items by the place and words of their origins.
type Index = BTreeMap<(String, String), Vec<String>>;

/// Fills [`Disposition::ends_in`].
pub fn link(blueprint: &Blueprint, dispositions: &mut [Disposition]) {
    let index = index(blueprint);
    for one in dispositions {
        let Some(location) = &one.location else { continue };
        if one.subject == Subject::Resource {
            if let Some(items) = index.get(&(location.to_string(), one.name.clone())) {
                one.ends_in.clone_from(items);
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
    blueprint.schedules.iter().for_each(|one| add(&format!("schedule {}", one.name), &one.origin));
    blueprint.inner_schedules.iter().for_each(|one| add(&format!("inner schedule {}", one.name), &one.origin));
    blueprint.jobs.iter().for_each(|one| add(&format!("job {}", one.name), &one.origin));
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
