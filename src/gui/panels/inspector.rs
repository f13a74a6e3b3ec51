//! The inspector: every field of what is selected, with its unit, its source, and, where it is a
//! limit, what one more of it is worth.

use crate::words;
use egui::{Label, RichText, Sense, TextStyle, Ui, WidgetInfo, vec2};

use crate::gui::command::{Commands, Request, UiCommand};
use crate::gui::document::Document;
use crate::gui::mend::mend_ui;
use crate::gui::panels::{preview, series};
use crate::gui::reflect::{self, Place};
use crate::gui::view::{Anchor, ViewState};
use crate::gui::widgets::field::{Editor, field_ui, value_ui};
use crate::gui::widgets::{icon_button_ui, within};
use crate::gui::{change, provenance, templates, theme, whereabouts};
use crate::plan::Plan;
use crate::plan::node::{FieldInfo, Node, Shape};

mod scenario;

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
    egui::ScrollArea::both().id_salt(("inspector", &entity)).auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 5.0;
        let room = ui.available_width();
        if entity.is_empty() {
            nothing_ui(ui);
            return;
        }
        if view.enter_pane == Some(Anchor::Inspector) {
            view.enter_pane = None;
            let first = reflect::place(plan, &entity)
                .and_then(|place| if let Shape::Record(fields) = place.shape { fields().first() } else { None });
            view.focus_field = first.map(|field| reflect::join(&entity, field.name)).or(Some(entity.clone()));
        }
        // What is too wide for the panel makes nothing below it wider.
        within(ui, room, |ui| header_ui(ui, document, view, commands, &entity));
        within(ui, room, |ui| {
            ui.add_enabled_ui(!document.is_read_only(), |ui| body_ui(ui, document, view, commands, &entity));
        });
        within(ui, room, |ui| preview::entry_ui(ui, document, &entity));
        within(ui, room, |ui| series::entry_ui(ui, document, &entity, commands));
        // A field that the panel does not have, such as one of a deleted entry: stop looking for it.
        view.focus_field = None;
        ui.add_space(theme::GAP);
        within(ui, room, legend_ui);
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
        // Icons first: a long name gives way to them.
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if reflect::is_entry(plan, entity) && !document.is_read_only() {
                ui.spacing_mut().item_spacing.x = 0.0;
                for (icon, verb, command) in
                    [("🗑", "Delete", UiCommand::Delete), ("🗐", "Duplicate", UiCommand::Duplicate), ("✏", "Rename", UiCommand::Rename)]
                {
                    if icon_button_ui(ui, icon, &format!("{verb} {id}")).clicked() {
                        commands.select(entity);
                        commands.run(command);
                    }
                }
            }
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                ui.add(Label::new(theme::title(&title)).truncate());
            });
        });
    });
    ui.add(Label::new(theme::quiet(ui, subtitle)).wrap());
    if entity != parent && !parent.is_empty() && parent.contains('.') {
        let holder = change::split(parent).0.to_owned();
        if ui
            .add(egui::Button::new(RichText::new(format!("← {}", words::called(plan, &holder))).small()).frame_when_inactive(false).small())
            .clicked()
        {
            commands.select(holder);
        }
    }
    for problem in document.problems().iter().filter(|problem| problem.path == entity) {
        let said = words::in_words(&problem.message);
        ui.add(Label::new(RichText::new(said).small().color(theme::severity(ui, problem.severity))).wrap());
        mend_ui(ui, document, problem, commands);
    }
    let _ = view;
    elsewhere_ui(ui, document, commands, entity);
    ui.add_space(4.0);
}

/// Says where a site's or market's place is in another country, or on another clock, than the plan says.
fn elsewhere_ui(ui: &mut Ui, document: &Document, commands: &mut Commands, entity: &str) {
    let plan = document.plan();
    let stated = entity.split_once('.').and_then(|(map, id)| match map {
        "sites" => plan.sites.get(id).map(|site| (&site.country, site.utc_offset_hours)),
        "markets" => plan.markets.get(id).map(|market| (&market.country, market.utc_offset_hours)),
        _ => None,
    });
    let here = whereabouts::place_of(plan, entity).and_then(|(latitude, longitude)| whereabouts::whereabouts(latitude, longitude));
    let (Some((country, hours)), Some(here)) = (stated, here) else { return };
    if country == here.country && (hours - here.utc_offset_hours).abs() < 1e-9 {
        return;
    }
    let clock = clock_in_words(Some(here.time_zone), here.utc_offset_hours);
    ui.add(Label::new(RichText::new(format!("This place is in {}, {clock}.", here.country_name)).small()).wrap());
    if !document.is_read_only() && ui.small_button(format!("Take {} and its clock", here.country_name)).clicked() {
        let name = format!("take {} and its clock", here.country_name);
        commands.send(Request::Batch(name, whereabouts::taken(entity, here)));
    }
}

/// `Europe/Oslo, UTC+1`.
fn clock_in_words(zone: Option<&str>, hours: f64) -> String {
    let sign = if hours < 0.0 { "−" } else { "+" };
    let offset = format!("UTC{sign}{}", words::number(hours.abs()));
    zone.filter(|zone| !zone.is_empty()).map_or_else(|| offset.clone(), |zone| format!("{zone}, {offset}"))
}

fn headline(plan: &Plan, entity: &str) -> (String, String) {
    let (parent, id) = change::split(entity);
    let named = |name: &str| if name.is_empty() { words::sentence(id) } else { name.to_owned() };
    match parent {
        "" if id == "name" => ("Plan".into(), "Name, remarks and what is wanted".into()),
        "" => {
            let doc = Plan::fields().iter().find(|field| field.name == id).map_or("", |field| field.doc.trim());
            // As the tree calls it.
            let title = if id == "contracts" { "Power contracts".to_owned() } else { words::sentence(id) };
            let said = if doc == title { String::new() } else { doc.to_owned() };
            (title, said)
        }
        "sites" => plan.sites.get(id).map_or_else(Default::default, |site| {
            let clock = clock_in_words(site.time_zone.as_deref(), site.utc_offset_hours);
            (
                named(&site.name),
                format!("{} · {} · {clock}", whereabouts::country_with_code(&site.country), words::degrees(site.longitude, site.latitude)),
            )
        }),
        "contracts" => plan.contracts.get(id).map_or_else(Default::default, |contract| {
            (
                words::sentence(id),
                format!(
                    "{} at {}",
                    words::sentence(&words::kind_text(contract.terms.variant_name())),
                    words::called(plan, &format!("sites.{}", contract.site))
                ),
            )
        }),
        "chips" => plan.chips.get(id).map_or_else(Default::default, |chip| {
            (
                words::name_at(plan, entity).unwrap_or_default(),
                chip.catalog.as_ref().map_or_else(
                    || "Stated in the plan".to_owned(),
                    |catalog| format!("Catalog {catalog}; a number given here replaces the catalog's"),
                ),
            )
        }),
        "markets" => plan.markets.get(id).map_or_else(Default::default, |market| {
            let clock = clock_in_words(market.time_zone.as_deref(), market.utc_offset_hours);
            (named(&market.name), format!("Market · {} · {clock}", whereabouts::country_with_code(&market.country)))
        }),
        _ => {
            let kind = templates::singular(parent);
            let holder = change::split(parent).0;
            let place = if parent.contains('.') {
                format!("{} at {}", words::sentence(kind), words::called(plan, holder))
            } else {
                words::sentence(kind)
            };
            // Products and served models have names of their own; other entries only ids.
            (named(&words::name_at(plan, entity).unwrap_or_default()), place)
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
    if let Some(name) = entity.strip_prefix("scenarios.").map(|rest| rest.split('.').next().unwrap_or_default().to_owned()) {
        scenario::scenario_ui(ui, document, editor.commands, &name);
        if let Some(notes) = crate::plan::Variation::fields().iter().find(|field| field.name == "notes") {
            one_ui(ui, &mut editor, &format!("scenarios.{name}.notes"), *notes);
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
            editor.name = words::sentence(change::split(entity).1);
            editor.unit_field = place.field.map_or("", |field| field.name);
            value_ui(ui, &mut editor, &place, &tree);
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
            .add(egui::Button::new(format!("{} →", words::called(editor.document.plan(), &path))).frame_when_inactive(false))
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
    if map == "contracts"
        && let Some(site) = editor.document.plan().sites.keys().next()
    {
        super::layout::large_load_ui(ui, editor.document, site, editor.commands);
    }
    if map == "profiles" && ui.button("Browse for a series…").clicked() {
        editor.commands.send(Request::BrowseSeries(None));
    }
    if matches!(map, "chips" | "served_models") && ui.add(egui::Button::new("Pick from the catalog…").truncate()).clicked() {
        editor.commands.select(map);
        editor.commands.run(UiCommand::PickFromCatalog);
    }
}

fn one_ui(ui: &mut Ui, editor: &mut Editor<'_>, path: &str, field: FieldInfo) {
    let Some(node) = editor.document.value(path) else { return };
    let place = Place { path: path.to_owned(), shape: (field.shape)(), bounds: field.bounds, field: Some(field) };
    field_ui(ui, editor, &place, field, &node.tree());
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
