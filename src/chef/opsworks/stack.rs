//! A stack: the container of layers, apps and instances, with its custom JSON and where its cookbooks come from.

use crate::graph::{Datum, Lifecycle};
use crate::source::{Location, SourceMap};
use crate::text::Text;

use super::app::App;
use super::cache::Cache;
use super::custom_json;
use super::database::Database;
use super::document::{Node, sealed};
use super::ecs_cluster::EcsCluster;
use super::environment::slug;
use super::instance::Instance;
use super::layer::Layer;
use super::load_balancer::LoadBalancer;
use super::platform::platform;
use super::user::User;
use super::volume::Volume;
use crate::diagnostic::Diagnostic;

/// One `OpsWorks` stack.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    /// `shop-front-production`
    pub name: String,
    /// The environment it becomes; see [`super::environment::name_environments`].
    pub environment: String,
    /// The stack's id, or the logical id in a template.
    pub id: String,
    /// Its ARN.
    pub arn: Option<String>,
    /// `ap-northeast-1`
    pub region: Option<String>,
    /// Twelve digits, from the ARNs.
    pub account: Option<String>,
    /// The VPC.
    pub vpc_id: Option<Text>,
    /// Custom JSON of the stack; a map, empty where there is none.
    pub custom_json: Datum,
    /// `("ubuntu", "18.04")`, where the default operating system says so.
    pub platform: Option<(String, String)>,
    /// The default operating system as written.
    pub os: Option<String>,
    /// Which Chef runs on the instances.
    pub chef_version: ChefVersion,
    /// Berkshelf's version, where the stack uses it.
    pub berkshelf: Option<String>,
    /// The instance profile's name: the role the hosts have.
    pub default_role: Option<String>,
    /// Whether there are custom cookbooks.
    pub use_custom_cookbooks: bool,
    /// Where the custom cookbooks come from.
    pub cookbooks_source: Option<Source>,
    /// The layers, in the order of the export.
    pub layers: Vec<Layer>,
    /// The apps.
    pub apps: Vec<App>,
    /// The instances.
    pub instances: Vec<Instance>,
    /// Classic load balancers in front of layers.
    pub load_balancers: Vec<LoadBalancer>,
    /// RDS databases registered with the stack.
    pub databases: Vec<Database>,
    /// EBS volumes of the instances.
    pub volumes: Vec<Volume>,
    /// `ElastiCache` clusters that were exported with the stack.
    pub caches: Vec<Cache>,
    /// ECS clusters registered with the stack.
    pub ecs_clusters: Vec<EcsCluster>,
    /// People with access to the hosts.
    pub users: Vec<User>,
    /// Whether all of this was pieced together from single runs (instances' own JSON, data bags) instead of the API or a template.
    pub from_runs: bool,
    /// What instances' own JSON said, run by run.
    pub instance_runs: Vec<InstanceRun>,
    /// Where the stack is declared.
    pub origin: Option<Location>,
}

/// The version of Chef on a stack's instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChefVersion {
    /// Chef 11.4, or the older 0.9.
    Eleven4,
    /// Chef 11.10, with built-in cookbooks.
    Eleven10,
    /// Chef 12, with data bags.
    Twelve,
}

impl ChefVersion {
    /// Of `ConfigurationManager.Version`; templates without one meant 11.4, but what is not Chef 12 is read as 11.10, which is like it.
    #[must_use]
    pub fn parse(version: &str) -> Option<Self> {
        match version.trim() {
            "0.9" | "11.4" => Some(Self::Eleven4),
            "11" | "11.10" => Some(Self::Eleven10),
            version if version.starts_with("12") => Some(Self::Twelve),
            _ => None,
        }
    }

    /// `11.10`
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Eleven4 => "11.4",
            Self::Eleven10 => "11.10",
            Self::Twelve => "12",
        }
    }
}

/// Where code comes from: of an app, or of the custom cookbooks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Source {
    /// `git`, `svn`, `archive`, `s3`, `other`.
    pub kind: Option<String>,
    /// Repository or archive; a password inside is a hole.
    pub url: Option<Text>,
    /// Branch, tag or commit.
    pub revision: Option<Text>,
    /// Login; of S3 sources the access key's id, and then secret.
    pub user: Option<Text>,
    /// Secret.
    pub password: Option<Text>,
    /// Secret: the deploy key.
    pub ssh_key: Option<Text>,
    /// Where it is declared.
    pub origin: Option<Location>,
}

impl Source {
    /// Of an `AppSource` or `CustomCookbooksSource`; `of` says whose it is (app `shop`), `label` begins the names of its secrets.
    #[must_use]
    pub fn read(node: &Node, sources: &SourceMap, of: &str, label: &str) -> Self {
        let named = |key: &str| match key {
            "SshKey" => format!("{label}_SSH_KEY"),
            key => format!("{label}_{}", key.to_uppercase()),
        };
        let plain = |key: &str| {
            let reason = format!("source of {of}");
            node.get(key).map(|member| member.datum(sources, &named(key), &reason)).and_then(|datum| datum.as_text())
        };
        let secret = |key: &str, what: &str| sealed(node, key, sources, &named(key), &format!("{what} of {of}"));
        let kind = node.string("Type");
        let user = if kind.as_deref() == Some("s3") { secret("Username", "access key id") } else { plain("Username") };
        Self {
            kind,
            url: plain("Url"),
            revision: plain("Revision"),
            user,
            password: secret("Password", "password"),
            ssh_key: secret("SshKey", "deploy key"),
            origin: node.origin(sources),
        }
    }
}

/// What an instance's own JSON said about one run.
#[derive(Debug, Clone, PartialEq)]
pub struct InstanceRun {
    /// The host.
    pub hostname: Option<String>,
    /// The layers' short names.
    pub layers: Vec<String>,
    /// The event, where it was one.
    pub event: Option<Lifecycle>,
    /// The run list that was sent.
    pub run_list: Vec<String>,
    /// The whole JSON, as node attributes.
    pub attributes: Datum,
    /// Where it stands.
    pub origin: Option<Location>,
}

impl Stack {
    /// A stack of that name with nothing in it.
    #[must_use]
    pub fn named(name: &str, id: &str) -> Self {
        Self {
            name: name.to_owned(),
            environment: slug(name),
            id: id.to_owned(),
            arn: None,
            region: None,
            account: None,
            vpc_id: None,
            custom_json: super::merge::empty(),
            platform: None,
            os: None,
            chef_version: ChefVersion::Twelve,
            berkshelf: None,
            default_role: None,
            use_custom_cookbooks: false,
            cookbooks_source: None,
            layers: Vec::new(),
            apps: Vec::new(),
            instances: Vec::new(),
            load_balancers: Vec::new(),
            databases: Vec::new(),
            volumes: Vec::new(),
            caches: Vec::new(),
            ecs_clusters: Vec::new(),
            users: Vec::new(),
            from_runs: false,
            instance_runs: Vec::new(),
            origin: None,
        }
    }

    /// Of an element of `Stacks`.
    pub fn read(node: &Node, sources: &SourceMap, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let id = node.string("StackId").unwrap_or_default();
        let name = node.string("Name").unwrap_or_else(|| if id.is_empty() { "stack".to_owned() } else { id.clone() });
        let os = node.string("DefaultOs");
        let version = node.dig(&["ConfigurationManager", "Version"]);
        let chef_version = version.and_then(Node::as_string).and_then(|version| ChefVersion::parse(&version));
        if chef_version.is_none() {
            let mut diagnostic = Diagnostic::warning("S017", format!("stack `{name}` does not say which Chef it runs; read as Chef 12"))
                .help("add `ConfigurationManager: {Name: Chef, Version: …}` to the export");
            diagnostic.span = version.and_then(|node| node.span).or(node.span);
            diagnostics.push(diagnostic);
        }
        let custom_json = custom_json::read(node, sources, &format!("custom JSON of stack `{name}`"), diagnostics);
        let arns = ["Arn", "ServiceRoleArn", "DefaultInstanceProfileArn"];
        let manages_berkshelf = node.get("ChefConfiguration").and_then(|chef| chef.boolean("ManageBerkshelf")) == Some(true);
        Self {
            arn: node.string("Arn"),
            region: node.string("Region").or_else(|| node.string("Arn").and_then(|arn| arn_part(&arn, 3))),
            account: arns.iter().find_map(|key| arn_part(&node.string(key)?, 4)),
            vpc_id: node.text("VpcId"),
            custom_json,
            platform: os.as_deref().and_then(platform),
            os,
            chef_version: chef_version.unwrap_or(ChefVersion::Twelve),
            berkshelf: manages_berkshelf.then(|| {
                node.get("ChefConfiguration").and_then(|chef| chef.string("BerkshelfVersion")).unwrap_or_else(|| "3.2.0".to_owned())
            }),
            default_role: node.string("DefaultInstanceProfileArn").map(|arn| last_part(&arn)),
            use_custom_cookbooks: node.boolean("UseCustomCookbooks") == Some(true),
            cookbooks_source: node
                .get("CustomCookbooksSource")
                .filter(|source| source.map().is_some_and(|map| !map.is_empty()))
                .map(|source| Source::read(source, sources, &format!("the cookbooks of stack `{name}`"), "COOKBOOKS")),
            origin: node.origin(sources),
            ..Self::named(&name, &id)
        }
    }

    /// The layer of that id or short name.
    #[must_use]
    pub fn layer(&self, id: &str) -> Option<&Layer> {
        self.layers.iter().find(|layer| layer.id == id).or_else(|| self.layers.iter().find(|layer| layer.shortname == id))
    }

    /// The instances of a layer, by host name.
    #[must_use]
    pub fn instances_of(&self, layer: &Layer) -> Vec<&Instance> {
        let mut instances: Vec<&Instance> = self.instances.iter().filter(|instance| instance.layer_ids.contains(&layer.id)).collect();
        instances.sort_by(|a, b| a.hostname.cmp(&b.hostname));
        instances
    }
}

/// A piece of an ARN: 3 is the region, 4 the account.
#[must_use]
pub fn arn_part(arn: &str, index: usize) -> Option<String> {
    let mut parts = arn.split(':');
    (parts.next() == Some("arn")).then_some(())?;
    parts.nth(index - 1).filter(|part| !part.is_empty()).map(str::to_owned)
}

/// What stands behind the last `/` or `:` of an ARN.
#[must_use]
pub fn last_part(arn: &str) -> String {
    arn.rsplit(['/', ':']).next().unwrap_or(arn).to_owned()
}
