//! What a script writes into crontabs, without running it: `echo`, `printf`, `cat`, here-documents, pipes into `crontab -` and `tee`.

use std::collections::BTreeMap;

use super::print::{bodies, echo, printf};
use crate::read::shell::{self, Command, Piece, Pipeline, Redirection, Script, SimpleCommand, Word};

/// Where lines go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A file that cron reads.
    File(String),
    /// A user's crontab; the one who runs it where it says none.
    User(Option<String>),
}

/// Reads scripts.
pub struct Writer<'a> {
    /// The text of a file on the host.
    file: &'a dyn Fn(&str) -> Option<String>,
    /// Files that the script itself wrote.
    written: BTreeMap<String, String>,
    /// Its variables.
    variables: BTreeMap<String, String>,
    /// Tables, in order.
    pub tables: Vec<(Target, String)>,
    /// Programs that it runs by a path.
    pub runs: Vec<String>,
    /// The first command that has nothing to do with cron.
    pub other: Option<String>,
    depth: usize,
    /// How much may still be written.
    budget: usize,
}

/// Programs around a crontab that change nothing by themselves.
const HARMLESS: &[&str] = &[
    "echo",
    "printf",
    "cat",
    "crontab",
    "grep",
    "egrep",
    "fgrep",
    "sort",
    "uniq",
    "sed",
    "awk",
    "rm",
    "touch",
    "chmod",
    "chown",
    "cd",
    "true",
    ":",
    "set",
    "test",
    "[",
    "exit",
    "mktemp",
    "tee",
    "cp",
    "mv",
    "install",
    "sudo",
    "service",
    "systemctl",
    "su",
    "mkdir",
    "export",
];

/// How deep groups and `sh -c` are looked into.
const DEPTH: usize = 8;

impl<'a> Writer<'a> {
    /// A writer that knows the files of the host by `file`.
    pub fn new(file: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            file,
            written: BTreeMap::new(),
            variables: BTreeMap::new(),
            tables: Vec::new(),
            runs: Vec::new(),
            other: None,
            depth: 0,
            budget: 16 << 20,
        }
    }

    /// Reads a script.
    pub fn read(&mut self, text: &str) {
        if self.depth > DEPTH {
            return;
        }
        self.depth += 1;
        if let Ok(script) = shell::parse(text) {
            self.script(&script);
        }
        self.depth -= 1;
    }

    fn script(&mut self, script: &Script) {
        for (_, pipeline) in script.entries.iter().flat_map(|entry| &entry.pipelines) {
            self.pipeline(pipeline);
        }
    }

    /// What a pipeline prints where nothing takes it.
    fn pipeline(&mut self, pipeline: &Pipeline) -> String {
        let mut flowing = String::new();
        for command in &pipeline.commands {
            flowing = self.command(command, &flowing);
        }
        flowing
    }

    /// What a command prints, given its input.
    fn command(&mut self, command: &Command, input: &str) -> String {
        if self.depth > DEPTH {
            return String::new();
        }
        match command {
            Command::Simple(simple) => self.simple(simple, input),
            Command::Subshell { body, redirections, .. } | Command::Group { body, redirections, .. } => {
                self.depth += 1;
                let pipelines = body.entries.iter().flat_map(|entry| &entry.pipelines);
                let mut printed = String::new();
                for (_, pipeline) in pipelines {
                    printed.push_str(&self.pipeline(pipeline));
                }
                self.depth -= 1;
                self.redirect(redirections, printed)
            }
            Command::Opaque { keyword, text, .. } => {
                for body in bodies(keyword, text) {
                    self.read(&body);
                }
                String::new()
            }
        }
    }

    fn simple(&mut self, simple: &SimpleCommand, input: &str) -> String {
        let mut words: Vec<String> = simple.words.iter().map(|word| self.expand(word)).collect();
        if words.is_empty() {
            for assignment in &simple.assignments {
                let value = self.expand(&assignment.value);
                self.variables.insert(assignment.name.clone(), value);
            }
            return String::new();
        }
        let mut user = None;
        while words.first().is_some_and(|word| base(word) == "sudo") && words.len() > 1 {
            words.remove(0);
            while words.first().is_some_and(|word| word.starts_with('-')) {
                let option = words.remove(0);
                if option == "-u" && !words.is_empty() {
                    user = Some(words.remove(0));
                }
            }
        }
        let Some(program) = words.first().map(|word| base(word).to_owned()) else { return String::new() };
        // A here-document or `< file` is the input.
        let mut given = input.to_owned();
        for one in &simple.redirections {
            if let Some(body) = &one.body {
                let quoted = one.target.pieces.iter().any(|piece| matches!(piece, Piece::Quoted(_)));
                given = if quoted { body.clone() } else { self.substitute(body) };
            } else if one.operator == "<" {
                given = self.content(&self.expand(&one.target)).unwrap_or_default();
            } else if one.operator == "<<<" {
                given = self.expand(&one.target);
            }
        }
        let arguments = &words[1..];
        let printed = match program.as_str() {
            "echo" => echo(arguments),
            "printf" => printf(arguments),
            "cat" => self.cat(arguments, &given),
            "crontab" => {
                self.crontab(arguments, user, &given);
                String::new()
            }
            "tee" => {
                let append = arguments.iter().any(|word| word == "-a" || word == "--append");
                for path in arguments.iter().filter(|word| !word.starts_with('-')) {
                    self.write(path, given.clone(), append);
                }
                String::new()
            }
            "cp" | "mv" | "install" => {
                let paths: Vec<&String> = arguments.iter().filter(|word| word.contains('/') || self.written.contains_key(*word)).collect();
                if let [from, to] = paths.as_slice()
                    && let Some(content) = self.content(from)
                {
                    let name = base(from).to_owned();
                    let to = if to.ends_with('/') { format!("{to}{name}") } else { (*to).clone() };
                    self.write(&to, content, false);
                }
                String::new()
            }
            "grep" | "egrep" | "fgrep" | "sort" | "uniq" | "sed" | "awk" => given.clone(),
            "su" | "bash" | "sh" | "dash" | "runuser" => {
                match words.iter().position(|word| word.starts_with('-') && !word.starts_with("--") && word.ends_with('c')) {
                    Some(at) => {
                        if let Some(line) = words.get(at + 1).cloned() {
                            self.inner(&line, &words, &program);
                        }
                    }
                    None => self.program(&words),
                }
                String::new()
            }
            _ => {
                self.program(&words);
                String::new()
            }
        };
        self.redirect(&simple.redirections, printed)
    }

    /// `su deploy -c 'crontab x'`
    fn inner(&mut self, line: &str, words: &[String], program: &str) {
        let before = self.tables.len();
        self.read(line);
        if matches!(program, "su" | "runuser") {
            let name = words.iter().skip(1).find(|word| !word.starts_with('-') && *word != line).cloned();
            for (target, _) in &mut self.tables[before..] {
                if let Target::User(user @ None) = target {
                    user.clone_from(&name);
                }
            }
        }
    }

    fn program(&mut self, words: &[String]) {
        for word in words.iter().take(2).filter(|word| word.starts_with('/')) {
            self.runs.push(word.clone());
        }
        if words.first().is_some_and(|word| !HARMLESS.contains(&base(word)) && !word.starts_with('/')) {
            self.other.get_or_insert_with(|| words.join(" "));
        }
    }

    fn cat(&self, arguments: &[String], input: &str) -> String {
        let paths: Vec<&String> = arguments.iter().filter(|word| *word != "-" && !word.starts_with('-')).collect();
        if paths.is_empty() {
            return input.to_owned();
        }
        let mut all = String::new();
        for argument in arguments {
            all.push_str(&if argument == "-" { input.to_owned() } else { self.content(argument).unwrap_or_default() });
        }
        all
    }

    fn crontab(&mut self, arguments: &[String], mut user: Option<String>, input: &str) {
        let mut path = None;
        let mut index = 0;
        while let Some(word) = arguments.get(index) {
            match word.as_str() {
                "-l" | "-r" | "-e" => return,
                "-u" => {
                    index += 1;
                    user = arguments.get(index).cloned();
                }
                "-" => path = None,
                word if word.starts_with("-u") => user = Some(word[2..].to_owned()),
                word if word.starts_with('-') => {}
                word => path = Some(word.to_owned()),
            }
            index += 1;
        }
        let content = match path {
            Some(path) => self.content(&path).unwrap_or_default(),
            None => input.to_owned(),
        };
        if !content.trim().is_empty() {
            self.tables.push((Target::User(user), content));
        }
    }

    fn content(&self, path: &str) -> Option<String> {
        self.written.get(path).cloned().or_else(|| (self.file)(path))
    }

    fn redirect(&mut self, redirections: &[Redirection], printed: String) -> String {
        let target =
            redirections.iter().find(|one| matches!(one.operator, ">" | ">>" | ">|") && one.descriptor.is_none_or(|number| number == 1));
        match target {
            Some(one) => {
                let path = self.expand(&one.target);
                self.write(&path, printed, one.operator == ">>");
                String::new()
            }
            None => printed,
        }
    }

    fn write(&mut self, path: &str, content: String, append: bool) {
        let is_table = path == "/etc/crontab" || path.starts_with("/etc/cron.d/") || path.starts_with("/var/spool/cron/");
        let content = match (append, self.written.get(path)) {
            (true, Some(before)) => format!("{before}{content}"),
            _ => content,
        };
        // Lines that are appended one by one copy what stands before them.
        let Some(budget) = self.budget.checked_sub(content.len()) else { return };
        self.budget = budget;
        self.written.insert(path.to_owned(), content.clone());
        if !is_table || content.trim().is_empty() {
            return;
        }
        let target = Target::File(path.to_owned());
        match self.tables.iter_mut().find(|(known, _)| *known == target) {
            Some((_, known)) => *known = content,
            None => self.tables.push((target, content)),
        }
    }

    /// A word's characters; variables that the script sets by their values, others as written.
    fn expand(&self, word: &Word) -> String {
        let mut all = String::new();
        for piece in &word.pieces {
            match piece {
                Piece::Plain(text) | Piece::Quoted(text) => all.push_str(text),
                Piece::Variable { name, text, .. } => all.push_str(self.variables.get(name).unwrap_or(text)),
                Piece::Command { script, .. } => all.push_str(&format!("$({script})")),
                Piece::Arithmetic { expression, .. } => all.push_str(&format!("$(({expression}))")),
            }
        }
        all
    }

    /// The body of an unquoted here-document.
    fn substitute(&self, body: &str) -> String {
        let mut out = String::new();
        let mut rest = body;
        while let Some(at) = rest.find(['$', '\\']) {
            out.push_str(&rest[..at]);
            let tail = &rest[at..];
            if tail.starts_with("\\$") || tail.starts_with("\\\\") || tail.starts_with("\\`") {
                out.push_str(&tail[1..2]);
                rest = &tail[2..];
                continue;
            }
            let inner = tail[1..].strip_prefix('{').unwrap_or(&tail[1..]);
            let length = inner.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
            let whole = tail.len() - inner.len() + length + usize::from(tail[1..].starts_with('{'));
            match self.variables.get(&inner[..length]).filter(|_| tail.starts_with('$') && length > 0) {
                Some(value) => {
                    out.push_str(value);
                    rest = tail.get(whole..).unwrap_or_default();
                }
                None => {
                    out.push_str(&tail[..1]);
                    rest = &tail[1..];
                }
            }
        }
        out.push_str(rest);
        out
    }
}

fn base(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables(script: &str) -> Vec<(Target, String)> {
        let file = |path: &str| (path == "/tmp/known").then(|| "1 2 * * * known\n".to_owned());
        let mut writer = Writer::new(&file);
        writer.read(script);
        writer.tables
    }

    #[test]
    fn ways_to_write_a_crontab() {
        let user = |name: Option<&str>, text: &str| vec![(Target::User(name.map(str::to_owned)), text.to_owned())];
        let file = |path: &str, text: &str| vec![(Target::File(path.to_owned()), text.to_owned())];
        for (script, expected) in [
            ("(crontab -l; echo \"0 1 * * * a\") | crontab -", user(None, "0 1 * * * a\n")),
            (
                "(crontab -l 2>/dev/null | grep -v a; echo '0 1 * * * a') | sort - | uniq - | crontab -u bob -",
                user(Some("bob"), "0 1 * * * a\n"),
            ),
            ("echo '0 1 * * * root a' > /etc/cron.d/x", file("/etc/cron.d/x", "0 1 * * * root a\n")),
            ("echo 'A=1' > /etc/cron.d/x && echo '0 1 * * * root a' >> /etc/cron.d/x", file("/etc/cron.d/x", "A=1\n0 1 * * * root a\n")),
            ("crontab /tmp/known", user(None, "1 2 * * * known\n")),
            ("cat > /tmp/t <<'EOF'\n0 1 * * * a\nEOF\ncrontab /tmp/t", user(None, "0 1 * * * a\n")),
            ("H=3\ncat <<EOF | sudo tee /etc/cron.d/y\n0 $H * * * root a \\$B\nEOF", file("/etc/cron.d/y", "0 3 * * * root a $B\n")),
            ("printf '%s\\n' '0 1 * * * a' '0 2 * * * b' | crontab -", user(None, "0 1 * * * a\n0 2 * * * b\n")),
            ("if ! crontab -l | grep -q a; then\n  echo '0 1 * * * a' | crontab -\nfi", user(None, "0 1 * * * a\n")),
            ("su - bob -c \"echo '0 1 * * * a' | crontab -\"", user(Some("bob"), "0 1 * * * a\n")),
            ("sudo -u bob crontab /tmp/known", user(Some("bob"), "1 2 * * * known\n")),
            ("cp /tmp/known /etc/cron.d/k", file("/etc/cron.d/k", "1 2 * * * known\n")),
            ("crontab -r", Vec::new()),
        ] {
            assert_eq!(tables(script), expected, "{script}");
        }
    }
}
