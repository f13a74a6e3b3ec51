//! The correction of the roofline: a Gaussian process on the logarithm of measured over modelled
//! speed, learnt from the measured frontiers ([`super::training`]).
//!
//! ```text
//! ln f(x) = Σ_i α_i·k(x, x_i)        α = (K + noise²)⁻¹·y,  y = ln f at the measured points
//! k = vendor + chip + (model + family)·near(speed, prompt)
//!   + pair·near(speed, lengths) + all·near(speed, lengths) + constant
//! ```
//! Each word is a variance that counts where both questions share it; `near` is
//! `exp(−½·Σ(Δln/scale)²)`. So a factor holds where it was measured, shrinks to the chip and
//! served model, to the chip, to the vendor with distance, and ends at the roofline alone.
//! The weights `α` are computed by [`super::fit::Fit`] and shipped as `assets/catalog/corrections.csv`, so that
//! a look-up only sums them up; `tests/numbers/throughput.rs` makes them anew.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::choose::Pools;
use super::training::{Features, UNLIMITED_TPOT_S};

/// Standard deviations and scales of the kernel, all on logarithms.
///
/// Found by minimising the errors with cells and with pairs left out, then rounded.
pub(super) mod scale {
    pub const VENDOR: f64 = 0.36;
    pub const CHIP: f64 = 0.06;
    pub const MODEL: f64 = 0.18;
    pub const FAMILY: f64 = 0.38;
    pub const PAIR: f64 = 0.53;
    pub const ALL: f64 = 0.82;
    pub const CONSTANT: f64 = 0.13;
    pub const NOISE: f64 = 0.17;
    /// The last rate of a sweep, beyond its end.
    pub const NOISE_BEYOND: f64 = 0.105;
    /// A factor e in time per token, and in lengths.
    pub const SPEED: f64 = 0.82;
    pub const LENGTH: f64 = 3.07;
    pub const PAIR_SPEED: f64 = 0.55;
    /// What another precision, number of pools, use of speculation or raggedness keeps.
    pub const OTHER_PRECISION: f64 = 0.104;
    pub const OTHER_POOLS: f64 = 0.366;
    pub const OTHER_SPECULATION: f64 = 0.505;
    pub const OTHER_RAGGEDNESS: f64 = 0.79;
}

/// Features with names replaced by numbers, for speed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Compact {
    chip: u16,
    vendor: u16,
    model: u16,
    family: u16,
    precision: u16,
    pools: Pools,
    speculation: bool,
    ragged: bool,
    ln_tpot: f64,
    ln_prompt: f64,
    ln_answer: f64,
}

/// Names by number.
#[derive(Debug, Clone, Default)]
pub(super) struct Names(HashMap<String, u16>);

impl Names {
    pub(super) fn add(&mut self, name: &str) -> u16 {
        let next = self.0.len() as u16;
        *self.0.entry(name.to_owned()).or_insert(next)
    }

    /// A name that was never seen equals no other.
    fn find(&self, name: &str) -> u16 {
        self.0.get(name).copied().unwrap_or(u16::MAX)
    }
}

pub(super) fn compact(features: &Features, mut number: impl FnMut(&str) -> u16) -> Compact {
    Compact {
        chip: number(&features.chip),
        vendor: number(&features.vendor),
        model: number(&features.served_model),
        family: number(&features.family),
        precision: number(features.precision),
        pools: features.pools,
        speculation: features.speculation,
        ragged: features.ragged,
        ln_tpot: features.ln_tpot,
        ln_prompt: features.ln_prompt,
        ln_answer: features.ln_answer,
    }
}

/// The covariance of two questions but for their speeds: what counts at any speed, and what counts
/// within two ranges of it.
#[derive(Debug, Clone, Copy, Default)]
struct Parts {
    always: f64,
    wide: f64,
    pair: f64,
}

impl Parts {
    /// The covariance at a squared distance of the logarithms of the times per token.
    fn at(&self, speed: f64) -> f64 {
        let square = |value: f64| value * value;
        let near = |variance: f64, scale: f64| if variance == 0.0 { 0.0 } else { variance * (-0.5 * speed / square(scale)).exp() };
        self.always + near(self.wide, scale::SPEED) + near(self.pair, scale::PAIR_SPEED)
    }
}

fn parts(left: &Compact, right: &Compact) -> Parts {
    let square = |value: f64| value * value;
    let same = |left: u16, right: u16| left == right && left != u16::MAX;
    let keep = |same: bool, other: f64| if same { 1.0 } else { other };
    let same_pools = left.pools == right.pools;
    let pools = keep(same_pools, scale::OTHER_POOLS);
    let prompt = square(left.ln_prompt - right.ln_prompt) / square(scale::LENGTH);
    let answer = square(left.ln_answer - right.ln_answer) / square(scale::LENGTH);
    let near = |distance: f64| (-0.5 * distance).exp();

    let mut sum = Parts { always: square(scale::CONSTANT), ..Parts::default() };
    let mut lengths = 0.0;
    if same_pools {
        lengths = near(prompt + answer);
        sum.wide += square(scale::ALL) * lengths;
        if same(left.vendor, right.vendor) {
            sum.always += square(scale::VENDOR);
        }
    }
    let (chip, model) = (same(left.chip, right.chip), same(left.model, right.model));
    if chip {
        sum.always += square(scale::CHIP) * pools;
    }
    let kin = if model { square(scale::MODEL) } else { 0.0 } + if same(left.family, right.family) { square(scale::FAMILY) } else { 0.0 };
    if kin > 0.0 {
        sum.wide += kin * pools * near(0.25 * prompt);
    }
    if chip && model {
        let same_precision = left.precision == right.precision;
        let alike = keep(same_precision, scale::OTHER_PRECISION)
            * pools
            * keep(left.speculation == right.speculation, scale::OTHER_SPECULATION)
            * keep(left.ragged == right.ragged, scale::OTHER_RAGGEDNESS);
        sum.pair = square(scale::PAIR) * alike * if same_pools { lengths } else { near(prompt + answer) };
    }
    sum
}

pub(super) fn kernel(left: &Compact, right: &Compact) -> f64 {
    let speed = left.ln_tpot - right.ln_tpot;
    parts(left, right).at(speed * speed)
}

/// Logarithms of the times per token, in s, at which a prepared correction is tabulated: from 1 ms to
/// the time that stands for no limit, so close that a cubic between them is exact to 1e-4.
const GRID: usize = 48;

/// Distance of two grid points.
fn grid_step() -> f64 {
    (UNLIMITED_TPOT_S.ln() - GRID_START) / (GRID - 1) as f64
}

/// Logarithm of 1 ms.
const GRID_START: f64 = -6.907_755_278_982_137;

/// A correction for one question, by time per token.
#[derive(Debug, Clone)]
pub(super) struct Prepared([f64; GRID]);

impl Prepared {
    /// Logarithm of the factor on the roofline's speed at a time per token.
    pub fn ln_factor(&self, tpot_s: f64) -> f64 {
        let at = |index: isize| self.0.get(index.clamp(0, GRID as isize - 1) as usize).copied().unwrap_or(0.0);
        let place = ((tpot_s.min(UNLIMITED_TPOT_S).ln() - GRID_START) / grid_step()).clamp(0.0, (GRID - 1) as f64);
        let index = place.floor();
        let share = place - index;
        let index = index as isize;
        let (before, low, high, after) = (at(index - 1), at(index), at(index + 1), at(index + 2));
        // Catmull and Rom's cubic: through the points, smooth where they meet.
        low + 0.5
            * share
            * (high - before + share * (2.0 * before - 5.0 * low + 4.0 * high - after + share * (3.0 * (low - high) + after - before)))
    }
}

/// Points that differ in nothing but speed and weight, their sums by time per token.
#[derive(Debug, Clone)]
struct Group {
    of: Compact,
    weight: f64,
    wide: [f64; GRID],
    pair: [f64; GRID],
}

impl Group {
    fn new(of: Compact) -> Self {
        Self { of, weight: 0.0, wide: [0.0; GRID], pair: [0.0; GRID] }
    }

    /// Whether a point belongs here: it differs in nothing but speed.
    fn holds(&self, point: &Compact) -> bool {
        Compact { ln_tpot: self.of.ln_tpot, ..*point } == self.of
    }

    fn add(&mut self, ln_tpot: f64, weight: f64) {
        let square = |value: f64| value * value;
        self.weight += weight;
        for (index, (wide, pair)) in self.wide.iter_mut().zip(&mut self.pair).enumerate() {
            let apart = square(GRID_START + index as f64 * grid_step() - ln_tpot);
            *wide += weight * (-0.5 * apart / square(scale::SPEED)).exp();
            *pair += weight * (-0.5 * apart / square(scale::PAIR_SPEED)).exp();
        }
    }
}

/// The points by group; those without weight are as if they had never been measured.
fn groups(points: &[Compact], weights: &[f64]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (point, weight) in points.iter().zip(weights).filter(|(_, weight)| **weight != 0.0) {
        let at = groups.iter().position(|group| group.holds(point)).unwrap_or_else(|| {
            groups.push(Group::new(*point));
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(at) {
            group.add(point.ln_tpot, *weight);
        }
    }
    groups
}

/// How near a question is to what was measured, nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Distance {
    /// Between measured points of the same cell.
    Between,
    /// The same chip with the same served model, at other lengths, precision or speed.
    SamePair,
    /// The same chip with other served models.
    SameChip,
    /// Other chips of the same vendor.
    SameVendor,
    /// Nothing of this vendor was measured.
    Nothing,
}

impl Distance {
    /// Every distance, nearest first.
    pub const ALL: [Self; 5] = [Self::Between, Self::SamePair, Self::SameChip, Self::SameVendor, Self::Nothing];

    /// In words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Between => "between measured points",
            Self::SamePair => "same chip and served model, measured otherwise",
            Self::SameChip => "same chip, other served models",
            Self::SameVendor => "other chips of the vendor",
            Self::Nothing => "nothing of the vendor",
        }
    }
}

/// The learnt correction.
#[derive(Debug, Clone)]
pub struct Correction {
    names: Names,
    groups: Vec<Group>,
}

impl Correction {
    /// Of points and their weights.
    pub(super) fn new(names: Names, points: &[Compact], weights: &[f64]) -> Self {
        Self { groups: groups(points, weights), names }
    }

    /// The shipped correction, read on first use.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static SHIPPED: OnceLock<Correction> = OnceLock::new();
        SHIPPED.get_or_init(|| Self::parse(include_str!("../../../assets/catalog/corrections.csv")))
    }

    /// The correction for a question at every speed.
    pub(super) fn prepared(&self, features: &Features) -> Prepared {
        let asked = compact(features, |name| self.names.find(name));
        let mut table = [0.0; GRID];
        for group in &self.groups {
            let parts = parts(&asked, &group.of);
            let always = group.weight * parts.always;
            if parts.pair == 0.0 {
                for (sum, wide) in table.iter_mut().zip(&group.wide) {
                    *sum += always + parts.wide * wide;
                }
            } else {
                for (sum, (wide, pair)) in table.iter_mut().zip(group.wide.iter().zip(&group.pair)) {
                    *sum += always + parts.wide * wide + parts.pair * pair;
                }
            }
        }
        Prepared(table)
    }

    /// How near the question is to what the correction was learnt from.
    #[must_use]
    pub fn distance(&self, features: &Features) -> Distance {
        let asked = compact(features, |name| self.names.find(name));
        let near = self.groups.iter().filter(|group| group.of.pools == asked.pools && group.of.vendor == asked.vendor);
        near.map(|group| match (group.of.chip == asked.chip, group.of.model == asked.model) {
            (false, _) => Distance::SameVendor,
            (true, false) => Distance::SameChip,
            (true, true) => Distance::SamePair,
        })
        .min()
        .unwrap_or(Distance::Nothing)
    }

    fn parse(text: &str) -> Self {
        let mut names = Names::default();
        let (mut points, mut weights) = (Vec::new(), Vec::new());
        for record in csv::Reader::from_reader(text.as_bytes()).records().flatten() {
            let field = |index: usize| record.get(index).unwrap_or_default();
            let number = |index: usize| field(index).parse::<f64>().unwrap_or(f64::NAN);
            let features = Features {
                chip: field(0).to_owned(),
                vendor: field(1).to_owned(),
                served_model: field(2).to_owned(),
                family: field(3).to_owned(),
                precision: super::sizes::Precision::named(field(4)).map_or("", |precision| precision.name),
                pools: if field(5) == "2" { Pools::Two } else { Pools::One },
                speculation: field(6) == "yes",
                ragged: field(7) == "yes",
                ln_tpot: number(8).ln(),
                ln_prompt: number(9).ln(),
                ln_answer: number(10).ln(),
            };
            let weight = number(12);
            if weight.is_finite() && features.ln_tpot.is_finite() {
                points.push(compact(&features, |name| names.add(name)));
                weights.push(weight);
            }
        }
        Self::new(names, &points, &weights)
    }
}
