//! What an answer says beyond its tables: findings, each made by the file that re-exports it.

use std::sync::Arc;

use serde::Serialize;

use crate::catalog::Evidence;
use crate::finance::{Figures, Project, Statement, Terms};
use crate::physics::throughput::Replica;
use crate::physics::throughput::frontier::Frontier;
use crate::physics::token_cost::{Conditions, TokenCost};
use crate::plan::Month;

/// What was given up of the first goal, and what it brought.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GiveUp {
    /// Name of the first goal.
    pub goal: String,
    /// Share of its best that was given up.
    pub share_fraction: f64,
    /// The same in its unit.
    pub amount: f64,
    /// Its unit.
    pub unit: String,
    /// Name of the second goal.
    pub second: String,
    /// By how much the second goal is better for it.
    pub brings: f64,
    /// Unit of the second goal.
    pub second_unit: String,
    /// Found by solving with the first goal at its very best; otherwise it brings at least so much.
    pub exact: bool,
    /// Found with the whole halls and racks of the answer held.
    pub given_whole: bool,
    /// In words.
    pub sentence: String,
}

/// A case that is worse than the plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stress {
    /// In words.
    pub name: String,
    /// Least cover of the debt service agreed for the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dscr_least: Option<f64>,
    /// Rate of return of the owners.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub irr_of_owners_fraction: Option<f64>,
    /// Value to the owners at the return they ask, M$.
    pub npv_of_owners_musd: f64,
}

/// What just carries the plan.
#[derive(Clone, Copy, Debug, PartialEq, Default, Serialize)]
pub struct BreakEvens {
    /// Factor on all prices at which the owners get just the return they ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least_price_factor: Option<f64>,
    /// Factor on what chips cost at which they do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most_chip_cost_factor: Option<f64>,
    /// Factor a year on all prices, on top of the plan's own, at which NPV after tax is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_factor_per_year: Option<f64>,
}

/// The lender's view of an answer. Money of the statement is nominal, M$.
#[derive(Clone, Debug, PartialEq)]
pub struct Lender {
    /// The plan years, `2027`; the first is the start.
    pub years: Vec<String>,
    /// The years one by one.
    pub statement: Statement,
    /// The flows it is made of.
    pub project: Project,
    /// Tax, debt and rates.
    pub terms: Terms,
    /// Rates of return, values, covers.
    pub figures: Figures,
    /// Levelised cost of a million answer tokens, $ real.
    pub lcot_usd_per_mtok: Option<f64>,
    /// Levelised cost of an hour of a chip in service, $ real.
    pub lcoc_usd_per_chip_hour: Option<f64>,
    /// What just carries the plan.
    pub break_evens: BreakEvens,
    /// NPV after tax, M$, by a factor a year on all prices on top of the plan's own.
    pub repricing: Vec<(f64, f64)>,
    /// Worse cases.
    pub stresses: Vec<Stress>,
    /// Cover that lenders demand.
    pub covenant_dscr: Option<f64>,
    /// What is left at the end by the plan's worth by age, M$ of that moment, real.
    pub end_value_musd: f64,
    /// What annuities leave unpaid, M$ of that moment, real.
    pub unpaid_annuities_musd: f64,
}

/// A fraction of a hall that serves in a period.
#[derive(Clone, Debug, PartialEq)]
pub struct PartHall {
    /// Index into [`super::Results::halls`].
    pub hall: usize,
    /// Index of the period.
    pub period: usize,
    /// The part beyond whole halls.
    pub part: f64,
    /// Answer tokens made in that part, Ttok.
    pub answer_ttok: f64,
}

/// What stands in fractions.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Fractions {
    /// Fractions of halls, by hall and period.
    pub halls: Vec<PartHall>,
    /// Answer tokens made in fractions of a hall, Ttok.
    pub hall_ttok: f64,
    /// Answer tokens made in fractions of a rack, Ttok.
    pub rack_ttok: f64,
    /// Share of all tokens made by own chips that is made in fractions of a hall.
    pub hall_fraction: f64,
    /// The same of a rack.
    pub rack_fraction: f64,
}

/// What an hour of a chip earns.
#[derive(Clone, Debug, PartialEq)]
pub struct ChipHours {
    /// Index of the chip.
    pub chip: usize,
    /// Chip-hours in service and rented over the horizon, millions.
    pub million_hours: f64,
    /// Revenue over the horizon, M$ undiscounted.
    pub revenue_musd: f64,
    /// Revenue per chip-hour, $.
    pub revenue_usd_per_chip_hour: f64,
    /// What the catalog says one rents for, $ per chip-hour.
    pub rent_usd_per_chip_hour: Option<f64>,
}

/// Time, tolls and grades.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Traced {
    /// Chip-hours worked for each product, by chips (parallel to `Results::fleet`), period and product.
    pub work_chip_hours: Vec<Vec<Vec<f64>>>,
    /// Chip-hours of training, by chips and period.
    pub training_chip_hours: Vec<Vec<f64>>,
    /// Egress, $ per Mtok, by flow (parallel to `Results::flows`).
    pub egress_usd_per_mtok: Vec<Vec<f64>>,
    /// Token duty, $ per Mtok, by flow.
    pub duty_usd_per_mtok: Vec<Vec<f64>>,
    /// Grade of the throughput, by chip and product; none where the chip can't serve it.
    pub grades: Vec<Vec<Option<Evidence>>>,
}

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DecisionKind {
    /// Chips bought for a site.
    Chips,
    /// Halls built.
    Halls,
    /// On-site plant or a battery.
    Plant,
    /// A power contract signed.
    Contract,
}

/// An order or a signature.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// What is decided.
    pub kind: DecisionKind,
    /// Position among the pools, hall types or contracts of the plan: what a later study asks by.
    pub index: usize,
    /// Where it stands in the plan: `chips.gb200`.
    pub path: String,
    /// What and where: `GB200 NVL72 for Abilene`.
    pub subject: String,
    /// How much.
    pub amount: f64,
    /// Unit of `amount`: `chips`, `halls`, `MW`, `MWh`.
    pub unit: &'static str,
    /// MW of IT of one hall, for halls.
    pub hall_it_mw: Option<f64>,
    /// Chips in a rack, for chips.
    pub rack_chips: Option<f64>,
    /// Period of the order (of the first draw, for a contract).
    pub period: usize,
    /// The month by which it must be out.
    pub by: Month,
    /// The month from which it serves.
    pub serves: Month,
    /// Capex, M$, landed and less subsidy; zero for contracts.
    pub capex_musd: f64,
}

/// A chip serving a product at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct ServingAt {
    /// Index of the site.
    pub site: usize,
    /// Index of the chip.
    pub chip: usize,
    /// Index of the product.
    pub product: usize,
    /// The fewest chips that serve, by period; none where nothing is offered.
    pub replicas: Vec<Option<Replica>>,
    /// Chips that prefill, mean over the period.
    pub prefill_chips: Vec<f64>,
    /// Chips that decode, mean over the period.
    pub decode_chips: Vec<f64>,
    /// Chips that stand there while it works (the fewest, if they vary in the period).
    pub standing_chips: Vec<f64>,
}

/// Chips side by side.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Comparison {
    /// What reaches chips and at what price; `None` where the plan states no power.
    pub conditions: Option<Conditions>,
    /// The conditions come from the answer, not from the plan's stated prices.
    pub from_answer: bool,
    /// Every pair of a chip and a product that has a throughput.
    pub pairs: Vec<ServingPair>,
    /// The inputs whose error would move the answer most, the largest first; empty where nobody looked.
    pub effects: Vec<Effect>,
}

/// A chip serving a product. Rates are per chip at full work.
#[derive(Clone, Debug, PartialEq)]
pub struct ServingPair {
    /// Index of the chip.
    pub chip: usize,
    /// Index of the product.
    pub product: usize,
    /// Answer tokens per second, prompts prefilled on the same chips.
    pub answer_tok_per_s: f64,
    /// What it rests on.
    pub evidence: Evidence,
    /// Half-width of the uncertainty band, as a fraction.
    pub band_fraction: f64,
    /// Time per answer token that it reaches, ms; `None` of a rate that the plan states.
    pub tpot_ms: Option<f64>,
    /// How the chips are set up.
    pub configuration: String,
    /// The fewest chips that serve.
    pub replica: Replica,
    /// Where it comes from.
    pub source: String,
    /// Where the throughput model is known to be off for this pair, a sentence each.
    pub known_misses: Vec<&'static str>,
    /// Answer tokens of the answer that rest on it, Ttok.
    pub made_ttok: f64,
    /// What a million tokens take, by how the chip is paid for: `None` for bought chips, else the rental's id.
    pub costs: Vec<(Option<String>, TokenCost)>,
    /// Throughput against speed; empty for throughputs stated in the plan.
    pub frontier: Arc<Frontier>,
}

/// What an input's error does to the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// Where the number stands, or would stand, in the plan.
    pub path: String,
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// Its grade.
    pub grade: String,
    /// ± share it was moved by.
    pub band: f64,
    /// Change of the first goal with the number lower and higher, as a share of the goal.
    pub first: [f64; 2],
    /// Change of cost with the number lower and higher, M$.
    pub cost_musd: [f64; 2],
}

/// What uses the energy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unneeded {
    /// Chips kept on idle.
    IdleChips,
    /// Training beyond the need.
    Training,
}

/// Energy that no work needs, where it is more than a thousandth of all energy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnneededEnergy {
    /// What uses it.
    pub kind: Unneeded,
    /// Id of the chip or of the programme.
    pub id: String,
    /// Id of the site; empty for training, which may spread.
    pub site: String,
    /// Facility energy, GWh.
    pub energy_gwh: f64,
    /// Share of all facility energy.
    pub energy_fraction: f64,
    /// Hours in which it is used.
    pub hours: f64,
    /// What it costs at the mean price of the energy drawn at the site in the same block, M$
    /// undiscounted; below zero where somebody pays for it.
    pub cost_musd: f64,
}
