//! The passes in order, and what they made put together.
//!
//! One image for each app (its layers share it); without an app, one image for each layer or entry point.

use std::collections::{BTreeMap, BTreeSet};

use crate::blueprint::{Account, Blueprint, Environment, Image, Runtime as Language, Step};
use crate::graph::item::Items;
use crate::graph::{Graph, Lifecycle};
use crate::outcome::Fate;
use crate::pass::base::{self, BaseChoice};
use crate::pass::command::Plain;
use crate::pass::schedule::label;
use crate::pass::{
    Input, Made, Sink, app_root, database, ends, files, host, packages, pool, process, proxy, release, routes, runtime, schedule, scripts,
    settings, stores, web, worker,
};
use crate::project::{self, Project};
use crate::source::SourceMap;

/// Runs every pass over the graph.
#[must_use]
pub fn run(graph: &Graph, items: &Items, projects: &[Project], sources: &SourceMap, name: &str) -> Made {
    let roots = app_root::find(graph, projects);
    let input = Input { graph, items, projects, sources, roots, view: None };
    let mut sink = Sink::default();
    let mut made = Made::default();
    let mut blueprint = Blueprint { name: project_name(&input, name), environments: environments(graph), ..Blueprint::default() };
    if graph.runs.is_empty() {
        made.blueprint = blueprint;
        return made;
    }
    let project = projects.first();
    let platform = graph.environments.first().map(|environment| environment.platform.clone()).unwrap_or_default();
    let choice = base::choose(&input, project, &platform);
    made.notes.extend(choice.notes.iter().cloned());
    let (wrappers, wrapper_items) = process::wrappers(&input);
    let found = process::find(&input, &wrappers);
    let wrapper_files: BTreeSet<String> = wrappers.values().cloned().collect();
    let mut table = settings::gather(&input, &found, &wrapper_files, &mut sink);
    for item in wrapper_items.values() {
        sink.claim(*item, Fate::Absorbed, "", "a wrapper that sets the environment: every process gets it from its settings");
    }
    let database = database::run(&input, &mut table, &mut sink);
    let image_name = blueprint.name.clone();
    let released = release::run(&input, &wrappers, &image_name, &mut sink);
    let mut image = app_image(&input, &image_name, &choice, project, &released);
    let zone = host::time_zone(&input);
    if let Some((zone, origin)) = &zone {
        image.variables.insert("TZ".to_owned(), (zone.clone(), origin.clone()));
    }
    image.accounts = accounts(&input, &found, &mut sink);
    image.user = image.accounts.first().cloned().or_else(|| project.map(|_| default_account()));
    blueprint.images.push(image);
    let mut running = runtime::run(&input, &found, project, &blueprint.images, &mut sink);
    if running.processes.is_empty() {
        if let (Some(project), Some(image)) = (project, blueprint.images.first()) {
            running.processes = runtime::from_procfile(&input, project, image, &mut sink);
        }
    }
    if let Some(image) = blueprint.images.first() {
        web::from_sites(&input, project, image, &mut running.processes, &mut sink);
    }
    daemons(&input, &running.processes, &mut sink);
    for (file, path) in web::run(&input, &mut running.processes, project, &[], &mut sink) {
        running.overlays.push((file.path.clone(), path));
        running.files.push(file);
    }
    let web: Vec<String> = running
        .processes
        .iter()
        .filter(|process| process.role == crate::blueprint::Role::Web)
        .map(|process| process.name.clone())
        .collect();
    let port = running.processes.iter().find(|process| web.contains(&process.name)).and_then(|process| process.ports.first().copied());
    let port = port.unwrap_or(web::PORT);
    let proxy = proxy::run(&input, &web, Some(&image_name).filter(|_| project.is_some()).map(String::as_str), port, &mut sink);
    let image_of =
        |plain: &Plain| project.is_some().then(|| image_name.clone()).or_else(|| (!plain.words.is_empty()).then(|| image_name.clone()));
    blueprint.schedules = schedule::run(&input, &wrappers, &image_of, &mut sink);
    if let Some((zone, _)) = &zone {
        // A command set it: no resource of the run that holds the entry says so.
        blueprint.schedules.iter_mut().filter(|entry| entry.time_zone.is_none()).for_each(|entry| entry.time_zone = Some(zone.clone()));
    }
    blueprint.variables = settings::finish(&input, table, projects, &mut sink);
    blueprint.variables.extend(proxy.variables);
    blueprint.stores = stores::run(&input, &mut blueprint.variables, &mut sink);
    let package_set = packages::run(&input, &mut sink, &choice, project);
    shutdown(&input, &mut running.processes, &mut sink);
    host::run(&input, &mut sink);
    let rest = files::run(&input, &mut sink);
    let script_steps = scripts::run(&input, &mut sink);
    fill_image(&mut blueprint, package_set, rest.steps, script_steps, &input);
    if let Some(image) = blueprint.images.first_mut() {
        add_owners(image, &input, &mut sink);
        if let Some(source) = &mut image.source {
            source.overlays.extend(rest.overlays.iter().chain(&database.overlays).chain(&running.overlays).cloned());
            source.overlays.sort();
            source.overlays.dedup();
        }
    }
    blueprint.files = rest.artifacts.into_iter().chain(database.files).chain(running.files).chain(proxy.files).collect();
    blueprint.files.sort_by(|a, b| a.path.cmp(&b.path));
    blueprint.files.dedup_by(|a, b| a.path == b.path);
    worker::run(&input, &mut running.processes, project, &blueprint.variables, &mut sink);
    pool::check(&input, &running.processes, project, &blueprint.variables, &mut sink);
    mount(&mut running.processes, &rest.mounts);
    for process in &mut running.processes {
        if let (Some(path), Some(health)) = (&proxy.health, &mut process.health) {
            health.path = Some(path.clone());
        }
    }
    blueprint.routes = routes::run(&input, &running.processes, proxy.health.as_deref(), &proxy.fronts);
    blueprint.processes = running.processes;
    blueprint.images.extend(proxy.image);
    blueprint.processes.extend(proxy.process);
    blueprint.jobs = released.jobs;
    made.notes.extend(proxy.notes);
    host::rest(&input, &mut sink);
    host::claim_defaults(&input, &mut sink);
    made.dispositions = sink.dispositions(&input);
    made.diagnostics = std::mem::take(&mut sink.diagnostics);
    blueprint.tasks = std::mem::take(&mut sink.tasks);
    ends::link(&blueprint, &mut made.dispositions);
    made.blueprint = blueprint;
    made
}

/// Mounts files into the processes whose commands name them; a file that none names is everybody's.
fn mount(processes: &mut [crate::blueprint::Process], mounts: &[crate::blueprint::Mount]) {
    for mount in mounts {
        let name = mount.path.rsplit('/').next().unwrap_or(&mount.path).to_owned();
        let names = |process: &crate::blueprint::Process| {
            process
                .command
                .values
                .iter()
                .flatten()
                .flatten()
                .any(|word| word.contains(&mount.path) || (word.contains(&name) && name.len() > 4))
        };
        let any = processes.iter().any(names);
        for process in processes.iter_mut() {
            if !any || names(process) {
                process.mounts.push(mount.clone());
            }
        }
    }
}

/// The project's name: the one app's, the project folder's, or the input's.
fn project_name(input: &Input<'_>, name: &str) -> String {
    let apps: BTreeSet<&str> =
        input.graph.environments.iter().flat_map(|environment| environment.apps.iter().map(|app| app.name.as_str())).collect();
    let text = match (apps.len(), input.projects) {
        (1, _) => apps.into_iter().next().unwrap_or(name).to_owned(),
        (_, [project]) if !matches!(project.name.as_str(), "app" | "src" | "web") => project.name.clone(),
        _ => name.to_owned(),
    };
    label(&text)
}

fn environments(graph: &Graph) -> Vec<Environment> {
    graph
        .environments
        .iter()
        .map(|environment| Environment {
            name: label(&environment.name),
            stack: environment.stack.clone(),
            region: environment.region.clone(),
            account: environment.account.clone(),
            role: environment.role.clone(),
        })
        .collect()
}

fn app_image(input: &Input<'_>, name: &str, choice: &BaseChoice, project: Option<&Project>, released: &release::Release) -> Image {
    let mut image = Image {
        name: name.to_owned(),
        runtime: choice.runtime.clone(),
        base: choice.image.clone(),
        packager: choice.packager,
        base_origin: choice.origin.clone(),
        workdir: app_root::WORKDIR.to_owned(),
        ..Image::default()
    };
    let Some(project) = project else { return image };
    image.source = Some(release::source(project, released));
    let none = Vec::new;
    image.variables.insert("LANG".to_owned(), ("C.UTF-8".to_owned(), none()));
    match project.language {
        project::Language::Ruby => {
            image.port = Some(web::PORT);
            image.writable = vec!["tmp".to_owned(), "log".to_owned()];
            if project.rails {
                image.variables.insert("RAILS_LOG_TO_STDOUT".to_owned(), ("1".to_owned(), none()));
                image.variables.insert("RAILS_ENV".to_owned(), ("production".to_owned(), none()));
            }
            image.variables.insert("PORT".to_owned(), (web::PORT.to_string(), none()));
            image.command = if project.has("config/puma.rb") {
                ["bundle", "exec", "puma", "-C", "config/puma.rb"].map(str::to_owned).to_vec()
            } else if project.rails {
                ["bundle", "exec", "rails", "server", "-b", "0.0.0.0"].map(str::to_owned).to_vec()
            } else {
                ["bundle", "exec", "rackup", "-o", "0.0.0.0", "-p", "3000"].map(str::to_owned).to_vec()
            };
        }
        project::Language::Node => {
            image.port = Some(web::PORT);
            image.variables.insert("NODE_ENV".to_owned(), ("production".to_owned(), none()));
            image.variables.insert("PORT".to_owned(), (web::PORT.to_string(), none()));
            image.command = match project.scripts.get("start") {
                Some(start) => start.split_whitespace().map(str::to_owned).collect(),
                None => ["node", "server.js"].map(str::to_owned).to_vec(),
            };
        }
        project::Language::Php => image.port = Some(8080),
        project::Language::Other => {}
    }
    // An event log or any other file below log/ cannot be shipped from a container's disk.
    let _ = input;
    image
}

fn default_account() -> Account {
    Account {
        name: "app".to_owned(),
        uid: Some(1000),
        group: "app".to_owned(),
        gid: Some(1000),
        home: Some("/home/app".to_owned()),
        shell: None,
        system: false,
        origin: Vec::new(),
    }
}

/// The users that processes run as, with the numbers the cookbooks gave them.
fn accounts(input: &Input<'_>, found: &[process::Found], sink: &mut Sink) -> Vec<Account> {
    let mut names: Vec<String> = Vec::new();
    for one in found {
        if let Some(user) = one.plain.user.clone().filter(|user| user != "root") {
            if !names.contains(&user) {
                names.push(user);
            }
        }
    }
    for (_, resource) in input.items() {
        if matches!(resource.kind.as_str(), "deploy" | "git" | "deploy_revision") {
            if let Some(user) = resource.known("user").filter(|user| user != "root") {
                if !names.contains(&user) {
                    names.push(user);
                }
            }
        }
    }
    let number = |value: Option<String>| value.and_then(|text| text.parse::<u32>().ok());
    let mut accounts: Vec<Account> = Vec::new();
    for (item, resource) in input.items() {
        if resource.kind != "user" || resource.does("remove") {
            continue;
        }
        let name = resource.text_or_name("username").to_string();
        if !names.contains(&name) || accounts.iter().any(|known| known.name == name) {
            continue;
        }
        let mut group = resource.known("group").or_else(|| resource.known("gid")).unwrap_or_else(|| name.clone());
        let mut gid = group.parse::<u32>().ok();
        let mut origin: Vec<_> = input.origin(item).into_iter().collect();
        for (group_item, other) in input.items().filter(|(_, other)| other.kind == "group") {
            let known = other.text_or_name("group_name").to_string();
            let own = number(other.known("gid"));
            if known == group || (gid.is_some() && gid == own) {
                gid = own.or(gid);
                group = known;
                origin.extend(input.origin(group_item));
                sink.claim(group_item, Fate::Translated, "Dockerfile", "the group that the processes run in");
            }
        }
        if gid.is_some() && group.parse::<u32>().is_ok() {
            group.clone_from(&name);
        }
        let uid = number(resource.known("uid"));
        sink.claim(item, Fate::Translated, "Dockerfile", "the user that the processes run as");
        accounts.push(Account {
            name,
            uid: uid.or(Some(1000)),
            group,
            gid: gid.or(uid).or(Some(1000)),
            home: resource.known("home"),
            shell: None,
            system: false,
            origin,
        });
    }
    // A package of the cookbooks makes the others.
    for one in found {
        let Some(user) = one.plain.user.as_ref().filter(|user| *user != "root") else { continue };
        if !accounts.iter().any(|known| known.name == *user) && is_account_name(user) {
            accounts.push(made_by_package(user, one.origin.clone()));
        }
    }
    accounts
}

fn is_account_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'))
}

fn made_by_package(name: &str, origin: Vec<crate::blueprint::Origin>) -> Account {
    let name = name.to_owned();
    Account { group: name.clone(), name, uid: None, gid: None, home: None, shell: None, system: true, origin }
}

/// Accounts for the owners and groups of the image's files that are not there yet: `install -o` needs them.
fn add_owners(image: &mut Image, input: &Input<'_>, sink: &mut Sink) {
    let mut wanted: Vec<(String, Vec<crate::blueprint::Origin>)> = Vec::new();
    for step in &image.steps {
        let (crate::blueprint::Action::Directory { owner, group, .. } | crate::blueprint::Action::Copy { owner, group, .. }) = &step.action
        else {
            continue;
        };
        for name in [owner, group].into_iter().flatten() {
            if is_account_name(name) && name != "root" && !wanted.iter().any(|(known, _)| known == name) {
                wanted.push((name.clone(), step.origin.clone()));
            }
        }
    }
    for (name, origin) in wanted {
        if image.accounts.iter().any(|known| known.name == name || known.group == name) {
            continue;
        }
        let mut account = made_by_package(&name, origin);
        let number = |value: Option<String>| value.and_then(|text| text.parse::<u32>().ok());
        for (item, resource) in input.items() {
            let declares = |property: &str| resource.text_or_name(property).to_string() == name && !resource.does("remove");
            match resource.kind.as_str() {
                "user" if declares("username") => account.uid = number(resource.known("uid")),
                "group" if declares("group_name") => account.gid = number(resource.known("gid")),
                _ => continue,
            }
            account.origin = input.origin(item).into_iter().collect();
            sink.claim(item, Fate::Translated, "Dockerfile", "files of the image belong to it");
        }
        image.accounts.push(account);
    }
}

/// Daemons that watch over others.
const SUPERVISORS: &[&str] = &["monit", "supervisor", "supervisord", "runit", "runsvdir-start", "bluepill", "god", "eye"];

/// Services without a file of their own that are programs of a known name: processes of the image.
fn daemons(input: &Input<'_>, processes: &[crate::blueprint::Process], sink: &mut Sink) {
    for (item, resource) in input.items() {
        if resource.kind != "service" || sink.is_claimed(item) {
            continue;
        }
        let name = resource.text_or_name("service_name").to_string();
        if SUPERVISORS.contains(&name.as_str()) {
            sink.claim(item, Fate::Absorbed, "", "the cluster starts processes and starts them again");
            continue;
        }
        // A service whose unit was found is that process.
        let ours =
            processes.iter().any(|process| process.origin.iter().any(|origin| origin.what.contains(&name)) || process.name == label(&name));
        if ours {
            let stops = input.occurrences(item).all(|(run, _)| matches!(run.event, Lifecycle::Shutdown | Lifecycle::Undeploy));
            let why =
                if stops { "the cluster stops it: SIGTERM, then its grace period" } else { "the process runs as a container of its own" };
            sink.claim(item, Fate::Translated, format!("process {name}"), why);
        }
    }
}

/// What ran while a host went down: waiting for the load balancer and for work under way is the pod's grace period.
fn shutdown(input: &Input<'_>, processes: &mut [crate::blueprint::Process], sink: &mut Sink) {
    for (item, resource) in input.items() {
        let only = input.occurrences(item).all(|(run, _)| run.event == Lifecycle::Shutdown);
        if !only || sink.is_claimed(item) {
            continue;
        }
        if resource.kind != "execute" && resource.kind != "bash" {
            continue;
        }
        let line = if resource.kind == "execute" { resource.text_or_name("command") } else { resource.text("code").unwrap_or_default() };
        let line = line.to_string();
        let seconds = line.split_once("sleep ").and_then(|(_, rest)| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u32>().ok());
        let stops = ["monit", "kill", "stop", "quiet", "TSTP", "TERM"].iter().any(|word| line.contains(word));
        match seconds {
            Some(seconds) if !stops => {
                for process in processes.iter_mut().filter(|process| process.role == crate::blueprint::Role::Web) {
                    process.drain_seconds = seconds;
                    process.origin.extend(input.origin(item));
                }
                sink.claim(item, Fate::Translated, "preStop", "the pod waits as long before it stops, so that the load balancer lets go");
            }
            _ if stops => {
                sink.claim(item, Fate::Translated, "terminationGracePeriodSeconds", "SIGTERM, and the grace period of each process")
            }
            _ => {}
        }
    }
}

fn fill_image(
    blueprint: &mut Blueprint,
    set: packages::Packages,
    file_steps: Vec<Step>,
    script_steps: Vec<(usize, Step)>,
    input: &Input<'_>,
) {
    let Some(image) = blueprint.images.first_mut() else { return };
    image.packages = set.runtime;
    image.build_packages = set.build;
    let mut steps: Vec<(usize, Step)> = Vec::new();
    let order: BTreeMap<String, usize> = input
        .items
        .list
        .iter()
        .enumerate()
        .filter_map(|(number, item)| Some((format!("{}{}", item.reference, item.location.as_ref()?), number)))
        .collect();
    let place = |step: &Step| {
        step.origin.first().and_then(|origin| order.get(&format!("{}{}", origin.what, origin.location)).copied()).unwrap_or(usize::MAX)
    };
    for step in set.steps.into_iter().chain(file_steps) {
        steps.push((place(&step), step));
    }
    steps.extend(script_steps);
    // Chef's order.
    steps.sort_by_key(|(number, _)| *number);
    image.steps = steps.into_iter().map(|(_, step)| step).collect();
    if matches!(image.runtime, Language::System) && image.command.is_empty() {
        if let Some(process) = blueprint.processes.first() {
            image.command = process.command.base().cloned().unwrap_or_default();
        }
    }
}
