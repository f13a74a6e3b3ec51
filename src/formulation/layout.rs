//! Where each quantity stands in the program, for the families and for reading results.

use std::collections::BTreeMap;
use std::ops::Range;

use super::conduct::OwnCols;
use super::cost::{Capex, Charge};
use super::expr::Expr;
use super::program::Col;
use crate::resolved::{ContractIx, DayIx, PeriodIx, PlaceIx, ProductIx, SliceIx, Table};

/// Columns for the slices (or days) of each period, in the order of the calendar; empty where none exist.
pub type Cols = Table<PeriodIx, Vec<Col>>;

/// What chips do for a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Prefill and decode in one pool.
    Pooled,
    /// Prefill only.
    Prefill,
    /// Decode only.
    Decode,
}

/// Work of a pool for a product.
#[derive(Clone, Debug)]
pub struct Work {
    /// The product.
    pub product: ProductIx,
    /// What is done.
    pub phase: Phase,
    /// IT power of a chip at this work, kW.
    pub active_kw: f64,
    /// Tokens per hour and thousand chips, Gtok (prompt tokens for prefill), by period; 0 where too few
    /// chips can stand.
    pub rate: Table<PeriodIx, f64>,
    /// Thousand chips working, by period and slice.
    pub cols: Cols,
}

/// Training of a pool for a programme.
#[derive(Clone, Debug)]
pub struct TrainingWork {
    /// Index of the programme.
    pub programme: usize,
    /// IT power of a chip at this work, kW.
    pub active_kw: f64,
    /// ZFLOP per hour and thousand chips.
    pub rate: f64,
    /// Thousand chips training: one column for each slice, or a single one for a constant rate.
    pub cols: Cols,
}

/// Columns of a pool (parallel to `resolved.pools`).
#[derive(Clone, Debug)]
pub struct PoolCols {
    /// Orders.
    pub orders: Vec<(PeriodIx, Col)>,
    /// Thousand chips in one unit of an order column (a rack's worth in integer runs).
    pub order_unit: f64,
    /// Thousand chips in service.
    pub in_service: Table<PeriodIx, Option<Col>>,
    /// Thousand chips powered, by day.
    pub powered: Cols,
    /// Thousand chips rented: one column for the period, or one for each slice.
    pub rented: Cols,
    /// Work.
    pub work: Vec<Work>,
    /// Training.
    pub training: Vec<TrainingWork>,
    /// Subsidies with a ceiling: policy index, period of the order, column in M$.
    pub subsidies: Vec<(usize, PeriodIx, Col)>,
}

/// Halls of one kind at one site.
#[derive(Clone, Debug)]
pub struct HallCols {
    /// The site.
    pub place: PlaceIx,
    /// Index of the hall type.
    pub kind: usize,
    /// Orders, halls.
    pub orders: Vec<(PeriodIx, Col)>,
}

/// Chips of a pool that stand behind a feed.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Index of the pool.
    pub pool: usize,
    /// When.
    pub period: PeriodIx,
    /// Index of the feed at the pool's site; of halls without one if none.
    pub feed: Option<usize>,
    /// Thousand chips.
    pub col: Col,
}

/// MW of the halls of a site that is filled by what chips draw.
#[derive(Clone, Debug)]
pub struct HallMw {
    /// The site.
    pub place: PlaceIx,
    /// When.
    pub period: PeriodIx,
    /// Liquid halls alone, or all.
    pub liquid_only: bool,
    /// MW, as far as feeds carry it.
    pub mw: Expr,
}

/// Columns of a contract (parallel to `resolved.contracts`).
#[derive(Clone, Debug, Default)]
pub struct ContractCols {
    /// MW contracted, if it is a decision.
    pub contract_mw: Option<Col>,
    /// Orders of plant (MW) or batteries (MWh).
    pub orders: Vec<(PeriodIx, Col)>,
    /// MW drawn, by period and slice (with no column where nothing can be drawn).
    pub draw: Table<PeriodIx, Vec<Option<Col>>>,
    /// Energy paid for and not drawn, GWh.
    pub short: Table<PeriodIx, Option<Col>>,
    /// MW charged.
    pub charge: Cols,
    /// MW discharged.
    pub discharge: Cols,
    /// MWh at the end of each slice; with linked days, above the level of the day.
    pub charge_state: Cols,
    /// With linked days: mean level of the days that each day stands for, MWh.
    pub day_level: Table<PeriodIx, Vec<Expr>>,
    /// Monthly peaks, MW, by period and group.
    pub peaks: Cols,
    /// What demand and blocks of energy cost in each month of the horizon, M$; kept where a least bill is owed.
    pub monthly_musd: BTreeMap<usize, Expr>,
}

/// Columns of a connection (parallel to the connections of its site).
#[derive(Clone, Debug)]
pub struct ConnectionCols {
    /// MW carried of what is always there, by period and slice; none where nothing is drawn.
    pub firm: Table<PeriodIx, Vec<Option<Col>>>,
    /// MW carried of what is there but for events.
    pub non_firm: Table<PeriodIx, Vec<Option<Col>>>,
    /// MW taken of each offer.
    pub offers: Vec<Option<Col>>,
}

impl ConnectionCols {
    /// What it carries in a slice, MW.
    pub fn through(&self, period: PeriodIx, position: usize) -> Expr {
        let mut carried = Expr::default();
        for cols in [&self.firm, &self.non_firm] {
            if let Some(col) = cols[period].get(position).copied().flatten() {
                carried.add(col, 1.0);
            }
        }
        carried
    }
}

/// How tokens of a route are written in a period.
#[derive(Clone, Debug)]
pub enum Served {
    /// Nothing can flow.
    None,
    /// A column for each slice (interactive, Gtok/h) or window (deferrable, Gtok/day).
    Cols(Vec<Col>),
    /// The only source of its market: written in terms of what is sold.
    Share,
}

/// Columns of a demand (parallel to `resolved.demands`).
#[derive(Clone, Debug)]
pub struct DemandCols {
    /// Sold, Ttok, by period and segment; empty where nothing can be sold.
    pub sold: Cols,
    /// With live tokens that may be shed: tokens asked for, Ttok, by period.
    pub asked: Table<PeriodIx, Option<Col>>,
    /// Shed in a slice with events, Gtok/h, by period and slice; empty where nothing may be.
    pub shed: Table<PeriodIx, Vec<Option<Col>>>,
    /// Made later or earlier the same day, Gtok/h, by period and slice.
    pub paid_back: Table<PeriodIx, Vec<Option<Col>>>,
    /// Routes that serve it (indices into `resolved.routes`).
    pub routes: Vec<usize>,
    /// Purchases that serve it: index of the purchase, and columns by slice (Gtok/h) or day (Gtok/day).
    pub bought: Vec<(usize, Cols)>,
}

/// Output of a deferrable product at a place, Gtok per hour.
#[derive(Clone, Debug)]
pub struct Output {
    /// The place.
    pub place: PlaceIx,
    /// The product.
    pub product: ProductIx,
    /// By period and slice.
    pub rate: Table<PeriodIx, Vec<Expr>>,
}

/// A slice after a loss.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Index of the rule in `resolved.resilience`.
    pub rule: usize,
    /// Index of what is lost among the rule's losses.
    pub loss: usize,
    /// When.
    pub period: PeriodIx,
    /// In which slice.
    pub slice: SliceIx,
    /// Tokens of each product that has to go on.
    pub tokens: Vec<KeptTokens>,
}

/// Tokens of a product before and after a loss, Gtok an hour.
#[derive(Clone, Debug)]
pub struct KeptTokens {
    /// The product.
    pub product: ProductIx,
    /// Before.
    pub before: Expr,
    /// After, in columns of the copy alone.
    pub after: Expr,
}

/// Columns of a class of tasks (parallel to `resolved.tasks`).
#[derive(Clone, Debug)]
pub struct RoutedCols {
    /// Million tasks, by way and period; none where what it asks can't be had.
    pub ways: Vec<Table<PeriodIx, Option<Col>>>,
}

/// Where everything stands.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// Pools.
    pub pools: Vec<PoolCols>,
    /// Halls.
    pub halls: Vec<HallCols>,
    /// Where chips stand, at sites with feeds.
    pub standing: Vec<Standing>,
    /// MW of halls at oversubscribed sites.
    pub hall_mw: Vec<HallMw>,
    /// Contracts.
    pub contracts: Table<ContractIx, ContractCols>,
    /// Connections by place.
    pub connections: Table<PlaceIx, Vec<ConnectionCols>>,
    /// Demands.
    pub demands: Vec<DemandCols>,
    /// What sellers who reckon with the price sell, in steps of their own.
    pub own: Vec<OwnCols>,
    /// Tasks.
    pub routed: Vec<RoutedCols>,
    /// Routes: how tokens are written, by period (parallel to `resolved.routes`).
    pub routes: Vec<Table<PeriodIx, Served>>,
    /// Pipeline expansions, Gtok per hour, by order.
    pub pipelines: Table<PlaceIx, Vec<(PeriodIx, Col)>>,
    /// IT power of each place, MW, by period and slice.
    pub it_power: Table<PlaceIx, Table<PeriodIx, Vec<Expr>>>,
    /// Power through the interconnect, MW.
    pub through_grid: Table<PlaceIx, Table<PeriodIx, Vec<Expr>>>,
    /// Work of pools.
    pub work: Vec<Table<PeriodIx, Vec<Expr>>>,
    /// Output of deferrable products at places.
    pub outputs: Vec<Output>,
    /// Slices after losses.
    pub kept: Vec<Kept>,
    /// The columns that only these are stated in.
    pub kept_columns: Range<usize>,
    /// Limits whose number stands in coefficients: what the right-hand side would move by per unit of it.
    pub slopes: Vec<(u32, Expr)>,
    /// Every charge.
    pub charges: Vec<Charge>,
    /// Every order's capex.
    pub capex: Vec<Capex>,
}

impl Layout {
    /// Position of a day among the days that exist in a period.
    pub fn day_position(days: &[DayIx], day: DayIx) -> Option<usize> {
        days.iter().position(|candidate| *candidate == day)
    }
}
