//! What is particular to one environment: namespace, settings, role, hosts, and patches of what differs.

use crate::blueprint::{Artifact, Process};
use crate::emit::kubernetes::kustomization::PatchFile;
use crate::emit::kubernetes::{Cluster, object, yaml};
use crate::emit::layout::Named;
use crate::emit::yaml::{Document, List, Map};
use crate::emit::{file, is_wanted, settings, terraform};

/// The patch that deletes what it is aimed at.
const REMOVAL: &str = "remove";

impl Cluster<'_> {
    /// All files of overlay `index`.
    pub(super) fn overlay(&self, index: usize) -> Vec<Artifact> {
        let folder = format!("kubernetes/overlays/{}", self.layout.places[index].name);
        let mut files = vec![yaml(format!("{folder}/namespace.yaml"), &[self.namespace(index)])];
        for scope in settings::scopes(self.layout).into_iter().filter(|scope| self.has_overlay_env(index, *scope)) {
            files.push(file(format!("{folder}/{}.env", settings::scope_file(self.layout, scope)), self.overlay_env(index, scope)));
        }
        let secrets = self.own_external_secrets(index);
        if !secrets.is_empty() {
            files.push(yaml(format!("{folder}/externalsecret.yaml"), &secrets));
        }
        for (mount, content) in self.overlay_mounts(index) {
            files.push(file(format!("{folder}/{}", Self::mount_file(mount)), content));
        }
        let mut patches = Vec::new();
        let mut add = |name: &str, target: Option<Map>, documents: Vec<Document>| {
            if !documents.is_empty() {
                let path = format!("patches/{name}.yaml");
                files.push(yaml(format!("{folder}/{path}"), &documents));
                patches.push(PatchFile { path, target, reason: None });
            }
        };
        add("stack", None, self.stack(index));
        add("ingress", Some(Map::flow().with("kind", "Ingress")), self.ingress_patch(index).into_iter().collect());
        for process in self.layout.standalone() {
            add(&process.name, None, self.process_patches(process, index));
        }
        for job in &self.layout.jobs {
            add(&job.name, None, self.job_patch(job, index).into_iter().collect());
        }
        add("cronjobs", None, self.cron_patches(index));
        let removals = self.removals(index);
        if !removals.is_empty() {
            let any = Map::new()
                .with("$patch", "delete")
                .with("apiVersion", "v1")
                .with("kind", "any")
                .with("metadata", Map::new().with("name", "any"));
            files.push(yaml(format!("{folder}/patches/{REMOVAL}.yaml"), &[Document::new(any)]));
            patches.extend(removals);
        }
        files.push(yaml(format!("{folder}/kustomization.yaml"), &[self.overlay_kustomization(index, &patches)]));
        files
    }

    fn namespace(&self, index: usize) -> Document {
        let labels = Map::new()
            .with("app.kubernetes.io/part-of", self.layout.name.as_str())
            .with("app.kubernetes.io/component", "settings")
            .with("elbv2.k8s.aws/pod-readiness-gate-inject", "enabled")
            .with("pod-security.kubernetes.io/enforce", "restricted");
        let metadata = Map::new().with("name", self.layout.places[index].namespace.as_str()).with("labels", labels);
        let stack = self.layout.places[index].environment.and_then(|environment| environment.stack.clone());
        Document::new(object("v1", "Namespace", metadata)).commented(stack.map(|stack| format!("stack {stack}")))
    }

    /// What carries the environment's name: the role of the pods, the key of the secrets.
    fn stack(&self, index: usize) -> Vec<Document> {
        let environment = self.layout.places[index].environment;
        // A role of their own, where Terraform makes one.
        let own = is_wanted(self.options, "terraform").then(|| terraform::pod_role(self.layout, index)).flatten();
        let (is_own, own) = (own.is_some(), own.as_ref());
        let arn = environment.and_then(|environment| {
            let account =
                environment.account.as_ref().filter(|account| account.len() == 12 && account.chars().all(|c| c.is_ascii_digit()))?;
            if let Some(role) = own {
                return Some(format!("arn:aws:iam::{account}:role/{role}"));
            }
            let role = environment.role.as_ref().filter(|role| !role.is_empty())?;
            Some(if role.starts_with("arn:") { role.clone() } else { format!("arn:aws:iam::{account}:role/{role}") })
        });
        let mut documents = Vec::new();
        if let Some(arn) = arn {
            let annotations = Map::new().with("eks.amazonaws.com/role-arn", arn).beside(if is_own {
                format!("made by terraform/{}", self.layout.places[index].name)
            } else {
                "the hosts' role; its trust policy must allow this service account, too".to_owned()
            });
            let metadata = Map::new().with("name", self.layout.name.as_str()).with("annotations", annotations);
            documents.push(Document::new(object("v1", "ServiceAccount", metadata)));
        }
        documents.extend(self.external_secret_patches(index));
        documents
    }

    fn process_patches(&self, process: &Named<Process>, index: usize) -> Vec<Document> {
        let item = process.item;
        if !self.layout.runs(item, index) {
            return Vec::new();
        }
        let mut documents = Vec::new();
        let metadata = || Map::new().with("name", process.name.as_str());
        let (base, here) = (item.replicas.base(), self.layout.at(&item.replicas, index));
        let mut spec = Map::new();
        let changed = here.filter(|here| Some(*here) != base);
        if let Some((least, _)) = changed.filter(|_| !Self::scales(item)) {
            spec = spec.with("replicas", *least);
        }
        let (in_pod, claims) = self.volume_patches(process, index);
        let pod = self.pod_patch(process, index, in_pod);
        if !pod.is_empty() {
            spec = spec.with("template", Map::new().with("spec", pod));
        }
        if !spec.is_empty() {
            documents.push(Document::new(object("apps/v1", "Deployment", metadata()).with("spec", spec)));
        }
        if self.has_scaled_object(item) {
            documents.extend(self.scaled_object_patch(process, index));
        } else if let Some((least, most)) = changed.filter(|_| Self::scales(item)) {
            let spec = Map::new().with("minReplicas", (*least).max(1)).with("maxReplicas", (*most).max(*least).max(1));
            documents.push(Document::new(object("autoscaling/v2", "HorizontalPodAutoscaler", metadata()).with("spec", spec)));
        }
        documents.extend(claims);
        documents
    }

    fn pod_patch(&self, process: &Named<Process>, index: usize, mut volumes: List) -> Map {
        let mut sidecars = List::new();
        let mut mounted: Vec<String> = Vec::new();
        let all: Vec<&Named<Process>> = self.layout.sidecars(process.item).collect();
        for sidecar in &all {
            if !self.layout.runs(sidecar.item, index) {
                sidecars.push(Map::flow().with("name", sidecar.name.as_str()).with("$patch", "delete"));
            } else if let Some(patch) = self.container_patch(sidecar.item, &sidecar.name, index) {
                sidecars.push(patch);
            }
        }
        for one in std::iter::once(&process).chain(&all) {
            for mount in one.item.mounts.iter().filter(|mount| !self.is_everywhere(mount) && self.has_mount(mount, index)) {
                let name = self.layout.mount_name(mount);
                if !mounted.contains(&name) {
                    volumes.push(self.mount_volume(mount));
                    mounted.push(name);
                }
            }
        }
        let mut pod = Map::new();
        if !sidecars.is_empty() {
            pod = pod.with("initContainers", sidecars);
        }
        if let Some(patch) = self.container_patch(process.item, "app", index) {
            pod = pod.with("containers", List::new().item(patch));
        }
        if volumes.is_empty() { pod } else { pod.with("volumes", volumes) }
    }

    /// What the base has and this environment does not: one patch for all of it.
    fn removals(&self, index: usize) -> Vec<PatchFile> {
        let remove = |kind: &str, name: &str| PatchFile {
            path: format!("patches/{REMOVAL}.yaml"),
            target: Some(Map::flow().with("kind", kind).with("name", name)),
            reason: Some(format!("not in {}", self.layout.places[index].name)),
        };
        let mut removals = Vec::new();
        for process in self.layout.standalone().filter(|process| !self.layout.runs(process.item, index)) {
            let item = process.item;
            let kinds = [
                ("Deployment", true),
                ("Service", self.serves(item)),
                (self.scaler_kind(item), Self::scales(item)),
                ("PodDisruptionBudget", Self::is_spread(item)),
                ("NetworkPolicy", self.is_admitted(item)),
            ];
            let kinds: Vec<&str> = kinds.into_iter().filter(|(_, exists)| *exists).map(|(kind, _)| kind).collect();
            removals.push(remove(&kinds.join("|"), &process.name));
            removals.extend(self.claim_names(process).iter().map(|name| remove("PersistentVolumeClaim", name)));
        }
        for schedule in self.layout.schedules.iter().filter(|schedule| !self.layout.scheduled(schedule.item, index)) {
            removals.push(remove("CronJob", &schedule.name));
        }
        removals
    }
}
