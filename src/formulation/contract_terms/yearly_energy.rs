//! Energy in a year: in each plan year, over its periods in force
//!
//!   Σ θ·draw ≤ GWh per year · years                                              (GWh)
//!
//! so that within the year energy is drawn when it is worth most. A plan year is 12 months from the
//! horizon's start; a longer period is its own. The dual is the worth of one more GWh in that year.

use crate::formulation::Builder;
use crate::formulation::builder::{Bound, When};
use crate::formulation::expr::Expr;
use crate::resolved::{Contract, ContractIx, PeriodIx};

/// Adds the row of the plan year that ends with a period.
pub(super) fn add(builder: &mut Builder<'_>, index: ContractIx, contract: &Contract, period: PeriodIx) {
    let calendar = &builder.resolved.calendar;
    let Some(most) = &contract.facets.yearly_energy else { return };
    let year: Vec<PeriodIx> = calendar.year_of(period).into_iter().filter(|period| contract.in_force[*period]).collect();
    if year.last() != Some(&period) {
        return;
    }
    let mut drawn = Expr::default();
    for of in &year {
        for (slice, col) in calendar.slices_of[*of].iter().zip(&builder.layout.contracts[index].draw[*of]) {
            if let Some(col) = col {
                drawn.add(*col, calendar.hours(*of, *slice) * 1e-3);
            }
        }
    }
    // A number that changes within the year holds for its own part of it.
    let years: f64 = year.iter().map(|period| calendar.periods[*period].years).sum();
    let gwh: f64 = year.iter().map(|period| most.gwh_per_year[*period] * calendar.periods[*period].years).sum();
    let limit = builder.limit(most.path.clone(), most.unit, gwh / years / most.gwh_per_unit, years * most.gwh_per_unit);
    builder.row("contract_terms", "yearly_energy", &[&contract.id], When::period(period), drawn, Bound::AtMost(gwh), Some(limit));
}
