//! Budgets.
//!
//! Capex (landed, less subsidy, no interest) of all, or of one actor, in the period of the order:
//!   Σ capex · orders ≤ limit of the period,  and in total ≤ limit of the horizon        (M$)
//! Opex (every cost but annuities) of a period ≤ limit                                  (M$)
//! Of the energy that sites buy a power subsidy pays so much a MWh, a cost below nothing.
//! Energy at the meters of a period, from every contract and plant, ≤ limit per year · Δ_p  (GWh)
//!
//! Duals are the worth of one more M$ or GWh; they are unique and shown as facts.

use super::Builder;
use super::expr::Expr;
use super::layout::Layout;
use super::owners::Owners;
use crate::resolved::{ActorIx, PeriodIx, PlaceIx, Resolved};

/// Capex ordered in a period, M$.
pub fn capex(builder: &Builder<'_>, period: PeriodIx) -> Expr {
    let mut capex = Expr::default();
    for order in builder.layout.capex.iter().filter(|order| order.period == period) {
        capex.add(order.col, order.musd);
    }
    capex
}

/// Capex that an actor orders in a period, M$.
pub fn capex_of(builder: &Builder<'_>, period: PeriodIx, actor: ActorIx) -> Expr {
    let mut capex = Expr::default();
    let owners = Owners::new(builder.resolved);
    for order in builder.layout.capex.iter().filter(|order| order.period == period) {
        let column = builder.program.columns.get(order.col.0 as usize);
        if column.and_then(|column| owners.of_key(&column.key)) == Some(actor) {
            capex.add(order.col, order.musd);
        }
    }
    capex
}

/// Every cost of a period but annuities, M$.
pub fn opex(builder: &Builder<'_>, period: PeriodIx) -> Expr {
    let mut opex = Expr::default();
    for charge in builder.layout.charges.iter().filter(|charge| charge.period == period && !charge.part.is_annuity()) {
        match charge.col {
            Some(col) => {
                opex.add(col, charge.musd);
            }
            None => opex.constant += charge.musd,
        }
    }
    opex
}

/// Energy drawn in a period, GWh.
pub fn energy(builder: &Builder<'_>, period: PeriodIx) -> Expr {
    let calendar = &builder.resolved.calendar;
    let mut energy = Expr::default();
    for cols in &builder.layout.contracts {
        for (slice, col) in calendar.slices_of[period].iter().zip(&cols.draw[period]) {
            if let Some(col) = col {
                energy.add(*col, calendar.hours(period, *slice) * 1e-3);
            }
        }
    }
    energy
}

/// Energy that places draw in a period from outside their meters, GWh.
pub fn energy_bought(resolved: &Resolved, layout: &Layout, period: PeriodIx, places: &[PlaceIx]) -> Expr {
    let calendar = &resolved.calendar;
    let mut energy = Expr::default();
    let outside = resolved.contracts.pairs().filter(|(_, contract)| !contract.kind.behind_meter && places.contains(&contract.place));
    for (index, _) in outside {
        for (slice, col) in calendar.slices_of[period].iter().zip(&layout.contracts[index].draw[period]) {
            if let Some(col) = col {
                energy.add(*col, calendar.hours(period, *slice) * 1e-3);
            }
        }
    }
    energy
}
