//! What every object of Kubernetes holds to: API versions, cron strings, quantities.

use serde_yaml::Value;

use crate::{documents, fixture, output};

/// Kinds with the versions of their API that are served now.
const VERSIONS: &[(&str, &str)] = &[
    ("ConfigMap", "v1"),
    ("CronJob", "batch/v1"),
    ("Deployment", "apps/v1"),
    ("ExternalSecret", "external-secrets.io/v1"),
    ("HorizontalPodAutoscaler", "autoscaling/v2"),
    ("Ingress", "networking.k8s.io/v1"),
    ("Job", "batch/v1"),
    ("Kustomization", "kustomize.config.k8s.io/v1beta1"),
    ("Namespace", "v1"),
    ("NetworkPolicy", "networking.k8s.io/v1"),
    ("PersistentVolumeClaim", "v1"),
    ("PodDisruptionBudget", "policy/v1"),
    ("ScaledObject", "keda.sh/v1alpha1"),
    ("Secret", "v1"),
    ("Service", "v1"),
    ("ServiceAccount", "v1"),
    ("StatefulSet", "apps/v1"),
    ("TriggerAuthentication", "keda.sh/v1alpha1"),
];

fn each(check: impl Fn(&str, &Value)) {
    for (name, blueprint) in fixture::all() {
        for file in output(&blueprint).iter().filter(|file| file.path.starts_with("kubernetes/") && file.path.ends_with(".yaml")) {
            for object in documents(&file.content) {
                check(&format!("{name} {}", file.path), &object);
            }
        }
    }
}

/// Every value under a key of that name, anywhere.
fn under<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Mapping(map) => {
            for (name, inner) in map {
                if name.as_str() == Some(key) {
                    found.push(inner);
                }
                under(inner, key, found);
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| under(item, key, found)),
        _ => {}
    }
}

#[test]
fn kinds_have_versions_that_are_served() {
    each(|place, object| {
        let Some(kind) = object.get("kind").and_then(Value::as_str) else { return };
        // What only takes something away names any kind.
        if object.get("$patch").is_some() {
            return;
        }
        let version = object.get("apiVersion").and_then(Value::as_str).unwrap_or_default();
        assert!(VERSIONS.contains(&(kind, version)), "{place}: {kind} of {version}");
    });
}

#[test]
fn cron_strings_are_those_that_kubernetes_parses() {
    let bounds = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];
    each(|place, object| {
        let schedule = object.get("spec").and_then(|spec| spec.get("schedule")).and_then(Value::as_str);
        if let Some(schedule) = schedule {
            let fields: Vec<&str> = schedule.split(' ').collect();
            assert_eq!(fields.len(), 5, "{place}: {schedule}");
            for (field, (least, most)) in fields.iter().zip(bounds) {
                for part in field.split(',') {
                    let (range, step) = part.split_once('/').unwrap_or((part, "1"));
                    assert!(step.parse::<u32>().is_ok_and(|step| step > 0), "{place}: {schedule}");
                    let (low, high) = range.split_once('-').unwrap_or((range, range));
                    let number = |text: &str| text.parse::<u32>().is_ok_and(|number| (least..=most).contains(&number));
                    assert!(range == "*" || number(low) && number(high), "{place}: {schedule}");
                }
            }
        }
    });
}

#[test]
fn quantities_are_quantities() {
    let is_quantity = |text: &str, units: &[&str]| {
        units.iter().any(|unit| text.strip_suffix(unit).is_some_and(|number| number.parse::<u32>().is_ok_and(|number| number > 0)))
    };
    each(|place, object| {
        for (key, units) in [("cpu", &["m", ""][..]), ("memory", &["Mi", "Gi"]), ("storage", &["Gi", "Mi"]), ("sizeLimit", &["Gi", "Mi"])] {
            let mut found = Vec::new();
            for area in ["requests", "limits", "emptyDir"] {
                let mut areas = Vec::new();
                under(object, area, &mut areas);
                areas.into_iter().for_each(|area| under(area, key, &mut found));
            }
            for value in found {
                let text = value.as_str().map_or_else(|| format!("{value:?}"), str::to_owned);
                let text = text.strip_prefix("Number(").and_then(|text| text.strip_suffix(')')).unwrap_or(&text).to_owned();
                assert!(is_quantity(&text, units), "{place}: {key} {text}");
            }
        }
    });
}
