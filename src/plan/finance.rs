//! How the plan is financed and taxed: the lender's view, computed from the answer.

use super::node::{Map, choice, record};
use super::values::{ContractRef, Month};

record! {
    /// How the plan is financed and taxed. It changes no decision: the statement is of the answer. Rates are in money of the day; the plan's own discount rate and amounts are real.
    pub struct Finance {
        /// Inflation a year
        inflation_fraction: f64 [-0.2, 1.0] = 0.0,
        /// Tax on profit
        tax_fraction: f64 [0.0, 0.95] = 0.0,
        /// How chips are written off
        depreciation: WriteOff = WriteOff::Macrs5,
        /// How halls are written off; like chips if left out
        hall_depreciation: Option<WriteOff> = None,
        /// How plant and batteries are written off; like chips if left out
        plant_depreciation: Option<WriteOff> = None,
        /// What becomes of a loss in the tax
        loss: Losses = Losses::CarryForward,
        /// Debt
        debt: Debt = Debt::None,
        /// Return the owners ask, in money of the day; the plan's discount rate with inflation if left out
        equity_return_fraction: Option<f64> [0.0, 2.0] = None,
        /// Months of the next year's debt service kept in reserve
        reserves_months: f64 [0.0, 24.0] = 0.0,
        /// Cover of debt service that lenders demand in every year, shown beside what there is
        covenant_dscr: Option<f64> [0.5, 10.0] = None,
        /// What is left at the horizon's end by age, for `chips`, `halls` and `plant`; what annuities have not paid where left out
        residual: Map<Worth> = Map::new(),
        /// Credits
        incentives: Vec<Incentive> = Vec::new(),
        /// Remarks and sources
        notes: String = String::new(),
    }
}

choice! {
    /// How cost is written off.
    pub enum WriteOff {
        /// In equal parts over so many years
        Straight(f64),
        /// MACRS, three-year property
        Macrs3,
        /// MACRS, five-year property: computers
        Macrs5,
        /// MACRS, seven-year property
        Macrs7,
        /// MACRS, fifteen-year property
        Macrs15,
        /// MACRS, twenty-year property: power plant
        Macrs20,
        /// This share in the first year, the rest by five-year MACRS
        Bonus(f64),
    }
}

choice! {
    /// What becomes of a loss in the tax.
    pub enum Losses {
        /// Set against later profits; what is left at the end is lost
        CarryForward,
        /// Saves tax at once: the owner has other profits
        PaidOut,
    }
}

choice! {
    /// Debt.
    pub enum Debt {
        /// No debt
        None,
        /// A share of everything bought, each purchase a loan of its own
        Share(ShareDebt),
        /// As much as can be served at a cover ratio
        Sculpted(SculptedDebt),
    }
}

record! {
    /// Loans of a share of what is bought.
    pub struct ShareDebt {
        /// The share
        fraction: f64 [0.0, 1.0],
        /// Interest a year, in money of the day
        rate_fraction: f64 [0.0, 1.0],
        /// Years from drawing to the last payment
        years: u32 [1.0, 60.0],
        /// Years of interest alone, part of them
        grace_years: u32 [0.0, 59.0] = 0,
        /// How it is paid back
        shape: Repayment = Repayment::Annuity,
        /// Fee at drawing, as a share of what is drawn
        fee_fraction: f64 [0.0, 0.5] = 0.0,
    }
}

choice! {
    /// How a loan is paid back.
    pub enum Repayment {
        /// Equal parts of the principal, and interest on what is owed
        Level,
        /// Equal payments
        Annuity,
    }
}

record! {
    /// Debt sized to what can serve it.
    pub struct SculptedDebt {
        /// Cash available for debt service over debt service, every year
        dscr: f64 [1.0, 10.0],
        /// Interest a year, in money of the day
        rate_fraction: f64 [0.0, 1.0],
        /// Years from the horizon's start to the last payment; the years after them are the tail
        years: u32 [1.0, 60.0],
        /// At most this share of what is bought
        at_most_fraction: f64 [0.0, 1.0] = 1.0,
        /// Fee at drawing, as a share of what is drawn
        fee_fraction: f64 [0.0, 0.5] = 0.0,
    }
}

choice! {
    /// What something is worth by its age, as a share of its cost when new, in real money.
    pub enum Worth {
        /// Falls by a factor a year
        Curve(AgeCurve),
        /// At ages 0, 1, 2 … years, straight lines between; the last holds on
        ByAge(Vec<f64>),
    }
}

record! {
    /// Worth that falls by a factor a year. The floor may be what a buyer guarantees.
    pub struct AgeCurve {
        /// Share of its cost when it goes into service
        from: f64 [0.0, 2.0] = 1.0,
        /// Factor a year; of the catalog's curve if left out
        factor_per_year: Option<f64> [0.0, 2.0] = None,
        /// A curve of the catalog, by id, instead of a factor
        catalog: Option<String> = None,
        /// Never below this share of its cost
        floor: f64 [0.0, 2.0] = 0.0,
    }
}

choice! {
    /// A credit.
    pub enum Incentive {
        /// A share of what is bought, in the year it goes into service
        InvestmentCredit(InvestmentCredit),
        /// Money for each MWh of a contract or plant
        ProductionCredit(ProductionCredit),
    }
}

record! {
    /// A credit on what is bought, taken in cash.
    pub struct InvestmentCredit {
        /// `chips`, `halls` or `plant`
        of: String,
        /// Share of the cost
        fraction: f64 [0.0, 1.0],
        /// Orders from this month on; all if left out
        from: Option<Month> = None,
        /// Orders before this month; all if left out
        until: Option<Month> = None,
        /// Share of the credit by which what may be written off is lower
        basis_fraction: f64 [0.0, 1.0] = 0.0,
    }
}

record! {
    /// A credit for energy produced, untaxed.
    pub struct ProductionCredit {
        /// The contract or plant that produces it
        contract: ContractRef,
        /// $ per MWh, real
        usd_per_mwh: f64 [0.0, 1e4],
        /// From this month on; from the contract's start if left out
        from: Option<Month> = None,
        /// Before this month; to the horizon's end if left out
        until: Option<Month> = None,
    }
}

/// What `residual` and credits may be about.
pub const CLASSES: [&str; 3] = ["chips", "halls", "plant"];
