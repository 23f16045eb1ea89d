//! Clock files as projects have them.

use std::rc::Rc;

use super::evaluate;
use crate::source::SourceMap;

/// Name, fields or the reason, zone, what it does.
fn events(text: &str) -> Vec<(String, Result<String, String>, Option<String>, String)> {
    let mut sources = SourceMap::new();
    let file = sources.add_text("config/clock.rb", text);
    let clock = evaluate(Rc::new(sources), file).unwrap_or_else(|failure| panic!("{failure:?}"));
    clock.events.iter().map(|event| (event.job.clone(), event.fields(), event.zone.clone(), event.does.clone())).collect()
}

#[test]
fn a_clock_in_its_module() {
    let found = events(
        "require 'clockwork'\nrequire './config/boot'\nrequire './config/environment'\n\nmodule Clockwork\n  configure do |config|\n    config[:tz] = 'Asia/Tokyo'\n  end\n\n  handler do |job|\n    Worker.perform_async(job)\n  end\n\n  every(10.minutes, 'often')\n  every 1.day, 'digest', at: '04:30'\n  every(1.day, 'twice', at: ['08:00', '20:00'], tz: 'UTC') { Mailer.digest }\n  every(1.hour, 'half', at: '**:30')\n  every(1.week, 'weekly', at: 'Monday 9:00', if: lambda { |t| t.day == 1 })\n  [1, 2].each { |n| every(1.day, \"shard.#{n}\", at: '00:15') }\nend\n",
    );
    let fields: Vec<(&str, Option<&str>)> = found.iter().map(|(name, fields, ..)| (name.as_str(), fields.as_deref().ok())).collect();
    assert_eq!(
        fields,
        [
            ("often", None),
            ("digest", Some("30 4 * * *")),
            ("twice", Some("0 8,20 * * *")),
            ("half", Some("30 * * * *")),
            ("weekly", Some("0 9 * * 1")),
            ("shard.1", Some("15 0 * * *")),
            ("shard.2", Some("15 0 * * *")),
        ]
    );
    assert_eq!((found[1].2.as_deref(), found[2].2.as_deref()), (Some("Asia/Tokyo"), Some("UTC")));
    assert_eq!((found[1].3.as_str(), found[2].3.as_str()), ("digest by Worker.perform_async(job)", "Mailer.digest"));
}

#[test]
fn an_included_clock_and_what_five_fields_do_not_say() {
    let found = events(
        "require 'clockwork'\ninclude Clockwork\nevery(2.days, 'rare', at: '10:00')\nevery(1.day, 'both', at: ['8:00', '9:30'])\nevery(1.minute, 'minutely')\nevery(Settings.often, 'unknown', at: '1:00')\n",
    );
    assert!(found.iter().all(|(_, fields, ..)| fields.is_err()), "{found:?}");
    assert_eq!(found.len(), 4);
}

#[test]
fn a_clock_that_raises() {
    let mut sources = SourceMap::new();
    let file = sources.add_text("clock.rb", "module Clockwork\n  raise 'no'\nend\n");
    let failure = evaluate(Rc::new(sources), file).unwrap_err();
    assert_eq!((failure.class.as_str(), failure.message.as_str()), ("RuntimeError", "no"));
}
