//! The exports of the corpus: stacks, secrets, run lists, data bags.

use super::*;

#[test]
fn the_production_stack_of_the_corpus() {
    let (stacks, diagnostics) = load(&corpus!("production"));
    assert_eq!(diagnostics, []);
    let [stack] = stacks.as_slice() else { panic!("one stack") };
    assert_eq!(
        (stack.name.as_str(), stack.region.as_deref(), stack.account.as_deref()),
        ("photo-album-production", Some("ap-northeast-1"), Some("123456789012"))
    );
    assert_eq!(stack.platform, Some(("ubuntu".to_owned(), "18.04".to_owned())));
    assert_eq!((stack.chef_version, stack.default_role.as_deref()), (ChefVersion::Twelve, Some("photo-album-production")));
    assert_eq!(stack.layers.iter().map(|layer| layer.shortname.as_str()).collect::<Vec<_>>(), ["api", "web", "worker", "batch"]);
    let counts: Vec<(usize, usize)> = stack
        .layers
        .iter()
        .map(|layer| (stack.instances_of(layer).len(), stack.instances_of(layer).iter().filter(|instance| instance.is_online()).count()))
        .collect();
    assert_eq!(counts, [(3, 2), (2, 2), (3, 2), (1, 1)]);
    let worker = stack.layer("worker").unwrap();
    assert_eq!((worker.packages.as_slice(), worker.shutdown_timeout), (&["libvips-tools".to_owned()][..], 180));
    assert_eq!(
        (worker.volume_configurations[0].mount_point.as_str(), worker.volume_configurations[0].size),
        ("/srv/www/photo_album/shared/tmp", Some(200))
    );
    assert!(stack.layer("api").unwrap().drains_load_balancer && !worker.drains_load_balancer);
    assert_eq!(
        stack.load_balancers.iter().map(|balancer| balancer.layer_id.as_str()).collect::<Vec<_>>(),
        [stack.layers[0].id.as_str(), stack.layers[1].id.as_str()]
    );
    assert_eq!((stack.databases[0].engine.as_deref(), stack.databases[0].port), (Some("aurora-mysql"), Some(3306)));
    assert!(stack.databases[0].password.as_ref().unwrap().is_secret());
    assert_eq!(stack.cookbooks_source.as_ref().unwrap().kind.as_deref(), Some("s3"));
    let origin = stack.apps[0].environment[1].origin.clone().unwrap();
    assert_eq!((origin.path.as_str(), origin.line), ("opsworks/production/describe-apps.json", 41));
}

#[test]
fn secure_and_telling_variables_of_the_corpus_are_secret() {
    let (stacks, _) = load(&[corpus!("production").as_slice(), corpus!("staging").as_slice()].concat());
    let secret = |stack: &Stack| {
        stack.apps[0]
            .environment
            .iter()
            .filter(|variable| variable.value.is_secret())
            .map(|variable| variable.key.clone())
            .collect::<Vec<_>>()
    };
    let secure = ["SECRET_KEY_BASE", "CLOUDFRONT_PRIVATE_KEY", "SMTP_USERNAME", "SMTP_PASSWORD"];
    assert_eq!(secret(&stacks[0]), [&secure[..], &["NEW_RELIC_LICENSE_KEY", "NEW_RELIC_API_KEY", "PUSH_API_TOKEN"][..]].concat());
    assert_eq!(secret(&stacks[1]), [&secure[..], &["PUSH_API_TOKEN"][..]].concat());
    let token = stacks[1].apps[0].environment.iter().find(|variable| variable.key == "PUSH_API_TOKEN").unwrap();
    assert!(!token.secure);
    assert_eq!(token.value.holes().next().unwrap().value.as_deref(), Some("stg-push-token-in-the-clear"));
    let key_id = stacks[0].apps[0].environment.iter().find(|variable| variable.key == "CLOUDFRONT_KEY_ID").unwrap();
    assert_eq!(key_id.value.known(), Some("APKAEXAMPLE"));
    // Nothing that can be printed has them.
    let everything = format!("{stacks:?} {:?}", stacks.iter().flat_map(runs).collect::<Vec<_>>());
    for clear in ["stg-push-token-in-the-clear", "$apr1$", "*****FILTERED*****"] {
        assert!(!everything.contains(clear), "{clear} is shown");
    }
}

#[test]
fn environments_are_named_without_what_stacks_share() {
    let (stacks, _) = load(&[corpus!("production").as_slice(), corpus!("staging").as_slice()].concat());
    assert_eq!(stacks.iter().map(|stack| stack.environment.as_str()).collect::<Vec<_>>(), ["production", "staging"]);
    let mut apart = vec![one(&corpus!("production")), one(&corpus!("staging"))];
    assert_eq!(apart[0].environment, "photo-album-production");
    environment::name_environments(&mut apart);
    assert_eq!(runs(&apart[1])[0].environment, "staging");
}

#[test]
fn run_lists_and_custom_json_of_the_corpus() {
    let runs = runs(&one(&corpus!("production")));
    // Four layers with five events; the batch layer has nothing at Shutdown.
    assert_eq!(runs.len(), 19);
    assert_eq!(run(&runs, "worker", Lifecycle::Deploy).run_list, ["photo_album::deploy", "sidekiq", "whenever"]);
    assert_eq!(run(&runs, "worker", Lifecycle::Shutdown).run_list, ["sidekiq::stop"]);
    assert!(runs.iter().all(|run| run.platform == ("ubuntu".to_owned(), "18.04".to_owned())));
    let api = run(&runs, "api", Lifecycle::Setup);
    assert_eq!(dig(&api.attributes, &["photo_album", "puma", "workers"]), &Datum::Integer(4));
    // The layer's custom JSON goes over the stack's.
    let web = run(&runs, "web", Lifecycle::Setup);
    assert_eq!(dig(&web.attributes, &["photo_album", "puma", "workers"]), &Datum::Integer(2));
    assert_eq!(dig(&web.attributes, &["photo_album", "env", "FREE_VIDEO_SECONDS"]).as_str(), Some("180"));
    assert_eq!(dig(&web.attributes, &["base", "admins", "sato"]).as_str(), Some("ssh-ed25519 AAAAC3-example-sato"));
    assert_eq!(web.default_attributes, Datum::Map(IndexMap::new()));
    let staging = super::runs(&one(&corpus!("staging")));
    let auth = dig(&staging[0].attributes, &["nginx", "basic_auth"]);
    assert!(auth.as_text().unwrap().is_secret());
    assert_eq!(hole_value(auth).as_deref(), Some("album:$apr1$example0$not.a.real.hash"));
}

#[test]
fn chef_12_data_bags_have_the_keys_of_the_service() {
    let runs = runs(&one(&corpus!("production")));
    let bags = &run(&runs, "api", Lifecycle::Deploy).data_bags;
    let names: Vec<&str> = bags.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "aws_opsworks_app",
            "aws_opsworks_command",
            "aws_opsworks_ecs_cluster",
            "aws_opsworks_elastic_load_balancer",
            "aws_opsworks_instance",
            "aws_opsworks_layer",
            "aws_opsworks_rds_db_instance",
            "aws_opsworks_stack",
            "aws_opsworks_user"
        ]
    );
    let app = &bags["aws_opsworks_app"]["photo_album"];
    assert_eq!(
        keys(app),
        [
            "id",
            "app_id",
            "app_source",
            "attributes",
            "data_sources",
            "deploy",
            "domains",
            "enable_ssl",
            "environment",
            "name",
            "shortname",
            "ssl_configuration",
            "type"
        ]
    );
    assert_eq!(keys(dig(app, &["app_source"])), ["type", "url", "user", "password", "ssh_key", "revision"]);
    assert_eq!(dig(app, &["deploy"]), &Datum::Bool(true));
    assert_eq!(dig(app, &["attributes", "document_root"]), &Datum::Nil);
    assert!(dig(app, &["app_source", "ssh_key"]).as_text().unwrap().is_secret());
    assert_eq!(dig(app, &["environment", "LANG"]).as_str(), Some("ja_JP.UTF-8"));
    assert!(dig(app, &["environment", "SMTP_USERNAME"]).as_text().unwrap().is_secret());
    let arn = dig(app, &["data_sources", "0", "arn"]);
    let rds = &bags["aws_opsworks_rds_db_instance"]["photo-album-production"];
    assert_eq!(dig(rds, &["rds_db_instance_arn"]), arn);
    assert_eq!(
        keys(rds),
        ["id", "address", "port", "db_instance_identifier", "db_password", "db_user", "engine", "rds_db_instance_arn", "region"]
    );
    assert!(dig(rds, &["db_password"]).as_text().unwrap().is_secret());
    assert_eq!(dig(&bags["aws_opsworks_command"]["deploy"], &["type"]).as_str(), Some("deploy"));
    assert_eq!(
        dig(&run(&runs, "api", Lifecycle::Configure).data_bags["aws_opsworks_app"]["photo_album"], &["deploy"]),
        &Datum::Bool(false)
    );
    assert_eq!(bags["aws_opsworks_layer"].keys().collect::<Vec<_>>(), ["api", "web", "worker", "batch"]);
}

#[test]
fn the_representative_is_one_instance_with_its_own_values_as_holes() {
    let runs = runs(&one(&corpus!("production")));
    let run = run(&runs, "worker", Lifecycle::Setup);
    assert_eq!((run.instance.instance.hostname.as_str(), run.instance.made_up), ("worker1", false));
    let bag = &run.data_bags["aws_opsworks_instance"];
    let own: Vec<&str> = bag.iter().filter(|(_, item)| dig(item, &["self"]) == &Datum::Bool(true)).map(|(id, _)| id.as_str()).collect();
    assert_eq!(own, ["worker1"]);
    let hole = dig(&bag["worker1"], &["private_ip"]).as_text().unwrap();
    let hole = hole.holes().next().unwrap();
    assert_eq!((hole.secret, hole.value.as_deref(), hole.reason.as_str()), (false, Some("10.1.0.15"), "host-dependent"));
    assert_eq!(dig(&bag["worker2"], &["private_ip"]).as_str(), Some("10.1.0.16"));
    assert_eq!(dig(&bag["worker3"], &["status"]).as_str(), Some("stopped"));
    assert_eq!(dig(&bag["worker1"], &["role", "0"]).as_str(), Some("worker"));
    // A host in two layers has both.
    let staging = super::runs(&one(&corpus!("staging")));
    assert_eq!(dig(&staging[0].data_bags["aws_opsworks_instance"]["app1"], &["layer_ids"]).items().len(), 2);
}

#[test]
fn a_layer_without_instances_gets_one_that_is_made_up() {
    let files = corpus!("production");
    let without: Vec<(&str, &str)> =
        files.into_iter().filter(|(path, _)| !path.contains("instances.json") || path.contains("rds")).collect();
    let runs = runs(&one(&without));
    let run = run(&runs, "api", Lifecycle::Setup);
    assert!(run.instance.made_up);
    let item = &run.data_bags["aws_opsworks_instance"]["api1"];
    assert_eq!(hole_value(dig(item, &["hostname"])).as_deref(), Some("api1"));
    assert_eq!((hole_value(dig(item, &["private_ip"])), dig(item, &["private_ip"]).as_str()), (None, None));
}
