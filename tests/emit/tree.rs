use std::collections::BTreeSet;

use ekiben::blueprint::Blueprint;
use ekiben::emit::{BACKENDS, Launch, Options, emit};

use crate::{content, documents, fixture, output};

#[test]
fn the_same_blueprint_gives_the_same_bytes() {
    for (name, blueprint) in fixture::all() {
        assert_eq!(output(&blueprint), output(&blueprint.clone()), "{name}");
    }
}

#[test]
fn paths_are_sorted_unique_and_relative() {
    for (name, blueprint) in fixture::all() {
        let paths: Vec<String> = output(&blueprint).into_iter().map(|file| file.path).collect();
        let unique: BTreeSet<String> = paths.iter().cloned().collect();
        assert_eq!(unique.into_iter().collect::<Vec<_>>(), paths, "{name}");
        assert!(paths.iter().all(|path| !path.starts_with('/') && !path.contains("..")), "{name}: {paths:?}");
    }
}

#[test]
fn every_yaml_file_parses() {
    for (name, blueprint) in fixture::all() {
        for file in output(&blueprint) {
            if file.path.ends_with(".yaml") {
                assert!(!documents(&file.content).is_empty(), "{name} {}", file.path);
            }
        }
    }
}

#[test]
fn no_template_fails_and_no_line_has_blanks_at_its_end() {
    for (name, blueprint) in fixture::all() {
        for file in output(&blueprint) {
            assert!(
                !file.content.contains("undefined value") && !file.content.starts_with("# syntax error"),
                "{name} {}\n{}",
                file.path,
                file.content
            );
            let generated = !file.path.starts_with("container/") || file.path == "container/local.env";
            if generated && file.path != "Dockerfile" {
                assert!(!file.content.lines().any(|line| line.ends_with(' ')), "{name} {}", file.path);
            }
            assert!(file.content.ends_with('\n'), "{name} {}", file.path);
            assert!(!generated || !file.content.ends_with("\n\n"), "{name} {}", file.path);
        }
    }
}

#[test]
fn planted_secrets_appear_nowhere() {
    for (name, blueprint) in fixture::all() {
        for file in output(&blueprint) {
            assert!(!file.content.contains(fixture::CANARY), "{name} {}\n{}", file.path, file.content);
        }
    }
}

#[test]
fn an_empty_blueprint_gives_nothing() {
    assert_eq!(output(&Blueprint::default()), vec![]);
}

#[test]
fn targets_can_be_chosen() {
    let only = |target: &str| emit(&fixture::album(), &Options { targets: vec![target.to_owned()], ..Options::default() });
    assert!(only("kubernetes").iter().all(|file| file.path.starts_with("kubernetes/")));
    assert_eq!(only("secrets").len(), 1);
    let together: usize = BACKENDS.iter().map(|backend| only(backend.name).len()).sum();
    assert_eq!(together, output(&fixture::album()).len());
}

#[test]
fn secrets_are_listed_by_name() {
    let files = output(&fixture::album());
    let text = content(&files, "secrets.md");
    for expected in [
        "| DB_PASSWORD | production, staging | not in the input: ask who has it |",
        "| PREMIUM_API_KEY | production | in clear text: make a new one |",
        "| PREMIUM_API_KEY | attributes/default.rb:3, notes\\|old.json:1 |",
        "(umask 077 && cat > photo-album-staging.json <<'JSON'",
        "aws secretsmanager put-secret-value",
        "| PUSH_API_TOKEN | production, staging |",
        "| push-certificate | PUSH_CERTIFICATE | /app/config/push.pem |",
        "aws secretsmanager create-secret --name photo-album/staging --region ap-northeast-1 --secret-string file://photo-album-staging.json",
        "kubectl create secret generic photo-album --namespace photo-album-production --from-env-file=production.env",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

/// Writes everything out, for linters: `cargo test --test emit write_out -- --ignored`.
#[test]
#[ignore = "writes files for linters to read"]
fn write_out() {
    let root = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("emit");
    for (name, blueprint) in fixture::all() {
        let on_instances = Options { targets: vec!["ecs".to_owned()], launch: Launch::Ec2, ..Options::default() };
        let others = emit(&blueprint, &on_instances).into_iter().map(|file| (format!("{name}-ec2"), file));
        for (name, file) in output(&blueprint).into_iter().map(|file| (name.to_owned(), file)).chain(others) {
            let path = root.join(name).join(&file.path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
            std::fs::write(path, file.content).expect("file");
        }
    }
}
