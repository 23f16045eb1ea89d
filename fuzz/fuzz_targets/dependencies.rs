//! Any text as Gemfile.lock, package.json, sidekiq.yml, .env, /etc/environment, and as a version requirement.
#![no_main]

use ekiben::read::version::{CookbookConstraint, Requirement};
use ekiben::read::{dotenv, environment, gemfile_lock, package_json, sidekiq_yaml};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _lock = gemfile_lock::parse(text);
    let _package = package_json::parse(text);
    let _sidekiq = sidekiq_yaml::parse(text);
    let _dotenv = dotenv::parse(text);
    let _environment = (environment::parse(text), environment::parse_login(text));
    let _versions = (CookbookConstraint::parse(text), Requirement::parse(text));
});
