use std::collections::BTreeSet;

use ekiben::blueprint::Artifact;
use serde_yaml::Value;

use crate::{content, documents, fixture, output};

fn compose(files: &[Artifact], path: &str) -> Value {
    let mut value = documents(content(files, path)).remove(0);
    for _ in 0..4 {
        value.apply_merge().expect("merge keys");
    }
    value
}

fn names(value: &Value) -> Vec<String> {
    value.as_mapping().into_iter().flat_map(|map| map.keys()).filter_map(|key| key.as_str().map(str::to_owned)).collect()
}

fn strings(value: &Value) -> Vec<String> {
    value.as_sequence().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

#[test]
fn compose_files_for_hosts_hold_together() {
    for (name, blueprint) in fixture::all() {
        let files = output(&blueprint);
        for file in files.iter().filter(|file| file.path.ends_with("/docker-compose.yml")) {
            let folder = file.path.trim_end_matches("docker-compose.yml");
            let compose = compose(&files, &file.path);
            let (services, volumes) = (names(&compose["services"]), names(&compose["volumes"]));
            let mut ports = BTreeSet::new();
            for (service, body) in compose["services"].as_mapping().expect("services") {
                let service = service.as_str().unwrap_or_default();
                assert!(body["image"].as_str().is_some(), "{name} {} {service}", file.path);
                assert!(body.get("build").is_none(), "{name}: hosts build nothing");
                for other in names(&body["depends_on"]) {
                    assert!(services.contains(&other), "{name}: {service} waits for {other}");
                    let profiles = strings(&body["profiles"]);
                    assert_eq!(profiles, strings(&compose["services"][other.as_str()]["profiles"]), "{name}: {service}");
                }
                for port in strings(&body["ports"]) {
                    assert!(ports.insert(port.split(':').next().unwrap_or_default().to_owned()), "{name}: {port}");
                }
                for volume in strings(&body["volumes"]) {
                    let source = volume.split(':').next().unwrap_or_default().to_owned();
                    match source.strip_prefix("./files/") {
                        Some(path) => {
                            let path = format!("{folder}files/{path}");
                            assert!(files.iter().any(|file| file.path == path), "{name}: {service} mounts {path}");
                        }
                        None => assert!(source.starts_with("./secrets/") || volumes.contains(&source), "{name}: {volume}"),
                    }
                }
            }
        }
    }
}

#[test]
fn hosts_run_their_layers_and_fetch_their_secrets() {
    let mut blueprint = fixture::album();
    blueprint.processes[1].layers = vec!["Web".into()];
    blueprint.schedules[0].layers = vec!["batch".into()];
    let files = output(&blueprint);
    let compose = compose(&files, "codedeploy/staging/docker-compose.yml");
    let web = &compose["services"]["web"];
    assert_eq!(strings(&web["profiles"]), ["all", "web"]);
    assert_eq!(web["image"].as_str(), Some("${REGISTRY:?}/photo-album:${IMAGE_TAG:?}"));
    assert_eq!(strings(&web["env_file"]), ["secrets.env"]);
    assert_eq!(web["environment"]["WEB_CONCURRENCY"].as_str(), Some("1"));
    assert_eq!(web["environment"]["DB_POOL"].as_str(), Some("6"), "the image's settings stay beside its own");
    assert!(web["environment"].get("DB_PASSWORD").is_none());
    assert_eq!(web["stop_grace_period"].as_str(), Some("45s"));
    assert_eq!(strings(&compose["services"]["migrate"]["profiles"]), ["jobs"]);
    assert!(compose["services"].get("cron-premium-highlights").is_none(), "it is production's alone");
    let secrets = content(&files, "codedeploy/staging/secrets.sh");
    assert!(secrets.contains("\nvariables photo-album/staging PUSH_CERTIFICATE BASIC_AUTH >secrets.env.new\n"), "{secrets}");
    assert!(secrets.contains("one photo-album/staging BASIC_AUTH >secrets/basic-auth/htpasswd.new\nchown 0:101 "), "{secrets}");
    assert!(secrets.contains("umask 077\n"));
    let batch = content(&files, "codedeploy/production/cron/batch");
    assert!(batch.contains("CRON_TZ=Asia/Tokyo\n30 4 * * * root /opt/photo-album/scripts/task.sh expire-shares\n"), "{batch}");
    assert!(content(&files, "codedeploy/production/cron/all").contains("# not run: pods end more often"));
}

#[test]
fn the_hooks_are_there_and_can_be_run() {
    let files = output(&fixture::album());
    let spec = documents(content(&files, "codedeploy/appspec.yml")).remove(0);
    assert_eq!(spec["version"].as_f64(), Some(0.0), "a number, for the agent");
    assert_eq!(names(&spec["hooks"]), ["ApplicationStop", "BeforeInstall", "AfterInstall", "ApplicationStart", "ValidateService"]);
    for (_, hook) in spec["hooks"].as_mapping().expect("hooks") {
        let path = format!("codedeploy/{}", hook[0]["location"].as_str().unwrap_or_default());
        let script = files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("no {path}"));
        assert_eq!(script.mode, 0o755, "{path}");
        assert!((1..=3600).contains(&hook[0]["timeout"].as_i64().unwrap_or_default()), "{path}");
    }
    let start = content(&files, "codedeploy/scripts/start.sh");
    assert!(start.contains("compose --profile jobs run --rm --no-deps -T migrate\n"), "{start}");
    let awkward = output(&fixture::awkward());
    let place = content(&awkward, "codedeploy/scripts/place.sh");
    let at = |text: &str| place.find(text).unwrap_or_else(|| panic!("{text}\n{place}"));
    assert!(at("\nprod-1-2 |") < at("\nprod-1 |"), "the longer name first");
}

#[test]
fn beanstalk_bundles_are_whole() {
    let files = output(&fixture::album());
    let settings = documents(content(&files, "beanstalk/production/.ebextensions/environment.config")).remove(0);
    let properties = &settings["option_settings"]["aws:elasticbeanstalk:application:environment"];
    assert_eq!(properties["DB_POOL"].as_str(), Some("12"));
    assert!(properties.get("DB_PASSWORD").is_none() && properties.get("BANNER").is_none(), "no secrets, nothing of several lines");
    let size: usize = names(properties).iter().map(|name| name.len() + properties[name.as_str()].as_str().map_or(0, str::len) + 2).sum();
    assert!(size < 4096);
    let compose = compose(&files, "beanstalk/production/docker-compose.yml");
    let api = &compose["services"]["api"];
    assert_eq!(strings(&api["env_file"]), [".env", "secrets.env"]);
    assert_eq!(api["environment"]["BANNER"].as_str(), Some("line one\nline two # \"quoted\" $$HOME"));
    assert!(api["environment"].get("DB_POOL").is_none(), "the platform's .env has it");
    assert_eq!(strings(&api["ports"]), ["80:8080"]);
    let balancer = documents(content(&files, "beanstalk/production/.ebextensions/load-balancer.config")).remove(0);
    let options = &balancer["option_settings"];
    assert_eq!(options["aws:elasticbeanstalk:environment:process:web"]["Port"].as_str(), Some("8081"));
    assert_eq!(options["aws:elbv2:listenerrule:web"]["HostHeaders"].as_str(), Some("www.album.example"));
    for path in
        [".platform/hooks/prebuild/01_secrets.sh", ".platform/confighooks/prebuild/01_secrets.sh", ".platform/hooks/predeploy/01_jobs.sh"]
    {
        let path = format!("beanstalk/production/{path}");
        assert_eq!(files.iter().find(|file| file.path == path).map(|file| file.mode), Some(0o755), "{path}");
    }
    let cron = documents(content(&files, "beanstalk/production/.ebextensions/cron.config")).remove(0);
    let tab = cron["files"]["/etc/cron.d/photo-album"]["content"].as_str().unwrap_or_default();
    assert!(tab.contains("\n30 4 * * * root test ! -e /var/lib/photo-album-leader || (cd /var/app/current"), "{tab}");
}

#[test]
fn dockerruns_are_one_task() {
    for (name, blueprint) in fixture::all() {
        for file in output(&blueprint).into_iter().filter(|file| file.path.ends_with("Dockerrun.aws.json")) {
            let root: serde_json::Value = serde_json::from_str(&file.content).expect("JSON");
            assert_eq!(root["AWSEBDockerrunVersion"].as_i64(), Some(2));
            let containers = root["containerDefinitions"].as_array().expect("containers");
            assert!((1..=10).contains(&containers.len()), "{name}");
            let volumes: Vec<&str> =
                root["volumes"].as_array().into_iter().flatten().filter_map(|volume| volume["name"].as_str()).collect();
            for container in containers {
                assert!(container["memory"].as_i64() > container["memoryReservation"].as_i64(), "{name}: {container}");
                assert!(container.get("links").is_none(), "{name}");
                for point in container["mountPoints"].as_array().into_iter().flatten() {
                    assert!(volumes.contains(&point["sourceVolume"].as_str().unwrap_or_default()), "{name}: {point}");
                }
            }
        }
    }
}

#[test]
fn a_procfile_has_a_line_for_each_process() {
    for (name, blueprint) in fixture::all() {
        let files = output(&blueprint);
        let Some(file) = files.iter().find(|file| file.path == "Procfile") else { continue };
        let mut types = BTreeSet::new();
        for line in file.content.lines() {
            let (kind, command) = line.split_once(": ").unwrap_or_else(|| panic!("{name}: {line}"));
            assert!(kind.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) && !command.is_empty(), "{name}: {line}");
            assert!(types.insert(kind.to_owned()), "{name}: {line}");
        }
    }
    let files = output(&fixture::album());
    let text = content(&files, "Procfile");
    assert!(text.starts_with("release: bundle exec rake db:migrate\napi: bundle exec puma -C config/puma.rb\n"), "{text}");
    assert!(!text.contains("nginx"), "the platform's router is the proxy");
    assert_eq!(content(&output(&fixture::node()), "Procfile"), "web: node server.js\n");
}
