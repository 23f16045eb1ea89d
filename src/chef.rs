//! Chef's own semantics, on top of `ruby`: from cookbooks, stacks and run lists to the resource collection.

pub mod opsworks;
