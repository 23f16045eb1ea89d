//! What the Dockerfile promises of each image's file system, for whoever looks at a built one.
//!
//! In: the blueprint. Out: [`Promise`]s with final names, numbers and absolute paths: `web-shop` runs as 5000:5000 and writes to `/app/log`.

use crate::blueprint::{Action, Blueprint, Image};
use crate::emit::docker::{container_path, dependency, ending};
use crate::emit::identity;
use crate::emit::layout::Layout;

/// An image as it must come out of the build.
#[derive(Debug, Clone)]
pub struct Promise<'a> {
    /// The final name: what `docker build --tag` is given.
    pub name: String,
    /// What it is made from.
    pub image: &'a Image,
    /// User id and group id of its processes.
    pub user: (u32, u32),
    /// Absolute paths of the folders that its processes write to.
    pub writable: Vec<String>,
    /// Whether what only building needs is left in an earlier stage.
    pub is_without_compilers: bool,
    /// Files of the output that are copied in.
    pub copies: Vec<Copied>,
}

/// A file of the output in an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Path in the output: `container/etc/app.conf`.
    pub from: String,
    /// Absolute path in the image.
    pub to: String,
    /// It is laid over the app's source.
    pub is_overlay: bool,
}

/// The promises of all images.
#[must_use]
pub fn of(blueprint: &Blueprint) -> Vec<Promise<'_>> {
    let layout = Layout::of(blueprint);
    layout.images.iter().map(|named| promise(named.name.clone(), named.item)).collect()
}

fn promise(name: String, image: &Image) -> Promise<'_> {
    let who = identity::of(Some(image));
    let writable = ending::directories(image).into_iter().map(|path| absolute(image, path)).collect();
    let mut copies: Vec<Copied> = Vec::new();
    for step in &image.steps {
        if let Action::Copy { from, to, .. } = &step.action {
            copies.push(Copied { from: container_path(from), to: absolute(image, to), is_overlay: false });
        }
    }
    for (from, to) in image.source.iter().flat_map(|source| &source.overlays) {
        copies.push(Copied { from: container_path(from), to: absolute(image, to), is_overlay: true });
    }
    let is_without_compilers = image.source.as_ref().is_some_and(|source| !dependency::outputs(image, source).is_empty());
    Promise { name, image, user: (who.uid, who.gid), writable, is_without_compilers, copies }
}

/// The numbers of user and group `name` in an image, where its Dockerfile or its base says them.
#[must_use]
pub fn account(image: &Image, name: &str) -> Option<(u32, u32)> {
    let made = image.accounts.iter().chain(&image.user).find(|account| account.name == name);
    made.map(|account| identity::resolve(image, account)).map(|who| (who.uid, who.gid)).or_else(|| identity::in_base(image, name))
}

/// A path of the Dockerfile as seen from the root.
fn absolute(image: &Image, path: &str) -> String {
    if path.starts_with('/') {
        return path.trim_end_matches('/').to_owned();
    }
    let inside = path.trim_start_matches("./").trim_end_matches('/');
    format!("{}/{inside}", dependency::workdir(image).trim_end_matches('/'))
}
