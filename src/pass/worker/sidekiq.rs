//! Sidekiq 2 to 8: command line, environment's section of the file, top of the file, `RAILS_MAX_THREADS`, the version's default.

use crate::blueprint::Queue;
use crate::pass::configuration::{File, rails_environment};
use crate::pass::evaluate;
use crate::pass::program::Program;
use crate::pass::worker::{Case, Finding, without};
use crate::read::problem::Problem;
use crate::read::sidekiq_yaml::{self, Settings};

/// What a version does where nothing says otherwise: from which version, concurrency, timeout.
const DEFAULTS: &[((u32, u32), u32, u32)] = &[((7, 0), 5, 25), ((6, 0), 10, 25), ((5, 2), 10, 8), ((0, 0), 25, 8)];

/// Whether it is Sidekiq.
pub fn is(program: &Program) -> bool {
    matches!(program.name.as_str(), "sidekiq" | "sidekiqswarm")
}

/// What the command says.
pub fn read(case: &Case<'_, '_>) -> Finding {
    let mut found = Finding::default();
    let release = case.release();
    let settings = settings(case, &mut found);
    let (file, settings) = settings.map_or((None, Settings::default()), |(file, settings)| (Some(file), settings));
    let path = file.as_ref().map_or("config/sidekiq.yml", |file| file.path.as_str()).to_owned();
    let default = release.and_then(|release| DEFAULTS.iter().find(|(since, ..)| *since <= release));
    let version = case.version.unwrap_or("");

    let mut say = |what: &str, from: String| found.sources.push(format!("{what}: {from}"));
    let written = |written: Option<&crate::read::problem::Written<u32>>| written.map(|one| one.value);
    let own = number(case, &["-c", "--concurrency"], "concurrency", &mut found.faults);
    let threads = case.number("RAILS_MAX_THREADS").filter(|_| release.is_none_or(|release| release >= (4, 2)));
    // Given, but not as a number that is known.
    let given = case.program.option(&["-c", "--concurrency"]).map(|_| own);
    let mut concurrency = match (given, written(settings.concurrency.as_ref()), threads, default) {
        (Some(own), ..) => {
            say("concurrency", "the command line".to_owned());
            own
        }
        (None, Some(value), ..) => {
            say("concurrency", path.clone());
            value
        }
        (None, None, Some(threads), _) => {
            say("concurrency", "RAILS_MAX_THREADS".to_owned());
            Some(threads)
        }
        (None, None, None, Some((_, concurrency, _))) => {
            say("concurrency", format!("the default of Sidekiq {version}"));
            Some(*concurrency)
        }
        _ => None,
    };
    let own = number(case, &["-t", "--timeout"], "timeout", &mut found.faults);
    let given = case.program.option(&["-t", "--timeout"]).map(|_| own);
    found.timeout = match (given, written(settings.timeout.as_ref()), default) {
        (Some(own), ..) => {
            say("timeout", "the command line".to_owned());
            own
        }
        (None, Some(value), _) => {
            say("timeout", path.clone());
            value
        }
        (None, None, Some((.., timeout))) => {
            say("timeout", format!("the default of Sidekiq {version}"));
            Some(*timeout)
        }
        _ => None,
    };
    let given = case.program.options(&["-q", "--queue"]);
    let mut queues: Vec<Queue> = if !given.is_empty() {
        say("queues", "the command line".to_owned());
        given.iter().map(|text| queue(text, &mut found.faults)).collect()
    } else if let Some(list) = settings.queues.as_ref().filter(|list| !list.is_empty()) {
        say("queues", path.clone());
        list.iter().map(|one| Queue { name: one.name.clone(), weight: one.weight }).collect()
    } else {
        say("queues", "the default of Sidekiq".to_owned());
        vec![Queue { name: "default".to_owned(), weight: None }]
    };
    weights(&mut queues, &mut found.notes);
    for (name, capsule) in &settings.capsules {
        let threads = capsule.concurrency.as_ref().and_then(|written| written.value).or(default.map(|(_, concurrency, _)| *concurrency));
        let own = capsule.queues.iter().flatten().map(|one| Queue { name: one.name.clone(), weight: one.weight });
        let own: Vec<Queue> = own.collect();
        let names: Vec<&str> = own.iter().map(|one| one.name.as_str()).collect();
        let count = threads.map_or("some".to_owned(), |threads| threads.to_string());
        found.notes.push(format!("capsule `{name}`: {count} more threads for {}", names.join(", ")));
        concurrency = concurrency.zip(threads).map(|(one, other)| one.saturating_add(other));
        queues.extend(own.into_iter().filter(|one| !queues.contains(one)).collect::<Vec<_>>());
    }
    if release.is_none() && (concurrency.is_none() || found.timeout.is_none()) {
        found.notes.push("the version of Sidekiq is not known: neither are its defaults".to_owned());
        // Every version's own is at most that.
        found.timeout = found.timeout.or(Some(25));
    }
    found.concurrency = concurrency;
    found.queues = Some(queues);
    by_version(case, &settings, &path, &mut found);
    swarm(case, &mut found);
    found
}

fn number(case: &Case<'_, '_>, names: &[&str], what: &str, faults: &mut Vec<String>) -> Option<u32> {
    let text = case.program.option(names)?;
    if let Some(name) = text.strip_prefix('$') {
        return case.number(name.trim_matches(['{', '}']));
    }
    let value = text.parse().ok();
    if value.is_none() && !crate::read::lexeme::has_hole(&text) {
        faults.push(format!("`{text}` is no number for the {what} of Sidekiq"));
    }
    value
}

fn queue(text: &str, faults: &mut Vec<String>) -> Queue {
    let Some((name, weight)) = text.split_once(',') else { return Queue { name: text.to_owned(), weight: None } };
    let value = weight.trim().parse().ok();
    if value.is_none() && !crate::read::lexeme::has_hole(weight) {
        faults.push(format!("`{weight}` is no weight for the queue `{name}`"));
    }
    Queue { name: name.to_owned(), weight: value }
}

/// One weight makes all others 1.
fn weights(queues: &mut [Queue], notes: &mut Vec<String>) {
    if queues.iter().all(|queue| queue.weight.is_none()) {
        if queues.len() > 1 {
            notes.push("queues without weights: a queue is worked when those before it are empty".to_owned());
        }
        return;
    }
    for queue in queues.iter_mut() {
        queue.weight = queue.weight.or(Some(1));
    }
    if queues.len() > 1 && queues.iter().all(|queue| queue.weight == Some(1)) {
        notes.push("all queues have weight 1: worked in random order".to_owned());
    }
}

/// The settings of the file that the command names, or of the project's usual one.
fn settings(case: &Case<'_, '_>, found: &mut Finding) -> Option<(File, Settings)> {
    let named = case.program.option(&["-C", "--config"]);
    let folder = case.program.option(&["-r", "--require"]).filter(|path| !path.ends_with(".rb") && path != ".");
    let usual = |suffix: &str| match &folder {
        Some(folder) => format!("{}/config/sidekiq.yml{suffix}", folder.trim_end_matches('/')),
        None => format!("config/sidekiq.yml{suffix}"),
    };
    let file = match &named {
        Some(path) => case.file(path),
        None => case.file(&usual("")).or_else(|| case.file(&usual(".erb"))),
    };
    let Some(file) = file else {
        if let Some(path) = named {
            found.tasks.push((
                format!("Add `{}`, the configuration of Sidekiq", case.files.input.image_path(&path)),
                "the command names it, and neither a cookbook nor the project has it".to_owned(),
            ));
        }
        return None;
    };
    let text = match evaluate::erb(&file.encoded.text, &file.path, case.variables) {
        Ok(text) => text,
        Err(why) => {
            found.problems.push((file.clone(), Problem::on_line(1, format!("its ERB could not be run: {why}"))));
            return None;
        }
    };
    let (all, problems) = sidekiq_yaml::parse(&text);
    found.problems.extend(problems.into_iter().map(|problem| (file.clone(), problem)));
    let own = case.program.option(&["-e", "--environment"]).unwrap_or_else(|| rails_environment(case.variables));
    Some((file, all.settings_for(&own)))
}

/// What a version does otherwise than the container needs it, and what it would not have started with.
fn by_version(case: &Case<'_, '_>, settings: &Settings, path: &str, found: &mut Finding) {
    let release = case.release();
    let old = release.is_some_and(|release| release < (6, 0));
    let dropped = |flags: &[&str]| {
        case.dropped.iter().chain(case.program.arguments.iter()).any(|word| flags.iter().any(|flag| word.split(' ').next() == Some(flag)))
    };
    let gone: Vec<&str> = ["-d", "-L", "-P", "-i"].into_iter().filter(|flag| dropped(&[flag])).collect();
    if !gone.is_empty() && release.is_some_and(|release| release >= (7, 0)) {
        let version = case.version.unwrap_or("7");
        found.notes.push(format!("Sidekiq {version} has no {}: it would not have started on the hosts", gone.join(", ")));
    }
    let words = without(case.words, &["-d", "--daemon"], &["-L", "--logfile", "-P", "--pidfile", "-i", "--index"]);
    if words != case.words {
        found.command = Some(words);
    }
    if old {
        if settings.logfile.is_some() {
            found.tasks.push((
                format!("Take `logfile` out of `{path}`"),
                format!("Sidekiq {} writes there and not to the container's output", case.version.unwrap_or("5")),
            ));
        }
        if settings.others.iter().any(|(_, key, value)| key == "daemon" && value == "true") {
            found.tasks.push((
                format!("Take `daemon` out of `{path}`"),
                "Sidekiq would go to the background, and the container would end".to_owned(),
            ));
        }
        let quiet = if release.is_some_and(|release| release < (4, 2)) { "SIGUSR1" } else { "SIGTSTP" };
        found.notes.push(format!("{quiet} lets it take no more jobs; SIGTERM waits for those under way, then gives them back"));
    }
}

/// `sidekiqswarm` starts `SIDEKIQ_COUNT` processes: here each is a copy.
fn swarm(case: &Case<'_, '_>, found: &mut Finding) {
    if case.program.name != "sidekiqswarm" {
        return;
    }
    match case.number("SIDEKIQ_COUNT") {
        Some(count) => {
            let words = found.command.clone().unwrap_or_else(|| case.words.to_vec());
            let swap = |word: &String| if word.ends_with("sidekiqswarm") { word.replace("sidekiqswarm", "sidekiq") } else { word.clone() };
            found.command = Some(words.iter().map(swap).collect());
            found.copies = Some(count.max(1));
        }
        None => found.notes.push("starts a process for each CPU: set SIDEKIQ_COUNT, or run `sidekiq` with more copies".to_owned()),
    }
}
