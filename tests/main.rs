//! One integration binary; one line per module says what it proves.
mod catalog;
// The throughput model: calibration, validation, identities, evidence and speed.
mod throughput;
mod plan_file; // plans as texts: reading, printing, round trips
// Solvers, certificate, hot session, conflicts and ranges on programs stated by hand and at random.
mod solver;
//! All integration tests in one program: linking the solver and the window once is enough.

mod bad_input; // wrong plans: every fault with its place, never a panic
mod bench_solver; // how long cold and hot solves of a synthetic plan take
mod catalog; // the embedded tables parse, name their sources and stay honest about gaps
mod outside; // linear programs that others published, through our solver layer and certificate
mod plan_file; // plans as texts: reading, printing, round trips
mod solver; // solvers, certificate, hot session, conflicts and ranges, on programs stated by hand and at random
mod throughput; // the throughput model: calibration, validation, identities, evidence and speed
