//! A directive of the merged configuration: what was read, with the comments above it, and how it prints.
//!
//! `location ~ \.php$ {return 404;}` prints as three lines with two spaces for each block around them.

use crate::pass::encode::Encoded;
use crate::read::nginx::{Argument, Configuration, Directive};

/// A directive with what stands above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// What follows the name; unknown pieces shown by name.
    pub arguments: Vec<Argument>,
    /// What stands in its braces.
    pub block: Option<Vec<Node>>,
    /// The text of a Lua block.
    pub raw: Option<String>,
    /// Comment lines above it.
    pub comments: Vec<String>,
    /// What of it only a running host knows, or is secret.
    pub unknown: Vec<String>,
    /// Printed as a comment: it cannot be used as it stands.
    pub disabled: bool,
}

impl Node {
    /// A directive of plain words.
    #[must_use]
    pub fn plain(name: &str, arguments: &[&str]) -> Self {
        let arguments = arguments.iter().map(|text| Argument { text: (*text).to_owned(), quoted: false }).collect();
        Self { name: name.to_owned(), arguments, block: None, raw: None, comments: Vec::new(), unknown: Vec::new(), disabled: false }
    }

    /// The same with a comment above it.
    #[must_use]
    pub fn commented(mut self, comment: impl Into<String>) -> Self {
        self.comments.push(comment.into());
        self
    }

    /// The first argument.
    #[must_use]
    pub fn value(&self) -> &str {
        self.arguments.first().map_or("", |argument| argument.text.as_str())
    }

    /// All arguments as plain text.
    #[must_use]
    pub fn values(&self) -> Vec<&str> {
        self.arguments.iter().map(|argument| argument.text.as_str()).collect()
    }

    /// The directives in its block.
    #[must_use]
    pub fn children(&self) -> &[Self] {
        self.block.as_deref().unwrap_or(&[])
    }

    /// Sets the arguments to plain words.
    pub fn set(&mut self, arguments: impl IntoIterator<Item = String>) {
        self.arguments = arguments.into_iter().map(|text| Argument { text, quoted: false }).collect();
    }
}

/// The directives of a file as nodes; holes of its text shown by name and remembered.
#[must_use]
pub fn nodes(configuration: &Configuration, encoded: &Encoded) -> Vec<Node> {
    let mut comments: std::collections::VecDeque<(u32, String)> =
        configuration.comments.iter().map(|(line, text)| (*line, encoded.show(text))).collect();
    convert(&configuration.directives, encoded, &mut comments)
}

fn convert(directives: &[Directive], encoded: &Encoded, comments: &mut std::collections::VecDeque<(u32, String)>) -> Vec<Node> {
    let mut all = Vec::new();
    for directive in directives {
        let mut above = Vec::new();
        while comments.front().is_some_and(|(line, _)| *line <= directive.line) {
            above.extend(comments.pop_front().map(|(_, text)| text).filter(|text| !text.is_empty()));
        }
        let mut unknown = Vec::new();
        let mut show = |text: &str| {
            let text = encoded.decode(text);
            unknown.extend(text.holes().map(|hole| hole.name.clone()));
            text.to_string()
        };
        let name = show(&directive.name);
        let arguments = directive.arguments.iter().map(|one| Argument { text: show(&one.text), quoted: one.quoted }).collect();
        let raw = directive.raw.as_deref().map(&mut show);
        let block = directive.block.as_ref().map(|block| convert(block, encoded, comments));
        all.push(Node { name, arguments, block, raw, comments: above, unknown, disabled: false });
    }
    all
}

/// Every node, however deep, in order of the text.
pub fn each<'n>(nodes: &'n [Node], visit: &mut dyn FnMut(&'n Node)) {
    for node in nodes {
        visit(node);
        each(node.children(), visit);
    }
}

/// The text of the nodes, two spaces for each block around them.
#[must_use]
pub fn print(nodes: &[Node]) -> String {
    let mut out = String::new();
    write(&mut out, nodes, 0, false);
    out
}

fn write(out: &mut String, nodes: &[Node], depth: usize, disabled: bool) {
    let mut after_block = false;
    for (index, node) in nodes.iter().enumerate() {
        let indent = format!("{}{}", "  ".repeat(depth), if disabled || node.disabled { "# " } else { "" });
        let is_block = (node.block.is_some() || node.raw.is_some()) && !matches!(node.name.as_str(), "if" | "limit_except");
        if index > 0 && (is_block || after_block) && !disabled {
            out.push('\n');
        }
        after_block = is_block;
        for comment in &node.comments {
            out.push_str(&format!("{}# {}\n", "  ".repeat(depth), one_line(comment)));
        }
        out.push_str(&indent);
        out.push_str(&escape(&node.name, false));
        for (at, argument) in node.arguments.iter().enumerate() {
            // `if ($a = 'b')`: nginx reads what follows the quote as a word of its own.
            let closes = argument.text == ")" && !argument.quoted && at > 0;
            if !closes {
                out.push(' ');
            }
            out.push_str(&escape(&argument.text, argument.quoted));
        }
        match (&node.raw, &node.block) {
            (Some(raw), _) => {
                let raw = if disabled || node.disabled { raw.replace('\n', "\n# ") } else { raw.clone() };
                out.push_str(&format!(" {{{raw}}}\n"));
            }
            (None, Some(block)) => {
                out.push_str(" {\n");
                write(out, block, depth + 1, disabled || node.disabled);
                out.push_str(&format!("{indent}}}\n"));
            }
            (None, None) => out.push_str(";\n"),
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An argument as nginx reads it back: quotes where it had them, `\t`, `\n`, quotes and doubtful backslashes escaped.
fn escape(text: &str, quoted: bool) -> String {
    let quote = if !quoted && !text.is_empty() {
        None
    } else if text.contains('\'') && !text.contains('"') {
        Some('"')
    } else {
        Some('\'')
    };
    let mut out = String::new();
    out.extend(quote);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\\' if chars.peek().is_none_or(|next| matches!(next, '"' | '\'' | '\\' | 't' | 'r' | 'n')) => out.push_str("\\\\"),
            c if Some(c) == quote => out.extend(['\\', c]),
            '"' | '\'' if quote.is_none() && out.is_empty() => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out.extend(quote);
    out
}

#[cfg(test)]
mod tests {
    use super::{nodes, print};
    use crate::pass::encode::{Encoded, encode};
    use crate::read::nginx::parse;
    use crate::text::Text;

    fn printed(text: &str) -> String {
        print(&nodes(&parse(text).0, &Encoded::default()))
    }

    #[test]
    fn prints_what_it_read() {
        let text = "worker_processes 2;\n\nhttp {\n  log_format a 'x:$y\\tz \"q\"';\n  # why\n  gzip on;\n\n  server {\n    if ($a = 'b') {\n      return 301 https://$host$request_uri;\n    }\n    root /x;\n\n    location ~ \\.php$ {\n      rewrite ^/\\\\n(.*)$ /$1 last;\n    }\n  }\n}\n";
        assert_eq!(printed(text), text);
        assert_eq!(printed(&printed("a ''; b \"it's\"; c \"x\\\"y'\";")), "a '';\nb \"it's\";\nc 'x\"y\\'';\n");
    }

    #[test]
    fn holes_are_shown_by_name_and_remembered() {
        let mut text = Text::literal("server_name ");
        text.push_hole(std::rc::Rc::new(crate::text::Hole::unknown("node['fqdn']", "host-dependent")));
        text.push_str(";");
        let encoded = encode(&text);
        let all = nodes(&parse(&encoded.text).0, &encoded);
        assert_eq!(all[0].unknown, ["node['fqdn']"]);
        assert_eq!(all[0].value(), "‹node['fqdn']›");
    }
}
