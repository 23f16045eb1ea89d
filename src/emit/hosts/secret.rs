//! Secrets on hosts: fetched from Secrets Manager when a release is installed, never part of the bundle.

use serde_json::json;

use crate::blueprint::Mount;
use crate::emit::hosts::Hosts;
use crate::emit::layout::mount_key;
use crate::emit::settings::{self, Kind, Scope};
use crate::emit::{identity, origin, secrets, template};

impl Hosts<'_> {
    /// Scopes with secret variables here.
    pub(super) fn secret_scopes(&self) -> Vec<Scope<'_>> {
        let here = |scope: &Scope| {
            let variables = settings::of_scope(self.layout, Kind::Secret, *scope);
            variables.iter().any(|variable| self.layout.at(&variable.value, self.index).is_some())
        };
        settings::scopes(self.layout).into_iter().filter(here).collect()
    }

    /// The env file that a scope's secrets are written to.
    pub fn env_file(&self, scope: Scope) -> String {
        scope.map_or_else(|| "secrets.env".to_owned(), |image| format!("secrets-{}.env", self.layout.image_name(image)))
    }

    /// Whether there is anything to fetch.
    pub fn has_secrets(&self) -> bool {
        !self.secret_scopes().is_empty() || !self.secret_mounts().is_empty()
    }

    fn secret_mounts(&self) -> Vec<&Mount> {
        let mounts = self.layout.mounts.iter().map(|mount| mount.item);
        mounts.filter(|mount| mount.content.is_none() && secrets::exists(self.layout, mount, self.index)).collect()
    }

    /// The script's part that fetches the secrets of this environment into the folder it runs in.
    pub fn secret_script(&self) -> String {
        let key = secrets::key(self.layout, self.index);
        let mounts = self.secret_mounts();
        let envs: Vec<_> = self
            .secret_scopes()
            .into_iter()
            .map(|scope| {
                let files = mounts.iter().filter(|_| scope.is_none()).map(|mount| secrets::property(&self.layout.mount_name(mount)));
                let left_out: String = files.map(|name| format!(" {name}")).collect();
                json!({ "key": secrets::key_of_scope(self.layout, &key, scope), "file": self.env_file(scope), "left_out": left_out })
            })
            .collect();
        let files: Vec<_> = mounts
            .iter()
            .map(|mount| {
                let name = self.layout.mount_name(mount);
                let image = self.layout.blueprint.processes.iter().find(|process| process.mounts.iter().any(|one| one.path == mount.path));
                let image = image.and_then(|process| self.layout.image(&process.image)).map(|image| image.item);
                let property = secrets::property(&name);
                json!({ "key": key, "property": property, "folder": name, "file": mount_key(mount), "gid": identity::of(image).gid })
            })
            .collect();
        let region = self.layout.places[self.index].environment.and_then(|environment| environment.region.as_deref());
        let region = region.map(origin::one_line).unwrap_or_default();
        template::render("hosts/secrets.sh", &json!({ "envs": envs, "files": files, "region": region }))
    }
}
