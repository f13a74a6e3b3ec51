//! IT power of halls in service by period, MW, against the all-in power of the chips in them.

use crate::results::Results;
use crate::results::fractions::part_of_halls;

use super::frame::{Words, at, at_site, axis, series, site_name, span, stacked, takes};
use super::{Chart, ColorKey, Selection};

/// By hall or hall type; the line is what the chips in service fill.
pub(super) fn chart(results: &Results, selection: &Selection) -> Chart {
    let several =
        selection.site.is_none() && results.halls.iter().any(|hall| results.halls.first().is_some_and(|first| first.site != hall.site));
    let stacks = results
        .halls
        .iter()
        .filter(|hall| takes(selection, hall.site))
        .map(|hall| {
            let parts = hall.in_service.iter().any(|count| part_of_halls(*count) > 0.0);
            let name = if several {
                format!("{}, {}", crate::words::sentence(&hall.id), site_name(results, hall.site))
            } else {
                crate::words::sentence(&hall.id)
            };
            let name = if parts { format!("{name}, in fractions") } else { name };
            let site = results.sites.get(hall.site).map_or("", |site| site.id.as_str());
            series(results, name, ColorKey::Hall(format!("{site}/{}", hall.id)), |period| at(&hall.in_service, period) * hall.it_mw)
        })
        .collect();
    let filled = series(results, "Chips in service", ColorKey::Load, |period| {
        results
            .fleet
            .iter()
            .filter(|fleet| takes(selection, fleet.site) && results.sites.get(fleet.site).is_some_and(|site| !site.rented))
            .map(|fleet| at(&fleet.all_in_mw, period))
            .sum()
    });
    let fractions = results.fractions.halls.iter().any(|part| results.halls.get(part.hall).is_some_and(|hall| takes(selection, hall.site)));
    let words = Words {
        name: "halls",
        title: format!("Halls in service{}", at_site(results, selection)),
        subtitle: format!("MW of IT, {}", span(results, &Selection::default())),
        reading: if fractions {
            "The line is the all-in power of the chips that stand in the halls. Fractions of a hall can't be built: a whole-number run plans whole ones."
        } else {
            "The line is the all-in power of the chips that stand in the halls."
        },
    };
    stacked(results, words, axis("IT power", "MW"), stacks, vec![filled], "There are no halls in this plan.")
}
