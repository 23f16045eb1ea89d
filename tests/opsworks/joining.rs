//! Records in many files, in one, wrapped, bare, with and without ids.

use super::*;

#[test]
fn answers_may_be_concatenated_wrapped_or_bare() {
    let files = corpus!("production");
    let expected = one(&files);
    let concatenated: String = files.iter().map(|(_, text)| *text).collect();
    let wrapped =
        format!("{{{}}}", files.iter().enumerate().map(|(index, (_, text))| format!("\"{index}\": {text}")).collect::<Vec<_>>().join(","));
    // `--query Layers`: the bare list, here of all kinds in one.
    let bare: Vec<String> = files
        .iter()
        .flat_map(|(_, text)| {
            let value: serde_json::Value = serde_json::from_str(text).unwrap();
            let list = value.as_object().unwrap().values().next().unwrap().as_array().unwrap().clone();
            list.iter().map(ToString::to_string).collect::<Vec<_>>()
        })
        .collect();
    let yaml = files
        .iter()
        .map(|(_, text)| serde_yaml::to_string(&serde_json::from_str::<serde_yaml::Value>(text).unwrap()).unwrap())
        .collect::<Vec<_>>()
        .join("---\n");
    for (name, text) in
        [("all.json", concatenated), ("all.json", wrapped), ("all.json", format!("[{}]", bare.join(","))), ("all.yaml", yaml)]
    {
        let stack = one(&[(name, &text)]);
        let strip = |stack: &Stack| {
            format!("{:?}", runs(stack).iter().map(|run| (&run.layer, &run.run_list, &run.attributes, &run.data_bags)).collect::<Vec<_>>())
        };
        let shape = |stack: &Stack| {
            (stack.layers.len(), stack.instances.len(), stack.apps[0].environment.len(), stack.load_balancers.len(), stack.databases.len())
        };
        assert_eq!(shape(&stack), shape(&expected), "{name}");
        assert_eq!(strip(&stack), strip(&expected), "{name}");
    }
}

#[test]
fn records_without_a_stack_id_join_by_layer_then_folder() {
    let stack = |id: &str| {
        format!(
            r#"{{"Stacks": [{{"StackId": "{id}", "Name": "{id}", "DefaultOs": "Ubuntu 16.04 LTS", "ConfigurationManager": {{"Version": "12"}}}}]}}"#
        )
    };
    let layer = r#"{"Layers": [{"LayerId": "l1", "StackId": "a", "Shortname": "web", "Type": "custom"}]}"#;
    let (stacks, diagnostics) = load(&[
        ("a/stack.json", &stack("a")),
        ("b/stack.json", &stack("b")),
        ("a/layers.json", layer),
        ("c/instances.json", r#"{"Instances": [{"InstanceId": "i1", "Hostname": "web1", "LayerIds": ["l1"]}]}"#),
        ("b/apps.json", r#"{"Apps": [{"AppId": "x", "Shortname": "shop"}]}"#),
        ("c/volumes.json", r#"{"Volumes": [{"VolumeId": "v1", "InstanceId": "i1"}, {"VolumeId": "v2"}]}"#),
        ("c/other.json", r#"{"Layers": [{"LayerId": "l9", "StackId": "z", "Shortname": "lost"}]}"#),
    ]);
    assert_eq!((stacks[0].instances.len(), stacks[0].volumes.len(), stacks[0].apps.len()), (1, 1, 0));
    assert_eq!(stacks[1].apps[0].shortname, "shop");
    let said: Vec<(&str, &str)> = diagnostics.iter().map(|diagnostic| (diagnostic.code, diagnostic.message.as_str())).collect();
    assert_eq!(
        said,
        [
            ("S015", "layer `lost` belongs to stack `z`, which the export does not have"),
            ("S015", "volume `v2` does not say which stack it belongs to")
        ]
    );
}

#[test]
fn layers_without_their_stack_are_kept() {
    let (stacks, diagnostics) = load(&[(
        "shop/layers.json",
        r#"{"Layers": [{"LayerId": "l1", "StackId": "a", "Shortname": "web", "CustomRecipes": {"Setup": ["recipe[x]"]}}]}"#,
    )]);
    assert_eq!((stacks[0].name.as_str(), stacks[0].layers.len()), ("shop", 1));
    assert_eq!(runs(&stacks[0])[0].run_list, ["x"]);
    assert_eq!(diagnostics.iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>(), ["S019", "S018"]);
}
