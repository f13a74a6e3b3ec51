//! What something that is not used would have to cost to come in.
//!
//! A little of it is forced in, and the plan is solved again from the last basis. The forcing row's dual
//! says what one unit loses, in the first goal and in cost at the tokens reached. (The reduced cost of
//! the order alone would not do: with a chip go work, power and room, all unused, and the loss can
//! stand at any of them.) By the envelope theorem the loss moves with the thing's own price by
//! `Σ x·∂(c − Aᵀy)/∂price`, read off the plan stated once more with every such price at a half, so that
//! no formula of a cost (annuities, budgets, subsidies, duties) stands here a second time. Along that
//! line the loss is nil at the *entry price*: below it the thing comes in for certain. It may come in
//! somewhat sooner, where a cheaper price makes another pattern the best (an earlier order, say): the
//! loss is a concave function of the price, and the line is its tangent at the price of now.
//!
//! Left out are baseload blocks and contracts for difference, which have no column that alone carries
//! their price, and whatever is used a little already.

use std::collections::BTreeMap;

use super::Stated;
use super::live::HOT_COLUMNS;
use crate::formulation::Formulation;
use crate::formulation::layout::Layout;
use crate::formulation::program::{Col, Key, NO_INDEX, Program, Row, Sense, Symbol};
use crate::results::marginal::short;
use crate::results::{EntryPrice, Results};
use crate::scenario::{Ix as _, Level, PeriodIx, Scenario, Terms};
use crate::solve::session::Session;
use crate::solve::{Outcome, Status};

/// Prices are halved to see what they do.
const CHEAPER: f64 = 0.5;
/// Up to this much a column counts as unused (thousand chips, MW, halls, Gtok per hour).
const UNUSED: f64 = 1e-6;
/// So much is forced in.
const FORCED: f64 = 1e-4;

/// A thing with a price, and the columns that carry it.
struct Subject {
    kind: &'static str,
    path: String,
    name: String,
    unit: &'static str,
    cols: Vec<(Col, PeriodIx, f64)>,
}

/// What would have to cost less, the nearest to coming in first. Only for plans of a live size.
pub(super) fn entry_prices(stated: &Stated, outcome: &Outcome, results: &Results) -> Vec<EntryPrice> {
    let program = &stated.formulation.program;
    if outcome.status != Status::Optimal || outcome.whole || program.columns.len() > HOT_COLUMNS {
        return Vec::new();
    }
    let Ok(cheaper) = Formulation::new(&cheaper(&stated.scenario)) else { return Vec::new() };
    let cheaper = cheaper.program;
    let same = cheaper.columns.len() == program.columns.len()
        && cheaper.rows.len() == program.rows.len()
        && cheaper.rows.iter().zip(&program.rows).all(|(new, old)| new.key == old.key);
    let unused = |col: Col| outcome.point.get(col.0 as usize).is_some_and(|value| *value <= UNUSED);
    let open = |col: Col| program.columns.get(col.0 as usize).is_some_and(|column| column.upper > FORCED);
    let mut subjects = subjects(&stated.scenario, &stated.formulation.layout);
    subjects.retain_mut(|subject| {
        let all_unused = subject.cols.iter().all(|(col, _, _)| unused(*col));
        subject.cols.retain(|(col, _, price)| open(*col) && *price > 0.0);
        all_unused && !subject.cols.is_empty()
    });
    if !same || subjects.is_empty() {
        return Vec::new();
    }
    // A row for each, that asks for nothing until its turn: the shape stays, and the session hot.
    let mut forced = program.clone();
    for (number, subject) in subjects.iter().enumerate() {
        let mut terms: Vec<(Col, f64)> = subject.cols.iter().map(|(col, _, _)| (*col, 1.0)).collect();
        terms.sort_by_key(|(col, _)| *col);
        let key = Key { noun: "forced", entities: [Symbol::NONE; 4], period: NO_INDEX, slice: number as u32 };
        forced.rows.push(Row { key, family: "objective", terms, lower: 0.0, upper: f64::INFINITY, limit: None, scale: 1.0 });
    }
    let mut session = Session::new();
    let mut found = Vec::new();
    for (number, subject) in subjects.iter().enumerate() {
        let row = program.rows.len() + number;
        forced.rows[row].lower = FORCED;
        let with_it = session.solve(&forced, None);
        forced.rows[row].lower = 0.0;
        if with_it.status != Status::Optimal {
            // There is no room for it at any price.
            continue;
        }
        let ratio = ratio(program, &cheaper, &with_it, row, subject);
        let amount = |col: Col| with_it.point.get(col.0 as usize).copied().unwrap_or(0.0);
        let most = subject.cols.iter().max_by(|left, right| amount(left.0).total_cmp(&amount(right.0)));
        let (Some(ratio), Some((_, period, price))) = (ratio, most) else { continue };
        let mut entry = EntryPrice {
            kind: subject.kind,
            path: subject.path.clone(),
            subject: subject.name.clone(),
            period: results.periods.get(period.position()).map_or_else(String::new, |period| period.label.clone()),
            price: *price,
            entry_price: (ratio > 0.0).then_some(price * ratio),
            unit: subject.unit,
            sentence: String::new(),
        };
        entry.sentence = sentence(&entry);
        found.push((ratio, entry));
    }
    found.sort_by(|left, right| right.0.total_cmp(&left.0).then_with(|| left.1.path.cmp(&right.1.path)));
    found.into_iter().map(|(_, entry)| entry).collect()
}

/// The share of its price at which what a row forces in would come in by itself: 1 for a tie, 0 or less
/// for never; `None` if its price moves nothing. The phase that lets it in first decides; the last one,
/// which only breaks ties, has no say.
fn ratio(program: &Program, cheaper: &Program, outcome: &Outcome, row: usize, subject: &Subject) -> Option<f64> {
    let own: BTreeMap<Col, f64> =
        subject.cols.iter().map(|(col, _, _)| (*col, outcome.point.get(col.0 as usize).copied().unwrap_or(0.0))).collect();
    let phases = program.phases.iter().zip(&cheaper.phases).zip(&outcome.phases).take(program.phases.len().saturating_sub(1).max(1));
    phases
        .filter_map(|((phase, cheap), reached)| {
            let dual = *reached.row_duals.get(row)?;
            let sign = if phase.sense == Sense::Maximise { -1.0 } else { 1.0 };
            let value =
                |terms: &[(Col, f64)]| -> f64 { terms.iter().filter_map(|(col, coefficient)| Some(coefficient * own.get(col)?)).sum() };
            let mut moved = value(&phase.goal.terms) - value(&cheap.goal.terms);
            for ((row, cheap), dual) in program.rows.iter().zip(&cheaper.rows).zip(&reached.row_duals).filter(|(_, dual)| **dual != 0.0) {
                if row.scale != cheap.scale || row.terms != cheap.terms {
                    moved -= dual * (value(&row.terms) / row.scale - value(&cheap.terms) / cheap.scale);
                }
            }
            let (loss, slope) = (sign * dual, sign * moved / FORCED / (1.0 - CHEAPER));
            (slope > 1e-9 * loss.abs().max(1e-9)).then(|| (1.0 - loss.max(0.0) / slope).min(1.0))
        })
        .fold(None, |most: Option<f64>, ratio| Some(most.map_or(ratio, |most| most.max(ratio))))
}

fn halved(level: &mut Level) {
    level.base.iter_mut().for_each(|value| *value *= CHEAPER);
}

/// The scenario with every such price at a half.
fn cheaper(scenario: &Scenario) -> Scenario {
    let mut cheaper = scenario.clone();
    for pool in &mut cheaper.pools {
        match &mut pool.rental {
            Some(rental) => halved(&mut rental.price_usd_per_chip_hour),
            None => {
                pool.landed_capex_musd_per_thousand *= CHEAPER;
                pool.annuity_musd_per_year *= CHEAPER;
            }
        }
    }
    for site in cheaper.places.iter_mut().filter_map(|place| place.site.as_mut()) {
        for kind in &mut site.buildable {
            kind.capex_musd *= CHEAPER;
            kind.annuity_musd_per_year *= CHEAPER;
        }
    }
    for contract in &mut cheaper.contracts {
        match &mut contract.terms {
            Terms::Tariff { energy, .. } => halved(energy),
            Terms::PayAsProduced { price, .. } => price.iter_mut().for_each(|price| *price *= CHEAPER),
            Terms::OnSite { capex_musd_per_mw: capex, annuity_musd_per_year: annuity, .. }
            | Terms::Battery { capex_musd_per_mwh: capex, annuity_musd_per_year: annuity, .. } => {
                *capex *= CHEAPER;
                *annuity *= CHEAPER;
            }
            Terms::Baseload { .. } | Terms::Virtual { .. } => {}
        }
    }
    for purchase in &mut cheaper.purchases {
        purchase.usd_per_mtok.iter_mut().for_each(|price| *price *= CHEAPER);
    }
    cheaper
}

/// Everything with a price of its own, and the columns it is paid on.
fn subjects(scenario: &Scenario, layout: &Layout) -> Vec<Subject> {
    let calendar = &scenario.calendar;
    let slice_at = |period: PeriodIx, position: usize| calendar.slices_of[period].get(position).copied();
    let mut subjects = Vec::new();
    for (pool, cols) in scenario.pools.iter().zip(&layout.pools) {
        let (place, chip) = (&scenario.places[pool.place], &scenario.chips[pool.chip]);
        let name = format!("{} at {}", chip.name, place.name);
        match &pool.rental {
            None => subjects.push(Subject {
                kind: "chip",
                path: format!("chips.{}.capex_usd", chip.id),
                name,
                unit: "$ per chip",
                cols: cols.orders.iter().map(|(order, col)| (*col, *order, chip.capex_musd_per_thousand * 1e3)).collect(),
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
                });
            }
        }
    }
    for halls in &layout.halls {
        let place = &scenario.places[halls.place];
        let Some(kind) = place.site.as_ref().and_then(|site| site.buildable.get(halls.kind)) else { continue };
        subjects.push(Subject {
            kind: "hall",
            path: format!("sites.{}.buildable.{}.capex_usd_per_w", place.id, kind.id),
            name: format!("the hall {} at {}", kind.id, place.name),
            unit: "$ per W",
            cols: halls.orders.iter().map(|(order, col)| (*col, *order, kind.capex_musd / kind.it_mw.max(1e-9))).collect(),
        });
    }
    for (index, contract) in scenario.contracts.pairs() {
        let cols = &layout.contracts[index];
        let of_orders = |usd: f64| cols.orders.iter().map(|(order, col)| (*col, *order, usd)).collect();
        let first = contract.in_force.pairs().find(|(_, in_force)| **in_force).map(|(period, _)| period);
        let (kind, field, unit, cols) = match &contract.terms {
            Terms::OnSite { capex_musd_per_mw, .. } => ("plant", "capex_usd_per_kw", "$ per kW", of_orders(capex_musd_per_mw * 1e3)),
            Terms::Battery { capex_musd_per_mwh, .. } => ("battery", "capex_usd_per_kwh", "$ per kWh", of_orders(capex_musd_per_mwh * 1e3)),
            Terms::Tariff { energy, .. } => {
                let drawn = cols.draw.pairs().flat_map(|(period, cols)| {
                    cols.iter().enumerate().filter_map(move |(position, col)| {
                        let slice = slice_at(period, position)?;
                        col.map(|col| (col, period, energy.at(period, slice)))
                    })
                });
                ("contract", "energy_usd_per_mwh", "$ per MWh", drawn.collect())
            }
            Terms::PayAsProduced { price, .. } => {
                let cols = cols.contract_mw.zip(first).map(|(col, period)| (col, period, price[period])).into_iter().collect();
                ("contract", "price_usd_per_mwh", "$ per MWh", cols)
            }
            Terms::Baseload { .. } | Terms::Virtual { .. } => continue,
        };
        subjects.push(Subject {
            kind,
            path: format!("contracts.{}.terms.{field}", contract.id),
            name: format!("{} at {}", contract.id, scenario.places[contract.place].name),
            unit,
            cols,
        });
    }
    for (number, purchase) in scenario.purchases.iter().enumerate() {
        let bought = layout.demands.iter().flat_map(|demand| &demand.bought).filter(|(of, _)| *of == number);
        subjects.push(Subject {
            kind: "purchase",
            path: format!("purchases.{}.usd_per_mtok", purchase.id),
            name: format!("tokens bought under {}", purchase.id),
            unit: "$ per Mtok",
            cols: bought.flat_map(|(_, cols)| by_position(cols, |period, _| purchase.usd_per_mtok[period])).collect(),
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

fn sentence(entry: &EntryPrice) -> String {
    let when = if entry.period.is_empty() { String::new() } else { format!(", first in {}", entry.period) };
    match entry.entry_price {
        Some(price) if price >= entry.price * (1.0 - 1e-9) => {
            format!("{} is not used at {} {}, but would be if it cost any less{when}.", entry.subject, short(entry.price), entry.unit)
        }
        Some(price) => format!(
            "{} is not used at {} {}; below {} it would come in{when}.",
            entry.subject,
            short(entry.price),
            entry.unit,
            short(price)
        ),
        None => {
            format!("{} is not used at {} {}, and hardly would be if it cost nothing.", entry.subject, short(entry.price), entry.unit)
        }
    }
}
