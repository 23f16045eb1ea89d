//! What the Dockerfile promises by itself: its user, the folders it may write to, nothing of the build, no secret, programs that are there.
//!
//! In: the image's promise, its file system. Out: a finding for each promise, kept or not.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Machine, content};
use super::{Finding, Kind, Side, Subject, Verdict};
use crate::blueprint::{Origin, Packager, Runtime};
use crate::text::Text;

/// Where programs are looked for.
const PATH: &[&str] = &[
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
    "/usr/local/bundle/bin",
    "/opt/venv/bin",
    "/usr/local/rvm/bin",
];

/// Names of files of the app's folder that no image may have.
const SECRETS: &[&str] = &["config/master.key", ".env", ".netrc", ".pgpass", ".ssh/id_rsa", ".ssh/id_ed25519", ".aws/credentials"];

/// Checks them all; `known` is what was found of the expectations, of which no fault is said twice.
pub fn check(subject: &Subject<'_>, machine: &Machine<'_>, base: Option<&BTreeMap<String, String>>, known: &[Finding]) -> Vec<Finding> {
    let mut all = vec![user(subject, machine)];
    all.extend(writable(subject, machine));
    all.extend(copies(subject, machine, known));
    all.extend(packages(subject, machine, known));
    all.extend(compilers(subject, machine, base));
    all.extend(lists(subject, machine));
    all.extend(secrets(subject, machine));
    all.extend(programs(subject, machine));
    all
}

fn finding(name: String, origin: &[Origin], fault: Option<(Verdict, &str, Vec<Side>)>) -> Finding {
    let (verdict, why, sides) =
        fault.map_or((Verdict::Same, String::new(), Vec::new()), |(verdict, why, sides)| (verdict, why.to_owned(), sides));
    let first = origin.first();
    Finding {
        kind: Kind::Promise,
        name,
        verdict,
        why,
        sides,
        resource: first.map(|one| one.what.clone()).unwrap_or_default(),
        location: first.map(|one| one.location.clone()),
        hosts: Vec::new(),
    }
}

fn user(subject: &Subject<'_>, machine: &Machine<'_>) -> Finding {
    let (uid, _) = subject.promise.user;
    let origin = subject.promise.image.user.as_ref().map(|user| user.origin.as_slice()).unwrap_or_default();
    // The Dockerfile makes an app's user; a daemon's comes with its base image, and a process needs no name.
    let fault = match (&subject.promise.image.runtime, machine.user_name(uid)) {
        (_, Some(_)) => None,
        (Runtime::Daemon(_), None) => {
            Some((Verdict::Unchecked, "no user has that number, which the official base image gives its own", Vec::new()))
        }
        (_, None) => Some((Verdict::Missing, "no user of the image has that number", Vec::new())),
    };
    finding(format!("the user {uid} exists"), origin, fault)
}

fn writable<'a>(subject: &'a Subject<'_>, machine: &'a Machine<'_>) -> impl Iterator<Item = Finding> + 'a {
    let (uid, gid) = subject.promise.user;
    subject.promise.writable.iter().map(move |path| {
        let fault = match machine.system.follow(path) {
            None => Some((Verdict::Missing, "the folder is not there", Vec::new())),
            Some(entry) => {
                let mine =
                    entry.uid == uid && entry.mode & 0o200 != 0 || entry.gid == gid && entry.mode & 0o020 != 0 || entry.mode & 0o002 != 0;
                let image = format!("{}:{} {:04o}", entry.uid, entry.gid, entry.mode);
                let side = Side { what: "owner and mode".to_owned(), chef: format!("{uid}:{gid} may write"), image };
                (!mine).then(|| (Verdict::Different, "", vec![side]))
            }
        };
        finding(format!("{path} can be written to"), &[], fault)
    })
}

fn copies<'a>(subject: &'a Subject<'_>, machine: &'a Machine<'_>, known: &'a [Finding]) -> impl Iterator<Item = Finding> + 'a {
    let is_said = |path: &str| known.iter().any(|one| one.verdict.is_fault() && subject.image_path(&one.name) == path);
    subject.promise.copies.iter().filter(move |copied| !is_said(&copied.to)).filter_map(move |copied| {
        let file = subject.outcome.blueprint.files.iter().find(|file| crate::emit::docker::container_path(&file.path) == copied.from)?;
        let fault = match machine.system.content(&copied.to) {
            None => Some((Verdict::Missing, "the file is not there", Vec::new())),
            Some(bytes) if bytes == file.content.as_bytes() => None,
            Some(bytes) => Some((Verdict::Different, "", vec![content(&Text::literal(file.content.clone()), bytes, false)])),
        };
        Some(finding(format!("{} is {}", copied.to, copied.from), &[], fault))
    })
}

fn packages<'a>(subject: &'a Subject<'_>, machine: &'a Machine<'_>, known: &'a [Finding]) -> impl Iterator<Item = Finding> + 'a {
    let said = |one: &Finding, name: &str| one.name == name || one.why.strip_prefix("there it is ") == Some(name);
    let is_said = move |name: &str| known.iter().any(|one| one.kind == Kind::Package && one.verdict.is_fault() && said(one, name));
    subject.promise.image.packages.iter().filter(move |package| !is_said(&package.name)).map(move |package| {
        let fault = match machine.packages() {
            None => Some((Verdict::Unchecked, "the image keeps its list of packages in a form that is not read", Vec::new())),
            Some(known) => (!known.contains_key(&package.name)).then(|| (Verdict::Missing, "it is not installed", Vec::new())),
        };
        finding(format!("the package {} is installed", package.name), &package.origin, fault)
    })
}

/// What only building needs is not left, unless the base image brings it.
fn compilers<'a>(
    subject: &'a Subject<'_>,
    machine: &'a Machine<'_>,
    base: Option<&'a BTreeMap<String, String>>,
) -> impl Iterator<Item = Finding> + 'a {
    let image = subject.promise.image;
    let only_builds = image
        .build_packages
        .iter()
        .filter(move |package| subject.promise.is_without_compilers && !image.packages.iter().any(|other| other.name == package.name));
    only_builds.map(move |package| {
        let is_there = machine.packages().is_some_and(|known| known.contains_key(&package.name));
        let of_base = base.is_some_and(|base| base.contains_key(&package.name));
        let name = format!("the package {} is left in the build stage", package.name);
        if is_there && of_base {
            let why = "the base image brings it";
            return finding(name, &package.origin, Some((Verdict::LeftOut, why, Vec::new())));
        }
        let why =
            if base.is_some() { "it is installed" } else { "it is installed; the base image is not here to tell whether it is its own" };
        finding(name, &package.origin, is_there.then(|| (Verdict::Different, why, Vec::new())))
    })
}

/// No package lists and archives.
fn lists(subject: &Subject<'_>, machine: &Machine<'_>) -> Option<Finding> {
    let folders: &[&str] = match subject.promise.image.packager {
        Packager::Apt => &["/var/lib/apt/lists", "/var/cache/apt/archives"],
        Packager::Dnf | Packager::Yum => &["/var/cache/dnf", "/var/cache/yum"],
        Packager::Apk => &["/var/cache/apk"],
    };
    let is_file = |kind: super::system::Kind| kind == super::system::Kind::File;
    let left: Vec<(&str, u64)> = folders
        .iter()
        .flat_map(|folder| machine.system.under(folder))
        .filter(|(path, entry)| is_file(entry.kind) && entry.size > 0 && !path.ends_with("/lock"))
        .map(|(path, entry)| (path, entry.size))
        .collect();
    let bytes: u64 = left.iter().map(|(_, size)| size).sum();
    let image = format!("{} with {} KiB: {}", left.len(), bytes.div_ceil(1024), left.first().map_or("", |(path, _)| path));
    let side = Side { what: "files".to_owned(), chef: "none".to_owned(), image };
    let name = "no package lists and archives are left".to_owned();
    Some(finding(name, &[], (!left.is_empty()).then(|| (Verdict::Different, "", vec![side]))))
}

/// Files that hold secrets are mounted, never part of the image.
fn secrets(subject: &Subject<'_>, machine: &Machine<'_>) -> Vec<Finding> {
    let blueprint = &subject.outcome.blueprint;
    let workdir = subject.promise.image.workdir.trim_end_matches('/');
    let is_there = |path: &str| machine.system.find(path).is_some_and(|entry| entry.kind == super::system::Kind::File && entry.size > 0);
    let name = |path: &str| format!("{path} is not part of the image");
    let mounts = blueprint.mounts().filter(|mount| mount.content.is_none()).map(|mount| (&mount.path, &mount.origin));
    let mounted: BTreeMap<&String, &Vec<Origin>> =
        mounts.chain(blueprint.secret_files.iter().map(|file| (&file.path, &file.origin))).collect();
    let covered = "the source has a file there, which the mount covers: see that it holds no secret";
    let mut all: Vec<Finding> = mounted
        .into_iter()
        .map(|(path, origin)| finding(name(path), origin, is_there(path).then(|| (Verdict::Unchecked, covered, Vec::new()))))
        .collect();
    let Some(source) = &subject.promise.image.source else { return all };
    let mut paths: BTreeSet<String> =
        SECRETS.iter().copied().chain(source.login.as_deref()).map(|name| format!("{workdir}/{name}")).collect();
    paths.extend(machine.system.under(workdir).filter_map(|(path, _)| {
        let inside = path.strip_prefix(workdir)?.strip_prefix('/')?;
        let is_key = inside.starts_with("config/credentials/") && inside.ends_with(".key");
        let is_setting = inside.starts_with(".env.") && ![".example", ".sample", ".template"].iter().any(|end| inside.ends_with(end));
        (is_key || is_setting).then(|| path.to_owned())
    }));
    let readable = "the image has it, and whoever gets the image can read it";
    all.extend(paths.iter().map(|path| finding(name(path), &[], is_there(path).then(|| (Verdict::Different, readable, Vec::new())))));
    all
}

/// The program of everything that runs from the image.
fn programs(subject: &Subject<'_>, machine: &Machine<'_>) -> Vec<Finding> {
    let blueprint = &subject.outcome.blueprint;
    let image = subject.promise.image;
    let mut commands: Vec<(String, &[String], &[Origin])> = Vec::new();
    for process in blueprint.processes.iter().filter(|process| process.image == image.name) {
        for command in process.command.values.iter().flatten() {
            commands.push((format!("the process {}", process.name), command, &process.origin));
        }
    }
    for schedule in blueprint.schedules.iter().filter(|schedule| schedule.image == image.name) {
        for command in schedule.command.values.iter().flatten() {
            commands.push((format!("the schedule {}", schedule.name), command, &schedule.origin));
        }
    }
    for job in blueprint.jobs.iter().filter(|job| job.image == image.name) {
        commands.push((format!("the job {}", job.name), &job.command, &job.origin));
    }
    if !image.command.is_empty() {
        commands.push(("the image's own command".to_owned(), &image.command, &[]));
    }
    let mut seen: BTreeMap<String, Finding> = BTreeMap::new();
    for (who, command, origin) in commands {
        let Some(program) = command.first().filter(|program| !program.is_empty() && !program.starts_with('$')) else { continue };
        let workdir = image.workdir.trim_end_matches('/');
        let places: Vec<String> = if program.starts_with('/') {
            vec![program.clone()]
        } else if program.contains('/') {
            vec![format!("{workdir}/{program}")]
        } else {
            let own = [format!("{workdir}/node_modules/.bin"), format!("{workdir}/bin")];
            PATH.iter().map(|folder| (*folder).to_owned()).chain(own).map(|folder| format!("{folder}/{program}")).collect()
        };
        let found = places.iter().find_map(|path| machine.system.follow(path));
        let fault = match found {
            None => Some((Verdict::Missing, format!("{who} starts it, and the image does not have it"))),
            Some(entry) if entry.mode & 0o111 == 0 => Some((Verdict::Different, format!("{who} starts it, and it is not executable"))),
            Some(_) => None,
        };
        let fault = fault.as_ref().map(|(verdict, why)| (*verdict, why.as_str(), Vec::new()));
        seen.entry(program.clone()).or_insert_with(|| finding(format!("the program {program} can be started"), origin, fault));
    }
    seen.into_values().collect()
}
