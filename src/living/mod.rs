//! The plan as time goes on: rolled on to a later month, and two plans of it with what changed between them.
//!
//! [`roll()`] turns what an answer has ordered and put into service by a month into what stands, moves the
//! horizon on, and solves the rest to say whether it comes to what it came to before. [`bridge()`] parts the
//! change of a figure between two plans among the groups of inputs that differ.

mod bridge;
mod roll;
mod stands;

pub use bridge::{Bridge, GoalChange, Part, bridge};
pub use roll::{Rolled, Tail, roll};
