//! Package repositories: `apt_repository`, `yum_repository`, `zypper_repository` and their kin.

use super::coerce::{downcase, list};
use super::computed::{codename, own_cookbook};
use super::{Default, Type, field, flag, kind, list_of, map, number, text};

/// The types.
pub const TYPES: &[Type] = &[
    kind("apt_repository", "AptRepository").actions(&["add", "remove"]).runs(&["add"]).properties(&[
        text("repo_name").named().pattern(&[r"^[^/]+$"]).message("repo_name property cannot contain a forward slash '/'"),
        text("uri"),
        field("distribution").types(&["String", "nil", "FalseClass"]).computed(codename),
        list_of("components").default(Default::EmptyList),
        field("arch").types(&["String", "nil", "FalseClass"]),
        flag("trusted").default(Default::False),
        flag("deb_src").default(Default::False),
        field("keyserver").types(&["String", "nil", "FalseClass"]).default(Default::Text("keyserver.ubuntu.com")),
        field("key").types(&["String", "Array", "nil", "FalseClass"]).default(Default::EmptyList).coerce(list),
        field("key_proxy").types(&["String", "nil", "FalseClass"]),
        field("signed_by").types(&["String", "TrueClass", "FalseClass", "nil"]).default(Default::True),
        field("cookbook").types(&["String", "nil", "FalseClass"]).aside(),
        flag("cache_rebuild").default(Default::True).aside(),
        field("options").types(&["String", "Array"]).default(Default::EmptyList).coerce(list),
    ]),
    kind("apt_update", "AptUpdate")
        .actions(&["periodic", "update"])
        .runs(&["periodic"])
        .properties(&[text("name").default(Default::Text("")), number("frequency").default(Default::Integer(86400))]),
    kind("apt_preference", "AptPreference").actions(&["add", "remove"]).runs(&["add"]).properties(&[
        text("package_name").named().pattern(&[r"^([a-z]|[A-Z]|[0-9]|_|-|\.|\*|\+)+$"]).message(concat!(
            "The provided package name is not valid. Package names can only contain alphanumeric ",
            "characters as well as _, -, +, or *!"
        )),
        text("glob"),
        text("pin").required(&["add"]),
        field("pin_priority").types(&["String", "Integer"]).required(&["add"]),
    ]),
    kind("yum_repository", "YumRepository")
        .actions(&["create", "remove", "makecache", "add", "delete"])
        .runs(&["create"])
        .properties(&[
            text("reposdir").default(Default::Text("/etc/yum.repos.d/")),
            field("baseurl").types(&["String", "Array"]),
            flag("clean_headers").default(Default::False),
            flag("clean_metadata").default(Default::True),
            text("cost").pattern(&[r"^\d+$"]).message("The cost property must be a numeric value!"),
            text("description").default(Default::Text("Yum Repository")),
            flag("enabled").default(Default::True),
            flag("enablegroups"),
            text("exclude"),
            text("failovermethod").one_of(&[Default::Text("priority"), Default::Text("roundrobin")]),
            flag("fastestmirror_enabled"),
            flag("gpgcheck").default(Default::True),
            field("gpgkey").types(&["String", "Array"]),
            text("http_caching").one_of(&[Default::Text("packages"), Default::Text("all"), Default::Text("none")]),
            text("include_config"),
            text("includepkgs"),
            flag("keepalive"),
            flag("make_cache").default(Default::True),
            flag("makecache_fast").default(Default::False),
            field("max_retries").types(&["String", "Integer"]),
            text("metadata_expire").pattern(&[r"^\d+$", r"^\d+[mhd]$", r"never"]).message(concat!(
                "The metadata_expire property must be a numeric value for time in seconds, the string ",
                "'never', or a numeric value appended with with `d`, `h`, or `m`!"
            )),
            text("metalink"),
            text("mirror_expire").pattern(&[r"^\d+$", r"^\d+[mhd]$"]).message(concat!(
                "The mirror_expire property must be a numeric value for time in seconds, the string ",
                "'never', or a numeric value appended with with `d`, `h`, or `m`!"
            )),
            text("mirrorlist_expire").pattern(&[r"^\d+$", r"^\d+[mhd]$"]).message(concat!(
                "The mirrorlist_expire property must be a numeric value for time in seconds, the ",
                "string 'never', or a numeric value appended with with `d`, `h`, or `m`!"
            )),
            text("mirrorlist"),
            field("mode").types(&["String", "Integer"]).default(Default::Text("0644")),
            map("options"),
            text("password").secret(),
            text("priority").pattern(&[r"^(\d?[1-9]|[0-9][0-9])$"]).message("The priority property must be a numeric value from 1-99!"),
            text("proxy_password").secret(),
            text("proxy_username"),
            text("proxy"),
            flag("repo_gpgcheck"),
            flag("report_instanceid"),
            text("repositoryid").named().pattern(&[r"^[^/]+$"]).message("repositoryid property cannot contain a forward slash '/'"),
            flag("skip_if_unavailable"),
            text("source"),
            text("sslcacert"),
            text("sslclientcert"),
            text("sslclientkey"),
            flag("sslverify"),
            field("throttle").types(&["String", "Integer"]),
            text("timeout").pattern(&[r"^\d+$"]).message("The timeout property must be a numeric value!"),
            text("username"),
        ])
        .aliases(&[("mirrorexpire", "mirror_expire"), ("keyurl", "gpgkey"), ("url", "baseurl")]),
    kind("zypper_repository", "ZypperRepository")
        .also(&["zypper_repo"])
        .actions(&["create", "remove", "add", "refresh"])
        .runs(&["create"])
        .properties(&[
            text("repo_name").named().pattern(&[r"^[^/]+$"]).message("repo_name property cannot contain a forward slash `/`"),
            text("description"),
            text("type").default(Default::Text("NONE")),
            flag("enabled").default(Default::True),
            flag("autorefresh").default(Default::True),
            flag("gpgcheck").default(Default::True),
            field("gpgkey").types(&["String", "Array"]).default(Default::EmptyList).coerce(list),
            text("baseurl"),
            text("mirrorlist"),
            text("path"),
            number("priority").default(Default::Integer(99)),
            flag("keeppackages").default(Default::False),
            field("mode").types(&["String", "Integer"]).default(Default::Text("0644")),
            flag("refresh_cache").default(Default::True),
            text("source"),
            text("cookbook").computed(own_cookbook).aside(),
            flag("gpgautoimportkeys").default(Default::True),
        ])
        .aliases(&[("key", "gpgkey"), ("uri", "baseurl")]),
    kind("rhsm_errata", "RhsmErrata").actions(&["install"]).runs(&["install"]).properties(&[text("errata_id").named()]),
    kind("rhsm_errata_level", "RhsmErrataLevel").actions(&["install"]).runs(&["install"]).properties(&[text("errata_level")
        .named()
        .coerce(downcase)
        .one_of(&[Default::Text("critical"), Default::Text("moderate"), Default::Text("important"), Default::Text("low")])]),
    kind("rhsm_register", "RhsmRegister").actions(&["register", "unregister"]).runs(&["register"]).properties(&[
        field("activation_key").types(&["String", "Array"]).coerce(list),
        text("satellite_host"),
        text("organization"),
        text("environment"),
        text("username"),
        text("password").secret(),
        text("system_name"),
        flag("auto_attach").default(Default::False),
        flag("install_katello_agent").default(Default::True),
        flag("force").default(Default::False).aside(),
        flag("https_for_ca_consumer").default(Default::False).aside(),
        text("server_url"),
        text("base_url"),
        text("service_level"),
        field("release").types(&["Float", "String"]),
    ]),
    kind("rhsm_repo", "RhsmRepo").actions(&["enable", "disable"]).runs(&["enable"]).properties(&[text("repo_name").named()]),
    kind("rhsm_subscription", "RhsmSubscription").actions(&["attach", "remove"]).runs(&["attach"]).properties(&[text("pool_id").named()]),
];
