//! System packages: one `RUN` per stage for apt, dnf, yum or apk.

use crate::blueprint::{Action, Image, Package, Packager, Stage, Step};
use crate::emit::docker::instruction::{Command, Instruction};
use crate::emit::origin;

/// Packages that every process needs; they go in the first stage, which is rebuilt most rarely.
const EVERYWHERE: &[&str] = &["ca-certificates", "libjemalloc1", "libjemalloc2", "jemalloc", "locales", "tzdata"];

/// Whether a package belongs in the first stage.
#[must_use]
pub fn is_basic(package: &Package) -> bool {
    EVERYWHERE.contains(&package.name.as_str())
}

/// The instruction that installs `packages`, or `None` for none. `scope` keeps the caches of different bases apart.
#[must_use]
pub fn install(packager: Packager, packages: &[&Package], scope: &str) -> Option<Instruction> {
    let arguments = arguments(packages);
    if arguments.is_empty() {
        return None;
    }
    let long = |text: &str| Command { text: text.to_owned(), arguments: arguments.clone(), ..Command::default() };
    Some(match packager {
        Packager::Apt => {
            let mounts =
                [cache(&format!("apt-archives{scope}"), "/var/cache/apt"), cache(&format!("apt-lists{scope}"), "/var/lib/apt/lists")];
            Instruction::run(&mounts, vec![Command::new("apt-get update"), long("apt-get install -y --no-install-recommends")])
        }
        Packager::Dnf => Instruction::run(
            &[],
            vec![
                long("dnf install -y --nodocs --setopt=install_weak_deps=False"),
                Command::new("dnf clean all"),
                Command::new("rm -rf /var/cache/dnf"),
            ],
        ),
        Packager::Yum => {
            Instruction::run(&[], vec![long("yum install -y"), Command::new("yum clean all"), Command::new("rm -rf /var/cache/yum")])
        }
        Packager::Apk => Instruction::run(&[], vec![long("apk add --no-cache")]),
    })
}

/// Whether the image's repositories are reached by TLS, for which slim bases have no certificates.
#[must_use]
pub fn needs_certificates(image: &Image) -> bool {
    let secure = |step: &Step| matches!(&step.action, Action::Repository { line, .. } if line.contains("https://"));
    image.packager == Packager::Apt && image.steps.iter().any(secure)
}

/// Whether a step changes where the base's own packages come from: it has to run before any is installed.
#[must_use]
pub fn is_source(step: &Step) -> bool {
    matches!(&step.action, Action::Run { script, .. } if step.stage == Stage::Runtime && script.contains("> /etc/apt/sources.list"))
}

/// Installs the certificates that repositories need.
#[must_use]
pub fn certificates(packager: Packager, scope: &str) -> Option<Instruction> {
    install(packager, &[&certificate_package()], scope)
}

/// The package with the certificates.
#[must_use]
pub fn certificate_package() -> Package {
    Package { name: "ca-certificates".to_owned(), version: None, renamed_from: None, origin: Vec::new() }
}

/// Keeps what apt downloads, so that the cache mounts have something to hold.
#[must_use]
pub fn keep_downloads() -> Instruction {
    Instruction::plain("RUN rm -f /etc/apt/apt.conf.d/docker-clean").spaced()
}

/// A cache mount.
#[must_use]
pub fn cache(id: &str, target: &str) -> String {
    format!("--mount=type=cache,id={id},target={target},sharing=locked")
}

/// Names, sorted, each once; a comment where the origin changes.
fn arguments(packages: &[&Package]) -> Vec<(Option<String>, String)> {
    let mut sorted: Vec<&Package> = packages.iter().copied().filter(|package| !package.name.is_empty()).collect();
    sorted.sort_by(|one, other| one.name.cmp(&other.name));
    sorted.dedup_by(|one, other| one.name == other.name);
    let mut previous = String::new();
    let mut arguments = Vec::new();
    for package in sorted {
        let comment = comment(package);
        arguments
            .push(((comment != previous && !comment.is_empty()).then(|| comment.clone()), super::instruction::shell_word(&package.name)));
        previous = comment;
    }
    arguments
}

fn comment(package: &Package) -> String {
    let mut parts: Vec<String> = Vec::new();
    let origin = origin::short(&package.origin);
    if !origin.is_empty() {
        parts.push(origin);
    }
    if let Some(old) = &package.renamed_from {
        parts.push(format!("was {old}"));
    }
    if let Some(version) = &package.version {
        // The hosts' versions are not in this base's archive: a pin would break the build.
        parts.push(format!("the hosts had {version}"));
    }
    origin::one_line(&parts.join(", "))
}
