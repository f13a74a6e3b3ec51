//! Chips with every number resolved, and the pools of chips that places can have.

use std::sync::Arc;

use super::Resolver;
use super::calendar::Calendar;
use super::index::{ChipIx, Ix as _, PeriodIx, PlaceIx, ProductIx, Table};
use super::levels::Level;
use super::own;
use super::points::Point;
use super::rates::RateByPeriod;
use super::sites::{Place, annuity};
use crate::catalog;
use crate::plan::policy::{ChipClass, ChipLicence};
use crate::plan::{self, Commitment, Cooling, Drain, Policy, Quantity};

/// A chip. Powers are MW per thousand chips (= kW per chip), money M$ per thousand chips.
#[derive(Clone, Debug, PartialEq)]
pub struct Chip {
    /// Its id in the plan.
    pub id: String,
    /// Name on screen.
    pub name: String,
    /// Id in the catalog, if any.
    pub catalog: Option<String>,
    /// Its columns for serving, from the catalog or the plan; `None` where throughput must be stated.
    pub row: Option<Arc<catalog::Chip>>,
    /// All-in IT power, kW per chip.
    pub all_in_kw: f64,
    /// Power when powered but idle, kW per chip.
    pub idle_kw: f64,
    /// Power at full work, kW per chip.
    pub active_kw: f64,
    /// Further ways to run it.
    pub points: Vec<Point>,
    /// Capex before duty and subsidy, M$ per thousand chips (= $1,000 per chip), by period of the order.
    pub capex_musd_per_thousand: Table<PeriodIx, f64>,
    /// Operation and maintenance, M$ per thousand chips and year, by period.
    pub om_musd_per_thousand_year: Table<PeriodIx, f64>,
    /// Speed as a factor on its throughput with every served model, by period.
    pub speed_factor: Table<PeriodIx, f64>,
    /// Chips in a rack.
    pub chips_per_rack: f64,
    /// Needs liquid cooling.
    pub liquid: bool,
    /// Share of chips that work.
    pub availability: f64,
    /// Periods from order to service.
    pub lead: usize,
    /// Periods in service.
    pub life: usize,
    /// Supply, thousand chips, by period of the order.
    pub supply: Table<PeriodIx, f64>,
    /// Country of origin; empty if unknown.
    pub origin: String,
    /// Total processing performance; zero if unknown.
    pub tpp: f64,
    /// Performance density, total processing performance per mm² of die, where known.
    pub performance_density: Option<f64>,
    /// Memory bandwidth, TB/s, where known.
    pub memory_tb_per_s: Option<f64>,
    /// Dense bf16 compute, TFLOP/s; zero if unknown.
    pub dense_bf16_tflops: f64,
    /// When idle chips may be switched off.
    pub drain: Drain,
}

impl Chip {
    /// Whether a licence is needed for it: it comes from the origin named, if any, and reaches the
    /// first threshold or every number of a further class. What a class asks for is known: a plan in
    /// which it isn't can't be resolved.
    #[must_use]
    pub fn needs_licence(&self, rule: &ChipLicence) -> bool {
        let reaches = |known: Option<f64>, least: Option<f64>| least.is_none_or(|least| known.is_some_and(|known| known >= least));
        let in_class = |class: &ChipClass| {
            reaches(Some(self.tpp), class.tpp_at_least)
                && reaches(self.performance_density, class.performance_density_at_least)
                && reaches(self.memory_tb_per_s, class.memory_tb_per_s_at_least)
        };
        rule.origin.as_ref().is_none_or(|origin| *origin == self.origin)
            && (self.tpp >= rule.tpp_at_least || rule.further_classes.iter().any(in_class))
    }
}

/// Chips of one kind at one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Pool {
    /// Where.
    pub place: PlaceIx,
    /// Which chip.
    pub chip: ChipIx,
    /// Existing chips alive, thousand, by period.
    pub existing: Table<PeriodIx, f64>,
    /// Existing chips that go into service in a period, thousand (the first period: all alive).
    pub existing_arrivals: Table<PeriodIx, f64>,
    /// Periods in which an order arrives within the horizon and supply is not zero.
    pub orders_in: Vec<PeriodIx>,
    /// Capex with duty and less subsidies without ceiling, M$ per thousand chips, by period of the order.
    pub landed_capex_musd_per_thousand: Table<PeriodIx, f64>,
    /// Duty in it, M$ per thousand chips, by period of the order.
    pub duty_musd_per_thousand: Table<PeriodIx, f64>,
    /// Subsidies without ceiling already taken off, M$ per thousand chips, by period of the order.
    pub subsidy_musd_per_thousand: Table<PeriodIx, f64>,
    /// Annuity, M$ per thousand chips and year in service, by period of the order.
    pub annuity_musd_per_year: Table<PeriodIx, f64>,
    /// Subsidies with a ceiling: position in the plan's list of them, rate.
    pub capped_subsidies: Vec<(usize, Table<PeriodIx, f64>)>,
    /// Chips that can stand there at most, thousand, by period.
    pub most_chips: Table<PeriodIx, f64>,
    /// What a chip gives for each product, by period; none where too few chips can stand there.
    pub rates: Table<ProductIx, RateByPeriod>,
    /// Terms, if the chips are rented.
    pub rental: Option<Rental>,
}

/// Terms of rented chips.
#[derive(Clone, Debug, PartialEq)]
pub struct Rental {
    /// Its id in the plan.
    pub id: String,
    /// Price, $ per chip and hour.
    pub price_usd_per_chip_hour: Level,
    /// At most, thousand chips, by period.
    pub at_most: Table<PeriodIx, f64>,
    /// Paid for the whole period, or by the slice.
    pub committed: bool,
}

impl Pool {
    /// Periods in which an order of `order` is in service.
    pub fn serves(chip: &Chip, order: PeriodIx, period: PeriodIx) -> bool {
        let first = order.position() + chip.lead;
        (first..first + chip.life).contains(&period.position())
    }
}

/// One number of a chip: stated in the plan, else the catalog's.
struct Number<'a> {
    stated: &'a Option<Quantity>,
    field: &'static str,
    unit: &'static str,
    catalog_key: Option<&'static str>,
}

/// Unit of a column of the catalog.
fn unit_of_column(field: &str) -> &'static str {
    catalog::CHIP_FIELDS.iter().find(|(key, _, _)| *key == field).map_or("", |(_, unit, _)| unit)
}

impl Resolver<'_> {
    /// The chips of the plan.
    pub(super) fn chips(&mut self, calendar: &Calendar) -> Table<ChipIx, Chip> {
        let plan = self.plan;
        let mut chips = Table::default();
        for (id, chip) in &plan.chips {
            let path = format!("chips.{id}");
            let known = chip.catalog.as_ref().and_then(|wanted| {
                let known = self.catalog.chip(wanted);
                if known.is_none() {
                    let near = crate::diagnostic::nearest_name(wanted, self.catalog.chips().iter().map(|chip| chip.id.as_str()));
                    let help = near
                        .map_or_else(|| "`tokenworks catalog list chips` shows them.".to_owned(), |near| format!("Did you mean `{near}`?"));
                    self.error("unknown-chip", format!("{path}.catalog"), format!("The catalog has no chip `{wanted}`."), help);
                }
                known
            });
            let supply = chip.supply_per_period.as_ref().map_or_else(
                || Table::build(&calendar.periods, |_| 0.0),
                |steps| Self::limit(calendar, steps).iter().map(|chips| chips * 1e-3).collect(),
            );
            let bought = supply.iter().any(|chips: &f64| *chips > 0.0);
            let owned = bought || plan.fleets.values().any(|fleet| fleet.chip.0 == *id);
            let mut number =
                |stated, field, unit, catalog_key| self.chip_number(&path, known, &Number { stated, field, unit, catalog_key });
            let all_in = number(&chip.all_in_kw, "all_in_kw", "kW", Some("allin_it_kw_per_chip"));
            let idle_fraction = number(&chip.idle_fraction, "idle_fraction", "", Some("idle_power_fraction"));
            let active = number(&chip.active_kw, "active_kw", "kW", None);
            let per_rack = number(&chip.chips_per_rack, "chips_per_rack", "", Some("chips_per_rack"));
            let availability = number(&chip.availability_fraction, "availability_fraction", "", Some("availability_fraction"));
            let lead = number(&chip.lead_months, "lead_months", "months", Some("lead_months"));
            let life = number(&chip.life_years, "life_years", "years", Some("life_years"));
            let tpp = number(&chip.tpp, "tpp", "TPP", Some("total_processing_performance"));
            let density = number(&chip.performance_density, "performance_density", "TPP/mm²", None);
            let memory = number(&chip.memory_tb_per_s, "memory_tb_per_s", "TB/s", Some("hbm_tb_per_s"));
            let tflops = number(&chip.dense_bf16_tflops, "dense_bf16_tflops", "TFLOP/s", Some("bf16_dense_tflops"));
            let bought_in = |period: PeriodIx| supply[period] > 0.0;
            let dated = (known, calendar, &bought_in as &dyn Fn(PeriodIx) -> bool);
            let capex = self.dated_number(&path, dated, (&chip.capex_usd, "capex_usd", "$", Some("capex_usd_per_chip")));
            let om_stated =
                self.dated_number(&path, (known, calendar, &|_| true), (&chip.om_usd_per_year, "om_usd_per_year", "$ per year", None));
            let speed_factor = self.price(calendar, &chip.speed_factor, &format!("{path}.speed_factor"));
            if owned && all_in.is_none() {
                self.error(
                    "missing-number",
                    path.clone(),
                    format!("Nothing is known of the power of `{id}`."),
                    format!("Add `all_in_kw` to `{path}`."),
                );
            }
            if bought && capex.is_none() {
                self.error(
                    "missing-number",
                    path.clone(),
                    format!("`{id}` can be bought, but its price is not known."),
                    format!("Add `capex_usd` to `{path}` with its source."),
                );
            }
            if owned && known.is_none() && chip.idle_fraction.is_none() {
                self.warn(
                    "idle-power-unknown",
                    path.clone(),
                    format!("Idle power of `{id}` is stated nowhere; it is taken as zero."),
                    "Add `idle_fraction`.",
                );
            }
            let capex_usd = capex.unwrap_or_else(|| Table::build(&calendar.periods, |_| 0.0));
            // A share of capex is one of what chips cost first: upkeep doesn't get cheaper with the next order.
            let first_usd =
                chip.capex_usd.as_ref().and_then(plan::Steps::first).or_else(|| capex_usd.iter().next().copied()).unwrap_or(0.0);
            let om_usd = om_stated.unwrap_or_else(|| {
                let share = known.and_then(|known| known.om_fraction_of_capex_per_year).map(|share| share * first_usd);
                if let Some(usd) = share {
                    let source = "stated default of the catalog, share of capex";
                    self.assume(format!("{path}.om_usd_per_year"), usd, "$ per year", source, "stated default");
                }
                Table::build(&calendar.periods, |_| share.unwrap_or(0.0))
            });
            let all_in_kw = all_in.unwrap_or(0.0);
            let (idle_kw, active_kw) = (idle_fraction.unwrap_or(0.0) * all_in_kw, active.unwrap_or(all_in_kw));
            let points = self.operating_points(id, owned, (idle_kw, active_kw, all_in_kw));
            for (field, stated) in own::columns(chip) {
                if let Some(stated) = stated {
                    let source = if stated.source.is_empty() { "the plan" } else { &stated.source };
                    self.assume(format!("{path}.{field}"), stated.value, unit_of_column(field), source, "stated");
                }
            }
            let cooling_known = known.is_some_and(|known| known.cooling == catalog::ChipCooling::Liquid);
            chips.push(Chip {
                id: id.clone(),
                name: chip.name.clone().or_else(|| known.map(|known| known.name.clone())).unwrap_or_else(|| id.clone()),
                catalog: chip.catalog.clone(),
                row: own::chip(plan, id, self.catalog).map(|row| Arc::new(row.into_owned())),
                all_in_kw,
                idle_kw,
                active_kw,
                points,
                capex_musd_per_thousand: capex_usd.iter().map(|usd| usd * 1e-3).collect(),
                om_musd_per_thousand_year: om_usd.iter().map(|usd| usd * 1e-3).collect(),
                speed_factor,
                chips_per_rack: per_rack.unwrap_or(1.0),
                liquid: chip.cooling.as_ref().map_or(cooling_known, |cooling| *cooling == Cooling::Liquid),
                availability: availability.unwrap_or(1.0),
                lead: calendar.lead_periods(lead.unwrap_or(0.0)),
                life: calendar.life_periods(life.unwrap_or(5.0)),
                supply,
                origin: chip.origin.clone().or_else(|| known.map(|known| known.origin_country.clone())).unwrap_or_default(),
                tpp: tpp.unwrap_or(0.0),
                performance_density: density,
                memory_tb_per_s: memory,
                dense_bf16_tflops: tflops.unwrap_or(0.0),
                drain: chip.drain.clone(),
            });
        }
        self.check_classes(&chips);
        chips
    }

    /// A class of restricted chips that asks for a number nobody has given would let the chip through.
    fn check_classes(&mut self, chips: &Table<ChipIx, Chip>) {
        let plan = self.plan;
        for (id, policy) in &plan.policies {
            let Policy::ChipLicence(rule) = policy else { continue };
            for (position, class) in rule.further_classes.iter().enumerate() {
                let path = format!("policies.{id}.further_classes.{position}");
                let asked =
                    [(class.performance_density_at_least, "performance_density"), (class.memory_tb_per_s_at_least, "memory_tb_per_s")];
                if class.tpp_at_least.is_none() && asked.iter().all(|(least, _)| least.is_none()) {
                    self.error(
                        "empty-class",
                        path.clone(),
                        "This class gives no number, so it would hold every chip.".to_owned(),
                        "Give `tpp_at_least`, `performance_density_at_least` or `memory_tb_per_s_at_least`, or leave the class out."
                            .to_owned(),
                    );
                }
                for chip in chips.iter().filter(|chip| rule.origin.as_ref().is_none_or(|origin| *origin == chip.origin)) {
                    if chip.tpp >= rule.tpp_at_least || class.tpp_at_least.is_some_and(|least| chip.tpp < least) {
                        continue;
                    }
                    for (_, field) in asked.iter().filter(|(least, field)| {
                        let known = if *field == "memory_tb_per_s" { chip.memory_tb_per_s } else { chip.performance_density };
                        least.is_some() && known.is_none()
                    }) {
                        self.error(
                            "missing-number",
                            path.clone(),
                            format!("Whether `{}` is in this class is not known: nothing states its {}.", chip.id, field.replace('_', " ")),
                            format!("Add `{field}` to `chips.{}` with its source.", chip.id),
                        );
                    }
                }
            }
        }
    }

    fn chip_number(&mut self, path: &str, known: Option<&catalog::Chip>, number: &Number<'_>) -> Option<f64> {
        let at = format!("{path}.{}", number.field);
        if let Some(stated) = number.stated {
            let source = if stated.source.is_empty() { "the plan" } else { &stated.source };
            self.assume(at, stated.value, number.unit, source, "stated");
            return Some(stated.value);
        }
        let fact = known?.fact(number.catalog_key?)?;
        let value = fact.value?;
        self.assume(at, value, number.unit, &fact.source, fact.confidence.label());
        Some(value)
    }

    /// A number of a chip by date: stated in the plan, else the catalog's. `needed` says in which periods.
    fn dated_number(
        &mut self,
        path: &str,
        (known, calendar, needed): (Option<&catalog::Chip>, &Calendar, &dyn Fn(PeriodIx) -> bool),
        (stated, field, unit, catalog_key): (&Option<plan::Steps>, &str, &'static str, Option<&str>),
    ) -> Option<Table<PeriodIx, f64>> {
        let at = format!("{path}.{field}");
        let Some(steps) = stated else {
            let fact = known?.fact(catalog_key?)?;
            let value = fact.value?;
            self.assume(at, value, unit, &fact.source, fact.confidence.label());
            return Some(Table::build(&calendar.periods, |_| value));
        };
        let source = if steps.source.is_empty() { "the plan" } else { &steps.source };
        self.assume(at.clone(), steps.first().unwrap_or(0.0), unit, source, "stated");
        if let Some(period) = super::dates::first_without(calendar, steps, needed) {
            let message = format!("There is no value for {}: the first step comes later.", calendar.periods[period].label);
            let help = format!("Add a step dated {} or before.", calendar.periods[period].start);
            self.error("missing-step", at, message, help);
        }
        // Where nothing is ordered the first number stands in; no order is paid at it.
        let first = steps.first().unwrap_or(0.0);
        Some(calendar.periods.iter().map(|period| steps.at(period.start).unwrap_or(first)).collect())
    }

    /// The pools: site × chip pairs that can exist, then rentals.
    pub(super) fn pools(&mut self, calendar: &Calendar, places: &Table<PlaceIx, Place>, chips: &Table<ChipIx, Chip>) -> Vec<Pool> {
        let plan = self.plan;
        let mut pools = Vec::new();
        for (place_index, place) in places.pairs() {
            let Some(site) = &place.site else { continue };
            for (chip_index, chip) in chips.pairs() {
                let fits = site
                    .halls
                    .iter()
                    .map(|hall| hall.liquid)
                    .chain(site.buildable.iter().map(|kind| kind.liquid))
                    .any(|liquid| liquid || !chip.liquid);
                let orders_in: Vec<PeriodIx> = chip
                    .supply
                    .pairs()
                    .filter(|(order, supply)| fits && **supply > 0.0 && order.position() + chip.lead < calendar.periods.len())
                    .map(|(order, _)| order)
                    .collect();
                let fleets: Vec<&plan::Fleet> =
                    plan.fleets.values().filter(|fleet| fleet.site.0 == place.id && fleet.chip.0 == chip.id && fleet.count > 0.0).collect();
                if orders_in.is_empty() && fleets.is_empty() {
                    continue;
                }
                if !fits && !fleets.is_empty() {
                    self.warn(
                        "no-hall",
                        format!("sites.{}", place.id),
                        format!("No hall of `{}` can take `{}`, which needs liquid cooling.", place.id, chip.id),
                        "Add a liquid-cooled hall.",
                    );
                }
                pools.push(pool(plan, calendar, place_index, place, chip_index, chip, orders_in, &fleets));
            }
        }
        for (id, rental) in &plan.rentals {
            let place = places.pairs().find(|(_, place)| place.id == *id && place.site.is_none());
            let chip = chips.pairs().find(|(_, chip)| chip.id == rental.chip.0);
            let price = self.level(calendar, &rental.price_usd_per_chip_hour, &format!("rentals.{id}.price_usd_per_chip_hour"));
            if let (Some((place, _)), Some((chip, _))) = (place, chip) {
                pools.push(Pool {
                    place,
                    chip,
                    existing: Table::build(&calendar.periods, |_| 0.0),
                    existing_arrivals: Table::build(&calendar.periods, |_| 0.0),
                    orders_in: Vec::new(),
                    landed_capex_musd_per_thousand: Table::build(&calendar.periods, |_| 0.0),
                    duty_musd_per_thousand: Table::build(&calendar.periods, |_| 0.0),
                    subsidy_musd_per_thousand: Table::build(&calendar.periods, |_| 0.0),
                    annuity_musd_per_year: Table::build(&calendar.periods, |_| 0.0),
                    capped_subsidies: Vec::new(),
                    most_chips: Table::default(),
                    rates: Table::default(),
                    rental: Some(Rental {
                        id: id.clone(),
                        price_usd_per_chip_hour: price,
                        at_most: Self::limit(calendar, &rental.at_most).iter().map(|chips| chips * 1e-3).collect(),
                        committed: rental.commitment == Commitment::Committed,
                    }),
                });
            }
        }
        pools
    }
}

fn pool(
    plan: &plan::Plan,
    calendar: &Calendar,
    place_index: PlaceIx,
    place: &Place,
    chip_index: ChipIx,
    chip: &Chip,
    orders_in: Vec<PeriodIx>,
    fleets: &[&plan::Fleet],
) -> Pool {
    let life_months = (chip.life * calendar.period_months as usize) as i32;
    let alive = |fleet: &plan::Fleet, start: plan::Month| fleet.in_service <= start && start < fleet.in_service.plus(life_months);
    let existing: Table<PeriodIx, f64> = calendar
        .periods
        .iter()
        .map(|period| fleets.iter().filter(|fleet| alive(fleet, period.start)).map(|fleet| fleet.count * 1e-3).sum())
        .collect();
    let existing_arrivals = calendar
        .periods
        .pairs()
        .map(|(index, period)| {
            let before = (index.position() > 0).then(|| period.start.plus(-(calendar.period_months as i32)));
            fleets
                .iter()
                .filter(|fleet| alive(fleet, period.start) && before.is_none_or(|before| fleet.in_service > before))
                .map(|fleet| fleet.count * 1e-3)
                .sum()
        })
        .collect();
    // By date of the order; none before the first date.
    let by_date = |steps: &plan::Steps| -> Table<PeriodIx, f64> { Resolver::limit(calendar, steps) };
    let mut duty_rate = Table::build(&calendar.periods, |_| 0.0);
    for policy in plan.policies.values() {
        if let Policy::ImportDuty(duty) = policy
            && duty.site_country == place.country
            && duty.origin == chip.origin
        {
            duty_rate = duty_rate.iter().zip(by_date(&duty.rate_fraction).iter()).map(|(sum, rate)| sum + rate).collect();
        }
    }
    let mut open_rate = Table::build(&calendar.periods, |_| 0.0);
    let mut capped_subsidies = Vec::new();
    // Position among the subsidies with a ceiling.
    let mut number = 0;
    for policy in plan.policies.values() {
        let Policy::CapexSubsidy(subsidy) = policy else { continue };
        let applies = subsidy.site.0 == place.id && subsidy.chip.as_ref().is_none_or(|only| only.0 == chip.id);
        match subsidy.ceiling_musd {
            Some(_) => {
                if applies {
                    capped_subsidies.push((number, by_date(&subsidy.rate_fraction)));
                }
                number += 1;
            }
            None if applies => {
                open_rate = open_rate.iter().zip(by_date(&subsidy.rate_fraction).iter()).map(|(sum, rate)| sum + rate).collect();
            }
            None => {}
        }
    }
    let landed_of = |order: PeriodIx, capex: f64| capex * (1.0 + duty_rate[order]) * (1.0 - open_rate[order]).max(0.0);
    let by_order =
        |value: &dyn Fn(PeriodIx, f64) -> f64| chip.capex_musd_per_thousand.pairs().map(|(order, capex)| value(order, *capex)).collect();
    Pool {
        place: place_index,
        chip: chip_index,
        existing,
        existing_arrivals,
        orders_in,
        landed_capex_musd_per_thousand: by_order(&landed_of),
        duty_musd_per_thousand: by_order(&|order, capex| capex * duty_rate[order]),
        subsidy_musd_per_thousand: by_order(&|order, capex| capex * (1.0 + duty_rate[order]) - landed_of(order, capex)),
        annuity_musd_per_year: by_order(&|order, capex| annuity(calendar, landed_of(order, capex), chip.lead, chip.life)),
        capped_subsidies,
        most_chips: Table::default(),
        rates: Table::default(),
        rental: None,
    }
}
