//! Passenger by itself: `passenger start -p 3000 --max-pool-size 6`; six processes where nothing says how many.

use crate::pass::program::Program;
use crate::pass::web::{Case, Finding, PORT};
use crate::pass::worker::without;

/// Whether it is Passenger.
pub fn is(program: &Program) -> bool {
    program.name == "passenger" && program.has(&["start"])
}

/// What the command says.
pub fn read(case: &Case<'_, '_>) -> Finding {
    let flags = ["-d", "--daemonize", "start"];
    let values = ["-p", "--port", "-a", "--address", "-S", "--socket", "--pid-file", "--log-file", "--user", "-e", "--environment"];
    let rest = without(&case.program.arguments, &flags, &values);
    let mut command = case.bundled(&["passenger", "start", "-p", &PORT.to_string()]);
    command.extend(rest);
    Finding { command, workers: case.number(&["--max-pool-size"]).or(Some(6)), threads: Some((1, 1)), ..Finding::default() }
}
