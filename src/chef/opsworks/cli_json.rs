//! Answers of `aws opsworks describe-…` as saved to files: one or many, concatenated, wrapped into one object, or bare lists.
//!
//! In: documents. Out: stacks. `{"Layers": [{"LayerId": …}]}`, `[{"LayerId": …, "Shortname": "api"}]` (from `--query`) and
//! `{"layers": {"Layers": […]}}` are all the same.

use crate::diagnostic::Diagnostic;
use crate::source::SourceMap;

use super::document::{Document, Node, Value};
use super::folder;
use super::records::{Kind, Record, assemble};
use super::stack::Stack;

/// The lists of the API's answers.
const LISTS: &[(&str, Kind)] = &[
    ("Stacks", Kind::Stack),
    ("Layers", Kind::Layer),
    ("Instances", Kind::Instance),
    ("Apps", Kind::App),
    ("RdsDbInstances", Kind::Database),
    ("DBInstances", Kind::DatabaseDetail),
    ("DBClusters", Kind::DatabaseDetail),
    ("ElasticLoadBalancers", Kind::LoadBalancer),
    ("LoadBalancerDescriptions", Kind::LoadBalancerDetail),
    ("Volumes", Kind::Volume),
    ("ElasticIps", Kind::ElasticIp),
    ("EcsClusters", Kind::EcsCluster),
    ("UserProfiles", Kind::User),
    ("Permissions", Kind::Permission),
    ("TimeBasedAutoScalingConfigurations", Kind::TimeScaling),
    ("LoadBasedAutoScalingConfigurations", Kind::LoadScaling),
    ("CacheClusters", Kind::Cache),
    ("ReplicationGroups", Kind::Cache),
];

/// Answers that are read without being needed.
const UNUSED: &[&str] = &[
    "RaidArrays",
    "Deployments",
    "Commands",
    "ServiceErrors",
    "StackSummary",
    "AgentVersions",
    "OperatingSystems",
    "UserProfile",
    "Tags",
    "AgentInstallerUrl",
];

/// How deep wrappers may lie around a list.
const DEEPEST: usize = 4;

/// Whether a document is such an answer.
#[must_use]
pub fn recognises(node: &Node) -> bool {
    !records(node, "").is_empty() || is_unused(node)
}

/// The stacks of all documents.
#[must_use]
pub fn read(sources: &SourceMap, documents: &[Document]) -> (Vec<Stack>, Vec<Diagnostic>) {
    let records = documents.iter().flat_map(|document| records(&document.root, folder(&sources.file(document.file).path))).collect();
    assemble(sources, records)
}

fn records(node: &Node, folder: &str) -> Vec<Record> {
    let mut found = Vec::new();
    collect(node, folder, 0, &mut found);
    found
}

fn collect(node: &Node, folder: &str, depth: usize, found: &mut Vec<Record>) {
    if depth > DEEPEST {
        return;
    }
    match &node.value {
        Value::List(items) => {
            for item in items {
                collect(item, folder, depth + 1, found);
            }
        }
        Value::Map(map) => {
            if let Some(kind) = kind(node) {
                found.push(Record { kind, node: node.clone(), folder: folder.to_owned() });
                return;
            }
            for (key, value) in map {
                match (LISTS.iter().find(|(name, _)| name == key), &value.value) {
                    (Some((_, kind)), Value::List(items)) => {
                        let maps = items.iter().filter(|item| item.map().is_some());
                        found.extend(maps.map(|item| Record { kind: *kind, node: item.clone(), folder: folder.to_owned() }));
                    }
                    (None, Value::Map(_) | Value::List(_)) => collect(value, folder, depth + 1, found),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// What a bare object is, by the fields that only it has.
fn kind(node: &Node) -> Option<Kind> {
    let has = |keys: &[&str]| keys.iter().all(|key| node.get(key).is_some_and(|member| member.map().is_none()));
    let any = |keys: &[&str]| keys.iter().any(|key| node.map().is_some_and(|map| map.contains_key(*key)));
    let table = [
        (has(&["AppId", "StackId"]) && any(&["AppSource", "Shortname", "Name"]), Kind::App),
        (has(&["LayerId", "Shortname"]), Kind::Layer),
        (has(&["LayerId", "Enable"]), Kind::LoadScaling),
        (has(&["ElasticLoadBalancerName"]), Kind::LoadBalancer),
        (has(&["RdsDbInstanceArn"]), Kind::Database),
        (has(&["InstanceId", "LayerIds"]), Kind::Instance),
        (has(&["VolumeId"]) && any(&["Ec2VolumeId", "MountPoint"]), Kind::Volume),
        (
            has(&["StackId", "Name"])
                && any(&["DefaultOs", "ServiceRoleArn", "DefaultInstanceProfileArn", "CustomJson", "ConfigurationManager"]),
            Kind::Stack,
        ),
        (has(&["EcsClusterArn", "StackId"]) && !any(&["InstanceId"]), Kind::EcsCluster),
    ];
    table.into_iter().find_map(|(holds, kind)| holds.then_some(kind))
}

fn is_unused(node: &Node) -> bool {
    let empty_answer = |key: &String, value: &Node| {
        LISTS.iter().any(|(name, _)| name == key) && matches!(&value.value, Value::List(items) if items.is_empty())
    };
    node.map().is_some_and(|map| map.iter().any(|(key, value)| UNUSED.contains(&key.as_str()) || empty_answer(key, value)))
}
