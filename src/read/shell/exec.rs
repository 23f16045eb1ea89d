//! Whether a simple command can be started without a shell, as `["bundle", "exec", "puma"]`.

use std::fmt;

use super::{SimpleCommand, Word};

/// A command that needs no shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecForm {
    /// Assignments before the command, for the environment.
    pub variables: Vec<(String, String)>,
    /// The program and its arguments; at least one.
    pub arguments: Vec<String>,
}

/// Why a command needs a shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// A word has `$…`, backticks or `$(…)`.
    Expansion(String),
    /// A word is a file name pattern, starts with `~`, or has a brace list.
    Pattern(String),
    /// Input or output is redirected.
    Redirection(&'static str),
    /// The command exists inside a shell only.
    Builtin(String),
    /// There is no command.
    Empty,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expansion(word) => write!(f, "the shell expands `{word}`"),
            Self::Pattern(word) => write!(f, "the shell matches `{word}` against file names"),
            Self::Redirection(operator) => write!(f, "`{operator}` redirects input or output"),
            Self::Builtin(name) => write!(f, "`{name}` is a command of the shell itself"),
            Self::Empty => f.write_str("there is no command"),
        }
    }
}

/// Commands that a shell runs itself and that have no program of the same use (POSIX special built-ins, and those that change the shell).
const BUILTINS: &[&str] = &[
    ".", ":", "alias", "bg", "break", "cd", "command", "continue", "declare", "eval", "exec", "exit", "export", "fg", "getopts", "hash",
    "jobs", "local", "popd", "pushd", "read", "readonly", "return", "set", "shift", "shopt", "source", "times", "trap", "type", "ulimit",
    "umask", "unalias", "unset", "wait",
];

/// The command in exec form.
///
/// # Errors
/// When only a shell runs it as meant: expansions, patterns, redirections, built-ins.
pub fn exec_form(command: &SimpleCommand) -> Result<ExecForm, Obstacle> {
    if let Some(redirection) = command.redirections.first() {
        return Err(Obstacle::Redirection(redirection.operator));
    }
    let mut variables = Vec::new();
    for assignment in &command.assignments {
        if assignment.append || assignment.value.text.starts_with('~') {
            return Err(Obstacle::Expansion(format!("{}={}", assignment.name, assignment.value.text)));
        }
        let value = assignment.value.known().ok_or_else(|| Obstacle::Expansion(assignment.value.text.clone()))?;
        variables.push((assignment.name.clone(), value));
    }
    let arguments = command.words.iter().map(argument).collect::<Result<Vec<_>, _>>()?;
    match arguments.first() {
        None => Err(Obstacle::Empty),
        Some(name) if BUILTINS.contains(&name.as_str()) => Err(Obstacle::Builtin(name.clone())),
        Some(_) => Ok(ExecForm { variables, arguments }),
    }
}

fn argument(word: &Word) -> Result<String, Obstacle> {
    if word.has_expansion() {
        return Err(Obstacle::Expansion(word.text.clone()));
    }
    word.literal().ok_or_else(|| Obstacle::Pattern(word.text.clone()))
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn form(text: &str) -> Result<ExecForm, Obstacle> {
        exec_form(parse(text).unwrap().only_command().unwrap())
    }

    #[test]
    fn plain_commands_need_no_shell() {
        let found = form("RAILS_ENV=production LANG='C UTF' bundle exec rake \"a b\" x[1 it\\'s").unwrap();
        assert_eq!(found.variables, [("RAILS_ENV".to_owned(), "production".to_owned()), ("LANG".to_owned(), "C UTF".to_owned())]);
        assert_eq!(found.arguments, ["bundle", "exec", "rake", "a b", "x[1", "it's"]);
        assert_eq!(form("rake '*' \"~\" \\$x").unwrap().arguments, ["rake", "*", "~", "$x"]);
        assert_eq!(form("[ a = b ]").unwrap().arguments.len(), 5);
    }

    #[test]
    fn what_the_shell_does_is_an_obstacle() {
        let cases = [
            ("echo $HOME", Obstacle::Expansion("$HOME".to_owned())),
            ("echo \"a $(date)\"", Obstacle::Expansion("\"a $(date)\"".to_owned())),
            ("rm -f tmp/*.pid", Obstacle::Pattern("tmp/*.pid".to_owned())),
            ("ls ~/x", Obstacle::Pattern("~/x".to_owned())),
            ("cp a{1,2} b", Obstacle::Pattern("a{1,2}".to_owned())),
            ("rake 'task'[1]*", Obstacle::Pattern("'task'[1]*".to_owned())),
            ("a > b", Obstacle::Redirection(">")),
            ("cd /app", Obstacle::Builtin("cd".to_owned())),
            ("A=b", Obstacle::Empty),
            ("A=$B cmd", Obstacle::Expansion("$B".to_owned())),
        ];
        for (text, expected) in cases {
            assert_eq!(form(text), Err(expected), "{text}");
        }
    }
}
