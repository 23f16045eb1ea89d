//! # non-deterministic: Time or chance in the build
//!
//! Every build gives a different file, so no layer can be cached and no two images compared.
//!
//! Fix: Make it an input of the build, or do it when the container starts.
//!
//! ```ruby
//! file '/srv/shop/BUILD' do
//!   content "built #{Time.now}"          # finding
//!   content node['shop']['release']      # instead
//! end
//! ```

use crate::audit::context::File;
use crate::audit::shape::{call, node_path};
use crate::audit::visit::Place;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Kind, Rule, Scope, Severity};
use crate::read::ruby::ast::{BlockArg, Call, Expr};

pub(super) const RULE: Rule = Rule {
    code: "A505",
    name: "non-deterministic",
    title: "Time or chance in the build",
    severity: Severity::Note,
    category: Category::Reproducible,
    effort: Effort::Small,
    confidence: Confidence::Medium,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("non_deterministic.rs"),
    check,
    fix: None,
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.of(&[Kind::Recipe, Kind::Attributes, Kind::Template]) {
        file.walk(&mut |node, place| {
            let Some(call) = call(node) else { return };
            let measured = node_path(node)
                .is_some_and(|path| matches!(path.as_slice(), [key] if matches!(key.as_str(), "ohai_time" | "uptime" | "uptime_seconds")));
            if (measured || varies(file, call)) && !is_later(place) {
                let at = if measured { node.span.start } else { call.name_span.start };
                findings.push(file.finding(RULE.name, file.line(at), "every build gives another value"));
            }
        });
    }
}

fn varies(file: &File, call: &Call) -> bool {
    let class = call.receiver.as_ref().filter(|node| matches!(node.expr, Expr::Const { .. }));
    let class = class.map(|node| file.source(node.span).trim_start_matches("::"));
    match (class, call.name.as_str()) {
        (Some("Time" | "DateTime"), "now") | (Some("Date"), "today") | (Some("SecureRandom"), _) | (Some("Random" | "Kernel"), "rand") => {
            true
        }
        (Some("Time"), "new") => call.args.is_empty(),
        (None, "rand" | "secure_password") => call.receiver.is_none(),
        _ => false,
    }
}

/// Whether it is a method's, an action's or a guard's, and so no part of what is built.
fn is_later(place: &Place) -> bool {
    place.parents.iter().any(|parent| match &parent.expr {
        Expr::Def { .. } => true,
        Expr::Call(call) => {
            let block = matches!(call.block, Some(BlockArg::Block(_)));
            block && call.receiver.is_none() && matches!(call.name.as_str(), "ruby_block" | "block" | "action" | "not_if" | "only_if")
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn the_forms_of_time_and_chance() {
        let code = "a = Time.new\nb = Time.at(0)\nc = node['uptime']\nd = node['app']['uptime']\ne = rand(60)\nf = app.rand\n\
                    def stamp\n  Time.now\nend\nexecute 'x' do\n  not_if { File.mtime('/a') > Time.now - 60 }\nend\n";
        assert_eq!(lines("recipes/default.rb", code, "non-deterministic"), [1, 3, 5]);
    }
}
