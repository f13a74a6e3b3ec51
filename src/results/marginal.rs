//! What binds, and what one more MW, chip or dollar is worth.
//!
//! Rows of one limit in one period (an interconnect's slices, say) are one number to the planner:
//! their duals are summed. The worth is the change of the first goal per unit of the plan's number,
//! and of cost at the tokens reached, where cost is a later goal.

use std::collections::BTreeMap;

use super::{Binding, Results};
use crate::formulation::program::NO_INDEX;
use crate::formulation::{FAMILIES, Formulation};
use crate::plan::Plan;
use crate::resolved::Resolved;
use crate::solve::range::helps;
use crate::solve::{Outcome, PhaseOutcome};
use crate::words::{musd, short, subject, with_unit};

/// Worth below which a limit does not bind, relative to the largest goal value.
const NOTHING: f64 = 1e-9;

#[derive(Default, Clone)]
struct Worth {
    family: &'static str,
    limit: f64,
    limit_unit: &'static str,
    first: f64,
    cost: f64,
    /// Limits of the program with this path, unit and period.
    limits: Vec<u32>,
}

/// The limits that bind, the most valuable first.
pub(super) fn binding(plan: &Plan, resolved: &Resolved, formulation: &Formulation, outcome: &Outcome, results: &Results) -> Vec<Binding> {
    let program = &formulation.program;
    let Some(first) = outcome.phases.first().filter(|phase| !phase.row_duals.is_empty()) else { return Vec::new() };
    let cost =
        outcome.phases.iter().skip(1).find(|phase| matches!(phase.name, "cost" | "npv" | "npv_after_tax") && !phase.row_duals.is_empty());
    // Less value is a cost.
    let is_npv = cost.is_some_and(|phase| phase.name != "cost");
    let cost_sign = if is_npv { -1.0 } else { 1.0 };
    let slope = |limit: u32, per_plan: f64| {
        let of_share = formulation.layout.slopes.iter().find(|(of, _)| *of == limit);
        of_share.map_or(per_plan, |(_, slope)| slope.value(&outcome.point))
    };
    let mut worths: BTreeMap<(String, &'static str, u32), Worth> = BTreeMap::new();
    let mut note = |limit_index: u32, family: &'static str, period: u32, first: f64, cost: f64| {
        let Some(limit) = program.limits.get(limit_index as usize) else { return };
        let factor = slope(limit_index, limit.lp_per_plan);
        let worth = worths.entry((limit.path.clone(), limit.unit, period)).or_default();
        worth.family = family;
        worth.limit = limit.value;
        worth.limit_unit = limit.unit;
        worth.first += first * factor;
        worth.cost += cost_sign * cost * factor;
        if !worth.limits.contains(&limit_index) {
            worth.limits.push(limit_index);
        }
    };
    let row_dual = |phase: Option<&PhaseOutcome>, row: usize| phase.and_then(|phase| phase.row_duals.get(row)).copied().unwrap_or(0.0);
    for (index, row) in program.rows.iter().enumerate() {
        if let Some(limit) = row.limit {
            let (of_first, of_cost) = (row_dual(Some(first), index), row_dual(cost, index));
            if of_first != 0.0 || of_cost != 0.0 {
                note(limit, row.family, row.key.period, of_first, of_cost);
            }
        }
    }
    // A reduced cost is the worth of the upper bound only with the sign of a bound that holds something
    // back: with the other one the phase had the column at its lower bound, and a later phase, to which
    // the segments of a market are not alike, has moved it.
    let column_dual = |phase: Option<&PhaseOutcome>, column: usize| {
        let dual = phase.and_then(|phase| phase.column_duals.get(column)).copied().unwrap_or(0.0);
        let sense = phase.and_then(|phase| program.phases.iter().find(|stated| stated.goal.name == phase.name)).map(|stated| stated.sense);
        let fixed = program.columns.get(column).is_some_and(|column| column.lower == column.upper);
        let holds_back = sense.is_none_or(|sense| helps(sense, dual));
        if fixed || holds_back { dual } else { 0.0 }
    };
    for (index, column) in program.columns.iter().enumerate() {
        let Some(limit) = column.limit else { continue };
        let value = outcome.point.get(index).copied().unwrap_or(0.0);
        // A reduced cost is the worth of the bound only where the column stands at it.
        let at_upper = column.upper.is_finite() && value >= column.upper - 1e-7 * column.upper.abs().max(1.0) && value > 1e-12;
        if at_upper {
            note(limit, family_of_column(column.key.noun), column.key.period, column_dual(Some(first), index), column_dual(cost, index));
        }
    }
    let first_unit = program.phases.first().map_or("", |phase| phase.goal.unit);
    let first_scale = outcome.phases.first().map_or(1.0, |phase| phase.value.abs().max(1e-9));
    let cost_scale = cost.map_or(1.0, |phase| phase.value.abs().max(1e-9));
    // What rounding leaves of a worth is nothing, also beside one in the other goal that is something.
    let told = |worth: f64, limit: f64, scale: f64| if worth.abs() * limit.abs().max(1.0) > NOTHING * scale { worth } else { 0.0 };
    let mut bindings: Vec<Binding> = worths
        .into_iter()
        .map(|(key, worth)| {
            let (first, cost) = (told(worth.first, worth.limit, first_scale), told(worth.cost, worth.limit, cost_scale));
            (key, Worth { first, cost, ..worth })
        })
        .filter(|(_, worth)| worth.first != 0.0 || worth.cost != 0.0)
        .map(|((path, _, period), worth)| {
            let period_index = (period != NO_INDEX).then_some(period as usize);
            let label = period_index.and_then(|index| results.periods.get(index)).map_or_else(String::new, |period| period.label.clone());
            let entry = FAMILIES.iter().find(|entry| entry.name == worth.family);
            let site = site_of(resolved, &path);
            let mut binding = Binding {
                subject: subject(plan, &path),
                path,
                period: label,
                period_index,
                site,
                family: worth.family,
                limit: worth.limit,
                limit_unit: worth.limit_unit,
                dual: worth.first,
                unit: format!("{first_unit} per {}", one(worth.limit_unit)),
                less: None,
                dual_musd: cost.map(|_| worth.cost),
                less_musd: None,
                is_npv,
                range: None,
                limit_index: match worth.limits.as_slice() {
                    [one] => Some(*one),
                    _ => None,
                },
                stable: entry.is_none_or(|entry| entry.fact) && !outcome.whole,
                // Until it is confirmed by solving with it.
                fact: false,
                sentence: String::new(),
            };
            binding.sentence = sentence(&binding, first_unit);
            binding
        })
        .collect();
    let weight = |binding: &Binding| {
        binding.dual.abs() * binding.limit.abs().max(1.0) / first_scale
            + 1e-3 * binding.dual_musd.unwrap_or(0.0).abs() * binding.limit.abs().max(1.0) / cost_scale
    };
    bindings.sort_by(|a, b| {
        weight(b).total_cmp(&weight(a)).then_with(|| a.path.cmp(&b.path)).then_with(|| a.period_index.cmp(&b.period_index))
    });
    bindings
}

fn family_of_column(noun: &str) -> &'static str {
    match noun {
        "sold" => "demand",
        "rented" | "bought" => "sourcing",
        _ => "contract_terms",
    }
}

/// The site a limit belongs to.
fn site_of(resolved: &Resolved, path: &str) -> Option<usize> {
    let mut parts = path.split('.');
    let (kind, id) = (parts.next()?, parts.next()?);
    let position = |wanted: &str| resolved.places.iter().position(|place| place.id == wanted && place.site.is_some());
    match kind {
        "sites" => position(id),
        "contracts" => {
            let contract = resolved.contracts.iter().find(|contract| contract.id == id)?;
            position(&resolved.places[contract.place].id)
        }
        _ => None,
    }
}

/// The unit of one.
pub fn one(unit: &str) -> &str {
    match unit {
        "chips" => "chip",
        "halls" => "hall",
        "racks" => "rack",
        "tasks/day" => "task a day",
        unit => unit,
    }
}

/// How far the worth holds, each side.
fn holds(binding: &Binding) -> String {
    let Some([from, to]) = binding.range else { return String::new() };
    let factor = if binding.limit_unit == "share" { 100.0 } else { 1.0 };
    let unit = if binding.limit_unit == "share" { "points" } else { binding.limit_unit };
    let side = |room: f64, way: &str| {
        if room > 1e-9 * binding.limit.abs() && room.is_finite() {
            Some(format!("for up to {} {unit} {way}", short(room * factor)))
        } else {
            None
        }
    };
    let (more, less) = (side(to - binding.limit, "more"), side(binding.limit - from, "less"));
    match (more, less) {
        (None, None) if to.is_infinite() && from.is_infinite() => " It holds as far as the plan can go.".to_owned(),
        (Some(more), _) if binding.dual >= 0.0 => format!(" It holds {more}."),
        (_, Some(less)) if binding.dual < 0.0 => format!(" It holds {less}."),
        (Some(far), None) | (None, Some(far)) => format!(" It holds {far}."),
        _ if to.is_infinite() => " It holds as far as the plan can go.".to_owned(),
        _ => String::new(),
    }
}

/// The sentence of a binding limit; again after its range has become known.
pub fn sentence(binding: &Binding, first_unit: &str) -> String {
    let when = if binding.period.is_empty() { String::new() } else { format!(" in {}", binding.period) };
    let (step, factor) = if binding.limit_unit == "share" {
        ("One percentage point".to_owned(), 0.01)
    } else {
        (format!("One {} more", one(binding.limit_unit)), 1.0)
    };
    // The second goal's money: cost, or NPV.
    let money = |cost: f64| match (binding.is_npv, cost < 0.0) {
        (false, true) => format!("{} less cost", musd(-cost)),
        (false, false) => format!("{} more cost", musd(cost)),
        (true, true) => format!("{} more NPV", musd(-cost)),
        (true, false) => format!("{} less NPV", musd(cost)),
    };
    let both = |first: Option<String>, cost: Option<f64>| {
        let worth: Vec<String> = first.into_iter().chain(cost.filter(|cost| *cost != 0.0).map(|cost| money(cost * factor))).collect();
        if worth.is_empty() { "nothing".to_owned() } else { worth.join(", or at the same tokens ") }
    };
    let some = |first: f64| (first != 0.0).then(|| with_unit(first * factor, first_unit));
    let hedge = if binding.fact || binding.less.is_some() || binding.less_musd.is_some() { "" } else { "about " };
    let more = format!("{step} of {}{when} is worth {hedge}{}", binding.subject, both(some(binding.dual), binding.dual_musd));
    if binding.less.is_some() || binding.less_musd.is_some() {
        // Another pattern of use is the best on the other side.
        let (first, cost) = (binding.less.unwrap_or(binding.dual), binding.less_musd.or(binding.dual_musd));
        let way = if first < 0.0 { "brings" } else { "takes" };
        // Money the other way round: what one more saves, one less costs.
        let less = both(some(first.abs()), cost.map(|cost| -cost));
        return format!("{more}; one less {way} {less}.");
    }
    format!("{more}.{}", holds(binding))
}
