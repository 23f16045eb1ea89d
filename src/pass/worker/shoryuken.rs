//! Shoryuken, workers of SQS: `shoryuken -R -C config/shoryuken.yml`; the file is like Sidekiq's.

use crate::blueprint::Queue;
use crate::pass::configuration::rails_environment;
use crate::pass::evaluate;
use crate::pass::program::Program;
use crate::pass::worker::{Case, Finding, without};
use crate::read::problem::Problem;
use crate::read::sidekiq_yaml;

/// Whether it is Shoryuken.
pub fn is(program: &Program) -> bool {
    program.name == "shoryuken"
}

/// What the command says.
pub fn read(case: &Case<'_, '_>) -> Finding {
    let mut found = Finding::default();
    let path = case.program.option(&["-C", "--config"]).unwrap_or_else(|| "config/shoryuken.yml".to_owned());
    let mut settings = sidekiq_yaml::Settings::default();
    if let Some(file) = case.file(&path) {
        match evaluate::erb(&file.encoded.text, &file.path, case.variables) {
            Ok(text) => {
                let (all, problems) = sidekiq_yaml::parse(&text);
                found.problems.extend(problems.into_iter().map(|problem| (file.clone(), problem)));
                settings = all.settings_for(&rails_environment(case.variables));
                found.sources.push(file.path);
            }
            Err(why) => found.problems.push((file, Problem::on_line(1, format!("its ERB could not be run: {why}")))),
        }
    } else if case.program.option(&["-C", "--config"]).is_some() {
        let why = "the command names it, and neither a cookbook nor the project has it";
        found.tasks.push((format!("Add `{path}`, the configuration of Shoryuken"), why.to_owned()));
    }
    let number = |names: &[&str]| case.program.option(names).and_then(|text| text.parse().ok());
    found.concurrency = number(&["-c", "--concurrency"]).or(settings.concurrency.and_then(|one| one.value)).or(Some(25));
    found.timeout = number(&["-t", "--timeout"]).or(settings.timeout.and_then(|one| one.value)).or(Some(8));
    let given = case.program.options(&["-q", "--queue"]);
    let list: Vec<Queue> = if given.is_empty() {
        settings.queues.unwrap_or_default().into_iter().map(|one| Queue { name: one.name, weight: one.weight }).collect()
    } else {
        found.sources.push("queues: the command line".to_owned());
        let one = |text: &String| match text.split_once(',') {
            Some((name, weight)) => Queue { name: name.to_owned(), weight: weight.parse().ok() },
            None => Queue { name: text.clone(), weight: None },
        };
        given.iter().map(one).collect()
    };
    if !list.is_empty() {
        found.queues = Some(list);
    }
    let words = without(case.words, &["-d", "--daemon"], &["-L", "--logfile", "-P", "--pidfile"]);
    if words != case.words {
        found.command = Some(words);
    }
    found.notes.push("SIGUSR1 lets it finish all jobs; SIGTERM waits for its timeout".to_owned());
    found
}
