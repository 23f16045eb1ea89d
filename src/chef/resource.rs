//! Resources: the base class `Chef::Resource`, classes with their properties and actions, and declaring one.
//!
//! Built-in types are tables in `resource/*.rs`; custom resources add properties to their classes with the same mechanism
//! (see [`crate::chef::custom`]). `file '/a' { mode '0644' }` makes an object of `Chef::Resource::File` whose `mode` is set.

pub mod base;
pub mod declare;
pub mod property;
pub mod show;
pub mod types;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::graph::Condition;
use crate::name::{Name, NameMap};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Module;
use crate::ruby::procs::Proc;
use crate::ruby::value::Value;
use crate::source::Span;

use property::Property;

/// What a class of resources keeps.
#[derive(Default)]
pub struct ResourceClass {
    /// Its own properties.
    pub properties: RefCell<NameMap<Rc<Property>>>,
    /// Actions of a custom resource: their blocks.
    pub actions: RefCell<NameMap<Rc<Proc>>>,
    /// Names of allowed actions.
    pub allowed: RefCell<Vec<Name>>,
    /// `default_action`
    pub default_action: RefCell<Vec<Name>>,
    /// Names that declare it.
    pub provides: RefCell<Vec<Name>>,
    /// Defined in a cookbook.
    pub custom: Cell<bool>,
    /// Whether [`crate::chef::action_class::forward_methods`] was done.
    pub forwards: Cell<bool>,
    /// `action_class` of a custom resource.
    pub action_class: RefCell<Option<Rc<Module>>>,
    /// `load_current_value`
    pub load_current_value: RefCell<Option<Rc<Proc>>>,
    /// The cookbook that defines it.
    pub cookbook: RefCell<String>,
    /// The name that conventionally declares it (`cookbook_file`).
    pub implicit_name: RefCell<Option<Name>>,
    /// `unified_mode true`, where it says so
    pub unified: Cell<Option<bool>>,
}

/// A guard as declared.
#[derive(Clone)]
pub struct GuardSpec {
    /// `only_if` (else `not_if`).
    pub only_if: bool,
    /// A command or array of words; `nil` for a block.
    pub command: Value,
    /// Options: `cwd`, `user`, `environment`.
    pub options: Option<Value>,
    /// A block.
    pub block: Option<Rc<Proc>>,
    /// What it came to when last evaluated.
    pub result: Cell<Option<bool>>,
}

/// A notification as declared.
#[derive(Clone)]
pub struct NotificationSpec {
    /// The action.
    pub action: Name,
    /// `type[name]`, or a resource object.
    pub target: Value,
    /// `immediate`, `delayed`, `before`
    pub timing: &'static str,
}

/// What a resource object keeps.
pub struct ResourceData {
    /// Its number in the run.
    pub number: Cell<usize>,
    /// The type as declared.
    pub kind: Name,
    /// The name as given.
    pub name: RefCell<Value>,
    /// `action`, when set.
    pub actions: RefCell<Option<Vec<Name>>>,
    /// Set properties, in order.
    pub set: RefCell<NameMap<Value>>,
    /// Guards, in order of declaration.
    pub guards: RefCell<Vec<GuardSpec>>,
    /// Notifications.
    pub notifies: RefCell<Vec<NotificationSpec>>,
    /// Subscriptions.
    pub subscribes: RefCell<Vec<NotificationSpec>>,
    /// Where it is declared.
    pub declared: Cell<Span>,
    /// The cookbook of the declaration.
    pub cookbook: String,
    /// The recipe (or resource file) of the declaration.
    pub recipe: String,
    /// Unknown conditions around the declaration.
    pub conditions: Vec<Condition>,
    /// The run context it belongs to.
    pub context: Cell<usize>,
    /// The provider in whose action it is declared.
    pub enclosing: RefCell<Value>,
    /// Named properties that hold lazy values, as first resolved.
    pub lazy: RefCell<Vec<Name>>,
    /// Nobody defines its type.
    pub unknown: Cell<bool>,
    /// `params` of a definition around it.
    pub params: RefCell<Value>,
    /// Actions that only this object allows (`@allowed_actions` of older classes).
    pub allowed: RefCell<Vec<Name>>,
    /// It ran while compiling (`compile_time true`) and does not run again.
    pub compiled: Cell<bool>,
    /// Its last action changed something.
    pub updated: Cell<bool>,
    /// Any of its actions changed something.
    pub changed: Cell<bool>,
    /// What a backtrace calls the code that declares it: `block in from_file`.
    pub label: String,
}

impl ResourceData {
    /// `type[name]`
    #[must_use]
    pub fn reference(&self, interpreter: &Interpreter) -> String {
        let name = match &*self.name.borrow() {
            Value::Str(text) => interpreter.to_text(&text.text.borrow()).to_string(),
            Value::Symbol(name) => name.to_string(),
            _ => String::new(),
        };
        format!("{}[{name}]", self.kind)
    }
}

/// The data of a resource object.
#[must_use]
pub fn data(value: &Value) -> Option<Rc<ResourceData>> {
    match value {
        Value::Object(object) => object.data::<ResourceData>(),
        _ => None,
    }
}

/// The class data of a resource class, made when the class has none yet.
pub fn class_data(module: &Rc<Module>) -> Rc<ResourceClass> {
    // A resource that was given methods of its own is still one of its class.
    let above = if module.is_singleton { module.superclass.borrow().clone() } else { None };
    if let Some(above) = above {
        return class_data(&above);
    }
    if let Some(data) = module.data::<ResourceClass>() {
        return data;
    }
    let data = Rc::new(ResourceClass::default());
    *module.data.borrow_mut() = Some(Rc::clone(&data) as Rc<dyn std::any::Any>);
    data
}

/// Everything from the class of `value` up to `Chef::Resource` that has resource class data, nearest first.
#[must_use]
pub fn class_chain(interpreter: &Interpreter, class: &Rc<Module>) -> Vec<Rc<ResourceClass>> {
    class.linearise(interpreter.version).iter().filter_map(|module| module.data::<ResourceClass>()).collect()
}

/// The property `name` of objects of `class`.
#[must_use]
pub fn find_property(interpreter: &Interpreter, class: &Rc<Module>, name: Name) -> Option<Rc<Property>> {
    class_chain(interpreter, class).into_iter().find_map(|data| data.properties.borrow().get(&name).cloned())
}
