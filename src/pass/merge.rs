//! The shares of several images put into one blueprint: names that occur twice are told apart, what is the same is said once.
//!
//! In: a [`Blueprint`] with what earlier images brought, and the share of the next. Two apps with a job `migrate` each: `migrate`
//! becomes `shop-migrate` for the second. Variables keep the images that they belong to.

use std::collections::BTreeMap;

use crate::blueprint::{Action, Blueprint, Image, Origin, Runtime, Step, Store, Variable};
use crate::outcome::{Disposition, Subject};
use crate::pass::label::label;

/// Adds the share of the image `unit`; `said` are the dispositions of its schedules and processes, whose names follow.
pub fn add(whole: &mut Blueprint, mut share: Blueprint, unit: &str, said: &mut [Disposition]) {
    rename_images(whole, &mut share, unit);
    rename_processes(whole, &mut share, unit, said);
    rename_schedules(whole, &mut share, unit, said);
    for job in &mut share.jobs {
        if whole.jobs.iter().any(|known| known.name == job.name) {
            job.name = label(&format!("{unit}-{}", job.name));
        }
    }
    move_files(whole, &mut share, unit);
    rename_mounts(whole, &mut share, unit);
    for variable in &mut share.variables {
        if variable.images.is_empty() {
            variable.images = vec![unit.to_owned()];
        }
    }
    add_variables(whole, share.variables);
    for unset in share.unset {
        match whole.unset.iter_mut().find(|known| known.name == unset.name) {
            Some(known) => {
                known.has_default &= unset.has_default;
                known.readers.extend(unset.readers);
            }
            None => whole.unset.push(unset),
        }
    }
    for store in share.stores {
        add_store(whole, store, unit);
    }
    whole.images.extend(share.images);
    whole.processes.extend(share.processes);
    whole.schedules.extend(share.schedules);
    whole.inner_schedules.extend(share.inner_schedules);
    whole.jobs.extend(share.jobs);
    whole.secret_files.extend(share.secret_files.into_iter().filter(|file| !whole.secret_files.contains(file)).collect::<Vec<_>>());
    whole.routes.extend(share.routes);
    whole.files.extend(share.files);
}

/// After the last share: a variable of every image that reads settings is everybody's; an image from which nothing runs is none where
/// others are used. Returns the names of the images that were dropped.
pub fn settle(blueprint: &mut Blueprint) -> Vec<String> {
    let mut dropped = Vec::new();
    let used = |name: &str, blueprint: &Blueprint| {
        blueprint.processes.iter().any(|process| process.image == name)
            || blueprint.schedules.iter().any(|schedule| schedule.image == name)
            || blueprint.jobs.iter().any(|job| job.image == name)
    };
    if blueprint.images.len() > 1 {
        let running: Vec<&Image> = blueprint.images.iter().filter(|image| used(&image.name, blueprint) || image.source.is_some()).collect();
        let keep: Vec<bool> = blueprint
            .images
            .iter()
            .map(|image| {
                let bare = image.packages.iter().all(|package| package.origin.is_empty());
                let idle = image.steps.is_empty() && (bare || !running.is_empty()) || is_covered(image, &running);
                used(&image.name, blueprint) || image.source.is_some() || !idle
            })
            .collect();
        dropped.extend(blueprint.images.iter().zip(&keep).filter(|(_, keep)| !**keep).map(|(image, _)| image.name.clone()));
        let mut keep = keep.into_iter();
        blueprint.images.retain(|_| keep.next().unwrap_or(true));
    }
    let apps: Vec<String> = blueprint
        .images
        .iter()
        .filter(|image| !matches!(image.runtime, Runtime::Daemon(_)) && used(&image.name, blueprint))
        .map(|image| image.name.clone())
        .collect();
    for variable in &mut blueprint.variables {
        if apps.iter().all(|app| variable.images.contains(app)) {
            variable.images.clear();
        }
    }
    blueprint.variables.sort_by(|one, other| (&one.name, &one.images).cmp(&(&other.name, &other.images)));
    blueprint.files.sort_by(|one, other| one.path.cmp(&other.path));
    blueprint.files.dedup_by(|one, other| one.path == other.path);
    dropped
}

/// Whether images that run have all that the cookbooks put into one: what they put on every host is no reason for another image.
fn is_covered(image: &Image, running: &[&Image]) -> bool {
    let asked = |origin: &Origin| running.iter().flat_map(|other| &other.packages).any(|package| package.origin.contains(origin));
    let made =
        |step: &Step| step.origin.iter().all(|origin| running.iter().flat_map(|other| &other.steps).any(|one| one.origin.contains(origin)));
    image.packages.iter().flat_map(|package| &package.origin).all(asked) && image.steps.iter().all(made)
}

/// An image beside the unit's own (`nginx`) may have another one's name.
fn rename_images(whole: &Blueprint, share: &mut Blueprint, unit: &str) {
    for index in 0..share.images.len() {
        let name = share.images[index].name.clone();
        if !whole.images.iter().any(|known| known.name == name) {
            continue;
        }
        let new = label(&format!("{unit}-{name}"));
        share.images[index].name.clone_from(&new);
        let processes = share.processes.iter_mut().map(|process| &mut process.image);
        let schedules = share.schedules.iter_mut().map(|schedule| &mut schedule.image);
        let jobs = share.jobs.iter_mut().map(|job| &mut job.image);
        for image in processes.chain(schedules).chain(jobs).filter(|image| **image == name) {
            image.clone_from(&new);
        }
    }
}

fn rename_processes(whole: &Blueprint, share: &mut Blueprint, unit: &str, said: &mut [Disposition]) {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for index in 0..share.processes.len() {
        let name = share.processes[index].name.clone();
        if whole.processes.iter().any(|known| known.name == name) {
            let mut new = label(&format!("{unit}-{name}"));
            let mut number = 2;
            while whole.processes.iter().chain(&share.processes).any(|known| known.name == new) {
                new = label(&format!("{unit}-{name}-{number}"));
                number += 1;
            }
            share.processes[index].name.clone_from(&new);
            names.insert(name, new);
        }
    }
    let follow = |name: &mut String| {
        if let Some(new) = names.get(name) {
            name.clone_from(new);
        }
    };
    share.processes.iter_mut().flat_map(|process| &mut process.sidecar_of).for_each(follow);
    share.routes.iter_mut().for_each(|route| follow(&mut route.process));
    share.inner_schedules.iter_mut().filter_map(|schedule| schedule.process.as_mut()).for_each(follow);
    rename_said(said, Subject::Process, &names);
}

fn rename_schedules(whole: &Blueprint, share: &mut Blueprint, unit: &str, said: &mut [Disposition]) {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for schedule in &mut share.schedules {
        if whole.schedules.iter().any(|known| known.name == schedule.name) {
            let new = label(&format!("{unit}-{}", schedule.name));
            names.insert(std::mem::replace(&mut schedule.name, new.clone()), new);
        }
    }
    rename_said(said, Subject::Schedule, &names);
}

/// The dispositions name what they ended in as their last word.
fn rename_said(said: &mut [Disposition], subject: Subject, names: &BTreeMap<String, String>) {
    for one in said.iter_mut().filter(|one| one.subject == subject) {
        for place in &mut one.to {
            if let Some((kind, new)) = place.rsplit_once(' ').and_then(|(kind, name)| Some((kind, names.get(name)?))) {
                *place = format!("{kind} {new}");
            }
        }
        if let Some(new) = names.get(&one.name).filter(|_| subject == Subject::Process) {
            one.name.clone_from(new);
        }
    }
}

/// A file that another image has with other content goes into the image's own folder.
fn move_files(whole: &Blueprint, share: &mut Blueprint, unit: &str) {
    let mut moved: BTreeMap<String, String> = BTreeMap::new();
    for file in &mut share.files {
        if whole.files.iter().any(|known| known.path == file.path && known.content != file.content) {
            let path = format!("{unit}/{}", file.path);
            moved.insert(std::mem::replace(&mut file.path, path.clone()), path);
        }
    }
    for image in &mut share.images {
        for step in &mut image.steps {
            if let Action::Copy { from, .. } = &mut step.action {
                if let Some(path) = moved.get(from) {
                    from.clone_from(path);
                }
            }
        }
        for (from, _) in image.source.iter_mut().flat_map(|source| &mut source.overlays) {
            if let Some(path) = moved.get(from) {
                from.clone_from(path);
            }
        }
    }
}

fn rename_mounts(whole: &Blueprint, share: &mut Blueprint, unit: &str) {
    let processes = share.processes.iter_mut().flat_map(|process| &mut process.mounts);
    let schedules = share.schedules.iter_mut().flat_map(|schedule| &mut schedule.mounts);
    let jobs = share.jobs.iter_mut().flat_map(|job| &mut job.mounts);
    for mount in processes.chain(schedules).chain(jobs) {
        let taken = whole.mounts().any(|known| known.name == mount.name && (known.path != mount.path || known.content != mount.content));
        if taken {
            mount.name = label(&format!("{unit}-{}", mount.name));
        }
    }
}

fn add_variables(whole: &mut Blueprint, share: Vec<Variable>) {
    for variable in share {
        let same = whole
            .variables
            .iter_mut()
            .find(|known| known.name == variable.name && known.value == variable.value && known.secret == variable.secret);
        match same {
            Some(known) => {
                known.images.extend(variable.images);
                extend(&mut known.origin, variable.origin);
                extend(&mut known.readers, variable.readers);
            }
            None => whole.variables.push(variable),
        }
    }
}

/// The same store of two images is one; another address is another store.
fn add_store(whole: &mut Blueprint, mut store: Store, unit: &str) {
    let known = whole.stores.iter_mut().find(|known| {
        known.name == store.name
            && known.engine == store.engine
            && (known.address == store.address || known.address.is_none() || store.address.is_none())
    });
    match known {
        Some(known) => {
            known.address = known.address.take().or(store.address);
            known.external |= store.external;
            extend(&mut known.variables, store.variables);
            extend(&mut known.origin, store.origin);
        }
        None => {
            if whole.stores.iter().any(|known| known.name == store.name) {
                store.name = label(&format!("{unit}-{}", store.name));
            }
            whole.stores.push(store);
        }
    }
}

fn extend<T: PartialEq>(known: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !known.contains(&one) {
            known.push(one);
        }
    }
}
