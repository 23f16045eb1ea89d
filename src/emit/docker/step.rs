//! What Chef did to the file system, in its order: each [`Step`] as instruction, each with its origin above it.
//!
//! Short commands that follow one another share a `RUN`, files of one folder a `COPY`; scripts get one of their own.

use crate::blueprint::{Action, Image, Step};
use crate::emit::docker::copy::Copies;
use crate::emit::docker::instruction::{Command, Instruction, paths, shell_word};
use crate::emit::docker::{script, stage::Stages};
use crate::emit::layout::Layout;
use crate::emit::{identity, origin};

/// The instructions for `steps` of `image`, in order.
#[must_use]
pub fn instructions(layout: &Layout, stages: &Stages, image: &Image, steps: &[&Step]) -> Vec<Instruction> {
    let mut out: Vec<Instruction> = Vec::new();
    let mut commands: Vec<Command> = Vec::new();
    // Folders may be made before the files that wait; anything else may look at those.
    let mut copies = Copies::default();
    for step in steps {
        let comments = comments(step);
        if !copies.is_empty() && !matches!(step.action, Action::Directory { .. } | Action::Copy { .. }) {
            flush(&mut commands, &mut copies, &mut out);
        }
        match &step.action {
            Action::Copy { from, to, owner, group, mode } => {
                if copies.holds(to) {
                    flush(&mut commands, &mut copies, &mut out);
                }
                copies.add(image, from, to, (owner.as_deref(), group.as_deref(), mode.as_deref()), comments);
            }
            Action::Directory { path, owner, group, mode } => {
                commands
                    .push(Command::new(directory(image, path, owner.as_deref(), group.as_deref(), mode.as_deref())).commented(comments));
            }
            Action::Link { path, to } => {
                let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
                let prepare = if parent.is_empty() { String::new() } else { format!("mkdir -p {} && ", shell_word(parent)) };
                commands.push(Command::new(format!("{prepare}ln -sfn {} {}", shell_word(to), shell_word(path))).commented(comments));
            }
            Action::Remove { path } => commands.push(Command::new(format!("rm -rf {}", shell_word(path))).commented(comments)),
            Action::Install { manager, name, version } => {
                commands.push(Command::new(install(manager, name, version.as_deref())).commented(comments));
            }
            Action::Run { script, interpreter, cwd: None, user: None, variables }
                if let Some(command) = script::short(&script::Script { script, interpreter, cwd: None, user: None, variables }) =>
            {
                commands.push(Command::new(command).commented(comments));
            }
            other => {
                flush(&mut commands, &mut copies, &mut out);
                out.extend(single(layout, stages, image, other, comments));
            }
        }
    }
    flush(&mut commands, &mut copies, &mut out);
    out
}

fn flush(commands: &mut Vec<Command>, copies: &mut Copies, out: &mut Vec<Instruction>) {
    if !commands.is_empty() {
        out.push(Instruction::run(&[], std::mem::take(commands)).spaced());
    }
    out.extend(copies.take());
}

/// Actions that are an instruction of their own, sometimes with others around it.
fn single(layout: &Layout, stages: &Stages, image: &Image, action: &Action, comments: Vec<String>) -> Vec<Instruction> {
    match action {
        Action::CopyFromImage { image: other, from, to } => match stages.target(layout, other) {
            Some(stage) => vec![
                Instruction::plain(format!("COPY {}--from={stage} {}", super::copy::link(image, to), paths(&[from, to])))
                    .commented(comments),
            ],
            None => vec![Instruction::remark(
                [comments, vec![origin::one_line(&format!("not copied: there is no image {other} for {from}"))]].concat(),
            )],
        },
        Action::Run { script, interpreter, cwd, user, variables } => {
            let who = user.as_deref().filter(|user| *user != "root").and_then(|user| identity::ownership(image, Some(user), None));
            script::instructions(
                &script::Script { script, interpreter, cwd: cwd.as_deref(), user: who, variables },
                &image.workdir,
                comments,
            )
        }
        Action::Download { url, to, checksum, mode } => {
            let is_sha256 = |sum: &&String| sum.len() == 64 && sum.chars().all(|c| c.is_ascii_hexdigit());
            let sum = checksum.as_ref().filter(is_sha256).map(|sum| format!("--checksum=sha256:{} ", sum.to_lowercase()));
            let mode = mode.as_deref().and_then(octal).map(|mode| format!("--chmod={mode} "));
            vec![
                Instruction::plain(format!("ADD {}{}{}", sum.unwrap_or_default(), mode.unwrap_or_default(), paths(&[url, to])))
                    .commented(comments),
            ]
        }
        Action::Checkout { url, revision, to, owner, group } => {
            let owner = identity::ownership(image, owner.as_deref(), group.as_deref()).map(|owner| format!("--chown={owner} "));
            // BuildKit leaves `.git` out unless it is asked for it.
            let git = if calls_git(image) { "--keep-git-dir=true " } else { "" };
            checkout(url, revision, to, &format!("{git}{}", owner.unwrap_or_default()), comments)
        }
        Action::Repository { name, line, key } => super::repository::instructions(image.packager, name, line, key.as_deref(), comments),
        // The caller joins these into one RUN or COPY.
        Action::Copy { .. } | Action::Directory { .. } | Action::Link { .. } | Action::Remove { .. } | Action::Install { .. } => Vec::new(),
    }
}

fn directory(image: &Image, path: &str, owner: Option<&str>, group: Option<&str>, mode: Option<&str>) -> String {
    let mode = mode.and_then(octal).map(|mode| format!(" -m {mode}"));
    let owner = identity::ownership(image, owner, group)
        .and_then(|both| both.split_once(':').map(|(user, group)| format!(" -o {user} -g {group}")));
    format!("install -d{}{} {}", owner.unwrap_or_default(), mode.unwrap_or_default(), shell_word(path))
}

fn install(manager: &str, name: &str, version: Option<&str>) -> String {
    let name = shell_word(name);
    let pinned = |separator: &str| version.map(|version| format!("{separator}{}", shell_word(version))).unwrap_or_default();
    match manager {
        "gem" => format!("gem install --no-document {name}{}", pinned(" --version ")),
        "npm" => format!("npm install --global {name}{}", pinned("@")),
        "yarn" => format!("yarn global add {name}{}", pinned("@")),
        "pip" | "pip3" => format!("pip install --no-cache-dir {name}{}", pinned("==")),
        "pecl" | "pear" => format!("{manager} install {name}{}", pinned("-")),
        "cpan" => format!("cpan -T {name}"),
        other => format!("{} install {name}{}", shell_word(other), pinned("@")),
    }
}

/// Whether a build step of the image calls git, which may look into a checkout.
fn calls_git(image: &Image) -> bool {
    let word =
        |script: &str| script.split(|c: char| c.is_whitespace() || matches!(c, '(' | '`' | ';' | '&' | '|')).any(|word| word == "git");
    image.steps.iter().any(|step| matches!(&step.action, Action::Run { script, .. } if word(script)))
}

fn checkout(url: &str, revision: &str, to: &str, flags: &str, mut comments: Vec<String>) -> Vec<Instruction> {
    let mut address = match url.split_once(':') {
        // scp's form of an address
        Some((host, path)) if !url.contains("://") && host.contains('@') => format!("ssh://{host}/{path}"),
        _ => url.to_owned(),
    };
    if !std::path::Path::new(&address).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("git")) {
        address.push_str(".git");
    }
    let source = if revision.is_empty() { address.clone() } else { format!("{address}#{revision}") };
    if address.starts_with("ssh://") {
        comments.push("needs `docker build --ssh default`".to_owned());
    }
    if !address.starts_with("http") {
        comments.push("hadolint ignore=DL3020".to_owned());
    }
    vec![Instruction::plain(format!("ADD {flags}{}", paths(&[&source, to]))).commented(comments)]
}

/// The comment above a step: where it was declared, under which guard.
#[must_use]
pub fn comments(step: &Step) -> Vec<String> {
    let mut comments = origin::lines(&step.origin);
    comments.extend(step.note.iter().map(|note| origin::one_line(note)));
    comments
}

/// A path in the output folder: all rendered files lie under `container/`.
#[must_use]
pub fn container_path(path: &str) -> String {
    if path.starts_with("container/") { path.to_owned() } else { format!("container/{}", path.trim_start_matches('/')) }
}

/// `0640` of a mode in digits; `None` for one in letters.
pub(super) fn octal(mode: &str) -> Option<String> {
    let digits = mode.trim_start_matches("0o");
    (matches!(digits.len(), 3..=5) && digits.chars().all(|c| ('0'..='7').contains(&c))).then(|| {
        let digits = if digits.len() == 5 { &digits[1..] } else { digits };
        format!("{digits:0>4}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_octal_or_nothing() {
        assert_eq!(octal("644").as_deref(), Some("0644"));
        assert_eq!(octal("00755").as_deref(), Some("0755"));
        assert_eq!(octal("u+x"), None);
        assert_eq!(octal("0999"), None);
    }

    #[test]
    fn rendered_files_lie_under_container() {
        assert_eq!(container_path("nginx.conf"), "container/nginx.conf");
        assert_eq!(container_path("container/nginx.conf"), "container/nginx.conf");
    }
}
