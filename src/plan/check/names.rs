//! Rules of names: references and countries.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::Checker;
use crate::catalog::world;
use crate::diagnostic::nearest_name;
use crate::plan::links;
use crate::plan::policy::Policy;
use crate::plan::reader::ANY;

/// Unknown references with a guess at what was meant; guessing takes time, and a plan with more has
/// another fault.
const MAX_GUESSES: usize = 100;

/// Every reference points to something.
pub(super) fn check_references(checker: &mut Checker<'_>) {
    let mut found = Vec::new();
    // Visiting can change ids, which is not done here; so on a copy.
    let mut copy = checker.plan.clone();
    links::visit(&mut copy, &mut |path, target, id| found.push((path.to_owned(), target.to_owned(), id.clone())));
    let mut known: HashMap<String, Option<Vec<String>>> = HashMap::new();
    let mut guesses = 0;
    for (path, target, id) in found {
        // What could not be read is named there.
        let lost = [target.clone(), format!("{target}.{id}"), format!("{target}.{ANY}")];
        if lost.iter().any(|path| checker.failed.contains(path)) || !checker.known(&path) {
            continue;
        }
        let ids = match known.entry(target.clone()) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(place) => place.insert(links::ids(checker.plan, &target).map(|mut ids| {
                ids.sort_unstable();
                ids
            })),
        };
        let ids = match ids {
            Some(ids) => ids.as_slice(),
            // A day of a plan on all hours; profiles by day have a rule of their own.
            None if target == links::DAYS && !path.starts_with("profiles.") => &[],
            // What holds the map is unknown, which is said where it is named.
            None => continue,
        };
        if ids.binary_search(&id).is_ok() {
            continue;
        }
        guesses += 1;
        let what = noun(&target);
        let near = (guesses <= MAX_GUESSES).then(|| nearest_name(&id, ids.iter().map(String::as_str))).flatten();
        let help = match near {
            Some(near) => format!("Did you mean `{near}`?"),
            None if ids.is_empty() => format!("The plan has no {what}; add one under `{target}`."),
            None => format!("There is: {}.", ids.iter().take(40).cloned().collect::<Vec<_>>().join(", ")),
        };
        let shown = crate::plan::reader::shortened(&id);
        checker.error("unknown-reference", path, format!("There is no {what} `{shown}`."), help);
    }
}

fn noun(target: &str) -> &'static str {
    crate::words::entity_word(target)
}

/// Whether a text is a country in two capital letters.
fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Countries are two capital letters.
pub(super) fn check_countries(checker: &mut Checker<'_>) {
    let plan = checker.plan;
    let mut stated: Vec<(String, &str)> = Vec::new();
    stated.extend(plan.sites.iter().map(|(id, site)| (format!("sites.{id}.country"), site.country.as_str())));
    stated.extend(plan.markets.iter().map(|(id, market)| (format!("markets.{id}.country"), market.country.as_str())));
    stated.extend(plan.purchases.iter().map(|(id, purchase)| (format!("purchases.{id}.country"), purchase.country.as_str())));
    stated.extend(plan.rentals.iter().filter_map(|(id, rental)| Some((format!("rentals.{id}.country"), rental.country.as_deref()?))));
    stated.extend(plan.chips.iter().filter_map(|(id, chip)| Some((format!("chips.{id}.origin"), chip.origin.as_deref()?))));
    stated.extend(plan.actors.iter().filter_map(|(id, actor)| Some((format!("actors.{id}.country"), actor.country.as_deref()?))));
    for (id, policy) in &plan.policies {
        stated.extend(policy_countries(policy).into_iter().map(|(field, country, _)| (format!("policies.{id}.{field}"), country)));
    }
    for (path, country) in stated {
        if !is_country(country) {
            let upper = country.to_uppercase();
            let help = if is_country(&upper) {
                format!("Write \"{upper}\".")
            } else {
                "Write it as in ISO 3166, such as \"US\" or \"CN\".".to_owned()
            };
            checker.error(
                "bad-country",
                path,
                format!("`{}` is not a country in two capital letters.", crate::plan::reader::shortened(country)),
                help,
            );
        }
    }
}

/// Time zones exist, and keep the clock that is stated beside them.
pub(super) fn check_time_zones(checker: &mut Checker<'_>) {
    let plan = checker.plan;
    let sites = plan.sites.iter().map(|(id, site)| (format!("sites.{id}"), &site.time_zone, site.utc_offset_hours));
    let markets = plan.markets.iter().map(|(id, market)| (format!("markets.{id}"), &market.time_zone, market.utc_offset_hours));
    let stated: Vec<_> = sites.chain(markets).filter_map(|(path, zone, hours)| Some((path, zone.as_deref()?, hours))).collect();
    for (path, zone, hours) in stated {
        let Some(standard) = world::standard_offset_hours(zone) else {
            checker.error(
                "unknown-zone",
                format!("{path}.time_zone"),
                format!("There is no time zone `{}`.", crate::plan::reader::shortened(zone)),
                "Write it as \"Europe/Oslo\" or \"America/New_York\", or leave it out.",
            );
            continue;
        };
        if (standard - hours).abs() > 1e-9 {
            checker.warning(
                "two-clocks",
                format!("{path}.utc_offset_hours"),
                format!(
                    "The clock is {hours} h ahead of UTC, but {zone} is {standard} h ahead without summer time. The hours stated are used."
                ),
                format!("Write `utc_offset_hours: {standard:?}`, or leave the time zone out."),
            );
        }
    }
}

/// What a policy's country must be the country of.
enum Of {
    Sites,
    Markets,
    Chips,
}

fn policy_countries(policy: &Policy) -> Vec<(&'static str, &str, Of)> {
    match policy {
        Policy::CarbonPrice(policy) => policy.site_country.iter().map(|country| ("site_country", country.as_str(), Of::Sites)).collect(),
        Policy::PowerSubsidy(policy) => policy.site_country.iter().map(|country| ("site_country", country.as_str(), Of::Sites)).collect(),
        Policy::ImportDuty(policy) => vec![("site_country", &policy.site_country, Of::Sites), ("origin", &policy.origin, Of::Chips)],
        Policy::ExportShare(policy) => vec![("site_country", &policy.site_country, Of::Sites)],
        Policy::TokenDuty(policy) => {
            vec![("site_country", &policy.site_country, Of::Sites), ("market_country", &policy.market_country, Of::Markets)]
        }
        Policy::RouteBan(policy) => {
            vec![("site_country", &policy.site_country, Of::Sites), ("market_country", &policy.market_country, Of::Markets)]
        }
        Policy::ChipLicence(policy) => {
            let mut countries = vec![("site_country", policy.site_country.as_str(), Of::Sites)];
            countries.extend(policy.origin.iter().map(|origin| ("origin", origin.as_str(), Of::Chips)));
            countries
        }
        Policy::DomesticShare(policy) => vec![("site_country", &policy.site_country, Of::Sites)],
        Policy::CarbonCap(_) | Policy::RenewableShare(_) | Policy::WaterCap(_) | Policy::CapexSubsidy(_) | Policy::Residency(_) => {
            Vec::new()
        }
    }
}

/// A policy for a country without sites or markets does nothing; that is rarely meant.
pub(super) fn check_policy_countries(checker: &mut Checker<'_>) {
    let plan = checker.plan;
    if !checker.known("sites") || !checker.known("markets") {
        return;
    }
    // Rented chips and bought tokens stand at places of their own.
    let places: Vec<&str> = plan
        .sites
        .values()
        .map(|site| site.country.as_str())
        .chain(plan.rentals.values().filter_map(|rental| rental.country.as_deref()))
        .chain(plan.purchases.values().map(|purchase| purchase.country.as_str()))
        .collect();
    for (id, policy) in &plan.policies {
        for (field, country, of) in policy_countries(policy) {
            let (known, what) = match of {
                Of::Sites => (places.contains(&country), "site"),
                Of::Markets => (plan.markets.values().any(|market| market.country == country), "market"),
                Of::Chips => (true, ""),
            };
            if !known && is_country(country) {
                checker.warning(
                    "no-effect",
                    format!("policies.{id}.{field}"),
                    format!("The plan has no {what} in {country}, so the policy `{id}` does nothing."),
                    "",
                );
            }
        }
    }
}
