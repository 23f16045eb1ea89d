//! Control flow: branches (both ways where the condition is unknown), loops, exceptions.

use std::rc::Rc;

use crate::graph::Condition;
use crate::name::Name;
use crate::read::ruby::ast::{Begin, Expr, Node, P, Rescue, Target, When};
use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::procs::Args;
use crate::ruby::scope::Scope;
use crate::ruby::value::Value;
use crate::source::Span;

impl Interpreter {
    pub(super) fn eval_if(&mut self, scope: &Rc<Scope>, condition: &P, then: Option<&P>, otherwise: Option<&P>) -> Eval {
        let value = self.eval_condition(scope, condition)?;
        if value.is_unknown() {
            let (then, otherwise) = (then.cloned(), otherwise.cloned());
            return self.fork(
                scope,
                condition.span,
                |me, s| me.eval_option(s, then.as_ref()),
                |me, s| me.eval_option(s, otherwise.as_ref()),
            );
        }
        self.eval_option(scope, if value.truthy() { then } else { otherwise })
    }

    /// The value of a condition, where a range is a switch: on from where its low end is true to where its high end is.
    pub(super) fn eval_condition(&mut self, scope: &Rc<Scope>, condition: &P) -> Eval {
        let (low, high, exclusive) = match &condition.expr {
            Expr::Range { low: Some(low), high: Some(high), exclusive } => (low, high, *exclusive),
            Expr::Sequence(inner) if inner.len() == 1 => return self.eval_condition(scope, &inner[0]),
            _ => return self.eval(scope, condition),
        };
        let switch = (scope.frame.id, condition.span);
        if !self.flip_flops.contains(&switch) {
            let begins = self.eval(scope, low)?;
            if begins.is_unknown() || !begins.truthy() {
                return Ok(if begins.is_unknown() { begins } else { Value::Bool(false) });
            }
            self.flip_flops.insert(switch);
            if exclusive {
                return Ok(Value::Bool(true));
            }
        }
        if self.eval(scope, high)?.truthy() {
            self.flip_flops.remove(&switch);
        }
        Ok(Value::Bool(true))
    }

    pub(super) fn eval_and_unknown(&mut self, scope: &Rc<Scope>, left: &P, value: Value, right: &P) -> Eval {
        let right = Rc::clone(right);
        let answer = self.fork(scope, left.span, |me, s| me.eval(s, &right), |_, _| Ok(Value::Bool(false)))?;
        // `unknown && false` is false, whatever the unknown is; otherwise nothing is known.
        Ok(if answer.is_unknown() { value } else { answer })
    }

    pub(super) fn eval_or_unknown(&mut self, scope: &Rc<Scope>, left: &P, value: Value, right: &P) -> Eval {
        let right = Rc::clone(right);
        let kept = value.clone();
        self.fork(scope, left.span, move |_, _| Ok(kept), |me, s| me.eval(s, &right))?;
        Ok(value)
    }

    /// Runs both ways of a branch whose condition (the text of `span`) is unknown; what they do carries the condition.
    /// Local variables that differ afterwards, and the value when it differs, are unknown.
    ///
    /// # Errors
    /// What both ways raise; a way that ends early alone leaves the rest under the other way's condition.
    pub fn fork(
        &mut self,
        scope: &Rc<Scope>,
        span: Span,
        then: impl FnOnce(&mut Self, &Rc<Scope>) -> Eval,
        otherwise: impl FnOnce(&mut Self, &Rc<Scope>) -> Eval,
    ) -> Eval {
        let text: String = self.slice(span).split_whitespace().collect::<Vec<_>>().join(" ");
        let at = Some(self.location(span));
        let condition = |holds| Condition { text: text.clone(), holds, at: at.clone(), looped: false };
        let depth = self.conditions.len();
        let before = scope.snapshot();
        self.conditions.push(condition(true));
        let first = then(self, scope);
        self.conditions.truncate(depth);
        let after_first = scope.snapshot();
        Scope::restore(&before);
        self.conditions.push(condition(false));
        let second = otherwise(self, scope);
        self.conditions.truncate(depth);
        match (first, second) {
            (Err(flow), _) | (_, Err(flow)) if matches!(*flow, Flow::Halt(_)) => Err(flow),
            (Ok(first), Ok(second)) => {
                self.merge_locals(scope, &after_first, &text);
                Ok(self.either(first, second, &text))
            }
            (Err(flow), Ok(value)) => {
                // The rest runs only where the condition does not hold.
                self.note_alternative(*flow);
                self.conditions.push(condition(false));
                Ok(value)
            }
            (Ok(value), Err(flow)) => {
                Scope::restore(&after_first);
                self.note_alternative(*flow);
                self.conditions.push(condition(true));
                Ok(value)
            }
            (Err(first), Err(second)) => match (*first, *second) {
                (Flow::Return(id, a), Flow::Return(other, b)) if id == other => Err(Box::new(Flow::Return(id, self.either(a, b, &text)))),
                (Flow::Next(a), Flow::Next(b)) => Err(Box::new(Flow::Next(self.either(a, b, &text)))),
                (Flow::Raise(_), second) => Err(Box::new(second)),
                (first, _) => Err(Box::new(first)),
            },
        }
    }

    fn note_alternative(&mut self, flow: Flow) {
        match flow {
            Flow::Return(id, value) => self.alternatives.push((id, value)),
            Flow::Raise(error) => {
                let (class, message) = self.describe_exception(&error);
                self.possible_errors.push((self.span, format!("{class}: {message}")));
            }
            _ => {}
        }
    }

    /// Merges the values of early returns under unknown conditions into the answer of the frame `id`.
    pub(in crate::ruby) fn with_alternatives(&mut self, id: usize, answer: Eval) -> Eval {
        if !self.alternatives.iter().any(|(frame, _)| *frame == id) {
            return answer;
        }
        let mut merged = answer?;
        let (mine, others) = std::mem::take(&mut self.alternatives).into_iter().partition(|(frame, _)| *frame == id);
        self.alternatives = others;
        let mine: Vec<(usize, Value)> = mine;
        for (_, value) in mine {
            merged = self.either(value, merged, "an early return");
        }
        Ok(merged)
    }

    fn merge_locals(&mut self, scope: &Rc<Scope>, first: &[(Rc<Scope>, Vec<(Name, Value)>)], text: &str) {
        let mut current = Some(Rc::clone(scope));
        let mut index = 0;
        while let Some(here) = current {
            if let Some((_, variables)) = first.get(index) {
                for (name, value) in variables {
                    let now = here.variables.borrow().iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
                    let merged = match now {
                        Some(now) => self.either(value.clone(), now, &format!("{name}, which depends on `{text}`")),
                        None => value.clone(),
                    };
                    here.declare(*name, merged);
                }
            }
            index += 1;
            current = here.outer.clone();
        }
    }

    /// One of two values, it is not known which: the value itself where they are equal.
    pub fn either(&mut self, first: Value, second: Value, why: &str) -> Value {
        if first.same(&second) || (crate::ruby::value::Key::plain(&first) == crate::ruby::value::Key::plain(&second)) {
            return first;
        }
        if first.is_unknown() {
            return first;
        }
        if second.is_unknown() {
            return second;
        }
        let show = |me: &mut Self, value: &Value| {
            let text = me.inspect(value).unwrap_or_default();
            let text = me.to_text(&text).to_string();
            if text.chars().count() > 40 { format!("{}…", text.chars().take(40).collect::<String>()) } else { text }
        };
        let either = format!("{} or {}", show(self, &first), show(self, &second));
        Value::Unknown(Rc::new(crate::text::Hole::unknown(either, format!("depends on `{why}`"))))
    }

    pub(super) fn eval_while(&mut self, scope: &Rc<Scope>, condition: &P, body: &P, negated: bool, do_while: bool) -> Eval {
        scope.loops.set(scope.loops.get() + 1);
        let answer = self.run_while(scope, condition, body, negated, do_while);
        scope.loops.set(scope.loops.get() - 1);
        answer
    }

    fn run_while(&mut self, scope: &Rc<Scope>, condition: &P, body: &P, negated: bool, do_while: bool) -> Eval {
        let mut first = do_while;
        loop {
            if first {
                first = false;
            } else {
                let value = self.eval_condition(scope, condition)?;
                if value.is_unknown() {
                    return self.run_loop_once(scope, condition.span, |me, s| me.eval(s, body)).map(|()| Value::Nil);
                }
                if value.truthy() == negated {
                    return Ok(Value::Nil);
                }
            }
            self.step()?;
            match self.eval(scope, body) {
                Ok(_) => {}
                Err(flow) => match *flow {
                    Flow::Next(_) => {}
                    Flow::Break(0, value) => return Ok(value),
                    other => return Err(Box::new(other)),
                },
            }
        }
    }

    /// Runs the body of a loop over something unknown once, marked.
    ///
    /// # Errors
    /// What the body raises.
    pub fn run_loop_once(&mut self, scope: &Rc<Scope>, span: Span, body: impl FnOnce(&mut Self, &Rc<Scope>) -> Eval) -> Eval<()> {
        let text: String = self.slice(span).split_whitespace().collect::<Vec<_>>().join(" ");
        let at = Some(self.location(span));
        let depth = self.conditions.len();
        self.conditions.push(Condition { text, holds: true, at, looped: true });
        let answer = body(self, scope);
        self.conditions.truncate(depth);
        match answer {
            Ok(_) => Ok(()),
            Err(flow) => match *flow {
                Flow::Next(_) | Flow::Break(0, _) => Ok(()),
                other => Err(Box::new(other)),
            },
        }
    }

    pub(super) fn eval_for(&mut self, scope: &Rc<Scope>, targets: &[Target], list: &P, body: &P) -> Eval {
        let list_value = self.eval(scope, list)?;
        if list_value.is_unknown() {
            let targets = targets.to_vec();
            let value = list_value.clone();
            self.run_loop_once(scope, list.span, |me, s| {
                me.assign_targets(s, &targets, vec![value; targets.len()], false)?;
                me.eval(s, body)
            })?;
            return Ok(list_value);
        }
        let items = self.to_list(&list_value)?;
        scope.loops.set(scope.loops.get() + 1);
        let mut answer = Ok(list_value);
        for item in items {
            let step = (|| {
                self.step()?;
                if let [target] = targets {
                    self.assign(scope, target, item)?;
                } else {
                    let items = self.spread(&item)?;
                    self.assign_targets(scope, targets, items, false)?;
                }
                self.eval(scope, body)
            })();
            if let Err(flow) = step {
                match *flow {
                    Flow::Next(_) => {}
                    Flow::Break(0, value) => {
                        answer = Ok(value);
                        break;
                    }
                    other => {
                        answer = Err(Box::new(other));
                        break;
                    }
                }
            }
        }
        scope.loops.set(scope.loops.get() - 1);
        answer
    }

    pub(super) fn eval_case(&mut self, scope: &Rc<Scope>, subject: Option<Value>, whens: &[When], otherwise: Option<&P>) -> Eval {
        let Some((when, rest)) = whens.split_first() else {
            return self.eval_option(scope, otherwise);
        };
        for value in &when.values {
            let candidates: Vec<Value> = if let Expr::Splat(list) = &value.expr {
                let list = self.eval(scope, list)?;
                self.to_splat_items(&list)?
            } else {
                vec![self.eval(scope, value)?]
            };
            for candidate in candidates {
                self.span = value.span;
                let matches = match &subject {
                    Some(subject) => self.case_equal(&candidate, subject)?,
                    None => candidate,
                };
                if matches.is_unknown() {
                    let body = when.body.clone();
                    return self.fork(
                        scope,
                        value.span,
                        |me, s| me.eval_option(s, body.as_ref()),
                        |me, s| me.eval_case(s, subject, rest, otherwise),
                    );
                }
                if matches.truthy() {
                    return self.eval_option(scope, when.body.as_ref());
                }
            }
        }
        self.eval_case(scope, subject, rest, otherwise)
    }

    /// `pattern === value`
    ///
    /// # Errors
    /// What `===` raises.
    pub fn case_equal(&mut self, pattern: &Value, value: &Value) -> Eval {
        match (pattern, value) {
            (Value::Symbol(a), Value::Symbol(b)) => Ok(Value::Bool(a == b)),
            (Value::Integer(a), Value::Integer(b)) => Ok(Value::Bool(a == b)),
            (Value::Nil, Value::Nil) => Ok(Value::Bool(true)),
            _ => self.call(pattern, Name::new("==="), Args::new(vec![value.clone()]), CallKind::Implicit),
        }
    }

    pub(super) fn eval_begin(&mut self, scope: &Rc<Scope>, begin: &Begin) -> Eval {
        let outcome = self.eval_rescued(scope, begin);
        if let Some(ensure) = &begin.ensure {
            if !matches!(&outcome, Err(flow) if matches!(**flow, Flow::Halt(_))) {
                self.eval(scope, ensure)?;
            }
        }
        outcome
    }

    fn eval_rescued(&mut self, scope: &Rc<Scope>, begin: &Begin) -> Eval {
        loop {
            let calls = self.calls.len();
            let frames = self.frames.len();
            let depth = self.depth;
            match self.eval_option(scope, begin.body.as_ref()) {
                Ok(value) => {
                    return match &begin.otherwise {
                        Some(otherwise) => self.eval(scope, otherwise),
                        None => Ok(value),
                    };
                }
                Err(flow) => {
                    let Flow::Raise(error) = *flow else { return Err(flow) };
                    self.calls.truncate(calls);
                    self.frames.truncate(frames);
                    self.depth = depth;
                    let Some(rescue) = self.find_rescue(scope, &begin.rescues, &error)? else {
                        return Err(Box::new(Flow::Raise(error)));
                    };
                    let name = Name::new("$!");
                    let outer = self.globals.insert(name, error.clone());
                    let answer = self.eval_rescue(scope, rescue, error);
                    self.globals.insert(name, outer.unwrap_or(Value::Nil));
                    match answer {
                        Err(flow) if matches!(*flow, Flow::Retry) => self.step()?,
                        other => return other,
                    }
                }
            }
        }
    }

    fn eval_rescue(&mut self, scope: &Rc<Scope>, rescue: &Rescue, error: Value) -> Eval {
        if let Some(variable) = &rescue.variable {
            self.assign(scope, variable, error)?;
        }
        self.eval_option(scope, rescue.body.as_ref())
    }

    fn find_rescue<'a>(&mut self, scope: &Rc<Scope>, rescues: &'a [Rescue], error: &Value) -> Eval<Option<&'a Rescue>> {
        for rescue in rescues {
            if rescue.classes.is_empty() {
                let standard = Rc::clone(&self.classes.standard_error);
                if self.is_a(error, &standard) {
                    return Ok(Some(rescue));
                }
                continue;
            }
            for class in self.rescue_classes(scope, &rescue.classes)? {
                if matches!(class, Value::Module(_)) || matches!(class, Value::Object(_)) {
                    if self.case_equal(&class, error)?.truthy() {
                        return Ok(Some(rescue));
                    }
                } else if !class.is_unknown() {
                    return self.type_error("class or module required for rescue clause");
                }
            }
        }
        Ok(None)
    }

    fn rescue_classes(&mut self, scope: &Rc<Scope>, nodes: &[Rc<Node>]) -> Eval<Vec<Value>> {
        let mut classes = Vec::new();
        for node in nodes {
            if let Expr::Splat(list) = &node.expr {
                let list = self.eval(scope, list)?;
                classes.extend(self.to_splat_items(&list)?);
            } else {
                classes.push(self.eval(scope, node)?);
            }
        }
        Ok(classes)
    }
}
