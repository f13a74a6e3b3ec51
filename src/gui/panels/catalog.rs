//! The catalog picker: chips or served models of the catalog in a table that can be searched and
//! sorted, with what each would do for a product of the plan, and some of them side by side.

use crate::words;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use egui::{Align, ComboBox, Layout, RichText, ScrollArea, TextEdit, Ui, UiBuilder, vec2};
use egui_extras::{Column, TableBuilder};

use crate::catalog::{Catalog, VERSION};
use crate::gui::change::Edit;
use crate::gui::command::{Commands, Request};
use crate::gui::document::Document;
use crate::gui::provenance::overridden;
use crate::gui::widgets::{dot_ui, scrolls_sideways, tick_ui};
use crate::gui::{change, defaults, palette, templates, theme};
use crate::plan::Plan;
use crate::plan::node::quoted;
use crate::study::shortlist::{Candidate, Case};

mod beside;
mod rows;

use rows::{Row, Subject};

/// Time for look-ups in one frame; what is left is looked up in the next ones.
const PATIENCE: Duration = Duration::from_millis(4);

/// Most entries side by side.
const MOST_BESIDE: usize = 4;

/// What is picked from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// Chips.
    Chips,
    /// Served models.
    ServedModels,
}

impl Shelf {
    /// The map of a plan that holds such entries.
    #[must_use]
    pub const fn map(self) -> &'static str {
        match self {
            Self::Chips => "chips",
            Self::ServedModels => "served_models",
        }
    }
}

/// What the picker remembers while it is open.
#[derive(Clone, Debug, PartialEq)]
pub struct Picker {
    /// What is picked from.
    pub shelf: Shelf,
    /// Id of the plan's entry that takes the pick; a new one is added if none.
    pub entry: Option<String>,
    /// What was typed into the search field.
    pub query: String,
    /// Catalog ids side by side, in the order they were picked.
    pub beside: Vec<String>,
    /// What they are compared for: a product of the plan for chips, a catalog chip for served models.
    pub partner: String,
    /// Sources are shown under the numbers.
    pub sources: bool,
    /// Numbers that the plan states go back to the catalog's.
    pub reset: bool,
    /// Column that rows are sorted by, and whether the largest comes first; as in the catalog if none.
    pub sorted: Option<(usize, bool)>,
    /// Ids looked up already, for this partner.
    looked_up: BTreeSet<String>,
}

impl Picker {
    /// The picker for what is selected: an entry of chips or served models, one of these sections, or a new chip.
    #[must_use]
    pub fn for_selection(plan: &Plan, selection: &str) -> Self {
        let (section, rest) = selection.split_once('.').unwrap_or((selection, ""));
        let shelf = if section == "served_models" { Shelf::ServedModels } else { Shelf::Chips };
        let id = rest.split('.').next().unwrap_or_default().to_owned();
        let entry = (section == shelf.map() && !id.is_empty()).then_some(id);
        let now = entry.as_deref().and_then(|id| match shelf {
            Shelf::Chips => plan.chips.get(id)?.catalog.clone(),
            Shelf::ServedModels => plan.served_models.get(id)?.catalog.clone(),
        });
        let partner = match shelf {
            Shelf::Chips => plan.products.keys().next().cloned(),
            Shelf::ServedModels => plan.chips.values().find_map(|chip| chip.catalog.clone()),
        };
        Self {
            shelf,
            entry,
            query: String::new(),
            beside: now.into_iter().collect(),
            partner: partner.unwrap_or_default(),
            sources: false,
            reset: false,
            sorted: None,
            looked_up: BTreeSet::new(),
        }
    }

    fn put_beside(&mut self, id: &str, on: bool) {
        self.beside.retain(|other| other != id);
        if on {
            self.beside.push(id.to_owned());
            if self.beside.len() > MOST_BESIDE {
                self.beside.remove(0);
            }
        }
    }

    /// The edits that take an entry of the catalog into the plan, and the path of what takes it.
    #[must_use]
    pub fn edits(&self, plan: &Plan, id: &str) -> (String, Vec<Edit>) {
        let map = self.shelf.map();
        let mut edits = Vec::new();
        let path = match &self.entry {
            Some(entry) => {
                let path = format!("{map}.{entry}");
                edits.push(Edit::set(format!("{path}.catalog"), quoted(id)));
                if self.reset && self.shelf == Shelf::Chips {
                    edits.extend(overridden(plan, entry).into_iter().map(|field| Edit::set(format!("{path}.{field}"), "None")));
                }
                path
            }
            None => {
                let taken = change::get(plan, map).map(crate::plan::node::Node::children).unwrap_or_default();
                let own = templates::free_id(&taken, &id.replace('.', "-"));
                let entry = match self.shelf {
                    // A chip without supply could not be bought at all.
                    Shelf::Chips => format!("(catalog: {}, supply_per_period: {:?})", quoted(id), defaults::SUPPLY_PER_PERIOD),
                    Shelf::ServedModels => format!("(catalog: {})", quoted(id)),
                };
                edits.push(Edit::insert(map, own.clone(), entry));
                format!("{map}.{own}")
            }
        };
        if plan.catalog_version != VERSION {
            edits.push(Edit::set("catalog_version", quoted(VERSION)));
        }
        (path, edits)
    }
}

/// Draws the picker; whether something was picked or the picker closed.
pub fn picker_ui(ui: &mut Ui, picker: &mut Picker, document: &Document, commands: &mut Commands) -> bool {
    let window = ui.ctx().content_rect().size();
    let size = vec2((window.x - 60.0).clamp(300.0, 1240.0), (window.y - 110.0).clamp(240.0, 760.0));
    ui.set_width(size.x);
    let plan = document.plan();
    let subject = Subject::of(picker, plan, &document.series().configs, document.results().map(AsRef::as_ref));
    head_ui(ui, picker, plan, &subject);
    let rows = found_rows(ui, picker, &subject);
    let mut done = false;
    let body = vec2(size.x, size.y - 120.0);
    // Side by side where there is room, the table above what is picked where there is not.
    let wide = size.x > 820.0;
    // The more stand side by side, the more room they get.
    let share = if picker.beside.len() > 1 { 0.44 } else { 0.58 };
    let list = if wide { vec2(size.x * share, body.y) } else { vec2(size.x, body.y * 0.5) };
    let rest = if wide { vec2(size.x - list.x - theme::GAP, body.y) } else { vec2(size.x, body.y - list.y - theme::GAP) };
    let (_, area) = ui.allocate_space(body);
    let list_area = egui::Rect::from_min_size(area.min, list);
    let rest_area = egui::Rect::from_min_size(area.max - rest, rest);
    ui.scope_builder(UiBuilder::new().max_rect(list_area), |ui| table_ui(ui, picker, &rows, list.y));
    ui.scope_builder(UiBuilder::new().max_rect(rest_area), |ui| {
        let output = ScrollArea::both().id_salt("picked").auto_shrink(false).show(ui, |ui| {
            if let Some(id) = beside::beside_ui(ui, picker, &subject, document.is_read_only()) {
                take(picker, plan, &id, commands);
                done = true;
            }
        });
        scrolls_sideways(ui, "What is picked", output.inner_rect, output.content_size.x);
    });
    ui.horizontal(|ui| {
        reset_ui(ui, picker, plan);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| done |= ui.button("Close").clicked());
    });
    done
}

fn take(picker: &Picker, plan: &Plan, id: &str, commands: &mut Commands) {
    let (path, edits) = picker.edits(plan, id);
    commands.send(Request::Batch(format!("take {id} from the catalog"), edits));
    commands.select(path);
}

/// Whether numbers that the plan states for the chip go back to the catalog's.
fn reset_ui(ui: &mut Ui, picker: &mut Picker, plan: &Plan) {
    let Some(entry) = picker.entry.as_deref().filter(|_| picker.shelf == Shelf::Chips) else { return };
    let own = overridden(plan, entry);
    if own.is_empty() {
        return;
    }
    let words: Vec<String> = own.iter().map(|field| words::label_of(field).to_lowercase()).collect();
    tick_ui(ui, &mut picker.reset, "Reset the plan's own numbers to the catalog")
        .on_hover_text(format!("Stated in the plan: {}", words.join(", ")));
}

fn head_ui(ui: &mut Ui, picker: &mut Picker, plan: &Plan, subject: &Subject<'_>) {
    ui.horizontal(|ui| {
        let noun = match picker.shelf {
            Shelf::Chips => "chip",
            Shelf::ServedModels => "served model",
        };
        let title = picker.entry.as_ref().map_or_else(
            || format!("Add a {noun} from the catalog"),
            |entry| format!("Pick the {noun} of {} from the catalog", words::sentence(entry)),
        );
        ui.label(theme::title(title));
        ui.label(theme::quiet(ui, format!("catalog {VERSION}")));
    });
    ui.horizontal_wrapped(|ui| {
        let search = TextEdit::singleline(&mut picker.query).hint_text("Search").desired_width(200.0).margin(egui::Margin::symmetric(8, 5));
        let field = ui.add(search).accessible_name("Search the catalog");
        if ui.memory(|memory| memory.focused().is_none()) {
            field.request_focus();
        }
        partner_ui(ui, picker, plan);
        ui.label(theme::quiet(ui, format!("compared at {}", subject.words())));
    });
    ui.add_space(4.0);
}

/// What the rows are compared for.
fn partner_ui(ui: &mut Ui, picker: &mut Picker, plan: &Plan) {
    let before = picker.partner.clone();
    let choices: Vec<(String, String)> = match picker.shelf {
        Shelf::Chips => plan.products.keys().map(|id| (id.clone(), words::sentence(id))).collect(),
        Shelf::ServedModels => Catalog::embedded().chips().iter().map(|chip| (chip.id.clone(), chip.name.clone())).collect(),
    };
    if choices.is_empty() {
        return;
    }
    ui.label(match picker.shelf {
        Shelf::Chips => "for",
        Shelf::ServedModels => "on",
    });
    let shown = choices.iter().find(|(id, _)| *id == picker.partner).map_or("pick one", |(_, name)| name.as_str());
    let combo = ComboBox::from_id_salt("partner").selected_text(shown).width(140.0).show_ui(ui, |ui| {
        for (id, name) in &choices {
            ui.selectable_value(&mut picker.partner, id.clone(), name);
        }
    });
    combo.response.accessible_name("Compared for");
    if picker.partner != before {
        picker.looked_up.clear();
    }
}

/// The rows that match the search, sorted; look-ups beyond this frame's time are left for the next one.
fn found_rows(ui: &Ui, picker: &mut Picker, subject: &Subject<'_>) -> Vec<Row> {
    let start = Instant::now();
    let mut late = false;
    let mut rows: Vec<(i32, Row)> = Subject::entries(picker.shelf)
        .into_iter()
        .filter_map(|entry| {
            let score = if picker.query.trim().is_empty() { 0 } else { palette::score(&picker.query, &entry.words)? };
            if !picker.looked_up.contains(&entry.id) {
                if start.elapsed() > PATIENCE {
                    late = true;
                    return Some((score, entry.row(None)));
                }
                picker.looked_up.insert(entry.id.clone());
            }
            let candidate = subject.candidate(&entry.id);
            Some((score, entry.row(candidate.as_ref())))
        })
        .collect();
    if late {
        ui.ctx().request_repaint();
    }
    match picker.sorted {
        None => rows.sort_by_key(|(score, _)| std::cmp::Reverse(*score)),
        Some((column, largest_first)) => rows.sort_by(|(_, left), (_, right)| {
            let value = |row: &Row| row.cells.get(column).and_then(|cell| cell.value);
            match (value(left), value(right)) {
                (Some(left), Some(right)) if largest_first => right.total_cmp(&left),
                (Some(left), Some(right)) => left.total_cmp(&right),
                // What is not known comes last, whichever way.
                (left, right) => right.is_some().cmp(&left.is_some()),
            }
        }),
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

fn table_ui(ui: &mut Ui, picker: &mut Picker, rows: &[Row], height: f32) {
    let columns = rows::columns(picker.shelf);
    // As wide as there is room, so that long numbers are read whole; narrower than readable it scrolls.
    let gaps = ui.spacing().item_spacing.x * (columns.len() + 2) as f32;
    let width = ((ui.available_width() - 26.0 - 158.0 - gaps) / columns.len().max(1) as f32).clamp(72.0, 104.0);
    let output = ScrollArea::horizontal().id_salt("catalog rows").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        TableBuilder::new(ui)
            .id_salt("catalog table")
            .striped(true)
            .auto_shrink([false, false])
            // Above what is picked it has half of a small window, and no more.
            .min_scrolled_height(0.0)
            .max_scroll_height((height - 40.0).max(60.0))
            .column(Column::initial(26.0))
            .column(Column::initial(158.0).at_least(90.0).clip(true).resizable(true))
            .columns(Column::initial(width.floor()).at_least(48.0).clip(true).resizable(true), columns.len())
            .header(34.0, |mut header| {
                header.col(|_| {});
                header.col(|ui| _ = ui.label(theme::quiet(ui, "Name")));
                for (index, column) in columns.iter().enumerate() {
                    header.col(|ui| sort_ui(ui, picker, index, column));
                }
            })
            .body(|body| {
                body.rows(24.0, rows.len(), |mut line| {
                    let Some(row) = rows.get(line.index()) else { return };
                    line.col(|ui| {
                        let mut on = picker.beside.contains(&row.id);
                        if tick_ui(ui, &mut on, "").accessible_name(format!("Compare {}", row.name)).changed() {
                            picker.put_beside(&row.id, on);
                        }
                    });
                    line.col(|ui| {
                        let only = picker.beside.as_slice() == [row.id.clone()];
                        let name = ui.add(egui::Button::selectable(only, &row.name).truncate());
                        if name.on_hover_text(&row.detail).clicked() {
                            picker.beside = vec![row.id.clone()];
                        }
                    });
                    for cell in &row.cells {
                        line.col(|ui| cell_ui(ui, cell));
                    }
                });
            });
    });
    scrolls_sideways(ui, "Rows of the catalog", output.inner_rect, output.content_size.x);
}

/// A column's title; a click sorts by it, largest first, then smallest first, then as in the catalog.
fn sort_ui(ui: &mut Ui, picker: &mut Picker, index: usize, column: &rows::Heading) {
    let mark = match picker.sorted {
        Some((sorted, true)) if sorted == index => " ↓",
        Some((sorted, false)) if sorted == index => " ↑",
        _ => "",
    };
    let text = RichText::new(format!("{}{mark}", column.name)).small().color(theme::tokens(ui).quiet);
    let button = ui
        .with_layout(Layout::top_down(Align::Max), |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            // As high as its text: the unit below it has its place too.
            ui.spacing_mut().interact_size.y = 0.0;
            ui.spacing_mut().button_padding = vec2(0.0, 1.0);
            let button = ui.add(egui::Button::new(text).frame_when_inactive(false));
            ui.label(theme::quiet(ui, column.unit));
            button
        })
        .inner;
    let order = match mark {
        "" => "",
        " ↓" => ", largest first",
        _ => ", smallest first",
    };
    if button.accessible_name(format!("Sort by {}{order}", column.name)).on_hover_text(column.doc).clicked() {
        picker.sorted = match picker.sorted {
            Some((sorted, true)) if sorted == index => Some((index, false)),
            Some((sorted, false)) if sorted == index => None,
            _ => Some((index, true)),
        };
    }
}

fn cell_ui(ui: &mut Ui, cell: &rows::Cell) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        if let Some((grade, words)) = &cell.grade {
            dot_ui(ui, theme::grade(ui, grade), words);
        }
        let label = if cell.value.is_some() || !cell.quiet { RichText::new(&cell.text) } else { theme::quiet(ui, &cell.text) };
        ui.label(label).on_hover_text(&cell.hover);
    });
}

/// What a candidate is called on while it is not looked up yet.
const WAITING: &str = "…";

impl Subject<'_> {
    /// What the rows are compared for, and at what.
    fn words(&self) -> String {
        let Case { need, conditions, from_answer, .. } = &self.case;
        let limit = need.tpot_ms.map_or_else(String::new, |ms| format!(", {} ms per token", words::number(ms)));
        let cached = if need.cache_hit_fraction > 0.0 {
            format!(", {} of prompts cached", words::percent(need.cache_hit_fraction))
        } else {
            String::new()
        };
        let place = conditions.map_or_else(
            || "; no PUE and power price in the plan yet".to_owned(),
            |place| {
                let whose = if *from_answer { "as in the answer" } else { "as stated" };
                format!("; PUE {}, {} $/MWh {whose}", words::number(place.pue), words::number(place.power_usd_per_mwh))
            },
        );
        format!("{} + {} tokens{limit}{cached}{place}", words::number(need.prompt_tokens), words::number(need.answer_tokens))
    }

    /// What an entry of the catalog would do.
    fn candidate(&self, id: &str) -> Option<Candidate> {
        let (chip, model) = self.pair(id)?;
        Some(crate::study::shortlist::candidate(&self.case, chip, model))
    }
}
