//! What stands on top of an answer: key figures, what is made in fractions of halls, what an hour of a
//! chip earns.

use crate::charts::frame::{chip, site_name};
use crate::charts::tables::{Table, TableCell};
use crate::results::fractions::{halls_in_words, part_of_halls};
use crate::results::{HallsAt, Results};
use crate::words::{grouped, parts, percent, short};

use super::report_rows::{table, text};

/// A key figure: its name in JSON, label, number and its unit, and both as people read them.
pub(crate) struct Figure {
    pub key: &'static str,
    pub label: &'static str,
    pub value: f64,
    pub unit: &'static str,
    pub figure: String,
    pub of_figure: &'static str,
}

/// Figures of power: a plan of rented chips has none of its own.
const OF_POWER: [&str; 9] = [
    "energy_gwh",
    "load_gwh",
    "peak_mw",
    "tokens_per_kwh",
    "tok_per_s_per_mw",
    "carbon_kt",
    "carbon_g_per_mtok",
    "water_ml",
    "renewable_fraction",
];

/// The key figures, in the order of the strip of the window; not those of goals the run was stopped before.
pub(crate) fn figures(results: &Results) -> Vec<Figure> {
    let kpis = &results.kpis;
    let figure = |key, label, value: f64, unit| {
        let (figure, of_figure) = parts(value, unit);
        Figure { key, label, value, unit, figure, of_figure }
    };
    let share = |key, label, value: f64, unit| Figure { figure: percent(value), ..figure(key, label, value, unit) };
    let mut figures = vec![
        figure("answer_tokens_ttok", "Answer tokens", kpis.answer_tokens_ttok, "Ttok"),
        figure("quality_tokens_ttok", "Quality-weighted", kpis.quality_tokens_ttok, "Ttok"),
        figure("answer_tokens_ttok_per_year", "Answer tokens a year", kpis.answer_tokens_ttok_per_year, "Ttok"),
        figure("bought_tokens_ttok", "Bought, not counted", kpis.bought_tokens_ttok, "Ttok"),
        share("in_part_halls_fraction", "In fractions of halls", kpis.in_part_halls_fraction, "of tokens"),
        figure("cost_usd_per_mtok", "Cost per Mtok, levelised", kpis.cost_usd_per_mtok, "$"),
        figure("cost_usd_per_raw_mtok", "Cost per raw Mtok", kpis.cost_usd_per_raw_mtok, "$"),
        figure("cost_npv_musd", "Cost, discounted", kpis.cost_npv_musd, "M$"),
        figure("revenue_npv_musd", "Revenue, discounted", kpis.revenue_npv_musd, "M$"),
        figure("npv_musd", "NPV", kpis.npv_musd, "M$"),
        figure("end_value_npv_musd", "Left at the end, in NPV", kpis.end_value_npv_musd, "M$"),
        Figure {
            figure: kpis.irr_fraction.map_or_else(|| "–".into(), percent),
            ..figure("irr_fraction", "IRR", kpis.irr_fraction.unwrap_or(0.0), "a year, real")
        },
        Figure {
            figure: kpis.payback_years.map_or_else(|| "–".into(), |years| grouped(years, 2)),
            ..figure("payback_years", "Payback", kpis.payback_years.unwrap_or(0.0), "years")
        },
        figure("npv_after_tax_musd", "NPV after tax", kpis.npv_after_tax_musd.unwrap_or(f64::NAN), "M$"),
        share("irr_after_tax_fraction", "IRR after tax", kpis.irr_after_tax_fraction.unwrap_or(f64::NAN), "a year, nominal"),
        share("irr_of_owners_fraction", "IRR of the owners", kpis.irr_of_owners_fraction.unwrap_or(f64::NAN), "a year, nominal"),
        figure("dscr_least", "Debt service cover, least", kpis.dscr_least.unwrap_or(f64::NAN), ""),
        figure("lcot_usd_per_mtok", "Levelised with tax and debt", kpis.lcot_usd_per_mtok.unwrap_or(f64::NAN), "$ per raw Mtok"),
        figure("lcoc_usd_per_chip_hour", "Levelised, a chip-hour", kpis.lcoc_usd_per_chip_hour.unwrap_or(f64::NAN), "$"),
        figure("capex_musd", "Capex", kpis.capex_musd, "M$"),
        figure("energy_gwh", "Energy at the meter", kpis.energy_gwh, "GWh"),
        figure("load_gwh", "Energy used", kpis.load_gwh, "GWh"),
        figure("peak_mw", "Peak load", kpis.peak_mw, "MW"),
        figure("tokens_per_kwh", "Tokens per kWh", kpis.tokens_per_kwh * 1e-6, "Mtok"),
        figure("tok_per_s_per_mw", "Speed per power", kpis.tok_per_s_per_mw * 1e-6, "Mtok/s per MW"),
        figure("carbon_kt", "Carbon", kpis.carbon_kt, "kt CO₂"),
        figure("carbon_g_per_mtok", "Carbon per Mtok", kpis.carbon_g_per_mtok, "g CO₂"),
        figure("water_ml", "Water", kpis.water_ml, "ML"),
        share("renewable_fraction", "Renewable energy", kpis.renewable_fraction, ""),
    ];
    let weighed = (kpis.cost_usd_per_raw_mtok - kpis.cost_usd_per_mtok).abs() > 1e-9 * kpis.cost_usd_per_mtok.abs();
    figures.retain(|figure| match figure.key {
        key if results.hides(key) => false,
        // Absent: the plan does not say how it is financed, or there is no such rate.
        _ if figure.value.is_nan() => false,
        // Most plans have none of these; then they get no line.
        "bought_tokens_ttok" | "in_part_halls_fraction" | "end_value_npv_musd" => figure.value > 0.0,
        "cost_usd_per_raw_mtok" => weighed,
        key => kpis.load_gwh > 0.0 || !OF_POWER.contains(&key),
    });
    figures
}

/// What is made in fractions of halls, and how to plan whole ones; nothing where all are whole.
pub(crate) fn fractions_in_words(results: &Results) -> Option<String> {
    let sentence = crate::results::fractions::sentence(results)?;
    Some(format!("{sentence} A whole-number run (`--integer`, or “Whole halls and racks” in the window) plans what can be built."))
}

/// What an hour of each chip earns beside what one rents for.
pub(crate) fn chip_hours(results: &Results) -> Table {
    let mut table = table(
        "chip-hours",
        "Revenue of a chip-hour beside its market rent",
        &["Chip", "Chip-hours [million]", "Revenue [M$]", "Revenue [$/h]", "Market rent [$/h]", "Times the rent"],
    );
    for hours in &results.chip_hours {
        let known = |value: Option<f64>| value.map_or_else(|| text("not known"), TableCell::from);
        table.rows.push(vec![
            text(chip(results, hours.chip).0),
            hours.million_hours.into(),
            hours.revenue_musd.into(),
            hours.revenue_usd_per_chip_hour.into(),
            known(hours.rent_usd_per_chip_hour),
            known(hours.times_rent()),
        ]);
    }
    table
}

/// The unit of a row of halls: says where some of its numbers can't be built as they stand.
pub(super) fn hall_unit(counts: &[f64], it_mw: f64) -> String {
    let parts = counts.iter().any(|count| part_of_halls(*count) > 0.0);
    if parts { format!("halls of {} MW, in fractions", short(it_mw)) } else { "halls".into() }
}

/// Every hall that is ordered in a fraction, in words, once for each row of the builds: its largest fraction.
pub(crate) fn fraction_notes(results: &Results) -> Vec<String> {
    let largest = |hall: &HallsAt| {
        let parts = hall.orders.iter().enumerate().filter(|(_, count)| part_of_halls(**count) > 0.0);
        parts.max_by(|a, b| a.1.total_cmp(b.1)).map(|(period, count)| (period, *count))
    };
    results
        .halls
        .iter()
        .filter_map(|hall| {
            let (period, count) = largest(hall)?;
            let when = results.periods.get(period).map_or("", |period| period.label.as_str());
            let words = halls_in_words(count, hall.it_mw)?;
            Some(format!("{} at {}, {when}: {words}.", crate::words::sentence(&hall.id), site_name(results, hall.site)))
        })
        .collect()
}
