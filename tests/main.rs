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
