//! Upstart job files (`/etc/init/NAME.conf`).
//!
//! `respawn`, `setuid deploy`, `env RAILS_ENV=production`, `exec bundle exec sidekiq`, and `script` … `end script` become the fields of
//! a [`Job`]; what has no field of its own is kept in [`Job::others`]. Source of the rules: init(5) of Upstart.

use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::character::complete::{anychar, char};
use nom::combinator::{opt, recognize};
use nom::multi::many0_count;
use nom::sequence::{delimited, preceded};

use super::lexeme::{lines, unquote};
use super::problem::{Problem, Written};

/// A job file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Job {
    /// `description`
    pub description: Option<String>,
    /// `start on …`, white space made one space.
    pub start_on: Option<String>,
    /// `stop on …`
    pub stop_on: Option<String>,
    /// `respawn`
    pub respawn: bool,
    /// `respawn limit COUNT INTERVAL` or `unlimited`, as written.
    pub respawn_limit: Option<String>,
    /// `setuid`
    pub setuid: Option<String>,
    /// `setgid`
    pub setgid: Option<String>,
    /// `env NAME=value`, in order.
    pub env: Vec<Env>,
    /// `export NAME …`
    pub export: Vec<String>,
    /// `chdir`
    pub chdir: Option<String>,
    /// `limit NAME soft hard`: name, soft, hard.
    pub limits: Vec<(String, String, String)>,
    /// `umask`
    pub umask: Option<String>,
    /// `instance NAME`
    pub instance: Option<String>,
    /// `console log`, `output`, `owner`, `none`
    pub console: Option<String>,
    /// `kill timeout SECONDS`
    pub kill_timeout: Option<Written<u64>>,
    /// `kill signal SIGNAL`
    pub kill_signal: Option<String>,
    /// `expect fork`, `daemon` or `stop`
    pub expect: Option<String>,
    /// `task`: it ends by itself.
    pub task: bool,
    /// `exec …` or `script … end script`
    pub main: Option<Code>,
    /// `pre-start`
    pub pre_start: Option<Code>,
    /// `post-start`
    pub post_start: Option<Code>,
    /// `pre-stop`
    pub pre_stop: Option<Code>,
    /// `post-stop`
    pub post_stop: Option<Code>,
    /// Statements without a field: line and text.
    pub others: Vec<(u32, String)>,
}

/// `env NAME=value`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Env {
    /// Line, from 1.
    pub line: u32,
    /// The name.
    pub name: String,
    /// The value, quotes taken off; `None` for `env NAME`, which takes it from init's own environment.
    pub value: Option<String>,
}

/// What is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Line of the first character of `text`, from 1.
    pub line: u32,
    /// A command line, or the lines of a script (for `sh -e`).
    pub text: String,
    /// It is a script.
    pub script: bool,
}

/// Statements of init(5) that have no field.
const KNOWN: &[&str] = &[
    "author", "version", "usage", "emits", "nice", "oom", "chroot", "normal", "reload", "cgroup", "apparmor", "manual", "tmpfs", "debug",
    "import",
];

/// Reads a job file.
#[must_use]
pub fn parse(text: &str) -> (Job, Vec<Problem>) {
    let mut job = Job::default();
    let mut problems = Vec::new();
    let mut statements = Statements { lines: lines(text).collect(), at: 0 };
    while let Some((line, statement)) = statements.next() {
        read(line, &statement, &mut job, &mut statements, &mut problems);
    }
    (job, problems)
}

struct Statements<'a> {
    lines: Vec<(u32, &'a str)>,
    at: usize,
}

impl Statements<'_> {
    /// The next statement: comments gone, continued while a `(` or a quote is open or the line ends with `\`.
    fn next(&mut self) -> Option<(u32, String)> {
        let mut statement = String::new();
        let mut first = None;
        let mut open = 0_usize;
        while let Some((line, raw)) = self.lines.get(self.at) {
            self.at += 1;
            let (body, continues) = match raw.strip_suffix('\\') {
                Some(body) => (body, true),
                None => (*raw, false),
            };
            let (kept, brackets) = without_comment(body);
            if first.is_none() && kept.trim().is_empty() {
                continue;
            }
            let start = *first.get_or_insert(*line);
            if !statement.is_empty() {
                statement.push(' ');
            }
            statement.push_str(kept.trim());
            // Brackets count in `start on` and `stop on` alone; in `exec` they are the shell's.
            if statement.starts_with("start") || statement.starts_with("stop") {
                open = open.saturating_add_signed(brackets);
            }
            if !continues && open == 0 {
                return Some((start, statement));
            }
        }
        first.map(|start| (start, statement))
    }

    /// The lines up to `end script`.
    fn script(&mut self) -> (Code, bool) {
        let mut text = String::new();
        let mut first = None;
        while let Some((line, raw)) = self.lines.get(self.at) {
            self.at += 1;
            first.get_or_insert(*line);
            let mut words = raw.split_whitespace();
            if (words.next(), words.next(), words.next()) == (Some("end"), Some("script"), None) {
                return (Code { line: first.unwrap_or(1), text, script: true }, true);
            }
            text.push_str(raw);
            text.push('\n');
        }
        (Code { line: first.unwrap_or(1), text, script: true }, false)
    }
}

/// The line up to a comment, and how many more brackets open than close. A `#` inside quotes or a word starts no comment.
fn without_comment(line: &str) -> (&str, isize) {
    let mut brackets = 0;
    let mut quote = None;
    let mut previous = ' ';
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '#') if previous.is_whitespace() => return (&line[..at], brackets),
            (None, '"' | '\'') if previous != '\\' => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, '(') => brackets += 1,
            (None, ')') => brackets -= 1,
            _ => {}
        }
        previous = c;
    }
    (line, brackets)
}

fn head(statement: &str) -> (&str, &str) {
    let end = statement.find(char::is_whitespace).unwrap_or(statement.len());
    (&statement[..end], statement[end..].trim())
}

fn read(line: u32, statement: &str, job: &mut Job, statements: &mut Statements<'_>, problems: &mut Vec<Problem>) {
    let (keyword, rest) = head(statement);
    let value = || unquote(rest).to_owned();
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    match (keyword, head(rest)) {
        ("exec" | "script", _) => {
            if let Some(code) = code(line, statement, statements, problems) {
                job.main = Some(code);
            }
        }
        ("pre-start" | "post-start" | "pre-stop" | "post-stop", ("exec" | "script", _)) => {
            let code = code(line, rest, statements, problems);
            match keyword {
                "pre-start" => job.pre_start = code,
                "post-start" => job.post_start = code,
                "pre-stop" => job.pre_stop = code,
                _ => job.post_stop = code,
            }
        }
        ("start", ("on", events)) if !events.is_empty() => job.start_on = Some(squeezed(events)),
        ("stop", ("on", events)) if !events.is_empty() => job.stop_on = Some(squeezed(events)),
        ("respawn", ("limit", limit)) => job.respawn_limit = Some(squeezed(limit)),
        ("respawn", ("", _)) => job.respawn = true,
        ("kill", ("timeout", seconds)) => {
            job.kill_timeout = Some(Written::read(seconds, line, "number of seconds", problems, |text| text.parse().ok()));
        }
        ("kill", ("signal", signal)) => job.kill_signal = Some(signal.to_owned()),
        ("limit", (name, values)) if !values.is_empty() => {
            let (soft, hard) = head(values);
            job.limits.push((name.to_owned(), soft.to_owned(), if hard.is_empty() { soft } else { hard }.to_owned()));
        }
        ("env", _) if !rest.is_empty() => match assignment(rest) {
            Ok((_, (name, value))) => job.env.push(Env { line, name: name.to_owned(), value }),
            Err(_) => problems.push(Problem::on_line(line, format!("`{rest}` is no assignment"))),
        },
        ("export", _) if !rest.is_empty() => job.export.extend(rest.split_whitespace().map(str::to_owned)),
        ("description", _) => job.description = Some(value()),
        ("setuid", _) if !rest.is_empty() => job.setuid = Some(value()),
        ("setgid", _) if !rest.is_empty() => job.setgid = Some(value()),
        ("chdir", _) if !rest.is_empty() => job.chdir = Some(value()),
        ("umask", _) if !rest.is_empty() => job.umask = Some(value()),
        ("instance", _) if !rest.is_empty() => job.instance = Some(value()),
        ("console", _) if !rest.is_empty() => job.console = Some(value()),
        ("expect", _) if !rest.is_empty() => job.expect = Some(value()),
        ("task", _) => job.task = true,
        _ => {
            if !KNOWN.contains(&keyword) {
                problems.push(Problem::on_line(line, format!("`{keyword}` is no statement of upstart, or lacks its value")));
            }
            job.others.push((line, statement.to_owned()));
        }
    }
}

/// `exec COMMAND` or `script` with the lines below it.
fn code(line: u32, statement: &str, statements: &mut Statements<'_>, problems: &mut Vec<Problem>) -> Option<Code> {
    let (keyword, rest) = head(statement);
    if keyword == "exec" {
        if rest.is_empty() {
            problems.push(Problem::on_line(line, "`exec` names no command"));
            return None;
        }
        return Some(Code { line, text: rest.to_owned(), script: false });
    }
    let (code, closed) = statements.script();
    if !closed {
        problems.push(Problem::on_line(line, "`script` without `end script`"));
    }
    Some(code)
}

/// `NAME=value`, quotes and backslashes taken off; `NAME` alone.
fn assignment(input: &str) -> nom::IResult<&str, (&str, Option<String>)> {
    let name = take_while1(|c: char| !c.is_whitespace() && c != '=' && c != '"' && c != '\'');
    let double = delimited(
        char('"'),
        recognize(many0_count(alt((take_while1(|c| c != '"' && c != '\\'), recognize(preceded(char('\\'), anychar)))))),
        char('"'),
    );
    let single = delimited(char('\''), take_while(|c| c != '\''), char('\''));
    let bare = take_while(|_| true);
    let value = alt((
        nom::combinator::all_consuming(double).map(|text: &str| text.replace("\\\"", "\"").replace("\\\\", "\\")),
        nom::combinator::all_consuming(single).map(str::to_owned),
        bare.map(|text: &str| text.trim_end().to_owned()),
    ));
    nom::combinator::all_consuming((name, opt(preceded(tag("="), value)))).parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKER: &str = r#"# Sidekiq
description "Sidekiq #1 worker"  # shown by initctl
author "ops"

start on (local-filesystems
          and net-device-up IFACE!=lo)
stop on runlevel [!2345]

respawn
respawn limit 3 30
kill timeout 60
kill signal TERM
console log
umask 0002
setuid deploy
setgid www-data
limit nofile 65536 65536
env RAILS_ENV=production
env NAME="two words"
env LANG
export RAILS_ENV NAME
chdir /srv/www/shop/current
instance $index

pre-start exec mkdir -p tmp/pids
post-stop script
  rm -f tmp/x   # kept
end script

script
  source /etc/default/sidekiq
  exec bundle exec sidekiq -i ${index} >> log/sidekiq.log 2>&1
end script
"#;

    #[test]
    fn a_worker() {
        let (job, problems) = parse(WORKER);
        assert_eq!(problems, []);
        assert_eq!(job.description.as_deref(), Some("Sidekiq #1 worker"));
        assert_eq!(job.start_on.as_deref(), Some("(local-filesystems and net-device-up IFACE!=lo)"));
        assert_eq!(job.stop_on.as_deref(), Some("runlevel [!2345]"));
        assert!(job.respawn && !job.task);
        assert_eq!(
            (job.respawn_limit.as_deref(), job.kill_timeout.and_then(|it| it.value), job.kill_signal.as_deref()),
            (Some("3 30"), Some(60), Some("TERM"))
        );
        assert_eq!(
            (job.setuid.as_deref(), job.setgid.as_deref(), job.chdir.as_deref()),
            (Some("deploy"), Some("www-data"), Some("/srv/www/shop/current"))
        );
        assert_eq!(job.limits, [("nofile".to_owned(), "65536".to_owned(), "65536".to_owned())]);
        let env: Vec<_> = job.env.iter().map(|env| (env.line, env.name.as_str(), env.value.as_deref())).collect();
        assert_eq!(env, [(18, "RAILS_ENV", Some("production")), (19, "NAME", Some("two words")), (20, "LANG", None)]);
        assert_eq!(job.export, ["RAILS_ENV", "NAME"]);
        assert_eq!(job.instance.as_deref(), Some("$index"));
        assert_eq!(job.pre_start, Some(Code { line: 25, text: "mkdir -p tmp/pids".into(), script: false }));
        assert_eq!(job.post_stop, Some(Code { line: 27, text: "  rm -f tmp/x   # kept\n".into(), script: true }));
        let main = job.main.unwrap();
        assert_eq!((main.line, main.script, main.text.lines().count()), (31, true, 2));
        assert_eq!(job.others, [(3, "author \"ops\"".to_owned())]);
    }

    #[test]
    fn exec_and_continuation() {
        let (job, problems) = parse("expect fork\ntask\nexec su -s /bin/sh -c 'exec \"$0\" \"$@\"' deploy -- \\\n  bundle exec x (y");
        assert_eq!(problems, []);
        assert_eq!(job.main.unwrap().text, "su -s /bin/sh -c 'exec \"$0\" \"$@\"' deploy -- bundle exec x (y");
        assert!(job.task);
    }

    #[test]
    fn faults_do_not_lose_the_rest() {
        let (job, problems) = parse("bogus\nsetuid\nkill timeout soon\nenv \"x\nexec\nsetgid g\nscript\n a");
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 7]);
        assert_eq!(job.setgid.as_deref(), Some("g"));
        assert_eq!(job.main.unwrap().text, " a\n");
        let (job, problems) = parse("kill timeout \u{F0000}\nenv \u{F0001}=\u{F0002}\nexec \u{F0003} x");
        assert_eq!(problems, []);
        assert_eq!(job.env[0].value.as_deref(), Some("\u{F0002}"));
    }
}
