//! Markdown as it is written: headings, paragraphs, lists and tables, each apart by one empty line.
//!
//! In: cells that are Markdown already (made with [`text`] and [`code`]). Out: the document, with secrets hidden line by line.

use crate::report::mask::Masker;

/// A document that grows.
pub struct Document<'a> {
    blocks: Vec<String>,
    masker: &'a Masker,
}

impl<'a> Document<'a> {
    /// An empty one.
    pub fn new(masker: &'a Masker) -> Self {
        Self { blocks: Vec::new(), masker }
    }

    /// A heading of level 1 to 6.
    pub fn heading(&mut self, level: usize, heading: &str) {
        self.blocks.push(format!("{} {}", "#".repeat(level), self.masker.words(heading)));
    }

    /// A paragraph.
    pub fn paragraph(&mut self, paragraph: &str) {
        self.blocks.push(self.masker.words(paragraph));
    }

    /// A list; `otherwise` where it is empty.
    pub fn list(&mut self, items: impl Iterator<Item = String>, otherwise: &str) {
        let items: Vec<String> = items.map(|item| format!("- {}", self.masker.words(&item))).collect();
        self.blocks.push(if items.is_empty() { otherwise.to_owned() } else { items.join("\n") });
    }

    /// A table; nothing where it has no rows.
    pub fn table(&mut self, head: &[&str], rows: Vec<Vec<String>>) {
        if rows.is_empty() {
            return;
        }
        let line = |cells: Vec<String>| {
            let cells: Vec<String> =
                cells.into_iter().map(|cell| if cell.is_empty() { " ".to_owned() } else { format!(" {cell} ") }).collect();
            format!("|{}|", cells.join("|"))
        };
        let mut lines = vec![line(head.iter().map(|cell| (*cell).to_owned()).collect()), format!("|{}", "---|".repeat(head.len()))];
        for row in rows {
            lines.push(line(row.into_iter().map(|cell| in_cell(&self.masker.words(&cell))).collect()));
        }
        self.blocks.push(lines.join("\n"));
    }

    /// The text.
    pub fn finish(self) -> String {
        self.blocks.join("\n\n") + "\n"
    }
}

/// Words as Markdown, in one line: what stands in backticks stays code, the rest means only itself.
pub fn text(words: &str) -> String {
    let balanced = words.matches('`').count().is_multiple_of(2);
    let mut out = String::new();
    let mut in_code = false;
    for character in words.trim().chars() {
        match character {
            '`' if balanced => {
                in_code = !in_code;
                out.push('`');
            }
            _ if character.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            _ if character.is_control() => out.push('\u{FFFD}'),
            '<' if !in_code => out.push_str("&lt;"),
            '*' | '_' | '`' | '[' | ']' | '\\' if !in_code => {
                out.push('\\');
                out.push(character);
            }
            _ => out.push(character),
        }
    }
    out
}

/// A code span that shows `content` as it is, in one line.
pub fn code(content: &str) -> String {
    let content: String = content.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let content = content.trim();
    if content.is_empty() {
        return String::new();
    }
    let longest = content.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if content.starts_with('`') || content.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{content}{pad}{fence}")
}

/// Text that ends no cell of a table: a bar is escaped, and so are backslashes right before one. Others stay: code shows them as they are.
pub fn in_cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut backslashes = 0;
    for character in text.chars() {
        match character {
            '|' => out.push_str(&"\\".repeat(backslashes + 1)),
            '\n' => {
                out.push(' ');
                backslashes = 0;
                continue;
            }
            _ => {}
        }
        backslashes = if character == '\\' { backslashes + 1 } else { 0 };
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_mean_only_themselves_outside_of_code() {
        assert_eq!(text("a_b *c* `d_e` <f>\n g"), "a\\_b \\*c\\* `d_e` &lt;f> g");
        assert_eq!(text("one ` only"), "one \\` only");
        assert_eq!(code("a `b` c"), "``a `b` c``");
        assert_eq!(code("`b`"), "`` `b` ``");
        assert_eq!(code("\n"), "");
    }

    #[test]
    fn bars_end_no_cell() {
        assert_eq!(in_cell("a|b"), "a\\|b");
        assert_eq!(in_cell("a\\|b\\c\nd"), "a\\\\\\|b\\c d");
    }
}
