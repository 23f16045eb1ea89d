//! `ENV["A"] = "b"` in the configuration of an application server. Such a file does more: it is not claimed here.

use crate::pass::settings::source::{Piece, Place, Read};

pub fn is(place: &Place<'_>) -> bool {
    let server = ["unicorn", "puma", "thin", "passenger", "resque", "sidekiq"].iter().any(|name| place.name.contains(name));
    (place.name.ends_with(".rb") || (server && place.name.ends_with(".conf")))
        && place.text.contains("ENV[")
        && !place.path.contains("/initializers/")
}

pub fn read(place: &Place<'_>) -> Read {
    let entries = place.text.lines().filter_map(|line| {
        let rest = line.trim().strip_prefix("ENV[")?;
        let (name, rest) = literal(rest)?;
        let rest = rest.trim_start().strip_prefix(']')?.trim_start();
        let rest = rest.strip_prefix("||=").or_else(|| rest.strip_prefix('=').filter(|rest| !rest.starts_with(['=', '~'])))?;
        let (value, rest) = literal(rest.trim_start())?;
        // What follows may change the value.
        let rest = rest.trim_start_matches([' ', ';']);
        let rest = rest.strip_prefix(".to_s").unwrap_or(rest);
        (rest.is_empty() || rest.starts_with('#')).then(|| (name, vec![Piece::Literal(value)]))
    });
    Read { entries: entries.collect(), ..Read::default() }
}

/// A string literal without code in it, and what follows.
fn literal(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let mut value = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => match characters.next()?.1 {
                'n' if quote == '"' => value.push('\n'),
                't' if quote == '"' => value.push('\t'),
                other if other == quote || other == '\\' || quote == '"' => value.push(other),
                other => value.extend(['\\', other]),
            },
            '#' if quote == '"' && text[at + 1..].starts_with('{') => return None,
            _ if character == quote => return Some((value, &text[at + 1..])),
            _ => value.push(character),
        }
    }
    None
}
