//! What the readers have in common: records in the shape of the API's answers, joined to stacks by their ids.
//!
//! In: [`Record`]s of one or many files. Out: [`Stack`]s. A record without a stack's id joins by its layer or instance, then the only
//! stack of its folder, then the only stack of all.

use crate::diagnostic::Diagnostic;
use crate::source::SourceMap;

use super::app::App;
use super::cache::Cache;
use super::database::Database;
use super::document::Node;
use super::ecs_cluster::EcsCluster;
use super::instance::Instance;
use super::layer::Layer;
use super::load_balancer::LoadBalancer;
use super::platform::platform;
use super::scaling::{LoadScaling, Schedule};
use super::stack::Stack;
use super::user::User;
use super::volume::Volume;

/// What a record is; the order is that of joining.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `Stacks`
    Stack,
    /// `Layers`
    Layer,
    /// `Instances`
    Instance,
    /// `Apps`
    App,
    /// `RdsDbInstances`
    Database,
    /// `DBInstances`, `DBClusters` of `aws rds`
    DatabaseDetail,
    /// `ElasticLoadBalancers`
    LoadBalancer,
    /// `LoadBalancerDescriptions` of `aws elb`
    LoadBalancerDetail,
    /// `Volumes`
    Volume,
    /// `ElasticIps`
    ElasticIp,
    /// `EcsClusters`
    EcsCluster,
    /// `UserProfiles`
    User,
    /// `Permissions`
    Permission,
    /// `TimeBasedAutoScalingConfigurations`
    TimeScaling,
    /// `LoadBasedAutoScalingConfigurations`
    LoadScaling,
    /// `CacheClusters`, `ReplicationGroups` of `aws elasticache`
    Cache,
}

/// One record.
#[derive(Debug, Clone)]
pub struct Record {
    /// What it is.
    pub kind: Kind,
    /// Its fields, named as the API does.
    pub node: Node,
    /// The folder of its file.
    pub folder: String,
}

/// Joins records to stacks.
#[must_use]
pub fn assemble(sources: &SourceMap, mut records: Vec<Record>) -> (Vec<Stack>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    records.sort_by_key(|record| record.kind);
    let mut stacks: Vec<(Stack, String)> = Vec::new();
    for record in records.iter().filter(|record| record.kind == Kind::Stack) {
        let stack = Stack::read(&record.node, sources, &mut diagnostics);
        if !stacks.iter().any(|(other, _)| !stack.id.is_empty() && other.id == stack.id) {
            stacks.push((stack, record.folder.clone()));
        }
    }
    if stacks.is_empty() {
        stacks = without_stack_records(&records, &mut diagnostics);
    }
    for record in &records {
        if record.kind == Kind::Stack {
            continue;
        }
        if matches!(record.kind, Kind::DatabaseDetail | Kind::LoadBalancerDetail) {
            // Other services know no stacks: whoever has the database or balancer takes it.
            stacks.iter_mut().for_each(|(stack, _)| join(stack, record, sources, &mut diagnostics));
            continue;
        }
        match owner(record, &stacks) {
            Owner::Stack(index) => join(&mut stacks[index].0, record, sources, &mut diagnostics),
            // Permissions and profiles name every stack and user of the account.
            Owner::Other if matches!(record.kind, Kind::Permission | Kind::User) => {}
            Owner::Other | Owner::Nobody => diagnostics.push(orphan(record)),
        }
    }
    let mut stacks: Vec<Stack> = stacks.into_iter().map(|(stack, _)| stack).collect();
    for stack in &mut stacks {
        settle(stack);
    }
    (stacks, diagnostics)
}

/// Layers and apps of a stack that is not in the export itself: the stack is made up, named after its folder.
fn without_stack_records(records: &[Record], diagnostics: &mut Vec<Diagnostic>) -> Vec<(Stack, String)> {
    let mut stacks: Vec<(Stack, String)> = Vec::new();
    for record in records.iter().filter(|record| matches!(record.kind, Kind::Layer | Kind::App | Kind::Instance)) {
        let id = record.node.string("StackId").unwrap_or_default();
        if stacks.iter().any(|(stack, folder)| stack.id == id && (!id.is_empty() || *folder == record.folder)) {
            continue;
        }
        let name = record.folder.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("stack");
        let mut diagnostic = Diagnostic::warning(
            "S019",
            format!("the export has no stack: custom JSON, operating system and Chef version of `{name}` are not known"),
        )
        .help("add the output of `describe-stacks` to the export");
        diagnostic.span = record.node.span;
        diagnostics.push(diagnostic);
        stacks.push((Stack::named(name, &id), record.folder.clone()));
    }
    stacks
}

enum Owner {
    Stack(usize),
    /// It names a stack that is not here.
    Other,
    Nobody,
}

fn owner(record: &Record, stacks: &[(Stack, String)]) -> Owner {
    let node = &record.node;
    if let Some(id) = node.string("StackId").filter(|id| !id.is_empty()) {
        return stacks.iter().position(|(stack, _)| stack.id == id).map_or(Owner::Other, Owner::Stack);
    }
    let mut layers = node.strings("LayerIds");
    layers.extend(node.string("LayerId").filter(|_| record.kind != Kind::Layer));
    let by_layer = stacks.iter().position(|(stack, _)| stack.layers.iter().any(|layer| layers.contains(&layer.id)));
    let instance = node.string("InstanceId").filter(|_| record.kind != Kind::Instance);
    let by_instance = || stacks.iter().position(|(stack, _)| stack.instances.iter().any(|other| Some(&other.id) == instance.as_ref()));
    if let Some(index) = by_layer.or_else(by_instance) {
        return Owner::Stack(index);
    }
    let mut beside = stacks.iter().enumerate().filter(|(_, (_, folder))| *folder == record.folder);
    match (beside.next(), beside.next(), stacks) {
        (Some((index, _)), None, _) => Owner::Stack(index),
        (_, _, [_]) => Owner::Stack(0),
        _ => Owner::Nobody,
    }
}

fn orphan(record: &Record) -> Diagnostic {
    let node = &record.node;
    let name = ["Shortname", "Hostname", "Name", "DbInstanceIdentifier", "ElasticLoadBalancerName", "VolumeId"]
        .iter()
        .find_map(|key| node.string(key));
    let name = name.unwrap_or_else(|| "a record".to_owned());
    let kind = format!("{:?}", record.kind).to_lowercase();
    let message = match node.string("StackId") {
        Some(id) => format!("{kind} `{name}` belongs to stack `{id}`, which the export does not have"),
        None => format!("{kind} `{name}` does not say which stack it belongs to"),
    };
    let mut diagnostic =
        Diagnostic::warning("S015", message).help("give the files of each stack in a folder of their own, with its `describe-stacks`");
    diagnostic.span = node.span;
    diagnostic
}

fn join(stack: &mut Stack, record: &Record, sources: &SourceMap, diagnostics: &mut Vec<Diagnostic>) {
    let node = &record.node;
    match record.kind {
        Kind::Stack => {}
        Kind::Layer => {
            let layer = Layer::read(node, sources, diagnostics);
            if layer.id.is_empty() || !stack.layers.iter().any(|other| other.id == layer.id) {
                stack.layers.push(layer);
            }
        }
        Kind::Instance => {
            let instance = Instance::read(node, sources);
            if instance.id.is_empty() || !stack.instances.iter().any(|other| other.id == instance.id) {
                stack.instances.push(instance);
            }
        }
        Kind::App => {
            let app = App::read(node, sources);
            if !stack.apps.iter().any(|other| other.shortname == app.shortname) {
                stack.apps.push(app);
            }
        }
        Kind::Database => {
            let database = Database::read(node, sources);
            if !stack.databases.iter().any(|other| other.arn == database.arn) {
                stack.databases.push(database);
            }
        }
        Kind::DatabaseDetail => {
            let ids: Vec<String> = ["DBInstanceArn", "DBClusterArn", "DBInstanceIdentifier", "DBClusterIdentifier"]
                .iter()
                .filter_map(|key| node.string(key))
                .collect();
            let named = |text: &crate::text::Text| text.known().is_some_and(|text| ids.iter().any(|id| id == text));
            stack
                .databases
                .iter_mut()
                .filter(|database| named(&database.arn) || named(&database.identifier))
                .for_each(|database| database.enrich(node));
        }
        Kind::LoadBalancer => stack.load_balancers.push(LoadBalancer::read(node, sources)),
        Kind::LoadBalancerDetail => {
            let name = node.text("LoadBalancerName");
            stack
                .load_balancers
                .iter_mut()
                .filter(|balancer| Some(&balancer.name) == name.as_ref())
                .for_each(|balancer| balancer.enrich(node));
        }
        Kind::Volume => stack.volumes.push(Volume::read(node)),
        Kind::ElasticIp => {
            let id = node.string("InstanceId");
            stack
                .instances
                .iter_mut()
                .filter(|instance| Some(&instance.id) == id.as_ref())
                .for_each(|instance| instance.elastic_ip = node.string("Ip"));
        }
        Kind::EcsCluster => stack.ecs_clusters.push(EcsCluster::read(node)),
        Kind::User => stack.users.push(User::read(node)),
        Kind::Permission => {
            let arn = node.string("IamUserArn");
            for user in stack.users.iter_mut().filter(|user| Some(&user.iam_user_arn) == arn.as_ref()) {
                user.remote_access = node.boolean("AllowSsh") == Some(true);
                user.administrator = node.boolean("AllowSudo") == Some(true);
            }
        }
        Kind::TimeScaling => {
            let id = node.string("InstanceId");
            let schedule = node.get("AutoScalingSchedule").map(Schedule::read);
            stack
                .instances
                .iter_mut()
                .filter(|instance| Some(&instance.id) == id.as_ref())
                .for_each(|instance| instance.schedule.clone_from(&schedule));
        }
        Kind::LoadScaling => {
            let id = node.string("LayerId");
            stack
                .layers
                .iter_mut()
                .filter(|layer| Some(&layer.id) == id.as_ref())
                .for_each(|layer| layer.scaling = Some(LoadScaling::read(node)));
        }
        Kind::Cache => stack.caches.push(Cache::read(node)),
    }
}

/// What follows from all records together: host names, and the operating system where only the instances tell it.
fn settle(stack: &mut Stack) {
    for index in 0..stack.instances.len() {
        if !stack.instances[index].hostname.is_empty() {
            continue;
        }
        // The theme `Layer_Dependent`: the layer's short name, numbered.
        let layer =
            stack.instances[index].layer_ids.first().and_then(|id| stack.layer(id)).map_or("instance", |layer| &layer.shortname).to_owned();
        let name = (1..=stack.instances.len())
            .map(|number| format!("{layer}{number}"))
            .find(|name| stack.instances.iter().all(|other| other.hostname != *name));
        stack.instances[index].hostname = name.unwrap_or(layer);
    }
    if stack.platform.is_none() {
        stack.platform = stack.instances.iter().find_map(|instance| platform(instance.os.as_deref()?));
    }
}

/// Adds what `other`, the same stack in another file, knows beyond `stack`.
pub fn absorb(stack: &mut Stack, other: Stack) {
    for layer in other.layers {
        match stack.layers.iter_mut().find(|known| known.id == layer.id || known.shortname == layer.shortname) {
            Some(known) => {
                if stack.from_runs && known.custom_json == super::merge::empty() {
                    known.custom_json = layer.custom_json;
                }
                for (event, recipes) in layer.custom_recipes {
                    known.custom_recipes.entry(event).or_insert(recipes);
                }
                if let (Some(known), Some(more)) = (&mut known.default_recipes, layer.default_recipes) {
                    for (event, recipes) in more {
                        known.entry(event).or_insert(recipes);
                    }
                }
            }
            None => stack.layers.push(layer),
        }
    }
    stack
        .apps
        .extend(other.apps.into_iter().filter(|app| !stack.apps.iter().any(|known| known.shortname == app.shortname)).collect::<Vec<_>>());
    let new_instances: Vec<Instance> =
        other.instances.into_iter().filter(|instance| !stack.instances.iter().any(|known| known.hostname == instance.hostname)).collect();
    stack.instances.extend(new_instances);
    let new_databases: Vec<Database> =
        other.databases.into_iter().filter(|database| !stack.databases.iter().any(|known| known.arn == database.arn)).collect();
    stack.databases.extend(new_databases);
    stack.platform = stack.platform.take().or(other.platform);
    // Each run has the layer's custom JSON merged in: the stack's is what all of them share.
    if stack.from_runs && other.from_runs {
        stack.custom_json = super::merge::common(&stack.custom_json, &other.custom_json);
    }
    stack.instance_runs.extend(other.instance_runs);
}
