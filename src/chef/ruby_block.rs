//! `ruby_block`: code for the converge. It is evaluated where that is harmless; what it does to a machine is for a person.

use crate::chef::client::client;
use crate::chef::resource::data;
use crate::name::Name;
use crate::ruby::flow::{Eval, Flow};
use crate::ruby::interpreter::Interpreter;
use crate::ruby::procs::Args;
use crate::ruby::value::Value;

/// Evaluates the block of a `ruby_block`, unless the run is to leave such blocks alone.
///
/// # Errors
/// Bounds.
pub fn run(interpreter: &mut Interpreter, resource: &Value) -> Eval<()> {
    if !client(interpreter).settings.lenient {
        return Ok(());
    }
    let Some(found) = data(resource) else { return Ok(()) };
    let block = found.set.borrow().get(&Name::new("block")).cloned();
    if let Some(Value::Proc(block)) = block {
        if let Err(flow) = interpreter.call_block_with_self(&block, resource, None, &Args::none()) {
            if matches!(*flow, Flow::Halt(_)) {
                return Err(flow);
            }
        }
    }
    Ok(())
}
