//! What one more of a limit is said to bring, and what one less is said to take, by moving the plan's own
//! number: the first goal alone, and money with the goals before it kept where they are.

use tokenworks::formulation::program::{Col, Phase, Program, Row, Sense};
use tokenworks::plan::{Plan, path};
use tokenworks::resolved::{Ix as _, PeriodIx, Series};
use tokenworks::results::{Binding, Results};
use tokenworks::solve::{SolveOptions, solve};
use tokenworks::study::Stated;

use super::{Counts, NEAR, is_near, set, stated, with_numbers};

/// The plan's number moved in the binding's period.
fn moved(plan: &Plan, stated: &Stated, binding: &Binding, by: f64) -> Option<Plan> {
    let Some(period) = binding.period_index else {
        // A need in chip hours is moved in proportion.
        let is_hours = path::get(plan, &binding.path)?.starts_with("ChipHours");
        let moved = |number: f64| if is_hours { number * (binding.limit + by) / binding.limit } else { number + by };
        return with_numbers(plan, &binding.path, &moved);
    };
    let periods = &stated.resolved.calendar.periods;
    let start = periods[PeriodIx::new(period)].start.to_string();
    let node = path::node_at(plan, &binding.path)?;
    let dates = node.children();
    let in_force = dates
        .iter()
        .filter(|date| **date <= start || *date == "start")
        .max_by_key(|date| if *date == "start" { "" } else { date.as_str() });
    let text = in_force.map_or_else(|| Some(node.tree().inline()), |date| node.child(date).map(|step| step.tree().inline()))?;
    let number: f64 = text.parse().ok()?;
    if !is_near(number, binding.limit) {
        return None;
    }
    let mut plan = plan.clone();
    if let Some(next) = periods.get(PeriodIx::new(period + 1)).map(|next| next.start.to_string())
        && !dates.iter().any(|date| *date > start && *date <= next && date != "start")
    {
        plan = set(&plan, &format!("{}.{next}", binding.path), &text)?;
    }
    match set(&plan, &format!("{}.{start}", binding.path), &format!("{:?}", number + by)) {
        Some(plan) => Some(plan),
        None if periods.len() == 1 => set(&plan, &binding.path, &format!("{:?}", number + by)),
        None => None,
    }
}

/// What later goals must leave of an earlier one.
fn keeping(program: &Program, phase: &Phase, value: f64) -> Row {
    let give = phase.tolerance * value.abs();
    let (lower, upper) = match phase.sense {
        Sense::Maximise => (value - give - phase.goal.constant, f64::INFINITY),
        Sense::Minimise => (f64::NEG_INFINITY, value + give - phase.goal.constant),
    };
    let mut terms: Vec<(Col, f64)> = Vec::new();
    let mut sorted = phase.goal.terms.clone();
    sorted.sort_by_key(|(col, _)| *col);
    for (col, coefficient) in sorted {
        match terms.last_mut() {
            Some((last, sum)) if *last == col => *sum += coefficient,
            _ => terms.push((col, coefficient)),
        }
    }
    let mut key = program.rows[0].key;
    key.noun = "kept";
    Row { key, family: "objective", terms, lower, upper, limit: None, scale: 1.0 }
}

/// The goals of a plan up to one of them, each with those before it kept.
struct Goals {
    kept: Vec<(Phase, f64)>,
}

impl Goals {
    /// A goal of a plan with those before it kept where the plan itself has them.
    fn of(&self, plan: &Plan, series: &Series, goal: usize) -> Option<f64> {
        let program = &mut stated(plan, series)?.formulation.program;
        for (phase, value) in self.kept.iter().take(goal) {
            // The same goal in the moved plan's own terms.
            let own = program.phases.iter().find(|own| own.goal.name == phase.goal.name)?.clone();
            let row = keeping(program, &own, *value);
            program.rows.push(row);
        }
        program.phases = vec![program.phases.get(goal)?.clone()];
        let outcome = solve(program, &SolveOptions::default());
        outcome.has_point().then(|| outcome.phases[0].value)
    }
}

/// Tries what is said of each limit.
pub(super) fn tried(name: &str, plan: &Plan, series: &Series, results: &Results, base: &Stated, counts: &mut Counts) {
    let phases = &base.formulation.program.phases;
    let money = phases.iter().skip(1).position(|phase| matches!(phase.goal.name, "cost" | "npv")).map(|number| number + 1);
    let mut goals = Goals { kept: Vec::new() };
    let Some(first) = goals.of(plan, series, 0) else { return };
    goals.kept.push((phases[0].clone(), first));
    let reached: Option<Vec<f64>> = money.map(|money| {
        for (number, phase) in phases.iter().enumerate().take(money).skip(1) {
            let value = goals.of(plan, series, number).unwrap_or(f64::NAN);
            goals.kept.push((phase.clone(), value));
        }
        vec![first, goals.of(plan, series, money).unwrap_or(f64::NAN)]
    });
    for binding in results.binding.iter().filter(|binding| binding.fact || binding.less.is_some() || binding.less_musd.is_some()) {
        let what = format!("{name} {} {}", binding.path, binding.period);
        let at = |goal: usize, by: f64| moved(plan, base, binding, by).and_then(|plan| goals.of(&plan, series, goal));
        let claim = Claim { binding, now: first, more: binding.dual, less: binding.less.unwrap_or(binding.dual), sign: 1.0 };
        claim.tried(["marginal more", "marginal less"], &what, &|by| at(0, by), counts);
        if let (Some(number), Some(reached), Some(dual)) = (money, &reached, binding.dual_musd) {
            let sign = if binding.is_npv { -1.0 } else { 1.0 };
            let claim = Claim { binding, now: reached[1], more: dual, less: binding.less_musd.unwrap_or(dual), sign };
            claim.tried(["money more", "money less"], &what, &|by| at(number, by), counts);
        }
    }
}

/// What is said of a limit and one goal.
struct Claim<'b> {
    binding: &'b Binding,
    now: f64,
    more: f64,
    less: f64,
    sign: f64,
}

impl Claim<'_> {
    fn tried(&self, kinds: [&'static str; 2], what: &str, at: &dyn Fn(f64) -> Option<f64>, counts: &mut Counts) {
        let (binding, now) = (self.binding, self.now);
        let size = binding.limit.abs().max(1e-3);
        let [from, to] = binding.range.unwrap_or([binding.limit, binding.limit]);
        let room = |room: f64| if room > 1e-6 * size { Some(0.5 * room) } else { None };
        for (kind, way, said, room) in
            [(kinds[0], 1.0, self.more, room(to - binding.limit)), (kinds[1], -1.0, self.less, room(binding.limit - from))]
        {
            let shows = if said == 0.0 { 1e-3 * size } else { (1e-5 * now.abs() / said.abs()).clamp(1e-6 * size, 1e-2 * size) };
            let by = room.map_or(shows, |room| room.min(shows));
            let Some(then) = at(way * by) else { continue };
            let slope = way * self.sign * (then - now) / by;
            let holds = (slope - said).abs() <= NEAR * said.abs() + 5e-9 * now.abs() / by;
            counts.count(kind, holds, || format!("{what}: {slope} against {said}: {}", binding.sentence));
        }
    }
}
