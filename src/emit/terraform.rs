//! Terraform: one root for what all environments share, the images' repositories, and one for each environment.
//!
//! In: the blueprint. Out: `terraform/shared/*.tf` (ECR) and `terraform/ENVIRONMENT/*.tf` (role of the pods, secrets without values,
//! spot capacity), each with an account, a region and a state of its own; `terraform fmt` changes nothing. Only what was found
//! is there; what is not known is a variable without a default or a TODO.

mod node;
mod permission;
mod registry;
mod role;
mod root;
mod secret;

use crate::blueprint::{Artifact, Blueprint};
use crate::emit::hcl::{Body, Value, render};
use crate::emit::layout::{Layout, Place};
use crate::emit::{Options, file};

pub use role::pod_role;

/// The Terraform target.
#[must_use]
pub fn emit(blueprint: &Blueprint, options: &Options) -> Vec<Artifact> {
    let layout = Layout::of(blueprint);
    let mut files = registry::root(&layout, options);
    for index in 0..layout.places.len() {
        files.extend(environment(&layout, index));
    }
    if !files.is_empty() {
        files.push(file("terraform/.gitignore", ".terraform/\n*.tfstate\n*.tfstate.*\n*.tfplan\n"));
    }
    files
}

/// The root of environment `index`; nothing where it needs nothing of AWS.
fn environment(layout: &Layout, index: usize) -> Vec<Artifact> {
    let place = &layout.places[index];
    let parts = [("iam", role::role(layout, index)), ("secrets", secret::secrets(layout, index)), ("nodes", node::nodes(layout, index))];
    if parts.iter().all(|(_, body)| body.is_empty()) {
        return Vec::new();
    }
    let folder = format!("terraform/{}", place.name);
    let (region, account) = (region(place), account(place));
    let mut head = vec![format!("{} in the environment {}: what it needs of AWS besides the cluster.", layout.name, place.name)];
    head.extend(place.environment.and_then(|environment| environment.stack.as_ref()).map(|stack| format!("It was the stack {stack}.")));
    let tags = [("Project", layout.name.as_str()), ("Environment", place.name.as_str())];
    let variables = root::variables(region, account);
    let variables = secret::variables(node::variables(role::variables(variables, layout, index), layout, index), layout, index);
    let outputs = secret::outputs(role::outputs(Body::new(), layout, index), layout, index);
    let mut files = vec![tf(&folder, "versions", &root::versions(&folder, head, &tags)), tf(&folder, "variables", &variables)];
    files.extend(parts.iter().filter(|(_, body)| !body.is_empty()).map(|(name, body)| tf(&folder, name, body)));
    if !outputs.is_empty() {
        files.push(tf(&folder, "outputs", &outputs));
    }
    files
}

fn tf(folder: &str, name: &str, body: &Body) -> Artifact {
    file(format!("{folder}/{name}.tf"), render(body))
}

/// The region of a place, where it looks like one.
fn region<'a>(place: &Place<'a>) -> Option<&'a str> {
    let region = place.environment?.region.as_deref()?;
    (!region.is_empty() && region.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')).then_some(region)
}

/// The account of a place, where it has twelve digits.
fn account<'a>(place: &Place<'a>) -> Option<&'a str> {
    place.environment?.account.as_deref().filter(|account| is_account(account))
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.chars().all(|c| c.is_ascii_digit())
}

/// `variable "name" { … }`.
fn variable(description: &str, kind: &str, default: Option<Value>) -> Body {
    let body = Body::new().attribute("description", description).attribute("type", Value::expression(kind));
    body.attribute_some("default", default)
}

/// An expression.
fn e(text: impl Into<String>) -> Value {
    Value::expression(text)
}
