//! What asks for the platform: `platform?`, `value_for_platform`, the predicates of `ChefUtils` (`debian?`, `ec2?`, `systemd?`).
//!
//! All of them read the node's attributes; where an attribute is unknown, so is the answer.

use std::rc::Rc;

use crate::chef::attribute::LevelName;
use crate::chef::client::client;
use crate::chef::file_system;
use crate::name::Name;
use crate::read::version::{CookbookConstraint, CookbookVersion};
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{MethodBody, Module, Native, Visibility};
use crate::ruby::procs::Args;
use crate::ruby::value::{Str, Value};

/// What a predicate looks at.
#[derive(Clone, Copy)]
enum Test {
    /// `node['platform']` is one of these.
    Platform(&'static [&'static str]),
    /// `node['platform_family']` is one of these.
    Family(&'static [&'static str]),
    /// `node['os']`
    System(&'static str),
    /// `node['kernel']['machine']` is one of these, or none of them.
    Machine(&'static [&'static str], bool),
    /// The node has this top-level attribute.
    Has(&'static str),
    /// `node['virtualization']['system']` and `['role']`
    Virtual(&'static str, &'static str),
    /// `node['init_package']`
    Init(&'static str),
    /// The family is `rhel` with this major version.
    Enterprise(&'static str),
    /// Something stands at this path of the machine.
    Path(&'static str),
    /// Never here.
    Never,
}

const WIDE: &[&str] = &["amd64", "x86_64", "ppc64", "ppc64le", "s390x", "ia64", "sparc64", "aarch64", "arch64", "arm64", "sun4v", "sun4u"];
const INTEL: &[&str] = &["i86pc", "i386", "x86_64", "amd64", "i686"];
const ARM: &[&str] = &["armv6l", "armv7l", "armhf", "aarch64", "arm64", "arch64"];

/// The predicates of `ChefUtils`, aliases with them.
const TESTS: &[(&[&str], Test)] = &[
    (&["linuxmint_platform?", "mint?", "linux_mint?", "linuxmint?"], Test::Platform(&["linuxmint"])),
    (&["ubuntu_platform?", "ubuntu?"], Test::Platform(&["ubuntu"])),
    (&["raspbian_platform?", "raspbian?"], Test::Platform(&["raspbian"])),
    (&["debian_platform?"], Test::Platform(&["debian"])),
    (&["amazon_platform?"], Test::Platform(&["amazon"])),
    (&["redhat_platform?", "redhat_enterprise?", "redhat_enterprise_linux?", "redhat?"], Test::Platform(&["redhat"])),
    (&["centos_platform?", "centos?"], Test::Platform(&["centos"])),
    (&["oracle_platform?", "oracle_linux?", "oracle?"], Test::Platform(&["oracle"])),
    (&["scientific_platform?", "scientific_linux?", "scientific?"], Test::Platform(&["scientific"])),
    (&["rocky_platform?", "rocky?"], Test::Platform(&["rocky"])),
    (&["alma_platform?", "almalinux?"], Test::Platform(&["almalinux"])),
    (&["clearos_platform?", "clearos?"], Test::Platform(&["clearos"])),
    (&["fedora_platform?"], Test::Platform(&["fedora"])),
    (&["arch_platform?"], Test::Platform(&["arch"])),
    (&["solaris2_platform?"], Test::Platform(&["solaris2"])),
    (&["smartos_platform?"], Test::Platform(&["smartos"])),
    (&["omnios_platform?", "omnios?"], Test::Platform(&["omnios"])),
    (&["openindiana_platform?", "openindiana?"], Test::Platform(&["openindiana"])),
    (&["aix_platform?"], Test::Platform(&["aix"])),
    (&["freebsd_platform?"], Test::Platform(&["freebsd"])),
    (&["openbsd_platform?"], Test::Platform(&["openbsd"])),
    (&["netbsd_platform?"], Test::Platform(&["netbsd"])),
    (&["dragonfly_platform?"], Test::Platform(&["dragonfly"])),
    (&["macos_platform?", "mac_os_x_platform?"], Test::Platform(&["mac_os_x"])),
    (&["gentoo_platform?"], Test::Platform(&["gentoo"])),
    (&["slackware_platform?"], Test::Platform(&["slackware"])),
    (&["suse_platform?"], Test::Platform(&["suse"])),
    (&["opensuse_platform?", "opensuse?", "opensuseleap_platform?", "leap_platform?"], Test::Platform(&["opensuse", "opensuseleap"])),
    (&["windows_platform?"], Test::Platform(&["windows"])),
    (&["solaris_based?"], Test::Platform(&["solaris2", "smartos", "omnios", "openindiana"])),
    (&["bsd_based?"], Test::Platform(&["netbsd", "freebsd", "openbsd", "dragonflybsd"])),
    (&["arch?", "arch_linux?"], Test::Family(&["arch"])),
    (&["aix?"], Test::Family(&["aix"])),
    (&["debian?"], Test::Family(&["debian"])),
    (&["fedora?"], Test::Family(&["fedora"])),
    (&["macos?", "osx?", "mac?", "mac_os_x?"], Test::Family(&["mac_os_x"])),
    (&["rhel?", "el?"], Test::Family(&["rhel"])),
    (&["amazon?", "amazon_linux?"], Test::Family(&["amazon"])),
    (&["solaris2?", "solaris?"], Test::Family(&["solaris2"])),
    (&["smartos?"], Test::Family(&["smartos"])),
    (&["suse?"], Test::Family(&["suse"])),
    (&["gentoo?"], Test::Family(&["gentoo"])),
    (&["freebsd?"], Test::Family(&["freebsd"])),
    (&["openbsd?"], Test::Family(&["openbsd"])),
    (&["netbsd?"], Test::Family(&["netbsd"])),
    (&["dragonflybsd?"], Test::Family(&["dragonflybsd"])),
    (&["windows?"], Test::Family(&["windows"])),
    (&["rpm_based?"], Test::Family(&["rhel", "fedora", "amazon", "suse"])),
    (&["fedora_derived?"], Test::Family(&["rhel", "fedora", "amazon"])),
    (&["redhat_based?"], Test::Family(&["rhel", "fedora"])),
    (&["rhel6?"], Test::Enterprise("6")),
    (&["rhel7?"], Test::Enterprise("7")),
    (&["rhel8?"], Test::Enterprise("8")),
    (&["rhel9?"], Test::Enterprise("9")),
    (&["linux?"], Test::System("linux")),
    (&["darwin?"], Test::System("darwin")),
    (&["_64_bit?"], Test::Machine(WIDE, true)),
    (&["_32_bit?", "i386?"], Test::Machine(WIDE, false)),
    (&["intel?"], Test::Machine(INTEL, true)),
    (&["x86_64?"], Test::Machine(&["x86_64", "amd64"], true)),
    (&["sparc?"], Test::Machine(&["sun4u", "sun4v"], true)),
    (&["ppc64?"], Test::Machine(&["ppc64"], true)),
    (&["ppc64le?"], Test::Machine(&["ppc64le"], true)),
    (&["powerpc?"], Test::Machine(&["powerpc"], true)),
    (&["arm?"], Test::Machine(ARM, true)),
    (&["armhf?"], Test::Machine(&["armv6l", "armv7l", "armhf"], true)),
    (&["s390x?"], Test::Machine(&["s390x"], true)),
    (&["s390?"], Test::Machine(&["s390"], true)),
    (&["cloud?"], Test::Has("cloud")),
    (&["alibaba?"], Test::Has("alibaba")),
    (&["ec2?"], Test::Has("ec2")),
    (&["gce?"], Test::Has("gce")),
    (&["rackspace?"], Test::Has("rackspace")),
    (&["eucalyptus?", "euca?"], Test::Has("eucalyptus")),
    (&["linode?"], Test::Has("linode")),
    (&["openstack?"], Test::Has("openstack")),
    (&["azure?"], Test::Has("azure")),
    (&["digital_ocean?", "digitalocean?"], Test::Has("digital_ocean")),
    (&["softlayer?"], Test::Has("softlayer")),
    (&["vagrant?", "vagrant_key?"], Test::Has("vagrant")),
    (&["kvm?"], Test::Virtual("kvm", "guest")),
    (&["kvm_host?"], Test::Virtual("kvm", "host")),
    (&["lxc?"], Test::Virtual("lxc", "guest")),
    (&["lxc_host?"], Test::Virtual("lxc", "host")),
    (&["parallels?"], Test::Virtual("parallels", "guest")),
    (&["vbox?", "virtualbox?"], Test::Virtual("vbox", "guest")),
    (&["vbox_host?"], Test::Virtual("vbox", "host")),
    (&["vmware?"], Test::Virtual("vmware", "guest")),
    (&["vmware_host?"], Test::Virtual("vmware", "host")),
    (&["openvz?"], Test::Virtual("openvz", "guest")),
    (&["openvz_host?"], Test::Virtual("openvz", "host")),
    (&["hyperv?"], Test::Virtual("hyperv", "guest")),
    (&["guest?", "virtual?"], Test::Virtual("", "guest")),
    (&["hypervisor?"], Test::Virtual("", "host")),
    (&["systemd?"], Test::Init("systemd")),
    (&["upstart?"], Test::Path("/sbin/initctl")),
    (&["debianrcd?"], Test::Path("/usr/sbin/update-rc.d")),
    (&["invokercd?"], Test::Path("/usr/sbin/invoke-rc.d")),
    (&["insserv?"], Test::Path("/sbin/insserv")),
    (&["redhatrcd?"], Test::Path("/sbin/chkconfig")),
    (&["kitchen?", "ci?", "windows_ruby?", "macos_ruby?", "windows_server_core?", "windows_nano_server?"], Test::Never),
    (&["reboot_pending?", "registry_key_exists?", "registry_value_exists?"], Test::Never),
];

const HELPERS: &[(&str, Native)] = &[
    ("platform?", is_platform),
    ("platform_family?", is_family),
    ("value_for_platform", value_for_platform),
    ("value_for_platform_family", value_for_family),
    ("platform_version", |i, me, args| {
        let args = asked(i, me, args)?;
        read(i, &args, &["platform_version"])
    }),
    ("docker?", |i, _, args| compare(i, args, &["virtualization", "systems", "docker"], &["guest"])),
    ("centos_stream_platform?", |i, _, args| compare(i, args, &["os_release", "name"], &["CentOS Stream"])),
    ("effortless?", |i, _, args| {
        let found = read(i, args, &["chef_packages", "chef", "chef_effortless"])?;
        Ok(if found.is_unknown() { found } else { Value::Bool(found.truthy()) })
    }),
    ("physical?", |i, _, args| {
        let role = read(i, args, &["virtualization", "role"])?;
        Ok(if role.is_unknown() { role } else { Value::Bool(role.text().as_deref() != Some("guest")) })
    }),
    ("includes_recipe?", includes_recipe),
    ("include_recipe?", includes_recipe),
    ("has_systemd_unit?", |i, _, args| unit(i, args, "")),
    ("has_systemd_service_unit?", |i, _, args| unit(i, args, ".service")),
    ("service_script_exist?", service_script),
    ("which", which),
    ("where", |i, me, args| {
        let found = which(i, me, args)?;
        Ok(if found.is_unknown() { found } else { Value::array(found.truthy().then_some(found).into_iter().collect()) })
    }),
    ("default_paths", |_, _, _| Ok(Value::str("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"))),
];

/// Installs `ChefUtils`, and with it the helpers of recipes, resources, providers and attribute files.
pub fn install(interpreter: &mut Interpreter) {
    let utils = interpreter.define_module_path("ChefUtils");
    let meta = interpreter.singleton_class(&Value::Module(Rc::clone(&utils)));
    for module in [&utils, &meta] {
        interpreter.define(module, HELPERS);
        for (names, test) in TESTS {
            for name in *names {
                let test = *test;
                let body = MethodBody::Closure(Rc::new(move |i: &mut Interpreter, me: &Value, args: &Args| {
                    let args = asked(i, me, args)?;
                    ask(i, &args, test)
                }));
                interpreter.add_method(module, Name::new(name), body, Visibility::Public);
            }
        }
    }
    let object = Rc::clone(&interpreter.classes.object);
    let universal = interpreter.define_module_path("Chef::DSL::Universal");
    let introspection = interpreter.define_module_path("Chef::DSL::PlatformIntrospection");
    interpreter.include(&introspection, &utils);
    let wide = interpreter.define_module_path("ChefUtils::DSL");
    for part in ["Architecture", "Cloud", "Introspection", "OS", "Platform", "PlatformFamily", "Service", "Virtualization", "Which"] {
        let module = interpreter.define_module_path(&format!("ChefUtils::DSL::{part}"));
        interpreter.include(&module, &utils);
    }
    interpreter.include(&wide, &utils);
    interpreter.include(&universal, &introspection);
    for class in ["Chef::Node", "Chef::Resource", "Chef::Provider"] {
        let class = interpreter.define_class_path(class, &object);
        interpreter.include(&class, if class.display_name() == "Chef::Node" { &introspection } else { &universal });
    }
    version_string(interpreter);
    // The class comes first: what stands between two colons is a module where it is not there.
    interpreter.define_class_path("Chef::Platform", &object);
    let services = interpreter.define_class_path("Chef::Platform::ServiceHelpers", &object);
    interpreter.define_singleton(
        &services,
        &[("service_resource_providers", service_providers), ("config_for_service", |_, _, _| Ok(Value::array(Vec::new())))],
    );
}

/// `Chef::Platform::ServiceHelpers.service_resource_providers`: the service managers that a machine with this operating system has programs
/// of. Ubuntu had Upstart before it had systemd; its `init_package` is `init` then.
fn service_providers(interpreter: &mut Interpreter, _: &Value, _: &Args) -> Eval {
    let none = Args::none();
    let (family, platform) = (read(interpreter, &none, &["platform_family"])?, read(interpreter, &none, &["platform"])?);
    let systemd = ask(interpreter, &none, Test::Init("systemd"))?.truthy();
    let mut found: Vec<&str> = match family.text().as_deref() {
        Some("debian") => vec!["debian", "invokercd"],
        Some("rhel" | "fedora" | "amazon" | "suse") => vec!["redhat"],
        _ => Vec::new(),
    };
    if !systemd && platform.text().as_deref() == Some("ubuntu") {
        found.push("upstart");
    }
    if systemd {
        found.push("systemd");
    }
    Ok(Value::array(found.into_iter().map(Value::symbol).collect()))
}

/// The node that a helper is asked about: its argument, or the run's.
fn node(interpreter: &Interpreter, args: &Args) -> Value {
    match args.list.last() {
        Some(node @ (Value::Object(_) | Value::Hash(_))) => node.clone(),
        _ => client(interpreter).node_object.borrow().clone(),
    }
}

/// The arguments of a helper, with the node that it asks where that is not the run's: the object itself where it is a node, else what the
/// `node` of its class, written in Ruby, gives.
fn asked(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval<Args> {
    if matches!(args.list.last(), Some(Value::Object(_) | Value::Hash(_))) {
        return Ok(args.clone());
    }
    let Value::Object(_) = me else { return Ok(args.clone()) };
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Chef::Node", &object);
    let own = if interpreter.is_a(me, &class) {
        me.clone()
    } else {
        let class = interpreter.class_of(me);
        let method = interpreter.find_method(&class, Name::new("node"));
        let general = |method: &crate::ruby::module::Method| method.owner.upgrade().is_some_and(|owner| Rc::ptr_eq(&owner, &object));
        match method {
            Some(method) if !matches!(method.body, MethodBody::Native(..) | MethodBody::Closure(_)) && !general(&method) => {
                interpreter.call(me, Name::new("node"), Args::none(), CallKind::Implicit)?
            }
            _ => return Ok(args.clone()),
        }
    };
    let mut args = args.clone();
    if matches!(own, Value::Object(_) | Value::Hash(_)) {
        args.list.push(own);
    }
    Ok(args)
}

/// The node's attribute at `path`; `nil` where there is none.
fn read(interpreter: &mut Interpreter, args: &Args, path: &[&str]) -> Eval {
    look(interpreter, args, path, |key| Value::str(key))
}

/// As [`read`], with a symbol as the key: what Chef's own helpers ask with, beside those of `ChefUtils`.
fn read_symbol(interpreter: &mut Interpreter, args: &Args, key: &str) -> Eval {
    look(interpreter, args, &[key], Value::symbol)
}

fn look(interpreter: &mut Interpreter, args: &Args, path: &[&str], key_of: fn(&str) -> Value) -> Eval {
    let mut value = node(interpreter, args);
    for key in path {
        value = match &value {
            Value::Object(_) | Value::Hash(_) | Value::Unknown(_) => interpreter.send(&value, "[]", &[key_of(key)])?,
            _ => return Ok(Value::Nil),
        };
    }
    Ok(value)
}

fn compare(interpreter: &mut Interpreter, args: &Args, path: &[&str], wanted: &[&str]) -> Eval {
    let found = read(interpreter, args, path)?;
    if let Value::Unknown(hole) = &found {
        return Ok(interpreter.derived(hole, &format!(" in {}", wanted.join(", "))));
    }
    Ok(Value::Bool(found.text().is_some_and(|text| wanted.contains(&text.as_str()))))
}

fn ask(interpreter: &mut Interpreter, args: &Args, test: Test) -> Eval {
    match test {
        Test::Platform(names) => compare(interpreter, args, &["platform"], names),
        Test::Family(names) => compare(interpreter, args, &["platform_family"], names),
        Test::System(name) => compare(interpreter, args, &["os"], &[name]),
        Test::Init(name) => compare(interpreter, args, &["init_package"], &[name]),
        Test::Machine(names, wanted) => {
            let answer = compare(interpreter, args, &["kernel", "machine"], names)?;
            Ok(if answer.is_unknown() || wanted { answer } else { Value::Bool(!answer.truthy()) })
        }
        Test::Has(key) => {
            let node = node(interpreter, args);
            let found = interpreter.send(&node, "key?", &[Value::str(key)])?;
            if !found.truthy() {
                return Ok(Value::Bool(false));
            }
            let value = read(interpreter, args, &[key])?;
            Ok(if value.is_unknown() { value } else { Value::Bool(!value.is_nil()) })
        }
        Test::Virtual(system, role) => {
            let answer = compare(interpreter, args, &["virtualization", "role"], &[role])?;
            if system.is_empty() || answer.is_unknown() || !answer.truthy() {
                return Ok(answer);
            }
            compare(interpreter, args, &["virtualization", "system"], &[system])
        }
        Test::Enterprise(major) => {
            let family = compare(interpreter, args, &["platform_family"], &["rhel"])?;
            if family.is_unknown() || !family.truthy() {
                return Ok(family);
            }
            let version = read(interpreter, args, &["platform_version"])?;
            Ok(Value::Bool(version.text().is_some_and(|version| version.split('.').next() == Some(major))))
        }
        Test::Path(path) => Ok(Value::Bool(file_system::exists(interpreter, path))),
        Test::Never => Ok(Value::Bool(false)),
    }
}

fn names(interpreter: &mut Interpreter, list: &[Value]) -> Eval<Vec<String>> {
    let mut names = Vec::new();
    for value in list {
        for item in value.items().unwrap_or_else(|| vec![value.clone()]) {
            names.push(interpreter.display(&item)?);
        }
    }
    Ok(names)
}

fn one_of(interpreter: &mut Interpreter, args: &Args, key: &str) -> Eval {
    let plain: Vec<Value> = args.list.iter().filter(|value| !matches!(value, Value::Hash(_) | Value::Object(_))).cloned().collect();
    let wanted = names(interpreter, &plain)?;
    let found = read_symbol(interpreter, args, key)?;
    match &found {
        Value::Unknown(hole) => Ok(interpreter.derived(hole, &format!(" in {}", wanted.join(", ")))),
        other => Ok(Value::Bool(other.text().is_some_and(|text| wanted.contains(&text)))),
    }
}

fn is_platform(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let args = asked(interpreter, me, args)?;
    one_of(interpreter, &args, "platform")
}

fn is_family(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let args = asked(interpreter, me, args)?;
    one_of(interpreter, &args, "platform_family")
}

/// A version with up to three numbers, as Chef compares platforms.
fn platform_version(text: &str) -> Option<CookbookVersion> {
    let digits = text.starts_with(|c: char| c.is_ascii_digit());
    CookbookConstraint::parse_platform(text).ok().filter(|_| digits).map(|constraint| constraint.version)
}

/// `value_for_platform('ubuntu' => { '>= 18.04' => a, 'default' => b }, %w(centos redhat) => { … }, 'default' => c)`:
/// the exact version, else the one constraint that holds, else the platform's default, else the default.
fn value_for_platform(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Value::Hash(table) = args.value(0) else { return Ok(Value::Nil) };
    let node = asked(interpreter, me, &Args::none())?;
    let (platform, version) = (read_symbol(interpreter, &node, "platform")?, read_symbol(interpreter, &node, "platform_version")?);
    if let Value::Unknown(hole) = &platform {
        return Ok(interpreter.derived_prefix("value_for_platform of ", hole));
    }
    let (platform, version) = (interpreter.display(&platform)?, interpreter.display(&version)?);
    let mut fallback = Value::Nil;
    let mut here: Vec<(String, Value)> = Vec::new();
    for (key, value) in table.pairs() {
        let platforms = names(interpreter, std::slice::from_ref(&key))?;
        if platforms == ["default"] && !matches!(key, Value::Array(_)) {
            fallback = value;
            continue;
        }
        let Value::Hash(versions) = &value else {
            let (shown, platforms) = (interpreter.inspect(&value)?, interpreter.display(&key)?);
            return interpreter.argument_error(format!(
                "platform dependent values must be specified in the format :platform => {{:version => value}} you gave a value {shown} for platform(s) {platforms}"
            ));
        };
        if platforms.contains(&platform) {
            here.clear();
            for (versions, value) in versions.pairs() {
                for version in names(interpreter, std::slice::from_ref(&versions))? {
                    here.push((version, value.clone()));
                }
            }
        }
    }
    let at = |wanted: &str| here.iter().rev().find(|(key, _)| key == wanted).map(|(_, value)| value.clone());
    if let Some(value) = at(&version) {
        return Ok(value);
    }
    if let Some(own) = platform_version(&version) {
        let matching: Vec<&(String, Value)> = here
            .iter()
            .filter(|(key, _)| CookbookConstraint::parse_platform(key).is_ok_and(|constraint| constraint.matches(&own)))
            .collect();
        match matching.as_slice() {
            [] => {}
            [(_, value)] => return Ok(value.clone()),
            several => {
                let keys: Vec<&str> = several.iter().map(|(key, _)| key.as_str()).collect();
                let message = format!("Multiple matches detected for {platform}. The matches are: {keys:?}");
                let class = Rc::clone(&interpreter.classes.runtime_error);
                return interpreter.raise(&class, message);
            }
        }
    }
    Ok(at("default").unwrap_or(fallback))
}

/// `value_for_platform_family('debian' => a, %w(rhel fedora) => b, 'default' => c)`
fn value_for_family(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Value::Hash(table) = args.value(0) else { return Ok(Value::Nil) };
    let node = asked(interpreter, me, &Args::none())?;
    let family = read_symbol(interpreter, &node, "platform_family")?;
    if let Value::Unknown(hole) = &family {
        return Ok(interpreter.derived_prefix("value_for_platform_family of ", hole));
    }
    let family = interpreter.display(&family)?;
    let (mut found, mut fallback) = (None, Value::Nil);
    for (key, value) in table.pairs() {
        for name in names(interpreter, std::slice::from_ref(&key))? {
            if name == family {
                found = Some(value.clone());
            } else if name == "default" {
                fallback = value.clone();
            }
        }
    }
    Ok(found.unwrap_or(fallback))
}

fn includes_recipe(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let node = client(interpreter).node_object.borrow().clone();
    interpreter.send(&node, "recipe?", &[args.value(0)])
}

fn unit(interpreter: &mut Interpreter, args: &Args, suffix: &str) -> Eval {
    let name = interpreter.display(&args.value(0))?;
    let name = match (suffix, name.split_once('@')) {
        (".service", Some((template, _))) => format!("{template}@.service"),
        _ => format!("{name}{suffix}"),
    };
    let found = ["/etc", "/usr/lib", "/lib", "/run"]
        .iter()
        .any(|place| file_system::exists(interpreter, &format!("{place}/systemd/system/{name}")));
    Ok(Value::Bool(found))
}

fn service_script(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let kind = interpreter.display(&args.value(0))?;
    let name = interpreter.display(&args.value(1))?;
    let path = match kind.as_str() {
        "initd" => format!("/etc/init.d/{name}"),
        "upstart" => format!("/etc/init/{name}.conf"),
        "xinetd" => format!("/etc/xinetd.d/{name}"),
        "etc_rcd" => format!("/etc/rc.d/{name}"),
        "systemd" => {
            let units = Args::new(vec![args.value(1)]);
            let found = file_system::exists(interpreter, &format!("/etc/init.d/{name}"))
                || unit(interpreter, &units, ".service")?.truthy()
                || unit(interpreter, &units, "")?.truthy();
            return Ok(Value::Bool(found));
        }
        _ => return interpreter.argument_error("type of service must be one of :initd, :upstart, :xinetd, :etc_rcd, or :systemd"),
    };
    Ok(Value::Bool(file_system::exists(interpreter, &path)))
}

/// The path of a command: what the run put into a folder of `PATH`, else unknown (`false` in a strict run: an empty machine).
fn which(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let plain: Vec<Value> = args.list.iter().filter(|value| !matches!(value, Value::Hash(_))).cloned().collect();
    let commands = names(interpreter, &plain)?;
    for command in &commands {
        for place in ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"] {
            let path = format!("{place}/{command}");
            if file_system::is_file(interpreter, &path) || file_system::is_link(interpreter, &path) {
                return Ok(Value::str(path));
            }
        }
    }
    if client(interpreter).settings.lenient {
        return Ok(super::unknown(format!("which {}", commands.join(" ")), "whether the machine has the command"));
    }
    Ok(Value::Bool(false))
}

const VERSION: &[(&str, Native)] = &[
    ("<=>", |i, me, a| Ok(order(i, me, a)?.map_or(Value::Nil, |order| Value::Integer(order as i64)))),
    ("==", |i, me, a| Ok(Value::Bool(order(i, me, a)? == Some(std::cmp::Ordering::Equal)))),
    ("!=", |i, me, a| Ok(Value::Bool(order(i, me, a)? != Some(std::cmp::Ordering::Equal)))),
    ("<", |i, me, a| Ok(Value::Bool(order(i, me, a)?.is_some_and(std::cmp::Ordering::is_lt)))),
    ("<=", |i, me, a| Ok(Value::Bool(order(i, me, a)?.is_some_and(std::cmp::Ordering::is_le)))),
    (">", |i, me, a| Ok(Value::Bool(order(i, me, a)?.is_some_and(std::cmp::Ordering::is_gt)))),
    (">=", |i, me, a| Ok(Value::Bool(order(i, me, a)?.is_some_and(std::cmp::Ordering::is_ge)))),
    ("=~", |i, me, a| match a.get(0) {
        Some(Value::Str(_)) => satisfies(i, me, a),
        _ => {
            let text = Value::str(i.to_str(me)?);
            i.call(&text, Name::new("=~"), a.clone(), CallKind::Explicit)
        }
    }),
    ("satisfies?", satisfies),
];

/// `ChefUtils::VersionString`: text that compares as versions do.
fn version_string(interpreter: &mut Interpreter) {
    let string = Rc::clone(&interpreter.classes.string);
    let class = interpreter.define_class_path("ChefUtils::VersionString", &string);
    interpreter.define(&class, VERSION);
    let chef = interpreter.define_class_path("Chef", &Rc::clone(&interpreter.classes.object));
    chef.constants.borrow_mut().insert(Name::new("VersionString"), Value::Module(class));
}

fn order(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval<Option<std::cmp::Ordering>> {
    let own = interpreter.to_str(me)?;
    let other = interpreter.display(&args.value(0))?;
    Ok(match (own.parse::<crate::read::version::GemVersion>(), other.parse::<crate::read::version::GemVersion>()) {
        (Ok(own), Ok(other)) => Some(own.cmp(&other)),
        _ => Some(own.cmp(&other)),
    })
}

fn satisfies(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let own = interpreter.to_str(me)?;
    for value in names(interpreter, &args.list)? {
        let holds = match (own.parse(), crate::read::version::Requirement::parse(&value)) {
            (Ok(own), Ok(requirement)) => requirement.matches(&own),
            _ => false,
        };
        if !holds {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}

/// Makes `node['platform_version']` a version string, as Chef 16 and later do.
pub fn mark_version(interpreter: &mut Interpreter) {
    let state = client(interpreter);
    if state.settings.compat && !state.settings.lenient {
        return;
    }
    let level = state.node.level(LevelName::Automatic);
    let Some(Value::Str(text)) = level.get_str("platform_version") else { return };
    let class: Option<Rc<Module>> = match interpreter.constant_path("ChefUtils::VersionString") {
        Some(Value::Module(class)) => Some(class),
        _ => None,
    };
    let made = Str { text: std::cell::RefCell::new(text.text.borrow().clone()), frozen: std::cell::Cell::new(false), class };
    level.insert_plain(Value::str("platform_version"), Value::Str(Rc::new(made)));
}
