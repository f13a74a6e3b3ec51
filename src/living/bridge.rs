//! What changed between two plans: the change of a figure, parted among the groups of inputs that differ.
//!
//! Each group of inputs is taken from the one plan or the other. Up to six groups are given their Shapley
//! share: the mean, over every order in which they can change, of what a group brings when its turn comes. So
//! no group is favoured by its place, and the shares add up to the whole change. With more groups, or where
//! some mixture of the two plans has no answer, they change one after the other in the order of the plan.

use rayon::prelude::*;

use crate::charts::frame::{Words, axis, chart};
use crate::charts::{Axis, Body, Chart, ColorKey, Step};
use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::plan::diff::differences;
use crate::resolved::Series;
use crate::results::{Results, Status};
use crate::solve;
use crate::study::{Options, solve_options, state};

/// A section of a plan, and how it is taken over from another plan.
struct Section {
    name: &'static str,
    take: fn(&mut Plan, &Plan),
}

/// The sections of these names.
macro_rules! sections {
    ($($name:ident),+) => {
        &[$(Section { name: stringify!($name), take: |plan, other| plan.$name.clone_from(&other.$name) }),+]
    };
}

/// Groups of inputs: what they are called, and the sections of a plan in each.
const GROUPS: &[(&str, &[Section])] = &[
    ("Time and goals", sections![horizon, slices, objective, tolerance_fraction, whole]),
    ("Sites and grid", sections![sites]),
    ("Chips", sections![chips, fleets, rentals]),
    ("Power", sections![contracts, profiles]),
    ("Models and speed", sections![served_models, products, throughput]),
    ("Markets", sections![markets, routes, purchases, tasks]),
    ("Training", sections![training]),
    ("Policy, money, decisions", sections![actors, policies, resilience, decisions, budget, finance]),
];
/// Sections that change no answer.
#[cfg(test)]
const WITHOUT_EFFECT: &[&str] = &["schema", "name", "notes", "catalog_version", "scenarios", "studies"];
/// The group that profiles belong to.
const POWER: usize = 3;
/// Most groups whose every mixture is solved.
const MOST_MIXED: usize = 6;

/// What one group brings.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Part {
    /// The group.
    pub name: String,
    /// How many values differ in it.
    pub values: usize,
    /// The first of them, by path.
    pub paths: Vec<String>,
    /// What it brings, in the unit of the figure.
    pub change: f64,
}

/// What the first goal came to: a figure may gain because what comes before it lost.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct GoalChange {
    /// The goal, as answers name it: `tokens`.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// Of the first plan.
    pub before: f64,
    /// Of the second plan.
    pub after: f64,
}

/// The change of a figure between two plans.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Bridge {
    /// The figure: `npv_musd`, `quality_tokens_ttok`.
    pub figure: String,
    /// The figure of the first plan.
    pub before: f64,
    /// The figure of the second plan.
    pub after: f64,
    /// What each group brings, in the order of the plan.
    pub parts: Vec<Part>,
    /// Whether they are Shapley shares; otherwise each in its turn.
    pub shares: bool,
    /// What the first goal came to in both, where it is the same goal and another figure than this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal: Option<GoalChange>,
    /// The answer of the second plan.
    #[serde(skip)]
    pub results: Results,
}

/// The answer of a plan; none where it has no best one.
fn answered(plan: &Plan, series: &Series) -> Option<Results> {
    let stated = state(plan, series, &Options::default()).ok()?;
    let outcome = solve::solve(&stated.formulation.program, &solve_options(&stated, &Options::default()));
    let results = Results::new(&stated.plan, &stated.resolved, &stated.formulation, &outcome);
    (results.status == Status::Optimal).then_some(results)
}

/// The figures of an answer by name.
fn figures(results: &Results) -> Vec<(String, f64)> {
    crate::study::engine::Reduced::of(results).kpis.into_iter().collect()
}

/// The plan with some groups as in the other one.
fn mixed(before: &Plan, after: &Plan, from_after: &[usize]) -> Plan {
    let mut plan = before.clone();
    for section in from_after.iter().filter_map(|group| GROUPS.get(*group)).flat_map(|(_, sections)| *sections) {
        (section.take)(&mut plan, after);
    }
    plan
}

/// What changed a figure between two plans, each with the series that it reads.
///
/// # Errors
/// A plan without an answer, or a figure that one of them does not have.
pub fn bridge((before, own): (&Plan, &Series), (after, others): (&Plan, &Series), figure: &str) -> Result<Bridge, Vec<Diagnostic>> {
    let of = |plan: &Plan, series: &Series, which: &str| -> Result<(f64, Results), Vec<Diagnostic>> {
        let Some(results) = answered(plan, series) else {
            let message = format!("The {which} plan has no answer.");
            return Err(vec![Diagnostic::error("no-answer", "", message).help("Solve it alone to see why.")]);
        };
        let figures = figures(&results);
        let found = figures.iter().find(|(name, _)| name == figure).map(|(_, value)| *value);
        let value = found.ok_or_else(|| {
            let names: Vec<&str> = figures.iter().map(|(name, _)| name.as_str()).collect();
            let message = format!("The {which} plan has no figure `{figure}`.");
            vec![Diagnostic::error("unknown-reference", "", message).help(format!("There is: {}.", names.join(", ")))]
        })?;
        Ok((value, results))
    };
    let (first, was) = of(before, own, "first")?;
    let (last, results) = of(after, others, "second")?;
    let all = differences(before, after);
    let of_group = |group: usize| -> Vec<String> {
        let sections = GROUPS.get(group).map_or(&[] as &[Section], |(_, sections)| sections);
        all.iter()
            .map(|difference| difference.path.clone())
            .filter(|path| sections.iter().any(|section| Some(section.name) == path.split('.').next()))
            .collect()
    };
    let groups: Vec<usize> = (0..GROUPS.len()).filter(|group| !of_group(*group).is_empty()).collect();
    let value = |from_after: &[usize]| -> Option<f64> {
        // Profiles go with the contracts, and with them the files they are read from.
        let series = if from_after.contains(&POWER) { others } else { own };
        let results = answered(&mixed(before, after, from_after), series)?;
        figures(&results).into_iter().find(|(name, _)| name == figure).map(|(_, value)| value)
    };
    let (changes, shares) = match shapley(&groups, first, last, &value).filter(|_| groups.len() <= MOST_MIXED) {
        Some(changes) => (changes, true),
        None => (in_turn(&groups, first, last, &value), false),
    };
    let part = |(group, change): (&usize, f64)| {
        let paths = of_group(*group);
        let name = GROUPS.get(*group).map_or("", |(name, _)| name).to_owned();
        Part { name, values: paths.len(), paths: paths.into_iter().take(5).collect(), change }
    };
    let parts = groups.iter().zip(changes).map(part).collect();
    let goal = was.phases.first().zip(results.phases.first()).filter(|(was, is)| was.name == is.name && was.value != first);
    let goal =
        goal.map(|(was, is)| GoalChange { name: is.name.clone(), unit: is.unit.replace("MUSD", "M$"), before: was.value, after: is.value });
    Ok(Bridge { figure: figure.to_owned(), before: first, after: last, parts, shares, goal, results })
}

impl Bridge {
    /// What the figure is called, and its unit.
    #[must_use]
    pub fn title(&self) -> (&str, &'static str) {
        let known = crate::study::summary::SHOWN.iter().find(|(figure, ..)| *figure == self.figure);
        known.map_or((self.figure.as_str(), ""), |(_, title, unit)| (*title, *unit))
    }

    /// As a waterfall.
    #[must_use]
    pub fn chart(&self) -> Chart {
        let (title, unit) = self.title();
        let level = |name: &str, value: f64| Step { name: name.to_owned(), value, total: true, color: ColorKey::Load };
        let mut steps = vec![level("before", self.before)];
        steps.extend(self.parts.iter().map(|part| {
            let color = if part.change >= 0.0 { ColorKey::Good } else { ColorKey::Bad };
            Step { name: part.name.clone(), value: part.change, total: false, color }
        }));
        steps.push(level("after", self.after));
        let reading = if self.shares {
            "Each group's share: what it brings on average over every order in which the groups can change."
        } else {
            "Each group in its turn, those before it changed already."
        };
        let words = Words { name: "bridge", title: format!("What changed {title}"), subtitle: unit.to_owned(), reading };
        chart(&self.results, words, Axis::default(), axis(title, unit), Body::Waterfall { steps })
    }
}

/// Shapley shares; none where some mixture has no answer.
fn shapley(groups: &[usize], first: f64, last: f64, value: &(dyn Fn(&[usize]) -> Option<f64> + Sync)) -> Option<Vec<f64>> {
    let count = groups.len();
    if count > MOST_MIXED {
        return None;
    }
    let all = 1_usize << count;
    let values: Vec<Option<f64>> = (0..all)
        .into_par_iter()
        .map(|mixture| match mixture {
            0 => Some(first),
            mixture if mixture + 1 == all => Some(last),
            mixture => value(
                &groups.iter().enumerate().filter(|(place, _)| mixture >> place & 1 == 1).map(|(_, group)| *group).collect::<Vec<_>>(),
            ),
        })
        .collect();
    let values: Vec<f64> = values.into_iter().collect::<Option<_>>()?;
    let factorial = |number: usize| (1..=number).map(|factor| factor as f64).product::<f64>();
    let shares = (0..count).map(|place| {
        (0..all)
            .filter(|mixture| mixture >> place & 1 == 0)
            .map(|mixture| {
                let others = mixture.count_ones() as usize;
                let weight = factorial(others) * factorial(count - others - 1) / factorial(count);
                weight * (values[mixture | 1 << place] - values[mixture])
            })
            .sum()
    });
    Some(shares.collect())
}

/// One group after the other; what has no answer yet is counted with the next that has.
fn in_turn(groups: &[usize], first: f64, last: f64, value: &dyn Fn(&[usize]) -> Option<f64>) -> Vec<f64> {
    let mut before = first;
    (1..=groups.len())
        .map(|count| {
            let now = if count == groups.len() { Some(last) } else { value(&groups[..count]) };
            let change = now.map_or(0.0, |now| now - before);
            before = now.unwrap_or(before);
            change
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::file::read_plan;
    use crate::plan::node::Node as _;

    /// A section that no group holds would change the figure and stand in no part of the bridge.
    #[test]
    fn every_section_of_a_plan_is_in_a_group_or_changes_nothing() {
        let every = read_plan(include_str!("../../tests/plans/every-field.ron")).plan.unwrap();
        let held: Vec<&str> = GROUPS.iter().flat_map(|(_, sections)| *sections).map(|section| section.name).collect();
        for section in every.children() {
            let places = held.iter().chain(WITHOUT_EFFECT).filter(|name| **name == section).count();
            assert_eq!(places, 1, "{section}");
        }
        let other = read_plan(include_str!("../../plans/gansu.ron")).plan.unwrap();
        let mut taken = mixed(&other, &every, &(0..GROUPS.len()).collect::<Vec<_>>());
        taken.name.clone_from(&every.name);
        taken.notes.clone_from(&every.notes);
        taken.scenarios.clone_from(&every.scenarios);
        taken.studies.clone_from(&every.studies);
        taken.catalog_version.clone_from(&every.catalog_version);
        assert!(taken == every);
    }
}
