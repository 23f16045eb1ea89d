//! # world-writable: Writable by everyone
//!
//! Any process in the container may change the file.
//!
//! Fix: 0755 or 0750 for directories, 0640 for files, with the right owner.
//!
//! ```ruby
//! directory '/srv/shop/tmp' do
//!   mode '0777'   # finding
//!   mode '0755'   # instead
//! end
//! ```

use crate::audit::command::commands;
use crate::audit::context::File;
use crate::audit::pattern::Pattern;
use crate::audit::shape::{argument, call, literal};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::{Arg, Expr, Node, Target};

pub(super) const RULE: Rule = Rule {
    code: "A304",
    name: "world-writable",
    title: "Writable by everyone",
    severity: Severity::Warning,
    category: Category::Security,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["CWE-732", "SLAC", "GLITCH sec_full_permission"],
    page: include_str!("world_writable.rs"),
    check,
    fix: None,
    secret: false,
};

static CHMOD: Pattern = Pattern::new(r"\bchmod\s+(?:-\S+\s+)*([0-7]{3,4}|[ugoa]*[+=][rwxXst]+(?:,[ugoa]*[+=\-][rwxXst]+)*)(?=\s)");
static OPEN: Pattern = Pattern::new(r"^(?:0*[0-7]?[0-7]{2}[2367]|(?:.*,)?[ug]*[oa][ugoa]*[+=][rxX]*w.*)$");
static STICKY: Pattern = Pattern::new(r"^0*[1357][0-7]{3}$|[+=][rwxX]*t");

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in &context.files {
        for line in commands(file) {
            if CHMOD.all(&line.text).iter().any(|(_, mode)| is_open(mode)) {
                findings.push(file.finding(RULE.name, line.line, "any process may change the file"));
            }
        }
        file.walk(&mut |node, place| {
            let value = match &node.expr {
                Expr::Call(_) => call(node)
                    .filter(|call| call.receiver.is_none() && is_mode(&call.name) && place.resource().is_some())
                    .and_then(|call| argument(call, 0)),
                Expr::Assign { target: Target::Index { args, .. }, value } => match args.as_slice() {
                    [Arg::Value(key)] if literal(key).is_some_and(|key| is_mode(&key)) => Some(value),
                    _ => None,
                },
                _ => None,
            };
            if let Some(value) = value.filter(|value| written(file, value).is_some_and(|mode| is_open(&mode))) {
                findings.push(file.finding(RULE.name, file.line(value.span.start), "any process may change the file"));
            }
        });
    }
}

fn is_mode(name: &str) -> bool {
    name == "mode" || name.ends_with("_mode")
}

/// A mode as it is written: a string, or an octal number.
fn written(file: &File, value: &Node) -> Option<String> {
    match &value.expr {
        Expr::Integer(_) => {
            Some(file.source(value.span).replace('_', "")).filter(|text| text.starts_with('0')).map(|text| text.replacen("0o", "0", 1))
        }
        _ => literal(value),
    }
}

fn is_open(mode: &str) -> bool {
    OPEN.matches(mode) && !STICKY.matches(mode)
}
