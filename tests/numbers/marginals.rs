//! What one more unit is worth, checked by moving the plan's own number and solving again.
//!
//! The best tokens are concave in any limit and the least cost is convex. So a dual is right if and
//! only if it lies between the changes to the two sides; inside its stated range it must be the change
//! itself, and past the range's ends the worth must not grow. Cost at the tokens reached is solved as
//! a plan that asks for just so many tokens at the least cost.

use std::collections::BTreeMap;

use tokenworks::plan::edit::{Edit, apply};
use tokenworks::plan::{Plan, file};
use tokenworks::resolved::Series;
use tokenworks::results::{Binding, Results, Status};
use tokenworks::study::{self, Options};

use crate::sketch::phase;

/// Limits looked at in each plan, at least.
const LEAST: usize = 10;
/// And at most.
const MOST: usize = 24;
/// How near a change must come to its dual, relative to it.
const NEAR: f64 = 1e-4;

fn set(plan: &Plan, path: &str, value: &str) -> Option<Plan> {
    let mut plan = plan.clone();
    apply(&mut plan, &Edit::Set { path: path.into(), value: value.into() }).ok()?;
    Some(plan)
}

fn solved(plan: &Plan, ranges: bool) -> Option<Results> {
    let answer = study::answer(plan, &Series::default(), &Options { ranges, ..Options::default() });
    let results = answer.results?;
    (results.status == Status::Optimal && results.certificate.checked).then(|| (*results).clone())
}

/// A number of the plan that limits, in one period or in all of them.
struct Number {
    path: String,
    /// Month of the step, and of the step after it that must stay.
    months: Option<(String, Option<String>)>,
    limit: f64,
    tokens: f64,
    cost: f64,
    range: Option<[f64; 2]>,
}

impl Number {
    /// The plan with this number at another value.
    fn moved(&self, plan: &Plan, value: f64) -> Option<Plan> {
        let text = format!("{value:?}");
        match &self.months {
            None => set(plan, &self.path, &text),
            Some((month, next)) => {
                let kept = match next {
                    Some(next) => set(plan, &format!("{}.{next}", self.path), &format!("{:?}", self.limit))?,
                    None => plan.clone(),
                };
                set(&kept, &format!("{}.{month}", self.path), &text)
            }
        }
    }
}

/// The plan's numbers that bind, as far as they are plain numbers of the plan.
fn numbers(plan: &Plan, base: &Results) -> Vec<Number> {
    let mut by_path: BTreeMap<&str, Vec<&Binding>> = BTreeMap::new();
    for binding in base.binding.iter().filter(|binding| binding.limit_unit != "share") {
        by_path.entry(&binding.path).or_default().push(binding);
    }
    let mut numbers = Vec::new();
    for (path, bindings) in by_path {
        let sum = |of: &dyn Fn(&Binding) -> f64| bindings.iter().map(|binding| of(binding)).sum::<f64>();
        let cost = |binding: &Binding| binding.dual_musd.unwrap_or(0.0);
        let steps = set(plan, &format!("{path}.{}", base.periods[0].start), "1.0").is_some();
        if steps {
            for binding in &bindings {
                let Some(period) = binding.period_index else { continue };
                // A step of another month would be moved instead.
                let next = base.periods.get(period + 1).map(|next| next.start.to_string());
                // The number after this period stays what it was, where it is the same one.
                let number = Number {
                    path: path.to_owned(),
                    months: Some((base.periods[period].start.to_string(), next.filter(|next| !plan_has_step(plan, path, next)))),
                    limit: binding.limit,
                    tokens: binding.dual,
                    cost: cost(binding),
                    range: binding.range,
                };
                numbers.push(number);
            }
        } else if set(plan, path, "1.0").is_some() && bindings.iter().all(|binding| (binding.limit - bindings[0].limit).abs() < 1e-9) {
            numbers.push(Number {
                path: path.to_owned(),
                months: None,
                limit: bindings[0].limit,
                tokens: sum(&|binding| binding.dual),
                cost: sum(&cost),
                range: if bindings.len() == 1 { bindings[0].range } else { None },
            });
        }
    }
    numbers
}

/// Whether a dated number has a step of its own in a month: removing it works only then.
fn plan_has_step(plan: &Plan, path: &str, month: &str) -> bool {
    apply(&mut plan.clone(), &Edit::Remove { path: format!("{path}.{month}") }).is_ok()
}

/// Checks one plan; gives how many limits were checked, and how many of them met their dual on both sides.
fn check(plan: &Plan) -> (usize, usize, usize, usize) {
    let plan = &set(plan, "objective", "[MaxTokens, MinCost]").and_then(|plan| set(&plan, "tolerance_fraction", "0.000001")).unwrap();
    let base = solved(plan, true).unwrap();
    let best = phase(&base, "tokens");
    // A thousandth of the tokens may be given away, so that a limit can move both ways at the same tokens.
    let eased = solved(&set(plan, "tolerance_fraction", "0.001").unwrap(), false).unwrap();
    let target = best * (1.0 - 1e-3);
    let asked = set(plan, "objective", &format!("[MinCostForTtok({target:?})]")).unwrap();
    let cost = phase(&solved(&asked, false).unwrap(), "cost");
    assert!((cost - phase(&eased, "cost")).abs() <= 1e-7 * cost);
    let tokens_at = |number: &Number, value: f64| solved(&number.moved(plan, value)?, false).map(|results| phase(&results, "tokens"));
    let cost_at = |number: &Number, value: f64| solved(&number.moved(&asked, value)?, false).map(|results| phase(&results, "cost"));
    let (mut checked, mut straight, mut ends, mut priced) = (0, 0, 0, 0);
    for number in numbers(plan, &base).into_iter().take(MOST) {
        let size = number.limit.abs().max(1e-3);
        if number.tokens.abs() * size > 1e-6 * best {
            // A step that shows: a hundred-thousandth of the tokens, within the range where it has room.
            let shows = (1e-5 * best / number.tokens.abs()).min(0.02 * size);
            let [from, to] = number.range.unwrap_or([number.limit, number.limit]);
            let room = |room: f64| if room > 1e-9 * size { shows.min(room * 0.5) } else { shows };
            let (up, down) = (room(to - number.limit), room(number.limit - from));
            let slack = |step: f64| NEAR * number.tokens.abs() + 2e-9 * best / step;
            let mut sides = 0;
            if let Some(more) = tokens_at(&number, number.limit + up) {
                let change = (more - best) / up;
                assert!(change <= number.tokens + slack(up), "{}: {} a unit more, its dual says {}", number.path, change, number.tokens);
                let inside = to - number.limit > up;
                let meets = (change - number.tokens).abs() <= slack(up);
                assert!(meets || !inside, "{} inside its range {from} to {to}: {change}, its dual says {}", number.path, number.tokens);
                sides += usize::from(meets);
            }
            if let Some(less) = tokens_at(&number, number.limit - down) {
                let change = (best - less) / down;
                assert!(change >= number.tokens - slack(down), "{}: {} a unit less, its dual says {}", number.path, change, number.tokens);
                let inside = number.limit - from > down;
                let meets = (change - number.tokens).abs() <= slack(down);
                assert!(meets || !inside, "{} inside its range {from} to {to}: {change}, its dual says {}", number.path, number.tokens);
                sides += usize::from(meets);
            }
            assert!(sides > 0, "{}: its dual {} is the change to neither side", number.path, number.tokens);
            straight += usize::from(sides == 2);
            // The range: foretold at its ends, and no more than foretold past them.
            for (end, past) in [(from, from - 0.02 * size), (to, to + 0.02 * size)] {
                let far = (end - number.limit).abs();
                if number.range.is_none() || !end.is_finite() || far <= 1e-9 * size || past <= 0.0 {
                    continue;
                }
                let foretold = |at: f64| best + number.tokens * (at - number.limit);
                let near = NEAR * number.tokens.abs() * far + 3e-9 * best;
                if let Some(at_end) = tokens_at(&number, end) {
                    assert!((at_end - foretold(end)).abs() <= near, "{} at {end}: {at_end}, foretold {}", number.path, foretold(end));
                    ends += 1;
                }
                if let Some(beyond) = tokens_at(&number, past) {
                    assert!(beyond <= foretold(past) + near, "{} past its range at {past}: {beyond} > {}", number.path, foretold(past));
                }
            }
            checked += 1;
        }
    }
    for number in numbers(plan, &eased).into_iter().take(MOST) {
        let size = number.limit.abs().max(1e-3);
        if number.cost.abs() * size > 1e-5 * cost {
            let room = if number.tokens == 0.0 { f64::INFINITY } else { 2e-4 * best / number.tokens.abs() };
            let step = (1e-4 * cost / number.cost.abs()).min(0.01 * size).min(room);
            let slack = NEAR * number.cost.abs() + 3e-8 * cost / step;
            if let (Some(more), Some(less)) = (cost_at(&number, number.limit + step), cost_at(&number, number.limit - step)) {
                let (up, down) = ((more - cost) / step, (cost - less) / step);
                assert!(
                    down - slack <= number.cost && number.cost <= up + slack,
                    "{}: cost changes by {down} to {up} a unit, its dual says {}",
                    number.path,
                    number.cost
                );
                priced += 1;
            }
        }
    }
    println!("{}: {checked} limits, {straight} straight on both sides, {ends} ends, {priced} by cost", plan.name);
    (checked, straight, ends, priced)
}

fn plan(path: &str, coarser: &[(&str, &str)]) -> Plan {
    let text = std::fs::read_to_string(path).unwrap();
    let plan = file::read_plan(&text).plan.unwrap();
    coarser.iter().fold(plan, |plan, (path, value)| set(&plan, path, value).unwrap())
}

#[test]
fn texas_limits_are_worth_what_is_said() {
    let plan = plan("plans/texas.ron", &[("horizon.period_months", "6"), ("horizon.periods", "8"), ("slices.block_hours", "12")]);
    let (checked, straight, ends, priced) = check(&plan);
    assert!(checked + priced >= LEAST && checked >= 5 && straight >= 4 && ends >= 4 && priced >= 4, "{checked} {straight} {ends} {priced}");
}

#[test]
fn gansu_limits_are_worth_what_is_said() {
    let plan = plan("plans/gansu.ron", &[("slices.block_hours", "12")]);
    let (checked, straight, ends, priced) = check(&plan);
    assert!(checked + priced >= LEAST && checked >= 5 && straight >= 4 && ends >= 4 && priced >= 4, "{checked} {straight} {ends} {priced}");
}

#[test]
fn small_limits_are_worth_what_is_said() {
    let edits = [("horizon.period_months", "1"), ("horizon.periods", "12"), ("budget.capex_musd_per_period", "{\"2027-01\": 20.0}")];
    let (checked, straight, ends, priced) = check(&plan("tests/plans/small.ron", &edits));
    assert!(checked + priced >= LEAST && checked >= 5, "{checked} {straight} {ends} {priced}");
}
