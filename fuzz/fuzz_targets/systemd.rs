//! Any text as a unit of systemd, as a calendar time and as a time span.
#![no_main]

use ekiben::read::systemd;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _unit = systemd::parse(text);
    let _calendar = systemd::on_calendar(text);
    let _span = systemd::time_span(text);
});
