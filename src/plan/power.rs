//! Power contracts and on-site plant.

use super::node::{choice, record};
use super::values::{Level, Month, ProfileRef, SiteRef, Steps};

record! {
    /// A source of electricity for one site.
    pub struct Contract {
        /// The site it feeds
        site: SiteRef,
        /// First month in force; the horizon's start if left out
        from: Option<Month> = None,
        /// First month no longer in force; never ends if left out
        until: Option<Month> = None,
        /// Carbon of its energy, g CO2 per kWh
        carbon_g_per_kwh: Level [0.0, 5000.0] = Level::always(0.0),
        /// Counts as renewable for renewable shares; if left out, a virtual contract does and others don't
        renewable: Option<bool> = None,
        /// The terms
        terms: Terms,
        /// Remarks and sources
        notes: String = String::new(),
    }
}

choice! {
    /// The terms of a contract.
    pub enum Terms {
        /// Grid supply with a price by the hour, demand charge and fees
        Tariff(Tariff),
        /// A share of a wind or solar plant, paid for whatever it produces
        PayAsProduced(PayAsProduced),
        /// A flat block with take-or-pay
        Baseload(Baseload),
        /// Plant on the site, behind the meter
        OnSite(OnSite),
        /// A battery on the site
        Battery(Battery),
        /// A contract for difference: certificates and money, no electrons
        Virtual(Virtual),
    }
}

choice! {
    /// How much of something.
    pub enum Amount {
        /// Exactly this much
        Fixed(f64),
        /// Any amount up to this
        UpTo(f64),
    }
}

impl Contract {
    /// Whether it counts as renewable: a virtual contract is signed for its certificates, so it does
    /// unless it says otherwise.
    #[must_use]
    pub fn is_renewable(&self) -> bool {
        self.renewable.unwrap_or(matches!(self.terms, Terms::Virtual(_)))
    }
}

impl Amount {
    /// Smallest and largest amount.
    #[must_use]
    pub fn range(&self) -> (f64, f64) {
        match *self {
            Self::Fixed(amount) => (amount, amount),
            Self::UpTo(most) => (0.0, most),
        }
    }
}

record! {
    /// Grid supply.
    pub struct Tariff {
        /// Energy price, $ per MWh
        energy_usd_per_mwh: Level [-1e4, 1e5],
        /// Most power, MW, from dates on; no limit of its own if left out
        cap_mw: Option<Steps> [0.0, 1e6] = None,
        /// Demand charge on each month's highest draw, $ per kW and month
        demand_charge_usd_per_kw_month: f64 [0.0, 1e4] = 0.0,
        /// Fixed fee, $ per month
        fixed_usd_per_month: f64 [0.0, 1e9] = 0.0,
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
        /// Credit for it, $ per year
        credit_usd_per_year: f64 [0.0, 1e10],
    }
}

record! {
    /// A power purchase agreement paid on what the plant produces.
    pub struct PayAsProduced {
        /// Output per MW contracted, 0 to 1
        profile: ProfileRef,
        /// Price, $ per MWh produced
        price_usd_per_mwh: f64 [0.0, 1e5],
        /// Contracted power, MW
        contract_mw: Amount [0.0, 1e6],
        /// Price of surplus sold back, $ per MWh; surplus is spilled if left out
        resale_usd_per_mwh: Option<f64> [0.0, 1e5] = None,
        /// Real escalation of the price per year
        escalation_fraction_per_year: f64 [-0.5, 0.5] = 0.0,
    }
}

record! {
    /// A flat block of power with take-or-pay.
    pub struct Baseload {
        /// Price, $ per MWh
        price_usd_per_mwh: f64 [0.0, 1e5],
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

record! {
    /// Plant on the site.
    pub struct OnSite {
        /// What it runs on
        fuel: Fuel,
        /// Power that may be ordered in all, MW
        mw: Amount [0.0, 1e6],
        /// Power that stands already, MW
        existing_mw: f64 [0.0, 1e6] = 0.0,
        /// Capex, $ per kW
        capex_usd_per_kw: f64 [0.0, 1e5] = 0.0,
        /// Operation and maintenance, or lease, $ per kW and year
        om_usd_per_kw_year: f64 [0.0, 1e5] = 0.0,
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
        /// Fuel price, $ per MWh of heat
        usd_per_mwh_thermal: f64 [0.0, 1e4],
        /// Electricity per heat
        efficiency_fraction: f64 [0.01, 1.0],
        /// Carbon per electricity, g per kWh; replaces the contract's
        g_per_kwh: f64 [0.0, 5000.0] = 0.0,
    }
}

record! {
    /// A battery.
    pub struct Battery {
        /// Energy that may be ordered in all, MWh
        energy_mwh: Amount [0.0, 1e7],
        /// Energy that stands already, MWh
        existing_mwh: f64 [0.0, 1e7] = 0.0,
        /// Hours from full to empty at full power
        duration_hours: f64 [0.1, 1000.0],
        /// Capex, $ per kWh
        capex_usd_per_kwh: f64 [0.0, 1e5] = 0.0,
        /// Operation and maintenance, $ per kWh and year
        om_usd_per_kwh_year: f64 [0.0, 1e5] = 0.0,
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

record! {
    /// A virtual power purchase agreement.
    pub struct Virtual {
        /// Output per MW contracted, 0 to 1
        profile: ProfileRef,
        /// Strike price, $ per MWh
        strike_usd_per_mwh: f64 [0.0, 1e5],
        /// The market price the difference is settled against, $ per MWh
        reference_usd_per_mwh: Level [-1e4, 1e5],
        /// Contracted power, MW
        contract_mw: Amount [0.0, 1e6],
    }
}
