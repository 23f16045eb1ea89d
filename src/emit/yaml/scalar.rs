//! One string as a YAML scalar: plain, quoted or as a block.
//!
//! In: any text. Out: the shortest form that every parser of YAML 1.1 and 1.2 reads back as that text:
//! `on` → `"on"`, `22:22` → `"22:22"`, `bundle exec puma` → `bundle exec puma`.

/// Words that some version of YAML reads as a truth value, nothing or a number.
const RESERVED: &[&str] = &["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"];

/// What may follow a number without making it one: units of Kubernetes quantities and Compose durations.
const UNITS: &[&str] = &["m", "k", "Ki", "Mi", "Gi", "Ti", "s", "ms", "h", "d", "%"];

/// `text` on one line, plain where that is safe; `flow` inside `[…]`, `{…}` and for keys.
pub fn inline(text: &str, flow: bool) -> String {
    if is_plain(text, flow) {
        text.to_owned()
    } else if !text.contains(['"', '\\']) || text.chars().any(must_escape) || text.contains('\n') {
        quoted(text)
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// `text` in double quotes.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            other if must_escape(other) => out.push_str(&escape(other)),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// The header (`|`, `|-`, `|2+`) of a block scalar for `text`, or `None` where a block cannot hold it.
pub fn block_header(text: &str) -> Option<String> {
    if !text.contains('\n') || text.trim_matches('\n').is_empty() || text.chars().any(|c| c != '\n' && c != '\t' && must_escape(c)) {
        return None;
    }
    // Lines of nothing but blanks are read differently by different parsers.
    if text.split('\n').any(|line| !line.is_empty() && line.trim().is_empty()) {
        return None;
    }
    let indicator = if text.starts_with([' ', '\t', '\n']) { "2" } else { "" };
    let chomping = match (text.ends_with('\n'), text.ends_with("\n\n")) {
        (false, _) => "-",
        (true, false) => "",
        (true, true) => "+",
    };
    Some(format!("|{indicator}{chomping}"))
}

fn escape(character: char) -> String {
    let code = u32::from(character);
    match code {
        0..=0xff => format!("\\x{code:02x}"),
        0x100..=0xffff => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    }
}

/// Characters that YAML does not allow as they are, or that parsers take for line breaks or marks.
fn must_escape(character: char) -> bool {
    character.is_control()
        || matches!(u32::from(character), 0x2028 | 0x2029 | 0xfeff | 0xfff0..=0xffff | 0x200e | 0x200f | 0x202a..=0x202e | 0x2066..=0x2069)
}

fn is_plain(text: &str, flow: bool) -> bool {
    let Some(first) = text.chars().next() else { return false };
    if text.ends_with(' ') || text.ends_with(':') || RESERVED.contains(&text.to_lowercase().as_str()) {
        return false;
    }
    if first.is_ascii_digit() {
        return is_quantity(text);
    }
    let starts_well = match first {
        '.' if text == "." || text.starts_with("./") || text.starts_with("../") => true,
        '.' => text.chars().nth(1).is_some_and(|next| next.is_ascii_alphabetic()) && !is_special_float(text),
        other => other.is_alphabetic() || matches!(other, '_' | '/' | '$' | '(' | '\\' | '^' | ';'),
    };
    if !starts_well {
        return false;
    }
    let mut previous = ' ';
    for (index, character) in text.char_indices() {
        let next = text[index + character.len_utf8()..].chars().next();
        let fits = match character {
            ':' => !flow && next.is_some_and(|next| next != ' '),
            '#' => previous != ' ',
            // YAML 1.1 ends a word inside brackets at `?`, too.
            ',' | '[' | ']' | '{' | '}' | '?' => !flow,
            ' ' | '_' | '-' | '.' | '/' | '@' | '$' | '(' | ')' | '+' | '=' | '~' | '^' | ';' | '<' | '>' | '*' | '!' | '|' | '\\'
            | '%' | '&' | '`' | '\'' | '"' => true,
            other => other.is_alphanumeric(),
        };
        if !fits {
            return false;
        }
        previous = character;
    }
    true
}

fn is_special_float(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), ".inf" | ".nan")
}

/// `512Mi`, `1600m`, `5s`, `25%`: begins with digits and is still no number in any version.
fn is_quantity(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    UNITS.contains(&&text[end..])
}

#[cfg(test)]
mod tests {
    use super::inline;

    #[test]
    fn the_shortest_form_that_every_parser_reads() {
        for (text, line, inside) in [
            ("bundle exec puma", "bundle exec puma", "bundle exec puma"),
            ("on", "\"on\"", "\"on\""),
            ("22:22", "\"22:22\"", "\"22:22\""),
            ("/health?full=1", "/health?full=1", "\"/health?full=1\""),
            ("a, b", "a, b", "\"a, b\""),
        ] {
            assert_eq!((inline(text, false).as_str(), inline(text, true).as_str()), (line, inside));
        }
    }
}
