//! HTML as it is written: text that means only itself, code in backticks, addresses within the page.
//!
//! In: words, such as ``no `x` <here>``. Out: markup, such as `no <code>x</code> &lt;here>`.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// `text` as content or as a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(character),
            _ if character.is_control() => out.push('\u{FFFD}'),
            _ => out.push(character),
        }
    }
    out
}

/// Words, of which those in backticks are code.
pub fn words(text: &str) -> String {
    if !text.matches('`').count().is_multiple_of(2) {
        return escape(text);
    }
    let piece = |(index, piece): (usize, &str)| {
        if index.is_multiple_of(2) { escape(piece) } else { format!("<code>{}</code>", escape(piece)) }
    };
    text.split('`').enumerate().map(piece).collect()
}

/// Code.
pub fn code(text: &str) -> String {
    if text.trim().is_empty() { String::new() } else { format!("<code>{}</code>", escape(text.trim())) }
}

/// The id of a line, which is its address as well: `recipes/default.rb-12`; what an address cannot hold is written as `~20`.
pub fn line_id(path: &str, line: u32) -> String {
    format!("{}-{line}", id(path))
}

/// Text as an id.
pub fn id(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'/') {
            out.push(char::from(byte));
        } else {
            let _infallible = write!(out, "~{byte:02x}");
        }
    }
    out
}

/// A short name of `text` that stays the same as long as the text does.
pub fn fingerprint(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(6).fold(String::new(), |mut name, byte| {
        let _infallible = write!(name, "{byte:02x}");
        name
    })
}

/// The Markdown of the rules' pages: paragraphs, lists, headings, and code between fences.
pub fn markdown(text: &str) -> String {
    let mut html = String::new();
    let mut open = "";
    let mut in_code = false;
    for line in text.lines() {
        let bare = line.trim();
        if in_code && !bare.starts_with("```") {
            html.push_str(&escape(line));
            html.push('\n');
            continue;
        }
        let (kind, inside) = match bare {
            "" => ("", ""),
            _ if bare.starts_with("```") => ("", ""),
            _ if bare.starts_with('#') => ("h4", bare.trim_start_matches('#').trim()),
            _ if bare.starts_with("- ") => ("li", &bare[2..]),
            _ => ("p", bare),
        };
        if (kind != open || kind == "h4" || kind == "li") && !open.is_empty() && !(open == "li" && kind == "p" && line.starts_with(' ')) {
            html.push_str(&format!("</{open}>"));
            open = "";
        }
        if bare.starts_with("```") {
            in_code = !in_code;
            html.push_str(if in_code { "<pre>" } else { "</pre>" });
        } else if !kind.is_empty() {
            html.push_str(&if open.is_empty() { format!("<{kind}>") } else { " ".to_owned() });
            open = if open.is_empty() { kind } else { open };
            html.push_str(&words(inside));
        }
    }
    if in_code {
        html.push_str("</pre>");
    }
    if open.is_empty() { html } else { format!("{html}</{open}>") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_rules_are_markup() {
        let text = "One\ntwo.\n\n```ruby\na < b\n\n```\n- x\n- y\n# H";
        assert_eq!(markdown(text), "<p>One two.</p><pre>a &lt; b\n\n</pre><li>x</li><li>y</li><h4>H</h4>");
    }

    #[test]
    fn text_means_only_itself() {
        assert_eq!(words("no `a<b>` & \"c\"\u{1b}"), "no <code>a&lt;b></code> &amp; &quot;c&quot;\u{FFFD}");
        assert_eq!(words("one ` <only"), "one ` &lt;only");
        assert_eq!(line_id("a b/é.rb", 3), "a~20b/~c3~a9.rb-3");
        assert_eq!(fingerprint("x").len(), 12);
    }
}
