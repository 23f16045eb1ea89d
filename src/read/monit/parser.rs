//! Monit's words to checks.

use super::token::{NOISE, Token, tokens};
use super::{Check, Comparison, ControlFile, Cycles, Kind, Program, Rule, Test};
use crate::read::lexeme::quantity;
use crate::read::problem::Problem;

/// Reads a control file.
#[must_use]
pub fn parse(text: &str) -> (ControlFile, Vec<Problem>) {
    let mut problems = Vec::new();
    let tokens = tokens(text, &mut problems);
    let mut parser = Parser { text, tokens: &tokens, at: 0, problems };
    let mut file = ControlFile::default();
    while let Some(token) = parser.next() {
        if token.is("check") {
            if let Some(check) = parser.check(token) {
                file.checks.push(check);
            }
        } else if token.is("set") {
            let start = parser.at;
            parser.skip_to(is_top);
            file.settings.push((token.line, parser.slice(start, parser.at)));
        } else if token.is("include") {
            match parser.next() {
                Some(path) => file.includes.push((token.line, path.text.clone())),
                None => parser.problem(token, "`include` names no file"),
            }
        } else {
            parser.problem(token, format!("expected `check`, `set` or `include`, found `{}`", token.text));
            parser.skip_to(is_top);
        }
    }
    (file, parser.problems)
}

/// Whether `token` starts a statement of the file.
fn is_top(token: &Token) -> bool {
    ["check", "set", "include"].iter().any(|word| token.is(word))
}

/// Whether `token` starts a statement of a check.
fn is_statement(token: &Token) -> bool {
    is_top(token)
        || ["start", "stop", "restart", "if", "group", "every", "depends", "depend", "mode", "onreboot", "alert", "noalert", "not"]
            .iter()
            .any(|word| token.is(word))
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token],
    at: usize,
    problems: Vec<Problem>,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<&'a Token> {
        let token = self.tokens.get(self.at);
        self.at += usize::from(token.is_some());
        token
    }

    fn problem(&mut self, token: &Token, message: impl Into<String>) {
        self.problems.push(Problem { line: token.line, column: token.column, message: message.into() });
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.peek().is_some_and(|token| token.is(word));
        self.at += usize::from(found);
        found
    }

    fn noise(&mut self) {
        while self.peek().is_some_and(|token| NOISE.iter().any(|word| token.is(word))) {
            self.at += 1;
        }
    }

    fn skip_to(&mut self, stop: impl Fn(&Token) -> bool) {
        while self.peek().is_some_and(|token| !stop(token)) {
            self.at += 1;
        }
    }

    /// The text of tokens `from..to`, white space made one space.
    fn slice(&self, from: usize, to: usize) -> String {
        let Some(last) = to.checked_sub(1).filter(|last| *last >= from) else { return String::new() };
        match (self.tokens.get(from), self.tokens.get(last)) {
            (Some(first), Some(last)) => self.text[first.start..last.end].split_whitespace().collect::<Vec<_>>().join(" "),
            _ => String::new(),
        }
    }

    fn value(&mut self, of: &Token) -> Option<String> {
        self.noise();
        match self.peek() {
            Some(token) if token.quoted || !is_statement(token) => {
                self.at += 1;
                Some(token.text.clone())
            }
            _ => {
                self.problem(of, format!("`{}` has no value", of.text));
                None
            }
        }
    }

    fn check(&mut self, opener: &Token) -> Option<Check> {
        let (Some(kind), Some(name)) = (self.next(), self.next()) else {
            self.problem(opener, "`check` needs a kind and a name");
            return None;
        };
        let kind = if kind.is("process") { Kind::Process } else { Kind::Other(kind.text.to_ascii_lowercase()) };
        let mut check = Check {
            line: opener.line,
            kind,
            name: name.text.clone(),
            pidfile: None,
            matching: None,
            subject: None,
            start: None,
            stop: None,
            restart: None,
            groups: Vec::new(),
            depends_on: Vec::new(),
            every: None,
            mode: None,
            rules: Vec::new(),
            others: Vec::new(),
        };
        loop {
            self.noise();
            let Some(token) = self.peek().filter(|token| !is_top(token)) else { break };
            self.at += 1;
            self.statement(token, &mut check);
        }
        if check.kind == Kind::Process && check.pidfile.is_none() && check.matching.is_none() {
            self.problem(opener, format!("`check process {}` has neither `pidfile` nor `matching`", check.name));
        }
        Some(check)
    }

    fn statement(&mut self, token: &'a Token, check: &mut Check) {
        let start = self.at - 1;
        match token.text.to_ascii_lowercase().as_str() {
            _ if token.quoted => self.other(token, start, check),
            "pidfile" => check.pidfile = self.value(token),
            "matching" | "match" => check.matching = self.value(token),
            "path" | "address" | "interface" => check.subject = self.value(token),
            "start" => check.start = self.program(token),
            "stop" => check.stop = self.program(token),
            "restart" => check.restart = self.program(token),
            "group" => check.groups.extend(self.value(token)),
            "mode" => check.mode = self.value(token),
            "depends" | "depend" => loop {
                check.depends_on.extend(self.value(token));
                if !self.take(",") {
                    break;
                }
            },
            "every" => {
                self.skip_to(is_statement);
                check.every = Some(self.slice(start + 1, self.at));
            }
            "not" if self.take("every") => {
                self.skip_to(is_statement);
                check.every = Some(self.slice(start, self.at));
            }
            "if" => {
                if let Some(rule) = self.rule(token) {
                    check.rules.push(rule);
                }
            }
            "alert" | "noalert" | "onreboot" => {
                self.skip_to(is_statement);
                check.others.push((token.line, self.slice(start, self.at)));
            }
            _ => self.other(token, start, check),
        }
    }

    fn other(&mut self, token: &Token, start: usize, check: &mut Check) {
        self.skip_to(is_statement);
        self.problem(token, format!("`{}` is no statement of a check", token.text));
        check.others.push((token.line, self.slice(start, self.at)));
    }

    /// What follows `start`, `stop`, `restart` and `exec`.
    fn program(&mut self, of: &Token) -> Option<Program> {
        self.noise();
        self.take("=");
        let command = self.value(of)?;
        let mut program = Program { line: of.line, command, uid: None, gid: None, timeout_seconds: None };
        loop {
            self.noise();
            let Some(token) = self.peek() else { break };
            if token.is("uid") {
                self.at += 1;
                program.uid = self.value(token);
            } else if token.is("gid") {
                self.at += 1;
                program.gid = self.value(token);
            } else if token.is("timeout") {
                self.at += 1;
                program.timeout_seconds = self.seconds(token);
            } else {
                break;
            }
        }
        Some(program)
    }

    /// `10 seconds`, `2 minutes`
    fn seconds(&mut self, of: &Token) -> Option<u64> {
        let number = self.value(of)?;
        let unit = self.peek().filter(|token| {
            ["second", "seconds", "s", "minute", "minutes", "m", "hour", "hours", "h", "ms", "millisecond", "milliseconds"]
                .iter()
                .any(|unit| token.is(unit))
        });
        self.at += usize::from(unit.is_some());
        let (_, (digits, glued)) = quantity(&number).ok()?;
        let count: u64 = digits.parse().ok()?;
        match unit.map_or(glued, |unit| unit.text.as_str()).to_ascii_lowercase().as_str() {
            "m" | "minute" | "minutes" => count.checked_mul(60),
            "h" | "hour" | "hours" => count.checked_mul(3600),
            unit if unit.starts_with("ms") || unit.starts_with("milli") => Some(count.div_ceil(1000)),
            _ => Some(count),
        }
    }

    fn rule(&mut self, opener: &Token) -> Option<Rule> {
        let start = self.at;
        self.skip_to(|token| token.is("then") || token.is("if") || is_top(token));
        if !self.take("then") {
            self.problem(opener, "`if` without `then`");
            return None;
        }
        let test = &self.tokens[start..self.at - 1];
        let text = self.slice(start, self.at - 1);
        let Some(action) = self.next() else {
            self.problem(opener, "`then` without an action");
            return None;
        };
        let program = if action.is("exec") { self.program(action) } else { None };
        if action.is("exec") && self.take("repeat") {
            self.skip_to(|token| is_statement(token) && !token.is("every"));
        }
        let mut otherwise = None;
        if self.take("else") {
            let start = self.at;
            if self.take("if") {
                self.skip_to(|token| token.is("then") || is_top(token));
                self.take("then");
            }
            if let Some(action) = self.next()
                && action.is("exec")
            {
                self.program(action);
            }
            otherwise = Some(self.slice(start, self.at));
        }
        Some(Rule {
            line: opener.line,
            text,
            test: read_test(test),
            cycles: read_cycles(test),
            action: action.text.to_ascii_lowercase(),
            program,
            otherwise,
        })
    }
}

fn number(token: &Token) -> Option<u32> {
    token.text.parse().ok()
}

/// `for 3 cycles`, `3 times within 5 cycles`, `within 5 cycles`
fn read_cycles(test: &[Token]) -> Option<Cycles> {
    let end = test.iter().rposition(|token| token.is("cycles") || token.is("cycle"))?;
    let within = number(test.get(end.checked_sub(1)?)?)?;
    let before = &test[..end - 1];
    // `3 times within 5 cycles`, `5 restarts within 5 cycles`
    let times = match before {
        [.., count, unit, word] if word.is("within") && (unit.is("times") || unit.is("restarts") || unit.is("restart")) => number(count),
        _ => None,
    };
    Some(Cycles { times: times.unwrap_or(within), within })
}

fn comparison(text: &str) -> Option<Comparison> {
    Some(match text.to_ascii_lowercase().as_str() {
        ">" | "gt" | "greater" | "more" => Comparison::Greater,
        "<" | "lt" | "less" => Comparison::Less,
        "=" | "==" | "eq" | "equal" => Comparison::Equal,
        "!=" | "ne" | "notequal" => Comparison::NotEqual,
        ">=" => Comparison::GreaterOrEqual,
        "<=" => Comparison::LessOrEqual,
        _ => return None,
    })
}

fn read_test(test: &[Token]) -> Test {
    let words: Vec<&Token> = test.iter().filter(|token| !NOISE.iter().any(|word| token.is(word))).collect();
    if words.iter().any(|token| token.is("restarts") || token.is("restart")) && words.first().is_some_and(|token| number(token).is_some()) {
        return Test::Restarts;
    }
    if words.first().is_some_and(|token| token.is("failed")) {
        return connection(&words[1..]);
    }
    let Some((at, found)) =
        words.iter().enumerate().find_map(|(at, token)| comparison(&token.text).filter(|_| !token.quoted).map(|found| (at, found)))
    else {
        return Test::Other;
    };
    let rest: Vec<&str> =
        words[at + 1..].iter().map(|token| token.text.as_str()).skip_while(|word| word.eq_ignore_ascii_case("than")).collect();
    let (Some(name), Some(amount)) = (words[..at].first(), rest.first()) else { return Test::Other };
    let (amount, unit) = match quantity(amount) {
        Ok(("", (digits, ""))) => {
            let ends = ["for", "within", "cycles", "cycle", "times"];
            let unit = rest.get(1).filter(|unit| !ends.contains(unit) && unit.chars().all(|c| c.is_alphabetic() || c == '%'));
            (digits, unit.copied().unwrap_or(""))
        }
        Ok(("", (digits, unit))) => (digits, unit),
        // A placeholder or something else: kept as written, with what follows as its unit.
        _ => (*amount, rest.get(1).copied().filter(|unit| !["for", "within"].contains(unit)).unwrap_or("")),
    };
    // `total memory` and `totalmem`, `memory usage` and `memory` are the same.
    let mut name = name.text.to_ascii_lowercase();
    if name == "total"
        && let Some(second) = words.get(1)
    {
        name.push_str(&second.text.to_ascii_lowercase());
    }
    Test::Resource { name, comparison: found, amount: amount.to_owned(), unit: unit.to_owned() }
}

fn connection(words: &[&Token]) -> Test {
    let value = |keys: &[&str]| {
        let at = words.iter().position(|token| keys.iter().any(|key| token.is(key)))?;
        words.get(at + 1).map(|token| token.text.clone())
    };
    let timeout_seconds = value(&["timeout"]).and_then(|number| number.parse().ok());
    let port = value(&["port"]);
    let unix_socket = value(&["unixsocket", "unix"]);
    if port.is_none() && unix_socket.is_none() && value(&["protocol", "ping", "icmp"]).is_none() {
        return Test::Other;
    }
    Test::Connection {
        host: value(&["host"]),
        port,
        unix_socket,
        protocol: value(&["protocol", "proto"]),
        request: value(&["request"]),
        timeout_seconds,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDEKIQ: &str = r#"
# Workers of the shop
set daemon 30
set httpd port 2812 and
    use address localhost
    allow localhost
include /etc/monit/conf.d/*

check process sidekiq_default1
  with pidfile /srv/www/shop/shared/pids/sidekiq_default1.pid
  start program = "/bin/su - deploy -c 'cd /srv/www/shop/current && RAILS_ENV=production bundle exec sidekiq -C x.yml'" as uid "deploy" and gid www-data with timeout 90 seconds
  stop program "/bin/su - deploy -c \"kill -TERM `cat x.pid`\"" with timeout 30 seconds
  if totalmem is greater than 500 MB for 10 cycles then restart
  if cpu > 80% for 3 times within 5 cycles then alert
  if 5 restarts within 5 cycles then timeout
  if failed host 127.0.0.1 port 8080 protocol http request "/up" with timeout 10 seconds for 2 cycles then restart else if succeeded then alert
  if does not exist then exec "/usr/local/bin/tell it" as uid root repeat every 5 cycles
  group sidekiq
  group shop
  depends on redis, mysql
  mode active
  every 2 cycles
  alert ops@example.com only on { timeout, nonexist }

check process unicorn matching "unicorn master" if total memory > 1.5 GB then restart
check filesystem root with path /dev/xvda1 if space usage > 90% then alert
check system $HOST if loadavg(5min) > 4 then alert
"#;

    #[test]
    fn a_worker() {
        let (file, problems) = parse(SIDEKIQ);
        assert_eq!(problems, []);
        assert_eq!(file.settings[1], (4, "httpd port 2812 and use address localhost allow localhost".to_owned()));
        assert_eq!(file.includes, [(7, "/etc/monit/conf.d/*".to_owned())]);
        let check = &file.checks[0];
        assert_eq!((check.line, check.name.as_str(), &check.kind), (9, "sidekiq_default1", &Kind::Process));
        assert_eq!(check.pidfile.as_deref(), Some("/srv/www/shop/shared/pids/sidekiq_default1.pid"));
        let start = check.start.as_ref().unwrap();
        assert!(start.command.starts_with("/bin/su - deploy -c 'cd") && start.command.ends_with("x.yml'"));
        assert_eq!(
            (start.uid.as_deref(), start.gid.as_deref(), start.timeout_seconds, start.line),
            (Some("deploy"), Some("www-data"), Some(90), 11)
        );
        assert_eq!(check.stop.as_ref().unwrap().command, "/bin/su - deploy -c \"kill -TERM `cat x.pid`\"");
        assert_eq!(check.groups, ["sidekiq", "shop"]);
        assert_eq!(check.depends_on, ["redis", "mysql"]);
        assert_eq!((check.mode.as_deref(), check.every.as_deref()), (Some("active"), Some("2 cycles")));
        assert_eq!(check.others, [(23, "alert ops@example.com only on { timeout, nonexist }".to_owned())]);
    }

    #[test]
    fn rules() {
        let (file, _) = parse(SIDEKIQ);
        let rules = &file.checks[0].rules;
        assert_eq!(rules.len(), 5);
        assert_eq!(rules[0].memory_limit(), Some(500 << 20));
        assert_eq!((rules[0].cycles, rules[0].action.as_str(), rules[0].line), (Some(Cycles { times: 10, within: 10 }), "restart", 13));
        assert_eq!(
            rules[1].test,
            Test::Resource { name: "cpu".into(), comparison: Comparison::Greater, amount: "80".into(), unit: "%".into() }
        );
        assert_eq!((rules[1].cycles, rules[1].memory_limit()), (Some(Cycles { times: 3, within: 5 }), None));
        assert_eq!((&rules[2].test, rules[2].cycles), (&Test::Restarts, Some(Cycles { times: 5, within: 5 })));
        assert_eq!(
            rules[3].test,
            Test::Connection {
                host: Some("127.0.0.1".into()),
                port: Some("8080".into()),
                unix_socket: None,
                protocol: Some("http".into()),
                request: Some("/up".into()),
                timeout_seconds: Some(10)
            }
        );
        assert_eq!(rules[3].otherwise.as_deref(), Some("if succeeded then alert"));
        assert_eq!((&rules[4].test, rules[4].program.as_ref().map(|p| p.command.as_str())), (&Test::Other, Some("/usr/local/bin/tell it")));
    }

    #[test]
    fn other_kinds_keep_name_and_subject() {
        let (file, _) = parse(SIDEKIQ);
        assert_eq!(file.checks[1].matching.as_deref(), Some("unicorn master"));
        assert_eq!(file.checks[1].rules[0].memory_limit(), Some(3 << 29));
        assert_eq!((&file.checks[2].kind, file.checks[2].subject.as_deref()), (&Kind::Other("filesystem".into()), Some("/dev/xvda1")));
        assert_eq!((&file.checks[3].kind, file.checks[3].name.as_str()), (&Kind::Other("system".into()), "$HOST"));
    }

    #[test]
    fn faults_do_not_lose_the_rest() {
        let (file, problems) = parse(
            "junk\ncheck process a with pidfile /a\n  if cpu > 5\n  bogus thing\n  group g\ncheck process b\ncheck process c matching \"x\n group h\ncheck",
        );
        assert_eq!(file.checks.iter().map(|check| check.name.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [7, 1, 3, 6, 9], "{problems:?}");
        assert_eq!(file.checks[2].groups, ["h"]);
    }

    #[test]
    fn placeholders_are_words() {
        let (file, problems) =
            parse("check process \u{F0000} with pidfile /x/\u{F0001}.pid if mem > \u{F0002} MB for 2 cycles then restart");
        assert_eq!(problems, []);
        assert_eq!(file.checks[0].pidfile.as_deref(), Some("/x/\u{F0001}.pid"));
        assert_eq!(
            file.checks[0].rules[0].test,
            Test::Resource { name: "mem".into(), comparison: Comparison::Greater, amount: "\u{F0002}".into(), unit: "MB".into() }
        );
    }
}
