//! What a throughput rests on: the runs that were published, each with how far it is from what is asked.

use std::collections::BTreeSet;

use super::choose::Pools;
use super::correction::Distance;
use super::lookup::{is_as_in_catalog, same_lengths, typed_factor};
use super::measured::{MeasuredIndex, Measurement};
use super::{ServingNeed, TwoPools};
use crate::catalog::{Catalog, Chip, ServedModel};

/// Most served models or chips that are named at one distance; the others are added up.
const MOST_NAMED: usize = 6;

/// Engines that are named of a group.
const MOST_ENGINES: usize = 2;

/// Runs that a throughput rests on, alike in chip, served model and distance.
#[derive(Debug, Clone, PartialEq)]
pub struct RestsOn {
    /// What ran on what, in words.
    pub ran: String,
    /// Serving engine, or the kind of publication where it was not said.
    pub engine: String,
    /// Date, or first to last; may be blank.
    pub date: String,
    /// Prompt and answer tokens; none where runs of several lengths are added up.
    pub tokens: Option<(f64, f64)>,
    /// Two pools served; none where runs of both kinds are added up.
    pub pools: Option<Pools>,
    /// Number of runs.
    pub rows: usize,
    /// How far they are from what is asked.
    pub distance: Distance,
    /// Their prompt and answer tokens over those that are asked for, where they are of one length.
    pub length_factors: Option<(f64, f64)>,
    /// Who published them.
    pub source: String,
}

impl RestsOn {
    /// In words.
    #[must_use]
    pub fn in_words(&self) -> String {
        let runs = if self.rows == 1 { "run" } else { "runs" };
        if self.distance > Distance::SamePair {
            return format!("{} {runs} of {} ({})", self.rows, self.ran, self.distance.label());
        }
        let date = if self.date.is_empty() { "undated" } else { &self.date };
        let at = self.tokens.map_or_else(String::new, |(prompt, answer)| format!(" at {prompt:.0} + {answer:.0}"));
        let pools = if self.pools == Some(Pools::Two) { ", two pools" } else { "" };
        format!("{} {runs} of {} ({date}){at}{pools}", self.rows, self.engine)
    }

    /// How far they are, in words: what is shared, and by what factor the lengths differ.
    #[must_use]
    pub fn distance_in_words(&self) -> String {
        let lengths = match self.length_factors {
            Some(_) if self.distance == Distance::Between => String::new(),
            Some((prompt, answer)) => format!("; prompts {}, answers {}", factor(prompt), factor(answer)),
            None => String::new(),
        };
        format!("{}{lengths}", self.distance.label())
    }
}

/// `as asked`, `2.5 times as long`.
fn factor(value: f64) -> String {
    match value {
        near if (near - 1.0).abs() < 0.005 => "as asked".to_owned(),
        value if value < 0.1 => format!("{value:.3} times as long"),
        value if value < 10.0 => format!("{value:.2} times as long"),
        value => format!("{value:.0} times as long"),
    }
}

/// What the rates of a chip with a served model rest on, nearest first, then most runs first; nothing where
/// the plan types the software factor itself.
pub(super) fn rests_on(catalog: &Catalog, chip: &Chip, model: &ServedModel, need: &ServingNeed<'_>) -> Vec<RestsOn> {
    if typed_factor(catalog, chip).is_some() {
        return Vec::new();
    }
    let as_known = is_as_in_catalog(catalog, chip, model) && need.cache_hit_fraction <= 0.0;
    let counts = |run: &&Measurement| need.two_pools != TwoPools::Never || run.pools == Pools::One;
    let index = MeasuredIndex::embedded();
    let mut groups = own_runs(index.pair(&chip.id, &model.id).iter().filter(counts), need, as_known);
    let mut others: Vec<(Distance, &str, &str, Vec<&Measurement>)> = index
        .pairs()
        .filter(|(on, of, _)| *on != chip.id || *of != model.id)
        .filter_map(|(on, of, runs)| {
            let vendor = &catalog.chip(on)?.vendor;
            let distance = match (on == chip.id, *vendor == chip.vendor) {
                (true, _) => Distance::SameChip,
                (false, true) => Distance::SameVendor,
                (false, false) => Distance::Nothing,
            };
            let runs: Vec<&Measurement> = runs.iter().filter(counts).collect();
            (!runs.is_empty()).then_some((distance, on, of, runs))
        })
        .collect();
    // The same served model first, then its family, then most runs.
    let kin = |of: &str| match catalog.served_model(of) {
        _ if of == model.id => 0,
        Some(other) if other.family == model.family => 1,
        _ => 2,
    };
    others.sort_by(|left, right| {
        kin(left.2).cmp(&kin(right.2)).then(right.3.len().cmp(&left.3.len())).then((left.1, left.2).cmp(&(right.1, right.2)))
    });
    let vendors_own = !groups.is_empty() || others.iter().any(|(distance, ..)| *distance < Distance::Nothing);
    for distance in [Distance::SameChip, Distance::SameVendor, Distance::Nothing] {
        // Runs of other vendors say little where there are the vendor's own.
        if distance == Distance::Nothing && vendors_own {
            continue;
        }
        let near: Vec<_> = others.iter().filter(|(of, ..)| *of == distance).collect();
        // Only what is nearest is named one by one.
        let named = if groups.is_empty() && distance != Distance::Nothing { near.len().min(MOST_NAMED) } else { 0 };
        let (first, rest) = near.split_at(named);
        for (_, on, of, runs) in first {
            let name = |id: &str| catalog.served_model(id).map_or_else(|| id.to_owned(), |row| row.name.clone());
            let on = catalog.chip(on).map_or_else(|| (*on).to_owned(), |row| row.name.clone());
            groups.push(summed(format!("{} on {on}", name(of)), runs, distance));
        }
        if !rest.is_empty() {
            let kinds = rest.len();
            let others = if named > 0 { "others: " } else { "" };
            let words = match distance {
                Distance::SameChip => format!("{others}{kinds} other served model{} on this chip", if kinds == 1 { "" } else { "s" }),
                Distance::SameVendor => {
                    format!("{others}{kinds} pair{} of other chips of the vendor and served models", if kinds == 1 { "" } else { "s" })
                }
                _ => format!("{kinds} pairs of other vendors' chips and served models"),
            };
            let runs: Vec<&Measurement> = rest.iter().flat_map(|(.., runs)| runs.iter().copied()).collect();
            groups.push(summed(words, &runs, distance));
        }
    }
    groups
}

/// The runs of the pair itself, by engine, date, lengths and pools.
fn own_runs<'r>(runs: impl Iterator<Item = &'r Measurement>, need: &ServingNeed<'_>, as_known: bool) -> Vec<RestsOn> {
    let mut groups: Vec<RestsOn> = Vec::new();
    for run in runs {
        let engine = engine_of(run);
        let tokens = (run.prompt_tokens, run.answer_tokens);
        let known = groups.iter_mut().find(|group| {
            group.engine == engine && group.date == run.date && group.tokens == Some(tokens) && group.pools == Some(run.pools)
        });
        if let Some(group) = known {
            group.rows += 1;
            continue;
        }
        groups.push(RestsOn {
            ran: "this served model on this chip".to_owned(),
            engine: engine.to_owned(),
            date: run.date.clone(),
            tokens: Some(tokens),
            pools: Some(run.pools),
            rows: 1,
            distance: if as_known && same_lengths(run, need) { Distance::Between } else { Distance::SamePair },
            length_factors: Some((run.prompt_tokens / need.prompt_tokens, run.answer_tokens / need.answer_tokens)),
            source: run.source.clone(),
        });
    }
    groups.sort_by(|left, right| left.distance.cmp(&right.distance).then(right.rows.cmp(&left.rows)));
    groups
}

/// Runs added up under one name.
fn summed(ran: String, runs: &[&Measurement], distance: Distance) -> RestsOn {
    let engines: BTreeSet<&str> = runs.iter().map(|run| engine_of(run)).collect();
    let named: Vec<&str> = engines.iter().take(MOST_ENGINES).copied().collect();
    let more = if engines.len() > named.len() { format!(" and {} more", engines.len() - named.len()) } else { String::new() };
    let dates = || runs.iter().map(|run| run.date.as_str()).filter(|date| !date.is_empty());
    let date = match (dates().min(), dates().max()) {
        (Some(first), Some(last)) if first != last => format!("{first} to {last}"),
        (Some(first), _) => first.to_owned(),
        _ => String::new(),
    };
    let pools = runs.first().map(|run| run.pools).filter(|pools| runs.iter().all(|run| run.pools == *pools));
    let tokens = runs
        .first()
        .map(|run| (run.prompt_tokens, run.answer_tokens))
        .filter(|tokens| runs.iter().all(|run| (run.prompt_tokens, run.answer_tokens) == *tokens));
    let sources: BTreeSet<&str> = runs.iter().map(|run| run.source.as_str()).collect();
    let source = match (sources.len(), sources.first()) {
        (1, Some(source)) => (*source).to_owned(),
        (count, _) => format!("{count} sources, see `catalog show`"),
    };
    RestsOn {
        ran,
        engine: format!("{}{more}", named.join(", ")),
        date,
        tokens,
        pools,
        rows: runs.len(),
        distance,
        length_factors: None,
        source,
    }
}

/// The serving engine of a run, or the kind of its publication.
fn engine_of(run: &Measurement) -> &str {
    run.sweep.as_ref().map_or_else(|| run.words.split(':').next().unwrap_or_default(), |sweep| sweep.engine.as_str())
}
