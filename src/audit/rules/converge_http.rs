//! # converge-http: A network call in the middle of the recipe
//!
//! The answer is frozen into the image, and the build fails or differs when the other side does. The instance metadata address does
//! not answer in a build at all.
//!
//! Fix: Ask at start-up or in a job, or make the answer an input of the build. Downloads by `curl`, `wget` and `remote_file` are
//! other rules' matter.
//!
//! ```ruby
//! release = Net::HTTP.get(URI('https://api.example.com/release'))   # finding
//! release = node['shop']['release']                                 # instead
//! ```

use crate::audit::command::heredoc;
use crate::audit::context::File;
use crate::audit::shape::{argument, call, is_resource, outline};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Kind, Rule, Scope, Severity};
use crate::read::ruby::ast::{Call, Expr, Node};

pub(super) const RULE: Rule = Rule {
    code: "A215",
    name: "converge-http",
    title: "A network call in the middle of the recipe",
    severity: Severity::Warning,
    category: Category::Container,
    effort: Effort::Small,
    confidence: Confidence::Medium,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("converge_http.rs"),
    check,
    fix: None,
    secret: false,
};

/// What talks to another host as soon as a method is called on it.
const CLIENTS: &[&str] = &["Net::HTTP", "Net::HTTPS", "Chef::HTTP", "RestClient", "HTTParty", "Faraday"];
/// Where a machine of the cloud asks about itself.
const METADATA: &str = "169.254.169.254";

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.of(&[Kind::Recipe, Kind::Attributes, Kind::Library, Kind::Resource]) {
        file.walk(&mut |node, _| match &node.expr {
            Expr::Call(call) if is_resource(call, &["http_request"]) || asks(file, call) => {
                findings.push(file.finding(RULE.name, file.line(call.name_span.start), "the answer is frozen into the image"));
            }
            Expr::Str(pieces) | Expr::Command(pieces) if outline(pieces).contains(METADATA) => {
                let inside = heredoc_lines(file, node);
                let lines = if inside.is_empty() { vec![file.line(node.span.start)] } else { inside };
                let found = lines.into_iter().map(|line| file.finding(RULE.name, line, "this address does not answer in a build"));
                findings.extend(found);
            }
            _ => {}
        });
    }
}

fn heredoc_lines(file: &File, node: &Node) -> Vec<u32> {
    if !file.source(node.span).starts_with("<<") {
        return Vec::new();
    }
    heredoc(file, node).into_iter().filter(|line| line.text.contains(METADATA)).map(|line| line.line).collect()
}

fn asks(file: &File, call: &Call) -> bool {
    let receiver = call.receiver.as_deref();
    let class = receiver.filter(|node| matches!(node.expr, Expr::Const { .. }));
    let class = class.map_or("", |node| file.source(node.span).trim_start_matches("::"));
    let below = |known: &&&str| class.strip_prefix(**known).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"));
    match CLIENTS.iter().find(below) {
        // `Net::HTTP::Get.new` is a request that something else sends.
        Some(&"Net::HTTP") => class == "Net::HTTP",
        Some(_) => true,
        None => match call.name.as_str() {
            "open" if class == "URI" => true,
            "open" if receiver.is_none() || class == "Kernel" => argument(call, 0).is_some_and(|value| is_url(value)),
            "open" | "read" => receiver.is_some_and(is_uri),
            _ => false,
        },
    }
}

fn is_url(node: &Node) -> bool {
    let Expr::Str(pieces) = &node.expr else { return false };
    let text = outline(pieces);
    ["http://", "https://", "ftp://"].iter().any(|scheme| text.starts_with(scheme))
}

/// `URI('https://…')`, `URI.parse('https://…')`
fn is_uri(node: &Node) -> bool {
    let Some(made) = call(node) else { return false };
    let on_uri = made.receiver.as_ref().is_some_and(|class| matches!(&class.expr, Expr::Const { name, .. } if name.as_str() == "URI"));
    made.name.as_str() == "URI" || (on_uri && made.name.as_str() == "parse")
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn calls_count_and_mentions_do_not() {
        let code =
            "begin\n  RestClient.get(url)\nrescue Net::HTTPError => e\n  open('/etc/hosts')\nend\nopen(\"https://#{host}/x\").read\n";
        assert_eq!(lines("recipes/default.rb", code, "converge-http"), [2, 6]);
        assert_eq!(lines("attributes/a.rb", "default['a'] = <<-E\na\nhttp://169.254.169.254/b\nE\n", "converge-http"), [3]);
    }
}
