//! Tokenworks.

pub mod catalog;
pub mod physics;
