//! Grid supply.

use super::{Hue, Kind, Role, Rules};
use crate::diagnostic::Diagnostic;
use crate::plan::node::record;
use crate::plan::values::{Level, Steps};

/// What is said of it wherever it is shown.
pub const KIND: Kind = Kind {
    variant: "Tariff",
    name: "tariff",
    title: "grid tariff",
    label: "Tariff",
    plural: "Tariffs",
    about: "Grid supply with a price and a demand charge",
    unit: "MW",
    role: Role::Energy,
    behind_meter: false,
    hue: Hue::Grey,
    weather: false,
    order: 4,
    price_field: Some("energy_usd_per_mwh"),
    size_field: Some("cap_mw"),
    id: "grid",
    starting: "terms: Tariff(energy_usd_per_mwh: 45.0, demand_charge_usd_per_kw_month: 6.0)",
};

impl Rules for Tariff {
    /// Interruptible hours begin before they end.
    fn check(&self, at: &str) -> Vec<Diagnostic> {
        let wrong = self.interruptible.as_ref().filter(|hours| hours.until_hour <= hours.from_hour);
        let problem = |hours: &Interruptible| {
            let message = format!("The interruptible hours end at {}, not after they begin at {}.", hours.until_hour, hours.from_hour);
            Diagnostic::error("bad-hours", format!("{at}.interruptible.until_hour"), message)
                .help("Hours over midnight are two contracts: one up to 24 and one from 0.")
        };
        wrong.map(problem).into_iter().collect()
    }
}

record! {
    /// Grid supply.
    pub struct Tariff {
        /// Energy price, $ per MWh
        energy_usd_per_mwh: Level [-1e4, 1e5],
        /// Most power, MW, from dates on; no limit of its own if left out
        cap_mw: Option<Steps> [0.0, 1e6] = None,
        /// Demand charge on each month's highest draw, $ per kW and month, by date where it changes
        demand_charge_usd_per_kw_month: Steps [0.0, 1e4] = Steps::always(0.0),
        /// Fixed fee, $ per month, by date where it changes
        fixed_usd_per_month: Steps [0.0, 1e9] = Steps::always(0.0),
        /// Real escalation of price and charges per year
        escalation_fraction_per_year: f64 [-0.5, 0.5] = 0.0,
        /// Hours in which the supplier may hold the draw down, for a credit
        interruptible: Option<Interruptible> = None,
    }
}

record! {
    /// Interruptible hours.
    pub struct Interruptible {
        /// Representative days concerned; every day if empty
        days: Vec<String> = Vec::new(),
        /// Hours of the plan's clock concerned, from this hour
        from_hour: u32 [0.0, 23.0],
        /// up to this hour (not included)
        until_hour: u32 [1.0, 24.0],
        /// Power still allowed in these hours, MW
        cap_mw: f64 [0.0, 1e6],
        /// Credit for it, $ per year, by date where it changes
        credit_usd_per_year: Steps [0.0, 1e10],
    }
}
