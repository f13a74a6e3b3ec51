//! What the bench drags in the window, and what the fields are called there: shared with the test that finds each of
//! them under the pointer, so that the bench does not go on without them.

/// Prices, limits and efficiencies that a planner tries first: plan, path of the field.
pub const DRAGS: [(&str, &str); 8] = [
    ("deepseek-day", "rentals.fleet.price_usd_per_chip_hour"),
    ("deepseek-day", "rentals.fleet.at_most"),
    ("gansu", "sites.qingyang.pue"),
    ("gansu", "sites.qingyang.interconnect_mw.2028-01"),
    ("two-countries", "sites.texas.pue"),
    ("texas", "sites.abilene.pue"),
    ("texas", "sites.abilene.interconnect_mw.2028-07"),
    ("texas", "budget.capex_musd_per_period.2028-01"),
];

/// What a field is called in the inspector; a dated step with its date.
pub fn label(path: &str) -> String {
    let (rest, last) = path.rsplit_once('.').unwrap_or(("", path));
    if !last.starts_with(|first: char| first.is_ascii_digit()) {
        return tokenworks::words::label_of(last);
    }
    let field = rest.rsplit('.').next().unwrap_or_default();
    format!("{} from {last}", tokenworks::words::label_of(field))
}
