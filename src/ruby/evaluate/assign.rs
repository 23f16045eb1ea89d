//! Assignment: single, multiple, with operators.

use std::rc::Rc;

use crate::name::Name;
use crate::read::ruby::ast::{ConstScope, Expr, Node, P, Target};
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Module;
use crate::ruby::procs::Args;
use crate::ruby::scope::Scope;
use crate::ruby::value::Value;

/// The parts of a target, evaluated once for `x[f()] += 1`.
enum Place {
    Plain,
    Attribute(Value),
    Index(Value, Args),
    Nothing,
}

impl Interpreter {
    /// Assigns `value` to `target`.
    ///
    /// # Errors
    /// What a setter raises.
    pub fn assign(&mut self, scope: &Rc<Scope>, target: &Target, value: Value) -> Eval<()> {
        match target {
            Target::Local(name) => scope.set(*name, value),
            Target::Instance(name) => {
                let receiver = scope.frame.receiver.clone();
                if matches!(receiver, Value::Object(_) | Value::Module(_)) {
                    self.check_frozen(&receiver)?;
                }
                self.set_ivar_named(&receiver, *name, value);
            }
            Target::ClassVariable(name) => self.set_class_variable(scope, *name, value),
            Target::Global(name) => {
                if name.as_str() == "$~" {
                    *scope.frame.last_match.borrow_mut() = value;
                } else {
                    self.globals.insert(*name, value);
                }
            }
            Target::Const { scope: place, name } => {
                let module = self.const_owner(scope, place)?;
                self.set_constant(&module, *name, value);
            }
            Target::Attribute { receiver, name, safe, span } => {
                let object = self.eval(scope, receiver)?;
                if *safe && object.is_nil() {
                    return Ok(());
                }
                let kind = if matches!(receiver.expr, Expr::SelfRef) { CallKind::Implicit } else { CallKind::Explicit };
                self.span = *span;
                self.call(&object, Name::new(&format!("{name}=")), Args::new(vec![value]), kind)?;
            }
            Target::Index { receiver, args, span } => {
                let object = self.eval(scope, receiver)?;
                let mut args = self.eval_args(scope, args)?;
                args.list.push(value);
                args.keywords = false;
                self.span = *span;
                self.call(&object, Name::new("[]="), args, CallKind::Implicit)?;
            }
            Target::Splat(inner) => {
                if let Some(inner) = inner {
                    let items = self.to_splat_items(&value)?;
                    self.assign(scope, inner, Value::array(items))?;
                }
            }
            Target::Nested(targets) => {
                let items = self.spread(&value)?;
                self.assign_targets(scope, targets, items, false)?;
            }
        }
        Ok(())
    }

    /// The module that a constant written with `place` belongs to.
    pub(super) fn const_owner(&mut self, scope: &Rc<Scope>, place: &ConstScope) -> Eval<Rc<Module>> {
        Ok(match place {
            ConstScope::Lexical => Rc::clone(&scope.frame.nesting.module),
            ConstScope::Top => Rc::clone(&self.classes.object),
            ConstScope::In(owner) => match self.eval(scope, owner)? {
                Value::Module(module) => module,
                other => {
                    let shown = self.inspect(&other)?;
                    return self.type_error(format!("{shown} is not a class/module"));
                }
            },
        })
    }

    /// Names a class or module by the constant it is assigned to, and sets it.
    pub fn set_constant(&mut self, module: &Rc<Module>, name: Name, value: Value) {
        if let Value::Module(named) = &value {
            if named.name.borrow().is_none() {
                let full =
                    if Rc::ptr_eq(module, &self.classes.object) { name.to_string() } else { format!("{}::{name}", module.display_name()) };
                *named.name.borrow_mut() = Some(full);
            }
        }
        module.constants.borrow_mut().insert(name, value);
    }

    /// The values that `a, b = value` spreads.
    pub(super) fn spread(&mut self, value: &Value) -> Eval<Vec<Value>> {
        Ok(match value {
            Value::Array(array) => array.items.borrow().clone(),
            Value::Unknown(_) => vec![value.clone(); 8],
            Value::Object(_) if self.has_method(value, Name::new("to_ary"), true) => {
                let list = self.send(value, "to_ary", &[])?;
                list.items().unwrap_or_else(|| vec![value.clone()])
            }
            other => vec![other.clone()],
        })
    }

    /// Assigns a list of values to a list of targets; `declare` makes local variables in this scope (parameters).
    ///
    /// # Errors
    /// What a setter raises.
    pub fn assign_targets(&mut self, scope: &Rc<Scope>, targets: &[Target], items: Vec<Value>, declare: bool) -> Eval<()> {
        let splat = targets.iter().position(|target| matches!(target, Target::Splat(_)));
        let after = splat.map_or(0, |index| targets.len() - index - 1);
        for (index, target) in targets.iter().enumerate() {
            let value = shared_out(&items, splat, after, index);
            match target {
                Target::Local(name) if declare => scope.declare(*name, value),
                Target::Splat(Some(inner)) => match &**inner {
                    Target::Local(name) if declare => scope.declare(*name, value),
                    inner => self.assign(scope, inner, value)?,
                },
                Target::Splat(None) => {}
                Target::Nested(inner) => {
                    let items = self.spread(&value)?;
                    self.assign_targets(scope, inner, items, declare)?;
                }
                other => self.assign(scope, other, value)?,
            }
        }
        Ok(())
    }

    /// `target = value`: the receiver and the indices of the target come before the value.
    pub(super) fn eval_assign(&mut self, scope: &Rc<Scope>, node: &Node, target: &Target, value: &P) -> Eval {
        let mut places = Vec::new();
        self.find_places(scope, target, &mut places)?;
        if let (Target::Attribute { safe: true, .. }, Some(Place::Attribute(Value::Nil))) = (target, places.first()) {
            return Ok(Value::Nil);
        }
        let given = self.eval(scope, value)?;
        self.span = node.span;
        let given = self.judged_for(target, &places, value, given);
        self.assign_place(scope, target, given.clone(), &mut places)?;
        Ok(given)
    }

    /// The value as it may be kept under the name of its target: that of a variable, a constant, or the key of an index.
    fn judged_for(&mut self, target: &Target, places: &[Place], literal: &Node, given: Value) -> Value {
        if self.judge.is_none() {
            return given;
        }
        let name = match (target, places.first()) {
            (Target::Local(name) | Target::Instance(name) | Target::ClassVariable(name) | Target::Global(name), _) => Some(*name),
            (Target::Const { name, .. } | Target::Attribute { name, .. }, _) => Some(*name),
            (Target::Index { .. }, Some(Place::Index(_, args))) => {
                return match args.list.last().and_then(Value::text) {
                    Some(key) => self.judged(&key, literal, given),
                    None => given,
                };
            }
            _ => None,
        };
        match name {
            Some(name) => self.judged(name.as_str(), literal, given),
            None => given,
        }
    }

    pub(super) fn eval_multi_assign(&mut self, scope: &Rc<Scope>, targets: &[Target], value: &P) -> Eval {
        // Receivers and indices on the left come first: `i, a[i] = 1, 2` still reads the old `i`.
        let mut places = Vec::new();
        for target in targets {
            self.find_places(scope, target, &mut places)?;
        }
        let value = self.eval(scope, value)?;
        let items = self.spread(&value)?;
        if places.is_empty() {
            self.assign_targets(scope, targets, items, false)?;
        } else {
            places.reverse();
            self.assign_places(scope, targets, items, &mut places)?;
        }
        Ok(value)
    }

    /// Evaluates receivers and indices of a target, in the order in which [`Interpreter::assign_places`] takes them.
    fn find_places(&mut self, scope: &Rc<Scope>, target: &Target, places: &mut Vec<Place>) -> Eval<()> {
        match target {
            Target::Attribute { receiver, .. } => {
                let object = self.eval(scope, receiver)?;
                places.push(Place::Attribute(object));
            }
            Target::Index { receiver, args, .. } => {
                let object = self.eval(scope, receiver)?;
                let args = self.eval_args(scope, args)?;
                places.push(Place::Index(object, args));
            }
            Target::Splat(Some(inner)) => self.find_places(scope, inner, places)?,
            Target::Nested(inner) => {
                for target in inner {
                    self.find_places(scope, target, places)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Assigns a list of values to targets whose places were found before, the first of them last in `places`.
    fn assign_places(&mut self, scope: &Rc<Scope>, targets: &[Target], items: Vec<Value>, places: &mut Vec<Place>) -> Eval<()> {
        let splat = targets.iter().position(|target| matches!(target, Target::Splat(_)));
        let after = splat.map_or(0, |index| targets.len() - index - 1);
        for (index, target) in targets.iter().enumerate() {
            let value = shared_out(&items, splat, after, index);
            self.assign_place(scope, target, value, places)?;
        }
        Ok(())
    }

    fn assign_place(&mut self, scope: &Rc<Scope>, target: &Target, value: Value, places: &mut Vec<Place>) -> Eval<()> {
        match target {
            Target::Splat(Some(inner)) => self.assign_place(scope, inner, value, places)?,
            Target::Splat(None) => {}
            Target::Nested(inner) => {
                let items = self.spread(&value)?;
                self.assign_places(scope, inner, items, places)?;
            }
            Target::Attribute { receiver, name, safe, span } => {
                let Some(Place::Attribute(object)) = places.pop() else { return Ok(()) };
                if !(*safe && object.is_nil()) {
                    let kind = if matches!(receiver.expr, Expr::SelfRef) { CallKind::Implicit } else { CallKind::Explicit };
                    self.span = *span;
                    self.call(&object, Name::new(&format!("{name}=")), Args::new(vec![value]), kind)?;
                }
            }
            Target::Index { span, .. } => {
                let Some(Place::Index(object, mut args)) = places.pop() else { return Ok(()) };
                args.list.push(value);
                args.keywords = false;
                self.span = *span;
                self.call(&object, Name::new("[]="), args, CallKind::Implicit)?;
            }
            other => self.assign(scope, other, value)?,
        }
        Ok(())
    }

    pub(super) fn eval_operator_assign(&mut self, scope: &Rc<Scope>, node: &Node, target: &Target, operator: Name, value: &P) -> Eval {
        let (place, current) = self.read_target(scope, target, operator.as_str() == "||")?;
        if matches!(place, Place::Nothing) {
            return Ok(Value::Nil);
        }
        let new = match operator.as_str() {
            "||" => {
                if current.is_unknown() {
                    // What is there may be nil: the value is then the right side's, which still runs.
                    let _ = self.eval(scope, value)?;
                    return Ok(current);
                }
                if current.truthy() {
                    return Ok(current);
                }
                self.eval(scope, value)?
            }
            "&&" => {
                if !current.truthy() {
                    return Ok(current);
                }
                self.eval(scope, value)?
            }
            operator => {
                let right = self.eval(scope, value)?;
                self.span = node.span;
                self.call(&current, Name::new(operator), Args::new(vec![right]), CallKind::Explicit)?
            }
        };
        self.span = node.span;
        match place {
            Place::Attribute(object) => {
                if let Target::Attribute { name, .. } = target {
                    self.call(&object, Name::new(&format!("{name}=")), Args::new(vec![new.clone()]), CallKind::Implicit)?;
                }
            }
            Place::Index(object, mut args) => {
                args.list.push(new.clone());
                args.keywords = false;
                self.call(&object, Name::new("[]="), args, CallKind::Implicit)?;
            }
            Place::Plain | Place::Nothing => self.assign(scope, target, new.clone())?,
        }
        Ok(new)
    }

    fn read_target(&mut self, scope: &Rc<Scope>, target: &Target, quiet: bool) -> Eval<(Place, Value)> {
        Ok(match target {
            Target::Local(name) => (Place::Plain, scope.get(*name).unwrap_or(Value::Nil)),
            Target::Instance(name) => (Place::Plain, self.get_ivar_named(&scope.frame.receiver, *name)),
            Target::Global(name) => (Place::Plain, self.globals.get(name).cloned().unwrap_or(Value::Nil)),
            Target::ClassVariable(name) => match self.find_class_variable(scope, *name) {
                Some(value) => (Place::Plain, value),
                None if quiet => (Place::Plain, Value::Nil),
                None => (Place::Plain, self.get_class_variable(scope, *name)?),
            },
            Target::Const { scope: place, name } => {
                let module = self.const_owner(scope, place)?;
                match module.constant(*name).map(|value| self.finished(value)) {
                    Some(value) => (Place::Plain, value),
                    None if quiet => (Place::Plain, Value::Nil),
                    None => (Place::Plain, self.constant_in(&module, *name)?),
                }
            }
            Target::Attribute { receiver, name, safe, span } => {
                let object = self.eval(scope, receiver)?;
                if *safe && object.is_nil() {
                    return Ok((Place::Nothing, Value::Nil));
                }
                self.span = *span;
                let kind = if matches!(receiver.expr, Expr::SelfRef) { CallKind::Implicit } else { CallKind::Explicit };
                let value = self.call(&object, *name, Args::none(), kind)?;
                (Place::Attribute(object), value)
            }
            Target::Index { receiver, args, span } => {
                let object = self.eval(scope, receiver)?;
                let args = self.eval_args(scope, args)?;
                self.span = *span;
                let value = self.call(&object, Name::new("[]"), args.clone(), CallKind::Implicit)?;
                (Place::Index(object, args), value)
            }
            Target::Splat(_) | Target::Nested(_) => (Place::Plain, Value::Nil),
        })
    }
}

/// What target number `index` gets of `items`: a splat takes what is left between the targets before and the `after` ones behind it.
fn shared_out(items: &[Value], splat: Option<usize>, after: usize, index: usize) -> Value {
    match splat {
        Some(position) if index == position => {
            let end = items.len().saturating_sub(after).max(index);
            Value::array(items.get(index..end).map(<[Value]>::to_vec).unwrap_or_default())
        }
        Some(position) if index > position => {
            let start = items.len().saturating_sub(after).max(position);
            items.get(start + index - position - 1).cloned().unwrap_or(Value::Nil)
        }
        _ => items.get(index).cloned().unwrap_or(Value::Nil),
    }
}
