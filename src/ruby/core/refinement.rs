//! Refinements: `refine String do … end` in a module, and `using` of it.
//!
//! A refinement goes before the class it refines from where it is used on; that it ends with the file is not followed.

use std::cell::RefCell;
use std::rc::Rc;

use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Native};
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

/// What a module with `refine` keeps: the refined classes, each with its refinement.
#[derive(Default)]
struct Refinements {
    list: RefCell<Vec<(Rc<Module>, Rc<Module>)>>,
}

/// Marks the module that a refinement is.
struct Refinement;

/// Installs `refine` and `using`.
pub fn install(interpreter: &mut Interpreter) {
    const MODULE: &[(&str, Native)] = &[("refine", refine), ("using", using)];
    let module = Rc::clone(&interpreter.classes.module);
    interpreter.define_private(&module, MODULE);
    let main = interpreter.main.clone();
    let meta = interpreter.singleton_class(&main);
    interpreter.define_private(&meta, &[("using", using)]);
}

/// Whether it is a refinement, which `ancestors` does not show.
#[must_use]
pub fn is_refinement(module: &Module) -> bool {
    module.data::<Refinement>().is_some()
}

fn refine(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let (Value::Module(owner), Value::Module(class)) = (me, args.value(0)) else {
        let what = interpreter.kind_word(&args.value(0));
        return interpreter.type_error(format!("wrong argument type {what} (expected Class or Module)"));
    };
    let Some(block) = &args.block else { return interpreter.argument_error("no block given") };
    let known = owner.data::<Refinements>().unwrap_or_else(|| {
        let made = Rc::new(Refinements::default());
        *owner.data.borrow_mut() = Some(Rc::<Refinements>::clone(&made));
        made
    });
    let found = known.list.borrow().iter().find(|(refined, _)| Rc::ptr_eq(refined, &class)).map(|(_, refinement)| Rc::clone(refinement));
    let refinement = found.unwrap_or_else(|| {
        let name = format!("#<refinement:{}@{}>", class.display_name(), owner.display_name());
        let made = Module::new(Some(name), false, None);
        *made.data.borrow_mut() = Some(Rc::new(Refinement));
        known.list.borrow_mut().push((Rc::clone(&class), Rc::clone(&made)));
        made
    });
    interpreter.call_block_in_module(block, &refinement, &Args::none())?;
    Ok(Value::Module(refinement))
}

fn using(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let module = match args.value(0) {
        Value::Module(module) if !module.is_class => module,
        Value::Unknown(_) => return Ok(me.clone()),
        other => {
            let what = match &other {
                Value::Module(_) => "Class".to_owned(),
                other => interpreter.kind_word(other),
            };
            return interpreter.type_error(format!("wrong argument type {what} (expected Module)"));
        }
    };
    if let Some(known) = module.data::<Refinements>() {
        for (class, refinement) in known.list.borrow().iter() {
            let mut prepends = class.prepends.borrow_mut();
            if !prepends.iter().any(|known| Rc::ptr_eq(known, refinement)) {
                prepends.push(Rc::clone(refinement));
                interpreter.version += 1;
            }
        }
    }
    Ok(me.clone())
}
