//! The chips that an operating point needs at least, and the words where there are too few of them.

use super::choose::{Workload, fewest_chips};
use super::constants::Constants;
use super::lookup::Lookup;
use super::measured::roofline_of;
use super::{MOST_POINTS, ServingNeed};
use crate::catalog::{Catalog, Chip, ServedModel};

/// The fewest chips that an operating point runs on, and how they are split.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Replica {
    /// Chips of the prefilling pool; 0 where one pool does both.
    pub prefill_chips: f64,
    /// Chips of the decoding pool, or of the only one.
    pub decode_chips: f64,
}

impl Replica {
    /// One pool of so many chips.
    #[must_use]
    pub const fn one_pool(chips: f64) -> Self {
        Self { prefill_chips: 0.0, decode_chips: chips }
    }

    /// All its chips.
    #[must_use]
    pub fn chips(&self) -> f64 {
        self.prefill_chips + self.decode_chips
    }

    /// In words: `8 chips`, `16 + 72 chips (prefill + decode)`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let plural = |chips: f64| if (chips - 1.0).abs() < 1e-9 { "chip" } else { "chips" };
        if self.prefill_chips > 0.0 {
            format!("{} + {} chips (prefill + decode)", self.prefill_chips, self.decode_chips)
        } else {
            format!("{} {}", self.decode_chips, plural(self.decode_chips))
        }
    }
}

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
