//! Defaults of built-in resources that follow from their other properties or from the node.
//!
//! In: the resource. Out: the value that the property has when nobody sets it.

use crate::chef::client::client;
use crate::chef::node::merged;
use crate::chef::resource::{data, property};
use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::Value;

fn own(interpreter: &mut Interpreter, me: &Value, name: &str) -> Eval {
    property::get(interpreter, me, Name::new(name))
}

fn own_text(interpreter: &mut Interpreter, me: &Value, name: &str) -> Eval<String> {
    let value = own(interpreter, me, name)?;
    interpreter.display(&value)
}

fn family(interpreter: &mut Interpreter) -> String {
    merged(interpreter, "platform_family").and_then(|value| value.text()).unwrap_or_default()
}

/// `/usr/bin/NAME` of `alternatives`.
pub fn alternative_link(interpreter: &mut Interpreter, me: &Value) -> Eval {
    Ok(Value::str(format!("/usr/bin/{}", own_text(interpreter, me, "link_name")?)))
}

/// The code name of the node's release.
pub fn codename(interpreter: &mut Interpreter, _: &Value) -> Eval {
    let release = merged(interpreter, "lsb").unwrap_or(Value::Nil);
    if release.is_nil() { Ok(Value::Nil) } else { interpreter.send(&release, "[]", &[Value::str("codename")]) }
}

/// The name of the node.
pub fn node_name(interpreter: &mut Interpreter, _: &Value) -> Eval {
    let name = client(interpreter).node.name.borrow().clone();
    Ok(Value::str(name))
}

/// The address of the node.
pub fn node_address(interpreter: &mut Interpreter, _: &Value) -> Eval {
    Ok(merged(interpreter, "ipaddress").unwrap_or(Value::Nil))
}

/// The group of root: `root`, or `wheel`.
pub fn root_group(interpreter: &mut Interpreter, _: &Value) -> Eval {
    Ok(merged(interpreter, "root_group").unwrap_or(Value::Nil))
}

/// How often a scheduled task runs: every 30 minutes, or once.
pub fn task_interval(interpreter: &mut Interpreter, me: &Value) -> Eval {
    Ok(Value::Integer(if own_text(interpreter, me, "frequency")? == "minute" { 30 } else { 1 }))
}

/// The folder of logs of a scheduled task.
pub fn task_log(interpreter: &mut Interpreter, me: &Value) -> Eval {
    Ok(Value::str(format!("{}/log", own_text(interpreter, me, "config_directory")?)))
}

/// The application of a disk image.
pub fn app_name(interpreter: &mut Interpreter, me: &Value) -> Eval {
    own(interpreter, me, "app")
}

/// The last part of `path`.
pub fn base_name(interpreter: &mut Interpreter, me: &Value) -> Eval {
    let path = own_text(interpreter, me, "path")?;
    let path = path.trim_end_matches('/');
    Ok(Value::str(path.rsplit('/').next().unwrap_or(path)))
}

/// The packages that SELinux needs on the node.
pub fn selinux_packages(interpreter: &mut Interpreter, _: &Value) -> Eval {
    const RHEL: &[&str] = &[
        "make",
        "policycoreutils",
        "selinux-policy",
        "selinux-policy-targeted",
        "selinux-policy-devel",
        "libselinux-utils",
        "setools-console",
    ];
    const DEBIAN: &[&str] =
        &["make", "policycoreutils", "selinux-basics", "selinux-policy-default", "selinux-policy-dev", "auditd", "setools"];
    let version = merged(interpreter, "platform_version").and_then(|value| value.text()).unwrap_or_default();
    let platform = merged(interpreter, "platform").and_then(|value| value.text()).unwrap_or_default();
    Ok(match family(interpreter).as_str() {
        "rhel" | "fedora" | "amazon" => Value::strings(RHEL.iter().copied()),
        "debian" => {
            let mut packages = DEBIAN.to_vec();
            if platform == "ubuntu" && version == "18.04" {
                packages.insert(2, "selinux");
            }
            Value::strings(packages)
        }
        _ => Value::Nil,
    })
}

/// The policy of SELinux that the node's system has.
pub fn selinux_policy(interpreter: &mut Interpreter, _: &Value) -> Eval {
    Ok(match family(interpreter).as_str() {
        "rhel" | "fedora" | "amazon" => Value::str("targeted"),
        "debian" => Value::str("default"),
        _ => Value::Nil,
    })
}

/// What a service's processes are looked for by: its name.
pub fn service_pattern(interpreter: &mut Interpreter, me: &Value) -> Eval {
    own(interpreter, me, "service_name")
}

/// Where the node's system keeps its configuration.
pub fn configuration_folder(interpreter: &mut Interpreter, _: &Value) -> Eval {
    Ok(Value::str(match family(interpreter).as_str() {
        "smartos" => "/opt/local/etc",
        "mac_os_x" => "/private/etc",
        "freebsd" => "/usr/local/etc",
        _ => "/etc",
    }))
}

/// The file of a user's limits.
pub fn limits_file(interpreter: &mut Interpreter, me: &Value) -> Eval {
    let user = own_text(interpreter, me, "username")?;
    Ok(Value::str(if user == "*" { "00_all_limits.conf".to_owned() } else { format!("{user}_limits.conf") }))
}

/// The name of a firewall rule.
pub fn rule_name(interpreter: &mut Interpreter, me: &Value) -> Eval {
    own(interpreter, me, "rule_name")
}

/// `IP_ADDRESS`, the port of a printer.
pub fn printer_port(interpreter: &mut Interpreter, me: &Value) -> Eval {
    Ok(Value::str(format!("IP_{}", own_text(interpreter, me, "ipv4_address")?)))
}

/// The cookbook that declares the resource.
pub fn own_cookbook(_: &mut Interpreter, me: &Value) -> Eval {
    Ok(data(me).map_or(Value::Nil, |resource| Value::str(resource.cookbook.as_str())))
}

/// The name of the package stands for the place of its file.
pub fn package_source(interpreter: &mut Interpreter, me: &Value) -> Eval {
    own(interpreter, me, "package_name")
}

/// How many commits a shallow clone fetches.
pub fn clone_depth(interpreter: &mut Interpreter, me: &Value) -> Eval {
    Ok(if own(interpreter, me, "shallow_clone")?.truthy() { Value::Integer(5) } else { Value::Nil })
}
