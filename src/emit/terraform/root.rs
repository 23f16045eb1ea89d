//! What every root begins with: versions, provider, account and region.

use crate::emit::hcl::{Body, Object, Value};
use crate::emit::terraform::{e, variable};

/// `versions.tf`.
pub fn versions(folder: &str, mut head: Vec<String>, tags: &[(&str, &str)]) -> Body {
    head.push(format!("  terraform -chdir={folder} init && terraform -chdir={folder} plan"));
    let provider = Object::new().with("source", "hashicorp/aws").with("version", "~> 6.0");
    let terraform = Body::new()
        .attribute("required_version", ">= 1.5")
        .block("required_providers", &[], Body::new().attribute("aws", provider))
        .remark([
            "Where the state is kept is not said here: add a backend block, or an override file with one. Each root has a state".to_owned(),
            "of its own, in its own account. No secret's value is in it.".to_owned(),
        ]);
    let tags = tags.iter().fold(Object::new(), |object, (name, value)| object.with(*name, *value));
    let aws = Body::new()
        .attribute("region", e("var.region"))
        .above(["Credentials of another account end the run before it changes anything.".to_owned()])
        .attribute("allowed_account_ids", vec![e("var.account")])
        .block("default_tags", &[], Body::new().attribute("tags", tags));
    Body::new().remark(head).block("terraform", &[], terraform).block("provider", &["aws"], aws)
}

/// `variables.tf`: what every root asks for, with what the stack says as default.
pub fn variables(region: Option<&str>, account: Option<&str>) -> Body {
    let check = Body::new()
        .attribute("condition", e("can(regex(\"^[0-9]{12}$\", var.account))"))
        .attribute("error_message", "An account is twelve digits.");
    let account = variable("The AWS account that this is for; any other is refused.", "string", account.map(Value::from));
    Body::new().block("variable", &["region"], variable("The AWS region.", "string", region.map(Value::from))).block(
        "variable",
        &["account"],
        account.block("validation", &[], check),
    )
}
