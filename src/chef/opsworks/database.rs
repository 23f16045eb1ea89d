//! An RDS database that is registered with a stack.

use std::rc::Rc;

use crate::source::{Location, SourceMap};
use crate::text::{Hole, Text};

use super::document::{Node, placeless, sealed};
use super::stack::last_part;

/// One RDS database.
#[derive(Debug, Clone, PartialEq)]
pub struct Database {
    /// Its ARN.
    pub arn: Text,
    /// `shop-front-production`
    pub identifier: Text,
    /// The login.
    pub user: Option<Text>,
    /// Secret.
    pub password: Option<Text>,
    /// The region.
    pub region: Option<String>,
    /// The host name.
    pub address: Option<Text>,
    /// The port; the engine's usual one where the export does not say.
    pub port: Option<i64>,
    /// `aurora-mysql`, `postgres`, …
    pub engine: Option<String>,
    /// The engine's version, where `aws rds` was asked, too.
    pub engine_version: Option<String>,
    /// Whether RDS does not know it any more.
    pub missing: bool,
    /// Where it is declared.
    pub origin: Option<Location>,
}

impl Database {
    /// Of an element of `RdsDbInstances`.
    #[must_use]
    pub fn read(node: &Node, sources: &SourceMap) -> Self {
        let arn = placeless(&node.text("RdsDbInstanceArn").unwrap_or_default());
        let from_arn = || arn.known().map_or_else(|| arn.clone(), |arn| Text::literal(last_part(arn)));
        let identifier = node.text("DbInstanceIdentifier").unwrap_or_else(from_arn);
        let engine = node.string("Engine");
        let of = format!("database `{identifier}`");
        Self {
            user: node.text("DbUser"),
            password: sealed(node, "DbPassword", sources, "DB_PASSWORD", &format!("password of {of}")),
            region: node.string("Region"),
            address: node.text("Address"),
            port: node.integer("Port").or_else(|| engine.as_deref().and_then(default_port)),
            engine,
            engine_version: node.string("EngineVersion"),
            missing: node.boolean("MissingOnRds") == Some(true),
            origin: node.origin(sources),
            arn,
            identifier,
        }
    }

    /// Adds what `aws rds describe-db-instances` (or a template's own database) says about it.
    pub fn enrich(&mut self, node: &Node) {
        self.engine = self.engine.take().or_else(|| node.string("Engine"));
        self.engine_version = self.engine_version.take().or_else(|| node.string("EngineVersion"));
        self.address = self.address.take().or_else(|| node.get("Endpoint").and_then(|endpoint| endpoint.text("Address")));
        let port = node.get("Endpoint").and_then(|endpoint| endpoint.integer("Port")).or_else(|| node.integer("Port"));
        self.port = port.or(self.port).or_else(|| self.engine.as_deref().and_then(default_port));
        self.user = self.user.take().or_else(|| node.text("MasterUsername"));
    }

    /// The host name, or a hole that says whose it is.
    #[must_use]
    pub fn host(&self) -> Text {
        let unknown =
            || Text::hole(Rc::new(Hole::unknown(format!("address of {}", self.identifier), "the export does not tell the address")));
        self.address.clone().unwrap_or_else(unknown)
    }
}

/// `mysql` or `postgresql`: the kind of client an engine needs.
#[must_use]
pub fn client_type(engine: &str) -> &'static str {
    if engine.contains("postgres") { "postgresql" } else { "mysql" }
}

fn default_port(engine: &str) -> Option<i64> {
    match engine {
        engine if engine.contains("postgres") => Some(5432),
        engine if engine.contains("mysql") || engine.contains("aurora") || engine.contains("mariadb") => Some(3306),
        engine if engine.contains("oracle") => Some(1521),
        engine if engine.contains("sqlserver") => Some(1433),
        _ => None,
    }
}
