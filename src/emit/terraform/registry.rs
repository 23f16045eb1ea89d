//! The root that all environments share: a repository for each image in Amazon ECR, in the one account that images are built in.

use crate::blueprint::Artifact;
use crate::emit::docker::product::{self, Product};
use crate::emit::docker::stage::Stages;
use crate::emit::hcl::{Body, Object, Piece, Value};
use crate::emit::layout::Layout;
use crate::emit::terraform::{account, e, is_account, region, root, tf, variable};
use crate::emit::{Options, origin};

/// How many images stay of what is deployed, and of language and libraries.
const KEPT: (i64, i64) = (100, 10);

/// What pulling and pushing takes.
const PULL: &[&str] = &["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
const PUSH: &[&str] = &["ecr:CompleteLayerUpload", "ecr:DescribeImages", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart"];

/// The registry that the user named, as far as it is Amazon's: account, region, path before the images' names.
struct Registry {
    account: Option<String>,
    region: Option<String>,
    path: String,
}

impl Registry {
    fn of(options: &Options) -> Self {
        let given = options.registry.as_deref().unwrap_or_default().trim_end_matches('/');
        let (host, path) = given.split_once('/').unwrap_or((given, ""));
        let path = if path.is_empty() { String::new() } else { format!("{path}/") };
        match host.split('.').collect::<Vec<_>>().as_slice() {
            [account, "dkr", "ecr", region, "amazonaws", ..] if is_account(account) => {
                Self { account: Some((*account).to_owned()), region: Some((*region).to_owned()), path }
            }
            _ => Self { account: None, region: None, path },
        }
    }
}

/// All files of the root.
pub fn root(layout: &Layout, options: &Options) -> Vec<Artifact> {
    let products: Vec<Product> = product::all(layout, &Stages::of(layout)).into_iter().filter(|product| product.deployed).collect();
    if products.is_empty() {
        return Vec::new();
    }
    let registry = Registry::of(options);
    let mut name = "shared".to_owned();
    while layout.places.iter().any(|place| place.name == name) {
        name.insert_str(0, "all-");
    }
    let folder = format!("terraform/{name}");
    let head = vec![
        format!(
            "The images' repositories of {}: one account builds, the environments' accounts pull. An image that was tried in one",
            layout.name
        ),
        "environment is the one that the next gets.".to_owned(),
    ];
    let versions = root::versions(&folder, head, &[("Project", layout.name.as_str())]);
    let files = [
        ("versions", versions),
        ("variables", variables(layout, &registry)),
        ("ecr", repositories(&products)),
        ("iam", push(layout)),
        ("outputs", outputs(&products)),
    ];
    files.iter().map(|(name, body)| tf(&folder, name, body)).collect()
}

fn variables(layout: &Layout, registry: &Registry) -> Body {
    // The same everywhere, or not known.
    let only = |all: Vec<Option<&str>>| {
        all.first().copied().flatten().filter(|first| all.iter().all(|one| *one == Some(first))).map(str::to_owned)
    };
    let accounts: Vec<Option<&str>> = layout.places.iter().map(account).collect();
    let mut pulling: Vec<&str> = accounts.iter().flatten().copied().collect();
    pulling.sort_unstable();
    pulling.dedup();
    let here = registry.account.clone().or_else(|| only(accounts.clone()));
    let region = registry.region.clone().or_else(|| only(layout.places.iter().map(region).collect()));
    let path = variable("Path before the names of the images, with its slash at the end.", "string", Some(registry.path.as_str().into()));
    let pull = variable("The accounts that pull images; var.account may in any case.", "list(string)", Some(Value::texts(pulling)));
    root::variables(region.as_deref(), here.as_deref())
        .block("variable", &["repository_path"], path)
        .block("variable", &["pull_accounts"], pull)
        .block(
            "variable",
            &["build_role"],
            variable("Name of the build project's role; null: it may push already.", "string", Some(e("null"))),
        )
}

fn repositories(products: &[Product]) -> Body {
    let kept = products.iter().fold(Object::new(), |object, product| {
        let (whole, part) = KEPT;
        let item = product.image.item;
        let manifests = item.source.as_ref().map(|source| source.manifests.join(", ")).filter(|files| !files.is_empty());
        let libraries = product.argument.is_some() && !product.is_language();
        let comments = if libraries { manifests.into_iter().collect() } else { origin::lines(&item.base_origin) };
        object.above(comments).with(&product.name, if product.argument.is_some() { part } else { whole })
    });
    let repository = Body::new()
        .attribute("for_each", e("local.repositories"))
        .attribute("name", e("\"${var.repository_path}${each.key}\""))
        .attribute("image_tag_mutability", "IMMUTABLE")
        .block("image_scanning_configuration", &[], Body::new().attribute("scan_on_push", true));
    let rule = |priority: i64, description: Value, selection: Object| {
        let rule = Object::new().with("rulePriority", priority).with("description", description).with("selection", selection);
        Value::from(rule.with("action", Object::new().with("type", "expire")))
    };
    let untagged =
        Object::new().with("tagStatus", "untagged").with("countType", "sinceImagePushed").with("countUnit", "days").with("countNumber", 7);
    let many = Object::new().with("tagStatus", "any").with("countType", "imageCountMoreThan").with("countNumber", e("each.value"));
    let rules =
        vec![rule(1, "Images without a tag go after a week".into(), untagged), rule(2, e("\"The newest ${each.value} stay\""), many)];
    let lifecycle = Body::new()
        .attribute("for_each", e("local.repositories"))
        .attribute("repository", e("aws_ecr_repository.this[each.key].name"))
        .attribute("policy", Value::call("jsonencode", Object::new().with("rules", rules)));
    let principals = Body::new().attribute("type", "AWS").attribute(
        "identifiers",
        e("[for account in local.pulling : \"arn:${data.aws_partition.current.partition}:iam::${account}:root\"]"),
    );
    let pull = Body::new().attribute("actions", Value::texts(PULL)).block("principals", &[], principals);
    let access = Body::new()
        .attribute("for_each", e("{ for name, kept in local.repositories : name => kept if length(local.pulling) > 0 }"))
        .attribute("repository", e("aws_ecr_repository.this[each.key].name"))
        .attribute("policy", e("data.aws_iam_policy_document.pull.json"));
    let locals = Body::new()
        .above(
            ["Repository = how many images stay. Keep more than there are builds between an image's making and its last use.".to_owned()],
        )
        .attribute("repositories", kept)
        .attribute("pulling", e("setsubtract(var.pull_accounts, [var.account])"));
    Body::new()
        .block("locals", &[], locals)
        .block("resource", &["aws_ecr_repository", "this"], repository)
        .block("resource", &["aws_ecr_lifecycle_policy", "this"], lifecycle)
        .block("data", &["aws_partition", "current"], Body::new())
        .block("data", &["aws_iam_policy_document", "pull"], Body::new().block("statement", &[], pull))
        .block("resource", &["aws_ecr_repository_policy", "pull"], access)
}

/// What the build's role needs; the role itself is the build project's.
fn push(layout: &Layout) -> Body {
    let login = Body::new().attribute("actions", Value::texts(["ecr:GetAuthorizationToken"])).attribute("resources", Value::texts(["*"]));
    let mut actions = [PULL, PUSH].concat();
    actions.sort_unstable();
    let push = Body::new()
        .attribute("actions", Value::texts(actions))
        .attribute("resources", e("[for repository in aws_ecr_repository.this : repository.arn]"));
    let document = Body::new().block("statement", &[], login).block("statement", &[], push);
    let policy = Body::new()
        .attribute("name", format!("{}-push-images", layout.name))
        .attribute("description", format!("Pushes the images of {}", layout.name))
        .attribute("policy", e("data.aws_iam_policy_document.push.json"));
    let attached = Body::new()
        .attribute("count", e("var.build_role == null ? 0 : 1"))
        .attribute("role", e("var.build_role"))
        .attribute("policy_arn", e("aws_iam_policy.push.arn"));
    Body::new().block("data", &["aws_iam_policy_document", "push"], document).block("resource", &["aws_iam_policy", "push"], policy).block(
        "resource",
        &["aws_iam_role_policy_attachment", "push"],
        attached,
    )
}

fn outputs(products: &[Product]) -> Body {
    let registry = match products.first() {
        Some(first) => e(format!("trimsuffix(aws_ecr_repository.this[\"{0}\"].repository_url, \"/{0}\")", first.name)),
        None => Value::Template(vec![Piece::Text(String::new())]),
    };
    let registry =
        Body::new().attribute("description", "REGISTRY of the build: registry and path before the names").attribute("value", registry);
    let urls = Body::new()
        .attribute("description", "The repositories, by image")
        .attribute("value", e("{ for name, repository in aws_ecr_repository.this : name => repository.repository_url }"));
    Body::new().block("output", &["registry"], registry).block("output", &["repository_urls"], urls)
}
