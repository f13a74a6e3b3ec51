//! Levelised cost, break-evens, and lease against own.
//!
//! The owners' value is a straight line in a constant price (where losses are paid out and debt does
//! not hang on revenue, or hangs on it in proportion), so the price at which it is zero takes one
//! division; losses carried forward and debt at its limit make it a line in pieces, and the division is
//! repeated on the piece at hand. Prices are real: with inflation they rise with it.

use super::figures::owners_value;
use super::value::{present_value, root_of_rising};
use super::{Loss, Project, Terms};

/// The constant real price per unit at which the owners get just the return they ask, where so many
/// units are sold in years 1, 2, … and nothing else is earned: the levelised cost.
///
/// `None` where nothing is sold, or where no price is enough.
#[must_use]
pub fn levelised(project: &Project, terms: &Terms, units: &[f64]) -> Option<f64> {
    let sold: f64 = units.iter().sum();
    if sold <= 0.0 {
        return None;
    }
    let at = |price: f64| {
        let revenue = (0..project.years()).map(|year| units.get(year).copied().unwrap_or(0.0) * price).collect();
        owners_value(&Project { revenue, ..project.clone() }, terms)
    };
    let spent = project.opex.iter().sum::<f64>() + project.assets.iter().map(|asset| asset.cost).sum::<f64>();
    root_of_rising(&at, spent.max(f64::MIN_POSITIVE) / sold)
}

/// The factor on all revenue at which the owners get just the return they ask; `None` where none is enough.
#[must_use]
pub fn least_revenue_factor(project: &Project, terms: &Terms) -> Option<f64> {
    root_of_rising(&|factor| owners_value(&project.with_revenue(factor), terms), 1.0)
}

/// The factor on the cost of the assets picked at which the owners get just the return they ask; `None`
/// where they don't get it even for nothing, or where cost makes no difference.
///
/// What is left of them at the end, and its worth, goes with the cost.
#[must_use]
pub fn most_cost_factor(project: &Project, terms: &Terms, picked: &dyn Fn(usize) -> bool) -> Option<f64> {
    let with = |factor: f64| {
        let mut changed = project.clone();
        for (index, asset) in changed.assets.iter_mut().enumerate() {
            if picked(index) {
                asset.cost *= factor;
                asset.end_value *= factor;
            }
        }
        owners_value(&changed, terms)
    };
    // Where it does not fall with cost at all there is no break-even.
    if project.assets.iter().enumerate().all(|(index, asset)| !picked(index) || asset.cost == 0.0) || with(0.0) <= 0.0 {
        return None;
    }
    root_of_rising(&|factor| -with(factor), 1.0)
}

/// The number between `low` and `high` at which a rising function is zero, by halving; `None` where it is not between them.
#[must_use]
pub fn crossing(function: &dyn Fn(f64) -> f64, low: f64, high: f64) -> Option<f64> {
    let (mut low, mut high) = (low, high);
    if function(low) > 0.0 || function(high) < 0.0 {
        return None;
    }
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if function(middle) < 0.0 { low = middle } else { high = middle }
    }
    Some(f64::midpoint(low, high))
}

/// The yearly payment (real, at the end of each of `years` years) at which leasing is worth the same to
/// the owners, without debt, as owning `owned`: a project of assets alone, its opex that of owning.
///
/// Where tax on losses is paid out this is one division: what owning costs over what a payment of 1 costs.
#[must_use]
pub fn lease_break_even(owned: &Project, terms: &Terms, years: usize) -> f64 {
    let terms = Terms { debt: super::Debt::None, loss: Loss::PaidOut, ..terms.clone() };
    let paid: Vec<f64> = (0..owned.years()).map(|year| if year < years { 1.0 } else { 0.0 }).collect();
    let lease = Project { revenue: vec![0.0; owned.years()], opex: paid, end_years: owned.end_years, ..Project::default() };
    let cost = |project: &Project| -present_value(&super::statement(project, &terms).owner_payments(), terms.equity_return);
    cost(&Project { revenue: vec![0.0; owned.years()], ..owned.clone() }) / cost(&lease)
}
