//! One Chef run: from cookbooks, a run list and attributes to what would have been done.
//!
//! In: [`Kitchen`] (the repository, read once) and a [`Request`]. Out: [`Finished`], which [`crate::chef::collect`] turns into the graph.

use std::collections::BTreeMap;
use std::rc::Rc;

use indexmap::IndexMap;

use crate::chef::attribute::LevelName;
use crate::chef::client::{Client, Settings};
use crate::chef::cookbook::Cookbook;
use crate::chef::load::{self, Trees};
use crate::chef::opsworks::builtin;
use crate::chef::opsworks::run::DataBags;
use crate::chef::repository::Repository;
use crate::chef::{datum, node, recipe, resource, role};
use crate::diagnostic::Diagnostic;
use crate::graph::Datum;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::generated::Generated;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::Value;
use crate::source::{FileId, SourceMap, Span};
use crate::unsupported::{Kind, Lack};

/// The repository, read once for all runs.
pub struct Kitchen {
    /// The files.
    pub sources: Rc<SourceMap>,
    /// The cookbooks by name.
    pub cookbooks: BTreeMap<String, Rc<Cookbook>>,
    /// Stand-ins for cookbooks that are not in the repository; those of its own hide them.
    pub stand_ins: BTreeMap<String, Rc<Cookbook>>,
    /// The built-in cookbooks of Chef 11 stacks as far as they are known, with the repository's files over them.
    pub built_in: BTreeMap<String, Rc<Cookbook>>,
    /// Role files.
    pub roles: BTreeMap<String, FileId>,
    /// Environment files.
    pub environments: BTreeMap<String, FileId>,
    /// Data bags.
    pub data_bags: DataBags,
    /// Nodes by name: what their files say.
    pub nodes: BTreeMap<String, Rc<Datum>>,
    /// Syntax trees.
    pub trees: Rc<Trees>,
    /// The syntax trees of templates.
    pub generated: Rc<Generated>,
    /// The projects that are deployed: name, and the folder of their files in the sources, with `/` at its end.
    pub projects: Vec<(String, String)>,
    /// What was found wrong while reading.
    pub diagnostics: Vec<Diagnostic>,
    /// Steps that all runs so far have taken.
    pub spent: std::cell::Cell<u64>,
}

impl Kitchen {
    /// Reads the metadata and data bags of a repository. `secrecy`: values under names that mean a secret become holes.
    #[must_use]
    pub fn new(sources: Rc<SourceMap>, repository: &Repository, secrecy: bool) -> Self {
        let mut interpreter = Interpreter::new(Rc::clone(&sources));
        interpreter.bounds.steps = STEPS_PER_FILE;
        let trees = Rc::new(Trees::default());
        let mut cookbooks = BTreeMap::new();
        for (folder, files) in &repository.cookbooks {
            let cookbook = super::metadata::read(&mut interpreter, files.clone(), folder, &trees);
            // Two folders may claim one name; the folder named like it wins.
            let taken = cookbooks.contains_key(&cookbook.name) && *folder != cookbook.name;
            let key = if taken { folder.clone() } else { cookbook.name.clone() };
            cookbooks.insert(key, Rc::new(cookbook));
        }
        let mut stand_ins = BTreeMap::new();
        for (name, files) in super::stand_in::find(&sources) {
            if !cookbooks.contains_key(&name) {
                let cookbook = super::metadata::read(&mut interpreter, files, &name, &trees);
                stand_ins.insert(name, Rc::new(cookbook));
            }
        }
        // As on the instances: the repository's files are laid over those of the built-in cookbook.
        let mut built_in = BTreeMap::new();
        for (name, mut files) in super::stand_in::built_in(&sources) {
            if let Some(own) = repository.cookbooks.get(&name) {
                files.overlay(own.clone());
            }
            built_in.insert(name.clone(), Rc::new(super::metadata::read(&mut interpreter, files, &name, &trees)));
        }
        let mut data_bags = IndexMap::new();
        for (bag, items) in &repository.data_bags {
            let mut read = IndexMap::new();
            for (stem, file) in items {
                match serde_json::from_str::<serde_json::Value>(sources.file(*file).text()) {
                    Ok(json) => {
                        let id = json["id"].as_str().unwrap_or(stem).to_owned();
                        read.insert(id, super::data_bag::from_json(&json, bag, secrecy));
                    }
                    Err(error) => {
                        let offset = role::offset_of(sources.file(*file).text(), error.line(), error.column());
                        let diagnostic = Diagnostic::error("C110", format!("`{}` is not valid JSON: {error}", sources.file(*file).path))
                            .at(crate::source::Span::new(*file, offset, offset + 1))
                            .help("correct the file; the item is not used");
                        interpreter.diagnostics.push(diagnostic);
                    }
                }
            }
            data_bags.insert(bag.clone(), Rc::new(read));
        }
        let mut nodes = BTreeMap::new();
        for (name, file) in &repository.nodes {
            if let Ok(json) = serde_json::from_str::<serde_json::Value>(sources.file(*file).text()) {
                nodes.insert(name.clone(), Rc::new(super::datum::from_json(&json, secrecy)));
            }
        }
        let diagnostics = std::mem::take(&mut interpreter.diagnostics);
        let spent = interpreter.spent;
        interpreter.dismantle(Vec::new());
        Self {
            sources,
            cookbooks,
            stand_ins,
            built_in,
            roles: repository.roles.clone(),
            environments: repository.environments.clone(),
            data_bags,
            nodes,
            trees,
            generated: Rc::default(),
            projects: Vec::new(),
            diagnostics,
            spent: std::cell::Cell::new(spent),
        }
    }
}

/// What one file or resource of a conversion may cost: far more than any real one needs, and still well under a second.
const STEPS_PER_FILE: u64 = 2_000_000;

/// What all runs over one repository may cost together: some thirty times what the largest real ones take.
const STEPS_IN_ALL: u64 = 50_000_000;

/// What is to be evaluated.
#[derive(Clone, Default)]
pub struct Request {
    /// The run list: `recipe[a]`, `role[b]`, `a::c`.
    pub run_list: Vec<String>,
    /// Cookbooks that are loaded beside those of the run list.
    pub cookbooks: Vec<String>,
    /// Attributes of the node JSON (`-j`): normal level.
    pub attributes: Option<Datum>,
    /// Attributes at the default level, before any cookbook (the built-in cookbooks' own).
    pub default_attributes: Option<Datum>,
    /// Automatic attributes.
    pub automatic: Option<Datum>,
    /// Data bags of this run; they hide the repository's of the same name.
    pub data_bags: DataBags,
    /// Files that stand on the machine before the run: path, text.
    pub machine: BTreeMap<String, String>,
    /// The environment's name.
    pub environment: Option<String>,
    /// The node's name.
    pub name: String,
    /// How to evaluate.
    pub settings: Settings,
}

/// A run that ended.
pub struct Finished {
    /// The interpreter, with everything the run left.
    pub interpreter: Interpreter,
    /// The run's state.
    pub client: Rc<Client>,
    /// The root collection at the end of the compile phase.
    pub compiled: Vec<usize>,
    /// The properties that its resources had set then.
    pub declared: Vec<IndexMap<crate::name::Name, Datum>>,
    /// The first error: class, message, and in which phase.
    pub error: Option<(String, String, &'static str)>,
    /// The recipes of the expanded run list.
    pub run_list: Vec<String>,
}

/// Evaluates a run: loads, compiles, converges.
#[must_use]
pub fn evaluate(kitchen: &Kitchen, request: &Request) -> Finished {
    let mut finished = prepare(Interpreter::new(Rc::clone(&kitchen.sources)), kitchen, request);
    finished.compile(kitchen, request);
    finished.converge();
    kitchen.spent.set(finished.interpreter.spent);
    finished
}

/// A run that has its node and its attributes, and nothing compiled. An interpreter that had a run before keeps what the libraries of
/// that run defined.
#[must_use]
pub fn prepare(mut interpreter: Interpreter, kitchen: &Kitchen, request: &Request) -> Finished {
    interpreter.generated = Rc::clone(&kitchen.generated);
    interpreter.judge = request.settings.secrecy.then_some(super::node::judge);
    let mut client = Client::new(kitchen.cookbooks.clone(), request.settings.clone());
    if request.settings.lenient {
        for (name, cookbook) in &kitchen.stand_ins {
            if !(request.settings.builtins && builtin::is_builtin_cookbook(name)) {
                client.stand_ins.insert(name.clone());
                client.cookbooks.insert(name.clone(), Rc::clone(cookbook));
            }
        }
        for (name, cookbook) in kitchen.built_in.iter().filter(|_| request.settings.builtins) {
            client.cookbooks.insert(name.clone(), Rc::clone(cookbook));
        }
    }
    client.roles.clone_from(&kitchen.roles);
    client.nodes.clone_from(&kitchen.nodes);
    client.trees = Rc::clone(&kitchen.trees);
    client.machine.clone_from(&request.machine);
    client.projects.clone_from(&kitchen.projects);
    let mut bags = kitchen.data_bags.clone();
    bags.extend(request.data_bags.clone());
    client.data_bags.replace(bags);
    let before = interpreter.host::<Client>();
    let client = Rc::new(client);
    interpreter.host = Some(Rc::clone(&client) as Rc<dyn std::any::Any>);
    request.name.clone_into(&mut client.node.name.borrow_mut());
    client.node.run_list.replace(request.run_list.clone());
    if let Some(environment) = &request.environment {
        environment.clone_into(&mut client.node.environment.borrow_mut());
    }
    match before {
        Some(before) => {
            client.resource_types.replace(before.resource_types.borrow().clone());
            client.providers.replace(before.providers.borrow().clone());
            client.provided.replace(before.provided.borrow().clone());
            client.loaded_libraries.replace(before.loaded_libraries.borrow().clone());
            node::install(&mut interpreter, &client);
        }
        None => {
            install(&mut interpreter, &client);
            interpreter.vocabularies.push(super::vocabulary::chef());
        }
    }
    if request.settings.builtins {
        super::opsworks::chef11::install(&mut interpreter);
    }
    if request.settings.lenient {
        interpreter.bounds.steps = STEPS_PER_FILE;
        interpreter.bounds.total = STEPS_IN_ALL;
        interpreter.spent = kitchen.spent.get();
    }
    let mut finished = Finished { interpreter, client, compiled: Vec::new(), declared: Vec::new(), error: None, run_list: Vec::new() };
    if let Err(flow) = attributes(&mut finished, request) {
        finished.fail(flow, "compile");
    }
    finished
}

impl Finished {
    /// The compile phase: cookbooks and recipes are loaded. An error ends it, and is kept.
    pub fn compile(&mut self, kitchen: &Kitchen, request: &Request) {
        if self.error.is_some() {
            return;
        }
        if let Err(flow) = compile(self, kitchen, request) {
            self.fail(flow, "compile");
        }
    }

    /// The converge phase, where the compile phase came to its end.
    pub fn converge(&mut self) {
        self.compiled = self.client.contexts.borrow().first().map(|root| root.resources.clone()).unwrap_or_default();
        for number in &self.compiled {
            let resource = self.client.resource(*number);
            self.interpreter.steps = 0;
            let properties = super::converge::snapshot(&mut self.interpreter, &resource);
            self.declared.push(properties);
        }
        if self.error.is_none() {
            if let Err(flow) = super::converge::run(&mut self.interpreter) {
                self.fail(flow, "converge");
            }
        }
    }

    /// Gives back the memory of the run, which would stay until the program ends: one of many runs over a repository.
    pub fn dismantle(mut self) {
        let client = &self.client;
        let mut values = client.resources.take();
        let blocks = |data: &resource::ResourceData| {
            let guards: Vec<Value> = data.guards.borrow().iter().filter_map(|guard| guard.block.clone()).map(Value::Proc).collect();
            guards.into_iter().chain(data.set.borrow().values().cloned()).collect::<Vec<_>>()
        };
        let held: Vec<Value> = values.iter().filter_map(resource::data).flat_map(|data| blocks(&data)).collect();
        values.extend(held);
        let classes = client.resource_types.take().into_values().chain(client.providers.take().into_values());
        for class in classes {
            if let Some(data) = class.data::<resource::ResourceClass>() {
                values.extend(data.actions.borrow().values().cloned().map(Value::Proc));
            }
            values.push(Value::Module(class));
        }
        values.extend(client.definitions.take().into_values().map(|definition| Value::Proc(definition.body)));
        values.push(client.node_object.replace(Value::Nil));
        values.push(client.provider.replace(Value::Nil));
        values.push(client.run_state.clone());
        self.interpreter.dismantle(values);
    }

    fn fail(&mut self, flow: Box<Flow>, phase: &'static str) {
        let error = load::report(&mut self.interpreter, flow, "the run");
        if let Ok(Some((class, message))) = error {
            self.error.get_or_insert((class, message, phase));
        }
    }
}

/// Installs everything of Chef on an interpreter whose host is `client`.
pub fn install(interpreter: &mut Interpreter, client: &Rc<Client>) {
    node::install(interpreter, client);
    recipe::install(interpreter);
    resource::base::install(interpreter);
    resource::types::install(interpreter, client);
    super::template::install(interpreter);
    super::dsl::install(interpreter);
}

/// Where a `metadata.rb` names the cookbook `name`.
fn depends_line(sources: &SourceMap, file: FileId, name: &str) -> Span {
    let text = sources.file(file).text();
    let quoted = |mark: char| text.find(&format!("{mark}{name}{mark}"));
    let start = quoted('\'').or_else(|| quoted('"')).unwrap_or(0);
    Span::new(file, start, start + name.len())
}

/// What is given of the node's attributes.
fn attributes(finished: &mut Finished, request: &Request) -> Eval<()> {
    let interpreter = &mut finished.interpreter;
    let client = Rc::clone(&finished.client);
    let set = |interpreter: &mut Interpreter, level: LevelName, datum: Option<&Datum>| -> Eval<()> {
        if let Some(datum) = datum {
            let value = datum::to_value(interpreter, datum);
            let tree = Value::Hash(client.node.level(level));
            role::merge_into(interpreter, &tree, &value)?;
        }
        Ok(())
    };
    set(interpreter, LevelName::Automatic, request.automatic.as_ref())?;
    super::dsl::platform::mark_version(interpreter);
    set(interpreter, LevelName::Default, request.default_attributes.as_ref())?;
    set(interpreter, LevelName::Normal, request.attributes.as_ref())
}

fn compile(finished: &mut Finished, kitchen: &Kitchen, request: &Request) -> Eval<()> {
    let interpreter = &mut finished.interpreter;
    let client = Rc::clone(&finished.client);
    let environment = client.node.environment.borrow().clone();
    if let Some(file) = kitchen.environments.get(&environment) {
        if let Some(read) = role::read(interpreter, *file, &environment) {
            role::apply(interpreter, read.default_attributes.as_ref(), LevelName::EnvironmentDefault)?;
            role::apply(interpreter, read.override_attributes.as_ref(), LevelName::EnvironmentOverride)?;
        }
    }
    let expansion = role::expand(interpreter, &request.run_list, &environment);
    for missing in &expansion.missing {
        let diagnostic = Diagnostic::error("C112", format!("the role `{missing}` of the run list is not in the repository"))
            .help("add it to roles/, or leave it out of the run list");
        interpreter.ledger.note(Lack::Repository, Kind::Data, format!("role[{missing}]"), Span::new(FileId(0), 0, 0));
        interpreter.diagnostics.push(diagnostic);
    }
    // A role inside another is applied after it: the inner one wins.
    for role in &expansion.roles {
        role::apply(interpreter, role.default_attributes.as_ref(), LevelName::RoleDefault)?;
        role::apply(interpreter, role.override_attributes.as_ref(), LevelName::RoleOverride)?;
    }
    client.node.roles.replace(expansion.roles.iter().map(|role| role.name.clone()).collect());
    client.node.recipes.replace(expansion.names.clone());
    let tree = Value::Hash(client.node.level(LevelName::Automatic));
    let recipes = Value::strings(expansion.names.clone());
    let roles = Value::strings(client.node.roles.borrow().clone());
    for (name, value) in [("recipes", recipes), ("roles", roles)] {
        interpreter.send(&tree, "[]=", &[Value::str(name), value])?;
    }
    finished.run_list.clone_from(&expansion.recipes);
    let loaded = builtin::LOADED.iter().filter(|name| client.settings.builtins && client.cookbooks.contains_key(**name));
    let loaded = loaded.map(|name| (*name).to_owned());
    let mut wanted: Vec<String> = loaded.chain(expansion.recipes.iter().chain(&request.cookbooks).cloned()).collect();
    // A copy of the service's cookbooks from before Chef 11 says nothing of what they need: all cookbooks were loaded then.
    let is_copy = kitchen
        .cookbooks
        .get("deploy")
        .is_some_and(|deploy| deploy.depends.is_empty() && deploy.files.get("definitions/opsworks_deploy.rb").is_some());
    if client.settings.builtins && is_copy {
        wanted.extend(kitchen.cookbooks.keys().filter(|name| builtin::is_builtin_cookbook(name)).map(ToString::to_string));
    }
    let (order, missing) = load::cookbook_order(&client.cookbooks, &wanted);
    for (name, by) in missing {
        if client.settings.builtins && builtin::is_builtin_cookbook(&name) {
            continue;
        }
        if client.settings.lenient {
            client.missing.borrow_mut().insert(format!("cookbook {name}"));
            let metadata = client.cookbooks.get(&by).and_then(|cookbook| cookbook.files.get("metadata.rb"));
            let at = metadata.map_or(Span::new(FileId(0), 0, 0), |file| depends_line(&kitchen.sources, file, &name));
            interpreter.ledger.note(Lack::Repository, Kind::Cookbook, name.as_str(), at);
            let diagnostic = Diagnostic::warning("C103", format!("the cookbook `{name}`, which `{by}` needs, is not in the repository"))
                .help(format!("vendor it (`berks vendor`), or check what the report says of the recipes and resources of `{name}`"));
            interpreter.diagnostics.push(diagnostic);
        } else {
            let above = Rc::clone(&interpreter.classes.runtime_error);
            let class = interpreter.define_class_path("Chef::Exceptions::CookbookNotFound", &above);
            return interpreter.raise(&class, format!("Cookbook {name} not found."));
        }
    }
    load::load_cookbooks(interpreter, &order, !client.settings.lenient)?;
    for recipe in &expansion.recipes {
        let answer = load::load_recipe(interpreter, recipe).map(Value::Bool);
        load::tolerate(interpreter, answer, &format!("recipe `{recipe}`"), !client.settings.lenient)?;
    }
    Ok(())
}
