//! Broken and foreign files.

use super::chef11::{CHEF_11, INSTANCE_JSON};
use super::template::TEMPLATE_YAML;
use super::*;

#[test]
fn faults_are_diagnostics_with_their_place() {
    let codes = |files: &[(&str, &str)]| load(files).1.iter().map(|diagnostic| (diagnostic.code, diagnostic.severity)).collect::<Vec<_>>();
    assert_eq!(codes(&[]), [("S019", Severity::Error)]);
    assert_eq!(codes(&[("a.json", "")]), [("S016", Severity::Note), ("S019", Severity::Error)]);
    assert_eq!(codes(&[("README.md", "# Stacks")]), [("S013", Severity::Note), ("S019", Severity::Error)]);
    assert_eq!(codes(&[("x.json", "{\"a\": 1}")]), [("S013", Severity::Note), ("S019", Severity::Error)]);
    assert_eq!(codes(&[("main.tf", "resource \"aws_opsworks_stack\" \"x\" {}")]), [("S014", Severity::Warning), ("S019", Severity::Error)]);
    assert_eq!(
        codes(&[("terraform.tfstate", "{\"terraform_version\": \"1\", \"resources\": []}")]),
        [("S014", Severity::Warning), ("S019", Severity::Error)]
    );
    assert_eq!(
        codes(&[("s.json", "{\"Servers\": [{\"ServerName\": \"chef\"}]}")]),
        [("S014", Severity::Warning), ("S019", Severity::Error)]
    );
    assert_eq!(codes(&[("c.yml", "Resources:\n  A: [AWS::OpsWorks::Stack\n")]), [("S011", Severity::Error), ("S019", Severity::Error)]);

    let mut sources = SourceMap::new();
    let file = sources.add_text("d/layers.json", "{\n  \"Layers\": [\n    {\"LayerId\": }\n  ]\n}");
    let (_, diagnostics) = read(&sources, &[file]);
    let location = sources.location(diagnostics[0].span.unwrap());
    assert_eq!((diagnostics[0].code, location.line, location.column), ("S010", 3, 17));
    assert!(diagnostics.iter().all(|diagnostic| diagnostic.help.is_some()));
}

#[test]
fn broken_custom_json_is_told_and_the_rest_is_read() {
    let text = CHEF_11.replacen("{\\\"deploy\\\"", "{\\n deploy", 1);
    let (stacks, diagnostics) = load(&[("stack.json", &text)]);
    assert_eq!((stacks[0].layers.len(), &stacks[0].custom_json), (3, &Datum::Map(IndexMap::new())));
    let broken = diagnostics.iter().find(|diagnostic| diagnostic.code == "S012").unwrap();
    assert!(broken.message.contains("line 2, column 2 of it"), "{}", broken.message);
    assert!(broken.span.is_some());
}

proptest::proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,200}", name in "[a-z]{1,5}\\.(json|yml|template|txt)") {
        let (stacks, _) = load(&[(&name, &text)]);
        stacks.iter().for_each(|stack| drop(runs(stack)));
    }

    #[test]
    fn damaged_exports_never_panic(at in 0usize..4000, with in "[\\[\\]{}\":,a0]{0,3}", cut in 0usize..50) {
        for original in [CHEF_11, INSTANCE_JSON, TEMPLATE_YAML] {
            let at = at % original.len();
            let end = (at + cut).min(original.len());
            let text = format!("{}{with}{}", &original[..at], &original[end..]);
            let name = if original == TEMPLATE_YAML { "a.yaml" } else { "a.json" };
            let (stacks, _) = load(&[(name, &text)]);
            stacks.iter().for_each(|stack| drop(runs(stack)));
        }
    }
}
