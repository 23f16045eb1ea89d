//! Findings that are known already: a file of fingerprints, by repository.
//!
//! In: what `--write-baseline` wrote. Out: the fingerprints of a repository. Where one folder is audited and the file knows one, their
//! names do not matter: a checkout may be called anything.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::super::{Failure, reason};
use crate::report::audit::Audit;

/// The file.
#[derive(Debug, Serialize, Deserialize)]
pub struct Baseline {
    /// The form of the file.
    version: u32,
    /// By repository: fingerprint, and the rule and file that it is about, for whoever reads the file.
    repositories: BTreeMap<String, BTreeMap<String, String>>,
}

impl Baseline {
    /// All findings of `audit`.
    pub fn of_audit(audit: &Audit) -> Self {
        let repositories = audit.repositories.iter().map(|repository| {
            let prints = repository.findings.iter().map(|one| (one.fingerprint.clone(), format!("{} {}", one.rule, one.path)));
            (repository.name.clone(), prints.collect())
        });
        Self { version: 1, repositories: repositories.collect() }
    }

    /// Reads `file`.
    pub fn read(file: &Path) -> Result<Self, Failure> {
        let text = fs::read_to_string(file)
            .map_err(|error| Failure::new(format!("`{}` (--baseline) cannot be read: {}", file.display(), reason(&error))))?;
        match serde_json::from_str::<Self>(&text) {
            Ok(baseline) if baseline.version == 1 => Ok(baseline),
            _ => Err(Failure::new(format!("`{}` is no baseline", file.display())).help("write one with --write-baseline")),
        }
    }

    /// Writes `file`.
    pub fn write(&self, file: &Path) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self).unwrap_or_default() + "\n";
        fs::write(file, text)
            .map_err(|error| Failure::new(format!("`{}` (--write-baseline) cannot be written: {}", file.display(), reason(&error))))
    }

    /// The fingerprints of the repository `name`; `alone`: no other is audited.
    pub fn of(&self, name: &str, alone: bool) -> BTreeSet<String> {
        let only = self.repositories.values().next().filter(|_| alone && self.repositories.len() == 1);
        self.repositories.get(name).or(only).map(|prints| prints.keys().cloned().collect()).unwrap_or_default()
    }
}
