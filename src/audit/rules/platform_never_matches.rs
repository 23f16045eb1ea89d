//! # platform-never-matches: A platform name Ohai never reports
//!
//! The branch is dead: `rhel` is a family, `ubuntu` a platform. The image has one platform, and what the branch was meant to do there is
//! left out without a word.
//!
//! Fix: Use the other attribute or the right name. A platform beside its family misses nothing and is no finding. `--fix` asks the other
//! attribute where all names of the question are of that one, and writes misspelt names right. Where names of both kinds are mixed, and in `case` with
//! branches for both, a person has to say which was meant; so it is with `supports 'rhel'` and the keys of `value_for_platform_family`.
//!
//! ```ruby
//! platform?('rhel')          # finding
//! platform_family?('rhel')   # instead
//! platform?('redhat', 'centos')
//! ```
//! Elsewhere: `Chef/Correctness/InvalidPlatformHelper`, `Chef/Correctness/InvalidPlatformFamilyHelper`, `Chef/Correctness/InvalidPlatformInCase`, `Chef/Correctness/InvalidPlatformMetadata`, `Chef/Correctness/InvalidPlatformValueForPlatformHelper`, `Chef/Correctness/InvalidPlatformValueForPlatformFamilyHelper`, `Chef/Correctness/InvalidPlatformFamilyInCase`, `FC024`, `FC028`.

mod mend;

use crate::audit::fix::Fixer;
use crate::audit::shape::{call, is_node, literal, node_path};
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Kind, Rule, Scope, Severity};
use crate::read::ruby::ast::{Arg, Call, Expr, Node, Pair};

pub(super) const RULE: Rule = Rule {
    code: "A420",
    name: "platform-never-matches",
    title: "A platform name Ohai never reports",
    severity: Severity::Warning,
    category: Category::Correctness,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[
        "Chef/Correctness/InvalidPlatformHelper",
        "Chef/Correctness/InvalidPlatformFamilyHelper",
        "Chef/Correctness/InvalidPlatformInCase",
        "Chef/Correctness/InvalidPlatformMetadata",
        "Chef/Correctness/InvalidPlatformValueForPlatformHelper",
        "Chef/Correctness/InvalidPlatformValueForPlatformFamilyHelper",
        "Chef/Correctness/InvalidPlatformFamilyInCase",
        "FC024",
        "FC028",
    ],
    page: include_str!("platform_never_matches.rs"),
    check,
    fix: Some(Fixer::File(mend::mend)),
    secret: false,
};

/// Values of `platform` that Ohai reports and that are no families.
const PLATFORMS: &[&str] = &[
    "almalinux",
    "antergos",
    "arista_eos",
    "bigip",
    "centos",
    "clearos",
    "cloudlinux",
    "cumulus",
    "debian",
    "deepin",
    "devuan",
    "dragonflybsd",
    "elementary",
    "endeavouros",
    "f5",
    "ibm_powerkvm",
    "ios_xr",
    "kali",
    "leap",
    "linuxmint",
    "manjaro",
    "mariner",
    "nexus",
    "nexus_centos",
    "nixos",
    "openindiana",
    "opensolaris",
    "opensuse",
    "opensuseleap",
    "oracle",
    "parallels",
    "photon",
    "pidora",
    "pop",
    "raspbian",
    "redhat",
    "rocky",
    "sangoma",
    "scientific",
    "sled",
    "smartos",
    "tumbleweed",
    "ubuntu",
    "virtuozzo",
    "xcp",
    "xenserver",
];
/// Families that are no platforms.
const FAMILIES: &[&str] = &["rhel"];
/// Both a platform and a family.
const BOTH: &[&str] = &[
    "aix",
    "alpine",
    "amazon",
    "arch",
    "clearlinux",
    "debian",
    "exherbo",
    "fedora",
    "freebsd",
    "gentoo",
    "hpux",
    "mac_os_x",
    "mandriva",
    "mageia",
    "netbsd",
    "nexentacore",
    "omnios",
    "openbsd",
    "openindiana",
    "opensolaris",
    "openwrt",
    "slackware",
    "smartos",
    "solaris",
    "solaris2",
    "suse",
    "windows",
    "wrlinux",
    "zlinux",
    "dragonflybsd",
    "nixos",
    "nexus",
    "ios_xr",
    "arista_eos",
    "mariner",
    "photon",
    "xenserver",
    "cumulus",
];
/// What people write for a name that is not like it, without blanks and signs.
const OTHER_NAMES: &[&str] = &[
    "redhatlinux",
    "redhatenterpriselinux",
    "amazonlinux",
    "amazonlinux2",
    "aws",
    "opensuseleap",
    "oraclelinux",
    "oel",
    "macos",
    "macosx",
    "osx",
    "darwin",
    "linuxmint",
    "mint",
    "rockylinux",
    "sles",
    "scientificlinux",
    "centoslinux",
    "debianlinux",
    "ubuntulinux",
    "archlinux",
    "alpinelinux",
    "alma",
    "win",
    "mswin",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Platform,
    Family,
}

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.ruby() {
        file.walk(&mut |node, _| match &node.expr {
            Expr::Case { subject: Some(subject), whens, .. } => {
                let Some(which) = which(subject) else { return };
                for when in whens {
                    let line = when.values.first().map_or(0, |value| file.line(value.span.start));
                    when.values
                        .iter()
                        .filter(|value| !is_covered(value, which, when.values.iter().map(|value| &**value)))
                        .filter_map(|value| fault(value, which))
                        .for_each(|message| findings.push(file.finding(RULE.name, line, message)));
                }
            }
            Expr::Call(call) => {
                in_call(file, call)
                    .into_iter()
                    .for_each(|message| findings.push(file.finding(RULE.name, file.line(call.name_span.start), message)));
            }
            _ => {}
        });
    }
}

/// The attribute that `node` reads.
fn which(node: &Node) -> Option<Which> {
    let by_name = |name: &str| match name {
        "platform" => Some(Which::Platform),
        "platform_family" => Some(Which::Family),
        _ => None,
    };
    if let Some([key]) = node_path(node).as_deref() {
        return by_name(key);
    }
    let call = call(node).filter(|call| call.args.is_empty() && call.block.is_none())?;
    by_name(call.name.as_str()).filter(|_| call.receiver.as_ref().is_some_and(|receiver| is_node(receiver)))
}

fn in_call(file: &File, call: &Call) -> Vec<String> {
    let name = call.name.as_str();
    let own = call.receiver.as_ref().is_none_or(|receiver| is_node(receiver));
    let helper = match name {
        "platform?" | "value_for_platform" => Some(Which::Platform),
        "platform_family?" | "value_for_platform_family" => Some(Which::Family),
        _ => None,
    };
    let values: Vec<&Node> =
        call.args.iter().filter_map(|argument| if let Arg::Value(value) = argument { Some(&**value) } else { None }).collect();
    if let Some(which) = helper.filter(|_| own) {
        let alone = values.iter().filter(|value| !is_covered(value, which, values.iter().copied()));
        let mut found: Vec<String> = alone.flat_map(|value| faults(value, which)).collect();
        for argument in &call.args {
            let pairs = match argument {
                Arg::Hash(pairs) => pairs,
                Arg::Value(value) => match &value.expr {
                    Expr::Hash(pairs) => pairs,
                    _ => continue,
                },
                _ => continue,
            };
            found.extend(pairs.iter().flat_map(|pair| if let Pair::Entry(key, _) = pair { faults(key, which) } else { Vec::new() }));
        }
        return found;
    }
    match (name, &call.receiver, values.as_slice()) {
        ("supports", None, [first, ..]) if file.kind == Kind::Metadata => faults(first, Which::Platform),
        ("==" | "!=" | "eql?", Some(receiver), [value]) => match (which(receiver), which(value)) {
            (Some(which), _) => faults(value, which),
            (None, Some(which)) => faults(receiver, which),
            _ => Vec::new(),
        },
        ("include?" | "member?", Some(receiver), [value]) => which(value).map_or_else(Vec::new, |which| faults(receiver, which)),
        _ => Vec::new(),
    }
}

/// The faults of a name or of a list of names.
fn faults(node: &Node, which: Which) -> Vec<String> {
    match &node.expr {
        Expr::Array(items) => items
            .iter()
            .filter(|item| !is_covered(item, which, items.iter().map(|item| &**item)))
            .filter_map(|item| fault(item, which))
            .collect(),
        _ => fault(node, which).into_iter().collect(),
    }
}

/// Whether the name that is meant stands beside the wrong one, so that nothing is missed: `platform_family?('debian', 'ubuntu')`.
fn is_covered<'n>(node: &Node, which: Which, mut list: impl Iterator<Item = &'n Node>) -> bool {
    let Some(name) = literal(node) else { return false };
    let meant: &[&str] = match (which, name.as_str()) {
        (Which::Family, "ubuntu" | "linuxmint" | "raspbian" | "devuan" | "pop") => &["debian"],
        (Which::Family, "centos" | "redhat" | "oracle" | "oraclelinux" | "scientific" | "rocky" | "almalinux" | "cloudlinux") => &["rhel"],
        (Which::Family, "opensuse" | "opensuseleap" | "sles") => &["suse"],
        (Which::Platform, "rhel") => &["redhat"],
        (_, "macos" | "macosx" | "osx" | "darwin") => &["mac_os_x"],
        (Which::Platform, "oraclelinux" | "oel") => &["oracle"],
        (_, "amazonlinux") => &["amazon"],
        _ => &[],
    };
    list.any(|other| literal(other).is_some_and(|other| meant.contains(&other.as_str())))
}

fn fault(node: &Node, which: Which) -> Option<String> {
    let name = literal(node).filter(|name| name != "default")?;
    let (right, wrong, other) = match which {
        Which::Platform => (PLATFORMS, FAMILIES, "a family"),
        Which::Family => (FAMILIES, PLATFORMS, "a platform"),
    };
    let name_is = |list: &[&str]| list.contains(&name.as_str());
    if name_is(BOTH) || name_is(right) {
        return None;
    }
    if name_is(wrong) {
        return Some(format!("`{name}` is {other}; it never matches here"));
    }
    let bare: String = name.to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    let known = || PLATFORMS.iter().chain(FAMILIES).chain(BOTH);
    let written = known().any(|known| known.replace('_', "") == bare);
    let misspelt = known().any(|known| known.len() >= 6 && one_letter_off(known, &bare));
    (OTHER_NAMES.contains(&bare.as_str()) || written || misspelt).then(|| format!("Ohai never reports `{name}`"))
}

/// Whether one letter more, less or other, or two exchanged, make `known` of `written`.
fn one_letter_off(known: &str, written: &str) -> bool {
    let (known, written): (Vec<char>, Vec<char>) = (known.chars().collect(), written.chars().collect());
    let start = known.iter().zip(&written).take_while(|(one, other)| one == other).count();
    let end = known.iter().rev().zip(written.iter().rev()).take_while(|(one, other)| one == other).count();
    let rest = |list: &[char]| list.len().saturating_sub(start + end.min(list.len().saturating_sub(start)));
    let (left, right) = (rest(&known), rest(&written));
    let exchanged = left == 2 && right == 2 && known.get(start) == written.get(start + 1) && known.get(start + 1) == written.get(start);
    known.len().abs_diff(written.len()) <= 1 && (left.max(right) == 1 || exchanged)
}

#[cfg(test)]
mod tests {
    use super::super::probe::found;

    fn line(text: &str) -> usize {
        found("platform-never-matches", &[("attributes/default.rb", text)]).len()
    }

    #[test]
    fn names_that_never_match() {
        for text in [
            "x if node['platform_family'] != 'centos'",
            "x if %w(rhel fedora).include?(node[:platform])",
            "x if platform?('Ubuntu')",
            "x if platform?(['ubunut'])",
            "y = value_for_platform(['centos', 'redhat linux'] => { 'default' => 'a' }, 'default' => 'b')",
            "case node.platform\nwhen 'debian'\n  1\nwhen 'centso'\n  2\nend",
        ] {
            assert_eq!(line(text), 1, "{text}");
        }
        assert_eq!(found("platform-never-matches", &[("metadata.rb", "supports 'ubuntu'\nsupports 'rhel'\n")]), ["metadata.rb:2"]);
    }

    #[test]
    fn names_that_match_or_are_not_known() {
        for text in [
            "x if platform_family?('rhel', 'suse', 'amazon', 'mac_os_x', 'arch')",
            "x if platform?('oracle', 'opensuseleap', 'smartos', 'somethingelse')",
            "x if node['os'] == 'darwin' || node['platform_version'] == 'rhel'",
            "value_for_platform('ubuntu' => { '14.04' => 'rhel' }, 'default' => {})",
            "case x\nwhen 'rhel'\n  1\nend",
            "x if platform_family?('debian', 'ubuntu')",
            "case node['platform_family']\nwhen 'rhel', 'centos'\n  1\nend",
            "value_for_platform(%w(mac_os_x macos) => { 'default' => 1 }, 'default' => 2)",
        ] {
            assert_eq!(line(text), 0, "{text}");
        }
    }
}
