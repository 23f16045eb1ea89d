//! A database, cache, queue or bucket that processes talk to.

use super::{Origin, PerEnvironment};

/// A database, cache or queue.
#[derive(Debug, Clone, Default)]
pub struct Store {
    /// A DNS label: `db`, `redis`.
    pub name: String,
    /// `mysql`, `postgresql`, `redis`, `memcached`, `elasticsearch`, …
    pub engine: String,
    /// Official image for local use: `mysql:8.0`.
    pub image: String,
    /// Port.
    pub port: u16,
    /// Address per environment where it lies outside (RDS, `ElastiCache`).
    pub address: Option<PerEnvironment<String>>,
    /// It lies outside the hosts in the real environments: RDS, `ElastiCache`, S3, an address of another machine.
    pub external: bool,
    /// The variables that lead to it.
    pub variables: Vec<String>,
    /// Where it comes from.
    pub origin: Vec<Origin>,
}
