//! Classes and modules: methods, constants, ancestors.

use std::any::Any;
use std::cell::{Cell, Ref, RefCell, RefMut};
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::rc::{Rc, Weak};

use crate::name::{Name, NameHasher, NameMap};
use crate::read::ruby::ast::{P, Params};
use crate::ruby::core::arity::Arity;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::natives::{Natives, Table};
use crate::ruby::procs::{Args, Proc};
use crate::ruby::scope::Nesting;
use crate::ruby::value::Value;

/// A native method: self and the arguments to a value.
pub type Native = fn(&mut Interpreter, &Value, &Args) -> Eval;

/// A native method that carries something with it.
pub type NativeClosure = Rc<dyn Fn(&mut Interpreter, &Value, &Args) -> Eval>;

/// Who may call a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Everybody.
    Public,
    /// Objects of the same class.
    Protected,
    /// Only self.
    Private,
}

/// A method.
#[derive(Clone)]
pub struct Method {
    /// Its own name (an alias keeps the original's).
    pub name: Name,
    /// Where it is defined.
    pub owner: Weak<Module>,
    /// Who may call it.
    pub visibility: Visibility,
    /// What it does.
    pub body: MethodBody,
}

/// What a method does.
#[derive(Clone)]
pub enum MethodBody {
    /// `def`
    Ruby(Rc<Definition>),
    /// A native function, and how many arguments it takes where that is known.
    Native(Native, Option<Arity>),
    /// A native function that carries something.
    Closure(NativeClosure),
    /// `attr_reader`
    Reader(Name),
    /// `attr_writer`
    Writer(Name),
    /// `define_method` with a block.
    Block(Rc<Proc>),
    /// `undef_method`: the search ends here.
    Undefined,
}

/// A `def`.
pub struct Definition {
    /// Parameters.
    pub params: Rc<Params>,
    /// Body.
    pub body: Option<P>,
    /// The modules that it stands in.
    pub nesting: Rc<Nesting>,
    /// Where it stands.
    pub span: crate::source::Span,
}

/// Completes a class that was only named so far.
pub type Finish = fn(&mut Interpreter, &Rc<Module>);

/// A class or module.
pub struct Module {
    /// Its full name, once it has one.
    pub name: RefCell<Option<String>>,
    /// A class, not a module.
    pub is_class: bool,
    /// The class above.
    pub superclass: RefCell<Option<Rc<Module>>>,
    /// `include`d modules, in the order of inclusion.
    pub includes: RefCell<Vec<Rc<Module>>>,
    /// `prepend`ed modules, in the order of prepending.
    pub prepends: RefCell<Vec<Rc<Module>>>,
    /// The native methods that it was made with and that nobody listed or changed.
    natives: Cell<Option<&'static Natives>>,
    /// All other methods by name; they hide native ones of the same name.
    own: RefCell<NameMap<Method>>,
    /// What is still to be done before anything asks for its methods or data.
    unfinished: Cell<Option<Finish>>,
    /// Constants by name.
    pub constants: RefCell<NameMap<Value>>,
    /// `@@variables`
    pub class_variables: RefCell<NameMap<Value>>,
    /// `@variables` of the class itself.
    pub ivars: RefCell<NameMap<Value>>,
    /// The singleton class, once there is one.
    pub meta: RefCell<Option<Rc<Module>>>,
    /// For a singleton class: what it belongs to.
    pub attached: RefCell<Option<Value>>,
    /// It is a singleton class.
    pub is_singleton: bool,
    /// Its native methods look at the characters of their arguments: text with holes is decided before they run.
    pub looks_at_data: Cell<bool>,
    /// Names of private constants.
    pub private_constants: RefCell<Vec<Name>>,
    /// `freeze` was called.
    pub frozen: Cell<bool>,
    /// What native code keeps with it.
    pub data: RefCell<Option<Rc<dyn Any>>>,
    /// The linearised ancestors and the version of the method tables they were made for.
    pub ancestors: RefCell<(u64, Rc<Vec<Rc<Module>>>)>,
    /// Methods found before, for the same version.
    pub cache: RefCell<(u64, HashMap<Name, Option<Method>, BuildHasherDefault<NameHasher>>)>,
}

impl Module {
    /// A class or module without name.
    #[must_use]
    pub fn new(name: Option<String>, is_class: bool, superclass: Option<Rc<Self>>) -> Rc<Self> {
        Self::make(name, is_class, superclass, false)
    }

    /// A singleton class under `superclass`.
    #[must_use]
    pub fn singleton(superclass: Option<Rc<Self>>) -> Rc<Self> {
        Self::make(None, true, superclass, true)
    }

    fn make(name: Option<String>, is_class: bool, superclass: Option<Rc<Self>>, is_singleton: bool) -> Rc<Self> {
        Rc::new(Self {
            name: RefCell::new(name),
            is_class,
            superclass: RefCell::new(superclass),
            includes: RefCell::default(),
            prepends: RefCell::default(),
            natives: Cell::new(None),
            own: RefCell::default(),
            unfinished: Cell::new(None),
            constants: RefCell::default(),
            class_variables: RefCell::default(),
            ivars: RefCell::default(),
            meta: RefCell::default(),
            attached: RefCell::default(),
            is_singleton,
            looks_at_data: Cell::new(false),
            private_constants: RefCell::default(),
            frozen: Cell::new(false),
            data: RefCell::default(),
            ancestors: RefCell::new((u64::MAX, Rc::default())),
            cache: RefCell::new((u64::MAX, HashMap::default())),
        })
    }

    /// Its name as `to_s` prints it.
    #[must_use]
    pub fn display_name(&self) -> String {
        match &*self.name.borrow() {
            Some(name) => name.clone(),
            None if self.is_singleton => "#<Class:singleton>".to_owned(),
            None if self.is_class => "#<Class:0x0000>".to_owned(),
            None => "#<Module:0x0000>".to_owned(),
        }
    }

    /// The constant that it has itself under `name`. A class may be unfinished: see [`Interpreter::finished`].
    #[must_use]
    pub fn constant(&self, name: Name) -> Option<Value> {
        self.constants.borrow().get(&name).cloned()
    }

    /// Leaves the rest of its making to `finish`, for when it is asked for ([`Interpreter::finished`]).
    pub fn finish_later(&self, finish: Finish) {
        self.unfinished.set(Some(finish));
    }

    /// What is left of its making; whoever takes it must do it.
    #[must_use]
    pub fn take_unfinished(&self) -> Option<Finish> {
        self.unfinished.take()
    }

    /// The method that it has itself under `name`, an undefined one included.
    #[must_use]
    pub fn own_method(self: &Rc<Self>, name: Name) -> Option<Method> {
        if let Some(method) = self.own.borrow().get(&name) {
            return Some(method.clone());
        }
        let entry = self.natives.get()?.entries.get(&name)?;
        let body = MethodBody::Native(entry.native, entry.arity);
        Some(Method { name, owner: Rc::downgrade(self), visibility: entry.visibility, body })
    }

    /// Whether it has no method of its own.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.natives.get().is_none() && self.own.borrow().is_empty()
    }

    /// Its own methods by name, in the order in which they were defined.
    #[must_use]
    pub fn methods(self: &Rc<Self>) -> Ref<'_, NameMap<Method>> {
        self.take_natives();
        self.own.borrow()
    }

    /// Its own methods, to be changed: whoever does counts up the interpreter's version.
    #[must_use]
    pub fn methods_mut(self: &Rc<Self>) -> RefMut<'_, NameMap<Method>> {
        self.take_natives();
        self.own.borrow_mut()
    }

    /// Puts `method` in the place of what it had under `name`.
    pub fn insert_method(&self, name: Name, method: Method) {
        self.own.borrow_mut().insert(name, method);
    }

    /// Adds the native methods of `table`; they replace those of the same names.
    pub fn insert_natives(&self, table: Table, visibility: Visibility) {
        self.natives.set(Some(Natives::with(self.natives.get(), table, visibility, self.name.borrow().as_deref())));
        self.forget(table);
    }

    /// Adds the native methods of a table that is put together by the program.
    pub fn insert_native_list(&self, table: &[(&str, Native)], visibility: Visibility) {
        for (name, native) in table {
            let natives = Natives::with_one(self.natives.get(), name, *native, visibility, self.name.borrow().as_deref());
            self.natives.set(Some(natives));
        }
        self.forget(table);
    }

    /// Drops the methods that hide the native ones of `table`, which are newer.
    fn forget(&self, table: &[(&str, Native)]) {
        let mut own = self.own.borrow_mut();
        if !own.is_empty() {
            for (name, _) in table {
                own.shift_remove(&Name::new(name));
            }
        }
    }

    /// Its own methods but the native ones, which it has no more.
    #[must_use]
    pub fn take_methods(&self) -> Vec<Method> {
        self.natives.set(None);
        if self.own.borrow().is_empty() { Vec::new() } else { self.own.take().into_values().collect() }
    }

    /// Makes methods of the native ones, before those that were added since.
    fn take_natives(self: &Rc<Self>) {
        let Some(natives) = self.natives.take() else { return };
        let method = |(name, entry): (&Name, &crate::ruby::natives::Entry)| {
            let body = MethodBody::Native(entry.native, entry.arity);
            (*name, Method { name: *name, owner: Rc::downgrade(self), visibility: entry.visibility, body })
        };
        let mut all: NameMap<Method> = natives.entries.iter().map(method).collect();
        let mut own = self.own.borrow_mut();
        all.extend(std::mem::take(&mut *own));
        *own = all;
    }

    /// What native code keeps with it, when that is a `T`.
    #[must_use]
    pub fn data<T: Any>(&self) -> Option<Rc<T>> {
        self.data.borrow().clone().and_then(|data| data.downcast::<T>().ok())
    }

    /// Itself and everything it inherits from, in the order in which methods are looked up.
    #[must_use]
    pub fn linearise(self: &Rc<Self>, version: u64) -> Rc<Vec<Rc<Self>>> {
        {
            let cached = self.ancestors.borrow();
            if cached.0 == version {
                return Rc::clone(&cached.1);
            }
        }
        let mut list: Vec<Rc<Self>> = Vec::new();
        let mut class = Some(Rc::clone(self));
        let mut depth = 0;
        while let Some(current) = class {
            current.add_own(&mut list, 0);
            class = current.superclass.borrow().clone();
            depth += 1;
            if depth > 1000 {
                break;
            }
        }
        let list = Rc::new(list);
        *self.ancestors.borrow_mut() = (version, Rc::clone(&list));
        list
    }

    /// Adds prepended modules, itself, then included modules (the last included first), each once.
    fn add_own(self: &Rc<Self>, list: &mut Vec<Rc<Self>>, depth: usize) {
        if depth > 200 || list.iter().any(|known| Rc::ptr_eq(known, self)) {
            return;
        }
        for module in self.prepends.borrow().iter().rev() {
            module.add_own(list, depth + 1);
        }
        list.push(Rc::clone(self));
        for module in self.includes.borrow().iter().rev() {
            module.add_own(list, depth + 1);
        }
    }

    /// Whether `other` is among its ancestors (or itself).
    #[must_use]
    pub fn descends_from(self: &Rc<Self>, other: &Rc<Self>, version: u64) -> bool {
        self.linearise(version).iter().any(|ancestor| Rc::ptr_eq(ancestor, other))
    }
}
