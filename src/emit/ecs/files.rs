//! Mounted files: ECS has no `ConfigMap`, and mounts directories alone.
//!
//! A container from the same image runs first. It copies the directory that a file belongs to into a volume of the task, puts the file
//! there (its content comes as a variable, a secret's from Secrets Manager) and ends; the volume then stands in the directory's place.

use std::collections::BTreeSet;

use crate::blueprint::Mount;
use crate::emit::docker::instruction::shell_word;
use crate::emit::ecs::Stack;
use crate::emit::ecs::container::{Part, content};
use crate::emit::yaml::{List, Map, Node};
use crate::emit::{Launch, identity, origin, secrets};

/// Bytes of files in one task definition, which may have 64 KiB in all.
const ROOM: usize = 40 * 1024;

/// What brings a container its files.
#[derive(Default)]
pub struct Files {
    /// The container that runs first, with its name.
    pub container: Option<(String, Map)>,
    /// Volumes of the task.
    pub volumes: Vec<Map>,
    /// Where the volumes stand.
    pub points: Vec<Map>,
    /// Words about what is not brought.
    pub notes: Vec<String>,
}

impl Stack<'_> {
    /// The files of `part`.
    pub(super) fn files(&self, part: &Part) -> Files {
        let mut files = Files::default();
        let mut mounts: Vec<(&Mount, &str)> = Vec::new();
        let mut room = ROOM;
        for mount in &part.mounts {
            let text = mount.content.as_ref().and_then(|text| self.layout.at(text, self.index));
            let size = text.map_or(0, String::len);
            let folder = mount.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let reason = if folder.is_empty() || folder.contains("..") {
                "a volume cannot stand in the place of /"
            } else if size > room {
                "a task definition has room for 64 KiB; put it into the image"
            } else {
                room -= size;
                mounts.push((mount, folder));
                continue;
            };
            files.notes.push(origin::one_line(&format!("not mounted: {}, {reason}", mount.path)));
        }
        if mounts.is_empty() {
            return files;
        }
        let folders: BTreeSet<&str> = mounts.iter().map(|(_, folder)| *folder).collect();
        let above = |folder: &str, other: &str| folder.starts_with(&format!("{other}/"));
        let folders: Vec<&str> = folders.iter().copied().filter(|folder| !folders.iter().any(|other| above(folder, other))).collect();
        let name = format!("{}-files", part.name);
        let (mut points, mut script) = (List::new(), vec!["set -eu".to_owned()]);
        for (index, folder) in folders.iter().enumerate() {
            let volume = format!("{name}-{}", index + 1);
            let inside = format!("/files/{}", index + 1);
            let word = shell_word(folder);
            script.push(format!("if [ -d {word} ]; then cp -a {word}/. {inside}/; fi"));
            points.push(Map::flow().with("SourceVolume", volume.as_str()).with("ContainerPath", inside));
            files.volumes.push(Map::flow().with("Name", volume.as_str()));
            files.points.push(Map::flow().with("SourceVolume", volume).with("ContainerPath", *folder));
        }
        let who = identity::of(self.layout.image(part.image).map(|image| image.item));
        let (mut environment, mut from_secrets) = (List::new(), List::new());
        for (number, (mount, folder)) in mounts.iter().enumerate() {
            let Some(index) = folders.iter().position(|top| top == folder || above(folder, top)) else { continue };
            let variable = format!("FILE_{}", number + 1);
            let below = &mount.path[folders[index].len()..];
            let path = shell_word(&format!("/files/{}{below}", index + 1));
            if folders[index] != *folder {
                script.push(format!("mkdir -p \"$(dirname {path})\""));
            }
            script.push(format!("rm -f {path}"));
            script.push(format!("printf %s \"${variable}\" >{path}"));
            let comments = origin::lines(&mount.origin);
            if let Some(text) = mount.content.as_ref().and_then(|text| self.layout.at(text, self.index)) {
                environment = environment.above_all(comments).item(content(&variable, text));
            } else {
                script.push(format!("chown 0:{} {path}", who.gid));
                script.push(format!("chmod 0440 {path}"));
                let key = secrets::property(&self.layout.mount_name(mount));
                let from = self.secret(&self.secret_parameter(None), &key);
                from_secrets = from_secrets.above_all(comments).item(Map::flow().with("Name", variable).with("ValueFrom", from));
            }
        }
        let mut map = self
            .head(&name, part.image, false)
            .with("EntryPoint", List::command(&["/bin/sh".to_owned(), "-c".to_owned()]))
            .with("Command", List::new().item(Node::Text(script.join("\n") + "\n")))
            .with("User", "0:0")
            .beside("the volume is root's; it ends before anything else starts");
        if !environment.is_empty() {
            map = map.with("Environment", environment);
        }
        if !from_secrets.is_empty() {
            map = map.with("Secrets", from_secrets);
        }
        if self.options.launch == Launch::Ec2 {
            map = map.with("MemoryReservation", 64u32);
        }
        map = map.with("ReadonlyRootFilesystem", true).with("MountPoints", points).with("LogConfiguration", self.logs(&name));
        files.container = Some((name, map));
        files
    }
}
