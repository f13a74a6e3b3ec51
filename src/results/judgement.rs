//! What is said about an answer: what binds, what must give, what would enter, and how far it is trusted.

use serde::Serialize;

use crate::solve;

/// A limit that binds, with what it is worth.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Binding {
    /// Where the limit stands in the plan.
    pub path: String,
    /// What it is, in words: `Abilene interconnect`.
    #[serde(skip)]
    pub subject: String,
    /// Label of the period; empty if it holds over the horizon.
    pub period: String,
    /// Index of the period, if any.
    #[serde(skip)]
    pub period_index: Option<usize>,
    /// Index of the site, if the limit is of one site.
    #[serde(skip)]
    pub site: Option<usize>,
    /// Family.
    pub family: &'static str,
    /// The plan's number.
    pub limit: f64,
    /// Unit of the plan's number.
    pub limit_unit: &'static str,
    /// Change of the first goal per unit more of the plan's number (positive: loosening helps).
    pub dual: f64,
    /// What one unit less takes from the first goal, where it is known not to be the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub less: Option<f64>,
    /// Unit of `dual`: `Ttok per MW`.
    pub unit: String,
    /// The same worth in money: change of cost (or of NPV, turned to a cost) at the first goal's value, M$
    /// per unit more of the plan's number, where known.
    pub dual_musd: Option<f64>,
    /// What one unit less saves in money, where it is known not to be the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub less_musd: Option<f64>,
    /// Money is NPV, not cost.
    #[serde(skip)]
    pub is_npv: bool,
    /// Values of the plan's number between which the dual holds, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<[f64; 2]>,
    /// The limit of the program it is read from, where it is a single one: what ranges are asked by.
    #[serde(skip)]
    pub limit_index: Option<u32>,
    /// Of a family whose worths are unique enough to be listed.
    #[serde(skip)]
    pub stable: bool,
    /// Confirmed by solving with a little more and a little less, which agree.
    pub fact: bool,
    /// In words.
    pub sentence: String,
}

/// A limit that must give in an infeasible plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Give {
    /// Where the limit stands in the plan.
    pub path: String,
    /// By how much it must give.
    pub give: f64,
    /// Unit.
    pub unit: &'static str,
    /// The plan's number now.
    pub value: f64,
    /// In words.
    pub sentence: String,
}

/// Something the plan allows and the answer leaves unused, and what it would have to cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EntryPrice {
    /// `chip`, `hall`, `plant`, `battery`, `contract`, `rental`, `purchase`.
    pub kind: &'static str,
    /// Where its price stands in the plan.
    pub path: String,
    /// What it is, in words: `GB300 at Abilene`.
    pub subject: String,
    /// Label of the period in which it would come in first.
    pub period: String,
    /// Its price now, in that period.
    pub price: f64,
    /// At this price it is used, confirmed by solving with it; at a thousandth more it is not. `None` if it
    /// would not be for nothing, as things stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry_price: Option<f64>,
    /// The price holds at this place alone: given to all that share the number, it would bring none here.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub only_here: bool,
    /// Unit of both: `$ per chip`.
    pub unit: &'static str,
    /// In words.
    pub sentence: String,
}

/// Our own check of the solver's word.
#[derive(Clone, Copy, Debug, PartialEq, Default, Serialize)]
pub struct Certificate {
    /// Largest violation of a row, relative to the row's scale.
    pub max_row_residual: f64,
    /// Largest violation of a bound.
    pub max_bound_residual: f64,
    /// Largest violation of dual feasibility.
    pub max_dual_residual: f64,
    /// Relative gap between primal and dual objective.
    pub relative_gap: f64,
    /// All of them ≤ 1e-6 in every phase.
    pub checked: bool,
}

impl Certificate {
    /// The worst of every phase that came to something; only what ran to its end is checked.
    pub(super) fn of(certificate: &solve::certificate::Certificate, ended: bool) -> Self {
        let worst = |measure: &dyn Fn(&solve::certificate::PhaseCertificate) -> Option<f64>| {
            certificate.phases.iter().filter_map(measure).filter(|size| size.is_finite()).fold(0.0, f64::max)
        };
        Self {
            max_row_residual: worst(&|phase| Some(phase.row_residual)),
            max_bound_residual: worst(&|phase| Some(phase.bound_residual)),
            max_dual_residual: worst(&|phase| phase.dual_residual),
            relative_gap: worst(&|phase| phase.gap.map(f64::abs)),
            checked: certificate.checked && ended,
        }
    }
}

/// Share of the answer tokens by grade of the throughput numbers they rest on; sums to 1.
#[derive(Clone, Copy, Debug, PartialEq, Default, Serialize)]
pub struct EvidenceShares {
    /// Measured.
    pub measured: f64,
    /// Calibrated.
    pub calibrated: f64,
    /// Modelled.
    pub modelled: f64,
    /// Computed beyond what anybody has shown.
    pub unproven: f64,
    /// Stated by the planner.
    pub stated: f64,
}

/// What solved it.
#[derive(Clone, Debug, PartialEq, Default, Serialize)]
pub struct SolverInfo {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// Columns.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
    /// Matrix entries.
    pub nonzeros: usize,
    /// Building the formulation, CPU ms.
    pub build_ms: f64,
    /// Solving all phases, CPU ms.
    pub solve_ms: f64,
    /// Iterations of all phases.
    pub iterations: u64,
}

/// A step of the run and what it reached.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PhaseValue {
    /// `tokens`, `cost`, `revenue`, `npv`, `cost_per_token`.
    pub name: String,
    /// What it reached.
    pub value: f64,
    /// Unit.
    pub unit: String,
}
