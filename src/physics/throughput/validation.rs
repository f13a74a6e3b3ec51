//! How well the roofline does.
