//! Solvers and our check of them, on programs stated directly.

mod build;
// What must give, which limits contradict each other, and how far a limit may move.
mod explain;
// The hand-checkable cases of the formulation.
mod hand;
// The hot session against cold runs.
mod hot;
// Solvers against each other on random programs.
mod random;
// MPS and LP text, written and read back.
mod text;
// Falsified answers, stopped runs and numbers no solver should see.
mod trust;
// Runs of whole numbers, stopped and with more goals than one.
mod whole;

pub use build::Build;
