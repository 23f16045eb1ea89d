//! Thin: `thin start -C thin.yml`; each of its `servers` is a copy of the container.

use serde_yaml::Value;

use crate::pass::evaluate;
use crate::pass::program::Program;
use crate::pass::web::{Case, Finding, PORT};
use crate::read::problem::Problem;

/// Whether it is Thin.
pub fn is(program: &Program) -> bool {
    program.name == "thin"
}

/// What the command says.
pub fn read(case: &Case<'_, '_>) -> Finding {
    let mut found = Finding { workers: Some(1), threads: Some((1, 1)), ..Finding::default() };
    let mut settings = Value::Null;
    if let Some(path) = case.program.option(&["-C", "--config"]) {
        match case.file(&path) {
            Some(file) => {
                let text = evaluate::erb(&file.encoded.text, &file.path, case.variables);
                match text.and_then(|text| serde_yaml::from_str::<Value>(&text).map_err(|error| error.to_string())) {
                    Ok(value) => settings = value,
                    Err(why) => found.problems.push((file, Problem::on_line(1, why))),
                }
                found.taken.push((path, "the web process", "Thin's settings are those of the process; its sockets are a port"));
            }
            None => found.tasks.push((
                format!("Check what `{}` said of Thin", case.files.input.image_path(&path)),
                "the command names it, and neither a cookbook nor the project has it".to_owned(),
            )),
        }
    }
    let number = |name: &str| settings.get(name).and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
    let servers = case.number(&["-s", "--servers"]).or_else(|| number("servers"));
    found.timeout = case.number(&["-t", "--timeout"]).or_else(|| number("timeout")).or(Some(30));
    found.command = case.bundled(&["thin", "start", "-a", "0.0.0.0", "-p", &PORT.to_string()]);
    let environment =
        case.program.option(&["-e", "--environment"]).or_else(|| settings.get("environment").and_then(Value::as_str).map(str::to_owned));
    if let Some(environment) = environment.filter(|text| !crate::read::lexeme::has_hole(text) && !text.starts_with('$')) {
        found.command.extend(["-e".to_owned(), environment]);
    }
    for (names, key) in [(&["-R", "--rackup"], "rackup"), (&["-A", "--adapter"], "adapter"), (&["--prefix", "--prefix"], "prefix")] {
        if let Some(value) = case.program.option(names).or_else(|| settings.get(key).and_then(Value::as_str).map(str::to_owned)) {
            found.command.extend([names[0].to_owned(), case.files.input.image_path(&value)]);
        }
    }
    if case.program.has(&["--threaded"]) || settings.get("threaded").and_then(Value::as_bool) == Some(true) {
        found.command.push("--threaded".to_owned());
        found.threads = Some((1, case.number(&["--threadpool-size"]).or_else(|| number("threadpool_size")).unwrap_or(20)));
    }
    if let Some(servers) = servers.filter(|servers| *servers > 1) {
        found.copies = Some(servers);
        found.notes.push(format!("{servers} servers on each host: a copy for each"));
    }
    found
}
