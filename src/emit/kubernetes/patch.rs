//! Patches of the base: what every container of an image has in common, and where workers may run.

use crate::emit::kubernetes::pod::{Group, groups};
use crate::emit::kubernetes::{Cluster, object};
use crate::emit::yaml::{Document, List, Map};

/// A patch with the objects it is for.
pub struct Patch {
    /// Path below the base.
    pub path: String,
    /// `{kind: Deployment, name: api|web}`.
    pub target: Map,
    /// The patch.
    pub document: Document,
}

impl Cluster<'_> {
    /// All patches of the base.
    pub(super) fn patches(&self) -> Vec<Patch> {
        let groups = groups(self.layout);
        let mut patches = Vec::new();
        for kind in ["Deployment", "Job", "CronJob"] {
            let names = |group: &Group| match kind {
                "Deployment" => group.deployments.clone(),
                "Job" => group.jobs.clone(),
                _ => group.cron_jobs.clone(),
            };
            let used: Vec<&Group> = groups.iter().filter(|group| !names(group).is_empty()).collect();
            for group in &used {
                let mut target = Map::flow().with("kind", kind);
                let mut path = format!("patches/{}.yaml", kind.to_lowercase());
                if used.len() > 1 {
                    target = target.with("name", names(group).join("|"));
                    path = format!("patches/{}-{}.yaml", kind.to_lowercase(), group.image);
                }
                patches.push(Patch { path, target, document: self.shared(kind, group) });
            }
        }
        patches.extend(self.workers());
        patches
    }

    fn shared(&self, kind: &str, group: &Group) -> Document {
        let pod = Map::new().with("spec", self.shared_pod(group, kind == "Deployment"));
        let any = Map::new().with("name", "any");
        let comment = format!("What every {kind} of image {} has in common.", group.image);
        let root = match kind {
            "Deployment" => object("apps/v1", kind, any).with("spec", Map::new().with("revisionHistoryLimit", 5u32).with("template", pod)),
            "Job" => object("batch/v1", kind, any).with("spec", Map::new().with("template", pod)),
            _ => {
                let job = Map::new().with("backoffLimit", 0u32).beside("cron did not repeat a failed task").with("template", pod);
                let spec = Map::new()
                    .with("concurrencyPolicy", "Forbid")
                    .with("successfulJobsHistoryLimit", 3u32)
                    .with("failedJobsHistoryLimit", 3u32)
                    .with("jobTemplate", Map::new().with("spec", job));
                object("batch/v1", kind, any).with("spec", spec)
            }
        };
        Document::new(root).commented([comment])
    }

    /// Workers that stop within a spot node's two minutes may run on one.
    fn workers(&self) -> Option<Patch> {
        let names: Vec<&str> = self.layout.spot_workers().map(|process| process.name.as_str()).collect();
        if names.is_empty() {
            return None;
        }
        let toleration = Map::flow().with("key", "spot").with("operator", "Equal").with("value", "true").with("effect", "NoSchedule");
        let wanted = Map::flow().with("key", "karpenter.sh/capacity-type").with("operator", "In").with("values", List::flow().item("spot"));
        let term = Map::new().with("weight", 100u32).with("preference", Map::new().with("matchExpressions", List::new().item(wanted)));
        let affinity =
            Map::new().with("nodeAffinity", Map::new().with("preferredDuringSchedulingIgnoredDuringExecution", List::new().item(term)));
        let pod = Map::new().with("spec", Map::new().with("tolerations", List::new().item(toleration)).with("affinity", affinity));
        let root = object("apps/v1", "Deployment", Map::new().with("name", "any")).with("spec", Map::new().with("template", pod));
        let comment = "Spot nodes where there are some; the taint's name is the cluster's choice.".to_owned();
        Some(Patch {
            path: "patches/worker.yaml".to_owned(),
            target: Map::flow().with("kind", "Deployment").with("name", names.join("|")),
            document: Document::new(root).commented([comment]),
        })
    }
}
