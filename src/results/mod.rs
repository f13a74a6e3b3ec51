//! The answer in plan units: what the solver's word means for tokens, chips, power and money.
//!
//! Everything a chart, a table, the report or the window shows comes from [`Results`]; nothing
//! downstream asks the solver.

mod answer;
pub(crate) mod attribution;
pub mod bills;
pub mod calendar;
pub mod chip_hours;
mod clean;
pub mod comparison;
mod findings;
pub mod fractions;
pub mod give_up;
mod held_prices;
pub mod idle;
mod judgement;
mod kept;
mod kpis;
pub mod lender;
mod losses;
pub mod marginal;
pub mod money;
mod nothing;
pub mod passport;
mod read;
pub mod renewable;
mod routing;
pub mod serving;
mod tables;
pub mod tasks;
pub mod traced;
pub mod trade;

pub use self::answer::{Kpis, Results, Status};
pub use self::judgement::{Binding, Certificate, EntryPrice, EvidenceShares, Give, PhaseValue, SolverInfo};
pub use self::tables::{
    ChipsAt, ContractInfo, CostPart, DayInfo, Flow, HallsAt, LossInfo, MarketInfo, Named, PeriodInfo, PeriodMoney, PeriodTokens, Role,
    Sale, SiteInfo, SitePower, SliceInfo,
};
use crate::formulation::Formulation;
use crate::plan::Plan;
use crate::resolved::Resolved;
use crate::solve::{self, Outcome};
use crate::words;

/// The one place that says which plan an answer belongs to. Studies are left out: they ask, and change no answer.
#[must_use]
pub fn sha256_of(plan: &Plan) -> String {
    use sha2::Digest as _;
    let text = if plan.studies.is_empty() {
        crate::plan::file::print(plan)
    } else {
        crate::plan::file::print(&Plan { studies: crate::plan::node::Map::new(), ..plan.clone() })
    };
    let digest = sha2::Sha256::digest(text.as_bytes());
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
    pub fn new(plan: &Plan, resolved: &Resolved, formulation: &Formulation, outcome: &Outcome) -> Self {
        Self::read(plan, resolved, formulation, outcome, true)
    }

    /// The figures of an outcome alone: tables, key figures, money and what binds, as studies keep them of each
    /// of a thousand answers. What is said, traced and compared of one answer that somebody looks at is left empty,
    /// and so is the plan's hash.
    #[must_use]
    pub(crate) fn figures(plan: &Plan, resolved: &Resolved, formulation: &Formulation, outcome: &Outcome) -> Self {
        Self::read(plan, resolved, formulation, outcome, false)
    }

    fn read(plan: &Plan, resolved: &Resolved, formulation: &Formulation, outcome: &Outcome, whole: bool) -> Self {
        let (status, message) = match &outcome.status {
            solve::Status::Optimal => (Status::Optimal, String::new()),
            solve::Status::Stopped { reason, gap } => {
                let why = match reason {
                    solve::StopReason::TimeLimit => "Stopped at the time limit",
                    solve::StopReason::Cancelled => "Cancelled",
                };
                let how_far =
                    gap.filter(|gap| gap.is_finite()).map_or_else(String::new, |gap| format!(", within {} of the best", words::share(gap)));
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
            plan_sha256: if whole { sha256_of(plan) } else { String::new() },
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
            bills: Vec::new(),
            connections: Vec::new(),
            shed: Vec::new(),
            losses: Vec::new(),
            money: Vec::new(),
            tokens: Vec::new(),
            lender: None,
            fractions: fractions::Fractions::default(),
            chip_hours: Vec::new(),
            unreached: Vec::new(),
            traced: traced::Traced::default(),
            trade: trade::Trade::default(),
            routing: Vec::new(),
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
            warnings: resolved.warnings.clone(),
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
        read::labels(resolved, &mut results);
        if outcome.has_point() {
            results.unreached = unreached(program, outcome);
            if !results.unreached.is_empty() {
                let reached = |phase: &PhaseValue| {
                    format!(
                        " Reached: {} ({}).",
                        words::goal(&phase.name),
                        words::with_unit(phase.value, &phase.unit.replace("MUSD", "M$"))
                    )
                };
                let reached: String = results.phases.iter().map(reached).collect();
                let goals: Vec<&str> = results.unreached.iter().map(|goal| words::goal(goal)).collect();
                results.message =
                    format!("{}{reached} Not reached: {}; nothing that it settles is shown.", results.message, goals.join(", "));
            }
            let point = clean::point(resolved, formulation, &outcome.point);
            let prices = trade::prices(resolved, formulation, outcome, &point);
            let reading = read::Reading { resolved, formulation, point: &point, prices: &prices };
            read::tables(&reading, &mut results);
            results.trade.prices = trade::market_prices(&reading, &results);
            results.trade.actors = trade::actors(&reading, &results);
            results.trade.equilibrium = trade::equilibrium(&reading, &results);
            results.routing = routing::routing(&reading);
            results.fractions = fractions::fractions(resolved, &results);
            results.kpis = kpis::kpis(resolved, &results);
            results.lender = lender::lender(&reading, &results);
            kpis::of_lender(&mut results);
            results.binding = marginal::binding(plan, resolved, formulation, outcome, &results);
            if whole {
                results.tell(plan, &reading, outcome);
            }
            clean::judgements(&mut results);
            if !results.unreached.is_empty() {
                results.forget_unsettled(resolved);
            }
        }
        results
    }

    /// What is said of an answer that somebody looks at: where its tokens come from, how it compares, what is idle
    /// or odd about it.
    fn tell(&mut self, plan: &Plan, reading: &read::Reading<'_>, outcome: &Outcome) {
        let (resolved, formulation) = (reading.resolved, reading.formulation);
        self.chip_hours = chip_hours::chip_hours(reading, self);
        self.losses = losses::losses(reading, self);
        self.serving = read::serving(reading);
        clean::serving(&mut self.serving);
        self.evidence = kpis::evidence(resolved, self);
        self.warnings.extend(serving::less_than_a_replica(self));
        self.comparison = comparison::comparison(plan, resolved, self);
        self.traced = traced::traced(reading, &self.flows);
        self.decisions = calendar::decisions(reading);
        if self.trade.equilibrium.is_none() {
            let of_money = money::single_price_warnings(self);
            self.warnings.extend(of_money);
        }
        self.warnings.extend(trade::warnings(resolved, self));
        self.warnings.extend(chip_hours::warnings(self));
        self.warnings.extend(held_prices::warning(resolved, self));
        self.unneeded_energy = idle::unneeded(reading, self);
        self.warnings.extend(idle::warnings(reading, &self.unneeded_energy));
        let nothing = nothing::warning(plan, resolved, formulation, outcome, self);
        self.warnings.extend(nothing);
    }

    /// Takes out what the goals that were not reached would have settled: an earlier goal is as good with
    /// builds, contracts and routes of many kinds, and the ones it stands at say nothing.
    fn forget_unsettled(&mut self, resolved: &Resolved) {
        self.fleet.clear();
        self.halls.clear();
        self.flows.clear();
        self.sales.clear();
        self.power.clear();
        self.money.clear();
        self.tokens.clear();
        self.chip_hours.clear();
        self.bills.clear();
        self.connections.clear();
        self.shed.clear();
        self.losses.clear();
        self.binding.clear();
        self.serving.clear();
        self.decisions.clear();
        self.unneeded_energy.clear();
        self.fractions = fractions::Fractions::default();
        self.traced = traced::Traced::default();
        self.trade = trade::Trade::default();
        self.routing.clear();
        self.lender = None;
        self.comparison = comparison::Comparison::default();
        self.evidence = EvidenceShares::default();
        // Warnings about the answer go with it; those about the plan stay.
        self.warnings.clone_from(&resolved.warnings);
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
