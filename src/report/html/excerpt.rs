//! The source lines that a page points to, with some around them, and without any secret.
//!
//! In: places, as they are named ([`Excerpts::refer`]). Out: one block for each file. A file that holds secrets by its nature shows no
//! line; a page never shows a line that nothing is near of.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::markup::{escape, id, line_id};
use crate::report::diagnostics::Places;
use crate::report::mask::{HIDDEN, is_secret_file, names_for_next, sealed};
use crate::secrecy::mark_text_lines;
use crate::text::{Part, Text};

/// How many lines are shown before and after one that is meant; fewer where that would be too much.
const AROUND: [u32; 3] = [4, 1, 0];

/// So many bytes of source are shown at most, where showing less than all around is enough for that.
const MOST: usize = 1_500_000;

/// Longer lines belong to generated or minified files.
const LONGEST_LINE: usize = 2000;

/// Places named so far.
pub struct Excerpts<'a> {
    places: Places<'a>,
    wanted: RefCell<BTreeMap<String, BTreeSet<u32>>>,
    sealed: BTreeSet<(String, u32)>,
}

impl<'a> Excerpts<'a> {
    /// None so far. Of the lines of `sealed`, in which something secret is known to stand, only the name before it is shown.
    pub fn new(places: Places<'a>, sealed: BTreeSet<(String, u32)>) -> Self {
        Self { places, wanted: RefCell::default(), sealed }
    }

    /// The id of the line if it can be shown, which it then is.
    pub fn refer(&self, path: &str, line: u32) -> Option<String> {
        let file = self.places.sources.file(self.places.sources.find(path)?);
        let count = u32::try_from(file.text().lines().count()).unwrap_or(u32::MAX);
        if is_secret_file(path) || line == 0 || line > count {
            return None;
        }
        self.wanted.borrow_mut().entry(path.to_owned()).or_default().insert(line);
        Some(line_id(path, line))
    }

    /// The blocks of all files.
    pub fn html(&self) -> String {
        let wanted = self.wanted.borrow();
        let shown: BTreeMap<&String, Vec<String>> =
            wanted.keys().map(|path| (path, self.lines(path, wanted.get(path)))).filter(|(_, lines)| !lines.is_empty()).collect();
        let size = |around: u32| -> usize {
            let bytes = |(path, lines): (&&String, &Vec<String>)| {
                let marks = wanted.get(*path);
                let near = |number: u32| marks.is_some_and(|marks| is_near(marks, number, around));
                numbered(lines).filter(|(number, _)| near(*number)).map(|(_, line)| line.len() + 60).sum::<usize>()
            };
            shown.iter().map(bytes).sum()
        };
        let around = AROUND.into_iter().find(|around| size(*around) <= MOST).unwrap_or(0);
        let mut html = String::new();
        for (path, lines) in &shown {
            if let Some(marks) = wanted.get(*path) {
                block(&mut html, path, lines, marks, around);
            }
        }
        html
    }

    /// Every line of the file as it may be shown.
    fn lines(&self, path: &str, wanted: Option<&BTreeSet<u32>>) -> Vec<String> {
        let Some(file) = self.places.sources.find(path).map(|id| self.places.sources.file(id)) else { return Vec::new() };
        if wanted.is_none_or(BTreeSet::is_empty) {
            return Vec::new();
        }
        let whole = hide(file.text());
        let inside = hidden_lines(file.text());
        let mut shown = Vec::new();
        let mut before = "";
        let mut in_key = false;
        for (number, line) in numbered_text(&whole) {
            let closes = line.contains("-----END");
            in_key = (in_key && !shown.is_empty()) || line.contains("-----BEGIN");
            let named = inside.contains(&(number + 1)) || names_for_next(before);
            let masked = self.places.masker.line(line.trim_end(), named).text;
            shown.push(if in_key || inside.contains(&number) {
                HIDDEN.to_owned()
            } else if line.len() > LONGEST_LINE {
                "… (a long line)".to_owned()
            } else if self.sealed.contains(&(path.to_owned(), number)) {
                sealed(&masked)
            } else {
                masked
            });
            in_key = in_key && !closes;
            before = line;
        }
        shown
    }
}

/// The text with every value hidden that stands behind a name which means a secret; as many lines as before.
fn hide(text: &str) -> String {
    let marked = mark_text_lines(&Text::literal(text), "shown");
    let part = |part: &Part| match part {
        Part::Literal(literal) => literal.clone(),
        Part::Hole(hole) => format!("{HIDDEN}{}", "\n".repeat(hole.value.as_deref().unwrap_or_default().matches('\n').count())),
    };
    marked.parts().iter().map(part).collect()
}

/// The lines of what is marked `sensitive`, of documents and of blocks under a name that means a secret; the lines that open and close
/// them are not among these.
fn hidden_lines(text: &str) -> BTreeSet<u32> {
    let lines: Vec<&str> = text.lines().collect();
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut hidden = BTreeSet::new();
    let mut hide = |from: usize, to: usize| hidden.extend((from..to).filter_map(|index| u32::try_from(index + 1).ok()));
    for (index, line) in lines.iter().enumerate() {
        let bare = line.trim();
        if bare == "sensitive" || ["sensitive ", "sensitive("].iter().any(|start| bare.starts_with(start)) {
            let outer = |other: &&str| !other.trim().is_empty() && depth(other) < depth(line);
            let start = lines[..index].iter().rposition(outer).map_or(0, |start| start + 1);
            let end = lines[index..].iter().position(outer).map_or(lines.len(), |more| index + more);
            hide(start, end);
        } else if names_for_next(line) {
            let heredoc = bare.split_once("<<").map(|(_, tag)| tag.trim_start_matches(['-', '~', '\'', '"', '`']));
            let tag: Option<String> = heredoc.map(|tag| tag.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect());
            if let Some(tag) = tag.filter(|tag| !tag.is_empty()) {
                let end = lines[index + 1..].iter().position(|other| other.trim() == tag).map_or(lines.len(), |more| index + 1 + more);
                hide(index + 1, end);
            } else if bare.trim_end_matches(['-', '+']).ends_with(['|', '>']) {
                let within = |other: &&str| other.trim().is_empty() || depth(other) > depth(line);
                hide(index + 1, index + 1 + lines[index + 1..].iter().take_while(|other| within(other)).count());
            }
        }
    }
    hidden
}

fn numbered_text(text: &str) -> impl Iterator<Item = (u32, &str)> {
    (1..).zip(text.lines())
}

fn numbered(lines: &[String]) -> impl Iterator<Item = (u32, &str)> {
    (1..).zip(lines.iter().map(String::as_str))
}

fn is_near(marks: &BTreeSet<u32>, number: u32, around: u32) -> bool {
    marks.range(number.saturating_sub(around)..=number.saturating_add(around)).next().is_some()
}

fn block(html: &mut String, path: &str, lines: &[String], marks: &BTreeSet<u32>, around: u32) {
    let _infallible =
        write!(html, "<details class=\"file\" id=\"{}\"><summary>{}</summary>\n<pre class=\"source\">", id(path), escape(path));
    let mut last = 0;
    for (number, line) in numbered(lines).filter(|(number, _)| is_near(marks, *number, around)) {
        if last != 0 && number > last + 1 {
            html.push_str("<hr>");
        }
        last = number;
        let named = if marks.contains(&number) { format!(" id=\"{}\" class=\"hit\"", line_id(path, number)) } else { String::new() };
        let _infallible = write!(html, "<span data-n=\"{number}\"{named}>{}</span>", escape(line));
    }
    html.push_str("</pre></details>\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::mask::Masker;
    use crate::source::SourceMap;

    #[test]
    fn lines_around_are_shown_without_secrets() {
        let mut sources = SourceMap::new();
        let text = "package 'nginx'\npassword = 'PLANTED-1'\nk = '-----BEGIN RSA PRIVATE KEY-----\nPLANTED\n-----END RSA PRIVATE KEY-----'\n\n\n\n\n\nlast\n";
        sources.add_text("a.rb", text);
        sources.add_text("c.yml", "token: PLANTED-2\nport: 80\nsecret: |\n  PLANTED-3\n");
        sources.add_text("data_bags/a/b.json", "{\"x\": \"PLANTED\"}\n");
        let masker = Masker::default();
        let excerpts = Excerpts::new(Places { sources: &sources, masker: &masker }, BTreeSet::new());
        assert_eq!(excerpts.refer("a.rb", 1).as_deref(), Some("a.rb-1"));
        assert!(excerpts.refer("c.yml", 2).is_some() && excerpts.refer("a.rb", 99).is_none());
        assert!(excerpts.refer("data_bags/a/b.json", 1).is_none() && excerpts.refer("gone.rb", 1).is_none());
        let html = excerpts.html();
        assert!(html.contains("id=\"a.rb-1\" class=\"hit\">package 'nginx'</span>"), "{html}");
        assert!(!html.contains("PLANTED") && !html.contains("last"), "{html}");
        assert!(html.contains("port: 80"), "{html}");
        let text = "file '/a' do\n  content 'x'\n  sensitive true\nend\ntoken = <<-EOT\nabc\nEOT\n";
        assert_eq!(hidden_lines(text).into_iter().collect::<Vec<_>>(), [2, 3, 6]);
    }
}
