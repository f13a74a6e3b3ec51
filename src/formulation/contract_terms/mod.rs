//! What contracts and plant do, a file for each facet of `resolved::supply`:
//!
//! - [`plant`]: what is ordered, what it costs to own, what of it is alive.
//! - [`draw`]: the most that may be drawn in a slice.
//! - [`price`]: what energy drawn, produced or settled against a market costs; fixed fees.
//! - [`energy_blocks`]: charges on the energy of each month, by blocks.
//! - [`take_or_pay`]: energy that is paid for in any case.
//! - [`yearly_energy`]: the most energy in a year.
//!
//! Peak charges (`demand_charge`), least bills (`minimum_bill`) and stores (`store`) are families of their own. draw\[k,p,t] is in MW,
//! θ in hours, prices in $/MWh (1e-6 M$ per MW·h·$/MWh).
//!
//! The dual of a cap or of the contract's maximum is the worth of one more MW. Rows of profiles have
//! duals that are not unique and are never shown as facts.

mod draw;
mod energy_blocks;
pub mod plant;
mod price;
mod take_or_pay;
mod yearly_energy;

use super::Builder;

/// M$ per MWh at 1 $/MWh.
const MUSD: f64 = 1e-6;

/// Adds the rows and the money.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    for (index, contract) in resolved.contracts.pairs() {
        plant::add(builder, index, contract);
        for period in resolved.calendar.periods.keys().filter(|period| contract.in_force[*period]) {
            draw::add(builder, index, contract, period);
            price::add(builder, index, contract, period);
            energy_blocks::add(builder, index, contract, period);
            take_or_pay::add(builder, index, contract, period);
            yearly_energy::add(builder, index, contract, period);
        }
    }
}
