//! Catalog chips and served models side by side for a product of a plan, before they are in the plan:
//! throughput with its evidence, energy and money per token at the plan's PUE and power price.

use crate::catalog::{Catalog, Chip, ServedModel};
use crate::physics::throughput::{OperatingPoint, ServingNeed};
use crate::physics::token_cost::{Conditions, Payment, TokenCost, Work, token_cost};
use crate::plan::{Plan, Product};
use crate::resolved::serving::{need_of, ways};
use crate::results::Results;
use crate::results::comparison::conditions_of_plan;

/// Share of the time sold where there is no product yet: that of an interactive one.
const PLAIN_CAP: f64 = 0.8;

/// What chips and served models are compared for.
#[derive(Clone, Debug)]
pub struct Case<'p> {
    /// Lengths and limits.
    pub need: ServingNeed<'p>,
    /// Share of the time of working chips that is sold.
    pub busy: f64,
    /// Real discount rate per year.
    pub rate: f64,
    /// PUE and power price; `None` where the plan states none yet.
    pub conditions: Option<Conditions>,
    /// The conditions come from the answer, not from the plan's stated prices.
    pub from_answer: bool,
}

impl<'p> Case<'p> {
    /// A product of a plan; without one, a plain chat: 4,096 prompt and 1,024 answer tokens at 50 ms.
    #[must_use]
    pub fn new(plan: &'p Plan, product: Option<&'p Product>, results: Option<&Results>) -> Self {
        let answered = results.map(|results| &results.comparison).filter(|comparison| comparison.from_answer);
        Self {
            need: product.map_or(ServingNeed { tpot_ms: Some(50.0), ..ServingNeed::plain(4096.0, 1024.0) }, |product| {
                need_of(product, plan.horizon.start)
            }),
            busy: product.map_or(PLAIN_CAP, Product::utilisation_cap),
            rate: plan.horizon.discount_rate_fraction,
            conditions: answered.and_then(|comparison| comparison.conditions).or_else(|| conditions_of_plan(plan)),
            from_answer: answered.is_some(),
        }
    }
}

/// A chip with a served model in a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Ways of serving, best first; or why it can't, in words.
    pub ways: Result<Vec<OperatingPoint>, String>,
    /// What a million tokens take of a bought chip; `None` where a number that it needs is not known.
    pub cost: Option<TokenCost>,
    /// Answer tokens per joule of facility energy; `None` where throughput, power or PUE is not known.
    pub tokens_per_joule: Option<f64>,
    /// Numbers that were not found and are left blank.
    pub blanks: Vec<&'static str>,
    /// Where the throughput model is known to be off here, a sentence each.
    pub known_misses: Vec<&'static str>,
}

impl Candidate {
    /// The way the plan would use.
    #[must_use]
    pub fn best(&self) -> Option<&OperatingPoint> {
        self.ways.as_ref().ok()?.first()
    }
}

/// What a catalog chip would do with a served model.
#[must_use]
pub fn candidate(case: &Case<'_>, chip: &Chip, model: &ServedModel) -> Candidate {
    let ways = ways(chip, model, &case.need);
    let best = ways.as_ref().ok().and_then(|points| points.first());
    let mut blanks = Vec::new();
    let mut known = |value: Option<f64>, what: &'static str| {
        if value.is_none() {
            blanks.push(what);
        }
        value
    };
    let power = known(chip.allin_it_kw_per_chip, "all-in power");
    let capex = known(chip.capex_usd_per_chip, "price");
    let work = power.map(|kw| Work {
        active_kw: kw,
        idle_kw: kw * chip.idle_power_fraction.unwrap_or(0.0),
        availability: chip.availability_fraction.unwrap_or(1.0),
        busy: case.busy,
    });
    let payment = capex.zip(chip.life_years).map(|(capex, life)| {
        let maintenance = capex * chip.om_fraction_of_capex_per_year.unwrap_or(0.0);
        Payment::bought(capex, maintenance, case.rate, chip.lead_months.unwrap_or(0.0) / 12.0, life)
    });
    let at = |payment: Payment| token_cost(best?.answer_tok_per_s, work?, payment, case.conditions?);
    let known_misses = match best {
        Some(point) if point.evidence != crate::catalog::Evidence::Measured => {
            Catalog::embedded().known_misses(chip, model, case.need.answer_tokens).map(|miss| miss.sentence).collect()
        }
        _ => Vec::new(),
    };
    Candidate {
        cost: payment.and_then(at),
        tokens_per_joule: at(Payment::Rented(0.0)).map(|cost| cost.tokens_per_joule),
        ways,
        blanks,
        known_misses,
    }
}
