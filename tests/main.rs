//! The integration tests: one binary, one module a subject.
#![expect(clippy::disallowed_methods, reason = "tests read and write files")]

// The house rules, read off the source.
mod architecture;
// The command line from outside.
mod cli;
// README's tables are the program's.
mod readme;
mod plan_file; // plans as texts: reading, printing, round trips
//! All integration tests, one binary.

// Solvers, certificate, hot session, conflicts and ranges on programs stated by hand and at random.
mod solver;
