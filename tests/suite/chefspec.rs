//! Public repositories' own `ChefSpec`: their spec files run in our interpreter, on the small RSpec of `chefspec.rb`, whose runners are
//! converged by the evaluation under test.
//!
//! `EKIBEN_REPOSITORIES` names the folder of the repositories (`OWNER__NAME/`); `EKIBEN_CASE=TEXT` runs only the spec files whose
//! `OWNER__NAME/path` contains TEXT, and prints what does not hold.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use ekiben::chef::attribute::LevelName;
use ekiben::chef::client::{Client, Settings, client};
use ekiben::chef::converge::Step;
use ekiben::chef::repository::Repository;
use ekiben::chef::resource::base::actions_of;
use ekiben::chef::resource::{class_chain, data, property};
use ekiben::chef::run::{Finished, Kitchen, Request, prepare};
use ekiben::chef::{datum, file_system, load, platform, recipe};
use ekiben::graph::{Datum, FileKind, Status};
use ekiben::name::Name;
use ekiben::ruby::flow::{Eval, Flow};
use ekiben::ruby::interpreter::Interpreter;
use ekiben::ruby::module::Native;
use ekiben::ruby::procs::Args;
use ekiben::ruby::value::Value;
use ekiben::source::{Content, SourceFile, SourceMap};
use serde_json::json;

use super::chef::{deep_merge, entries, read_json};

/// The file of the small RSpec.
const PRELUDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/chefspec.rb");

/// Where a repository lies for its specs.
const ROOT: &str = "/repository/";

/// A spec file may take so long.
const PATIENCE: Duration = Duration::from_secs(90);

/// What one expectation, or one example that could not be asked, came to.
struct Said {
    verdict: String,
    title: String,
    detail: String,
    place: String,
    /// A cookbook that the run needs is not in the repository, or a file of the specs needs a gem that is not there.
    partial: bool,
}

/// A run that a spec file made.
struct Run {
    client: Rc<Client>,
    request: Request,
}

/// What the natives share while one spec file runs.
struct Bench {
    kitchen: Rc<Kitchen>,
    /// The cookbook whose specs these are.
    own: Vec<String>,
    settings: Settings,
    machine: BTreeMap<String, String>,
    /// Folders in which `require` looks.
    folders: Vec<String>,
    required: BTreeSet<String>,
    runs: Vec<Run>,
    said: Vec<Said>,
}

thread_local! {
    static BENCH: RefCell<Option<Bench>> = const { RefCell::new(None) };
}

fn bench<T>(work: impl FnOnce(&mut Bench) -> T) -> T {
    BENCH.with(|bench| work(bench.borrow_mut().as_mut().expect("a bench")))
}

/// What was asked of one repository, or of all.
#[derive(Default)]
struct Tally {
    files: usize,
    hold: usize,
    fail: usize,
    /// Failures of runs that lack a cookbook.
    partial: usize,
    unasked: usize,
    skipped: usize,
    time: Duration,
    reasons: BTreeMap<String, usize>,
    details: Vec<String>,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.files += other.files;
        self.hold += other.hold;
        self.fail += other.fail;
        self.partial += other.partial;
        self.unasked += other.unasked;
        self.skipped += other.skipped;
        self.time += other.time;
        for (reason, count) in &other.reasons {
            *self.reasons.entry(reason.clone()).or_default() += count;
        }
    }

    fn line(&self, name: &str) -> String {
        let asked = self.hold + self.fail;
        let share = if asked == 0 { 100.0 } else { 100.0 * self.hold as f64 / asked as f64 };
        format!(
            "{name:<40} {:>5} {:>6} {:>6} {:>5} {share:>7.2}% {:>6} {:>7} {:>7} {:>8} ms",
            self.files,
            asked,
            self.hold,
            self.fail,
            self.partial,
            self.unasked,
            self.skipped,
            self.time.as_millis()
        )
    }
}

/// Runs everything and prints the table; the share of the expectations that hold. Nothing where there are no repositories.
pub fn run() -> Option<f64> {
    let folder = PathBuf::from(std::env::var_os("EKIBEN_REPOSITORIES")?);
    let wanted = std::env::var("EKIBEN_CASE").ok();
    let queue = Mutex::new(entries(&folder).into_iter());
    let done: Mutex<BTreeMap<String, Tally>> = Mutex::default();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let work = || {
                loop {
                    let Some(path) = queue.lock().expect("the queue").next() else { break };
                    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    if let Some(tally) = repository(&path, &name, wanted.as_deref()) {
                        done.lock().expect("the tallies").insert(name, tally);
                    }
                }
            };
            std::thread::Builder::new().stack_size(1 << 30).spawn_scoped(scope, work).expect("a thread");
        }
    });
    let done = done.into_inner().expect("the tallies");
    println!(
        "{:<40} {:>5} {:>6} {:>6} {:>5} {:>8} {:>6} {:>7} {:>7} {:>11}",
        "repository", "files", "asked", "hold", "fail", "", "lack", "unasked", "skipped", "time"
    );
    let mut whole = Tally::default();
    let mut details = String::new();
    for (name, tally) in &done {
        println!("{}", tally.line(name));
        whole.add(tally);
        for detail in &tally.details {
            let _ = writeln!(details, "{name}\t{detail}");
        }
    }
    println!("{}", whole.line("all"));
    println!("lack: failures where a cookbook or a gem is not there; why others could not be asked:");
    let mut reasons: Vec<(&String, &usize)> = whole.reasons.iter().collect();
    reasons.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    for (reason, count) in reasons.iter().take(40) {
        println!("{count:>6} {reason}");
    }
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/conformance");
    fs::create_dir_all(&target).expect("target/conformance");
    fs::write(target.join("chefspec.details"), &details).expect("details");
    if wanted.is_some() {
        println!("{details}");
    }
    let asked = whole.hold + whole.fail;
    Some(if asked == 0 { 1.0 } else { whole.hold as f64 / asked as f64 })
}

/// The spec files of one repository; `None` where it has none for Chef.
fn repository(folder: &Path, name: &str, wanted: Option<&str>) -> Option<Tally> {
    if !folder.is_dir() {
        return None;
    }
    let mut sources = SourceMap::new();
    read(&mut sources, folder, ROOT, 0);
    let base = name.rsplit("__").next().unwrap_or(name);
    let specs = specs(&sources);
    // A repository that brings Chef itself has specs of its Ruby, not of cookbooks.
    if specs.is_empty() || sources.find(&format!("{ROOT}lib/chef/resource.rb")).is_some() {
        return None;
    }
    let sources = Rc::new(sources);
    let mut kitchens: BTreeMap<String, Rc<Kitchen>> = BTreeMap::new();
    let mut tally = Tally::default();
    let old = sources.iter().any(|(_, file)| file.path.ends_with(".rb") && is_old(file.text()));
    for path in &specs {
        let short = path.strip_prefix(ROOT).unwrap_or(path);
        if wanted.is_some_and(|wanted| !format!("{name}/{short}").contains(wanted)) {
            continue;
        }
        let start = Instant::now();
        let home = path.split("/spec/").next().unwrap_or(path).to_owned();
        let kitchen = kitchens.entry(home).or_insert_with_key(|home| Rc::new(kitchen(&sources, base, home)));
        let said = spec(kitchen, path, old);
        tally.time += start.elapsed();
        tally.files += 1;
        for one in said {
            match one.verdict.as_str() {
                "hold" => tally.hold += 1,
                "fail" if one.partial => tally.partial += 1,
                "fail" => tally.fail += 1,
                "skipped" => tally.skipped += 1,
                "note" => {}
                _ => {
                    tally.unasked += 1;
                    *tally.reasons.entry(general(&one.detail)).or_default() += 1;
                }
            }
            if one.verdict != "hold" && one.verdict != "skipped" {
                let verdict = if one.partial && one.verdict == "fail" { "lack" } else { &one.verdict };
                tally.details.push(format!("{verdict}\t{short}\t{}\t{}\t{}", one.place, one.title, one.detail.replace('\n', "⏎")));
            }
        }
    }
    (tally.files > 0).then_some(tally)
}

/// The cookbooks of the repository, and those that lie beside the specs of `home` for them alone.
fn kitchen(sources: &Rc<SourceMap>, base: &str, home: &str) -> Kitchen {
    let mut all = Repository::find(sources, ROOT, base);
    let mut folders: BTreeSet<String> = BTreeSet::new();
    for (_, file) in sources.iter() {
        let Some(folder) = file.path.strip_suffix("/metadata.rb").or_else(|| file.path.split_once("/recipes/").map(|(folder, _)| folder))
        else {
            continue;
        };
        let above = parent(folder);
        let beside =
            file.path.starts_with(&format!("{home}/")) && ["/test/", "/spec/", "/fixtures/"].iter().any(|part| file.path.contains(part));
        if (beside || all.cookbooks.is_empty()) && above.len() >= ROOT.len() {
            folders.insert(format!("{above}/"));
        }
    }
    for folder in folders {
        for (name, files) in Repository::find(sources, &folder, "").cookbooks {
            all.cookbooks.entry(name).or_insert(files);
        }
    }
    Kitchen::new(Rc::clone(sources), &all, false)
}

/// A reason without what differs from one example to the next.
fn general(reason: &str) -> String {
    let quoted = reason.split_once(" [").map_or(reason, |(first, _)| first);
    let short: String = quoted.chars().take(90).collect();
    short
}

/// Cookbooks of Chef 11 and 12 write `node.set`.
fn is_old(text: &str) -> bool {
    text.contains("node.set[") || text.contains("node.set_unless[")
}

/// Text files that Ruby code may read; what is large is no part of a spec.
fn read(sources: &mut SourceMap, folder: &Path, prefix: &str, depth: usize) {
    if depth > 12 {
        return;
    }
    for path in entries(folder) {
        let base = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !matches!(base.as_str(), ".git" | "node_modules" | ".bundle") && !path.is_symlink() {
                read(sources, &path, &format!("{prefix}{base}/"), depth + 1);
            }
        } else if fs::metadata(&path).is_ok_and(|file| file.len() < 1 << 20) {
            let content = match String::from_utf8(fs::read(&path).unwrap_or_default()) {
                Ok(text) => Content::Text(text),
                Err(error) => Content::Binary(error.into_bytes()),
            };
            sources.add(SourceFile::new(format!("{prefix}{base}"), content));
        }
    }
}

/// The spec files beside which (or above which) something speaks of `ChefSpec`.
fn specs(sources: &SourceMap) -> Vec<String> {
    let mut homes = BTreeSet::new();
    let mut files = Vec::new();
    for (_, file) in sources.iter() {
        let path = &file.path;
        if !path.ends_with(".rb") || path.contains("/test/integration/") || path.contains("/serverspec/") {
            continue;
        }
        let Some(at) = ["/spec/", "/test/unit/", "/tests/"].iter().find_map(|part| path.find(part).map(|at| at + part.len())) else {
            continue;
        };
        let text = file.text();
        if text.contains("ChefSpec") || text.contains("chefspec") || text.contains("fbspec") || text.contains("chef_run") {
            homes.insert(path[..at].to_owned());
        }
        if path.ends_with("_spec.rb") {
            files.push((path[..at].to_owned(), path.clone()));
        }
    }
    files.into_iter().filter(|(home, _)| homes.contains(home)).map(|(_, path)| path).collect()
}

/// Runs one spec file in an interpreter of its own.
fn spec(kitchen: &Rc<Kitchen>, path: &str, old: bool) -> Vec<Said> {
    // The cookbook around it, whose dependencies decide how strictly its runs are evaluated.
    let folder = path.split("/spec/").next().unwrap_or(path);
    let lies = |cookbook: &ekiben::chef::cookbook::CookbookFiles| {
        cookbook.files.iter().any(|(inside, file)| kitchen.sources.file(*file).path == format!("{folder}/{inside}"))
    };
    let own = kitchen.cookbooks.iter().filter(|(_, cookbook)| lies(&cookbook.files));
    let own: Vec<String> = own.map(|(name, _)| name.clone()).collect();
    let own = if own.is_empty() && kitchen.cookbooks.len() == 1 { kitchen.cookbooks.keys().cloned().collect() } else { own };
    let names = if own.is_empty() { kitchen.cookbooks.keys().cloned().collect() } else { own.clone() };
    let (_, missing) = load::cookbook_order(&kitchen.cookbooks, &names);
    let settings = Settings { compat: old, lenient: !missing.is_empty(), rehearsal: Some(BTreeSet::new()), ..Settings::default() };
    let home = path.find("/spec/").map_or_else(|| parent(path), |at| path[..at + 5].to_owned());
    let mut folders = vec![home.clone(), parent(path), format!("{ROOT}spec"), format!("{ROOT}lib"), parent(&home), ROOT.to_owned()];
    folders.push(format!("{}/libraries", parent(&home)));
    let machine = kitchen.sources.iter().filter(|(_, file)| file.path.contains("/spec/") && !file.path.ends_with(".rb"));
    let machine = machine.filter_map(|(_, file)| match &file.content {
        Content::Text(text) if text.len() < 100_000 => Some((file.path.clone(), text.clone())),
        _ => None,
    });
    let new = Bench {
        kitchen: Rc::clone(kitchen),
        own,
        settings,
        machine: machine.collect(),
        folders,
        required: BTreeSet::new(),
        runs: Vec::new(),
        said: Vec::new(),
    };
    BENCH.with(|bench| bench.replace(Some(new)));
    let work = || {
        let mut interpreter = first(kitchen);
        file(&mut interpreter, path);
    };
    if std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).is_err() {
        let (title, place) = (path.to_owned(), String::new());
        let said = Said { verdict: "unasked".to_owned(), title, detail: "the interpreter panics".to_owned(), place, partial: false };
        bench(|bench| bench.said.push(said));
    }
    BENCH.with(|bench| bench.take()).map(|bench| bench.said).unwrap_or_default()
}

fn parent(path: &str) -> String {
    path.trim_end_matches('/').rsplit_once('/').map_or_else(String::new, |(folder, _)| folder.to_owned())
}

/// An interpreter with an empty run, the natives and the prelude.
fn first(kitchen: &Rc<Kitchen>) -> Interpreter {
    let request = request("ubuntu", "", &[]);
    let mut interpreter = prepare(Interpreter::new(Rc::clone(&kitchen.sources)), kitchen, &request).interpreter;
    let module = interpreter.define_module_path("EkibenSpec");
    interpreter.define_singleton(&module, NATIVES);
    let object = Rc::clone(&interpreter.classes.object);
    interpreter.define(&object, &[("require", require), ("require_relative", require_relative), ("load", require)]);
    let kernel = Value::Module(interpreter.define_module_path("Kernel"));
    if let Value::Module(kernel) = &kernel {
        interpreter.define_singleton(kernel, &[("require", require), ("load", require)]);
    }
    let prelude = fs::read_to_string(PRELUDE).expect("the prelude");
    let parsed = interpreter.add_generated("chefspec.rb", prelude);
    assert!(parsed.problems.is_empty(), "the prelude: {:?}", parsed.problems.first().map(|problem| &problem.message));
    let scope = interpreter.top_scope(interpreter.main.clone());
    interpreter.bounds.steps = 8_000_000;
    if let Err(flow) = interpreter.run(&scope, &parsed.tree) {
        let Flow::Raise(error) = *flow else { panic!("the prelude ends early") };
        let place = load::raised_at(&error).map(|span| interpreter.location(span).line);
        panic!("the prelude: {:?} at {place:?}", interpreter.describe_exception(&error));
    }
    interpreter
}

/// Loads the spec file and runs its examples, one after the other.
fn file(interpreter: &mut Interpreter, path: &str) {
    let start = Instant::now();
    let module = interpreter.constant_path("EkibenSpec").expect("the prelude's module");
    let send = |interpreter: &mut Interpreter, name: &str, args: &[Value]| interpreter.send(&module, name, args);
    let _ = send(interpreter, "spec_path=", &[Value::str(path)]);
    let helper = format!("{}/spec_helper.rb", path.find("/spec/").map_or_else(|| parent(path), |at| path[..at + 5].to_owned()));
    let text = interpreter.sources.find(path).map(|id| interpreter.sources.file(id).text().to_owned()).unwrap_or_default();
    if !text.contains("_helper") && interpreter.sources.find(&helper).is_some() {
        evaluate_file(interpreter, &helper);
    }
    let tree = evaluate_file(interpreter, path);
    let count = send(interpreter, "examples", &[]).ok().and_then(|list| list.items()).map_or(0, |list| list.len());
    if count == 0 && tree {
        let expects = text.matches("expect(").count() + text.matches("is_expected").count();
        if expects > 0 {
            say(interpreter, "unasked", path, "the file has no example that we find");
        }
    }
    for index in 0..count {
        interpreter.steps = 0;
        let frames = interpreter.frames.len();
        let outcome = if start.elapsed() > PATIENCE {
            Err(Box::new(Flow::Halt("the file takes too long".to_owned())))
        } else {
            send(interpreter, "run", &[Value::Integer(i64::try_from(index).unwrap_or(0))])
        };
        interpreter.frames.truncate(frames);
        interpreter.conditions.clear();
        if let Err(flow) = outcome {
            let why = match *flow {
                Flow::Halt(why) => why,
                Flow::Raise(error) => format!("{:?}", interpreter.describe_exception(&error)),
                _ => "it leaves its block".to_owned(),
            };
            say(interpreter, "unasked", path, &why);
        }
    }
}

/// Evaluates a file of the repository with `main`, statement by statement; whether there is such a file.
fn evaluate_file(interpreter: &mut Interpreter, path: &str) -> bool {
    let Some(id) = interpreter.sources.find(path) else { return false };
    if !bench(|bench| bench.required.insert(path.to_owned())) {
        return true;
    }
    let trees = bench(|bench| Rc::clone(&bench.kitchen.trees));
    let tree = trees.get(interpreter, id);
    if path.contains("/libraries/") {
        client(interpreter).loaded_libraries.borrow_mut().insert(id);
    }
    let scope = interpreter.top_scope(interpreter.main.clone());
    scope.frame.visibility.set(ekiben::ruby::module::Visibility::Private);
    let short = path.strip_prefix(ROOT).unwrap_or(path).to_owned();
    let outcome = interpreter.run_statements(&scope, &tree, &mut |interpreter, error| {
        let (class, message) = interpreter.describe_exception(error);
        let line = load::raised_at(error).map_or(0, |span| interpreter.location(span).line);
        let first = message.lines().next().unwrap_or("").to_owned();
        say(interpreter, "note", &short, &format!("{class}: {first} [{short}:{line}]"));
        true
    });
    if let Err(flow) = outcome {
        let why = match *flow {
            Flow::Halt(why) => why,
            _ => "it ends early".to_owned(),
        };
        say(interpreter, "unasked", path, &format!("a file: {why}"));
    }
    true
}

fn say(interpreter: &mut Interpreter, verdict: &str, title: &str, detail: &str) {
    let here: Vec<_> = std::iter::once(interpreter.span).chain(interpreter.calls.iter().rev().map(|(span, _)| *span)).collect();
    let place = here.into_iter().map(|span| interpreter.location(span)).find(|place| place.path.ends_with("_spec.rb"));
    let place = place.map_or_else(String::new, |place| place.line.to_string());
    let missing = !client(interpreter).missing.borrow().is_empty();
    bench(|bench| {
        // What a file that could not be loaded would have defined or stubbed is missing, too.
        let partial = missing || bench.said.iter().any(|said| said.verdict == "note");
        bench.said.push(Said { verdict: verdict.to_owned(), title: title.to_owned(), detail: detail.to_owned(), place, partial });
    });
}

/// The automatic attributes: those of the suite where it has the platform, else what is known of its releases.
fn automatic(platform: &str, version: &str, stream: bool) -> Datum {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/chef/automatic");
    let exact = folder.join(format!("{platform}-{version}.json"));
    let own = json!({
        "fqdn": "fauxhai.local", "domain": "local", "hostname": "Fauxhai", "machinename": "Fauxhai",
        "ipaddress": "10.0.0.2", "ip6address": "fe80:0:0:0:0:0:a00:2", "macaddress": "11:11:11:11:11:11",
        "memory": {"total": "1048576kB", "swap": {"total": "0kB", "free": "0kB"}},
        "cpu": {"total": 1, "real": 1, "cores": 1, "0": {}}, "block_device": {}, "dmi": {}, "os_version": "1", "machine_id": "1",
        "virtualization": {"systems": {}}, "counters": {}, "uptime_seconds": 2_592_000, "uptime": "30 days 00 hours 00 minutes 00 seconds",
        "network": {"interfaces": {}, "default_interface": "eth0"}, "packages": {}, "filesystem": {"by_mountpoint": {}, "by_device": {}},
    });
    let mut json = if exact.is_file() { read_json(&exact) } else { json!({}) };
    if exact.is_file() {
        deep_merge(&mut json, &own);
        return datum::from_json(&json, false);
    }
    let Datum::Map(mut map) = platform::automatic(platform, version, 18) else { return Datum::Nil };
    if let Datum::Map(own) = datum::from_json(&own, false) {
        map.extend(own);
    }
    map.retain(|_, value| !matches!(value, Datum::Unknown(_)));
    if stream {
        map.insert(
            "os_release".to_owned(),
            datum::from_json(&json!({"name": "CentOS Stream", "id": "centos", "version_id": version}), false),
        );
    }
    Datum::Map(map)
}

/// The newest release of a platform, or the newest that a short version (`7`) means.
fn release(platform: &str, version: &str) -> String {
    const NEWEST: &[(&str, &str)] = &[
        ("ubuntu", "22.04"),
        ("debian", "11"),
        ("centos", "8"),
        ("redhat", "9"),
        ("amazon", "2"),
        ("fedora", "39"),
        ("rocky", "8"),
        ("almalinux", "9"),
        ("oracle", "9"),
        ("suse", "15"),
        ("opensuse", "15.3"),
        ("windows", "2019"),
        ("freebsd", "13"),
        ("mac_os_x", "13"),
    ];
    if !version.is_empty() {
        return version.to_owned();
    }
    NEWEST.iter().find(|(name, _)| *name == platform).map_or_else(String::new, |(_, version)| (*version).to_owned())
}

fn request(platform: &str, version: &str, step_into: &[String]) -> Request {
    let stream = platform == "centos-stream";
    let platform = if stream { "centos" } else { platform };
    let (platform, version) = if platform.is_empty() { ("chefspec", "0.6.1".to_owned()) } else { (platform, release(platform, version)) };
    let (mut settings, machine) = bench(|bench| (bench.settings.clone(), bench.machine.clone()));
    settings.rehearsal = Some(step_into.iter().cloned().collect());
    Request {
        name: if platform == "chefspec" { "chefspec".to_owned() } else { "chefspec.local".to_owned() },
        automatic: Some(automatic(platform, &version, stream)),
        machine,
        settings,
        ..Request::default()
    }
}

/// Lends the interpreter to `work` as a value.
fn lend<T>(interpreter: &mut Interpreter, work: impl FnOnce(Interpreter) -> (Interpreter, T)) -> T {
    let spare = Interpreter::new(Rc::default());
    let own = std::mem::replace(interpreter, spare);
    let (own, answer) = work(own);
    *interpreter = own;
    answer
}

/// A new run, which the interpreter then has.
fn begin(interpreter: &mut Interpreter, request: Request) -> usize {
    let kitchen = bench(|bench| Rc::clone(&bench.kitchen));
    let steps = interpreter.bounds.steps;
    let client = lend(interpreter, |own| {
        let finished = prepare(own, &kitchen, &request);
        (finished.interpreter, finished.client)
    });
    interpreter.bounds.steps = steps;
    bench(|bench| {
        bench.runs.push(Run { client, request });
        bench.runs.len() - 1
    })
}

const NATIVES: &[(&str, Native)] = &[
    ("start", start),
    ("again", again),
    ("use", |i, _, args| {
        let client = run_of(i, &args.value(0));
        i.host = Some(client as Rc<dyn std::any::Any>);
        Ok(Value::Nil)
    }),
    ("node", |i, _, args| Ok(run_of(i, &args.value(0)).node_object.borrow().clone())),
    ("converge", converge),
    ("resources", |i, _, args| {
        let all = run_of(i, &args.value(0)).resources.borrow().clone();
        Ok(Value::array(all.into_iter().filter(|resource| data(resource).is_some()).collect()))
    }),
    ("kind", |_, _, args| Ok(data(&args.value(0)).map_or(Value::Nil, |found| Value::str(found.kind.as_str())))),
    ("name_of", |_, _, args| Ok(data(&args.value(0)).map_or(Value::Nil, |found| found.name.borrow().clone()))),
    ("reference", |i, _, args| Ok(data(&args.value(0)).map_or(Value::Nil, |found| Value::str(found.reference(i))))),
    ("identity", identity),
    ("performed", performed),
    ("conditional?", |_, _, args| Ok(Value::Bool(data(&args.value(0)).is_some_and(|found| !found.conditions.is_empty())))),
    ("notes", notes),
    ("sources", subscriptions),
    ("render", render),
    ("recipes", |i, _, _| Ok(Value::strings(client(i).loaded_recipes.borrow().clone()))),
    ("missing", |i, _, args| Ok(Value::strings(run_of(i, &args.value(0)).missing.borrow().iter().cloned()))),
    ("types", |i, _, _| Ok(Value::strings(client(i).resource_types.borrow().keys().map(|name| name.as_str().to_owned())))),
    ("kinds", |i, _, _| {
        let client = client(i);
        let kinds: BTreeSet<String> = client.resources.borrow().iter().filter_map(data).map(|found| found.kind.to_string()).collect();
        Ok(Value::strings(kinds))
    }),
    ("bag?", |i, _, args| Ok(Value::Bool(client(i).data_bags.borrow().contains_key(&args.value(0).text().unwrap_or_default())))),
    ("bag", bag),
    ("glob", glob),
    ("known", |_, _, args| Ok(if args.value(0).is_unknown() { Value::Nil } else { Value::Bool(args.value(0).truthy()) })),
    ("report", |i, _, args| {
        let mut texts = Vec::new();
        for value in &args.list {
            let shown = i.display(value)?;
            texts.push(i.to_text(&shown).to_string());
        }
        texts.resize(4, String::new());
        let detail = if texts[3].is_empty() { texts[2].clone() } else { format!("{} [{}]", texts[2], texts[3]) };
        say(i, &texts[0], &texts[1], &detail);
        Ok(Value::Nil)
    }),
];

fn run_of(interpreter: &Interpreter, number: &Value) -> Rc<Client> {
    let Value::Integer(number) = number else { return client(interpreter) };
    bench(|bench| Rc::clone(&bench.runs[usize::try_from(*number).unwrap_or(0)].client))
}

fn words(value: &Value) -> Vec<String> {
    value.items().unwrap_or_default().iter().filter_map(Value::text).collect()
}

fn start(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let text = |index: usize| args.value(index).text().unwrap_or_default();
    let number = begin(interpreter, request(&text(0), &text(1), &words(&args.value(2))));
    Ok(Value::Integer(i64::try_from(number).unwrap_or(0)))
}

/// A runner that converged converges again: a new run with the node of the one before.
fn again(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let before = run_of(interpreter, &args.value(0));
    let Value::Integer(number) = args.value(0) else { return Ok(Value::Nil) };
    let mut request = bench(|bench| bench.runs[usize::try_from(number).unwrap_or(0)].request.clone());
    let level = |interpreter: &mut Interpreter, level: LevelName| {
        let tree = Value::Hash(before.node.level(level));
        Some(datum::from_value(interpreter, &tree))
    };
    request.automatic = level(interpreter, LevelName::Automatic);
    request.attributes = level(interpreter, LevelName::Normal);
    let more = level(interpreter, LevelName::Override);
    let number = begin(interpreter, request);
    let client = client(interpreter);
    client.data_bags.replace(before.data_bags.borrow().clone());
    if let Some(more) = more {
        let value = datum::to_value(interpreter, &more);
        let tree = Value::Hash(client.node.level(LevelName::Override));
        ekiben::chef::role::merge_into(interpreter, &tree, &value)?;
    }
    Ok(Value::Integer(i64::try_from(number).unwrap_or(0)))
}

/// `converge(number, recipes, [[command, holds]], block)`
fn converge(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let state = run_of(interpreter, &args.value(0));
    let mut stubs = Vec::new();
    for stub in args.value(2).items().unwrap_or_default() {
        let parts = stub.items().unwrap_or_default();
        let pattern = match &parts[0] {
            Value::Str(_) => format!("^{}$", fancy_regex::escape(&parts[0].text().unwrap_or_default())),
            other => interpreter.send(other, "source", &[])?.text().unwrap_or_default(),
        };
        // The last that was given for a command holds.
        stubs.insert(0, (pattern, String::new(), i64::from(!parts[1].truthy())));
    }
    state.stubs.replace(stubs);
    let run_list: Vec<String> = words(&args.value(1));
    let whole = args.value(4).truthy();
    let (kitchen, cookbooks) = bench(|bench| (Rc::clone(&bench.kitchen), bench.own.clone()));
    let request = Request { run_list, settings: state.settings.clone(), ..Request::default() };
    state.node.run_list.replace(request.run_list.clone());
    let before = interpreter.diagnostics.len();
    let block = match args.value(3) {
        Value::Proc(block) => Some(block),
        _ => None,
    };
    let steps = interpreter.steps;
    let error = lend(interpreter, |own| {
        let mut finished =
            Finished { interpreter: own, client: state, compiled: Vec::new(), declared: Vec::new(), error: None, run_list: Vec::new() };
        finished.compile(&kitchen, &request);
        if let (Some(block), None) = (&block, &finished.error) {
            let mut answer = Ok(());
            if whole {
                let (order, _) = load::cookbook_order(&kitchen.cookbooks, &cookbooks);
                let strict = !finished.client.settings.lenient;
                answer = load::load_cookbooks(&mut finished.interpreter, &order, strict);
            }
            let receiver = recipe::object(&mut finished.interpreter);
            let node = finished.client.node_object.borrow().clone();
            finished.interpreter.set_ivar(&receiver, "@node", node);
            let context = ekiben::chef::run_context::object(&mut finished.interpreter);
            finished.interpreter.set_ivar(&receiver, "@run_context", context);
            let cookbook = cookbooks.first().cloned().unwrap_or_default();
            finished.interpreter.set_ivar(&receiver, "@cookbook_name", Value::str(cookbook.as_str()));
            let place = finished.client.place.replace((cookbook, "_test".to_owned()));
            let given = Args::new(vec![receiver]);
            let answer = answer.and_then(|()| finished.interpreter.call_proc(block, &given).map(|_| ()));
            finished.client.place.replace(place);
            if let Err(flow) = answer {
                if let Flow::Raise(error) = *flow {
                    let (class, message) = finished.interpreter.describe_exception(&error);
                    finished.error = Some((class, message, "compile"));
                }
            }
        }
        finished.converge();
        (finished.interpreter, finished.error)
    });
    interpreter.steps = steps;
    // A lenient run goes on behind what its own code raises; that ends a run of Chef.
    let raised = interpreter.diagnostics[before.min(interpreter.diagnostics.len())..].iter().find_map(|diagnostic| {
        let (_, said) = diagnostic.message.split_once(" stops here: ")?;
        let (class, message) = said.split_once(": ").unwrap_or((said, ""));
        Some((class.to_owned(), message.to_owned()))
    });
    let error = error.map(|(class, message, _)| (class, message)).or(raised);
    let Some((class, message)) = error else { return Ok(Value::Nil) };
    let object = Rc::clone(&interpreter.classes.runtime_error);
    let class = match interpreter.constant_path(&class) {
        Some(Value::Module(class)) => class,
        _ => interpreter.define_class_path(&class, &object),
    };
    interpreter.raise(&class, message)
}

/// What identifies a resource beside its name.
fn identity(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let resource = args.value(0);
    let Some(found) = data(&resource) else { return Ok(Value::Nil) };
    let class = interpreter.class_of(&resource);
    let chain = class_chain(interpreter, &class);
    let named = |wanted: fn(&property::Property) -> bool| {
        chain.iter().find_map(|data| data.properties.borrow().iter().find(|(_, property)| wanted(property)).map(|(name, _)| *name))
    };
    let name = named(|property| property.identity).or_else(|| named(|property| property.name_property));
    match name {
        Some(name) => property::get(interpreter, &resource, name),
        None => Ok(found.name.borrow().clone()),
    }
}

/// The actions that a resource performed, and whether each ran while compiling.
fn performed(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let resource = args.value(0);
    let Some(found) = data(&resource) else { return Ok(Value::array(Vec::new())) };
    let state = client(interpreter);
    let steps: Vec<Step> = state.progress.steps.borrow().iter().filter(|step| step.resource == found.number.get()).cloned().collect();
    let pair = |action: Name, compile: bool| Value::array(vec![Value::Symbol(action), Value::Bool(compile)]);
    let mut all: Vec<Value> =
        steps.iter().filter(|step| !matches!(step.status, Status::Skipped(_))).map(|step| pair(step.action, step.compile)).collect();
    let nothing = Name::new("nothing");
    if actions_of(interpreter, &resource).contains(&nothing) {
        all.push(pair(nothing, false));
    }
    Ok(Value::array(all))
}

/// The notifications of a resource: timing, target, action.
fn notes(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let Some(found) = data(&args.value(0)) else { return Ok(Value::array(Vec::new())) };
    let key = found.reference(interpreter);
    let state = client(interpreter);
    let own: Vec<_> = {
        let contexts = state.contexts.borrow();
        contexts.iter().filter_map(|context| context.notes.get(&key)).flatten().cloned().collect()
    };
    let mut all = Vec::new();
    for note in own {
        let target = target(interpreter, &note.target)?;
        all.push(Value::array(vec![Value::str(note.timing), target, Value::Symbol(note.action)]));
    }
    Ok(Value::array(all))
}

/// What a resource subscribes to: source, timing, action.
fn subscriptions(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let Some(found) = data(&args.value(0)) else { return Ok(Value::array(Vec::new())) };
    let own = found.subscribes.borrow().clone();
    let mut all = Vec::new();
    for note in own {
        let source = target(interpreter, &note.target)?;
        all.push(Value::array(vec![source, Value::str(note.timing), Value::Symbol(note.action)]));
    }
    Ok(Value::array(all))
}

fn target(interpreter: &mut Interpreter, value: &Value) -> Eval {
    if let Some(found) = data(value) {
        return Ok(Value::str(found.reference(interpreter)));
    }
    let shown = interpreter.display(value)?;
    Ok(Value::str(shown))
}

/// The content that a resource would give its file; `nil` where it is not text.
fn render(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let resource = args.value(0);
    let Some(found) = data(&resource) else { return Ok(Value::Nil) };
    let context = client(interpreter).context.replace(found.context.get());
    let answer = file_system::apply(interpreter, &resource, Name::new("create"));
    let state = client(interpreter);
    state.context.set(context);
    answer?;
    let path = file_system::text_of(interpreter, &resource, "path")?;
    let kind = file_system::state_at(interpreter, &path);
    // The machine of the next guard is still an empty one.
    state.files.borrow_mut().remove(path.trim_end_matches('/'));
    Ok(match kind {
        Some(FileKind::File(text)) => {
            let unknown = RefCell::new(String::new());
            let known = text.fill(|hole| {
                hole.value.clone().unwrap_or_else(|| {
                    hole.name.clone_into(&mut unknown.borrow_mut());
                    String::new()
                })
            });
            let unknown = unknown.into_inner();
            if unknown.is_empty() { Value::str(known) } else { Value::symbol(&unknown) }
        }
        _ => Value::Nil,
    })
}

/// `create_data_bag('users', { 'ann' => {…} })`
fn bag(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let items = datum::from_value(interpreter, &args.value(2));
    let Datum::Map(items) = items else { return Ok(Value::Nil) };
    let state = run_of(interpreter, &args.value(0));
    state.data_bags.borrow_mut().insert(args.value(1).text().unwrap_or_default(), Rc::new(items));
    Ok(Value::Nil)
}

/// `a/../b` → `b`
fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    format!("/{}", parts.join("/"))
}

/// The repository's files that a pattern means.
fn glob(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let pattern = args.value(0).text().unwrap_or_default();
    let pattern = if pattern.starts_with('/') { plain(&pattern) } else { plain(&format!("{ROOT}{pattern}")) };
    let escaped = fancy_regex::escape(&pattern).replace("\\*\\*/", "(?:.*/)?").replace("\\*\\*", ".*").replace("\\*", "[^/]*");
    let escaped = escaped.replace("\\{", "(?:").replace("\\}", ")").replace(',', "|");
    let Ok(pattern) = fancy_regex::Regex::new(&format!("^{escaped}$")) else { return Ok(Value::array(Vec::new())) };
    let mut found: BTreeSet<String> = BTreeSet::new();
    for (_, file) in interpreter.sources.iter() {
        let mut path = file.path.as_str();
        while path.len() > ROOT.len() {
            if pattern.is_match(path).unwrap_or(false) {
                found.insert(path.to_owned());
            }
            path = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        }
    }
    Ok(Value::strings(found))
}

fn require_relative(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let name = interpreter.display(&args.value(0))?;
    let here = interpreter.location(interpreter.call_site()).path;
    Ok(Value::Bool(find_and_evaluate(interpreter, &[format!("{}/{name}", parent(&here))])))
}

fn require(interpreter: &mut Interpreter, _: &Value, args: &Args) -> Eval {
    let name = interpreter.display(&args.value(0))?;
    let paths: Vec<String> = if name.starts_with('/') {
        vec![name.clone()]
    } else {
        let mut folders = bench(|bench| bench.folders.clone());
        let more = interpreter.globals.get(&Name::new("$LOAD_PATH")).or_else(|| interpreter.globals.get(&Name::new("$:"))).cloned();
        folders.extend(
            more.map(|list| words(&list))
                .unwrap_or_default()
                .into_iter()
                .map(|folder| if folder.starts_with('/') { folder } else { format!("{ROOT}{folder}") }),
        );
        folders.iter().map(|folder| format!("{folder}/{name}")).collect()
    };
    if find_and_evaluate(interpreter, &paths) {
        return Ok(Value::Bool(true));
    }
    interpreter.require_script(&name)?;
    Ok(Value::Bool(true))
}

fn find_and_evaluate(interpreter: &mut Interpreter, paths: &[String]) -> bool {
    paths.iter().any(|path| {
        let path = plain(path);
        evaluate_file(interpreter, &format!("{path}.rb")) || (path.ends_with(".rb") && evaluate_file(interpreter, &path))
    })
}
