//! # library-unpinned: A gem, pip or npm package without version
//!
//! The newest version is taken on each build; old code then meets new majors on the day the image is rebuilt.
//!
//! Fix: Name the version, or put the library into the application's lock file.
//!
//! ```ruby
//! gem_package 'bundler'             # finding
//! gem_package 'bundler' do
//!   version '1.17.3'                # instead
//! end
//! execute 'pip install gunicorn'    # finding: write gunicorn==20.1.0
//! ```
//!
//! Other tools: hadolint DL3028, DL3013, DL3016.

use crate::audit::command::commands;
use crate::audit::pattern::Pattern;
use crate::audit::shape::{argument, call, is_resource, outline, properties};
use crate::audit::signs::removes;
use crate::audit::visit::Place;
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Rule, Scope, Severity};
use crate::read::ruby::ast::{Call, Expr, Target};

pub(super) const RULE: Rule = Rule {
    code: "A503",
    name: "library-unpinned",
    title: "A gem, pip or npm package without version",
    severity: Severity::Note,
    category: Category::Reproducible,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &["hadolint DL3028", "DL3013", "DL3016"],
    page: include_str!("library_unpinned.rs"),
    check,
    fix: None,
    secret: false,
};

/// The arguments of an installing command, with `gem`, `pip` or `npm` before them.
static INSTALL: Pattern = Pattern::new(r"(?:^|[\s;&|(`\x22\x27/])((?:gem|pip|npm)[\d.]*\s+(?:-\S+\s+)*(?:install|i)\s[^;&|`)<>]*)");
/// Options that are followed by a value.
const VALUED: &[&str] = &[
    "--install-dir",
    "--bindir",
    "-n",
    "--source",
    "-s",
    "--platform",
    "-P",
    "--index-url",
    "--extra-index-url",
    "-t",
    "--target",
    "-c",
    "--constraint",
    "--trusted-host",
    "--prefix",
    "--find-links",
    "--root",
    "--proxy",
    "--http-proxy",
    "-p",
    "--timeout",
    "--retries",
    "--registry",
    "--cache",
    "--cache-dir",
    "--loglevel",
    "--no-binary",
    "--only-binary",
    "--global-option",
    "--install-option",
];

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in context.recipes() {
        file.walk(&mut |node, place| {
            if let Some(resource) = call(node).filter(|call| is_library(call))
                && !is_set_later(file, place)
                && !is_fixed(resource)
                && !removes(resource)
            {
                findings.push(file.finding(RULE.name, file.line(resource.name_span.start), "the newest version is taken on each build"));
            }
        });
    }
    for file in &context.files {
        for line in commands(file) {
            if INSTALL.all(&line.text).iter().any(|(_, command)| is_unpinned(command)) {
                findings.push(file.finding(RULE.name, line.line, "the newest version is taken on each build"));
            }
        }
    }
}

/// Whether the resource is kept in a variable, through which its version is set: `gem.version('1')`, `gem.send(key, value)`.
fn is_set_later(file: &File, place: &Place) -> bool {
    let Some(Expr::Assign { target: Target::Local(kept), .. }) = place.parent().map(|parent| &parent.expr) else { return false };
    let mut set = false;
    file.walk(&mut |node, _| {
        set |= call(node).is_some_and(|call| {
            matches!(call.name.as_str(), "version" | "send" | "public_send")
                && call.receiver.as_ref().is_some_and(|receiver| matches!(&receiver.expr, Expr::Local(name) if name == kept))
        });
    });
    set
}

fn is_library(call: &Call) -> bool {
    let named = argument(call, 0).is_some_and(|name| !matches!(name.expr, Expr::Hash(_)));
    named && is_resource(call, &["gem_package", "python_pip", "nodejs_npm", "npm_package", "pip"])
}

/// Whether something says which version: a property, the name, a list of requirements, a local file.
fn is_fixed(resource: &Call) -> bool {
    let text = |value: &Expr| if let Expr::Str(pieces) = value { outline(pieces) } else { String::new() };
    let of = |name: &str| -> Vec<String> {
        properties(resource, name).iter().filter_map(|(_, property)| argument(property, 0)).map(|value| text(&value.expr)).collect()
    };
    let mut names = of("package_name");
    names.extend(argument(resource, 0).map(|name| text(&name.expr)));
    !properties(resource, "version").is_empty()
        || ["json", "path"].iter().any(|manifest| resource.name.starts_with("n") && !properties(resource, manifest).is_empty())
        || of("source").iter().any(|source| source.starts_with('/') || source.ends_with(".gem"))
        || of("options").iter().any(|options| options.starts_with("-r") || options.contains(" -r"))
        || names.iter().any(|name| name.contains("==") || name.ends_with(".txt") || is_npm_version(name) && resource.name.starts_with("n"))
}

/// `pm2@5.3.0`, and not `pm2`, `@scope/pm2` or `pm2@latest`.
fn is_npm_version(name: &str) -> bool {
    name.rsplit_once('@').is_some_and(|(package, version)| !package.is_empty() && !matches!(version, "latest" | "next" | ""))
}

fn is_unpinned(command: &str) -> bool {
    let mut words = command.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
    let tool = words.next().unwrap_or("");
    let words: Vec<&str> = words.collect();
    let npm = tool.starts_with("npm");
    let has = |options: &[&str]| words.iter().any(|word| options.contains(word));
    let global = has(&["-g", "--global"]);
    let versioned = words.iter().any(|word| word.starts_with("-v") || word.starts_with("--version"));
    let list =
        words.iter().any(|word| word.starts_with("--file") || *word == "-g" || word.starts_with("--requirement") || word.starts_with("-r"));
    if (npm && !global) || (tool.starts_with("gem") && (versioned || list)) || (tool.starts_with("pip") && list) {
        return false;
    }
    let mut skip = false;
    words.iter().any(|word| {
        let value =
            std::mem::replace(&mut skip, VALUED.contains(word) || (*word == "-i" && !npm) || *word == "-e" || *word == "--editable");
        let package = word.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '@') && !matches!(*word, "install" | "i");
        let local =
            word.contains("://") || word.ends_with(".gem") || word.ends_with(".whl") || word.contains(".tar") || word.ends_with(".tgz");
        let path = word.contains('/') && !word.starts_with('@');
        let pinned = if npm { is_npm_version(word) } else { word.contains("==") || (tool.starts_with("gem") && word.contains(':')) };
        package && !value && !local && !path && !pinned
    })
}

#[cfg(test)]
mod tests {
    use crate::audit::tests::lines;

    #[test]
    fn a_version_that_is_set_through_a_variable() {
        let code = "f = npm_package 'a' do\n  action :nothing\nend\npkg.each { |key, value| f.send(key, value) }\nnpm_package 'b'\n";
        assert_eq!(lines("recipes/default.rb", code, "library-unpinned"), [5]);
    }

    #[test]
    fn commands_are_read_by_the_rules_of_their_tools() {
        let found = |command: &str| lines("recipes/default.rb", &format!("execute '{command}'\n"), "library-unpinned").len();
        for open in [
            "gem install foreman",
            "sudo /usr/bin/pip3 install -U pip",
            "cd /a && npm i -g @a/b",
            "pip install a==1.0 b",
            "npm install pm2 --global",
            "python -m pip install -i https://pypi.example.com/ boto3",
        ] {
            assert_eq!(found(open), 1, "{open}");
        }
        for pinned in [
            "gem install foreman -v 0.87",
            "gem install bundler:2.1.4",
            "pip install -r requirements.txt",
            "pip install .",
            "npm install",
            "npm install -g @a/b@1.0.0",
            "pip install --no-cache-dir a==1.0",
            "gem install /tmp/a.gem",
            "npm install left-pad",
        ] {
            assert_eq!(found(pinned), 0, "{pinned}");
        }
    }
}
