//! How an image ends: writable directories, labels, user, port, signal, command.

use crate::blueprint::Image;
use crate::emit::docker::instruction::{Command, Instruction, shell_word};
use crate::emit::identity;
use crate::emit::layout::Layout;

/// Makes the directories that the processes write to, before anything runs that needs them.
#[must_use]
pub fn folders(image: &Image) -> Option<Instruction> {
    let directories = directories(image);
    let list: Vec<String> = directories.iter().map(|path| shell_word(path)).collect();
    (!list.is_empty()).then(|| Instruction::plain(format!("RUN install -d {}", list.join(" "))))
}

/// The directories that the processes write to, as the Dockerfile names them.
#[must_use]
pub fn directories(image: &Image) -> Vec<&str> {
    let mut directories: Vec<&str> =
        image.writable.iter().map(String::as_str).filter(|path| !path.is_empty() && *path != "/tmp" && *path != ".").collect();
    let bundler = image.source.as_ref().is_some_and(|source| source.manifests.iter().any(|manifest| manifest == "Gemfile"));
    // Puma and Rails write their pid file there and do not make the directory.
    if bundler && directories.contains(&"tmp") && !directories.contains(&"tmp/pids") {
        directories.push("tmp/pids");
    }
    directories
}

/// Directories that the processes write to; everything else stays root's.
#[must_use]
pub fn writable(image: &Image) -> Option<Instruction> {
    let who = identity::of(Some(image));
    let directories = directories(image);
    if directories.is_empty() {
        return None;
    }
    let list = |paths: &[&str]| paths.iter().map(|path| shell_word(path)).collect::<Vec<_>>().join(" ");
    let top: Vec<&str> =
        directories.iter().copied().filter(|path| !directories.iter().any(|other| path.starts_with(&format!("{other}/")))).collect();
    let commands = vec![
        Command::new(format!("install -d -o {} -g {} {}", who.uid, who.gid, list(&directories))),
        Command::new(format!("chown -R {}:{} {}", who.uid, who.gid, list(&top))),
    ];
    Some(Instruction::run(&[], commands).commented(vec!["The rest belongs to root; only these can be written to.".to_owned()]))
}

/// The instructions that end the stage of image `name`.
#[must_use]
pub fn ending(layout: &Layout, image: &Image, name: &str) -> Vec<Instruction> {
    let who = identity::of(Some(image));
    let label = |key: &str, value: &str| format!("org.opencontainers.image.{key}={}", quoted(value));
    let mut out = vec![
        Instruction::plain("ARG REVISION=unknown").spaced(),
        Instruction::plain(format!(
            "LABEL {} \\\n      {} \\\n      {}",
            label("title", name),
            label("base.name", &image.base),
            label("revision", "${REVISION}")
        )),
        Instruction::plain(format!("USER {}:{}", who.uid, who.gid)).spaced(),
    ];
    out.extend(image.port.map(|port| Instruction::plain(format!("EXPOSE {port}"))));
    out.extend(stop_signal(layout, image).map(|signal| Instruction::plain(format!("STOPSIGNAL {signal}"))));
    if !image.command.is_empty() {
        if image.source.is_some() {
            out.push(Instruction::remark(vec![
                "No HEALTHCHECK: workers and tasks run from this image too. Compose and Kubernetes check each process.".to_owned(),
            ]));
        }
        out.push(Instruction::exec("CMD", &image.command));
    }
    out
}

/// The signal of the image: that of its processes, where they agree.
#[must_use]
pub fn stop_signal(layout: &Layout, image: &Image) -> Option<String> {
    let mut signals =
        layout.blueprint.processes.iter().filter(|process| process.image == image.name).map(|process| process.stop_signal.as_deref());
    let first = signals.next().flatten()?;
    let name = signal_name(first)?;
    (signals.all(|other| other == Some(first)) && name != "SIGTERM").then_some(name)
}

/// `QUIT`, `SIGQUIT` → `SIGQUIT`; anything else than letters and digits is no signal.
#[must_use]
pub fn signal_name(signal: &str) -> Option<String> {
    let upper = signal.trim().to_uppercase();
    let legal = !upper.is_empty() && upper.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-'));
    legal.then(|| if upper.starts_with("SIG") || upper.starts_with(|c: char| c.is_ascii_digit()) { upper } else { format!("SIG{upper}") })
}

fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace(['"', '\\', '\n', '\r'], ""))
}
