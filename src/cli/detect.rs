//! Saved `OpsWorks` stacks inside the given folder, found by their content.
//!
//! In: the sources. Out: the files of each stack: all JSON files of a folder with a `describe-stacks` answer (or `describe-layers`), and
//! each CloudFormation template with an `AWS::OpsWorks::Stack`. Nothing is read from the disk here.

use std::collections::BTreeMap;

use crate::source::{FileId, SourceFile, SourceMap};

/// Folders whose stacks are somebody's examples.
const EXAMPLES: &[&str] = &["test", "tests", "spec", "fixtures", "examples", "vendor", "node_modules"];

/// A stack that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The folder or template, for people.
    pub path: String,
    /// Its files.
    pub files: Vec<FileId>,
}

/// All stacks in files whose path starts with `root`, by path.
pub fn stacks(sources: &SourceMap, root: &str) -> Vec<Found> {
    let mut found: BTreeMap<String, Vec<FileId>> = BTreeMap::new();
    for (id, file) in sources.under(root) {
        let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        if folder.split('/').any(|part| EXAMPLES.contains(&part)) {
            continue;
        }
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        if is_template(file, extension) {
            found.insert(file.path.clone(), vec![id]);
        } else if extension == "json" && is_answer(file.text()) && !found.contains_key(folder) {
            found.insert(folder.to_owned(), json_files(sources, folder));
        }
    }
    found.into_iter().map(|(path, files)| Found { path, files }).collect()
}

/// The JSON files that lie in `folder` itself and are no templates.
fn json_files(sources: &SourceMap, folder: &str) -> Vec<FileId> {
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let here = |file: &SourceFile| {
        let name = file.path.strip_prefix(&prefix).unwrap_or("/");
        !name.contains('/') && name.ends_with(".json") && !is_template(file, "json") && looks_saved(file.text())
    };
    sources.under(&prefix).filter(|(_, file)| here(file)).map(|(id, _)| id).collect()
}

/// A template that makes a stack.
fn is_template(file: &SourceFile, extension: &str) -> bool {
    matches!(extension, "json" | "yaml" | "yml" | "template")
        && file.text().contains("AWS::OpsWorks::Stack")
        && file.text().contains("Resources")
}

/// An answer of `aws opsworks describe-stacks` or `describe-layers`.
fn is_answer(text: &str) -> bool {
    text.contains("\"StackId\"") && (text.contains("\"Stacks\"") || text.contains("\"Layers\""))
}

/// Any answer of the command line: an object whose keys are capitalised, as no other JSON of a project's root (`package.json`) is.
fn looks_saved(text: &str) -> bool {
    let inside = text.trim_start_matches('\u{feff}').trim_start().strip_prefix('{').map(str::trim_start).unwrap_or_default();
    inside.starts_with('"') && inside[1..].starts_with(|first: char| first.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_answers_and_templates_are_found() {
        let mut sources = SourceMap::new();
        let stacks_json = sources.add_text("ops/production/describe-stacks.json", "{\"Stacks\": [{\"StackId\": \"1\"}]}");
        let apps_json = sources.add_text("ops/production/describe-apps.json", "{\n  \"Apps\": []}");
        sources.add_text("ops/production/package.json", "{\"name\": \"x\"}");
        sources.add_text("ops/production/deeper/describe-apps.json", "{\"Apps\": []}");
        let template = sources.add_text("ops/stack.yaml", "Resources:\n  S:\n    Type: AWS::OpsWorks::Stack\n");
        sources.add_text("test/fixtures/stack.yaml", "Resources:\n  S:\n    Type: AWS::OpsWorks::Stack\n");
        sources.add_text("ops/words.json", "{\"Layers\": [1]}");
        assert_eq!(
            stacks(&sources, ""),
            [
                Found { path: "ops/production".to_owned(), files: vec![apps_json, stacks_json] },
                Found { path: "ops/stack.yaml".to_owned(), files: vec![template] },
            ]
        );
    }
}
