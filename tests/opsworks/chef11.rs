//! Chef 11 stacks, and the JSON of their instances.

use super::*;

pub(super) const CHEF_11: &str = r#"{
  "Stacks": [{"StackId": "s", "Name": "Shop", "Region": "eu-west-1", "DefaultOs": "Ubuntu 14.04 LTS", "ConfigurationManager": {"Name": "Chef", "Version": "11.10"},
    "CustomJson": "{\"deploy\": {\"shop\": {\"keep_releases\": 3}}, \"opsworks\": {\"data_bags\": {\"users\": {\"ann\": {\"id\": \"ann\"}}}}}",
    "UseCustomCookbooks": true, "CustomCookbooksSource": {"Type": "git", "Url": "git@git.example:shop/cookbooks.git", "SshKey": "*****FILTERED*****"}}],
  "Layers": [
    {"LayerId": "r", "StackId": "s", "Type": "rails-app", "Shortname": "rails-app", "Name": "Rails", "Packages": ["imagemagick"],
     "Attributes": {"RubyVersion": "2.3", "RailsStack": "nginx_unicorn", "BundlerVersion": "1.12.5", "ManageBundler": "true"},
     "DefaultRecipes": {"Setup": ["ruby", "unicorn::rails"], "Configure": ["rails::configure"], "Deploy": ["deploy::default", "deploy::rails"], "Undeploy": [], "Shutdown": []},
     "CustomRecipes": {"Setup": ["shop::setup", "ruby::default"], "Deploy": ["shop::deploy"]}},
    {"LayerId": "m", "StackId": "s", "Type": "memcached", "Shortname": "memcached", "Name": "Memcached", "Attributes": {"MemcachedMemory": "256"}},
    {"LayerId": "q", "StackId": "s", "Type": "custom", "Shortname": "workers", "Name": "Workers", "DefaultRecipes": {"Setup": []}}],
  "Instances": [
    {"InstanceId": "i2", "StackId": "s", "Hostname": "rails-app2", "LayerIds": ["r"], "Status": "online", "PrivateIp": "10.0.0.2", "AvailabilityZone": "eu-west-1b"},
    {"InstanceId": "i1", "StackId": "s", "Hostname": "rails-app1", "LayerIds": ["r"], "Status": "stopped", "PrivateIp": "10.0.0.1"},
    {"InstanceId": "i3", "StackId": "s", "Hostname": "memcached1", "LayerIds": ["m"], "Status": "online", "PrivateIp": "10.0.0.3"}],
  "RdsDbInstances": [{"RdsDbInstanceArn": "arn:aws:rds:eu-west-1:1:db:shop", "DbInstanceIdentifier": "shop", "DbUser": "shop", "DbPassword": "*****FILTERED*****",
    "Address": "shop.example", "Engine": "postgres", "StackId": "s"}],
  "Apps": [{"AppId": "a", "StackId": "s", "Shortname": "shop", "Name": "Shop", "Type": "rails", "Domains": ["shop.example"], "EnableSsl": true,
    "SslConfiguration": {"Certificate": "CERT", "PrivateKey": "KEYTEXT"}, "Attributes": {"RailsEnv": "production", "DocumentRoot": "public", "AutoBundleOnDeploy": "true"},
    "DataSources": [{"Type": "RdsDbInstance", "Arn": "arn:aws:rds:eu-west-1:1:db:shop", "DatabaseName": "shop_db"}],
    "AppSource": {"Type": "git", "Url": "git@git.example:shop/shop.git", "Revision": "master", "SshKey": "*****FILTERED*****"},
    "Environment": [{"Key": "S3_BUCKET", "Value": "b", "Secure": false}, {"Key": "SMTP_USERNAME", "Value": "*****FILTERED*****", "Secure": true}]}]
}"#;

#[test]
fn a_chef_11_stack_sends_opsworks_and_deploy() {
    let stack = one(&[("stack.json", CHEF_11)]);
    let runs = runs(&stack);
    let deploy = run(&runs, "rails-app", Lifecycle::Deploy);
    let app = dig(&deploy.attributes, &["deploy", "shop"]);
    for (path, expected) in [
        (&["database", "adapter"][..], "postgresql"),
        (&["database", "host"], "shop.example"),
        (&["database", "database"], "shop_db"),
        (&["database", "username"], "shop"),
        (&["memcached", "host"], "10.0.0.3"),
        (&["domains", "1"], "shop"),
        (&["scm", "repository"], "git@git.example:shop/shop.git"),
        (&["restart_command"], "../../shared/scripts/unicorn restart"),
        (&["symlinks", "pids"], "tmp/pids"),
        (&["symlink_before_migrate", "config/database.yml"], "config/database.yml"),
        (&["deploy_to"], "/srv/www/shop"),
        (&["environment_variables", "S3_BUCKET"], "b"),
        (&["rails_env"], "production"),
    ] {
        assert_eq!(dig(app, path).as_str(), Some(expected), "{path:?}");
    }
    for secret in
        [&["database", "password"][..], &["scm", "ssh_key"], &["ssl_certificate_key"], &["environment_variables", "SMTP_USERNAME"]]
    {
        assert!(dig(app, secret).as_text().unwrap().is_secret(), "{secret:?}");
    }
    // Custom JSON goes over what is sent; cookbooks' defaults are on a level of their own.
    assert_eq!(dig(app, &["keep_releases"]), &Datum::Integer(3));
    assert_eq!(dig(&deploy.default_attributes, &["deploy", "shop", "keep_releases"]), &Datum::Integer(5));
    assert_eq!(
        dig(&deploy.default_attributes, &["deploy", "shop", "absolute_document_root"]).as_str(),
        Some("/srv/www/shop/current/public/")
    );
    assert_eq!(dig(&deploy.default_attributes, &["opsworks", "deploy_user", "group"]).as_str(), Some("www-data"));
    assert_eq!(dig(&deploy.default_attributes, &["apache", "version"]).as_str(), Some("2.4"));
    assert_eq!(deploy.data_bags["users"]["ann"], dig(&deploy.attributes, &["opsworks", "data_bags", "users", "ann"]).clone());

    let opsworks = dig(&deploy.attributes, &["opsworks"]);
    assert_eq!(dig(opsworks, &["activity"]).as_str(), Some("deploy"));
    assert_eq!(dig(opsworks, &["ruby_version"]).as_str(), Some("2.3"));
    assert_eq!(dig(opsworks, &["rails_stack", "name"]).as_str(), Some("nginx_unicorn"));
    assert_eq!(dig(&deploy.attributes, &["opsworks_bundler", "manage_package"]), &Datum::Bool(true));
    assert_eq!(dig(&deploy.attributes, &["memcached", "memory"]), &Datum::Integer(256));
    assert_eq!(keys(dig(&deploy.attributes, &["dependencies", "debs"])), ["imagemagick"]);
    // Only online instances are listed, and the one that the run is on has holes.
    assert_eq!(keys(dig(opsworks, &["layers", "rails-app", "instances"])), ["rails-app2"]);
    assert_eq!(hole_value(dig(opsworks, &["layers", "rails-app", "instances", "rails-app2", "private_ip"])).as_deref(), Some("10.0.0.2"));
    assert_eq!(dig(opsworks, &["layers", "memcached", "instances", "memcached1", "private_ip"]).as_str(), Some("10.0.0.3"));
    assert_eq!(hole_value(dig(opsworks, &["instance", "hostname"])).as_deref(), Some("rails-app2"));
    assert_eq!(dig(opsworks, &["instance", "layers", "0"]).as_str(), Some("rails-app"));
    assert_eq!(dig(opsworks, &["instance", "region"]).as_str(), Some("eu-west-1"));
    assert_eq!(dig(opsworks, &["stack", "rds_instances", "0", "db_name"]).as_str(), Some("shop_db"));
}

#[test]
fn chef_11_run_lists_believe_the_export_and_configure_knows_the_apps() {
    let stack = one(&[("stack.json", CHEF_11)]);
    let runs = runs(&stack);
    let frame = |built_in: &[&'static str], custom: &[&'static str]| -> Vec<&'static str> {
        [
            &["opsworks_custom_cookbooks::load"],
            built_in,
            &["opsworks_stack_state_sync", "opsworks_custom_cookbooks::execute"],
            custom,
            &["test_suite", "opsworks_cleanup"],
        ]
        .concat()
    };
    // A recipe named twice runs once.
    assert_eq!(run(&runs, "rails-app", Lifecycle::Setup).run_list, frame(&["ruby", "unicorn::rails"], &["shop::setup"]));
    let configure = run(&runs, "rails-app", Lifecycle::Configure);
    assert_eq!(configure.run_list, frame(&["rails::configure"], &[]));
    // What the service sends of the app is there, and what custom JSON says about it.
    assert_eq!(dig(&configure.attributes, &["deploy", "shop", "deploy_to"]).as_str(), Some("/srv/www/shop"));
    assert!(keys(dig(&configure.attributes, &["deploy", "shop"])).contains(&"keep_releases"));
    // The memcached layer has no list in the export; the custom one has an empty list.
    assert!(run(&runs, "memcached", Lifecycle::Setup).run_list.contains(&"memcached".to_owned()));
    assert!(!runs.iter().any(|run| run.layer == "workers" || (run.layer == "rails-app" && run.event == Lifecycle::Undeploy)));
}

pub(super) const INSTANCE_JSON: &str = r#"{
  "opsworks": {"activity": "deploy", "ruby_version": "2.1",
    "stack": {"id": "s", "name": "Shop", "rds_instances": [{"address": "db.example", "engine": "mysql", "db_instance_identifier": "shop", "db_user": "u", "db_password": "pa55rds", "arn": "arn:rds"}]},
    "applications": [{"name": "Shop", "slug_name": "shop", "application_type": "rails"}],
    "instance": {"hostname": "rails-app1", "id": "i1", "layers": ["rails-app"], "private_ip": "10.0.0.1", "region": "eu-west-1"},
    "layers": {"rails-app": {"id": "r", "name": "Rails", "instances": {"rails-app1": {"id": "i1", "private_ip": "10.0.0.1", "status": "online"}}},
               "workers": {"id": "w", "name": "Workers", "instances": {"workers1": {"id": "i2", "private_ip": "10.0.0.9", "status": "online"}}}}},
  "deploy": {"shop": {"application": "shop", "application_type": "rails", "deploy_to": "/srv/www/shop", "migrate": true, "domains": ["shop.example", "shop"],
    "scm": {"scm_type": "git", "repository": "git@git.example:shop.git", "revision": "master", "ssh_key": "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----"},
    "database": {"adapter": "mysql2", "host": "db.example", "username": "u", "password": "pa55db", "database": "shop", "data_source_provider": "rds"},
    "environment_variables": {"S3_BUCKET": "b", "API_TOKEN": "tok-in-the-clear", "SMTP_USERNAME": "mailer"}}},
  "sidekiq": {"shop": {"default": {"process_count": 2}}},
  "recipes": ["opsworks_custom_cookbooks::load", "deploy::default", "deploy::rails", "opsworks_stack_state_sync", "opsworks_custom_cookbooks::execute", "test_suite", "opsworks_cleanup"],
  "opsworks_custom_cookbooks": {"enabled": true, "recipes": ["shop::deploy", "sidekiq"], "scm": {"type": "git", "repository": "git@git.example:cookbooks.git"}}
}"#;

#[test]
fn the_json_of_a_chef_11_instance_is_a_stack_and_its_own_attributes() {
    let stack = one(&[("2019-01-01.json", INSTANCE_JSON)]);
    assert_eq!((stack.name.as_str(), stack.chef_version, stack.apps[0].kind.as_str()), ("Shop", ChefVersion::Eleven10, "rails"));
    assert_eq!(
        stack.layers.iter().map(|layer| (layer.shortname.as_str(), layer.kind.as_str())).collect::<Vec<_>>(),
        [("rails-app", "rails-app"), ("workers", "custom")]
    );
    assert_eq!(keys(&stack.custom_json), ["sidekiq"]);
    assert_eq!(stack.apps[0].data_sources[0].arn.as_ref().map(ToString::to_string).as_deref(), Some("arn:rds"));
    let runs = runs(&stack);
    let deploy = run(&runs, "rails-app", Lifecycle::Deploy);
    assert_eq!(
        &deploy.run_list[1..6],
        ["deploy::default", "deploy::rails", "opsworks_stack_state_sync", "opsworks_custom_cookbooks::execute", "shop::deploy"]
    );
    assert_eq!(dig(&deploy.attributes, &["deploy", "shop", "migrate"]), &Datum::Bool(true));
    assert_eq!(dig(&deploy.attributes, &["sidekiq", "shop", "default", "process_count"]), &Datum::Integer(2));
    assert_eq!(hole_value(dig(&deploy.attributes, &["opsworks", "instance", "private_ip"])).as_deref(), Some("10.0.0.1"));
    assert_eq!(
        dig(&deploy.attributes, &["opsworks", "layers", "workers", "instances", "workers1", "private_ip"]).as_str(),
        Some("10.0.0.9")
    );
    let shown = format!("{stack:?} {runs:?}");
    for clear in ["tok-in-the-clear", "pa55rds", "pa55db", "BEGIN RSA"] {
        assert!(!shown.contains(clear), "{clear} is shown");
    }
}

#[test]
fn what_the_api_calls_secure_stays_so_with_the_instances_json_beside() {
    let (stacks, _) = load(&[("stack.json", CHEF_11), ("run.json", INSTANCE_JSON)]);
    assert_eq!((stacks.len(), stacks[0].instance_runs.len()), (1, 1));
    let runs = runs(&stacks[0]);
    let deploy = run(&runs, "rails-app", Lifecycle::Deploy);
    let user = dig(&deploy.attributes, &["deploy", "shop", "environment_variables", "SMTP_USERNAME"]);
    assert!(user.as_text().unwrap().is_secret());
    assert_eq!(hole_value(user).as_deref(), Some("mailer"));
    assert!(!format!("{runs:?}").contains("mailer"));
}
