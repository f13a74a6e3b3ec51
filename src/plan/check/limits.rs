//! How much a plan may hold; each limit is named with the number found.

use super::Checker;
use crate::plan::horizon::Slices;

/// Most sites.
pub const MAX_SITES: usize = 1000;
/// Most slices in a period.
pub const MAX_SLICES: usize = 8784;
/// Most slices in all periods together.
pub const MAX_PERIOD_SLICES: usize = 200_000;
/// Longest name in characters.
pub const MAX_NAME_CHARS: usize = 200;
/// Longest note in characters.
pub const MAX_NOTES_CHARS: usize = 100_000;

/// Not more entities, periods and slices than can be planned.
pub(super) fn check_counts(checker: &mut Checker<'_>) {
    let plan = checker.plan;
    if plan.sites.len() > MAX_SITES {
        checker.error("too-many", "sites", format!("There are {} sites; at most {MAX_SITES} can be planned.", plan.sites.len()), "");
    }
    let slices = match &plan.slices {
        Slices::Hourly => 8760,
        Slices::Representative(slices) => slices.days.len().saturating_mul(24 / (slices.block_hours.clamp(1, 24) as usize)),
    };
    let all = slices.saturating_mul(plan.horizon.periods as usize);
    if slices > MAX_SLICES {
        checker.error(
            "too-many",
            "slices",
            format!("A period has {slices} slices; at most {MAX_SLICES} can be planned."),
            "Use fewer days or longer blocks.",
        );
    } else if all > MAX_PERIOD_SLICES {
        let message =
            format!("{} periods of {slices} slices are {all} in all; at most {MAX_PERIOD_SLICES} can be planned.", plan.horizon.periods);
        checker.error("too-many", "slices", message, "Use fewer days, longer blocks or fewer periods.");
    }
}

/// Names and notes are of a length people read.
pub(super) fn check_texts(checker: &mut Checker<'_>) {
    let plan = checker.plan;
    let mut texts: Vec<(String, &str, usize)> =
        vec![("name".into(), &plan.name, MAX_NAME_CHARS), ("notes".into(), &plan.notes, MAX_NOTES_CHARS)];
    texts.push(("horizon.price_basis".into(), &plan.horizon.price_basis, MAX_NAME_CHARS));
    texts.extend(plan.sites.iter().map(|(id, site)| (format!("sites.{id}.name"), site.name.as_str(), MAX_NAME_CHARS)));
    texts.extend(plan.markets.iter().map(|(id, market)| (format!("markets.{id}.name"), market.name.as_str(), MAX_NAME_CHARS)));
    texts.extend(plan.chips.iter().filter_map(|(id, chip)| Some((format!("chips.{id}.name"), chip.name.as_deref()?, MAX_NAME_CHARS))));
    texts.extend(
        plan.served_models
            .iter()
            .filter_map(|(id, served)| Some((format!("served_models.{id}.name"), served.name.as_deref()?, MAX_NAME_CHARS))),
    );
    for (path, text, most) in texts {
        let count = text.chars().count();
        if count > most {
            checker.error(
                "too-long",
                path,
                format!("The text has {count} characters; at most {most} are shown."),
                "Put the rest into `notes`.",
            );
        }
    }
}
