//! `CloudFormation` templates in YAML and JSON.

use super::*;

pub(super) const TEMPLATE_YAML: &str = r"
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
