//! A profile of the plan as it was read: which file and column, what was put right, the year as days by hours
//! and its hours from the highest down. Files beside the plan and their columns are picked here.

use crate::words;
use std::sync::Arc;

use egui::{Color32, ColorImage, ComboBox, Id, Label, RichText, Sense, TextureHandle, TextureOptions, Ui, WidgetInfo, pos2, vec2};

use crate::charts::palette::mixed;
use crate::gui::change::Edit;
use crate::gui::command::{Commands, Request, Stroke};
use crate::gui::document::Document;
use crate::gui::files::store;
use crate::gui::theme;
use crate::plan::horizon::Profile;
use crate::plan::node::quoted;
use crate::resolved::FileReport;
use crate::series::Preview;

/// Height of the picture of a year, one of its hours each row of pixels.
const MAP_HEIGHT: f32 = 96.0;

/// Height of the hours in falling order.
const CURVE_HEIGHT: f32 = 90.0;

/// Columns that are offered at most.
const MOST_COLUMNS: usize = 60;

/// A year of hours, made ready to be drawn.
struct Year {
    preview: Preview,
    map: TextureHandle,
}

/// Draws the values of a year; `key` tells one series from another, so that its picture is made once.
pub(in crate::gui) fn values_ui(ui: &mut Ui, key: &str, values: &[f64]) {
    let slot = Id::unique("year of a file");
    let known = ui.data(|data| data.get_temp::<(String, Arc<Year>)>(slot)).filter(|(known, _)| known == key);
    let year = known.map_or_else(|| Arc::new(made(ui, values)), |(_, year)| year);
    ui.data_mut(|data| data.insert_temp(slot, (key.to_owned(), Arc::clone(&year))));
    year_ui(ui, &year);
}

/// A year made ready to be drawn.
fn made(ui: &Ui, values: &[f64]) -> Year {
    let preview = Preview::of_values(values, Vec::new());
    let map = ui.ctx().load_texture("year", map_of(ui, &preview), TextureOptions::NEAREST);
    Year { preview, map }
}

/// Draws what is known of a profile's values; nothing for other parts of the plan.
pub(super) fn entry_ui(ui: &mut Ui, document: &Document, entity: &str, commands: &mut Commands) {
    let Some(id) = entity.strip_prefix("profiles.").filter(|id| !id.contains('.')) else { return };
    let Some(profile) = document.plan().profiles.get(id) else { return };
    let is_file = profile.file_path().is_some();
    ui.add_space(theme::GAP);
    let browse = ui.add_enabled(!document.is_read_only(), egui::Button::new("Browse for a file…"));
    if browse.on_hover_text("Its columns, the year that comes of it and what was put right, before it is taken").clicked() {
        commands.send(Request::BrowseSeries(Some(id.to_owned())));
    }
    if is_file {
        ui.add_enabled_ui(!document.is_read_only(), |ui| file_ui(ui, document, id, profile, commands));
    }
    let Some(year) = year_of(ui, document, id, profile) else {
        if is_file {
            let told = document.problems().iter().any(|problem| problem.path.starts_with(entity));
            let words = if told { "The file could not be read: see the problems below." } else { "The file is being read." };
            ui.label(theme::quiet(ui, words));
        }
        return;
    };
    year_ui(ui, &year);
    if let Some(report) = document.series().reports.get(id) {
        report_ui(ui, report);
    }
    for warning in document.series().warnings.iter().filter(|warning| warning.path.starts_with(entity)) {
        ui.add(Label::new(RichText::new(&warning.message).small().color(theme::tokens(ui).warn)).wrap());
        if let Some(help) = &warning.help {
            ui.add(Label::new(theme::quiet(ui, help)).wrap());
        }
    }
}

/// Picks a file beside the plan, and one of its columns.
fn file_ui(ui: &mut Ui, document: &Document, id: &str, profile: &Profile, commands: &mut Commands) {
    let Some(path) = &document.path else {
        ui.add(Label::new(theme::quiet(ui, "Files are looked for beside the plan: save it into their folder first.")).wrap());
        return;
    };
    let mut set = |field: &str, value: String| {
        let place = format!("profiles.{id}.{field}");
        commands.send(Request::Edit(Edit::set(place, value), Stroke::Once));
    };
    ui.horizontal_wrapped(|ui| {
        ui.label("Files beside the plan");
        let now = profile.file_path().unwrap_or_default();
        let combo = ComboBox::from_id_salt("series file").selected_text(if now.is_empty() { "pick one" } else { now }).show_ui(ui, |ui| {
            let names = store::series_files(path);
            if names.is_empty() {
                ui.label(theme::quiet(ui, "There is none (.csv, .tsv, .txt, .xlsx)"));
            }
            for name in names {
                if ui.selectable_label(name == now, &name).clicked() {
                    set("path", quoted(&name));
                }
            }
        });
        combo.response.accessible_name("Files beside the plan");
    });
    let Some(report) = document.series().reports.get(id) else { return };
    ui.horizontal_wrapped(|ui| {
        ui.label("Columns of it");
        let combo = ComboBox::from_id_salt("series column").selected_text(&report.seen.column).show_ui(ui, |ui| {
            for (number, name) in report.seen.columns.iter().enumerate().take(MOST_COLUMNS) {
                let shown = if name.is_empty() { format!("column {}", number + 1) } else { name.clone() };
                if ui.selectable_label(*name == report.seen.column, shown).clicked() {
                    // A name that stands twice is no name: the number says which.
                    let twice = name.is_empty() || report.seen.columns.iter().filter(|other| *other == name).count() > 1;
                    let text = quoted(&if twice { (number + 1).to_string() } else { name.clone() });
                    set("column", text);
                }
            }
        });
        combo.response.accessible_name("Columns of the file");
    });
}

/// The values of a profile as a year; made once for a revision.
fn year_of(ui: &Ui, document: &Document, id: &str, profile: &Profile) -> Option<Arc<Year>> {
    type Kept = (String, Option<Arc<Year>>);
    let key = format!("{id} {} {:p}", document.revision(), Arc::as_ptr(document.series()));
    let slot = Id::unique("year of a profile");
    if let Some((_, made)) = ui.data(|data| data.get_temp::<Kept>(slot)).filter(|(known, _)| *known == key) {
        return made;
    }
    let values: Option<Vec<f64>> = match profile {
        Profile::Catalog(series) => crate::catalog::Catalog::embedded().series(series).map(|series| series.values.clone()),
        Profile::Csv(_) | Profile::File(_) => document.series().files.get(id).cloned(),
        Profile::PerHour(_) | Profile::PerDay(_) => None,
    };
    let made = values.map(|values| Arc::new(made(ui, &values)));
    ui.data_mut(|data| data.insert_temp(slot, (key, made.clone())));
    made
}

/// Days across, hours down, from the panel's ground to the accent.
fn map_of(ui: &Ui, preview: &Preview) -> ColorImage {
    let tokens = theme::tokens(ui);
    let rgb = |color: Color32| [color.r(), color.g(), color.b()];
    let (low, high) = (rgb(tokens.field), rgb(tokens.accent));
    let span = (preview.high - preview.low).max(f64::MIN_POSITIVE);
    let mut pixels = Vec::with_capacity(24 * preview.days.len());
    for hour in 0..24 {
        for day in &preview.days {
            let value = day.get(hour).copied().unwrap_or(0.0);
            pixels.push(theme::color(mixed(low, high, (value - preview.low) / span)));
        }
    }
    ColorImage::new([preview.days.len(), 24], pixels)
}

fn year_ui(ui: &mut Ui, year: &Year) {
    let preview = &year.preview;
    let number = words::number;
    let words = format!("{} to {}, mean {}", number(preview.low), number(preview.high), number(preview.mean));
    ui.label(RichText::new("The year as it was read").text_style(theme::strong()));
    ui.label(theme::quiet(ui, &words));
    let width = ui.available_width().max(80.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, MAP_HEIGHT), Sense::hover());
    let whole = egui::Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    ui.painter().image(year.map.id(), rect, whole, Color32::WHITE);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, format!("Days across, hours down: {words}")));
    if let Some(at) = response.hover_pos() {
        let day = (((at.x - rect.left()) / rect.width()).clamp(0.0, 0.999) * preview.days.len() as f32) as usize;
        let hour = (((at.y - rect.top()) / rect.height()).clamp(0.0, 0.999) * 24.0) as usize;
        let value = preview.days.get(day).and_then(|hours| hours.get(hour)).copied().unwrap_or(0.0);
        response.on_hover_text_at_pointer(format!("Day {}, {hour:02}:00: {}", day + 1, number(value)));
    }
    ui.label(theme::quiet(ui, "1 January to 31 December; 0 to 24 o'clock downwards"));
    let (rect, response) = ui.allocate_exact_size(vec2(width, CURVE_HEIGHT), Sense::hover());
    let tokens = theme::tokens(ui);
    ui.painter().rect_filled(rect, 2.0, tokens.field);
    let span = (preview.high - preview.low.min(0.0)).max(f64::MIN_POSITIVE);
    let count = preview.duration.len().max(2);
    let points: Vec<egui::Pos2> = (0..=200)
        .filter_map(|step| {
            let share = f64::from(step) / 200.0;
            let value = preview.duration.get((share * (count - 1) as f64) as usize)?;
            let up = ((value - preview.low.min(0.0)) / span) as f32;
            Some(pos2(rect.left() + share as f32 * rect.width(), rect.bottom() - up * rect.height()))
        })
        .collect();
    ui.painter().add(egui::Shape::line(points, egui::Stroke::new(1.5, tokens.accent)));
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, format!("Hours from the highest down: {words}")));
    ui.label(theme::quiet(ui, "All hours from the highest down"));
}

/// What was seen in the file, and what was put right.
pub(in crate::gui) fn report_ui(ui: &mut Ui, report: &FileReport) {
    let seen = &report.seen;
    let mut lines = vec![format!("{}, between columns: {}", seen.encoding, seen.separator)];
    lines.push(match &seen.span {
        Some((first, last)) => format!("{}, every {} min, {first} to {last}", seen.time, seen.step_minutes),
        None => format!("no times in it: by their number, every {} min from 1 January", seen.step_minutes),
    });
    if seen.missing_hours > 0 {
        lines.push(format!("{} hours had no value", seen.missing_hours));
    }
    match (&seen.unit_stated, &seen.zone_stated) {
        (None, None) => {}
        (unit, zone) => {
            let unit = unit.as_ref().map(|unit| format!("the file says {unit}"));
            let zone = zone.as_ref().map(|zone| format!("it speaks of {zone}"));
            lines.push([unit, zone].into_iter().flatten().collect::<Vec<_>>().join("; "));
        }
    }
    ui.label(RichText::new("What was put right").text_style(theme::strong()));
    if report.put_right.is_empty() {
        ui.label(theme::quiet(ui, "Nothing had to be"));
    }
    for note in &report.put_right {
        ui.add(Label::new(note).wrap());
    }
    for line in lines {
        ui.add(Label::new(theme::quiet(ui, line)).wrap());
    }
}
