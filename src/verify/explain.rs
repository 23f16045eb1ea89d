//! Why an image does not have what Chef would have left: what the disposition says, as far as the blueprint and the image bear it out.
//!
//! In: an expectation that the image does not meet. Out: [`Explanation`]. That a file went to `container/nginx/nginx.conf` counts only when
//! the image has that file where the Dockerfile copies it to.

use super::Subject;
use super::compare::{Machine, Side, content, matches};
use super::expectation::{Expectation, State};
use crate::blueprint::{Action, Image, Origin, Package, Runtime};
use crate::emit::docker::promise::Promise;
use crate::graph::FileKind;
use crate::outcome::{Disposition, Fate};
use crate::pass::packages::drop;
use crate::pass::unit::names_root;
use crate::text::Text;

/// What explains it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Explanation {
    /// It became something else: what and where.
    Moved(String),
    /// No image has it: why.
    LeftOut(String),
    /// Nothing explains it: what is known, and what differs where that is another file.
    Wrong(String, Vec<Side>),
}

/// Explains `expectation`.
pub fn of(subject: &Subject<'_>, machine: &Machine<'_>, expectation: &Expectation) -> Explanation {
    if let State::Schedule(number) = expectation.state {
        return schedule(subject, number);
    }
    if is_of_other_hosts(subject, expectation) {
        return Explanation::LeftOut("other hosts that the image stands for have it".to_owned());
    }
    let Some(disposition) = expectation.item.and_then(|item| subject.outcome.dispositions.get(item)) else {
        return without(subject, expectation);
    };
    if let Some(wrong) = is_named(subject, machine, expectation) {
        return wrong;
    }
    match disposition.fate {
        Fate::Translated => translated(subject, machine, expectation, disposition),
        fate => Explanation::LeftOut(format!("{}: {}", fate.name(), disposition.why)),
    }
}

/// A path that some hosts remove and others have.
fn is_of_other_hosts(subject: &Subject<'_>, expectation: &Expectation) -> bool {
    let is_removal = |state: &State| match state {
        State::Path(state) => matches!(state.kind, FileKind::Absent),
        State::Package(request) => request.remove,
        State::User(user) => user.is_removed,
        State::Group(group) => group.is_removed,
        State::Schedule(_) => false,
    };
    let other = |one: &&Expectation| {
        one.name == expectation.name
            && std::mem::discriminant(&one.state) == std::mem::discriminant(&expectation.state)
            && !is_removal(&one.state)
    };
    is_removal(&expectation.state) && subject.expectations.iter().any(|one| other(&one))
}

fn schedule(subject: &Subject<'_>, number: usize) -> Explanation {
    let Some(disposition) = subject.outcome.dispositions.get(number) else {
        return Explanation::Wrong("nothing says what became of it".to_owned(), Vec::new());
    };
    if disposition.fate != Fate::Translated {
        return Explanation::LeftOut(format!("{}: {}", disposition.fate.name(), disposition.why));
    }
    match disposition.ends_in.as_slice() {
        [] => Explanation::Wrong("it is said to be translated, and no CronJob or process comes from it".to_owned(), Vec::new()),
        ends => Explanation::Moved(ends.join(", ")),
    }
}

/// What no resource asks for: a layer's own packages.
fn without(subject: &Subject<'_>, expectation: &Expectation) -> Explanation {
    if let State::Package(request) = &expectation.state {
        if let Some(package) = builds(subject.promise.image, expectation, &request.name) {
            return Explanation::Moved(format!("only the build stage has {}", package.name));
        }
        if let Some((fate, why)) = drop::reason(&request.name) {
            return Explanation::LeftOut(format!("{}: {why}", fate.name()));
        }
    }
    Explanation::Wrong(String::new(), Vec::new())
}

/// A folder or file of the app that something running names must be there, whatever became of the resource.
fn is_named(subject: &Subject<'_>, machine: &Machine<'_>, expectation: &Expectation) -> Option<Explanation> {
    let State::Path(state) = &expectation.state else { return None };
    if !matches!(state.kind, FileKind::Directory) {
        return None;
    }
    let path = subject.image_path(&expectation.name);
    if path == expectation.name || machine.system.follow(&path).is_some() {
        return None;
    }
    let blueprint = &subject.outcome.blueprint;
    let image = &subject.promise.image.name;
    let processes = || blueprint.processes.iter().filter(|process| process.image == *image);
    let schedules = || blueprint.schedules.iter().filter(|schedule| schedule.image == *image);
    if processes().flat_map(|process| &process.volumes).any(|volume| volume.path == path) {
        return None;
    }
    let names = |text: &String| names_root(text, std::slice::from_ref(&path));
    let by_variable = blueprint.variables.iter().find(|variable| {
        let mine = variable.images.is_empty() || variable.images.contains(image);
        mine && variable.value.values.iter().flatten().any(|value| matches!(value, crate::blueprint::Setting::Known(text) if names(text)))
    });
    let by_process = processes().find(|process| {
        let own = process.variables.values().flat_map(|value| value.values.iter().flatten());
        process.command.values.iter().flatten().flatten().chain(own).any(names)
    });
    let by_schedule =
        schedules().find(|schedule| schedule.command.values.iter().flatten().flatten().chain(schedule.variables.values()).any(names));
    let who = by_variable
        .map(|variable| format!("the variable {}", variable.name))
        .or_else(|| by_process.map(|process| format!("the process {}", process.name)))
        .or_else(|| by_schedule.map(|schedule| format!("the schedule {}", schedule.name)))?;
    Some(Explanation::Wrong(format!("{who} names {path}, and the image has no such folder"), Vec::new()))
}

fn translated(subject: &Subject<'_>, machine: &Machine<'_>, expectation: &Expectation, disposition: &Disposition) -> Explanation {
    let to = disposition.to.join(", ");
    let moved = || Explanation::Moved(if disposition.why.is_empty() { to.clone() } else { format!("{to}: {}", disposition.why) });
    if let State::Package(request) = &expectation.state {
        return package(subject, expectation, disposition, &request.name);
    }
    if let Some(found) = disposition.to.iter().find_map(|place| copied(subject, machine, expectation, disposition, place)) {
        return found;
    }
    for place in &disposition.to {
        if let Some(name) = place.strip_prefix("ConfigMap ").or_else(|| place.strip_prefix("Secret ")) {
            let mounts: Vec<_> = subject.outcome.blueprint.mounts().filter(|mount| mount.name == name).collect();
            let files = &subject.outcome.blueprint.secret_files;
            let path =
                mounts.first().map(|mount| &mount.path).or_else(|| files.iter().find(|file| file.name == name).map(|file| &file.path));
            return match path {
                Some(path) => Explanation::Moved(format!("{place}, mounted at {path}: {}", disposition.why)),
                None => Explanation::Wrong(format!("it is said to be in the {place}, and nothing mounts that"), Vec::new()),
            };
        }
    }
    if disposition.to.is_empty() {
        return Explanation::Wrong("it is said to be translated, and not into what".to_owned(), Vec::new());
    }
    let own = format!("image {}", subject.promise.image.name);
    let other = disposition.ends_in.iter().find(|end| end.starts_with("image ") && **end != own);
    if let (Some(other), false) = (other, disposition.ends_in.contains(&own)) {
        return Explanation::Moved(format!("{other}: {}", disposition.why));
    }
    if disposition.to.iter().all(|place| place == "Dockerfile") {
        let path = subject.image_path(&expectation.name);
        let has_step =
            subject.promise.image.steps.iter().any(|step| writes(&step.action).is_some_and(|to| to == path || to == expectation.name));
        if has_step || matches!(expectation.state, State::User(_) | State::Group(_)) {
            return Explanation::Wrong(String::new(), Vec::new());
        }
        if !comes_from(subject.promise.image, expectation) {
            return Explanation::Wrong(
                "it is said to be in the Dockerfile, and nothing of this image comes from it".to_owned(),
                Vec::new(),
            );
        }
    }
    moved()
}

/// A file that was written into the output, at another place or in other words: the image must have it as it was written.
fn copied(
    subject: &Subject<'_>,
    machine: &Machine<'_>,
    expectation: &Expectation,
    disposition: &Disposition,
    place: &str,
) -> Option<Explanation> {
    let artifact = subject.outcome.blueprint.files.iter().find(|file| crate::emit::docker::container_path(&file.path) == place)?;
    let Some(copied) = subject.promise.copies.iter().find(|copied| copied.from == place) else {
        let has = |one: &&Promise<'_>| one.copies.iter().any(|copied| copied.from == place);
        let other = subject.promises.iter().find(has).map(|one| format!("image {}, ", one.name)).unwrap_or_default();
        return Some(Explanation::Moved(format!("{other}{place}: {}", disposition.why)));
    };
    let artifact = artifact.content.as_bytes();
    let is_chefs = |text: &Text| matches(text, artifact) || matches(&image_text(subject, text), artifact);
    let as_written = matches!(&expectation.state, State::Path(state) if matches!(&state.kind, FileKind::File(text) if is_chefs(text)));
    if as_written && (copied.to == expectation.name || copied.to == subject.image_path(&expectation.name)) {
        // Nothing was rewritten and nothing was moved.
        return Some(Explanation::Wrong(String::new(), Vec::new()));
    }
    Some(match machine.system.content(&copied.to) {
        Some(bytes) if bytes == artifact => Explanation::Moved(format!("{} ({place}): {}", copied.to, disposition.why)),
        Some(bytes) => {
            let text = Text::literal(String::from_utf8_lossy(artifact).into_owned());
            Explanation::Wrong(format!("{} is not {place}", copied.to), vec![content(&text, bytes, expectation.is_sensitive)])
        }
        None => Explanation::Wrong(format!("{place} is not at {}", copied.to), Vec::new()),
    })
}

fn image_text(subject: &Subject<'_>, text: &Text) -> Text {
    text.known().map_or_else(|| text.clone(), |known| Text::literal(subject.image_path(known)))
}

/// The path that a step writes.
fn writes(action: &Action) -> Option<&str> {
    match action {
        Action::Copy { to, .. } | Action::CopyFromImage { to, .. } | Action::Download { to, .. } | Action::Checkout { to, .. } => Some(to),
        Action::Directory { path, .. } | Action::Link { path, .. } | Action::Remove { path } => Some(path),
        Action::Run { .. } | Action::Repository { .. } | Action::Install { .. } => None,
    }
}

fn is_from(origin: &[Origin], expectation: &Expectation) -> bool {
    origin.iter().any(|one| Some(&one.location) == expectation.location.as_ref() && one.what == expectation.resource)
}

/// Whether anything of the image comes from the resource.
fn comes_from(image: &Image, expectation: &Expectation) -> bool {
    let packages = image.packages.iter().chain(&image.build_packages).map(|package| &package.origin);
    let accounts = image.accounts.iter().chain(&image.user).map(|account| &account.origin);
    let builds = image.source.iter().flat_map(|source| &source.build).map(|step| &step.origin);
    let steps = image.steps.iter().map(|step| &step.origin);
    let variables = image.variables.values().map(|(_, origin)| origin);
    let mut all = std::iter::once(&image.base_origin).chain(packages).chain(accounts).chain(builds).chain(steps).chain(variables);
    all.any(|origin| is_from(origin, expectation))
}

fn is_of(package: &Package, expectation: &Expectation, name: &str) -> bool {
    package.name == name || (package.renamed_from.as_deref() == Some(name) && is_asked(package, expectation))
}

/// A layer's packages are named by the layer, not by a resource.
fn is_asked(package: &Package, expectation: &Expectation) -> bool {
    expectation.item.is_none() || is_from(&package.origin, expectation)
}

/// The names under which the image has a package that Chef calls `name`.
pub fn names_in_image(subject: &Subject<'_>, expectation: &Expectation, name: &str) -> Vec<String> {
    let image = subject.promise.image;
    let mut names: Vec<String> =
        image.packages.iter().filter(|package| is_of(package, expectation, name)).map(|package| package.name.clone()).collect();
    // What two of a resource's packages come to is installed once, and said in its disposition.
    let said = expectation.item.and_then(|item| subject.outcome.dispositions.get(item)).map_or("", |one| one.why.as_str());
    let renamed = said.split("; ").find_map(|part| part.strip_prefix(name)?.strip_prefix(" is ")?.strip_suffix(" there"));
    names.extend(renamed.map(str::to_owned).filter(|renamed| names.is_empty() && image.packages.iter().any(|one| one.name == *renamed)));
    names
}

fn builds<'i>(image: &'i Image, expectation: &Expectation, name: &str) -> Option<&'i Package> {
    image.build_packages.iter().find(|package| is_of(package, expectation, name))
}

fn package(subject: &Subject<'_>, expectation: &Expectation, disposition: &Disposition, name: &str) -> Explanation {
    let image = subject.promise.image;
    let own = format!("image {}", image.name);
    // A resource of many packages says of each that it left out why.
    if let Some(why) = disposition.why.split("; ").find_map(|part| part.strip_prefix(name)?.strip_prefix(": ")) {
        return Explanation::LeftOut(format!("absorbed: {why}"));
    }
    if let Some(package) = builds(image, expectation, name) {
        return Explanation::Moved(format!("only the build stage has {}", package.name));
    }
    let names = names_in_image(subject, expectation, name);
    if !names.is_empty() {
        let note = if names == [name] { String::new() } else { format!("there it is {}", names.join(", ")) };
        return Explanation::Wrong(note, Vec::new());
    }
    // A daemon's package is a container of its own, from the image that is made for it.
    let is_for_it = |one: &&Promise<'_>| matches!(&one.image.runtime, Runtime::Daemon(daemon) if name.contains(daemon.as_str()));
    if let Some(other) = subject.promises.iter().find(is_for_it).filter(|one| one.name != subject.promise.name && drop::is_daemon(name)) {
        return Explanation::Moved(format!("image {}: {}", other.name, disposition.why));
    }
    let elsewhere: Vec<&String> = disposition.ends_in.iter().filter(|end| **end != own).collect();
    if let Some(other) = elsewhere.first() {
        return Explanation::Moved(format!("{other}: {}", disposition.why));
    }
    let installed = image.steps.iter().any(|step| matches!(step.action, Action::Install { .. }) && is_from(&step.origin, expectation));
    if !installed && (is_from(&image.base_origin, expectation) || disposition.why.contains("base image")) {
        return Explanation::Moved(disposition.why.clone());
    }
    Explanation::Wrong("it is said to be in the image".to_owned(), Vec::new())
}
