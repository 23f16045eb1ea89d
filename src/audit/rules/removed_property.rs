//! # removed-property: A property that newer Chef rejects
//!
//! execute `path` (13), `epic_fail` (14) and `%{file}` in verify (13) raise when the recipe is loaded or run.
//!
//! Fix: environment 'PATH' => …, `ignore_failure` true, %{path}. `--fix` writes them; a list of paths without `/usr/bin` is followed by the
//! `PATH` that is there, for the command needs that, too. A `path` beside an `environment` is left, and so is one that is computed.
//!
//! ```ruby
//! execute 'gem list' do
//!   path ['/usr/local/bin']                    # finding
//!   environment 'PATH' => '/usr/local/bin'     # instead
//! end
//! ```

use crate::audit::fix::{Edit, Fixer, each_call, quoted, rename};
use crate::audit::shape::{argument, call, literal, properties};
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::{Call, Expr};

pub(super) const RULE: Rule = Rule {
    code: "A107",
    name: "removed-property",
    title: "A property that newer Chef rejects",
    severity: Severity::Error,
    category: Category::Removed,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: Some("12.5"),
    removed: Some("14"),
    also: &[
        "Chef/Deprecations/ExecutePathProperty",
        "Chef/Deprecations/EpicFail",
        "Chef/Deprecations/VerifyPropertyUsesFileExpansion",
        "FC083",
        "FC107",
    ],
    page: include_str!("removed_property.rs"),
    check,
    fix: Some(Fixer::File(mend)),
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        file.walk(&mut |node, place| {
            let Some(call) = call(node).filter(|call| call.receiver.is_none() && !call.args.is_empty()) else { return };
            let Some(resource) = place.resource() else { return };
            let found = match call.name.as_str() {
                "path" => resource.name.as_str() == "execute",
                "epic_fail" => true,
                "verify" => argument(call, 0).and_then(|check| literal(check)).is_some_and(|check| check.contains("%{file}")),
                _ => false,
            };
            if found {
                let line = file.line(call.name_span.start);
                findings.push(file.finding(RULE.name, line, format!("`{}` is rejected by newer Chef here", call.name)));
            }
        });
    }
}

/// `epic_fail` → `ignore_failure`, `%{file}` → `%{path}`, `path ['/usr/bin']` → `environment 'PATH' => '/usr/bin'`
fn mend(file: &File, edits: &mut Vec<Edit>) {
    each_call(file, &mut |node, property, place| {
        let Some(resource) = place.resource().filter(|_| property.receiver.is_none()) else { return };
        let line = file.line(property.name_span.start);
        match property.name.as_str() {
            "epic_fail" => edits.push(rename(RULE.name, file, property, "ignore_failure")),
            "verify" => {
                let Some(check) = argument(property, 0).filter(|check| quoted(file.source(check.span)).is_some()) else { return };
                for (at, word) in file.source(check.span).match_indices("%{file}") {
                    let start = check.span.start.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
                    let end = start.saturating_add(u32::try_from(word.len()).unwrap_or(0));
                    edits.push(Edit::new(RULE.name, file, line, (start, end), "%{path}"));
                }
            }
            "path" if resource.name.as_str() == "execute" && properties(resource, "environment").is_empty() => {
                if let Some(paths) = paths(property) {
                    edits.push(Edit::new(
                        RULE.name,
                        file,
                        line,
                        (property.name_span.start, node.span.end),
                        format!("environment 'PATH' => {paths}"),
                    ));
                }
            }
            _ => {}
        }
    });
}

/// The folders that a `path` names, as a value of `PATH`.
fn paths(property: &Call) -> Option<String> {
    let value = argument(property, 0).filter(|_| property.args.len() == 1)?;
    let folders = match &value.expr {
        Expr::Array(items) => items.iter().map(|item| literal(item)).collect::<Option<Vec<String>>>()?,
        _ => vec![literal(value)?],
    };
    let plain = |folder: &String| folder.starts_with('/') && folder.chars().all(|c| c.is_ascii_alphanumeric() || "/._-+:".contains(c));
    let whole = folders.join(":");
    if folders.is_empty() || !folders.iter().all(plain) {
        None
    } else if whole.split(':').any(|folder| folder.trim_end_matches('/') == "/usr/bin") {
        Some(format!("'{whole}'"))
    } else {
        Some(format!("\"{whole}:#{{ENV['PATH']}}\""))
    }
}

#[cfg(test)]
mod tests {
    use super::super::probe::mended_file;

    #[test]
    fn properties_of_today() {
        for (text, new) in [
            ("  epic_fail   true # x\n", "  ignore_failure   true # x\n"),
            ("  path ['/usr/local/bin', \"/usr/bin\"] # x\n", "  environment 'PATH' => '/usr/local/bin:/usr/bin' # x\n"),
            ("  path %w(/opt/bin)\n", "  environment 'PATH' => \"/opt/bin:#{ENV['PATH']}\"\n"),
            ("  path '/opt/bin:/usr/bin'\n", "  environment 'PATH' => '/opt/bin:/usr/bin'\n"),
            ("  path ['/opt']\n  environment 'A' => 'b'\n", "  path ['/opt']\n  environment 'A' => 'b'\n"),
            ("  path [\"#{x}/bin\"]\n", "  path [\"#{x}/bin\"]\n"),
            ("  path list\n", "  path list\n"),
        ] {
            let resource = |text: &str| format!("execute 'x' do\n{text}end\n");
            assert_eq!(mended_file("removed-property", "recipes/a.rb", &resource(text)), resource(new));
        }
        let file = |word: &str| format!("file '/x' do\n  verify \"a %{{{word}}} -b %{{{word}}}\" # %{{file}}\nend\n");
        assert_eq!(mended_file("removed-property", "recipes/a.rb", &file("file")), file("path"));
    }
}
