//! Types for Windows, macOS and Habitat: known by name; their properties are kept as given.

use super::{Type, kind};

/// The types.
pub const TYPES: &[Type] = &[
    kind("batch", "Batch").under("Script").open(),
    kind("cab_package", "CabPackage").under("Package").open().actions(&["install", "remove"]).runs(&["install"]),
    kind("chef_client_launchd", "ChefClientLaunchd").open().actions(&["enable", "disable"]).runs(&["enable"]),
    kind("chef_client_scheduled_task", "ChefClientScheduledTask").open().actions(&["add", "remove"]).runs(&["add"]),
    kind("chocolatey_config", "ChocolateyConfig").open().actions(&["set", "unset"]).runs(&["set"]),
    kind("chocolatey_feature", "ChocolateyFeature").open().actions(&["enable", "disable"]).runs(&["enable"]),
    kind("chocolatey_installer", "ChocolateyInstaller").open().actions(&["install", "uninstall", "upgrade"]).runs(&["install"]),
    kind("chocolatey_package", "ChocolateyPackage")
        .under("Package")
        .open()
        .actions(&["install", "upgrade", "remove", "purge", "reconfig"])
        .runs(&["install"]),
    kind("chocolatey_source", "ChocolateySource").open().actions(&["add", "remove", "disable", "enable"]).runs(&["add"]),
    kind("dmg_package", "DmgPackage").open().actions(&["install"]).runs(&["install"]),
    kind("dsc_resource", "DscResource").open().actions(&["run"]).runs(&["run"]),
    kind("dsc_script", "DscScript").open().actions(&["run"]).runs(&["run"]),
    kind("habitat_package", "HabitatPackage").under("Package").open(),
    kind("habitat_sup", "HabitatSup").also(&["habitat_sup_systemd", "habitat_sup_windows"]).open().actions(&["run", "stop"]).runs(&["run"]),
    kind("habitat_config", "HabitatConfig").open().actions(&["apply"]).runs(&["apply"]),
    kind("habitat_install", "HabitatInstall").open().actions(&["install"]).runs(&["install"]),
    kind("habitat_service", "HabitatService").open().actions(&["load", "unload", "start", "stop", "restart", "reload"]).runs(&["load"]),
    kind("habitat_user_toml", "HabitatUserToml").open().actions(&["create", "delete"]).runs(&["create"]),
    kind("homebrew_cask", "HomebrewCask").open().actions(&["install", "remove"]).runs(&["install"]),
    kind("homebrew_package", "HomebrewPackage")
        .under("Package")
        .open()
        .actions(&["install", "upgrade", "remove", "purge"])
        .runs(&["install"]),
    kind("homebrew_tap", "HomebrewTap").open().actions(&["tap", "untap"]).runs(&["tap"]),
    kind("homebrew_update", "HomebrewUpdate").open().actions(&["update", "periodic"]).runs(&["periodic"]),
    kind("launchd", "Launchd").open().actions(&["create", "create_if_missing", "delete", "enable", "disable", "restart"]).runs(&["create"]),
    kind("macos_pkg", "MacosPkg").open().actions(&["install"]).runs(&["install"]),
    kind("macos_userdefaults", "MacosUserDefaults").open().also(&["mac_os_x_userdefaults"]).actions(&["write", "delete"]).runs(&["write"]),
    kind("macosx_service", "MacosxService").under("Service").open(),
    kind("macports_package", "MacportsPackage")
        .under("Package")
        .open()
        .actions(&["install", "upgrade", "remove", "purge"])
        .runs(&["install"]),
    kind("msu_package", "MsuPackage").under("Package").open().actions(&["install", "remove"]).runs(&["install"]),
    kind("osx_profile", "OsxProfile").open().also(&["osx_config_profile"]).actions(&["install", "remove"]).runs(&["install"]),
    kind("plist", "PlistResource").open().actions(&["set"]).runs(&["set"]),
    kind("powershell_package", "PowershellPackage").under("Package").open().actions(&["install", "remove"]).runs(&["install"]),
    kind("powershell_package_source", "PowershellPackageSource").open().actions(&["register", "set", "unregister"]).runs(&["register"]),
    kind("powershell_script", "PowershellScript").under("Script").open(),
    kind("registry_key", "RegistryKey").open().actions(&["create", "create_if_missing", "delete", "delete_key"]).runs(&["create"]),
    kind("aix_user", "User::AixUser").under("User").open(),
    kind("mac_user", "User::MacUser").under("User").open(),
    kind("pw_user", "User::PwUser").under("User").open(),
    kind("solaris_user", "User::SolarisUser").under("User").open(),
    kind("windows_user", "User::WindowsUser").under("User").open(),
    kind("windows_ad_join", "WindowsAdJoin").open().actions(&["join", "leave"]).runs(&["join"]),
    kind("windows_audit_policy", "WindowsAuditPolicy").open().actions(&["set"]).runs(&["set"]),
    kind("windows_auto_run", "WindowsAutorun").open().actions(&["create", "remove"]).runs(&["create"]),
    kind("windows_certificate", "WindowsCertificate").open().actions(&["create", "acl_add", "delete", "fetch", "verify"]).runs(&["create"]),
    kind("windows_defender", "WindowsDefender").open().actions(&["enable", "disable"]).runs(&["enable"]),
    kind("windows_defender_exclusion", "WindowsDefenderExclusion").open().actions(&["add", "remove"]).runs(&["add"]),
    kind("windows_dfs_folder", "WindowsDfsFolder").open().actions(&["create", "delete"]).runs(&["create"]),
    kind("windows_dfs_namespace", "WindowsDfsNamespace").open().actions(&["create", "delete"]).runs(&["create"]),
    kind("windows_dfs_server", "WindowsDfsServer").open().actions(&["configure"]).runs(&["configure"]),
    kind("windows_dns_record", "WindowsDnsRecord").open().actions(&["create", "delete"]).runs(&["create"]),
    kind("windows_dns_zone", "WindowsDnsZone").open().actions(&["create", "delete"]).runs(&["create"]),
    kind("windows_env", "WindowsEnv").open().actions(&["create", "delete", "modify"]).runs(&["create"]),
    kind("windows_feature", "WindowsFeature").open().actions(&["install", "remove", "delete"]).runs(&["install"]),
    kind("windows_feature_dism", "WindowsFeatureDism").open().actions(&["install", "remove", "delete"]).runs(&["install"]),
    kind("windows_feature_powershell", "WindowsFeaturePowershell").open().actions(&["install", "remove", "delete"]).runs(&["install"]),
    kind("windows_firewall_profile", "WindowsFirewallProfile").open().actions(&["enable", "disable"]).runs(&["enable"]),
    kind("windows_firewall_rule", "WindowsFirewallRule").open().actions(&["create", "delete"]).runs(&["create"]),
    kind("windows_font", "WindowsFont").open().actions(&["install"]).runs(&["install"]),
    kind("windows_package", "WindowsPackage").under("Package").open().actions(&["install", "remove"]).runs(&["install"]),
    kind("windows_pagefile", "WindowsPagefile").open().actions(&["set", "delete"]).runs(&["set"]),
    kind("windows_path", "WindowsPath").open().actions(&["add", "remove"]).runs(&["add"]),
    kind("windows_printer", "WindowsPrinter").open().actions(&["create", "delete"]).runs(&["create"]),
    kind("windows_printer_port", "WindowsPrinterPort").open().actions(&["create", "delete"]).runs(&["create"]),
    kind("windows_security_policy", "WindowsSecurityPolicy").open().actions(&["set"]).runs(&["set"]),
    kind("windows_service", "WindowsService")
        .under("Service")
        .open()
        .actions(&["configure_startup", "create", "delete", "configure"])
        .runs(&["configure_startup"]),
    kind("windows_share", "WindowsShare").open().actions(&["create", "delete"]).runs(&["create"]),
    kind("windows_shortcut", "WindowsShortcut").open().actions(&["create"]).runs(&["create"]),
    kind("windows_task", "WindowsTask")
        .open()
        .actions(&["create", "delete", "run", "end", "enable", "disable", "change"])
        .runs(&["create"]),
    kind("windows_uac", "WindowsUac").open().actions(&["configure"]).runs(&["configure"]),
    kind("windows_update_settings", "WindowsUpdateSettings").open().actions(&["set", "enable"]).runs(&["set"]),
    kind("windows_user_privilege", "WindowsUserPrivilege").open().actions(&["add", "set", "clear", "remove"]).runs(&["add"]),
    kind("windows_workgroup", "WindowsWorkgroup").open().actions(&["join"]).runs(&["join"]),
];
