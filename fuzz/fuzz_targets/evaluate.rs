//! Any text as a recipe: it is evaluated within the bounds, and every diagnostic can be placed.
#![no_main]

use ekiben::compile::{evaluate, with_stack};
use ekiben::outcome::Options;
use ekiben::source::SourceMap;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut sources = SourceMap::new();
    sources.add_text("metadata.rb", "name 'fuzzed'\n");
    sources.add_text("recipes/default.rb", text);
    let options = Options { name: "fuzzed".to_owned(), ..Options::default() };
    with_stack(|| {
        let _outcome = evaluate(&sources, &options);
    });
});
