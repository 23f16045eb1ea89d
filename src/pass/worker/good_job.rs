//! GoodJob, jobs in PostgreSQL: `good_job start --max-threads 8 --queues 'mail:2;*'`.

use crate::pass::program::Program;
use crate::pass::worker::{Case, Finding, queues};

/// Whether it is GoodJob.
pub fn is(program: &Program) -> bool {
    program.name == "good_job"
}

/// What the command says.
pub fn read(case: &Case<'_, '_>) -> Finding {
    let mut found = Finding::default();
    let number = |option: &str| case.program.option(&[option]).and_then(|text| text.parse().ok());
    let own: Option<u32> = number("--max-threads");
    found.concurrency = own.or_else(|| case.number("GOOD_JOB_MAX_THREADS")).or_else(|| case.number("RAILS_MAX_THREADS")).or(Some(5));
    found.sources.push(if own.is_some() { "the command line" } else { "variables, and GoodJob's defaults" }.to_owned());
    // -1, the default, waits for ever.
    found.timeout = number("--shutdown-timeout").or_else(|| case.number("GOOD_JOB_SHUTDOWN_TIMEOUT"));
    let list = case.program.option(&["--queues"]).or_else(|| case.variable("GOOD_JOB_QUEUES")).unwrap_or_else(|| "*".to_owned());
    // `a:2;b,c`: pools of threads, divided by semicolons.
    let names: Vec<&str> = list.split(';').map(|pool| pool.split(':').next().unwrap_or(pool)).collect();
    found.queues = Some(queues(&names.join(",")));
    if case.program.has(&["--daemonize"]) {
        found.command = Some(super::without(case.words, &["--daemonize"], &["--pidfile"]));
    }
    if found.timeout.is_none() {
        found.notes.push("SIGTERM: all jobs under way are finished; set GOOD_JOB_SHUTDOWN_TIMEOUT below the grace period".to_owned());
    }
    found
}
