//! Products, markets, demand, routes and purchases.

use super::Resolver;
use super::asks::Ask;
use super::calendar::Calendar;
use super::curve::Elastic;
use super::index::{ActorIx, AskIx, Ix as _, MarketIx, PeriodIx, PlaceIx, ProductIx, SliceIx, Table};
use super::order::Deferral;
use super::own;
use super::sites::Place;
use crate::catalog;
use crate::physics::geography;
use crate::physics::throughput::sizes::Precision;
use crate::plan::{Disaggregated, Month, Plan, Policy, Quality, Urgency};
use crate::words::digits;

/// A token product.
#[derive(Clone, Debug, PartialEq)]
pub struct Product {
    /// Its id.
    pub id: String,
    /// What it asks of chips, in the order of time, each once.
    pub asks: Table<AskIx, Ask>,
    /// Which of them it asks, by period.
    pub ask_of: Table<PeriodIx, AskIx>,
    /// Quality-weighted tokens per raw answer token, by period.
    pub quality_weight: Table<PeriodIx, f64>,
    /// Share of powered chips' time that may be sold.
    pub utilisation_cap: f64,
    /// Share of its live tokens that may be shed in events.
    pub flexible: f64,
    /// Notice without which nothing of it is shed, hours.
    pub shed_notice_hours: f64,
    /// Discount for what is shed, $ per Mtok, by period.
    pub shed_discount_usd_per_mtok: Table<PeriodIx, f64>,
    /// What is shed is made in other hours of the same day.
    pub paid_back: bool,
    /// Work may be moved.
    pub deferrable: bool,
    /// Within what span of time, if it may be moved.
    pub deferral: Deferral,
    /// Prompts may be prefilled on other chips.
    pub disaggregated: bool,
    /// Latency limit, ms.
    pub latency_ms: Option<f64>,
    /// First period in which it can be sold.
    pub from_period: usize,
}

/// A market.
#[derive(Clone, Debug, PartialEq)]
pub struct Market {
    /// Its id.
    pub id: String,
    /// Name on screen.
    pub name: String,
    /// Country.
    pub country: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Demand over the plan clock's slices, any scale.
    pub shape: Table<SliceIx, f64>,
    /// All segments pay the lowest price sold.
    pub single_price: bool,
}

/// A volume at a price.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Its position in the plan, which need not be from the dearest.
    pub position: usize,
    /// Asked for by tasks, which pay nothing by the token: no segment of the plan. As much as they may ask at most.
    pub of_tasks: bool,
    /// Answer tokens at most, Ttok, by period.
    pub volume_ttok: Table<PeriodIx, f64>,
    /// Ttok of a period per Gtok a day stated, growth included, by period.
    pub ttok_per_gtok_per_day: Table<PeriodIx, f64>,
    /// Price of an answer token with its prompts, $ per Mtok, by period.
    pub usd_per_mtok: Table<PeriodIx, f64>,
}

/// Demand of a market for a product.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// The market.
    pub market: MarketIx,
    /// The product.
    pub product: ProductIx,
    /// Segments, the dearest first; steps of the curve where there is one.
    pub segments: Vec<Segment>,
    /// The curve that the segments are steps of.
    pub curve: Option<Elastic>,
}

/// A route that can carry tokens of a product from a place to a market.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// From.
    pub place: PlaceIx,
    /// Product.
    pub product: ProductIx,
    /// To.
    pub market: MarketIx,
    /// Latency, ms.
    pub latency_ms: f64,
    /// Sending, $ per Mtok of answers, by period.
    pub egress_usd_per_mtok: Table<PeriodIx, f64>,
    /// Token duty, $ per Mtok of answers, by period.
    pub duty_usd_per_mtok: Table<PeriodIx, f64>,
}

/// Tokens bought from another provider.
#[derive(Clone, Debug, PartialEq)]
pub struct Purchase {
    /// Its id.
    pub id: String,
    /// Product it stands in for.
    pub product: ProductIx,
    /// Country it is made in.
    pub country: String,
    /// Whose it is to buy.
    pub actor: ActorIx,
    /// Price, $ per Mtok of answers, by period.
    pub usd_per_mtok: Table<PeriodIx, f64>,
    /// At most, Gtok per day, by period.
    pub at_most_gtok_per_day: Table<PeriodIx, f64>,
    /// Counts as tokens made.
    pub counts_as_tokens: bool,
    /// Token duty of the country it is made in, $ per Mtok of answers, by market and period.
    pub duty_usd_per_mtok: Table<MarketIx, Table<PeriodIx, f64>>,
    /// Markets that its country's tokens may not go to.
    pub banned: Table<MarketIx, bool>,
}

/// Duty on tokens made in one country and sold in another, $ per Mtok: it holds for every token, by
/// whomever it is made.
fn token_duty(plan: &Plan, calendar: &Calendar, made_in: &str, sold_in: &str) -> Table<PeriodIx, f64> {
    let duty = |policy: &Policy, start: Month| match policy {
        Policy::TokenDuty(duty) if duty.site_country == made_in && duty.market_country == sold_in => {
            duty.usd_per_mtok.at(start).unwrap_or(0.0)
        }
        _ => 0.0,
    };
    calendar.periods.iter().map(|period| plan.policies.values().map(|policy| duty(policy, period.start)).sum()).collect()
}

/// Whether tokens made in one country may not be sold in another.
fn is_banned(plan: &Plan, made_in: &str, sold_in: &str) -> bool {
    plan.policies
        .values()
        .any(|policy| matches!(policy, Policy::RouteBan(ban) if ban.site_country == made_in && ban.market_country == sold_in))
}

impl Resolver<'_> {
    /// Notes the sizes of the plan's own served models, and those that were derived from others.
    fn sizes_of_served_models(&mut self) {
        let plan = self.plan;
        let unit = |field: &str| catalog::SERVED_MODEL_FIELDS.iter().find(|(key, _, _)| *key == field).map_or("", |(_, unit, _)| *unit);
        for (id, served) in &plan.served_models {
            let path = |field: &str| format!("served_models.{id}.{field}");
            for (field, stated) in own::sizes(served) {
                if let Some(stated) = stated {
                    let source = if stated.source.is_empty() { "the plan" } else { &stated.source };
                    self.assume(path(field), stated.value, unit(field), source, "stated");
                }
            }
            let Some((_, derived)) = own::served_model(plan, id, self.catalog, &self.series.configs) else { continue };
            for size in derived {
                self.assume(path(size.field), size.value, unit(size.field), size.rule, "derived");
            }
            for precision in served.precisions.iter().filter(|name| Precision::named(name).is_none()) {
                let message = format!("Precision `{precision}` is not one of bf16, fp8, int8, fp4, int4.");
                self.error("unknown-precision", path("precisions"), message, "");
            }
        }
    }

    /// The products.
    pub(super) fn products(&mut self, calendar: &Calendar) -> Table<ProductIx, Product> {
        let plan = self.plan;
        let index_of = |served: &str| {
            plan.served_models
                .get(served)
                .and_then(|served| served.catalog.as_ref())
                .and_then(|id| self.catalog.served_model(id))
                .and_then(|row| row.capability_index)
        };
        let best = plan.served_models.keys().filter_map(|id| index_of(id)).fold(0.0, f64::max);
        self.sizes_of_served_models();
        let mut products = Table::default();
        for (id, product) in &plan.products {
            for (_, served_model) in product.served_model.dates() {
                let Some(wanted) = plan.served_models.get(served_model).and_then(|served| served.catalog.as_ref()) else { continue };
                if self.catalog.served_model(wanted).is_some() {
                    continue;
                }
                let near = crate::diagnostic::nearest_name(wanted, self.catalog.served_models().iter().map(|row| row.id.as_str()));
                let near = near.map_or_else(
                    || "`tokenworks catalog list models` shows those it has".to_owned(),
                    |near| format!("Did you mean `{near}`? `tokenworks catalog list models` shows all"),
                );
                let help = format!(
                    "{near}. One of your own needs no `catalog`: give `config: \"config.json\"` beside the plan, or its sizes (`total_params_b`, `layers`, `kv_heads` and so on)."
                );
                let path = format!("served_models.{served_model}.catalog");
                if !self.problems.iter().any(|problem| problem.path == path) {
                    self.error("unknown-served-model", path, format!("The catalog has no served model `{wanted}`."), help);
                }
            }
            let of_model = |served_model: &str| match plan.served_models.get(served_model).map(|served| &served.quality) {
                Some(Quality::Stated(weight)) => *weight,
                Some(Quality::FromIndex) => index_of(served_model).map_or(1.0, |index| if best > 0.0 { index / best } else { 1.0 }),
                None => 1.0,
            };
            let (asks, ask_of) = self.asks(calendar, id, product);
            let deferral = match product.urgency {
                Urgency::Interactive | Urgency::WithinDay => Deferral::Day,
                Urgency::WithinWeek => Deferral::Week,
                Urgency::WithinPeriod => Deferral::Period,
            };
            if deferral != Deferral::Day && !calendar.ordered() {
                let message = format!("Work for `{id}` may be put off for longer than a day, but the plan's days have no order.");
                let help = "Write `linked: true` beside the representative days, plan by the hour, or let it be due `WithinDay`.";
                self.error("days-without-order", format!("products.{id}.urgency"), message, help);
            }
            products.push(Product {
                id: id.clone(),
                quality_weight: match &product.quality_weight {
                    Some(steps) => self.price(calendar, steps, &format!("products.{id}.quality_weight")),
                    None => ask_of.iter().map(|ask| of_model(&asks[*ask].served_model)).collect(),
                },
                asks,
                ask_of,
                utilisation_cap: product.utilisation_cap(),
                flexible: if product.urgency == Urgency::Interactive { product.flexible_fraction } else { 0.0 },
                shed_notice_hours: product.shed_notice_hours,
                shed_discount_usd_per_mtok: self.price(
                    calendar,
                    &product.shed_discount_usd_per_mtok,
                    &format!("products.{id}.shed_discount_usd_per_mtok"),
                ),
                paid_back: product.shed == crate::plan::product::Shed::SameDay,
                deferrable: product.urgency != Urgency::Interactive,
                deferral,
                disaggregated: product.disaggregated != Disaggregated::Never,
                latency_ms: product.latency_ms,
                from_period: 0,
            });
        }
        products
    }

    /// The markets, with their local day on the plan's clock.
    pub(super) fn markets(&mut self, calendar: &Calendar) -> Table<MarketIx, Market> {
        let plan = self.plan;
        let mut markets = Table::default();
        for (id, market) in &plan.markets {
            let path = format!("markets.{id}.local_time");
            let shape = match &market.local_time {
                Some(profile) => self.profile(calendar, &profile.0, &path, market.utc_offset_hours).map(|(shape, _)| shape),
                None => None,
            };
            let shape = shape.unwrap_or_else(|| Table::build(&calendar.slices, |_| 1.0));
            if shape.iter().any(|value| *value < 0.0) || shape.iter().all(|value| *value <= 0.0) {
                self.error(
                    "demand-shape",
                    path,
                    format!("The local day of `{id}` has negative values, or nothing but zeros."),
                    "Use a profile of positive values.",
                );
            }
            markets.push(Market {
                id: id.clone(),
                name: if market.name.is_empty() { id.clone() } else { market.name.clone() },
                country: market.country.clone(),
                latitude: market.latitude,
                longitude: market.longitude,
                shape,
                single_price: market.single_price,
            });
        }
        markets
    }

    /// Demand by market and product.
    pub(super) fn demands(
        &mut self,
        calendar: &Calendar,
        markets: &Table<MarketIx, Market>,
        products: &Table<ProductIx, Product>,
    ) -> Vec<Demand> {
        let plan = self.plan;
        let mut demands = Vec::new();
        for ((market_index, _), (market_id, market)) in markets.pairs().zip(&plan.markets) {
            for (product_id, demand) in &market.demand {
                let Some((product_index, product)) = products.pairs().find(|(_, product)| product.id == *product_id) else { continue };
                let path = format!("markets.{market_id}.demand.{product_id}");
                let at = format!("{path}.price_factor_per_year");
                self.problems.extend(
                    super::dates::coarse(demand.price_factor_per_year, calendar.period_months, at).filter(|_| calendar.periods.len() > 1),
                );
                let mut segments = Vec::new();
                for (position, segment) in demand.segments.iter().enumerate() {
                    let usd_per_mtok =
                        self.full_price(calendar, demand, segment, product, &format!("{path}.segments.{position}.usd_per_mtok"));
                    let growth = |period: &super::Period| demand.growth_factor_per_year.powf(f64::from(period.offset_months) / 12.0);
                    let ttok_per_gtok_per_day: Table<PeriodIx, f64> =
                        calendar.periods.iter().map(|period| period.days * growth(period) * 1e-3).collect();
                    let stated = Self::limit(calendar, &segment.answer_gtok_per_day);
                    let volume_ttok = stated.pairs().map(|(period, gtok)| gtok * ttok_per_gtok_per_day[period]).collect();
                    segments.push(Segment { position, of_tasks: false, volume_ttok, ttok_per_gtok_per_day, usd_per_mtok });
                }
                self.put_in_order(calendar, &path, &mut segments);
                let curve = self.curve(calendar, &path, demand);
                if let Some(curve) = &curve {
                    segments = curve.steps(calendar);
                }
                demands.push(Demand { market: market_index, product: product_index, segments, curve });
            }
        }
        demands
    }

    /// Price of an answer token with the prompts that belong to it, by period.
    fn full_price(
        &mut self,
        calendar: &Calendar,
        demand: &crate::plan::Demand,
        segment: &crate::plan::Segment,
        product: &Product,
        path: &str,
    ) -> Table<PeriodIx, f64> {
        let price = &segment.usd_per_mtok;
        let [answer, prompt, cached] = [(&price.answer, "answer"), (&price.prompt, "prompt"), (&price.cached_prompt, "cached_prompt")]
            .map(|(steps, field)| self.price(calendar, steps, &format!("{path}.{field}")));
        Table::build(&calendar.periods, |index| {
            let years = f64::from(calendar.periods[index].offset_months) / 12.0;
            let Ask { cache_hit_fraction: hit, full_prompt_per_answer, .. } = product.ask(index);
            let full = answer[index] + full_prompt_per_answer * ((1.0 - hit) * prompt[index] + hit * cached[index]);
            full * demand.price_factor_per_year.powf(years)
        })
    }

    /// Segments stand from the dearest to the cheapest, in every period: a market fills them in this order.
    /// Another order is put right with a warning; one that changes over time is refused.
    fn put_in_order(&mut self, calendar: &Calendar, path: &str, segments: &mut [Segment]) {
        let first_rise = |segments: &[Segment]| {
            segments.iter().zip(segments.iter().skip(1)).find_map(|(dearer, cheaper)| {
                let rises = |period: &PeriodIx| cheaper.usd_per_mtok[*period] > dearer.usd_per_mtok[*period] + 1e-9;
                let period = calendar.periods.keys().find(rises)?;
                Some((dearer.position, cheaper.position, period, dearer.usd_per_mtok[period], cheaper.usd_per_mtok[period]))
            })
        };
        if first_rise(segments).is_none() {
            return;
        }
        let stated: Vec<Segment> = segments.to_vec();
        let first = |segment: &Segment| segment.usd_per_mtok.iter().next().copied().unwrap_or(0.0);
        segments.sort_by(|a, b| first(b).total_cmp(&first(a)));
        let Some((_, position, period, dearer, cheaper)) = first_rise(segments) else {
            self.warn(
                "segment-order",
                format!("{path}.segments"),
                "The segments' full prices (with prompts) are not falling; they are filled from the dearest.",
                "List the dearest segment first.",
            );
            return;
        };
        segments.clone_from_slice(&stated);
        let message = format!(
            "Segment {} pays {} $/Mtok with its prompts in {}, more than the {} of a segment that is dearer before: which is filled first changes over time.",
            position + 1,
            digits(cheaper, 5),
            calendar.periods[period].label,
            digits(dearer, 5),
        );
        let help = "Let the prices keep their order in every period.";
        self.error("segment-order", format!("{path}.segments.{position}"), message, help);
    }

    /// Routes within latency, without the banned ones.
    pub(super) fn routes(
        &mut self,
        calendar: &Calendar,
        places: &Table<PlaceIx, Place>,
        products: &Table<ProductIx, Product>,
        markets: &Table<MarketIx, Market>,
        demands: &[Demand],
    ) -> Vec<Route> {
        let plan = self.plan;
        let mut routes = Vec::new();
        for demand in demands {
            let (market, product) = (&markets[demand.market], &products[demand.product]);
            for (place_index, place) in places.pairs() {
                // A rental at a site uses the site's own routes.
                let site_id = plan
                    .rentals
                    .get(&place.id)
                    .filter(|_| place.site.is_none())
                    .and_then(|rental| rental.site.as_ref())
                    .map_or(place.id.as_str(), |site| site.0.as_str());
                let stated = plan.routes.iter().find(|(_, route)| route.site.0 == site_id && route.market.0 == market.id);
                let own_egress =
                    stated.and_then(|(id, route)| Some((format!("routes.{id}.egress_usd_per_mtok"), route.egress_usd_per_mtok.as_ref()?)));
                let stated = stated.map(|(_, route)| route);
                if stated.is_some_and(|route| route.banned) || is_banned(plan, &place.country, &market.country) {
                    continue;
                }
                let latency_ms = stated.and_then(|route| route.latency_ms).unwrap_or_else(|| {
                    let km = geography::great_circle_km(place.latitude, place.longitude, market.latitude, market.longitude);
                    geography::round_trip_ms(km)
                });
                if product.latency_ms.is_some_and(|limit| latency_ms > limit) {
                    continue;
                }
                routes.push(Route {
                    place: place_index,
                    product: demand.product,
                    market: demand.market,
                    latency_ms,
                    egress_usd_per_mtok: match own_egress {
                        Some((path, steps)) => self.price(calendar, steps, &path),
                        None => place.egress_usd_per_mtok.clone(),
                    },
                    duty_usd_per_mtok: token_duty(plan, calendar, &place.country, &market.country),
                });
            }
        }
        routes
    }

    /// Purchases.
    pub(super) fn purchases(
        &mut self,
        calendar: &Calendar,
        products: &Table<ProductIx, Product>,
        markets: &Table<MarketIx, Market>,
    ) -> Vec<Purchase> {
        let plan = self.plan;
        let mut purchases = Vec::new();
        for (id, purchase) in &plan.purchases {
            let usd_per_mtok = self.price(calendar, &purchase.usd_per_mtok, &format!("purchases.{id}.usd_per_mtok"));
            let Some((product, _)) = products.pairs().find(|(_, product)| product.id == purchase.product.0) else { continue };
            purchases.push(Purchase {
                id: id.clone(),
                product,
                country: purchase.country.clone(),
                actor: self.owner(&format!("purchases.{id}"), purchase.actor.as_ref(), Some(&purchase.country)),
                usd_per_mtok,
                at_most_gtok_per_day: Self::limit(calendar, &purchase.at_most_gtok_per_day),
                counts_as_tokens: purchase.counts_as_tokens,
                duty_usd_per_mtok: markets.iter().map(|market| token_duty(plan, calendar, &purchase.country, &market.country)).collect(),
                banned: markets.iter().map(|market| is_banned(plan, &purchase.country, &market.country)).collect(),
            });
        }
        purchases
    }
}

impl Product {
    /// Whether it can be sold in a period.
    pub fn exists(&self, period: PeriodIx) -> bool {
        period.position() >= self.from_period
    }
}
