//! Guards: `only_if` and `not_if`, evaluated before an action; what the machine alone knows stays open.

use std::rc::Rc;

use crate::chef::client::client;
use crate::chef::resource::{GuardSpec, ResourceData, data};
use crate::diagnostic::Diagnostic;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::procs::{Args, Code};
use crate::ruby::value::Value;
use crate::text::Hole;

/// The words of the guard that says no; `None` when none does (or when it cannot be known).
///
/// # Errors
/// What a block raises.
pub fn refuses(interpreter: &mut Interpreter, resource: &Value) -> Eval<Option<String>> {
    let Some(found) = data(resource) else { return Ok(None) };
    let guards = found.guards.borrow().clone();
    // All only_if, then all not_if; the first that says no ends it.
    for wanted in [true, false] {
        for (index, guard) in guards.iter().enumerate().filter(|(_, guard)| guard.only_if == wanted) {
            let answer = match &guard.block {
                Some(block) if guard.command.is_nil() => {
                    let answer = match interpreter.call_block_with_self(block, resource, None, &Args::none()) {
                        Err(flow) if matches!(*flow, Flow::Next(_) | Flow::Return(..)) => match *flow {
                            Flow::Next(value) | Flow::Return(_, value) => value,
                            _ => Value::Nil,
                        },
                        Err(flow) if client(interpreter).settings.lenient => fails(interpreter, flow, &found, guard)?,
                        other => other?,
                    };
                    if answer.is_unknown() { None } else { Some(answer.truthy()) }
                }
                _ => match &guard.command {
                    Value::Str(_) | Value::Array(_) | Value::Unknown(_) => command(interpreter, &guard.command)?,
                    other => {
                        let (shown, class) = (interpreter.inspect(other)?, interpreter.real_class(other).display_name());
                        let message = format!("Invalid only_if/not_if command, expected a string: {shown} ({class})");
                        return interpreter.argument_error(message);
                    }
                },
            };
            if let Some(kept) = found.guards.borrow().get(index) {
                kept.result.set(answer);
            }
            if answer == Some(!wanted) {
                return Ok(Some(describe(interpreter, guard)));
            }
        }
    }
    Ok(None)
}

/// A guard that raises decides nothing: it is said, and the resource is kept.
fn fails(interpreter: &mut Interpreter, flow: Box<Flow>, resource: &ResourceData, guard: &GuardSpec) -> Eval {
    let Flow::Raise(error) = *flow else { return Err(flow) };
    let raised = super::load::raised(interpreter, &error);
    let what = resource.reference(interpreter);
    let guard = describe(interpreter, guard);
    let diagnostic = Diagnostic::error("C123", format!("the guard `{guard}` of `{what}` fails: {}", raised.said))
        .at(raised.at)
        .help("Chef would stop here; the resource is kept as if the guard let it run");
    interpreter.diagnostics.push(diagnostic);
    Ok(Value::Unknown(Rc::new(Hole::unknown(guard, "its evaluation failed"))))
}

/// The known result of a command guard, from the stubs that were given.
fn command(interpreter: &mut Interpreter, command: &Value) -> Eval<Option<bool>> {
    let text = match command {
        Value::Array(array) => {
            let items = array.items.borrow().clone();
            let mut words = Vec::new();
            for item in &items {
                words.push(interpreter.display(item)?);
            }
            words.join(" ")
        }
        other => interpreter.display(other)?,
    };
    Ok(stub(interpreter, &text).map(|(_, status)| status == 0))
}

/// The known output and exit status of a shell command.
#[must_use]
pub fn stub(interpreter: &Interpreter, command: &str) -> Option<(String, i64)> {
    let state = client(interpreter);
    state.stubs.borrow().iter().find_map(|(pattern, output, status)| {
        let matches = fancy_regex::Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(command).unwrap_or(false))
            || command.contains(pattern.as_str());
        matches.then(|| (output.clone(), *status))
    })
}

/// The guard as its source says it.
pub fn describe(interpreter: &mut Interpreter, guard: &GuardSpec) -> String {
    let kind = if guard.only_if { "only_if" } else { "not_if" };
    let text = match &guard.block {
        Some(block) if guard.command.is_nil() => block_text(interpreter, block),
        _ => {
            let text = interpreter.display(&guard.command).unwrap_or_default();
            format!("`{}`", interpreter.to_text(&text))
        }
    };
    format!("{kind} {text}")
}

/// A block's source, on one line.
#[must_use]
pub fn block_text(interpreter: &Interpreter, block: &crate::ruby::procs::Proc) -> String {
    match &block.code {
        Code::Block { block, .. } => interpreter.slice(block.span).split_whitespace().collect::<Vec<_>>().join(" "),
        _ => "{ … }".to_owned(),
    }
}
