use std::collections::BTreeSet;

use ekiben::blueprint::{Artifact, Blueprint, Mount, PerEnvironment, Setting};
use ekiben::emit::{Launch, Options, emit};
use serde_yaml::Value;

use crate::{content, documents, fixture};

fn files(blueprint: &Blueprint, launch: Launch) -> Vec<Artifact> {
    emit(blueprint, &Options { targets: vec!["ecs".to_owned()], launch, ..Options::default() })
}

/// Every template of every blueprint, on both kinds of capacity.
fn templates() -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for (name, blueprint) in fixture::all() {
        for launch in [Launch::Fargate, Launch::Ec2] {
            for file in files(&blueprint, launch).into_iter().filter(|file| file.path.ends_with(".yaml")) {
                all.push((format!("{name} {launch:?} {}", file.path), documents(&file.content).remove(0)));
            }
        }
    }
    assert!(all.len() > 10);
    all
}

fn template(blueprint: &Blueprint, launch: Launch, place: &str) -> Value {
    documents(content(&files(blueprint, launch), &format!("ecs/{place}.yaml"))).remove(0)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn keys(value: &Value) -> Vec<String> {
    value.as_mapping().into_iter().flat_map(|map| map.keys()).map(|key| text(key).to_owned()).collect()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_sequence().into_iter().flatten()
}

fn resources<'a>(template: &'a Value, kind: &str) -> Vec<(String, &'a Value)> {
    let all = template["Resources"].as_mapping().expect("resources").iter();
    let wanted = all.filter(|(_, resource)| text(&resource["Type"]) == kind);
    wanted.map(|(id, resource)| (text(id).to_owned(), &resource["Properties"])).collect()
}

/// A literal: plain, or put together.
fn literal(value: &Value) -> String {
    match value["Fn::Join"].as_sequence() {
        Some(join) => items(&join[1]).map(text).collect(),
        None => text(value).to_owned(),
    }
}

/// The names that a value reads: parameters, resources, conditions.
fn names(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Sequence(list) => list.iter().for_each(|item| names(item, found)),
        Value::Mapping(map) => {
            for (key, item) in map {
                match text(key) {
                    "Ref" => drop(found.insert(text(item).to_owned())),
                    "Fn::GetAtt" | "Fn::If" => drop(found.insert(text(&item[0]).to_owned())),
                    "Fn::Sub" => {
                        for part in text(item).split("${").skip(1) {
                            let name = part.split('}').next().unwrap_or_default();
                            found.insert(name.split('.').next().unwrap_or_default().to_owned());
                        }
                    }
                    _ => {}
                }
                names(item, found);
            }
        }
        _ => {}
    }
}

#[test]
fn everything_that_is_read_exists_and_every_parameter_is_read() {
    for (name, template) in templates() {
        let mut found = BTreeSet::new();
        for part in ["Conditions", "Resources", "Outputs"] {
            names(&template[part], &mut found);
        }
        let known: BTreeSet<String> = ["Parameters", "Resources", "Conditions"].iter().flat_map(|part| keys(&template[*part])).collect();
        for one in found.iter().filter(|one| !one.starts_with("AWS::")) {
            assert!(known.contains(one), "{name}: {one}");
        }
        for parameter in keys(&template["Parameters"]) {
            assert!(found.contains(&parameter), "{name}: nothing reads {parameter}");
        }
        for id in keys(&template["Resources"]) {
            assert!(id.chars().all(|c| c.is_ascii_alphanumeric()) && id.len() < 256, "{name}: {id}");
            let resource = &template["Resources"][id.as_str()];
            for other in items(&resource["DependsOn"]) {
                assert!(known.contains(text(other)), "{name}: {other:?}");
            }
            assert!(resource.get("Condition").is_none_or(|condition| known.contains(text(condition))), "{name}: {id}");
        }
    }
}

#[test]
fn tasks_hold_together() {
    for (name, template) in templates() {
        let fargate = name.contains("Fargate");
        for (id, task) in resources(&template, "AWS::ECS::TaskDefinition") {
            let containers: Vec<&Value> = items(&task["ContainerDefinitions"]).collect();
            let called: Vec<&str> = containers.iter().map(|container| text(&container["Name"])).collect();
            assert!(containers.len() <= 10 && called.iter().collect::<BTreeSet<_>>().len() == called.len(), "{name} {id}: {called:?}");
            assert!(containers.iter().any(|container| container["Essential"].as_bool() == Some(true)), "{name} {id}");
            let volumes: Vec<&str> = items(&task["Volumes"]).map(|volume| text(&volume["Name"])).collect();
            for container in containers {
                let variables = items(&container["Environment"]).chain(items(&container["Secrets"]));
                let variables: Vec<&str> = variables.map(|variable| text(&variable["Name"])).collect();
                assert_eq!(variables.iter().collect::<BTreeSet<_>>().len(), variables.len(), "{name} {id}: {variables:?}");
                for point in items(&container["MountPoints"]) {
                    assert!(volumes.contains(&text(&point["SourceVolume"])), "{name} {id}: {point:?}");
                }
                for other in items(&container["DependsOn"]) {
                    assert!(called.contains(&text(&other["ContainerName"])), "{name} {id}: {other:?}");
                }
                for port in items(&container["PortMappings"]) {
                    let dynamic = port["HostPort"].as_i64() == Some(0);
                    assert_eq!(dynamic, text(&task["NetworkMode"]) == "bridge", "{name} {id}");
                }
                if fargate {
                    assert!(container["StopTimeout"].as_i64().is_none_or(|seconds| (2..=120).contains(&seconds)), "{name} {id}");
                } else {
                    assert!(container.get("Memory").or(container.get("MemoryReservation")).is_some(), "{name} {id}");
                }
            }
            assert_eq!(task.get("Cpu").is_some(), fargate, "{name} {id}");
        }
        for (id, service) in resources(&template, "AWS::ECS::Service") {
            let task = &template["Resources"][text(&service["TaskDefinition"]["Ref"])]["Properties"];
            let awsvpc = text(&task["NetworkMode"]) == "awsvpc";
            assert_eq!(service.get("NetworkConfiguration").is_some(), awsvpc, "{name} {id}");
            for target in items(&service["LoadBalancers"]) {
                let container = items(&task["ContainerDefinitions"]).find(|one| one["Name"] == target["ContainerName"]);
                let ports = &container.expect("the container behind the load balancer")["PortMappings"];
                assert!(items(ports).any(|port| port["ContainerPort"] == target["ContainerPort"]), "{name} {id}");
                let group = &template["Resources"][text(&target["TargetGroupArn"]["Ref"])]["Properties"];
                assert_eq!(text(&group["TargetType"]), if awsvpc { "ip" } else { "instance" }, "{name} {id}");
            }
        }
    }
}

#[test]
fn the_album_runs_as_on_the_hosts() {
    let blueprint = fixture::album();
    let all = template(&blueprint, Launch::Fargate, "production");
    let task = &all["Resources"]["ApiTask"]["Properties"];
    assert_eq!((text(&task["Cpu"]), text(&task["Memory"])), ("2048", "4096"), "1600 thousandths, 3072 MiB and the sidecar's 128");
    let find = |name: &str| items(&task["ContainerDefinitions"]).find(|one| text(&one["Name"]) == name).expect("a container");
    let (nginx, api) = (find("nginx"), find("api"));
    assert_eq!(nginx["Memory"].as_i64(), Some(128));
    assert_eq!(api["StopTimeout"].as_i64(), Some(65), "20 s to drain and 45 s to finish");
    assert_eq!(text(&api["User"]), "5000:5000");
    let secret = items(&api["Secrets"]).find(|one| text(&one["Name"]) == "DB_PASSWORD").expect("the password");
    assert_eq!(text(&secret["ValueFrom"]["Fn::Sub"]), "${Secret}:DB_PASSWORD::");
    assert_eq!(
        text(&all["Parameters"]["Secret"]["Default"]),
        "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:photo-album/production"
    );
    assert!(items(&api["Environment"]).all(|one| text(&one["Name"]) != "DB_PASSWORD"), "planted under the name of a secret");
    let service = &all["Resources"]["ApiService"]["Properties"];
    assert!(service.get("DesiredCount").is_none() && text(&service["LaunchType"]) == "FARGATE");
    assert_eq!(all["Resources"]["ApiScalableTarget"]["Properties"]["MaxCapacity"].as_i64(), Some(6));
    let rule = &all["Resources"]["WebRule"]["Properties"];
    assert_eq!(text(&rule["Conditions"][0]["HostHeaderConfig"]["Values"][0]), "www.album.example");
    let group = &all["Resources"]["WebTargetGroup"]["Properties"];
    assert_eq!((text(&group["HealthCheckPath"]), group["Port"].as_i64()), ("/health", Some(8080)));
    assert_eq!(all["Resources"]["SidekiqVideoTask"]["Properties"]["EphemeralStorage"]["SizeInGiB"].as_i64(), Some(200));

    let on_instances = template(&blueprint, Launch::Ec2, "production");
    let mode = |id: &str| text(&on_instances["Resources"][id]["Properties"]["NetworkMode"]).to_owned();
    assert_eq!((mode("ApiTask").as_str(), mode("SidekiqVideoTask").as_str()), ("awsvpc", "bridge"), "a sidecar needs 127.0.0.1");
}

#[test]
fn files_are_put_beside_those_of_the_image() {
    let all = template(&fixture::album(), Launch::Fargate, "staging");
    let task = &all["Resources"]["WebTask"]["Properties"];
    let first = items(&task["ContainerDefinitions"]).find(|one| text(&one["Name"]) == "nginx-files").expect("the files of nginx");
    let script = text(&first["Command"][0]);
    assert!(script.contains("cp -a /etc/nginx/auth/. /files/1/"), "{script}");
    assert!(script.contains("printf %s \"$FILE_2\" >/files/1/htpasswd\nchown 0:101 /files/1/htpasswd\nchmod 0440"), "{script}");
    assert_eq!(literal(&first["Environment"][0]["Value"]), "auth_basic \"staging\";\nauth_basic_user_file /etc/nginx/auth/htpasswd;\n");
    assert_eq!(text(&first["Secrets"][0]["ValueFrom"]["Fn::Sub"]), "${Secret}:BASIC_AUTH::");
    let nginx = items(&task["ContainerDefinitions"]).find(|one| text(&one["Name"]) == "nginx").expect("nginx");
    assert_eq!(text(&nginx["MountPoints"][0]["ContainerPath"]), "/etc/nginx/auth");
    assert_eq!(text(&nginx["DependsOn"][0]["Condition"]), "SUCCESS");
    let production = template(&fixture::album(), Launch::Fargate, "production");
    let containers = &production["Resources"]["WebTask"]["Properties"]["ContainerDefinitions"];
    assert!(items(containers).all(|one| text(&one["Name"]) != "nginx-files"), "only staging has them");
}

#[test]
fn schedules_are_kept_and_flagged() {
    let all = template(&fixture::album(), Launch::Fargate, "production");
    let schedule = |id: &str| &all["Resources"][id]["Properties"];
    let weekly = schedule("RevenueReportSchedule");
    assert_eq!(text(&weekly["ScheduleExpression"]), "cron(0 15 ? * MON *)");
    assert_eq!(text(&weekly["ScheduleExpressionTimezone"]), "Asia/Tokyo");
    assert_eq!(text(&weekly["State"]), "ENABLED");
    let input: serde_json::Value = serde_json::from_str(text(&weekly["Target"]["Input"])).expect("JSON");
    let words = input["containerOverrides"][0]["command"].as_array().expect("a command");
    assert_eq!(words.last().and_then(|word| word.as_str()), Some("--silent"));
    assert_eq!(text(&schedule("RequeueOrphansSchedule")["State"]), "DISABLED");
    let staging = template(&fixture::album(), Launch::Fargate, "staging");
    assert!(staging["Resources"].get("PremiumHighlightsSchedule").is_none(), "it is production's alone");
    assert_eq!(text(&staging["Resources"]["InvoicesExportSchedule"]["Properties"]["ScheduleExpression"]), "cron(15 3 1 * ? *)");
    assert_eq!(resources(&all, "AWS::Scheduler::Schedule").len(), 11);
    let task = text(&weekly["Target"]["EcsParameters"]["TaskDefinitionArn"]["Ref"]);
    assert_eq!(task, "TasksOfPhotoAlbum", "schedules share a task definition");
}

#[test]
fn both_day_fields_become_two_schedules() {
    let mut blueprint = fixture::album();
    blueprint.schedules[0].cron = fixture::same("0 3 1 * 1".to_owned());
    let all = template(&blueprint, Launch::Fargate, "production");
    let expression = |id: &str| text(&all["Resources"][id]["Properties"]["ScheduleExpression"]).to_owned();
    assert_eq!(expression("ExpireSharesSchedule"), "cron(0 3 1 * ? *)");
    assert_eq!(expression("ExpireSharesSchedule2"), "cron(0 3 ? * MON *)");
}

#[test]
fn nothing_of_the_input_is_expanded() {
    let hostile = [
        "${Cluster} ${!x} ${AWS::Region}",
        "a\"b'c\\",
        "line\nline: {{resolve_not}} # x",
        "!Ref Cluster",
        "$$ $(date) `x`",
        "{\"Ref\": \"x\"}",
    ];
    for evil in hostile {
        let mut blueprint = fixture::album();
        let value = Setting::Known(evil.to_owned());
        blueprint.variables[1].value = PerEnvironment { values: vec![Some(value.clone()), Some(value)] };
        blueprint.processes[0].command = fixture::same(vec!["echo".to_owned(), evil.to_owned()]);
        blueprint.schedules[0].command = fixture::same(vec!["echo".to_owned(), evil.to_owned()]);
        blueprint.schedules[0].origin = fixture::at("a.rb", 1, evil);
        blueprint.processes[1].mounts.push(Mount {
            name: "evil".into(),
            path: "/etc/evil '$x/file".into(),
            content: Some(fixture::same(evil.to_owned())),
            origin: fixture::at("a.rb", 1, evil),
        });
        let all = template(&blueprint, Launch::Fargate, "production");
        let containers = &all["Resources"]["ApiTask"]["Properties"]["ContainerDefinitions"];
        let api = items(containers).find(|one| text(&one["Name"]) == "api").expect("api");
        let variable = items(&api["Environment"]).find(|one| text(&one["Name"]) == "RAILS_LOG_LEVEL").expect("the variable");
        assert_eq!(literal(&variable["Value"]), evil);
        assert_eq!(items(&api["Command"]).map(literal).last().as_deref(), Some(evil));
        let input = literal(&all["Resources"]["ExpireSharesSchedule"]["Properties"]["Target"]["Input"]);
        let input: serde_json::Value = serde_json::from_str(&input).expect("JSON");
        let words = input["containerOverrides"][0]["command"].as_array().expect("a command");
        assert_eq!(words.last().and_then(|word| word.as_str()), Some(evil));
        let containers = &all["Resources"]["WebTask"]["Properties"]["ContainerDefinitions"];
        let first = items(containers).find(|one| text(&one["Name"]) == "web-files").expect("the files of web");
        assert!(items(&first["Environment"]).any(|one| literal(&one["Value"]) == evil));
    }
}

#[test]
fn what_cloudformation_would_look_up_is_altered_and_said() {
    let mut blueprint = fixture::album();
    blueprint.processes[0].command = fixture::same(vec!["{{resolve:ssm:/a}}".to_owned()]);
    let files = files(&blueprint, Launch::Fargate);
    let text = content(&files, "ecs/production.yaml");
    assert!(!text.contains("{{resolve:ssm") && text.contains("# A text with `{{resolve:` got a blank"), "{text}");
}

#[test]
fn disks_that_outlive_tasks_are_on_efs() {
    let all = template(&fixture::daemon(ekiben::blueprint::Packager::Apt), Launch::Fargate, "default");
    let volume = &all["Resources"]["RelayTask"]["Properties"]["Volumes"][0]["EFSVolumeConfiguration"];
    assert_eq!(text(&volume["AuthorizationConfig"]["AccessPointId"]["Ref"]), "RelayAccessPoint");
    assert_eq!(text(&all["Resources"]["RelayAccessPoint"]["Properties"]["RootDirectory"]["Path"]), "/relay/spool");
    let deployment = &all["Resources"]["RelayService"]["Properties"]["DeploymentConfiguration"];
    assert_eq!(deployment["MaximumPercent"].as_i64(), Some(100), "never two at once");
}

#[test]
fn the_script_runs_the_jobs_before_the_rollout() {
    let files = files(&fixture::album(), Launch::Fargate);
    let script = files.iter().find(|file| file.path == "ecs/deploy.sh").expect("deploy.sh");
    assert_eq!(script.mode, 0o755);
    let order = ["deploy \"$stack-jobs\" Part=jobs", "\nrun MigrateTask\n", "\ndeploy \"$stack\" \"$@\"\n"];
    let places: Vec<usize> =
        order.iter().map(|part| script.content.find(part).unwrap_or_else(|| panic!("{part}\n{}", script.content))).collect();
    assert!(places.is_sorted(), "{}", script.content);
    assert!(content(&files, "ecs/production.parameters").contains("\nSubnets=\n"));
    let all = template(&fixture::album(), Launch::Fargate, "production");
    assert_eq!(text(&all["Resources"]["ApiService"]["Condition"]), "Everything");
    assert!(all["Resources"]["MigrateTask"].get("Condition").is_none(), "a stack of the jobs alone has it");
}
