//! What is left is the program: flags that send it to the background, pid files and log files of its own come off.
//!
//! `bundle exec sidekiq -d -P x.pid -L x.log -C c.yml` is `bundle exec sidekiq -C c.yml`; `/etc/init.d/x start` names a service.

use super::script::Reader;
use super::{Asked, Plain};

/// Programs and what comes off their words.
struct Row {
    names: &'static [&'static str],
    /// Flags that send it to the background.
    flags: &'static [&'static str],
    /// Options with a value that a container has no use for.
    values: &'static [&'static str],
    /// Options whose value is a log file.
    logs: &'static [&'static str],
    /// Words that are added so that it stays in the foreground.
    stay: &'static [&'static str],
    /// A subcommand and what stands for it in the foreground.
    verbs: &'static [(&'static str, &'static str)],
}

const NONE: Row = Row { names: &[], flags: &[], values: &[], logs: &[], stay: &[], verbs: &[] };

const ROWS: &[Row] = &[
    Row {
        names: &["sidekiq", "shoryuken"],
        flags: &["-d", "--daemon"],
        values: &["-P", "--pidfile", "-i", "--index"],
        logs: &["-L", "--logfile"],
        ..NONE
    },
    Row { names: &["unicorn", "unicorn_rails", "rainbows"], flags: &["-D", "--daemonize"], values: &["-P", "--pid"], ..NONE },
    Row {
        names: &["puma"],
        flags: &["-d", "--daemon", "--redirect-append"],
        values: &["--pidfile", "-S", "--state"],
        logs: &["--redirect-stdout", "--redirect-stderr"],
        ..NONE
    },
    Row { names: &["thin"], flags: &["-d", "--daemonize"], values: &["-P", "--pid"], logs: &["-l", "--log"], ..NONE },
    Row { names: &["rails"], flags: &["-d", "--daemon"], values: &["-P", "--pid"], ..NONE },
    Row { names: &["passenger"], flags: &["-d", "--daemonize"], values: &["--pid-file"], logs: &["--log-file"], ..NONE },
    Row {
        names: &["delayed_job"],
        values: &["--pid-dir", "--log-dir", "-i", "--identifier"],
        verbs: &[("start", "run"), ("restart", "run")],
        ..NONE
    },
    Row { names: &["clockworkd"], values: &["--pid-dir", "--log-dir", "-i"], verbs: &[("start", "run")], flags: &["-l", "--log"], ..NONE },
    Row {
        names: &["gunicorn", "gunicorn_django"],
        flags: &["-D", "--daemon"],
        values: &["-p", "--pid"],
        logs: &["--log-file", "--access-logfile", "--error-logfile"],
        ..NONE
    },
    Row { names: &["uwsgi"], values: &["--pidfile", "--safe-pidfile"], logs: &["-d", "--daemonize", "--logto"], ..NONE },
    Row { names: &["celery", "celeryd"], flags: &["--detach", "-D"], values: &["--pidfile"], logs: &["-f", "--logfile"], ..NONE },
    Row { names: &["memcached", "beanstalkd"], flags: &["-d"], values: &["-P"], ..NONE },
    Row { names: &["gearmand"], flags: &["-d", "--daemon"], values: &["-P", "--pid-file"], logs: &["-l", "--log-file"], ..NONE },
    Row {
        names: &["redis-server", "redis-sentinel"],
        values: &["--daemonize", "--pidfile"],
        logs: &["--logfile"],
        stay: &["--daemonize", "no"],
        ..NONE
    },
    Row { names: &["mongod", "mongos"], flags: &["--fork", "--logappend"], values: &["--pidfilepath"], logs: &["--logpath"], ..NONE },
    Row { names: &["haproxy"], flags: &["-D", "-db", "-W", "-Ws"], values: &["-p"], stay: &["-W", "-db"], ..NONE },
    Row { names: &["varnishd"], flags: &["-F", "-d"], values: &["-P"], stay: &["-F"], ..NONE },
    Row {
        names: &[
            "php-fpm",
            "php5-fpm",
            "php7.0-fpm",
            "php7.2-fpm",
            "php7.4-fpm",
            "php-fpm5",
            "php-fpm7",
            "php-fpm7.0",
            "php-fpm7.2",
            "php-fpm7.4",
            "php-fpm8.1",
        ],
        flags: &["-D", "--daemonize", "-F", "--nodaemonize"],
        values: &["-g", "--pid"],
        stay: &["-F"],
        ..NONE
    },
    Row { names: &["catalina.sh", "activemq"], verbs: &[("start", "run")], ..NONE },
    Row { names: &["zkServer.sh"], verbs: &[("start", "start-foreground")], ..NONE },
    Row { names: &["apachectl", "apache2ctl"], values: &["-k"], verbs: &[("start", "-DFOREGROUND")], ..NONE },
    Row { names: &["httpd", "apache2"], values: &["-k"], flags: &["-DFOREGROUND"], stay: &["-DFOREGROUND"], ..NONE },
    Row { names: &["kafka-server-start.sh"], flags: &["-daemon"], ..NONE },
    Row { names: &["elasticsearch", "cassandra"], flags: &["-d"], values: &["-p"], ..NONE },
    Row { names: &["sunspot-solr"], verbs: &[("start", "run")], values: &["--pid-dir", "-p"], ..NONE },
    Row { names: &["searchd"], flags: &["--nodetach"], stay: &["--nodetach"], ..NONE },
    Row { names: &["stunnel", "stunnel4", "twemproxy"], ..NONE },
    Row { names: &["nutcracker"], flags: &["-d", "--daemonize"], values: &["-p", "--pid-file"], logs: &["-o", "--output"], ..NONE },
    Row { names: &["statsd", "lsyncd"], ..NONE },
];

/// Programs of languages and tools that the image has on its path.
const ON_PATH: &[&str] = &[
    "bundle",
    "ruby",
    "rake",
    "rails",
    "node",
    "nodejs",
    "npm",
    "yarn",
    "python",
    "python2",
    "python3",
    "php",
    "puma",
    "unicorn",
    "unicorn_rails",
    "sidekiq",
    "thin",
    "passenger",
];

/// Takes the program apart; its words are left in `found`.
pub(super) fn take(reader: &Reader<'_>, words: Vec<String>, found: &mut Plain) {
    let shown: Vec<String> = words.iter().map(|word| reader.shown(word)).collect();
    if let Some(asked) = asked(&shown) {
        found.service = Some(asked);
        found.words = shown;
        return;
    }
    let mut words = manager(words, found);
    let name_at = |word: &String| word.rsplit('/').next().unwrap_or(word).to_owned();
    let limit = if words.first().is_some_and(|word| matches!(name_at(word).as_str(), "bundle" | "ruby" | "env" | "java")) { 6 } else { 2 };
    let row = words.iter().take(limit).enumerate().find_map(|(at, word)| {
        let name = name_at(word);
        let name = name.strip_suffix(".rb").unwrap_or(&name).to_owned();
        Some((at, ROWS.iter().find(|row| row.names.contains(&name.as_str()))?))
    });
    if let Some((at, row)) = row {
        words = strip(reader, words, at, row, found);
    }
    rake(&mut words, found);
    runner(&mut words, found);
    if let Some(first) = words.first_mut() {
        for name in ON_PATH {
            if first.ends_with(&format!("/bin/{name}"))
                || first.ends_with(&format!("/shims/{name}"))
                || (first.contains("/wrappers/") && first.ends_with(&format!("/{name}")))
            {
                // A program of the app's own `bin` folder stays.
                if !first.starts_with("/srv/www") && first.starts_with(['/', '~']) || *name == "bundle" {
                    (*name).clone_into(first);
                }
            }
        }
    }
    found.words = words;
}

fn strip(reader: &Reader<'_>, words: Vec<String>, at: usize, row: &Row, found: &mut Plain) -> Vec<String> {
    let mut kept: Vec<String> = words[..=at].to_vec();
    let mut rest = words.into_iter().skip(at + 1).peekable();
    while let Some(word) = rest.next() {
        let (name, glued) = match word.split_once('=').filter(|(name, _)| name.starts_with("--")) {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (word.clone(), None),
        };
        let is_log = row.logs.contains(&name.as_str());
        if is_log || row.values.contains(&name.as_str()) {
            let value = glued.or_else(|| rest.next()).unwrap_or_default();
            found.dropped.push(format!("{name} {value}"));
            if is_log && !value.is_empty() && !value.starts_with("/dev/") {
                found.logs.push(reader.shown(&value));
                found.background |= matches!(name.as_str(), "-d" | "--daemonize");
            }
            found.background |= name == "--daemonize" && value == "yes";
            continue;
        }
        if row.flags.contains(&word.as_str()) {
            found.background |= !row.stay.contains(&word.as_str()) && word != "--redirect-append" && word != "--logappend";
            found.dropped.push(word);
            continue;
        }
        if row.names.contains(&"delayed_job") {
            let number = match name.as_str() {
                "-n" | "--number_of_workers" | "--number-of-workers" => glued.clone().or_else(|| rest.next()),
                _ => None,
            };
            if let Some(number) = number {
                match number.parse() {
                    Ok(count) => {
                        found.count = Some(count);
                        found.dropped.push(format!("{name} {number}"));
                    }
                    // What is no number is for whoever reads the worker's options.
                    Err(_) => kept.extend([name.clone(), number]),
                }
                continue;
            }
        }
        match row.verbs.iter().find(|(verb, _)| *verb == word) {
            Some((verb, stays)) => {
                found.background = true;
                found.dropped.push((*verb).to_owned());
                kept.push((*stays).to_owned());
            }
            None => kept.push(word),
        }
    }
    let has_config = |kept: &[String]| kept.iter().any(|word| word == "--daemonize");
    if !row.stay.is_empty() && !has_config(&kept) {
        kept.extend(row.stay.iter().map(|word| (*word).to_owned()));
    }
    kept
}

/// Rake tasks and scripts of gems that go to the background by themselves.
fn rake(words: &mut Vec<String>, found: &mut Plain) {
    let has = |words: &[String], task: &str| words.iter().any(|word| word == task);
    if words.iter().any(|word| word.contains("resque:work")) {
        for name in ["BACKGROUND", "PIDFILE"] {
            if let Some(value) = found.variables.remove(name) {
                found.background |= name == "BACKGROUND";
                found.dropped.push(format!("{name}={value}"));
            }
            words.retain(|word| {
                let takes = word.starts_with(&format!("{name}="));
                found.background |= takes && name == "BACKGROUND";
                !takes
            });
        }
    }
    if let Some(at) = words.iter().position(|word| word == "resque:workers") {
        let glued = words.iter().position(|word| word.starts_with("COUNT=")).map(|at| words.remove(at));
        let count = glued.and_then(|word| word.strip_prefix("COUNT=").map(str::to_owned)).or_else(|| found.variables.remove("COUNT"));
        if let Some(count) = count.and_then(|count| count.parse().ok()) {
            let at = at.min(words.len().saturating_sub(1));
            if let Some(word) = words.get_mut(at) {
                "resque:work".clone_into(word);
            }
            found.count = Some(count);
        }
    }
    if has(words, "sunspot:solr:start") {
        words.iter_mut().filter(|word| *word == "sunspot:solr:start").for_each(|word| "sunspot:solr:run".clone_into(word));
        found.background = true;
    }
    // The gem Daemons: `script/importer_ctl start`.
    let (before, last) = match words.as_slice() {
        [.., before, last] => (before.rsplit('/').next().unwrap_or("").to_owned(), last.clone()),
        _ => return,
    };
    let before = before.trim_end_matches(".rb");
    if last == "start"
        && (before.ends_with("_ctl") || before.ends_with("_daemon") || before.ends_with("daemon") || before.ends_with("_control"))
    {
        if let Some(last) = words.last_mut() {
            "run".clone_into(last);
        }
        found.background = true;
        found.dropped.push("start".to_owned());
    }
}

/// `pm2 start app.js -i 2`, `forever start -l x.log app.js`: the program is Node's.
fn manager(words: Vec<String>, found: &mut Plain) -> Vec<String> {
    let Some(at) = words.iter().take(2).position(|word| matches!(word.rsplit('/').next(), Some("pm2" | "forever" | "nodemon"))) else {
        return words;
    };
    let tool = words[at].rsplit('/').next().unwrap_or("").to_owned();
    if tool == "nodemon"
        || words.iter().any(|word| {
            matches!(word.as_str(), "stop" | "stopall" | "delete" | "kill" | "list" | "save" | "startup" | "restart" | "reload")
        })
    {
        return words;
    }
    let starts = words.iter().position(|word| word == "start");
    let with_value = [
        "-l",
        "-o",
        "-e",
        "-a.log",
        "--pidFile",
        "--uid",
        "--sourceDir",
        "--workingDir",
        "--minUptime",
        "--spinSleepTime",
        "-m",
        "-c",
        "-p",
        "--name",
        "-n",
        "-i",
        "--instances",
        "--max-memory-restart",
        "--log",
        "--output",
        "--error",
        "--cwd",
        "--user",
        "-u",
        "--interpreter",
        "--env",
        "--node-args",
    ];
    let mut program: Vec<String> = Vec::new();
    let mut interpreter = "node".to_owned();
    let mut rest = words.iter().skip(starts.unwrap_or(at) + 1);
    let mut options = Vec::new();
    while let Some(word) = rest.next() {
        if program.is_empty() && word.starts_with('-') {
            if with_value.contains(&word.as_str()) {
                options.push((word.clone(), rest.next().cloned().unwrap_or_default()));
            }
        } else if !program.is_empty() && tool == "pm2" {
            if word == "--" {
                program.extend(rest.by_ref().cloned());
            } else if with_value.contains(&word.as_str()) {
                options.push((word.clone(), rest.next().cloned().unwrap_or_default()));
            }
        } else {
            program.push(word.clone());
        }
    }
    // A process file lists the programs: it is read by pm2 alone.
    let Some(script) =
        program.first().filter(|script| !script.ends_with(".json") && !script.contains(".config.") && !script.ends_with(".yml"))
    else {
        found.background = true;
        let mut words = words;
        if tool == "pm2" {
            words[at] = "pm2-runtime".to_owned();
        }
        return words;
    };
    for (option, value) in &options {
        match option.as_str() {
            "-i" | "--instances" => found.count = value.parse().ok().filter(|count| *count > 0),
            "-l" | "-o" | "-e" | "--log" | "--output" | "--error" => found.logs.push(value.clone()),
            "--sourceDir" | "--workingDir" | "--cwd" => found.directory = Some(value.clone()),
            "--name" | "-n" => found.name = Some(value.clone()),
            "-c" | "--interpreter" => interpreter.clone_from(value),
            "--max-memory-restart" => found.memory_mib = crate::pass::process::mebibytes(value),
            _ => {}
        }
    }
    found.background = true;
    found.dropped.push(format!("{tool} start"));
    let is_npm = script == "npm" || script == "yarn";
    let rest = program.iter().cloned();
    if is_npm { rest.collect() } else { interpreter.split_whitespace().map(str::to_owned).chain(rest).collect() }
}

/// `bundle exec` in front of nothing else, and `ruby` of a path.
fn runner(words: &mut Vec<String>, found: &mut Plain) {
    // Leading empty words come from variables that are not set.
    words.retain(|word| !word.is_empty() || found.shell);
}

/// Whether the words only ask another supervisor for a service.
fn asked(words: &[String]) -> Option<Asked> {
    let asked = |name: &str, verb: &str| {
        let name = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".service").split(':').next().unwrap_or(name);
        (!name.is_empty() && !name.starts_with('-')).then(|| Asked { name: name.to_owned(), verb: verb.to_owned() })
    };
    let plain: Vec<&str> = words.iter().map(String::as_str).filter(|word| !word.starts_with('-')).collect();
    let first = *plain.first()?;
    if let Some(name) =
        first.strip_prefix("/etc/init.d/").or_else(|| first.strip_prefix("/etc/rc.d/init.d/")).or_else(|| first.strip_prefix("/etc/rc.d/"))
    {
        return asked(name, plain.get(1).copied().unwrap_or("start"));
    }
    match (first.rsplit('/').next()?, &plain[1..]) {
        ("service" | "invoke-rc.d" | "rc-service", [name, verb, ..]) => asked(name, verb),
        ("systemctl" | "initctl" | "sv" | "svc" | "supervisorctl" | "monit" | "god" | "eye" | "rcctl", [verb, name, ..])
            if !(first.ends_with("god") && *verb == "load") =>
        {
            let verb = match *verb {
                "up" | "u" => "start",
                "down" | "d" => "stop",
                other => other,
            };
            asked(name, verb)
        }
        // `svc -u /service/x`
        ("svc", [name]) => asked(name, if words.iter().any(|word| word == "-d") { "stop" } else { "start" }),
        ("bluepill", [.., verb @ ("start" | "stop" | "restart"), name]) => asked(name, verb),
        (verb @ ("start" | "stop" | "restart"), [name, ..])
            if matches!(first, "start" | "stop" | "restart" | "/sbin/start" | "/sbin/stop" | "/sbin/restart") =>
        {
            asked(name, verb)
        }
        _ => None,
    }
}
