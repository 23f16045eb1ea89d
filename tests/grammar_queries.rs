//! Every `grammar/ruby/NAME.scm` compiles against the Ruby grammar, and finds what its comment says in a small recipe.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use tree_sitter::{Language, Parser, Query, QueryCursor, StreamingIterator};

const RECIPE: &str = "\
include_recipe 'nginx::default'
require 'json'
default['shop']['port'] = 3000
node.override[:shop][:host] = 'a'
node['list'] += ['b']
package 'git'
template '/etc/nginx.conf' do
  mode '0644'
end
%w(curl jq).each { |name| apt_package name }
raise 'no' if node['none']
plain = items[0]
";

/// What each query has to find in [`RECIPE`]: captures with their text, in order of the text.
const FOUND: &[(&str, &[(&str, &str)])] = &[
    (
        "attributes",
        &[
            ("attribute.set", "default['shop']['port']"),
            ("attribute.value", "3000"),
            ("attribute.level", "default"),
            ("attribute.key", "'shop'"),
            ("attribute.set", "node.override[:shop][:host]"),
            ("attribute.value", "'a'"),
            ("attribute.node", "node"),
            ("attribute.level", "override"),
            ("attribute.key", ":shop"),
            ("attribute.changed", "node['list']"),
            ("attribute.value", "['b']"),
            ("attribute.level", "node"),
            ("attribute.key", "'list'"),
            ("attribute.level", "node"),
            ("attribute.key", "'none'"),
        ],
    ),
    (
        "includes",
        &[
            ("include.kind", "include_recipe"),
            ("include.what", "'nginx::default'"),
            ("include.kind", "require"),
            ("include.what", "'json'"),
        ],
    ),
    (
        "resources",
        &[
            ("resource.type", "package"),
            ("resource.name", "'git'"),
            ("resource.type", "template"),
            ("resource.name", "'/etc/nginx.conf'"),
            ("resource.body", "do\n  mode '0644'\nend"),
            ("resource.type", "mode"),
            ("resource.name", "'0644'"),
            ("resource.type", "apt_package"),
            ("resource.name", "name"),
        ],
    ),
];

fn queries() -> BTreeMap<String, String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("grammar/ruby");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let queries = files.filter(|path| path.extension().is_some_and(|extension| extension == "scm"));
    queries.map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap())).collect()
}

/// Name and text of every capture, in the order in which the matches begin.
fn captures(language: &Language, query: &str) -> Vec<(String, String)> {
    let query = Query::new(language, query).unwrap_or_else(|error| panic!("{error}"));
    let mut parser = Parser::new();
    parser.set_language(language).unwrap();
    let tree = parser.parse(RECIPE, None).unwrap();
    assert!(!tree.root_node().has_error(), "the recipe is not valid");
    let mut cursor = QueryCursor::new();
    let mut matches = cursor.matches(&query, tree.root_node(), RECIPE.as_bytes());
    let mut found = Vec::new();
    while let Some(one) = matches.next() {
        for capture in one.captures() {
            let text = capture.node.utf8_text(RECIPE.as_bytes()).unwrap().to_owned();
            found.push((query.capture_names()[capture.index as usize].to_owned(), text));
        }
    }
    found
}

#[test]
fn every_query_finds_what_it_says() {
    let language: Language = tree_sitter_ruby::LANGUAGE.into();
    let queries = queries();
    let expected: BTreeMap<_, _> = FOUND.iter().copied().collect();
    assert_eq!(queries.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "each query has one line in FOUND");
    for (name, query) in &queries {
        let mut found = captures(&language, query);
        let mut wanted: Vec<(String, String)> =
            expected[name.as_str()].iter().map(|(capture, text)| ((*capture).to_owned(), (*text).to_owned())).collect();
        // The order of the matches is tree-sitter's own affair.
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted, "grammar/ruby/{name}.scm");
    }
}
