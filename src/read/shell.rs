//! POSIX shell (with the bash pieces that cookbooks use): text to lists, pipelines and simple commands, words kept in their parts.
//!
//! `cd /app && RAILS_ENV=production bundle exec rake a:b >> log/cron.log 2>&1` is one entry of two pipelines joined by `&&`;
//! the second command has one assignment, four words and two redirections. `if`, `for`, `while`, `case`, `[[` and functions
//! stay opaque: their text is kept whole.

mod compound;
mod exec;
mod lexer;
mod parser;
mod words;

pub use compound::{Construct, construct};
pub use exec::{ExecForm, Obstacle, exec_form};
pub(crate) use lexer::word as word_at;
pub use parser::parse;
pub use words::{escape, words};

/// A sequence of and-or lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Script {
    /// The lists, in order.
    pub entries: Vec<Entry>,
}

/// Pipelines joined by `&&` and `||`, up to `;`, `&` or the end of the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Line that it starts on, from 1.
    pub line: u32,
    /// The pipelines, each with what joins it to the one before ([`Joint::First`] for the first).
    pub pipelines: Vec<(Joint, Pipeline)>,
    /// It ends with `&`.
    pub background: bool,
}

/// What joins a pipeline to the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joint {
    /// There is none before.
    First,
    /// `&&`
    And,
    /// `||`
    Or,
}

/// Commands joined by `|`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline {
    /// It starts with `!`.
    pub negated: bool,
    /// The commands, at least one.
    pub commands: Vec<Command>,
}

/// One command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Assignments, words and redirections.
    Simple(SimpleCommand),
    /// `( … )`
    Subshell { line: u32, body: Script, redirections: Vec<Redirection> },
    /// `{ …; }`
    Group { line: u32, body: Script, redirections: Vec<Redirection> },
    /// `if`, `for`, `while`, `until`, `case`, `select`, `[[`, `((`, a function or array: not taken apart.
    Opaque { line: u32, keyword: String, text: String, redirections: Vec<Redirection> },
}

/// `A=b cmd arg > file`
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SimpleCommand {
    /// Line that it starts on, from 1.
    pub line: u32,
    /// The characters as written, redirections included.
    pub text: String,
    /// `A=b` before the first word.
    pub assignments: Vec<Assignment>,
    /// Command name and arguments.
    pub words: Vec<Word>,
    /// Redirections, in order.
    pub redirections: Vec<Redirection>,
}

/// `NAME=value`; `append` for `NAME+=value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The variable.
    pub name: String,
    /// The value; no parts for an empty one.
    pub value: Word,
    /// `+=`
    pub append: bool,
}

/// `2>> file`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirection {
    /// The number before the operator.
    pub descriptor: Option<u32>,
    /// `<`, `>`, `>>`, `>&`, `<&`, `&>`, `&>>`, `<>`, `>|`, `<<`, `<<-`, `<<<`
    pub operator: &'static str,
    /// File, descriptor number, or delimiter of a here-document.
    pub target: Word,
    /// The lines of a here-document.
    pub body: Option<String>,
}

/// A word in its parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Word {
    /// Line that it starts on, from 1.
    pub line: u32,
    /// The characters as written, quotes included.
    pub text: String,
    /// Its parts.
    pub pieces: Vec<Piece>,
}

/// A part of a [`Word`]. `quoted`: inside double quotes, so that the result is not split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Unquoted characters.
    Plain(String),
    /// Characters from quotes or after a backslash, quotes taken off.
    Quoted(String),
    /// `$NAME`, `${NAME}`, `${NAME:-default}`, `$1`, `$?`: the name, and all of it as written.
    Variable { name: String, text: String, quoted: bool },
    /// `$(…)` or backticks: the script inside, or `<(…)`.
    Command { script: String, quoted: bool },
    /// `$((…))`: the expression.
    Arithmetic { expression: String, quoted: bool },
}

impl Word {
    /// The word's value when the shell would change nothing about it: no expansion, pattern, tilde or brace list.
    #[must_use]
    pub fn literal(&self) -> Option<String> {
        if self.is_pattern() {
            return None;
        }
        self.known()
    }

    /// The word's characters without quotes when it holds no expansion; patterns and tildes are taken as they stand
    /// (which is right for the value of an assignment, except `~`).
    #[must_use]
    pub fn known(&self) -> Option<String> {
        let mut all = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Plain(text) | Piece::Quoted(text) => all.push_str(text),
                _ => return None,
            }
        }
        Some(all)
    }

    /// The characters without quotes; expansions as written (`$HOME/x`).
    #[must_use]
    pub fn shown(&self) -> String {
        let mut all = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Plain(text) | Piece::Quoted(text) | Piece::Variable { text, .. } => all.push_str(text),
                Piece::Command { script, .. } => {
                    all.push_str("$(");
                    all.push_str(script);
                    all.push(')');
                }
                Piece::Arithmetic { expression, .. } => {
                    all.push_str("$((");
                    all.push_str(expression);
                    all.push_str("))");
                }
            }
        }
        all
    }

    /// Whether any part is an expansion.
    #[must_use]
    pub fn has_expansion(&self) -> bool {
        !self.pieces.iter().all(|piece| matches!(piece, Piece::Plain(_) | Piece::Quoted(_)))
    }

    /// Whether an unquoted part is a file name pattern, a `~` at the start, or a bash brace list.
    #[must_use]
    pub fn is_pattern(&self) -> bool {
        let plain: String = self
            .pieces
            .iter()
            .map(|piece| match piece {
                Piece::Plain(text) => text.as_str(),
                // Stands for something that is no pattern, so that the characters around it do not meet.
                _ => "\u{0}",
            })
            .collect();
        let bracket = plain.find('[').is_some_and(|at| plain[at..].contains(']'));
        let brace = plain.find('{').is_some_and(|at| {
            let inner = &plain[at..];
            inner.find('}').is_some_and(|end| inner[..end].contains(',') || inner[..end].contains(".."))
        });
        plain.starts_with('~') || plain.contains(['*', '?']) || bracket || brace
    }
}

impl Script {
    /// Every simple command, in order of the text, those of groups and subshells included; opaque constructs are not looked into.
    #[must_use]
    pub fn simple_commands(&self) -> Vec<&SimpleCommand> {
        let mut all = Vec::new();
        self.collect(&mut all);
        all
    }

    fn collect<'a>(&'a self, all: &mut Vec<&'a SimpleCommand>) {
        let commands = self.entries.iter().flat_map(|entry| &entry.pipelines).flat_map(|(_, pipeline)| &pipeline.commands);
        for command in commands {
            match command {
                Command::Simple(simple) => all.push(simple),
                Command::Subshell { body, .. } | Command::Group { body, .. } => body.collect(all),
                Command::Opaque { .. } => {}
            }
        }
    }

    /// The only command, when the script is exactly one simple command that runs in the foreground.
    #[must_use]
    pub fn only_command(&self) -> Option<&SimpleCommand> {
        let [Entry { pipelines, background: false, .. }] = self.entries.as_slice() else { return None };
        let [(_, Pipeline { negated: false, commands })] = pipelines.as_slice() else { return None };
        match commands.as_slice() {
            [Command::Simple(simple)] => Some(simple),
            _ => None,
        }
    }
}
