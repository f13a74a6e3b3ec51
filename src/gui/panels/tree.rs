//! The plan tree: every part of the plan, with counts and badges, usable from the keyboard.

mod rows;

use std::collections::BTreeSet;

use egui::{CornerRadius, EventFilter, Key, Sense, TextStyle, Ui, WidgetInfo, vec2};

use crate::gui::change::{self, Edit};
use crate::gui::command::{Commands, Request, Stroke, UiCommand};
use crate::gui::document::Document;
use crate::gui::view::ViewState;
use crate::gui::{templates, theme};

pub use rows::{Row, rows};

/// What the tree remembers.
#[derive(Debug)]
pub struct TreeView {
    /// Rows that are open, by path.
    pub open: BTreeSet<String>,
    /// Filter typed above the tree.
    pub filter: String,
}

impl Default for TreeView {
    fn default() -> Self {
        Self { open: BTreeSet::from(["sites".to_owned(), "contracts".to_owned()]), filter: String::new() }
    }
}

/// As much of a long name is always read, in points.
const LEAST_LABEL: f32 = 56.0;

/// Draws the tree.
pub fn tree_ui(ui: &mut Ui, document: &Document, view: &mut ViewState, tree: &mut TreeView, commands: &mut Commands) {
    let rows = rows(document.plan(), &tree.open);
    ui.spacing_mut().item_spacing.y = 0.0;
    egui::ScrollArea::vertical().id_salt("tree").auto_shrink(false).show(ui, |ui| {
        for row in &rows {
            row_ui(ui, row, document, view, tree, commands);
        }
        ui.add_space(theme::GAP);
    });
}

fn row_ui(ui: &mut Ui, row: &Row, document: &Document, view: &mut ViewState, tree: &mut TreeView, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), Sense::hover());
    // A path may stand twice (a fleet below its site and in its section): the depth keeps the ids apart.
    let id = ui.scope_id().with(("tree-row", &row.path, row.depth));
    let response = ui.interact(rect, id, if row.entry { Sense::click_and_drag() } else { Sense::click() });
    let selected = view.selection == row.path || (view.selection.starts_with(&format!("{}.", row.path)) && !row.branch);
    let (errors, warnings) = document.problems_at(&row.path);
    response.widget_info(|| {
        let badge = match (errors, warnings) {
            (0, 0) => String::new(),
            (0, warnings) => format!(", {warnings} to look at"),
            (errors, _) => format!(", {errors} wrong"),
        };
        WidgetInfo::selected(egui::Role::TreeItem, true, selected, format!("{} {}{badge}", row.label, row.detail).trim())
    });
    let wanted = view.tree_focus.as_deref() == Some(row.path.as_str());
    if wanted {
        view.tree_focus = None;
        response.request_focus();
        response.scroll_to_me(None);
    }
    if response.has_focus() {
        ui.memory_mut(|memory| {
            memory.set_focus_lock_filter(id, EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() });
        });
        keys(ui, row, document, view, tree, commands);
    }
    if ui.is_rect_visible(rect) {
        let ground = if selected { Some(tokens.accent_soft) } else { response.hovered().then_some(tokens.raised) };
        if let Some(ground) = ground {
            ui.painter().rect_filled(rect, CornerRadius::same(theme::FIELD_RADIUS), ground);
        }
        if response.has_focus() {
            ui.painter().rect_stroke(
                rect.shrink(0.5),
                CornerRadius::same(theme::FIELD_RADIUS),
                egui::Stroke::new(1.0, tokens.accent),
                egui::StrokeKind::Inside,
            );
        }
        let left = rect.left() + 20.0 + row.depth as f32 * 14.0;
        if row.branch {
            arrow(ui, egui::pos2(left - 11.0, rect.center().y), row.open, tokens.quiet);
        }
        let body = TextStyle::Body.resolve(ui.style());
        let small = TextStyle::Small.resolve(ui.style());
        let mut right = rect.right() - 8.0;
        let badge = if errors > 0 { Some(tokens.bad) } else { (warnings > 0).then_some(tokens.warn) };
        if let Some(color) = badge {
            ui.painter().circle_filled(egui::pos2(right - 4.0, rect.center().y), 3.5, color);
            right -= 14.0;
        }
        let mut detail_left_out = false;
        let add_shown = response.hovered()
            && !row.entry
            && document.value(&row.path).is_some_and(|_| crate::gui::reflect::map_for(document.plan(), &row.path).is_some());
        if add_shown {
            right -= 22.0;
        } else {
            let detail = ui.painter().layout_no_wrap(row.detail.clone(), small, tokens.quiet);
            let own = ui.painter().layout_no_wrap(row.label.clone(), body.clone(), tokens.text).size().x;
            // What it is called comes first: beside too short a rest of it the figure is left out.
            detail_left_out = right - detail.size().x - 6.0 - left < own.min(LEAST_LABEL);
            if !detail_left_out {
                right -= detail.size().x;
                ui.painter().galley(egui::pos2(right, rect.center().y - detail.size().y / 2.0), detail, tokens.quiet);
                right -= 6.0;
            }
        }
        let clip = egui::Rect::from_min_max(rect.min, egui::pos2(right, rect.bottom()));
        let mut job = egui::text::LayoutJob::simple_singleline(row.label.clone(), body, tokens.text);
        job.wrap = egui::text::TextWrapping::truncate_at_width((right - left).max(8.0));
        let galley = ui.ctx().fonts_mut(|fonts| fonts.layout_job(job));
        // What is cut, or left out, is said whole where the row is pointed at.
        if response.hovered() && (galley.elided || detail_left_out) {
            response.clone().on_hover_text(format!("{}  {}", row.label, row.detail));
        }
        if right - left > 12.0 {
            ui.painter().with_clip_rect(clip).galley(egui::pos2(left, rect.center().y - galley.size().y / 2.0), galley, tokens.text);
        }
    }
    if response.clicked() {
        response.request_focus();
        commands.select(&row.path);
        // A click on the arrow, or on a row that is selected already, opens and closes it.
        let on_arrow = response.interact_pointer_pos().is_some_and(|at| at.x < rect.left() + 20.0 + row.depth as f32 * 14.0);
        if row.branch && (on_arrow || view.selection == row.path || !row.entry) {
            toggle(tree, &row.path);
        }
    }
    if response.double_clicked() && row.entry {
        commands.run(UiCommand::Rename);
    }
    drag(ui, &response, row, document, commands);
    if !row.entry
        && crate::gui::reflect::map_for(document.plan(), &row.path).is_some()
        && (response.hovered() || response.has_focus())
        && !document.is_read_only()
    {
        let place = egui::Rect::from_center_size(egui::pos2(rect.right() - 16.0, rect.center().y), vec2(20.0, 20.0));
        let name = format!("Add {}", templates::singular(&row.path));
        if ui.place(place, egui::Button::new("+").frame_when_inactive(false).small()).accessible_name(&name).on_hover_text(name).clicked() {
            commands.select(&row.path);
            commands.run(UiCommand::Add);
        }
    }
    response.context_menu(|ui| {
        if view.selection != row.path {
            commands.select(&row.path);
        }
        ui.set_min_width(180.0);
        for command in [UiCommand::Add, UiCommand::Duplicate, UiCommand::Rename, UiCommand::MoveUp, UiCommand::MoveDown, UiCommand::Delete]
        {
            super::toolbar::menu_item_ui(ui, command, document, view, commands);
        }
    });
}

fn arrow(ui: &Ui, center: egui::Pos2, open: bool, color: egui::Color32) {
    let points = if open {
        vec![center + vec2(-3.5, -2.0), center + vec2(3.5, -2.0), center + vec2(0.0, 2.5)]
    } else {
        vec![center + vec2(-2.0, -3.5), center + vec2(2.5, 0.0), center + vec2(-2.0, 3.5)]
    };
    ui.painter().add(egui::Shape::convex_polygon(points, color, egui::Stroke::NONE));
}

fn toggle(tree: &mut TreeView, path: &str) {
    if !tree.open.remove(path) {
        tree.open.insert(path.to_owned());
    }
}

/// Arrow keys walk the tree; left and right close and open.
fn keys(ui: &Ui, row: &Row, document: &Document, view: &mut ViewState, tree: &mut TreeView, commands: &mut Commands) {
    let pressed = |key: Key| ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, key));
    let rows = || rows(document.plan(), &tree.open);
    let step = |by: isize| {
        let rows = rows();
        let here = rows.iter().position(|other| other.path == row.path && other.depth == row.depth)?;
        rows.get(here.checked_add_signed(by)?).map(|row| row.path.clone())
    };
    let mut goal = None;
    if pressed(Key::ArrowDown) {
        goal = step(1);
    } else if pressed(Key::ArrowUp) {
        goal = step(-1);
    } else if pressed(Key::ArrowRight) {
        if row.branch && !row.open {
            toggle(tree, &row.path);
        } else if row.branch {
            goal = step(1);
        }
    } else if pressed(Key::ArrowLeft) {
        if row.branch && row.open {
            toggle(tree, &row.path);
        } else if row.depth > 0 {
            goal = rows()
                .iter()
                .take_while(|other| other.path != row.path)
                .filter(|other| other.depth < row.depth)
                .last()
                .map(|row| row.path.clone());
        }
    }
    if let Some(goal) = goal {
        commands.select(&goal);
        view.tree_focus = Some(goal);
    }
}

/// Dragging an entry onto another of the same map moves it there.
fn drag(ui: &Ui, response: &egui::Response, row: &Row, document: &Document, commands: &mut Commands) {
    if !row.entry || document.is_read_only() {
        return;
    }
    response.dnd_set_drag_payload(row.path.clone());
    let fits = |dragged: &String| change::split(dragged).0 == change::split(&row.path).0 && *dragged != row.path;
    if response.dnd_hover_payload::<String>().is_some_and(|dragged| fits(&dragged)) {
        let color = theme::tokens(ui).accent;
        ui.painter().hline(response.rect.x_range(), response.rect.top(), egui::Stroke::new(2.0, color));
    }
    if let Some(dragged) = response.dnd_release_payload::<String>().filter(|dragged| fits(dragged)) {
        let (map, id) = change::split(&row.path);
        let position = document.value(map).and_then(|node| node.children().iter().position(|other| other == id));
        if let Some(position) = position {
            commands.send(Request::Edit(Edit::Move { path: (*dragged).clone(), position }, Stroke::Once));
        }
    }
}
