//! Finding and calling methods.

use std::rc::Rc;

use crate::name::Name;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Method, MethodBody, Module, Native, Visibility};
use crate::ruby::natives::Table;
use crate::ruby::procs::{Args, Code, Proc};
use crate::ruby::scope::{MethodContext, Nesting, Scope};
use crate::ruby::value::Value;
use crate::source::Span;
use crate::unsupported::Kind;

/// How a method is called, for the rules of visibility.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallKind {
    /// `x.name`
    Explicit,
    /// `name`, `self.name`, `send(:name)`
    Implicit,
    /// A bare word: the error then speaks of a local variable.
    Bare,
}

impl Interpreter {
    /// The class that methods of `value` are looked up in: a singleton class where there is one.
    #[must_use]
    pub fn class_of(&self, value: &Value) -> Rc<Module> {
        let classes = &self.classes;
        Rc::clone(match value {
            Value::Nil => &classes.nil,
            Value::Bool(true) => &classes.true_class,
            Value::Bool(false) => &classes.false_class,
            Value::Integer(_) => &classes.integer,
            Value::Float(_) => &classes.float,
            Value::Symbol(_) => &classes.symbol,
            Value::Str(string) => string.class.as_ref().unwrap_or(&classes.string),
            Value::Regexp(_) => &classes.regexp,
            Value::Array(array) => array.class.as_ref().unwrap_or(&classes.array),
            Value::Hash(hash) => return hash.class.borrow().clone().unwrap_or_else(|| Rc::clone(&classes.hash)),
            Value::Range(_) => &classes.range,
            Value::Proc(code) => {
                if matches!(code.code, Code::Method { .. }) {
                    &classes.method
                } else {
                    &classes.proc_class
                }
            }
            Value::Module(module) => return self.class_of_module(module),
            Value::Object(object) => return Rc::clone(&object.class.borrow()),
            Value::Unknown(_) => &classes.unknown,
        })
    }

    fn class_of_module(&self, module: &Rc<Module>) -> Rc<Module> {
        // The nearest singleton class up the chain; without one, Class or Module itself.
        let mut current = Some(Rc::clone(module));
        while let Some(class) = current {
            if let Some(meta) = &*class.meta.borrow() {
                return Rc::clone(meta);
            }
            current = class.superclass.borrow().clone();
        }
        Rc::clone(if module.is_class { &self.classes.class } else { &self.classes.module })
    }

    /// The class of `value` as `.class` gives it: never a singleton class.
    #[must_use]
    pub fn real_class(&self, value: &Value) -> Rc<Module> {
        if let Value::Module(module) = value {
            return Rc::clone(if module.is_class { &self.classes.class } else { &self.classes.module });
        }
        let mut class = self.class_of(value);
        while class.is_singleton {
            let Some(above) = class.superclass.borrow().clone() else { break };
            class = above;
        }
        class
    }

    /// The singleton class of `value`, made when there is none. Immediate values have none: their class is given.
    pub fn singleton_class(&mut self, value: &Value) -> Rc<Module> {
        match value {
            Value::Module(module) => {
                if let Some(meta) = &*module.meta.borrow() {
                    return Rc::clone(meta);
                }
                // Its superclass is the singleton class of the class above, so that class methods are inherited.
                let above = module.superclass.borrow().clone();
                let above = match above {
                    Some(above) if module.is_class => self.singleton_class(&Value::Module(above)),
                    _ => Rc::clone(if module.is_class { &self.classes.class } else { &self.classes.module }),
                };
                let meta = Module::singleton(Some(above));
                *meta.attached.borrow_mut() = Some(value.clone());
                *meta.name.borrow_mut() = Some(format!("#<Class:{}>", module.display_name()));
                *module.meta.borrow_mut() = Some(Rc::clone(&meta));
                self.version += 1;
                meta
            }
            Value::Object(object) => {
                let class = Rc::clone(&object.class.borrow());
                if class.is_singleton {
                    return class;
                }
                let meta = Module::singleton(Some(class));
                *meta.attached.borrow_mut() = Some(value.clone());
                *object.class.borrow_mut() = Rc::clone(&meta);
                meta
            }
            Value::Hash(hash) => {
                let class = self.class_of(value);
                if class.is_singleton {
                    return class;
                }
                let meta = Module::singleton(Some(class));
                *meta.attached.borrow_mut() = Some(Value::Nil);
                *hash.class.borrow_mut() = Some(Rc::clone(&meta));
                meta
            }
            other => self.class_of(other),
        }
    }

    /// Whether `value` is of `class` or of one that inherits from it (`is_a?`).
    #[must_use]
    pub fn is_a(&self, value: &Value, class: &Rc<Module>) -> bool {
        self.class_of(value).descends_from(class, self.version)
    }

    /// The method `name` for objects of `class`.
    #[must_use]
    pub fn find_method(&self, class: &Rc<Module>, name: Name) -> Option<Method> {
        {
            let mut cache = class.cache.borrow_mut();
            if cache.0 != self.version {
                cache.0 = self.version;
                cache.1.clear();
            } else if let Some(found) = cache.1.get(&name) {
                return found.clone();
            }
        }
        let found = self.find_method_after(class, name, None);
        class.cache.borrow_mut().1.insert(name, found.clone());
        found
    }

    /// The method `name` behind `after` in the ancestors of `class` (all of them without `after`).
    #[must_use]
    pub fn find_method_after(&self, class: &Rc<Module>, name: Name, after: Option<&Rc<Module>>) -> Option<Method> {
        let ancestors = class.linearise(self.version);
        let start = after.map_or(0, |after| ancestors.iter().position(|m| Rc::ptr_eq(m, after)).map_or(ancestors.len(), |i| i + 1));
        for module in &ancestors[start..] {
            if let Some(method) = module.own_method(name) {
                return if matches!(method.body, MethodBody::Undefined) { None } else { Some(method) };
            }
        }
        None
    }

    /// Whether `value` has the method `name` (private ones with `all`), `respond_to_missing?` not asked.
    #[must_use]
    pub fn has_method(&self, value: &Value, name: Name, all: bool) -> bool {
        self.find_method(&self.class_of(value), name).is_some_and(|method| all || method.visibility != Visibility::Private)
    }

    /// `value.respond_to?(name)`, `respond_to_missing?` included.
    ///
    /// # Errors
    /// What `respond_to_missing?` raises.
    pub fn responds_to(&mut self, value: &Value, name: &str) -> Eval<bool> {
        let name = Name::new(name);
        if self.has_method(value, name, false) {
            return Ok(true);
        }
        if self.has_method(value, Name::new("respond_to_missing?"), true) {
            let answer = self.send(value, "respond_to_missing?", &[Value::Symbol(name), Value::Bool(false)])?;
            return Ok(answer.truthy() && !answer.is_unknown());
        }
        Ok(false)
    }

    /// Calls the method `name` of `receiver`, private ones too, with positional arguments.
    ///
    /// # Errors
    /// What the method raises.
    pub fn send(&mut self, receiver: &Value, name: &str, args: &[Value]) -> Eval {
        self.call(receiver, Name::new(name), Args::new(args.to_vec()), CallKind::Implicit)
    }

    /// Calls the method `name` of `receiver`.
    ///
    /// # Errors
    /// What the method raises; `NoMethodError` when there is none.
    pub fn call(&mut self, receiver: &Value, name: Name, args: Args, kind: CallKind) -> Eval {
        if let Value::Unknown(hole) = receiver {
            return self.call_unknown(hole, name, &args);
        }
        let class = self.class_of(receiver);
        match self.find_method(&class, name) {
            Some(method) if kind == CallKind::Explicit && method.visibility != Visibility::Public => {
                if method.visibility == Visibility::Protected {
                    let caller = self.scope().frame.receiver.clone();
                    let owner = method.owner.upgrade();
                    if owner.is_some_and(|owner| self.is_a(&caller, &owner)) {
                        return self.invoke(receiver, name, &method, args);
                    }
                }
                let word = if method.visibility == Visibility::Private { "private" } else { "protected" };
                if name.ends_with('=') && receiver.same(&self.scope().frame.receiver.clone()) {
                    return self.invoke(receiver, name, &method, args);
                }
                let shown = self.describe_receiver(receiver);
                self.no_method(receiver, name, None, format!("{word} method `{name}' called for {shown}"))
            }
            Some(method) => self.invoke(receiver, name, &method, args),
            None => self.method_missing(receiver, &class, name, args, kind),
        }
    }

    fn method_missing(&mut self, receiver: &Value, class: &Rc<Module>, name: Name, args: Args, kind: CallKind) -> Eval {
        if let Some(method) = self.find_method(class, Name::new("method_missing")) {
            let mut list = vec![Value::Symbol(name)];
            list.extend(args.list);
            let args = Args { list, keywords: args.keywords, block: args.block };
            self.missing_kind = kind;
            return self.invoke(receiver, Name::new("method_missing"), &method, args);
        }
        self.undefined_method(receiver, name, kind)
    }

    /// Raises `NoMethodError` (or `NameError` for a bare word) as Ruby 3.1 words it.
    ///
    /// # Errors
    /// Always.
    pub fn undefined_method<T>(&mut self, receiver: &Value, name: Name, kind: CallKind) -> Eval<T> {
        let shown = self.describe_receiver(receiver);
        if kind == CallKind::Bare {
            let class = Rc::clone(&self.classes.name_error);
            let error = self.exception(&class, format!("undefined local variable or method `{name}' for {shown}"));
            self.set_ivar(&error, "@name", Value::Symbol(name));
            self.set_ivar(&error, "@receiver", receiver.clone());
            if let Some(known) = self.known_method(receiver, &name, true) {
                self.mark_lacking(&error, Kind::Method, known);
            }
            return self.raise_object(error);
        }
        let known = self.known_method(receiver, &name, kind != CallKind::Explicit);
        self.no_method(receiver, name, known, format!("undefined method `{name}' for {shown}"))
    }

    /// `known`: what the method is called in real Ruby, where that has it.
    fn no_method<T>(&mut self, receiver: &Value, name: Name, known: Option<String>, message: String) -> Eval<T> {
        let class = Rc::clone(&self.classes.no_method_error);
        let error = self.exception(&class, message);
        self.set_ivar(&error, "@name", Value::Symbol(name));
        self.set_ivar(&error, "@receiver", receiver.clone());
        if let Some(known) = known {
            self.mark_lacking(&error, Kind::Method, known);
        }
        self.raise_object(error)
    }

    /// `nil:NilClass`, `"x":String`, `main:Object`, `#<Foo>`: the receiver as error messages show it.
    pub fn describe_receiver(&mut self, receiver: &Value) -> String {
        match receiver {
            Value::Nil => return "nil:NilClass".to_owned(),
            Value::Bool(true) => return "true:TrueClass".to_owned(),
            Value::Bool(false) => return "false:FalseClass".to_owned(),
            Value::Module(module) => {
                return format!("{}:{}", module.display_name(), if module.is_class { "Class" } else { "Module" });
            }
            _ => {}
        }
        let class = self.real_class(receiver).display_name();
        if receiver.same(&self.main.clone()) {
            return "main:Object".to_owned();
        }
        if let Value::Object(object) = receiver {
            let plain = object.data.borrow().is_none();
            let inspect = self.find_method(&self.class_of(receiver), Name::new("inspect")).and_then(|method| method.owner.upgrade());
            if plain && inspect.is_none_or(|owner| Rc::ptr_eq(&owner, &self.classes.kernel)) {
                return format!("#<{class}>");
            }
        }
        let shown = self.inspect(receiver).unwrap_or_default();
        if shown.len() > 65 || (shown.starts_with("#<") && shown.contains("0x")) {
            format!("#<{class}>")
        } else if shown.starts_with('#') {
            shown
        } else {
            format!("{shown}:{class}")
        }
    }

    /// Runs `method` with `receiver` as self.
    ///
    /// # Errors
    /// What it raises; `SystemStackError` when calls nest too deep.
    pub fn invoke(&mut self, receiver: &Value, name: Name, method: &Method, args: Args) -> Eval {
        match &method.body {
            MethodBody::Native(native, arity) => {
                if let Some(arity) = arity {
                    self.check_native_arity(*arity, name, &args)?;
                }
                if let Some(answer) = self.guard_native(receiver, name, method, &args) {
                    return answer;
                }
                self.charge_walk(receiver, name)?;
                self.enter(name)?;
                let answer = native(self, receiver, &args);
                self.leave();
                if let Ok(made) = &answer {
                    self.charge_for(made)?;
                }
                answer
            }
            MethodBody::Closure(native) => {
                self.enter(name)?;
                let native = Rc::clone(native);
                let answer = native(self, receiver, &args);
                self.leave();
                if let Ok(made) = &answer {
                    self.charge_for(made)?;
                }
                answer
            }
            MethodBody::Ruby(definition) => {
                self.enter(name)?;
                let answer = self.run_definition(receiver, name, method, definition, args);
                self.leave();
                answer
            }
            MethodBody::Reader(variable) => {
                self.check_arity(&args, 0, Some(0))?;
                Ok(self.get_ivar_named(receiver, *variable))
            }
            MethodBody::Writer(variable) => {
                self.check_arity(&args, 1, Some(1))?;
                let value = args.value(0);
                self.check_frozen(receiver)?;
                self.set_ivar_named(receiver, *variable, value.clone());
                Ok(value)
            }
            MethodBody::Block(block) => {
                self.enter(name)?;
                let owner = method.owner.upgrade().unwrap_or_else(|| self.class_of(receiver));
                let context = MethodContext { owner, name: method.name, args: args.clone() };
                let answer = self.call_block_as_method(block, receiver, Rc::new(context), &args);
                self.leave();
                answer
            }
            MethodBody::Undefined => self.undefined_method(receiver, name, CallKind::Explicit),
        }
    }

    fn enter(&mut self, name: Name) -> Eval<()> {
        self.depth += 1;
        if self.depth > self.bounds.depth {
            self.depth -= 1;
            let class = Rc::clone(&self.classes.system_stack_error);
            return self.raise(&class, "stack level too deep");
        }
        self.calls.push((self.span, name));
        Ok(())
    }

    fn leave(&mut self) {
        self.depth -= 1;
        if let Some((span, _)) = self.calls.pop() {
            self.span = span;
        }
    }

    fn run_definition(
        &mut self,
        receiver: &Value,
        name: Name,
        method: &Method,
        definition: &crate::ruby::module::Definition,
        args: Args,
    ) -> Eval {
        let owner = method.owner.upgrade().unwrap_or_else(|| self.class_of(receiver));
        // `def` inside a method defines in the class that the method stands in.
        let definee = Rc::clone(&definition.nesting.module);
        let block = args.block.clone();
        let context = Rc::new(MethodContext { owner, name: method.name, args });
        let frame = self.frame(receiver.clone(), Rc::clone(&definition.nesting), definee, Some(Rc::clone(&context)), block);
        let scope = Scope::new(frame, None);
        let _ = name;
        self.frames.push(Rc::clone(&scope));
        let conditions = self.conditions.len();
        let mut answer = self.bind_params(&scope, &definition.params, &context.args, true);
        if answer.is_ok() {
            answer = match &definition.body {
                Some(body) => self.eval(&scope, body),
                None => Ok(Value::Nil),
            };
        }
        self.conditions.truncate(conditions);
        self.frames.pop();
        let answer = match answer {
            Err(flow) => match *flow {
                Flow::Return(id, value) if id == scope.frame.id => Ok(value),
                other => Err(Box::new(other)),
            },
            ok => ok,
        };
        self.with_alternatives(scope.frame.id, answer)
    }

    /// Checks the number of positional arguments of a native method.
    ///
    /// # Errors
    /// `ArgumentError` as Ruby words it.
    pub fn check_arity(&mut self, args: &Args, least: usize, most: Option<usize>) -> Eval<()> {
        let given = args.len();
        if given >= least && most.is_none_or(|most| given <= most) {
            return Ok(());
        }
        let expected = match most {
            Some(most) if most == least => least.to_string(),
            Some(most) => format!("{least}..{most}"),
            None => format!("{least}+"),
        };
        self.argument_error(format!("wrong number of arguments (given {given}, expected {expected})"))
    }

    /// Checks the number of arguments against what the method is known to take; keywords may be one of them or none.
    fn check_native_arity(&mut self, arity: crate::ruby::core::arity::Arity, name: Name, args: &Args) -> Eval<()> {
        let given = args.len();
        let positional = given - usize::from(args.keywords && given > 0 && (arity.keywords || empty_hash(args.list.last())));
        if arity.takes(positional) || args.list.iter().any(Value::is_unknown) {
            return Ok(());
        }
        self.calls.push((self.span, name));
        let refused = self.check_arity(args, arity.least, arity.most);
        self.calls.pop();
        refused
    }

    /// Calls a proc: a block with its closure, or native code.
    ///
    /// # Errors
    /// What it raises; `break` out of it as [`Flow::Break`].
    pub fn call_proc(&mut self, code: &Rc<Proc>, args: &Args) -> Eval {
        match &code.code {
            Code::Native { function, .. } => {
                let function = Rc::clone(function);
                function(self, args)
            }
            Code::Method { receiver, method } => self.invoke(receiver, method.name, method, args.clone()),
            Code::Block { scope, .. } => {
                let frame = Rc::clone(&scope.frame);
                self.run_block(code, frame, args)
            }
        }
    }

    /// Calls a block with another self (`instance_exec`), and with `definee` for `def` inside it.
    ///
    /// # Errors
    /// What it raises.
    pub fn call_block_with_self(&mut self, code: &Rc<Proc>, receiver: &Value, definee: Option<Rc<Module>>, args: &Args) -> Eval {
        let Code::Block { scope, .. } = &code.code else { return self.call_proc(code, args) };
        let outer = Rc::clone(&scope.frame);
        let definee = match definee {
            Some(definee) => definee,
            None => match receiver {
                Value::Object(_) | Value::Module(_) => self.singleton_class(receiver),
                _ => Rc::clone(&outer.definee),
            },
        };
        let frame = self.inner_frame(&outer, receiver.clone(), Rc::clone(&outer.nesting), definee, outer.method.clone());
        self.run_block(code, frame, args)
    }

    /// Calls a block as the body of a class (`class_eval`): self and constants are the module's.
    ///
    /// # Errors
    /// What it raises.
    pub fn call_block_in_module(&mut self, code: &Rc<Proc>, module: &Rc<Module>, args: &Args) -> Eval {
        let Code::Block { scope, .. } = &code.code else { return self.call_proc(code, args) };
        let outer = Rc::clone(&scope.frame);
        let frame = self.inner_frame(&outer, Value::Module(Rc::clone(module)), Rc::clone(&outer.nesting), Rc::clone(module), None);
        self.run_block(code, frame, args)
    }

    fn call_block_as_method(&mut self, code: &Rc<Proc>, receiver: &Value, context: Rc<MethodContext>, args: &Args) -> Eval {
        let Code::Block { scope, block } = &code.code else {
            return self.call_proc(code, args);
        };
        let outer = &scope.frame;
        let definee = Rc::clone(&outer.definee);
        let given = args.block.clone();
        let frame = self.frame(receiver.clone(), Rc::clone(&outer.nesting), definee, Some(context), given.or_else(|| outer.block.clone()));
        let inner = Scope::new(Rc::clone(&frame), Some(Rc::clone(scope)));
        inner.block.set(code.id);
        let answer = self.block_body(&inner, block, args, true);
        match answer {
            Err(flow) => match *flow {
                Flow::Next(value) => Ok(value),
                Flow::Return(id, value) if id == frame.id => Ok(value),
                other => Err(Box::new(other)),
            },
            ok => ok,
        }
    }

    fn inner_frame(
        &mut self,
        outer: &crate::ruby::scope::Frame,
        receiver: Value,
        nesting: Rc<Nesting>,
        definee: Rc<Module>,
        method: Option<Rc<MethodContext>>,
    ) -> Rc<crate::ruby::scope::Frame> {
        Rc::new(crate::ruby::scope::Frame {
            // `return` in the block still leaves the method around it.
            id: outer.id,
            receiver,
            nesting,
            definee,
            method,
            block: outer.block.clone(),
            visibility: std::cell::Cell::new(Visibility::Public),
            module_function: std::cell::Cell::new(false),
            last_match: std::cell::RefCell::new(outer.last_match.borrow().clone()),
        })
    }

    fn run_block(&mut self, code: &Rc<Proc>, frame: Rc<crate::ruby::scope::Frame>, args: &Args) -> Eval {
        let Code::Block { block, scope } = &code.code else { return Ok(Value::Nil) };
        self.depth += 1;
        if self.depth > self.bounds.depth {
            self.depth -= 1;
            let class = Rc::clone(&self.classes.system_stack_error);
            return self.raise(&class, "stack level too deep");
        }
        let frame = if code.lambda {
            // `return` leaves only the lambda.
            let id = self.fresh_id();
            Rc::new(crate::ruby::scope::Frame {
                id,
                receiver: frame.receiver.clone(),
                nesting: Rc::clone(&frame.nesting),
                definee: Rc::clone(&frame.definee),
                method: frame.method.clone(),
                block: frame.block.clone(),
                visibility: std::cell::Cell::new(Visibility::Public),
                module_function: std::cell::Cell::new(false),
                last_match: std::cell::RefCell::new(Value::Nil),
            })
        } else {
            frame
        };
        let answer = loop {
            let inner = Scope::new(Rc::clone(&frame), Some(Rc::clone(scope)));
            inner.block.set(code.id);
            let answer = self.block_body(&inner, block, args, code.lambda);
            match answer {
                Err(flow) if matches!(*flow, Flow::Redo) => {
                    if let Err(flow) = self.step() {
                        break Err(flow);
                    }
                }
                other => break other,
            }
        };
        self.depth -= 1;
        match answer {
            Err(flow) => match *flow {
                Flow::Next(value) => Ok(value),
                Flow::Return(id, value) if code.lambda && id == frame.id => Ok(value),
                Flow::Break(id, value) if code.lambda && id == code.id => Ok(value),
                other => Err(Box::new(other)),
            },
            ok => ok,
        }
    }

    fn block_body(&mut self, scope: &Rc<Scope>, block: &crate::read::ruby::ast::Block, args: &Args, strict: bool) -> Eval {
        self.frames.push(Rc::clone(scope));
        let conditions = self.conditions.len();
        let span = self.span;
        let outcome = match self.bind_block(scope, block, args, strict) {
            Ok(()) => match &block.body {
                Some(body) => self.eval(scope, body),
                None => Ok(Value::Nil),
            },
            Err(flow) => Err(flow),
        };
        self.span = span;
        self.conditions.truncate(conditions);
        self.frames.pop();
        outcome
    }

    /// A native block.
    pub fn native_block(&mut self, arity: i64, function: impl Fn(&mut Self, &Args) -> Eval + 'static) -> Rc<Proc> {
        Rc::new(Proc { id: self.fresh_id(), code: Code::Native { function: Rc::new(function), arity }, lambda: false })
    }

    /// Defines the native methods of `table` on `module`.
    pub fn define(&mut self, module: &Rc<Module>, table: Table) {
        self.define_with(module, table, Visibility::Public);
    }

    /// Defines the native methods of `table` on `module`, as private ones.
    pub fn define_private(&mut self, module: &Rc<Module>, table: Table) {
        self.define_with(module, table, Visibility::Private);
    }

    fn define_with(&mut self, module: &Rc<Module>, table: Table, visibility: Visibility) {
        module.insert_natives(table, visibility);
        self.version += 1;
    }

    /// Defines the native methods of a table that is put together by the program.
    pub fn define_list(&mut self, module: &Rc<Module>, table: &[(&str, Native)], visibility: Visibility) {
        module.insert_native_list(table, visibility);
        self.version += 1;
    }

    /// Defines the native singleton methods of a table that is put together by the program.
    pub fn define_singleton_list(&mut self, module: &Rc<Module>, table: &[(&str, Native)]) {
        let meta = self.singleton_class(&Value::Module(Rc::clone(module)));
        self.define_list(&meta, table, Visibility::Public);
    }

    /// `module` with everything that was left for when it is first asked for, and what it inherits from with it.
    pub fn finish(&mut self, module: &Rc<Module>) {
        if let Some(finish) = module.take_unfinished() {
            let above = module.superclass.borrow().clone();
            if let Some(above) = above {
                self.finish(&above);
            }
            finish(self, module);
        }
    }

    /// A constant's value: a class that was only named so far is completed.
    pub fn finished(&mut self, value: Value) -> Value {
        if let Value::Module(module) = &value {
            self.finish(module);
        }
        value
    }

    /// Defines native singleton methods (`File.join`).
    pub fn define_singleton(&mut self, module: &Rc<Module>, table: Table) {
        let meta = self.singleton_class(&Value::Module(Rc::clone(module)));
        self.define(&meta, table);
    }

    /// The class at the constant path `A::B`, made under `above` (with modules around it) when it does not exist.
    pub fn define_class_path(&mut self, path: &str, above: &Rc<Module>) -> Rc<Module> {
        self.define_path(path, Some(above))
    }

    /// The module at the constant path `A::B`, made when it does not exist.
    pub fn define_module_path(&mut self, path: &str) -> Rc<Module> {
        self.define_path(path, None)
    }

    fn define_path(&mut self, path: &str, above: Option<&Rc<Module>>) -> Rc<Module> {
        let mut current = Rc::clone(&self.classes.object);
        let mut end = 0;
        for part in path.split("::") {
            let full = &path[..end + part.len()];
            end += part.len() + 2;
            let name = Name::new(part);
            let existing = match current.constants.borrow().get(&name) {
                Some(Value::Module(module)) => Some(Rc::clone(module)),
                _ => None,
            };
            current = existing.unwrap_or_else(|| {
                let class = above.filter(|_| full.len() == path.len());
                let made = Module::new(Some(full.to_owned()), class.is_some(), class.cloned());
                current.constants.borrow_mut().insert(name, Value::Module(Rc::clone(&made)));
                made
            });
        }
        current
    }

    /// Allocates an object of `class`, built-in storage included, without calling `initialize`.
    pub fn allocate(&mut self, class: &Rc<Module>) -> Value {
        for ancestor in class.linearise(self.version).iter() {
            if let Some(allocator) = self.allocators.iter().find(|(known, _)| Rc::ptr_eq(known, ancestor)).map(|(_, allocator)| *allocator)
            {
                return allocator(self, class);
            }
        }
        Value::Object(Rc::new(crate::ruby::value::Object {
            class: std::cell::RefCell::new(Rc::clone(class)),
            ivars: std::cell::RefCell::default(),
            frozen: std::cell::Cell::new(false),
            data: std::cell::RefCell::default(),
        }))
    }

    /// `class.new(args)`
    ///
    /// # Errors
    /// What `new` or `initialize` raises.
    pub fn instantiate(&mut self, class: &Rc<Module>, args: Args) -> Eval {
        self.call(&Value::Module(Rc::clone(class)), Name::new("new"), args, CallKind::Implicit)
    }

    /// The value of an instance variable, `nil` when unset.
    #[must_use]
    pub fn get_ivar(&self, value: &Value, name: &str) -> Value {
        self.get_ivar_named(value, Name::new(name))
    }

    /// The value of an instance variable, `nil` when unset.
    #[must_use]
    pub fn get_ivar_named(&self, value: &Value, name: Name) -> Value {
        match value {
            Value::Object(object) => object.ivars.borrow().get(&name).cloned().unwrap_or(Value::Nil),
            Value::Module(module) => module.ivars.borrow().get(&name).cloned().unwrap_or(Value::Nil),
            Value::Array(array) => array.ivars.borrow().as_ref().and_then(|ivars| ivars.get(&name).cloned()).unwrap_or(Value::Nil),
            Value::Hash(hash) => hash.ivars.borrow().as_ref().and_then(|ivars| ivars.get(&name).cloned()).unwrap_or(Value::Nil),
            _ => Value::Nil,
        }
    }

    /// Sets an instance variable; values that have none ignore it.
    pub fn set_ivar(&mut self, value: &Value, name: &str, to: Value) {
        self.set_ivar_named(value, Name::new(name), to);
    }

    /// Sets an instance variable; values that have none ignore it.
    pub fn set_ivar_named(&mut self, value: &Value, name: Name, to: Value) {
        match value {
            Value::Object(object) => {
                object.ivars.borrow_mut().insert(name, to);
            }
            Value::Module(module) => {
                module.ivars.borrow_mut().insert(name, to);
            }
            Value::Array(array) => {
                array.ivars.borrow_mut().get_or_insert_default().insert(name, to);
            }
            Value::Hash(hash) => {
                hash.ivars.borrow_mut().get_or_insert_default().insert(name, to);
            }
            _ => {}
        }
    }

    /// Whether `value` is frozen.
    #[must_use]
    pub fn is_frozen(&self, value: &Value) -> bool {
        match value {
            Value::Str(v) => v.frozen.get(),
            Value::Array(v) => v.frozen.get(),
            Value::Hash(v) => v.frozen.get(),
            Value::Object(v) => v.frozen.get(),
            Value::Module(v) => v.frozen.get(),
            Value::Proc(_) | Value::Unknown(_) => false,
            _ => true,
        }
    }

    /// Refuses to change a frozen value.
    ///
    /// # Errors
    /// `FrozenError`.
    pub fn check_frozen(&mut self, value: &Value) -> Eval<()> {
        if self.is_frozen(value) { self.frozen_error(value) } else { Ok(()) }
    }

    /// The place of the innermost call that Ruby code makes, for natives that note where they were called.
    #[must_use]
    pub fn call_site(&self) -> Span {
        self.calls.last().map_or(self.span, |(span, _)| *span)
    }
}

/// Whether it is a hash without entries: `**{}` passes nothing.
fn empty_hash(value: Option<&Value>) -> bool {
    matches!(value, Some(Value::Hash(hash)) if hash.map.borrow().is_empty())
}
