//! The tie-breaker: which of the equally good points is the answer.
//!
//! Where the goals leave a choice (two sites that cost the same, an hour in which either chip may work)
//! the simplex method ends wherever its road leads, so that an edit and its undo could end at different
//! builds. A goal is therefore given a *lean*: each column costs a little, by a factor of its own that
//! is drawn from its key, so that no two mixes of columns cost the same. The least of it is unique, and
//! it is the modest answer: nothing is ordered, moved or kept on that brings nothing.
//!
//! The lean is so small (a millionth of the middle size of the goal's own coefficients) that it decides
//! among ties and does not bend the goal; that it did not is proved at each solve, for the certificate
//! is taken with the goal as stated.

use crate::formulation::program::{Key, Phase, Program, Sense, Symbol};
use crate::formulation::scale::power_of_two;

/// The lean beside the middle of the goal's coefficients.
const LEAN: f64 = 1e-6;
/// What the lean is made to be for the solver, whose tolerance of prices is absolute (1e-9): differences of
/// leans must stand well above it.
const SEEN: f64 = 1e-6;
/// The largest cost a solver is given for that: beyond, its prices lose the digits that are looked for.
const LARGEST: f64 = 65_536.0;

/// The goal's costs with the lean, all made larger by a power of two so that the solver sees it.
pub(crate) fn broken(program: &Program, phase: &Phase, cost: &[f64]) -> Vec<f64> {
    let (logs, count) = cost
        .iter()
        .filter(|cost| **cost != 0.0 && cost.is_finite())
        .fold((0.0, 0_u32), |(logs, count), cost| (logs + cost.abs().ln(), count + 1));
    if count == 0 {
        return cost.to_vec();
    }
    // Powers of two stand still while a price is dragged.
    let middle = 1.0 / power_of_two((logs / f64::from(count)).exp());
    let largest = cost.iter().copied().filter(|cost| cost.is_finite()).fold(0.0, |largest: f64, cost| largest.max(cost.abs()));
    let factor = power_of_two(LEAN * middle / SEEN).min(power_of_two(largest / LARGEST)).max(1.0);
    let lean = LEAN * middle * if phase.sense == Sense::Maximise { -1.0 } else { 1.0 };
    cost.iter().zip(&program.columns).map(|(cost, column)| factor * (cost + lean * (1.0 + part(&column.key)))).collect()
}

/// A number from 0 to 1 that belongs to a key (SplitMix64 over its parts).
fn part(key: &Key) -> f64 {
    let mix = |state: u64, word: u64| {
        let mut mixed = (state ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    let noun = key.noun.bytes().fold(0, |state, byte| mix(state, u64::from(byte)));
    let entities = key.entities.iter().fold(noun, |state, symbol| mix(state, symbol.0));
    let place = mix(mix(entities, u64::from(key.period)), u64::from(key.slice));
    let place = if key.future == Symbol::NONE { place } else { mix(place, key.future.0) };
    f64::from((place >> 32) as u32) / f64::from(u32::MAX)
}
