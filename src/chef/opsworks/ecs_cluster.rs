//! An ECS cluster that is registered with a stack.

use super::document::Node;
use super::stack::last_part;

/// One ECS cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcsCluster {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
}

impl EcsCluster {
    /// Of an element of `EcsClusters`.
    #[must_use]
    pub fn read(node: &Node) -> Self {
        let arn = node.string("EcsClusterArn").unwrap_or_default();
        Self { name: node.string("EcsClusterName").unwrap_or_else(|| last_part(&arn)), arn }
    }
}
