//! What an hour of a chip earns, beside what one rents for: a check of the plan's prices and volumes.
//! Where chips earn several times their market rent, anyone could rent them and sell into the same
//! demand, so prices or volumes of the plan are doubtful (or the chips can't be had).
//!
//! Revenue of a product at a site in a period is that of its routes, each at its market's mean price.
//! Where prompts are prefilled on chips of their own, the revenue is first shared by chip-hours between
//! prefilling and decoding; within each it goes by tokens, so that a faster chip earns more an hour.
//! Hours are those of all chips in service and rented, worked or not. The market rent is the catalog's.

use super::Results;
pub use super::findings::ChipHours;
use super::read::Reading;
use crate::catalog::Catalog;
use crate::diagnostic::Diagnostic;
use crate::formulation::layout::Phase;
use crate::resolved::{Ix as _, PeriodIx, PlaceIx, ProductIx};
use crate::words::short;

/// Times its market rent that an hour may earn before it is doubtful.
const DOUBTFUL: f64 = 2.0;

impl ChipHours {
    /// Revenue over market rent, where the catalog knows one.
    #[must_use]
    pub fn times_rent(&self) -> Option<f64> {
        self.rent_usd_per_chip_hour.filter(|rent| *rent > 0.0).map(|rent| self.revenue_usd_per_chip_hour / rent)
    }
}

/// Reads them, by chip; chips that never stand are left out.
pub(super) fn chip_hours(reading: &Reading<'_>, results: &Results) -> Vec<ChipHours> {
    let resolved = reading.resolved;
    let mut sums = vec![(0.0, 0.0); resolved.chips.len()];
    for (fleet, pool) in results.fleet.iter().zip(&resolved.pools) {
        let Some((hours, _)) = sums.get_mut(pool.chip.position()) else { continue };
        for (period, info) in results.periods.iter().enumerate() {
            let chips = [&fleet.in_service, &fleet.rented].iter().filter_map(|counts| counts.get(period)).sum::<f64>();
            *hours += chips * info.days * 24.0 * 1e-6;
        }
    }
    for place in resolved.places.keys() {
        for product in resolved.products.keys() {
            for period in resolved.calendar.periods.keys() {
                let revenue_musd = revenue(results, place, product, period);
                if revenue_musd != 0.0 {
                    share(reading, place, product, period, revenue_musd, &mut sums);
                }
            }
        }
    }
    let chips = resolved.chips.iter().enumerate().zip(sums);
    chips
        .filter(|(_, (hours, _))| *hours > 0.0)
        .map(|((chip, info), (million_hours, revenue_musd))| ChipHours {
            chip,
            million_hours,
            revenue_musd,
            revenue_usd_per_chip_hour: revenue_musd / million_hours,
            rent_usd_per_chip_hour: info
                .catalog
                .as_ref()
                .and_then(|id| Catalog::embedded().chip(id))
                .and_then(|row| row.rent_usd_per_chip_hour),
        })
        .collect()
}

/// Revenue of a product made at a place in a period, M$.
fn revenue(results: &Results, place: PlaceIx, product: ProductIx, period: PeriodIx) -> f64 {
    let at = |values: &[f64]| values.get(period.position()).copied().unwrap_or(0.0);
    let flows = results.flows.iter().filter(|flow| flow.site == Some(place.position()) && flow.product == product.position());
    flows
        .map(|flow| {
            let sales = || results.sales.iter().filter(|sale| sale.market == flow.market && sale.product == flow.product);
            let sold: f64 = sales().map(|sale| at(&sale.sold_ttok)).sum();
            let earned: f64 = sales().map(|sale| at(&sale.revenue_musd)).sum();
            if sold > 0.0 { at(&flow.answer_ttok) * earned / sold } else { 0.0 }
        })
        .sum()
}

/// Shares revenue of a place over its chips.
fn share(reading: &Reading<'_>, place: PlaceIx, product: ProductIx, period: PeriodIx, revenue_musd: f64, sums: &mut [(f64, f64)]) {
    let (resolved, layout) = (reading.resolved, &reading.formulation.layout);
    // Chip, whether it prefills, chip-hours and tokens.
    let mut done: Vec<(usize, bool, f64, f64)> = Vec::new();
    for (pool, cols) in resolved.pools.iter().zip(&layout.pools).filter(|(pool, _)| pool.place == place) {
        for work in cols.work.iter().filter(|work| work.product == product) {
            let slices = resolved.calendar.slices_of[period].iter().zip(&work.cols[period]);
            let hours: f64 = slices.map(|(slice, col)| resolved.calendar.hours(period, *slice) * reading.col(*col)).sum();
            done.push((pool.chip.position(), work.phase == Phase::Prefill, hours, hours * work.rate[period]));
        }
    }
    let hours: f64 = done.iter().map(|(_, _, hours, _)| hours).sum();
    if hours <= 0.0 {
        return;
    }
    for prefill in [false, true] {
        let of_phase = || done.iter().filter(|(_, phase, ..)| *phase == prefill);
        let hours_share = of_phase().map(|(_, _, hours, _)| hours).sum::<f64>() / hours;
        let tokens: f64 = of_phase().map(|(.., tokens)| tokens).sum();
        for (chip, _, _, own) in of_phase().filter(|_| tokens > 0.0) {
            if let Some((_, earned)) = sums.get_mut(*chip) {
                *earned += revenue_musd * hours_share * own / tokens;
            }
        }
    }
}

/// Chips that earn far more than they rent for.
pub(super) fn warnings(results: &Results) -> Vec<Diagnostic> {
    let doubtful = results.chip_hours.iter().filter_map(|hours| Some((hours, hours.times_rent().filter(|times| *times > DOUBTFUL)?)));
    doubtful
        .filter_map(|(hours, times)| {
            let chip = results.chips.get(hours.chip)?;
            let message = format!(
                "An hour of a {} earns {} $, {} times the {} $ it rents for: others would rent chips and sell into the same demand, at lower prices.",
                chip.name,
                short(hours.revenue_usd_per_chip_hour),
                short(times),
                short(hours.rent_usd_per_chip_hour.unwrap_or(0.0)),
            );
            let help = "Check the prices and volumes of the markets, and whether the chips' throughput is reached in use.";
            Some(Diagnostic::warning("revenue-above-rent", format!("chips.{}", chip.id), message).help(help))
        })
        .collect()
}
