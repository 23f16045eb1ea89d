//! An instance: a host, in one layer or several.

use crate::source::{Location, SourceMap};
use crate::text::Text;

use super::document::Node;
use super::scaling::Schedule;

/// One host of a stack.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Instance {
    /// The instance's id in `OpsWorks`, or the logical id in a template.
    pub id: String,
    /// `api1`
    pub hostname: String,
    /// The layers it is in, by id.
    pub layer_ids: Vec<String>,
    /// `c5.xlarge`
    pub instance_type: Option<String>,
    /// `timer`, `load`; `None` for one that always runs.
    pub auto_scaling: Option<String>,
    /// The hours at which a `timer` instance runs.
    pub schedule: Option<Schedule>,
    /// `online`, `stopped`, …; `None` where the export is a template.
    pub status: Option<String>,
    /// The operating system as written.
    pub os: Option<String>,
    /// `x86_64`, `i386`
    pub architecture: Option<String>,
    /// `ap-northeast-1a`
    pub availability_zone: Option<String>,
    /// The subnet.
    pub subnet_id: Option<Text>,
    /// `i-…`
    pub ec2_instance_id: Option<String>,
    /// Private address.
    pub private_ip: Option<String>,
    /// Private name.
    pub private_dns: Option<String>,
    /// Public address.
    pub public_ip: Option<String>,
    /// Public name.
    pub public_dns: Option<String>,
    /// Fixed public address.
    pub elastic_ip: Option<String>,
    /// `ebs`, `instance-store`
    pub root_device_type: Option<String>,
    /// The root volume.
    pub root_device_volume_id: Option<String>,
    /// `hvm`, `paravirtual`
    pub virtualization_type: Option<String>,
    /// The machine image.
    pub ami_id: Option<Text>,
    /// Whether the EBS traffic has its own bandwidth.
    pub ebs_optimized: bool,
    /// Where it was made: a date.
    pub created_at: Option<String>,
    /// `ec2`, `on-premises`
    pub infrastructure: Option<String>,
    /// Where it is declared.
    pub origin: Option<Location>,
}

impl Instance {
    /// Of an element of `Instances`, or the properties of `AWS::OpsWorks::Instance`.
    #[must_use]
    pub fn read(node: &Node, sources: &SourceMap) -> Self {
        Self {
            id: node.string("InstanceId").unwrap_or_default(),
            hostname: node.string("Hostname").unwrap_or_default(),
            layer_ids: node.strings("LayerIds"),
            instance_type: node.string("InstanceType"),
            auto_scaling: node.string("AutoScalingType"),
            schedule: node.get("TimeBasedAutoScaling").map(Schedule::read),
            status: node.string("Status"),
            os: node.string("Os").or_else(|| reported_os(node)),
            architecture: node.string("Architecture"),
            availability_zone: node.string("AvailabilityZone"),
            subnet_id: node.text("SubnetId"),
            ec2_instance_id: node.string("Ec2InstanceId"),
            private_ip: node.string("PrivateIp"),
            private_dns: node.string("PrivateDns"),
            public_ip: node.string("PublicIp"),
            public_dns: node.string("PublicDns"),
            elastic_ip: node.string("ElasticIp"),
            root_device_type: node.string("RootDeviceType"),
            root_device_volume_id: node.string("RootDeviceVolumeId"),
            virtualization_type: node.string("VirtualizationType"),
            ami_id: node.text("AmiId"),
            ebs_optimized: node.boolean("EbsOptimized") == Some(true),
            created_at: node.string("CreatedAt"),
            infrastructure: node.string("InfrastructureClass"),
            origin: node.origin(sources),
        }
    }

    /// Whether it runs; a template does not know, and means so.
    #[must_use]
    pub fn is_online(&self) -> bool {
        match self.status.as_deref() {
            Some(status) => status == "online",
            None => self.auto_scaling.is_none(),
        }
    }
}

fn reported_os(node: &Node) -> Option<String> {
    let reported = node.get("ReportedOs")?;
    Some(format!("{} {}", reported.string("Name")?, reported.string("Version").unwrap_or_default()))
}
