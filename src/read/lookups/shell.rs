//! `$A`, `${A}`, `${A:-b}` of variables in capitals that the script does not set itself.

use std::collections::BTreeSet;

use super::{Found, bare};

pub fn find(found: &mut Found<'_>) {
    let text = found.text;
    let own = own_names(text);
    let mut single = false;
    let mut double = false;
    for (at, character) in text.char_indices() {
        match character {
            '"' if !single => double = !double,
            '\'' if !double => single = !single,
            // A quote in a comment or heredoc must not hide the rest.
            '\n' => (single, double) = (false, false),
            '$' if !single => {
                let rest = &text[at + 1..];
                let (name, after) = match rest.strip_prefix('{') {
                    Some(inner) => bare(inner),
                    None => bare(rest),
                };
                let in_braces = rest.starts_with('{');
                let falls_back = in_braces
                    && (after.starts_with(":-")
                        || after.starts_with('-')
                        || after.starts_with(":=")
                        || after.starts_with('=')
                        || after.starts_with(":+")
                        || after.starts_with('+'));
                let before = found.before(at).trim_end_matches(['"', ' ']);
                let asks = before.ends_with("-z") || before.ends_with("-n");
                if is_constant(name) && !own.contains(name) {
                    found.add(at, name, falls_back || asks);
                }
            }
            _ => {}
        }
    }
}

/// Names in capitals of two letters or more: others are the script's own.
fn is_constant(name: &str) -> bool {
    name.len() > 1 && name.chars().any(|c| c.is_ascii_uppercase()) && !name.chars().any(|c| c.is_ascii_lowercase())
}

fn own_names(text: &str) -> BTreeSet<&str> {
    let mut own = BTreeSet::new();
    for statement in text.split(['\n', ';', '&', '|']) {
        let mut statement = statement.trim_start();
        for word in ["export ", "local ", "readonly ", "declare ", "for ", "read ", "then ", "do ", "else "] {
            let Some(rest) = statement.strip_prefix(word) else { continue };
            statement = rest.trim_start();
            let (name, after) = bare(statement);
            if matches!(word, "for " | "read ") && !name.is_empty() && !after.starts_with('=') {
                own.insert(name);
            }
        }
        let (name, after) = bare(statement);
        if !name.is_empty() && after.starts_with('=') {
            own.insert(name);
        }
    }
    own
}
