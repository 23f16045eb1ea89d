//! An image as it is shown.

use super::item::{Field, Item};
use crate::blueprint::{Action, Image, Package, Packager, Runtime, Step};

/// The item of an image.
pub fn image(image: &Image) -> Item {
    let runtime = match &image.runtime {
        Runtime::System => "system".to_owned(),
        Runtime::Ruby(version) => format!("ruby {version}"),
        Runtime::Node(version) => format!("node {version}"),
        Runtime::Php(version) => format!("php {version}"),
        Runtime::Java(version) => format!("java {version}"),
        Runtime::Python(version) => format!("python {version}"),
        Runtime::Daemon(name) => name.clone(),
    };
    let packager = match image.packager {
        Packager::Apt => "apt",
        Packager::Dnf => "dnf",
        Packager::Yum => "yum",
        Packager::Apk => "apk",
    };
    let package = |package: &Package| {
        let version = package.version.as_ref().map(|version| format!("={version}")).unwrap_or_default();
        let renamed = package.renamed_from.as_ref().map(|name| format!(" (was {name})")).unwrap_or_default();
        format!("{}{version}{renamed}", package.name)
    };
    let account = |one: &crate::blueprint::Account| {
        let id = one.uid.map(|uid| format!(" {uid}:{}", one.gid.unwrap_or(uid))).unwrap_or_default();
        format!("{}{id}", one.name)
    };
    Item::new("image", &image.name)
        .from(&image.base_origin)
        .text("runtime", runtime)
        .text("base", &image.base)
        .text("packager", packager)
        .list("packages", image.packages.iter().map(package))
        .list("build_packages", image.build_packages.iter().map(package))
        .list("accounts", image.accounts.iter().map(account))
        .maybe("user", image.user.as_ref().map(account))
        .list("environment", image.variables.iter().map(|(name, (value, _))| format!("{name}={value}")))
        .list("steps", image.steps.iter().map(step))
        .text("workdir", &image.workdir)
        .list("manifests", image.source.iter().flat_map(|source| &source.manifests))
        .list("build", image.source.iter().flat_map(|source| &source.build).map(|build| build.command.clone()))
        .list("writable", &image.writable)
        .maybe("port", image.port)
        .with("command", Field::Words(image.command.clone()))
}

fn step(step: &Step) -> String {
    let what = match &step.action {
        Action::Copy { to, .. } => format!("copy {to}"),
        Action::CopyFromImage { image, from, .. } => format!("copy {from} of {image}"),
        Action::Directory { path, .. } => format!("directory {path}"),
        Action::Link { path, to } => format!("link {path} to {to}"),
        Action::Remove { path } => format!("remove {path}"),
        Action::Run { script, .. } => format!("run {}", script.lines().next().unwrap_or_default()),
        Action::Download { url, .. } => format!("download {url}"),
        Action::Checkout { url, .. } => format!("checkout {url}"),
        Action::Repository { name, .. } => format!("repository {name}"),
        Action::Install { manager, name, .. } => format!("{manager} install {name}"),
    };
    match step.origin.first() {
        Some(origin) => format!("{what} [{}]", origin.location),
        None => what,
    }
}
