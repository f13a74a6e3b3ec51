//! The answer in plan units: what the solver's word means for tokens, chips, power and money.
//!
//! Everything a chart, a table, the report or the window shows comes from [`Results`]; nothing
//! downstream asks the solver.

pub(crate) mod attribution;
pub mod calendar;
pub mod comparison;
mod kpis;
pub mod marginal;
pub mod money;
pub mod passport;
mod read;
pub mod traced;
pub mod words;

use serde::Serialize;

use crate::formulation::Formulation;
use crate::plan::{Month, Plan};
use crate::scenario::Scenario;
use crate::solve::{self, Outcome};

/// How the run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The best answer, certified.
    Optimal,
    /// Stopped at a limit or by the planner, with the best feasible answer so far.
    Stopped,
    /// The limits contradict each other.
    Infeasible,
    /// Something useful is free and unlimited.
    Unbounded,
    /// The solver failed.
    Failed,
}

/// A period.
#[derive(Clone, Debug, PartialEq)]
pub struct PeriodInfo {
    /// `2027Q1`, `2027-03`, `2027H1`, `2027`.
    pub label: String,
    /// First month.
    pub start: Month,
    /// Days.
    pub days: f64,
    /// Δ: days / 365.
    pub years: f64,
    /// Discount factor.
    pub discount: f64,
}

/// A representative day.
#[derive(Clone, Debug, PartialEq)]
pub struct DayInfo {
    /// Its id.
    pub id: String,
    /// Days it stands for, by period.
    pub days: Vec<f64>,
}

/// A slice: a block of a representative day.
#[derive(Clone, Debug, PartialEq)]
pub struct SliceInfo {
    /// Index of its day.
    pub day: usize,
    /// Hour of the day at its start, on the plan's clock.
    pub start_hour: f64,
    /// Hours long.
    pub block_hours: f64,
    /// Hours it stands for, by period (0 where it does not exist).
    pub hours: Vec<f64>,
}

/// A site, for labels and charts.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteInfo {
    /// Its id.
    pub id: String,
    /// Its name on screen.
    pub name: String,
    /// Country.
    pub country: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Interconnect, MW, by period.
    pub interconnect_mw: Vec<f64>,
    /// Whether it is a place of rented chips only, with no power of its own.
    pub rented: bool,
}

/// A market, for labels and the map.
#[derive(Clone, Debug, PartialEq)]
pub struct MarketInfo {
    /// Its id.
    pub id: String,
    /// Its name on screen.
    pub name: String,
    /// Country.
    pub country: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Whether it pays one price for all it buys of a product.
    pub single_price: bool,
}

/// Anything else with an id and a name: chips, products.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its name on screen.
    pub name: String,
}

/// What kind of supply a contract is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SupplyKind {
    /// Grid tariff.
    Tariff,
    /// Pay-as-produced PPA.
    PayAsProduced,
    /// Baseload block.
    Baseload,
    /// On-site plant.
    OnSite,
    /// Battery.
    Battery,
    /// Contract for difference.
    Virtual,
}

/// A contract, for labels and charts.
#[derive(Clone, Debug, PartialEq)]
pub struct ContractInfo {
    /// Its id.
    pub id: String,
    /// Index of its site.
    pub site: usize,
    /// Its kind.
    pub kind: SupplyKind,
    /// Counts as renewable.
    pub renewable: bool,
    /// MW contracted or alive (MWh for a battery), by period.
    pub contracted: Vec<f64>,
    /// MW drawn (for a battery: discharge less charge), by period and slice.
    pub draw_mw: Vec<Vec<f64>>,
    /// Energy drawn, GWh, by period (battery: discharged).
    pub energy_gwh: Vec<f64>,
    /// Energy spilled or resold, GWh, by period.
    pub surplus_gwh: Vec<f64>,
    /// Cost, M$ (undiscounted, without annuities), by period.
    pub cost_musd: Vec<f64>,
    /// Carbon, kt, by period.
    pub carbon_kt: Vec<f64>,
    /// Battery charge state at the start of each slice, MWh, by period and slice; empty otherwise.
    pub charge_state_mwh: Vec<Vec<f64>>,
    /// Monthly peak that the demand charge is paid on, MW, by period (highest of its groups).
    pub peak_mw: Vec<f64>,
}

/// Chips of one kind at one site.
#[derive(Clone, Debug, PartialEq)]
pub struct ChipsAt {
    /// Index of the site.
    pub site: usize,
    /// Index of the chip.
    pub chip: usize,
    /// Chips in service (existing and bought), by period.
    pub in_service: Vec<f64>,
    /// Chips ordered, by period of the order.
    pub orders: Vec<f64>,
    /// Chips that arrive, by period.
    pub arrivals: Vec<f64>,
    /// Chips rented (the mean over slices if paid by the slice), by period.
    pub rented: Vec<f64>,
    /// IT power of chips in service, all-in, MW, by period.
    pub all_in_mw: Vec<f64>,
    /// Racks in service, by period.
    pub racks: Vec<f64>,
    /// Answer tokens made, Ttok, by period, and product.
    pub answer_ttok: Vec<Vec<f64>>,
    /// Mean share of time worked, by period.
    pub utilisation: Vec<f64>,
}

/// Halls of one kind at one site.
#[derive(Clone, Debug, PartialEq)]
pub struct HallsAt {
    /// Index of the site.
    pub site: usize,
    /// Id of the hall or hall type.
    pub id: String,
    /// Stands already, or is under construction.
    pub existing: bool,
    /// IT MW of one.
    pub it_mw: f64,
    /// Liquid-cooled.
    pub liquid: bool,
    /// Rack positions of one, if limited.
    pub rack_positions: Option<f64>,
    /// Ordered, by period of the order.
    pub orders: Vec<f64>,
    /// In service, by period.
    pub in_service: Vec<f64>,
}

/// Tokens from a site (or an API) to a market.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Index of the site; `None` if bought from an API.
    pub site: Option<usize>,
    /// Id of the purchase, if bought from an API.
    pub purchase: Option<String>,
    /// Index of the product.
    pub product: usize,
    /// Index of the market.
    pub market: usize,
    /// Answer tokens, Ttok, by period.
    pub answer_ttok: Vec<f64>,
    /// Answer tokens, Gtok per hour, by period and slice.
    pub gtok_per_hour: Vec<Vec<f64>>,
}

/// Sales of one segment.
#[derive(Clone, Debug, PartialEq)]
pub struct Sale {
    /// Index of the market.
    pub market: usize,
    /// Index of the product.
    pub product: usize,
    /// Position of the segment, the dearest first.
    pub segment: usize,
    /// Price of an answer token with its prompts, $ per Mtok.
    pub usd_per_mtok: f64,
    /// Most that could be sold, Ttok, by period.
    pub volume_ttok: Vec<f64>,
    /// Sold, Ttok, by period.
    pub sold_ttok: Vec<f64>,
    /// Revenue, M$, by period (undiscounted).
    pub revenue_musd: Vec<f64>,
}

/// Power at a site.
#[derive(Clone, Debug, PartialEq)]
pub struct SitePower {
    /// Facility load (PUE × IT), MW, by period and slice.
    pub load_mw: Vec<Vec<f64>>,
    /// IT power, MW, by period and slice.
    pub it_mw: Vec<Vec<f64>>,
    /// Draw through the interconnect, MW, by period and slice.
    pub interconnect_mw: Vec<Vec<f64>>,
    /// Facility energy, GWh, by period.
    pub energy_gwh: Vec<f64>,
    /// Water, ML, by period.
    pub water_ml: Vec<f64>,
}

pub use crate::formulation::cost::CostPart;

/// Money of one period, undiscounted, M$.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PeriodMoney {
    /// Cost by part, in the order of [`CostPart::ALL`].
    pub cost_musd: [f64; 10],
    /// Revenue.
    pub revenue_musd: f64,
    /// Capex ordered (landed, less subsidy).
    pub capex_musd: f64,
    /// All costs but annuities.
    pub opex_musd: f64,
    /// Duty paid on chips (part of capex).
    pub chip_duty_musd: f64,
    /// Subsidy received (lowers capex).
    pub subsidy_musd: f64,
    /// Overnight capex still unpaid by annuities at the end of the horizon, for orders of this period.
    pub unpaid_annuities_musd: f64,
}

impl PeriodMoney {
    /// All costs.
    #[must_use]
    pub fn cost_total_musd(&self) -> f64 {
        self.cost_musd.iter().sum()
    }
}

/// Key figures. Totals over the horizon unless the name says otherwise.
#[derive(Clone, Debug, PartialEq, Default, Serialize)]
pub struct Kpis {
    /// Raw answer tokens sold, Ttok.
    pub answer_tokens_ttok: f64,
    /// Quality-weighted answer tokens sold (less bought ones, unless the plan counts them), Ttok.
    pub quality_tokens_ttok: f64,
    /// Raw answer tokens per year, mean, Ttok.
    pub answer_tokens_ttok_per_year: f64,
    /// Discounted cost, M$.
    pub cost_npv_musd: f64,
    /// Discounted revenue, M$.
    pub revenue_npv_musd: f64,
    /// Discounted revenue less cost, M$.
    pub npv_musd: f64,
    /// Undiscounted cost per million raw answer tokens, $.
    pub cost_usd_per_mtok: f64,
    /// Capex ordered, M$.
    pub capex_musd: f64,
    /// Facility energy, GWh.
    pub energy_gwh: f64,
    /// Highest facility load of all sites together in any slice, MW.
    pub peak_mw: f64,
    /// Raw answer tokens per kWh of facility energy.
    pub tokens_per_kwh: f64,
    /// Raw answer tokens per second per MW of mean facility load.
    pub tok_per_s_per_mw: f64,
    /// Carbon, kt.
    pub carbon_kt: f64,
    /// Carbon per million raw answer tokens, g.
    pub carbon_g_per_mtok: f64,
    /// Water, ML.
    pub water_ml: f64,
    /// Share of energy from renewable contracts.
    pub renewable_fraction: f64,
    /// Internal rate of return a year, what annuities leave unpaid being received at the horizon's end; absent where there is none or more than one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub irr_fraction: Option<f64>,
    /// Years until what came in covers what went out, undiscounted; absent where that is not within the horizon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payback_years: Option<f64>,
}

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
    /// Change of the first goal per unit of the plan's number (positive: loosening helps).
    pub dual: f64,
    /// Unit of `dual`: `Ttok per MW`.
    pub unit: String,
    /// The same worth in money: change of cost (second goal), M$ per unit of the plan's number, where known.
    pub dual_musd: Option<f64>,
    /// Values of the plan's number between which the dual holds, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<[f64; 2]>,
    /// The limit of the program it is read from, where it is a single one: what ranges are asked by.
    #[serde(skip)]
    pub limit_index: Option<u32>,
    /// Whether the dual is unique enough to be shown as a fact (formulation.md §6).
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
    /// The worst of every phase.
    fn of(certificate: &solve::certificate::Certificate) -> Self {
        let worst = |measure: &dyn Fn(&solve::certificate::PhaseCertificate) -> Option<f64>| {
            certificate.phases.iter().filter_map(measure).fold(0.0, f64::max)
        };
        Self {
            max_row_residual: worst(&|phase| Some(phase.row_residual)),
            max_bound_residual: worst(&|phase| Some(phase.bound_residual)),
            max_dual_residual: worst(&|phase| phase.dual_residual),
            relative_gap: worst(&|phase| phase.gap.map(f64::abs)),
            checked: certificate.checked,
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

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Results {
    /// Name of the plan.
    pub plan_name: String,
    /// SHA-256 of the plan's canonical text, hex.
    pub plan_sha256: String,
    /// The scenario picked, empty for the base plan.
    pub scenario_name: String,
    /// How it ended.
    pub status: Status,
    /// Steps of the run.
    pub phases: Vec<PhaseValue>,
    /// Key figures.
    pub kpis: Kpis,
    /// Periods.
    pub periods: Vec<PeriodInfo>,
    /// Representative days.
    pub days: Vec<DayInfo>,
    /// Slices.
    pub slices: Vec<SliceInfo>,
    /// Sites; places of rented chips come last.
    pub sites: Vec<SiteInfo>,
    /// Chips.
    pub chips: Vec<Named>,
    /// Products.
    pub products: Vec<Named>,
    /// Markets.
    pub markets: Vec<MarketInfo>,
    /// Contracts and plant.
    pub contracts: Vec<ContractInfo>,
    /// Chips at sites (only pairs that can exist).
    pub fleet: Vec<ChipsAt>,
    /// Halls.
    pub halls: Vec<HallsAt>,
    /// Token flows (only routes that can exist).
    pub flows: Vec<Flow>,
    /// Sales by segment.
    pub sales: Vec<Sale>,
    /// Power by site.
    pub power: Vec<SitePower>,
    /// Money by period.
    pub money: Vec<PeriodMoney>,
    /// What tokens are traced to their cost by.
    pub traced: traced::Traced,
    /// What is ordered and signed, in the order of its dates.
    pub decisions: Vec<calendar::Decision>,
    /// Capex limit by period, M$ (infinity where none).
    pub capex_limit_musd: Vec<f64>,
    /// Limits that bind.
    pub binding: Vec<Binding>,
    /// Limits that must give, if infeasible.
    pub conflict: Vec<Give>,
    /// What is free, if unbounded; why, if failed or stopped.
    pub message: String,
    /// Our own check.
    pub certificate: Certificate,
    /// Evidence behind the tokens.
    pub evidence: EvidenceShares,
    /// Chips side by side, by product.
    pub comparison: comparison::Comparison,
    /// Warnings of the plan (the errors keep it from being solved).
    pub warnings: Vec<crate::diagnostic::Diagnostic>,
    /// What solved it.
    pub solver: SolverInfo,
    /// Largest energy-balance residual recomputed in plan units, MW.
    pub energy_residual_mw: f64,
}

/// Kilotokens and the like aside, the one place that says which plan an answer belongs to.
#[must_use]
pub fn sha256_of(plan: &Plan) -> String {
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(crate::plan::file::print(plan).as_bytes());
    digest.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

impl Results {
    /// Reads an outcome.
    #[must_use]
    pub fn new(plan: &Plan, scenario: &Scenario, formulation: &Formulation, outcome: &Outcome) -> Self {
        let (status, message) = match &outcome.status {
            solve::Status::Optimal => (Status::Optimal, String::new()),
            solve::Status::Stopped { reason, gap } => {
                let why = match reason {
                    solve::StopReason::TimeLimit => "Stopped at the time limit",
                    solve::StopReason::Cancelled => "Cancelled",
                };
                let how_far = gap.map_or_else(String::new, |gap| format!(", within {:.2} % of the best", gap * 100.0));
                (Status::Stopped, format!("{why}{how_far}."))
            }
            solve::Status::Infeasible => (Status::Infeasible, "The limits contradict each other.".to_owned()),
            solve::Status::Unbounded { free } => {
                (Status::Unbounded, format!("Nothing limits {}: something useful is free.", free.join(", ")))
            }
            solve::Status::Failed(reason) => (Status::Failed, reason.clone()),
            solve::Status::NotRun => (Status::Failed, "Nothing was solved.".to_owned()),
        };
        let (name, version) = outcome.solver.split_once(' ').unwrap_or((outcome.solver.as_str(), ""));
        let program = &formulation.program;
        let mut results = Self {
            plan_name: plan.name.clone(),
            plan_sha256: sha256_of(plan),
            scenario_name: String::new(),
            status,
            phases: outcome
                .phases
                .iter()
                .zip(&program.phases)
                .map(|(reached, phase)| PhaseValue {
                    name: reached.name.to_owned(),
                    value: reached.value,
                    unit: phase.goal.unit.replace("M$", "MUSD"),
                })
                .collect(),
            kpis: Kpis::default(),
            periods: Vec::new(),
            days: Vec::new(),
            slices: Vec::new(),
            sites: Vec::new(),
            chips: Vec::new(),
            products: Vec::new(),
            markets: Vec::new(),
            contracts: Vec::new(),
            fleet: Vec::new(),
            halls: Vec::new(),
            flows: Vec::new(),
            sales: Vec::new(),
            power: Vec::new(),
            money: Vec::new(),
            traced: traced::Traced::default(),
            decisions: Vec::new(),
            capex_limit_musd: Vec::new(),
            binding: Vec::new(),
            conflict: Vec::new(),
            message,
            certificate: Certificate::of(&outcome.certificate),
            evidence: EvidenceShares::default(),
            comparison: comparison::Comparison::default(),
            warnings: scenario.warnings.clone(),
            solver: SolverInfo {
                name: name.to_owned(),
                version: version.to_owned(),
                columns: program.columns.len(),
                rows: program.rows.len(),
                nonzeros: program.nonzeros(),
                build_ms: 0.0,
                solve_ms: outcome.cpu_seconds * 1e3,
                iterations: outcome.iterations,
            },
            energy_residual_mw: 0.0,
        };
        read::labels(scenario, &mut results);
        if outcome.has_point() {
            let reading = read::Reading { scenario, formulation, point: &outcome.point };
            read::tables(&reading, &mut results);
            results.kpis = kpis::kpis(scenario, &results);
            results.evidence = kpis::evidence(scenario, &results);
            results.comparison = comparison::comparison(plan, scenario, &results);
            results.binding = marginal::binding(plan, scenario, formulation, outcome, &results);
            results.traced = traced::traced(&reading, results.flows.len());
            results.decisions = calendar::decisions(&reading);
            results.warnings.extend(money::single_price_warnings(&results));
        }
        results
    }

    /// Whether there are numbers to show.
    #[must_use]
    pub fn has_numbers(&self) -> bool {
        matches!(self.status, Status::Optimal | Status::Stopped) && !self.money.is_empty()
    }
}
