//! What many rules look for: resources of some types, files at some paths, commands, included recipes.
//!
//! `Signs { resources: &["sysctl"], paths: &["/etc/sysctl.d/"], … }` finds `sysctl 'vm.swappiness'` and a template in that folder.

use super::command::commands;
use super::context::{Context, File};
use super::pattern::Pattern;
use super::shape::{argument, call, is_resource, literal, outline, properties};
use super::{Finding, Kind};
use crate::read::ruby::ast::{Call, Expr};

/// The signs of a matter.
pub struct Signs {
    /// Resource types; `name_*` stands for all that begin so.
    pub resources: &'static [&'static str],
    /// Paths of written files; one that ends in `/` stands for what is below, one that begins with `*` for all that end so.
    pub paths: &'static [&'static str],
    /// Included recipes: a cookbook, or `cookbook::recipe`.
    pub recipes: &'static [&'static str],
    /// Command lines.
    pub command: Option<&'static Pattern>,
}

impl Signs {
    /// Reports every sign in `context` as `rule`.
    pub fn report(&self, context: &Context, rule: &'static str, message: &str, findings: &mut Vec<Finding>) {
        for file in &context.files {
            if matches!(file.kind, Kind::Recipe | Kind::Resource) {
                self.in_recipe(file, rule, message, findings);
            }
            if let Some(pattern) = self.command {
                for line in commands(file).iter().filter(|line| pattern.matches(&line.text)) {
                    findings.push(file.finding(rule, line.line, message));
                }
            }
        }
    }

    fn in_recipe(&self, file: &File, rule: &'static str, message: &str, findings: &mut Vec<Finding>) {
        file.walk(&mut |node, place| {
            let Some(call) = call(node).filter(|call| call.receiver.is_none()) else { return };
            if (self.is_type(call) && place.resource().is_none()) || self.is_path(call) || self.is_recipe(call) {
                findings.push(file.finding(rule, file.line(call.name_span.start), message));
            }
        });
    }

    fn is_type(&self, call: &Call) -> bool {
        let name = call.name.as_str();
        let known = self.resources.iter().any(|known| known.strip_suffix('*').map_or(name == *known, |prefix| name.starts_with(prefix)));
        known && is_resource(call, &[name]) && argument(call, 0).is_some_and(|name| !matches!(name.expr, Expr::Hash(_))) && !removes(call)
    }

    fn is_path(&self, call: &Call) -> bool {
        if self.paths.is_empty() || !is_resource(call, &["file", "template", "cookbook_file", "remote_file"]) || removes(call) {
            return false;
        }
        path(call).is_some_and(|path| self.paths.iter().any(|known| is_at(&path, known)))
    }

    fn is_recipe(&self, call: &Call) -> bool {
        if !matches!(call.name.as_str(), "include_recipe" | "require_recipe") {
            return false;
        }
        let names = (0..call.args.len()).filter_map(|index| argument(call, index).and_then(|name| literal(name)));
        names.into_iter().any(|name| self.recipes.iter().any(|known| name == *known || name.split("::").next() == Some(known)))
    }
}

fn is_at(path: &str, known: &str) -> bool {
    if let Some(end) = known.strip_prefix('*') {
        return path.ends_with(end);
    }
    if known.ends_with('/') { path.starts_with(known) } else { path == known }
}

/// Where a file resource writes, as far as it is written out.
#[must_use]
pub fn path(resource: &Call) -> Option<String> {
    let given = properties(resource, "path");
    let value = given.first().map_or_else(|| argument(resource, 0), |(_, property)| argument(property, 0))?;
    if let Expr::Str(pieces) = &value.expr { Some(outline(pieces)) } else { None }
}

/// The actions that a resource names; `None` where it has no `action` or one that is no literal.
#[must_use]
pub fn actions(resource: &Call) -> Option<Vec<String>> {
    let given = properties(resource, "action");
    let value = given.first().and_then(|(_, property)| argument(property, 0))?;
    match &value.expr {
        Expr::Array(items) => items.iter().map(|item| literal(item)).collect(),
        _ => literal(value).map(|action| vec![action]),
    }
}

/// The name of a `service` resource that starts, enables or restarts it.
#[must_use]
pub fn started(resource: &Call) -> Option<String> {
    let service = is_resource(resource, &["service"]);
    let starts = |action: &String| matches!(action.as_str(), "start" | "enable" | "restart");
    if !service || !actions(resource).is_some_and(|actions| actions.iter().any(starts)) {
        return None;
    }
    let given = properties(resource, "service_name");
    given.first().map_or_else(|| argument(resource, 0), |(_, property)| argument(property, 0)).and_then(|name| literal(name))
}

/// Reports every line of every file that `pattern` matches and that is no comment.
pub fn report_lines(context: &Context, pattern: &Pattern, rule: &'static str, message: &str, findings: &mut Vec<Finding>) {
    // Prose may tell of anything, except of a key in full.
    let prose =
        |file: &File| rule != "private-key" && std::path::Path::new(&file.path).extension().is_some_and(|extension| extension == "md");
    for file in context.files.iter().filter(|file| !prose(file)) {
        for (line, text) in pattern.lines(file.text) {
            let comment = text.trim_start().starts_with(['#', ';']) || text.trim_start().starts_with("//");
            if !comment && pattern.matches(text) {
                findings.push(file.finding(rule, line, message));
            }
        }
    }
}

/// Whether the resource only takes something away.
#[must_use]
pub fn removes(resource: &Call) -> bool {
    const REMOVE: &[&str] = &["delete", "remove", "purge", "disable", "stop", "umount", "unmount"];
    actions(resource).is_some_and(|actions| !actions.is_empty() && actions.iter().all(|action| REMOVE.contains(&action.as_str())))
}
