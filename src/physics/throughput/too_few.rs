//! The words where there are too few chips for any operating point.

use super::choose::{Workload, fewest_chips};
use super::constants::Constants;
use super::lookup::Lookup;
use super::measured::roofline_of;
use super::need::{MOST_POINTS, ServingNeed};
use crate::catalog::{Catalog, Chip, ServedModel};

/// Why so few chips can't serve, where more could: what they hold and what is needed, or that only
/// more chips meet the limits. `None` where chips are not what is missing.
pub(super) fn too_few(catalog: &Catalog, chip: &Chip, model: &ServedModel, need: &ServingNeed<'_>, most: f64) -> Option<String> {
    let open = ServingNeed { most_chips: None, ..*need };
    let lookup = Lookup::new(catalog, chip, model, &open).ok()?;
    let enough = lookup.points(MOST_POINTS).ok()?.into_iter().next()?;
    let workload: Workload = need.workload();
    // The precision that takes the fewest chips is the one to name.
    let least = lookup
        .precisions
        .iter()
        .filter_map(|&precision| {
            let roofline = roofline_of(chip, model, precision, Constants::CALIBRATED)?;
            Some((precision, fewest_chips(&roofline, &workload)?))
        })
        .min_by(|(_, left), (_, right)| left.total_cmp(right));
    Some(match least.filter(|(_, chips)| *chips > most) {
        Some((precision, chips)) => {
            let holds = chip.hbm_gb.map_or_else(String::new, |gb| format!("{most} {} hold {:.0} GB; ", chip.name, most * gb));
            format!("{holds}{} in {} needs {chips}", model.name, precision.name)
        }
        None => format!(
            "no replica of {most} {} or fewer meets the limits on time per token and time to the first token; one of {} does",
            chip.name,
            enough.replica.in_words()
        ),
    })
}
