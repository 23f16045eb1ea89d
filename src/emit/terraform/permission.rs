//! What a process may do in AWS, as far as its settings tell: buckets, queues and streams that variables name.

use crate::emit::hcl::{Piece, Value};
use crate::emit::layout::Layout;
use crate::emit::origin;
use crate::emit::settings::{self, Kind};

/// A statement of a policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Permission {
    /// Its name: letters and digits.
    pub id: String,
    /// The variable that it comes from, and where that is set.
    pub comments: Vec<String>,
    /// What may be done.
    pub actions: Vec<&'static str>,
    /// To what.
    pub resources: Vec<Value>,
}

/// Words in a variable's name that make it none of a bucket itself.
const NO_BUCKET: &[&str] = &["REGION", "PREFIX", "PATH", "KEY", "HOST", "ENDPOINT", "SECRET", "ENABLE", "URL"];

/// What a client of a service does, by the service's name in an ARN.
const SERVICES: &[(&str, &[&str])] = &[
    (
        "sqs",
        &[
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:GetQueueUrl",
            "sqs:ReceiveMessage",
            "sqs:SendMessage",
        ],
    ),
    ("sns", &["sns:Publish"]),
    ("firehose", &["firehose:PutRecord", "firehose:PutRecordBatch"]),
    ("kinesis", &["kinesis:DescribeStreamSummary", "kinesis:PutRecord", "kinesis:PutRecords"]),
];

/// The permissions that the settings of place `index` ask for.
pub fn found(layout: &Layout, index: usize) -> Vec<Permission> {
    let mut all: Vec<Permission> = Vec::new();
    for variable in settings::of_kind(layout, Kind::Plain) {
        let Some(value) = settings::known(layout, variable, index) else { continue };
        let mut statements = statements(&variable.name, value.trim());
        let comment = format!("{}={}", variable.name, value.trim());
        for statement in &mut statements {
            statement.comments = [vec![comment.clone()], origin::lines(&variable.origin)].concat();
        }
        statements.retain(|statement| !all.iter().any(|other| other.resources == statement.resources));
        all.extend(statements);
    }
    for at in 0..all.len() {
        let taken = all[..at].iter().filter(|other| other.id == all[at].id).count();
        if taken > 0 {
            all[at].id = format!("{}{}", all[at].id, at + 1);
        }
    }
    all
}

/// Variables that send mail through Amazon's SMTP server, which asks for no role.
pub fn mail(layout: &Layout, index: usize) -> Vec<String> {
    let plain = settings::of_kind(layout, Kind::Plain).into_iter();
    let known = plain.filter_map(|variable| settings::known(layout, variable, index).map(|value| (&variable.name, value.trim())));
    known.filter(|(_, value)| value.starts_with("email-smtp.")).map(|(name, value)| format!("{name}={value}")).collect()
}

fn statements(name: &str, value: &str) -> Vec<Permission> {
    let statement = |id: String, actions: &[&'static str], resources: Vec<Value>| Permission {
        id: camel(&id),
        comments: Vec::new(),
        actions: actions.to_vec(),
        resources,
    };
    if let Some(bucket) = bucket(name, value) {
        return vec![
            statement(format!("{name}_LIST"), &["s3:GetBucketLocation", "s3:ListBucket"], vec![arn(&format!("s3:::{bucket}"))]),
            statement(name.to_owned(), &["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], vec![arn(&format!("s3:::{bucket}/*"))]),
        ];
    }
    let resource = named(value).map(|(service, rest)| (service, rest.to_owned())).or_else(|| Some(("sqs", queue(value)?)));
    let found = resource.and_then(|(service, rest)| {
        let (_, actions) = SERVICES.iter().find(|(known, _)| *known == service)?;
        Some(statement(name.to_owned(), actions, vec![arn(&format!("{service}:{rest}"))]))
    });
    found.into_iter().collect()
}

/// The bucket that a variable names: by its own name, or as an address or ARN.
fn bucket(name: &str, value: &str) -> Option<String> {
    let upper = name.to_uppercase();
    let by_name = upper.contains("BUCKET") && !NO_BUCKET.iter().any(|word| upper.contains(word));
    let addressed = value.strip_prefix("s3://").or_else(|| named(value).filter(|(service, _)| *service == "s3")?.1.strip_prefix("::"));
    let bucket = addressed.or(by_name.then_some(value))?.split('/').next()?;
    let legal = (3..=63).contains(&bucket.len())
        && bucket.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-'))
        && bucket.starts_with(|c: char| c.is_ascii_alphanumeric())
        && bucket.ends_with(|c: char| c.is_ascii_alphanumeric());
    legal.then(|| bucket.to_owned())
}

/// Service and the rest of an ARN.
fn named(value: &str) -> Option<(&str, &str)> {
    let (partition, rest) = value.strip_prefix("arn:")?.split_once(':')?;
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:/".contains(c));
    (partition.starts_with("aws") && plain(rest)).then(|| rest.split_once(':')).flatten()
}

/// The queue of an address of SQS: `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME`.
fn queue(value: &str) -> Option<String> {
    let (host, path) = value.strip_prefix("https://sqs.")?.split_once('/')?;
    let region = host.split_once(".amazonaws.com")?.0;
    let (account, name) = path.split_once('/')?;
    let plain = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    (plain(region) && plain(account) && plain(name)).then(|| format!("{region}:{account}:{name}"))
}

/// An ARN in whatever partition this is.
fn arn(rest: &str) -> Value {
    Value::Template(vec![
        Piece::Text("arn:".to_owned()),
        Piece::Expression("data.aws_partition.current.partition".to_owned()),
        Piece::Text(format!(":{rest}")),
    ])
}

/// `S3Bucket` for `S3_BUCKET`.
fn camel(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_uppercase() + &word[1..].to_lowercase()).collect()
}
