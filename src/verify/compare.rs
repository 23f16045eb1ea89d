//! One expectation against the file system of an image: the same, or on both sides what is not.
//!
//! In: what Chef would have left, what stands in the image. Out: [`Answer`]. `mode: Chef 0600, image 0644`.

use std::collections::BTreeMap;

use super::expectation::{Expectation, Group, State, User};
use super::system::{self, FileSystem};
use crate::graph::{FileKind, FileState};
use crate::pass::packages::request::{Manager, Request};
use crate::text::{Part, SHOWN_HOLE, Text};

/// Characters of a side that are shown.
const SHOWN: usize = 160;

/// A property that differs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Side {
    /// `mode`, `content line 3`.
    pub what: String,
    /// What a converge would have left.
    pub chef: String,
    /// What the image has.
    pub image: String,
}

/// What the comparison says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is as expected.
    Same,
    /// It is not there.
    Missing,
    /// It is there, and differs.
    Different(Vec<Side>),
    /// The image does not show it: why.
    Unchecked(String),
}

/// What is looked at, with what was read out of it once.
pub struct Machine<'a> {
    /// The file system.
    pub system: &'a FileSystem,
    users: BTreeMap<String, system::User>,
    groups: BTreeMap<String, (u32, std::collections::BTreeSet<String>)>,
    packages: Option<BTreeMap<String, String>>,
}

fn side(what: &str, chef: impl Into<String>, image: impl Into<String>) -> Side {
    Side { what: what.to_owned(), chef: chef.into(), image: image.into() }
}

impl<'a> Machine<'a> {
    /// Reads accounts and packages.
    #[must_use]
    pub fn new(system: &'a FileSystem) -> Self {
        Self { system, users: system.users(), groups: system.groups(), packages: system.packages() }
    }

    /// The installed packages, where the image lists them in a text.
    #[must_use]
    pub fn packages(&self) -> Option<&BTreeMap<String, String>> {
        self.packages.as_ref()
    }

    /// The name of the user with that number.
    #[must_use]
    pub fn user_name(&self, uid: u32) -> Option<&str> {
        self.users.iter().find(|(_, user)| user.uid == uid).map(|(name, _)| name.as_str())
    }

    fn group_name(&self, gid: u32) -> Option<&str> {
        self.groups.iter().find(|(_, (number, _))| *number == gid).map(|(name, _)| name.as_str())
    }

    /// Compares what is no path; paths have [`Machine::path`].
    #[must_use]
    pub fn named(&self, expectation: &Expectation, left_out: &dyn Fn(&str) -> bool) -> Answer {
        match &expectation.state {
            State::Package(request) => self.package(request),
            State::User(user) => self.user(&expectation.name, user),
            State::Group(group) => self.group(&expectation.name, group, left_out),
            State::Path(_) | State::Schedule(_) => Answer::Missing,
        }
    }

    /// Compares what stands at `path`. `in_app`: in the app's own folder, where the image decides whose files are.
    #[must_use]
    pub fn path(&self, path: &str, state: &FileState, in_app: bool, hide: bool) -> Answer {
        let found = self.system.find(path);
        if matches!(state.kind, FileKind::Absent) {
            return match found {
                None => Answer::Same,
                Some(entry) => Answer::Different(vec![side("path", "removed", format!("a {}", entry.kind.name()))]),
            };
        }
        let Some(entry) = found else { return Answer::Missing };
        let wanted = match state.kind {
            FileKind::Directory => system::Kind::Directory,
            FileKind::Link(_) => system::Kind::Link,
            _ => system::Kind::File,
        };
        // A directory that is reached by a link is a directory.
        let is_reached = wanted == system::Kind::Directory && self.system.follow(path).is_some_and(|real| real.kind == wanted);
        if entry.kind != wanted && !is_reached {
            return Answer::Different(vec![side("kind", wanted.name(), entry.kind.name())]);
        }
        let mut sides = Vec::new();
        if let FileKind::Link(to) = &state.kind {
            let image = entry.link.clone().unwrap_or_default();
            if !matches(to, image.as_bytes()) {
                sides.push(side("target", to.to_string(), image));
            }
            return if sides.is_empty() { Answer::Same } else { Answer::Different(sides) };
        }
        let entry = if is_reached { self.system.follow(path).unwrap_or(entry) } else { entry };
        if let FileKind::File(text) = &state.kind {
            match self.system.content(path) {
                Some(bytes) if matches(text, bytes) => {}
                Some(bytes) => sides.push(content(text, bytes, hide || text.is_secret())),
                None => return Answer::Unchecked("its content is larger than what is compared".to_owned()),
            }
        }
        if !in_app {
            sides.extend(self.ownership(state, entry));
        }
        match &state.kind {
            _ if !sides.is_empty() => Answer::Different(sides),
            FileKind::Remote(_) => Answer::Unchecked("it is there; what the address gave is not known".to_owned()),
            FileKind::Binary(_) => Answer::Unchecked("it is there; bytes that are no text are not compared".to_owned()),
            FileKind::Broken(why) => Answer::Unchecked(format!("it is there; what Chef would have written is not known: {why}")),
            _ => Answer::Same,
        }
    }

    /// Owner, group and mode, where Chef was told.
    #[must_use]
    pub fn ownership(&self, state: &FileState, entry: &system::Entry) -> Vec<Side> {
        let mut sides = Vec::new();
        let known = |name: &Option<String>| name.clone().filter(|name| !name.contains(SHOWN_HOLE));
        // Two names may share a number: what counts is the number.
        let user = |name: &str| self.users.get(name).map(|user| user.uid);
        let group = |name: &str| self.groups.get(name).map(|(gid, _)| *gid);
        for (what, wanted, number, name, own) in [
            ("owner", known(&state.owner), entry.uid, self.user_name(entry.uid), &user as &dyn Fn(&str) -> Option<u32>),
            ("group", known(&state.group), entry.gid, self.group_name(entry.gid), &group),
        ] {
            let same = |wanted: &String| Some(wanted.as_str()) == name || *wanted == number.to_string() || own(wanted) == Some(number);
            if let Some(wanted) = wanted.filter(|wanted| !same(wanted)) {
                sides.push(side(what, wanted, name.map_or_else(|| number.to_string(), str::to_owned)));
            }
        }
        if let Some(mode) = state.mode.as_deref().and_then(octal).filter(|mode| *mode != entry.mode) {
            sides.push(side("mode", format!("{mode:04o}"), format!("{:04o}", entry.mode)));
        }
        sides
    }

    fn package(&self, request: &Request) -> Answer {
        let found = match request.manager {
            Manager::System => match &self.packages {
                None => return Answer::Unchecked("the image keeps its list of packages in a form that is not read".to_owned()),
                Some(packages) => packages.get(&request.name).cloned(),
            },
            Manager::Gem => self.library("/specifications/", &request.name, ".gemspec", request.version.as_deref()),
            Manager::Pip => self
                .library("/site-packages/", &request.name.replace('-', "_"), ".dist-info", None)
                .or_else(|| self.library("/site-packages/", &request.name, ".dist-info", None)),
            Manager::Npm => {
                let ending = format!("/node_modules/{}/package.json", request.name);
                self.system.paths().any(|path| path.ends_with(&ending)).then(String::new)
            }
            Manager::Pecl | Manager::Cpan => return Answer::Unchecked("what this manager installed is not looked for".to_owned()),
        };
        match (found, &request.version) {
            (None, _) if request.remove => Answer::Same,
            (None, _) => Answer::Missing,
            (Some(_), _) if request.remove => Answer::Different(vec![side("package", "removed", "installed")]),
            (Some(found), Some(wanted)) if !found.is_empty() && !is_version(&found, wanted) => {
                Answer::Different(vec![side("version", wanted.clone(), found)])
            }
            _ => Answer::Same,
        }
    }

    /// The version of a library that leaves a file `NAME-VERSION` in a folder of its manager.
    fn library(&self, folder: &str, name: &str, ending: &str, version: Option<&str>) -> Option<String> {
        let of = |path: &str| {
            let file = path.rsplit_once(folder)?.1.split('/').next()?;
            let found = file.strip_suffix(ending)?.strip_prefix(name)?.strip_prefix('-')?;
            found.starts_with(|first: char| first.is_ascii_digit()).then(|| found.to_owned())
        };
        let mut found: Vec<String> = self.system.paths().filter_map(of).collect();
        found.sort_by_key(|found| version.is_none_or(|wanted| found != wanted));
        found.into_iter().next()
    }

    fn user(&self, name: &str, wanted: &User) -> Answer {
        let Some(found) = self.users.get(name) else { return if wanted.is_removed { Answer::Same } else { Answer::Missing } };
        if wanted.is_removed {
            return Answer::Different(vec![side("user", "removed", "there")]);
        }
        let mut sides = Vec::new();
        if let Some(uid) = wanted.uid.filter(|uid| *uid != found.uid) {
            sides.push(side("uid", uid.to_string(), found.uid.to_string()));
        }
        let group = self.group_name(found.gid).unwrap_or_default();
        if let Some(wanted) = wanted.group.as_ref().filter(|wanted| *wanted != group && **wanted != found.gid.to_string()) {
            sides.push(side("group", wanted.clone(), if group.is_empty() { found.gid.to_string() } else { group.to_owned() }));
        }
        for (what, wanted, found) in [("home", &wanted.home, &found.home), ("shell", &wanted.shell, &found.shell)] {
            if let Some(wanted) = wanted.as_ref().filter(|wanted| wanted.trim_end_matches('/') != found.trim_end_matches('/')) {
                sides.push(side(what, wanted.clone(), found.clone()));
            }
        }
        if wanted.has_home && self.system.follow(&found.home).is_none() {
            sides.push(side("home", format!("{} is made", found.home), "it is not there"));
        }
        if sides.is_empty() { Answer::Same } else { Answer::Different(sides) }
    }

    fn group(&self, name: &str, wanted: &Group, left_out: &dyn Fn(&str) -> bool) -> Answer {
        let Some((gid, members)) = self.groups.get(name) else { return if wanted.is_removed { Answer::Same } else { Answer::Missing } };
        if wanted.is_removed {
            return Answer::Different(vec![side("group", "removed", "there")]);
        }
        let mut sides = Vec::new();
        if let Some(wanted) = wanted.gid.filter(|wanted| wanted != gid) {
            sides.push(side("gid", wanted.to_string(), gid.to_string()));
        }
        let is_in = |name: &String| members.contains(name) || self.users.get(name).is_some_and(|user| user.gid == *gid);
        let lacks: Vec<&str> = wanted.members.iter().filter(|name| !is_in(name) && !left_out(name)).map(String::as_str).collect();
        if !lacks.is_empty() {
            sides.push(side("members", lacks.join(", "), "not in it"));
        }
        if sides.is_empty() { Answer::Same } else { Answer::Different(sides) }
    }
}

/// `1.2` is what was asked for where `1.2-3` or `1:1.2-3` is there.
fn is_version(found: &str, wanted: &str) -> bool {
    let plain = |text: &str| text.split_once(':').map_or(text, |(_, rest)| rest).to_owned();
    let (found, wanted) = (plain(found), plain(wanted.trim_start_matches(['=', '~', '>', '<', ' '])));
    let wanted = wanted.trim_end_matches('*');
    found.strip_prefix(wanted).is_some_and(|rest| wanted.ends_with(['.', '-']) || !rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Permission bits as octal digits; other forms say how to change them, not what they are.
fn octal(mode: &str) -> Option<u32> {
    let digits = mode.trim_start_matches("0o");
    u32::from_str_radix(digits, 8).ok().filter(|_| digits.len() <= 6).map(|mode| mode & 0o7777)
}

/// Whether `bytes` are the text, holes standing for anything.
#[must_use]
pub fn matches(text: &Text, bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let mut open = false;
    let parts = text.parts();
    for (index, part) in parts.iter().enumerate() {
        let Part::Literal(literal) = part else {
            open = true;
            continue;
        };
        let literal = literal.as_bytes();
        if index + 1 == parts.len() {
            return if open { rest.ends_with(literal) } else { rest == literal };
        }
        let at = if open { find(rest, literal) } else { rest.starts_with(literal).then_some(0) };
        let Some(at) = at else { return false };
        rest = &rest[at + literal.len()..];
        open = false;
    }
    open || rest.is_empty()
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    if wanted.is_empty() {
        return Some(0);
    }
    let first = wanted[0];
    let mut from = 0;
    while let Some(at) = text[from..].iter().position(|byte| *byte == first).map(|at| from + at) {
        if text[at..].starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// The first line that differs.
#[must_use]
pub fn content(text: &Text, bytes: &[u8], hide: bool) -> Side {
    let lines = lines(text);
    let image = String::from_utf8_lossy(bytes);
    let found: Vec<&str> = image.split_inclusive('\n').collect();
    let at = (0..lines.len().max(found.len())).find(|at| match (lines.get(*at), found.get(*at)) {
        (Some(line), Some(found)) => !matches(line, found.as_bytes()),
        _ => true,
    });
    let Some(at) = at.filter(|_| !hide) else {
        return side("content", format!("{} lines", lines.len()), format!("{} other lines{}", found.len(), hidden(hide)));
    };
    let shown = |line: Option<String>| line.map_or_else(|| "ends".to_owned(), |line| cut(line.trim_end_matches('\n')));
    side(
        &format!("content, line {}", at + 1),
        shown(lines.get(at).map(Text::to_string)),
        shown(found.get(at).map(|line| (*line).to_owned())),
    )
}

fn hidden(hide: bool) -> &'static str {
    if hide { " (not shown: it holds a secret)" } else { "" }
}

/// The text by lines, each with its end.
fn lines(text: &Text) -> Vec<Text> {
    let mut lines = Vec::new();
    let mut line = Text::default();
    for part in text.parts() {
        match part {
            Part::Hole(hole) => line.push_hole(std::rc::Rc::clone(hole)),
            Part::Literal(literal) => {
                for piece in literal.split_inclusive('\n') {
                    line.push_str(piece);
                    if piece.ends_with('\n') {
                        lines.push(std::mem::take(&mut line));
                    }
                }
            }
        }
    }
    if !line.parts().is_empty() {
        lines.push(line);
    }
    lines
}

fn cut(line: &str) -> String {
    if line.chars().count() > SHOWN { line.chars().take(SHOWN - 1).collect::<String>() + "…" } else { line.to_owned() }
}
