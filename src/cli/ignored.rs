//! Which folders are not entered: version control, installed dependencies, what a build or a running program left behind.
//!
//! `tmp`, `log` and `target` are only left out beside a project's own files, and nothing is left out inside a cookbook's `files/` and
//! `templates/`, whose folders may have any name.

use std::collections::BTreeSet;

/// Folders that never hold anything of the author's.
const ALWAYS: &[&str] = &[".git", ".hg", ".svn", ".bundle", ".terraform", "node_modules"];

/// Folders that a project fills while it is built or runs.
const OF_A_PROJECT: &[&str] = &["tmp", "log", "target"];

/// Files by which a project is known.
const PROJECT: &[&str] =
    &["Gemfile", "config.ru", "Rakefile", "package.json", "composer.json", "Cargo.toml", "pom.xml", "build.gradle", "manage.py"];

/// Whether the folder `name` in `parent` is left out; `siblings` are the names of everything in `parent`.
pub fn is_ignored(parent: &str, name: &str, siblings: &BTreeSet<String>) -> bool {
    ALWAYS.contains(&name)
        || name.starts_with(".ekiben")
        || (name == "bundle" && parent.rsplit('/').next() == Some("vendor"))
        || (OF_A_PROJECT.contains(&name) && PROJECT.iter().any(|file| siblings.contains(*file)))
}

/// Whether the folder `name` is the `files/` or `templates/` of the cookbook that has `siblings`: all of it is content.
pub fn is_content(name: &str, siblings: &BTreeSet<String>) -> bool {
    matches!(name, "files" | "templates") && ["metadata.rb", "metadata.json", "recipes"].iter().any(|file| siblings.contains(*file))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn folders_of_a_project_are_ignored_only_in_one() {
        assert!(is_ignored("", "tmp", &names(&["Gemfile", "tmp"])));
        assert!(!is_ignored("", "tmp", &names(&["metadata.rb", "tmp"])));
        assert!(is_ignored("app/vendor", "bundle", &names(&[])) && !is_ignored("app", "bundle", &names(&[])));
        assert!(is_ignored("a/b", ".git", &names(&[])) && is_ignored("", ".ekiben", &names(&[])));
    }

    #[test]
    fn content_of_a_cookbook_is_known_by_its_neighbours() {
        assert!(is_content("files", &names(&["metadata.rb"])) && !is_content("files", &names(&["config"])));
    }
}
