//! A way from outside to a process.

use super::{Origin, PerEnvironment};

/// A host (and path) from outside to a process.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// The process behind it.
    pub process: String,
    /// Host names per environment.
    pub hosts: PerEnvironment<Vec<String>>,
    /// Path prefix.
    pub path: String,
    /// TLS ends at the load balancer.
    pub tls: bool,
    /// Health check path.
    pub health: Option<String>,
    /// Where it comes from.
    pub origin: Vec<Origin>,
}
