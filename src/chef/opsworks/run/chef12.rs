//! The data bags of a Chef 12 run: `search('aws_opsworks_app', 'shortname:shop').first['environment']`.
//!
//! Every bag has exactly the keys that the service's agent wrote, and is there even when it is empty.

use std::rc::Rc;

use indexmap::IndexMap;

use crate::graph::{Datum, Lifecycle};

use super::super::app::App;
use super::super::database::Database;
use super::super::instance::Instance;
use super::super::layer::Layer;
use super::super::stack::{Source, Stack};
use super::DataBags;
use super::host::{Representative, per_run};
use super::values::{map, maybe, maybe_integer, maybe_text, text, texts};

/// All bags, for a run at `event` on `own`.
pub(super) fn data_bags(stack: &Stack, event: Lifecycle, own: &Representative) -> DataBags {
    let mut bags = DataBags::new();
    let mut bag = |name: &str, items: Vec<(String, Datum)>| {
        let items: IndexMap<String, Datum> = items.into_iter().map(|(id, item)| (id.clone(), with_id(&id, item))).collect();
        bags.insert(format!("aws_opsworks_{name}"), Rc::new(items));
    };
    bag("app", stack.apps.iter().map(|app| (app.shortname.clone(), self::app(app, event))).collect());
    bag("command", vec![(event.name().to_lowercase(), command(event, own))]);
    bag(
        "ecs_cluster",
        stack
            .ecs_clusters
            .iter()
            .map(|cluster| {
                (cluster.name.clone(), map([("ecs_cluster_arn", text(&cluster.arn)), ("ecs_cluster_name", text(&cluster.name))]))
            })
            .collect(),
    );
    bag("elastic_load_balancer", load_balancers(stack));
    bag("instance", instances(stack, own));
    bag("layer", stack.layers.iter().map(|layer| (layer.shortname.clone(), self::layer(layer))).collect());
    bag("rds_db_instance", stack.databases.iter().map(|database| (database.identifier.to_string(), self::database(database))).collect());
    bag("stack", vec![(stack.id.clone(), self::stack(stack))]);
    bag("user", users(stack));
    bags
}

fn with_id(id: &str, item: Datum) -> Datum {
    match item {
        Datum::Map(members) => {
            let mut all = IndexMap::from([("id".to_owned(), text(id))]);
            all.extend(members);
            Datum::Map(all)
        }
        other => other,
    }
}

fn app(app: &App, event: Lifecycle) -> Datum {
    let attribute = |name: &str| app.attributes.get(name).cloned().unwrap_or(Datum::Nil);
    let document_root = app.attributes.get("DocumentRoot").cloned().unwrap_or_else(|| text("public"));
    let data_sources = app.data_sources.iter().map(|source| {
        map([
            ("type", text(&source.kind)),
            ("arn", maybe_text(source.arn.as_ref())),
            ("database_name", maybe_text(source.database_name.as_ref())),
        ])
    });
    map([
        ("app_id", text(&app.id)),
        ("app_source", source(&app.source, "user")),
        (
            "attributes",
            map([
                ("document_root", document_root),
                ("rails_env", attribute("RailsEnv")),
                ("auto_bundle_on_deploy", attribute("AutoBundleOnDeploy")),
                ("aws_flow_ruby_settings", attribute("AwsFlowRubySettings")),
            ]),
        ),
        ("data_sources", Datum::List(data_sources.collect())),
        // Setup deploys every app; so does a Deploy without a choice of apps.
        ("deploy", Datum::Bool(matches!(event, Lifecycle::Setup | Lifecycle::Deploy))),
        ("domains", Datum::List(app.domains.iter().map(|domain| Datum::Text(domain.clone())).collect())),
        ("enable_ssl", Datum::Bool(app.enable_ssl)),
        ("environment", map(app.environment.iter().map(|variable| (variable.key.clone(), Datum::Text(variable.value.clone()))))),
        ("name", text(&app.name)),
        ("shortname", text(&app.shortname)),
        (
            "ssl_configuration",
            map([
                ("certificate", maybe_text(app.ssl.certificate.as_ref())),
                ("chain", maybe_text(app.ssl.chain.as_ref())),
                ("private_key", maybe_text(app.ssl.private_key.as_ref())),
            ]),
        ),
        // Chef 12 stacks know no other type.
        ("type", text("other")),
    ])
}

fn source(source: &Source, user: &str) -> Datum {
    map([
        ("type", maybe(source.kind.as_deref())),
        ("url", maybe_text(source.url.as_ref())),
        (user, maybe_text(source.user.as_ref())),
        ("password", maybe_text(source.password.as_ref())),
        ("ssh_key", maybe_text(source.ssh_key.as_ref())),
        ("revision", maybe_text(source.revision.as_ref())),
    ])
}

fn command(event: Lifecycle, own: &Representative) -> Datum {
    map([
        ("args", map::<&str>([])),
        ("command_id", per_run("command['command_id']")),
        ("iam_user_arn", per_run("command['iam_user_arn']")),
        ("instance_id", own.value("command['instance_id']", known(&own.instance.id))),
        ("sent_at", per_run("command['sent_at']")),
        ("type", text(&event.name().to_lowercase())),
    ])
}

fn load_balancers(stack: &Stack) -> Vec<(String, Datum)> {
    let item = |balancer: &super::super::load_balancer::LoadBalancer| {
        let item = map([
            ("elastic_load_balancer_name", Datum::Text(balancer.name.clone())),
            ("dns_name", maybe_text(balancer.dns_name.as_ref())),
            ("layer_id", text(&balancer.layer_id)),
        ]);
        (balancer.name.to_string(), item)
    };
    stack.load_balancers.iter().map(item).collect()
}

fn instances(stack: &Stack, own: &Representative) -> Vec<(String, Datum)> {
    let mut items: Vec<(String, Datum)> = stack
        .instances
        .iter()
        .map(|instance| (instance.hostname.clone(), self::instance(stack, instance, own.is(instance).then_some(own))))
        .collect();
    if own.made_up {
        items.push((own.instance.hostname.clone(), instance(stack, &own.instance, Some(own))));
    }
    items
}

/// An instance; `own` when it is the one that the run is on: then its own values are holes.
fn instance(stack: &Stack, instance: &Instance, own: Option<&Representative>) -> Datum {
    let host = |key: &str, value: Option<&str>| match own {
        Some(own) => own.value(&format!("instance['{key}']"), value),
        None => maybe(value),
    };
    let get = |key: &'static str, value: &Option<String>| (key, host(key, value.as_deref()));
    let roles: Vec<String> = instance.layer_ids.iter().filter_map(|id| stack.layer(id)).map(|layer| layer.shortname.clone()).collect();
    // The run is under way, so its host is up, whatever the export says.
    let status =
        if own.is_some() { Some("online") } else { instance.status.as_deref().or(Some("online").filter(|_| instance.is_online())) };
    map([
        ("ami_id", maybe_text(instance.ami_id.as_ref())),
        ("architecture", maybe(instance.architecture.as_deref())),
        ("auto_scaling_type", maybe(instance.auto_scaling.as_deref())),
        get("availability_zone", &instance.availability_zone),
        get("created_at", &instance.created_at),
        ("ebs_optimized", Datum::Bool(instance.ebs_optimized)),
        get("ec2_instance_id", &instance.ec2_instance_id),
        get("elastic_ip", &instance.elastic_ip),
        ("hostname", host("hostname", known(&instance.hostname))),
        ("instance_id", host("instance_id", known(&instance.id))),
        ("instance_type", maybe(instance.instance_type.as_deref())),
        ("layer_ids", texts(&instance.layer_ids)),
        ("os", maybe(instance.os.as_deref())),
        get("private_dns", &instance.private_dns),
        get("private_ip", &instance.private_ip),
        get("public_dns", &instance.public_dns),
        get("public_ip", &instance.public_ip),
        ("root_device_type", maybe(instance.root_device_type.as_deref())),
        get("root_device_volume_id", &instance.root_device_volume_id),
        ("self", Datum::Bool(own.is_some())),
        ("ssh_host_dsa_key_fingerprint", host("ssh_host_dsa_key_fingerprint", None)),
        ("ssh_host_dsa_key_private", Datum::Nil),
        ("ssh_host_dsa_key_public", host("ssh_host_dsa_key_public", None)),
        ("ssh_host_rsa_key_fingerprint", host("ssh_host_rsa_key_fingerprint", None)),
        ("ssh_host_rsa_key_private", Datum::Nil),
        ("ssh_host_rsa_key_public", host("ssh_host_rsa_key_public", None)),
        ("status", maybe(status)),
        ("subnet_id", maybe_text(instance.subnet_id.as_ref())),
        ("virtualization_type", maybe(instance.virtualization_type.as_deref())),
        ("role", texts(&roles)),
    ])
}

fn known(value: &str) -> Option<&str> {
    (!value.is_empty()).then_some(value)
}

fn layer(layer: &Layer) -> Datum {
    let volumes = layer.volume_configurations.iter().map(|volume| {
        map([
            ("iops", maybe_integer(volume.iops)),
            ("mount_point", text(&volume.mount_point)),
            ("number_of_disks", maybe_integer(volume.number_of_disks)),
            ("raid_level", maybe_integer(volume.raid_level)),
            ("size", maybe_integer(volume.size)),
            ("volume_type", maybe(volume.volume_type.as_deref())),
        ])
    });
    map([
        ("ecs_cluster_arn", maybe(layer.ecs_cluster_arn.as_deref())),
        ("encrypted", Datum::Bool(layer.volume_configurations.iter().any(|volume| volume.encrypted))),
        ("layer_id", text(&layer.id)),
        ("name", text(&layer.name)),
        ("packages", texts(&layer.packages)),
        ("shortname", text(&layer.shortname)),
        ("type", text(&layer.kind)),
        ("volume_configurations", Datum::List(volumes.collect())),
    ])
}

fn database(database: &Database) -> Datum {
    map([
        ("address", Datum::Text(database.host())),
        ("port", maybe_integer(database.port)),
        ("db_instance_identifier", Datum::Text(database.identifier.clone())),
        ("db_password", maybe_text(database.password.as_ref())),
        ("db_user", maybe_text(database.user.as_ref())),
        ("engine", maybe(database.engine.as_deref())),
        ("rds_db_instance_arn", Datum::Text(database.arn.clone())),
        ("region", maybe(database.region.as_deref())),
    ])
}

fn stack(stack: &Stack) -> Datum {
    map([
        ("arn", maybe(stack.arn.as_deref())),
        ("custom_cookbooks_source", source(&stack.cookbooks_source.clone().unwrap_or_default(), "username")),
        ("name", text(&stack.name)),
        ("region", maybe(stack.region.as_deref())),
        ("stack_id", text(&stack.id)),
        ("use_custom_cookbooks", Datum::Bool(stack.use_custom_cookbooks)),
        ("vpc_id", maybe_text(stack.vpc_id.as_ref())),
    ])
}

fn users(stack: &Stack) -> Vec<(String, Datum)> {
    let item = |user: &super::super::user::User| {
        let item = map([
            ("administrator_privileges", Datum::Bool(user.administrator)),
            ("iam_user_arn", text(&user.iam_user_arn)),
            ("remote_access", Datum::Bool(user.remote_access)),
            ("ssh_public_key", maybe(user.ssh_public_key.as_deref())),
            ("unix_user_id", maybe_integer(user.unix_user_id)),
            ("username", text(&user.username)),
        ]);
        (user.username.clone(), item)
    };
    stack.users.iter().map(item).collect()
}
