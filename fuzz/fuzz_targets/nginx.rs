//! Any text as a configuration of nginx.
#![no_main]

use ekiben::read::nginx;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (configuration, _) = nginx::parse(text);
    let _servers = configuration.servers();
    let _upstreams = configuration.upstreams();
});
