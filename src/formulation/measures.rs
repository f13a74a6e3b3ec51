//! What can be measured of a plan besides its own goals, as linear functions of its columns: what studies
//! make as good as possible, hold, or look at.
//!
//! Peak load is the least number above the load of every slice: a column and a row for each slice. Cost per
//! token and the domestic share are quotients: held at a level `c` they are the linear rows
//! `cost − c · tokens ≤ 0` and `domestic − c · all ≥ 0`.

use super::builder::served_total;
use super::carbon_water;
use super::expr::Expr;
use super::layout::Layout;
use super::objective;
use super::program::{Col, Column, Key, Linear, NO_INDEX, Program, Row, Sense, Symbol};
use super::scale;
use crate::resolved::{ContractIx, Ix as _, PeriodIx, PlaceIx, Resolved};

/// Something that can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Quality-weighted answer tokens, Ttok.
    Tokens,
    /// Discounted revenue less cost, M$.
    Npv,
    /// Discounted cost, M$.
    Cost,
    /// Discounted cost per discounted quality-weighted token, $ per Mtok.
    CostPerMtok,
    /// Carbon, kt.
    Carbon,
    /// Capex ordered, M$.
    Capex,
    /// Highest facility load of all sites together, MW.
    PeakMw,
    /// Water, ML.
    Water,
    /// Answer tokens sold in other countries than they are made in, Ttok.
    Exports,
    /// Share of the answer tokens made that is sold in the country they are made in.
    DomesticShare,
}

impl Measure {
    /// Its name in files and beside numbers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tokens => "tokens",
            Self::Npv => "npv",
            Self::Cost => "cost",
            Self::CostPerMtok => "cost_per_token",
            Self::Carbon => "carbon",
            Self::Capex => "capex",
            Self::PeakMw => "peak",
            Self::Water => "water",
            Self::Exports => "exports",
            Self::DomesticShare => "domestic_share",
        }
    }

    /// Its name in words.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Tokens => "Tokens",
            Self::Npv => "NPV",
            Self::Cost => "Cost",
            Self::CostPerMtok => "Cost of a million tokens",
            Self::Carbon => "Carbon",
            Self::Capex => "Capex",
            Self::PeakMw => "Peak load",
            Self::Water => "Water",
            Self::Exports => "Exports",
            Self::DomesticShare => "Domestic share",
        }
    }

    /// Its unit.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Self::Tokens | Self::Exports => "Ttok",
            Self::Npv | Self::Cost | Self::Capex => "M$",
            Self::CostPerMtok => "$/Mtok",
            Self::Carbon => "kt",
            Self::PeakMw => "MW",
            Self::Water => "ML",
            Self::DomesticShare => "share",
        }
    }

    /// Which way is better.
    #[must_use]
    pub fn sense(self) -> Sense {
        match self {
            Self::Tokens | Self::Npv | Self::Exports | Self::DomesticShare => Sense::Maximise,
            Self::Cost | Self::CostPerMtok | Self::Carbon | Self::Capex | Self::PeakMw | Self::Water => Sense::Minimise,
        }
    }
}

/// A measure of a program: the function, and what it is divided by if it is a quotient.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Which.
    pub measure: Measure,
    /// The function.
    pub function: Linear,
    /// What it is divided by.
    pub per: Option<Linear>,
}

impl Measured {
    /// Its value at a point; zero where a quotient is of nothing.
    #[must_use]
    pub fn value(&self, point: &[f64]) -> f64 {
        let top = self.function.value(point);
        match &self.per {
            None => top,
            Some(per) => {
                let bottom = per.value(point);
                if bottom.abs() > 1e-12 { top / bottom } else { 0.0 }
            }
        }
    }

    /// The function that is at least (or most, for what is wanted little) as given where the measure is at
    /// `level` or better, and that bound.
    #[must_use]
    pub fn held(&self, level: f64) -> (Linear, f64) {
        match &self.per {
            None => (self.function.clone(), level),
            Some(per) => {
                let mut function = self.function.clone();
                function.terms.extend(per.terms.iter().map(|(col, coefficient)| (*col, -level * coefficient)));
                function.constant -= level * per.constant;
                scale::merge(&mut function.terms);
                (function, 0.0)
            }
        }
    }
}

/// A measure as a function of a program's columns. For the peak, the program gets a column and rows for it;
/// asked again it finds them there.
pub fn measured(program: &mut Program, resolved: &Resolved, layout: &Layout, measure: Measure) -> Measured {
    let named = |expr: Expr| {
        let mut terms = expr.terms;
        scale::merge(&mut terms);
        Linear { name: measure.name(), unit: measure.unit(), terms, constant: expr.constant }
    };
    let goal = |linear: Linear| named(Expr { terms: linear.terms, constant: linear.constant });
    let periods = || resolved.calendar.periods.keys();
    let places: Vec<PlaceIx> = resolved.places.keys().collect();
    let over = |of: &dyn Fn(PeriodIx) -> Expr| {
        let mut total = Expr::default();
        for period in periods() {
            total.add_expr(&of(period), 1.0);
        }
        named(total)
    };
    let sold = |counts: &dyn Fn(bool) -> bool| {
        over(&|period| {
            let mut total = Expr::default();
            for (index, route) in resolved.routes.iter().enumerate() {
                let at_home = resolved.places[route.place].country == resolved.markets[route.market].country;
                if counts(at_home) {
                    total.add_expr(&served_total(resolved, layout, index, period), 1.0);
                }
            }
            total
        })
    };
    let (function, per) = match measure {
        Measure::Tokens => (goal(objective::tokens(resolved, layout)), None),
        Measure::Cost => (goal(objective::cost(resolved, layout)), None),
        Measure::Npv => (goal(objective::npv(&objective::revenue(resolved, layout), &objective::cost(resolved, layout))), None),
        Measure::CostPerMtok => {
            let tokens = goal(objective::discounted_tokens(resolved, layout));
            (goal(objective::cost(resolved, layout)), Some(tokens))
        }
        Measure::Carbon => (over(&|period| carbon_water::carbon(resolved, layout, period, &places)), None),
        Measure::Water => (over(&|period| carbon_water::water(resolved, &layout.it_power, period, &places)), None),
        Measure::Capex => {
            let mut capex = Expr::default();
            for order in &layout.capex {
                capex.add(order.col, order.musd);
            }
            (named(capex), None)
        }
        Measure::Exports => (sold(&|at_home| !at_home), None),
        Measure::DomesticShare => (sold(&|at_home| at_home), Some(sold(&|_| true))),
        Measure::PeakMw => (named(Expr::col(peak(program, resolved, layout))), None),
    };
    Measured { measure, function, per }
}

/// The column of the peak: no less than the load of any slice.
fn peak(program: &mut Program, resolved: &Resolved, layout: &Layout) -> Col {
    const NOUN: &str = "peak_load";
    let key = |period: u32, slice: u32| Key { noun: NOUN, entities: [Symbol::NONE; 4], period, slice, future: Symbol::NONE };
    if let Some(known) = program.columns.iter().position(|column| column.key == key(NO_INDEX, NO_INDEX)) {
        return Col(known as u32);
    }
    let peak = Col(program.columns.len() as u32);
    program.columns.push(Column { key: key(NO_INDEX, NO_INDEX), lower: 0.0, upper: f64::INFINITY, whole: false, limit: None });
    for period in resolved.calendar.periods.keys() {
        for (position, slice) in resolved.calendar.slices_of[period].iter().enumerate() {
            let mut load = Expr::default();
            for (place, facts) in resolved.places.pairs() {
                let (Some(site), Some(it_power)) = (&facts.site, layout.it_power[place][period].get(position)) else { continue };
                load.add_expr(it_power, site.pue.at(period, *slice));
            }
            if load.terms.is_empty() && load.constant <= 0.0 {
                continue;
            }
            let mut terms: Vec<(Col, f64)> = load.terms;
            terms.push((peak, -1.0));
            scale::merge(&mut terms);
            program.rows.push(Row {
                key: key(period.position() as u32, position as u32),
                family: "objective",
                terms,
                lower: f64::NEG_INFINITY,
                upper: -load.constant,
                limit: None,
                scale: 1.0,
            });
        }
    }
    peak
}

/// Chips ordered of a kind, chips.
#[must_use]
pub fn chips_ordered(resolved: &Resolved, layout: &Layout, chip: &str) -> Linear {
    let mut total = Expr::default();
    for (pool, cols) in resolved.pools.iter().zip(&layout.pools) {
        if resolved.chips[pool.chip].id == chip {
            for (_, col) in &cols.orders {
                total.add(*col, 1e3 * cols.order_unit);
            }
        }
    }
    looked_at("chips", "chips", total)
}

/// IT power of halls ordered at a place, MW.
#[must_use]
pub fn halls_ordered(resolved: &Resolved, layout: &Layout, place: &str) -> Linear {
    let mut total = Expr::default();
    for halls in layout.halls.iter().filter(|halls| resolved.places[halls.place].id == place) {
        let kind = resolved.places[halls.place].site.as_ref().and_then(|site| site.buildable.get(halls.kind));
        for (_, col) in &halls.orders {
            total.add(*col, kind.map_or(0.0, |kind| kind.it_mw));
        }
    }
    looked_at("halls", "MW", total)
}

/// Mean IT power of a place in the last period, MW.
#[must_use]
pub fn it_power(resolved: &Resolved, layout: &Layout, place: &str) -> Linear {
    let mut total = Expr::default();
    let calendar = &resolved.calendar;
    if let (Some(place), Some(period)) = (resolved.place(place), calendar.periods.keys().last()) {
        let hours = calendar.period_hours(period);
        for (slice, power) in calendar.slices_of[period].iter().zip(&layout.it_power[place][period]) {
            total.add_expr(power, calendar.hours(period, *slice) / hours);
        }
    }
    looked_at("power", "MW", total)
}

/// MW of a contract: what is contracted or built where that is decided, else the mean draw of the last period.
#[must_use]
pub fn contract_power(resolved: &Resolved, layout: &Layout, contract: &str) -> Linear {
    let mut total = Expr::default();
    let calendar = &resolved.calendar;
    let found = resolved.contracts.pairs().find(|(_, stated)| stated.id == contract).map(|(index, _): (ContractIx, _)| index);
    if let Some((cols, stated)) = found.map(|index| (&layout.contracts[index], &resolved.contracts[index])) {
        // Batteries are ordered by their energy.
        let per_order = stated.facets.store.as_ref().map_or(1.0, |store| 1.0 / store.duration_hours);
        if let Some(col) = cols.contract_mw {
            total.add(col, 1.0);
        }
        for (_, col) in &cols.orders {
            total.add(*col, per_order);
        }
        if let Some(period) = calendar.periods.keys().last().filter(|_| total.terms.is_empty()) {
            let hours = calendar.period_hours(period);
            for (slice, col) in calendar.slices_of[period].iter().zip(&cols.draw[period]) {
                if let Some(col) = col {
                    total.add(*col, calendar.hours(period, *slice) / hours);
                }
            }
        }
    }
    looked_at("contract", "MW", total)
}

/// Answer tokens sold in a market, Ttok.
#[must_use]
pub fn sold(resolved: &Resolved, layout: &Layout, market: &str) -> Linear {
    let mut total = Expr::default();
    for (demand, cols) in resolved.demands.iter().zip(&layout.demands) {
        if resolved.markets[demand.market].id == market {
            for (_, cols) in cols.sold.pairs() {
                for col in cols {
                    total.add(*col, 1.0);
                }
            }
        }
    }
    looked_at("market", "Ttok", total)
}

fn looked_at(name: &'static str, unit: &'static str, expr: Expr) -> Linear {
    let mut terms = expr.terms;
    scale::merge(&mut terms);
    Linear { name, unit, terms, constant: expr.constant }
}
