//! # latest-url: A download of "latest"
//!
//! The content changes behind the same address: a build that is repeated gives another image, and no checksum can be kept.
//!
//! Fix: Use the address of one version, and its checksum.
//!
//! ```ruby
//! remote_file '/usr/local/bin/tool' do
//!   source 'https://dl.example.com/releases/latest/tool'   # finding
//!   source 'https://dl.example.com/releases/2.3.1/tool'    # instead
//! end
//! ```

use std::collections::BTreeMap;

use crate::audit::command::commands;
use crate::audit::context::File;
use crate::audit::pattern::Pattern;
use crate::audit::shape::{argument, call, is_resource, outline, properties};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::{Expr, Node, Target};

pub(super) const RULE: Rule = Rule {
    code: "A502",
    name: "latest-url",
    title: "A download of \"latest\"",
    severity: Severity::Warning,
    category: Category::Reproducible,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("latest_url.rs"),
    check,
    fix: None,
    secret: false,
};

/// An address whose content changes: `latest` in its path, an archive or raw file of a branch. The instance metadata's `latest` is the
/// version of an interface.
static MOVING: Pattern = Pattern::new(
    r"(?:https?|ftp|s3)://(?!169\.254\.)[^\s/\x22\x27]+/(?:[^\s\x22\x27]*?(?<![A-Za-z]))??(?:(?i:latest)(?=[/?#&]|[.\-_][^\s/]*(?:[\s\x22\x27]|$)|[\s\x22\x27;|)]|$)|(?:master|main|develop|trunk)\.(?:tar\b|t[gx]z\b|zip\b)|(?:archive|tarball|zipball)/(?:refs/heads/)?(?:master|main|develop|trunk|HEAD)\b|(?<=raw/)(?:refs/heads/)?(?:master|main|develop|trunk|HEAD)/)|(?:https?://)raw\.[^\s/]+/[^\s/]+/[^\s/]+/(?:refs/heads/)?(?:master|main|develop|trunk|HEAD)/",
);
static FETCH: Pattern = Pattern::new(r"(?:^|[\s;&|(`\x22\x27/])(?:wget|curl)\s([^;|]*)");
const MESSAGE: &str = "the content behind this address changes";

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        let variables = variables(file);
        file.walk(&mut |node, _| {
            let Some(resource) = call(node).filter(|call| is_resource(call, &["remote_file", "ark"])) else { return };
            for (_, property) in properties(resource, if resource.name.as_str() == "ark" { "url" } else { "source" }) {
                (0..property.args.len())
                    .filter_map(|index| argument(property, index))
                    .for_each(|value| in_value(file, value, &variables, findings));
            }
        });
    }
    for file in &context.files {
        for line in commands(file) {
            if FETCH.all(&line.text).iter().any(|(_, arguments)| MOVING.matches(arguments)) {
                findings.push(file.finding(RULE.name, line.line, MESSAGE));
            }
        }
    }
}

/// The local variables that hold a written-out text, with the places of these texts.
fn variables<'f>(file: &'f File<'_>) -> BTreeMap<String, &'f Node> {
    let mut variables = BTreeMap::new();
    file.walk(&mut |node, _| {
        if let Expr::Assign { target: Target::Local(name), value } = &node.expr
            && matches!(value.expr, Expr::Str(_))
        {
            variables.insert(name.as_str().to_owned(), &**value);
        }
    });
    variables
}

fn in_value(file: &File, value: &Node, variables: &BTreeMap<String, &Node>, findings: &mut Vec<Finding>) {
    match &value.expr {
        Expr::Str(pieces) if MOVING.matches(&outline(pieces)) => {
            findings.push(file.finding(RULE.name, file.line(value.span.start), MESSAGE));
        }
        Expr::Local(name) => {
            if let Some(text) = variables.get(name.as_str()) {
                in_value(file, text, &BTreeMap::new(), findings);
            }
        }
        Expr::Array(items) => items.iter().for_each(|item| in_value(file, item, variables, findings)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn only_what_moves_counts() {
        let command = |url: &str| lines("recipes/default.rb", &format!("execute 'curl -O {url}'\n"), "latest-url").len();
        for moving in [
            "https://a.example.com/x-latest.tgz",
            "https://a.example.com/latest",
            "https://github.com/a/b/archive/master.zip",
            "https://raw.githubusercontent.com/a/b/master/install.sh",
            "https://a.example.com/a/b/raw/main/x",
        ] {
            assert_eq!(command(moving), 1, "{moving}");
        }
        for fixed in [
            "https://a.example.com/x-1.0.tgz",
            "https://latest.example.com/x-1.0.tgz",
            "https://a.example.com/translatest/x",
            "http://169.254.169.254/latest/meta-data/ami-id",
            "https://raw.githubusercontent.com/a/b/v1.0/install.sh",
        ] {
            assert_eq!(command(fixed), 0, "{fixed}");
        }
    }

    #[test]
    fn a_variable_is_followed_to_its_text() {
        let code = "url = 'https://a.example.com/latest/x'\nremote_file '/x' do\n  source url\nend\n";
        assert_eq!(lines("recipes/default.rb", code, "latest-url"), [1]);
    }
}
