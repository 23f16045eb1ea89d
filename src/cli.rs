//! The command line: the only code that touches disk, terminal, clock and environment.
//!
//! In: arguments. Out: an exit code (0 clean, 1 findings, 2 usage or I/O or nothing to do).
//! `ekiben convert cookbooks --app app -o out` loads, calls [`crate::compile()`], writes and reports.
// This is the edge: everything that is banned elsewhere happens here.
#![allow(clippy::disallowed_methods)]

pub mod arguments;
mod audit;
mod convert;
mod detect;
mod docker;
mod graph;
mod ignored;
mod load;
mod manifest;
mod plan;
mod progress;
mod verify_image;
mod walk;
mod write;

use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use self::arguments::{Arguments, Command};
use crate::emit::{BACKENDS, Backend};

/// Stack of the working thread: deep recipes recurse deeply. The memory is only taken when it is used.
const STACK: usize = 1 << 30;

/// How a run of the program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Nothing to say.
    Clean,
    /// At least one warning or error about the input.
    Findings,
    /// Wrong usage, a disk that does not answer, or nothing to do.
    Failure,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Clean => Self::from(0),
            Ending::Findings => Self::from(1),
            Ending::Failure => Self::from(2),
        }
    }
}

/// Why nothing could be done, in words for the terminal.
#[derive(Debug)]
pub struct Failure {
    message: String,
    help: Option<String>,
}

impl Failure {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// A line of `ekiben targets`.
fn listed(backend: &Backend, width: usize) -> String {
    let asked = if backend.standard { "" } else { " (only where asked for)" };
    format!("{:width$}  {}{asked}\n", backend.name, backend.doc)
}

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let worker = std::thread::Builder::new().name("ekiben".to_owned()).stack_size(STACK).spawn(move || run(arguments));
    let ending = match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(ending)) => ending,
        Ok(Err(_)) => {
            say(&Failure::new("ekiben stopped because of a fault of its own").help("report it with the folder that it was given"))
        }
        Err(error) => say(&Failure::new(format!("no thread could be started: {}", reason(&error)))),
    };
    ending.into()
}

fn run(arguments: Arguments) -> Ending {
    let answer = match arguments.command {
        Command::Convert(arguments) => convert::run(&arguments),
        Command::Graph(arguments) => graph::run(&arguments),
        Command::VerifyImage(arguments) => verify_image::run(&arguments),
        Command::Audit(arguments) => audit::run(&arguments),
        Command::Rules { format } => {
            audit::rules(format);
            Ok(Ending::Clean)
        }
        Command::Rule { name, format } => audit::rule(&name, format),
        Command::Targets => {
            let width = BACKENDS.iter().map(|backend| backend.name.len()).max().unwrap_or(0);
            print(&BACKENDS.iter().map(|backend| listed(backend, width)).collect::<String>());
            Ok(Ending::Clean)
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "ekiben", &mut script);
            print(&String::from_utf8_lossy(&script));
            Ok(Ending::Clean)
        }
    };
    answer.unwrap_or_else(|failure| say(&failure))
}

/// Writes to standard output; a reader that has gone away (`| head`) is no error.
fn print(text: &str) {
    let mut out = anstream::stdout().lock();
    let _gone = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes to standard error.
fn print_error(text: &str) {
    let mut out = anstream::stderr().lock();
    let _gone = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

fn say(failure: &Failure) -> Ending {
    let (red, bold, plain) = (anstyle::AnsiColor::Red.on_default().bold(), anstyle::Style::new().bold(), anstyle::Reset);
    let mut text = format!("{red}error{plain}{bold}: {}{plain}\n", failure.message);
    if let Some(help) = &failure.help {
        text.push_str(&format!("{bold}help{plain}: {help}\n"));
    }
    print_error(&text);
    Ending::Failure
}

/// The words of an I/O error that are the same everywhere.
fn reason(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "it does not exist".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::NotADirectory => "it is no folder".to_owned(),
        _ => error.to_string().to_lowercase(),
    }
}
