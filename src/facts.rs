//! What is known of the world outside: when versions end, what packages are called, which addresses are dead. Plain tables that hold for all who ask.
//!
//! A pass chooses base images by them, and a rule of the audit reports by the same ones: the two can't contradict each other.

pub mod address;
pub mod end;
pub mod package;
