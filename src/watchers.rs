//! God, Bluepill and Eye: configuration in Ruby, evaluated with small stand-ins of their languages (`watchers/*.rb`).
//!
//! In: a text with holes, and whose it is. Out: one [`Watch`] for each process that it watches over, and what went wrong on the way:
//! a statement that raises loses its own watches, and the rest goes on.

use std::rc::Rc;

use crate::ruby::flow::Flow;
use crate::ruby::interpreter::Interpreter;
use crate::ruby::value::{Hash, Value};
use crate::source::SourceMap;
use crate::text::Text;

/// Whose language a text is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// `God.watch`
    God,
    /// `Bluepill.application`
    Bluepill,
    /// `Eye.application`
    Eye,
}

/// A process that is watched over.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Watch {
    /// Its name.
    pub name: String,
    /// The application that it belongs to.
    pub application: Option<String>,
    /// The command that starts it.
    pub start: Option<Text>,
    /// The command that stops it.
    pub stop: Option<Text>,
    /// The directory.
    pub directory: Option<Text>,
    /// The user.
    pub user: Option<Text>,
    /// The group.
    pub group: Option<Text>,
    /// Its variables.
    pub variables: Vec<(String, Text)>,
    /// Files with its variables.
    pub environment_files: Vec<String>,
    /// Files that its output goes to.
    pub logs: Vec<String>,
    /// The watcher itself sends it to the background.
    pub daemonize: bool,
    /// Bytes of memory at which it is restarted.
    pub memory: Option<u64>,
    /// The first signal that stops it.
    pub stop_signal: Option<String>,
    /// Seconds before the next.
    pub stop_seconds: Option<u64>,
    /// Port, and path of HTTP where it is asked for.
    pub health: Option<(u16, Option<String>)>,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Line of the text, from 1.
    pub line: u32,
    /// `NameError: undefined local variable or method 'x'`
    pub message: String,
}

const COMMON: &str = include_str!("watchers/common.rb");

impl Language {
    fn stand_in(self) -> (&'static str, &'static str) {
        match self {
            Self::God => ("god", include_str!("watchers/god.rb")),
            Self::Bluepill => ("bluepill", include_str!("watchers/bluepill.rb")),
            Self::Eye => ("eye", include_str!("watchers/eye.rb")),
        }
    }
}

/// Evaluates `text`, which stands at `path` on the hosts.
#[must_use]
pub fn evaluate(language: Language, path: &str, text: &Text) -> (Vec<Watch>, Vec<Failure>) {
    let mut interpreter = Interpreter::new(Rc::new(SourceMap::new()));
    let mut failures = Vec::new();
    let (name, stand_in) = language.stand_in();
    for (name, source) in [("watchers", COMMON), (name, stand_in)] {
        run(&mut interpreter, &format!("{name}.rb"), source.to_owned(), &mut failures);
    }
    failures.clear();
    let source = match interpreter.string_of(text) {
        Value::Str(source) => source.text.borrow().clone(),
        _ => String::new(),
    };
    run(&mut interpreter, path, source, &mut failures);
    let mut ignored = Vec::new();
    let list = run(&mut interpreter, "list.rb", "Watchers.all".to_owned(), &mut ignored).and_then(|list| list.items()).unwrap_or_default();
    let watches = list
        .iter()
        .filter_map(|value| match value {
            Value::Hash(told) => Some(watch(&mut interpreter, told)),
            _ => None,
        })
        .collect();
    interpreter.dismantle(Vec::new());
    (watches, failures)
}

fn run(interpreter: &mut Interpreter, path: &str, source: String, failures: &mut Vec<Failure>) -> Option<Value> {
    let parsed = interpreter.add_generated(path, source);
    let line_of = |span: Option<crate::source::Span>| span.map_or(1, |span| parsed.source.line(span.start));
    for problem in parsed.problems.iter().filter(|problem| problem.severity == crate::diagnostic::Severity::Error).take(3) {
        failures.push(Failure { line: line_of(problem.span), message: format!("SyntaxError: {}", problem.message) });
    }
    let main = interpreter.main.clone();
    let scope = interpreter.top_scope(main);
    let file = parsed.file;
    let mut raised = Vec::new();
    let outcome = interpreter.run_statements(&scope, &parsed.tree, &mut |interpreter, error| {
        let (class, message) = interpreter.describe_exception(error);
        let span = match error {
            Value::Object(object) => object
                .data::<crate::ruby::raise::ExceptionData>()
                .and_then(|data| data.trace.borrow().iter().find(|span| span.file == file).copied()),
            _ => None,
        };
        raised.push((span, format!("{class}: {message}")));
        true
    });
    failures.extend(raised.into_iter().map(|(span, message)| Failure { line: line_of(span), message }));
    match outcome {
        Ok(value) => Some(value),
        Err(flow) => {
            let message = match *flow {
                Flow::Halt(why) => why,
                Flow::Raise(error) => interpreter.describe_exception(&error).1,
                _ => "unexpected jump".to_owned(),
            };
            failures.push(Failure { line: 1, message });
            None
        }
    }
}

fn watch(interpreter: &mut Interpreter, told: &Rc<Hash>) -> Watch {
    let mut text = |name: &str| text_of(interpreter, &told.get_str(name)?);
    let mut found = Watch {
        name: text("name").map(|name| name.to_string()).unwrap_or_default(),
        application: text("application").map(|name| name.to_string()),
        start: text("start").or_else(|| text("start_command")),
        stop: text("stop").or_else(|| text("stop_command")),
        directory: text("dir").or_else(|| text("working_dir")),
        user: text("uid"),
        group: text("gid"),
        stop_signal: text("stop_signal").map(|signal| signal.to_string()),
        ..Watch::default()
    };
    for name in ["log", "err_log", "stdall", "stdout", "stderr"] {
        if let Some(log) = text(name).map(|log| log.to_string()).filter(|log| !found.logs.contains(log)) {
            found.logs.push(log);
        }
    }
    found.environment_files.extend(text("env_file").map(|path| path.to_string()));
    found.daemonize = told.get_str("daemonize").is_some_and(|value| value.truthy());
    let number = |name: &str| match told.get_str(name)? {
        Value::Integer(number) => u64::try_from(number).ok(),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds and bytes in a configuration are small")]
        Value::Float(number) if number >= 0.0 => Some(number as u64),
        Value::Str(text) => text.text.borrow().parse().ok(),
        _ => None,
    };
    found.memory = number("memory");
    found.stop_seconds = number("stop_timeout").or_else(|| number("stop_grace_time")).or_else(|| number("stop_grace"));
    for name in ["env", "environment"] {
        if let Some(Value::Hash(variables)) = told.get_str(name) {
            for (key, value) in variables.pairs() {
                if let (Some(key), Some(value)) = (text_of(interpreter, &key), text_of(interpreter, &value)) {
                    found.variables.push((key.to_string(), value));
                }
            }
        }
    }
    if let Some(files) = told.get_str("env_files").and_then(|files| files.items()) {
        found.environment_files.extend(files.iter().filter_map(|file| text_of(interpreter, file)).map(|file| file.to_string()));
    }
    let url = told.get_str("url").and_then(|url| url.text());
    let port = number("http_port").or_else(|| url.as_deref().and_then(port_of)).and_then(|port| u16::try_from(port).ok());
    let path = told.get_str("http_path").and_then(|path| path.text()).or_else(|| url.as_deref().map(path_of));
    let tcp = number("tcp_port").and_then(|port| u16::try_from(port).ok());
    found.health = port.map(|port| (port, Some(path.unwrap_or_else(|| "/".to_owned())))).or_else(|| tcp.map(|port| (port, None)));
    found
}

/// A value as text with holes; `nil` and procs are none.
fn text_of(interpreter: &mut Interpreter, value: &Value) -> Option<Text> {
    match value {
        Value::Str(text) => {
            let text = text.text.borrow().clone();
            Some(interpreter.to_text(&text))
        }
        Value::Symbol(name) => Some(Text::literal(name.to_string())),
        Value::Integer(_) | Value::Float(_) | Value::Bool(true) => interpreter.display(value).ok().map(Text::literal),
        Value::Unknown(hole) => Some(Text::hole(Rc::clone(hole))),
        _ => None,
    }
}

/// The port of `http://127.0.0.1:8080/health`.
fn port_of(url: &str) -> Option<u64> {
    let host = url.split_once("://")?.1.split('/').next()?;
    match host.rsplit_once(':') {
        Some((_, port)) => port.parse().ok(),
        None => Some(if url.starts_with("https") { 443 } else { 80 }),
    }
}

fn path_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or_else(|| "/".to_owned(), |at| rest[at..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Hole;

    fn known(text: Option<&Text>) -> &str {
        text.and_then(Text::known).unwrap_or("?")
    }

    #[test]
    fn god_loops_and_conditions() {
        let text = "rails = '/srv/a'\n%w(8200 8201).each do |port|\n  God.watch do |w|\n    w.name = \"web-#{port}\"\n    w.start = \"x -p #{port}\"\n    w.env = { 'A' => 'b' }\n    w.uid = 'deploy'\n    w.dir = rails\n    w.stop_signal = 'QUIT'\n    w.restart_if do |restart|\n      restart.condition(:memory_usage) do |c|\n        c.above = 150.megabytes\n        c.times = [3, 5]\n      end\n    end\n  end\nend\n";
        let (watches, failures) = evaluate(Language::God, "/etc/god/a.god", &Text::literal(text));
        assert_eq!(failures, []);
        assert_eq!(watches.len(), 2);
        assert_eq!((watches[1].name.as_str(), known(watches[1].start.as_ref())), ("web-8201", "x -p 8201"));
        assert_eq!(
            (watches[0].memory, watches[0].stop_signal.as_deref(), known(watches[0].directory.as_ref())),
            (Some(157_286_400), Some("QUIT"), "/srv/a")
        );
        assert_eq!(watches[0].variables, [("A".to_owned(), Text::literal("b"))]);
    }

    #[test]
    fn eye_inherits_and_bluepill_overrides() {
        let text = "Eye.application 'shop' do\n  working_dir '/srv'\n  env 'A' => '1'\n  uid 'deploy'\n  group :workers do\n    process :w do\n      start_command 'x'\n      env 'B' => working_dir\n      stop_signals [:QUIT, 20.seconds, :KILL]\n      check :memory, every: 20.seconds, below: 300.megabytes\n      check :http, url: 'http://localhost:81/up'\n    end\n  end\nend";
        let (watches, failures) = evaluate(Language::Eye, "a.eye", &Text::literal(text));
        assert_eq!(failures, []);
        let [one] = watches.as_slice() else { panic!("{watches:?}") };
        assert_eq!((known(one.directory.as_ref()), known(one.user.as_ref()), one.variables.len()), ("/srv", "deploy", 2));
        assert_eq!((one.stop_signal.as_deref(), one.stop_seconds, one.memory), (Some("QUIT"), Some(20), Some(314_572_800)));
        assert_eq!(one.health, Some((81, Some("/up".to_owned()))));
        let text = "Bluepill.application('a') do |app|\n  app.working_dir = '/srv'\n  app.process('p') do |process|\n    process.start_command = 'y'\n    process.working_dir = '/opt'\n    process.stop_signals = [:int, 9, :kill]\n    process.checks :mem_usage, every: 1, below: 10.megabytes\n  end\nend";
        let (watches, failures) = evaluate(Language::Bluepill, "a.pill", &Text::literal(text));
        assert_eq!((failures.len(), known(watches[0].directory.as_ref()), watches[0].stop_seconds), (0, "/opt", Some(9)));
    }

    #[test]
    fn holes_survive_and_errors_are_located() {
        let mut text = Text::literal("God.watch do |w|\n  w.name = 'a'\n  w.start = \"x -h ");
        text.push_hole(Rc::new(Hole::unknown("node['ipaddress']", "only the host knows")));
        text.push_str("\"\nend\nGod.watch do |w|\n  w.name = nonsense\nend\nGod.watch { |w| w.name = 'c'; w.start = 'z' }\n");
        let (watches, failures) = evaluate(Language::God, "/etc/god/a.god", &text);
        assert_eq!(watches.iter().map(|watch| watch.name.as_str()).collect::<Vec<_>>(), ["a", "c"]);
        assert_eq!(watches[0].start.as_ref().map(ToString::to_string).as_deref(), Some("x -h ‹node['ipaddress']›"));
        assert_eq!(failures.len(), 1);
        assert_eq!(failures[0].line, 6);
        assert!(failures[0].message.contains("nonsense"), "{failures:?}");
    }
}
