//! All integration tests in one program: linking the solver and the window once is enough.

mod bad_input; // wrong plans: every fault with its place, never a panic
mod disk; // saving, series, recovery: crashes, links, limits
mod plan_file; // plans as texts: reading, printing, round trips
