//! The engine of studies: many solves of one plan, each a little different.
//!
//! A kind of study says which [`Point`]s it has; the engine solves them. Points stand in [`chains`] of
//! neighbours. A chain begins from the bases of the base plan's answer and goes on hot from point to point,
//! and chains, not points, are given to workers and to machines. So every answer is the same to the last
//! digit for any number of workers and any way of sharing the work out. Each hot answer passes the certificate
//! like any other; what does not is solved from cold, and that no answer exists is always found from cold.
//!
//! An answer is reduced at once to what studies read of it ([`Reduced`]): ten thousand points take some tens
//! of megabytes. A point that cannot be solved is a result with its reason.

mod alone;
mod ask;
mod base;
mod chain;
mod curve;
mod cut;
mod ends;
mod extreme;
mod future;
mod hedged;
mod link;
mod met;
mod pair;
mod point;
mod readout;
mod reduced;
mod run;
mod trade;
mod warm;

pub use base::Base;
pub use chain::chains;
pub use future::{Future, Hedging, Over, Uncertainty, Way, sense_of};
pub use point::{Ask, CHAIN, Change, Point, digest_of, varied};
pub use reduced::{InFuture, Proof, Record, Reduced, Signed, Vertex};
pub use run::{Progress, Run, Shard};
pub use trade::{GAIN_ALONE, GAIN_BY_LEAVING};
