//! # host-attribute: Configuration computed from the machine
//!
//! hostname, address, cpu and memory of the build machine would be frozen into the image.
//!
//! Fix: Read them when the container starts: downward API, environment, service DNS.
//!
//! ```ruby
//! node['fqdn']   # finding
//! ```

use crate::audit::shape::{call, is_node, node_path};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A213",
    name: "host-attribute",
    title: "Configuration computed from the machine",
    severity: Severity::Warning,
    category: Category::Container,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("host_attribute.rs"),
    check,
    fix: None,
    secret: false,
};

/// What Ohai finds out about the machine.
const MACHINE: &[&str] = &[
    "hostname",
    "fqdn",
    "machinename",
    "domain",
    "ipaddress",
    "ip6address",
    "macaddress",
    "ec2",
    "cloud",
    "cpu",
    "memory",
    "network",
    "filesystem",
    "block_device",
];

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.ruby() {
        file.walk(&mut |node, _| {
            let path = node_path(node).unwrap_or_default();
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let method = call(node).filter(|call| call.args.is_empty() && call.receiver.as_ref().is_some_and(|receiver| is_node(receiver)));
            let method = method.map(|call| call.name.as_str());
            if matches!(path.as_slice(), [only] if MACHINE.contains(only)) || method.is_some_and(|method| MACHINE.contains(&method)) {
                findings.push(file.finding(
                    RULE.name,
                    file.line(node.span.start),
                    "the build machine's value would be frozen into the image",
                ));
            }
        });
    }
}
