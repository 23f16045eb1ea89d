//! Writes a [`Body`] as text, two blanks a level.

use super::{Body, Entry, Item, Object, Piece, Value};
use crate::emit::origin;

/// A list of this many characters or fewer stands on one line.
const SHORT: usize = 100;

/// The text of a file.
#[must_use]
pub fn render(body: &Body) -> String {
    let mut out = String::new();
    body_lines(body, 0, &mut out);
    out
}

fn body_lines(body: &Body, indent: usize, out: &mut String) {
    let mut index = 0;
    while let Some(item) = body.items.get(index) {
        let before = index.checked_sub(1).and_then(|index| body.items.get(index));
        if before.is_some_and(|before| apart(before, item)) {
            out.push('\n');
        }
        match item {
            Item::Remark(lines) => comments(lines, indent, out),
            Item::Block { above, kind, labels, body } => {
                comments(above, indent, out);
                pad(indent, out);
                out.push_str(kind);
                for label in labels {
                    out.push(' ');
                    out.push_str(&quoted(label));
                }
                if body.is_empty() {
                    out.push_str(" {}\n");
                } else {
                    out.push_str(" {\n");
                    body_lines(body, indent + 2, out);
                    pad(indent, out);
                    out.push_str("}\n");
                }
            }
            Item::Attribute(_) => {
                // Attributes that follow one another without an empty line are set out together.
                let following = body.items[index..].iter().enumerate();
                let run: Vec<&Entry> = following
                    .take_while(|(at, item)| *at == 0 || !apart(&body.items[index + at - 1], item))
                    .map_while(|(_, item)| if let Item::Attribute(entry) = item { Some(entry) } else { None })
                    .collect();
                entries(&run, indent, &|name| name.to_owned(), out);
                index += run.len().max(1);
                continue;
            }
        }
        index += 1;
    }
}

/// Whether an empty line stands between two things: everywhere but between attributes without comments.
fn apart(before: &Item, after: &Item) -> bool {
    !matches!((before, after), (Item::Attribute(_), Item::Attribute(entry)) if entry.above.is_empty())
}

/// `name = value` lines; the `=` of neighbours that need one line each stand in one column.
fn entries(list: &[&Entry], indent: usize, name: &dyn Fn(&str) -> String, out: &mut String) {
    let written: Vec<(String, String)> = list.iter().map(|entry| (name(&entry.name), text(&entry.value, indent))).collect();
    let single = |at: usize| written.get(at).is_some_and(|(_, value)| !value.contains('\n'));
    let mut widths = vec![0; written.len()];
    let mut start = 0;
    while start < written.len() {
        let mut end = start + 1;
        while single(start) && single(end) && list[end].above.is_empty() {
            end += 1;
        }
        let width = written[start..end].iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        widths[start..end].fill(width);
        start = end;
    }
    for ((entry, (name, value)), width) in list.iter().zip(&written).zip(widths) {
        comments(&entry.above, indent, out);
        pad(indent, out);
        out.push_str(&format!("{name:width$} = {value}\n"));
    }
}

/// A value; its further lines are indented by `indent` and more.
fn text(value: &Value, indent: usize) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Template(pieces) => template(pieces),
        Value::Expression(text) => origin::one_line(text),
        Value::Number(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::List(items) => list(items, indent),
        Value::Object(object) => self::object(object, indent),
        Value::Call(name, arguments) => {
            let arguments: Vec<String> = arguments.iter().map(|argument| text(argument, indent)).collect();
            format!("{name}({})", arguments.join(", "))
        }
    }
}

fn list(items: &[Value], indent: usize) -> String {
    let short: Vec<String> = items.iter().map(|item| text(item, indent)).collect();
    let length = short.iter().map(|item| item.len() + 2).sum::<usize>();
    if short.iter().all(|item| !item.contains('\n')) && (length <= SHORT || items.len() < 2) {
        return format!("[{}]", short.join(", "));
    }
    let inner = indent + 2;
    let lines: String = items.iter().map(|item| format!("{:inner$}{},\n", "", text(item, inner))).collect();
    format!("[\n{lines}{:indent$}]", "")
}

fn object(object: &Object, indent: usize) -> String {
    if object.is_empty() {
        return "{}".to_owned();
    }
    let mut out = "{\n".to_owned();
    entries(&object.entries.iter().collect::<Vec<_>>(), indent + 2, &key, &mut out);
    out.push_str(&" ".repeat(indent));
    out.push('}');
    out
}

/// A key of an object: bare where it is an identifier, else a string of ASCII alone, whose width every program counts alike.
fn key(name: &str) -> String {
    let starts = |c: char| c.is_ascii_alphabetic() || c == '_';
    if name.starts_with(starts)
        && name.chars().all(|c| starts(c) || c.is_ascii_digit())
        && !matches!(name, "for" | "null" | "true" | "false")
    {
        return name.to_owned();
    }
    let escape = |c: char| if c.is_ascii() { c.to_string() } else { unicode(c) };
    quoted(name).chars().map(escape).collect()
}

fn template(pieces: &[Piece]) -> String {
    if let [Piece::Expression(only)] = pieces {
        return origin::one_line(only);
    }
    let piece = |(index, piece): (usize, &Piece)| match piece {
        Piece::Text(text) => escaped(text, matches!(pieces.get(index + 1), Some(Piece::Expression(_)))),
        Piece::Expression(text) => format!("${{{}}}", origin::one_line(text)),
    };
    format!("\"{}\"", pieces.iter().enumerate().map(piece).collect::<String>())
}

/// `text` as a string that stands for exactly that text.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text, false))
}

/// The inside of a string; `open` where an expression follows it, which a dollar sign before would undo.
fn escaped(text: &str, open: bool) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    let mut characters = text.chars().peekable();
    let mut previous = '\0';
    while let Some(character) = characters.next() {
        let begins = |next: Option<&char>| next == Some(&'{') || next.is_none() && open;
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Doubling says that no template begins; behind another of its kind it would not be read so.
            '$' | '%' if characters.peek() == Some(&'{') && previous != character => out.extend([character, character]),
            '$' | '%' if begins(characters.peek()) => out.push_str(&unicode(character)),
            other if other.is_control() || matches!(other, '\u{2028}' | '\u{2029}' | '\u{feff}') => out.push_str(&unicode(other)),
            other => out.push(other),
        }
        previous = character;
    }
    out
}

/// `\u00e9`, `\U0001f600`.
fn unicode(character: char) -> String {
    let number = u32::from(character);
    if number > 0xffff { format!("\\U{number:08x}") } else { format!("\\u{number:04x}") }
}

fn comments(lines: &[String], indent: usize, out: &mut String) {
    for line in lines {
        pad(indent, out);
        out.push_str(format!("# {}", origin::one_line(line)).trim_end());
        out.push('\n');
    }
}

fn pad(indent: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', indent));
}
