//! `ENV['A']`, `ENV.fetch('A')`, `ENV.key?('A')`, `ENV.values_at('A', 'B')`, `Figaro.env.a`.

use super::{Found, asked, bare, quoted, sets, tested};

/// Methods that only ask whether it is set.
const QUESTIONS: &[&str] = &[".key?", ".has_key?", ".include?", ".member?"];

/// Methods that take several names.
const SEVERAL: &[&str] = &[".values_at", ".slice", ".fetch_values", ".dig"];

pub fn find(found: &mut Found<'_>) {
    for (at, rest) in found.places("ENV") {
        one(found, at, rest);
    }
    for (at, rest) in found.places("Figaro.env.") {
        let (name, rest) = bare(rest);
        let has_default = rest.starts_with('?') || tested(rest) || asked(found.before(at));
        found.add(at, name, has_default);
    }
}

fn one(found: &mut Found<'_>, at: usize, rest: &str) {
    if let Some(inner) = rest.strip_prefix('[') {
        let Some((name, rest)) = quoted(inner) else { return };
        let Some(rest) = rest.trim_start().strip_prefix(']') else { return };
        if !sets(rest) {
            let has_default = tested(rest) || asked(found.before(at));
            found.add(at, name, has_default);
        }
        return;
    }
    if let Some(rest) = rest.strip_prefix(".fetch").filter(|rest| rest.starts_with(['(', ' '])) {
        let Some((name, rest)) = quoted(rest.trim_start_matches(['(', ' '])) else { return };
        let rest = rest.trim_start();
        let block = rest.strip_prefix(')').unwrap_or(rest).trim_start();
        found.add(at, name, rest.starts_with(',') || block.starts_with('{') || block.starts_with("do "));
        return;
    }
    if let Some(rest) = QUESTIONS.iter().find_map(|method| rest.strip_prefix(method)) {
        if let Some((name, _)) = quoted(rest.trim_start_matches(['(', ' '])) {
            found.add(at, name, true);
        }
        return;
    }
    if let Some(rest) = SEVERAL.iter().find_map(|method| rest.strip_prefix(method)) {
        let mut rest = rest.trim_start_matches(['(', ' ', '\n']);
        while let Some((name, after)) = quoted(rest) {
            found.add(at, name, false);
            let Some(more) = after.trim_start().strip_prefix(',') else { return };
            rest = more;
        }
    }
}
