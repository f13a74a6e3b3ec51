//! One integration binary; one line per module says what it proves.

// The embedded tables parse, name their sources and stay honest about gaps.
mod catalog;
// The throughput model: calibration, validation, identities, evidence and speed.
mod throughput;
// Solvers, certificate, hot session, conflicts and ranges on programs stated by hand and at random.
mod solver;
// How long cold and hot solves of a synthetic plan take.
mod bench_solver;
mod plan_file; // plans as texts: reading, printing, round trips
