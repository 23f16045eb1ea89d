//! Supervisor's configuration: `[program:NAME]` sections with typed keys, every other section as it stands.
//!
//! `[program:sidekiq]` with `command=bundle exec sidekiq`, `numprocs=2`, `environment=RAILS_ENV="production",A=b` is a [`Program`].
//! Source of the rules: supervisord.org/configuration.html, `dict_of_key_value_pairs` and `inline_comment_prefixes` of its options.py.

use nom::branch::alt;
use nom::bytes::complete::{take_while, take_while1};
use nom::character::complete::{char, multispace0};
use nom::combinator::{all_consuming, opt};
use nom::multi::{fold_many1, separated_list0};
use nom::sequence::{delimited, preceded, separated_pair, terminated};
use nom::{IResult, Parser};

use super::lexeme::{boolean, lines};
use super::problem::{Problem, Written};

/// A configuration file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Configuration {
    /// All sections, in order.
    pub sections: Vec<Section>,
    /// `[program:…]`
    pub programs: Vec<Program>,
    /// `files=` of `[include]`.
    pub includes: Vec<String>,
}

/// `[name]` and its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Line, from 1.
    pub line: u32,
    /// What stands in the brackets: `program:sidekiq`.
    pub name: String,
    /// Line, key (lower case), value; continued lines are joined with newlines.
    pub entries: Vec<(u32, String, String)>,
}

/// `[program:NAME]`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Program {
    /// Line of the header, from 1.
    pub line: u32,
    /// Its name.
    pub name: String,
    /// `command`; supervisor splits it like a shell but runs none. `%(program_name)s` and its like stand as written.
    pub command: String,
    /// Line of `command`.
    pub command_line: u32,
    /// `process_name`
    pub process_name: Option<String>,
    /// `numprocs`, 1 when not set.
    pub numprocs: Option<Written<u32>>,
    /// `directory`
    pub directory: Option<String>,
    /// `user`
    pub user: Option<String>,
    /// `environment`: names and values, in order.
    pub environment: Vec<(String, String)>,
    /// `autostart`, true when not set.
    pub autostart: Option<bool>,
    /// `autorestart`: `true`, `false`, `unexpected`.
    pub autorestart: Option<String>,
    /// `priority`
    pub priority: Option<Written<i64>>,
    /// `startsecs`
    pub startsecs: Option<Written<u64>>,
    /// `stopsignal`, TERM when not set.
    pub stopsignal: Option<String>,
    /// `stopwaitsecs`, 10 when not set.
    pub stopwaitsecs: Option<Written<u64>>,
    /// `stopasgroup`
    pub stopasgroup: Option<bool>,
    /// `killasgroup`
    pub killasgroup: Option<bool>,
    /// `umask`
    pub umask: Option<String>,
    /// `redirect_stderr`
    pub redirect_stderr: Option<bool>,
    /// `stdout_logfile`
    pub stdout_logfile: Option<String>,
    /// `stderr_logfile`
    pub stderr_logfile: Option<String>,
}

/// Reads a configuration file.
#[must_use]
pub fn parse(text: &str) -> (Configuration, Vec<Problem>) {
    let mut problems = Vec::new();
    let sections = sections(text, &mut problems);
    let mut configuration = Configuration::default();
    for section in &sections {
        if let Some(name) = section.name.strip_prefix("program:") {
            configuration.programs.push(program(section, name.trim(), &mut problems));
        } else if section.name == "include" {
            let files = section.entries.iter().filter(|(_, key, _)| key == "files");
            configuration.includes.extend(files.flat_map(|(_, _, value)| value.split_whitespace()).map(str::to_owned));
        }
    }
    configuration.sections = sections;
    problems.sort_by_key(|problem| (problem.line, problem.column));
    (configuration, problems)
}

fn sections(text: &str, problems: &mut Vec<Problem>) -> Vec<Section> {
    let mut all: Vec<Section> = Vec::new();
    for (line, raw) in lines(text) {
        let body = raw.trim();
        if body.is_empty() || raw.starts_with([';', '#']) || body.starts_with(';') {
            continue;
        }
        let body = without_comment(body);
        let continues = raw.starts_with([' ', '\t']);
        if let Some(entry) = all.last_mut().and_then(|section| section.entries.last_mut()).filter(|_| continues) {
            entry.2.push('\n');
            entry.2.push_str(body);
        } else if let Some(name) = body.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(name, _)| name) {
            all.push(Section { line, name: name.trim().to_owned(), entries: Vec::new() });
        } else if let Ok((_, (key, value))) = entry(body) {
            match all.last_mut() {
                Some(section) => section.entries.push((line, key.trim().to_ascii_lowercase(), value.trim().to_owned())),
                None => problems.push(Problem::on_line(line, format!("`{}` stands before the first section", key.trim()))),
            }
        } else {
            problems.push(Problem::on_line(line, "expected `[section]` or `key=value`"));
        }
    }
    all
}

/// The line up to ` ;`.
fn without_comment(line: &str) -> &str {
    let at = line.match_indices(';').find(|(at, _)| line[..*at].ends_with([' ', '\t'])).map_or(line.len(), |(at, _)| at);
    line[..at].trim_end()
}

/// `key=value` or `key: value`
fn entry(input: &str) -> IResult<&str, (&str, &str)> {
    separated_pair(take_while1(|c| c != '=' && c != ':'), alt((char('='), char(':'))), take_while(|_| true)).parse(input)
}

/// `A="b c",D=e`: quotes group, and a comma or newline divides.
fn environment(input: &str) -> IResult<&str, Vec<(&str, String)>> {
    let name = take_while1(|c: char| !c.is_whitespace() && !",=\"'".contains(c));
    let double = delimited(char('"'), take_while(|c| c != '"'), char('"'));
    let single = delimited(char('\''), take_while(|c| c != '\''), char('\''));
    let bare = take_while1(|c: char| !c.is_whitespace() && !",\"'".contains(c));
    let value = fold_many1(alt((double, single, bare)), String::new, |mut all: String, piece: &str| {
        all.push_str(piece);
        all
    });
    let pair = (terminated(name, multispace0), char('='), preceded(multispace0, opt(value)))
        .map(|(name, _, value)| (name, value.unwrap_or_default()));
    let comma = delimited(multispace0, char(','), multispace0);
    all_consuming(delimited(multispace0, terminated(separated_list0(comma, pair), opt((multispace0, char(',')))), multispace0)).parse(input)
}

fn program(section: &Section, name: &str, problems: &mut Vec<Problem>) -> Program {
    let mut program = Program { line: section.line, name: name.to_owned(), ..Program::default() };
    for (line, key, value) in &section.entries {
        let text = || Some(value.clone());
        let whole =
            |problems: &mut Vec<Problem>| Some(Written::read(value, *line, "whole number", problems, |text| text.parse::<u64>().ok()));
        match key.as_str() {
            "command" => {
                program.command.clone_from(value);
                program.command_line = *line;
            }
            "process_name" => program.process_name = text(),
            "numprocs" => program.numprocs = Some(Written::read(value, *line, "whole number", problems, |text| text.parse().ok())),
            "directory" => program.directory = text(),
            "user" => program.user = text(),
            "environment" => match environment(value) {
                Ok((_, pairs)) => program.environment = pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
                Err(_) => problems.push(Problem::on_line(*line, "`environment` is no list of `NAME=\"value\"`")),
            },
            "autostart" => program.autostart = boolean(value),
            "autorestart" => program.autorestart = text(),
            "priority" => program.priority = Some(Written::read(value, *line, "whole number", problems, |text| text.parse().ok())),
            "startsecs" => program.startsecs = whole(problems),
            "stopsignal" => program.stopsignal = text(),
            "stopwaitsecs" => program.stopwaitsecs = whole(problems),
            "stopasgroup" => program.stopasgroup = boolean(value),
            "killasgroup" => program.killasgroup = boolean(value),
            "umask" => program.umask = text(),
            "redirect_stderr" => program.redirect_stderr = boolean(value),
            "stdout_logfile" => program.stdout_logfile = text(),
            "stderr_logfile" => program.stderr_logfile = text(),
            _ => {}
        }
    }
    if program.command.is_empty() {
        problems.push(Problem::on_line(section.line, format!("program `{name}` has no `command`")));
    }
    program
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDEKIQ: &str = r#"
; shop
[supervisord]
logfile=/var/log/supervisord.log

[program:sidekiq]
command=bundle exec sidekiq -C config/sidekiq.yml   ; the worker
process_name=%(program_name)s_%(process_num)02d
numprocs=2
directory: /srv/www/shop/current
user=deploy
environment=RAILS_ENV="production",NAME='a, b',
    REDIS_URL=redis://h:6379/0?a=b,EMPTY=""
autostart = true
autorestart=unexpected
stopsignal=TERM
stopwaitsecs=60
stdout_logfile=/var/log/shop;x.log
redirect_stderr=true

[group:shop]
programs=sidekiq

[include]
files = conf.d/*.conf /etc/supervisor/x.ini
"#;

    #[test]
    fn a_program() {
        let (configuration, problems) = parse(SIDEKIQ);
        assert_eq!(problems, []);
        assert_eq!(configuration.sections.len(), 4);
        assert_eq!(configuration.includes, ["conf.d/*.conf", "/etc/supervisor/x.ini"]);
        let [program] = configuration.programs.as_slice() else { panic!() };
        assert_eq!((program.line, program.name.as_str(), program.command_line), (6, "sidekiq", 7));
        assert_eq!(program.command, "bundle exec sidekiq -C config/sidekiq.yml");
        assert_eq!(program.numprocs.as_ref().and_then(|it| it.value), Some(2));
        assert_eq!((program.directory.as_deref(), program.user.as_deref()), (Some("/srv/www/shop/current"), Some("deploy")));
        let environment: Vec<_> = program.environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(environment, [("RAILS_ENV", "production"), ("NAME", "a, b"), ("REDIS_URL", "redis://h:6379/0?a=b"), ("EMPTY", "")]);
        assert_eq!((program.autostart, program.stopwaitsecs.as_ref().and_then(|it| it.value)), (Some(true), Some(60)));
        assert_eq!(program.stdout_logfile.as_deref(), Some("/var/log/shop;x.log"));
    }

    #[test]
    fn faults_do_not_lose_the_rest() {
        let (configuration, problems) = parse("a=b\n[program:x]\nnumprocs=two\nenvironment=A\nwhat\ncommand=y\n[program:z]\n");
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [1, 3, 4, 5, 7]);
        assert_eq!(configuration.programs[0].command, "y");
        let (configuration, problems) = parse("[program:\u{F0000}]\ncommand=\u{F0001} x\nnumprocs=\u{F0002}\nenvironment=A=\u{F0003}\n");
        assert_eq!(problems, []);
        assert_eq!(configuration.programs[0].environment, [("A".to_owned(), "\u{F0003}".to_owned())]);
    }
}
