//! The unknown among values: what calls on it give, and what native methods do with text that has holes.
//!
//! `node['ipaddress'].split('.').first` is unknown and says so: its name is the expression, its reason the attribute's.

use std::rc::Rc;

use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::hole::has_hole;
use crate::ruby::hole_pattern::Verdict;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Method;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;
use crate::text::Hole;

/// Longest name of a derived unknown, in characters.
const NAME_LIMIT: usize = 80;

/// Methods of strings and collections through which holes pass unharmed: they do not look at single characters,
/// or looking at a hole as one character gives the right answer with the hole in it.
const PASSING: &[&str] = &[
    "+",
    "*",
    "%",
    "<<",
    "concat",
    "to_s",
    "to_str",
    "inspect",
    "dup",
    "clone",
    "freeze",
    "frozen?",
    "itself",
    "strip",
    "lstrip",
    "rstrip",
    "chomp",
    "strip!",
    "chomp!",
    "rstrip!",
    "lstrip!",
    "lines",
    "each_line",
    "split",
    "join",
    "gsub",
    "gsub!",
    "sub",
    "sub!",
    "tr",
    "delete",
    "squeeze",
    "replace",
    "prepend",
    "append",
    "insert",
    "to_sym",
    "intern",
    "to_json",
    "to_yaml",
    "dump",
    "format",
    "sprintf",
    "encode",
    "force_encoding",
    "unicode_normalize",
    "scrub",
    "ljust",
    "rjust",
    "center",
    "indent",
    "nil?",
    "is_a?",
    "kind_of?",
    "instance_of?",
    "class",
    "respond_to?",
    "!",
    "object_id",
    "hash",
    "tap",
    "then",
    "yield_self",
    "send",
    "public_send",
    "__send__",
    "instance_variable_get",
    "instance_variable_set",
    "equal?",
    "puts",
    "print",
    "p",
    "raise",
    "squish",
    "push",
    "unshift",
    "[]=",
    "store",
    "fetch",
    "merge",
    "merge!",
    "update",
    "flatten",
    "compact",
    "uniq",
    "map",
    "collect",
    "each",
    "each_with_index",
    "each_with_object",
    "to_a",
    "to_h",
    "to_ary",
    "values_at",
    "dig",
    "first",
    "last",
    "reverse",
    "select",
    "reject",
    "zip",
    "each_pair",
    "each_slice",
    "inject",
    "reduce",
    "flat_map",
    "sort_by",
    "group_by",
    "partition",
    "key?",
    "has_key?",
    "[]",
    "values",
    "keys",
    "delete_if",
    "keep_if",
    "<=>",
    "transform_values",
    "transform_keys",
    "each_key",
    "each_value",
    "concat",
    "default=",
    "invert",
    "|",
    "&",
    "-",
    "sum",
    "count",
    "size",
    "length",
    "empty?",
    "any?",
    "all?",
    "none?",
    "find",
    "detect",
];

/// Of these, the ones that on a *string* look at its characters: with a hole in it they need its value.
const LOOKING: &[&str] = &[
    "[]", "<=>", "hash", "size", "length", "empty?", "count", "sum", "reverse", "ljust", "rjust", "center", "first", "last", "-", "&", "|",
    "delete", "tr", "squeeze",
];

impl Interpreter {
    /// The unknown that `.method` on `hole` gives.
    #[must_use]
    pub fn derived(&self, hole: &Rc<Hole>, suffix: &str) -> Value {
        let name: String = format!("{}{suffix}", hole.name).chars().take(NAME_LIMIT).collect();
        let origin = hole.origin.clone();
        Value::Unknown(Rc::new(Hole { name, reason: hole.reason.clone(), secret: hole.secret, value: None, origin }))
    }

    /// The unknown that an operator before `hole` gives.
    #[must_use]
    pub fn derived_prefix(&self, prefix: &str, hole: &Rc<Hole>) -> Value {
        let name: String = format!("{prefix}{}", hole.name).chars().take(NAME_LIMIT).collect();
        let origin = hole.origin.clone();
        Value::Unknown(Rc::new(Hole { name, reason: hole.reason.clone(), secret: hole.secret, value: None, origin }))
    }

    /// Calls a method of something unknown: the answer is unknown, a block runs once, marked as a loop.
    pub(in crate::ruby) fn call_unknown(&mut self, hole: &Rc<Hole>, name: Name, args: &Args) -> Eval {
        match name.as_str() {
            "to_s" | "to_str" | "inspect" => return Ok(self.hole_string(hole)),
            "nil?" | "!" | "==" | "!=" => {
                let right = args.list.first().map(|value| self.short(value)).unwrap_or_default();
                return Ok(match name.as_str() {
                    "nil?" => self.derived(hole, ".nil?"),
                    "!" => self.derived_prefix("!", hole),
                    operator => self.derived(hole, &format!(" {operator} {right}")),
                });
            }
            "freeze" | "dup" | "clone" | "itself" | "to_hash" | "to_h" | "to_a" | "to_ary" | "compact" | "flatten" | "uniq" => {
                return Ok(Value::Unknown(Rc::clone(hole)));
            }
            "respond_to?" | "is_a?" | "kind_of?" => return Ok(self.derived(hole, &format!(".{name}"))),
            "tap" | "then" | "yield_self" => {}
            _ => {}
        }
        if let Some(block) = &args.block {
            let value = Value::Unknown(Rc::clone(hole));
            let span = self.call_site();
            let scope = self.scope();
            let block = Rc::clone(block);
            let element = match self.derived(hole, "[…]") {
                Value::Unknown(element) => Value::Unknown(element),
                _ => value.clone(),
            };
            self.run_loop_once(&scope, span, move |me, _| {
                let list = vec![element; 1];
                me.call_proc(&block, &Args::new(list))
            })?;
            if name.starts_with("each") || name.as_str() == "tap" || name.as_str() == "times" {
                return Ok(value);
            }
        }
        let suffix = if name.as_str() == "[]" {
            let key = args.list.first().map(|value| self.short(value)).unwrap_or_default();
            format!("[{key}]")
        } else if name.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_') {
            if args.is_empty() { format!(".{name}") } else { format!(".{name}({})", self.short(&args.list[0])) }
        } else {
            let right = args.list.first().map(|value| self.short(value)).unwrap_or_default();
            format!(" {name} {right}")
        };
        Ok(self.derived(hole, &suffix))
    }

    /// A value in a few characters, for the name of an unknown; holes by their names.
    fn short(&mut self, value: &Value) -> String {
        let text = match value {
            Value::Unknown(hole) => return hole.name.chars().take(30).collect(),
            Value::Str(_) | Value::Symbol(_) | Value::Nil | Value::Bool(_) | Value::Integer(_) | Value::Float(_) | Value::Regexp(_) => {
                self.inspect(value).unwrap_or_default()
            }
            _ => "…".to_owned(),
        };
        let text = self.to_text(&text).to_string();
        if text.chars().count() > 30 { format!("{}…", text.chars().take(30).collect::<String>()) } else { text }
    }

    /// Decides a call of a native method whose operands are unknown or hold holes; `None` lets it run as it is.
    pub(in crate::ruby) fn guard_native(&mut self, receiver: &Value, name: Name, method: &Method, args: &Args) -> Option<Eval> {
        if self.holes.is_empty() && !args.list.iter().any(Value::is_unknown) {
            return None;
        }
        let owner = method.owner.upgrade()?;
        if !self.is_data_class(&owner) {
            return None;
        }
        let unknown = args.list.iter().find_map(|value| match value {
            Value::Unknown(hole) => Some(Rc::clone(hole)),
            _ => None,
        });
        if let Some(hole) = unknown {
            let stores = matches!(
                name.as_str(),
                "<<" | "push"
                    | "append"
                    | "unshift"
                    | "prepend"
                    | "insert"
                    | "store"
                    | "fetch"
                    | "merge"
                    | "merge!"
                    | "update"
                    | "concat"
                    | "default="
                    | "replace"
                    | "!"
                    | "equal?"
                    | "ljust"
                    | "rjust"
                    | "%"
                    | "join"
                    | "dig"
                    | "with_object"
                    | "each_with_object"
                    | "fill"
                    | "initialize"
            ) || (name.as_str() == "[]=" && args.list.len() == 2 && !args.list[0].is_unknown());
            let concatenates = matches!((receiver, name.as_str()), (Value::Str(_), "+") | (Value::Array(_), "+"));
            if !stores && !concatenates {
                let left = self.short(receiver);
                let operator = !name.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '[');
                return Some(Ok(if operator {
                    self.derived_prefix(&format!("{left} {name} "), &hole)
                } else {
                    self.derived_prefix(&format!("{left}.{name} "), &hole)
                }));
            }
            return None;
        }
        // The text that a template grows is not searched at every piece.
        if matches!(name.as_str(), "<<" | "concat" | "+") {
            return None;
        }
        let receiver_has = matches!(receiver, Value::Str(string) if has_hole(&string.text.borrow()));
        let argument_has = args.list.iter().any(|value| matches!(value, Value::Str(string) if has_hole(&string.text.borrow())));
        if !receiver_has && !argument_has {
            return None;
        }
        if let (true, Value::Str(string)) = (receiver_has, receiver) {
            let text = string.text.borrow().clone();
            // A text with any character is not empty; nor is a secret, which an export filters out only where there is one.
            let sure = || {
                let text = self.to_text(&text);
                let secret = text.holes().any(|hole| hole.secret && hole.value.is_none());
                secret || text.parts().len() > text.holes().count()
            };
            if name.as_str() == "empty?" && sure() {
                return Some(Ok(Value::Bool(false)));
            }
            match self.judge_pattern(&text, name, method, args) {
                Some(Verdict::Passes) => return None,
                Some(Verdict::Concrete) => return Some(self.call_concrete(receiver, name, method, args)),
                Some(Verdict::Answer(answer)) => return Some(answer),
                None => {}
            }
        }
        let passes = PASSING.contains(&name.as_str()) && !(receiver_has && LOOKING.contains(&name.as_str()));
        if passes {
            return None;
        }
        Some(self.call_concrete(receiver, name, method, args))
    }

    /// Calls a native method with every hole replaced by its value, where all have one; what it gives stays a hole.
    fn call_concrete(&mut self, receiver: &Value, name: Name, method: &Method, args: &Args) -> Eval {
        let mut holes = Vec::new();
        let mut known = true;
        let mut replace = |me: &Self, value: &Value| match value {
            Value::Str(string) if has_hole(&string.text.borrow()) => {
                let text = string.text.borrow().clone();
                holes.extend(me.holes_in(&text));
                match me.concrete(&text) {
                    Some(text) => Value::str(text),
                    None => {
                        known = false;
                        value.clone()
                    }
                }
            }
            other => other.clone(),
        };
        let concrete_receiver = replace(self, receiver);
        let list = args.list.iter().map(|value| replace(self, value)).collect();
        let first = holes.first().cloned().unwrap_or_else(|| Rc::new(Hole::unknown("?", "unknown")));
        if !known {
            return self.call_unknown(&first, name, args);
        }
        let args = Args { list, keywords: args.keywords, block: args.block.clone() };
        let answer = self.invoke(&concrete_receiver, name, method, args)?;
        let secret = holes.iter().any(|hole| hole.secret);
        Ok(self.veil(answer, &first, secret, &name))
    }

    /// Text made from a hole's value is again a hole with a value; numbers and answers are plain unless secret.
    fn veil(&mut self, value: Value, hole: &Rc<Hole>, secret: bool, method: &str) -> Value {
        match &value {
            Value::Str(string) => {
                let text = string.text.borrow().clone();
                let made = Hole {
                    name: format!("{}.{method}", hole.name).chars().take(NAME_LIMIT).collect(),
                    reason: hole.reason.clone(),
                    secret,
                    value: Some(text),
                    origin: hole.origin.clone(),
                };
                self.hole_string(&Rc::new(made))
            }
            Value::Array(array) => {
                let items = array.items.borrow().clone();
                let items = items.into_iter().map(|item| self.veil(item, hole, secret, method)).collect();
                Value::array(items)
            }
            _ => value,
        }
    }

    /// Classes whose native methods look at data; those of `Kernel`, `Object`, `Module`, procs and embedders take unknowns as they are.
    fn is_data_class(&self, owner: &Rc<crate::ruby::module::Module>) -> bool {
        let classes = &self.classes;
        if owner.looks_at_data.get() {
            return true;
        }
        [
            &classes.string,
            &classes.symbol,
            &classes.integer,
            &classes.float,
            &classes.numeric,
            &classes.array,
            &classes.hash,
            &classes.range,
            &classes.regexp,
            &classes.comparable,
            &classes.enumerable,
            &classes.nil,
            &classes.match_data,
        ]
        .iter()
        .any(|class| Rc::ptr_eq(class, owner))
    }
}
