//! Money and energy limits, what is wanted most, and decisions already made.

use super::node::{choice, record};
use super::values::{ChipRef, Month, Overrides, SiteRef, Steps};

record! {
    /// Limits on money and energy.
    #[derive(Default)]
    pub struct Budget {
        /// Capex ordered in a period at most, M$, from dates on
        capex_musd_per_period: Option<Steps> [0.0, 1e9] = None,
        /// Capex over the horizon at most, M$
        capex_musd_total: Option<f64> [0.0, 1e9] = None,
        /// Operating cost in a period at most (everything but annuities), M$, from dates on
        opex_musd_per_period: Option<Steps> [0.0, 1e9] = None,
        /// Energy at the meters at most, GWh per year, from dates on
        energy_gwh_per_year: Option<Steps> [0.0, 1e9] = None,
    }
}

choice! {
    /// Something to be made as good as possible; a list is worked through in its order.
    pub enum Goal {
        /// Most quality-weighted answer tokens
        MaxTokens,
        /// Least discounted cost
        MinCost,
        /// Most discounted revenue less cost
        MaxNpv,
        /// Most value after tax and before debt, by the tax that `finance` states; losses save tax at once
        MaxNpvAfterTax,
        /// Least discounted cost while making at least this many quality-weighted Ttok
        MinCostForTtok(f64),
        /// Least discounted cost per token, making at least this share of the most possible
        MinCostPerToken(f64),
    }
}

record! {
    /// Whether halls and racks are whole numbers.
    pub struct Whole {
        /// Whole halls
        halls: bool = false,
        /// Whole racks
        racks: bool = false,
        /// Offers of a connection in full or not at all
        offers: bool = false,
        /// Relative gap at which the search may stop
        gap_fraction: f64 [0.0, 1.0] = 0.01,
        /// Seconds after which the search stops with the best found
        time_limit_s: f64 [0.1, 1e6] = 60.0,
    }
}

impl Whole {
    /// Whether anything is a whole number.
    #[must_use]
    pub fn any(&self) -> bool {
        self.halls || self.racks || self.offers
    }
}

impl Default for Whole {
    fn default() -> Self {
        Self { halls: false, racks: false, offers: false, gap_fraction: 0.01, time_limit_s: 60.0 }
    }
}

record! {
    /// A decision already made: an order that is pinned from below, or fixed.
    pub struct Decision {
        /// Where
        site: SiteRef,
        /// What is ordered
        what: Ordered,
        /// Month of the order; any time in the horizon if left out
        month: Option<Month> = None,
        /// At least this many chips or halls
        at_least: f64 [0.0, 1e9] = 0.0,
        /// Exactly this many chips or halls
        exactly: Option<f64> [0.0, 1e9] = None,
        /// Remarks and sources
        notes: String = String::new(),
    }
}

choice! {
    /// What a decision is about.
    pub enum Ordered {
        /// Chips
        Chips(ChipRef),
        /// Halls of a kind buildable at the site
        Halls(String),
    }
}

record! {
    /// A named variation of the plan.
    pub struct Variation {
        /// Remarks and sources
        notes: String = String::new(),
        /// Values by path
        set: Overrides,
        /// How likely it is as a future, for studies that hedge
        probability: Option<f64> [0.0, 1.0] = None,
    }
}
