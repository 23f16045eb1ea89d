//! Templates rendered by Erubis's rules; cookbook files and directories copied.

use std::rc::Rc;

use crate::chef::client::client;
use crate::chef::cookbook::{Cookbook, text_of};
use crate::chef::file_system::{file_not_found, note, text_of as property_text};
use crate::chef::resource::{data, property};
use crate::graph::FileKind;
use crate::name::Name;
use crate::read::erb::erubis;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{MethodBody, Native, Visibility};
use crate::ruby::procs::Args;
use crate::ruby::value::Value;
use crate::source::{Content, FileId};
use crate::text::Text;
use crate::unsupported::{Kind, Lack};

/// What code in a template can call.
const CONTEXT: &[(&str, Native)] = &[
    ("node", |i, _, _| Ok(client(i).node_object.borrow().clone())),
    ("render", partial),
    ("cookbook_name", |i, me, _| Ok(i.get_ivar(me, "@_cookbook"))),
    ("recipe_name", |i, me, _| Ok(i.get_ivar(me, "@_recipe"))),
    ("template_name", |i, me, _| Ok(i.get_ivar(me, "@_template"))),
    ("template_path", |i, me, _| Ok(i.get_ivar(me, "@_template_path"))),
    ("recipe_line", |i, me, _| Ok(i.get_ivar(me, "@_line"))),
    ("recipe_line_string", |i, me, _| Ok(i.get_ivar(me, "@_line"))),
    ("recipe_path", |i, me, _| Ok(i.get_ivar(me, "@_line"))),
    ("render_template", |_, _, _| Ok(Value::str(""))),
    ("method_missing", |i, me, args| {
        let name = args.value(0).name().unwrap_or_else(|| Name::new(""));
        let kind = if args.len() <= 1 { crate::ruby::dispatch::CallKind::Bare } else { crate::ruby::dispatch::CallKind::Explicit };
        i.undefined_method(me, name, kind)
    }),
];

/// The cookbook a resource takes files from: its `cookbook` property, else the one it is declared in.
fn source_cookbook(interpreter: &mut Interpreter, resource: &Value) -> Eval<Option<Rc<Cookbook>>> {
    let given = property::get(interpreter, resource, Name::new("cookbook"))?;
    let name = match given {
        Value::Nil => data(resource).map(|found| found.cookbook.clone()).unwrap_or_default(),
        other => interpreter.display(&other)?,
    };
    let state = client(interpreter);
    Ok(state.cookbooks.get(&name).cloned())
}

/// Platform, version and full host name: what decides which variant of a file a node gets.
pub(super) fn platform(interpreter: &mut Interpreter) -> (String, String, String) {
    let mut read = |key: &str| super::node::merged(interpreter, key).and_then(|value| value.text()).unwrap_or_default();
    (read("platform"), read("platform_version"), read("fqdn"))
}

/// The file named `source` in `folder` of the resource's cookbook: its id and path inside the cookbook.
fn find(interpreter: &mut Interpreter, resource: &Value, folder: &str, source: &Value) -> Eval<Option<(FileId, String, String)>> {
    let Some(cookbook) = source_cookbook(interpreter, resource)? else { return Ok(None) };
    let (name, version, fqdn) = platform(interpreter);
    if let Value::Array(choices) = source {
        // A list is tried in order, without the platform's folders.
        let choices = choices.items.borrow().clone();
        for choice in choices {
            let path = format!("{folder}/{}", interpreter.display(&choice)?);
            if let Some(id) = cookbook.files.get(&path) {
                return Ok(Some((id, path, cookbook.name.clone())));
            }
        }
        return Ok(None);
    }
    let source = interpreter.display(source)?;
    Ok(cookbook.find_file(folder, &source, &name, &version, &fqdn).map(|(id, path)| (id, path, cookbook.name.clone())))
}

fn basename(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)
}

fn source_of(interpreter: &mut Interpreter, resource: &Value, path: &str, suffix: &str) -> Eval {
    let given = property::get(interpreter, resource, Name::new("source"))?;
    if !given.is_nil() {
        return Ok(given);
    }
    let name = data(resource).map(|found| found.name.borrow().clone()).unwrap_or(Value::Nil);
    let name = interpreter.display(&name)?;
    let base = if suffix.is_empty() { basename(path).to_owned() } else { basename(&name).to_owned() };
    Ok(Value::str(format!("{base}{suffix}")))
}

/// Renders the template of a `template` resource to `path`.
///
/// # Errors
/// `Chef::Exceptions::FileNotFound`, `Chef::Mixin::Template::TemplateError`.
pub fn render_resource(interpreter: &mut Interpreter, resource: &Value, path: &str) -> Eval<()> {
    let source = source_of(interpreter, resource, path, ".erb")?;
    let local = property::get(interpreter, resource, Name::new("local"))?;
    if local.truthy() && !local.is_unknown() {
        let shown = interpreter.display(&source)?;
        if !client(interpreter).settings.lenient {
            let above = Rc::clone(&interpreter.classes.standard_error);
            let class = interpreter.define_class_path("Errno::ENOENT", &above);
            return interpreter.raise(&class, format!("No such file or directory @ rb_sysopen - {shown}"));
        }
        let kind = FileKind::Broken(format!("the template `{shown}` lies on the machine, not in the cookbook"));
        return note(interpreter, resource, path, kind, None);
    }
    let Some((id, inside, cookbook)) = find(interpreter, resource, "templates", &source)? else {
        return missing(interpreter, resource, path, "template", &source);
    };
    let sources = Rc::clone(&interpreter.sources);
    let Some(template) = text_of(&sources, id) else {
        return note(
            interpreter,
            resource,
            path,
            FileKind::Broken(format!("`{inside}` is not a text file")),
            Some(format!("{cookbook}/{inside}")),
        );
    };
    let variables = property::get(interpreter, resource, Name::new("variables"))?;
    let context = context_for(interpreter, resource, &variables, &cookbook)?;
    interpreter.set_ivar(&context, "@_template", source.clone());
    interpreter.set_ivar(&context, "@_template_path", Value::str(inside.as_str()));
    let file_path = sources.file(id).path.clone();
    let rendered = render(interpreter, &context, template, &file_path);
    let text = match rendered {
        Ok(text) => text,
        Err(flow) => {
            let state = client(interpreter);
            if !state.settings.lenient || matches!(*flow, Flow::Halt(_)) {
                return Err(flow);
            }
            let why = super::load::report(interpreter, flow, &format!("template `{cookbook}/{inside}`"))?;
            let why = why.map(|(class, message)| format!("{class}: {}", message.lines().next().unwrap_or(""))).unwrap_or_default();
            return note(interpreter, resource, path, FileKind::Broken(why), Some(format!("{cookbook}/{inside}")));
        }
    };
    note(interpreter, resource, path, FileKind::File(text), Some(format!("{cookbook}/{inside}")))
}

fn missing(interpreter: &mut Interpreter, resource: &Value, path: &str, what: &str, source: &Value) -> Eval<()> {
    let shown = interpreter.display(source)?;
    let shown = interpreter.to_text(&shown).to_string();
    let cookbook = data(resource).map(|found| found.cookbook.clone()).unwrap_or_default();
    if client(interpreter).settings.lenient {
        let span = data(resource).map(|found| found.declared.get());
        if let Some(span) = span {
            interpreter.ledger.note(Lack::Repository, Kind::File, format!("{cookbook}: {what} {shown}"), span);
        }
        let mut diagnostic =
            crate::diagnostic::Diagnostic::error("C108", format!("the {what} `{shown}` is not in the cookbook `{cookbook}`"))
                .help(format!("add `{}/default/{shown}`, or correct `source`", if what == "template" { "templates" } else { "files" }));
        if let Some(span) = span {
            diagnostic = diagnostic.at(span);
        }
        interpreter.diagnostics.push(diagnostic);
        return note(interpreter, resource, path, FileKind::Broken(format!("the {what} `{shown}` is not in the cookbook")), None);
    }
    file_not_found(
        interpreter,
        format!(
            "Cookbook '{cookbook}' does not contain a file at any of these locations:\n  {}/{shown}",
            if what == "template" { "templates" } else { "files" }
        ),
    )
}

/// The object that a template's code has as self.
fn context_for(interpreter: &mut Interpreter, resource: &Value, variables: &Value, cookbook: &str) -> Eval {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Chef::Mixin::Template::TemplateContext", &object);
    if class.is_bare() {
        interpreter.define(&class, CONTEXT);
    }
    let context = interpreter.allocate(&class);
    if let Value::Hash(hash) = variables {
        for (key, value) in hash.pairs() {
            let key = interpreter.display(&key)?;
            let value = if property::is_lazy(interpreter, &value) { property::force(interpreter, resource, &value)? } else { value };
            interpreter.set_ivar(&context, &format!("@{key}"), value);
        }
    }
    let node = client(interpreter).node_object.borrow().clone();
    interpreter.set_ivar(&context, "@node", node);
    interpreter.set_ivar(&context, "@_cookbook", Value::str(cookbook));
    interpreter.set_ivar(&context, "@_resource", resource.clone());
    if let Some(found) = data(resource) {
        interpreter.set_ivar(&context, "@_recipe", Value::str(found.recipe.as_str()));
        let line = interpreter.location(found.declared.get());
        interpreter.set_ivar(&context, "@_line", Value::Integer(i64::from(line.line)));
    }
    let modules = interpreter.get_ivar(resource, "@_helper_modules");
    for module in modules.items().unwrap_or_default() {
        interpreter.send(&context, "extend", &[module])?;
    }
    let blocks = interpreter.get_ivar(resource, "@_helpers");
    if let Value::Hash(blocks) = blocks {
        let meta = interpreter.singleton_class(&context);
        for (name, block) in blocks.pairs() {
            if let (Some(name), Value::Proc(block)) = (name.name(), block) {
                interpreter.add_method(&meta, name, MethodBody::Block(block), Visibility::Public);
            }
        }
    }
    Ok(context)
}

/// Renders template text with `context` as self.
///
/// # Errors
/// `Chef::Mixin::Template::TemplateError` with what the code raised.
pub fn render(interpreter: &mut Interpreter, context: &Value, template: &str, path: &str) -> Eval<Text> {
    let text = render_string(interpreter, context, template, path)?;
    Ok(interpreter.to_text(&text))
}

/// What reading a template costs beside the code in it.
const STEPS_A_TEMPLATE: u64 = 500;

fn render_string(interpreter: &mut Interpreter, context: &Value, template: &str, path: &str) -> Eval<String> {
    interpreter.charge(STEPS_A_TEMPLATE + u64::try_from(template.len()).unwrap_or(0))?;
    let clean = crate::ruby::hole::without_holes(template);
    let parsed = interpreter.add_generated(path, erubis(&clean));
    if let Some(problem) = parsed.problems.first() {
        let message = format!("{}: {}", path, problem.message);
        return template_error(interpreter, &message);
    }
    let scope = interpreter.top_scope(context.clone());
    match interpreter.run(&scope, &parsed.tree) {
        Ok(value) => interpreter.display(&value),
        Err(flow) => match *flow {
            Flow::Raise(error) => {
                let (class, message) = interpreter.describe_exception(&error);
                if class == "Chef::Mixin::Template::TemplateError" || class == "Chef::Exceptions::FileNotFound" {
                    return Err(Box::new(Flow::Raise(error)));
                }
                let span = super::load::raised_at(&error);
                if let Some(span) = span {
                    interpreter.span = span;
                }
                template_error(interpreter, &format!("{class}: {message}"))
            }
            other => Err(Box::new(other)),
        },
    }
}

fn template_error<T>(interpreter: &mut Interpreter, message: &str) -> Eval<T> {
    let above = Rc::clone(&interpreter.classes.runtime_error);
    let class = interpreter.define_class_path("Chef::Mixin::Template::TemplateError", &above);
    interpreter.raise(&class, message)
}

/// `render 'partial.erb', variables: { … }`: without `variables` the partial sees the parent's.
fn partial(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let resource = interpreter.get_ivar(me, "@_resource");
    let name = args.value(0);
    let cookbook = match args.option("cookbook") {
        Some(value) => interpreter.display(&value)?,
        None => {
            let own = interpreter.get_ivar(me, "@_cookbook");
            interpreter.display(&own)?
        }
    };
    let source = match args.option("source") {
        Some(value) if !value.is_nil() => interpreter.display(&value)?,
        _ => interpreter.display(&name)?,
    };
    let (platform, version, fqdn) = platform(interpreter);
    let state = client(interpreter);
    let found = state.cookbooks.get(&cookbook).and_then(|book| book.find_file("templates", &source, &platform, &version, &fqdn));
    let Some((id, inside)) = found else {
        return file_not_found(interpreter, format!("Cookbook '{cookbook}' does not contain a file at templates/default/{source}"));
    };
    let sources = Rc::clone(&interpreter.sources);
    let template = text_of(&sources, id).unwrap_or("").to_owned();
    let context = match args.option("variables") {
        Some(variables) => context_for(interpreter, &resource, &variables, &cookbook)?,
        None => crate::ruby::core::object::copy(interpreter, me, true),
    };
    interpreter.set_ivar(&context, "@_template", Value::str(source));
    interpreter.set_ivar(&context, "@_template_path", Value::str(inside));
    let path = sources.file(id).path.clone();
    let text = render_string(interpreter, &context, &template, &path)?;
    Ok(Value::str(text))
}

/// Copies the file of a `cookbook_file` resource to `path`.
///
/// # Errors
/// `Chef::Exceptions::FileNotFound`.
pub fn copy_cookbook_file(interpreter: &mut Interpreter, resource: &Value, path: &str) -> Eval<()> {
    let source = source_of(interpreter, resource, path, "")?;
    let Some((id, inside, cookbook)) = find(interpreter, resource, "files", &source)? else {
        return missing(interpreter, resource, path, "file", &source);
    };
    let kind = content_of(interpreter, id);
    note(interpreter, resource, path, kind, Some(format!("{cookbook}/{inside}")))
}

fn content_of(interpreter: &Interpreter, id: FileId) -> FileKind {
    let file = interpreter.sources.file(id);
    match &file.content {
        Content::Text(text) => FileKind::File(Text::literal(crate::ruby::hole::without_holes(text))),
        Content::Binary(_) => FileKind::Binary(file.path.clone()),
        Content::Opaque(why) => FileKind::Broken(why.clone()),
    }
}

/// Copies the directory of a `remote_directory` resource.
///
/// # Errors
/// `Chef::Exceptions::FileNotFound`.
pub fn remote_directory(interpreter: &mut Interpreter, resource: &Value, action: Name) -> Eval<()> {
    let path = property_text(interpreter, resource, "path")?;
    if action.as_str() == "delete" {
        return note(interpreter, resource, &path, FileKind::Absent, None);
    }
    let source = source_of(interpreter, resource, &path, "")?;
    let source = interpreter.display(&source)?;
    let Some(cookbook) = source_cookbook(interpreter, resource)? else {
        return missing(interpreter, resource, &path, "directory", &Value::str(source));
    };
    let (name, version, fqdn) = platform(interpreter);
    let places = super::cookbook::file_specificity(&name, &version, &fqdn);
    let prefix = places
        .into_iter()
        .map(|place| if place.is_empty() { format!("files/{source}/") } else { format!("files/{place}/{source}/") })
        .find(|prefix| cookbook.files.within(prefix).next().is_some());
    let Some(prefix) = prefix else {
        return missing(interpreter, resource, &path, "directory", &Value::str(source));
    };
    note(interpreter, resource, &path, FileKind::Directory, Some(format!("{}/{prefix}", cookbook.name)))?;
    let files: Vec<(String, FileId)> = cookbook.files.within(&prefix).map(|(rest, id)| (rest.to_owned(), id)).collect();
    let owner = property_optional(interpreter, resource, "files_owner")?;
    let group = property_optional(interpreter, resource, "files_group")?;
    let mode = property_optional(interpreter, resource, "files_mode")?;
    for (rest, id) in files {
        let kind = content_of(interpreter, id);
        let target = format!("{}/{rest}", path.trim_end_matches('/'));
        note(interpreter, resource, &target, kind, Some(format!("{}/{prefix}{rest}", cookbook.name)))?;
        let shown = interpreter.to_text(&target).to_string();
        if let Some(state) = client(interpreter).files.borrow_mut().get_mut(&shown) {
            state.owner.clone_from(&owner);
            state.group.clone_from(&group);
            state.mode.clone_from(&mode);
        }
    }
    Ok(())
}

fn property_optional(interpreter: &mut Interpreter, resource: &Value, name: &str) -> Eval<Option<String>> {
    let value = property::get(interpreter, resource, Name::new(name))?;
    Ok(match value {
        Value::Nil => None,
        Value::Integer(number) => Some(format!("{number:04o}")),
        other => Some(interpreter.display(&other)?),
    })
}

/// Makes the class of the objects that templates run on, and what a `template` resource answers beside its properties.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let context = interpreter.define_class_path("Chef::Mixin::Template::TemplateContext", &object);
    interpreter.define(&context, CONTEXT);
    let base = interpreter.define_class_path("Chef::Resource", &object);
    let template = interpreter.define_class_path("Chef::Resource::Template", &base);
    interpreter.define(&template, HELPERS);
}

/// `helper(:name) { … }`, `helpers(Module)`, `helpers do … end` of a `template` resource.
const HELPERS: &[(&str, Native)] = &[("helper", helper), ("helpers", helpers)];

fn helper(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let known = interpreter.get_ivar(me, "@_helpers");
    let hash = match known {
        Value::Hash(hash) => hash,
        _ => Value::new_hash(),
    };
    if let Some(block) = &args.block {
        hash.insert_plain(args.value(0), Value::Proc(Rc::clone(block)));
    }
    interpreter.set_ivar(me, "@_helpers", Value::Hash(hash));
    Ok(Value::Nil)
}

fn helpers(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let mut modules = interpreter.get_ivar(me, "@_helper_modules").items().unwrap_or_default();
    modules.extend(args.list.iter().filter(|value| matches!(value, Value::Module(_))).cloned());
    if let Some(block) = &args.block {
        let module = crate::ruby::module::Module::new(None, false, None);
        interpreter.call_block_in_module(block, &module, &Args::none())?;
        modules.push(Value::Module(module));
    }
    interpreter.set_ivar(me, "@_helper_modules", Value::array(modules));
    Ok(Value::Nil)
}
