//! Which numbers must give in an infeasible plan, in the planner's words.
//!
//! The least that must give is found by an elastic program (`solve::conflict`) and then tried on the
//! plan: with all of it given there is an answer, without any one part there is none, and no part can
//! do with a thousandth less. MW and rack positions of the same halls are two numbers with two units; a
//! share gives within its range. What cannot be confirmed is not shown.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::given::{Number, all_moved, changed, is_near};
use super::trial::{self, Trial};
use super::{Stated, whole};
use crate::formulation::program::Program;
use crate::results::Give;
use crate::solve::{SolveOptions, Status, conflict};
use crate::words::amount;

/// Longest time for confirming what must give.
const MOST: Duration = Duration::from_secs(20);
/// A part is needed to this share of it.
const NEAR: f64 = 1e-3;

/// A number and by how much it must give.
#[derive(Clone, Debug)]
struct Part {
    number: Number,
    value: f64,
    by: f64,
    /// Stands in coefficients: moved in the plan only.
    is_share: bool,
}

impl Part {
    /// The same part with another amount; no number of a plan falls below nothing.
    fn given(&self, by: f64) -> Self {
        Self { by: if self.value >= 0.0 { by.max(-self.value) } else { by }, ..self.clone() }
    }
}

/// The smallest set of limits that must give, and by how much.
pub(super) fn explain(stated: &Stated, cancel: Option<Arc<AtomicBool>>) -> Vec<Give> {
    let program = &stated.formulation.program;
    let options = SolveOptions { time_limit_s: Some(20.0), cancel: cancel.clone(), ..SolveOptions::default() };
    let conflict = match conflict::explain(program, &options) {
        Ok(conflict) => conflict,
        Err(reason) => {
            tracing::warn!("The conflict could not be explained: {reason}");
            return Vec::new();
        }
    };
    if conflict.gives.is_empty() && program.columns.iter().any(|column| column.whole) {
        return whole::in_the_way(stated, cancel.as_ref());
    }
    let mut gives: Vec<Give> = Vec::new();
    let mut parts: Vec<Part> = Vec::new();
    for give in &conflict.gives {
        let Some(limit) = give.member.limit.and_then(|limit| program.limits.get(limit as usize)) else {
            // A row that states no number: it has a name, and nothing that could be asked for.
            let path = give.member.name.clone();
            let sentence = format!("`{path}` stands in the way, and no number of the plan states it.");
            gives.push(Give { path, give: 0.0, unit: "", value: 0.0, sentence });
            continue;
        };
        let is_share = give.plan.is_none();
        let by = give.plan.or_else(|| of_share(stated, &conflict.point, give)).unwrap_or(0.0);
        let number = Number { path: limit.path.clone(), unit: limit.unit, value: Some(limit.value), period: None };
        match parts.iter_mut().find(|part| part.number == number) {
            // A share in several periods must give once, by the most.
            Some(known) if by.abs() > known.by.abs() => known.by = by,
            Some(_) => {}
            None => parts.push(Part { number, value: limit.value, by, is_share }),
        }
    }
    if !gives.is_empty() {
        return gives;
    }
    let mut trial = Trial::new(MOST, cancel);
    let Some(status) = confirm(stated, &mut trial, &mut parts) else {
        tracing::warn!("What must give could not be confirmed.");
        return Vec::new();
    };
    let mut gives: Vec<Give> = parts.iter().map(in_words).collect();
    if let (Status::Nothing, Some(last)) = (status, gives.last_mut()) {
        last.sentence.push_str(" Even then no tokens can be made.");
    }
    gives
}

/// By how much a share must give so that its row holds at the point of the elastic program.
fn of_share(stated: &Stated, point: &[f64], give: &conflict::Give) -> Option<f64> {
    let (_, slope) = stated.formulation.layout.slopes.iter().find(|(limit, _)| Some(*limit) == give.member.limit)?;
    let slope = slope.value(point);
    (slope.abs() > 1e-12).then(|| give.lp / slope)
}

/// The program with the parts given.
fn given(stated: &Stated, parts: &[Part]) -> Option<Program> {
    let mut plan = stated.plan.clone();
    let mut moves = Vec::new();
    for part in parts {
        if part.is_share {
            let give = |number: f64| if is_near(number, part.value) { (number + part.by).clamp(0.0, 1.0) } else { number };
            plan = changed(&plan, &part.number.path, &give)?;
        } else {
            moves.push((part.number.clone(), part.by));
        }
    }
    if parts.iter().any(|part| part.is_share) {
        let again = trial::restated(stated, &plan)?;
        let stated =
            Stated { plan, resolved: again.resolved, formulation: again.formulation, series: stated.series.clone(), build_ms: 0.0 };
        return all_moved(&stated, &moves);
    }
    all_moved(stated, &moves)
}

/// Tries the parts; leaves those that are needed, each in full. How the plan ends with them given;
/// `None` if they can't be confirmed.
fn confirm(stated: &Stated, trial: &mut Trial, parts: &mut Vec<Part>) -> Option<Status> {
    let mut is_enough = |parts: &[Part]| -> Option<bool> {
        match given(stated, parts) {
            Some(program) => trial.is_feasible(&program),
            None => Some(false),
        }
    };
    // The least, or a hair more where what is exactly enough is not enough to the solver's last digit.
    let mut is_given = false;
    for hair in [0.0, 1e-6, 1e-4, 5e-4, 0.02, 0.3] {
        let more: Vec<Part> = parts.iter().map(|part| part.given((1.0 + hair) * part.by)).collect();
        if is_enough(&more)? {
            *parts = more;
            is_given = true;
            break;
        }
    }
    if !is_given {
        return None;
    }
    let mut number = 0;
    while number < parts.len() && parts.len() > 1 {
        let mut without = parts.clone();
        without.remove(number);
        if is_enough(&without)? {
            *parts = without;
        } else {
            number += 1;
        }
    }
    for number in 0..parts.len() {
        let full = parts[number].by;
        let mut with = |share: f64, parts: &mut Vec<Part>| {
            parts[number].by = full * share;
            is_enough(parts)
        };
        let (mut low, mut high) = (0.0, 1.0);
        if with(1.0 - 0.9 * NEAR, parts)? {
            high = 1.0 - 0.9 * NEAR;
            while high > low * (1.0 + 0.5 * NEAR) && high > 1e-6 {
                let middle = 0.5 * (low + high);
                if with(middle, parts)? {
                    high = middle;
                } else {
                    low = middle;
                }
            }
        }
        parts[number].by = full * high;
    }
    // The last word has the plan solved from cold, as whoever tries it will do.
    trial.last_word(&given(stated, parts)?)
}

fn in_words(part: &Part) -> Give {
    let (path, unit) = (part.number.path.clone(), part.number.unit);
    let to = part.value + part.by;
    let way = if part.by > 0.0 { "rise" } else { "fall" };
    let what = if part.number.is_halls() {
        format!("`{path}`: {}", if unit == "racks" { "rack positions" } else { "power" })
    } else {
        format!("`{path}`")
    };
    let sentence = format!("{what} must {way} by {} {unit} (from {} to {}).", amount(part.by.abs()), amount(part.value), amount(to));
    Give { path, give: part.by, unit, value: part.value, sentence }
}
