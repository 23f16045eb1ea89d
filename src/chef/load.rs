//! Loading: cookbook order, libraries, attributes, resources, definitions, recipes.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::chef::client::{Client, client};
use crate::chef::cookbook::Cookbook;
use crate::chef::opsworks::builtin;
use crate::diagnostic::Diagnostic;
use crate::name::Name;
use crate::read::ruby::ast::P;
use crate::read::ruby::parse;
use crate::ruby::bounds::WAITS;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::procs::Args;
use crate::ruby::scope::{Nesting, Scope};
use crate::ruby::value::Value;
use crate::source::FileId;
use crate::unsupported::{Kind, Lack};

/// Syntax trees by file, parsed once for all runs.
#[derive(Default)]
pub struct Trees {
    parsed: std::cell::RefCell<BTreeMap<FileId, P>>,
    faulty: std::cell::RefCell<BTreeMap<FileId, String>>,
}

impl Trees {
    /// The tree of `file`; its syntax errors go to the interpreter's diagnostics when it is first parsed.
    pub fn get(&self, interpreter: &mut Interpreter, file: FileId) -> P {
        if let Some(tree) = self.parsed.borrow().get(&file) {
            return Rc::clone(tree);
        }
        let sources = Rc::clone(&interpreter.sources);
        let (tree, problems) = parse(&sources, file);
        if let Some(problem) = problems.first() {
            let line = problem.span.map_or(0, |span| sources.file(file).line(span.start));
            let message = format!("{}:{line}: {}", sources.file(file).path, problem.message);
            self.faulty.borrow_mut().insert(file, message);
        }
        interpreter.diagnostics.extend(problems);
        self.parsed.borrow_mut().insert(file, Rc::clone(&tree));
        tree
    }

    /// The tree of `file`; with strict settings a syntax error is raised.
    ///
    /// # Errors
    /// `SyntaxError`.
    pub fn checked(&self, interpreter: &mut Interpreter, file: FileId) -> Eval<P> {
        let tree = self.get(interpreter, file);
        let fault = self.faulty.borrow().get(&file).cloned();
        match fault {
            Some(message) if !client(interpreter).settings.lenient => {
                let above = Rc::clone(&interpreter.classes.standard_error);
                let class = interpreter.define_class_path("SyntaxError", &above);
                interpreter.raise(&class, message)
            }
            _ => Ok(tree),
        }
    }
}

/// The order in which cookbooks are loaded: for each recipe of the run list depth-first through `depends`, sorted by name.
#[must_use]
pub fn cookbook_order(cookbooks: &BTreeMap<String, Rc<Cookbook>>, recipes: &[String]) -> (Vec<String>, Vec<(String, String)>) {
    let mut order = Vec::new();
    let mut missing = Vec::new();
    for recipe in recipes {
        let cookbook = recipe.split("::").next().unwrap_or(recipe);
        visit(cookbooks, cookbook, "the run list", &mut order, &mut missing, &mut Vec::new());
    }
    (order, missing)
}

fn visit(
    cookbooks: &BTreeMap<String, Rc<Cookbook>>,
    name: &str,
    by: &str,
    order: &mut Vec<String>,
    missing: &mut Vec<(String, String)>,
    path: &mut Vec<String>,
) {
    if order.iter().any(|known| known == name) || path.iter().any(|known| known == name) {
        return;
    }
    let Some(cookbook) = cookbooks.get(name) else {
        if !missing.iter().any(|(known, _)| known == name) {
            missing.push((name.to_owned(), by.to_owned()));
        }
        return;
    };
    path.push(name.to_owned());
    let mut depends: Vec<&str> = cookbook.depends.iter().map(|(name, _)| name.as_str()).collect();
    depends.sort_unstable();
    for dependency in depends {
        visit(cookbooks, dependency, name, order, missing, path);
    }
    path.pop();
    order.push(name.to_owned());
}

/// Runs the code of `file` with `receiver` as self, as code of `cookbook`'s `place`.
///
/// # Errors
/// What the code raises.
pub fn run_file(interpreter: &mut Interpreter, trees: &Trees, file: FileId, receiver: &Value, cookbook: &str, place: &str) -> Eval {
    let tree = trees.checked(interpreter, file)?;
    let state = client(interpreter);
    let outer = state.place.replace((cookbook.to_owned(), place.to_owned()));
    let params = state.params.replace(Value::Nil);
    let scope = file_scope(interpreter, receiver);
    // Every file has its own share of steps: one that never ends does not take the others with it.
    let steps = std::mem::take(&mut interpreter.steps);
    let answer = if state.settings.lenient {
        let path = interpreter.sources.file(file).path.clone();
        interpreter.run_statements(&scope, &tree, &mut |interpreter, error| goes_on(interpreter, error, &path))
    } else {
        interpreter.run(&scope, &tree)
    };
    interpreter.steps = steps;
    state.params.replace(params);
    state.place.replace(outer);
    answer
}

/// Whether what stands behind a statement that raised `error` is evaluated all the same. What the cookbook raises by itself
/// (`raise 'unsupported'`, `exit`) is meant to end the file; anything else is reported, and the rest of the file is not lost with it.
fn goes_on(interpreter: &mut Interpreter, error: &Value, path: &str) -> bool {
    let (class, _) = interpreter.describe_exception(error);
    if class == "RuntimeError" || class == "SystemExit" {
        return false;
    }
    let raised = raised(interpreter, error);
    let diagnostic = match raised.lacking {
        Some(name) => Diagnostic::error("C109", format!("a statement of `{path}` fails: `{name}` is not supported: {}", raised.said))
            .help("ekiben lacks it and Chef does not: report it, with this line; the rest of the file is evaluated all the same"),
        None => Diagnostic::error("C100", format!("a statement of `{path}` fails: {}", raised.said)).help(
            "Chef would stop here, the rest of the file is evaluated all the same; give the missing input (--stack, --json-attributes), or mend the code",
        ),
    };
    interpreter.diagnostics.push(diagnostic.at(raised.at));
    true
}

/// An exception as a diagnostic says it.
pub(super) struct Raised {
    /// `Class: message`, the first line of it.
    pub said: String,
    /// Where it was raised.
    pub at: crate::source::Span,
    /// What ekiben lacks, where that is why.
    pub lacking: Option<String>,
}

/// What is to be said of an exception that ends something; one that Chef would raise, too, is counted as an error of the input.
pub(super) fn raised(interpreter: &mut Interpreter, error: &Value) -> Raised {
    let (class, message) = interpreter.describe_exception(error);
    let said = format!("{class}: {}", message.lines().next().unwrap_or(""));
    let at = raised_at(error).unwrap_or(interpreter.span);
    // Text that is not read may be wrong, or a construct that the grammar lacks: it is counted as the latter and said as the former.
    let (lacking, counted) = match lacking(error) {
        Some(_) if class == "SyntaxError" => (None, true),
        lacking => (lacking, false),
    };
    if lacking.is_none() && !counted {
        interpreter.ledger.note(Lack::Input, Kind::Error, said.clone(), at);
    }
    Raised { said, at, lacking }
}

/// The scope of a file. Chef evaluates all but libraries as text inside itself: constants are looked up in `Chef` first, and
/// `def` defines a method of that recipe alone.
fn file_scope(interpreter: &mut Interpreter, receiver: &Value) -> Rc<Scope> {
    if receiver.same(&interpreter.main) {
        return interpreter.top_scope(receiver.clone());
    }
    let object = Rc::clone(&interpreter.classes.object);
    let chef = interpreter.define_class_path("Chef", &object);
    let top = Rc::new(Nesting { module: object, outer: None });
    let nesting = Rc::new(Nesting { module: chef, outer: Some(top) });
    let definee = interpreter.singleton_class(receiver);
    let frame = interpreter.frame(receiver.clone(), nesting, definee, None, None);
    Scope::new(frame, None)
}

/// Says what an exception ended, at the place where it was raised. Bounds that were hit are passed on.
///
/// # Errors
/// [`Flow::Halt`] only.
pub fn report(interpreter: &mut Interpreter, flow: Box<Flow>, what: &str) -> Eval<Option<(String, String)>> {
    match *flow {
        Flow::Raise(error) => {
            let (class, message) = interpreter.describe_exception(&error);
            let raised = raised(interpreter, &error);
            let diagnostic = match raised.lacking {
                Some(name) => Diagnostic::error("C109", format!("{what} stops here: `{name}` is not supported: {}", raised.said))
                    .help("ekiben lacks it and Chef does not: report it, with this line; what follows in the recipe is not converted"),
                None => Diagnostic::error("C100", format!("{what} stops here: {}", raised.said))
                    .help("Chef would stop here too; give the missing input (--stack, --json-attributes), or mend the code"),
            };
            interpreter.diagnostics.push(diagnostic.at(raised.at));
            Ok(Some((class, message)))
        }
        Flow::Halt(why) => {
            let lack = if why == WAITS { Lack::Input } else { Lack::Ekiben };
            interpreter.ledger.note(lack, Kind::Bound, why.clone(), interpreter.span);
            let diagnostic = Diagnostic::error("C102", format!("{what} was not evaluated to its end: {why}"))
                .at(interpreter.span)
                .help("look for a loop that does not end");
            interpreter.diagnostics.push(diagnostic);
            Ok(Some(("Halt".to_owned(), why)))
        }
        _ => Ok(None),
    }
}

/// What ekiben lacks, where that is why `error` was raised.
fn lacking(error: &Value) -> Option<String> {
    match error {
        Value::Object(object) => object.data::<crate::ruby::raise::ExceptionData>().and_then(|data| data.lacking.borrow().clone()),
        _ => None,
    }
}

/// Where an exception was raised.
#[must_use]
pub fn raised_at(error: &Value) -> Option<crate::source::Span> {
    match error {
        Value::Object(object) => object.data::<crate::ruby::raise::ExceptionData>().and_then(|data| data.trace.borrow().first().copied()),
        _ => None,
    }
}

/// Loads libraries, attributes, resources, definitions of `order`, in Chef's order of phases.
///
/// # Errors
/// With `strict`, what the first failing file raises.
pub fn load_cookbooks(interpreter: &mut Interpreter, order: &[String], strict: bool) -> Eval<()> {
    let state = client(interpreter);
    let known = state.loaded_cookbooks.borrow().clone();
    let order: Vec<&String> = order.iter().filter(|name| !known.contains(name)).collect();
    let order = order.as_slice();
    state.loaded_cookbooks.borrow_mut().extend(order.iter().map(|name| (*name).clone()));
    for name in order {
        note_stand_in(interpreter, &state, name);
    }
    let trees = Rc::clone(&state.trees);
    for name in order {
        let Some(cookbook) = state.cookbooks.get(*name).cloned() else { continue };
        let files: Vec<_> = cookbook.files.ruby("libraries/").map(|(stem, id)| (stem.to_owned(), id)).collect();
        let main = interpreter.main.clone();
        for (stem, file) in files {
            if !state.loaded_libraries.borrow_mut().insert(file) {
                continue;
            }
            let answer = run_file(interpreter, &trees, file, &main, name, &stem);
            tolerate(interpreter, answer, &format!("library `{name}/libraries/{stem}.rb`"), strict)?;
        }
    }
    for name in order {
        load_attributes(interpreter, name, strict)?;
    }
    for name in order {
        let Some(cookbook) = state.cookbooks.get(*name).cloned() else { continue };
        super::custom::load(interpreter, &trees, &cookbook, strict)?;
    }
    for name in order {
        let Some(cookbook) = state.cookbooks.get(*name).cloned() else { continue };
        let files: Vec<_> = cookbook.files.ruby("definitions/").map(|(stem, id)| (stem.to_owned(), id)).collect();
        for (stem, file) in files {
            let object = Rc::clone(&interpreter.classes.object);
            let class = interpreter.define_class_path("Chef::ResourceDefinitionFile", &object);
            interpreter.define(&class, super::definition::FILE);
            let receiver = interpreter.allocate(&class);
            let answer = run_file(interpreter, &trees, file, &receiver, name, &stem);
            tolerate(interpreter, answer, &format!("definition `{name}/definitions/{stem}.rb`"), strict)?;
        }
    }
    Ok(())
}

/// Passes a failure on (`strict`) or reports it and goes on.
///
/// # Errors
/// With `strict`, the failure.
pub fn tolerate(interpreter: &mut Interpreter, answer: Eval, what: &str, strict: bool) -> Eval<()> {
    match answer {
        Ok(_) => Ok(()),
        Err(flow) if strict => Err(flow),
        Err(flow) => report(interpreter, flow, what).map(|_| ()),
    }
}

fn load_attributes(interpreter: &mut Interpreter, name: &str, strict: bool) -> Eval<()> {
    let state = client(interpreter);
    let Some(cookbook) = state.cookbooks.get(name).cloned() else { return Ok(()) };
    for (stem, file) in cookbook.attribute_files() {
        let answer = load_attribute_file(interpreter, name, &stem, file);
        tolerate(interpreter, answer, &format!("attribute file `{name}/attributes/{stem}.rb`"), strict)?;
    }
    Ok(())
}

fn load_attribute_file(interpreter: &mut Interpreter, cookbook: &str, stem: &str, file: FileId) -> Eval {
    let state = client(interpreter);
    if !state.loaded_attributes.borrow_mut().insert(format!("{cookbook}::{stem}")) {
        return Ok(Value::Bool(false));
    }
    let node = state.node_object.borrow().clone();
    run_file(interpreter, &Rc::clone(&state.trees), file, &node, cookbook, stem)
}

fn split_name(name: &str, current: &str) -> (String, String) {
    match name.split_once("::") {
        Some(("", rest)) => (current.to_owned(), rest.to_owned()),
        Some((cookbook, rest)) => (cookbook.to_owned(), rest.to_owned()),
        None => (name.to_owned(), "default".to_owned()),
    }
}

/// `include_attribute 'cookbook::file'`
pub fn include_attribute(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let state = client(interpreter);
    for value in &args.list {
        let text = interpreter.display(value)?;
        let current = state.place.borrow().0.clone();
        let (name, stem) = split_name(&text, &current);
        need(interpreter, &name)?;
        let Some(cookbook) = state.cookbooks.get(&name).cloned() else {
            note_missing(interpreter, &state, &name);
            continue;
        };
        let file = cookbook.attribute_files().into_iter().find(|(known, _)| *known == stem).map(|(_, file)| file);
        if let Some(file) = file {
            load_attribute_file(interpreter, &name, &stem, file)?;
        }
    }
    Ok(Value::Bool(true))
}

/// Says once what a built-in recipe did; false where `full` (`cookbook::recipe`) is none.
fn note_builtin(interpreter: &mut Interpreter, state: &Rc<Client>, full: &str) -> bool {
    let Some(recipe) = builtin::find(full).filter(|_| state.settings.builtins) else { return false };
    if recipe.fate != builtin::Fate::Drop && state.missing.borrow_mut().insert(format!("recipe {full}")) {
        let message = format!("`{}` is a built-in recipe of OpsWorks, which {}", recipe.name, recipe.effect);
        let called = at_call(interpreter, state, Diagnostic::note("C114", message));
        interpreter.diagnostics.push(called.help(recipe.advice));
    }
    true
}

/// At the call; a recipe of the run list is called from nowhere in the code.
fn at_call(interpreter: &Interpreter, state: &Rc<Client>, diagnostic: Diagnostic) -> Diagnostic {
    if state.place.borrow().0.is_empty() { diagnostic } else { diagnostic.at(interpreter.call_site()) }
}

fn note_missing(interpreter: &mut Interpreter, state: &Rc<Client>, name: &str) {
    if state.settings.builtins && builtin::is_builtin_cookbook(name) {
        return;
    }
    if !state.place.borrow().0.is_empty() {
        interpreter.ledger.note(Lack::Repository, Kind::Cookbook, name, interpreter.call_site());
    }
    if state.missing.borrow_mut().insert(format!("cookbook {name}")) {
        let diagnostic = Diagnostic::warning("C103", format!("the cookbook `{name}` is not in the repository"));
        let diagnostic = at_call(interpreter, state, diagnostic)
            .help(format!("vendor it (`berks vendor`), or check what the report says of the recipes and resources of `{name}`"));
        interpreter.diagnostics.push(diagnostic);
    }
}

/// Says once that a cookbook is not in the repository and what stands in for it.
fn note_stand_in(interpreter: &mut Interpreter, state: &Rc<Client>, name: &str) {
    if state.stand_ins.contains(name) && state.missing.borrow_mut().insert(format!("cookbook {name}")) {
        interpreter.ledger.note(Lack::Repository, Kind::Cookbook, name, interpreter.call_site());
        let needs =
            |cookbook: &&Rc<Cookbook>| !state.stand_ins.contains(&cookbook.name) && cookbook.depends.iter().any(|(known, _)| known == name);
        let by = state.cookbooks.values().filter(needs).map(|cookbook| format!(", which `{}` needs,", cookbook.name)).next();
        let by = by.unwrap_or_default();
        let message = format!("the cookbook `{name}`{by} is not in the repository: what is widely known of it stands in its place");
        let diagnostic = at_call(interpreter, state, Diagnostic::warning("C103", message)).help(format!(
            "vendor it (`berks vendor`) for what it really does: packages, services and paths of `{name}` are those of its usual releases"
        ));
        interpreter.diagnostics.push(diagnostic);
    }
}

/// Loads the stand-in `name`, and what it depends on, where a recipe calls it without `depends`.
///
/// # Errors
/// [`Flow::Halt`] only: failures are reported.
pub fn need(interpreter: &mut Interpreter, name: &str) -> Eval<()> {
    let state = client(interpreter);
    if !state.stand_ins.contains(name) || state.loaded_cookbooks.borrow().iter().any(|known| known == name) {
        return Ok(());
    }
    let (order, _) = cookbook_order(&state.cookbooks, &[name.to_owned()]);
    load_cookbooks(interpreter, &order, false)
}

/// `include_recipe 'cookbook::recipe'`: runs each recipe once.
pub fn include_recipe(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let mut loaded = Vec::new();
    for value in &args.list {
        for item in value.items().unwrap_or_else(|| vec![value.clone()]) {
            if let Value::Unknown(hole) = &item {
                let diagnostic = Diagnostic::warning(
                    "C104",
                    format!("the recipe that is included here is not known: `{}` ({})", hole.name, hole.reason),
                )
                .at(interpreter.call_site())
                .help("give the value with --json-attributes or --stack");
                interpreter.diagnostics.push(diagnostic);
                continue;
            }
            if item.is_nil() {
                return interpreter.undefined_method(&item, Name::new("to_sym"), CallKind::Explicit);
            }
            let text = interpreter.display(&item)?;
            if crate::ruby::hole::has_hole(&text) {
                let shown = interpreter.to_text(&text).to_string();
                let diagnostic = Diagnostic::warning("C104", format!("the recipe that is included here is not known: `{shown}`"))
                    .at(interpreter.call_site())
                    .help("give the value with --json-attributes or --stack");
                interpreter.diagnostics.push(diagnostic);
                continue;
            }
            if load_recipe(interpreter, &text)? {
                loaded.push(Value::str(text));
            }
        }
    }
    Ok(Value::array(loaded))
}

/// Runs the recipe `name` unless it ran before.
///
/// # Errors
/// What it raises; `CookbookNotFound`, `RecipeNotFound`.
pub fn load_recipe(interpreter: &mut Interpreter, name: &str) -> Eval<bool> {
    let state = client(interpreter);
    let current = state.place.borrow().0.clone();
    let name = name.split('@').next().unwrap_or(name);
    let (cookbook_name, recipe) = split_name(name, &current);
    let full = format!("{cookbook_name}::{recipe}");
    if state.loaded_recipes.borrow().contains(&full) {
        return Ok(false);
    }
    need(interpreter, &cookbook_name)?;
    let Some(cookbook) = state.cookbooks.get(&cookbook_name).cloned() else {
        if state.settings.lenient {
            if !note_builtin(interpreter, &state, &full) {
                note_missing(interpreter, &state, &cookbook_name);
            }
            state.loaded_recipes.borrow_mut().push(full);
            return Ok(false);
        }
        let above = Rc::clone(&interpreter.classes.runtime_error);
        let class = interpreter.define_class_path("Chef::Exceptions::CookbookNotFound", &above);
        return interpreter.raise(&class, format!("Cookbook {cookbook_name} not found. If you're loading {cookbook_name} from another cookbook, make sure you configure the dependency in your metadata"));
    };
    let Some(file) = cookbook.recipe(&recipe) else {
        if state.settings.lenient && !state.loaded_recipes.borrow().is_empty() {
            state.loaded_recipes.borrow_mut().push(full.clone());
            if note_builtin(interpreter, &state, &full) {
                return Ok(false);
            }
            interpreter.ledger.note(Lack::Repository, Kind::Recipe, full.as_str(), interpreter.call_site());
            if state.stand_ins.contains(&cookbook_name) {
                let diagnostic =
                    Diagnostic::warning("C103", format!("nothing is known of the recipe `{full}`, which is not in the repository"));
                let diagnostic = at_call(interpreter, &state, diagnostic)
                    .help(format!("vendor the cookbook (`berks vendor`), or say by hand what `{full}` brings"));
                interpreter.diagnostics.push(diagnostic);
                return Ok(false);
            }
            let diagnostic = Diagnostic::error("C105", format!("the cookbook `{cookbook_name}` has no recipe `{recipe}`"));
            let diagnostic =
                at_call(interpreter, &state, diagnostic).help(format!("its recipes are: {}", cookbook.recipe_names().join(", ")));
            interpreter.diagnostics.push(diagnostic);
            return Ok(false);
        }
        let above = Rc::clone(&interpreter.classes.argument_error);
        let class = interpreter.define_class_path("Chef::Exceptions::RecipeNotFound", &above);
        return interpreter.raise(&class, format!("could not find recipe {recipe} for cookbook {cookbook_name}"));
    };
    state.loaded_recipes.borrow_mut().push(full.clone());
    let loaded = state.loaded_cookbooks.borrow().contains(&cookbook_name);
    if !loaded && state.settings.lenient {
        // Chef warns and goes on without the cookbook's attributes (MissingCookbookDependency).
        let diagnostic = Diagnostic::warning(
            "C106",
            format!("`{current}` includes `{full}` without depending on `{cookbook_name}`: its attributes and resources are not loaded"),
        )
        .at(interpreter.call_site())
        .help(format!("add `depends '{cookbook_name}'` to the metadata of `{current}`"));
        interpreter.diagnostics.push(diagnostic);
    }
    let receiver = super::recipe::object(interpreter);
    for (name, value) in [("@cookbook_name", cookbook_name.as_str()), ("@recipe_name", recipe.as_str())] {
        interpreter.set_ivar(&receiver, name, Value::str(value));
    }
    let node = state.node_object.borrow().clone();
    interpreter.set_ivar(&receiver, "@node", node);
    let context = super::run_context::object(interpreter);
    interpreter.set_ivar(&receiver, "@run_context", context);
    let answer = if interpreter.sources.file(file).path.ends_with(".rb") {
        run_file(interpreter, &Rc::clone(&state.trees), file, &receiver, &cookbook_name, &recipe)
    } else {
        let outer = state.place.replace((cookbook_name.clone(), recipe.clone()));
        let answer = super::yaml_recipe::run(interpreter, file);
        state.place.replace(outer);
        answer
    };
    match answer {
        Ok(_) => Ok(true),
        Err(flow) if state.settings.lenient => {
            report(interpreter, flow, &format!("recipe `{full}`"))?;
            Ok(true)
        }
        Err(flow) => Err(flow),
    }
}
