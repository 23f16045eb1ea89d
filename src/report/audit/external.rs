//! What the cookbooks need from outside: hosts that they fetch from, and cookbooks that are not in the folder.
//!
//! In: the text of recipes, attributes, templates and dependency files; what the evaluation missed. Out: [`Host`]s and [`Missing`] ones.

use std::collections::BTreeMap;

use super::{Host, Missing};
use crate::source::SourceMap;
use crate::survey::Survey;
use crate::unsupported::{Kind, Lack};

/// Folders whose addresses belong to tests or to what others wrote.
const ELSEWHERE: &[&str] = &["test", "spec", "tests", "fixtures", "node_modules", "vendor", "doc", "docs"];

/// The hosts that addresses of `sources` name, the most frequent first.
#[must_use]
pub fn hosts(sources: &SourceMap) -> Vec<Host> {
    let mut found: BTreeMap<String, Host> = BTreeMap::new();
    for (_, file) in sources.iter() {
        if !is_code(&file.path) {
            continue;
        }
        for (number, line) in (1_u32..).zip(file.text().lines()) {
            let trimmed = line.trim_start();
            let comment = trimmed.starts_with('#') && !trimmed.starts_with("#{");
            let about = ["maintainer", "source_url", "issues_url", "license"].iter().any(|word| trimmed.starts_with(word));
            if comment || (about && file.path.ends_with("metadata.rb")) {
                continue;
            }
            for (name, plain) in in_line(line) {
                let place = format!("{}:{number}", file.path);
                let host = found.entry(name.clone()).or_insert(Host { name, count: 0, plain: false, first: place });
                host.count += 1;
                host.plain |= plain;
            }
        }
    }
    let mut list: Vec<Host> = found.into_values().collect();
    list.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.name.cmp(&other.name)));
    list
}

fn is_code(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    let folder = parts.next().unwrap_or("");
    if path.split('/').any(|part| ELSEWHERE.contains(&part)) {
        return false;
    }
    matches!(name, "Berksfile" | "Policyfile.rb" | "Gemfile" | "metadata.rb" | "Cheffile")
        || matches!(folder, "recipes" | "attributes" | "resources" | "providers" | "libraries" | "definitions")
        || path.contains("/templates/")
        || path.starts_with("templates/")
}

/// The hosts of a line: of addresses with a scheme, and of `git@host:path`; and whether there is no encryption.
fn in_line(line: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    for (scheme, plain) in [("http://", true), ("https://", false), ("ftp://", true), ("git://", true), ("ssh://", false), ("git@", false)]
    {
        for (at, _) in line.match_indices(scheme) {
            let rest = &line[at + scheme.len()..];
            let authority = rest.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '@' | ':' | '_'))).next();
            let host = authority.unwrap_or("").rsplit('@').next().unwrap_or("").split(':').next().unwrap_or("").to_lowercase();
            let host = host.trim_end_matches('.').to_owned();
            let known = host.contains('.')
                && host.rsplit('.').next().is_some_and(|last| last.len() > 1 && last.bytes().all(|b| b.is_ascii_alphabetic()));
            let cut = rest.get(authority.map_or(0, str::len)..).is_some_and(|after| after.starts_with("#{"));
            if known && !cut && host != "localhost" && !host.starts_with('-') {
                found.push((host, plain));
            }
        }
    }
    found
}

/// The cookbooks that evaluation asked for in vain, those that most recipes need first.
#[must_use]
pub fn missing(survey: &Survey) -> Vec<Missing> {
    let things = survey.things(Lack::Repository).into_iter().filter(|thing| thing.kind == Kind::Cookbook);
    things
        .filter_map(|thing| {
            let place = thing.places.first()?;
            Some(Missing { name: thing.name.clone(), recipes: thing.recipes.len(), first: format!("{}:{}", place.path, place.line) })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_named_without_what_stands_before_them() {
        let found = in_line("'http://user:word@Files.example.org:80/a', \"https://#{x}/\", git@git.example.net:a/b, http://10.0.0.1/");
        assert_eq!(found, [("files.example.org".to_owned(), true), ("git.example.net".to_owned(), false)]);
    }

    #[test]
    fn hosts_are_counted_where_code_is() {
        let mut sources = SourceMap::new();
        sources.add_text("a/recipes/default.rb", "# http://no.example.org\nx 'https://b.example.org/1'\nx 'http://b.example.org/2'\n");
        sources.add_text("a/spec/x.rb", "x 'https://c.example.org/1'\n");
        let found = hosts(&sources);
        let want = Host { name: "b.example.org".to_owned(), count: 2, plain: true, first: "a/recipes/default.rb:2".to_owned() };
        assert_eq!(found, [want]);
    }
}
