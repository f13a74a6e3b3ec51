//! Solvers and our check of them, on programs stated directly.

mod build;
// The hand-checkable cases of the formulation.
mod hand;

pub use build::Build;
