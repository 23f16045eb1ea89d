//! `kustomization.yaml` of the base and of an overlay.

use crate::blueprint::Mount;
use crate::emit::kubernetes::{Cluster, own_settings_label, settings_label};
use crate::emit::layout::{Named, mount_key};
use crate::emit::settings;
use crate::emit::yaml::{Document, List, Map};

/// A patch file of an overlay, and the objects it is for where the patch does not say.
pub struct PatchFile {
    /// Path below the overlay.
    pub path: String,
    /// The target.
    pub target: Option<Map>,
    /// Beside the path: why.
    pub reason: Option<String>,
}

fn kustomization() -> Map {
    Map::new().spaced().with("apiVersion", "kustomize.config.k8s.io/v1beta1").with("kind", "Kustomization")
}

/// A label of every object and pod; selectors do without, since they can never be changed.
fn common_label(name: &str, value: &str) -> Map {
    Map::new().with("pairs", Map::new().with(name, value)).with("includeTemplates", true)
}

impl Cluster<'_> {
    /// The base's.
    pub(super) fn base_kustomization(&self) -> Document {
        let pairs = common_label("app.kubernetes.io/part-of", &self.layout.name);
        let mut resources = List::new().item("serviceaccount.yaml");
        if self.external_secrets().is_some() {
            resources.push("externalsecret.yaml");
        }
        for name in self.layout.jobs.iter().map(|job| &job.name).chain(self.layout.standalone().map(|process| &process.name)) {
            resources.push(format!("{name}.yaml"));
        }
        if !self.layout.schedules.is_empty() {
            resources.push("cronjobs.yaml");
        }
        if self.ingress().is_some() {
            resources.push("ingress.yaml");
        }
        if !self.network_policies().is_empty() {
            resources.push("networkpolicy.yaml");
        }
        let mut root = kustomization().with("labels", List::new().item(pairs)).with("resources", resources);
        let mut generators = List::new();
        for scope in settings::scopes(self.layout).into_iter().filter(|scope| self.has_settings(*scope)) {
            let envs = List::flow().item(format!("{}.env", settings::scope_file(self.layout, scope)));
            let mut generator = Map::new().with("name", self.settings_name(scope)).with("envs", envs);
            let literals = self.literals(None, scope);
            if !literals.is_empty() {
                generator = generator.with("literals", literals);
            }
            generators.push(generator.with("options", Map::new().with("labels", settings_label())));
        }
        for mount in self.layout.mounts.iter().filter(|mount| mount.item.content.is_some() && self.is_shared_mount(mount.item)) {
            generators.push(Self::file_generator(settings_label(), mount));
        }
        if !generators.is_empty() {
            root = root.with("configMapGenerator", generators);
        }
        let mut patches = List::new();
        for patch in self.patches() {
            patches.push(Map::new().with("path", patch.path).with("target", patch.target));
        }
        if !patches.is_empty() {
            root = root.above("What every container of an image has in common is written once.").with("patches", patches);
        }
        Document::new(root)
    }

    /// That of overlay `index`.
    pub(super) fn overlay_kustomization(&self, index: usize, patches: &[PatchFile]) -> Document {
        let mut resources = List::new().item("../../base").item("namespace.yaml");
        if !self.own_external_secrets(index).is_empty() {
            resources.push("externalsecret.yaml");
        }
        let namespace = self.layout.places[index].namespace.as_str();
        let mut root = kustomization()
            .with("namespace", namespace)
            .with("labels", List::new().item(common_label("app.kubernetes.io/instance", namespace)))
            .with("resources", resources);
        let mut generators = List::new();
        for scope in settings::scopes(self.layout).into_iter().filter(|scope| self.has_overlay_env(index, *scope)) {
            let envs = List::flow().item(format!("{}.env", settings::scope_file(self.layout, scope)));
            let mut generator = Map::new().with("name", self.settings_name(scope)).with("behavior", "merge").with("envs", envs);
            let literals = self.literals(Some(index), scope);
            if !literals.is_empty() {
                generator = generator.with("literals", literals);
            }
            generators.push(generator);
        }
        for (mount, _) in self.overlay_mounts(index) {
            generators.push(Self::file_generator(own_settings_label(&self.layout.name), mount));
        }
        if !generators.is_empty() {
            root = root.with("configMapGenerator", generators);
        }
        let list = patches.iter().fold(List::new(), |list, patch| {
            let entry = Map::new().above_all(patch.reason.clone()).with("path", patch.path.as_str());
            list.item(entry.with_some("target", patch.target.clone()))
        });
        if !list.is_empty() {
            root = root.with("patches", list);
        }
        let images = self.images();
        if images.is_empty() {
            return Document::new(root);
        }
        let set = self.layout.images.first().map_or("image", |image| image.name.as_str());
        Document::new(
            root.above(format!("CI sets them: kustomize edit set image {set}=<repository>:<revision>@<digest> ..."))
                .above("The digest is what is pulled, whatever becomes of the tag; the tag tells people the revision.")
                .with("images", images),
        )
    }

    /// Whether overlay `index` has an `app.env` of that scope.
    pub(super) fn has_overlay_env(&self, index: usize, scope: settings::Scope) -> bool {
        self.has_settings(scope) && (self.overlay_env(index, scope).lines().count() > 1 || !self.literals(Some(index), scope).is_empty())
    }

    fn file_generator(labels: Map, mount: &Named<Mount>) -> Map {
        let source = format!("{}={}", mount_key(mount.item), Self::mount_file(mount));
        Map::new()
            .with("name", mount.name.as_str())
            .with("files", List::flow().item(source))
            .with("options", Map::new().with("labels", labels))
    }

    fn images(&self) -> List {
        let mut list = List::new();
        for image in &self.layout.images {
            let registry = self.options.registry.as_ref().map(|registry| format!("{}/{}", registry.trim_end_matches('/'), image.name));
            let image = Map::new().with("name", image.name.as_str()).with_some("newName", registry).with("newTag", "set-by-ci");
            list.push(image.with("digest", format!("sha256:{}", "0".repeat(64))));
        }
        list
    }
}
