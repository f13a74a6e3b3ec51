//! One integration binary; one line per module says what it proves.

// The embedded tables parse, name their sources and stay honest about gaps.
mod catalog;
// The throughput model: calibration, validation, identities, evidence and speed.
mod throughput;
