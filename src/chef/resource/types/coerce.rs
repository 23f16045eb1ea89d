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

/// `Integer(x)`: a whole number, also written as text; anything else is refused.
pub fn whole(interpreter: &mut Interpreter, value: &Value) -> Eval {
    let main = interpreter.main.clone();
    interpreter.send(&main, "Integer", std::slice::from_ref(value))
}

/// A path from the root.
pub fn full_path(interpreter: &mut Interpreter, value: &Value) -> Eval {
    match interpreter.constant_path("File") {
        Some(file) => interpreter.send(&file, "expand_path", std::slice::from_ref(value)),
        None => Ok(value.clone()),
    }
}

/// `":name"` as the symbol `:name`.
pub fn bare_symbol(interpreter: &mut Interpreter, value: &Value) -> Eval {
    match value {
        Value::Str(_) => {
            let text = interpreter.to_str(value)?;
            Ok(Value::symbol(text.trim_start_matches(':')))
        }
        other => Ok(other.clone()),
    }
}

/// Names of Ohai's plugins: symbols that start with a capital.
pub fn plugin_names(interpreter: &mut Interpreter, value: &Value) -> Eval {
    let mut names = Vec::new();
    for item in value.items().unwrap_or_default() {
        let text = interpreter.display(&item)?;
        let text = text.trim_start_matches(':');
        let (first, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
        names.push(Value::symbol(&format!("{}{}", first.to_uppercase(), rest.to_lowercase())));
    }
    Ok(Value::array(names))
}

/// A list as text with commas.
pub fn comma_text(interpreter: &mut Interpreter, value: &Value) -> Eval {
    match value.items() {
        Some(items) => {
            let mut parts = Vec::new();
            for item in &items {
                parts.push(interpreter.display(item)?);
            }
            Ok(Value::str(parts.join(",")))
        }
        None => Ok(value.clone()),
    }
}

/// Text as a list of one.
pub fn text_list(_: &mut Interpreter, value: &Value) -> Eval {
    Ok(if matches!(value, Value::Str(_)) { Value::array(vec![value.clone()]) } else { value.clone() })
}

/// Anything as text.
pub fn as_text(interpreter: &mut Interpreter, value: &Value) -> Eval {
    Ok(Value::str(interpreter.display(value)?))
}

/// Every item as text.
pub fn texts(interpreter: &mut Interpreter, value: &Value) -> Eval {
    let mut out = Vec::new();
    for item in value.items().unwrap_or_default() {
        out.push(interpreter.display(&item)?);
    }
    Ok(Value::strings(out))
}

/// A hash as a list of one; a list of hashes as it is.
pub fn hash_list(_: &mut Interpreter, value: &Value) -> Eval {
    Ok(if matches!(value, Value::Hash(_)) { Value::array(vec![value.clone()]) } else { value.clone() })
}

/// A list of one item is that item.
pub fn list_or_one(_: &mut Interpreter, value: &Value) -> Eval {
    Ok(match value.items() {
        Some(items) if items.len() == 1 => items[0].clone(),
        _ => value.clone(),
    })
}

/// The values of `locale`: only the variables that there are, none empty.
pub fn locale_variables(interpreter: &mut Interpreter, value: &Value) -> Eval {
    const KNOWN: &[&str] = &[
        "LC_ADDRESS",
        "LC_COLLATE",
        "LC_CTYPE",
        "LC_IDENTIFICATION",
        "LC_MEASUREMENT",
        "LC_MESSAGES",
        "LC_MONETARY",
        "LC_NAME",
        "LC_NUMERIC",
        "LC_PAPER",
        "LC_TELEPHONE",
        "LC_TIME",
    ];
    let Value::Hash(hash) = value else { return Ok(value.clone()) };
    let mut wrong = Vec::new();
    let mut empty = false;
    for (key, item) in hash.pairs() {
        let name = interpreter.display(&key)?;
        if !KNOWN.contains(&name.as_str()) {
            wrong.push(name);
        }
        let text = interpreter.display(&item)?;
        empty |= text.chars().next().is_none_or(char::is_whitespace);
    }
    if !wrong.is_empty() {
        let message =
            format!("Key of option lc_env must be equal to one of: \"{}\"!  You passed \"{}\".", KNOWN.join("\", \""), wrong.join(", "));
        return crate::chef::resource::property::fail(interpreter, message);
    }
    if empty {
        let message = "Values of option lc_env should be non-empty string without any leading whitespace.".to_owned();
        return crate::chef::resource::property::fail(interpreter, message);
    }
    Ok(value.clone())
}

/// A path as Windows writes it.
pub fn backslashes(interpreter: &mut Interpreter, value: &Value) -> Eval {
    match value {
        Value::Str(_) => Ok(Value::str(interpreter.to_str(value)?.replace('/', "\\"))),
        other => Ok(other.clone()),
    }
}

/// Text split at commas or a list, in lower case.
pub fn lower_list(interpreter: &mut Interpreter, value: &Value) -> Eval {
    let mut out = Vec::new();
    let list = comma_list(interpreter, value)?;
    for item in list.items().unwrap_or_default() {
        out.push(interpreter.display(&item)?.to_lowercase());
    }
    Ok(Value::strings(out))
}

/// Text split at commas, a number, or a list: as text, in order.
pub fn sorted_texts(interpreter: &mut Interpreter, value: &Value) -> Eval {
    let list = comma_list(interpreter, value)?;
    let mut out = Vec::new();
    for item in interpreter.to_splat_items(&list)? {
        out.push(interpreter.display(&item)?);
    }
    out.sort();
    Ok(Value::strings(out))
}

/// Text in lower case as a symbol.
pub fn lower_symbol(interpreter: &mut Interpreter, value: &Value) -> Eval {
    match value {
        Value::Str(_) => Ok(Value::symbol(&interpreter.to_str(value)?.to_lowercase())),
        other => Ok(other.clone()),
    }
}

/// One or several names in lower case as symbols, in order.
pub fn lower_symbols(interpreter: &mut Interpreter, value: &Value) -> Eval {
    let mut names = Vec::new();
    for item in interpreter.to_splat_items(value)? {
        names.push(interpreter.display(&item)?.to_lowercase());
    }
    names.sort();
    Ok(Value::array(names.iter().map(|name| Value::symbol(name)).collect()))
}

/// A number that is one or more.
pub fn at_least_one(_: &mut Interpreter, value: &Value) -> Eval {
    Ok(match value {
        Value::Integer(number) => Value::Integer((*number).max(1)),
        other => other.clone(),
    })
}
