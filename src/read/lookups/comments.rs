//! Code without its comments: each character of them a blank, so that lines stay where they are.

use super::Language;

/// The text with blanks in place of comments.
pub fn blanked(language: Language, text: &str) -> String {
    match language {
        Language::Ruby => ruby(text),
        Language::Yaml => lines(&tags(text), &["#"], false),
        Language::Page => tags(text),
        Language::Shell | Language::Python => lines(text, &["#"], true),
        Language::Script => blocks(text, &["//"]),
        Language::Php => blocks(text, &["//", "#"]),
    }
}

fn blank(out: &mut String, text: &str) {
    out.extend(text.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
}

fn ruby(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut inside, mut ended) = (false, false);
    for line in text.split_inclusive('\n') {
        ended |= line.trim_end() == "__END__";
        inside |= line.starts_with("=begin");
        if ended || inside {
            blank(&mut out, line);
        } else {
            line_of(line, &["#"], true, &mut out);
        }
        inside &= !line.starts_with("=end");
    }
    out
}

fn lines(text: &str, marks: &[&str], quotes: bool) -> String {
    let mut out = String::with_capacity(text.len());
    text.split_inclusive('\n').for_each(|line| line_of(line, marks, quotes, &mut out));
    out
}

/// A line up to its comment, which starts behind a blank; a quote that does not close on the line is none.
fn line_of(line: &str, marks: &[&str], quotes: bool, out: &mut String) {
    let mut quote: Option<char> = None;
    let mut before = ' ';
    let mut characters = line.char_indices();
    while let Some((at, character)) = characters.next() {
        match quote {
            Some(_) if character == '\\' => {
                characters.next();
            }
            Some(open) if character == open => quote = None,
            Some(_) => {}
            None if quotes && matches!(character, '\'' | '"' | '`') && line[at + 1..].contains(character) => quote = Some(character),
            None => {
                let starts = before.is_whitespace() || matches!(before, ';' | '{' | '}' | ')' | ',');
                if starts && marks.iter().any(|mark| line[at..].starts_with(mark)) {
                    out.push_str(&line[..at]);
                    blank(out, &line[at..]);
                    return;
                }
            }
        }
        before = character;
    }
    out.push_str(line);
}

/// `<%# … %>` goes.
fn tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("<%#") {
        out.push_str(&rest[..at]);
        let end = rest[at..].find("%>").map_or(rest.len(), |end| at + end + 2);
        blank(&mut out, &rest[at..end]);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// `/* … */` and comments to the end of the line.
fn blocks(text: &str, marks: &[&str]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quote: Option<char> = None;
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let mut take = character.len_utf8();
        match quote {
            Some(_) if character == '\\' => take += rest[take..].chars().next().map_or(0, char::len_utf8),
            // Only a template goes over lines.
            Some(open) if character == open || (character == '\n' && open != '`') => quote = None,
            Some(_) => {}
            None if matches!(character, '\'' | '"' | '`') => quote = Some(character),
            None => {
                let end = if let Some(inner) = rest.strip_prefix("/*") {
                    inner.find("*/").map_or(rest.len(), |end| end + 4)
                } else if marks.iter().any(|mark| rest.starts_with(mark)) {
                    rest.find('\n').unwrap_or(rest.len())
                } else {
                    0
                };
                if end > 0 {
                    blank(&mut out, &rest[..end]);
                    rest = &rest[end..];
                    continue;
                }
            }
        }
        out.push_str(&rest[..take]);
        rest = &rest[take..];
    }
    out
}
