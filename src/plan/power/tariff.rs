//! Grid supply.

use super::charges::{DemandCharge, EnergyCharge, MinimumBill};
use super::{Hue, Kind, Role, Rules};
use crate::diagnostic::Diagnostic;
use crate::plan::node::{Map, record};
use crate::plan::values::{DayRef, Level, Steps};

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

/// What the tariff's own demand charge is called among those that have ids.
pub const PLAIN: &str = "plain";

impl Rules for Tariff {
    /// Interruptible hours begin before they end; blocks rise; what refers to a charge finds it.
    fn check(&self, at: &str) -> Vec<Diagnostic> {
        let wrong = self.interruptible.as_ref().filter(|hours| hours.until_hour <= hours.from_hour);
        let problem = |hours: &Interruptible| {
            let message = format!("The interruptible hours end at {}, not after they begin at {}.", hours.until_hour, hours.from_hour);
            Diagnostic::error("bad-hours", format!("{at}.interruptible.until_hour"), message)
                .help("Hours over midnight are two contracts: one up to 24 and one from 0.")
        };
        let mut found: Vec<Diagnostic> = wrong.map(problem).into_iter().collect();
        for (id, charge) in &self.energy_charges {
            found.extend(charge.check(&format!("{at}.energy_charges.{id}")));
        }
        for (id, charge) in &self.demand_charges {
            found.extend(charge.check(&format!("{at}.demand_charges.{id}")));
        }
        if self.demand_charges.contains_key(PLAIN) {
            let message = format!("`{PLAIN}` is what the tariff's own demand charge is called.");
            found.push(Diagnostic::error("twin-id", format!("{at}.demand_charges.{PLAIN}"), message).help("Give it another id."));
        }
        if self.demand_charge_usd_per_kw_month.constant() == Some(0.0) {
            let unused = [("ratchet_fraction", self.ratchet_fraction), ("existing_peak_mw", self.existing_peak_mw)];
            for (field, _) in unused.into_iter().filter(|(_, value)| *value > 0.0) {
                let message = format!("`{field}` is of the tariff's own demand charge, which is zero.");
                let help = "State `demand_charge_usd_per_kw_month`, or give the charge under `demand_charges` its own `ratchet`.";
                found.push(Diagnostic::warning("never-binds", format!("{at}.{field}"), message).help(help));
            }
        } else if self.existing_peak_mw > 0.0 && self.ratchet_fraction <= 0.0 {
            let message = "A peak before the horizon is billed by a ratchet only, and the tariff has none.".to_owned();
            found.push(Diagnostic::warning("never-binds", format!("{at}.existing_peak_mw"), message).help("State `ratchet_fraction`."));
        }
        if let Some(bill) = &self.minimum_bill {
            let mut ids: Vec<&str> = self.demand_charges.keys().map(String::as_str).collect();
            if self.demand_charge_usd_per_kw_month.constant() != Some(0.0) {
                ids.insert(0, PLAIN);
            }
            found.extend(bill.check(&format!("{at}.minimum_bill"), &ids));
        }
        found
    }
}

record! {
    /// Grid supply.
    pub struct Tariff {
        /// A tariff of the catalog, by id: its least bill, term and demand charge hold where the plan states none
        catalog: Option<String> = None,
        /// Energy price, $ per MWh
        energy_usd_per_mwh: Level [-1e4, 1e5],
        /// Charges on the energy of each month by blocks, on top of the price
        energy_charges: Map<EnergyCharge> = Map::new(),
        /// Most power, MW, from dates on or by the hour; no limit of its own if left out
        cap_mw: Option<Level> [0.0, 1e6] = None,
        /// Demand charge on each month's highest draw, $ per kW and month, from dates on
        demand_charge_usd_per_kw_month: Steps [0.0, 1e4] = Steps::always(0.0),
        /// Ratchet of that charge: share of the highest draw of the 12 months before that is billed at least
        ratchet_fraction: f64 [0.0, 1.0] = 0.0,
        /// Highest draw in the 12 months before the horizon, MW, for the ratchet; taken to be of the last month
        existing_peak_mw: f64 [0.0, 1e6] = 0.0,
        /// More demand charges: in windows, at the system's peak, with blocks or ratchets of their own
        demand_charges: Map<DemandCharge> = Map::new(),
        /// What is paid at least
        minimum_bill: Option<MinimumBill> = None,
        /// Fixed fee, $ per month, from dates on
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
        days: Vec<DayRef> = Vec::new(),
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
