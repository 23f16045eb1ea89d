//! # git-unpinned: Source from a moving branch
//!
//! Two builds of the same recipe give different images, and nobody can say later what is in one.
//!
//! Fix: Name a tag or a commit, and raise it on purpose.
//!
//! ```ruby
//! git '/opt/tool' do
//!   repository 'https://git.example.com/tool.git'
//!   revision 'master'   # finding
//!   revision 'v2.1.0'   # instead
//! end
//! ```

use crate::audit::command::commands;
use crate::audit::context::File;
use crate::audit::pattern::Pattern;
use crate::audit::shape::{argument, call, is_resource, literal, properties};
use crate::audit::signs::actions;
use crate::audit::visit::{declares, walk};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Kind, Rule, Scope, Severity};
use crate::read::ruby::ast::{Arg, BlockArg, Call, Expr, Pair, Target};

pub(super) const RULE: Rule = Rule {
    code: "A501",
    name: "git-unpinned",
    title: "Source from a moving branch",
    severity: Severity::Warning,
    category: Category::Reproducible,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("git_unpinned.rs"),
    check,
    fix: None,
    secret: false,
};

const SOURCES: &[&str] = &["git", "subversion", "deploy", "deploy_revision", "deploy_branch", "timestamped_deploy"];
const MESSAGE: &str = "the branch moves, and the image with it";

static CLONE: Pattern = Pattern::new(
    r"\bgit\s+(?:-\S+\s+(?:[\w.]+=\S+\s+)?)*clone\s[^;&|]*?(?:(?:https?|git|ssh|file|svn)://|[\w.\-]+@[\w.\-]+:|[\w\-]+\.[\w.\-]+:)",
);
/// The branch or tag of a clone.
static BRANCH: Pattern = Pattern::new(r"\sclone\s(?:[^;&|]*?\s)??(?:--branch[\s=]+|-b\s*)[\x22\x27]?([^\s\x22\x27;&|]+)");
/// What is checked out afterwards.
static CHECKOUT: Pattern = Pattern::new(r"\bgit\s+(?:-\S+\s+\S+\s+)*?(?:checkout|reset)\s+(?:-\S+\s+)*[\x22\x27]?([^\s\x22\x27;&|]+)");

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.ruby().filter(|file| file.kind != Kind::Template) {
        let berksfile = file.path.rsplit('/').next() == Some("Berksfile");
        file.walk(&mut |node, place| match &node.expr {
            Expr::Call(call) if is_resource(call, SOURCES) && declares(call) => resource(file, call, findings),
            Expr::Call(call) if berksfile && call.name.as_str() == "cookbook" => cookbook(file, call, findings),
            Expr::Assign { target: Target::Index { args, .. }, value } => {
                let moves = literal(value).is_some_and(|value| is_moving(&value));
                if moves && matches!(args.last(), Some(Arg::Value(key)) if literal(key).is_some_and(|key| is_revision(&key))) {
                    findings.push(file.finding(RULE.name, file.line(value.span.start), MESSAGE));
                }
            }
            Expr::Hash(pairs) if file.kind == Kind::Attributes || place.parents.iter().any(|parent| is_attributes(parent)) => {
                in_pairs(file, pairs, findings);
            }
            Expr::Call(call) if is_attributes(node) => call.args.iter().for_each(|arg| {
                if let Arg::Hash(pairs) = arg {
                    in_pairs(file, pairs, findings);
                }
            }),
            _ => {}
        });
    }
    for file in &context.files {
        in_commands(file, findings);
    }
}

fn is_attributes(node: &crate::read::ruby::ast::Node) -> bool {
    call(node).is_some_and(|call| matches!(call.name.as_str(), "default_attributes" | "override_attributes"))
}

fn in_pairs(file: &File, pairs: &[Pair], findings: &mut Vec<Finding>) {
    for pair in pairs {
        if let Pair::Entry(key, value) = pair
            && literal(key).is_some_and(|key| is_revision(&key))
            && literal(value).is_some_and(|value| is_moving(&value))
        {
            findings.push(file.finding(RULE.name, file.line(value.span.start), MESSAGE));
        }
    }
}

fn is_revision(name: &str) -> bool {
    let last = name.rsplit(['_', '-']).next().unwrap_or(name);
    matches!(last, "revision" | "branch" | "ref" | "reference")
}

fn is_moving(revision: &str) -> bool {
    let name = revision.strip_prefix("refs/heads/").or_else(|| revision.strip_prefix("origin/")).unwrap_or(revision);
    matches!(name, "master" | "main" | "develop" | "trunk" | "HEAD" | "head")
}

fn resource(file: &File, resource: &Call, findings: &mut Vec<Finding>) {
    let given: Vec<_> = ["revision", "branch", "reference"].into_iter().flat_map(|name| properties(resource, name)).collect();
    // What goes back or away fetches nothing.
    let fetches = actions(resource).is_none_or(|actions| !actions.iter().all(|action| matches!(action.as_str(), "rollback" | "delete")));
    if given.is_empty() && fetches && !passes_itself(resource) {
        findings.push(file.finding(RULE.name, file.line(resource.name_span.start), "no revision is named, so the newest is taken"));
    }
    for (_, property) in given {
        if argument(property, 0).and_then(|value| literal(value)).is_some_and(|revision| is_moving(&revision)) {
            findings.push(file.finding(RULE.name, file.line(property.name_span.start), MESSAGE));
        }
    }
}

/// Whether the block calls something with `self`, which may set any property: `source.fetch(self)`.
fn passes_itself(resource: &Call) -> bool {
    let Some(BlockArg::Block(block)) = &resource.block else { return false };
    let mut found = false;
    if let Some(body) = &block.body {
        walk(body, &mut |node, _| {
            found |= call(node)
                .is_some_and(|call| call.args.iter().any(|arg| matches!(arg, Arg::Value(value) if matches!(value.expr, Expr::SelfRef))));
        });
    }
    found
}

/// A Berksfile's `cookbook 'base', git: '…'`.
fn cookbook(file: &File, call: &Call, findings: &mut Vec<Finding>) {
    let pairs = call.args.iter().filter_map(|arg| if let Arg::Hash(pairs) = arg { Some(pairs) } else { None }).flatten();
    let keys: Vec<(String, u32)> = pairs
        .filter_map(|pair| if let Pair::Entry(key, _) = pair { Some((literal(key)?, file.line(key.span.start))) } else { None })
        .collect();
    let line = |names: &[&str]| keys.iter().find(|(key, _)| names.contains(&key.as_str())).map(|(_, line)| *line);
    if line(&["git", "github", "gitlab", "bitbucket"]).is_some() && line(&["tag", "ref", "revision"]).is_none() {
        let at = line(&["branch"]).unwrap_or_else(|| file.line(call.name_span.start));
        findings.push(file.finding(RULE.name, at, MESSAGE));
    }
}

fn in_commands(file: &File, findings: &mut Vec<Finding>) {
    let lines = commands(file);
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| CLONE.matches(&line.text)) {
        let pinned = match BRANCH.all(&line.text).first() {
            Some((_, branch)) => !is_moving(branch),
            None => {
                let later = lines.iter().skip(index + 1).take_while(|later| !CLONE.matches(&later.text));
                let fixed = |text: &str| CHECKOUT.all(text).iter().any(|(_, revision)| !is_moving(revision));
                fixed(&line.text) || later.into_iter().any(|later| fixed(&later.text))
            }
        };
        if !pinned {
            findings.push(file.finding(RULE.name, line.line, MESSAGE));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn a_tag_pins_wherever_it_is_named() {
        let code = "bash 'x' do\n  code <<-EOH\n    git clone https://git.example.com/a.git /a\n    cd /a && git checkout v1.2\n\
                    git clone -b main git@git.example.com:b.git\n    git clone /srv/mirror\n  EOH\nend\n";
        assert_eq!(lines("recipes/default.rb", code, "git-unpinned"), [5]);
        let attributes = "default['a']['revision'] = 'master'\ndefault['b'] = { 'branch' => 'release-3', 'ref' => 'main' }\n";
        assert_eq!(lines("attributes/default.rb", attributes, "git-unpinned"), [1, 2]);
    }

    #[test]
    fn what_goes_back_or_is_set_elsewhere() {
        let code = "deploy '/srv/a' do\n  action :rollback\nend\ndeploy '/srv/b' do\n  source.fetch(self)\nend\ndeploy '/srv/c' do\n  user 'x'\nend\n";
        assert_eq!(lines("recipes/default.rb", code, "git-unpinned"), [7]);
    }

    #[test]
    fn a_berksfile_pins_by_tag_or_ref() {
        let code = "cookbook 'a', github: 'x/a', tag: 'v1'\ncookbook 'b',\n  git: 'https://git.example.com/b.git',\n  branch: 'x'\ncookbook 'c', path: '.'\n";
        assert_eq!(lines("Berksfile", code, "git-unpinned"), [4]);
    }
}
