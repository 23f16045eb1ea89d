//! The stages of an image with source: runtime → libraries → source, each rebuilt more often than the one before.

use crate::blueprint::{BuildStep, Image, Package, Packager, Source, Stage as Part, Step};
use crate::emit::docker::instruction::{Command, Instruction, assignments, paths, shell_word};
use crate::emit::docker::stage::{Chain, Stages};
use crate::emit::docker::{Stage, account, copy, dependency, ending, package, step, variable};
use crate::emit::layout::{Layout, Named};
use crate::emit::{identity, origin};

/// What the functions below share.
struct Build<'a> {
    layout: &'a Layout<'a>,
    stages: &'a Stages,
    chain: &'a Chain,
    image: &'a Image,
    source: &'a Source,
    name: &'a str,
    workdir: String,
    outputs: Vec<String>,
    scope: &'a str,
}

/// All stages of `image`.
#[must_use]
pub fn stages(layout: &Layout, stages: &Stages, chain: &Chain, image: &Named<Image>, source: &Source, scope: &str) -> Vec<Stage> {
    let workdir = dependency::workdir(image.item).to_owned();
    let outputs = dependency::outputs(image.item, source);
    let build = Build { layout, stages, chain, image: image.item, source, name: &image.name, workdir, outputs, scope };
    let mut all = vec![build.runtime()];
    if !build.outputs.is_empty() {
        all.push(build.builder());
    }
    all.push(build.dependencies());
    if let Some(command) = &source.tests {
        if !build.outputs.is_empty() {
            all.push(build.test_builder());
        }
        all.push(build.test(command));
    }
    all.push(build.last());
    all
}

impl Build<'_> {
    fn argument(&self, index: usize) -> String {
        let named = Named { name: self.name.to_owned(), item: self.image };
        self.stages.arguments(&named).get(index).map_or_else(String::new, |argument| format!("${{{}}}", argument.name))
    }

    fn steps(&self, part: Part) -> Vec<Instruction> {
        let repository = |step: &&Step| matches!(step.action, crate::blueprint::Action::Repository { .. });
        let steps: Vec<&Step> = self
            .image
            .steps
            .iter()
            .filter(|step| step.stage == part && !repository(step) && !self.is_gem(step) && !package::is_source(step))
            .collect();
        step::instructions(self.layout, self.stages, self.image, &steps)
    }

    /// Repositories must be there before the packages that come from them.
    fn repositories(&self, part: Part) -> Vec<Instruction> {
        let repository = |step: &&Step| step.stage == part && matches!(step.action, crate::blueprint::Action::Repository { .. });
        step::instructions(self.layout, self.stages, self.image, &self.image.steps.iter().filter(repository).collect::<Vec<_>>())
    }

    /// Gems may need the compilers, so they are installed where those are.
    fn is_gem(&self, step: &Step) -> bool {
        let gem = matches!(&step.action, crate::blueprint::Action::Install { manager, .. } if manager == "gem");
        gem && step.stage == Part::Dependencies && self.outputs.iter().any(|path| path.ends_with("/bundle"))
    }

    fn packages(&self, basic: bool) -> Vec<&Package> {
        self.image.packages.iter().filter(|one| package::is_basic(one) == basic).collect()
    }

    fn install(&self, packages: &[&Package]) -> Option<Instruction> {
        package::install(self.image.packager, packages, self.scope).map(Instruction::spaced)
    }

    fn runtime(&self) -> Stage {
        let mut instructions = Vec::new();
        instructions.extend(variable::of_runtime(self.image));
        if self.image.packager == Packager::Apt {
            instructions.push(package::keep_downloads());
        }
        let sources: Vec<&Step> = self.image.steps.iter().filter(|step| package::is_source(step)).collect();
        instructions.extend(step::instructions(self.layout, self.stages, self.image, &sources));
        let certificates = package::certificate_package();
        let mut basic = self.packages(true);
        if package::needs_certificates(self.image) {
            basic.push(&certificates);
        }
        instructions.extend(self.install(&basic));
        instructions.extend(self.repositories(Part::Runtime));
        instructions.extend(variable::preload(self.image));
        instructions.extend(account::create(self.image));
        instructions.extend(self.steps(Part::Runtime));
        instructions.push(self.work().spaced());
        let title = format!("1. {}: the language and what every process needs", self.chain.runtime);
        Stage {
            title,
            comments: origin::lines(&self.image.base_origin),
            from: self.argument(0),
            name: self.chain.runtime.clone(),
            instructions,
        }
    }

    fn builder(&self) -> Stage {
        let mut instructions = vec![self.work()];
        instructions.extend(self.repositories(Part::Dependencies));
        let unpack = Package { name: "unzip".to_owned(), version: None, renamed_from: None, origin: Vec::new() };
        let mut packages: Vec<&Package> = self.image.build_packages.iter().collect();
        let composer = dependency::composer(self.image, self.source);
        if composer.is_some() && !packages.iter().any(|package| package.name == unpack.name) {
            packages.push(&unpack);
        }
        instructions.extend(self.install(&packages));
        if let Some(image) = composer {
            instructions.push(
                Instruction::plain(format!("COPY --from={} /usr/bin/composer /usr/local/bin/composer", self.stages.pin(image))).spaced(),
            );
        }
        let gems: Vec<&Step> = self.image.steps.iter().filter(|step| self.is_gem(step)).collect();
        instructions.extend(step::instructions(self.layout, self.stages, self.image, &gems));
        instructions.extend(self.libraries(|command| command.to_owned()));
        let title = format!("{}: compilers stay in this stage", self.chain.builder);
        Stage { title, comments: Vec::new(), from: self.argument(1), name: self.chain.builder.clone(), instructions }
    }

    /// Where the source lies in the build context.
    fn context(&self) -> String {
        if self.source.folder.is_empty() { ".".to_owned() } else { paths(&[&self.source.folder]) }
    }

    /// The install commands with what they need.
    fn libraries(&self, change: fn(&str) -> String) -> Vec<Instruction> {
        let mut instructions = self.copied_manifests();
        if let Some(command) = dependency::prepare(self.image, self.source) {
            instructions.push(Instruction::plain(format!("RUN {command}")));
        }
        instructions.extend(self.install_commands(change));
        instructions
    }

    fn install_commands(&self, change: fn(&str) -> String) -> Vec<Instruction> {
        let command = |command: &String| {
            let mut mounts = dependency::caches(self.image, command);
            mounts.extend(self.lent_manifests());
            let mut comments = Vec::new();
            if let Some(file) = &self.source.login {
                let id = dependency::login_id(self.layout, self.name);
                comments.push(format!("The registry's login: docker build --secret id={id},src={}{file} ...", self.source.folder));
                mounts.push(format!("--mount=type=secret,id={id},target={}/{file}", self.workdir.trim_end_matches('/')));
            }
            Instruction::run(&mounts, vec![Command::new(change(command.trim())).commented(comments)]).spaced()
        };
        self.source.install.iter().filter(|text| !text.trim().is_empty() && !text.contains('\n')).map(command).collect()
    }

    /// The manifests as the install commands see them: lent by the build context, part of no layer.
    fn lent_manifests(&self) -> Vec<String> {
        let lent = self.source.manifests.iter().filter(|path| can_be_lent(path) && can_be_lent(&self.source.folder));
        lent.map(|path| format!("--mount=type=bind,source={}{path},target={path}", self.source.folder)).collect()
    }

    /// Those with paths that a mount cannot say.
    fn copied_manifests(&self) -> Vec<Instruction> {
        let others = self.source.manifests.iter().filter(|path| !(can_be_lent(path) && can_be_lent(&self.source.folder)));
        others.map(|path| Instruction::plain(format!("COPY {}", paths(&[&format!("{}{path}", self.source.folder), path])))).collect()
    }

    fn dependencies(&self) -> Stage {
        let mut instructions = self.repositories(Part::Dependencies);
        if self.outputs.is_empty() {
            // Nothing is known to be taken over from a throw-away stage: compilers and commands stay here.
            let all: Vec<&Package> = self.packages(false).into_iter().chain(&self.image.build_packages).collect();
            instructions.extend(self.install(&all));
            instructions.extend(self.steps(Part::Dependencies));
            instructions.extend(self.libraries(|command| command.to_owned()));
        } else {
            instructions.extend(self.install(&self.packages(false)));
            instructions.extend(self.steps(Part::Dependencies));
            instructions.extend(self.take_over(&self.chain.builder));
        }
        let title = format!("2. {}: system packages and libraries", self.chain.dependencies);
        Stage { title, comments: Vec::new(), from: self.argument(1), name: self.chain.dependencies.clone(), instructions }
    }

    fn take_over(&self, from: &str) -> Vec<Instruction> {
        let copy = |(index, path): (usize, &String)| {
            let copy = Instruction::plain(format!("COPY {}--from={from} {}", copy::link(self.image, path), paths(&[path, path])));
            if index == 0 { copy.spaced() } else { copy }
        };
        self.outputs.iter().enumerate().map(copy).collect()
    }

    fn test_builder(&self) -> Stage {
        let title = format!("{}: the libraries that only tests need", self.chain.test_builder);
        let instructions = self.install_commands(dependency::for_tests);
        Stage { title, comments: Vec::new(), from: self.chain.builder.clone(), name: self.chain.test_builder.clone(), instructions }
    }

    fn test(&self, command: &[String]) -> Stage {
        let who = identity::of(Some(self.image));
        let environment = [("RAILS_ENV", "test"), ("RACK_ENV", "test"), ("NODE_ENV", "test"), ("BUNDLE_WITHOUT", "")];
        let mut values: Vec<(String, String, String)> = Vec::new();
        for (name, value) in environment {
            if self.image.variables.contains_key(name) || dependency::defaults(self.image).iter().any(|(other, _)| *other == name) {
                values.push((name.to_owned(), value.to_owned(), String::new()));
            }
        }
        let mut instructions = vec![self.work()];
        if !values.is_empty() {
            instructions.push(Instruction::env(values));
        }
        if !self.outputs.is_empty() {
            instructions.extend(self.take_over(&self.chain.test_builder));
        }
        instructions.push(Instruction::plain(format!("COPY {}--chown={}:{} {} .", self.link(), who.uid, who.gid, self.context())));
        let writable: Vec<String> = self.image.writable.iter().filter(|path| !path.starts_with('/')).map(|path| shell_word(path)).collect();
        if !writable.is_empty() {
            instructions.push(Instruction::plain(format!("RUN install -d -o {} -g {} {}", who.uid, who.gid, writable.join(" "))));
        }
        instructions.push(Instruction::plain(format!("USER {}:{}", who.uid, who.gid)));
        instructions.push(Instruction::exec("CMD", command));
        let title =
            format!("{}: {} with the test libraries, for `docker compose run --rm --build test`", self.chain.test, self.chain.dependencies);
        Stage { title, comments: Vec::new(), from: self.argument(2), name: self.chain.test.clone(), instructions }
    }

    fn last(&self) -> Stage {
        let mut instructions = vec![self.work()];
        instructions.extend(variable::of_source(self.image));
        // The build's commands write there too (Rails opens its log); what they wrote belongs to the app afterwards.
        if !self.source.build.is_empty() {
            instructions.extend(ending::folders(self.image));
        }
        instructions.push(Instruction::plain(format!("COPY {}{} .", self.link(), self.context())).spaced());
        let inside = |path: &str| if path.is_empty() { "./".to_owned() } else { path.to_owned() };
        let overlays =
            self.source.overlays.iter().map(|(from, to)| {
                Instruction::plain(format!("COPY {}{}", readable(from), paths(&[&step::container_path(from), &inside(to)])))
            });
        instructions.extend(overlays);
        instructions.extend(self.steps(Part::Source));
        instructions.extend(self.source.build.iter().map(build_step));
        instructions.extend(ending::writable(self.image));
        instructions.extend(ending::ending(self.layout, self.image, self.name));
        let title = format!("3. {}: the source", self.chain.last);
        Stage { title, comments: Vec::new(), from: self.argument(2), name: self.chain.last.clone(), instructions }
    }

    /// `--link ` for the source.
    fn link(&self) -> &'static str {
        copy::link(self.image, &format!("{}/", self.workdir))
    }

    fn work(&self) -> Instruction {
        Instruction::plain(format!("WORKDIR {}", super::script::workdir_path(&self.workdir)))
    }
}

/// Whether a path can stand in a mount, whose parts are divided by commas.
fn can_be_lent(path: &str) -> bool {
    path.chars().all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c))
}

/// A checkout may have modes that only its owner can read.
fn readable(from: &str) -> &'static str {
    if from.ends_with('/') { "" } else { "--chmod=0644 " }
}

fn build_step(step: &BuildStep) -> Instruction {
    let comments = origin::lines(&step.origin);
    let command = step.command.trim();
    if command.contains('\n') || command.contains("<<") {
        let exports: String = step.variables.iter().map(|(name, value)| format!("export {name}={}\n", shell_word(value))).collect();
        return Instruction::script("", &format!("{exports}{command}")).commented(comments);
    }
    // Variables before a command reach only its first part.
    let compound = command.contains(['&', ';', '|']) && !step.variables.is_empty();
    let text = if compound {
        format!("export {}&& {command}", assignments(&step.variables))
    } else {
        format!("{}{command}", assignments(&step.variables))
    };
    Instruction::plain(format!("RUN {text}")).commented(comments)
}
