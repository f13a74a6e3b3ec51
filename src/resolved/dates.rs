//! Curves become steps: what a curve is on the first day of each period.
//!
//! From here on a plan holds dated steps alone, so whatever can be dated can follow a curve.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Assumption;
use crate::catalog::Catalog;
use crate::diagnostic::Diagnostic;
use crate::plan::node::Node as _;
use crate::plan::values::Curve;
use crate::plan::{Month, Plan, Steps};
use crate::words::{digits, percent};

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
    problems.extend(odd(curve, path, (start, &values)));
    let moves = values.values().zip(values.values().skip(1)).any(|(before, after)| before != after);
    problems.extend(coarse(factor, horizon.period_months, path.to_owned()).filter(|_| moves));
    Some(Steps { source: steps.source.clone(), ..Steps::dated(values) })
}

/// What a curve states that it can hardly mean: bounds that exclude its start or each other, a start within the plan.
fn odd(curve: &Curve, path: &str, (start, values): (Month, &BTreeMap<Month, f64>)) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let number = crate::words::number;
    if let (Some(floor), Some(ceiling)) = (curve.floor, curve.ceiling)
        && floor > ceiling
    {
        let message = format!("The curve may never be below {} and never above {}.", number(floor), number(ceiling));
        found.push(Diagnostic::error("curve-bounds", format!("{path}.floor"), message).help("Let the floor be below the ceiling."));
        return found;
    }
    let outside =
        [("floor", curve.floor.filter(|floor| *floor > curve.from)), ("ceiling", curve.ceiling.filter(|most| *most < curve.from))];
    for (key, bound) in outside {
        let Some(bound) = bound else { continue };
        let message =
            format!("The curve starts at {}, beyond its {key}, so it stands at {} until it comes back.", number(curve.from), number(bound));
        found.push(Diagnostic::warning("curve-bounds", format!("{path}.{key}"), message).help("Move the bound or the start."));
    }
    if let (Some(since), Some(first)) = (curve.since.filter(|since| *since > start), values.values().next()) {
        let message = format!(
            "The curve is {} in {since}, after the plan begins: before that it is carried back, to {} in {start}.",
            number(curve.from),
            number(*first)
        );
        found.push(
            Diagnostic::warning("curve-starts-later", format!("{path}.since"), message).help("Let it start with the plan or before."),
        );
    }
    found
}

/// A warning where a factor a year moves a number so much within one period that the period's first day says too
/// little about it, with how much it is off.
pub(super) fn coarse(factor: f64, period_months: u32, path: String) -> Option<Diagnostic> {
    let years = f64::from(period_months) / 12.0;
    let within = factor.powf(years);
    if !(within.is_finite() && within > 0.0) || (COARSE..=1.0 / COARSE).contains(&within) {
        return None;
    }
    // The mean of factor^t over the period, t in years from its first day.
    let mean = (within - 1.0) / within.ln();
    let off = 1.0 / mean - 1.0;
    let message = format!(
        "Within a period of {period_months} months this goes from 1 to {}; on average it is {}, but the whole period is taken at its first day's 1: {} too {}.",
        digits(within, 2),
        digits(mean, 2),
        percent(off.abs()),
        if off > 0.0 { "much" } else { "little" }
    );
    Some(Diagnostic::warning("curve-coarse", path, message).help(format!(
        "Use shorter periods, or start it at {} times its number, so that each period stands at its own mean.",
        digits(mean, 3)
    )))
}

/// The first period in which steps give no number, of those that need one.
pub(super) fn first_without(
    calendar: &super::Calendar,
    steps: &Steps,
    needed: &dyn Fn(super::PeriodIx) -> bool,
) -> Option<super::PeriodIx> {
    calendar.periods.pairs().find(|(index, period)| needed(*index) && steps.at(period.start).is_none()).map(|(index, _)| index)
}
