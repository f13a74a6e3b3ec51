//! The key figures there are: what each is, which way is better, and how it reads.

use crate::results::Results;
use crate::words;

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// More.
    More,
    /// Less.
    Less,
    /// Neither.
    Neither,
}

/// A key figure.
#[derive(Clone, Copy)]
pub struct Kpi {
    /// The figure it is of, as named in the answer's key figures.
    pub key: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub tooltip: &'static str,
    /// Which way is better.
    pub better: Better,
    /// Its value.
    pub value: fn(&Results) -> f64,
    /// Its figure and unit in words.
    pub words: fn(f64) -> (String, String),
}

fn years(results: &Results) -> f64 {
    results.periods.iter().map(|period| period.years).sum::<f64>().max(1e-9)
}

fn tokens(value: f64) -> (String, String) {
    let (figure, unit) = words::ttok_parts(value);
    (figure, format!("{unit}/yr"))
}

fn plain(unit: &'static str) -> impl Fn(f64) -> (String, String) {
    move |value| (words::short(value), unit.to_owned())
}

fn money(value: f64) -> (String, String) {
    let (figure, unit) = words::musd_parts(value);
    (figure, unit.to_owned())
}

/// The key figures, in order.
pub const KPIS: &[Kpi] = &[
    Kpi {
        key: "answer_tokens_ttok_per_year",
        name: "Answer tokens",
        tooltip: "Raw answer tokens sold, mean per year; bought ones only if the plan counts them",
        better: Better::More,
        value: |results| results.kpis.answer_tokens_ttok_per_year,
        words: tokens,
    },
    Kpi {
        key: "quality_tokens_ttok",
        name: "Quality-weighted",
        tooltip: "Answer tokens weighted by the quality of their served model, mean per year",
        better: Better::More,
        value: |results| results.kpis.quality_tokens_ttok / years(results),
        words: tokens,
    },
    Kpi {
        key: "cost_usd_per_mtok",
        name: "Cost per Mtok",
        tooltip: "Levelised cost of a million tokens: discounted cost over discounted tokens, weighted by quality as the goal has them",
        better: Better::Less,
        value: |results| results.kpis.cost_usd_per_mtok,
        words: |value| plain("$")(value),
    },
    Kpi {
        key: "tokens_per_kwh",
        name: "Tokens per kWh",
        tooltip: "Raw answer tokens of our own sites per kWh at the meter",
        better: Better::More,
        value: |results| results.kpis.tokens_per_kwh,
        words: |value| {
            let (figure, unit) = words::ttok_parts(value * 1e-12);
            (figure, unit.to_owned())
        },
    },
    Kpi {
        key: "tok_per_s_per_mw",
        name: "Speed per power",
        tooltip: "Raw answer tokens per second per MW of mean facility load",
        better: Better::More,
        value: |results| results.kpis.tok_per_s_per_mw,
        words: |value| {
            let (figure, unit) = words::ttok_parts(value * 1e-12);
            (figure, format!("{unit}/s/MW"))
        },
    },
    Kpi {
        key: "peak_mw",
        name: "Peak power",
        tooltip: "Highest facility load of all sites together",
        better: Better::Neither,
        value: |results| results.kpis.peak_mw,
        words: |value| plain("MW")(value),
    },
    Kpi {
        key: "capex_musd",
        name: "Capex",
        tooltip: "Capex ordered over the horizon",
        better: Better::Less,
        value: |results| results.kpis.capex_musd,
        words: money,
    },
    Kpi {
        key: "npv_musd",
        name: "NPV",
        tooltip: "Discounted revenue less cost",
        better: Better::More,
        value: |results| results.kpis.npv_musd,
        words: money,
    },
    Kpi {
        key: "carbon_g_per_mtok",
        name: "Carbon",
        tooltip: "Carbon per million raw answer tokens",
        better: Better::Less,
        value: |results| results.kpis.carbon_g_per_mtok,
        words: |value| plain("g/Mtok")(value),
    },
    Kpi {
        key: "in_part_halls_fraction",
        name: "In part halls",
        tooltip: "Share of the answer tokens made in fractions of a hall, which nobody builds; a whole-number run plans whole ones",
        better: Better::Less,
        value: |results| results.kpis.in_part_halls_fraction * 100.0,
        words: |value| plain("% of tokens")(value),
    },
];

/// Figures that a plan has only if it says how it is financed.
pub const OF_OWNERS: &[Kpi] = &[
    Kpi {
        key: "npv_after_tax_musd",
        name: "NPV after tax",
        tooltip: "Discounted flows after tax, before debt",
        better: Better::More,
        value: |results| results.kpis.npv_after_tax_musd.unwrap_or(f64::NAN),
        words: money,
    },
    Kpi {
        key: "irr_after_tax_fraction",
        name: "IRR after tax",
        tooltip: "Internal rate of return after tax, before debt, in money of the day",
        better: Better::More,
        value: |results| results.kpis.irr_after_tax_fraction.map_or(f64::NAN, |rate| rate * 100.0),
        words: |value| plain("% a year")(value),
    },
    Kpi {
        key: "lcot_usd_per_mtok",
        name: "Levelised price",
        tooltip: "LCOT: the constant real price of a million raw answer tokens at which the owners get just the return they ask, after tax and debt",
        better: Better::Less,
        value: |results| results.lender.as_ref().and_then(|lender| lender.lcot_usd_per_mtok).unwrap_or(f64::NAN),
        words: |value| plain("$/Mtok")(value),
    },
    Kpi {
        key: "irr_of_owners_fraction",
        name: "IRR of owners",
        tooltip: "Internal rate of return of the owners, after tax and debt, in money of the day",
        better: Better::More,
        value: |results| results.kpis.irr_of_owners_fraction.map_or(f64::NAN, |rate| rate * 100.0),
        words: |value| plain("% a year")(value),
    },
    Kpi {
        key: "dscr_least",
        name: "Debt cover",
        tooltip: "Least cash of a year over its debt service",
        better: Better::More,
        value: |results| results.kpis.dscr_least.unwrap_or(f64::NAN),
        words: |value| plain("times, least")(value),
    },
];

/// Figures that stand on the strip only where somebody wants them.
pub const FURTHER: &[Kpi] = &[
    Kpi {
        key: "cost_usd_per_raw_mtok",
        name: "Cost per raw Mtok",
        tooltip: "Discounted cost over discounted raw answer tokens, whatever their quality",
        better: Better::Less,
        value: |results| results.kpis.cost_usd_per_raw_mtok,
        words: |value| plain("$")(value),
    },
    Kpi {
        key: "revenue_npv_musd",
        name: "Revenue",
        tooltip: "Discounted revenue over the horizon",
        better: Better::More,
        value: |results| results.kpis.revenue_npv_musd,
        words: money,
    },
    Kpi {
        key: "cost_npv_musd",
        name: "Cost",
        tooltip: "Discounted cost over the horizon, annuities of what is bought among it",
        better: Better::Less,
        value: |results| results.kpis.cost_npv_musd,
        words: money,
    },
    Kpi {
        key: "irr_fraction",
        name: "IRR",
        tooltip: "Internal rate of return of the flows that NPV is of, real, before tax",
        better: Better::More,
        value: |results| results.kpis.irr_fraction.map_or(f64::NAN, |rate| rate * 100.0),
        words: |value| plain("% a year")(value),
    },
    Kpi {
        key: "payback_years",
        name: "Payback",
        tooltip: "Years until what came in covers what went out, undiscounted",
        better: Better::Less,
        value: |results| results.kpis.payback_years.unwrap_or(f64::NAN),
        words: |value| plain("years")(value),
    },
    Kpi {
        key: "energy_gwh",
        name: "Energy",
        tooltip: "Energy at the meter over the horizon, battery losses included",
        better: Better::Less,
        value: |results| results.kpis.energy_gwh,
        words: |value| plain("GWh")(value),
    },
    Kpi {
        key: "carbon_kt",
        name: "Carbon, in all",
        tooltip: "Carbon of the energy drawn over the horizon",
        better: Better::Less,
        value: |results| results.kpis.carbon_kt,
        words: |value| plain("kt")(value),
    },
    Kpi {
        key: "renewable_fraction",
        name: "Renewable",
        tooltip: "Renewable draw and certificates as a share of what the facilities use",
        better: Better::More,
        value: |results| results.kpis.renewable_fraction * 100.0,
        words: |value| plain("% of energy")(value),
    },
    Kpi {
        key: "water_ml",
        name: "Water",
        tooltip: "Water over the horizon, million litres",
        better: Better::Less,
        value: |results| results.kpis.water_ml,
        words: |value| plain("ML")(value),
    },
];

/// Standard order: where not all fit, the first ones stay.
const STANDARD: [&str; 15] = [
    "answer_tokens_ttok_per_year",
    "cost_usd_per_mtok",
    "npv_musd",
    "npv_after_tax_musd",
    "capex_musd",
    "peak_mw",
    "irr_of_owners_fraction",
    "tokens_per_kwh",
    "irr_after_tax_fraction",
    "lcot_usd_per_mtok",
    "carbon_g_per_mtok",
    "dscr_least",
    "quality_tokens_ttok",
    "in_part_halls_fraction",
    "tok_per_s_per_mw",
];

/// The figure of this key.
#[must_use]
pub fn find(key: &str) -> Option<&'static Kpi> {
    KPIS.iter().chain(OF_OWNERS).chain(FURTHER).find(|kpi| kpi.key == key)
}

/// Every figure that a plan can have; those of owners only where it says how it is financed.
pub fn offered(financed: bool) -> impl Iterator<Item = &'static Kpi> {
    KPIS.iter().chain(OF_OWNERS.iter().filter(move |_| financed)).chain(FURTHER)
}

/// The figures of the strip where nobody chose, the weightiest first.
#[must_use]
pub fn standard(financed: bool) -> Vec<&'static Kpi> {
    let offers = |kpi: &&Kpi| offered(financed).any(|other| other.key == kpi.key);
    STANDARD.iter().filter_map(|key| find(key)).filter(offers).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_a_name_and_a_place_of_its_own() {
        let all: Vec<&Kpi> = offered(true).collect();
        for (index, kpi) in all.iter().enumerate() {
            assert!(all.iter().skip(index + 1).all(|other| other.key != kpi.key && other.name != kpi.name), "{}", kpi.key);
        }
        assert!(KPIS.iter().chain(OF_OWNERS).all(|kpi| STANDARD.contains(&kpi.key)));
        assert_eq!(standard(false).first().map(|kpi| kpi.key), Some("answer_tokens_ttok_per_year"));
        assert!(standard(false).iter().all(|kpi| OF_OWNERS.iter().all(|own| own.key != kpi.key)));
        assert_eq!(standard(true).len(), STANDARD.len());
    }
}
