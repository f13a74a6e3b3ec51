//! Worse cases, solved again: prices 30 % lower, a fifth less of every chip sold, everything half a year late.
//!
//! The statement of an answer has its worse cases too, with nothing solved: builds, sales and debt stay as
//! they were. Here the plan is stated with the case in it and solved, in two ways:
//!
//! - **orders as planned**: what is ordered is ordered, when it is ordered; what is sold, and the power for
//!   it, adapts. The debt agreed for the plan stays and is paid from what there is.
//! - **planned with it**: everything is decided anew, and the debt is sized anew.
//!
//! Of the late case only the second is solved: what was ordered to arrive within the horizon may come
//! after it, and its money would fall out of the answer.

use serde::Serialize;

use super::given::changed_tree;
use super::{Options, solve_options, state};
use crate::diagnostic::Diagnostic;
use crate::finance::figures::Figures;
use crate::finance::statement::statement_under;
use crate::finance::value::{present_value, rate_of_return};
use crate::formulation::Formulation;
use crate::formulation::program::{Col, Key};
use crate::plan::Plan;
use crate::plan::edit::{Edit, apply, node_at};
use crate::resolved::{Resolved, Series};
use crate::results::Results;
use crate::results::lender::Lender;
pub use crate::results::lender::{Restated, SolvedAgain};
use crate::solve::{self, SolveOptions};

/// Months that the late case is late.
const LATE_MONTHS: f64 = 6.0;

/// Prices of a demand curve, whatever its kind.
const CURVE_PRICES: [&str; 3] = ["at_usd_per_mtok", "highest_usd_per_mtok", "nobody_buys_at_usd_per_mtok"];

/// A worse case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Case {
    /// All prices of tokens 30 % lower.
    Prices,
    /// A fifth less of the chips' time sold.
    Utilisation,
    /// Chips, halls, plant and batteries come half a year later than they would.
    Late,
}

impl Case {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Prices, Self::Utilisation, Self::Late];

    /// In words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Prices => "prices 30 % lower",
            Self::Utilisation => "a fifth less of the chips' time sold",
            Self::Late => "everything ordered half a year late",
        }
    }

    /// The plan with the case in it.
    fn plan(self, plan: &Plan, resolved: &Resolved) -> Plan {
        let mut worse = plan.clone();
        for edit in self.edits(plan, resolved) {
            // A number at the end of its range (a lead of 20 years, say) stays there.
            if let Err(problem) = apply(&mut worse, &edit) {
                tracing::debug!("{}: {problem:?}", self.name());
            }
        }
        worse
    }

    fn edits(self, plan: &Plan, resolved: &Resolved) -> Vec<Edit> {
        let mut edits = Vec::new();
        match self {
            Self::Prices => {
                for (market, entry) in &plan.markets {
                    for (product, demand) in &entry.demand {
                        // A curve's own fields are those of its kind: what is not there has no number to lower.
                        let of_curve = CURVE_PRICES.iter().map(|field| format!("curve.{field}"));
                        let of_segments = (0..demand.segments.len()).flat_map(|position| {
                            ["answer", "prompt", "cached_prompt"].map(|part| format!("segments.{position}.usd_per_mtok.{part}"))
                        });
                        for field in of_segments.chain(of_curve) {
                            let path = format!("markets.{market}.demand.{product}.{field}");
                            let lower = node_at(plan, &path).and_then(|node| changed_tree(&node.tree(), &|usd| usd * 0.7));
                            edits.extend(lower.map(|tree| Edit::set(path, tree.inline())));
                        }
                    }
                }
            }
            Self::Utilisation => {
                for (id, product) in &plan.products {
                    edits.push(Edit::set_number(format!("products.{id}.utilisation_cap_fraction"), product.utilisation_cap() * 0.8));
                }
            }
            Self::Late => {
                let mut later = |path: String, months: f64| edits.push(Edit::set_number(path, months + LATE_MONTHS));
                for id in plan.chips.keys() {
                    let path = format!("chips.{id}.lead_months");
                    let months = resolved.assumptions.iter().find(|known| known.path == path).map_or(0.0, |known| known.value);
                    later(path, months);
                }
                for (id, site) in &plan.sites {
                    for (kind, hall) in &site.buildable {
                        later(format!("sites.{id}.buildable.{kind}.lead_months"), hall.lead_months);
                    }
                    if let Some(pipeline) = &site.data_pipeline {
                        later(format!("sites.{id}.data_pipeline.lead_months"), pipeline.lead_months);
                    }
                }
                // Whatever is built under a contract says how long it takes.
                for id in plan.contracts.keys() {
                    let path = format!("contracts.{id}.terms.lead_months");
                    let stated = node_at(plan, &path).and_then(|node| node.tree().inline().parse::<f64>().ok());
                    if let Some(months) = stated {
                        later(path, months);
                    }
                }
            }
        }
        edits
    }
}

/// The plan's worse cases, solved again.
///
/// # Errors
/// What is wrong with the plan; that it does not say how it is financed; that it has no answer.
pub fn stress(plan: &Plan, series: &Series, options: &Options) -> Result<Vec<SolvedAgain>, Vec<Diagnostic>> {
    stress_with(plan, series, options, &|_, _| {})
}

/// As [`stress`], telling before each solve how many of how many are done.
///
/// # Errors
/// As those of [`stress`].
pub fn stress_with(
    plan: &Plan,
    series: &Series,
    options: &Options,
    progress: &dyn Fn(usize, usize),
) -> Result<Vec<SolvedAgain>, Vec<Diagnostic>> {
    let count = 2 * Case::ALL.len();
    progress(0, count);
    let stated = state(plan, series, options)?;
    let base = solve::solve(&stated.formulation.program, &solve_options(&stated, options));
    let lender = base.has_point().then(|| Results::new(&stated.plan, &stated.resolved, &stated.formulation, &base).lender).flatten();
    let Some(lender) = lender else {
        let message = "Worse cases are judged by a lender's figures, and there are none.";
        let help = "State `finance`, if only as `finance: ()`, in a plan that has an answer.";
        return Err(vec![Diagnostic::error("no-lender", "finance", message).help(help)]);
    };
    let ordered = orders(&stated.formulation, &base.point);
    let mut cases = Vec::new();
    for (number, case) in Case::ALL.into_iter().enumerate() {
        let cancelled = options.cancel.as_ref().is_some_and(|cancel| cancel.load(std::sync::atomic::Ordering::Relaxed));
        if cancelled {
            break;
        }
        progress(2 * number + 1, count);
        let worse = case.plan(&stated.plan, &stated.resolved);
        let unvaried = Options { scenario: String::new(), ..options.clone() };
        let Ok(again) = state(&worse, series, &unvaried) else {
            cases.push(SolvedAgain { name: case.name().to_owned(), kept: None, anew: None });
            continue;
        };
        let kept = (case != Case::Late).then(|| pinned(&again.formulation, &ordered)).and_then(|formulation| {
            let found = lender_of(&again.plan, &again.resolved, &formulation, &again, options)?;
            Some(under(&found, &lender))
        });
        progress(2 * number + 2, count);
        let anew = lender_of(&again.plan, &again.resolved, &again.formulation, &again, options);
        let anew = anew.map(|found| Restated::of(&found.figures, found.project.assets.iter().map(|asset| asset.cost).sum()));
        cases.push(SolvedAgain { name: case.name().to_owned(), kept, anew });
    }
    Ok(cases)
}

/// The lender's view of a formulation's answer, if it has one.
fn lender_of(plan: &Plan, resolved: &Resolved, formulation: &Formulation, stated: &super::Stated, options: &Options) -> Option<Lender> {
    let how: SolveOptions = solve_options(stated, options);
    let outcome = solve::solve(&formulation.program, &how);
    outcome.has_point().then(|| Results::new(plan, resolved, formulation, &outcome).lender).flatten()
}

/// What a worse case leaves under the debt that the plan agreed.
fn under(found: &Lender, planned: &Lender) -> Restated {
    let worse = statement_under(&found.project, &planned.terms, &planned.statement.schedule);
    let owners = worse.owner_payments();
    let figures = Figures {
        npv_of_owners: present_value(&owners, planned.terms.equity_return),
        irr_of_owners: rate_of_return(&owners),
        dscr_least: worse.years.iter().filter_map(|year| year.dscr).reduce(f64::min),
        debt: planned.figures.debt,
        ..found.figures.clone()
    };
    Restated::of(&figures, found.project.assets.iter().map(|asset| asset.cost).sum())
}

/// What is ordered in a point, by key.
fn orders(formulation: &Formulation, point: &[f64]) -> Vec<(Key, f64)> {
    let value = |col: Col| point.get(col.0 as usize).copied().unwrap_or(0.0);
    let key = |col: Col| formulation.program.columns.get(col.0 as usize).map(|column| column.key);
    formulation.layout.capex.iter().filter_map(|order| Some((key(order.col)?, value(order.col)))).collect()
}

/// The formulation with its orders held at what they were.
fn pinned(formulation: &Formulation, ordered: &[(Key, f64)]) -> Formulation {
    let mut pinned = formulation.clone();
    for order in &formulation.layout.capex {
        let Some(column) = pinned.program.columns.get_mut(order.col.0 as usize) else { continue };
        if let Some((_, amount)) = ordered.iter().find(|(key, _)| *key == column.key) {
            // A hair of room: orders of an optimum lie on rows that rounding may cross.
            let hair = 1e-9 * amount.abs().max(1e-3);
            column.lower = (amount - hair).max(0.0);
            column.upper = amount + hair;
        }
    }
    pinned
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::file::read_plan;

    /// Lower prices lower what buyers on a curve would pay, as they lower what segments pay.
    #[test]
    fn lower_prices_reach_demand_curves() {
        let plan = read_plan(include_str!("../../plans/two-countries.ron")).plan.unwrap();
        let stated = state(&plan, &Series::default(), &Options::default()).unwrap();
        let worse = Case::Prices.plan(&plan, &stated.resolved);
        let mut curves = 0;
        for (market, entry) in &plan.markets {
            for (product, demand) in entry.demand.iter().filter(|(_, demand)| demand.curve.is_some()) {
                let lower = &worse.markets[market].demand[product];
                assert!(lower.curve != demand.curve, "{market} {product}");
                curves += 1;
            }
        }
        assert!(curves > 0);
    }
}
