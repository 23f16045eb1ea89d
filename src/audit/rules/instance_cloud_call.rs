//! # instance-cloud-call: The instance registers itself with AWS
//!
//! Elastic IPs, load balancer registration, Route 53 records and tags follow the pod or the Service, not a script in it.
//!
//! Fix: Ingress, external-dns, IAM roles for service accounts.
//!
//! ```ruby
//! execute 'aws ec2 create-tags'   # finding
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::Signs;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::{ConstScope, Expr};

pub(super) const RULE: Rule = Rule {
    code: "A223",
    name: "instance-cloud-call",
    title: "The instance registers itself with AWS",
    severity: Severity::Warning,
    category: Category::Container,
    effort: Effort::Medium,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("instance_cloud_call.rs"),
    check,
    fix: None,
    secret: false,
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

    for file in context.ruby() {
        file.walk(&mut |node, _| {
            let Expr::Const { scope: ConstScope::In(around), name } = &node.expr else { return };
            let sdk = matches!(&around.expr, Expr::Const { name, .. } if matches!(name.as_str(), "Aws" | "AWS"));
            if sdk && matches!(name.as_str(), "EC2" | "Route53" | "ElasticLoadBalancing" | "ElasticLoadBalancingV2" | "ELB" | "AutoScaling")
            {
                findings.push(file.finding(RULE.name, file.line(node.span.start), "addresses, balancers and tags follow the pod"));
            }
        });
    }
}
