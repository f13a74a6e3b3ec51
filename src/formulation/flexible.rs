//! Live tokens that may be shed in events.
//!
//! Where a product is flexible by φ and a place that serves the market has an event in some slice of the
//! period, what is asked for and what is sold are two things (Ttok a period, Gtok an hour):
//!
//!   Σ_s served\[t] + Σ bought\[t] = share\[t] · asked − shed\[t] + paid_back\[t],   shed\[t] ≤ φ · share\[t] · asked
//!   lost:      Σ_g sold = asked − Σ_t θ\[t]·shed\[t],   nothing is paid back
//!   same day:  Σ_g sold = asked,   Σ_{t of d} θ\[t]·(paid_back\[t] − shed\[t]) = 0 for each day d with events
//!
//! `shed` exists in slices with events that are announced as early as the product needs, `paid_back` in the other slices of their days; asked ≤ what the
//! market would buy in all. A discount for what is shed is taken off revenue (`objective`). The dual of φ is the worth of being able to shed more.

use super::Builder;
use super::builder::{Bound, When, demand_share};
use super::expr::Expr;
use super::program::Col;
use crate::resolved::{Calendar, Demand, Ix as _, PeriodIx, PlaceIx, Resolved, SliceIx, Table};

/// Columns of what is shed.
pub struct Shedding {
    /// Tokens asked for, Ttok, by period.
    pub asked: Table<PeriodIx, Option<Col>>,
    /// Shed, Gtok/h.
    pub shed: Table<PeriodIx, Vec<Option<Col>>>,
    /// Paid back, Gtok/h.
    pub paid_back: Table<PeriodIx, Vec<Option<Col>>>,
}

impl Shedding {
    /// Nothing is shed.
    pub fn new(calendar: &Calendar) -> Self {
        let nothing = || Table::build(&calendar.periods, |_| Vec::new());
        Self { asked: Table::build(&calendar.periods, |_| None), shed: nothing(), paid_back: nothing() }
    }
}

/// Whether a place has an event in a slice that is announced early enough.
fn has_event(resolved: &Resolved, place: PlaceIx, period: PeriodIx, slice: SliceIx, notice_hours: f64) -> bool {
    let Some(site) = &resolved.places[place].site else { return false };
    site.connections.iter().any(|connection| connection.notice_hours >= notice_hours && connection.in_event(period, slice))
}

/// Whether some place that serves a demand has an event in a slice for which it may be shed.
fn in_event(resolved: &Resolved, demand: &Demand, period: PeriodIx, slice: SliceIx) -> bool {
    let serves = |route: &&crate::resolved::Route| route.market == demand.market && route.product == demand.product;
    let notice_hours = resolved.products[demand.product].shed_notice_hours;
    resolved.routes.iter().filter(serves).any(|route| has_event(resolved, route.place, period, slice, notice_hours))
}

/// Whether a demand may be shed in a period.
pub fn may_shed(resolved: &Resolved, demand: &Demand, sources: &[usize], period: PeriodIx) -> bool {
    let product = &resolved.products[demand.product];
    product.flexible > 0.0
        && !sources.is_empty()
        && resolved.calendar.slices_of[period].iter().any(|slice| in_event(resolved, demand, period, *slice))
}

/// Declares the columns of a demand that may be shed in a period.
pub fn columns(builder: &mut Builder<'_>, (demand, most): (&Demand, f64), period: PeriodIx, shedding: &mut Shedding) {
    let resolved = builder.resolved;
    let calendar = &resolved.calendar;
    let product = &resolved.products[demand.product];
    let ids = [resolved.markets[demand.market].id.as_str(), product.id.as_str()];
    shedding.asked[period] = Some(builder.column("asked", &ids, When::period(period), most));
    let event_days: Vec<_> = calendar.slices_of[period]
        .iter()
        .filter(|slice| in_event(resolved, demand, period, **slice))
        .map(|slice| calendar.slices[*slice].day)
        .collect();
    for slice in &calendar.slices_of[period] {
        let when = When::slice(period, slice.position());
        let event = in_event(resolved, demand, period, *slice);
        shedding.shed[period].push(event.then(|| builder.column("shed", &ids, when, f64::INFINITY)));
        let back = product.paid_back && !event && event_days.contains(&calendar.slices[*slice].day);
        shedding.paid_back[period].push(back.then(|| builder.column("paid_back", &ids, when, f64::INFINITY)));
    }
}

/// Whether a demand may be shed in a period.
pub fn is_shed(builder: &Builder<'_>, demand: usize, period: PeriodIx) -> bool {
    builder.layout.demands.get(demand).is_some_and(|cols| cols.asked[period].is_some())
}

/// What is to be served in a slice.
pub fn wanted(builder: &Builder<'_>, demand: usize, period: PeriodIx, position: usize, share: f64) -> Expr {
    let mut wanted = Expr::default();
    let Some(cols) = builder.layout.demands.get(demand) else { return wanted };
    if let Some(asked) = cols.asked[period] {
        wanted.add(asked, share);
    }
    for (cols, sign) in [(&cols.shed, -1.0), (&cols.paid_back, 1.0)] {
        if let Some(col) = cols[period].get(position).copied().flatten() {
            wanted.add(col, sign);
        }
    }
    wanted
}

/// Adds the rows of a demand that may be shed in a period.
pub fn add(builder: &mut Builder<'_>, index: usize, period: PeriodIx) {
    let resolved = builder.resolved;
    let calendar = &resolved.calendar;
    let (Some(demand), Some(cols)) = (resolved.demands.get(index), builder.layout.demands.get(index)) else { return };
    let Some(asked) = cols.asked[period] else { return };
    let (sold, shed, paid_back) = (cols.sold[period].clone(), cols.shed[period].clone(), cols.paid_back[period].clone());
    let product = &resolved.products[demand.product];
    let ids = [resolved.markets[demand.market].id.as_str(), product.id.as_str()];
    let path = format!("products.{}.flexible_fraction", product.id);
    let mut total = Expr::col(asked);
    for col in &sold {
        total.add(*col, -1.0);
    }
    for (position, slice) in calendar.slices_of[period].iter().enumerate() {
        let Some(col) = shed.get(position).copied().flatten() else { continue };
        let share = demand_share(resolved, demand, period, position);
        let mut row = Expr::col(col);
        row.add(asked, -product.flexible * share);
        let mut slope = Expr::default();
        slope.add(asked, share);
        let limit = builder.share_limit(path.clone(), product.flexible, slope);
        builder.row("demand", "shed", &ids, When::slice(period, slice.position()), row, Bound::AtMost(0.0), Some(limit));
        if !product.paid_back {
            total.add(col, -calendar.hours(period, *slice) * 1e-3);
        }
    }
    builder.row("demand", "sold_of_asked", &ids, When::period(period), total, Bound::Equal(0.0), None);
    if !product.paid_back {
        return;
    }
    for day in &calendar.days_of[period] {
        let mut balance = Expr::default();
        for (position, slice) in calendar.slices_of[period].iter().enumerate().filter(|(_, slice)| calendar.slices[**slice].day == *day) {
            for (cols, sign) in [(&shed, -1.0), (&paid_back, 1.0)] {
                if let Some(col) = cols.get(position).copied().flatten() {
                    balance.add(col, sign * calendar.hours(period, *slice) * 1e-3);
                }
            }
        }
        if !balance.is_zero() {
            builder.row("demand", "paid_back", &ids, When::slice(period, day.position()), balance, Bound::Equal(0.0), None);
        }
    }
}
