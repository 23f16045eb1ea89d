//! `Gem::Version`: `1.10` is above `1.9`, and `2.0.rc1` below `2.0`.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::ruby::big::Big;
use crate::ruby::core::machine::{data_of, object_with, receiver_class};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Native};
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

/// A segment: a number or letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    Number(Big),
    Word(String),
}

/// What a version keeps.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its text, `-` replaced by `.pre.`.
    pub text: String,
    /// Its segments.
    pub segments: Vec<Segment>,
}

impl Version {
    /// The version that `text` says; `None` where it is malformed.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = if text.is_empty() { "0" } else { text };
        if !is_correct(text) {
            return None;
        }
        let text = text.replace('-', ".pre.");
        let mut segments = Vec::new();
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            let same = |c: char| if first.is_ascii_digit() { c.is_ascii_digit() } else { c.is_ascii_alphabetic() };
            let end = rest.find(|c| !same(c)).unwrap_or(rest.len());
            if end == 0 {
                rest = &rest[first.len_utf8()..];
                continue;
            }
            let (word, after) = rest.split_at(end);
            segments.push(match Big::parse(word, 10) {
                Some(number) => Segment::Number(number),
                None => Segment::Word(word.to_owned()),
            });
            rest = after;
        }
        Some(Self { text, segments })
    }

    /// Whether it has letters.
    #[must_use]
    pub fn is_prerelease(&self) -> bool {
        self.text.contains(|c: char| c.is_ascii_alphabetic())
    }

    fn numbers(&self) -> Vec<Segment> {
        let mut segments = self.segments.clone();
        while segments.iter().any(|segment| matches!(segment, Segment::Word(_))) {
            segments.pop();
        }
        segments
    }

    /// Without its pre-release part.
    #[must_use]
    pub fn release(&self) -> Self {
        if self.is_prerelease() { Self::of(self.numbers()) } else { self.clone() }
    }

    /// The next version of one segment less: `1.2.3` gives `1.3`.
    #[must_use]
    pub fn bump(&self) -> Self {
        let mut segments = self.numbers();
        if segments.len() > 1 {
            segments.pop();
        }
        if let Some(Segment::Number(last)) = segments.last_mut() {
            *last = last.add(&Big::from(1));
        }
        Self::of(segments)
    }

    fn of(segments: Vec<Segment>) -> Self {
        let text: Vec<String> = segments
            .iter()
            .map(|segment| match segment {
                Segment::Number(number) => number.to_string(),
                Segment::Word(word) => word.clone(),
            })
            .collect();
        Self { text: text.join("."), segments }
    }

    /// Segments without the zeros that end the numbers and the letters.
    fn canonical(&self) -> Vec<Segment> {
        let split = self.segments.iter().position(|segment| matches!(segment, Segment::Word(_))).unwrap_or(self.segments.len());
        let (numbers, words) = self.segments.split_at(split);
        let zero = Segment::Number(Big::from(0));
        let trimmed = |list: &[Segment]| {
            let end = list.iter().rposition(|segment| *segment != zero).map_or(0, |index| index + 1);
            list[..end].to_vec()
        };
        let mut all = trimmed(numbers);
        all.extend(trimmed(words));
        all
    }

    /// `self <=> other`
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        let (left, right) = (self.canonical(), other.canonical());
        let zero = Segment::Number(Big::from(0));
        for index in 0..left.len().max(right.len()) {
            let (a, b) = (left.get(index).unwrap_or(&zero), right.get(index).unwrap_or(&zero));
            let order = match (a, b) {
                (Segment::Number(a), Segment::Number(b)) => a.cmp(b),
                (Segment::Word(a), Segment::Word(b)) => a.cmp(b),
                (Segment::Word(_), Segment::Number(_)) => Ordering::Less,
                (Segment::Number(_), Segment::Word(_)) => Ordering::Greater,
            };
            if order != Ordering::Equal {
                return order;
            }
        }
        Ordering::Equal
    }
}

/// `[0-9]+(\.[0-9a-zA-Z]+)*(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?`, or nothing.
fn is_correct(text: &str) -> bool {
    let text = text.trim();
    let (release, pre) = text.split_once('-').map_or((text, None), |(release, pre)| (release, Some(pre)));
    let mut parts = release.split('.');
    let first = parts.next().unwrap_or("");
    let word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric());
    text.is_empty()
        || !first.is_empty()
            && first.chars().all(|c| c.is_ascii_digit())
            && parts.all(word)
            && pre.is_none_or(|pre| {
                pre.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
            })
}

const VERSION: &[(&str, Native)] = &[
    ("to_s", |_, me, _| Ok(Value::str(this(me).text))),
    ("version", |_, me, _| Ok(Value::str(this(me).text))),
    ("inspect", |interpreter, me, _| {
        let class = interpreter.real_class(me).display_name();
        let text = interpreter.inspect(&Value::str(this(me).text))?;
        Ok(Value::str(format!("#<{class} {text}>")))
    }),
    ("segments", |interpreter, me, _| Ok(segments(interpreter, &this(me).segments))),
    ("canonical_segments", |interpreter, me, _| Ok(segments(interpreter, &this(me).canonical()))),
    ("prerelease?", |_, me, _| Ok(Value::Bool(this(me).is_prerelease()))),
    ("release", |interpreter, me, _| same_class(interpreter, me, this(me).release())),
    ("bump", |interpreter, me, _| same_class(interpreter, me, this(me).bump())),
    ("approximate_recommendation", recommendation),
    ("<=>", compare),
    ("eql?", |_, me, args| Ok(Value::Bool(version_of(&args.value(0)).is_some_and(|other| other.text == this(me).text)))),
    ("hash", hash),
];

const CLASS: &[(&str, Native)] = &[
    ("new", new),
    ("create", |interpreter, me, args| match args.value(0) {
        value if version_of(&value).is_some() => Ok(value),
        Value::Nil => Ok(Value::Nil),
        _ => new(interpreter, me, args),
    }),
    ("correct?", |interpreter, _, args| {
        let text = interpreter.display(&args.value(0))?;
        Ok(Value::Bool(is_correct(&text)))
    }),
];

/// Installs the class.
pub fn install(interpreter: &mut Interpreter) {
    let class = class(interpreter);
    let comparable = Rc::clone(&interpreter.classes.comparable);
    interpreter.include(&class, &comparable);
    interpreter.define(&class, VERSION);
    interpreter.define_singleton(&class, CLASS);
    interpreter.looks_at_data(&class);
}

fn class(interpreter: &mut Interpreter) -> Rc<Module> {
    let object = Rc::clone(&interpreter.classes.object);
    interpreter.define_class_path("Gem::Version", &object)
}

/// The version that a value is.
#[must_use]
pub fn version_of(value: &Value) -> Option<Version> {
    data_of::<Version>(value).map(|version| (*version).clone())
}

fn this(me: &Value) -> Version {
    version_of(me).unwrap_or_else(|| Version { text: "0".to_owned(), segments: vec![Segment::Number(Big::from(0))] })
}

/// A `Gem::Version` of `text`.
///
/// # Errors
/// `ArgumentError` where it is malformed.
pub fn create(interpreter: &mut Interpreter, text: &str) -> Eval {
    let class = class(interpreter);
    new(interpreter, &Value::Module(class), &Args::new(vec![Value::str(text)]))
}

fn same_class(interpreter: &mut Interpreter, me: &Value, version: Version) -> Eval {
    let class = interpreter.real_class(me);
    Ok(object_with(&class, Rc::new(version)))
}

fn new(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let text = interpreter.display(&args.value(0))?;
    let class = receiver_class(interpreter, me);
    match Version::parse(&text) {
        Some(version) => Ok(object_with(&class, Rc::new(version))),
        None => interpreter.argument_error(format!("Malformed version number string {text}")),
    }
}

fn segments(interpreter: &mut Interpreter, segments: &[Segment]) -> Value {
    let items = segments.iter().map(|segment| match segment {
        Segment::Number(number) => interpreter.big_integer(number.clone()),
        Segment::Word(word) => Value::str(word.as_str()),
    });
    Value::array(items.collect())
}

fn compare(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let other = match args.value(0) {
        Value::Str(text) => Version::parse(&text.text.borrow()),
        Value::Unknown(hole) => return Ok(interpreter.derived(&hole, " (compared)")),
        value => version_of(&value),
    };
    Ok(other.map_or(Value::Nil, |other| Value::Integer(this(me).compare(&other) as i64)))
}

fn hash(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    use std::hash::{DefaultHasher, Hash as _, Hasher};
    let mut hasher = DefaultHasher::new();
    format!("{:?}", this(me).canonical()).hash(&mut hasher);
    Ok(Value::Integer(i64::from_ne_bytes(hasher.finish().to_ne_bytes()) >> 2))
}

fn recommendation(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let version = this(me);
    let mut segments = version.numbers();
    segments.truncate(2);
    while segments.len() < 2 {
        segments.push(Segment::Number(Big::from(0)));
    }
    let suffix = if version.is_prerelease() { ".a" } else { "" };
    Ok(Value::str(format!("~> {}{suffix}", Version::of(segments).text)))
}
