//! Throughput: tokens per second of a chip with a served model, with its evidence.
//!
//! The order of preference, kept on every number:
//! 1. **measured**: a published benchmark at or inside the limits, interpolated between points of
//!    one sweep and never beyond its ends;
//! 2. **calibrated**: the roofline times (measured / roofline) at the nearest measurement of the
//!    same chip and served model, else of the same chip, else the chip vendor's software factor;
//! 3. **modelled**: the roofline alone;
//! 4. **stated**: typed by the planner, or computed from a size the planner typed.
//!
//! [`roofline`] holds the equations, [`constants`] their nine constants, [`calibrate`] how these
//! are found, [`validation`] how well they do.

pub mod band;
pub mod calibrate;
pub mod choose;
pub mod chooser;
pub mod chooser_table;
pub mod constants;
pub mod correction;
pub mod fit;
pub mod frontier;
mod lookup;
pub mod measured;
mod need;
mod production;
mod published;
mod reach;
pub mod replica;
mod rests_on;
pub mod roofline;
pub mod sizes;
mod too_few;
pub mod training;
pub mod validation;
mod way;

use crate::catalog::{Catalog, Chip, ServedModel};
use lookup::Lookup;
use need::MOST_POINTS;
pub use need::{MissingParameters, OperatingPoint, ServingNeed, TwoPools};
pub use production::ProductionCheck;
pub use published::split_of_a_run;
pub use replica::Replica;

/// The ways in which a chip can serve a product, best first, at most four. The first has the
/// highest rate inside the limits; the others answer faster at a lower rate.
///
/// # Errors
/// [`MissingParameters`] where a size needed by the roofline is unknown and nothing was measured,
/// where the served model does not fit, or where the limits cannot be met.
pub fn operating_points(
    catalog: &Catalog,
    chip: &Chip,
    model: &ServedModel,
    need: &ServingNeed<'_>,
) -> Result<Vec<OperatingPoint>, MissingParameters> {
    asked(catalog, chip, model, need, MOST_POINTS)
}

fn asked(
    catalog: &Catalog,
    chip: &Chip,
    model: &ServedModel,
    need: &ServingNeed<'_>,
    most: usize,
) -> Result<Vec<OperatingPoint>, MissingParameters> {
    let found = Lookup::new(catalog, chip, model, need).and_then(|lookup| lookup.points(most));
    let told = |reason: String| need.most_chips.and_then(|most| too_few::too_few(catalog, chip, model, need, most)).unwrap_or(reason);
    refusing(chip, model, found.map_err(told))
}

/// The first of [`operating_points`] alone: what a plan counts on.
///
/// # Errors
/// As [`operating_points`].
pub fn best_operating_point(
    catalog: &Catalog,
    chip: &Chip,
    model: &ServedModel,
    need: &ServingNeed<'_>,
) -> Result<OperatingPoint, MissingParameters> {
    let found = asked(catalog, chip, model, need, 1);
    found.and_then(|points| points.into_iter().next().ok_or_else(|| refusal(chip, model, "nothing fits".to_owned())))
}

/// What [`operating_points`] would say if this workload had never been measured on this chip with
/// this served model: for comparing the throughput model with a published figure.
///
/// # Errors
/// As [`operating_points`].
pub fn withheld_points(
    catalog: &Catalog,
    chip: &Chip,
    model: &ServedModel,
    need: &ServingNeed<'_>,
) -> Result<Vec<OperatingPoint>, MissingParameters> {
    let correction = chooser::without_workload(catalog, chip, model, need);
    let found = Lookup::new(catalog, chip, model, need).and_then(|lookup| lookup.withholding(&correction).points(MOST_POINTS));
    refusing(chip, model, found)
}

fn refusing<T>(chip: &Chip, model: &ServedModel, found: Result<T, String>) -> Result<T, MissingParameters> {
    found.map_err(|reason| refusal(chip, model, reason))
}

fn refusal(chip: &Chip, model: &ServedModel, reason: String) -> MissingParameters {
    MissingParameters { chip: chip.id.clone(), served_model: model.id.clone(), reason }
}
