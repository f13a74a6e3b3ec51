//! The LP.
pub mod program;
pub mod scale;
