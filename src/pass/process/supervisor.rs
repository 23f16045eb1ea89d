//! supervisor: `[program:x]` sections; what the daemon itself sets holds for all of them.

use std::collections::BTreeMap;

use super::found::{Found, signal};
use super::place::{Place, Reading};
use crate::blueprint::Restart;
use crate::pass::command;
use crate::pass::input::RunFile;
use crate::read::supervisor::{self, Program};

/// Whether a file is supervisor's.
pub fn takes(path: &str, name: &str, text: &str) -> bool {
    let ends = name.ends_with(".conf") || name.ends_with(".ini");
    let own = path.contains("/supervisor") || name.starts_with("supervisord") || text.lines().any(|line| line.starts_with("[program:"));
    ends && own
}

/// Reads a configuration file.
pub fn read(place: &Place<'_>, file: &RunFile<'_>, reading: &mut Reading) {
    let Some(text) = place.text_of(file) else { return };
    let (configuration, problems) = supervisor::parse(&text);
    reading.problems = problems;
    reading.settled = configuration.programs.is_empty();
    let daemon = configuration.sections.iter().find(|section| section.name == "supervisord");
    let of_daemon = |key: &str| {
        daemon.and_then(|section| section.entries.iter().find(|(_, known, _)| known == key)).map(|(_, _, value)| value.as_str())
    };
    for program in &configuration.programs {
        if program.command.is_empty() {
            continue;
        }
        let mut found = process(place, file.path, program);
        found.open_files = found.open_files.or_else(|| of_daemon("minfds").and_then(|value| value.parse().ok()));
        found.processes = found.processes.or_else(|| of_daemon("minprocs").and_then(|value| value.parse().ok()));
        reading.found.push(found);
    }
}

fn process(place: &Place<'_>, path: &str, program: &Program) -> Found {
    let folder = path.rsplit_once('/').map_or("/", |(folder, _)| folder);
    let number = 0;
    let filled = |text: &str| expressions(text, &program.name, folder, number);
    let variables: BTreeMap<String, String> = program.environment.iter().map(|(name, value)| (name.clone(), filled(value))).collect();
    let files = |path: &str| place.text(path);
    let line = filled(&program.command);
    // No shell reads the command: `$X` and `;` are words like others.
    let plain = match crate::read::shell::words(&line) {
        Ok(words) => command::service_words(&words, &variables, place.around(&files)),
        Err(_) => command::service(&line, &variables, place.around(&files)).into_iter().next().unwrap_or_default(),
    };
    let mut found = Found::new(&program.name, &program.name, plain, "supervisor");
    found.name.clone_from(&program.name);
    found.plain.user = found.plain.user.take().or_else(|| program.user.clone());
    found.plain.directory = found.plain.directory.take().or_else(|| program.directory.as_deref().map(filled));
    found.set_variables(&variables);
    found.count = program.numprocs.as_ref().and_then(|written| written.value).unwrap_or(found.count).max(1);
    found.stop_signal = program.stopsignal.as_deref().and_then(signal);
    found.grace_seconds = program.stopwaitsecs.as_ref().and_then(|written| written.value).and_then(|seconds| u32::try_from(seconds).ok());
    found.restart = match program.autorestart.as_deref().map(str::to_ascii_lowercase).as_deref() {
        Some("true" | "yes" | "on" | "1") => Restart::Always,
        Some("false" | "no" | "off" | "0") => Restart::Never,
        _ => Restart::OnFailure,
    };
    for log in [&program.stdout_logfile, &program.stderr_logfile].into_iter().flatten() {
        if !matches!(log.to_ascii_uppercase().as_str(), "AUTO" | "NONE" | "SYSLOG") {
            found.log(filled(log));
        } else if log.eq_ignore_ascii_case("syslog") {
            found.log("syslog");
        }
    }
    if program.autostart == Some(false) {
        found.note("supervisor did not start it by itself");
    }
    found
}

/// `%(program_name)s`, `%(process_num)02d`, `%(here)s`, `%(ENV_HOME)s`
fn expressions(text: &str, program: &str, folder: &str, number: u32) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if let Some(after) = after.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let Some((name, format)) = after.strip_prefix('(').and_then(|body| body.split_once(')')) else {
            out.push('%');
            rest = after;
            continue;
        };
        let digits = format.find(|c: char| !c.is_ascii_digit()).unwrap_or(format.len());
        let width = format[..digits].parse::<usize>().unwrap_or(0).min(9);
        match name {
            "program_name" | "group_name" => out.push_str(program),
            "process_num" | "numprocs" => out.push_str(&format!("{number:0width$}")),
            "here" => out.push_str(folder),
            name => match name.strip_prefix("ENV_") {
                Some(variable) => out.push_str(&format!("${{{variable}}}")),
                None => out.push_str(&format!("%({name}){}", format.get(..=digits).unwrap_or(""))),
            },
        }
        rest = format.get(digits + 1..).unwrap_or("");
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::expressions;

    #[test]
    fn expressions_are_filled_in() {
        for (text, expected) in [
            ("%(program_name)s_%(process_num)02d", "w_00"),
            ("%(ENV_HOME)s/x 100%%", "${HOME}/x 100%"),
            ("%(here)s/a", "/etc/s/a"),
            ("date +%Y", "date +%Y"),
        ] {
            assert_eq!(expressions(text, "w", "/etc/s", 0), expected);
        }
    }
}
