//! The program as a user meets it: exit codes, what is written and what is not.
#![allow(clippy::disallowed_methods)]

use std::fs;
use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

fn ekiben(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ekiben"));
    command.current_dir(folder).args(arguments).output().expect("it runs")
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// A folder with files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
        fs::write(path, text).expect("file");
    }
    folder
}

fn cookbook() -> TempDir {
    folder(&[
        ("in/cookbooks/web/metadata.rb", "name 'web'\nversion '1.0.0'\n"),
        ("in/cookbooks/web/recipes/default.rb", "directory '/srv/web'\n"),
    ])
}

const CONVERT: &[&str] = &["convert", "in", "-o", "out", "--run-list", "recipe[web]", "--platform", "ubuntu-22.04"];

#[test]
fn what_cannot_be_converted_is_2() {
    let place = folder(&[("file", ""), ("other/readme.txt", "hello"), ("in/cookbooks/a/metadata.rb", "name 'a'")]);
    fs::create_dir(place.path().join("empty")).expect("folder");
    for (arguments, word) in [
        (&["convert", "missing", "-o", "out"][..], "does not exist"),
        (&["convert", "file", "-o", "out"], "is no folder"),
        (&["convert", "empty", "-o", "out"], "is empty"),
        (&["convert", "other", "-o", "out"], "no cookbook"),
        (&["convert", "in", "-o", "file"], "is no folder"),
        (&["convert", "in", "-o", "out", "--app", "missing"], "(--app)"),
        (&["convert", "in", "-o", "out", "--stack", "missing"], "(--stack)"),
        (&["convert", "in", "-o", "out", "--json-attributes", "empty"], "names a folder"),
        (&["convert", "in", "-o", "out", "--target", "nomad"], "possible values: docker"),
        (&["convert", "in", "-o", "out", "--platform", "ubuntu"], "ubuntu-20.04"),
        (&["convert", "in"], "--output"),
        (&["graph", "missing"], "does not exist"),
        (&["undo"], "unrecognized"),
    ] {
        let output = ekiben(place.path(), arguments);
        assert_eq!(code(&output), Some(2), "{arguments:?}: {}", err(&output));
        assert!(err(&output).contains(word), "{arguments:?}: {}", err(&output));
        assert!(!place.path().join("out").exists(), "{arguments:?}");
    }
}

#[test]
fn help_version_targets_and_completions_are_clean() {
    let place = folder(&[]);
    for (arguments, words) in [
        (&["--help"][..], &["Commands:", "convert", "Exit codes:"][..]),
        (&["convert", "--help"], &["--app <DIR>", "--stack <FILE|DIR>", "describe-stacks", "--force", "Examples:", "Exit codes:"]),
        (&["graph", "--help"], &["--json-attributes", "--blueprint", "--unsupported"]),
        (&["--version"], &[env!("CARGO_PKG_VERSION")]),
        (&["targets"], &["docker  ", "compose", "kubernetes", "secrets"]),
        (&["completions", "bash"], &["complete -F _ekiben"]),
    ] {
        let output = ekiben(place.path(), arguments);
        assert_eq!(code(&output), Some(0), "{arguments:?}");
        for word in words {
            assert!(out(&output).contains(word), "{arguments:?} misses {word}: {}", out(&output));
        }
    }
}

#[test]
fn a_dry_run_shows_and_writes_nothing() {
    let place = cookbook();
    let output = ekiben(place.path(), &[CONVERT, &["--dry-run"]].concat());
    assert!(matches!(code(&output), Some(0 | 1)), "{}", err(&output));
    assert!(out(&output).lines().any(|line| line.starts_with("new ") && line.ends_with("  report.md")), "{}", out(&output));
    assert_eq!(fs::read_dir(place.path()).expect("folder").count(), 1);
}

#[test]
fn a_file_changed_by_hand_survives_and_is_named() {
    let place = cookbook();
    let first = ekiben(place.path(), CONVERT);
    assert!(matches!(code(&first), Some(0 | 1)), "{}", err(&first));
    let report = place.path().join("out/report.md");
    let written = fs::read_to_string(&report).expect("a report");
    assert!(written.contains("`directory[/srv/web]`"), "{written}");
    assert!(!written.contains(&*place.path().to_string_lossy()), "an absolute path");
    let again = ekiben(place.path(), CONVERT);
    assert!(out(&again).contains("unchanged") && !out(&again).contains(" changed"), "{}", out(&again));
    fs::write(&report, "mine\n").expect("written");
    let kept = ekiben(place.path(), CONVERT);
    assert_eq!(code(&kept), Some(1));
    assert!(err(&kept).contains("warning[C020]") && err(&kept).contains("`report.md` was changed by hand"), "{}", err(&kept));
    assert_eq!(fs::read_to_string(&report).expect("a report"), "mine\n");
    ekiben(place.path(), &[CONVERT, &["--force", "--quiet"]].concat());
    assert_eq!(fs::read_to_string(&report).expect("a report"), written);
}

#[test]
fn the_output_in_the_input_is_not_read_again() {
    let place = cookbook();
    let arguments = ["convert", ".", "-o", ".", "--run-list", "recipe[web]", "--platform", "ubuntu-22.04"];
    ekiben(&place.path().join("in"), &arguments);
    let first = fs::read_to_string(place.path().join("in/report.md")).expect("a report");
    let again = ekiben(&place.path().join("in"), &arguments);
    assert_eq!(fs::read_to_string(place.path().join("in/report.md")).expect("a report"), first);
    assert!(!err(&again).contains("C020"), "{}", err(&again));
}

#[test]
fn json_is_one_document_and_names_no_place_of_the_machine() {
    let place = cookbook();
    let output = ekiben(place.path(), &[CONVERT, &["--format", "json", "--dry-run"]].concat());
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(value["accounting"][0]["total"], 1, "{value}");
    assert_eq!(
        value["files"].as_array().map(|files| files.iter().any(|file| file["path"] == "report.md" && file["state"] == "new")),
        Some(true)
    );
    let graph = ekiben(place.path(), &["graph", "in", "--run-list", "recipe[web]", "--platform", "ubuntu-22.04", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_slice(&graph.stdout).expect("JSON");
    assert_eq!(value["runs"][0]["resources"][0]["type"], "directory");
    assert_eq!(value["runs"][0]["resources"][0]["location"]["line"], 1);
    for text in [out(&output), out(&graph)] {
        assert!(!text.contains(&*place.path().to_string_lossy()), "{text}");
    }
}

#[test]
fn a_secret_in_a_line_with_a_fault_is_not_shown() {
    let place = folder(&[
        ("in/cookbooks/web/metadata.rb", "name 'web'\n"),
        ("in/cookbooks/web/recipes/default.rb", "file '/a'\napi_password = 'pl4nted-value' do |\n"),
    ]);
    let output = ekiben(place.path(), CONVERT);
    assert_eq!(code(&output), Some(1));
    assert!(err(&output).contains("cookbooks/web/recipes/default.rb:2"), "{}", err(&output));
    let report = fs::read_to_string(place.path().join("out/report.md")).expect("a report");
    for text in [err(&output), out(&output), report] {
        assert!(!text.contains("pl4nted"), "{text}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_leaves_the_folder_is_reported_and_not_followed() {
    let place = cookbook();
    fs::create_dir(place.path().join("outside")).expect("folder");
    fs::write(place.path().join("outside/notes.rb"), "file '/outside'\n").expect("file");
    std::os::unix::fs::symlink("../../../../outside", place.path().join("in/cookbooks/web/libraries")).expect("link");
    let output = ekiben(place.path(), CONVERT);
    assert_eq!(code(&output), Some(1));
    assert!(err(&output).contains("warning[C001]: `cookbooks/web/libraries` is not read"), "{}", err(&output));
}

#[test]
fn what_is_not_supported_is_told_from_what_is_missing_and_from_errors() {
    let place = folder(&[
        ("in/cookbooks/web/metadata.rb", "name 'web'\ndepends 'absent'\n"),
        ("in/cookbooks/web/recipes/default.rb", "require 'some_gem'\nSomeGem.connect\nwindows?\nIO.readlines('/x').frobnicate\n"),
        ("in/cookbooks/web/recipes/words.rb", "rest_api_collection 'x'\nfile '/a'\n"),
        ("in/cookbooks/web/recipes/things.rb", "absent_thing 'x'\ntemplate '/b'\ndata_bag_item('users', 'me')\n"),
        ("in/cookbooks/web/recipes/wrong.rb", "file '/c'\nnode['a']['b']['c']\n"),
    ]);
    let output = ekiben(place.path(), &["graph", "in", "--unsupported", "--format", "json"]);
    assert_eq!(code(&output), Some(1), "{}", err(&output));
    let json: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
    let named = |section: &str| -> Vec<String> {
        let rows = json[section].as_array().expect("rows");
        let shown = |row: &serde_json::Value| {
            let at = format!("{}:{}:{}", row["path"].as_str().unwrap_or_default(), row["line"], row["column"]);
            format!(
                "{} {} {}/{} {at}",
                row["kind"].as_str().unwrap_or_default(),
                row["name"].as_str().unwrap_or_default(),
                row["count"],
                row["recipes"]
            )
        };
        rows.iter().map(shown).collect()
    };
    let recipes = "cookbooks/web/recipes";
    assert_eq!(
        named("unsupported"),
        [
            format!("method Chef::DSL::Recipe#rest_api_collection 1/1 {recipes}/words.rb:1:1"),
            format!("gem some_gem 1/1 {recipes}/default.rb:2:1")
        ]
    );
    assert_eq!(
        named("missing"),
        [
            "cookbook absent 1/4 cookbooks/web/metadata.rb:2:9".to_owned(),
            format!("resource absent_thing 1/1 {recipes}/things.rb:1:1"),
            format!("file web: template b.erb 1/1 {recipes}/things.rb:2:1"),
            format!("data data_bag_item('users', 'me') 1/1 {recipes}/things.rb:3:1")
        ]
    );
    assert_eq!(named("errors"), [format!("error NoMethodError: undefined method `[]' for nil:NilClass 1/1 {recipes}/wrong.rb:2:10")]);
    let figures = &json["figures"];
    assert_eq!(
        (figures["recipes"].as_u64(), figures["clean"].as_u64(), figures["whole"].as_u64()),
        (Some(4), Some(2), Some(3)),
        "{figures}"
    );
    let output = ekiben(place.path(), &["graph", "in", "--unsupported"]);
    assert!(
        out(&output).starts_with("4 recipes evaluated, each alone: 2 (50 %) met nothing unsupported, 3 ran to their end\n"),
        "{}",
        out(&output)
    );
    assert_eq!(code(&ekiben(cookbook().path(), &["graph", "in", "--unsupported"])), Some(0));
}

#[test]
fn the_blueprint_is_shown_as_text_and_as_json() {
    let place = cookbook();
    let text = ekiben(place.path(), &["graph", "in", "--blueprint", "--run-list", "recipe[web]", "--platform", "ubuntu-22.04"]);
    assert!(out(&text).starts_with("== environments (1)\nenvironment production\n"), "{}", out(&text));
    let json = ekiben(
        place.path(),
        &["graph", "in", "--blueprint", "--run-list", "recipe[web]", "--platform", "ubuntu-22.04", "--format", "json"],
    );
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert!(value["images"].as_array().is_some_and(|images| !images.is_empty()), "{value}");
    assert!(value["dispositions"].as_array().is_some_and(|all| all.iter().all(|one| one["fate"].is_string())), "{value}");
    assert_eq!(code(&ekiben(place.path(), &["graph", "in", "--blueprint", "--unsupported"])), Some(2));
}

/// A tar archive of files, as `docker export` prints one: path, mode, content.
fn archive(files: &[(&str, u32, &str)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (path, mode, content) in files {
        let mut block = [0_u8; 512];
        for (at, text) in [
            (0, (*path).to_owned()),
            (100, format!("{mode:07o}")),
            (108, "0000000".to_owned()),
            (116, "0000000".to_owned()),
            (124, format!("{:011o}", content.len())),
            (148, "        ".to_owned()),
            (156, "0".to_owned()),
            (257, "ustar\u{0}00".to_owned()),
        ] {
            block[at..at + text.len()].copy_from_slice(text.as_bytes());
        }
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        out.extend(block);
        out.extend(content.as_bytes());
        out.resize(out.len().div_ceil(512) * 512, 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

#[test]
fn an_image_is_compared_with_what_chef_would_have_left() {
    const RECIPE: &str = "
file('/etc/shop.conf') { content \"a = 1\\n\"; mode '0640' }
package 'htop'
systemd_unit('shop.service') { content \"[Service]\\nUser=nobody\\nExecStart=/bin/sh\\n\"; action [:create, :enable] }
";
    const PASSWD: &str = "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n";
    const STATUS: &str = "Package: ca-certificates\nStatus: install ok installed\n";
    let place = folder(&[("in/cookbooks/web/metadata.rb", "name 'web'\n"), ("in/cookbooks/web/recipes/default.rb", RECIPE)]);
    let image = |conf: &str, mode: u32| {
        archive(&[
            ("etc/passwd", 0o644, PASSWD),
            ("var/lib/dpkg/status", 0o644, STATUS),
            ("bin/sh", 0o755, "x"),
            ("etc/shop.conf", mode, conf),
        ])
    };
    fs::write(place.path().join("in.tar"), image("a = 1\n", 0o640)).expect("file");
    fs::write(place.path().join("wrong.tar"), image("a = 2\n", 0o644)).expect("file");
    fs::write(place.path().join("cut.tar"), &image("a = 1\n", 0o640)[..1300]).expect("file");
    let input = ["in", "--run-list", "recipe[web]", "--platform", "ubuntu-22.04"];
    let verify = |image: &str, more: &[&str]| ekiben(place.path(), &[&["verify-image", image], &input[..], more].concat());

    let good = verify("in.tar", &["--all"]);
    assert_eq!(code(&good), Some(0), "{}{}", out(&good), err(&good));
    assert!(out(&good).contains("no unexplained difference\n") && out(&good).contains("package htop"), "{}", out(&good));

    let wrong = verify("wrong.tar", &[]);
    assert_eq!(code(&wrong), Some(1), "{}", out(&wrong));
    let said = out(&wrong);
    assert!(said.contains("file /etc/shop.conf  # cookbooks/web/recipes/default.rb:2 file[/etc/shop.conf]\n"), "{said}");
    assert!(said.contains("    content, line 1: Chef `a = 1`, image `a = 2`\n    mode: Chef 0640, image 0644\n"), "{said}");
    let json: serde_json::Value = serde_json::from_str(&out(&verify("wrong.tar", &["--format", "json"]))).expect("JSON");
    assert_eq!(json["unexplained"], 1);

    for (image, more, word) in [
        ("cut.tar", &[][..], "ends in the middle"),
        ("missing.tar", &[], "does not exist"),
        ("in/cookbooks/web/metadata.rb", &[], "no tar archive"),
        ("in.tar", &["--image", "other"], "there is no image `other`"),
    ] {
        let output = verify(image, more);
        assert_eq!(code(&output), Some(2), "{image}: {}", out(&output));
        assert!(err(&output).contains(word), "{image}: {}", err(&output));
    }
    let mut piped = Command::new(env!("CARGO_BIN_EXE_ekiben"));
    piped.current_dir(place.path()).args(["verify-image", "-"]).args(input).write_stdin(image("a = 1\n", 0o640));
    assert_eq!(code(&piped.output().expect("it runs")), Some(0));
    let mut without = Command::new(env!("CARGO_BIN_EXE_ekiben"));
    without.current_dir(place.path()).args(["verify-image", "shop:local"]).args(input).env("PATH", "");
    let output = without.output().expect("it runs");
    assert_eq!(code(&output), Some(2));
    assert!(err(&output).contains("there is no program `docker`"), "{}", err(&output));
}
