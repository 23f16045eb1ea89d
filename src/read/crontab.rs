//! Crontabs: of a user (`crontab -e`), and of the system with a user's name in each line (`/etc/crontab`, `/etc/cron.d/*`).
//!
//! `0 4 * * * cd /app && bin/rake x` is a job at four with the command `cd /app && bin/rake x`; `MAILTO=""` is a variable.

use nom::branch::alt;
use nom::bytes::complete::{take_while, take_while1};
use nom::character::complete::char;
use nom::combinator::all_consuming;
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

use super::cron::When;
use super::lexeme::{blank0, column, has_hole, lines};
use super::problem::Problem;

/// A crontab's lines that mean something, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Crontab {
    /// Comments, variables and jobs.
    pub entries: Vec<Entry>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Line, from 1.
    pub line: u32,
    /// What it says.
    pub what: What,
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The text after `#`.
    Comment(String),
    /// `NAME=value`, for the jobs below it.
    Variable { name: String, value: String },
    /// A job.
    Job(Box<Job>),
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// When it runs.
    pub when: When,
    /// The schedule as written.
    pub written: String,
    /// Who it runs as; in system crontabs only.
    pub user: Option<String>,
    /// The command for the shell; `\%` is `%` again.
    pub command: String,
    /// What follows the first bare `%`: given to the command as input, `%` for newline.
    pub input: Option<String>,
}

impl Crontab {
    /// The jobs: line, job, and the variables set above it (the last of a name counts).
    pub fn jobs(&self) -> impl Iterator<Item = (u32, &Job)> {
        self.entries.iter().filter_map(|entry| match &entry.what {
            What::Job(job) => Some((entry.line, job.as_ref())),
            _ => None,
        })
    }

    /// The variables that hold for a job on `line`, in the order of their first setting.
    #[must_use]
    pub fn variables_at(&self, line: u32) -> Vec<(&str, &str)> {
        let mut all: indexmap::IndexMap<&str, &str> = indexmap::IndexMap::new();
        for entry in self.entries.iter().take_while(|entry| entry.line < line) {
            if let What::Variable { name, value } = &entry.what {
                all.insert(name, value);
            }
        }
        all.into_iter().collect()
    }
}

/// Reads a user's crontab.
#[must_use]
pub fn parse(text: &str) -> (Crontab, Vec<Problem>) {
    parse_lines(text, false)
}

/// Reads a system crontab: each job names its user before the command.
#[must_use]
pub fn parse_system(text: &str) -> (Crontab, Vec<Problem>) {
    parse_lines(text, true)
}

fn parse_lines(text: &str, system: bool) -> (Crontab, Vec<Problem>) {
    let mut crontab = Crontab::default();
    let mut problems = Vec::new();
    for (line, written) in lines(text) {
        let body = written.trim_start_matches([' ', '\t']);
        if body.is_empty() {
            continue;
        }
        let what = if let Some(comment) = body.strip_prefix('#') {
            Ok(What::Comment(comment.trim().to_owned()))
        } else if let Ok((_, (name, value))) = variable(body) {
            Ok(What::Variable { name: name.to_owned(), value: value.to_owned() })
        } else {
            job(body, system).map(|job| What::Job(Box::new(job)))
        };
        match what {
            Ok(what) => crontab.entries.push(Entry { line, what }),
            Err((offset, message)) => {
                let before = written.len() - body.len();
                problems.push(Problem { line, column: column(written, before + offset), message });
            }
        }
    }
    (crontab, problems)
}

/// `NAME = value`, either side perhaps in quotes (cron's `load_env`).
fn variable(input: &str) -> IResult<&str, (&str, &str)> {
    let bare = take_while1(|c: char| !c.is_whitespace() && c != '=' && c != '"' && c != '\'');
    let name = alt((quoted('"'), quoted('\''), bare));
    let value = alt((
        all_consuming(delimited(blank0, alt((quoted('"'), quoted('\''))), blank0)),
        preceded(blank0, take_while(|_| true)).map(|value: &str| value.trim_end_matches([' ', '\t'])),
    ));
    (name, delimited(blank0, char('='), blank0), value).map(|(name, _, value)| (name, value)).parse(input)
}

fn quoted<'a>(quote: char) -> impl Parser<&'a str, Output = &'a str, Error = nom::error::Error<&'a str>> {
    delimited(char(quote), take_while(move |c| c != quote), char(quote))
}

/// One word and the blanks before it; `None` at the end.
fn next_word(rest: &str) -> Option<(&str, &str)> {
    let rest = rest.trim_start_matches([' ', '\t']);
    let end = rest.find([' ', '\t']).unwrap_or(rest.len());
    (end > 0).then(|| rest.split_at(end))
}

/// A job, or the byte offset of the fault in `body` and its reason.
fn job(body: &str, system: bool) -> Result<Job, (usize, String)> {
    let mut rest = body;
    let fields = if body.starts_with('@') { 1 } else { 5 };
    for _ in 0..fields {
        match next_word(rest) {
            Some((_, after)) => rest = after,
            None => return Err((0, "expected five time fields (or `@daily` and the like) and a command".to_owned())),
        }
    }
    let written = &body[..body.len() - rest.len()];
    let when = When::parse(written).map_err(|problem| {
        let offset = written.char_indices().nth(problem.column.saturating_sub(1) as usize).map_or(0, |(offset, _)| offset);
        (offset, problem.message)
    })?;
    let mut user = None;
    if system {
        let Some((name, after)) = next_word(rest) else {
            return Err((body.len(), "expected a user and a command after the time".to_owned()));
        };
        user = Some(name.to_owned());
        rest = after;
    }
    let (command, input) = split_input(rest.trim());
    if command.is_empty() {
        return Err((body.len(), "expected a command after the time".to_owned()));
    }
    let written = if has_hole(written) { written.trim().to_owned() } else { written.split_whitespace().collect::<Vec<_>>().join(" ") };
    Ok(Job { when, written, user, command, input })
}

/// Splits at the first bare `%`; `\%` is `%`, and after the first a bare `%` is a newline (cronie's `do_command.c`).
#[must_use]
pub fn split_input(text: &str) -> (String, Option<String>) {
    let mut command = String::new();
    let mut input: Option<String> = None;
    let mut escaped = false;
    for c in text.chars() {
        let target = input.as_mut().unwrap_or(&mut command);
        match c {
            '%' if escaped => {
                target.pop();
                target.push('%');
            }
            '%' => match &mut input {
                Some(input) => input.push('\n'),
                None => input = Some(String::new()),
            },
            c => target.push(c),
        }
        escaped = c == '\\' && !escaped;
    }
    if let Some(input) = &mut input
        && !input.ends_with('\n')
    {
        input.push('\n');
    }
    (command.trim_end().to_owned(), input)
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: &str = "\
# Begin Whenever generated tasks for: /app/config/schedule.rb
SHELL=/bin/bash
PATH = \"/usr/local/bin:/usr/bin\"
MAILTO=''

0 4 * * * /bin/bash -l -c 'cd /app && date +\\%Y >> log/cron.log 2>&1'
@daily  bin/rake a:b
*/5 * * * mon-fri A=b mail -s x root%Hello%there\\%
";

    #[test]
    fn a_user_crontab() {
        let (crontab, problems) = parse(USER);
        assert_eq!(problems, []);
        let jobs: Vec<_> = crontab.jobs().collect();
        assert_eq!(jobs.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [6, 7, 8]);
        assert_eq!(jobs[0].1.command, "/bin/bash -l -c 'cd /app && date +%Y >> log/cron.log 2>&1'");
        assert_eq!((jobs[1].1.when.to_string().as_str(), jobs[1].1.command.as_str()), ("@daily", "bin/rake a:b"));
        assert_eq!((jobs[2].1.command.as_str(), jobs[2].1.input.as_deref()), ("A=b mail -s x root", Some("Hello\nthere%\n")));
        assert_eq!(jobs[2].1.written, "*/5 * * * mon-fri");
        assert_eq!(crontab.variables_at(6), [("SHELL", "/bin/bash"), ("PATH", "/usr/local/bin:/usr/bin"), ("MAILTO", "")]);
        assert!(matches!(&crontab.entries[0].what, What::Comment(text) if text.starts_with("Begin Whenever")));
    }

    #[test]
    fn a_system_crontab_names_users() {
        let (crontab, problems) = parse_system("17 *\t* * *\troot    cd / && run-parts --report /etc/cron.hourly\n@reboot deploy /srv/x\n");
        assert_eq!(problems, []);
        let jobs: Vec<_> = crontab.jobs().collect();
        assert_eq!((jobs[0].1.user.as_deref(), jobs[0].1.command.as_str()), (Some("root"), "cd / && run-parts --report /etc/cron.hourly"));
        assert_eq!((jobs[1].1.user.as_deref(), &jobs[1].1.when), (Some("deploy"), &When::Reboot));
    }

    #[test]
    fn a_bad_line_does_not_lose_the_rest() {
        let (crontab, problems) = parse("* * * *\n  0 25 * * * x\n@often x\n0 0 * * *\n0 0 * * * ok\n");
        assert_eq!(crontab.jobs().count(), 1);
        assert_eq!(problems.iter().map(|p| (p.line, p.column)).collect::<Vec<_>>(), [(1, 1), (2, 5), (3, 1), (4, 10)]);
    }

    #[test]
    fn placeholders_are_words() {
        let (crontab, problems) = parse("\u{F0001} \u{F0002} * * * /srv/\u{F0003}/run\n\u{F0004}=x\n");
        assert_eq!(problems, []);
        let (_, job) = crontab.jobs().next().unwrap();
        assert_eq!((&job.when, job.command.as_str()), (&When::Open("\u{F0001} \u{F0002} * * *".into()), "/srv/\u{F0003}/run"));
    }
}
