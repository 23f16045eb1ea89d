use ekiben::emit::yaml::{Document, List, Map, render};

/// Strings that some parser takes for something else.
const HOSTILE: &[&str] = &[
    "",
    " ",
    "yes",
    "Yes",
    "on",
    "OFF",
    "n",
    "y",
    "N",
    "true",
    "False",
    "null",
    "Null",
    "~",
    "22:22",
    "1:30:00",
    "2024-01-01",
    "2024-01-01T10:00:00Z",
    "=",
    "<<",
    "0x1f",
    "0o17",
    "017",
    "0b11",
    "1e3",
    "1E3",
    ".5",
    "5.",
    "+1",
    "-1",
    "1_000",
    "-",
    "- a",
    "--",
    "---",
    "...",
    ".inf",
    "-.INF",
    ".nan",
    "inf",
    "NaN",
    "?",
    "? a",
    ":",
    ": a",
    "a:",
    "a: b",
    "a:b",
    "a #b",
    "a#b",
    "#a",
    "#",
    " a",
    "a ",
    "\ta",
    "a\t",
    "a\tb",
    "!tag",
    "&a",
    "*a",
    "*/10 * * * *",
    "@a",
    "`a`",
    "%a",
    "|",
    ">",
    "| a",
    "'",
    "\"",
    "it's",
    "\"a\"",
    "'a'",
    "a\\nb",
    "\\",
    "[a]",
    "{a: b}",
    "a, b",
    "[",
    "]",
    "{",
    "}",
    ",",
    "\n",
    "\n\n",
    "a\n",
    "a\nb",
    "a\nb\n",
    "a\nb\n\n",
    "a\n\nb",
    "\na",
    "  a\nb\n",
    "\ta\nb",
    "a\n  b\n c",
    "a\n \nb",
    "a\n  ",
    "a\r\nb",
    "a\rb",
    "a\u{85}b",
    "a\u{2028}b",
    "a\u{feff}b",
    "\u{feff}",
    "\u{1}",
    "\u{7f}",
    "\u{1b}[31m",
    "\0",
    "写真\nアルバム",
    "写真",
    "「写真」",
    "🍱",
    "é",
    "512Mi",
    "25%",
    "3.1.4",
    "1.0",
    "12",
    "0",
    "5000:5000",
    "$(NAME)",
    "${A:-b}",
    "$patch",
    "key: |",
    "# comment\n# more\n",
    "---\na: b\n...\n",
    "a: b\nc: d",
    "- a\n- b",
    "%YAML 1.1\n---\n",
];

fn read(text: &str) -> serde_yaml::Value {
    serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn hostile_strings_come_back_as_they_were() {
    for text in HOSTILE {
        let written = render(&[Document::new(
            Map::new()
                .with("block", *text)
                .beside("beside")
                .with("list", List::new().item(*text).item(Map::new().with("inside", *text).with("after", "x")))
                .with("flow", List::flow().item(*text).item(Map::flow().with("inside", *text)))
                .with("command", List::command(&[(*text).to_owned()]))
                .with("last", Map::new().with("deep", *text)),
        )]);
        let back = read(&written);
        for value in [
            &back["block"],
            &back["list"][0],
            &back["list"][1]["inside"],
            &back["flow"][0],
            &back["flow"][1]["inside"],
            &back["command"][0],
            &back["last"]["deep"],
        ] {
            assert_eq!(value.as_str(), Some(*text), "{text:?} in\n{written}");
        }
        assert_eq!(back["list"][1]["after"].as_str(), Some("x"), "{written}");
    }
}

#[test]
fn hostile_keys_come_back_as_they_were() {
    for text in HOSTILE {
        let written = render(&[Document::new(Map::new().with(*text, "value").with("other", Map::flow().with(*text, 1u32)))]);
        let back = read(&written);
        assert_eq!(back.get(*text).and_then(|value| value.as_str()), Some("value"), "{text:?} in\n{written}");
        assert_eq!(back["other"].get(*text).and_then(|value| value.as_i64()), Some(1), "{text:?} in\n{written}");
    }
}

/// What YAML 1.1 reads otherwise than 1.2, or than plain text: never plain.
#[test]
fn what_versions_read_differently_is_quoted() {
    for text in HOSTILE.iter().filter(|text| !text.contains('\n')) {
        let resolves = ["yes", "no", "on", "off", "y", "n", "true", "false", "null", "~", "", "=", "<<", ".inf", "-.inf", ".nan"];
        let is_word = resolves.contains(&text.to_lowercase().as_str());
        let is_number =
            text.chars().all(|c| c.is_ascii_hexdigit() || "+-._:xobTZ".contains(c)) && text.contains(|c: char| c.is_ascii_digit());
        if is_word || is_number {
            let written = render(&[Document::new(Map::new().with("key", *text))]);
            assert_eq!(written, format!("key: \"{text}\"\n"));
        }
    }
}

#[test]
fn plain_text_stays_plain() {
    for text in [
        "bundle exec puma -C config/puma.rb",
        "/app/tmp",
        "512Mi",
        "25%",
        "5s",
        "a:b",
        ".",
        "./a",
        "../../base",
        ".env",
        "photo_album",
        "${A:-b}",
        "it's",
        "arn:aws:iam::1:role/x",
    ] {
        assert_eq!(render(&[Document::new(Map::new().with("key", text))]), format!("key: {text}\n"));
    }
}

#[test]
fn comments_anchors_and_flow() {
    let text = render(&[
        Document::new(
            Map::new()
                .with("x-app", Map::new().with("image", "app").anchored("app"))
                .above("recipes/web.rb:12\nand no second entry: here")
                .with("web", Map::new().merge("app").with("command", List::command(&["a b".into(), "<&>".into()])).beside("fast"))
                .with("ports", List::new().item("80").beside("http").item(Map::new().with("name", "x").with("size", 1u32))),
        )
        .commented(["head".to_owned()]),
        Document::new(Map::new().with("empty", Map::new()).with("none", List::new())),
    ]);
    let expected = "# head\nx-app: &app\n  image: app\n# recipes/web.rb:12\n# and no second entry: here\nweb:\n  <<: *app\n  command: [\"a b\", \"<&>\"] # fast\n\
                    ports:\n  - \"80\" # http\n  - name: x\n    size: 1\n---\nempty: {}\nnone: []\n";
    assert_eq!(text, expected);
}

/// Writes the table with what it means, for parsers of other languages: `cargo test --test emit hostile_out -- --ignored`.
#[test]
#[ignore = "writes files for other parsers to read"]
fn hostile_out() {
    let list =
        HOSTILE.iter().fold(List::new(), |list, text| list.item(*text).item(List::flow().item(*text)).item(Map::new().with(*text, *text)));
    let expected: Vec<_> =
        HOSTILE.iter().flat_map(|text| [serde_json::json!(text), serde_json::json!([text]), serde_json::json!({ *text: text })]).collect();
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(folder.join("hostile.yaml"), render(&[Document::new(list)])).expect("file");
    std::fs::write(folder.join("hostile.json"), serde_json::Value::Array(expected).to_string()).expect("file");
}
