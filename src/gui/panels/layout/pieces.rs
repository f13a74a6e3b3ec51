//! What can be dropped on a site, and what it starts from.

use egui::{CursorIcon, Id, LayerId, Order, Rect, Role, Sense, TextStyle, Ui, Vec2, WidgetInfo, vec2};

use crate::catalog::Catalog;
use crate::charts::ColorKey;
use crate::gui::change::Edit;
use crate::gui::command::{Commands, Request};
use crate::gui::document::Document;
use crate::gui::templates::{free_id, large_load};
use crate::gui::theme;
use crate::plan::node::quoted;
use crate::plan::power::{Hue, KINDS, Kind};
use crate::plan::{Month, Plan, Profile};

/// A piece of the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A kind of hall to build.
    Hall,
    /// Chips that stand already.
    Fleet,
    /// A contract or plant of a kind.
    Contract(&'static Kind),
    /// Network and storage for tokens.
    Pipeline,
}

impl Piece {
    /// All pieces, in the order of the palette.
    pub fn all() -> impl Iterator<Item = Self> {
        [Self::Hall, Self::Fleet].into_iter().chain(KINDS.iter().map(|kind| Self::Contract(kind))).chain([Self::Pipeline])
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hall => "Hall",
            Self::Fleet => "Fleet",
            Self::Contract(kind) => kind.label,
            Self::Pipeline => "Data pipeline",
        }
    }

    /// What it adds.
    #[must_use]
    pub fn tooltip(self) -> &'static str {
        match self {
            Self::Hall => "A kind of hall that may be built here",
            Self::Fleet => "Chips that stand here already",
            Self::Contract(kind) => kind.about,
            Self::Pipeline => "A limit on the tokens that pass in and out",
        }
    }

    /// Index of its colour in the theme's chart colours.
    fn color(self) -> usize {
        match self {
            Self::Hall => 6,
            Self::Fleet => 0,
            Self::Contract(kind) => match kind.hue {
                Hue::Grey => 6,
                Hue::Blue => 0,
                Hue::Purple => 4,
                Hue::Orange => 1,
                Hue::Green => 2,
            },
            Self::Pipeline => 5,
        }
    }
}

/// Draws the palette; a click or a drop on the canvas adds the piece.
pub fn palette_ui(ui: &mut Ui, document: &Document, site: &str, commands: &mut Commands) {
    let enabled = !document.is_read_only();
    for piece in Piece::all() {
        let response = pill_ui(ui, piece, enabled);
        if response.clicked() {
            add(document.plan(), site, piece, commands);
        }
        if response.drag_started() {
            response.dnd_set_drag_payload(piece);
        }
        if response.dragged() {
            ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
            ghost_ui(ui, piece);
        }
        response.on_hover_text(piece.tooltip()).on_hover_cursor(CursorIcon::Grab);
    }
    if enabled {
        large_load_ui(ui, document, site, commands);
    }
}

/// The menu of tariffs for large loads: a new contract on one of them, with its least bill and its source.
pub fn large_load_ui(ui: &mut Ui, document: &Document, site: &str, commands: &mut Commands) {
    ui.menu_button("Large-load tariff…", |ui| {
        ui.set_max_width(520.0);
        egui::ScrollArea::vertical().max_height(420.0).show(ui, |ui| {
            for row in Catalog::embedded().tariffs() {
                let about = format!("{} {} ({})", row.note, row.source, row.date);
                if ui.button(row.title()).on_hover_text(about).clicked() {
                    let (id, edit) = large_load(document.plan(), site, row);
                    commands.send(Request::Batch(format!("add {id} to contracts"), vec![edit]));
                    commands.select(format!("contracts.{id}"));
                    ui.close();
                }
            }
        });
    })
    .response
    .on_hover_text("A new contract on a published tariff for large loads");
}

fn pill_ui(ui: &mut Ui, piece: Piece, enabled: bool) -> egui::Response {
    let tokens = theme::tokens(ui);
    let galley = ui.painter().layout_no_wrap(piece.name().to_owned(), TextStyle::Small.resolve(ui.style()), tokens.text);
    let size = galley.size() + vec2(29.0, 9.0);
    let sense = if enabled { Sense::click_and_drag() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(size, sense);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, format!("Add {}", piece.name())));
    let border = if response.hovered() || response.has_focus() { tokens.accent } else { tokens.line };
    ui.painter().rect(rect, 13.0, tokens.raised, egui::Stroke::new(1.0, border), egui::StrokeKind::Inside);
    let mark = Rect::from_center_size(rect.left_center() + vec2(13.0, 0.0), Vec2::splat(9.0));
    ui.painter().rect_filled(mark, 2.0, tokens.chart.get(piece.color()).copied().unwrap_or(tokens.accent));
    ui.painter().galley(rect.left_center() + vec2(21.0, -galley.size().y / 2.0), galley, tokens.text);
    response
}

/// The piece that is being dragged.
fn ghost_ui(ui: &Ui, piece: Piece) {
    let Some(pointer) = ui.input(|input| input.pointer.interact_pos()) else { return };
    let tokens = theme::tokens(ui);
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Tooltip, Id::unique("dragged piece")));
    let galley = painter.layout_no_wrap(piece.name().to_owned(), TextStyle::Body.resolve(ui.style()), tokens.text);
    let rect = Rect::from_min_size(pointer + vec2(10.0, 4.0), galley.size() + vec2(20.0, 10.0));
    painter.rect(rect, 6.0, tokens.raised, egui::Stroke::new(1.0, tokens.accent), egui::StrokeKind::Inside);
    painter.galley(rect.min + vec2(10.0, 5.0), galley, tokens.text);
}

fn ids<'i>(ids: impl Iterator<Item = &'i String>) -> Vec<String> {
    ids.cloned().collect()
}

/// Adds a piece to a site and selects it.
pub fn add(plan: &Plan, site: &str, piece: Piece, commands: &mut Commands) {
    let Some(own) = plan.sites.get(site) else { return };
    let at = quoted(site);
    let start = plan.horizon.start;
    match piece {
        Piece::Hall => {
            let id = free_id(&ids(own.buildable.keys().chain(own.halls.keys())), "hall");
            let map = format!("sites.{site}.buildable");
            commands.add(
                &map,
                &id,
                "(it_mw: 48.0, cooling: Liquid, capex_usd_per_w: 11.5, lead_months: 18.0, life_years: 20.0, at_most: 1.0)",
            );
            commands.select(format!("{map}.{id}"));
        }
        Piece::Fleet => {
            let Some(chip) = plan.chips.keys().next() else {
                commands.say("A fleet needs a chip; add one under Chips first");
                return;
            };
            let id = free_id(&ids(plan.fleets.keys()), &format!("{site}-{chip}"));
            commands.add("fleets", &id, format!("(site: {at}, chip: {}, count: 1024.0, in_service: \"{start}\")", quoted(chip)));
            commands.select(format!("fleets.{id}"));
        }
        Piece::Pipeline => {
            let path = format!("sites.{site}.data_pipeline");
            if own.data_pipeline.is_none() {
                commands.set(&path, "(capacity_gtok_per_hour: 50.0, expand_usd_per_gtok_per_hour: 250000.0, lead_months: 6.0)");
            }
            commands.go_to(path);
        }
        Piece::Contract(kind) => contract(plan, kind, &at, commands),
    }
}

/// Adds a contract of a kind.
fn contract(plan: &Plan, kind: &Kind, site: &str, commands: &mut Commands) {
    let id = free_id(&ids(plan.contracts.keys()), kind.id);
    let mut edits = Vec::new();
    let mut fields = kind.starting.to_owned();
    if fields.contains("PROFILE") {
        let Some(profile) = profile_of_plant(plan, &mut edits) else {
            commands.say(format!("A {} needs the profile of a plant; add one under Profiles first", kind.label));
            return;
        };
        fields = fields.replace("PROFILE", &quoted(&profile));
    }
    edits.push(Edit::Insert { path: "contracts".into(), id: id.clone(), position: None, value: format!("(site: {site}, {fields})") });
    commands.send(Request::Batch(format!("add {id} to contracts"), edits));
    commands.select(format!("contracts.{id}"));
}

/// The shape of a plant: one the plan holds, or the catalog's nearest in kind, which is added.
fn profile_of_plant(plan: &Plan, edits: &mut Vec<Edit>) -> Option<String> {
    let shapes = |series: &str| ["wind", "sun", "solar", "pv"].iter().any(|word| series.contains(word));
    let known = plan.profiles.iter().find(|(id, profile)| shapes(id) || matches!(profile, Profile::Catalog(series) if shapes(series)));
    if let Some((id, _)) = known {
        return Some(id.clone());
    }
    let series = Catalog::embedded().all_series().iter().find(|series| shapes(&series.id))?;
    let id = free_id(&ids(plan.profiles.keys()), "wind");
    edits.push(Edit::Insert { path: "profiles".into(), id: id.clone(), position: None, value: format!("Catalog({})", quoted(&series.id)) });
    Some(id)
}

/// The colour of a chip.
pub fn chip_color(ui: &Ui, document: &Document, chip: &str) -> egui::Color32 {
    theme::chart_color(ui, &ColorKey::Chip(chip.to_owned()), document.order())
}

/// First month of a period.
pub fn month_of(plan: &Plan, period: usize) -> Month {
    let months = i32::try_from(period)
        .ok()
        .zip(i32::try_from(plan.horizon.period_months).ok())
        .and_then(|(period, months)| period.checked_mul(months));
    plan.horizon.start.plus(months.unwrap_or(0))
}
