//! The core classes, made before anything runs.

use std::rc::Rc;

use crate::name::Name;
use crate::ruby::module::Module;
use crate::ruby::value::Value;

macro_rules! classes {
    ($($(#[$doc:meta])* $field:ident = $kind:ident $name:literal $(< $above:ident)?;)*) => {
        /// Handles of the core classes and modules.
        pub struct Classes {
            $($(#[$doc])* pub $field: Rc<Module>,)*
        }

        impl Classes {
            /// Makes the classes, without methods, each a constant of `Object`.
            #[must_use]
            pub fn new() -> Self {
                $(let $field = classes!(@make $kind $name $(, $above)?);)*
                let made = Self { $($field,)* };
                let named = [$((Name::new($name), Rc::clone(&made.$field)),)*];
                made.connect(named);
                made
            }
        }
    };
    (@make class $name:literal) => { Module::new(Some($name.to_owned()), true, None) };
    (@make class $name:literal, $above:ident) => { Module::new(Some($name.to_owned()), true, Some(Rc::clone(&$above))) };
    (@make module $name:literal) => { Module::new(Some($name.to_owned()), false, None) };
}

classes! {
    basic_object = class "BasicObject";
    object = class "Object" < basic_object;
    kernel = module "Kernel";
    comparable = module "Comparable";
    enumerable = module "Enumerable";
    module = class "Module" < object;
    class = class "Class" < module;
    nil = class "NilClass" < object;
    true_class = class "TrueClass" < object;
    false_class = class "FalseClass" < object;
    numeric = class "Numeric" < object;
    integer = class "Integer" < numeric;
    float = class "Float" < numeric;
    string = class "String" < object;
    symbol = class "Symbol" < object;
    regexp = class "Regexp" < object;
    match_data = class "MatchData" < object;
    array = class "Array" < object;
    hash = class "Hash" < object;
    range = class "Range" < object;
    proc_class = class "Proc" < object;
    method = class "Method" < object;
    unbound_method = class "UnboundMethod" < object;
    exception = class "Exception" < object;
    script_error = class "ScriptError" < exception;
    not_implemented_error = class "NotImplementedError" < script_error;
    load_error = class "LoadError" < script_error;
    syntax_error = class "SyntaxError" < script_error;
    no_memory_error = class "NoMemoryError" < exception;
    system_exit = class "SystemExit" < exception;
    signal_exception = class "SignalException" < exception;
    interrupt = class "Interrupt" < signal_exception;
    system_stack_error = class "SystemStackError" < exception;
    standard_error = class "StandardError" < exception;
    argument_error = class "ArgumentError" < standard_error;
    uncaught_throw_error = class "UncaughtThrowError" < argument_error;
    encoding_error = class "EncodingError" < standard_error;
    fiber_error = class "FiberError" < standard_error;
    io_error = class "IOError" < standard_error;
    eof_error = class "EOFError" < io_error;
    index_error = class "IndexError" < standard_error;
    key_error = class "KeyError" < index_error;
    stop_iteration = class "StopIteration" < index_error;
    local_jump_error = class "LocalJumpError" < standard_error;
    name_error = class "NameError" < standard_error;
    no_method_error = class "NoMethodError" < name_error;
    range_error = class "RangeError" < standard_error;
    float_domain_error = class "FloatDomainError" < range_error;
    regexp_error = class "RegexpError" < standard_error;
    runtime_error = class "RuntimeError" < standard_error;
    frozen_error = class "FrozenError" < runtime_error;
    security_error = class "SecurityError" < exception;
    system_call_error = class "SystemCallError" < standard_error;
    thread_error = class "ThreadError" < standard_error;
    type_error = class "TypeError" < standard_error;
    zero_division_error = class "ZeroDivisionError" < standard_error;
    no_matching_pattern_error = class "NoMatchingPatternError" < standard_error;
    no_matching_pattern_key_error = class "NoMatchingPatternKeyError" < no_matching_pattern_error;
    unknown = class "Unknown" < object;
}

impl Classes {
    fn connect(&self, named: impl IntoIterator<Item = (Name, Rc<Module>)>) {
        for (name, module) in named {
            self.object.constants.borrow_mut().insert(name, Value::Module(module));
        }
        let included = [
            (&self.object, &self.kernel),
            (&self.array, &self.enumerable),
            (&self.hash, &self.enumerable),
            (&self.range, &self.enumerable),
            (&self.string, &self.comparable),
            (&self.numeric, &self.comparable),
        ];
        for (class, module) in included {
            class.includes.borrow_mut().push(Rc::clone(module));
        }
    }
}

impl Default for Classes {
    fn default() -> Self {
        Self::new()
    }
}
