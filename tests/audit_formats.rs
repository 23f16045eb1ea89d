//! Every format of `ekiben audit` read back by a reader of that format, with names and words that try to break out of it; and
//! `report.html` of a conversion against its `report.md`.
#![cfg(unix)]
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// What a name of a file may hold.
const NAME: &str = "<script>alert(1)<\"'\n|`\u{1b}[31m%0A,:::error::[x](y)\u{202e}漢字 &lt; $(id)";
/// What fits into a comment or a string of Ruby.
const WORDS: &str = "<script>alert(2)</script>|`\u{1b}[2J\u{7}%0A::error::=1\u{202e}漢字 [x](javascript:y) &amp;";
const PLAIN: &str = "plain";

fn ekiben(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ekiben")).args(arguments).current_dir(folder).output().expect("ekiben runs")
}

fn out(output: &Output) -> String {
    assert!(matches!(output.status.code(), Some(0..=2)), "{output:?}");
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn audited(place: &TempDir, format: &str) -> String {
    out(&ekiben(place.path(), &["audit", "repository", "--format", format]))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn write(place: &Path, files: &[(String, String)]) {
    for (path, text) in files {
        let path = place.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
        fs::write(path, text).expect("file");
    }
}

/// A repository whose names and words are `name` and `words`.
fn repository(name: &str, words: &str) -> TempDir {
    let place = tempfile::tempdir().expect("folder");
    let cookbook = format!("repository/cookbooks/shop {name}");
    let cookbook_words = words.replace("::", ":");
    write(
        place.path(),
        &[
            (format!("{cookbook}/metadata.rb"), format!("name 'shop {cookbook_words}'\nversion '1.0.0'\nsuggests 'x{words}'\n")),
            (
                format!("{cookbook}/recipes/a {name}.rb"),
                format!(
                    "node.set['a'] = 1 # {words}\n# ekiben: allow(no-rule) {words}\ninclude_recipe 'missing {cookbook_words}::default'\nnode.set['b'] = 1 # ekiben: allow(node-set) {words}\n"
                ),
            ),
            (format!("{cookbook}/recipes/b {name}.rb"), format!("node.set['c'] = 1\nif ( # {words}\n")),
            (format!("{cookbook}/recipes/default.rb"), format!("cron 'job' do\n  command 'run {words}'\nend\nservice '{words}'\n")),
            (format!("{cookbook}/attributes/default.rb"), "default['shop']['password'] = 'Hq7-pelican-33x'\n".to_owned()),
        ],
    );
    place
}

fn hostile() -> TempDir {
    repository(NAME, WORDS)
}

/// As formats for people show a name: one line, nothing for the terminal.
fn shown(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c == '\n' {
                ' '
            } else if c.is_control() || c == '\u{202e}' {
                '\u{FFFD}'
            } else {
                c
            }
        })
        .collect()
}

/// As messages hold words.
fn said(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{FFFD}' } else { c }).collect()
}

/// The hostile words as plain ones.
fn tamed(text: &str) -> String {
    [NAME.to_owned(), WORDS.to_owned(), WORDS.replace("::", ":")]
        .iter()
        .flat_map(|words| [words.clone(), said(words), shown(words)])
        .fold(text.to_owned(), |text, words| text.replace(&words, PLAIN))
}

fn findings(audit: &Value) -> &[Value] {
    list(&audit["repositories"][0]["findings"])
}

/// All texts in `value` but those that are made of others.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(tamed(text)),
        Value::Array(items) => items.iter().for_each(|one| texts(one, found)),
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "fingerprint" | "snippet" | "partialFingerprints"))
            .for_each(|(name, one)| {
                found.push(name.clone());
                texts(one, found);
            }),
        other => found.push(other.to_string()),
    }
}

fn assert_same(hostile: &[String], plain: &[String]) {
    for (one, other) in hostile.iter().zip(plain) {
        assert_eq!(one, other);
    }
    assert_eq!(hostile.len(), plain.len());
}

/// Nothing that a terminal would act on.
fn assert_quiet(text: &str) {
    let loud = text
        .chars()
        .find(|c| (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
    assert_eq!(loud, None, "{text}");
}

#[test]
fn json_holds_names_as_they_are() {
    let (hostile, plain) = (json(&audited(&hostile(), "json")), json(&audited(&repository(PLAIN, PLAIN), "json")));
    assert!(findings(&hostile).iter().any(|one| one["path"] == format!("cookbooks/shop {NAME}/recipes/a {NAME}.rb")), "{hostile}");
    assert_eq!(list(&hostile["repositories"][0]["allowed"])[0]["reason"], said(WORDS));
    let (mut one, mut other) = (Vec::new(), Vec::new());
    texts(&hostile, &mut one);
    texts(&plain, &mut other);
    assert_same(&one, &other);
}

#[test]
fn text_is_of_one_line_for_each_thing_and_only_the_words_differ() {
    let (hostile, plain) = (audited(&hostile(), "text"), audited(&repository(PLAIN, PLAIN), "text"));
    assert_quiet(&hostile);
    let lines = |text: &str| tamed(text).lines().map(str::to_owned).collect::<Vec<_>>();
    assert_same(&lines(&hostile), &lines(&plain));
}

/// The records of a table as RFC 4180 has them.
fn records(text: &str) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let mut record = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        rest = rest.strip_prefix('"').unwrap_or_else(|| panic!("no quote: {rest}"));
        let mut field = String::new();
        loop {
            let end = rest.find('"').expect("a closing quote");
            field.push_str(&rest[..end]);
            rest = &rest[end + 1..];
            match rest.strip_prefix('"') {
                Some(more) => {
                    field.push('"');
                    rest = more;
                }
                None => break,
            }
        }
        record.push(field);
        if let Some(more) = rest.strip_prefix(',') {
            rest = more;
        } else {
            rest = rest.strip_prefix("\r\n").unwrap_or_else(|| panic!("no end of line: {rest}"));
            records.push(std::mem::take(&mut record));
        }
    }
    records
}

#[test]
fn csv_has_a_record_for_each_finding_and_no_formula() {
    let place = hostile();
    let (text, audit) = (audited(&place, "csv"), json(&audited(&place, "json")));
    assert_quiet(&text);
    let found = records(&text);
    assert_eq!(found.len(), findings(&audit).len() + 1);
    for (record, finding) in found[1..].iter().zip(findings(&audit)) {
        assert_eq!(record.len(), found[0].len());
        assert!(!record.iter().any(|field| field.trim_start().starts_with(['=', '+', '-', '@'])), "{record:?}");
        assert_eq!(record[1], shown(finding["path"].as_str().expect("path")));
        assert_eq!(record[9], shown(finding["message"].as_str().expect("message")));
    }
    let formula = TempDir::new().expect("folder");
    write(formula.path(), &[("repository/=cmd()/recipes/default.rb".to_owned(), "node.set['a'] = 1\n".to_owned())]);
    assert_eq!(records(&audited(&formula, "csv"))[1][1], "'=cmd()/recipes/default.rb");
    assert_eq!(tamed(&audited(&place, "csv")).lines().count(), audited(&repository(PLAIN, PLAIN), "csv").lines().count());
}

/// A command of GitHub's log: its name, its properties, its message.
fn command(line: &str) -> (String, Vec<(String, String)>, String) {
    let (head, message) = line.strip_prefix("::").and_then(|rest| rest.split_once("::")).unwrap_or_else(|| panic!("no command: {line}"));
    let (name, properties) = head.split_once(' ').expect("properties");
    let text = |text: &str| text.replace("%0A", "\n").replace("%0D", "\r").replace("%3A", ":").replace("%2C", ",").replace("%25", "%");
    let property = |one: &str| one.split_once('=').map(|(name, value)| (name.to_owned(), text(value))).expect("a property");
    (name.to_owned(), properties.split(',').map(property).collect(), message.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%"))
}

#[test]
fn annotations_are_one_line_each_below_the_checkout() {
    let place = hostile();
    let (text, audit) = (audited(&place, "github"), json(&audited(&place, "json")));
    assert_quiet(&text);
    let commands: Vec<_> = text.lines().map(command).collect();
    let unread = list(&audit["repositories"][0]["unread"]).len();
    assert_eq!(commands.len(), findings(&audit).len() + unread);
    for ((_, properties, message), finding) in commands.iter().zip(findings(&audit)) {
        assert_eq!(properties[0].0, "file");
        assert_eq!(properties[0].1, format!("repository/{}", shown(finding["path"].as_str().expect("path"))));
        assert_eq!(*message, shown(finding["message"].as_str().expect("message")));
    }
}

#[test]
fn annotations_beyond_what_github_shows_are_announced() {
    let place = TempDir::new().expect("folder");
    let recipe = |count: usize| vec![("repository/recipes/default.rb".to_owned(), "node.set['a'] = 1\n".repeat(count))];
    write(place.path(), &recipe(10));
    assert_eq!(audited(&place, "github").lines().count(), 10);
    write(place.path(), &recipe(11));
    let text = audited(&place, "github");
    assert!(text.starts_with("::notice title=ekiben audit::11 errors, 0 warnings, 0 notices; GitHub shows 10 "), "{text}");
    assert_eq!(text.lines().count(), 12);
}

/// The number of cells of a row: bars that no backslash takes away.
fn cells(row: &str) -> usize {
    let mut backslashes = 0;
    let mut bars = 0;
    for character in row.chars() {
        bars += usize::from(character == '|' && backslashes % 2 == 0);
        backslashes = if character == '\\' { backslashes + 1 } else { 0 };
    }
    bars - 1
}

#[test]
fn tables_of_markdown_have_as_many_cells_in_each_row() {
    let (text, plain) = (audited(&hostile(), "markdown"), audited(&repository(PLAIN, PLAIN), "markdown"));
    assert_quiet(&text);
    assert_eq!(text.lines().count(), plain.lines().count());
    let mut head = 0;
    for (line, plain) in text.lines().zip(plain.lines()) {
        assert_eq!(line.starts_with("| "), plain.starts_with("| "), "{line}");
        if line.starts_with('|') {
            head = if head == 0 { cells(line) } else { head };
            assert_eq!((cells(line), line.ends_with('|')), (head, true), "{line}");
        } else {
            head = 0;
        }
        // Outside of code nothing is an element or a link.
        let outside: String = code_spans_removed(line);
        assert!(!outside.contains("<script") && !outside.replace("\\[", "").contains("[x]("), "{outside}");
    }
}

/// A line without its code spans, as `CommonMark` finds them.
fn code_spans_removed(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('`') {
        if rest[..at].chars().rev().take_while(|c| *c == '\\').count() % 2 == 1 {
            out.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
            continue;
        }
        out.push_str(&rest[..at]);
        let fence = rest[at..].chars().take_while(|c| *c == '`').count();
        let after = &rest[at + fence..];
        let close = after
            .match_indices(&"`".repeat(fence))
            .map(|(at, _)| at)
            .find(|at| !after[..*at].ends_with('`') && !after[at + fence..].starts_with('`'));
        rest = close.map_or(after, |close| &after[close + fence..]);
    }
    out + rest
}

#[test]
fn pages_hold_no_element_of_the_input() {
    let (hostile, plain) = (audited(&hostile(), "html"), audited(&repository(PLAIN, PLAIN), "html"));
    assert_eq!(hostile.matches("<script").count(), plain.matches("<script").count());
    assert!(!hostile.contains("<script>alert") && !hostile.contains("href=\"javascript"));
    assert_eq!(hostile.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')), None);
    assert_eq!(hostile.matches("data-row").count(), plain.matches("data-row").count());
}

fn decoded(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16)).expect("a digit");
        bytes.push(if byte == b'%' { u8::try_from(digit() * 16 + digit()).expect("a byte") } else { byte });
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// What the specification of SARIF and code scanning ask of every run.
fn assert_run(run: &Value) {
    let driver = &run["tool"]["driver"];
    assert!(driver["name"] == "ekiben" && driver["version"].is_string() && driver["semanticVersion"].is_string(), "{driver}");
    let mut ids = BTreeSet::new();
    for rule in list(&driver["rules"]) {
        assert!(ids.insert(rule["id"].to_string()) && rule["name"].is_string(), "{rule}");
        for text in ["/shortDescription/text", "/fullDescription/text", "/help/text", "/help/markdown"] {
            assert!(rule.pointer(text).and_then(Value::as_str).is_some_and(|text| !text.is_empty()), "{text}: {rule}");
        }
        assert!(matches!(rule["defaultConfiguration"]["level"].as_str(), Some("error" | "warning" | "note")));
        let tags: BTreeSet<&str> = list(&rule["properties"]["tags"]).iter().filter_map(Value::as_str).collect();
        assert!(tags.len() == list(&rule["properties"]["tags"]).len() && (1..=20).contains(&tags.len()), "{tags:?}");
    }
    assert!(list(&run["results"]).len() <= 25_000);
    let bases = run["originalUriBaseIds"].as_object().expect("bases");
    let places = |one: &Value| {
        for place in list(&one["locations"]) {
            let artifact = &place["physicalLocation"]["artifactLocation"];
            let uri = artifact["uri"].as_str().expect("uri");
            assert!(!uri.is_empty() && !uri.starts_with('/') && uri.is_ascii(), "{uri}");
            assert!(!uri.contains([' ', '<', '>', '"', '|', '\\', '^', '`', '{', '}', ':', '#', '?']), "{uri}");
            assert!(bases.contains_key(artifact["uriBaseId"].as_str().expect("base")));
            let line = &place["physicalLocation"]["region"]["startLine"];
            assert!(line.is_null() || line.as_u64() >= Some(1));
        }
    };
    for result in list(&run["results"]) {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("index")).expect("small");
        assert_eq!(result["ruleId"], list(&driver["rules"])[index]["id"]);
        assert!(matches!(result["level"].as_str(), Some("error" | "warning" | "note")));
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        assert!(result["partialFingerprints"]["ekiben/v1"].as_str().is_some_and(|print| print.len() == 32));
        assert_eq!(list(&result["locations"]).len(), 1);
        places(result);
    }
    for invocation in list(&run["invocations"]) {
        assert!(invocation["executionSuccessful"].is_boolean());
        list(&invocation["toolExecutionNotifications"]).iter().for_each(|one| {
            assert!(one["message"]["text"].is_string());
            places(one);
        });
    }
}

fn sarif(place: &Path, arguments: &[&str]) -> Value {
    let all: Vec<&str> = ["audit", "--format", "sarif"].into_iter().chain(arguments.iter().copied()).collect();
    let text = out(&ekiben(place, &all));
    let sarif = json(&text);
    assert_eq!(sarif["version"], "2.1.0");
    assert!(sarif["$schema"].as_str().is_some_and(|schema| schema.ends_with("sarif-2.1.0.json")));
    assert!((1..=20).contains(&list(&sarif["runs"]).len()));
    list(&sarif["runs"]).iter().for_each(assert_run);
    assert!(!text.contains(&*place.to_string_lossy()));
    sarif
}

#[test]
fn sarif_holds_hostile_names_as_references() {
    let (hostile, plain) = (hostile(), repository(PLAIN, PLAIN));
    let (one, other) = (sarif(hostile.path(), &["repository"]), sarif(plain.path(), &["repository"]));
    let results = list(&one["runs"][0]["results"]);
    let uri = |one: &Value| decoded(one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().expect("uri"));
    assert!(results.iter().any(|one| uri(one) == format!("repository/cookbooks/shop {NAME}/recipes/a {NAME}.rb")));
    let suppressed: Vec<&Value> = results.iter().filter(|one| !one["suppressions"].is_null()).collect();
    let [suppressed] = suppressed.as_slice() else { panic!("{suppressed:?}") };
    assert_eq!((&suppressed["suppressions"][0]["kind"], &suppressed["ruleId"]), (&"inSource".into(), &"A101".into()));
    assert_eq!(suppressed["suppressions"][0]["justification"], said(WORDS));
    let links = |one: &&Value| one["message"]["text"].as_str().is_some_and(|text| text.contains("[x]("));
    assert!(!results.iter().any(|one| links(&one)));
    let notifications = list(&one["runs"][0]["invocations"][0]["toolExecutionNotifications"]);
    assert!(!notifications.is_empty() && !notifications.iter().any(|one| links(&one)));
    let shape = |document: &Value| {
        let results = list(&document["runs"][0]["results"]).iter();
        results.map(|one| (one["ruleId"].to_string(), one["locations"][0]["physicalLocation"]["region"].to_string())).collect::<Vec<_>>()
    };
    assert_eq!(shape(&one), shape(&other));
}

fn prints(sarif: &Value) -> Vec<&Value> {
    list(&sarif["runs"][0]["results"]).iter().map(|one| &one["partialFingerprints"]["ekiben/v1"]).collect()
}

#[test]
fn fingerprints_know_neither_lines_above_nor_the_machine() {
    let files = |text: &str, folder: &str| vec![(format!("{folder}/recipes/default.rb"), text.to_owned())];
    let text = "node.set['a'] = 1\nnode.set['a'] = 1\n# ekiben: allow(node-set) old\nnode.set['a'] = 1\n";
    let (one, other) = (TempDir::new().expect("folder"), TempDir::new().expect("folder"));
    write(one.path(), &files(text, "shop"));
    write(other.path(), &files(&format!("# new\n\npackage 'x'\n{text}"), "deep/below/other"));
    let (first, second) = (sarif(one.path(), &["shop"]), sarif(other.path(), &["deep/below/other"]));
    assert_eq!(prints(&first), prints(&second));
    assert_eq!(prints(&first).into_iter().map(Value::to_string).collect::<BTreeSet<_>>().len(), 3);
    let outside = sarif(&one.path().join("shop/recipes"), &[".."]);
    assert_eq!(prints(&first), prints(&outside));
}

#[test]
fn a_baseline_says_what_is_new() {
    let place = TempDir::new().expect("folder");
    let file = |text: &str| vec![("shop/recipes/default.rb".to_owned(), text.to_owned())];
    write(place.path(), &file("node.set['a'] = 1\n"));
    let states = |sarif: &Value| list(&sarif["runs"][0]["results"]).iter().map(|one| one["baselineState"].clone()).collect::<Vec<_>>();
    assert_eq!(states(&sarif(place.path(), &["shop"])), [Value::Null]);
    ekiben(place.path(), &["audit", "shop", "--write-baseline", "base.json"]);
    write(place.path(), &file("node.set['b'] = 1\nnode.set['a'] = 1\n"));
    assert_eq!(states(&sarif(place.path(), &["shop", "--baseline", "base.json"])), ["new", "unchanged"]);
}

#[test]
fn many_folders_are_one_run_and_broken_ones_are_said() {
    let place = TempDir::new().expect("folder");
    let names: Vec<String> = (0..21).map(|number| format!("r{number}")).collect();
    for name in &names {
        write(place.path(), &[(format!("{name}/recipes/default.rb"), "node.set['a'] = 1\nif (\n".to_owned())]);
    }
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    let twenty: Vec<&str> = all[..19].iter().copied().chain(["missing"]).collect();
    let few = sarif(place.path(), &twenty);
    assert_eq!(list(&few["runs"]).len(), 20);
    assert_eq!(few["runs"][19]["invocations"][0]["executionSuccessful"], false);
    let ids: BTreeSet<String> = list(&few["runs"]).iter().map(|run| run["automationDetails"]["id"].to_string()).collect();
    assert_eq!(ids.len(), 20);
    let many = sarif(place.path(), &all);
    assert_eq!(list(&many["runs"]).len(), 1);
    assert_eq!((list(&many["runs"][0]["results"]).len(), list(&many["runs"][0]["invocations"]).len()), (21, 21));
    // From elsewhere none of them lies in the checkout: each has its folder all the same.
    write(place.path(), &[("here/x".to_owned(), String::new())]);
    let elsewhere: Vec<String> = names.iter().map(|name| format!("../{name}")).collect();
    let outside = sarif(&place.path().join("here"), &elsewhere.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(outside["runs"][0]["results"][1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "r1/recipes/default.rb");
}

/// The part of `text` from `start` to the next `end`.
fn part<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start).map_or("", |(_, rest)| rest.split_once(end).map_or(rest, |(part, _)| part))
}

#[test]
fn the_page_of_a_conversion_counts_as_its_document_does() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let place = TempDir::new().expect("folder");
    let cases: &[(&str, &[&str])] = &[
        ("photo-album", &["--app", "corpus/photo-album/app", "--stack", "corpus/photo-album/opsworks/production"]),
        ("chef11-rails-php", &["--stack", "corpus/chef11-rails-php/stack"]),
        ("chef-repo-timers", &[]),
        ("node-layer", &["--stack", "corpus/node-layer/opsworks.yaml"]),
        ("multi-platform-cookbook", &[]),
        ("broken-in-many-ways", &[]),
    ];
    for (name, more) in cases {
        let (input, to) = (format!("corpus/{name}"), place.path().join(name));
        let arguments: Vec<&str> =
            ["convert", &input, "--target", "compose", "-o", to.to_str().expect("path")].into_iter().chain(more.iter().copied()).collect();
        out(&ekiben(root, &arguments));
        let read = |file: &str| fs::read_to_string(to.join(file)).expect("report");
        let (page, document) = (read("report.html"), read("report.md"));
        let section = |id: &str| part(&page, &format!("<section id=\"{id}\""), "</section>");
        let heading = |title: &str| part(&document, &format!("\n## {title}\n"), "\n## ");
        for (id, title) in [
            ("processes", "Processes"),
            ("schedules", "Schedules"),
            ("secrets", "Secrets to create"),
            ("tasks", "Before the first deployment"),
        ] {
            let rows = heading(title).lines().filter(|line| line.starts_with("| ") || line.starts_with("- [ ] ")).count();
            let rows = if id == "tasks" { rows } else { rows.saturating_sub(1) };
            assert_eq!(section(id).matches(" data-row").count(), rows, "{name}: {title}");
        }
        // | resources | 42 | 52 | … | 121 |
        for line in heading("What became of it").lines().filter(|line| line.starts_with("| ")).skip(1) {
            let fields: Vec<&str> = line.trim_matches(['|', ' ']).split(" | ").collect();
            let [kind, counts @ .., total] = fields.as_slice() else { panic!("{line}") };
            let share = part(&page, &format!("<h3>{total} {kind}</h3>"), "</ul>");
            if *total == "0" {
                assert_eq!(share, "", "{name}: {line}");
                continue;
            }
            let shown: Vec<&str> = share.split("<b>").skip(1).filter_map(|rest| rest.split_once("</b>")).map(|(count, _)| count).collect();
            assert_eq!(shown, counts, "{name}: {line}");
        }
    }
}
