//! Automatic attributes of the common platforms.

use indexmap::IndexMap;

use crate::graph::Datum;
use crate::text::Text;

/// The automatic attributes of a platform.
#[must_use]
pub fn automatic(platform: &str, version: &str, _chef_major: u32) -> Datum {
    let family = if matches!(platform, "ubuntu" | "debian") { "debian" } else { "rhel" };
    let mut map = IndexMap::new();
    for (key, value) in [("platform", platform), ("platform_version", version), ("platform_family", family), ("os", "linux")] {
        map.insert(key.to_owned(), Datum::Text(Text::literal(value)));
    }
    Datum::Map(map)
}
