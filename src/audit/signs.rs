//! What many rules look for: resources of some types, files at some paths, commands, included recipes.
//!
//! `Signs { resources: &["sysctl"], paths: &["/etc/sysctl.d/"], … }` finds `sysctl 'vm.swappiness'` and a template in that folder.

use super::command::commands;
use super::context::{Context, File, is_description};
use super::cookbook::{cookbooks, owner, root_of};
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
                self.in_recipe(context, file, rule, message, findings);
            }
            if let Some(pattern) = self.command {
                for line in commands(file).iter().filter(|line| pattern.matches(&line.text)) {
                    findings.push(file.finding(rule, line.line, message));
                }
            }
        }
    }

    fn in_recipe(&self, context: &Context, file: &File, rule: &'static str, message: &str, findings: &mut Vec<Finding>) {
        file.walk(&mut |node, place| {
            let Some(call) = call(node).filter(|call| call.receiver.is_none()) else { return };
            if (self.is_type(call) && place.resource().is_none()) || self.is_path(call) || self.is_recipe(context, file, call) {
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

    /// Whether `call` includes one of the recipes; what a cookbook includes of itself is found where its resources are.
    fn is_recipe(&self, context: &Context, file: &File, call: &Call) -> bool {
        if !matches!(call.name.as_str(), "include_recipe" | "require_recipe") {
            return false;
        }
        let names = (0..call.args.len()).filter_map(|index| argument(call, index).and_then(|name| literal(name)));
        let known = |name: &String| self.recipes.iter().any(|known| name == known || name.split("::").next() == Some(known));
        names.into_iter().filter(known).any(|name| !is_own(context, file, name.split("::").next().unwrap_or("")))
    }
}

/// Whether `file` is part of the cookbook `name`.
#[must_use]
pub fn is_own(context: &Context, file: &File, name: &str) -> bool {
    let folder = root_of(&file.path).trim_end_matches('/').rsplit('/').next() == Some(name);
    folder || owner(&cookbooks(context), &file.path).is_some_and(|own| own.name == name)
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
    let secret = matches!(rule, "private-key" | "secret-in-url");
    let prose = |file: &File| rule != "private-key" && is_description(&file.path);
    for file in context.files.iter().filter(|file| !prose(file)) {
        for (line, text) in pattern.lines(file.text) {
            let comment = text.trim_start().starts_with(['#', ';']) || text.trim_start().starts_with("//");
            if !comment && pattern.matches(text) && (secret || !is_after_code(pattern, text)) {
                findings.push(file.finding(rule, line, message));
            }
        }
    }
}

/// Whether `pattern` is found only in the comment after the code of a line. A `#` before a quote may stand in a string.
fn is_after_code(pattern: &Pattern, text: &str) -> bool {
    let code = text.match_indices(" # ").map(|(at, _)| text.split_at(at)).find(|(_, rest)| !rest.contains(['\'', '"', '`']));
    code.is_some_and(|(code, _)| !pattern.matches(code))
}

/// Whether the setting of a template stands in a branch that an attribute of the same matter decides: `<% if @gpgcheck %> … <% else %>`.
#[must_use]
pub fn is_chosen(context: &Context, finding: &Finding, matter: &Pattern) -> bool {
    let file = context.file(&finding.path);
    let Some(file) = file else { return false };
    let at = finding.line.saturating_sub(1) as usize;
    let same = file.text.lines().nth(at).is_some_and(|line| {
        let condition = line.find(" if ").or_else(|| line.find(" unless ")).map(|at| line.split_at(at));
        condition.is_some_and(|(_, condition)| matter.matches(condition))
    });
    let branch = file.kind == Kind::Template && {
        let before: Vec<&str> = file.text.lines().take(at).collect();
        let around = before.iter().rev().take(5).take_while(|line| !line.contains("<% end"));
        around.into_iter().any(|line| line.contains("<%") && line.contains("if ") && matter.matches(line))
    };
    same || branch
}

/// Whether the resource only takes something away.
#[must_use]
pub fn removes(resource: &Call) -> bool {
    const REMOVE: &[&str] = &["delete", "remove", "purge", "disable", "stop", "umount", "unmount"];
    actions(resource).is_some_and(|actions| !actions.is_empty() && actions.iter().all(|action| REMOVE.contains(&action.as_str())))
}
