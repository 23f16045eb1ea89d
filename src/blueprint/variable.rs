//! The environment: variables, secrets, and what is read and never set.

use super::{Origin, PerEnvironment};

/// One environment variable.
#[derive(Debug, Clone, Default)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Whether the value is a secret.
    pub secret: bool,
    /// The value per environment; for a secret `Known(..)` never occurs.
    pub value: PerEnvironment<Setting>,
    /// Where it is set.
    pub origin: Vec<Origin>,
    /// Who reads it: `config/environments/production.rb:8`, `sidekiq-default`.
    pub readers: Vec<String>,
    /// The images whose processes get it: [`super::Image::name`]; empty for all.
    pub images: Vec<String>,
    /// Value for local development in Compose, where the real one makes no sense there.
    pub local: Option<String>,
    /// Words for the reader.
    pub note: Option<String>,
}

/// What a variable is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// A value that may be written down.
    Known(String),
    /// A secret: only its name is written.
    Secret,
    /// Not known before the program runs: why.
    Unknown(String),
    /// The pod's own name.
    PodName,
}

/// A secret that is mounted as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretFile {
    /// A DNS label.
    pub name: String,
    /// Absolute path in the container.
    pub path: String,
    /// Where it comes from.
    pub origin: Vec<Origin>,
}

/// A variable that something reads and nothing sets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unset {
    /// Its name.
    pub name: String,
    /// Who reads it: `config/environments/production.rb:8`.
    pub readers: Vec<String>,
    /// Every reader has a value to fall back on.
    pub has_default: bool,
    /// Its name means a secret.
    pub secret: bool,
}

/// A secret that stands in clear text in the input. Its value is not here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exposed {
    /// What it is called there: `DB_PASSWORD`, `node['web']['api_key']`.
    pub name: String,
    /// Where it stands.
    pub origin: Vec<Origin>,
}
