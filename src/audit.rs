//! Reading a repository for what will break, leak or behave otherwise after the move; nothing is evaluated.
//!
//! In: the files under a root. Out: findings, such as `node-set` on `recipes/default.rb:3`. Every rule is a file of `src/audit` whose
//! doc comment is its page. A comment `# ekiben: allow(rule)` takes a finding away (see [`allow`]).

pub mod allow;
pub mod command;
pub mod context;
pub mod examine;
pub mod fix;
pub mod pattern;
pub mod shape;
pub mod signs;
pub mod visit;
pub mod words;

mod apt_key;
mod background_process;
mod chef_gem_compile_time;
mod cron_in_container;
mod cron_minute_missing;
mod curl_pipe_shell;
mod datastore;
mod dead_cookbook;
mod dead_url;
mod deploy_resource;
mod firewall;
mod gpgcheck_off;
mod guard_block_string;
mod guard_ruby_string;
mod guard_without_block;
mod hard_coded_secret;
mod host_attribute;
mod host_daemon;
mod host_key_check_off;
mod host_policy;
mod hostname_change;
mod http_download;
mod init_script;
mod instance_cloud_call;
mod kernel_module;
mod legacy_notify;
mod local_state;
mod login_access;
mod logrotate;
mod many_daemons;
mod metadata_removed;
mod missing_property;
mod mode_decimal;
mod mount;
mod no_checksum;
mod node_assign_without_level;
mod node_key;
mod node_method_attribute;
mod node_search;
mod node_set;
mod ohai_passwd;
mod opsworks_api;
mod opsworks_builtin;
mod opsworks_data_bag;
mod opsworks_deploy_json;
mod opsworks_hook;
mod opsworks_node;
mod platform_without_default;
mod private_key;
mod reboot;
mod relative_creates;
mod removed_chef_class;
mod removed_property;
mod removed_resource;
mod removed_ruby_method;
mod require_recipe;
mod script_without_code;
mod secret_in_url;
mod secret_on_command_line;
mod service_restart;
mod sudo_nopasswd_all;
mod swap;
mod sysctl;
mod tls_verify_off;
mod unused_allow;
mod upgrade_at_build;
mod user_supports;
mod version_string_compare;
mod weak_tls;
mod world_writable;

pub use crate::diagnostic::Severity;
pub use context::{Context, File, Kind};

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// What newer Chef or Ruby no longer has.
    Removed,
    /// What has no place in a container.
    Container,
    /// Secrets and what lets anyone in.
    Security,
    /// What is wrong as it stands.
    Correctness,
    /// What makes two builds differ.
    Reproducible,
    /// What has reached its end of life.
    EndOfLife,
    /// What the `OpsWorks` service gave.
    OpsWorks,
}

/// The work that one finding takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effort {
    /// One line, as the page says.
    Trivial,
    /// A few lines in one file.
    Small,
    /// Several files, or a decision.
    Medium,
    /// A change of how the system is made.
    Large,
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// A person should look.
    Medium,
    /// It is so.
    High,
}

/// What a rule has to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// One file (a few rules: the files that are given together).
    File,
    /// A whole cookbook: only where there is `metadata.rb`.
    Cookbook,
    /// Run lists, too: roles, nodes, a Policyfile, a stack.
    Repo,
}

/// A rule of the audit.
pub struct Rule {
    /// `A101`: stable, for filters and reports.
    pub code: &'static str,
    /// `node-set`: what `allow` names.
    pub name: &'static str,
    /// One line, for lists.
    pub title: &'static str,
    /// How bad a finding is.
    pub severity: Severity,
    /// What it is about.
    pub category: Category,
    /// The work that one finding takes.
    pub effort: Effort,
    /// How sure a finding is.
    pub confidence: Confidence,
    /// What it has to see.
    pub scope: Scope,
    /// The version of Chef that said so first.
    pub since: Option<&'static str>,
    /// The version of Chef that no longer has it.
    pub removed: Option<&'static str>,
    /// What others call it: cops of Cookstyle, Foodcritic's rules, CWE.
    pub also: &'static [&'static str],
    /// The rule's own source, whose doc comment is the user's page.
    pub page: &'static str,
    /// Finds it in all files.
    pub check: fn(&Context, &mut Vec<Finding>),
}

/// A place where a rule found something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, below the root.
    pub path: String,
    /// Its line, from 1.
    pub line: u32,
    /// The rule's name.
    pub rule: &'static str,
    /// What was found, without any secret.
    pub message: String,
}

/// All rules, in order of their codes.
pub const RULES: &[Rule] = &[
    node_set::RULE,
    node_method_attribute::RULE,
    node_assign_without_level::RULE,
    deploy_resource::RULE,
    removed_resource::RULE,
    user_supports::RULE,
    removed_property::RULE,
    relative_creates::RULE,
    chef_gem_compile_time::RULE,
    removed_chef_class::RULE,
    require_recipe::RULE,
    legacy_notify::RULE,
    metadata_removed::RULE,
    removed_ruby_method::RULE,
    script_without_code::RULE,
    ohai_passwd::RULE,
    sysctl::RULE,
    mount::RULE,
    swap::RULE,
    kernel_module::RULE,
    firewall::RULE,
    login_access::RULE,
    host_daemon::RULE,
    init_script::RULE,
    service_restart::RULE,
    many_daemons::RULE,
    cron_in_container::RULE,
    logrotate::RULE,
    host_attribute::RULE,
    node_search::RULE,
    hostname_change::RULE,
    local_state::RULE,
    datastore::RULE,
    reboot::RULE,
    host_policy::RULE,
    instance_cloud_call::RULE,
    background_process::RULE,
    hard_coded_secret::RULE,
    secret_in_url::RULE,
    private_key::RULE,
    world_writable::RULE,
    http_download::RULE,
    no_checksum::RULE,
    curl_pipe_shell::RULE,
    gpgcheck_off::RULE,
    tls_verify_off::RULE,
    host_key_check_off::RULE,
    sudo_nopasswd_all::RULE,
    secret_on_command_line::RULE,
    weak_tls::RULE,
    cron_minute_missing::RULE,
    guard_block_string::RULE,
    guard_ruby_string::RULE,
    guard_without_block::RULE,
    mode_decimal::RULE,
    platform_without_default::RULE,
    missing_property::RULE,
    version_string_compare::RULE,
    upgrade_at_build::RULE,
    dead_url::RULE,
    dead_cookbook::RULE,
    apt_key::RULE,
    opsworks_node::RULE,
    opsworks_deploy_json::RULE,
    opsworks_data_bag::RULE,
    opsworks_builtin::RULE,
    opsworks_api::RULE,
    opsworks_hook::RULE,
];

/// The rule about comments that allow nothing: found after all others, so it is none of [`RULES`].
pub const UNUSED_ALLOW: Rule = unused_allow::RULE;

/// The findings of all [`RULES`] in the files of `sources` under `root` (`""`: everywhere), by file and line; of several equal ones
/// on one line the first. Those that a comment allows are left out.
#[must_use]
pub fn audit(sources: &crate::source::SourceMap, root: &str) -> Vec<Finding> {
    examine::examine(&Context::new(sources, root)).findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_stand_in_order_of_their_codes_and_names_are_unique() {
        assert!(RULES.windows(2).all(|pair| matches!(pair, [first, second] if first.code < second.code)));
        let names: std::collections::BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
        assert_eq!(names.len(), RULES.len());
    }

    #[test]
    fn only_files_under_the_root_are_looked_at() {
        let mut sources = crate::source::SourceMap::new();
        sources.add_text("a/recipes/default.rb", "node.set['x'] = 1\n");
        sources.add_text("ab/recipes/default.rb", "node.set['x'] = 1\n");
        let found: Vec<String> = audit(&sources, "a").into_iter().map(|finding| finding.path).collect();
        assert_eq!(found, ["recipes/default.rb"]);
    }
}
