//! Any text as a crontab, of a user and of the system, and as one time.
#![no_main]

use ekiben::read::{cron, crontab};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _own = crontab::parse(text);
    let _system = crontab::parse_system(text);
    let _when = cron::When::parse(text);
});
