//! Physics: pure functions from numbers to numbers. No input or output, no clock, no plan.
//!
//! - [`throughput`]: tokens per second from a chip and a served model, with evidence.
//! - [`geography`]: distance and latency between places.
//! - [`finance`]: annuities, discounting, rates of return.
//! - [`token_cost`]: energy and money of a million tokens of one chip.

pub mod finance;
pub mod geography;
pub mod throughput;
pub mod token_cost;
