//! EBS volumes: what a layer gives every instance, and what instances really have.

use super::document::Node;

/// A volume that every instance of a layer gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeConfiguration {
    /// `/srv/www/shared`
    pub mount_point: String,
    /// GiB of each disk.
    pub size: Option<i64>,
    /// How many disks.
    pub number_of_disks: Option<i64>,
    /// The RAID level, where it is one.
    pub raid_level: Option<i64>,
    /// `gp2`, `io1`, …
    pub volume_type: Option<String>,
    /// Operations a second, of `io1`.
    pub iops: Option<i64>,
    /// Whether it is encrypted.
    pub encrypted: bool,
}

impl VolumeConfiguration {
    /// Of an element of `VolumeConfigurations`.
    #[must_use]
    pub fn read(node: &Node) -> Self {
        Self {
            mount_point: node.string("MountPoint").unwrap_or_default(),
            size: node.integer("Size"),
            number_of_disks: node.integer("NumberOfDisks"),
            raid_level: node.integer("RaidLevel"),
            volume_type: node.string("VolumeType"),
            iops: node.integer("Iops"),
            encrypted: node.boolean("Encrypted") == Some(true),
        }
    }
}

/// A volume of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// The volume's id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// The instance it is attached to, by id.
    pub instance_id: Option<String>,
    /// Where it is mounted.
    pub mount_point: Option<String>,
    /// GiB.
    pub size: Option<i64>,
    /// `gp2`, `io1`, …
    pub volume_type: Option<String>,
    /// Whether it is encrypted.
    pub encrypted: bool,
}

impl Volume {
    /// Of an element of `Volumes`, or the properties of `AWS::OpsWorks::Volume`.
    #[must_use]
    pub fn read(node: &Node) -> Self {
        Self {
            id: node.string("VolumeId").or_else(|| node.string("Ec2VolumeId")).unwrap_or_default(),
            name: node.string("Name"),
            instance_id: node.string("InstanceId"),
            mount_point: node.string("MountPoint"),
            size: node.integer("Size"),
            volume_type: node.string("VolumeType"),
            encrypted: node.boolean("Encrypted") == Some(true),
        }
    }
}
