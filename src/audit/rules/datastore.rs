//! # datastore: A data store installed beside the application
//!
//! It would be baked into the application's image, with its data in a layer.
//!
//! Fix: Use the managed service, or its own image with a volume.
//!
//! ```ruby
//! package 'mysql-server'   # finding
//! package 'mysql-client'
//! ```

use crate::audit::context::File;
use crate::audit::pattern::Pattern;
use crate::audit::shape::{argument, call, literal};
use crate::audit::signs::{Signs, removes};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::{Expr, Node};

pub(super) const RULE: Rule = Rule {
    code: "A218",
    name: "datastore",
    title: "A data store installed beside the application",
    severity: Severity::Warning,
    category: Category::Container,
    effort: Effort::Large,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("datastore.rs"),
    check,
    fix: None,
    secret: false,
};

static STORE: Pattern = Pattern::new(
    r"^(?:mysql-server|mysql-community-server|mariadb-server|percona-server)\S*$|^postgresql(?:-?[0-9.]+)?(?:-server)?$|^redis(?:-server)?$|^mongodb(?!.*(?:tools|shell|clients?|dev)\b)\S*$|^(?:elasticsearch|rabbitmq-server|memcached|cassandra|couchdb|solr)$",
);

const SIGNS: Signs = Signs {
    resources: &[],
    paths: &[],
    recipes: &["mysql::server", "postgresql::server", "redis::server", "redisio", "mongodb", "elasticsearch", "rabbitmq", "memcached"],
    command: None,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    SIGNS.report(context, RULE.name, "it would be baked into the application's image", findings);
    for file in context.recipes() {
        file.walk(&mut |node, place| {
            let Some(package) = call(node).filter(|call| call.receiver.is_none() && is_package(&call.name) && !removes(call)) else {
                return;
            };
            let Some(name) = argument(package, 0) else { return };
            in_names(file, name, findings);
            // `%w(redis nginx).each do |name| package name end`
            if let Expr::Local(_) = &name.expr {
                let each = place.parents.iter().rev().find_map(|node| call(node).filter(|call| call.name.as_str() == "each"));
                each.and_then(|each| each.receiver.as_ref()).into_iter().for_each(|list| in_names(file, list, findings));
            }
        });
    }
}

fn is_package(name: &str) -> bool {
    matches!(name, "package" | "apt_package" | "yum_package" | "dnf_package" | "dpkg_package" | "rpm_package")
}

fn in_names(file: &File, names: &Node, findings: &mut Vec<Finding>) {
    if let Expr::Array(items) = &names.expr {
        items.iter().for_each(|item| in_names(file, item, findings));
    } else if let Some(name) = literal(names).filter(|name| STORE.matches(name)) {
        findings.push(file.finding(
            RULE.name,
            file.line_of_word(names.span, &name),
            format!("`{name}` would be baked into the application's image"),
        ));
    }
}
