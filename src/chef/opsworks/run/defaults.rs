//! What the attribute files of the built-in cookbooks set at the `default` level in a Chef 11 run.
//!
//! These are not sent by the service: a cookbook of the repository may set its own `default[…]` over them, and custom JSON always wins.
//! `defaults.json` has what is the same everywhere; the rest hangs on the platform and the apps.

use crate::graph::Datum;
use crate::source::SourceMap;

use super::super::app::App;
use super::super::json;
use super::super::layer::Layer;
use super::super::merge::{deep_merge, empty};
use super::super::platform::is_debian_family;
use super::super::stack::Stack;
use super::deploy::symlinks;
use super::values::{map, text};

const SAME_EVERYWHERE: &str = include_str!("defaults.json");

/// The default-level attributes of a run.
pub(super) fn attributes(stack: &Stack, layer: &Layer, platform: &(String, String)) -> Datum {
    let everywhere = json::parse(SAME_EVERYWHERE, &|_, _| None)
        .map_or_else(|_| empty(), |node| node.datum(&SourceMap::new(), "node", "built-in default"));
    let debian = is_debian_family(platform);
    let rails = stack.layers.iter().find(|layer| layer.kind == "rails-app").unwrap_or(layer);
    let unicorn = rails.attribute("RailsStack") == Some("nginx_unicorn");
    let group = match (debian, unicorn) {
        (true, _) => "www-data",
        (false, true) => "nginx",
        (false, false) => "apache",
    };
    // Apache 2.4 came with Ubuntu 14.04 and the seventh Red Hat.
    let number = |version: &str| version.split('.').next().and_then(|major| major.parse::<u32>().ok()).unwrap_or_default();
    let new_apache = if debian { number(&platform.1) >= 14 } else { number(&platform.1) == 7 };
    let pick = |of_debian: &'static str, of_others: &'static str| text(if debian { of_debian } else { of_others });
    let by_platform = map([
        ("opsworks", map([("deploy_user", map([("group", text(group))]))])),
        ("nginx", map([("user", pick("www-data", "nginx"))])),
        ("apache", map([("dir", pick("/etc/apache2", "/etc/httpd")), ("version", text(if new_apache { "2.4" } else { "2.2" }))])),
        ("monit", map([("conf", pick("/etc/monit/monitrc", "/etc/monit.conf")), ("conf_dir", pick("/etc/monit/conf.d", "/etc/monit.d"))])),
    ]);
    let mut all = deep_merge(&everywhere, &by_platform);
    let apps = map(stack.apps.iter().map(|app| (app.shortname.clone(), deploy(app, group))));
    all = deep_merge(&all, &map([("deploy", apps)]));
    all
}

/// `deploy/attributes/deploy.rb`, for one app.
fn deploy(app: &App, group: &str) -> Datum {
    let directory = format!("/srv/www/{}", app.shortname);
    let current = format!("{directory}/current");
    let root = app.attribute("DocumentRoot").unwrap_or(if app.kind == "rails" { "public" } else { "" });
    let environment = app.attribute("RailsEnv").unwrap_or("production");
    let list = |items: &[&str]| Datum::List(items.iter().map(|item| text(item)).collect());
    // `/usr/local/bin/rake` is there as soon as Ruby is installed.
    let rake = "/usr/local/bin/rake";
    let migrate = if app.attribute("AutoBundleOnDeploy").map_or(app.kind == "rails", |value| value == "true") {
        format!(
            "if [ -f Gemfile ]; then echo 'OpsWorks: Gemfile found - running migration with bundle exec' && /usr/local/bin/bundle exec {rake} db:migrate; else echo 'OpsWorks: no Gemfile - running plain migrations' && {rake} db:migrate; fi"
        )
    } else {
        format!("{rake} db:migrate")
    };
    let monit = |what: &str| text(&format!("monit {what} node_web_app_{}", app.shortname));
    map([
        ("deploy_to", text(&directory)),
        ("chef_provider", text("Timestamped")),
        ("keep_releases", Datum::Integer(5)),
        ("current_path", text(&current)),
        ("document_root", text("")),
        ("absolute_document_root", text(&format!("{current}/{root}/"))),
        ("ignore_bundler_groups", list(&["test", "development"])),
        ("rake", text(rake)),
        ("migrate", Datum::Bool(false)),
        ("migrate_command", text(&migrate)),
        ("rails_env", text("production")),
        ("action", text("deploy")),
        ("user", text("deploy")),
        ("group", text(group)),
        ("shell", text("/bin/bash")),
        ("home", text("/home/deploy")),
        ("sleep_before_restart", Datum::Integer(0)),
        ("stack", map([("needs_reload", Datum::Bool(true))])),
        ("enable_submodules", Datum::Bool(true)),
        ("shallow_clone", Datum::Bool(false)),
        ("delete_cached_copy", Datum::Bool(true)),
        ("purge_before_symlink", list(&["log", "tmp/pids", "public/system"])),
        ("create_dirs_before_symlink", list(&["tmp", "public", "config"])),
        ("symlink_before_migrate", map::<&str>([])),
        ("symlinks", symlinks("rails")),
        (
            "environment",
            map([("RAILS_ENV", text(environment)), ("RUBYOPT", text("")), ("RACK_ENV", text(environment)), ("HOME", text("/home/deploy"))]),
        ),
        ("environment_variables", map::<&str>([])),
        ("ssl_support", Datum::Bool(false)),
        ("auto_npm_install_on_deploy", Datum::Bool(true)),
        (
            "nodejs",
            map([
                ("restart_command", monit("restart")),
                ("stop_command", monit("stop")),
                ("port", Datum::Integer(if app.enable_ssl { 443 } else { 80 })),
            ]),
        ),
    ])
}
