//! The tables of an answer: time, places, chips, halls, power, tokens and money, in plan units.

pub use crate::formulation::cost::CostPart;
use crate::plan::Month;
pub use crate::plan::power::{Kind, Role};

/// A period.
#[derive(Clone, Debug, PartialEq)]
pub struct PeriodInfo {
    /// `2027Q1`, `2027-03`, `2027H1`, `2027`.
    pub label: String,
    /// First month.
    pub start: Month,
    /// Days.
    pub days: f64,
    /// Δ: days / 365.
    pub years: f64,
    /// Discount factor.
    pub discount: f64,
}

/// A representative day.
#[derive(Clone, Debug, PartialEq)]
pub struct DayInfo {
    /// Its id.
    pub id: String,
    /// Days it stands for, by period.
    pub days: Vec<f64>,
}

/// A slice: a block of a representative day.
#[derive(Clone, Debug, PartialEq)]
pub struct SliceInfo {
    /// Index of its day.
    pub day: usize,
    /// Hour of the day at its start, on the plan's clock.
    pub start_hour: f64,
    /// Hours long.
    pub block_hours: f64,
    /// Hours it stands for, by period (0 where it does not exist).
    pub hours: Vec<f64>,
}

/// A site, for labels and charts.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteInfo {
    /// Its id.
    pub id: String,
    /// Its name on screen.
    pub name: String,
    /// Country.
    pub country: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Interconnect, MW, by period.
    pub interconnect_mw: Vec<f64>,
    /// Whether it is a place of rented chips only, with no power of its own.
    pub rented: bool,
}

/// A market, for labels and the map.
#[derive(Clone, Debug, PartialEq)]
pub struct MarketInfo {
    /// Its id.
    pub id: String,
    /// Its name on screen.
    pub name: String,
    /// Country.
    pub country: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Whether it pays one price for all it buys of a product.
    pub single_price: bool,
}

/// Anything else with an id and a name: chips, products.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its name on screen.
    pub name: String,
}

/// A contract, for labels and charts.
#[derive(Clone, Debug, PartialEq)]
pub struct ContractInfo {
    /// Its id.
    pub id: String,
    /// Index of its site.
    pub site: usize,
    /// Its kind.
    pub kind: &'static Kind,
    /// Counts as renewable.
    pub renewable: bool,
    /// MW contracted or alive (MWh for a battery), by period.
    pub contracted: Vec<f64>,
    /// MWh of `contracted` for each MW: of a battery its hours at full power, else one.
    pub hours: f64,
    /// MW drawn (for a battery: discharge less charge; for a contract for difference: nothing), by period and slice.
    pub draw_mw: Vec<Vec<f64>>,
    /// MW of renewable output that comes as certificates alone, by period and slice: of a contract for
    /// difference that counts as renewable; empty otherwise.
    pub certificates_mw: Vec<Vec<f64>>,
    /// MW of what is charged that never comes back, by period and slice; empty but for a battery.
    pub losses_mw: Vec<Vec<f64>>,
    /// Energy drawn, GWh, by period (battery: discharged; contract for difference: nothing).
    pub energy_gwh: Vec<f64>,
    /// Energy that certificates are of, GWh, by period.
    pub certificates_gwh: Vec<f64>,
    /// Energy spilled or resold, GWh, by period.
    pub surplus_gwh: Vec<f64>,
    /// Cost, M$ (undiscounted, without annuities), by period.
    pub cost_musd: Vec<f64>,
    /// Carbon, kt, by period.
    pub carbon_kt: Vec<f64>,
    /// Battery charge state at the start of each slice, MWh, by period and slice; empty otherwise.
    pub charge_state_mwh: Vec<Vec<f64>>,
    /// Monthly peak that the demand charge is paid on, MW, by period (highest of its groups).
    pub peak_mw: Vec<f64>,
}

/// Chips of one kind at one site.
#[derive(Clone, Debug, PartialEq)]
pub struct ChipsAt {
    /// Index of the site.
    pub site: usize,
    /// Index of the chip.
    pub chip: usize,
    /// Chips in service (existing and bought), by period.
    pub in_service: Vec<f64>,
    /// Chips ordered, by period of the order.
    pub orders: Vec<f64>,
    /// Chips that arrive, by period.
    pub arrivals: Vec<f64>,
    /// Chips rented (the mean over slices if paid by the slice), by period.
    pub rented: Vec<f64>,
    /// IT power of chips in service, all-in, MW, by period.
    pub all_in_mw: Vec<f64>,
    /// Racks in service, by period.
    pub racks: Vec<f64>,
    /// Answer tokens made, Ttok, by period, and product.
    pub answer_ttok: Vec<Vec<f64>>,
    /// Mean share of time worked, by period.
    pub utilisation: Vec<f64>,
}

/// Halls of one kind at one site.
#[derive(Clone, Debug, PartialEq)]
pub struct HallsAt {
    /// Index of the site.
    pub site: usize,
    /// Id of the hall or hall type.
    pub id: String,
    /// Stands already, or is under construction.
    pub existing: bool,
    /// IT MW of one.
    pub it_mw: f64,
    /// Liquid-cooled.
    pub liquid: bool,
    /// Rack positions of one, if limited.
    pub rack_positions: Option<f64>,
    /// Ordered, by period of the order.
    pub orders: Vec<f64>,
    /// In service, by period.
    pub in_service: Vec<f64>,
}

/// Tokens from a site (or an API) to a market.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Index of the site; `None` if bought from an API.
    pub site: Option<usize>,
    /// Id of the purchase, if bought from an API.
    pub purchase: Option<String>,
    /// Index of the product.
    pub product: usize,
    /// Index of the market.
    pub market: usize,
    /// Answer tokens, Ttok, by period.
    pub answer_ttok: Vec<f64>,
    /// Answer tokens, Gtok per hour, by period and slice.
    pub gtok_per_hour: Vec<Vec<f64>>,
}

/// Sales of one segment.
#[derive(Clone, Debug, PartialEq)]
pub struct Sale {
    /// Index of the market.
    pub market: usize,
    /// Index of the product.
    pub product: usize,
    /// Position of the segment, the dearest first.
    pub segment: usize,
    /// Asked for by tasks, which pay nothing by the token.
    pub of_tasks: bool,
    /// Price of an answer token with its prompts, $ per Mtok, by period.
    pub usd_per_mtok: Vec<f64>,
    /// Most that could be sold, Ttok, by period.
    pub volume_ttok: Vec<f64>,
    /// Sold, Ttok, by period.
    pub sold_ttok: Vec<f64>,
    /// Revenue, M$, by period (undiscounted).
    pub revenue_musd: Vec<f64>,
}

/// Power at a site.
#[derive(Clone, Debug, PartialEq)]
pub struct SitePower {
    /// Facility load (PUE × IT), MW, by period and slice.
    pub load_mw: Vec<Vec<f64>>,
    /// IT power, MW, by period and slice.
    pub it_mw: Vec<Vec<f64>>,
    /// Draw through the interconnect, MW, by period and slice.
    pub interconnect_mw: Vec<Vec<f64>>,
    /// Facility energy, GWh, by period.
    pub energy_gwh: Vec<f64>,
    /// Water, ML, by period.
    pub water_ml: Vec<f64>,
}

/// Money of one period, undiscounted, M$.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PeriodMoney {
    /// Cost by part, in the order of [`CostPart::ALL`].
    pub cost_musd: [f64; 10],
    /// Revenue.
    pub revenue_musd: f64,
    /// Capex ordered (landed, less subsidy).
    pub capex_musd: f64,
    /// The same orders at what their annuities are worth: the capital that leaves when it is ordered (see [`super::money`]).
    pub capital_musd: f64,
    /// All costs but annuities.
    pub opex_musd: f64,
    /// Duty paid on chips (part of capex).
    pub chip_duty_musd: f64,
    /// Subsidy received (lowers capex).
    pub subsidy_musd: f64,
    /// Overnight capex still unpaid by annuities at the end of the horizon, for orders of this period.
    pub unpaid_annuities_musd: f64,
}

/// Tokens of one period, Ttok.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct PeriodTokens {
    /// Raw answer tokens sold, less what was bought and does not count.
    pub answer_ttok: f64,
    /// The same, weighted by quality.
    pub quality_ttok: f64,
    /// Raw answer tokens that were bought and do not count.
    pub bought_ttok: f64,
}

impl PeriodMoney {
    /// All costs.
    #[must_use]
    pub fn cost_total_musd(&self) -> f64 {
        self.cost_musd.iter().sum()
    }
}

/// What a loss leaves of a product in a period.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct LossInfo {
    /// Id of the rule.
    pub rule: String,
    /// What is lost: `abilene.east`, or the id of a contract or site.
    pub lost: String,
    /// Its kind: `feed`, `connection`, `plant`, `site`.
    pub part: &'static str,
    /// The period.
    pub period: String,
    /// Id of the product.
    pub product: String,
    /// Share that has to go on.
    pub asked_fraction: f64,
    /// Share that goes on in the worst hour.
    pub left_fraction: f64,
    /// It is the most that can go on; otherwise at least so much goes on.
    pub is_most: bool,
    /// Id of the day of the worst hour.
    pub worst_day: String,
    /// The hour of that day, on the plan's clock.
    pub worst_hour: f64,
    /// Answer tokens made in the worst hour before the loss, Gtok.
    pub before_gtok_per_hour: f64,
    /// The same after it.
    pub left_gtok_per_hour: f64,
    /// Hours of the period in which the share has to hold.
    pub hours: f64,
    /// Those of them in which less goes on than before.
    pub short_hours: f64,
    /// Answer tokens lost if the part stayed away in all of these hours, Ttok.
    pub lost_ttok: f64,
    /// Power that is always there in the worst hour before the loss, MW: firm connections and plant on sites.
    pub firm_mw: f64,
    /// What is left of that.
    pub firm_left_mw: f64,
}
