//! Any text as a time of `every 1.day, at: TEXT` in a `schedule.rb`.
#![no_main]

use std::rc::Rc;

use ekiben::compile::with_stack;
use ekiben::source::SourceMap;
use ekiben::whenever::{Options, evaluate};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    with_stack(|| {
        let mut sources = SourceMap::new();
        // Rust's escapes are Ruby's too; `#` would begin an interpolation.
        let time = format!("{text:?}").replace('#', "\\#");
        let file = sources.add_text("config/schedule.rb", format!("every 1.day, at: {time} do\n  rake 'a'\nend\n"));
        let _schedule = evaluate(Rc::new(sources), file, &Options::default());
    });
});
