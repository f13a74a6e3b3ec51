//! What one more of a limit brings and what one less costs, confirmed by solving with it.
//!
//! A dual is one of many where the answer is degenerate, and it is of one row where the plan's number
//! may stand in several. So the plan's own number is moved a little up and a little down, wherever it
//! stands, and the goal is solved again: the first goal by itself, money with the first goal kept where
//! it is. Where both sides agree the worth is a fact; where they don't, both are said. The ends of its
//! range are tried too.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::HOT_COLUMNS;
use super::Stated;
use super::given::{Number, is_near};
use super::trial::{Trial, kept};
use crate::formulation::program::Phase;
use crate::results::{Binding, Results, marginal};

/// Limits that are looked at: the most valuable ones.
const MOST: usize = 24;
/// Both sides agree to this share.
const AGREE: f64 = 1e-3;
/// Goals are solved to this share of their value.
const EXACT: f64 = 1e-9;

/// Confirms the worths of the most valuable limits within a time. What is not reached stays an estimate.
pub(super) fn confirm(stated: &Stated, results: &mut Results, most: Duration, cancel: Option<Arc<AtomicBool>>) {
    let program = &stated.formulation.program;
    if program.columns.len() > HOT_COLUMNS || program.phases.is_empty() {
        return;
    }
    merge(stated, results);
    let mut bench = Bench { stated, trial: Trial::new(most, cancel), money: None, goals: Vec::new() };
    if bench.start().is_none() {
        return;
    }
    let unit = program.phases.first().map_or("", |phase| phase.goal.unit);
    let mut looked_at = 0;
    for binding in &mut results.binding {
        if !binding.stable || (binding.dual == 0.0 && binding.dual_musd.unwrap_or(0.0) == 0.0) {
            continue;
        }
        if looked_at >= MOST || bench.trial.is_over() {
            break;
        }
        looked_at += 1;
        bench.confirm(binding);
        binding.sentence = marginal::sentence(binding, unit);
    }
}

/// A number that can't be dated binds in several periods at once: its worth is the sum over the run.
fn merge(stated: &Stated, results: &mut Results) {
    let number = |binding: &Binding| Number {
        path: binding.path.clone(),
        unit: binding.limit_unit,
        value: Some(binding.limit),
        period: binding.period_index.map(|period| period as u32),
    };
    let whole = |binding: &Binding| Number { period: None, ..number(binding) };
    let mut kept: Vec<Binding> = Vec::new();
    for binding in std::mem::take(&mut results.binding) {
        let known = kept.iter_mut().find(|known| {
            known.path == binding.path
                && known.limit_unit == binding.limit_unit
                && is_near(known.limit, binding.limit)
                && binding.period_index.is_some()
        });
        let Some(known) = known else {
            kept.push(binding);
            continue;
        };
        let is_dated = number(&binding).step(stated, &stated.plan, binding.period_index.unwrap_or(0), 0.0).is_some();
        if is_dated || whole(&binding).edited(stated, &stated.plan, 0.0).is_none() {
            kept.push(binding);
            continue;
        }
        known.dual += binding.dual;
        known.dual_musd = known.dual_musd.zip(binding.dual_musd).map(|(known, more)| known + more);
        known.limit_index = None;
        known.range = None;
        if known.period_index.is_some() {
            known.period_index = None;
            known.period = String::new();
        }
    }
    results.binding = kept;
}

struct Bench<'a> {
    stated: &'a Stated,
    trial: Trial,
    /// The phase of money, and its sign towards a cost.
    money: Option<(usize, f64)>,
    /// What each goal reaches now, and its phase.
    goals: Vec<(Phase, f64)>,
}

/// Slopes of a goal to both sides, per unit of the number.
#[derive(Clone, Copy, Debug, Default)]
struct Slopes {
    more: Option<f64>,
    less: Option<f64>,
    noise: f64,
}

impl Slopes {
    fn agree(&self) -> bool {
        self.more.zip(self.less).is_some_and(|(more, less)| (more - less).abs() <= AGREE * more.abs().max(less.abs()) + self.noise)
    }

    /// A slope that is noise is none.
    fn clean(&self, slope: f64) -> f64 {
        if slope.abs() <= 2.0 * self.noise { 0.0 } else { slope }
    }
}

impl Bench<'_> {
    fn start(&mut self) -> Option<()> {
        let program = &self.stated.formulation.program;
        for (number, phase) in program.phases.iter().enumerate() {
            if self.money.is_none() && number > 0 && matches!(phase.goal.name, "cost" | "npv" | "npv_after_tax") {
                self.money = Some((number, if phase.goal.name == "cost" { 1.0 } else { -1.0 }));
            }
        }
        let last = self.money.map_or(0, |(number, _)| number);
        for number in 0..=last {
            let held: Vec<(&Phase, f64)> = self.goals.iter().map(|(phase, value)| (phase, kept(phase, *value))).collect();
            let value = self.trial.goal(program, number, &held)?;
            let phase = program.phases.get(number)?.clone();
            self.goals.push((phase, value));
        }
        Some(())
    }

    /// A goal with the number moved, the goals before it kept where they are.
    fn goal(&mut self, goal: usize, number: &Number, by: f64) -> Option<f64> {
        let program = number.moved(self.stated, by)?;
        let held: Vec<(&Phase, f64)> = self.goals.iter().take(goal).map(|(phase, value)| (phase, kept(phase, *value))).collect();
        self.trial.goal(&program, goal, &held)
    }

    fn slopes(&mut self, goal: usize, number: &Number, limit: f64, dual: f64, room: [f64; 2]) -> Slopes {
        let now = self.goals[goal].1;
        let size = limit.abs().max(1e-3);
        let scale = now.abs().max(1e-6);
        // A step that shows, and stays within the range where it has room.
        let shows = if dual == 0.0 { 1e-3 * size } else { (1e-5 * scale / dual.abs()).clamp(1e-6 * size, 1e-2 * size) };
        let within = |room: f64| if room > 1e-6 * size { shows.min(0.5 * room) } else { shows };
        let (up, down) = (within(room[1]), within(room[0]));
        let more = self.goal(goal, number, up).map(|value| (value - now) / up);
        let less = if limit - down < 0.0 { None } else { self.goal(goal, number, -down).map(|value| (now - value) / down) };
        let noise = EXACT * scale / up.min(down);
        let mut slopes = Slopes { more, less, noise };
        // Where a replica no longer fits the goal jumps: the smaller the step, the steeper. A jump has no
        // worth of one less, so none is said.
        if !slopes.agree()
            && let Some(slope) = less
            && self.goal(goal, number, -0.1 * down).is_none_or(|value| {
                let steeper = ((now - value) / (0.1 * down)).abs();
                steeper > (1.0 + AGREE) * slope.abs() + 10.0 * noise
            })
        {
            slopes.less = None;
        }
        slopes
    }

    fn confirm(&mut self, binding: &mut Binding) {
        let number = Number {
            path: binding.path.clone(),
            unit: binding.limit_unit,
            value: Some(binding.limit),
            period: binding.period_index.map(|period| period as u32),
        };
        let room = binding.range.map_or([0.0; 2], |[from, to]| [binding.limit - from, to - binding.limit]);
        let first = self.slopes(0, &number, binding.limit, binding.dual, room);
        let money = match (self.money, binding.dual_musd) {
            (Some((phase, sign)), Some(dual)) if binding.dual_musd.is_some() => {
                let slopes = self.slopes(phase, &number, binding.limit, dual, [0.0; 2]);
                Some(Slopes { more: slopes.more.map(|more| sign * more), less: slopes.less.map(|less| sign * less), noise: slopes.noise })
            }
            _ => None,
        };
        let Some(more) = first.more else {
            // It can't be tried: an estimate, without a range.
            binding.range = None;
            return;
        };
        let before = binding.dual;
        binding.dual = first.clean(more);
        let is_same = first.agree();
        binding.less = first.less.filter(|_| !is_same).map(|less| first.clean(less));
        let mut is_money_same = true;
        if let Some(money) = money {
            // With less of it the first goal may not be had at all; then money says nothing of that side.
            binding.dual_musd = money.more.map(|more| money.clean(more));
            is_money_same = money.agree() || (money.less.is_none() && money.more.is_none_or(|more| money.clean(more) == 0.0));
            binding.less_musd = money.less.filter(|_| !money.agree()).map(|less| money.clean(less));
        }
        // What the time did not do for is no fact.
        binding.fact = is_same && is_money_same && !self.trial.is_over();
        let is_its_own = (before - binding.dual).abs() <= AGREE * before.abs().max(binding.dual.abs());
        binding.range = if is_same && is_its_own { self.range(binding, &number) } else { None };
    }

    /// The range with its ends tried, drawn in where they don't hold.
    fn range(&mut self, binding: &Binding, number: &Number) -> Option<[f64; 2]> {
        let [from, to] = binding.range?;
        let now = self.goals[0].1;
        let mut end = |room: f64, way: f64| -> f64 {
            if !room.is_finite() {
                return room;
            }
            let mut by = room;
            for _ in 0..4 {
                if by <= 1e-6 * binding.limit.abs() {
                    return 0.0;
                }
                let foretold = now + way * by * binding.dual;
                let near = AGREE * (binding.dual * by).abs() + 10.0 * EXACT * now.abs();
                if self.goal(0, number, way * by).is_some_and(|value| (value - foretold).abs() <= near) {
                    return by;
                }
                by *= 0.5;
            }
            0.0
        };
        let (back, forth) = (end(binding.limit - from, -1.0), end(to - binding.limit, 1.0));
        (back > 0.0 || forth > 0.0).then_some([binding.limit - back, binding.limit + forth])
    }
}
