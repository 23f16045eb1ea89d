//! Reports as one HTML file each, for browsers: to search, to filter, and to drill down to the source lines.
//!
//! In: what `report.md` is made of, or an audit; the sources. Out: a page without anything from the network that reads without scripts, too.

mod audit;
mod conversion;
mod excerpt;
mod markup;
mod page;

pub use audit::render as audit;
pub use conversion::render as conversion;
