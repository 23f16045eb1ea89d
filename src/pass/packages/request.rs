//! What resources ask package managers for: properties of package resources, words of install commands.
//!
//! `package %w(a b)` asks for two; `execute 'apt-get install -y a=1.2'` for one with a version.

use crate::graph::{Datum, Resource, Status};
use crate::read::shell::{self, SimpleCommand};
use crate::text::SHOWN_HOLE;

/// Who installs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Manager {
    /// apt, yum, dnf.
    System,
    /// `RubyGems`.
    Gem,
    /// npm.
    Npm,
    /// pip.
    Pip,
    /// PECL and PEAR.
    Pecl,
    /// CPAN.
    Cpan,
}

/// One package that is asked for, or asked to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Who installs it.
    pub manager: Manager,
    /// Its name.
    pub name: String,
    /// Its version, where one is given.
    pub version: Option<String>,
    /// It is to go.
    pub remove: bool,
}

impl Request {
    /// A request to install `name`.
    #[must_use]
    pub fn install(manager: Manager, name: impl Into<String>) -> Self {
        Self { manager, name: name.into(), version: None, remove: false }
    }
}

/// Types of package resources by manager.
const KINDS: &[(&str, Manager)] = &[
    ("apt_package", Manager::System),
    ("apt_pkg", Manager::System),
    ("apk_package", Manager::System),
    ("dnf_package", Manager::System),
    ("package", Manager::System),
    ("yum_package", Manager::System),
    ("yum_pkg", Manager::System),
    ("zypper_package", Manager::System),
    ("gem_package", Manager::Gem),
    ("rbenv_gem", Manager::Gem),
    ("ruby_gem", Manager::Gem),
    ("rvm_gem", Manager::Gem),
    ("rvm_global_gem", Manager::Gem),
    ("nodejs_npm", Manager::Npm),
    ("npm_install", Manager::Npm),
    ("npm_package", Manager::Npm),
    ("easy_install_package", Manager::Pip),
    ("pip_package", Manager::Pip),
    ("pyenv_pip", Manager::Pip),
    ("python_package", Manager::Pip),
    ("python_pip", Manager::Pip),
    ("php_pear", Manager::Pecl),
    ("php_pecl", Manager::Pecl),
    ("cpan_client", Manager::Cpan),
    ("cpan_module", Manager::Cpan),
];

/// The manager of a type of resource.
#[must_use]
pub fn manager(kind: &str) -> Option<Manager> {
    KINDS.iter().find(|(known, _)| *known == kind).map(|(_, manager)| *manager)
}

/// The known names of a package resource.
#[must_use]
pub fn names(resource: &Resource) -> Vec<String> {
    match resource.get("package_name").or_else(|| resource.get("package")) {
        Some(names) if !names.items().is_empty() => names.items().iter().filter_map(|name| name.as_str().map(str::to_owned)).collect(),
        _ => resource.name.known().map(|name| name.split(", ").map(str::to_owned).collect()).unwrap_or_default(),
    }
}

/// What a package resource asks for; `None` for other types, and where a name is not known.
#[must_use]
pub fn of_resource(resource: &Resource) -> Option<Vec<Request>> {
    let manager = manager(&resource.kind)?;
    let names = names(resource);
    let wanted = resource.get("package_name").map_or(1, |names| names.items().len().max(1));
    if names.is_empty() || names.len() < wanted {
        return None;
    }
    let versions = resource.get("version").map(Datum::items).unwrap_or_default();
    let actions: Vec<&String> = if resource.ran.is_empty() { resource.actions.iter().collect() } else { resource.ran.iter().collect() };
    let has = |names: &[&str]| actions.iter().any(|action| names.contains(&action.as_str()));
    let remove = has(&["remove", "purge", "uninstall"]) && !has(&["install", "upgrade"]);
    // A resource of a cookbook that is not there has no default action; a package's is to install.
    let only_marks = resource.status != Status::Unknown
        && !actions.is_empty()
        && actions.iter().all(|action| matches!(action.as_str(), "lock" | "unlock" | "reconfig" | "nothing"));
    if only_marks {
        return Some(Vec::new());
    }
    Some(
        names
            .into_iter()
            .enumerate()
            .map(|(index, name)| {
                let version = versions.get(index).and_then(Datum::as_text).and_then(|version| version.known().map(str::to_owned));
                split(manager, &name, version, remove)
            })
            .collect(),
    )
}

/// `name=1.2`, `name-1.2` of rpm stays as it is, `name@1.2` of npm, `name==1.2` of pip.
fn split(manager: Manager, name: &str, version: Option<String>, remove: bool) -> Request {
    let separator = match manager {
        Manager::System => "=",
        Manager::Npm => "@",
        Manager::Pip => "==",
        Manager::Gem => ":",
        Manager::Pecl => "-",
        Manager::Cpan => "@",
    };
    let at = name.rfind(separator).filter(|at| *at > 0);
    let (name, inside) = match at {
        Some(at) if manager != Manager::Pecl || name[at + 1..].starts_with(|c: char| c.is_ascii_digit()) => {
            (name[..at].to_owned(), Some(name[at + separator.len()..].to_owned()))
        }
        _ => (name.to_owned(), None),
    };
    let version = version.or(inside).filter(|version| !matches!(version.as_str(), "" | "latest" | "*" | "present" | "installed"));
    Request { manager, name, version, remove }
}

/// What a script does to packages, when it does nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Script {
    /// Packages.
    pub requests: Vec<Request>,
    /// Repositories that are added: `ppa:x/y` or a line.
    pub repositories: Vec<String>,
    /// It refreshes or upgrades packages.
    pub refreshes: bool,
}

impl Script {
    fn is_empty(&self) -> bool {
        self.requests.is_empty() && self.repositories.is_empty() && !self.refreshes
    }
}

/// What the script `text` does to packages; `None` when it does something else (too), or does it in a way that is not understood.
#[must_use]
pub fn of_script(text: &str) -> Option<Script> {
    let parsed = shell::parse(text).ok()?;
    let opaque = parsed.entries.iter().flat_map(|entry| &entry.pipelines).flat_map(|(_, line)| &line.commands);
    if opaque.into_iter().any(|command| !matches!(command, shell::Command::Simple(_))) {
        return None;
    }
    let mut script = Script::default();
    for command in parsed.simple_commands() {
        if !add(command, &mut script) {
            return None;
        }
    }
    (!script.is_empty()).then_some(script)
}

/// Adds one command; whether it is one about packages (or without effect).
fn add(command: &SimpleCommand, script: &mut Script) -> bool {
    let words: Option<Vec<String>> = command.words.iter().map(shell::Word::known).collect();
    let Some(words) = words else { return false };
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    if words.iter().any(|word| word.contains(SHOWN_HOLE)) {
        return false;
    }
    while let Some(first) = words.first() {
        if matches!(*first, "sudo" | "env" | "yes") || first.starts_with("-E") || first.contains('=') && !first.contains(' ') {
            words.remove(0);
        } else {
            break;
        }
    }
    let Some((program, rest)) = words.split_first() else { return true };
    let program = program.rsplit('/').next().unwrap_or(program);
    let (options, plain): (Vec<&str>, Vec<&str>) = options_of(program, rest);
    match (program, plain.first().copied()) {
        ("apt-get" | "apt" | "aptitude" | "yum" | "dnf" | "microdnf", Some(action)) => {
            system(action, &plain[1..], script) && !options.contains(&"--download-only")
        }
        ("amazon-linux-extras", Some("install" | "enable")) => {
            let names = plain[1..].iter().map(|name| split(Manager::System, name, None, false).name);
            script.requests.extend(names.map(|name| Request::install(Manager::System, trim_extra(&name))));
            plain.len() > 1
        }
        ("add-apt-repository", Some(_)) => {
            script.repositories.push(plain.join(" "));
            true
        }
        ("gem", Some("install")) => languages(Manager::Gem, &plain[1..], &options, script),
        ("npm", Some("install" | "i" | "add")) if options.iter().any(|option| matches!(*option, "-g" | "--global")) => {
            languages(Manager::Npm, &plain[1..], &options, script)
        }
        ("yarn", Some("global")) if plain.get(1) == Some(&"add") => languages(Manager::Npm, &plain[2..], &options, script),
        ("pip" | "pip2" | "pip3" | "pip2.7" | "pip-2.7", Some("install")) if !options.iter().any(|option| option.starts_with("-r")) => {
            languages(Manager::Pip, &plain[1..], &options, script)
        }
        ("easy_install", Some(_)) => languages(Manager::Pip, &plain, &options, script),
        ("pecl" | "pear", Some("install")) => languages(Manager::Pecl, &plain[1..], &options, script),
        ("true" | "set", _) => true,
        ("export", _) => command.text.contains("DEBIAN_FRONTEND"),
        _ => false,
    }
}

/// Options with a value take the next word with them.
fn options_of<'a>(program: &str, words: &[&'a str]) -> (Vec<&'a str>, Vec<&'a str>) {
    let with_value: &[&str] = match program {
        "gem" => &["-v", "--version", "-s", "--source", "-i", "--install-dir", "-n", "--bindir"],
        "apt-get" | "apt" | "aptitude" => &["-o", "-t", "--target-release", "-c"],
        "yum" | "dnf" => &["-c", "-d", "-e", "-x"],
        "npm" => &["--prefix", "--registry"],
        "pip" | "pip2" | "pip3" => &["-i", "--index-url", "-r"],
        _ => &[],
    };
    let (mut options, mut plain) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if word.starts_with('-') {
            options.push(*word);
            if with_value.contains(word) {
                at += 1;
                options.extend(words.get(at));
            }
        } else {
            plain.push(*word);
        }
        at += 1;
    }
    (options, plain)
}

fn system(action: &str, names: &[&str], script: &mut Script) -> bool {
    match action {
        "install" | "reinstall" | "localinstall" => {
            if names.iter().any(|name| name.contains('/') || name.ends_with(".deb") || name.ends_with(".rpm") || name.contains('*')) {
                return false;
            }
            script.requests.extend(names.iter().map(|name| split(Manager::System, name, None, false)));
            !names.is_empty()
        }
        "groupinstall" => {
            script.requests.extend(names.iter().map(|name| Request::install(Manager::System, format!("@{name}"))));
            !names.is_empty()
        }
        "remove" | "purge" | "erase" => {
            script.requests.extend(names.iter().map(|name| split(Manager::System, name, None, true)));
            !names.is_empty()
        }
        "update" | "upgrade" | "dist-upgrade" | "full-upgrade" | "autoremove" | "clean" | "autoclean" | "makecache" | "check-update" => {
            script.refreshes = true;
            true
        }
        _ => false,
    }
}

fn languages(manager: Manager, names: &[&str], options: &[&str], script: &mut Script) -> bool {
    if names.is_empty() || names.iter().any(|name| name.contains('/') && manager != Manager::Npm || name.starts_with('.')) {
        return false;
    }
    let version = options
        .iter()
        .position(|option| matches!(*option, "-v" | "--version"))
        .and_then(|at| options.get(at + 1))
        .map(|version| (*version).to_owned())
        .or_else(|| {
            options.iter().find_map(|option| option.strip_prefix("--version=").or_else(|| option.strip_prefix("-v="))).map(str::to_owned)
        })
        .filter(|_| manager == Manager::Gem);
    script.requests.extend(names.iter().map(|name| split(manager, name, version.clone(), false)));
    true
}

/// `redis4.0` and `nginx1` of `amazon-linux-extras` are the packages `redis` and `nginx`.
fn trim_extra(name: &str) -> String {
    if name.starts_with("php") || name.starts_with("ruby") || name.starts_with("java") {
        return name.to_owned();
    }
    name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pass::packages::example::{list, resource};

    fn shown(script: &str) -> Vec<String> {
        of_script(script).map_or_else(
            || vec!["-".to_owned()],
            |script| {
                let packages = script.requests.iter().map(|one| {
                    let version = one.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
                    format!("{:?} {}{version}{}", one.manager, one.name, if one.remove { " gone" } else { "" })
                });
                packages.chain(script.repositories.clone()).collect()
            },
        )
    }

    #[test]
    fn commands() {
        for (script, expected) in [
            ("apt-get update && apt-get install -y git curl=7.1", vec!["System git", "System curl 7.1"]),
            ("sudo DEBIAN_FRONTEND=noninteractive apt-get -o Dpkg::Options::=--force-confold -y install nginx", vec!["System nginx"]),
            ("yum remove -y sendmail", vec!["System sendmail gone"]),
            ("gem install bundler -v 1.17.3 --no-document", vec!["Gem bundler 1.17.3"]),
            ("npm install -g yarn@1.22 pm2", vec!["Npm yarn 1.22", "Npm pm2"]),
            ("pip install awscli==1.2", vec!["Pip awscli 1.2"]),
            ("add-apt-repository -y ppa:ondrej/php && apt-get update", vec!["ppa:ondrej/php"]),
            ("yum groupinstall -y 'Development Tools'", vec!["System @Development Tools"]),
            ("amazon-linux-extras install -y redis4.0", vec!["System redis"]),
            ("npm install", vec!["-"]),
            ("apt-get install -y git && make", vec!["-"]),
            ("apt-get install -y $PACKAGES", vec!["-"]),
            ("pip install -r requirements.txt", vec!["-"]),
            ("if true; then apt-get install -y x; fi", vec!["-"]),
        ] {
            assert_eq!(shown(script), expected, "{script}");
        }
    }

    #[test]
    fn resources() {
        let mut several = resource("package", "a, b");
        several.properties.insert("package_name".into(), list(&["a", "b"]));
        several.properties.insert("version".into(), list(&["1", "2"]));
        let found = of_resource(&several).unwrap_or_default();
        assert_eq!(
            found.iter().map(|one| (one.name.as_str(), one.version.as_deref())).collect::<Vec<_>>(),
            [("a", Some("1")), ("b", Some("2"))]
        );
        let mut gone = resource("package", "x");
        gone.actions = vec!["purge".into()];
        gone.ran = vec!["purge".into()];
        assert!(of_resource(&gone).is_some_and(|found| found[0].remove));
        assert_eq!(of_resource(&resource("template", "x")), None);
    }
}
