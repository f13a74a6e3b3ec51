//! Policies: trade, chips, carbon and water.

use super::node::{choice, record};
use super::values::{ActorRef, ChipRef, MarketRef, SiteRef, Steps};

choice! {
    /// A rule the plan must keep, or a price it must pay.
    pub enum Policy {
        /// Carbon of the energy drawn at most
        CarbonCap(CarbonCap),
        /// A price on carbon
        CarbonPrice(CarbonPrice),
        /// Renewable energy at least
        RenewableShare(RenewableShare),
        /// Water at most
        WaterCap(WaterCap),
        /// Duty on chips brought into a country
        ImportDuty(ImportDuty),
        /// Subsidy on what is ordered
        CapexSubsidy(CapexSubsidy),
        /// Subsidy on power that is bought
        PowerSubsidy(PowerSubsidy),
        /// Tokens leaving a country at most
        ExportShare(ExportShare),
        /// Tokens of a market served inside its country at least
        Residency(Residency),
        /// Duty on tokens between countries
        TokenDuty(TokenDuty),
        /// No tokens between two countries
        RouteBan(RouteBan),
        /// Licence for chips above a performance threshold
        ChipLicence(ChipLicence),
        /// Domestic chips at least
        DomesticShare(DomesticShare),
    }
}

record! {
    /// Carbon of the energy drawn, at most.
    pub struct CarbonCap {
        /// kt CO2 per year, from dates on
        kt_per_year: Steps [0.0, 1e7],
        /// One site only; all sites if left out
        site: Option<SiteRef> = None,
    }
}

record! {
    /// A price on carbon.
    pub struct CarbonPrice {
        /// $ per tonne CO2, from dates on
        usd_per_t: Steps [0.0, 1e5],
        /// One country only, two letters; everywhere if left out
        site_country: Option<String> = None,
    }
}

choice! {
    /// Over what time renewable energy must match the draw.
    pub enum Matching {
        /// Over the year
        Annual,
        /// In every slice
        Hourly,
    }
}

record! {
    /// Renewable energy at least.
    pub struct RenewableShare {
        /// Share of the energy drawn
        minimum_fraction: f64 [0.0, 1.0],
        /// Over what time
        matching: Matching = Matching::Annual,
        /// One site only; all sites together if left out
        site: Option<SiteRef> = None,
    }
}

record! {
    /// Water at most.
    pub struct WaterCap {
        /// Megalitres per year, from dates on
        ml_per_year: Steps [0.0, 1e9],
        /// One site only; all sites if left out
        site: Option<SiteRef> = None,
    }
}

record! {
    /// Duty on chips brought into a country.
    pub struct ImportDuty {
        /// Country of the sites, two letters
        site_country: String,
        /// Country the chips come from, two letters
        origin: String,
        /// Share of the chip's capex, by date of the order; none before the first date
        rate_fraction: Steps [0.0, 10.0],
    }
}

record! {
    /// Subsidy on what is ordered at a site.
    pub struct CapexSubsidy {
        /// The site
        site: SiteRef,
        /// One chip only; every chip if left out
        chip: Option<ChipRef> = None,
        /// Share of landed capex, by date of the order; none before the first date
        rate_fraction: Steps [0.0, 1.0],
        /// Subsidy at most over the horizon, M$; no ceiling if left out
        ceiling_musd: Option<f64> [0.0, 1e7] = None,
    }
}

record! {
    /// Subsidy on the energy that sites buy; what stands behind the meter gets none.
    pub struct PowerSubsidy {
        /// $ per MWh drawn, by date; none before the first date
        usd_per_mwh: Steps [0.0, 1e4],
        /// Sites of one country only, two letters; of every country if left out
        site_country: Option<String> = None,
        /// One site only; every site if left out
        site: Option<SiteRef> = None,
        /// Sites of this actor only; of everybody if left out
        actor: Option<ActorRef> = None,
    }
}

choice! {
    /// What a share is taken of.
    pub enum ExportScope {
        /// All that the country's sites and places of rented chips serve
        Country,
        /// What each site and place of rented chips serves, for itself
        Site,
    }
}

record! {
    /// Tokens leaving a country at most.
    pub struct ExportShare {
        /// Country of the sites, two letters
        site_country: String,
        /// Share of the raw answer tokens served in a period
        maximum_fraction: f64 [0.0, 1.0],
        /// Of the country as a whole, rented chips included, or of each site for itself
        scope: ExportScope = ExportScope::Country,
    }
}

record! {
    /// Tokens of a market served inside its country at least.
    pub struct Residency {
        /// The market
        market: MarketRef,
        /// Share of the market's raw answer tokens in a period
        minimum_fraction: f64 [0.0, 1.0],
    }
}

record! {
    /// Duty on tokens between countries.
    pub struct TokenDuty {
        /// Country of the sites, two letters
        site_country: String,
        /// Country of the markets, two letters
        market_country: String,
        /// $ per million answer tokens, by date; none before the first date
        usd_per_mtok: Steps [0.0, 1e6],
    }
}

record! {
    /// No tokens from one country's sites to another's markets.
    pub struct RouteBan {
        /// Country of the sites, two letters
        site_country: String,
        /// Country of the markets, two letters
        market_country: String,
    }
}

record! {
    /// Licence for chips above a performance threshold (the thresholds are data: see the catalog's policies).
    pub struct ChipLicence {
        /// Country of the sites, two letters
        site_country: String,
        /// Chips of this country of origin only, two letters; any if left out
        origin: Option<String> = None,
        /// Restricted from this total processing performance on
        tpp_at_least: f64 [0.0, 1e8],
        /// Further classes of restricted chips, each by the numbers it gives
        further_classes: Vec<ChipClass> = Vec::new(),
        /// Chips of this actor only; of all who have sites in the country if left out
        actor: Option<ActorRef> = None,
        /// Restricted chips in service at most, from dates on
        at_most: Steps [0.0, 1e9],
    }
}

record! {
    /// A class of chips: those that reach every number given.
    pub struct ChipClass {
        /// Total processing performance at least
        tpp_at_least: Option<f64> [0.0, 1e8] = None,
        /// Performance density at least, total processing performance per mm² of die
        performance_density_at_least: Option<f64> [0.0, 1e5] = None,
        /// Memory bandwidth at least, TB/s
        memory_tb_per_s_at_least: Option<f64> [0.0, 1e5] = None,
    }
}

record! {
    /// Domestic chips at least.
    pub struct DomesticShare {
        /// Country of the sites and of the chips' origin, two letters
        site_country: String,
        /// Share of total processing performance ordered in the horizon
        minimum_fraction: f64 [0.0, 1.0],
        /// Count the chips that stand already too
        include_existing: bool = false,
        /// Performance ordered before the horizon that counts too, of chips made in the country
        ordered_domestic_tpp: f64 [0.0, 1e18] = 0.0,
        /// Performance ordered before the horizon that counts too, of chips made elsewhere
        ordered_foreign_tpp: f64 [0.0, 1e18] = 0.0,
    }
}
