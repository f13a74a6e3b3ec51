//! What every good plan must build, and what it may: the least and the most of each thing within what the
//! goals may give up.

use crate::plan::Plan;
use crate::plan::study::{Alternatives, Group};
use crate::study::engine::{Ask, Point, Record};
use crate::words::called;

/// The things of a group, by id.
#[must_use]
pub fn members(group: &Group, plan: &Plan) -> Vec<String> {
    match group {
        Group::ChipsByKind => plan.chips.keys().cloned().collect(),
        Group::PowerBySite => plan.sites.keys().cloned().collect(),
        Group::HallsBySite => plan.sites.iter().filter(|(_, site)| !site.buildable.is_empty()).map(|(id, _)| id.clone()).collect(),
        Group::PowerByContract => plan.contracts.keys().cloned().collect(),
        Group::TokensByMarket => plan.markets.keys().cloned().collect(),
    }
}

/// What a thing of a group is called.
#[must_use]
pub fn name(group: &Group, plan: &Plan, id: &str) -> String {
    let map = match group {
        Group::ChipsByKind => "chips",
        Group::PowerBySite | Group::HallsBySite => "sites",
        Group::PowerByContract => "contracts",
        Group::TokensByMarket => "markets",
    };
    called(plan, &format!("{map}.{id}"))
}

/// A group's unit.
#[must_use]
pub fn unit(group: &Group) -> &'static str {
    match group {
        Group::ChipsByKind => "chips",
        Group::PowerBySite | Group::HallsBySite | Group::PowerByContract => "MW",
        Group::TokensByMarket => "Ttok",
    }
}

/// A group in words.
#[must_use]
pub fn title(group: &Group) -> &'static str {
    match group {
        Group::ChipsByKind => "Chips ordered",
        Group::PowerBySite => "IT power in the last period",
        Group::HallsBySite => "Halls ordered",
        Group::PowerByContract => "Power by contract",
        Group::TokensByMarket => "Tokens sold",
    }
}

/// The least, then the most, of each thing; all of the least of a group beside each other.
pub(super) fn points(study: &Alternatives, plan: &Plan) -> Vec<Point> {
    let mut points = Vec::new();
    for (number, group) in study.groups.iter().enumerate() {
        for (place, id) in members(group, plan).into_iter().enumerate() {
            for most in [false, true] {
                points.push(Point {
                    label: format!("{}, the {}: {}", title(group), if most { "most" } else { "least" }, name(group, plan, &id)),
                    at: vec![number as f64, place as f64, f64::from(u8::from(most))],
                    changes: Vec::new(),
                    ask: Ask::Extreme {
                        group: group.clone(),
                        id: id.clone(),
                        most,
                        give_up: study.give_up_fraction,
                        first_only: study.first_goal_only,
                    },
                });
            }
        }
    }
    points
}

/// What is known of one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Index of the group in the study.
    pub group: usize,
    /// Its place among the things of the group.
    pub place: usize,
    /// Its name.
    pub name: String,
    /// The least that a good plan has; infinite or absent bounds stand as none.
    pub least: Option<f64>,
    /// The most.
    pub most: Option<f64>,
    /// What the plan's own answer has.
    pub planned: f64,
}

/// What a bar says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Every good plan has some.
    Must,
    /// Some good plans have it.
    May,
    /// No good plan has it.
    Never,
}

impl Bar {
    /// Must, may or never.
    #[must_use]
    pub fn word(&self) -> Word {
        let nothing = 1e-6 * self.most.unwrap_or(1.0).abs().max(self.planned.abs()).max(1e-3);
        match (self.least, self.most) {
            (Some(least), _) if least > nothing => Word::Must,
            (_, Some(most)) if most <= nothing => Word::Never,
            _ => Word::May,
        }
    }
}

/// The bars, in the order of the groups and the plan.
#[must_use]
pub fn bars(study: &Alternatives, plan: &Plan, records: &[Record]) -> Vec<Bar> {
    let mut bars = Vec::new();
    for (number, group) in study.groups.iter().enumerate() {
        for (place, id) in members(group, plan).into_iter().enumerate() {
            let of = |most: f64| {
                let found = records.iter().find(|record| record.at == [number as f64, place as f64, most]);
                found.filter(|record| record.answer.is_answered()).map(|record| record.answer.asked.as_slice())
            };
            let (least, most) = (of(0.0), of(1.0));
            let planned = least.or(most).and_then(|asked| asked.get(1)).copied().unwrap_or(0.0);
            let (least, most) = (least.and_then(<[f64]>::first).copied(), most.and_then(<[f64]>::first).copied());
            // A hundred-millionth of what may be is the solver's dust.
            let dust = 1e-8 * most.unwrap_or(0.0).abs().max(planned.abs());
            let clean = |value: f64| if value.abs() <= dust { 0.0 } else { value };
            bars.push(Bar { group: number, place, name: name(group, plan, &id), least: least.map(clean), most, planned: clean(planned) });
        }
    }
    bars
}
