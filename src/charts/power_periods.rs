//! Power and energy by contract over the periods. Batteries only move energy and are left out of
//! the stack; what they lose is the gap between the stack and the line of facility energy.

use crate::results::{ContractInfo, Results, Role};

use super::frame::{Words, at, at_site, axis, series, span, stacked, takes};
use super::{Chart, ColorKey, Selection, Series};

/// Mean MW drawn by contract, with peak load and interconnect.
pub(super) fn power(results: &Results, selection: &Selection) -> Chart {
    let stacks = by_contract(results, selection, |contract, period| {
        let hours = results.periods.get(period).map_or(0.0, |period| period.days * 24.0);
        if hours > 0.0 { at(&contract.energy_gwh, period) * 1000.0 / hours } else { 0.0 }
    });
    let peak = series(results, "Peak load", ColorKey::Load, |period| {
        (0..results.slices.len())
            .map(|slice| {
                results
                    .power
                    .iter()
                    .enumerate()
                    .filter(|(site, _)| takes(selection, *site))
                    .map(|(_, power)| super::frame::at2(&power.load_mw, period, slice))
                    .sum()
            })
            .fold(0.0, f64::max)
    });
    let interconnect = series(results, "Interconnect", ColorKey::Limit, |period| {
        results
            .sites
            .iter()
            .enumerate()
            .filter(|(site, info)| takes(selection, *site) && !info.rented)
            .map(|(_, info)| at(&info.interconnect_mw, period))
            .sum()
    });
    let most = peak.values.iter().copied().fold(0.0, f64::max);
    let mut lines = vec![peak];
    // A limit far above the load would flatten everything else.
    if interconnect.values.iter().copied().fold(0.0, f64::max) <= 3.0 * most {
        lines.push(interconnect);
    }
    let words = Words {
        name: "power-periods",
        title: format!("Power by contract{}", at_site(results, selection)),
        subtitle: format!("mean MW of each period, {}", span(results, &Selection::default())),
        reading: "Stacked: mean power drawn. Lines: highest load in any block, and the interconnect.",
    };
    stacked(results, words, axis("Power", "MW"), stacks, lines, "No power is drawn in this plan.")
}

/// GWh drawn by contract, with facility energy.
pub(super) fn energy(results: &Results, selection: &Selection) -> Chart {
    let stacks = by_contract(results, selection, |contract, period| at(&contract.energy_gwh, period));
    let facility = series(results, "Facility energy", ColorKey::Load, |period| {
        results.power.iter().enumerate().filter(|(site, _)| takes(selection, *site)).map(|(_, power)| at(&power.energy_gwh, period)).sum()
    });
    let words = Words {
        name: "energy",
        title: format!("Energy mix{}", at_site(results, selection)),
        subtitle: format!("GWh a period, {}", span(results, &Selection::default())),
        reading: "What the stack has above the line is lost in batteries.",
    };
    stacked(results, words, axis("Energy", "GWh"), stacks, vec![facility], "No energy is drawn in this plan.")
}

/// One series for each contract that brings energy in.
fn by_contract(results: &Results, selection: &Selection, value: impl Fn(&ContractInfo, usize) -> f64) -> Vec<Series> {
    let mut contracts: Vec<&ContractInfo> =
        results.contracts.iter().filter(|contract| takes(selection, contract.site) && contract.kind.role == Role::Energy).collect();
    contracts.sort_by_key(|contract| contract.kind.order);
    contracts
        .into_iter()
        .map(|contract| {
            let name = crate::words::sentence(&super::frame::contract_name(&contract.id));
            series(results, name, ColorKey::Contract(contract.id.clone()), |period| value(contract, period))
        })
        .collect()
}
