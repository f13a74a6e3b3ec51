//! The LP: one file for each family of constraints, with its mathematics at the top of the file.
//!
//! Every family is a function `add(&mut Builder)` and one line in [`FAMILIES`]. A family that feeds
//! a balance adds its terms to an accumulator ([`balance`]); the family that owns the balance closes
//! it, and comes later in the table.

pub mod after_tax;
pub mod balance;
pub mod builder;
pub mod conduct;
pub mod cost;
pub mod expr;
pub mod layout;
pub mod measures;
pub mod objective;
pub mod owners;
pub mod program;
pub mod scale;
pub mod size;
mod variables;

pub mod budget;
mod buildout;
mod carbon_water;
mod chip_policy;
mod chip_supply;
mod contract_terms;
mod data_pipeline;
mod decisions;
mod demand;
mod demand_charge;
mod energy_balance;
mod export_rules;
mod feeds;
mod fleet;
mod flexible;
mod hall_capacity;
mod interconnect;
mod it_power;
mod minimum_bill;
mod replica;
mod resilience;
mod routes;
pub mod routing;
mod rules;
mod sourcing;
mod store;
mod token_production;
mod training;

pub use builder::Builder;
pub use layout::Layout;
pub use program::Program;
use scale::RangeProblem;
pub use sourcing::bought_ttok;

use crate::resolved::Resolved;

/// Families of limits as a planner groups them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// The interconnect.
    Grid,
    /// Power contracts and batteries.
    Contracts,
    /// Chips: supply, availability, headroom.
    Chips,
    /// Halls and what is built with them.
    Halls,
    /// Budgets.
    Money,
    /// Export rules, licences, residency.
    Rules,
    /// Nobody buys more.
    Demand,
    /// Carbon, renewables, water.
    Carbon,
    /// Training programmes.
    Training,
    /// Anything else.
    Other,
}

impl Group {
    /// In one or two plain words.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::Contracts => "power contracts",
            Self::Chips => "chips",
            Self::Halls => "halls",
            Self::Money => "money",
            Self::Rules => "policy",
            Self::Demand => "demand",
            Self::Carbon => "carbon and water",
            Self::Training => "training",
            Self::Other => "other",
        }
    }
}

/// A family of constraints.
pub struct Entry {
    /// Its name, as in [`program::Row::family`].
    pub name: &'static str,
    /// What it says, for people.
    pub title: &'static str,
    /// What it is about, as a planner groups limits.
    pub group: Group,
    /// Whether the duals of its limits are unique enough to be shown as facts: those of rows that hold one number of the
    /// plan each; what balances and production rows are worth depends on which of several equal answers is shown.
    pub fact: bool,
    /// Adds its rows.
    add: fn(&mut Builder<'_>),
}

fn supply_of_all_and_of_actors(builder: &mut Builder<'_>) {
    chip_supply::add(builder);
    rules::add(builder, "chip_supply");
}

fn chips_and_subsidies(builder: &mut Builder<'_>) {
    rules::add(builder, "chip_policy");
    chip_policy::subsidies(builder);
}

/// All families, in the order in which they are stated: accumulators are filled before they are closed.
pub const FAMILIES: &[Entry] = &[
    Entry { name: "chip_supply", title: "chip supply", group: Group::Chips, fact: true, add: supply_of_all_and_of_actors },
    Entry { name: "buildout", title: "halls that may be built", group: Group::Halls, fact: true, add: buildout::add },
    Entry {
        name: "decisions",
        title: "decisions already made",
        group: Group::Other,
        fact: true,
        add: |builder| rules::add(builder, "decisions"),
    },
    Entry { name: "hall_capacity", title: "hall power and rack positions", group: Group::Halls, fact: false, add: hall_capacity::add },
    Entry { name: "feeds", title: "feeds of halls", group: Group::Halls, fact: false, add: feeds::add },
    Entry { name: "sourcing", title: "rented chips and bought tokens", group: Group::Chips, fact: true, add: sourcing::add },
    Entry { name: "demand", title: "demand", group: Group::Demand, fact: true, add: demand::add },
    Entry { name: "routing", title: "tasks to be done", group: Group::Demand, fact: true, add: routing::add },
    Entry { name: "routes", title: "egress and token duty", group: Group::Other, fact: true, add: routes::add },
    Entry { name: "token_production", title: "token production", group: Group::Chips, fact: false, add: token_production::add },
    Entry { name: "conduct", title: "sellers who reckon with the price", group: Group::Demand, fact: false, add: conduct::add },
    Entry { name: "training", title: "training", group: Group::Training, fact: true, add: training::add },
    Entry { name: "fleet", title: "chips at work", group: Group::Chips, fact: false, add: fleet::add },
    Entry { name: "replica", title: "whole replicas", group: Group::Chips, fact: false, add: replica::add },
    Entry { name: "data_pipeline", title: "data pipeline", group: Group::Halls, fact: true, add: data_pipeline::add },
    Entry { name: "it_power", title: "IT power", group: Group::Chips, fact: false, add: it_power::add },
    Entry { name: "contract_terms", title: "contract terms", group: Group::Contracts, fact: true, add: contract_terms::add },
    Entry { name: "battery", title: "batteries", group: Group::Contracts, fact: true, add: store::add },
    Entry { name: "demand_charge", title: "demand charges", group: Group::Contracts, fact: true, add: demand_charge::add },
    Entry { name: "minimum_bill", title: "least bills", group: Group::Contracts, fact: true, add: minimum_bill::add },
    Entry { name: "energy_balance", title: "energy balance", group: Group::Contracts, fact: false, add: energy_balance::add },
    Entry { name: "interconnect", title: "interconnect", group: Group::Grid, fact: true, add: interconnect::add },
    Entry { name: "resilience", title: "what goes on after a loss", group: Group::Rules, fact: true, add: resilience::add },
    Entry {
        name: "export_rules",
        title: "export and residency rules",
        group: Group::Rules,
        fact: true,
        add: |builder| rules::add(builder, "export_rules"),
    },
    Entry {
        name: "chip_policy",
        title: "chip licences, domestic share and subsidies",
        group: Group::Rules,
        fact: true,
        add: chips_and_subsidies,
    },
    Entry {
        name: "carbon_water",
        title: "carbon, renewables and water",
        group: Group::Carbon,
        fact: true,
        add: |builder| rules::add(builder, "carbon_water"),
    },
    Entry { name: "budget", title: "budgets", group: Group::Money, fact: true, add: |builder| rules::add(builder, "budget") },
];

/// The LP of a resolved plan: the program, and where each quantity stands in it.
#[derive(Clone, Debug)]
pub struct Formulation {
    /// Columns, rows and goals.
    pub program: Program,
    /// Where each quantity stands.
    pub layout: Layout,
}

impl Formulation {
    /// States a resolved plan.
    ///
    /// # Errors
    /// Coefficients whose size the solver could silently drop or refuse, each with the row it stands in.
    pub fn new(resolved: &Resolved) -> Result<Self, Vec<RangeProblem>> {
        let mut builder = Builder::new(resolved);
        variables::add(&mut builder);
        for family in FAMILIES {
            (family.add)(&mut builder);
        }
        objective::add(&mut builder);
        let (mut program, layout) = builder.done();
        scale::finish(&mut program)?;
        Ok(Self { program, layout })
    }
}
