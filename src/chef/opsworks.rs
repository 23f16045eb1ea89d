//! `OpsWorks` stacks: read from whatever was saved of them, and turned into the runs that Chef did on their hosts.
//!
//! In: the files of each `--stack FILE|DIR`. Out: [`stack::Stack`]s ([`read`]) and [`run::RunInput`]s ([`run::runs`]): layer `api` of
//! `shop-front-production` at Deploy runs `shop_front::deploy` with the stack's custom JSON and its data bags.

pub mod app;
pub mod assumed;
pub mod builtin;
pub mod cache;
pub mod chef11;
pub mod cli_json;
pub mod cloudformation;
pub mod custom_json;
pub mod data_bags;
pub mod database;
pub mod document;
pub mod ecs_cluster;
pub mod environment;
pub mod instance;
pub mod instance_json;
pub mod json;
pub mod layer;
pub mod load_balancer;
pub mod merge;
pub mod platform;
pub mod records;
pub mod run;
pub mod scaling;
pub mod stack;
pub mod user;
pub mod volume;
pub mod yaml;

use crate::diagnostic::Diagnostic;
use crate::source::{Content, FileId, SourceMap, Span};

use self::document::{Document, Node, Value};
use self::stack::Stack;

/// The stacks in the files of one `--stack FILE|DIR`. What each file is shows in its content, not in its name. Nothing is fatal: what is
/// no export is noted, what is broken is an error with its place.
#[must_use]
pub fn read(sources: &SourceMap, files: &[FileId]) -> (Vec<Stack>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut answers = Vec::new();
    let mut templates = Vec::new();
    let mut instances = Vec::new();
    let mut items = Vec::new();
    let mut attributes = Vec::new();
    for file in files {
        for document in documents(sources, *file, &mut diagnostics) {
            match shape(&document.root, &sources.file(*file).path) {
                Shape::Template => templates.push(document),
                Shape::Instance => instances.push(document),
                Shape::Item => items.push(document),
                Shape::Answer => answers.push(document),
                Shape::Attributes => attributes.push(document),
                Shape::Other(diagnostic) => diagnostics.push(match document.root.span {
                    Some(span) => diagnostic.at(span),
                    None => diagnostic.in_file(sources.file(*file).path.clone()),
                }),
            }
        }
    }
    if items.is_empty() {
        // Without data bags beside it, such a file says of no stack.
        let stray = |document: &Document| {
            Diagnostic::note("S013", "attributes of a run without its data bags; the file is not read")
                .in_file(sources.file(document.file).path.clone())
        };
        diagnostics.extend(attributes.iter().map(stray));
    }
    let mut stacks: Vec<Stack> = Vec::new();
    let found = [
        cli_json::read(sources, &answers),
        cloudformation::read(sources, &templates),
        data_bags::read(sources, &items, &attributes),
        instance_json::read(sources, &instances),
    ];
    for (more, mut said) in found {
        diagnostics.append(&mut said);
        for stack in more {
            match stacks.iter_mut().find(|known| {
                (!stack.id.is_empty() && known.id == stack.id) || (known.name == stack.name && !stack.instance_runs.is_empty())
            }) {
                Some(known) => records::absorb(known, stack),
                None => stacks.push(stack),
            }
        }
    }
    if stacks.is_empty() {
        let help = "save the output of `describe-stacks`, `describe-layers`, `describe-apps`, `describe-instances` and `describe-rds-db-instances`, or give the stack's template";
        diagnostics.push(Diagnostic::error("S019", "there is no OpsWorks stack in the given files").help(help));
    }
    diagnostics.extend(stacks.iter().filter(|stack| stack.platform.is_none()).map(without_platform));
    environment::name_environments(&mut stacks);
    (stacks, diagnostics)
}

fn without_platform(stack: &Stack) -> Diagnostic {
    let os = stack
        .os
        .as_deref()
        .map_or_else(|| "names no operating system".to_owned(), |os| format!("has the operating system `{os}`, which tells no platform"));
    let diagnostic = Diagnostic::warning("S018", format!("stack `{}` {os}", stack.name))
        .help("name the platform: recipes that ask for `node['platform']` cannot be decided");
    match &stack.origin {
        Some(origin) => diagnostic.in_file(origin.path.clone()),
        None => diagnostic,
    }
}

enum Shape {
    Answer,
    Template,
    Instance,
    Item,
    Attributes,
    Other(Diagnostic),
}

fn shape(root: &Node, path: &str) -> Shape {
    let has = |key: &str| root.get(key).is_some();
    if cloudformation::recognises(root) {
        Shape::Template
    } else if instance_json::recognises(root) {
        Shape::Instance
    } else if data_bags::recognises(root) {
        Shape::Item
    } else if has("terraform_version") || (has("planned_values") && has("format_version")) {
        Shape::Other(terraform())
    } else if root.list("Servers").iter().any(|server| server.get("ServerName").is_some() || server.get("EngineModel").is_some()) {
        Shape::Other(
            Diagnostic::warning(
                "S014",
                "this is OpsWorks for Chef Automate or Puppet Enterprise, which is another product than OpsWorks Stacks",
            )
            .help("give the cookbooks of the Chef server without a stack"),
        )
    } else if cli_json::recognises(root) {
        Shape::Answer
    } else if path.rsplit('/').next() == Some("attribs.json") && root.map().is_some() {
        // The only file that has no shape: it is custom JSON.
        Shape::Attributes
    } else if cloudformation::is_template(root) {
        Shape::Other(Diagnostic::note("S013", "the template has no `AWS::OpsWorks` resource"))
    } else {
        Shape::Other(Diagnostic::note("S013", "the file is no OpsWorks export that is known here; it is not read"))
    }
}

fn terraform() -> Diagnostic {
    Diagnostic::warning("S014", "Terraform is not read")
        .help("save the stack with the AWS command line, or write it as a CloudFormation template")
}

/// The top-level values of a file: JSON where it begins like JSON, else YAML where it is likely.
fn documents(sources: &SourceMap, file: FileId, diagnostics: &mut Vec<Diagnostic>) -> Vec<Document> {
    let source = sources.file(file);
    let path = source.path.clone();
    let text = match &source.content {
        Content::Text(text) => text,
        Content::Binary(_) => {
            diagnostics.push(Diagnostic::note("S016", "the file is binary; it is not read").in_file(path));
            return Vec::new();
        }
        Content::Opaque(why) => {
            diagnostics.push(Diagnostic::warning("S016", format!("the file was not read: {why}")).in_file(path));
            return Vec::new();
        }
    };
    let extension =
        path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension.to_lowercase()).unwrap_or_default();
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.is_empty() {
        diagnostics.push(Diagnostic::note("S016", "the file is empty").in_file(path));
        return Vec::new();
    }
    if extension == "tf" || text.contains("resource \"aws_opsworks_") {
        diagnostics.push(terraform().in_file(path));
        return Vec::new();
    }
    let like_json = start.starts_with('{') || start.starts_with('[');
    let like_yaml =
        matches!(extension.as_str(), "yml" | "yaml") || text.contains("AWS::OpsWorks::") || text.contains("AWSTemplateFormatVersion");
    let (nodes, failure) = if extension == "json" || (like_json && !matches!(extension.as_str(), "yml" | "yaml")) {
        let place = |start, end| Some(Span::new(file, start, end));
        let (nodes, failure) = json::parse_all(text, &place);
        (nodes, failure.map(|failure| ("S010", "JSON", failure)))
    } else if like_yaml {
        let (nodes, failure) = yaml::parse_all(text, file);
        (nodes, failure.map(|failure| ("S011", "YAML", failure)))
    } else {
        diagnostics.push(Diagnostic::note("S013", "the file is no OpsWorks export that is known here; it is not read").in_file(path));
        return Vec::new();
    };
    if let Some((code, language, failure)) = failure {
        let at = Span::new(file, failure.offset, (failure.offset + 1).min(text.len()));
        diagnostics.push(
            Diagnostic::error(code, format!("this is no {language}: {}", failure.message))
                .at(at)
                .help("save the file again: what it says is missing"),
        );
    }
    // Empty YAML documents say nothing.
    // `aws cloudformation get-template` wraps the template.
    let unwrapped = |root: Node| match root.get("TemplateBody") {
        Some(body) if body.map().is_some() => body.clone(),
        _ => root,
    };
    nodes.into_iter().filter(|root| root.value != Value::Null).map(|root| Document { file, root: unwrapped(root) }).collect()
}

/// The folder of a path, without the `/`; empty at the top.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
