//! `Digest` and the parts of `OpenSSL` that compute the same: MD5, SHA1, SHA256, SHA384, SHA512, HMAC.
//!
//! `Digest::SHA256.hexdigest('abc')` is `ba7816bf…`.

use std::cell::RefCell;
use std::rc::Rc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::Digest;

use crate::name::Name;
use crate::ruby::core::machine::{data_of, object_with, receiver_class};
use crate::ruby::core::string::bytes::{binary, to_bytes};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Native};
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

/// A hash function.
#[derive(Clone, Copy, PartialEq)]
enum Algorithm {
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

const ALGORITHMS: [(&str, Algorithm); 5] = [
    ("MD5", Algorithm::Md5),
    ("SHA1", Algorithm::Sha1),
    ("SHA256", Algorithm::Sha256),
    ("SHA384", Algorithm::Sha384),
    ("SHA512", Algorithm::Sha512),
];

impl Algorithm {
    fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Md5 => md5::Md5::digest(bytes).to_vec(),
            Self::Sha1 => sha1::Sha1::digest(bytes).to_vec(),
            Self::Sha256 => sha2::Sha256::digest(bytes).to_vec(),
            Self::Sha384 => sha2::Sha384::digest(bytes).to_vec(),
            Self::Sha512 => sha2::Sha512::digest(bytes).to_vec(),
        }
    }

    fn block(self) -> usize {
        if matches!(self, Self::Sha384 | Self::Sha512) { 128 } else { 64 }
    }

    fn named(name: &str) -> Option<Self> {
        let name = name.to_ascii_uppercase().replace('-', "");
        ALGORITHMS.iter().find(|(known, _)| *known == name).map(|(_, algorithm)| *algorithm)
    }

    /// Keyed hashing (RFC 2104).
    fn hmac(self, key: &[u8], data: &[u8]) -> Vec<u8> {
        let mut key = if key.len() > self.block() { self.digest(key) } else { key.to_vec() };
        key.resize(self.block(), 0);
        let padded = |pad: u8| key.iter().map(|byte| byte ^ pad).collect::<Vec<u8>>();
        let mut inner = padded(0x36);
        inner.extend_from_slice(data);
        let mut outer = padded(0x5C);
        outer.extend(self.digest(&inner));
        self.digest(&outer)
    }
}

/// What a digest object keeps: the text so far.
struct Running {
    text: RefCell<String>,
}

/// `bytes` as two hexadecimal digits each.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn form(bytes: &[u8], method: &str) -> Value {
    match method {
        "digest" => Value::str(binary(bytes)),
        "base64digest" => Value::str(STANDARD.encode(bytes)),
        _ => Value::str(hex(bytes)),
    }
}

const CLASS: &[(&str, Native)] = &[
    ("hexdigest", |interpreter, me, args| compute(interpreter, me, args, "hexdigest")),
    ("digest", |interpreter, me, args| compute(interpreter, me, args, "digest")),
    ("base64digest", |interpreter, me, args| compute(interpreter, me, args, "base64digest")),
];

const MORE: &[(&str, Native)] = &[
    ("file", |interpreter, _, args| {
        let path = interpreter.display(&args.value(0))?;
        Ok(interpreter.machine_file(&path, "Digest.file"))
    }),
    ("new", |interpreter, me, args| {
        let mut class = receiver_class(interpreter, me);
        // `Digest::SHA2.new(512)`, `OpenSSL::Digest.new('SHA256')`
        let wanted = match args.get(0) {
            Some(Value::Integer(bits)) => Some(format!("SHA{bits}")),
            Some(Value::Str(name)) => Some(name.text.borrow().to_ascii_uppercase().replace('-', "")),
            None if class.display_name() == "Digest::SHA2" => Some("SHA256".to_owned()),
            _ => None,
        };
        if let Some(name) = wanted.filter(|name| Algorithm::named(name).is_some()) {
            class = algorithm_class(interpreter, &name);
        }
        Ok(object_with(&class, Rc::new(Running { text: RefCell::default() })))
    }),
];

const INSTANCE: &[(&str, Native)] = &[
    ("update", update),
    ("<<", update),
    ("hexdigest", |interpreter, me, args| finish(interpreter, me, args, "hexdigest")),
    ("to_s", |interpreter, me, args| finish(interpreter, me, args, "hexdigest")),
    ("digest", |interpreter, me, args| finish(interpreter, me, args, "digest")),
    ("base64digest", |interpreter, me, args| finish(interpreter, me, args, "base64digest")),
    ("hexdigest!", |interpreter, me, args| {
        let answer = finish(interpreter, me, args, "hexdigest");
        reset(interpreter, me, args)?;
        answer
    }),
    ("reset", reset),
    ("inspect", |interpreter, me, args| {
        let class = interpreter.real_class(me).display_name();
        let answer = finish(interpreter, me, args, "hexdigest")?;
        Ok(Value::str(format!("#<{class}: {}>", interpreter.display(&answer)?)))
    }),
    ("==", |interpreter, me, args| {
        let own = finish(interpreter, me, &Args::none(), "hexdigest")?;
        let other = match args.value(0) {
            value @ Value::Str(_) => value,
            value if data_of::<Running>(&value).is_some() => finish(interpreter, &value, &Args::none(), "hexdigest")?,
            _ => return Ok(Value::Bool(false)),
        };
        interpreter.equals(&own, &other)
    }),
    ("digest_length", length),
    ("length", length),
    ("size", length),
    ("block_length", |interpreter, me, _| {
        let block = algorithm(interpreter, me).map_or(64, Algorithm::block);
        Ok(Value::Integer(i64::try_from(block).unwrap_or(64)))
    }),
    ("file", |interpreter, _, args| {
        let path = interpreter.display(&args.value(0))?;
        Ok(interpreter.machine_file(&path, "Digest.file"))
    }),
    ("name", |interpreter, me, _| {
        let name = interpreter.real_class(me).display_name();
        Ok(Value::str(name.rsplit("::").next().unwrap_or("")))
    }),
];

/// Installs the classes.
pub fn install(interpreter: &mut Interpreter) {
    interpreter.define_module_path("Digest");
    let openssl = interpreter.define_module_path("OpenSSL");
    interpreter
        .define_singleton(&openssl, &[("fips_mode", |_, _, _| Ok(Value::Bool(false))), ("fips_mode=", |_, _, args| Ok(args.value(0)))]);
    let object = Rc::clone(&interpreter.classes.object);
    let base = interpreter.define_class_path("Digest::Base", &object);
    interpreter.define(&base, INSTANCE);
    let openssl = interpreter.define_class_path("OpenSSL::Digest", &base);
    interpreter.define_singleton(&openssl, MORE);
    for (name, _) in ALGORITHMS {
        let class = interpreter.define_class_path(&format!("Digest::{name}"), &base);
        for class in [class, interpreter.define_class_path(&format!("OpenSSL::Digest::{name}"), &openssl)] {
            interpreter.define_singleton(&class, CLASS);
            interpreter.define_singleton(&class, MORE);
            interpreter.looks_at_data(&class);
        }
    }
    let sha2 = interpreter.define_class_path("Digest::SHA2", &base);
    interpreter.define_singleton(&sha2, CLASS);
    interpreter.define_singleton(&sha2, MORE);
    interpreter.looks_at_data(&sha2);
    const DIGEST: &[(&str, Native)] = &[("hexencode", |interpreter, _, args| {
        let text = interpreter.to_str(&args.value(0))?;
        Ok(Value::str(hex(&to_bytes(&text))))
    })];
    let module = interpreter.define_module_path("Digest");
    interpreter.define_singleton(&module, DIGEST);
    let hmac = interpreter.define_class_path("OpenSSL::HMAC", &object);
    const HMAC: &[(&str, Native)] = &[
        ("hexdigest", |interpreter, _, args| keyed(interpreter, args, "hexdigest")),
        ("digest", |interpreter, _, args| keyed(interpreter, args, "digest")),
        ("base64digest", |interpreter, _, args| keyed(interpreter, args, "base64digest")),
    ];
    interpreter.define_singleton(&hmac, HMAC);
    interpreter.looks_at_data(&hmac);
}

fn algorithm_class(interpreter: &mut Interpreter, name: &str) -> Rc<Module> {
    let object = Rc::clone(&interpreter.classes.object);
    let base = interpreter.define_class_path("Digest::Base", &object);
    interpreter.define_class_path(&format!("Digest::{name}"), &base)
}

/// The algorithm of a digest class or object.
fn algorithm(interpreter: &mut Interpreter, me: &Value) -> Option<Algorithm> {
    let class = receiver_class(interpreter, me);
    class.linearise(interpreter.version).iter().find_map(|class| {
        let name = class.display_name();
        let last = name.rsplit("::").next().unwrap_or("").to_owned();
        if last == "SHA2" { Some(Algorithm::Sha256) } else { Algorithm::named(&last) }
    })
}

fn compute(interpreter: &mut Interpreter, me: &Value, args: &Args, method: &str) -> Eval {
    interpreter.check_arity(args, 1, Some(2))?;
    let text = interpreter.to_str(&args.value(0))?;
    match algorithm(interpreter, me) {
        Some(algorithm) => Ok(form(&algorithm.digest(&to_bytes(&text)), method)),
        None => interpreter.argument_error("no such digest"),
    }
}

fn keyed(interpreter: &mut Interpreter, args: &Args, method: &str) -> Eval {
    interpreter.check_arity(args, 3, Some(3))?;
    let name = match args.value(0) {
        value @ Value::Object(_) => {
            let name = interpreter.send(&value, "name", &[])?;
            interpreter.display(&name)?
        }
        value => interpreter.display(&value)?,
    };
    let (key, data) = (interpreter.to_str(&args.value(1))?, interpreter.to_str(&args.value(2))?);
    match Algorithm::named(&name) {
        Some(algorithm) => Ok(form(&algorithm.hmac(&to_bytes(&key), &to_bytes(&data)), method)),
        None => interpreter.argument_error(format!("Unsupported digest algorithm ({name}).: unknown object name")),
    }
}

fn update(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let more = interpreter.to_str(&args.value(0))?;
    if let Some(running) = data_of::<Running>(me) {
        running.text.borrow_mut().push_str(&more);
        let size = running.text.borrow().len();
        interpreter.check_size(size)?;
    }
    Ok(me.clone())
}

fn reset(_: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    if let Some(running) = data_of::<Running>(me) {
        running.text.borrow_mut().clear();
    }
    Ok(me.clone())
}

/// The digest of the text so far, asked of the class so that holes in the text are respected.
fn finish(interpreter: &mut Interpreter, me: &Value, args: &Args, method: &str) -> Eval {
    let text = match args.get(0) {
        Some(text) => text.clone(),
        None => Value::str(data_of::<Running>(me).map(|running| running.text.borrow().clone()).unwrap_or_default()),
    };
    let class = Value::Module(interpreter.real_class(me));
    interpreter.call(&class, Name::new(method), Args::new(vec![text]), crate::ruby::dispatch::CallKind::Implicit)
}

fn length(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let length = algorithm(interpreter, me).map_or(0, |algorithm| algorithm.digest(b"").len());
    Ok(Value::Integer(i64::try_from(length).unwrap_or(0)))
}
