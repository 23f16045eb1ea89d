//! What became of every single resource, schedule entry and process, recipe by recipe.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Document, code, text};
use crate::outcome::{Disposition, Subject};

/// Writes the section.
pub fn write(document: &mut Document<'_>, dispositions: &[Disposition]) {
    if dispositions.is_empty() {
        return;
    }
    document.heading(2, "Every resource");
    let mut recipes: BTreeMap<(&str, Subject), Vec<&Disposition>> = BTreeMap::new();
    for one in dispositions {
        recipes.entry((one.recipe.as_str(), one.subject)).or_default().push(one);
    }
    for ((recipe, subject), mut list) in recipes {
        list.sort_by(|one, other| (&one.location, &one.name, one).cmp(&(&other.location, &other.name, other)));
        let what = match subject {
            Subject::Resource => "",
            Subject::Schedule => " (schedule)",
            Subject::Process => " (processes)",
        };
        document.heading(3, &format!("{}{what}", if recipe.is_empty() { "No recipe".to_owned() } else { code(recipe) }));
        document.table(&["where", "what", "fate", "went to", "why", "in"], list.into_iter().map(row).collect());
    }
}

fn row(one: &Disposition) -> Vec<String> {
    let place = one.location.as_ref().map(|at| code(&at.to_string())).unwrap_or_default();
    let to = one.to.iter().map(|to| code(to)).collect::<Vec<_>>().join(", ");
    let mut why = text(&one.why);
    for condition in &one.conditions {
        let joint = if why.is_empty() { "" } else { "; " };
        why.push_str(&format!("{joint}not known here: {}", code(condition)));
    }
    vec![place, code(&one.name), one.fate.name().to_owned(), to, why, contexts(&one.contexts)]
}

/// `production/web/Setup`, `staging/web/Setup`, `production/api/Deploy` → `web/Setup; api/Deploy (production)`.
fn contexts(contexts: &[String]) -> String {
    let mut events: Vec<(&str, BTreeSet<&str>)> = Vec::new();
    let mut environments = BTreeSet::new();
    for context in contexts {
        let (environment, event) = context.split_once('/').unwrap_or(("", context));
        environments.insert(environment);
        match events.iter_mut().find(|(known, _)| *known == event) {
            Some((_, places)) => {
                places.insert(environment);
            }
            None => events.push((event, BTreeSet::from([environment]))),
        }
    }
    let show = |(event, places): &(&str, BTreeSet<&str>)| {
        if places.len() == environments.len() {
            text(event)
        } else {
            format!("{} ({})", text(event), text(&places.iter().copied().collect::<Vec<_>>().join(", ")))
        }
    };
    let shown: Vec<String> = events.iter().map(show).collect();
    let everywhere = if environments.len() == 1 { environments.first().copied().unwrap_or_default() } else { "" };
    if everywhere.is_empty() { shown.join("; ") } else { format!("{}: {}", text(everywhere), shown.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environments_are_only_named_where_they_differ() {
        let given = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            contexts(&given(&["production/web/Setup", "staging/web/Setup", "production/api/Deploy"])),
            "web/Setup; api/Deploy (production)"
        );
        assert_eq!(contexts(&given(&["production/web/Setup"])), "production: web/Setup");
        assert_eq!(contexts(&[]), "");
    }
}
