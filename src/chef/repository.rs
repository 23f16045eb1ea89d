//! What kind of folder was given, and the cookbooks, roles, environments and data bags in it.
//!
//! In: paths of the [`SourceMap`] under one root. Out: [`Repository`]. Nothing is evaluated here.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use crate::chef::cookbook::CookbookFiles;
use crate::source::{FileId, SourceMap};

/// Folders of a cookbook that hold Ruby code or files for the machine.
const COOKBOOK_FOLDERS: &[&str] = &["recipes", "attributes", "libraries", "resources", "providers", "definitions", "templates", "files"];

/// Folders below which nothing is a cookbook of the repository's own.
const IGNORED: &[&str] = &["test", "spec", "vendor", "node_modules", ".git", ".bundle", ".kitchen", "fixtures", "examples"];

/// What the input is, said to the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One cookbook.
    Cookbook,
    /// A folder of cookbooks.
    CookbookFolder,
    /// An `OpsWorks` custom-cookbooks repository: cookbooks at its root.
    OpsWorks,
    /// A Chef repository: `cookbooks/` with roles, environments, data bags.
    ChefRepository,
    /// A project that holds its cookbooks in a subfolder.
    Project,
    /// Nothing of Chef in it.
    Nothing,
}

impl Layout {
    /// The sentence for people.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::Cookbook => "one cookbook",
            Self::CookbookFolder => "a folder of cookbooks",
            Self::OpsWorks => "an OpsWorks custom-cookbooks repository",
            Self::ChefRepository => "a Chef repository",
            Self::Project => "a project that holds its cookbooks in a subfolder",
            Self::Nothing => "no cookbook",
        }
    }
}

/// What was found.
#[derive(Debug, Default)]
pub struct Repository {
    /// What the input is.
    pub layout: Option<Layout>,
    /// Cookbooks by folder name, sorted; several folders of one name are merged, later ones over earlier ones.
    pub cookbooks: BTreeMap<String, CookbookFiles>,
    /// Role files by role name.
    pub roles: BTreeMap<String, FileId>,
    /// Environment files by name.
    pub environments: BTreeMap<String, FileId>,
    /// Data bag items: bag, item, file.
    pub data_bags: IndexMap<String, BTreeMap<String, FileId>>,
    /// Node files by name.
    pub nodes: BTreeMap<String, FileId>,
    /// `Policyfile.rb`, `Berksfile`, where there is one.
    pub policyfile: Option<FileId>,
    /// The folder of the Rails (or other) project, where one is found: path prefix with `/` at its end, or empty.
    pub app: Option<String>,
}

impl Repository {
    /// Looks through all files of `sources` whose path starts with `root` (empty, or with `/` at its end).
    /// `name` names a cookbook that lies at the root itself and has no name in its metadata.
    #[must_use]
    pub fn find(sources: &SourceMap, root: &str, name: &str) -> Self {
        let mut folders: BTreeMap<String, CookbookFiles> = BTreeMap::new();
        let mut found = Self::default();
        let described = described_folders(sources, root);
        for (id, file) in sources.under(root) {
            let Some(path) = file.path.strip_prefix(root) else { continue };
            let parts: Vec<&str> = path.split('/').collect();
            if let Some((prefix, inside)) = split_cookbook(&parts, &described) {
                folders.entry(prefix.to_owned()).or_default().add(inside, id);
            }
            found.note_other(path, &parts, id);
        }
        folders.retain(|_, files| files.is_cookbook());
        let prefixes: Vec<String> = folders.keys().cloned().collect();
        // A cookbook does not lie inside another one.
        folders.retain(|prefix, _| {
            !prefixes.iter().any(|other| other != prefix && !other.is_empty() && prefix.starts_with(&format!("{other}/")))
        });
        found.layout = Some(found.layout_of(&folders, sources, root));
        let mut ordered: Vec<(String, CookbookFiles)> = folders.into_iter().collect();
        // site-cookbooks shadow cookbooks, as a later entry of cookbook_path does.
        ordered.sort_by_key(|(prefix, _)| (prefix.contains("site-cookbooks"), prefix.clone()));
        for (prefix, mut files) in ordered {
            let folder = prefix.rsplit('/').next().filter(|part| !part.is_empty()).unwrap_or(name).to_owned();
            files.folder = format!("{root}{prefix}");
            match found.cookbooks.get_mut(&folder) {
                Some(known) => known.overlay(files),
                None => {
                    found.cookbooks.insert(folder, files);
                }
            }
        }
        found
    }

    fn note_other(&mut self, path: &str, parts: &[&str], id: FileId) {
        let file = parts.last().copied().unwrap_or("");
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned();
        let is_code = file.ends_with(".rb") || file.ends_with(".json");
        if parts.iter().any(|part| IGNORED.contains(part)) {
            return;
        }
        match parts {
            [.., "roles", _] if is_code => {
                self.roles.insert(stem, id);
            }
            [.., "environments", _] if is_code && !path.contains("config/environments") => {
                self.environments.insert(stem, id);
            }
            [.., "data_bags", bag, _] if file.ends_with(".json") => {
                self.data_bags.entry((*bag).to_owned()).or_default().insert(stem, id);
            }
            [.., "nodes", _] if file.ends_with(".json") => {
                self.nodes.insert(stem, id);
            }
            _ if file == "Policyfile.rb" && self.policyfile.is_none() => self.policyfile = Some(id),
            [folder @ .., "Gemfile" | "package.json" | "composer.json"] if self.app.is_none() => {
                let folder = folder.join("/");
                let inside_cookbook = folder.contains("cookbooks");
                if !inside_cookbook {
                    self.app = Some(if folder.is_empty() { String::new() } else { format!("{folder}/") });
                }
            }
            _ => {}
        }
    }

    fn layout_of(&self, folders: &BTreeMap<String, CookbookFiles>, sources: &SourceMap, root: &str) -> Layout {
        if folders.is_empty() {
            return Layout::Nothing;
        }
        if folders.contains_key("") {
            return Layout::Cookbook;
        }
        let at_root = folders.keys().filter(|prefix| !prefix.contains('/')).count();
        if at_root == folders.len() {
            let opsworks = sources.under(root).any(|(_, file)| file.text().contains("opsworks") || file.text().contains(":deploy]"));
            return if opsworks { Layout::OpsWorks } else { Layout::CookbookFolder };
        }
        let top = |name: &str| folders.keys().any(|prefix| prefix.starts_with(name));
        let repository = !self.roles.is_empty()
            || !self.environments.is_empty()
            || !self.data_bags.is_empty()
            || !self.nodes.is_empty()
            || self.policyfile.is_some();
        if (top("cookbooks/") || top("site-cookbooks/")) && (repository || self.app.is_none()) {
            return Layout::ChefRepository;
        }
        Layout::Project
    }
}

/// Folders below the root that have metadata: cookbooks, whatever their own or their parents' names.
fn described_folders<'a>(sources: &'a SourceMap, root: &'a str) -> BTreeSet<&'a str> {
    let within = sources.under(root).filter_map(|(_, file)| file.path.get(root.len()..));
    within.filter_map(|path| path.strip_suffix("/metadata.rb").or_else(|| path.strip_suffix("/metadata.json"))).collect()
}

/// Splits a path into the folder of a cookbook and the path inside it. `described`: folders that have metadata.
fn split_cookbook<'a>(parts: &[&'a str], described: &BTreeSet<&str>) -> Option<(String, Vec<&'a str>)> {
    let file = *parts.last()?;
    if parts.len() >= 2 {
        for (index, part) in parts[..parts.len() - 1].iter().enumerate() {
            // Vendored cookbooks are cookbooks; other vendored code is not looked at.
            let vendored = *part == "vendor" && parts.get(index + 1).is_some_and(|next| next.contains("cookbooks"));
            // A cookbook of a folder of cookbooks may be named `test`.
            if IGNORED.contains(part) && !vendored && !(index == 0 && described.contains(part)) {
                return None;
            }
            if COOKBOOK_FOLDERS.contains(part) {
                let folder = parts[..index].join("/");
                // `files/our-cookbooks/web/recipes/default.rb` is the cookbook `web` of a project that is none itself.
                if matches!(*part, "files" | "templates") && !described.contains(folder.as_str()) {
                    let deeper = (index + 1..parts.len() - 1).find(|end| described.contains(parts[..=*end].join("/").as_str()));
                    if let Some(end) = deeper {
                        return Some((parts[..=end].join("/"), parts[end + 1..].to_vec()));
                    }
                }
                return Some((folder, parts[index..].to_vec()));
            }
        }
    }
    if matches!(file, "metadata.rb" | "metadata.json" | "attributes.rb" | "recipe.rb" | "Berksfile") {
        return Some((parts[..parts.len() - 1].join("/"), vec![file]));
    }
    None
}
