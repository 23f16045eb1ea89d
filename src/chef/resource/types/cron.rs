//! `cron`, `cron_d`, `cron_access`.

use super::check::{cron_day, cron_hour, cron_minute, cron_month, cron_weekday};
use super::coerce::{time_out, weekday};
use super::{Default, Type, field, kind, map, number, text};

/// The types.
pub const TYPES: &[Type] = &[
    kind("cron", "Cron").actions(&["create", "delete"]).runs(&["create"]).properties(&[
        field("minute").types(&["Integer", "String"]).default(Default::Text("*")).check(&[("should be a valid minute spec", cron_minute)]),
        field("hour").types(&["Integer", "String"]).default(Default::Text("*")).check(&[("should be a valid hour spec", cron_hour)]),
        field("day").types(&["Integer", "String"]).default(Default::Text("*")).check(&[("should be a valid day spec", cron_day)]),
        field("month").types(&["Integer", "String"]).default(Default::Text("*")).check(&[("should be a valid month spec", cron_month)]),
        field("weekday")
            .types(&["Integer", "String", "Symbol"])
            .default(Default::Text("*"))
            .coerce(weekday)
            .check(&[("should be a valid weekday spec", cron_weekday)]),
        text("shell").aside(),
        text("path").aside(),
        text("home").aside(),
        text("mailto").aside(),
        text("command").required(&["create"]).identity().aside(),
        text("user").default(Default::Text("root")),
        map("environment").default(Default::EmptyMap).aside(),
        map("time_out").default(Default::EmptyMap).coerce(time_out).aside(),
        field("time").types(&["Symbol"]).one_of(&[
            Default::Symbol("reboot"),
            Default::Symbol("yearly"),
            Default::Symbol("annually"),
            Default::Symbol("monthly"),
            Default::Symbol("weekly"),
            Default::Symbol("daily"),
            Default::Symbol("midnight"),
            Default::Symbol("hourly"),
        ]),
    ]),
    kind("cron_d", "CronD").actions(&["create", "create_if_missing", "delete"]).runs(&["create"]).properties(&[
        field("minute").types(&["Integer", "String"]).default(Default::Text("*")).check(&[("should be a valid minute spec", cron_minute)]),
        field("hour").types(&["Integer", "String"]).default(Default::Text("*")).check(&[("should be a valid hour spec", cron_hour)]),
        field("day").types(&["Integer", "String"]).default(Default::Text("*")).check(&[("should be a valid day spec", cron_day)]),
        field("month").types(&["Integer", "String"]).default(Default::Text("*")).check(&[("should be a valid month spec", cron_month)]),
        field("weekday")
            .types(&["Integer", "String", "Symbol"])
            .default(Default::Text("*"))
            .coerce(weekday)
            .check(&[("should be a valid weekday spec", cron_weekday)]),
        text("shell"),
        text("path"),
        text("home"),
        text("mailto"),
        text("command").required(&["create"]).identity(),
        text("user").default(Default::Text("root")),
        map("environment").default(Default::EmptyMap),
        map("time_out").default(Default::EmptyMap).coerce(time_out),
        text("cron_name").named(),
        text("cookbook").aside(),
        text("predefined_value").one_of(&[
            Default::Text("@reboot"),
            Default::Text("@yearly"),
            Default::Text("@annually"),
            Default::Text("@monthly"),
            Default::Text("@weekly"),
            Default::Text("@daily"),
            Default::Text("@midnight"),
            Default::Text("@hourly"),
        ]),
        text("comment"),
        field("mode").types(&["String", "Integer"]).default(Default::Text("0600")),
        number("random_delay"),
    ]),
    kind("cron_access", "CronAccess")
        .also(&["cron_manage"])
        .actions(&["allow", "deny"])
        .runs(&["allow"])
        .properties(&[text("user").named()]),
];
