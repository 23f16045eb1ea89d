//! `Chef::Node`: attributes at their levels, the merged view, run list, roles, environment.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use indexmap::IndexMap;

use crate::chef::attribute::{LevelName, merge_levels};
use crate::chef::client::{Client, client};
use crate::chef::mash::{self, Level};
use crate::name::Name;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::{Hash, Value};

/// The node's state.
#[derive(Default)]
pub struct NodeState {
    /// The levels, lowest first, each an attribute tree.
    pub levels: RefCell<Vec<Rc<Hash>>>,
    /// Counts changes of any level.
    pub version: Rc<Cell<u64>>,
    /// Merged values by top-level key, for the version they were merged at.
    merged: RefCell<(u64, HashMap<String, Option<Value>>)>,
    /// Its name.
    pub name: RefCell<String>,
    /// Its environment, `_default` by default.
    pub environment: RefCell<String>,
    /// The run list as given: `recipe[a]`, `role[b]`.
    pub run_list: RefCell<Vec<String>>,
    /// Roles of the expanded run list.
    pub roles: RefCell<Vec<String>>,
    /// Recipes of the expanded run list.
    pub recipes: RefCell<Vec<String>>,
}

const NODE: &[(&str, Native)] = &[
    ("[]", get),
    ("attribute", |interpreter, me, args| if args.is_empty() { Ok(me.clone()) } else { get(interpreter, me, args) }),
    ("attributes", |_, me, _| Ok(me.clone())),
    ("attribute?", has),
    ("key?", has),
    ("has_key?", has),
    ("include?", has),
    ("read", read),
    ("dig", read),
    ("read!", read_or_fail),
    ("fetch", fetch),
    ("exist?", exist),
    ("default", |i, _, a| level(i, LevelName::Default, a)),
    ("normal", |i, _, a| level(i, LevelName::Normal, a)),
    ("override", |i, _, a| level(i, LevelName::Override, a)),
    ("automatic", |i, _, a| level(i, LevelName::Automatic, a)),
    ("automatic_attrs", |i, _, a| level(i, LevelName::Automatic, a)),
    ("default_attrs", |i, _, a| level(i, LevelName::Default, a)),
    ("normal_attrs", |i, _, a| level(i, LevelName::Normal, a)),
    ("override_attrs", |i, _, a| level(i, LevelName::Override, a)),
    ("role_default", |i, _, a| level(i, LevelName::RoleDefault, a)),
    ("env_default", |i, _, a| level(i, LevelName::EnvironmentDefault, a)),
    ("force_default", |i, _, a| level(i, LevelName::ForceDefault, a)),
    ("force_override", |i, _, a| level(i, LevelName::ForceOverride, a)),
    ("default!", |i, _, a| {
        write_cleared(
            i,
            &[LevelName::Default, LevelName::EnvironmentDefault, LevelName::RoleDefault, LevelName::ForceDefault],
            LevelName::Default,
            a,
        )
    }),
    ("normal!", |i, _, a| write_cleared(i, &[LevelName::Normal], LevelName::Normal, a)),
    ("override!", |i, _, a| {
        write_cleared(
            i,
            &[LevelName::Override, LevelName::RoleOverride, LevelName::EnvironmentOverride, LevelName::ForceOverride],
            LevelName::Override,
            a,
        )
    }),
    ("force_default!", |i, _, a| {
        write_cleared(
            i,
            &[LevelName::Default, LevelName::EnvironmentDefault, LevelName::RoleDefault, LevelName::ForceDefault],
            LevelName::ForceDefault,
            a,
        )
    }),
    ("force_override!", |i, _, a| {
        write_cleared(
            i,
            &[LevelName::Override, LevelName::RoleOverride, LevelName::EnvironmentOverride, LevelName::ForceOverride],
            LevelName::ForceOverride,
            a,
        )
    }),
    ("default_unless", |i, _, _| unless(i, LevelName::Default)),
    ("normal_unless", |i, _, _| unless(i, LevelName::Normal)),
    ("override_unless", |i, _, _| unless(i, LevelName::Override)),
    ("set", |i, me, a| {
        if client(i).settings.compat {
            level(i, LevelName::Normal, a)
        } else {
            i.undefined_method(me, Name::new("set"), CallKind::Explicit)
        }
    }),
    ("set_unless", |i, me, _| {
        if client(i).settings.compat {
            unless(i, LevelName::Normal)
        } else {
            i.undefined_method(me, Name::new("set_unless"), CallKind::Explicit)
        }
    }),
    ("rm", |i, _, a| remove(i, &LevelName::ALL[..9], a)),
    ("rm_default", |i, _, a| {
        remove(i, &[LevelName::Default, LevelName::EnvironmentDefault, LevelName::RoleDefault, LevelName::ForceDefault], a)
    }),
    ("rm_normal", |i, _, a| remove(i, &[LevelName::Normal], a)),
    ("rm_override", |i, _, a| {
        remove(i, &[LevelName::Override, LevelName::RoleOverride, LevelName::EnvironmentOverride, LevelName::ForceOverride], a)
    }),
    ("write", write),
    ("write!", write),
    ("unlink", unlink),
    ("unlink!", unlink),
    ("[]=", assign),
    ("name", |i, _, _| Ok(Value::str(client(i).node.name.borrow().as_str()))),
    ("node", |_, me, _| Ok(me.clone())),
    ("logger", |i, _, _| Ok(i.constant_path("Chef::Log").unwrap_or(Value::Nil))),
    ("chef_environment", |i, _, _| Ok(Value::str(client(i).node.environment.borrow().as_str()))),
    ("environment", |i, _, _| Ok(Value::str(client(i).node.environment.borrow().as_str()))),
    ("policy_name", |_, _, _| Ok(Value::Nil)),
    ("policy_group", |_, _, _| Ok(Value::Nil)),
    ("run_list", run_list),
    ("roles", |i, _, _| Ok(Value::strings(client(i).node.roles.borrow().clone()))),
    ("recipes", |i, _, _| Ok(Value::strings(client(i).node.recipes.borrow().clone()))),
    ("role?", is_role),
    ("recipe?", is_recipe),
    ("run_list?", is_recipe),
    ("run_state", |i, _, _| Ok(client(i).run_state.clone())),
    ("run_context", |i, _, _| Ok(super::run_context::object(i))),
    ("tags", tags),
    ("save", |_, me, _| Ok(me.clone())),
    ("consume_attributes", consume),
    ("include_attribute", super::load::include_attribute),
    ("loaded_recipes", |i, _, _| Ok(Value::strings(client(i).loaded_recipes.borrow().clone()))),
    ("each", each),
    ("each_attribute", each),
    ("keys", |i, _, _| Ok(Value::strings(keys(&client(i))))),
    ("to_hash", to_hash),
    ("to_h", to_hash),
    ("debug_value", debug_value),
    ("merged_attributes", |_, me, _| Ok(me.clone())),
    ("respond_to_missing?", responds),
    ("method_missing", missing),
    ("to_s", |i, _, _| Ok(Value::str(format!("node[{}]", client(i).node.name.borrow())))),
    ("inspect", |i, _, _| Ok(Value::str(format!("node[{}]", client(i).node.name.borrow())))),
];

/// Makes the class and the node object.
pub fn install(interpreter: &mut Interpreter, state: &Rc<Client>) {
    let mashes = mash::install(interpreter);
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Chef::Node", &object);
    let attribute = interpreter.define_class_path("Chef::Node::Attribute", &object);
    let _ = attribute;
    let enumerable = Rc::clone(&interpreter.classes.enumerable);
    interpreter.include(&class, &enumerable);
    interpreter.define(&class, NODE);
    let node = interpreter.allocate(&class);
    *state.node_object.borrow_mut() = node;
    let mut levels = Vec::new();
    for level in LevelName::ALL {
        let hash = mash::of_class(&mashes.vivid);
        *hash.data.borrow_mut() = Some(Rc::new(Level { version: Rc::clone(&state.node.version), name: level.name() }));
        levels.push(hash);
    }
    *state.node.levels.borrow_mut() = levels;
    if state.node.environment.borrow().is_empty() {
        "_default".clone_into(&mut state.node.environment.borrow_mut());
    }
}

impl NodeState {
    /// The tree of `level`.
    #[must_use]
    pub fn level(&self, level: LevelName) -> Rc<Hash> {
        let index = LevelName::ALL.iter().position(|known| *known == level).unwrap_or(0);
        self.levels.borrow().get(index).map_or_else(|| Rc::new(Hash::default()), Rc::clone)
    }
}

/// The merged value under a top-level key.
pub fn merged(interpreter: &mut Interpreter, key: &str) -> Option<Value> {
    let state = client(interpreter);
    let version = state.node.version.get();
    {
        let mut cache = state.node.merged.borrow_mut();
        if cache.0 != version {
            *cache = (version, HashMap::new());
        } else if let Some(value) = cache.1.get(key) {
            return value.clone();
        }
    }
    let values: Vec<Option<Value>> = state.node.levels.borrow().iter().map(|level| level.get_str(key)).collect();
    let mashes = mash::mashes(interpreter);
    let value = merge_levels(&values).map(|value| mash::immutable(&mashes, &value));
    state.node.merged.borrow_mut().1.insert(key.to_owned(), value.clone());
    value
}

/// The top-level keys of all levels, in order of appearance.
fn keys(state: &Client) -> Vec<String> {
    let mut names: IndexMap<String, ()> = IndexMap::new();
    for level in state.node.levels.borrow().iter() {
        for (key, _) in level.pairs() {
            names.insert(key.text().unwrap_or_default(), ());
        }
    }
    names.into_keys().collect()
}

/// The node's merged value at a path; `nil` where there is none.
pub fn at_path(interpreter: &mut Interpreter, path: &[&str]) -> Value {
    let Some((first, rest)) = path.split_first() else { return Value::Nil };
    let mut value = merged(interpreter, first).unwrap_or(Value::Nil);
    for part in rest {
        value = match &value {
            Value::Hash(hash) => hash.get_str(part).unwrap_or(Value::Nil),
            _ => return Value::Nil,
        };
    }
    value
}

/// A value that is written under a name that means a secret becomes a secret hole, when the run marks secrets.
pub fn marked(interpreter: &mut Interpreter, key: &Value, value: Value) -> Value {
    if !client(interpreter).settings.secrecy {
        return value;
    }
    let name = key.text().unwrap_or_default();
    let origin = interpreter.location(interpreter.call_site());
    mark(interpreter, &name, false, value, &origin)
}

/// See [`crate::ruby::interpreter::Judge`]: string literals that recipes give to variables, constants and keys.
pub fn judge(interpreter: &mut Interpreter, name: &str, value: Value) -> Value {
    if !crate::secrecy::name_is_secret(name) {
        return value;
    }
    let origin = interpreter.location(interpreter.span);
    mark(interpreter, name, false, value, &origin)
}

/// A value of a property that is secret by its declaration (`sensitive: true`) or its name.
pub fn sealed_property(interpreter: &mut Interpreter, name: &str, declared: bool, value: Value) -> Value {
    let judged = client(interpreter).settings.secrecy && (declared || crate::secrecy::name_is_secret(name));
    if !judged || !matches!(value, Value::Str(_)) {
        return value;
    }
    let origin = interpreter.location(interpreter.call_site());
    mark(interpreter, name, declared, value, &origin)
}

/// Marks every text inside `value`; `secret` where what stands around it already is one.
fn mark(interpreter: &mut Interpreter, name: &str, secret: bool, value: Value, origin: &crate::source::Location) -> Value {
    let secret = secret || crate::secrecy::name_is_secret(name);
    match &value {
        Value::Str(string) => {
            let text = string.text.borrow().clone();
            if crate::ruby::hole::has_hole(&text) {
                return value;
            }
            let text = crate::secrecy::mark_as(name, name, secret, &text, &format!("set in {origin}"));
            if text.is_secret() { interpreter.string_of(&text.placed(origin)) } else { value }
        }
        Value::Array(array) => {
            let items = array.items.borrow().clone();
            let marked: Vec<Value> = items.into_iter().map(|item| mark(interpreter, name, secret, item, origin)).collect();
            array.items.replace(marked);
            value
        }
        Value::Integer(number) if secret && number.unsigned_abs() > 999 => {
            let text = crate::secrecy::seal(name, &number.to_string(), &format!("set in {origin}"));
            interpreter.string_of(&text.placed(origin))
        }
        Value::Hash(hash) => {
            for (k, v) in hash.pairs() {
                let inner = k.text().unwrap_or_default();
                let marked = mark(interpreter, &inner, crate::secrecy::inherits(secret, &inner), v, origin);
                hash.insert_plain(k, marked);
            }
            value
        }
        _ => value,
    }
}

/// A value written under an unknown condition: what was there before, or this.
pub fn under_conditions(interpreter: &mut Interpreter, hash: &Rc<Hash>, key: &Value, value: Value) -> Value {
    if interpreter.conditions.is_empty() || hash.data.borrow().is_none() {
        return value;
    }
    let Some(old) = hash.get_plain(key) else { return value };
    let why = interpreter.conditions.last().map(|condition| condition.text.clone()).unwrap_or_default();
    interpreter.either(old, value, &why)
}

fn get(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let name = args.value(0);
    let Some(key) = name.text() else {
        return Ok(match name {
            Value::Unknown(hole) => interpreter.derived_prefix("node[", &hole),
            _ => Value::Nil,
        });
    };
    Ok(merged(interpreter, &key).unwrap_or(Value::Nil))
}

fn has(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let Some(key) = args.value(0).text() else { return Ok(Value::Bool(false)) };
    Ok(Value::Bool(merged(interpreter, &key).is_some()))
}

fn read(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some((first, rest)) = args.list.split_first() else { return Ok(Value::Nil) };
    let value = get(interpreter, me, &Args::new(vec![first.clone()]))?;
    let mut current = value;
    for part in rest {
        current = match &current {
            Value::Hash(_) => mash::dig(interpreter, &current, &Args::new(vec![part.clone()]))?,
            Value::Array(_) if matches!(part, Value::Integer(_)) => interpreter.send(&current, "[]", std::slice::from_ref(part))?,
            Value::Unknown(hole) => {
                let shown = part.text().unwrap_or_default();
                interpreter.derived(hole, &format!("['{shown}']"))
            }
            _ => return Ok(Value::Nil),
        };
    }
    Ok(current)
}

fn read_or_fail(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if exist(interpreter, me, args)?.truthy() {
        return read(interpreter, me, args);
    }
    let standard = Rc::clone(&interpreter.classes.standard_error);
    let class = interpreter.define_class_path("Chef::Exceptions::NoSuchAttribute", &standard);
    interpreter.raise(&class, "no such attribute")
}

fn exist(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let Some((first, rest)) = args.list.split_first() else { return Ok(Value::Bool(true)) };
    let Some(mut current) = merged(interpreter, &first.text().unwrap_or_default()) else { return Ok(Value::Bool(false)) };
    for part in rest {
        let found = match &current {
            Value::Hash(hash) => hash.get_plain(&mash::key(part)),
            _ => None,
        };
        match found {
            Some(value) => current = value,
            None => return Ok(Value::Bool(false)),
        }
    }
    Ok(Value::Bool(true))
}

fn fetch(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    if has(interpreter, me, args)?.truthy() {
        return get(interpreter, me, args);
    }
    if let Some(block) = &args.block {
        return interpreter.yield_values(block, vec![args.value(0)]);
    }
    if let Some(default) = args.get(1) {
        return Ok(default.clone());
    }
    let shown = interpreter.inspect(&args.value(0))?;
    let class = Rc::clone(&interpreter.classes.key_error);
    interpreter.raise(&class, format!("key not found: {shown}"))
}

fn level(interpreter: &mut Interpreter, level: LevelName, _: &Args) -> Eval {
    Ok(Value::Hash(client(interpreter).node.level(level)))
}

/// `default_unless['a'] = v`: a tree that writes only what the level does not have.
fn unless(interpreter: &mut Interpreter, level: LevelName) -> Eval {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Chef::Node::UnlessMash", &object);
    if class.is_bare() {
        interpreter.define(&class, &[("[]", unless_get), ("[]=", unless_set), ("method_missing", unless_missing)]);
    }
    let made = interpreter.allocate(&class);
    interpreter.set_ivar(&made, "@level", Value::Hash(client(interpreter).node.level(level)));
    Ok(made)
}

fn unless_get(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let tree = interpreter.get_ivar(me, "@level");
    let inner = mash::vivid_get(interpreter, &tree, args)?;
    if !matches!(inner, Value::Hash(_)) {
        return Ok(inner);
    }
    let class = interpreter.real_class(me);
    let made = interpreter.allocate(&class);
    interpreter.set_ivar(&made, "@level", inner);
    Ok(made)
}

fn unless_set(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let tree = interpreter.get_ivar(me, "@level");
    let Value::Hash(hash) = &tree else { return Ok(Value::Nil) };
    let known = hash.get_plain(&mash::key(&args.value(0)));
    if known.is_none_or(|value| value.is_nil()) {
        interpreter.call(&tree, Name::new("[]="), args.clone(), CallKind::Implicit)?;
    }
    Ok(args.value(1))
}

fn unless_missing(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(name) = args.value(0).name() else { return Ok(Value::Nil) };
    match name.strip_suffix('=') {
        Some(attribute) => unless_set(interpreter, me, &Args::new(vec![Value::str(attribute), args.value(1)])),
        None => unless_get(interpreter, me, &Args::new(vec![Value::Symbol(name)])),
    }
}

/// `node.default!('a', 'b', v)`, or without a value: a tree whose assignment clears first.
fn write_cleared(interpreter: &mut Interpreter, clear: &[LevelName], target: LevelName, args: &Args) -> Eval {
    if args.len() < 2 {
        return level(interpreter, target, args);
    }
    let path = Args::new(args.list[..args.len() - 1].to_vec());
    remove(interpreter, clear, &path)?;
    let tree = Value::Hash(client(interpreter).node.level(target));
    interpreter.send(&tree, "write", &args.list)
}

fn remove(interpreter: &mut Interpreter, levels: &[LevelName], args: &Args) -> Eval {
    let state = client(interpreter);
    let node = state.node_object.borrow().clone();
    let old = if levels.len() > 5 { read(interpreter, &node, args)? } else { Value::Nil };
    let mut removed = Value::Nil;
    for name in levels {
        let tree = Value::Hash(state.node.level(*name));
        let value = interpreter.send(&tree, "unlink", &args.list)?;
        if removed.is_nil() {
            removed = value;
        }
    }
    let value = if old.is_nil() { removed } else { old };
    Ok(mash::plain(&value))
}

/// `node.debug_value('a', 'b')`: what each level has at the path.
fn debug_value(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let state = client(interpreter);
    let mut found = Vec::new();
    for level in LevelName::ALL {
        let mut value = Some(Value::Hash(state.node.level(level)));
        for part in &args.list {
            value = match value {
                Some(Value::Hash(hash)) => hash.get_plain(&mash::key(part)),
                _ => None,
            };
        }
        let value = value.map_or_else(|| Value::symbol("not_present"), |value| mash::plain(&value));
        found.push(Value::array(vec![Value::str(level.name()), value]));
    }
    Ok(Value::array(found))
}

fn named_level(interpreter: &mut Interpreter, value: &Value) -> Option<Value> {
    let name = value.text()?;
    let level = LevelName::ALL.into_iter().find(|level| level.name() == name)?;
    Some(Value::Hash(client(interpreter).node.level(level)))
}

fn write(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    match named_level(interpreter, &args.value(0)) {
        Some(tree) => interpreter.send(&tree, "write", &args.list[1..]),
        None => Ok(Value::Nil),
    }
}

fn unlink(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    match named_level(interpreter, &args.value(0)) {
        Some(tree) => interpreter.send(&tree, "unlink", &args.list[1..]),
        None => Ok(Value::Nil),
    }
}

fn assign(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let mashes = mash::mashes(interpreter);
    let immutable = Value::Hash(mash::of_class(&mashes.immutable));
    let _ = me;
    interpreter.call(&immutable, Name::new("[]="), args.clone(), CallKind::Implicit)
}

fn run_list(interpreter: &mut Interpreter, _: &Value, _: &Args) -> Eval {
    Ok(Value::strings(client(interpreter).node.run_list.borrow().clone()))
}

fn is_role(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let name = args.value(0).text().unwrap_or_default();
    Ok(Value::Bool(client(interpreter).node.roles.borrow().contains(&name)))
}

fn is_recipe(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let name = args.value(0).text().unwrap_or_default();
    let full = if name.contains("::") { name.clone() } else { format!("{name}::default") };
    let state = client(interpreter);
    let known = |list: &[String]| list.iter().any(|recipe| *recipe == name || *recipe == full);
    let found = known(&state.node.recipes.borrow()) || known(&state.loaded_recipes.borrow());
    Ok(Value::Bool(found))
}

fn tags(interpreter: &mut Interpreter, _: &Value, _: &Args) -> Eval {
    let tree = Value::Hash(client(interpreter).node.level(LevelName::Normal));
    let Value::Hash(hash) = &tree else { return Ok(Value::Nil) };
    if let Some(list @ Value::Array(_)) = hash.get_str("tags") {
        return Ok(list);
    }
    let list = Value::array(Vec::new());
    hash.insert_plain(Value::str("tags"), list.clone());
    Ok(list)
}

fn consume(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let tree = Value::Hash(client(interpreter).node.level(LevelName::Normal));
    interpreter.call(&tree, Name::new("update"), args.clone(), CallKind::Implicit)
}

fn each(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let hash = to_hash(interpreter, me, &Args::none())?;
    interpreter.call(&hash, Name::new("each"), args.clone(), CallKind::Implicit)
}

fn to_hash(interpreter: &mut Interpreter, _: &Value, _: &Args) -> Eval {
    let state = client(interpreter);
    let made = Value::new_hash();
    for key in keys(&state) {
        let value = merged(interpreter, &key).unwrap_or(Value::Nil);
        made.insert_plain(Value::str(key), mash::plain(&value));
    }
    Ok(Value::Hash(made))
}

fn responds(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let name = args.value(0).text().unwrap_or_default();
    let compat = client(interpreter).settings.compat;
    Ok(Value::Bool(compat && merged(interpreter, &name).is_some()))
}

/// Chef 11 and 12: `node.app.port`.
fn missing(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(name) = args.value(0).name() else { return Ok(Value::Nil) };
    if client(interpreter).settings.compat {
        if let Some(value) = merged(interpreter, &name) {
            return Ok(value);
        }
        if name.ends_with('=') {
            return assign(interpreter, me, args);
        }
        // Before Chef 13 a node passes what it does not know on to its merged attributes: `node.merge(…)`, `node.select { … }`.
        let hash = Value::Hash(Value::new_hash());
        if !args.list.is_empty() && interpreter.has_method(&hash, name, false) {
            let all = to_hash(interpreter, me, &Args::none())?;
            let given = Args { list: args.list[1..].to_vec(), keywords: args.keywords, block: args.block.clone() };
            return interpreter.call(&all, name, given, CallKind::Explicit);
        }
    }
    interpreter.undefined_method(me, name, CallKind::Explicit)
}
