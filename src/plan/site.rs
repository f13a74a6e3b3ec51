//! Places: sites, their halls, and their data pipeline.

use super::connection::Connection;
use super::node::{Map, choice, record};
use super::values::{ActorRef, Level, Month, Steps};

record! {
    /// A data-center site.
    pub struct Site {
        /// Name on screen
        name: String = String::new(),
        /// Country, two letters (ISO 3166)
        country: String,
        /// Whose it is; of its country's actor, or the only one, if left out
        actor: Option<ActorRef> = None,
        /// Degrees north
        latitude: f64 [-90.0, 90.0],
        /// Degrees east
        longitude: f64 [-180.0, 180.0],
        /// Local clock, hours ahead of UTC, without summer time
        utc_offset_hours: f64 [-12.0, 14.0] = 0.0,
        /// Time zone whose clock that is, by name, such as `Europe/Oslo`
        time_zone: Option<String> = None,
        /// Power the grid connection carries, MW, from dates on; zero before the first date
        interconnect_mw: Steps [0.0, 1e6] = Steps::always(0.0),
        /// More connections: by the hour, there but for events, or chosen from offers
        connections: Map<Connection> = Map::new(),
        /// Facility power per IT power
        pue: Level [1.0, 5.0],
        /// Power paths between the site and its halls
        feeds: Map<Feed> = Map::new(),
        /// Halls that stand or are under construction
        halls: Map<Hall> = Map::new(),
        /// Kinds of halls that may be built
        buildable: Map<HallType> = Map::new(),
        /// Network and storage that every token passes; no limit if left out
        data_pipeline: Option<DataPipeline> = None,
        /// Whether halls are filled by the power chips draw instead of their all-in rating
        oversubscribed: bool = false,
        /// Operation and maintenance of halls, $ per MW of IT power and year, by date
        om_usd_per_mw_year: Steps [0.0, 1e9] = Steps::always(0.0),
        /// Water used, litres per kWh of facility energy
        water_l_per_kwh: f64 [0.0, 1000.0] = 0.0,
        /// Cost of sending answer tokens out, $ per million answer tokens, by date
        egress_usd_per_mtok: Steps [0.0, 1e6] = Steps::always(0.0),
        /// Remarks and sources
        notes: String = String::new(),
    }
}

impl Site {
    /// What the grid can bring in a month, MW, events and offers apart: the interconnect and all connections.
    #[must_use]
    pub fn grid_mw_at(&self, month: Month) -> f64 {
        let of = |connection: &Connection| {
            let firm = match &connection.firm_mw {
                Level::Flat(steps) => steps.at(month).unwrap_or(0.0),
                Level::Series(_) => connection.firm_mw.stated_at(month).unwrap_or(0.0),
            };
            firm + connection.non_firm_mw.at(month).unwrap_or(0.0)
        };
        self.interconnect_mw.at(month).unwrap_or(0.0) + self.connections.values().map(of).sum::<f64>()
    }
}

choice! {
    /// How a hall takes heat away.
    pub enum Cooling {
        /// Air: air-cooled chips only
        Air,
        /// Direct liquid: any chip
        Liquid,
    }
}

record! {
    /// A power path between a site and its halls, such as a switchboard with its transformers and UPS.
    pub struct Feed {
        /// IT power that it brings to its halls, MW, from dates on: what it carries with the spare module out, or on one side of two
        mw: Steps [0.0, 1e6],
        /// What carries on if part of it fails
        redundancy: Redundancy = Redundancy::N,
        /// Remarks and sources
        notes: String = String::new(),
    }
}

choice! {
    /// What carries on if part of a feed fails.
    pub enum Redundancy {
        /// Nothing: its halls are dark
        N,
        /// All of it: one module more than needed stands by
        N1,
        /// All of it: the sides A and B carry it each alone, and are never added up
        TwoN,
    }
}

record! {
    /// A hall that stands or will stand without a decision of this plan.
    pub struct Hall {
        /// All-in IT power it can feed, MW
        it_mw: f64 [0.0, 1e5],
        /// Cooling
        cooling: Cooling = Cooling::Air,
        /// Rack positions; no limit if left out
        rack_positions: Option<f64> [0.0, 1e7] = None,
        /// The feed of its site that it hangs on; none limits it if left out
        feed: Option<String> = None,
        /// First month in service
        in_service: Month = Month::ALWAYS,
        /// Month from which it no longer serves; for good if left out
        until: Option<Month> = None,
        /// Remarks and sources
        notes: String = String::new(),
    }
}

record! {
    /// A kind of hall that may be built, in any number up to `at_most`.
    pub struct HallType {
        /// All-in IT power of one hall, MW
        it_mw: f64 [1e-3, 1e5],
        /// Cooling
        cooling: Cooling = Cooling::Liquid,
        /// Rack positions of one hall; no limit if left out
        rack_positions: Option<f64> [0.0, 1e7] = None,
        /// The feed of its site that it will hang on; none limits it if left out
        feed: Option<String> = None,
        /// Shell, electrical and mechanical works, $ per W of IT power
        capex_usd_per_w: Steps [0.0, 1000.0],
        /// Months from order to service
        lead_months: f64 [0.0, 240.0] = 0.0,
        /// Life in service and for the annuity, years
        life_years: f64 [0.25, 60.0] = 20.0,
        /// Halls of this kind at most, over the horizon
        at_most: f64 [0.0, 1e4],
        /// Halls of this kind at least, over the horizon (a decision already made)
        at_least: f64 [0.0, 1e4] = 0.0,
        /// Remarks and sources
        notes: String = String::new(),
    }
}

record! {
    /// What takes prompts in, answers out and training data through.
    pub struct DataPipeline {
        /// Prompt, answer and training tokens it can handle, Gtok per hour, by date
        capacity_gtok_per_hour: Steps [0.0, 1e9],
        /// Capex of expanding it, $ per Gtok per hour, by date of the order; no expansion if left out
        expand_usd_per_gtok_per_hour: Option<Steps> [0.0, 1e12] = None,
        /// Expansion at most, Gtok per hour
        expand_at_most_gtok_per_hour: f64 [0.0, 1e9] = 1e6,
        /// IT power, kW per Gtok per hour handled
        kw_per_gtok_per_hour: f64 [0.0, 1e6] = 0.0,
        /// Months from order to service of an expansion
        lead_months: f64 [0.0, 240.0] = 0.0,
        /// Life of an expansion in service and for the annuity, years
        life_years: f64 [0.25, 60.0] = 5.0,
    }
}
