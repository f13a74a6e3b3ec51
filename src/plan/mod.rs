//! What the planner states: the schema of a plan file. Plain data; no disk, no solver, no window.

pub mod check;
pub mod diff;
pub mod edit;
mod edit_words;
pub mod example;
pub mod file;
pub mod links;
pub mod mean;
pub mod node;
pub mod numbers;
pub mod path;
pub mod reader;
pub mod scan;
pub mod shape;
pub mod tree;
pub mod urdb;

mod basic;
mod ids;
mod macros;
mod overrides;
mod parts;
pub mod steps;

pub mod actor;
pub mod budget;
pub mod connection;
pub mod finance;
pub mod fleet;
pub mod horizon;
pub mod market;
pub mod policy;
pub mod power;
pub mod product;
pub mod resilience;
pub mod site;
pub mod study;
pub mod succession;
pub mod task;
pub mod values;

use node::{Map, record};

pub use actor::{Actor, ActorChips};
pub use budget::{Budget, Conduct, Decision, Goal, Ordered, Variation, Whole};
pub use connection::Connection;
pub use finance::Finance;
pub use fleet::{Chip, Commitment, Drain, Fleet, Rental};
pub use horizon::{CsvProfile, Day, FileProfile, Horizon, Pick, Profile, Representative, Slices};
pub use market::{Demand, DemandCurve, IsoelasticDemand, LinearDemand, Market, Price, Purchase, Route, Segment};
pub use policy::Policy;
pub use power::*;
pub use product::{Disaggregated, Product, Quality, Quantile, Rhythm, ServedModel, ThroughputRow, Training, TrainingNeed, Urgency};
pub use resilience::Resilience;
pub use site::{Cooling, DataPipeline, Feed, Hall, HallType, Redundancy, Site};
pub use study::Study;
pub use task::{Cascade, Task, TaskAnswer};
pub use values::{
    ActorRef, ChipRef, Course, Curve, Level, MarketRef, Month, ProductRef, ProfileRef, Quantity, RawText, ServedModelRef, SiteRef, Steps,
    step_key,
};

/// The version of the schema this program writes.
pub const SCHEMA: u32 = 1;

record! {
    /// A plan: everything the planner states.
    pub struct Plan {
        /// Version of the schema, always first
        schema: u32,
        /// Name of the plan
        name: String,
        /// Remarks, sources and assumptions
        notes: String = String::new(),
        /// Version of the catalog the plan was made with
        catalog_version: String = String::new(),
        /// The span of time that is planned
        horizon: Horizon,
        /// How a period is cut into slices
        slices: Slices,
        /// Series over the hours of a year
        profiles: Map<Profile> = Map::new(),
        /// Who builds and sells, where there are several
        actors: Map<Actor> = Map::new(),
        /// Data-center sites
        sites: Map<Site>,
        /// Chips
        chips: Map<Chip>,
        /// Chips that stand already
        fleets: Map<Fleet> = Map::new(),
        /// Chips that can be rented
        rentals: Map<Rental> = Map::new(),
        /// Power contracts and on-site plant
        contracts: Map<Contract> = Map::new(),
        /// Served models
        served_models: Map<ServedModel>,
        /// Token products
        products: Map<Product>,
        /// Throughput stated by the planner, before the catalog's
        throughput: Map<ThroughputRow> = Map::new(),
        /// Markets
        markets: Map<Market>,
        /// Routes that differ from the direct one
        routes: Map<Route> = Map::new(),
        /// Tokens bought from others
        purchases: Map<Purchase> = Map::new(),
        /// Tasks to be done, each by whichever product is best for it
        tasks: Map<Task> = Map::new(),
        /// Training programmes
        training: Map<Training> = Map::new(),
        /// Policies
        policies: Map<Policy> = Map::new(),
        /// What has to go on when a part is lost
        resilience: Map<Resilience> = Map::new(),
        /// Decisions already made
        decisions: Map<Decision> = Map::new(),
        /// Limits on money and energy
        budget: Budget = Budget::default(),
        /// How it is financed and taxed; no tax and no debt if left out
        finance: Option<Finance> = None,
        /// What is wanted most, then next
        objective: Vec<Goal> = vec![Goal::MaxTokens, Goal::MaxNpv],
        /// Share of an earlier goal that a later one may give up
        tolerance_fraction: f64 [0.0, 0.5] = 1e-3,
        /// Whole halls and racks
        whole: Whole = Whole::default(),
        /// Named variations of the plan
        scenarios: Map<Variation> = Map::new(),
        /// Questions that take many solves; they change no answer
        studies: Map<Study> = Map::new(),
    }
}
