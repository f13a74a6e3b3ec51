//! Numbers out of the solver, cleaned once: whoever reads [`Results`] reads what is meant.
//!
//! A solver leaves rounding where zero is meant, and sums of what it leaves carry it on. So:
//! - what is smaller than 1e-9 of the largest number of its kind is nothing, and there is no −0;
//! - an order of less than a thousandth of a rack is nothing, and so are chips in service below it;
//! - an order of less than a millionth of a hall, of a MW of plant or of a MWh of battery is nothing.
//!
//! The solver's point is cleaned by the kind of its columns before it is read, the tables are cleaned
//! by kind once they are read (differences of large numbers leave rounding of their own), and the key
//! figures are made of clean tables.

use std::collections::HashMap;

use super::{Results, Role};
use crate::formulation::Formulation;
use crate::resolved::Resolved;

/// Share of the largest number of its kind below which a number is rounding.
const DUST: f64 = 1e-9;

/// Racks below which an order, or what stands, is nothing.
pub(super) const LEAST_RACKS: f64 = 1e-3;

/// Halls, MW and MWh below which an order is nothing.
const LEAST_ORDER: f64 = 1e-6;

/// Makes rounding among numbers of one kind zero, and every −0 a 0.
pub(super) fn settle<'n>(numbers: impl IntoIterator<Item = &'n mut f64>) {
    let numbers: Vec<&mut f64> = numbers.into_iter().collect();
    let largest = numbers.iter().map(|number| number.abs()).filter(|size| size.is_finite()).fold(0.0, f64::max);
    for number in numbers {
        // A zero keeps its sign in a comparison, and loses it here.
        if number.abs() < DUST * largest || *number == 0.0 {
            *number = 0.0;
        }
    }
}

/// The solver's point without its rounding.
pub(super) fn point(resolved: &Resolved, formulation: &Formulation, point: &[f64]) -> Vec<f64> {
    let mut clean = point.to_vec();
    let mut kinds: HashMap<&str, Vec<&mut f64>> = HashMap::new();
    for (value, column) in clean.iter_mut().zip(&formulation.program.columns) {
        kinds.entry(column.key.noun).or_default().push(value);
    }
    kinds.into_values().for_each(settle);
    let layout = &formulation.layout;
    let mut least = |col: crate::formulation::program::Col, least: f64| {
        if let Some(value) = clean.get_mut(col.0 as usize).filter(|value| value.abs() < least) {
            *value = 0.0;
        }
    };
    for (pool, cols) in resolved.pools.iter().zip(&layout.pools) {
        let rack_thousands = resolved.chips[pool.chip].chips_per_rack * 1e-3;
        for (_, col) in &cols.orders {
            least(*col, LEAST_RACKS * rack_thousands / cols.order_unit.max(f64::MIN_POSITIVE));
        }
        for col in cols.in_service.iter().flatten() {
            least(*col, LEAST_RACKS * rack_thousands);
        }
    }
    for (_, col) in layout.halls.iter().flat_map(|halls| &halls.orders) {
        least(*col, LEAST_ORDER);
    }
    for (_, col) in layout.contracts.iter().flat_map(|contract| &contract.orders) {
        least(*col, LEAST_ORDER);
    }
    clean
}

/// The tables, kind by kind.
pub(super) fn tables(results: &mut Results) {
    settle(
        results
            .fleet
            .iter_mut()
            .flat_map(|fleet| fleet.in_service.iter_mut().chain(&mut fleet.orders).chain(&mut fleet.arrivals).chain(&mut fleet.rented)),
    );
    settle(results.fleet.iter_mut().flat_map(|fleet| &mut fleet.racks));
    settle(results.fleet.iter_mut().flat_map(|fleet| &mut fleet.utilisation));
    settle(results.halls.iter_mut().flat_map(|hall| hall.orders.iter_mut().chain(&mut hall.in_service)));
    settle(
        results
            .fleet
            .iter_mut()
            .flat_map(|fleet| fleet.answer_ttok.iter_mut().flatten())
            .chain(results.flows.iter_mut().flat_map(|flow| &mut flow.answer_ttok))
            .chain(results.sales.iter_mut().flat_map(|sale| sale.sold_ttok.iter_mut().chain(&mut sale.volume_ttok))),
    );
    settle(results.flows.iter_mut().flat_map(|flow| flow.gtok_per_hour.iter_mut().flatten()));
    megawatts(results);
    settle(
        results
            .contracts
            .iter_mut()
            .flat_map(|contract| contract.energy_gwh.iter_mut().chain(&mut contract.certificates_gwh).chain(&mut contract.surplus_gwh))
            .chain(results.power.iter_mut().flat_map(|power| &mut power.energy_gwh)),
    );
    settle(results.contracts.iter_mut().flat_map(|contract| &mut contract.carbon_kt));
    settle(results.power.iter_mut().flat_map(|power| &mut power.water_ml));
    settle(
        results
            .money
            .iter_mut()
            .flat_map(|money| {
                money.cost_musd.iter_mut().chain([
                    &mut money.revenue_musd,
                    &mut money.capex_musd,
                    &mut money.capital_musd,
                    &mut money.opex_musd,
                    &mut money.chip_duty_musd,
                    &mut money.subsidy_musd,
                    &mut money.unpaid_annuities_musd,
                ])
            })
            .chain(results.contracts.iter_mut().flat_map(|contract| &mut contract.cost_musd))
            .chain(results.sales.iter_mut().flat_map(|sale| &mut sale.revenue_musd)),
    );
}

/// Power and what batteries hold: a battery is contracted in MWh.
fn megawatts(results: &mut Results) {
    let (batteries, others): (Vec<_>, Vec<_>) = results.contracts.iter_mut().partition(|contract| contract.kind.role == Role::Store);
    let mut power: Vec<&mut f64> = Vec::new();
    let mut stored: Vec<&mut f64> = Vec::new();
    for contract in batteries {
        stored.extend(contract.contracted.iter_mut().chain(contract.charge_state_mwh.iter_mut().flatten()));
        power.extend(contract.draw_mw.iter_mut().chain(&mut contract.losses_mw).flatten().chain(&mut contract.peak_mw));
    }
    for contract in others {
        let by_slice = contract.draw_mw.iter_mut().chain(&mut contract.certificates_mw).flatten();
        power.extend(contract.contracted.iter_mut().chain(by_slice).chain(&mut contract.peak_mw));
    }
    for site in &mut results.power {
        power.extend(site.load_mw.iter_mut().chain(&mut site.it_mw).chain(&mut site.interconnect_mw).flatten());
    }
    power.extend(results.fleet.iter_mut().flat_map(|fleet| &mut fleet.all_in_mw));
    settle(power);
    settle(stored);
}

/// Chips at work, by what they do.
pub(super) fn serving(serving: &mut [super::serving::ServingAt]) {
    settle(serving.iter_mut().flat_map(|at| at.prefill_chips.iter_mut().chain(&mut at.decode_chips).chain(&mut at.standing_chips)));
}

/// What is said of limits: worth by unit, a limit's give and the prices of what is not used.
pub(super) fn judgements(results: &mut Results) {
    let mut worth: HashMap<String, Vec<&mut f64>> = HashMap::new();
    for binding in &mut results.binding {
        worth.entry(binding.unit.clone()).or_default().push(&mut binding.dual);
        if let Some(musd) = &mut binding.dual_musd {
            worth.entry(format!("M$ per {}", binding.limit_unit)).or_default().push(musd);
        }
    }
    worth.into_values().for_each(settle);
    settle(results.phases.iter_mut().map(|phase| &mut phase.value).filter(|value| **value == 0.0));
}

#[cfg(test)]
mod tests {
    use super::settle;

    #[test]
    fn rounding_of_a_kind_is_nothing() {
        let mut numbers = [-0.0, 5e-10, -5e-10, 2e-9, 1.0, f64::INFINITY];
        settle(&mut numbers);
        assert_eq!(numbers, [0.0, 0.0, 0.0, 2e-9, 1.0, f64::INFINITY]);
        assert!(numbers.iter().all(|number| !(*number == 0.0 && number.is_sign_negative())));
        // What is small beside nothing larger is meant.
        let mut alone = [1e-15];
        settle(&mut alone);
        assert_eq!(alone, [1e-15]);
    }
}
