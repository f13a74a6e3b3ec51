//! Demand charges.
//!
//! The months of a period are grouped by the slices in which a charge measures them: those of the days
//! that stand for the month, within the charge's windows. For each charge of contract k, each group and
//! each such slice t:
//!
//!   peak\[k,p,group] ≥ draw\[k,p,t]                                           (MW)
//!
//! or, where demand is measured at the system's peak, with w the hours that count:
//!
//!   peak = Σ_t w\[t]·draw\[k,p,t] / Σ_t w\[t]          over the month, or over the plan year
//!
//! Without ratchet, least demand or blocks the month costs charge · peak. Else, for month m:
//!
//!   billed\[m] ≥ peak\[m]
//!   billed\[m] ≥ share · peak\[n]        for each n of the months before m that count, also across the start
//!   billed\[m] ≥ share · contracted demand, while it is owed
//!   billed\[m] = Σ_j block\[m,j],  block\[m,j] ≤ its width
//!
//! paid at charge · billed and each block's own charge on top; blocks rise, others are refused. Months
//! that would state the same share a column. The worth of shaving the peak shows in the load's own limits;
//! the dual of the contracted demand is what one more MW of it costs.

use std::collections::HashMap;

use super::Builder;
use super::builder::{Bound, When};
use super::expr::Expr;
use super::program::Col;
use crate::resolved::billing::BillMonth;
use crate::resolved::charges::{Coincident, PeakCharge};
use crate::resolved::{Contract, ContractIx, Ix as _, PeriodIx, SliceIx};

/// Adds the rows and the money.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    for (index, contract) in resolved.contracts.pairs() {
        for charge in &contract.facets.peak_charges {
            let mut billing = Billing { index, contract, charge, peaks: HashMap::new(), years: HashMap::new(), measured: Vec::new() };
            billing.measure(builder);
            billing.bill(builder);
        }
    }
}

/// What makes two months cost the same: period, what was measured in it and before, what is billed at least.
type Alike = (PeriodIx, Option<Col>, Vec<Col>, u64, bool);

/// A charge on its way into the program.
struct Billing<'a> {
    index: ContractIx,
    contract: &'a Contract,
    charge: &'a PeakCharge,
    /// Peaks by what they are the highest of.
    peaks: HashMap<(PeriodIx, Vec<usize>), Col>,
    /// Coincident demand by the first period of a plan year.
    years: HashMap<PeriodIx, Option<Col>>,
    /// Months in force, with what is measured in each.
    measured: Vec<(BillMonth, Option<Col>)>,
}

impl Billing<'_> {
    /// Names of a row or column; the tariff's own charge needs none beyond the contract's.
    fn ids<'s>(&'s self, more: &'s [&'s str]) -> Vec<&'s str> {
        let own = self.charge.id == crate::resolved::charges::OWN;
        let id = (!own).then_some(self.charge.id.as_str());
        std::iter::once(self.contract.id.as_str()).chain(id).chain(more.iter().copied()).collect()
    }

    fn measure(&mut self, builder: &mut Builder<'_>) {
        let calendar = &builder.resolved.calendar;
        let needed = |period: PeriodIx| self.contract.in_force[period] && (self.charge.ratchet.is_some() || self.charge.charges(period));
        let periods: Vec<PeriodIx> = calendar.periods.keys().filter(|period| needed(*period)).collect();
        for period in periods {
            let first = builder.layout.contracts[self.index].peaks[period].len();
            for month in calendar.months_of_period(period) {
                let col = match &self.charge.coincident {
                    Some(coincident) => self.coincident(builder, coincident, month),
                    None => self.peak(builder, month, first),
                };
                self.measured.push((month, col));
            }
        }
    }

    /// Draws in a month, by slice.
    fn draws(&self, builder: &Builder<'_>, period: PeriodIx) -> Vec<(SliceIx, Col)> {
        let draw = &builder.layout.contracts[self.index].draw[period];
        builder.resolved.calendar.slices_of[period].iter().zip(draw).filter_map(|(slice, col)| col.map(|col| (*slice, col))).collect()
    }

    fn peak(&mut self, builder: &mut Builder<'_>, month: BillMonth, first: usize) -> Option<Col> {
        let calendar = &builder.resolved.calendar;
        let meant = |slice: SliceIx| {
            let open = self.charge.hours.as_ref().is_none_or(|hours| hours.share(slice, month.of_year) > 0.0);
            calendar.hours_in_month(slice, month.of_year) > 0.0 && open
        };
        let draws: Vec<(SliceIx, Col)> = self.draws(builder, month.period).into_iter().filter(|(slice, _)| meant(*slice)).collect();
        if draws.is_empty() {
            return None;
        }
        let key = (month.period, draws.iter().map(|(slice, _)| slice.position()).collect::<Vec<_>>());
        if let Some(col) = self.peaks.get(&key) {
            return Some(*col);
        }
        let position = builder.layout.contracts[self.index].peaks[month.period].len() - first;
        let peak = builder.column("peak", &self.ids(&[]), When::slice(month.period, position), f64::INFINITY);
        let group = format!("group{position}");
        for (slice, col) in draws {
            let mut row = Expr::col(col);
            row.add(peak, -1.0);
            let when = When::slice(month.period, slice.position());
            builder.row("demand_charge", "monthly_peak", &self.ids(&[&group]), when, row, Bound::AtMost(0.0), None);
        }
        builder.layout.contracts[self.index].peaks[month.period].push(peak);
        self.peaks.insert(key, peak);
        Some(peak)
    }

    /// The mean draw of the hours that count, over the month or its plan year.
    fn coincident(&mut self, builder: &mut Builder<'_>, coincident: &Coincident, month: BillMonth) -> Option<Col> {
        let calendar = &builder.resolved.calendar;
        let year = if coincident.by_year { calendar.year_of(month.period) } else { vec![month.period] };
        let first = *year.first()?;
        if let Some(col) = self.years.get(&first).filter(|_| coincident.by_year) {
            return *col;
        }
        let (mut sum, mut hours) = (Expr::default(), 0.0);
        for period in year.into_iter().filter(|period| self.contract.in_force[*period]) {
            let draws: HashMap<SliceIx, Col> = self.draws(builder, period).into_iter().collect();
            let months: Vec<BillMonth> =
                calendar.months_of_period(period).filter(|of| coincident.by_year || of.offset == month.offset).collect();
            for of in months {
                for slice in &calendar.slices_of[period] {
                    let counts = calendar.hours_in_month(*slice, of.of_year) * coincident.hours.share(*slice, of.of_year);
                    hours += counts;
                    if let Some(col) = draws.get(slice) {
                        sum.add(*col, counts);
                    }
                }
            }
        }
        let mut col = None;
        if hours > 0.0 && !sum.is_zero() {
            let when = When::slice(month.period, month.offset);
            let mean = builder.column("coincident", &self.ids(&[]), when, f64::INFINITY);
            let mut row = Expr::col(mean);
            row.add_expr(&sum, -1.0 / hours);
            builder.row("demand_charge", "coincident", &self.ids(&[]), when, row, Bound::Equal(0.0), None);
            col = Some(mean);
        }
        if coincident.by_year {
            self.years.insert(first, col);
        }
        col
    }

    fn bill(&self, builder: &mut Builder<'_>) {
        let mut known: HashMap<Alike, Expr> = HashMap::new();
        for (month, measured) in self.measured.iter().filter(|(month, _)| self.charge.charges(month.period)) {
            let before = self.before(*month);
            let existing = self.existing(*month);
            let least = self.charge.least.as_ref().filter(|least| least.fraction > 0.0 && least.owed.get(month.offset) == Some(&true));
            let plain = before.is_empty() && existing <= 0.0 && least.is_none() && self.charge.blocks.is_empty();
            let musd = self.charge.musd_per_mw_month[month.period];
            let cost = if plain {
                let mut cost = Expr::default();
                if let Some(col) = measured {
                    cost.add(*col, musd);
                }
                cost
            } else {
                let alike: Alike = (month.period, *measured, before.clone(), existing.to_bits(), least.is_some());
                match known.get(&alike) {
                    Some(cost) => cost.clone(),
                    None => {
                        let cost = self.billed(builder, *month, *measured, &before, existing);
                        known.insert(alike, cost.clone());
                        cost
                    }
                }
            };
            for (col, musd) in &cost.terms {
                builder.charge_contract(self.index, month.period, Some(*col), *musd);
            }
            if self.contract.facets.least_bill.is_some() {
                builder.layout.contracts[self.index].monthly_musd.entry(month.offset).or_default().add_expr(&cost, 1.0);
            }
        }
    }

    /// What was measured in the months before that count, each once.
    fn before(&self, month: BillMonth) -> Vec<Col> {
        let Some(ratchet) = self.charge.ratchet.as_ref().filter(|ratchet| ratchet.fraction > 0.0) else { return Vec::new() };
        let first = month.offset.saturating_sub(ratchet.months);
        let counts = |of: &BillMonth| (first..month.offset).contains(&of.offset) && ratchet.of_months.get(of.of_year) == Some(&true);
        let mut cols: Vec<Col> = self.measured.iter().filter(|(of, _)| counts(of)).filter_map(|(_, col)| *col).collect();
        cols.sort_unstable();
        cols.dedup();
        cols
    }

    /// What is billed at least for the demand before the horizon, MW.
    fn existing(&self, month: BillMonth) -> f64 {
        let ratchet = self.charge.ratchet.as_ref().filter(|ratchet| month.offset + ratchet.existing_months_ago <= ratchet.months);
        ratchet.map_or(0.0, |ratchet| ratchet.fraction * ratchet.existing_mw)
    }

    /// Columns and rows of what is billed in a month; what it costs.
    fn billed(&self, builder: &mut Builder<'_>, month: BillMonth, measured: Option<Col>, before: &[Col], existing: f64) -> Expr {
        let when = When::slice(month.period, month.offset);
        let ids = self.ids(&[]);
        let billed = builder.column("billed", &ids, when, f64::INFINITY);
        if let Some(column) = builder.program.columns.get_mut(billed.0 as usize) {
            column.lower = existing;
        }
        if let Some(measured) = measured {
            let mut row = Expr::col(billed);
            row.add(measured, -1.0);
            builder.row("demand_charge", "billed_peak", &ids, when, row, Bound::AtLeast(0.0), None);
        }
        if let Some(ratchet) = &self.charge.ratchet {
            // Below its own peak a month needs no row for the share of the same.
            for (position, col) in before.iter().enumerate().filter(|(_, col)| Some(**col) != measured) {
                let mut row = Expr::col(billed);
                row.add(*col, -ratchet.fraction);
                let limit = builder.share_limit(ratchet.path.clone(), ratchet.fraction, Expr::col(*col));
                let name = format!("before{position}");
                builder.row("demand_charge", "ratchet", &self.ids(&[&name]), when, row, Bound::AtLeast(0.0), Some(limit));
            }
        }
        if let Some(least) = self.charge.least.as_ref().filter(|least| least.owed.get(month.offset) == Some(&true)) {
            let contracted = least.contract_mw[month.period];
            let limit = builder.limit(least.path.clone(), "MW", contracted, least.fraction);
            let bound = Bound::AtLeast(least.fraction * contracted);
            builder.row("demand_charge", "least_demand", &ids, when, Expr::col(billed), bound, Some(limit));
        }
        let mut cost = Expr::default();
        cost.add(billed, self.charge.musd_per_mw_month[month.period]);
        if !self.charge.blocks.is_empty() {
            let mut filled = Expr::col(billed);
            let mut from = 0.0;
            for (position, (up_to, musd)) in self.charge.blocks.iter().enumerate() {
                let name = format!("block{position}");
                let block = builder.column("demand_block", &self.ids(&[&name]), when, up_to - from);
                from = *up_to;
                filled.add(block, -1.0);
                cost.add(block, musd[month.period]);
            }
            builder.row("demand_charge", "demand_blocks", &ids, when, filled, Bound::Equal(0.0), None);
        }
        cost
    }
}
