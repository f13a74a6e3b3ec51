//! Charts of the answer on screen, made once for each answer and selection.

use std::collections::HashMap;
use std::sync::Arc;

use crate::charts::{Chart, Entry, Selection};
use crate::results::Results;

/// Charts already made.
#[derive(Debug, Default)]
pub struct ChartCache {
    results: Option<Arc<Results>>,
    made: HashMap<(&'static str, Selection), Arc<Chart>>,
}

impl ChartCache {
    /// The chart of an answer; another answer than the last makes all charts anew.
    pub fn get(&mut self, results: &Arc<Results>, entry: &Entry, selection: Selection) -> Arc<Chart> {
        if !self.results.as_ref().is_some_and(|own| Arc::ptr_eq(own, results)) {
            self.made.clear();
            self.results = Some(Arc::clone(results));
        }
        Arc::clone(self.made.entry((entry.name, selection)).or_insert_with(|| Arc::new((entry.chart)(results, &selection))))
    }
}
