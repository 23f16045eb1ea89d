//! Any text as a shell script and as one line of words; words that are escaped come back as they were.
#![no_main]

use ekiben::read::shell;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _script = shell::parse(text);
    let _words = shell::words(text);
    if !text.contains('\0') {
        let escaped = shell::escape(text);
        if let Ok(words) = shell::words(&escaped) {
            assert_eq!(words, [text]);
        }
    }
});
