//! The lender's view of an answer: its flows under the tax and the debt that the plan states.
//!
//! The flows are those of [`super::money`]: revenue less opex of a period at the end of its plan year,
//! capital when it is ordered (at what its annuities are worth), what is left at the end of the horizon.
//! So without tax and debt, and with what annuities leave unpaid as what is left, the rate of return is
//! that of the key figures.
//!
//! Stress lines keep the builds and the debt of the answer, and so do break-evens: nothing is solved again.

use std::collections::BTreeMap;

use super::Results;
pub use super::findings::{BreakEvens, Lender, Stress};
use super::read::Reading;
use crate::finance::figures::owners_value;
use crate::finance::levels::{crossing, least_revenue_factor, levelised, most_cost_factor};
use crate::finance::statement::statement_under;
use crate::finance::value::{present_value, rate_of_return};
use crate::finance::{Asset, Debt, Figures, Project, Terms, statement};
use crate::formulation::cost::CostPart;
use crate::formulation::program::Col;
use crate::resolved::financing::{Class, Financing};
use crate::resolved::{Calendar, Ix as _, PeriodIx};

/// Yearly factors on prices at which NPV is shown.
const REPRICED: [f64; 13] = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.45, 0.4, 0.35, 0.3, 0.25, 0.2, 0.1];

/// Months that the late case is late.
const LATE_MONTHS: f64 = 6.0;

/// The lender's view, where the plan states how it is financed.
pub(super) fn lender(reading: &Reading<'_>, results: &Results) -> Option<Lender> {
    let financing = reading.resolved.financing.as_ref()?;
    let calendar = &reading.resolved.calendar;
    let assets = assets(reading, financing);
    let unpaid_annuities_musd = super::money::end_value_musd(results);
    let flows = Flows { results, calendar, financing, assets };
    let plain = |_: usize| 1.0;
    let base = flows.project(&plain, None);
    let terms = financing.terms.clone();
    let made = statement(&base, &terms);
    let of_year = |values: &dyn Fn(usize) -> f64| flows.by_year(values);
    let tokens = of_year(&|period| results.tokens.get(period).map_or(0.0, |tokens| tokens.answer_ttok));
    // Million chip-hours, so that M$ over them are $ per chip-hour.
    let chips = |period: usize| -> f64 {
        let counts = results.fleet.iter().map(|fleet| at(&fleet.in_service, period) + at(&fleet.rented, period));
        counts.sum::<f64>() * results.periods.get(period).map_or(0.0, |period| period.days) * 24.0 * 1e-6
    };
    let unlevered = Terms { debt: Debt::None, ..terms.clone() };
    let npv = |factor: f64| {
        let repriced = flows.project(&|period| factor.powf(flows.start_years(period)), None);
        present_value(&statement(&repriced, &unlevered).project_payments(), terms.nominal_rate())
    };
    let chips_bought = |index: usize| flows.assets.get(index).is_some_and(|(class, _)| *class == Class::Chips);
    let sells = base.revenue.iter().any(|revenue| *revenue > 0.0);
    let break_evens = BreakEvens {
        least_price_factor: least_revenue_factor(&base, &terms),
        most_chip_cost_factor: most_cost_factor(&base, &terms, &chips_bought),
        price_factor_per_year: if sells { crossing(&npv, 0.0, 8.0) } else { None },
    };
    let stress = |name: &str, project: &Project| {
        let worse = statement_under(project, &terms, &made.schedule);
        let owners = worse.owner_payments();
        Stress {
            name: name.to_owned(),
            dscr_least: worse.years.iter().filter_map(|year| year.dscr).reduce(f64::min),
            irr_of_owners_fraction: rate_of_return(&owners),
            npv_of_owners_musd: present_value(&owners, terms.equity_return),
        }
    };
    let stresses = vec![
        stress("as planned", &base),
        stress("prices 30 % lower", &base.with_revenue(0.7)),
        stress("a fifth less sold at the same cost", &base.with_revenue(0.8)),
        stress("sales half a year late at the same cost", &flows.project(&plain, Some(LATE_MONTHS))),
    ];
    Some(Lender {
        years: flows.labels(),
        figures: Figures::of(&base, &terms, &made),
        lcot_usd_per_mtok: levelised(&base, &terms, &tokens),
        lcoc_usd_per_chip_hour: levelised(&base, &terms, &of_year(&chips)),
        break_evens,
        repricing: REPRICED.iter().map(|factor| (*factor, npv(*factor))).collect(),
        stresses,
        covenant_dscr: financing.covenant_dscr,
        end_value_musd: base.assets.iter().map(|asset| asset.end_value).sum(),
        unpaid_annuities_musd,
        statement: made,
        project: base,
        terms,
    })
}

fn at(values: &[f64], index: usize) -> f64 {
    values.get(index).copied().unwrap_or(0.0)
}

/// The answer's flows before tax and debt.
struct Flows<'a> {
    results: &'a Results,
    calendar: &'a Calendar,
    financing: &'a Financing,
    assets: Vec<(Class, Asset)>,
}

impl Flows<'_> {
    /// Years from the horizon's start to a period's.
    fn start_years(&self, period: usize) -> f64 {
        self.calendar.years_of(period)
    }

    /// Plan years that operation spans.
    fn years(&self) -> usize {
        (self.calendar.years_of(self.calendar.periods.len()) - 1e-9).floor().max(0.0) as usize + 1
    }

    /// Sums by plan year.
    fn by_year(&self, value: &dyn Fn(usize) -> f64) -> Vec<f64> {
        let mut years = vec![0.0; self.years()];
        for period in 0..self.results.periods.len() {
            if let Some(year) = years.get_mut((self.start_years(period) + 1e-9).floor() as usize) {
                *year += value(period);
            }
        }
        years
    }

    /// The project with prices times a factor by period; `late` months late with everything that is sold.
    fn project(&self, price: &dyn Fn(usize) -> f64, late: Option<f64>) -> Project {
        let revenue = |period: usize| match late {
            None => self.results.money.get(period).map_or(0.0, |money| money.revenue_musd) * price(period),
            Some(months) => self
                .results
                .sales
                .iter()
                .map(|sale| {
                    late_by(&sale.sold_ttok, months / f64::from(self.calendar.period_months), period) * at(&sale.usd_per_mtok, period)
                })
                .sum(),
        };
        Project {
            revenue: self.by_year(&revenue),
            opex: self.by_year(&|period| self.results.money.get(period).map_or(0.0, |money| money.opex_musd)),
            credits: self.by_year(&|period| self.produced(period)),
            assets: self.assets.iter().map(|(_, asset)| asset.clone()).collect(),
            end_years: self.calendar.years_of(self.calendar.periods.len()),
        }
    }

    /// Production credits of a period, M$.
    fn produced(&self, period: usize) -> f64 {
        let Some(start) = self.results.periods.get(period).map(|period| period.start) else { return 0.0 };
        let credits = self.financing.production_credits.iter().filter(|credit| credit.from <= start && start < credit.until);
        credits
            .map(|credit| {
                let of_contract = self.results.contracts.iter().filter(|contract| contract.id == credit.contract);
                // GWh at $ per MWh are thousands of $.
                of_contract.map(|contract| at(&contract.energy_gwh, period) + at(&contract.surplus_gwh, period)).sum::<f64>()
                    * credit.usd_per_mwh
                    * 1e-3
            })
            .sum()
    }

    /// `2027` for plan years that are calendar years, else the month they end before.
    fn labels(&self) -> Vec<String> {
        let start = self.calendar.start;
        let named = |year: usize| {
            let month = start.plus(i32::try_from(12 * year).unwrap_or(0));
            if start.month_of_year() == 1 { month.year().to_string() } else { format!("from {month}") }
        };
        std::iter::once(format!("start {start}")).chain((0..self.years()).map(named)).collect()
    }
}

/// What is sold in a period when everything comes so many periods later.
fn late_by(sold: &[f64], periods: f64, period: usize) -> f64 {
    let whole = periods.floor();
    let before = |back: usize| period.checked_sub(back).map_or(0.0, |index| at(sold, index));
    let share = periods - whole;
    (1.0 - share) * before(whole as usize) + share * before(whole as usize + 1)
}

/// What is bought: one asset for each class, period of the order and period of service.
fn assets(reading: &Reading<'_>, financing: &Financing) -> Vec<(Class, Asset)> {
    let layout = &reading.formulation.layout;
    let calendar = &reading.resolved.calendar;
    let rate = calendar.discount_rate;
    let horizon_years = calendar.years_of(calendar.periods.len());
    // What the annuities of an order are worth at the start, what they are for, and when they begin.
    let mut annuities: BTreeMap<Col, (CostPart, PeriodIx, f64)> = BTreeMap::new();
    for charge in layout.charges.iter().filter(|charge| charge.part.is_annuity()) {
        let Some(col) = charge.col else { continue };
        let entry = annuities.entry(col).or_insert((charge.part, charge.period, 0.0));
        entry.1 = entry.1.min(charge.period);
        entry.2 += charge.musd * calendar.periods[charge.period].discount;
    }
    let mut bought: BTreeMap<(Class, PeriodIx, PeriodIx), (f64, f64, f64)> = BTreeMap::new();
    for order in &layout.capex {
        let Some((part, serves, worth)) = annuities.get(&order.col).copied() else { continue };
        let class = match part {
            CostPart::Chips => Class::Chips,
            CostPart::Halls => Class::Halls,
            _ => Class::Plant,
        };
        let amount = reading.col(order.col);
        let paid_years = calendar.years_of(order.period.position());
        let worth = worth + order.unpaid_musd * (1.0 + rate).powf(-horizon_years);
        let dollar: f64 = super::money::spread_over_years(paid_years).iter().map(|(years, share)| share * (1.0 + rate).powf(-years)).sum();
        let cell = bought.entry((class, order.period, serves)).or_default();
        cell.0 += worth / dollar * amount;
        cell.1 += order.musd * amount;
        cell.2 += order.unpaid_musd * amount;
    }
    bought
        .into_iter()
        .filter(|(_, (cost, _, _))| *cost != 0.0)
        .map(|((class, ordered, serves), (cost, capex, unpaid))| {
            let (paid_years, serves_years) = (calendar.years_of(ordered.position()), calendar.years_of(serves.position()));
            let index = Class::ALL.iter().position(|known| *known == class).unwrap_or(0);
            let month = calendar.periods[ordered].start;
            let credits =
                financing.investment_credits.iter().filter(|credit| credit.class == class && credit.from <= month && month < credit.until);
            let (credit_fraction, lowered) = credits
                .fold((0.0, 0.0), |(all, lowered), credit| (all + credit.fraction, lowered + credit.fraction * credit.basis_fraction));
            let end_value = match financing.residual.get(index).and_then(Option::as_ref) {
                Some(worth) => capex * worth.share(horizon_years - serves_years),
                None => unpaid,
            };
            let asset = Asset {
                cost,
                paid_years,
                serves_years,
                depreciation: financing.depreciation.get(index).cloned().unwrap_or(crate::finance::Depreciation::Macrs5),
                end_value,
                credit_fraction,
                credit_basis_fraction: if credit_fraction > 0.0 { lowered / credit_fraction } else { 0.0 },
            };
            (class, asset)
        })
        .collect()
}

/// Value to the owners with all prices times a factor, M$: what the break-even is checked by.
#[must_use]
pub fn repriced_value_musd(lender: &Lender, factor: f64) -> f64 {
    owners_value(&lender.project.with_revenue(factor), &lender.terms)
}

#[cfg(test)]
mod tests {
    use super::late_by;

    #[test]
    fn sales_half_a_year_late() {
        // Quarters: two periods later. Years: half of each year's sales move into the next.
        let sold = [4.0, 8.0, 12.0];
        assert_eq!([0, 1, 2].map(|period| late_by(&sold, 2.0, period)), [0.0, 0.0, 4.0]);
        assert_eq!([0, 1, 2].map(|period| late_by(&sold, 0.5, period)), [2.0, 6.0, 10.0]);
    }
}
