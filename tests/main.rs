//! One integration binary; one line per module says what it proves.

// The embedded tables parse, name their sources and stay honest about gaps.
mod catalog;
// The throughput model: calibration, validation, identities, evidence and speed.
mod throughput;
// Solvers, certificate, hot session, conflicts and ranges on programs stated by hand and at random.
mod solver;
// How long cold and hot solves of a synthetic plan take.
mod bench_solver;
//! All integration tests in one program: linking the solver and the window once is enough.

mod bad_input; // wrong plans: every fault with its place, never a panic
mod plan_file; // plans as texts: reading, printing, round trips
