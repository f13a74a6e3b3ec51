//! What of the answer stands in fractions of a hall or of a rack, which nobody builds.
//!
//! A linear program orders 0.22 of a hall as readily as one. How much of the tokens rests on that is
//! counted site by site and period by period. The chips of a site are laid into its halls by all-in
//! MW: liquid-cooled chips over the liquid-cooled halls, air-cooled ones over the air-cooled halls
//! and, as far as these are full, over the liquid-cooled ones too. The tokens of a chip are shared
//! over the halls it stands in by MW in service, and those that fall on the part of a count beyond a
//! whole number (existing halls are whole) are **made in a fraction of a hall**. Likewise the tokens of a
//! chip that falls on the part of its ordered racks beyond a whole number.
//!
//! A count that is whole but for the solver's last digit must not weigh as nothing in one answer and as
//! a whole hall in the next, so what is made in a part is weighed without a step (`beyond_whole`).

use super::Results;
pub use super::findings::{Fractions, PartHall};
use crate::resolved::Resolved;
use crate::words::{grouped, percent, short};

/// Halls this near to a whole number are whole: 5 kW of 48 MW.
const LEAST_HALLS: f64 = 1e-4;

/// Share of tokens in fractions of racks from which it is told where all halls are whole.
const TELLING_RACKS: f64 = 0.001;

/// What a count lacks to the next whole number from which it is less and less of a fraction.
const NEARLY_WHOLE: f64 = 0.01;

/// The part of a count beyond a whole number, as it weighs in tokens: a count that lacks less than
/// [`NEARLY_WHOLE`] weighs ever less, down to nothing at the whole number, so that no last digit of a
/// solver moves a figure.
fn beyond_whole(count: f64) -> f64 {
    let part = count - count.floor();
    part.min((1.0 - part) * (1.0 - NEARLY_WHOLE) / NEARLY_WHOLE)
}

/// The part of a number of halls beyond whole ones; nothing within a hair of one.
#[must_use]
pub fn part_of_halls(count: f64) -> f64 {
    if (count - count.round()).abs() <= LEAST_HALLS { 0.0 } else { count - count.floor() }
}

/// A number of halls of so many MW that isn't whole, in words: `0.22 of a hall of 48 MW: a fraction;
/// whole halls: none`. Nothing if it is whole.
#[must_use]
pub fn halls_in_words(count: f64, it_mw: f64) -> Option<String> {
    if part_of_halls(count) == 0.0 {
        return None;
    }
    let (number, mw) = (short(count), short(it_mw));
    Some(if count < 1.0 {
        format!("{number} of a hall of {mw} MW: a fraction; whole halls: none")
    } else {
        format!("{number} halls of {mw} MW: not whole; whole halls: {}", grouped(count.floor(), 0))
    })
}

/// Finds them.
pub(super) fn fractions(resolved: &Resolved, results: &Results) -> Fractions {
    let mut found = Fractions::default();
    let mut own_ttok = 0.0;
    for period in 0..results.periods.len() {
        for (site, _) in results.sites.iter().enumerate().filter(|(_, info)| !info.rented) {
            own_ttok += at_site(resolved, results, site, period, &mut found);
        }
    }
    let share = |ttok: f64| if own_ttok > 0.0 { ttok / own_ttok } else { 0.0 };
    found.hall_fraction = share(found.hall_ttok);
    found.rack_fraction = share(found.rack_ttok);
    found
}

fn at(values: &[f64], index: usize) -> f64 {
    values.get(index).copied().unwrap_or(0.0)
}

/// The fractions of a site in a period; gives its tokens, Ttok.
fn at_site(resolved: &Resolved, results: &Results, site: usize, period: usize, found: &mut Fractions) -> f64 {
    // Tokens and MW of air-cooled and liquid-cooled chips.
    let (mut tokens, mut filled) = ([0.0; 2], [0.0; 2]);
    for (fleet, pool) in results.fleet.iter().zip(&resolved.pools).filter(|(fleet, pool)| fleet.site == site && pool.rental.is_none()) {
        let chip = &resolved.chips[pool.chip];
        let made: f64 = fleet.answer_ttok.get(period).map_or(0.0, |made| made.iter().sum());
        let cooling = usize::from(chip.liquid);
        if let (Some(tokens), Some(filled)) = (tokens.get_mut(cooling), filled.get_mut(cooling)) {
            *tokens += made;
            *filled += at(&fleet.all_in_mw, period);
        }
        let arrived: f64 = fleet.arrivals.iter().take(period + 1).sum();
        let standing = at(&fleet.in_service, period);
        let over = beyond_whole(arrived / chip.chips_per_rack) * chip.chips_per_rack;
        if standing > 0.0 {
            found.rack_ttok += made * (over / standing).min(1.0);
        }
    }
    let halls = || results.halls.iter().enumerate().filter(|(_, hall)| hall.site == site);
    let standing_mw = |liquid: bool| -> f64 {
        halls().filter(|(_, hall)| hall.liquid == liquid).map(|(_, hall)| at(&hall.in_service, period) * hall.it_mw).sum()
    };
    let mw = [standing_mw(false), standing_mw(true)];
    // Air-cooled chips beyond the air-cooled halls stand in liquid-cooled ones.
    let in_air = if filled[0] > 0.0 { (mw[0] / filled[0]).min(1.0) } else { 0.0 };
    let tokens_by_hall = [tokens[0] * in_air, tokens[0] * (1.0 - in_air) + tokens[1]];
    for (index, hall) in halls().filter(|(_, hall)| !hall.existing) {
        let count = at(&hall.in_service, period);
        let cooling = usize::from(hall.liquid);
        let share = if at(&mw, cooling) > 0.0 { beyond_whole(count) * hall.it_mw / at(&mw, cooling) } else { 0.0 };
        let answer_ttok = share * at(&tokens_by_hall, cooling);
        found.hall_ttok += answer_ttok;
        // By name only what isn't whole to the digits shown.
        let part = part_of_halls(count);
        if part > 0.0 {
            found.halls.push(PartHall { hall: index, period, part, answer_ttok });
        }
    }
    tokens[0] + tokens[1]
}

/// What is made in fractions of a hall (or, where halls are whole, of a rack), in a sentence; nothing
/// where all are whole.
#[must_use]
pub fn sentence(results: &Results) -> Option<String> {
    let fractions = &results.fractions;
    if fractions.halls.is_empty() && fractions.rack_fraction >= TELLING_RACKS {
        return Some(format!(
            "{} of the answer tokens ({} Ttok) are made in fractions of a rack, which nobody orders.",
            percent(fractions.rack_fraction),
            short(fractions.rack_ttok)
        ));
    }
    let largest = fractions.halls.iter().max_by(|a, b| a.answer_ttok.total_cmp(&b.answer_ttok))?;
    let hall = results.halls.get(largest.hall)?;
    let site = results.sites.get(hall.site).map_or("", |site| site.name.as_str());
    let period = results.periods.get(largest.period).map_or("", |period| period.label.as_str());
    let words = halls_in_words(at(&hall.in_service, largest.period), hall.it_mw)?;
    Some(format!(
        "{} of the answer tokens ({} Ttok) are made in fractions of a hall, which nobody builds; most of them in {} at {site}, {period}: {words}.",
        percent(fractions.hall_fraction),
        short(fractions.hall_ttok),
        crate::words::sentence(&hall.id),
    ))
}

#[cfg(test)]
mod tests {
    use super::{beyond_whole, halls_in_words, part_of_halls};

    #[test]
    fn a_last_digit_moves_no_weight() {
        // 0.995 of a hall lacks half of what is nearly whole: half of 0.99. A fifth of a hall is a fifth.
        for (count, wanted) in [(0.2, 0.2), (3.5, 0.5), (0.99, 0.99), (0.995, 0.495), (2.0, 0.0)] {
            assert!((beyond_whole(count) - wanted).abs() < 1e-12, "{count}");
        }
        for whole in [1.0_f64, 7.0, 1_000.0] {
            assert!(beyond_whole(whole - 1e-9) < 1e-6 && beyond_whole(whole + 1e-9) < 1e-6);
        }
    }

    #[test]
    fn parts_of_halls() {
        for (count, wanted) in [(0.0, 0.0), (1.0, 0.0), (0.999_99, 0.0), (2.000_01, 0.0), (0.25, 0.25), (3.5, 0.5)] {
            assert!((part_of_halls(count) - wanted).abs() < 1e-12, "{count}");
        }
        assert_eq!(halls_in_words(2.0, 48.0), None);
        assert_eq!(halls_in_words(0.22, 48.0).unwrap_or_default(), "0.22 of a hall of 48 MW: a fraction; whole halls: none");
        assert_eq!(halls_in_words(3.25, 48.0).unwrap_or_default(), "3.25 halls of 48 MW: not whole; whole halls: 3");
    }
}
