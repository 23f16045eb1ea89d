//! # attribute-never-set: An attribute that is read but never set
//!
//! Likely a misspelling: nil, or `NoMethodError` one level further. As an environment variable it would be one that nobody sets.
//!
//! Fix: Correct the name.
//!
//! ```ruby
//! default['shop']['port'] = 3000   # attributes/default.rb
//! node['shop']['prot']             # finding
//! node['shop']['port']             # instead
//! ```

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::cookbook::cookbooks;
use crate::audit::shape::{call, index, is_node, literal, node_path};
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Kind, Rule, Scope, Severity};
use crate::read::ruby::ast::{Arg, Expr, Node, P, Pair, Target};

pub(super) const RULE: Rule = Rule {
    code: "A416",
    name: "attribute-never-set",
    title: "An attribute that is read but never set",
    severity: Severity::Warning,
    category: Category::Correctness,
    effort: Effort::Small,
    confidence: Confidence::Medium,
    scope: Scope::Cookbook,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("attribute_never_set.rs"),
    check,
    fix: None,
    secret: false,
};

type Path = Vec<String>;

fn check(context: &Context, findings: &mut Vec<Finding>) {
    let cookbooks = cookbooks(context);
    if cookbooks.is_empty() {
        return;
    }
    // By the first key; what begins with a key that is not written out may be any.
    let mut set: BTreeMap<String, BTreeSet<Path>> = BTreeMap::new();
    let mut roots: Vec<(&File, BTreeSet<String>)> = Vec::new();
    for file in context.ruby() {
        let mut here = BTreeSet::new();
        assigned(file, &mut here);
        if file.kind == Kind::Attributes {
            roots.push((file, here.iter().filter_map(|path| path.first().cloned()).collect()));
        }
        for path in here {
            set.entry(path.first().cloned().unwrap_or_default()).or_default().insert(path);
        }
    }
    let of = |first: &str| set.get(first).into_iter().flatten();
    for cookbook in cookbooks {
        let inside = |file: &File| file.path.starts_with(&cookbook.root);
        let own: BTreeSet<&String> = roots.iter().filter(|(file, _)| inside(file)).flat_map(|(_, first)| first).collect();
        for file in context.of(&[Kind::Recipe, Kind::Resource, Kind::Template]).filter(|file| inside(file)) {
            file.walk(&mut |node, place| {
                let inner = place.parent().and_then(index).is_some_and(|(receiver, _)| std::ptr::eq(&**receiver, node));
                let Some(path) = node_path(node).filter(|_| !inner) else { return };
                let path: Path = path.into_iter().take_while(|key| key != "*").collect();
                // `node['x']['port'] || 80` knows that it may be missing.
                let optional =
                    place.parent().is_some_and(|parent| matches!(&parent.expr, Expr::Or(left, _) if std::ptr::eq(&raw const **left, node)));
                let Some(first) = path.first().filter(|first| path.len() >= 2 && own.contains(first)) else { return };
                if !optional
                    && !of(first).chain(of("*")).chain(of("")).any(|known| meets(known, &path))
                    && let Some(meant) = of(first).find_map(|known| near(known, &path))
                    && !given_elsewhere(context, &path)
                {
                    let message = format!("`{}` is never set; `{}` is", path.join("."), meant.join("."));
                    findings.push(file.finding(RULE.name, file.line(node.span.start), message));
                }
            });
        }
    }
}

/// Whether one of the two is the beginning of the other.
fn meets(known: &[String], read: &[String]) -> bool {
    known.iter().zip(read).all(|(known, read)| known == read || known == "*")
}

/// The beginning of `known` that `read` may have meant.
fn near<'k>(known: &'k [String], read: &[String]) -> Option<&'k [String]> {
    let known = known.get(..read.len())?;
    let mut differing = known.iter().zip(read).filter(|(known, read)| known != read);
    let (meant, written) = differing.next()?;
    let one = differing.next().is_none() && known.first() == read.first();
    let letters = |text: &str| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    // `db1` and `db2`, `uid` and `gid` are two things.
    let alike = meant.chars().next() == written.chars().next() && letters(meant) != letters(written);
    let distance = distance(meant, written);
    (one && alike && distance <= 2 && distance * 2 <= meant.chars().count().max(written.chars().count())).then_some(known)
}

/// How many letters must be put in, taken away or exchanged.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.chars().enumerate() {
        let mut next = vec![index + 1];
        for (at, pair) in row.windows(2).enumerate() {
            let [slant, above] = pair else { continue };
            let change = slant + usize::from(other.get(at) != Some(&letter));
            let before = next.last().copied().unwrap_or(0) + 1;
            next.push(change.min(above + 1).min(before));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// Whether a role, an environment, a stack's JSON or a data file has the last key.
fn given_elsewhere(context: &Context, path: &[String]) -> bool {
    let Some(key) = path.last() else { return false };
    let forms = [format!("\"{key}\""), format!("'{key}'"), format!(":{key}"), format!("{key}:")];
    let data = |file: &&File| file.kind == Kind::Other && !file.path.ends_with(".md");
    context.files.iter().filter(data).any(|file| forms.iter().any(|form| file.text.contains(form.as_str())))
}

/// The paths that `file` sets: `default['a']['b'] =`, `node.default[:a][:b] =`, `default.a.b =`, hashes key by key.
fn assigned(file: &File, set: &mut BTreeSet<Path>) {
    file.walk(&mut |node, _| match &node.expr {
        Expr::Assign { target, value } | Expr::OperatorAssign { target, value, .. } => {
            if let Some(path) = target_path(target) {
                with_value(path, value, set);
            }
        }
        // `default['a'].merge!(…)`, `node.default['a']['b'] << …`: what is below is not known.
        Expr::Call(call) => {
            if let Some(path) =
                call.receiver.as_ref().filter(|_| call.name.ends_with('!') || call.name.as_str() == "<<").and_then(level_path)
            {
                set.insert(path);
            }
        }
        _ => {}
    });
}

fn with_value(path: Path, value: &Node, set: &mut BTreeSet<Path>) {
    match &value.expr {
        Expr::Hash(pairs) if !pairs.is_empty() => {
            for pair in pairs {
                match pair {
                    Pair::Entry(key, value) => {
                        let below = [path.clone(), vec![literal(key).unwrap_or_else(|| "*".to_owned())]].concat();
                        with_value(below, value, set);
                    }
                    Pair::Splat(_) => drop(set.insert(path.clone())),
                }
            }
        }
        _ => drop(set.insert(path)),
    }
}

fn target_path(target: &Target) -> Option<Path> {
    let (receiver, key) = match target {
        Target::Index { receiver, args, .. } => match args.as_slice() {
            [Arg::Value(key)] => (receiver, literal(key).unwrap_or_else(|| "*".to_owned())),
            _ => return None,
        },
        Target::Attribute { receiver, name, .. } => (receiver, name.as_str().to_owned()),
        _ => return None,
    };
    Some([level_path(receiver)?, vec![key]].concat())
}

/// The keys below `default`, `node.override` or `node`.
fn level_path(node: &P) -> Option<Path> {
    if let Some((receiver, key)) = index(node) {
        return Some([level_path(receiver)?, vec![literal(key).unwrap_or_else(|| "*".to_owned())]].concat());
    }
    if is_node(node) {
        return Some(Vec::new());
    }
    let call = call(node).filter(|call| call.args.is_empty() && call.block.is_none())?;
    let name = call.name.as_str();
    let level = ["default", "normal", "override", "set", "automatic", "force_default", "force_override"]
        .iter()
        .any(|level| name.strip_prefix(level).is_some_and(|rest| rest.is_empty() || rest == "_unless"));
    match &call.receiver {
        None => level.then(Vec::new),
        Some(receiver) if is_node(receiver) && level => Some(Vec::new()),
        Some(receiver) => Some([level_path(receiver)?, vec![name.to_owned()]].concat()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::probe::found;

    fn read(attributes: &str, code: &str) -> Vec<String> {
        found("attribute-never-set", &[("metadata.rb", "name 'x'\n"), ("attributes/a.rb", attributes), ("recipes/a.rb", code)])
    }

    #[test]
    fn misspelt_reads() {
        assert_eq!(read("default['x'] = { 'queue' => { 'workers' => 1 } }\n", "log node['x']['queue']['wokers']\n"), ["recipes/a.rb:1"]);
        assert_eq!(read("default[:x][:servers][:a] = 1\n", "node['x']['severs'].each { |s| log s }\n"), ["recipes/a.rb:1"]);
    }

    #[test]
    fn what_is_set_or_is_something_else() {
        assert!(read("default['x']['conf'] = node['y']\n", "log node['x']['conf']['port']\nlog node['x']\n").is_empty());
        assert!(read("default['x']['db1'] = 1\ndefault['x']['uid'] = 1\n", "log node['x']['db2'] + node['x']['gid']\n").is_empty());
        assert!(read("default['x']['dbport'] = 1\n", "log node['x']['dbhost'] || 'localhost'\n").is_empty());
        assert!(read("default['x'][name]['port'] = 1\n", "log node['x']['prot']\n").is_empty());
        assert!(read("default['x']['port'] = 1\n", "node.override['x']['ports'] = []\nlog node['x']['ports']\n").is_empty());
    }
}
