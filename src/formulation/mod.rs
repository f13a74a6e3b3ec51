//! The LP.
pub mod program;
