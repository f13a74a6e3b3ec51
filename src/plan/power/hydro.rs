//! Hydropower: so many MW, within so many GWh a year, drawn when it is worth most.

use super::{Amount, Hue, Kind, Role, Rules};
use crate::diagnostic::Diagnostic;
use crate::plan::node::record;
use crate::plan::values::Steps;

/// What is said of it wherever it is shown.
pub const KIND: Kind = Kind {
    variant: "Hydro",
    name: "hydro",
    title: "hydro",
    label: "Hydro",
    plural: "Hydro",
    about: "Power that may be drawn at any time, within the year's water",
    unit: "MW",
    role: Role::Energy,
    behind_meter: false,
    hue: Hue::Blue,
    weather: false,
    order: 2,
    price_field: Some("price_usd_per_mwh"),
    size_field: Some("contract_mw"),
    id: "hydro",
    starting: "renewable: true, terms: Hydro(price_usd_per_mwh: 62.0, contract_mw: UpTo(100.0), gwh_per_year: 400.0)",
};

impl Rules for Hydro {
    /// More energy than the power can give in a year is a limit that never holds.
    fn check(&self, at: &str) -> Vec<Diagnostic> {
        let gives = self.contract_mw.range().1 * 8.76;
        let beyond = self.gwh_per_year.first().filter(|gwh| *gwh > gives + 1e-9);
        let say = |gwh: f64| {
            let message = format!(
                "{gwh} GWh a year are more than the power can give ({} GWh), so they never limit it.",
                crate::words::digits(gives, 4)
            );
            Diagnostic::warning("never-binds", format!("{at}.gwh_per_year"), message).help("Raise `contract_mw`, or lower the energy.")
        };
        beyond.map(say).into_iter().collect()
    }
}

record! {
    /// Hydropower: dispatchable within the energy of a year.
    pub struct Hydro {
        /// Price, $ per MWh drawn, from dates on
        price_usd_per_mwh: Steps [0.0, 1e5],
        /// Contracted power, MW
        contract_mw: Amount [0.0, 1e6],
        /// Energy drawn at most, GWh per plan year, from dates on
        gwh_per_year: Steps [0.0, 1e7],
        /// Real escalation of the price per year
        escalation_fraction_per_year: f64 [-0.5, 0.5] = 0.0,
    }
}
