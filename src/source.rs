//! The text of everything that is read: files by id, byte spans, and where a byte stands (line and column).
//!
//! In: files, given by the command line (which alone touches the disk). Out: [`SourceMap`], which the whole pipeline borrows.

use std::collections::BTreeMap;

/// A file of the [`SourceMap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A stretch of bytes `start..end` of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file the bytes stand in.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// A span of `file` from byte `start` to before byte `end`.
    #[must_use]
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { file, start: narrow(start), end: narrow(end) }
    }
}

/// Where something stands, for people: path relative to its root, line and column from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Location {
    /// Path as the report prints it, with `/`.
    pub path: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.path, self.line)
    }
}

/// One file: its path, and its text or the reason why there is none.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path as given, relative to the input's root, with `/`.
    pub path: String,
    /// The content; binary and oversized files are kept as [`Content::Opaque`].
    pub content: Content,
    /// Unix permission bits, when known (an executable `files/default/run.sh` stays executable).
    pub mode: Option<u32>,
    line_starts: Vec<u32>,
}

/// What a file holds.
#[derive(Debug, Clone)]
pub enum Content {
    /// UTF-8 text.
    Text(String),
    /// Bytes that are no UTF-8 text.
    Binary(Vec<u8>),
    /// Not read: why (too large, not readable, a link that leaves the root).
    Opaque(String),
}

impl SourceFile {
    /// A file at `path` with `content`.
    #[must_use]
    pub fn new(path: String, content: Content) -> Self {
        let line_starts = match &content {
            Content::Text(text) => std::iter::once(0)
                .chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').filter_map(|(i, _)| u32::try_from(i + 1).ok()))
                .collect(),
            _ => vec![0],
        };
        Self { path, content, mode: None, line_starts }
    }

    /// The text, or `""` where there is none.
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.content {
            Content::Text(text) => text,
            _ => "",
        }
    }

    /// Line (from 1) that byte `offset` stands in.
    #[must_use]
    pub fn line(&self, offset: u32) -> u32 {
        u32::try_from(self.line_starts.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX).max(1)
    }

    /// Line and column (both from 1, column in characters) of byte `offset`.
    #[must_use]
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        let line = self.line(offset);
        let start = self.line_starts[line as usize - 1] as usize;
        let end = (offset as usize).min(self.text().len());
        let column = self.text().get(start..end).map_or(0, |s| s.chars().count());
        (line, u32::try_from(column).unwrap_or(u32::MAX) + 1)
    }
}

/// All files, by id and by path.
#[derive(Debug, Default, Clone)]
pub struct SourceMap {
    files: Vec<SourceFile>,
    by_path: BTreeMap<String, FileId>,
}

impl SourceMap {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `file` and returns its id; a second file of the same path replaces the name, not the first file's id.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.by_path.insert(file.path.clone(), id);
        self.files.push(file);
        id
    }

    /// Adds text at `path` (tests, generated code).
    pub fn add_text(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        self.add(SourceFile::new(path.into(), Content::Text(text.into())))
    }

    /// The file with that id.
    ///
    /// # Panics
    /// When the id is of another map.
    #[must_use]
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The id of the file at exactly `path`.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.by_path.get(path).copied()
    }

    /// All files, in path order.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.by_path.values().map(|id| (*id, self.file(*id)))
    }

    /// Files whose path starts with `prefix`, in path order.
    pub fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (FileId, &'a SourceFile)> {
        self.by_path.range(prefix.to_owned()..).take_while(move |(path, _)| path.starts_with(prefix)).map(|(_, id)| (*id, self.file(*id)))
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Where a span starts, for people.
    #[must_use]
    pub fn location(&self, span: Span) -> Location {
        let file = self.file(span.file);
        let (line, column) = file.line_column(span.start);
        Location { path: file.path.clone(), line, column }
    }

    /// The text of a span.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.file(span.file).text().get(span.start as usize..span.end as usize).unwrap_or("")
    }
}
