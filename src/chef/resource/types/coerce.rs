//! How built-in resources turn a given value into the one they keep: options into a list, a sysctl's value into text.

use std::rc::Rc;

use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::Value;

/// One value as a list of one; `nil` as it is.
pub fn list(interpreter: &mut Interpreter, value: &Value) -> Eval {
    Ok(match value {
        Value::Nil => Value::Nil,
        other => Value::array(interpreter.to_splat_items(other)?),
    })
}

/// A list, lists in it spread out.
pub fn flat_list(_: &mut Interpreter, value: &Value) -> Eval {
    fn add(value: &Value, out: &mut Vec<Value>, depth: usize) {
        match value {
            Value::Array(array) if depth < 32 => array.items.borrow().iter().for_each(|item| add(item, out, depth + 1)),
            other => out.push(other.clone()),
        }
    }
    if value.is_nil() {
        return Ok(Value::Nil);
    }
    let mut items = Vec::new();
    add(value, &mut items, 0);
    Ok(Value::array(items))
}

/// A list in order.
pub fn sorted_list(interpreter: &mut Interpreter, value: &Value) -> Eval {
    let items = interpreter.to_splat_items(value)?;
    let sorted = interpreter.sort(items, &mut |interpreter, a, b| interpreter.compare_or_fail(a, b))?;
    Ok(Value::array(sorted))
}

/// Text is split as a shell would.
pub fn shell_words(interpreter: &mut Interpreter, value: &Value) -> Eval {
    match value {
        Value::Str(_) => {
            let text = interpreter.to_str(value)?;
            Ok(Value::strings(crate::read::shell::words(&text).unwrap_or_else(|_| vec![text])))
        }
        other => Ok(other.clone()),
    }
}

/// Text is split at commas.
pub fn comma_list(interpreter: &mut Interpreter, value: &Value) -> Eval {
    match value {
        Value::Str(_) => {
            let text = interpreter.to_str(value)?;
            let mut parts: Vec<&str> = text.split(',').map(str::trim).collect();
            while parts.last().is_some_and(|part| part.is_empty()) {
                parts.pop();
            }
            Ok(Value::strings(parts))
        }
        other => Ok(other.clone()),
    }
}

/// The groups of `sudo`: each starts with `%`.
pub fn group_list(interpreter: &mut Interpreter, value: &Value) -> Eval {
    let items = comma_list(interpreter, value)?.items().unwrap_or_default();
    let mut groups = Vec::new();
    for item in items {
        let name = interpreter.display(&item)?;
        groups.push(if name.starts_with('%') { name } else { format!("%{name}") });
    }
    Ok(Value::strings(groups))
}

/// A file name below `/etc/sudoers.d`, which may hold neither `.` nor `~`.
pub fn sudo_filename(interpreter: &mut Interpreter, value: &Value) -> Eval {
    let text = interpreter.display(value)?;
    Ok(Value::str(text.replace(['.', '~'], "__")))
}

/// A file name that ends in `.conf`.
pub fn conf_name(interpreter: &mut Interpreter, value: &Value) -> Eval {
    let text = interpreter.display(value)?;
    Ok(Value::str(if text.ends_with(".conf") { text } else { format!("{text}.conf") }))
}

/// `%i(restart reload)` is `{ restart: true, reload: true }`.
pub fn flags(_: &mut Interpreter, value: &Value) -> Eval {
    Ok(match value {
        Value::Array(array) => Value::hash(array.items.borrow().iter().map(|item| (item.clone(), Value::Bool(true)))),
        other => other.clone(),
    })
}

/// `true` is `{ before: true, after: true }`, `[:before]` is `{ before: true }`.
pub fn flag_map(interpreter: &mut Interpreter, value: &Value) -> Eval {
    match value {
        Value::Bool(_) => Ok(Value::hash([(Value::symbol("before"), value.clone()), (Value::symbol("after"), value.clone())])),
        Value::Symbol(_) => Ok(Value::hash([(value.clone(), Value::Bool(true))])),
        other => flags(interpreter, other),
    }
}

/// Text as a symbol.
pub fn to_symbol(interpreter: &mut Interpreter, value: &Value) -> Eval {
    match value {
        Value::Str(_) => Ok(Value::symbol(&interpreter.to_str(value)?)),
        other => Ok(other.clone()),
    }
}

/// `to_i`: the digits that text starts with.
pub fn to_i(interpreter: &mut Interpreter, value: &Value) -> Eval {
    match value {
        Value::Str(_) => {
            let text = interpreter.to_str(value)?;
            let digits: String =
                text.trim().chars().enumerate().take_while(|(i, c)| c.is_ascii_digit() || (*i == 0 && *c == '-')).map(|(_, c)| c).collect();
            Ok(Value::Integer(digits.parse().unwrap_or(0)))
        }
        #[expect(clippy::cast_possible_truncation, reason = "Ruby truncates")]
        Value::Float(number) => Ok(Value::Integer(number.trunc() as i64)),
        other => Ok(other.clone()),
    }
}

/// Text in lower case.
pub fn downcase(interpreter: &mut Interpreter, value: &Value) -> Eval {
    match value {
        Value::Str(_) => Ok(Value::str(interpreter.to_str(value)?.to_lowercase())),
        other => Ok(other.clone()),
    }
}

/// A mount point without `/` at its end.
pub fn mount_point(interpreter: &mut Interpreter, value: &Value) -> Eval {
    match value {
        Value::Str(_) => {
            let text = interpreter.to_str(value)?;
            Ok(if text == "/" || text.ends_with(":/") { value.clone() } else { Value::str(text.strip_suffix('/').unwrap_or(&text)) })
        }
        other => Ok(other.clone()),
    }
}

/// Mount options as a list.
pub fn mount_options(interpreter: &mut Interpreter, value: &Value) -> Eval {
    let items = match value {
        Value::Str(_) => interpreter.to_str(value)?.split(',').map(|part| part.trim().to_owned()).collect(),
        other => {
            let mut items = Vec::new();
            for item in interpreter.to_splat_items(other)? {
                items.push(interpreter.display(&item)?.trim().to_owned());
            }
            items
        }
    };
    Ok(Value::strings(items))
}

/// A weekday by name becomes its number; others stay as they are.
pub fn weekday(interpreter: &mut Interpreter, value: &Value) -> Eval {
    const DAYS: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
    let text = interpreter.display(value)?.to_lowercase();
    let found = DAYS.iter().position(|day| *day == text || day.get(..3) == Some(text.as_str()));
    Ok(found.map_or_else(|| value.clone(), |number| Value::str(number.to_string())))
}

/// A number or text is `{ "duration" => … }`.
pub fn time_out(_: &mut Interpreter, value: &Value) -> Eval {
    Ok(match value {
        Value::Integer(_) | Value::Str(_) => Value::hash([(Value::str("duration"), value.clone())]),
        other => other.clone(),
    })
}

/// The value of a kernel parameter as text; a list is joined with blanks.
pub fn sysctl_value(interpreter: &mut Interpreter, value: &Value) -> Eval {
    let mut words = Vec::new();
    match value {
        Value::Array(array) => {
            let items = array.items.borrow().clone();
            for item in &items {
                words.push(interpreter.display(item)?);
            }
        }
        other => words.push(interpreter.display(other)?),
    }
    Ok(Value::str(words.join(" ")))
}

/// `on` or `off`.
pub fn selinux_bool(interpreter: &mut Interpreter, value: &Value) -> Eval {
    let text = interpreter.display(value)?;
    match text.as_str() {
        "on" | "true" | "1" => Ok(Value::str("on")),
        "off" | "false" | "0" => Ok(Value::str("off")),
        _ => {
            let class = Rc::clone(&interpreter.classes.argument_error);
            interpreter.raise(&class, format!("selinux_bool: Invalid selinux boolean value {text}"))
        }
    }
}

/// The environment of `deploy`: text names the environment of Rails, Rack and Merb.
pub fn deploy_environment(_: &mut Interpreter, value: &Value) -> Eval {
    Ok(match value {
        Value::Str(_) => Value::hash(["RAILS_ENV", "MERB_ENV", "RACK_ENV"].map(|name| (Value::str(name), value.clone()))),
        other => other.clone(),
    })
}
