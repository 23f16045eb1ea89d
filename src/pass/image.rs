//! The image of a unit: base, variables, users, packages, steps.

use std::collections::BTreeMap;

use crate::blueprint::{Account, Blueprint, Image, Runtime as Language, Step};
use crate::outcome::Fate;
use crate::pass::base::BaseChoice;
use crate::pass::{Input, Sink, app_root, packages, process, release, web};
use crate::project::{self, Project};

/// The image of a project, or of a host without one.
pub fn of_app(name: &str, choice: &BaseChoice, project: Option<&Project>, released: &release::Release) -> Image {
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
    image
}

/// The user of an app whose cookbooks name none.
#[must_use]
pub fn default_account() -> Account {
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
#[must_use]
pub fn accounts(input: &Input<'_>, found: &[process::Found], sink: &mut Sink) -> Vec<Account> {
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
        // A group of the base's own (`www-data`) has its number there.
        let gid = if group == name { gid.or(uid).or(Some(1000)) } else { gid };
        accounts.push(Account {
            name,
            uid: uid.or(Some(1000)),
            group,
            gid,
            home: resource.known("home"),
            shell: resource.known("shell"),
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
pub fn add_owners(image: &mut Image, input: &Input<'_>, sink: &mut Sink) {
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

/// jemalloc for every process of Ruby: a library that is installed alone changes nothing.
fn preload_allocator(image: &mut Image) {
    if !matches!(image.runtime, Language::Ruby(_)) {
        return;
    }
    let number = |name: &str| name.strip_prefix("libjemalloc").filter(|rest| rest.parse::<u8>().is_ok()).map(str::to_owned);
    let found = image.packages.iter().find_map(|package| Some((number(&package.name)?, package.origin.clone())));
    if let Some((number, origin)) = found {
        image.variables.entry("LD_PRELOAD".to_owned()).or_insert((format!("libjemalloc.so.{number}"), origin));
    }
}

/// Packages and steps, in Chef's order.
pub fn fill(
    blueprint: &mut Blueprint,
    set: packages::Packages,
    file_steps: Vec<Step>,
    script_steps: Vec<(usize, Step)>,
    input: &Input<'_>,
) {
    let Some(image) = blueprint.images.first_mut() else { return };
    image.packages = set.runtime;
    image.build_packages = set.build;
    preload_allocator(image);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blueprint::Package;

    fn with(runtime: Language, name: &str) -> Image {
        let package = Package { name: name.to_owned(), version: None, renamed_from: None, origin: Vec::new() };
        let mut image = Image { runtime, packages: vec![package], ..Image::default() };
        preload_allocator(&mut image);
        image
    }

    #[test]
    fn the_allocator_that_is_installed_is_used() {
        let preloaded = |image: &Image| image.variables.get("LD_PRELOAD").map(|(value, _)| value.clone());
        let ruby = || Language::Ruby("3.1.4".to_owned());
        assert_eq!(preloaded(&with(ruby(), "libjemalloc2")).as_deref(), Some("libjemalloc.so.2"));
        assert_eq!(preloaded(&with(ruby(), "libjemalloc1")).as_deref(), Some("libjemalloc.so.1"));
        assert_eq!(preloaded(&with(ruby(), "libjemalloc-dev")), None);
        assert_eq!(preloaded(&with(Language::Node("20".to_owned()), "libjemalloc2")), None);
    }
}
