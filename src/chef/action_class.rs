//! Action classes: the providers that the actions of a custom resource run in.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::chef::resource::{class_data, find_property};
use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Visibility};
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

/// The class whose objects run the actions of a custom resource.
pub fn provider_class(interpreter: &mut Interpreter, class: &Rc<Module>) -> Rc<Module> {
    let data = class_data(class);
    let known = data.action_class.borrow().clone();
    if let Some(known) = known {
        return known;
    }
    let object = Rc::clone(&interpreter.classes.object);
    let above = class.superclass.borrow().clone();
    let above = match above {
        Some(above) if class_data(&above).custom.get() => provider_class(interpreter, &above),
        _ => interpreter.define_class_path("Chef::Provider", &object),
    };
    let made = Module::new(Some(format!("{}::ActionClass", class.display_name())), true, Some(above));
    *data.action_class.borrow_mut() = Some(Rc::clone(&made));
    made
}

/// `action_class do … end`: methods of the actions' own.
///
/// # Errors
/// What the block raises; `TypeError` for what is no resource class.
pub fn action_class(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Value::Module(class) = me else { return interpreter.type_error("not a resource class") };
    let provider = provider_class(interpreter, class);
    if let Some(block) = &args.block {
        interpreter.call_block_in_module(block, &provider, &Args::none())?;
    }
    Ok(Value::Module(provider))
}

/// Makes the methods of a resource's own class and modules callable in its actions, once a class: not its properties, nor what every
/// resource or provider has (`Chef::Provider.include_resource_dsl_module`).
///
/// # Errors
/// None that cookbooks can cause.
pub fn forward_methods(interpreter: &mut Interpreter, provider: &Rc<Module>, class: &Rc<Module>) -> Eval<()> {
    if class_data(class).forwards.replace(true) {
        return Ok(());
    }
    let base = interpreter.constant_path("Chef::Resource");
    let ancestors = class.linearise(interpreter.version);
    let own = ancestors.iter().take_while(|module| !matches!(&base, Some(Value::Module(base)) if Rc::ptr_eq(base, module)));
    let mut names: BTreeSet<Name> = BTreeSet::new();
    for module in own {
        let methods = module.methods();
        names.extend(methods.iter().filter(|(_, method)| method.visibility != Visibility::Private).map(|(name, _)| *name));
    }
    let mut code = String::new();
    for name in names {
        let text = name.as_str();
        let plain = text.trim_end_matches(['=', '?', '!']);
        let is_name =
            !plain.is_empty() && plain.chars().all(|c| c.is_alphanumeric() || c == '_') && !plain.starts_with(|c: char| c.is_ascii_digit());
        let is_property = find_property(interpreter, class, Name::new(text.trim_end_matches('='))).is_some();
        if !is_name || text.ends_with('=') || is_property || interpreter.find_method(provider, name).is_some() {
            continue;
        }
        code.push_str(&format!("def {text}(*arguments, **options, &block)\nnew_resource.{text}(*arguments, **options, &block)\nend\n"));
    }
    if code.is_empty() {
        return Ok(());
    }
    let forwarder = Module::new(None, false, None);
    let module = Value::Module(Rc::clone(&forwarder));
    interpreter.eval_text(&module, &Value::str(code), Some(Rc::clone(&forwarder)))?;
    interpreter.include(provider, &forwarder);
    Ok(())
}
