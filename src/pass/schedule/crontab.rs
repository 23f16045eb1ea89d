//! What the lines of a crontab mean for their entries: the variables above them, standard input after `%`, mail, zone, directory.

use crate::diagnostic::Diagnostic;
use crate::graph::Run;
use crate::outcome::{Fate, Subject};
use crate::pass::command::Wrappers;
use crate::pass::encode::Encoded;
use crate::pass::schedule::entry::{Entry, Time};
use crate::pass::schedule::name::name_of;
use crate::pass::schedule::{portable, wrap};
use crate::pass::{Input, Sink};
use crate::read::crontab::{self, What};
use crate::read::problem::Problem;
use crate::read::shell;

/// A table of entries, and whose it is.
pub struct Table<'a> {
    /// The text, holes as characters.
    pub encoded: &'a Encoded,
    /// The part of it that is the table.
    pub text: &'a str,
    /// Each line names its user before the command.
    pub system: bool,
    /// Whose it is, where the lines do not say.
    pub user: Option<String>,
    /// Where it stood on the host: `/etc/cron.d/x`, `the crontab of deploy`.
    pub at: String,
    /// Its lines are lines of this file of the input, which begins where the table begins.
    pub source: Option<String>,
    /// `cron.d`, `crontab`
    pub kind: &'static str,
}

/// The entries of a table. Lines that cannot be read are said, with an entry's disposition each.
pub fn read(input: &Input<'_>, run: &Run, table: &Table<'_>, base: &Entry, wrappers: &Wrappers, sink: &mut Sink) -> Vec<Entry> {
    let (lines, problems) = if table.system { crontab::parse_system(table.text) } else { crontab::parse(table.text) };
    let written: Vec<&str> = table.text.lines().collect();
    for problem in &problems {
        let line = written.get(problem.line.saturating_sub(1) as usize).map(|line| table.encoded.show(line.trim())).unwrap_or_default();
        fault(input, table, base, problem, &line, sink);
    }
    let debian = super::entry::is_debian(input, run);
    let mut entries = Vec::new();
    let mut variables: Vec<(String, String)> = Vec::new();
    for one in &lines.entries {
        let line = one.line;
        let job = match &one.what {
            What::Comment(_) => continue,
            What::Variable { name, value } => {
                variables.retain(|(known, _)| known != name);
                variables.push((name.clone(), table.encoded.show(value)));
                continue;
            }
            What::Job(job) => job,
        };
        if let Some(message) = misplaced(job.user.as_deref(), &job.command) {
            let text = written.get(line.saturating_sub(1) as usize).map(|line| table.encoded.show(line.trim())).unwrap_or_default();
            fault(input, table, base, &Problem::on_line(line, message), &text, sink);
            continue;
        }
        let mut entry = base.clone();
        entry.kind = table.kind;
        entry.time = Time::of(Ok(job.when.clone()));
        entry.written = table.encoded.show(&job.written);
        entry.original = table.encoded.show(&job.command);
        entry.notes.push(format!("line {line} of {}", table.at));
        fill(&mut entry, &job.command, job.input.as_deref(), &variables, wrappers, debian);
        entry.plain.user = entry.plain.user.take().or(job.user.clone()).or(table.user.clone());
        entry.name = name_of(&entry.plain, table.at.rsplit(['/', ' ']).next().unwrap_or("cron"));
        entries.push(entry.shown(table.encoded));
    }
    entries
}

/// Why the words behind five fields are not what cron takes them for: a sixth field, a command where the user's name belongs.
fn misplaced(user: Option<&str>, command: &str) -> Option<String> {
    let field = |word: &str| word.chars().all(|c| c.is_ascii_digit() || "*/,-?".contains(c)) && word.contains(['*', '?']);
    match user {
        Some(user) if field(user) => Some(format!("`{user}` stands where the user's name belongs: a sixth time field")),
        Some(user) if user.contains('/') => Some(format!("`{user}` stands where the user's name belongs")),
        None => command
            .split_whitespace()
            .next()
            .filter(|word| field(word))
            .map(|word| format!("the command begins with `{word}`: a sixth time field")),
        Some(_) => None,
    }
}

/// Says a line that cron does not read.
fn fault(input: &Input<'_>, table: &Table<'_>, base: &Entry, problem: &Problem, line: &str, sink: &mut Sink) {
    let fields = line.split_whitespace().take(5).collect::<Vec<_>>().join(" ");
    let message = format!("cron does not read line {} of {}: {}", problem.line, table.at, problem.message);
    let mut diagnostic = Diagnostic::warning("C141", message);
    let found = table.source.as_deref().and_then(|path| super::entry::line_span(input.sources, path, problem.line));
    let declared = base.location.as_ref().and_then(|at| super::entry::line_span(input.sources, &at.path, at.line));
    if let Some(span) = found.or(declared) {
        diagnostic = diagnostic.at(span);
    }
    let six = line.split_whitespace().take(6).collect::<Vec<_>>().join(" ");
    let foreign = portable::foreign(&fields).or_else(|| {
        let numeric = line.split_whitespace().nth(5).is_some_and(|word| word.chars().all(|c| c.is_ascii_digit() || "*/,-".contains(c)));
        numeric.then(|| portable::foreign(&six)).flatten()
    });
    let help = match (portable::unwrapped(&fields), foreign) {
        (Some(better), _) => format!("write `{better}`: a range does not go over its end"),
        (None, Some(why)) => why.to_owned(),
        (None, None) => "mend or delete the line: it never ran".to_owned(),
    };
    sink.diagnose(diagnostic.help(help.clone()));
    let contexts = vec![base.context.clone()];
    sink.other(
        Subject::Schedule,
        line,
        &base.recipe,
        base.location.clone(),
        Fate::Manual,
        "",
        &format!("cron does not read it: {}", problem.message),
        contexts,
    );
    sink.task(
        format!("Mend or drop line {} of {}", problem.line, table.at),
        format!("cron has never run it: {}; {help}", problem.message),
        base.origin.clone(),
    );
}

/// Fills command, variables, mail, zone and directory of an entry.
pub fn fill(entry: &mut Entry, command: &str, stdin: Option<&str>, variables: &[(String, String)], wrappers: &Wrappers, debian: bool) {
    *entry = entry.clone().with(wrap::take(command, wrappers));
    let value = |wanted: &str| variables.iter().rev().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
    if let Some(input) = stdin {
        let inner = if entry.plain.shell { entry.plain.words.get(2).cloned().unwrap_or_default() } else { escaped(&entry.plain.words) };
        let script = format!("printf %s {} | {{ {inner}; }}", shell::escape(input));
        entry.plain.words = vec!["sh".to_owned(), "-c".to_owned(), script];
        entry.plain.shell = true;
        entry.notes.push("what followed `%` was its standard input".to_owned());
    }
    if let Some(shell) = value("SHELL").filter(|shell| shell.starts_with('/') && !shell.ends_with("/sh"))
        && entry.plain.shell
        && let Some(first) = entry.plain.words.first_mut()
        && first == "sh"
    {
        *first = shell.rsplit('/').next().unwrap_or("bash").to_owned();
    }
    entry.mail = value("MAILTO").filter(|mail| !mail.trim().is_empty());
    if let Some(mail) = &entry.mail {
        entry.notes.push(format!("its output was mailed to {mail}: alert on failed runs instead"));
    }
    if let Some(home) = value("HOME").filter(|home| home.starts_with('/')) {
        entry.plain.directory = entry.plain.directory.take().or(Some(home));
    }
    if let Some(zone) = value("CRON_TZ").filter(|zone| !zone.is_empty()) {
        if debian {
            let host = entry.time_zone.clone().unwrap_or_else(|| "UTC".to_owned());
            entry.notes.push(format!("Debian's cron does not read CRON_TZ={zone}: the times have always been those of {host}"));
        } else {
            entry.time_zone = Some(zone);
        }
    }
    for (name, value) in variables {
        if !matches!(
            name.as_str(),
            "MAILTO" | "MAILFROM" | "PATH" | "SHELL" | "CRON_TZ" | "LOGNAME" | "USER" | "CONTENT_TYPE" | "RANDOM_DELAY"
        ) {
            entry.plain.variables.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
}

/// Words as a line for a shell.
#[must_use]
pub fn escaped(words: &[String]) -> String {
    words.iter().map(|word| shell::escape(word)).collect::<Vec<_>>().join(" ")
}
