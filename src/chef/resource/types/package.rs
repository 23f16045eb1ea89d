//! `package` and its kin.

use super::{Default, Field, Type, coerced, field, named, with};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::Value;

const ACTIONS: &[&str] = &["install", "upgrade", "remove", "purge", "reconfig", "lock", "unlock"];

/// The types.
pub const TYPES: &[Type] = &[
    Type { name: "package", class: "Package", above: "", actions: ACTIONS, defaults: 1, properties: PACKAGE },
    Type {
        name: "apt_package",
        class: "AptPackage",
        above: "Package",
        actions: ACTIONS,
        defaults: 1,
        properties: &[field("default_release"), field("overwrite_config_files"), field("response_file"), field("response_file_variables")],
    },
    Type {
        name: "yum_package",
        class: "YumPackage",
        above: "Package",
        actions: ACTIONS,
        defaults: 1,
        properties: &[field("allow_downgrade"), field("flush_cache"), field("arch"), field("yum_binary")],
    },
    Type {
        name: "dnf_package",
        class: "DnfPackage",
        above: "Package",
        actions: ACTIONS,
        defaults: 1,
        properties: &[field("allow_downgrade"), field("flush_cache"), field("arch")],
    },
    Type {
        name: "zypper_package",
        class: "ZypperPackage",
        above: "Package",
        actions: ACTIONS,
        defaults: 1,
        properties: &[field("allow_downgrade"), field("gpg_check"), field("global_options")],
    },
    Type { name: "apk_package", class: "ApkPackage", above: "Package", actions: ACTIONS, defaults: 1, properties: &[] },
    Type { name: "snap_package", class: "SnapPackage", above: "Package", actions: ACTIONS, defaults: 1, properties: &[field("channel")] },
    Type {
        name: "dpkg_package",
        class: "DpkgPackage",
        above: "Package",
        actions: ACTIONS,
        defaults: 1,
        properties: &[field("response_file")],
    },
    Type {
        name: "rpm_package",
        class: "RpmPackage",
        above: "Package",
        actions: ACTIONS,
        defaults: 1,
        properties: &[field("allow_downgrade")],
    },
    Type {
        name: "gem_package",
        class: "GemPackage",
        above: "Package",
        actions: ACTIONS,
        defaults: 1,
        properties: &[field("gem_binary"), with("clear_sources", Default::Nil), field("include_default_source")],
    },
    Type { name: "chef_gem", class: "ChefGem", above: "GemPackage", actions: ACTIONS, defaults: 1, properties: &[] },
    Type {
        name: "easy_install_package",
        class: "EasyInstallPackage",
        above: "Package",
        actions: ACTIONS,
        defaults: 1,
        properties: &[field("easy_install_binary"), field("python_binary"), field("module_name")],
    },
];

const PACKAGE: &[Field] = &[
    named("package_name"),
    field("version"),
    coerced("options", options),
    field("source"),
    field("timeout"),
    field("response_file"),
    field("response_file_variables"),
    field("allow_downgrade"),
    field("flush_cache"),
    field("arch"),
    field("default_release"),
    field("allow_downgrade"),
    field("environment"),
];

/// Options given as one string are split as a shell would.
fn options(interpreter: &mut Interpreter, value: &Value) -> Eval {
    match value {
        Value::Str(_) => {
            let text = interpreter.to_str(value)?;
            Ok(Value::strings(crate::read::shell::words(&text).unwrap_or_else(|_| vec![text])))
        }
        other => Ok(other.clone()),
    }
}
