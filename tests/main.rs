//! The integration tests: one binary, one module a subject.
#![expect(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests read and write files and talk")]

// The house rules, read off the source.
mod architecture;
