//! What a family writes with: columns, rows, limits and charges.

use super::balance::Balance;
use super::cost::{Capex, Charge, CostPart};
use super::expr::Expr;
use super::layout::{Layout, Served};
use super::program::{Col, Column, Family, Key, Limit, NO_INDEX, Program, Row, Symbol};
use crate::resolved::{ContractIx, Ix as _, PeriodIx, PlaceIx, ProductIx, Resolved, Table};

/// The LP under construction.
pub struct Builder<'a> {
    /// What is stated.
    pub resolved: &'a Resolved,
    /// Columns and rows so far.
    pub program: Program,
    /// Where each quantity stands.
    pub layout: Layout,
    /// Accumulators.
    pub balance: Balance,
    /// Work columns by place and product: pool and position in its work list.
    pub makers: Table<PlaceIx, Table<ProductIx, Vec<(usize, usize)>>>,
}

/// Which period and slice a row or column is of.
#[derive(Clone, Copy, Debug, Default)]
pub struct When {
    /// Period.
    pub period: Option<usize>,
    /// Slice, day, segment or group.
    pub slice: Option<usize>,
}

impl When {
    /// Of the whole horizon.
    pub const HORIZON: Self = Self { period: None, slice: None };

    /// Of a period.
    pub fn period(period: PeriodIx) -> Self {
        Self { period: Some(period.position()), slice: None }
    }

    /// Of a slice (or day, segment, group) of a period.
    pub fn slice(period: PeriodIx, slice: usize) -> Self {
        Self { period: Some(period.position()), slice: Some(slice) }
    }
}

/// The most and least a row may be.
#[derive(Clone, Copy, Debug)]
pub enum Bound {
    /// At most.
    AtMost(f64),
    /// At least.
    AtLeast(f64),
    /// Exactly.
    Equal(f64),
}

impl<'a> Builder<'a> {
    /// An empty LP.
    pub fn new(resolved: &'a Resolved) -> Self {
        Self {
            resolved,
            program: Program::default(),
            layout: Layout::default(),
            balance: Balance::new(resolved),
            makers: resolved.places.iter().map(|_| resolved.products.iter().map(|_| Vec::new()).collect()).collect(),
        }
    }

    /// The program and its layout.
    pub fn done(mut self) -> (Program, Layout) {
        self.layout.it_power = self.balance.it_power;
        self.layout.through_grid = self.balance.through_grid;
        self.layout.work = self.balance.work;
        (self.program, self.layout)
    }

    /// A key of entities by id.
    pub fn key(&mut self, noun: &'static str, entities: &[&str], when: When) -> Key {
        let mut symbols = [Symbol::NONE; 4];
        for (symbol, id) in symbols.iter_mut().zip(entities) {
            *symbol = Symbol::new(id);
            if !self.program.symbols.contains_key(symbol) {
                self.program.symbols.insert(*symbol, (*id).to_owned());
            }
        }
        let index = |position: Option<usize>| position.map_or(NO_INDEX, |position| position as u32);
        Key { noun, entities: symbols, period: index(when.period), slice: index(when.slice), future: Symbol::NONE }
    }

    /// A column from 0 to `upper`.
    pub fn column(&mut self, noun: &'static str, entities: &[&str], when: When, upper: f64) -> Col {
        let key = self.key(noun, entities, when);
        self.program.columns.push(Column { key, lower: 0.0, upper, whole: false, limit: None });
        Col(self.program.columns.len() as u32 - 1)
    }

    /// Notes that a column's upper bound states a limit of the plan.
    pub fn limit_column(&mut self, col: Col, limit: u32) {
        if let Some(column) = self.program.columns.get_mut(col.0 as usize) {
            column.limit = Some(limit);
        }
    }

    /// A limit stated by the plan. `lp_per_plan` is the change of the right-hand side per unit of the plan's number.
    pub fn limit(&mut self, path: String, unit: &'static str, value: f64, lp_per_plan: f64) -> u32 {
        self.program.limits.push(Limit { path, unit, value, lp_per_plan });
        self.program.limits.len() as u32 - 1
    }

    /// A limit whose number stands in the row's coefficients (a share): `slope` is what the right-hand
    /// side would move by per unit of it, read at the answer's point.
    pub fn share_limit(&mut self, path: String, value: f64, slope: Expr) -> u32 {
        let limit = self.limit(path, "share", value, 0.0);
        self.layout.slopes.push((limit, slope));
        limit
    }

    /// A row: `expr` within `bound`. A row without columns is kept only if it can't hold, so that a
    /// contradiction in constants shows as infeasible with its name.
    pub fn row(&mut self, family: Family, noun: &'static str, entities: &[&str], when: When, expr: Expr, bound: Bound, limit: Option<u32>) {
        let (lower, upper) = match bound {
            Bound::AtMost(most) => (f64::NEG_INFINITY, most - expr.constant),
            Bound::AtLeast(least) => (least - expr.constant, f64::INFINITY),
            Bound::Equal(value) => (value - expr.constant, value - expr.constant),
        };
        let holds_empty = lower <= 1e-9 && upper >= -1e-9;
        if expr.terms.is_empty() && holds_empty && limit.is_none() {
            return;
        }
        let key = self.key(noun, entities, when);
        self.program.rows.push(Row { key, family, terms: expr.terms, lower, upper, limit, scale: 1.0 });
    }

    /// A charge on a column.
    pub fn charge(&mut self, period: PeriodIx, part: CostPart, col: Col, musd: f64) {
        if musd != 0.0 {
            self.layout.charges.push(Charge { period, part, col: Some(col), musd, contract: None });
        }
    }

    /// A charge on an expression.
    pub fn charge_expr(&mut self, period: PeriodIx, part: CostPart, expr: &Expr, factor: f64) {
        for (col, coefficient) in &expr.terms {
            self.charge(period, part, *col, coefficient * factor);
        }
        if expr.constant != 0.0 {
            self.charge_fixed(period, part, expr.constant * factor);
        }
    }

    /// A fixed amount.
    pub fn charge_fixed(&mut self, period: PeriodIx, part: CostPart, musd: f64) {
        if musd != 0.0 {
            self.layout.charges.push(Charge { period, part, col: None, musd, contract: None });
        }
    }

    /// A charge of a contract, on a column or fixed.
    pub fn charge_contract(&mut self, contract: ContractIx, period: PeriodIx, col: Option<Col>, musd: f64) {
        if musd != 0.0 {
            self.layout.charges.push(Charge { period, part: CostPart::Power, col, musd, contract: Some(contract.0) });
        }
    }

    /// The annuities of an order: from service for the whole life (retired early or not), as far as
    /// the horizon goes; what remains unpaid is noted with the capex.
    pub fn order_cost(
        &mut self,
        part: CostPart,
        col: Col,
        order: PeriodIx,
        capex_musd: f64,
        annuity_musd_per_year: f64,
        lead: usize,
        life: usize,
        duty_and_subsidy: (f64, f64),
    ) {
        let calendar = &self.resolved.calendar;
        let first = order.position() + lead;
        let served: Vec<PeriodIx> = calendar.periods.keys().filter(|period| (first..first + life).contains(&period.position())).collect();
        for period in &served {
            let years = calendar.periods[*period].years;
            self.charge(*period, part, col, annuity_musd_per_year * years);
        }
        // End-of-year payments still due after the horizon, valued at its end.
        let period_years = calendar.years_of(1);
        let horizon_years = calendar.years_of(calendar.periods.len());
        let unpaid: f64 = (calendar.periods.len().max(first)..first + life)
            .map(|position| {
                let starts = position as f64 * period_years;
                let paid_at = 1.0 + (starts + 1e-9).floor() - horizon_years;
                annuity_musd_per_year * period_years * (1.0 + calendar.discount_rate).powf(-paid_at)
            })
            .sum();
        let (duty_musd, subsidy_musd) = duty_and_subsidy;
        self.layout.capex.push(Capex { period: order, col, musd: capex_musd, unpaid_musd: unpaid, duty_musd, subsidy_musd });
    }

    /// Tokens of a route: Gtok per hour in the `position`-th slice of the period (interactive), or
    /// Gtok per day in its `position`-th window (deferrable).
    pub fn served(&self, route: usize, period: PeriodIx, position: usize) -> Expr {
        served(self.resolved, &self.layout, route, period, position)
    }

    /// Tokens of a route over a period, Ttok.
    pub fn served_total(&self, route: usize, period: PeriodIx) -> Expr {
        served_total(self.resolved, &self.layout, route, period)
    }
}

/// See [`Builder::served`].
pub fn served(resolved: &Resolved, layout: &Layout, route: usize, period: PeriodIx, position: usize) -> Expr {
    let (Some(route_data), Some(forms)) = (resolved.routes.get(route), layout.routes.get(route)) else {
        return Expr::default();
    };
    match &forms[period] {
        Served::None => Expr::default(),
        Served::Cols(cols) => cols.get(position).map_or_else(Expr::default, |col| Expr::col(*col)),
        Served::Share => {
            let Some((demand, cols)) = resolved
                .demands
                .iter()
                .zip(&layout.demands)
                .find(|(demand, _)| demand.market == route_data.market && demand.product == route_data.product)
            else {
                return Expr::default();
            };
            let share = demand_share(resolved, demand, period, position);
            let mut expr = Expr::default();
            for col in &cols.sold[period] {
                expr.add(*col, share);
            }
            expr
        }
    }
}

/// Gtok per hour in a slice (interactive) or Gtok per day (deferrable), per Ttok sold in the period.
pub fn demand_share(resolved: &Resolved, demand: &crate::resolved::Demand, period: PeriodIx, position: usize) -> f64 {
    let calendar = &resolved.calendar;
    if resolved.products[demand.product].deferrable {
        return 1000.0 / calendar.periods[period].days;
    }
    let market = &resolved.markets[demand.market];
    let Some(slice) = calendar.slices_of[period].get(position) else { return 0.0 };
    let total: f64 = calendar.slices_of[period].iter().map(|slice| calendar.hours(period, *slice) * market.shape[*slice]).sum();
    if total > 0.0 { 1000.0 * market.shape[*slice] / total } else { 0.0 }
}

/// See [`Builder::served_total`].
pub fn served_total(resolved: &Resolved, layout: &Layout, route: usize, period: PeriodIx) -> Expr {
    let (Some(route_data), Some(forms)) = (resolved.routes.get(route), layout.routes.get(route)) else {
        return Expr::default();
    };
    let calendar = &resolved.calendar;
    match &forms[period] {
        Served::None => Expr::default(),
        Served::Share => {
            let mut expr = Expr::default();
            let demand = resolved
                .demands
                .iter()
                .zip(&layout.demands)
                .find(|(demand, _)| demand.market == route_data.market && demand.product == route_data.product);
            for col in demand.iter().flat_map(|(_, cols)| &cols.sold[period]) {
                expr.add(*col, 1.0);
            }
            expr
        }
        Served::Cols(cols) => {
            let mut expr = Expr::default();
            if resolved.products[route_data.product].deferrable {
                let deferral = resolved.products[route_data.product].deferral;
                for (window, col) in calendar.windows(period, deferral).iter().zip(cols) {
                    expr.add(*col, window.days * 1e-3);
                }
            } else {
                for (slice, col) in calendar.slices_of[period].iter().zip(cols) {
                    expr.add(*col, calendar.hours(period, *slice) * 1e-3);
                }
            }
            expr
        }
    }
}
