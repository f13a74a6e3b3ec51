//! What to sign now: one plan up to a date, before it is known which future comes.
//!
//! The points are the ways the futures are met: each known before, hedged, with what the mean future asks
//! for, with one uncertainty known first, with everything known a period later, with nothing signed before; where the
//! worst futures count, hedged with other weights of them.

mod decided;
mod futures;
mod numbers;
mod words;

use std::sync::Arc;

pub use decided::scenario;
pub use futures::{chosen, hedging};
pub use numbers::{Care, Group, Numbers, groups, numbers};
pub use words::{sentences, value};

use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::plan::edit::Edit;
use crate::plan::study::Hedge;
use crate::study::engine::{Ask, Base, Change, Hedging, Over, Point, Way};

/// Weights of the worst futures that are tried beside the study's own, in thousandths: what care costs.
const WEIGHTS: [u32; 4] = [0, 250, 750, 1000];

/// The points of a hedge. `plan` is the plan with its studies, for futures of a sample.
pub(super) fn points(study: &Hedge, plan: &Plan, base: &Base) -> Result<Vec<Point>, Vec<Diagnostic>> {
    let hedging = Arc::new(hedging(study, plan, &base.plan)?);
    let mut points: Vec<Point> = Vec::new();
    let mut add = |label: String, changes: Vec<Change>, way: Way| {
        points.push(Point { label, at: way.place().to_vec(), changes, ask: Ask::Futures { hedging: Arc::clone(&hedging), way } });
    };
    for (number, future) in hedging.futures.iter().enumerate() {
        let mut changes = future.changes.clone();
        if !hedging.objective.is_empty() {
            changes.push(Change::Edit(Edit::set("objective", hedging.objective.clone())));
        }
        add(format!("{}, known before", future.id), changes, Way::Known(number));
    }
    let count = crate::words::counted(hedging.futures.len(), "future");
    add(format!("hedged over {count}"), Vec::new(), Way::Hedged);
    add("what the mean future asks for, signed in each".to_owned(), Vec::new(), Way::MeanPlan);
    if hedging.uncertainties.len() > 1 {
        for (number, uncertainty) in hedging.uncertainties.iter().enumerate() {
            add(format!("{} known before, the rest hedged", uncertainty.name), Vec::new(), Way::Learning(number));
        }
    }
    add("hedged, everything known a period later".to_owned(), Vec::new(), Way::Later);
    add(format!("nothing signed before {}", hedging.decide_before), Vec::new(), Way::Waiting);
    if let Over::Worst { weight, share } = hedging.over {
        let worst = crate::words::percent(share);
        for thousandths in WEIGHTS.into_iter().filter(|thousandths| (f64::from(*thousandths) * 1e-3 - weight).abs() > 1e-9) {
            let label = format!("hedged with {} of the weight on the worst {worst}", crate::words::percent(f64::from(thousandths) * 1e-3));
            add(label, Vec::new(), Way::Weighing(thousandths));
        }
    }
    Ok(points)
}

/// The futures of a run.
#[must_use]
pub fn hedging_of(points: &[Point]) -> Option<&Hedging> {
    points.iter().find_map(|point| match &point.ask {
        Ask::Futures { hedging, .. } => Some(hedging.as_ref()),
        _ => None,
    })
}
