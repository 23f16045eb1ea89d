//! # undeclared-depends: A cookbook used but not declared
//!
//! Without `depends` the other cookbook isn't loaded: no attributes, libraries or resources of it, or whatever version happens to be there.
//! A conversion that follows the dependencies doesn't see it either.
//!
//! Fix: Add depends to metadata.rb. `--fix` adds it below the others. It leaves recipes that are included under a condition or in a
//! `begin … rescue`, for `depends` would ask for their cookbook always, and the cookbooks of the `OpsWorks` service, which nothing provides.
//!
//! ```ruby
//! include_recipe 'nginx'   # finding without the line below
//! depends 'nginx'          # in metadata.rb
//! ```
//! Elsewhere: `FC007`.

use std::collections::BTreeSet;

use super::metadata_removed::REMOVED;
use super::opsworks_builtin::is_builtin;
use crate::audit::cookbook::{cookbooks, includes, owner};
use crate::audit::fix::{Edit, Fixer, indent, line_end};
use crate::audit::shape::{argument, call, literal};
use crate::audit::visit::walk;
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Kind, Rule, Scope, Severity};
use crate::read::ruby::ast::{Call, Expr, Node};

pub(super) const RULE: Rule = Rule {
    code: "A413",
    name: "undeclared-depends",
    title: "A cookbook used but not declared",
    severity: Severity::Error,
    category: Category::Correctness,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::Cookbook,
    since: None,
    removed: None,
    also: &["FC007"],
    page: include_str!("undeclared_depends.rs"),
    check,
    fix: Some(Fixer::Context(mend)),
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    let all = cookbooks(context);
    for file in context.of(&[Kind::Recipe, Kind::Resource, Kind::Library]) {
        let Some(own) = owner(&all, &file.path) else { continue };
        let Some(depends) = &own.depends else { continue };
        for include in includes(file).0 {
            let other = &include.cookbook;
            if !other.is_empty() && *other != own.name && !depends.contains(other) {
                findings.push(file.finding(RULE.name, include.line, format!("metadata.rb doesn't say `depends '{other}'`")));
            }
        }
    }
}

/// The cookbook gets a `depends` in metadata.rb, below those that are there.
fn mend(context: &Context, edits: &mut Vec<Edit>) {
    let all = cookbooks(context);
    for file in context.of(&[Kind::Recipe, Kind::Resource, Kind::Library]) {
        let Some(own) = owner(&all, &file.path) else { continue };
        let Some(depends) = &own.depends else { continue };
        let path = format!("{}metadata.rb", own.root);
        let Some(metadata) = context.files.iter().find(|file| file.path == path) else { continue };
        let Some(place) = Addition::of(metadata) else { continue };
        let always = lines_always_run(file);
        for include in includes(file).0 {
            let other = &include.cookbook;
            let known = *other == own.name || depends.contains(other);
            let named = !other.is_empty() && other.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
            let provided = !is_builtin(other) || all.iter().any(|cookbook| cookbook.name == *other);
            if named && !known && provided && always.contains(&include.line) {
                let text = format!("{}{}depends{}{quote}{other}{quote}", place.end, place.indent, place.gap, quote = place.quote);
                edits.push(Edit::new(RULE.name, metadata, include.line, (place.at, place.at), text).for_finding_in(file, include.line));
            }
        }
    }
}

/// Where a `depends` is put in, and how it looks there.
struct Addition<'a> {
    at: u32,
    end: &'static str,
    indent: &'a str,
    gap: &'a str,
    quote: char,
}

impl<'a> Addition<'a> {
    /// Behind the last statement that depends on something, else behind the last of all.
    fn of(metadata: &'a File) -> Option<Self> {
        let tree = metadata.tree.as_deref()?;
        let statements: Vec<&Node> = match &tree.expr {
            Expr::Sequence(list) => list.iter().map(|statement| &**statement).collect(),
            _ => vec![tree],
        };
        // Behind the line that begins a text over several lines stands that text.
        let stays = |node: &Node| call(node).is_none_or(|call| !REMOVED.contains(&call.name.as_str()));
        let whole = |node: &&&Node| !metadata.source(node.span).contains("<<") && stays(node);
        let last = statements.iter().rev().filter(whole).find(|node| last_depends(node).is_some());
        let last = last.or_else(|| statements.iter().rev().find(whole))?;
        let rest = metadata.text.get(last.span.end as usize..)?;
        let line = rest.find('\n').map_or(rest, |end| &rest[..end]);
        if !(line.trim().is_empty() || line.trim_start().starts_with('#')) {
            return None;
        }
        let depends = last_depends(last).filter(|depends| argument(depends, 0).is_some_and(|name| literal(name).is_some()));
        let name = depends.and_then(|depends| argument(depends, 0));
        let between =
            depends.zip(name).and_then(|(depends, name)| metadata.text.get(depends.name_span.end as usize..name.span.start as usize));
        Some(Self {
            at: last.span.end.checked_add(u32::try_from(line.trim_end_matches('\r').len()).ok()?)?,
            end: line_end(metadata.text),
            indent: indent(metadata.text, last.span.start as usize),
            gap: between.filter(|between| !between.is_empty() && between.bytes().all(|byte| matches!(byte, b' ' | b'\t'))).unwrap_or(" "),
            quote: if name.is_some_and(|name| metadata.source(name.span).starts_with('"')) { '"' } else { '\'' },
        })
    }
}

fn last_depends(statement: &Node) -> Option<&Call> {
    let mut last = None;
    walk(statement, &mut |node, _| {
        last = call(node).filter(|call| call.receiver.is_none() && call.name.as_str() == "depends").or(last);
    });
    last
}

/// The lines of calls that no condition, loop or rescue stands around.
fn lines_always_run(file: &File) -> BTreeSet<u32> {
    let mut lines = BTreeSet::new();
    file.walk(&mut |node, place| {
        let Some(call) = call(node) else { return };
        let perhaps = place.parents.iter().any(|parent| {
            matches!(
                parent.expr,
                Expr::If { .. }
                    | Expr::Case { .. }
                    | Expr::CaseIn { .. }
                    | Expr::While { .. }
                    | Expr::Begin(_)
                    | Expr::And(..)
                    | Expr::Or(..)
            )
        });
        if !perhaps {
            lines.insert(file.line(call.name_span.start));
        }
    });
    lines
}

#[cfg(test)]
mod tests {
    use super::super::probe::{found, mended};

    #[test]
    fn cookbooks_that_metadata_does_not_name() {
        let recipe =
            ("recipes/default.rb", "include_recipe 'a::b'\ninclude_recipe \"c::#{x}\"\ninclude_recipe 'shop::d'\ninclude_recipe x\n");
        assert_eq!(
            found("undeclared-depends", &[recipe, ("metadata.rb", "name 'shop'\n")]),
            ["recipes/default.rb:1", "recipes/default.rb:2"]
        );
        assert!(found("undeclared-depends", &[recipe, ("metadata.rb", "name 'shop'\n%w[a c].each { |x| depends x }\n")]).is_empty());
        assert!(found("undeclared-depends", &[recipe]).is_empty());
    }

    #[test]
    fn depends_is_added_below_the_others() {
        for (metadata, new) in [
            ("name 'shop'\nversion '1.0'\n", "name 'shop'\nversion '1.0'\ndepends 'a'\ndepends 'b'\n"),
            ("name 'shop'", "name 'shop'\ndepends 'a'\ndepends 'b'"),
            (
                "name             \"shop\"\r\ndepends          \"x\" # y\r\nversion '1'\r\n",
                "name             \"shop\"\r\ndepends          \"x\" # y\r\ndepends          \"a\"\r\ndepends          \"b\"\r\nversion '1'\r\n",
            ),
            (
                "name 'shop'\n%w(x y).each do |z|\n  depends z\nend\n",
                "name 'shop'\n%w(x y).each do |z|\n  depends z\nend\ndepends 'a'\ndepends 'b'\n",
            ),
            ("name 'shop'\nlong_description <<-E\nx\nE\n", "name 'shop'\ndepends 'a'\ndepends 'b'\nlong_description <<-E\nx\nE\n"),
            ("LIST.each { |x| depends x }\n", "LIST.each { |x| depends x }\n"),
        ] {
            let files = [
                ("metadata.rb", metadata),
                ("recipes/a.rb", "include_recipe 'a::b'\ninclude_recipe 'b'\ninclude_recipe 'c' if x\n"),
                (
                    "recipes/b.rb",
                    "include_recipe \"a::#{x}\"\nbegin\n  include_recipe 'd'\nrescue\n  1\nend\ninclude_recipe 'opsworks_nodejs'\n",
                ),
            ];
            assert_eq!(mended("undeclared-depends", &files), new);
        }
    }
}
