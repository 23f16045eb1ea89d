//! Instructions of a Dockerfile as values; `Dockerfile.jinja` writes them.

use std::collections::BTreeMap;

use serde::Serialize;

/// One instruction with the comment above it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Instruction {
    /// Comment lines above it.
    pub comments: Vec<String>,
    /// Whether an empty line stands before it.
    pub gap: bool,
    /// What it is.
    #[serde(flatten)]
    pub kind: Kind,
}

/// The shapes that instructions have on paper.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Kind {
    /// `ENV A=b \ C=d`; values are quoted already.
    Env { values: Vec<Assignment> },
    /// `RUN a \ && b`, `COPY a \ b`: one line each.
    Lines { keyword: &'static str, lines: Vec<Line> },
    /// `RUN head <<'EOF'` and a script.
    Script { head: String, body: String, terminator: String },
    /// `COPY flags <<'EOF' to` and a content.
    File { flags: String, to: String, body: String, terminator: String },
    /// Keyword and text: `COPY a b`, `USER 101:101`.
    Plain { text: String },
    /// `CMD ["a", "b"]`.
    Exec { keyword: String, words: Vec<String> },
    /// Only the comment.
    Remark,
}

/// One variable of an `ENV`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assignment {
    /// Where it comes from; empty for nothing.
    pub comment: String,
    /// Its name.
    pub name: String,
    /// Its value, quoted.
    pub value: String,
}

/// A line inside `RUN`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Its text, without the continuation.
    pub text: String,
    /// A comment line: has no continuation.
    pub comment: bool,
}

/// A shell command of a `RUN`, with its own comment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Command {
    /// Comment lines above it.
    pub comments: Vec<String>,
    /// The first line.
    pub text: String,
    /// Arguments on their own lines, each with a comment or none.
    pub arguments: Vec<(Option<String>, String)>,
}

impl Command {
    /// A command on one line.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// With comment lines above it.
    #[must_use]
    pub fn commented(mut self, comments: Vec<String>) -> Self {
        self.comments = comments;
        self
    }
}

impl Instruction {
    /// `text` as it is: `WORKDIR /app`.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self::of(Kind::Plain { text: text.into() })
    }

    /// An instruction in exec form.
    #[must_use]
    pub fn exec(keyword: &str, words: &[String]) -> Self {
        Self::of(Kind::Exec { keyword: keyword.to_owned(), words: words.to_vec() })
    }

    /// `ENV` with its values quoted: name, value, and where it comes from. A comment is not repeated on the next line.
    #[must_use]
    pub fn env(values: impl IntoIterator<Item = (String, String, String)>) -> Self {
        let (broken, values): (Vec<_>, Vec<_>) = values.into_iter().partition(|(_, value, _)| value.contains(['\n', '\r']));
        let comments: Vec<String> = broken
            .into_iter()
            .map(|(name, ..)| format!("{name} is not set here: its value has line breaks, which ENV cannot hold"))
            .collect();
        if values.is_empty() {
            return Self::remark(comments);
        }
        let mut previous = String::new();
        let assignment = |(name, value, comment): (String, String, String)| {
            let shown = if comment == previous { String::new() } else { comment.clone() };
            previous = comment;
            Assignment { comment: shown, name, value: env_value(&value) }
        };
        Self::of(Kind::Env { values: values.into_iter().map(assignment).collect() }).commented(comments)
    }

    /// Comment lines alone.
    #[must_use]
    pub fn remark(comments: Vec<String>) -> Self {
        Self::of(Kind::Remark).commented(comments)
    }

    /// One `RUN` of all `commands`, joined by `&&`; the first command's comment stands above the instruction.
    #[must_use]
    pub fn run(mounts: &[String], commands: Vec<Command>) -> Self {
        let mut lines: Vec<Line> =
            mounts.iter().enumerate().map(|(i, mount)| line(format!("{}{mount}", if i == 0 { "" } else { "    " }))).collect();
        let mut comments = Vec::new();
        for (index, command) in commands.into_iter().enumerate() {
            if index == 0 {
                comments = command.comments;
                let indent = if lines.is_empty() { "" } else { "    " };
                lines.push(line(format!("{indent}{}", command.text)));
            } else {
                lines.extend(command.comments.into_iter().map(|text| Line { text: format!("    # {text}"), comment: true }));
                lines.push(line(format!(" && {}", command.text)));
            }
            for (comment, argument) in command.arguments {
                lines.extend(comment.map(|text| Line { text: format!("      # {text}"), comment: true }));
                lines.push(line(format!("      {argument}")));
            }
        }
        Self::of(Kind::Lines { keyword: "RUN", lines }).commented(comments)
    }

    /// `COPY` of several `sources` into `folder`; the first source's comment stands above the instruction.
    #[must_use]
    pub fn copy(flags: &str, sources: Vec<Command>, folder: &str) -> Self {
        let mut lines = vec![line(flags.to_owned())];
        let mut comments = Vec::new();
        for (index, source) in sources.into_iter().enumerate() {
            if index == 0 {
                comments = source.comments;
            } else {
                lines.extend(source.comments.into_iter().map(|text| Line { text: format!("    # {text}"), comment: true }));
            }
            lines.push(line(format!("    {}", source.text)));
        }
        lines.push(line(format!("    {folder}")));
        Self::of(Kind::Lines { keyword: "COPY", lines }).commented(comments)
    }

    /// `RUN head <<'EOF'` with `body`.
    #[must_use]
    pub fn script(head: &str, body: &str) -> Self {
        let (body, terminator) = heredoc(body);
        Self::of(Kind::Script { head: head.to_owned(), body, terminator })
    }

    /// A file with `body`.
    #[must_use]
    pub fn file(flags: &str, to: &str, body: &str) -> Self {
        let (body, terminator) = heredoc(body);
        Self::of(Kind::File { flags: flags.to_owned(), to: to.to_owned(), body, terminator })
    }

    /// With comment lines above it, and an empty line above those.
    #[must_use]
    pub fn commented(mut self, comments: Vec<String>) -> Self {
        self.gap |= !comments.is_empty();
        self.comments = comments;
        self
    }

    /// With an empty line before it.
    #[must_use]
    pub fn spaced(mut self) -> Self {
        self.gap = true;
        self
    }

    fn of(kind: Kind) -> Self {
        Self { comments: Vec::new(), gap: false, kind }
    }
}

fn line(text: String) -> Line {
    Line { text, comment: false }
}

/// A body that ends with a line break and a terminator that is no line of it.
fn heredoc(body: &str) -> (String, String) {
    let mut body = body.replace('\0', "").replace("\r\n", "\n");
    if !body.ends_with('\n') {
        body.push('\n');
    }
    let mut terminator = "EOF".to_owned();
    let mut number = 1;
    while body.lines().any(|line| line.trim() == terminator) {
        number += 1;
        terminator = format!("EOF{number}");
    }
    (body, terminator)
}

/// A value after `ENV NAME=`, quoted where needed.
fn env_value(value: &str) -> String {
    if !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || "_-./:@,+%=~".contains(c)) {
        return value.to_owned();
    }
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$"))
}

/// `VALUE` as one word of a POSIX shell, on one line: an instruction ends at a line break, whatever quotes are open.
#[must_use]
pub fn shell_word(value: &str) -> String {
    if !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || "_-./:@,+%=".contains(c)) {
        return value.to_owned();
    }
    let quoted = |value: &str| format!("'{}'", value.replace('\'', r"'\''"));
    // No word of a command holds a NUL.
    let value = value.replace('\0', "");
    if value.contains(['\n', '\r']) {
        return format!("\"$(printf %b {})\"", quoted(&value.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r")));
    }
    quoted(&value)
}

/// `A='b' C=d ` before a command.
#[must_use]
pub fn assignments(variables: &BTreeMap<String, String>) -> String {
    variables.iter().map(|(name, value)| format!("{name}={} ", shell_word(value))).collect()
}

/// Arguments of `COPY` or `ADD`: in JSON where a path has anything but plain characters.
#[must_use]
pub fn paths(paths: &[&str]) -> String {
    let plain = |path: &&str| !path.is_empty() && path.chars().all(|c| c.is_ascii_alphanumeric() || "_-./:@,+%=#?&~".contains(c));
    if paths.iter().all(plain) {
        return paths.join(" ");
    }
    let quoted: Vec<String> = paths.iter().map(|path| serde_json::Value::String(path.replace('$', "\\$")).to_string()).collect();
    format!("[{}]", quoted.join(", "))
}
