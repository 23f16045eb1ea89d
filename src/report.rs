//! What is said about a conversion: on the terminal, in `report.md`, in `report.html`, and as JSON.
//!
//! In: an [`Outcome`](crate::outcome::Outcome) and the sources. Out: text. No value of a secret, no path of the machine, no time.

pub mod accounting;
pub mod audit;
pub mod blueprint;
pub mod diagnostics;
pub mod graph;
pub mod html;
pub mod json;
pub mod markdown;
pub mod mask;
pub mod survey;
pub mod verification;
