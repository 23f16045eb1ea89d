//! # renamed-package: A package that today's distributions don't have
//!
//! Packages change their names, merge and go. A cookbook of 2014 names those of Ubuntu 12.04 or 14.04; the image is built on Debian 12
//! or 13 or Ubuntu 24.04, and there `apt-get install` stops with "Unable to locate package": one old name, and no image.
//!
//! Found in `package` resources, lists that are looped over, attributes called `packages`, and `apt-get install` lines. Names that
//! stand only in a branch for RPM distributions are left alone; so is what a resource removes.
//!
//! Fix: the successor that the message names. `phantomjs` has none: use a headless Chromium.
//!
//! `--fix` writes the name where the successor is the same thing under another name (`git-core`, `libxslt-dev`, fonts). Where it is
//! another program or another generation (`python-dev`, `ssmtp`, `libssl1.0.0`), the image would be built, and fail when it runs: these are
//! left. So are packages whose version is given, that another resource names (`package[git-core]`), or whose successor stands beside them.
//!
//! ```ruby
//! package 'git-core'                                    # finding
//! package 'git'                                         # instead
//! %w(curl libreadline6-dev).each { |p| package p }      # finding
//! %w(curl libreadline-dev).each { |p| package p }       # instead
//! ```
//!
//! Versioned runtimes (`php5-fpm`, `ruby1.9.1`) are `eol-version`.

use crate::audit::fix::{Edit, Fixer};
use crate::audit::installed::{installed, is_package};
use crate::audit::shape::{call, properties};
use crate::audit::{Category, Confidence, Context, Effort, File, Finding, Rule, Scope, Severity};
use crate::facts::package::{is_same, successor};

pub(super) const RULE: Rule = Rule {
    code: "A604",
    name: "renamed-package",
    title: "A package today's distributions don't have",
    severity: Severity::Error,
    category: Category::EndOfLife,
    effort: Effort::Trivial,
    confidence: Confidence::High,
    scope: Scope::File,
    since: None,
    removed: None,
    also: &[],
    page: include_str!("renamed_package.rs"),
    check,
    fix: Some(Fixer::Context(mend)),
    secret: false,
};

fn check(context: &Context, findings: &mut Vec<Finding>) {
    for file in &context.files {
        for package in installed(file).iter().filter(|package| !package.rpm) {
            let name = &package.name;
            let message = match successor(name) {
                None => continue,
                Some(Some(new)) => format!("`{name}` is gone; today it is `{new}`"),
                Some(None) => format!("`{name}` is gone, and nothing takes its place"),
            };
            findings.push(file.finding(RULE.name, package.line, message));
        }
    }
}

/// `package 'git-core'` → `package 'git'`
fn mend(context: &Context, edits: &mut Vec<Edit>) {
    for file in context.ruby() {
        let all = installed(file);
        for package in all.iter().filter(|package| !package.rpm && is_same(&package.name)) {
            let Some(new) = successor(&package.name).flatten() else { continue };
            let becomes = |name: &str| name == new || (name != package.name && successor(name).flatten().as_deref() == Some(&*new));
            let beside = all.iter().any(|other| becomes(&other.name));
            let named = || context.files.iter().any(|file| file.text.contains(&format!("[{}]", package.name)));
            if !beside
                && let Some(start) = only_place(file, package.line, &package.name)
                && !named()
            {
                let length = u32::try_from(package.name.len()).unwrap_or(0);
                edits.push(Edit::new(RULE.name, file, package.line, (start, start + length), new));
            }
        }
    }
}

/// Where the package's name stands on the line, if it stands there once and no version is asked for.
fn only_place(file: &File, line: u32, name: &str) -> Option<u32> {
    let before: usize = file.text.split_inclusive('\n').take(line.saturating_sub(1) as usize).map(str::len).sum();
    let text = file.text.get(before..)?.lines().next()?;
    let of_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | '=' | '/' | '[' | ']');
    let mut places = text.match_indices(name).filter(|(at, _)| {
        let (left, right) = (text[..*at].chars().next_back(), text[at + name.len()..].chars().next());
        !left.is_some_and(|c| of_word(c) && c != '[') && !right.is_some_and(|c| of_word(c) && c != ']')
    });
    let (at, _) = places.next()?;
    let asks_version = text.contains("version") || resource_has_version(file, line);
    (places.next().is_none() && !asks_version).then(|| u32::try_from(before + at).ok()).flatten()
}

/// Whether the resource that begins on `line` names a version.
fn resource_has_version(file: &File, line: u32) -> bool {
    let mut has = false;
    file.walk(&mut |node, _| {
        if let Some(resource) = call(node).filter(|call| is_package(call) && file.line(call.name_span.start) == line) {
            has |= !properties(resource, "version").is_empty();
        }
    });
    has
}

#[cfg(test)]
mod tests {
    use super::super::probe::{mended, mended_file};

    #[test]
    fn names_change_where_the_thing_is_the_same() {
        for (text, new) in [
            ("package 'git-core' # x\n", "package 'git' # x\n"),
            ("package %w(curl git-core libxslt-dev)\n", "package %w(curl git libxslt1-dev)\n"),
            ("%w[\n  ttf-vlgothic\n].each { |x| package x }\n", "%w[\n  fonts-vlgothic\n].each { |x| package x }\n"),
            ("execute 'apt-get install -y git-core'\n", "execute 'apt-get install -y git'\n"),
            ("execute 'apt-get install -y git-core=1.7'\n", "execute 'apt-get install -y git-core=1.7'\n"),
            ("package 'git-core' do\n  version '1.7'\nend\n", "package 'git-core' do\n  version '1.7'\nend\n"),
            ("package 'python-dev'\npackage 'ssmtp'\n", "package 'python-dev'\npackage 'ssmtp'\n"),
            ("package 'phantomjs'\npackage 'libicu48'\n", "package 'phantomjs'\npackage 'libicu48'\n"),
            ("package %w(git git-core)\n", "package %w(git git-core)\n"),
            ("package 'git-core' # git-core\n", "package 'git-core' # git-core\n"),
            ("package 'libgd2-xpm-dev'\npackage 'libgd2-noxpm-dev'\n", "package 'libgd2-xpm-dev'\npackage 'libgd2-noxpm-dev'\n"),
        ] {
            assert_eq!(mended_file("renamed-package", "recipes/a.rb", text), new);
        }
        assert_eq!(
            mended_file("renamed-package", "attributes/a.rb", "default['a']['packages'] = ['git-core']\n"),
            "default['a']['packages'] = ['git']\n"
        );
        let named =
            [("recipes/a.rb", "package 'git-core'\n"), ("recipes/b.rb", "file '/x' do\n  notifies :install, 'package[git-core]'\nend\n")];
        assert_eq!(mended("renamed-package", &named), named[0].1);
    }
}
