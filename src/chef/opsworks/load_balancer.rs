//! A classic load balancer in front of a layer.

use crate::source::{Location, SourceMap};
use crate::text::Text;

use super::document::Node;

/// One classic load balancer.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadBalancer {
    /// Its name.
    pub name: Text,
    /// Its host name.
    pub dns_name: Option<Text>,
    /// The layer behind it, by id.
    pub layer_id: String,
    /// The region.
    pub region: Option<String>,
    /// Ports, where `aws elb describe-load-balancers` was exported, too.
    pub listeners: Vec<Listener>,
    /// `HTTP:80/health`, likewise.
    pub health_check: Option<String>,
    /// Where it is declared.
    pub origin: Option<Location>,
}

/// A port of a load balancer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// `HTTPS`
    pub protocol: String,
    /// 443
    pub port: i64,
    /// `HTTP`
    pub instance_protocol: Option<String>,
    /// 80
    pub instance_port: Option<i64>,
    /// The certificate's ARN.
    pub certificate: Option<String>,
}

impl LoadBalancer {
    /// Of an element of `ElasticLoadBalancers`, or an `ElasticLoadBalancerAttachment`.
    #[must_use]
    pub fn read(node: &Node, sources: &SourceMap) -> Self {
        Self {
            name: node.text("ElasticLoadBalancerName").unwrap_or_default(),
            dns_name: node.text("DnsName"),
            layer_id: node.string("LayerId").unwrap_or_default(),
            region: node.string("Region"),
            listeners: Vec::new(),
            health_check: None,
            origin: node.origin(sources),
        }
    }

    /// Adds an element of `LoadBalancerDescriptions`.
    pub fn enrich(&mut self, node: &Node) {
        let listener = |description: &Node| {
            let listener = description.get("Listener")?;
            Some(Listener {
                protocol: listener.string("Protocol")?,
                port: listener.integer("LoadBalancerPort")?,
                instance_protocol: listener.string("InstanceProtocol"),
                instance_port: listener.integer("InstancePort"),
                certificate: listener.string("SSLCertificateId"),
            })
        };
        self.listeners = node.list("ListenerDescriptions").iter().filter_map(listener).collect();
        self.health_check = node.get("HealthCheck").and_then(|check| check.string("Target"));
        self.dns_name = self.dns_name.take().or_else(|| node.text("DNSName"));
    }
}
