//! Carbon by period, kt, by contract.

use crate::results::Results;

use super::frame::{Words, at, at_site, axis, series, span, stacked, takes};
use super::{Chart, ColorKey, Selection};

/// Emissions of what each contract delivers.
pub(super) fn chart(results: &Results, selection: &Selection) -> Chart {
    let stacks = results
        .contracts
        .iter()
        .filter(|contract| takes(selection, contract.site))
        .map(|contract| {
            series(results, crate::words::sentence(&contract.id), ColorKey::Contract(contract.id.clone()), |period| {
                at(&contract.carbon_kt, period)
            })
        })
        .collect();
    let words = Words {
        name: "carbon",
        title: format!("Carbon by contract{}", at_site(results, selection)),
        subtitle: format!("kt CO₂ a period, {}", span(results, &Selection::default())),
        reading: "Emissions of the energy drawn; certificates don't lower them.",
    };
    stacked(results, words, axis("Carbon", "kt"), stacks, Vec::new(), "No contract of this plan emits carbon.")
}
