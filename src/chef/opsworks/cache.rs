//! An `ElastiCache` cluster that was exported beside a stack: `OpsWorks` itself knows none.

use crate::text::Text;

use super::document::Node;

/// One cache cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct Cache {
    /// Its id, or the logical id in a template.
    pub id: String,
    /// `redis`, `memcached`
    pub engine: Option<String>,
    /// The engine's version.
    pub version: Option<String>,
    /// `cache.t3.medium`
    pub node_type: Option<String>,
    /// The host name to connect to.
    pub address: Option<Text>,
    /// The port.
    pub port: Option<i64>,
}

impl Cache {
    /// Of an element of `CacheClusters` or `ReplicationGroups`, or an `AWS::ElastiCache` resource.
    #[must_use]
    pub fn read(node: &Node) -> Self {
        let group = node.list("NodeGroups").first().and_then(|group| group.get("PrimaryEndpoint"));
        let member = node.list("CacheNodes").first().and_then(|node| node.get("Endpoint"));
        let endpoint = node.get("ConfigurationEndpoint").or(group).or(member);
        let id = ["ReplicationGroupId", "CacheClusterId", "ClusterName"].iter().find_map(|key| node.string(key));
        // Replication groups are a thing of Redis alone.
        let engine = node.string("Engine").or_else(|| node.get("ReplicationGroupId").map(|_| "redis".to_owned()));
        let default_port = match engine.as_deref() {
            Some("redis" | "valkey") => Some(6379),
            Some("memcached") => Some(11211),
            _ => None,
        };
        Self {
            id: id.unwrap_or_default(),
            version: node.string("EngineVersion"),
            node_type: node.string("CacheNodeType"),
            address: endpoint.and_then(|endpoint| endpoint.text("Address")),
            port: endpoint.and_then(|endpoint| endpoint.integer("Port")).or(default_port),
            engine,
        }
    }
}
