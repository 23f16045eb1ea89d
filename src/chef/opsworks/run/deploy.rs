//! `node[:deploy][<app>]`: what the service sends for each app, at every event.

use crate::graph::Datum;
use crate::text::Text;

use super::super::app::App;
use super::super::database::client_type;
use super::super::stack::{Source, Stack};
use super::host::per_run;
use super::values::{map, maybe, maybe_integer, maybe_text, text};

/// The keys that the service sends for an app.
pub(super) fn sent(stack: &Stack, app: &App) -> Datum {
    let rails = app.kind == "rails";
    let attribute = |name: &str| app.attributes.get(name).filter(|value| **value != Datum::Nil).cloned();
    let bundle = app.attribute("AutoBundleOnDeploy").map_or(rails, |value| value == "true");
    let mut domains: Vec<Datum> = app.domains.iter().map(|domain| Datum::Text(domain.clone())).collect();
    if !app.domains.iter().any(|domain| domain.known() == Some(&app.shortname)) {
        domains.push(text(&app.shortname));
    }
    let kind = if app.kind == "static" { "web" } else { &app.kind };
    map([
        ("application", text(&app.shortname)),
        ("application_type", text(kind)),
        ("auto_bundle_on_deploy", Datum::Bool(bundle)),
        ("database", database(stack, app)),
        ("deploy_to", text(&format!("/srv/www/{}", app.shortname))),
        ("deploying_user", per_run(&format!("node['deploy']['{}']['deploying_user']", app.shortname))),
        ("document_root", attribute("DocumentRoot").unwrap_or_else(|| if rails { text("public") } else { Datum::Nil })),
        ("domains", Datum::List(domains)),
        ("environment_variables", map(app.environment.iter().map(|variable| (variable.key.clone(), Datum::Text(variable.value.clone()))))),
        ("memcached", memcached(stack)),
        // The command's tick box: off, unless the instance's own JSON says otherwise.
        ("migrate", Datum::Bool(false)),
        ("mounted_at", Datum::Nil),
        ("rails_env", attribute("RailsEnv").unwrap_or_else(|| if rails { text("production") } else { Datum::Nil })),
        ("restart_command", text(&restart(stack, app))),
        ("sleep_before_restart", Datum::Integer(0)),
        ("ssl_support", Datum::Bool(app.enable_ssl)),
        ("ssl_certificate", maybe_text(app.ssl.certificate.as_ref())),
        ("ssl_certificate_key", maybe_text(app.ssl.private_key.as_ref())),
        ("ssl_certificate_ca", maybe_text(app.ssl.chain.as_ref())),
        ("scm", scm(&app.source)),
        ("symlink_before_migrate", symlinks_before_migrate(&app.kind)),
        ("symlinks", symlinks(&app.kind)),
        ("stack", map([("needs_reload", Datum::Bool(true))])),
    ])
}

/// A source as the JSON has it.
pub(super) fn scm(source: &Source) -> Datum {
    map([
        ("scm_type", maybe(source.kind.as_deref())),
        ("repository", maybe_text(source.url.as_ref())),
        ("revision", maybe_text(source.revision.as_ref())),
        ("ssh_key", maybe_text(source.ssh_key.as_ref())),
        ("user", maybe_text(source.user.as_ref())),
        ("password", maybe_text(source.password.as_ref())),
    ])
}

/// The command that restarts the apps of a Rails stack, run in the release.
pub(super) fn rails_restart(rails_stack: &str) -> &'static str {
    if rails_stack == "nginx_unicorn" { "../../shared/scripts/unicorn restart" } else { "touch tmp/restart.txt" }
}

fn restart(stack: &Stack, app: &App) -> String {
    match app.kind.as_str() {
        "rails" => {
            let rails = stack.layers.iter().find(|layer| layer.kind == "rails-app").and_then(|layer| layer.attribute("RailsStack"));
            rails_restart(rails.unwrap_or("apache_passenger")).to_owned()
        }
        "nodejs" => format!("monit restart node_web_app_{}", app.shortname),
        _ => "echo 'restarting app'".to_owned(),
    }
}

/// `{}` without a data source; RDS by its ARN; else the first host of the MySQL layer.
fn database(stack: &Stack, app: &App) -> Datum {
    let Some(source) = app.data_sources.first().filter(|source| source.kind != "None") else { return map::<&str>([]) };
    let name = maybe_text(source.database_name.as_ref());
    let common = |kind: &str, provider: &str| {
        vec![
            // The recipes look into the Gemfile for the adapter; this is what they find in any app of these years.
            ("adapter", text(if kind == "postgresql" { "postgresql" } else { "mysql2" })),
            ("data_source_provider", text(provider)),
            ("type", text(kind)),
            ("reconnect", Datum::Bool(true)),
            ("encoding", text("utf8")),
        ]
    };
    if source.kind == "RdsDbInstance" {
        let Some(database) = stack.databases.iter().find(|database| source.arn.as_ref() == Some(&database.arn)) else {
            return map(common("mysql", "rds").into_iter().chain([("database", name), ("host", unknown_host(app))]));
        };
        let kind = client_type(database.engine.as_deref().unwrap_or_default());
        return map(common(kind, "rds").into_iter().chain([
            ("database", name),
            ("host", Datum::Text(database.host())),
            ("port", maybe_integer(database.port)),
            ("username", maybe_text(database.user.as_ref())),
            ("password", maybe_text(database.password.as_ref())),
        ]));
    }
    let layer = stack.layers.iter().find(|layer| layer.kind == "db-master");
    let host = layer.and_then(|layer| stack.instances_of(layer).into_iter().find_map(|instance| instance.private_ip.clone()));
    let password = layer.and_then(|layer| layer.attributes.get("MysqlRootPassword")).cloned().unwrap_or(Datum::Nil);
    let name = if source.database_name.is_some() { name } else { text(&app.shortname) };
    map(common("mysql", "stack").into_iter().chain([
        ("database", name),
        ("host", host.map_or_else(|| unknown_host(app), |host| text(&host))),
        ("port", Datum::Integer(3306)),
        ("username", text("root")),
        ("password", password),
    ]))
}

fn unknown_host(app: &App) -> Datum {
    let label = format!("node['deploy']['{}']['database']['host']", app.shortname);
    Datum::Text(Text::hole(std::rc::Rc::new(crate::text::Hole::unknown(label, "the export does not have the database"))))
}

fn memcached(stack: &Stack) -> Datum {
    let layer = stack.layers.iter().find(|layer| layer.kind == "memcached");
    let host = layer.and_then(|layer| {
        stack.instances_of(layer).into_iter().filter(|instance| instance.is_online()).find_map(|instance| instance.private_ip.clone())
    });
    map([("host", maybe(host.as_deref())), ("port", Datum::Integer(11211))])
}

/// Links that are there before the migration.
fn symlinks_before_migrate(kind: &str) -> Datum {
    match kind {
        "php" => map([("config/opsworks.php", text("opsworks.php"))]),
        "nodejs" => map([("config/opsworks.js", text("opsworks.js"))]),
        "rails" => map([("config/database.yml", text("config/database.yml")), ("config/memcached.yml", text("config/memcached.yml"))]),
        _ => map::<&str>([]),
    }
}

/// Links from a release into `shared`.
pub(super) fn symlinks(kind: &str) -> Datum {
    if kind == "rails" {
        map([("system", text("public/system")), ("pids", text("tmp/pids")), ("log", text("log"))])
    } else {
        map::<&str>([])
    }
}
