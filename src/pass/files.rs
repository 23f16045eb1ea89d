//! Files that Chef put on the hosts and that no other pass took: copied where they are the same everywhere, mounted where they
//! differ between environments or hold something that only the running system knows.

pub mod reach;

use std::collections::{BTreeMap, BTreeSet};

use crate::blueprint::{Action, Artifact, Mount, PerEnvironment, Stage, Step};
use crate::facts::address;
use crate::graph::{FileKind, FileState, Lifecycle};
use crate::outcome::Fate;
use crate::pass::settings::table::alike;
use crate::pass::{Input, Sink};
use crate::source::Content;
use crate::text::{SHOWN_HOLE, Text};

/// What the files become.
#[derive(Debug, Default)]
pub struct Files {
    /// Steps of the image, in Chef's order.
    pub steps: Vec<Step>,
    /// Files under `container/`.
    pub artifacts: Vec<Artifact>,
    /// Files in the app's folder: path under `container/`, path below the work directory.
    pub overlays: Vec<(String, String)>,
    /// Mounted files, each with the layers whose processes get it; all where there are none.
    pub mounts: Vec<(Mount, BTreeSet<String>)>,
}

/// The states of one path, by environment; and by layer, for what its layers have different texts of.
#[derive(Default)]
struct PathStates<'a> {
    item: usize,
    states: BTreeMap<usize, &'a FileState>,
    layers: BTreeMap<&'a str, BTreeMap<usize, (usize, &'a FileState)>>,
}

/// Bytes that a `ConfigMap` holds at the most.
const CONFIG_MAP: usize = 1 << 20;

/// Makes steps, overlays and mounts of what is left.
pub fn run(input: &Input<'_>, sink: &mut Sink) -> Files {
    let mut files = Files::default();
    let mut paths: BTreeMap<&str, PathStates<'_>> = BTreeMap::new();
    let mut order: Vec<&str> = Vec::new();
    for file in input.files() {
        let run = &input.graph.runs[file.run];
        if matches!(run.event, Lifecycle::Undeploy | Lifecycle::Shutdown) || sink.is_claimed(file.item) {
            continue;
        }
        let entry = paths.entry(file.path).or_insert_with(|| {
            order.push(file.path);
            PathStates { item: file.item, ..PathStates::default() }
        });
        entry.states.insert(run.environment, file.state);
        entry.layers.entry(&run.layer).or_default().insert(run.environment, (file.item, file.state));
    }
    for path in order {
        let Some(states) = paths.get(path) else { continue };
        if path.contains(SHOWN_HOLE) {
            nowhere(input, path, states, sink);
            continue;
        }
        let mut groups = groups(states);
        // What must be decided by hand comes first: it is what the report says of the resource.
        let open = |states: &PathStates<'_>| {
            states.states.values().filter_map(|state| text_of(state)).any(|text| text.holes().any(|hole| !hole.secret))
        };
        groups.sort_by_key(|(_, states)| !open(states));
        if groups.len() < 2 {
            one(input, path, states, &mut files, sink);
        }
        for (layers, states) in groups.iter().filter(|_| groups.len() > 1) {
            text_file(input, path, states, layers, &mut files, sink);
        }
    }
    files
}

/// Layers that have the same text of a path in every environment, where the layers of one environment have different ones.
fn groups<'a>(found: &PathStates<'a>) -> Vec<(BTreeSet<String>, PathStates<'a>)> {
    let text = |found: &BTreeMap<usize, (usize, &'a FileState)>, number: usize| found.get(&number).and_then(|(_, state)| text_of(state));
    let all: Vec<_> = found.layers.values().collect();
    let differ = |number: &usize| {
        let mut texts = all.iter().filter_map(|states| text(states, *number));
        let first = texts.next();
        texts.any(|text| first.is_some_and(|first| !alike(first, text)))
    };
    if !found.states.keys().any(differ) {
        return Vec::new();
    }
    let mut groups: Vec<(BTreeSet<String>, PathStates<'a>)> = Vec::new();
    for (layer, states) in &found.layers {
        let here: BTreeMap<usize, &FileState> = states.iter().map(|(number, (_, state))| (*number, *state)).collect();
        let same = |known: &PathStates<'_>| {
            known.states.len() == here.len()
                && here.iter().all(|(number, state)| known.states.get(number).is_some_and(|known| same_text(known, state)))
        };
        match groups.iter_mut().find(|(_, known)| same(known)) {
            Some((layers, _)) => {
                layers.insert((*layer).to_owned());
            }
            None => {
                let item = states.values().next().map_or(found.item, |(item, _)| *item);
                groups.push((BTreeSet::from([(*layer).to_owned()]), PathStates { item, states: here, layers: BTreeMap::new() }));
            }
        }
    }
    groups
}

/// A file of which the path is not known: nothing of an image, but a person's.
fn nowhere(input: &Input<'_>, path: &str, found: &PathStates<'_>, sink: &mut Sink) {
    let Some(state) = found.states.values().next() else { return };
    if matches!(state.kind, FileKind::Absent) {
        sink.claim(found.item, Fate::Host, "", format!("an image begins without what lies at {path}"));
        return;
    }
    sink.claim(found.item, Fate::Manual, "", format!("its path is not known: {path}"));
    sink.task(
        format!("Decide where `{path}` lies"),
        "its path is not known before a host runs",
        input.origin(found.item).into_iter().collect(),
    );
}

/// The name of an account, where it is known.
fn account(name: Option<&String>) -> Option<String> {
    name.filter(|name| !name.contains(SHOWN_HOLE)).cloned()
}

/// `what`, with the owners that are not known.
fn owned(what: &str, state: &FileState) -> String {
    let unknown: Vec<&str> =
        [&state.owner, &state.group].into_iter().flatten().filter(|name| name.contains(SHOWN_HOLE)).map(String::as_str).collect();
    if unknown.is_empty() { what.to_owned() } else { format!("{what}; who owns it is not known: {}", unknown.join(", ")) }
}

fn one(input: &Input<'_>, path: &str, found: &PathStates<'_>, files: &mut Files, sink: &mut Sink) {
    let item = found.item;
    let Some(state) = found.states.values().next() else { return };
    let origin: Vec<_> = input.origin(item).into_iter().collect();
    let step = |action: Action| Step { stage: Stage::Dependencies, action, origin: origin.clone(), note: None };
    if let (FileKind::Remote(_), Some((fate, why))) = (&state.kind, fate_of_users(input, item, path, sink)) {
        sink.claim(item, fate, "", why);
        return;
    }
    match &state.kind {
        FileKind::Directory => {
            let action = Action::Directory {
                path: path.to_owned(),
                owner: account(state.owner.as_ref()),
                group: account(state.group.as_ref()),
                mode: state.mode.clone(),
            };
            files.steps.push(step(action));
            sink.claim(item, Fate::Translated, "Dockerfile", owned("a directory of the image", state));
        }
        FileKind::Link(to) => match to.known() {
            Some(to) => {
                files.steps.push(step(Action::Link { path: path.to_owned(), to: input.image_path(to) }));
                sink.claim(item, Fate::Translated, "Dockerfile", "a link of the image");
            }
            None => {
                sink.claim(item, Fate::Manual, "", format!("the target of the link is not known: {to}"));
                sink.task(format!("Make the link `{path}`"), format!("its target is {to}"), origin);
            }
        },
        FileKind::Absent => {
            files.steps.push(step(Action::Remove { path: path.to_owned() }));
            sink.claim(item, Fate::Translated, "Dockerfile", "removed in the image");
        }
        FileKind::Remote(url) => match url.known() {
            Some(url) if !url.starts_with("http://") && !url.starts_with("https://") => {
                sink.claim(item, Fate::Manual, "", format!("a build fetches over HTTP only, and its address is `{url}`"));
                sink.task(format!("Bring `{path}` into the image"), format!("it came from `{url}`"), origin);
            }
            Some(url) if let Some(why) = address::reason(url) => {
                sink.claim(item, Fate::Manual, "", format!("its address no longer answers: {why}"));
                sink.task(format!("Find another source of `{path}`"), format!("{url}: {why}"), origin);
            }
            Some(url) if !has_credentials(url) => {
                let resource = input.resource(item);
                let checksum = resource.and_then(|resource| resource.known("checksum"));
                files.steps.push(step(Action::Download { url: url.to_owned(), to: path.to_owned(), checksum, mode: state.mode.clone() }));
                sink.claim(item, Fate::Translated, "Dockerfile", "fetched when the image is built");
            }
            _ => {
                sink.claim(item, Fate::Manual, "", "its address is not known, or holds credentials");
                sink.task(format!("Fetch `{path}` when the image is built"), format!("from {url}"), origin);
            }
        },
        FileKind::Binary(source) => match input.sources.find(source).map(|id| &input.sources.file(id).content) {
            Some(Content::Binary(_)) => {
                sink.claim(item, Fate::Manual, "", format!("a binary file: copy `{source}` into the build context"));
                sink.task(format!("Copy `{source}` to `{path}` in the image"), "binary files are not copied", origin);
            }
            _ => sink.claim(item, Fate::Manual, "", "a file that could not be read"),
        },
        FileKind::Broken(why) => {
            sink.claim(item, Fate::Manual, "", why.clone());
            sink.task(format!("Write `{path}` by hand"), why.clone(), origin);
        }
        FileKind::File(_) => text_file(input, path, found, &BTreeSet::new(), files, sink),
    }
}

/// What becomes of a download whose every user stays out of the image: it stays out too.
fn fate_of_users(input: &Input<'_>, item: usize, path: &str, sink: &Sink) -> Option<(Fate, String)> {
    const READS: &[&str] = &["command", "code", "source", "cwd", "path"];
    let mut fate = None;
    for (number, resource) in input.items().filter(|(number, _)| *number != item) {
        let mentions = resource.name.to_string().contains(path)
            || READS.iter().any(|property| resource.text(property).is_some_and(|text| text.to_string().contains(path)));
        if !mentions {
            continue;
        }
        let claim = sink.get(number).filter(|claim| matches!(claim.fate, Fate::Host | Fate::Absorbed))?;
        fate.get_or_insert_with(|| (claim.fate, claim.why.clone()));
    }
    fate
}

fn has_credentials(url: &str) -> bool {
    url.split_once("://").is_some_and(|(_, rest)| rest.split('/').next().is_some_and(|host| host.contains('@')))
}

fn same_text(one: &FileState, other: &FileState) -> bool {
    match (text_of(one), text_of(other)) {
        (Some(one), Some(other)) => alike(one, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

fn text_of(state: &FileState) -> Option<&Text> {
    match &state.kind {
        FileKind::File(text) => Some(text),
        _ => None,
    }
}

/// The keys before the secrets of a file: `password`, `api_key`.
fn secret_keys(texts: &[(usize, &Text)]) -> Vec<String> {
    let mut keys = Vec::new();
    for (_, text) in texts {
        let shown = text.fill(|hole| if hole.secret { format!("\u{1}{}\u{1}", hole.name) } else { String::new() });
        for line in shown.lines() {
            let Some((before, rest)) = line.split_once('\u{1}') else { continue };
            let key = before.trim().trim_end_matches(['=', ':', '>', '"', '\'', ' ', '(', '[', '{', ',', ']']);
            let key = key.rsplit(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '{' | '[')).next().unwrap_or(key);
            let plain = !key.is_empty() && key.len() < 60 && !key.contains("//");
            let name = if plain { key } else { rest.split('\u{1}').next().unwrap_or(rest) };
            if !keys.iter().any(|known| known == name) {
                keys.push(name.to_owned());
            }
        }
    }
    keys
}

fn text_file(input: &Input<'_>, path: &str, found: &PathStates<'_>, layers: &BTreeSet<String>, files: &mut Files, sink: &mut Sink) {
    let item = found.item;
    let Some(state) = found.states.values().next() else { return };
    let origin: Vec<_> = input.origin(item).into_iter().collect();
    let texts: Vec<(usize, &Text)> = found.states.iter().filter_map(|(number, state)| text_of(state).map(|text| (*number, text))).collect();
    let secret = texts.iter().any(|(_, text)| text.is_secret()) || input.resource(item).is_some_and(|resource| resource.sensitive);
    let holes: Vec<String> = texts
        .iter()
        .flat_map(|(_, text)| text.holes().filter(|hole| !hole.secret).map(|hole| format!("{} ({})", hole.name, hole.reason)))
        .collect();
    let in_app = super::release::in_root(input, path);
    let image_path = input.image_path(path);
    let mut name = super::label::label(image_path.trim_start_matches('/'));
    if let Some(layer) = layers.first() {
        name = super::label::label(&format!("{name}-{layer}"));
    }
    if secret {
        files.mounts.push((Mount { name: name.clone(), path: image_path, content: None, origin: origin.clone() }, layers.clone()));
        sink.claim(item, Fate::Translated, format!("Secret {name}"), "it holds a secret: mounted, never part of the image");
        let keys = secret_keys(&texts);
        let why = match (keys.as_slice(), &state.source) {
            ([], _) => format!("`{path}` holds a secret"),
            (_, Some(source)) => format!("`{path}` holds secrets: {}; the rest of it stands in `{source}`", keys.join(", ")),
            (_, None) => format!("`{path}` holds secrets: {}", keys.join(", ")),
        };
        sink.task(format!("Create the secret file `{name}`"), why, origin);
        return;
    }
    if !holes.is_empty() {
        sink.claim(item, Fate::Manual, "", format!("it depends on what only a running host knows: {}", holes.join(", ")));
        sink.task(format!("Decide on `{path}`"), format!("it depends on {}", holes.join(", ")), origin);
        return;
    }
    let same = texts.windows(2).all(|pair| pair[0].1 == pair[1].1)
        && texts.len() == input.environments().min(texts.len().max(1))
        && (texts.len() == input.environments() || input.environments() == 1);
    let show = |text: &Text| input.image_path(text.known().unwrap_or(""));
    if let Some((_, text)) =
        texts.iter().find(|_| !same || !layers.is_empty()).filter(|_| texts.iter().any(|(_, text)| show(text).len() > CONFIG_MAP))
    {
        let size = show(text).len() >> 10;
        sink.claim(item, Fate::Manual, "", "it differs, and is too large for a ConfigMap");
        sink.task(
            format!("Bring `{path}` into the containers"),
            format!("it differs between environments or layers, and has {size} KiB: more than a ConfigMap holds"),
            origin,
        );
        return;
    }
    if !same || !layers.is_empty() {
        let mut values = vec![None; input.environments()];
        for (number, text) in &texts {
            if let Some(slot) = values.get_mut(*number) {
                *slot = Some(show(text));
            }
        }
        let mount = Mount { name: name.clone(), path: image_path, content: Some(PerEnvironment { values }), origin };
        files.mounts.push((mount, layers.clone()));
        let why = if layers.is_empty() { "it differs between the environments: mounted" } else { "it differs between the layers: mounted" };
        sink.claim(item, Fate::Translated, format!("ConfigMap {name}"), why);
        return;
    }
    let Some((_, text)) = texts.first() else { return };
    let file = path.trim_start_matches('/').to_owned();
    let executable = state.mode.as_deref().and_then(|mode| u32::from_str_radix(mode, 8).ok()).is_some_and(|mode| mode & 0o111 != 0);
    let relative = image_path.strip_prefix("/app/").filter(|_| in_app).map(str::to_owned);
    let place = relative.clone().map_or(file, |relative| format!("app/{relative}"));
    files.artifacts.push(Artifact { path: place.clone(), content: show(text), mode: if executable { 0o755 } else { 0o644 } });
    match relative {
        Some(relative) => {
            files.overlays.push((place.clone(), relative));
            sink.claim(item, Fate::Translated, format!("container/{place}"), "copied over the app's source");
        }
        None => {
            let action = Action::Copy {
                from: place.clone(),
                to: path.to_owned(),
                owner: account(state.owner.as_ref()),
                group: account(state.group.as_ref()),
                mode: state.mode.clone(),
            };
            files.steps.push(Step { stage: Stage::Dependencies, action, origin, note: None });
            sink.claim(item, Fate::Translated, format!("container/{place}"), owned("the same everywhere: copied into the image", state));
        }
    }
}
