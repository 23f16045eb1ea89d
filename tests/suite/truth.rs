//! Public repositories, and what real Chef made of their recipes: a folder of `OWNER__NAME.jsonl` (one line a recipe) beside the
//! repositories themselves as `OWNER__NAME/`. Neither is part of the project.
//!
//! `EKIBEN_TRUTH` names the folder of the answers, `EKIBEN_REPOSITORIES` the folder of the repositories; `EKIBEN_CASE=TEXT` compares only
//! the runs whose `OWNER__NAME cookbook::recipe` contains TEXT, and prints what differs.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use ekiben::chef::client::Settings;
use ekiben::chef::datum;
use ekiben::chef::repository::Repository;
use ekiben::chef::resource::data;
use ekiben::chef::run::{Finished, Kitchen, Request, evaluate};
use ekiben::graph::FileKind;
use ekiben::source::{Content, SourceFile, SourceMap};
use serde_json::{Map, Value as Json, json};
use sha1::Digest;

use super::chef::{HOLE, compiled, deep_merge, entries, read_folder, read_json};

/// What was compared of one repository, or of all.
#[derive(Default, Clone)]
struct Tally {
    runs: usize,
    resources: usize,
    equal: usize,
    holes: usize,
    /// Resources of ours that Chef does not have.
    extra: usize,
    files: usize,
    files_equal: usize,
    files_holes: usize,
    /// Runs that real Chef does not compile: ours must end.
    failing: usize,
    time: Duration,
    differences: Vec<String>,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.runs += other.runs;
        self.resources += other.resources;
        self.equal += other.equal;
        self.holes += other.holes;
        self.extra += other.extra;
        self.files += other.files;
        self.files_equal += other.files_equal;
        self.files_holes += other.files_holes;
        self.failing += other.failing;
        self.time += other.time;
    }

    fn line(&self, name: &str) -> String {
        let share = |part: usize, all: usize| if all == 0 { 100.0 } else { 100.0 * part as f64 / all as f64 };
        format!(
            "{name:<46} {:>4} {:>6} {:>6} {:>5} {:>5} {:>7.2}% {:>6} {:>6} {:>5} {:>7.2}% {:>7} ms",
            self.runs,
            self.resources,
            self.equal,
            self.holes,
            self.extra,
            share(self.equal + self.holes, self.resources),
            self.files,
            self.files_equal,
            self.files_holes,
            share(self.files_equal + self.files_holes, self.files),
            self.time.as_millis(),
        )
    }
}

/// Compares everything, prints the table, and says what share of resources and files came out equal; nothing where the input is absent.
pub fn run() -> Option<(f64, f64)> {
    let answers = PathBuf::from(std::env::var_os("EKIBEN_TRUTH")?);
    let repositories = PathBuf::from(std::env::var_os("EKIBEN_REPOSITORIES")?);
    let wanted = std::env::var("EKIBEN_CASE").ok();
    let files: Vec<PathBuf> = entries(&answers).into_iter().filter(|path| path.extension().is_some_and(|e| e == "jsonl")).collect();
    if files.is_empty() {
        println!("no OWNER__NAME.jsonl in {}", answers.display());
        return None;
    }
    let queue = Mutex::new(files.into_iter());
    let done: Mutex<BTreeMap<String, Option<Tally>>> = Mutex::default();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let work = || {
                loop {
                    let Some(file) = queue.lock().expect("the queue").next() else { break };
                    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                    let tally = compare(&file, &answers, &repositories, &name, wanted.as_deref());
                    done.lock().expect("the tallies").insert(name, tally);
                }
            };
            std::thread::Builder::new().stack_size(512 << 20).spawn_scoped(scope, work).expect("a thread");
        }
    });
    let done = done.into_inner().expect("the tallies");
    println!(
        "{:<46} {:>4} {:>6} {:>6} {:>5} {:>5} {:>8} {:>6} {:>6} {:>5} {:>8} {:>10}",
        "repository", "runs", "resou.", "equal", "hole", "extra", "", "files", "equal", "hole", "", "time"
    );
    let mut whole = Tally::default();
    let mut details = String::new();
    for (name, tally) in &done {
        let Some(tally) = tally else {
            println!("{name:<46} skipped: not in the folder");
            continue;
        };
        println!("{}", tally.line(name));
        whole.add(tally);
        for difference in &tally.differences {
            let _ = writeln!(details, "{name}\t{difference}");
        }
    }
    println!("{}", whole.line("all"));
    println!("and {} runs that real Chef does not compile came to an end", whole.failing);
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/conformance");
    fs::create_dir_all(&target).expect("target/conformance");
    fs::write(target.join("truth.details"), &details).expect("details");
    if wanted.is_some() {
        println!("{details}");
    }
    let share = |part: usize, all: usize| if all == 0 { 1.0 } else { part as f64 / all as f64 };
    Some((share(whole.equal + whole.holes, whole.resources), share(whole.files_equal + whole.files_holes, whole.files)))
}

/// The runs of one repository; `None` where it is absent.
fn compare(file: &Path, answers: &Path, repositories: &Path, name: &str, wanted: Option<&str>) -> Option<Tally> {
    let text = fs::read_to_string(file).expect("the answers");
    let runs: Vec<Json> =
        text.lines().filter(|line| !line.trim().is_empty()).map(|line| serde_json::from_str(line).expect("a run")).collect();
    let mut tally = Tally::default();
    let mut kitchens: BTreeMap<String, Option<Kitchen>> = BTreeMap::new();
    for run in &runs {
        let title = format!("{name} {}", run["run_list"].as_str().unwrap_or(""));
        if wanted.is_some_and(|wanted| !title.contains(wanted)) {
            continue;
        }
        let options = &run["options"];
        let kitchen = kitchens.entry(options.to_string()).or_insert_with(|| kitchen(options, answers, repositories)).as_ref()?;
        let start = Instant::now();
        let mut finished = evaluate(kitchen, &request(run, answers));
        tally.time += start.elapsed();
        if run["compile_ok"] != true {
            tally.failing += 1;
            finished.dismantle();
            continue;
        }
        tally.runs += 1;
        let mut said = Vec::new();
        if let Some((class, message, phase)) = &finished.error {
            said.push(format!("error in {phase}: {class}: {message}"));
        }
        resources(&run["resources"], &mut finished, &mut tally, &mut said);
        files(&run["files"], &finished, &mut tally, &mut said, wanted.is_some());
        if !said.is_empty() {
            for diagnostic in finished.interpreter.diagnostics.iter().take(12) {
                let at = diagnostic.span.map_or_else(String::new, |span| format!("{}: ", finished.interpreter.location(span)));
                said.push(format!("note: {at}{}", diagnostic.message));
            }
        }
        finished.dismantle();
        let recipe = run["run_list"].as_str().unwrap_or("");
        tally.differences.extend(said.into_iter().map(|line| format!("{recipe}\t{line}")));
    }
    Some(tally)
}

/// The repository as the run had it: cookbook folders (the first wins), data bags, roles.
fn kitchen(options: &Json, answers: &Path, repositories: &Path) -> Option<Kitchen> {
    let folder = |path: &str| {
        let own = answers.join(path);
        if own.is_dir() { own } else { repositories.join(path) }
    };
    let mut sources = SourceMap::new();
    let mut names = Vec::new();
    for (number, path) in options["cookbooks"].as_str().unwrap_or("").split(':').enumerate() {
        let folder = folder(path);
        if folder.is_dir() {
            let base = path.rsplit('/').next().unwrap_or(path).to_owned();
            let name = base.rsplit("__").next().unwrap_or(&base).to_owned();
            read_cookbooks(&mut sources, &folder, &format!("{number}/"));
            names.push((format!("{number}/"), name));
        }
    }
    if names.is_empty() {
        return None;
    }
    let mut extra = Vec::new();
    for (key, under) in [("data-bags", "bags/data_bags/"), ("roles", "roles/roles/")] {
        if let Some(path) = options[key].as_str() {
            read_folder(&mut sources, &folder(path), under);
            extra.push(under.split_once('/').map_or("", |(top, _)| top));
        }
    }
    let mut repository = Repository::default();
    for (prefix, name) in names {
        let found = Repository::find(&sources, &prefix, &name);
        for (cookbook, files) in found.cookbooks {
            repository.cookbooks.entry(cookbook).or_insert(files);
        }
    }
    for top in extra {
        let found = Repository::find(&sources, &format!("{top}/"), "");
        repository.data_bags.extend(found.data_bags);
        repository.roles.extend(found.roles);
    }
    Some(Kitchen::new(Rc::new(sources), &repository, false))
}

/// Chef looks for cookbooks right below its folders; a folder may be one itself.
fn read_cookbooks(sources: &mut SourceMap, folder: &Path, prefix: &str) {
    let is_cookbook = |folder: &Path| {
        let parts = ["metadata.rb", "metadata.json", "recipes", "attributes", "libraries", "definitions", "resources", "providers"];
        parts.iter().any(|part| folder.join(part).exists())
    };
    if is_cookbook(folder) {
        return read_folder(sources, folder, prefix);
    }
    for path in entries(folder).iter().filter(|path| is_cookbook(path)) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        read_folder(sources, path, &format!("{prefix}{name}/"));
    }
}

fn request(run: &Json, answers: &Path) -> Request {
    let options = &run["options"];
    let text = |name: &str| options[name].as_str().unwrap_or("");
    let automatic = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/chef/automatic");
    let mut automatic = read_json(&automatic.join(format!("{}-{}.json", text("platform"), text("version"))));
    // The machine of the answers, where it differs from that of the suite.
    let own = json!({
        "fqdn": "fauxhai.local", "domain": "local", "hostname": "Fauxhai", "machinename": "Fauxhai",
        "ipaddress": "10.0.0.2", "ip6address": "fe80:0:0:0:0:0:a00:2", "macaddress": "11:11:11:11:11:11",
        "memory": {"total": "1048576kB"}, "block_device": {},
    });
    deep_merge(&mut automatic, &own);
    let mut machine = BTreeMap::new();
    if let Some(path) = options["fs"].as_str() {
        let mut files = SourceMap::new();
        read_folder(&mut files, &answers.join(path), "/");
        machine.extend(files.iter().map(|(_, file): (_, &SourceFile)| match &file.content {
            Content::Text(text) => (file.path.clone(), text.clone()),
            _ => (file.path.clone(), String::new()),
        }));
    }
    Request {
        run_list: vec![run["run_list"].as_str().unwrap_or("").to_owned()],
        attributes: options["attrs"].as_str().map(|path| datum::from_json(&read_json(&answers.join(path)), false)),
        name: "fauxhai.local".to_owned(),
        automatic: Some(datum::from_json(&automatic, false)),
        machine,
        settings: Settings { compat: options["compat"] == true, lenient: true, ..Settings::default() },
        ..Request::default()
    }
}

/// How two values agree.
#[derive(PartialEq, Eq, Clone, Copy, PartialOrd, Ord)]
enum Agreement {
    Different,
    Hole,
    Equal,
}

/// Compares the collections: pairs in order, each resource of Chef with one of ours.
fn resources(want: &Json, finished: &mut Finished, tally: &mut Tally, said: &mut Vec<String>) {
    let want: Vec<Json> = want.as_array().into_iter().flatten().map(without_own).collect();
    let got: Vec<Json> = compiled(finished).iter().map(without_own).collect();
    tally.resources += want.len();
    let agreement: Vec<Vec<Agreement>> = want.iter().map(|want| got.iter().map(|got| agree_resource(want, got)).collect()).collect();
    let pairs = align(&agreement);
    let mut used_want = vec![false; want.len()];
    let mut used_got = vec![false; got.len()];
    for (left, right) in pairs {
        used_want[left] = true;
        used_got[right] = true;
        match agreement[left][right] {
            Agreement::Equal => tally.equal += 1,
            _ => tally.holes += 1,
        }
    }
    // What is left is shown in pairs of the same type and name.
    for (left, want) in want.iter().enumerate().filter(|(left, _)| !used_want[*left]) {
        let twin =
            (0..got.len()).find(|right| !used_got[*right] && got[*right]["type"] == want["type"] && got[*right]["name"] == want["name"]);
        match twin {
            Some(right) => {
                used_got[right] = true;
                said.push(format!("{left}: {}", first_difference(want, &got[right])));
            }
            None => said.push(format!("{left}: missing {}[{}] at {}", text(&want["type"]), text(&want["name"]), text(&want["at"]))),
        }
    }
    for (right, got) in got.iter().enumerate().filter(|(right, _)| !used_got[*right]) {
        tally.extra += 1;
        said.push(format!("extra {right}: {}[{}] {}", text(&got["type"]), text(&got["name"]), got["action"]));
    }
}

fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn first_difference(want: &Json, got: &Json) -> String {
    let title = format!("{}[{}] at {}", text(&want["type"]), text(&want["name"]), text(&want["at"]));
    if want["action"] != got["action"] {
        return format!("{title}: action: want {}, got {}", want["action"], got["action"]);
    }
    let empty = Map::new();
    let (left, right) = (want["properties"].as_object().unwrap_or(&empty), got["properties"].as_object().unwrap_or(&empty));
    for (key, value) in left {
        match right.get(key) {
            None => return format!("{title}: {key}: want {value}, not set"),
            Some(other) if agree(value, other) == Agreement::Different => return format!("{title}: {key}: want {value}, got {other}"),
            Some(_) => {}
        }
    }
    let more: Vec<String> = right.iter().filter(|(key, _)| !left.contains_key(*key)).map(|(key, value)| format!("{key}={value}")).collect();
    format!("{title}: not wanted: {}", more.join(", "))
}

/// The longest common subsequence, equal pairs before pairs with holes.
fn align(agreement: &[Vec<Agreement>]) -> Vec<(usize, usize)> {
    let rows = agreement.len();
    let columns = agreement.first().map_or(0, Vec::len);
    let mut best = vec![vec![0_u32; columns + 1]; rows + 1];
    let worth = |agreement: Agreement| match agreement {
        Agreement::Different => 0,
        Agreement::Hole => 1000,
        Agreement::Equal => 1001,
    };
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            let pair = match worth(agreement[row][column]) {
                0 => 0,
                worth => worth + best[row + 1][column + 1],
            };
            best[row][column] = pair.max(best[row + 1][column]).max(best[row][column + 1]);
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut pairs = Vec::new();
    while row < rows && column < columns {
        let worth = worth(agreement[row][column]);
        if worth > 0 && best[row][column] == worth + best[row + 1][column + 1] {
            pairs.push((row, column));
            row += 1;
            column += 1;
        } else if best[row][column] == best[row + 1][column] {
            row += 1;
        } else {
            column += 1;
        }
    }
    pairs
}

/// A resource without what Chef fills in by itself.
fn without_own(declared: &Json) -> Json {
    let mut resource = declared.clone();
    let kind = text(&resource["type"]);
    let name = unfilled(&text(&resource["name"]));
    resource["name"] = json!(name);
    if let Some(properties) = resource["properties"].as_object_mut() {
        let path = properties.get("path").and_then(Json::as_str).unwrap_or(&name).to_owned();
        properties.retain(|key, value| match key.as_str() {
            // The answers do not have them: the provider stands beside the properties, and `supports` of an account means nothing since Chef 14.
            "provider" => false,
            "supports" if kind == "user" => false,
            _ if kind.starts_with("deploy") && (*value == json!(false) || *value == json!({})) => false,
            "is_guard_interpreter" | "helper_modules" | "inline_helper_blocks" | "inline_helper_modules" => false,
            "interpreter" => *value != json!(kind),
            "command" if kind == "execute" => {
                *value != json!(name) && value.as_object().is_none_or(|long| long.get("_sha1") != Some(&json!(sha1_of(&json!(name)))))
            }
            "package_name" | "service_name" | "group_name" | "domain" | "unit_name" => {
                let list: Vec<&str> = value.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
                *value != json!(name) && list.join(", ") != name
            }
            "source" if kind == "template" => {
                let base = |path: &str| json!(format!("{}.erb", path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)));
                *value != base(&name) && *value != base(&path)
            }
            "source" if kind == "cookbook_file" => {
                *value != json!(name.rsplit('/').next().unwrap_or(&name)) && *value != json!(path.rsplit('/').next().unwrap_or(&path))
            }
            _ => true,
        });
    }
    resource
}

/// A name with its holes, which names show as `‹what›`, as marks.
fn unfilled(name: &str) -> String {
    let mut pieces = name.split('‹');
    let mut out = pieces.next().unwrap_or("").to_owned();
    for piece in pieces {
        out.push(HOLE);
        out.push_str(piece.split_once('›').map_or("", |(_, rest)| rest));
    }
    out
}

fn agree_resource(want: &Json, got: &Json) -> Agreement {
    if want["type"] != got["type"] || want["action"] != got["action"] {
        return Agreement::Different;
    }
    let name = agree(&want["name"], &got["name"]);
    name.min(agree(&want["properties"], &got["properties"]))
}

/// A value of Chef's and one of ours, with holes in it.
fn agree(want: &Json, got: &Json) -> Agreement {
    let of = |same: bool| if same { Agreement::Equal } else { Agreement::Different };
    if let Json::Object(map) = got {
        if map.contains_key("_hole") {
            return Agreement::Hole;
        }
    }
    match (want, got) {
        (Json::Object(want), got) if want.contains_key("_sha1") => {
            if has_hole(got) {
                return Agreement::Hole;
            }
            of(want["_sha1"] == json!(sha1_of(got)))
        }
        (Json::Object(want), _) if ["_lazy", "_block", "_object", "_node", "_error"].iter().any(|mark| want.contains_key(*mark)) => {
            of(got.is_object() || want.contains_key("_error"))
        }
        (Json::Object(a), Json::Object(b)) => {
            if a.len() != b.len() {
                return Agreement::Different;
            }
            a.iter().map(|(key, a)| b.get(key).map_or(Agreement::Different, |b| agree(a, b))).min().unwrap_or(Agreement::Equal)
        }
        (Json::Array(a), Json::Array(b)) => {
            if a.len() != b.len() {
                return Agreement::Different;
            }
            a.iter().zip(b).map(|(a, b)| agree(a, b)).min().unwrap_or(Agreement::Equal)
        }
        (Json::String(want), Json::String(got)) if got.contains(HOLE) => {
            if fits(want, got) {
                Agreement::Hole
            } else {
                Agreement::Different
            }
        }
        _ => of(super::ruby::equal(want, got)),
    }
}

fn has_hole(value: &Json) -> bool {
    match value {
        Json::String(text) => text.contains(HOLE),
        Json::Array(items) => items.iter().any(has_hole),
        Json::Object(map) => map.contains_key("_hole") || map.values().any(has_hole),
        _ => false,
    }
}

/// Whether the known pieces of `got` stand in `want`, in order, from its beginning to its end.
fn fits(want: &str, got: &str) -> bool {
    let pieces: Vec<&str> = got.split(HOLE).collect();
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return true };
    let Some(mut rest) = want.strip_prefix(first) else { return false };
    for piece in &pieces[1..pieces.len() - 1] {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last)
}

fn sha1_of(value: &Json) -> String {
    let mut text = String::new();
    python_json(value, &mut text);
    hex(&sha1::Sha1::digest(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// JSON as the answers were made with: sorted keys, `, ` and `: ` between, only ASCII.
fn python_json(value: &Json, out: &mut String) {
    match value {
        Json::String(text) => {
            for c in serde_json::to_string(text).expect("a string").chars() {
                if c.is_ascii() {
                    out.push(c);
                } else {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        let _ = write!(out, "\\u{unit:04x}");
                    }
                }
            }
        }
        Json::Array(items) => {
            out.push('[');
            for (number, item) in items.iter().enumerate() {
                out.push_str(if number == 0 { "" } else { ", " });
                python_json(item, out);
            }
            out.push(']');
        }
        Json::Object(map) => {
            let sorted: BTreeMap<&String, &Json> = map.iter().collect();
            out.push('{');
            for (number, (key, item)) in sorted.into_iter().enumerate() {
                out.push_str(if number == 0 { "" } else { ", " });
                python_json(&json!(key), out);
                out.push_str(": ");
                python_json(item, out);
            }
            out.push('}');
        }
        other => out.push_str(&other.to_string()),
    }
}

fn files(want: &Json, finished: &Finished, tally: &mut Tally, said: &mut Vec<String>, verbose: bool) {
    let got = finished.client.files.borrow();
    for (path, want) in want.as_object().into_iter().flatten() {
        tally.files += 1;
        let Some(state) = got.get(path.trim_end_matches('/')) else {
            said.push(format!("file {path}: missing"));
            continue;
        };
        let by = data(&finished.client.resource(state.resource)).map_or_else(String::new, |found| found.kind.to_string());
        let agreement = match &state.kind {
            FileKind::File(text) if text.known().is_none() => Agreement::Hole,
            FileKind::File(text) => {
                if want["sha256"] == json!(hex(&sha2::Sha256::digest(text.to_string().as_bytes()))) {
                    Agreement::Equal
                } else {
                    let shown = if verbose { format!(":\n{text}") } else { String::new() };
                    said.push(format!("file {path}: {by}: content ({} bytes){shown}", text.to_string().len()));
                    Agreement::Different
                }
            }
            FileKind::Binary(source) => {
                let bytes = finished.interpreter.sources.find(source).and_then(|id| match &finished.interpreter.sources.file(id).content {
                    Content::Binary(bytes) => Some(bytes.clone()),
                    _ => None,
                });
                if bytes.is_some_and(|bytes| want["sha256"] == json!(hex(&sha2::Sha256::digest(&bytes)))) {
                    Agreement::Equal
                } else {
                    said.push(format!("file {path}: binary {source}"));
                    Agreement::Different
                }
            }
            other => {
                said.push(format!("file {path}: want {}, got {other:?}", want["kind"]));
                Agreement::Different
            }
        };
        let with_mode = [("mode", &state.mode), ("owner", &state.owner)].into_iter().all(|(key, got)| {
            let same =
                want[key].as_str() == got.as_deref() || want[key].as_i64().map(|number| number.to_string()) == *got && !want[key].is_null();
            if !same && agreement != Agreement::Different {
                said.push(format!("file {path}: {key}: want {}, got {got:?}", want[key]));
            }
            same
        });
        match agreement {
            Agreement::Equal if with_mode => tally.files_equal += 1,
            Agreement::Hole if with_mode => tally.files_holes += 1,
            _ => {}
        }
    }
}
