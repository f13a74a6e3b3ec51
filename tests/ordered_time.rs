//! Hours in order.
