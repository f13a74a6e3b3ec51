//! All integration tests, one binary.

// Solvers, certificate, hot session, conflicts and ranges on programs stated by hand and at random.
mod solver;
// How long cold and hot solves of a synthetic plan take.
mod bench_solver;
// Published linear programs with published optima.
mod outside;
