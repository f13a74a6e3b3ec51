//! Markets, their demand and prices, the routes to them, and tokens bought from others.

use super::node::{Map, choice, record};
use super::values::{ActorRef, MarketRef, Month, ProductRef, ProfileRef, Quantity, SiteRef, Steps};

record! {
    /// A place where tokens are sold.
    pub struct Market {
        /// Name on screen
        name: String = String::new(),
        /// Country, two letters (ISO 3166)
        country: String,
        /// Degrees north
        latitude: f64 [-90.0, 90.0],
        /// Degrees east
        longitude: f64 [-180.0, 180.0],
        /// Local clock, hours ahead of UTC, without summer time
        utc_offset_hours: f64 [-12.0, 14.0] = 0.0,
        /// Time zone whose clock that is, by name, such as `Europe/Oslo`
        time_zone: Option<String> = None,
        /// Demand over the local day (any scale); flat if left out
        local_time: Option<ProfileRef> = None,
        /// Demand by product
        demand: Map<Demand>,
        /// Whether all segments of a product pay the lowest price sold
        single_price: bool = false,
        /// Remarks and sources
        notes: String = String::new(),
    }
}

record! {
    /// Demand of a market for a product.
    pub struct Demand {
        /// Growth of every volume per year, as a factor
        growth_factor_per_year: f64 [0.0, 1000.0] = 1.0,
        /// Change of every price stated here per year, as a factor
        price_factor_per_year: f64 [0.0, 1000.0] = 1.0,
        /// Month for which volumes and prices are stated, from which they grow and fall; the horizon's start if left out
        as_of: Option<Month> = None,
        /// Segments, the dearest first
        segments: Vec<Segment> = Vec::new(),
        /// Demand that answers to the price, instead of segments: all pay one price, and it forms
        curve: Option<DemandCurve> = None,
    }
}

choice! {
    /// How much is bought at which price (of an answer token with its prompts).
    pub enum DemandCurve {
        /// So many percent more is bought when the price falls by one percent
        Isoelastic(IsoelasticDemand),
        /// A straight line from the price at which nobody buys to the volume at a price of nothing
        Linear(LinearDemand),
    }
}

record! {
    /// A volume at a price, and how the volume answers to another price.
    pub struct IsoelasticDemand {
        /// Price at which the volume is known, $ per million answer tokens, prompts included
        at_usd_per_mtok: Steps [1e-6, 1e6],
        /// Answer tokens bought at that price, Gtok per day, at the horizon's start
        at_gtok_per_day: Steps [0.0, 1e9],
        /// Percent more volume for a price one percent lower; of 1 and less only with a highest price
        elasticity: Quantity [0.01, 100.0],
        /// Nobody pays more, $ per million answer tokens, by date
        highest_usd_per_mtok: Option<Steps> [1e-6, 1e6] = None,
    }
}

record! {
    /// A straight line.
    pub struct LinearDemand {
        /// Price at which nobody buys, $ per million answer tokens, prompts included
        nobody_buys_at_usd_per_mtok: Steps [1e-6, 1e6],
        /// Answer tokens bought at a price of nothing, Gtok per day, at the horizon's start
        free_gtok_per_day: Steps [0.0, 1e9],
    }
}

record! {
    /// A volume at a price.
    pub struct Segment {
        /// Answer tokens at most, Gtok per day, at the horizon's start
        answer_gtok_per_day: Steps [0.0, 1e9],
        /// Price, $ per million tokens
        usd_per_mtok: Price,
    }
}

record! {
    /// List prices, $ per million tokens, by date where they change.
    pub struct Price {
        /// Answer tokens
        answer: Steps [0.0, 1e6],
        /// Prompt tokens not found in the cache
        prompt: Steps [0.0, 1e6] = Steps::always(0.0),
        /// Prompt tokens found in the cache
        cached_prompt: Steps [0.0, 1e6] = Steps::always(0.0),
    }
}

record! {
    /// A route from a site to a market, where it differs from the direct one.
    pub struct Route {
        /// From this site
        site: SiteRef,
        /// to this market
        market: MarketRef,
        /// Not allowed at all
        banned: bool = false,
        /// Latency instead of the computed one, ms
        latency_ms: Option<f64> [0.0, 1e5] = None,
        /// Cost of sending, $ per million answer tokens, by date; the site's if left out
        egress_usd_per_mtok: Option<Steps> [0.0, 1e6] = None,
    }
}

record! {
    /// Answer tokens bought from another provider's API.
    pub struct Purchase {
        /// The product they stand in for
        product: ProductRef,
        /// Country they are made in, two letters
        country: String,
        /// Whose it is to buy; of its country, or the only one, if left out
        actor: Option<ActorRef> = None,
        /// Price per million answer tokens, prompts included, $
        usd_per_mtok: Steps [0.0, 1e6],
        /// Answer tokens at most, Gtok per day
        at_most_gtok_per_day: Steps [0.0, 1e9],
        /// Whether they count as tokens made
        counts_as_tokens: bool = false,
        /// Remarks and sources
        notes: String = String::new(),
    }
}
