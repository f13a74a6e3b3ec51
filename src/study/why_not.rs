//! "Why not X?" for any chip, hall, contract or market that the answer leaves unused.
//!
//! One unit is forced into the answer and the plan is solved again: the difference is what it would
//! cost, in tokens first and then in money. The reduced cost of the unit's best column says where the
//! loss comes from, row by row of what binds; the price at which it comes in is found by giving it that
//! price and solving (see `entry_price`).

use std::collections::BTreeMap;
use std::time::Duration;

use super::entry_price::{self, Given};
use super::trial::Trial;
use super::{Options, solve_options, state};
use crate::diagnostic::Diagnostic;
use crate::formulation::FAMILIES;
use crate::formulation::program::{Col, Key, NO_INDEX, Program, Row, Symbol};
use crate::plan::Plan;
use crate::resolved::Series;
use crate::solve::{self, Outcome};
use crate::words::{musd, price_down, with_unit};

/// Longest time for finding the price at which something comes in.
const MOST: Duration = Duration::from_secs(15);

/// What is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A chip bought for a site.
    Chip {
        /// The site's id.
        site: String,
        /// The chip's id.
        chip: String,
    },
    /// A hall type built at a site.
    Hall {
        /// The site's id.
        site: String,
        /// The hall type's id.
        kind: String,
    },
    /// Power drawn under a contract or from plant.
    Contract(String),
    /// Tokens of a product sold in a market.
    Market {
        /// The market's id.
        market: String,
        /// The product's id.
        product: String,
    },
}

/// A part of the loss.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What it comes from: a family's title.
    pub cause: String,
    /// Of the first goal, in its unit, per unit forced.
    pub amount: f64,
}

/// Why something is not used.
#[derive(Clone, Debug, PartialEq)]
pub struct WhyNot {
    /// How much the answer uses now, in `unit`.
    pub used: f64,
    /// Unit of what was forced: `chip`, `hall`, `MW`, `Gtok`.
    pub unit: &'static str,
    /// How much was forced.
    pub forced: f64,
    /// Change of the first goal when it is forced (solved again).
    pub first_change: f64,
    /// Unit of the first goal.
    pub first_unit: &'static str,
    /// Change of cost (or what NPV loses) when it is forced, M$ (solved again).
    pub cost_change_musd: f64,
    /// Money is NPV, not cost.
    pub is_npv: bool,
    /// Where the loss comes from, the largest part first.
    pub parts: Vec<Part>,
    /// Capex, $ per unit, at which it comes in (more of it, where some is used), where that is a price
    /// of the plan: confirmed by solving with it.
    pub break_even_usd: Option<f64>,
    /// That price holds at this place alone.
    pub only_here: bool,
    /// In words.
    pub sentence: String,
}

/// What one unit of a subject is in the program.
struct Unit {
    cols: Vec<(Col, f64)>,
    name: &'static str,
    amount: f64,
}

/// Forces one unit and solves again.
///
/// # Errors
/// What is wrong with the plan or the question.
pub fn why_not(plan: &Plan, series: &Series, asked: &Options, subject: &Subject) -> Result<WhyNot, Vec<Diagnostic>> {
    let stated = state(plan, series, asked)?;
    let refuse = |message: String| vec![Diagnostic::error("why-not", "", message)];
    let unit = unit(&stated, subject).ok_or_else(|| {
        refuse("Nothing in this plan lets it be used: there is no supply, no room, no route or no time for it within the horizon.".into())
    })?;
    let options = solve_options(&stated, asked);
    let base = solve::solve(&stated.formulation.program, &options);
    if !base.has_point() {
        return Err(refuse("The plan has no answer to compare with.".into()));
    }
    let at = |outcome: &Outcome| {
        unit.cols.iter().map(|(col, factor)| outcome.point.get(col.0 as usize).copied().unwrap_or(0.0) * factor).sum::<f64>()
    };
    let used = at(&base);
    let forced = forced_program(&stated.formulation.program, &unit, used + unit.amount);
    let again = solve::solve(&forced, &options);
    let first_unit = stated.formulation.program.phases.first().map_or("", |phase| phase.goal.unit);
    let value = |outcome: &Outcome, phase: usize| outcome.phases.get(phase).map_or(0.0, |phase| phase.value);
    if !again.has_point() {
        return Err(refuse("One unit of it can't be forced in at all: the limits leave no room for it.".into()));
    }
    let phases = &stated.formulation.program.phases;
    let cost_phase = phases
        .iter()
        .position(|phase| matches!(phase.goal.name, "cost" | "npv" | "npv_after_tax"))
        .filter(|phase| *phase > 0 || phases[0].goal.name == "cost");
    let is_npv = cost_phase.is_some_and(|phase| phases[phase].goal.name != "cost");
    let first_change = value(&again, 0) - value(&base, 0);
    let sign = if is_npv { -1.0 } else { 1.0 };
    let cost_change_musd = cost_phase.map_or(0.0, |phase| sign * (value(&again, phase) - value(&base, phase)));
    let best = unit.cols.iter().map(|(col, factor)| (*col, reduced(&base, 0, *col) / factor)).max_by(|a, b| a.1.total_cmp(&b.1));
    let parts = best.map_or_else(Vec::new, |(col, _)| parts(&stated.formulation.program, &base, 0, col, &unit));
    let break_even = if options.whole { None } else { break_even(&stated, asked, subject, &unit) };
    let mut why = WhyNot {
        used: used / unit.amount,
        unit: unit.name,
        forced: 1.0,
        first_change,
        first_unit,
        cost_change_musd,
        is_npv,
        parts,
        break_even_usd: break_even.map(|(usd, _)| usd),
        only_here: break_even.is_some_and(|(_, only_here)| only_here),
        sentence: String::new(),
    };
    why.sentence = sentence(&why);
    Ok(why)
}

fn reduced(outcome: &Outcome, phase: usize, col: Col) -> f64 {
    outcome.phases.get(phase).and_then(|phase| phase.column_duals.get(col.0 as usize)).copied().unwrap_or(0.0)
}

fn unit(stated: &super::Stated, subject: &Subject) -> Option<Unit> {
    let (resolved, layout) = (&stated.resolved, &stated.formulation.layout);
    let unit = match subject {
        Subject::Chip { site, chip } => {
            let pair = resolved.pools.iter().zip(&layout.pools).find(|(pool, _)| {
                pool.rental.is_none() && resolved.places[pool.place].id == *site && resolved.chips[pool.chip].id == *chip
            })?;
            Unit { cols: pair.1.orders.iter().map(|(_, col)| (*col, pair.1.order_unit)).collect(), name: "chip", amount: 1e-3 }
        }
        Subject::Hall { site, kind } => {
            let halls = layout.halls.iter().find(|halls| {
                let place = &resolved.places[halls.place];
                place.id == *site
                    && place.site.as_ref().and_then(|site| site.buildable.get(halls.kind)).is_some_and(|known| known.id == *kind)
            })?;
            Unit { cols: halls.orders.iter().map(|(_, col)| (*col, 1.0)).collect(), name: "hall", amount: 1.0 }
        }
        Subject::Contract(id) => {
            let (index, _) = resolved.contracts.pairs().find(|(_, contract)| contract.id == *id)?;
            let cols = &layout.contracts[index];
            let plant: Vec<(Col, f64)> =
                cols.contract_mw.iter().map(|col| (*col, 1.0)).chain(cols.orders.iter().map(|(_, col)| (*col, 1.0))).collect();
            let draws = || cols.draw.iter().flatten().flatten().map(|col| (*col, 1.0)).collect();
            Unit { cols: if plant.is_empty() { draws() } else { plant }, name: "MW", amount: 1.0 }
        }
        Subject::Market { market, product } => {
            let (_, cols) =
                resolved.demands.iter().zip(&layout.demands).find(|(demand, _)| {
                    resolved.markets[demand.market].id == *market && resolved.products[demand.product].id == *product
                })?;
            Unit { cols: cols.sold.iter().flatten().map(|col| (*col, 1.0)).collect(), name: "Gtok", amount: 1e-3 }
        }
    };
    (!unit.cols.is_empty()).then_some(unit)
}

/// The program with at least so much of the unit.
fn forced_program(program: &Program, unit: &Unit, least: f64) -> Program {
    let mut forced = program.clone();
    let key = Key { noun: "forced", entities: [Symbol::NONE; 4], period: NO_INDEX, slice: NO_INDEX, future: Symbol::NONE };
    let mut terms = unit.cols.clone();
    terms.sort_by_key(|(col, _)| *col);
    forced.rows.push(Row { key, family: "objective", terms, lower: least, upper: f64::INFINITY, limit: None, scale: 1.0 });
    forced
}

/// The reduced cost of a column, split by the family of the rows that make it up.
fn parts(program: &Program, outcome: &Outcome, phase: usize, col: Col, unit: &Unit) -> Vec<Part> {
    let Some(duals) = outcome.phases.get(phase).map(|phase| &phase.row_duals) else { return Vec::new() };
    let factor = unit.cols.iter().find(|(known, _)| *known == col).map_or(1.0, |(_, factor)| *factor);
    let mut by_family: BTreeMap<&'static str, f64> = BTreeMap::new();
    for (row, dual) in program.rows.iter().zip(duals) {
        if *dual == 0.0 {
            continue;
        }
        if let Some((_, coefficient)) = row.terms.iter().find(|(known, _)| *known == col) {
            // Rows may carry the solver's scaling; duals are of the unscaled row.
            *by_family.entry(row.family).or_default() -= dual * coefficient / row.scale / factor * unit.amount;
        }
    }
    let title =
        |family: &str| FAMILIES.iter().find(|entry| entry.name == family).map_or_else(|| family.to_owned(), |entry| entry.title.to_owned());
    let mut parts: Vec<Part> = by_family
        .into_iter()
        .filter(|(_, amount)| amount.abs() > 1e-12)
        .map(|(family, amount)| Part { cause: title(family), amount })
        .collect();
    parts.sort_by(|a, b| b.amount.abs().total_cmp(&a.amount.abs()));
    parts
}

/// The price of a unit, $, at which more of it than now is in the answer, confirmed by giving it that
/// price and solving; and whether only with a price of its own at this place.
fn break_even(stated: &super::Stated, options: &Options, subject: &Subject, unit: &Unit) -> Option<(f64, bool)> {
    let layout = &stated.formulation.layout;
    let order = layout.capex.iter().find(|order| order.musd > 0.0 && unit.cols.iter().any(|(col, _)| *col == order.col))?;
    let own = unit.cols.iter().find(|(col, _)| *col == order.col).map_or(1.0, |(_, factor)| *factor);
    let per_unit = match subject {
        // The plan's own price, before duty and subsidy.
        Subject::Chip { chip, .. } => {
            stated.resolved.chips.iter().find(|known| known.id == *chip)?.capex_musd_per_thousand.get(order.period)? * 1e3
        }
        _ => order.musd / own * unit.amount * 1e6,
    };
    let priced = entry_price::subjects(&stated.resolved, layout)
        .into_iter()
        .find(|priced| priced.cols.iter().any(|(col, _, _)| *col == order.col))?;
    let given = Given::new(stated, &priced);
    let mut trial = Trial::new(MOST, options.cancel.clone());
    // Of several answers as good one may use more of it than another.
    let now = [trial.solve(&stated.formulation.program)?.point, trial.cold(&stated.formulation.program)?];
    let used = now.iter().map(|point| entry_price::amount(point, &priced)).fold(0.0, f64::max);
    let confirmed = entry_price::confirmed(stated, &mut trial, &priced, &given, None, used)?;
    Some((per_unit * confirmed.share?, confirmed.only_here))
}

fn sentence(why: &WhyNot) -> String {
    let mut text = String::new();
    let first = with_unit(why.first_change, why.first_unit);
    let nothing = why.first_change.abs() < 1e-12;
    if nothing && why.cost_change_musd.abs() < 1e-9 {
        text.push_str(&format!("One more {} would change nothing: it ties with what is used.", why.unit));
    } else if nothing {
        let (more, less) = if why.is_npv { ("lose {} of NPV", "bring {} of NPV") } else { ("cost {} more", "cost {} less") };
        let words = if why.cost_change_musd >= 0.0 { more } else { less }.replace("{}", &musd(why.cost_change_musd.abs()));
        text.push_str(&format!("One more {} would leave the first goal as it is and {words}.", why.unit));
    } else {
        let (money, change) = if why.is_npv { ("NPV", -why.cost_change_musd) } else { ("cost", why.cost_change_musd) };
        text.push_str(&format!("One more {} would change the first goal by {first} and {money} by {}.", why.unit, musd(change)));
    }
    if let Some(part) = why.parts.iter().find(|part| part.amount < 0.0) {
        text.push_str(&format!(" Most of the loss comes from {}.", part.cause));
    }
    if let Some(usd) = why.break_even_usd {
        let where_ = if why.only_here { ", given at this place alone" } else { "" };
        let more = if why.used > 1e-3 { "More of it" } else { "It" };
        text.push_str(&format!(" {more} would come in at {} $ a {}{where_}.", price_down(usd), why.unit));
    }
    text
}
