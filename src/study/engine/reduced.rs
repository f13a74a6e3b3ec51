//! What studies read of an answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::results::Results;

/// Limits that are named of an answer.
const NAMED: usize = 5;

/// An answer, reduced.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reduced {
    /// `optimal`, `infeasible`, `unbounded`, `nothing`, `failed`, or `refused` where the plan is wrong at this point.
    pub status: String,
    /// Why there is no answer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The goals in turn, in their units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<(String, f64)>,
    /// What the point itself was asked for: the extreme of a group, the two measures of a frontier.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<f64>,
    /// Key figures by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kpis: BTreeMap<String, f64>,
    /// Chips ordered, by `site/chip`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub chips: BTreeMap<String, f64>,
    /// Halls ordered, by `site/type`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub halls: BTreeMap<String, f64>,
    /// Most MW contracted or built, by contract.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub contracts_mw: BTreeMap<String, f64>,
    /// Answer tokens made by chip, Ttok.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tokens_by_chip: BTreeMap<String, f64>,
    /// Answer tokens made by site, Ttok.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tokens_by_site: BTreeMap<String, f64>,
    /// Answer tokens sold by market, Ttok.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tokens_by_market: BTreeMap<String, f64>,
    /// Energy drawn by kind of contract, GWh.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub energy_by_kind: BTreeMap<String, f64>,
    /// Families of the limits that are worth most, the most valuable first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub binding: Vec<String>,
    /// Quality-weighted tokens by period, Ttok.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tokens_by_period: Vec<f64>,
    /// Revenue less cost by period, undiscounted, M$.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub margin_by_period: Vec<f64>,
    /// Figures of actors, by id and name; of plans with actors alone.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub actors: BTreeMap<String, BTreeMap<String, f64>>,
    /// Answer tokens by `site>market`, Ttok; of plans with actors alone.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub flows: BTreeMap<String, f64>,
    /// Surplus by party, M$ discounted, where prices form.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub surplus: BTreeMap<String, f64>,
    /// Break points of a curve.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub curve: Vec<Vertex>,
    /// What came of each future, where several were met together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub futures: Vec<InFuture>,
    /// What is signed before it is known which future comes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signed: Vec<Signed>,
    /// What is proved of the measure over several futures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<Proof>,
    /// What a reader has to know of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// A point of the curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vertex {
    /// Level of the held measure.
    pub held: f64,
    /// Best value of the other one.
    pub value: f64,
    /// Its change per unit of the held one at this point (one of the slopes, where it breaks).
    pub slope: f64,
    /// How far the curve may lie beyond the straight line to the next point; zero where it is that line.
    pub gap_to_next: f64,
    /// The answer there.
    pub answer: Reduced,
}

/// Something that is signed before it is known what comes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signed {
    /// What kind of thing: `chips`, `halls`, `plant`, `contract`, `offer`, `pipeline`, `rental`, `training`.
    pub kind: String,
    /// Id of the site.
    pub place: String,
    /// Id of the chip, hall type, contract or offer.
    pub thing: String,
    /// In words: `GB200 NVL72 for Abilene`.
    pub name: String,
    /// Month in which it is decided: `2027-01`.
    pub month: String,
    /// How much.
    pub amount: f64,
    /// Unit of the amount.
    pub unit: String,
}

/// What came of one of several futures that were met together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InFuture {
    /// The future.
    pub id: String,
    /// How likely it is.
    pub probability: f64,
    /// What its first goal comes to.
    pub value: f64,
    /// The answer there.
    pub answer: Reduced,
}

/// How the measure of a hedge is reached: what is proved of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// `one program` or `cuts`.
    pub by: String,
    /// Unknowns of the program, or of all of them.
    pub columns: usize,
    /// No decision gives more (or less, where little is wanted) than this.
    pub bound: f64,
    /// Distance of the bound from what is reached, as a share.
    pub gap: f64,
    /// Seconds of processor time.
    pub cpu_seconds: f64,
}

/// A point and what came of it: one line of a study's file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Position among the study's points.
    pub index: usize,
    /// The point's key.
    pub key: String,
    /// What it is, in words.
    pub label: String,
    /// Where it stands.
    pub at: Vec<f64>,
    /// Whether what is ordered was held as the base plan orders it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub as_ordered: bool,
    /// What came of it.
    #[serde(flatten)]
    pub answer: Reduced,
}

fn sum(values: &[f64]) -> f64 {
    values.iter().sum()
}

/// Adds to an entry what is not nothing; what has no limit (a tariff without a cap) is no number.
fn add(map: &mut BTreeMap<String, f64>, key: String, value: f64) {
    if value > 1e-9 && value.is_finite() {
        *map.entry(key).or_default() += value;
    }
}

impl Reduced {
    /// Where there is no answer.
    pub(super) fn without(status: &str, reason: impl Into<String>) -> Self {
        Self { status: status.to_owned(), reason: reason.into(), ..Self::default() }
    }

    /// Where the plan is wrong.
    pub(super) fn refused(problems: &[Diagnostic]) -> Self {
        let errors: Vec<&Diagnostic> = problems.iter().filter(|problem| problem.is_error()).collect();
        let first =
            errors.first().map_or_else(|| "The plan is wrong here.".to_owned(), |problem| format!("{}: {}", problem.path, problem.message));
        let more = if errors.len() > 1 { format!(" And {} more.", errors.len() - 1) } else { String::new() };
        Self::without("refused", format!("{first}{more}"))
    }

    /// Whether there is an answer.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.status == "optimal"
    }

    /// A goal's value, by its name.
    #[must_use]
    pub fn goal(&self, name: &str) -> Option<f64> {
        self.goals.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }

    /// A key figure.
    #[must_use]
    pub fn kpi(&self, name: &str) -> Option<f64> {
        self.kpis.get(name).copied()
    }

    /// Of full results.
    #[must_use]
    pub fn of(results: &Results) -> Self {
        let mut reduced = Self::without(results.status.name(), results.message.clone());
        if !results.has_numbers() {
            return reduced;
        }
        reduced.goals = results.phases.iter().map(|phase| (phase.name.clone(), phase.value)).collect();
        if let Ok(serde_json::Value::Object(figures)) = serde_json::to_value(&results.kpis) {
            for (name, value) in figures {
                if let Some(value) = value.as_f64().filter(|value| value.is_finite() && !results.hides(&name)) {
                    reduced.kpis.insert(name, value);
                }
            }
        }
        let site = |index: usize| results.sites.get(index).map_or_else(String::new, |site| site.id.clone());
        for chips in &results.fleet {
            let chip = results.chips.get(chips.chip).map_or_else(String::new, |chip| chip.id.clone());
            let made = chips.answer_ttok.iter().flatten().sum();
            add(&mut reduced.chips, format!("{}/{chip}", site(chips.site)), sum(&chips.orders));
            add(&mut reduced.tokens_by_chip, chip, made);
            add(&mut reduced.tokens_by_site, site(chips.site), made);
        }
        for halls in &results.halls {
            add(&mut reduced.halls, format!("{}/{}", site(halls.site), halls.id), sum(&halls.orders));
        }
        for contract in &results.contracts {
            add(&mut reduced.contracts_mw, contract.id.clone(), contract.contracted.iter().copied().fold(0.0, f64::max) / contract.hours);
            if contract.kind.role == crate::results::Role::Energy {
                add(&mut reduced.energy_by_kind, contract.kind.title.to_owned(), sum(&contract.energy_gwh));
            }
        }
        for sale in &results.sales {
            let market = results.markets.get(sale.market).map_or_else(String::new, |market| market.id.clone());
            add(&mut reduced.tokens_by_market, market, sum(&sale.sold_ttok));
        }
        for binding in &results.binding {
            if reduced.binding.len() < NAMED && !reduced.binding.iter().any(|family| family == binding.family) {
                reduced.binding.push(binding.family.to_owned());
            }
        }
        for flow in results.flows.iter().filter(|_| !results.trade.actors.is_empty()) {
            let market = results.markets.get(flow.market).map_or_else(String::new, |market| market.id.clone());
            if let Some(place) = flow.site {
                add(&mut reduced.flows, format!("{}>{market}", site(place)), sum(&flow.answer_ttok));
            }
        }
        (reduced.actors, reduced.surplus) = super::trade::figures(results);
        reduced.tokens_by_period = results.tokens.iter().map(|tokens| tokens.quality_ttok).collect();
        reduced.margin_by_period = results.money.iter().map(|money| money.revenue_musd - money.cost_total_musd()).collect();
        reduced
    }
}
