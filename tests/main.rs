//! All integration tests, one binary.

// Solvers, certificate, hot session, conflicts and ranges on programs stated by hand and at random.
mod solver;
