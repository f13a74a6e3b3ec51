//! What each kind of contract does: its facets, with every price and profile resolved.

use super::Resolver;
use super::calendar::Calendar;
use super::charges::{Clause, Situation};
use super::index::{ContractIx, PeriodIx, PlaceIx, SliceIx, Table};
use super::levels::Level;
use super::sites::{Place, annuity};
use super::supply::{
    Cap, Contract, Delivery, Difference, EnergyPrice, Facets, HoldDown, Output, Plant, ProducedPrice, Size, Store, TakeOrPay,
    YearlyEnergy,
};
use crate::plan::{self, Amount, Fuel, Month};

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
            let facets = self.facets(calendar, &format!("{path}.terms"), contract, &in_force, &mut carbon);
            let place = places.pairs().find(|(_, place)| place.id == contract.site.0 && place.site.is_some());
            if let (Some((place, _)), Some(facets)) = (place, facets) {
                contracts.push(Contract {
                    id: id.clone(),
                    kind: contract.terms.kind(),
                    place,
                    in_force,
                    carbon_g_per_kwh: carbon,
                    renewable: contract.is_renewable(),
                    facets,
                });
            }
        }
        self.check_wear(calendar, &contracts);
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

    fn facets(
        &mut self,
        calendar: &Calendar,
        path: &str,
        contract: &plan::Contract,
        in_force: &Table<PeriodIx, bool>,
        carbon: &mut Level,
    ) -> Option<Facets> {
        match &contract.terms {
            plan::Terms::Tariff(terms) => Some(self.tariff(calendar, path, terms, contract, in_force)),
            plan::Terms::PayAsProduced(terms) => self.pay_as_produced(calendar, path, terms, in_force),
            plan::Terms::Baseload(terms) => Some(self.baseload(calendar, path, terms, in_force)),
            plan::Terms::Hydro(terms) => Some(self.hydro(calendar, path, terms, in_force)),
            plan::Terms::OnSite(terms) => self.on_site(calendar, path, terms, carbon),
            plan::Terms::Battery(terms) => Some(battery(calendar, path, terms)),
            plan::Terms::Virtual(terms) => self.paper(calendar, path, terms, in_force),
        }
    }

    fn tariff(
        &mut self,
        calendar: &Calendar,
        path: &str,
        terms: &plan::Tariff,
        contract: &plan::Contract,
        in_force: &Table<PeriodIx, bool>,
    ) -> Facets {
        let factors = escalation(calendar, terms.escalation_fraction_per_year);
        let energy_path = format!("{path}.energy_usd_per_mwh");
        let mut energy = self.level(calendar, &terms.energy_usd_per_mwh, &energy_path);
        energy.base = energy.base.pairs().map(|(period, price)| price * factors[period]).collect();
        let hold_down = terms.interruptible.as_ref().map(|hours| HoldDown {
            slices: self.interruptible_slices(calendar, &format!("{path}.interruptible"), hours),
            cap_mw: hours.cap_mw,
            path: format!("{path}.interruptible.cap_mw"),
            credit_musd_per_year: hours.credit_usd_per_year * 1e-6,
        });
        let site_offset = self.plan.sites.get(&contract.site.0).map_or(calendar.utc_offset_hours, |site| site.utc_offset_hours);
        let at = Situation { in_force, from: contract.from.unwrap_or(Month::ALWAYS), factors: &factors, site_offset };
        let fixed = self.price_in_force(calendar, in_force, &terms.fixed_usd_per_month, &format!("{path}.fixed_usd_per_month"));
        Facets {
            delivery: Delivery::Grid,
            cap: terms.cap_mw.as_ref().map(|level| self.cap(calendar, level, &format!("{path}.cap_mw"))),
            hold_down,
            energy_price: Some(EnergyPrice { usd_per_mwh: energy, path: energy_path }),
            energy_charges: self.energy_charges(calendar, path, terms, &at),
            peak_charges: self.peak_charges(calendar, path, terms, &at),
            least_bill: self.least_bill(calendar, path, terms, &at),
            fixed_musd_per_year: Some(factors.pairs().map(|(period, factor)| factor * fixed[period] * 12e-6).collect()),
            ..Facets::default()
        }
    }

    /// A limit that may change by the hour: zero before its first step, never below zero.
    pub(super) fn cap(&mut self, calendar: &Calendar, level: &plan::Level, path: &str) -> Cap {
        let mw = match level {
            plan::Level::Flat(steps) => Level { base: Self::limit(calendar, steps), shape: None },
            plan::Level::Series(_) => self.level(calendar, level, path),
        };
        if mw.lowest(calendar) < 0.0 {
            self.error("negative-limit", path, "The series falls below zero; a limit can't.", "Use a series of MW, or of shares of a `mean`.");
        }
        let means = match level {
            plan::Level::Series(series) => series.mean.as_ref().map(|steps| Self::limit(calendar, steps)),
            plan::Level::Flat(_) => None,
        };
        Cap { mw, means, path: path.to_owned() }
    }

    fn pay_as_produced(
        &mut self,
        calendar: &Calendar,
        path: &str,
        terms: &plan::PayAsProduced,
        in_force: &Table<PeriodIx, bool>,
    ) -> Option<Facets> {
        let price = self.price_in_force(calendar, in_force, &terms.price_usd_per_mwh, &format!("{path}.price_usd_per_mwh"));
        let resale = terms.resale_usd_per_mwh.as_ref().map(|resale| Self::limit(calendar, resale));
        let trades = calendar.periods.keys().filter(|period| in_force[*period]);
        let trades = resale.as_ref().and_then(|resale| trades.map(|period| (resale[period], price[period])).find(|(resale, price)| resale > price));
        if let Some((resale, price)) = trades {
            let message = format!("Surplus sells at {resale} $/MWh, above the contract's {price} $/MWh");
            self.trades_power(format!("{path}.resale_usd_per_mwh"), &message, "Lower the resale price");
        }
        let market = terms.market_usd_per_mwh.as_ref().map(|market| self.level(calendar, market, &format!("{path}.market_usd_per_mwh")));
        let below = |clause: Clause| market.as_ref().filter(|_| Clause::from(&terms.at_negative_prices) == clause).map(|market| Self::below_zero(calendar, market));
        Some(Facets {
            delivery: Delivery::Grid,
            size: Some(size(path, &terms.contract_mw)),
            output: Some(Output::Profile(self.unit_profile(calendar, &terms.profile.0, &format!("{path}.profile"))?)),
            still: below(Clause::Curtails),
            produced_price: Some(ProducedPrice {
                usd_per_mwh: escalated(calendar, &price, terms.escalation_fraction_per_year),
                path: format!("{path}.price_usd_per_mwh"),
                resale_usd_per_mwh: resale,
                unpaid: below(Clause::NoSettlement),
            }),
            ..Facets::default()
        })
    }

    fn on_site(&mut self, calendar: &Calendar, path: &str, terms: &plan::OnSite, carbon: &mut Level) -> Option<Facets> {
        let (output, fuel_usd_per_mwh) = match &terms.fuel {
            Fuel::Gas(gas) => {
                *carbon = Level::flat(calendar, gas.g_per_kwh);
                let output = Table::build(&calendar.slices, |_| terms.availability_fraction);
                (output, gas.usd_per_mwh_thermal / gas.efficiency_fraction)
            }
            Fuel::Profile(profile) => {
                let output = self.unit_profile(calendar, &profile.0, &format!("{path}.fuel"))?;
                (output.iter().map(|value| value * terms.availability_fraction).collect(), 0.0)
            }
        };
        let (lead, life) = (calendar.lead_periods(terms.lead_months), calendar.life_periods(terms.life_years));
        let capex_musd = terms.capex_usd_per_kw * 1e-3;
        let (least, most) = terms.mw.range();
        Some(Facets {
            delivery: Delivery::OnSite,
            plant: Some(Plant {
                unit: "MW",
                least,
                most,
                path: format!("{path}.mw"),
                existing: terms.existing_mw,
                capex_musd,
                capex_path: format!("{path}.capex_usd_per_kw"),
                annuity_musd_per_year: annuity(calendar, capex_musd, lead, life),
                om_musd_per_year: terms.om_usd_per_kw_year * 1e-3,
                lead,
                life,
            }),
            output: Some(Output::Profile(output)),
            energy_price: Some(EnergyPrice { usd_per_mwh: Level::flat(calendar, fuel_usd_per_mwh), path: format!("{path}.fuel") }),
            ..Facets::default()
        })
    }

    fn paper(&mut self, calendar: &Calendar, path: &str, terms: &plan::Virtual, in_force: &Table<PeriodIx, bool>) -> Option<Facets> {
        let reference = self.level(calendar, &terms.reference_usd_per_mwh, &format!("{path}.reference_usd_per_mwh"));
        let strike = self.price_in_force(calendar, in_force, &terms.strike_usd_per_mwh, &format!("{path}.strike_usd_per_mwh"));
        let profile = self.unit_profile(calendar, &terms.profile.0, &format!("{path}.profile"))?;
        let difference = Difference { strike_usd_per_mwh: strike, reference_usd_per_mwh: reference, clause: Clause::from(&terms.clause()) };
        let still = (difference.clause == Clause::Curtails).then(|| Self::below_zero(calendar, &difference.reference_usd_per_mwh));
        // What is earned, and the energy it is earned with.
        let captured = |period: PeriodIx| -> (f64, f64) {
            calendar.slices_of[period].iter().filter(|slice| still.as_ref().is_none_or(|still| !still[period][**slice])).fold(
                (0.0, 0.0),
                |(money, energy), slice| {
                    let output = calendar.hours(period, *slice) * profile[*slice];
                    (money - output * difference.settled(period, *slice), energy + output)
                },
            )
        };
        let (money, energy) = calendar.periods.keys().map(captured).fold((0.0, 0.0), |sum, period| (sum.0 + period.0, sum.1 + period.1));
        if energy > 0.0 && money > 1e-9 * energy {
            let message = format!("The market price captured by the profile pays {:.1} $/MWh more than the strike", money / energy);
            self.trades_power(format!("{path}.strike_usd_per_mwh"), &message, "Raise the strike");
        }
        Some(Facets {
            delivery: Delivery::Paper,
            size: Some(size(path, &terms.contract_mw)),
            output: Some(Output::Profile(profile)),
            still,
            difference: Some(difference),
            ..Facets::default()
        })
    }

    /// Power that sells above what it costs is bought to be sold, as much as may be: that is said.
    fn trades_power(&mut self, path: String, what: &str, way_out: &str) {
        let help = format!("{way_out}, unless trading is meant.");
        self.warn("trades-power", path, format!("{what}: the plan will trade power."), help);
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
    fn check_wear(&mut self, calendar: &Calendar, contracts: &Table<ContractIx, Contract>) {
        for contract in contracts {
            let Some(Store { efficiency, wear_usd_per_mwh, wear_path, .. }) = &contract.facets.store else { continue };
            let lowest = contracts
                .iter()
                .filter(|other| other.place == contract.place)
                .filter_map(|other| other.facets.energy_price.as_ref())
                .map(|price| price.usd_per_mwh.lowest(calendar))
                .fold(0.0, f64::min);
            let square = efficiency * efficiency;
            let needed = -lowest * (1.0 - square) / (1.0 + square);
            if lowest < 0.0 && *wear_usd_per_mwh <= needed && *efficiency < 1.0 {
                let message = format!(
                    "With prices down to {lowest:.1} $/MWh and wear of {wear_usd_per_mwh} $/MWh, charging and discharging at once would pay."
                );
                self.error("battery-wear", wear_path.clone(), message, format!("Set `wear_usd_per_mwh` above {needed:.2}."));
            }
        }
    }
}

impl Resolver<'_> {
    fn baseload(&mut self, calendar: &Calendar, path: &str, terms: &plan::Baseload, in_force: &Table<PeriodIx, bool>) -> Facets {
        let path_of_price = format!("{path}.price_usd_per_mwh");
        let price = self.price_in_force(calendar, in_force, &terms.price_usd_per_mwh, &path_of_price);
        let base = escalated(calendar, &price, terms.escalation_fraction_per_year);
        Facets {
            delivery: Delivery::Grid,
            size: Some(size(path, &terms.contract_mw)),
            output: Some(Output::Flat(terms.availability_fraction)),
            energy_price: Some(EnergyPrice { usd_per_mwh: Level { base, shape: None }, path: path_of_price }),
            take_or_pay: Some(TakeOrPay { fraction: terms.take_or_pay_fraction, path: format!("{path}.take_or_pay_fraction") }),
            ..Facets::default()
        }
    }

    fn hydro(&mut self, calendar: &Calendar, path: &str, terms: &plan::Hydro, in_force: &Table<PeriodIx, bool>) -> Facets {
        let path_of_price = format!("{path}.price_usd_per_mwh");
        let price = self.price_in_force(calendar, in_force, &terms.price_usd_per_mwh, &path_of_price);
        let base = escalated(calendar, &price, terms.escalation_fraction_per_year);
        let gwh_per_year = Resolver::limit(calendar, &terms.gwh_per_year);
        Facets {
            delivery: Delivery::Grid,
            size: Some(size(path, &terms.contract_mw)),
            output: Some(Output::Flat(1.0)),
            energy_price: Some(EnergyPrice { usd_per_mwh: Level { base, shape: None }, path: path_of_price }),
            yearly_energy: Some(YearlyEnergy { gwh_per_year, path: format!("{path}.gwh_per_year") }),
            ..Facets::default()
        }
    }
}

fn battery(calendar: &Calendar, path: &str, terms: &plan::Battery) -> Facets {
    let (lead, life) = (calendar.lead_periods(terms.lead_months), calendar.life_periods(terms.life_years));
    let capex_musd = terms.capex_usd_per_kwh * 1e-3;
    let (least, most) = terms.energy_mwh.range();
    Facets {
        plant: Some(Plant {
            unit: "MWh",
            least,
            most,
            path: format!("{path}.energy_mwh"),
            existing: terms.existing_mwh,
            capex_musd,
            capex_path: format!("{path}.capex_usd_per_kwh"),
            annuity_musd_per_year: annuity(calendar, capex_musd, lead, life),
            om_musd_per_year: terms.om_usd_per_kwh_year * 1e-3,
            lead,
            life,
        }),
        store: Some(Store {
            duration_hours: terms.duration_hours,
            efficiency: terms.one_way_efficiency_fraction,
            wear_usd_per_mwh: terms.wear_usd_per_mwh,
            wear_path: format!("{path}.wear_usd_per_mwh"),
        }),
        ..Facets::default()
    }
}

fn size(path: &str, contract_mw: &Amount) -> Size {
    let (least_mw, most_mw) = contract_mw.range();
    Size { least_mw, most_mw, path: format!("{path}.contract_mw") }
}

fn escalated(calendar: &Calendar, prices: &Table<PeriodIx, f64>, rate: f64) -> Table<PeriodIx, f64> {
    escalation(calendar, rate).pairs().map(|(period, factor)| factor * prices[period]).collect()
}
