//! Any text as a job of upstart, a configuration of supervisor, and a Procfile.
#![no_main]

use ekiben::read::{procfile, supervisor, upstart};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _upstart = upstart::parse(text);
    let _supervisor = supervisor::parse(text);
    let _procfile = procfile::parse(text);
});
