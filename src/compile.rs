//! The pipeline, stage after stage: find, evaluate, collect, pass, emit.

use crate::outcome::{Options, Outcome};
use crate::source::SourceMap;

/// See [`crate::compile()`].
#[must_use]
pub fn compile(_sources: &SourceMap, _options: &Options) -> Outcome {
    Outcome::default()
}
