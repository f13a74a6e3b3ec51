//! The futures of a hedge as a plan states them: scenarios, lists of them, a tree, a sample reduced.

use crate::diagnostic::Diagnostic;
use crate::plan::edit::Edit;
use crate::plan::node::Map;
use crate::plan::study::hedge::{AS_PLANNED, SampledFutures};
use crate::plan::study::{Futures, Hedge, HedgeGoal, HedgeMethod, OverFutures, Sample, Study};
use crate::plan::{Month, Plan};
use crate::study::engine::{Change, Future, Hedging, Over, Uncertainty};
use crate::study::kinds::{sample, words};

/// What is asked: the futures, what becomes known when, and what is wanted.
///
/// # Errors
/// A scenario or sample that is not there.
pub fn hedging(study: &Hedge, plan: &Plan, base: &Plan) -> Result<Hedging, Vec<Diagnostic>> {
    let over = match &study.measure {
        OverFutures::Mean => Over::Mean,
        OverFutures::CVaR(worst) => Over::Worst { share: worst.worst_fraction, weight: worst.weight },
        OverFutures::Regret => Over::Regret,
    };
    let objective = match study.goal {
        HedgeGoal::Npv => "[MaxNpv]",
        HedgeGoal::Tokens => "[MaxTokens, MaxNpv]",
        HedgeGoal::Planned => "",
    };
    let mut hedging = Hedging {
        futures: Vec::new(),
        uncertainties: Vec::new(),
        unfolding: crate::hedge::Unfolding::default(),
        decide_before: study.decide_before,
        over,
        objective: objective.to_owned(),
        period_months: base.horizon.period_months,
        by_cuts: match study.method {
            HedgeMethod::Auto => None,
            HedgeMethod::OneProgram => Some(false),
            HedgeMethod::Cuts => Some(true),
        },
    };
    match &study.futures {
        Futures::Stated => {
            let stated: Vec<(Vec<&str>, f64)> =
                base.scenarios.iter().filter_map(|(id, of)| Some((vec![id.as_str()], of.probability?))).collect();
            of_scenarios(&mut hedging, base, &stated)?;
        }
        Futures::Named(named) => of_scenarios(&mut hedging, base, &listed(named))?,
        Futures::Joint(joint) => {
            let own = |id: &str| base.scenarios.get(id).and_then(|scenario| scenario.probability).unwrap_or(0.0);
            let lists: Vec<(Vec<&str>, f64)> = joint
                .iter()
                .map(|together| {
                    let ids: Vec<&str> = together.scenarios.iter().map(|scenario| scenario.0.as_str()).collect();
                    let probability = together.probability.unwrap_or_else(|| ids.iter().map(|id| own(id)).product());
                    (ids, probability)
                })
                .collect();
            of_scenarios(&mut hedging, base, &lists)?;
        }
        Futures::Tree(branches) => {
            let of: Vec<Branching<'_>> = branches.iter().map(|branch| (branch.branch, branch.name.clone(), listed(&branch.of))).collect();
            of_tree(&mut hedging, base, &of)?;
        }
        Futures::Sampled(sampled) => of_sample(&mut hedging, plan, base, sampled)?,
    }
    // A plan that never went through the reader is not let through here.
    let sum: f64 = hedging.futures.iter().map(|future| future.probability).sum();
    if hedging.futures.is_empty() || sum.is_nan() || (sum - 1.0).abs() > crate::plan::study::hedge::OFF_ONE {
        let message = format!("The probabilities of the futures add up to {}, not to 1.", (sum * 1e9).round() / 1e9);
        return Err(vec![Diagnostic::error("probabilities", "studies", message).help("Give every future its probability.")]);
    }
    Ok(hedging)
}

fn listed(named: &Map<f64>) -> Vec<(Vec<&str>, f64)> {
    named.iter().map(|(id, probability)| (vec![id.as_str()], *probability)).collect()
}

/// The edits that a scenario is.
fn changes_of(base: &Plan, id: &str) -> Result<Vec<Change>, Vec<Diagnostic>> {
    match base.scenarios.get(id) {
        Some(scenario) => Ok(scenario.set.0.iter().map(|(path, value)| Change::Edit(Edit::set(path, value.0.clone()))).collect()),
        None if id == AS_PLANNED => Ok(Vec::new()),
        None => Err(vec![Diagnostic::error("unknown-reference", "studies", format!("There is no scenario `{id}`."))]),
    }
}

fn future(base: &Plan, ids: &[&str], probability: f64) -> Result<Future, Vec<Diagnostic>> {
    let mut changes = Vec::new();
    for id in ids {
        changes.extend(changes_of(base, id)?);
    }
    let id = if ids.is_empty() { AS_PLANNED.to_owned() } else { ids.join(" + ") };
    Ok(Future { id, probability, changes })
}

/// Futures that all become known at one date. What does not touch the same values is an uncertainty of its own.
fn of_scenarios(hedging: &mut Hedging, base: &Plan, lists: &[(Vec<&str>, f64)]) -> Result<(), Vec<Diagnostic>> {
    for (ids, probability) in lists {
        hedging.futures.push(future(base, ids, *probability)?);
    }
    let mut scenarios: Vec<&str> = Vec::new();
    for id in lists.iter().flat_map(|(ids, _)| ids) {
        let changes_something = base.scenarios.get(*id).is_some_and(|scenario| !scenario.set.0.is_empty());
        if changes_something && !scenarios.contains(id) {
            scenarios.push(id);
        }
    }
    let mut left = scenarios.clone();
    let mut found: Vec<Vec<&str>> = Vec::new();
    while let Some(first) = left.first().copied() {
        let mut together = vec![first];
        left.remove(0);
        while let Some(place) = left.iter().position(|id| together.iter().any(|known| touch(base, known, id))) {
            together.push(left.remove(place));
        }
        found.push(together);
    }
    hedging.unfolding.outcomes = vec![Vec::new(); lists.len()];
    for together in found {
        let of: Vec<String> = lists
            .iter()
            .map(|(ids, _)| {
                let own: Vec<&str> = ids.iter().copied().filter(|id| together.contains(id)).collect();
                if own.is_empty() { "as planned".to_owned() } else { own.join(" + ") }
            })
            .collect();
        uncertain(hedging, String::new(), &of, hedging.decide_before);
    }
    Ok(())
}

/// Whether two scenarios change the same value.
fn touch(base: &Plan, one: &str, other: &str) -> bool {
    let paths = |id: &str| -> Vec<String> {
        base.scenarios.get(id).map(|scenario| scenario.set.0.iter().map(|(path, _)| path.clone()).collect()).unwrap_or_default()
    };
    let below = |path: &str, above: &str| path == above || path.starts_with(&format!("{above}."));
    let others = paths(other);
    paths(one).iter().any(|path| others.iter().any(|other| below(path, other) || below(other, path)))
}

/// Adds an uncertainty: what it is in each future. What is the same in all is none.
fn uncertain(hedging: &mut Hedging, name: String, of: &[String], known_from: Month) {
    let mut outcomes: Vec<String> = Vec::new();
    for outcome in of {
        if !outcomes.contains(outcome) {
            outcomes.push(outcome.clone());
        }
    }
    if outcomes.len() < 2 {
        return;
    }
    for (future, outcome) in of.iter().enumerate() {
        let place = outcomes.iter().position(|known| known == outcome).unwrap_or(0);
        if let Some(own) = hedging.unfolding.outcomes.get_mut(future) {
            own.push(place);
        }
    }
    hedging.unfolding.known_from.push(known_from);
    let name = if name.is_empty() { outcomes.join(" / ") } else { name };
    hedging.uncertainties.push(Uncertainty { name, outcomes });
}

/// A branch: when it is known, its name, and its outcomes as scenarios with their probability.
type Branching<'p> = (Month, String, Vec<(Vec<&'p str>, f64)>);

/// All combinations of the outcomes of branches.
fn of_tree(hedging: &mut Hedging, base: &Plan, branches: &[Branching<'_>]) -> Result<(), Vec<Diagnostic>> {
    let mut lists: Vec<(Vec<&str>, f64)> = vec![(Vec::new(), 1.0)];
    for (_, _, outcomes) in branches {
        lists = lists
            .iter()
            .flat_map(|(before, probability)| {
                outcomes.iter().map(move |(ids, own)| (before.iter().chain(ids).copied().collect(), probability * own))
            })
            .collect();
    }
    for (ids, probability) in &lists {
        let named: Vec<&str> = ids.iter().copied().filter(|id| *id != AS_PLANNED || base.scenarios.contains_key(*id)).collect();
        hedging.futures.push(future(base, &named, *probability)?);
    }
    // Two branches may name one scenario; a future is told by all of its outcomes.
    for (number, (of, (ids, _))) in hedging.futures.iter_mut().zip(&lists).enumerate() {
        if lists.iter().take(number).any(|(earlier, _)| earlier == ids) {
            of.id = format!("{} ({})", of.id, number + 1);
        }
    }
    hedging.unfolding.outcomes = vec![Vec::new(); lists.len()];
    for (place, (month, name, _)) in branches.iter().enumerate() {
        let of: Vec<String> = lists.iter().map(|(ids, _)| ids.get(place).copied().unwrap_or_default().to_owned()).collect();
        uncertain(hedging, name.clone(), &of, *month);
    }
    Ok(())
}

/// Futures of a sample, reduced.
fn of_sample(hedging: &mut Hedging, plan: &Plan, base: &Plan, sampled: &SampledFutures) -> Result<(), Vec<Diagnostic>> {
    let Some(Study::Sample(study)) = plan.studies.get(&sampled.study.0) else {
        let message = format!("The plan has no sample `{}`.", sampled.study);
        return Err(vec![Diagnostic::error("unknown-reference", "studies", message)]);
    };
    let drawn = sample::drawn(study);
    let kept = chosen(&drawn, sampled.reduce_to as usize);
    for (number, (place, probability)) in kept.iter().enumerate() {
        let values = drawn.get(*place).map(Vec::as_slice).unwrap_or_default();
        let change = |(input, value): (&crate::plan::study::Uncertain, &f64)| Change::Number {
            paths: input.paths.clone(),
            act: input.act.clone(),
            value: *value,
        };
        let changes = study.inputs.iter().zip(values).map(change).collect();
        hedging.futures.push(Future { id: format!("future-{}", number + 1), probability: *probability, changes });
    }
    hedging.unfolding.outcomes = vec![Vec::new(); kept.len()];
    for (input, of) in study.inputs.iter().enumerate() {
        let values: Vec<f64> = kept.iter().map(|(place, _)| drawn[*place][input]).collect();
        let weights: Vec<f64> = kept.iter().map(|(_, probability)| *probability).collect();
        let name = words::in_words(base, &of.name, &of.paths);
        uncertain(hedging, name, &thirds(study, input, &values, &weights), hedging.decide_before);
    }
    // What is low, middling or high in all inputs alike is still two futures, told apart by nothing that has a name.
    hedging.unfolding.known_from.push(hedging.decide_before);
    for (number, outcomes) in hedging.unfolding.outcomes.iter_mut().enumerate() {
        outcomes.push(number);
    }
    Ok(())
}

/// Whether each value is in the low, middle or high third of them by their probabilities.
fn thirds(study: &Sample, input: usize, values: &[f64], weights: &[f64]) -> Vec<String> {
    let act = study.inputs.get(input).map_or(crate::plan::study::Act::Sets, |input| input.act.clone());
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|one, other| values[*one].total_cmp(&values[*other]));
    let mut third = vec![0_usize; values.len()];
    let mut before = 0.0;
    let mut last: Option<(f64, usize)> = None;
    for place in order {
        // Equal values are in one third.
        let own = match last {
            Some((value, third)) if value == values[place] => third,
            _ => (((before + 0.5 * weights[place]) * 3.0) as usize).min(2),
        };
        third[place] = own;
        last = Some((values[place], own));
        before += weights[place];
    }
    third
        .iter()
        .map(|own| {
            let of: Vec<f64> = third.iter().zip(values).filter(|(other, _)| *other == own).map(|(_, value)| *value).collect();
            let (low, high) = of.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)));
            let word = ["low", "middle", "high"][*own];
            if low == high {
                format!("{word}: {}", words::number_in_words(low, &act))
            } else {
                format!("{word}: {} to {}", words::number_in_words(low, &act), words::number_in_words(high, &act))
            }
        })
        .collect()
}

/// The futures that stand best for all, each with the probability of those it stands for: fast forward
/// selection (Heitsch and Römisch, "Scenario reduction algorithms in stochastic programming", 2003). One is
/// taken after the other, each time the one after which all others are nearest to one that is taken; each
/// input counts by its own spread.
#[must_use]
pub fn chosen(drawn: &[Vec<f64>], most: usize) -> Vec<(usize, f64)> {
    let count = drawn.len();
    let inputs = drawn.first().map_or(0, Vec::len);
    let spread: Vec<f64> = (0..inputs)
        .map(|input| {
            let mean = drawn.iter().map(|values| values[input]).sum::<f64>() / count as f64;
            (drawn.iter().map(|values| (values[input] - mean).powi(2)).sum::<f64>() / count as f64).sqrt()
        })
        .collect();
    let apart = |one: usize, other: usize| -> f64 {
        let of = drawn[one].iter().zip(&drawn[other]).zip(&spread);
        of.map(|((one, other), spread)| if *spread > 0.0 { ((one - other) / spread).powi(2) } else { 0.0 }).sum::<f64>().sqrt()
    };
    let mut nearest = vec![f64::INFINITY; count];
    let mut taken: Vec<usize> = Vec::new();
    while taken.len() < most.min(count) {
        let left = |candidate: usize| -> f64 { (0..count).map(|other| nearest[other].min(apart(candidate, other))).sum() };
        let candidates = (0..count).filter(|candidate| !taken.contains(candidate));
        let Some((next, _)) = candidates.map(|candidate| (candidate, left(candidate))).min_by(|one, other| one.1.total_cmp(&other.1))
        else {
            break;
        };
        taken.push(next);
        for (other, nearest) in nearest.iter_mut().enumerate() {
            *nearest = nearest.min(apart(next, other));
        }
    }
    taken.sort_unstable();
    let mut chosen: Vec<(usize, f64)> = taken.into_iter().map(|place| (place, 0.0)).collect();
    for other in 0..count {
        let nearest = chosen.iter_mut().min_by(|one, two| apart(one.0, other).total_cmp(&apart(two.0, other)));
        if let Some((_, probability)) = nearest {
            *probability += 1.0 / count as f64;
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_futures_that_are_kept_stand_for_those_about_them() {
        // Three heaps: about 0 (four of them), about 10 (two), and one at 20.
        let drawn: Vec<Vec<f64>> = [0.0, 0.1, 0.2, 0.1, 10.0, 10.1, 20.0].iter().map(|value| vec![*value]).collect();
        let kept = chosen(&drawn, 3);
        let of: Vec<f64> = kept.iter().map(|(_, probability)| (probability * 7.0).round()).collect();
        assert_eq!(of, [4.0, 2.0, 1.0], "{kept:?}");
        assert_eq!(chosen(&drawn, 50).len(), 7);
        assert!((chosen(&drawn, 2).iter().map(|(_, probability)| probability).sum::<f64>() - 1.0).abs() < 1e-12);
    }
}
