//! Secrets by reference: `ExternalSecret`s that fill Secrets from AWS Secrets Manager. No value is written.

use crate::blueprint::Mount;
use crate::emit::kubernetes::{Cluster, object, own_settings_label, settings_label};
use crate::emit::layout::{Named, mount_key};
use crate::emit::settings::{self, Kind, Scope};
use crate::emit::yaml::{Document, List, Map};
use crate::emit::{origin, secrets};

impl Cluster<'_> {
    /// Whether there is a Secret with variables of that scope.
    pub(super) fn has_secrets(&self, scope: Scope) -> bool {
        !settings::of_scope(self.layout, Kind::Secret, scope).is_empty()
    }

    /// Whether there is any `ExternalSecret`, for deploy.sh to wait for.
    pub(super) fn has_external_secrets(&self) -> bool {
        !settings::of_kind(self.layout, Kind::Secret).is_empty() || self.layout.mounts.iter().any(|mount| mount.item.content.is_none())
    }

    /// The mounted files that are secrets in all environments.
    fn secret_mounts(&self) -> Vec<&Named<'_, Mount>> {
        self.layout.mounts.iter().filter(|mount| mount.item.content.is_none() && self.is_everywhere(mount.item)).collect()
    }

    /// `ExternalSecret`s that only place `index` and some others have.
    pub(super) fn own_external_secrets(&self, index: usize) -> Vec<Document> {
        let key = secrets::key(self.layout, index);
        let own =
            |mount: &&Named<Mount>| mount.item.content.is_none() && !self.is_everywhere(mount.item) && self.has_mount(mount.item, index);
        let document = |mount: &Named<Mount>| {
            let spec = self.spec(&mount.name).with("data", self.data(mount, &key));
            external_secret(&mount.name, own_settings_label(&self.layout.name), spec).commented(origin::lines(&mount.item.origin))
        };
        self.layout.mounts.iter().filter(own).map(document).collect()
    }

    /// The base's `ExternalSecret`s; the overlay puts its own key in.
    pub(super) fn external_secrets(&self) -> Option<Vec<Document>> {
        let project = &self.layout.name;
        let mut documents = Vec::new();
        for scope in settings::scopes(self.layout) {
            let variables = settings::of_scope(self.layout, Kind::Secret, scope);
            if variables.is_empty() {
                continue;
            }
            let names: Vec<&str> = variables.iter().map(|variable| variable.name.as_str()).collect();
            let mut comments = vec![
                format!("Needs the External Secrets Operator and a ClusterSecretStore named {}.", self.options.secret_store),
                "Keys expected in the secret (see secrets.md):".to_owned(),
            ];
            comments.extend(names.chunks(6).map(|names| format!("  {}", names.join(" "))));
            let key = secrets::key_of_scope(self.layout, &format!("{project}/app"), scope);
            let from = Map::new().with("extract", Map::new().with("key", key).beside("the overlay puts its own in"));
            let name = self.settings_name(scope);
            let spec = self.spec(&name).with("dataFrom", List::new().item(from));
            documents.push(external_secret(&name, settings_label(), spec).commented(comments));
        }
        for mount in self.secret_mounts() {
            let spec = self.spec(&mount.name).with("data", self.data(mount, &format!("{project}/app")));
            documents.push(external_secret(&mount.name, settings_label(), spec).commented(origin::lines(&mount.item.origin)));
        }
        (!documents.is_empty()).then_some(documents)
    }

    /// What an overlay changes about them.
    pub(super) fn external_secret_patches(&self, index: usize) -> Vec<Document> {
        let key = secrets::key(self.layout, index);
        let mut documents = Vec::new();
        for scope in settings::scopes(self.layout).into_iter().filter(|scope| self.has_secrets(*scope)) {
            let key = secrets::key_of_scope(self.layout, &key, scope);
            let from = List::new().item(Map::new().with("extract", Map::new().with("key", key)));
            let spec = Map::new().with("dataFrom", from);
            let metadata = Map::new().with("name", self.settings_name(scope));
            documents.push(Document::new(object("external-secrets.io/v1", "ExternalSecret", metadata).with("spec", spec)));
        }
        for mount in self.secret_mounts() {
            let spec = Map::new().with("data", self.data(mount, &key));
            documents.push(Document::new(
                object("external-secrets.io/v1", "ExternalSecret", Map::new().with("name", mount.name.as_str())).with("spec", spec),
            ));
        }
        documents
    }

    fn data(&self, mount: &Named<Mount>, key: &str) -> List {
        let reference = Map::flow().with("key", key).with("property", secrets::property(&mount.name));
        List::new().item(Map::new().with("secretKey", mount_key(mount.item)).with("remoteRef", reference))
    }

    fn spec(&self, target: &str) -> Map {
        Map::new()
            .with("refreshInterval", "1h")
            .with("secretStoreRef", Map::new().with("kind", "ClusterSecretStore").with("name", self.options.secret_store.as_str()))
            .with("target", Map::new().with("name", target))
    }
}

fn external_secret(name: &str, labels: Map, spec: Map) -> Document {
    let metadata = Map::new().with("name", name).with("labels", labels);
    Document::new(object("external-secrets.io/v1", "ExternalSecret", metadata).with("spec", spec))
}
