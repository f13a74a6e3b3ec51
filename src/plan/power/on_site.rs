//! Plant on the site, behind the meter.

use super::{Amount, Hue, Kind, Role, Rules};
use crate::plan::node::{choice, record};
use crate::plan::values::{ProfileRef, Steps};

/// What is said of it wherever it is shown.
pub const KIND: Kind = Kind {
    variant: "OnSite",
    name: "on_site",
    title: "on-site plant",
    label: "On-site plant",
    plural: "On-site plant",
    about: "Gas turbines behind the meter",
    unit: "MW",
    role: Role::Energy,
    behind_meter: true,
    hue: Hue::Orange,
    weather: true,
    order: 3,
    price_field: None,
    size_field: Some("mw"),
    id: "turbines",
    starting: "terms: OnSite(fuel: Gas(usd_per_mwh_thermal: 14.0, efficiency_fraction: 0.42, g_per_kwh: 480.0), mw: UpTo(100.0), capex_usd_per_kw: 1400.0, om_usd_per_kw_year: 30.0, availability_fraction: 0.95, lead_months: 30.0, life_years: 20.0)",
};

impl Rules for OnSite {}

record! {
    /// Plant on the site.
    pub struct OnSite {
        /// What it runs on
        fuel: Fuel,
        /// Power that may be ordered in all, MW
        mw: Amount [0.0, 1e6],
        /// Power that stands already, MW
        existing_mw: f64 [0.0, 1e6] = 0.0,
        /// Capex, $ per kW, by date of the order
        capex_usd_per_kw: Steps [0.0, 1e5] = Steps::always(0.0),
        /// Operation and maintenance, or lease, $ per kW and year, by date
        om_usd_per_kw_year: Steps [0.0, 1e5] = Steps::always(0.0),
        /// Share of the time it runs
        availability_fraction: f64 [0.0, 1.0] = 1.0,
        /// Months from order to service
        lead_months: f64 [0.0, 240.0] = 0.0,
        /// Life for the annuity, years
        life_years: f64 [0.25, 60.0] = 25.0,
    }
}

choice! {
    /// What on-site plant runs on.
    pub enum Fuel {
        /// Gas turbine, engine or fuel cell
        Gas(Gas),
        /// Sun or wind, by profile
        Profile(ProfileRef),
    }
}

record! {
    /// Gas.
    pub struct Gas {
        /// Fuel price, $ per MWh of heat, by date where it changes
        usd_per_mwh_thermal: Steps [0.0, 1e4],
        /// Electricity per heat
        efficiency_fraction: f64 [0.01, 1.0],
        /// Carbon per electricity, g per kWh; replaces the contract's
        g_per_kwh: f64 [0.0, 5000.0] = 0.0,
    }
}
