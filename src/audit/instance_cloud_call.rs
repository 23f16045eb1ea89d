//! # instance-cloud-call: The instance registers itself with AWS
//!
//! Elastic IPs, load balancer registration, Route 53 records and tags follow the pod or the Service, not a script in it.
//!
//! Fix: Ingress, external-dns, IAM roles for service accounts.
//!
//! ```ruby
//! execute 'aws ec2 create-tags'   # finding
//! ```

use super::pattern::Pattern;
use super::signs::Signs;
use super::{Category, Context, Finding, Rule, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A223",
    name: "instance-cloud-call",
    title: "The instance registers itself with AWS",
    severity: Severity::Warning,
    category: Category::Container,
    check,
};

static COMMAND: Pattern = Pattern::new(r#"\baws\s+(?:--\S+\s+(?:[^-\s]\S*\s+)?)*(?:ec2|elb|elbv2|route53|autoscaling)\s"#);

static SIGNS: Signs = Signs {
    resources: &["aws_elastic_ip", "aws_elastic_lb", "aws_resource_tag", "route53_record"],
    paths: &[],
    recipes: &[],
    command: Some(&COMMAND),
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    SIGNS.report(context, RULE.name, "addresses, balancers and tags follow the pod", findings);
}
