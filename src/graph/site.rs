//! What the resource collection stands on: groups of hosts, apps and databases of an environment.

use crate::source::Location;
use crate::text::Text;

/// A group of equal hosts: an `OpsWorks` layer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Layer {
    /// Short name: `worker`.
    pub name: String,
    /// Hosts that always run.
    pub hosts: u32,
    /// Hosts that run at the most (by load or by the clock).
    pub most: u32,
    /// Some hosts run by the clock.
    pub by_time: bool,
    /// `c5.xlarge`
    pub instance_type: Option<String>,
    /// Volumes.
    pub volumes: Vec<Volume>,
    /// System packages that the layer installs by itself.
    pub packages: Vec<String>,
    /// Seconds that a host has to shut down.
    pub shutdown_seconds: u32,
    /// A load balancer stands before it.
    pub balanced: bool,
    /// The load balancer's health check path, where known.
    pub health: Option<String>,
    /// CPU percentage above which hosts are added.
    pub cpu_threshold: Option<f64>,
    /// Where it is described.
    pub origin: Option<Location>,
}

/// A disk of a layer's hosts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Volume {
    /// Where it is mounted.
    pub mount: String,
    /// GiB.
    pub size_gib: Option<u32>,
    /// Encrypted at rest.
    pub encrypted: bool,
}

/// An app that is deployed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct App {
    /// Short name.
    pub name: String,
    /// `rails`, `php`, `nodejs`, `other`, …
    pub kind: String,
    /// Host names, the short name left out.
    pub domains: Vec<String>,
    /// Environment variables: name, value (a secret is a hole), place.
    pub variables: Vec<(String, Text, Option<Location>)>,
    /// TLS is on.
    pub tls: bool,
    /// The database's name.
    pub database: Option<String>,
    /// Where it is described.
    pub origin: Option<Location>,
}

/// A database beside the hosts.
#[derive(Debug, Clone, PartialEq)]
pub struct Database {
    /// `mysql`, `postgresql`, …
    pub engine: String,
    /// The engine's version, where the export says it.
    pub version: Option<String>,
    /// Its address.
    pub host: Text,
    /// Its port.
    pub port: Option<u16>,
    /// User name.
    pub user: Option<Text>,
    /// Where it is described.
    pub origin: Option<Location>,
}
