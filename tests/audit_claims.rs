//! What the rules say about versions of Chef, held to facts that were looked up.
//!
//! Each row: the rule, the version that first warned, the version in which the last of what it is about was gone, and what is known of
//! it. A rule that is about several things has the earliest and the latest. Its page and title name no version that is not here.

use std::collections::BTreeSet;

use ekiben::audit::{Category, RULES};

/// A rule's claims: name, since, removed, other versions of its page, the fact.
type Claim = (&'static str, Option<&'static str>, Option<&'static str>, &'static [&'static str], &'static str);

const CLAIMS: &[Claim] = &[
    (
        "amazon-family",
        Some("12"),
        Some("13"),
        &[],
        "platform_family changes from rhel to amazon in 13 (OHAI-7); nothing is known of a warning",
    ),
    (
        "chef-gem-compile-time",
        Some("12.1"),
        Some("13"),
        &["12"],
        "chef_gem without compile_time: warned from 12.1 (CHEF-3), false by default in 13",
    ),
    ("deploy-resource", Some("13.6"), Some("14"), &[], "deploy and its three kin: deprecated in 13.6 (CHEF-20), removed in 14"),
    ("duplicate-resource", Some("12"), Some("13"), &[], "resource cloning (CHEF-3694): deprecated in 12, gone in 13"),
    ("legacy-notify", Some("10"), None, &[], "resources(...) in notifies is an old form that works still; nothing is known of a warning"),
    (
        "metadata-removed",
        Some("12"),
        Some("16"),
        &["13"],
        "recommends, suggests, conflicts, replaces, grouping ignored from 13; `<<` and `>>` an error in 16",
    ),
    ("node-assign-without-level", Some("11"), Some("11"), &[], "node['x'] = without a level: immutable from 11"),
    ("node-method-attribute", Some("11"), Some("13"), &[], "node.foo.bar (CHEF-4): deprecated in 11 and 12, removed in 13"),
    ("node-set", Some("12"), Some("14"), &[], "node.set, node.set_unless: deprecated in 12, removed in 14"),
    (
        "ohai-passwd",
        Some("13"),
        Some("15"),
        &[],
        "passwd an optional plugin, filesystem and cloud of another form in 13 and 14; of 15 nothing is known",
    ),
    ("relative-creates", Some("12"), Some("13"), &[], "relative creates without cwd: an error in 13; nothing is known of a warning"),
    (
        "removed-chef-class",
        Some("12"),
        Some("14"),
        &["13"],
        "Chef::REST, run_command, ShellOut, Mixin::Command: 12.x, gone in 13; Mixin::Language (CHEF-23): 12, gone in 14",
    ),
    (
        "removed-property",
        Some("12.5"),
        Some("14"),
        &["13"],
        "verify with %{file} (CHEF-7): 12.5, 13; execute path: 13; epic_fail (CHEF-24): 13.7, 14",
    ),
    (
        "removed-resource",
        Some("12.10"),
        Some("14"),
        &["13"],
        "easy_install_package (CHEF-6): 12.10, 13; erl_call (CHEF-22): 13.7, 14; env: windows_env from 14",
    ),
    ("removed-ruby-method", Some("16"), Some("19"), &[], "gone in Ruby 3.2; Chef 16 has 2.7, 18 has 3.1, 19 has 3.4"),
    ("require-recipe", Some("10"), Some("15"), &[], "require_recipe: deprecated in 10, removed in 15"),
    ("resource-name-only", Some("15.13"), Some("16.2"), &[], "resource_name without provides (CHEF-31): 15.13, 16.2"),
    ("script-without-code", Some("12"), Some("13"), &[], "a script resource without code: an error in 13; nothing is known of a warning"),
    ("user-supports", Some("12.14"), Some("13"), &[], "supports of user and group (CHEF-8): deprecated in 12.14, removed in 13"),
];

#[test]
fn versions_are_those_of_the_facts() {
    for (name, since, removed, ..) in CLAIMS {
        let rule = RULES.iter().find(|rule| rule.name == *name).unwrap_or_else(|| panic!("no rule {name}"));
        assert_eq!((rule.since, rule.removed), (*since, *removed), "{name}");
    }
    for rule in RULES.iter().filter(|rule| rule.category == Category::Removed || rule.since.is_some() || rule.removed.is_some()) {
        assert!(CLAIMS.iter().any(|(name, ..)| *name == rule.name), "nothing holds the claims of {}", rule.name);
    }
}

/// The numbers in `text` that can be a version of Chef.
fn versions(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-' && c != '_');
    let number = |word: &str| word.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    let words = words.map(|word| word.trim_end_matches('.')).filter(|word| number(word));
    words
        .filter(|word| word.split('.').next().is_some_and(|first| (10..20).contains(&first.parse::<u32>().unwrap_or(0))))
        .map(str::to_owned)
        .collect()
}

#[test]
fn pages_and_titles_name_no_other_version() {
    for (name, since, removed, more, _) in CLAIMS {
        let rule = RULES.iter().find(|rule| rule.name == *name).unwrap_or_else(|| panic!("no rule {name}"));
        let head = rule.page.lines().map_while(|line| line.strip_prefix("//!"));
        let prose: Vec<&str> = head
            .scan(false, |code, line| {
                *code ^= line.trim_start().starts_with("```");
                Some(if *code { "" } else { line })
            })
            .collect();
        let known: BTreeSet<String> = since.iter().chain(removed).chain(more.iter()).map(|version| (*version).to_owned()).collect();
        for version in versions(&format!("{}\n{}", rule.title, prose.join("\n"))) {
            assert!(known.contains(&version), "{name} says {version}");
        }
    }
}
