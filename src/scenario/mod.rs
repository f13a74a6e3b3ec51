//! The resolved plan: references turned into indices, every coefficient computed, every number finite.

use std::collections::BTreeMap;

/// Hourly series read from files beside the plan, by profile id: 8,760 values from 1 January 00:00
/// of the series' own clock.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// Values by profile id.
    pub files: BTreeMap<String, Vec<f64>>,
}
