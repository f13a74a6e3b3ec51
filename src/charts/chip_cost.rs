//! What a million answer tokens of each chip cost: its annuity or rent, maintenance and power at the
//! plan's PUE and power price, at the share of its time that may be sold. Halls, egress and carbon are
//! not in it: they depend on where the chip stands.

use crate::physics::token_cost::TokenCost;
use crate::results::{CostPart, Results};

use super::frame::{Words, axis, chart as framed, empty, finite, present};
use super::serving::{chip, conditions, evidence_in_words, pairs};
use super::tokens_per_joule::comma;
use super::{Body, Chart, ColorKey, Selection, Series};

const NAME: &str = "chip-cost";
const TITLE: &str = "Cost of a million tokens by chip";

/// A part of cost: its name, and how it is read.
type Part = (CostPart, fn(&TokenCost) -> f64);

/// The parts, in the order of the stack.
const PARTS: [Part; 4] = [
    (CostPart::Chips, |cost| cost.chip_usd),
    (CostPart::Rent, |cost| cost.rent_usd),
    (CostPart::Maintenance, |cost| cost.maintenance_usd),
    (CostPart::Power, |cost| cost.power_usd),
];

/// One stack for each chip and way of paying for it, the cheapest first.
pub(super) fn chart(results: &Results, selection: &Selection) -> Chart {
    let shown = pairs(results, selection).filter(|_| results.has_numbers());
    let (product, pairs) = shown.unwrap_or_default();
    let mut columns: Vec<(String, &TokenCost)> = pairs
        .iter()
        .flat_map(|pair| pair.costs.iter().map(|(rental, cost)| (name_of(chip(results, pair).0, rental.as_deref()), cost)))
        .collect();
    if columns.is_empty() {
        return empty(results, NAME, TITLE, "No chip of this plan has a throughput, a price and a power price.");
    }
    columns.sort_by(|left, right| left.1.total_usd().total_cmp(&right.1.total_usd()).then_with(|| left.0.cmp(&right.0)));
    let stacks = PARTS
        .iter()
        .map(|(part, usd)| Series {
            name: part.label().to_owned(),
            color: ColorKey::Cost(part.label()),
            values: columns.iter().map(|(_, cost)| finite(usd(cost))).collect(),
        })
        .collect();
    let at = conditions(results);
    let reading = format!(
        "Annuity or rent, maintenance and power{}, sold as much as the product allows; without halls and egress. {}",
        comma(&at),
        evidence_in_words(results, &pairs)
    );
    framed(
        results,
        Words { name: NAME, title: TITLE.into(), subtitle: format!("$/Mtok, {product}{}", comma(&at)), reading: &reading },
        axis("Chip", ""),
        axis("Cost of answer tokens", "$/Mtok"),
        Body::StackedBars { categories: columns.into_iter().map(|(name, _)| name).collect(), stacks: present(stacks), lines: Vec::new() },
    )
}

/// `GB200, rented (cloud-frankfurt)`.
fn name_of(chip: String, rental: Option<&str>) -> String {
    match rental {
        None => chip,
        // The rental of a plan is often named like the chip.
        Some(id) if chip.eq_ignore_ascii_case(id) => format!("{chip}, rented"),
        Some(id) => format!("{chip}, rented ({id})"),
    }
}
