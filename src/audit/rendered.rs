//! Which templates are rendered with which variables: the `template` resources of the given cookbooks, and the partials.
//!
//! `template '/etc/a.conf' do variables(port: 1) end` is a [`Use`] of `templates/**/a.conf.erb` that passes `port`.

use std::collections::{BTreeMap, BTreeSet};

use super::context::{Context, File, Kind};
use super::cookbook::{Cookbook, cookbooks, owner};
use super::shape::{argument, call, is_resource, literal, outline, properties};
use super::signs::path;
use super::visit::declares;
use crate::read::ruby::ast::{Arg, BlockArg, Call, Expr, Node, Pair, Target};

/// Where a resource takes its text from.
pub enum Source<'a> {
    /// One of these, and where that is written; `None` where it follows from the resource's name.
    Known {
        /// The names, of which the first that is there is taken.
        names: Vec<String>,
        /// The property.
        node: Option<&'a Node>,
    },
    /// Computed; `#{}` stands for what is not known.
    Computed(String),
}

/// The source of a `template`, `cookbook_file` or `remote_directory`.
#[must_use]
pub fn source(resource: &Call) -> Source<'_> {
    let given = properties(resource, "source");
    if let Some((node, property)) = given.first() {
        let values: Vec<&Node> = (0..property.args.len()).filter_map(|index| argument(property, index).map(|value| &**value)).collect();
        let list: Vec<&Node> = match values.as_slice() {
            [Node { expr: Expr::Array(items), .. }] => items.iter().map(|item| &**item).collect(),
            _ => values,
        };
        let names: Option<Vec<String>> = list.iter().map(|value| literal(value)).collect();
        return match names.filter(|names| !names.is_empty() && given.len() == 1) {
            Some(names) => Source::Known { names, node: Some(node) },
            None => match list.as_slice() {
                [Node { expr: Expr::Str(pieces), .. }] if given.len() == 1 => Source::Computed(outline(pieces)),
                _ => Source::Computed("#{}".to_owned()),
            },
        };
    }
    let template = resource.name.as_str() == "template";
    let directory = resource.name.as_str() == "remote_directory";
    let from = if directory {
        path(resource)
    } else {
        argument(resource, 0).and_then(|name| if let Expr::Str(pieces) = &name.expr { Some(outline(pieces)) } else { None })
    };
    let Some(from) = from else { return Source::Computed("#{}".to_owned()) };
    let base = from.trim_end_matches('/').rsplit('/').next().unwrap_or("").to_owned();
    let name = if template { format!("{base}.erb") } else { base };
    if name.contains("#{}") { Source::Computed(name) } else { Source::Known { names: vec![name], node: None } }
}

/// Whether Chef looks for files in this folder of `templates` or `files`: `default`, `host-…`, or a platform with or without version.
#[must_use]
pub fn folder_is_searched(folder: &str) -> bool {
    const PLATFORMS: &[&str] = &[
        "aix",
        "alpine",
        "almalinux",
        "amazon",
        "arch",
        "centos",
        "debian",
        "fedora",
        "freebsd",
        "gentoo",
        "linuxmint",
        "mac_os_x",
        "netbsd",
        "omnios",
        "openbsd",
        "opensuse",
        "opensuseleap",
        "oracle",
        "raspbian",
        "redhat",
        "rocky",
        "scientific",
        "slackware",
        "smartos",
        "solaris2",
        "suse",
        "ubuntu",
        "windows",
        "xenserver",
        "zlinux",
    ];
    let platform = folder.split('-').next().unwrap_or(folder);
    folder == "default" || folder.starts_with("host-") || PLATFORMS.contains(&platform)
}

/// A template resource.
pub struct Use<'c> {
    /// The file that declares it.
    pub file: &'c File<'c>,
    /// The root of the cookbook whose template it takes; `None` where that is computed.
    root: Option<String>,
    /// The names of the template; `#{}` stands for what is not known.
    sources: Vec<String>,
    /// The variables and their lines; `None` where they are computed.
    pub keys: Option<Vec<(String, u32)>>,
}

/// What a template reads.
#[derive(Default)]
pub struct Read {
    /// Variables that are not set in the template itself, with their lines.
    pub names: BTreeMap<String, Vec<u32>>,
    /// Every variable that is mentioned.
    mentioned: BTreeSet<String>,
    /// Rendered partials and the variables given to them (`None`: computed; the outer `None`: those of this template).
    partials: Vec<(Option<String>, Option<Option<BTreeSet<String>>>)>,
    /// It asks for variables by computed names.
    computed: bool,
}

/// What Chef gives to every template.
const GIVEN: &[&str] = &[
    "node",
    "cookbook_name",
    "recipe_name",
    "recipe_path",
    "recipe_line",
    "recipe_line_string",
    "template_name",
    "template_path",
    "template_finder",
    "_extension_modules",
    "parent",
];

/// What `file` reads.
#[must_use]
pub fn read(file: &File) -> Read {
    let mut read = Read::default();
    let mut set: BTreeSet<String> = GIVEN.iter().map(|name| (*name).to_owned()).collect();
    file.walk(&mut |node, place| match &node.expr {
        Expr::Instance(name) => {
            let name = name.as_str().trim_start_matches('@').to_owned();
            let asked = place.parent().is_some_and(|parent| matches!(parent.expr, Expr::Defined(_)));
            if !asked {
                read.names.entry(name.clone()).or_default().push(file.line(node.span.start));
            }
            read.mentioned.insert(name);
        }
        // `for @site in @sites`
        Expr::For { targets, .. } => {
            for target in targets {
                if let Target::Instance(name) = target {
                    set.insert(name.as_str().trim_start_matches('@').to_owned());
                }
            }
        }
        Expr::If { condition, .. } => tested(condition, &mut set),
        Expr::Or(left, _) => tested(left, &mut set),
        Expr::Assign { target: Target::Instance(name), .. } | Expr::OperatorAssign { target: Target::Instance(name), .. } => {
            set.insert(name.as_str().trim_start_matches('@').to_owned());
            read.mentioned.insert(name.as_str().trim_start_matches('@').to_owned());
        }
        Expr::Call(call) if call.name.as_str() == "render" && call.receiver.is_none() => {
            let mut given = None;
            for argument in &call.args {
                if let Arg::Hash(pairs) = argument {
                    given = entry(pairs, "variables").map(keys_of);
                }
            }
            read.partials.push((argument(call, 0).and_then(|name| literal(name)), given));
        }
        Expr::Call(call) => {
            read.computed |=
                call.name.starts_with("instance_variable") || matches!(call.name.as_str(), "binding" | "eval" | "instance_eval");
        }
        _ => {}
    });
    read.names.retain(|name, _| !set.contains(name));
    read
}

/// Adds the variables that a condition asks for: `if @tls` knows that nobody may pass it.
fn tested(condition: &Node, set: &mut BTreeSet<String>) {
    match &condition.expr {
        Expr::Instance(name) => drop(set.insert(name.as_str().trim_start_matches('@').to_owned())),
        Expr::Not(inner) | Expr::Defined(inner) => tested(inner, set),
        Expr::And(left, right) | Expr::Or(left, right) => {
            tested(left, set);
            tested(right, set);
        }
        Expr::Sequence(list) => list.iter().for_each(|inner| tested(inner, set)),
        Expr::Call(call) if matches!(call.name.as_str(), "nil?" | "empty?" | "any?" | "!" | "to_s") => {
            call.receiver.iter().for_each(|receiver| tested(receiver, set));
        }
        _ => {}
    }
}

fn entry<'a>(pairs: &'a [Pair], name: &str) -> Option<&'a Node> {
    pairs.iter().find_map(|pair| match pair {
        Pair::Entry(key, value) if literal(key).as_deref() == Some(name) => Some(&**value),
        _ => None,
    })
}

fn keys_of(value: &Node) -> Option<BTreeSet<String>> {
    let Expr::Hash(pairs) = &value.expr else { return None };
    pairs.iter().map(|pair| if let Pair::Entry(key, _) = pair { literal(key) } else { None }).collect()
}

/// The templates of the cookbooks and their uses.
pub struct Rendered<'c> {
    cookbooks: Vec<Cookbook>,
    templates: Vec<(&'c File<'c>, Read)>,
    /// All template resources.
    pub uses: Vec<Use<'c>>,
}

impl<'c> Rendered<'c> {
    /// Those of `context`.
    #[must_use]
    pub fn new(context: &'c Context<'c>) -> Self {
        let cookbooks = cookbooks(context);
        let templates = context.files.iter().filter(|file| file.kind == Kind::Template && owner(&cookbooks, &file.path).is_some());
        let templates = templates.map(|file| (file, read(file))).collect();
        let mut uses = Vec::new();
        for file in context.files.iter().filter(|file| matches!(file.kind, Kind::Recipe | Kind::Resource | Kind::Library)) {
            file.walk(&mut |node, place| {
                if let Some(resource) = call(node).filter(|call| is_resource(call, &["template"])) {
                    // `template 'a.erb'` in the block of another resource is a property of that.
                    let property = place.resource().is_some() && !declares(resource);
                    uses.push(if property { of_property(file, resource) } else { of_resource(&cookbooks, file, resource) });
                }
            });
        }
        Self { cookbooks, templates, uses }
    }

    /// The templates.
    pub fn templates(&self) -> impl Iterator<Item = &'c File<'c>> {
        self.templates.iter().map(|(file, _)| *file)
    }

    /// Everything that is passed to `template` anywhere; `None` where nothing uses it or a use isn't written out.
    #[must_use]
    pub fn passed(&self, template: &File) -> Option<BTreeSet<String>> {
        self.passed_within(template, 4)
    }

    fn passed_within(&self, template: &File, depth: u8) -> Option<BTreeSet<String>> {
        let mut all = BTreeSet::new();
        let mut used = false;
        for each in self.uses.iter().filter(|each| self.takes(each, template)) {
            // `source "#{name}.erb"` may be any: it alone says nothing of this one.
            used |= each.sources.iter().any(|source| !source.contains("#{}"));
            all.extend(each.keys.as_ref()?.iter().map(|(key, _)| key.clone()));
        }
        for (other, read) in self.templates.iter().filter(|(other, _)| other.path != template.path) {
            for (name, given) in &read.partials {
                if name.as_ref().is_some_and(|name| !template.path.ends_with(&format!("/{name}"))) {
                    continue;
                }
                used |= name.is_some();
                match given {
                    Some(given) => all.extend(given.clone()?),
                    None => all.extend(self.passed_within(other, depth.checked_sub(1)?)?),
                }
                all.extend(read.mentioned.iter().filter(|name| !read.names.contains_key(*name)).cloned());
            }
        }
        used.then_some(all)
    }

    /// Every variable that the templates of `used` and their partials mention; `None` where that is not known.
    #[must_use]
    pub fn read_by(&self, used: &Use) -> Option<BTreeSet<String>> {
        if used.root.is_none() || used.sources.iter().any(|source| source.contains("#{}")) {
            return None;
        }
        let mut next: Vec<&(&File, Read)> = self.templates.iter().filter(|(file, _)| self.takes(used, file)).collect();
        let mut seen = BTreeSet::new();
        let mut all = BTreeSet::new();
        if next.is_empty() {
            return None;
        }
        while let Some((file, read)) = next.pop() {
            if !seen.insert(file.path.as_str()) {
                continue;
            }
            if read.computed {
                return None;
            }
            all.extend(read.mentioned.iter().cloned());
            for (name, _) in &read.partials {
                let end = format!("/{}", name.as_ref()?);
                let before = next.len();
                next.extend(self.templates.iter().filter(|(other, _)| other.path.ends_with(&end)));
                if next.len() == before {
                    return None;
                }
            }
        }
        Some(all)
    }

    /// Whether `used` may take `template`.
    fn takes(&self, used: &Use, template: &File) -> bool {
        let Some(own) = owner(&self.cookbooks, &template.path) else { return false };
        let here = used.root.as_ref().is_none_or(|root| *root == own.root);
        let Some(inside) = template.path.strip_prefix(&*own.root).and_then(|rest| rest.strip_prefix("templates/")) else { return false };
        let bare = inside.split_once('/').filter(|(folder, _)| folder_is_searched(folder)).map(|(_, rest)| rest);
        here && used.sources.iter().any(|source| fits(source, inside) || bare.is_some_and(|bare| fits(source, bare)))
    }
}

/// Whether `name` can be what `source` computes.
fn fits(source: &str, name: &str) -> bool {
    match (source.find("#{}"), source.rfind("#{}")) {
        (Some(first), Some(last)) => {
            let (begin, end) = (&source[..first], &source[last + 3..]);
            name.len() >= begin.len() + end.len() && name.starts_with(begin) && name.ends_with(end)
        }
        _ => source == name,
    }
}

fn of_property<'c>(file: &'c File<'c>, property: &Call) -> Use<'c> {
    let name = argument(property, 0)
        .map_or_else(String::new, |value| if let Expr::Str(pieces) = &value.expr { outline(pieces) } else { "#{}".to_owned() });
    Use { file, root: None, sources: vec![name.clone(), format!("{name}.erb")], keys: None }
}

fn of_resource<'c>(all: &[Cookbook], file: &'c File<'c>, resource: &Call) -> Use<'c> {
    let sources = match source(resource) {
        Source::Known { names, .. } => names,
        Source::Computed(outline) => vec![outline],
    };
    let cookbook = properties(resource, "cookbook");
    let root = match cookbook.first() {
        Some((_, property)) => {
            argument(property, 0).and_then(|name| literal(name)).and_then(|name| all.iter().find(|other| other.name == name))
        }
        None => owner(all, &file.path),
    };
    let helped = ["helper", "helpers"].iter().any(|name| !properties(resource, name).is_empty());
    let keys = if helped || matches!(resource.block, Some(BlockArg::Pass(_))) { None } else { keys(file, resource) };
    Use { file, root: root.map(|root| root.root.clone()), sources, keys }
}

/// The keys of the `variables` of `resource`, if all are literals.
fn keys(file: &File, resource: &Call) -> Option<Vec<(String, u32)>> {
    let mut all = Vec::new();
    for (_, property) in properties(resource, "variables") {
        for argument in &property.args {
            let pairs = match argument {
                Arg::Hash(pairs) => pairs,
                Arg::Value(value) => match &value.expr {
                    Expr::Hash(pairs) => pairs,
                    _ => return None,
                },
                _ => return None,
            };
            for pair in pairs {
                let Pair::Entry(key, _) = pair else { return None };
                all.push((literal(key)?, file.line(key.span.start)));
            }
        }
    }
    Some(all)
}
