//! Bills, connections and what was shed: what a utility would write, to hold against its own paper.
//!
//! A bill is reckoned anew from what was drawn and what the contract says, month by month, not read off
//! the program; that its sum is what the plan pays is a test.

use serde::Serialize;

use crate::plan::Month;

/// A line of a bill.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BillLine {
    /// Id of the contract.
    pub contract: String,
    /// The month.
    pub month: String,
    /// Index of the period it lies in.
    #[serde(skip)]
    pub period: usize,
    /// What is billed: `energy`, `demand`, `demand on-peak`, `fixed fee`…
    pub item: String,
    /// How much of it.
    pub quantity: f64,
    /// Unit of that: `MWh`, `MW`, `month`.
    pub unit: &'static str,
    /// What it costs, $, undiscounted.
    pub usd: f64,
}

/// A connection in an answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConnectionInfo {
    /// Id of the site.
    pub site: String,
    /// Its id.
    pub id: String,
    /// Most of what is always there, MW, by period, offers that were taken included.
    pub firm_mw: Vec<f64>,
    /// What is there but for events, MW, by period.
    pub non_firm_mw: Vec<f64>,
    /// Hours of events, by period.
    pub event_hours: Vec<f64>,
    /// Hours in slices with events in which all that was left was drawn, by period.
    pub curtailed_hours: Vec<f64>,
    /// MW taken of each offer.
    pub offers: Vec<(String, f64)>,
    /// What it can carry in a slice, MW, by period and slice: less in events.
    #[serde(skip)]
    pub limit_mw: Vec<Vec<f64>>,
    /// MW carried, by period and slice.
    #[serde(skip)]
    pub carried_mw: Vec<Vec<f64>>,
}

/// Tokens of a product that were shed in events.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shed {
    /// Id of the product.
    pub product: String,
    /// Id of the market.
    pub market: String,
    /// Answer tokens not made when they were asked for, Ttok, by period.
    pub answer_ttok: Vec<f64>,
    /// Discount for them, M$, by period; it is taken off revenue.
    pub discount_musd: Vec<f64>,
    /// Whether they were made in other hours of the same day.
    pub paid_back: bool,
}

/// `2027-01` of a month.
pub(crate) fn month_text(month: Month) -> String {
    month.to_string()
}
