//! What initializers say in so many words: `Sidekiq::Cron::Job.create(name: …, cron: …)`, files that they load, `scheduler.every '1h'`.
//!
//! Nothing is evaluated: literals are read, anything else stays out.

use serde_yaml::{Mapping, Value};

use super::{Scene, time};
use crate::audit::visit::walk;
use crate::blueprint::InnerSchedule;
use crate::pass::Sink;
use crate::read::ruby::ast::{Arg, Call, ConstScope, Expr, Node, Pair, Piece};

/// A call with what it holds.
pub struct Found {
    /// The file.
    pub path: String,
    /// Its line.
    pub line: u32,
    /// The first line of the call.
    pub what: String,
    /// YAML files that it names, below the project.
    pub files: Vec<String>,
    /// Jobs that stand in it.
    pub jobs: Vec<(String, Mapping)>,
}

/// Where initializers lie.
fn is_initializer(path: &str) -> bool {
    path.ends_with(".rb")
        && (path.starts_with("config/initializers/")
            || path.starts_with("config/environments/production")
            || path == "config/application.rb")
        || path == "lib/tasks/resque.rake"
        || path.starts_with("lib/tasks/") && path.ends_with(".rake")
}

/// The calls in initializers whose text names one of `names`.
pub fn calls(scene: &Scene<'_>, names: &[&str]) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for (path, id) in scene.project.files.iter().filter(|(path, _)| is_initializer(path)) {
        let text = scene.input.sources.file(*id).text();
        if !names.iter().any(|name| text.contains(name)) {
            continue;
        }
        let (tree, _) = crate::read::ruby::parse(scene.input.sources, *id);
        // A variable may hold the file's name: all YAML files that the initializer names count, where it loads any.
        let mut files = Vec::new();
        let mut loads = false;
        let mut found = Vec::new();
        walk(&tree, &mut |node, _| match &node.expr {
            Expr::Str(pieces) => {
                if let Some(text) = last_text(pieces).filter(|text| text.ends_with(".yml") || text.ends_with(".yaml")) {
                    files.push(text.trim_start_matches('/').to_owned());
                }
            }
            Expr::Call(call) => {
                let receiver = call.receiver.as_ref().map(|node| scene.input.sources.slice(node.span)).unwrap_or_default();
                let whole = format!("{receiver}.{}", call.name.as_str());
                if !names.iter().any(|name| whole.contains(name)) {
                    return;
                }
                loads |=
                    call.name.starts_with("load_from") || call.name.as_str() == "schedule=" || call.name.starts_with("reload_schedule");
                let jobs = jobs(call);
                if !jobs.is_empty() {
                    let location = scene.input.sources.location(node.span);
                    let what = scene.input.sources.slice(node.span).lines().next().unwrap_or_default().trim().to_owned();
                    found.push(Found { path: path.clone(), line: location.line, what, files: Vec::new(), jobs });
                }
            }
            Expr::Assign { .. } => {
                let text = scene.input.sources.slice(node.span);
                loads |= names.iter().any(|name| text.starts_with(name));
            }
            _ => {}
        });
        files.retain(|file| scene.project.has(file));
        let short: Vec<String> = files;
        if loads && !short.is_empty() {
            found.push(Found { path: path.clone(), line: 1, what: path.clone(), files: short, jobs: Vec::new() });
        }
        all.extend(found);
    }
    all
}

/// The last known piece of a string: `#{Rails.root}/config/x.yml` ends in `/config/x.yml`.
fn last_text(pieces: &[Piece]) -> Option<String> {
    match pieces.last()? {
        Piece::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

/// `create(name: …, cron: …)`, `load_from_hash({ 'name' => { … } })`, `load_from_array [{ … }]`
fn jobs(call: &Call) -> Vec<(String, Mapping)> {
    let mut all = Vec::new();
    for argument in &call.args {
        let value = match argument {
            Arg::Value(node) => value(node),
            Arg::Hash(pairs) => mapping(pairs),
            _ => None,
        };
        match value {
            Some(Value::Mapping(map)) => {
                let named = super::document::get(&map, "name").and_then(super::document::text);
                match named.filter(|_| super::job::is_job(&map)) {
                    Some(name) => all.push((name, map)),
                    None => all.extend(map.iter().filter_map(|(key, value)| {
                        let inner = value.as_mapping().filter(|map| super::job::is_job(map))?;
                        Some((super::document::text(key)?, inner.clone()))
                    })),
                }
            }
            Some(Value::Sequence(list)) => all.extend(list.iter().filter_map(|value| {
                let map = value.as_mapping().filter(|map| super::job::is_job(map))?;
                Some((super::document::get(map, "name").and_then(super::document::text)?, map.clone()))
            })),
            _ => {}
        }
    }
    all
}

fn mapping(pairs: &[Pair]) -> Option<Value> {
    let mut map = Mapping::new();
    for pair in pairs {
        let Pair::Entry(key, item) = pair else { continue };
        if let (Some(key), Some(item)) = (value(key), value(item)) {
            map.insert(key, item);
        }
    }
    Some(Value::Mapping(map))
}

/// A literal as a value.
fn value(node: &Node) -> Option<Value> {
    match &node.expr {
        Expr::Str(pieces) => match pieces.as_slice() {
            [] => Some(Value::String(String::new())),
            [Piece::Text(text)] => Some(Value::String(text.to_string())),
            _ => None,
        },
        Expr::Symbol(name) => Some(Value::String(name.as_str().to_owned())),
        Expr::Integer(number) => Some(Value::Number((*number).into())),
        Expr::True => Some(Value::Bool(true)),
        Expr::False => Some(Value::Bool(false)),
        Expr::Const { scope, name } => {
            let outer = match scope {
                ConstScope::In(outer) => format!("{}::", value(outer)?.as_str()?),
                _ => String::new(),
            };
            Some(Value::String(format!("{outer}{}", name.as_str())))
        }
        // `Job.name`, `Job.to_s`
        Expr::Call(call) if matches!(call.name.as_str(), "name" | "to_s") && call.args.is_empty() => value(call.receiver.as_ref()?),
        Expr::Array(items) => Some(Value::Sequence(items.iter().filter_map(|item| value(item)).collect())),
        Expr::Hash(pairs) => mapping(pairs),
        _ => None,
    }
}

/// `Rufus::Scheduler.new.every '1h' do … end` in initializers.
pub fn rufus(scene: &Scene<'_>, all: &mut Vec<InnerSchedule>, _: &mut Sink) {
    for (path, id) in scene.project.files.iter().filter(|(path, _)| is_initializer(path)) {
        let sources = scene.input.sources;
        let text = sources.file(*id).text();
        if !text.contains("Rufus::Scheduler") && !text.contains("Rufus.Scheduler") {
            continue;
        }
        let (tree, _) = crate::read::ruby::parse(sources, *id);
        walk(&tree, &mut |node, _| {
            let Expr::Call(call) = &node.expr else { return };
            let name = call.name.as_str();
            if !matches!(name, "every" | "cron" | "interval" | "in" | "at" | "schedule_every" | "schedule_cron") || call.receiver.is_none()
            {
                return;
            }
            let Some(crate::read::ruby::ast::BlockArg::Block(block)) = &call.block else { return };
            let Some(Arg::Value(first)) = call.args.first() else { return };
            let written = match value(first) {
                Some(Value::String(text)) => text,
                _ => sources.slice(first.span).to_owned(),
            };
            let is_cron = name.ends_with("cron");
            let meaning = if is_cron { time::of_cron(&written) } else { time::of_span() };
            let body = block.body.as_ref().map(|body| sources.slice(body.span)).unwrap_or_default();
            let line = sources.location(node.span).line;
            let does = body.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("a block").to_owned();
            let mut one = InnerSchedule {
                name: does.split(['(', ' ']).next().unwrap_or(&does).to_owned(),
                kind: "rufus-scheduler".to_owned(),
                written: if is_cron { written } else { format!("{name} {written}") },
                does,
                origin: scene.origin(path, line, sources.slice(node.span).lines().next().unwrap_or_default().trim()),
                ..InnerSchedule::default()
            };
            super::job::fill(&mut one, meaning);
            all.push(one);
        });
    }
}
