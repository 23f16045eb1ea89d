//! Volumes: what outlives a task lies on EFS, behind an access point that belongs to the image's user.

use crate::blueprint::{Process, Volume};
use crate::emit::ecs::text::reference;
use crate::emit::ecs::{Resource, Stack};
use crate::emit::layout::Named;
use crate::emit::name::{LABEL, dns_label};
use crate::emit::yaml::Map;
use crate::emit::{identity, origin};

/// A volume on EFS.
pub struct Share<'a> {
    /// The resource.
    pub id: String,
    /// The volume's name in the task.
    pub name: String,
    /// Directory on the file system.
    pub folder: String,
    /// The process.
    pub process: &'a Process,
    /// The volume.
    pub volume: &'a Volume,
}

impl<'a> Stack<'a> {
    /// All of them here.
    pub(super) fn shares(&self) -> Vec<Share<'a>> {
        self.processes().into_iter().flat_map(|process| self.shares_of(process)).collect()
    }

    /// Those of one process.
    pub(super) fn shares_of(&self, process: &Named<'a, Process>) -> Vec<Share<'a>> {
        let persistent = process.item.volumes.iter().filter(|volume| volume.persistent && volume.path.starts_with('/'));
        let share = |(number, volume): (usize, &'a Volume)| {
            let name = dns_label(&volume.name, LABEL, "data");
            let number = if number == 0 { String::new() } else { (number + 1).to_string() };
            Share {
                id: format!("{}AccessPoint{number}", self.ids.running(&process.name)),
                folder: format!("/{}/{name}{number}", process.name),
                name: format!("{name}{number}"),
                process: process.item,
                volume,
            }
        };
        persistent.enumerate().map(share).collect()
    }

    /// The access point of a share.
    pub(super) fn access_point(&self, share: &Share) -> Resource {
        let who = identity::of(self.layout.image(&share.process.image).map(|image| image.item));
        let (uid, gid) = (who.uid.to_string(), who.gid.to_string());
        let creation = Map::flow().with("OwnerUid", uid.as_str()).with("OwnerGid", gid.as_str()).with("Permissions", "0755");
        let properties = Map::new()
            .with("FileSystemId", reference("FileSystem"))
            .with("PosixUser", Map::flow().with("Uid", uid).with("Gid", gid))
            .with("RootDirectory", Map::new().with("Path", share.folder.as_str()).with("CreationInfo", creation));
        Resource::new(share.id.as_str(), "AWS::EFS::AccessPoint", properties).commented(origin::lines(&share.volume.origin))
    }

    /// The task's volume for a share.
    pub(super) fn share_volume(&self, share: &Share) -> Map {
        let access = Map::flow().with("AccessPointId", reference(share.id.as_str()));
        let efs = Map::new()
            .with("FilesystemId", reference("FileSystem"))
            .with("TransitEncryption", "ENABLED")
            .with("AuthorizationConfig", access);
        Map::new().with("Name", share.name.as_str()).with("EFSVolumeConfiguration", efs)
    }
}
