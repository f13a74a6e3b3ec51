//! What a tariff charges beyond a price by the hour: energy by blocks, demand by windows, least bills.

use std::collections::BTreeMap;

use super::hours::{Hours, Window};
use crate::diagnostic::Diagnostic;
use crate::plan::node::{choice, record};
use crate::plan::values::Steps;

record! {
    /// A charge on the energy of each month, on top of the price by the hour.
    pub struct EnergyCharge {
        /// When it counts; always if empty
        windows: Vec<Window> = Vec::new(),
        /// Blocks of the month's energy with their prices, the first from zero on
        tiers: Vec<EnergyTier>,
    }
}

record! {
    /// A block of a month's energy.
    pub struct EnergyTier {
        /// Up to this much in the month, MWh; the last has no end
        up_to_mwh: Option<f64> [0.0, 1e9] = None,
        /// Price in this block, $ per MWh
        usd_per_mwh: Steps [-1e4, 1e5],
    }
}

record! {
    /// A charge on the highest draw of each month.
    pub struct DemandCharge {
        /// Charge, $ per kW and month, from dates on
        usd_per_kw_month: Steps [0.0, 1e4] = Steps::always(0.0),
        /// Blocks of the billed demand with what is charged on top in each, the first from zero on
        tiers: Vec<DemandTier> = Vec::new(),
        /// When the draw is measured; always if empty
        windows: Vec<Window> = Vec::new(),
        /// Billed on the mean draw in hours of the system's peak, instead of the highest draw
        coincident: Option<Coincident> = None,
        /// Billed at least on a share of the highest demand of months before
        ratchet: Option<Ratchet> = None,
    }
}

record! {
    /// A block of billed demand.
    pub struct DemandTier {
        /// Up to this much, MW; the last has no end
        up_to_mw: Option<f64> [0.0, 1e6] = None,
        /// Charge on top in this block, $ per kW and month
        usd_per_kw_month: f64 [0.0, 1e4],
    }
}

record! {
    /// Demand billed on the mean draw in hours of the system's peak (4CP, capacity tags).
    pub struct Coincident {
        /// The hours of the system's peak
        hours: Hours,
        /// Whether the mean is of each month, or of the plan year and billed in each of its months
        over: CoincidentSpan = CoincidentSpan::Month,
    }
}

choice! {
    /// Over what time a coincident demand is measured.
    pub enum CoincidentSpan {
        /// Each month is billed on its own hours; one without any is not billed
        Month,
        /// Each month is billed on the hours of the whole plan year (12 months from the horizon's start)
        Year,
    }
}

record! {
    /// A ratchet: what was drawn once is billed for months.
    pub struct Ratchet {
        /// Share of the highest demand that is billed at least
        fraction: f64 [0.0, 1.0],
        /// How many months before each month count
        months: u32 [1.0, 120.0] = 12,
        /// Months of the year whose demand counts, 1 to 12; all if empty
        of_months: Vec<u32> [1.0, 12.0] = Vec::new(),
        /// Highest demand in the months before the horizon, MW
        existing_peak_mw: f64 [0.0, 1e6] = 0.0,
        /// Months before the horizon's start that it lies back
        existing_peak_months_ago: u32 [1.0, 120.0] = 1,
    }
}

record! {
    /// What is paid at least, whatever is drawn, and what leaving costs.
    pub struct MinimumBill {
        /// Contracted demand, MW, from dates on (a ramp)
        contract_mw: Steps [0.0, 1e6] = Steps::always(0.0),
        /// Least demand billed, as a share of the contracted demand
        demand_fraction: f64 [0.0, 1.0] = 0.0,
        /// Demand charges that it holds for, by id (`plain` is the tariff's own); all but coincident ones if empty
        demand_charges: Vec<String> = Vec::new(),
        /// Least bill, $ per month: what energy, demand and fees fall short of it is paid on top
        usd_per_month: Steps [0.0, 1e10] = Steps::always(0.0),
        /// Months that it is owed from the contract's first; as long as the contract if left out
        term_months: Option<u32> [1.0, 1200.0] = None,
        /// Fee for contracted demand given back within the term, $ per kW
        exit_fee_usd_per_kw: f64 [0.0, 1e6] = 0.0,
        /// Share of the highest contracted demand that may be given back without fee
        free_exit_fraction: f64 [0.0, 1.0] = 0.0,
    }
}

choice! {
    /// What a power purchase agreement says of hours with a market price below zero.
    pub enum NegativePrices {
        /// Nothing: they are settled like any other
        Settles,
        /// The market price counts as at least this, $ per MWh
        Floor(f64),
        /// Nothing is paid either way for what is produced in them
        NoSettlement,
        /// The plant stands still in them: no power, no certificates, no money
        Curtails,
    }
}

/// What is wrong with the ends of blocks; `at` is the path of their list, `field` the name of the end.
fn check_ends(at: &str, field: &str, what: &str, ends: &[Option<f64>]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut before = 0.0;
    for (index, end) in ends.iter().enumerate() {
        let path = format!("{at}.{index}.{field}");
        let last = index + 1 == ends.len();
        match end {
            None if !last => {
                let message = format!("Block {} of the {what} has no end, so the blocks after it are never reached.", index + 1);
                found.push(Diagnostic::error("block-without-end", path, message).help(format!("Give every block but the last `{field}`.")));
            }
            Some(end) if last => {
                let message = format!("The last block of the {what} ends at {end}: what lies beyond it has no price.");
                found.push(
                    Diagnostic::error("block-ends", path, message).help(format!("Leave `{field}` of the last block out, or add one more.")),
                );
            }
            Some(end) if *end <= before => {
                let message = format!("Block {} of the {what} ends at {end}, not after it begins at {before}.", index + 1);
                found.push(
                    Diagnostic::error("empty-block", path, message).help("Let each block end later than the one before, or leave it out."),
                );
            }
            Some(_) | None => {}
        }
        before = end.unwrap_or(before);
    }
    found
}

/// Prices that fall from block to block; `at` is the path of the list, `field` the name of the price.
pub fn check_rising(at: &str, field: &str, what: &str, prices: &[f64]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (index, pair) in prices.windows(2).enumerate() {
        if let [before, after] = pair
            && after < &(before - 1e-9)
        {
            let message = format!(
                "Block {} of the {what} costs {after}, less than the {before} of the one before. Blocks that get cheaper can't be part of a linear plan: it would take the cheap block first.",
                index + 2
            );
            let help = "If the load always goes beyond the dear block, state the last price alone and add (dear − cheap) × block as a fixed fee; else state the mean price.";
            found.push(Diagnostic::error("falling-blocks", format!("{at}.{}.{field}", index + 1), message).help(help));
        }
    }
    found
}

impl EnergyCharge {
    /// What is wrong with it; `at` is its path.
    #[must_use]
    pub fn check(&self, at: &str) -> Vec<Diagnostic> {
        let ends: Vec<Option<f64>> = self.tiers.iter().map(|tier| tier.up_to_mwh).collect();
        let mut found = check_ends(&format!("{at}.tiers"), "up_to_mwh", "energy charge", &ends);
        if self.tiers.is_empty() {
            let message = "The energy charge has no blocks, so it charges nothing.".to_owned();
            found.push(Diagnostic::error("no-blocks", format!("{at}.tiers"), message).help("Add a block: `(usd_per_mwh: 5.0)`."));
        }
        found
    }
}

impl DemandCharge {
    /// What is wrong with it; `at` is its path.
    #[must_use]
    pub fn check(&self, at: &str) -> Vec<Diagnostic> {
        let ends: Vec<Option<f64>> = self.tiers.iter().map(|tier| tier.up_to_mw).collect();
        let mut found = check_ends(&format!("{at}.tiers"), "up_to_mw", "demand charge", &ends);
        let prices: Vec<f64> = self.tiers.iter().map(|tier| tier.usd_per_kw_month).collect();
        found.extend(check_rising(&format!("{at}.tiers"), "usd_per_kw_month", "demand charge", &prices));
        if self.tiers.is_empty() && self.usd_per_kw_month.constant() == Some(0.0) {
            let message = "The demand charge charges nothing.".to_owned();
            found.push(
                Diagnostic::warning("no-charge", format!("{at}.usd_per_kw_month"), message)
                    .help("Give `usd_per_kw_month`, or take the charge out."),
            );
        }
        if let Some(coincident) = &self.coincident {
            found.extend(coincident.hours.check(&format!("{at}.coincident.hours")));
            if !self.windows.is_empty() {
                let message =
                    "A coincident demand is measured in the hours of the system's peak alone; windows beside them would be read two ways."
                        .to_owned();
                found.push(
                    Diagnostic::error("two-readings", format!("{at}.windows"), message)
                        .help("Take the windows out, or state two demand charges."),
                );
            }
        }
        found
    }
}

impl MinimumBill {
    /// What is wrong with it; `at` is its path, `charges` the ids of the tariff's demand charges.
    #[must_use]
    pub fn check(&self, at: &str, charges: &[&str]) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (index, id) in self.demand_charges.iter().enumerate() {
            // The others are references like any.
            if *id == super::tariff::PLAIN && !charges.contains(&id.as_str()) {
                let message = format!("The tariff has no demand charge of its own (`{id}`).");
                let help =
                    if charges.is_empty() { "It has none; state one.".to_owned() } else { format!("There is: {}.", charges.join(", ")) };
                found.push(Diagnostic::error("unknown-reference", format!("{at}.demand_charges.{index}"), message).help(help));
            }
        }
        let contracted = self.contract_mw.dates().map_or(self.contract_mw.first().unwrap_or(0.0), highest);
        if self.demand_fraction > 0.0 && contracted <= 0.0 {
            let message = "A share of the contracted demand is billed at least, but no demand is contracted.".to_owned();
            found.push(Diagnostic::warning("never-binds", format!("{at}.contract_mw"), message).help("State `contract_mw`."));
        }
        if self.exit_fee_usd_per_kw > 0.0 && contracted <= 0.0 {
            let message = "A fee is due for contracted demand that is given back, but no demand is contracted.".to_owned();
            let help = "State `contract_mw` with the dates from which it changes.";
            found.push(Diagnostic::warning("never-binds", format!("{at}.exit_fee_usd_per_kw"), message).help(help));
        }
        if self.demand_fraction > 0.0 && charges.is_empty() {
            let message = "A least demand is billed, but the tariff has no demand charge to bill it at.".to_owned();
            let help = "State `demand_charge_usd_per_kw_month` or `demand_charges`.";
            found.push(Diagnostic::warning("never-binds", format!("{at}.demand_fraction"), message).help(help));
        }
        found
    }
}

fn highest(dates: &BTreeMap<crate::plan::values::Month, f64>) -> f64 {
    dates.values().copied().fold(0.0, f64::max)
}
