//! Any text as a control file of monit.
#![no_main]

use ekiben::read::monit;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _file = monit::parse(text);
});
