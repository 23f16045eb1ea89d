//! What an earlier run wrote into an output folder: `.ekiben/manifest.json`, each file with the SHA-256 of its content.
//!
//! In: a folder. Out: [`Manifest`]. A file whose digest is no longer the same was changed by hand.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The folder of ekiben's own inside the output.
pub const FOLDER: &str = ".ekiben";
/// The manifest's path inside the output.
pub const PATH: &str = ".ekiben/manifest.json";

/// The files that were written, by path.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// SHA-256 of each file, in hexadecimal, by path inside the folder.
    pub files: BTreeMap<String, String>,
}

impl Manifest {
    /// The manifest of `folder`; empty where there is none that can be understood. Paths that lead out of the folder are left out:
    /// the file may have been written by anybody.
    pub fn read(folder: &Path) -> Self {
        let text = fs::read_to_string(folder.join(PATH)).unwrap_or_default();
        let mut manifest: Self = serde_json::from_str(&text).unwrap_or_default();
        manifest.files.retain(|path, _| is_inside(path));
        manifest
    }

    /// As it is written.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }
}

/// Whether `path` is relative and leads to a place below its folder that is not ekiben's own.
pub fn is_inside(path: &str) -> bool {
    let mut parts = Path::new(path).components().peekable();
    parts.peek().is_some_and(|first| first.as_os_str() != FOLDER)
        && parts.all(|part| matches!(part, Component::Normal(_)))
        && !path.contains(['\\', '\0'])
        && !path.ends_with('/')
}

/// The SHA-256 of `bytes` in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_lead_out_are_not_inside() {
        for (path, inside) in [
            ("Dockerfile", true),
            ("kubernetes/base/web.yaml", true),
            ("..", false),
            ("../x", false),
            ("a/../../x", false),
            ("/etc/passwd", false),
            ("", false),
            (".ekiben/manifest.json", false),
            ("a\\..\\b", false),
        ] {
            assert_eq!(is_inside(path), inside, "{path}");
        }
    }

    #[test]
    fn a_digest_is_the_known_one() {
        assert_eq!(digest(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
