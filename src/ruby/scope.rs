//! Where code runs: local variables, self, the method, the surrounding modules.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::name::Name;
use crate::ruby::module::{Module, Visibility};
use crate::ruby::procs::{Args, Proc};
use crate::ruby::value::Value;

/// The modules that code stands in, innermost first: where constants are looked up.
pub struct Nesting {
    /// The innermost.
    pub module: Rc<Module>,
    /// The one around it.
    pub outer: Option<Rc<Nesting>>,
}

/// The method that runs, for `super` and `__method__`.
pub struct MethodContext {
    /// Where the method was found.
    pub owner: Rc<Module>,
    /// Its name.
    pub name: Name,
    /// What it was called with.
    pub args: Args,
}

/// What is the same for a method body and the blocks in it.
pub struct Frame {
    /// Unique; `return` names it.
    pub id: usize,
    /// `self`
    pub receiver: Value,
    /// The modules around.
    pub nesting: Rc<Nesting>,
    /// Where `def` defines.
    pub definee: Rc<Module>,
    /// The method that runs.
    pub method: Option<Rc<MethodContext>>,
    /// The block that was given to the method.
    pub block: Option<Rc<Proc>>,
    /// What `def` without more gives: set by `private` and friends.
    pub visibility: Cell<Visibility>,
    /// `module_function` without arguments was called.
    pub module_function: Cell<bool>,
    /// `$~`
    pub last_match: RefCell<Value>,
}

/// Local variables of a method body or block.
pub struct Scope {
    /// The variables.
    pub variables: RefCell<Vec<(Name, Value)>>,
    /// The scope around a block.
    pub outer: Option<Rc<Scope>>,
    /// The frame.
    pub frame: Rc<Frame>,
    /// The id of the block whose body this is; `break` names it. 0 for a method body.
    pub block: Cell<usize>,
    /// How many loops of this body run: `break` leaves the innermost first.
    pub loops: Cell<u32>,
}

impl Drop for Scope {
    fn drop(&mut self) {
        Value::drop_flat(std::mem::take(self.variables.get_mut()).into_iter().map(|(_, value)| value));
    }
}

impl Scope {
    /// A scope without variables in `frame`, inside `outer` when it is a block's.
    #[must_use]
    pub fn new(frame: Rc<Frame>, outer: Option<Rc<Self>>) -> Rc<Self> {
        Rc::new(Self { variables: RefCell::default(), outer, frame, block: Cell::new(0), loops: Cell::new(0) })
    }

    /// The value of a local variable.
    #[must_use]
    pub fn get(&self, name: Name) -> Option<Value> {
        let mut scope = Some(self);
        while let Some(current) = scope {
            if let Some((_, value)) = current.variables.borrow().iter().find(|(known, _)| *known == name) {
                return Some(value.clone());
            }
            scope = current.outer.as_deref();
        }
        None
    }

    /// Assigns a local variable where it exists, else here.
    pub fn set(&self, name: Name, value: Value) {
        let mut scope = Some(self);
        while let Some(current) = scope {
            if let Some(entry) = current.variables.borrow_mut().iter_mut().find(|(known, _)| *known == name) {
                entry.1 = value;
                return;
            }
            scope = current.outer.as_deref();
        }
        self.variables.borrow_mut().push((name, value));
    }

    /// Makes a local variable here, hiding one of the same name outside.
    pub fn declare(&self, name: Name, value: Value) {
        let mut variables = self.variables.borrow_mut();
        if let Some(entry) = variables.iter_mut().find(|(known, _)| *known == name) {
            entry.1 = value;
        } else {
            variables.push((name, value));
        }
    }

    /// Copies of the variables of this scope and all around it, to go back to.
    #[must_use]
    pub fn snapshot(self: &Rc<Self>) -> Vec<(Rc<Self>, Vec<(Name, Value)>)> {
        let mut copies = Vec::new();
        let mut scope = Some(Rc::clone(self));
        while let Some(current) = scope {
            copies.push((Rc::clone(&current), current.variables.borrow().clone()));
            scope = current.outer.clone();
        }
        copies
    }

    /// Goes back to a [`Scope::snapshot`].
    pub fn restore(snapshot: &[(Rc<Self>, Vec<(Name, Value)>)]) {
        for (scope, variables) in snapshot {
            scope.variables.borrow_mut().clone_from(variables);
        }
    }
}
