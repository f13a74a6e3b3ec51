//! What was published of a number of a plan: lead times and costs of halls, beside the fields that they inform.

use super::{Catalog, PublishedRow};

/// A field of a plan that published numbers inform: the path with `*` for ids, and which rows.
struct Informs {
    path: &'static str,
    halls: bool,
    words: &'static [&'static str],
}

/// Electrical equipment that halls and connections wait for.
const TRANSFORMERS: &[&str] = &["transformer"];
/// What a grid company needs to connect a large load.
const CONNECTION: &[&str] = &["large load connection"];
/// Plant that burns gas.
const PLANT: &[&str] = &["turbine", "engine", "combined-cycle"];

const INFORMED: &[Informs] = &[
    Informs { path: "sites.*.interconnect_mw", halls: false, words: CONNECTION },
    Informs { path: "sites.*.connections.*.firm_mw", halls: false, words: CONNECTION },
    Informs { path: "sites.*.connections.*.firm_from", halls: false, words: CONNECTION },
    Informs { path: "sites.*.connections.*.service.value.*.from", halls: false, words: CONNECTION },
    Informs { path: "sites.*.feeds.*.mw", halls: false, words: TRANSFORMERS },
    Informs { path: "sites.*.buildable.*.lead_months", halls: false, words: TRANSFORMERS },
    Informs { path: "sites.*.buildable.*.capex_usd_per_w", halls: true, words: &[] },
    Informs { path: "contracts.*.terms.lead_months", halls: false, words: PLANT },
];

impl Catalog {
    /// What was published of the number at a path, for a country: of the country first, then of no country in
    /// particular, the newest first; what was published of another country is left out. Nothing where nothing
    /// informs it. Without a country, whatever there is.
    #[must_use]
    pub fn published_beside(&self, path: &str, country: &str) -> Vec<&PublishedRow> {
        let Some(informs) = INFORMED.iter().find(|informs| matches(informs.path, path)) else { return Vec::new() };
        let rows = if informs.halls { self.hall_costs() } else { self.lead_times() };
        let mut found: Vec<&PublishedRow> = rows
            .iter()
            .filter(|row| if informs.halls { row.unit.contains("per W") } else { informs.words.iter().any(|word| row.what.contains(word)) })
            .collect();
        found.retain(|row| distance(row, country).is_some());
        found.sort_by(|left, right| distance(left, country).cmp(&distance(right, country)).then(right.date.cmp(&left.date)));
        found
    }
}

/// Countries for which the European Union's numbers are their own.
const EU: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL",
    "PT", "RO", "SE", "SI", "SK",
];

/// How near a row is to a country: its own, of no country in particular; none where it is another country's, which
/// says nothing of this one. Where no country is known, every row is as near.
fn distance(row: &PublishedRow, country: &str) -> Option<u8> {
    let own = row.region.split('-').next().unwrap_or_default();
    match own {
        "" | "world" => Some(1),
        _ if country.is_empty() => Some(2),
        own if own == country || (own == "EU" && EU.contains(&country)) => Some(0),
        _ => None,
    }
}

/// Whether a path has the shape of another with `*` for any key; dated steps below it count as it.
fn matches(pattern: &str, path: &str) -> bool {
    let mut keys = path.split('.');
    pattern.split('.').all(|wanted| keys.next().is_some_and(|key| wanted == "*" || wanted == key)) && keys.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nearest_comes_first() {
        let catalog = Catalog::embedded();
        let of = |path: &str, country: &str| catalog.published_beside(path, country);
        let halls = of("sites.a.buildable.big.capex_usd_per_w", "SG");
        assert!(halls[0].region == "SG" && halls[1].region == "SG" && halls[0].date > halls[1].date);
        assert!(halls.iter().all(|row| row.unit.contains("per W")));
        assert!(of("sites.a.interconnect_mw", "US")[0].what.starts_with("large load connection"));
        // What holds of one country's grid says nothing of another's.
        let regions = |path: &str, country: &str| -> Vec<&str> { of(path, country).iter().map(|row| row.region.as_str()).collect() };
        assert!(of("sites.a.interconnect_mw", "NO").is_empty(), "{:?}", regions("sites.a.interconnect_mw", "NO"));
        assert_eq!(regions("sites.a.buildable.big.lead_months", "DE"), ["EU"]);
        assert!(regions("contracts.gas.terms.lead_months", "DE").iter().all(|region| *region == "world"));
        assert!(halls.iter().all(|row| ["SG", "", "world"].contains(&row.region.as_str())), "{halls:?}");
        assert!(of("contracts.gas.terms.lead_months", "US").iter().any(|row| row.what.contains("turbine")));
        assert!(of("sites.a.pue", "US").is_empty() && of("sites.a.interconnect_mw.2027-01", "US").is_empty());
    }
}
