//! The answer: how the run ended, its key figures and its tables.

use serde::Serialize;

use super::bills::{BillLine, ConnectionInfo, Shed};
use super::findings::{ChipHours, Comparison, Decision, Fractions, GiveUp, Lender, ServingAt, Traced, UnneededEnergy};
use super::judgement::{Binding, Certificate, EntryPrice, EvidenceShares, Give, PhaseValue, SolverInfo};
use super::tables::{
    ChipsAt, ContractInfo, DayInfo, Flow, HallsAt, LossInfo, MarketInfo, Named, PeriodInfo, PeriodMoney, PeriodTokens, Sale, SiteInfo,
    SitePower, SliceInfo,
};
use super::tasks::TaskRouting;
use super::trade::Trade;

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

impl Status {
    /// Its word in files, as it is serialised.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Optimal => "optimal",
            Self::Stopped => "stopped",
            Self::Infeasible => "infeasible",
            Self::Unbounded => "unbounded",
            Self::Nothing => "nothing",
            Self::Failed => "failed",
        }
    }
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
    /// Share of the answer tokens of our own chips that is made in fractions of a hall (see [`super::fractions`]).
    pub in_part_halls_fraction: f64,
    /// The same of fractions of a rack.
    pub in_part_racks_fraction: f64,
    /// Internal rate of return a year of the flows that NPV is of (see [`super::money`]); absent where there is none or more than one.
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
    pub give_up: Option<GiveUp>,
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
    /// Bills of contracts, line by line.
    pub bills: Vec<BillLine>,
    /// Connections beside the plain interconnects.
    pub connections: Vec<ConnectionInfo>,
    /// Tokens shed in events.
    pub shed: Vec<Shed>,
    /// What each loss leaves, where the plan says what has to go on.
    pub losses: Vec<LossInfo>,
    /// Money by period.
    pub money: Vec<PeriodMoney>,
    /// Tokens that count, by period.
    pub tokens: Vec<PeriodTokens>,
    /// The lender's view, where the plan states how it is financed.
    pub lender: Option<Lender>,
    /// What stands in fractions of halls and racks.
    pub fractions: Fractions,
    /// What an hour of each chip earns, beside its market rent.
    pub chip_hours: Vec<ChipHours>,
    /// Goals that the run was stopped before: their figures are not shown.
    pub unreached: Vec<String>,
    /// What tokens are traced to their cost by.
    pub traced: Traced,
    /// Who sells what, prices that form, surplus.
    pub trade: Trade,
    /// Which tasks went where.
    pub routing: Vec<TaskRouting>,
    /// What is ordered and signed, in the order of its dates.
    pub decisions: Vec<Decision>,
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
    pub serving: Vec<ServingAt>,
    /// Chips side by side, by product.
    pub comparison: Comparison,
    /// Energy that no work needs, where it is more than a thousandth of all.
    pub unneeded_energy: Vec<UnneededEnergy>,
    /// Warnings of the plan (the errors keep it from being solved).
    pub warnings: Vec<crate::diagnostic::Diagnostic>,
    /// What solved it.
    pub solver: SolverInfo,
    /// Largest energy-balance residual recomputed in plan units, MW.
    pub energy_residual_mw: f64,
}
