//! Power that no work needs: idle chips kept on beyond the day's need, and training beyond the need.
//!
//! The program lets chips that may be switched off by the day stay on (powered ≤ in service), and
//! training do more than is asked. Where prices are below zero, or where burning surplus sun raises a
//! renewable share, that can be the best plan: true, but nothing that should pass in silence.
//!
//! For chips that drain by the day, with need\[d] = the most that the work of one block of the day asks
//! for, headroom and chips under repair included:
//!
//!   kept on = powered\[d] − need\[d],   energy = Σ_t θ·PUE·idle kW·kept on
//!
//! Money is at the mean price of the energy drawn at the site in the same block.

use std::collections::HashMap;

use super::Results;
pub use super::findings::{Unneeded, UnneededEnergy};
use super::read::Reading;
use crate::diagnostic::Diagnostic;
use crate::formulation::program::Col;
use crate::resolved::rules::{Part, Says};
use crate::resolved::{Drain, PeriodIx, PlaceIx, SliceIx};
use crate::words::{grouped, musd, percent, short};

/// Share of all energy above which it is said.
const WORTH_SAYING: f64 = 1e-3;

/// A sum over blocks.
#[derive(Clone, Copy, Default)]
struct Sum {
    gwh: f64,
    hours: f64,
    musd: f64,
}

/// Mean price of the energy drawn at each place, M$ per MWh, by period and position of the slice.
struct Prices<'r> {
    reading: &'r Reading<'r>,
    of_draw: HashMap<Col, f64>,
}

impl<'r> Prices<'r> {
    fn new(reading: &'r Reading<'r>) -> Self {
        let mut of_draw: HashMap<Col, f64> = HashMap::new();
        for charge in reading.formulation.layout.charges.iter().filter(|charge| charge.contract.is_some()) {
            if let Some(col) = charge.col {
                *of_draw.entry(col).or_default() += charge.musd;
            }
        }
        Self { reading, of_draw }
    }

    fn at(&self, place: PlaceIx, period: PeriodIx, position: usize, slice: SliceIx) -> f64 {
        let (mut musd, mut mwh) = (0.0, 0.0);
        let layout = &self.reading.formulation.layout;
        for (index, _) in self.reading.resolved.contracts.pairs().filter(|(_, contract)| contract.place == place) {
            if let Some(Some(col)) = layout.contracts[index].draw[period].get(position) {
                let mw = self.reading.col(*col);
                musd += mw * self.of_draw.get(col).copied().unwrap_or(0.0);
                mwh += mw * self.reading.hours(period, slice);
            }
        }
        if mwh > 1e-9 { musd / mwh } else { 0.0 }
    }
}

/// What no work needs, the most first; nothing where it is less than a thousandth of all energy.
pub(super) fn unneeded(reading: &Reading<'_>, results: &Results) -> Vec<UnneededEnergy> {
    let all: f64 = results.power.iter().flat_map(|power| &power.energy_gwh).sum();
    let prices = Prices::new(reading);
    let mut found = idle_chips(reading, &prices);
    found.extend(training(reading, &prices));
    found.retain(|found| found.energy_gwh > WORTH_SAYING * all && found.energy_gwh > 0.0);
    for found in &mut found {
        found.energy_fraction = found.energy_gwh / all.max(1e-12);
    }
    found.sort_by(|a, b| b.energy_gwh.total_cmp(&a.energy_gwh));
    found
}

fn idle_chips(reading: &Reading<'_>, prices: &Prices<'_>) -> Vec<UnneededEnergy> {
    let resolved = reading.resolved;
    let calendar = &resolved.calendar;
    let mut found = Vec::new();
    for (pool, cols) in resolved.pools.iter().zip(&reading.formulation.layout.pools) {
        let chip = &resolved.chips[pool.chip];
        let Some(site) = resolved.places[pool.place].site.as_ref().filter(|_| chip.drain == Drain::PerDay && chip.idle_kw > 0.0) else {
            continue;
        };
        let mut sum = Sum::default();
        for period in reading.periods() {
            let slices = &calendar.slices_of[period];
            for (day, powered) in calendar.days_of[period].iter().zip(&cols.powered[period]) {
                let of_day = || slices.iter().enumerate().filter(|(_, slice)| calendar.slices[**slice].day == *day);
                let need = |position: usize| -> f64 {
                    let work = cols.work.iter().map(|work| {
                        let at_work = work.cols[period].get(position).map_or(0.0, |col| reading.col(*col));
                        at_work / resolved.products[work.product].utilisation_cap
                    });
                    let training = cols.training.iter().map(|training| training_at(reading, &training.cols[period], position));
                    (work.sum::<f64>() + training.sum::<f64>()) / chip.availability.max(1e-9)
                };
                let most = of_day().map(|(position, _)| need(position)).fold(0.0, f64::max);
                let kept_on = reading.col(*powered) - most;
                if kept_on <= 1e-9 * reading.col(*powered).max(1e-9) {
                    continue;
                }
                for (position, slice) in of_day() {
                    let hours = reading.hours(period, *slice);
                    let mwh = hours * site.pue.at(period, *slice) * chip.idle_kw * kept_on;
                    sum.gwh += mwh * 1e-3;
                    sum.hours += hours;
                    sum.musd += mwh * prices.at(pool.place, period, position, *slice);
                }
            }
        }
        found.push(UnneededEnergy {
            kind: Unneeded::IdleChips,
            id: chip.id.clone(),
            site: resolved.places[pool.place].id.clone(),
            energy_gwh: sum.gwh,
            energy_fraction: 0.0,
            hours: sum.hours,
            cost_musd: sum.musd,
        });
    }
    found
}

/// Thousand chips of a column by slice, or of the one column of a constant rate.
fn training_at(reading: &Reading<'_>, cols: &[Col], position: usize) -> f64 {
    match cols {
        [constant] => reading.col(*constant),
        by_slice => by_slice.get(position).map_or(0.0, |col| reading.col(*col)),
    }
}

fn training(reading: &Reading<'_>, prices: &Prices<'_>) -> Vec<UnneededEnergy> {
    let resolved = reading.resolved;
    let calendar = &resolved.calendar;
    let mut found = Vec::new();
    for (index, programme) in resolved.training.iter().enumerate() {
        let (mut done, mut sum) = (0.0, Sum::default());
        for period in &programme.window {
            for (position, slice) in calendar.slices_of[*period].iter().enumerate() {
                let hours = reading.hours(*period, *slice);
                let mut busy = false;
                for (pool, cols) in resolved.pools.iter().zip(&reading.formulation.layout.pools) {
                    let place = &resolved.places[pool.place];
                    for training in cols.training.iter().filter(|training| training.programme == index) {
                        let chips = training_at(reading, &training.cols[*period], position);
                        let pue = place.site.as_ref().map_or(0.0, |site| site.pue.at(*period, *slice));
                        let mwh = hours * pue * training.active_kw * chips;
                        done += hours * training.rate * chips;
                        sum.gwh += mwh * 1e-3;
                        sum.musd += mwh * prices.at(pool.place, *period, position, *slice);
                        busy |= chips > 1e-9;
                    }
                }
                sum.hours += if busy { hours } else { 0.0 };
            }
        }
        let beyond = if done > 0.0 { ((done - programme.need_zflop) / done).max(0.0) } else { 0.0 };
        if beyond > 1e-9 {
            found.push(UnneededEnergy {
                kind: Unneeded::Training,
                id: programme.id.clone(),
                site: String::new(),
                energy_gwh: sum.gwh * beyond,
                energy_fraction: 0.0,
                hours: sum.hours,
                cost_musd: sum.musd * beyond,
            });
        }
    }
    found
}

/// What is said of it.
pub(super) fn warnings(reading: &Reading<'_>, unneeded: &[UnneededEnergy]) -> Vec<Diagnostic> {
    let greens = reading
        .resolved
        .rules
        .iter()
        .any(|rule| matches!(&rule.says, Says::Share(share) if matches!(share.part, Part::Renewable(_) | Part::RenewableByHour(_))));
    unneeded
        .iter()
        .map(|found| {
            let energy = format!("{} GWh", short(found.energy_gwh));
            let (percent, hours) = (percent(found.energy_fraction), grouped(found.hours, 0));
            let why = if found.cost_musd < 0.0 {
                format!("for negative prices, which brings {}", musd(-found.cost_musd))
            } else if greens {
                format!("where that raises the renewable share, for {} of energy", musd(found.cost_musd))
            } else {
                format!("though no work needs them, for {} of energy", musd(found.cost_musd))
            };
            match found.kind {
                Unneeded::IdleChips => Diagnostic::warning(
                    "idle-kept-on",
                    format!("chips.{}.drain", found.id),
                    format!(
                        "Idle chips `{}` at `{}` are kept on {why}: {energy} in {hours} hours, {percent} of all energy.",
                        found.id, found.site
                    ),
                )
                .help("Write `drain: PerSlice` to have them follow their work; then no power is drawn for its own sake."),
                Unneeded::Training => Diagnostic::warning(
                    "trained-beyond-need",
                    format!("training.{}.need", found.id),
                    format!(
                        "`{}` trains more than it needs {}: {energy}, {percent} of all energy.",
                        found.id,
                        why.replace("though no work needs them, ", "")
                    ),
                )
                .help("Raise the need if the training is of use; else read the answer without what it earns."),
            }
        })
        .collect()
}
