//! Any text as a template, by Chef's engine and by the standard library's; what comes out is parsed as Ruby.
#![no_main]

use ekiben::read::{erb, ruby};
use ekiben::source::FileId;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for code in [erb::erubis(text), erb::erb(text, "-")] {
        let _tree = ruby::parse_text(FileId(0), &code, &[]);
    }
});
