//! Curves become steps: what a curve is on the first day of each period.
//!
//! From here on a plan holds dated steps alone, so whatever can be dated can follow a curve.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Assumption;
use crate::catalog::Catalog;
use crate::diagnostic::Diagnostic;
use crate::plan::node::Node as _;
use crate::plan::{Month, Plan, Steps};

/// A factor within one period beyond which the first day says too little about the period.
const COARSE: f64 = 0.7;

/// The plan with every curve as steps; what is assumed by that, and what is wrong or doubtful.
pub(super) fn with_steps<'p>(plan: &'p Plan, catalog: &Catalog) -> (Cow<'p, Plan>, Vec<Assumption>, Vec<Diagnostic>) {
    let (mut assumptions, mut problems, mut found) = (Vec::new(), Vec::new(), false);
    let mut dated = plan.clone();
    dated.each_steps(&mut Vec::new(), &mut |path, steps| {
        if steps.curve().is_some() {
            found = true;
            match as_steps(plan, catalog, path, steps, &mut assumptions, &mut problems) {
                Some(made) => *steps = made,
                // The problem is noted; a number must stand here while others are looked for.
                None => *steps = Steps::always(steps.first().unwrap_or(0.0)),
            }
        }
    });
    if found { (Cow::Owned(dated), assumptions, problems) } else { (Cow::Borrowed(plan), assumptions, problems) }
}

fn as_steps(
    plan: &Plan,
    catalog: &Catalog,
    path: &str,
    steps: &Steps,
    assumptions: &mut Vec<Assumption>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Steps> {
    let curve = steps.curve()?;
    let mut assume = |value, source: &str, grade: &str| {
        let path = format!("{path}.factor_per_year");
        assumptions.push(Assumption { path, value, unit: "a year", source: source.to_owned(), grade: grade.to_owned() });
    };
    let factor = match (&curve.catalog, curve.factor()) {
        (Some(id), _) => {
            let Some(row) = catalog.curve(id) else {
                let near = crate::diagnostic::nearest_name(id, catalog.curves().iter().map(|row| row.id.as_str()));
                let help = near
                    .map_or_else(|| "`tokenworks catalog list curves` shows them.".to_owned(), |near| format!("Did you mean `{near}`?"));
                let at = format!("{path}.catalog");
                problems.push(Diagnostic::error("unknown-curve", at, format!("The catalog has no curve `{id}`.")).help(help));
                return None;
            };
            assume(row.factor_per_year, &row.source, row.confidence.label());
            row.factor_per_year
        }
        (None, Some(factor)) => {
            assume(factor, if steps.source.is_empty() { "the plan" } else { &steps.source }, "stated");
            factor
        }
        // The reader lets no such curve pass.
        (None, None) => return None,
    };
    let horizon = &plan.horizon;
    let start = horizon.start;
    let months = |period: u32| i32::try_from(period.saturating_mul(horizon.period_months)).unwrap_or(i32::MAX);
    let values: BTreeMap<Month, f64> = (0..horizon.periods)
        .map(|period| {
            let month = start.plus(months(period));
            (month, curve.at(factor, start, month))
        })
        .collect();
    let within = factor.powf(f64::from(horizon.period_months) / 12.0);
    let moves = values.values().zip(values.values().skip(1)).any(|(before, after)| before != after);
    if moves && !(COARSE..=1.0 / COARSE).contains(&within) {
        let message = format!(
            "This curve changes by a factor of {} within a period, and the whole period takes what it is on its first day: a fall is understated by about half of that.",
            crate::words::short(within)
        );
        problems.push(
            Diagnostic::warning("curve-coarse", path, message)
                .help("Use shorter periods, or start the curve where the first period's mean lies."),
        );
    }
    Some(Steps { source: steps.source.clone(), ..Steps::dated(values) })
}

/// The first period in which steps give no number, of those that need one.
pub(super) fn first_without(
    calendar: &super::Calendar,
    steps: &Steps,
    needed: &dyn Fn(super::PeriodIx) -> bool,
) -> Option<super::PeriodIx> {
    calendar.periods.pairs().find(|(index, period)| needed(*index) && steps.at(period.start).is_none()).map(|(index, _)| index)
}
