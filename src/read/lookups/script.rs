//! `process.env.A`, `const { A } = process.env`; `getenv('A')`, `$_ENV['A']`; `os.environ['A']`.

use super::{Found, asked, bare, quoted, sets, tested};

/// What a web server tells PHP of the request.
const REQUEST: &[&str] =
    &["HTTP_", "REQUEST_", "SERVER_", "REMOTE_", "SCRIPT_", "CONTENT_", "PATH_", "PHP_", "REDIRECT_", "ORIG_", "DOCUMENT_"];

/// The same, whole names.
const REQUEST_NAMES: &[&str] = &["HTTPS", "QUERY_STRING", "argv", "argc", "GATEWAY_INTERFACE", "AUTH_TYPE", "UNIQUE_ID"];

pub fn find(found: &mut Found<'_>) {
    for object in ["process.env", "Bun.env"] {
        for (at, rest) in found.places(object) {
            let (name, after) = if let Some(inner) = rest.strip_prefix('[') {
                let Some((name, after)) = quoted(inner) else { continue };
                (name, after.trim_start().strip_prefix(']').unwrap_or(after))
            } else if let Some(inner) = rest.strip_prefix('.') {
                bare(inner)
            } else {
                taken_apart(found, at);
                continue;
            };
            if !sets(after) {
                let has_default = tested(after) || asked(found.before(at));
                found.add(at, name, has_default);
            }
        }
    }
}

/// `const { A, B = 'x', C: d } = process.env`, whose `process.env` stands at byte `at`.
fn taken_apart(found: &mut Found<'_>, at: usize) {
    let text = found.text;
    let head = text[..at].trim_end();
    let Some(head) = head.strip_suffix('=').map(str::trim_end) else { return };
    let (Some(open), true) = (head.rfind('{'), head.ends_with('}')) else { return };
    let mut place = open + 1;
    for part in head[open + 1..head.len() - 1].split(',') {
        let start = place + (part.len() - part.trim_start().len());
        let (name, rest) = bare(part.trim());
        found.add(start, name, rest.contains('='));
        place += part.len() + 1;
    }
}

pub fn find_php(found: &mut Found<'_>) {
    for (at, rest) in found.places("getenv(").into_iter().chain(found.places("env(")) {
        if let Some((name, rest)) = quoted(rest) {
            let has_default = rest.trim_start().starts_with(',') || tested(rest) || asked(found.before(at));
            found.add(at, name, has_default);
        }
    }
    for array in ["$_ENV[", "$_SERVER["] {
        for (at, _) in found.text.match_indices(array) {
            let Some((name, rest)) = quoted(&found.text[at + array.len()..]) else { continue };
            let rest = rest.trim_start().strip_prefix(']').unwrap_or(rest);
            let request = REQUEST.iter().any(|start| name.starts_with(start)) || REQUEST_NAMES.contains(&name);
            if !sets(rest) && (array == "$_ENV[" || !request) {
                let has_default = tested(rest) || asked(found.before(at));
                found.add(at, name, has_default);
            }
        }
    }
}

pub fn find_python(found: &mut Found<'_>) {
    for (at, rest) in found.places("environ") {
        if let Some((name, rest)) = rest.strip_prefix('[').and_then(quoted) {
            let rest = rest.trim_start().strip_prefix(']').unwrap_or(rest);
            if !sets(rest) {
                found.add(at, name, asked(found.before(at)));
            }
        } else if let Some((name, rest)) = rest.strip_prefix(".get(").and_then(quoted) {
            let has_default = rest.trim_start().starts_with(',') || tested(rest) || asked(found.before(at));
            found.add(at, name, has_default);
        }
    }
    for (at, rest) in found.places("getenv(") {
        if let Some((name, rest)) = quoted(rest) {
            let has_default = rest.trim_start().starts_with(',') || tested(rest) || asked(found.before(at));
            found.add(at, name, has_default);
        }
    }
}
