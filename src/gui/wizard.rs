//! Five questions that make a first plan that solves.

use egui::{Slider, Ui};

use super::command::{Commands, Request};
use super::{theme, widgets};
use crate::catalog::Catalog;
use crate::plan::node::{id_problem, quoted};

/// The answers so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Wizard {
    step: usize,
    site: String,
    power_mw: f64,
    chip: String,
    served_model: String,
    gtok_per_day: f64,
    usd_per_mtok: f64,
    capex_musd_per_year: f64,
}

impl Default for Wizard {
    fn default() -> Self {
        Self {
            step: 0,
            site: "us-ercot".into(),
            power_mw: 100.0,
            chip: "gb200_nvl72".into(),
            served_model: "deepseek-v3-r1".into(),
            gtok_per_day: 10_000.0,
            usd_per_mtok: 1.5,
            capex_musd_per_year: 2000.0,
        }
    }
}

/// The questions, in order.
pub const QUESTIONS: [&str; 5] =
    ["Where does it stand?", "How much power is there?", "Which chips?", "What is sold?", "How much money is there?"];

/// Draws the questions one at a time; whether it closes.
pub fn wizard_ui(ui: &mut Ui, wizard: &mut Wizard, commands: &mut Commands) -> bool {
    let catalog = Catalog::embedded();
    ui.set_width(420.0_f32.min(ui.ctx().content_rect().width() - 60.0));
    ui.label(theme::quiet(ui, format!("Question {} of {}", wizard.step + 1, QUESTIONS.len())));
    ui.label(theme::title(QUESTIONS.get(wizard.step).copied().unwrap_or_default()));
    ui.add_space(6.0);
    match wizard.step {
        0 => pick_ui(ui, "Place", &mut wizard.site, catalog.sites().iter().map(|site| (site.id.as_str(), site.name.as_str()))),
        1 => number_ui(ui, "Grid connection, MW", &mut wizard.power_mw, 1.0..=5000.0),
        2 => pick_ui(
            ui,
            "Chip",
            &mut wizard.chip,
            catalog
                .chips()
                .iter()
                .filter(|chip| {
                    catalog.chip(&chip.id).and_then(|chip| chip.fact("capex_usd_per_chip")).is_some_and(|fact| fact.value.is_some())
                })
                .map(|chip| (chip.id.as_str(), chip.name.as_str())),
        ),
        3 => {
            pick_ui(
                ui,
                "Served model",
                &mut wizard.served_model,
                catalog.served_models().iter().map(|model| (model.id.as_str(), model.name.as_str())),
            );
            number_ui(ui, "Answer tokens that can be sold, Gtok per day", &mut wizard.gtok_per_day, 0.1..=1e5);
            number_ui(ui, "Price of a million answer tokens, $", &mut wizard.usd_per_mtok, 0.01..=100.0);
        }
        _ => number_ui(ui, "Capex at most, M$ per year", &mut wizard.capex_musd_per_year, 1.0..=1e5),
    }
    ui.add_space(14.0);
    let mut done = false;
    ui.horizontal(|ui| {
        let last = wizard.step + 1 == QUESTIONS.len();
        let next = widgets::primary_ui(ui, if last { "Make the plan" } else { "Next" });
        widgets::has_keyboard(ui, &next);
        if next.clicked() {
            if last {
                commands.send(Request::NewFromText { name: "First plan".into(), text: plan_text(wizard) });
                done = true;
            } else {
                wizard.step += 1;
            }
        }
        if wizard.step > 0 && ui.button("Back").clicked() {
            wizard.step -= 1;
        }
        done |= ui.button("Cancel").clicked();
    });
    done
}

fn pick_ui<'c>(ui: &mut Ui, name: &str, picked: &mut String, choices: impl Iterator<Item = (&'c str, &'c str)>) {
    let choices: Vec<(&str, &str)> = choices.collect();
    ui.label(theme::quiet(ui, name));
    let shown = choices.iter().find(|(id, _)| *id == picked).map_or(picked.clone(), |(_, name)| (*name).to_owned());
    let response = egui::ComboBox::from_id_salt(name).selected_text(shown).width(ui.available_width() - 20.0).show_ui(ui, |ui| {
        for (id, label) in choices {
            if ui.selectable_label(picked == id, label).clicked() {
                id.clone_into(picked);
            }
        }
    });
    response.response.accessible_name(name);
}

fn number_ui(ui: &mut Ui, name: &str, value: &mut f64, range: std::ops::RangeInclusive<f64>) {
    ui.label(theme::quiet(ui, name));
    ui.scope(|ui| {
        ui.spacing_mut().slider_width = 240.0;
        ui.name_inputs(name, |ui| ui.add(Slider::new(value, range).logarithmic(true).max_decimals(2)));
    });
}

/// An id made from a name, or another where it makes none.
fn id_or(name: &str, other: &str) -> String {
    let id = super::format::id_of(name);
    if id_problem(&id).is_some() { other.to_owned() } else { id }
}

/// The plan that the answers describe.
#[must_use]
pub fn plan_text(wizard: &Wizard) -> String {
    let catalog = Catalog::embedded();
    let site = catalog.site(&wizard.site);
    let (name, country, latitude, longitude, offset) = site.map_or(("New site", "US", 32.45, -99.73, -6.0), |site| {
        (site.place.as_str(), site.country.as_str(), site.latitude, site.longitude, site.utc_offset_hours)
    });
    let pue = site.and_then(|site| site.pue_liquid).unwrap_or(1.15);
    let hall_capex = site.and_then(|site| site.hall_capex_usd_per_w).unwrap_or(11.0);
    let energy = site.and_then(|site| catalog.electricity_usd_per_mwh(site)).unwrap_or(60.0);
    let carbon = site.and_then(|site| site.grid_gco2_per_kwh).unwrap_or(400.0);
    let lead = catalog.chip(&wizard.chip).and_then(|chip| chip.fact("lead_months")).and_then(|fact| fact.value).unwrap_or(6.0);
    let hall_mw = (wizard.power_mw / pue / 4.0).max(0.5);
    let notes =
        format!("Made from five questions. Place, price, PUE and carbon from the catalog ({}); the rest was answered.", wizard.site);
    let (power, gtok, price, capex) = (wizard.power_mw, wizard.gtok_per_day, wizard.usd_per_mtok, wizard.capex_musd_per_year);
    format!(
        r#"(
    schema: 1,
    name: {title},
    notes: {notes},
    horizon: (start: "2027-01", period_months: 3, periods: 12, discount_rate_fraction: 0.08, price_basis: "real 2026 USD"),
    slices: Representative(block_hours: 4, days: {{
        "winter": (months: [12, 1, 2]), "spring": (months: [3, 4, 5]), "summer": (months: [6, 7, 8]), "autumn": (months: [9, 10, 11]),
    }}),
    sites: {{{site_id}: (
        name: {name}, country: {country}, latitude: {latitude:?}, longitude: {longitude:?}, utc_offset_hours: {offset:?},
        interconnect_mw: {power:?}, pue: {pue:?},
        buildable: {{{hall_id}: (it_mw: {hall_mw:?}, cooling: Liquid, capex_usd_per_w: {hall_capex:?}, lead_months: 12.0, life_years: 20.0, at_most: 4.0)}},
    )}},
    chips: {{{chip_id}: (catalog: {chip}, lead_months: {lead:?}, supply_per_period: 100000.0)}},
    contracts: {{"grid": (site: {site_id}, carbon_g_per_kwh: {carbon:?}, terms: Tariff(energy_usd_per_mwh: {energy:?}, demand_charge_usd_per_kw_month: 6.0))}},
    served_models: {{{model_id}: (catalog: {model})}},
    products: {{"chat": (served_model: {model_id}, prompt_tokens: 4096.0, answer_tokens: 1024.0, cache_hit_fraction: 0.5, tpot_ms: 50.0)}},
    markets: {{{market_id}: (
        name: {market_name}, country: {country}, latitude: {latitude:?}, longitude: {longitude:?}, utc_offset_hours: {offset:?},
        demand: {{"chat": (segments: [(answer_gtok_per_day: {gtok:?}, usd_per_mtok: (answer: {price:?}))])}},
    )}},
    budget: (capex_musd_per_period: {quarter:?}),
)"#,
        title = quoted(&format!("{name} with {power} MW")),
        notes = quoted(&notes),
        site_id = quoted(&id_or(name, "first-site")),
        hall_id = quoted(&format!("liquid-{}", hall_mw.round())),
        chip_id = quoted(&id_or(&wizard.chip.replace('_', "-"), "first-chip")),
        model_id = quoted(&id_or(&wizard.served_model, "first-model")),
        market_id = quoted(&format!("users-{}", country.to_lowercase())),
        market_name = quoted(&format!("Users near {name}")),
        name = quoted(name),
        country = quoted(country),
        chip = quoted(&wizard.chip),
        model = quoted(&wizard.served_model),
        quarter = capex / 4.0,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::file::read_plan;

    /// The numbers it begins with fit together: what can be sold is worth the power and the money.
    #[test]
    fn the_first_answers_fill_most_of_the_power() {
        let wizard = Wizard::default();
        let plan = read_plan(&plan_text(&wizard)).plan.unwrap();
        let answer = crate::study::answer(&plan, &crate::resolved::Series::default(), &crate::study::Options::default());
        let results = answer.results.unwrap();
        assert!(results.certificate.checked);
        assert!(results.kpis.peak_mw > 0.4 * wizard.power_mw && results.kpis.npv_musd > 0.0, "{:?}", results.kpis);
    }

    #[test]
    fn every_answer_makes_a_plan_that_can_be_read() {
        let catalog = Catalog::embedded();
        for site in catalog.sites() {
            let wizard = Wizard { site: site.id.clone(), ..Wizard::default() };
            let checked = read_plan(&plan_text(&wizard));
            assert!(!checked.has_errors(), "{}: {:?}", site.id, checked.diagnostics);
        }
    }
}
