//! Where to look for an entry price: what one unit of a thing loses, and how the loss moves with its price.

use std::collections::BTreeMap;

use super::Stated;
use super::entry_price::Subject;
use super::trial::Trial;
use crate::formulation::Formulation;
use crate::formulation::program::{Col, Key, NO_INDEX, Program, Row, Sense, Symbol};
use crate::resolved::{Level, Resolved};
use crate::solve::session::Session;
use crate::solve::{Outcome, Status};

/// Prices are halved to see what they do.
const CHEAPER: f64 = 0.5;
/// So much is forced in.
const FORCED: f64 = 1e-4;

/// What each subject's price would have to be, foretold.
pub(super) struct Forecast {
    cheaper: Program,
    /// For each subject, the outcome with a little of it forced in; none where there is no room.
    with_it: Vec<Option<Outcome>>,
}

impl Forecast {
    /// Forces in a little of each subject in turn, until the time for trials is over.
    pub fn new(stated: &Stated, subjects: &[Subject], trial: &Trial) -> Option<Self> {
        let program = &stated.formulation.program;
        let cheaper = Formulation::new(&cheaper(&stated.resolved)).ok()?.program;
        let is_same = cheaper.columns.len() == program.columns.len()
            && cheaper.rows.len() == program.rows.len()
            && cheaper.rows.iter().zip(&program.rows).all(|(new, old)| new.key == old.key);
        if !is_same {
            return None;
        }
        // A row for each, that asks for nothing until its turn: the shape stays, and the session hot.
        let mut forced = program.clone();
        for (number, subject) in subjects.iter().enumerate() {
            let mut terms: Vec<(Col, f64)> = subject.cols.iter().map(|(col, _, _)| (*col, 1.0)).collect();
            terms.sort_by_key(|(col, _)| *col);
            let key = Key { noun: "forced", entities: [Symbol::NONE; 4], period: NO_INDEX, slice: number as u32, future: Symbol::NONE };
            forced.rows.push(Row { key, family: "objective", terms, lower: 0.0, upper: f64::INFINITY, limit: None, scale: 1.0 });
        }
        let mut session = Session::new();
        let mut with_it = Vec::new();
        for number in 0..subjects.len() {
            let row = program.rows.len() + number;
            forced.rows[row].lower = FORCED;
            let outcome = trial.hot(&mut session, &forced);
            forced.rows[row].lower = 0.0;
            with_it.push((outcome.status == Status::Optimal).then_some(outcome));
        }
        Some(Self { cheaper, with_it })
    }

    /// The share of its price (nothing if its price moves nothing) and the column that would carry most;
    /// `None` where there is no room for it at any price.
    pub fn of(&self, program: &Program, number: usize, subject: &Subject) -> Option<(Option<f64>, Col)> {
        let outcome = self.with_it.get(number)?.as_ref()?;
        let share = ratio(program, &self.cheaper, outcome, program.rows.len() + number, subject);
        let amount = |col: Col| outcome.point.get(col.0 as usize).copied().unwrap_or(0.0);
        let most = subject.cols.iter().max_by(|left, right| amount(left.0).total_cmp(&amount(right.0)))?;
        Some((share, most.0))
    }
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

/// The resolved plan with every such price at a half.
fn cheaper(resolved: &Resolved) -> Resolved {
    let mut cheaper = resolved.clone();
    for pool in &mut cheaper.pools {
        match &mut pool.rental {
            Some(rental) => halved(&mut rental.price_usd_per_chip_hour),
            None => {
                pool.landed_capex_musd_per_thousand
                    .iter_mut()
                    .chain(pool.annuity_musd_per_year.iter_mut())
                    .for_each(|musd| *musd *= CHEAPER);
            }
        }
    }
    for site in cheaper.places.iter_mut().filter_map(|place| place.site.as_mut()) {
        for kind in &mut site.buildable {
            kind.capex_musd.iter_mut().chain(kind.annuity_musd_per_year.iter_mut()).for_each(|musd| *musd *= CHEAPER);
        }
    }
    for contract in &mut cheaper.contracts {
        let facets = &mut contract.facets;
        if let Some(plant) = &mut facets.plant {
            plant.capex_musd.iter_mut().chain(plant.annuity_musd_per_year.iter_mut()).for_each(|musd| *musd *= CHEAPER);
        } else if let Some(price) = &mut facets.produced_price {
            price.usd_per_mwh.iter_mut().for_each(|price| *price *= CHEAPER);
        } else if let Some(price) = facets.energy_price.as_mut().filter(|_| facets.take_or_pay.is_none()) {
            halved(&mut price.usd_per_mwh);
        }
    }
    for purchase in &mut cheaper.purchases {
        purchase.usd_per_mtok.iter_mut().for_each(|price| *price *= CHEAPER);
    }
    cheaper
}
