//! Programs that only start another: they come off, and what they say (user, variables, limits) is kept.
//!
//! Each family is a function; `chpst -u deploy -o 1024 -e ./env x` leaves `x` with a user, a limit and a directory of variables.

use super::Plain;
use super::script::Reader;

/// What became of the words in front.
enum Step {
    /// A wrapper came off: look again.
    Again(Vec<String>),
    /// The rest is a line for a shell.
    Line(String),
    /// This is the program.
    Program,
}

/// Options of a wrapper: those with a value, by their names.
struct Options<'a> {
    words: &'a [String],
    /// Short options with a value, as letters; `-n` alone.
    with_value: &'a [&'a str],
}

impl Options<'_> {
    /// Goes over the options behind the first word; the number of the first word that is none.
    fn read(&self, mut take: impl FnMut(&str, &str)) -> usize {
        let mut at = 1;
        while let Some(word) = self.words.get(at).filter(|word| word.starts_with('-') && word.len() > 1) {
            at += 1;
            if word == "--" {
                break;
            }
            if let Some((name, value)) = word.split_once('=').filter(|(name, _)| name.starts_with("--")) {
                take(name, value);
                continue;
            }
            if self.with_value.contains(&word.as_str()) {
                take(word, self.words.get(at).map_or("", String::as_str));
                at += 1;
                continue;
            }
            // `-udeploy`, `-n10`
            match self.with_value.iter().find(|name| name.len() == 2 && word.starts_with(**name)) {
                Some(name) => take(name, &word[2..]),
                // `-iu deploy`: the last of several letters takes it.
                None => {
                    match self.with_value.iter().find(|name| name.len() == 2 && !word.starts_with("--") && word.ends_with(&name[1..])) {
                        Some(name) => {
                            take(name, self.words.get(at).map_or("", String::as_str));
                            at += 1;
                        }
                        None => take(word, ""),
                    }
                }
            }
        }
        at.min(self.words.len())
    }
}

impl Reader<'_> {
    /// Takes wrapper after wrapper off until a program is left.
    pub(super) fn words(&mut self, mut words: Vec<String>, found: &mut Plain, depth: usize) {
        for _ in 0..20 {
            let Some(first) = words.first().cloned() else { return };
            if self.is_wrapper(&first) {
                found.dropped.push(first);
                words.remove(0);
                continue;
            }
            let name = first.rsplit('/').next().unwrap_or(&first);
            let step = [user, shell, environment, priority, limits, versions, starter]
                .iter()
                .map(|family| family(self, name, &words, found))
                .find(|step| !matches!(step, Step::Program))
                .unwrap_or(Step::Program);
            match step {
                Step::Again(rest) if rest.len() < words.len() || rest != words => words = rest,
                Step::Line(line) => {
                    let line = self.shown(&line);
                    return self.line(&line, found, depth + 1);
                }
                _ => break,
            }
        }
        if self.inlined(&words, found, depth) {
            return;
        }
        super::program::take(self, words, found);
        if found.service.is_none() && !found.shell {
            let words = std::mem::take(&mut found.words);
            let (words, shell) = self.finish(words, &[]);
            found.words = words;
            found.shell |= shell;
        }
        self.restore(found);
    }

    /// What was kept beside the words shows expansions as they were written.
    fn restore(&self, found: &mut Plain) {
        for text in found.directory.iter_mut().chain(&mut found.user).chain(&mut found.dropped).chain(&mut found.logs) {
            *text = self.shown(text);
        }
        for value in found.variables.values_mut() {
            *value = self.shown(value);
        }
    }
}

fn rest(words: &[String], at: usize) -> Step {
    Step::Again(words.get(at..).map(<[String]>::to_vec).unwrap_or_default())
}

fn owner(text: &str, found: &mut Plain) {
    let (user, group) = text.split_once([':', '.']).map_or((text, None), |(user, group)| (user, Some(group)));
    if !user.is_empty() {
        found.user = Some(user.to_owned());
    }
    if let Some(group) = group.filter(|group| !group.is_empty()) {
        found.group = Some(group.split(':').next().unwrap_or(group).to_owned());
    }
}

fn assignment(word: &str) -> Option<(String, String)> {
    let (name, value) = word.split_once('=')?;
    let legal =
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !name.starts_with(|c: char| c.is_ascii_digit());
    legal.then(|| (name.to_owned(), value.to_owned()))
}

/// Takes `A=b` words from `at` on.
fn assignments(words: &[String], mut at: usize, found: &mut Plain) -> usize {
    while let Some((name, value)) = words.get(at).and_then(|word| assignment(word)) {
        found.variables.insert(name, value);
        at += 1;
    }
    at
}

/// `su`, `sudo`, `runuser`, `gosu`, `setuidgid`, …
fn user(_: &mut Reader<'_>, name: &str, words: &[String], found: &mut Plain) -> Step {
    match name {
        "su" | "runuser" => su(name, words, found),
        "sudo" => {
            let mut as_user = None;
            let at = Options { words, with_value: &["-u", "-g", "-h", "-p", "-C", "-U", "-D", "-T", "--user", "--group"] }.read(
                |option, value| match option {
                    "-u" | "--user" => as_user = Some(value.to_owned()),
                    _ => {}
                },
            );
            // Without a user it is root that sudo runs as, which is who the service was to begin with.
            if let Some(name) = as_user {
                found.user = Some(name);
            }
            found.dropped.push(words[0].clone());
            let at = assignments(words, at, found);
            rest(words, at)
        }
        "gosu" | "su-exec" => {
            owner(words.get(1).map_or("", String::as_str), found);
            found.dropped.push(words[0].clone());
            rest(words, 2)
        }
        "setuidgid" | "s6-setuidgid" => {
            owner(words.get(1).map_or("", String::as_str), found);
            rest(words, 2)
        }
        "envuidgid" | "s6-envuidgid" => rest(words, 2),
        "setpriv" => {
            let mut to = None;
            let at = Options { words, with_value: &["--reuid", "--regid"] }.read(|option, value| {
                if option == "--reuid" {
                    to = Some(value.to_owned());
                }
            });
            found.user = to.or(found.user.take());
            rest(words, at)
        }
        _ => Step::Program,
    }
}

/// `su - deploy -c 'line'`, `su deploy -s /bin/sh -c 'line'`, `runuser -u deploy -- program`
fn su(name: &str, words: &[String], found: &mut Plain) -> Step {
    let mut line = None;
    let mut index = 1;
    while let Some(word) = words.get(index) {
        match word.as_str() {
            "-" | "-l" | "--login" | "-m" | "-p" | "-f" => {}
            "-c" | "--command" | "-lc" => {
                line = words.get(index + 1).cloned();
                index += 1;
            }
            "-u" | "--user" if name == "runuser" => {
                found.user = words.get(index + 1).cloned();
                index += 1;
            }
            "-s" | "--shell" | "-g" | "--group" => index += 1,
            "--" if name == "runuser" && line.is_none() => {
                found.dropped.push(format!("{name} {}", found.user.clone().unwrap_or_default()));
                return rest(words, index + 1);
            }
            word if word.starts_with("--command=") => line = Some(word["--command=".len()..].to_owned()),
            word if !word.starts_with('-') && found.user.is_none() => found.user = Some(word.to_owned()),
            // `su deploy -c x` in a service that has another user: the innermost one counts.
            word if !word.starts_with('-') && line.is_none() => found.user = Some(word.to_owned()),
            _ => {}
        }
        index += 1;
    }
    found.dropped.push(format!("su {}", found.user.clone().unwrap_or_default()).trim().to_owned());
    line.map_or(Step::Program, Step::Line)
}

/// `bash -l -c 'line'`, `sh -lc 'line'`
fn shell(_: &mut Reader<'_>, name: &str, words: &[String], found: &mut Plain) -> Step {
    if !matches!(name, "bash" | "sh" | "dash" | "zsh" | "ksh") {
        return Step::Program;
    }
    let mut index = 1;
    while let Some(word) = words.get(index).filter(|word| word.starts_with('-')) {
        if !word.starts_with("--") && word.contains('c') {
            let Some(line) = words.get(index + 1) else { break };
            found.dropped.push(format!("{} -c", words[0]));
            return Step::Line(line.clone());
        }
        index += 1;
    }
    Step::Program
}

/// `env`, `envdir`, `foreman run`, …
fn environment(_: &mut Reader<'_>, name: &str, words: &[String], found: &mut Plain) -> Step {
    match name {
        "env" => {
            let at = Options { words, with_value: &["-u", "-C", "--unset", "--chdir"] }.read(|option, value| {
                if matches!(option, "-C" | "--chdir") {
                    found.directory = Some(value.to_owned());
                }
            });
            let at = assignments(words, at, found);
            if at >= words.len() { Step::Program } else { rest(words, at) }
        }
        "envdir" | "s6-envdir" => {
            found.environment_directories.extend(words.get(1).cloned());
            rest(words, 2)
        }
        "foreman" | "nf" | "honcho" if words.get(1).is_some_and(|word| word == "run") => {
            let at = Options { words: &words[1..], with_value: &["-e", "--env", "-f", "-d"] }.read(|option, value| {
                if matches!(option, "-e" | "--env") {
                    found.environment_files.extend(value.split(',').map(str::to_owned));
                }
            });
            found.dropped.push("foreman run".to_owned());
            rest(words, at + 1)
        }
        "bundle"
            if words.get(1).is_some_and(|word| word == "exec")
                && words.get(2).is_some_and(|word| word == "foreman")
                && words.get(3).is_some_and(|word| word == "run") =>
        {
            found.dropped.push("foreman run".to_owned());
            let at = Options { words: &words[3..], with_value: &["-e", "--env", "-f", "-d"] }.read(|_, _| {});
            rest(words, at + 3)
        }
        _ => Step::Program,
    }
}

/// `nice`, `ionice`, `nohup`, `timeout`, `flock`, …: they change when or how fast, not what.
fn priority(_: &mut Reader<'_>, name: &str, words: &[String], found: &mut Plain) -> Step {
    match name {
        "exec" | "nohup" | "command" | "time" | "setsid" | "unbuffer" | "catchsegv" | "dumb-init" | "tini" => {
            found.background |= matches!(name, "nohup" | "setsid");
            found.dropped.push(words[0].clone());
            let at = Options { words, with_value: &["-a"] }.read(|_, _| {});
            rest(words, at)
        }
        "nice" | "ionice" | "stdbuf" | "cronlock" | "chrt" | "numactl" => {
            found.dropped.push(name.to_owned());
            let at = Options { words, with_value: &["-n", "-c", "-p", "--adjustment", "-i", "-o", "-e"] }.read(|_, _| {});
            rest(words, at)
        }
        "taskset" => {
            found.dropped.push(name.to_owned());
            let at = Options { words, with_value: &[] }.read(|_, _| {});
            rest(words, at + 1)
        }
        "flock" | "timeout" | "setlock" => {
            let at = Options { words, with_value: &["-w", "-E", "-k", "-s"] }.read(|_, _| {});
            let Some(what) = words.get(at).filter(|_| words.len() > at + 1) else { return Step::Program };
            found.dropped.push(format!("{name} {what}"));
            match (words.get(at + 1).map(String::as_str), words.get(at + 2)) {
                (Some("-c"), Some(line)) => Step::Line(line.clone()),
                _ => rest(words, at + 1),
            }
        }
        _ => Step::Program,
    }
}

/// `chpst`, `softlimit`, `prlimit`
fn limits(_: &mut Reader<'_>, name: &str, words: &[String], found: &mut Plain) -> Step {
    match name {
        "chpst" => {
            let mut also = Vec::new();
            let with_value = ["-u", "-U", "-b", "-e", "-/", "-C", "-n", "-l", "-L", "-m", "-d", "-o", "-p", "-f", "-c", "-r", "-t", "-s"];
            let at = Options { words, with_value: &with_value }.read(|option, value| also.push((option.to_owned(), value.to_owned())));
            for (option, value) in also {
                match option.as_str() {
                    "-u" => owner(&value, found),
                    "-e" => found.environment_directories.push(value),
                    "-C" => found.directory = Some(value),
                    option => limit(option, &value, found),
                }
            }
            found.dropped.push(words[0].clone());
            rest(words, at)
        }
        "softlimit" => {
            let mut all = Vec::new();
            let with_value = ["-a", "-d", "-l", "-m", "-o", "-p", "-s", "-f", "-c", "-r", "-t"];
            let at = Options { words, with_value: &with_value }.read(|option, value| all.push((option.to_owned(), value.to_owned())));
            all.iter().for_each(|(option, value)| limit(option, value, found));
            rest(words, at)
        }
        "prlimit" => {
            let mut files = None;
            let at = Options { words, with_value: &["-n", "-u"] }.read(|option, value| {
                if matches!(option, "--nofile" | "-n") {
                    files = value.split(':').next().and_then(|number| number.parse().ok());
                }
            });
            found.open_files = files.or(found.open_files);
            rest(words, at)
        }
        _ => Step::Program,
    }
}

/// A limit of `chpst` and `softlimit`: bytes, numbers of files and processes.
pub(super) fn limit(option: &str, value: &str, found: &mut Plain) {
    let Ok(number) = value.parse::<u64>() else { return };
    match option {
        "-o" => found.open_files = Some(number),
        "-p" => found.processes = Some(number),
        "-m" | "-a" | "-r" => found.memory_mib = u32::try_from(number >> 20).ok().filter(|mib| *mib > 0),
        _ => {}
    }
}

/// `ulimit -n 65536`, `ulimit -Hn 1024 -u 50`
pub(super) fn ulimit(words: &[String], found: &mut Plain) {
    for pair in words.windows(2) {
        let [option, value] = pair else { continue };
        let Ok(number) = value.parse::<u64>() else { continue };
        if !option.starts_with('-') {
            continue;
        }
        match option.chars().last() {
            Some('n') => found.open_files = Some(number),
            Some('u') => found.processes = Some(number),
            // In kibibytes.
            Some('v' | 'm') => found.memory_mib = u32::try_from(number >> 10).ok(),
            _ => {}
        }
    }
}

/// `rvm 2.1 do`, `rbenv exec`, …: the image has one Ruby.
fn versions(_: &mut Reader<'_>, name: &str, words: &[String], found: &mut Plain) -> Step {
    let second = words.get(1).map_or("", String::as_str);
    let behind = |word: &str| words.iter().position(|known| known == word).map(|at| at + 1);
    let at = match name {
        "rvm" => behind("do"),
        "rvm-exec" => Some(2),
        "rbenv" | "asdf" | "pyenv" | "ndenv" | "nodenv" if second == "exec" => Some(2),
        "chruby-exec" => behind("--"),
        "nvm" if matches!(second, "exec" | "run") => Some(3),
        "scl" if second == "enable" => behind("--"),
        _ => None,
    };
    match at.filter(|at| *at < words.len()) {
        Some(at) => {
            found.dropped.push(words[..at].join(" "));
            rest(words, at)
        }
        None => match (name, second, words.last()) {
            ("scl", "enable", Some(line)) if words.len() > 3 => Step::Line(line.clone()),
            _ => Step::Program,
        },
    }
}

/// Programs that send another to the background: whether `words` start something (`Some(false)`: they stop it or look).
pub(super) fn starts(name: &str, words: &[String]) -> Option<bool> {
    match name {
        "start-stop-daemon" => {
            let stops = |word: &String| {
                matches!(word.as_str(), "--stop" | "-K" | "--status" | "-T" | "--test" | "-t")
                    || word.starts_with("-K") && !word.starts_with("--")
            };
            Some(!words.iter().take_while(|word| *word != "--").any(stops))
        }
        "daemon" | "daemonize" | "start_daemon" | "startproc" => {
            Some(!words.iter().any(|word| matches!(word.as_str(), "--stop" | "--running")))
        }
        "killproc" => Some(false),
        _ => None,
    }
}

/// `start-stop-daemon`, `daemon`, `daemonize`
fn starter(reader: &mut Reader<'_>, name: &str, words: &[String], found: &mut Plain) -> Step {
    match name {
        "start-stop-daemon" => start_stop_daemon(reader, words, found),
        "daemonize" => {
            let mut log = Vec::new();
            let mut set = Vec::new();
            let at = Options { words, with_value: &["-u", "-c", "-p", "-l", "-o", "-e", "-E"] }.read(|option, value| match option {
                "-o" | "-e" => log.push(value.to_owned()),
                "-u" | "-c" | "-E" => set.push((option.to_owned(), value.to_owned())),
                _ => {}
            });
            for (option, value) in set {
                match option.as_str() {
                    "-u" => owner(&value, found),
                    "-c" => found.directory = Some(value),
                    _ => found.variables.extend(assignment(&value)),
                }
            }
            found.logs.extend(log);
            found.background = true;
            found.dropped.push("daemonize".to_owned());
            rest(words, at)
        }
        "daemon" | "start_daemon" | "startproc" => {
            let mut set = Vec::new();
            let with_value = [
                "-u",
                "-n",
                "-p",
                "-l",
                "-D",
                "-o",
                "-U",
                "-r",
                "--user",
                "--pidfile",
                "--name",
                "--chdir",
                "--output",
                "--stdout",
                "--stderr",
                "--errlog",
                "--dbglog",
            ];
            let at = Options { words, with_value: &with_value }.read(|option, value| set.push((option.to_owned(), value.to_owned())));
            for (option, value) in set {
                match option.as_str() {
                    "--user" | "-u" => owner(&value, found),
                    "--chdir" | "-D" => found.directory = Some(value),
                    "--output" | "--stdout" | "--stderr" | "-o" => found.logs.push(value),
                    "--env" | "-e" => found.variables.extend(assignment(&value)),
                    _ => {}
                }
            }
            found.background = true;
            found.dropped.push(name.to_owned());
            // `daemon +10 x` has a niceness, and a line in one word.
            let at = if words.get(at).is_some_and(|word| word.starts_with('+') || word.parse::<i32>().is_ok()) { at + 1 } else { at };
            match words.get(at..) {
                Some([line]) if line.contains(' ') => Step::Line(line.clone()),
                Some([program, ..]) if program.contains(' ') => Step::Line(words[at..].join(" ")),
                _ => rest(words, at),
            }
        }
        _ => Step::Program,
    }
}

/// `start-stop-daemon --start --chuid deploy --chdir /srv --exec /usr/bin/x -- args`
fn start_stop_daemon(reader: &mut Reader<'_>, words: &[String], found: &mut Plain) -> Step {
    let mut program = None;
    let mut index = 1;
    let mut arguments: &[String] = &[];
    while let Some(word) = words.get(index) {
        index += 1;
        if word == "--" {
            arguments = words.get(index..).unwrap_or_default();
            break;
        }
        let (name, glued) = match word.split_once('=').filter(|(name, _)| name.starts_with("--")) {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (word.as_str(), None),
        };
        let takes = matches!(
            name,
            "--exec"
                | "--startas"
                | "--pidfile"
                | "--chuid"
                | "--user"
                | "--group"
                | "--chdir"
                | "--name"
                | "--nicelevel"
                | "--umask"
                | "--retry"
                | "--signal"
                | "--procsched"
                | "--iosched"
                | "--chroot"
                | "--ppid"
                | "--output"
                | "-x"
                | "-a"
                | "-p"
                | "-c"
                | "-u"
                | "-g"
                | "-d"
                | "-n"
                | "-N"
                | "-k"
                | "-R"
                | "-s"
                | "-P"
                | "-I"
                | "-r"
                | "-O"
        );
        if !takes {
            // `-Sbmp file` stands for four options.
            if word.starts_with('-') && !word.starts_with("--") && word.ends_with(['p', 'x', 'c', 'd', 'n']) && word.len() > 2 {
                let value = words.get(index).cloned().unwrap_or_default();
                index += 1;
                match word.chars().last() {
                    Some('x') => program = Some(value),
                    Some('c') => owner(&value, found),
                    Some('d') => found.directory = Some(value),
                    _ => {}
                }
            }
            continue;
        }
        let value = glued.unwrap_or_else(|| {
            index += 1;
            words.get(index - 1).cloned().unwrap_or_default()
        });
        match name {
            // `--startas` is what runs where both are given.
            "--startas" | "-a" => program = Some(value),
            "--exec" | "-x" if program.is_none() => program = Some(value),
            "--chuid" | "-c" => owner(&value, found),
            "--chdir" | "-d" => found.directory = Some(value),
            "--output" | "-O" => found.logs.push(reader.shown(&value)),
            _ => {}
        }
    }
    found.background = true;
    found.dropped.push("start-stop-daemon".to_owned());
    let Some(program) = program else { return Step::Program };
    if program.contains(' ') && arguments.is_empty() {
        return Step::Line(program);
    }
    Step::Again(std::iter::once(program).chain(arguments.iter().cloned()).collect())
}
