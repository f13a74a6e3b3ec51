//! Tokenworks: a desktop planner for AI factories.

pub mod catalog;
pub mod charts;
pub mod cli;
pub mod diagnostic;
pub mod disk;
pub mod export;
pub mod formulation;
#[cfg(feature = "gui")]
pub mod gui;
pub mod physics;
pub mod plan;
pub mod results;
pub mod scenario;
pub mod solve;
pub mod study;
