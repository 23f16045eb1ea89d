//! Types that Chef had once and has no more: `deploy` and its kin, `erl_call`, `env`, `easy_install_package`.
//!
//! They are known to runs of Chef 11 and 12, and to conversions.

use std::rc::Rc;

use crate::chef::resource::{data, property};
use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::value::Value;

use super::coerce::{at_least_one, deploy_environment, flat_list};
use super::computed::clone_depth;
use super::{Default, Field, Type, field, flag, kind, map, number, text};

/// The types.
pub const TYPES: &[Type] = &[
    kind("deploy", "Deploy")
        .actions(&["force_deploy", "deploy", "rollback"])
        .runs(&["deploy"])
        .properties(DEPLOY)
        .aliases(&[("repo", "repository"), ("restart", "restart_command"), ("branch", "revision"), ("ssh_wrapper", "git_ssh_wrapper")])
        .removed(),
    kind("deploy_revision", "DeployRevision").under("Deploy").removed(),
    kind("deploy_branch", "DeployBranch").under("DeployRevision").removed(),
    kind("timestamped_deploy", "TimestampedDeploy").under("Deploy").removed(),
    kind("env", "Env")
        .actions(&["create", "delete", "modify"])
        .runs(&["create"])
        .properties(&[text("key_name").named(), text("value"), text("delim")])
        .removed(),
    kind("erl_call", "ErlCall")
        .actions(&["run"])
        .runs(&["run"])
        .properties(&[
            text("code").default(Default::Text("q().")),
            text("cookie"),
            flag("distributed").default(Default::False),
            text("name_type").default(Default::Text("sname")),
            text("node_name").default(Default::Text("chef@localhost")),
        ])
        .removed(),
    kind("easy_install_package", "EasyInstallPackage")
        .under("Package")
        .properties(&[text("easy_install_binary"), text("python_binary"), text("module_name")])
        .removed(),
];

/// What stands in `shared/` and is linked into a release.
const LINKS: Default = Default::Map(&[
    (Default::Text("system"), Default::Text("public/system")),
    (Default::Text("pids"), Default::Text("tmp/pids")),
    (Default::Text("log"), Default::Text("log")),
]);

const DEPLOY: &[Field] = &[
    text("deploy_to").named(),
    text("repository"),
    text("revision").default(Default::Text("HEAD")),
    text("remote").default(Default::Text("origin")),
    text("role"),
    text("user"),
    text("group"),
    map("environment").coerce(deploy_environment),
    flag("migrate").default(Default::False),
    text("migration_command"),
    flag("rollback_on_error").default(Default::False),
    field("restart_command").types(&["String", "Proc"]),
    field("before_migrate").types(&["String", "Proc"]),
    field("before_symlink").types(&["String", "Proc"]),
    field("before_restart").types(&["String", "Proc"]),
    field("after_restart").types(&["String", "Proc"]),
    flag("enable_submodules").default(Default::False),
    flag("shallow_clone").default(Default::False),
    number("depth").computed(clone_depth),
    text("repository_cache").default(Default::Text("cached-copy")),
    field("copy_exclude").coerce(flat_list).default(Default::EmptyList),
    text("git_ssh_wrapper"),
    text("svn_username"),
    text("svn_password").secret(),
    text("svn_arguments"),
    text("svn_info_args"),
    flag("svn_force_export").default(Default::False),
    field("scm_provider"),
    number("keep_releases").default(Default::Integer(5)).coerce(at_least_one),
    field("purge_before_symlink").types(&["Array"]).default(Default::List(&[
        Default::Text("log"),
        Default::Text("tmp/pids"),
        Default::Text("public/system"),
    ])),
    field("create_dirs_before_symlink").types(&["Array"]).default(Default::List(&[
        Default::Text("tmp"),
        Default::Text("public"),
        Default::Text("config"),
    ])),
    map("symlinks").default(LINKS),
    map("symlink_before_migrate").default(Default::Map(&[(Default::Text("config/database.yml"), Default::Text("config/database.yml"))])),
    map("additional_remotes").default(Default::EmptyMap),
    flag("enable_checkout").default(Default::True),
    text("checkout_branch").default(Default::Text("deploy")),
    number("timeout"),
];

const PATHS: &[(&str, Native)] = &[
    ("shared_path", |i, me, _| below(i, me, "shared")),
    ("current_path", |i, me, _| below(i, me, "current")),
    ("destination", |i, me, _| {
        let cache = property::get(i, me, Name::new("repository_cache"))?;
        let cache = i.display(&cache)?;
        below(i, me, &format!("shared/{cache}"))
    }),
];

/// Adds the paths that `deploy` derives from `deploy_to`.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Chef::Resource::Deploy", &object);
    interpreter.define(&class, PATHS);
}

fn below(interpreter: &mut Interpreter, me: &Value, folder: &str) -> Eval {
    if data(me).is_none() {
        return Ok(Value::Nil);
    }
    let path = property::get(interpreter, me, Name::new("deploy_to"))?;
    let path = interpreter.display(&path)?;
    Ok(Value::str(format!("{path}/{folder}")))
}
