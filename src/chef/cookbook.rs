//! A cookbook: its files by kind, and what its metadata says.

use std::collections::BTreeMap;

use crate::source::{FileId, SourceMap};

/// The files of a cookbook's folder, by their paths in it.
#[derive(Debug, Default, Clone)]
pub struct CookbookFiles {
    /// Its folder in the input.
    pub folder: String,
    /// Files by path inside the folder.
    pub files: BTreeMap<String, FileId>,
}

impl CookbookFiles {
    /// Adds a file by the parts of its path inside the cookbook.
    pub fn add(&mut self, inside: Vec<&str>, id: FileId) {
        self.files.insert(inside.join("/"), id);
    }

    /// Whether this is a cookbook and not only a folder with a `templates` or `files` in it.
    #[must_use]
    pub fn is_cookbook(&self) -> bool {
        self.files.keys().any(|path| {
            let code = path.ends_with(".rb")
                && ["recipes/", "attributes/", "resources/", "providers/", "libraries/", "definitions/"]
                    .iter()
                    .any(|folder| path.starts_with(folder));
            code || path == "metadata.rb" || path == "metadata.json" || path.starts_with("templates/default/") || path == "recipe.rb"
        })
    }

    /// Files of `more` replace or join the ones here.
    pub fn overlay(&mut self, more: Self) {
        self.folder = more.folder;
        self.files.extend(more.files);
    }

    /// The file at `path` inside the cookbook.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<FileId> {
        self.files.get(path).copied()
    }

    /// Files in `folder` (and below it), with the rest of their paths, sorted.
    pub fn within<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, FileId)> {
        self.files.iter().filter_map(move |(path, id)| path.strip_prefix(folder).map(|rest| (rest, *id)))
    }

    /// Ruby files in `folder`, by name without `.rb`.
    pub fn ruby<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, FileId)> {
        self.within(folder).filter_map(|(path, id)| path.strip_suffix(".rb").map(|stem| (stem, id)))
    }
}

/// A cookbook, ready to be loaded.
#[derive(Debug, Clone)]
pub struct Cookbook {
    /// The name that `include_recipe` and `depends` use.
    pub name: String,
    /// Its version, `0.0.0` by default.
    pub version: String,
    /// Names and constraints of what it depends on.
    pub depends: Vec<(String, String)>,
    /// `supports`: platforms.
    pub supports: Vec<(String, String)>,
    /// Other fields of its metadata.
    pub metadata: BTreeMap<String, String>,
    /// Its files.
    pub files: CookbookFiles,
}

impl Cookbook {
    /// The file of recipe `name`.
    #[must_use]
    pub fn recipe(&self, name: &str) -> Option<FileId> {
        self.files
            .get(&format!("recipes/{name}.rb"))
            .or_else(|| if name == "default" { self.files.get("recipe.rb") } else { None })
            .or_else(|| ["yml", "yaml", "json"].iter().find_map(|kind| self.files.get(&format!("recipes/{name}.{kind}"))))
    }

    /// The names of its recipes, sorted.
    #[must_use]
    pub fn recipe_names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.files.ruby("recipes/").filter(|(stem, _)| !stem.contains('/')).map(|(stem, _)| stem.to_owned()).collect();
        if names.is_empty() && self.files.get("recipe.rb").is_some() {
            names.push("default".to_owned());
        }
        names
    }

    /// Its attribute files in the order in which Chef loads them: `default` first, then alphabetically.
    #[must_use]
    pub fn attribute_files(&self) -> Vec<(String, FileId)> {
        let mut files: Vec<(String, FileId)> = self.files.ruby("attributes/").map(|(stem, id)| (stem.to_owned(), id)).collect();
        files.sort_by_key(|(stem, _)| (stem != "default", stem.clone()));
        if files.is_empty() {
            files.extend(self.files.get("attributes.rb").map(|id| ("default".to_owned(), id)));
        }
        files
    }

    /// Finds `source` in `templates/` or `files/` as Chef does: by host, platform with version, platform, `default`, then bare.
    /// The second value is the path inside the cookbook.
    #[must_use]
    pub fn find_file(&self, folder: &str, source: &str, platform: &str, version: &str, fqdn: &str) -> Option<(FileId, String)> {
        file_specificity(platform, version, fqdn).into_iter().find_map(|place| {
            let path = if place.is_empty() { format!("{folder}/{source}") } else { format!("{folder}/{place}/{source}") };
            self.files.get(&path).map(|id| (id, path))
        })
    }
}

/// The subfolders in which templates and files are looked for, the most specific first.
#[must_use]
pub fn file_specificity(platform: &str, version: &str, fqdn: &str) -> Vec<String> {
    let mut places = vec![format!("host-{fqdn}")];
    let mut rest = Some(version);
    while let Some(version) = rest.filter(|version| !version.is_empty()) {
        places.push(format!("{platform}-{version}"));
        rest = version.rsplit_once('.').map(|(shorter, _)| shorter);
    }
    places.push(platform.to_owned());
    places.push("default".to_owned());
    places.push(String::new());
    places
}

/// The text of a file as a template or cookbook file; `None` for bytes that are no text.
#[must_use]
pub fn text_of(sources: &SourceMap, id: FileId) -> Option<&str> {
    match &sources.file(id).content {
        crate::source::Content::Text(text) => Some(text),
        _ => None,
    }
}
