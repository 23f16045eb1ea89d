//! Files of the output folder that go into an image: as few layers as their folders, owners and modes allow.
//!
//! In: what Chef rendered, in its order. Out: `COPY --link --chown=33:33 --chmod=0640 container/etc/a.conf container/etc/b.conf /etc/`.

use crate::blueprint::{Action, Image};
use crate::emit::docker::instruction::{Command, Instruction, paths};
use crate::emit::docker::step::{container_path, octal};
use crate::emit::identity;

/// Folders that every base has, root's and open to all: a layer that is linked over them changes nothing about them.
const PLAIN: &[&str] =
    &["/etc", "/etc/cron.d", "/etc/profile.d", "/opt", "/srv", "/usr/local/bin", "/usr/local/etc", "/usr/local/sbin", "/usr/local/share"];

/// One file.
#[derive(Debug, Clone, PartialEq)]
struct Copied {
    from: String,
    comments: Vec<String>,
}

/// Files of one folder with one owner and one mode.
#[derive(Debug, Clone, PartialEq)]
struct Group {
    flags: String,
    folder: String,
    files: Vec<Copied>,
    /// The target of a file that keeps no other company: another name than in the output folder, or a path that must be quoted.
    alone: Option<String>,
}

/// Files that wait to be written: they depend on nothing but the folders before them.
#[derive(Debug, Default)]
pub struct Copies {
    groups: Vec<Group>,
}

impl Copies {
    /// Whether none waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Whether a file for `to` waits already: the later one has to come in a later layer.
    #[must_use]
    pub fn holds(&self, to: &str) -> bool {
        self.groups.iter().any(|group| match &group.alone {
            Some(other) => other == to,
            None => group.files.iter().any(|file| format!("{}{}", group.folder, name(&file.from)) == to),
        })
    }

    /// Adds a file of `image`.
    pub fn add(&mut self, image: &Image, from: &str, to: &str, flags: (Option<&str>, Option<&str>, Option<&str>), comments: Vec<String>) {
        let from = container_path(from);
        let folder = to.rsplit_once('/').map_or_else(String::new, |(folder, _)| format!("{folder}/"));
        let flags = flags_of(image, &from, to, flags);
        let together = name(&from) == name(to) && !folder.is_empty() && is_plain(&from) && is_plain(to);
        let file = Copied { from, comments };
        if together
            && let Some(group) =
                self.groups.iter_mut().find(|group| group.alone.is_none() && group.flags == flags && group.folder == folder)
        {
            group.files.push(file);
            return;
        }
        self.groups.push(Group { flags, folder, files: vec![file], alone: (!together).then(|| to.to_owned()) });
    }

    /// The instructions for all that wait.
    pub fn take(&mut self) -> Vec<Instruction> {
        std::mem::take(&mut self.groups).into_iter().map(Group::instruction).collect()
    }
}

impl Group {
    fn instruction(self) -> Instruction {
        if let [file] = self.files.as_slice() {
            let to = self.alone.clone().unwrap_or_else(|| format!("{}{}", self.folder, name(&file.from)));
            return Instruction::plain(format!("COPY {}{}", self.flags, paths(&[&file.from, &to]))).commented(file.comments.clone());
        }
        let sources = self.files.into_iter().map(|file| Command::new(file.from).commented(file.comments)).collect();
        Instruction::copy(self.flags.trim_end(), sources, &self.folder)
    }
}

/// `--link --chown=5000:5000 --chmod=0640 `. Without a mode Chef leaves what root's umask gives; a checkout may have another.
fn flags_of(image: &Image, from: &str, to: &str, (owner, group, mode): (Option<&str>, Option<&str>, Option<&str>)) -> String {
    let owner = identity::ownership(image, owner, group).map(|owner| format!("--chown={owner} "));
    let default = (!from.ends_with('/')).then(|| "0644".to_owned());
    let mode = mode.and_then(octal).or(default).map(|mode| format!("--chmod={mode} "));
    let link = if can_be_linked(image, to) { "--link " } else { "" };
    format!("{link}{}{}", owner.unwrap_or_default(), mode.unwrap_or_default())
}

/// Whether the layer of a file may be laid over any other.
fn can_be_linked(image: &Image, to: &str) -> bool {
    to.rsplit_once('/').is_some_and(|(folder, _)| PLAIN.contains(&folder) && !is_touched(image, folder))
}

/// `--link ` for what is copied to the folder `to` of an application, whose layer then stays when what is below it is built anew. Nothing
/// where a folder on the way is a link, or has an owner or mode of its own: a linked layer brings plain folders along.
#[must_use]
pub fn link(image: &Image, to: &str) -> &'static str {
    let ours = ["/app", "/opt/", "/srv/", "/usr/local/", "/usr/src/"].iter().any(|place| to.starts_with(place));
    let above = to.trim_end_matches('/').rsplit_once('/').map_or("", |(above, _)| above);
    if ours && !is_touched(image, above) { "--link " } else { "" }
}

/// Whether something of the image made `folder` or one above it.
fn is_touched(image: &Image, folder: &str) -> bool {
    let made = |path: &str| folder == path || folder.starts_with(&format!("{path}/"));
    let by_step = image.steps.iter().any(|step| match &step.action {
        Action::Directory { path, .. } | Action::Link { path, .. } | Action::Remove { path } | Action::Checkout { to: path, .. } => {
            made(path.trim_end_matches('/'))
        }
        _ => false,
    });
    by_step
        || image
            .accounts
            .iter()
            .chain(&image.user)
            .filter_map(|account| account.home.as_deref())
            .any(|home| made(home.trim_end_matches('/')))
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether a path may stand in the shell form of `COPY`.
fn is_plain(path: &str) -> bool {
    !path.ends_with('/') && paths(&[path]) == path
}
