//! The node attributes that the service sends with a Chef 11 run: `node[:opsworks]`, `node[:deploy]`, and what layers' settings become.

use std::rc::Rc;

use indexmap::IndexMap;

use crate::graph::{Datum, Lifecycle};

use super::super::database::Database;
use super::super::instance::Instance;
use super::super::layer::Layer;
use super::super::merge::{deep_merge, merge_sealed};
use super::super::stack::Stack;
use super::DataBags;
use super::deploy;
use super::host::{Representative, hole, per_run};
use super::values::{map, maybe, maybe_integer, maybe_text, text, texts};

/// What the service sends, before custom JSON is merged on top.
pub(super) fn attributes(stack: &Stack, layer: &Layer, event: Lifecycle, own: &Representative) -> Datum {
    let mut members: IndexMap<String, Datum> = IndexMap::new();
    members.insert("opsworks".to_owned(), opsworks(stack, layer, event, own));
    // At every event: the built-in recipes of Configure and Shutdown go through the apps, too.
    members.insert("deploy".to_owned(), map(stack.apps.iter().map(|app| (app.shortname.clone(), deploy::sent(stack, app)))));
    let cookbooks = stack.cookbooks_source.as_ref().map_or(Datum::Nil, deploy::scm);
    members.insert(
        "opsworks_custom_cookbooks".to_owned(),
        map([
            ("enabled", Datum::Bool(stack.use_custom_cookbooks)),
            ("scm", cookbooks),
            ("manage_berkshelf", Datum::Bool(stack.berkshelf.is_some())),
            ("recipes", texts(layer.custom(event))),
        ]),
    );
    members.insert("ssh_users".to_owned(), ssh_users(stack));
    if !layer.packages.is_empty() {
        let packages = layer.packages.iter().map(|package| (package.clone(), Datum::Nil));
        members.insert("dependencies".to_owned(), map([("debs", map(packages))]));
    }
    let sent = Datum::Map(members);
    // Settings of the layer, and of the built-in layers that others ask about.
    stack
        .layers
        .iter()
        .filter(|other| other.id == layer.id || other.kind != "custom")
        .fold(sent, |sent, other| deep_merge(&sent, &settings(other)))
}

/// The attributes that a layer's settings become.
fn settings(layer: &Layer) -> Datum {
    /// A setting, the path of its attribute, and whether it is a switch or a number there.
    const PATHS: &[(&str, &[&str])] = &[
        ("RubyVersion", &["opsworks", "ruby_version"]),
        ("RubygemsVersion", &["opsworks_rubygems", "version"]),
        ("BundlerVersion", &["opsworks_bundler", "version"]),
        ("ManageBundler", &["opsworks_bundler", "manage_package"]),
        ("PassengerVersion", &["passenger", "version"]),
        ("NodejsVersion", &["opsworks_nodejs", "version"]),
        ("MemcachedMemory", &["memcached", "memory"]),
        ("MysqlRootPassword", &["mysql", "server_root_password"]),
        ("EnableHaproxyStats", &["haproxy", "enable_stats"]),
        ("HaproxyStatsUrl", &["haproxy", "stats_url"]),
        ("HaproxyStatsUser", &["haproxy", "stats_user"]),
        ("HaproxyStatsPassword", &["haproxy", "stats_password"]),
        ("HaproxyHealthCheckUrl", &["haproxy", "health_check_url"]),
        ("HaproxyHealthCheckMethod", &["haproxy", "health_check_method"]),
        ("GangliaUrl", &["ganglia", "web", "url"]),
        ("GangliaUser", &["ganglia", "web", "user"]),
        ("GangliaPassword", &["ganglia", "web", "password"]),
        ("Jvm", &["opsworks_java", "jvm"]),
        ("JvmVersion", &["opsworks_java", "jvm_version"]),
        ("JvmOptions", &["opsworks_java", "jvm_options"]),
        ("JavaAppServer", &["opsworks_java", "java_app_server"]),
        ("JavaAppServerVersion", &["opsworks_java", "java_app_server_version"]),
    ];
    let mut all = map::<&str>([]);
    for (setting, path) in PATHS {
        let Some(value) = layer.attributes.get(*setting).filter(|value| **value != Datum::Nil) else { continue };
        // Settings are strings; the service sends switches and numbers as what they are.
        let value = match value.as_str() {
            Some("true") => Datum::Bool(true),
            Some("false") => Datum::Bool(false),
            Some(number) if *setting == "MemcachedMemory" => number.parse().map_or_else(|_| value.clone(), Datum::Integer),
            _ => value.clone(),
        };
        let nested = path.iter().rev().fold(value, |inner, key| map([(*key, inner)]));
        all = deep_merge(&all, &nested);
    }
    all
}

fn opsworks(stack: &Stack, layer: &Layer, event: Lifecycle, own: &Representative) -> Datum {
    let applications = stack.apps.iter().map(|app| {
        // The API calls static sites `static`, the JSON `web`.
        let kind = if app.kind == "static" { "web" } else { &app.kind };
        map([("name", text(&app.name)), ("slug_name", text(&app.shortname)), ("application_type", text(kind))])
    });
    let activities = [
        "reboot",
        "stop",
        "setup",
        "configure",
        "update_dependencies",
        "install_dependencies",
        "update_custom_cookbooks",
        "execute_recipes",
        "deploy",
        "undeploy",
    ];
    let mut members = vec![
        ("activity", text(&event.name().to_lowercase())),
        ("agent_version", Datum::Nil),
        ("applications", Datum::List(applications.collect())),
        (
            "deployment",
            if matches!(event, Lifecycle::Deploy | Lifecycle::Undeploy) { per_run("node['opsworks']['deployment']") } else { Datum::Nil },
        ),
        ("ruby_stack", text("ruby")),
        ("run_cookbook_tests", Datum::Bool(false)),
        ("sent_at", per_run("node['opsworks']['sent_at']")),
        ("valid_client_activities", Datum::List(activities.iter().map(|activity| text(activity)).collect())),
        ("data_bags", map::<&str>([])),
        ("stack", self::stack(stack)),
        ("layers", map(stack.layers.iter().map(|other| (other.shortname.clone(), self::layer(stack, other, layer, own))))),
        ("instance", instance(stack, own)),
    ];
    if let Some(rails) = rails_stack(stack) {
        members.push(("rails_stack", rails));
    }
    map(members)
}

/// The Rails stack's settings: a wish of the `rails-app` layer that all hosts know.
fn rails_stack(stack: &Stack) -> Option<Datum> {
    let rails = stack.layers.iter().find(|layer| layer.kind == "rails-app")?;
    let name = rails.attribute("RailsStack").unwrap_or("apache_passenger");
    let (recipe, service) = if name == "nginx_unicorn" { ("unicorn::rails", "unicorn") } else { ("passenger_apache2::rails", "apache2") };
    Some(map([
        ("name", text(name)),
        ("recipe", text(recipe)),
        ("restart_command", text(deploy::rails_restart(name))),
        ("service", text(service)),
        ("needs_reload", Datum::Bool(true)),
    ]))
}

fn stack(stack: &Stack) -> Datum {
    let balancers = stack.load_balancers.iter().map(|balancer| {
        map([
            ("dns_name", maybe_text(balancer.dns_name.as_ref())),
            ("name", Datum::Text(balancer.name.clone())),
            ("layer_id", text(&balancer.layer_id)),
        ])
    });
    map([
        ("id", text(&stack.id)),
        ("name", text(&stack.name)),
        ("vpc_id", maybe_text(stack.vpc_id.as_ref())),
        ("elb-load-balancers", Datum::List(balancers.collect())),
        ("rds_instances", Datum::List(stack.databases.iter().map(|database| rds(stack, database)).collect())),
    ])
}

fn rds(stack: &Stack, database: &Database) -> Datum {
    let uses = |app: &&super::super::app::App| app.data_sources.iter().any(|source| source.arn.as_ref() == Some(&database.arn));
    let name = stack.apps.iter().find(uses).and_then(|app| app.data_sources.first()).and_then(|source| source.database_name.as_ref());
    map([
        ("address", Datum::Text(database.host())),
        ("port", maybe_integer(database.port)),
        ("engine", maybe(database.engine.as_deref())),
        ("db_instance_identifier", Datum::Text(database.identifier.clone())),
        ("db_user", maybe_text(database.user.as_ref())),
        ("db_password", maybe_text(database.password.as_ref())),
        ("db_name", maybe_text(name)),
        ("region", maybe(database.region.as_deref())),
        ("arn", Datum::Text(database.arn.clone())),
    ])
}

/// A layer with its online instances; the layer of the run has its representative among them.
fn layer(stack: &Stack, layer: &Layer, running: &Layer, own: &Representative) -> Datum {
    let mut instances: IndexMap<String, Datum> = IndexMap::new();
    for instance in stack.instances_of(layer) {
        let mine = own.is(instance);
        if instance.is_online() || mine {
            instances.insert(instance.hostname.clone(), member(instance, mine.then_some(own), &layer.shortname));
        }
    }
    if own.made_up && layer.id == running.id {
        instances.insert(own.instance.hostname.clone(), member(&own.instance, Some(own), &layer.shortname));
    }
    let balancers = stack
        .load_balancers
        .iter()
        .filter(|balancer| balancer.layer_id == layer.id)
        .map(|balancer| map([("dns_name", maybe_text(balancer.dns_name.as_ref())), ("name", Datum::Text(balancer.name.clone()))]));
    let streams = layer.log_streams.iter().map(|stream| map([("log_group_name", text(&stream.group)), ("file", text(&stream.file))]));
    map([
        ("id", text(&layer.id)),
        ("name", text(&layer.name)),
        ("instances", Datum::Map(instances)),
        ("elb-load-balancers", Datum::List(balancers.collect())),
        (
            "cloud_watch_logs_configuration",
            map([("enabled", Datum::Bool(!layer.log_streams.is_empty())), ("log_streams", Datum::List(streams.collect()))]),
        ),
    ])
}

fn member(instance: &Instance, own: Option<&Representative>, layer: &str) -> Datum {
    let label = |key: &str| format!("node['opsworks']['layers']['{layer}']['instances']['{}']['{key}']", instance.hostname);
    let get = |key: &'static str, value: &Option<String>| {
        let value = match own {
            Some(own) => own.value(&label(key), value.as_deref()),
            None => maybe(value.as_deref()),
        };
        (key, value)
    };
    map([
        ("id", get("id", &Some(instance.id.clone())).1),
        get("availability_zone", &instance.availability_zone),
        get("aws_instance_id", &instance.ec2_instance_id),
        // A measure of the instance type's size.
        ("backends", Datum::Text(hole(&label("backends"), None))),
        get("booted_at", &None),
        get("created_at", &instance.created_at),
        get("elastic_ip", &instance.elastic_ip),
        ("instance_type", maybe(instance.instance_type.as_deref())),
        get("ip", &instance.public_ip),
        get("private_ip", &instance.private_ip),
        get("private_dns_name", &instance.private_dns),
        get("public_dns_name", &instance.public_dns),
        ("region", maybe(instance.availability_zone.as_deref().map(region))),
        ("status", text("online")),
    ])
}

fn instance(stack: &Stack, own: &Representative) -> Datum {
    let instance = &own.instance;
    let get = |key: &'static str, value: Option<&str>| (key, own.value(&format!("node['opsworks']['instance']['{key}']"), value));
    let layers: Vec<String> = instance.layer_ids.iter().filter_map(|id| stack.layer(id)).map(|layer| layer.shortname.clone()).collect();
    let region = stack.region.as_deref().or_else(|| instance.availability_zone.as_deref().map(region));
    map([
        get("id", Some(instance.id.as_str()).filter(|id| !id.is_empty())),
        get("hostname", Some(&instance.hostname)),
        ("layers", texts(&layers)),
        ("instance_type", maybe(instance.instance_type.as_deref())),
        ("architecture", maybe(instance.architecture.as_deref())),
        get("availability_zone", instance.availability_zone.as_deref()),
        ("backends", Datum::Text(hole("node['opsworks']['instance']['backends']", None))),
        get("ip", instance.public_ip.as_deref()),
        get("private_ip", instance.private_ip.as_deref()),
        get("private_dns_name", instance.private_dns.as_deref()),
        get("public_dns_name", instance.public_dns.as_deref()),
        ("region", maybe(region)),
        get("aws_instance_id", instance.ec2_instance_id.as_deref()),
        ("infrastructure_class", text(instance.infrastructure.as_deref().unwrap_or("ec2"))),
    ])
}

/// `ap-northeast-1a` is in `ap-northeast-1`.
fn region(zone: &str) -> &str {
    zone.trim_end_matches(|c: char| c.is_ascii_lowercase())
}

fn ssh_users(stack: &Stack) -> Datum {
    let user = |(index, user): (usize, &super::super::user::User)| {
        // The numbers are the service's own; without them any will do.
        let number = user.unix_user_id.unwrap_or(4001 + i64::try_from(index).unwrap_or_default());
        let item = map([
            ("name", text(&user.username)),
            ("public_key", maybe(user.ssh_public_key.as_deref())),
            ("sudoer", Datum::Bool(user.administrator)),
        ]);
        (number.to_string(), item)
    };
    map(stack.users.iter().filter(|user| user.remote_access).enumerate().map(user))
}

/// With what instances' own JSON said on top: all of it for the same layer and event; for another event of the layer without
/// `node[:opsworks]`; of another layer's run only what it says about apps.
pub(super) fn with_own_json(attributes: Datum, stack: &Stack, layer: &Layer, event: Lifecycle, own: &Representative) -> Datum {
    let runs = || stack.instance_runs.iter().filter(|run| run.layers.contains(&layer.shortname));
    let same = runs().find(|run| run.event == Some(event));
    let of_layer = same.or_else(|| runs().next());
    let Some(run) = of_layer.or_else(|| stack.instance_runs.first()) else { return attributes };
    let Datum::Map(mut sent) = run.attributes.clone() else { return attributes };
    for key in ["recipes", "run_list"] {
        sent.shift_remove(key);
    }
    if of_layer.is_none() {
        sent.retain(|key, _| key == "deploy");
    }
    if same.is_none() {
        sent.shift_remove("opsworks");
        sent.shift_remove("opsworks_custom_cookbooks");
    }
    // The custom JSON of the run is in it already.
    let merged = merge_sealed(&attributes, &Datum::Map(sent));
    host_dependent(merged, stack, own)
}

/// The host's own values are holes, also where the JSON gave them.
fn host_dependent(attributes: Datum, stack: &Stack, own: &Representative) -> Datum {
    const OWN: &[&str] = &[
        "id",
        "hostname",
        "availability_zone",
        "ip",
        "private_ip",
        "private_dns_name",
        "public_dns_name",
        "aws_instance_id",
        "elastic_ip",
        "created_at",
        "booted_at",
    ];
    let Datum::Map(mut all) = attributes else { return attributes };
    let mark = |datum: &mut Datum, label: &str| {
        let Datum::Map(members) = datum else { return };
        for (key, value) in members.iter_mut().filter(|(key, _)| OWN.contains(&key.as_str())) {
            if let Some(known) = value.as_str() {
                *value = Datum::Text(hole(&format!("{label}['{key}']"), Some(known)));
            }
        }
    };
    if let Some(Datum::Map(opsworks)) = all.get_mut("opsworks") {
        if let Some(instance) = opsworks.get_mut("instance") {
            mark(instance, "node['opsworks']['instance']");
        }
        if let Some(Datum::Map(layers)) = opsworks.get_mut("layers") {
            for layer in &stack.layers {
                if let Some(Datum::Map(members)) = layers.get_mut(&layer.shortname)
                    && let Some(Datum::Map(instances)) = members.get_mut("instances")
                    && let Some(instance) = instances.get_mut(&own.instance.hostname)
                {
                    mark(instance, &format!("node['opsworks']['layers']['{}']['instances']['{}']", layer.shortname, own.instance.hostname));
                }
            }
        }
    }
    Datum::Map(all)
}

/// Chef 11 stacks have data bags in `node[:opsworks][:data_bags]` alone.
pub(super) fn data_bags(attributes: &Datum) -> DataBags {
    let member = |datum: &Datum, key: &str| match datum {
        Datum::Map(map) => map.get(key).cloned(),
        _ => None,
    };
    let Some(Datum::Map(bags)) = member(attributes, "opsworks").and_then(|opsworks| member(&opsworks, "data_bags")) else {
        return DataBags::new();
    };
    let items = |bag: Datum| match bag {
        Datum::Map(items) => items,
        _ => IndexMap::new(),
    };
    bags.into_iter().map(|(name, bag)| (name, Rc::new(items(bag)))).collect()
}
