//! One program of many futures: what is decided before a future is known is decided once for all of them.
//!
//! Each future is a plan of its own, stated as a program of its own. The columns in which something is
//! ordered, built or signed ([`decisions`]) have a date. Futures that cannot be told apart at that date share
//! the column; every other column, and all operation, belongs to one future ([`joint()`]). What is made as good
//! as possible over all futures is a measure: the mean, the mean with the mean of the worst futures
//! (Rockafellar and Uryasev, "Optimization of conditional value-at-risk", 2000), or the largest regret.
//!
//! The program goes through the same solvers and the same certificate as any other. Where it would be too
//! large, the futures are solved one by one and joined by [`by_cuts`].

mod cuts;
mod dated;
mod joint;
mod measure;
mod shared;

pub use cuts::{Cut, CutError, Held, Wanted, by_cuts};
pub use dated::{Decided, Decision, decisions, late};
pub use joint::{Joint, Member, Unfolding, joint};
pub use measure::{Measure, of_values};
