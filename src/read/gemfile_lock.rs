//! `Gemfile.lock`: where gems come from, which version each has, platforms, dependencies, Ruby's and Bundler's version.
//!
//! `    rails (6.1.7)` below `GEM` and `  specs:` is a [`Spec`]; `      actionpack (= 6.1.7)` below it is one of its dependencies.

use nom::bytes::complete::{take_while, take_while1};
use nom::character::complete::{char, space0};
use nom::combinator::{all_consuming, opt};
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

use super::lexeme::lines;
use super::problem::Problem;

/// A lock file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// `GEM`, `GIT`, `PATH`, `PLUGIN SOURCE` sections, in order.
    pub sources: Vec<Source>,
    /// `PLATFORMS`
    pub platforms: Vec<(u32, String)>,
    /// `DEPENDENCIES`
    pub dependencies: Vec<Dependency>,
    /// `RUBY VERSION` as written: `ruby 2.7.2p137`.
    pub ruby: Option<(u32, String)>,
    /// `BUNDLED WITH`
    pub bundled_with: Option<(u32, String)>,
}

/// Which section a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// A gem server.
    Gem,
    /// A repository.
    Git,
    /// A directory.
    Path,
    /// A Bundler plugin.
    Plugin,
}

/// Where gems come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Line of the header, from 1.
    pub line: u32,
    /// Which section it is.
    pub kind: SourceKind,
    /// `remote:`; a gem server may have several.
    pub remotes: Vec<String>,
    /// `revision:`, `branch:`, `ref:`, `tag:`, `glob:`, `submodules:`
    pub options: Vec<(String, String)>,
    /// Its gems.
    pub specs: Vec<Spec>,
}

/// A locked gem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// Line, from 1.
    pub line: u32,
    /// Its name.
    pub name: String,
    /// Its version, without the platform.
    pub version: String,
    /// `x86_64-linux`, `java`
    pub platform: Option<String>,
    /// What it needs.
    pub dependencies: Vec<Dependency>,
}

/// A gem that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// Line, from 1.
    pub line: u32,
    /// Its name.
    pub name: String,
    /// `~> 6.1, >= 6.1.4`, where there is one.
    pub requirement: Option<String>,
    /// `!`: from a source of its own.
    pub pinned: bool,
}

impl Lock {
    /// All gems, in order.
    pub fn specs(&self) -> impl Iterator<Item = &Spec> {
        self.sources.iter().flat_map(|source| &source.specs)
    }

    /// The first gem of that name.
    #[must_use]
    pub fn spec(&self, name: &str) -> Option<&Spec> {
        self.specs().find(|spec| spec.name == name)
    }

    /// Ruby's version alone: `2.7.2` of `ruby 2.7.2p137`.
    #[must_use]
    pub fn ruby_version(&self) -> Option<&str> {
        let (_, text) = self.ruby.as_ref()?;
        let version = text.strip_prefix("ruby ")?.split(' ').next()?;
        let end = version.find('p').filter(|at| version[at + 1..].bytes().all(|byte| byte.is_ascii_digit()));
        Some(&version[..end.unwrap_or(version.len())])
    }
}

enum Section {
    Source,
    Platforms,
    Dependencies,
    Ruby,
    Bundler,
    Checksums,
    Unknown,
}

/// Reads a lock file.
#[must_use]
pub fn parse(text: &str) -> (Lock, Vec<Problem>) {
    let mut lock = Lock::default();
    let mut problems = Vec::new();
    let mut section = Section::Unknown;
    for (line, raw) in lines(text) {
        let body = raw.trim();
        let indent = raw.len() - raw.trim_start_matches(' ').len();
        if body.is_empty() {
            continue;
        }
        if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|marker| raw.starts_with(marker)) {
            problems.push(Problem::on_line(line, "a merge conflict was left here"));
            continue;
        }
        if indent == 0 {
            section = header(line, body, &mut lock, &mut problems);
            continue;
        }
        match section {
            Section::Source => {
                if let Some(source) = lock.sources.last_mut() {
                    source_line(line, indent, body, source, &mut problems);
                }
            }
            Section::Platforms => lock.platforms.push((line, body.to_owned())),
            Section::Dependencies => match dependency(body) {
                Ok((_, (name, requirement, pinned))) => {
                    lock.dependencies.push(Dependency { line, name: name.to_owned(), requirement: requirement.map(str::to_owned), pinned });
                }
                Err(_) => problems.push(Problem::on_line(line, format!("`{body}` is no dependency"))),
            },
            Section::Ruby => lock.ruby = Some((line, body.to_owned())),
            Section::Bundler => lock.bundled_with = Some((line, body.to_owned())),
            Section::Checksums | Section::Unknown => {}
        }
    }
    (lock, problems)
}

fn header(line: u32, body: &str, lock: &mut Lock, problems: &mut Vec<Problem>) -> Section {
    let kind = match body {
        "GEM" => SourceKind::Gem,
        "GIT" => SourceKind::Git,
        "PATH" => SourceKind::Path,
        "PLUGIN SOURCE" => SourceKind::Plugin,
        "PLATFORMS" => return Section::Platforms,
        "DEPENDENCIES" => return Section::Dependencies,
        "RUBY VERSION" => return Section::Ruby,
        "BUNDLED WITH" => return Section::Bundler,
        "CHECKSUMS" => return Section::Checksums,
        _ => {
            problems.push(Problem::on_line(line, format!("`{body}` is no section of a lock file")));
            return Section::Unknown;
        }
    };
    lock.sources.push(Source { line, kind, remotes: Vec::new(), options: Vec::new(), specs: Vec::new() });
    Section::Source
}

fn source_line(line: u32, indent: usize, body: &str, source: &mut Source, problems: &mut Vec<Problem>) {
    match (indent, body.split_once(':')) {
        (2, Some(("specs", ""))) => {}
        (2, Some(("remote", value))) => source.remotes.push(value.trim().to_owned()),
        (2, Some((key, value))) => source.options.push((key.to_owned(), value.trim().to_owned())),
        (4, _) => match spec(body) {
            Ok((_, (name, version, platform))) => {
                let platform = platform.map(str::to_owned);
                source.specs.push(Spec { line, name: name.to_owned(), version: version.to_owned(), platform, dependencies: Vec::new() });
            }
            Err(_) => problems.push(Problem::on_line(line, format!("`{body}` is no gem with a version"))),
        },
        (6, _) => match (source.specs.last_mut(), dependency(body)) {
            (Some(spec), Ok((_, (name, requirement, pinned)))) => {
                spec.dependencies.push(Dependency { line, name: name.to_owned(), requirement: requirement.map(str::to_owned), pinned });
            }
            _ => problems.push(Problem::on_line(line, format!("`{body}` is no dependency"))),
        },
        _ => problems.push(Problem::on_line(line, format!("`{body}` stands at an unknown depth"))),
    }
}

fn gem_name(input: &str) -> IResult<&str, &str> {
    take_while1(|c: char| !c.is_whitespace() && c != '(' && c != '!').parse(input)
}

/// `name (version-platform)`
fn spec(input: &str) -> IResult<&str, (&str, &str, Option<&str>)> {
    let version = take_while1(|c: char| c != '-' && c != ')' && !c.is_whitespace());
    let platform = preceded(char('-'), take_while1(|c| c != ')'));
    all_consuming((gem_name, space0, delimited(char('('), (version, opt(platform)), char(')'))))
        .map(|(name, _, (version, platform))| (name, version, platform))
        .parse(input)
}

/// `name (requirement)!`
fn dependency(input: &str) -> IResult<&str, (&str, Option<&str>, bool)> {
    let requirement = delimited(char('('), take_while(|c| c != ')'), char(')'));
    all_consuming((gem_name, space0, opt(requirement), opt(char('!'))))
        .map(|(name, _, requirement, pinned)| (name, requirement, pinned.is_some()))
        .parse(input)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "\
GIT
  remote: https://github.com/acme/tool.git
  revision: 0123abc
  branch: main
  specs:
    tool (0.1.0)
      rack (>= 1.0, < 3)

PATH
  remote: engines/shop
  specs:
    shop (1.0)

GEM
  remote: https://rubygems.org/
  specs:
    mysql2 (0.5.4)
    nokogiri (1.13.10-x86_64-linux)
      racc (~> 1.4)
    rack (2.2.6.2)
    rails (6.1.7.1)

PLATFORMS
  ruby
  x86_64-linux

DEPENDENCIES
  mysql2
  rails (~> 6.1.4)
  shop!
  tool!

RUBY VERSION
   ruby 2.7.2p137

BUNDLED WITH
   2.1.4
";

    #[test]
    fn a_lock_file() {
        let (lock, problems) = parse(LOCK);
        assert_eq!(problems, []);
        assert_eq!(lock.sources.iter().map(|source| source.kind).collect::<Vec<_>>(), [SourceKind::Git, SourceKind::Path, SourceKind::Gem]);
        assert_eq!(lock.sources[0].options, [("revision".to_owned(), "0123abc".to_owned()), ("branch".into(), "main".into())]);
        assert_eq!(lock.spec("tool").unwrap().dependencies[0].requirement.as_deref(), Some(">= 1.0, < 3"));
        let nokogiri = lock.spec("nokogiri").unwrap();
        assert_eq!((nokogiri.line, nokogiri.version.as_str(), nokogiri.platform.as_deref()), (18, "1.13.10", Some("x86_64-linux")));
        assert_eq!(lock.specs().count(), 6);
        assert_eq!(
            lock.dependencies.iter().map(|it| (it.name.as_str(), it.pinned)).collect::<Vec<_>>(),
            [("mysql2", false), ("rails", false), ("shop", true), ("tool", true)]
        );
        assert_eq!(lock.ruby_version(), Some("2.7.2"));
        assert_eq!(lock.bundled_with, Some((37, "2.1.4".to_owned())));
        assert_eq!(lock.platforms.len(), 2);
    }

    #[test]
    fn faults_do_not_lose_the_rest() {
        let (lock, problems) =
            parse("GEM\n  specs:\n<<<<<<< HEAD\n    a (1)\n=======\n    b\n      c (\n     d\nNEW\n  x\nBUNDLED WITH\n   1.17.3\n");
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [3, 5, 6, 7, 8, 9]);
        assert_eq!((lock.specs().count(), lock.bundled_with.is_some(), lock.ruby_version()), (1, true, None));
    }
}
