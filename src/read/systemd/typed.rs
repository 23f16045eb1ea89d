//! What the keys of `[Unit]`, `[Service]`, `[Install]` and `[Timer]` mean.

use super::time_span::{TimeSpan, time_span};
use super::{Section, values};
use crate::read::lexeme::boolean;
use crate::read::problem::{Problem, Written};

/// `[Unit]`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unit {
    /// `Description=`
    pub description: Option<String>,
    /// `After=`
    pub after: Vec<String>,
    /// `Before=`
    pub before: Vec<String>,
    /// `Requires=` and `BindsTo=`
    pub requires: Vec<String>,
    /// `Wants=`
    pub wants: Vec<String>,
}

/// `[Install]`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Install {
    /// `WantedBy=`
    pub wanted_by: Vec<String>,
    /// `RequiredBy=`
    pub required_by: Vec<String>,
    /// `Alias=`
    pub alias: Vec<String>,
}

/// `[Service]`
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Service {
    /// `ExecStart=`; more than one only with `Type=oneshot`.
    pub exec_start: Vec<ExecLine>,
    /// `ExecStartPre=`
    pub exec_start_pre: Vec<ExecLine>,
    /// `ExecStartPost=`
    pub exec_start_post: Vec<ExecLine>,
    /// `ExecReload=`
    pub exec_reload: Vec<ExecLine>,
    /// `ExecStop=`
    pub exec_stop: Vec<ExecLine>,
    /// `ExecStopPost=`
    pub exec_stop_post: Vec<ExecLine>,
    /// `Type=`
    pub kind: Option<String>,
    /// `User=`
    pub user: Option<String>,
    /// `Group=`
    pub group: Option<String>,
    /// `WorkingDirectory=`; a leading `-` stays.
    pub working_directory: Option<String>,
    /// `Environment=`: line, name, value.
    pub environment: Vec<(u32, String, String)>,
    /// `EnvironmentFile=`
    pub environment_files: Vec<EnvironmentFile>,
    /// `LimitNOFILE=` and the others: the name after `Limit`, and the value.
    pub limits: Vec<(String, String)>,
    /// `MemoryMax=` or `MemoryLimit=`
    pub memory_max: Option<String>,
    /// `KillSignal=`
    pub kill_signal: Option<String>,
    /// `KillMode=`
    pub kill_mode: Option<String>,
    /// `TimeoutStopSec=`, or `TimeoutSec=`
    pub timeout_stop_sec: Option<Written<TimeSpan>>,
    /// `Restart=`
    pub restart: Option<String>,
    /// `RestartSec=`
    pub restart_sec: Option<Written<TimeSpan>>,
    /// `PIDFile=`
    pub pid_file: Option<String>,
    /// `StandardOutput=`
    pub standard_output: Option<String>,
    /// `StandardError=`
    pub standard_error: Option<String>,
    /// `SyslogIdentifier=`
    pub syslog_identifier: Option<String>,
    /// `UMask=`
    pub umask: Option<String>,
}

/// `[Timer]`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timer {
    /// `OnCalendar=`: line and text; see [`super::on_calendar`].
    pub on_calendar: Vec<(u32, String)>,
    /// `OnBootSec=`
    pub on_boot_sec: Option<Written<TimeSpan>>,
    /// `OnUnitActiveSec=`
    pub on_unit_active_sec: Option<Written<TimeSpan>>,
    /// `Persistent=`
    pub persistent: bool,
    /// `RandomizedDelaySec=`
    pub randomized_delay_sec: Option<Written<TimeSpan>>,
    /// `Unit=`; the service of the timer's own name when there is none.
    pub unit: Option<String>,
}

/// `EnvironmentFile=-/etc/default/app`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentFile {
    /// Line, from 1.
    pub line: u32,
    /// Absolute path.
    pub path: String,
    /// It may be missing (`-`).
    pub optional: bool,
}

/// A command of `Exec…=`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecLine {
    /// Line, from 1.
    pub line: u32,
    /// The characters before the path, of `-`, `@`, `:`, `+`, `!`.
    pub prefixes: String,
    /// The program and its arguments, quotes taken off. `$NAME`, `${NAME}` and `%i` stand as written. With the prefix `@` the
    /// second word is what the program sees as its own name.
    pub words: Vec<String>,
}

impl ExecLine {
    /// Whether a failure is ignored.
    #[must_use]
    pub fn may_fail(&self) -> bool {
        self.prefixes.contains('-')
    }

    /// The program and its arguments, without the second name that `@` gives.
    #[must_use]
    pub fn command(&self) -> Vec<String> {
        let renamed = self.prefixes.contains('@');
        self.words.iter().enumerate().filter(|(index, _)| !(renamed && *index == 1)).map(|(_, word)| word.clone()).collect()
    }
}

/// The last value of a key, and lists of words, in one section.
struct Keys<'a> {
    sections: &'a [Section],
    section: &'a str,
}

impl Keys<'_> {
    fn last(&self, key: &str) -> Option<String> {
        values(self.sections, self.section, key).last().map(|entry| entry.value.clone())
    }

    fn list(&self, key: &str) -> Vec<String> {
        values(self.sections, self.section, key).into_iter().flat_map(|entry| entry.value.split_whitespace()).map(str::to_owned).collect()
    }

    fn span(&self, key: &str, problems: &mut Vec<Problem>) -> Option<Written<TimeSpan>> {
        let all = values(self.sections, self.section, key);
        let entry = all.last()?;
        Some(Written::read(&entry.value, entry.line, "time span", problems, time_span))
    }

    fn exec(&self, key: &str, problems: &mut Vec<Problem>) -> Vec<ExecLine> {
        let mut all = Vec::new();
        for entry in values(self.sections, self.section, key) {
            exec_lines(entry.line, &entry.value, &mut all, problems);
        }
        all
    }
}

impl Unit {
    pub(super) fn read(sections: &[Section]) -> Self {
        let keys = Keys { sections, section: "Unit" };
        let mut requires = keys.list("Requires");
        requires.extend(keys.list("BindsTo"));
        Self {
            description: keys.last("Description"),
            after: keys.list("After"),
            before: keys.list("Before"),
            requires,
            wants: keys.list("Wants"),
        }
    }
}

impl Install {
    pub(super) fn read(sections: &[Section]) -> Self {
        let keys = Keys { sections, section: "Install" };
        Self { wanted_by: keys.list("WantedBy"), required_by: keys.list("RequiredBy"), alias: keys.list("Alias") }
    }
}

impl Service {
    pub(super) fn read(sections: &[Section], problems: &mut Vec<Problem>) -> Self {
        let keys = Keys { sections, section: "Service" };
        let mut service = Self {
            exec_start: keys.exec("ExecStart", problems),
            exec_start_pre: keys.exec("ExecStartPre", problems),
            exec_start_post: keys.exec("ExecStartPost", problems),
            exec_reload: keys.exec("ExecReload", problems),
            exec_stop: keys.exec("ExecStop", problems),
            exec_stop_post: keys.exec("ExecStopPost", problems),
            kind: keys.last("Type"),
            user: keys.last("User"),
            group: keys.last("Group"),
            working_directory: keys.last("WorkingDirectory"),
            memory_max: keys.last("MemoryMax").or_else(|| keys.last("MemoryLimit")),
            kill_signal: keys.last("KillSignal"),
            kill_mode: keys.last("KillMode"),
            timeout_stop_sec: keys.span("TimeoutStopSec", problems).or_else(|| keys.span("TimeoutSec", problems)),
            restart: keys.last("Restart"),
            restart_sec: keys.span("RestartSec", problems),
            pid_file: keys.last("PIDFile"),
            standard_output: keys.last("StandardOutput"),
            standard_error: keys.last("StandardError"),
            syslog_identifier: keys.last("SyslogIdentifier"),
            umask: keys.last("UMask"),
            ..Self::default()
        };
        for entry in values(sections, "Service", "Environment") {
            match split_words(&entry.value) {
                Ok(words) => {
                    for word in words {
                        match word.split_once('=') {
                            Some((name, value)) => service.environment.push((entry.line, name.to_owned(), value.to_owned())),
                            None => problems.push(Problem::on_line(entry.line, format!("`{word}` in `Environment` is no assignment"))),
                        }
                    }
                }
                Err(message) => problems.push(Problem::on_line(entry.line, message)),
            }
        }
        for entry in values(sections, "Service", "EnvironmentFile") {
            let (path, optional) = entry.value.strip_prefix('-').map_or((entry.value.as_str(), false), |path| (path, true));
            service.environment_files.push(EnvironmentFile { line: entry.line, path: path.to_owned(), optional });
        }
        for entry in sections.iter().filter(|section| section.name == "Service").flat_map(|section| &section.entries) {
            if let Some(name) = entry.key.strip_prefix("Limit").filter(|_| !entry.value.is_empty()) {
                service.limits.push((name.to_owned(), entry.value.clone()));
            }
        }
        service
    }
}

impl Timer {
    pub(super) fn read(sections: &[Section], problems: &mut Vec<Problem>) -> Self {
        let keys = Keys { sections, section: "Timer" };
        Self {
            on_calendar: values(sections, "Timer", "OnCalendar").into_iter().map(|entry| (entry.line, entry.value.clone())).collect(),
            on_boot_sec: keys.span("OnBootSec", problems),
            on_unit_active_sec: keys.span("OnUnitActiveSec", problems),
            persistent: keys.last("Persistent").and_then(|value| boolean(&value)).unwrap_or(false),
            randomized_delay_sec: keys.span("RandomizedDelaySec", problems),
            unit: keys.last("Unit"),
        }
    }
}

/// One or several commands (a word `;` divides them).
fn exec_lines(line: u32, text: &str, all: &mut Vec<ExecLine>, problems: &mut Vec<Problem>) {
    let words = match split_words(text) {
        Ok(words) => words,
        Err(message) => {
            problems.push(Problem::on_line(line, message));
            return;
        }
    };
    for words in words.split(|word| word == ";") {
        let Some((first, arguments)) = words.split_first() else { continue };
        let path = first.trim_start_matches(['-', '@', ':', '+', '!']);
        let mut command = vec![path.to_owned()];
        // `\;` is a semicolon that divides nothing.
        command.extend(arguments.iter().map(|word| if word == "\\;" { ";".to_owned() } else { word.clone() }));
        if path.is_empty() {
            problems.push(Problem::on_line(line, "no command stands after the prefix"));
            continue;
        }
        all.push(ExecLine { line, prefixes: first[..first.len() - path.len()].to_owned(), words: command });
    }
}

/// Splits at white space; quotes group, C escapes count in and out of quotes (systemd's `extract_first_word`).
///
/// # Errors
/// When a quote is not closed.
pub fn split_words(text: &str) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (None, c) if c.is_whitespace() => all.extend(word.take()),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (Some(open), c) if c == open => quote = None,
            (_, '\\') => {
                let target = word.get_or_insert_default();
                match chars.next() {
                    Some('n') => target.push('\n'),
                    Some('t') => target.push('\t'),
                    Some('r') => target.push('\r'),
                    Some('s') => target.push(' '),
                    Some(c @ ('"' | '\'' | '\\' | ' ')) => target.push(c),
                    Some(c) => {
                        target.push('\\');
                        target.push(c);
                    }
                    None => target.push('\\'),
                }
            }
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    if quote.is_some() {
        return Err(format!("quote is not closed in `{text}`"));
    }
    all.extend(word);
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    const SIDEKIQ: &str = r#"
[Unit]
Description=sidekiq
After=syslog.target network.target
Requires=redis.service

[Service]
Type=notify
WatchdogSec=10
WorkingDirectory=/srv/www/shop/current
ExecStartPre=-/bin/mkdir -p tmp/pids
ExecStart=@/usr/local/bin/bundle bundle exec sidekiq -e production -C "config/side kiq.yml"
ExecReload=/bin/kill -TSTP $MAINPID
User=deploy
Group=www-data
UMask=0002
Environment="RAILS_ENV=production" MALLOC_ARENA_MAX=2 'NAME=a b'
Environment=RACK_ENV=production
EnvironmentFile=-/etc/default/sidekiq
LimitNOFILE=65536
RestartSec=1
Restart=always
KillSignal=SIGTERM
TimeoutStopSec=1min 30s
StandardOutput=syslog

[Install]
WantedBy=multi-user.target
"#;

    #[test]
    fn a_service() {
        let (file, problems) = parse(SIDEKIQ);
        assert_eq!(problems, []);
        let service = file.service.unwrap();
        let [start] = service.exec_start.as_slice() else { panic!() };
        assert_eq!(start.command(), ["/usr/local/bin/bundle", "exec", "sidekiq", "-e", "production", "-C", "config/side kiq.yml"]);
        assert_eq!((start.prefixes.as_str(), start.line), ("@", 12));
        assert!(service.exec_start_pre[0].may_fail());
        assert_eq!(service.exec_reload[0].words, ["/bin/kill", "-TSTP", "$MAINPID"]);
        assert_eq!((service.user.as_deref(), service.group.as_deref()), (Some("deploy"), Some("www-data")));
        let names: Vec<_> = service.environment.iter().map(|(line, name, value)| (*line, name.as_str(), value.as_str())).collect();
        assert_eq!(
            names,
            [(17, "RAILS_ENV", "production"), (17, "MALLOC_ARENA_MAX", "2"), (17, "NAME", "a b"), (18, "RACK_ENV", "production")]
        );
        assert_eq!(service.environment_files, [EnvironmentFile { line: 19, path: "/etc/default/sidekiq".into(), optional: true }]);
        assert_eq!(service.limits, [("NOFILE".to_owned(), "65536".to_owned())]);
        assert_eq!(service.timeout_stop_sec.unwrap().value.and_then(TimeSpan::seconds), Some(90));
        assert_eq!((file.unit.after.len(), file.unit.requires.len(), file.install.wanted_by.len()), (2, 1, 1));
        assert!(file.timer.is_none());
    }

    #[test]
    fn a_timer() {
        let (file, problems) =
            parse("[Timer]\nOnCalendar=*-*-* 04:00:00\nOnCalendar=daily\nOnBootSec=15min\nPersistent=true\nUnit=x.service\n");
        assert_eq!(problems, []);
        let timer = file.timer.unwrap();
        assert_eq!(timer.on_calendar, [(2, "*-*-* 04:00:00".to_owned()), (3, "daily".to_owned())]);
        assert_eq!(timer.on_boot_sec.unwrap().value.and_then(TimeSpan::seconds), Some(900));
        assert!(timer.persistent);
    }

    #[test]
    fn several_commands_and_escapes() {
        let (file, problems) = parse("[Service]\nType=oneshot\nExecStart=/bin/a x\\;y \\; ; -/bin/b 'c\\'d'\n");
        assert_eq!(problems, []);
        let service = file.service.unwrap();
        assert_eq!(service.exec_start[0].words, ["/bin/a", "x\\;y", ";"]);
        assert_eq!(
            (service.exec_start[1].words.as_slice(), service.exec_start[1].prefixes.as_str()),
            (["/bin/b".to_owned(), "c'd".to_owned()].as_slice(), "-")
        );
    }

    #[test]
    fn faults() {
        let (_, problems) = parse("[Service]\nExecStart=/a 'b\nTimeoutStopSec=soon\nEnvironment=A\nExecStop=-\n");
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [2, 3, 4, 5]);
        let (file, problems) = parse("[Service]\nTimeoutStopSec=\u{F0000}\nUser=\u{F0001}\n");
        assert_eq!(problems, []);
        assert_eq!(file.service.unwrap().timeout_stop_sec.unwrap().text, "\u{F0000}");
    }
}
