//! `secrets.tf` of an environment: its secrets in AWS Secrets Manager, by name alone, and who may read them.

use crate::emit::hcl::{Body, Object, Value};
use crate::emit::layout::Layout;
use crate::emit::secrets;
use crate::emit::terraform::{e, variable};

/// Secrets of place `index`: the key, whose they are, and the names of their properties.
fn all(layout: &Layout, index: usize) -> Vec<(String, String, Vec<String>)> {
    let described = |one: secrets::Stored<'_>| {
        let whose = one.scope.map_or_else(|| "all containers".to_owned(), |image| format!("containers of {}", layout.image_name(image)));
        (one.key, format!("Read by {whose}"), one.names)
    };
    secrets::stored(layout, index).into_iter().map(described).collect()
}

/// `secrets.tf`.
pub fn secrets(layout: &Layout, index: usize) -> Body {
    let found = all(layout, index);
    let Some((first, ..)) = found.first() else { return Body::new() };
    let object = found.iter().fold(Object::new(), |object, (key, description, names)| {
        object.above(names.chunks(6).map(|names| names.join(" "))).with(key, description.as_str())
    });
    let place = &layout.places[index];
    let secret =
        Body::new().attribute("for_each", e("local.secrets")).attribute("name", e("each.key")).attribute("description", e("each.value"));
    let statement = Body::new()
        .attribute("actions", Value::texts(["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]))
        .attribute("resources", e("[for secret in aws_secretsmanager_secret.this : secret.arn]"));
    let policy = Body::new()
        .attribute("name", format!("{}-read-secrets", place.namespace))
        .attribute("description", format!("Reads the secrets of {} in {}", layout.name, place.name))
        .attribute("policy", e("data.aws_iam_policy_document.read_secrets.json"));
    let attached = Body::new()
        .attribute("count", e("var.external_secrets_role == null ? 0 : 1"))
        .attribute("role", e("var.external_secrets_role"))
        .attribute("policy_arn", e("aws_iam_policy.read_secrets.arn"));
    Body::new()
        .remark([
            "The secrets exist, empty; the values never pass through Terraform or its state. Each is one JSON object with the".to_owned(),
            "properties named above its key. secrets.md says where they were, and has the object to fill in:".to_owned(),
            format!("  aws secretsmanager put-secret-value --secret-id {first} --secret-string file://..."),
        ])
        .block("locals", &[], Body::new().attribute("secrets", object))
        .block("resource", &["aws_secretsmanager_secret", "this"], secret)
        .above(["For the External Secrets Operator, which reads them on the cluster's behalf.".to_owned()])
        .block("data", &["aws_iam_policy_document", "read_secrets"], Body::new().block("statement", &[], statement))
        .block("resource", &["aws_iam_policy", "read_secrets"], policy)
        .block("resource", &["aws_iam_role_policy_attachment", "external_secrets"], attached)
}

/// Who reads them.
pub fn variables(body: Body, layout: &Layout, index: usize) -> Body {
    if all(layout, index).is_empty() {
        return body;
    }
    let description = "Name of the role that the External Secrets Operator has; null: it may read them already.";
    body.block("variable", &["external_secrets_role"], variable(description, "string", Some(e("null"))))
}

/// Their ARNs.
pub fn outputs(body: Body, layout: &Layout, index: usize) -> Body {
    if all(layout, index).is_empty() {
        return body;
    }
    let value = e("{ for key, secret in aws_secretsmanager_secret.this : key => secret.arn }");
    body.block("output", &["secret_arns"], Body::new().attribute("description", "The secrets, by their keys").attribute("value", value))
}
