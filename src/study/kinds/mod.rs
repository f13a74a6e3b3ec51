//! The kinds of studies: each one file that says which points it has and what its answers come to.

pub mod alternatives;
pub mod frontier;
pub mod grid;
pub mod hedge;
mod random;
pub mod ranked;
pub mod sample;
pub mod tornado;
mod words;

use super::engine::{Base, Point};
use super::table::{Entry, STUDIES, find};
use crate::diagnostic::Diagnostic;
use crate::formulation::measures;
use crate::plan::Plan;
use crate::plan::study::{Measure, Study};

/// The kinds as they are called in a plan, in the order of lists.
pub const KINDS: [&str; 7] = ["Grid", "Tornado", "Frontier", "Alternatives", "Ranked", "Sample", "Hedge"];

/// What a kind answers and needs.
#[must_use]
pub fn kind(name: &str) -> &'static Entry {
    find(&name.to_lowercase()).unwrap_or(&STUDIES[0])
}

/// The kind of a study.
#[must_use]
pub fn kind_of(study: &Study) -> &'static Entry {
    kind(study.variant_name())
}

/// The points of a study of a plan, `plan` being the plan with its studies.
///
/// # Errors
/// What is wrong with the plan or the study.
pub fn points(study: &Study, plan: &Plan, base: &Base) -> Result<Vec<Point>, Vec<Diagnostic>> {
    Ok(match study {
        Study::Grid(study) => grid::points(study, &base.plan),
        Study::Tornado(study) => tornado::points(study, base),
        Study::Frontier(study) => frontier::points(study),
        Study::Alternatives(study) => alternatives::points(study, &base.plan),
        Study::Ranked(study) => ranked::points(study, &base.plan),
        Study::Sample(study) => sample::points(study, &base.plan),
        Study::Hedge(study) => hedge::points(study, plan, base)?,
    })
}

/// A measure as the formulation knows it.
#[must_use]
pub fn measure(measure: &Measure) -> measures::Measure {
    match measure {
        Measure::Tokens => measures::Measure::Tokens,
        Measure::Npv => measures::Measure::Npv,
        Measure::Cost => measures::Measure::Cost,
        Measure::CostPerMtok => measures::Measure::CostPerMtok,
        Measure::Carbon => measures::Measure::Carbon,
        Measure::Capex => measures::Measure::Capex,
        Measure::PeakMw => measures::Measure::PeakMw,
        Measure::Water => measures::Measure::Water,
        Measure::Exports => measures::Measure::Exports,
        Measure::DomesticShare => measures::Measure::DomesticShare,
    }
}
