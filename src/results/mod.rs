//! The answer in plan units: what the solver's word means for tokens, chips, power and money.
//!
//! Everything a chart, a table, the report or the window shows comes from [`Results`]; nothing
//! downstream asks the solver.

pub(crate) mod attribution;
pub mod calendar;
pub mod chip_hours;
mod clean;
pub mod comparison;
pub mod fractions;
pub mod give_up;
pub mod idle;
mod judgement;
mod kpis;
pub mod lender;
pub mod marginal;
pub mod money;
mod nothing;
pub mod passport;
mod read;
pub mod renewable;
pub mod serving;
mod tables;
pub mod traced;
pub mod words;

use serde::Serialize;

pub use self::judgement::{Binding, Certificate, EntryPrice, EvidenceShares, Give, PhaseValue, SolverInfo};
pub use self::tables::{
    ChipsAt, ContractInfo, CostPart, DayInfo, Flow, HallsAt, MarketInfo, Named, PeriodInfo, PeriodMoney, PeriodTokens, Role, Sale,
    SiteInfo, SitePower, SliceInfo,
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
    /// A cost per token is wanted, and no tokens can be made.
    Nothing,
    /// The solver failed.
    Failed,
}

/// Key figures. Totals over the horizon unless the name says otherwise.
#[derive(Clone, Debug, PartialEq, Default, Serialize)]
pub struct Kpis {
    /// Raw answer tokens sold (less bought ones, unless the plan counts them), Ttok.
    pub answer_tokens_ttok: f64,
    /// The same, weighted by quality, Ttok.
    pub quality_tokens_ttok: f64,
    /// Raw answer tokens that were bought and sold on and do not count, Ttok.
    pub bought_tokens_ttok: f64,
    /// Raw answer tokens that count, per year, mean, Ttok.
    pub answer_tokens_ttok_per_year: f64,
    /// Discounted cost, M$.
    pub cost_npv_musd: f64,
    /// Discounted revenue, M$.
    pub revenue_npv_musd: f64,
    /// Discounted revenue less cost, M$.
    pub npv_musd: f64,
    /// Levelised cost per million tokens, $: discounted cost over discounted quality-weighted tokens, as the goal has it.
    pub cost_usd_per_mtok: f64,
    /// The same per million raw answer tokens, $.
    pub cost_usd_per_raw_mtok: f64,
    /// Capex ordered, M$.
    pub capex_musd: f64,
    /// What annuities leave unpaid at the end of the horizon, M$ of that moment: what is left of chips, halls and plant.
    pub end_value_musd: f64,
    /// The same, discounted, M$: what NPV rests on beyond the horizon's own flows.
    pub end_value_npv_musd: f64,
    /// Energy at the meter, GWh: drawn under contracts and from plant, battery losses included.
    pub energy_gwh: f64,
    /// Energy that the facilities use, GWh.
    pub load_gwh: f64,
    /// Highest facility load of all sites together in any slice, MW.
    pub peak_mw: f64,
    /// Raw answer tokens of our own sites per kWh at the meter.
    pub tokens_per_kwh: f64,
    /// Raw answer tokens per second per MW of mean facility load.
    pub tok_per_s_per_mw: f64,
    /// Carbon, kt.
    pub carbon_kt: f64,
    /// Carbon per million raw answer tokens, g.
    pub carbon_g_per_mtok: f64,
    /// Water, ML.
    pub water_ml: f64,
    /// Renewable draw and certificates, less battery losses, as a share of the facilities' load.
    pub renewable_fraction: f64,
    /// Share of the answer tokens of our own chips that is made in fractions of a hall (see [`fractions`]).
    pub in_part_halls_fraction: f64,
    /// The same of fractions of a rack.
    pub in_part_racks_fraction: f64,
    /// Internal rate of return a year of the flows that NPV is of (see [`money`]); absent where there is none or more than one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub irr_fraction: Option<f64>,
    /// Discounted flows after tax, without debt, M$; absent where the plan does not say how it is financed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub npv_after_tax_musd: Option<f64>,
    /// Internal rate of return a year after tax, without debt, in money of the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub irr_after_tax_fraction: Option<f64>,
    /// Internal rate of return a year of the owners, in money of the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub irr_of_owners_fraction: Option<f64>,
    /// Least cover of debt service in a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dscr_least: Option<f64>,
    /// Levelised cost of a million answer tokens with tax, debt and the owners' return, $ real.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lcot_usd_per_mtok: Option<f64>,
    /// The same of an hour of a chip in service, $ real.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lcoc_usd_per_chip_hour: Option<f64>,
    /// Years until what came in covers what went out, undiscounted and without what is left at the end; absent where that is not within the horizon.
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
    /// What the first goal gave up and what that brought, where it is known (canonical answers).
    pub give_up: Option<give_up::GiveUp>,
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
    /// Tokens that count, by period.
    pub tokens: Vec<PeriodTokens>,
    /// The lender's view, where the plan states how it is financed.
    pub lender: Option<lender::Lender>,
    /// What stands in fractions of halls and racks.
    pub fractions: fractions::Fractions,
    /// What an hour of each chip earns, beside its market rent.
    pub chip_hours: Vec<chip_hours::ChipHours>,
    /// Goals that the run was stopped before: their figures are not shown.
    pub unreached: Vec<String>,
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

/// The goals a run was stopped before. The one it was at counts as reached only if it is the first: its
/// best so far is the answer so far.
fn unreached(program: &crate::formulation::program::Program, outcome: &Outcome) -> Vec<String> {
    if !matches!(outcome.status, solve::Status::Stopped { .. }) {
        return Vec::new();
    }
    program.phases.iter().skip(outcome.phases.len().max(1)).map(|phase| phase.goal.name.to_owned()).collect()
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
                let how_far =
                    gap.filter(|gap| gap.is_finite()).map_or_else(String::new, |gap| format!(", within {:.2} % of the best", gap * 100.0));
                (Status::Stopped, format!("{why}{how_far}."))
            }
            solve::Status::Infeasible => (Status::Infeasible, "The limits contradict each other.".to_owned()),
            solve::Status::Unbounded { free } => {
                (Status::Unbounded, format!("Nothing limits {}: something useful is free.", free.join(", ")))
            }
            solve::Status::Nothing => (
                Status::Nothing,
                "Nothing can be made: under the limits of this plan no tokens can be sold, so there is no cost per token.".to_owned(),
            ),
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
            give_up: outcome.give_up.as_ref().map(|give_up| give_up::GiveUp::of(give_up, program)),
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
            tokens: Vec::new(),
            lender: None,
            fractions: fractions::Fractions::default(),
            chip_hours: Vec::new(),
            unreached: Vec::new(),
            traced: traced::Traced::default(),
            decisions: Vec::new(),
            capex_limit_musd: Vec::new(),
            binding: Vec::new(),
            entry_prices: Vec::new(),
            conflict: Vec::new(),
            message,
            certificate: Certificate::of(&outcome.certificate, matches!(outcome.status, solve::Status::Optimal)),
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
            results.unreached = unreached(program, outcome);
            if !results.unreached.is_empty() {
                let reached = |phase: &PhaseValue| {
                    format!(" Reached: {} ({} {}).", words::goal(&phase.name), words::figure(phase.value), phase.unit.replace("MUSD", "M$"))
                };
                let reached: String = results.phases.iter().map(reached).collect();
                let goals: Vec<&str> = results.unreached.iter().map(|goal| words::goal(goal)).collect();
                results.message =
                    format!("{}{reached} Not reached: {}; nothing that it settles is shown.", results.message, goals.join(", "));
            }
            let point = clean::point(scenario, formulation, &outcome.point);
            let reading = read::Reading { scenario, formulation, point: &point };
            read::tables(&reading, &mut results);
            results.fractions = fractions::fractions(scenario, &results);
            results.kpis = kpis::kpis(scenario, &results);
            results.lender = lender::lender(&reading, &results);
            kpis::of_lender(&mut results);
            results.chip_hours = chip_hours::chip_hours(&reading, &results);
            results.serving = read::serving(&reading);
            clean::serving(&mut results.serving);
            results.evidence = kpis::evidence(scenario, &results);
            results.warnings.extend(serving::less_than_a_replica(&results));
            results.comparison = comparison::comparison(plan, scenario, &results);
            results.binding = marginal::binding(plan, scenario, formulation, outcome, &results);
            results.traced = traced::traced(&reading, &results.flows);
            results.decisions = calendar::decisions(&reading);
            clean::judgements(&mut results);
            results.warnings.extend(money::single_price_warnings(&results));
            results.warnings.extend(chip_hours::warnings(&results));
            results.unneeded_energy = idle::unneeded(&reading, &results);
            results.warnings.extend(idle::warnings(&reading, &results.unneeded_energy));
            let nothing = nothing::warning(plan, scenario, formulation, outcome, &results);
            results.warnings.extend(nothing);
            if !results.unreached.is_empty() {
                results.forget_unsettled(scenario);
            }
        }
        results
    }

    /// Takes out what the goals that were not reached would have settled: an earlier goal is as good with
    /// builds, contracts and routes of many kinds, and the ones it stands at say nothing.
    fn forget_unsettled(&mut self, scenario: &Scenario) {
        self.fleet.clear();
        self.halls.clear();
        self.flows.clear();
        self.sales.clear();
        self.power.clear();
        self.money.clear();
        self.tokens.clear();
        self.chip_hours.clear();
        self.binding.clear();
        self.serving.clear();
        self.decisions.clear();
        self.unneeded_energy.clear();
        self.fractions = fractions::Fractions::default();
        self.traced = traced::Traced::default();
        self.lender = None;
        self.comparison = comparison::Comparison::default();
        self.evidence = EvidenceShares::default();
        // Warnings about the answer go with it; those about the plan stay.
        self.warnings.clone_from(&scenario.warnings);
    }

    /// Whether a key figure, by its name in [`Kpis`], says nothing: because the run was stopped before the
    /// goal that settles it, or because nothing is made.
    #[must_use]
    pub fn hides(&self, figure: &str) -> bool {
        // Nothing is made that it could be the cost of.
        if matches!(figure, "cost_usd_per_mtok" | "cost_usd_per_raw_mtok") && self.kpis.quality_tokens_ttok <= 0.0 {
            return true;
        }
        let of_tokens =
            matches!(figure, "answer_tokens_ttok" | "quality_tokens_ttok" | "bought_tokens_ttok" | "answer_tokens_ttok_per_year");
        let settles = |goal: &String| if of_tokens { goal == "tokens" } else { true };
        self.unreached.iter().any(settles)
    }

    /// Whether there are numbers to show.
    #[must_use]
    pub fn has_numbers(&self) -> bool {
        matches!(self.status, Status::Optimal | Status::Stopped) && self.unreached.is_empty() && !self.money.is_empty()
    }
}
