//! # opsworks-api: Talks to OpsWorks or its agent
//!
//! The API and the agent's files are gone.
//!
//! Fix: Drop; use the deployment tool's API.
//!
//! ```ruby
//! execute 'opsworks-agent-cli get_json'   # finding
//! ```

use crate::audit::pattern::Pattern;
use crate::audit::signs::report_lines;
use crate::audit::{Category, Confidence, Context, Effort, Finding, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A705",
    name: "opsworks-api",
    title: "Talks to OpsWorks or its agent",
    severity: Severity::Error,
    category: Category::OpsWorks,
    effort: Effort::Small,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("opsworks_api.rs"),
    check,
    fix: None,
    secret: false,
};

static TEXT: Pattern = Pattern::near(
    "opsworks",
    r#"\baws\s+(?:--\S+\s+(?:[^-\s]\S*\s+)?)*opsworks\s|\b(?:Aws|AWS)::OpsWorks\b(?!::(?!Client|Resource|Types|Errors|Stack|Layer|Instance|Waiters)\w)|\bopsworks-agent-cli\b|/(?:var/lib|opt|etc|var/log)/aws/opsworks\b|\bboto\.opsworks\b"#,
);

fn check(context: &Context, findings: &mut Vec<Finding>) {
    report_lines(context, &TEXT, RULE.name, "the service and its agent are gone", findings);
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn a_module_of_ones_own_below_that_name_is_no_client() {
        let code = "AWS::OpsWorks::Helpers.url(1)\nAws::OpsWorks::Client.new\nAWS::OpsWorks.new\n";
        assert_eq!(lines("libraries/a.rb", code, "opsworks-api"), [2, 3]);
    }
}
