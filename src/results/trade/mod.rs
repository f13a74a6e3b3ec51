//! Who sells what to whom and at which price, where a plan has actors or prices that form.

mod actors;
mod prices;
mod surplus;

use serde::Serialize;

pub(super) use actors::actors;
pub(super) use prices::{Prices, market_prices, prices};
pub(super) use surplus::{equilibrium, warnings};

use crate::resolved::Conduct;

/// What a price may be off by, as a share of it, for the steps of its curve.
pub const PRICE_ERROR: f64 = 1e-3;

/// Trade: league of actors, prices, surplus.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Trade {
    /// Actors in the order of the plan; none where the plan states none and no price forms.
    pub actors: Vec<ActorResult>,
    /// Prices that formed, by market and product.
    pub prices: Vec<MarketPrice>,
    /// How the market came to rest, where prices form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub equilibrium: Option<Equilibrium>,
}

/// What an actor did. Money is undiscounted by period, but for what ends in `npv`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ActorResult {
    /// Its id.
    pub id: String,
    /// Name on screen.
    pub name: String,
    /// Country, two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Answer tokens it sold, made by itself or bought, Ttok, by period.
    pub answer_ttok: Vec<f64>,
    /// The same, weighted by quality.
    pub quality_ttok: Vec<f64>,
    /// Of those, sold in other countries than they are made in, Ttok, by period.
    pub exports_ttok: Vec<f64>,
    /// Answer tokens it sold, Ttok, by market (in the order of markets) and period.
    pub sold_ttok: Vec<Vec<f64>>,
    /// Revenue, M$, by period.
    pub revenue_musd: Vec<f64>,
    /// Cost, duties included, M$, by period.
    pub cost_musd: Vec<f64>,
    /// Capex ordered, M$, by period.
    pub capex_musd: Vec<f64>,
    /// Energy at its meters, GWh, by period.
    pub energy_gwh: Vec<f64>,
    /// Hours of its chips, in service and rented, worked or not, million, by period.
    pub million_chip_hours: Vec<f64>,
    /// Answer tokens that its own chips made (not rented, not bought), Ttok, by period.
    pub made_ttok: Vec<f64>,
    /// Discounted revenue less cost, M$.
    pub npv_musd: f64,
}

impl ActorResult {
    /// Answer tokens of its own chips per kWh at its meters in a period; none without energy.
    #[must_use]
    pub fn tokens_per_kwh(&self, period: usize) -> Option<f64> {
        quotient(at(&self.made_ttok, period) * 1e12, at(&self.energy_gwh, period) * 1e6)
    }

    /// Quality-weighted tokens sold per chip-hour in a period.
    #[must_use]
    pub fn tokens_per_chip_hour(&self, period: usize) -> Option<f64> {
        quotient(at(&self.quality_ttok, period) * 1e12, at(&self.million_chip_hours, period) * 1e6)
    }

    /// Quality-weighted tokens sold per $ of cost in a period.
    #[must_use]
    pub fn tokens_per_usd(&self, period: usize) -> Option<f64> {
        quotient(at(&self.quality_ttok, period) * 1e12, at(&self.cost_musd, period) * 1e6)
    }
}

/// The price that formed in a market for a product.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct MarketPrice {
    /// Index of the market.
    pub market: usize,
    /// Index of the product.
    pub product: usize,
    /// Price of an answer token with its prompts, $ per Mtok, by period; none where nothing is sold.
    pub usd_per_mtok: Vec<Option<f64>>,
    /// Sold, Ttok, by period.
    pub sold_ttok: Vec<f64>,
    /// What buyers would have paid at most, less what they paid, M$, by period.
    pub consumer_musd: Vec<f64>,
    /// By how much the price may be off for the steps of the curve, as a share of it, by period.
    pub error_fraction: Vec<f64>,
}

/// Discounted surplus, M$.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Surplus {
    /// Of buyers, by market.
    pub consumers_musd: Vec<f64>,
    /// Of sellers, by actor: what they earn less what they spend, credits included.
    pub producers_musd: Vec<f64>,
    /// Of governments, by country: duties and carbon prices less subsidies and credits.
    pub governments_musd: Vec<(String, f64)>,
    /// What that is made of, by country.
    pub transfers: Vec<Transfer>,
}

/// What a government takes (or gives, below nothing) of one kind, discounted.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Transfer {
    /// Country, two letters.
    pub country: String,
    /// Of which kind, in words: `duties on tokens`.
    pub what: &'static str,
    /// M$.
    pub musd: f64,
}

impl Surplus {
    /// All of it.
    #[must_use]
    pub fn total_musd(&self) -> f64 {
        self.consumers_musd.iter().chain(&self.producers_musd).sum::<f64>()
            + self.governments_musd.iter().map(|(_, musd)| musd).sum::<f64>()
    }
}

/// What an actor could gain by acting otherwise while all others do as they do.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BestReply {
    /// Index of the actor.
    pub actor: usize,
    /// Gain, M$ discounted.
    pub gain_musd: f64,
    /// The same as a share of its revenue, or of its profit where that is more; of all actors' revenue where it has neither.
    pub gain_fraction: f64,
}

/// A market at rest.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Equilibrium {
    /// How actors act: `Competition`, `Cournot` or `Cartel`.
    pub conduct: &'static str,
    /// Largest error of a price, as a share of it.
    pub price_error_fraction: f64,
    /// Who has what of it.
    pub surplus: Surplus,
    /// Surplus that competition would have had beyond this, M$; none where that was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost_to_competition_musd: Option<f64>,
    /// What each actor could gain alone; empty where that was not asked.
    pub replies: Vec<BestReply>,
}

/// A conduct as it stands in a plan.
#[must_use]
pub fn conduct_name(conduct: &Conduct) -> &'static str {
    conduct.variant_name()
}

fn at(values: &[f64], period: usize) -> f64 {
    values.get(period).copied().unwrap_or(0.0)
}

fn quotient(top: f64, bottom: f64) -> Option<f64> {
    (bottom > 1e-9).then(|| top / bottom)
}
