//! `require_relative` and `require` of files of the cookbooks: libraries that load each other in an order of their own.
//!
//! `require_relative 'builders'` in `libraries/default.rb` runs `libraries/builders.rb` there and then, once. What is no file of
//! the input is the standard library's or a gem's, which are there already or unknown.

use std::rc::Rc;

use crate::chef::client::client;
use crate::chef::load::run_file;
use crate::diagnostic::Diagnostic;
use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::hole::has_hole;
use crate::ruby::interpreter::{Interpreter, OpenLibrary};
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;
use crate::source::FileId;

const METHODS: &[(&str, Native)] = &[("require_relative", relative), ("require", absolute)];

/// Defines both on every object.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    interpreter.define(&object, METHODS);
}

fn relative(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let name = interpreter.display(&args.value(0))?;
    let here = interpreter.location(interpreter.call_site()).path;
    let folder = here.rsplit_once('/').map_or("", |(folder, _)| folder);
    load(interpreter, &format!("{folder}/{name}"))
}

fn absolute(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let name = interpreter.display(&args.value(0))?;
    // A bare name is the standard library's or a gem's.
    if name.contains('/') && interpreter.sources.find(&plain(&name)).or(interpreter.sources.find(&format!("{}.rb", plain(&name)))).is_some()
    {
        return load(interpreter, &name);
    }
    if !interpreter.require_script(&name)? {
        note_library(interpreter, &name);
    }
    Ok(Value::Bool(true))
}

/// Libraries by the first part of their path: what they define, or nothing where Chef and Ruby themselves have it always.
const LIBRARIES: &[(&str, &str)] = &[
    ("English", ""),
    ("abbrev", "Abbrev"),
    ("base64", "Base64"),
    ("benchmark", "Benchmark"),
    ("bigdecimal", "BigDecimal"),
    ("bundler", ""),
    ("cgi", "CGI"),
    ("chef", ""),
    ("chef-config", ""),
    ("chef-utils", ""),
    ("csv", "CSV"),
    ("date", "Date"),
    ("delegate", "Delegator"),
    ("digest", "Digest"),
    ("digest/md5", "Digest::MD5"),
    ("digest/sha1", "Digest::SHA1"),
    ("digest/sha2", "Digest::SHA2"),
    ("erb", "ERB"),
    ("etc", "Etc"),
    ("fileutils", "FileUtils"),
    ("find", "Find"),
    ("forwardable", "Forwardable"),
    ("io/console", ""),
    ("ipaddr", "IPAddr"),
    ("json", "JSON"),
    ("logger", "Logger"),
    ("mixlib/shellout", "Mixlib::ShellOut"),
    ("mkmf", ""),
    ("monitor", "Monitor"),
    ("net/ftp", "Net::FTP"),
    ("net/http", "Net::HTTP"),
    ("net/https", "Net::HTTP"),
    ("net/protocol", ""),
    ("net/smtp", "Net::SMTP"),
    ("observer", "Observable"),
    ("ohai", ""),
    ("open-uri", ""),
    ("open3", "Open3"),
    ("openssl", "OpenSSL"),
    ("optparse", "OptionParser"),
    ("ostruct", "OpenStruct"),
    ("pathname", "Pathname"),
    ("pp", ""),
    ("prime", "Prime"),
    ("psych", "YAML"),
    ("rational", ""),
    ("rbconfig", "RbConfig"),
    ("resolv", "Resolv"),
    ("rexml/document", "REXML::Document"),
    ("rubygems", ""),
    ("securerandom", "SecureRandom"),
    ("set", "Set"),
    ("shellwords", "Shellwords"),
    ("singleton", "Singleton"),
    ("socket", "Socket"),
    ("stringio", "StringIO"),
    ("strscan", "StringScanner"),
    ("tempfile", "Tempfile"),
    ("thread", ""),
    ("time", "Time"),
    ("timeout", "Timeout"),
    ("tmpdir", "Dir"),
    ("tsort", "TSort"),
    ("uri", "URI"),
    ("weakref", "WeakRef"),
    ("yaml", "YAML"),
    ("zlib", "Zlib"),
];

/// Libraries that are known for what they do: they ask a server, a database or the machine, and what they answer is unknown.
const OUTSIDE: &[&str] = &[
    "augeas",
    "aws-sdk",
    "aws-sdk-core",
    "aws-sdk-ec2",
    "aws-sdk-s3",
    "bcrypt",
    "chef-vault",
    "fog",
    "memcached",
    "mongo",
    "mysql",
    "mysql2",
    "nokogiri",
    "open4",
    "pg",
    "rackspace-monitoring",
    "redis",
    "rest-client",
    "rest_client",
    "right_aws",
    "rubygems/package",
    "sqlite3",
    "webrick",
    "zip",
    "zk",
    "zookeeper",
];

/// Notes a library that nobody here knows; what it defines is unknown from now on.
fn note_library(interpreter: &mut Interpreter, name: &str) {
    let given = name.trim_end_matches(".rb");
    let mut path = given;
    let known = loop {
        if let Some((_, constant)) = LIBRARIES.iter().find(|(library, _)| *library == path) {
            break Some(*constant);
        }
        match path.rsplit_once('/') {
            Some((above, _)) => path = above,
            None => break None,
        }
    };
    let defined = |constant: &str| {
        let object = Value::Module(Rc::clone(&interpreter.classes.object));
        let mut here = object;
        constant.split("::").all(|part| {
            let Value::Module(module) = &here else { return false };
            let found = module.constants.borrow().get(&Name::new(part)).cloned();
            found.is_some_and(|found| {
                here = found;
                true
            })
        })
    };
    if known.is_some_and(|constant| constant.is_empty() || defined(constant)) || has_hole(name) {
        return;
    }
    let at = interpreter.call_site();
    if !client(interpreter).settings.lenient || interpreter.open_libraries.iter().any(|library| library.name == given) {
        return;
    }
    let first = given.split('/').next().unwrap_or(given);
    let state = client(interpreter);
    // A cookbook that brings a gem of its own name, and is not there: said once, as a cookbook.
    let asked_for = state.cookbooks.values().any(|cookbook| cookbook.depends.iter().any(|(name, _)| name == first));
    let reason = if OUTSIDE.contains(&given) || OUTSIDE.contains(&first) {
        Some(format!("the library `{given}` asks the machine or a server"))
    } else if asked_for && !state.cookbooks.contains_key(first) {
        Some(format!("of the cookbook `{first}`, which is not in the repository"))
    } else {
        None
    };
    interpreter.open_libraries.push(OpenLibrary { name: given.to_owned(), reason });
    let diagnostic = Diagnostic::note("C115", format!("the library `{given}` is not known: what it defines is unknown"))
        .at(at)
        .help("check what the code does with it; what it would have done on the host is not converted");
    interpreter.diagnostics.push(diagnostic);
}

/// `libraries/../files/x.rb` → `files/x.rb`
fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

fn load(interpreter: &mut Interpreter, path: &str) -> Eval {
    let path = plain(path);
    let found: Option<FileId> = [path.clone(), format!("{path}.rb")].iter().find_map(|path| interpreter.sources.find(path));
    let Some(file) = found else { return Ok(Value::Bool(true)) };
    let state = client(interpreter);
    if !path.contains("libraries/") || !state.loaded_libraries.borrow_mut().insert(file) {
        return Ok(Value::Bool(false));
    }
    let (cookbook, _) = state.place.borrow().clone();
    let stem = path.rsplit('/').next().unwrap_or(&path).trim_end_matches(".rb").to_owned();
    let main = interpreter.main.clone();
    run_file(interpreter, &Rc::clone(&state.trees), file, &main, &cookbook, &stem)?;
    Ok(Value::Bool(true))
}
