//! `terraform/`: roots that hang together, in the form of `terraform fmt`, with the names that the manifests use.

use std::collections::{BTreeMap, BTreeSet};

use ekiben::blueprint::{Artifact, Blueprint, Setting, Variable};
use ekiben::emit::{ALL, Options, emit};

use crate::bake::attributes;
use crate::fixture::{at, both, same};
use crate::hcl::{check_format, terraform};
use crate::{content, documents, fixture, output};

/// The files of each root: folder → one text.
fn roots(files: &[Artifact]) -> BTreeMap<String, String> {
    let mut roots: BTreeMap<String, String> = BTreeMap::new();
    for file in files.iter().filter(|file| file.path.ends_with(".tf")) {
        let (folder, _) = file.path.rsplit_once('/').expect("a folder");
        *roots.entry(folder.to_owned()).or_default() += &file.content;
    }
    roots
}

/// Names after `before` in expressions: letters, digits, `_` and, where `dots`, one further part.
fn names<'a>(text: &'a str, before: &str, dots: bool) -> BTreeSet<&'a str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let mut found = BTreeSet::new();
    for line in code {
        for (at, _) in line.match_indices(before) {
            let follows = at > 0 && line[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '"'));
            let rest = &line[at + before.len()..];
            let mut left = usize::from(dots);
            let end = rest.find(|c: char| {
                if c == '.' && left > 0 {
                    left -= 1;
                    return false;
                }
                !(c.is_ascii_alphanumeric() || c == '_')
            });
            let name = &rest[..end.unwrap_or(rest.len())];
            if !follows && !name.is_empty() {
                found.insert(name);
            }
        }
    }
    found
}

fn declared<'a>(text: &'a str, kind: &str) -> BTreeSet<String> {
    let lines = text.lines().filter_map(|line: &'a str| line.strip_prefix(kind)?.strip_prefix(" \""));
    lines.map(|line| line.trim_end_matches(['{', '}', ' ']).trim_end_matches('"').replace("\" \"", ".")).collect()
}

#[test]
fn everything_is_formed_as_terraform_does() {
    if terraform() {
        for (name, blueprint) in fixture::all() {
            let files = output(&blueprint).into_iter().filter(|file| file.path.ends_with(".tf") || file.path.ends_with(".hcl"));
            // Only files of Terraform's own are looked at.
            let files: Vec<(String, String)> = files.map(|file| (file.path.replace(".hcl", ".tf"), file.content)).collect();
            check_format(name, &files);
        }
    }
}

/// What Terraform would say of each root, as far as it can be said without the provider.
#[test]
fn every_root_hangs_together() {
    for (name, blueprint) in fixture::all() {
        for (folder, text) in roots(&output(&blueprint)) {
            let _ = attributes(&text);
            let variables = declared(&text, "variable");
            let used: BTreeSet<String> = names(&text, "var.", false).into_iter().map(str::to_owned).collect();
            assert_eq!(variables, used, "{name}/{folder}: variables declared and used");
            let resources = declared(&text, "resource");
            for used in names(&text, "aws_", true).iter().map(|used| format!("aws_{used}")).filter(|used| used.contains('.')) {
                assert!(resources.contains(&used), "{name}/{folder}: {used} in {resources:?}");
            }
            let data = declared(&text, "data");
            let used: BTreeSet<String> = names(&text, "data.", true).into_iter().map(str::to_owned).collect();
            assert_eq!(data, used, "{name}/{folder}: data declared and used");
            for local in names(&text, "local.", false) {
                assert!(text.contains(&format!("\n  {local} = ")) || text.contains(&format!("\n  {local}  ")), "{name}/{folder}: {local}");
            }
        }
    }
}

#[test]
fn every_image_has_a_repository() {
    for (name, blueprint) in fixture::all() {
        let files = output(&blueprint);
        let roots = roots(&files);
        let Some(shared) = roots.get("terraform/shared") else { continue };
        let spec = content(&files, "buildspec.yml");
        let pushed: BTreeSet<&str> = spec
            .match_indices("$REGISTRY/")
            .map(|(at, found)| &spec[at + found.len()..])
            .filter_map(|rest| rest.split(':').next())
            .filter(|name| !name.starts_with('$'))
            .collect();
        let kept: BTreeSet<String> =
            attributes(shared).keys().filter_map(|key| key.strip_prefix("locals.repositories.").map(str::to_owned)).collect();
        assert_eq!(pushed, kept.iter().map(String::as_str).collect(), "{name}");
        assert!(shared.contains("image_tag_mutability = \"IMMUTABLE\"") && shared.contains("scan_on_push = true"), "{name}");
    }
}

#[test]
fn secrets_are_those_of_secrets_md() {
    let files = output(&fixture::album());
    let text = content(&files, "secrets.md");
    for place in ["production", "staging"] {
        let secrets = content(&files, &format!("terraform/{place}/secrets.tf"));
        assert!(text.contains(&format!("photo-album/{place}")) && secrets.contains(&format!("\"photo-album/{place}\" = ")), "{secrets}");
        let (_, rest) = text.split_once(&format!("cat > photo-album-{place}.json <<'JSON'\n")).expect("the object");
        let object = rest.split("\nJSON\n").next().expect("JSON");
        let object: BTreeMap<String, String> = serde_json::from_str(object).expect("JSON");
        let (_, listed) = secrets.split_once("secrets = {").expect("the secrets");
        let listed = listed.split('}').next().unwrap_or_default();
        let listed: BTreeSet<&str> =
            listed.lines().filter_map(|line| line.trim().strip_prefix("# ")).flat_map(|line| line.split(' ')).collect();
        assert_eq!(listed, object.keys().map(String::as_str).collect(), "{place}");
    }
}

#[test]
fn the_pods_have_the_role_that_is_made_for_them() {
    let files = output(&fixture::album());
    let iam = attributes(content(&files, "terraform/production/iam.tf"));
    let name = iam["resource.aws_iam_role.pods.name"].trim_matches('"').to_owned();
    let patch = content(&files, "kubernetes/overlays/production/patches/stack.yaml");
    let account = documents(patch)[0]["metadata"]["annotations"]["eks.amazonaws.com/role-arn"].clone();
    assert!(account.as_str().is_some_and(|arn| arn.ends_with(&format!(":role/{name}"))), "{account:?} {name}");
    let trust = content(&files, "terraform/production/iam.tf");
    assert!(trust.contains("[\"system:serviceaccount:photo-album-production:photo-album\"]"), "{trust}");
    // Without Terraform the hosts' role stays.
    let files = emit(&fixture::album(), &Options::default());
    let patch = content(&files, "kubernetes/overlays/production/patches/stack.yaml");
    assert!(!patch.contains("-pods") && patch.contains("the hosts' role"), "{patch}");
}

fn with(variables: &[(&str, &str)]) -> Blueprint {
    let mut blueprint = fixture::album();
    for (name, value) in variables {
        blueprint.variables.push(Variable {
            name: (*name).into(),
            value: same(Setting::Known((*value).into())),
            origin: at("cookbooks/a/recipes/b.rb", 3, "environment"),
            ..Variable::default()
        });
    }
    blueprint
}

#[test]
fn permissions_come_from_what_variables_name() {
    let files = output(&with(&[
        ("MEDIA_BUCKET", "shop-media"),
        ("MEDIA_BUCKET_REGION", "eu-west-1"),
        ("EXPORTS", "s3://shop-exports/daily/"),
        ("ODD_BUCKET", "${var.region} \"x\""),
        ("JOBS_QUEUE", "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs"),
        ("TOPIC", "arn:aws:sns:eu-west-1:123456789012:news"),
        ("TABLE", "arn:aws:unknown-service:eu-west-1:123456789012:x"),
    ]));
    let iam = content(&files, "terraform/production/iam.tf");
    for expected in [
        "partition}:s3:::shop-media/*\"]",
        "partition}:s3:::shop-exports/*\"]",
        "partition}:sqs:eu-west-1:123456789012:jobs\"]",
        "partition}:sns:eu-west-1:123456789012:news\"]",
        "# SMTP_HOST=email-smtp.ap-northeast-1.amazonaws.com: mail goes by SMTP",
        "TODO by hand",
        "sid       = \"MediaBucket\"",
        "# cookbooks/a/recipes/b.rb:3 environment",
    ] {
        assert!(iam.contains(expected), "{expected}\n{iam}");
    }
    for unwanted in ["s3:::eu-west-1", "var.region", "unknown-service"] {
        assert!(!iam.contains(unwanted), "{unwanted}\n{iam}");
    }
}

#[test]
fn accounts_and_regions_are_what_the_stacks_say() {
    let mut blueprint = fixture::album();
    blueprint.environments[0].account = Some("111111111111".into());
    blueprint.environments[1].account = Some("222222222222".into());
    blueprint.environments[1].region = None;
    let files = output(&blueprint);
    let variables = |root: &str| attributes(content(&files, &format!("terraform/{root}/variables.tf")));
    assert_eq!(variables("production")["variable.account.default"], "\"111111111111\"");
    assert_eq!(variables("staging")["variable.account.default"], "\"222222222222\"");
    assert_eq!(variables("staging").get("variable.region.default"), None);
    // Which of the accounts builds is not known.
    assert_eq!(variables("shared").get("variable.account.default"), None);
    assert_eq!(variables("shared")["variable.pull_accounts.default"], "[\"111111111111\", \"222222222222\"]");
    let registry = Some("333333333333.dkr.ecr.eu-west-1.amazonaws.com/shop".to_owned());
    let files = emit(&blueprint, &Options { targets: vec![ALL.to_owned()], registry, ..Options::default() });
    let shared = attributes(content(&files, "terraform/shared/variables.tf"));
    assert_eq!(shared["variable.account.default"], "\"333333333333\"");
    assert_eq!(shared["variable.region.default"], "\"eu-west-1\"");
    assert_eq!(shared["variable.repository_path.default"], "\"shop/\"");
}

#[test]
fn an_environment_may_be_called_shared() {
    let mut blueprint = fixture::album();
    blueprint.environments[0].name = "shared".into();
    let roots = roots(&output(&blueprint));
    assert!(roots["terraform/shared"].contains("aws_iam_role") && roots["terraform/all-shared"].contains("aws_ecr_repository"));
}

#[test]
fn spot_nodes_are_for_workers_that_stop_in_time() {
    let mut blueprint = fixture::album();
    assert!(roots(&output(&blueprint))["terraform/production"].contains("optional(string, \"NO_SCHEDULE\")"));
    for process in &mut blueprint.processes {
        process.grace_seconds = 300;
        process.replicas = both((1, 1), (1, 1));
    }
    assert!(!roots(&output(&blueprint))["terraform/production"].contains("aws_eks_node_group"));
}

#[test]
fn it_is_written_where_it_is_asked_for() {
    assert!(emit(&fixture::album(), &Options::default()).iter().all(|file| !file.path.starts_with("terraform/")));
}
