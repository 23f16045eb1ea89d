//! The passes over the runs of one image, in the order that gives their claims meaning: processes before settings, settings before
//! files, the host's concerns twice, and last whatever is left.

use std::collections::BTreeSet;

use crate::blueprint::{Blueprint, Role};
use crate::outcome::Fate;
use crate::pass::command::Plain;
use crate::pass::unit::Unit;
use crate::pass::{
    Input, Sink, base, checkout, database, files, folders, host, image, mounts, output, packages, php_image, pool, process, proxy, release,
    routes, runtime, schedule, scripts, settings, stop, stores, web, worker,
};

/// What the passes made of one image's runs.
#[derive(Debug, Default)]
pub struct Part {
    /// Its share of the blueprint.
    pub blueprint: Blueprint,
    /// Sentences about what was assumed.
    pub notes: Vec<String>,
}

/// Runs every pass over the runs that `input` looks at.
#[must_use]
pub fn run(input: &Input<'_>, unit: &Unit, sink: &mut Sink) -> Part {
    let mut part = Part::default();
    let blueprint = &mut part.blueprint;
    let project = input.projects.first();
    let platform = input.graph.environments.first().map(|environment| environment.platform.clone()).unwrap_or_default();
    let choice = base::choose(input, project, &platform);
    part.notes.extend(choice.notes.iter().cloned());
    let (wrappers, wrapper_items) = process::wrappers(input);
    let timed = schedule::started(input);
    let mut found = process::find(input, &wrappers, sink);
    found.retain(|one| !timed.contains(&one.name) && input.owns_on(one.environment, &one.layer, &one.says()));
    give_way(input, &mut found, sink);
    let wrapper_files: BTreeSet<String> = wrappers.values().cloned().collect();
    let mut table = settings::gather(input, &found, &wrapper_files, sink);
    process::settings(&found, |name, environment, value, origin| table.set(name, environment, value, origin));
    for item in wrapper_items.values() {
        sink.claim(*item, Fate::Absorbed, "", "a wrapper that sets the environment: every process gets it from its settings");
    }
    let database = database::run(input, &mut table, sink);
    let image_name = unit.name.clone();
    let released = release::run(input, &wrappers, &image_name, sink);
    let mut image = image::of_app(&image_name, &choice, project, &released);
    if let Some(source) = &mut image.source {
        source.folder.clone_from(&unit.folder);
    }
    let zone = host::time_zone(input);
    if let Some((zone, origin)) = &zone {
        image.variables.insert("TZ".to_owned(), (zone.clone(), origin.clone()));
    }
    image.accounts = image::accounts(input, &found, sink);
    image.user = image.accounts.first().cloned().or_else(|| project.map(|_| image::default_account()));
    blueprint.images.push(image);
    let mut running = runtime::run(input, &found, project, &blueprint.images, sink);
    if running.processes.is_empty() {
        if let (Some(project), Some(image)) = (project, blueprint.images.first()) {
            running.processes = runtime::from_procfile(input, project, image, sink);
        }
    }
    if let Some(image) = blueprint.images.first() {
        web::from_sites(input, project, image, &mut running.processes, sink);
    }
    stop::daemons(input, &running.processes, sink);
    blueprint.variables = settings::finish(input, &table, sink);
    for (file, path) in web::run(input, &mut running.processes, project, &blueprint.variables, sink) {
        running.overlays.push((file.path.clone(), path));
        running.files.push(file);
    }
    let web: Vec<String> =
        running.processes.iter().filter(|process| process.role == Role::Web).map(|process| process.name.clone()).collect();
    let port = running.processes.iter().find(|process| web.contains(&process.name)).and_then(|process| process.ports.first().copied());
    let app_image = project.map(|_| image_name.as_str());
    let web = proxy::behind(input, &running.processes, web);
    let proxy = proxy::run(input, &web, app_image, port.unwrap_or(web::PORT), sink);
    let image_of = |plain: &Plain| (project.is_some() || !plain.words.is_empty()).then(|| image_name.clone());
    blueprint.schedules = schedule::run(input, &wrappers, &image_of, sink);
    blueprint.inner_schedules = schedule::inner::run(input, &running.processes, sink);
    if let Some((zone, _)) = &zone {
        // A command set it: no resource of the run that holds the entry says so.
        blueprint.schedules.iter_mut().filter(|entry| entry.time_zone.is_none()).for_each(|entry| entry.time_zone = Some(zone.clone()));
    }
    settings::by_layer(input, &table, &mut running.processes);
    blueprint.variables.extend(proxy.variables);
    blueprint.stores = stores::run(input, &table, &mut blueprint.variables, sink);
    let package_set = packages::run(input, sink, &choice, project);
    stop::shutdown(input, &mut running.processes, sink);
    mounts::run(input, &mut running.processes, sink);
    let agents = host::agent::run(input, sink);
    host::run(input, sink);
    let mut own_steps = checkout::run(input, sink);
    let rest = files::run(input, sink);
    own_steps.extend(scripts::run(input, sink));
    let file_steps = rest.steps.iter().cloned().chain(output::run(input, project)).collect();
    image::fill(blueprint, package_set, file_steps, own_steps, input);
    if let Some(image) = blueprint.images.first_mut() {
        image::add_owners(image, input, sink);
        php_image::run(input, image, &running.processes);
        packages::tool::add(image);
        if let Some(source) = &mut image.source {
            source.overlays.extend(rest.overlays.iter().chain(&database.overlays).chain(&running.overlays).cloned());
            source.overlays.sort();
            source.overlays.dedup();
        }
    }
    blueprint.files = rest.artifacts.iter().cloned().chain(agents).chain(database.files).chain(running.files).chain(proxy.files).collect();
    blueprint.files.sort_by(|a, b| a.path.cmp(&b.path));
    blueprint.files.dedup_by(|a, b| a.path == b.path);
    worker::run(input, &mut running.processes, project, &blueprint.variables, sink);
    pool::check(input, &running.processes, project, &blueprint.variables, sink);
    let mut jobs = released.jobs;
    let mut all = files::reach::Running { processes: &mut running.processes, schedules: &mut blueprint.schedules, jobs: &mut jobs };
    files::reach::run(input, &rest, &mut all);
    for process in &mut running.processes {
        if let (Some(path), Some(health)) = (&proxy.health, &mut process.health) {
            health.path = Some(path.clone());
        }
    }
    blueprint.routes = routes::run(input, &running.processes, proxy.health.as_deref(), &proxy.fronts, &web);
    blueprint.processes = running.processes;
    folders::run(input, blueprint);
    blueprint.images.extend(proxy.image);
    blueprint.processes.extend(proxy.process);
    blueprint.jobs = jobs;
    part.notes.extend(proxy.notes);
    part
}

/// HAProxy from a package balances between hosts: in a cluster that is the load balancer's work, and its configuration says the routes.
fn give_way(input: &Input<'_>, found: &mut Vec<process::Found>, sink: &mut Sink) {
    let configured = input.files().any(|file| file.path.starts_with("/etc/haproxy/"));
    found.retain(|one| {
        let stays = !(configured && one.supervisor == "package" && one.name == "haproxy");
        for item in one.items.iter().filter(|_| !stays) {
            sink.claim(*item, Fate::Absorbed, "", "the cluster's load balancer takes its place; what it was told are routes");
        }
        stays
    });
}
