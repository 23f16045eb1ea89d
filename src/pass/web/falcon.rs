//! Falcon and Iodine: servers that take their address as a flag.

use crate::pass::program::Program;
use crate::pass::web::{Case, Finding, PORT};

/// Whether it is one of them.
pub fn is(program: &Program) -> bool {
    matches!(program.name.as_str(), "falcon" | "iodine")
}

/// What the command says.
pub fn read(case: &Case<'_, '_>) -> Finding {
    let port = PORT.to_string();
    if case.program.name == "iodine" {
        let (workers, threads) = (case.number(&["-w"]), case.number(&["-t"]));
        let mut command = case.bundled(&["iodine", "-p", &port]);
        for (flag, number) in [("-w", workers), ("-t", threads)] {
            command.extend(number.into_iter().flat_map(|number| [flag.to_owned(), number.to_string()]));
        }
        return Finding { command, name: Some("iodine"), workers, threads: threads.map(|most| (most, most)), ..Finding::default() };
    }
    let workers = case.number(&["-n", "--count"]);
    let mut command = case.bundled(&["falcon", "serve", "-b", &format!("http://0.0.0.0:{port}")]);
    command.extend(workers.into_iter().flat_map(|number| ["-n".to_owned(), number.to_string()]));
    Finding { command, workers, ..Finding::default() }
}
