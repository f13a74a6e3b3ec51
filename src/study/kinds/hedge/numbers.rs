//! What a hedge comes to: the values of its ways side by side, and what is signed in how many futures.

use super::hedging_of;
use crate::formulation::program::Sense;
use crate::hedge::{Measure, of_values};
use crate::study::engine::{Hedging, Over, Point, Record, Signed, Way, sense_of};

/// The numbers that decide meetings, each in the unit of the goal and by the measure of the study.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Numbers {
    /// Name of the goal.
    pub goal: String,
    /// What each future would give if it were known before; none where it has no answer.
    pub known: Vec<Option<f64>>,
    /// What it gives hedged.
    pub hedged: Vec<f64>,
    /// Its regret: by how much less that is.
    pub regret: Vec<Option<f64>>,
    /// The measure with every future known before anything is signed.
    pub if_known: Option<f64>,
    /// The measure hedged.
    pub measure: Option<f64>,
    /// The mean over the futures, hedged.
    pub mean: Option<f64>,
    /// The measure with what the mean future asks for signed.
    pub mean_plan: Option<f64>,
    /// Most that any forecast is worth (expected value of perfect information).
    pub evpi: Option<f64>,
    /// What hedging brings over planning with averages (value of the stochastic solution).
    pub vss: Option<f64>,
    /// What knowing one uncertainty first is worth, by its number.
    pub learning: Vec<(usize, Option<f64>)>,
    /// What it costs if all becomes known a period later.
    pub later: Option<f64>,
    /// What it costs to sign nothing before all is known.
    pub waiting: Option<f64>,
    /// What care costs, where the worst futures count: by weight from the least.
    pub care: Vec<Care>,
}

/// Hedged with a weight on the worst futures.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Care {
    /// The weight.
    pub weight: f64,
    /// The mean over all futures.
    pub mean: f64,
    /// The mean over the worst share of them.
    pub worst: f64,
}

fn found<'r>(records: &'r [Record], way: &Way) -> Option<&'r Record> {
    let place = way.place();
    records.iter().find(|record| record.at == place)
}

fn asked(records: &[Record], way: &Way) -> Option<f64> {
    found(records, way).filter(|record| record.answer.is_answered()).and_then(|record| record.answer.asked.first().copied())
}

/// The numbers, as far as they are known.
#[must_use]
pub fn numbers(points: &[Point], records: &[Record]) -> Numbers {
    let Some(hedging) = hedging_of(points) else { return Numbers::default() };
    let hedged = found(records, &Way::Hedged);
    let goal = records
        .iter()
        .filter(|record| record.answer.is_answered())
        .find_map(|record| record.answer.goals.first().map(|(name, _)| name.clone()))
        .unwrap_or_default();
    let sense = sense_of(&goal);
    let sign = if sense == Sense::Maximise { 1.0 } else { -1.0 };
    let known: Vec<Option<f64>> = (0..hedging.futures.len()).map(|future| asked(records, &Way::Known(future))).collect();
    let values: Vec<f64> = hedged.map(|record| record.answer.futures.iter().map(|future| future.value).collect()).unwrap_or_default();
    let regret = known.iter().zip(&values).map(|(known, value)| known.map(|known| sign * (known - value))).collect();
    let all_known: Option<Vec<f64>> = known.iter().copied().collect();
    let measure = all_known.as_ref().map(|known| measure_of(hedging, known));
    let probabilities = hedging.probabilities();
    let if_known = all_known.as_ref().zip(measure.as_ref()).map(|(known, measure)| of_values(measure, known, &probabilities, sense));
    let reached = asked(records, &Way::Hedged);
    let better = if matches!(hedging.over, Over::Regret) { -1.0 } else { sign };
    let more = |one: Option<f64>, other: Option<f64>| Some(better * (one? - other?));
    let mean_plan = asked(records, &Way::MeanPlan);
    Numbers {
        goal,
        hedged: values,
        regret,
        if_known,
        measure: reached,
        mean: hedged.and_then(|record| record.answer.asked.get(1).copied()),
        mean_plan,
        evpi: more(if_known, reached),
        vss: more(reached, mean_plan),
        learning: (0..hedging.uncertainties.len()).map(|number| (number, more(asked(records, &Way::Learning(number)), reached))).collect(),
        later: more(reached, asked(records, &Way::Later)),
        waiting: more(reached, asked(records, &Way::Waiting)),
        care: care(hedging, records, sense),
        known,
    }
}

/// Mean and worst futures by weight.
fn care(hedging: &Hedging, records: &[Record], sense: Sense) -> Vec<Care> {
    let Over::Worst { share, weight } = hedging.over else { return Vec::new() };
    let probabilities = hedging.probabilities();
    let ways = records.iter().filter(|record| record.answer.is_answered()).filter_map(|record| match record.at.as_slice() {
        at if *at == Way::Hedged.place() => Some((weight, record)),
        [6.0, weight] => Some((*weight, record)),
        _ => None,
    });
    let of = |(weight, record): (f64, &Record)| {
        let values: Vec<f64> = record.answer.futures.iter().map(|future| future.value).collect();
        let by = |weight: f64| of_values(&Measure::Worst { share, weight }, &values, &probabilities, sense);
        Care { weight, mean: by(0.0), worst: by(1.0) }
    };
    let mut care: Vec<Care> = ways.map(of).collect();
    care.sort_by(|one, other| one.weight.total_cmp(&other.weight));
    care
}

fn measure_of(hedging: &Hedging, known: &[f64]) -> Measure {
    match hedging.over {
        Over::Mean => Measure::Mean,
        Over::Worst { share, weight } => Measure::Worst { share, weight },
        Over::Regret => Measure::Regret { best: known.to_vec() },
    }
}

/// Something that may be signed now: all orders of it up to the date.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// What kind of thing it is.
    pub kind: String,
    /// In words.
    pub name: String,
    /// Unit of the amounts.
    pub unit: String,
    /// What the hedge signs.
    pub hedged: f64,
    /// What each future would sign if it were known; none where it has no answer.
    pub known: Vec<Option<f64>>,
}

impl Group {
    /// The least that any future would sign.
    #[must_use]
    pub fn least(&self) -> f64 {
        self.known.iter().flatten().copied().fold(f64::INFINITY, f64::min).min(self.most())
    }

    /// The most that any future would sign.
    #[must_use]
    pub fn most(&self) -> f64 {
        self.known.iter().flatten().copied().fold(0.0, f64::max)
    }

    /// How many futures would sign some of it.
    #[must_use]
    pub fn wanted_in(&self) -> usize {
        self.known.iter().flatten().filter(|amount| **amount > self.dust()).count()
    }

    /// An amount that is nothing beside the others.
    #[must_use]
    pub fn dust(&self) -> f64 {
        1e-6 * self.most().max(self.hedged).max(1e-3)
    }
}

/// What may be signed now, in the order in which it is met.
#[must_use]
pub fn groups(points: &[Point], records: &[Record]) -> Vec<Group> {
    let Some(hedging) = hedging_of(points) else { return Vec::new() };
    let mut groups: Vec<((String, String, String), Group)> = Vec::new();
    let count = hedging.futures.len();
    let mut put = |signed: &[Signed], future: Option<usize>| {
        for one in signed {
            let id = (one.kind.clone(), one.place.clone(), one.thing.clone());
            let place = groups.iter().position(|(known, _)| *known == id).unwrap_or_else(|| {
                let known = vec![None; count];
                let group = Group { kind: one.kind.clone(), name: one.name.clone(), unit: one.unit.clone(), hedged: 0.0, known };
                groups.push((id, group));
                groups.len() - 1
            });
            let Some((_, group)) = groups.get_mut(place) else { continue };
            // What is rented or trained in each period is not added up: the most of any period counts.
            let adds_up = !matches!(one.kind.as_str(), "rental" | "training");
            let amount = match future {
                None => &mut group.hedged,
                Some(future) => match group.known.get_mut(future) {
                    Some(known) => known.get_or_insert(0.0),
                    None => continue,
                },
            };
            *amount = if adds_up { *amount + one.amount } else { amount.max(one.amount) };
        }
    };
    if let Some(record) = found(records, &Way::Hedged) {
        put(&record.answer.signed, None);
    }
    let mut answered = vec![false; count];
    for (future, answered) in answered.iter_mut().enumerate() {
        if let Some(record) = found(records, &Way::Known(future)).filter(|record| record.answer.is_answered()) {
            put(&record.answer.signed, Some(future));
            *answered = true;
        }
    }
    // A future that is known and signs none of it signs nothing.
    for (_, group) in &mut groups {
        for (known, answered) in group.known.iter_mut().zip(&answered) {
            if *answered {
                known.get_or_insert(0.0);
            }
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}
