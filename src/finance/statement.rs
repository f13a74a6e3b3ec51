//! The years one by one: revenue, operating cost, depreciation, interest, tax, what is there for debt
//! and what the owners get.
//!
//! Of year t, nominal:
//!   EBITDA = revenue − opex
//!   taxable = EBITDA − depreciation − interest − fees written off
//!   tax = rate · taxable, with losses as the terms say
//!   CFADS = EBITDA − tax + credits
//!   to the owners = CFADS − interest − principal − bought + drawn − fees − what goes into the reserve
//! and at the end what is left is sold, taxed on the difference to what is not yet written off, and
//! what is still owed is paid.

use super::debt::{Debt, Schedule, sculpted, shared};
use super::value::Payment;
use super::{Loss, Project, Terms, spread_over_years};

/// A year; year 0 is the start.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Year {
    /// Time: years from the start.
    pub time: usize,
    /// Revenue.
    pub revenue: f64,
    /// Operating cost.
    pub opex: f64,
    /// Revenue less operating cost.
    pub ebitda: f64,
    /// Written off.
    pub depreciation: f64,
    /// Interest paid.
    pub interest: f64,
    /// Fees of loans: paid when drawn.
    pub fees: f64,
    /// Profit that tax is on, before losses of earlier years; negative for a loss.
    pub taxable: f64,
    /// Losses carried into the next year.
    pub losses: f64,
    /// Tax; negative where a loss is paid out.
    pub tax: f64,
    /// Investment and production credits.
    pub credits: f64,
    /// Bought.
    pub bought: f64,
    /// Cash available for debt service.
    pub cfads: f64,
    /// Debt drawn.
    pub drawn: f64,
    /// Principal paid.
    pub principal: f64,
    /// Debt owed at the end of the year.
    pub owed: f64,
    /// In reserve at the end of the year.
    pub reserve: f64,
    /// What is left at the end, sold, less its tax and what is still owed; in the last year only.
    pub end: f64,
    /// What the owners get, without `end`.
    pub to_owners: f64,
    /// Cover: CFADS over interest and principal, where there are any.
    pub dscr: Option<f64>,
    /// Worth of the loan's remaining CFADS at its rate over what is owed, where something is.
    pub llcr: Option<f64>,
}

/// The years of a project.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Statement {
    /// Years 0, 1, …, n.
    pub years: Vec<Year>,
    /// What is left at the end, as sold.
    pub end_value: f64,
    /// What is not written off at the end.
    pub end_book: f64,
    /// Tax on its sale; negative where the sale is at a loss that saves tax.
    pub end_tax: f64,
    /// Debt still owed at the end.
    pub end_owed: f64,
    /// When the end is, years from the start.
    pub end_years: f64,
    /// The debt.
    pub schedule: Schedule,
}

impl Statement {
    /// What the owners pay and get, with the end at its own date.
    #[must_use]
    pub fn owner_payments(&self) -> Vec<Payment> {
        self.with_end(self.years.iter().map(|year| year.to_owners), self.end_value - self.end_tax - self.end_owed)
    }

    /// What the project pays and gets after tax, without debt (of a statement of terms without debt).
    #[must_use]
    pub fn project_payments(&self) -> Vec<Payment> {
        self.with_end(self.years.iter().map(|year| year.cfads - year.bought), self.end_value - self.end_tax)
    }

    /// The same before tax.
    #[must_use]
    pub fn untaxed_payments(&self) -> Vec<Payment> {
        self.with_end(self.years.iter().map(|year| year.ebitda + year.credits - year.bought), self.end_value)
    }

    fn with_end(&self, years: impl Iterator<Item = f64>, end: f64) -> Vec<Payment> {
        years.enumerate().map(|(time, money)| (time as f64, money)).chain([(self.end_years, end)]).collect()
    }
}

/// Nominal flows before tax and debt, at times 0, 1, …, n.
struct Flows {
    revenue: Vec<f64>,
    opex: Vec<f64>,
    credits: Vec<f64>,
    bought: Vec<f64>,
    depreciation: Vec<f64>,
    end_value: f64,
    /// Not yet written off at the end.
    end_book: f64,
}

fn flows(project: &Project, terms: &Terms) -> Flows {
    let times = project.years() + 1;
    let nominal = |years: f64| (1.0 + terms.inflation).powf(years);
    let by_year = |values: &[f64]| -> Vec<f64> {
        (0..times)
            .map(|time| {
                let real = time.checked_sub(1).and_then(|index| values.get(index)).copied().unwrap_or(0.0);
                real * nominal(time as f64)
            })
            .collect()
    };
    let mut flows = Flows {
        revenue: by_year(&project.revenue),
        opex: by_year(&project.opex),
        credits: by_year(&project.credits),
        bought: vec![0.0; times],
        depreciation: vec![0.0; times],
        end_value: 0.0,
        end_book: 0.0,
    };
    let last = times - 1;
    for asset in &project.assets {
        let mut cost = 0.0;
        for (time, share) in spread_over_years(asset.paid_years) {
            let paid = asset.cost * share * nominal(time as f64);
            cost += paid;
            flows.bought[time.min(last)] += paid;
        }
        let first = ((asset.serves_years + 1e-9).floor().max(0.0) as usize + 1).min(last);
        let credit = cost * asset.credit_fraction;
        flows.credits[first] += credit;
        let basis = cost - credit * asset.credit_basis_fraction;
        let mut book = basis;
        for time in first..times {
            let written = basis * asset.depreciation.share(time + 1 - first);
            flows.depreciation[time] += written;
            book -= written;
        }
        flows.end_book += book;
        flows.end_value += asset.end_value * nominal(project.end_years);
    }
    flows
}

/// Tax by time and losses carried on after it.
fn taxes(taxable: &[f64], terms: &Terms) -> (Vec<f64>, Vec<f64>) {
    let mut carried = 0.0f64;
    taxable
        .iter()
        .map(|profit| match terms.loss {
            Loss::PaidOut => (terms.tax * profit, 0.0),
            Loss::CarryForward => {
                let used = carried.min(profit.max(0.0));
                carried += (-profit).max(0.0) - used;
                (terms.tax * (profit.max(0.0) - used), carried)
            }
        })
        .unzip()
}

/// The statement of a project under terms.
#[must_use]
pub fn statement(project: &Project, terms: &Terms) -> Statement {
    let flows = flows(project, terms);
    let schedule = schedule(&flows, terms);
    state(project, terms, &flows, schedule)
}

/// The statement of a project under terms whose debt has been drawn and is paid as it was agreed for another case.
#[must_use]
pub fn statement_under(project: &Project, terms: &Terms, schedule: &Schedule) -> Statement {
    state(project, terms, &flows(project, terms), schedule.clone())
}

/// Debt of the flows, settled with the tax that depends on it.
fn schedule(flows: &Flows, terms: &Terms) -> Schedule {
    match &terms.debt {
        Debt::None => Schedule::none(flows.bought.len()),
        Debt::Share { fraction, rate, years, grace, shape, .. } => shared(&flows.bought, (*fraction, *rate), (*years, *grace), *shape),
        Debt::Sculpted { dscr, rate, years, most_fraction, .. } => {
            let mut schedule = Schedule::none(flows.bought.len());
            // Each turn is at most tax · rate / dscr of the last: far fewer than these are needed.
            for _ in 0..200 {
                let cfads = available(flows, terms, &schedule).cfads;
                let next = sculpted(&flows.bought, &cfads, (*dscr, *rate), *years, *most_fraction);
                let size = next.drawn.iter().sum::<f64>().abs();
                let moved = next.interest.iter().zip(&schedule.interest).map(|(new, old)| (new - old).abs()).fold(0.0, f64::max);
                schedule = next;
                if moved <= 1e-15 * size {
                    break;
                }
            }
            schedule
        }
    }
}

/// Fees paid and fees written off, by time.
fn fees(terms: &Terms, schedule: &Schedule) -> (Vec<f64>, Vec<f64>) {
    let (fee, years) = terms.debt.fee();
    let paid: Vec<f64> = schedule.drawn.iter().map(|drawn| drawn * fee).collect();
    let mut written = vec![0.0; paid.len()];
    for (drawing, fee) in paid.iter().enumerate() {
        for cell in written.iter_mut().skip(drawing + 1).take(years) {
            *cell += fee / years as f64;
        }
    }
    (paid, written)
}

/// What is there for debt service and how it comes about, by time.
struct Available {
    cfads: Vec<f64>,
    tax: Vec<f64>,
    taxable: Vec<f64>,
    losses: Vec<f64>,
    fees: Vec<f64>,
}

/// CFADS, tax, taxable profit, losses carried and fees paid, by time.
fn available(flows: &Flows, terms: &Terms, schedule: &Schedule) -> Available {
    let (paid, written) = fees(terms, schedule);
    let times = flows.bought.len();
    let taxable: Vec<f64> = (0..times)
        .map(|time| flows.revenue[time] - flows.opex[time] - flows.depreciation[time] - schedule.interest[time] - written[time])
        .collect();
    let (tax, losses) = taxes(&taxable, terms);
    let cfads = (0..times).map(|time| flows.revenue[time] - flows.opex[time] - tax[time] + flows.credits[time]).collect();
    Available { cfads, tax, taxable, losses, fees: paid }
}

fn state(project: &Project, terms: &Terms, flows: &Flows, schedule: Schedule) -> Statement {
    let Available { cfads, tax, taxable, losses, fees } = available(flows, terms, &schedule);
    let times = flows.bought.len();
    let last = times - 1;
    // The sale belongs to the last year's profit: its tax is what that year's tax is more with it.
    let mut with_sale = taxable.clone();
    with_sale[last] += flows.end_value - flows.end_book;
    let end_tax = taxes(&with_sale, terms).0[last] - tax[last];
    let end_owed = schedule.owed[last];
    let rate = terms.debt.rate().unwrap_or(0.0);
    let last_service = (0..times).rev().find(|time| schedule.service(*time) > 0.0).unwrap_or(0);
    let money = flows.revenue.iter().chain(&flows.opex).chain(&flows.bought).map(|flow| flow.abs()).fold(0.0, f64::max);
    let mut years: Vec<Year> = Vec::with_capacity(times);
    let mut reserve_before = 0.0;
    // Worth at a time of the CFADS of later years up to the last service.
    let mut worth = vec![0.0; times + 1];
    for time in (0..last_service).rev() {
        worth[time] = (worth[time + 1] + cfads[time + 1]) / (1.0 + rate);
    }
    for time in 0..times {
        let service = schedule.service(time);
        let reserve = schedule.service(time + 1) * terms.reserves_months / 12.0;
        let to_owners = cfads[time] - service - flows.bought[time] + schedule.drawn[time] - fees[time] - (reserve - reserve_before);
        reserve_before = reserve;
        years.push(Year {
            time,
            revenue: flows.revenue[time],
            opex: flows.opex[time],
            ebitda: flows.revenue[time] - flows.opex[time],
            depreciation: flows.depreciation[time],
            interest: schedule.interest[time],
            fees: fees[time],
            taxable: taxable[time],
            losses: losses[time],
            tax: tax[time],
            credits: flows.credits[time],
            bought: flows.bought[time],
            cfads: cfads[time],
            drawn: schedule.drawn[time],
            principal: schedule.principal[time],
            owed: schedule.owed[time],
            reserve,
            end: if time == last { flows.end_value - end_tax - end_owed } else { 0.0 },
            to_owners,
            dscr: cover(cfads[time], service, money),
            llcr: cover(worth[time], schedule.owed[time], money).filter(|_| time < last_service),
        });
    }
    Statement { years, end_value: flows.end_value, end_book: flows.end_book, end_tax, end_owed, end_years: project.end_years, schedule }
}

/// How often a sum covers what is due; none where nothing is due. Less than a billionth of the `money` that moves in
/// the project's largest year is the rounding of a schedule that borrows nothing, and no debt.
fn cover(sum: f64, due: f64, money: f64) -> Option<f64> {
    (due > 1e-9 * money && due > 0.0).then(|| sum / due)
}

#[cfg(test)]
mod tests {
    use super::cover;

    #[test]
    fn what_is_not_borrowed_is_not_covered() {
        assert_eq!(cover(140.0, 100.0, 500.0), Some(1.4));
        assert_eq!(cover(-50.0, 100.0, 500.0), Some(-0.5));
        assert_eq!(cover(0.0, 100.0, 500.0), Some(0.0));
        assert_eq!(cover(1e9, 1e-3, 500.0), Some(1e12));
        assert_eq!(cover(-500.0, 3e-9, 500.0), None);
        assert_eq!(cover(0.0, 3e-9, 500.0), None);
        assert_eq!(cover(0.0, 0.0, 0.0), None);
    }
}
