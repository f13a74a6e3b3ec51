//! The card that traces the tokens of a product in a market to chips, contracts and dollars.

use egui::{ComboBox, Grid, Label, Ui, vec2};

use crate::export::passport::{facts, name};
use crate::gui::theme;
use crate::results::Results;
use crate::results::passport::{Passports, passports};

/// What the card remembers.
#[derive(Debug, Default)]
pub struct PassportView {
    /// The answer the passports are of, and the passports.
    made: Option<(std::sync::Arc<Results>, Passports)>,
    chosen: usize,
}

/// Draws the card.
pub fn passport_ui(ui: &mut Ui, results: &std::sync::Arc<Results>, view: &mut PassportView) {
    if !view.made.as_ref().is_some_and(|(of, _)| std::sync::Arc::ptr_eq(of, results)) {
        view.made = Some((std::sync::Arc::clone(results), passports(results, None)));
    }
    let Some((_, all)) = &view.made else { return };
    ui.label(theme::title("Where tokens come from"));
    theme::raised(ui).show(ui, |ui| {
        ui.set_width(ui.available_width());
        view.chosen = view.chosen.min(all.passports.len().saturating_sub(1));
        let Some(passport) = all.passports.get(view.chosen) else {
            ui.label(theme::quiet(ui, "Nothing is sold."));
            return;
        };
        let combo = ComboBox::from_id_salt("passport").selected_text(name(results, passport)).width(220.0).show_ui(ui, |ui| {
            for (index, other) in all.passports.iter().enumerate() {
                ui.selectable_value(&mut view.chosen, index, name(results, other));
            }
        });
        combo.response.accessible_name("Tokens to trace");
        ui.add_space(2.0);
        ui.spacing_mut().interact_size.y = 17.0;
        Grid::new("passport facts").num_columns(2).spacing(vec2(14.0, 4.0)).show(ui, |ui| {
            let room = (ui.available_width() - 130.0).max(160.0);
            for (fact, words) in facts(results, passport) {
                ui.label(theme::quiet(ui, fact));
                ui.allocate_ui(vec2(room, 17.0), |ui| ui.add(Label::new(words).wrap()));
                ui.end_row();
            }
        });
    });
}
