//! `rails server` and `rackup`: whichever server the bundle has, on all addresses of the container.

use crate::pass::program::Program;
use crate::pass::web::{Case, Finding, PORT, puma};
use crate::pass::worker::without;

/// Whether it is `rails server`.
pub fn is_rails(program: &Program) -> bool {
    (program.name == "rails" && matches!(program.arguments.first().map(String::as_str), Some("server" | "s")))
        || (program.name == "server" && program.word.ends_with("script/server"))
}

/// Whether it is `rackup`.
pub fn is_rackup(program: &Program) -> bool {
    program.name == "rackup"
}

/// What belongs to a host.
const FLAGS: &[&str] = &["-d", "-D", "--daemon", "--daemonize", "server", "s"];
/// The same, with a value.
const VALUES: &[&str] = &["-p", "--port", "-b", "--binding", "-o", "--host", "-P", "--pid", "-e", "--environment"];

/// The server that Rack takes: the first that the bundle has.
fn server(case: &Case<'_, '_>, found: &mut Finding) {
    let name = ["puma", "thin", "unicorn", "falcon"].into_iter().find(|name| *name != "unicorn" && case.has(name));
    found.name = Some(name.unwrap_or("webrick"));
    found.workers = Some(1);
    found.threads = Some((1, 1));
    if name == Some("puma") {
        let own = case.file("config/puma.rb").map(|file| puma::said(&file, case, found));
        let number = |name: &str, which: usize| {
            let value = own.as_ref()?.last(name)?.values.get(which)?.as_ref()?;
            value.trim().parse::<u32>().ok()
        };
        found.workers = number("workers", 0).or(Some(1));
        let least = number("threads", 0);
        found.threads = least.map(|least| (least, number("threads", 1).unwrap_or(least))).or(Some((0, 5)));
    } else if name.is_none() && case.files.project.is_some_and(|project| !project.libraries.is_empty()) {
        let why = "WEBrick, a server for development, would run it: the bundle has no other";
        found.tasks.push(("Add a server to the Gemfile, Puma for one".to_owned(), why.to_owned()));
    }
}

/// What the command says.
pub fn read_rails(case: &Case<'_, '_>) -> Finding {
    let mut found = Finding::default();
    server(case, &mut found);
    found.command = case.bundled(&["rails", "server", "-b", "0.0.0.0", "-p", &PORT.to_string()]);
    found.command.extend(without(&case.program.arguments, FLAGS, VALUES).into_iter().filter(|word| !word.starts_with('$')));
    found
}

/// What the command says.
pub fn read_rackup(case: &Case<'_, '_>) -> Finding {
    let mut found = Finding::default();
    server(case, &mut found);
    found.command = case.bundled(&["rackup", "-o", "0.0.0.0", "-p", &PORT.to_string()]);
    found.command.extend(
        without(&case.program.arguments, FLAGS, &["-p", "--port", "-o", "--host", "-P", "--pid"])
            .into_iter()
            .filter(|word| !word.starts_with('$')),
    );
    found
}
