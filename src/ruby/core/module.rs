//! `Module` and `Class`.

use std::rc::Rc;

use crate::name::Name;
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{MethodBody, Module, Native, Visibility};
use crate::ruby::procs::{Args, Code};
use crate::ruby::value::Value;

const MODULE: &[(&str, Native)] = &[
    ("name", name),
    ("to_s", to_s),
    ("inspect", to_s),
    ("===", case_equal),
    ("==", |_, me, args| Ok(Value::Bool(me.same(&args.value(0))))),
    ("<", below),
    ("<=", below_or_same),
    (">", above),
    (">=", above_or_same),
    ("<=>", compare),
    ("ancestors", ancestors),
    ("include", include),
    ("prepend", prepend),
    ("include?", includes),
    ("included_modules", included_modules),
    ("instance_methods", instance_methods),
    ("public_instance_methods", instance_methods),
    ("instance_method", instance_method),
    ("public_instance_method", instance_method),
    ("method_defined?", method_defined),
    ("public_method_defined?", public_method_defined),
    ("private_method_defined?", private_method_defined),
    ("protected_method_defined?", protected_method_defined),
    ("private_instance_methods", private_instance_methods),
    ("define_method", define_method),
    ("alias_method", alias_method),
    ("remove_method", remove_method),
    ("undef_method", undef_method),
    ("attr_reader", attr_reader),
    ("attr_writer", attr_writer),
    ("attr_accessor", attr_accessor),
    ("attr", attr_reader),
    ("public", public),
    ("private", private),
    ("protected", protected),
    ("module_function", module_function),
    ("private_class_method", private_class_method),
    ("public_class_method", public_class_method),
    ("private_constant", private_constant),
    ("public_constant", |_, _, _| Ok(Value::Nil)),
    ("deprecate_constant", |_, _, _| Ok(Value::Nil)),
    ("const_get", const_get),
    ("const_set", const_set),
    ("const_defined?", const_defined),
    ("const_missing", const_missing),
    ("constants", constants),
    ("remove_const", remove_const),
    ("class_variable_get", class_variable_get),
    ("class_variable_set", class_variable_set),
    ("class_variable_defined?", class_variable_defined),
    ("class_variables", class_variables),
    ("class_eval", class_eval),
    ("module_eval", class_eval),
    ("class_exec", class_exec),
    ("module_exec", class_exec),
    ("instance_variable_names", |_, _, _| Ok(Value::array(Vec::new()))),
    ("hash", |_, me, _| Ok(Value::Integer(i64::try_from(me.address() >> 4).unwrap_or(0)))),
];

const CLASS: &[(&str, Native)] =
    &[("new", new), ("allocate", allocate), ("superclass", superclass), ("subclasses", |_, _, _| Ok(Value::array(Vec::new())))];

/// Installs the methods.
pub fn install(interpreter: &mut Interpreter) {
    let module = Rc::clone(&interpreter.classes.module);
    interpreter.define(&module, MODULE);
    // const_missing is found only when a class defines it.
    module.methods_mut().shift_remove(&Name::new("const_missing"));
    let class = Rc::clone(&interpreter.classes.class);
    interpreter.define(&class, CLASS);
    interpreter.define_singleton(&module, &[("new", module_new), ("nesting", nesting)]);
    interpreter.define_singleton(&class, &[("new", class_new)]);
    let main = interpreter.main.clone();
    let meta = interpreter.singleton_class(&main);
    interpreter.define(
        &meta,
        &[("include", main_include), ("public", main_visibility), ("private", main_visibility), ("define_method", main_define_method)],
    );
}

fn this(interpreter: &mut Interpreter, me: &Value) -> Eval<Rc<Module>> {
    match me {
        Value::Module(module) => Ok(Rc::clone(module)),
        _ => interpreter.type_error("class or module required"),
    }
}

fn other(interpreter: &mut Interpreter, args: &Args) -> Eval<Rc<Module>> {
    match args.value(0) {
        Value::Module(module) => Ok(module),
        _ => interpreter.type_error("compared with non class/module"),
    }
}

fn name(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let module = this(interpreter, me)?;
    let name = module.name.borrow().clone();
    Ok(name.filter(|_| !module.is_singleton).map_or(Value::Nil, Value::str))
}

fn to_s(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    Ok(Value::str(this(interpreter, me)?.display_name()))
}

fn case_equal(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let module = this(interpreter, me)?;
    match args.value(0) {
        Value::Unknown(hole) => Ok(interpreter.derived(&hole, &format!(".is_a?({})", module.display_name()))),
        value => Ok(Value::Bool(interpreter.is_a(&value, &module))),
    }
}

fn relation(interpreter: &mut Interpreter, low: &Rc<Module>, high: &Rc<Module>) -> Value {
    if low.descends_from(high, interpreter.version) {
        Value::Bool(true)
    } else if high.descends_from(low, interpreter.version) {
        Value::Bool(false)
    } else {
        Value::Nil
    }
}

fn below(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let (a, b) = (this(interpreter, me)?, other(interpreter, args)?);
    Ok(if Rc::ptr_eq(&a, &b) { Value::Bool(false) } else { relation(interpreter, &a, &b) })
}

fn below_or_same(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let (a, b) = (this(interpreter, me)?, other(interpreter, args)?);
    Ok(relation(interpreter, &a, &b))
}

fn above(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let (a, b) = (this(interpreter, me)?, other(interpreter, args)?);
    Ok(if Rc::ptr_eq(&a, &b) { Value::Bool(false) } else { relation(interpreter, &b, &a) })
}

fn above_or_same(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let (a, b) = (this(interpreter, me)?, other(interpreter, args)?);
    Ok(relation(interpreter, &b, &a))
}

fn compare(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let a = this(interpreter, me)?;
    let Value::Module(b) = args.value(0) else { return Ok(Value::Nil) };
    if Rc::ptr_eq(&a, &b) {
        return Ok(Value::Integer(0));
    }
    Ok(match relation(interpreter, &a, &b) {
        Value::Bool(true) => Value::Integer(-1),
        Value::Bool(false) => Value::Integer(1),
        _ => Value::Nil,
    })
}

/// The name that a method was given, a symbol or a string.
fn named(interpreter: &mut Interpreter, value: &Value) -> Eval<Name> {
    match value.name() {
        Some(name) => Ok(name),
        None => {
            let shown = interpreter.inspect(value)?;
            interpreter.type_error(format!("{shown} is not a symbol nor a string"))
        }
    }
}

fn all_named(interpreter: &mut Interpreter, args: &Args) -> Eval<Vec<Name>> {
    args.list.iter().filter(|value| !value.is_unknown()).map(|value| named(interpreter, value)).collect()
}

fn modules(list: &[Rc<Module>]) -> Value {
    Value::array(list.iter().map(|module| Value::Module(Rc::clone(module))).collect())
}

fn ancestors(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let module = this(interpreter, me)?;
    let list: Vec<Rc<Module>> =
        module.linearise(interpreter.version).iter().filter(|module| !super::refinement::is_refinement(module)).cloned().collect();
    Ok(modules(&list))
}

impl Interpreter {
    /// `include module` into `target`, without the hook.
    pub fn include(&mut self, target: &Rc<Module>, module: &Rc<Module>) {
        let known = target.includes.borrow().iter().any(|m| Rc::ptr_eq(m, module));
        if !known && !Rc::ptr_eq(target, module) {
            target.includes.borrow_mut().push(Rc::clone(module));
            self.version += 1;
        }
    }

    /// `include module` into `target`, with `append_features` and `included`.
    ///
    /// # Errors
    /// What the hook raises.
    pub fn include_with_hook(&mut self, target: &Rc<Module>, module: &Rc<Module>) -> Eval<()> {
        // What was found before is looked for again, through all ancestors.
        let ancestors = target.linearise(self.version).len();
        self.charge(u64::try_from(ancestors).unwrap_or(u64::MAX).saturating_mul(4))?;
        self.include(target, module);
        let owner = Value::Module(Rc::clone(module));
        if self.has_method(&owner, Name::new("included"), true) {
            self.send(&owner, "included", &[Value::Module(Rc::clone(target))])?;
        }
        Ok(())
    }
}

fn include(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let target = this(interpreter, me)?;
    for module in args.list.iter().rev() {
        match module {
            Value::Module(module) if !module.is_class => interpreter.include_with_hook(&target, module)?,
            Value::Unknown(_) => {}
            value => {
                let class = interpreter.real_class(value).display_name();
                return interpreter.type_error(format!("wrong argument type {class} (expected module)"));
            }
        }
    }
    Ok(me.clone())
}

fn main_include(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let object = Value::Module(Rc::clone(&interpreter.classes.object));
    include(interpreter, &object, args)
}

fn prepend(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let target = this(interpreter, me)?;
    for module in args.list.iter().rev() {
        let Value::Module(module) = module else { continue };
        if !target.prepends.borrow().iter().any(|m| Rc::ptr_eq(m, module)) {
            target.prepends.borrow_mut().push(Rc::clone(module));
            interpreter.version += 1;
        }
        let owner = Value::Module(Rc::clone(module));
        if interpreter.has_method(&owner, Name::new("prepended"), true) {
            interpreter.send(&owner, "prepended", std::slice::from_ref(me))?;
        }
    }
    Ok(me.clone())
}

fn includes(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let (a, b) = (this(interpreter, me)?, other(interpreter, args)?);
    Ok(Value::Bool(!b.is_class && !Rc::ptr_eq(&a, &b) && a.descends_from(&b, interpreter.version)))
}

fn included_modules(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let module = this(interpreter, me)?;
    let list: Vec<Rc<Module>> = module.linearise(interpreter.version).iter().filter(|m| !m.is_class).cloned().collect();
    Ok(modules(&list))
}

fn method_names(interpreter: &mut Interpreter, me: &Value, args: &Args, wanted: fn(Visibility) -> bool) -> Eval {
    let module = this(interpreter, me)?;
    let inherited = args.list.first().is_none_or(Value::truthy);
    let mut names: Vec<Name> = Vec::new();
    let list = if inherited { module.linearise(interpreter.version) } else { Rc::new(vec![module]) };
    for module in list.iter() {
        if inherited
            && (Rc::ptr_eq(module, &interpreter.classes.object) || Rc::ptr_eq(module, &interpreter.classes.kernel))
            && list.len() > 3
        {
            break;
        }
        for (name, method) in module.methods().iter() {
            if wanted(method.visibility) && !names.contains(name) && !matches!(method.body, MethodBody::Undefined) {
                names.push(*name);
            }
        }
    }
    Ok(Value::array(names.into_iter().map(Value::Symbol).collect()))
}

fn instance_methods(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    method_names(interpreter, me, args, |visibility| visibility != Visibility::Private)
}

fn private_instance_methods(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    method_names(interpreter, me, args, |visibility| visibility == Visibility::Private)
}

fn instance_method(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let module = this(interpreter, me)?;
    if let Value::Unknown(hole) = args.value(0) {
        return Ok(Value::Unknown(hole));
    }
    let name = named(interpreter, &args.value(0))?;
    let Some(method) = interpreter.find_method(&module, name) else {
        let kind = if module.is_class { "class" } else { "module" };
        return interpreter.name_error(format!("undefined method `{name}' for {kind} `{}'", module.display_name()));
    };
    let object = interpreter.allocate(&Rc::clone(&interpreter.classes.unbound_method));
    if let Value::Object(inner) = &object {
        *inner.data.borrow_mut() = Some(Rc::new(method));
    }
    interpreter.set_ivar(&object, "@name", Value::Symbol(name));
    Ok(object)
}

fn defined_as(interpreter: &mut Interpreter, me: &Value, args: &Args, wanted: fn(Visibility) -> bool) -> Eval {
    let module = this(interpreter, me)?;
    if let Value::Unknown(hole) = args.value(0) {
        return Ok(Value::Unknown(hole));
    }
    let name = named(interpreter, &args.value(0))?;
    let found = interpreter.find_method(&module, name);
    Ok(Value::Bool(found.is_some_and(|method| wanted(method.visibility))))
}

fn method_defined(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    defined_as(interpreter, me, args, |visibility| visibility != Visibility::Private)
}

fn public_method_defined(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    defined_as(interpreter, me, args, |visibility| visibility == Visibility::Public)
}

fn private_method_defined(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    defined_as(interpreter, me, args, |visibility| visibility == Visibility::Private)
}

fn protected_method_defined(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    defined_as(interpreter, me, args, |visibility| visibility == Visibility::Protected)
}

fn define_method(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let module = this(interpreter, me)?;
    let scope = interpreter.scope();
    let visibility = if scope.frame.receiver.same(me) { scope.frame.visibility.get() } else { Visibility::Public };
    define_method_on(interpreter, &module, args, visibility)
}

fn main_define_method(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let object = Rc::clone(&interpreter.classes.object);
    define_method_on(interpreter, &object, args, Visibility::Public)
}

/// `define_method name, body` or with a block.
///
/// # Errors
/// `ArgumentError` without a body.
pub fn define_method_on(interpreter: &mut Interpreter, module: &Rc<Module>, args: &Args, visibility: Visibility) -> Eval {
    if let Value::Unknown(hole) = args.value(0) {
        return Ok(Value::Unknown(hole));
    }
    let name = named(interpreter, &args.value(0))?;
    let body = match (args.get(1), &args.block) {
        (Some(Value::Proc(code)), _) | (None, Some(code)) => match &code.code {
            Code::Method { method, .. } => method.body.clone(),
            _ => MethodBody::Block(Rc::clone(code)),
        },
        (Some(Value::Object(object)), _) => match object.data::<crate::ruby::module::Method>() {
            Some(method) => method.body.clone(),
            None => return interpreter.type_error("wrong argument type (expected Proc/Method/UnboundMethod)"),
        },
        _ => return interpreter.argument_error("tried to create Proc object without a block"),
    };
    interpreter.add_method(module, name, body, visibility);
    interpreter.tell_added(module, name)?;
    Ok(Value::Symbol(name))
}

fn alias_method(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let module = this(interpreter, me)?;
    let (Some(new), Some(old)) = (args.value(0).name(), args.value(1).name()) else { return Ok(Value::Nil) };
    interpreter.alias_method(&module, new, old)?;
    Ok(Value::Symbol(new))
}

fn remove_method(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let module = this(interpreter, me)?;
    for name in all_named(interpreter, args)? {
        if module.methods_mut().shift_remove(&name).is_none() {
            return interpreter.name_error(format!("method `{name}' not defined in {}", module.display_name()));
        }
        interpreter.version += 1;
    }
    Ok(me.clone())
}

fn undef_method(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let module = this(interpreter, me)?;
    for name in all_named(interpreter, args)? {
        interpreter.undef_method(&module, name)?;
    }
    Ok(me.clone())
}

fn accessors(interpreter: &mut Interpreter, me: &Value, args: &Args, read: bool, write: bool) -> Eval {
    let module = this(interpreter, me)?;
    let scope = interpreter.scope();
    let visibility = if scope.frame.receiver.same(me) { scope.frame.visibility.get() } else { Visibility::Public };
    let mut names = Vec::new();
    for name in all_named(interpreter, args)? {
        let variable = Name::new(&format!("@{name}"));
        if read {
            interpreter.add_method(&module, name, MethodBody::Reader(variable), visibility);
            interpreter.tell_added(&module, name)?;
            names.push(Value::Symbol(name));
        }
        if write {
            let setter = Name::new(&format!("{name}="));
            interpreter.add_method(&module, setter, MethodBody::Writer(variable), visibility);
            interpreter.tell_added(&module, setter)?;
            names.push(Value::Symbol(setter));
        }
    }
    Ok(Value::array(names))
}

fn attr_reader(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    accessors(interpreter, me, args, true, false)
}

fn attr_writer(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    accessors(interpreter, me, args, false, true)
}

fn attr_accessor(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    accessors(interpreter, me, args, true, true)
}

fn set_visibility(interpreter: &mut Interpreter, module: &Rc<Module>, args: &Args, visibility: Visibility) -> Eval<()> {
    let names: Vec<Name> =
        args.list.iter().flat_map(|value| value.items().unwrap_or_else(|| vec![value.clone()])).filter_map(|value| value.name()).collect();
    for name in names {
        let Some(mut method) = interpreter.find_method(module, name) else {
            let kind = if module.is_class { "class" } else { "module" };
            return interpreter.name_error(format!("undefined method `{name}' for {kind} `{}'", module.display_name()));
        };
        method.visibility = visibility;
        module.insert_method(name, method);
        interpreter.version += 1;
    }
    Ok(())
}

fn visibility(interpreter: &mut Interpreter, me: &Value, args: &Args, visibility: Visibility) -> Eval {
    let module = this(interpreter, me)?;
    if args.is_empty() {
        let scope = interpreter.scope();
        scope.frame.visibility.set(visibility);
        scope.frame.module_function.set(false);
        return Ok(Value::Nil);
    }
    set_visibility(interpreter, &module, args, visibility)?;
    Ok(if args.len() == 1 { args.value(0) } else { Value::array(args.list.clone()) })
}

fn public(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    visibility(interpreter, me, args, Visibility::Public)
}

fn private(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    visibility(interpreter, me, args, Visibility::Private)
}

fn protected(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    visibility(interpreter, me, args, Visibility::Protected)
}

fn main_visibility(_: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    Ok(args.value(0))
}

fn module_function(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let module = this(interpreter, me)?;
    if args.is_empty() {
        interpreter.scope().frame.module_function.set(true);
        return Ok(Value::Nil);
    }
    for name in args.list.iter().filter_map(Value::name) {
        if let Some(mut method) = interpreter.find_method(&module, name) {
            let meta = interpreter.singleton_class(me);
            method.visibility = Visibility::Private;
            module.insert_method(name, method.clone());
            method.visibility = Visibility::Public;
            meta.insert_method(name, method);
            interpreter.version += 1;
        }
    }
    Ok(Value::Nil)
}

fn private_class_method(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let meta = interpreter.singleton_class(me);
    set_visibility(interpreter, &meta, args, Visibility::Private)?;
    Ok(Value::Nil)
}

fn public_class_method(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let meta = interpreter.singleton_class(me);
    set_visibility(interpreter, &meta, args, Visibility::Public)?;
    Ok(Value::Nil)
}

fn private_constant(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let module = this(interpreter, me)?;
    module.private_constants.borrow_mut().extend(args.list.iter().filter_map(Value::name));
    Ok(Value::Nil)
}

fn const_get(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let mut module = this(interpreter, me)?;
    let path = args.value(0).name().unwrap_or_else(|| Name::new(""));
    let mut value = me.clone();
    for (index, part) in path.trim_start_matches("::").split("::").enumerate() {
        if !part.starts_with(|c: char| c.is_uppercase()) {
            return interpreter.name_error(format!("wrong constant name {part}"));
        }
        let name = Name::new(part);
        let object = Rc::clone(&interpreter.classes.object);
        // The first part is also looked up at the top level.
        let top = object.constant(name);
        let own = module.linearise(interpreter.version).iter().find_map(|m| m.constant(name));
        value = match (own, top) {
            (Some(own), _) => own,
            (None, Some(top)) if index == 0 => top,
            _ => interpreter.constant_in(&module, name)?,
        };
        value = interpreter.finished(value);
        if let Value::Module(next) = &value {
            module = Rc::clone(next);
        }
    }
    Ok(value)
}

fn const_set(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let module = this(interpreter, me)?;
    if let Value::Unknown(hole) = args.value(0) {
        return Ok(Value::Unknown(hole));
    }
    let name = named(interpreter, &args.value(0))?;
    if !name.starts_with(|c: char| c.is_uppercase()) {
        return interpreter.name_error(format!("wrong constant name {name}"));
    }
    interpreter.set_constant(&module, name, args.value(1));
    Ok(args.value(1))
}

fn const_defined(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let mut module = this(interpreter, me)?;
    let path = args.value(0).name().unwrap_or_else(|| Name::new(""));
    for part in path.trim_start_matches("::").split("::") {
        let name = Name::new(part);
        let own = module.linearise(interpreter.version).iter().find_map(|m| m.constant(name));
        let top = interpreter.classes.object.constant(name);
        match own.or(if module.is_class { None } else { top }) {
            Some(Value::Module(next)) => module = next,
            Some(_) => {}
            None => return Ok(Value::Bool(false)),
        }
    }
    Ok(Value::Bool(true))
}

fn const_missing(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let module = this(interpreter, me)?;
    let name = args.value(0).name().unwrap_or_else(|| Name::new(""));
    interpreter.name_error(format!("uninitialized constant {}::{name}", module.display_name()))
}

fn constants(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let module = this(interpreter, me)?;
    let hidden = module.private_constants.borrow().clone();
    let names = module.constants.borrow().keys().filter(|name| !hidden.contains(name)).map(|name| Value::Symbol(*name)).collect();
    Ok(Value::array(names))
}

fn remove_const(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let module = this(interpreter, me)?;
    if let Value::Unknown(hole) = args.value(0) {
        return Ok(Value::Unknown(hole));
    }
    let name = named(interpreter, &args.value(0))?;
    let removed = module.constants.borrow_mut().shift_remove(&name);
    match removed {
        Some(value) => Ok(interpreter.finished(value)),
        None => interpreter.name_error(format!("constant {}::{name} not defined", module.display_name())),
    }
}

fn class_variable_get(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let module = this(interpreter, me)?;
    if let Value::Unknown(hole) = args.value(0) {
        return Ok(Value::Unknown(hole));
    }
    let name = named(interpreter, &args.value(0))?;
    let found = module.linearise(interpreter.version).iter().find_map(|m| m.class_variables.borrow().get(&name).cloned());
    match found {
        Some(value) => Ok(value),
        None => interpreter.name_error(format!("uninitialized class variable {name} in {}", module.display_name())),
    }
}

fn class_variable_set(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let module = this(interpreter, me)?;
    if let Value::Unknown(hole) = args.value(0) {
        return Ok(Value::Unknown(hole));
    }
    let name = named(interpreter, &args.value(0))?;
    module.class_variables.borrow_mut().insert(name, args.value(1));
    Ok(args.value(1))
}

fn class_variable_defined(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let module = this(interpreter, me)?;
    if let Value::Unknown(hole) = args.value(0) {
        return Ok(Value::Unknown(hole));
    }
    let name = named(interpreter, &args.value(0))?;
    let found = module.linearise(interpreter.version).iter().any(|m| m.class_variables.borrow().contains_key(&name));
    Ok(Value::Bool(found))
}

fn class_variables(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let module = this(interpreter, me)?;
    let mut names = Vec::new();
    for module in module.linearise(interpreter.version).iter() {
        names.extend(module.class_variables.borrow().keys().map(|name| Value::Symbol(*name)));
    }
    Ok(Value::array(names))
}

fn class_eval(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let module = this(interpreter, me)?;
    match &args.block {
        Some(block) => interpreter.call_block_in_module(block, &module, &Args::new(vec![me.clone()])),
        None => interpreter.eval_text(me, &args.value(0), Some(module)),
    }
}

fn class_exec(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let module = this(interpreter, me)?;
    match &args.block {
        Some(block) => {
            interpreter.call_block_in_module(block, &module, &Args { list: args.list.clone(), keywords: args.keywords, block: None })
        }
        None => Ok(Value::Nil),
    }
}

fn new(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let class = this(interpreter, me)?;
    if class.is_singleton {
        return interpreter.type_error("can't create instance of singleton class");
    }
    let object = interpreter.allocate(&class);
    let name = Name::new("initialize");
    if let Some(method) = interpreter.find_method(&interpreter.class_of(&object), name) {
        let is_default = method.owner.upgrade().is_some_and(|owner| Rc::ptr_eq(&owner, &interpreter.classes.object));
        if is_default && !args.is_empty() {
            interpreter.check_arity(args, 0, Some(0))?;
        }
        interpreter.invoke(&object, name, &method, args.clone())?;
    }
    Ok(object)
}

fn allocate(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let class = this(interpreter, me)?;
    Ok(interpreter.allocate(&class))
}

fn superclass(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let class = this(interpreter, me)?;
    let above = class.superclass.borrow().clone();
    Ok(above.map_or(Value::Nil, Value::Module))
}

fn class_new(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let above = match args.value(0) {
        Value::Module(above) if above.is_class => above,
        Value::Nil => Rc::clone(&interpreter.classes.object),
        _ => return interpreter.type_error("superclass must be a Class"),
    };
    let class = Module::new(None, true, Some(Rc::clone(&above)));
    interpreter.tell_inherited(&above, &class)?;
    if let Some(block) = &args.block {
        interpreter.call_block_in_module(block, &class, &Args::new(vec![Value::Module(Rc::clone(&class))]))?;
    }
    Ok(Value::Module(class))
}

/// `Module.nesting`: the modules around the call, innermost first.
fn nesting(interpreter: &mut Interpreter, _: &Value, _: &Args) -> Eval {
    let mut list = Vec::new();
    let mut current = Some(Rc::clone(&interpreter.scope().frame.nesting));
    while let Some(here) = current.filter(|here| here.outer.is_some()) {
        list.push(Value::Module(Rc::clone(&here.module)));
        current = here.outer.clone();
    }
    Ok(Value::array(list))
}

fn module_new(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let module = Module::new(None, false, None);
    if let Some(block) = &args.block {
        interpreter.call_block_in_module(block, &module, &Args::new(vec![Value::Module(Rc::clone(&module))]))?;
    }
    Ok(Value::Module(module))
}

impl Interpreter {
    /// Calls a class method by name with a block, as embedders do.
    ///
    /// # Errors
    /// What it raises.
    pub fn call_with_block(&mut self, receiver: &Value, name: &str, args: Vec<Value>, block: Rc<crate::ruby::procs::Proc>) -> Eval {
        self.call(receiver, Name::new(name), Args::new(args).with_block(Some(block)), CallKind::Implicit)
    }
}
