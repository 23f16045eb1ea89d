//! Erubis 2.7 with its defaults, as Chef's `template` uses it: a line that holds only `<% … %>` or `<%# … %>` vanishes,
//! `<%== … %>` escapes XML, `<%% … %>` stands for itself, and there are no `%` lines.
//!
//! The rules are those of `Erubis::Basic::Converter` and `RubyGenerator`. Two newlines that Erubis loses or doubles in the
//! generated source (not in the text) are kept right, so that line numbers agree.

/// The Ruby source that gives the text of `template`. `<%== x %>` calls `Erubis::XmlHelper.escape_xml(x)`, as Erubis does.
#[must_use]
pub fn erubis(template: &str) -> String {
    let mut source = Source { text: String::with_capacity(template.len() * 2) };
    source.text.push_str("_buf = '';");
    let mut position = 0;
    let mut line_begins = true;
    while let Some(tag) = next_tag(template, position) {
        let mut text = &template[position..tag.start];
        position = tag.end;
        // Blanks before the tag, when only blanks stand before it on its line.
        let before = if tag.indicator.starts_with('=') { None } else { split_indentation(&mut text, line_begins) };
        line_begins = !tag.after.is_empty();
        source.text(text);
        source.tag(&tag, before);
    }
    source.text(&template[position..]);
    if !source.text.ends_with('\n') {
        source.text.push('\n');
    }
    source.text.push_str("_buf.to_s\n");
    source.text
}

/// Where the first `needle` stands in `text` from byte `from` on.
fn find(text: &str, from: usize, needle: &str) -> Option<usize> {
    text.get(from..)?.find(needle).map(|at| from + at)
}

/// A match of `/<%(=+|-|\#|%)?(.*?)([-=])?%>([ \t]*\r?\n)?/m`.
struct Tag<'a> {
    start: usize,
    end: usize,
    indicator: &'a str,
    code: &'a str,
    tail: &'a str,
    /// Blanks and the line end right after the tag; empty when something else follows.
    after: &'a str,
}

fn next_tag(template: &str, from: usize) -> Option<Tag<'_>> {
    let start = find(template, from, "<%")?;
    let inside = &template[start + 2..];
    let equals = inside.len() - inside.trim_start_matches('=').len();
    let indicator = match inside.as_bytes().first() {
        Some(b'=') => equals,
        Some(b'-' | b'#' | b'%') => 1,
        _ => 0,
    };
    // `<%%>` alone is an empty statement: without a later `%>` its second `%` is no indicator.
    let (indicator, close) = match find(template, start + 2 + indicator, "%>") {
        Some(close) => (indicator, close),
        None => (0, find(template, start + 2, "%>")?),
    };
    let body = start + 2 + indicator;
    let tail = usize::from(close > body && matches!(template.as_bytes()[close - 1], b'-' | b'='));
    let rest = &template[close + 2..];
    let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let after = match &rest.as_bytes()[blank..] {
        [b'\n', ..] => blank + 1,
        [b'\r', b'\n', ..] => blank + 2,
        _ => 0,
    };
    Some(Tag {
        start,
        end: close + 2 + after,
        indicator: &template[start + 2..body],
        code: &template[body..close - tail],
        tail: &template[close - tail..close],
        after: &rest[..after],
    })
}

/// Takes the blanks at the end of `text` off it if nothing else stands on their line; `None` if something does.
fn split_indentation<'a>(text: &mut &'a str, line_begins: bool) -> Option<&'a str> {
    let start = match text.rfind('\n') {
        Some(newline) => newline + 1,
        None if line_begins => 0,
        None => return None,
    };
    let (kept, blanks) = text.split_at(start);
    if !blanks.bytes().all(|byte| matches!(byte, b' ' | b'\t')) {
        return None;
    }
    *text = kept;
    Some(blanks)
}

struct Source {
    text: String,
}

impl Source {
    fn tag(&mut self, tag: &Tag<'_>, before: Option<&str>) {
        let newlines = |text: &str| text.bytes().filter(|byte| *byte == b'\n').count();
        match tag.indicator.as_bytes().first() {
            Some(b'=') => {
                self.expression(tag);
                if tag.tail.is_empty() {
                    self.text(tag.after);
                } else {
                    self.lines(newlines(tag.after));
                }
            }
            Some(b'#') => match before {
                Some(_) if !tag.after.is_empty() => self.lines(newlines(tag.code) + 1),
                _ => {
                    self.text(before.unwrap_or(""));
                    self.lines(newlines(tag.code));
                    self.text(tag.after);
                }
            },
            Some(b'%') => {
                let literal = format!("{}<%{}{}%>{}", before.unwrap_or(""), tag.code, tag.tail, tag.after);
                self.text(&literal);
            }
            _ => match before {
                Some(before) if !tag.after.is_empty() => {
                    for part in [before, tag.code, tag.after] {
                        self.text.push_str(part);
                    }
                }
                _ => {
                    self.text(before.unwrap_or(""));
                    self.text.push_str(tag.code);
                    if !tag.code.ends_with('\n') {
                        self.text.push(';');
                    }
                    self.text(tag.after);
                }
            },
        }
    }

    fn expression(&mut self, tag: &Tag<'_>) {
        let code = tag.code;
        match tag.indicator {
            "=" => self.text.push_str(&format!(" _buf << ({code}).to_s;")),
            "==" => self.text.push_str(&format!(" _buf << Erubis::XmlHelper.escape_xml({code});")),
            "===" => {
                let shown: String =
                    code.trim().chars().flat_map(|c| if matches!(c, '"' | '\\' | '#') { vec!['\\', c] } else { vec![c] }).collect();
                let shown = shown.replace('\n', "\\n");
                self.text.push_str(&format!(" $stderr.puts(\"*** debug: {shown}=#{{({code}).inspect}}\");"));
            }
            // Erubis has no meaning for four.
            _ => self.lines(code.bytes().filter(|byte| *byte == b'\n').count()),
        }
    }

    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.text.push_str(" _buf << '");
        for character in text.chars() {
            if matches!(character, '\'' | '\\') {
                self.text.push('\\');
            }
            self.text.push(character);
        }
        self.text.push_str("';");
    }

    fn lines(&mut self, count: usize) {
        self.text.extend(std::iter::repeat_n('\n', count));
        if count == 0 {
            self.text.push(';');
        }
    }
}
