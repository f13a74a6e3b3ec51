//! A virtual power purchase agreement: a contract for difference.

use super::charges::NegativePrices;
use super::{Amount, Hue, Kind, Role, Rules};
use crate::diagnostic::Diagnostic;
use crate::plan::node::record;
use crate::plan::values::{Level, ProfileRef, Steps};

/// What is said of it wherever it is shown.
pub const KIND: Kind = Kind {
    variant: "Virtual",
    name: "virtual",
    title: "contract for difference",
    label: "Virtual PPA",
    plural: "Virtual PPAs",
    about: "Certificates and money, no electrons",
    unit: "MW",
    role: Role::Paper,
    behind_meter: false,
    hue: Hue::Blue,
    weather: true,
    order: 6,
    price_field: None,
    size_field: Some("contract_mw"),
    id: "virtual-ppa",
    starting: "terms: Virtual(profile: PROFILE, strike_usd_per_mwh: 45.0, reference_usd_per_mwh: 40.0, contract_mw: UpTo(100.0))",
};

impl Rules for Virtual {
    /// A floor is stated once.
    fn check(&self, at: &str) -> Vec<Diagnostic> {
        let twice = self.floor_usd_per_mwh.is_some() && self.at_negative_prices != NegativePrices::Settles;
        let message = "The floor and `at_negative_prices` both say what holds below zero.".to_owned();
        let problem = || Diagnostic::error("two-readings", format!("{at}.floor_usd_per_mwh"), message).help("Keep one of them; `Floor(0.0)` is a floor of zero.");
        twice.then(problem).into_iter().collect()
    }
}

impl Virtual {
    /// What holds at negative prices, however it is stated.
    #[must_use]
    pub fn clause(&self) -> NegativePrices {
        self.floor_usd_per_mwh.map_or_else(|| self.at_negative_prices.clone(), NegativePrices::Floor)
    }
}

record! {
    /// A virtual power purchase agreement.
    pub struct Virtual {
        /// Output per MW contracted, 0 to 1
        profile: ProfileRef,
        /// Strike price, $ per MWh, from dates on
        strike_usd_per_mwh: Steps [0.0, 1e5],
        /// The market price the difference is settled against, $ per MWh
        reference_usd_per_mwh: Level [-1e4, 1e5],
        /// Least that the market price counts as, $ per MWh; the same as `at_negative_prices: Floor(…)`
        floor_usd_per_mwh: Option<f64> [-1e4, 1e5] = None,
        /// What holds in hours in which the market price is below zero
        at_negative_prices: NegativePrices = NegativePrices::Settles,
        /// Contracted power, MW
        contract_mw: Amount [0.0, 1e6],
    }
}
