//! What becomes of one package that is asked for.
//!
//! `htop` is dropped as a tool for people; `git` too, unless a gem comes from a repository; `nginx` is left for the processes.

use crate::outcome::Fate;
use crate::pass::base::install;
use crate::pass::base::release::Language;
use crate::pass::packages::request::{Manager, Request};
use crate::pass::packages::{State, drop, php, rename};

/// The verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Installed; with what there is to say.
    Keep(String),
    /// Not installed: why.
    Drop(Fate, String),
    /// A process of its own.
    Daemon,
}

/// Libraries of languages that keep or start processes.
const KEEPERS: &[&str] = &["bluepill", "circus", "eye", "forever", "foreman", "god", "naught", "nodemon", "pm2", "supervisor", "honcho"];

/// Python's tools for hosts.
const HOST_TOOLS: &[&str] = &["aws-cfn-bootstrap", "awscli-cwlogs", "cloudwatchmon", "glances", "ansible", "s3cmd-host", "dstat"];

/// Programs in packages of another name.
const PROGRAMS: &[(&str, &[&str])] = &[
    ("bind-utils", &["dig", "nslookup", "host"]),
    ("bind9-dnsutils", &["dig", "nslookup", "host"]),
    ("dnsutils", &["dig", "nslookup", "host"]),
    ("iproute2", &["ip", "ss"]),
    ("iputils-ping", &["ping"]),
    ("nc", &["nc", "ncat"]),
    ("net-tools", &["ifconfig", "netstat", "route"]),
    ("netcat", &["nc"]),
    ("netcat-openbsd", &["nc"]),
    ("moreutils", &["sponge", "ts", "chronic"]),
];

/// What becomes of `request`.
pub fn of(state: &State<'_>, request: &Request) -> Verdict {
    let dropped = |why: &str| Verdict::Drop(Fate::Absorbed, why.to_owned());
    if request.remove {
        return dropped("not in the base image");
    }
    match request.manager {
        Manager::System => system(state, &request.name),
        _ if KEEPERS.contains(&request.name.as_str()) => dropped("the orchestrator restarts processes"),
        Manager::Gem => gem(state, &request.name),
        Manager::Npm => npm(state, &request.name),
        Manager::Pip if HOST_TOOLS.contains(&request.name.as_str()) => Verdict::Drop(Fate::Host, "a tool of the host".to_owned()),
        Manager::Pip if matches!(request.name.as_str(), "pip" | "setuptools" | "virtualenv" | "wheel") => {
            dropped("the base has Python's tools")
        }
        Manager::Pecl if state.base.language() != Some(Language::Php) => {
            Verdict::Drop(Fate::Manual, "an extension of PHP, which the image does not have".to_owned())
        }
        Manager::Pip | Manager::Pecl | Manager::Cpan => Verdict::Keep(String::new()),
    }
}

fn system(state: &State<'_>, name: &str) -> Verdict {
    let dropped = |why: &str| Verdict::Drop(Fate::Absorbed, why.to_owned());
    let language = state.base.language();
    if let Some(verdict) = tool_of_source(state, name) {
        return verdict;
    }
    if language == Some(Language::Php) {
        match php::extension(name, state.version(), &state.base.release) {
            Some(php::Kind::BuiltIn) => return dropped("the official image of PHP has it"),
            Some(php::Kind::Add(_)) => return Verdict::Keep("compiled with docker-php-ext-install or pecl".to_owned()),
            Some(php::Kind::Unknown(extension)) => {
                return Verdict::Drop(Fate::Manual, format!("nothing is known of PHP's extension {extension}"));
            }
            None => {}
        }
    }
    if let Some((brings, _)) = install::of_package(name) {
        if Some(brings) == language {
            return Verdict::Drop(Fate::Absorbed, format!("the base image is `{}`", state.base.image));
        }
        if brings == Language::Ruby && name.contains("bundle") {
            return dropped("a tool of Ruby, which the image does not have");
        }
        if brings == Language::Node {
            return node(state);
        }
        if brings == Language::Php && name.starts_with("libapache2") {
            return Verdict::Daemon;
        }
    }
    if matches!(name, "npm" | "yarn" | "yarnpkg") {
        return node(state);
    }
    if drop::is_daemon(name) {
        return Verdict::Daemon;
    }
    if let Some((fate, why)) = drop::reason(name) {
        if drop::is_tool(name) && is_used(state, name) {
            return Verdict::Keep("a command of the cookbooks uses it".to_owned());
        }
        return Verdict::Drop(fate, why.to_owned());
    }
    let renamed = state.base_name(name);
    let built = matches!(language, Some(Language::Ruby | Language::Node | Language::Python | Language::Php));
    // A language's own libraries are in its image; gems that need them to compile name them by themselves.
    if built && rename::is_in_languages(&renamed) && !state.needs.build.iter().any(|package| package.name == renamed) {
        if renamed == "libjemalloc-dev" {
            return dropped("the base image is built already; jemalloc comes with libjemalloc2");
        }
        if state.needs.locked.is_empty() && state.project.is_some() {
            return Verdict::Keep("for building alone".to_owned());
        }
        return dropped("only building the language needs it, and the base image is built already");
    }
    if rename::is_for_building(&renamed) {
        return Verdict::Keep("the build stage has it, the image what it links to".to_owned());
    }
    Verdict::Keep(if renamed == name { String::new() } else { format!("{name} is {renamed} there") })
}

/// Tools that fetch source: the build context has the app's, libraries may need one of their own.
fn tool_of_source(state: &State<'_>, name: &str) -> Option<Verdict> {
    if !matches!(name, "git" | "git-core" | "subversion" | "mercurial" | "bzr") {
        return None;
    }
    let from_git = state.needs.from_git.is_some()
        || state.project.is_some_and(|project| project.libraries.values().any(|value| value.contains("git")));
    if from_git && name.starts_with("git") {
        return Some(Verdict::Drop(
            Fate::Absorbed,
            "only the build stage has it, for the libraries that come from repositories".to_owned(),
        ));
    }
    if is_used(state, name.trim_end_matches("-core")) {
        return Some(Verdict::Keep("a command of the cookbooks uses it".to_owned()));
    }
    Some(Verdict::Drop(Fate::Absorbed, "the build context replaces the checkout; no library comes from a repository".to_owned()))
}

fn node(state: &State<'_>) -> Verdict {
    if state.base.language() == Some(Language::Node) {
        return Verdict::Drop(Fate::Absorbed, format!("the base image is `{}`", state.base.image));
    }
    if state.wants_node() {
        return Verdict::Keep("compiling assets runs JavaScript".to_owned());
    }
    Verdict::Drop(Fate::Absorbed, "no gem in Gemfile.lock runs JavaScript".to_owned())
}

fn gem(state: &State<'_>, name: &str) -> Verdict {
    if state.base.language() != Some(Language::Ruby) {
        return Verdict::Drop(Fate::Manual, format!("the image `{}` has no Ruby: decide whether anything uses the gem", state.base.image));
    }
    if name == "bundler" {
        return Verdict::Drop(Fate::Absorbed, "the image's Bundler switches to the version of the lock file".to_owned());
    }
    if matches!(name, "rake" | "rubygems-update") {
        return Verdict::Drop(Fate::Absorbed, "Ruby's image has it".to_owned());
    }
    if state.needs.locked.iter().any(|gem| gem == name) {
        return Verdict::Drop(Fate::Absorbed, "Gemfile.lock has it".to_owned());
    }
    Verdict::Keep(String::new())
}

fn npm(state: &State<'_>, name: &str) -> Verdict {
    if matches!(name, "npm" | "yarn" | "n" | "npx") && state.base.language() == Some(Language::Node) {
        return Verdict::Drop(Fate::Absorbed, "Node.js's image has it".to_owned());
    }
    if matches!(name, "yarn" | "npm") && !state.wants_node() {
        return Verdict::Drop(Fate::Absorbed, "no gem in Gemfile.lock runs JavaScript".to_owned());
    }
    Verdict::Keep(String::new())
}

fn is_used(state: &State<'_>, name: &str) -> bool {
    let programs = PROGRAMS.iter().find(|(package, _)| *package == name).map(|(_, programs)| *programs);
    match programs {
        Some(programs) => programs.iter().any(|program| state.words.contains(*program)),
        None => state.words.contains(name),
    }
}
