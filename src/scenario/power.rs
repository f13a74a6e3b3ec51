//! Power contracts and plant with every price and profile resolved.

use super::Resolver;
use super::calendar::Calendar;
use super::index::{ContractIx, Ix as _, PeriodIx, PlaceIx, SliceIx, Table};
use super::levels::Level;
use super::sites::{Place, annuity};
use crate::plan::power::Kind;
use crate::plan::{self, Fuel, Month};

/// A power contract or plant.
#[derive(Clone, Debug, PartialEq)]
pub struct Contract {
    /// Its id.
    pub id: String,
    /// What is said of its kind.
    pub kind: &'static Kind,
    /// The site it feeds.
    pub place: PlaceIx,
    /// Whether it is in force, by period.
    pub in_force: Table<PeriodIx, bool>,
    /// Carbon, g per kWh.
    pub carbon_g_per_kwh: Level,
    /// Counts as renewable.
    pub renewable: bool,
    /// Its terms.
    pub terms: Terms,
}

impl Terms {
    /// Whether power is put in and taken out again.
    #[must_use]
    pub fn stores(&self) -> bool {
        matches!(self, Self::Battery { .. })
    }
}

/// The terms. Prices are real $ per MWh with escalation applied, by period and slice.
#[derive(Clone, Debug, PartialEq)]
pub enum Terms {
    /// Grid supply.
    Tariff {
        /// Energy price, $ per MWh, escalated.
        energy: Level,
        /// Most power, MW, by period; infinite if none.
        cap_mw: Table<PeriodIx, f64>,
        /// Demand charge, M$ per MW and month, by period.
        demand_musd_per_mw_month: Table<PeriodIx, f64>,
        /// Fixed fee, M$ per year, by period.
        fixed_musd_per_year: Table<PeriodIx, f64>,
        /// Slices that may be interrupted, with their cap in MW.
        interruptible: Option<(Vec<SliceIx>, f64)>,
        /// Credit for it, M$ per year.
        credit_musd_per_year: f64,
    },
    /// Pay-as-produced PPA.
    PayAsProduced {
        /// Output per MW by slice.
        profile: Table<SliceIx, f64>,
        /// $ per MWh produced, by period.
        price: Table<PeriodIx, f64>,
        /// Least and most MW.
        amount_mw: (f64, f64),
        /// Resale price, $ per MWh, if surplus is sold back.
        resale: Option<f64>,
    },
    /// Baseload block.
    Baseload {
        /// $ per MWh, by period.
        price: Table<PeriodIx, f64>,
        /// Least and most MW.
        amount_mw: (f64, f64),
        /// Share paid for in any case.
        take_or_pay: f64,
        /// Share of the time it runs.
        availability: f64,
    },
    /// On-site plant.
    OnSite {
        /// Output per MW alive, by slice (availability for gas).
        profile: Table<SliceIx, f64>,
        /// Fuel, $ per MWh electric.
        fuel_usd_per_mwh: f64,
        /// Least and most MW ordered.
        amount_mw: (f64, f64),
        /// MW that stand.
        existing_mw: f64,
        /// Capex, M$ per MW.
        capex_musd_per_mw: f64,
        /// Annuity, M$ per MW and year.
        annuity_musd_per_year: f64,
        /// Operation and maintenance, M$ per MW and year.
        om_musd_per_mw_year: f64,
        /// Periods from order to service.
        lead: usize,
        /// Periods in service.
        life: usize,
    },
    /// Battery.
    Battery {
        /// Least and most MWh ordered.
        amount_mwh: (f64, f64),
        /// MWh that stand.
        existing_mwh: f64,
        /// Hours from full to empty.
        duration_hours: f64,
        /// Share kept one way.
        efficiency: f64,
        /// $ per MWh in and out.
        wear_usd_per_mwh: f64,
        /// Capex, M$ per MWh.
        capex_musd_per_mwh: f64,
        /// Annuity, M$ per MWh and year.
        annuity_musd_per_year: f64,
        /// Operation and maintenance, M$ per MWh and year.
        om_musd_per_mwh_year: f64,
        /// Periods from order to service.
        lead: usize,
        /// Periods in service.
        life: usize,
    },
    /// Contract for difference.
    Virtual {
        /// Output per MW by slice.
        profile: Table<SliceIx, f64>,
        /// Strike, $ per MWh.
        strike: f64,
        /// Market price, $ per MWh.
        reference: Level,
        /// Least and most MW.
        amount_mw: (f64, f64),
    },
}

impl Contract {
    /// Periods in which an order is possible: it arrives within the horizon and serves some period in force.
    pub fn orders_in(&self, lead: usize) -> Vec<PeriodIx> {
        self.in_force
            .pairs()
            .filter(|(period, in_force)| **in_force && period.position() >= lead)
            .map(|(period, _)| PeriodIx::new(period.position() - lead))
            .collect()
    }

    /// Whether an order serves in a period.
    pub fn serves(&self, order: PeriodIx, lead: usize, life: usize, period: PeriodIx) -> bool {
        let first = order.position() + lead;
        self.in_force[period] && (first..first + life).contains(&period.position())
    }

    /// Whether its power comes through the interconnect.
    pub fn through_grid(&self) -> bool {
        matches!(self.terms, Terms::Tariff { .. } | Terms::PayAsProduced { .. } | Terms::Baseload { .. })
    }
}

fn escalation(calendar: &Calendar, rate: f64) -> Table<PeriodIx, f64> {
    calendar.periods.iter().map(|period| (1.0 + rate).powf(f64::from(period.offset_months) / 12.0)).collect()
}

impl Resolver<'_> {
    /// Contracts of known sites.
    pub(super) fn contracts(&mut self, calendar: &Calendar, places: &Table<PlaceIx, Place>) -> Table<ContractIx, Contract> {
        let plan = self.plan;
        let mut contracts: Table<ContractIx, Contract> = Table::default();
        for (id, contract) in &plan.contracts {
            let path = format!("contracts.{id}");
            let from = contract.from.unwrap_or(Month::ALWAYS);
            let in_force: Table<PeriodIx, bool> = calendar
                .periods
                .iter()
                .map(|period| from <= period.start && contract.until.is_none_or(|until| period.start < until))
                .collect();
            if !in_force.iter().any(|in_force| *in_force) {
                let start = calendar.start;
                let (field, message) = match (contract.from, contract.until) {
                    (_, Some(until)) if until <= start => {
                        (".until", format!("The contract `{id}` ends before the horizon, so it does nothing."))
                    }
                    (Some(from), _) if calendar.periods.iter().all(|period| period.start < from) => {
                        (".from", format!("The contract `{id}` begins after the horizon's last period has begun, so it does nothing."))
                    }
                    _ => (
                        "",
                        format!(
                            "The contract `{id}` does nothing: it is in force in no whole period. A period counts if its first day lies from `from` on and before `until`."
                        ),
                    ),
                };
                self.warn("never-in-force", format!("{path}{field}"), message, "Change `from` or `until`.");
            }
            let mut carbon = self.level(calendar, &contract.carbon_g_per_kwh, &format!("{path}.carbon_g_per_kwh"));
            let terms = self.terms(calendar, &path, contract, &mut carbon);
            let place = places.pairs().find(|(_, place)| place.id == contract.site.0 && place.site.is_some());
            if let (Some((place, _)), Some(terms)) = (place, terms) {
                contracts.push(Contract {
                    id: id.clone(),
                    kind: contract.terms.kind(),
                    place,
                    in_force,
                    carbon_g_per_kwh: carbon,
                    renewable: contract.is_renewable(),
                    terms,
                });
            }
        }
        self.check_battery_wear(calendar, &contracts);
        contracts
    }

    /// Slices in which a tariff may be interrupted: any overlap makes a whole block interruptible, which
    /// is said where it makes the hours longer.
    fn interruptible_slices(&mut self, calendar: &Calendar, path: &str, terms: &plan::power::Interruptible) -> Vec<SliceIx> {
        let (from, until) = (f64::from(terms.from_hour), f64::from(terms.until_hour));
        let overlaps = |slice: &super::calendar::Slice| {
            (terms.days.is_empty() || terms.days.contains(&calendar.days[slice.day].id))
                && slice.start_hour < until
                && slice.start_hour + calendar.block_hours > from
        };
        let block = calendar.block_hours;
        let (first, last) = ((from / block).floor() * block, (until / block).ceil() * block);
        if last - first > until - from + 1e-9 {
            let message = format!(
                "The interruptible hours {from} to {until} don't begin and end with the plan's blocks of {block} hours: all hours from {first} to {last} are held down, {} instead of {} a day.",
                last - first,
                until - from
            );
            let help = "Use shorter blocks, or hours that begin and end with a block.";
            self.warn("partly-interruptible", path.to_owned(), message, help);
        }
        calendar.slices.pairs().filter(|(_, slice)| overlaps(slice)).map(|(slice, _)| slice).collect()
    }

    fn terms(&mut self, calendar: &Calendar, path: &str, contract: &plan::Contract, carbon: &mut Level) -> Option<Terms> {
        let at = |field: &str| format!("{path}.terms.{field}");
        Some(match &contract.terms {
            plan::Terms::Tariff(tariff) => {
                let factors = escalation(calendar, tariff.escalation_fraction_per_year);
                let mut energy = self.level(calendar, &tariff.energy_usd_per_mwh, &at("energy_usd_per_mwh"));
                energy.base = energy.base.pairs().map(|(period, price)| price * factors[period]).collect();
                let cap_mw = tariff
                    .cap_mw
                    .as_ref()
                    .map_or_else(|| Table::build(&calendar.periods, |_| f64::INFINITY), |steps| Self::limit(calendar, steps));
                let interruptible = tariff
                    .interruptible
                    .as_ref()
                    .map(|terms| (self.interruptible_slices(calendar, &at("interruptible"), terms), terms.cap_mw));
                Terms::Tariff {
                    energy,
                    cap_mw,
                    demand_musd_per_mw_month: factors.iter().map(|factor| factor * tariff.demand_charge_usd_per_kw_month * 1e-3).collect(),
                    fixed_musd_per_year: factors.iter().map(|factor| factor * tariff.fixed_usd_per_month * 12e-6).collect(),
                    interruptible,
                    credit_musd_per_year: tariff.interruptible.as_ref().map_or(0.0, |terms| terms.credit_usd_per_year * 1e-6),
                }
            }
            plan::Terms::PayAsProduced(ppa) => {
                let factors = escalation(calendar, ppa.escalation_fraction_per_year);
                if let Some(resale) = ppa.resale_usd_per_mwh.filter(|resale| *resale > ppa.price_usd_per_mwh) {
                    let message = format!(
                        "Surplus sells at {resale} $/MWh, above the contract's {} $/MWh: the plan will trade power.",
                        ppa.price_usd_per_mwh
                    );
                    self.warn("trades-power", at("resale_usd_per_mwh"), message, "Lower the resale price, unless trading is meant.");
                }
                Terms::PayAsProduced {
                    profile: self.unit_profile(calendar, &ppa.profile.0, &at("profile"))?,
                    price: factors.iter().map(|factor| factor * ppa.price_usd_per_mwh).collect(),
                    amount_mw: ppa.contract_mw.range(),
                    resale: ppa.resale_usd_per_mwh,
                }
            }
            plan::Terms::Baseload(baseload) => Terms::Baseload {
                price: escalation(calendar, baseload.escalation_fraction_per_year)
                    .iter()
                    .map(|factor| factor * baseload.price_usd_per_mwh)
                    .collect(),
                amount_mw: baseload.contract_mw.range(),
                take_or_pay: baseload.take_or_pay_fraction,
                availability: baseload.availability_fraction,
            },
            plan::Terms::OnSite(plant) => {
                let (profile, fuel_usd_per_mwh) = match &plant.fuel {
                    Fuel::Gas(gas) => {
                        *carbon = Level::flat(calendar, gas.g_per_kwh);
                        (Table::build(&calendar.slices, |_| plant.availability_fraction), gas.usd_per_mwh_thermal / gas.efficiency_fraction)
                    }
                    Fuel::Profile(profile) => {
                        let output = self.unit_profile(calendar, &profile.0, &at("fuel"))?;
                        (output.iter().map(|value| value * plant.availability_fraction).collect(), 0.0)
                    }
                };
                let (lead, life) = (calendar.lead_periods(plant.lead_months), calendar.life_periods(plant.life_years));
                let capex = plant.capex_usd_per_kw * 1e-3;
                Terms::OnSite {
                    profile,
                    fuel_usd_per_mwh,
                    amount_mw: plant.mw.range(),
                    existing_mw: plant.existing_mw,
                    capex_musd_per_mw: capex,
                    annuity_musd_per_year: annuity(calendar, capex, lead, life),
                    om_musd_per_mw_year: plant.om_usd_per_kw_year * 1e-3,
                    lead,
                    life,
                }
            }
            plan::Terms::Battery(battery) => {
                let (lead, life) = (calendar.lead_periods(battery.lead_months), calendar.life_periods(battery.life_years));
                let capex = battery.capex_usd_per_kwh * 1e-3;
                Terms::Battery {
                    amount_mwh: battery.energy_mwh.range(),
                    existing_mwh: battery.existing_mwh,
                    duration_hours: battery.duration_hours,
                    efficiency: battery.one_way_efficiency_fraction,
                    wear_usd_per_mwh: battery.wear_usd_per_mwh,
                    capex_musd_per_mwh: capex,
                    annuity_musd_per_year: annuity(calendar, capex, lead, life),
                    om_musd_per_mwh_year: battery.om_usd_per_kwh_year * 1e-3,
                    lead,
                    life,
                }
            }
            plan::Terms::Virtual(terms) => {
                let reference = self.level(calendar, &terms.reference_usd_per_mwh, &at("reference_usd_per_mwh"));
                let profile = self.unit_profile(calendar, &terms.profile.0, &at("profile"))?;
                let captured = |period: PeriodIx| -> (f64, f64) {
                    calendar.slices_of[period].iter().fold((0.0, 0.0), |(money, energy), slice| {
                        let output = calendar.hours(period, *slice) * profile[*slice];
                        (money + output * reference.at(period, *slice), energy + output)
                    })
                };
                let (money, energy) =
                    calendar.periods.keys().map(captured).fold((0.0, 0.0), |sum, period| (sum.0 + period.0, sum.1 + period.1));
                if energy > 0.0 && money / energy > terms.strike_usd_per_mwh {
                    let message = format!(
                        "The reference price captured by the profile ({:.1} $/MWh) is above the strike: the plan will trade power.",
                        money / energy
                    );
                    self.warn("trades-power", at("strike_usd_per_mwh"), message, "Raise the strike, unless trading is meant.");
                }
                Terms::Virtual { profile, strike: terms.strike_usd_per_mwh, reference, amount_mw: terms.contract_mw.range() }
            }
        })
    }

    /// A carbon price must be known in every period, like any price.
    pub(super) fn carbon_prices(&mut self, calendar: &Calendar) {
        let plan = self.plan;
        for (id, policy) in &plan.policies {
            if let plan::Policy::CarbonPrice(rule) = policy {
                self.price(calendar, &rule.usd_per_t, &format!("policies.{id}.usd_per_t"));
            }
        }
    }

    /// Wear must outweigh what charging and discharging at once could earn from negative prices.
    fn check_battery_wear(&mut self, calendar: &Calendar, contracts: &Table<ContractIx, Contract>) {
        for battery in contracts {
            let Terms::Battery { efficiency, wear_usd_per_mwh, .. } = battery.terms else { continue };
            let lowest = contracts
                .iter()
                .filter(|contract| contract.place == battery.place)
                .map(|contract| match &contract.terms {
                    Terms::Tariff { energy, .. } => energy.lowest(calendar),
                    _ => 0.0,
                })
                .fold(0.0, f64::min);
            let square = efficiency * efficiency;
            let needed = -lowest * (1.0 - square) / (1.0 + square);
            if lowest < 0.0 && wear_usd_per_mwh <= needed && efficiency < 1.0 {
                let message = format!(
                    "With prices down to {lowest:.1} $/MWh and wear of {wear_usd_per_mwh} $/MWh, charging and discharging at once would pay."
                );
                let path = format!("contracts.{}.terms.wear_usd_per_mwh", battery.id);
                self.error("battery-wear", path, message, format!("Set `wear_usd_per_mwh` above {needed:.2}."));
            }
        }
    }
}
