//! The `tokenworks` program.

fn main() {}
