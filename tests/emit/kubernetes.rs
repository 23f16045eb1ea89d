use std::collections::BTreeSet;

use ekiben::blueprint::{Artifact, Mount, PerEnvironment, Volume};
use serde_yaml::Value;

use crate::{content, documents, fixture, output};

/// All objects of the base and the overlays, with their files.
pub fn objects(files: &[Artifact]) -> Vec<(String, Value)> {
    let manifests = files.iter().filter(|file| file.path.starts_with("kubernetes/") && file.path.ends_with(".yaml"));
    manifests.flat_map(|file| documents(&file.content).into_iter().map(|document| (file.path.clone(), document))).collect()
}

pub fn text<'a>(value: &'a Value, path: &[&str]) -> &'a str {
    path.iter().fold(value, |value, key| &value[*key]).as_str().unwrap_or_default()
}

pub fn strings(value: &Value) -> Vec<String> {
    value.as_sequence().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

fn is_label(name: &str, longest: usize) -> bool {
    let legal = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    legal && !name.is_empty() && name.len() <= longest && name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.ends_with('-')
}

#[test]
fn kustomizations_name_files_that_exist_and_no_file_is_left_out() {
    for (name, blueprint) in fixture::all() {
        let files = output(&blueprint);
        let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
        let mut named: BTreeSet<String> = BTreeSet::new();
        for (path, document) in objects(&files).into_iter().filter(|(path, _)| path.ends_with("kustomization.yaml")) {
            let folder = path.trim_end_matches("/kustomization.yaml").to_owned();
            let mut mentioned: Vec<String> =
                strings(&document["resources"]).into_iter().filter(|resource| resource != "../../base").collect();
            mentioned.extend(document["patches"].as_sequence().into_iter().flatten().map(|patch| text(patch, &["path"]).to_owned()));
            for generator in document["configMapGenerator"].as_sequence().into_iter().flatten() {
                mentioned.extend(strings(&generator["envs"]));
                mentioned
                    .extend(strings(&generator["files"]).iter().filter_map(|file| file.split_once('=').map(|(_, path)| path.to_owned())));
            }
            for file in mentioned {
                let file = format!("{folder}/{file}");
                assert!(paths.contains(file.as_str()), "{name}: {path} names {file}");
                named.insert(file);
            }
        }
        for path in paths
            .iter()
            .filter(|path| path.starts_with("kubernetes/") && !path.ends_with("kustomization.yaml") && !path.ends_with("deploy.sh"))
        {
            assert!(named.contains(*path), "{name}: no kustomization names {path}");
        }
    }
}

#[test]
fn selectors_match_their_own_pods_and_no_others() {
    for (name, blueprint) in fixture::all() {
        let all = objects(&output(&blueprint));
        let base: Vec<&Value> = all
            .iter()
            .filter(|(path, _)| path.starts_with("kubernetes/base/") && !path.contains("/patches/"))
            .map(|(_, one)| one)
            .collect();
        let pods: Vec<(&str, &Value)> = base
            .iter()
            .filter_map(|object| match text(object, &["kind"]) {
                "Deployment" | "Job" => Some((text(object, &["metadata", "name"]), &object["spec"]["template"]["metadata"]["labels"])),
                "CronJob" => {
                    Some((text(object, &["metadata", "name"]), &object["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"]))
                }
                _ => None,
            })
            .collect();
        let matching = |selector: &Value| -> Vec<&str> {
            let wanted = selector.as_mapping().expect("a selector");
            pods.iter()
                .filter(|(_, labels)| wanted.iter().all(|(key, value)| labels.get(key) == Some(value)))
                .map(|(name, _)| *name)
                .collect()
        };
        for object in &base {
            let selector = match text(object, &["kind"]) {
                "Deployment" | "PodDisruptionBudget" => &object["spec"]["selector"]["matchLabels"],
                "Service" => &object["spec"]["selector"],
                _ => continue,
            };
            assert_eq!(matching(selector), vec![text(object, &["metadata", "name"])], "{name}: {object:?}");
        }
        for object in base.iter().filter(|object| text(object, &["kind"]) == "Ingress") {
            for rule in object["spec"]["rules"].as_sequence().into_iter().flatten() {
                for path in rule["http"]["paths"].as_sequence().into_iter().flatten() {
                    let (service, port) =
                        (text(path, &["backend", "service", "name"]), text(path, &["backend", "service", "port", "name"]));
                    let found = base.iter().find(|one| text(one, &["kind"]) == "Service" && text(one, &["metadata", "name"]) == service);
                    let ports = &found.unwrap_or_else(|| panic!("{name}: no Service {service}"))["spec"]["ports"];
                    assert!(
                        ports.as_sequence().into_iter().flatten().any(|one| text(one, &["name"]) == port),
                        "{name}: {service} has no port {port}"
                    );
                }
            }
        }
    }
}

#[test]
fn service_ports_are_ports_of_the_pod() {
    for (name, blueprint) in fixture::all() {
        let all = objects(&output(&blueprint));
        for (_, service) in all.iter().filter(|(_, object)| text(object, &["kind"]) == "Service" && object.get("$patch").is_none()) {
            let owner = text(service, &["metadata", "name"]);
            let pod = all.iter().find(|(path, one)| {
                text(one, &["kind"]) == "Deployment" && text(one, &["metadata", "name"]) == owner && path.contains("/base/")
            });
            let spec = &pod.unwrap_or_else(|| panic!("{name}: no Deployment {owner}")).1["spec"]["template"]["spec"];
            let containers = spec["containers"].as_sequence().into_iter().chain(spec["initContainers"].as_sequence()).flatten();
            let ports: Vec<String> = containers
                .flat_map(|one| one["ports"].as_sequence().into_iter().flatten().map(|port| text(port, &["name"]).to_owned()))
                .collect();
            assert_eq!(ports.iter().collect::<BTreeSet<_>>().len(), ports.len(), "{name}: port names of {owner}");
            for port in service["spec"]["ports"].as_sequence().into_iter().flatten() {
                assert!(ports.iter().any(|one| one == text(port, &["targetPort"])), "{name}: {owner}: {port:?} of {ports:?}");
            }
        }
    }
}

#[test]
fn names_are_legal_and_unique() {
    for (fixture, blueprint) in fixture::all() {
        let mut seen = BTreeSet::new();
        for (path, object) in objects(&output(&blueprint))
            .into_iter()
            .filter(|(path, _)| !path.contains("/patches/") && !path.ends_with("kustomization.yaml"))
        {
            let (kind, name) = (text(&object, &["kind"]).to_owned(), text(&object, &["metadata", "name"]).to_owned());
            let longest = if kind == "CronJob" { 52 } else { 63 };
            assert!(is_label(&name, longest), "{fixture}: {kind} {name}");
            assert!(seen.insert((kind.clone(), name.clone())), "{fixture}: two {kind} {name} in {path}");
            let spec = &object["spec"]["template"]["spec"];
            for part in ["containers", "initContainers", "volumes"] {
                for one in spec[part].as_sequence().into_iter().flatten() {
                    assert!(is_label(text(one, &["name"]), 63), "{fixture}: {one:?}");
                }
            }
        }
    }
}

#[test]
fn mounted_volumes_exist() {
    for (fixture, blueprint) in fixture::all() {
        for (path, object) in
            objects(&output(&blueprint)).into_iter().filter(|(path, _)| path.starts_with("kubernetes/base/") && !path.contains("/patches/"))
        {
            let spec = &object["spec"]["template"]["spec"];
            let volumes: Vec<&str> = spec["volumes"].as_sequence().into_iter().flatten().map(|volume| text(volume, &["name"])).collect();
            assert_eq!(volumes.iter().collect::<BTreeSet<_>>().len(), volumes.len(), "{fixture} {path}: {volumes:?}");
            for container in spec["containers"].as_sequence().into_iter().chain(spec["initContainers"].as_sequence()).flatten() {
                for mount in container["volumeMounts"].as_sequence().into_iter().flatten() {
                    assert!(volumes.contains(&text(mount, &["name"])), "{fixture} {path}: {mount:?}");
                }
            }
        }
    }
}

#[test]
fn pods_hold_to_the_restricted_profile() {
    let files = output(&fixture::album());
    for path in ["deployment", "job", "cronjob"] {
        let patch = documents(content(&files, &format!("kubernetes/base/patches/{path}.yaml"))).remove(0);
        let spec =
            if path == "cronjob" { &patch["spec"]["jobTemplate"]["spec"]["template"]["spec"] } else { &patch["spec"]["template"]["spec"] };
        let security = &spec["securityContext"];
        assert_eq!(security["runAsNonRoot"].as_bool(), Some(true));
        assert_eq!(security["runAsUser"].as_i64(), Some(5000));
        assert_eq!(spec["automountServiceAccountToken"].as_bool(), Some(false));
        assert_eq!(text(security, &["seccompProfile", "type"]), "RuntimeDefault");
        let container = &spec["containers"][0];
        assert_eq!(container["securityContext"]["allowPrivilegeEscalation"].as_bool(), Some(false));
        assert_eq!(strings(&container["securityContext"]["capabilities"]["drop"]), ["ALL"]);
        assert_eq!(text(&container["envFrom"][0], &["configMapRef", "name"]), "photo-album");
        assert_eq!(text(&container["envFrom"][1], &["secretRef", "name"]), "photo-album");
        assert_eq!(text(&container["env"][0], &["valueFrom", "fieldRef", "fieldPath"]), "metadata.name");
    }
    let api = documents(content(&files, "kubernetes/base/api.yaml")).remove(0);
    let sidecar = &api["spec"]["template"]["spec"]["initContainers"][0];
    assert_eq!(text(sidecar, &["restartPolicy"]), "Always");
    assert_eq!(sidecar["securityContext"]["runAsUser"].as_i64(), Some(101));
    assert_eq!(sidecar["securityContext"]["readOnlyRootFilesystem"].as_bool(), Some(true));
    assert_eq!(sidecar["readinessProbe"]["httpGet"]["port"].as_i64(), Some(8080));
    let app = &api["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(app["readinessProbe"]["httpGet"]["port"].as_i64(), Some(3000), "a pod is ready when both are");
}

#[test]
fn images_are_named_by_digest() {
    let files = output(&fixture::album());
    let kustomization = documents(content(&files, "kubernetes/overlays/staging/kustomization.yaml")).remove(0);
    for image in kustomization["images"].as_sequence().into_iter().flatten() {
        assert_eq!(text(image, &["digest"]), format!("sha256:{}", "0".repeat(64)), "nothing that could be pulled before CI set it");
    }
}

#[test]
fn what_an_app_writes_to_is_a_volume_where_the_rest_is_read_only() {
    let shared = |files: &[Artifact]| {
        let patch = documents(content(files, "kubernetes/base/patches/deployment.yaml")).remove(0);
        patch["spec"]["template"]["spec"].clone()
    };
    let node = shared(&output(&fixture::node()));
    let app = &node["containers"][0];
    assert_eq!(app["securityContext"]["readOnlyRootFilesystem"].as_bool(), Some(true));
    let paths: Vec<&str> = app["volumeMounts"].as_sequence().into_iter().flatten().map(|mount| text(mount, &["mountPath"])).collect();
    assert_eq!(paths, ["/tmp", "/var/tmp", "/run/lock", "/home/node"]);
    assert_eq!((text(&node["volumes"][0], &["name"]), &node["volumes"][0]["emptyDir"]), ("scratch", &Value::Mapping(Default::default())));
    let ruby = shared(&output(&fixture::album()));
    assert!(ruby["containers"][0]["securityContext"].get("readOnlyRootFilesystem").is_none(), "Dir.tmpdir takes no emptyDir");
    // A volume of the process's own in one of the places: the image stays as it was.
    let mut own = fixture::node();
    own.processes[0].volumes.push(Volume {
        name: "uploads".into(),
        path: "/tmp".into(),
        size_gib: None,
        persistent: false,
        origin: vec![],
    });
    assert!(shared(&output(&own)).get("volumes").is_none());
}

#[test]
fn schedules_are_kept_and_flagged() {
    let files = output(&fixture::album());
    let text_of = content(&files, "kubernetes/base/cronjobs.yaml");
    let jobs = documents(text_of);
    assert_eq!(jobs.len(), 11);
    let find = |name: &str| jobs.iter().find(|job| text(job, &["metadata", "name"]) == name).unwrap_or_else(|| panic!("no {name}"));
    assert_eq!(text(find("requeue-thumbnails"), &["spec", "schedule"]), "*/10 * * * *");
    assert_eq!(text(find("requeue-thumbnails"), &["spec", "timeZone"]), "Asia/Tokyo");
    assert_eq!(find("requeue-orphans")["spec"]["suspend"].as_bool(), Some(true));
    assert!(text_of.contains("suspend: true # pods end more often than hosts did and it must not run twice\n"));
    assert!(text_of.contains("# every 1.week\n# config/schedule.rb:19\n# runs on days 1, 8, 15 and 22, not weekly\n"), "{text_of}");
    let words = strings(&find("queue-depth")["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["command"]);
    assert_eq!(words[2], "echo $$(date) $$$ >/dev/null");
    let kustomization = content(&files, "kubernetes/overlays/staging/kustomization.yaml");
    assert!(
        kustomization
            .contains("  # not in staging\n  - path: patches/remove.yaml\n    target: {kind: CronJob, name: premium-highlights}\n"),
        "{kustomization}"
    );
    let staging = content(&files, "kubernetes/overlays/staging/patches/cronjobs.yaml");
    assert!(staging.contains("schedule: 15 3 1") || staging.contains("schedule: \"15 3 1 * *\""), "{staging}");
    assert!(files.iter().all(|file| file.path != "kubernetes/overlays/production/patches/cronjobs.yaml"));
}

#[test]
fn settings_stand_where_they_differ() {
    let files = output(&fixture::album());
    let base = content(&files, "kubernetes/base/app.env");
    assert!(base.contains("\nDB_NAME=photo_album\n") && !base.contains("RAILS_ENV="));
    let (production, staging) =
        (content(&files, "kubernetes/overlays/production/app.env"), content(&files, "kubernetes/overlays/staging/app.env"));
    assert!(production.contains("\nRAILS_ENV=production\n") && staging.contains("\nRAILS_ENV=staging\n"));
    assert!(!production.contains("DELIVER_MAIL_TO=") && staging.contains("\nDELIVER_MAIL_TO=dev@album.example\n"));
    assert!(production.contains("# CLUSTER_MEMBERS= set by hand: search(:node, 'role:web') needs a Chef server\n"), "{production}");
    let kustomization = documents(content(&files, "kubernetes/base/kustomization.yaml")).remove(0);
    assert_eq!(strings(&kustomization["configMapGenerator"][0]["literals"]), ["BANNER=line one\nline two # \"quoted\" $HOME"]);
}

#[test]
fn overlays_say_what_differs() {
    let files = output(&fixture::album());
    let patch = |name: &str| documents(content(&files, &format!("kubernetes/overlays/staging/patches/{name}.yaml")));
    let video = patch("sidekiq-video");
    let pod = &video[0]["spec"]["template"]["spec"];
    assert_eq!(strings(&pod["containers"][0]["command"]).join(" "), "bundle exec sidekiq -C config/sidekiq/video.yml -c 1");
    assert_eq!(text(&pod["volumes"][0], &["ephemeral", "volumeClaimTemplate", "spec", "resources", "requests", "storage"]), "50Gi");
    assert_eq!(video[1]["spec"]["maxReplicas"].as_i64(), Some(1));
    let web = patch("web");
    let pod = &web[0]["spec"]["template"]["spec"];
    assert_eq!(text(&pod["initContainers"][0]["volumeMounts"][0], &["mountPath"]), "/etc/nginx/auth/basic.conf");
    assert_eq!(text(&pod["volumes"][0], &["configMap", "name"]), "basic-auth-conf");
    assert!(files.iter().any(|file| file.path == "kubernetes/overlays/staging/files/basic-auth-conf/basic.conf"));
    let ingress = patch("ingress").remove(0);
    assert_eq!(text(&ingress[0], &["path"]), "/spec/rules/0/host");
    assert_eq!(text(&ingress[0], &["value"]), "www.stg.album.example");
    let stack = patch("stack");
    assert_eq!(
        text(&stack[0]["metadata"]["annotations"], &["eks.amazonaws.com/role-arn"]),
        "arn:aws:iam::123456789012:role/photo-album-staging-pods"
    );
    assert_eq!(text(&stack[1]["spec"]["dataFrom"][0], &["extract", "key"]), "photo-album/staging");
    assert!(files.iter().all(|file| !file.path.starts_with("kubernetes/overlays/production/patches/sidekiq")));
    let own = documents(content(&files, "kubernetes/overlays/staging/externalsecret.yaml")).remove(0);
    assert_eq!(text(&own, &["spec", "target", "name"]), "basic-auth");
    assert_eq!(text(&own["metadata"]["labels"], &["app.kubernetes.io/part-of"]), "photo-album", "deploy.sh waits by label");
    assert!(files.iter().all(|file| file.path != "kubernetes/overlays/production/externalsecret.yaml"));
    assert!(content(&files, "secrets.md").contains("kubectl create secret generic basic-auth --namespace photo-album-staging"));
    assert!(!content(&files, "secrets.md").contains("kubectl create secret generic basic-auth --namespace photo-album-production"));
}

#[test]
fn what_an_environment_does_not_have_is_deleted_there() {
    let files = output(&fixture::awkward());
    let kustomization = documents(content(&files, "kubernetes/overlays/prod-1-2/kustomization.yaml")).remove(0);
    let removals: Vec<(&str, &str)> = kustomization["patches"]
        .as_sequence()
        .into_iter()
        .flatten()
        .filter(|patch| text(patch, &["path"]) == "patches/remove.yaml")
        .map(|patch| (text(patch, &["target", "kind"]), text(patch, &["target", "name"])))
        .collect();
    assert_eq!(
        removals,
        [
            ("Deployment|Service|HorizontalPodAutoscaler|PodDisruptionBudget", "ingress-2"),
            ("PersistentVolumeClaim", "ingress-2-share-d"),
            ("CronJob", "premium-highlights"),
        ]
    );
    let patch = documents(content(&files, "kubernetes/overlays/prod-1-2/patches/remove.yaml"));
    assert_eq!((patch.len(), text(&patch[0], &["$patch"])), (1, "delete"), "kustomize fails on a file of several deletions");
    let ingress = documents(content(&files, "kubernetes/overlays/prod-1/patches/ingress.yaml")).remove(0);
    assert_eq!(text(&ingress[0], &["path"]), "/spec/rules");
    assert_eq!(ingress[0]["value"].as_sequence().map(Vec::len), Some(3));
}

#[test]
fn deployments_stop_as_the_hosts_did() {
    let files = output(&fixture::album());
    let api = documents(content(&files, "kubernetes/base/api.yaml"));
    let pod = &api[0]["spec"]["template"]["spec"];
    assert_eq!(pod["terminationGracePeriodSeconds"].as_i64(), Some(65));
    assert_eq!(strings(&pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"]), ["sleep", "20"]);
    assert!(api[0]["spec"].get("replicas").is_none(), "the autoscaler sets them");
    assert_eq!(api[2]["spec"]["minReplicas"].as_i64(), Some(4));
    let ingress = content(&files, "kubernetes/base/ingress.yaml");
    assert!(ingress.contains("deregistration_delay.timeout_seconds=15"));
    let relay = documents(content(&output(&fixture::daemon(ekiben::blueprint::Packager::Apt)), "kubernetes/base/relay.yaml"));
    assert_eq!(text(&relay[0], &["spec", "strategy", "type"]), "Recreate");
    assert_eq!(text(&relay[2], &["kind"]), "PersistentVolumeClaim");
}

#[test]
fn the_script_deploys_in_order() {
    let files = output(&fixture::album());
    let script = files.iter().find(|file| file.path == "kubernetes/deploy.sh").expect("deploy.sh");
    assert_eq!(script.mode, 0o755);
    let order = [
        "component=settings",
        "wait --namespace \"$namespace\" externalsecret ",
        "delete job migrate",
        "job/migrate --for",
        "apply -f \"$rendered\"\nfor ",
    ];
    let places: Vec<usize> =
        order.iter().map(|part| script.content.find(part).unwrap_or_else(|| panic!("{part}\n{}", script.content))).collect();
    assert!(places.is_sorted(), "{}", script.content);
}

#[test]
fn tasks_mount_the_files_that_they_read() {
    let mut blueprint = fixture::album();
    let mount = |name: &str, content| Mount { name: name.into(), path: format!("/etc/task/{name}"), content, origin: vec![] };
    let only_production = PerEnvironment { values: vec![Some("a: 1\n".to_owned()), None] };
    blueprint.schedules[0].mounts = vec![mount("report-env", None), mount("report-yml", Some(only_production))];
    blueprint.jobs[0].mounts = vec![mount("report-env", None)];
    let files = output(&blueprint);
    let pod = |path: &str, kind: &str, name: &str| {
        let found = documents(content(&files, path))
            .into_iter()
            .find(|one| text(one, &["kind"]) == kind && text(one, &["metadata", "name"]) == name);
        let spec = found.map(|one| one["spec"].clone()).unwrap_or_default();
        let template = if kind == "CronJob" { spec["jobTemplate"]["spec"]["template"].clone() } else { spec["template"].clone() };
        let inside = template["spec"]["containers"][0]["volumeMounts"].as_sequence().cloned().unwrap_or_default();
        let volumes = template["spec"]["volumes"].as_sequence().map_or(0, Vec::len);
        let paths: Vec<String> = inside.iter().map(|one| text(one, &["mountPath"]).to_owned()).collect();
        assert_eq!(paths.len(), volumes, "{path}");
        paths
    };
    let name = blueprint.schedules[0].name.clone();
    assert_eq!(pod("kubernetes/base/cronjobs.yaml", "CronJob", &name), ["/etc/task/report-env"]);
    assert!(pod("kubernetes/base/cronjobs.yaml", "CronJob", &blueprint.schedules[1].name).is_empty());
    assert_eq!(pod("kubernetes/base/migrate.yaml", "Job", "migrate"), ["/etc/task/report-env"]);
    assert_eq!(pod("kubernetes/overlays/production/patches/cronjobs.yaml", "CronJob", &name), ["/etc/task/report-yml"]);
    assert!(!content(&files, "kubernetes/overlays/staging/kustomization.yaml").contains("report-yml"));
    assert!(content(&files, "compose.yaml").contains("not mounted here: /etc/task/report-yml"));
}
