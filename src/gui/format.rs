//! The words room under the name that the window's files used before.

pub use crate::words::*;
