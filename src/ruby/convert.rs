//! What every part of the interpreter asks of values: text, equality, order, hash keys, elements.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::rc::Rc;

use crate::name::Name;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::procs::Args;
use crate::ruby::value::{Hash, Key, Value};

impl Interpreter {
    /// `value.to_s`, with a hole for what is unknown: what interpolation inserts.
    ///
    /// # Errors
    /// What `to_s` raises.
    pub fn display(&mut self, value: &Value) -> Eval<String> {
        match value {
            Value::Str(string) => Ok(string.text.borrow().clone()),
            Value::Symbol(name) => Ok(name.to_string()),
            Value::Nil => Ok(String::new()),
            Value::Bool(b) => Ok(b.to_string()),
            Value::Integer(i) => Ok(i.to_string()),
            Value::Unknown(hole) => Ok(self.hole_character(&Rc::clone(hole)).to_string()),
            other => match self.send(other, "to_s", &[])? {
                Value::Str(string) => Ok(string.text.borrow().clone()),
                Value::Unknown(hole) => Ok(self.hole_character(&hole).to_string()),
                _ => {
                    let class = self.real_class(other).display_name();
                    Ok(format!("#<{class}>"))
                }
            },
        }
    }

    /// `value.inspect`
    ///
    /// # Errors
    /// What `inspect` raises.
    pub fn inspect(&mut self, value: &Value) -> Eval<String> {
        if let Value::Unknown(hole) = value {
            return Ok(self.hole_character(&Rc::clone(hole)).to_string());
        }
        match self.send(value, "inspect", &[])? {
            Value::Str(string) => Ok(string.text.borrow().clone()),
            _ => Ok(String::new()),
        }
    }

    /// `left == right`, as a known answer; unknown operands compare by identity. See [`Interpreter::equals`].
    ///
    /// # Errors
    /// What `==` raises.
    pub fn equal(&mut self, left: &Value, right: &Value) -> Eval<bool> {
        Ok(match (left, right) {
            (Value::Nil, Value::Nil) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Integer(a), Value::Integer(b)) => a == b,
            #[expect(clippy::cast_precision_loss, reason = "Ruby compares as floats too")]
            (Value::Integer(a), Value::Float(b)) | (Value::Float(b), Value::Integer(a)) => (*a as f64) == *b,
            (Value::Float(a), Value::Float(b)) => a == b,
            (Value::Symbol(a), Value::Symbol(b)) => a == b,
            (Value::Str(a), Value::Str(b)) => *a.text.borrow() == *b.text.borrow(),
            (Value::Unknown(_), _) | (_, Value::Unknown(_)) => left.same(right),
            _ if left.same(right) && !matches!(left, Value::Object(_)) => true,
            _ => self.send(left, "==", std::slice::from_ref(right))?.truthy(),
        })
    }

    /// `left == right`; unknown when an operand is, or text holds a hole without value.
    ///
    /// # Errors
    /// What `==` raises.
    pub fn equals(&mut self, left: &Value, right: &Value) -> Eval {
        self.call(left, Name::new("=="), Args::new(vec![right.clone()]), crate::ruby::dispatch::CallKind::Implicit)
    }

    /// `left <=> right`; `None` where they cannot be compared.
    ///
    /// # Errors
    /// What `<=>` raises.
    pub fn compare(&mut self, left: &Value, right: &Value) -> Eval<Option<Ordering>> {
        Ok(match (left, right) {
            (Value::Integer(a), Value::Integer(b)) => Some(a.cmp(b)),
            (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
            #[expect(clippy::cast_precision_loss, reason = "Ruby compares as floats too")]
            (Value::Integer(a), Value::Float(b)) => (*a as f64).partial_cmp(b),
            #[expect(clippy::cast_precision_loss, reason = "Ruby compares as floats too")]
            (Value::Float(a), Value::Integer(b)) => a.partial_cmp(&(*b as f64)),
            (Value::Str(a), Value::Str(b)) => Some(a.text.borrow().as_bytes().cmp(b.text.borrow().as_bytes())),
            (Value::Symbol(a), Value::Symbol(b)) => Some(a.as_str().as_bytes().cmp(b.as_str().as_bytes())),
            (Value::Array(a), Value::Array(b)) => {
                let (a, b) = (a.items.borrow().clone(), b.items.borrow().clone());
                if self.visiting.len() > 300 {
                    return Ok(None);
                }
                self.visiting.push(left.address());
                let mut answer = Ok(Some(a.len().cmp(&b.len())));
                for (x, y) in a.iter().zip(&b) {
                    let order = self.step().and_then(|()| self.compare(x, y));
                    if !matches!(order, Ok(Some(Ordering::Equal))) {
                        answer = order;
                        break;
                    }
                }
                self.visiting.pop();
                return answer;
            }
            (Value::Unknown(_), _) | (_, Value::Unknown(_)) => Some(Ordering::Equal),
            _ => {
                if !self.has_method(left, Name::new("<=>"), false) {
                    return Ok(None);
                }
                match self.send(left, "<=>", std::slice::from_ref(right))? {
                    Value::Integer(i) => Some(i.cmp(&0)),
                    Value::Float(f) => f.partial_cmp(&0.0),
                    _ => None,
                }
            }
        })
    }

    /// `left <=> right`, or `ArgumentError` as `sort` words it.
    ///
    /// # Errors
    /// `ArgumentError` where they cannot be compared.
    pub fn compare_or_fail(&mut self, left: &Value, right: &Value) -> Eval<Ordering> {
        match self.compare(left, right)? {
            Some(order) => Ok(order),
            None => {
                let class = self.real_class(left).display_name();
                let shown = match right {
                    Value::Nil | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => self.inspect(right)?,
                    other => self.real_class(other).display_name(),
                };
                self.argument_error(format!("comparison of {class} with {shown} failed"))
            }
        }
    }

    /// Sorts `items`; the order may run user code.
    ///
    /// # Errors
    /// What `order` raises.
    pub fn sort(&mut self, items: Vec<Value>, order: &mut dyn FnMut(&mut Self, &Value, &Value) -> Eval<Ordering>) -> Eval<Vec<Value>> {
        // A merge sort of its own: it is stable, and an order that contradicts itself does no harm.
        let length = items.len();
        let mut from = items;
        let mut width = 1;
        while width < length {
            let mut to = Vec::with_capacity(length);
            for start in (0..length).step_by(width.saturating_mul(2)) {
                let middle = (start + width).min(length);
                let end = (middle + width).min(length);
                let (mut left, mut right) = (start, middle);
                while left < middle && right < end {
                    self.step()?;
                    if order(self, &from[left], &from[right])? == Ordering::Greater {
                        to.push(from[right].clone());
                        right += 1;
                    } else {
                        to.push(from[left].clone());
                        left += 1;
                    }
                }
                to.extend_from_slice(&from[left..middle]);
                to.extend_from_slice(&from[right..end]);
            }
            from = to;
            width = width.saturating_mul(2);
        }
        Ok(from)
    }

    /// The hash key of a value, asking its `hash` method where a class defines one.
    ///
    /// # Errors
    /// What `hash` raises.
    pub fn key(&mut self, value: &Value) -> Eval<Key> {
        if let Value::Object(object) = value {
            let class = Rc::clone(&object.class.borrow());
            if let Some(method) = self.find_method(&class, Name::new("hash")) {
                let native = matches!(method.body, crate::ruby::module::MethodBody::Native(..));
                let owner_is_kernel = method.owner.upgrade().is_some_and(|owner| Rc::ptr_eq(&owner, &self.classes.kernel));
                if !(native && owner_is_kernel) {
                    let answer = self.send(value, "hash", &[])?;
                    let class = self.real_class(value);
                    if let Value::Integer(number) = answer {
                        return Ok(Key::Custom(number, Rc::as_ptr(&class) as usize));
                    }
                }
            }
        }
        if let Value::Array(array) = value {
            let items = array.items.borrow().clone();
            if !items.iter().any(|item| matches!(item, Value::Array(_) | Value::Object(_))) {
                return Ok(Key::plain(value));
            }
            if self.visiting.contains(&value.address()) || self.visiting.len() > 150 {
                return Ok(Key::Identity(value.address()));
            }
            self.visiting.push(value.address());
            let keys = items
                .iter()
                .map(|item| {
                    self.step()?;
                    self.key(item)
                })
                .collect::<Eval<Vec<_>>>();
            self.visiting.pop();
            return Ok(Key::List(keys?));
        }
        Ok(Key::plain(value))
    }

    /// The key of a value in `hash`: by identity where the hash compares so.
    ///
    /// # Errors
    /// What `hash` raises.
    pub fn hash_key(&mut self, hash: &Hash, value: &Value) -> Eval<Key> {
        if hash.identity.get() { Ok(hash.plain_key(value)) } else { self.key(value) }
    }

    /// `hash[key] = value`, without frozen check.
    ///
    /// # Errors
    /// What the key's `hash` raises.
    pub fn hash_insert(&mut self, hash: &Rc<Hash>, key: Value, value: Value) -> Eval<()> {
        let plain = self.hash_key(hash, &key)?;
        let size = {
            let mut map = hash.map.borrow_mut();
            if let Some(entry) = map.get_mut(&plain) {
                entry.1 = value;
                return Ok(());
            }
            if hash.iterating.get() == 0 {
                // A string key is kept frozen, as Ruby does.
                let key = match &key {
                    Value::Str(string) if !string.frozen.get() && !hash.identity.get() => {
                        let text = RefCell::new(string.text.borrow().clone());
                        Value::Str(Rc::new(crate::ruby::value::Str { text, frozen: std::cell::Cell::new(true), class: None }))
                    }
                    _ => key,
                };
                map.insert(plain, (key, value));
                map.len()
            } else {
                drop(map);
                let class = Rc::clone(&self.classes.runtime_error);
                return self.raise(&class, "can't add a new key into hash during iteration");
            }
        };
        self.check_size(size)
    }

    /// The value under `key`, without asking for a default.
    ///
    /// # Errors
    /// What the key's `hash` raises.
    pub fn hash_get(&mut self, hash: &Rc<Hash>, key: &Value) -> Eval<Option<Value>> {
        let plain = self.hash_key(hash, key)?;
        Ok(hash.map.borrow().get(&plain).map(|(_, value)| value.clone()))
    }

    /// What `*value` spreads to.
    ///
    /// # Errors
    /// What `to_a` raises.
    pub fn to_splat_items(&mut self, value: &Value) -> Eval<Vec<Value>> {
        match value {
            Value::Array(array) => Ok(array.items.borrow().clone()),
            Value::Nil => Ok(Vec::new()),
            Value::Unknown(_) => Ok(vec![value.clone()]),
            Value::Hash(_) | Value::Range(_) => self.to_list(value),
            Value::Object(_) if self.has_method(value, Name::new("to_a"), false) => {
                let list = self.send(value, "to_a", &[])?;
                Ok(list.items().unwrap_or_else(|| vec![value.clone()]))
            }
            other => Ok(vec![other.clone()]),
        }
    }

    /// The elements that `each` yields, as a list; several yielded values make an array.
    ///
    /// # Errors
    /// What `each` raises.
    pub fn to_list(&mut self, value: &Value) -> Eval<Vec<Value>> {
        match value {
            Value::Array(array) => Ok(array.items.borrow().clone()),
            Value::Hash(hash) => Ok(hash.pairs().into_iter().map(|(key, value)| Value::array(vec![key, value])).collect()),
            Value::Nil => Ok(Vec::new()),
            Value::Unknown(_) => Ok(vec![value.clone()]),
            other => {
                let collected: Rc<RefCell<Vec<Value>>> = Rc::default();
                let sink = Rc::clone(&collected);
                self.each(other, move |interpreter, item| {
                    sink.borrow_mut().push(item);
                    interpreter.check_size(sink.borrow().len())?;
                    Ok(true)
                })?;
                let items = collected.take();
                Ok(items)
            }
        }
    }

    /// Goes through what `each` yields until `visit` says `false`.
    ///
    /// # Errors
    /// What `each` or `visit` raises.
    pub fn each(&mut self, value: &Value, mut visit: impl FnMut(&mut Self, Value) -> Eval<bool> + 'static) -> Eval<()> {
        match value {
            Value::Array(array) if !self.overrides_each(value) => {
                let mut index = 0;
                // By index: the block may change the array.
                loop {
                    let item = array.items.borrow().get(index).cloned();
                    let Some(item) = item else { return Ok(()) };
                    self.step()?;
                    if !visit(self, item)? {
                        return Ok(());
                    }
                    index += 1;
                }
            }
            Value::Hash(hash) if !self.overrides_each(value) => {
                self.each_pair(hash, |interpreter, key, value| visit(interpreter, Value::array(vec![key, value])))
            }
            Value::Range(range) if matches!((&range.low, &range.high), (Value::Integer(_), Value::Integer(_) | Value::Nil)) => {
                let (Value::Integer(low), high) = (&range.low, &range.high) else { return Ok(()) };
                let high = match high {
                    Value::Integer(high) if range.exclusive => high.saturating_sub(1),
                    Value::Integer(high) => *high,
                    _ => i64::MAX,
                };
                let mut current = *low;
                while current <= high {
                    self.step()?;
                    if !visit(self, Value::Integer(current))? {
                        return Ok(());
                    }
                    let Some(next) = current.checked_add(1) else { return Ok(()) };
                    current = next;
                }
                Ok(())
            }
            other => {
                let id = self.fresh_id();
                let visit = RefCell::new(visit);
                let block = self.native_block(-1, move |interpreter, args| {
                    let item = match args.list.as_slice() {
                        [one] => one.clone(),
                        [] => Value::Nil,
                        many => Value::array(many.to_vec()),
                    };
                    let mut visit = visit.try_borrow_mut().map_err(|_| Box::new(Flow::Halt("an iteration entered itself".to_owned())))?;
                    if visit(interpreter, item)? { Ok(Value::Nil) } else { Err(Box::new(Flow::Break(id, Value::Nil))) }
                });
                let args = Args::none().with_block(Some(block));
                let answer = self.call(other, Name::new("each"), args, crate::ruby::dispatch::CallKind::Implicit);
                self.catch_break(id, answer)?;
                Ok(())
            }
        }
    }

    /// Whether an array's or hash's class redefines `each` in Ruby.
    fn overrides_each(&self, value: &Value) -> bool {
        let subclass = match value {
            Value::Array(array) => array.class.is_some(),
            Value::Hash(hash) => hash.class.borrow().is_some(),
            _ => false,
        };
        subclass
            && self
                .find_method(&self.class_of(value), Name::new("each"))
                .is_some_and(|method| !matches!(method.body, crate::ruby::module::MethodBody::Native(..)))
    }

    /// Goes through the entries of `hash` until `visit` says `false`; entries deleted meanwhile are left out, new keys refused.
    ///
    /// # Errors
    /// What `visit` raises.
    pub fn each_pair(&mut self, hash: &Rc<Hash>, mut visit: impl FnMut(&mut Self, Value, Value) -> Eval<bool>) -> Eval<()> {
        let keys: Vec<Key> = hash.map.borrow().keys().cloned().collect();
        hash.iterating.set(hash.iterating.get() + 1);
        let mut answer = Ok(());
        for (index, plain) in keys.iter().enumerate() {
            let entry = {
                let map = hash.map.borrow();
                match map.get_index(index) {
                    Some((known, entry)) if known == plain => Some(entry.clone()),
                    _ => map.get(plain).cloned(),
                }
            };
            let Some((key, value)) = entry else { continue };
            match self.step().and_then(|()| visit(self, key, value)) {
                Ok(true) => {}
                Ok(false) => break,
                Err(flow) => {
                    answer = Err(flow);
                    break;
                }
            }
        }
        hash.iterating.set(hash.iterating.get().saturating_sub(1));
        answer
    }

    /// The integer that a value is or can be converted to without loss of meaning (`to_int`).
    ///
    /// # Errors
    /// `TypeError`.
    pub fn to_integer(&mut self, value: &Value) -> Eval<i64> {
        match value {
            Value::Integer(number) => Ok(*number),
            #[expect(clippy::cast_possible_truncation, reason = "Ruby truncates")]
            Value::Float(number) => Ok(number.trunc() as i64),
            Value::Nil => self.type_error("no implicit conversion from nil to integer"),
            other => {
                if matches!(other, Value::Object(_))
                    && crate::ruby::core::numeric::Number::of(other).is_some_and(|number| number.whole().is_some())
                {
                    let class = Rc::clone(&self.classes.range_error);
                    return self.raise(&class, "bignum too big to convert into `long'");
                }
                if matches!(other, Value::Object(_)) && self.responds_to(other, "to_int")? {
                    let number = self.send(other, "to_int", &[])?;
                    if matches!(number, Value::Integer(_)) {
                        return self.to_integer(&number);
                    }
                }
                let what = self.kind_word(other);
                self.type_error(format!("no implicit conversion of {what} into Integer"))
            }
        }
    }

    /// The characters of a value that is a string (or has `to_str`).
    ///
    /// # Errors
    /// `TypeError`.
    pub fn to_str(&mut self, value: &Value) -> Eval<String> {
        match value {
            Value::Str(string) => Ok(string.text.borrow().clone()),
            Value::Unknown(hole) => Ok(self.hole_character(&Rc::clone(hole)).to_string()),
            other => {
                if matches!(other, Value::Object(_)) && self.responds_to(other, "to_str")? {
                    let text = self.send(other, "to_str", &[])?;
                    return self.display(&text);
                }
                let what = self.kind_word(other);
                self.type_error(format!("no implicit conversion of {what} into String"))
            }
        }
    }

    /// What a value is called in messages about its kind: `nil`, `true`, `false` or its class.
    #[must_use]
    pub fn kind_word(&self, value: &Value) -> String {
        match value {
            Value::Nil => "nil".to_owned(),
            Value::Bool(b) => b.to_string(),
            other => self.real_class(other).display_name(),
        }
    }
}
