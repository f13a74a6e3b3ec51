//! Rules: what policies, budgets and decisions demand, in three shapes, each with its place in the plan
//! and its numbers by period.
//!
//! - a [`Cap`]: so much of a [`Quantity`] at most, at least or exactly,
//! - a [`Share`]: a [`Part`] of a whole at most or at least,
//! - a [`Price`] on a quantity.
//!
//! The formulation states the shapes; it knows no policy. What changes coefficients only (duties, bans,
//! subsidies without ceiling) is resolved where those coefficients are.

use super::calendar::Calendar;
use super::index::{ActorIx, ChipIx, MarketIx, PeriodIx, PlaceIx, Table};
use super::{Actor, Chip, Market, Place, Pool, Resolver};
use crate::plan::policy::{ExportScope, Matching};
use crate::plan::{Ordered, Policy, Steps};

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The family of the formulation that states it.
    pub family: &'static str,
    /// What its rows are called.
    pub noun: &'static str,
    /// What its rows are about: the policy or decision, and the site or country where there are several.
    pub ids: Vec<String>,
    /// Where its number stands in the plan.
    pub path: String,
    /// What it demands.
    pub says: Says,
}

/// What a rule demands.
#[derive(Clone, Debug, PartialEq)]
pub enum Says {
    /// So much of something.
    Cap(Cap),
    /// A part of a whole.
    Share(Share),
    /// Something has its price.
    Price(Price),
}

/// Which way a rule binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// At most.
    AtMost,
    /// At least.
    AtLeast,
    /// Exactly.
    Exactly,
}

/// So much of a quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct Cap {
    /// Of what.
    pub of: Quantity,
    /// Which way.
    pub sense: Sense,
    /// How much, in the plan's unit.
    pub limit: Limit,
    /// The plan's unit.
    pub unit: &'static str,
    /// The quantity's unit per unit of the plan: thousand chips per chip.
    pub per_unit: f64,
    /// Whether the plan's number is by the year.
    pub by_year: bool,
}

/// Over what a cap holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Limit {
    /// In each period.
    ByPeriod(Table<PeriodIx, f64>),
    /// Over the horizon.
    Once(f64),
}

/// Something that can be counted.
#[derive(Clone, Debug, PartialEq)]
pub enum Quantity {
    /// Carbon of the energy drawn at places, kt.
    Carbon(Vec<PlaceIx>),
    /// Water of places, ML.
    Water(Vec<PlaceIx>),
    /// Chips of pools in service, thousand.
    ChipsInService(Vec<usize>),
    /// Chips of pools ordered in periods, thousand.
    ChipsOrdered(Vec<usize>, Vec<PeriodIx>),
    /// Halls of kinds (by place and position) ordered in periods.
    HallsOrdered(Vec<(PlaceIx, usize)>, Vec<PeriodIx>),
    /// Capex ordered, landed, less subsidy, M$.
    Capex,
    /// The same of an actor.
    CapexOf(ActorIx),
    /// Every cost but annuities, M$.
    Opex,
    /// Energy at the meters, GWh.
    Energy,
    /// Energy that places buy: what comes from outside their meters, GWh.
    EnergyBought(Vec<PlaceIx>),
}

/// A part of a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// Which part, of which whole.
    pub part: Part,
    /// At most or at least.
    pub sense: Sense,
    /// The share, 0 to 1.
    pub fraction: f64,
    /// Over what it is taken.
    pub over: Over,
}

/// Over what time a share is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Each period.
    Period,
    /// Each plan year (12 months from the horizon's start; a longer period is its own).
    Year,
    /// The horizon.
    Horizon,
}

/// A part and what it is a part of.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Renewable energy and certificates less losses of stores, of the facility load of places.
    Renewable(Vec<PlaceIx>),
    /// The same matched in each slice, of the energy drawn.
    RenewableByHour(Vec<PlaceIx>),
    /// Tokens that leave a country, of all that places serve.
    Abroad(Vec<PlaceIx>, String),
    /// Tokens of a market served or bought inside its country, of all it takes.
    Resident(MarketIx),
    /// Total processing performance ordered of chips made in the country, of all that pools order.
    Domestic {
        /// Pools in the country.
        pools: Vec<usize>,
        /// Chips made in the country.
        domestic: Vec<ChipIx>,
        /// Count the chips that stand already too.
        include_existing: bool,
        /// What was ordered before the horizon and counts: of chips made in the country, and elsewhere, TPP times chips.
        before: (f64, f64),
    },
}

/// A price on a quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    /// On what.
    pub of: Quantity,
    /// M$ per unit of it, by period.
    pub musd_per_unit: Table<PeriodIx, f64>,
}

/// A subsidy on what is ordered, with a ceiling over the horizon. Which pools get it, and at what rate,
/// is in [`Pool::capped_subsidies`].
#[derive(Clone, Debug, PartialEq)]
pub struct CappedSubsidy {
    /// Id of the policy.
    pub id: String,
    /// Most over the horizon, M$.
    pub ceiling_musd: f64,
    /// Where that stands in the plan.
    pub path: String,
}

/// What rules are about.
pub(super) struct Things<'a> {
    pub calendar: &'a Calendar,
    pub actors: &'a Table<ActorIx, Actor>,
    pub places: &'a Table<PlaceIx, Place>,
    pub chips: &'a Table<ChipIx, Chip>,
    pub pools: &'a [Pool],
    pub markets: &'a Table<MarketIx, Market>,
}

impl Resolver<'_> {
    /// The rules of policies, then those of decisions and of the budget.
    pub(super) fn rules(&self, things: &Things<'_>) -> Vec<Rule> {
        let mut rules = Vec::new();
        for (id, policy) in &self.plan.policies {
            policy_rules(id, policy, things, &mut rules);
        }
        self.decision_rules(things, &mut rules);
        self.budget_rules(things.calendar, &mut rules);
        self.actor_rules(things, &mut rules);
        rules
    }

    /// Subsidies with a ceiling, in the order of the plan.
    pub(super) fn capped_subsidies(&self) -> Vec<CappedSubsidy> {
        let capped = |(id, policy): (&String, &Policy)| match policy {
            Policy::CapexSubsidy(rule) => {
                let ceiling_musd = rule.ceiling_musd?;
                Some(CappedSubsidy { id: id.clone(), ceiling_musd, path: format!("policies.{id}.ceiling_musd") })
            }
            _ => None,
        };
        self.plan.policies.iter().filter_map(capped).collect()
    }

    fn decision_rules(&self, things: &Things<'_>, rules: &mut Vec<Rule>) {
        for (id, decision) in &self.plan.decisions {
            let place = things.places.pairs().find(|(_, place)| place.id == decision.site.0 && place.site.is_some());
            let Some((place_index, place)) = place else { continue };
            let in_month = |period: &PeriodIx| decision.month.is_none_or(|month| things.calendar.period_of(month) == Some(*period));
            let periods: Vec<PeriodIx> = things.calendar.periods.keys().filter(in_month).collect();
            let (of, unit, per_unit) = match &decision.what {
                Ordered::Chips(chip) => {
                    let here = |pool: &Pool| pool.place == place_index && things.chips[pool.chip].id == chip.0;
                    (Quantity::ChipsOrdered(pools_where(things, here), periods), "chips", 1e-3)
                }
                Ordered::Halls(kind) => {
                    let kinds = place.site.iter().flat_map(|site| site.buildable.iter().enumerate());
                    let kinds = kinds.filter(|(_, known)| known.id == *kind).map(|(position, _)| (place_index, position)).collect();
                    (Quantity::HallsOrdered(kinds, periods), "halls", 1.0)
                }
            };
            let (field, sense, limit) = match decision.exactly {
                Some(exactly) => ("exactly", Sense::Exactly, exactly),
                None => ("at_least", Sense::AtLeast, decision.at_least),
            };
            let says = Says::Cap(Cap { of, sense, limit: Limit::Once(limit), unit, per_unit, by_year: false });
            let path = format!("decisions.{id}.{field}");
            rules.push(Rule { family: "decisions", noun: "decided", ids: vec![id.clone()], path, says });
        }
    }

    /// What actors can spend and order, each for itself.
    fn actor_rules(&self, things: &Things<'_>, rules: &mut Vec<Rule>) {
        for ((id, actor), index) in self.plan.actors.iter().zip(things.actors.keys()) {
            let at_most = |of: Quantity, limit: Limit, unit: &'static str, per_unit: f64| {
                Says::Cap(Cap { of, sense: Sense::AtMost, limit, unit, per_unit, by_year: false })
            };
            let mut add = |family: &'static str, noun: &'static str, more: Option<&str>, field: String, says: Says| {
                let ids = [Some(id.as_str()), more].into_iter().flatten().map(str::to_owned).collect();
                rules.push(Rule { family, noun, ids, path: format!("actors.{id}.{field}"), says });
            };
            for (supply, chips) in &actor.chips {
                let own = |pool: &Pool| things.chips[pool.chip].id == chips.chip.0 && things.places[pool.place].actor == index;
                let of = Quantity::ChipsOrdered(pools_where(things, own), things.calendar.periods.keys().collect());
                let limit = by_period(things.calendar, &chips.at_most_per_period);
                let says = at_most(of, limit, "chips", 1e-3);
                add("chip_supply", "actor_chips", Some(supply), format!("chips.{supply}.at_most_per_period"), says);
            }
            if let Some(steps) = &actor.capex_musd_per_period {
                let says = at_most(Quantity::CapexOf(index), by_period(things.calendar, steps), "M$", 1.0);
                add("budget", "actor_capex", None, "capex_musd_per_period".into(), says);
            }
            if let Some(total) = actor.capex_musd_total {
                add(
                    "budget",
                    "actor_capex_total",
                    None,
                    "capex_musd_total".into(),
                    at_most(Quantity::CapexOf(index), Limit::Once(total), "M$", 1.0),
                );
            }
        }
    }

    fn budget_rules(&self, calendar: &Calendar, rules: &mut Vec<Rule>) {
        let budget = &self.plan.budget;
        let mut add = |noun: &'static str, field: &str, of: Quantity, limit: Option<Limit>, unit: &'static str, by_year: bool| {
            let Some(limit) = limit else { return };
            let says = Says::Cap(Cap { of, sense: Sense::AtMost, limit, unit, per_unit: 1.0, by_year });
            rules.push(Rule { family: "budget", noun, ids: Vec::new(), path: format!("budget.{field}"), says });
        };
        let dated = |steps: &Option<Steps>| steps.as_ref().map(|steps| by_period(calendar, steps));
        add("capex", "capex_musd_per_period", Quantity::Capex, dated(&budget.capex_musd_per_period), "M$", false);
        add("opex", "opex_musd_per_period", Quantity::Opex, dated(&budget.opex_musd_per_period), "M$", false);
        add("energy", "energy_gwh_per_year", Quantity::Energy, dated(&budget.energy_gwh_per_year), "GWh/year", true);
        add("capex_total", "capex_musd_total", Quantity::Capex, budget.capex_musd_total.map(Limit::Once), "M$", false);
    }
}

fn by_period(calendar: &Calendar, steps: &Steps) -> Limit {
    Limit::ByPeriod(Resolver::limit(calendar, steps))
}

fn places_where(things: &Things<'_>, wanted: impl Fn(&Place) -> bool) -> Vec<PlaceIx> {
    things.places.pairs().filter(|(_, place)| wanted(place)).map(|(index, _)| index).collect()
}

fn pools_where(things: &Things<'_>, wanted: impl Fn(&Pool) -> bool) -> Vec<usize> {
    things.pools.iter().enumerate().filter(|(_, pool)| wanted(pool)).map(|(index, _)| index).collect()
}

/// The rules of a policy; none if it changes coefficients only.
fn policy_rules(id: &str, policy: &Policy, things: &Things<'_>, rules: &mut Vec<Rule>) {
    let calendar = things.calendar;
    let at = |site: &Option<crate::plan::SiteRef>| places_where(things, |place| site.as_ref().is_none_or(|site| place.id == site.0));
    let in_country = |country: &str| places_where(things, |place| place.country == country);
    let pools_in = |country: &str| pools_where(things, |pool| things.places[pool.place].country == country);
    let mut add = |family: &'static str, noun: &'static str, field: &str, held: Option<&str>, says: Says| {
        let ids = [Some(id), held].into_iter().flatten().map(str::to_owned).collect();
        rules.push(Rule { family, noun, ids, path: format!("policies.{id}.{field}"), says });
    };
    let at_most = |of: Quantity, steps: &Steps, unit: &'static str, per_unit: f64, by_year: bool| {
        Says::Cap(Cap { of, sense: Sense::AtMost, limit: by_period(calendar, steps), unit, per_unit, by_year })
    };
    let share = |part: Part, sense: Sense, fraction: f64, over: Over| Says::Share(Share { part, sense, fraction, over });
    match policy {
        Policy::CarbonCap(rule) => {
            let says = at_most(Quantity::Carbon(at(&rule.site)), &rule.kt_per_year, "kt/year", 1.0, true);
            add("carbon_water", "carbon_cap", "kt_per_year", None, says);
        }
        Policy::WaterCap(rule) => {
            let says = at_most(Quantity::Water(at(&rule.site)), &rule.ml_per_year, "ML/year", 1.0, true);
            add("carbon_water", "water_cap", "ml_per_year", None, says);
        }
        Policy::CarbonPrice(rule) => {
            let places = rule.site_country.as_ref().map_or_else(|| at(&None), |country| in_country(country));
            // $ per t are 1e-3 M$ per kt.
            let musd_per_unit = Resolver::limit(calendar, &rule.usd_per_t).iter().map(|price| price * 1e-3).collect();
            let says = Says::Price(Price { of: Quantity::Carbon(places), musd_per_unit });
            add("carbon_water", "carbon_price", "usd_per_t", None, says);
        }
        Policy::RenewableShare(rule) => {
            let part = match rule.matching {
                Matching::Annual => Part::Renewable(at(&rule.site)),
                Matching::Hourly => Part::RenewableByHour(at(&rule.site)),
            };
            let says = share(part, Sense::AtLeast, rule.minimum_fraction, Over::Year);
            add("carbon_water", "renewable_share", "minimum_fraction", None, says);
        }
        Policy::ExportShare(rule) => {
            let inside = in_country(&rule.site_country);
            let alone = rule.scope == ExportScope::Site;
            for places in inside.chunks(if alone { 1 } else { inside.len().max(1) }) {
                let of_site = places.first().filter(|_| alone);
                let held = of_site.map_or(rule.site_country.as_str(), |place| things.places[*place].id.as_str());
                let part = Part::Abroad(places.to_vec(), rule.site_country.clone());
                let says = share(part, Sense::AtMost, rule.maximum_fraction, Over::Period);
                add("export_rules", "export_share", "maximum_fraction", Some(held), says);
            }
        }
        Policy::Residency(rule) => {
            let Some((market, _)) = things.markets.pairs().find(|(_, market)| market.id == rule.market.0) else { return };
            let says = share(Part::Resident(market), Sense::AtLeast, rule.minimum_fraction, Over::Period);
            add("export_rules", "residency", "minimum_fraction", None, says);
        }
        Policy::ChipLicence(rule) => {
            let whose = |place: &Place| rule.actor.as_ref().is_none_or(|actor| things.actors[place.actor].id == actor.0);
            let restricted = |pool: &Pool| {
                let place = &things.places[pool.place];
                things.chips[pool.chip].needs_licence(rule) && place.country == rule.site_country && whose(place)
            };
            let of = Quantity::ChipsInService(pools_where(things, restricted));
            add("chip_policy", "licence", "at_most", None, at_most(of, &rule.at_most, "chips", 1e-3, false));
        }
        Policy::DomesticShare(rule) => {
            let domestic = things.chips.pairs().filter(|(_, chip)| chip.origin == rule.site_country).map(|(index, _)| index).collect();
            let part = Part::Domestic {
                pools: pools_in(&rule.site_country),
                domestic,
                include_existing: rule.include_existing,
                before: (rule.ordered_domestic_tpp, rule.ordered_foreign_tpp),
            };
            let says = share(part, Sense::AtLeast, rule.minimum_fraction, Over::Horizon);
            add("chip_policy", "domestic_share", "minimum_fraction", None, says);
        }
        Policy::PowerSubsidy(rule) => {
            let of_country = |place: &Place| rule.site_country.as_ref().is_none_or(|country| place.country == *country);
            let of_site = |place: &Place| rule.site.as_ref().is_none_or(|site| place.id == site.0);
            let whose = |place: &Place| rule.actor.as_ref().is_none_or(|actor| things.actors[place.actor].id == actor.0);
            let places = places_where(things, |place| place.site.is_some() && of_country(place) && of_site(place) && whose(place));
            // $ per MWh are 1e-3 M$ per GWh, which is got instead of paid.
            let musd_per_unit = Resolver::limit(calendar, &rule.usd_per_mwh).iter().map(|usd| -usd * 1e-3).collect();
            let says = Says::Price(Price { of: Quantity::EnergyBought(places), musd_per_unit });
            add("budget", "power_subsidy", "usd_per_mwh", None, says);
        }
        Policy::ImportDuty(_) | Policy::CapexSubsidy(_) | Policy::TokenDuty(_) | Policy::RouteBan(_) => {}
    }
}
