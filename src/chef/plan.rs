//! Which runs to evaluate: every layer and event of the given stacks, or the entry points of a repository without stacks.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use crate::chef::client::Settings;
use crate::chef::opsworks::stack::Stack;
use crate::chef::opsworks::{self, run::RunInput};
use crate::chef::repository::Repository;
use crate::chef::run::{Kitchen, Request};
use crate::graph::site::{App, Database, Layer, Volume};
use crate::graph::{Datum, Environment, Lifecycle};
use crate::source::{Location, SourceMap};
use crate::text::Text;

/// A run to be evaluated.
pub struct Planned {
    /// The environment's number.
    pub environment: usize,
    /// The layer, or the entry point's name.
    pub layer: String,
    /// The event.
    pub event: Lifecycle,
    /// What to evaluate.
    pub request: Request,
}

/// What the caller asked for.
#[derive(Default)]
pub struct Wishes<'a> {
    /// `--run-list`
    pub run_list: &'a [String],
    /// `--layer`
    pub layer: Option<&'a str>,
    /// `--platform`
    pub platform: Option<&'a (String, String)>,
    /// `--environment`
    pub environment: Option<&'a str>,
    /// `--json-attributes`
    pub attributes: Option<Datum>,
}

/// The runs, their environments, and what was assumed.
#[derive(Default)]
pub struct Plan {
    /// The environments.
    pub environments: Vec<Environment>,
    /// The runs.
    pub runs: Vec<Planned>,
    /// Sentences about what was assumed.
    pub notes: Vec<String>,
}

/// The platform that is assumed where nothing says one.
const ASSUMED: (&str, &str) = ("ubuntu", "20.04");

fn settings(builtins: bool) -> Settings {
    // Cookbooks of every age are read: what Chef 11 and 12 allowed is allowed.
    Settings { compat: true, lenient: true, builtins, secrecy: true, ..Settings::default() }
}

fn automatic(platform: &(String, String), chef_major: u32) -> Datum {
    crate::chef::platform::automatic(&platform.0, &platform.1, chef_major)
}

/// Plans the runs of `stacks`.
#[must_use]
pub fn of_stacks(stacks: &[Stack], wishes: &Wishes<'_>) -> Plan {
    let mut plan = Plan::default();
    for stack in stacks {
        let number = plan.environments.len();
        let assumed = (ASSUMED.0.to_owned(), ASSUMED.1.to_owned());
        let known = wishes.platform.cloned().or_else(|| stack.platform.clone());
        if known.is_none() {
            plan.notes.push(format!(
                "the stack `{}` names no platform that is known: {} {} is assumed (change it with --platform)",
                stack.name, ASSUMED.0, ASSUMED.1
            ));
        }
        let platform = known.unwrap_or(assumed);
        plan.environments.push(environment_of(stack, &platform));
        for input in opsworks::run::runs(stack) {
            if wishes.layer.is_some_and(|layer| layer != input.layer) {
                continue;
            }
            let request = request_of(&input, &platform, stack, wishes);
            plan.runs.push(Planned { environment: number, layer: input.layer.clone(), event: input.event, request });
        }
    }
    plan
}

fn request_of(input: &RunInput, platform: &(String, String), stack: &Stack, wishes: &Wishes<'_>) -> Request {
    let major = if stack.chef_version.name().starts_with("12") { 12 } else { 11 };
    let attributes = match &wishes.attributes {
        Some(more) => opsworks::merge::deep_merge(&input.attributes, more),
        None => input.attributes.clone(),
    };
    Request {
        run_list: input.run_list.clone(),
        attributes: Some(attributes),
        cookbooks: Vec::new(),
        default_attributes: Some(input.default_attributes.clone()),
        automatic: Some(automatic(platform, major)),
        data_bags: input.data_bags.clone(),
        machine: BTreeMap::new(),
        environment: None,
        name: format!("{}-{}", stack.environment, input.layer),
        settings: settings(major == 11),
    }
}

fn environment_of(stack: &Stack, platform: &(String, String)) -> Environment {
    Environment {
        name: stack.environment.clone(),
        stack: Some(stack.name.clone()),
        platform: platform.clone(),
        region: stack.region.clone(),
        account: stack.account.clone(),
        role: stack.default_role.clone(),
        layers: stack.layers.iter().map(|layer| layer_of(stack, layer)).collect(),
        apps: stack
            .apps
            .iter()
            .map(|app| App {
                name: app.shortname.clone(),
                kind: app.kind.clone(),
                // The short name is always among the domains, and is no host name.
                domains: app
                    .domains
                    .iter()
                    .filter_map(|domain| domain.known().map(str::to_owned))
                    .filter(|domain| *domain != app.shortname && domain.contains('.'))
                    .collect(),
                variables: variables_of(stack, app),
                tls: app.enable_ssl,
                database: app
                    .data_sources
                    .first()
                    .and_then(|source| source.database_name.as_ref())
                    .and_then(|name| name.known().map(str::to_owned)),
                origin: app.origin.clone(),
            })
            .collect(),
        databases: stack
            .databases
            .iter()
            .map(|database| Database {
                engine: database.engine.clone().unwrap_or_default(),
                version: database.engine_version.clone(),
                host: database.host(),
                port: database.port.and_then(|port| u16::try_from(port).ok()),
                user: database.user.clone(),
                origin: database.origin.clone(),
            })
            .collect(),
    }
}

/// The app's own variables, and over them those that the custom JSON has under `deploy`.
fn variables_of(stack: &Stack, app: &opsworks::app::App) -> Vec<(String, Text, Option<Location>)> {
    let mut all: Vec<_> =
        app.environment.iter().map(|variable| (variable.key.clone(), variable.value.clone(), variable.origin.clone())).collect();
    let inside = |datum: &Datum, key: &str| match datum {
        Datum::Map(map) => map.get(key).cloned(),
        _ => None,
    };
    for key in ["environment_variables", "environment"] {
        let found =
            inside(&stack.custom_json, "deploy").and_then(|deploy| inside(&deploy, &app.shortname)).and_then(|app| inside(&app, key));
        let Some(Datum::Map(map)) = found else { continue };
        for (name, value) in map {
            let text = match value {
                Datum::Bool(yes) => Some(Text::literal(yes.to_string())),
                other => other.as_text(),
            };
            let Some(text) = text else { continue };
            match all.iter_mut().find(|(known, ..)| *known == name) {
                Some(known) => known.1 = text,
                None => all.push((name, text, app.origin.clone())),
            }
        }
    }
    all
}

fn layer_of(stack: &Stack, layer: &opsworks::layer::Layer) -> Layer {
    let instances = stack.instances_of(layer);
    let count = |wanted: &dyn Fn(&opsworks::instance::Instance) -> bool| {
        u32::try_from(instances.iter().filter(|instance| wanted(instance)).count()).unwrap_or(0)
    };
    let balancer = stack.load_balancers.iter().find(|balancer| balancer.layer_id == layer.id);
    Layer {
        name: layer.shortname.clone(),
        hosts: count(&|instance| instance.auto_scaling.is_none()),
        most: count(&|_| true),
        by_time: instances.iter().any(|instance| instance.auto_scaling.as_deref() == Some("timer")),
        instance_type: instances.first().and_then(|instance| instance.instance_type.clone()),
        volumes: layer
            .volume_configurations
            .iter()
            .map(|volume| Volume {
                mount: volume.mount_point.clone(),
                size_gib: volume.size.and_then(|size| u32::try_from(size).ok()),
                encrypted: volume.encrypted,
            })
            .collect(),
        packages: layer.packages.clone(),
        shutdown_seconds: u32::try_from(layer.shutdown_timeout).unwrap_or(120),
        balanced: balancer.is_some(),
        health: balancer.and_then(|balancer| balancer.health_check.clone()),
        cpu_threshold: None,
        origin: layer.origin.clone(),
    }
}

impl Wishes<'_> {
    /// Whether nothing says what to run.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.run_list.is_empty() && self.attributes.is_none()
    }
}

/// Plans runs without a stack: the given run list, else the nodes, roles or cookbooks that nothing else leads to.
#[must_use]
pub fn of_repository(kitchen: &Kitchen, repository: &Repository, sources: &SourceMap, wishes: &Wishes<'_>) -> Plan {
    let mut plan = Plan::default();
    let platform = wishes.platform.cloned().unwrap_or_else(|| {
        let assumed = supported(kitchen);
        plan.notes.push(format!("no platform is given: {} {} is assumed (change it with --platform)", assumed.0, assumed.1));
        assumed
    });
    let entries = entry_points(kitchen, repository, sources, wishes, &mut plan.notes);
    // Chef's environments are ours where nodes say which they are in.
    let place = |entry: &Entry| {
        let name = wishes.environment.or(entry.environment.as_deref()).filter(|name| *name != "_default");
        name.unwrap_or("production").to_owned()
    };
    let mut places: BTreeSet<String> = entries.iter().map(place).collect();
    if places.is_empty() {
        places.insert(wishes.environment.unwrap_or("production").to_owned());
    }
    for name in places {
        plan.environments.push(Environment { name, platform: platform.clone(), ..Environment::default() });
    }
    // Production is the base that others differ from.
    plan.environments.sort_by_key(|environment| !environment.name.starts_with("prod"));
    for entry in entries {
        let environment = plan.environments.iter().position(|known| known.name == place(&entry)).unwrap_or(0);
        let request = Request {
            run_list: entry.run_list,
            attributes: match (&wishes.attributes, &entry.attributes) {
                (Some(wish), Some(own)) => Some(opsworks::merge::deep_merge(own, wish)),
                (Some(wish), None) => Some(wish.clone()),
                (None, own) => own.clone(),
            },
            cookbooks: Vec::new(),
            default_attributes: None,
            automatic: Some(automatic(&platform, 14)),
            data_bags: IndexMap::new(),
            machine: BTreeMap::new(),
            environment: wishes.environment.map(str::to_owned).or(entry.environment),
            name: entry.name.clone(),
            settings: settings(false),
        };
        plan.runs.push(Planned { environment, layer: entry.name, event: entry.event, request });
    }
    plan
}

/// The newest platform of the table that the cookbooks say they support, Ubuntu first.
fn supported(kitchen: &Kitchen) -> (String, String) {
    let named: BTreeSet<&str> =
        kitchen.cookbooks.values().flat_map(|cookbook| cookbook.supports.iter().map(|(name, _)| name.as_str())).collect();
    let choices = [("ubuntu", "20.04"), ("debian", "11"), ("amazon", "2"), ("centos", "7"), ("redhat", "8")];
    let choice = choices.iter().find(|(name, _)| named.is_empty() || named.contains(name)).unwrap_or(&choices[0]);
    (choice.0.to_owned(), choice.1.to_owned())
}

struct Entry {
    name: String,
    run_list: Vec<String>,
    event: Lifecycle,
    attributes: Option<Datum>,
    environment: Option<String>,
}

impl Entry {
    fn new(name: impl Into<String>, run_list: Vec<String>) -> Self {
        Self { name: name.into(), run_list, event: Lifecycle::Setup, attributes: None, environment: None }
    }
}

fn entry_points(
    kitchen: &Kitchen,
    repository: &Repository,
    sources: &SourceMap,
    wishes: &Wishes<'_>,
    notes: &mut Vec<String>,
) -> Vec<Entry> {
    if !wishes.run_list.is_empty() {
        return vec![Entry::new(wishes.layer.unwrap_or("node"), wishes.run_list.to_vec())];
    }
    if let Some(list) = run_list_of(wishes.attributes.as_ref()) {
        notes.push("the run list is taken from the given attributes".to_owned());
        return vec![Entry::new(wishes.layer.unwrap_or("node"), list)];
    }
    let nodes = from_nodes(repository, sources);
    if !nodes.is_empty() {
        notes.push(format!("no stack and no run list is given: the nodes of the repository are taken ({})", names(&nodes)));
        return nodes;
    }
    let roles = from_roles(kitchen, repository);
    if !roles.is_empty() {
        notes.push(format!("no stack and no run list is given: the roles that no other role includes are taken ({})", names(&roles)));
        return roles;
    }
    let cookbooks = from_cookbooks(kitchen);
    if !cookbooks.is_empty() {
        notes.push(format!("no stack and no run list is given: the cookbooks that no other depends on are taken ({}); recipes named after an OpsWorks event run at that event", names(&cookbooks)));
    }
    cookbooks
}

fn names(entries: &[Entry]) -> String {
    let all: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect::<BTreeSet<_>>().into_iter().collect();
    if all.len() > 12 { format!("{} and {} more", all[..12].join(", "), all.len() - 12) } else { all.join(", ") }
}

fn run_list_of(attributes: Option<&Datum>) -> Option<Vec<String>> {
    let Some(Datum::Map(map)) = attributes else { return None };
    let list: Vec<String> = map.get("run_list")?.items().iter().filter_map(|item| item.as_str().map(str::to_owned)).collect();
    (!list.is_empty()).then_some(list)
}

fn from_nodes(repository: &Repository, sources: &SourceMap) -> Vec<Entry> {
    repository
        .nodes
        .iter()
        .filter_map(|(name, file)| {
            let json: serde_json::Value = serde_json::from_str(sources.file(*file).text()).ok()?;
            let list: Vec<String> = json["run_list"].as_array()?.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect();
            if list.is_empty() {
                return None;
            }
            let own = if json["normal"].is_object() { json["normal"].clone() } else { without_run_list(&json) };
            let mut entry = Entry::new(name.clone(), list);
            entry.attributes = Some(crate::chef::datum::from_json(&own, true));
            entry.environment = json["chef_environment"].as_str().or_else(|| json["environment"].as_str()).map(str::to_owned);
            Some(entry)
        })
        .collect()
}

fn without_run_list(json: &serde_json::Value) -> serde_json::Value {
    let mut own = json.clone();
    if let Some(map) = own.as_object_mut() {
        for key in ["run_list", "name", "chef_environment", "environment", "chef_type", "json_class", "automatic", "default", "override"] {
            map.shift_remove(key);
        }
    }
    own
}

fn from_roles(kitchen: &Kitchen, repository: &Repository) -> Vec<Entry> {
    let mut included: BTreeSet<String> = BTreeSet::new();
    for file in repository.roles.values() {
        let text = kitchen.sources.file(*file).text();
        let mut rest = text;
        while let Some(at) = rest.find("role[") {
            rest = &rest[at + 5..];
            if let Some(end) = rest.find(']') {
                included.insert(rest[..end].to_owned());
            }
        }
    }
    repository
        .roles
        .keys()
        .filter(|name| !included.contains(*name))
        .map(|name| Entry::new(name.clone(), vec![format!("role[{name}]")]))
        .collect()
}

fn from_cookbooks(kitchen: &Kitchen) -> Vec<Entry> {
    let needed: BTreeSet<&str> =
        kitchen.cookbooks.values().flat_map(|cookbook| cookbook.depends.iter().map(|(name, _)| name.as_str())).collect();
    let mut entries: Vec<Entry> = Vec::new();
    let independent =
        kitchen.cookbooks.iter().filter(|(name, cookbook)| !needed.contains(name.as_str()) || depends_on_itself(kitchen, cookbook));
    for (name, cookbook) in independent {
        let recipes = cookbook.recipe_names();
        let mut by_event: BTreeMap<Lifecycle, Vec<String>> = BTreeMap::new();
        for recipe in &recipes {
            if let Some(event) = event_of(recipe) {
                by_event.entry(event).or_default().push(format!("{name}::{recipe}"));
            }
        }
        if recipes.iter().any(|recipe| recipe == "default") {
            by_event.entry(Lifecycle::Setup).or_default().insert(0, format!("{name}::default"));
        }
        if by_event.is_empty() {
            by_event.insert(Lifecycle::Setup, recipes.iter().map(|recipe| format!("{name}::{recipe}")).collect());
        }
        for (event, list) in by_event {
            if !list.is_empty() {
                entries.push(Entry { event, ..Entry::new(name.clone(), list) });
            }
        }
    }
    entries
}

/// Two cookbooks that depend on each other would otherwise both be left out.
fn depends_on_itself(kitchen: &Kitchen, cookbook: &crate::chef::cookbook::Cookbook) -> bool {
    cookbook
        .depends
        .iter()
        .any(|(name, _)| kitchen.cookbooks.get(name).is_some_and(|other| other.depends.iter().any(|(back, _)| *back == cookbook.name)))
}

fn event_of(recipe: &str) -> Option<Lifecycle> {
    Lifecycle::ALL.into_iter().find(|event| event.name().eq_ignore_ascii_case(recipe))
}

/// Plans one run for every recipe of the repository, each alone: what `survey` measures. The host is that of the first run of `base`, which
/// [`of_stacks`] or [`of_repository`] planned, so that a stack's attributes and platform count; without one it is an empty host.
#[must_use]
pub fn of_every_recipe(kitchen: &Kitchen, base: &Plan, platform: Option<&(String, String)>) -> Vec<Planned> {
    let assumed = platform.cloned().unwrap_or_else(|| supported(kitchen));
    let host = base.runs.first().map_or_else(
        || Request { automatic: Some(automatic(&assumed, 14)), settings: settings(false), ..Request::default() },
        |planned| planned.request.clone(),
    );
    let mut runs = Vec::new();
    for (cookbook, files) in &kitchen.cookbooks {
        let recipes = files.recipe_names();
        if recipes.is_empty() {
            // Its libraries, attributes and resources are read all the same.
            let host = Request { run_list: Vec::new(), cookbooks: vec![cookbook.clone()], ..host.clone() };
            runs.push(Planned { environment: 0, layer: cookbook.clone(), event: Lifecycle::Setup, request: host });
        }
        for recipe in recipes {
            let name = format!("{cookbook}::{recipe}");
            let request = Request { run_list: vec![format!("recipe[{name}]")], name: name.clone(), ..host.clone() };
            runs.push(Planned { environment: 0, layer: name, event: Lifecycle::Setup, request });
        }
    }
    runs
}

/// Recipes of the repository that no run of the plan loaded.
#[must_use]
pub fn unreached(kitchen: &Kitchen, loaded: &BTreeSet<String>) -> Vec<String> {
    kitchen
        .cookbooks
        .iter()
        .flat_map(|(name, cookbook)| cookbook.recipe_names().into_iter().map(move |recipe| format!("{name}::{recipe}")))
        .filter(|recipe| !loaded.contains(recipe))
        .collect()
}
