//! How long it takes to resolve a plan of thirty chips and twenty products: cold, with all that a program
//! that was just started reads once, and again.

use std::fmt::Write as _;

use tokenworks::catalog::Catalog;
use tokenworks::plan::{Plan, file};
use tokenworks::resolved::{Resolved, Series};

use super::timed;

const CHIPS: usize = 30;
const PRODUCTS: usize = 20;

/// One site with every chip, and a product for every served model whose sizes are known.
fn plan() -> Option<Plan> {
    let catalog = Catalog::embedded();
    let chips = catalog.chips().iter().filter(|chip| chip.hbm_tb_per_s.is_some()).take(CHIPS);
    let models = catalog
        .served_models()
        .iter()
        .filter(|model| model.always_read_params_b.is_some() && model.max_context_tokens.is_none_or(|most| most > 8000.0))
        .take(PRODUCTS);
    let (mut chip_lines, mut model_lines, mut product_lines, mut demand_lines) =
        (String::new(), String::new(), String::new(), String::new());
    for (number, chip) in chips.enumerate() {
        let _ = writeln!(
            chip_lines,
            "\"c{number}\": (catalog: {:?}, all_in_kw: 1.5, capex_usd: 30000.0, lead_months: 0.0, chips_per_rack: 8.0, supply_per_period: 1000.0),",
            chip.id
        );
    }
    for (number, model) in models.enumerate() {
        let _ = writeln!(model_lines, "\"m{number}\": (catalog: {:?}, quality: Stated(1.0)),", model.id);
        let lengths = "prompt_tokens: 4096.0, answer_tokens: 1024.0, tpot_ms: 50.0";
        let _ = writeln!(product_lines, "\"p{number}\": (served_model: \"m{number}\", {lengths}),");
        let segment = "(answer_gtok_per_day: 10.0, usd_per_mtok: (answer: 1.0))";
        let _ = writeln!(demand_lines, "\"p{number}\": (segments: [{segment}]),");
    }
    let place = "country: \"US\", latitude: 40.0, longitude: -90.0, utc_offset_hours: -6.0";
    let text = format!(
        "(schema: 1, name: \"Look-ups\", horizon: (start: \"2027-01\", period_months: 12, periods: 1, discount_rate_fraction: 0.08),
        slices: Representative(block_hours: 24, days: {{\"day\": (share_fraction: 1.0)}}),
        sites: {{\"s\": ({place}, interconnect_mw: 1000.0, pue: 1.1, halls: {{\"h\": (it_mw: 900.0, cooling: Liquid)}})}},
        contracts: {{\"grid\": (site: \"s\", terms: Tariff(energy_usd_per_mwh: 50.0))}},
        chips: {{{chip_lines}}}, served_models: {{{model_lines}}}, products: {{{product_lines}}},
        markets: {{\"m\": ({place}, demand: {{{demand_lines}}})}})"
    );
    let read = file::read_plan(&text);
    if read.plan.is_none() {
        println!("{:?}", read.diagnostics);
    }
    read.plan
}

/// Prints the times. Only the first thing that a process does is cold: `make bench ONLY=look-ups`.
pub fn print() {
    let (_, catalog_s) = timed(Catalog::embedded);
    let Some(plan) = plan() else { return };
    let resolve = || Resolved::new(&plan, Catalog::embedded(), &Series::default());
    let (resolved, cold_s) = timed(resolve);
    let resolved = match resolved {
        Ok(resolved) => resolved,
        Err(problems) => {
            let errors: Vec<_> = problems.iter().filter(|problem| problem.is_error()).collect();
            println!("the plan has errors: {errors:?}");
            return;
        }
    };
    let found: usize = resolved.rates.iter().map(|rates| rates.iter().flatten().count()).sum();
    let (_, again_s) = timed(resolve);
    println!("CPU ms to resolve {CHIPS} chips with {PRODUCTS} products ({found} pairs can serve), aimed at 50 with what is read once:");
    println!(
        "    catalog {:.1}, first time {:.1}, together {:.1}; again {:.1}",
        catalog_s * 1e3,
        cold_s * 1e3,
        (catalog_s + cold_s) * 1e3,
        again_s * 1e3
    );
}
