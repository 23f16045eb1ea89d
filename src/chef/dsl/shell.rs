//! Commands that Ruby code runs: `shell_out`, `Mixlib::ShellOut`, backticks, `system`.
//!
//! Nothing is executed. A command with a known result (a stub) gives that; others are unknown in a conversion,
//! and empty with exit status 0 in a strict run.

use std::rc::Rc;

use crate::chef::client::client;
use crate::chef::guard::stub;
use crate::ruby::flow::Eval;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::module::Native;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

const MIXIN: &[(&str, Native)] = &[
    ("shell_out", shell_out),
    ("shell_out!", shell_out_or_fail),
    ("shell_out_compact", shell_out),
    ("shell_out_compact!", shell_out_or_fail),
    ("shell_out_compact_timeout", shell_out),
    ("shell_out_compact_timeout!", shell_out_or_fail),
    ("shell_out_with_systems_locale", shell_out),
    ("shell_out_with_systems_locale!", shell_out_or_fail),
    ("shell_out_with_timeout", shell_out),
    ("shell_out_with_timeout!", shell_out_or_fail),
    ("powershell_out", shell_out),
    ("powershell_out!", shell_out_or_fail),
    ("powershell_exec", shell_out),
    ("powershell_exec!", shell_out_or_fail),
    ("run_command_with_systems_locale", shell_out),
];

const COMMAND: &[(&str, Native)] = &[
    ("run_command", |_, me, _| Ok(me.clone())),
    ("stdout", stdout),
    ("stderr", |_, _, _| Ok(Value::str(""))),
    ("exitstatus", exit_status),
    ("status", |_, me, _| Ok(me.clone())),
    ("to_i", exit_status),
    ("success?", |i, me, _| succeeded(i, me)),
    ("error?", |i, me, _| {
        let ok = succeeded(i, me)?;
        Ok(if let Value::Unknown(hole) = &ok { i.derived_prefix("!", hole) } else { Value::Bool(!ok.truthy()) })
    }),
    ("error!", error_or_nil),
    ("invalid!", error_or_nil),
    ("command", |i, me, _| Ok(i.get_ivar(me, "@command"))),
    ("cmd", |i, me, _| Ok(i.get_ivar(me, "@command"))),
    ("live_stream=", |_, _, args| Ok(args.value(0))),
    ("live_stdout=", |_, _, args| Ok(args.value(0))),
    ("live_stderr=", |_, _, args| Ok(args.value(0))),
    ("live_stream", |_, _, _| Ok(Value::Nil)),
    ("timeout=", |_, _, args| Ok(args.value(0))),
    ("valid_exit_codes=", |_, _, args| Ok(args.value(0))),
    ("environment", |_, _, _| Ok(Value::Hash(Value::new_hash()))),
    ("valid_exit_codes", |_, _, _| Ok(Value::array(vec![Value::Integer(0)]))),
    ("format_for_exception", stdout),
    ("pid", |_, _, _| Ok(Value::Nil)),
    ("result", stdout),
    ("errors", |_, _, _| Ok(Value::array(Vec::new()))),
    ("inspect", |i, me, _| {
        let text = i.get_ivar(me, "@command");
        Ok(Value::str(format!("<Mixlib::ShellOut: command: '{}'>", i.display(&text)?)))
    }),
];

/// Installs them.
pub fn install(interpreter: &mut Interpreter) {
    let object = Rc::clone(&interpreter.classes.object);
    let module = interpreter.define_module_path("Chef::Mixin::ShellOut");
    interpreter.define(&module, MIXIN);
    let meta = interpreter.singleton_class(&Value::Module(Rc::clone(&module)));
    interpreter.define(&meta, MIXIN);
    for path in ["Chef::DSL::Universal", "Chef::Mixin::Command", "Chef::Mixin::PowershellOut", "Chef::Mixin::PowershellExec"] {
        let user = interpreter.define_module_path(path);
        interpreter.include(&user, &module);
    }
    let class = interpreter.define_class_path("Mixlib::ShellOut", &object);
    interpreter.define(&class, COMMAND);
    interpreter.define_private(&class, &[("initialize", initialize)]);
    interpreter.define_class_path("Chef::ShellOut", &class);
    let kernel = Rc::clone(&interpreter.classes.kernel);
    let meta = interpreter.singleton_class(&Value::Module(Rc::clone(&kernel)));
    for module in [&kernel, &meta] {
        interpreter.define(module, &[("`", backtick), ("system", system)]);
    }
}

/// The words of a command; options and empty words are left out.
fn words(interpreter: &mut Interpreter, args: &[Value]) -> Eval<String> {
    let mut words = Vec::new();
    for value in args {
        match value {
            Value::Hash(_) | Value::Nil => {}
            Value::Array(array) => {
                let items = array.items.borrow().clone();
                words.push(self::words(interpreter, &items)?);
            }
            other => words.push(interpreter.display(other)?),
        }
    }
    Ok(words.join(" "))
}

/// What is known of a command: output and exit status.
fn known(interpreter: &Interpreter, command: &str) -> Option<(String, i64)> {
    let concrete = interpreter.concrete(command).unwrap_or_else(|| interpreter.to_text(command).to_string());
    stub(interpreter, &concrete).or_else(|| (!client(interpreter).settings.lenient).then(|| (String::new(), 0)))
}

fn output_of(interpreter: &Interpreter, command: &str) -> Value {
    let shown: String = interpreter.to_text(command).to_string().chars().take(60).collect();
    super::unknown(format!("`{shown}`"), "the output of a command on the machine")
}

fn initialize(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let command = words(interpreter, &args.list)?;
    interpreter.set_ivar(me, "@command", Value::str(command));
    Ok(Value::Nil)
}

fn shell_out(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let object = Rc::clone(&interpreter.classes.object);
    let class = interpreter.define_class_path("Mixlib::ShellOut", &object);
    let made = interpreter.allocate(&class);
    initialize(interpreter, &made, args)?;
    Ok(made)
}

fn shell_out_or_fail(interpreter: &mut Interpreter, me: &Value, args: &Args) -> Eval {
    let made = shell_out(interpreter, me, args)?;
    error_or_nil(interpreter, &made, &Args::none())?;
    Ok(made)
}

fn result(interpreter: &mut Interpreter, me: &Value) -> Eval<(String, Option<(String, i64)>)> {
    let command = interpreter.get_ivar(me, "@command");
    let command = interpreter.display(&command)?;
    let known = known(interpreter, &command);
    Ok((command, known))
}

fn stdout(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let (command, known) = result(interpreter, me)?;
    Ok(known.map_or_else(|| output_of(interpreter, &command), |(output, _)| Value::str(output)))
}

fn exit_status(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let (command, known) = result(interpreter, me)?;
    Ok(match known {
        Some((_, status)) => Value::Integer(status),
        None => super::unknown(format!("exit status of `{}`", interpreter.to_text(&command)), "a command on the machine"),
    })
}

fn succeeded(interpreter: &mut Interpreter, me: &Value) -> Eval {
    let status = exit_status(interpreter, me, &Args::none())?;
    Ok(match &status {
        Value::Unknown(hole) => interpreter.derived(hole, " == 0"),
        other => Value::Bool(matches!(other, Value::Integer(0))),
    })
}

fn error_or_nil(interpreter: &mut Interpreter, me: &Value, _: &Args) -> Eval {
    let (command, known) = result(interpreter, me)?;
    match known {
        Some((output, status)) if status != 0 => {
            let above = Rc::clone(&interpreter.classes.runtime_error);
            let class = interpreter.define_class_path("Mixlib::ShellOut::ShellCommandFailed", &above);
            let message = format!(
                "Expected process to exit with [0], but received '{status}'\n---- Begin output of {command} ----\nSTDOUT: {output}\nSTDERR: \n---- End output of {command} ----\nRan {command} returned {status}"
            );
            interpreter.raise(&class, message)
        }
        _ => Ok(Value::Nil),
    }
}

/// `` `uname -r` ``
fn backtick(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let command = words(interpreter, &args.list)?;
    Ok(match known(interpreter, &command) {
        Some((output, _)) => Value::str(output),
        None => output_of(interpreter, &command),
    })
}

/// `system('true')`
fn system(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let command = words(interpreter, &args.list)?;
    Ok(match known(interpreter, &command) {
        Some((_, status)) => Value::Bool(status == 0),
        None => super::unknown(format!("system `{}`", interpreter.to_text(&command)), "whether a command succeeds on the machine"),
    })
}
