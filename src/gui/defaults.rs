//! What something new starts from, whatever door it came in by: the catalog's numbers of the nearest place.

use crate::catalog::{Catalog, SiteRow};
use crate::physics::geography::great_circle_km;
use crate::plan::Plan;

/// Nearer than this to the catalog's place, something new takes over its numbers.
const NEAR_KM: f64 = 900.0;

/// Months from order to service of a hall where the grid connection stands: our own choice.
pub const HALL_LEAD_MONTHS: f64 = 12.0;

/// Life of a hall, years: our own choice.
pub const HALL_LIFE_YEARS: f64 = 20.0;

/// Chips of a kind that can be bought in a quarter where nothing is known: our own choice.
pub const SUPPLY_PER_PERIOD: f64 = 10_000.0;

/// Answer tokens that can be sold in all markets of a first plan, Gtok per day: our own choice, about what 100 MW make.
pub const DEMAND_GTOK_PER_DAY: f64 = 10_000.0;

/// Price of a million answer tokens, $: our own choice.
pub const USD_PER_MTOK: f64 = 1.5;

/// Numbers of a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Local {
    /// The catalog's row they are of; none where it has no place near, or in the same country.
    pub row: Option<&'static SiteRow>,
    /// Facility power over IT power, liquid cooling.
    pub pue: f64,
    /// Hall, $ per W of IT.
    pub hall_capex_usd_per_w: f64,
    /// Energy, $ per MWh.
    pub energy_usd_per_mwh: f64,
    /// Demand charge, $ per kW and month.
    pub demand_charge_usd_per_kw_month: f64,
    /// Carbon of the grid, g per kWh.
    pub carbon_g_per_kwh: f64,
}

/// The numbers that hold at a place: of the catalog's nearest place, at most 900 km off or in the same country;
/// elsewhere our own choice, which the planner replaces.
#[must_use]
pub fn local(country: &str, latitude: f64, longitude: f64) -> Local {
    let catalog = Catalog::embedded();
    let row = catalog
        .sites()
        .iter()
        .map(|row| (row.country != country, great_circle_km(latitude, longitude, row.latitude, row.longitude), row))
        .filter(|(abroad, km, _)| !abroad || *km < NEAR_KM)
        .min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)))
        .map(|(_, _, row)| row);
    of(row)
}

/// The numbers of a row of the catalog.
#[must_use]
pub fn of(row: Option<&'static SiteRow>) -> Local {
    let catalog = Catalog::embedded();
    let demand = catalog.power_row("demand-charge-us").and_then(|row| catalog.power_in_usd(row)[1]);
    Local {
        row,
        pue: row.and_then(|row| row.pue_liquid.or(row.pue_air)).unwrap_or(1.2),
        hall_capex_usd_per_w: row.and_then(|row| row.hall_capex_usd_per_w).unwrap_or(11.0),
        energy_usd_per_mwh: row.and_then(|row| catalog.electricity_usd_per_mwh(row)).map_or(60.0, |price| (price * 100.0).round() / 100.0),
        demand_charge_usd_per_kw_month: demand.unwrap_or(8.0),
        carbon_g_per_kwh: row.and_then(|row| row.grid_gco2_per_kwh).unwrap_or(400.0),
    }
}

/// The numbers at a site of a plan; of nowhere if there is no such site.
#[must_use]
pub fn at_site(plan: &Plan, site: &str) -> Local {
    plan.sites.get(site).map_or_else(|| of(None), |site| local(&site.country, site.latitude, site.longitude))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_from_the_nearest_place_of_the_country() {
        // Oslo is nearer to no Norwegian place than Narvik, 1,010 km off; Stockholm's region is nearer but Swedish.
        assert_eq!(local("NO", 59.91, 10.75).row.unwrap().id, "no-nordic");
        assert_eq!(local("US", 33.0, -97.0).row.unwrap().id, "us-ercot");
        assert!(local("NZ", -41.0, 174.0).row.is_none());
    }
}
