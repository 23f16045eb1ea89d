//! `Dockerrun.aws.json`, version 2: containers that each instance runs as one task of Amazon ECS.

use serde_json::{Map as Object, Value, json};

use crate::blueprint::{Artifact, Process};
use crate::emit::beanstalk::TAG;
use crate::emit::hosts::Hosts;
use crate::emit::layout::Named;
use crate::emit::settings::{self, Kind};
use crate::emit::{identity, origin, own_name, secrets};

/// Containers in one task.
const MOST: usize = 10;

/// The file, where a process runs here. What finds no room in one task is left out: the first ten are taken. Sidecars are left out, too:
/// containers of this platform do not share 127.0.0.1, so the load balancer talks to the process itself.
pub fn file(hosts: &Hosts, registry: &str) -> Option<Artifact> {
    let published = hosts.published();
    let mut containers: Vec<Value> = Vec::new();
    for process in hosts.processes() {
        if containers.len() < MOST {
            let port = published.iter().find(|(other, _)| other.name == process.name).map(|(_, port)| *port);
            containers.push(container(hosts, process, registry, port));
        }
    }
    if containers.is_empty() {
        return None;
    }
    let volumes: Vec<Value> = hosts
        .processes()
        .iter()
        .flat_map(|process| volumes(process))
        .map(|(name, _)| json!({ "name": name, "host": { "sourcePath": format!("/var/lib/{}/{name}", hosts.layout.name) } }))
        .collect();
    let mut root = json!({ "AWSEBDockerrunVersion": 2 });
    if let Some((account, _)) = account(hosts).filter(|_| containers.iter().any(|container| container.get("secrets").is_some())) {
        root["executionRoleArn"] = json!(format!("arn:aws:iam::{account}:role/{}", execution_role(hosts)));
    }
    if !volumes.is_empty() {
        root["volumes"] = json!(volumes);
    }
    root["containerDefinitions"] = json!(containers);
    let content = serde_json::to_string_pretty(&root).unwrap_or_default() + "\n";
    Some(crate::emit::file(format!("beanstalk/{}-ecs/Dockerrun.aws.json", hosts.layout.places[hosts.index].name), content))
}

/// Names and paths of what must outlive the containers.
fn volumes(process: &Named<Process>) -> Vec<(String, String)> {
    let persistent = process.item.volumes.iter().filter(|volume| volume.persistent && volume.path.starts_with('/'));
    persistent
        .map(|volume| (format!("{}-{}", process.name, crate::emit::name::dns_label(&volume.name, 40, "data")), volume.path.clone()))
        .collect()
}

fn container(hosts: &Hosts, process: &Named<Process>, registry: &str, port: Option<u16>) -> Value {
    let (layout, item) = (hosts.layout, process.item);
    let mut map = Object::new();
    map.insert("name".into(), json!(process.name));
    map.insert("image".into(), json!(format!("{registry}{}:{TAG}", layout.image_name(&item.image))));
    map.insert("essential".into(), json!(true));
    let asked = layout.at(&item.resources, hosts.index);
    let limit = asked.map_or(512, |asked| asked.memory_limit_mib.max(asked.memory_mib)).max(6);
    map.insert("memory".into(), json!(limit));
    if let Some(least) = asked.map(|asked| asked.memory_mib).filter(|least| (6..limit).contains(least)) {
        map.insert("memoryReservation".into(), json!(least));
    }
    let words = layout.at(&item.command, hosts.index).map(Vec::as_slice).unwrap_or_default();
    let (words, _) = own_name::command(layout, &item.image, words);
    if !words.is_empty() {
        map.insert("command".into(), json!(words));
    }
    if let Some(directory) = layout.own_directory(&item.image, item.directory.as_deref()) {
        map.insert("workingDirectory".into(), json!(directory));
    }
    if let Some(image) = layout.image(&item.image) {
        let who = identity::of(Some(image.item));
        map.insert("user".into(), json!(format!("{}:{}", who.uid, who.gid)));
    }
    let environment = environment(hosts, item);
    if !environment.is_empty() {
        map.insert("environment".into(), json!(environment));
    }
    let from_secrets = from_secrets(hosts, item);
    if !from_secrets.is_empty() {
        map.insert("secrets".into(), json!(from_secrets));
    }
    if let (Some(port), Some(inside)) = (port, item.ports.first()) {
        map.insert("portMappings".into(), json!([{ "hostPort": port, "containerPort": inside }]));
    }
    let points: Vec<Value> =
        volumes(process).into_iter().map(|(name, path)| json!({ "sourceVolume": name, "containerPath": path })).collect();
    if !points.is_empty() {
        map.insert("mountPoints".into(), json!(points));
    }
    let places = origin::short(&item.origin);
    if !places.is_empty() {
        map.insert("dockerLabels".into(), json!({ "origin": places }));
    }
    Value::Object(map)
}

fn environment(hosts: &Hosts, process: &Process) -> Vec<Value> {
    let layout = hosts.layout;
    let mut all: Vec<(&str, &str)> = Vec::new();
    let own = process.variables.iter().filter(|(name, _)| settings::is_name(name) && !settings::is_secret(layout, name));
    all.extend(own.filter_map(|(name, value)| Some((name.as_str(), layout.at(value, hosts.index)?.as_str()))));
    if !layout.is_daemon(&process.image) {
        for scope in [Some(process.image.as_str()), None] {
            for variable in settings::of_scope(layout, Kind::Plain, scope) {
                if let Some(value) = settings::known(layout, variable, hosts.index)
                    && !all.iter().any(|(name, _)| *name == variable.name)
                {
                    all.push((&variable.name, value));
                }
            }
        }
    }
    all.into_iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

/// References to secrets, whose ARNs need account and region; without these secrets.md says the names.
fn from_secrets(hosts: &Hosts, process: &Process) -> Vec<Value> {
    let layout = hosts.layout;
    let Some((account, region)) = account(hosts) else { return Vec::new() };
    if layout.is_daemon(&process.image) {
        return Vec::new();
    }
    let mut all: Vec<(String, String)> = Vec::new();
    for scope in [Some(process.image.as_str()), None] {
        let key = secrets::key_of_scope(layout, &secrets::key(layout, hosts.index), scope);
        for variable in settings::of_scope(layout, Kind::Secret, scope) {
            let here = layout.at(&variable.value, hosts.index).is_some();
            if here && !all.iter().any(|(name, _)| *name == variable.name) {
                let arn = format!("arn:aws:secretsmanager:{region}:{account}:secret:{key}:{}::", variable.name);
                all.push((variable.name.clone(), arn));
            }
        }
    }
    all.into_iter().map(|(name, from)| json!({ "name": name, "valueFrom": from })).collect()
}

/// The role that reads the secrets, which is to be made.
pub fn execution_role(hosts: &Hosts) -> String {
    format!("{}-execution", hosts.layout.places[hosts.index].namespace)
}

/// Account and region, where both are known.
pub fn account<'a>(hosts: &Hosts<'a>) -> Option<(&'a str, &'a str)> {
    let environment = hosts.layout.places[hosts.index].environment?;
    Some((environment.account.as_deref()?, environment.region.as_deref()?))
}
