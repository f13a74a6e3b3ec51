//! What a limit starts from when it is set: what the answer uses now, so that setting it changes
//! nothing; without an answer, a number that does not bind.

use crate::plan::Plan;
use crate::results::Results;

/// What a plan without `finance` may start from: numbers to look at, not to believe.
pub const FINANCE: &str = "(tax_fraction: 0.21, depreciation: Macrs5, debt: Sculpted(dscr: 1.4, rate_fraction: 0.08, years: 4, at_most_fraction: 0.6), equity_return_fraction: 0.15, covenant_dscr: 1.25)";

/// A number rounded up to three figures: a limit made of it does not bind by its rounding.
fn up(value: f64) -> f64 {
    if value <= 0.0 {
        return 0.0;
    }
    let unit = 10f64.powf((value.log10() - 2.0).floor());
    // Powers of ten leave dust: print what was meant.
    ((value / unit - 1e-9).ceil() * unit * 1e9).round() / 1e9
}

fn most(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, f64::max)
}

/// What the answer uses of a limit now, in the unit of its field; `None` if it is not such a limit, or
/// the answer uses nothing of it.
#[must_use]
pub fn used_now(plan: &Plan, results: &Results, path: &str) -> Option<f64> {
    let years = f64::from(plan.horizon.period_months) / 12.0;
    let parts: Vec<&str> = path.split('.').collect();
    let of_chip = |id: &str, value: fn(&crate::results::ChipsAt) -> &Vec<f64>| {
        let index = results.chips.iter().position(|chip| chip.id == id)?;
        let own: Vec<&Vec<f64>> = results.fleet.iter().filter(|fleet| fleet.chip == index).map(value).collect();
        Some(most((0..results.periods.len()).map(|period| own.iter().filter_map(|values| values.get(period)).sum())))
    };
    let used = match parts.as_slice() {
        ["budget", "capex_musd_total"] => results.kpis.capex_musd,
        ["budget", "capex_musd_per_period"] => most(results.money.iter().map(|money| money.capex_musd)),
        ["budget", "opex_musd_per_period"] => most(results.money.iter().map(|money| money.opex_musd)),
        ["budget", "energy_gwh_per_year"] => {
            most((0..results.periods.len()).map(|period| results.power.iter().filter_map(|power| power.energy_gwh.get(period)).sum()))
                / years.max(1e-9)
        }
        // Where left out, these have numbers of their own.
        ["products", id, "utilisation_cap_fraction"] => return plan.products.get(*id).map(crate::plan::Product::utilisation_cap),
        ["chips", id, "supply_per_period"] => of_chip(id, |fleet| &fleet.orders)?,
        ["sites", id, _, hall, "rack_positions"] => {
            let site = results.sites.iter().position(|site| site.id == *id)?;
            let racks =
                most((0..results.periods.len()).map(|period| {
                    results.fleet.iter().filter(|fleet| fleet.site == site).filter_map(|fleet| fleet.racks.get(period)).sum()
                }));
            let halls = results.halls.iter().filter(|own| own.site == site);
            let shares: f64 = halls.clone().map(|own| own.it_mw * most(own.in_service.iter().copied())).sum();
            let own = halls.filter(|own| own.id == *hall).map(|own| own.it_mw).next()?;
            if shares > 0.0 { racks * own / shares } else { return None }
        }
        ["contracts", id, "terms", "cap_mw"] => {
            let contract = results.contracts.iter().find(|contract| contract.id == *id)?;
            most(contract.draw_mw.iter().flatten().copied())
        }
        _ => return None,
    };
    Some(up(used)).filter(|used| *used > 0.0)
}

/// A number that does not bind, for limits of which the answer says nothing; `None` if the field is
/// no such limit.
#[must_use]
pub fn unbinding(field: &str, bounds: Option<(f64, f64)>) -> Option<f64> {
    match field {
        // Shares that cap or scale: all of it.
        "utilisation_cap_fraction" | "availability_fraction" | "quality_weight" => Some(1.0),
        // Promises to users: far slower than anybody sells.
        "tpot_ms" | "latency_ms" => Some(1000.0),
        "ttft_ms" => Some(60_000.0),
        _ if field.starts_with("capex_musd")
            || field.starts_with("opex_musd")
            || field.starts_with("energy_gwh")
            || field.ends_with("supply_per_period")
            || field.ends_with("cap_mw")
            || field.ends_with("rack_positions")
            || field.ends_with("ceiling_musd") =>
        {
            bounds.map(|(_, high)| high)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::up;

    #[test]
    fn limits_are_rounded_outwards() {
        assert_eq!((up(1234.5), up(0.0), up(99.9), up(100.0), up(0.012_34)), (1240.0, 0.0, 99.9, 100.0, 0.0124));
    }
}
