//! NPV after tax, as a goal that is linear.
//!
//!   Σ_p discount_p · (1 − τ) · (revenue_p − opex_p) + Σ_p discount_p · production credits_p
//!   − Σ_orders worth of what is paid, less what it saves in tax, less what is left at the end       (M$)
//!
//! opex are all charges but annuities. An order is worth, per unit, what the statement of `finance` makes
//! of it alone: its cost (what its annuities are worth) when it is paid, the tax that writing it off
//! saves, year by year at the nominal rate, credits, and at the end what is left of it, taxed on the
//! difference to its book. So the goal is the value after tax and before debt of the lender's view.
//!
//! Linear it is because losses save tax at once ([`crate::finance::Loss::PaidOut`]): the owner has other
//! profits, or the plan has them in the same year. With losses carried forward the statement may come to
//! less; both are shown.

use std::collections::BTreeMap;

use super::Builder;
use super::cost::{Capex, Charge, CostPart};
use super::program::{Col, Linear};
use crate::finance::statement::statement;
use crate::finance::value::present_value;
use crate::finance::{Asset, Project, spread_over_years};
use crate::resolved::financing::{Class, Financing};
use crate::resolved::{Calendar, Ix as _, PeriodIx};

/// What one unit of an order is, as far as tax and worth are concerned.
#[derive(Clone, Debug)]
pub struct Bought {
    /// The order's column.
    pub col: Col,
    /// What kind of thing it is.
    pub class: Class,
    /// Period of the order.
    pub ordered: PeriodIx,
    /// Period from which it serves.
    pub serves: PeriodIx,
    /// Its money, M$ per unit of the column.
    pub asset: Asset,
    /// What its annuities leave unpaid at the end, M$ per unit.
    pub unpaid_musd: f64,
}

/// Everything that may be bought, by the unit of its column.
#[must_use]
pub fn bought(calendar: &Calendar, financing: &Financing, charges: &[Charge], orders: &[Capex]) -> Vec<Bought> {
    let rate = calendar.discount_rate;
    let horizon_years = calendar.years_of(calendar.periods.len());
    // What the annuities of an order are worth at the start, what they are for, and when they begin.
    let mut annuities: BTreeMap<Col, (CostPart, PeriodIx, f64)> = BTreeMap::new();
    for charge in charges.iter().filter(|charge| charge.part.is_annuity()) {
        let Some(col) = charge.col else { continue };
        let entry = annuities.entry(col).or_insert((charge.part, charge.period, 0.0));
        entry.1 = entry.1.min(charge.period);
        entry.2 += charge.musd * calendar.periods[charge.period].discount;
    }
    let of_order = |order: &Capex| {
        let (part, serves, worth) = annuities.get(&order.col).copied()?;
        let class = match part {
            CostPart::Chips => Class::Chips,
            CostPart::Halls => Class::Halls,
            _ => Class::Plant,
        };
        let index = Class::ALL.iter().position(|known| *known == class).unwrap_or(0);
        let (paid_years, serves_years) = (calendar.years_of(order.period.position()), calendar.years_of(serves.position()));
        let worth = worth + order.unpaid_musd * (1.0 + rate).powf(-horizon_years);
        // What a dollar paid then is worth at the start.
        let dollar: f64 = spread_over_years(paid_years).iter().map(|(time, share)| share * (1.0 + rate).powf(-(*time as f64))).sum();
        let month = calendar.periods[order.period].start;
        let (credit_fraction, lowered) = financing
            .investment_credits
            .iter()
            .filter(|credit| credit.class == class && credit.from <= month && month < credit.until)
            .fold((0.0, 0.0), |(all, lowered), credit| (all + credit.fraction, lowered + credit.fraction * credit.basis_fraction));
        let end_value = match financing.residual.get(index).and_then(Option::as_ref) {
            Some(by_age) => order.musd * by_age.share(horizon_years - serves_years),
            None => order.unpaid_musd,
        };
        let asset = Asset {
            cost: worth / dollar,
            paid_years,
            serves_years,
            depreciation: financing.depreciation.get(index).cloned().unwrap_or(crate::finance::Depreciation::Macrs5),
            end_value,
            credit_fraction,
            credit_basis_fraction: if credit_fraction > 0.0 { lowered / credit_fraction } else { 0.0 },
        };
        Some(Bought { col: order.col, class, ordered: order.period, serves, asset, unpaid_musd: order.unpaid_musd })
    };
    orders.iter().filter_map(of_order).collect()
}

/// Plan years that operation spans.
#[must_use]
pub fn years(calendar: &Calendar) -> usize {
    (calendar.years_of(calendar.periods.len()) - 1e-9).floor().max(0.0) as usize + 1
}

/// The goal; nothing where the plan does not say how it is taxed (such a plan is refused).
pub(super) fn npv_after_tax(builder: &Builder<'_>, revenue: &Linear) -> Option<Linear> {
    let resolved = builder.resolved;
    let calendar = &resolved.calendar;
    let financing = resolved.financing.as_ref()?;
    let terms = financing.of_the_goal();
    let kept = 1.0 - terms.tax;
    let mut goal = Linear {
        name: "npv_after_tax",
        unit: "M$",
        terms: revenue.terms.iter().map(|(col, musd)| (*col, kept * musd)).collect(),
        constant: kept * revenue.constant,
    };
    for charge in builder.layout.charges.iter().filter(|charge| !charge.part.is_annuity()) {
        let musd = kept * charge.musd * calendar.periods[charge.period].discount;
        match charge.col {
            Some(col) => goal.terms.push((col, -musd)),
            None => goal.constant -= musd,
        }
    }
    let end_years = calendar.years_of(calendar.periods.len());
    let nothing = vec![0.0; years(calendar)];
    for one in bought(calendar, financing, &builder.layout.charges, &builder.layout.capex) {
        let alone =
            Project { revenue: nothing.clone(), opex: nothing.clone(), credits: nothing.clone(), assets: vec![one.asset], end_years };
        goal.terms.push((one.col, present_value(&statement(&alone, &terms).project_payments(), terms.nominal_rate())));
    }
    for (index, contract) in resolved.contracts.pairs() {
        let cols = &builder.layout.contracts[index];
        for credit in financing.production_credits.iter().filter(|credit| credit.contract == contract.id) {
            for (period, data) in calendar.periods.pairs() {
                if !(contract.in_force[period] && credit.from <= data.start && data.start < credit.until) {
                    continue;
                }
                // M$ for a MWh.
                let musd = credit.usd_per_mwh * 1e-6 * data.discount;
                match (&contract.facets.produced_price, cols.contract_mw) {
                    // What is produced counts, drawn or not.
                    (Some(_), Some(mw)) => goal.terms.push((mw, musd * contract.full_hours(calendar, period))),
                    _ => {
                        for (slice, col) in calendar.slices_of[period].iter().zip(&cols.draw[period]) {
                            goal.terms.extend(col.map(|col| (col, musd * calendar.hours(period, *slice))));
                        }
                    }
                }
            }
        }
    }
    Some(goal)
}
