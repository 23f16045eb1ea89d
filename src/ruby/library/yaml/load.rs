//! YAML nodes to values: Psych's `load`, `safe_load`, `unsafe_load`.

use std::collections::BTreeMap;
use std::rc::Rc;

use base64::Engine;

use super::parse::{Shape, Tree};
use super::resolve::{Meaning, resolve};
use crate::name::Name;
use crate::ruby::core::conversion::read_float;
use crate::ruby::core::string::bytes::from_bytes;
use crate::ruby::flow::Eval;
use crate::ruby::hole::{has_hole, is_hole};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::procs::Args;
use crate::ruby::value::{Hash, Value};

/// What may be loaded.
#[derive(Clone, Default)]
pub struct Options {
    /// Names of classes that may be made besides the basic ones; `None` allows all.
    pub permitted: Option<Vec<String>>,
    /// Symbols that may be made; empty allows all (if the class `Symbol` may).
    pub symbols: Vec<String>,
    /// `*alias` is allowed.
    pub aliases: bool,
    /// Keys of mappings become symbols.
    pub symbolize: bool,
    /// Everything is frozen.
    pub freeze: bool,
}

struct Loader<'a> {
    interpreter: &'a mut Interpreter,
    options: Options,
    anchors: BTreeMap<String, Value>,
}

/// The value of a document.
///
/// # Errors
/// `Psych::DisallowedClass`, `Psych::BadAlias`.
pub fn load(interpreter: &mut Interpreter, tree: &Tree, options: Options) -> Eval {
    Loader { interpreter, options, anchors: BTreeMap::new() }.node(tree)
}

impl Loader<'_> {
    fn allow(&mut self, class: &str) -> Eval<()> {
        let forbidden = self.options.permitted.as_ref().is_some_and(|permitted| !permitted.iter().any(|name| name == class));
        if !forbidden {
            return Ok(());
        }
        let error = super::error(self.interpreter, "DisallowedClass");
        self.interpreter.raise(&error, format!("Tried to load unspecified class: {class}"))
    }

    fn symbol(&mut self, name: &str) -> Eval {
        self.allow("Symbol")?;
        if !self.options.symbols.is_empty() && !self.options.symbols.iter().any(|known| known == name) {
            let error = super::error(self.interpreter, "DisallowedClass");
            return self.interpreter.raise(&error, "Tried to load unspecified class: Symbol");
        }
        Ok(Value::symbol(name))
    }

    fn register(&mut self, tree: &Tree, value: &Value) {
        if let Some(anchor) = &tree.anchor {
            self.anchors.insert(anchor.clone(), value.clone());
        }
    }

    fn node(&mut self, tree: &Tree) -> Eval {
        self.interpreter.step()?;
        let value = match &tree.shape {
            Shape::Alias(name) => match self.anchors.get(name).cloned().filter(|_| self.options.aliases) {
                Some(value) => return Ok(value),
                None => {
                    let error = super::error(self.interpreter, "BadAlias");
                    return self.interpreter.raise(&error, format!("Unknown alias: {name}"));
                }
            },
            Shape::Scalar(text, quoted) => {
                let value = self.scalar(text, *quoted, tree.tag.as_deref())?;
                self.register(tree, &value);
                value
            }
            Shape::Sequence(items) => self.sequence(tree, items)?,
            Shape::Mapping(pairs) => self.mapping(tree, pairs)?,
        };
        if self.options.freeze {
            return self.interpreter.send(&value, "freeze", &[]);
        }
        Ok(value)
    }

    fn scalar(&mut self, text: &str, quoted: bool, tag: Option<&str>) -> Eval {
        let Some(tag) = tag else {
            return if quoted { Ok(Value::str(text)) } else { self.plain(text) };
        };
        match tag {
            "!binary" | "tag:yaml.org,2002:binary" => {
                let packed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
                let bytes = base64::engine::general_purpose::STANDARD.decode(packed).unwrap_or_default();
                Ok(Value::str(from_bytes(&bytes)))
            }
            "!str" | "tag:yaml.org,2002:str" | "!ruby/string" => Ok(Value::str(text)),
            "tag:yaml.org,2002:float" | "!float" => {
                let value = self.plain(text)?;
                match (&value, read_float(text)) {
                    (Value::Float(_), _) => Ok(value),
                    (_, Some(number)) => Ok(Value::Float(number)),
                    _ => self.interpreter.call(
                        &value,
                        "Float".into(),
                        Args::new(vec![value.clone()]),
                        crate::ruby::dispatch::CallKind::Implicit,
                    ),
                }
            }
            "!ruby/symbol" | "!ruby/sym" => self.symbol(text),
            "!ruby/regexp" => {
                self.allow("Regexp")?;
                let body = text.strip_prefix('/').unwrap_or(text);
                let (source, options) = body.rsplit_once('/').unwrap_or((body, ""));
                self.interpreter.make_regexp(source, options)
            }
            "!ruby/class" | "!ruby/module" => {
                self.allow(text)?;
                self.constant(text)
            }
            "!ruby/range" => {
                self.allow("Range")?;
                let (exclusive, parts) = match text.split_once("...") {
                    Some(parts) => (true, Some(parts)),
                    None => (false, text.split_once("..")),
                };
                let Some((low, high)) = parts else { return Ok(Value::str(text)) };
                let (low, high) = (self.plain(low)?, self.plain(high)?);
                Ok(Value::range(low, high, exclusive))
            }
            "!ruby/object:DateTime" => {
                self.allow("DateTime")?;
                let class = self.constant("DateTime")?;
                self.interpreter.send(&class, "parse", &[Value::str(text)])
            }
            _ => self.plain(text),
        }
    }

    fn plain(&mut self, text: &str) -> Eval {
        let mut characters = text.chars();
        if let (Some(only), None) = (characters.next().filter(|c| is_hole(*c)), characters.next()) {
            if let Some(hole) = self.interpreter.hole_of(only) {
                return Ok(Value::Unknown(Rc::clone(hole)));
            }
        }
        if has_hole(text) {
            return Ok(Value::str(text));
        }
        Ok(match resolve(text) {
            Meaning::Nil => Value::Nil,
            Meaning::Bool(b) => Value::Bool(b),
            Meaning::Integer(big) => self.interpreter.big_integer(big),
            Meaning::Float(number) => Value::Float(number),
            Meaning::Symbol(name) => return self.symbol(&name),
            Meaning::Date(year, month, day) => {
                self.allow("Date")?;
                self.interpreter.date(year, month, day).unwrap_or_else(|| Value::str(text))
            }
            Meaning::Time => {
                self.allow("Time")?;
                let class = self.constant("Time")?;
                self.interpreter.send(&class, "parse", &[Value::str(text)])?
            }
            Meaning::Text => Value::str(text),
        })
    }

    fn constant(&mut self, path: &str) -> Eval {
        let object = Value::Module(Rc::clone(&self.interpreter.classes.object));
        match self.interpreter.send(&object, "const_get", &[Value::str(path)]) {
            Ok(value) => Ok(value),
            Err(flow) => match *flow {
                crate::ruby::flow::Flow::Raise(_) => self.interpreter.argument_error(format!("undefined class/module {path}")),
                other => Err(Box::new(other)),
            },
        }
    }

    /// The class that `tag` names behind one of `prefixes`, when it names one.
    fn class_of(&mut self, tag: Option<&str>, prefixes: &[&str]) -> Eval<Option<Rc<crate::ruby::module::Module>>> {
        let Some(name) = tag.and_then(|tag| prefixes.iter().find_map(|prefix| tag.strip_prefix(prefix))) else { return Ok(None) };
        self.allow(name)?;
        match self.constant(name)? {
            Value::Module(class) => Ok(Some(class)),
            _ => Ok(None),
        }
    }

    fn sequence(&mut self, tree: &Tree, items: &[Tree]) -> Eval {
        let class = self.class_of(tree.tag.as_deref(), &["!ruby/array:", "!seq:"])?;
        let list = match class {
            Some(class) => self.interpreter.allocate(&class),
            None => Value::array(Vec::new()),
        };
        self.register(tree, &list);
        for item in items {
            let item = self.node(item)?;
            if let Value::Array(array) = &list {
                array.items.borrow_mut().push(item);
            }
        }
        Ok(list)
    }

    fn mapping(&mut self, tree: &Tree, pairs: &[(Tree, Tree)]) -> Eval {
        let tag = tree.tag.as_deref();
        if let Some(class) = self.class_of(tag, &["!ruby/hash:", "!map:"])? {
            let made = self.interpreter.allocate(&class);
            self.register(tree, &made);
            if let Value::Hash(hash) = &made {
                self.fill(&Rc::clone(hash), pairs, false)?;
            }
            return Ok(made);
        }
        if tag == Some("!ruby/range") {
            self.allow("Range")?;
            let hash = Value::new_hash();
            self.fill(&hash, pairs, true)?;
            let part = |name: &str| hash.get_str(name).unwrap_or(Value::Nil);
            return Ok(Value::range(part("begin"), part("end"), part("excl").truthy()));
        }
        let object = tag.filter(|tag| tag.starts_with("!ruby/object") || tag.starts_with("!ruby/struct"));
        if let Some(tag) = object {
            let name = tag.split_once(':').map_or("Object", |(_, name)| name);
            return self.object(tree, pairs, name, tag.starts_with("!ruby/struct"));
        }
        let hash = Value::new_hash();
        let made = Value::Hash(Rc::clone(&hash));
        self.register(tree, &made);
        self.fill(&hash, pairs, false)?;
        Ok(made)
    }

    fn object(&mut self, tree: &Tree, pairs: &[(Tree, Tree)], name: &str, structure: bool) -> Eval {
        if name == "Hash" {
            let hash = Value::new_hash();
            self.fill(&hash, pairs, false)?;
            return Ok(Value::Hash(hash));
        }
        self.allow(name)?;
        let Value::Module(class) = self.constant(name)? else { return Ok(Value::Nil) };
        let members = Value::new_hash();
        if name == "Set" {
            self.fill(&members, pairs, true)?;
            let keys = match members.get_str("hash") {
                Some(Value::Hash(hash)) => hash.pairs().into_iter().map(|(key, _)| key).collect(),
                _ => Vec::new(),
            };
            return self.interpreter.instantiate(&class, Args::new(vec![Value::array(keys)]));
        }
        let made = self.interpreter.allocate(&class);
        self.register(tree, &made);
        self.fill(&members, pairs, true)?;
        for (key, value) in members.pairs() {
            let key = self.interpreter.display(&key)?;
            if structure {
                self.interpreter.send(&made, &format!("{key}="), &[value])?;
            } else {
                self.interpreter.set_ivar_named(&made, Name::new(&format!("@{key}")), value);
            }
        }
        Ok(made)
    }

    /// Fills `hash`; `<<` merges. In `tagged` mappings keys stay strings.
    fn fill(&mut self, hash: &Rc<Hash>, pairs: &[(Tree, Tree)], tagged: bool) -> Eval<()> {
        for (key_tree, value_tree) in pairs {
            let key = self.node(key_tree)?;
            let value = self.node(value_tree)?;
            let merges =
                matches!(&key, Value::Str(text) if *text.text.borrow() == "<<") && key_tree.tag.as_deref() != Some("tag:yaml.org,2002:str");
            if merges && self.merge(hash, value_tree, &value)? {
                continue;
            }
            let key = match &key {
                Value::Str(text) if self.options.symbolize && !tagged => Value::symbol(&text.text.borrow()),
                _ => key,
            };
            self.interpreter.hash_insert(hash, key, value)?;
        }
        Ok(())
    }

    fn merge(&mut self, hash: &Rc<Hash>, tree: &Tree, value: &Value) -> Eval<bool> {
        let sources: Vec<Value> = match (&tree.shape, value) {
            (Shape::Alias(_) | Shape::Mapping(_), Value::Hash(_)) => vec![value.clone()],
            (Shape::Sequence(_), Value::Array(array)) => array.items.borrow().iter().rev().cloned().collect(),
            _ => return Ok(false),
        };
        if !sources.iter().all(|source| matches!(source, Value::Hash(_))) {
            return Ok(false);
        }
        for source in sources {
            if let Value::Hash(source) = source {
                for (key, value) in source.pairs() {
                    self.interpreter.hash_insert(hash, key, value)?;
                }
            }
        }
        Ok(true)
    }
}
