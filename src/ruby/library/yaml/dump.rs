//! Values to YAML nodes, as Psych 4.0.3 chooses tags and styles.

use std::collections::BTreeMap;
use std::rc::Rc;

use base64::Engine;

use super::emit::{Kind, Layout, Node, Style, document};
use super::resolve::{Meaning, resolve};
use crate::ruby::core::float;
use crate::ruby::core::numeric::Number;
use crate::ruby::core::string::bytes::{raw_byte, to_bytes};
use crate::ruby::core::time::{is_utc, time_stamp};
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::library::date::date_stamp;
use crate::ruby::value::{Hash, Value};

/// Deeper values would not fit on the program's stack.
const DEEPEST: usize = 400;

struct Tree {
    /// Addresses of what was dumped, with the number of the node.
    seen: BTreeMap<usize, usize>,
    /// Anchors by node.
    anchors: BTreeMap<usize, usize>,
    /// Number of each node in the order of making, to find it again.
    next: usize,
    width: Option<usize>,
    depth: usize,
}

/// The YAML document of `value`; `options` are those of `to_yaml`.
///
/// # Errors
/// `TypeError` for what has no YAML form, what users' methods raise.
pub fn dump(interpreter: &mut Interpreter, value: &Value, options: Option<&Rc<Hash>>) -> Eval<String> {
    let number = |name: &str| match options.and_then(|options| options.get_symbol(name)) {
        Some(Value::Integer(number)) => Some(number),
        _ => None,
    };
    let line_width = number("line_width");
    if line_width.is_some_and(|width| width < -1) {
        let width = line_width.unwrap_or(0);
        return interpreter.argument_error(format!("Invalid line_width {width}, must be non-negative or -1 for unlimited."));
    }
    let indent = number("indentation").unwrap_or(2);
    let width = match line_width {
        Some(-1) => i64::MAX,
        Some(width) if width > indent * 2 => width,
        _ => 80,
    };
    let header = options.and_then(|options| options.get_symbol("header")).is_some_and(|value| value.truthy());
    let limit = line_width.and_then(|width| usize::try_from(width).ok());
    let mut tree = Tree { seen: BTreeMap::new(), anchors: BTreeMap::new(), next: 0, width: limit, depth: 0 };
    let mut numbered = tree.node(interpreter, value)?;
    let mut index = 0;
    set_anchors(&mut numbered, &tree.anchors, &mut index);
    Ok(document(&numbered, Layout { indent, width, header }))
}

/// Nodes are numbered in the order in which they were made, collections before their elements.
fn set_anchors(node: &mut Node, anchors: &BTreeMap<usize, usize>, index: &mut usize) {
    if matches!(node.kind, Kind::Alias(_)) {
        return;
    }
    node.anchor = anchors.get(index).copied();
    *index += 1;
    match &mut node.kind {
        Kind::Sequence(items) => items.iter_mut().for_each(|item| set_anchors(item, anchors, index)),
        Kind::Mapping(pairs) => pairs.iter_mut().for_each(|(key, value)| {
            set_anchors(key, anchors, index);
            set_anchors(value, anchors, index);
        }),
        _ => {}
    }
}

fn scalar(text: impl Into<String>) -> Node {
    Node { anchor: None, tag: None, plain: true, quoted: false, kind: Kind::Scalar(text.into(), Style::Plain) }
}

fn tagged(text: impl Into<String>, tag: &str, style: Style) -> Node {
    Node { anchor: None, tag: Some(tag.to_owned()), plain: false, quoted: false, kind: Kind::Scalar(text.into(), style) }
}

fn collection(tag: Option<String>, kind: Kind) -> Node {
    Node { anchor: None, plain: tag.is_none(), tag, quoted: false, kind }
}

impl Tree {
    fn made(&mut self, node: Node) -> Node {
        self.next += 1;
        node
    }

    /// Notes that `value` is dumped as the next node; later sightings become aliases of it.
    fn register(&mut self, value: &Value) {
        let address = value.address();
        if address != 0 {
            self.seen.insert(address, self.next);
        }
    }

    fn node(&mut self, interpreter: &mut Interpreter, value: &Value) -> Eval<Node> {
        interpreter.step()?;
        if let Some(known) = self.seen.get(&value.address()).copied().filter(|_| value.address() != 0) {
            let next = self.anchors.len() + 1;
            let number = *self.anchors.entry(known).or_insert(next);
            return Ok(collection(None, Kind::Alias(number)));
        }
        if self.depth >= DEEPEST {
            return Err(Box::new(Flow::Halt(format!("a value nests deeper than {DEEPEST} levels"))));
        }
        self.depth += 1;
        let node = self.fresh(interpreter, value);
        self.depth -= 1;
        node
    }

    fn fresh(&mut self, interpreter: &mut Interpreter, value: &Value) -> Eval<Node> {
        Ok(match value {
            Value::Nil => {
                let node = Node { tag: Some("tag:yaml.org,2002:null".to_owned()), ..scalar("") };
                self.made(node)
            }
            Value::Bool(b) => self.made(scalar(b.to_string())),
            Value::Integer(number) => self.made(scalar(number.to_string())),
            Value::Float(number) => {
                let text = if number.is_nan() {
                    ".nan".to_owned()
                } else if number.is_infinite() {
                    if *number > 0.0 { ".inf" } else { "-.inf" }.to_owned()
                } else {
                    float::text(*number)
                };
                self.made(scalar(text))
            }
            Value::Unknown(hole) => {
                let text = interpreter.hole_character(&Rc::clone(hole)).to_string();
                self.made(scalar(text))
            }
            Value::Symbol(name) if name.is_empty() => self.made(tagged("", "!ruby/symbol", Style::Plain)),
            Value::Symbol(name) => self.made(scalar(format!(":{name}"))),
            Value::Str(text) => {
                let class = text.class.as_ref().map(|class| class.display_name());
                let node = self.string(&text.text.borrow(), class);
                self.made(node)
            }
            Value::Array(array) => {
                self.register(value);
                self.next += 1;
                let tag = array.class.as_ref().map(|class| format!("!ruby/array:{}", class.display_name()));
                let items = array.items.borrow().clone();
                let items = items.iter().map(|item| self.node(interpreter, item)).collect::<Eval<Vec<_>>>()?;
                collection(tag, Kind::Sequence(items))
            }
            Value::Hash(hash) => {
                self.register(value);
                self.next += 1;
                let class = interpreter.real_class(value);
                let own = !Rc::ptr_eq(&class, &interpreter.classes.hash);
                let tag = own.then(|| format!("!ruby/hash:{}", class.display_name()));
                let pairs = self.pairs(interpreter, hash.pairs())?;
                collection(tag, Kind::Mapping(pairs))
            }
            Value::Range(range) => {
                self.register(value);
                self.next += 1;
                let parts = vec![
                    (Value::str("begin"), range.low.clone()),
                    (Value::str("end"), range.high.clone()),
                    (Value::str("excl"), Value::Bool(range.exclusive)),
                ];
                let pairs = self.pairs(interpreter, parts)?;
                collection(Some("!ruby/range".to_owned()), Kind::Mapping(pairs))
            }
            Value::Regexp(_) => {
                let text = interpreter.inspect(value)?;
                self.register(value);
                self.made(tagged(text, "!ruby/regexp", Style::Plain))
            }
            Value::Module(module) => {
                if module.name.borrow().is_none() {
                    let shown = module.display_name();
                    return interpreter.type_error(format!("can't dump anonymous module: {shown}"));
                }
                self.register(value);
                let tag = if module.is_class { "!ruby/class" } else { "!ruby/module" };
                self.made(tagged(module.display_name(), tag, Style::Single))
            }
            Value::Proc(_) => {
                self.register(value);
                self.next += 1;
                collection(Some("!ruby/object:Proc".to_owned()), Kind::Mapping(Vec::new()))
            }
            Value::Object(_) => self.object(interpreter, value)?,
        })
    }

    fn pairs(&mut self, interpreter: &mut Interpreter, pairs: Vec<(Value, Value)>) -> Eval<Vec<(Node, Node)>> {
        let mut nodes = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            let key = self.node(interpreter, &key)?;
            nodes.push((key, self.node(interpreter, &value)?));
        }
        Ok(nodes)
    }

    fn string(&self, text: &str, class: Option<String>) -> Node {
        let quotable = |style: Style, quote: bool| Node {
            anchor: None,
            tag: class.as_ref().map(|class| format!("!ruby/string:{class}")),
            plain: class.is_none(),
            quoted: quote && class.is_none(),
            kind: Kind::Scalar(text.to_owned(), style),
        };
        if text.chars().any(|c| raw_byte(c).is_some()) {
            let encoded = base64::engine::general_purpose::STANDARD.encode(to_bytes(text));
            return tagged(encoded, "!binary", Style::Literal);
        }
        let body = text.strip_suffix('\n').unwrap_or(text);
        let inner = body.strip_suffix('\n').filter(|_| body.len() < text.len()).unwrap_or(body);
        if inner.contains('\n') {
            return quotable(Style::Literal, true);
        }
        if text == "<<" {
            return tagged(text, "tag:yaml.org,2002:str", Style::Single);
        }
        if text == "y" || text == "n" {
            return quotable(Style::Double, true);
        }
        if self.width.is_some_and(|width| text.chars().count() > width) {
            return quotable(Style::Folded, true);
        }
        if starts_with_sign(text) {
            return quotable(Style::Double, true);
        }
        let digits = text.strip_prefix('0').map(|rest| rest.trim_start_matches(|c| ('0'..='7').contains(&c)));
        let octal_like = digits.is_some_and(|rest| rest.starts_with(['8', '9']));
        if octal_like || !matches!(resolve(text), Meaning::Text) {
            return quotable(Style::Single, true);
        }
        quotable(Style::Plain, true)
    }

    fn object(&mut self, interpreter: &mut Interpreter, value: &Value) -> Eval<Node> {
        if let Some(Number::Big(big)) = Number::of(value) {
            return Ok(self.made(scalar(big.to_string())));
        }
        if let Some(Number::Ratio(ratio)) = Number::of(value) {
            let parts = [("denominator", &ratio.denominator), ("numerator", &ratio.numerator)];
            self.register(value);
            self.next += 1;
            let pairs = parts.map(|(name, number)| (self.made(scalar(name)), self.made(scalar(number.to_string()))));
            return Ok(collection(Some("!ruby/object:Rational".to_owned()), Kind::Mapping(pairs.into())));
        }
        if let Some(stamp) = time_stamp(value) {
            self.register(value);
            let format = if is_utc(value) { "%Y-%m-%d %H:%M:%S.%9N Z" } else { "%Y-%m-%d %H:%M:%S.%9N %:z" };
            return Ok(self.made(scalar(stamp.strftime(format, false))));
        }
        let class = interpreter.real_class(value);
        let name = class.display_name();
        if let Some(stamp) = date_stamp(value) {
            if name == "DateTime" {
                let format = if stamp.offset == 0 { "%Y-%m-%d %H:%M:%S.%9N Z" } else { "%Y-%m-%d %H:%M:%S.%9N %:z" };
                self.register(value);
                return Ok(self.made(tagged(stamp.strftime(format, true), "!ruby/object:DateTime", Style::Plain)));
            }
            let text = interpreter.display(value)?;
            return Ok(self.made(scalar(text)));
        }
        self.register(value);
        self.next += 1;
        let exception = Rc::clone(&interpreter.classes.exception);
        if interpreter.is_a(value, &exception) {
            let message = interpreter.send(value, "message", &[])?;
            let parts = vec![(Value::str("message"), message), (Value::str("backtrace"), Value::Nil)];
            let pairs = self.pairs(interpreter, parts)?;
            return Ok(collection(Some(format!("!ruby/exception:{name}")), Kind::Mapping(pairs)));
        }
        if name == "Set" {
            let items = interpreter.to_list(value)?;
            let key = self.made(scalar("hash"));
            self.next += 1;
            let pairs = self.pairs(interpreter, items.into_iter().map(|item| (item, Value::Bool(true))).collect())?;
            let pairs = vec![(key, collection(None, Kind::Mapping(pairs)))];
            return Ok(collection(Some("!ruby/object:Set".to_owned()), Kind::Mapping(pairs)));
        }
        let object = Rc::clone(&interpreter.classes.object);
        let structure = object.constants.borrow().get(&crate::name::Name::new("Struct")).cloned();
        let is_struct = matches!(&structure, Some(Value::Module(above)) if interpreter.is_a(value, above));
        let parts: Vec<(Value, Value)> = if is_struct {
            let members = interpreter.send(value, "to_h", &[])?;
            match members {
                Value::Hash(hash) => hash.pairs(),
                _ => Vec::new(),
            }
        } else {
            match value {
                Value::Object(object) => {
                    let ivars = object.ivars.borrow();
                    ivars.iter().map(|(name, value)| (Value::str(name.trim_start_matches('@')), value.clone())).collect()
                }
                _ => Vec::new(),
            }
        };
        let mut pairs = Vec::new();
        for (name, value) in parts {
            let key = self.made(scalar(name.text().unwrap_or_default()));
            pairs.push((key, self.node(interpreter, &value)?));
        }
        let tag = if is_struct {
            format!("!ruby/struct:{name}")
        } else if name == "Object" {
            "!ruby/object".to_owned()
        } else {
            format!("!ruby/object:{name}")
        };
        Ok(collection(Some(tag), Kind::Mapping(pairs)))
    }
}

/// Psych's `/^[^[:word:]][^"]*$/`: a line that starts with a sign and goes on without a double quote.
fn starts_with_sign(text: &str) -> bool {
    let mut rest = text;
    loop {
        let mut characters = rest.chars();
        if let Some(first) = characters.next() {
            let word = first.is_alphanumeric() || first == '_' || crate::ruby::hole::is_hole(first);
            let line = characters.as_str().split('\n').next().unwrap_or("");
            if !word && !line.contains('"') {
                return true;
            }
        }
        match rest.split_once('\n') {
            Some((_, next)) if !next.is_empty() => rest = next,
            _ => return false,
        }
    }
}
