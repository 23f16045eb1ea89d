//! The packages that a file names for installation: of `package` resources, lists that are looped over, attributes, `apt-get install`.
//!
//! `%w(curl git-core).each { |name| package name }` gives `curl` and `git-core`, each with the line where it stands.

use std::collections::BTreeSet;

use super::command::commands;
use super::context::{File, Kind};
use super::pattern::Pattern;
use super::shape::{argument, call, literal, properties};
use super::signs::removes;
use super::visit::walk;
use crate::read::ruby::ast::{Arg, Call, Expr, Node, Pair, Target};
use crate::source::Span;

/// A package's name in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Installed {
    /// Where it stands.
    pub line: u32,
    /// The name.
    pub name: String,
    /// Whether it is only meant for distributions with RPM.
    pub rpm: bool,
}

static APT: Pattern = Pattern::new(r"\bapt(?:-get|itude)?\s+(?:-\S+\s+)*install\s+([^;&|<>]+)");
static RPM: Pattern = Pattern::new(r"\b(?:yum|dnf|microdnf)\s+(?:-\S+\s+)*install\s+([^;&|<>]+)");

/// Platforms and families without Debian's packages.
const OTHERS: &[&str] = &[
    "rhel",
    "fedora",
    "amazon",
    "centos",
    "redhat",
    "oracle",
    "scientific",
    "cloudlinux",
    "xenserver",
    "rocky",
    "almalinux",
    "suse",
    "opensuse",
    "opensuseleap",
    "sles",
    "arch",
    "gentoo",
    "freebsd",
    "openbsd",
    "netbsd",
    "mac_os_x",
    "windows",
    "smartos",
    "solaris",
    "solaris2",
    "omnios",
    "alpine",
];

/// The packages that `file` names, in order of their lines.
#[must_use]
pub fn installed<'f>(file: &'f File<'_>) -> &'f [Installed] {
    file.known.installed.get_or_init(|| read(file))
}

fn read(file: &File) -> Vec<Installed> {
    let mut found = BTreeSet::new();
    let mut locals: BTreeSet<&str> = BTreeSet::new();
    if matches!(file.kind, Kind::Recipe | Kind::Resource | Kind::Library) {
        file.walk(&mut |node, place| {
            let Some(package) = call(node).filter(|call| is_package(call) && !removes(call)) else { return };
            let rpm = !matches!(package.name.as_str(), "package" | "apt_package" | "dpkg_package");
            let renamed = properties(package, "package_name");
            let name = renamed.first().map_or_else(|| argument(package, 0), |(_, property)| argument(property, 0));
            let Some(name) = name else { return };
            in_value(file, name, &place.parents, rpm, &mut found);
            if let Expr::Local(local) = &name.expr {
                locals.insert(local.as_str());
                let each = place.parents.iter().rev().find_map(|node| call(node).filter(|call| call.name.as_str() == "each"));
                if let Some(list) = each.and_then(|each| each.receiver.as_ref()) {
                    in_value(file, list, &place.parents, rpm, &mut found);
                    if let Expr::Local(local) = &list.expr {
                        locals.insert(local.as_str());
                    }
                }
            }
        });
    }
    // `packages = %w(…)` that becomes `default['php']['packages']`
    file.walk(&mut |node, _| {
        if let Expr::Assign { target: Target::Index { args, .. }, value } = &node.expr
            && let Expr::Local(local) = &value.expr
            && is_list_key(args)
        {
            locals.insert(local.as_str());
        }
    });
    file.walk(&mut |node, place| {
        let (Expr::Assign { target, value } | Expr::OperatorAssign { target, value, .. }) = &node.expr else { return };
        let lists = match target {
            Target::Local(local) => locals.contains(local.as_str()),
            Target::Index { args, .. } => matches!(file.kind, Kind::Attributes | Kind::Recipe) && is_list_key(args),
            _ => false,
        };
        if lists {
            let mut parents = place.parents.clone();
            parents.push(node);
            in_value(file, value, &parents, false, &mut found);
        }
    });
    for line in commands(file) {
        for (pattern, rpm) in [(&APT, false), (&RPM, true)] {
            let names = pattern.all(&line.text).into_iter().flat_map(|(_, names)| names.split_whitespace());
            let names = names.map(|name| name.trim_matches(['"', '\'', '\\'])).filter(|name| !name.starts_with('-'));
            found.extend(names.map(|name| Installed { line: line.line, name: name.split('=').next().unwrap_or(name).to_owned(), rpm }));
        }
    }
    found.into_iter().collect()
}

/// Whether `call` declares a package of the system.
#[must_use]
pub fn is_package(call: &Call) -> bool {
    let known = ["package", "apt_package", "yum_package", "dnf_package", "dpkg_package", "rpm_package", "yum_install", "apt_install"];
    call.receiver.is_none() && known.contains(&call.name.as_str())
}

/// `default['php']['packages']`, `default['shop']['build_packages']`
fn is_list_key(args: &[Arg]) -> bool {
    let [Arg::Value(key)] = args else { return false };
    literal(key).is_some_and(|key| key.ends_with("packages") || key.ends_with("pkgs"))
}

/// Adds the strings of `value`, save those that only choose: indices, conditions, keys.
fn in_value(file: &File, value: &Node, around: &[&Node], rpm: bool, found: &mut BTreeSet<Installed>) {
    walk(value, &mut |node, place| {
        let Some(name) = literal(node).filter(|_| matches!(node.expr, Expr::Str(_))) else { return };
        let parents: Vec<&Node> = around.iter().copied().chain(place.parents.iter().copied()).collect();
        if !place.parents.iter().any(|parent| chooses(parent, node.span)) {
            let rpm = rpm || parents.iter().any(|parent| is_for_others(parent, node.span));
            found.insert(Installed { line: file.line_of_word(node.span, &name), name, rpm });
        }
    });
}

fn holds(around: &Node, span: Span) -> bool {
    around.span.start <= span.start && span.end <= around.span.end
}

/// Whether what stands at `span` in `node` decides which value is taken, and is none itself.
fn chooses(node: &Node, span: Span) -> bool {
    match &node.expr {
        Expr::Call(call) => {
            let passes =
                matches!(call.name.as_str(), "value_for_platform" | "value_for_platform_family" | "+" | "|" | "flatten" | "compact");
            !passes && call.args.iter().any(|argument| matches!(argument, Arg::Value(value) if holds(value, span)))
        }
        Expr::Case { subject, whens, .. } => {
            subject.as_ref().is_some_and(|subject| holds(subject, span))
                || whens.iter().flat_map(|when| &when.values).any(|value| holds(value, span))
        }
        Expr::If { condition, .. } => holds(condition, span),
        _ => false,
    }
}

/// Whether `span` stands in a branch of `node` that only platforms without Debian's packages take.
fn is_for_others(node: &Node, span: Span) -> bool {
    let only = |names: Vec<Option<String>>| {
        !names.is_empty() && names.iter().all(|name| name.as_deref().is_some_and(|name| OTHERS.contains(&name)))
    };
    let of = |value: &Node| match &value.expr {
        Expr::Array(items) => items.iter().map(|item| literal(item)).collect(),
        _ => vec![literal(value)],
    };
    let in_pairs = |pairs: &[Pair]| pairs.iter().any(|pair| matches!(pair, Pair::Entry(key, value) if holds(value, span) && only(of(key))));
    match &node.expr {
        Expr::Case { whens, .. } => {
            let arm = whens.iter().find(|when| when.body.as_ref().is_some_and(|body| holds(body, span)));
            arm.is_some_and(|arm| only(arm.values.iter().flat_map(|value| of(value)).collect()))
        }
        Expr::If { condition, then, .. } => {
            let asks = call(condition).filter(|call| matches!(call.name.as_str(), "platform?" | "platform_family?" | "rhel?"));
            then.as_ref().is_some_and(|then| holds(then, span))
                && asks.is_some_and(|asks| {
                    asks.name.as_str() == "rhel?"
                        || only((0..asks.args.len()).filter_map(|index| argument(asks, index)).flat_map(|value| of(value)).collect())
                })
        }
        Expr::Hash(pairs) => in_pairs(pairs),
        Expr::Call(call) => call.args.iter().any(|argument| matches!(argument, Arg::Hash(pairs) if in_pairs(pairs))),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Context;
    use crate::source::SourceMap;

    #[test]
    fn a_list_that_becomes_an_attribute_names_packages() {
        let mut sources = SourceMap::new();
        sources.add_text(
            "attributes/a.rb",
            "names = %w(curl git)\nother = %w(x)\ndefault['a']['packages'] = names\ndefault['a']['b'] = other\n",
        );
        let context = Context::new(&sources, "");
        let names: Vec<String> = context.files.iter().flat_map(installed).map(|one| one.name.clone()).collect();
        assert_eq!(names, ["curl", "git"]);
    }
}
