//! Blocks, procs, lambdas, and the arguments of a call.

use std::rc::Rc;

use crate::read::ruby::ast::Block;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::scope::Scope;
use crate::ruby::value::Value;

/// A native block: arguments to a value.
pub type NativeBlock = Rc<dyn Fn(&mut Interpreter, &Args) -> Eval>;

/// A proc.
pub struct Proc {
    /// Unique; `break` names it.
    pub id: usize,
    /// What it runs.
    pub code: Code,
    /// A lambda: strict arguments, `return` leaves only it.
    pub lambda: bool,
}

/// What a proc runs.
pub enum Code {
    /// A block and the scope that it stands in.
    Block {
        /// The syntax.
        block: Rc<Block>,
        /// The scope it closes over.
        scope: Rc<Scope>,
    },
    /// Native code.
    Native {
        /// The function.
        function: NativeBlock,
        /// `arity`
        arity: i64,
    },
    /// `method(:name)`: a receiver and a method's name.
    Method {
        /// What it is called on.
        receiver: Value,
        /// The method.
        method: Box<crate::ruby::module::Method>,
    },
}

/// The arguments of a call.
#[derive(Clone, Default)]
pub struct Args {
    /// Positional arguments; with `keywords` the last one is the keyword hash.
    pub list: Vec<Value>,
    /// The last of `list` was written as keywords.
    pub keywords: bool,
    /// The block.
    pub block: Option<Rc<Proc>>,
}

impl Args {
    /// Positional arguments only.
    #[must_use]
    pub fn new(list: Vec<Value>) -> Self {
        Self { list, keywords: false, block: None }
    }

    /// No arguments.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// With a block.
    #[must_use]
    pub fn with_block(mut self, block: Option<Rc<Proc>>) -> Self {
        self.block = block;
        self
    }

    /// How many there are, the keyword hash included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Argument `index`.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Value> {
        self.list.get(index)
    }

    /// Argument `index`, or `nil`.
    #[must_use]
    pub fn value(&self, index: usize) -> Value {
        self.list.get(index).cloned().unwrap_or(Value::Nil)
    }

    /// The keyword (or last hash) argument `name`, when the call has one.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<Value> {
        match self.list.last() {
            Some(Value::Hash(hash)) => hash.get_symbol(name),
            _ => None,
        }
    }
}
