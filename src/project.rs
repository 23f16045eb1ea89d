//! The projects that are deployed: what their files say of language, libraries, tests, settings.
//!
//! In: the files below a folder. Out: [`Project`]. Chef is not known here.

use std::collections::{BTreeMap, BTreeSet};

use crate::read::{gemfile_lock, lookups, package_json};
use crate::source::{FileId, Location, SourceMap, Span};

/// What language a project is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Ruby, with or without Rails.
    Ruby,
    /// Node.js.
    Node,
    /// PHP.
    Php,
    /// Not told by its files.
    Other,
}

/// A project.
#[derive(Debug, Clone)]
pub struct Project {
    /// Path prefix of its files: empty, or with `/` at its end.
    pub folder: String,
    /// The folder's own name, or the input's for a project at the root.
    pub name: String,
    /// Its language.
    pub language: Language,
    /// The language's version, with the place that says it.
    pub version: Option<(String, Location)>,
    /// Rails.
    pub rails: bool,
    /// Locked libraries: name, version.
    pub libraries: BTreeMap<String, String>,
    /// Bundler's version of the lock file.
    pub bundler: Option<String>,
    /// Its dependency manifests that exist, relative to the folder.
    pub manifests: Vec<String>,
    /// All its files, relative to the folder.
    pub files: BTreeMap<String, FileId>,
    /// Whether `.npmrc` holds a registry's login.
    pub login: bool,
    /// Whether there are libraries for development alone, which building may need.
    pub tools: bool,
    /// npm scripts.
    pub scripts: BTreeMap<String, String>,
    /// Environment variables that its code reads: name, places.
    pub reads: BTreeMap<String, BTreeSet<String>>,
    /// Those places (variable, place) that have an answer where it is not set.
    pub fallbacks: BTreeSet<(String, String)>,
}

impl Project {
    /// An app of which nothing is known but its language.
    #[must_use]
    pub fn unseen(language: Language) -> Self {
        Self {
            folder: String::new(),
            name: String::new(),
            language,
            version: None,
            rails: false,
            libraries: BTreeMap::new(),
            bundler: None,
            manifests: Vec::new(),
            files: BTreeMap::new(),
            login: false,
            tools: false,
            scripts: BTreeMap::new(),
            reads: BTreeMap::new(),
            fallbacks: BTreeSet::new(),
        }
    }

    /// Whether nothing of it is part of the input.
    #[must_use]
    pub fn is_unseen(&self) -> bool {
        self.files.is_empty()
    }

    /// Reads the project in `folder`.
    #[must_use]
    pub fn read(sources: &SourceMap, folder: &str, input_name: &str) -> Self {
        let mut files = BTreeMap::new();
        for (id, file) in sources.under(folder) {
            if let Some(path) = file.path.strip_prefix(folder) {
                files.insert(path.to_owned(), id);
            }
        }
        let name = name_of(folder, input_name);
        let mut project = Self {
            folder: folder.to_owned(),
            name,
            language: Language::Other,
            version: None,
            rails: false,
            libraries: BTreeMap::new(),
            bundler: None,
            manifests: Vec::new(),
            files,
            login: false,
            tools: false,
            scripts: BTreeMap::new(),
            reads: BTreeMap::new(),
            fallbacks: BTreeSet::new(),
        };
        if project.has("Gemfile") {
            project.read_ruby(sources);
        } else if project.has("package.json") {
            project.read_node(sources);
        } else if project.has("composer.json")
            || project.files.keys().any(|path| path == "index.php" || path.starts_with("public/") && path.ends_with(".php"))
        {
            project.language = Language::Php;
            project.manifests = project.existing(&["composer.json", "composer.lock"]);
        }
        project.read_variables(sources);
        project
    }

    /// Whether the project has a file at `path`.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Whether the project has any file below `folder`.
    #[must_use]
    pub fn has_folder(&self, folder: &str) -> bool {
        self.files.keys().any(|path| path.starts_with(folder))
    }

    /// The text of the file at `path`.
    #[must_use]
    pub fn text<'s>(&self, sources: &'s SourceMap, path: &str) -> Option<&'s str> {
        self.files.get(path).map(|id| sources.file(*id).text())
    }

    /// The place of line `line` (from 1) of the file at `path`.
    #[must_use]
    pub fn place(&self, path: &str, line: u32) -> Location {
        Location { path: format!("{}{path}", self.folder), line, column: 1 }
    }

    fn existing(&self, names: &[&str]) -> Vec<String> {
        names.iter().filter(|name| self.has(name)).map(|name| (*name).to_owned()).collect()
    }

    fn read_ruby(&mut self, sources: &SourceMap) {
        self.language = Language::Ruby;
        self.manifests = self.existing(&["Gemfile", "Gemfile.lock", ".ruby-version"]);
        if let Some(lock) = self.text(sources, "Gemfile.lock") {
            let (lock, _) = gemfile_lock::parse(lock);
            for spec in lock.specs() {
                self.libraries.insert(spec.name.clone(), spec.version.clone());
            }
            self.bundler = lock.bundled_with.clone().map(|(_, version)| version);
            if let Some(version) = lock.ruby_version() {
                self.version = Some((version.to_string(), self.place("Gemfile.lock", 1)));
            }
        }
        if let Some(version) = self.text(sources, ".ruby-version") {
            let version = version.trim().trim_start_matches("ruby-").split("-p").next().unwrap_or("").to_owned();
            if !version.is_empty() {
                self.version = Some((version, self.place(".ruby-version", 1)));
            }
        }
        if self.version.is_none() {
            self.version = self.gemfile_version(sources);
        }
        self.rails = self.libraries.contains_key("rails") || self.libraries.contains_key("railties") || self.has("config/application.rb");
    }

    fn gemfile_version(&self, sources: &SourceMap) -> Option<(String, Location)> {
        use crate::read::ruby::ast::{Arg, Expr, Piece};
        let file = *self.files.get("Gemfile")?;
        let (tree, _) = crate::read::ruby::parse(sources, file);
        let statements = match &tree.expr {
            Expr::Sequence(statements) => statements.clone(),
            _ => vec![tree],
        };
        statements.iter().find_map(|statement| match &statement.expr {
            Expr::Call(call) if call.receiver.is_none() && call.name.as_str() == "ruby" => match call.args.first() {
                Some(Arg::Value(value)) => match &value.expr {
                    Expr::Str(pieces) => match pieces.as_slice() {
                        [Piece::Text(text)] => {
                            let digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
                            (!digits.is_empty()).then(|| {
                                (digits, sources.location(Span::new(file, statement.span.start as usize, statement.span.end as usize)))
                            })
                        }
                        _ => None,
                    },
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        })
    }

    fn read_node(&mut self, sources: &SourceMap) {
        self.language = Language::Node;
        self.manifests = self.existing(&["package.json", "package-lock.json", "yarn.lock", "npm-shrinkwrap.json", ".npmrc"]);
        self.login = self.text(sources, ".npmrc").is_some_and(has_login);
        // A registry's login is never copied into an image.
        let login = self.login;
        self.manifests.retain(|name| name != ".npmrc" || !login);
        if let Some(Ok(package)) = self.text(sources, "package.json").map(package_json::parse) {
            for script in &package.scripts {
                self.scripts.insert(script.name.clone(), script.value.clone());
            }
            if let Some(version) = package.node() {
                let digits: String =
                    version.value.chars().skip_while(|c| !c.is_ascii_digit()).take_while(|c| c.is_ascii_digit() || *c == '.').collect();
                if !digits.is_empty() {
                    self.version = Some((digits, self.place("package.json", 1)));
                }
            }
            self.tools = !package.dev_dependencies.is_empty();
            for library in &package.dependencies {
                self.libraries.insert(library.name.clone(), library.value.clone());
            }
        }
        for name in [".nvmrc", ".node-version"] {
            if let Some(version) = self.text(sources, name) {
                let version = version.trim().trim_start_matches('v').to_owned();
                if !version.is_empty() {
                    self.version = Some((version, self.place(name, 1)));
                }
            }
        }
    }

    /// Notes where the code looks up variables: what runs on a host, neither tests nor what only a developer's machine reads.
    fn read_variables(&mut self, sources: &SourceMap) {
        for (path, id) in &self.files {
            if ELSEWHERE.iter().any(|part| path.starts_with(part) || path.contains(&format!("/{part}"))) {
                continue;
            }
            let text = sources.file(*id).text();
            let Some(language) = language_of(path, text) else { continue };
            let ours = if language == lookups::Language::Yaml { elsewhere_lines(text) } else { BTreeSet::new() };
            for lookup in lookups::find(language, text) {
                if ours.contains(&lookup.line) {
                    continue;
                }
                let place = format!("{path}:{}", lookup.line);
                if lookup.has_default {
                    self.fallbacks.insert((lookup.name.clone(), place.clone()));
                }
                self.reads.entry(lookup.name).or_default().insert(place);
            }
        }
    }
}

/// The name of the project in `folder`: the folder's own, or the input's for a project at the root.
#[must_use]
pub fn name_of(folder: &str, input_name: &str) -> String {
    folder.trim_end_matches('/').rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(input_name).to_owned()
}

/// Folders and files that no host of a stack runs.
const ELSEWHERE: &[&str] = &[
    "spec/",
    "test/",
    "tests/",
    "features/",
    "__tests__/",
    "node_modules/",
    "vendor/",
    "bower_components/",
    "public/assets/",
    "public/packs/",
    "tmp/",
    "log/",
    "coverage/",
    ".github/",
    ".circleci/",
    "cookbooks/",
    "config/environments/development.rb",
    "config/environments/test.rb",
    "config/spring.rb",
    "bin/setup",
    "bin/spring",
    "bin/webpack-dev-server",
    "bin/yarn",
    "bin/bundle",
];

/// The language of a project's file that may look up variables.
#[must_use]
pub fn language_of(path: &str, text: &str) -> Option<lookups::Language> {
    use lookups::Language::{Page, Php, Python, Ruby, Script, Shell, Yaml};
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = name.strip_suffix(".erb").map_or(name, |inner| if inner.ends_with(".yml") { inner } else { "page.erb" });
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("rb" | "rake" | "ru" | "jbuilder" | "cap" | "gemspec" | "haml" | "slim" | "builder" | "god") => Some(Ruby),
        Some("yml" | "yaml") => Some(Yaml),
        Some("erb") => Some(Page),
        Some("js") if path.ends_with(".min.js") => None,
        Some("js" | "ts" | "mjs" | "cjs" | "jsx" | "tsx" | "coffee" | "vue") => Some(Script),
        Some("php" | "phtml" | "inc") => Some(Php),
        Some("py") => Some(Python),
        Some("sh" | "bash") => Some(Shell),
        _ if matches!(name, "Rakefile" | "Gemfile" | "Capfile" | "Guardfile") => (name != "Guardfile").then_some(Ruby),
        None => match text.lines().next().unwrap_or("") {
            first if !first.starts_with("#!") => None,
            first if first.contains("ruby") => Some(Ruby),
            first if first.contains("node") => Some(Script),
            first if first.contains("php") => Some(Php),
            first if first.contains("python") => Some(Python),
            first if first.ends_with("sh") || first.contains("sh ") => Some(Shell),
            _ => None,
        },
        Some(_) => None,
    }
}

/// The lines of a YAML file that stand under `development:` or `test:`.
fn elsewhere_lines(text: &str) -> BTreeSet<u32> {
    let mut lines = BTreeSet::new();
    let mut inside = false;
    for (number, line) in text.lines().enumerate() {
        if line.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            inside = line.starts_with("development:") || line.starts_with("test:");
        }
        if inside {
            lines.insert(u32::try_from(number + 1).unwrap_or(u32::MAX));
        }
    }
    lines
}

/// Whether an `.npmrc` has a login: `//registry.example/:_authToken=…`, `_auth`, `_password`, `https://user:password@…`.
fn has_login(text: &str) -> bool {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';']));
    let address =
        |line: &str| line.split_once("://").is_some_and(|(_, rest)| rest.split('/').next().is_some_and(|host| host.contains('@')));
    lines.into_iter().any(|line| line.contains("_auth") || line.contains("_password") || address(line))
}

/// The folders of `sources` that hold a project: with a `Gemfile`, `package.json` or `composer.json`, outermost first.
#[must_use]
pub fn folders(sources: &SourceMap, root: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (_, file) in sources.under(root) {
        let Some((folder, name)) = file.path.rsplit_once('/').map_or(Some(("", file.path.as_str())), Some) else { continue };
        if !matches!(name, "Gemfile" | "package.json" | "composer.json") {
            continue;
        }
        let hidden =
            ["cookbooks/", "node_modules/", "vendor/", "test/", "spec/", "files/"].iter().any(|part| format!("{folder}/").contains(part));
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        // A Gemfile beside metadata.rb is for testing the cookbook.
        let tooling = sources.find(&format!("{prefix}metadata.rb")).is_some()
            || sources.find(&format!("{prefix}Berksfile")).is_some()
            || sources.find(&format!("{prefix}Cheffile")).is_some();
        if hidden || tooling {
            continue;
        }
        found.push(prefix);
    }
    found.sort();
    found.dedup();
    let all = found.clone();
    found.retain(|folder| !all.iter().any(|other| other != folder && folder.starts_with(other.as_str()) && !other.is_empty()));
    // A Gemfile at the root of a repository of cookbooks is for its tools when there is no application beside it.
    if let Some(position) = found.iter().position(|folder| folder == root) {
        let application = ["config/application.rb", "config.ru", "app/", "server.js", "index.js", "index.php", "public/", "src/", "lib/"];
        let real = application.iter().any(|path| sources.under(&format!("{root}{path}")).next().is_some());
        if !real {
            found.remove(position);
        }
    }
    found
}
