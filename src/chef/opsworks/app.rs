//! An app: where its code comes from, its environment variables, domains, certificate and database.

use indexmap::IndexMap;

use crate::graph::Datum;
use crate::secrecy;
use crate::source::{Location, SourceMap};
use crate::text::Text;

use super::document::{Node, placed, placeless, sealed};
use super::stack::Source;

/// One app of a stack.
#[derive(Debug, Clone, PartialEq)]
pub struct App {
    /// The app's id, or the logical id in a template.
    pub id: String,
    /// `shop_front`
    pub shortname: String,
    /// `Shop front`
    pub name: String,
    /// `rails`, `php`, `nodejs`, `static`, `java`, `other`, …
    pub kind: String,
    /// Where the code comes from.
    pub source: Source,
    /// Environment variables, in order.
    pub environment: Vec<Variable>,
    /// Host names; the first is the main one.
    pub domains: Vec<Text>,
    /// Whether it is served with TLS.
    pub enable_ssl: bool,
    /// Certificate, private key (secret) and chain.
    pub ssl: Ssl,
    /// Its databases.
    pub data_sources: Vec<DataSource>,
    /// `DocumentRoot`, `RailsEnv`, `AutoBundleOnDeploy`.
    pub attributes: IndexMap<String, Datum>,
    /// Where it is declared.
    pub origin: Option<Location>,
}

/// An environment variable of an app.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// `S3_BUCKET`
    pub key: String,
    /// A secret hole where the variable is secure, or looks like a secret in spite of not being marked as one.
    pub value: Text,
    /// Whether the app marks it as secure.
    pub secure: bool,
    /// Where it is declared.
    pub origin: Option<Location>,
}

/// The certificate of an app.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ssl {
    /// PEM.
    pub certificate: Option<Text>,
    /// Secret.
    pub private_key: Option<Text>,
    /// PEM.
    pub chain: Option<Text>,
}

/// A database that an app uses.
#[derive(Debug, Clone, PartialEq)]
pub struct DataSource {
    /// `RdsDbInstance`, `OpsworksMysqlInstance`, `AutoSelectOpsworksMysqlInstance`, `None`.
    pub kind: String,
    /// The database server.
    pub arn: Option<Text>,
    /// The database in it.
    pub database_name: Option<Text>,
}

impl App {
    /// Of an element of `Apps`, or the properties of `AWS::OpsWorks::App`.
    #[must_use]
    pub fn read(node: &Node, sources: &SourceMap) -> Self {
        let id = node.string("AppId").unwrap_or_default();
        let name = node.string("Name").unwrap_or_else(|| id.clone());
        // Without a short name the service makes one of the name.
        let shortname = node.string("Shortname").filter(|name| !name.is_empty()).unwrap_or_else(|| short(&name));
        let of = format!("app `{shortname}`");
        let ssl = node.get("SslConfiguration").cloned().unwrap_or_default();
        // A certificate is public; a private key pasted beside it is not.
        let plain = |node: &Node, key: &str| node.get(key).and_then(|member| member.datum(sources, key, &of).as_text());
        Self {
            kind: node.string("Type").unwrap_or_else(|| "other".to_owned()),
            source: node.get("AppSource").map(|source| Source::read(source, sources, &of, "APP_SOURCE")).unwrap_or_default(),
            environment: node.list("Environment").iter().filter_map(|variable| Variable::read(variable, sources, &of)).collect(),
            domains: node.list("Domains").iter().filter_map(Node::as_text).collect(),
            enable_ssl: node.boolean("EnableSsl") == Some(true),
            ssl: Ssl {
                certificate: plain(&ssl, "Certificate"),
                private_key: sealed(&ssl, "PrivateKey", sources, "SSL_PRIVATE_KEY", &format!("private key of {of}")),
                chain: plain(&ssl, "Chain"),
            },
            data_sources: node
                .list("DataSources")
                .iter()
                .map(|source| DataSource {
                    kind: source.string("Type").unwrap_or_else(|| "None".to_owned()),
                    arn: source.text("Arn").map(|arn| placeless(&arn)),
                    database_name: source.text("DatabaseName"),
                })
                .collect(),
            attributes: node
                .get("Attributes")
                .and_then(Node::map)
                .map(|map| map.iter().map(|(key, value)| (key.clone(), value.datum(sources, key, &of))).collect())
                .unwrap_or_default(),
            origin: node.origin(sources),
            id,
            shortname,
            name,
        }
    }

    /// A known text among the attributes: `RailsEnv`.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).and_then(Datum::as_str).filter(|value| !value.is_empty())
    }
}

impl Variable {
    fn read(node: &Node, sources: &SourceMap, of: &str) -> Option<Self> {
        let key = node.string("Key")?;
        let secure = node.boolean("Secure") == Some(true);
        let value = if secure {
            sealed(node, "Value", sources, &key, &format!("secure variable of {of}")).unwrap_or_default()
        } else {
            let text = node.text("Value").unwrap_or_default();
            placed(secrecy::mark_text(&key, &key, false, &text, &format!("variable of {of}")), node.origin(sources))
        };
        Some(Self { key, value, secure, origin: node.get("Key").and_then(|key| key.origin(sources)).or_else(|| node.origin(sources)) })
    }
}

/// The short name that the service makes of an app's name.
fn short(name: &str) -> String {
    name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect()
}
