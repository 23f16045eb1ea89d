//! Any text as Ruby: a tree always comes out, nothing panics, nothing hangs.
#![no_main]

use ekiben::read::ruby;
use ekiben::source::FileId;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _tree = ruby::parse_text(FileId(0), text, &[]);
});
