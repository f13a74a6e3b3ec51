//! How sure the answer is: the plan in many futures, drawn at random.
//!
//! Each input is drawn once from each of as many equal parts of its distribution as there are futures (a Latin
//! hypercube: McKay, Beckman and Conover 1979), so that means and deviations are right with few futures. The
//! parts are put into an order that gives the rank correlations asked for (Iman and Conover 1982): normal
//! scores in random order are freed of the correlation that chance gave them and given that of the study.

use super::random::{normal_quantile, quantile, shuffled, uniform};
use crate::plan::Plan;
use crate::plan::study::{Sample, correlations_of, root};
use crate::study::engine::{Ask, Change, Point, Record};

/// Streams of random numbers: places within parts, and orders.
const WITHIN: u32 = 0;
const ORDER: u32 = 1 << 16;

/// The numbers drawn: for each future, one for each input.
#[must_use]
pub fn drawn(study: &Sample) -> Vec<Vec<f64>> {
    let count = study.futures as usize;
    let columns: Vec<Vec<f64>> = orders(study)
        .into_iter()
        .zip(&study.inputs)
        .enumerate()
        .map(|(number, (order, input))| {
            let at = |part: usize| {
                let within = uniform(study.seed, WITHIN + number as u32, part as u32);
                let value = quantile(&input.is, (part as f64 + within) / count as f64);
                // Dates move by whole months.
                if input.act == crate::plan::study::Act::Delays { value.round() } else { value }
            };
            order.into_iter().map(at).collect()
        })
        .collect();
    (0..count).map(|future| columns.iter().map(|column| column[future]).collect()).collect()
}

/// Which part of its distribution each input takes in each future.
fn orders(study: &Sample) -> Vec<Vec<usize>> {
    let count = study.futures as usize;
    let shuffles: Vec<Vec<usize>> = (0..study.inputs.len()).map(|number| shuffled(study.seed, ORDER + number as u32, count)).collect();
    let score = |part: usize| normal_quantile((part as f64 + 1.0) / (count as f64 + 1.0));
    let scores: Vec<Vec<f64>> = shuffles.iter().map(|order| order.iter().map(|part| score(*part)).collect()).collect();
    // What chance gave, and what is wanted. With fewer futures than inputs, chance cannot be taken out.
    let size: f64 = (0..count).map(|part| score(part).powi(2)).sum();
    let chance: Vec<Vec<f64>> = scores
        .iter()
        .map(|one| scores.iter().map(|other| one.iter().zip(other).map(|(one, other)| one * other).sum::<f64>() / size).collect())
        .collect();
    let (Some(of_chance), Some(wanted)) = (root(&chance), correlations_of(study)) else { return shuffles };
    let inputs = study.inputs.len();
    let mut mixed = vec![vec![0.0; count]; inputs];
    for future in 0..count {
        // Freed of chance: solves `of_chance · free = scores`.
        let mut free = vec![0.0; inputs];
        for row in 0..inputs {
            let sum: f64 = (0..row).map(|column| of_chance[row][column] * free[column]).sum();
            free[row] = (scores[row][future] - sum) / of_chance[row][row];
        }
        for row in 0..inputs {
            mixed[row][future] = (0..=row).map(|column| wanted[row][column] * free[column]).sum();
        }
    }
    mixed.iter().map(|values| ranks(values)).collect()
}

/// The rank of each value, from 0; of equal ones the first has the lower.
#[must_use]
pub fn ranks(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|one, other| values[*one].total_cmp(&values[*other]).then(one.cmp(other)));
    let mut ranks = vec![0; values.len()];
    for (rank, place) in order.into_iter().enumerate() {
        ranks[place] = rank;
    }
    ranks
}

/// Every future at its best, then every future with the orders of the base plan.
pub(super) fn points(study: &Sample, plan: &Plan) -> Vec<Point> {
    let names: Vec<String> = study.inputs.iter().map(|input| super::words::in_words(plan, &input.name, &input.paths)).collect();
    let futures = drawn(study);
    let of = |ask: Ask| {
        let names = &names;
        futures.iter().enumerate().map(move |(number, values)| {
            let words: Vec<String> = names
                .iter()
                .zip(values)
                .zip(&study.inputs)
                .map(|((name, value), input)| format!("{name} {}", super::words::number_in_words(*value, &input.act)))
                .collect();
            let change = |(input, value): (&crate::plan::study::Uncertain, &f64)| Change::Number {
                paths: input.paths.clone(),
                act: input.act.clone(),
                value: *value,
            };
            Point {
                label: format!("future {}: {}", number + 1, words.join(", ")),
                at: values.clone(),
                changes: study.inputs.iter().zip(values).map(change).collect(),
                ask: ask.clone(),
            }
        })
    };
    of(Ask::Answer).chain(of(Ask::AsOrdered)).collect()
}

/// The values of a key figure in all futures that have an answer: at their best, or as ordered.
#[must_use]
pub fn values(records: &[Record], figure: &str, as_ordered: bool) -> Vec<f64> {
    let of = records.iter().filter(|record| record.as_ordered == as_ordered && record.answer.is_answered());
    of.filter_map(|record| record.answer.kpi(figure)).collect()
}

/// A percentile of values, between the two nearest ones.
#[must_use]
pub fn percentile(values: &[f64], share: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = share.clamp(0.0, 1.0) * (sorted.len().checked_sub(1)?) as f64;
    let (below, above) = (sorted.get(place.floor() as usize)?, sorted.get(place.ceil() as usize)?);
    Some(below + (above - below) * place.fract())
}

/// The rank correlation (Spearman) of two rows of values; ties share their ranks.
#[must_use]
pub fn rank_correlation(one: &[f64], other: &[f64]) -> f64 {
    let mean_ranks = |values: &[f64]| -> Vec<f64> {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|one, other| values[*one].total_cmp(&values[*other]));
        let mut ranks = vec![0.0; values.len()];
        let mut from = 0;
        while from < order.len() {
            let mut to = from;
            while to + 1 < order.len() && values[order[to + 1]] == values[order[from]] {
                to += 1;
            }
            for place in &order[from..=to] {
                ranks[*place] = 0.5 * (from + to) as f64;
            }
            from = to + 1;
        }
        ranks
    };
    let (one, other) = (mean_ranks(one), mean_ranks(other));
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let (mean_one, mean_other) = (mean(&one), mean(&other));
    let product = |left: &[f64], at_left: f64, right: &[f64], at_right: f64| -> f64 {
        left.iter().zip(right).map(|(left, right)| (left - at_left) * (right - at_right)).sum()
    };
    let spread = (product(&one, mean_one, &one, mean_one) * product(&other, mean_other, &other, mean_other)).sqrt();
    if spread > 0.0 { product(&one, mean_one, &other, mean_other) / spread } else { 0.0 }
}
