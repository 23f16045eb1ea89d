//! `ekiben audit`, `ekiben rules` and `ekiben rule` as a user runs them: exit codes, formats, suppression, baseline, `--fix`.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const SECRET: &str = "Hq7-pelican-33x";

fn ekiben(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ekiben")).args(arguments).current_dir(folder).output().expect("ekiben runs")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
        fs::write(path, text).expect("file");
    }
    folder
}

fn json(place: &Path, arguments: &[&str]) -> Value {
    let output = ekiben(place, arguments);
    serde_json::from_str(&out(&output)).unwrap_or_else(|error| panic!("{error}: {} {}", out(&output), err(&output)))
}

fn shop() -> TempDir {
    folder(&[
        ("shop/metadata.rb", "name 'shop'\nversion '1.0.0'\nsuggests 'old'\n"),
        ("shop/attributes/default.rb", &format!("default['shop']['db']['password'] = '{SECRET}'\n")),
        (
            "shop/recipes/default.rb",
            "node.set['shop']['port'] = 1 # keep\nrequire_recipe 'shop::web'\nremote_file '/tmp/a' do\n  source 'http://files.example.org/a'\nend\n",
        ),
        ("shop/recipes/web.rb", "package 'nginx'\n"),
    ])
}

#[test]
fn exit_codes_follow_fail_on_and_bad_usage_is_2() {
    let place = shop();
    for (arguments, want) in [
        (&["audit", "shop"][..], 1),
        (&["audit", "shop", "--fail-on", "none"], 0),
        (&["audit", "shop", "--select", "metadata-removed"], 0),
        (&["audit", "shop", "--select", "metadata-removed", "--fail-on", "note"], 1),
        (&["audit", "shop", "--ignore", "removed,security,reproducible,A2,A4,A6,A7"], 0),
        (&["audit", "shop", "--select", "a101"], 1),
        (&["audit", "shop", "missing", "--fail-on", "none"], 2),
        (&["audit", "shop", "--select", "no-such-rule"], 2),
        (&["audit"], 2),
        (&["audit", "shop", "--diff"], 2),
        (&["audit", "shop", "--baseline", "missing.json"], 2),
        (&["rule", "no-such-rule"], 2),
        (&["rule", "A101"], 0),
        (&["rules"], 0),
    ] {
        let output = ekiben(place.path(), arguments);
        assert_eq!(code(&output), Some(want), "{arguments:?}: {}{}", out(&output), err(&output));
    }
}

#[test]
fn a_rule_is_explained_and_the_rules_are_listed() {
    let place = folder(&[]);
    let page = out(&ekiben(place.path(), &["rule", "node-set"]));
    assert!(
        page.starts_with("# node-set: ") && page.contains("node.default") && page.contains("Chef 14") && page.contains("FC082"),
        "{page}"
    );
    let rules = json(place.path(), &["rules", "--format", "json"]);
    let named = |name: &str| {
        rules
            .as_array()
            .into_iter()
            .flatten()
            .any(|rule| rule["name"] == name && rule["page"].as_str().is_some_and(|page| !page.is_empty()))
    };
    assert!(named("node-set") && named("unused-allow") && named("hard-coded-secret"));
    assert!(out(&ekiben(place.path(), &["rules"])).contains("A101  node-set"));
}

#[test]
fn no_format_holds_a_secret_and_each_names_the_finding() {
    let place = shop();
    for format in ["text", "markdown", "html", "json", "sarif", "csv", "github"] {
        let output = ekiben(place.path(), &["audit", "shop", "--format", format]);
        assert_eq!(code(&output), Some(1), "{format}: {}", err(&output));
        assert!(out(&output).contains("node-set") && !out(&output).contains(SECRET), "{format}: {}", out(&output));
        assert_eq!(out(&output), out(&ekiben(place.path(), &["audit", "shop", "--format", format])), "{format}");
    }
}

#[test]
fn json_has_states_effort_forecast_secrets_and_hosts() {
    let place = shop();
    let audit = json(place.path(), &["audit", "shop", "--format", "json"]);
    let shop = &audit["repositories"][0];
    assert_eq!(shop["name"], "shop");
    assert_eq!(shop["secrets"][0]["path"], "attributes/default.rb");
    assert_eq!((&shop["hosts"][0]["name"], &shop["hosts"][0]["plain"]), (&"files.example.org".into(), &true.into()));
    let state = |name: &str| {
        let recipes = shop["cookbooks"][0]["recipes"].as_array().cloned().unwrap_or_default();
        recipes.into_iter().find(|recipe| recipe["name"] == name).map(|recipe| recipe["state"].clone())
    };
    assert_eq!((state("shop::default"), state("shop::web")), (Some("manual".into()), Some("ready".into())), "{shop}");
    assert!(shop["totals"]["effort"]["trivial"]["most"].as_u64() >= Some(3), "{shop}");
    assert_eq!(shop["knowledge"]["recipes"], 2);
    assert!(shop["forecast"]["images"].is_array() && shop["first"].as_array().is_some_and(|first| first.len() <= 10));
    let quick = json(place.path(), &["audit", "shop", "--format", "json", "--quick"]);
    assert!(quick["repositories"][0]["forecast"].is_null());
}

#[test]
fn sarif_has_what_code_scanning_asks_for() {
    let place = shop();
    let sarif = json(place.path(), &["audit", "shop", "--format", "sarif"]);
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    assert_eq!(run["tool"]["driver"]["name"], "ekiben");
    let results = run["results"].as_array().expect("results");
    assert!(!results.is_empty());
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("index")).expect("small");
        assert_eq!(result["ruleId"], rules[index]["id"]);
        assert!(matches!(result["level"].as_str(), Some("error" | "warning" | "note")));
        assert!(result["message"]["text"].is_string() && result["partialFingerprints"]["ekiben/v1"].is_string());
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["artifactLocation"]["uri"].as_str().is_some_and(|uri| uri.starts_with("shop/")), "{place}");
        assert!(place["region"]["startLine"].as_u64() >= Some(1));
    }
    for rule in rules {
        assert!(rule["help"]["text"].as_str().is_some_and(|help| help.len() > 80), "{rule}");
    }
}

#[test]
fn csv_and_annotations_have_a_line_for_each_finding() {
    let place = shop();
    let count = json(place.path(), &["audit", "shop", "--format", "json"])["repositories"][0]["findings"].as_array().map_or(0, Vec::len);
    let csv = out(&ekiben(place.path(), &["audit", "shop", "--format", "csv"]));
    assert_eq!(csv.lines().count(), count + 1);
    assert!(csv.lines().all(|line| line.starts_with('"') && line.ends_with('"')));
    let github = out(&ekiben(place.path(), &["audit", "shop", "--format", "github"]));
    assert_eq!(github.lines().count(), count);
    assert!(github.contains("::error file=shop/recipes/default.rb,line=1,title=A101 node-set::"), "{github}");
}

#[test]
fn comments_allow_and_unused_ones_are_said_with_their_reason() {
    let text =
        "node.set['a'] = 1 # ekiben: allow(node-set) old hosts\n# ekiben: allow(require-recipe) gone long ago\nnode.default['a'] = 1\n";
    let place = folder(&[("shop/metadata.rb", "name 'shop'\n"), ("shop/recipes/default.rb", text)]);
    let output = ekiben(place.path(), &["audit", "shop"]);
    assert_eq!(code(&output), Some(0), "{}", out(&output));
    let said = out(&output);
    assert!(said.contains("unused-allow") && said.contains("gone long ago") && said.contains("1 allowed in the source"), "{said}");
}

#[test]
fn a_baseline_lets_only_new_findings_fail() {
    let place = shop();
    let write = ekiben(place.path(), &["audit", "shop", "--write-baseline", "base.json"]);
    assert_eq!(code(&write), Some(0), "{}", err(&write));
    let text = fs::read_to_string(place.path().join("base.json")).expect("baseline");
    assert!(!text.contains(SECRET));
    let with = ["audit", "shop", "--baseline", "base.json"];
    assert_eq!(code(&ekiben(place.path(), &with)), Some(0));
    let recipe = place.path().join("shop/recipes/default.rb");
    let old = fs::read_to_string(&recipe).expect("recipe");
    fs::write(&recipe, format!("# a line above\n\n{old}")).expect("written");
    assert_eq!(code(&ekiben(place.path(), &with)), Some(0));
    fs::write(&recipe, format!("{old}node.set['new'] = 1\n")).expect("written");
    let output = ekiben(place.path(), &with);
    assert_eq!(code(&output), Some(1));
    assert!(out(&output).contains("node.set['new']") && !out(&output).contains("node.set['shop']"), "{}", out(&output));
    fs::write(place.path().join("other.json"), "{}").expect("written");
    assert_eq!(code(&ekiben(place.path(), &["audit", "shop", "--baseline", "other.json"])), Some(2));
}

#[test]
fn alike_findings_of_a_file_are_said_once_with_their_lines() {
    let place = folder(&[("recipes/default.rb", "node.set['a'] = 1\npackage 'a'\nnode.set['b'] = 1\nnode.set['c'] = 1\n")]);
    let text = out(&ekiben(place.path(), &["audit", ".", "--quick"]));
    assert!(text.contains("    1  error[A101] node-set:") && text.contains("       = the same on lines 3, 4\n"), "{text}");
    assert_eq!(text.matches("error[A101] node-set:").count(), 1, "{text}");
}

#[test]
fn ends_of_life_are_seen_from_the_day_that_is_given() {
    let place = folder(&[("kitchen.yml", "platforms:\n  - name: ubuntu-22.04\n")]);
    let findings = |arguments: &[&str]| json(place.path(), arguments)["repositories"][0]["findings"].as_array().map(Vec::len);
    assert_eq!(findings(&["audit", ".", "--format", "json"]), Some(0));
    assert_eq!(findings(&["audit", ".", "--format", "json", "--as-of", "2027-06-01"]), Some(1));
    assert_eq!(code(&ekiben(place.path(), &["audit", ".", "--as-of", "tomorrow"])), Some(2));
}

#[test]
fn a_stack_that_lies_elsewhere_says_what_is_reached_and_is_audited() {
    let custom = format!("{{\\\"db\\\": {{\\\"password\\\": \\\"{SECRET}\\\"}}}}");
    let stacks = format!(
        "{{\"Stacks\": [{{\"StackId\": \"s\", \"Name\": \"Shop\", \"DefaultOs\": \"Ubuntu 18.04 LTS\", \"CustomJson\": \"{custom}\"}}]}}\n"
    );
    let layers = "{\"Layers\": [{\"StackId\": \"s\", \"LayerId\": \"l\", \"Type\": \"custom\", \"Name\": \"Web\", \"Shortname\": \"web\",                   \"CustomRecipes\": {\"Setup\": [\"shop::web\"], \"Configure\": [], \"Deploy\": [], \"Undeploy\": [], \"Shutdown\": []}}]}\n";
    let place = folder(&[
        ("shop/metadata.rb", "name 'shop'\n"),
        ("shop/recipes/web.rb", "package 'nginx'\n"),
        ("saved/describe-stacks.json", &stacks),
        ("saved/describe-layers.json", layers),
    ]);
    let alone = json(place.path(), &["audit", "shop", "--format", "json"]);
    assert_eq!(alone["repositories"][0]["findings"].as_array().map(Vec::len), Some(0), "{alone}");
    let output = ekiben(place.path(), &["audit", "shop", "--stack", "saved", "--format", "json"]);
    let text = out(&output);
    let with: Value = serde_json::from_str(&text).expect("JSON");
    let rules: Vec<&str> =
        with["repositories"][0]["findings"].as_array().expect("findings").iter().filter_map(|one| one["rule"].as_str()).collect();
    assert!(rules.contains(&"eol-os"), "{rules:?}");
    assert!(text.contains("stack-1/describe-stacks.json") && !text.contains(SECRET), "{text}");
    assert!(with["repositories"][0]["secrets"].as_array().is_some_and(|secrets| !secrets.is_empty()), "{text}");
    assert_eq!(code(&ekiben(place.path(), &["audit", "shop", "saved", "--stack", "saved"])), Some(2));
    assert_eq!(code(&ekiben(place.path(), &["audit", "shop", "--stack", "missing"])), Some(2));
}

#[test]
fn one_broken_folder_stops_no_other_and_bad_files_are_named() {
    let place = folder(&[
        ("a/metadata.rb", "name 'a'\n"),
        ("a/recipes/default.rb", "node.set['x'] = 1\n"),
        ("a/recipes/broken.rb", "package 'x' do\n  if (\n"),
        ("b/metadata.rb", "name 'b'\n"),
        ("b/recipes/default.rb", "node.set['x'] = 1\n"),
        ("file", ""),
    ]);
    fs::write(place.path().join("a/recipes/binary.rb"), [0_u8, 159, 146, 150]).expect("written");
    fs::write(place.path().join("a/recipes/huge.rb"), "#".repeat(2 << 20)).expect("written");
    #[cfg(unix)]
    std::os::unix::fs::symlink("..", place.path().join("a/loop")).expect("link");
    fs::create_dir(place.path().join("empty")).expect("folder");
    let arguments = ["audit", "missing", "a", "file", "empty", "b", "a", "--format", "json"];
    let output = ekiben(place.path(), &arguments);
    assert_eq!(code(&output), Some(2));
    let audit: Value = serde_json::from_str(&out(&output)).expect("JSON");
    let names: Vec<&str> = audit["repositories"].as_array().into_iter().flatten().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, ["missing", "a", "file", "empty", "b"]);
    assert_eq!((&audit["whole"]["repositories"], &audit["whole"]["broken"]), (&5.into(), &3.into()));
    let a = &audit["repositories"][1];
    assert_eq!(a["findings"][0]["rule"], "node-set", "{a}");
    let unread: Vec<&str> = a["unread"].as_array().into_iter().flatten().filter_map(|file| file["path"].as_str()).collect();
    for name in ["recipes/binary.rb", "recipes/broken.rb", "recipes/huge.rb"] {
        assert!(unread.contains(&name), "{name}: {unread:?}");
    }
    assert_eq!(audit["repositories"][4]["findings"][0]["rule"], "node-set");
    assert!(!out(&output).contains(&*place.path().to_string_lossy()));
    let table = out(&ekiben(place.path(), &["audit", "a", "b", "missing"]));
    assert!(table.contains("all together") && table.contains("missing") && table.contains("not audited"), "{table}");
}

#[test]
fn fix_mends_and_a_second_time_changes_nothing() {
    let place = shop();
    let recipe = place.path().join("shop/recipes/default.rb");
    let old = fs::read_to_string(&recipe).expect("recipe");
    let diff = ekiben(place.path(), &["audit", "shop", "--fix", "--diff"]);
    assert_eq!(code(&diff), Some(0), "{}", err(&diff));
    assert!(out(&diff).contains("-node.set['shop']['port'] = 1 # keep\n"), "{}", out(&diff));
    assert!(out(&diff).contains("+node.default['shop']['port'] = 1 # keep\n") && !out(&diff).contains(SECRET), "{}", out(&diff));
    assert_eq!(fs::read_to_string(&recipe).expect("recipe"), old);
    let some = ekiben(place.path(), &["audit", "shop", "--fix", "--select", "require-recipe"]);
    assert!(err(&some).starts_with("shop/recipes/default.rb: 1 mended\n1 finding in 1 file mended; "), "{}", err(&some));
    assert_eq!(fs::read_to_string(&recipe).expect("recipe"), old.replace("require_recipe", "include_recipe"));
    ekiben(place.path(), &["audit", "shop", "--fix"]);
    let new = old.replace("require_recipe", "include_recipe").replace("node.set", "node.default");
    assert_eq!(fs::read_to_string(&recipe).expect("recipe"), new);
    assert_eq!(fs::read_to_string(place.path().join("shop/metadata.rb")).expect("metadata"), "name 'shop'\nversion '1.0.0'\n");
    let again = ekiben(place.path(), &["audit", "shop", "--fix"]);
    assert_eq!(err(&again), "");
    assert_eq!(fs::read_to_string(&recipe).expect("recipe"), new);
}

/// A cookbook in which several rules mend several files, one of them through another.
fn old_shop() -> TempDir {
    folder(&[
        ("shop/metadata.rb", "name 'shop'\nversion '1.0.0'\nsuggests 'old'"),
        ("shop/attributes/default.rb", &format!("set['shop']['port'] = 1\r\n\r\ndefault['shop']['db']['password'] = '{SECRET}'\r\n")),
        (
            "shop/recipes/default.rb",
            "include_recipe 'nginx'\ninclude_recipe 'git'\nnode.set['shop']['x'] = 1\n\n\n\n\n\n\nfile '/a' do\n  mode 644\n  not_if File.exists?('/b')\nend\n",
        ),
        ("shop/recipes/web.rb", &format!("node.set['a'] = 1\nnode.set['shop']['password'] = '{SECRET}'\nnode.set['b'] = 2\n")),
    ])
}

fn read(place: &TempDir, path: &str) -> String {
    fs::read_to_string(place.path().join(path)).expect("file")
}

#[test]
fn the_figures_of_fix_are_true() {
    let place = old_shop();
    let before = json(place.path(), &["audit", "shop", "--format", "json", "--quick"]);
    let findings = before["repositories"][0]["findings"].as_array().cloned().unwrap_or_default();
    let fixable = findings.iter().filter(|one| one["fixable"] == true).count();
    assert_eq!(before["whole"]["effort"]["fixable"], fixable);
    let fix = ekiben(place.path(), &["audit", "shop", "--fix", "--format", "json", "--quick"]);
    let after: Value = serde_json::from_str(&out(&fix)).expect("JSON");
    let remain = after["repositories"][0]["findings"].as_array().map_or(0, Vec::len);
    assert_eq!(remain, findings.len() - fixable);
    assert_eq!(after["whole"]["effort"]["fixable"], 0);
    assert!(err(&fix).ends_with(&format!("{fixable} findings in 4 files mended; {remain} remain\n")), "{}", err(&fix));
    assert_eq!(read(&place, "shop/metadata.rb"), "name 'shop'\nversion '1.0.0'\ndepends 'git'\ndepends 'nginx'\n");
    assert!(read(&place, "shop/attributes/default.rb").starts_with("default['shop']['port'] = 1\r\n\r\n"));
    assert!(read(&place, "shop/recipes/default.rb").ends_with("  mode '0644'\n  not_if { File.exist?('/b') }\nend\n"));
}

#[test]
fn the_diff_can_be_applied_and_says_what_it_hides() {
    let (one, other) = (old_shop(), old_shop());
    let diff = ekiben(one.path(), &["audit", "shop", "--fix", "--diff"]);
    assert!(!out(&diff).contains(SECRET) && err(&diff).contains(" would be mended; "), "{}{}", out(&diff), err(&diff));
    assert!(
        out(&diff).contains("# shop/recipes/web.rb:2: not in the diff, for a secret may stand here; --fix does this:\n"),
        "{}",
        out(&diff)
    );
    fs::write(one.path().join("the.diff"), out(&diff)).expect("written");
    let git = Command::new("git").args(["apply", "the.diff"]).current_dir(one.path()).output();
    let Ok(git) = git else { return };
    assert!(git.status.success(), "{}{}", err(&git), out(&diff));
    ekiben(other.path(), &["audit", "shop", "--fix"]);
    for path in ["shop/metadata.rb", "shop/attributes/default.rb", "shop/recipes/default.rb"] {
        assert_eq!(read(&one, path), read(&other, path));
    }
    // Without the line of the secret the change above it would fit anywhere.
    let web = read(&other, "shop/recipes/web.rb").replace("node.default['shop']", "node.set['shop']").replace("default['a']", "set['a']");
    assert_eq!(read(&one, "shop/recipes/web.rb"), web);
}

#[test]
fn what_is_allowed_ignored_or_known_is_left() {
    let text = "node.set['a'] = 1 # ekiben: allow(node-set)\nnode.set['b'] = 1\nrequire_recipe 'c'\n";
    let place = folder(&[("shop/recipes/default.rb", text)]);
    ekiben(place.path(), &["audit", "shop", "--write-baseline", "base.json"]);
    fs::write(place.path().join("shop/recipes/default.rb"), format!("require_recipe 'd'\n{text}node.set['e'] = 1\n")).expect("written");
    let known = ekiben(place.path(), &["audit", "shop", "--fix", "--baseline", "base.json"]);
    assert_eq!(code(&known), Some(0), "{}", err(&known));
    let want = format!("include_recipe 'd'\n{text}node.default['e'] = 1\n");
    assert_eq!(read(&place, "shop/recipes/default.rb"), want);
    let ignored = ekiben(place.path(), &["audit", "shop", "--fix", "--ignore", "A101"]);
    assert!(err(&ignored).contains("1 finding in 1 file mended"), "{}", err(&ignored));
    let want = want.replace("require_recipe", "include_recipe");
    assert_eq!(read(&place, "shop/recipes/default.rb"), want);
    ekiben(place.path(), &["audit", "shop", "--fix"]);
    assert_eq!(read(&place, "shop/recipes/default.rb"), want.replace("node.set['b']", "node.default['b']"));
}

#[cfg(unix)]
#[test]
fn links_modes_and_files_that_nobody_may_write_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let text = "node.set['a'] = 1";
    let place = folder(&[("shop/recipes/a.rb", text), ("shop/recipes/b.rb", text), ("shop/recipes/c.rb", "if (\nnode.set['a'] = 1\n")]);
    let at = |path: &str| place.path().join("shop/recipes").join(path);
    let mode = |path: &str| fs::metadata(at(path)).expect("file").permissions().mode() & 0o7777;
    fs::set_permissions(at("a.rb"), fs::Permissions::from_mode(0o750)).expect("mode");
    fs::set_permissions(at("b.rb"), fs::Permissions::from_mode(0o444)).expect("mode");
    symlink("a.rb", at("link.rb")).expect("link");
    let output = ekiben(place.path(), &["audit", "shop", "--fix", "--select", "node-set"]);
    assert_eq!(code(&output), Some(1), "{}", out(&output));
    assert!(err(&output).contains("shop/recipes/b.rb: not mended: it is read-only\n"), "{}", err(&output));
    assert_eq!((read(&place, "shop/recipes/a.rb"), mode("a.rb")), ("node.default['a'] = 1".to_owned(), 0o750));
    assert_eq!((read(&place, "shop/recipes/b.rb"), mode("b.rb")), (text.to_owned(), 0o444));
    assert!(fs::symlink_metadata(at("link.rb")).expect("link").is_symlink());
    assert!(read(&place, "shop/recipes/c.rb").contains("node.set"));
    assert_eq!(fs::read_dir(place.path().join("shop/recipes")).expect("folder").count(), 4);
}
