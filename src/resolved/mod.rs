//! The resolved plan: references turned into indices, every coefficient computed, every number finite.
//!
//! A [`Resolved`] can only be made by [`Resolved::new`], which gives all the problems of a plan at
//! once. Whoever holds one may build the LP from it without being able to fail on user input.

mod actors;
mod arrivals;
pub mod asks;
pub mod billing;
pub mod calendar;
pub mod charges;
mod chips;
mod conduct;
pub mod connections;
pub mod curve;
mod dates;
pub mod feeds;
pub mod financing;
pub mod index;
pub mod lengths;
mod levels;
mod markets;
pub mod order;
pub mod own;
mod points;
mod power;
mod progress;
pub mod rates;
mod replicas;
pub mod resilience;
mod resolver;
pub mod rules;
pub mod serving;
mod sites;
pub mod supply;
pub mod tasks;
mod training;

pub use actors::Actor;
pub use asks::Ask;
pub use calendar::{Calendar, PeakGroup, Period};
pub use chips::{Chip, Pool, Rental};
pub use curve::Elastic;
pub use index::{ActorIx, ChipIx, ContractIx, DayIx, Ix, MarketIx, PeriodIx, PlaceIx, ProductIx, SliceIx, Table};
pub use levels::Level;
pub use markets::{Demand, Market, Product, Purchase, Route, Segment};
pub use order::{Deferral, Window};
pub use rates::Rate;
pub(crate) use resolver::Resolver;
pub use resolver::{Assumption, FileReport, Series};
pub use sites::{Hall, HallType, Pipeline, Place, SiteFacts};
pub use supply::Contract;
pub use tasks::Task;
pub use training::Programme;

use crate::catalog::{Catalog, VERSION};
use crate::diagnostic::Diagnostic;
use crate::plan::{Budget, Decision, Plan, Policy, Whole};
pub use crate::plan::{Conduct, Drain, Goal};
use rules::{CappedSubsidy, Rule, Things};

/// The resolved plan.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// Name of the plan.
    pub name: String,
    /// Time.
    pub calendar: Calendar,
    /// Who builds and sells; at least one.
    pub actors: Table<ActorIx, Actor>,
    /// Sites, then places of rented chips.
    pub places: Table<PlaceIx, Place>,
    /// Chips.
    pub chips: Table<ChipIx, Chip>,
    /// Chips at places: only pairs that can exist.
    pub pools: Vec<Pool>,
    /// Power contracts and plant.
    pub contracts: Table<ContractIx, Contract>,
    /// Token products.
    pub products: Table<ProductIx, Product>,
    /// Throughput by chip and product: the best that some place can use, or what more chips would give.
    pub rates: Table<ChipIx, Table<ProductIx, Option<Rate>>>,
    /// Markets.
    pub markets: Table<MarketIx, Market>,
    /// Demand by market and product.
    pub demands: Vec<Demand>,
    /// Routes that can carry tokens.
    pub routes: Vec<Route>,
    /// Tokens bought from others.
    pub purchases: Vec<Purchase>,
    /// Classes of tasks.
    pub tasks: Vec<Task>,
    /// Training programmes.
    pub training: Vec<Programme>,
    /// What policies, decisions and the budget demand.
    pub rules: Vec<Rule>,
    /// What has to go on when a part is lost.
    pub resilience: Vec<resilience::Resilience>,
    /// Subsidies with a ceiling.
    pub subsidies: Vec<CappedSubsidy>,
    /// Policies by id, in the plan's words.
    pub policies: Vec<(String, Policy)>,
    /// Decisions by id, in the plan's words.
    pub decisions: Vec<(String, Decision)>,
    /// Money and energy limits, in the plan's words.
    pub budget: Budget,
    /// How it is financed and taxed; none where the plan does not say.
    pub financing: Option<financing::Financing>,
    /// What is wanted.
    pub goals: Vec<Goal>,
    /// Share of an earlier goal that a later one may give up.
    pub tolerance: f64,
    /// Whole halls and racks.
    pub whole: Whole,
    /// Numbers with their sources.
    pub assumptions: Vec<Assumption>,
    /// Warnings and notes.
    pub warnings: Vec<Diagnostic>,
}

impl Resolved {
    /// Resolves a plan.
    ///
    /// # Errors
    /// Everything that is wrong, at once (warnings included).
    pub fn new(plan: &Plan, catalog: &Catalog, series: &Series) -> Result<Self, Vec<Diagnostic>> {
        let (dated, assumptions, doubts) = dates::with_steps(plan, catalog);
        let plan: &Plan = &dated;
        let problems = series.warnings.iter().cloned().chain(doubts).collect();
        let mut resolver = Resolver { plan, catalog, series, problems, assumptions };
        if !plan.catalog_version.is_empty() && plan.catalog_version != VERSION {
            resolver.warn(
                "catalog-version",
                "catalog_version",
                format!("The plan was made with catalog {}; its numbers now come from catalog {VERSION}.", plan.catalog_version),
                format!("Look at what changed, then write \"{VERSION}\"."),
            );
        }
        let Some(calendar) = resolver.calendar() else {
            return Err(resolver.problems);
        };
        let places = resolver.places(&calendar);
        let chips = resolver.chips(&calendar);
        let products = resolver.products(&calendar);
        let best_rates = resolver.rates(&chips, &products);
        let contracts = resolver.contracts(&calendar, &places);
        resolver.check_arrivals(&calendar, &places, &chips, &contracts);
        let mut pools = resolver.pools(&calendar, &places, &chips);
        let rates = resolver.replicas(&calendar, &places, (&chips, &products), &best_rates, &mut pools);
        resolver.progress(&calendar, (&chips, &products), &mut pools);
        let markets = resolver.markets(&calendar);
        let mut demands = resolver.demands(&calendar, &markets, &products);
        let tasks = resolver.tasks(&calendar, &markets, &products, &mut demands);
        let routes = resolver.routes(&calendar, &places, &products, &markets, &demands);
        let purchases = resolver.purchases(&calendar, &products, &markets);
        resolver.carbon_prices(&calendar);
        let training = resolver.training(&calendar, &places, &chips);
        let financing = resolver.financing(&calendar);
        let actors = actors::actors(plan);
        let things = Things { calendar: &calendar, actors: &actors, places: &places, chips: &chips, pools: &pools, markets: &markets };
        let rules = resolver.rules(&things);
        let parts = resilience::Parts {
            calendar: &calendar,
            places: &places,
            contracts: &contracts,
            products: &products,
            markets: &markets,
            demands: &demands,
        };
        let resilience = resolver.resilience(&parts);
        let mut resolved = Self {
            rules,
            resilience,
            subsidies: resolver.capped_subsidies(),
            name: plan.name.clone(),
            calendar,
            actors,
            places,
            chips,
            pools,
            contracts,
            products,
            rates,
            markets,
            demands,
            routes,
            purchases,
            tasks,
            training,
            policies: plan.policies.iter().map(|(id, policy)| (id.clone(), policy.clone())).collect(),
            decisions: plan.decisions.iter().map(|(id, decision)| (id.clone(), decision.clone())).collect(),
            budget: plan.budget.clone(),
            financing,
            goals: plan.objective.clone(),
            tolerance: plan.tolerance_fraction,
            whole: plan.whole.clone(),
            assumptions: Vec::new(),
            warnings: Vec::new(),
        };
        resolved.apply_unlocks(&mut resolver);
        resolved.apply_conduct();
        resolved.check_products(&mut resolver);
        resolved.check_sellers(&mut resolver);
        resolved.check_training(&mut resolver);
        if resolver.problems.iter().any(Diagnostic::is_error) {
            return Err(resolver.problems);
        }
        resolved.assumptions = resolver.assumptions;
        resolved.warnings = resolver.problems;
        Ok(resolved)
    }

    /// The site or rental place with this id.
    pub fn place(&self, id: &str) -> Option<PlaceIx> {
        self.places.pairs().find(|(_, place)| place.id == id && place.site.is_some()).map(|(index, _)| index)
    }

    /// The chip with this id.
    pub fn chip(&self, id: &str) -> Option<ChipIx> {
        self.chips.pairs().find(|(_, chip)| chip.id == id).map(|(index, _)| index)
    }

    /// The market with this id.
    pub fn market(&self, id: &str) -> Option<MarketIx> {
        self.markets.pairs().find(|(_, market)| market.id == id).map(|(index, _)| index)
    }

    /// A product exists only from the end of the windows (of whole periods) of the training programmes
    /// that unlock it.
    fn apply_unlocks(&mut self, resolver: &mut Resolver<'_>) {
        for (id, programme) in &resolver.plan.training {
            for unlocked in &programme.unlocks {
                let Some((index, _)) = self.products.pairs().find(|(_, product)| product.id == unlocked.0) else { continue };
                // A programme without a window has been refused.
                let Some(last) = self.training.iter().find(|known| known.id == *id).and_then(|known| known.window.last()) else { continue };
                let from = last.position() + 1;
                let product = &mut self.products[index];
                product.from_period = product.from_period.max(from);
                if from >= self.calendar.periods.len() {
                    let message = format!("`{unlocked}` is unlocked only after the horizon's end.");
                    resolver.problems.push(Diagnostic::warning("unlocked-too-late", format!("training.{id}.unlocks"), message));
                }
            }
        }
    }

    /// A product that no chip, rental or purchase can make is an error; a missing pair only a warning.
    fn check_products(&self, resolver: &mut Resolver<'_>) {
        for (index, product) in self.products.pairs() {
            let demanded = self.demands.iter().any(|demand| demand.product == index);
            let made = self.pools.iter().any(|pool| pool.rates[index].iter().flatten().any(|rate| rate.decode > 0.0));
            let known = self.rates.iter().any(|rates| rates[index].as_ref().is_some_and(|rate| rate.decode > 0.0));
            let bought = self.purchases.iter().any(|purchase| purchase.product == index);
            if demanded && !made && !bought && known {
                let path = format!("products.{}", product.id);
                let message = format!(
                    "`{}` can't be made in this plan: of the chips that have a throughput for it, not enough can arrive or stand before {}.",
                    product.id,
                    self.calendar.end()
                );
                let help =
                    "Let more chips be bought, rented or housed in time, state a throughput for others, or buy it under `purchases`.";
                // The plan's other products are planned; without any there is nothing to plan.
                let others = self.demands.iter().any(|demand| {
                    let of_product = |pool: &Pool| pool.rates[demand.product].iter().flatten().any(|rate| rate.decode > 0.0);
                    self.pools.iter().any(of_product) || self.purchases.iter().any(|purchase| purchase.product == demand.product)
                });
                if others {
                    resolver.warn("not-in-time", path, message, help);
                } else {
                    resolver.error("not-in-time", path, message, help);
                }
            } else if demanded && !made && !bought {
                let path = format!("products.{}", product.id);
                let message = format!("No chip of this plan can make `{}`: there is no throughput for it.", product.id);
                resolver.error(
                    "no-throughput",
                    path,
                    message,
                    "Add a row under `throughput`, choose a served model and chip the catalog knows, or buy it under `purchases`.",
                );
            }
            if demanded && !self.routes.iter().any(|route| route.product == index) && !bought {
                let path = format!("products.{}", product.id);
                let message = format!("No market that wants `{}` can be reached within its latency and the plan's bans.", product.id);
                resolver.warn("unreachable", path, message, "Raise `latency_ms`, or add a site nearer to the market.");
            }
        }
    }
}
