//! upstart: jobs of `/etc/init`, those included that start copies of another job.

use std::collections::BTreeMap;

use super::found::{Found, signal};
use super::place::{Place, Reading};
use crate::blueprint::Restart;
use crate::pass::command;
use crate::pass::input::RunFile;
use crate::read::upstart::{self, Code, Job};

/// Whether a file is a job of upstart.
pub fn takes(path: &str, name: &str, _: &str) -> bool {
    (path.starts_with("/etc/init/") || path.contains("/.init/") || path.contains("/.config/upstart/"))
        && (name.ends_with(".conf") || name.ends_with(".override"))
}

/// Whether a hook starts something that outlives it.
fn daemonizes(text: &str) -> bool {
    text.contains("start-stop-daemon") && !text.contains("--stop")
}

/// Reads a job.
pub fn read(place: &Place<'_>, file: &RunFile<'_>, reading: &mut Reading) {
    let Some(text) = place.text_of(file) else { return };
    let name = file.path.rsplit('/').next().unwrap_or(file.path).trim_end_matches(".conf");
    let name = name.trim_end_matches(".override");
    let (job, problems) = upstart::parse(&text);
    // An override says in part how the job of a package runs; one that says nothing of its command, or stands beside its job, is no process.
    let beside = || place.files.keys().any(|path| path.ends_with(&format!("/{name}.conf")) && path.starts_with("/etc/init"));
    if file.path.ends_with(".override") && (job.main.is_none() || beside()) {
        reading.settled = true;
        return;
    }
    reading.problems = problems;
    let known: BTreeMap<String, String> = job.env.iter().filter_map(|env| Some((env.name.clone(), env.value.clone()?))).collect();
    let mut scope = known.clone();
    scope.insert("UPSTART_JOB".to_owned(), name.to_owned());
    // Without a command of its own, what a hook sends to the background is the job.
    let daemon = job.pre_start.iter().chain(&job.post_start).filter(|code| job.main.is_none() && daemonizes(&code.text));
    let code: Vec<&Code> = job.main.iter().chain(daemon).collect();
    let files = |path: &str| place.text(path);
    let starts = |code: &Code| command::service(&code.text, &scope, place.around(&files));
    let Some(main) = code.first() else {
        // A job that only starts others from its hooks.
        let asked = job.pre_start.iter().chain(&job.post_start).flat_map(&starts).filter(|plain| plain.service.is_some());
        reading.found.extend(asked.map(|plain| Found::new(name, name, plain, "upstart")));
        // A job without a command may be what others start and stop with.
        let followed = place.files.iter().any(|(path, file)| {
            path.starts_with("/etc/init/")
                && place
                    .text_of(file)
                    .is_some_and(|text| text.contains(&format!("starting {name}")) || text.contains(&format!("started {name}")))
        });
        if reading.found.is_empty() && !followed {
            reading.nothing("C131", 1, format!("the job `{name}` has neither `exec` nor `script`"));
        }
        reading.settled = followed;
        return;
    };
    let mut all = starts(main);
    if job.task {
        // A task ends by itself: only what it starts stays.
        all.retain(|plain| plain.service.is_some());
        reading.settled = true;
    }
    if all.len() > 1 && !all.iter().all(|plain| plain.service.is_some() || plain.background) {
        all.truncate(1);
    }
    if all.is_empty() && !job.task {
        reading.nothing("C131", main.line, format!("the job `{name}` starts nothing"));
    }
    for plain in all {
        let mut found = Found::new(name, name, plain, "upstart");
        fill(&mut found, &job, &known, name);
        reading.found.push(found);
    }
}

fn fill(found: &mut Found, job: &Job, known: &BTreeMap<String, String>, name: &str) {
    found.plain.user = found.plain.user.take().or_else(|| job.setuid.clone());
    found.plain.group = found.plain.group.take().or_else(|| job.setgid.clone());
    found.plain.directory = found.plain.directory.take().or_else(|| job.chdir.clone());
    found.set_variables(known);
    found.stop_signal = job.kill_signal.as_deref().and_then(signal);
    found.grace_seconds = job.kill_timeout.as_ref().and_then(|written| written.value).and_then(|seconds| u32::try_from(seconds).ok());
    for (limit, soft, hard) in &job.limits {
        let value = soft.parse::<u64>().or_else(|_| hard.parse()).ok();
        match limit.as_str() {
            "nofile" => found.open_files = value.or(found.open_files),
            "nproc" => found.processes = value.or(found.processes),
            "as" | "rss" | "data" => found.memory_mib = value.and_then(|bytes| u32::try_from(bytes >> 20).ok()).or(found.memory_mib),
            _ => {}
        }
    }
    found.restart = if job.respawn { Restart::Always } else { Restart::Never };
    if job.console.as_deref() == Some("log") {
        found.log(format!("/var/log/upstart/{name}.log"));
    }
    if let Some(expect) = job.expect.as_deref().filter(|_| !found.plain.background && found.plain.service.is_none()) {
        found.note(format!("upstart expected it to fork (`expect {expect}`): see that it stays in the foreground"));
    }
    if let Some(instance) = &job.instance {
        // `$N` counts the copies: one is enough here, and the job that starts them says how many.
        let variable = instance.trim_start_matches('$').trim_matches(['{', '}']).to_owned();
        found.note(format!("one for each `{variable}` that it was started with"));
    }
    if let Some(before) = job.pre_start.as_ref().filter(|before| job.main.is_some() || !daemonizes(&before.text)) {
        let lines: Vec<&str> = before.text.lines().map(str::trim).filter(|line| !is_preparation(line)).collect();
        if !lines.is_empty() && lines.len() <= 3 {
            found.note(format!("ran before it: {}", lines.join("; ")));
        }
    }
}

/// Whether a line of a hook only prepares the host.
pub(super) fn is_preparation(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or("");
    let word = word.rsplit('/').next().unwrap_or(word);
    word.is_empty()
        || word.starts_with('#')
        || ["mkdir", "chown", "chmod", "touch", "rm", "install", "test", "[", "if", "fi", "then", "echo", "logger", "exec", "exit"]
            .contains(&word)
}
