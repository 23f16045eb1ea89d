//! The built-in resource types, one table a family. A new type is one entry (or one file and one line in [`TYPES`]).
//!
//! Names, actions, properties and defaults are those of Chef Infra 18; what later versions of Chef dropped is in `removed`.

mod check;
mod client;
mod coerce;
mod computed;
mod cron;
mod execute;
mod file;
mod habitat;
mod macos;
mod mount;
mod openssl;
mod package;
mod platform;
mod powershell;
mod removed;
mod repository;
mod scm;
mod selinux;
mod service;
mod system;
#[cfg(test)]
mod tests;
mod user;
mod windows;
mod windows_network;

use std::rc::Rc;

pub use platform::for_platform;

use crate::chef::client::{Client, client};
use crate::chef::resource::class_data;
use crate::chef::resource::property::{self, Coerce, Property};
use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Module;
use crate::ruby::value::Value;

/// A built-in type of resource.
#[derive(Clone, Copy)]
pub struct Type {
    /// The name that declares it: `apt_package`.
    pub name: &'static str,
    /// Its class below `Chef::Resource`: `AptPackage`.
    pub class: &'static str,
    /// The class it inherits from, below `Chef::Resource`; empty for `Chef::Resource` itself.
    pub above: &'static str,
    /// Further names that declare it.
    pub also: &'static [&'static str],
    /// Its actions; empty means those of the class above.
    pub actions: &'static [&'static str],
    /// Its default actions; empty means `nothing`.
    pub runs: &'static [&'static str],
    /// Its properties.
    pub properties: &'static [Field],
    /// Other names of properties.
    pub aliases: &'static [(&'static str, &'static str)],
    /// Chef had it up to version 13.
    pub removed: bool,
}

/// A type without properties of its own.
#[must_use]
pub const fn kind(name: &'static str, class: &'static str) -> Type {
    Type { name, class, above: "", also: &[], actions: &[], runs: &[], properties: &[], aliases: &[], removed: false }
}

impl Type {
    const fn under(self, above: &'static str) -> Self {
        Self { above, ..self }
    }

    const fn also(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }

    const fn actions(self, actions: &'static [&'static str]) -> Self {
        Self { actions, ..self }
    }

    const fn runs(self, runs: &'static [&'static str]) -> Self {
        Self { runs, ..self }
    }

    const fn properties(self, properties: &'static [Field]) -> Self {
        Self { properties, ..self }
    }

    const fn aliases(self, aliases: &'static [(&'static str, &'static str)]) -> Self {
        Self { aliases, ..self }
    }

    const fn removed(self) -> Self {
        Self { removed: true, ..self }
    }
}

/// A property of a built-in type.
#[derive(Clone, Copy)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Accepted classes, `nil`, or symbols with their colon; empty accepts all.
    pub types: &'static [&'static str],
    /// The default.
    pub default: Default,
    /// How a given value becomes the one that is kept.
    pub coerce: Option<fn(&mut Interpreter, &Value) -> Eval>,
    /// It has the resource's name when unset.
    pub named: bool,
    /// It must be set for these actions; an empty list means for all.
    pub required: Option<&'static [&'static str]>,
    /// The only values allowed; empty allows all.
    pub one_of: &'static [Default],
    /// Regular expressions of which its text must match one.
    pub pattern: &'static [&'static str],
    /// What else is asked of a value, with the message where it is not so.
    pub checks: &'static [(&'static str, Check)],
    /// The message for every value that is refused, where the type has its own.
    pub message: Option<&'static str>,
    /// Its value is a secret.
    pub secret: bool,
    /// It says which thing on the machine is meant.
    pub identity: bool,
    /// It is no part of the state that the resource describes, but says how to get there.
    pub aside: bool,
}

/// A question about a value of a property.
pub type Check = fn(&mut Interpreter, &Value) -> Eval<bool>;

/// The names that users and groups may have.
pub const USER: &[&str] = &[r"^[^-+~:,\t\r\n\f\0]+[^:,\t\r\n\f\0]*$"];

/// A default value.
#[derive(Clone, Copy)]
pub enum Default {
    /// None at all.
    Unset,
    Nil,
    True,
    False,
    Integer(i64),
    Text(&'static str),
    Symbol(&'static str),
    List(&'static [Default]),
    Map(&'static [(Default, Default)]),
    EmptyList,
    EmptyMap,
    /// It follows from the resource's other properties or the node.
    Computed(fn(&mut Interpreter, &Value) -> Eval),
}

impl Default {
    /// The value; `None` when unset or computed.
    fn value(self) -> Option<Value> {
        let one = |item: &Self| item.value().unwrap_or(Value::Nil);
        Some(match self {
            Self::Unset | Self::Computed(_) => return None,
            Self::Nil => Value::Nil,
            Self::True => Value::Bool(true),
            Self::False => Value::Bool(false),
            Self::Integer(number) => Value::Integer(number),
            Self::Text(text) => Value::str(text),
            Self::Symbol(text) => Value::symbol(text),
            Self::List(items) => Value::array(items.iter().map(one).collect()),
            Self::Map(pairs) => Value::hash(pairs.iter().map(|(key, value)| (one(key), one(value)))),
            Self::EmptyList => Value::array(Vec::new()),
            Self::EmptyMap => Value::Hash(Value::new_hash()),
        })
    }
}

/// A property that accepts everything and has no default.
#[must_use]
pub const fn field(name: &'static str) -> Field {
    Field {
        name,
        types: &[],
        default: Default::Unset,
        coerce: None,
        named: false,
        required: None,
        one_of: &[],
        pattern: &[],
        checks: &[],
        message: None,
        secret: false,
        identity: false,
        aside: false,
    }
}

/// A property that is text.
#[must_use]
pub const fn text(name: &'static str) -> Field {
    field(name).types(&["String"])
}

/// A property that is true or false.
#[must_use]
pub const fn flag(name: &'static str) -> Field {
    field(name).types(&["TrueClass", "FalseClass"])
}

/// A property that is an integer.
#[must_use]
pub const fn number(name: &'static str) -> Field {
    field(name).types(&["Integer"])
}

/// A property that is a list.
#[must_use]
pub const fn list_of(name: &'static str) -> Field {
    field(name).types(&["Array"])
}

/// A property that is a hash.
#[must_use]
pub const fn map(name: &'static str) -> Field {
    field(name).types(&["Hash"])
}

impl Field {
    const fn types(self, types: &'static [&'static str]) -> Self {
        Self { types, ..self }
    }

    const fn default(self, default: Default) -> Self {
        Self { default, ..self }
    }

    const fn coerce(self, coerce: fn(&mut Interpreter, &Value) -> Eval) -> Self {
        Self { coerce: Some(coerce), ..self }
    }

    const fn named(self) -> Self {
        Self { named: true, ..self }
    }

    const fn required(self, actions: &'static [&'static str]) -> Self {
        Self { required: Some(actions), ..self }
    }

    const fn one_of(self, values: &'static [Default]) -> Self {
        Self { one_of: values, ..self }
    }

    const fn secret(self) -> Self {
        Self { secret: true, ..self }
    }

    const fn computed(self, default: fn(&mut Interpreter, &Value) -> Eval) -> Self {
        Self { default: Default::Computed(default), ..self }
    }

    const fn pattern(self, pattern: &'static [&'static str]) -> Self {
        Self { pattern, ..self }
    }

    const fn check(self, checks: &'static [(&'static str, Check)]) -> Self {
        Self { checks, ..self }
    }

    const fn message(self, message: &'static str) -> Self {
        Self { message: Some(message), ..self }
    }

    const fn identity(self) -> Self {
        Self { identity: true, ..self }
    }

    const fn aside(self) -> Self {
        Self { aside: true, ..self }
    }
}

/// Every table; a class stands after the one it inherits from.
const TYPES: &[&[Type]] = &[
    file::TYPES,
    package::TYPES,
    execute::TYPES,
    user::TYPES,
    cron::TYPES,
    repository::TYPES,
    service::TYPES,
    scm::TYPES,
    mount::TYPES,
    system::TYPES,
    selinux::TYPES,
    openssl::TYPES,
    client::TYPES,
    habitat::TYPES,
    macos::TYPES,
    powershell::TYPES,
    windows::TYPES,
    windows_network::TYPES,
    removed::TYPES,
];

/// The actions of the built-in type `name`, with those of the classes above and `nothing`; `None` where there is no such type.
#[must_use]
pub fn actions(name: &str) -> Option<Vec<&'static str>> {
    let all = || TYPES.iter().copied().flatten();
    let mut kind = all().find(|kind| kind.name == name || kind.also.contains(&name))?;
    while kind.actions.is_empty() {
        kind = all().find(|above| above.class == kind.above)?;
    }
    Some(kind.actions.iter().copied().chain(["nothing"]).collect())
}

/// Names the classes of all built-in types. A run uses ten of the two hundred: what a class holds is made when it is first asked for.
pub fn install(interpreter: &mut Interpreter, state: &Rc<Client>) {
    let object = Rc::clone(&interpreter.classes.object);
    let base = interpreter.define_class_path("Chef::Resource", &object);
    for kind in TYPES.iter().copied().flatten() {
        install_type(interpreter, state, kind, &base);
    }
    file::install(interpreter);
    removed::install(interpreter);
}

/// The type behind a class of `Chef::Resource` that was only named so far.
struct Unfinished(&'static Type);

fn install_type(interpreter: &mut Interpreter, state: &Rc<Client>, kind: &'static Type, base: &Rc<Module>) {
    let above = if kind.above.is_empty() { Rc::clone(base) } else { class_below(interpreter, base, kind.above, base) };
    let class = class_below(interpreter, base, kind.class, &above);
    *class.data.borrow_mut() = Some(Rc::new(Unfinished(kind)));
    class.finish_later(finish);
    if kind.removed && !state.settings.compat && !state.settings.lenient {
        return;
    }
    let mut types = state.resource_types.borrow_mut();
    for name in std::iter::once(&kind.name).chain(kind.also) {
        types.insert(Name::new(name), Rc::clone(&class));
    }
}

/// The class at `path` below `Chef::Resource`, made under `above` when it is not there yet.
fn class_below(interpreter: &mut Interpreter, base: &Rc<Module>, path: &str, above: &Rc<Module>) -> Rc<Module> {
    let full = format!("Chef::Resource::{path}");
    if path.contains("::") {
        return interpreter.define_class_path(&full, above);
    }
    let mut constants = base.constants.borrow_mut();
    let made = || Value::Module(Module::new(Some(full), true, Some(Rc::clone(above))));
    match constants.entry(Name::new(path)).or_insert_with(made) {
        Value::Module(class) => Rc::clone(class),
        _ => Rc::clone(above),
    }
}

/// Gives a class its actions and properties.
fn finish(interpreter: &mut Interpreter, class: &Rc<Module>) {
    let Some(unfinished) = class.data::<Unfinished>() else { return };
    let kind = unfinished.0;
    *class.data.borrow_mut() = None;
    let data = class_data(class);
    *data.implicit_name.borrow_mut() = Some(Name::new(kind.name));
    if !kind.actions.is_empty() {
        data.allowed.borrow_mut().extend(kind.actions.iter().map(|action| Name::new(action)));
        let defaults: Vec<Name> = kind.runs.iter().map(|action| Name::new(action)).collect();
        // Without its own, a type below another one has that one's.
        if !defaults.is_empty() || kind.above.is_empty() {
            *data.default_action.borrow_mut() = if defaults.is_empty() { vec![Name::new("nothing")] } else { defaults };
        }
    }
    for field in kind.properties {
        let rules = property_of(interpreter, field);
        property::add(interpreter, class, rules);
    }
    let settings = &client(interpreter).settings;
    // Recipes for several systems set what only another system's packages have; older versions took it for all of them.
    if kind.name == "package" && (settings.lenient || settings.compat) {
        for field in package::ELSEWHERE {
            let rules = property_of(interpreter, field);
            property::add(interpreter, class, rules);
        }
    }
    for (alias, target) in kind.aliases {
        property::add_alias(interpreter, class, Name::new(alias), Name::new(target));
    }
    if !kind.removed || settings.compat || settings.lenient {
        data.provides.borrow_mut().extend(kind.also.iter().map(|name| Name::new(name)));
    }
}

/// The class that `name` declares now, ready to be used.
pub fn class_of(interpreter: &mut Interpreter, name: Name) -> Option<Rc<Module>> {
    let class = client(interpreter).resource_types.borrow().get(&name).cloned()?;
    interpreter.finish(&class);
    Some(class)
}

/// Classes, `nil`, `:symbol` and `text` as a property's rules have them.
pub fn accepted(interpreter: &Interpreter, names: &[&str]) -> Vec<Value> {
    let constants = interpreter.classes.object.constants.borrow();
    let one = |name: &&str| match (*name, name.strip_prefix(':')) {
        ("nil", _) => Some(Value::Nil),
        (_, Some(symbol)) => Some(Value::symbol(symbol)),
        (text, None) if text.starts_with(char::is_lowercase) => Some(Value::str(text)),
        (class, None) => constants.get(&Name::new(class)).cloned(),
    };
    names.iter().filter_map(one).collect()
}

fn property_of(interpreter: &mut Interpreter, field: &Field) -> Property {
    let types = accepted(interpreter, field.types);
    let default = match field.default {
        Default::Computed(function) => Some(computed(interpreter, function)),
        plain => plain.value(),
    };
    let regex = field.pattern.iter().filter_map(|source| interpreter.make_regexp(source, "").ok()).collect();
    let callbacks = field.checks.iter().map(|(message, check)| ((*message).to_owned(), question(interpreter, *check))).collect();
    Property {
        types,
        name_property: field.named,
        required: field.required.map(|actions| actions.iter().map(|action| Name::new(action)).collect()),
        coerce: field.coerce.map_or(Coerce::None, Coerce::Native),
        default,
        equal_to: field.one_of.iter().filter_map(|value| value.value()).collect(),
        regex,
        regex_list: true,
        callbacks,
        message: field.message.map(str::to_owned),
        sensitive: field.secret,
        identity: field.identity,
        desired_state: !field.aside && !field.named,
        ..Property::new(Name::new(field.name))
    }
}

/// `lazy { … }` around native code.
fn computed(interpreter: &mut Interpreter, function: fn(&mut Interpreter, &Value) -> Eval) -> Value {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Chef::DelayedEvaluator", &object);
    let lazy = interpreter.allocate(&class);
    let block = interpreter.native_block(1, move |interpreter, args| function(interpreter, &args.value(0)));
    interpreter.set_ivar(&lazy, "@block", Value::Proc(block));
    lazy
}

/// A check as the procedure that `callbacks:` takes.
fn question(interpreter: &mut Interpreter, check: Check) -> Value {
    Value::Proc(interpreter.native_block(1, move |interpreter, args| check(interpreter, &args.value(0)).map(Value::Bool)))
}
