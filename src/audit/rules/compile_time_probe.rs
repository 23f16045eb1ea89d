//! # compile-time-probe: A decision made from the state of the machine
//!
//! Backticks, `shell_out` and `File.exist?` outside a resource run while the recipe is read: on the disk that the image starts
//! from, before any resource has changed it. The branch that ran on the old machine may never run in a build.
//!
//! Fix: Put the test into a guard, or make it an argument of the build.
//!
//! ```ruby
//! include_recipe 'shop::first' unless Dir.exist?('/srv/shop')   # finding
//!
//! execute '/opt/shop/install' do
//!   not_if { Dir.exist?('/srv/shop') }                          # instead
//! end
//! ```

use crate::audit::context::File;
use crate::audit::shape::{argument, call};
use crate::audit::visit::{Place, walk};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Kind, Rule, Scope, Severity};
use crate::read::ruby::ast::{BlockArg, Call, Expr, Node};

pub(super) const RULE: Rule = Rule {
    code: "A221",
    name: "compile-time-probe",
    title: "A decision made from the state of the machine",
    severity: Severity::Warning,
    category: Category::Container,
    effort: Effort::Small,
    confidence: Confidence::Medium,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("compile_time_probe.rs"),
    check,
    fix: None,
    secret: false,
};

/// Blocks that run later, or not where they stand.
const LATER: &[&str] =
    &["not_if", "only_if", "lazy", "block", "action", "define", "lambda", "proc", "load_current_value", "verify", "converge_by", "at_exit"];
const TESTS: &[&str] =
    &["exist?", "exists?", "file?", "directory?", "symlink?", "executable?", "readable?", "writable?", "zero?", "size?", "empty?"];

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.of(&[Kind::Recipe, Kind::Attributes]) {
        file.walk(&mut |node, place| {
            let line = match &node.expr {
                Expr::Command(_) => file.line(node.span.start),
                Expr::Call(call) if probes(file, call) => file.line(call.name_span.start),
                _ => return,
            };
            if is_at_once(place) {
                findings.push(file.finding(RULE.name, line, "this is decided on a disk that is not the image yet"));
            }
        });
    }
}

fn probes(file: &File, call: &Call) -> bool {
    let class = call.receiver.as_ref().filter(|node| matches!(node.expr, Expr::Const { .. }));
    let class = class.map(|node| file.source(node.span).trim_start_matches("::"));
    match (class, call.name.as_str()) {
        (None, "shell_out" | "shell_out!") => call.receiver.is_none(),
        (Some("Mixlib::ShellOut" | "ShellOut"), "new") => true,
        (Some("File" | "FileTest" | "Dir"), test) => TESTS.contains(&test) && !argument(call, 0).is_some_and(|path| is_own(path)),
        _ => false,
    }
}

/// Whether the path is one of the cookbook itself: made from `__FILE__` or `__dir__`.
fn is_own(path: &Node) -> bool {
    let mut own = false;
    walk(path, &mut |node, _| {
        own |= matches!(node.expr, Expr::File) || call(node).is_some_and(|call| call.name.as_str() == "__dir__");
    });
    own
}

/// Whether what stands at `place` runs while the file is read, outside any resource.
fn is_at_once(place: &Place) -> bool {
    place.resources.is_empty()
        && !place.parents.iter().any(|parent| match &parent.expr {
            Expr::Def { .. } | Expr::Lambda(_) | Expr::Class { .. } | Expr::Module { .. } => true,
            Expr::Call(call) => {
                let block = matches!(call.block, Some(BlockArg::Block(_)));
                let made = call.name.as_str() == "new" && call.receiver.is_some();
                block && ((call.receiver.is_none() && LATER.contains(&call.name.as_str())) || made)
            }
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn only_what_runs_while_the_file_is_read_counts() {
        let code = "def there?\n  File.exist?('/a')\nend\nfile '/b' do\n  only_if { File.exist?('/a') }\nend if Dir.exist?('/c')\n\
                    out = shell_out('uname').stdout\nload 'x' if File.file?(File.join(__dir__, 'x'))\nlater = lazy { `date` }\n";
        assert_eq!(lines("recipes/default.rb", code, "compile-time-probe"), [6, 7]);
    }
}
