//! Tokens of a shell text to lists, pipelines and commands.

use super::lexer::{Kind, Token, Tokens, tokens};
use super::{Assignment, Command, Entry, Joint, Piece, Pipeline, Redirection, Script, SimpleCommand, Word};
use crate::read::lexeme::{column, is_name};
use crate::read::problem::ParseError;

/// Subshells and groups inside each other beyond this are refused: nobody writes them, and each costs stack.
const DEPTH: usize = 60;

/// Reads a command line or a whole script.
///
/// # Errors
/// On quotes, brackets or constructs that are not closed, and on operators where a command is expected.
pub fn parse(text: &str) -> Result<Script, ParseError> {
    let Tokens { all, bodies } = tokens(text)?;
    let mut parser = Parser { text, tokens: &all, at: 0, depth: 0, bodies: bodies.into_iter() };
    let script = parser.script(None)?;
    if parser.at < parser.tokens.len() { Err(parser.unexpected()) } else { Ok(script) }
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token],
    at: usize,
    depth: usize,
    bodies: std::vec::IntoIter<String>,
}

type Parsed<T> = Result<T, ParseError>;

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Kind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    fn operator(&self) -> Option<&'static str> {
        match self.peek() {
            Some(Kind::Operator(operator)) => Some(operator),
            _ => None,
        }
    }

    /// The word at this place when it is unquoted and whole, as reserved words must be.
    fn reserved(&self) -> Option<&'a str> {
        match self.peek() {
            Some(Kind::Word(word)) => match word.pieces.as_slice() {
                [Piece::Plain(text)] if *text == word.text => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    fn line(&self) -> u32 {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(1, |token| token.line)
    }

    fn start(&self) -> usize {
        self.tokens.get(self.at).map_or(self.text.len(), |token| token.start)
    }

    /// The text from byte `start` to the end of the last token taken.
    fn slice(&self, start: usize) -> &'a str {
        let end = self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(start, |token| token.end);
        self.text.get(start..end).unwrap_or("")
    }

    fn problem(&self, message: impl Into<String>) -> ParseError {
        self.problem_at(self.at, message)
    }

    /// A problem at token `at`. Made only when it is returned: finding the column takes time.
    fn problem_at(&self, at: usize, message: impl Into<String>) -> ParseError {
        let token = self.tokens.get(at);
        let start = token.map_or(self.text.len(), |token| token.start);
        let line = token.or(self.tokens.last()).map_or(1, |token| token.line);
        let line_start = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        ParseError { line, column: column(&self.text[line_start..], start - line_start), message: message.into() }
    }

    fn unexpected(&self) -> ParseError {
        match self.tokens.get(self.at) {
            None => self.problem("the text ends where a command is expected"),
            Some(Token { kind: Kind::Newline, .. }) => self.problem("the line ends where a command is expected"),
            Some(token) => self.problem(format!("unexpected `{}`", &self.text[token.start..token.end])),
        }
    }

    fn newlines(&mut self) {
        while matches!(self.peek(), Some(Kind::Newline)) {
            self.at += 1;
        }
    }

    /// Lists up to the end, or up to `closer` (not taken).
    fn script(&mut self, closer: Option<&str>) -> Parsed<Script> {
        let mut entries = Vec::new();
        loop {
            self.newlines();
            if self.peek().is_none() || self.closes(closer) {
                return Ok(Script { entries });
            }
            let mut entry = Entry { line: self.line(), pipelines: vec![(Joint::First, self.pipeline()?)], background: false };
            loop {
                let joint = match self.operator() {
                    Some("&&") => Joint::And,
                    Some("||") => Joint::Or,
                    _ => break,
                };
                self.at += 1;
                self.newlines();
                entry.pipelines.push((joint, self.pipeline()?));
            }
            match (self.operator(), self.peek()) {
                (Some("&"), _) => {
                    entry.background = true;
                    self.at += 1;
                }
                (Some(";"), _) | (_, Some(Kind::Newline)) => self.at += 1,
                (_, None) => {}
                _ if self.closes(closer) => {}
                _ => return Err(self.unexpected()),
            }
            entries.push(entry);
        }
    }

    fn closes(&self, closer: Option<&str>) -> bool {
        match closer {
            Some(")") => self.operator() == Some(")"),
            Some(word) => self.reserved() == Some(word),
            None => false,
        }
    }

    fn pipeline(&mut self) -> Parsed<Pipeline> {
        let negated = self.reserved() == Some("!");
        if negated {
            self.at += 1;
        }
        let mut commands = vec![self.command()?];
        while matches!(self.operator(), Some("|" | "|&")) {
            self.at += 1;
            self.newlines();
            commands.push(self.command()?);
        }
        Ok(Pipeline { negated, commands })
    }

    fn command(&mut self) -> Parsed<Command> {
        let start = self.start();
        let line = self.line();
        if self.operator() == Some("(") {
            let arithmetic =
                matches!(self.tokens.get(self.at + 1), Some(Token { kind: Kind::Operator("("), start: next, .. }) if *next == start + 1);
            if arithmetic {
                self.parentheses()?;
                return self.opaque(line, "((", start);
            }
            let body = self.nested(")")?;
            return Ok(Command::Subshell { line, body, redirections: self.redirections()? });
        }
        match self.reserved() {
            Some("{") => {
                let body = self.nested("}")?;
                Ok(Command::Group { line, body, redirections: self.redirections()? })
            }
            Some(keyword @ ("if" | "for" | "while" | "until" | "case" | "select")) => {
                self.construct()?;
                self.opaque(line, keyword, start)
            }
            Some("[[") => {
                while self.reserved() != Some("]]") {
                    if self.peek().is_none() {
                        return Err(self.problem("`[[` without `]]`"));
                    }
                    self.at += 1;
                }
                self.at += 1;
                self.opaque(line, "[[", start)
            }
            Some("function") => {
                self.at += 2;
                if self.operator() == Some("(") {
                    self.parentheses()?;
                }
                self.function(line, start)
            }
            Some("then" | "else" | "elif" | "fi" | "do" | "done" | "esac" | "}" | "]]") => Err(self.unexpected()),
            _ => self.simple(line, start),
        }
    }

    /// The body of a function whose head has been read.
    fn function(&mut self, line: u32, start: usize) -> Parsed<Command> {
        self.newlines();
        if self.depth >= DEPTH {
            return Err(self.problem("nested too deeply"));
        }
        self.depth += 1;
        self.command()?;
        self.depth -= 1;
        Ok(Command::Opaque { line, keyword: "function".to_owned(), text: self.slice(start).to_owned(), redirections: Vec::new() })
    }

    fn opaque(&mut self, line: u32, keyword: &str, start: usize) -> Parsed<Command> {
        let text = self.slice(start).to_owned();
        Ok(Command::Opaque { line, keyword: keyword.to_owned(), text, redirections: self.redirections()? })
    }

    /// A script in brackets, the opening one at this place.
    fn nested(&mut self, closer: &str) -> Parsed<Script> {
        if self.depth >= DEPTH {
            return Err(self.problem("nested too deeply"));
        }
        self.depth += 1;
        let opener = self.at;
        self.at += 1;
        let body = self.script(Some(closer))?;
        if !self.closes(Some(closer)) {
            return Err(self.problem_at(opener, format!("no `{closer}` closes this")));
        }
        self.at += 1;
        self.depth -= 1;
        Ok(body)
    }

    /// Skips `( … )` with what is nested in it.
    fn parentheses(&mut self) -> Parsed<()> {
        let opener = self.at;
        let mut open = 0_usize;
        loop {
            match self.peek() {
                None => return Err(self.problem_at(opener, "no `)` closes this")),
                Some(Kind::Operator("(")) => open += 1,
                Some(Kind::Operator(")")) => open -= 1,
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return Ok(());
            }
        }
    }

    /// Skips `if … fi`, `for … done`, `case … esac` with what is nested in them.
    fn construct(&mut self) -> Parsed<()> {
        let opener = self.at;
        let mut closers: Vec<&str> = Vec::new();
        // Reserved words are such only where a command may start.
        let mut command_may_start = true;
        loop {
            let Some(kind) = self.peek() else { return Err(self.problem_at(opener, "this construct is not closed")) };
            let reserved = self.reserved();
            match (kind, reserved) {
                (Kind::Newline | Kind::Operator(";" | "&" | "&&" | "||" | "|" | "|&" | ";;" | ";&" | ";;&" | "(" | ")"), _) => {
                    command_may_start = true;
                }
                (Kind::Operator(_) | Kind::Descriptor(_), _) => {}
                (Kind::Word(_), Some("in")) if closers.last() == Some(&"esac") => command_may_start = true,
                (Kind::Word(_), Some(word)) if command_may_start => {
                    command_may_start = matches!(word, "if" | "while" | "until" | "then" | "do" | "else" | "elif" | "!" | "{");
                    match word {
                        "if" => closers.push("fi"),
                        "for" | "select" | "while" | "until" => closers.push("done"),
                        "case" => closers.push("esac"),
                        "{" => closers.push("}"),
                        // The guard takes the closer off, right or wrong.
                        "fi" | "done" | "esac" | "}" if closers.pop() != Some(word) => return Err(self.unexpected()),
                        _ => {}
                    }
                }
                (Kind::Word(_), _) => command_may_start = false,
            }
            if matches!(kind, Kind::Operator("<<" | "<<-")) {
                self.bodies.next();
            }
            self.at += 1;
            if closers.is_empty() {
                return Ok(());
            }
        }
    }

    fn redirections(&mut self) -> Parsed<Vec<Redirection>> {
        let mut all = Vec::new();
        while let Some(redirection) = self.redirection()? {
            all.push(redirection);
        }
        Ok(all)
    }

    fn redirection(&mut self) -> Parsed<Option<Redirection>> {
        let descriptor = match self.peek() {
            Some(Kind::Descriptor(number)) => Some(*number),
            _ => None,
        };
        if descriptor.is_some() {
            self.at += 1;
        }
        let operator = match self.operator() {
            Some(operator) if operator.contains(['<', '>']) => operator,
            _ if descriptor.is_some() => return Err(self.unexpected()),
            _ => return Ok(None),
        };
        self.at += 1;
        let target = match self.peek() {
            Some(Kind::Word(word)) => word.clone(),
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        let body = if matches!(operator, "<<" | "<<-") { self.bodies.next() } else { None };
        Ok(Some(Redirection { descriptor, operator, target, body }))
    }

    fn simple(&mut self, line: u32, start: usize) -> Parsed<Command> {
        let mut command = SimpleCommand { line, ..SimpleCommand::default() };
        loop {
            if let Some(redirection) = self.redirection()? {
                command.redirections.push(redirection);
                continue;
            }
            match self.peek() {
                Some(Kind::Word(word)) => {
                    self.at += 1;
                    match assignment(word) {
                        Some(assignment) if command.words.is_empty() => command.assignments.push(assignment),
                        _ => command.words.push(word.clone()),
                    }
                }
                Some(Kind::Operator("(")) => {
                    let array = command.words.is_empty() && command.assignments.last().is_some_and(|last| last.value.pieces.is_empty());
                    let function = command.words.len() == 1
                        && command.assignments.is_empty()
                        && matches!(self.tokens.get(self.at + 1), Some(Token { kind: Kind::Operator(")"), .. }));
                    if array {
                        self.parentheses()?;
                        return self.opaque(line, "array", start);
                    }
                    if !function {
                        return Err(self.unexpected());
                    }
                    self.parentheses()?;
                    return self.function(line, start);
                }
                _ => break,
            }
        }
        if command.words.is_empty() && command.assignments.is_empty() && command.redirections.is_empty() {
            return Err(self.unexpected());
        }
        self.slice(start).clone_into(&mut command.text);
        Ok(Command::Simple(command))
    }
}

/// `NAME=…` or `NAME+=…` with the name unquoted.
fn assignment(word: &Word) -> Option<Assignment> {
    let Some(Piece::Plain(first)) = word.pieces.first() else { return None };
    let (head, tail) = first.split_once('=')?;
    let name = head.strip_suffix('+').unwrap_or(head);
    if !is_name(name) {
        return None;
    }
    let mut pieces = Vec::new();
    if !tail.is_empty() {
        pieces.push(Piece::Plain(tail.to_owned()));
    }
    pieces.extend(word.pieces.iter().skip(1).cloned());
    let text = word.text.split_once('=').map_or("", |(_, text)| text).to_owned();
    Some(Assignment { name: name.to_owned(), value: Word { line: word.line, text, pieces }, append: head.ends_with('+') })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn simple(command: &Command) -> &SimpleCommand {
        match command {
            Command::Simple(simple) => simple,
            other => panic!("{other:?}"),
        }
    }

    fn shown(command: &SimpleCommand) -> Vec<String> {
        command.words.iter().map(Word::shown).collect()
    }

    #[test]
    fn a_cron_job_of_two_commands() {
        let script = parse("cd /app && RAILS_ENV=production bundle exec rake a:b --silent >> log/cron.log 2>&1").unwrap();
        let [entry] = script.entries.as_slice() else { panic!() };
        assert_eq!(entry.pipelines.iter().map(|(joint, _)| *joint).collect::<Vec<_>>(), [Joint::First, Joint::And]);
        let second = simple(&entry.pipelines[1].1.commands[0]);
        assert_eq!(
            (second.assignments[0].name.as_str(), second.assignments[0].value.literal().as_deref()),
            ("RAILS_ENV", Some("production"))
        );
        assert_eq!(shown(second), ["bundle", "exec", "rake", "a:b", "--silent"]);
        let [log, both] = second.redirections.as_slice() else { panic!() };
        assert_eq!((log.descriptor, log.operator, log.target.shown().as_str()), (None, ">>", "log/cron.log"));
        assert_eq!((both.descriptor, both.operator, both.target.shown().as_str()), (Some(2), ">&", "1"));
    }

    #[test]
    fn words_keep_their_parts() {
        let script = parse("echo a\"b $X\"'c d'\\ e`date`$(id -u)$((1+2))${Y:-z} $ \"\" &>/dev/null").unwrap();
        let command = script.only_command().unwrap();
        assert_eq!(
            command.words[1].pieces,
            [
                Piece::Plain("a".into()),
                Piece::Quoted("b ".into()),
                Piece::Variable { name: "X".into(), text: "$X".into(), quoted: true },
                Piece::Quoted("c d".into()),
                Piece::Quoted(" ".into()),
                Piece::Plain("e".into()),
                Piece::Command { script: "date".into(), quoted: false },
                Piece::Command { script: "id -u".into(), quoted: false },
                Piece::Arithmetic { expression: "1+2".into(), quoted: false },
                Piece::Variable { name: "Y".into(), text: "${Y:-z}".into(), quoted: false },
            ]
        );
        assert_eq!(command.words[2].literal().as_deref(), Some("$"));
        assert_eq!(command.words[3].literal().as_deref(), Some(""));
        assert_eq!(command.redirections[0].operator, "&>");
    }

    #[test]
    fn lists_pipes_background_groups_and_subshells() {
        let script = parse("! a | b |\n c; d & (e; f) >x || { g; h; } # comment\n\n i \\\n  j").unwrap();
        assert_eq!(script.entries.len(), 4);
        assert!(script.entries[0].pipelines[0].1.negated);
        assert_eq!(script.entries[0].pipelines[0].1.commands.len(), 3);
        assert!(script.entries[1].background);
        assert!(matches!(&script.entries[2].pipelines[0].1.commands[0], Command::Subshell { redirections, .. } if redirections.len() == 1));
        assert!(matches!(&script.entries[2].pipelines[1].1.commands[0], Command::Group { body, .. } if body.entries.len() == 2));
        assert_eq!(shown(simple(&script.entries[3].pipelines[0].1.commands[0])), ["i", "j"]);
        assert_eq!(script.entries[3].line, 4);
        assert_eq!(script.simple_commands().len(), 9);
    }

    #[test]
    fn constructs_stay_opaque_and_whole() {
        let text = "if [ -f /etc/default/x ]; then\n  . /etc/default/x\n  case $1 in start) if a; then echo fi; fi;; *) b;; esac\nfi > log\nexec z";
        let script = parse(text).unwrap();
        assert_eq!(script.entries.len(), 2);
        let Command::Opaque { keyword, text: kept, redirections, .. } = &script.entries[0].pipelines[0].1.commands[0] else { panic!() };
        assert_eq!(keyword, "if");
        assert!(kept.starts_with("if [") && kept.ends_with("\nfi"), "{kept}");
        assert_eq!(redirections.len(), 1);
        for text in [
            "for i in 1 2; do echo $i; done | sort",
            "while read x; do a; done < f",
            "[[ a && b ]] && c",
            "f() { a; b; }",
            "function f { a; }",
        ] {
            assert!(matches!(&parse(text).unwrap().entries[0].pipelines[0].1.commands[0], Command::Opaque { .. }), "{text}");
        }
        assert!(matches!(&parse("A=(b c)\n((i++))").unwrap().entries[..], [_, _]));
    }

    #[test]
    fn here_documents_follow_their_line() {
        let script = parse("cat <<EOF >f && cat <<-'X'\n$a 'open\nEOF\n\t'b\n\tX\nc").unwrap();
        let commands = script.simple_commands();
        assert_eq!(commands[0].redirections[0].body.as_deref(), Some("$a 'open\n"));
        assert_eq!(commands[1].redirections[0].body.as_deref(), Some("'b\n"));
        assert_eq!((shown(commands[2]), commands[2].line), (vec!["c".to_owned()], 6));
        let script = parse("while a; do cat <<A; done\nin\nA\ncat <<B\nout\nB").unwrap();
        assert_eq!(script.simple_commands()[0].redirections[0].body.as_deref(), Some("out\n"));
    }

    #[test]
    fn substitutions_with_quotes_and_brackets_inside() {
        for text in
            ["$(echo \")\" ')' $(a) # it's\n)", "${A:-${B:-'}'}}", "\"${A:-it's}\"", "`a \\`b\\``", "$(echo \\é 'x')", "\"$(a \"b\")\""]
        {
            let script = parse(&format!("x {text} y")).unwrap();
            assert_eq!(script.only_command().unwrap().words.len(), 3, "{text}");
            assert_eq!(script.only_command().unwrap().words[1].text, text);
        }
    }

    #[test]
    fn what_is_not_closed_is_an_error_with_its_place() {
        let cases = [
            ("a 'b", 1, 3),
            ("a\n b \"c", 2, 4),
            ("a $(b", 1, 3),
            ("(a", 1, 1),
            ("if a", 1, 1),
            ("a &&", 1, 5),
            ("; a", 1, 1),
            ("a ;; b", 1, 3),
        ];
        for (text, line, column) in cases {
            let problem = parse(text).unwrap_err();
            assert_eq!((problem.line, problem.column), (line, column), "{text}: {problem}");
        }
        assert!(parse(&"(".repeat(10_000)).is_err());
        assert!(parse(&"f() ".repeat(10_000)).is_err());
        assert!(parse(&"a=$(".repeat(10_000)).is_err());
    }
}
