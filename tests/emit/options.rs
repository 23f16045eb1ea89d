//! What the user may ask for: network policies, KEDA, a registry.

use std::collections::{BTreeMap, BTreeSet};

use ekiben::blueprint::{Artifact, Blueprint, PerEnvironment, Queue, Setting, Variable, Worker};
use ekiben::emit::{ALL, Options, emit};
use serde_yaml::Value;

use crate::kubernetes::{objects, strings, text};
use crate::{content, documents, fixture};

fn with(blueprint: &Blueprint, change: fn(&mut Options)) -> Vec<Artifact> {
    let mut options = Options { targets: vec![ALL.to_owned()], ..Options::default() };
    change(&mut options);
    emit(blueprint, &options)
}

fn closed(blueprint: &Blueprint) -> Vec<Artifact> {
    with(blueprint, |options| options.network_policy = true)
}

fn scaled(blueprint: &Blueprint) -> Vec<Artifact> {
    with(blueprint, |options| options.keda = true)
}

fn list(value: &Value) -> &[Value] {
    value.as_sequence().map_or(&[], Vec::as_slice)
}

/// The objects of the base, patches aside.
fn base(files: &[Artifact]) -> Vec<Value> {
    let own = objects(files).into_iter().filter(|(path, _)| path.starts_with("kubernetes/base/") && !path.contains("/patches/"));
    own.map(|(_, object)| object).collect()
}

fn of_kind<'a>(objects: &'a [Value], kind: &str) -> Vec<&'a Value> {
    objects.iter().filter(|object| text(object, &["kind"]) == kind).collect()
}

#[test]
fn there_are_no_policies_unless_asked_for() {
    for (name, blueprint) in fixture::all() {
        assert!(with(&blueprint, |_| ()).iter().all(|file| !file.content.contains("kind: NetworkPolicy")), "{name}");
    }
}

#[test]
fn policies_admit_to_every_served_port_and_to_nothing_else() {
    for (name, blueprint) in fixture::all() {
        let files = closed(&blueprint);
        let all = base(&files);
        let policies = of_kind(&all, "NetworkPolicy");
        let names: BTreeSet<&str> = policies.iter().map(|policy| text(policy, &["metadata", "name"])).collect();
        assert_eq!(names.len(), policies.len(), "{name}");
        assert_eq!(names.contains("default"), !all.is_empty(), "{name}");
        let mut admitted: BTreeSet<&str> = BTreeSet::new();
        for policy in policies.iter().filter(|policy| text(policy, &["metadata", "name"]) != "default") {
            let wanted = policy["spec"]["podSelector"]["matchLabels"].as_mapping().expect("labels");
            let matching: Vec<&Value> = of_kind(&all, "Deployment")
                .into_iter()
                .filter(|one| wanted.iter().all(|(key, value)| one["spec"]["template"]["metadata"]["labels"].get(key) == Some(value)))
                .collect();
            assert_eq!(matching.len(), 1, "{name}: {policy:?}");
            let pod = &matching[0]["spec"]["template"]["spec"];
            let containers = list(&pod["containers"]).iter().chain(list(&pod["initContainers"]));
            let ports: Vec<&Value> = containers.flat_map(|one| list(&one["ports"])).map(|port| &port["containerPort"]).collect();
            for port in list(&policy["spec"]["ingress"][0]["ports"]) {
                assert!(ports.contains(&&port["port"]), "{name}: {port:?} is no port of {matching:?}");
            }
            admitted.insert(text(matching[0], &["metadata", "name"]));
        }
        let served: BTreeSet<&str> = of_kind(&all, "Service").iter().map(|service| text(service, &["metadata", "name"])).collect();
        assert_eq!(admitted, served, "{name}");
    }
}

#[test]
fn only_what_a_route_leads_to_is_open_to_all() {
    let all = base(&closed(&fixture::album()));
    let policies = of_kind(&all, "NetworkPolicy");
    let find = |name: &str| *policies.iter().find(|policy| text(policy, &["metadata", "name"]) == name).expect("a policy");
    assert!(find("default")["spec"].get("ingress").is_none());
    assert_eq!(strings(&find("default")["spec"]["policyTypes"]), ["Ingress", "Egress"]);
    let out = list(&find("default")["spec"]["egress"][0]["to"]);
    assert_eq!(strings(&out[0]["ipBlock"]["except"]), ["169.254.169.254/32"]);
    assert!(find("web")["spec"]["ingress"][0].get("from").is_none());
    assert_eq!(find("web")["spec"]["ingress"][0]["ports"][0]["port"].as_i64(), Some(8080), "nginx's, not Puma's");
    let inner = base(&closed(&fixture::daemon(ekiben::blueprint::Packager::Apt)));
    let relay = of_kind(&inner, "NetworkPolicy")[1];
    assert!(relay["spec"]["ingress"][0]["from"][0]["podSelector"].as_mapping().is_some_and(serde_yaml::Mapping::is_empty));
}

#[test]
fn what_an_environment_does_not_have_has_no_policy_there() {
    let files = closed(&fixture::awkward());
    let removed = content(&files, "kubernetes/overlays/prod-1-2/kustomization.yaml");
    assert!(removed.contains("Deployment|Service|HorizontalPodAutoscaler|PodDisruptionBudget|NetworkPolicy"), "{removed}");
}

/// The album with what is known of its queues.
fn queues() -> Blueprint {
    let mut blueprint = fixture::album();
    let queue = |name: &str| Queue { name: name.into(), weight: None };
    for process in blueprint.processes.iter_mut().filter(|process| process.name.starts_with("sidekiq")) {
        process.worker = Some(Worker {
            system: "sidekiq".into(),
            concurrency: fixture::both(10, 5),
            queues: fixture::same(vec![queue("urgent"), queue("mail: out")]),
            ..Worker::default()
        });
    }
    blueprint
}

#[test]
fn a_worker_has_one_scaler() {
    for (name, blueprint) in fixture::all().into_iter().chain([("queues", queues())]) {
        let all = base(&scaled(&blueprint));
        let mut targets: BTreeMap<&str, u32> = BTreeMap::new();
        for kind in ["ScaledObject", "HorizontalPodAutoscaler"] {
            for scaler in of_kind(&all, kind) {
                *targets.entry(text(scaler, &["spec", "scaleTargetRef", "name"])).or_default() += 1;
                assert_eq!(text(scaler, &["spec", "scaleTargetRef", "name"]), text(scaler, &["metadata", "name"]), "{name}");
            }
        }
        assert!(targets.values().all(|count| *count == 1), "{name}: {targets:?}");
        let deployments: BTreeSet<&str> = of_kind(&all, "Deployment").iter().map(|one| text(one, &["metadata", "name"])).collect();
        assert!(targets.keys().all(|target| deployments.contains(target)), "{name}: {targets:?}");
    }
}

#[test]
fn workers_scale_by_their_queues() {
    let files = scaled(&queues());
    let worker = documents(content(&files, "kubernetes/base/sidekiq-default.yaml"));
    let scaler = worker.iter().find(|one| text(one, &["kind"]) == "ScaledObject").expect("a ScaledObject");
    assert_eq!((scaler["spec"]["minReplicaCount"].as_i64(), scaler["spec"]["maxReplicaCount"].as_i64()), (Some(4), Some(6)));
    let triggers = list(&scaler["spec"]["triggers"]);
    let names: Vec<&str> = triggers.iter().map(|one| text(one, &["metadata", "listName"])).collect();
    assert_eq!(names, ["queue:urgent", "queue:mail: out"]);
    assert_eq!(text(&triggers[0], &["metadata", "address"]), "album-jobs.abc123.cache.amazonaws.com:6379");
    assert_eq!(text(&triggers[0], &["metadata", "listLength"]), "10");
    let patch = documents(content(&files, "kubernetes/overlays/staging/patches/sidekiq-default.yaml"));
    let patch = patch.iter().find(|one| text(one, &["kind"]) == "ScaledObject").expect("its patch");
    assert_eq!((patch["spec"]["minReplicaCount"].as_i64(), patch["spec"]["maxReplicaCount"].as_i64()), (Some(1), Some(1)));
    assert_eq!(text(&patch["spec"]["triggers"][1], &["metadata", "address"]), "album-stg.abc123.cache.amazonaws.com:6379");
    assert_eq!(text(&patch["spec"]["triggers"][1], &["metadata", "listLength"]), "5");
    let web = documents(content(&files, "kubernetes/base/web.yaml"));
    assert!(web.iter().any(|one| text(one, &["kind"]) == "HorizontalPodAutoscaler"), "only workers have queues");
}

/// The triggers of the base, as text.
fn triggers(blueprint: &Blueprint) -> String {
    let text = content(&scaled(blueprint), "kubernetes/base/sidekiq-default.yaml").to_owned();
    text.split_once("triggers:\n").and_then(|(_, rest)| rest.split_once("---\n")).map_or(String::new(), |(triggers, _)| triggers.to_owned())
}

#[test]
fn without_queues_or_an_address_it_is_by_cpu_and_says_why() {
    let by_cpu = |change: fn(&mut Blueprint), why: &str| {
        let mut blueprint = queues();
        change(&mut blueprint);
        let found = triggers(&blueprint);
        assert!(found.contains("type: cpu") && !found.contains("type: redis") && found.contains(why), "{why}: {found}");
    };
    by_cpu(|blueprint| blueprint.processes.iter_mut().for_each(|process| process.worker = None), "no queue system");
    by_cpu(|blueprint| blueprint.stores.clear(), "no Redis is known");
    by_cpu(
        |blueprint| blueprint.stores[1].address = Some(fixture::both("jobs.example".into(), "localhost".into())),
        "no single address that KEDA could reach",
    );
    by_cpu(
        |blueprint| {
            for worker in blueprint.processes.iter_mut().filter_map(|process| process.worker.as_mut()) {
                worker.system = "delayed_job".into();
            }
        },
        "the queues of delayed_job",
    );
    by_cpu(
        |blueprint| {
            let value = PerEnvironment::same(Setting::Secret, 2);
            blueprint.variables.push(Variable { name: "JOBS_URL".into(), secret: true, value, ..Variable::default() });
            blueprint.stores[1].variables.push("JOBS_URL".into());
        },
        "in the secret JOBS_URL",
    );
}

#[test]
fn a_password_is_taken_from_the_worker_s_own_variables() {
    let mut blueprint = queues();
    let value = PerEnvironment::same(Setting::Secret, 2);
    blueprint.variables.push(Variable { name: "REDIS_PASSWORD".into(), secret: true, value, ..Variable::default() });
    blueprint.stores[1].variables.push("REDIS_PASSWORD".into());
    blueprint.stores[1].address = Some(fixture::same("rediss://jobs.example:6380/3".into()));
    let found = triggers(&blueprint);
    for part in ["address: jobs.example:6380", "databaseIndex: \"3\"", "enableTLS: \"true\"", "passwordFromEnv: REDIS_PASSWORD"] {
        assert!(found.contains(part), "{part}: {found}");
    }
}

#[test]
fn what_an_environment_does_not_have_is_not_scaled_there() {
    let mut blueprint = queues();
    blueprint.processes[3].replicas = fixture::production((2, 4));
    let files = scaled(&blueprint);
    let removed = content(&files, "kubernetes/overlays/staging/kustomization.yaml");
    assert!(removed.contains("Deployment|ScaledObject|PodDisruptionBudget"), "{removed}");
}

#[test]
fn images_of_overlays_come_from_the_registry() {
    let files = with(&fixture::album(), |options| options.registry = Some("registry.example/team/".to_owned()));
    for place in ["production", "staging"] {
        let kustomization = documents(content(&files, &format!("kubernetes/overlays/{place}/kustomization.yaml"))).remove(0);
        let names: Vec<&str> = list(&kustomization["images"]).iter().map(|image| text(image, &["newName"])).collect();
        assert_eq!(names, ["registry.example/team/photo-album", "registry.example/team/photo-album-nginx"]);
    }
}
