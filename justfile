# Everything that is done often. `just` lists it.

_default:
    @just --list

# What has to pass before a change is handed in.
check:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    cargo test

# Lints what the corpus becomes: Dockerfiles, Compose, manifests, scripts and the rest. Needs Python, npm, kubectl and terraform.
lint:
    tests/lint/run

# Opens the HTML reports in headless Chromium and uses them: search, filters, source lines, keyboard, phone. Needs Node.js and Chromium.
browser:
    tests/browser/run

# Takes the present answers as right: conformance baselines and snapshots. Read the diff afterwards.
bless:
    EKIBEN_BLESS=1 INSTA_UPDATE=always INSTA_FORCE_PASS=1 cargo test
    git status --short

# Converts one repository of corpus/ into target/cases/NAME, with the inputs that its README names.
case NAME:
    #!/usr/bin/env bash
    set -euo pipefail
    corpus="corpus/{{NAME}}"
    [ -d "$corpus" ] || { echo "there is no $corpus" >&2; exit 2; }
    case "{{NAME}}" in
        photo-album) inputs=(--app "$corpus/app" --stack "$corpus/opsworks/production" --stack "$corpus/opsworks/staging") ;;
        chef11-rails-php) inputs=(--stack "$corpus/stack") ;;
        node-layer) inputs=(--app "$corpus/app" --stack "$corpus/opsworks.yaml") ;;
        multi-platform-cookbook) inputs=(--run-list 'recipe[heliograph]' --platform ubuntu-22.04) ;;
        *) inputs=() ;;
    esac
    # Findings about the input (exit code 1) are no failure of the conversion.
    cargo run -- convert "$corpus" "${inputs[@]}" -o "target/cases/{{NAME}}" --force || [ $? -eq 1 ]

# Builds and starts what is generated for repositories of corpus/, and proves that it runs; needs root on Debian, or a Docker engine.
e2e *CASES:
    tests/e2e/run {{CASES}}

# The suites against the answers of real Ruby, Erubis, Whenever and Chef; what fails is in target/conformance/.
conformance:
    cargo test --test conformance -- --nocapture

# Compares the recipes of public repositories, FOLDER/OWNER__NAME, with what real Chef made of them: ANSWERS holds an OWNER__NAME.jsonl
# each. Prints a table by repository; what differs is in target/conformance/truth.details. Repositories that are absent are skipped.
truth FOLDER ANSWERS=env("EKIBEN_TRUTH", "../shared/evidence/truth"):
    EKIBEN_REPOSITORIES="{{FOLDER}}" EKIBEN_TRUTH="{{ANSWERS}}" cargo test --profile quick --test conformance truth -- --nocapture

# The ChefSpec expectations of public repositories (FOLDER/OWNER__NAME/) against our evaluation; what fails is in target/conformance/chefspec.details.
chefspec FOLDER:
    EKIBEN_REPOSITORIES="{{FOLDER}}" cargo test --profile quick --test conformance chefspec -- --nocapture

# How long each stage takes on each repository of corpus/; `just bench photo-album/evaluate` measures one.
bench *FILTER:
    cargo bench --bench convert -- {{FILTER}}

# How many times longer a conversion takes than parsing with tree-sitter alone; over the repositories in FOLDER, too, where it is given.
ratio FOLDER="":
    EKIBEN_REPOSITORIES="{{FOLDER}}" cargo bench --bench ratio

# Fuzzes one parser (needs cargo-fuzz and a nightly toolchain); `just fuzz ruby_parse -max_total_time=60`.
fuzz TARGET *FLAGS:
    cargo +nightly fuzz run {{TARGET}} -- {{FLAGS}}
