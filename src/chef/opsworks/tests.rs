//! The exports of the corpus, and templates, instance JSON and data bags as people save them, from files to runs.

use indexmap::IndexMap;

use super::run::{RunInput, runs};
use super::stack::{ChefVersion, Stack};
use super::{environment, read};
use crate::diagnostic::{Diagnostic, Severity};
use crate::graph::{Datum, Lifecycle};
use crate::source::{FileId, SourceMap};
use crate::text::Text;

macro_rules! corpus {
    ($stack:literal) => {
        corpus!($stack, "apps", "elastic-load-balancers", "instances", "layers", "rds-db-instances", "stacks")
    };
    ($stack:literal, $($name:literal),*) => {
        [$((
            concat!("opsworks/", $stack, "/describe-", $name, ".json"),
            include_str!(concat!("../../../corpus/photo-album/opsworks/", $stack, "/describe-", $name, ".json")),
        )),*]
    };
}

fn load(files: &[(&str, &str)]) -> (Vec<Stack>, Vec<Diagnostic>) {
    let mut sources = SourceMap::new();
    let ids: Vec<FileId> = files.iter().map(|(path, text)| sources.add_text(*path, *text)).collect();
    read(&sources, &ids)
}

fn one(files: &[(&str, &str)]) -> Stack {
    let (mut stacks, diagnostics) = load(files);
    assert_eq!(stacks.len(), 1, "{diagnostics:?}");
    stacks.remove(0)
}

fn dig<'a>(datum: &'a Datum, path: &[&str]) -> &'a Datum {
    path.iter().fold(datum, |datum, key| match datum {
        Datum::Map(map) => map.get(*key).unwrap_or_else(|| panic!("no `{key}` in {:?}", map.keys().collect::<Vec<_>>())),
        Datum::List(items) => &items[key.parse::<usize>().unwrap()],
        other => panic!("no `{key}` in {other:?}"),
    })
}

fn run<'a>(runs: &'a [RunInput], layer: &str, event: Lifecycle) -> &'a RunInput {
    runs.iter().find(|run| run.layer == layer && run.event == event).unwrap()
}

fn keys(datum: &Datum) -> Vec<&str> {
    match datum {
        Datum::Map(map) => map.keys().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

fn hole_value(datum: &Datum) -> Option<String> {
    datum.as_text()?.holes().next()?.value.clone()
}

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
    let staging = super::run::runs(&one(&corpus!("staging")));
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
    let staging = super::run::runs(&one(&corpus!("staging")));
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

#[test]
fn answers_may_be_concatenated_wrapped_or_bare() {
    let files = corpus!("production");
    let expected = one(&files);
    let concatenated: String = files.iter().map(|(_, text)| *text).collect();
    let wrapped =
        format!("{{{}}}", files.iter().enumerate().map(|(index, (_, text))| format!("\"{index}\": {text}")).collect::<Vec<_>>().join(","));
    // `--query Layers`: the bare list, here of all kinds in one.
    let bare: Vec<String> = files
        .iter()
        .flat_map(|(_, text)| {
            let value: serde_json::Value = serde_json::from_str(text).unwrap();
            let list = value.as_object().unwrap().values().next().unwrap().as_array().unwrap().clone();
            list.iter().map(ToString::to_string).collect::<Vec<_>>()
        })
        .collect();
    let yaml = files
        .iter()
        .map(|(_, text)| serde_yaml::to_string(&serde_json::from_str::<serde_yaml::Value>(text).unwrap()).unwrap())
        .collect::<Vec<_>>()
        .join("---\n");
    for (name, text) in
        [("all.json", concatenated), ("all.json", wrapped), ("all.json", format!("[{}]", bare.join(","))), ("all.yaml", yaml)]
    {
        let stack = one(&[(name, &text)]);
        let strip = |stack: &Stack| {
            format!("{:?}", runs(stack).iter().map(|run| (&run.layer, &run.run_list, &run.attributes, &run.data_bags)).collect::<Vec<_>>())
        };
        let shape = |stack: &Stack| {
            (stack.layers.len(), stack.instances.len(), stack.apps[0].environment.len(), stack.load_balancers.len(), stack.databases.len())
        };
        assert_eq!(shape(&stack), shape(&expected), "{name}");
        assert_eq!(strip(&stack), strip(&expected), "{name}");
    }
}

#[test]
fn records_without_a_stack_id_join_by_layer_then_folder() {
    let stack = |id: &str| {
        format!(
            r#"{{"Stacks": [{{"StackId": "{id}", "Name": "{id}", "DefaultOs": "Ubuntu 16.04 LTS", "ConfigurationManager": {{"Version": "12"}}}}]}}"#
        )
    };
    let layer = r#"{"Layers": [{"LayerId": "l1", "StackId": "a", "Shortname": "web", "Type": "custom"}]}"#;
    let (stacks, diagnostics) = load(&[
        ("a/stack.json", &stack("a")),
        ("b/stack.json", &stack("b")),
        ("a/layers.json", layer),
        ("c/instances.json", r#"{"Instances": [{"InstanceId": "i1", "Hostname": "web1", "LayerIds": ["l1"]}]}"#),
        ("b/apps.json", r#"{"Apps": [{"AppId": "x", "Shortname": "shop"}]}"#),
        ("c/volumes.json", r#"{"Volumes": [{"VolumeId": "v1", "InstanceId": "i1"}, {"VolumeId": "v2"}]}"#),
        ("c/other.json", r#"{"Layers": [{"LayerId": "l9", "StackId": "z", "Shortname": "lost"}]}"#),
    ]);
    assert_eq!((stacks[0].instances.len(), stacks[0].volumes.len(), stacks[0].apps.len()), (1, 1, 0));
    assert_eq!(stacks[1].apps[0].shortname, "shop");
    let said: Vec<(&str, &str)> = diagnostics.iter().map(|diagnostic| (diagnostic.code, diagnostic.message.as_str())).collect();
    assert_eq!(
        said,
        [
            ("S015", "layer `lost` belongs to stack `z`, which the export does not have"),
            ("S015", "volume `v2` does not say which stack it belongs to")
        ]
    );
}

#[test]
fn layers_without_their_stack_are_kept() {
    let (stacks, diagnostics) = load(&[(
        "shop/layers.json",
        r#"{"Layers": [{"LayerId": "l1", "StackId": "a", "Shortname": "web", "CustomRecipes": {"Setup": ["recipe[x]"]}}]}"#,
    )]);
    assert_eq!((stacks[0].name.as_str(), stacks[0].layers.len()), ("shop", 1));
    assert_eq!(runs(&stacks[0])[0].run_list, ["x"]);
    assert_eq!(diagnostics.iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>(), ["S019", "S018"]);
}

const TEMPLATE_YAML: &str = r"
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Env: {Type: String, Default: production}
  DbPassword: {Type: String, NoEcho: true}
  Vpc: {Type: String}
Mappings:
  Sizes: {production: {api: c5.large}}
Conditions:
  IsProduction: !Equals [!Ref Env, production]
  IsStaging: !Not [!Condition IsProduction]
Resources:
  Shop:
    Type: AWS::OpsWorks::Stack
    Properties:
      Name: !Sub 'shop-${Env}'
      ServiceRoleArn: !Sub 'arn:aws:iam::${AWS::AccountId}:role/opsworks'
      DefaultInstanceProfileArn: arn:aws:iam::123456789012:instance-profile/shop
      DefaultOs: Ubuntu 16.04 LTS
      VpcId: !Ref Vpc
      ConfigurationManager: {Name: Chef, Version: '12'}
      CustomJson:
        shop:
          bucket: !Join ['-', [shop, !Ref Env, assets]]
          queue: !GetAtt Queue.QueueName
          smtp_password: !Ref DbPassword
          workers: 3
      RdsDbInstances:
        - RdsDbInstanceArn: !Sub 'arn:aws:rds:${AWS::Region}:${AWS::AccountId}:db:${Db}'
          DbUser: shop
          DbPassword: !Ref DbPassword
  Api:
    Type: AWS::OpsWorks::Layer
    Properties:
      StackId: !Ref Shop
      Type: custom
      Name: API
      Shortname: api
      EnableAutoHealing: 'true'
      CustomRecipes:
        Setup: [base, 'shop::setup']
        Deploy: ['shop::deploy']
      LifecycleEventConfiguration:
        ShutdownEventConfiguration: {ExecutionTimeout: '90', DelayUntilElbConnectionsDrained: true}
  Api1:
    Type: AWS::OpsWorks::Instance
    Properties:
      StackId: !Ref Shop
      LayerIds: [!Ref Api]
      InstanceType: !FindInMap [Sizes, !Ref Env, api]
  Api2:
    Type: AWS::OpsWorks::Instance
    Condition: IsStaging
    Properties: {StackId: !Ref Shop, LayerIds: [!Ref Api], InstanceType: t3.small}
  Site:
    Type: AWS::OpsWorks::App
    Properties:
      StackId: !Ref Shop
      Name: Shop site
      Type: other
      AppSource: {Type: git, Url: 'git@git.example:shop/site.git', Revision: !If [IsProduction, release, develop]}
      DataSources: [{Type: RdsDbInstance, Arn: !Sub 'arn:aws:rds:${AWS::Region}:${AWS::AccountId}:db:${Db}', DatabaseName: shop}]
      Environment:
        - {Key: STRIPE_KEY, Value: 'sk_live_abcdefgh12345678', Secure: 'false'}
        - {Key: SECRET_KEY_BASE, Value: '{{resolve:secretsmanager:shop:SecretString:base}}', Secure: true}
        - {Key: RAILS_ENV, Value: !Ref Env}
  Attachment:
    Type: AWS::OpsWorks::ElasticLoadBalancerAttachment
    Properties: {ElasticLoadBalancerName: !Ref Elb, LayerId: !Ref Api}
  Db:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, EngineVersion: '13'}
  Elb: {Type: AWS::ElasticLoadBalancing::LoadBalancer}
  Queue: {Type: AWS::SQS::Queue}
";

#[test]
fn a_yaml_template_with_short_forms() {
    let (stacks, diagnostics) = load(&[("stack.yaml", TEMPLATE_YAML)]);
    let [stack] = stacks.as_slice() else { panic!("{diagnostics:?}") };
    assert_eq!(
        (stack.name.as_str(), stack.account.as_deref(), stack.default_role.as_deref()),
        ("shop-production", Some("123456789012"), Some("shop"))
    );
    assert_eq!(stack.vpc_id.as_ref().unwrap().to_string(), "‹Vpc›");
    assert_eq!(dig(&stack.custom_json, &["shop", "bucket"]).as_str(), Some("shop-production-assets"));
    assert_eq!(dig(&stack.custom_json, &["shop", "workers"]), &Datum::Integer(3));
    let queue = dig(&stack.custom_json, &["shop", "queue"]).as_text().unwrap();
    assert_eq!((queue.to_string().as_str(), queue.is_secret()), ("‹Queue.QueueName›", false));
    assert!(dig(&stack.custom_json, &["shop", "smtp_password"]).as_text().unwrap().is_secret());
    let layer = &stack.layers[0];
    assert_eq!((layer.shutdown_timeout, layer.drains_load_balancer, layer.auto_healing), (90, true, true));
    assert_eq!(
        stack.instances.iter().map(|instance| (instance.hostname.as_str(), instance.instance_type.as_deref())).collect::<Vec<_>>(),
        [("api1", Some("c5.large"))]
    );
    assert!(diagnostics.iter().any(|diagnostic| diagnostic.message.contains("`Api2` is left out")));
    let app = &stack.apps[0];
    assert_eq!((app.shortname.as_str(), app.source.revision.as_ref().and_then(|text| text.known())), ("shop_site", Some("release")));
    assert_eq!(app.environment.iter().map(|variable| variable.value.is_secret()).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(app.environment[2].value.known(), Some("production"));
    let database = &stack.databases[0];
    assert_eq!(
        (database.engine.as_deref(), database.port, &database.arn),
        (Some("postgres"), Some(5432), app.data_sources[0].arn.as_ref().unwrap())
    );
    assert_eq!(database.host().to_string(), "‹Db.Endpoint.Address›");
    assert_eq!(stack.load_balancers[0].layer_id, "Api");
    let runs = runs(stack);
    assert_eq!(runs.iter().map(|run| (run.event, run.run_list.len())).collect::<Vec<_>>(), [(Lifecycle::Setup, 2), (Lifecycle::Deploy, 1)]);
    assert_eq!(runs[0].instance.instance.hostname, "api1");
    let origin = layer.origin.clone().unwrap();
    assert_eq!(TEMPLATE_YAML.lines().nth(origin.line as usize - 1), Some("  Api:"));
}

#[test]
fn a_json_template_is_the_same() {
    let template = r#"{
      "Parameters": {"App": {"Type": "String", "Default": "shop"}, "Domains": {"Type": "CommaDelimitedList", "Default": "a.example, b.example"}},
      "Resources": {
        "S": {"Type": "AWS::OpsWorks::Stack", "Properties": {"Name": {"Fn::Join": ["-", [{"Ref": "App"}, "eu"]]}, "DefaultOs": "Amazon Linux 2018.03",
              "ConfigurationManager": {"Version": "11.10"}, "ServiceRoleArn": "arn:aws:iam::123456789012:role/x"}},
        "L": {"Type": "AWS::OpsWorks::Layer", "Properties": {"StackId": {"Ref": "S"}, "Type": "rails-app", "Name": "Rails", "Shortname": "rails-app",
              "Attributes": {"RubyVersion": "2.3", "RailsStack": "nginx_unicorn"}, "CustomRecipes": {"Deploy": ["shop::deploy"]}}},
        "A": {"Type": "AWS::OpsWorks::App", "Properties": {"StackId": {"Ref": "S"}, "Name": "Shop", "Type": "rails", "Domains": {"Ref": "Domains"},
              "AppSource": {"Type": "git", "Url": {"Fn::Sub": "https://u:pa55@git.example/${App}.git"}}}}
      }}"#;
    let stack = one(&[("cfn.template", template)]);
    assert_eq!((stack.name.as_str(), stack.chef_version), ("shop-eu", ChefVersion::Eleven10));
    assert_eq!(stack.apps[0].domains.iter().map(ToString::to_string).collect::<Vec<_>>(), ["a.example", "b.example"]);
    assert_eq!(stack.apps[0].source.url.as_ref().unwrap().to_string(), "https://u:‹APP_SOURCE_URL_PASSWORD›@git.example/shop.git");
    // Without `DefaultRecipes` the table of built-in recipes serves.
    let runs = runs(&stack);
    assert_eq!(
        run(&runs, "rails-app", Lifecycle::Deploy).run_list,
        [
            "opsworks_custom_cookbooks::load",
            "deploy::default",
            "deploy::rails",
            "opsworks_stack_state_sync",
            "opsworks_custom_cookbooks::execute",
            "shop::deploy",
            "test_suite",
            "opsworks_cleanup"
        ]
    );
    assert!(run(&runs, "rails-app", Lifecycle::Setup).run_list.contains(&"unicorn::rails".to_owned()));
    assert_eq!(run(&runs, "rails-app", Lifecycle::Setup).platform, ("amazon".to_owned(), "2018.03".to_owned()));
}

const CHEF_11: &str = r#"{
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
fn chef_11_run_lists_believe_the_export_and_deploy_is_not_there_at_configure() {
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
    // What custom JSON says about the app is there, what the service sends is not.
    assert_eq!(keys(dig(&configure.attributes, &["deploy", "shop"])), ["keep_releases"]);
    // The memcached layer has no list in the export; the custom one has an empty list.
    assert!(run(&runs, "memcached", Lifecycle::Setup).run_list.contains(&"memcached".to_owned()));
    assert!(!runs.iter().any(|run| run.layer == "workers" || (run.layer == "rails-app" && run.event == Lifecycle::Undeploy)));
}

const INSTANCE_JSON: &str = r#"{
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

#[test]
fn faults_are_diagnostics_with_their_place() {
    let codes = |files: &[(&str, &str)]| load(files).1.iter().map(|diagnostic| (diagnostic.code, diagnostic.severity)).collect::<Vec<_>>();
    assert_eq!(codes(&[]), [("S019", Severity::Error)]);
    assert_eq!(codes(&[("a.json", "")]), [("S016", Severity::Note), ("S019", Severity::Error)]);
    assert_eq!(codes(&[("README.md", "# Stacks")]), [("S013", Severity::Note), ("S019", Severity::Error)]);
    assert_eq!(codes(&[("x.json", "{\"a\": 1}")]), [("S013", Severity::Note), ("S019", Severity::Error)]);
    assert_eq!(codes(&[("main.tf", "resource \"aws_opsworks_stack\" \"x\" {}")]), [("S014", Severity::Warning), ("S019", Severity::Error)]);
    assert_eq!(
        codes(&[("terraform.tfstate", "{\"terraform_version\": \"1\", \"resources\": []}")]),
        [("S014", Severity::Warning), ("S019", Severity::Error)]
    );
    assert_eq!(
        codes(&[("s.json", "{\"Servers\": [{\"ServerName\": \"chef\"}]}")]),
        [("S014", Severity::Warning), ("S019", Severity::Error)]
    );
    assert_eq!(codes(&[("c.yml", "Resources:\n  A: [AWS::OpsWorks::Stack\n")]), [("S011", Severity::Error), ("S019", Severity::Error)]);

    let mut sources = SourceMap::new();
    let file = sources.add_text("d/layers.json", "{\n  \"Layers\": [\n    {\"LayerId\": }\n  ]\n}");
    let (_, diagnostics) = read(&sources, &[file]);
    let location = sources.location(diagnostics[0].span.unwrap());
    assert_eq!((diagnostics[0].code, location.line, location.column), ("S010", 3, 17));
    assert!(diagnostics.iter().all(|diagnostic| diagnostic.help.is_some()));
}

#[test]
fn broken_custom_json_is_told_and_the_rest_is_read() {
    let text = CHEF_11.replacen("{\\\"deploy\\\"", "{\\n deploy", 1);
    let (stacks, diagnostics) = load(&[("stack.json", &text)]);
    assert_eq!((stacks[0].layers.len(), &stacks[0].custom_json), (3, &Datum::Map(IndexMap::new())));
    let broken = diagnostics.iter().find(|diagnostic| diagnostic.code == "S012").unwrap();
    assert!(broken.message.contains("line 2, column 2 of it"), "{}", broken.message);
    assert!(broken.span.is_some());
}

proptest::proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,200}", name in "[a-z]{1,5}\\.(json|yml|template|txt)") {
        let (stacks, _) = load(&[(&name, &text)]);
        stacks.iter().for_each(|stack| drop(runs(stack)));
    }

    #[test]
    fn damaged_exports_never_panic(at in 0usize..4000, with in "[\\[\\]{}\":,a0]{0,3}", cut in 0usize..50) {
        for original in [CHEF_11, INSTANCE_JSON, TEMPLATE_YAML] {
            let at = at % original.len();
            let end = (at + cut).min(original.len());
            let text = format!("{}{with}{}", &original[..at], &original[end..]);
            let name = if original == TEMPLATE_YAML { "a.yaml" } else { "a.json" };
            let (stacks, _) = load(&[(name, &text)]);
            stacks.iter().for_each(|stack| drop(runs(stack)));
        }
    }
}
