//! # notify-missing: Notifies a resource that isn't there
//!
//! Chef stops the run when it can't find the target of `notifies`; a missing target of `subscribes` is passed over in silence. In an image
//! build the first breaks the build, and with the second a configuration change never reaches the process.
//!
//! Fix: Declare the resource or correct its name.
//!
//! ```ruby
//! notifies :reload, 'service[ngnix]'   # finding: no such service
//! notifies :reload, 'service[nginx]'   # instead
//! service 'nginx'                      # and it is declared
//! ```

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::cookbook::{Cookbook, cookbooks, includes, owner, root_of};
use crate::audit::notification::{each, is_word, parts};
use crate::audit::shape::{argument, call, literal};
use crate::audit::visit::declares;
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Kind, Rule, Scope, Severity};
use crate::chef::resource::types::actions;
use crate::read::ruby::ast::Call;

pub(super) const RULE: Rule = Rule {
    code: "A401",
    name: "notify-missing",
    title: "Notifies a resource that isn't there",
    severity: Severity::Error,
    category: Category::Correctness,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("notify_missing.rs"),
    check,
    fix: None,
    secret: false,
};

/// What the given files declare.
#[derive(Default)]
struct Declared {
    /// Type and name.
    known: BTreeSet<(String, String)>,
    /// Types of which one has a name that is computed.
    computed: BTreeSet<String>,
}

fn check(context: &Context, findings: &mut Vec<Finding>) {
    let mut declared = Declared::default();
    for file in context.of(&[Kind::Recipe, Kind::Resource, Kind::Library]) {
        file.walk(&mut |node, _| call(node).into_iter().for_each(|call| declared.add(call)));
    }
    let open = open_recipes(context);
    for file in context.of(&[Kind::Recipe]).filter(|file| !open.contains(file.path.as_str())) {
        each(file, &mut |notification| {
            let Some(target) = notification.other().and_then(|other| literal(other)) else { return };
            if parts(&target).is_some_and(|(kind, names)| !declared.has(kind, names)) {
                let how =
                    if notification.subscribes() { "is never declared, so nothing happens" } else { "is never declared; the run stops" };
                findings.push(file.finding(RULE.name, notification.line, format!("`{target}` {how}")));
            }
        });
    }
}

impl Declared {
    fn add(&mut self, call: &Call) {
        if call.receiver.is_some() || call.args.is_empty() {
            return;
        }
        let name = call.name.as_str();
        let indirect = matches!(name, "declare_resource" | "find_resource" | "find_resource!" | "edit_resource" | "build_resource");
        let kind = if indirect { argument(call, 0).and_then(|kind| literal(kind)) } else { is_word(name).then(|| name.to_owned()) };
        let Some(kind) = kind else { return };
        match argument(call, usize::from(indirect)) {
            Some(value) => match literal(value) {
                Some(name) => drop(self.known.insert((kind, name))),
                None => drop(self.computed.insert(kind)),
            },
            None => drop(self.computed.insert(kind)),
        }
    }

    /// Whether all of `names` (`a,b` are two) may be there.
    fn has(&self, kind: &str, names: &str) -> bool {
        let one = |name: &str| self.known.iter().any(|(known, at)| at == name && same_kind(known, kind));
        self.computed.iter().any(|known| same_kind(known, kind)) || one(names) || names.split(',').all(|name| one(name.trim()))
    }
}

/// `apt_package` is found as `package`, too, so far as anyone who reads it can tell.
fn same_kind(one: &str, other: &str) -> bool {
    let end = |kind: &str| kind.rsplit('_').next().unwrap_or(kind).to_owned();
    one == other || (end(one) == end(other) && matches!(&*end(one), "package" | "service"))
}

/// The recipes that may see resources of recipes that are not given: those that include such a one, are included where one is, or use
/// a type that may be a definition of elsewhere.
fn open_recipes<'f>(context: &'f Context) -> BTreeSet<&'f str> {
    let all = cookbooks(context);
    let given: Vec<&File> = context.of(&[Kind::Recipe]).collect();
    let mut links: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut open = BTreeSet::new();
    for file in &given {
        let (list, computed) = includes(file);
        if computed || uses_unknown(context, file) {
            open.insert(file.path.as_str());
        }
        for include in list {
            let recipe = include.recipe.unwrap_or_default();
            let target = given.iter().find(|other| is_recipe(&all, file, other, &include.cookbook, &recipe));
            match target {
                Some(other) => {
                    links.entry(&file.path).or_default().insert(&other.path);
                    links.entry(&other.path).or_default().insert(&file.path);
                }
                None => drop(open.insert(file.path.as_str())),
            }
        }
    }
    let mut next: Vec<&str> = open.iter().copied().collect();
    while let Some(path) = next.pop() {
        next.extend(links.get(path).into_iter().flatten().copied().filter(|other| open.insert(other)));
    }
    open
}

fn is_recipe(all: &[Cookbook], from: &File, other: &File, cookbook: &str, recipe: &str) -> bool {
    let root = root_of(&other.path);
    let name = owner(all, &other.path).map_or_else(|| root.trim_end_matches('/').rsplit('/').next().unwrap_or(""), |owner| &owner.name);
    let here = if cookbook.is_empty() { root == root_of(&from.path) } else { name == cookbook };
    here && other.path.strip_prefix(root) == Some(&format!("recipes/{recipe}.rb"))
}

/// Whether a recipe uses a type with a block that neither Chef nor a given file has.
fn uses_unknown(context: &Context, file: &File) -> bool {
    let mut unknown = false;
    file.walk(&mut |node, place| {
        if let Some(call) = call(node).filter(|call| declares(call) && place.resource().is_none()) {
            let name = call.name.as_str();
            unknown |= actions(name).is_none() && !is_ours(context, name);
        }
    });
    unknown
}

/// Whether a given cookbook has the custom resource `name`: `shop_site` of `resources/site.rb`.
fn is_ours(context: &Context, name: &str) -> bool {
    context.of(&[Kind::Resource]).any(|file| {
        let stem = file.path.rsplit('/').next().and_then(|name| name.strip_suffix(".rb")).unwrap_or("");
        name == stem || name.ends_with(&format!("_{stem}"))
    })
}

#[cfg(test)]
mod tests {
    use super::super::probe::found;

    fn in_recipe(text: &str) -> Vec<String> {
        found("notify-missing", &[("recipes/default.rb", text)])
    }

    #[test]
    fn a_target_that_nothing_declares() {
        let text = "package 'redis'\nservice 'redis'\nfile '/etc/redis.conf' do\n  notifies :restart, 'service[redis-server]'\nend\n";
        assert_eq!(in_recipe(text), ["recipes/default.rb:4"]);
        assert_eq!(in_recipe("service 'a' do\n  subscribes :reload, 'template[/etc/b]'\nend\n"), ["recipes/default.rb:2"]);
    }

    #[test]
    fn what_may_be_elsewhere_is_left_alone() {
        let notifies = "file '/a' do\n  notifies :restart, 'service[b]'\nend\n";
        assert!(in_recipe(&format!("include_recipe 'b'\n{notifies}")).is_empty());
        assert!(in_recipe(&format!("%w(a b).each {{ |name| service name }}\n{notifies}")).is_empty());
        assert!(in_recipe(&format!("b_install 'x' do\n  port 1\nend\n{notifies}")).is_empty());
        assert!(in_recipe(&format!("systemd_service = 1\ndeclare_resource(:service, 'b')\n{notifies}")).is_empty());
    }
}
