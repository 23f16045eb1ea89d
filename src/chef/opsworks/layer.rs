//! A layer: the blueprint of a kind of host, with its recipes per lifecycle event.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::diagnostic::Diagnostic;
use crate::graph::{Datum, Lifecycle};
use crate::source::{Location, SourceMap};

use super::custom_json;
use super::document::Node;
use super::scaling::LoadScaling;
use super::stack::last_part;
use super::volume::VolumeConfiguration;

/// Recipes per event, as the export writes them (`shop_front::setup`, `base`).
pub type Recipes = BTreeMap<Lifecycle, Vec<String>>;

/// How long a host may take for its Shutdown recipes when the layer does not say.
pub const SHUTDOWN_TIMEOUT: i64 = 120;

/// One layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// The layer's id, or the logical id in a template.
    pub id: String,
    /// `custom`, `rails-app`, `db-master`, …
    pub kind: String,
    /// `api`
    pub shortname: String,
    /// `Web UI`
    pub name: String,
    /// `RubyVersion`, `RailsStack`, …; passwords are secret holes.
    pub attributes: IndexMap<String, Datum>,
    /// Packages of the operating system.
    pub packages: Vec<String>,
    /// The volumes that every instance has.
    pub volume_configurations: Vec<VolumeConfiguration>,
    /// Built-in recipes, where the export has them; then they are to be believed.
    pub default_recipes: Option<Recipes>,
    /// Recipes of the custom cookbooks.
    pub custom_recipes: Recipes,
    /// Custom JSON of the layer; a map.
    pub custom_json: Datum,
    /// Seconds that Shutdown recipes may take.
    pub shutdown_timeout: i64,
    /// Whether an instance waits for the load balancer to let go of it.
    pub drains_load_balancer: bool,
    /// Whether lost instances are replaced.
    pub auto_healing: bool,
    /// Whether instances get fixed public addresses.
    pub elastic_ips: bool,
    /// Whether instances get public addresses.
    pub public_ips: bool,
    /// Whether the operating system is updated on boot.
    pub updates_on_boot: bool,
    /// Security groups, by id or name.
    pub security_groups: Vec<String>,
    /// The layer's own instance profile, where it has one.
    pub role: Option<String>,
    /// Log files sent to `CloudWatch`.
    pub log_streams: Vec<LogStream>,
    /// Load-based scaling.
    pub scaling: Option<LoadScaling>,
    /// The cluster, of a layer of ECS instances.
    pub ecs_cluster_arn: Option<String>,
    /// Where it is declared.
    pub origin: Option<Location>,
}

/// A log file that was sent to `CloudWatch` Logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogStream {
    /// The log group.
    pub group: String,
    /// The file, or a pattern for several.
    pub file: String,
    /// `%Y-%m-%d`
    pub datetime_format: Option<String>,
    /// `start_of_file`, `end_of_file`
    pub initial_position: Option<String>,
}

impl Layer {
    /// Of an element of `Layers`, or the properties of `AWS::OpsWorks::Layer`.
    pub fn read(node: &Node, sources: &SourceMap, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let id = node.string("LayerId").unwrap_or_default();
        let kind = node.string("Type").unwrap_or_else(|| "custom".to_owned());
        let fallback = if kind == "custom" { id.to_lowercase() } else { kind.clone() };
        let shortname = node.string("Shortname").filter(|name| !name.is_empty()).unwrap_or(fallback);
        let reason = format!("attribute of layer `{shortname}`");
        let attributes: IndexMap<String, Datum> = node
            .get("Attributes")
            .and_then(Node::map)
            .map(|map| map.iter().map(|(key, value)| (key.clone(), value.datum(sources, key, &reason))).collect())
            .unwrap_or_default();
        let shutdown = node
            .dig(&["LifecycleEventConfiguration", "Shutdown"])
            .or_else(|| node.dig(&["LifecycleEventConfiguration", "ShutdownEventConfiguration"]));
        let mut security_groups = node.strings("CustomSecurityGroupIds");
        security_groups.extend(node.strings("DefaultSecurityGroupNames"));
        let ecs_cluster_arn = node.string("EcsClusterArn").or_else(|| node.get("Attributes")?.string("EcsClusterArn"));
        Self {
            name: node.string("Name").unwrap_or_else(|| shortname.clone()),
            attributes,
            packages: node.strings("Packages"),
            volume_configurations: node.list("VolumeConfigurations").iter().map(VolumeConfiguration::read).collect(),
            default_recipes: node.get("DefaultRecipes").map(recipes),
            custom_recipes: node.get("CustomRecipes").map(recipes).unwrap_or_default(),
            custom_json: custom_json::read(node, sources, &format!("custom JSON of layer `{shortname}`"), diagnostics),
            shutdown_timeout: shutdown.and_then(|shutdown| shutdown.integer("ExecutionTimeout")).unwrap_or(SHUTDOWN_TIMEOUT),
            drains_load_balancer: shutdown.and_then(|shutdown| shutdown.boolean("DelayUntilElbConnectionsDrained")) == Some(true),
            auto_healing: node.boolean("EnableAutoHealing") == Some(true),
            elastic_ips: node.boolean("AutoAssignElasticIps") == Some(true),
            public_ips: node.boolean("AutoAssignPublicIps") == Some(true),
            updates_on_boot: node.boolean("InstallUpdatesOnBoot") == Some(true),
            security_groups,
            role: node.string("CustomInstanceProfileArn").map(|arn| last_part(&arn)),
            log_streams: log_streams(node),
            scaling: node.get("LoadBasedAutoScaling").map(LoadScaling::read),
            ecs_cluster_arn,
            origin: node.origin(sources),
            id,
            kind,
            shortname,
        }
    }

    /// A known text among the attributes: `RubyVersion`.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).and_then(Datum::as_str).filter(|value| !value.is_empty())
    }

    /// The custom recipes of an event.
    #[must_use]
    pub fn custom(&self, event: Lifecycle) -> &[String] {
        self.custom_recipes.get(&event).map_or(&[], Vec::as_slice)
    }
}

/// `{Setup: […], Deploy: […]}`; `recipe[x]` is `x`.
#[must_use]
pub fn recipes(node: &Node) -> Recipes {
    Lifecycle::ALL
        .into_iter()
        .map(|event| (event, node.strings(event.name()).iter().map(|name| bare_recipe(name)).collect::<Vec<_>>()))
        .filter(|(_, names)| !names.is_empty())
        .collect()
}

/// `recipe[shop::deploy]` is `shop::deploy`.
#[must_use]
pub fn bare_recipe(name: &str) -> String {
    let name = name.trim();
    name.strip_prefix("recipe[").and_then(|name| name.strip_suffix(']')).unwrap_or(name).to_owned()
}

fn log_streams(node: &Node) -> Vec<LogStream> {
    let Some(configuration) = node.get("CloudWatchLogsConfiguration").filter(|logs| logs.boolean("Enabled") != Some(false)) else {
        return Vec::new();
    };
    let stream = |stream: &Node| {
        Some(LogStream {
            group: stream.string("LogGroupName").unwrap_or_default(),
            file: stream.string("File")?,
            datetime_format: stream.string("DatetimeFormat"),
            initial_position: stream.string("InitialPosition"),
        })
    };
    configuration.list("LogStreams").iter().filter_map(stream).collect()
}
