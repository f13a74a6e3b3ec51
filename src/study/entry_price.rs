//! What something that is not used would have to cost to come in.
//!
//! An entry price is a price at which the thing comes in *when given it*: the plan's own number is set
//! to it, whatever else uses the same number, the plan is stated again and solved, and the thing must
//! be in the answer; a thousandth above, it is not. Where the number is shared (a chip bought at
//! several sites) and no value of it brings the thing in here, because it all goes elsewhere, a price
//! at this place alone is looked for.
//!
//! Where to look is foretold first. A little of the thing is forced in, and the forcing row's dual says
//! what one unit loses. (The reduced cost of the order alone would not do: with a chip go work, power and
//! room, all unused, and the loss can stand at any of them.) By the envelope theorem the loss moves
//! with the thing's own price by `Σ x·∂(c − Aᵀy)/∂price`, read off the plan stated once more with every
//! such price at a half. Where the foretold price does not hold (another pattern is the best there), it
//! is bracketed and halved in. What cannot be confirmed in time is not shown.
//!
//! Left out are baseload blocks and contracts for difference, which have no column that alone carries
//! their price, and whatever is used a little already.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::HOT_COLUMNS;
use super::Stated;
use super::forecast::Forecast;
use super::given::{self, changed, numbers_of};
use super::trial::{self, Trial};
use crate::formulation::Formulation;
use crate::formulation::layout::Layout;
use crate::formulation::program::{Col, Program};
use crate::plan::{Plan, path};
use crate::resolved::{Ix as _, PeriodIx, Resolved};
use crate::results::{EntryPrice, Results};
use crate::solve::{Outcome, Status};
use crate::words::{price_down, short};

/// Up to this much a column counts as unused (thousand chips, MW, halls, Gtok per hour).
const UNUSED: f64 = 1e-6;

/// From so much on it has come in: ten times as much.
const IN: f64 = 1e-5;
/// A price is found to this share of it.
const NEAR: f64 = 1e-3;
/// What stands for nothing.
const FREE: f64 = 1e-6;
/// Longest time for all entry prices together.
const MOST: Duration = Duration::from_secs(30);

/// A thing with a price, and the columns that carry it.
#[derive(Clone)]
pub(super) struct Subject {
    kind: &'static str,
    /// Where its price stands in the plan.
    pub path: String,
    name: String,
    unit: &'static str,
    /// Columns, their period, and the price there.
    pub cols: Vec<(Col, PeriodIx, f64)>,
    /// Its pool, where others share its price.
    pool: Option<usize>,
}

/// What would have to cost less, the nearest to coming in first. Only for plans of a live size.
pub(super) fn entry_prices(stated: &Stated, outcome: &Outcome, results: &Results, cancel: Option<Arc<AtomicBool>>) -> Vec<EntryPrice> {
    let program = &stated.formulation.program;
    if outcome.status != Status::Optimal || outcome.whole || program.columns.len() > HOT_COLUMNS {
        return Vec::new();
    }
    let unused = |col: Col| outcome.point.get(col.0 as usize).is_some_and(|value| *value <= UNUSED);
    let open = |col: Col| program.columns.get(col.0 as usize).is_some_and(|column| column.upper > IN);
    let mut subjects = subjects(&stated.resolved, &stated.formulation.layout);
    subjects.retain_mut(|subject| {
        let all_unused = subject.cols.iter().all(|(col, _, _)| unused(*col));
        subject.cols.retain(|(col, _, price)| open(*col) && *price > 0.0);
        all_unused && !subject.cols.is_empty()
    });
    let mut trial = Trial::new(MOST, cancel);
    // An answer that is one of several may use it: then there is nothing to say.
    let Some(base) = trial.solve(program) else { return Vec::new() };
    subjects.retain(|subject| amount(&base.point, subject) <= UNUSED);
    let forecast = Forecast::new(stated, &subjects, &trial);
    let mut found = Vec::new();
    // The nearest first: they are what a planner looks for, should the time not do for all.
    let mut foretold: Vec<(&Subject, Option<f64>, Col)> = subjects
        .iter()
        .enumerate()
        .filter_map(|(number, subject)| forecast.as_ref()?.of(program, number, subject).map(|(share, most)| (subject, share, most)))
        .collect();
    foretold.sort_by(|left, right| right.1.unwrap_or(0.0).total_cmp(&left.1.unwrap_or(0.0)));
    for (subject, foretold, most) in foretold {
        let (period, price) =
            subject.cols.iter().find(|(col, _, _)| *col == most).map_or((PeriodIx::new(0), 0.0), |(_, period, price)| (*period, *price));
        let given = Given::new(stated, subject);
        let price = given.price.unwrap_or(price);
        let Some(confirmed) = confirmed(stated, &mut trial, subject, &given, foretold, UNUSED) else { continue };
        let mut entry = EntryPrice {
            kind: subject.kind,
            path: subject.path.clone(),
            subject: subject.name.clone(),
            period: results.periods.get(period.position()).map_or_else(String::new, |period| period.label.clone()),
            price,
            entry_price: confirmed.share.map(|share| price * share),
            only_here: confirmed.only_here,
            unit: subject.unit,
            sentence: String::new(),
        };
        entry.sentence = sentence(&entry, given.is_many);
        found.push((confirmed.share.unwrap_or(0.0), entry));
    }
    found.sort_by(|left, right| right.0.total_cmp(&left.0).then_with(|| left.1.path.cmp(&right.1.path)));
    found.into_iter().map(|(_, entry)| entry).collect()
}

/// How much of a subject is used.
pub(super) fn amount(point: &[f64], subject: &Subject) -> f64 {
    subject.cols.iter().map(|(col, _, _)| point.get(col.0 as usize).copied().unwrap_or(0.0)).sum()
}

/// The confirmed share of its price at which something comes in.
pub(super) struct Confirmed {
    /// `None`: not even for nothing.
    pub share: Option<f64>,
    /// With a price at this place alone.
    pub only_here: bool,
}

/// Looks for the share of the price at which more than `used` of a subject is in the answer; `None`
/// if the time was over before it was known.
pub(super) fn confirmed(
    stated: &Stated,
    trial: &mut Trial,
    subject: &Subject,
    given: &Given,
    foretold: Option<f64>,
    used: f64,
) -> Option<Confirmed> {
    let enough = used + IN.max(1e-6 * used);
    let mut comes_in = |programs: Vec<Option<Program>>| -> Option<bool> {
        for program in programs {
            let Some(program) = program.filter(|program| program.columns.len() == stated.formulation.program.columns.len()) else {
                return Some(false);
            };
            let tried = trial.solve(&program);
            if tried.is_none() && trial.is_over() {
                return None;
            }
            if tried.is_none_or(|tried| amount(&tried.point, subject) <= enough) {
                return Some(false);
            }
        }
        Some(true)
    };
    let everywhere = search(&mut |share| comes_in(given.everywhere(stated, subject, share)), foretold)?.share();
    let here = match everywhere {
        None if given.is_shared => search(&mut |share| comes_in(vec![Given::here(stated, subject, share)]), foretold)?.share(),
        _ => None,
    };
    let share = everywhere.or(here);
    let only_here = everywhere.is_none() && share.is_some();
    // The last word has the plan solved from cold, as whoever tries the price will do.
    let mut is_in = |share: f64| {
        let programs = if only_here { vec![Given::here(stated, subject, share)] } else { given.everywhere(stated, subject, share) };
        programs.into_iter().all(|program| {
            let point = program.and_then(|program| trial.cold(&program));
            point.is_some_and(|point| amount(&point, subject) > enough)
        })
    };
    match share {
        // In for nothing, by one of several answers as good: nothing certain can be said.
        None if [0.5, 0.01, FREE].into_iter().any(&mut is_in) => None,
        None => (!trial.is_over()).then_some(Confirmed { share: None, only_here: false }),
        Some(share) => [1.0, 0.9997, 0.998, 0.99, 0.97, 0.9]
            .map(|less| less * share)
            .into_iter()
            .find(|share| is_in(*share))
            .map(|share| Confirmed { share: Some(share), only_here }),
    }
}

/// What a search for a share ends with.
#[derive(Clone, Copy, PartialEq)]
enum Found {
    /// This share holds; one a thousandth above it does not.
    Share(f64),
    /// Nothing tried holds.
    Nothing,
}

impl Found {
    fn share(self) -> Option<f64> {
        match self {
            Self::Share(share) => Some(share),
            Self::Nothing => None,
        }
    }
}

/// A share that holds, with one a thousandth above it that does not; 1 is known not to.
fn search(holds: &mut dyn FnMut(f64) -> Option<bool>, foretold: Option<f64>) -> Option<Found> {
    let (mut low, mut high) = (None, 1.0);
    if let Some(foretold) = foretold.filter(|share| *share > 2.0 * FREE) {
        // A hair below it, or as far as a price is found at all.
        for hair in [5e-7, 0.3 * NEAR] {
            let below = (foretold * (1.0 - hair)).min(1.0 - hair);
            if holds(below)? {
                let above = below * (1.0 + NEAR);
                if above >= 1.0 || !holds(above)? {
                    return Some(Found::Share(below));
                }
                low = Some(above);
                break;
            }
            high = below;
        }
    }
    if low.is_none() {
        // From the dearest down: with a number that is used elsewhere too, cheaper need not mean more of it here.
        for factor in [0.95, 0.7, 0.4, 0.1, 0.01, FREE] {
            let share = (high * factor).max(FREE);
            if holds(share)? {
                low = Some(share);
                break;
            }
            high = share;
            if share <= FREE {
                break;
            }
        }
    }
    let Some(mut low) = low else { return Some(Found::Nothing) };
    while high > low * (1.0 + NEAR) {
        let middle = if low < 0.01 * high { (low * high).sqrt() } else { 0.5 * (low + high) };
        if holds(middle)? {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(Found::Share(low))
}

/// How a subject is given another price.
pub(super) struct Given {
    /// The plan's number now; of a series its mean, of a dated one the number first in force.
    pub price: Option<f64>,
    /// Others pay the same number.
    is_shared: bool,
    /// The number has several dates.
    is_many: bool,
    /// A series without a mean of its own: its id, and what its mean is.
    mean: Option<f64>,
}

impl Given {
    /// How a subject's price is given.
    pub fn new(stated: &Stated, subject: &Subject) -> Self {
        let pools = &stated.resolved.pools;
        let is_shared = subject
            .pool
            .and_then(|pool| pools.get(pool))
            .is_some_and(|own| pools.iter().filter(|pool| pool.rental.is_none() && pool.chip == own.chip).count() > 1);
        let numbers = path::node_at(&stated.plan, &subject.path).map_or_else(Vec::new, |node| numbers_of(&node.tree()));
        let first = subject.cols.first().map(|(_, _, price)| *price);
        let text = path::get(&stated.plan, &subject.path).unwrap_or_default();
        let (is_series, is_curve) = (text.starts_with("Series"), text.contains("Curve("));
        let mean = if is_series && numbers.is_empty() { Self::mean_of(stated, subject) } else { None };
        let price = match numbers.as_slice() {
            // A curve is what it is where it would come in first.
            _ if is_curve && !is_series => first,
            [one] => Some(*one),
            [] => mean.or(first),
            // The step in force where it would come in first, or the first of a series' means.
            many => first.filter(|_| !is_series).or_else(|| many.first().copied()),
        };
        Self { price, is_shared, is_many: numbers.len() > 1 || is_curve, mean }
    }

    /// The mean of a series: with a mean of one its prices are so many times smaller.
    fn mean_of(stated: &Stated, subject: &Subject) -> Option<f64> {
        let plan = with_mean(&stated.plan, &subject.path, 1.0)?;
        let again = trial::restated(stated, &plan)?;
        let of = |resolved: &Resolved, layout: &Layout| {
            let all = subjects(resolved, layout);
            let prices = all.into_iter().find(|other| other.path == subject.path && other.name == subject.name)?.cols;
            prices.into_iter().map(|(_, _, price)| price).max_by(f64::total_cmp)
        };
        let (before, after) = (of(&stated.resolved, &stated.formulation.layout)?, of(&again.resolved, &again.formulation.layout)?);
        (after > 0.0).then(|| before / after)
    }

    /// The plan with the price at a share of what it is, in every way the number can be given: all its
    /// dates in proportion, and one number for all of them.
    fn plans(&self, plan: &Plan, subject: &Subject, share: f64) -> Vec<Option<Plan>> {
        if let Some(mean) = self.mean {
            return vec![with_mean(plan, &subject.path, mean * share)];
        }
        let price = self.price.unwrap_or(0.0);
        let text = path::get(plan, &subject.path).unwrap_or_default();
        let is_series = text.starts_with("Series");
        if self.is_many {
            let in_proportion = changed(plan, &subject.path, &|number| number * share);
            // A curve keeps its course: one number for all its dates would be another price.
            return if is_series || text.contains("Curve(") {
                vec![in_proportion]
            } else {
                vec![in_proportion, given::set(plan, &subject.path, price * share)]
            };
        }
        if is_series {
            return vec![changed(plan, &subject.path, &|number| number * share)];
        }
        vec![given::set(plan, &subject.path, price * share)]
    }

    fn everywhere(&self, stated: &Stated, subject: &Subject, share: f64) -> Vec<Option<Program>> {
        let state = |plan: Option<Plan>| trial::restated(stated, &plan?).map(|again| again.formulation.program);
        self.plans(&stated.plan, subject, share).into_iter().map(state).collect()
    }

    fn here(stated: &Stated, subject: &Subject, share: f64) -> Option<Program> {
        let mut resolved = stated.resolved.clone();
        let pool = resolved.pools.get_mut(subject.pool?)?;
        pool.landed_capex_musd_per_thousand.iter_mut().chain(pool.annuity_musd_per_year.iter_mut()).for_each(|musd| *musd *= share);
        Formulation::new(&resolved).ok().map(|formulation| formulation.program)
    }
}

/// A series with a mean of its own.
fn with_mean(plan: &Plan, path: &str, mean: f64) -> Option<Plan> {
    given::set(plan, &format!("{path}.mean"), mean)
}

/// Everything with a price of its own, and the columns it is paid on.
pub(super) fn subjects(resolved: &Resolved, layout: &Layout) -> Vec<Subject> {
    let calendar = &resolved.calendar;
    let slice_at = |period: PeriodIx, position: usize| calendar.slices_of[period].get(position).copied();
    let mut subjects = Vec::new();
    for (number, (pool, cols)) in resolved.pools.iter().zip(&layout.pools).enumerate() {
        let (place, chip) = (&resolved.places[pool.place], &resolved.chips[pool.chip]);
        let name = format!("{} at {}", chip.name, place.name);
        match &pool.rental {
            None => subjects.push(Subject {
                kind: "chip",
                path: format!("chips.{}.capex_usd", chip.id),
                name,
                unit: "$ per chip",
                cols: cols.orders.iter().map(|(order, col)| (*col, *order, chip.capex_musd_per_thousand[*order] * 1e3)).collect(),
                pool: Some(number),
            }),
            Some(rental) => {
                let price = |period: PeriodIx, position: usize| {
                    slice_at(period, position).map_or(0.0, |slice| rental.price_usd_per_chip_hour.at(period, slice))
                };
                subjects.push(Subject {
                    kind: "rental",
                    path: format!("rentals.{}.price_usd_per_chip_hour", rental.id),
                    name,
                    unit: "$ per chip and hour",
                    cols: by_position(&cols.rented, price),
                    pool: None,
                });
            }
        }
    }
    for halls in &layout.halls {
        let place = &resolved.places[halls.place];
        let Some(kind) = place.site.as_ref().and_then(|site| site.buildable.get(halls.kind)) else { continue };
        subjects.push(Subject {
            kind: "hall",
            path: format!("sites.{}.buildable.{}.capex_usd_per_w", place.id, kind.id),
            name: format!("the hall {} at {}", crate::words::words(&kind.id), place.name),
            unit: "$ per W",
            cols: halls.orders.iter().map(|(order, col)| (*col, *order, kind.capex_musd[*order] / kind.it_mw.max(1e-9))).collect(),
            pool: None,
        });
    }
    for (index, contract) in resolved.contracts.pairs() {
        let cols = &layout.contracts[index];
        let facets = &contract.facets;
        let first = contract.in_force.pairs().find(|(_, in_force)| **in_force).map(|(period, _)| period);
        // What is ordered enters by its capex, what is paid as produced by the price of all of it, and
        // what is paid as drawn by the price of what is drawn. Energy that is paid in any case has no
        // single price at which it comes in.
        let (kind, path, unit, cols) = if let Some(plant) = &facets.plant {
            // In $ per thousandth of the unit.
            let orders = cols.orders.iter().map(|(order, col)| (*col, *order, plant.capex_musd[*order] * 1e3)).collect();
            let (kind, unit) = if facets.store.is_some() { ("battery", "$ per kWh") } else { ("plant", "$ per kW") };
            (kind, &plant.capex_path, unit, orders)
        } else if let Some(price) = &facets.produced_price {
            let cols = cols.contract_mw.zip(first).map(|(col, period)| (col, period, price.usd_per_mwh[period]));
            ("contract", &price.path, "$ per MWh", cols.into_iter().collect())
        } else if let Some(price) = facets.energy_price.as_ref().filter(|_| facets.take_or_pay.is_none()) {
            let drawn = cols.draw.pairs().flat_map(|(period, cols)| {
                cols.iter().enumerate().filter_map(move |(position, col)| {
                    let slice = slice_at(period, position)?;
                    col.map(|col| (col, period, price.usd_per_mwh.at(period, slice)))
                })
            });
            ("contract", &price.path, "$ per MWh", drawn.collect())
        } else {
            continue;
        };
        subjects.push(Subject {
            kind,
            path: path.clone(),
            name: {
                let name = format!("{} at {}", crate::words::sentence(&contract.id), resolved.places[contract.place].name);
                // What stands already is used: it is more of it that is not.
                if facets.plant.as_ref().is_some_and(|plant| plant.existing > 0.0) { format!("More of {name}") } else { name }
            },
            unit,
            cols,
            pool: None,
        });
    }
    for (number, purchase) in resolved.purchases.iter().enumerate() {
        let bought = layout.demands.iter().flat_map(|demand| &demand.bought).filter(|(of, _)| *of == number);
        subjects.push(Subject {
            kind: "purchase",
            path: format!("purchases.{}.usd_per_mtok", purchase.id),
            name: format!("tokens bought under {}", purchase.id),
            unit: "$ per Mtok",
            cols: bought.flat_map(|(_, cols)| by_position(cols, |period, _| purchase.usd_per_mtok[period])).collect(),
            pool: None,
        });
    }
    subjects
}

fn by_position(cols: &crate::formulation::layout::Cols, price: impl Fn(PeriodIx, usize) -> f64) -> Vec<(Col, PeriodIx, f64)> {
    let of_period = |period: PeriodIx, cols: &Vec<Col>| -> Vec<(Col, PeriodIx, f64)> {
        cols.iter().enumerate().map(|(position, col)| (*col, period, price(period, position))).collect()
    };
    cols.pairs().flat_map(|(period, cols)| of_period(period, cols)).collect()
}

fn sentence(entry: &EntryPrice, is_many: bool) -> String {
    let when = if entry.period.is_empty() { String::new() } else { format!(", first in {}", entry.period) };
    let dates = if is_many { " (all its dates in proportion)" } else { "" };
    let now = format!("{} is not used at {} {}", entry.subject, short(entry.price), entry.unit);
    // What it is of is said with the price that it has now.
    let money = entry.unit.split([' ', '/']).next().unwrap_or_default();
    match entry.entry_price {
        Some(price) if entry.only_here => format!(
            "{now}; a lower price everywhere would only bring more of it elsewhere. With a price of its own at this place alone it would come in at {} {money}{when}.",
            price_down(price)
        ),
        Some(price) if price >= entry.price * (1.0 - NEAR) => format!("{now}, but would be if it cost any less{when}."),
        Some(price) => format!("{now}; at {} {money}{dates} it would come in{when}.", price_down(price)),
        None => format!("{now}, and would not be if it cost nothing."),
    }
}
