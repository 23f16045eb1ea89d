//! From the resource collection to the blueprint: one pass for each section, each claiming the resources it makes something of.
//!
//! In: [`Input`]. Out: the blueprint and one [`Claim`] for every item; what no pass claims stays "unknown" and says so.

pub mod base;
pub mod host;
pub mod input;
pub mod packages;
pub mod sink;

pub use input::Input;
pub use sink::{Claim, Sink};
