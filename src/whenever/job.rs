//! A job's command line: its template filled with its options, wrapped in the job template (`lib/whenever/job.rb`).
//!
//! `cd :path && rake :task :output` with `task: 'a:b'` is `cd /app && rake a:b`.

use std::rc::Rc;

use crate::ruby::dispatch::CallKind;
use crate::ruby::flow::Eval;
use crate::ruby::hole::is_hole;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::procs::Args;
use crate::ruby::value::{Hash, Value};

/// Fills every `:name` of `template` with the option of that name; one without an option stays.
///
/// # Errors
/// `NoMethodError` where Whenever would call `gsub` on something that is no string.
pub fn fill(interpreter: &mut Interpreter, template: &Value, options: &Rc<Hash>) -> Eval<String> {
    let text = match template {
        Value::Str(text) => text.text.borrow().clone(),
        Value::Unknown(hole) => return Ok(interpreter.hole_character(&Rc::clone(hole)).to_string()),
        other => return interpreter.undefined_method(other, "gsub".into(), CallKind::Explicit),
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    let mut before = None;
    while let Some(colon) = rest.find(':') {
        let after = &rest[colon + 1..];
        let length = after.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let end = colon + 1 + length;
        out.push_str(&rest[..colon]);
        if length == 0 {
            out.push(':');
        } else {
            let name = &after[..length];
            let quote = rest[..colon].chars().next_back().or(before);
            let closing = rest[end..].chars().next();
            let quote = quote.filter(|quote| Some(*quote) == closing && matches!(quote, '\'' | '"'));
            match options.get_symbol(name).filter(Value::truthy) {
                None => out.push_str(&rest[colon..end]),
                Some(value) => {
                    let escape = match quote {
                        Some('\'') => Some(("'", "'\\''")),
                        Some(_) => Some(("\"", "\\\"")),
                        None => None,
                    };
                    match (escape, &value) {
                        (Some((from, to)), Value::Str(value)) => out.push_str(&value.text.borrow().replace(from, to)),
                        (Some(_), other) if !other.is_unknown() => {
                            return interpreter.undefined_method(other, "gsub".into(), CallKind::Explicit);
                        }
                        (_, value) => out.push_str(&interpreter.display(value)?),
                    }
                }
            }
        }
        before = rest[..end].chars().next_back();
        rest = &rest[end..];
    }
    out.push_str(rest);
    interpreter.check_size(out.len())?;
    Ok(squeeze(&out))
}

/// Every run of white space as one blank, none at the ends.
fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.split([' ', '\t', '\r', '\n', '\x0B', '\x0C']).filter(|part| !part.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(part);
    }
    out.trim_end_matches('\0').to_owned()
}

/// `Shellwords.shellescape`; holes stay as they are.
#[must_use]
pub fn shell_escape(text: &str) -> String {
    if text.is_empty() {
        return "''".to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => out.push_str("'\n'"),
            c if c.is_ascii_alphanumeric() || "_-.,:+/@".contains(c) || is_hole(c) => out.push(c),
            c => out.extend(['\\', c]),
        }
    }
    out
}

/// What `output:` appends to the command (`lib/whenever/output_redirection.rb`).
///
/// # Errors
/// What a proc raises.
pub fn redirection(interpreter: &mut Interpreter, output: &Value) -> Eval {
    let text = match output {
        Value::Str(_) | Value::Unknown(_) => format!(">> {} 2>&1", interpreter.display(output)?),
        Value::Hash(hash) => redirect_both(interpreter, hash)?,
        Value::Nil => ">> /dev/null 2>&1".to_owned(),
        Value::Proc(code) => return interpreter.call_proc(code, &Args::none()),
        _ => String::new(),
    };
    Ok(Value::str(text))
}

fn redirect_both(interpreter: &mut Interpreter, hash: &Rc<Hash>) -> Eval<String> {
    const NOWHERE: &str = "/dev/null";
    let mut side = |name: &str| -> Eval<Option<String>> {
        match hash.get_symbol(name) {
            None | Some(Value::Bool(false)) => Ok(None),
            Some(Value::Nil) => Ok(Some(NOWHERE.to_owned())),
            Some(value) => interpreter.display(&value).map(Some),
        }
    };
    let (standard, error) = (side("standard")?, side("error")?);
    Ok(match (standard.as_deref(), error.as_deref()) {
        (Some(NOWHERE), Some(NOWHERE)) => "> /dev/null 2>&1".to_owned(),
        (Some(standard), Some(NOWHERE)) => format!(">> {standard} 2> /dev/null"),
        (Some(standard), Some(error)) => format!(">> {standard} 2>> {error}"),
        (None, Some(NOWHERE)) => "2> /dev/null".to_owned(),
        (None, Some(error)) => format!("2>> {error}"),
        (Some(NOWHERE), None) => "> /dev/null".to_owned(),
        (Some(standard), None) => format!(">> {standard}"),
        (None, None) => String::new(),
    })
}
