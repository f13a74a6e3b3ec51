//! Demand curves as the plan states them, and how actors act on them.

use super::calendar::Calendar;
use super::curve::{At, Elastic, Shape, Worth};
use super::index::{ActorIx, PeriodIx, Table};
use super::{Conduct, Goal, Resolved, Resolver};
use crate::plan::{self, DemandCurve};

impl Resolver<'_> {
    /// The curve of a demand, by period.
    pub(super) fn curve(&mut self, calendar: &Calendar, path: &str, demand: &plan::Demand) -> Option<Elastic> {
        let curve = demand.curve.as_ref()?;
        let years = |period: PeriodIx| f64::from(calendar.periods[period].offset_months) / 12.0;
        let ttok = |period: PeriodIx, gtok_per_day: f64| {
            gtok_per_day * calendar.periods[period].days * 1e-3 * demand.growth_factor_per_year.powf(years(period))
        };
        let cheaper = |period: PeriodIx| demand.price_factor_per_year.powf(years(period));
        let path = |field: &str| format!("{path}.curve.{field}");
        let shapes = match curve {
            DemandCurve::Isoelastic(curve) => {
                let prices = self.price(calendar, &curve.at_usd_per_mtok, &path("at_usd_per_mtok"));
                let volumes = Self::limit(calendar, &curve.at_gtok_per_day);
                let highest = curve.highest_usd_per_mtok.as_ref().map(|steps| self.price(calendar, steps, &path("highest_usd_per_mtok")));
                let source = if curve.elasticity.source.is_empty() { "the plan" } else { &curve.elasticity.source };
                self.assume(path("elasticity"), curve.elasticity.value, "", source, "stated");
                Table::build(&calendar.periods, |period| Shape::Isoelastic {
                    price: prices[period] * cheaper(period),
                    volume: ttok(period, volumes[period]),
                    elasticity: curve.elasticity.value,
                    highest: highest.as_ref().map(|highest| highest[period] * cheaper(period)),
                })
            }
            DemandCurve::Linear(curve) => {
                let prices = self.price(calendar, &curve.nobody_buys_at_usd_per_mtok, &path("nobody_buys_at_usd_per_mtok"));
                let volumes = Self::limit(calendar, &curve.free_gtok_per_day);
                Table::build(&calendar.periods, |period| Shape::Linear {
                    intercept: prices[period] * cheaper(period),
                    free: ttok(period, volumes[period]),
                })
            }
        };
        Some(Elastic::new(shapes))
    }
}

impl Resolved {
    /// How actors act, where prices form.
    #[must_use]
    pub fn conduct(&self) -> Option<&Conduct> {
        self.goals.iter().find_map(|goal| match goal {
            Goal::MarketEquilibrium(conduct) => Some(conduct),
            _ => None,
        })
    }

    /// Whether some demand answers to the price.
    #[must_use]
    pub fn has_curves(&self) -> bool {
        self.demands.iter().any(|demand| demand.curve.is_some())
    }

    /// Who can sell to a demand, in the order of actors.
    #[must_use]
    pub fn sellers(&self, demand: usize) -> Vec<ActorIx> {
        let Some(demand) = self.demands.get(demand) else { return Vec::new() };
        let routes = self.routes.iter().filter(|route| route.market == demand.market && route.product == demand.product);
        let purchases = self.purchases.iter().filter(|purchase| purchase.product == demand.product && !purchase.banned[demand.market]);
        let mut actors: Vec<ActorIx> =
            routes.map(|route| self.places[route.place].actor).chain(purchases.map(|purchase| purchase.actor)).collect();
        actors.sort_unstable();
        actors.dedup();
        actors
    }

    /// What steps of curves are worth under the plan's goals: to buyers where actors compete, to one seller
    /// where one plans for all, and to each seller by itself where each reckons with the price.
    pub(super) fn apply_conduct(&mut self) {
        let conduct = self.conduct().cloned();
        let sellers: Vec<Vec<ActorIx>> = (0..self.demands.len()).map(|demand| self.sellers(demand)).collect();
        for (demand, sellers) in self.demands.iter_mut().zip(sellers) {
            let Some(curve) = &mut demand.curve else { continue };
            match &conduct {
                Some(Conduct::Competition) => {}
                Some(Conduct::Cournot) => curve.with_sellers(&sellers),
                Some(Conduct::Cartel) | None => curve.worth = Worth::Revenue,
            }
            demand.segments = curve.steps(&self.calendar);
        }
    }

    /// A curve on which nobody sells has no price; that is rarely meant.
    pub(super) fn check_sellers(&self, resolver: &mut Resolver<'_>) {
        for (number, demand) in self.demands.iter().enumerate().filter(|(_, demand)| demand.curve.is_some()) {
            if self.sellers(number).is_empty() {
                let (market, product) = (&self.markets[demand.market], &self.products[demand.product]);
                let message = format!(
                    "Nobody can sell `{}` in {}: no site and no purchase reaches it, so no price forms there.",
                    product.id, market.name
                );
                let help = "Look at bans, routes and `latency_ms`, or leave the demand out.";
                resolver.warn("no-seller", format!("markets.{}.demand.{}", market.id, product.id), message, help);
            }
        }
    }

    /// The steps of another resolving of nearly the same plan, where curves have the same sellers.
    pub fn take_steps(&mut self, other: &Self) {
        for demand in &mut self.demands {
            let (market, product) = (&self.markets[demand.market].id, &self.products[demand.product].id);
            let same = other
                .demands
                .iter()
                .find(|known| other.markets[known.market].id == *market && other.products[known.product].id == *product);
            if let (Some(curve), Some(known)) = (&mut demand.curve, same.and_then(|known| known.curve.as_ref()))
                && self.calendar.periods.len() == other.calendar.periods.len()
            {
                curve.take_steps(known);
                demand.segments = curve.steps(&self.calendar);
            }
        }
    }

    /// Finer steps about an answer: where it lies on every curve, by demand (none without a curve) and period.
    /// `slopes` replaces what sellers reckon with.
    pub fn refine(&mut self, at: &[Option<Table<PeriodIx, At>>], slopes: &[Option<Table<PeriodIx, f64>>]) {
        for (number, demand) in self.demands.iter_mut().enumerate() {
            let (Some(curve), Some(Some(at))) = (&mut demand.curve, at.get(number)) else { continue };
            curve.refine(at);
            if let Some(Some(slopes)) = slopes.get(number) {
                curve.slopes.clone_from(slopes);
            }
            demand.segments = curve.steps(&self.calendar);
        }
    }
}
