//! What the catalog says about a field of a chip that the plan leaves to it.

use super::change;
use crate::catalog::{Catalog, Confidence, Fact};
use crate::plan::Plan;

/// A chip's field in a plan, and the catalog's key for the same number.
const CHIP_KEYS: [(&str, &str); 10] = [
    ("all_in_kw", "allin_it_kw_per_chip"),
    ("idle_fraction", "idle_power_fraction"),
    ("capex_usd", "capex_usd_per_chip"),
    ("chips_per_rack", "chips_per_rack"),
    ("availability_fraction", "availability_fraction"),
    ("lead_months", "lead_months"),
    ("life_years", "life_years"),
    ("tpp", "total_processing_performance"),
    ("memory_tb_per_s", "hbm_tb_per_s"),
    ("dense_bf16_tflops", "bf16_dense_tflops"),
];

/// The catalog's number for `chips.<id>.<field>`, if the chip is in the catalog.
#[must_use]
pub fn catalog_fact(plan: &Plan, path: &str) -> Option<Fact> {
    let (entity, field) = change::split(path);
    let id = entity.strip_prefix("chips.")?;
    let own = plan.chips.get(id)?;
    let chip = Catalog::embedded().chip(own.catalog.as_deref()?)?;
    if field == "om_usd_per_year" {
        let share = chip.fact("om_fraction_of_capex_per_year")?;
        let capex = own.capex_usd.as_ref().and_then(|stated| stated.first()).or_else(|| chip.fact("capex_usd_per_chip")?.value)?;
        return Some(Fact { value: share.value.map(|share| share * capex), unit: "USD per year", ..share });
    }
    let (_, key) = CHIP_KEYS.iter().find(|(own, _)| *own == field)?;
    chip.fact(key).filter(|fact| fact.value.is_some())
}

/// Fields of a chip that state a number or a fact of their own where the catalog has one.
#[must_use]
pub fn overridden(plan: &Plan, chip: &str) -> Vec<&'static str> {
    let Some(chip) = plan.chips.get(chip).filter(|chip| chip.catalog.is_some()) else { return Vec::new() };
    [
        ("all_in_kw", chip.all_in_kw.is_some()),
        ("idle_fraction", chip.idle_fraction.is_some()),
        ("active_kw", chip.active_kw.is_some()),
        ("capex_usd", chip.capex_usd.is_some()),
        ("om_usd_per_year", chip.om_usd_per_year.is_some()),
        ("chips_per_rack", chip.chips_per_rack.is_some()),
        ("cooling", chip.cooling.is_some()),
        ("availability_fraction", chip.availability_fraction.is_some()),
        ("lead_months", chip.lead_months.is_some()),
        ("life_years", chip.life_years.is_some()),
        ("origin", chip.origin.is_some()),
        ("tpp", chip.tpp.is_some()),
        ("dense_bf16_tflops", chip.dense_bf16_tflops.is_some()),
    ]
    .into_iter()
    .filter_map(|(field, stated)| stated.then_some(field))
    .collect()
}

/// The grades of numbers, best first, as the legend names them.
pub const GRADES: [&str; 5] = ["well sourced", "one source", "derived", "low confidence", "stated"];

/// The grade of a catalog number as the legend names it.
#[must_use]
pub fn grade(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "well sourced",
        Confidence::Medium => "one source",
        Confidence::Derived => "derived",
        Confidence::Low => "low confidence",
        Confidence::StatedDefault => "stated",
    }
}

/// Where a catalog number comes from, in words.
#[must_use]
pub fn words(fact: &Fact) -> String {
    format!("Catalog, {} confidence, {}, {}", fact.confidence.label(), fact.source, fact.date)
}
