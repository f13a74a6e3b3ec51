//! A share of a wind or solar plant, paid on what it produces.

use super::charges::NegativePrices;
use super::{Amount, Hue, Kind, Role, Rules};
use crate::diagnostic::Diagnostic;
use crate::plan::node::record;
use crate::plan::values::{Level, ProfileRef, Steps};

/// What is said of it wherever it is shown.
pub const KIND: Kind = Kind {
    variant: "PayAsProduced",
    name: "pay_as_produced",
    title: "pay as produced",
    label: "PPA",
    plural: "PPAs",
    about: "A share of a wind or solar plant, paid as it produces",
    unit: "MW",
    role: Role::Energy,
    behind_meter: false,
    hue: Hue::Blue,
    weather: true,
    order: 1,
    price_field: Some("price_usd_per_mwh"),
    size_field: Some("contract_mw"),
    id: "ppa",
    starting: "renewable: true, terms: PayAsProduced(profile: PROFILE, price_usd_per_mwh: 54.0, contract_mw: UpTo(100.0))",
};

impl Rules for PayAsProduced {
    /// What is said of negative prices needs a market price, and a fixed price has no floor.
    fn check(&self, at: &str) -> Vec<Diagnostic> {
        let path = format!("{at}.at_negative_prices");
        match (&self.at_negative_prices, &self.market_usd_per_mwh) {
            (NegativePrices::Floor(_), _) => {
                let message = "The price of this contract is fixed, so a floor under the market price changes nothing.".to_owned();
                vec![Diagnostic::error("no-floor", path, message).help("A floor belongs to a contract for difference (`Virtual`); here use `NoSettlement` or `Curtails`.")]
            }
            (NegativePrices::NoSettlement | NegativePrices::Curtails, None) => {
                let message = "Without a market price nobody knows when it is below zero.".to_owned();
                vec![Diagnostic::error("no-market-price", path, message).help("State `market_usd_per_mwh`, such as `Series(id: \"hub\")`.")]
            }
            (NegativePrices::Settles, Some(_)) => {
                let message = "The market price is used for hours below zero only, and `at_negative_prices` says nothing of them.".to_owned();
                vec![Diagnostic::warning("no-effect", format!("{at}.market_usd_per_mwh"), message).help("Say `NoSettlement` or `Curtails`, or leave the price out.")]
            }
            _ => Vec::new(),
        }
    }
}

record! {
    /// A power purchase agreement paid on what the plant produces.
    pub struct PayAsProduced {
        /// Output per MW contracted, 0 to 1
        profile: ProfileRef,
        /// Price, $ per MWh produced, from dates on
        price_usd_per_mwh: Steps [0.0, 1e5],
        /// Contracted power, MW
        contract_mw: Amount [0.0, 1e6],
        /// Price of surplus sold back, $ per MWh, from dates on; surplus is spilled if left out
        resale_usd_per_mwh: Option<Steps> [0.0, 1e5] = None,
        /// Market price where the plant feeds in, $ per MWh, for hours below zero
        market_usd_per_mwh: Option<Level> [-1e4, 1e5] = None,
        /// What holds in hours in which that price is below zero
        at_negative_prices: NegativePrices = NegativePrices::Settles,
        /// Real escalation of the price per year
        escalation_fraction_per_year: f64 [-0.5, 0.5] = 0.0,
    }
}
