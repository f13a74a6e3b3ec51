//! Share of time that chips work, %, by site and chip over the periods.

use crate::results::Results;

use super::frame::{Words, at, at_site, axis, chip, series, shade, site_name, span, stacked, takes};
use super::{Chart, Selection};

/// Lines only: shares of different fleets don't add up.
pub(super) fn chart(results: &Results, selection: &Selection) -> Chart {
    let sites: std::collections::BTreeSet<usize> =
        results.fleet.iter().filter(|fleet| takes(selection, fleet.site)).map(|fleet| fleet.site).collect();
    let lines = results
        .fleet
        .iter()
        .filter(|fleet| takes(selection, fleet.site))
        .map(|fleet| {
            let (name, color) = chip(results, fleet.chip);
            let name = if sites.len() > 1 { format!("{name}, {}", site_name(results, fleet.site)) } else { name };
            series(results, name, shade(results, fleet, color), |period| at(&fleet.utilisation, period) * 100.0)
        })
        .collect();
    let words = Words {
        name: "utilisation",
        title: format!("Utilisation of chips{}", at_site(results, selection)),
        subtitle: format!("% of time, mean of each period, {}", span(results, &Selection::default())),
        reading: "Share of time that chips in service work on tokens or training.",
    };
    stacked(results, words, axis("Time worked", "%"), Vec::new(), lines, "No chips work in this plan.")
}
