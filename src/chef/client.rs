//! What one Chef run keeps: the cookbooks, the node, the run contexts with their resource collections, what was loaded.
//!
//! It hangs on the interpreter as its host; native methods get it with [`client`].

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use indexmap::IndexMap;

use crate::chef::converge::Converge;
use crate::chef::cookbook::Cookbook;
use crate::chef::load::Trees;
use crate::chef::node::NodeState;
use crate::chef::opsworks::run::DataBags;
use crate::graph::{Datum, FileState};
use crate::name::{Name, NameMap};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Module;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;
use crate::source::FileId;

/// How a run is to be evaluated.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Semantics of Chef 11 and 12: `node.set`, attributes as methods, implicit LWRP names, `deploy`.
    pub compat: bool,
    /// A type of resource that nobody defines is kept as an unknown resource instead of ending the recipe.
    pub lenient: bool,
    /// The cookbooks of the Chef 11 stacks of `OpsWorks` lie on the host: a recipe of theirs that the repository lacks is theirs.
    pub builtins: bool,
    /// Values whose names mean a secret become secret holes.
    pub secrecy: bool,
    /// Known results of shell commands: pattern, standard output, exit status.
    pub stubs: Vec<(String, String, i64)>,
    /// As `ChefSpec` converges: no action does anything, nothing is notified, and only resources of these types are entered.
    pub rehearsal: Option<BTreeSet<String>>,
}

/// A run context: a resource collection, and the one around it.
#[derive(Default)]
pub struct RunContext {
    /// The resources, in order.
    pub resources: Vec<usize>,
    /// The context around.
    pub parent: Option<usize>,
    /// Where the next resource goes while the context converges (after the resource that runs); else at the end.
    pub insert_at: Option<usize>,
    /// The custom resource whose action it belongs to, by resource number.
    pub owner: Option<usize>,
    /// Notifications by the resource that sends them, `type[name]`, in the order in which they were declared.
    pub notes: IndexMap<String, Vec<Note>>,
    /// Delayed notifications to resources of this context, in the order in which they were first asked for.
    pub delayed: Vec<Delayed>,
    /// Each resource runs as soon as it is declared.
    pub unified: bool,
    /// In unified mode: immediate notifications that fired before their target was declared.
    pub pending: Vec<(String, Name, usize)>,
}

/// A notification as the sending resource's run context keeps it.
#[derive(Clone)]
pub struct Note {
    /// `immediate`, `delayed`, `before`
    pub timing: &'static str,
    /// `type[name]`, or a resource object.
    pub target: Value,
    /// The action.
    pub action: Name,
}

/// A delayed notification that waits.
#[derive(Clone)]
pub struct Delayed {
    /// `type[name]` (not declared yet), or a resource object.
    pub target: Value,
    /// The action.
    pub action: Name,
}

/// Something that was logged by cookbook code.
#[derive(Debug, Clone, PartialEq)]
pub struct LogLine {
    /// `info`, `warn`, …
    pub level: String,
    /// The message.
    pub message: String,
    /// `Chef::Log` or `log`.
    pub by: &'static str,
}

/// The state of a run.
pub struct Client {
    /// The cookbooks by name.
    pub cookbooks: BTreeMap<String, Rc<Cookbook>>,
    /// Those of `cookbooks` that only stand in for one that is not in the repository.
    pub stand_ins: BTreeSet<String>,
    /// Roles by name: their files.
    pub roles: BTreeMap<String, FileId>,
    /// Data bags: bag, item, content.
    pub data_bags: RefCell<DataBags>,
    /// Nodes of the repository by name: what their files say.
    pub nodes: BTreeMap<String, Rc<Datum>>,
    /// How to evaluate.
    pub settings: Settings,
    /// Known results of shell commands, those of the settings first.
    pub stubs: RefCell<Vec<(String, String, i64)>>,
    /// The node's attributes.
    pub node: NodeState,
    /// The node object.
    pub node_object: RefCell<Value>,
    /// Cookbooks that the run list and `depends` reach, in load order.
    pub loaded_cookbooks: RefCell<Vec<String>>,
    /// Attribute files that ran: `cookbook::file`.
    pub loaded_attributes: RefCell<BTreeSet<String>>,
    /// Recipes that ran, in order: `cookbook::recipe`.
    pub loaded_recipes: RefCell<Vec<String>>,
    /// Library files that ran, in their turn or because another required them.
    pub loaded_libraries: RefCell<std::collections::BTreeSet<crate::source::FileId>>,
    /// All resource objects that were made, by number.
    pub resources: RefCell<Vec<Value>>,
    /// Run contexts; 0 is the root.
    pub contexts: RefCell<Vec<RunContext>>,
    /// The context that declarations go to now.
    pub context: Cell<usize>,
    /// The provider whose action runs, for nested resources.
    pub provider: RefCell<Value>,
    /// Resource classes by the name that declares them.
    pub resource_types: RefCell<NameMap<Rc<Module>>>,
    /// LWRP provider classes by resource name.
    pub providers: RefCell<NameMap<Rc<Module>>>,
    /// Provider classes that say `provides :name`, with what they say behind it: which one it is shows when the resource runs.
    pub provided: RefCell<IndexMap<Name, Vec<(Rc<Module>, Args)>>>,
    /// `define`d macros by name.
    pub definitions: RefCell<NameMap<crate::chef::definition::Definition>>,
    /// `node.run_state`
    pub run_state: Value,
    /// What was logged.
    pub log: RefCell<Vec<LogLine>>,
    /// The machine's files as far as the run made them.
    pub files: RefCell<BTreeMap<String, FileState>>,
    /// Files that stand on the machine before the run, with their text.
    pub machine: BTreeMap<String, String>,
    /// The projects that are deployed: name, and the folder of their files in the sources, with `/` at its end.
    pub projects: Vec<(String, String)>,
    /// The cookbook and recipe (or file) whose code runs now.
    pub place: RefCell<(String, String)>,
    /// The parameters of the definition whose body runs.
    pub params: RefCell<Value>,
    /// Cookbooks that were asked for and are not there, each once.
    pub missing: RefCell<BTreeSet<String>>,
    /// Whether the compile phase is over.
    pub converging: Cell<bool>,
    /// Syntax trees, shared by all runs over the same files.
    pub trees: Rc<Trees>,
    /// What the converge did.
    pub progress: Converge,
}

/// The run that `interpreter` evaluates.
///
/// The interpreter of a Chef run always has one; without (a unit test of plain Ruby) an empty one is given.
#[must_use]
pub fn client(interpreter: &Interpreter) -> Rc<Client> {
    interpreter.host::<Client>().unwrap_or_else(|| Rc::new(Client::new(BTreeMap::new(), Settings::default())))
}

impl Client {
    /// An empty run over `cookbooks`.
    #[must_use]
    pub fn new(cookbooks: BTreeMap<String, Rc<Cookbook>>, settings: Settings) -> Self {
        Self {
            cookbooks,
            stand_ins: BTreeSet::new(),
            roles: BTreeMap::new(),
            data_bags: RefCell::default(),
            nodes: BTreeMap::new(),
            stubs: RefCell::new(settings.stubs.clone()),
            settings,
            node: NodeState::default(),
            node_object: RefCell::new(Value::Nil),
            loaded_cookbooks: RefCell::default(),
            loaded_attributes: RefCell::default(),
            loaded_recipes: RefCell::default(),
            loaded_libraries: RefCell::default(),
            resources: RefCell::default(),
            contexts: RefCell::new(vec![RunContext::default()]),
            context: Cell::new(0),
            provider: RefCell::new(Value::Nil),
            resource_types: RefCell::default(),
            providers: RefCell::default(),
            provided: RefCell::default(),
            definitions: RefCell::default(),
            run_state: Value::Hash(Value::new_hash()),
            log: RefCell::default(),
            files: RefCell::default(),
            machine: BTreeMap::new(),
            projects: Vec::new(),
            place: RefCell::default(),
            params: RefCell::new(Value::Nil),
            missing: RefCell::default(),
            converging: Cell::new(false),
            trees: Rc::default(),
            progress: Converge::default(),
        }
    }

    /// Adds a resource to the context that declarations go to, and numbers it.
    pub fn add_resource(&self, resource: Value) -> usize {
        let number = self.resources.borrow().len();
        self.resources.borrow_mut().push(resource);
        self.insert(number);
        number
    }

    /// Puts the resource `number` into the current context.
    pub fn insert(&self, number: usize) {
        let mut contexts = self.contexts.borrow_mut();
        if let Some(context) = contexts.get_mut(self.context.get()) {
            match context.insert_at {
                Some(position) if position <= context.resources.len() => {
                    context.resources.insert(position, number);
                    context.insert_at = Some(position + 1);
                }
                _ => context.resources.push(number),
            }
        }
    }

    /// The resource with that number.
    #[must_use]
    pub fn resource(&self, number: usize) -> Value {
        self.resources.borrow().get(number).cloned().unwrap_or(Value::Nil)
    }
}
