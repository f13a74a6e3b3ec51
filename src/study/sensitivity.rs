//! Which inputs' error would move the answer most: every sourced number of the plan is moved by the
//! uncertainty of its grade, down and up, and the plan is solved again through a hot session.
//!
//! The uncertainties of catalog grades are this program's stated defaults ([`band_of`]); throughput
//! brings its own band from the model's validation.

use super::{Options, state};
use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::plan::edit::{Edit, apply, get};
use crate::scenario::rates::GTOK_PER_HOUR_PER_THOUSAND;
use crate::scenario::{Scenario, Series};
use crate::solve::session::Session;

/// What an input's error does to the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// Where the number stands, or would stand, in the plan.
    pub path: String,
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// Its grade.
    pub grade: String,
    /// ± share it was moved by.
    pub band: f64,
    /// Change of the first goal with the number lower and higher, as a share of the goal.
    pub first: [f64; 2],
    /// Change of cost with the number lower and higher, M$.
    pub cost_musd: [f64; 2],
}

impl Effect {
    /// The larger of the two changes of the first goal.
    #[must_use]
    pub fn size(&self) -> f64 {
        self.first.iter().map(|change| change.abs()).fold(0.0, f64::max)
    }
}

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
type Move = Box<dyn Fn(&Plan, f64) -> Option<Edit>>;

/// A number and how to move it by a factor.
struct Input {
    path: String,
    value: f64,
    unit: &'static str,
    grade: String,
    band: f64,
    edit: Move,
}

/// The effects of all sourced inputs, the largest first.
///
/// # Errors
/// What is wrong with the plan.
pub fn sensitivity(plan: &Plan, series: &Series, options: &Options) -> Result<Vec<Effect>, Vec<Diagnostic>> {
    let stated = state(plan, series, options)?;
    let mut session = Session::new();
    let base = session.solve(&stated.formulation.program, options.cancel.clone());
    let value = |outcome: &crate::solve::Outcome, name: Option<&str>| match name {
        None => outcome.phases.first().map(|phase| phase.value),
        Some(name) => outcome.phase(name).map(|phase| phase.value),
    };
    let Some(first) = value(&base, None).filter(|first| first.abs() > 1e-12 && base.has_point()) else { return Ok(Vec::new()) };
    let cost = value(&base, Some("cost")).unwrap_or(0.0);
    let mut effects = Vec::new();
    for input in inputs(&stated.scenario) {
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
            if let (Some(of_cost), Some(slot)) = (value(&outcome, Some("cost")), effect.cost_musd.get_mut(side)) {
                *slot = of_cost - cost;
            }
        }
        effects.push(effect);
    }
    effects.sort_by(|a, b| b.size().total_cmp(&a.size()).then_with(|| a.path.cmp(&b.path)));
    Ok(effects)
}

fn inputs(scenario: &Scenario) -> Vec<Input> {
    let mut inputs: Vec<Input> = Vec::new();
    for assumption in scenario.assumptions.iter().filter(|assumption| assumption.path.starts_with("chips.") && assumption.value != 0.0) {
        let (path, value) = (assumption.path.clone(), assumption.value);
        let edit_path = path.clone();
        inputs.push(Input {
            path,
            value,
            unit: assumption.unit,
            grade: assumption.grade.clone(),
            band: band_of(&assumption.grade),
            edit: Box::new(move |_, factor| Some(Edit::set_number(edit_path.clone(), value * factor))),
        });
    }
    for (chip_index, chip) in scenario.chips.pairs() {
        for (product_index, product) in scenario.products.pairs() {
            let Some(rate) = &scenario.rates[chip_index][product_index] else { continue };
            let band = if rate.band > 0.0 { rate.band } else { band_of("stated") };
            let (prefill, decode) = (rate.prefill / GTOK_PER_HOUR_PER_THOUSAND, rate.decode / GTOK_PER_HOUR_PER_THOUSAND);
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
                        "(chip: {chip_id:?}, product: {product_id:?}, prefill_tok_per_s: {:?}, decode_tok_per_s: {:?})",
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
    inputs
}
