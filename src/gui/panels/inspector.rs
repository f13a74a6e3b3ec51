//! The inspector: every field of what is selected, with its unit, its source, and, where it is a
//! limit, what one more of it is worth.

use std::fmt::Write as _;

use egui::{Label, RichText, Sense, TextStyle, Ui, WidgetInfo, vec2};

use crate::gui::change::Edit;
use crate::gui::command::{Commands, Request, UiCommand};
use crate::gui::document::Document;
use crate::gui::reflect::{self, Place};
use crate::gui::view::ViewState;
use crate::gui::widgets::field::{self, Editor};
use crate::gui::widgets::icon_button_ui;
use crate::gui::widgets::vary::{vary_button_ui, vary_ui};
use crate::gui::{change, format, provenance, templates, theme};
use crate::plan::node::{FieldInfo, Node, Shape, Tree};
use crate::plan::{Month, Plan};
use crate::results::Binding;

/// Fields of the plan itself, shown together under `Plan`.
const PLAN_FIELDS: [&str; 5] = ["name", "notes", "objective", "tolerance_fraction", "whole"];

/// Draws the inspector.
pub fn inspector_ui(ui: &mut Ui, document: &Document, view: &mut ViewState, commands: &mut Commands) {
    let plan = document.plan();
    let mut entity = reflect::entity_of(plan, &view.selection);
    if entity.is_empty() && !view.selection.is_empty() {
        "name".clone_into(&mut entity);
    }
    if PLAN_FIELDS.contains(&entity.split('.').next().unwrap_or_default()) {
        "name".clone_into(&mut entity);
    }
    egui::ScrollArea::vertical().id_salt(("inspector", &entity)).auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 5.0;
        if entity.is_empty() {
            nothing_ui(ui);
            return;
        }
        header_ui(ui, document, view, commands, &entity);
        ui.add_enabled_ui(!document.is_read_only(), |ui| body_ui(ui, document, view, commands, &entity));
        // A field that the panel does not have, such as one of a deleted entry: stop looking for it.
        view.focus_field = None;
        ui.add_space(theme::GAP);
        legend_ui(ui);
    });
}

fn nothing_ui(ui: &mut Ui) {
    ui.label(theme::title("Nothing is selected"));
    ui.label(theme::quiet(ui, "Pick a part of the plan on the left, on the map or in a chart to see and change its numbers."));
}

fn header_ui(ui: &mut Ui, document: &Document, view: &ViewState, commands: &mut Commands, entity: &str) {
    let plan = document.plan();
    let (parent, id) = change::split(entity);
    let (title, subtitle) = headline(plan, entity);
    ui.horizontal(|ui| {
        ui.add(Label::new(theme::title(title)).truncate());
        if reflect::is_entry(plan, entity) && !document.is_read_only() {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                if icon_button_ui(ui, "🗑", &format!("Delete {id}")).clicked() {
                    commands.select(entity);
                    commands.run(UiCommand::Delete);
                }
                if icon_button_ui(ui, "🗐", &format!("Duplicate {id}")).clicked() {
                    commands.select(entity);
                    commands.run(UiCommand::Duplicate);
                }
                if icon_button_ui(ui, "✏", &format!("Rename {id}")).clicked() {
                    commands.select(entity);
                    commands.run(UiCommand::Rename);
                }
            });
        }
    });
    ui.add(Label::new(theme::quiet(ui, subtitle)).wrap());
    if entity != parent && !parent.is_empty() && parent.contains('.') {
        let holder = change::split(parent).0.to_owned();
        if ui
            .add(egui::Button::new(RichText::new(format!("← {}", change::split(&holder).1)).small()).frame_when_inactive(false).small())
            .clicked()
        {
            commands.select(holder);
        }
    }
    for problem in document.problems().iter().filter(|problem| problem.path == entity) {
        ui.label(RichText::new(&problem.message).small().color(theme::severity(ui, problem.severity)));
    }
    let _ = view;
    ui.add_space(4.0);
}

fn headline(plan: &Plan, entity: &str) -> (String, String) {
    let (parent, id) = change::split(entity);
    let named = |name: &str| if name.is_empty() { format::sentence(id) } else { name.to_owned() };
    match parent {
        "" if id == "name" => ("Plan".into(), "Name, remarks and what is wanted".into()),
        "" => {
            let doc = Plan::fields().iter().find(|field| field.name == id).map_or("", |field| field.doc.trim());
            (format::sentence(id), doc.to_owned())
        }
        "sites" => plan.sites.get(id).map_or_else(Default::default, |site| {
            let offset = site.utc_offset_hours;
            let sign = if offset < 0.0 { "−" } else { "+" };
            let ns = if site.latitude < 0.0 { "S" } else { "N" };
            let ew = if site.longitude < 0.0 { "W" } else { "E" };
            let subtitle = format!(
                "{} · {:.2} {ns} {:.2} {ew} · UTC{sign}{}",
                site.country,
                site.latitude.abs(),
                site.longitude.abs(),
                format::number(offset.abs())
            );
            (named(&site.name), subtitle)
        }),
        "contracts" => plan.contracts.get(id).map_or_else(Default::default, |contract| {
            (
                format::sentence(id),
                format!("{} at {}", format::sentence(&super::tree::kind_text(contract.terms.variant_name())), contract.site),
            )
        }),
        "chips" => plan.chips.get(id).map_or_else(Default::default, |chip| {
            (
                named(chip.name.as_deref().unwrap_or_default()),
                chip.catalog.as_ref().map_or_else(
                    || "Stated in the plan".to_owned(),
                    |catalog| format!("Catalog {catalog}; a number given here replaces the catalog's"),
                ),
            )
        }),
        "markets" => {
            plan.markets.get(id).map_or_else(Default::default, |market| (named(&market.name), format!("Market · {}", market.country)))
        }
        _ => {
            let kind = templates::singular(parent);
            let holder = change::split(change::split(parent).0).1;
            let place = if parent.contains('.') {
                format!("{} at {}", format::sentence(kind), format::words(holder))
            } else {
                format::sentence(kind)
            };
            (format::sentence(id), place)
        }
    }
}

fn body_ui(ui: &mut Ui, document: &Document, view: &mut ViewState, commands: &mut Commands, entity: &str) {
    let plan = document.plan();
    let mut editor = Editor { document, view, commands, unit_field: "", name: String::new() };
    if entity == "name" {
        for field in Plan::fields().iter().filter(|field| PLAN_FIELDS.contains(&field.name)) {
            one_ui(ui, &mut editor, field.name, *field);
        }
        return;
    }
    let Some(place) = reflect::place(plan, entity) else { return };
    let Some(node) = document.value(entity) else { return };
    let tree = node.tree();
    match place.shape {
        Shape::Record(fields) => {
            for field in fields() {
                one_ui(ui, &mut editor, &reflect::join(entity, field.name), *field);
            }
        }
        Shape::Map(_) => section_ui(ui, &mut editor, entity),
        _ => {
            editor.name = format::sentence(change::split(entity).1);
            editor.unit_field = place.field.map_or("", |field| field.name);
            field::value_ui(ui, &mut editor, &place, &tree);
        }
    }
}

/// A whole section: its entries, and what can be added.
fn section_ui(ui: &mut Ui, editor: &mut Editor<'_>, map: &str) {
    let ids = editor.document.value(map).map(Node::children).unwrap_or_default();
    if ids.is_empty() {
        ui.label(theme::quiet(ui, format!("There is no {} yet.", templates::singular(map))));
    }
    for id in ids {
        let path = reflect::join(map, &id);
        if ui
            .add(egui::Button::new(format!("{} →", format::words(&id))).frame_when_inactive(false))
            .accessible_name(format!("Go to {id}"))
            .clicked()
        {
            editor.commands.select(path);
        }
    }
    let name = format!("Add {}", templates::singular(map));
    if ui.button(name).clicked() {
        editor.commands.select(map);
        editor.commands.run(UiCommand::Add);
    }
    if matches!(map, "chips" | "served_models") && ui.button("Pick from the catalog…").clicked() {
        editor.commands.select(map);
        editor.commands.run(UiCommand::PickFromCatalog);
    }
}

fn one_ui(ui: &mut Ui, editor: &mut Editor<'_>, path: &str, field: FieldInfo) {
    let Some(node) = editor.document.value(path) else { return };
    let place = Place { path: path.to_owned(), shape: (field.shape)(), bounds: field.bounds, field: Some(field) };
    field_ui(ui, editor, &place, field, &node.tree());
}

/// One field: label, editor, unit, source; below it problems, worth, slider.
pub fn field_ui(ui: &mut Ui, editor: &mut Editor<'_>, place: &Place, field: FieldInfo, tree: &Tree) {
    let path = place.path.clone();
    let label = format::label_of(field.name);
    // Suffixes of choices' own numbers (`UpTo(400.0)` of `contract_mw`) come from the field that holds them.
    editor.unit_field = field.name;
    editor.name.clone_from(&label);
    // A whole map has no single worth, and each dated step shows its own.
    let dated = matches!(tree, Tree::Group { brackets: ('{', '}'), .. });
    let worth = if is_limit(place.shape) && !dated { worth_of(editor.document, &path) } else { None };
    let frame = if worth.is_some() {
        theme::raised(ui).inner_margin(egui::Margin::symmetric(8, 6))
    } else {
        egui::Frame::new().inner_margin(egui::Margin::symmetric(0, 1))
    };
    frame.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 1.0;
        ui.horizontal(|ui| {
            ui.set_max_height(17.0);
            ui.spacing_mut().interact_size.y = 17.0;
            ui.add(Label::new(theme::quiet(ui, &label)).sense(Sense::hover())).on_hover_text(doc_of(field));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                if let Some(number) = variable(place, tree) {
                    vary_button_ui(ui, editor, &path, number, place.bounds, &label);
                }
                field::becomes_ui(ui, editor, place, tree);
            });
        });
        let simple = field::is_simple(place.shape, tree);
        if simple {
            ui.horizontal(|ui| {
                field::value_ui(ui, editor, place, tree);
                let numeric = matches!(tree, Tree::Atom(text) if text != "None") || matches!(tree, Tree::Group { name: "Stated", .. });
                if numeric && needs_unit(place.shape) {
                    ui.label(theme::quiet(ui, format::unit_of(field.name)));
                }
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    if needs_unit(place.shape) || matches!(place.shape, Shape::Steps | Shape::Level) {
                        field::evidence_ui(ui, editor, &path, field, tree);
                    }
                    field::reset_ui(ui, editor, place, tree);
                });
            });
        } else {
            field::value_ui(ui, editor, place, tree);
        }
        field::refused_ui(ui, editor, &path);
        if let (Some(range), Some(value)) = (editor.view.varied.get(&path).copied(), reflect::number_of(tree)) {
            vary_ui(ui, editor, &path, value, range);
        }
        for problem in editor.document.problems().iter().filter(|problem| problem.path == path) {
            ui.label(RichText::new(&problem.message).small().color(theme::severity(ui, problem.severity)));
        }
        if let Some(worth) = worth {
            worth_label_ui(ui, editor.document, worth);
        }
        if field.name == "catalog" {
            catalog_ui(ui, editor, &path);
        }
    });
}

/// Under a catalog id: the picker, and the way back from the plan's own numbers.
fn catalog_ui(ui: &mut Ui, editor: &mut Editor<'_>, path: &str) {
    let entity = change::split(path).0;
    ui.horizontal_wrapped(|ui| {
        if ui.button("Pick from the catalog…").clicked() {
            editor.commands.select(entity);
            editor.commands.run(UiCommand::PickFromCatalog);
        }
        let own = entity.strip_prefix("chips.").map(|id| provenance::overridden(editor.document.plan(), id)).unwrap_or_default();
        if !own.is_empty() {
            let words: Vec<String> = own.iter().map(|field| format::label_of(field).to_lowercase()).collect();
            let reset = ui.button(format!("Reset {} to the catalog", crate::charts::format::counted(own.len(), "number")));
            if reset.on_hover_text(format!("Stated in the plan: {}", words.join(", "))).clicked() {
                let edits = own.iter().map(|field| Edit::set(format!("{entity}.{field}"), "None")).collect();
                editor.commands.send(Request::Batch(format!("reset {} to the catalog", change::split(entity).1), edits));
            }
        }
    });
}

fn doc_of(field: FieldInfo) -> String {
    let range = field.bounds.map(|(low, high)| {
        if field.name.contains("_fraction") {
            format!("\n{} to {}", format::percent(low), format::percent(high))
        } else {
            format!("\n{} to {} {}", format::number(low), format::number(high), format::unit_of(field.name))
        }
    });
    format!("{}{}\n{}", field.doc.trim(), range.unwrap_or_default().trim_end(), field.name)
}

/// Whether a field of this shape states one limit.
fn is_limit(shape: Shape) -> bool {
    match shape {
        Shape::Number | Shape::Whole | Shape::Quantity | Shape::Steps | Shape::Level | Shape::Choice(_) => true,
        Shape::Optional(inner) => is_limit(inner()),
        _ => false,
    }
}

/// What one more of a limit is worth, below the field.
pub fn worth_ui(ui: &mut Ui, document: &Document, path: &str) {
    if let Some(worth) = worth_of(document, path) {
        worth_label_ui(ui, document, worth);
    }
}

fn worth_label_ui(ui: &mut Ui, document: &Document, worth: String) {
    let tokens = theme::tokens(ui);
    let color = if document.is_behind() { tokens.quiet } else { tokens.accent };
    ui.add(Label::new(RichText::new(worth).small().color(color)).wrap());
}

/// Steps and levels draw their own units.
fn needs_unit(shape: Shape) -> bool {
    match shape {
        Shape::Number | Shape::Whole | Shape::Quantity => true,
        Shape::Optional(inner) => needs_unit(inner()),
        _ => false,
    }
}

/// The number that a slider would move, if the field has one.
fn variable(place: &Place, tree: &Tree) -> Option<f64> {
    let numeric = match place.shape {
        Shape::Number | Shape::Quantity | Shape::Steps | Shape::Level => true,
        Shape::Optional(inner) => matches!(inner(), Shape::Number | Shape::Quantity | Shape::Steps | Shape::Level),
        _ => false,
    };
    reflect::number_of(tree).filter(|_| numeric)
}

/// What one more of a limit is worth, in words, if the limit binds anywhere.
#[must_use]
pub fn worth_of(document: &Document, path: &str) -> Option<String> {
    let results = document.results()?;
    let below = format!("{path}.");
    // A limit is named by its field; the step of it that binds is the one in force in that period.
    let (field, step) = change::split(path);
    let step = crate::plan::values::step_from_key(step).ok();
    let steps: Vec<Month> = step.map_or_else(Vec::new, |_| {
        let keys = document.value(field).map(Node::children).unwrap_or_default();
        keys.iter().filter_map(|key| crate::plan::values::step_from_key(key).ok()).collect()
    });
    let in_force = |binding: &Binding| {
        let period = binding.period_index.and_then(|period| results.periods.get(period))?;
        steps.iter().copied().filter(|step| *step <= period.start).max()
    };
    let here = |binding: &&Binding| {
        binding.path == path || binding.path.starts_with(&below) || (step.is_some() && binding.path == field && in_force(binding) == step)
    };
    let binding: Vec<&Binding> = results
        .binding
        .iter()
        .filter(here)
        .filter(|binding| binding.dual != 0.0 || binding.dual_musd.is_some_and(|dual| dual != 0.0))
        .collect();
    let first = binding.first()?;
    if let [only] = binding.as_slice()
        && !only.stable
    {
        return Some(format!(
            "Binds in {}; its worth is not unique here",
            if only.period.is_empty() { "the horizon" } else { &only.period }
        ));
    }
    // Loosening a number loosens it in every period it holds in.
    let dual: f64 = binding.iter().map(|binding| binding.dual).sum();
    let money: f64 = binding.iter().filter_map(|binding| binding.dual_musd).sum();
    let unit = first.unit.split(" per ").next().unwrap_or_default();
    let tokens = if unit == "Ttok" { format::ttok(dual) } else { format!("{} {unit}", format::number(dual)) };
    let about = if binding.iter().all(|binding| binding.fact) && binding.len() == 1 { "" } else { "about " };
    let mut text = format!("+1 {} is worth {about}{tokens}", crate::results::marginal::one(first.limit_unit));
    // The second goal's worth is only unique where the answer was solved from cold.
    if money != 0.0 && document.is_canonical() {
        _ = write!(text, " ({} of cost)", format::musd(money));
    }
    let room = binding.iter().filter_map(|binding| binding.range.map(|[_, to]| to - binding.limit)).fold(f64::INFINITY, f64::min);
    if room.is_finite() && room > 0.0 {
        _ = write!(text, ", up to +{} {}", format::number(room), first.limit_unit);
    }
    match binding.as_slice() {
        [only] if !only.period.is_empty() => _ = write!(text, ", in {}", only.period),
        [_] => {}
        many => _ = write!(text, ", over {} periods", many.len()),
    }
    Some(text)
}

fn legend_ui(ui: &mut Ui) {
    ui.separator();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for name in provenance::GRADES {
            // One piece each: a wrapping row breaks between pieces, not between a dot and its word.
            let galley = ui.painter().layout_no_wrap(name.to_owned(), TextStyle::Small.resolve(ui.style()), theme::tokens(ui).quiet);
            let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 20.0, 18.0), Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, name));
            ui.painter().circle_filled(rect.left_center() + vec2(6.0, 0.0), 3.5, theme::grade(ui, name));
            let at = rect.left_center() + vec2(14.0, -galley.size().y / 2.0);
            ui.painter().galley(at, galley, theme::tokens(ui).quiet);
        }
    });
}
