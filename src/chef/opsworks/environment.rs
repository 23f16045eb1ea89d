//! Short, legal names for the environments that stacks become: `shop-front-production` and `shop-front-staging` are
//! `production` and `staging`.

use crate::diagnostic::Diagnostic;

use super::stack::Stack;

/// Sets [`Stack::environment`] of all stacks that are compiled together: what their names share in front is left out; a stack by
/// itself keeps its whole name. Names that would be equal are numbered, and that is said.
pub fn name_environments(stacks: &mut [Stack]) -> Vec<Diagnostic> {
    let names = environment_names(&stacks.iter().map(|stack| stack.name.as_str()).collect::<Vec<_>>());
    let mut diagnostics = Vec::new();
    for (index, name) in names.into_iter().enumerate() {
        if let Some(twin) = stacks[..index].iter().find(|other| slug(&other.name) == slug(&stacks[index].name)) {
            let message = format!("two stacks are called `{}`: the environment of this one is `{name}`", stacks[index].name);
            let path = |stack: &Stack| stack.origin.as_ref().map(|origin| origin.path.clone());
            let other = path(twin).map(|path| format!(" (the other stands in {path})")).unwrap_or_default();
            let said = Diagnostic::warning("S021", message)
                .help(format!("give each stack once{other}; rename it in the saved file when they are two"));
            diagnostics.push(match path(&stacks[index]) {
                Some(path) => said.in_file(path),
                None => said,
            });
        }
        stacks[index].environment = name;
    }
    diagnostics
}

/// The environment names for stacks' `names`, in order.
#[must_use]
pub fn environment_names(names: &[&str]) -> Vec<String> {
    let slugs: Vec<String> = names.iter().map(|name| slug(name)).collect();
    let words: Vec<Vec<&str>> = slugs.iter().map(|slug| slug.split('-').collect()).collect();
    let mut shared = 0;
    if let [first, rest @ ..] = words.as_slice()
        && !rest.is_empty()
    {
        // The last word always stays, or there would be no name left.
        let longest = words.iter().map(Vec::len).min().unwrap_or(1).saturating_sub(1);
        shared = (0..longest).take_while(|index| rest.iter().all(|other| other[*index] == first[*index])).count();
    }
    let mut taken: Vec<String> = Vec::new();
    for words in &words {
        let base = words[shared..].join("-");
        let mut name = base.clone();
        let mut number = 2;
        while taken.contains(&name) {
            name = format!("{base}-{number}");
            number += 1;
        }
        taken.push(name);
    }
    taken
}

/// `name` as a DNS label: lower-case letters, digits and single hyphens, at most 40 characters.
#[must_use]
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in name.chars() {
        if character.is_ascii_alphanumeric() {
            slug.push(character.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(40);
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "stack".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_words_in_front_are_left_out() {
        for (names, expected) in [
            (&["shop-front-production", "shop-front-staging"][..], &["production", "staging"][..]),
            (&["shop-front-production"], &["shop-front-production"]),
            (&["Shop Prod", "Shop Stage EU"], &["prod", "stage-eu"]),
            (&["shop", "shop-staging"], &["shop", "shop-staging"]),
            (&["prod", "stage"], &["prod", "stage"]),
            (&["x", "x"], &["x", "x-2"]),
            (&["日本", ""], &["stack", "stack-2"]),
            (&["shop (eu)", "shop_us"], &["eu", "us"]),
            (&[], &[]),
        ] {
            assert_eq!(environment_names(names), expected);
        }
    }
}
