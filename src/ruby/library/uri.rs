//! `URI`: addresses taken apart and put together.
//!
//! `URI.parse('https://u:p@ex.com:8443/a?x=1').host` is `ex.com`.

mod parts;

use std::cell::RefCell;
use std::rc::Rc;

use super::encode::{percent, unpercent};
use crate::ruby::core::machine::{data_of, object_with, receiver_class, unknown};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Native};
use crate::ruby::procs::Args;
use crate::ruby::value::Value;
use parts::Parts;

/// What a URI object keeps.
struct Uri(RefCell<Parts>);

const SCHEMES: [(&str, &str, i64); 9] = [
    ("http", "HTTP", 80),
    ("https", "HTTPS", 443),
    ("ftp", "FTP", 21),
    ("ldap", "LDAP", 389),
    ("ldaps", "LDAPS", 636),
    ("ws", "WS", 80),
    ("wss", "WSS", 443),
    ("mailto", "MailTo", 0),
    ("file", "File", 0),
];

const MODULE: &[(&str, Native)] = &[
    ("parse", parse),
    ("join", join),
    ("split", split),
    ("encode_www_form", encode_form),
    ("decode_www_form", decode_form),
    ("encode_www_form_component", |interpreter, _, args| {
        let text = interpreter.display(&args.value(0))?;
        Ok(Value::str(percent(&text, "*-._", true)))
    }),
    ("decode_www_form_component", |interpreter, _, args| {
        let text = interpreter.to_str(&args.value(0))?;
        Ok(Value::str(unpercent(&text, true)))
    }),
    ("encode_uri_component", |interpreter, _, args| {
        let text = interpreter.display(&args.value(0))?;
        Ok(Value::str(percent(&text, "*-._", false)))
    }),
    ("extract", extract),
    ("regexp", |interpreter, _, _| interpreter.make_regexp(URL, "")),
    ("open", |interpreter, _, args| {
        let address = interpreter.display(&args.value(0))?;
        let shown: String = interpreter.to_text(&address).to_string().chars().take(60).collect();
        Ok(unknown(format!("URI.open('{shown}')"), "an answer of the network"))
    }),
    ("scheme_list", |interpreter, _, _| {
        let mut pairs = Vec::new();
        for (scheme, ..) in SCHEMES {
            let class = class_for(interpreter, Some(scheme));
            pairs.push((Value::str(scheme.to_ascii_uppercase()), Value::Module(class)));
        }
        Ok(Value::hash(pairs))
    }),
];

const PARSER: &[(&str, Native)] = &[
    ("parse", parse),
    ("escape", |interpreter, _, args| {
        let text = interpreter.to_str(&args.value(0))?;
        Ok(Value::str(percent(&text, ";/?:@&=+$,[]-_.!~*'()", false)))
    }),
    ("unescape", |interpreter, _, args| {
        let text = interpreter.to_str(&args.value(0))?;
        Ok(Value::str(unpercent(&text, false)))
    }),
    ("make_regexp", |interpreter, _, _| interpreter.make_regexp(URL, "")),
    ("extract", extract),
    ("split", split),
    ("join", join),
];

/// What is taken for an address inside of text.
const URL: &str = r"(?:[A-Za-z][A-Za-z0-9+.-]*):(?://)?[A-Za-z0-9\-_.!~*'();/?:@&=+$,\[\]%#]+";

const GENERIC: &[(&str, Native)] = &[
    ("scheme", |_, me, _| Ok(word(this(me).scheme))),
    ("host", |_, me, _| Ok(word(this(me).host))),
    ("hostname", |_, me, _| Ok(word(this(me).host.map(|host| host.trim_start_matches('[').trim_end_matches(']').to_owned())))),
    ("port", |_, me, _| Ok(this(me).port().map_or(Value::Nil, Value::Integer))),
    ("default_port", |_, me, _| Ok(this(me).default_port().map_or(Value::Nil, Value::Integer))),
    ("path", |_, me, _| Ok(if this(me).opaque.is_some() { Value::Nil } else { Value::str(this(me).path) })),
    ("query", |_, me, _| Ok(word(this(me).query))),
    ("fragment", |_, me, _| Ok(word(this(me).fragment))),
    ("opaque", |_, me, _| Ok(word(this(me).opaque))),
    ("to", |_, me, _| Ok(word(this(me).opaque))),
    ("userinfo", |_, me, _| Ok(word(this(me).userinfo))),
    ("user", |_, me, _| Ok(word(this(me).user()))),
    ("password", |_, me, _| Ok(word(this(me).password()))),
    ("registry", |_, _, _| Ok(Value::Nil)),
    ("request_uri", |_, me, _| Ok(Value::str(this(me).request()))),
    ("to_s", |_, me, _| Ok(Value::str(this(me).to_string()))),
    ("to_str", |_, me, _| Ok(Value::str(this(me).to_string()))),
    ("inspect", |interpreter, me, _| {
        let class = interpreter.real_class(me).display_name();
        Ok(Value::str(format!("#<{class} {}>", this(me))))
    }),
    ("absolute?", |_, me, _| Ok(Value::Bool(this(me).scheme.is_some()))),
    ("absolute", |_, me, _| Ok(Value::Bool(this(me).scheme.is_some()))),
    ("relative?", |_, me, _| Ok(Value::Bool(this(me).scheme.is_none()))),
    ("hierarchical?", |_, me, _| Ok(Value::Bool(this(me).opaque.is_none()))),
    ("==", |_, me, args| Ok(Value::Bool(parts_of(&args.value(0)).is_some_and(|other| other.normal() == this(me).normal())))),
    ("eql?", |_, me, args| Ok(Value::Bool(parts_of(&args.value(0)).is_some_and(|other| other == this(me))))),
    ("hash", |interpreter, me, _| interpreter.send(&Value::str(this(me).to_string()), "hash", &[])),
    ("normalize", |interpreter, me, _| make(interpreter, this(me).normal())),
    ("merge", merge),
    ("+", merge),
    ("route_to", |interpreter, me, args| {
        let other = read(interpreter, &args.value(0))?;
        let base = this(me).path;
        let base = base.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = other.path.strip_prefix(base).map_or(other.path.as_str(), |rest| rest.trim_start_matches('/')).to_owned();
        make(interpreter, Parts { path, query: other.query, fragment: other.fragment, ..Parts::default() })
    }),
    ("select", |interpreter, me, args| {
        let mut values = Vec::new();
        for name in &args.list {
            let name = interpreter.display(name)?;
            values.push(interpreter.send(me, &name, &[])?);
        }
        Ok(Value::array(values))
    }),
    ("find_proxy", |_, _, _| Ok(Value::Nil)),
    ("open", |_, me, _| Ok(unknown(format!("URI('{}').open", this(me)), "an answer of the network"))),
    ("read", |_, me, _| Ok(unknown(format!("URI('{}').read", this(me)), "an answer of the network"))),
    ("scheme=", |interpreter, me, args| set(interpreter, me, args, |parts, text| parts.scheme = text)),
    ("host=", |interpreter, me, args| set(interpreter, me, args, |parts, text| parts.host = text)),
    ("hostname=", |interpreter, me, args| set(interpreter, me, args, |parts, text| parts.host = text)),
    ("query=", |interpreter, me, args| set(interpreter, me, args, |parts, text| parts.query = text)),
    ("fragment=", |interpreter, me, args| set(interpreter, me, args, |parts, text| parts.fragment = text)),
    ("opaque=", |interpreter, me, args| set(interpreter, me, args, |parts, text| parts.opaque = text)),
    ("userinfo=", |interpreter, me, args| set(interpreter, me, args, |parts, text| parts.userinfo = text)),
    ("user=", |interpreter, me, args| set(interpreter, me, args, Parts::set_user)),
    ("password=", |interpreter, me, args| set(interpreter, me, args, Parts::set_password)),
    ("path=", |interpreter, me, args| {
        let path = interpreter.display(&args.value(0))?;
        if this(me).scheme.is_some() && !path.is_empty() && !path.starts_with('/') {
            return wrong_component(interpreter, &format!("bad component(expected absolute path component): {path}"));
        }
        set(interpreter, me, args, |parts, text| parts.path = text.unwrap_or_default())
    }),
    ("port=", |interpreter, me, args| {
        let text = interpreter.display(&args.value(0))?;
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return wrong_component(interpreter, &format!("bad component(expected port component): {text}"));
        }
        set(interpreter, me, args, |parts, text| parts.port = text.and_then(|text| text.parse().ok()))
    }),
];

/// Installs the module and its classes.
pub fn install(interpreter: &mut Interpreter) {
    let module = interpreter.define_module_path("URI");
    interpreter.define_singleton(&module, MODULE);
    interpreter.looks_at_data(&module);
    let generic = class_for(interpreter, None);
    interpreter.define(&generic, GENERIC);
    interpreter.define_singleton(&generic, &[("build", build), ("new", build_list)]);
    for (scheme, name, _) in SCHEMES {
        let class = class_for(interpreter, Some(scheme));
        let alias = interpreter.define_module_path("URI");
        interpreter.set_constant(&alias, name.into(), Value::Module(class));
    }
    for name in ["InvalidURIError", "InvalidComponentError", "BadURIError"] {
        error(interpreter, name);
    }
    let object = Rc::clone(&interpreter.classes.object);
    let parser = interpreter.define_class_path("URI::RFC2396_Parser", &object);
    interpreter.define(&parser, PARSER);
    let made = interpreter.allocate(&parser);
    interpreter.set_constant(&module, "DEFAULT_PARSER".into(), made);
    interpreter.set_constant(&module, "Parser".into(), Value::Module(parser));
    let kernel = Rc::clone(&interpreter.classes.kernel);
    interpreter.define_private(
        &kernel,
        &[("URI", |interpreter, _, args| {
            if parts_of(&args.value(0)).is_some() {
                return Ok(args.value(0));
            }
            let module = interpreter.define_module_path("URI");
            interpreter.send(&Value::Module(module), "parse", &args.list)
        })],
    );
}

fn error(interpreter: &mut Interpreter, name: &str) -> Rc<Module> {
    let above = Rc::clone(&interpreter.classes.standard_error);
    let base = interpreter.define_class_path("URI::Error", &above);
    interpreter.define_class_path(&format!("URI::{name}"), &base)
}

fn wrong_component(interpreter: &mut Interpreter, message: &str) -> Eval {
    let class = error(interpreter, "InvalidComponentError");
    interpreter.raise(&class, message)
}

/// The class for a scheme.
fn class_for(interpreter: &mut Interpreter, scheme: Option<&str>) -> Rc<Module> {
    let object = Rc::clone(&interpreter.classes.object);
    let generic = interpreter.define_class_path("URI::Generic", &object);
    let lower = scheme.map(str::to_ascii_lowercase);
    match SCHEMES.iter().find(|(known, ..)| Some(*known) == lower.as_deref()) {
        Some((_, "HTTPS", _)) => {
            let http = interpreter.define_class_path("URI::HTTP", &generic);
            interpreter.define_class_path("URI::HTTPS", &http)
        }
        Some((_, name, _)) => interpreter.define_class_path(&format!("URI::{name}"), &generic),
        None => generic,
    }
}

fn parts_of(value: &Value) -> Option<Parts> {
    data_of::<Uri>(value).map(|uri| uri.0.borrow().clone())
}

fn this(me: &Value) -> Parts {
    parts_of(me).unwrap_or_default()
}

fn word(text: Option<String>) -> Value {
    text.map_or(Value::Nil, Value::str)
}

fn make(interpreter: &mut Interpreter, parts: Parts) -> Eval {
    let class = class_for(interpreter, parts.scheme.as_deref());
    Ok(object_with(&class, Rc::new(Uri(RefCell::new(parts)))))
}

fn set(interpreter: &mut Interpreter, me: &Value, args: &Args, change: fn(&mut Parts, Option<String>)) -> Eval {
    interpreter.check_frozen(me)?;
    let value = args.value(0);
    let text = if value.is_nil() { None } else { Some(interpreter.display(&value)?) };
    if let Some(uri) = data_of::<Uri>(me) {
        change(&mut uri.0.borrow_mut(), text);
    }
    Ok(value)
}

/// The parts of a URI or of its text.
fn read(interpreter: &mut Interpreter, value: &Value) -> Eval<Parts> {
    if let Some(parts) = parts_of(value) {
        return Ok(parts);
    }
    let text = match value {
        Value::Str(text) => text.text.borrow().clone(),
        Value::Object(_) if interpreter.responds_to(value, "to_str")? => interpreter.to_str(value)?,
        other => {
            let shown = interpreter.inspect(other)?;
            let class = error(interpreter, "InvalidURIError");
            return interpreter.raise(&class, format!("bad URI(is not URI?): {shown}"));
        }
    };
    match Parts::parse(&text) {
        Some(parts) => Ok(parts),
        None => {
            let shown = interpreter.inspect(&Value::str(text.as_str()))?;
            let class = error(interpreter, "InvalidURIError");
            let message = if text.is_ascii() {
                format!("bad URI(is not URI?): {shown}")
            } else {
                let escaped: String =
                    shown.chars().map(|c| if c.is_ascii() { c.to_string() } else { format!("\\u{:04X}", u32::from(c)) }).collect();
                format!("URI must be ascii only {escaped}")
            };
            interpreter.raise(&class, message)
        }
    }
}

fn parse(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    interpreter.check_arity(args, 1, Some(1))?;
    let parts = read(interpreter, &args.value(0))?;
    make(interpreter, parts)
}

fn join(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let mut parts = read(interpreter, &args.value(0))?;
    for value in args.list.iter().skip(1) {
        let other = read(interpreter, value)?;
        parts = parts.merge(&other);
    }
    make(interpreter, parts)
}

fn merge(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let other = read(interpreter, &args.value(0))?;
    let merged = this(me).merge(&other);
    make(interpreter, merged)
}

fn split(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let parts = read(interpreter, &args.value(0))?;
    let port = parts.port.map(|port| port.to_string());
    let path = if parts.opaque.is_some() { None } else { Some(parts.path) };
    let list = [parts.scheme, parts.userinfo, parts.host, port, None, path, parts.opaque, parts.query, parts.fragment];
    Ok(Value::array(list.into_iter().map(word).collect()))
}

fn encode_form(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let mut fields = Vec::new();
    for pair in interpreter.to_list(&args.value(0))? {
        let items = pair.items().unwrap_or_else(|| vec![pair.clone()]);
        let name = interpreter.display(&items.first().cloned().unwrap_or(Value::Nil))?;
        let name = percent(&name, "*-._", true);
        let values = match items.get(1) {
            Some(Value::Array(array)) => array.items.borrow().clone(),
            Some(value) => vec![value.clone()],
            None => vec![Value::Nil],
        };
        for value in values {
            if value.is_nil() {
                fields.push(name.clone());
            } else {
                let value = interpreter.display(&value)?;
                fields.push(format!("{name}={}", percent(&value, "*-._", true)));
            }
        }
    }
    Ok(Value::str(fields.join("&")))
}

fn decode_form(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let text = interpreter.to_str(&args.value(0))?;
    let pairs = text.split('&').filter(|field| !field.is_empty()).map(|field| {
        let (name, value) = field.split_once('=').unwrap_or((field, ""));
        Value::strings([unpercent(name, true), unpercent(value, true)])
    });
    Ok(Value::array(pairs.collect()))
}

fn extract(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let text = interpreter.to_str(&args.value(0))?;
    let schemes: Option<Vec<String>> = match args.get(1) {
        Some(Value::Array(array)) => Some(array.items.borrow().iter().filter_map(Value::text).collect()),
        Some(Value::Str(text)) => Some(vec![text.text.borrow().clone()]),
        _ => None,
    };
    let Ok(regex) = fancy_regex::Regex::new(URL) else { return Ok(Value::array(Vec::new())) };
    let found = regex.find_iter(&text).filter_map(Result::ok).map(|found| found.as_str().to_owned());
    let wanted = found.filter(|address| {
        let scheme = address.split(':').next().unwrap_or("");
        schemes.as_ref().is_none_or(|schemes| schemes.iter().any(|known| known == scheme))
    });
    Ok(Value::strings(wanted))
}

fn build(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let class = receiver_class(interpreter, me);
    let scheme =
        SCHEMES.iter().find(|(_, name, _)| class.display_name() == format!("URI::{name}")).map(|(scheme, ..)| (*scheme).to_owned());
    let mut parts = Parts { scheme, ..Parts::default() };
    let mut field = |interpreter: &mut Interpreter, name: &str, value: &Value| -> Eval<()> {
        if value.is_nil() {
            return Ok(());
        }
        let text = interpreter.display(value)?;
        match name {
            "scheme" => parts.scheme = Some(text),
            "userinfo" => parts.userinfo = Some(text),
            "host" => parts.host = Some(text),
            "port" => parts.port = text.parse().ok(),
            "path" => parts.path = text,
            "query" => parts.query = Some(text),
            "fragment" => parts.fragment = Some(text),
            "opaque" | "to" => parts.opaque = Some(text),
            _ => {}
        }
        Ok(())
    };
    match args.value(0) {
        Value::Hash(hash) => {
            for (key, value) in hash.pairs() {
                let name = key.text().unwrap_or_default();
                field(interpreter, &name, &value)?;
            }
        }
        Value::Array(array) => {
            let items = array.items.borrow().clone();
            let names = ["userinfo", "host", "port", "path", "query", "fragment"];
            for (name, value) in names.iter().zip(&items) {
                field(interpreter, name, value)?;
            }
        }
        Value::Unknown(hole) => return Ok(interpreter.derived(&hole, " (as a URI)")),
        _ => return interpreter.argument_error("expected Array of or Hash of components"),
    }
    if parts.scheme.is_some() && !parts.path.is_empty() && !parts.path.starts_with('/') {
        return wrong_component(interpreter, &format!("bad component(expected absolute path component): {}", parts.path));
    }
    make(interpreter, parts)
}

/// `URI::Generic.new(scheme, userinfo, host, port, registry, path, opaque, query, fragment)`
fn build_list(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let mut texts = Vec::new();
    for index in 0..9 {
        let value = args.value(index);
        texts.push(if value.is_nil() { None } else { Some(interpreter.display(&value)?) });
    }
    let mut next = texts.into_iter();
    let mut take = || next.next().flatten();
    let (scheme, userinfo, host, port, _, path, opaque, query, fragment) =
        (take(), take(), take(), take(), take(), take(), take(), take(), take());
    let port = port.and_then(|port| port.parse().ok());
    make(interpreter, Parts { scheme, userinfo, host, port, path: path.unwrap_or_default(), opaque, query, fragment })
}
