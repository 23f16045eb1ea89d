//! `CloudFormation` templates with `AWS::OpsWorks::…` resources, in JSON and YAML.
//!
//! In: documents. Out: stacks; a resource's logical id serves as its id. `{"Ref": "Env"}` is the parameter's default where it has one,
//! and a hole where it has none.

mod intrinsic;

use crate::diagnostic::Diagnostic;
use crate::source::SourceMap;

use self::intrinsic::Template;
use super::document::{Document, Node, Value};
use super::folder;
use super::records::{Kind, Record, assemble};
use super::stack::Stack;

/// Resource types, what they are, and the field in which the API would give their id.
const TYPES: &[(&str, Kind, &str)] = &[
    ("AWS::OpsWorks::Stack", Kind::Stack, "StackId"),
    ("AWS::OpsWorks::Layer", Kind::Layer, "LayerId"),
    ("AWS::OpsWorks::App", Kind::App, "AppId"),
    ("AWS::OpsWorks::Instance", Kind::Instance, "InstanceId"),
    ("AWS::OpsWorks::ElasticLoadBalancerAttachment", Kind::LoadBalancer, ""),
    ("AWS::OpsWorks::Volume", Kind::Volume, "VolumeId"),
    ("AWS::OpsWorks::UserProfile", Kind::User, ""),
    ("AWS::ElastiCache::CacheCluster", Kind::Cache, ""),
    ("AWS::ElastiCache::ReplicationGroup", Kind::Cache, ""),
];

/// Whether a document is such a template.
#[must_use]
pub fn recognises(node: &Node) -> bool {
    let resources = node.get("Resources").and_then(Node::map);
    resources.is_some_and(|resources| resources.values().any(|resource| kind_of(resource).starts_with("AWS::OpsWorks::")))
}

/// Whether a document is a template, though perhaps one without `OpsWorks`.
#[must_use]
pub fn is_template(node: &Node) -> bool {
    node.get("AWSTemplateFormatVersion").is_some()
        || node
            .get("Resources")
            .and_then(Node::map)
            .is_some_and(|resources| resources.values().any(|resource| kind_of(resource).contains("::")))
}

/// The stacks of all templates; each template stands by itself.
#[must_use]
pub fn read(sources: &SourceMap, documents: &[Document]) -> (Vec<Stack>, Vec<Diagnostic>) {
    let mut stacks = Vec::new();
    let mut diagnostics = Vec::new();
    for document in documents {
        let (mut found, mut said) = template(sources, document);
        stacks.append(&mut found);
        diagnostics.append(&mut said);
    }
    (stacks, diagnostics)
}

fn template(sources: &SourceMap, document: &Document) -> (Vec<Stack>, Vec<Diagnostic>) {
    let template = Template::new(&document.root, sources);
    let folder = folder(&sources.file(document.file).path).to_owned();
    let mut records = Vec::new();
    let mut diagnostics = Vec::new();
    for (id, resource) in document.root.get("Resources").and_then(Node::map).into_iter().flatten() {
        let Some((_, kind, field)) = TYPES.iter().find(|(name, _, _)| *name == kind_of(resource)) else { continue };
        if resource.string("Condition").and_then(|name| template.condition(&name)) == Some(false) {
            let mut diagnostic =
                Diagnostic::note("S017", format!("resource `{id}` is left out: its condition does not hold with the parameters' defaults"));
            diagnostic.span = resource.span;
            diagnostics.push(diagnostic);
            continue;
        }
        let properties = resource.get("Properties").cloned().unwrap_or_else(|| Node::new(Value::Map(indexmap::IndexMap::new())));
        let mut node = template.resolve(&properties).unwrap_or_default();
        node.span = resource.span;
        if !field.is_empty() {
            node.set(field, Node { span: resource.span, ..Node::literal(id) });
        }
        match kind {
            Kind::Stack => {
                records.extend(registered_databases(&node, id, &folder, &template));
                // A name that is put together is known only when the template is deployed.
                if node.string("Name").is_none() {
                    node.set("Name", Node::literal(id));
                }
            }
            Kind::Cache if node.string("ReplicationGroupId").is_none() && node.string("ClusterName").is_none() => {
                node.set(if kind_of(resource).ends_with("Group") { "ReplicationGroupId" } else { "ClusterName" }, Node::literal(id));
            }
            _ => {}
        }
        records.push(Record { kind: *kind, node, folder: folder.clone() });
    }
    let (stacks, mut said) = assemble(sources, records);
    diagnostics.append(&mut said);
    diagnostics.extend(template.complaints());
    (stacks, diagnostics)
}

/// The databases that a stack's own properties register; what the template says about them as resources is added.
fn registered_databases(stack: &Node, stack_id: &str, folder: &str, template: &Template) -> Vec<Record> {
    let mut records = Vec::new();
    for database in stack.list("RdsDbInstances") {
        let mut node = database.clone();
        node.set("StackId", Node::literal(stack_id));
        let arn = node.text("RdsDbInstanceArn").unwrap_or_default();
        // The ARN's hole names the resource: `Db`, `Db.DBInstanceArn`.
        let resource = arn.holes().find_map(|hole| template.resource(hole.name.split('.').next().unwrap_or_default()));
        if let Some((id, properties)) = resource {
            for (from, to) in [("Engine", "Engine"), ("EngineVersion", "EngineVersion"), ("Port", "Port")] {
                if let (None, Some(value)) = (node.get(to), properties.get(from)) {
                    node.set(to, value.clone());
                }
            }
            let identifier = properties.get("DBInstanceIdentifier").or_else(|| properties.get("DBClusterIdentifier"));
            node.set("DbInstanceIdentifier", identifier.cloned().unwrap_or_else(|| Node::literal(&id)));
            node.set("Address", template.attribute(&format!("{id}.Endpoint.Address"), database.span));
        }
        records.push(Record { kind: Kind::Database, node, folder: folder.to_owned() });
    }
    records
}

fn kind_of(resource: &Node) -> String {
    resource.string("Type").unwrap_or_default()
}
