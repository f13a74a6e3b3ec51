//! Debt: what is drawn, what is paid back and when.
//!
//! **Share**: of everything bought a share is borrowed on the day it is paid, each day a loan of its
//! own: `grace` years of interest alone, then equal parts of the principal ([`Shape::Level`]) or equal
//! payments ([`Shape::Annuity`]), all paid after `years` from the drawing (grace included). What is
//! still owed when the project ends is paid then, out of what is left.
//!
//! **Sculpted**: each year's service is what can serve it over a cover ratio, CFADS_t / dscr, so debt
//! drawn at once is
//!
//!   D = Σ_{t ≤ years} CFADS_t / (dscr · (1 + rate)^t)
//!
//! CFADS is after tax, and tax depends on interest: the two are settled in turns, each turn at most
//! tax · rate / dscr of the last. Debt is at most `most_fraction` of what is bought; where that binds,
//! every year's service is lower by the same factor, and the cover is higher than asked. What is bought
//! in several years is drawn in the same proportion to it; a year's service is then never more than
//! what is owed.

/// How a loan is paid back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Equal parts of the principal, and interest on what is owed.
    Level,
    /// Equal payments.
    Annuity,
}

/// Debt.
#[derive(Clone, Debug, PartialEq)]
pub enum Debt {
    /// None.
    None,
    /// A share of what is bought.
    Share {
        /// The share.
        fraction: f64,
        /// Interest a year, nominal.
        rate: f64,
        /// Years from drawing to the last payment.
        years: usize,
        /// Years of interest alone, part of `years`.
        grace: usize,
        /// How it is paid back.
        shape: Shape,
        /// Fee at drawing, as a share of what is drawn; written off over the loan's years.
        fee: f64,
    },
    /// As much as can be served at a cover ratio.
    Sculpted {
        /// Cash available for debt service over debt service.
        dscr: f64,
        /// Interest a year, nominal.
        rate: f64,
        /// Years from the start to the last payment; the years after them are the tail.
        years: usize,
        /// At most this share of what is bought.
        most_fraction: f64,
        /// Fee at drawing, as a share of what is drawn; written off over the loan's years.
        fee: f64,
    },
}

impl Debt {
    /// Interest a year, if there is debt.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        match self {
            Self::None => None,
            Self::Share { rate, .. } | Self::Sculpted { rate, .. } => Some(*rate),
        }
    }

    /// Fee and the years it is written off over.
    pub(super) fn fee(&self) -> (f64, usize) {
        match self {
            Self::None => (0.0, 1),
            Self::Share { fee, years, .. } | Self::Sculpted { fee, years, .. } => (*fee, (*years).max(1)),
        }
    }
}

/// What is drawn and paid at times 0, 1, …, n.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Schedule {
    /// Drawn.
    pub drawn: Vec<f64>,
    /// Interest paid.
    pub interest: Vec<f64>,
    /// Principal paid.
    pub principal: Vec<f64>,
    /// Owed after that.
    pub owed: Vec<f64>,
    /// Share of what is bought that is borrowed.
    pub fraction: f64,
}

impl Schedule {
    /// No debt.
    #[must_use]
    pub fn none(times: usize) -> Self {
        Self { drawn: vec![0.0; times], interest: vec![0.0; times], principal: vec![0.0; times], owed: vec![0.0; times], fraction: 0.0 }
    }

    /// Interest and principal at a time.
    #[must_use]
    pub fn service(&self, time: usize) -> f64 {
        self.interest.get(time).copied().unwrap_or(0.0) + self.principal.get(time).copied().unwrap_or(0.0)
    }

    /// Whether anything is drawn.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.drawn.iter().all(|drawn| *drawn == 0.0)
    }
}

/// The share of the principal that is paid at the end of the loan's year `year` (1 is the first).
fn repaid(year: usize, years: usize, grace: usize, rate: f64, shape: Shape) -> f64 {
    let paying = years.saturating_sub(grace).max(1);
    if year <= grace || year > grace + paying {
        return 0.0;
    }
    match shape {
        Shape::Level => 1.0 / paying as f64,
        // What an annuity repays grows by the interest: a · (1 + rate)^(k − 1) with Σ = 1.
        Shape::Annuity => {
            let nth = i32::try_from(year - grace - 1).unwrap_or(0);
            let first = crate::physics::finance::crf(rate, paying as f64) - rate;
            first * (1.0 + rate).powi(nth)
        }
    }
}

/// Loans of a share of what is bought at times 0, 1, …, n.
pub(super) fn shared(bought: &[f64], (fraction, rate): (f64, f64), (years, grace): (usize, usize), shape: Shape) -> Schedule {
    let mut schedule = Schedule::none(bought.len());
    schedule.fraction = fraction;
    for (drawing, cost) in bought.iter().enumerate() {
        let drawn = cost * fraction;
        if drawn == 0.0 {
            continue;
        }
        if let Some(cell) = schedule.drawn.get_mut(drawing) {
            *cell += drawn;
        }
        let mut owed = drawn;
        for time in drawing..bought.len() {
            if time > drawing {
                let principal = drawn * repaid(time - drawing, years, grace, rate, shape);
                schedule.interest[time] += owed * rate;
                schedule.principal[time] += principal;
                owed -= principal;
                // Rounding of the last payment is not a debt.
                if time - drawing >= years.max(grace + 1) {
                    owed = 0.0;
                }
            }
            schedule.owed[time] += owed;
        }
    }
    schedule
}

/// Debt sculpted to `cfads` at times 0, 1, …, n (the first is not used), drawn in proportion to `bought`.
pub(super) fn sculpted(bought: &[f64], cfads: &[f64], (dscr, rate): (f64, f64), years: usize, most_fraction: f64) -> Schedule {
    let last = years.min(bought.len().saturating_sub(1));
    let within = |time: usize| time >= 1 && time <= last;
    let wanted = |time: usize| if within(time) { cfads.get(time).copied().unwrap_or(0.0).max(0.0) / dscr } else { 0.0 };
    // What is bought after the last payment is not borrowed for.
    let draws: Vec<f64> = bought.iter().enumerate().map(|(time, cost)| if time < last { *cost } else { 0.0 }).collect();
    let growth = |time: usize| (1.0 + rate).powi(-i32::try_from(time).unwrap_or(i32::MAX));
    let worth_drawn: f64 = draws.iter().enumerate().map(|(time, cost)| cost * growth(time)).sum();
    let worth_served: f64 = (1..=last).map(|time| wanted(time) * growth(time)).sum();
    if worth_drawn <= 0.0 || worth_served <= 0.0 {
        return Schedule::none(bought.len());
    }
    // What is left owed at the end if a share is drawn and at most `service` times what is wanted is paid.
    let run = |fraction: f64, service: f64| -> Schedule {
        let mut schedule = Schedule::none(bought.len());
        schedule.fraction = fraction;
        let mut owed = 0.0;
        for (time, cost) in draws.iter().enumerate() {
            let interest = owed * rate;
            let paid = (wanted(time) * service).min(owed + interest);
            owed += interest - paid;
            schedule.interest[time] = interest;
            schedule.principal[time] = paid - interest;
            let drawn = fraction * cost;
            schedule.drawn[time] = drawn;
            owed += drawn;
            schedule.owed[time] = owed;
        }
        schedule
    };
    let left = |schedule: &Schedule| schedule.owed.get(last).copied().unwrap_or(0.0);
    let settle = |mut schedule: Schedule| {
        // The last payment takes what rounding left.
        let rest = left(&schedule);
        if let Some(principal) = schedule.principal.get_mut(last) {
            *principal += rest;
        }
        for owed in schedule.owed.iter_mut().skip(last) {
            *owed = 0.0;
        }
        schedule
    };
    let all_at_once = draws.iter().skip(1).all(|cost| *cost == 0.0);
    let fraction = if all_at_once {
        worth_served / worth_drawn
    } else {
        // Service may be held up by what is owed early on, so the share is searched for: what is left rises with it.
        super::value::root_of_rising(&|fraction| left(&run(fraction, 1.0)) - 1e-12 * worth_served, worth_served / worth_drawn)
            .unwrap_or(worth_served / worth_drawn)
    };
    if fraction <= most_fraction {
        return settle(run(fraction, 1.0));
    }
    // Held by the limit: every year pays the same part of what it could.
    let paid_in_all = |service: f64| -left(&run(most_fraction, service));
    let service = if all_at_once {
        most_fraction / fraction
    } else {
        super::value::root_of_rising(&|service| paid_in_all(service) + 1e-12 * worth_served, most_fraction / fraction)
            .unwrap_or(1.0)
            .min(1.0)
    };
    settle(run(most_fraction, service))
}
