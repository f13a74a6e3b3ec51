//! Money as it enters the LP: every dollar is a charge in one period, of one part, on one column.

use serde::Serialize;

use super::program::Col;
use crate::resolved::{ActorIx, PeriodIx};

/// Parts that cost splits into; every dollar is in exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CostPart {
    /// Annuities of chips.
    Chips,
    /// Annuities of halls and pipelines.
    Halls,
    /// Annuities of on-site plant and batteries.
    Plant,
    /// Energy bought, produced or taken-or-paid, less resale; demand charges, fees, credits, contracts for difference, wear.
    Power,
    /// Operation and maintenance.
    Maintenance,
    /// Rent of chips.
    Rent,
    /// Tokens bought from others.
    Purchases,
    /// Egress.
    Egress,
    /// Token duty.
    TokenDuty,
    /// Carbon price.
    Carbon,
}

impl CostPart {
    /// All parts, in the order of stacks and tables.
    pub const ALL: [Self; 10] = [
        Self::Chips,
        Self::Halls,
        Self::Plant,
        Self::Power,
        Self::Maintenance,
        Self::Rent,
        Self::Purchases,
        Self::Egress,
        Self::TokenDuty,
        Self::Carbon,
    ];

    /// Its name on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Chips => "Chips",
            Self::Halls => "Halls",
            Self::Plant => "Plant and batteries",
            Self::Power => "Power",
            Self::Maintenance => "Operation and maintenance",
            Self::Rent => "Rented chips",
            Self::Purchases => "Bought tokens",
            Self::Egress => "Egress",
            Self::TokenDuty => "Token duty",
            Self::Carbon => "Carbon price",
        }
    }

    /// Whether it is an annuity: not part of opex.
    #[must_use]
    pub fn is_annuity(self) -> bool {
        matches!(self, Self::Chips | Self::Halls | Self::Plant)
    }
}

/// Money of one period, M$ per unit of a column (or a fixed amount without one), undiscounted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Charge {
    /// When.
    pub period: PeriodIx,
    /// What for.
    pub part: CostPart,
    /// On which column; `None` for a fixed amount.
    pub col: Option<Col>,
    /// M$ per unit.
    pub musd: f64,
    /// Index of the contract it belongs to, if any.
    pub contract: Option<u32>,
    /// Whose a fixed amount is, if it is no contract's.
    pub actor: Option<ActorIx>,
}

/// Capex of an order, M$ per unit of its column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Capex {
    /// Period of the order.
    pub period: PeriodIx,
    /// The order's column.
    pub col: Col,
    /// M$ per unit, landed.
    pub musd: f64,
    /// Share of the annuities that falls after the horizon (present value of what is unpaid at its end, per unit, in money of that moment).
    pub unpaid_musd: f64,
    /// Chip duty in it, M$ per unit.
    pub duty_musd: f64,
    /// Subsidy already taken off, M$ per unit.
    pub subsidy_musd: f64,
}
