//! Windows in a network: DNS, file shares, firewall, domains, printers.

use super::check::{firewall_profiles, ipv4};
use super::coerce::{backslashes, lower_symbol, lower_symbols, sorted_list, sorted_texts};
use super::computed::{printer_port, rule_name};
use super::{Default, Type, field, flag, kind, list_of, number, text};

/// The types.
pub const TYPES: &[Type] = &[
    kind("windows_ad_join", "WindowsAdJoin").actions(&["join", "leave"]).runs(&["join"]).properties(&[
        text("domain_name").named().pattern(&[r".\.."]).message("The 'domain_name' property must be a FQDN."),
        text("domain_user").required(&[]),
        text("domain_password").required(&[]).secret(),
        text("ou_path"),
        field("reboot")
            .types(&["Symbol"])
            .default(Default::Symbol("immediate"))
            .one_of(&[
                Default::Symbol("immediate"),
                Default::Symbol("delayed"),
                Default::Symbol("never"),
                Default::Symbol("request_reboot"),
                Default::Symbol("reboot_now"),
            ])
            .message(concat!(
                "The reboot property accepts :immediate (reboot as soon as the resource completes), ",
                ":delayed (reboot once the Chef Infra Client run completes), and :never (Don't reboot)"
            )),
        number("reboot_delay").default(Default::Integer(0)),
        text("new_hostname"),
        text("workgroup_name"),
    ]),
    kind("windows_dfs_folder", "WindowsDfsFolder").actions(&["create", "delete"]).runs(&["create"]).properties(&[
        text("folder_path").named(),
        text("namespace_name").required(&[]),
        text("target_path"),
        text("description"),
    ]),
    kind("windows_dfs_namespace", "WindowsDfsNamespace").actions(&["create", "delete"]).runs(&["create"]).properties(&[
        text("namespace_name").named(),
        text("description").required(&[]),
        list_of("full_users").default(Default::List(&[Default::Text("BUILTIN\\administrators")])),
        list_of("change_users").default(Default::EmptyList),
        list_of("read_users").default(Default::EmptyList),
        text("root").default(Default::Text("C:\\DFSRoots")),
    ]),
    kind("windows_dfs_server", "WindowsDfsServer").actions(&["configure"]).runs(&["configure"]).properties(&[
        flag("use_fqdn").default(Default::False),
        number("ldap_timeout_secs").default(Default::Integer(30)),
        flag("prefer_login_dc").default(Default::False),
        flag("enable_site_costed_referrals").default(Default::False),
        number("sync_interval_secs").default(Default::Integer(3600)),
    ]),
    kind("windows_dns_record", "WindowsDnsRecord").actions(&["create", "delete"]).runs(&["create"]).properties(&[
        text("record_name").named(),
        text("zone").required(&[]),
        text("target").required(&[]),
        text("record_type").default(Default::Text("ARecord")).one_of(&[
            Default::Text("ARecord"),
            Default::Text("CNAME"),
            Default::Text("PTR"),
        ]),
        text("dns_server").default(Default::Text("localhost")),
    ]),
    kind("windows_dns_zone", "WindowsDnsZone").actions(&["create", "delete"]).runs(&["create"]).properties(&[
        text("zone_name").named(),
        text("replication_scope").default(Default::Text("Domain")),
        text("server_type").default(Default::Text("Domain")).one_of(&[Default::Text("Domain"), Default::Text("Standalone")]),
    ]),
    kind("windows_firewall_profile", "WindowsFirewallProfile").actions(&["enable", "disable"]).runs(&["enable"]).properties(&[
        text("profile").named().one_of(&[Default::Text("Domain"), Default::Text("Public"), Default::Text("Private")]),
        field("default_inbound_action").types(&["String", "nil"]).one_of(&[
            Default::Text("Allow"),
            Default::Text("Block"),
            Default::Text("NotConfigured"),
        ]),
        field("default_outbound_action").types(&["String", "nil"]).one_of(&[
            Default::Text("Allow"),
            Default::Text("Block"),
            Default::Text("NotConfigured"),
        ]),
        field("allow_inbound_rules").types(&["TrueClass", "FalseClass", "String"]).one_of(&[
            Default::True,
            Default::False,
            Default::Text("NotConfigured"),
        ]),
        field("allow_local_firewall_rules").types(&["TrueClass", "FalseClass", "String"]).one_of(&[
            Default::True,
            Default::False,
            Default::Text("NotConfigured"),
        ]),
        field("allow_local_ipsec_rules").types(&["TrueClass", "FalseClass", "String"]).one_of(&[
            Default::True,
            Default::False,
            Default::Text("NotConfigured"),
        ]),
        field("allow_user_apps").types(&["TrueClass", "FalseClass", "String"]).one_of(&[
            Default::True,
            Default::False,
            Default::Text("NotConfigured"),
        ]),
        field("allow_user_ports").types(&["TrueClass", "FalseClass", "String"]).one_of(&[
            Default::True,
            Default::False,
            Default::Text("NotConfigured"),
        ]),
        field("allow_unicast_response").types(&["TrueClass", "FalseClass", "String"]).one_of(&[
            Default::True,
            Default::False,
            Default::Text("NotConfigured"),
        ]),
        field("display_notification").types(&["TrueClass", "FalseClass", "String"]).one_of(&[
            Default::True,
            Default::False,
            Default::Text("NotConfigured"),
        ]),
    ]),
    kind("windows_firewall_rule", "WindowsFirewallRule")
        .actions(&["create", "delete"])
        .runs(&["create"])
        .properties(&[
            text("rule_name").named(),
            text("description"),
            text("displayname").computed(rule_name),
            text("group"),
            text("local_address"),
            field("local_port").types(&["String", "Integer", "Array"]).coerce(sorted_texts),
            field("remote_address").types(&["String", "Array"]).coerce(sorted_texts),
            field("remote_port").types(&["String", "Integer", "Array"]).coerce(sorted_texts),
            field("direction")
                .types(&["Symbol", "String"])
                .default(Default::Symbol("inbound"))
                .coerce(lower_symbol)
                .one_of(&[Default::Symbol("inbound"), Default::Symbol("outbound")]),
            text("protocol").default(Default::Text("TCP")),
            field("icmp_type").types(&["String", "Integer"]).default(Default::Text("Any")),
            field("firewall_action").types(&["Symbol", "String"]).default(Default::Symbol("allow")).coerce(lower_symbol).one_of(&[
                Default::Symbol("allow"),
                Default::Symbol("block"),
                Default::Symbol("notconfigured"),
            ]),
            field("profile")
                .types(&["Symbol", "String", "Array"])
                .default(Default::Symbol("any"))
                .coerce(lower_symbols)
                .check(&[("contains values not in :public, :private, :domain, :any or :notapplicable", firewall_profiles)]),
            text("program"),
            text("service"),
            field("interface_type").types(&["Symbol", "String"]).default(Default::Symbol("any")).coerce(lower_symbol).one_of(&[
                Default::Symbol("any"),
                Default::Symbol("wireless"),
                Default::Symbol("wired"),
                Default::Symbol("remoteaccess"),
            ]),
            flag("enabled").default(Default::True),
        ])
        .aliases(&[
            ("remoteip", "remote_address"),
            ("localip", "local_address"),
            ("remoteport", "remote_port"),
            ("localport", "local_port"),
            ("interfacetype", "interface_type"),
        ]),
    kind("windows_printer", "WindowsPrinter").actions(&["create", "delete"]).runs(&["create"]).properties(&[
        text("device_id").named(),
        text("comment"),
        flag("default").default(Default::False),
        text("driver_name").required(&["create"]),
        text("location"),
        flag("shared").default(Default::False),
        text("share_name"),
        text("ipv4_address").check(&[("The ipv4_address property must be in the IPv4 format of `WWW.XXX.YYY.ZZZ`", ipv4)]),
        flag("create_port").default(Default::True).aside(),
        text("port_name").computed(printer_port),
    ]),
    kind("windows_printer_port", "WindowsPrinterPort").actions(&["create", "delete"]).runs(&["create"]).properties(&[
        text("ipv4_address").named().check(&[("The ipv4_address property must be in the format of WWW.XXX.YYY.ZZZ!", ipv4)]),
        text("port_name").computed(printer_port),
        number("port_number").default(Default::Integer(9100)),
        text("port_description").aside(),
        flag("snmp_enabled").default(Default::False),
        number("port_protocol")
            .default(Default::Integer(1))
            .one_of(&[Default::Integer(1), Default::Integer(2)])
            .message("port_protocol must be either 1 for RAW or 2 for LPR!"),
    ]),
    kind("windows_share", "WindowsShare").actions(&["create", "delete"]).runs(&["create"]).properties(&[
        text("share_name").named(),
        text("path").coerce(backslashes),
        text("description").default(Default::Text("")),
        list_of("full_users").default(Default::EmptyList).coerce(sorted_list),
        list_of("change_users").default(Default::EmptyList).coerce(sorted_list),
        list_of("read_users").default(Default::EmptyList).coerce(sorted_list),
        flag("temporary").default(Default::False),
        text("scope_name").default(Default::Text("*")),
        number("ca_timeout").default(Default::Integer(0)),
        flag("continuously_available").default(Default::False),
        number("concurrent_user_limit").default(Default::Integer(0)),
        flag("encrypt_data").default(Default::False),
    ]),
    kind("windows_workgroup", "WindowsWorkgroup").actions(&["join"]).runs(&["join"]).properties(&[
        text("workgroup_name").named().pattern(&[r"^\S*$"]).message("The 'workgroup_name' property must not contain spaces."),
        text("user").aside(),
        text("password").secret().aside(),
        field("reboot")
            .types(&["Symbol"])
            .default(Default::Symbol("immediate"))
            .one_of(&[Default::Symbol("never"), Default::Symbol("request_reboot"), Default::Symbol("reboot_now")])
            .message(concat!(
                "The reboot property accepts :immediate (reboot as soon as the resource completes), ",
                ":delayed (reboot once the Chef Infra Client run completes), and :never (Don't reboot)"
            ))
            .aside(),
    ]),
];
