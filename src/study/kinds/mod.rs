//! The kinds of studies: each one file that says which points it has and what its answers come to.

pub mod alternatives;
pub mod frontier;
pub mod grid;
pub mod ranked;
pub mod sample;
mod random;
pub mod tornado;

use super::engine::{Base, Point};
use crate::diagnostic::Diagnostic;
use crate::formulation::measures;
use crate::plan::study::{Measure, Study};

/// A kind of study that stands in a plan.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its name in a plan.
    pub name: &'static str,
    /// Its name on screen.
    pub title: &'static str,
    /// What it answers.
    pub question: &'static str,
    /// What it needs to be told.
    pub needs: &'static str,
    /// How its answer is drawn.
    pub drawn: &'static str,
}

/// Every kind, in the order of lists.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "Grid",
        title: "Grid",
        question: "What happens as these inputs change?",
        needs: "one to four axes: paths, and values, even steps or factors; what stands together on an axis moves together",
        drawn: "lines; a map of heights and one of what wins where; small multiples",
    },
    Kind {
        name: "Tornado",
        title: "Tornado",
        question: "Which inputs decide?",
        needs: "inputs with a low and a high number, or nothing: then the grade of each number's evidence says how far it goes",
        drawn: "bars about the plan's own answer, the longest first",
    },
    Kind {
        name: "Frontier",
        title: "Frontier",
        question: "What does one goal cost of another?",
        needs: "two of: tokens, NPV, cost, cost per token, carbon, capex, peak load, water, exports, domestic share",
        drawn: "a curve with its knee",
    },
    Kind {
        name: "Alternatives",
        title: "Alternatives",
        question: "What must every good plan build, and what may it?",
        needs: "the share of each goal that may be given up, and what is looked at",
        drawn: "a bar from the least to the most of each thing",
    },
    Kind {
        name: "Ranked",
        title: "Ranked",
        question: "Which is the best plan of each kind?",
        needs: "sites, chips and contracts that may be left out",
        drawn: "a table, the best first",
    },
    Kind {
        name: "Sample",
        title: "Sample",
        question: "How sure is it?",
        needs: "what is uncertain and how it is distributed, what goes together, how many futures, a seed",
        drawn: "histogram, exceedance, fan over the periods, and what explains it",
    },
];

/// The kind of a study.
#[must_use]
pub fn kind_of(study: &Study) -> &'static Kind {
    let name = study.variant_name();
    KINDS.iter().find(|kind| kind.name == name).unwrap_or(&KINDS[0])
}

/// The points of a study of a plan.
///
/// # Errors
/// What is wrong with the plan or the study.
pub fn points(study: &Study, base: &Base) -> Result<Vec<Point>, Vec<Diagnostic>> {
    Ok(match study {
        Study::Grid(study) => grid::points(study, &base.plan),
        Study::Tornado(study) => tornado::points(study, base),
        Study::Frontier(study) => frontier::points(study),
        Study::Alternatives(study) => alternatives::points(study, &base.plan),
        Study::Ranked(study) => ranked::points(study, &base.plan),
        Study::Sample(study) => sample::points(study, &base.plan),
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
