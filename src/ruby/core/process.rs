//! `Process`, `Etc`, `Socket`, `Random`, `SecureRandom` and other windows to the machine: what they show is unknown.
//! `GC`, `ObjectSpace`, `Signal`, `RbConfig`: as far as a script can use them without running.

use std::rc::Rc;

use crate::name::Name;
use crate::ruby::core::machine::{HOST, RANDOM, receiver_class, unknown};
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::{Module, Native};
use crate::ruby::procs::Args;
use crate::ruby::value::Value;
use crate::text::Hole;

/// Functions of the machine, by module.
const UNKNOWN: &[(&str, bool, &[&str])] = &[
    (
        "Process",
        false,
        &[
            "pid",
            "ppid",
            "uid",
            "gid",
            "euid",
            "egid",
            "clock_gettime",
            "getpgid",
            "times",
            "spawn",
            "wait",
            "wait2",
            "waitpid",
            "waitpid2",
            "waitall",
            "last_status",
            "fork",
            "groups",
            "getpgrp",
            "setsid",
            "getsid",
            "getpriority",
            "setpriority",
            "getrlimit",
            "setrlimit",
            "clock_getres",
        ],
    ),
    (
        "Etc",
        false,
        &[
            "getlogin",
            "getpwnam",
            "getpwuid",
            "getgrnam",
            "getgrgid",
            "nprocessors",
            "uname",
            "passwd",
            "group",
            "systmpdir",
            "sysconfdir",
            "sysconf",
            "confstr",
            "getpwent",
            "getgrent",
        ],
    ),
    ("Socket", true, &["gethostname", "gethostbyname", "ip_address_list", "getaddrinfo", "getifaddrs", "tcp", "new", "getservbyname"]),
    ("TCPSocket", true, &["new", "open", "gethostbyname"]),
    ("UDPSocket", true, &["new", "open"]),
    ("UNIXSocket", true, &["new", "open"]),
    ("IPSocket", true, &["getaddress"]),
    ("Addrinfo", true, &["tcp", "ip", "new", "getaddrinfo"]),
    ("Resolv", true, &["getaddress", "getaddresses", "getname", "getnames"]),
    ("Resolv::DNS", true, &["new", "open"]),
    ("Resolv::Hosts", true, &["new"]),
    ("Net::HTTP", true, &["get", "get_response", "post", "post_form", "start", "new", "get_print", "proxy_class?", "Proxy"]),
    ("Net::HTTP::Get", true, &["new"]),
    ("Net::HTTP::Head", true, &["new"]),
    ("Net::HTTP::Post", true, &["new"]),
    ("Net::HTTP::Put", true, &["new"]),
    ("Net::HTTP::Patch", true, &["new"]),
    ("Net::HTTP::Delete", true, &["new"]),
    ("OpenSSL::Random", false, &["random_bytes", "pseudo_bytes", "seed", "random_add", "status?"]),
    ("OpenSSL::PKey", false, &["read", "generate_key", "generate_parameters"]),
    ("OpenSSL::PKey::RSA", true, &["new", "generate"]),
    ("OpenSSL::PKey::DSA", true, &["new", "generate"]),
    ("OpenSSL::PKey::DH", true, &["new", "generate"]),
    ("OpenSSL::PKey::EC", true, &["new", "generate"]),
    ("OpenSSL::X509::Certificate", true, &["new", "load", "load_file"]),
    ("OpenSSL::X509::Request", true, &["new"]),
    ("OpenSSL::X509::CRL", true, &["new"]),
    ("OpenSSL::X509::Name", true, &["new", "parse", "parse_rfc2253", "parse_openssl"]),
    ("OpenSSL::X509::Store", true, &["new"]),
    ("OpenSSL::X509::Extension", true, &["new"]),
    ("OpenSSL::X509::ExtensionFactory", true, &["new"]),
    ("OpenSSL::Cipher", true, &["new", "ciphers"]),
    ("OpenSSL::Cipher::AES", true, &["new"]),
    ("OpenSSL::BN", true, &["new", "rand"]),
    ("OpenSSL::PKCS12", true, &["new", "create"]),
    ("OpenSSL::PKCS5", false, &["pbkdf2_hmac", "pbkdf2_hmac_sha1"]),
    ("OpenSSL::SSL::SSLContext", true, &["new"]),
    ("OpenSSL::SSL::SSLSocket", true, &["new", "open"]),
    ("Open3", false, &["capture2", "capture2e", "capture3", "popen2", "popen2e", "popen3", "pipeline", "pipeline_r", "pipeline_w"]),
    ("Find", false, &["find"]),
    ("Zlib::GzipReader", true, &["new", "open", "wrap", "zcat"]),
    ("Zlib::GzipWriter", true, &["new", "open", "wrap"]),
    (
        "Gem::Specification",
        true,
        &[
            "find_by_name",
            "find_all_by_name",
            "find_by_path",
            "find_all",
            "latest_specs",
            "stubs",
            "all",
            "all_names",
            "each",
            "dirs",
            "load",
            "new",
        ],
    ),
];

/// Installs the modules.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    for (path, class, functions) in UNKNOWN {
        let module = if *class { interpreter.define_class_path(path, &object) } else { interpreter.define_module_path(path) };
        let table: Vec<(&str, Native)> = functions.iter().map(|name| (*name, ask as Native)).collect();
        interpreter.define_singleton_list(&module, &table);
    }
    let process = interpreter.define_module_path("Process");
    for (name, number) in [("CLOCK_REALTIME", 0), ("CLOCK_MONOTONIC", 1), ("CLOCK_PROCESS_CPUTIME_ID", 2), ("WNOHANG", 1)] {
        interpreter.set_constant(&process, Name::new(name), Value::Integer(number));
    }
    interpreter.define_singleton(
        &process,
        &[
            ("kill", |_, _, _| Ok(Value::Integer(1))),
            ("detach", |_, _, _| Ok(Value::Nil)),
            ("daemon", |_, _, _| Ok(Value::Integer(0))),
            ("setproctitle", |_, _, args| Ok(args.value(0))),
        ],
    );
    let socket = interpreter.define_class_path("Socket", &object);
    for (name, number) in [("AF_INET", 2), ("AF_INET6", 10), ("SOCK_STREAM", 1), ("SOCK_DGRAM", 2)] {
        interpreter.set_constant(&socket, Name::new(name), Value::Integer(number));
    }
    let standard = Rc::clone(&interpreter.classes.standard_error);
    for name in ["SocketError", "Net::ReadTimeout", "Net::OpenTimeout", "Net::HTTPError", "Resolv::ResolvError", "OpenURI::HTTPError"] {
        interpreter.define_class_path(name, &standard);
    }
    // `case response when Net::HTTPSuccess`: which it is, is not known.
    let response = interpreter.define_class_path("Net::HTTPResponse", &object);
    for kind in ["Information", "Success", "Redirection", "ClientError", "ServerError"] {
        let class = interpreter.define_class_path(&format!("Net::HTTP{kind}"), &response);
        let codes: &[&str] = match kind {
            "Success" => &["OK", "Created", "Accepted", "NoContent"],
            "Redirection" => &["MovedPermanently", "Found", "SeeOther", "NotModified", "TemporaryRedirect", "PermanentRedirect"],
            "ClientError" => &["BadRequest", "Unauthorized", "Forbidden", "NotFound", "Conflict", "TooManyRequests"],
            "ServerError" => &["InternalServerError", "BadGateway", "ServiceUnavailable", "GatewayTimeOut"],
            _ => &["Continue"],
        };
        for code in codes {
            interpreter.define_class_path(&format!("Net::HTTP{code}"), &class);
        }
    }
    let ssl = interpreter.define_module_path("OpenSSL::SSL");
    for (name, number) in [("VERIFY_NONE", 0), ("VERIFY_PEER", 1), ("VERIFY_FAIL_IF_NO_PEER_CERT", 2), ("VERIFY_CLIENT_ONCE", 4)] {
        interpreter.set_constant(&ssl, Name::new(name), Value::Integer(number));
    }
    let above = interpreter.define_class_path("OpenSSL::OpenSSLError", &standard);
    for name in ["PKey::PKeyError", "X509::CertificateError", "X509::NameError", "Cipher::CipherError", "SSL::SSLError"] {
        interpreter.define_class_path(&format!("OpenSSL::{name}"), &above);
    }
    let key_error = interpreter.define_class_path("OpenSSL::PKey::PKeyError", &above);
    for name in ["RSAError", "DSAError", "ECError"] {
        interpreter.define_class_path(&format!("OpenSSL::PKey::{name}"), &key_error);
    }
    random(interpreter);
    quiet(interpreter);
    config(interpreter);
}

fn described(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval<String> {
    let module = receiver_class(interpreter, me).display_name();
    let method = interpreter.calls.last().map_or_else(String::new, |(_, name)| name.to_string());
    let mut shown = Vec::new();
    for value in args.list.iter().filter(|value| matches!(value, Value::Str(_) | Value::Integer(_) | Value::Symbol(_))) {
        let text = interpreter.inspect(value)?;
        shown.push(interpreter.to_text(&text).to_string());
    }
    let shown: String = shown.join(", ").chars().take(40).collect();
    Ok(if shown.is_empty() { format!("{module}.{method}") } else { format!("{module}.{method}({shown})") })
}

fn ask(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let name = described(interpreter, me, args)?;
    let random = name.starts_with("OpenSSL::Random") || name.contains(".generate") || name.starts_with("OpenSSL::BN.rand");
    let reason = match name.as_str() {
        _ if random => RANDOM,
        network if network.starts_with("Net::") || network.starts_with("Resolv") => "an answer of the network",
        _ => HOST,
    };
    let answer = unknown(name, reason);
    match &args.block {
        Some(block) => interpreter.call_with_block(&answer, "tap", Vec::new(), Rc::clone(block)),
        None => Ok(answer),
    }
}

fn random(interpreter: &mut Interpreter) {
    const RANDOM_FUNCTIONS: &[(&str, Native)] = &[
        ("rand", |_, _, _| Ok(unknown("rand", RANDOM))),
        ("random_number", |_, _, _| Ok(unknown("rand", RANDOM))),
        ("bytes", |_, _, _| Ok(unknown("Random.bytes", RANDOM))),
        ("seed", |_, _, _| Ok(unknown("Random.seed", RANDOM))),
    ];
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Random", &object);
    interpreter.define(&class, RANDOM_FUNCTIONS);
    interpreter.define_private(&class, &[("initialize", |_, _, _| Ok(Value::Nil))]);
    interpreter.define_singleton(&class, RANDOM_FUNCTIONS);
    interpreter.define_singleton(
        &class,
        &[
            ("new_seed", |_, _, _| Ok(unknown("Random.new_seed", RANDOM))),
            ("srand", |_, _, _| Ok(Value::Integer(0))),
            ("urandom", |_, _, _| Ok(unknown("Random.urandom", RANDOM))),
        ],
    );
    // What is drawn here mostly becomes a password.
    let secure = interpreter.define_module_path("SecureRandom");
    for name in ["hex", "uuid", "base64", "urlsafe_base64", "alphanumeric", "random_bytes", "bytes", "random_number", "rand", "gen_random"]
    {
        interpreter.define_singleton_list(
            &secure,
            &[(name, |interpreter, me, args| {
                let name = described(interpreter, me, args)?;
                Ok(Value::Unknown(Rc::new(Hole::secret(name, "random value", None))))
            })],
        );
    }
}

fn quiet(interpreter: &mut Interpreter) {
    const NOTHING: &[(&str, &[&str])] =
        &[("GC", &["start", "enable", "disable", "compact"]), ("Signal", &["trap"]), ("ObjectSpace", &["garbage_collect"])];
    for (path, functions) in NOTHING {
        let module = interpreter.define_module_path(path);
        for name in *functions {
            interpreter.define_singleton_list(&module, &[(name, |_, _, _| Ok(Value::Nil))]);
        }
    }
    let empty: &[(&str, Native)] = &[("stat", |_, _, _| Ok(Value::Hash(Value::new_hash()))), ("count", |_, _, _| Ok(Value::Integer(0)))];
    let module = interpreter.define_module_path("GC");
    interpreter.define_singleton(&module, empty);
    let signal = interpreter.define_module_path("Signal");
    interpreter.define_singleton(
        &signal,
        &[("list", |_, _, _| {
            let signals =
                [("EXIT", 0), ("HUP", 1), ("INT", 2), ("QUIT", 3), ("KILL", 9), ("USR1", 10), ("USR2", 12), ("TERM", 15), ("CHLD", 17)];
            Ok(Value::hash(signals.map(|(name, number)| (Value::str(name), Value::Integer(number)))))
        })],
    );
    let space = interpreter.define_module_path("ObjectSpace");
    interpreter.define_singleton(&space, &[("each_object", each_object)]);
}

/// Only classes and modules can be gone through: those that a constant names.
fn each_object(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let Some(block) = &args.block else { return interpreter.enumerator(me, "each_object", args.list.clone()) };
    let mut found: Vec<Rc<Module>> = Vec::new();
    let mut open = vec![Rc::clone(&interpreter.classes.object)];
    while let Some(module) = open.pop() {
        for value in module.constants.borrow().values() {
            if let Value::Module(inner) = value {
                if !found.iter().any(|known| Rc::ptr_eq(known, inner)) {
                    found.push(Rc::clone(inner));
                    open.push(Rc::clone(inner));
                }
            }
        }
    }
    let mut count = 0;
    for module in found {
        let value = interpreter.finished(Value::Module(module));
        let wanted = match args.get(0) {
            Some(Value::Module(class)) => interpreter.is_a(&value, class),
            _ => true,
        };
        if wanted {
            interpreter.step()?;
            interpreter.yield_values(block, vec![value])?;
            count += 1;
        }
    }
    Ok(Value::Integer(count))
}

fn config(interpreter: &mut Interpreter) {
    let module = interpreter.define_module_path("RbConfig");
    let values = [
        ("host_os", "linux-gnu"),
        ("target_os", "linux"),
        ("host_cpu", "x86_64"),
        ("arch", "x86_64-linux-gnu"),
        ("ruby_install_name", "ruby"),
        ("RUBY_INSTALL_NAME", "ruby"),
        ("bindir", "/usr/bin"),
        ("prefix", "/usr"),
        ("MAJOR", "3"),
        ("MINOR", "1"),
        ("TEENY", "2"),
        ("ruby_version", "3.1.0"),
        ("EXEEXT", ""),
    ];
    let hash = Value::hash(values.map(|(name, value)| (Value::str(name), Value::str(value))));
    interpreter.set_constant(&module, Name::new("CONFIG"), hash);
    interpreter.define_singleton(&module, &[("ruby", |_, _, _| Ok(Value::str("/usr/bin/ruby")))]);
}
