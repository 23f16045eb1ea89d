//! `iam.tf` of an environment: the role that its pods have by their service account, with what the settings ask for.

use crate::emit::hcl::{Body, Piece, Value};
use crate::emit::layout::Layout;
use crate::emit::name::dns_label;
use crate::emit::origin;
use crate::emit::terraform::permission::{self, Permission};
use crate::emit::terraform::{e, variable};

/// The longest name of a role, less the end of ours.
const STEM: usize = 64 - "-pods".len();

/// The name of the pods' role in place `index`: another than the hosts', which stay as they are until they go. `None` where
/// nothing is known that the pods do in AWS.
#[must_use]
pub fn pod_role(layout: &Layout, index: usize) -> Option<String> {
    let needed = host_role(layout, index).is_some() || !permission::found(layout, index).is_empty();
    needed.then(|| format!("{}-pods", dns_label(&layout.places[index].namespace, STEM, "app")))
}

/// The name of the hosts' role, where it may stand in a command line.
fn host_role<'a>(layout: &Layout<'a>, index: usize) -> Option<&'a str> {
    let role = layout.places[index].environment?.role.as_deref()?;
    let name = role.rsplit('/').next()?;
    let legal = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c);
    (!name.is_empty() && !name.starts_with('-') && name.chars().all(legal)).then_some(name)
}

/// `iam.tf`.
pub fn role(layout: &Layout, index: usize) -> Body {
    let Some(name) = pod_role(layout, index) else { return Body::new() };
    let place = &layout.places[index];
    let found = permission::found(layout, index);
    let role = Body::new()
        .attribute("name", &name)
        .attribute("description", format!("Pods of {} in {}, by their service account", layout.name, place.name))
        .attribute("assume_role_policy", e("data.aws_iam_policy_document.pods_trust.json"));
    let given = Body::new()
        .attribute("for_each", e("toset(var.policy_arns)"))
        .attribute("role", e("aws_iam_role.pods.name"))
        .attribute("policy_arn", e("each.value"));
    let mut body = Body::new()
        .block("data", &["aws_eks_cluster", "this"], Body::new().attribute("name", e("var.cluster_name")))
        .above(["The cluster's own issuer of tokens, as IAM knows it: eksctl utils associate-iam-oidc-provider makes it.".to_owned()])
        .block(
            "data",
            &["aws_iam_openid_connect_provider", "cluster"],
            Body::new().attribute("url", e("data.aws_eks_cluster.this.identity[0].oidc[0].issuer")),
        )
        .block("data", &["aws_iam_policy_document", "pods_trust"], trust(layout, index))
        .block("resource", &["aws_iam_role", "pods"], role)
        .above(to_do(layout, index))
        .block("resource", &["aws_iam_role_policy_attachment", "given"], given);
    if !found.is_empty() {
        let document = found.iter().fold(Body::new(), |document, one| document.block("statement", &[], statement(one)));
        let policy = Body::new()
            .attribute("name", format!("{}-app", place.namespace))
            .attribute("description", format!("What the settings of {} in {} ask for", layout.name, place.name))
            .attribute("policy", e("data.aws_iam_policy_document.app.json"));
        let attached = Body::new().attribute("role", e("aws_iam_role.pods.name")).attribute("policy_arn", e("aws_iam_policy.app.arn"));
        body = body
            .block("data", &["aws_partition", "current"], Body::new())
            .above(["By what variables name: take away what the application does not do.".to_owned()])
            .block("data", &["aws_iam_policy_document", "app"], document)
            .block("resource", &["aws_iam_policy", "app"], policy)
            .block("resource", &["aws_iam_role_policy_attachment", "app"], attached);
    }
    let mail = permission::mail(layout, index);
    if mail.is_empty() {
        return body;
    }
    body.remark([format!("{}: mail goes by SMTP, with user and password from the secret. The role needs nothing for it.", mail.join(", "))])
}

fn trust(layout: &Layout, index: usize) -> Body {
    let principal =
        Body::new().attribute("type", "Federated").attribute("identifiers", vec![e("data.aws_iam_openid_connect_provider.cluster.arn")]);
    let condition = |claim: &str, value: String| {
        let variable = vec![
            Piece::Expression("trimprefix(data.aws_eks_cluster.this.identity[0].oidc[0].issuer, \"https://\")".to_owned()),
            Piece::Text(format!(":{claim}")),
        ];
        let body = Body::new().attribute("test", "StringEquals").attribute("variable", Value::Template(variable));
        body.attribute("values", Value::texts([value]))
    };
    let account = format!("system:serviceaccount:{}:{}", layout.places[index].namespace, layout.name);
    let statement = Body::new()
        .attribute("actions", Value::texts(["sts:AssumeRoleWithWebIdentity"]))
        .block("principals", &[], principal)
        .block("condition", &[], condition("sub", account))
        .block("condition", &[], condition("aud", "sts.amazonaws.com".to_owned()));
    Body::new().block("statement", &[], statement)
}

fn statement(permission: &Permission) -> Body {
    Body::new()
        .above(permission.comments.iter().cloned())
        .attribute("sid", &permission.id)
        .attribute("actions", Value::texts(&permission.actions))
        .attribute("resources", permission.resources.clone())
}

/// What a person has to find out.
fn to_do(layout: &Layout, index: usize) -> Vec<String> {
    let stack = layout.places[index].environment.and_then(|environment| environment.stack.as_ref());
    let Some(role) = host_role(layout, index) else {
        return vec!["TODO by hand: what else the hosts' role allowed is not in the input.".to_owned()];
    };
    let stack = stack.map(|stack| format!(" of the stack {stack}")).unwrap_or_default();
    vec![
        origin::one_line(&format!("TODO by hand: the hosts{stack} ran as {role}, and what that allowed is not in the input:")),
        format!("  aws iam list-attached-role-policies --role-name {role}"),
        format!("  aws iam list-role-policies --role-name {role}"),
        "What the pods need of it goes into var.policy_arns.".to_owned(),
    ]
}

/// What the role asks for.
pub fn variables(body: Body, layout: &Layout, index: usize) -> Body {
    if pod_role(layout, index).is_none() {
        return body;
    }
    let arns = variable(
        "Policies of the pods beyond those written here: what the hosts' role had and is still needed.",
        "list(string)",
        Some(Value::List(Vec::new())),
    );
    body.block("variable", &["cluster_name"], variable("The EKS cluster that the pods run in.", "string", None)).block(
        "variable",
        &["policy_arns"],
        arns,
    )
}

/// The role's name for those who need it.
pub fn outputs(body: Body, layout: &Layout, index: usize) -> Body {
    if pod_role(layout, index).is_none() {
        return body;
    }
    let annotation = Body::new()
        .attribute("description", "Annotation eks.amazonaws.com/role-arn of the service account")
        .attribute("value", e("aws_iam_role.pods.arn"));
    let body = body.block("output", &["pod_role_arn"], annotation);
    if permission::found(layout, index).is_empty() {
        return body;
    }
    let policy = Body::new()
        .attribute("description", "What the settings ask for, for tasks that have a role of their own")
        .attribute("value", e("aws_iam_policy.app.arn"));
    body.block("output", &["app_policy_arn"], policy)
}
