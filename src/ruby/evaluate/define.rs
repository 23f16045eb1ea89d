//! Definitions: methods, classes, modules, class variables.

use std::rc::Rc;

use crate::name::Name;
use crate::read::ruby::ast::{ConstScope, P, Params};
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::{Interpreter, OpenLibrary};
use crate::ruby::module::{Definition, Method, MethodBody, Module, Visibility};
use crate::ruby::procs::Args;
use crate::ruby::scope::{Nesting, Scope};
use crate::ruby::value::Value;
use crate::source::Span;
use crate::text::Hole;
use crate::unsupported::{Kind, Lack};

impl Interpreter {
    pub(super) fn eval_def(
        &mut self,
        scope: &Rc<Scope>,
        span: Span,
        singleton: Option<&P>,
        name: Name,
        params: &Rc<Params>,
        body: Option<&P>,
    ) -> Eval {
        let definition =
            Rc::new(Definition { params: Rc::clone(params), body: body.cloned(), nesting: Rc::clone(&scope.frame.nesting), span });
        let (module, visibility) = match singleton {
            Some(object) => {
                let object = self.eval(scope, object)?;
                (self.singleton_class(&object), Visibility::Public)
            }
            None => {
                let hidden = matches!(name.as_str(), "initialize" | "initialize_copy" | "respond_to_missing?");
                // What `module_function` makes a function of the module is private where the module is included.
                let hidden = hidden || scope.frame.module_function.get();
                let visibility = if hidden { Visibility::Private } else { scope.frame.visibility.get() };
                (Rc::clone(&scope.frame.definee), visibility)
            }
        };
        self.add_method(&module, name, MethodBody::Ruby(Rc::clone(&definition)), visibility);
        if singleton.is_none() && scope.frame.module_function.get() {
            let meta = self.singleton_class(&Value::Module(Rc::clone(&module)));
            self.add_method(&meta, name, MethodBody::Ruby(definition), Visibility::Public);
        }
        self.tell_added(&module, name)?;
        Ok(Value::Symbol(name))
    }

    /// Calls `method_added` of a module that got a method, `singleton_method_added` of an object that did.
    ///
    /// # Errors
    /// What it raises.
    pub fn tell_added(&mut self, module: &Rc<Module>, name: Name) -> Eval<()> {
        let (owner, hook) = match &*module.attached.borrow() {
            Some(object) if module.is_singleton => (object.clone(), Name::new("singleton_method_added")),
            _ => (Value::Module(Rc::clone(module)), Name::new("method_added")),
        };
        if self.has_method(&owner, hook, true) {
            self.call(&owner, hook, Args::new(vec![Value::Symbol(name)]), CallKind::Implicit)?;
        }
        Ok(())
    }

    /// Adds a method to `module`.
    pub fn add_method(&mut self, module: &Rc<Module>, name: Name, body: MethodBody, visibility: Visibility) {
        let method = Method { name, owner: Rc::downgrade(module), visibility, body };
        module.insert_method(name, method);
        self.version += 1;
    }

    /// `alias new old`
    ///
    /// # Errors
    /// `NameError` when there is no `old`.
    pub fn alias_method(&mut self, module: &Rc<Module>, new: Name, old: Name) -> Eval<()> {
        let found = self.find_method(module, old).or_else(|| {
            let object = Rc::clone(&self.classes.object);
            if module.is_class { None } else { self.find_method(&object, old) }
        });
        let Some(method) = found else {
            let kind = if module.is_class { "class" } else { "module" };
            return self.name_error(format!("undefined method `{old}' for {kind} `{}'", module.display_name()));
        };
        module.insert_method(new, method);
        self.version += 1;
        self.tell_added(module, new)
    }

    /// `undef name`
    ///
    /// # Errors
    /// `NameError` when there is no such method.
    pub fn undef_method(&mut self, module: &Rc<Module>, name: Name) -> Eval<()> {
        if self.find_method(module, name).is_none() {
            let kind = if module.is_class { "class" } else { "module" };
            return self.name_error(format!("undefined method `{name}' for {kind} `{}'", module.display_name()));
        }
        self.add_method(module, name, MethodBody::Undefined, Visibility::Public);
        Ok(())
    }

    pub(super) fn eval_class(&mut self, scope: &Rc<Scope>, place: &ConstScope, name: Name, above: Option<&P>, body: Option<&P>) -> Eval {
        let above_value = self.eval_option(scope, above)?;
        let owner = self.const_owner(scope, place)?;
        let existing = self.existing_module(scope, place, &owner, name)?;
        let class = match existing {
            Some(Value::Module(class)) if class.is_class => {
                if let Value::Module(above) = &above_value {
                    let same = class.superclass.borrow().as_ref().is_some_and(|known| Rc::ptr_eq(known, above));
                    if !same {
                        return self.type_error(format!("superclass mismatch for class {name}"));
                    }
                }
                class
            }
            Some(Value::Unknown(_)) | None => {
                let above = match above_value {
                    Value::Module(above) if above.is_class => above,
                    Value::Nil | Value::Unknown(_) => Rc::clone(&self.classes.object),
                    _ => return self.type_error("superclass must be a Class"),
                };
                self.make_class(&owner, name, &above)?
            }
            Some(_) => return self.type_error(format!("{name} is not a class")),
        };
        self.eval_module_body(scope, &class, body)
    }

    /// Makes the class `name` in `owner` and tells the class above (`inherited`).
    ///
    /// # Errors
    /// What `inherited` raises.
    pub fn make_class(&mut self, owner: &Rc<Module>, name: Name, above: &Rc<Module>) -> Eval<Rc<Module>> {
        let class = Module::new(None, true, Some(Rc::clone(above)));
        self.set_constant(owner, name, Value::Module(Rc::clone(&class)));
        self.tell_inherited(above, &class)?;
        Ok(class)
    }

    /// Calls `inherited` of the class above.
    ///
    /// # Errors
    /// What it raises.
    pub fn tell_inherited(&mut self, above: &Rc<Module>, class: &Rc<Module>) -> Eval<()> {
        // Every look-up walks the ancestors.
        let ancestors = above.linearise(self.version).len();
        self.charge(u64::try_from(ancestors).unwrap_or(u64::MAX))?;
        let above = Value::Module(Rc::clone(above));
        if self.has_method(&above, Name::new("inherited"), true) {
            let args = Args::new(vec![Value::Module(Rc::clone(class))]);
            self.call(&above, Name::new("inherited"), args, CallKind::Implicit)?;
        }
        Ok(())
    }

    fn existing_module(&mut self, scope: &Rc<Scope>, place: &ConstScope, owner: &Rc<Module>, name: Name) -> Eval<Option<Value>> {
        if let Some(value) = owner.constant(name) {
            return Ok(Some(self.finished(value)));
        }
        if matches!(place, ConstScope::Lexical) && scope.frame.nesting.outer.is_none() {
            let object = Rc::clone(&self.classes.object);
            return Ok(object.constant(name).map(|value| self.finished(value)));
        }
        Ok(None)
    }

    pub(super) fn eval_module(&mut self, scope: &Rc<Scope>, place: &ConstScope, name: Name, body: Option<&P>) -> Eval {
        let owner = self.const_owner(scope, place)?;
        let module = match self.existing_module(scope, place, &owner, name)? {
            Some(Value::Module(module)) if !module.is_class => module,
            Some(Value::Unknown(_)) | None => {
                let module = Module::new(None, false, None);
                self.set_constant(&owner, name, Value::Module(Rc::clone(&module)));
                module
            }
            Some(_) => return self.type_error(format!("{name} is not a module")),
        };
        self.eval_module_body(scope, &module, body)
    }

    pub(super) fn eval_module_body(&mut self, scope: &Rc<Scope>, module: &Rc<Module>, body: Option<&P>) -> Eval {
        let Some(body) = body else { return Ok(Value::Nil) };
        let nesting = Rc::new(Nesting { module: Rc::clone(module), outer: Some(Rc::clone(&scope.frame.nesting)) });
        let frame = self.frame(Value::Module(Rc::clone(module)), nesting, Rc::clone(module), None, None);
        let inner = Scope::new(frame, None);
        self.frames.push(Rc::clone(&inner));
        let answer = self.eval(&inner, body);
        self.frames.pop();
        answer
    }

    /// A class variable, as seen from `scope`.
    pub(super) fn find_class_variable(&self, scope: &Rc<Scope>, name: Name) -> Option<Value> {
        let holder = self.class_variable_holder(scope, name)?;

        holder.class_variables.borrow().get(&name).cloned()
    }

    fn class_variable_home(&self, scope: &Rc<Scope>) -> Rc<Module> {
        // The innermost module around that is no singleton class.
        let mut nesting = Some(Rc::clone(&scope.frame.nesting));
        while let Some(current) = nesting {
            if !current.module.is_singleton {
                return Rc::clone(&current.module);
            }
            if let Some(Value::Module(attached)) = &*current.module.attached.borrow() {
                return Rc::clone(attached);
            }
            nesting = current.outer.clone();
        }
        Rc::clone(&self.classes.object)
    }

    fn class_variable_holder(&self, scope: &Rc<Scope>, name: Name) -> Option<Rc<Module>> {
        let home = self.class_variable_home(scope);
        home.linearise(self.version).iter().find(|module| module.class_variables.borrow().contains_key(&name)).cloned()
    }

    pub(super) fn get_class_variable(&mut self, scope: &Rc<Scope>, name: Name) -> Eval {
        if let Some(value) = self.find_class_variable(scope, name) {
            return Ok(value);
        }
        let home = self.class_variable_home(scope);
        self.name_error(format!("uninitialized class variable {name} in {}", home.display_name()))
    }

    pub(super) fn set_class_variable(&mut self, scope: &Rc<Scope>, name: Name, value: Value) {
        let holder = self.class_variable_holder(scope, name).unwrap_or_else(|| self.class_variable_home(scope));
        holder.class_variables.borrow_mut().insert(name, value);
    }

    /// The constant `name` as code with that nesting sees it.
    ///
    /// # Errors
    /// `NameError`, or what `const_missing` raises.
    pub fn constant(&mut self, nesting: &Rc<Nesting>, name: Name) -> Eval {
        let mut current = Some(Rc::clone(nesting));
        while let Some(here) = current {
            if here.outer.is_some() {
                if let Some(value) = here.module.constant(name) {
                    return Ok(self.finished(value));
                }
            }
            current = here.outer.clone();
        }
        for ancestor in nesting.module.linearise(self.version).iter() {
            if let Some(value) = ancestor.constant(name) {
                return Ok(self.finished(value));
            }
        }
        if let Some(Value::Module(attached)) = nesting.module.attached.borrow().clone() {
            for ancestor in attached.linearise(self.version).iter() {
                if let Some(value) = ancestor.constant(name) {
                    return Ok(self.finished(value));
                }
            }
        }
        if let Some(value) = self.classes.object.constant(name) {
            return Ok(self.finished(value));
        }
        let module = Rc::clone(&nesting.module);
        self.constant_missing(&module, name)
    }

    /// The constant `module::name`.
    ///
    /// # Errors
    /// `NameError`, or what `const_missing` raises.
    pub fn constant_in(&mut self, module: &Rc<Module>, name: Name) -> Eval {
        if module.private_constants.borrow().contains(&name) {
            return self.name_error(format!("private constant {}::{name} referenced", module.display_name()));
        }
        for ancestor in module.linearise(self.version).iter() {
            // `Foo::String` does not find the top-level String.
            if Rc::ptr_eq(ancestor, &self.classes.object) && !Rc::ptr_eq(module, ancestor) {
                continue;
            }
            if let Some(value) = ancestor.constant(name) {
                return Ok(self.finished(value));
            }
        }
        self.constant_missing(module, name)
    }

    fn constant_missing(&mut self, module: &Rc<Module>, name: Name) -> Eval {
        let owner = Value::Module(Rc::clone(module));
        let object = Rc::clone(&self.classes.object);
        // Code in a class asks for the constants of the top level too.
        for place in [module, &object] {
            let full = if Rc::ptr_eq(place, &object) { name.to_string() } else { format!("{}::{name}", place.display_name()) };
            if let Some(value) = self.scripted_constant(place, &full, name)? {
                return Ok(value);
            }
        }
        if self.has_method(&owner, Name::new("const_missing"), true) {
            return self.call(&owner, Name::new("const_missing"), Args::new(vec![Value::Symbol(name)]), CallKind::Implicit);
        }
        let full = if Rc::ptr_eq(module, &self.classes.object) { name.to_string() } else { format!("{}::{name}", module.display_name()) };
        if let Some(value) = self.constant_of_open_library(&full, name) {
            return Ok(value);
        }
        let class = Rc::clone(&self.classes.name_error);
        let error = self.exception(&class, format!("uninitialized constant {full}"));
        self.set_ivar(&error, "@name", Value::Symbol(name));
        self.set_ivar(&error, "@receiver", owner);
        if let Some(known) = [full.as_str(), &name].into_iter().find(|path| self.known_constant(path)) {
            let known = known.to_owned();
            self.mark_lacking(&error, Kind::Constant, known);
        }
        self.raise_object(error)
    }

    /// The constant `full` (or `name`, where it was looked up from inside a module) of a library that nobody knows: unknown.
    fn constant_of_open_library(&mut self, full: &str, name: Name) -> Option<Value> {
        let plain = |path: &str| path.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect::<String>();
        let library = self.open_libraries.iter().find(|library| {
            let library = plain(&library.name);
            [full, &name].into_iter().any(|path| library.starts_with(&plain(path)) || plain(path).starts_with(&library))
        })?;
        // A library counts where something of it is used, not where it is only loaded.
        let OpenLibrary { name: library, reason } = library.clone();
        if let Some(reason) = reason {
            return Some(Value::Unknown(Rc::new(Hole::unknown(name.to_string(), reason))));
        }
        self.ledger.note(Lack::Ekiben, Kind::Gem, &library, self.call_site());
        let hole = Hole::unknown(name.to_string(), format!("a constant of the library `{library}`, which ekiben does not know"));
        Some(Value::Unknown(Rc::new(hole)))
    }

    /// A `catch` in native code: the value of a thrown or broken flow with that tag, or the flow.
    ///
    /// # Errors
    /// Every other flow.
    pub fn catch_break(&mut self, id: usize, answer: Eval) -> Eval {
        match answer {
            Err(flow) => match *flow {
                Flow::Break(broken, value) if broken == id => Ok(value),
                other => Err(Box::new(other)),
            },
            ok => ok,
        }
    }
}
