//! Plant: what is ordered and what it costs to own.
//!
//! Σ orders ≤ most, or = most where the amount is fixed (MW, or MWh of a store). A fixed amount is ordered
//! once, as early as it can serve; up to an amount may be ordered in any period from which it arrives in
//! one in force. Each order pays its annuity for its life; operation and maintenance is paid on what is
//! alive while the contract is in force.
//!
//! The dual of the most is the worth of being allowed one more.

use crate::formulation::Builder;
use crate::formulation::builder::{Bound, When};
use crate::formulation::cost::CostPart;
use crate::formulation::expr::Expr;
use crate::resolved::{Contract, ContractIx, PeriodIx};

/// Adds the row and the money of what is ordered.
pub(super) fn add(builder: &mut Builder<'_>, index: ContractIx, contract: &Contract) {
    let resolved = builder.resolved;
    let Some(plant) = &contract.facets.plant else { return };
    let orders = builder.layout.contracts[index].orders.clone();
    let mut total = Expr::default();
    for (order, col) in &orders {
        total.add(*col, 1.0);
        builder.order_cost(
            CostPart::Plant,
            *col,
            *order,
            plant.capex_musd[*order],
            plant.annuity_musd_per_year[*order],
            plant.lead,
            plant.life,
            (0.0, 0.0),
        );
        for period in resolved.calendar.periods.keys().filter(|period| contract.serves(plant, *order, *period)) {
            builder.charge(period, CostPart::Maintenance, *col, plant.om_musd_per_year[period] * resolved.calendar.periods[period].years);
        }
    }
    for (period, data) in resolved.calendar.periods.pairs().filter(|(period, _)| contract.in_force[*period]) {
        let owner = Some(resolved.places[contract.place].actor);
        builder.charge_fixed(period, CostPart::Maintenance, plant.om_musd_per_year[period] * plant.existing * data.years, owner);
    }
    if !orders.is_empty() {
        // Of backup plant the plan states the whole, of other plant what comes to what stands.
        let stated = if plant.path.ends_with(".backup.mw") { plant.most + plant.existing } else { plant.most };
        let limit = builder.limit(plant.path.clone(), plant.unit, stated, 1.0);
        let bound = if plant.least > 0.0 { Bound::Equal(plant.most) } else { Bound::AtMost(plant.most) };
        builder.row("contract_terms", "ordered", &[&contract.id], When::HORIZON, total, bound, Some(limit));
    }
}

/// What is alive of the plant in a period, in its unit; nothing without plant.
pub fn alive(builder: &Builder<'_>, index: ContractIx, contract: &Contract, period: PeriodIx) -> Expr {
    let Some(plant) = &contract.facets.plant else { return Expr::default() };
    let mut alive = Expr::number(plant.existing);
    for (order, col) in &builder.layout.contracts[index].orders {
        if contract.serves(plant, *order, period) {
            alive.add(*col, 1.0);
        }
    }
    alive
}
