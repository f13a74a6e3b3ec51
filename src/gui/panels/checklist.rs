//! What an empty plan still lacks before it can be solved, each with a button that adds it.

use egui::{Label, RichText, Ui};

use crate::gui::command::{Commands, UiCommand};
use crate::gui::theme;
use crate::plan::Plan;
use crate::words;

/// What adds something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// An entry of this map.
    Add(String),
    /// A pick from the catalog for this section.
    Pick(&'static str),
    /// A field to fill in.
    Field(String),
}

impl Way {
    /// Goes it.
    pub fn go(&self, commands: &mut Commands) {
        match self {
            Self::Add(map) => {
                commands.select(map);
                commands.run(UiCommand::Add);
            }
            Self::Pick(section) => {
                commands.select(*section);
                commands.run(UiCommand::PickFromCatalog);
            }
            Self::Field(path) => commands.go_to(path),
        }
    }
}

/// A part of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is, in words.
    pub text: String,
    /// Whether the plan has it.
    pub done: bool,
    /// What adds it.
    pub way: Way,
    /// What the button says.
    pub button: &'static str,
}

/// The parts that a plan needs, in the order in which they are best added.
#[must_use]
pub fn items(plan: &Plan) -> Vec<Item> {
    let item = |text: &str, done: bool, way: Way, button: &'static str| Item { text: text.to_owned(), done, way, button };
    let site = plan.sites.keys().next().cloned().unwrap_or_default();
    // Whoever rents chips elsewhere needs no site of their own, no hall and no power.
    let rents_all = plan.sites.is_empty() && !plan.rentals.is_empty();
    let halls = rents_all || plan.sites.values().any(|site| !site.halls.is_empty() || !site.buildable.is_empty());
    let to_be_had = !plan.fleets.is_empty() || !plan.rentals.is_empty() || plan.chips.values().any(|chip| chip.supply_per_period.is_some());
    let chip = plan.chips.keys().next().cloned();
    let chip_name = chip.as_ref().map(|id| words::called(plan, &format!("chips.{id}"))).unwrap_or_default();
    let market = plan.markets.keys().next().cloned();
    let wanted = plan.markets.values().any(|market| !market.demand.is_empty());
    vec![
        item("A site with a grid connection", rents_all || !plan.sites.is_empty(), Way::Add("sites".into()), "Add a site"),
        item("A hall that stands, or a kind that may be built", halls, Way::Add(format!("sites.{site}.buildable")), "Add a hall type"),
        item("A power contract or a plant", rents_all || !plan.contracts.is_empty(), Way::Add("contracts".into()), "Add a power contract"),
        match chip {
            Some(chip) if !to_be_had => item(
                &format!("Chips that stand or can be bought: nobody can buy {chip_name} yet"),
                false,
                Way::Field(format!("chips.{chip}.supply_per_period")),
                "Say how many can be bought",
            ),
            _ => item("Chips that stand or can be bought", to_be_had, Way::Pick("chips"), "Pick a chip…"),
        },
        item("A served model", !plan.served_models.is_empty(), Way::Pick("served_models"), "Pick a served model…"),
        item("A token product made with it", !plan.products.is_empty(), Way::Add("products".into()), "Add a product"),
        match market {
            Some(market) if !wanted => {
                item("A market that wants the product", false, Way::Add(format!("markets.{market}.demand")), "Add its demand")
            }
            _ => item("A market that wants the product", wanted, Way::Add("markets".into()), "Add a market"),
        },
    ]
}

/// Whether something is missing.
#[must_use]
pub fn is_lacking(plan: &Plan) -> bool {
    items(plan).iter().any(|item| !item.done)
}

/// Draws the list.
pub fn checklist_ui(ui: &mut Ui, plan: &Plan, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    theme::raised(ui).show(ui, |ui| {
        ui.set_width(ui.available_width().min(460.0));
        ui.label(theme::title("What this plan still needs"));
        let all = items(plan);
        let next = all.iter().position(|item| !item.done);
        for (index, item) in all.iter().enumerate() {
            ui.horizontal(|ui| {
                let (mark, color) = if item.done { ("✔", tokens.good) } else { ("○", tokens.quiet) };
                ui.label(RichText::new(mark).color(color));
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    // One after the other: what comes later refers to what comes first.
                    if !item.done && Some(index) == next && ui.button(item.button).clicked() {
                        item.way.go(commands);
                    }
                    ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                        let text = RichText::new(&item.text).color(if item.done { tokens.quiet } else { tokens.text });
                        ui.add(Label::new(text).wrap());
                    });
                });
            });
        }
    });
}
