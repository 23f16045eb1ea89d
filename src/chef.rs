//! Chef's own semantics, on top of `ruby`: from cookbooks, stacks and run lists to the resource collection.

pub mod attribute;
pub mod client;
pub mod converge;
pub mod cookbook;
pub mod custom;
pub mod data_bag;
pub mod datum;
pub mod definition;
pub mod dsl;
pub mod file_system;
pub mod guard;
pub mod load;
pub mod mash;
pub mod metadata;
pub mod node;
pub mod opsworks;
pub mod recipe;
pub mod repository;
pub mod resource;
pub mod role;
pub mod ruby_block;
pub mod run;
pub mod run_context;
pub mod template;
