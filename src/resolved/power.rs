//! What each kind of contract does: its facets, with every price and profile resolved.

use super::Resolver;
use super::calendar::Calendar;
use super::charges::{Clause, Situation};
use super::index::{ContractIx, Ix as _, PeriodIx, PlaceIx, SliceIx, Table};
use super::levels::Level;
use super::sites::{Place, annuity};
use super::supply::{
    Cap, Contract, Delivery, Difference, EnergyPrice, Facets, HoldDown, Output, Plant, ProducedPrice, Size, Store, TakeOrPay, YearlyEnergy,
};
use crate::plan::{self, Amount, Fuel, Month, Steps};
use crate::words::{digits, with_unit};

/// What escalating prices come to, by period: they are stated for a month, the horizon's start if none is given.
fn escalation(calendar: &Calendar, as_of: Option<Month>, rate: f64) -> Table<PeriodIx, f64> {
    Table::build(&calendar.periods, |period| (1.0 + rate).powf(calendar.years_since(as_of, period)))
}

/// Where a contract's terms stand, and when they hold.
struct At<'a> {
    calendar: &'a Calendar,
    path: &'a str,
    in_force: &'a Table<PeriodIx, bool>,
    /// The month for which its prices are stated.
    prices_as_of: Option<Month>,
}

/// What a contract says of a plant or store that is built by order; money in $ per thousandth of the unit.
struct Ordered<'a> {
    unit: &'static str,
    /// Smallest and largest amount.
    range: (f64, f64),
    /// The field that states it.
    field: &'static str,
    existing: f64,
    /// Capex and its field.
    capex: (&'a Steps, &'static str),
    /// Upkeep a year and its field.
    om: (&'a Steps, &'static str),
    lead_months: f64,
    life_years: f64,
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
            let mut carbon =
                self.level_where(calendar, &contract.carbon_g_per_kwh, &format!("{path}.carbon_g_per_kwh"), &|period| in_force[period]);
            let facets = self.facets(calendar, &format!("{path}.terms"), contract, &in_force, &mut carbon);
            let place = places.pairs().find(|(_, place)| place.id == contract.site.0 && place.site.is_some());
            if let (Some((place, _)), Some(facets)) = (place, facets) {
                contracts.push(Contract {
                    id: id.clone(),
                    path: path.clone(),
                    kind: contract.terms.kind(),
                    place,
                    connection: contract.connection.clone(),
                    in_force,
                    carbon_g_per_kwh: carbon,
                    renewable: contract.is_renewable(),
                    facets,
                });
            }
        }
        self.backups(calendar, places, &mut contracts);
        self.check_wear(calendar, &contracts);
        contracts
    }

    /// Slices in which a tariff may be interrupted: any overlap makes a whole block interruptible, which
    /// is said where it makes the hours longer.
    fn interruptible_slices(&mut self, calendar: &Calendar, path: &str, terms: &plan::power::Interruptible) -> Vec<SliceIx> {
        let (from, until) = (f64::from(terms.from_hour), f64::from(terms.until_hour));
        let overlaps = |slice: &super::calendar::Slice| {
            (terms.days.is_empty() || terms.days.iter().any(|day| day.0 == calendar.days[slice.day].id))
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
        let at = At { calendar, path, in_force, prices_as_of: contract.prices_as_of };
        match &contract.terms {
            plan::Terms::Tariff(terms) => Some(self.tariff(&at, terms, contract)),
            plan::Terms::PayAsProduced(terms) => self.pay_as_produced(&at, terms),
            plan::Terms::Baseload(terms) => Some(self.baseload(&at, terms)),
            plan::Terms::Hydro(terms) => Some(self.hydro(&at, terms)),
            plan::Terms::OnSite(terms) => self.on_site(&at, terms, carbon),
            plan::Terms::Battery(terms) => Some(self.battery(&at, terms)),
            plan::Terms::Virtual(terms) => self.paper(&at, terms),
        }
    }

    /// A number of the terms by period, known wherever the contract is in force.
    fn in_force(&mut self, at: &At<'_>, steps: &Steps, field: &str) -> Table<PeriodIx, f64> {
        self.price_where(at.calendar, steps, &format!("{}.{field}", at.path), &|period| at.in_force[period])
    }

    /// A price of the terms by period, escalation applied.
    fn escalated(&mut self, at: &At<'_>, steps: &Steps, field: &str, rate: f64) -> Table<PeriodIx, f64> {
        let factors = escalation(at.calendar, at.prices_as_of, rate);
        self.in_force(at, steps, field).pairs().map(|(period, price)| price * factors[period]).collect()
    }

    /// What is built by order, whatever it is.
    fn plant_facet(&mut self, at: &At<'_>, ordered: &Ordered<'_>) -> Plant {
        let At { calendar, path, .. } = *at;
        let (lead, life) = (calendar.lead_periods(ordered.lead_months), calendar.life_periods(ordered.life_years));
        let (capex_musd, annuity_musd_per_year) = self.capex(at, ordered.capex.0, ordered.capex.1, (lead, life));
        let om = self.in_force(at, ordered.om.0, ordered.om.1);
        let (least, most) = ordered.range;
        Plant {
            unit: ordered.unit,
            least,
            most,
            path: format!("{path}.{}", ordered.field),
            existing: ordered.existing,
            capex_musd,
            capex_path: format!("{path}.{}", ordered.capex.1),
            annuity_musd_per_year,
            om_musd_per_year: om.iter().map(|usd| usd * 1e-3).collect(),
            lead,
            life,
        }
    }

    /// Capex and annuity by period of the order, M$ per unit where the plan states $ per thousandth of it.
    fn capex(
        &mut self,
        at: &At<'_>,
        steps: &Steps,
        field: &str,
        (lead, life): (usize, usize),
    ) -> (Table<PeriodIx, f64>, Table<PeriodIx, f64>) {
        let arrives = |order: PeriodIx| {
            let serves = order.position() + lead;
            serves < at.calendar.periods.len() && at.in_force[PeriodIx::new(serves)]
        };
        let capex: Table<PeriodIx, f64> =
            self.price_where(at.calendar, steps, &format!("{}.{field}", at.path), &arrives).iter().map(|usd| usd * 1e-3).collect();
        let annuities = capex.iter().map(|capex| annuity(at.calendar, *capex, lead, life)).collect();
        (capex, annuities)
    }

    fn tariff(&mut self, at: &At<'_>, terms: &plan::Tariff, contract: &plan::Contract) -> Facets {
        let At { calendar, path, in_force, .. } = *at;
        let terms = &self.with_catalog(path, terms);
        let factors = escalation(calendar, at.prices_as_of, terms.escalation_fraction_per_year);
        let energy_path = format!("{path}.energy_usd_per_mwh");
        let mut energy = self.level_where(calendar, &terms.energy_usd_per_mwh, &energy_path, &|period| at.in_force[period]);
        energy.base = energy.base.pairs().map(|(period, price)| price * factors[period]).collect();
        let hold_down = terms.interruptible.as_ref().map(|hours| HoldDown {
            slices: self.interruptible_slices(calendar, &format!("{path}.interruptible"), hours),
            cap_mw: hours.cap_mw,
            path: format!("{path}.interruptible.cap_mw"),
            credit_musd_per_year: self
                .in_force(at, &hours.credit_usd_per_year, "interruptible.credit_usd_per_year")
                .iter()
                .map(|usd| usd * 1e-6)
                .collect(),
        });
        let rate = terms.escalation_fraction_per_year;
        let site_offset = self.plan.sites.get(&contract.site.0).map_or(calendar.utc_offset_hours, |site| site.utc_offset_hours);
        let situation = Situation { in_force, from: contract.from.unwrap_or(Month::ALWAYS), factors: &factors, site_offset };
        let fixed = self.escalated(at, &terms.fixed_usd_per_month, "fixed_usd_per_month", rate);
        Facets {
            delivery: Delivery::Grid,
            cap: terms.cap_mw.as_ref().map(|level| self.cap(calendar, level, &format!("{path}.cap_mw"))),
            hold_down,
            energy_price: Some(EnergyPrice { usd_per_mwh: energy, path: energy_path }),
            energy_charges: self.energy_charges(calendar, path, terms, &situation),
            peak_charges: self.peak_charges(calendar, path, terms, &situation),
            least_bill: Self::least_bill(calendar, path, terms, &situation),
            fixed_musd_per_year: Some(fixed.iter().map(|usd| usd * 12e-6).collect()),
            ..Facets::default()
        }
    }

    /// A limit that may change by the hour: zero before its first step, never below zero.
    pub(super) fn cap(&mut self, calendar: &Calendar, level: &plan::Level, path: &str) -> Cap {
        let mw = match level {
            plan::Level::Flat(steps) => Level { base: Self::limit(calendar, steps), shape: None },
            plan::Level::Series(_) => self.level_where(calendar, level, path, &|_| false),
        };
        if mw.lowest(calendar) < 0.0 {
            self.error(
                "negative-limit",
                path,
                "The series falls below zero; a limit can't.",
                "Use a series of MW, or of shares of a `mean`.",
            );
        }
        let means = match level {
            plan::Level::Series(series) => series.mean.as_ref().map(|steps| Self::limit(calendar, steps)),
            plan::Level::Flat(_) => None,
        };
        Cap { mw, means, path: path.to_owned() }
    }

    fn pay_as_produced(&mut self, at: &At<'_>, terms: &plan::PayAsProduced) -> Option<Facets> {
        let At { calendar, path, in_force, .. } = *at;
        let stated = self.in_force(at, &terms.price_usd_per_mwh, "price_usd_per_mwh");
        let factors = escalation(calendar, at.prices_as_of, terms.escalation_fraction_per_year);
        // What surplus earns is nothing before its first date.
        let resale = terms.resale_usd_per_mwh.as_ref().map(|steps| Self::limit(calendar, steps));
        let trades = |resale: &Table<PeriodIx, f64>| {
            let period = calendar.periods.keys().find(|period| in_force[*period] && resale[*period] > stated[*period])?;
            Some((resale[period], stated[period]))
        };
        if let Some((resale, price)) = resale.as_ref().and_then(trades) {
            let message = format!("Surplus sells at {resale} $/MWh, above the contract's {price} $/MWh");
            self.trades_power(format!("{path}.resale_usd_per_mwh"), &message, "Lower the resale price");
        }
        let market = terms.market_usd_per_mwh.as_ref();
        let market =
            market.map(|market| self.level_where(calendar, market, &format!("{path}.market_usd_per_mwh"), &|period| in_force[period]));
        let clause = Clause::from(&terms.at_negative_prices);
        let below = |wanted: Clause| market.as_ref().filter(|_| clause == wanted).map(|market| Self::below_zero(calendar, market));
        Some(Facets {
            delivery: Delivery::Grid,
            size: Some(size(path, &terms.contract_mw)),
            output: Some(Output::Profile(self.unit_profile(calendar, &terms.profile.0, &format!("{path}.profile"))?)),
            still: below(Clause::Curtails),
            produced_price: Some(ProducedPrice {
                usd_per_mwh: stated.pairs().map(|(period, price)| price * factors[period]).collect(),
                path: format!("{path}.price_usd_per_mwh"),
                resale_usd_per_mwh: resale,
                unpaid: below(Clause::NoSettlement),
            }),
            ..Facets::default()
        })
    }

    fn on_site(&mut self, at: &At<'_>, terms: &plan::OnSite, carbon: &mut Level) -> Option<Facets> {
        let At { calendar, path, .. } = *at;
        let (output, fuel_usd_per_mwh) = match &terms.fuel {
            Fuel::Gas(gas) => {
                *carbon = Level::flat(calendar, gas.g_per_kwh);
                let output = Table::build(&calendar.slices, |_| terms.availability_fraction);
                let heat = self.in_force(at, &gas.usd_per_mwh_thermal, "fuel.usd_per_mwh_thermal");
                (output, heat.iter().map(|usd| usd / gas.efficiency_fraction).collect())
            }
            Fuel::Profile(profile) => {
                let output = self.unit_profile(calendar, &profile.0, &format!("{path}.fuel"))?;
                let output = output.iter().map(|value| value * terms.availability_fraction).collect();
                (output, Table::build(&calendar.periods, |_| 0.0))
            }
        };
        let ordered = Ordered {
            unit: "MW",
            range: terms.mw.range(),
            field: "mw",
            existing: terms.existing_mw,
            capex: (&terms.capex_usd_per_kw, "capex_usd_per_kw"),
            om: (&terms.om_usd_per_kw_year, "om_usd_per_kw_year"),
            lead_months: terms.lead_months,
            life_years: terms.life_years,
        };
        Some(Facets {
            delivery: Delivery::OnSite,
            plant: Some(self.plant_facet(at, &ordered)),
            output: Some(Output::Profile(output)),
            energy_price: Some(EnergyPrice { usd_per_mwh: Level { base: fuel_usd_per_mwh, shape: None }, path: format!("{path}.fuel") }),
            ..Facets::default()
        })
    }

    fn paper(&mut self, at: &At<'_>, terms: &plan::Virtual) -> Option<Facets> {
        let At { calendar, path, in_force, .. } = *at;
        let reference =
            self.level_where(calendar, &terms.reference_usd_per_mwh, &format!("{path}.reference_usd_per_mwh"), &|period| in_force[period]);
        let strike = self.in_force(at, &terms.strike_usd_per_mwh, "strike_usd_per_mwh");
        let profile = self.unit_profile(calendar, &terms.profile.0, &format!("{path}.profile"))?;
        let difference = Difference { strike_usd_per_mwh: strike, reference_usd_per_mwh: reference, clause: Clause::from(&terms.clause()) };
        let still = (difference.clause == Clause::Curtails).then(|| Self::below_zero(calendar, &difference.reference_usd_per_mwh));
        // Of the periods in force: what is earned, and the energy it is earned with.
        let captured = |period: PeriodIx| -> (f64, f64) {
            let runs = |slice: &&SliceIx| still.as_ref().is_none_or(|still| !still[period][**slice]);
            calendar.slices_of[period].iter().filter(runs).fold((0.0, 0.0), |(money, energy), slice| {
                let output = calendar.hours(period, *slice) * profile[*slice];
                (money - output * difference.settled(period, *slice), energy + output)
            })
        };
        let periods = calendar.periods.keys().filter(|period| in_force[*period]);
        let (money, energy) = periods.map(captured).fold((0.0, 0.0), |sum, period| (sum.0 + period.0, sum.1 + period.1));
        if energy > 0.0 && money > 1e-9 * energy {
            let more = with_unit(money / energy, "$/MWh");
            let message = format!("The market price captured by the profile pays {more} more than the strike");
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

    fn baseload(&mut self, at: &At<'_>, terms: &plan::Baseload) -> Facets {
        let path = at.path;
        let base = self.escalated(at, &terms.price_usd_per_mwh, "price_usd_per_mwh", terms.escalation_fraction_per_year);
        Facets {
            delivery: Delivery::Grid,
            size: Some(size(path, &terms.contract_mw)),
            output: Some(Output::Flat(terms.availability_fraction)),
            energy_price: Some(EnergyPrice { usd_per_mwh: Level { base, shape: None }, path: format!("{path}.price_usd_per_mwh") }),
            take_or_pay: Some(TakeOrPay { fraction: terms.take_or_pay_fraction, path: format!("{path}.take_or_pay_fraction") }),
            ..Facets::default()
        }
    }

    fn hydro(&mut self, at: &At<'_>, terms: &plan::Hydro) -> Facets {
        let path = at.path;
        let base = self.escalated(at, &terms.price_usd_per_mwh, "price_usd_per_mwh", terms.escalation_fraction_per_year);
        let gwh_per_year = Self::limit(at.calendar, &terms.gwh_per_year);
        Facets {
            delivery: Delivery::Grid,
            size: Some(size(path, &terms.contract_mw)),
            output: Some(Output::Flat(1.0)),
            energy_price: Some(EnergyPrice { usd_per_mwh: Level { base, shape: None }, path: format!("{path}.price_usd_per_mwh") }),
            yearly_energy: Some(YearlyEnergy { gwh_per_year, path: format!("{path}.gwh_per_year"), unit: "GWh/year", gwh_per_unit: 1.0 }),
            ..Facets::default()
        }
    }

    fn battery(&mut self, at: &At<'_>, terms: &plan::Battery) -> Facets {
        let path = at.path;
        let ordered = Ordered {
            unit: "MWh",
            range: terms.energy_mwh.range(),
            field: "energy_mwh",
            existing: terms.existing_mwh,
            capex: (&terms.capex_usd_per_kwh, "capex_usd_per_kwh"),
            om: (&terms.om_usd_per_kwh_year, "om_usd_per_kwh_year"),
            lead_months: terms.lead_months,
            life_years: terms.life_years,
        };
        Facets {
            plant: Some(self.plant_facet(at, &ordered)),
            store: Some(Store {
                duration_hours: terms.duration_hours,
                efficiency: terms.one_way_efficiency_fraction,
                wear_usd_per_mwh: terms.wear_usd_per_mwh,
                wear_path: format!("{path}.wear_usd_per_mwh"),
            }),
            ..Facets::default()
        }
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
                    "With prices down to {} and wear of {wear_usd_per_mwh} $/MWh, charging and discharging at once would pay.",
                    with_unit(lowest, "$/MWh")
                );
                self.error("battery-wear", wear_path.clone(), message, format!("Set `wear_usd_per_mwh` above {}.", digits(needed, 4)));
            }
        }
    }
}

fn size(path: &str, contract_mw: &Amount) -> Size {
    let (least_mw, most_mw) = contract_mw.range();
    Size { least_mw, most_mw, path: format!("{path}.contract_mw") }
}
