//! Chips side by side: what each gives for each product, on what evidence, with how much energy and
//! money per token. What charts of throughput and the catalog picker read.

use std::sync::Arc;

use crate::catalog::{Catalog, Evidence};
use crate::formulation::cost::CostPart;
use crate::physics::token_cost::{Conditions, Payment, TokenCost, Work, token_cost};
use crate::plan::{Contract, Plan};
use crate::resolved::lengths::frontier_for;
use crate::resolved::rates::GTOK_PER_HOUR_PER_THOUSAND;
use crate::resolved::serving::need_of;
use crate::resolved::{Calendar, Chip, ChipIx, Ix as _, ProductIx, Resolved};

use super::Results;
pub use super::findings::{Comparison, Effect, ServingPair};

impl Effect {
    /// The larger of the two changes of the first goal.
    #[must_use]
    pub fn size(&self) -> f64 {
        self.first.iter().map(|change| change.abs()).fold(0.0, f64::max)
    }
}

/// The comparison of an answer.
pub(super) fn comparison(plan: &Plan, resolved: &Resolved, results: &Results) -> Comparison {
    let answered = of_answer(resolved, results);
    let conditions = answered.or_else(|| conditions_of_plan(plan));
    let mut pairs = Vec::new();
    for (chip_index, chip) in resolved.chips.pairs() {
        for (product_index, product) in resolved.products.pairs() {
            let Some(rate) = resolved.rates.get(chip_index).and_then(|rates| rates.get(product_index)?.as_ref()) else { continue };
            let answer_tok_per_s = rate.pooled(product.first_ask().prompt_per_answer) / GTOK_PER_HOUR_PER_THOUSAND;
            let catalog = Catalog::embedded();
            let known = chip.row.as_deref().filter(|_| !rate.is_typed());
            let stated = plan.products.get(&product.id);
            let model = product.first_ask().served.as_deref();
            let (mut known_misses, mut frontier) = (Vec::new(), Arc::default());
            if let (Some(known), Some(model), Some(stated)) = (known, model, stated) {
                if rate.evidence != Evidence::Measured {
                    known_misses.extend(catalog.known_misses(known, model, product.first_ask().answer_tokens).map(|miss| miss.sentence));
                }
                frontier = frontier_for(known, model, stated, &need_of(stated, product.first_ask().since));
            }
            let made = |chips: &super::ChipsAt| -> f64 {
                let of_period = |row: &Vec<f64>| row.get(product_index.position()).copied().unwrap_or(0.0);
                chips.answer_ttok.iter().map(of_period).sum()
            };
            pairs.push(ServingPair {
                chip: chip_index.position(),
                product: product_index.position(),
                answer_tok_per_s,
                evidence: rate.evidence,
                band_fraction: rate.band,
                tpot_ms: rate.tpot_ms,
                configuration: rate.configuration.clone(),
                replica: rate.replica,
                source: rate.source.clone(),
                known_misses,
                made_ttok: results.fleet.iter().filter(|chips| chips.chip == chip_index.position()).map(made).sum(),
                costs: costs(resolved, chip_index, chip, product_index, answer_tok_per_s, conditions),
                frontier,
            });
        }
    }
    Comparison { conditions, from_answer: answered.is_some(), pairs, effects: Vec::new() }
}

/// What a million tokens take on bought chips, and on those of each rental.
fn costs(
    resolved: &Resolved,
    chip_index: ChipIx,
    chip: &Chip,
    product: ProductIx,
    answer_tok_per_s: f64,
    conditions: Option<Conditions>,
) -> Vec<(Option<String>, TokenCost)> {
    let calendar = &resolved.calendar;
    let busy = resolved.products.get(product).map_or(1.0, |product| product.utilisation_cap);
    let work = Work { active_kw: chip.active_kw, idle_kw: chip.idle_kw, availability: chip.availability, busy };
    // Rented chips bring their power: without a site of the plan's own they are shown at a PUE of one.
    let place = conditions.unwrap_or(Conditions { pue: 1.0, power_usd_per_mwh: 0.0 });
    let pools = || resolved.pools.iter().filter(|pool| pool.chip == chip_index);
    // Of what changes by date, the first: the table compares chips as they are now.
    let first = |values: &crate::resolved::Table<crate::resolved::PeriodIx, f64>| values.iter().next().copied().unwrap_or(0.0);
    let is_bought = pools().any(|pool| pool.rental.is_none()) || pools().next().is_none();
    let owned = (conditions.is_some() && is_bought && first(&chip.capex_musd_per_thousand) > 0.0).then(|| {
        // M$ per thousand chips are thousands of $ per chip.
        let annuity = crate::physics::finance::annuity(
            first(&chip.capex_musd_per_thousand) * 1e3,
            calendar.discount_rate,
            calendar.years_of(chip.lead),
            calendar.years_of(chip.life),
        );
        let payment =
            Payment::Owned { annuity_usd_per_year: annuity, maintenance_usd_per_year: first(&chip.om_musd_per_thousand_year) * 1e3 };
        (None, payment)
    });
    let rented = pools().filter_map(|pool| {
        let rental = pool.rental.as_ref()?;
        Some((Some(rental.id.clone()), Payment::Rented(mean_price(calendar, rental))))
    });
    owned.into_iter().chain(rented).filter_map(|(id, payment)| Some((id, token_cost(answer_tok_per_s, work, payment, place)?))).collect()
}

/// Mean of a rent over the hours of the horizon, $ per chip and hour.
fn mean_price(calendar: &Calendar, rental: &crate::resolved::Rental) -> f64 {
    let (mut paid, mut hours) = (0.0, 0.0);
    for period in calendar.periods.keys() {
        for slice in &calendar.slices_of[period] {
            let of_slice = calendar.hours(period, *slice);
            paid += of_slice * rental.price_usd_per_chip_hour.at(period, *slice);
            hours += of_slice;
        }
    }
    if hours > 0.0 { paid / hours } else { 0.0 }
}

/// Mean PUE and what energy cost in the answer: power, plant and batteries over the facility energy.
fn of_answer(resolved: &Resolved, results: &Results) -> Option<Conditions> {
    let energy_gwh: f64 = results.power.iter().flat_map(|power| &power.energy_gwh).sum();
    let mut it_mwh = 0.0;
    for power in &results.power {
        for (period, slices) in resolved.calendar.periods.keys().zip(&power.it_mw) {
            for (slice, it_mw) in resolved.calendar.slices.keys().zip(slices) {
                it_mwh += it_mw * resolved.calendar.hours(period, slice);
            }
        }
    }
    if !(energy_gwh > 1e-9 && it_mwh > 1e-6) {
        return None;
    }
    let of_part = |part: CostPart| -> f64 {
        let position = CostPart::ALL.iter().position(|other| *other == part);
        let cost = |money: &super::PeriodMoney| position.and_then(|position| money.cost_musd.get(position).copied()).unwrap_or(0.0);
        results.money.iter().map(cost).sum()
    };
    let power_musd = of_part(CostPart::Power) + of_part(CostPart::Plant);
    Some(Conditions { pue: energy_gwh * 1e3 / it_mwh, power_usd_per_mwh: power_musd * 1e3 / energy_gwh })
}

/// Mean PUE of the sites and mean energy price of the contracts, as stated for the start of the
/// horizon; `None` without a site or a priced contract. Fees, demand charges and fuel are not in it.
#[must_use]
pub fn conditions_of_plan(plan: &Plan) -> Option<Conditions> {
    let start = plan.horizon.start;
    let mean = |values: Vec<f64>| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
    let price = |contract: &Contract| contract.terms.price()?.stated_at(start);
    Some(Conditions {
        pue: mean(plan.sites.values().filter_map(|site| site.pue.stated_at(start)).collect())?,
        power_usd_per_mwh: mean(plan.contracts.values().filter_map(price).collect())?,
    })
}
