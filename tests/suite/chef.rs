//! `chef/cases/*` and `chef/scenarios/*/case-*.json`: repositories, and what real Chef made of them.
//!
//! `EKIBEN_CASE=TEXT` runs only the cases whose id contains TEXT, and prints what differs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use ekiben::chef::client::Settings;
use ekiben::chef::repository::Repository;
use ekiben::chef::resource::base::actions_of;
use ekiben::chef::resource::{ResourceData, class_data, data, property};
use ekiben::chef::run::{Finished, Kitchen, Request, evaluate};
use ekiben::chef::{datum, node};
use ekiben::graph::{Datum, FileKind, Status};
use ekiben::name::Name;
use ekiben::ruby::value::Value;
use ekiben::source::{Content, SourceFile, SourceMap};
use indexmap::IndexMap;
use serde_json::{Map, Value as Json, json};

use super::Outcome;
use super::ruby::equal;

/// A case: its id, folder, and the files of its question and answer.
struct Case {
    id: String,
    folder: PathBuf,
    question: PathBuf,
    answer: PathBuf,
}

pub fn cases(root: &Path) -> Vec<Outcome> {
    let wanted = std::env::var("EKIBEN_CASE").ok();
    let mut outcomes = Vec::new();
    for case in find(root) {
        if wanted.as_ref().is_some_and(|wanted| !case.id.contains(wanted)) {
            continue;
        }
        let differences = check(&case, root);
        let failure = (!differences.is_empty()).then(|| differences.iter().take(12).cloned().collect::<Vec<_>>().join("\n"));
        if let (Some(_), Some(failure)) = (&wanted, &failure) {
            println!("{}\n{failure}", case.id);
        }
        outcomes.push(Outcome { id: case.id, failure });
    }
    outcomes
}

/// What lies in a folder, in order.
pub(super) fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().filter_map(|entry| entry.ok().map(|e| e.path())).collect();
    paths.sort();
    paths
}

fn base(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn find(root: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for folder in entries(&root.join("cases")) {
        let (question, answer) = (folder.join("case.json"), folder.join("expected.json"));
        cases.push(Case { id: base(&folder), folder, question, answer });
    }
    for folder in entries(&root.join("scenarios")) {
        for question in entries(&folder) {
            let name = base(&question);
            let Some(variant) = name.strip_prefix("case-").and_then(|rest| rest.strip_suffix(".json")) else { continue };
            let answer = folder.join(format!("expected-{variant}.json"));
            cases.push(Case { id: format!("{}/{variant}", base(&folder)), folder: folder.clone(), question: question.clone(), answer });
        }
    }
    cases
}

pub(super) fn read_json(path: &Path) -> Json {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Adds every file of a folder, its path behind `prefix`.
pub(super) fn read_folder(sources: &mut SourceMap, folder: &Path, prefix: &str) {
    for path in entries(folder) {
        let name = format!("{prefix}{}", base(&path));
        if path.is_dir() {
            read_folder(sources, &path, &format!("{name}/"));
        } else {
            let content = match String::from_utf8(fs::read(&path).unwrap_or_default()) {
                Ok(text) => Content::Text(text),
                Err(error) => Content::Binary(error.into_bytes()),
            };
            sources.add(SourceFile::new(name, content));
        }
    }
}

pub(super) fn deep_merge(low: &mut Json, high: &Json) {
    match (low, high) {
        (Json::Object(low), Json::Object(high)) => {
            for (key, value) in high {
                deep_merge(low.entry(key.clone()).or_insert(Json::Null), value);
            }
        }
        (low, high) => low.clone_from(high),
    }
}

fn request(case: &Json, root: &Path) -> Request {
    let text = |name: &str| case[name].as_str().unwrap_or("");
    let file = root.join("automatic").join(format!("{}-{}.json", text("platform"), text("version")));
    let mut automatic = read_json(&file);
    if let Some(more) = case.get("automatic") {
        deep_merge(&mut automatic, more);
    }
    let stubs = case["stubs"].as_array().into_iter().flatten().map(|stub| {
        let status = stub["exitstatus"].as_i64().unwrap_or(0);
        (stub["match"].as_str().unwrap_or("").to_owned(), stub["stdout"].as_str().unwrap_or("").to_owned(), status)
    });
    let settings = Settings {
        compat: case["compat"].as_bool().unwrap_or(false),
        lenient: false,
        builtins: false,
        secrecy: false,
        stubs: stubs.collect(),
        ..Settings::default()
    };
    Request {
        run_list: case["run_list"].as_array().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        attributes: case.get("attributes").map(|json| datum::from_json(json, false)),
        name: automatic["fqdn"].as_str().unwrap_or("node").to_owned(),
        automatic: Some(datum::from_json(&automatic, false)),
        environment: case["environment"].as_str().map(str::to_owned),
        settings,
        ..Request::default()
    }
}

fn check(case: &Case, root: &Path) -> Vec<String> {
    let question = read_json(&case.question);
    let want = read_json(&case.answer);
    let mut sources = SourceMap::new();
    read_folder(&mut sources, &case.folder, "");
    let repository = Repository::find(&sources, "", "cookbook");
    let kitchen = Kitchen::new(Rc::new(sources), &repository, false);
    let mut finished = evaluate(&kitchen, &request(&question, root));
    let mut differences = Vec::new();
    errors(&want["error"], &finished, &mut differences);
    attributes(&want["attributes"], &mut finished, &mut differences);
    let got = compiled(&mut finished);
    let steps = finished.client.progress.steps.borrow().clone();
    compare_lists("resources", &want["resources"], &got, &["type", "name", "action", "properties"], &mut differences);
    let mut got = Vec::new();
    // The suite notes the properties of a resource when it first runs.
    let mut first: BTreeMap<usize, IndexMap<Name, Datum>> = BTreeMap::new();
    for step in steps {
        let properties = first.entry(step.resource).or_insert(step.properties).clone();
        let status = match step.status {
            Status::Skipped(_) => "skipped",
            Status::Expanded => "expanded",
            Status::Failed(_) => "failed",
            _ => "run",
        };
        let mut shown = resource(&mut finished, step.resource, &properties);
        shown["action"] = json!(step.action.as_str());
        shown["status"] = json!(status);
        got.push(shown);
    }
    // The suite's walk goes on behind a file that cannot be made, which Chef does not.
    let broken = want["error"]["phase"].as_str().is_some_and(|phase| phase == "render" || phase == "cookbook_file");
    let mut want = want;
    if broken {
        if let Some(list) = want["converged"].as_array_mut() {
            list.truncate(got.len());
        }
        for step in &mut got {
            if step["status"] == "failed" {
                step["status"] = json!("run");
            }
        }
    }
    compare_lists("converged", &want["converged"], &got, &["type", "name", "action", "status", "properties"], &mut differences);
    if !broken {
        files(&want["files"], &finished, &mut differences);
    }
    differences
}

/// The root collection at the end of the compile phase, as the suites write it: a lazy value as it is when the resource first runs.
pub(super) fn compiled(finished: &mut Finished) -> Vec<Json> {
    let compiled: Vec<_> = finished.compiled.iter().copied().zip(finished.declared.clone()).collect();
    let steps = finished.client.progress.steps.borrow().clone();
    let mut shown = Vec::new();
    for (number, mut properties) in compiled {
        let ran = steps.iter().find(|step| step.resource == number);
        for (name, value) in &mut properties {
            if *value == Datum::Object("Chef::DelayedEvaluator".to_owned()) {
                match ran.and_then(|step| step.properties.get(name)).filter(|known| **known != *value) {
                    Some(known) => value.clone_from(known),
                    None => *value = resolved(finished, number, *name),
                }
            }
        }
        shown.push(resource(finished, number, &properties));
    }
    shown
}

fn errors(want: &Json, finished: &Finished, differences: &mut Vec<String>) {
    match (want.is_null(), &finished.error) {
        (true, None) => {}
        (true, Some((class, message, phase))) => differences.push(format!("error: want none, got {phase} {class}: {message}")),
        (false, None) => {
            let ignored = finished.client.progress.steps.borrow().iter().any(|step| matches!(step.status, Status::Failed(_)));
            if !ignored {
                differences.push(format!("error: want {} ({}), got none", want["class"], want["message"]));
            }
        }
        (false, Some((class, message, _))) => {
            if want["compile_failed"] == true && want["class"] != class.as_str() {
                differences.push(format!("error: want {} ({}), got {class}: {message}", want["class"], want["message"]));
            }
        }
    }
}

fn attributes(want: &Json, finished: &mut Finished, differences: &mut Vec<String>) {
    for (path, value) in want.as_object().into_iter().flatten() {
        let parts: Vec<&str> = path.split('.').collect();
        let found = node::at_path(&mut finished.interpreter, &parts);
        let got = plain(&datum::from_value(&mut finished.interpreter, &found));
        let same = equal(value, &got) || (value == "<absent>" && got.is_null());
        if !same {
            differences.push(format!("attribute {path}: want {value}, got {got}"));
        }
    }
}

fn compare_lists(what: &str, want: &Json, got: &[Json], keys: &[&str], differences: &mut Vec<String>) {
    let want: &[Json] = want.as_array().map_or(&[], Vec::as_slice);
    let short = |list: &[Json]| -> Vec<String> {
        list.iter()
            .map(|one| format!("{}[{}]:{}", one["type"].as_str().unwrap_or("?"), one["name"].as_str().unwrap_or("?"), one["action"]))
            .collect()
    };
    let (left, right) = (short(want), short(got));
    if left != right {
        let at = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
        differences.push(format!(
            "{what}: from {at}: want {:?} … ({}), got {:?} … ({})",
            left.iter().skip(at).take(4).collect::<Vec<_>>(),
            left.len(),
            right.iter().skip(at).take(4).collect::<Vec<_>>(),
            right.len()
        ));
        return;
    }
    for (index, (want, got)) in want.iter().zip(got).enumerate() {
        for key in keys {
            let same = if *key == "properties" { same_properties(&want[key], &got[key]) } else { want[key] == got[key] };
            if !same {
                differences.push(format!("{what} {index} {}: {key}: want {}, got {}", left[index], want[key], got[key]));
            }
        }
    }
}

/// Blocks and objects are the same wherever they stand.
fn same_properties(want: &Json, got: &Json) -> bool {
    match (want, got) {
        (Json::Object(a), Json::Object(b)) => {
            let marked = |key: &str| a.contains_key(key) && b.contains_key(key);
            marked("_block")
                || marked("_object")
                || (a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same_properties(a, b))))
        }
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_properties(a, b)),
        _ => equal(want, got),
    }
}

/// Where a hole stands in a text.
pub(super) const HOLE: char = '\u{FFFC}';

fn plain(value: &Datum) -> Json {
    match value {
        Datum::Nil => Json::Null,
        Datum::Bool(b) => json!(b),
        Datum::Integer(i) => json!(i),
        Datum::Float(f) => json!(f),
        Datum::Text(text) => json!(text.fill(|_| HOLE.to_string())),
        Datum::List(items) => Json::Array(items.iter().map(plain).collect()),
        Datum::Map(map) => Json::Object(map.iter().map(|(key, value)| (key.clone(), plain(value))).collect()),
        Datum::Block(at) => json!({"_block": at.as_ref().map(ToString::to_string)}),
        Datum::Class(name) => json!({"_class": name}),
        Datum::Object(class) => json!({"_object": class}),
        Datum::Unknown(_) => json!({"_hole": true}),
    }
}

/// What every resource has; it stands beside the properties in the suite, or is left out.
const BESIDE: &[&str] =
    &["sensitive", "ignore_failure", "retries", "retry_delay", "guard_interpreter", "umask", "live_stream", "params", "noop", "epic_fail"];

fn resolved(finished: &mut Finished, number: usize, name: Name) -> Datum {
    let value = finished.client.resource(number);
    let found = property::get(&mut finished.interpreter, &value, name).unwrap_or(Value::Nil);
    datum::from_value(&mut finished.interpreter, &found)
}

fn resource(finished: &mut Finished, number: usize, properties: &IndexMap<Name, Datum>) -> Json {
    let value = finished.client.resource(number);
    let Some(found) = data(&value) else { return json!({}) };
    let reference = found.reference(&finished.interpreter);
    let name = reference.get(found.kind.len() + 1..reference.len() - 1).unwrap_or("").to_owned();
    let actions: Vec<String> = actions_of(&finished.interpreter, &value).iter().map(ToString::to_string).collect();
    let properties = shown_properties(finished, &value, &found, &name, properties);
    json!({"type": found.kind.as_str(), "name": name, "action": actions, "properties": properties})
}

fn shown_properties(
    finished: &mut Finished,
    value: &Value,
    found: &ResourceData,
    resource_name: &str,
    properties: &IndexMap<Name, Datum>,
) -> Json {
    let interpreter = &mut finished.interpreter;
    let built_in = !class_data(&interpreter.real_class(value)).custom.get();
    let mut map = Map::new();
    for (name, datum) in properties {
        let shown = match (name.as_str(), datum) {
            (name, _) if BESIDE.contains(&name) => continue,
            ("mode" | "files_mode", Datum::Integer(number)) => json!(format!("{number:04o}")),
            ("provider", Datum::Class(class)) => json!(class),
            _ => plain(datum),
        };
        // What Chef itself fills in.
        let own = match (found.kind.as_str(), name.as_str()) {
            (kind, "package_name" | "command") if built_in && kind != "cron" => {
                let joined = datum.items().iter().map(|item| plain(item).as_str().unwrap_or("").to_owned()).collect::<Vec<_>>().join(", ");
                joined == resource_name
            }
            ("template", "source") => {
                let path = properties.get(&Name::new("path")).map(plain).unwrap_or(Json::Null);
                let base = |path: &str| json!(format!("{}.erb", path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)));
                shown == base(resource_name) || path.as_str().is_some_and(|path| shown == base(path))
            }
            ("cookbook_file", "source") => shown == resource_name.rsplit('/').next().unwrap_or(resource_name),
            (kind, "interpreter") => shown == kind,
            ("deploy" | "deploy_branch" | "deploy_revision", _) => shown == json!(false),
            _ => false,
        };
        if !own {
            map.insert(name.to_string(), shown);
        }
    }
    Json::Object(map)
}

fn files(want: &Json, finished: &Finished, differences: &mut Vec<String>) {
    let got = finished.client.files.borrow().clone();
    let empty = Map::new();
    let want = want.as_object().unwrap_or(&empty);
    let kind_of = |number: usize| data(&finished.client.resource(number)).map_or_else(String::new, |found| found.kind.to_string());
    for (path, want) in want {
        let trimmed = if path.len() > 1 { path.trim_end_matches('/') } else { path };
        let Some(state) = got.get(trimmed) else {
            differences.push(format!("file {path}: missing"));
            continue;
        };
        let (kind, content, other) = match &state.kind {
            FileKind::File(text) => (kind_of(state.resource), Some(text.to_string()), None),
            FileKind::Binary(_) | FileKind::Broken(_) => (kind_of(state.resource), None, None),
            FileKind::Remote(url) => ("remote_file".to_owned(), None, Some(("url", url.to_string()))),
            FileKind::Directory => ("directory".to_owned(), None, None),
            FileKind::Link(to) => ("link".to_owned(), None, Some(("to", to.to_string()))),
            FileKind::Absent => ("absent".to_owned(), None, None),
        };
        if want["kind"] != kind.as_str() {
            differences.push(format!("file {path}: kind: want {}, got {kind}", want["kind"]));
        }
        // The suite's walk lets `create_if_missing` write over what an earlier resource made.
        let kept = want["writes"].is_number()
            && finished.client.progress.steps.borrow().iter().any(|step| {
                step.action.as_str() == "create_if_missing"
                    && step.resource != state.resource
                    && data(&finished.client.resource(step.resource)).map(|found| found.reference(&finished.interpreter)).as_deref()
                        == want["source_resource"].as_str()
            });
        if let (Some(text), false) = (want["content"].as_str(), kept) {
            if content.as_deref() != Some(text) {
                differences.push(format!("file {path}: content:\n{}", difference(text, content.as_deref())));
            }
        }
        if let Some((key, value)) = other {
            let wanted = match &want[key] {
                Json::Array(list) => list.first().cloned().unwrap_or(Json::Null),
                one => one.clone(),
            };
            if wanted != value.as_str() {
                differences.push(format!("file {path}: {key}: want {}, got {value}", want[key]));
            }
        }
        if kind == "remote_directory" {
            continue;
        }
        for (key, got) in [("mode", &state.mode), ("owner", &state.owner), ("group", &state.group)] {
            let wanted = match &want[key] {
                Json::Null => None,
                Json::String(text) => Some(text.clone()),
                other => Some(other.to_string()),
            };
            if wanted != *got {
                differences.push(format!("file {path}: {key}: want {}, got {got:?}", want[key]));
            }
        }
    }
    for (path, state) in &got {
        let kind = kind_of(state.resource);
        let other = ["git", "subversion", "deploy", "deploy_revision", "deploy_branch"].contains(&kind.as_str())
            || (kind == "link" && state.kind == FileKind::Absent);
        if !other && !want.contains_key(path) && !want.contains_key(&format!("{path}/")) {
            differences.push(format!("file {path}: not wanted"));
        }
    }
}

fn difference(want: &str, got: Option<&str>) -> String {
    let Some(got) = got else { return format!("want {want:?}, got none") };
    let (left, right): (Vec<&str>, Vec<&str>) = (want.split('\n').collect(), got.split('\n').collect());
    let at = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
    format!("line {}: want {:?}, got {:?}", at + 1, left.get(at), right.get(at))
}
