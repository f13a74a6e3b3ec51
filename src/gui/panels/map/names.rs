//! Names of countries, to aim at.

use egui::{Align2, Rect, TextStyle, Ui};

use crate::catalog::world::countries;
use crate::gui::theme;
use crate::gui::widgets::chart::world::Projection;

/// Writes the names of the countries that are wide enough on screen, where nothing else is written.
pub(super) fn country_names(ui: &Ui, painter: &egui::Painter, projection: &Projection, taken: &mut Vec<Rect>) {
    let color = theme::tokens(ui).quiet.gamma_multiply(0.7);
    let font = TextStyle::Small.resolve(ui.style());
    let mut widest: Vec<_> = countries().iter().collect();
    widest.sort_by(|a, b| b.label.1.total_cmp(&a.label.1));
    for country in widest {
        let ((longitude, latitude), width) = country.label;
        let at = projection.at(f64::from(longitude), f64::from(latitude));
        let room = projection.degrees(width);
        // Six points a letter is about what the small font takes.
        if room < 34.0 || room < country.name.chars().count() as f32 * 5.0 || !painter.clip_rect().contains(at) {
            continue;
        }
        let galley = painter.layout_no_wrap(country.name.clone(), font.clone(), color);
        let place = Align2::CENTER_CENTER.anchor_size(at, galley.size());
        if galley.size().x > room * 1.1 || !painter.clip_rect().contains_rect(place) || taken.iter().any(|other| other.intersects(place)) {
            continue;
        }
        taken.push(place);
        painter.galley(place.min, galley, color);
    }
}
