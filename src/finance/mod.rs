//! Money as a lender sees it: tax, debt and what is left, over years. Pure functions of yearly flows.
//!
//! Times are years from the start: capital may leave at 0, 1, 2 …; what is earned in year t comes at
//! its end, at time t. Money goes in as real money of the start, in any unit (nothing here knows
//! whether it is dollars or millions), and is made nominal first: × (1 + inflation)^t. Depreciation,
//! debt and losses are nominal, so inflation wears them down as it does in life.
//!
//! - [`depreciation`]: straight line, MACRS, bonus.
//! - [`debt`]: loans by share of what is bought, and debt sculpted to what can serve it.
//! - [`mod@statement`]: the years one by one, from revenue to what the owners get.
//! - [`figures`]: rates of return, values, cover ratios of a statement.
//! - [`levels`]: levelised cost, break-evens, lease against own.
//! - [`value`]: present values and rates of return of dated payments.

pub mod debt;
pub mod depreciation;
pub mod figures;
pub mod levels;
pub mod statement;
pub mod value;

pub use debt::{Debt, Schedule, Shape};
pub use depreciation::Depreciation;
pub use figures::Figures;
pub use statement::{Statement, Year, statement};

/// What is bought: one thing, or all of one kind that is ordered in a period.
#[derive(Clone, Debug, PartialEq)]
pub struct Asset {
    /// Its cost, real.
    pub cost: f64,
    /// When it is paid: years from the start. Within a year it counts in parts at the year's start and its end.
    pub paid_years: f64,
    /// When it goes into service: years from the start. Its first year of depreciation is the year that holds this moment.
    pub serves_years: f64,
    /// How its cost is written off.
    pub depreciation: Depreciation,
    /// What it is worth at the end, real.
    pub end_value: f64,
    /// Investment credit as a share of its cost, received at the end of the year it goes into service.
    pub credit_fraction: f64,
    /// Share of the credit by which what may be written off is lower (0.5 in the US).
    pub credit_basis_fraction: f64,
}

/// The flows of what is to be judged, before tax and debt, real.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Project {
    /// Revenue of years 1, 2, ….
    pub revenue: Vec<f64>,
    /// Operating cost of the same years.
    pub opex: Vec<f64>,
    /// Production credits of the same years, untaxed.
    pub credits: Vec<f64>,
    /// What is bought.
    pub assets: Vec<Asset>,
    /// When it ends and what is left is sold: years from the start; within the last year or at its end.
    pub end_years: f64,
}

/// What becomes of a loss in the tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// It is set against later profits, in full; what is left at the end is lost.
    CarryForward,
    /// It saves tax at once: the owner has other profits.
    PaidOut,
}

/// How the project is financed and taxed.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// Inflation a year.
    pub inflation: f64,
    /// Tax on profit.
    pub tax: f64,
    /// What becomes of losses.
    pub loss: Loss,
    /// Debt.
    pub debt: Debt,
    /// Real discount rate of the project as a whole.
    pub discount_rate: f64,
    /// Return that the owners ask, nominal.
    pub equity_return: f64,
    /// Months of the next year's debt service kept in reserve.
    pub reserves_months: f64,
}

impl Terms {
    /// No tax, no debt, no inflation: the owners' return is the discount rate.
    #[must_use]
    pub fn plain(discount_rate: f64) -> Self {
        Self {
            inflation: 0.0,
            tax: 0.0,
            loss: Loss::PaidOut,
            debt: Debt::None,
            discount_rate,
            equity_return: discount_rate,
            reserves_months: 0.0,
        }
    }

    /// The discount rate in nominal terms.
    #[must_use]
    pub fn nominal_rate(&self) -> f64 {
        (1.0 + self.discount_rate) * (1.0 + self.inflation) - 1.0
    }
}

impl Project {
    /// Years of operation.
    #[must_use]
    pub fn years(&self) -> usize {
        self.revenue.len()
    }

    /// The same with revenue times a factor.
    #[must_use]
    pub fn with_revenue(&self, factor: f64) -> Self {
        Self { revenue: self.revenue.iter().map(|revenue| revenue * factor).collect(), ..self.clone() }
    }
}

/// A moment as shares of the year's start and its end: what lies within a year counts in parts at both.
#[must_use]
pub fn spread_over_years(years: f64) -> [(usize, f64); 2] {
    // A hair forward: periods are whole months, and a year ends with its last one.
    let whole = (years + 1e-9).floor().max(0.0);
    let share = (years - whole).max(0.0);
    [(whole as usize, 1.0 - share), (whole as usize + 1, share)]
}
