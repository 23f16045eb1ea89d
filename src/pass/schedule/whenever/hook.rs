//! Calls in what a deployment runs: the app's `deploy/before_restart.rb` and its like, and the callbacks of a `deploy` resource.
//!
//! They are Ruby, and are not evaluated: what counts are the strings of commands in them.

use super::call::{self, Call};
use crate::blueprint::Origin;
use crate::graph::{Datum, Resource};
use crate::pass::Input;
use crate::source::Location;

/// The hooks that OpsWorks and Chef read from the app.
const HOOKS: &[&str] = &["deploy/before_migrate.rb", "deploy/before_symlink.rb", "deploy/before_restart.rb", "deploy/after_restart.rb"];

/// The callbacks of a `deploy` resource.
const CALLBACKS: &[&str] = &["before_migrate", "before_symlink", "before_restart", "after_restart"];

/// Names in the hooks whose values are the release at hand.
const RELEASE: &[&str] = &["release_path", "new_resource.release_path", "current_path", "new_resource.current_path"];

/// The calls, with their places.
pub fn calls(input: &Input<'_>, resource: &Resource, root: &str) -> Vec<(Call, Origin)> {
    let mut found = Vec::new();
    for project in input.projects {
        for hook in HOOKS {
            let Some(text) = project.text(input.sources, hook) else { continue };
            of_lines(text.lines().zip(1..), &project.place(hook, 1), root, &mut found);
        }
    }
    for callback in CALLBACKS {
        let at = match resource.get(callback) {
            Some(Datum::Block(Some(at))) => at.clone(),
            Some(Datum::Text(path)) => {
                // The path of a file in the release.
                let path = path.to_string();
                for project in input.projects {
                    if let Some(text) = project.text(input.sources, &path).filter(|_| !HOOKS.contains(&path.as_str())) {
                        of_lines(text.lines().zip(1..), &project.place(&path, 1), root, &mut found);
                    }
                }
                continue;
            }
            _ => continue,
        };
        let Some(id) = input.sources.find(&at.path) else { continue };
        let text = input.sources.file(id).text();
        let lines: Vec<(&str, u32)> = text.lines().zip(1..).skip(at.line.saturating_sub(1) as usize).collect();
        // The block ends where its indentation comes back.
        let indent = lines.first().map_or(0, |(line, _)| line.len() - line.trim_start().len());
        let length = lines.iter().skip(1).position(|(line, _)| !line.trim().is_empty() && line.len() - line.trim_start().len() <= indent);
        of_lines(lines.iter().take(length.map_or(lines.len(), |length| length + 1)).copied(), &at, root, &mut found);
    }
    found
}

fn of_lines<'t>(lines: impl Iterator<Item = (&'t str, u32)>, at: &Location, root: &str, found: &mut Vec<(Call, Origin)>) {
    for (line, number) in lines {
        if line.trim_start().starts_with('#') || !line.contains("whenever") {
            continue;
        }
        for literal in literals(line) {
            let text = filled(&literal, root);
            let location = Location { path: at.path.clone(), line: number, column: 1 };
            found.extend(
                call::all(&text).into_iter().map(|call| (call, Origin { location: location.clone(), what: line.trim().to_owned() })),
            );
        }
    }
}

/// The string literals of a line of Ruby.
fn literals(line: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find(['"', '\'', '`']) {
        let quote = rest[at..].chars().next().unwrap_or('"');
        let body = &rest[at + 1..];
        let mut escaped = false;
        let mut end = None;
        for (index, c) in body.char_indices() {
            if c == quote && !escaped {
                end = Some(index);
                break;
            }
            escaped = c == '\\' && !escaped;
        }
        // A command without quotes around the whole of it goes on to the end of the line.
        let end = end.unwrap_or(body.len());
        all.push(body[..end].replace("\\\"", "\"").replace("\\'", "'"));
        rest = body.get(end + 1..).unwrap_or_default();
    }
    all
}

/// The text with the release's path in it; what else is interpolated is not known.
fn filled(text: &str, root: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("#{") {
        out.push_str(&rest[..at]);
        let Some(end) = rest[at..].find('}') else { break };
        let code = rest[at + 2..at + end].trim();
        if RELEASE.contains(&code) {
            out.push_str(&format!("{root}/current"));
        } else {
            out.push('\u{F0000}');
        }
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_of_a_hook() {
        let mut found = Vec::new();
        let text =
            "# run 'whenever -i x'\nrun \"cd #{release_path} && bundle exec whenever --update-crontab shop --set environment=#{env}\"\n";
        let at = Location { path: "deploy/before_restart.rb".to_owned(), line: 1, column: 1 };
        of_lines(text.lines().zip(1..), &at, "/srv/www/shop", &mut found);
        let (call, origin) = &found[0];
        assert_eq!((found.len(), origin.location.line), (1, 2));
        assert_eq!(call.directory.as_deref(), Some("/srv/www/shop/current"));
        assert_eq!(call.set.as_deref(), Some("environment=\u{F0000}"));
    }
}
