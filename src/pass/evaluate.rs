//! Ruby of configuration files, run on the interpreter with a stand-in that writes down what is called on it.
//!
//! `workers ENV.fetch('WEB_CONCURRENCY') { 2 }` is the directive `workers` with the value `2`; a block of its own (`on_worker_boot do`)
//! is not run. A statement that raises is a fault, and the rest goes on.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::name::Name;
use crate::read::lexeme::has_hole;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;
use crate::source::{Content, SourceFile, SourceMap};
use crate::text::Hole;

/// A call of the configuration's own language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directive {
    /// The method: `workers`.
    pub name: String,
    /// Its arguments, lists spread out; `None` for one that is not known.
    pub values: Vec<Option<String>>,
    /// Its keywords.
    pub options: Vec<(String, Option<String>)>,
    /// A block was given; it is not run.
    pub has_block: bool,
    /// Line, from 1.
    pub line: u32,
}

/// What a configuration says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Its calls, in order.
    pub directives: Vec<Directive>,
    /// What went wrong: line, words.
    pub faults: Vec<(u32, String)>,
}

impl Said {
    /// The last call of `name`: it is the one that counts.
    #[must_use]
    pub fn last(&self, name: &str) -> Option<&Directive> {
        self.directives.iter().rev().find(|one| one.name == name)
    }

    /// The first known value of the last call of `name`.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.last(name)?.values.first()?.as_deref()
    }

    /// That value as a number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u32> {
        self.value(name)?.trim().parse().ok()
    }

    /// Whether `name` is called at all.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.last(name).is_some()
    }
}

#[derive(Default)]
struct Recorder {
    directives: RefCell<Vec<Directive>>,
}

const METHODS: &[(&str, Native)] = &[("method_missing", record), ("respond_to_missing?", |_, _, _| Ok(Value::Bool(true)))];

/// What files load before they say anything is not here, and not needed for it.
const LOADING: &[(&str, Native)] = &[
    ("require", |_, _, _| Ok(Value::Bool(true))),
    ("require_relative", |_, _, _| Ok(Value::Bool(true))),
    ("load", |_, _, _| Ok(Value::Bool(true))),
];

fn record(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let Some(name) = args.value(0).name() else { return Ok(Value::Nil) };
    let line = interpreter.location(interpreter.call_site()).line;
    let mut directive = Directive { name: name.to_string(), has_block: args.block.is_some(), line, ..Directive::default() };
    for value in args.list.iter().skip(1) {
        match value {
            Value::Hash(hash) => {
                for (key, value) in hash.pairs() {
                    let key = interpreter.display(&key)?;
                    directive.options.push((key, shown(interpreter, &value)?));
                }
            }
            Value::Array(items) => {
                let items = items.items.borrow().clone();
                for item in &items {
                    directive.values.push(shown(interpreter, item)?);
                }
            }
            value => directive.values.push(shown(interpreter, value)?),
        }
    }
    if let Some(recorder) = interpreter.host::<Recorder>() {
        recorder.directives.borrow_mut().push(directive);
    }
    Ok(Value::Nil)
}

fn shown(interpreter: &mut Interpreter, value: &Value) -> Eval<Option<String>> {
    match value {
        Value::Unknown(_) | Value::Proc(_) | Value::Object(_) => Ok(None),
        value => Ok(Some(interpreter.display(value)?).filter(|text| !has_hole(text))),
    }
}

/// An interpreter that knows the variables of `environment` and no others.
fn prepare(environment: &BTreeMap<String, String>) -> Interpreter {
    let mut sources = SourceMap::new();
    sources.add(SourceFile::new("(configuration)".to_owned(), Content::Text(String::new())));
    let mut interpreter = Interpreter::new(Rc::new(sources));
    let variables = Value::new_hash();
    for (name, value) in environment {
        variables.insert_plain(Value::str(name.as_str()), Value::str(value.as_str()));
    }
    let object = Rc::clone(&interpreter.classes.object);
    object.constants.borrow_mut().insert(Name::new("ENV"), Value::Hash(variables));
    for name in ["Rails", "Etc", "Socket", "Concurrent", "Gem"] {
        let hole = Hole::unknown(name, "not known before the program runs");
        object.constants.borrow_mut().insert(Name::new(name), Value::Unknown(Rc::new(hole)));
    }
    let kernel = Rc::clone(&interpreter.classes.kernel);
    interpreter.define_private(&kernel, LOADING);
    interpreter.version += 1;
    interpreter
}

/// Runs a configuration file; holes of `text` are characters of the private planes and stay unknown.
#[must_use]
pub fn directives(text: &str, path: &str, environment: &BTreeMap<String, String>) -> Said {
    let mut interpreter = prepare(environment);
    let recorder = Rc::new(Recorder::default());
    interpreter.host = Some(Rc::clone(&recorder) as Rc<dyn std::any::Any>);
    let mut said = Said::default();
    let parsed = interpreter.add_generated(path, text.to_owned());
    for problem in &parsed.problems {
        let line = problem.span.map_or(1, |span| interpreter.location(span).line);
        said.faults.push((line, problem.message.clone()));
    }
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Configuration", &object);
    interpreter.define(&class, METHODS);
    let me = interpreter.allocate(&class);
    let scope = interpreter.top_scope(me);
    let mut faults = Vec::new();
    let outcome = interpreter.run_statements(&scope, &parsed.tree, &mut |interpreter, error| {
        let (class, message) = interpreter.describe_exception(error);
        faults.push((interpreter.location(interpreter.span).line, format!("{class}: {message}")));
        true
    });
    if let Err(flow) = outcome {
        faults.push((interpreter.location(interpreter.span).line, words(&mut interpreter, *flow)));
    }
    said.faults.extend(faults);
    said.directives = recorder.directives.take();
    interpreter.dismantle(Vec::new());
    said
}

/// Renders a template of the standard library's ERB; a text without tags is itself.
///
/// # Errors
/// What ended it, in words.
pub fn erb(text: &str, path: &str, environment: &BTreeMap<String, String>) -> Result<String, String> {
    if !text.contains("<%") {
        return Ok(text.to_owned());
    }
    let mut interpreter = prepare(environment);
    let parsed = interpreter.add_generated(path, crate::read::erb::erb(text, "-"));
    let main = interpreter.main.clone();
    let scope = interpreter.top_scope(main);
    let outcome = match interpreter.run(&scope, &parsed.tree) {
        Ok(value) => interpreter.display(&value).map_err(|flow| words(&mut interpreter, *flow)),
        Err(flow) => Err(words(&mut interpreter, *flow)),
    };
    interpreter.dismantle(Vec::new());
    outcome
}

fn words(interpreter: &mut Interpreter, flow: Flow) -> String {
    match flow {
        Flow::Raise(error) => {
            let (class, message) = interpreter.describe_exception(&error);
            format!("{class}: {message}")
        }
        Flow::Halt(why) => why,
        _ => "it ends early".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{directives, erb};

    #[test]
    fn calls_are_written_down() {
        let environment = BTreeMap::from([("WEB_CONCURRENCY".to_owned(), "4".to_owned())]);
        let said = crate::compile::with_stack(|| {
            directives(
                "require 'x'\nworkers Integer(ENV['WEB_CONCURRENCY'] || 2)\ncount = ENV.fetch('RAILS_MAX_THREADS') { 5 }.to_i\nthreads count, count\nboom.there!\npreload_app!\non_worker_boot do\n  raise 'no'\nend\nlisten '/x.sock', :backlog => 64\n",
                "config/puma.rb",
                &environment,
            )
        });
        assert_eq!(said.number("workers"), Some(4));
        assert_eq!(said.last("threads").map(|one| one.values.clone()), Some(vec![Some("5".to_owned()), Some("5".to_owned())]));
        assert!(said.has("preload_app!") && said.last("on_worker_boot").is_some_and(|one| one.has_block && one.line == 7));
        assert_eq!(said.last("listen").map(|one| one.options.clone()), Some(vec![("backlog".to_owned(), Some("64".to_owned()))]));
    }

    #[test]
    fn templates_are_rendered() {
        let none = BTreeMap::new();
        let (fine, wrong) = crate::compile::with_stack(|| {
            (erb("a: <%= ENV['X'] || 3 %>\n", "a.yml", &none), erb("a: <%= Integer(ENV['X']) %>\n", "a.yml", &none))
        });
        assert_eq!(fine.as_deref(), Ok("a: 3\n"));
        assert!(wrong.is_err());
    }
}
