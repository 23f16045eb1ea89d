//! System packages and libraries of languages: what the cookbooks install, under the base's names, in the stage that needs it.
//!
//! In: the runs, the base, the project's lock file. Out: [`Packages`], and a claim for every resource that installs something.
//! `package 'libmysqlclient20'` on a bookworm base gives `libmariadb3`; `package 'htop'` gives nothing, and the claim says why.

#[cfg(test)]
pub mod example;

pub mod drop;
pub mod gem;
pub mod key;
pub mod php;
pub mod rename;
pub mod repository;
pub mod request;
pub mod tool;
mod verdict;

use std::collections::BTreeSet;

use crate::blueprint::{Action, Origin, Package, Stage, Step};
use crate::graph::{Resource, Status};
use crate::outcome::Fate;
use crate::pass::base::release::{self, Language};
use crate::pass::base::{BaseChoice, install};
use crate::pass::input::at;
use crate::pass::{Input, Sink, host};
use crate::project::Project;
use request::{Manager, Request};
use verdict::Verdict;

/// What the image gets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Packages {
    /// Packages that stay in the image.
    pub runtime: Vec<Package>,
    /// Packages that only building needs.
    pub build: Vec<Package>,
    /// Repositories, libraries of languages, extensions.
    pub steps: Vec<Step>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// Whether a package's program runs as a process of its own: the pass that makes processes claims it.
#[must_use]
pub fn is_daemon_package(name: &str) -> bool {
    drop::is_daemon(name)
}

/// The place that all packages go to.
const DOCKERFILE: &str = "Dockerfile";

/// What the functions below share.
struct State<'a> {
    input: &'a Input<'a>,
    base: &'a BaseChoice,
    project: Option<&'a Project>,
    needs: gem::Needs,
    words: BTreeSet<String>,
    node_source: bool,
    extensions: Vec<(php::Extension, Vec<Origin>)>,
    out: Packages,
}

/// Everything that the cookbooks, layers and the project's gems need on `base`.
pub fn run(input: &Input<'_>, sink: &mut Sink, base: &BaseChoice, project: Option<&Project>) -> Packages {
    let ruby = base.language() == Some(Language::Ruby);
    let needs = project.filter(|_| ruby).map(|project| gem::needs(project, input.sources, &base.release)).unwrap_or_default();
    let words = words(input, sink, base);
    let mut state = State { input, base, project, needs, words, node_source: false, extensions: Vec::new(), out: Packages::default() };
    for (number, resource) in input.items() {
        if !sink.is_claimed(number) && input.occurrences(number).any(|(_, resource)| acts(resource)) {
            state.item(sink, number, resource);
        }
    }
    state.layers();
    state.gems();
    state.extensions();
    state.basics();
    sort(&mut state.out.runtime);
    sort(&mut state.out.build);
    // What stays in the image is there for building, too.
    let runtime: BTreeSet<&str> = state.out.runtime.iter().map(|package| package.name.as_str()).collect();
    state.out.build.retain(|package| !runtime.contains(package.name.as_str()) || package.name == "ca-certificates");
    state.out
}

fn sort(packages: &mut [Package]) {
    packages.sort_by(|one, other| one.name.cmp(&other.name));
}

fn acts(resource: &Resource) -> bool {
    matches!(resource.status, Status::Run | Status::Unknown | Status::Expanded)
}

impl State<'_> {
    fn item(&mut self, sink: &mut Sink, number: usize, resource: &Resource) {
        if let Some(outer) = self.inside_install(number) {
            sink.claim(number, Fate::Absorbed, "", format!("a step of {outer}: the base image `{}` is built already", self.base.image));
            return;
        }
        if self.base.installs.contains(&number) {
            let explicit = !install::is_system_package(&resource.kind);
            let fate = if explicit { Fate::Translated } else { Fate::Absorbed };
            let to = if explicit { DOCKERFILE } else { "" };
            sink.claim(number, fate, to, format!("the base image is `{}`", self.base.image));
            return;
        }
        match resource.kind.as_str() {
            "apt_repository" | "apt_repo" => self.repository(sink, number, repository::of_apt(resource, self.base), resource),
            "yum_repository" | "dnf_repository" => self.repository(sink, number, repository::of_yum(resource, self.base), resource),
            "execute" | "bash" | "script" => self.script(sink, number, resource),
            "snap_package" | "dpkg_package" | "rpm_package" => self.single_file(sink, number, resource),
            "file" | "template" | "cookbook_file" => self.repository_file(sink, number, resource),
            kind if request::manager(kind).is_some() => match request::of_resource(resource) {
                Some(requests) if requests.is_empty() => {
                    sink.claim(number, Fate::Absorbed, "", "marks packages on a host; an image does not update by itself");
                }
                Some(requests) => self.requests(sink, number, &requests),
                None => {
                    sink.claim(number, Fate::Manual, "", "its package names are not known when compiling");
                    let origin = self.input.origin(number).into_iter().collect();
                    sink.task(format!("add the packages of `{}` to the image", resource.reference()), "their names are not known", origin);
                }
            },
            _ => {}
        }
    }

    /// The custom resource that installs the language, when the item is declared inside one.
    fn inside_install(&self, number: usize) -> Option<String> {
        let item = self.input.items.list.get(number)?;
        let mut found = None;
        for (run, resource) in &item.occurrences {
            let mut at = *resource;
            let mut inside = None;
            // As deep as custom resources go; a cycle cannot occur, but a bound costs nothing.
            for _ in 0..64 {
                let Some(outer) = self.input.graph.runs.get(*run)?.resources.get(at)?.within else { break };
                if self.input.items.number(*run, outer).is_some_and(|outer| self.base.installs.contains(&outer)) {
                    inside = self.input.graph.runs.get(*run)?.resources.get(outer).map(Resource::reference);
                    break;
                }
                at = outer;
            }
            found = Some(inside?);
        }
        found
    }

    fn repository(&mut self, sink: &mut Sink, number: usize, outcome: repository::Outcome, resource: &Resource) {
        let origin: Vec<Origin> = self.input.origin(number).into_iter().collect();
        if resource.actions.iter().all(|action| matches!(action.as_str(), "remove" | "delete")) && !resource.actions.is_empty() {
            sink.claim(number, Fate::Absorbed, "", "the image has no such repository");
            return;
        }
        match outcome {
            repository::Outcome::Keep { name, line, key } => {
                if line.contains("deb.nodesource.com") && !self.wants_node() {
                    let why = match self.base.language() {
                        Some(Language::Node) => "the official image has Node.js",
                        _ => "no gem in Gemfile.lock runs JavaScript",
                    };
                    sink.claim(number, Fate::Absorbed, "", why);
                    return;
                }
                self.node_source |= line.contains("deb.nodesource.com");
                self.step(Action::Repository { name, line, key }, origin);
                sink.claim(number, Fate::Translated, DOCKERFILE, "added before the packages that come from it");
            }
            repository::Outcome::Drop(fate, why) => sink.claim(number, fate, "", why),
            repository::Outcome::Decide(why) => {
                sink.claim(number, Fate::Manual, "", why.clone());
                sink.task(format!("decide where the packages of `{}` come from", resource.reference()), why, origin);
            }
        }
    }

    /// Whether a base of another language needs Node.js: where gems run JavaScript, and where nothing is known of the libraries.
    fn wants_node(&self) -> bool {
        match self.base.language() {
            Some(Language::Node) => false,
            Some(Language::Ruby) if !self.needs.locked.is_empty() => self.needs.javascript.is_some(),
            _ => true,
        }
    }

    fn script(&mut self, sink: &mut Sink, number: usize, resource: &Resource) {
        let property = if resource.kind == "execute" { "command" } else { "code" };
        let Some(text) = resource.text(property).or_else(|| (property == "command").then(|| resource.name.clone())) else { return };
        let text = text.to_string();
        if let Some(major) = node_setup(&text) {
            let outcome = repository::of_line(&format!("deb https://deb.nodesource.com/node_{major}.x nodistro main"), self.base);
            self.repository(sink, number, outcome, resource);
            return;
        }
        if key::of_script(&text).is_some() {
            sink.claim(number, Fate::Absorbed, "Dockerfile", "a repository's key comes with the repository: `signed-by`");
            return;
        }
        let Some(script) = request::of_script(&text) else { return };
        if script.requests.is_empty() && script.repositories.is_empty() {
            sink.claim(number, Fate::Absorbed, "", "every RUN that installs packages reads the index first; updates come with the base");
            return;
        }
        for line in &script.repositories {
            self.repository(sink, number, repository::of_line(line, self.base), resource);
        }
        if !script.requests.is_empty() {
            self.requests(sink, number, &script.requests);
        }
    }

    /// A file with repositories in it, signed by the key that a script of the cookbook adds.
    fn repository_file(&mut self, sink: &mut Sink, number: usize, resource: &Resource) {
        for (name, line) in key::lines_of_file(self.input, number) {
            let key = key::of_cookbook(self.input, &resource.cookbook, number);
            self.repository(sink, number, repository::of_file(&name, &line, key, self.base), resource);
        }
    }

    fn single_file(&mut self, sink: &mut Sink, number: usize, resource: &Resource) {
        let name = resource.known("package_name").or_else(|| resource.name.known().map(str::to_owned)).unwrap_or_default();
        let file = name.rsplit('/').next().unwrap_or(&name);
        let stem = file.split(['_', '.']).next().unwrap_or(file);
        if let Some((fate, why)) = drop::reason(&name).or_else(|| drop::reason(stem)) {
            sink.claim(number, fate, "", why);
            return;
        }
        let why = if resource.kind == "snap_package" {
            "snaps do not run in containers"
        } else {
            "a package from a file, made for the hosts' release"
        };
        sink.claim(number, Fate::Manual, "", why);
        let origin = self.input.origin(number).into_iter().collect();
        sink.task(format!("decide how `{}` gets into the image", resource.reference()), why, origin);
    }

    /// Claims the item by what becomes of its packages.
    fn requests(&mut self, sink: &mut Sink, number: usize, requests: &[Request]) {
        let origin: Vec<Origin> = self.input.origin(number).into_iter().collect();
        let (mut kept, mut dropped, mut left) = (Vec::new(), Vec::new(), 0);
        let mut fates: Vec<(Fate, String)> = Vec::new();
        for request in requests {
            match verdict::of(self, request) {
                Verdict::Keep(said) => {
                    self.keep(request, &origin);
                    kept.push(said);
                }
                Verdict::Drop(fate, why) => {
                    dropped.push(format!("{}: {why}", request.name));
                    if !fates.iter().any(|(known, other)| *known == fate && *other == why) {
                        fates.push((fate, why));
                    }
                }
                Verdict::Daemon => left += 1,
            }
        }
        if kept.is_empty() && left > 0 {
            return;
        }
        if kept.is_empty() {
            for (fate, why) in fates.iter().filter(|(fate, _)| *fate == Fate::Manual) {
                let name = self.input.items.list.get(number).map_or_else(String::new, |item| item.reference.clone());
                sink.task(format!("decide on `{name}`"), why.clone(), origin.clone());
                sink.claim(number, *fate, "", why.clone());
            }
            if let Some((fate, why)) = fates.first() {
                let why = if fates.len() > 1 { dropped.join("; ") } else { why.clone() };
                sink.claim(number, *fate, "", why);
            }
            return;
        }
        self.note_environments(number, requests);
        let mut why = kept.into_iter().filter(|said| !said.is_empty()).collect::<Vec<_>>();
        why.extend(dropped);
        why.dedup();
        let why = if why.is_empty() { "installed in the image".to_owned() } else { why.join("; ") };
        sink.claim(number, Fate::Translated, DOCKERFILE, why);
    }

    /// Adds what a kept request comes to.
    fn keep(&mut self, request: &Request, origin: &[Origin]) {
        match request.manager {
            Manager::System => self.system(request, origin),
            Manager::Gem | Manager::Npm => {
                let manager = if request.manager == Manager::Gem { "gem" } else { "npm" };
                if request.manager == Manager::Npm && self.base.language() != Some(Language::Node) {
                    self.add("nodejs", None, None, origin, false);
                    self.npm(origin);
                }
                let (name, version) = (request.name.clone(), request.version.clone());
                self.step(Action::Install { manager: manager.to_owned(), name, version }, origin.to_vec());
            }
            Manager::Pip => self.pip(request, origin),
            Manager::Pecl => {
                let version = request.version.as_ref().map(|version| format!("-{version}")).unwrap_or_default();
                let name = &request.name;
                self.run(format!("set -e\npecl install {name}{version} </dev/null\ndocker-php-ext-enable {name}"), origin);
            }
            Manager::Cpan => {
                let (name, version) = (request.name.clone(), request.version.clone());
                self.add("make", None, None, origin, false);
                self.step(Action::Install { manager: "cpan".to_owned(), name, version }, origin.to_vec());
            }
        }
    }

    fn system(&mut self, request: &Request, origin: &[Origin]) {
        if let (Some(Language::Php), Some(php::Kind::Add(extension))) =
            (self.base.language(), php::extension(&request.name, self.version(), &self.base.release))
        {
            for name in &extension.packages {
                self.add(name, None, None, origin, false);
            }
            self.extensions.push((extension, origin.to_vec()));
            return;
        }
        let name = self.base_name(&request.name);
        let from = (name != request.name).then(|| request.name.clone());
        let version = request.version.clone();
        if !rename::is_for_building(&name) {
            self.add(&name, version, from, origin, false);
            return;
        }
        self.add(&name, version, from.clone(), origin, true);
        match rename::needed(&name, &self.base.release).filter(|_| self.base.family == "debian") {
            Some(libraries) => {
                for library in libraries {
                    self.add(&library, None, Some(request.name.clone()), origin, false);
                }
            }
            // Which library belongs to it is not known: without it, what was built against it would not start.
            None if name.ends_with("-dev") || name.ends_with("-devel") => self.add(&name, None, from, origin, false),
            None => {}
        }
    }

    fn pip(&mut self, request: &Request, origin: &[Origin]) {
        if request.name == "awscli" {
            self.add("awscli", None, None, origin, false);
            return;
        }
        if self.base.language() == Some(Language::Python) {
            let (name, version) = (request.name.clone(), request.version.clone());
            self.step(Action::Install { manager: "pip".to_owned(), name, version }, origin.to_vec());
            return;
        }
        self.add("python3-pip", None, None, origin, false);
        let version = request.version.as_ref().map(|version| format!("=={version}")).unwrap_or_default();
        // Debian 12 and later guard their own Python (PEP 668); older versions of pip do not know the option.
        let guarded = matches!(self.base.release.as_str(), "bookworm" | "trixie" | "noble");
        let option = if guarded { " --break-system-packages" } else { "" };
        self.run(format!("pip3 install --no-cache-dir{option} '{}{version}'", request.name), origin);
    }

    fn npm(&mut self, origin: &[Origin]) {
        // NodeSource's package has npm inside and does not go together with Debian's.
        if !self.node_source {
            self.add("npm", None, None, origin, false);
        }
    }

    /// The name on the base.
    fn base_name(&self, name: &str) -> String {
        if self.base.family == "debian" {
            if let Some((language, _)) = install::of_package(name) {
                return match language {
                    Language::Ruby if name.contains("dev") => "ruby-dev".to_owned(),
                    Language::Ruby => "ruby".to_owned(),
                    Language::Node => "nodejs".to_owned(),
                    Language::Php if name.starts_with("lib") => "libapache2-mod-php".to_owned(),
                    Language::Php => name.rsplit_once('-').map_or_else(|| "php".to_owned(), |(_, part)| format!("php-{part}")),
                    Language::Java if name.contains("jre") => "default-jre-headless".to_owned(),
                    Language::Java => "default-jdk-headless".to_owned(),
                    Language::Python => "python3".to_owned(),
                };
            }
        }
        rename::to_base(name, &self.base.platform, &self.base.family, &self.base.release)
    }

    fn version(&self) -> &str {
        match &self.base.runtime {
            crate::blueprint::Runtime::Php(version) => version,
            _ => "",
        }
    }

    fn add(&mut self, name: &str, version: Option<String>, from: Option<String>, origin: &[Origin], build: bool) {
        let list = if build { &mut self.out.build } else { &mut self.out.runtime };
        match list.iter_mut().find(|package| package.name == name) {
            Some(known) => {
                for one in origin {
                    if !known.origin.contains(one) {
                        known.origin.push(one.clone());
                    }
                }
            }
            None => list.push(Package { name: name.to_owned(), version, renamed_from: from, origin: origin.to_vec() }),
        }
    }

    fn step(&mut self, action: Action, origin: Vec<Origin>) {
        if let Some(known) = self.out.steps.iter_mut().find(|step| step.action == action) {
            for one in origin {
                if !known.origin.contains(&one) {
                    known.origin.push(one);
                }
            }
            return;
        }
        self.out.steps.push(Step { stage: Stage::Dependencies, action, origin, note: None });
    }

    fn run(&mut self, script: String, origin: &[Origin]) {
        let variables = std::collections::BTreeMap::new();
        self.step(Action::Run { script, interpreter: "sh".to_owned(), cwd: None, user: None, variables }, origin.to_vec());
    }

    /// One image serves all environments: a package of one of them is in all.
    fn note_environments(&mut self, number: usize, requests: &[Request]) {
        let all = self.input.graph.environments.len();
        let mut here: Vec<usize> =
            self.input.occurrences(number).filter(|(_, resource)| acts(resource)).map(|(run, _)| run.environment).collect();
        here.dedup();
        if all < 2 || here.len() >= all {
            return;
        }
        let names: Vec<&str> = here.iter().filter_map(|at| self.input.graph.environments.get(*at)).map(|one| one.name.as_str()).collect();
        let packages: Vec<&str> = requests.iter().map(|request| request.name.as_str()).collect();
        self.out.notes.push(format!("{}: installed in {} alone on the hosts, in the image for all", packages.join(", "), names.join(", ")));
    }

    /// Packages that layers name themselves.
    fn layers(&mut self) {
        let layers: Vec<_> = (0..self.input.graph.environments.len()).flat_map(|number| self.input.layers(number)).cloned().collect();
        for layer in layers {
            let origin = at(layer.origin.clone(), &format!("layer {}: packages", layer.name));
            for name in &layer.packages {
                let request = Request::install(Manager::System, name.clone());
                match verdict::of(self, &request) {
                    Verdict::Keep(_) => self.keep(&request, &origin),
                    Verdict::Drop(_, why) => {
                        let note = format!("package {name} of layer {} is left out: {why}", layer.name);
                        if !self.out.notes.contains(&note) {
                            self.out.notes.push(note);
                        }
                    }
                    Verdict::Daemon => {}
                }
            }
        }
    }

    fn gems(&mut self) {
        let needs = self.needs.clone();
        if self.base.family != "debian" {
            return;
        }
        for package in &needs.build {
            self.add(&package.name, None, None, &package.origin, true);
        }
        for package in &needs.runtime {
            self.add(&package.name, None, None, &package.origin, false);
        }
        if let Some(origin) = &needs.javascript {
            let origin = std::slice::from_ref(origin);
            self.add("nodejs", None, None, origin, false);
            if self.project.is_some_and(|project| project.has("package.json")) {
                self.npm(origin);
                if self.project.is_some_and(|project| project.has("yarn.lock")) {
                    self.step(Action::Install { manager: "npm".to_owned(), name: "yarn".to_owned(), version: None }, origin.to_vec());
                }
            }
        }
    }

    /// All of PHP's extensions in one script: compiling shares its tools.
    fn extensions(&mut self) {
        let extensions: Vec<php::Extension> = self.extensions.iter().map(|(extension, _)| extension.clone()).collect();
        if extensions.is_empty() {
            return;
        }
        let mut origin: Vec<Origin> = self.extensions.iter().flat_map(|(_, origin)| origin.clone()).collect();
        origin.dedup();
        self.run(php::script(&extensions), &origin);
    }

    /// What every image of a family needs.
    fn basics(&mut self) {
        if self.base.family != "debian" {
            return;
        }
        let language = self.base.origin.clone();
        if let Some((_, origin)) = host::time_zone(self.input) {
            self.add("tzdata", None, None, &origin, false);
        } else if self.project.is_some_and(|project| project.rails) {
            // Rails reads the zones of the system.
            self.add("tzdata", None, None, &language, false);
        }
        self.add("ca-certificates", None, None, &language, false);
        if self.base.language() == Some(Language::Ruby) {
            let asked = self.asked_for("jemalloc");
            let origin = if asked.is_empty() { &language } else { &asked };
            self.add(&rename::fill("libjemalloc{jemalloc}", &self.base.release), None, None, origin, false);
        }
        if release::is_archived(&self.base.release) {
            self.archive(language);
        }
    }

    /// The resources that install a package with `part` in its name, on whichever platform.
    fn asked_for(&self, part: &str) -> Vec<Origin> {
        let asks = |resource: &Resource| request::of_resource(resource).is_some_and(|all| all.iter().any(|one| one.name.contains(part)));
        self.input.items().filter(|(_, resource)| asks(resource)).filter_map(|(number, _)| self.input.origin(number)).collect()
    }

    /// Old releases of Debian have moved.
    fn archive(&mut self, origin: Vec<Origin>) {
        let script = format!(
            "printf '%s\\n' 'deb http://archive.debian.org/debian {0} main' > /etc/apt/sources.list\nrm -f \
             /etc/apt/sources.list.d/debian.sources\nprintf '%s\\n' 'Acquire::Check-Valid-Until \"false\";' > /etc/apt/apt.conf.d/99archive",
            self.base.release
        );
        let action =
            Action::Run { script, interpreter: "sh".to_owned(), cwd: None, user: None, variables: std::collections::BTreeMap::new() };
        let note = Some(format!("Debian {} is in the archive", self.base.release));
        self.out.steps.insert(0, Step { stage: Stage::Runtime, action, origin, note });
    }
}

/// The major version of `NodeSource`'s set-up script, when the text is a call of it.
fn node_setup(text: &str) -> Option<u32> {
    let (_, rest) = text.split_once("nodesource.com/setup_")?;
    rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
}

/// Every word of commands and scripts that are still to be converted: a tool among them is needed.
fn words(input: &Input<'_>, sink: &Sink, base: &BaseChoice) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut add = |text: &str| {
        for word in text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))) {
            words.insert(word.to_owned());
        }
    };
    for (number, resource) in input.items() {
        let gone = sink.get(number).is_some_and(|claim| !matches!(claim.fate, Fate::Translated));
        if gone || base.installs.contains(&number) || !acts(resource) {
            continue;
        }
        match resource.kind.as_str() {
            "execute" | "bash" | "script" | "cron" | "cron_d" => {
                for property in ["command", "code"] {
                    let text = resource.text(property).map(|text| text.to_string());
                    let text = text.or_else(|| (resource.kind == "execute" && property == "command").then(|| resource.name.to_string()));
                    if let Some(text) = text.filter(|text| request::of_script(text).is_none() && node_setup(text).is_none()) {
                        add(&text);
                    }
                }
            }
            _ => {}
        }
    }
    for file in input.files() {
        let gone = sink.get(file.item).is_some_and(|claim| !matches!(claim.fate, Fate::Translated));
        let text = input.text(&file).map(ToString::to_string).unwrap_or_default();
        if !gone && (text.starts_with("#!") || file.path.starts_with("/etc/cron")) {
            add(&text);
        }
    }
    words
}

#[cfg(test)]
mod tests;
