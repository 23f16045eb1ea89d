//! Text to syntax trees, one language per file. Nothing here knows Chef.

pub mod erb;
pub mod ruby;
