//! A small reader of Dockerfiles: instructions, continuations, here-documents, stages.

use std::collections::BTreeSet;

use crate::{content, fixture, output};

#[derive(Debug)]
struct Instruction {
    keyword: String,
    text: String,
    comments: Vec<String>,
}

const KNOWN: &[&str] = &["ADD", "ARG", "CMD", "COPY", "ENV", "EXPOSE", "FROM", "LABEL", "RUN", "STOPSIGNAL", "USER", "WORKDIR"];

fn parse(text: &str) -> Vec<Instruction> {
    let mut out = Vec::new();
    let mut comments = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(comment) = line.strip_prefix('#') {
            comments.push(comment.trim().to_owned());
            continue;
        }
        if line.trim().is_empty() {
            comments.clear();
            continue;
        }
        let (keyword, rest) = line.split_once(' ').unwrap_or_else(|| panic!("no instruction: {line}\n{text}"));
        assert!(KNOWN.contains(&keyword), "unknown instruction: {line}\n{text}");
        let mut whole = rest.to_owned();
        while whole.ends_with('\\') {
            whole.pop();
            let next = loop {
                let next = lines.next().unwrap_or_else(|| panic!("open continuation: {line}"));
                assert!(!next.trim().is_empty(), "empty line in a continuation: {line}\n{text}");
                if !next.trim_start().starts_with('#') {
                    break next;
                }
            };
            whole.push_str(next);
        }
        if let Some((_, after)) = whole.split_once("<<'") {
            let terminator = after.split('\'').next().unwrap_or_default().to_owned();
            loop {
                let next = lines.next().unwrap_or_else(|| panic!("open here-document: {line}\n{text}"));
                if next == terminator {
                    break;
                }
                whole.push('\n');
                whole.push_str(next);
            }
        }
        out.push(Instruction { keyword: keyword.to_owned(), text: whole, comments: std::mem::take(&mut comments) });
    }
    out
}

fn dockerfiles() -> Vec<(&'static str, String, Vec<Instruction>)> {
    let mut all = Vec::new();
    for (name, blueprint) in fixture::all() {
        if let Some(file) = output(&blueprint).into_iter().find(|file| file.path == "Dockerfile") {
            let parsed = parse(&file.content);
            all.push((name, file.content, parsed));
        }
    }
    all
}

#[test]
fn stages_exist_before_they_are_used() {
    let all = dockerfiles();
    assert!(all.len() >= 6);
    for (name, text, instructions) in all {
        let mut arguments: Vec<(String, String)> = Vec::new();
        let mut stages: BTreeSet<String> = BTreeSet::new();
        let declared: BTreeSet<&str> =
            instructions.iter().filter(|one| one.keyword == "FROM").filter_map(|one| one.text.split(" AS ").nth(1)).collect();
        for instruction in &instructions {
            match instruction.keyword.as_str() {
                "ARG" => arguments.extend(instruction.text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))),
                "FROM" => {
                    let (from, stage) = instruction.text.split_once(" AS ").unwrap_or_else(|| panic!("{name}: unnamed stage\n{text}"));
                    let from = match from.strip_prefix("${").and_then(|from| from.strip_suffix('}')) {
                        Some(argument) => arguments
                            .iter()
                            .find(|(name, _)| name == argument)
                            .map_or_else(|| panic!("{name}: no ARG {argument}"), |(_, value)| value.as_str()),
                        None => from,
                    };
                    assert!(stages.contains(from) || (!declared.contains(from) && from.contains(':')), "{name}: FROM {from}\n{text}");
                    assert!(stages.insert(stage.to_owned()), "{name}: two stages {stage}");
                }
                "COPY" if instruction.text.contains("--from=") => {
                    let from = instruction.text.split("--from=").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or_default();
                    assert!(stages.contains(from), "{name}: COPY --from={from}\n{text}");
                }
                _ => {}
            }
        }
    }
}

#[test]
fn images_end_as_a_numeric_user_with_a_command_in_exec_form() {
    for (name, text, instructions) in dockerfiles() {
        let mut user = String::new();
        for instruction in &instructions {
            match instruction.keyword.as_str() {
                "FROM" => user.clear(),
                "USER" => user.clone_from(&instruction.text),
                "CMD" => {
                    let words: Vec<String> =
                        serde_json::from_str(&instruction.text).unwrap_or_else(|error| panic!("{name}: {error}: {}", instruction.text));
                    assert!(!words.is_empty());
                    let (uid, gid) = user.split_once(':').unwrap_or_else(|| panic!("{name}: USER {user}\n{text}"));
                    assert!(uid.parse::<u32>().is_ok_and(|uid| uid > 0) && gid.parse::<u32>().is_ok(), "{name}: USER {user}");
                }
                _ => {}
            }
        }
    }
}

#[test]
fn no_parser_directive_and_every_step_has_its_origin() {
    for (name, text, instructions) in dockerfiles() {
        assert!(!text.contains("# syntax") && text.starts_with("# "), "{name}");
        let copies = instructions.iter().filter(|one| one.keyword == "COPY" && one.text.contains("/etc/") && !one.text.contains("<<"));
        for copy in copies {
            assert!(copy.comments.iter().any(|comment| comment.starts_with("cookbooks/")), "{name}: {copy:?}");
        }
    }
}

#[test]
fn the_album_is_built_in_three_parts() {
    let files = output(&fixture::album());
    let text = content(&files, "Dockerfile");
    for expected in [
        "ARG BASE_IMAGE=ruby:3.1.4-slim-bookworm\n",
        "ARG RUBY_IMAGE=ruby\n",
        "ARG DEPS_IMAGE=deps\n",
        "ARG NGINX_IMAGE=nginx:1.28-bookworm\n",
        "FROM ${BASE_IMAGE} AS ruby\n",
        "FROM ${RUBY_IMAGE} AS gems\n",
        "FROM ${RUBY_IMAGE} AS deps\n",
        "FROM ${DEPS_IMAGE} AS test\n",
        "FROM ${DEPS_IMAGE} AS app\n",
        "FROM ${NGINX_IMAGE} AS nginx\n",
        "    BUNDLE_WITHOUT=development:test",
        "RUN --mount=type=cache,id=gem-downloads,target=/usr/local/bundle/ruby/3.1.0/cache,sharing=locked \\\n    --mount=type=bind,source=Gemfile,target=Gemfile \\\n    --mount=type=bind,source=Gemfile.lock,target=Gemfile.lock \\\n    bundle install --jobs 4 --retry 3\n",
        "      # cookbooks/photo_album/recipes/setup.rb:3 package[default-libmysqlclient-dev, libmysqlclient20], was libmysqlclient20\n      libmariadb3 \\\n",
        "# cookbooks/media/recipes/default.rb:6 template[/etc/ImageMagick-6/policy.xml]\nCOPY --chmod=0644 container/imagemagick-policy.xml /etc/ImageMagick-6/policy.xml\n",
        "COPY --link --from=gems /usr/local/bundle /usr/local/bundle\n",
        "COPY --chmod=0644 container/database.yml config/database.yml\nCOPY container/sidekiq/ config/sidekiq/\n",
        "install -d -o 5000 -g 5000 -m 0755 /app/shared",
        "RUN SECRET_KEY_BASE=for-this-step-only bundle exec rake assets:precompile\n",
        "    GREETING=\"a \\\"b\\\" \\$c \\\\ d\"",
        "groupadd --gid 5000 deploy",
        "install -d -o 5000 -g 5000 tmp tmp/video log tmp/pids",
        "USER 5000:5000\nEXPOSE 3000\n",
        "COPY --link --from=app /app/public /srv/public\n",
        "USER 101:101\nEXPOSE 8080\nSTOPSIGNAL SIGQUIT\nCMD [\"nginx\", \"-g\", \"daemon off;\"]\n",
    ] {
        assert!(text.contains(expected), "missing:\n{expected}\nin\n{text}");
    }
    let order: Vec<usize> =
        ["ffmpeg \\", "imagemagick \\", "libheif1 \\"].iter().map(|name| text.find(name).unwrap_or_else(|| panic!("{name}"))).collect();
    assert!(order.is_sorted());
    assert!(text.find("libjemalloc2").unwrap_or(usize::MAX) < text.find("ENV LD_PRELOAD").unwrap_or(0), "preloaded before it is installed");
}

#[test]
fn scripts_keep_their_text() {
    let files = output(&fixture::daemon(ekiben::blueprint::Packager::Apt));
    let text = content(&files, "Dockerfile");
    for expected in [
        "COPY <<'EOF' /etc/apt/sources.list.d/vendor.list\ndeb [signed-by=/etc/apt/keyrings/vendor.asc] https://packages.example/apt stable main\nEOF\n",
        "MODE='it'\\''s \"on\"' make install",
        "WORKDIR /opt/relay\nUSER 10001:10001\n# hadolint shell=/bin/bash\nRUN <<'EOF2'\n#!/bin/bash\nexport MODE='it'\\''s \"on\"'\nset -e\ncat <<EOF > /opt/relay/x\nhello \\\nEOF\n[ -f y ] || touch y\nEOF2\n\nUSER 0:0\n",
        "RUN MODE='it'\\''s \"on\"' ruby <<'EOF'\nputs ENV['MODE']\nEOF\n",
        "/usr/bin/python3 <<'EOF'\nimport os\n",
        "ADD --checksum=sha256:aaaa",
        "ADD [\"https://example.com/a b\", \"/opt/a \\\\$b\"]\n",
        "ADD https://github.com/example/relay.git#v1.2 /opt/src\n",
        "ADD --chown=10001:10001 ssh://git@github.com/example/private.git#main /opt/private\n",
        "gem install --no-document god --version 0.13.7",
        "mkdir -p /etc/relay && ln -sfn /opt/relay /etc/relay/current",
        "useradd --uid 10001 --gid relay --create-home --home-dir /var/lib/relay --shell /bin/false relay",
        "STOPSIGNAL SIGINT\n",
    ] {
        assert!(text.contains(expected), "missing:\n{expected}\nin\n{text}");
    }
}

/// Files of one folder with one owner and mode are one layer; a folder that is made in between does not part them, a command does.
#[test]
fn files_share_layers_where_nothing_comes_between() {
    use ekiben::blueprint::{Action, Image, Stage, Step};
    let copy = |to: &str, mode: Option<&str>| Action::Copy {
        from: format!("container{to}"),
        to: to.to_owned(),
        owner: None,
        group: None,
        mode: mode.map(str::to_owned),
    };
    let directory = Action::Directory { path: "/etc/late".into(), owner: None, group: None, mode: None };
    let remove = Action::Remove { path: "/etc/x/a.conf".into() };
    let actions = vec![
        copy("/etc/x/a.conf", None),
        copy("/etc/y/c.conf", None),
        directory,
        copy("/etc/x/b.conf", None),
        copy("/etc/x/tool", Some("0755")),
        remove,
        copy("/etc/x/a.conf", None),
        copy("/etc/profile", None),
        copy("/etc/x/a.conf", Some("0600")),
    ];
    let step = |(index, action): (usize, Action)| Step {
        stage: Stage::Runtime,
        action,
        origin: fixture::at("cookbooks/x/recipes/default.rb", u32::try_from(index).unwrap_or(0) + 1, "a step"),
        note: None,
    };
    let image = Image {
        name: "x".into(),
        base: "debian:bookworm-slim".into(),
        steps: actions.into_iter().enumerate().map(step).collect(),
        ..Image::default()
    };
    let blueprint = ekiben::blueprint::Blueprint { name: "x".into(), images: vec![image], ..Default::default() };
    let files = output(&blueprint);
    let parsed = parse(content(&files, "Dockerfile"));
    let squeezed = |one: &Instruction| format!("{} {}", one.keyword, one.text.split_whitespace().collect::<Vec<_>>().join(" "));
    let lines: Vec<String> = parsed.iter().filter(|one| matches!(one.keyword.as_str(), "COPY" | "RUN")).map(squeezed).collect();
    let wanted = [
        "RUN install -d /etc/late",
        "COPY --chmod=0644 container/etc/x/a.conf container/etc/x/b.conf /etc/x/",
        "COPY --chmod=0644 container/etc/y/c.conf /etc/y/c.conf",
        "COPY --chmod=0755 container/etc/x/tool /etc/x/tool",
        "RUN rm -rf /etc/x/a.conf",
        "COPY --chmod=0644 container/etc/x/a.conf /etc/x/a.conf",
        "COPY --link --chmod=0644 container/etc/profile /etc/profile",
        "COPY --chmod=0600 container/etc/x/a.conf /etc/x/a.conf",
    ];
    let found: Vec<&str> = lines.iter().map(String::as_str).filter(|line| wanted.contains(line)).collect();
    assert_eq!(found, wanted, "{lines:#?}");
}
