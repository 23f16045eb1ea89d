//! What the conformance cases do not ask: locations, heads, unknown values, a prefix before the application's files.

use std::rc::Rc;

use super::{Failure, Options, Schedule, evaluate};
use crate::source::SourceMap;

fn schedule_of(files: &[(&str, &str)]) -> Result<Schedule, Failure> {
    let mut sources = SourceMap::new();
    let ids: Vec<_> = files.iter().map(|(path, text)| sources.add_text(*path, *text)).collect();
    let options = Options { path: "/srv/app".to_owned(), now: 1_795_219_200, ..Options::default() };
    evaluate(Rc::new(sources), ids[0], &options)
}

fn one(text: &str) -> Schedule {
    schedule_of(&[("config/schedule.rb", text)]).expect("a schedule")
}

#[test]
fn times_as_chronic_reads_them() {
    for (at, cron) in [
        ("4:30 am", "30 4"),
        ("0430", "30 4"),
        ("430am", "30 4"),
        ("4.30am", "30 4"),
        ("4:30", "30 16"),
        ("4:30:15", "30 16"),
        ("4a", "0 4"),
        ("noon", "0 12"),
        ("midnight", "0 0"),
        ("5", "0 17"),
        ("17", "0 17"),
        ("24:00", "0 0"),
        ("25:00", "0 1"),
        ("11:30 PM", "30 23"),
        ("10 at night", "0 22"),
        ("5:00 in the morning", "0 5"),
        ("16:00 pm", "0 16"),
        ("tomorrow at 5am", "0 5"),
        ("20:00 UTC", "0 0"),
        ("nonsense", "0 0"),
        ("five pm", "0 17"),
    ] {
        let schedule = one(&format!("every(1.day, at: '{at}') {{ command 'x' }}"));
        assert_eq!(schedule.jobs[0].cron.to_string(), format!("{cron} * * *"), "{at}");
    }
}

#[test]
fn days_as_chronic_reads_them() {
    for (at, cron) in [
        ("January 15th 3:45am", "45 3 15 1"),
        ("12/31 11pm", "0 23 31 12"),
        ("Feb 29 2am", "0 0 1 1"),
        ("march 22nd at midnight", "0 0 23 3"),
        ("15th 3am", "0 0 1 1"),
        ("end of the month at 3am", "0 3 1 1"),
    ] {
        let schedule = one(&format!("every(1.year, at: '{at}') {{ command 'x' }}"));
        assert_eq!(schedule.jobs[0].cron.to_string(), format!("{cron} *"), "{at}");
    }
}

#[test]
fn a_time_that_is_not_understood_is_reported() {
    let schedule = one("every(1.day, at: 'nonsense') { command 'x' }");
    assert_eq!(schedule.diagnostics.len(), 1);
    assert!(schedule.diagnostics[0].message.contains("`nonsense`"));
}

#[test]
fn jobs_know_where_they_stand() {
    let schedule = one("every 1.day, at: '4:30 am' do\n  rake 'db:vacuum', roles: [:db]\nend\n");
    let job = &schedule.jobs[0];
    assert_eq!((job.at.line, job.kind.as_str()), (2, "rake"));
    assert_eq!(job.written, "every 1.day, at: '4:30 am'");
    assert_eq!(job.task.known(), Some("db:vacuum"));
    assert_eq!(job.roles, ["db"]);
}

#[test]
fn what_is_unknown_stays_a_hole() {
    let schedule = one("every(1.day) { command \"run #{`hostname`}\" }");
    assert!(schedule.jobs[0].command.known().is_none());
    assert!(schedule.crontab().starts_with("0 0 * * * /bin/bash -l -c 'run ‹"));
    let schedule = one("every(`cat freq`.to_i) { command 'a' }\nevery(`cat freq`.to_i) { command 'b' }");
    assert_eq!(schedule.jobs.len(), 2);
    assert!(schedule.jobs[0].cron.known().is_none());
}

#[test]
fn an_application_below_a_folder() {
    let schedule = schedule_of(&[
        ("rails/config/schedule.rb", "require File.expand_path('../jobs', __FILE__)\nevery(1.day) { rake NAME }"),
        ("rails/config/jobs.rb", "NAME = 'a'"),
        ("rails/Gemfile", ""),
    ]);
    let schedule = schedule.expect("a schedule");
    assert!(schedule.crontab().contains("cd /srv/app && RAILS_ENV=production bundle exec rake a --silent"));
    assert_eq!(schedule.jobs[0].at.path, "rails/config/schedule.rb");
}

#[test]
fn the_rails_application_is_not_loaded() {
    let schedule = schedule_of(&[
        ("config/schedule.rb", "require_relative 'environment'\nevery(1.year) { command 'x' } if Rails.env.production?"),
        ("config/environment.rb", "raise 'loaded'"),
    ]);
    let schedule = schedule.expect("a schedule");
    assert_eq!(schedule.diagnostics.len(), 1);
    assert_eq!(schedule.jobs[0].cron.to_string(), "0 0 1 12 *");
    assert_eq!(schedule.jobs[0].conditions.len(), 1);
}

#[test]
fn errors_have_class_message_and_place() {
    let failure = schedule_of(&[("config/schedule.rb", "\nevery(30) { command 'x' }")]).expect_err("too often");
    assert_eq!((failure.class.as_str(), failure.message.as_str()), ("ArgumentError", "Time must be in minutes or higher"));
    let failure = schedule_of(&[("config/schedule.rb", "require './config/nothing'")]).expect_err("no such file");
    assert_eq!(failure.class, "LoadError");
}
