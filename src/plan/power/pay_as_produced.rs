//! A share of a wind or solar plant, paid on what it produces.

use super::{Amount, Hue, Kind, Role, Rules};
use crate::plan::node::record;
use crate::plan::values::{ProfileRef, Steps};

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

impl Rules for PayAsProduced {}

record! {
    /// A power purchase agreement paid on what the plant produces.
    pub struct PayAsProduced {
        /// Output per MW contracted, 0 to 1
        profile: ProfileRef,
        /// Price, $ per MWh produced, by date where it changes
        price_usd_per_mwh: Steps [0.0, 1e5],
        /// Contracted power, MW
        contract_mw: Amount [0.0, 1e6],
        /// Price of surplus sold back, $ per MWh, by date; surplus is spilled if left out, and before the first date
        resale_usd_per_mwh: Option<Steps> [0.0, 1e5] = None,
        /// Real escalation of the price per year
        escalation_fraction_per_year: f64 [-0.5, 0.5] = 0.0,
    }
}
