//! What the rules look at: the files under a root with their kinds and syntax trees.
//!
//! `site-cookbooks/app/recipes/default.rb` is a [`File`] of kind [`Kind::Recipe`] with a tree; a template's tree is that of the Ruby it
//! becomes, in which line n is line n of the template.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

use super::installed::Installed;
use super::visit::{Place, walk};
use super::{Finding, command, setting};
use crate::diagnostic::Diagnostic;
use crate::read::erb::erubis;
use crate::read::ruby::ast::{Node, P};
use crate::read::ruby::parse_text;
use crate::source::{Content, FileId, SourceFile, SourceMap, Span};

/// What a file is in its cookbook, by its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `recipes/*.rb`
    Recipe,
    /// `attributes/*.rb`
    Attributes,
    /// `metadata.rb`
    Metadata,
    /// `resources/*.rb`, `providers/*.rb`, `definitions/*.rb`
    Resource,
    /// `libraries/*.rb`
    Library,
    /// `templates/**/*.erb`
    Template,
    /// Everything else.
    Other,
}

/// A file of the audit.
pub struct File<'a> {
    /// Its path below the root.
    pub path: String,
    /// What it is.
    pub kind: Kind,
    /// Its text as written; empty where it has none.
    pub text: &'a str,
    /// Its syntax tree, where it is Ruby or a template.
    pub tree: Option<P>,
    /// What of it is not understood: line and why.
    pub faults: Vec<(u32, String)>,
    /// The text that the tree's spans point into.
    parsed: SourceFile,
    /// What several rules ask for.
    pub(super) known: Known,
}

/// What is read from a file once, when the first rule asks for it.
#[derive(Default)]
pub(super) struct Known {
    /// Its commands.
    pub commands: OnceCell<Vec<command::Line>>,
    /// Its settings.
    pub settings: OnceCell<Vec<setting::Setting>>,
    /// Its lines that are no Ruby.
    pub lines: OnceCell<Vec<setting::Line>>,
    /// Packages that it installs.
    pub installed: OnceCell<Vec<Installed>>,
}

impl File<'_> {
    /// The line of the tree's byte `offset`.
    #[must_use]
    pub fn line(&self, offset: u32) -> u32 {
        self.parsed.line(offset)
    }

    /// The line of `word` in a literal at `span`: of `%w(…)` over several lines, the word's own.
    #[must_use]
    pub fn line_of_word(&self, span: Span, word: &str) -> u32 {
        let source = self.source(span);
        let separates = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || "()[]{}<>|!%".contains(c));
        let own = source.match_indices(word).find(|(at, _)| {
            let (before, after) = (source.get(..*at).unwrap_or(""), source.get(at + word.len()..).unwrap_or(""));
            separates(before.chars().next_back()) && separates(after.chars().next())
        });
        let offset = own.filter(|_| source.starts_with('%')).map_or(0, |(at, _)| u32::try_from(at).unwrap_or(0));
        self.line(span.start.saturating_add(offset))
    }

    /// The source of `span`.
    #[must_use]
    pub fn source(&self, span: Span) -> &str {
        self.parsed.text().get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// The whole text that the tree's spans point into.
    #[must_use]
    pub fn code(&self) -> &str {
        self.parsed.text()
    }

    /// Visits every node of the tree.
    pub fn walk<'s>(&'s self, each: &mut dyn FnMut(&'s Node, &Place<'s>)) {
        if let Some(tree) = &self.tree {
            walk(tree, each);
        }
    }

    /// A finding of `rule` on `line`.
    #[must_use]
    pub fn finding(&self, rule: &'static str, line: u32, message: impl Into<String>) -> Finding {
        Finding { rule, path: self.path.clone(), line, message: message.into() }
    }
}

/// The files of an audit.
pub struct Context<'a> {
    /// All files, in order of their paths.
    pub files: Vec<File<'a>>,
    /// The day of the audit: `2026-11-21`.
    pub today: &'a str,
}

impl<'a> Context<'a> {
    /// The files of `sources` under the folder `root` (`""`: all).
    #[must_use]
    pub fn new(sources: &'a SourceMap, root: &str) -> Self {
        Self::with(sources, root, &mut Trees::default())
    }

    /// The same with the trees of files that were read before; new ones are added.
    #[must_use]
    pub fn with(sources: &'a SourceMap, root: &str, trees: &mut Trees) -> Self {
        let root = root.trim_end_matches('/');
        let mut files: BTreeMap<String, File<'a>> = BTreeMap::new();
        for (id, source) in sources.iter() {
            let inside = if root.is_empty() {
                Some(source.path.as_str())
            } else {
                source.path.strip_prefix(root).and_then(|rest| rest.strip_prefix('/'))
            };
            if let Some(path) = inside {
                files.insert(path.to_owned(), file(id, path, source, trees));
            }
        }
        Self { files: files.into_values().collect(), today: crate::facts::end::AS_OF }
    }

    /// The file at `path`.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&File<'a>> {
        self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok().and_then(|index| self.files.get(index))
    }

    /// The files that one of `kinds` describes.
    pub fn of<'s>(&'s self, kinds: &'s [Kind]) -> impl Iterator<Item = &'s File<'a>> {
        self.files.iter().filter(move |file| kinds.contains(&file.kind))
    }

    /// The files that hold Ruby (templates too).
    pub fn ruby(&self) -> impl Iterator<Item = &File<'a>> {
        self.files.iter().filter(|file| file.tree.is_some())
    }

    /// The files whose code declares resources.
    pub fn recipes(&self) -> impl Iterator<Item = &File<'a>> {
        self.of(&[Kind::Recipe, Kind::Resource])
    }
}

/// Whether `path` is below a folder of tests; a cookbook that is called `test` is none.
#[must_use]
pub fn is_of_tests(path: &str) -> bool {
    const PARTS: &[&str] =
        &["attributes", "definitions", "files", "libraries", "metadata.rb", "providers", "recipes", "resources", "templates"];
    let parts: Vec<&str> = path.split('/').collect();
    path.ends_with("_spec.rb")
        || path.ends_with("_test.rb")
        || path.ends_with("config/environments/test.rb")
        || parts.windows(2).any(|pair| {
            let [folder, inside] = pair else { return false };
            let only = matches!(*folder, "spec" | "specs" | "testfixtures")
                || (*folder == "features" && (matches!(*inside, "step_definitions" | "support") || inside.ends_with(".feature")))
                || ["-tests", "_tests", "-test-fixtures", "test-fixtures"].iter().any(|end| folder.ends_with(end));
            only || ((matches!(*folder, "test" | "tests") || folder.ends_with("-test")) && !PARTS.contains(inside))
        })
}

/// Whether `path` is of a pipeline, a test machine or a patch: of these only secrets (and a machine's system) matter.
#[must_use]
pub fn is_of_pipelines(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.split('/').any(|folder| matches!(folder, ".github" | ".gitlab" | ".circleci" | ".expeditor" | ".buildkite" | ".delivery"))
        || matches!(
            name,
            ".travis.yml"
                | ".gitlab-ci.yml"
                | "Jenkinsfile"
                | "azure-pipelines.yml"
                | "appveyor.yml"
                | ".rubocop.yml"
                | "Rakefile"
                | "Guardfile"
        )
        || std::path::Path::new(name).extension().is_some_and(|extension| matches!(extension.to_str(), Some("patch" | "diff")))
        || is_of_test_kitchen(path)
}

/// Whether `path` describes the machines of Test Kitchen: `.kitchen.yml`, `kitchen.dokken.yml`.
#[must_use]
pub fn is_of_test_kitchen(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.trim_start_matches('.').starts_with("kitchen.") && (name.ends_with(".yml") || name.ends_with(".yaml"))
}

/// Whether `path` only tells of settings: prose, or the metadata that a cookbook was published with.
#[must_use]
pub fn is_description(path: &str) -> bool {
    is_prose(path) || path.rsplit('/').next() == Some("metadata.json")
}

/// Whether `path` is text for readers, of which nothing runs: a page, a notice, a list of changes.
#[must_use]
pub fn is_prose(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let stem = name.split('.').next().unwrap_or(name).to_uppercase();
    matches!(ending, "md" | "markdown" | "rdoc" | "textile" | "adoc" | "rst")
        || (matches!(ending, "" | "txt") || stem == name.to_uppercase())
            && matches!(stem.as_str(), "README" | "NOTICE" | "LICENSE" | "COPYING" | "CHANGELOG" | "CHANGES" | "AUTHORS" | "CONTRIBUTORS")
}

/// Syntax trees by text: of files of the same content, in one repository or many, one is read.
#[derive(Default)]
pub struct Trees {
    known: HashMap<String, (P, Vec<Diagnostic>)>,
    /// How many files had the content of one that was read before.
    pub shared: usize,
}

impl Trees {
    fn of(&mut self, id: FileId, code: &str) -> (P, Vec<Diagnostic>) {
        if let Some(known) = self.known.get(code) {
            self.shared += usize::from(!code.trim().is_empty());
            return known.clone();
        }
        let read = parse_text(id, code, &[]);
        self.known.insert(code.to_owned(), read.clone());
        read
    }
}

fn file<'a>(id: FileId, path: &str, source: &'a SourceFile, trees: &mut Trees) -> File<'a> {
    let kind = kind(path);
    let text = source.text();
    let code = match kind {
        Kind::Template => Some(erubis(text)),
        _ if is_ruby(path) || is_ruby_script(text) => Some(text.to_owned()),
        _ => None,
    };
    let read = code.as_ref().map(|code| trees.of(id, code));
    let parsed = SourceFile::new(path.to_owned(), Content::Text(code.unwrap_or_default()));
    let (tree, diagnostics) = read.map_or((None, Vec::new()), |(tree, diagnostics)| (Some(tree), diagnostics));
    let fault = |one: Diagnostic| (one.span.map_or(1, |span| parsed.line(span.start)), one.message);
    let faults = diagnostics.into_iter().map(fault).collect();
    File { path: path.to_owned(), kind, text, tree, faults, parsed, known: Known::default() }
}

fn is_ruby(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    std::path::Path::new(name).extension().is_some_and(|extension| extension == "rb" || extension == "rake")
        || matches!(name, "Berksfile" | "Gemfile" | "Rakefile" | "Vagrantfile" | "Cheffile" | "Thorfile")
}

fn is_ruby_script(text: &str) -> bool {
    let first = text.lines().next().unwrap_or("");
    first.starts_with("#!") && first.contains("ruby")
}

fn kind(path: &str) -> Kind {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    if path.starts_with("templates/") || path.contains("/templates/") {
        return if is_template(name) { Kind::Template } else { Kind::Other };
    }
    if name == "metadata.rb" {
        return Kind::Metadata;
    }
    if !is_ruby(name) {
        return Kind::Other;
    }
    match parts.next() {
        Some("recipes") => Kind::Recipe,
        Some("attributes") => Kind::Attributes,
        Some("resources" | "providers" | "definitions") => Kind::Resource,
        Some("libraries") => Kind::Library,
        _ => Kind::Other,
    }
}

fn is_template(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|extension| extension == "erb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_part_of_a_host() {
        for path in ["spec/recipes/default_spec.rb", "test/integration/a.rb", "kitchen-tests/recipes/a.rb", "x/recipes/a_test.rb"] {
            assert!(is_of_tests(path), "{path}");
        }
        for path in ["test/recipes/default.rb", "cookbooks/tests/attributes/a.rb", "recipes/test.rb"] {
            assert!(!is_of_tests(path), "{path}");
        }
        assert!(["a/.github/workflows/x.yml", ".travis.yml", "a.patch", "kitchen.dokken.yml"].iter().all(|path| is_of_pipelines(path)));
        assert!(!is_of_pipelines("recipes/default.rb") && !is_of_test_kitchen("kitchen/recipes/default.rb"));
        assert!(["README.md", "a/NOTICE", "docs/x.rst", "CHANGELOG"].iter().all(|path| is_prose(path)));
        assert!(!is_prose("files/default/readme.conf") && !is_prose("install.txt") && is_description("x/metadata.json"));
    }
}
