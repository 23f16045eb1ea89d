//! YAML text of a tree, laid out as libyaml lays it out.
//!
//! In: [`Node`]s with the styles that Psych chose. Out: `---`, block collections, scalars in the style that can hold them.

use crate::ruby::hole::is_hole;

/// The style of a scalar.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Style {
    Plain,
    Single,
    Double,
    Literal,
    Folded,
}

/// A node of the tree.
pub struct Node {
    /// Number of its anchor, once something refers to it.
    pub anchor: Option<usize>,
    /// Its tag.
    pub tag: Option<String>,
    /// The tag may be left out for a plain scalar, or a collection.
    pub plain: bool,
    /// The tag may be left out for a quoted scalar.
    pub quoted: bool,
    /// What it holds.
    pub kind: Kind,
}

/// What a node holds.
pub enum Kind {
    Scalar(String, Style),
    Sequence(Vec<Node>),
    Mapping(Vec<(Node, Node)>),
    Alias(usize),
}

/// The layout.
#[derive(Clone, Copy)]
pub struct Layout {
    /// Columns of one level.
    pub indent: i64,
    /// Where long lines break.
    pub width: i64,
    /// `%YAML 1.1` comes first.
    pub header: bool,
}

/// What may be done with a scalar.
struct Analysis {
    multiline: bool,
    plain: bool,
    single: bool,
    block: bool,
}

struct Emitter {
    out: String,
    layout: Layout,
    column: i64,
    indent: i64,
    whitespace: bool,
    indention: bool,
    open_ended: bool,
}

/// The document of `root`.
#[must_use]
pub fn document(root: &Node, layout: Layout) -> String {
    let layout = Layout { indent: if (2..10).contains(&layout.indent) { layout.indent } else { 2 }, ..layout };
    let mut emitter = Emitter { out: String::new(), layout, column: 0, indent: -1, whitespace: true, indention: true, open_ended: false };
    if layout.header {
        emitter.write("%YAML 1.1");
        emitter.line_break('\n');
    }
    emitter.indicator("---", true, false, false);
    emitter.node(root, false, false);
    emitter.write_indent();
    if emitter.open_ended {
        emitter.indicator("...", true, false, false);
        emitter.write_indent();
    }
    emitter.out
}

fn is_break(character: char) -> bool {
    matches!(character, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_printable(character: char) -> bool {
    let code = u32::from(character);
    // What is unknown is printed as something, not escaped.
    is_hole(character)
        || code == 0x0A
        || (0x20..=0x7E).contains(&code)
        || code == 0x85
        || (0xA0..=0xD7FF).contains(&code)
        || (0xE000..=0xFFFD).contains(&code) && code != 0xFEFF
}

fn analyze(text: &[char]) -> Analysis {
    let Some(first_character) = text.first() else {
        return Analysis { multiline: false, plain: true, single: true, block: false };
    };
    let blank_at = |index: usize| text.get(index).is_none_or(|c| matches!(c, ' ' | '\t') || is_break(*c));
    let mut indicators = text.starts_with(&['-', '-', '-']) || text.starts_with(&['.', '.', '.']);
    let (mut breaks, mut special) = (false, false);
    let (mut break_space, mut space_break) = (false, false);
    let (mut previous_space, mut previous_break) = (false, false);
    for (index, character) in text.iter().enumerate() {
        let followed = blank_at(index + 1);
        let preceded = index == 0 || blank_at(index - 1);
        indicators |= if index == 0 {
            "#,[]{}&*!|>'\"%@`".contains(*character) || matches!(character, '?' | ':' | '-') && followed
        } else {
            *character == ':' && followed || *character == '#' && preceded
        };
        special |= !is_printable(*character) && !is_break(*character);
        breaks |= is_break(*character);
        if *character == ' ' {
            break_space |= previous_break;
        } else if is_break(*character) {
            space_break |= previous_space;
        }
        previous_space = *character == ' ';
        previous_break = is_break(*character);
    }
    let edge = |c: char| c == ' ' || is_break(c);
    let last = text.last().copied().unwrap_or('x');
    Analysis {
        multiline: breaks,
        plain: !(edge(*first_character) || edge(last) || break_space || space_break || special || breaks || indicators),
        single: !(break_space || space_break || special),
        block: !(last == ' ' || space_break || special),
    }
}

impl Emitter {
    fn put(&mut self, character: char) {
        self.out.push(character);
        self.column += 1;
    }

    fn write(&mut self, text: &str) {
        text.chars().for_each(|character| self.put(character));
    }

    fn line_break(&mut self, character: char) {
        self.out.push(character);
        self.column = 0;
    }

    fn indicator(&mut self, text: &str, space_before: bool, whitespace: bool, indention: bool) {
        if space_before && !self.whitespace {
            self.put(' ');
        }
        self.write(text);
        self.whitespace = whitespace;
        self.indention = self.indention && indention;
        self.open_ended = false;
    }

    fn write_indent(&mut self) {
        let indent = self.indent.max(0);
        if !self.indention || self.column > indent || self.column == indent && !self.whitespace {
            self.line_break('\n');
        }
        while self.column < indent {
            self.put(' ');
        }
        self.whitespace = true;
        self.indention = true;
    }

    /// One level deeper; gives the level before, to go back to.
    fn deeper(&mut self, flow: bool, indentless: bool) -> i64 {
        let before = self.indent;
        if self.indent < 0 {
            self.indent = if flow { self.layout.indent } else { 0 };
        } else if !indentless {
            self.indent += self.layout.indent;
        }
        before
    }

    fn node(&mut self, node: &Node, mapping: bool, simple_key: bool) {
        match &node.kind {
            Kind::Alias(number) => {
                self.indicator(&format!("*{number}"), true, false, false);
                if simple_key {
                    self.put(' ');
                }
            }
            Kind::Scalar(text, style) => self.scalar(node, text, *style, simple_key),
            Kind::Sequence(items) => {
                self.properties(node);
                if items.is_empty() {
                    self.indicator("[", true, true, false);
                    self.indicator("]", false, false, false);
                    return;
                }
                let indentless = mapping && !self.indention;
                let before = self.deeper(false, indentless);
                for item in items {
                    self.write_indent();
                    self.indicator("-", true, false, true);
                    self.node(item, false, false);
                }
                self.indent = before;
            }
            Kind::Mapping(pairs) => {
                self.properties(node);
                if pairs.is_empty() {
                    self.indicator("{", true, true, false);
                    self.indicator("}", false, false, false);
                    return;
                }
                let before = self.deeper(false, false);
                for (key, value) in pairs {
                    self.write_indent();
                    if is_simple(key) {
                        self.node(key, true, true);
                        self.indicator(":", false, false, false);
                    } else {
                        self.indicator("?", true, false, true);
                        self.node(key, true, false);
                        self.write_indent();
                        self.indicator(":", true, false, true);
                    }
                    self.node(value, true, false);
                }
                self.indent = before;
            }
        }
    }

    fn properties(&mut self, node: &Node) {
        self.anchor(node);
        if let Some(tag) = node.tag.as_deref().filter(|_| !node.plain) {
            self.tag(tag);
        }
    }

    fn anchor(&mut self, node: &Node) {
        if let Some(number) = node.anchor {
            self.indicator(&format!("&{number}"), true, false, false);
        }
    }

    fn tag(&mut self, tag: &str) {
        let text = match tag.strip_prefix("tag:yaml.org,2002:") {
            Some(suffix) => format!("!!{suffix}"),
            None if tag.starts_with('!') => tag.to_owned(),
            None => format!("!<{tag}>"),
        };
        self.indicator(&text, true, false, false);
    }

    fn scalar(&mut self, node: &Node, text: &str, style: Style, simple_key: bool) {
        let characters: Vec<char> = text.chars().collect();
        let analysis = analyze(&characters);
        let tag = node.tag.as_deref().filter(|_| !node.plain && !node.quoted);
        let mut style = if simple_key && analysis.multiline { Style::Double } else { style };
        if style == Style::Plain && (!analysis.plain || characters.is_empty() && simple_key || tag.is_none() && !node.plain) {
            style = Style::Single;
        }
        if style == Style::Single && !analysis.single {
            style = Style::Double;
        }
        if matches!(style, Style::Literal | Style::Folded) && (!analysis.block || simple_key) {
            style = Style::Double;
        }
        self.anchor(node);
        match tag {
            Some(tag) => self.tag(tag),
            None if !node.quoted && style != Style::Plain => self.indicator("!", true, false, false),
            None => {}
        }
        let before = self.deeper(true, false);
        match style {
            Style::Plain => self.plain(&characters, !simple_key),
            Style::Single => self.single(&characters, !simple_key),
            Style::Double => self.double(&characters, !simple_key),
            Style::Literal => self.literal(&characters),
            Style::Folded => self.folded(&characters),
        }
        self.indent = before;
    }

    /// Whether a line may break at the space that stands at `index`.
    fn breaks_at(&self, text: &[char], index: usize, allowed: bool, spaces: bool, edges: bool) -> bool {
        let inside = !edges || index != 0 && index + 1 != text.len();
        allowed && !spaces && self.column > self.layout.width && inside && text.get(index + 1) != Some(&' ')
    }

    fn plain(&mut self, text: &[char], breaks: bool) {
        if !self.whitespace && !text.is_empty() {
            self.put(' ');
        }
        let mut spaces = false;
        for (index, character) in text.iter().enumerate() {
            if *character == ' ' {
                if self.breaks_at(text, index, breaks, spaces, false) {
                    self.write_indent();
                } else {
                    self.put(' ');
                }
                spaces = true;
            } else {
                self.put(*character);
                self.indention = false;
                spaces = false;
            }
        }
        self.whitespace = false;
        self.indention = false;
    }

    fn single(&mut self, text: &[char], allowed: bool) {
        self.indicator("'", true, false, false);
        let (mut spaces, mut breaks) = (false, false);
        for (index, character) in text.iter().enumerate() {
            if *character == ' ' {
                if self.breaks_at(text, index, allowed, spaces, true) {
                    self.write_indent();
                } else {
                    self.put(' ');
                }
                spaces = true;
            } else if is_break(*character) {
                if !breaks && *character == '\n' {
                    self.line_break('\n');
                }
                self.line_break(*character);
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.write_indent();
                }
                if *character == '\'' {
                    self.put('\'');
                }
                self.put(*character);
                self.indention = false;
                spaces = false;
                breaks = false;
            }
        }
        if breaks {
            self.write_indent();
        }
        self.indicator("'", false, false, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn double(&mut self, text: &[char], allowed: bool) {
        self.indicator("\"", true, false, false);
        let mut spaces = false;
        for (index, character) in text.iter().enumerate() {
            if !is_printable(*character) || is_break(*character) || matches!(character, '"' | '\\') {
                self.write(&escape(*character));
                spaces = false;
            } else if *character == ' ' {
                let inside = index != 0 && index + 1 != text.len();
                if allowed && !spaces && self.column > self.layout.width && inside {
                    self.write_indent();
                    if text.get(index + 1) == Some(&' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(' ');
                }
                spaces = true;
            } else {
                self.put(*character);
                spaces = false;
            }
        }
        self.indicator("\"", false, false, false);
        self.whitespace = false;
        self.indention = false;
    }

    /// The digits and signs behind `|` and `>`.
    fn hints(&mut self, text: &[char]) {
        if text.first().is_some_and(|c| *c == ' ' || is_break(*c)) {
            self.indicator(&self.layout.indent.to_string(), false, false, false);
        }
        self.open_ended = false;
        let ending = text.iter().rev().take_while(|c| is_break(**c)).count();
        let chomp = match ending {
            0 => Some("-"),
            1 if text.len() > 1 => None,
            _ => Some("+"),
        };
        if let Some(chomp) = chomp {
            self.indicator(chomp, false, false, false);
            self.open_ended = chomp == "+";
        }
    }

    fn start_block(&mut self, indicator: &str, text: &[char]) {
        self.indicator(indicator, true, false, false);
        self.hints(text);
        self.line_break('\n');
        self.indention = true;
        self.whitespace = true;
    }

    fn literal(&mut self, text: &[char]) {
        self.start_block("|", text);
        let mut breaks = true;
        for character in text {
            if is_break(*character) {
                self.line_break(*character);
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.write_indent();
                }
                self.put(*character);
                self.indention = false;
                breaks = false;
            }
        }
    }

    fn folded(&mut self, text: &[char]) {
        self.start_block(">", text);
        let (mut breaks, mut leading_spaces) = (true, true);
        for (index, character) in text.iter().enumerate() {
            if is_break(*character) {
                if !breaks && !leading_spaces && *character == '\n' {
                    let next = text.iter().skip(index).find(|c| !is_break(**c));
                    if next.is_some_and(|c| !matches!(c, ' ' | '\t')) {
                        self.line_break('\n');
                    }
                }
                self.line_break(*character);
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.write_indent();
                    leading_spaces = matches!(character, ' ' | '\t');
                }
                if !breaks && *character == ' ' && text.get(index + 1) != Some(&' ') && self.column > self.layout.width {
                    self.write_indent();
                } else {
                    self.put(*character);
                }
                self.indention = false;
                breaks = false;
            }
        }
    }
}

/// Whether a key fits before its colon on one line.
fn is_simple(key: &Node) -> bool {
    let properties = key.anchor.map_or(0, |number| number.to_string().len());
    match &key.kind {
        Kind::Alias(_) => true,
        Kind::Scalar(text, _) => {
            let tag = key.tag.as_deref().filter(|_| !key.plain && !key.quoted).map_or(0, str::len);
            !text.chars().any(is_break) && text.len() + properties + tag <= 128
        }
        Kind::Sequence(items) => items.is_empty(),
        Kind::Mapping(pairs) => pairs.is_empty(),
    }
}

fn escape(character: char) -> String {
    let short = match character {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' => '"',
        '\\' => '\\',
        '\u{85}' => 'N',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        other => {
            let code = u32::from(other);
            return match code {
                0..=0xFF => format!("\\x{code:02X}"),
                0x100..=0xFFFF => format!("\\u{code:04X}"),
                _ => format!("\\U{code:08X}"),
            };
        }
    };
    format!("\\{short}")
}
