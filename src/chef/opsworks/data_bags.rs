//! The data bags of a Chef 12 instance (`/var/chef/runs/…/data_bags/aws_opsworks_app/….json`), with the run's `attribs.json` beside.
//!
//! In: documents that are items of those bags. Out: one stack per set of bags; runs of the same stack become one.

use indexmap::IndexMap;

use crate::diagnostic::Diagnostic;
use crate::graph::Lifecycle;
use crate::source::SourceMap;

use super::document::{Document, Node, Value};
use super::folder;
use super::instance_json::{fields, judged_by_name, pascal};
use super::records::{Kind, Record, absorb, assemble};
use super::stack::Stack;

/// Keys that tell an item's bag.
const BAGS: &[(&[&str], Bag)] = &[
    (&["app_id", "app_source"], Bag::Record(Kind::App)),
    (&["instance_id", "hostname", "layer_ids"], Bag::Record(Kind::Instance)),
    (&["layer_id", "shortname"], Bag::Record(Kind::Layer)),
    (&["elastic_load_balancer_name", "layer_id"], Bag::Record(Kind::LoadBalancer)),
    (&["rds_db_instance_arn"], Bag::Record(Kind::Database)),
    (&["ecs_cluster_arn", "ecs_cluster_name"], Bag::Record(Kind::EcsCluster)),
    (&["command_id", "type"], Bag::Command),
    (&["stack_id", "name", "arn"], Bag::Record(Kind::Stack)),
    (&["iam_user_arn", "username"], Bag::Record(Kind::User)),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bag {
    Record(Kind),
    Command,
}

/// Whether a document is an item of such a bag.
#[must_use]
pub fn recognises(node: &Node) -> bool {
    bag(node).is_some()
}

fn bag(node: &Node) -> Option<Bag> {
    let map = node.map()?;
    BAGS.iter().find(|(keys, _)| keys.iter().all(|key| map.contains_key(*key))).map(|(_, bag)| *bag)
}

/// The stacks of all documents; `attributes` are the `attribs.json` files among the input.
#[must_use]
pub fn read(sources: &SourceMap, documents: &[Document], attributes: &[Document]) -> (Vec<Stack>, Vec<Diagnostic>) {
    let mut runs: IndexMap<String, Vec<&Document>> = IndexMap::new();
    for document in documents {
        runs.entry(run_folder(&sources.file(document.file).path).to_owned()).or_default().push(document);
    }
    let mut stacks: Vec<Stack> = Vec::new();
    let mut diagnostics = Vec::new();
    for (run, items) in &runs {
        let own = attributes.iter().find(|document| {
            let beside = folder(&sources.file(document.file).path);
            beside == run || runs.len() == 1
        });
        let (found, mut said) = one(sources, run, items, own);
        diagnostics.append(&mut said);
        for stack in found {
            match stacks.iter_mut().find(|known| known.id == stack.id) {
                Some(known) => absorb(known, stack),
                None => stacks.push(stack),
            }
        }
    }
    (stacks, diagnostics)
}

/// The folder of the run: without the bag's folder, and without `data_bags`.
fn run_folder(path: &str) -> &str {
    let bags = folder(folder(path));
    if bags == "data_bags" { "" } else { bags.strip_suffix("/data_bags").unwrap_or(bags) }
}

fn one(sources: &SourceMap, folder: &str, items: &[&Document], attributes: Option<&Document>) -> (Vec<Stack>, Vec<Diagnostic>) {
    let of = |kind: Kind| items.iter().filter(move |item| bag(&item.root) == Some(Bag::Record(kind))).map(|item| &item.root);
    let command = items.iter().find(|item| bag(&item.root) == Some(Bag::Command)).and_then(|item| item.root.string("type"));
    let event =
        Lifecycle::ALL.into_iter().find(|event| command.as_deref().is_some_and(|command| event.name().eq_ignore_ascii_case(command)));
    let own_layers =
        of(Kind::Instance).find(|node| node.boolean("self") == Some(true)).map(|node| node.strings("layer_ids")).unwrap_or_default();
    let mut custom = attributes.map(|document| document.root.clone()).unwrap_or_default();
    let run_list = custom.get("run_list").cloned();
    if let Value::Map(map) = &mut custom.value {
        map.shift_remove("run_list");
    }
    let mut records = Vec::new();
    for kind in [Kind::Stack, Kind::Layer, Kind::Instance, Kind::App, Kind::Database, Kind::LoadBalancer, Kind::EcsCluster, Kind::User] {
        for item in of(kind) {
            let mut node = pascal(item);
            match kind {
                Kind::Stack => {
                    node.set(
                        "ConfigurationManager",
                        fields(&[("Name", Some(Node::literal("Chef"))), ("Version", Some(Node::literal("12")))]),
                    );
                    if custom.map().is_some() {
                        node.set("CustomJson", custom.clone());
                    }
                }
                Kind::App => app(&mut node, item),
                Kind::Layer => {
                    let mine = item.string("layer_id").is_some_and(|id| own_layers.contains(&id));
                    if mine && custom.map().is_some() {
                        node.set("CustomJson", custom.clone());
                    }
                    if let (true, Some(event), Some(recipes)) = (mine, event, &run_list) {
                        node.set("CustomRecipes", fields(&[(event.name(), Some(recipes.clone()))]));
                    }
                }
                Kind::User => {
                    for (from, to) in [("RemoteAccess", "AllowSsh"), ("AdministratorPrivileges", "AllowSudo"), ("Username", "SshUsername")]
                    {
                        if let Some(value) = node.get(from).cloned() {
                            node.set(to, value);
                        }
                    }
                }
                _ => {}
            }
            // The bags are of one stack; its id stands in its own item alone.
            if kind != Kind::Stack
                && let Some(id) = of(Kind::Stack).next().and_then(|stack| stack.get("stack_id"))
            {
                node.set("StackId", id.clone());
            }
            records.push(Record { kind, node, folder: folder.to_owned() });
        }
    }
    let (mut stacks, mut diagnostics) = assemble(sources, records);
    for stack in &mut stacks {
        stack.from_runs = true;
        diagnostics.extend(judged_by_name(stack));
    }
    (stacks, diagnostics)
}

/// The two fields whose keys are not names of fields, or have another name.
fn app(node: &mut Node, item: &Node) {
    let variable = |(key, value): (&String, &Node)| Node {
        span: value.span,
        ..fields(&[("Key", Some(Node::literal(key))), ("Value", Some(value.clone()))])
    };
    let variables = item.get("environment").and_then(Node::map).map(|map| map.iter().map(variable).collect()).unwrap_or_default();
    node.set("Environment", Node::new(Value::List(variables)));
    if let (Some(user), Some(mut source)) = (item.dig(&["app_source", "user"]).cloned(), node.get("AppSource").cloned()) {
        source.set("Username", user);
        node.set("AppSource", source);
    }
}
