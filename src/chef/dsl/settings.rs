//! Constants that cookbooks name: `Chef::Config`, providers, `Chef::Util::FileEdit`, `Chef::Mixin::DeepMerge`, password makers.

use std::rc::Rc;

use crate::chef::attribute::merge_levels;
use crate::chef::client::client;
use crate::chef::file_system;
use crate::diagnostic::Diagnostic;
use crate::graph::FileKind;
use crate::name::Name;
use crate::read::version::{CookbookConstraint, CookbookVersion};
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::{Str, Value};
use crate::text::Hole;

/// Provider classes that recipes name with `provider`.
const PROVIDERS: &[(&str, &[&str])] = &[
    ("Package", PACKAGES),
    (
        "Service",
        &[
            "Aix",
            "AixInit",
            "Arch",
            "Debian",
            "Freebsd",
            "Gentoo",
            "Init",
            "Insserv",
            "Invokercd",
            "Macosx",
            "Openbsd",
            "Redhat",
            "Simple",
            "Solaris",
            "Systemd",
            "Upstart",
            "Windows",
        ],
    ),
    ("User", &["Aix", "Dscl", "Linux", "Pw", "Solaris", "Useradd", "Windows"]),
    ("Group", &["Aix", "Dscl", "Gpasswd", "Groupadd", "Groupmod", "Pw", "Suse", "Usermod", "Windows"]),
    ("Mount", &["Aix", "Linux", "Mount", "Solaris", "Windows"]),
    ("Cron", &["Aix", "Solaris", "Unix"]),
    ("Deploy", &["Revision", "Timestamped"]),
    ("Ifconfig", &["Aix", "Debian", "Redhat"]),
    ("RemoteFile", &["Content", "HTTP", "FTP", "LocalFile"]),
];

/// What service providers are built on, the lowest first: libraries that open them again name it (`chef/provider/service/*.rb`).
const SERVICES: &[(&str, &str)] = &[
    ("Simple", "Service"),
    ("Init", "Service::Simple"),
    ("Systemd", "Service::Simple"),
    ("Upstart", "Service::Simple"),
    ("AixInit", "Service::Init"),
    ("Arch", "Service::Init"),
    ("Debian", "Service::Init"),
    ("Freebsd", "Service::Init"),
    ("Gentoo", "Service::Init"),
    ("Insserv", "Service::Init"),
    ("Invokercd", "Service::Init"),
    ("Openbsd", "Service::Init"),
    ("Redhat", "Service::Init"),
];

const PACKAGES: &[&str] = &[
    "Aix",
    "Apt",
    "Bff",
    "Cab",
    "Chocolatey",
    "Deb",
    "Dnf",
    "Dpkg",
    "EasyInstall",
    "Freebsd",
    "Homebrew",
    "Ips",
    "Macports",
    "Msu",
    "Openbsd",
    "Pacman",
    "Paludis",
    "Portage",
    "Powershell",
    "Rpm",
    "Rubygems",
    "SmartOS",
    "Snap",
    "Solaris",
    "Windows",
    "Yum",
    "Zypper",
];

/// Providers without parts.
const PLAIN: &[&str] = &[
    "AptPreference",
    "AptRepository",
    "AptUpdate",
    "Batch",
    "CookbookFile",
    "Directory",
    "Env",
    "ErlCall",
    "Execute",
    "File",
    "Git",
    "HttpRequest",
    "HttpRequest",
    "Link",
    "Log",
    "Mdadm",
    "Noop",
    "Ohai",
    "PowershellScript",
    "RemoteDirectory",
    "Route",
    "RubyBlock",
    "Script",
    "Subversion",
    "SystemdUnit",
    "Template",
    "WhyrunSafeRubyBlock",
    "YumRepository",
    "ZypperRepository",
];

/// `Chef::Config` as a run of `chef-solo` has it.
const CONFIG: &[(&str, &str)] = &[
    ("file_cache_path", "/var/chef/cache"),
    ("file_backup_path", "/var/chef/backup"),
    ("cache_path", "/var/chef"),
    ("data_bag_path", "/var/chef/data_bags"),
    ("role_path", "/var/chef/roles"),
    ("environment_path", "/var/chef/environments"),
    ("cookbook_path", "/var/chef/cookbooks"),
    ("chef_repo_path", "/var/chef"),
    ("config_file", "/etc/chef/client.rb"),
    ("client_key", "/etc/chef/client.pem"),
    ("validation_key", "/etc/chef/validation.pem"),
    ("encrypted_data_bag_secret", "/etc/chef/encrypted_data_bag_secret"),
    ("chef_server_url", "http://localhost:8889"),
    ("environment", "_default"),
    ("log_location", "STDOUT"),
];

/// What `user_valid_regex` and `group_valid_regex` allow on Linux.
const VALID_ACCOUNT: &str = r"^[^-+~:,\t\r\n\f\0]+[^:,\t\r\n\f\0]*$";

/// Modules and classes that only have to be there.
const THERE: &[&str] = &[
    "Chef::Platform",
    "Chef::Client",
    "Chef::Runner",
    "Chef::REST",
    "Chef::ServerAPI",
    "Chef::HTTP",
    "Chef::Environment",
    "Chef::RunList",
    "Chef::ApiClient",
    "Chef::Handler",
    "Chef::EventDispatch::Base",
    "Chef::EventDispatch::Dispatcher",
    "Chef::ResourceCollection",
    "Chef::ResourceDefinitionList",
    "Chef::ResourceResolver",
    "Chef::ProviderResolver",
    "Chef::CookbookVersion",
    "Chef::CookbookLoader",
    "Chef::Digester",
    "Chef::FileCache",
    "Chef::Util::Editor",
    "Chef::Util::Diff",
    "Chef::Util::Backup",
    "Chef::GuardInterpreter",
    "Ohai::System",
    "Ohai::Config",
];

const FILE_EDIT: &[(&str, Native)] = &[
    ("search_file_replace", |i, me, a| edit(i, me, "replace", a)),
    ("search_file_replace_line", |i, me, a| edit(i, me, "replace_line", a)),
    ("search_file_delete", |i, me, a| edit(i, me, "delete", a)),
    ("search_file_delete_line", |i, me, a| edit(i, me, "delete_line", a)),
    ("insert_line_after_match", |i, me, a| edit(i, me, "insert_after", a)),
    ("insert_line_if_no_match", |i, me, a| edit(i, me, "insert_unless", a)),
    ("write_file", write_edits),
    ("unwritten_changes?", |i, me, _| Ok(Value::Bool(!i.get_ivar(me, "@edits").items().unwrap_or_default().is_empty()))),
    ("file_edited?", |_, _, _| Ok(Value::Bool(true))),
];

const CONFIGURATION: &[(&str, Native)] = &[
    ("[]", config_get),
    ("[]=", config_set),
    ("key?", |i, me, args| Ok(Value::Bool(!config_get(i, me, args)?.is_nil()))),
    ("has_key?", |i, me, args| Ok(Value::Bool(!config_get(i, me, args)?.is_nil()))),
    ("fetch", config_get),
    ("from_file", |_, _, _| Ok(Value::Nil)),
    ("respond_to_missing?", |_, _, _| Ok(Value::Bool(true))),
    ("method_missing", |i, me, args| {
        let name = args.value(0).text().unwrap_or_default();
        let rest = args.get(1).cloned();
        match (name.strip_suffix('='), rest) {
            (Some(key), Some(value)) => config_set(i, me, &Args::new(vec![Value::str(key), value])),
            (None, Some(value)) => config_set(i, me, &Args::new(vec![Value::str(name), value])),
            _ => config_get(i, me, &Args::new(vec![Value::str(name)])),
        }
    }),
];

const MERGE: &[(&str, Native)] = &[
    ("merge", |_, _, a| Ok(merged(&a.value(0), &a.value(1), 0))),
    ("deep_merge", |_, _, a| Ok(merged(&a.value(1), &a.value(0), 0))),
    ("hash_only_merge", |_, _, a| Ok(merged(&a.value(0), &a.value(1), 4))),
];

const PASSWORD: &[(&str, Native)] = &[("secure_password", password), ("random_password", password)];

const CONSTRAINT: &[(&str, Native)] = &[
    ("include?", included),
    ("===", included),
    ("to_s", |i, me, _| {
        let text = i.get_ivar(me, "@text");
        Ok(Value::str(i.display(&text)?))
    }),
];

/// Makes them.
pub fn install(interpreter: &mut Interpreter) {
    super::exceptions::install(interpreter);
    let object = Rc::clone(&interpreter.classes.object);
    let provider = interpreter.define_class_path("Chef::Provider", &object);
    for name in PLAIN {
        interpreter.define_class_path(&format!("Chef::Provider::{name}"), &provider);
    }
    for (name, above) in SERVICES {
        let above = interpreter.define_class_path(&format!("Chef::Provider::{above}"), &provider);
        interpreter.define_class_path(&format!("Chef::Provider::Service::{name}"), &above);
    }
    for (name, parts) in PROVIDERS {
        let class = interpreter.define_class_path(&format!("Chef::Provider::{name}"), &provider);
        for part in *parts {
            interpreter.define_class_path(&format!("Chef::Provider::{name}::{part}"), &class);
        }
    }
    for path in THERE {
        interpreter.define_class_path(path, &object);
    }
    // What a provider puts into a context of its own is declared there and then.
    let runner = interpreter.define_class_path("Chef::Runner", &object);
    interpreter.define(&runner, &[("converge", |_, _, _| Ok(Value::Bool(true)))]);
    interpreter.define_private(&runner, &[("initialize", |_, _, _| Ok(Value::Nil))]);
    // Plugins of Ohai that recipes bring: what the machine has, a conversion does not run.
    let ohai = interpreter.define_class_path("Ohai::Config", &object);
    interpreter.define_singleton(&ohai, &[("[]", ohai_setting), ("[]=", |_, _, a| Ok(a.value(1))), ("ohai", |_, me, _| Ok(me.clone()))]);
    if let Some(Value::Module(ohai)) = interpreter.constant_path("Ohai") {
        ohai.constants.borrow_mut().insert(Name::new("VERSION"), Value::str("18.1.0"));
    }
    for module in ["Chef::Mixin::DeepMerge", "Opscode::OpenSSL::Password", "OpenSSLCookbook::RandomPassword", "Chef::Mixin::SecurePassword"]
    {
        let table = if module.ends_with("Merge") { MERGE } else { PASSWORD };
        let module = interpreter.define_module_path(module);
        interpreter.define(&module, table);
        interpreter.define_singleton(&module, table);
    }
    let config = interpreter.define_class_path("Chef::Config", &object);
    let values = Value::new_hash();
    for (key, value) in CONFIG {
        values.insert_plain(Value::str(*key), Value::str(*value));
    }
    for (key, value) in [("solo", true), ("solo_legacy_mode", true), ("why_run", false), ("local_mode", false)] {
        values.insert_plain(Value::str(key), Value::Bool(value));
    }
    values.insert_plain(Value::str("log_level"), Value::symbol("info"));
    for key in ["user_valid_regex", "group_valid_regex"] {
        if let Ok(pattern) = interpreter.make_regexp(VALID_ACCOUNT, "") {
            values.insert_plain(Value::str(key), Value::array(vec![pattern]));
        }
    }
    let name = client(interpreter).node.name.borrow().clone();
    values.insert_plain(Value::str("node_name"), Value::str(name));
    config.constants.borrow_mut().insert(Name::new("VALUES"), Value::Hash(values));
    interpreter.define_singleton(&config, CONFIGURATION);
    let version: Value = version_value(interpreter, "18.11.21");
    let chef = interpreter.define_class_path("Chef", &object);
    chef.constants.borrow_mut().insert(Name::new("VERSION"), version);
    interpreter.define_singleton(
        &chef,
        &[
            ("deprecated", |_, _, _| Ok(Value::Nil)),
            ("node", |i, _, _| Ok(client(i).node_object.borrow().clone())),
            ("run_context", |i, _, _| Ok(crate::chef::run_context::object(i))),
            ("event_handler", |_, _, _| Ok(Value::Nil)),
            ("set_resource_priority_array", |_, _, _| Ok(Value::Nil)),
            ("set_provider_priority_array", |_, _, _| Ok(Value::Nil)),
        ],
    );
    let platform = interpreter.define_class_path("Chef::Platform", &object);
    interpreter.define_singleton(
        &platform,
        &[
            ("set", |_, _, _| Ok(Value::Nil)),
            // Chef 11's table of providers by platform: cookbooks write to it, nothing here reads it.
            ("platforms", |i, me, _| platforms(i, me)),
            ("windows?", |_, _, _| Ok(Value::Bool(false))),
            ("systemd?", |_, _, _| Ok(Value::Bool(true))),
        ],
    );
    let root = Hole::unknown("Chef::CHEF_ROOT", "where Chef is installed on the machine");
    chef.constants.borrow_mut().insert(Name::new("CHEF_ROOT"), Value::Unknown(Rc::new(root)));
    let selinux = interpreter.define_module_path("Chef::Util::Selinux");
    interpreter.define(
        &selinux,
        &[
            ("selinux_enabled?", |_, _, _| Ok(super::unknown("selinux_enabled?".to_owned(), "depends on the machine"))),
            ("restore_security_context", |_, _, _| Ok(Value::Nil)),
        ],
    );
    let mash = interpreter.constant_path("Mash");
    if let Some(mash) = mash {
        chef.constants.borrow_mut().insert(Name::new("Mash"), mash);
    }
    let edit = interpreter.define_class_path("Chef::Util::FileEdit", &object);
    interpreter.define(&edit, FILE_EDIT);
    interpreter.define_private(
        &edit,
        &[("initialize", |i, me, a| {
            i.set_ivar(me, "@path", a.value(0));
            Ok(Value::Nil)
        })],
    );
    let string = Rc::clone(&interpreter.classes.string);
    let version = interpreter.define_class_path("Chef::Version", &string);
    interpreter.define_singleton(
        &version,
        &[("new", |i, _, a| {
            let text = i.display(&a.value(0))?;
            Ok(version_value(i, &text))
        })],
    );
    for path in ["Chef::VersionConstraint", "Chef::VersionConstraint::Platform"] {
        let constraint = interpreter.define_class_path(path, &object);
        interpreter.define(&constraint, CONSTRAINT);
        interpreter.define_private(
            &constraint,
            &[("initialize", |i, me, a| {
                i.set_ivar(me, "@text", a.value(0));
                Ok(Value::Nil)
            })],
        );
    }
}

/// `Ohai::Config[:plugin_path]`
fn ohai_setting(_: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let name = args.value(0).text().unwrap_or_default();
    Ok(match name.as_str() {
        "plugin_path" => Value::strings(vec!["/etc/chef/ohai/plugins".to_owned()]),
        "hints_path" => Value::strings(vec!["/etc/chef/ohai/hints".to_owned()]),
        "disabled_plugins" => Value::array(Vec::new()),
        _ => Value::Nil,
    })
}

/// `Chef::Platform.platforms`: platform, version (`:default`), kind of resource.
fn platforms(interpreter: &mut Interpreter, me: &Value) -> Eval {
    const NAMES: &[&str] = &[
        "amazon",
        "arch",
        "centos",
        "debian",
        "default",
        "fedora",
        "freebsd",
        "gentoo",
        "linuxmint",
        "oracle",
        "redhat",
        "scientific",
        "suse",
        "ubuntu",
    ];
    let known = interpreter.get_ivar(me, "@platforms");
    if !known.is_nil() {
        return Ok(known);
    }
    let table = Value::new_hash();
    for name in NAMES {
        let versions = Value::new_hash();
        versions.insert_plain(Value::symbol("default"), Value::Hash(Value::new_hash()));
        table.insert_plain(Value::symbol(name), Value::Hash(versions));
    }
    let table = Value::Hash(table);
    interpreter.set_ivar(me, "@platforms", table.clone());
    Ok(table)
}

fn version_value(interpreter: &mut Interpreter, text: &str) -> Value {
    let string = Rc::clone(&interpreter.classes.string);
    let class = interpreter.define_class_path("ChefUtils::VersionString", &string);
    Value::Str(Rc::new(Str { text: std::cell::RefCell::new(text.to_owned()), frozen: std::cell::Cell::new(false), class: Some(class) }))
}

fn config_values(me: &Value) -> Option<Rc<crate::ruby::value::Hash>> {
    let Value::Module(module) = me else { return None };
    match module.constants.borrow().get(&Name::new("VALUES")) {
        Some(Value::Hash(hash)) => Some(Rc::clone(hash)),
        _ => None,
    }
}

fn config_get(_: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let key = args.value(0).text().unwrap_or_default();
    Ok(config_values(me).and_then(|values| values.get_str(&key)).unwrap_or(Value::Nil))
}

fn config_set(_: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if let (Some(values), Some(key)) = (config_values(me), args.value(0).text()) {
        values.insert_plain(Value::str(key), args.value(1));
    }
    Ok(args.value(1))
}

/// Merges `high` over `low`; in the slots from `level` on, arrays replace instead of uniting.
fn merged(low: &Value, high: &Value, level: usize) -> Value {
    let mut slots: Vec<Option<Value>> = vec![None; 10];
    slots[0] = Some(low.clone());
    slots[if level == 0 { 1 } else { level }] = Some(high.clone());
    merge_levels(&slots).unwrap_or(Value::Nil)
}

/// A password that Chef would make up and keep on its server.
fn password(interpreter: &mut Interpreter, _: &Value, _: &Args) -> Eval {
    let origin = interpreter.location(interpreter.call_site());
    let mut hole = Hole::secret("secure_password", "a random password, kept on the Chef server", None);
    hole.origin = Some(origin);
    Ok(interpreter.hole_string(&Rc::new(hole)))
}

fn included(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let text = interpreter.get_ivar(me, "@text");
    let (text, version) = (interpreter.display(&text)?, interpreter.display(&args.value(0))?);
    let constraint = CookbookConstraint::parse_platform(&text).ok();
    let version: Option<CookbookVersion> = CookbookConstraint::parse_platform(&version).ok().map(|read| read.version);
    Ok(Value::Bool(constraint.zip(version).is_some_and(|(constraint, version)| constraint.matches(&version))))
}

/// Notes an edit until the file is written.
fn edit(interpreter: &mut Interpreter, me: &Value, what: &str, args: &Args) -> Eval {
    let mut edits = interpreter.get_ivar(me, "@edits").items().unwrap_or_default();
    edits.push(Value::array(vec![Value::str(what), args.value(0), args.value(1)]));
    interpreter.set_ivar(me, "@edits", Value::array(edits));
    Ok(Value::Nil)
}

/// Applies the edits to a file that the run wrote; a file of the machine is for a person to edit.
fn write_edits(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let path = interpreter.get_ivar(me, "@path");
    let path = interpreter.display(&path)?;
    let edits = interpreter.get_ivar(me, "@edits").items().unwrap_or_default();
    let shown = interpreter.to_text(&path).to_string();
    let Some(FileKind::File(text)) = file_system::state_at(interpreter, &shown) else {
        let at = interpreter.call_site();
        let diagnostic = Diagnostic::warning("C121", format!("Ruby code edits `{shown}`, which no resource of the run writes"))
            .at(at)
            .help("put the edited file into the image by hand");
        interpreter.diagnostics.push(diagnostic);
        return Ok(Value::Nil);
    };
    let whole = interpreter.string_of(&text);
    let mut lines: Vec<String> = interpreter.display(&whole)?.lines().map(str::to_owned).collect();
    for edit in edits {
        let Some([what, pattern, with]) = edit.items().and_then(|items| <[Value; 3]>::try_from(items).ok()) else { continue };
        let what = interpreter.display(&what)?;
        let with_text = interpreter.display(&with)?;
        let pattern = match &pattern {
            Value::Regexp(_) => pattern,
            other => {
                let regexp = Value::Module(Rc::clone(&interpreter.classes.regexp));
                interpreter.send(&regexp, "new", std::slice::from_ref(other))?
            }
        };
        let mut out = Vec::new();
        let mut matched = false;
        for line in lines {
            let value = Value::str(line.as_str());
            let hit = interpreter.call(&value, Name::new("match?"), Args::new(vec![pattern.clone()]), CallKind::Explicit)?.truthy();
            matched |= hit;
            match (what.as_str(), hit) {
                (_, false) | ("insert_unless", true) => out.push(line),
                ("replace", true) => {
                    let new = interpreter.send(&value, "gsub", &[pattern.clone(), with.clone()])?;
                    out.push(interpreter.display(&new)?);
                }
                ("replace_line", true) => out.push(with_text.trim_end_matches('\n').to_owned()),
                ("delete", true) => {
                    let new = interpreter.send(&value, "gsub", &[pattern.clone(), Value::str("")])?;
                    out.push(interpreter.display(&new)?);
                }
                ("insert_after", true) => {
                    out.push(line);
                    out.push(with_text.trim_end_matches('\n').to_owned());
                }
                _ => {}
            }
        }
        if what == "insert_unless" && !matched {
            out.push(with_text.trim_end_matches('\n').to_owned());
        }
        lines = out;
    }
    let mut new = lines.join("\n");
    new.push('\n');
    let text = interpreter.to_text(&new);
    if let Some(state) = client(interpreter).files.borrow_mut().get_mut(&shown) {
        state.kind = FileKind::File(text);
    }
    interpreter.set_ivar(me, "@edits", Value::array(Vec::new()));
    Ok(Value::Bool(true))
}
