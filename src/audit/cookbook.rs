//! The cookbooks among the files: their folders, names and dependencies, and what their recipes include.
//!
//! `cookbooks/shop/metadata.rb` with `name 'shop'` makes a [`Cookbook`] whose root is `cookbooks/shop/`; a recipe without metadata
//! belongs to none, but its folder still has a root.

use std::collections::BTreeSet;

use super::context::{Context, File, Kind};
use super::shape::{argument, call, literal, outline};
use crate::read::ruby::ast::{Call, Expr};

/// A folder that holds `metadata.rb`.
pub struct Cookbook {
    /// The folder with a slash at its end; empty for the root of the audit.
    pub root: String,
    /// Its names: that of the metadata, else that of the folder.
    pub name: String,
    /// What it depends on; `None` where the metadata computes it.
    pub depends: Option<BTreeSet<String>>,
}

impl Cookbook {
    /// Whether it has the recipe `name`.
    #[must_use]
    pub fn has_recipe(&self, context: &Context, name: &str) -> bool {
        let at = |path: String| context.files.iter().any(|file| file.path == path);
        ["rb", "yml", "yaml"].iter().any(|end| at(format!("{}recipes/{name}.{end}", self.root)))
            || (name == "default" && at(format!("{}recipe.rb", self.root)))
    }
}

/// All cookbooks, in order of their folders.
#[must_use]
pub fn cookbooks(context: &Context) -> Vec<Cookbook> {
    context.of(&[Kind::Metadata]).map(cookbook).collect()
}

fn cookbook(metadata: &File) -> Cookbook {
    let root = metadata.path.strip_suffix("metadata.rb").unwrap_or("").to_owned();
    let folder = root.trim_end_matches('/').rsplit('/').next().unwrap_or("").to_owned();
    let mut name = folder;
    let mut depends = BTreeSet::new();
    let mut lists = BTreeSet::new();
    let (mut computed, mut listed) = (false, false);
    metadata.walk(&mut |node, _| match &node.expr {
        Expr::Array(items) => {
            listed = true;
            lists.extend(items.iter().filter_map(|item| literal(item)));
        }
        Expr::Call(call) if call.receiver.is_none() && !call.args.is_empty() => match (call.name.as_str(), argument(call, 0)) {
            ("name", Some(value)) => name = literal(value).unwrap_or_else(|| name.clone()),
            ("depends", Some(value)) => match literal(value) {
                Some(other) => drop(depends.insert(other)),
                None => computed = true,
            },
            _ => {}
        },
        _ => {}
    });
    if computed {
        depends.extend(lists);
    }
    Cookbook { root, name, depends: (!computed || listed).then_some(depends) }
}

/// The cookbook whose folder holds `path`: the innermost.
#[must_use]
pub fn owner<'c>(cookbooks: &'c [Cookbook], path: &str) -> Option<&'c Cookbook> {
    cookbooks.iter().filter(|cookbook| path.starts_with(&cookbook.root)).max_by_key(|cookbook| cookbook.root.len())
}

/// A recipe that a file includes.
pub struct Include {
    /// The cookbook as written; empty for `::recipe`.
    pub cookbook: String,
    /// The recipe; `None` where it is interpolated.
    pub recipe: Option<String>,
    /// The line of the call.
    pub line: u32,
}

/// The recipes that `file` includes, as far as their cookbook is written out; and whether a call says it otherwise.
#[must_use]
pub fn includes(file: &File) -> (Vec<Include>, bool) {
    let mut all = Vec::new();
    let mut computed = false;
    file.walk(&mut |node, _| {
        let Some(call) = call(node).filter(|call| is_include(call)) else { return };
        let line = file.line(call.name_span.start);
        for index in 0..call.args.len() {
            match argument(call, index).map(|value| &value.expr) {
                Some(Expr::Str(pieces)) if !outline(pieces).split("::").next().unwrap_or("").contains("#{}") => {
                    let text = outline(pieces);
                    let (cookbook, recipe) = text.split_once("::").unwrap_or((&text, "default"));
                    let recipe = (!recipe.contains("#{}")).then(|| recipe.to_owned());
                    computed |= recipe.is_none();
                    all.push(Include { cookbook: cookbook.to_owned(), recipe, line });
                }
                _ => computed = true,
            }
        }
    });
    (all, computed)
}

fn is_include(call: &Call) -> bool {
    let context =
        call.receiver.as_ref().is_none_or(|receiver| super::shape::call(receiver).is_some_and(|of| of.name.as_str() == "run_context"));
    context && matches!(call.name.as_str(), "include_recipe" | "require_recipe") && !call.args.is_empty()
}

/// The folder above `recipes/…`, `resources/…`, with a slash at its end.
#[must_use]
pub fn root_of(path: &str) -> &str {
    let folder = path.rfind('/').map_or("", |at| &path[..at]);
    folder.rfind('/').map_or("", |at| &path[..=at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceMap;

    #[test]
    fn names_and_dependencies_are_read() {
        let mut sources = SourceMap::new();
        sources.add_text("a/one/metadata.rb", "%w(git nginx).each { |other| depends other }\ndepends 'apt', '~> 2'\n");
        sources.add_text("a/two/metadata.rb", "name 'second'\nFILE.each { |other| depends other }\n");
        let all = cookbooks(&Context::new(&sources, ""));
        assert_eq!(
            all.iter().map(|cookbook| (&*cookbook.root, &*cookbook.name)).collect::<Vec<_>>(),
            [("a/one/", "one"), ("a/two/", "second")]
        );
        assert_eq!(all[0].depends, Some(["apt", "git", "nginx"].map(str::to_owned).into()));
        assert_eq!(all[1].depends, None);
        assert_eq!(owner(&all, "a/two/recipes/x.rb").map(|cookbook| &*cookbook.name), Some("second"));
        assert_eq!(root_of("a/two/recipes/x.rb"), "a/two/");
    }
}
