//! A virtual power purchase agreement: a contract for difference.

use super::{Amount, Hue, Kind, Role, Rules};
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

impl Rules for Virtual {}

record! {
    /// A virtual power purchase agreement.
    pub struct Virtual {
        /// Output per MW contracted, 0 to 1
        profile: ProfileRef,
        /// Strike price, $ per MWh, by date where it changes
        strike_usd_per_mwh: Steps [0.0, 1e5],
        /// The market price the difference is settled against, $ per MWh
        reference_usd_per_mwh: Level [-1e4, 1e5],
        /// Contracted power, MW
        contract_mw: Amount [0.0, 1e6],
    }
}
