//! Widgets of the workbench.

pub mod chart;
