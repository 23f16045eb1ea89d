//! `package`, `user` and `service` are other classes on other systems: `package` on Ubuntu makes an `AptPackage`.

use std::rc::Rc;

use crate::chef::client::client;
use crate::chef::node::merged;
use crate::name::Name;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Module;

/// The class behind `package`, `user` and `service` on the node's system; any other class as it is.
///
/// Source: the `provides` lines of Chef Infra 18. Chef 11 and 12 have one class for all systems, and so has an unknown system.
pub fn for_platform(interpreter: &mut Interpreter, kind: Name, class: &Rc<Module>) -> Rc<Module> {
    let plain = match kind.as_str() {
        "package" => "Chef::Resource::Package",
        "user" => "Chef::Resource::User",
        "service" => "Chef::Resource::Service",
        _ => return Rc::clone(class),
    };
    if client(interpreter).settings.compat || class.display_name() != plain {
        return Rc::clone(class);
    }
    let mut attribute = |name: &str| merged(interpreter, name).and_then(|value| value.text()).unwrap_or_default();
    let (family, platform, os) = (attribute("platform_family"), attribute("platform"), attribute("os"));
    let release: u32 = attribute("platform_version").split('.').next().and_then(|major| major.parse().ok()).unwrap_or(0);
    let name = match (kind.as_str(), family.as_str()) {
        ("package", "debian") => "AptPackage",
        ("package", "rhel") if release >= 8 => "DnfPackage",
        ("package", "amazon") if (2022..3000).contains(&release) => "DnfPackage",
        ("package", "rhel" | "amazon") => "YumPackage",
        ("package", "fedora") => "DnfPackage",
        ("package", "suse") => "ZypperPackage",
        ("package", "freebsd") => "FreebsdPackage",
        ("package", "openbsd") => "OpenbsdPackage",
        ("package", "smartos") => "SmartosPackage",
        ("package", "mac_os_x") => "HomebrewPackage",
        ("package", "windows") => "WindowsPackage",
        ("user", "mac_os_x") => "User::MacUser",
        ("user", "windows") => "User::WindowsUser",
        ("user", "freebsd") => "User::PwUser",
        ("user", _) if os == "linux" || platform == "linux" => "User::LinuxUser",
        ("service", "mac_os_x") => "MacosxService",
        ("service", "windows") => "WindowsService",
        _ => return Rc::clone(class),
    };
    let found = interpreter.define_class_path(&format!("Chef::Resource::{name}"), class);
    interpreter.finish(&found);
    found
}
