//! # unreachable-recipe: A recipe that nothing runs
//!
//! Dead code; nothing to migrate. Every recipe that goes saves the work of reading it, so this is worth a look before anything else.
//! Roles and nodes that lie in a cookbook of many, or under `examples`, are its examples and no run lists of the repository.
//!
//! Fix: Delete it.
//!
//! ```ruby
//! run_list 'recipe[shop]', 'recipe[shop::web]'   # roles/web.rb
//! # recipes/legacy.rb: finding, no run list and no include_recipe names it
//! ```

use crate::audit::cookbook::{cookbooks, includes};
use crate::audit::pattern::Pattern;
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Kind, Rule, Scope, Severity};

pub(super) const RULE: Rule = Rule {
    code: "A415",
    name: "unreachable-recipe",
    title: "A recipe that nothing runs",
    severity: Severity::Note,
    category: Category::Correctness,
    effort: Effort::Small,
    confidence: Confidence::Medium,
    scope: Scope::Repo,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("unreachable_recipe.rs"),
    check,
    fix: None,
    secret: false,
};

/// `cookbook::recipe`, in whatever notation around.
static NAMED: Pattern = Pattern::new(r"([A-Za-z0-9_.\-]+::[A-Za-z0-9_.\-]+)");
/// Any recipe in a run list or a list of custom recipes.
static RUN: Pattern = Pattern::new(
    r#"recipe\[[^\]]+\]|\brun_list\b[\s(\[]*['"]|::[a-z]|"run_list"\s*:\s*\[\s*"|"(?:Setup|Configure|Deploy|Undeploy|Shutdown)"\s*:\s*\[\s*""#,
);

fn check(context: &Context, findings: &mut Vec<Finding>) {
    let all = cookbooks(context);
    // The roles in a cookbook of many are its examples.
    let example =
        |file: &&File| file.path.contains("/examples/") || all.iter().any(|own| !own.root.is_empty() && file.path.starts_with(&own.root));
    let lists: Vec<&File> = context.files.iter().filter(|file| is_run_list(file) && !example(file)).collect();
    if !lists.iter().any(|file| RUN.matches(file.text)) {
        return;
    }
    // What any description names is run by someone: a test suite, a task, a script.
    let named: Vec<&str> = context
        .files
        .iter()
        .filter(|file| (file.kind == Kind::Other && !is_prose(&file.path)) || is_run_list(file))
        .flat_map(|file| NAMED.all(file.text))
        .map(|(_, name)| name)
        .collect();
    let mut included = Vec::new();
    for file in context.ruby() {
        let own = crate::audit::cookbook::owner(&all, &file.path).map_or("", |own| &own.name);
        for include in includes(file).0 {
            let cookbook = if include.cookbook.is_empty() { own.to_owned() } else { include.cookbook };
            included.push((file.path.as_str(), cookbook, include.recipe));
        }
    }
    for file in context.of(&[Kind::Recipe]) {
        let owner = all.iter().find(|cookbook| file.path.strip_prefix(&*cookbook.root).is_some_and(|rest| rest.starts_with("recipes/")));
        let recipe = file.path.rsplit('/').next().and_then(|name| name.strip_suffix(".rb"));
        let (Some(owner), Some(recipe)) = (owner, recipe.filter(|recipe| *recipe != "default")) else { continue };
        let full = format!("{}::{recipe}", owner.name);
        let by_recipe = included.iter().any(|(from, cookbook, other)| {
            *from != file.path && *cookbook == owner.name && other.as_ref().is_none_or(|other| other == recipe)
        });
        if !by_recipe && !named.contains(&full.as_str()) {
            findings.push(file.finding(RULE.name, 1, format!("no run list and no recipe names `{full}`")));
        }
    }
}

/// Whether `file` says what nodes run: a role, a node, a Policyfile, a description of a stack.
fn is_run_list(file: &File) -> bool {
    let path = file.path.as_str();
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    let data = [".json", ".rb", ".yml", ".yaml"].iter().any(|end| name.ends_with(end));
    let folder = path.split('/').rev().skip(1).any(|folder| matches!(folder, "roles" | "nodes" | "policies" | "policyfiles"));
    let layers = file.kind == Kind::Other
        && name.ends_with(".json")
        && (file.text.contains("\"CustomRecipes\"") || file.text.contains("\"run_list\""));
    (folder && data && file.kind == Kind::Other)
        || name == "Policyfile.rb"
        || matches!(name, "stack.json" | "opsworks.yaml" | "opsworks.yml")
        || layers
}

fn is_prose(path: &str) -> bool {
    [".md", ".txt", ".rst", ".lock"].iter().any(|end| path.ends_with(end)) || path.contains("/spec/") || path.starts_with("spec/")
}

#[cfg(test)]
mod tests {
    use super::super::probe::found;

    const RECIPES: [(&str, &str); 3] =
        [("c/metadata.rb", "name 'shop'\n"), ("c/recipes/a.rb", "include_recipe '::b'\n"), ("c/recipes/b.rb", "")];

    fn with(path: &str, text: &str) -> Vec<String> {
        let mut files = RECIPES.to_vec();
        files.push((path, text));
        found("unreachable-recipe", &files)
    }

    #[test]
    fn the_roles_in_a_cookbook_of_many_are_examples() {
        let role = "run_list 'recipe[nginx]'\n";
        assert!(with("c/roles/x.rb", role).is_empty());
        assert!(with("c/examples/roles/x.rb", role).is_empty());
    }

    #[test]
    fn only_where_run_lists_are_given() {
        assert!(found("unreachable-recipe", &RECIPES).is_empty());
        assert!(with("roles/x.rb", "name 'x'\n").is_empty());
        assert_eq!(with("roles/x.rb", "run_list 'recipe[nginx]'\n"), ["c/recipes/a.rb:1"]);
        assert!(with("nodes/x.json", "{\"run_list\": [\"recipe[shop::a@1.0]\"]}").is_empty());
        assert!(with("stack.json", "{\"Layers\": [{\"CustomRecipes\": {\"Setup\": [\"shop::a\"]}}]}").is_empty());
        assert_eq!(with("stack.json", "{\"Layers\": [{\"CustomRecipes\": {\"Setup\": [\"shop\"]}}]}"), ["c/recipes/a.rb:1"]);
    }
}
