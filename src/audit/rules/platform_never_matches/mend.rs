//! How names that never match are mended: written right, taken out where the right one stands beside them, or asked of the other attribute.
//!
//! `platform?('rhel')` → `platform_family?('rhel')`, `platform?('centos', 'CentOS')` → `platform?('centos')`.

use super::{BOTH, FAMILIES, PLATFORMS, RULE, Which, fault, is_covered, one_letter_off, which};
use crate::audit::File;
use crate::audit::fix::{Edit, quoted, rename};
use crate::audit::shape::{call, index, is_node, literal};
use crate::read::ruby::ast::{Arg, Call, Expr, Node, P, Pair, When};
use crate::source::Span;

/// What people write, without blanks and signs, and the platform and the family that they mean.
const MEANT: &[(&str, &str, &str)] = &[
    ("redhatlinux", "redhat", "rhel"),
    ("redhatenterpriselinux", "redhat", "rhel"),
    ("amazonlinux", "amazon", "amazon"),
    ("oraclelinux", "oracle", ""),
    ("oel", "oracle", ""),
    ("macos", "mac_os_x", "mac_os_x"),
    ("osx", "mac_os_x", "mac_os_x"),
    ("darwin", "mac_os_x", "mac_os_x"),
    ("mint", "linuxmint", ""),
    ("rockylinux", "rocky", ""),
    ("scientificlinux", "scientific", ""),
    ("centoslinux", "centos", ""),
    ("debianlinux", "debian", "debian"),
    ("ubuntulinux", "ubuntu", ""),
    ("archlinux", "arch", "arch"),
    ("alpinelinux", "alpine", "alpine"),
    ("alma", "almalinux", ""),
    ("win", "windows", "windows"),
    ("mswin", "windows", "windows"),
];

/// Families with more platforms than the one of their name: as platform and as family they are not the same.
const WIDE: &[&str] = &["debian", "suse"];

/// A name that is asked for.
struct Asked<'a> {
    /// The name.
    name: String,
    /// Where it stands, without its quotes.
    inside: Span,
    /// Where it stands in its list, with its quotes.
    whole: Span,
    /// Its node.
    node: &'a Node,
}

pub(super) fn mend(file: &File, edits: &mut Vec<Edit>) {
    file.walk(&mut |node, _| match &node.expr {
        Expr::Case { subject: Some(subject), whens, .. } => in_case(file, subject, whens, edits),
        Expr::Call(call) => in_call(file, call, edits),
        _ => {}
    });
}

fn in_case(file: &File, subject: &Node, whens: &[When], edits: &mut Vec<Edit>) {
    let Some(asks) = which(subject) else { return };
    let Some(arms) = whens.iter().map(|when| names(file, &when.values)).collect::<Option<Vec<_>>>() else { return };
    let line = |arm: &[Asked]| arm.first().map_or(0, |first| file.line(first.node.span.start));
    let fault = |one: &Asked| fault(one.node, asks).is_some();
    let all: Vec<&Asked> = arms.iter().flatten().collect();
    if arms.iter().flatten().any(fault) && all_fit_other(&all, asks) {
        let faulty = arms.iter().filter(|arm| arm.iter().any(fault));
        edits.extend(faulty.filter_map(|arm| other_attribute(file, subject, asks, line(arm))));
        return;
    }
    for arm in &arms {
        let others = arms.iter().filter(|other| !std::ptr::eq(*other, arm)).flatten();
        let taken: Vec<&str> = others.map(|one| one.name.as_str()).collect();
        edits.extend(in_list(file, arm, asks, &taken, line(arm)).into_iter().flatten());
    }
}

fn in_call(file: &File, call: &Call, edits: &mut Vec<Edit>) {
    let line = file.line(call.name_span.start);
    let own = call.receiver.as_ref().is_none_or(|receiver| is_node(receiver));
    let values: Vec<P> =
        call.args.iter().filter_map(|argument| if let Arg::Value(value) = argument { Some(value.clone()) } else { None }).collect();
    match (call.name.as_str(), &call.receiver, values.as_slice()) {
        ("platform?" | "platform_family?", ..) if own && values.len() == call.args.len() => {
            let family = call.name.as_str() == "platform_family?";
            let (asks, other) = if family { (Which::Family, "platform?") } else { (Which::Platform, "platform_family?") };
            let list = match values.as_slice() {
                [only] => items(only),
                _ => &values,
            };
            let turn = || Some(rename(RULE.name, file, call, other));
            edits.extend(whole(file, list, asks, line, &turn));
        }
        ("value_for_platform" | "value_for_platform_family", ..) if own => {
            let asks = if call.name.as_str() == "value_for_platform" { Which::Platform } else { Which::Family };
            in_keys(file, call, asks, line, edits);
        }
        ("==" | "!=" | "eql?", Some(receiver), [value]) => {
            let (subject, name) = if which(receiver).is_some() { (receiver, value) } else { (value, receiver) };
            let Some(asks) = which(subject) else { return };
            let turn = || other_attribute(file, subject, asks, line);
            edits.extend(whole(file, std::slice::from_ref(name), asks, line, &turn));
        }
        ("include?" | "member?", Some(receiver), [subject]) => {
            let Some(asks) = which(subject) else { return };
            let turn = || other_attribute(file, subject, asks, line);
            edits.extend(whole(file, items(receiver), asks, line, &turn));
        }
        ("supports", None, [name, ..]) if file.kind == crate::audit::Kind::Metadata => {
            let named = names(file, std::slice::from_ref(name));
            edits.extend(named.and_then(|list| in_list(file, &list, Which::Platform, &[], line)).into_iter().flatten());
        }
        _ => {}
    }
}

/// The keys of a hash: each is a list of its own, and what another key says is taken.
fn in_keys(file: &File, call: &Call, asks: Which, line: u32, edits: &mut Vec<Edit>) {
    let pairs = match call.args.as_slice() {
        [Arg::Hash(pairs)] => pairs,
        [Arg::Value(value)] => match &value.expr {
            Expr::Hash(pairs) => pairs,
            _ => return,
        },
        _ => return,
    };
    let key = |pair: &'_ Pair| if let Pair::Entry(key, _) = pair { Some(key.clone()) } else { None };
    let Some(keys) = pairs.iter().map(key).collect::<Option<Vec<P>>>() else { return };
    let Some(lists) = keys.iter().map(|key| names(file, items(key))).collect::<Option<Vec<_>>>() else { return };
    for list in &lists {
        let others = lists.iter().filter(|other| !std::ptr::eq(*other, list)).flatten();
        let taken: Vec<&str> = others.map(|one| one.name.as_str()).collect();
        edits.extend(in_list(file, list, asks, &taken, line).into_iter().flatten());
    }
}

/// The edits of one question: of its names, else of what is asked.
fn whole(file: &File, list: &[P], asks: Which, line: u32, turn: &dyn Fn() -> Option<Edit>) -> Vec<Edit> {
    let Some(names) = names(file, list) else { return Vec::new() };
    if !names.iter().any(|one| fault(one.node, asks).is_some()) {
        return Vec::new();
    }
    if all_fit_other(&names.iter().collect::<Vec<_>>(), asks) {
        return turn().into_iter().collect();
    }
    in_list(file, &names, asks, &[], line).unwrap_or_default()
}

/// The edits of names that stand together; `None` where one of them cannot be mended.
fn in_list(file: &File, list: &[Asked], asks: Which, taken: &[&str], line: u32) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    let wrong = |one: &Asked| fault(one.node, asks).is_some() && !is_covered(one.node, asks, list.iter().map(|other| other.node));
    for (at, one) in list.iter().enumerate().filter(|(_, one)| wrong(one)) {
        let beside = |name: &str| list.iter().any(|other| other.name == name);
        let right = right_name(&one.name, asks).filter(|right| !taken.contains(right))?;
        let edit = match right {
            right if !beside(right) => Edit::new(RULE.name, file, line, (one.inside.start, one.inside.end), right),
            _ => {
                let (start, end) = match (at.checked_sub(1).and_then(|before| list.get(before)), list.get(at + 1)) {
                    (Some(before), _) => (before.whole.end, one.whole.end),
                    (None, Some(after)) => (one.whole.start, after.whole.start),
                    (None, None) => return None,
                };
                let gone = file.source(Span { start, end, ..one.whole }).replacen(file.source(one.whole), "", 1);
                if !gone.chars().all(|c| c == ',' || c.is_whitespace()) {
                    return None;
                }
                Edit::new(RULE.name, file, line, (start, end), "")
            }
        };
        edits.push(edit);
    }
    Some(edits)
}

/// The name that is meant and that may be asked for.
fn right_name(written: &str, asks: Which) -> Option<&'static str> {
    let right = if asks == Which::Platform { PLATFORMS } else { FAMILIES };
    let bare: String = written.to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric()).collect();
    let known = || PLATFORMS.iter().chain(FAMILIES).chain(BOTH).copied();
    if known().any(|name| name == written) {
        return None;
    }
    let meant = MEANT.iter().find(|(name, ..)| *name == bare);
    let meant = meant.map(|(_, platform, family)| if asks == Which::Platform { *platform } else { *family });
    let same = || known().find(|name| name.replace('_', "") == bare);
    let close = || {
        let mut close: Vec<&str> = known().filter(|name| name.len() >= 6 && one_letter_off(name, &bare)).collect();
        close.sort_unstable();
        close.dedup();
        if let [only] = close.as_slice() { Some(*only) } else { None }
    };
    let name = meant.or_else(same).or_else(close)?;
    (right.contains(&name) || BOTH.contains(&name)).then_some(name)
}

/// Whether the other attribute is meant with all names. Whoever asks for the family `redhat` and no other may mean `rhel`.
fn all_fit_other(names: &[&Asked], asks: Which) -> bool {
    let has = |name: &str| names.iter().any(|one| one.name == name);
    let unclear = asks == Which::Family && has("redhat") && !has("centos");
    !unclear && names.iter().all(|one| fits_other(&one.name, asks))
}

/// Whether the other attribute has the name, and means the same by it.
fn fits_other(name: &str, asks: Which) -> bool {
    let other = if asks == Which::Platform { FAMILIES } else { PLATFORMS };
    let both = BOTH.contains(&name);
    (both && !WIDE.contains(&name)) || (!both && other.contains(&name))
}

/// `node['platform']` → `node['platform_family']`, and the other way round.
fn other_attribute(file: &File, subject: &Node, asks: Which, line: u32) -> Option<Edit> {
    let (old, new) = match asks {
        Which::Platform => ("platform", "platform_family"),
        Which::Family => ("platform_family", "platform"),
    };
    let span = match index(subject) {
        Some((_, key)) => inside(file, key, old)?,
        None => call(subject)?.name_span,
    };
    Some(Edit::new(RULE.name, file, line, (span.start, span.end), new))
}

/// The elements of a list, or the value itself.
fn items(value: &P) -> &[P] {
    if let Expr::Array(items) = &value.expr { items } else { std::slice::from_ref(value) }
}

/// The names with their places; `None` where one is computed.
fn names<'a>(file: &File, list: &'a [P]) -> Option<Vec<Asked<'a>>> {
    let name = |node: &'a P| {
        let name = literal(node)?;
        let inside = inside(file, node, &name)?;
        let whole = if file.source(node.span).starts_with('%') { inside } else { node.span };
        Some(Asked { name, inside, whole, node })
    };
    list.iter().map(name).collect()
}

/// Where the text of a literal stands: between its quotes, behind its colon, in its `%w(…)`.
fn inside(file: &File, node: &Node, name: &str) -> Option<Span> {
    let source = file.source(node.span);
    let at = if source.starts_with('%') {
        let separates = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || "()[]{}<>|!".contains(c));
        let mut places = source.match_indices(name).filter(|(at, _)| {
            *at > 1 && separates(source[..*at].chars().next_back()) && separates(source[at + name.len()..].chars().next())
        });
        let only = places.next().filter(|_| places.next().is_none());
        only?.0
    } else {
        let plain = quoted(source).is_some_and(|(_, inside)| inside == name) || source.strip_prefix(':') == Some(name);
        plain.then_some(1)?
    };
    let start = node.span.start + u32::try_from(at).ok()?;
    Some(Span { start, end: start + u32::try_from(name.len()).ok()?, ..node.span })
}

#[cfg(test)]
mod tests {
    use crate::audit::rules::probe::mended_file;

    #[test]
    fn the_other_attribute_is_asked_where_all_names_are_of_it() {
        for (text, new) in [
            ("x if platform?('rhel', 'fedora') # y\n", "x if platform_family?('rhel', 'fedora') # y\n"),
            ("x if platform_family?(%w(ubuntu centos))\n", "x if platform?(%w(ubuntu centos))\n"),
            ("x if node['platform'] == 'rhel'\n", "x if node['platform_family'] == 'rhel'\n"),
            ("x if 'ubuntu' != node[:platform_family]\n", "x if 'ubuntu' != node[:platform]\n"),
            ("x if %w(rhel amazon).include?(node.platform)\n", "x if %w(rhel amazon).include?(node.platform_family)\n"),
            (
                "case node[\"platform_family\"]\nwhen 'ubuntu'\n  a\nwhen 'centos'\n  b\nend\n",
                "case node[\"platform\"]\nwhen 'ubuntu'\n  a\nwhen 'centos'\n  b\nend\n",
            ),
            ("x if node['platform_family'] == 'redhat'\n", "x if node['platform_family'] == 'redhat'\n"),
            ("x if platform?('rhel', 'debian')\n", "x if platform?('rhel', 'debian')\n"),
            ("x if platform?('rhel', 'centos')\n", "x if platform?('rhel', 'centos')\n"),
            ("x if platform?('rhel', y)\n", "x if platform?('rhel', y)\n"),
            (
                "case node['platform']\nwhen 'rhel'\n  a\nwhen 'ubuntu'\n  b\nend\n",
                "case node['platform']\nwhen 'rhel'\n  a\nwhen 'ubuntu'\n  b\nend\n",
            ),
            (
                "value_for_platform_family('ubuntu' => 'a', 'default' => 'b')\n",
                "value_for_platform_family('ubuntu' => 'a', 'default' => 'b')\n",
            ),
        ] {
            assert_eq!(mended_file("platform-never-matches", "recipes/a.rb", text), new);
        }
    }

    #[test]
    fn names_beside_the_one_that_is_meant_stay() {
        for text in [
            "x if platform_family?('debian', 'ubuntu')\n",
            "x if platform_family?(['ubuntu', 'debian', 'rhel'])\n",
            "case node['platform_family']\nwhen 'rhel', 'centos', 'redhat'\n  a\nend\n",
            "x if platform_family?('rhel', 'ubuntu')\n",
        ] {
            assert_eq!(mended_file("platform-never-matches", "recipes/a.rb", text), text);
        }
    }

    #[test]
    fn names_are_written_right() {
        for (path, text, new) in [
            ("recipes/a.rb", "x if platform?('Ubuntu', \"redhat linux\")\n", "x if platform?('ubuntu', \"redhat\")\n"),
            ("recipes/a.rb", "x if node['platform'] == 'ubunut'\n", "x if node['platform'] == 'ubuntu'\n"),
            ("recipes/a.rb", "x if platform?('centos', 'CentOS')\n", "x if platform?('centos')\n"),
            (
                "recipes/a.rb",
                "case node['platform']\nwhen 'centos'\n  a\nwhen 'CentOS'\n  b\nend\n",
                "case node['platform']\nwhen 'centos'\n  a\nwhen 'CentOS'\n  b\nend\n",
            ),
            ("recipes/a.rb", "x if platform_family?('Ubuntu')\n", "x if platform_family?('Ubuntu')\n"),
            ("recipes/a.rb", "x if node['platform'] == 'amazonlinux'\n", "x if node['platform'] == 'amazon'\n"),
            ("metadata.rb", "supports 'Amazon Linux', '> 1'\nsupports 'rhel'\n", "supports 'amazon', '> 1'\nsupports 'rhel'\n"),
        ] {
            assert_eq!(mended_file("platform-never-matches", path, text), new);
        }
    }
}
