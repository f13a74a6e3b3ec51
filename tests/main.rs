//! One integration binary; one line per module says what it proves.
mod catalog;
// The throughput model: calibration, validation, identities, evidence and speed.
mod throughput;
mod plan_file; // plans as texts: reading, printing, round trips
// Solvers, certificate, hot session, conflicts and ranges on programs stated by hand and at random.
mod solver;
