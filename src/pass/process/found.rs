//! A process as one place describes it.

use std::collections::{BTreeMap, BTreeSet};

use crate::blueprint::{Health, Origin, Restart, Role};
use crate::pass::command::Plain;
use crate::text::Text;

/// A process as one supervisor's file has it.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The environment's number.
    pub environment: usize,
    /// The layer.
    pub layer: String,
    /// The supervisor's name for it, without a number at its end.
    pub name: String,
    /// The name that `service x start` and its kin know it by; empty where there is none.
    pub service: String,
    /// How many on each host.
    pub count: u32,
    /// The command.
    pub plain: Plain,
    /// Files with its environment, by host path.
    pub environment_files: Vec<String>,
    /// MiB at which it was restarted.
    pub memory_mib: Option<u32>,
    /// Limit on open files.
    pub open_files: Option<u64>,
    /// Limit on processes.
    pub processes: Option<u64>,
    /// Seconds between the stop signal and the kill.
    pub grace_seconds: Option<u32>,
    /// The stop signal.
    pub stop_signal: Option<String>,
    /// What happened when it ended.
    pub restart: Restart,
    /// Where its output went.
    pub logs: Vec<String>,
    /// Ports that it listens on.
    pub ports: Vec<u16>,
    /// How its supervisor looked whether it is well.
    pub health: Option<Health>,
    /// What it is, where its kind is known.
    pub role: Option<Role>,
    /// Variables whose values are not known or secret.
    pub unknown: BTreeMap<String, Text>,
    /// The items that describe it.
    pub items: Vec<usize>,
    /// Where it comes from.
    pub origin: Vec<Origin>,
    /// What kind of file described it.
    pub supervisor: &'static str,
    /// Words for the reader.
    pub notes: Vec<String>,
    /// It stands for its copies alone, each of which is a process of its own.
    pub template: bool,
}

impl Found {
    /// Everything of it that may name a folder: the command, its directory, what was taken off it, its environment files.
    #[must_use]
    pub fn says(&self) -> String {
        let parts = self.plain.words.iter().chain(&self.plain.directory).chain(&self.plain.dropped).chain(&self.environment_files);
        parts.chain(self.plain.variables.values()).map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// A process called `name` that runs `plain`; the limits and logs of its command line are its own.
    #[must_use]
    pub fn new(name: &str, service: &str, mut plain: Plain, supervisor: &'static str) -> Self {
        let mut said = BTreeSet::new();
        plain.dropped.retain(|text| said.insert(text.clone()));
        Self {
            name: without_number(name).to_owned(),
            service: service.to_owned(),
            count: plain.count.unwrap_or(1).max(1),
            environment_files: plain.environment_files.clone(),
            memory_mib: plain.memory_mib,
            open_files: plain.open_files,
            processes: plain.processes,
            logs: plain.logs.clone(),
            plain,
            supervisor,
            ..Self::default()
        }
    }

    /// Sets variables that the command line does not set itself.
    pub fn set_variables<'a>(&mut self, variables: impl IntoIterator<Item = (&'a String, &'a String)>) {
        for (name, value) in variables {
            self.plain.variables.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }

    /// Adds a place that its output goes to.
    pub fn log(&mut self, to: impl Into<String>) {
        let to = to.into();
        if !to.is_empty() && !to.starts_with("/dev/") && !self.logs.contains(&to) {
            self.logs.push(to);
        }
    }

    /// A note, once.
    pub fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Takes over what only the other one knows.
    pub fn merge(&mut self, other: &Found) {
        self.memory_mib = self.memory_mib.or(other.memory_mib);
        self.open_files = self.open_files.or(other.open_files);
        self.processes = self.processes.or(other.processes);
        self.grace_seconds = self.grace_seconds.or(other.grace_seconds);
        self.stop_signal = self.stop_signal.take().or_else(|| other.stop_signal.clone());
        self.health = self.health.take().or_else(|| other.health.clone());
        self.plain.user = self.plain.user.take().or_else(|| other.plain.user.clone());
        self.plain.directory = self.plain.directory.take().or_else(|| other.plain.directory.clone());
        self.ports.extend(other.ports.iter().filter(|port| !self.ports.contains(port)).copied().collect::<Vec<_>>());
        self.logs.extend(other.logs.iter().filter(|log| !self.logs.contains(log)).cloned().collect::<Vec<_>>());
        self.notes.extend(other.notes.iter().filter(|note| !self.notes.contains(note)).cloned().collect::<Vec<_>>());
        self.origin.extend(other.origin.iter().filter(|origin| !self.origin.contains(origin)).cloned().collect::<Vec<_>>());
        for file in &other.environment_files {
            if !self.environment_files.contains(file) {
                self.environment_files.push(file.clone());
            }
        }
        // Somebody who starts it again is enough.
        if other.restart == Restart::Always {
            self.restart = Restart::Always;
        }
        self.take_items(other);
    }

    /// Adds the items of another one.
    pub fn take_items(&mut self, other: &Found) {
        let items: BTreeSet<usize> = self.items.iter().chain(&other.items).copied().collect();
        self.items = items.into_iter().collect();
    }
}

/// `sidekiq_default_2` without its number: the name of the group.
pub fn without_number(name: &str) -> &str {
    let trimmed = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let cut = trimmed.trim_end_matches(['_', '-', '.', '@']);
    if cut.is_empty() || trimmed.len() == name.len() { name } else { cut }
}

/// Two of the same name in the same place: what differs keeps its whole name.
pub fn add(all: &mut Vec<Found>, found: Found) {
    let same = all.iter_mut().find(|known| known.name == found.name && known.supervisor == found.supervisor);
    match same {
        Some(known) if known.plain == found.plain => {
            known.take_items(&found);
        }
        _ => all.push(found),
    }
}

/// `512M`, `2G` in MiB.
#[must_use]
pub fn mebibytes(text: &str) -> Option<u32> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let number: u64 = digits.parse().ok()?;
    let bytes = match text[digits.len()..].trim().chars().next() {
        Some('K' | 'k') => number.checked_mul(1 << 10)?,
        Some('M' | 'm') => number.checked_mul(1 << 20)?,
        Some('G' | 'g') => number.checked_mul(1 << 30)?,
        None => number,
        _ => return None,
    };
    u32::try_from(bytes >> 20).ok()
}

/// A signal by its whole name; `None` for SIGTERM, which needs no word. `3`, `QUIT` and `SIGQUIT` are the same.
pub fn signal(text: &str) -> Option<String> {
    let name = text.trim().to_ascii_uppercase();
    let name = name.trim_start_matches("SIG");
    let name = match name {
        "1" => "HUP",
        "2" => "INT",
        "3" => "QUIT",
        "9" => "KILL",
        "10" => "USR1",
        "12" => "USR2",
        "15" => "TERM",
        other => other,
    };
    const KNOWN: &[&str] = &["HUP", "INT", "QUIT", "KILL", "USR1", "USR2", "ABRT", "TSTP", "WINCH", "CONT", "TTIN", "TTOU", "STOP"];
    KNOWN.contains(&name).then(|| format!("SIG{name}"))
}

/// The signal of the last `kill` in a command, and whether there is one.
pub fn kill_signal(command: &str) -> Option<String> {
    let words: Vec<&str> = command
        .split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '&' | '|' | '(' | ')'))
        .filter(|word| !word.is_empty())
        .collect();
    let at = words.iter().rposition(|word| matches!(word.rsplit('/').next(), Some("kill" | "pkill" | "killall")))?;
    let option = words.get(at + 1)?.strip_prefix('-')?;
    match option {
        "s" | "-signal" | "n" => signal(words.get(at + 2)?),
        option => signal(option.trim_start_matches("-signal=").trim_start_matches('s')).or_else(|| signal(option)),
    }
}

#[cfg(test)]
mod tests {
    use super::{kill_signal, mebibytes, signal, without_number};

    #[test]
    fn numbers_and_sizes() {
        assert_eq!(without_number("sidekiq_shop_2"), "sidekiq_shop");
        assert_eq!(without_number("worker@3"), "worker");
        assert_eq!(without_number("redis6379"), "redis");
        assert_eq!(without_number("web"), "web");
        assert_eq!(mebibytes("512M"), Some(512));
        assert_eq!(mebibytes("infinity"), None);
    }

    #[test]
    fn signals() {
        assert_eq!(signal("TERM"), None);
        assert_eq!(signal("3").as_deref(), Some("SIGQUIT"));
        for (line, expected) in [
            ("/bin/kill -QUIT $MAINPID", Some("SIGQUIT")),
            ("/bin/su - deploy -c 'kill -s INT `cat x.pid`'", Some("SIGINT")),
            ("kill -TSTP `cat a`; sleep 5; kill -TERM `cat a`", None),
            ("kill $(cat x)", None),
            ("pkill -9 -f x", Some("SIGKILL")),
        ] {
            assert_eq!(kill_signal(line).as_deref(), expected, "{line}");
        }
    }
}
