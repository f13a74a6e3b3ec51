//! Which inputs' error would move the answer most: every number of chips, throughputs, power prices,
//! PUE and halls is moved by the uncertainty of its grade, down and up, and the plan is solved again
//! through a hot session. Demand and limits are the planner's wish, not an input that errs.
//!
//! The uncertainties of grades are this program's stated defaults ([`band_of`]); throughput brings its
//! own band from the model's validation.

use super::given::{changed_tree, numbers_of};
use super::{Options, state};
use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::plan::edit::{Edit, apply, get, node_at};
use crate::plan::node::Tree;
use crate::resolved::rates::GTOK_PER_HOUR_PER_THOUSAND;
use crate::resolved::{Resolved, Series};
use crate::solve::session::Session;

pub use crate::results::comparison::Effect;

/// ± share of a number of this grade, where the number brings no band of its own. Stated defaults.
#[must_use]
pub fn band_of(grade: &str) -> f64 {
    match grade {
        "high" => 0.05,
        "medium" => 0.15,
        "derived" | "stated" => 0.20,
        _ => 0.30,
    }
}

/// The edit that moves a number by a factor, if it can be moved.
pub(super) type Move = Box<dyn Fn(&Plan, f64) -> Option<Edit>>;

/// A number and how to move it by a factor.
pub(super) struct Input {
    /// Where it stands.
    pub path: String,
    value: f64,
    unit: &'static str,
    grade: String,
    /// ± share that it is uncertain by.
    pub band: f64,
    /// How it is moved.
    pub edit: Move,
}

/// Every number that is moved, in the order of the plan.
pub(super) fn movable(stated: &super::Stated) -> Vec<Input> {
    let mut inputs = inputs(&stated.resolved);
    inputs.extend(stated_inputs(&stated.plan));
    inputs
}

/// The effects of all inputs, the largest first.
///
/// # Errors
/// What is wrong with the plan.
pub fn sensitivity(plan: &Plan, series: &Series, options: &Options) -> Result<Vec<Effect>, Vec<Diagnostic>> {
    sensitivity_with(plan, series, options, &|_, _| {})
}

/// As [`sensitivity`], telling after each input how many of how many are done. Once cancelled, the
/// effects found until then are given.
///
/// # Errors
/// What is wrong with the plan.
pub fn sensitivity_with(
    plan: &Plan,
    series: &Series,
    options: &Options,
    progress: &dyn Fn(usize, usize),
) -> Result<Vec<Effect>, Vec<Diagnostic>> {
    let stated = state(plan, series, options)?;
    let mut session = Session::new();
    let base = session.solve(&stated.formulation.program, options.cancel.clone());
    let value = |outcome: &crate::solve::Outcome, name: Option<&str>| match name {
        None => outcome.phases.first().map(|phase| phase.value),
        Some(name) => outcome.phase(name).map(|phase| phase.value),
    };
    let Some(first) = value(&base, None).filter(|first| first.abs() > 1e-12 && base.has_point()) else { return Ok(Vec::new()) };
    // What NPV loses is a cost.
    let (money, sign) = match base.phase("cost") {
        Some(_) => ("cost", 1.0),
        None if base.phase("npv_after_tax").is_some() => ("npv_after_tax", -1.0),
        None => ("npv", -1.0),
    };
    let cost = value(&base, Some(money)).unwrap_or(0.0);
    let mut effects = Vec::new();
    let inputs = movable(&stated);
    let count = inputs.len();
    let cancelled = || options.cancel.as_ref().is_some_and(|cancel| cancel.load(std::sync::atomic::Ordering::Relaxed));
    for (position, input) in inputs.into_iter().enumerate() {
        progress(position, count);
        if cancelled() {
            break;
        }
        let mut effect = Effect {
            path: input.path,
            value: input.value,
            unit: input.unit,
            grade: input.grade,
            band: input.band,
            first: [0.0; 2],
            cost_musd: [0.0; 2],
        };
        for (side, factor) in [1.0 - input.band, 1.0 + input.band].into_iter().enumerate() {
            let mut moved = stated.plan.clone();
            let Some(edit) = (input.edit)(&moved, factor) else { continue };
            if apply(&mut moved, &edit).is_err() {
                continue; // Out of the field's own range, such as an availability above one.
            }
            let Ok(again) = state(&moved, series, &Options { scenario: String::new(), ..options.clone() }) else { continue };
            let outcome = session.solve(&again.formulation.program, options.cancel.clone());
            if let (Some(of_first), Some(slot)) = (value(&outcome, None), effect.first.get_mut(side)) {
                *slot = of_first / first - 1.0;
            }
            if let (Some(of_cost), Some(slot)) = (value(&outcome, Some(money)), effect.cost_musd.get_mut(side)) {
                *slot = sign * (of_cost - cost);
            }
        }
        effects.push(effect);
    }
    effects.sort_by(|a, b| b.size().total_cmp(&a.size()).then_with(|| a.path.cmp(&b.path)));
    Ok(effects)
}

/// Numbers that only the plan states: PUE (its overhead above one is moved), energy prices, cost of halls.
fn stated_inputs(plan: &Plan) -> Vec<Input> {
    let mut inputs = Vec::new();
    let mut add = |path: String, unit: &'static str, base: f64| {
        let first = node_at(plan, &path).and_then(|node| numbers_of(&node.tree()).first().copied());
        let Some(value) = first.filter(|value| *value != base) else { return };
        let edit_path = path.clone();
        let edit = move |plan: &Plan, factor: f64| {
            let moved = changed_tree(&node_at(plan, &edit_path)?.tree(), &|value| base + (value - base) * factor)?;
            Some(Edit::set(edit_path.clone(), moved.inline()))
        };
        inputs.push(Input { path, value, unit, grade: "stated".into(), band: band_of("stated"), edit: Box::new(edit) });
    };
    for (id, site) in &plan.sites {
        add(format!("sites.{id}.pue"), "", 1.0);
        for kind in site.buildable.keys() {
            add(format!("sites.{id}.buildable.{kind}.capex_usd_per_w"), "$ per W", 0.0);
        }
    }
    for (id, contract) in &plan.contracts {
        if let Some(field) = contract.terms.kind().price_field {
            add(format!("contracts.{id}.terms.{field}"), "$ per MWh", 0.0);
        }
    }
    inputs
}

/// A number times a factor: of a dated one all its dates, of a curve its level; where the plan states none, the
/// catalog's value times the factor is stated.
fn in_proportion(plan: &Plan, path: &str, value: f64, factor: f64) -> Edit {
    let stated = node_at(plan, path)
        .map(|node| node.tree())
        .filter(|tree| matches!(tree, Tree::Group { name, .. } if *name != "Stated") || numbers_of(tree).len() > 1);
    match stated.and_then(|tree| changed_tree(&tree, &|number| number * factor)) {
        Some(moved) => Edit::set(path, moved.inline()),
        None => Edit::set_number(path, value * factor),
    }
}

fn inputs(resolved: &Resolved) -> Vec<Input> {
    let mut inputs: Vec<Input> = Vec::new();
    for assumption in resolved.assumptions.iter().filter(|assumption| assumption.path.starts_with("chips.") && assumption.value != 0.0) {
        let (path, value) = (assumption.path.clone(), assumption.value);
        let edit_path = path.clone();
        inputs.push(Input {
            path,
            value,
            unit: assumption.unit,
            grade: assumption.grade.clone(),
            band: band_of(&assumption.grade),
            edit: Box::new(move |plan, factor| Some(in_proportion(plan, &edit_path, value, factor))),
        });
    }
    for (chip_index, chip) in resolved.chips.pairs() {
        // What asks for several things by date has no one throughput: there the served models' speeds are moved.
        for (product_index, product) in resolved.products.pairs().filter(|(_, product)| product.asks.len() == 1) {
            let Some(rate) = &resolved.rates[chip_index][product_index] else { continue };
            let band = if rate.band > 0.0 { rate.band } else { band_of("stated") };
            let (prefill, decode) = (rate.prefill / GTOK_PER_HOUR_PER_THOUSAND, rate.decode / GTOK_PER_HOUR_PER_THOUSAND);
            // A row holds at every place: its replica must stand at the smallest of those that serve.
            let offered =
                resolved.pools.iter().filter(|pool| pool.chip == chip_index).flat_map(|pool| pool.rates[product_index].iter().flatten());
            let replica = offered.map(|rate| rate.replica.chips()).fold(rate.replica.chips(), f64::min).max(1.0);
            let id = format!("{}-{}", chip.id, product.id);
            let (chip_id, product_id) = (chip.id.clone(), product.id.clone());
            let row_id = id.clone();
            inputs.push(Input {
                path: format!("throughput.{id}"),
                value: decode,
                unit: "answer tok/s per chip, decoding",
                grade: rate.evidence.label().to_owned(),
                band,
                edit: Box::new(move |plan, factor| {
                    let row = format!(
                        "(chip: {chip_id:?}, product: {product_id:?}, prefill_tok_per_s: {:?}, decode_tok_per_s: {:?}, replica_chips: {replica:?})",
                        prefill * factor,
                        decode * factor
                    );
                    let known = plan
                        .throughput
                        .iter()
                        .find(|(_, row)| row.chip.0 == chip_id && row.product.0 == product_id)
                        .map(|(id, _)| id.clone());
                    Some(match known {
                        Some(known) => Edit::set(format!("throughput.{known}"), row),
                        None if get(plan, &format!("throughput.{row_id}")).is_none() => Edit::insert("throughput", row_id.clone(), row),
                        None => return None,
                    })
                }),
            });
        }
    }
    speeds(resolved, &mut inputs);
    inputs
}

/// Speeds of served models behind products that ask for several things by date.
fn speeds(resolved: &Resolved, inputs: &mut Vec<Input>) {
    for (index, product) in resolved.products.pairs().filter(|(_, product)| product.asks.len() > 1) {
        let mut models: Vec<&str> = product.asks.iter().map(|ask| ask.served_model.as_str()).collect();
        models.sort_unstable();
        models.dedup();
        let rates = || resolved.rates.iter().filter_map(|of_chip| of_chip[index].as_ref());
        let band = rates().map(|rate| if rate.band > 0.0 { rate.band } else { band_of("stated") }).fold(0.0, f64::max);
        let Some(grade) = rates().map(|rate| rate.evidence).next() else { continue };
        for id in models {
            let path = format!("served_models.{id}.speed_factor");
            if inputs.iter().any(|input| input.path == path) {
                continue;
            }
            let edit_path = path.clone();
            let edit: Move = Box::new(move |plan, factor| Some(in_proportion(plan, &edit_path, 1.0, factor)));
            inputs.push(Input { path, value: 1.0, unit: "of its throughput on every chip", grade: grade.label().to_owned(), band, edit });
        }
    }
}
