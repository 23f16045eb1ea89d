use serde_yaml::Value;

use crate::{content, documents, fixture, output};

fn compose(blueprint: &ekiben::blueprint::Blueprint) -> Value {
    let files = output(blueprint);
    let mut value = documents(content(&files, "compose.yaml")).remove(0);
    // Merges of merges take several rounds.
    for _ in 0..4 {
        value.apply_merge().expect("merge keys");
    }
    value
}

fn names(value: &Value) -> Vec<String> {
    let keys = |map: &serde_yaml::Mapping| map.keys().filter_map(|key| key.as_str().map(str::to_owned)).collect();
    value.as_mapping().map(keys).unwrap_or_default()
}

#[test]
fn dependencies_volumes_and_networks_exist() {
    for (name, blueprint) in fixture::all() {
        if output(&blueprint).iter().all(|file| file.path != "compose.yaml") {
            continue;
        }
        let compose = compose(&blueprint);
        assert!(compose.get("version").is_none());
        let services = names(&compose["services"]);
        let volumes = names(&compose["volumes"]);
        for (service, body) in compose["services"].as_mapping().expect("services") {
            let service = service.as_str().unwrap_or_default();
            for other in names(&body["depends_on"]) {
                assert!(services.contains(&other) && other != service, "{name}: {service} waits for {other}");
            }
            if let Some(beside) = body["network_mode"].as_str() {
                assert!(services.iter().any(|other| format!("service:{other}") == beside), "{name}: {beside}");
                assert!(body.get("ports").is_none(), "{name}: a sidecar publishes no port");
            }
            for volume in body["volumes"].as_sequence().into_iter().flatten().filter_map(Value::as_str) {
                let source = volume.split(':').next().unwrap_or_default();
                assert!(source.starts_with("./") || volumes.iter().any(|known| known == source), "{name}: {volume}");
            }
            assert!(body.get("image").is_some(), "{name}: {service} has no image");
        }
    }
}

#[test]
fn the_album_runs_locally() {
    let compose = compose(&fixture::album());
    let services = &compose["services"];
    let waits = &services["api"]["depends_on"];
    assert_eq!(waits["migrate"]["condition"].as_str(), Some("service_completed_successfully"));
    assert_eq!(waits["redis"]["condition"].as_str(), Some("service_healthy"));
    assert_eq!(waits["memcached"]["condition"].as_str(), Some("service_started"));
    assert_eq!(services["migrate"]["depends_on"]["db"]["condition"].as_str(), Some("service_healthy"));
    assert!(services["migrate"]["depends_on"].get("migrate").is_none());
    assert_eq!(services["api"]["ports"][0].as_str(), Some("8080:8080"));
    assert_eq!(services["web"]["ports"][0].as_str(), Some("8081:8080"));
    assert_eq!(services["web-nginx"]["network_mode"].as_str(), Some("service:web"));
    assert_eq!(services["api"]["stop_grace_period"].as_str(), Some("45s"));
    assert!(services["api"].get("command").is_none(), "the image's own command is not repeated");
    assert_eq!(services["cron-daily-digest"]["profiles"][0].as_str(), Some("cron"));
    assert_eq!(
        services["cron-queue-depth"]["command"][2].as_str(),
        Some("echo $$(date) $$$$ >/dev/null"),
        "Compose replaces after one dollar sign"
    );
    assert!(services.get("cron-daily-digest-2").is_some());
    assert_eq!(services["test"]["profiles"][0].as_str(), Some("test"));
    assert_eq!(services["test"]["environment"]["DB_HOST"].as_str(), Some("test-db"));
    assert_eq!(services["test"]["environment"]["RAILS_ENV"].as_str(), Some("test"));
    assert_eq!(services["test-db"]["environment"]["MYSQL_DATABASE"].as_str(), Some("photo_album_test"));
    assert_eq!(services["db"]["environment"]["MYSQL_USER"].as_str(), Some("album"));
    assert!(services["db"]["healthcheck"]["test"].as_sequence().is_some());
}

#[test]
fn local_settings_reach_local_stores_and_hold_no_secret() {
    let files = output(&fixture::album());
    let text = content(&files, "container/local.env");
    for line in [
        "DB_HOST=db",
        "REDIS_URL=redis://redis:6379/1",
        "MEMCACHE_SERVERS=memcached:11211",
        "S3_BUCKET=photo-album-media-local",
        "RAILS_ENV=staging",
        "DB_PASSWORD=local-only",
        "ALBUM_HOST=local",
    ] {
        assert!(text.lines().any(|other| other == line), "missing {line} in\n{text}");
    }
    assert!(!text.contains("amazonaws.com:") && !text.contains("\nSMTP_PASSWORD"), "{text}");
    let example = content(&files, ".env.example");
    assert!(example.contains("# SMTP_PASSWORD=\n") && example.lines().all(|line| line.starts_with('#')), "{example}");
}
