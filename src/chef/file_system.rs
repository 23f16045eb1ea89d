//! A model of the machine's file system: what the resources of the run made, and what an empty machine has.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::chef::client::client;
use crate::chef::resource::{data, property};
use crate::graph::{FileKind, FileState};
use crate::name::Name;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::Value;
use crate::text::Text;

/// Directories that every machine has.
const STANDARD: &[&str] = &[
    "/",
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/etc/cron.d",
    "/etc/cron.daily",
    "/etc/cron.hourly",
    "/etc/cron.monthly",
    "/etc/cron.weekly",
    "/etc/default",
    "/etc/init.d",
    "/etc/logrotate.d",
    "/etc/profile.d",
    "/etc/security",
    "/etc/security/limits.d",
    "/etc/ssl",
    "/etc/ssl/certs",
    "/etc/ssl/private",
    "/etc/sysctl.d",
    "/etc/systemd",
    "/etc/systemd/system",
    "/home",
    "/lib",
    "/lib64",
    "/media",
    "/mnt",
    "/opt",
    "/proc",
    "/root",
    "/run",
    "/sbin",
    "/srv",
    "/sys",
    "/tmp",
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/usr/local",
    "/usr/local/bin",
    "/usr/local/etc",
    "/usr/local/lib",
    "/usr/local/sbin",
    "/usr/local/share",
    "/usr/sbin",
    "/usr/share",
    "/usr/src",
    "/var",
    "/var/cache",
    "/var/lib",
    "/var/lock",
    "/var/log",
    "/var/mail",
    "/var/run",
    "/var/spool",
    "/var/spool/cron",
    "/var/tmp",
];

/// Whether something stands at `path`, as far as the model goes.
#[must_use]
pub fn exists(interpreter: &Interpreter, path: &str) -> bool {
    state_at(interpreter, path).is_some_and(|kind| !matches!(kind, FileKind::Absent)) || is_directory(interpreter, path)
}

/// Whether `path` is a directory.
#[must_use]
pub fn is_directory(interpreter: &Interpreter, path: &str) -> bool {
    let path = normal(path);
    match state_at(interpreter, &path) {
        Some(FileKind::Directory) => true,
        Some(_) => false,
        None => {
            let prefix = format!("{path}/");
            let state = client(interpreter);
            STANDARD.contains(&path.as_str())
                || (path == "/run/systemd/system" && has_systemd(interpreter))
                || state.files.borrow().keys().any(|known| known.starts_with(&prefix))
                || state.machine.keys().any(|known| known.starts_with(&prefix))
        }
    }
}

/// Whether the machine was started by systemd, which leaves a directory that programs look for.
fn has_systemd(interpreter: &Interpreter) -> bool {
    let automatic = client(interpreter).node.level(crate::chef::attribute::LevelName::Automatic);
    automatic.get_str("init_package").and_then(|value| value.text()).is_some_and(|text| text == "systemd")
}

/// Whether `path` is a regular file.
#[must_use]
pub fn is_file(interpreter: &Interpreter, path: &str) -> bool {
    matches!(state_at(interpreter, path), Some(FileKind::File(_) | FileKind::Binary(_) | FileKind::Remote(_) | FileKind::Broken(_)))
}

/// Whether `path` is a symbolic link.
#[must_use]
pub fn is_link(interpreter: &Interpreter, path: &str) -> bool {
    matches!(state_at(interpreter, path), Some(FileKind::Link(_)))
}

/// What stands at `path`: what the run put there, else what the machine had before it.
#[must_use]
pub fn state_at(interpreter: &Interpreter, path: &str) -> Option<FileKind> {
    let path = normal(path);
    let state = client(interpreter);
    let made = state.files.borrow().get(&path).map(|state| state.kind.clone());
    made.or_else(|| state.machine.get(&path).map(|text| FileKind::File(Text::from(text.as_str()))))
}

/// The paths at which something is known to stand, in order.
#[must_use]
pub fn known_paths(interpreter: &Interpreter) -> Vec<String> {
    let state = client(interpreter);
    let files = state.files.borrow();
    let mut paths: BTreeSet<String> = state.machine.keys().filter(|path| !files.contains_key(*path)).cloned().collect();
    paths.extend(files.iter().filter(|(_, state)| !matches!(state.kind, FileKind::Absent)).map(|(path, _)| path.clone()));
    paths.into_iter().collect()
}

fn normal(path: &str) -> String {
    let trimmed = path.trim_end_matches('/');
    let text = if trimmed.is_empty() { "/" } else { trimmed };
    text.replace("//", "/")
}

/// Notes what an action of a built-in resource does to files.
///
/// # Errors
/// What rendering a template raises.
pub fn apply(interpreter: &mut Interpreter, resource: &Value, action: Name) -> Eval<()> {
    let Some(found) = data(resource) else { return Ok(()) };
    let kind = found.kind.as_str();
    let class_kind = super::resource::class_data(&interpreter.class_of(resource)).implicit_name.borrow().map_or(kind, Name::as_str);
    match class_kind {
        "file" | "template" | "cookbook_file" | "remote_file" => file(interpreter, resource, class_kind, action),
        "directory" => directory(interpreter, resource, action),
        "remote_directory" => super::template::remote_directory(interpreter, resource, action),
        "link" => link(interpreter, resource, action),
        "git" | "subversion" => {
            let path = text_of(interpreter, resource, "destination")?;
            // A directory that was made before keeps its owner.
            if is_directory(interpreter, &path) {
                return Ok(());
            }
            note(interpreter, resource, &path, FileKind::Directory, None)
        }
        "ruby_block" | "whyrun_safe_ruby_block" => super::ruby_block::run(interpreter, resource),
        "log" => {
            let message = property::get(interpreter, resource, Name::new("message"))?;
            let level = property::get(interpreter, resource, Name::new("level"))?;
            let level = interpreter.display(&level)?;
            super::recipe::log(interpreter, &level, &message, "log")
        }
        _ => Ok(()),
    }
}

/// The text of a property, holes included.
///
/// # Errors
/// What a lazy value raises.
pub fn text_of(interpreter: &mut Interpreter, resource: &Value, name: &str) -> Eval<String> {
    let value = property::get(interpreter, resource, Name::new(name))?;
    interpreter.display(&value)
}

fn optional(interpreter: &mut Interpreter, resource: &Value, name: &str) -> Eval<Option<String>> {
    let value = property::get(interpreter, resource, Name::new(name))?;
    if value.is_nil() {
        return Ok(None);
    }
    let text = interpreter.display(&value)?;
    Ok(Some(interpreter.to_text(&text).to_string()))
}

/// The mode as octal digits: integers as Chef reads them, text as written.
fn mode(interpreter: &mut Interpreter, resource: &Value) -> Eval<Option<String>> {
    let value = property::get(interpreter, resource, Name::new("mode"))?;
    Ok(match value {
        Value::Nil => None,
        Value::Integer(number) => Some(format!("{number:04o}")),
        other => {
            let text = interpreter.display(&other)?;
            Some(interpreter.to_text(&text).to_string())
        }
    })
}

/// Notes that `kind` stands at `path`.
///
/// # Errors
/// What reading owner, group or mode raises.
pub fn note(interpreter: &mut Interpreter, resource: &Value, path: &str, kind: FileKind, source: Option<String>) -> Eval<()> {
    let Some(found) = data(resource) else { return Ok(()) };
    let owner = match optional(interpreter, resource, "owner")? {
        Some(owner) => Some(owner),
        None => optional(interpreter, resource, "user")?,
    };
    let group = optional(interpreter, resource, "group")?;
    let mode = mode(interpreter, resource)?;
    let shown = interpreter.to_text(path).to_string();
    let state = FileState { kind, owner, group, mode, resource: found.number.get(), source };
    client(interpreter).files.borrow_mut().insert(normal(&shown), state);
    Ok(())
}

fn file(interpreter: &mut Interpreter, resource: &Value, kind: &str, action: Name) -> Eval<()> {
    let path = text_of(interpreter, resource, "path")?;
    match action.as_str() {
        "delete" => return note(interpreter, resource, &path, FileKind::Absent, None),
        "touch" => {
            if is_file(interpreter, &path) {
                return Ok(());
            }
            return note(interpreter, resource, &path, FileKind::File(Text::default()), None);
        }
        "create_if_missing" if exists(interpreter, &path) => return Ok(()),
        "create" | "create_if_missing" => {}
        _ => return Ok(()),
    }
    match kind {
        "file" => {
            let content = property::get(interpreter, resource, Name::new("content"))?;
            let known = state_at(interpreter, &path);
            let text = match &content {
                // Without content an existing file keeps what it has.
                Value::Nil => match known {
                    Some(FileKind::File(text)) => text,
                    _ => Text::default(),
                },
                other => {
                    let text = interpreter.display(other)?;
                    interpreter.to_text(&text)
                }
            };
            note(interpreter, resource, &path, FileKind::File(text), None)
        }
        "template" => super::template::render_resource(interpreter, resource, &path),
        "cookbook_file" => super::template::copy_cookbook_file(interpreter, resource, &path),
        _ => {
            let source = property::get(interpreter, resource, Name::new("source"))?;
            let first = match source.items() {
                Some(items) => items.first().cloned().unwrap_or(Value::Nil),
                None => source,
            };
            let url = interpreter.display(&first)?;
            let url = interpreter.to_text(&url);
            note(interpreter, resource, &path, FileKind::Remote(url), None)
        }
    }
}

fn directory(interpreter: &mut Interpreter, resource: &Value, action: Name) -> Eval<()> {
    let path = text_of(interpreter, resource, "path")?;
    match action.as_str() {
        "create" => note(interpreter, resource, &path, FileKind::Directory, None),
        "delete" => {
            let state = client(interpreter);
            let prefix = format!("{}/", normal(&path));
            state.files.borrow_mut().retain(|known, _| !known.starts_with(&prefix));
            note(interpreter, resource, &path, FileKind::Absent, None)
        }
        _ => Ok(()),
    }
}

fn link(interpreter: &mut Interpreter, resource: &Value, action: Name) -> Eval<()> {
    let path = text_of(interpreter, resource, "target_file")?;
    match action.as_str() {
        "create" => {
            let to = text_of(interpreter, resource, "to")?;
            let to = interpreter.to_text(&to);
            note(interpreter, resource, &path, FileKind::Link(to), None)
        }
        "delete" => note(interpreter, resource, &path, FileKind::Absent, None),
        _ => Ok(()),
    }
}

/// The exception class for a file that is not in its cookbook.
pub fn file_not_found<T>(interpreter: &mut Interpreter, message: String) -> Eval<T> {
    let above = Rc::clone(&interpreter.classes.runtime_error);
    let class = interpreter.define_class_path("Chef::Exceptions::FileNotFound", &above);
    interpreter.raise(&class, message)
}
