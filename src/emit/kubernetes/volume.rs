//! Volumes: scratch space, disks, mounted configuration and secret files.

use crate::blueprint::{Artifact, Mount, Process, Volume};
use crate::emit::kubernetes::{BASE, Cluster, object};
use crate::emit::layout::{Named, mount_key};
use crate::emit::name::{LABEL, dns_label};
use crate::emit::yaml::{Document, List, Map};
use crate::emit::{file, origin, secrets};

/// GiB of a disk whose size no source says.
const DEFAULT_GIB: u32 = 10;

impl Cluster<'_> {
    /// Where a mount's file lies below the base or an overlay.
    pub(super) fn mount_file(mount: &Named<Mount>) -> String {
        format!("files/{}/{}", mount.name, mount_key(mount.item))
    }

    /// Whether a mount is the same file in all environments.
    pub(super) fn is_shared_mount(&self, mount: &Mount) -> bool {
        mount.content.as_ref().is_none_or(|content| self.layout.is_same(content))
    }

    /// Whether a mount exists in place `index`.
    pub(super) fn has_mount(&self, mount: &Mount, index: usize) -> bool {
        match &mount.content {
            Some(content) => self.layout.at(content, index).is_some(),
            None => secrets::exists(self.layout, mount, index),
        }
    }

    /// Whether it exists in all environments, and so in the base's pods.
    pub(super) fn is_everywhere(&self, mount: &Mount) -> bool {
        (0..self.layout.places.len()).all(|index| self.has_mount(mount, index))
    }

    /// The base's mounted configuration files.
    pub(super) fn base_mounts(&self) -> Vec<Artifact> {
        let shared = self.layout.mounts.iter().filter(|mount| mount.item.content.is_some() && self.is_shared_mount(mount.item));
        let content = |mount: &Mount| mount.content.as_ref().and_then(|content| content.base().cloned());
        shared.filter_map(|mount| content(mount.item).map(|text| file(format!("{BASE}/{}", Self::mount_file(mount)), text))).collect()
    }

    /// The mounts of overlay `index` that are not the base's, with their content.
    pub(super) fn overlay_mounts(&self, index: usize) -> Vec<(&Named<'_, Mount>, String)> {
        let own = self.layout.mounts.iter().filter(|mount| !self.is_shared_mount(mount.item));
        let content = |mount: &Mount| mount.content.as_ref().and_then(|content| self.layout.at(content, index)).cloned();
        own.filter_map(|mount| content(mount.item).map(|text| (mount, text))).collect()
    }

    /// `volumeMounts` of one container.
    pub(super) fn volume_mounts(&self, process: &Process, mounts: &[&Mount], scratch: &[(String, String)]) -> List {
        let mut list = List::new();
        for volume in &process.volumes {
            list.push(Map::flow().with("name", volume_name(volume)).with("mountPath", volume.path.as_str()));
        }
        for (name, path) in scratch {
            list.push(Map::flow().with("name", name.as_str()).with("mountPath", path.as_str()));
        }
        for mount in mounts {
            list.push(self.volume_mount(mount));
        }
        list
    }

    /// One file of a mount: `subPath`, so that what lies beside it in the image stays.
    pub(super) fn volume_mount(&self, mount: &Mount) -> Map {
        Map::flow()
            .with("name", volume_of(&self.layout.mount_name(mount)))
            .with("mountPath", mount.path.as_str())
            .with("subPath", mount_key(mount))
            .with("readOnly", true)
    }

    /// The pod's volume for a mount.
    pub(super) fn mount_volume(&self, mount: &Mount) -> Map {
        let name = self.layout.mount_name(mount);
        let volume = Map::new().above_all(origin::lines(&mount.origin)).with("name", volume_of(&name));
        match mount.content {
            Some(_) => volume.with("configMap", Map::flow().with("name", name)),
            None => volume.with("secret", Map::flow().with("secretName", name)),
        }
    }

    /// The pod's volume for a volume of the process.
    pub(super) fn volume(&self, process: &Named<Process>, volume: &Volume) -> Map {
        let map = Map::new().above_all(origin::lines(&volume.origin)).with("name", volume_name(volume));
        if volume.persistent {
            return map.with("persistentVolumeClaim", Map::flow().with("claimName", claim_name(process, volume)));
        }
        match volume.size_gib.as_ref().and_then(|size| size.base()) {
            Some(size) => map.with("ephemeral", self.claim_template(*size)),
            None => map.with("emptyDir", Map::flow()),
        }
    }

    /// What overlay `index` changes about the sizes of the process's volumes.
    pub(super) fn volume_patches(&self, process: &Named<Process>, index: usize) -> (List, Vec<Document>) {
        let (mut in_pod, mut claims) = (List::new(), Vec::new());
        for volume in &process.item.volumes {
            let Some(sizes) = &volume.size_gib else { continue };
            let (Some(base), Some(here)) = (sizes.base(), self.layout.at(sizes, index)) else { continue };
            if base == here {
                continue;
            }
            if volume.persistent {
                claims.push(Document::new(
                    object("v1", "PersistentVolumeClaim", Map::new().with("name", claim_name(process, volume)))
                        .with("spec", Map::new().with("resources", requests(*here))),
                ));
            } else {
                let spec = Map::new().with("spec", Map::new().with("resources", requests(*here)));
                in_pod.push(Map::new().with("name", volume_name(volume)).with("ephemeral", Map::new().with("volumeClaimTemplate", spec)));
            }
        }
        (in_pod, claims)
    }

    /// Claims of disks that outlive the pods.
    pub(super) fn claims(&self, process: &Named<Process>) -> Vec<Document> {
        let several = process.item.replicas.values.iter().flatten().any(|(_, most)| *most > 1);
        let (mode, class) = if several {
            ("ReadWriteMany", self.options.shared_storage_class.as_str())
        } else {
            ("ReadWriteOnce", self.options.storage_class.as_str())
        };
        let claim = |volume: &Volume| {
            let size = volume.size_gib.as_ref().and_then(|size| size.base().copied()).unwrap_or(DEFAULT_GIB);
            let metadata = Map::new().with("name", claim_name(process, volume));
            let spec =
                Map::new().with("accessModes", List::flow().item(mode)).with("storageClassName", class).with("resources", requests(size));
            Document::new(object("v1", "PersistentVolumeClaim", metadata).with("spec", spec)).commented(origin::lines(&volume.origin))
        };
        process.item.volumes.iter().filter(|volume| volume.persistent).map(claim).collect()
    }

    /// Names of the claims of a process.
    pub(super) fn claim_names(&self, process: &Named<Process>) -> Vec<String> {
        process.item.volumes.iter().filter(|volume| volume.persistent).map(|volume| claim_name(process, volume)).collect()
    }

    fn claim_template(&self, size: u32) -> Map {
        let spec = Map::new()
            .with("accessModes", List::flow().item("ReadWriteOnce"))
            .with("storageClassName", self.options.storage_class.as_str())
            .with("resources", requests(size));
        Map::new().with("volumeClaimTemplate", Map::new().with("spec", spec))
    }
}

/// Scratch directories of a daemon's image, as (volume, path): everything else of it is read-only.
pub fn scratch(sidecar: &Named<Process>, image: Option<&crate::blueprint::Image>) -> Vec<(String, String)> {
    let writable =
        image.into_iter().filter(|image| matches!(image.runtime, crate::blueprint::Runtime::Daemon(_))).flat_map(|image| &image.writable);
    let absolute = writable.filter(|path| path.starts_with('/'));
    absolute.map(|path| (dns_label(&format!("{}-{path}", sidecar.name), LABEL, "scratch"), path.clone())).collect()
}

/// Volume names of mounts do not meet those of volumes.
pub fn volume_of(mount: &str) -> String {
    dns_label(&format!("file-{mount}"), LABEL, "file")
}

/// What a volume of a process is called in its pod.
pub fn volume_name(volume: &Volume) -> String {
    dns_label(&volume.name, LABEL, "data")
}

fn claim_name(process: &Named<Process>, volume: &Volume) -> String {
    dns_label(&format!("{}-{}", process.name, volume.name), LABEL, "data")
}

fn requests(gib: u32) -> Map {
    Map::new().with("requests", Map::flow().with("storage", format!("{gib}Gi")))
}
