//! The lender's view resolved: terms, worth by age and credits, every number known.

use super::{Calendar, Resolver};
use crate::finance::{self, Depreciation};
use crate::plan::finance::{CLASSES, Debt, Incentive, Losses, Repayment, Worth, WriteOff};
use crate::plan::{Goal, Month};

/// What is bought, as far as tax and worth are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Chips.
    Chips,
    /// Halls and pipelines.
    Halls,
    /// On-site plant and batteries.
    Plant,
}

impl Class {
    /// All, in the order of [`CLASSES`].
    pub const ALL: [Self; 3] = [Self::Chips, Self::Halls, Self::Plant];

    /// Its name in a plan.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Chips => "chips",
            Self::Halls => "halls",
            Self::Plant => "plant",
        }
    }
}

/// What something is worth by age, as a share of its cost when new.
#[derive(Clone, Debug, PartialEq)]
pub enum ByAge {
    /// A factor a year, with a first share and a floor.
    Curve {
        /// Share when it goes into service.
        from: f64,
        /// Factor a year.
        factor: f64,
        /// Never below.
        floor: f64,
    },
    /// Shares at ages 0, 1, 2 … years.
    Table(Vec<f64>),
}

impl ByAge {
    /// The share at an age in years.
    #[must_use]
    pub fn share(&self, age: f64) -> f64 {
        let age = age.max(0.0);
        match self {
            Self::Curve { from, factor, floor } => (from * factor.powf(age)).max(*floor),
            Self::Table(shares) => {
                let at = |index: usize| shares.get(index).or(shares.last()).copied().unwrap_or(0.0);
                let whole = age.floor();
                let (low, high) = (at(whole as usize), at(whole as usize + 1));
                low + (high - low) * (age - whole)
            }
        }
    }
}

/// A credit on what is bought.
#[derive(Clone, Debug, PartialEq)]
pub struct InvestmentCredit {
    /// What it is on.
    pub class: Class,
    /// Share of the cost.
    pub fraction: f64,
    /// Share of the credit that lowers what is written off.
    pub basis_fraction: f64,
    /// First month of orders.
    pub from: Month,
    /// Month before which orders count.
    pub until: Month,
}

/// A credit for energy.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductionCredit {
    /// Id of the contract.
    pub contract: String,
    /// $ per MWh.
    pub usd_per_mwh: f64,
    /// First month.
    pub from: Month,
    /// Month before which it counts.
    pub until: Month,
}

/// How the plan is financed and taxed.
#[derive(Clone, Debug, PartialEq)]
pub struct Financing {
    /// Tax, debt and rates.
    pub terms: finance::Terms,
    /// How each class is written off, in the order of [`Class::ALL`].
    pub depreciation: [Depreciation; 3],
    /// Worth by age, where stated, in the same order.
    pub residual: [Option<ByAge>; 3],
    /// Credits on what is bought.
    pub investment_credits: Vec<InvestmentCredit>,
    /// Credits for energy.
    pub production_credits: Vec<ProductionCredit>,
    /// Cover that lenders demand.
    pub covenant_dscr: Option<f64>,
}

impl Financing {
    /// Credits on what is bought of a class in a month, as a share of its cost.
    #[must_use]
    pub fn credit_fraction(&self, class: Class, month: Month) -> f64 {
        let of_order = |credit: &&InvestmentCredit| credit.class == class && credit.from <= month && month < credit.until;
        self.investment_credits.iter().filter(of_order).map(|credit| credit.fraction).sum()
    }

    /// The terms of value after tax as a goal: without debt, and losses save tax at once.
    #[must_use]
    pub fn of_the_goal(&self) -> finance::Terms {
        finance::Terms { debt: finance::Debt::None, loss: finance::Loss::PaidOut, ..self.terms.clone() }
    }
}

fn debt(debt: &Debt) -> finance::Debt {
    match debt {
        Debt::None => finance::Debt::None,
        Debt::Share(loan) => finance::Debt::Share {
            fraction: loan.fraction,
            rate: loan.rate_fraction,
            years: loan.years as usize,
            grace: loan.grace_years as usize,
            shape: if loan.shape == Repayment::Level { finance::Shape::Level } else { finance::Shape::Annuity },
            fee: loan.fee_fraction,
        },
        Debt::Sculpted(loan) => finance::Debt::Sculpted {
            dscr: loan.dscr,
            rate: loan.rate_fraction,
            years: loan.years as usize,
            most_fraction: loan.at_most_fraction,
            fee: loan.fee_fraction,
        },
    }
}

impl Resolver<'_> {
    /// How the plan is financed; none where it does not say.
    pub(super) fn financing(&mut self, calendar: &Calendar) -> Option<Financing> {
        let plan = self.plan;
        let wants_tax = plan.objective.iter().position(|goal| matches!(goal, Goal::MaxNpvAfterTax));
        if let (Some(index), None) = (wants_tax, &plan.finance) {
            let message = "The goal is value after tax, but the plan does not say how it is taxed.";
            let help = "State `finance: (tax_fraction: 0.21)`, or let the goal be `MaxNpv`.";
            self.error("goal-needs-finance", format!("objective.{index}"), message, help);
        }
        let finance = plan.finance.as_ref()?;
        let mut residual = [const { None }; 3];
        for (class, cell) in CLASSES.iter().zip(&mut residual) {
            *cell = finance.residual.get(*class).and_then(|worth| self.worth(class, worth));
        }
        let own = &finance.depreciation;
        let or_own = |kind: &Option<WriteOff>| kind.as_ref().unwrap_or(own).clone();
        let plain = finance::Terms::plain(calendar.discount_rate);
        let mut terms = finance::Terms {
            inflation: finance.inflation_fraction,
            tax: finance.tax_fraction,
            loss: if finance.loss == Losses::PaidOut { finance::Loss::PaidOut } else { finance::Loss::CarryForward },
            debt: debt(&finance.debt),
            reserves_months: finance.reserves_months,
            ..plain
        };
        terms.equity_return = finance.equity_return_fraction.unwrap_or_else(|| terms.nominal_rate());
        let (mut investment_credits, mut production_credits) = (Vec::new(), Vec::new());
        for incentive in &finance.incentives {
            match incentive {
                Incentive::InvestmentCredit(credit) => {
                    // An unknown class has been refused.
                    let Some(class) = Class::ALL.into_iter().find(|class| class.name() == credit.of) else { continue };
                    let (from, until) = (credit.from.unwrap_or(Month::ALWAYS), credit.until.unwrap_or(Month(i32::MAX)));
                    let (fraction, basis_fraction) = (credit.fraction, credit.basis_fraction);
                    investment_credits.push(InvestmentCredit { class, fraction, basis_fraction, from, until });
                }
                Incentive::ProductionCredit(credit) => production_credits.push(ProductionCredit {
                    contract: credit.contract.0.clone(),
                    usd_per_mwh: credit.usd_per_mwh,
                    from: credit.from.unwrap_or(Month::ALWAYS),
                    until: credit.until.unwrap_or(Month(i32::MAX)),
                }),
            }
        }
        Some(Financing {
            terms,
            depreciation: [own.clone(), or_own(&finance.hall_depreciation), or_own(&finance.plant_depreciation)],
            residual,
            investment_credits,
            production_credits,
            covenant_dscr: finance.covenant_dscr,
        })
    }

    fn worth(&mut self, class: &str, worth: &Worth) -> Option<ByAge> {
        let curve = match worth {
            Worth::ByAge(shares) => return Some(ByAge::Table(shares.clone())),
            Worth::Curve(curve) => curve,
        };
        let at = format!("finance.residual.{class}");
        let factor = match (&curve.catalog, curve.factor_per_year) {
            (Some(id), _) => {
                let Some(row) = self.catalog.curve(id) else {
                    let near = crate::diagnostic::nearest_name(id, self.catalog.curves().iter().map(|row| row.id.as_str()));
                    let help = near.map_or_else(
                        || "`tokenworks catalog list curves` shows them.".to_owned(),
                        |near| format!("Did you mean `{near}`?"),
                    );
                    self.error("unknown-curve", format!("{at}.catalog"), format!("The catalog has no curve `{id}`."), help);
                    return None;
                };
                self.assume(format!("{at}.factor_per_year"), row.factor_per_year, "a year", &row.source, row.confidence.label());
                row.factor_per_year
            }
            (None, Some(factor)) => {
                self.assume(format!("{at}.factor_per_year"), factor, "a year", "the plan", "stated");
                factor
            }
            // Refused by the plan's own rules.
            (None, None) => return None,
        };
        Some(ByAge::Curve { from: curve.from, factor, floor: curve.floor })
    }
}

#[cfg(test)]
mod tests {
    use super::ByAge;

    #[test]
    fn worth_by_age_and_what_is_guaranteed() {
        // 0.9 · 0.7 after a year, 0.441 after two; guaranteed 0.3 from the fourth on (0.216 without).
        let curve = ByAge::Curve { from: 0.9, factor: 0.7, floor: 0.3 };
        for (age, wanted) in [(-1.0, 0.9), (0.0, 0.9), (1.0, 0.63), (2.0, 0.441), (4.0, 0.3)] {
            assert!((curve.share(age) - wanted).abs() < 1e-12, "{age}");
        }
        let table = ByAge::Table(vec![1.0, 0.8, 0.5]);
        for (age, wanted) in [(0.5, 0.9), (1.0, 0.8), (1.5, 0.65), (2.0, 0.5), (7.0, 0.5)] {
            assert!((table.share(age) - wanted).abs() < 1e-12, "{age}");
        }
    }
}
