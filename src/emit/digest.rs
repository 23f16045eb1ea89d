//! Images of others, pinned by tag and, where the user gave one, by digest: `mysql:8.0@sha256:…`.

use crate::emit::Options;

/// `image` with its digest; as it is where there is none.
#[must_use]
pub fn pinned(options: &Options, image: &str) -> String {
    match options.digests.get(image) {
        Some(digest) if !image.contains('@') => format!("{image}@{digest}"),
        _ => image.to_owned(),
    }
}
