//! Tokenworks: a desktop planner for AI factories.

pub mod charts;
pub mod diagnostic;
pub mod disk;
pub mod formulation;
pub mod plan;
pub mod results;
pub mod scenario;
pub mod study;
