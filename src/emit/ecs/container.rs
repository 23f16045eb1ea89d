//! One container definition: command, variables, secrets, logs.

use crate::blueprint::{Mount, Process, Setting, Variable};
use crate::emit::ecs::Stack;
use crate::emit::ecs::text::{block, command, plain, reference, substitute};
use crate::emit::settings::{self, Kind};
use crate::emit::yaml::{List, Map};
use crate::emit::{identity, origin, own_name};

/// What one container runs, whatever starts it.
pub struct Part<'a> {
    /// Its name in the task.
    pub name: String,
    /// The blueprint's name of the image.
    pub image: &'a str,
    /// The command, empty for the image's own.
    pub command: &'a [String],
    /// The directory, where it is not the image's.
    pub directory: Option<&'a str>,
    /// Variables of its own.
    pub variables: Vec<(&'a str, &'a str)>,
    /// Files that exist here.
    pub mounts: Vec<&'a Mount>,
    /// The task ends with it.
    pub essential: bool,
}

/// What a variable of a container is set to.
enum Value<'a> {
    Plain(&'a str),
    /// The parameter with the name of its secret.
    Secret(String),
}

impl<'a> Stack<'a> {
    /// The part of a process.
    pub(super) fn part_of(&self, name: &str, process: &'a Process) -> Part<'a> {
        let here = |value: &'a crate::blueprint::PerEnvironment<String>| self.layout.at(value, self.index);
        Part {
            name: name.to_owned(),
            image: &process.image,
            command: self.layout.at(&process.command, self.index).map(Vec::as_slice).unwrap_or_default(),
            directory: process.directory.as_deref(),
            variables: process.variables.iter().filter_map(|(name, value)| Some((name.as_str(), here(value)?.as_str()))).collect(),
            mounts: process.mounts.iter().filter(|mount| self.has_mount(mount)).collect(),
            essential: true,
        }
    }

    /// The definition, without what only processes have.
    pub(super) fn container(&self, part: &Part) -> Map {
        let image = self.layout.image(part.image);
        let daemon = self.layout.is_daemon(part.image);
        let mut map = self.head(&part.name, part.image, part.essential);
        let (words, note) = own_name::command(self.layout, part.image, part.command);
        if !words.is_empty() {
            map = map.above_all(note).with("Command", command(&words));
        } else if let Some(note) = note {
            map = map.above(note);
        }
        map = map.with_some("WorkingDirectory", self.layout.own_directory(part.image, part.directory).map(plain));
        if let Some(image) = image {
            let who = identity::of(Some(image.item));
            map = map.with("User", format!("{}:{}", who.uid, who.gid));
        }
        let (mut environment, mut secrets) = (List::new(), List::new());
        for (name, value, variable) in self.values(part) {
            let comments = self.first_words(name, variable);
            match value {
                Value::Plain(value) => {
                    environment = environment.above_all(comments).item(Map::flow().with("Name", name).with("Value", plain(value)));
                }
                Value::Secret(parameter) => {
                    let from = self.secret(&parameter, name);
                    secrets = secrets.above_all(comments).item(Map::flow().with("Name", name).with("ValueFrom", from));
                }
            }
        }
        if !environment.is_empty() {
            map = map.with("Environment", environment);
        }
        if !secrets.is_empty() {
            map = map.with("Secrets", secrets);
        }
        if !daemon {
            // The first process of a container ignores signals that it does not handle, and does not bury others' children.
            map = map.with("LinuxParameters", Map::flow().with("InitProcessEnabled", true));
        }
        map.with("LogConfiguration", self.logs(&part.name))
    }

    /// What every container begins with.
    pub(super) fn head(&self, name: &str, image: &str, essential: bool) -> Map {
        let image = substitute(format!("${{Registry}}/{}:${{ImageTag}}", self.layout.image_name(image)));
        Map::new().with("Name", name).with("Image", image).with("Essential", essential)
    }

    /// Where a container's output goes.
    pub(super) fn logs(&self, name: &str) -> Map {
        let options = Map::flow()
            .with("awslogs-group", reference("LogGroup"))
            .with("awslogs-region", reference("AWS::Region"))
            .with("awslogs-stream-prefix", name);
        Map::new().with("LogDriver", "awslogs").with("Options", options)
    }

    /// Reference to a key of a secret.
    pub(super) fn secret(&self, parameter: &str, key: &str) -> Map {
        substitute(format!("${{{parameter}}}:{key}::"))
    }

    /// The variables of a container, each once: its own before those of its image before those of all.
    fn values<'p>(&'p self, part: &'p Part<'p>) -> Vec<(&'p str, Value<'p>, Option<&'p Variable>)> {
        let mut all: Vec<(&str, Value, Option<&Variable>)> = Vec::new();
        let own = part.variables.iter().filter(|(name, _)| settings::is_name(name) && !settings::is_secret(self.layout, name));
        all.extend(own.map(|(name, value)| (*name, Value::Plain(value), None)));
        if self.layout.is_daemon(part.image) {
            return all;
        }
        for scope in [Some(part.image), None] {
            for kind in [Kind::Plain, Kind::Secret] {
                for variable in settings::of_scope(self.layout, kind, scope) {
                    if all.iter().any(|(name, ..)| *name == variable.name) {
                        continue;
                    }
                    let value = match kind {
                        Kind::Secret => {
                            let here = self.layout.at(&variable.value, self.index);
                            here.map(|_| Value::Secret(self.secret_parameter(scope)))
                        }
                        _ => settings::known(self.layout, variable, self.index).map(Value::Plain),
                    };
                    all.extend(value.map(|value| (variable.name.as_str(), value, Some(variable))));
                }
            }
        }
        all
    }

    /// Where a variable comes from, at its first use.
    fn first_words(&self, name: &str, variable: Option<&Variable>) -> Vec<String> {
        let Some(variable) = variable else { return Vec::new() };
        let key = format!("{name} {}", variable.images.join(" "));
        if !self.shown.borrow_mut().insert(key) {
            return Vec::new();
        }
        let mut words = vec![origin::short(&variable.origin)];
        words.extend(variable.note.as_ref().map(|note| origin::one_line(note)));
        words.retain(|words| !words.is_empty());
        words
    }

    /// Variables that no source says a value for, in words.
    pub(super) fn unknown(&self, image: &str) -> Vec<String> {
        let mut words = Vec::new();
        for scope in [None, Some(image)].into_iter().filter(|_| !self.layout.is_daemon(image)) {
            let all = [Kind::Plain, Kind::Unknown].into_iter().flat_map(|kind| settings::of_scope(self.layout, kind, scope));
            for variable in all {
                if let Some(Setting::Unknown(reason)) = self.layout.at(&variable.value, self.index) {
                    words.push(origin::one_line(&format!("{}: set by hand: {reason}", variable.name)));
                }
            }
        }
        words
    }
}

/// A variable of a container that is a file's content.
pub fn content(name: &str, text: &str) -> Map {
    Map::new().with("Name", name).with("Value", block(text))
}
