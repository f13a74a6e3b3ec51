//! Chips in service (existing, bought and rented) and chips ordered, by period, stacked by chip.

use crate::results::{ChipsAt, Results};

use super::frame::{Words, at, at_site, axis, chip, series, span, stacked, takes};
use super::{Chart, ColorKey, Selection, Series};

/// Chips in service stacked by chip, with a line of all chips ordered in the period.
pub(super) fn in_service(results: &Results, selection: &Selection) -> Chart {
    let mut stacks = by_chip(results, selection, "", |fleet, period| at(&fleet.in_service, period));
    let rented = by_chip(results, selection, ", rented", |fleet, period| at(&fleet.rented, period));
    // Rented chips take a shade of their own where the plan has both.
    let owned: Vec<ColorKey> =
        stacks.iter().filter(|series| series.values.iter().any(|value| *value > 0.0)).map(|series| series.color.clone()).collect();
    stacks.extend(rented.into_iter().map(|series| match &series.color {
        ColorKey::Chip(id) if owned.contains(&series.color) => Series { color: ColorKey::ChipShade(id.clone(), 1), ..series },
        _ => series,
    }));
    let ordered = series(results, "Ordered in the period", ColorKey::Load, |period| {
        results.fleet.iter().filter(|fleet| takes(selection, fleet.site)).map(|fleet| at(&fleet.orders, period)).sum()
    });
    let words = Words {
        name: "fleet",
        title: format!("Chips in service{}", at_site(results, selection)),
        subtitle: format!("thousands of chips, {}", span(results, &Selection::default())),
        reading: "Chips standing, switched on or not; orders arrive after their lead time.",
    };
    stacked(results, words, axis("Chips", "thousand"), thousands(stacks), thousands(vec![ordered]), "No chips are in service in this plan.")
}

/// Chips ordered by period of the order.
pub(super) fn orders(results: &Results, selection: &Selection) -> Chart {
    let stacks = by_chip(results, selection, "", |fleet, period| at(&fleet.orders, period));
    let words = Words {
        name: "orders",
        title: format!("Chips ordered{}", at_site(results, selection)),
        subtitle: format!("thousands of chips, {}", span(results, &Selection::default())),
        reading: "By the period in which they are ordered, not in which they arrive.",
    };
    stacked(results, words, axis("Chips", "thousand"), thousands(stacks), Vec::new(), "No chips are ordered in this plan.")
}

/// One series for each chip, over the selected sites.
fn by_chip(results: &Results, selection: &Selection, suffix: &str, value: impl Fn(&ChipsAt, usize) -> f64) -> Vec<Series> {
    (0..results.chips.len())
        .map(|index| {
            let (name, color) = chip(results, index);
            series(results, format!("{name}{suffix}"), color, |period| {
                results
                    .fleet
                    .iter()
                    .filter(|fleet| fleet.chip == index && takes(selection, fleet.site))
                    .map(|fleet| value(fleet, period))
                    .sum()
            })
        })
        .collect()
}

/// Chips to thousands of chips.
fn thousands(mut series: Vec<Series>) -> Vec<Series> {
    for value in series.iter_mut().flat_map(|series| series.values.iter_mut()) {
        *value /= 1000.0;
    }
    series
}
