//! The clock file of the gem Clockwork, evaluated to its events.
//!
//! In: `clock.rb`. Out: what `every` declares. `every(1.day, 'digest', at: '04:30', tz: 'Asia/Tokyo')` is `30 4 * * *` in Tokyo.

mod manager;
mod moment;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::rc::Rc;

use crate::diagnostic::{Diagnostic, Severity};
use crate::ruby::flow::Flow;
use crate::ruby::interpreter::Interpreter;
use crate::source::{FileId, Location, SourceMap};

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its name: what the handler gets.
    pub job: String,
    /// The seconds between two runs; `None` where they are not known.
    pub period: Option<i64>,
    /// `at:`, one for each time.
    pub times: Vec<String>,
    /// `tz:`, or the configuration's.
    pub zone: Option<String>,
    /// The call without its block: `every(1.day, 'digest', at: '04:30')`.
    pub written: String,
    /// What it runs: its own block's first line, or the handler's.
    pub does: String,
    /// Where it stands.
    pub at: Location,
    /// Words for the reader.
    pub notes: Vec<String>,
}

/// What a clock file declares.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Clock {
    /// The events, in order.
    pub events: Vec<Event>,
    /// What there is to say of the file.
    pub diagnostics: Vec<Diagnostic>,
}

/// Why there is no clock: the exception that ended the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its class.
    pub class: String,
    /// Its message.
    pub message: String,
    /// Where it was raised.
    pub at: Option<Location>,
}

/// What the evaluation keeps with its interpreter.
#[derive(Default)]
struct State {
    events: RefCell<Vec<Event>>,
    /// The first line of the handler's block.
    handler: RefCell<Option<String>>,
    /// `configure { |config| config[:tz] = … }`
    zone: RefCell<Option<String>>,
}

/// Evaluates the clock `file`.
///
/// # Errors
/// The exception that ends it.
pub fn evaluate(sources: Rc<SourceMap>, file: FileId) -> Result<Clock, Failure> {
    let (tree, problems) = crate::read::ruby::parse(&sources, file);
    if let Some(problem) = problems.iter().find(|problem| problem.severity == Severity::Error) {
        let at = problem.span.map(|span| sources.location(span));
        return Err(Failure { class: "SyntaxError".to_owned(), message: problem.message.clone(), at });
    }
    let mut interpreter = Interpreter::new(Rc::clone(&sources));
    let state = Rc::new(State::default());
    interpreter.host = Some(Rc::<State>::clone(&state));
    manager::install(&mut interpreter);
    let main = interpreter.main.clone();
    let scope = interpreter.top_scope(main);
    let outcome = interpreter.run(&scope, &tree);
    let answer = match outcome {
        Ok(_) => Ok(()),
        Err(flow) => Err(match *flow {
            Flow::Raise(error) => {
                let (class, message) = interpreter.describe_exception(&error);
                Failure { class, message, at: Some(interpreter.location(interpreter.span)) }
            }
            Flow::Halt(why) => Failure { class: "Halt".to_owned(), message: why, at: Some(interpreter.location(interpreter.span)) },
            _ => Failure { class: "LocalJumpError".to_owned(), message: "unexpected jump".to_owned(), at: None },
        }),
    };
    let mut diagnostics = problems;
    diagnostics.append(&mut interpreter.diagnostics);
    interpreter.dismantle(Vec::new());
    answer?;
    let (mut events, handler, zone) = (state.events.take(), state.handler.take(), state.zone.take());
    for event in &mut events {
        if event.does.is_empty() {
            event.does = handler.clone().map_or_else(|| event.job.clone(), |handler| format!("{} by {handler}", event.job));
        }
        event.zone = event.zone.take().or_else(|| zone.clone());
    }
    Ok(Clock { events, diagnostics })
}
