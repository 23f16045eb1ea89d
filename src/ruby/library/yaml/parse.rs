//! YAML 1.1 text to a tree of nodes, with the messages of libyaml.
//!
//! `a: [1, yes]` is a mapping of the plain scalar `a` to a sequence of two plain scalars; what they mean is decided later.

/// A node.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// `&name`
    pub anchor: Option<String>,
    /// The tag in full: `tag:yaml.org,2002:str`, `!ruby/object:Foo`.
    pub tag: Option<String>,
    /// What it is.
    pub shape: Shape,
}

/// What a node is.
#[derive(Debug, Clone)]
pub enum Shape {
    /// Text, and whether it was quoted (or a block).
    Scalar(String, bool),
    Sequence(Vec<Tree>),
    Mapping(Vec<(Tree, Tree)>),
    Alias(String),
}

impl Default for Shape {
    fn default() -> Self {
        Self::Scalar(String::new(), false)
    }
}

/// What is wrong with the text, and where.
#[derive(Debug, Clone)]
pub struct Problem {
    pub problem: &'static str,
    pub context: Option<&'static str>,
    pub line: usize,
    pub column: usize,
    pub offset: usize,
}

type Parsed<T = Tree> = Result<T, Problem>;

const DEEPEST: usize = 200;

#[derive(Clone, Copy)]
struct Place {
    at: usize,
    line: usize,
    start: usize,
}

struct Parser {
    text: Vec<char>,
    place: Place,
    depth: usize,
}

/// The documents of `text`.
///
/// # Errors
/// What is wrong with it.
pub fn documents(text: &str) -> Parsed<Vec<Tree>> {
    let text: Vec<char> = text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n").chars().collect();
    let mut parser = Parser { text, place: Place { at: 0, line: 0, start: 0 }, depth: 0 };
    let mut documents = Vec::new();
    loop {
        parser.skip_to_token()?;
        if parser.peek(0).is_none() {
            return Ok(documents);
        }
        if parser.peek(0) == Some('%') && parser.column() == 0 {
            if !parser.peek(1).is_some_and(char::is_alphabetic) {
                return Err(parser.problem("could not find expected directive name", Some("while scanning a directive"), parser.place));
            }
            parser.skip_line();
            continue;
        }
        if parser.marker("...") {
            parser.advance(3);
            continue;
        }
        if parser.marker("---") {
            parser.advance(3);
        }
        documents.push(parser.block_node(-1, false, true)?);
        parser.skip_to_token()?;
        if parser.peek(0).is_some() && !parser.marker("---") && !parser.marker("...") {
            return Err(parser.problem("did not find expected <document start>", None, parser.place));
        }
    }
}

fn is_blank(character: Option<char>) -> bool {
    matches!(character, None | Some(' ' | '\t' | '\n' | '\r'))
}

impl Parser {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.text.get(self.place.at + ahead).copied()
    }

    fn column(&self) -> i64 {
        i64::try_from(self.place.at - self.place.start).unwrap_or(0)
    }

    fn advance(&mut self, count: usize) {
        for _ in 0..count {
            if self.peek(0) == Some('\n') {
                self.place.line += 1;
                self.place.start = self.place.at + 1;
            }
            self.place.at += 1;
        }
    }

    fn problem(&self, problem: &'static str, context: Option<&'static str>, place: Place) -> Problem {
        Problem { problem, context, line: place.line + 1, column: place.at.saturating_sub(place.start) + 1, offset: place.at }
    }

    fn skip_line(&mut self) {
        while self.peek(0).is_some_and(|c| c != '\n') {
            self.advance(1);
        }
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(0), Some(' ' | '\t')) {
            self.advance(1);
        }
    }

    /// A document marker at the start of a line.
    fn marker(&self, mark: &str) -> bool {
        self.column() == 0 && mark.chars().enumerate().all(|(index, c)| self.peek(index) == Some(c)) && is_blank(self.peek(3))
    }

    fn at_marker(&self) -> bool {
        self.marker("---") || self.marker("...")
    }

    /// Skips white space, comments and line ends; whether a line ended.
    fn skip_to_token(&mut self) -> Parsed<bool> {
        let mut fresh = self.column() == 0;
        loop {
            let mut tab = false;
            while let Some(blank @ (' ' | '\t')) = self.peek(0) {
                tab |= blank == '\t' && fresh;
                self.advance(1);
            }
            let before = self.place.at.checked_sub(1).and_then(|at| self.text.get(at)).copied();
            if self.peek(0) == Some('#') && (self.column() == 0 || is_blank(before)) {
                self.skip_line();
            }
            match self.peek(0) {
                Some('\n' | '\r') => {
                    self.advance(1);
                    fresh = true;
                }
                Some(_) if tab => {
                    let place = Place { at: self.place.start, ..self.place };
                    let words = "found character that cannot start any token";
                    return Err(self.problem(words, Some("while scanning for the next token"), place));
                }
                _ => return Ok(fresh),
            }
        }
    }

    /// The node below `parent`'s indentation. `value`: it is a mapping's value, where a sequence needs no indentation.
    /// `compact`: a collection may start on this line.
    fn block_node(&mut self, parent: i64, value: bool, compact: bool) -> Parsed {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.problem("exceeded max depth of nested collections", None, self.place));
        }
        let node = self.block_node_inside(parent, value, compact);
        self.depth -= 1;
        node
    }

    fn block_node_inside(&mut self, parent: i64, value: bool, compact: bool) -> Parsed {
        let line = self.place.line;
        self.skip_to_token()?;
        let mut free = compact || self.place.line != line;
        let mut node = Tree::default();
        if self.ends(parent, value, free && self.place.line != line || parent < 0) {
            return Ok(node);
        }
        if matches!(self.peek(0), Some('&' | '!')) {
            if free && self.is_key() {
                return self.block_mapping();
            }
            self.properties(&mut node)?;
            let line = self.place.line;
            self.skip_to_token()?;
            let fresh = self.place.line != line;
            if fresh {
                free = true;
                if self.ends(parent, value, true) {
                    return Ok(node);
                }
            } else {
                free &= !self.is_key();
                if self.peek(0).is_none() {
                    return Ok(node);
                }
            }
        }
        let content = self.content(parent, free)?;
        node.shape = content.shape;
        node.anchor = node.anchor.or(content.anchor);
        node.tag = node.tag.or(content.tag);
        Ok(node)
    }

    /// Whether there is no node here: the text, the document or the collection around ends.
    fn ends(&self, parent: i64, value: bool, fresh: bool) -> bool {
        let sequence = self.peek(0) == Some('-') && is_blank(self.peek(1));
        let column = self.column();
        self.peek(0).is_none() || self.at_marker() || fresh && (column < parent || column == parent && !(value && sequence)) && parent >= 0
    }

    fn content(&mut self, parent: i64, free: bool) -> Parsed {
        let next = self.peek(0);
        match next {
            Some('-') if is_blank(self.peek(1)) => {
                if !free {
                    return Err(self.problem("block sequence entries are not allowed in this context", None, self.place));
                }
                return self.block_sequence();
            }
            Some('?' | ':') if is_blank(self.peek(1)) && free => return self.block_mapping(),
            Some('|' | '>') => return self.block_scalar(parent),
            _ => {}
        }
        if free && self.is_key() {
            return self.block_mapping();
        }
        let node = match next {
            Some('[' | '{') => self.flow_node()?,
            Some('"' | '\'') => self.quoted()?,
            Some('*') => self.alias()?,
            Some('@' | '`' | '%') => {
                let words = "found character that cannot start any token";
                return Err(self.problem(words, Some("while scanning for the next token"), self.place));
            }
            _ => self.plain(parent, false),
        };
        self.skip_blanks();
        if self.peek(0) == Some(':') && is_blank(self.peek(1)) {
            return Err(self.problem("mapping values are not allowed in this context", None, self.place));
        }
        Ok(node)
    }

    /// Whether a key and its colon stand on this line.
    fn is_key(&mut self) -> bool {
        let place = self.place;
        let depth = self.depth;
        let key = self.key();
        let found = key.is_ok() && self.place.line == place.line && {
            self.skip_blanks();
            self.peek(0) == Some(':') && is_blank(self.peek(1))
        };
        self.place = place;
        self.depth = depth;
        found
    }

    /// A key on one line.
    fn key(&mut self) -> Parsed {
        let mut node = Tree::default();
        self.properties(&mut node)?;
        self.skip_blanks();
        let content = match self.peek(0) {
            Some('[' | '{') => self.flow_node()?,
            Some('"' | '\'') => self.quoted()?,
            Some('*') => self.alias()?,
            Some(':') if is_blank(self.peek(1)) => Tree::default(),
            Some('@' | '`' | '%' | '|' | '>' | ',' | ']' | '}' | '#') | None => {
                return Err(self.problem("did not find expected key", None, self.place));
            }
            _ => Tree { shape: Shape::Scalar(self.plain_line(false), false), ..Tree::default() },
        };
        node.shape = content.shape;
        Ok(node)
    }

    fn properties(&mut self, node: &mut Tree) -> Parsed<()> {
        loop {
            match self.peek(0) {
                Some('&') => {
                    self.advance(1);
                    node.anchor = Some(self.name());
                }
                Some('!') => node.tag = self.tag(),
                _ => return Ok(()),
            }
            if !is_blank(self.peek(0)) && !matches!(self.peek(0), Some(',' | ']' | '}')) {
                let words = "did not find expected alphabetic or numeric character";
                return Err(self.problem(words, Some("while scanning an anchor"), self.place));
            }
            self.skip_blanks();
        }
    }

    fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(character) = self.peek(0).filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-')) {
            name.push(character);
            self.advance(1);
        }
        name
    }

    fn tag(&mut self) -> Option<String> {
        let mut text = String::new();
        while let Some(character) = self.peek(0).filter(|c| !is_blank(Some(*c)) && !matches!(c, ',' | ']' | '}')) {
            text.push(character);
            self.advance(1);
        }
        if text == "!" {
            return None;
        }
        if let Some(verbatim) = text.strip_prefix("!<") {
            return Some(verbatim.trim_end_matches('>').to_owned());
        }
        Some(match text.strip_prefix("!!") {
            Some(suffix) => format!("tag:yaml.org,2002:{suffix}"),
            None => text,
        })
    }

    fn alias(&mut self) -> Parsed {
        let place = self.place;
        self.advance(1);
        let name = self.name();
        if name.is_empty() {
            let words = "did not find expected alphabetic or numeric character";
            return Err(self.problem(words, Some("while scanning an alias"), place));
        }
        Ok(Tree { shape: Shape::Alias(name), ..Tree::default() })
    }

    fn block_sequence(&mut self) -> Parsed {
        let (start, column) = (self.place, self.column());
        let mut items = Vec::new();
        loop {
            self.advance(1);
            items.push(self.block_node(column, false, true)?);
            self.skip_to_token()?;
            let here = self.column();
            let more = self.peek(0) == Some('-') && is_blank(self.peek(1)) && !self.at_marker();
            if self.peek(0).is_none() || self.at_marker() || here < column || here == column && !more {
                return Ok(Tree { shape: Shape::Sequence(items), ..Tree::default() });
            }
            if here > column {
                let context = Some("while parsing a block collection");
                return Err(self.problem("did not find expected '-' indicator", context, start));
            }
        }
    }

    fn block_mapping(&mut self) -> Parsed {
        let (start, column) = (self.place, self.column());
        let mut pairs = Vec::new();
        loop {
            if self.peek(0) == Some('?') && is_blank(self.peek(1)) {
                self.advance(1);
                let key = self.block_node(column, false, true)?;
                self.skip_to_token()?;
                if self.column() == column && self.peek(0) == Some(':') && is_blank(self.peek(1)) {
                    self.advance(1);
                    pairs.push((key, self.block_node(column, true, true)?));
                } else {
                    pairs.push((key, Tree::default()));
                }
            } else {
                let place = self.place;
                let key = self.key()?;
                self.skip_blanks();
                if self.peek(0) != Some(':') || self.place.line != place.line {
                    return Err(self.problem("could not find expected ':'", Some("while scanning a simple key"), place));
                }
                self.advance(1);
                pairs.push((key, self.block_node(column, true, false)?));
            }
            self.skip_to_token()?;
            let here = self.column();
            if self.peek(0).is_none() || self.at_marker() || here < column {
                return Ok(Tree { shape: Shape::Mapping(pairs), ..Tree::default() });
            }
            let key = self.peek(0) == Some('?') && is_blank(self.peek(1)) || self.is_key();
            if here > column || self.peek(0) == Some('-') && is_blank(self.peek(1)) {
                return Err(self.problem("did not find expected key", Some("while parsing a block mapping"), start));
            }
            if !key {
                let plain = self.peek(0).is_some_and(|c| c.is_alphanumeric());
                let (words, context) = if plain {
                    ("could not find expected ':'", "while scanning a simple key")
                } else {
                    ("did not find expected key", "while parsing a block mapping")
                };
                return Err(self.problem(words, Some(context), if plain { self.place } else { start }));
            }
        }
    }

    /// The rest of a plain scalar on this line.
    fn plain_line(&mut self, flow: bool) -> String {
        let mut text = String::new();
        while let Some(character) = self.peek(0) {
            let next = self.peek(1);
            let flow_sign = |c: Option<char>| matches!(c, Some(',' | '[' | ']' | '{' | '}'));
            let ends = character == '\n'
                || character == '\r'
                || character == ':' && (is_blank(next) || flow && flow_sign(next))
                || flow && flow_sign(Some(character))
                || character == '#' && text.ends_with([' ', '\t']);
            if ends {
                break;
            }
            text.push(character);
            self.advance(1);
        }
        let length = text.trim_end_matches([' ', '\t']).len();
        text.truncate(length);
        text
    }

    fn plain(&mut self, parent: i64, flow: bool) -> Tree {
        let mut text = self.plain_line(flow);
        loop {
            self.skip_blanks();
            if self.peek(0) != Some('\n') {
                break;
            }
            let place = self.place;
            let mut breaks = 0;
            while matches!(self.peek(0), Some('\n' | ' ' | '\t' | '\r')) {
                breaks += usize::from(self.peek(0) == Some('\n'));
                self.advance(1);
            }
            let goes_on = self.peek(0).is_some_and(|c| c != '#') && !self.at_marker() && (flow || self.column() > parent);
            let line = if goes_on { self.plain_line(flow) } else { String::new() };
            if line.is_empty() {
                self.place = place;
                break;
            }
            text.push_str(&if breaks == 1 { " ".to_owned() } else { "\n".repeat(breaks - 1) });
            text.push_str(&line);
        }
        Tree { shape: Shape::Scalar(text, false), ..Tree::default() }
    }

    /// Folds the line ends inside of a quoted scalar.
    fn fold(&mut self, text: &mut String, kept: usize) {
        let length = text[kept.min(text.len())..].trim_end_matches([' ', '\t']).len() + kept.min(text.len());
        text.truncate(length);
        let mut breaks = 0;
        while matches!(self.peek(0), Some('\n' | ' ' | '\t' | '\r')) {
            breaks += usize::from(self.peek(0) == Some('\n'));
            self.advance(1);
        }
        text.push_str(&if breaks <= 1 { " ".to_owned() } else { "\n".repeat(breaks - 1) });
    }

    fn quoted(&mut self) -> Parsed {
        let start = self.place;
        let quote = self.peek(0).unwrap_or('"');
        self.advance(1);
        let mut text = String::new();
        // Blanks made by escapes stay at the end of a line.
        let mut kept = 0;
        loop {
            let Some(character) = self.peek(0) else {
                return Err(self.problem("found unexpected end of stream", Some("while scanning a quoted scalar"), start));
            };
            match character {
                '\'' if quote == '\'' && self.peek(1) == Some('\'') => {
                    text.push('\'');
                    self.advance(2);
                }
                end if end == quote => {
                    self.advance(1);
                    return Ok(Tree { shape: Shape::Scalar(text, true), ..Tree::default() });
                }
                '\n' => self.fold(&mut text, kept),
                '\\' if quote == '"' => {
                    self.escape(&mut text, start)?;
                    kept = text.len();
                }
                other => {
                    text.push(other);
                    self.advance(1);
                }
            }
        }
    }

    fn escape(&mut self, text: &mut String, start: Place) -> Parsed<()> {
        let Some(escaped) = self.peek(1) else {
            return Err(self.problem("found unexpected end of stream", Some("while scanning a quoted scalar"), start));
        };
        self.advance(2);
        let character = match escaped {
            '0' => '\0',
            'a' => '\u{7}',
            'b' => '\u{8}',
            't' | '\t' => '\t',
            'n' => '\n',
            'v' => '\u{b}',
            'f' => '\u{c}',
            'r' => '\r',
            'e' => '\u{1b}',
            ' ' => ' ',
            '"' => '"',
            '/' => '/',
            '\\' => '\\',
            'N' => '\u{85}',
            '_' => '\u{a0}',
            'L' => '\u{2028}',
            'P' => '\u{2029}',
            '\n' => {
                self.skip_blanks();
                return Ok(());
            }
            'x' | 'u' | 'U' => {
                let length = match escaped {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let digits: String = (0..length).filter_map(|index| self.peek(index)).collect();
                let code = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == length);
                let Some(character) = code.and_then(char::from_u32) else {
                    return Err(self.problem("did not find expected hexdecimal number", Some("while parsing a quoted scalar"), start));
                };
                self.advance(length);
                if crate::ruby::hole::is_hole(character) { '\u{FFFD}' } else { character }
            }
            _ => return Err(self.problem("found unknown escape character", Some("while parsing a quoted scalar"), start)),
        };
        text.push(character);
        Ok(())
    }

    fn block_scalar(&mut self, parent: i64) -> Parsed {
        let start = self.place;
        let literal = self.peek(0) == Some('|');
        self.advance(1);
        let (mut chomp, mut increment) = (None, None);
        while let Some(hint @ ('+' | '-' | '1'..='9')) = self.peek(0) {
            match hint.to_digit(10) {
                Some(digit) => increment = Some(i64::from(digit)),
                None => chomp = Some(hint),
            }
            self.advance(1);
        }
        self.skip_blanks();
        if self.peek(0) == Some('#') {
            self.skip_line();
        }
        if self.peek(0).is_some_and(|c| c != '\n') {
            let words = "did not find expected comment or line break";
            return Err(self.problem(words, Some("while scanning a block scalar"), start));
        }
        self.advance(1);
        let mut indent = increment.map_or(0, |increment| parent.max(0) + increment);
        let mut text = String::new();
        let mut breaks = self.block_breaks(&mut indent, parent);
        let (mut pending, mut was_blank) = (false, false);
        while self.column() == indent && self.peek(0).is_some() && !(indent == 0 && self.at_marker()) {
            let blank = matches!(self.peek(0), Some(' ' | '\t'));
            if !literal && pending && !was_blank && !blank {
                if breaks == 0 {
                    text.push(' ');
                }
            } else if pending {
                text.push('\n');
            }
            text.push_str(&"\n".repeat(breaks));
            was_blank = blank;
            while let Some(character) = self.peek(0).filter(|c| *c != '\n') {
                text.push(character);
                self.advance(1);
            }
            pending = self.peek(0) == Some('\n');
            if pending {
                self.advance(1);
            }
            breaks = self.block_breaks(&mut indent, parent);
        }
        if chomp != Some('-') && pending {
            text.push('\n');
        }
        if chomp == Some('+') {
            text.push_str(&"\n".repeat(breaks));
        }
        Ok(Tree { shape: Shape::Scalar(text, true), ..Tree::default() })
    }

    /// Skips the indentation and empty lines of a block scalar, finding its indentation first; how many lines were empty.
    fn block_breaks(&mut self, indent: &mut i64, parent: i64) -> usize {
        let mut breaks = 0;
        let mut most = 0;
        loop {
            while (*indent == 0 || self.column() < *indent) && self.peek(0) == Some(' ') {
                self.advance(1);
            }
            most = most.max(self.column());
            if self.peek(0) != Some('\n') {
                break;
            }
            self.advance(1);
            breaks += 1;
        }
        if *indent == 0 {
            *indent = most.max(parent + 1).max(1);
        }
        breaks
    }

    fn flow_node(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.problem("exceeded max depth of nested collections", None, self.place));
        }
        let mut node = Tree::default();
        self.properties(&mut node)?;
        self.skip_to_token()?;
        let content = match self.peek(0) {
            Some('[') => self.flow_sequence()?,
            Some('{') => self.flow_mapping()?,
            Some('"' | '\'') => self.quoted()?,
            Some('*') => self.alias()?,
            Some(',' | ']' | '}') | None => Tree::default(),
            Some('@' | '`' | '%') => {
                let words = "found character that cannot start any token";
                return Err(self.problem(words, Some("while scanning for the next token"), self.place));
            }
            _ => self.plain(-1, true),
        };
        node.shape = content.shape;
        self.depth -= 1;
        Ok(node)
    }

    /// Whether a colon that ends a key stands here; behind a quoted key it needs no blank.
    fn flow_colon(&self, key: &Tree) -> bool {
        let json = !matches!(key.shape, Shape::Scalar(_, false) | Shape::Alias(_));
        let next = self.peek(1);
        self.peek(0) == Some(':') && (json || is_blank(next) || matches!(next, Some(',' | '[' | ']' | '{' | '}')))
    }

    fn flow_sequence(&mut self) -> Parsed {
        let start = self.place;
        self.advance(1);
        let mut items = Vec::new();
        loop {
            self.skip_to_token()?;
            match self.peek(0) {
                Some(']') => {
                    self.advance(1);
                    return Ok(Tree { shape: Shape::Sequence(items), ..Tree::default() });
                }
                Some(',') => {
                    return Err(self.problem("did not find expected node content", Some("while parsing a flow node"), self.place));
                }
                _ => {}
            }
            if self.peek(0) == Some('?') && is_blank(self.peek(1)) {
                self.advance(1);
                self.skip_to_token()?;
            }
            let node = self.flow_node()?;
            self.skip_to_token()?;
            if self.flow_colon(&node) {
                self.advance(1);
                self.skip_to_token()?;
                let value = self.flow_node()?;
                items.push(Tree { shape: Shape::Mapping(vec![(node, value)]), ..Tree::default() });
                self.skip_to_token()?;
            } else {
                items.push(node);
            }
            match self.peek(0) {
                Some(',') => self.advance(1),
                Some(']') => {}
                _ => return Err(self.problem("did not find expected ',' or ']'", Some("while parsing a flow sequence"), start)),
            }
        }
    }

    fn flow_mapping(&mut self) -> Parsed {
        let start = self.place;
        self.advance(1);
        let mut pairs = Vec::new();
        loop {
            self.skip_to_token()?;
            match self.peek(0) {
                Some('}') => {
                    self.advance(1);
                    return Ok(Tree { shape: Shape::Mapping(pairs), ..Tree::default() });
                }
                Some(',') => {
                    return Err(self.problem("did not find expected node content", Some("while parsing a flow node"), self.place));
                }
                _ => {}
            }
            if self.peek(0) == Some('?') && is_blank(self.peek(1)) {
                self.advance(1);
                self.skip_to_token()?;
            }
            let key = self.flow_node()?;
            self.skip_to_token()?;
            let mut value = Tree::default();
            if self.flow_colon(&key) {
                self.advance(1);
                self.skip_to_token()?;
                value = self.flow_node()?;
                self.skip_to_token()?;
            }
            pairs.push((key, value));
            match self.peek(0) {
                Some(',') => self.advance(1),
                Some('}') => {}
                _ => return Err(self.problem("did not find expected ',' or '}'", Some("while parsing a flow mapping"), start)),
            }
        }
    }
}
