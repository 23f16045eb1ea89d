//! The catalogue: one file a rule, whose doc comment is the page that `ekiben rule` prints.
//!
//! In: the files of a repository. Out: findings. A new rule is a file here, its `mod` line and its line in [`RULES`].

mod admin_user;
mod amazon_family;
mod apt_key;
mod attribute_never_set;
mod background_process;
mod bind_all;
mod chef_gem_compile_time;
mod compile_time_probe;
mod converge_http;
mod cron_in_container;
mod cron_invalid;
mod cron_minute_missing;
mod curl_pipe_shell;
mod datastore;
mod dead_cookbook;
mod dead_url;
mod deploy_resource;
mod duplicate_resource;
mod empty_password;
mod eol_os;
mod eol_version;
mod firewall;
mod git_unpinned;
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
mod latest_url;
mod legacy_notify;
mod library_unpinned;
mod local_state;
mod login_access;
mod logrotate;
mod lost_shell_state;
mod many_daemons;
mod metadata_removed;
mod missing_property;
mod missing_recipe;
mod missing_source;
mod mode_decimal;
mod mount;
mod no_checksum;
mod node_assign_without_level;
mod node_key;
mod node_method_attribute;
mod node_search;
mod node_set;
mod non_deterministic;
mod notify_invalid;
mod notify_missing;
mod ohai_passwd;
mod opsworks_api;
mod opsworks_builtin;
mod opsworks_data_bag;
mod opsworks_deploy_json;
mod opsworks_hook;
mod opsworks_node;
mod persisted_attribute;
mod platform_never_matches;
mod platform_without_default;
mod private_key;
#[cfg(test)]
mod probe;
mod reboot;
mod relative_creates;
mod removed_chef_class;
mod removed_property;
mod removed_resource;
mod removed_ruby_method;
mod renamed_package;
mod require_recipe;
mod resource_name_only;
mod script_without_code;
mod secret_in_url;
mod secret_not_sensitive;
mod secret_on_command_line;
mod service_restart;
mod sudo_nopasswd_all;
mod suspicious_comment;
mod swap;
mod sysctl;
mod template_undefined_variable;
mod template_unused_variable;
mod tls_verify_off;
mod undeclared_depends;
mod unknown_action;
mod unreachable_recipe;
mod unused_allow;
mod upgrade_at_build;
mod user_supports;
mod version_string_compare;
mod weak_hash;
mod weak_tls;
mod world_writable;

use super::Rule;

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
    resource_name_only::RULE,
    amazon_family::RULE,
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
    converge_http::RULE,
    hostname_change::RULE,
    local_state::RULE,
    datastore::RULE,
    reboot::RULE,
    host_policy::RULE,
    compile_time_probe::RULE,
    persisted_attribute::RULE,
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
    weak_hash::RULE,
    empty_password::RULE,
    admin_user::RULE,
    suspicious_comment::RULE,
    bind_all::RULE,
    secret_not_sensitive::RULE,
    host_key_check_off::RULE,
    sudo_nopasswd_all::RULE,
    secret_on_command_line::RULE,
    weak_tls::RULE,
    notify_missing::RULE,
    cron_invalid::RULE,
    cron_minute_missing::RULE,
    guard_block_string::RULE,
    guard_ruby_string::RULE,
    guard_without_block::RULE,
    mode_decimal::RULE,
    duplicate_resource::RULE,
    missing_source::RULE,
    template_undefined_variable::RULE,
    template_unused_variable::RULE,
    missing_recipe::RULE,
    undeclared_depends::RULE,
    platform_without_default::RULE,
    unreachable_recipe::RULE,
    attribute_never_set::RULE,
    missing_property::RULE,
    unknown_action::RULE,
    notify_invalid::RULE,
    platform_never_matches::RULE,
    version_string_compare::RULE,
    lost_shell_state::RULE,
    git_unpinned::RULE,
    latest_url::RULE,
    library_unpinned::RULE,
    upgrade_at_build::RULE,
    non_deterministic::RULE,
    eol_os::RULE,
    eol_version::RULE,
    dead_url::RULE,
    renamed_package::RULE,
    dead_cookbook::RULE,
    apt_key::RULE,
    opsworks_node::RULE,
    opsworks_deploy_json::RULE,
    opsworks_data_bag::RULE,
    opsworks_builtin::RULE,
    opsworks_api::RULE,
    opsworks_hook::RULE,
];

/// The rule whose name findings of an evaluation have.
pub const HARD_CODED_SECRET: Rule = hard_coded_secret::RULE;

/// The rule about comments that allow nothing: found after all others, so it is none of [`RULES`].
pub const UNUSED_ALLOW: Rule = unused_allow::RULE;

/// The rule whose findings count in the descriptions of test machines, too.
pub const EOL_OS: Rule = eol_os::RULE;
