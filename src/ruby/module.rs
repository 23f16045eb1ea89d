//! Classes and modules: methods, constants, ancestors.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::{Rc, Weak};

use indexmap::IndexMap;

use crate::name::Name;
use crate::read::ruby::ast::{P, Params};
use crate::ruby::core::arity::Arity;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
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
    /// Methods by name.
    pub methods: RefCell<IndexMap<Name, Method>>,
    /// Constants by name.
    pub constants: RefCell<IndexMap<Name, Value>>,
    /// `@@variables`
    pub class_variables: RefCell<IndexMap<Name, Value>>,
    /// `@variables` of the class itself.
    pub ivars: RefCell<IndexMap<Name, Value>>,
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
    pub cache: RefCell<(u64, HashMap<Name, Option<Method>>)>,
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
            methods: RefCell::default(),
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
            cache: RefCell::new((u64::MAX, HashMap::new())),
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
