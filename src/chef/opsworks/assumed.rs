//! A stack for a repository of `OpsWorks` cookbooks that comes without one: recipes that loop over `node[:deploy]` would do nothing.
//!
//! In: the cookbooks. Out: the saved answers that a small stack would have given: one app `app`, a layer of its type, a custom layer for each
//! cookbook that no other needs, one host each. What a stack knows and cookbooks do not (addresses, passwords, variables) is not in it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::chef::run::Kitchen;
use crate::graph::Lifecycle;

use super::builtin;

/// The folder of the files, which no repository has.
const FOLDER: &str = "not-in-the-repository/assumed-stack";
/// The app's short name.
pub const APP: &str = "app";
/// Parts of names of recipes that take away or stop what others set up: no event runs them by itself.
const OPPOSITES: &[&str] =
    &["undeploy", "uninstall", "remove", "stop", "restart", "disable", "rollback", "delete", "cleanup", "kill", "reload", "purge"];

/// Whether the cookbooks read what only a stack gives them.
#[must_use]
pub fn is_needed(kitchen: &Kitchen) -> bool {
    const WORDS: &[&str] = &["node[:deploy]", "node['deploy']", "node[\"deploy\"]", "node[:opsworks]", "node['opsworks']", "aws_opsworks_"];
    let files = kitchen.cookbooks.values().flat_map(|cookbook| cookbook.files.files.iter());
    let code = files.filter(|(path, _)| path.ends_with(".rb") || path.ends_with(".erb"));
    code.into_iter().any(|(_, file)| WORDS.iter().any(|word| kitchen.sources.file(*file).text().contains(word)))
}

/// Files of the assumed stack: path and text. None where the cookbooks have no recipe to run.
#[must_use]
pub fn files(kitchen: &Kitchen) -> Vec<(String, String)> {
    let layers = custom_layers(kitchen);
    let built_in =
        kitchen.cookbooks.keys().any(|name| name.as_str() != "nginx" && name.as_str() != "mysql" && builtin::is_builtin_cookbook(name));
    if layers.is_empty() && !built_in {
        return Vec::new();
    }
    let twelve = is_twelve(kitchen);
    let kind = match app_type(kitchen) {
        // A copy of the service's own cookbooks and nothing else.
        "other" if layers.is_empty() => "rails",
        kind => kind,
    };
    // A repository that changes one of the two has that one.
    let unicorn =
        mentions(kitchen, "unicorn") || kitchen.cookbooks.contains_key("unicorn") && !kitchen.cookbooks.contains_key("passenger_apache2");
    let mut described = Vec::new();
    let mut hosts = Vec::new();
    let mut add = |number: usize, kind: &str, name: &str, recipes: Value| {
        let id = format!("00000000-0000-4000-8000-{number:012}");
        described.push(json!({
            "LayerId": id, "StackId": STACK, "Type": kind, "Name": name, "Shortname": name, "CustomRecipes": recipes,
            "Attributes": { "RailsStack": if unicorn { "nginx_unicorn" } else { "apache_passenger" } },
        }));
        hosts.push(json!({
            "InstanceId": format!("10000000-0000-4000-8000-{number:012}"), "StackId": STACK, "Hostname": format!("{name}1"),
            "LayerIds": [id], "Status": "online",
        }));
    };
    if !twelve && matches!(kind, "rails" | "php" | "nodejs" | "java") {
        add(0, &format!("{kind}-app"), &format!("{kind}-app"), json!({}));
    }
    for (number, (name, recipes)) in layers.iter().enumerate() {
        let lists: BTreeMap<&str, &Vec<String>> = recipes.iter().map(|(event, list)| (event.name(), list)).collect();
        add(number + 1, "custom", name, json!(lists));
    }
    let os = if twelve { "Ubuntu 18.04 LTS" } else { "Ubuntu 14.04 LTS" };
    let version = if twelve { "12" } else { "11.10" };
    let stack = json!({ "Stacks": [{
        "StackId": STACK, "Name": "production", "Region": "us-east-1", "DefaultOs": os, "UseCustomCookbooks": true,
        "ConfigurationManager": { "Name": "Chef", "Version": version },
    }] });
    let database = if mentions(kitchen, "postgresql") && !mentions(kitchen, "mysql2") { "postgres" } else { "mysql" };
    let arn = "arn:aws:rds:us-east-1:000000000000:db:app";
    let app = json!({ "Apps": [{
        "AppId": "20000000-0000-4000-8000-000000000000", "StackId": STACK, "Shortname": APP, "Name": APP,
        "Type": if twelve { "other" } else { kind }, "Domains": [APP],
        "AppSource": { "Type": "git", "Url": "git@example.com:app.git", "Revision": "main" },
        "DataSources": [{ "Type": "RdsDbInstance", "Arn": arn, "DatabaseName": APP }],
    }] });
    let rds = json!({ "RdsDbInstances": [{ "RdsDbInstanceArn": arn, "DbInstanceIdentifier": APP, "StackId": STACK, "Engine": database }] });
    [
        ("describe-stacks", stack),
        ("describe-layers", json!({ "Layers": described })),
        ("describe-instances", json!({ "Instances": hosts })),
        ("describe-apps", app),
        ("describe-rds-db-instances", rds),
    ]
    .into_iter()
    .map(|(name, value)| (format!("{FOLDER}/{name}.json"), value.to_string()))
    .collect()
}

const STACK: &str = "30000000-0000-4000-8000-000000000000";

/// Whether the cookbooks are for Chef 12: they search the service's data bags more often than they loop over `node[:deploy]`.
/// Some that are for Chef 11 ask in a helper which of them they run on.
fn is_twelve(kitchen: &Kitchen) -> bool {
    const LOOPS: &[&str] = &["node[:deploy].each", "node['deploy'].each", "node[\"deploy\"].each"];
    let count =
        |words: &[&str]| texts(kitchen).map(|(_, text)| words.iter().map(|word| text.matches(word).count()).sum::<usize>()).sum::<usize>();
    let searches = count(&["aws_opsworks_"]);
    searches > 0 && searches >= count(LOOPS)
}

/// Whether a recipe only takes away or stops what others set up: `stop_and_remove`, not `pull_and_restart`.
fn takes_away(name: &str) -> bool {
    name.split(['_', '-']).collect::<Vec<_>>().split(|word| *word == "and").all(|part| {
        let part = part.join("_");
        OPPOSITES.iter().any(|word| part.contains(word))
    })
}

/// Whether any Ruby file or template of the cookbooks has the word.
fn mentions(kitchen: &Kitchen, word: &str) -> bool {
    texts(kitchen).any(|(_, text)| text.contains(word))
}

/// The texts of the repository's own cookbooks, without those that are the service's.
fn texts(kitchen: &Kitchen) -> impl Iterator<Item = (&str, &str)> {
    kitchen.cookbooks.iter().filter(|(name, _)| !builtin::is_builtin_cookbook(name)).flat_map(|(_, cookbook)| {
        let code = cookbook.files.files.iter().filter(|(path, _)| path.ends_with(".rb") || path.ends_with(".erb"));
        code.map(|(path, file)| (path.as_str(), kitchen.sources.file(*file).text()))
    })
}

/// The app type that the cookbooks speak of most.
fn app_type(kitchen: &Kitchen) -> &'static str {
    const WORDS: &[(&str, &[&str])] = &[
        ("rails", &["'rails'", "\"rails\"", "rails_env", "sidekiq", "unicorn", "bundle exec", "RAILS_ENV"]),
        ("php", &["'php'", "\"php\"", "php5", "php-fpm", "composer"]),
        ("nodejs", &["'nodejs'", "\"nodejs\"", "npm ", "server.js"]),
        ("java", &["'java'", "\"java\"", "tomcat"]),
    ];
    let mut counts = [0usize; 4];
    for (_, text) in texts(kitchen) {
        for (index, (_, words)) in WORDS.iter().enumerate() {
            counts[index] += words.iter().map(|word| text.matches(word).count()).sum::<usize>();
        }
    }
    let best = counts.iter().enumerate().max_by_key(|(index, count)| (**count, std::cmp::Reverse(*index)));
    best.filter(|(_, count)| **count > 0).map_or("other", |(index, _)| WORDS[index].0)
}

/// A layer for each cookbook that no other needs, with its recipes by event. A recipe that another one includes runs with that one.
fn custom_layers(kitchen: &Kitchen) -> Vec<(String, BTreeMap<Lifecycle, Vec<String>>)> {
    let needed: BTreeSet<&str> = kitchen
        .cookbooks
        .iter()
        .flat_map(|(name, cookbook)| cookbook.depends.iter().map(move |(other, _)| (name, other)))
        .filter(|(name, other)| name != other)
        .map(|(_, other)| other.as_str())
        .collect();
    let mut layers = Vec::new();
    for (name, cookbook) in &kitchen.cookbooks {
        if builtin::is_builtin_cookbook(name) {
            continue;
        }
        let own: Vec<&str> = cookbook.files.ruby("recipes/").map(|(_, file)| kitchen.sources.file(file).text()).collect();
        let included = |recipe: &str| {
            let full = format!("{name}::{recipe}");
            texts(kitchen).any(|(_, text)| text.contains(&format!("'{full}'")) || text.contains(&format!("\"{full}\"")))
                || own.iter().any(|text| text.contains(&format!("'::{recipe}'")) || text.contains(&format!("\"::{recipe}\"")))
        };
        let mut events: BTreeMap<Lifecycle, Vec<String>> = BTreeMap::new();
        for recipe in cookbook.recipe_names() {
            let lower = recipe.to_lowercase();
            let exact = Lifecycle::ALL.into_iter().find(|event| event.name().eq_ignore_ascii_case(&recipe));
            let full = if recipe == "default" { name.clone() } else { format!("{name}::{recipe}") };
            // What others build on runs where they call it.
            let called = exact.is_none() && (included(&recipe) || recipe == "default" && needed.contains(name.as_str()));
            let event = match exact {
                Some(event) => event,
                None if called || lower.starts_with('_') || takes_away(&lower) => continue,
                None if lower.contains("deploy") => Lifecycle::Deploy,
                None if lower.contains("configure") => Lifecycle::Configure,
                None if needed.contains(name.as_str()) => continue,
                None => Lifecycle::Setup,
            };
            let list = events.entry(event).or_default();
            if recipe == "default" { list.insert(0, full) } else { list.push(full) }
        }
        if !events.is_empty() {
            layers.push((name.clone(), events));
        }
    }
    layers
}
