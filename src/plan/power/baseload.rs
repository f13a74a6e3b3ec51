//! A flat block of power with take-or-pay.

use super::{Amount, Hue, Kind, Role, Rules};
use crate::plan::node::record;
use crate::plan::values::Steps;

/// What is said of it wherever it is shown.
pub const KIND: Kind = Kind {
    variant: "Baseload",
    name: "baseload",
    title: "baseload",
    label: "Baseload",
    plural: "Baseload",
    about: "A flat block of power with take-or-pay",
    unit: "MW",
    role: Role::Energy,
    behind_meter: false,
    hue: Hue::Purple,
    weather: false,
    order: 0,
    price_field: Some("price_usd_per_mwh"),
    size_field: Some("contract_mw"),
    id: "baseload",
    starting: "terms: Baseload(price_usd_per_mwh: 90.0, contract_mw: UpTo(100.0), take_or_pay_fraction: 0.9)",
};

impl Rules for Baseload {}

record! {
    /// A flat block of power with take-or-pay.
    pub struct Baseload {
        /// Price, $ per MWh, from dates on
        price_usd_per_mwh: Steps [0.0, 1e5],
        /// Contracted power, MW
        contract_mw: Amount [0.0, 1e6],
        /// Share of the contracted energy that is paid for even if not drawn
        take_or_pay_fraction: f64 [0.0, 1.0] = 0.0,
        /// Share of the time the plant runs
        availability_fraction: f64 [0.0, 1.0] = 1.0,
        /// Real escalation of the price per year
        escalation_fraction_per_year: f64 [-0.5, 0.5] = 0.0,
    }
}
