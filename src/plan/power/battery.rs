//! A battery on the site.

use super::{Amount, Hue, Kind, Role, Rules};
use crate::plan::node::record;
use crate::plan::values::Steps;

/// What is said of it wherever it is shown.
pub const KIND: Kind = Kind {
    variant: "Battery",
    name: "battery",
    title: "battery",
    label: "Battery",
    plural: "Batteries",
    about: "A battery behind the meter",
    unit: "MWh",
    role: Role::Store,
    behind_meter: true,
    hue: Hue::Green,
    weather: false,
    order: 5,
    price_field: None,
    size_field: Some("energy_mwh"),
    id: "battery",
    starting: "terms: Battery(energy_mwh: UpTo(400.0), duration_hours: 4.0, capex_usd_per_kwh: 250.0, om_usd_per_kwh_year: 4.0, one_way_efficiency_fraction: 0.95, lead_months: 12.0, life_years: 15.0)",
};

impl Rules for Battery {}

record! {
    /// A battery.
    pub struct Battery {
        /// Energy that may be ordered in all, MWh
        energy_mwh: Amount [0.0, 1e7],
        /// Energy that stands already, MWh
        existing_mwh: f64 [0.0, 1e7] = 0.0,
        /// Hours from full to empty at full power
        duration_hours: f64 [0.1, 1000.0],
        /// Capex, $ per kWh, by date of the order
        capex_usd_per_kwh: Steps [0.0, 1e5] = Steps::always(0.0),
        /// Operation and maintenance, $ per kWh and year, by date
        om_usd_per_kwh_year: Steps [0.0, 1e5] = Steps::always(0.0),
        /// Share of energy kept one way, in and again out
        one_way_efficiency_fraction: f64 [0.1, 1.0],
        /// Wear, $ per MWh charged and per MWh discharged
        wear_usd_per_mwh: f64 [0.0, 1e4] = 1.0,
        /// Months from order to service
        lead_months: f64 [0.0, 240.0] = 0.0,
        /// Life for the annuity, years
        life_years: f64 [0.25, 60.0] = 15.0,
    }
}
