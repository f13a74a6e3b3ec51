//! How wide the uncertainty of a rate is: earned by what the chooser missed on points it was not shown.
//!
//! With cells, pairs, chips and vendors left out in turn, the chooser is asked for every measured
//! frontier point. A miss is `|measured / predicted − 1|`, divided by the slope of the rate in the
//! software factor where it was asked, for a frontier that is steep misses more. The widths below
//! are those inside which two misses of three lie, by distance and number of pools;
//! [`super::validation`] makes them anew and prints what they hold on the other half of the cells.

use super::choose::Pools;
use super::correction::Distance;
use crate::catalog::VERSION;

/// A product's answers from this length on are long reasoning, of which little was measured.
const LONG_ANSWER_TOKENS: f64 = 4096.0;

/// How much wider a band is for long reasoning answers that were not measured themselves.
const LONG_ANSWER_WIDENING: f64 = 1.3;

/// What the same chips gained in a year where it was measured twice (MLPerf v5.1 to v6.0, offline
/// 1.6 to 1.8 times): added to the band of a rate measured more than a year ago.
pub(super) const GAIN_OF_A_YEAR: f64 = 0.6;

/// No band is narrower: two runs of one benchmark on one chip differ by this much.
const NARROWEST: f64 = 0.04;

/// No band is wider: beyond twice the rate it says nothing.
pub const WIDEST: f64 = 2.0;

/// Steepest slope that widens a band.
const STEEPEST: f64 = 4.0;

/// Two thirds of the misses are within this, per unit of slope.
#[must_use]
pub const fn two_thirds(distance: Distance, pools: Pools) -> f64 {
    match (distance, pools) {
        (Distance::Between, Pools::One) => 0.048,
        (Distance::Between, Pools::Two) => 0.10,
        (Distance::SamePair, Pools::One) => 0.138,
        (Distance::SamePair, Pools::Two) => 0.19,
        (Distance::SameChip, Pools::One) => 0.28,
        (Distance::SameChip, Pools::Two) => 0.33,
        (Distance::SameVendor, Pools::One) => 0.30,
        (Distance::SameVendor, Pools::Two) => 0.38,
        (Distance::Nothing, Pools::One) => 0.32,
        (Distance::Nothing, Pools::Two) => 0.42,
    }
}

/// The slope as it widens a band.
#[must_use]
pub fn slope(ln_rate_per_ln_factor: f64) -> f64 {
    if ln_rate_per_ln_factor.is_finite() { ln_rate_per_ln_factor.clamp(1.0, STEEPEST) } else { STEEPEST }
}

/// What a limit beyond the slowest run adds: more requests would have fitted, nobody has shown how
/// many. Where a sweep did go on, a rate rose with about half to all of the growth in time per token.
pub(super) fn beyond_end(ln_beyond: f64) -> f64 {
    (0.5 * ln_beyond).clamp(0.0, 0.5)
}

/// One pool that answers fast is missed by less: little is in flight, and memory decides. The whole
/// width holds from 25 ms per token on, 0.6 of it below 12 ms.
fn at_speed(distance: Distance, pools: Pools, tpot_s: f64) -> f64 {
    if pools == Pools::Two || matches!(distance, Distance::Between | Distance::Nothing) {
        return 1.0;
    }
    let share = (tpot_s / 0.012).ln() / (0.025_f64 / 0.012).ln();
    0.6 + 0.4 * share.clamp(0.0, 1.0)
}

/// True if a run is more than a year older than the catalog.
pub(super) fn is_old(date: &str) -> bool {
    let months = |text: &str| -> Option<i32> {
        let mut parts = text.split('-');
        let year: i32 = parts.next()?.parse().ok()?;
        let month: i32 = parts.next().and_then(|month| month.parse().ok()).unwrap_or(6);
        Some(12 * year + month)
    };
    months(VERSION).zip(months(date)).is_some_and(|(now, then)| now - then > 12)
}

/// The half-width of the band of a run that a plan states as measured, by its date: that of two runs of one
/// benchmark, and what software has gained since where it is more than a year old.
#[must_use]
pub fn of_a_run(date: &str) -> f64 {
    NARROWEST + if is_old(date) { GAIN_OF_A_YEAR } else { 0.0 }
}

/// The half-width of the band of a rate, as a fraction of it.
pub(super) fn band((distance, pools): (Distance, Pools), slope: f64, tpot_s: f64, answer_tokens: f64) -> f64 {
    let long = answer_tokens >= LONG_ANSWER_TOKENS && distance != Distance::Between;
    let wider = if long { LONG_ANSWER_WIDENING } else { 1.0 };
    (two_thirds(distance, pools) * slope * wider * at_speed(distance, pools, tpot_s)).clamp(NARROWEST, WIDEST)
}
