//! Five questions that make a first plan that solves.

use crate::words;
use egui::{ScrollArea, Slider, Ui};

use super::command::{Commands, Request};
use super::{defaults, theme, widgets};
use crate::catalog::{Catalog, SiteRow};
use crate::physics::geography::great_circle_km;

mod text;

pub use self::text::plan_text;

/// What the site buys beside the grid's tariff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// A flat block with take-or-pay.
    Baseload,
    /// Hydropower as a flat block.
    HydroBaseload,
    /// Hydropower drawn when it is worth most.
    Hydro,
}

impl Block {
    /// Every kind, in the order of the question.
    pub const ALL: [Self; 3] = [Self::HydroBaseload, Self::Hydro, Self::Baseload];

    /// What it is called.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Baseload => "A baseload block with take-or-pay",
            Self::HydroBaseload => "Hydropower, baseload",
            Self::Hydro => "Hydropower, drawn when it is worth most",
        }
    }
}

/// The answers so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Wizard {
    step: usize,
    /// Catalog id of the place.
    site: String,
    power_mw: f64,
    /// Blocks of power beside the tariff.
    blocks: Vec<Block>,
    /// Share of the power that each of them is.
    block_fraction: f64,
    /// Catalog ids of chips, in the order in which they were ticked.
    chips: Vec<String>,
    served_model: String,
    /// Catalog ids of the places whose users buy; at least one.
    markets: Vec<String>,
    gtok_per_day: f64,
    /// Price of answers; as the served model sells for until it is typed.
    usd_per_mtok: Option<f64>,
    /// What prices come to after a year, as a share.
    price_factor_per_year: f64,
    years: f64,
    /// The money is a sum for all years, not for each.
    in_all: bool,
    capex_musd: f64,
}

impl Default for Wizard {
    fn default() -> Self {
        Self {
            step: 0,
            site: "us-ercot".into(),
            power_mw: 100.0,
            blocks: Vec::new(),
            block_fraction: 0.5,
            chips: vec!["gb200_nvl72".into()],
            served_model: "deepseek-v3-r1".into(),
            markets: vec!["us-ercot".into()],
            gtok_per_day: defaults::DEMAND_GTOK_PER_DAY,
            usd_per_mtok: None,
            price_factor_per_year: defaults::price_factor_per_year(),
            years: 3.0,
            in_all: true,
            capex_musd: 2000.0,
        }
    }
}

/// The questions, in order.
pub const QUESTIONS: [&str; 5] =
    ["Where does it stand?", "How much power is there?", "Which chips?", "What is sold, and where?", "How much money is there?"];

/// Draws the questions one at a time; whether it closes.
pub fn wizard_ui(ui: &mut Ui, wizard: &mut Wizard, commands: &mut Commands) -> bool {
    ui.set_width(420.0_f32.min(ui.ctx().content_rect().width() - 60.0));
    ui.label(theme::quiet(ui, format!("Question {} of {}", wizard.step + 1, QUESTIONS.len())));
    ui.label(theme::title(QUESTIONS.get(wizard.step).copied().unwrap_or_default()));
    ui.add_space(6.0);
    // The buttons below stay in the window, however small it is.
    let most = (ui.ctx().content_rect().height() - 210.0).max(100.0);
    ScrollArea::vertical().id_salt(("question", wizard.step)).max_height(most).min_scrolled_height(most).auto_shrink([false, true]).show(
        ui,
        |ui| match wizard.step {
            0 => place_ui(ui, wizard),
            1 => power_ui(ui, wizard),
            2 => chips_ui(ui, wizard),
            3 => sales_ui(ui, wizard),
            _ => money_ui(ui, wizard),
        },
    );
    ui.add_space(14.0);
    let mut done = false;
    let step = wizard.step;
    ui.horizontal(|ui| {
        let last = wizard.step + 1 == QUESTIONS.len();
        let next =
            ui.add_enabled_ui(wizard.missing().is_none(), |ui| widgets::primary_ui(ui, if last { "Make the plan" } else { "Next" })).inner;
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
        if let Some(missing) = wizard.missing() {
            ui.label(theme::quiet(ui, missing));
        }
    });
    // What had the keyboard stands elsewhere in the next question, or is something else there: its button takes it.
    if wizard.step != step
        && let Some(focused) = ui.memory(|memory| memory.focused())
    {
        ui.memory_mut(|memory| memory.surrender_focus(focused));
    }
    done
}

impl Wizard {
    /// What the question on screen still wants, if anything.
    fn missing(&self) -> Option<&'static str> {
        match self.step {
            2 if self.chips.is_empty() => Some("Tick at least one chip"),
            3 if self.markets.is_empty() => Some("Tick at least one place"),
            _ => None,
        }
    }
}

fn place_ui(ui: &mut Ui, wizard: &mut Wizard) {
    let before = wizard.site.clone();
    pick_ui(ui, "Place", &mut wizard.site, places().into_iter().map(|site| (site.id.as_str(), place_name(site))));
    if wizard.site != before {
        // Users near the site, until others are ticked.
        if wizard.markets == [before] {
            wizard.markets = vec![wizard.site.clone()];
        }
    }
    if let Some(site) = Catalog::embedded().site(&wizard.site) {
        let here = super::whereabouts::whereabouts(site.latitude, site.longitude);
        let clock = here.map(|here| format!("{}, {}", here.country_name, here.time_zone)).unwrap_or_default();
        ui.label(theme::quiet(ui, format!("{} · {clock}. It can be moved on the map afterwards.", site.place)));
    }
}

/// The catalog's places by country.
fn places() -> Vec<&'static SiteRow> {
    let mut rows: Vec<&SiteRow> = Catalog::embedded().sites().iter().collect();
    rows.sort_by_key(|row| place_name(row));
    rows
}

fn place_name(site: &SiteRow) -> String {
    let country = crate::catalog::world::country(&site.country).map_or(site.country.as_str(), |country| country.name.as_str());
    if site.name.starts_with(country) { site.name.clone() } else { format!("{country}: {}", site.name) }
}

fn power_ui(ui: &mut Ui, wizard: &mut Wizard) {
    number_ui(ui, "Grid connection, MW", &mut wizard.power_mw, 1.0..=5000.0);
    ui.label(theme::quiet(ui, "Bought at the grid's tariff, and beside it"));
    for block in Block::ALL {
        tick_ui(ui, &mut wizard.blocks, block, block.title());
    }
    if !wizard.blocks.is_empty() {
        let mut percent = wizard.block_fraction * 100.0;
        number_ui(ui, "Of the connection at most, %", &mut percent, 1.0..=100.0);
        wizard.block_fraction = percent / 100.0;
    }
}

fn chips_ui(ui: &mut Ui, wizard: &mut Wizard) {
    ui.label(theme::quiet(ui, "Tick every kind that may be bought; the plan chooses among them"));
    ScrollArea::vertical().id_salt("chips of the wizard").max_height(260.0).min_scrolled_height(260.0).auto_shrink([false, true]).show(
        ui,
        |ui| {
            for chip in Catalog::embedded().chips() {
                let priced = chip.fact("capex_usd_per_chip").and_then(|fact| fact.value);
                let Some(price) = priced else { continue };
                tick_ui(ui, &mut wizard.chips, chip.id.clone(), &format!("{} · {} $ a chip", chip.name, words::number(price)));
            }
        },
    );
}

fn sales_ui(ui: &mut Ui, wizard: &mut Wizard) {
    let catalog = Catalog::embedded();
    let models = catalog.served_models().iter().map(|model| (model.id.as_str(), model.name.clone()));
    pick_ui(ui, "Served model", &mut wizard.served_model, models);
    number_ui(ui, "Answer tokens that can be sold in all, Gtok per day", &mut wizard.gtok_per_day, 0.1..=1e5);
    let listed = defaults::token_price(&wizard.served_model);
    let mut price = wizard.usd_per_mtok.unwrap_or(listed.answer);
    number_ui(ui, "Price of a million answer tokens, $", &mut price, 0.01..=100.0);
    if (price - wizard.usd_per_mtok.unwrap_or(listed.answer)).abs() > 1e-9 {
        wizard.usd_per_mtok = Some(price);
    }
    ui.label(theme::quiet(ui, price_words(&listed, wizard.usd_per_mtok)));
    let mut percent = wizard.price_factor_per_year * 100.0;
    number_ui(ui, "Prices a year later, % of today's", &mut percent, 1.0..=200.0);
    wizard.price_factor_per_year = percent / 100.0;
    ui.label(theme::quiet(ui, "One model's list price holds (100 %), the price of fixed capability falls to a seventh (14 %)"));
    ui.label(theme::quiet(ui, "Users near, each an equal part"));
    ScrollArea::vertical().id_salt("markets of the wizard").max_height(190.0).auto_shrink([false, true]).show(ui, |ui| {
        let mut rows = places();
        // The nearest first, the site's own before all.
        if let Some(own) = catalog.site(&wizard.site) {
            let km = |row: &SiteRow| great_circle_km(own.latitude, own.longitude, row.latitude, row.longitude);
            rows.sort_by(|a, b| km(a).total_cmp(&km(b)));
        }
        for site in rows {
            tick_ui(ui, &mut wizard.markets, site.id.clone(), &format!("{}, {}", site.place, place_name(site)));
        }
    });
}

/// Where the price comes from, and what prompts pay.
fn price_words(listed: &defaults::TokenPrice, typed: Option<f64>) -> String {
    let from = if listed.source.is_empty() {
        "No host lists it".to_owned()
    } else {
        format!("As listed: {}", listed.source.split(" (").next().unwrap_or_default())
    };
    let price = typed.map_or_else(|| listed.clone(), |answer| listed.with_answer(answer));
    let prompts = if price.prompt > 0.0 { format!("; prompts at {} $", words::number(price.prompt)) } else { String::new() };
    format!("{}{prompts}", if typed.is_some() { "As typed" } else { from.as_str() })
}

fn money_ui(ui: &mut Ui, wizard: &mut Wizard) {
    ui.label(theme::quiet(ui, "Years planned, from 2027"));
    ui.scope(|ui| {
        ui.spacing_mut().slider_width = 240.0;
        ui.name_inputs("Years planned, from 2027", |ui| ui.add(Slider::new(&mut wizard.years, 1.0..=10.0).integer()));
    });
    ui.horizontal(|ui| {
        widgets::radio_ui(ui, &mut wizard.in_all, true, "In all");
        widgets::radio_ui(ui, &mut wizard.in_all, false, "Each year");
    });
    number_ui(ui, "Capex at most, M$", &mut wizard.capex_musd, 1.0..=1e5);
}

fn tick_ui<T: PartialEq>(ui: &mut Ui, ticked: &mut Vec<T>, one: T, name: &str) {
    let mut on = ticked.contains(&one);
    if widgets::tick_ui(ui, &mut on, name).changed() {
        if on {
            ticked.push(one);
        } else {
            ticked.retain(|other| *other != one);
        }
    }
}

fn pick_ui<'c>(ui: &mut Ui, name: &str, picked: &mut String, choices: impl Iterator<Item = (&'c str, String)>) {
    let choices: Vec<(&str, String)> = choices.collect();
    ui.label(theme::quiet(ui, name));
    let shown = choices.iter().find(|(id, _)| *id == picked).map_or(picked.clone(), |(_, name)| name.clone());
    let response =
        egui::ComboBox::from_id_salt(name).selected_text(shown).width(ui.available_width() - 20.0).height(320.0).show_ui(ui, |ui| {
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
            for blocks in [Vec::new(), Block::ALL.to_vec()] {
                let mut markets = vec![site.id.clone(), "de-frankfurt".into(), "cn-gansu".into(), "cn-guizhou".into()];
                markets.sort();
                markets.dedup();
                let chips = vec!["gb200_nvl72".into(), "h100_sxm".into()];
                let wizard = Wizard { site: site.id.clone(), blocks, markets, chips, in_all: false, years: 5.0, ..Wizard::default() };
                let checked = read_plan(&plan_text(&wizard));
                assert!(checked.diagnostics.is_empty(), "{}: {:?}", site.id, checked.diagnostics);
            }
        }
    }
}
