//! Settings of a machine with Windows, so that recipes for several systems evaluate.

use super::check::{clock_hour, detection_hours};
use super::coerce::{backslashes, list, lower_list};
use super::{Default, Type, field, flag, kind, list_of, number, text};

/// The types.
pub const TYPES: &[Type] = &[
    kind("windows_audit_policy", "WindowsAuditPolicy").actions(&["set"]).runs(&["set"]).properties(&[
        field("subcategory").types(&["String", "Array"]).coerce(list),
        flag("success"),
        flag("failure"),
        text("include_user"),
        text("exclude_user"),
        flag("crash_on_audit_fail"),
        flag("full_privilege_auditing"),
        flag("audit_base_objects"),
        flag("audit_base_directories"),
    ]),
    kind("windows_auto_run", "WindowsAutorun")
        .actions(&["create", "remove"])
        .runs(&["create"])
        .properties(&[
            text("program_name").named(),
            text("path").coerce(backslashes),
            text("args"),
            field("root")
                .types(&["Symbol"])
                .default(Default::Symbol("machine"))
                .one_of(&[Default::Symbol("machine"), Default::Symbol("user")]),
        ])
        .aliases(&[("program", "path")]),
    kind("windows_certificate", "WindowsCertificate")
        .actions(&["create", "acl_add", "delete", "fetch", "verify"])
        .runs(&["create"])
        .properties(&[
            text("source").named(),
            text("pfx_password").secret(),
            list_of("private_key_acl"),
            text("store_name").default(Default::Text("MY")).one_of(&[
                Default::Text("TRUSTEDPUBLISHER"),
                Default::Text("TrustedPublisher"),
                Default::Text("CLIENTAUTHISSUER"),
                Default::Text("REMOTE DESKTOP"),
                Default::Text("ROOT"),
                Default::Text("TRUSTEDDEVICES"),
                Default::Text("WEBHOSTING"),
                Default::Text("CA"),
                Default::Text("AUTHROOT"),
                Default::Text("TRUSTEDPEOPLE"),
                Default::Text("MY"),
                Default::Text("SMARTCARDROOT"),
                Default::Text("TRUST"),
                Default::Text("DISALLOWED"),
            ]),
            flag("user_store").default(Default::False),
            flag("exportable").default(Default::False),
            text("output_path"),
        ])
        .aliases(&[("cert_path", "output_path")]),
    kind("windows_defender", "WindowsDefender").actions(&["enable", "disable"]).runs(&["enable"]).properties(&[
        flag("realtime_protection").default(Default::True),
        flag("intrusion_protection_system").default(Default::True),
        flag("lock_ui").default(Default::False),
        flag("scan_archives").default(Default::True),
        flag("scan_scripts").default(Default::False),
        flag("scan_email").default(Default::False),
        flag("scan_removable_drives").default(Default::False),
        flag("scan_network_files").default(Default::False),
        flag("scan_mapped_drives").default(Default::True),
    ]),
    kind("windows_defender_exclusion", "WindowsDefenderExclusion").actions(&["add", "remove"]).runs(&["add"]).properties(&[
        field("paths").types(&["String", "Array"]).default(Default::EmptyList).coerce(lower_list),
        field("extensions").types(&["String", "Array"]).default(Default::EmptyList).coerce(lower_list),
        field("process_paths").types(&["String", "Array"]).default(Default::EmptyList).coerce(lower_list),
    ]),
    kind("windows_env", "WindowsEnv").actions(&["create", "delete", "modify"]).runs(&["create"]).properties(&[
        text("key_name").named(),
        text("value").required(&["create", "modify"]),
        field("delim").types(&["String", "nil", "FalseClass"]).aside(),
        text("user").default(Default::Text("<System>")),
    ]),
    kind("windows_feature", "WindowsFeature").actions(&["install", "remove", "delete"]).runs(&["install"]).properties(&[
        field("feature_name").types(&["Array", "String"]).named(),
        text("source"),
        flag("all").default(Default::False),
        flag("management_tools").default(Default::False),
        field("install_method").types(&["Symbol"]).default(Default::Symbol("windows_feature_dism")).one_of(&[
            Default::Symbol("windows_feature_dism"),
            Default::Symbol("windows_feature_powershell"),
            Default::Symbol("windows_feature_servermanagercmd"),
        ]),
        number("timeout").default(Default::Integer(600)).aside(),
    ]),
    kind("windows_feature_dism", "WindowsFeatureDism").actions(&["install", "remove", "delete"]).runs(&["install"]).properties(&[
        field("feature_name").types(&["Array", "String"]).named().coerce(lower_list),
        text("source"),
        flag("all").default(Default::False),
        number("timeout").default(Default::Integer(600)).aside(),
    ]),
    kind("windows_feature_powershell", "WindowsFeaturePowershell").actions(&["install", "remove", "delete"]).runs(&["install"]).properties(
        &[
            field("feature_name").types(&["Array", "String"]).named().coerce(lower_list),
            text("source"),
            flag("all").default(Default::False),
            number("timeout").default(Default::Integer(600)).aside(),
            flag("management_tools").default(Default::False),
        ],
    ),
    kind("windows_font", "WindowsFont").actions(&["install"]).runs(&["install"]).properties(&[text("font_name").named(), text("source")]),
    kind("windows_pagefile", "WindowsPagefile").actions(&["set", "delete"]).runs(&["set"]).properties(&[
        text("path").named().coerce(backslashes),
        flag("system_managed"),
        flag("automatic_managed"),
        number("initial_size"),
        number("maximum_size"),
    ]),
    kind("windows_path", "WindowsPath").actions(&["add", "remove"]).runs(&["add"]).properties(&[text("path").named()]),
    kind("windows_security_policy", "WindowsSecurityPolicy").actions(&["set"]).runs(&["set"]).properties(&[
        text("secoption").named().required(&[]).one_of(&[
            Default::Text("LockoutDuration"),
            Default::Text("MaximumPasswordAge"),
            Default::Text("MinimumPasswordAge"),
            Default::Text("MinimumPasswordLength"),
            Default::Text("PasswordComplexity"),
            Default::Text("PasswordHistorySize"),
            Default::Text("LockoutBadCount"),
            Default::Text("ResetLockoutCount"),
            Default::Text("AuditPolicyChange"),
            Default::Text("LockoutDuration"),
            Default::Text("RequireLogonToChangePassword"),
            Default::Text("ForceLogoffWhenHourExpire"),
            Default::Text("NewAdministratorName"),
            Default::Text("NewGuestName"),
            Default::Text("ClearTextPassword"),
            Default::Text("LSAAnonymousNameLookup"),
            Default::Text("EnableAdminAccount"),
            Default::Text("EnableGuestAccount"),
        ]),
        text("secvalue").required(&[]),
    ]),
    kind("windows_shortcut", "WindowsShortcut").actions(&["create"]).runs(&["create"]).properties(&[
        text("shortcut_name").named(),
        text("target"),
        text("arguments"),
        text("description"),
        text("cwd"),
        text("iconlocation"),
    ]),
    kind("windows_uac", "WindowsUac").actions(&["configure"]).runs(&["configure"]).properties(&[
        flag("enable_uac").default(Default::True),
        flag("require_signed_binaries").default(Default::False),
        flag("prompt_on_secure_desktop").default(Default::True),
        flag("detect_installers"),
        field("consent_behavior_admins").types(&["Symbol"]).default(Default::Symbol("prompt_for_consent_non_windows_binaries")).one_of(&[
            Default::Symbol("no_prompt"),
            Default::Symbol("secure_prompt_for_creds"),
            Default::Symbol("secure_prompt_for_consent"),
            Default::Symbol("prompt_for_creds"),
            Default::Symbol("prompt_for_consent"),
            Default::Symbol("prompt_for_consent_non_windows_binaries"),
        ]),
        field("consent_behavior_users").types(&["Symbol"]).default(Default::Symbol("prompt_for_creds")).one_of(&[
            Default::Symbol("auto_deny"),
            Default::Symbol("secure_prompt_for_creds"),
            Default::Symbol("prompt_for_creds"),
        ]),
    ]),
    kind("windows_update_settings", "WindowsUpdateSettings").actions(&["set", "enable"]).runs(&["set"]).properties(&[
        flag("disable_os_upgrades").default(Default::False),
        flag("elevate_non_admins").default(Default::True),
        flag("add_to_target_wsus_group"),
        text("target_wsus_group_name"),
        text("wsus_server_url"),
        text("wsus_status_server_url"),
        flag("block_windows_update_website").default(Default::False),
        field("automatic_update_option").types(&["Integer", "Symbol"]).default(Default::Symbol("download_and_schedule")).one_of(&[
            Default::Symbol("notify"),
            Default::Symbol("download_and_notify"),
            Default::Symbol("download_and_schedule"),
            Default::Symbol("local_admin_decides"),
        ]),
        flag("automatically_install_minor_updates").default(Default::False),
        flag("enable_detection_frequency").default(Default::False),
        number("custom_detection_frequency")
            .default(Default::Integer(22))
            .check(&[("should be a valid detection frequency (0-22)", detection_hours)]),
        flag("no_reboot_with_users_logged_on").default(Default::True),
        flag("disable_automatic_updates").default(Default::False),
        text("scheduled_install_day").default(Default::Text("Everyday")).one_of(&[
            Default::Text("Everyday"),
            Default::Text("Monday"),
            Default::Text("Tuesday"),
            Default::Text("Wednesday"),
            Default::Text("Thursday"),
            Default::Text("Friday"),
            Default::Text("Saturday"),
            Default::Text("Sunday"),
        ]),
        number("scheduled_install_hour").check(&[("should be a valid hour in a 24 hour clock", clock_hour)]),
        flag("update_other_ms_products").default(Default::True),
        flag("custom_wsus_server"),
    ]),
    kind("windows_user_privilege", "WindowsUserPrivilege").actions(&["add", "set", "clear", "remove"]).runs(&["add"]).properties(&[
        text("principal").named(),
        field("users").types(&["Array", "String"]).coerce(list),
        field("privilege").types(&["Array", "String"]).required(&[]).coerce(list).identity(),
    ]),
];
