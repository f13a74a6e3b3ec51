//! All integration tests in one program: linking the solver and the window once is enough.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that meets what it does not expect should fail there")]

mod bad_input; // wrong plans: every fault with its place, never a panic
mod disk; // saving, series, recovery: crashes, links, limits
mod plan_edit; // changes by path, renaming, scenarios
mod plan_file; // plans as texts: reading, printing, round trips
