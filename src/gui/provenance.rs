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
        let capex = own.capex_usd.as_ref().map(|stated| stated.value).or_else(|| chip.fact("capex_usd_per_chip")?.value)?;
        return Some(Fact { value: share.value.map(|share| share * capex), unit: "USD per year", ..share });
    }
    let (_, key) = CHIP_KEYS.iter().find(|(own, _)| *own == field)?;
    chip.fact(key).filter(|fact| fact.value.is_some())
}

/// The grades of numbers, best first, as the legend names them.
pub const GRADES: [&str; 4] = ["well sourced", "one source", "derived", "stated"];

/// The grade of a catalog number as the legend names it.
#[must_use]
pub fn grade(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "well sourced",
        Confidence::Medium => "one source",
        Confidence::Derived | Confidence::Low => "derived",
        Confidence::StatedDefault => "stated",
    }
}
