//! A command line as a service or cron has it, taken apart: the program in exec form, its user, directory and variables.
//!
//! `su - deploy -c 'cd /srv/shop/current && RAILS_ENV=production bundle exec sidekiq -C x.yml >> log 2>&1'`
//! is `bundle exec sidekiq -C x.yml` as `deploy` in `/srv/shop/current` with `RAILS_ENV=production`.

mod program;
mod script;
#[cfg(test)]
mod tests;
mod word;
mod wrapper;

use std::collections::BTreeMap;

use script::Reader;

/// A command line taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plain {
    /// The program and its arguments.
    pub words: Vec<String>,
    /// The user it runs as, where the line says so.
    pub user: Option<String>,
    /// The group it runs in, where the line says so.
    pub group: Option<String>,
    /// The directory it runs in.
    pub directory: Option<String>,
    /// Variables that the line sets.
    pub variables: BTreeMap<String, String>,
    /// Wrappers, redirections and flags that were taken off, for the reader.
    pub dropped: Vec<String>,
    /// It needs a shell: pipes, expansions, several commands.
    pub shell: bool,
    /// Files whose variables it gets.
    pub environment_files: Vec<String>,
    /// Directories with a file for each variable it gets (`envdir`).
    pub environment_directories: Vec<String>,
    /// Files that its script reads with `.`.
    pub sourced: Vec<String>,
    /// Files and facilities that its output goes to.
    pub logs: Vec<String>,
    /// Limit on open files.
    pub open_files: Option<u64>,
    /// Limit on processes.
    pub processes: Option<u64>,
    /// Limit on memory, in MiB.
    pub memory_mib: Option<u32>,
    /// What a process manager calls it, where the line says so.
    pub name: Option<String>,
    /// How many of it are started, where the line says so.
    pub count: Option<u32>,
    /// It is sent to the background.
    pub background: bool,
    /// The line only asks another supervisor for this service.
    pub service: Option<Asked>,
}

/// `/etc/init.d/x start`: a service that another command is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The service: `x`.
    pub name: String,
    /// What is asked: `start`, `stop`.
    pub verb: String,
}

/// Scripts of the host that only set up the environment and `exec "$@"`: wrappers without a meaning in a container.
pub type Wrappers = BTreeMap<String, String>;

/// What is known around a script of a service.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// Wrapper scripts of the host.
    pub wrappers: &'a Wrappers,
    /// The text of a file of the host, by path.
    pub files: &'a dyn Fn(&str) -> Option<String>,
}

/// Takes a command line apart.
#[must_use]
pub fn plain(line: &str, wrappers: &Wrappers) -> Plain {
    let mut found = Plain::default();
    Reader::of_line(wrappers).line(line, &mut found, 0);
    found
}

/// Takes words that are already split apart (a systemd `ExecStart`).
#[must_use]
pub fn plain_words(words: &[String], wrappers: &Wrappers) -> Plain {
    let mut found = Plain::default();
    Reader::of_line(wrappers).words(words.to_vec(), &mut found, 0);
    found
}

/// What a script starts that stays: each program that it replaces itself with or sends to the background, else its only command.
/// `known` are variables that are set before.
#[must_use]
pub fn service(text: &str, known: &BTreeMap<String, String>, around: Around<'_>) -> Vec<Plain> {
    Reader::of_service(around, known).service(text)
}

/// Every command of an init script that may be the one it is for, those that stay first.
#[must_use]
pub fn candidates(text: &str, known: &BTreeMap<String, String>, around: Around<'_>) -> Vec<Plain> {
    Reader::of_service(around, known).candidates(text)
}

/// The words of a service's command line; `$NAME` of `known` is what it stands for.
#[must_use]
pub fn service_words(words: &[String], known: &BTreeMap<String, String>, around: Around<'_>) -> Plain {
    let mut reader = Reader::of_service(around, known);
    let mut found = Plain::default();
    let words = words.iter().flat_map(|word| reader.expand(word)).collect();
    reader.words(words, &mut found, 0);
    found
}
