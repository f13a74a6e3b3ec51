//! Bytes for other programs. All escaping lives here; writing them is `disk`'s.

pub mod mps;
