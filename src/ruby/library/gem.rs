//! RubyGems: `Gem::Version`, `Gem::Requirement`, `Gem::Dependency`, and what scripts ask of `Gem` itself.

mod dependency;
mod requirement;
mod version;

use std::rc::Rc;

use crate::ruby::core::machine::{HOST, unknown};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::value::Value;

const GEM: &[(&str, Native)] = &[
    ("ruby_version", |interpreter, _, _| version::create(interpreter, "3.1.2")),
    ("rubygems_version", |interpreter, _, _| version::create(interpreter, "3.3.15")),
    ("win_platform?", |_, _, _| Ok(Value::Bool(false))),
    ("loaded_specs", |_, _, _| Ok(Value::Hash(Value::new_hash()))),
    ("path", |_, _, _| Ok(unknown("Gem.path", HOST))),
    ("dir", |_, _, _| Ok(unknown("Gem.dir", HOST))),
    ("clear_paths", |_, _, _| Ok(Value::Nil)),
    ("ruby", |_, _, _| Ok(unknown("Gem.ruby", HOST))),
    ("bin_path", |_, _, _| Ok(unknown("Gem.bin_path", HOST))),
];

/// Which gems are installed only the machine knows.
const SPECIFICATION: &[(&str, Native)] = &[
    ("find_by_name", |_, _, _| Ok(unknown("Gem::Specification.find_by_name", HOST))),
    ("find_all_by_name", |_, _, _| Ok(unknown("Gem::Specification.find_all_by_name", HOST))),
    ("find_by_path", |_, _, _| Ok(unknown("Gem::Specification.find_by_path", HOST))),
    ("dirs", |_, _, _| Ok(unknown("Gem::Specification.dirs", HOST))),
    ("all", |_, _, _| Ok(unknown("Gem::Specification.all", HOST))),
    ("map", |_, _, _| Ok(unknown("Gem::Specification.map", HOST))),
    ("reset", |_, _, _| Ok(Value::Nil)),
];

/// Installs the classes.
pub fn install(interpreter: &mut Interpreter) {
    let module = interpreter.define_module_path("Gem");
    interpreter.define_singleton(&module, GEM);
    interpreter.set_constant(&module, "VERSION".into(), Value::str("3.3.15"));
    let load_error = Rc::clone(&interpreter.classes.load_error);
    let above = interpreter.define_class_path("Gem::LoadError", &load_error);
    interpreter.define_class_path("Gem::MissingSpecError", &above);
    let object = Rc::clone(&interpreter.classes.object);
    let specification = interpreter.define_class_path("Gem::Specification", &object);
    interpreter.define_singleton(&specification, SPECIFICATION);
    version::install(interpreter);
    requirement::install(interpreter);
    dependency::install(interpreter);
}
