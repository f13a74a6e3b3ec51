//! The plan as time goes on: rolled on to a later month, and two plans of it with what changed between them.
//!
//! [`roll()`] turns what an answer has ordered and put into service by a month, or what a planner states to be
//! there, into what stands, moves the horizon on, and solves the rest to say whether it comes to what it came to
//! before. [`bridge()`] parts the change of a figure between two plans among the groups of inputs that differ.

mod bridge;
mod reach;
mod restated;
mod roll;
mod standing;
mod stands;
mod tail;
mod training;

pub use bridge::{Bridge, GoalChange, Only, Part, bridge};
pub use roll::{Rolled, months, roll, standing};
pub use standing::{Standing, StandingKind, from_csv, to_csv};
pub use tail::Tail;
