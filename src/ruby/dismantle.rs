//! Giving back what an interpreter held. Classes, their constants, objects, blocks and scopes hold each other in circles, which counting
//! references never frees.
//!
//! In: the values that everything else hangs on. Out: nothing is left in the classes, objects, lists and scopes that were reached from them.

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

use crate::name::NameMap;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{MethodBody, Module};
use crate::ruby::procs::{Args, Code, Proc};
use crate::ruby::scope::{Frame, Nesting, Scope};
use crate::ruby::value::{Hash, Object, Value};

impl Interpreter {
    /// Empties whatever is reached from the interpreter and from `values`. Nothing can be evaluated afterwards; what was collected from it,
    /// holes and texts, stays whole.
    pub fn dismantle(&mut self, values: Vec<Value>) {
        let mut work = Work { values, ..Work::default() };
        work.values.push(Value::Module(Rc::clone(&self.classes.object)));
        work.values.push(Value::Module(Rc::clone(&self.classes.basic_object)));
        work.values.push(self.main.clone());
        work.values.extend(self.globals.drain().map(|(_, value)| value));
        work.values.extend(self.identities.drain(..).map(|(_, value)| value));
        for scope in self.frames.drain(..) {
            work.scope(&scope);
        }
        self.allocators.clear();
        self.encodings.clear();
        self.host = None;
        work.run();
    }
}

/// What is still to be emptied.
#[derive(Default)]
struct Work {
    values: Vec<Value>,
    /// Frames cannot be emptied: they are kept until the end, so that each is gone through once.
    frames: Vec<Rc<Frame>>,
    seen: HashSet<usize>,
}

impl Work {
    fn run(&mut self) {
        while let Some(value) = self.values.pop() {
            match &value {
                Value::Module(module) => self.module(module),
                Value::Object(object) => self.object(object),
                Value::Hash(hash) => self.hash(hash),
                Value::Array(array) => {
                    self.values.append(&mut array.items.borrow_mut());
                    let ivars = array.ivars.borrow_mut().take();
                    self.values.extend(ivars.into_iter().flat_map(|ivars| ivars.into_values()));
                    self.values.extend(array.class.iter().cloned().map(Value::Module));
                }
                Value::Range(range) => self.values.extend([range.low.clone(), range.high.clone()]),
                Value::Proc(code) => self.code(code),
                _ => {}
            }
        }
    }

    fn module(&mut self, module: &Rc<Module>) {
        // A class is named by many others: most visits find it empty.
        for map in [&module.constants, &module.class_variables, &module.ivars] {
            self.map(map);
        }
        self.values.extend(module.superclass.take().map(Value::Module));
        self.values.extend(module.meta.take().map(Value::Module));
        for list in [&module.includes, &module.prepends] {
            if !list.borrow().is_empty() {
                self.values.extend(list.take().into_iter().map(Value::Module));
            }
        }
        self.values.extend(module.attached.take());
        for method in module.take_methods() {
            match method.body {
                MethodBody::Ruby(definition) => self.nesting(&definition.nesting),
                MethodBody::Block(block) => self.code(&block),
                _ => {}
            }
        }
        if !module.ancestors.borrow().1.is_empty() {
            module.ancestors.take();
        }
        if !module.cache.borrow().1.is_empty() {
            module.cache.take();
        }
        module.data.take();
    }

    fn map(&mut self, map: &RefCell<NameMap<Value>>) {
        if !map.borrow().is_empty() {
            self.values.extend(map.take().into_values());
        }
    }

    fn object(&mut self, object: &Rc<Object>) {
        self.map(&object.ivars);
        self.values.push(Value::Module(Rc::clone(&object.class.borrow())));
        object.data.take();
    }

    fn hash(&mut self, hash: &Rc<Hash>) {
        if !hash.map.borrow().is_empty() {
            self.values.extend(hash.map.take().into_values().flat_map(|(key, value)| [key, value]));
        }
        self.values.push(hash.default.replace(Value::Nil));
        self.values.extend(hash.default_proc.take().map(Value::Proc));
        self.values.extend(hash.class.take().map(Value::Module));
        self.values.extend(hash.ivars.take().into_iter().flat_map(|ivars| ivars.into_values()));
        hash.data.take();
    }

    fn code(&mut self, code: &Rc<Proc>) {
        match &code.code {
            Code::Block { scope, .. } => self.scope(scope),
            Code::Method { receiver, .. } => self.values.push(receiver.clone()),
            Code::Native { .. } => {}
        }
    }

    fn scope(&mut self, scope: &Rc<Scope>) {
        let mut scope = Some(scope);
        while let Some(current) = scope {
            self.values.extend(std::mem::take(&mut *current.variables.borrow_mut()).into_iter().map(|(_, value)| value));
            self.frame(&current.frame);
            scope = current.outer.as_ref();
        }
    }

    fn frame(&mut self, frame: &Rc<Frame>) {
        if !self.seen.insert(Rc::as_ptr(frame) as usize) {
            return;
        }
        self.frames.push(Rc::clone(frame));
        self.values.push(frame.receiver.clone());
        self.values.push(frame.last_match.replace(Value::Nil));
        self.values.push(Value::Module(Rc::clone(&frame.definee)));
        self.nesting(&frame.nesting);
        self.values.extend(frame.block.iter().cloned().map(Value::Proc));
        if let Some(method) = &frame.method {
            let Args { list, block, .. } = &method.args;
            self.values.push(Value::Module(Rc::clone(&method.owner)));
            self.values.extend(list.iter().cloned().chain(block.iter().cloned().map(Value::Proc)));
        }
    }

    fn nesting(&mut self, nesting: &Rc<Nesting>) {
        let mut nesting = Some(nesting);
        while let Some(current) = nesting {
            self.values.push(Value::Module(Rc::clone(&current.module)));
            nesting = current.outer.as_ref();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use crate::ruby::interpreter::Interpreter;
    use crate::ruby::value::Value;
    use crate::source::SourceMap;

    #[test]
    fn circles_are_given_back() {
        let mut interpreter = Interpreter::new(Rc::new(SourceMap::new()));
        let scope = interpreter.scope();
        let code =
            "class Ring; attr_accessor :next; end\nfirst = Ring.new\nfirst.next = first\n$held = proc { first }\ndef first.own; end\nfirst";
        let Ok(Value::Object(first)) = interpreter.eval_in(&scope, &Value::str(code)) else { panic!("no object") };
        let (object, class) = (Rc::downgrade(&first), Rc::downgrade(&first.class.borrow()));
        let string = Rc::downgrade(&interpreter.classes.string);
        drop((first, scope));
        interpreter.dismantle(Vec::new());
        drop(interpreter);
        assert_eq!((object.strong_count(), class.strong_count(), string.strong_count()), (0, 0, 0));
    }
}
