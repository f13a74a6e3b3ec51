//! The answer in plan units: what the solver's word means for tokens, chips, power and money.
//!
//! Everything a chart, a table, the report or the window shows comes from [`Results`]; nothing
//! downstream asks the solver.

pub(crate) mod attribution;
pub mod calendar;
pub mod comparison;
pub mod idle;
mod judgement;
mod kpis;
pub mod marginal;
pub mod money;
mod nothing;
pub mod passport;
mod read;
pub mod serving;
mod tables;
pub mod traced;
pub mod words;

use serde::Serialize;

pub use self::judgement::{Binding, Certificate, EntryPrice, EvidenceShares, Give, PhaseValue, SolverInfo};
pub use self::tables::{
    ChipsAt, ContractInfo, CostPart, DayInfo, Flow, HallsAt, MarketInfo, Named, PeriodInfo, PeriodMoney, Sale, SiteInfo, SitePower,
    SliceInfo, SupplyKind,
};
use crate::formulation::Formulation;
use crate::plan::Plan;
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
    /// What the plan allows and the answer leaves unused, the nearest to coming in first. Filled in with
    /// the canonical answer (see `study`).
    pub entry_prices: Vec<EntryPrice>,
    /// Limits that must give, if infeasible.
    pub conflict: Vec<Give>,
    /// What is free, if unbounded; why, if failed or stopped.
    pub message: String,
    /// Our own check.
    pub certificate: Certificate,
    /// Evidence behind the tokens.
    pub evidence: EvidenceShares,
    /// How chips serve products at their places: replicas, and chips that prefill and decode.
    pub serving: Vec<serving::ServingAt>,
    /// Chips side by side, by product.
    pub comparison: comparison::Comparison,
    /// Energy that no work needs, where it is more than a thousandth of all.
    pub unneeded_energy: Vec<idle::UnneededEnergy>,
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
            entry_prices: Vec::new(),
            conflict: Vec::new(),
            message,
            certificate: Certificate::of(&outcome.certificate),
            evidence: EvidenceShares::default(),
            serving: Vec::new(),
            comparison: comparison::Comparison::default(),
            unneeded_energy: Vec::new(),
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
            results.serving = read::serving(&reading);
            results.evidence = kpis::evidence(scenario, &results);
            results.warnings.extend(serving::less_than_a_replica(&results));
            results.comparison = comparison::comparison(plan, scenario, &results);
            results.binding = marginal::binding(plan, scenario, formulation, outcome, &results);
            results.traced = traced::traced(&reading, &results.flows);
            results.decisions = calendar::decisions(&reading);
            results.warnings.extend(money::single_price_warnings(&results));
            results.unneeded_energy = idle::unneeded(&reading, &results);
            results.warnings.extend(idle::warnings(&reading, &results.unneeded_energy));
            let nothing = nothing::warning(plan, scenario, formulation, outcome, &results);
            results.warnings.extend(nothing);
        }
        results
    }

    /// Whether there are numbers to show.
    #[must_use]
    pub fn has_numbers(&self) -> bool {
        matches!(self.status, Status::Optimal | Status::Stopped) && !self.money.is_empty()
    }
}
