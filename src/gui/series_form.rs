//! A file with a series, browsed for: its columns, the year that comes of it, what was put right; then it is taken
//! into the plan, and copied beside it if it lies elsewhere.

mod more;

use more::text_ui;

use crate::words;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{ComboBox, Label, RichText, ScrollArea, Ui};

use super::command::{Commands, Decision, Request};
use super::document::Document;
use super::panels::series::{report_ui, values_ui};
use super::templates::free_id;
use super::theme;
use super::widgets::primary_ui;
use crate::catalog::Catalog;
use crate::plan::Plan;
use crate::plan::horizon::{FileProfile, Gaps, Profile, Stamp};
use crate::plan::node::{Node as _, id_problem};
use crate::resolved::FileReport;
use crate::series::uses::{Use, reading_of, uses};
use crate::series::{Clean, Fault, Holds};

/// Columns that are offered at most.
const MOST_COLUMNS: usize = 200;

/// What a file is read as, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesForm {
    /// Where the file is.
    file: PathBuf,
    bytes: Arc<Vec<u8>>,
    /// The profile that takes it; a new one where it is not in the plan.
    id: String,
    said: FileProfile,
    more: more::More,
    /// What the profile is used as; of a new one what the planner says.
    uses: Vec<Use>,
    columns: Vec<String>,
    read: Arc<Result<Clean, Vec<Fault>>>,
    /// Counts readings, for pictures that are made once.
    reading: u64,
}

/// A series that is taken into the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// The profile.
    pub id: String,
    /// Where the file is.
    pub file: PathBuf,
    /// What it holds.
    pub bytes: Arc<Vec<u8>>,
    /// How it is read; the path is set when it is known where the file lies.
    pub said: FileProfile,
}

impl Taken {
    /// The profile in a plan's words, with the file at a path beside the plan.
    #[must_use]
    pub fn text(&self, path: String) -> String {
        Profile::File(FileProfile { path, ..self.said.clone() }).tree().inline()
    }
}

impl SeriesForm {
    /// A file for a profile of the plan, or for a new one.
    #[must_use]
    pub fn new(plan: &Plan, profile: Option<String>, file: &Path, bytes: Vec<u8>) -> Self {
        let stem = words::id_of(&file.file_stem().unwrap_or_default().to_string_lossy());
        let wanted = if id_problem(&stem).is_none() { stem } else { "series".to_owned() };
        let taken: Vec<String> = plan.profiles.keys().cloned().collect();
        let known = profile.filter(|id| plan.profiles.contains_key(id));
        // What the plan says of the file it has stays said where the same file is picked again.
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let said = known.as_ref().and_then(|id| plan.profiles.get(id)?.file());
        let said = said.filter(|said| said.path.rsplit('/').next() == Some(name.as_str())).unwrap_or_else(|| unsaid(&name));
        let used = known.as_ref().and_then(|id| uses(plan).remove(id)).unwrap_or_default();
        let id = known.unwrap_or_else(|| free_id(&taken, &wanted));
        let mut form = Self {
            file: file.to_owned(),
            bytes: Arc::new(bytes),
            id,
            more: more::More::of(&said),
            said,
            uses: used,
            columns: Vec::new(),
            read: Arc::new(Err(Vec::new())),
            reading: 0,
        };
        form.read_again();
        form
    }

    fn read_again(&mut self) {
        let reading = reading_of(&self.said, &self.uses, Catalog::embedded().exchange_rates());
        self.columns = crate::series::columns(&self.bytes, &reading);
        self.read = Arc::new(crate::series::read(&self.bytes, &reading));
        self.reading += 1;
    }
}

/// A file of which nothing is said yet.
fn unsaid(path: &str) -> FileProfile {
    FileProfile {
        path: path.to_owned(),
        column: None,
        sheet: None,
        skip_rows: None,
        separator: None,
        decimal: None,
        time: Vec::new(),
        zone: None,
        utc_offset_hours: None,
        stamp: None,
        unit: None,
        nameplate: None,
        year: None,
        gaps: Gaps::Refuse,
    }
}

/// Draws the form; whether it is answered.
pub fn series_form_ui(ui: &mut Ui, form: &mut SeriesForm, document: &Document, commands: &mut Commands) -> bool {
    let room = ui.ctx().content_rect();
    ui.set_width(640.0_f32.min(room.width() - 60.0));
    let name = form.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    ui.label(theme::title(format!("A series from {name}")));
    let is_new = !document.plan().profiles.contains_key(&form.id);
    let before = (form.said.clone(), form.uses.clone());
    // A question is as tall as what it asks; only what does not fit on the screen is scrolled.
    let height = (room.height() - 190.0).max(200.0);
    ScrollArea::vertical().max_height(height).min_scrolled_height(height).show(ui, |ui| {
        ui.set_width(ui.available_width());
        egui::Grid::new("how it is read").num_columns(2).spacing([12.0, 6.0]).show(ui, |ui| fields_ui(ui, form, is_new));
        more::more_ui(ui, &mut form.more, &mut form.said);
        if before != (form.said.clone(), form.uses.clone()) {
            form.read_again();
        }
        ui.add_space(theme::GAP);
        match form.read.as_ref() {
            Ok(clean) => clean_ui(ui, form.reading, clean),
            Err(faults) => faults_ui(ui, faults),
        }
    });
    ui.add_space(8.0);
    buttons_ui(ui, form, document, commands)
}

fn fields_ui(ui: &mut Ui, form: &mut SeriesForm, is_new: bool) {
    ui.label("Profile");
    if is_new {
        text_ui(ui, "Name of the profile", &mut form.id, "prices");
    } else {
        ui.label(RichText::new(&form.id).text_style(theme::strong()));
    }
    ui.end_row();
    ui.label("Column");
    column_ui(ui, form);
    ui.end_row();
    if is_new {
        ui.label("Used as");
        used_as_ui(ui, form);
        ui.end_row();
    }
    let said = &mut form.said;
    ui.label("Unit");
    optional_ui(ui, "Unit of the values", &mut said.unit, "found, or that of its use: EUR/MWh, c/kWh, kW, %");
    ui.end_row();
    ui.label("Time zone");
    optional_ui(ui, "Time zone of the file", &mut said.zone, "found, or UTC: Europe/Berlin");
    ui.end_row();
    ui.label("A time names");
    let word = |stamp: &Option<Stamp>| match stamp {
        None => "what the file shows",
        Some(Stamp::Begin) => "the beginning of its step",
        Some(Stamp::End) => "the end of its step",
    };
    let combo = ComboBox::from_id_salt("stamp").selected_text(word(&said.stamp)).show_ui(ui, |ui| {
        for stamp in [None, Some(Stamp::Begin), Some(Stamp::End)] {
            ui.selectable_value(&mut said.stamp, stamp.clone(), word(&stamp));
        }
    });
    combo.response.accessible_name("What a time names");
    ui.end_row();
    ui.label("Gaps");
    let word = |gaps: &Gaps| match gaps {
        Gaps::Refuse => "refuse the file",
        Gaps::Hold => "hold the value before",
        Gaps::Interpolate => "a straight line",
        Gaps::Mean => "the mean of such hours",
    };
    let combo = ComboBox::from_id_salt("gaps").selected_text(word(&said.gaps)).show_ui(ui, |ui| {
        for gaps in [Gaps::Refuse, Gaps::Hold, Gaps::Interpolate, Gaps::Mean] {
            let text = word(&gaps);
            ui.selectable_value(&mut said.gaps, gaps, text);
        }
    });
    combo.response.accessible_name("What becomes of gaps");
    ui.end_row();
}

fn optional_ui(ui: &mut Ui, name: &str, value: &mut Option<String>, hint: &str) {
    let mut text = value.clone().unwrap_or_default();
    text_ui(ui, name, &mut text, hint);
    *value = Some(text).filter(|text| !text.trim().is_empty());
}

fn column_ui(ui: &mut Ui, form: &mut SeriesForm) {
    let picked = match (&form.said.column, form.read.as_ref()) {
        (Some(column), _) => column.clone(),
        (None, Ok(clean)) => clean.seen.column.clone(),
        (None, Err(_)) => "pick one".to_owned(),
    };
    let names = form.columns.clone();
    let combo = ComboBox::from_id_salt("column").selected_text(picked).width(240.0).show_ui(ui, |ui| {
        for (number, name) in names.iter().enumerate().take(MOST_COLUMNS) {
            // A name that stands twice, or none, is no name: the number says which.
            let twice = name.is_empty() || names.iter().filter(|other| *other == name).count() > 1;
            let value = if twice { (number + 1).to_string() } else { name.clone() };
            let shown = if name.is_empty() { format!("column {}", number + 1) } else { name.clone() };
            ui.selectable_value(&mut form.said.column, Some(value), shown);
        }
    });
    combo.response.accessible_name("Column of the values");
}

/// What a new series will be used as: decides its unit and what is plausible.
fn used_as_ui(ui: &mut Ui, form: &mut SeriesForm) {
    const WAYS: [(&str, Holds); 6] = [
        ("any scale", Holds::Anything),
        ("a price, $/MWh", Holds::Price),
        ("carbon, g/kWh", Holds::Carbon),
        ("output per MW", Holds::Share),
        ("demand of a day", Holds::Demand),
        ("PUE", Holds::PowerUsageEffectiveness),
    ];
    let now = form.uses.first().map_or(Holds::Anything, |used| used.holds);
    let shown = WAYS.iter().find(|(_, holds)| *holds == now).map_or("any scale", |(word, _)| *word);
    let combo = ComboBox::from_id_salt("used as").selected_text(shown).show_ui(ui, |ui| {
        for (word, holds) in WAYS {
            if ui.selectable_label(holds == now, word).clicked() {
                form.uses = vec![Use { holds, place: "the plan".to_owned(), utc_offset_hours: 0.0 }];
            }
        }
    });
    combo.response.accessible_name("What the series is used as");
}

fn clean_ui(ui: &mut Ui, reading: u64, clean: &Clean) {
    values_ui(ui, &format!("form {reading}"), &clean.values);
    let report = FileReport { seen: clean.seen.clone(), put_right: clean.put_right.clone() };
    report_ui(ui, &report);
    for warning in &clean.warnings {
        ui.add(Label::new(RichText::new(&warning.message).small().color(theme::tokens(ui).warn)).wrap());
        ui.add(Label::new(theme::quiet(ui, &warning.help)).wrap());
    }
}

fn faults_ui(ui: &mut Ui, faults: &[Fault]) {
    ui.label(RichText::new("It can't be read so").text_style(theme::strong()));
    for fault in faults {
        ui.add(Label::new(RichText::new(&fault.message).color(theme::tokens(ui).bad)).wrap());
        ui.add(Label::new(theme::quiet(ui, &fault.help)).wrap());
    }
}

fn buttons_ui(ui: &mut Ui, form: &SeriesForm, document: &Document, commands: &mut Commands) -> bool {
    let mut done = false;
    let refused =
        if document.path.is_none() { Some("Files of a plan lie beside it: save the plan first.".to_owned()) } else { id_problem(&form.id) };
    if let Some(refused) = &refused {
        ui.label(theme::quiet(ui, refused));
    }
    ui.horizontal(|ui| {
        let ready = form.read.is_ok() && refused.is_none() && !document.is_read_only();
        if ui.add_enabled_ui(ready, |ui| primary_ui(ui, "Take it").clicked()).inner {
            let said = form.said.clone();
            let taken = Taken { id: form.id.clone(), file: form.file.clone(), bytes: Arc::clone(&form.bytes), said };
            commands.send(Request::Decide(Decision::TakeSeries(Box::new(taken))));
            done = true;
        }
        if ui.button("Another file…").clicked() {
            commands.send(Request::BrowseSeries(Some(form.id.clone())));
            done = true;
        }
        done |= ui.button("Cancel").clicked();
    });
    done
}
