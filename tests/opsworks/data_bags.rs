//! The data bags of a Chef 12 instance.

use super::*;

#[test]
fn data_bags_of_a_chef_12_instance() {
    let base = "runs/1/data_bags/aws_opsworks_";
    let file = |bag: &str| format!("{base}{bag}/item.json");
    let files = [
        (
            file("stack"),
            r#"{"id": "x", "stack_id": "s", "name": "shop-production", "arn": "arn:aws:opsworks:eu-west-1:123456789012:stack/s/", "region": "eu-west-1", "vpc_id": null, "use_custom_cookbooks": true, "custom_cookbooks_source": {"type": "s3", "url": "https://s3.example/c.tar.gz", "username": "u", "password": "pa55word", "ssh_key": null, "revision": null}}"#,
        ),
        (
            file("layer"),
            r#"{"id": "api", "layer_id": "l", "name": "API", "shortname": "api", "type": "custom", "packages": ["git"], "volume_configurations": [{"mount_point": "/data", "size": 10}]}"#,
        ),
        (
            file("instance"),
            r#"{"id": "api1", "instance_id": "i", "hostname": "api1", "layer_ids": ["l"], "os": "Ubuntu 16.04 LTS", "private_ip": "10.0.0.1", "status": "online", "self": true, "ssh_host_rsa_key_private": "x"}"#,
        ),
        (
            file("app"),
            r#"{"id": "site", "app_id": "a", "shortname": "site", "name": "Site", "type": "other", "app_source": {"type": "git", "url": "git@git.example:site.git", "user": "bob", "password": null, "ssh_key": "deploykeytext", "revision": "master"}, "environment": {"SECRET_KEY_BASE": "basebase", "LANG": "C"}, "domains": ["site.example"], "data_sources": [{"type": "RdsDbInstance", "arn": "arn:db", "database_name": "site"}], "attributes": {"rails_env": "production"}, "enable_ssl": false, "deploy": true}"#,
        ),
        (
            file("rds_db_instance"),
            r#"{"id": "db", "rds_db_instance_arn": "arn:db", "db_instance_identifier": "db", "address": "db.example", "db_user": "u", "db_password": "pa55db", "engine": "mysql"}"#,
        ),
        (file("command"), r#"{"id": "c", "command_id": "c", "type": "deploy", "args": {}}"#),
        ("runs/1/attribs.json".to_owned(), r#"{"run_list": ["recipe[site::deploy]"], "site": {"workers": 2}}"#),
    ];
    let stack = one(&files.iter().map(|(path, text)| (path.as_str(), *text)).collect::<Vec<_>>());
    assert_eq!(
        (stack.name.as_str(), stack.chef_version, stack.platform.clone().unwrap().1.as_str()),
        ("shop-production", ChefVersion::Twelve, "16.04")
    );
    assert_eq!(
        (stack.account.as_deref(), stack.layers[0].packages.len(), stack.layers[0].volume_configurations[0].size),
        (Some("123456789012"), 1, Some(10))
    );
    let app = &stack.apps[0];
    assert_eq!(app.source.user, Some(Text::literal("bob")));
    assert_eq!(
        app.environment.iter().map(|variable| (variable.key.as_str(), variable.value.is_secret())).collect::<Vec<_>>(),
        [("SECRET_KEY_BASE", true), ("LANG", false)]
    );
    let runs = runs(&stack);
    assert_eq!(
        runs.iter().map(|run| (run.event, run.run_list.clone())).collect::<Vec<_>>(),
        [(Lifecycle::Deploy, vec!["site::deploy".to_owned()])]
    );
    assert_eq!(dig(&runs[0].attributes, &["site", "workers"]), &Datum::Integer(2));
    assert_eq!(dig(&runs[0].data_bags["aws_opsworks_app"]["site"], &["attributes", "rails_env"]).as_str(), Some("production"));
    let shown = format!("{stack:?} {runs:?}");
    for clear in ["pa55word", "pa55db", "deploykeytext", "basebase"] {
        assert!(!shown.contains(clear), "{clear} is shown");
    }
}
