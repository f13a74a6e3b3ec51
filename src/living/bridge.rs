//! What changed between two plans: the change of a figure, parted among the groups of inputs that differ.
//!
//! Each group of inputs is taken from the one plan or the other. Up to six groups are given their Shapley
//! share: the mean, over every order in which they can change, of what a group brings when its turn comes. So
//! no group is favoured by its place, and the shares add up to the whole change. With more groups they change one
//! after the other in the order of the plan. Groups that cannot change one without the other (a site that only one of the
//! plans has, and the chips that stand there), or of which some mixture has no answer, are one part.

mod parting;

use std::collections::HashSet;

use crate::charts::frame::{Words, axis, chart};
use crate::charts::{Axis, Body, Chart, ColorKey, Step};
use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::plan::check::check;
use crate::plan::diff::{Difference, differences};
use crate::plan::path::node_at;
use crate::resolved::Series;
use crate::results::{Results, Status};
use crate::solve;
use crate::study::{Options, solve_options, state};
use crate::words::{counted, subject};
use parting::parted;

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
/// The group that files of models belong to.
const MODELS: usize = 4;
/// Paths that are named of many.
const SOME: usize = 5;
/// Groups of a part that are named; of more it is said how many.
const MOST_NAMED: usize = 2;

/// Something that only one of the plans has.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Only {
    /// Where it stands: `sites.abilene`.
    pub path: String,
    /// In words.
    pub name: String,
}

/// What one group brings.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Part {
    /// The group, or those that change together.
    pub name: String,
    /// Every group in it, by its name.
    pub groups: Vec<String>,
    /// How many values differ in it.
    pub values: usize,
    /// The first of them, by path.
    pub paths: Vec<String>,
    /// What only the second plan has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<Only>,
    /// What only the first plan has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<Only>,
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
    let all: Vec<Difference> =
        differences(before, after).into_iter().flat_map(|difference| each_entry(before, after, difference)).collect();
    let of_group = |group: usize| -> Vec<String> {
        let sections = GROUPS.get(group).map_or(&[] as &[Section], |(_, sections)| sections);
        all.iter()
            .map(|difference| difference.path.clone())
            .filter(|path| sections.iter().any(|section| Some(section.name) == path.split('.').next()))
            .collect()
    };
    // Files that are read differ by what is in them, whatever the plans say.
    let other_files = own.files != others.files || own.clocks != others.clocks;
    let differs =
        |group: usize| !of_group(group).is_empty() || (group == POWER && other_files) || (group == MODELS && own.configs != others.configs);
    let groups: Vec<usize> = (0..GROUPS.len()).filter(|group| differs(*group)).collect();
    let is_plan = |from_after: &[usize]| {
        let mut plan = mixed(before, after, from_after);
        plan.scenarios.clear();
        plan.studies.clear();
        !check(&plan, &HashSet::new()).iter().any(Diagnostic::is_error)
    };
    let value = |from_after: &[usize]| -> Option<f64> {
        let results = answered(&mixed(before, after, from_after), &files(own, others, from_after))?;
        figures(&results).into_iter().find(|(name, _)| name == figure).map(|(_, value)| value)
    };
    let parted = parted(&groups, (first, last), &is_plan, &value);
    let part = |(block, change): (Vec<usize>, f64)| {
        let groups: Vec<String> = block.iter().filter_map(|group| GROUPS.get(*group)).map(|(name, _)| (*name).to_owned()).collect();
        let mut paths: Vec<String> = block.iter().flat_map(|group| of_group(*group)).collect();
        if paths.is_empty() {
            paths.push("the files that are read".to_owned());
        }
        let only = |plan: &Plan, is_only: &dyn Fn(&Difference) -> bool| -> Vec<Only> {
            let own = all.iter().filter(|difference| paths.contains(&difference.path) && is_only(difference));
            own.map(|difference| Only { path: difference.path.clone(), name: subject(plan, &difference.path) }).collect()
        };
        Part {
            name: name_of(&groups),
            values: paths.len(),
            added: only(after, &|difference| difference.before.is_none()),
            removed: only(before, &|difference| difference.after.is_none()),
            groups,
            paths: paths.into_iter().take(5).collect(),
            change,
        }
    };
    let shares = parted.shares;
    let parts = parted.blocks.into_iter().map(part).collect();
    let goal = was.phases.first().zip(results.phases.first()).filter(|(was, is)| was.name == is.name && was.value != first);
    let goal =
        goal.map(|(was, is)| GoalChange { name: is.name.clone(), unit: is.unit.replace("MUSD", "M$"), before: was.value, after: is.value });
    Ok(Bridge { figure: figure.to_owned(), before: first, after: last, parts, shares, goal, results })
}

/// The files that a mixture reads: profiles go with the contracts, configs of models with the models.
fn files(own: &Series, others: &Series, from_after: &[usize]) -> Series {
    let mut series = if from_after.contains(&POWER) { others.clone() } else { own.clone() };
    series.configs.clone_from(if from_after.contains(&MODELS) { &others.configs } else { &own.configs });
    series
}

/// Of a map that is empty in one of the plans every entry is a difference by itself.
fn each_entry(before: &Plan, after: &Plan, difference: Difference) -> Vec<Difference> {
    let is_empty = |text: &Option<String>| text.as_deref() == Some("{}");
    if !(is_empty(&difference.before) || is_empty(&difference.after)) {
        return vec![difference];
    }
    let side = |plan: &Plan| -> Vec<(String, String)> {
        let Some(node) = node_at(plan, &difference.path) else { return Vec::new() };
        let entry = |key: String| {
            let text = node.child(&key).map(|entry| entry.tree().inline())?;
            Some((format!("{}.{key}", difference.path), text))
        };
        node.children().into_iter().filter_map(entry).collect()
    };
    let removed = side(before).into_iter().map(|(path, text)| Difference { path, before: Some(text), after: None });
    let added = side(after).into_iter().map(|(path, text)| Difference { path, before: None, after: Some(text) });
    removed.chain(added).collect()
}

/// A part's name: of its groups the first ones, and how many more.
fn name_of(groups: &[String]) -> String {
    let Some((first, rest)) = groups.split_first() else { return String::new() };
    let lower = |name: &String| name.to_lowercase();
    match rest {
        [] => first.clone(),
        rest if groups.len() <= MOST_NAMED => format!("{first} with {}", rest.iter().map(lower).collect::<Vec<_>>().join(", ")),
        rest => format!("{first} with {} more", rest.len()),
    }
}

impl Part {
    /// What the part is about, by path: how many values, what is new and what is gone.
    #[must_use]
    pub fn about(&self) -> String {
        let values = format!("{}: {}", counted(self.values, "value"), some(self.paths.iter().map(String::as_str)));
        let path = |only: &[Only]| some(only.iter().map(|only| only.path.as_str()));
        self.said(Some(values), &path)
    }

    /// Which groups change together in it, what is new and what is gone, in words; none where there is nothing of it.
    #[must_use]
    pub fn in_words(&self) -> Option<String> {
        let name = |only: &[Only]| some(only.iter().map(|only| only.name.as_str()));
        Some(self.said(None, &name)).filter(|said| !said.is_empty())
    }

    fn said(&self, first: Option<String>, names: &dyn Fn(&[Only]) -> String) -> String {
        let mut said: Vec<String> = first.into_iter().collect();
        if self.groups.len() > 1 {
            said.push(format!("these can change only together: {}", self.groups.join(", ")));
        }
        if !self.added.is_empty() {
            said.push(format!("only in the second plan: {}", names(&self.added)));
        }
        if !self.removed.is_empty() {
            said.push(format!("only in the first plan: {}", names(&self.removed)));
        }
        said.join("; ")
    }
}

/// Some of many, and how many more.
fn some<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let more = names.len().saturating_sub(SOME);
    let named = names.take(SOME).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{named} and {more} more") } else { named }
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
        // Of all else that is shown, costs and loads, less is better.
        let more_is_better = matches!(self.figure.as_str(), "quality_tokens_ttok" | "npv_musd");
        let level = |name: &str, value: f64| Step { name: name.to_owned(), value, total: true, color: ColorKey::Load };
        let mut steps = vec![level("before", self.before)];
        steps.extend(self.parts.iter().map(|part| {
            let color = if (part.change >= 0.0) == more_is_better { ColorKey::Good } else { ColorKey::Bad };
            Step { name: part.name.clone(), value: part.change, total: false, color }
        }));
        steps.push(level("after", self.after));
        let reading = if self.shares {
            "Each group's share: what it brings on average over every order in which the groups can change. Groups that can change only together are one."
        } else {
            "Each group in its turn, those before it changed already. Groups that can change only together are one."
        };
        let words = Words { name: "bridge", title: format!("What changed {title}"), subtitle: unit.to_owned(), reading };
        chart(&self.results, words, Axis::default(), axis(title, unit), Body::Waterfall { steps })
    }
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
