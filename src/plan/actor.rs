//! Actors: the countries or companies that sites, rented chips and bought tokens belong to.

use super::node::{Map, record};
use super::values::{ChipRef, Steps};

record! {
    /// Somebody who builds and sells: a country, a company. What it owns says so (`actor`).
    pub struct Actor {
        /// Name on screen
        name: String = String::new(),
        /// Country, two letters; what stands there and names no actor belongs to the only one of that country
        country: Option<String> = None,
        /// Chips that this actor alone can order, beside what all together can (`chips.*.supply_per_period`)
        chips: Map<ActorChips> = Map::new(),
        /// Its capex ordered in a period at most, M$, from dates on
        capex_musd_per_period: Option<Steps> [0.0, 1e9] = None,
        /// Its capex over the horizon at most, M$
        capex_musd_total: Option<f64> [0.0, 1e9] = None,
        /// Remarks and sources
        notes: String = String::new(),
    }
}

record! {
    /// Chips that an actor can order.
    pub struct ActorChips {
        /// Which chip
        chip: ChipRef,
        /// Chips that may be ordered in a period at most, from dates on
        at_most_per_period: Steps [0.0, 1e9],
        /// Remarks and sources
        notes: String = String::new(),
    }
}
