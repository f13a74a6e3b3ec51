//! What a lender and an owner read off a statement.

use super::debt::Debt;
use super::statement::{Statement, statement};
use super::value::{payback_years, present_value, rate_of_return};
use super::{Project, Terms};

/// Figures of a project under terms. Rates are nominal, money is of the start.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Figures {
    /// Value before tax and debt, at the nominal discount rate.
    pub npv_before_tax: f64,
    /// Value after tax, before debt, at the nominal discount rate.
    pub npv_after_tax: f64,
    /// Value to the owners, at the return they ask.
    pub npv_of_owners: f64,
    /// Rate of return before tax and debt; none where there is none or more than one.
    pub irr_before_tax: Option<f64>,
    /// Rate of return after tax, before debt.
    pub irr_after_tax: Option<f64>,
    /// Rate of return of the owners.
    pub irr_of_owners: Option<f64>,
    /// Years until what the owners got covers what they paid, for good, without what is left at the end.
    pub payback_of_owners_years: Option<f64>,
    /// Debt drawn in all.
    pub debt: f64,
    /// Share of what is bought that is borrowed.
    pub debt_fraction: f64,
    /// Least cover of a year.
    pub dscr_least: Option<f64>,
    /// Mean cover of the years with debt service.
    pub dscr_mean: Option<f64>,
    /// Least loan life cover.
    pub llcr_least: Option<f64>,
}

impl Figures {
    /// The figures, from the statement under the terms and one without debt.
    #[must_use]
    pub fn of(project: &Project, terms: &Terms, financed: &Statement) -> Self {
        let unlevered = statement(project, &Terms { debt: Debt::None, ..terms.clone() });
        let (before, after, owners) = (unlevered.untaxed_payments(), unlevered.project_payments(), financed.owner_payments());
        let rate = terms.nominal_rate();
        let covers: Vec<f64> = financed.years.iter().filter_map(|year| year.dscr).collect();
        let least = |values: &mut dyn Iterator<Item = f64>| values.reduce(f64::min);
        let without_end: Vec<_> = financed.years.iter().map(|year| (year.time as f64, year.to_owners)).collect();
        Self {
            npv_before_tax: present_value(&before, rate),
            npv_after_tax: present_value(&after, rate),
            npv_of_owners: present_value(&owners, terms.equity_return),
            irr_before_tax: rate_of_return(&before),
            irr_after_tax: rate_of_return(&after),
            irr_of_owners: rate_of_return(&owners),
            payback_of_owners_years: payback_years(&without_end),
            debt: financed.schedule.drawn.iter().sum(),
            debt_fraction: financed.schedule.fraction,
            dscr_least: least(&mut covers.iter().copied()),
            dscr_mean: (!covers.is_empty()).then(|| covers.iter().sum::<f64>() / covers.len() as f64),
            llcr_least: least(&mut financed.years.iter().filter_map(|year| year.llcr)),
        }
    }
}

/// Value to the owners of a project under terms.
#[must_use]
pub fn owners_value(project: &Project, terms: &Terms) -> f64 {
    present_value(&statement(project, terms).owner_payments(), terms.equity_return)
}
