//! What a deployment did: checkout, libraries, assets, migration, links. In a container these are build stages and a job.

use std::collections::BTreeMap;

use crate::blueprint::{BuildStep, Job, Source};
use crate::graph::{Datum, FileKind, Lifecycle, Resource};
use crate::outcome::Fate;
use crate::pass::command::{self, Wrappers};
use crate::pass::encode::encode;
use crate::pass::{Input, Sink};
use crate::project::{Language, Project};

/// What the deployment becomes.
#[derive(Debug, Default)]
pub struct Release {
    /// Build commands that need the source.
    pub build: Vec<BuildStep>,
    /// Jobs before the new version runs.
    pub jobs: Vec<Job>,
    /// Bundler groups left out.
    pub without: Vec<String>,
}

/// Takes the deployment's resources apart.
pub fn run(input: &Input<'_>, wrappers: &Wrappers, image: &str, sink: &mut Sink) -> Release {
    let mut release = Release::default();
    for (number, resource) in input.items() {
        match resource.kind.as_str() {
            "deploy" | "deploy_revision" | "deploy_branch" | "timestamped_deploy" => {
                deploy(input, number, resource, wrappers, image, &mut release, sink)
            }
            "git" | "subversion" if in_root(input, &resource.text_or_name("destination").to_string()) => {
                sink.claim(
                    number,
                    Fate::Translated,
                    "Dockerfile",
                    "the source is copied from the build context; the revision is the image's tag",
                );
            }
            "execute" | "bash" | "script" => execute(input, number, resource, wrappers, image, &mut release, sink),
            "link" => {
                let path = resource.text_or_name("target_file").to_string();
                if in_root(input, &path) {
                    sink.claim(
                        number,
                        Fate::Absorbed,
                        "",
                        "the image has one folder for the app: no links between releases and shared files",
                    );
                }
            }
            "directory" => {
                let path = resource.text_or_name("path").to_string();
                if in_root(input, &path) {
                    let why = if resource.does("delete") {
                        "the image has no earlier content to make room"
                    } else {
                        "the app's folders are those of its source, and those that something names"
                    };
                    sink.claim(number, Fate::Absorbed, "Dockerfile", why);
                }
            }
            _ => {}
        }
    }
    release
}

/// Whether a path lies in an app's folder.
#[must_use]
pub fn in_root(input: &Input<'_>, path: &str) -> bool {
    input.roots.iter().any(|root| path == root.host || path.strip_prefix(&root.host).is_some_and(|rest| rest.starts_with('/')))
}

fn deploy(input: &Input<'_>, number: usize, resource: &Resource, wrappers: &Wrappers, image: &str, release: &mut Release, sink: &mut Sink) {
    sink.claim(number, Fate::Translated, "Dockerfile", "checkout, links and restart are the image's build and the rolling update");
    let migrate = matches!(resource.get("migrate"), Some(Datum::Bool(true)));
    let command = resource.known("migration_command").filter(|_| migrate);
    if let Some(line) = command {
        let plain = command::plain(&line, wrappers);
        add_job(input, number, "migrate", image, plain.words, release, sink);
    }
}

fn line_of(resource: &Resource) -> crate::text::Text {
    if resource.kind == "execute" { resource.text_or_name("command") } else { resource.text("code").unwrap_or_default() }
}

fn execute(
    input: &Input<'_>,
    number: usize,
    resource: &Resource,
    wrappers: &Wrappers,
    image: &str,
    release: &mut Release,
    sink: &mut Sink,
) {
    let encoded = encode(&line_of(resource));
    let plain = command::plain(&encoded.text, wrappers);
    let here = resource.known("cwd").or(plain.directory.clone()).is_some_and(|path| in_root(input, &path))
        || input.roots.iter().any(|root| encoded.text.contains(&root.host));
    let script = if plain.shell { encoded.text.clone() } else { plain.words.join(" ") };
    let has = |needle: &str| script.contains(needle);
    let deploys = input.occurrences(number).any(|(run, _)| run.event == Lifecycle::Deploy);
    if has("bundle install") || has("bundle check") {
        for group in without_groups(&script) {
            if !release.without.contains(&group) {
                release.without.push(group);
            }
        }
        sink.claim(number, Fate::Translated, "Dockerfile", "stage gems: `bundle install`");
    } else if (has("npm install") || has("npm ci") || has("yarn install") || has("npm prune")) && (here || deploys) {
        // What follows in the same line is a step of its own: `npm ci && npm run build`.
        let builds: Vec<&str> = script.split("&&").map(str::trim).filter(|part| BUILDS.iter().any(|word| part.contains(word))).collect();
        if !builds.is_empty() {
            let command = encoded.show(&input.image_path(&builds.join(" && ")));
            let step = BuildStep { command, variables: BTreeMap::new(), origin: input.origin(number).into_iter().collect() };
            if !release.build.iter().any(|known| known.command == step.command) {
                release.build.push(step);
            }
        }
        sink.claim(number, Fate::Translated, "Dockerfile", "the packages are installed in their own stage");
    } else if has("db:migrate") || has("db:schema:load") || has("db:setup") || has("sequelize db:migrate") || has("knex migrate") {
        let words: Vec<String> = plain.words.iter().map(|word| input.image_path(word)).collect();
        add_job(input, number, "migrate", image, words, release, sink);
    } else if has("db:seed") {
        let words: Vec<String> = plain.words.iter().map(|word| input.image_path(word)).collect();
        add_job(input, number, "seed", image, words, release, sink);
    } else if BUILDS.iter().any(|word| has(word)) {
        let command = encoded.show(&input.image_path(&plain.words.join(" ")));
        let command = if plain.shell { encoded.show(&input.image_path(plain.words.get(2).map_or("", String::as_str))) } else { command };
        let variables = if has("rake") || has("rails") {
            BTreeMap::from([("SECRET_KEY_BASE".to_owned(), "for-this-step-only".to_owned())])
        } else {
            BTreeMap::new()
        };
        let step = BuildStep { command, variables, origin: input.origin(number).into_iter().collect() };
        if !release.build.iter().any(|known| known.command == step.command) {
            release.build.push(step);
        }
        sink.claim(number, Fate::Translated, "Dockerfile", "a build step of the source stage");
    } else if is_restart(&script) && lives(input, number) {
        sink.claim(number, Fate::Translated, "rolling update", "a new version starts new containers");
    } else if only_exports(input, script.trim()) {
        sink.claim(number, Fate::Absorbed, "", "it only exports variables, which end with it: the settings of the processes have them");
    } else if has("/releases/") && (has("rm ") || has("xargs")) {
        sink.claim(number, Fate::Absorbed, "", "old releases are old images: a lifecycle rule of the registry removes them");
    }
}

/// Words of the commands that build what the app serves.
const BUILDS: &[&str] = &["assets:precompile", "webpacker:compile", "npm run build", "yarn build", "yarn run build", "gulp", "grunt"];

/// Whether a command is a script of the cookbook that exports variables and does nothing else.
fn only_exports(input: &Input<'_>, path: &str) -> bool {
    let mut texts = input.files().filter(|file| path.starts_with('/') && file.path == path).filter_map(|file| match &file.state.kind {
        FileKind::File(text) => Some(encode(text).text),
        _ => None,
    });
    let only = |text: &String| {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).peekable();
        lines.peek().is_some()
            && lines.all(|line| line.starts_with("export ") && !line.contains(['`', ';', '&', '|']) && !line.contains("$("))
    };
    texts.next().is_some_and(|first| only(&first) && texts.all(|text| only(&text)))
}

/// Whether a resource runs at another event than those that end a host or take an app away.
fn lives(input: &Input<'_>, number: usize) -> bool {
    input.occurrences(number).any(|(run, _)| !matches!(run.event, Lifecycle::Shutdown | Lifecycle::Undeploy))
}

/// Whether a command only stops, restarts or reloads what a supervisor keeps.
fn is_restart(script: &str) -> bool {
    if script.contains("tmp/restart.txt") {
        return true;
    }
    // `echo "sleep 20 && monit restart all" | at now`
    if let Some(later) = script.trim().strip_prefix("echo ").and_then(|rest| rest.trim_end().strip_suffix("| at now")) {
        return is_restart(later.trim().trim_matches(['"', '\'']));
    }
    let mut any = false;
    for part in script.split(['\n', ';']).flat_map(|line| line.split("&&")).flat_map(|part| part.split("||")).map(str::trim) {
        let words: Vec<&str> = part.split_whitespace().filter(|word| !word.contains('=') && !word.contains('>')).collect();
        let words = words.as_slice();
        let words = if let ["sudo", rest @ ..] = words { rest } else { words };
        match words {
            [] | ["cd" | "sleep" | "true" | "echo", ..] => {}
            _ if part.starts_with('#') => {}
            _ if controls(words) => any = true,
            _ => return false,
        }
    }
    any
}

/// `service x restart`, `monit -g x restart all`, `pm2 delete x`, `…/shared/scripts/x restart`, `bin/delayed_job stop`
fn controls(words: &[&str]) -> bool {
    const VERBS: &[&str] = &[
        "restart",
        "reload",
        "reload-or-restart",
        "try-restart",
        "force-reload",
        "graceful",
        "stop",
        "delete",
        "unmonitor",
        "clean-restart",
        "stop-start",
    ];
    const TOOLS: &[&str] =
        &["systemctl", "service", "initctl", "monit", "supervisorctl", "sv", "apachectl", "pm2", "delayed_job", "bluepill", "eye", "god"];
    let words = if let ["bundle", "exec", rest @ ..] = words { rest } else { words };
    let Some(first) = words.first() else { return false };
    let verb = words.iter().skip(1).any(|word| VERBS.contains(word));
    let tool =
        words.iter().take(2).any(|word| word.rsplit('/').next().is_some_and(|name| TOOLS.contains(&name))) || first.contains("/init.d/");
    // The app's own script for its server.
    let own = words.len() == 2 && first.contains("/shared/scripts/");
    verb && (tool || own) && words.len() <= 8
}

/// Groups of `--without development test`.
fn without_groups(line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let Some(at) = words.iter().position(|word| word.starts_with("--without")) else { return Vec::new() };
    let first = words[at].strip_prefix("--without=").map(str::to_owned);
    let rest = words[at + 1..]
        .iter()
        .take_while(|word| !word.starts_with('-') && !word.starts_with('&') && !word.starts_with('|'))
        .map(|word| (*word).to_owned());
    first
        .into_iter()
        .chain(rest)
        .flat_map(|group| group.trim_matches(['"', '\'']).split([':', ' ', ',']).map(str::to_owned).collect::<Vec<_>>())
        .filter(|group| !group.is_empty())
        .collect()
}

fn add_job(input: &Input<'_>, number: usize, name: &str, image: &str, command: Vec<String>, release: &mut Release, sink: &mut Sink) {
    sink.claim(number, Fate::Translated, format!("Job {name}"), "runs once per release, before the new version");
    if release.jobs.iter().any(|job| job.name == name) {
        return;
    }
    release.jobs.push(Job {
        name: name.to_owned(),
        image: image.to_owned(),
        command,
        mounts: Vec::new(),
        origin: input.origin(number).into_iter().collect(),
        notes: Vec::new(),
    });
}

/// The source part of an app's image.
#[must_use]
pub fn source(project: &Project, release: &Release) -> Source {
    let mut source = Source {
        manifests: project.manifests.clone(),
        build: release.build.clone(),
        without: release.without.clone(),
        ..Source::default()
    };
    match project.language {
        Language::Ruby => {
            source.install = vec!["bundle install --jobs 4 --retry 3".to_owned()];
            source.ignore = [
                "log/*",
                "tmp/*",
                "vendor/bundle",
                "public/assets",
                "node_modules",
                "coverage",
                "config/master.key",
                "config/credentials/*.key",
            ]
            .map(str::to_owned)
            .to_vec();
            if source.without.is_empty() {
                source.without = vec!["development".to_owned(), "test".to_owned()];
            }
            if project.has_folder("spec/") && project.libraries.keys().any(|name| name.starts_with("rspec")) {
                source.tests = Some(["bundle", "exec", "rspec"].map(str::to_owned).to_vec());
            } else if project.has_folder("test/") && project.rails {
                source.tests = Some(["bundle", "exec", "rails", "test"].map(str::to_owned).to_vec());
            }
            let assets = project.has_folder("app/assets/")
                && project.libraries.keys().any(|name| name.starts_with("sprockets") || name == "propshaft" || name == "webpacker");
            if source.build.is_empty() && assets {
                source.build.push(BuildStep {
                    command: "bundle exec rake assets:precompile".to_owned(),
                    variables: BTreeMap::from([("SECRET_KEY_BASE".to_owned(), "for-this-step-only".to_owned())]),
                    origin: Vec::new(),
                });
            }
        }
        Language::Node => {
            let install = if project.has("yarn.lock") && project.tools && !source.build.is_empty() {
                "NODE_ENV=development yarn install --frozen-lockfile"
            } else if project.has("yarn.lock") {
                "yarn install --frozen-lockfile --production"
            } else if project.has("package-lock.json") || project.has("npm-shrinkwrap.json") {
                match (source.build.is_empty(), project.tools) {
                    (true, _) => "npm ci --omit=dev",
                    (false, true) => "NODE_ENV=development npm ci",
                    (false, false) => "npm ci",
                }
            } else {
                "npm install --omit=dev"
            };
            source.install = vec![install.to_owned()];
            source.ignore = ["node_modules", "npm-debug.log", "coverage"].map(str::to_owned).to_vec();
            if project.login {
                source.login = Some(".npmrc".to_owned());
                source.ignore.push(".npmrc".to_owned());
            }
        }
        Language::Php => {
            if project.has("composer.json") {
                // Scripts need the source, which comes later; extensions are in the image that the libraries go to.
                source.install = vec![
                    "composer install --no-dev --no-interaction --no-scripts --ignore-platform-req='ext-*' --optimize-autoloader"
                        .to_owned(),
                ];
            }
            source.ignore = vec!["vendor".to_owned()];
        }
        Language::Other => {}
    }
    source
}

#[cfg(test)]
mod tests {
    use super::without_groups;

    #[test]
    fn groups_left_out() {
        assert_eq!(without_groups("bundle install --deployment --without development test --jobs 4"), ["development", "test"]);
        assert_eq!(without_groups("bundle install --without=development:test"), ["development", "test"]);
        assert!(without_groups("bundle install").is_empty());
    }
}
