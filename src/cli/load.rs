//! Everything that a command reads, as one [`SourceMap`] and the [`Options`] that point into it.
//!
//! In: PATH, `--app`, `--stack`, `--json-attributes`. Out: [`Loaded`]. Files of PATH keep their paths; what lies outside comes under a
//! prefix of its own (`app/Gemfile`, `stack-1/describe-stacks.json`), so that no path of the machine is ever seen.

use std::fs;
use std::path::{Path, PathBuf};

use super::arguments::Input;
use super::detect;
use super::walk::Walker;
use super::{Failure, reason};
use crate::chef::repository::Repository;
use crate::diagnostic::Diagnostic;
use crate::outcome::Options;
use crate::source::{FileId, SourceMap};

/// What was read.
#[derive(Debug)]
pub struct Loaded {
    /// All files.
    pub sources: SourceMap,
    /// What is to be converted; `emit` is for the caller to fill.
    pub options: Options,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
    /// What was found without being named, in sentences.
    pub notes: Vec<String>,
}

/// Something that was given on the command line, and where its files are in the sources: `files` are those whose path is `path` or
/// starts with it.
pub struct Given {
    path: String,
    is_folder: bool,
}

/// Reads everything that `input` names.
pub fn load(input: &Input) -> Result<Loaded, Failure> {
    let root = folder(&input.path, "PATH")?;
    let mut walker = Walker::default();
    walker.folder(&root, "");
    if walker.files.is_empty() {
        let help = "give the folder that holds the cookbooks";
        return Err(Failure::new(format!("there is nothing to convert: `{}` is empty", input.path.display())).help(help));
    }
    let app = match &input.app {
        Some(app) => Some(given(&mut walker, &root, &folder(app, "--app")?, "app")?),
        None => None,
    };
    let mut stacks = Vec::new();
    for (index, stack) in input.stack.iter().enumerate() {
        let stack = existing(stack, "--stack")?;
        stacks.push(given(&mut walker, &root, &stack, &format!("stack-{}", index + 1))?);
    }
    let attributes = match &input.json_attributes {
        Some(file) => Some(given(&mut walker, &root, &existing(file, "--json-attributes")?, "attributes")?),
        None => None,
    };
    if attributes.as_ref().is_some_and(|attributes| attributes.is_folder) {
        return Err(Failure::new("`--json-attributes` names a folder").help("name the JSON file itself"));
    }
    let Walker { mut files, diagnostics, .. } = walker;
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files.dedup_by(|one, other| one.path == other.path);
    let mut sources = SourceMap::new();
    for file in files {
        sources.add(file);
    }
    let mut notes = Vec::new();
    let mut stacks: Vec<Vec<FileId>> = stacks.iter().map(|stack| stack.files(&sources)).collect();
    if input.stack.is_empty() {
        for found in detect::stacks(&sources, "") {
            let place = if found.path.is_empty() { "the given folder".to_owned() } else { format!("`{}`", found.path) };
            notes.push(format!("{place} holds a saved OpsWorks stack; it is used as if it had been given by `--stack`"));
            stacks.push(found.files);
        }
    }
    let options = Options {
        root: String::new(),
        name: root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        app: app.map(|app| app.path),
        stacks,
        json_attributes: attributes.and_then(|attributes| sources.find(&attributes.path)),
        run_list: input.run_list.iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect(),
        layer: input.layer.clone(),
        platform: input.platform.clone(),
        environment: input.environment.clone(),
        emit: crate::emit::Options::default(),
    };
    if options.stacks.is_empty() && Repository::find(&sources, &options.root, &options.name).cookbooks.is_empty() {
        let what = format!("there is nothing to convert: no cookbook and no OpsWorks stack was found in `{}`", input.path.display());
        return Err(Failure::new(what).help("a cookbook is a folder with `metadata.rb` or `recipes/`; give the folder that holds it"));
    }
    Ok(Loaded { sources, options, diagnostics, notes })
}

impl Given {
    /// Its files.
    pub fn files(&self, sources: &SourceMap) -> Vec<FileId> {
        if self.is_folder { sources.under(&self.path).map(|(id, _)| id).collect() } else { sources.find(&self.path).into_iter().collect() }
    }
}

/// Where the files of `path` are in the sources: those of PATH where it lies inside, else read now, under a prefix that nothing else has.
pub fn given(walker: &mut Walker, root: &Path, path: &Path, name: &str) -> Result<Given, Failure> {
    let is_folder = path.is_dir();
    let taken =
        |walker: &Walker, path: &str| walker.files.iter().any(|file| file.path == path || file.path.starts_with(&format!("{path}/")));
    if let Ok(inside) = path.strip_prefix(root) {
        let inside: Vec<String> = inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        let inside = inside.join("/");
        if inside.is_empty() {
            return Ok(Given { path: inside, is_folder });
        }
        if taken(walker, &inside) {
            return Ok(Given { path: if is_folder { inside + "/" } else { inside }, is_folder });
        }
    }
    let free = (1..).map(|count| if count == 1 { name.to_owned() } else { format!("{name}-{count}") });
    let prefix = free.into_iter().find(|name| !taken(walker, name)).unwrap_or_default();
    if is_folder {
        let prefix = prefix + "/";
        walker.folder(path, &prefix);
        return Ok(Given { path: prefix, is_folder });
    }
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let inside = format!("{prefix}/{file}");
    walker.file(path, &inside);
    Ok(Given { path: inside, is_folder })
}

/// The real path of something that must exist.
pub fn existing(path: &Path, what: &str) -> Result<PathBuf, Failure> {
    fs::canonicalize(path).map_err(|error| Failure::new(format!("`{}` ({what}) cannot be read: {}", path.display(), reason(&error))))
}

/// The real path of a folder that must exist and be readable.
fn folder(path: &Path, what: &str) -> Result<PathBuf, Failure> {
    let real = existing(path, what)?;
    if !real.is_dir() {
        return Err(Failure::new(format!("`{}` ({what}) is no folder", path.display())).help("give the folder that it lies in"));
    }
    match fs::read_dir(&real) {
        Ok(_) => Ok(real),
        Err(error) => Err(Failure::new(format!("`{}` ({what}) cannot be read: {}", path.display(), reason(&error)))),
    }
}
