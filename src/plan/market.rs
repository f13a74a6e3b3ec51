//! Markets, their demand and prices, the routes to them, and tokens bought from others.

use super::node::{Map, record};
use super::values::{MarketRef, ProductRef, ProfileRef, SiteRef, Steps};

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
        /// Growth of every segment's volume per year, as a factor
        growth_factor_per_year: f64 [0.0, 1000.0] = 1.0,
        /// Change of every segment's prices per year, as a factor, from the horizon's start
        price_factor_per_year: f64 [0.0, 1000.0] = 1.0,
        /// Segments, the dearest first
        segments: Vec<Segment>,
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
