//! The editor of a number that follows a curve: its start, its course (a factor a year, a half-life, or a curve of the
//! catalog with source and grade), its floor and ceiling, and what it comes to over the horizon.

use crate::words;
use egui::{Button, ComboBox, RichText, Sense, Shape as Painted, Stroke, Ui, pos2, vec2};

use super::editor::{Editor, number_in, refused_ui, unit_ui};
use super::text::month;
use crate::catalog::Catalog;
use crate::gui::reflect::{self, Place};
use crate::gui::theme;
use crate::gui::widgets::{dot_ui, icon_button_ui};
use crate::plan::node::{Shape, Tree, quoted};
use crate::plan::values::{Curve, Steps};
use crate::plan::{Month, Plan};

/// Width of a number beside its label.
const NUMBER: f32 = 78.0;

/// The parts of a curve as they are written.
struct Parts<'t>(&'t [(Option<String>, Tree)]);

impl Parts<'_> {
    fn get(&self, key: &str) -> Option<&Tree> {
        self.0.iter().find(|(name, _)| name.as_deref() == Some(key)).map(|(_, value)| value)
    }

    /// The text of the curve with one part put in place of others.
    fn with(&self, drop: &[&str], new: Option<(&str, String)>) -> String {
        let mut items: Vec<String> = Vec::new();
        for (key, value) in self.0 {
            let key = key.as_deref().unwrap_or_default();
            if !drop.contains(&key) {
                items.push(format!("{key}: {}", value.inline()));
            }
        }
        if let Some((key, text)) = new {
            items.insert(items.len().min(1), format!("{key}: {text}"));
        }
        format!("Curve({})", items.join(", "))
    }
}

/// The factor a year of a curve, from the plan or the catalog.
fn factor_of(curve: &Curve) -> Option<f64> {
    let of_catalog = || Catalog::embedded().curve(curve.catalog.as_deref()?).map(|row| row.factor_per_year);
    curve.factor().or_else(of_catalog)
}

/// What a dated number comes to in each period of the horizon.
pub(super) fn over_horizon(plan: &Plan, steps: &Steps) -> Vec<(Month, f64)> {
    let horizon = &plan.horizon;
    let starts = (0..horizon.periods.min(400))
        .map(|period| horizon.start.plus(i32::try_from(period.saturating_mul(horizon.period_months)).unwrap_or(i32::MAX)));
    match steps.curve() {
        Some(curve) => {
            let Some(factor) = factor_of(curve) else { return Vec::new() };
            starts.map(|month| (month, curve.at(factor, horizon.start, month))).collect()
        }
        None => starts.filter_map(|month| Some((month, steps.at(month)?))).collect(),
    }
}

/// What it comes to, in words: of steps when each begins, so that nobody takes one for a slope; of a curve its first and
/// last number.
fn course_in_words(values: &[(Month, f64)], unit: &str, is_curve: bool) -> String {
    let mut steps: Vec<(Month, f64)> = values.to_vec();
    steps.dedup_by(|later, earlier| later.1 == earlier.1);
    let from = |(month, value): &(Month, f64)| (words::short(*value), month.to_string());
    let (Some(first), Some(last)) = (steps.first().map(from), steps.last().map(from)) else { return String::new() };
    if steps.len() == 1 {
        return format!("{} {unit} throughout", first.0);
    }
    if is_curve {
        let until = values.last().map_or_else(String::new, |(month, _)| month.to_string());
        return format!("{} {unit} in {}, {} in {until}", first.0, first.1, last.0);
    }
    let between = match steps.len() {
        2 => String::new(),
        3 => format!(", {} from {}", from(&steps[1]).0, from(&steps[1]).1),
        more => format!(", {} more steps", more - 2),
    };
    format!("{} {unit} from {}{between}, {} from {}", first.0, first.1, last.0, last.1)
}

/// A line of what it comes to, with its course in words.
pub(super) fn sketch_ui(ui: &mut Ui, values: &[(Month, f64)], unit: &str, name: &str, is_curve: bool) {
    let words = course_in_words(values, unit, is_curve);
    if values.is_empty() {
        return;
    }
    let (least, most) =
        values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), (_, value)| (least.min(*value), most.max(*value)));
    if !least.is_finite() || !most.is_finite() {
        return;
    }
    let (area, response) = ui.allocate_exact_size(vec2(ui.available_width().min(220.0), 34.0), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, format!("{name} over the horizon: {words}")));
    let tokens = theme::tokens(ui);
    let low = least.min(0.0);
    let span = (most - low).max(f64::MIN_POSITIVE);
    let at = |number: usize, value: f64| {
        let x = number as f32 / values.len().max(1) as f32;
        let y = ((value - low) / span) as f32;
        pos2(area.left() + 2.0 + x * (area.width() - 4.0), area.bottom() - 2.0 - y * (area.height() - 4.0))
    };
    let painter = ui.painter_at(area);
    painter.line_segment([area.left_bottom(), area.right_bottom()], Stroke::new(1.0, tokens.line));
    // A number holds all through its period.
    let points = values.iter().enumerate().flat_map(|(number, (_, value))| [at(number, *value), at(number + 1, *value)]).collect();
    painter.add(Painted::line(points, Stroke::new(1.5, tokens.accent)));
    response.on_hover_text(&words);
    ui.label(theme::quiet(ui, words));
}

/// The curve's editor. `tree` is what stands at `place`: `Curve(…)`, or `Stated(value: Curve(…), source: …)`.
pub(super) fn curve(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, tree: &Tree) {
    let Tree::Group { name: "Curve", items, .. } = tree else { return };
    let parts = Parts(items);
    let own_name = editor.name.clone();
    let path = place.path.clone();
    let part = |key: &str, bounds| Place { path: reflect::join(&path, key), shape: Shape::Number, bounds, field: None };
    let unit = words::unit_of(editor.unit_field);
    ui.vertical(|ui| {
        ui.horizontal(|ui| {
            ui.label(theme::quiet(ui, "starts at"));
            editor.name = format!("{own_name} at its start");
            let from = parts.get("from").cloned().unwrap_or(Tree::Atom("0.0".into()));
            number_in(ui, editor, &part("from", place.bounds), &from, false, NUMBER);
            unit_ui(ui, unit);
            if icon_button_ui(ui, "×", &format!("Use one number for {own_name}")).on_hover_text("One number for all dates").clicked() {
                editor.set(&path, from.inline());
            }
        });
        refused_ui(ui, editor, &reflect::join(&path, "from"));
        course_ui(ui, editor, &parts, &path, &own_name);
        for (key, words) in [("floor", "never below"), ("ceiling", "never above")] {
            ui.horizontal(|ui| match parts.get(key) {
                Some(value) if *value != Tree::Atom("None".into()) => {
                    ui.label(theme::quiet(ui, words));
                    editor.name = format!("{own_name}, {words}");
                    let value = inside(value);
                    number_in(ui, editor, &part(key, place.bounds), &value, false, NUMBER);
                    if icon_button_ui(ui, "×", &format!("Remove the {key} of {own_name}")).clicked() {
                        editor.set(&path, parts.with(&[key], None));
                    }
                }
                _ => {
                    let from = parts.get("from").map_or_else(|| "0.0".to_owned(), Tree::inline);
                    let add = Button::new(RichText::new(format!("+ {words} …")).small()).frame_when_inactive(false).small();
                    if ui.add(add).accessible_name(format!("Add a {key} to {own_name}")).clicked() {
                        editor.set(&path, parts.with(&[], Some((key, from))));
                    }
                }
            });
            refused_ui(ui, editor, &reflect::join(&path, key));
        }
        if let Some(since) = parts.get("since").filter(|since| **since != Tree::Atom("None".into())) {
            ui.horizontal(|ui| {
                ui.label(theme::quiet(ui, "since"));
                editor.name = format!("{own_name}, month of its start");
                month(ui, editor, &reflect::join(&path, "since"), &inside(since));
            });
        }
        let values = Steps::of_text(&tree.inline()).map(|steps| over_horizon(editor.document.plan(), &steps));
        sketch_ui(ui, &values.unwrap_or_default(), unit, &own_name, true);
    });
    editor.name = own_name;
}

/// What stands in `Some(…)`, or the value itself.
fn inside(tree: &Tree) -> Tree {
    match tree {
        Tree::Group { name: "Some", items, .. } => items.first().map_or_else(|| tree.clone(), |(_, value)| value.clone()),
        tree => tree.clone(),
    }
}

/// Room beside the name of a course for its factor.
const BESIDE_COURSE: f32 = 118.0;

/// A factor a year, a half-life, or a curve of the catalog.
fn course_ui(ui: &mut Ui, editor: &mut Editor<'_>, parts: &Parts<'_>, path: &str, own_name: &str) {
    const COURSES: [&str; 3] = ["factor_per_year", "half_life_years", "catalog"];
    let known = parts.get("catalog").map(|id| reflect::text_of(&inside(id))).filter(|id| !id.is_empty());
    let stated = |key: &str| parts.get(key).map(inside).filter(|tree| *tree != Tree::Atom("None".into()));
    let shown = match (&known, stated("half_life_years")) {
        (Some(id), _) => Catalog::embedded().curve(id).map_or_else(|| format!("{id} (missing)"), |row| row.name.clone()),
        (None, Some(_)) => "halves in … years".to_owned(),
        (None, None) => "times … a year".to_owned(),
    };
    ui.horizontal(|ui| {
        let mut picked = None;
        // A long name gives way to what stands beside it.
        let most = (ui.available_width() - BESIDE_COURSE).max(80.0);
        let list = ui.scope(|ui| {
            ui.set_max_width(most);
            let list = ComboBox::from_id_salt((path, "course")).selected_text(shown.as_str()).width(most.min(150.0)).truncate();
            list.show_ui(ui, |ui| {
                if ui.selectable_label(known.is_none() && stated("half_life_years").is_none(), "times … a year").clicked() {
                    picked = Some(("factor_per_year", "0.9".to_owned()));
                }
                if ui.selectable_label(stated("half_life_years").is_some(), "halves in … years").clicked() {
                    picked = Some(("half_life_years", "2.0".to_owned()));
                }
                ui.separator();
                for row in Catalog::embedded().curves() {
                    let text = format!("{}: × {} a year ({})", row.name, words::number(row.factor_per_year), row.confidence.label());
                    if ui.selectable_label(known.as_deref() == Some(row.id.as_str()), text).on_hover_text(&row.source).clicked() {
                        picked = Some(("catalog", quoted(&row.id)));
                    }
                }
            })
        });
        list.inner.response.accessible_name(format!("Course of {own_name}")).on_hover_text(&shown);
        if let Some(new) = picked {
            editor.set(path, parts.with(&COURSES, Some(new)));
        }
        let range = |key: &str| Curve::fields().iter().find(|field| field.name == key).and_then(|field| field.bounds);
        for (key, words) in [("factor_per_year", "factor a year"), ("half_life_years", "years to halve")] {
            if let Some(value) = stated(key) {
                editor.name = format!("{own_name}, {words}");
                let unit_field = std::mem::take(&mut editor.unit_field);
                let at = Place { path: reflect::join(path, key), shape: Shape::Number, bounds: range(key), field: None };
                number_in(ui, editor, &at, &value, false, 60.0);
                editor.unit_field = unit_field;
            }
        }
        if let Some(row) = known.as_deref().and_then(|id| Catalog::embedded().curve(id)) {
            dot_ui(ui, theme::grade(ui, row.confidence.label()), &format!("{}; {}", row.confidence.label(), row.source));
            ui.label(theme::quiet(ui, format!("× {} a year", words::number(row.factor_per_year))));
        }
    });
    for key in COURSES {
        refused_ui(ui, editor, &reflect::join(path, key));
    }
}
