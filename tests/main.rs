//! The integration tests: one binary, one module a subject.
#![expect(clippy::disallowed_methods, reason = "tests read and write files")]

// The house rules, read off the source.
mod architecture;
// The command line from outside.
mod cli;
// Plans as texts: reading, printing, round trips.
mod plan_file;
// README's tables are the program's.
mod readme;
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

// A made-up answer whose sums agree.
mod fixture;
// Charts as data, and their tables.
mod charts;
// Pictures, reports, tables and documents as bytes.
mod export;
