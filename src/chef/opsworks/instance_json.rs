//! The JSON that an instance of a Chef 11 stack got for each run (`/var/lib/aws/opsworks/chef/….json`, `opsworks-agent-cli get_json`).
//!
//! In: documents with `opsworks` and perhaps `deploy`. Out: a stack with the layers, apps and instances that it tells of, and the JSON
//! itself as the node attributes of that run.

use indexmap::IndexMap;

use crate::diagnostic::Diagnostic;
use crate::graph::Lifecycle;
use crate::source::SourceMap;

use super::builtin::{FRAME, LAYER_TYPES};
use super::document::{Document, Node, Value};
use super::folder;
use super::layer::bare_recipe;
use super::records::{Kind, Record, absorb, assemble};
use super::stack::{InstanceRun, Stack};

/// Top-level keys that only the service sends; everything else is custom JSON (or like it, at the same level).
const SENT: &[&str] =
    &["opsworks", "deploy", "recipes", "run_list", "opsworks_custom_cookbooks", "ssh_users", "ebs", "sudoers", "opsworks_initial_setup"];

/// Whether a document is such JSON.
#[must_use]
pub fn recognises(node: &Node) -> bool {
    let opsworks = node.get("opsworks").filter(|opsworks| opsworks.map().is_some());
    opsworks
        .is_some_and(|opsworks| ["activity", "stack", "layers", "instance", "applications"].iter().any(|key| opsworks.get(key).is_some()))
}

/// The stacks of all documents; several runs of one stack become one.
#[must_use]
pub fn read(sources: &SourceMap, documents: &[Document]) -> (Vec<Stack>, Vec<Diagnostic>) {
    let mut stacks: Vec<Stack> = Vec::new();
    let mut diagnostics = Vec::new();
    for document in documents {
        let (found, mut said) = one(sources, document);
        diagnostics.append(&mut said);
        for stack in found {
            match stacks.iter_mut().find(|known| known.id == stack.id && known.name == stack.name) {
                Some(known) => absorb(known, stack),
                None => stacks.push(stack),
            }
        }
    }
    (stacks, diagnostics)
}

fn one(sources: &SourceMap, document: &Document) -> (Vec<Stack>, Vec<Diagnostic>) {
    let root = &document.root;
    let folder = folder(&sources.file(document.file).path).to_owned();
    let run = run(root, sources);
    let mut records = vec![(Kind::Stack, stack(root))];
    records.extend(layers(root, &run).into_iter().map(|node| (Kind::Layer, node)));
    records.extend(instances(root).into_iter().map(|node| (Kind::Instance, node)));
    records.extend(apps(root).into_iter().map(|node| (Kind::App, node)));
    records.extend(databases(root).into_iter().map(|node| (Kind::Database, node)));
    records.extend(load_balancers(root).into_iter().map(|node| (Kind::LoadBalancer, node)));
    let records = records.into_iter().map(|(kind, node)| Record { kind, node, folder: folder.clone() }).collect();
    let (mut stacks, diagnostics) = assemble(sources, records);
    let mut diagnostics = diagnostics;
    for stack in &mut stacks {
        stack.from_runs = true;
        stack.instance_runs.push(run.clone());
        diagnostics.extend(judged_by_name(stack));
    }
    (stacks, diagnostics)
}

/// Neither the JSON of an instance nor data bags say which variables were secure.
pub(super) fn judged_by_name(stack: &Stack) -> Option<Diagnostic> {
    let some = stack.apps.iter().any(|app| !app.environment.is_empty());
    let diagnostic = Diagnostic::note(
        "S017",
        format!("the apps of stack `{}` do not say which variables are secure; names and values decide", stack.name),
    )
    .help("add the output of `describe-apps` to the export");
    some.then_some(match &stack.origin {
        Some(origin) => diagnostic.in_file(origin.path.clone()),
        None => diagnostic,
    })
}

fn run(root: &Node, sources: &SourceMap) -> InstanceRun {
    let opsworks = root.get("opsworks").cloned().unwrap_or_default();
    let mut run_list = root.strings("recipes");
    run_list.extend(root.strings("run_list"));
    let mut run_list: Vec<String> = run_list.iter().map(|name| bare_recipe(name)).collect();
    let custom = root.get("opsworks_custom_cookbooks").map(|cookbooks| cookbooks.strings("recipes")).unwrap_or_default();
    // `opsworks_custom_cookbooks::execute` stands where the custom recipes run.
    let place = run_list.iter().position(|name| name == "opsworks_custom_cookbooks::execute").map_or(run_list.len(), |index| index + 1);
    let missing: Vec<String> = custom.iter().map(|name| bare_recipe(name)).filter(|name| !run_list.contains(name)).collect();
    run_list.splice(place..place, missing);
    let instance = opsworks.get("instance").cloned().unwrap_or_default();
    InstanceRun {
        hostname: instance.string("hostname"),
        layers: instance.strings("layers"),
        event: opsworks.string("activity").and_then(|activity| event(&activity)),
        run_list,
        attributes: root.datum(sources, "node", "the instance's own JSON"),
        origin: root.origin(sources),
    }
}

fn event(activity: &str) -> Option<Lifecycle> {
    Lifecycle::ALL.into_iter().find(|event| event.name().eq_ignore_ascii_case(activity))
}

fn stack(root: &Node) -> Node {
    let sent = root.dig(&["opsworks", "stack"]).cloned().unwrap_or_default();
    let cookbooks = root.dig(&["opsworks_custom_cookbooks", "scm"]).map(source);
    let version = fields(&[("Name", Some(Node::literal("Chef"))), ("Version", Some(Node::literal("11.10")))]);
    let mut stack = fields(&[
        ("StackId", sent.get("id").cloned()),
        ("Name", sent.get("name").cloned()),
        ("VpcId", sent.get("vpc_id").cloned()),
        ("Region", root.dig(&["opsworks", "instance", "region"]).cloned()),
        ("UseCustomCookbooks", root.dig(&["opsworks_custom_cookbooks", "enabled"]).cloned()),
        ("CustomCookbooksSource", cookbooks),
        ("CustomJson", Some(custom_json(root))),
        ("ConfigurationManager", Some(version)),
    ]);
    stack.span = root.span;
    stack
}

fn custom_json(root: &Node) -> Node {
    let custom = root.map().into_iter().flatten().filter(|(key, _)| !SENT.contains(&key.as_str()));
    Node::new(Value::Map(custom.map(|(key, value)| (key.clone(), value.clone())).collect()))
}

fn layers(root: &Node, run: &InstanceRun) -> Vec<Node> {
    let mut layers = Vec::new();
    let sent = root.dig(&["opsworks", "layers"]).and_then(Node::map);
    let mut named: Vec<(String, Option<&Node>)> = sent.into_iter().flatten().map(|(name, layer)| (name.clone(), Some(layer))).collect();
    named.extend(run.layers.iter().filter(|name| !sent.is_some_and(|sent| sent.contains_key(*name))).map(|name| (name.clone(), None)));
    for (name, layer) in named {
        let kind = if LAYER_TYPES.contains(&name.as_str()) { name.as_str() } else { "custom" };
        let mut node = fields(&[
            ("LayerId", Some(layer.and_then(|layer| layer.get("id")).cloned().unwrap_or_else(|| Node::literal(&name)))),
            ("Shortname", Some(Node::literal(&name))),
            ("Name", layer.and_then(|layer| layer.get("name")).cloned()),
            ("Type", Some(Node::literal(kind))),
            ("CloudWatchLogsConfiguration", layer.and_then(|layer| layer.get("cloud_watch_logs_configuration")).map(pascal)),
        ]);
        if run.layers.contains(&name) {
            node.set("CustomJson", custom_json(root));
        }
        if let (Some(event), true) = (run.event, run.layers.contains(&name)) {
            let (built_in, custom) = split(&run.run_list);
            node.set("DefaultRecipes", fields(&[(event.name(), Some(list(&built_in)))]));
            node.set("CustomRecipes", fields(&[(event.name(), Some(list(&custom)))]));
        }
        node.span = layer.map_or(root.span, |layer| layer.span);
        layers.push(node);
    }
    layers
}

/// The built-in and the custom recipes of a run list, without the frame that every run has.
fn split(run_list: &[String]) -> (Vec<String>, Vec<String>) {
    let marker = run_list.iter().position(|name| name == "opsworks_custom_cookbooks::execute").unwrap_or(run_list.len());
    let without_frame = |names: &[String]| names.iter().filter(|name| !FRAME.contains(&name.as_str())).cloned().collect();
    (without_frame(&run_list[..marker]), without_frame(&run_list[marker..]))
}

fn instances(root: &Node) -> Vec<Node> {
    let mut instances: IndexMap<String, (Node, Vec<Node>)> = IndexMap::new();
    for (name, layer) in root.dig(&["opsworks", "layers"]).and_then(Node::map).into_iter().flatten() {
        let id = layer.get("id").cloned().unwrap_or_else(|| Node::literal(name));
        for (hostname, instance) in layer.get("instances").and_then(Node::map).into_iter().flatten() {
            instances.entry(hostname.clone()).or_insert_with(|| (instance.clone(), Vec::new())).1.push(id.clone());
        }
    }
    if let Some(own) = root.dig(&["opsworks", "instance"])
        && let Some(hostname) = own.string("hostname")
        && !instances.contains_key(&hostname)
    {
        let id = |name: &String| root.dig(&["opsworks", "layers", name, "id"]).cloned().unwrap_or_else(|| Node::literal(name));
        instances.insert(hostname, (own.clone(), own.strings("layers").iter().map(id).collect()));
    }
    let node = |(hostname, (instance, layers)): (String, (Node, Vec<Node>))| {
        let get = |key: &str| instance.get(key).cloned();
        let mut node = fields(&[
            ("InstanceId", get("id")),
            ("Hostname", Some(Node::literal(&hostname))),
            ("LayerIds", Some(Node::new(Value::List(layers)))),
            ("InstanceType", get("instance_type")),
            ("AvailabilityZone", get("availability_zone")),
            ("Architecture", get("architecture")),
            ("Ec2InstanceId", get("aws_instance_id")),
            ("PrivateIp", get("private_ip")),
            ("PrivateDns", get("private_dns_name")),
            ("PublicIp", get("ip")),
            ("PublicDns", get("public_dns_name")),
            ("ElasticIp", get("elastic_ip")),
            ("Status", Some(get("status").unwrap_or_else(|| Node::literal("online")))),
            ("CreatedAt", get("created_at")),
            ("Os", get("os")),
            ("InfrastructureClass", get("infrastructure_class")),
        ]);
        node.span = instance.span;
        node
    };
    instances.into_iter().map(node).collect()
}

fn apps(root: &Node) -> Vec<Node> {
    let listed = root.get("opsworks").map(|opsworks| opsworks.list("applications")).unwrap_or_default();
    let mut apps: IndexMap<String, (Option<&Node>, Option<&Node>)> = IndexMap::new();
    for app in listed {
        if let Some(slug) = app.string("slug_name").or_else(|| app.string("name")) {
            apps.entry(slug).or_default().0 = Some(app);
        }
    }
    // `deploy` also has cookbooks' own attributes; an app's are those with a source or a type.
    for (slug, deploy) in root.get("deploy").and_then(Node::map).into_iter().flatten() {
        if ["scm", "application", "application_type"].iter().any(|key| deploy.get(key).is_some()) {
            apps.entry(slug.clone()).or_default().1 = Some(deploy);
        }
    }
    apps.into_iter().map(|(slug, (listed, deploy))| app(&slug, listed, deploy, root)).collect()
}

fn app(slug: &str, listed: Option<&Node>, deploy: Option<&Node>, root: &Node) -> Node {
    let get = |key: &str| deploy.and_then(|deploy| deploy.get(key)).cloned();
    let kind = listed.and_then(|app| app.string("application_type")).or_else(|| deploy?.string("application_type"));
    // The API calls static sites `static`, the JSON `web`.
    let kind = kind.map(|kind| if kind == "web" { "static".to_owned() } else { kind });
    let variables = get("environment_variables").or_else(|| get("environment"));
    let variable = |(key, value): (&String, &Node)| Node {
        span: value.span,
        ..fields(&[("Key", Some(Node::literal(key))), ("Value", Some(value.clone()))])
    };
    let variables = variables.as_ref().and_then(Node::map).map(|map| Node::new(Value::List(map.iter().map(variable).collect())));
    let mut node = fields(&[
        ("AppId", listed.and_then(|app| app.get("id")).cloned()),
        ("Shortname", Some(Node::literal(slug))),
        ("Name", listed.and_then(|app| app.get("name")).cloned().or_else(|| Some(Node::literal(slug)))),
        ("Type", kind.map(|kind| Node::literal(&kind))),
        ("AppSource", get("scm").map(|scm| source(&scm))),
        ("Domains", get("domains")),
        ("EnableSsl", get("ssl_support")),
        (
            "SslConfiguration",
            Some(fields(&[
                ("Certificate", get("ssl_certificate")),
                ("PrivateKey", get("ssl_certificate_key")),
                ("Chain", get("ssl_certificate_ca")),
            ])),
        ),
        (
            "Attributes",
            Some(fields(&[
                ("DocumentRoot", get("document_root")),
                ("RailsEnv", get("rails_env")),
                ("AutoBundleOnDeploy", get("auto_bundle_on_deploy")),
            ])),
        ),
        ("Environment", variables),
        ("DataSources", get("database").and_then(|database| data_source(&database, root))),
    ]);
    node.span = deploy.or(listed).and_then(|node| node.span);
    node
}

fn data_source(database: &Node, root: &Node) -> Option<Node> {
    let host = database.string("host")?;
    let rds = root
        .dig(&["opsworks", "stack"])
        .and_then(|stack| stack.list("rds_instances").iter().find(|rds| rds.string("address").as_ref() == Some(&host)));
    let kind = if rds.is_some() || database.string("data_source_provider").as_deref() == Some("rds") {
        "RdsDbInstance"
    } else {
        "OpsworksMysqlInstance"
    };
    let source = fields(&[
        ("Type", Some(Node::literal(kind))),
        ("Arn", rds.and_then(|rds| rds.get("arn")).cloned()),
        ("DatabaseName", database.get("database").cloned()),
    ]);
    Some(Node::new(Value::List(vec![source])))
}

fn databases(root: &Node) -> Vec<Node> {
    let sent = root.dig(&["opsworks", "stack"]).map(|stack| stack.list("rds_instances")).unwrap_or_default();
    let node = |rds: &Node| {
        let get = |key: &str| rds.get(key).cloned();
        let mut node = fields(&[
            ("RdsDbInstanceArn", get("arn").or_else(|| get("rds_db_instance_arn")).or_else(|| get("db_instance_identifier"))),
            ("DbInstanceIdentifier", get("db_instance_identifier")),
            ("DbUser", get("db_user")),
            ("DbPassword", get("db_password")),
            ("Address", get("address")),
            ("Port", get("port")),
            ("Engine", get("engine")),
            ("Region", get("region")),
        ]);
        node.span = rds.span;
        node
    };
    sent.iter().map(node).collect()
}

fn load_balancers(root: &Node) -> Vec<Node> {
    let sent = root.dig(&["opsworks", "stack"]).map(|stack| stack.list("elb-load-balancers")).unwrap_or_default();
    let node = |elb: &Node| {
        let get = |key: &str| elb.get(key).cloned();
        Node {
            span: elb.span,
            ..fields(&[("ElasticLoadBalancerName", get("name")), ("DnsName", get("dns_name")), ("LayerId", get("layer_id"))])
        }
    };
    sent.iter().map(node).collect()
}

fn source(scm: &Node) -> Node {
    let get = |key: &str| scm.get(key).cloned();
    let mut source = fields(&[
        ("Type", get("scm_type").or_else(|| get("type"))),
        ("Url", get("repository").or_else(|| get("url"))),
        ("Revision", get("revision")),
        ("Username", get("user").or_else(|| get("username"))),
        ("Password", get("password")),
        ("SshKey", get("ssh_key")),
    ]);
    source.span = scm.span;
    source
}

/// A map of the members that there are.
pub(super) fn fields(members: &[(&str, Option<Node>)]) -> Node {
    Node::new(Value::Map(members.iter().filter_map(|(key, node)| Some(((*key).to_owned(), node.clone()?))).collect()))
}

fn list(names: &[String]) -> Node {
    Node::new(Value::List(names.iter().map(|name| Node::literal(name)).collect()))
}

/// `log_group_name` is `LogGroupName`, in every map inside.
pub(super) fn pascal(node: &Node) -> Node {
    let value = match &node.value {
        Value::Map(map) => Value::Map(map.iter().map(|(key, item)| (pascal_name(key), pascal(item))).collect()),
        Value::List(items) => Value::List(items.iter().map(pascal).collect()),
        other => other.clone(),
    };
    Node { span: node.span, value }
}

fn pascal_name(name: &str) -> String {
    name.split('_')
        .map(|word| {
            let mut characters = word.chars();
            characters.next().map(|first| first.to_uppercase().chain(characters).collect::<String>()).unwrap_or_default()
        })
        .collect()
}
