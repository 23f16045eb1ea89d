//! A page: a head with numbers, sections of rows that unfold, tables and checklists, and the source lines they point to.
//!
//! In: [`Page`], words as the report has them. Out: HTML with its style and script inside, secrets hidden.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::excerpt::Excerpts;
use super::markup::{code, escape, fingerprint, id, words};
use crate::report::mask::Masker;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What a page says.
#[derive(Default)]
pub struct Page {
    /// `Conversion`, `Audit`.
    pub kind: &'static str,
    /// What it is about: `photo-album`.
    pub title: String,
    /// A sentence or two below the title.
    pub lead: String,
    /// Numbers at the top: the number, what it counts, its tone, and the section that says more.
    pub tiles: Vec<(String, &'static str, &'static str, &'static str)>,
    /// What can be filtered by: the attribute, and its label.
    pub facets: Vec<(&'static str, &'static str)>,
    /// The sections.
    pub sections: Vec<Section>,
}

/// A part of the page under a heading.
#[derive(Default)]
pub struct Section {
    /// Its address.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What to know before reading it.
    pub lead: String,
    /// What it shows.
    pub body: Vec<Block>,
}

/// Something in a section.
pub enum Block {
    /// Sentences.
    Notes(Vec<String>),
    /// A share of a whole: name, facet, and the parts with their tones.
    Share(&'static str, &'static str, Vec<(&'static str, usize, &'static str)>),
    /// Rows under a heading, which may be empty.
    Rows(String, Vec<Row>),
    /// Things to tick off: what, and more about each.
    Tasks(Vec<Row>),
    /// A table: the head, and rows whose name is their first cell and whose cells are the fields.
    Table(Vec<String>, Vec<Row>),
    /// Markup that is ready.
    Ready(String),
}

/// One thing that can be found.
#[derive(Default)]
pub struct Row {
    /// Its address, where something leads to it.
    pub id: String,
    /// Words, of which those in backticks are code.
    pub name: String,
    /// Short words before it, with their tones.
    pub tags: Vec<(String, &'static str)>,
    /// At its right.
    pub aside: String,
    /// What it is filtered by.
    pub facets: BTreeMap<&'static str, BTreeSet<String>>,
    /// What there is to know.
    pub fields: Vec<(String, Vec<Piece>)>,
    /// A class for its style.
    pub class: &'static str,
}

/// Something in a field.
#[derive(Clone)]
pub enum Piece {
    /// Words, of which those in backticks are code.
    Words(String),
    /// Code.
    Code(String),
    /// A number.
    Number(String),
    /// A place in the input.
    Place(String, Option<u32>),
    /// A file of the output, `Dockerfile:3`.
    Output(String),
    /// For one environment.
    Each(String, Box<Piece>),
    /// Fields behind a line that says what they are.
    Fold(String, Vec<(String, Vec<Piece>)>),
    /// Markup that is ready.
    Ready(String),
}

impl Row {
    /// A row of that name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// With a word before it.
    pub fn tag(mut self, word: &str, tone: &'static str) -> Self {
        if !word.is_empty() {
            self.tags.push((word.to_owned(), tone));
        }
        self
    }

    /// With words at its right.
    pub fn aside(mut self, words: &str) -> Self {
        words.clone_into(&mut self.aside);
        self
    }

    /// With values to filter by.
    pub fn facet(mut self, name: &'static str, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let values = values.into_iter().map(|value| value.into().replace('|', "/")).filter(|value| !value.is_empty());
        self.facets.entry(name).or_default().extend(values);
        self
    }

    /// With a field, unless there is nothing in it.
    pub fn field(mut self, name: &str, pieces: Vec<Piece>) -> Self {
        if !pieces.is_empty() {
            self.fields.push((name.to_owned(), pieces));
        }
        self
    }

    /// With a field of words, unless there are none.
    pub fn text(self, name: &str, text: &str) -> Self {
        self.field(name, if text.is_empty() { Vec::new() } else { vec![Piece::Words(text.to_owned())] })
    }
}

/// Writes pages.
pub struct Writer<'a> {
    /// What is hidden.
    pub masker: &'a Masker,
    /// The lines that are pointed to.
    pub excerpts: &'a Excerpts<'a>,
    html: String,
}

impl<'a> Writer<'a> {
    /// One that has written nothing.
    pub fn new(masker: &'a Masker, excerpts: &'a Excerpts<'a>) -> Self {
        Self { masker, excerpts, html: String::new() }
    }

    /// The page.
    pub fn write(mut self, page: &Page) -> String {
        let title = escape(&self.masker.words(&page.title));
        let kind = page.kind;
        self.add(&format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
             <title>{kind}{}{title}</title>\n<style>\n{STYLE}</style>\n</head>\n\
             <body data-name=\"{kind}:{title}\">\n<a class=\"skip\" href=\"#content\">Skip to the content</a>\n\
             <header class=\"top\"><div class=\"kind\">{kind}</div><h1>{}</h1><p>{}</p></header>\n",
            if title.is_empty() { "" } else { " of " },
            if title.is_empty() { kind } else { &title },
            words(&self.masker.words(&page.lead)),
        ));
        self.bar(page);
        self.add("<main id=\"content\">\n<ul class=\"tiles\">");
        for (number, what, tone, section) in &page.tiles {
            self.add(&format!("<li><a class=\"{tone}\" href=\"#{section}\"><b>{}</b><span>{what}</span></a></li>", escape(number)));
        }
        self.add("</ul>\n<nav class=\"contents\" aria-label=\"Sections\">");
        for section in &page.sections {
            self.add(&format!("<a href=\"#{}\">{}</a>", section.id, escape(section.title)));
        }
        self.add("<a href=\"#sources\">Source lines</a></nav>\n<p class=\"nothing\" id=\"nothing\" hidden>Nothing fits the search and the filters.</p>\n");
        for section in &page.sections {
            self.section(section);
        }
        let sources = self.excerpts.html();
        self.add(
            "<section id=\"sources\" aria-labelledby=\"sources-title\"><header><h2 id=\"sources-title\">Source lines</h2></header>\
                  <p>The lines of the input that are named above, with those around them. Secrets are hidden.</p>\n",
        );
        self.add(if sources.is_empty() { "<p class=\"nothing\">None can be shown.</p>" } else { &sources });
        self.add("</section>\n<footer><p>Written by ekiben. This file loads nothing from anywhere.</p></footer>\n</main>\n<script>\n");
        self.add(SCRIPT);
        self.add("</script>\n</body>\n</html>\n");
        self.html
    }

    fn add(&mut self, html: &str) {
        self.html.push_str(html);
    }

    fn bar(&mut self, page: &Page) {
        self.add(
            "<div class=\"bar\"><form role=\"search\"><input type=\"search\" id=\"search\" placeholder=\"Search  ( / )\" \
             aria-label=\"Search everything on this page\" aria-keyshortcuts=\"/\" autocomplete=\"off\" spellcheck=\"false\">",
        );
        self.add("<details class=\"sift\"><summary>Filters</summary><div>");
        for (facet, label) in &page.facets {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for row in page.sections.iter().flat_map(|section| &section.body).flat_map(Block::rows) {
                for value in row.facets.get(facet).into_iter().flatten() {
                    *counts.entry(value).or_default() += 1;
                }
            }
            if counts.is_empty() {
                continue;
            }
            self.add(&format!("<select data-facet=\"{facet}\" aria-label=\"{label}\"><option value=\"\">{label}: all</option>"));
            for (value, count) in counts {
                let value = escape(&self.masker.words(value));
                self.add(&format!("<option value=\"{value}\">{value} ({count})</option>"));
            }
            self.add("</select>");
        }
        self.add(
            "</div></details><output id=\"state\" aria-live=\"polite\"></output><button type=\"button\" id=\"reset\" hidden>Clear</button>\
             <button type=\"button\" id=\"theme\" aria-pressed=\"false\" aria-label=\"Dark colours\">Dark</button></form></div>\n",
        );
    }

    fn section(&mut self, section: &Section) {
        let (address, title) = (section.id, escape(section.title));
        self.add(&format!(
            "<section id=\"{address}\" aria-labelledby=\"{address}-title\"><header><h2 id=\"{address}-title\">{title}</h2><span class=\"count\"></span></header>\n"
        ));
        if !section.lead.is_empty() {
            let lead = words(&self.masker.words(&section.lead));
            self.add(&format!("<p>{lead}</p>\n"));
        }
        for block in &section.body {
            self.block(block);
        }
        self.add("</section>\n");
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Notes(notes) => {
                let items: String = notes.iter().map(|note| format!("<li>{}</li>", words(&self.masker.words(note)))).collect();
                self.add(&format!("<ul class=\"notes\">{items}</ul>\n"));
            }
            Block::Share(name, facet, parts) => self.share(name, facet, parts),
            Block::Rows(heading, rows) => {
                self.add("<div data-group>");
                if !heading.is_empty() {
                    let heading = words(&self.masker.words(heading));
                    self.add(&format!("<h3>{heading}</h3>"));
                }
                for row in rows {
                    self.row(row);
                }
                self.add("</div>\n");
            }
            Block::Tasks(rows) => {
                self.add("<p class=\"quiet\" data-progress></p>");
                for row in rows {
                    self.task(row);
                }
            }
            Block::Table(head, rows) => self.table(head, rows),
            Block::Ready(html) => self.add(html),
        }
    }

    fn share(&mut self, name: &str, facet: &str, parts: &[(&'static str, usize, &'static str)]) {
        let total: usize = parts.iter().map(|(_, count, _)| count).sum();
        if total == 0 {
            return;
        }
        self.add(&format!("<div class=\"share\"><h3>{total} {}</h3><div class=\"strip\" aria-hidden=\"true\">", escape(name)));
        for (_, count, tone) in parts.iter().filter(|(_, count, _)| *count > 0) {
            self.add(&format!("<i class=\"{tone}\" style=\"flex:{count}\"></i>"));
        }
        self.add("</div><ul>");
        for (part, count, tone) in parts {
            let inside = format!("<i></i>{part} <b>{count}</b>");
            self.add(&if *count == 0 {
                format!("<li class=\"quiet\"><span class=\"{tone}\">{inside}</span></li>")
            } else {
                format!(
                    "<li><button type=\"button\" class=\"{tone}\" data-set=\"{facet}={part}\" aria-pressed=\"false\">{inside}</button></li>"
                )
            });
        }
        self.add("</ul></div>\n");
    }

    fn data(&self, row: &Row) -> String {
        let mut data = String::from(" data-row");
        if !row.id.is_empty() {
            let _infallible = write!(data, " id=\"{}\"", row.id);
        }
        for (name, values) in row.facets.iter().filter(|(_, values)| !values.is_empty()) {
            let values = values.iter().map(|value| escape(&self.masker.words(value))).collect::<Vec<_>>().join("|");
            let _infallible = write!(data, " data-{name}=\"{values}\"");
        }
        data
    }

    fn tags(row: &Row) -> String {
        row.tags.iter().map(|(word, tone)| format!("<span class=\"tag {tone}\">{}</span>", escape(word))).collect()
    }

    fn row(&mut self, row: &Row) {
        let (data, tags) = (self.data(row), Self::tags(row));
        let name = words(&self.masker.words(&row.name));
        let aside = words(&self.masker.words(&row.aside));
        let aside = if aside.is_empty() { aside } else { format!("<span class=\"aside\">{aside}</span>") };
        self.add(&format!(
            "<details class=\"row\"{data}><summary>{tags}<span class=\"name\">{name}</span>{aside}</summary><div class=\"more\">"
        ));
        let fields = self.fields(&row.fields);
        self.add(&fields);
        self.add("</div></details>\n");
    }

    fn fields(&self, fields: &[(String, Vec<Piece>)]) -> String {
        let field = |(name, pieces): &(String, Vec<Piece>)| format!("<dt>{}</dt><dd>{}</dd>", escape(name), self.pieces(pieces));
        format!("<dl>{}</dl>", fields.iter().map(field).collect::<String>())
    }

    fn task(&mut self, row: &Row) {
        let name = self.masker.words(&row.name);
        let why: String = row.fields.iter().map(|(_, pieces)| format!("<div class=\"why\">{}</div>", self.pieces(pieces))).collect();
        // Two secrets of one name are two things to do.
        let (key, data) = (fingerprint(&format!("{name}{why}")), self.data(row));
        self.add(&format!(
            "<div class=\"task\"{data}><input type=\"checkbox\" id=\"tick-{key}\" data-tick=\"{key}\">\
             <label for=\"tick-{key}\">{} {}</label>{why}</div>\n",
            words(&name),
            Self::tags(row)
        ));
    }

    fn table(&mut self, head: &[String], rows: &[Row]) {
        let number = |column: usize| {
            let is_number = |row: &Row| row.fields.get(column).is_some_and(|(_, pieces)| matches!(pieces.as_slice(), [Piece::Number(_)]));
            if rows.iter().any(is_number) { " class=\"number\"" } else { "" }
        };
        self.add("<div class=\"wide\"><table><thead><tr>");
        for (index, cell) in head.iter().enumerate() {
            let class = if index == 0 { "" } else { number(index - 1) };
            self.add(&format!("<th scope=\"col\"{class}>{}</th>", escape(cell)));
        }
        self.add("</tr></thead><tbody>\n");
        for row in rows {
            let (data, tags, class) = (self.data(row), Self::tags(row), row.class);
            let name = words(&self.masker.words(&row.name));
            self.add(&format!("<tr class=\"row {class}\"{data}><th scope=\"row\">{name} {tags}</th>"));
            for (index, (kind, pieces)) in row.fields.iter().enumerate() {
                let label = head.get(index + 1).map(|label| escape(label)).unwrap_or_default();
                let class = if matches!(pieces.as_slice(), [Piece::Number(_)]) { "number" } else { kind.as_str() };
                let inside = self.pieces(pieces);
                let label = if inside.is_empty() { String::new() } else { format!(" data-head=\"{label}\"") };
                self.add(&format!(
                    "<td class=\"{class}\"{label}>{}</td>",
                    if inside.is_empty() { inside } else { format!("<div>{inside}</div>") }
                ));
            }
            self.add("</tr>\n");
        }
        self.add("</tbody></table></div>\n");
    }

    fn pieces(&self, pieces: &[Piece]) -> String {
        match pieces {
            [] => String::new(),
            [one @ (Piece::Words(_) | Piece::Code(_) | Piece::Number(_) | Piece::Ready(_) | Piece::Fold(..))] => self.piece(one),
            _ => {
                format!("<ul class=\"list\">{}</ul>", pieces.iter().map(|one| format!("<li>{}</li>", self.piece(one))).collect::<String>())
            }
        }
    }

    fn piece(&self, piece: &Piece) -> String {
        match piece {
            Piece::Words(text) => words(&self.masker.words(text)),
            Piece::Code(text) => code(&self.masker.words(text)),
            Piece::Number(number) => escape(number),
            Piece::Place(path, line) => {
                let shown = line.map_or_else(|| path.clone(), |line| format!("{path}:{line}"));
                let shown = escape(&self.masker.words(&shown));
                match line.and_then(|line| self.excerpts.refer(path, line)) {
                    Some(id) => format!("<a class=\"place\" href=\"#{id}\">{shown}</a>"),
                    None => format!("<span class=\"place\">{shown}</span>"),
                }
            }
            Piece::Output(to) => {
                let path = to
                    .rsplit_once(':')
                    .filter(|(_, line)| line.bytes().all(|byte| byte.is_ascii_digit()))
                    .map_or(to.as_str(), |(path, _)| path);
                let shown = escape(&self.masker.words(to));
                let is_path = !path.contains([' ', ':', '‹']) && !path.starts_with('/') && id(path) == path;
                if is_path { format!("<a href=\"{}\"><code>{shown}</code></a>", escape(path)) } else { format!("<code>{shown}</code>") }
            }
            Piece::Each(name, piece) => format!("<b class=\"each\">{}</b>{}", escape(name), self.piece(piece)),
            Piece::Fold(line, fields) => {
                format!("<details class=\"fold\"><summary>{}</summary>{}</details>", escape(line), self.fields(fields))
            }
            Piece::Ready(html) => html.clone(),
        }
    }
}

impl Block {
    fn rows(&self) -> &[Row] {
        match self {
            Self::Rows(_, rows) | Self::Tasks(rows) | Self::Table(_, rows) => rows,
            Self::Notes(_) | Self::Share(..) | Self::Ready(_) => &[],
        }
    }
}
