//! Places: sites with their power, carbon, cooling and building costs.

use super::evidence::{Confidence, Fact};
use super::table::{Row, read};

/// Whether chips under United States export rules may stand at a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Exportable {
    /// Yes, without a licence.
    Yes,
    /// With a licence.
    #[default]
    Licence,
    /// No.
    No,
}

impl Exportable {
    /// The words shown on screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Licence => "with a licence",
            Self::No => "no",
        }
    }
}

/// One typical site of a region.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteRow {
    /// Catalog id, for example `us-ercot`.
    pub id: String,
    /// Country (ISO 3166 alpha-2).
    pub country: String,
    /// Name for people.
    pub name: String,
    /// The place whose coordinates stand for the region.
    pub place: String,
    /// Latitude in degrees north.
    pub latitude: f64,
    /// Longitude in degrees east.
    pub longitude: f64,
    /// Standard time, hours ahead of UTC.
    pub utc_offset_hours: f64,
    /// Region name shared by sites with the same power market.
    pub power_region: String,
    /// Electricity price, in `electricity_currency` per megawatt-hour; see `price_basis` for what it contains.
    pub electricity_price_per_mwh: Option<f64>,
    /// ISO 4217 currency of the electricity price.
    pub electricity_currency: String,
    /// What the electricity price contains and who says so.
    pub price_basis: String,
    /// Catalog series with the shape of the price; empty where there is none.
    pub price_series: String,
    /// Catalog series with the carbon of the grid; empty where there is none.
    pub carbon_series: String,
    /// Carbon of the grid, in gCO2 per kWh.
    pub grid_gco2_per_kwh: Option<f64>,
    /// Where the carbon number comes from, and whether it is an average or marginal.
    pub carbon_source: String,
    /// Facility power over IT power with air cooling.
    pub pue_air: Option<f64>,
    /// Facility power over IT power with liquid cooling.
    pub pue_liquid: Option<f64>,
    /// Capex of a hall (shell, electrical, mechanical), in USD per W of IT.
    pub hall_capex_usd_per_w: Option<f64>,
    /// Months until power and hall are there.
    pub lead_months: Option<f64>,
    /// Share of the power bill paid by the state where the chips are domestic.
    pub electricity_subsidy_fraction_domestic_chips: Option<f64>,
    /// Region for latency: `us`, `eu`, `gulf`, `cn` or `asia`.
    pub latency_region: String,
    /// Whether chips under United States export rules may stand here.
    pub us_chips_exportable: Exportable,
    /// The source's own words about exports.
    pub us_chips_basis: String,
    /// Grade of the electricity price.
    pub price_confidence: Confidence,
    /// Grade of the carbon number.
    pub carbon_confidence: Confidence,
    /// Grade of the hall capex.
    pub capex_confidence: Confidence,
    /// Grade of PUE and lead time.
    pub pue_confidence: Confidence,
    /// Where the row comes from.
    pub source: String,
    /// Date of the source.
    pub date: String,
    /// Anything else worth knowing.
    pub note: String,
}

impl SiteRow {
    /// Every number with its key and source, in the order shown on screen.
    #[must_use]
    pub fn facts(&self) -> Vec<(&'static str, Fact)> {
        let price_unit = match self.electricity_currency.as_str() {
            "EUR" => "EUR/MWh",
            _ => "USD/MWh",
        };
        let fact =
            |value, unit, source: &str, confidence| Fact { value, unit, source: source.to_owned(), date: self.date.clone(), confidence };
        vec![
            ("electricity_price_per_mwh", fact(self.electricity_price_per_mwh, price_unit, &self.price_basis, self.price_confidence)),
            ("grid_gco2_per_kwh", fact(self.grid_gco2_per_kwh, "gCO2/kWh", &self.carbon_source, self.carbon_confidence)),
            ("pue_air", fact(self.pue_air, "", &self.source, self.pue_confidence)),
            ("pue_liquid", fact(self.pue_liquid, "", &self.source, self.pue_confidence)),
            ("hall_capex_usd_per_w", fact(self.hall_capex_usd_per_w, "USD/W", &self.source, self.capex_confidence)),
            ("lead_months", fact(self.lead_months, "months", &self.source, self.pue_confidence)),
        ]
    }
}

pub(super) fn read_sites(text: &str, problems: &mut Vec<String>) -> Vec<SiteRow> {
    read("sites.csv", text, problems, |row: &mut Row<'_>| SiteRow {
        id: row.required_text("id"),
        country: row.required_text("country"),
        name: row.required_text("name"),
        place: row.required_text("place"),
        latitude: row.required("latitude"),
        longitude: row.required("longitude"),
        utc_offset_hours: row.required("utc_offset_hours"),
        power_region: row.text("power_region"),
        electricity_price_per_mwh: row.number("electricity_price_per_mwh"),
        electricity_currency: row.text("electricity_currency"),
        price_basis: row.text("price_basis"),
        price_series: row.text("price_series"),
        carbon_series: row.text("carbon_series"),
        grid_gco2_per_kwh: row.number("grid_gco2_per_kwh"),
        carbon_source: row.text("carbon_source"),
        pue_air: row.number("pue_air"),
        pue_liquid: row.number("pue_liquid"),
        hall_capex_usd_per_w: row.number("hall_capex_usd_per_w"),
        lead_months: row.number("lead_months"),
        electricity_subsidy_fraction_domestic_chips: row.number("electricity_subsidy_fraction_domestic_chips"),
        latency_region: row.text("latency_region"),
        us_chips_exportable: row.word("us_chips_exportable", |word| match word {
            "yes" => Some(Exportable::Yes),
            "licence" => Some(Exportable::Licence),
            "no" => Some(Exportable::No),
            _ => None,
        }),
        us_chips_basis: row.text("us_chips_basis"),
        price_confidence: row.confidence("price_confidence"),
        carbon_confidence: row.confidence("carbon_confidence"),
        capex_confidence: row.confidence("capex_confidence"),
        pue_confidence: row.confidence("pue_confidence"),
        source: row.required_text("source"),
        date: row.required_text("date"),
        note: row.text("note"),
    })
}
