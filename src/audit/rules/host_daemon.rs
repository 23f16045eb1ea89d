//! # host-daemon: A daemon that belongs to the host
//!
//! Time sync, sshd, syslog, monitoring, log shipping, ssm and security agents and chef-client itself run once per node, not in each
//! container.
//!
//! Fix: Drop; use the node's agent or a DaemonSet.
//!
//! ```ruby
//! service 'ntp' do   # finding
//!   action [:enable, :start]
//! end
//! ```

use crate::audit::shape::call;
use crate::audit::signs::{Signs, started};
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A207",
    name: "host-daemon",
    title: "A daemon that belongs to the host",
    severity: Severity::Note,
    category: Category::Container,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("host_daemon.rs"),
    check,
    fix: None,
    secret: false,
};

/// Services of the host.
pub(super) const SERVICES: &[&str] = &[
    "ntp",
    "ntpd",
    "chrony",
    "chronyd",
    "openntpd",
    "ssh",
    "sshd",
    "rsyslog",
    "syslog-ng",
    "fail2ban",
    "denyhosts",
    "auditd",
    "collectd",
    "nrpe",
    "nagios-nrpe-server",
    "snmpd",
    "munin-node",
    "zabbix-agent",
    "newrelic-sysmond",
    "newrelic-infra",
    "datadog-agent",
    "awslogs",
    "amazon-cloudwatch-agent",
    "amazon-ssm-agent",
    "codedeploy-agent",
    "td-agent",
    "filebeat",
    "gmond",
    "chef-client",
    "postfix",
    "sendmail",
    "unattended-upgrades",
];

const SIGNS: Signs = Signs {
    resources: &["chef_client_cron", "chef_client_systemd_timer"],
    paths: &[],
    recipes: &[
        "ntp",
        "chrony",
        "openssh::server",
        "rsyslog",
        "newrelic",
        "datadog",
        "collectd",
        "nrpe",
        "chef-client",
        "postfix",
        "fail2ban",
    ],
    command: None,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    SIGNS.report(context, RULE.name, "once per node, not in each container", findings);

    for file in context.recipes() {
        file.walk(&mut |node, _| {
            if let Some(service) = call(node)
                && started(service).is_some_and(|name| SERVICES.contains(&name.as_str()))
            {
                findings.push(file.finding(RULE.name, file.line(service.name_span.start), "once per node, not in each container"));
            }
        });
    }
}
