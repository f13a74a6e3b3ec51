//! Rules of what is ordered, rented, decided and wanted.

use super::Checker;
use crate::plan::Plan;
use crate::plan::budget::{Goal, Ordered};
use crate::plan::product::TrainingNeed;
use crate::plan::values::Quantity;

/// Rented chips stand at a site or at a whole place of their own.
pub(super) fn check_rental_places(checker: &mut Checker<'_>) {
    for (id, rental) in &checker.plan.rentals {
        let path = format!("rentals.{id}");
        let stated = [rental.country.is_some(), rental.latitude.is_some(), rental.longitude.is_some()];
        if !checker.known(&path) {
            continue;
        }
        match &rental.site {
            Some(_) if stated.contains(&true) => {
                checker.warning(
                    "two-places",
                    format!("{path}.site"),
                    format!("The rental `{id}` names a site and a place of its own; the site counts."),
                    "Leave country, latitude and longitude out.",
                );
            }
            None if stated.contains(&false) => {
                checker.error(
                    "missing-place",
                    path,
                    format!("The rental `{id}` stands nowhere."),
                    "Name a `site`, or give `country`, `latitude` and `longitude`.",
                );
            }
            _ => {}
        }
    }
}

/// Not more halls are demanded than allowed.
pub(super) fn check_hall_limits(checker: &mut Checker<'_>) {
    for (site_id, site) in &checker.plan.sites {
        for (id, hall) in &site.buildable {
            let path = format!("sites.{site_id}.buildable.{id}.at_least");
            if hall.at_least > hall.at_most && checker.known(&format!("sites.{site_id}.buildable.{id}")) {
                checker.error(
                    "bad-limits",
                    path,
                    format!("At least {} halls `{id}` are wanted, but at most {} may be built.", hall.at_least, hall.at_most),
                    "Lower `at_least` or raise `at_most`.",
                );
            }
        }
    }
}

/// A fleet that comes after the horizon does nothing.
pub(super) fn check_fleets(checker: &mut Checker<'_>) {
    if !checker.known("horizon") {
        return;
    }
    let end = checker.horizon_end();
    for (id, fleet) in &checker.plan.fleets {
        if fleet.in_service >= end {
            checker.warning(
                "outside-horizon",
                format!("fleets.{id}.in_service"),
                format!("The fleet `{id}` goes into service after the horizon, so it does nothing."),
                "",
            );
        }
    }
}

/// A chip at work draws no more than its all-in power.
pub(super) fn check_chip_power(checker: &mut Checker<'_>) {
    for (id, chip) in &checker.plan.chips {
        let (Some(Quantity { value: active, .. }), Some(Quantity { value: all_in, .. })) = (&chip.active_kw, &chip.all_in_kw) else {
            continue;
        };
        if active > all_in {
            let message =
                format!("At work the chip draws {active} kW, more than its all-in power of {all_in} kW that halls are filled by.");
            checker.warning("active-above-all-in", format!("chips.{id}.active_kw"), message, "");
        }
    }
}

/// A decision decides something that can be: in the horizon, within the limits.
pub(super) fn check_decisions(checker: &mut Checker<'_>) {
    let (start, end) = (checker.plan.horizon.start, checker.horizon_end());
    for (id, decision) in &checker.plan.decisions {
        let path = format!("decisions.{id}");
        if !checker.known(&path) {
            continue;
        }
        match decision.exactly {
            Some(exactly) if exactly < decision.at_least => {
                checker.error(
                    "bad-limits",
                    format!("{path}.exactly"),
                    format!("Exactly {exactly} are wanted, but also at least {}.", decision.at_least),
                    "Keep one of them.",
                );
            }
            None if decision.at_least == 0.0 => {
                checker.warning(
                    "no-effect",
                    path.clone(),
                    format!("The decision `{id}` wants no number of chips or halls, so it does nothing."),
                    "Give `at_least` or `exactly`.",
                );
            }
            _ => {}
        }
        if let Some(month) = decision.month.filter(|month| (*month < start || *month >= end) && checker.known("horizon")) {
            checker.error(
                "outside-horizon",
                format!("{path}.month"),
                format!("The order of {month} lies outside the horizon."),
                "Chips ordered before the horizon are fleets; halls are `halls` of their site.",
            );
        }
        let Ordered::Halls(kind) = &decision.what else {
            continue;
        };
        let buildable = checker.plan.sites.get(&decision.site.0).and_then(|site| site.buildable.get(kind));
        let wanted = decision.exactly.unwrap_or(decision.at_least);
        if let Some(hall) = buildable.filter(|hall| wanted > hall.at_most) {
            let message = format!("{wanted} halls `{kind}` are decided, but at most {} may be built.", hall.at_most);
            checker.error("bad-limits", path, message, format!("Raise `sites.{}.buildable.{kind}.at_most`.", decision.site));
        }
    }
}

/// Training has a window inside the horizon and something to do in it.
pub(super) fn check_training(checker: &mut Checker<'_>) {
    let (start, end) = (checker.plan.horizon.start, checker.horizon_end());
    for (id, training) in &checker.plan.training {
        let path = format!("training.{id}");
        if training.until < training.from {
            checker.error(
                "bad-dates",
                format!("{path}.until"),
                format!("The programme `{id}` ends in {}, before it begins in {}.", training.until, training.from),
                "`until` is its last month.",
            );
        } else if checker.known("horizon") && (training.from < start || training.until >= end) {
            let field = if training.from < start { "from" } else { "until" };
            let message = format!(
                "The programme `{id}` runs from {} to {}, but the horizon from {start} to {}.",
                training.from,
                training.until,
                end.plus(-1)
            );
            checker.error("outside-horizon", format!("{path}.{field}"), message, "Move the programme, or make the horizon longer.");
        }
        let (need, field) = match &training.need {
            TrainingNeed::Zflop(zflop) => (*zflop, "need.value"),
            TrainingNeed::ChipHours(hours) => (hours.millions, "need.millions"),
        };
        if need <= 0.0 && checker.known(&format!("{path}.need")) {
            checker.error(
                "out-of-range",
                format!("{path}.{field}"),
                format!("The programme `{id}` needs {need} of compute: it must be more than nothing."),
                "",
            );
        }
    }
}

/// The goals say something, once, and can be reached with the kind of run.
pub(super) fn check_goals(checker: &mut Checker<'_>) {
    let goals = &checker.plan.objective;
    if goals.is_empty() && checker.known("objective") {
        checker.error("no-goal", "objective", "The plan wants nothing.", "Write `objective: [MaxTokens, MaxNpv]`.");
    }
    for (path, (code, message, help)) in wrong_goals(goals, "objective", checker.plan) {
        checker.error(code, path, message, help);
    }
}

/// A code, what is wrong, and a way out.
type Wrong = (&'static str, String, &'static str);

/// What is wrong with goals of a plan that stand at a path, and where.
pub(super) fn wrong_goals(goals: &[Goal], at: &str, plan: &Plan) -> Vec<(String, Wrong)> {
    let mut wrong = Vec::new();
    for (index, goal) in goals.iter().enumerate() {
        let path = format!("{at}.{index}");
        if goals.iter().take(index).any(|earlier| earlier.variant_name() == goal.variant_name()) {
            wrong.push((path.clone(), ("double", format!("The goal `{}` stands twice.", goal.variant_name()), "Keep the first.")));
        }
        wrong.extend(super::tasks::wrong_goal(goal, plan).map(|found| (path.clone(), found)));
        match goal {
            Goal::MinCostForTtok(ttok) if *ttok < 0.0 => {
                let message = format!("{ttok} Ttok can't be made: the number must be at least 0.");
                wrong.push((format!("{path}.value"), ("out-of-range", message, "")));
            }
            Goal::MinCostPerToken(share) if !(*share > 0.0 && *share <= 1.0) => {
                let message = format!("{share} is out of range: the share of the most possible tokens must be above 0 and at most 1.");
                wrong.push((format!("{path}.value"), ("out-of-range", message, "0.9 is usual.")));
            }
            Goal::MinCostPerToken(_) if plan.whole.any() => {
                let message = "The cost per token can't be made least with whole halls or racks.".to_owned();
                wrong.push((path, ("not-with-whole", message, "Leave `whole` out, or use MinCostForTtok.")));
            }
            _ => {}
        }
    }
    wrong
}
