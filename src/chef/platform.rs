//! The automatic attributes of a node: what Ohai would say of a machine with that operating system.
//!
//! In: `("ubuntu", "18.04", 12)`. Out: `platform`, `platform_family`, `lsb`, `kernel`, `etc` …; what differs from host to host
//! (`ipaddress`, `memory`) is a hole named by the expression that reads it.

use std::rc::Rc;
use std::sync::LazyLock;

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::graph::Datum;
use crate::text::{Hole, Text};

/// The releases that are known, and the accounts that a fresh machine of a family has.
static RELEASES: LazyLock<Json> = LazyLock::new(|| serde_json::from_str(include_str!("platform/releases.json")).unwrap_or(Json::Null));

/// Attributes that are text and differ from host to host.
const TEXTS: &[&str] = &["ipaddress", "ip6address", "macaddress", "hostname", "machinename", "fqdn", "domain", "os_version", "machine_id"];

/// Attributes of which nothing is known before there is a host.
const OPEN: &[&str] = &[
    "network",
    "counters",
    "memory",
    "cpu",
    "filesystem",
    "block_device",
    "dmi",
    "ec2",
    "cloud",
    "cloud_v2",
    "uptime",
    "uptime_seconds",
    "idletime",
    "idletime_seconds",
    "ohai_time",
    "packages",
    "keys",
    "hostnamectl",
    "pci",
    "sysconf",
    "sessions",
];

/// The release of Chef that stands for a major version.
const CHEF: &[(u32, &str)] = &[
    (11, "11.10.4"),
    (12, "12.22.5"),
    (13, "13.12.14"),
    (14, "14.15.6"),
    (15, "15.17.4"),
    (16, "16.18.30"),
    (17, "17.10.163"),
    (18, "18.11.21"),
];

/// The automatic attributes of a node with the operating system `platform` in `version`, as Chef `chef_major` names them.
///
/// A version that is not known takes what holds for the platform's nearest release below it.
#[must_use]
pub fn automatic(platform: &str, version: &str, chef_major: u32) -> Datum {
    let table = &*RELEASES;
    let release = release(table, platform, version);
    let family = family(platform, release, chef_major);
    let text = |text: &str| Datum::Text(Text::literal(text));
    let full = release.filter(|release| release["version"] == version).and_then(|release| release["full"].as_str()).unwrap_or(version);
    let windows = platform == "windows";
    let mut all: IndexMap<String, Datum> = IndexMap::new();
    let mut add = |key: &str, value: Datum| {
        all.insert(key.to_owned(), value);
    };
    add("platform", text(platform));
    add("platform_version", text(full));
    add("platform_family", text(&family));
    add("os", text(if windows { "windows" } else { "linux" }));
    for name in TEXTS {
        add(name, hole(&format!("node['{name}']")));
    }
    for name in OPEN {
        add(name, Datum::Unknown(Rc::new(Hole::unknown(format!("node['{name}']"), "host-dependent"))));
    }
    add("kernel", kernel(windows));
    let mut lsb = IndexMap::new();
    if let Some(Json::Object(known)) = release.map(|release| &release["lsb"]) {
        for (key, value) in known {
            lsb.insert(key.clone(), text(value.as_str().unwrap_or_default()));
        }
    }
    add("lsb", Datum::Map(lsb));
    add("init_package", text(release.and_then(|release| release["init"].as_str()).unwrap_or("systemd")));
    add("virtualization", map(vec![("systems", map(Vec::new()))]));
    add("languages", languages());
    let like = if family == "debian" { "debian" } else { "rhel" };
    add("etc", crate::chef::datum::from_json(&table["accounts"][like], false));
    add("current_user", text("root"));
    add("root_group", text("root"));
    add("shells", Datum::List(["/bin/sh", "/bin/bash"].map(text).to_vec()));
    add("time", map(vec![("timezone", text("UTC"))]));
    add("command", map(vec![("ps", text("ps -ef"))]));
    let chef = CHEF.iter().find(|(major, _)| *major == chef_major).or(CHEF.last()).map_or("18.11.21", |(_, version)| version);
    add(
        "chef_packages",
        map(vec![
            ("chef", map(vec![("version", text(chef))])),
            ("ohai", map(vec![("version", hole("node['chef_packages']['ohai']['version']"))])),
        ]),
    );
    Datum::Map(all)
}

fn map(pairs: Vec<(&str, Datum)>) -> Datum {
    Datum::Map(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn hole(name: &str) -> Datum {
    Datum::Text(Text::hole(Rc::new(Hole::unknown(name, "host-dependent"))))
}

/// The numbers of a version, for comparing.
fn numbers(version: &str) -> Vec<u64> {
    version.split('.').map(|part| part.parse().unwrap_or(0)).collect()
}

/// The release that is `version`, or belongs to it (`7` of `7.8.2003`), or else the nearest one below.
fn release<'a>(table: &'a Json, platform: &str, version: &str) -> Option<&'a Json> {
    let all: Vec<&Json> = table["releases"].as_array()?.iter().filter(|release| release["platform"] == platform).collect();
    let name = |release: &Json| release["version"].as_str().unwrap_or_default().to_owned();
    let exact = all.iter().find(|release| name(release) == version);
    let within = all.iter().find(|release| version.starts_with(&format!("{}.", name(release))));
    let below = all.iter().filter(|release| numbers(&name(release)) <= numbers(version)).max_by_key(|release| numbers(&name(release)));
    exact.or(within).or(below).or(all.first()).copied()
}

/// The platform's family; Amazon Linux has its own only since Chef 13.
fn family(platform: &str, release: Option<&Json>, chef_major: u32) -> String {
    if platform == "amazon" && chef_major < 13 {
        return "rhel".to_owned();
    }
    let known = release.and_then(|release| release["family"].as_str());
    let other = match platform {
        "linuxmint" | "raspbian" | "kali" | "pop" => "debian",
        "scientific" | "cloudlinux" | "clearos" => "rhel",
        "opensuse" | "sles" => "suse",
        other => other,
    };
    known.unwrap_or(other).to_owned()
}

fn kernel(windows: bool) -> Datum {
    let text = |text: &str| Datum::Text(Text::literal(text));
    let name = if windows { "Microsoft Windows" } else { "Linux" };
    map(vec![
        ("name", text(name)),
        ("os", text(if windows { "Microsoft Windows" } else { "GNU/Linux" })),
        ("machine", text("x86_64")),
        ("processor", text("x86_64")),
        ("release", hole("node['kernel']['release']")),
        ("version", hole("node['kernel']['version']")),
        ("modules", Datum::Unknown(Rc::new(Hole::unknown("node['kernel']['modules']", "host-dependent")))),
    ])
}

/// The Ruby of the machine, of which only the processor is known.
fn languages() -> Datum {
    let text = |text: &str| Datum::Text(Text::literal(text));
    let mut ruby = vec![
        ("platform", text("x86_64-linux")),
        ("host_cpu", text("x86_64")),
        ("target_cpu", text("x86_64")),
        ("target_os", text("linux")),
        ("host_os", text("linux")),
    ];
    for key in ["version", "release_date", "bin_dir", "ruby_bin", "gem_bin", "gems_dir"] {
        ruby.push((key, hole(&format!("node['languages']['ruby']['{key}']"))));
    }
    map(vec![("ruby", map(ruby))])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(datum: &Datum, path: &[&str]) -> String {
        let mut current = datum.clone();
        for key in path {
            current = match &current {
                Datum::Map(map) => map.get(*key).cloned().unwrap_or(Datum::Nil),
                _ => Datum::Nil,
            };
        }
        match &current {
            Datum::Text(text) => text.to_string(),
            Datum::Unknown(hole) => format!("?{}", hole.name),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn releases_are_known() {
        let bionic = automatic("ubuntu", "18.04", 12);
        assert_eq!(at(&bionic, &["platform_family"]), "debian");
        assert_eq!(at(&bionic, &["lsb", "codename"]), "bionic");
        assert_eq!(at(&bionic, &["init_package"]), "systemd");
        assert_eq!(at(&bionic, &["etc", "passwd", "www-data", "dir"]), "/var/www");
        assert_eq!(at(&bionic, &["chef_packages", "chef", "version"]), "12.22.5");
        assert_eq!(at(&bionic, &["memory"]), "?node['memory']");
        let trusty = automatic("ubuntu", "14.04", 11);
        assert_eq!(at(&trusty, &["init_package"]), "init");
        assert_eq!(at(&automatic("centos", "7", 14), &["platform_version"]), "7.9.2009");
        assert_eq!(at(&automatic("centos", "7.8.2003", 14), &["platform_version"]), "7.8.2003");
    }

    #[test]
    fn amazon_linux_changed_its_family() {
        assert_eq!(at(&automatic("amazon", "2017.09", 12), &["platform_family"]), "rhel");
        assert_eq!(at(&automatic("amazon", "2", 13), &["platform_family"]), "amazon");
        assert_eq!(at(&automatic("amazon", "2018.03", 12), &["init_package"]), "init");
    }

    #[test]
    fn unknown_releases_take_the_nearest() {
        assert_eq!(at(&automatic("ubuntu", "19.10", 15), &["lsb", "codename"]), "bionic");
        assert_eq!(at(&automatic("ubuntu", "19.10", 15), &["platform_version"]), "19.10");
        assert_eq!(at(&automatic("plan9", "4", 15), &["platform_family"]), "plan9");
    }
}
