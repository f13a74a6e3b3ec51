//! Bills by component and month, from what is drawn.

use super::Reading;
use crate::resolved::billing::BillMonth;
use crate::resolved::charges::{OWN, PeakCharge};
use crate::resolved::{Contract, ContractIx, Ix as _, PeriodIx, SliceIx};
use crate::results::bills::{BillLine, ConnectionInfo, Shed, month_text};

/// $ in a M$.
const MILLION: f64 = 1e6;

/// One contract under its bill.
struct Bill<'a> {
    reading: &'a Reading<'a>,
    index: ContractIx,
    contract: &'a Contract,
    lines: Vec<BillLine>,
}

/// The bills of all contracts.
pub(super) fn bills(reading: &Reading<'_>) -> Vec<BillLine> {
    let mut lines = Vec::new();
    for (index, contract) in reading.resolved.contracts.pairs() {
        let mut bill = Bill { reading, index, contract, lines: Vec::new() };
        bill.write();
        lines.append(&mut bill.lines);
    }
    lines
}

impl Bill<'_> {
    fn months(&self) -> Vec<BillMonth> {
        let calendar = &self.reading.resolved.calendar;
        let in_force = calendar.periods.keys().filter(|period| self.contract.in_force[*period]);
        in_force.flat_map(|period| calendar.months_of_period(period)).collect()
    }

    fn line(&mut self, month: BillMonth, item: impl Into<String>, quantity: f64, unit: &'static str, usd: f64) {
        if quantity.abs() < 1e-9 && usd.abs() < 1e-6 {
            return;
        }
        let start = self.reading.resolved.calendar.start;
        self.lines.push(BillLine {
            contract: self.contract.id.clone(),
            month: month_text(start.plus(i32::try_from(month.offset).unwrap_or(0))),
            period: month.period.position(),
            item: item.into(),
            quantity,
            unit,
            usd,
        });
    }

    /// Σ over the slices of a month of hours times a value by slice and position.
    fn over(&self, month: BillMonth, value: impl Fn(SliceIx, usize) -> f64) -> f64 {
        let calendar = &self.reading.resolved.calendar;
        let slices = calendar.slices_of[month.period].iter().enumerate();
        slices.map(|(position, slice)| calendar.hours_in_month(*slice, month.of_year) * value(*slice, position)).sum()
    }

    fn drawn(&self, period: PeriodIx, position: usize) -> f64 {
        self.reading.maybe(self.reading.formulation.layout.contracts[self.index].draw[period].get(position).copied().flatten())
    }

    fn write(&mut self) {
        let calendar = &self.reading.resolved.calendar;
        let facets = &self.contract.facets;
        let cols = &self.reading.formulation.layout.contracts[self.index];
        let contract_mw = self.reading.maybe(cols.contract_mw);
        let months = self.months();
        let mut least: Vec<(BillMonth, f64)> = Vec::new();
        for month in &months {
            let (month, period) = (*month, month.period);
            let mut counted = 0.0;
            if let Some(price) = &facets.energy_price {
                let mwh = self.over(month, |_, position| self.drawn(period, position));
                let usd = self.over(month, |slice, position| self.drawn(period, position) * price.usd_per_mwh.at(period, slice));
                counted += usd;
                self.line(month, "energy", mwh, "MWh", usd);
            }
            for charge in &facets.energy_charges {
                let share = |slice| charge.hours.as_ref().map_or(1.0, |hours| hours.share(slice, month.of_year));
                let mwh = self.over(month, |slice, position| share(slice) * self.drawn(period, position));
                let usd = charge.musd(period, mwh * 1e-3) * MILLION;
                counted += usd;
                self.line(month, format!("energy {}", charge.id), mwh, "MWh", usd);
            }
            if let Some(price) = &facets.produced_price {
                let made = |slice| self.contract.output(period, slice) * contract_mw;
                let mwh = self.over(month, |slice, _| made(slice));
                let usd = self.over(month, |slice, _| made(slice) * price.paid(period, slice));
                self.line(month, "produced", mwh, "MWh", usd);
                let surplus = self.over(month, |slice, position| made(slice) - self.drawn(period, position));
                if price.resale(period) > 0.0 {
                    self.line(month, "surplus sold", surplus, "MWh", -surplus * price.resale(period));
                }
            }
            if let Some(difference) = &facets.difference {
                let made = |slice| self.contract.output(period, slice) * contract_mw;
                let mwh = self.over(month, |slice, _| made(slice));
                let usd = self.over(month, |slice, _| made(slice) * difference.settled(period, slice));
                self.line(month, "settlement", mwh, "MWh", usd);
            }
            if let Some(store) = &facets.store {
                let at = |cols: &[crate::formulation::program::Col], position: usize| self.reading.maybe(cols.get(position).copied());
                let mwh = self.over(month, |_, position| at(&cols.charge[period], position) + at(&cols.discharge[period], position));
                self.line(month, "wear", mwh, "MWh", mwh * store.wear_usd_per_mwh);
            }
            let fee = facets.fee_of_month(month) * MILLION;
            counted += fee;
            self.line(month, "fixed fee", 0.0, "month", fee);
            if let Some(held) = &facets.hold_down {
                let years = self.over(month, |_, _| 1.0) / 8760.0;
                self.line(month, "interruptible credit", 0.0, "month", -held.credit_musd_per_year[period] * years * MILLION);
            }
            // Energy taken or paid is settled at the end of the period.
            let last = calendar.months_of_period(period).last();
            if let (Some(short), Some(price)) = (cols.short[period], &facets.energy_price)
                && last == Some(month)
            {
                let mwh = self.reading.col(short) * 1e3;
                self.line(month, "taken or paid", mwh, "MWh", mwh * price.usd_per_mwh.mean(calendar, period));
            }
            least.push((month, counted));
        }
        for charge in &facets.peak_charges {
            let measured: Vec<f64> = months.iter().map(|month| self.measured(charge, *month, &months)).collect();
            for (at, month) in months.iter().enumerate() {
                let mw = billed(charge, &months, &measured, at);
                let usd = charge.musd(month.period, mw) * MILLION;
                if !charge.charges(month.period) {
                    continue;
                }
                if let Some((_, counted)) = least.get_mut(at) {
                    *counted += usd;
                }
                let item = if charge.id == OWN { "demand".to_owned() } else { format!("demand {}", charge.id) };
                self.line(*month, item, mw, "MW", usd);
            }
        }
        let Some(bill) = &facets.least_bill else { return };
        for (month, counted) in least {
            if bill.owed.get(month.offset) == Some(&true) {
                let short = (bill.musd_per_month[month.period] * MILLION - counted).max(0.0);
                self.line(month, "up to the least bill", 0.0, "month", short);
            }
        }
        for period in calendar.periods.keys() {
            if let Some(month) = calendar.months_of_period(period).next() {
                self.line(month, "exit fee", 0.0, "month", bill.exit_musd[period] * MILLION);
            }
        }
    }

    /// What a charge measures in a month, MW.
    fn measured(&self, charge: &PeakCharge, month: BillMonth, months: &[BillMonth]) -> f64 {
        let calendar = &self.reading.resolved.calendar;
        let Some(coincident) = &charge.coincident else {
            let meant = |slice: SliceIx| {
                calendar.hours_in_month(slice, month.of_year) > 0.0
                    && charge.hours.as_ref().is_none_or(|hours| hours.share(slice, month.of_year) > 0.0)
            };
            let slices = calendar.slices_of[month.period].iter().enumerate().filter(|(_, slice)| meant(**slice));
            return slices.map(|(position, _)| self.drawn(month.period, position)).fold(0.0, f64::max);
        };
        let year = calendar.year_of(month.period);
        let counts = |of: &&BillMonth| if coincident.by_year { year.contains(&of.period) } else { of.offset == month.offset };
        let (mut sum, mut hours) = (0.0, 0.0);
        for of in months.iter().filter(counts) {
            let share = |slice| coincident.hours.share(slice, of.of_year);
            sum += self.over(*of, |slice, position| share(slice) * self.drawn(of.period, position));
            hours += self.over(*of, |slice, _| share(slice));
        }
        if hours > 0.0 { sum / hours } else { 0.0 }
    }
}

/// What is billed in a month, MW.
fn billed(charge: &PeakCharge, months: &[BillMonth], measured: &[f64], at: usize) -> f64 {
    let Some(month) = months.get(at) else { return 0.0 };
    let mut mw = measured.get(at).copied().unwrap_or(0.0);
    if let Some(ratchet) = &charge.ratchet {
        let first = month.offset.saturating_sub(ratchet.months);
        for (of, peak) in months.iter().zip(measured) {
            if (first..month.offset).contains(&of.offset) && ratchet.of_months.get(of.of_year) == Some(&true) {
                mw = mw.max(ratchet.fraction * peak);
            }
        }
        if month.offset + ratchet.existing_months_ago <= ratchet.months {
            mw = mw.max(ratchet.fraction * ratchet.existing_mw);
        }
    }
    if let Some(least) = charge.least.as_ref().filter(|least| least.owed.get(month.offset) == Some(&true)) {
        mw = mw.max(least.fraction * least.contract_mw[month.period]);
    }
    mw
}

/// Connections in the answer.
pub(super) fn connections(reading: &Reading<'_>) -> Vec<ConnectionInfo> {
    let calendar = &reading.resolved.calendar;
    let mut all = Vec::new();
    for (place, found) in reading.resolved.places.pairs() {
        let Some(site) = &found.site else { continue };
        for (connection, cols) in site.connections.iter().zip(&reading.formulation.layout.connections[place]) {
            let taken = |firm: bool, period: PeriodIx| -> f64 {
                let of_kind = connection.offers.iter().zip(&cols.offers).filter(|(offer, _)| offer.firm == firm && offer.there[period]);
                of_kind.map(|(_, col)| reading.maybe(*col)).sum()
            };
            let most = |period: PeriodIx, slice: SliceIx| {
                let non_firm = connection.non_firm_mw[period] + taken(false, period);
                connection.firm.mw.at(period, slice) + taken(true, period) + connection.there[period][slice] * non_firm
            };
            let carried_mw = reading.by_slice(|period, position, _| reading.value(&cols.through(period, position)));
            let hours = |period: PeriodIx, counts: &dyn Fn(SliceIx) -> f64| -> f64 {
                calendar.slices_of[period].iter().map(|slice| counts(*slice)).sum()
            };
            let at = |period: PeriodIx, slice: SliceIx| {
                carried_mw.get(period.position()).and_then(|slices| slices.get(slice.position())).copied().unwrap_or(0.0)
            };
            all.push(ConnectionInfo {
                site: found.id.clone(),
                id: connection.id.clone(),
                firm_mw: reading.by_period(|period| {
                    let flat = calendar.slices_of[period].iter().map(|slice| connection.firm.mw.at(period, *slice)).fold(0.0, f64::max);
                    flat + taken(true, period)
                }),
                non_firm_mw: reading.by_period(|period| connection.non_firm_mw[period] + taken(false, period)),
                event_hours: reading.by_period(|period| hours(period, &|slice| connection.event_hours[period][slice])),
                curtailed_hours: reading.by_period(|period| {
                    hours(period, &|slice| {
                        let has_to_go = connection.in_event(period, slice) && connection.non_firm_mw[period] + taken(false, period) > 0.0;
                        let held = has_to_go && at(period, slice) >= most(period, slice) * (1.0 - 1e-6) - 1e-9;
                        if held { connection.event_hours[period][slice] } else { 0.0 }
                    })
                }),
                offers: connection.offers.iter().zip(&cols.offers).map(|(offer, col)| (offer.id.clone(), reading.maybe(*col))).collect(),
                limit_mw: reading.by_slice(|period, _, slice| most(period, slice)),
                carried_mw,
            });
        }
    }
    all
}

/// Tokens shed in events.
pub(super) fn shed(reading: &Reading<'_>) -> Vec<Shed> {
    let mut all = Vec::new();
    for (demand, cols) in reading.resolved.demands.iter().zip(&reading.formulation.layout.demands) {
        let product = &reading.resolved.products[demand.product];
        if product.flexible <= 0.0 || cols.shed.iter().all(Vec::is_empty) {
            continue;
        }
        let of_period = |period: PeriodIx| -> f64 {
            let slices = reading.resolved.calendar.slices_of[period].iter().zip(&cols.shed[period]);
            slices.map(|(slice, col)| reading.hours(period, *slice) * reading.maybe(*col) * 1e-3).sum()
        };
        all.push(Shed {
            product: product.id.clone(),
            market: reading.resolved.markets[demand.market].id.clone(),
            answer_ttok: reading.by_period(of_period),
            discount_musd: reading.by_period(|period| super::tokens::discount_musd(reading, (demand, cols), period)),
            paid_back: product.paid_back,
        });
    }
    all
}
