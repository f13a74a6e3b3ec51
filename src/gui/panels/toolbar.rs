//! The menu bar and the toolbar.

use crate::words;
use egui::{Align, Button, Layout, MenuBar, RichText, Ui};

use super::checklist;
use crate::gui::command::{Commands, Menu, Request, UiCommand};
use crate::gui::document::Document;
use crate::gui::view::{Anchor, ThemeChoice, ViewState};
use crate::gui::{theme, widgets};
use crate::plan::{Conduct, Goal};
use crate::results::Status;

/// Room on both sides of the plan's name between the menus and the search, and the least that is worth having it in.
const TITLE_GAP: f32 = 12.0;
const LEAST_TITLE: f32 = 80.0;
/// What a choice of the toolbar takes beside its text: its edges, its arrow, the gap after it.
const CHOICE_EDGES: f32 = 36.0;
/// The most that the status takes of the room of the choices beside it.
const MOST_STATUS: f32 = 150.0;

/// Whether a command can be run now.
#[must_use]
pub fn is_enabled(command: UiCommand, document: &Document, view: &ViewState) -> bool {
    let plan = document.plan();
    let editable = !document.is_read_only();
    let entry = || editable && crate::gui::reflect::is_entry(plan, &view.selection);
    match command {
        UiCommand::Save => document.unread.as_ref().is_none_or(|unread| !unread.newer) && (document.is_dirty() || document.path.is_none()),
        UiCommand::SaveAs | UiCommand::SaveWithSeries | UiCommand::Solve | UiCommand::PickFromCatalog | UiCommand::NewScenario => editable,
        UiCommand::Reload | UiCommand::Versions => document.path.is_some(),
        UiCommand::Undo => document.undo_name().is_some(),
        UiCommand::Redo => document.redo_name().is_some(),
        UiCommand::Add => editable && crate::gui::reflect::map_for(plan, &view.selection).is_some(),
        UiCommand::Duplicate | UiCommand::Rename | UiCommand::Delete | UiCommand::MoveUp | UiCommand::MoveDown => entry(),
        UiCommand::Cancel => document.is_solving(),
        UiCommand::PinBaseline => document.is_canonical(),
        UiCommand::ClearBaseline => document.baseline().is_some(),
        UiCommand::DuplicateScenario | UiCommand::RenameScenario | UiCommand::DeleteScenario | UiCommand::EditBase => {
            editable && !document.scenario().is_empty()
        }
        UiCommand::CombineScenarios => editable && document.base().scenarios.len() > 1,
        UiCommand::RollOn => plan.horizon.periods > 1 && document.unread.is_none(),
        UiCommand::NextPeriod => view.period + 1 < plan.horizon.periods as usize,
        UiCommand::PreviousPeriod => view.period > 0,
        _ => true,
    }
}

/// The text of a command as it is now: undo says what it takes back.
#[must_use]
pub fn text_now(command: UiCommand, document: &Document) -> String {
    let named = |name: Option<&str>| name.map_or_else(|| command.text().to_owned(), |name| format!("{} {name}", command.text()));
    match command {
        UiCommand::Undo => named(document.undo_name()),
        UiCommand::Redo => named(document.redo_name()),
        _ => command.text().to_owned(),
    }
}

fn is_checked(command: UiCommand, document: &Document, view: &ViewState) -> bool {
    let settings = &view.settings;
    match command {
        UiCommand::ToggleLive => document.live_on,
        UiCommand::ToggleTree => settings.tree_open,
        UiCommand::ToggleInspector => settings.inspector_open,
        UiCommand::ToggleLower => settings.lower_open,
        UiCommand::ThemeSystem => settings.theme == ThemeChoice::System,
        UiCommand::ThemeLight => settings.theme == ThemeChoice::Light,
        UiCommand::ThemeDark => settings.theme == ThemeChoice::Dark,
        _ => false,
    }
}

/// One command in a menu.
pub fn menu_item_ui(ui: &mut Ui, command: UiCommand, document: &Document, view: &ViewState, commands: &mut Commands) {
    let mut button = Button::new(text_now(command, document)).selected(is_checked(command, document, view));
    if let Some(shortcut) = command.shortcuts().first() {
        button = button.shortcut_text(ui.ctx().format_shortcut(shortcut));
    }
    let enabled = is_enabled(command, document, view);
    if ui.add_enabled(enabled, button).on_hover_text(command.text_and_tooltip().1).clicked() {
        commands.run(command);
        ui.close();
    }
}

/// The menu bar: menus, the plan's name, the search field.
pub fn menu_ui(ui: &mut Ui, document: &Document, view: &mut ViewState, commands: &mut Commands) {
    let full = ui.max_rect();
    let style = egui::style::StyleModifier::new(|style| {
        egui::containers::menu::menu_style(style);
        style.spacing.button_padding = egui::vec2(8.0, 3.0);
    });
    MenuBar::new().style(style).ui(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for menu in Menu::ALL {
            ui.menu_button(menu.title(), |ui| {
                ui.set_min_width(220.0);
                let mut group = None;
                for command in UiCommand::ALL.iter().copied() {
                    let (own, own_group) = command.menu();
                    if own != menu {
                        continue;
                    }
                    if group.is_some_and(|group| group != own_group) {
                        ui.separator();
                    }
                    group = Some(own_group);
                    menu_item_ui(ui, command, document, view, commands);
                    if command == UiCommand::Open {
                        recent_ui(ui, view, commands);
                    }
                }
            });
        }
        let tokens = theme::tokens(ui);
        let menus_end = ui.min_rect().right();
        let search = ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let shortcut = UiCommand::Palette.shortcuts().first().map(|shortcut| ui.ctx().format_shortcut(shortcut)).unwrap_or_default();
            let wide = full.width() > 900.0;
            let text = if wide { UiCommand::Palette.text() } else { "Search" };
            let button = Button::new(RichText::new(text).color(tokens.quiet))
                .shortcut_text(shortcut)
                .min_size(egui::vec2(if wide { 240.0 } else { 110.0 }, 24.0))
                .fill(tokens.field);
            let response = ui.add(button).accessible_name(UiCommand::Palette.text());
            let response = response.on_hover_text(UiCommand::Palette.text_and_tooltip().1);
            if response.clicked() {
                commands.run(UiCommand::Palette);
            }
            response.rect.left()
        });
        // Between the menus and the search: in the middle of the window where it fits there, cut where it fits nowhere.
        let (from, to) = (menus_end + TITLE_GAP, search.inner - TITLE_GAP);
        if full.width() > 760.0 && to - from > LEAST_TITLE {
            let mut title = egui::text::LayoutJob::default();
            let font = egui::TextStyle::Body.resolve(ui.style());
            let style = |color| egui::TextFormat { font_id: font.clone(), color, ..egui::TextFormat::default() };
            title.append(&document.title(), 0.0, style(tokens.text));
            let mut second = document.scenario().to_owned();
            if document.is_dirty() {
                second.push_str(" ·  edited");
            }
            if document.is_read_only() {
                second.push_str(" ·  read only");
            }
            title.append(&second, 6.0, style(tokens.quiet));
            title.wrap = egui::text::TextWrapping::truncate_at_width(to - from);
            let whole = title.text.clone();
            let galley = ui.ctx().fonts_mut(|fonts| fonts.layout_job(title));
            let left = (full.center().x - galley.size().x / 2.0).clamp(from, (to - galley.size().x).max(from));
            let place = egui::Rect::from_min_size(egui::pos2(left, full.center().y - galley.size().y / 2.0), galley.size());
            if galley.elided {
                ui.interact(place, ui.scope_id().with("title"), egui::Sense::hover()).on_hover_text(whole);
            }
            ui.painter().galley(place.min, galley, tokens.text);
        }
    });
}

fn recent_ui(ui: &mut Ui, view: &ViewState, commands: &mut Commands) {
    ui.add_enabled_ui(!view.recent.is_empty(), |ui| {
        ui.menu_button("Open recent", |ui| {
            for path in view.recent.iter().take(10) {
                let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
                if ui.button(name).on_hover_text(path.display().to_string()).clicked() {
                    commands.send(Request::OpenPath(path.clone()));
                    ui.close();
                }
            }
        });
    });
}

fn tool_ui(ui: &mut Ui, command: UiCommand, text: &str, document: &Document, view: &ViewState, commands: &mut Commands) {
    let mut tooltip = text_now(command, document);
    if tooltip == command.text() {
        command.text_and_tooltip().1.clone_into(&mut tooltip);
    }
    if let Some(shortcut) = command.shortcuts().first() {
        tooltip = format!("{tooltip}  ({})", ui.ctx().format_shortcut(shortcut));
    }
    let button = Button::new(text).frame_when_inactive(false);
    let response = ui.add_enabled(is_enabled(command, document, view), button).on_hover_text(tooltip);
    if command == UiCommand::New && view.enter_pane == Some(Anchor::Toolbar) {
        response.request_focus();
    }
    if response.clicked() {
        commands.run(command);
    }
}

/// The toolbar.
pub fn toolbar_ui(ui: &mut Ui, document: &Document, view: &mut ViewState, commands: &mut Commands) {
    let width = ui.available_width();
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        tool_ui(ui, UiCommand::New, "New", document, view, commands);
        tool_ui(ui, UiCommand::Open, "Open", document, view, commands);
        tool_ui(ui, UiCommand::Save, "Save", document, view, commands);
        ui.add_space(8.0);
        tool_ui(ui, UiCommand::Undo, "⟲ Undo", document, view, commands);
        tool_ui(ui, UiCommand::Redo, "⟳ Redo", document, view, commands);
        ui.add_space(10.0);
        ui.spacing_mut().item_spacing.x = theme::GAP;
        let live = widgets::switch_ui(ui, document.live_on, "Live").on_hover_text(UiCommand::ToggleLive.text_and_tooltip().1);
        if live.clicked() {
            commands.run(UiCommand::ToggleLive);
        }
        ui.label("Live");
        if width > 640.0 {
            if document.is_slow() {
                tool_ui(ui, UiCommand::Cancel, "Cancel", document, view, commands);
            } else {
                tool_ui(ui, UiCommand::Solve, "Solve", document, view, commands);
            }
        }
        if width > 980.0 {
            ui.add_space(6.0);
            // They share what the status beside them leaves: a short one whole, the longer ones evenly.
            let status = widgets::pill_width(ui, &status_text(document)).min(MOST_STATUS);
            let texts = [objective_text(&document.plan().objective), scenario_text(document), baseline_text(document)];
            let each = even_share(texts.map(|text| choice_width(ui, &text)), ui.available_width() - status);
            objective_ui(ui, document, Some(each), commands);
            scenario_ui(ui, document, view, Some(each), commands);
            baseline_ui(ui, document, view, Some(each), commands);
        } else {
            // What has no room stands in a menu of its own.
            let more = ui.menu_button("More", |ui| {
                ui.set_min_width(220.0);
                objective_ui(ui, document, None, commands);
                scenario_ui(ui, document, view, None, commands);
                baseline_ui(ui, document, view, None, commands);
                menu_item_ui(ui, UiCommand::Solve, document, view, commands);
                menu_item_ui(ui, UiCommand::Cancel, document, view, commands);
            });
            more.response.accessible_name("More tools").on_hover_text("Objective, scenario, baseline, solve");
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| status_pill_ui(ui, document, commands));
    });
}

/// The goals a planner picks from; any other list of goals is edited in the inspector.
const OBJECTIVES: [(&str, &[Goal]); 9] = [
    ("Most tokens, then most profit", &[Goal::MaxTokens, Goal::MaxNpv]),
    ("Most tokens, then least cost", &[Goal::MaxTokens, Goal::MinCost]),
    ("Most profit", &[Goal::MaxNpv]),
    ("Most profit after tax", &[Goal::MaxNpvAfterTax]),
    ("Least cost per token", &[Goal::MinCostPerToken(0.5)]),
    ("Least cost for 1,000 Ttok", &[Goal::MinCostForTtok(1000.0)]),
    ("Prices form: all compete", &[Goal::MarketEquilibrium(Conduct::Competition)]),
    ("Prices form: few sellers who reckon with them", &[Goal::MarketEquilibrium(Conduct::Cournot)]),
    ("Prices form: one cartel", &[Goal::MarketEquilibrium(Conduct::Cartel)]),
];

/// The objective in words.
#[must_use]
pub fn objective_text(goals: &[Goal]) -> String {
    if let Some((name, _)) = OBJECTIVES.iter().find(|(_, own)| *own == goals) {
        return (*name).to_owned();
    }
    let words: Vec<String> = goals
        .iter()
        .map(|goal| match goal {
            Goal::MaxTokens => "most tokens".to_owned(),
            Goal::MinCost => "least cost".to_owned(),
            Goal::MaxNpv => "most profit".to_owned(),
            Goal::MaxNpvAfterTax => "most profit after tax".to_owned(),
            Goal::MinCostForTtok(ttok) => format!("least cost for {}", words::ttok(*ttok)),
            Goal::MarketEquilibrium(Conduct::Competition) => "market: competition".to_owned(),
            Goal::MarketEquilibrium(Conduct::Cournot) => "market: few sellers".to_owned(),
            Goal::MarketEquilibrium(Conduct::Cartel) => "market: cartel".to_owned(),
            Goal::MinCostPerToken(share) => format!("least cost per token, from {}", words::percent(*share)),
        })
        .collect();
    let text = words.join(", then ");
    let mut chars = text.chars();
    chars.next().map_or_else(|| "No objective".into(), |first| first.to_uppercase().chain(chars).collect())
}

/// How wide a choice of the toolbar is where there is room for it.
fn choice_width(ui: &Ui, text: &str) -> f32 {
    let font = egui::TextStyle::Button.resolve(ui.style());
    ui.painter().layout_no_wrap(text.to_owned(), font, egui::Color32::WHITE).size().x + CHOICE_EDGES
}

/// The most that each may take so that all fit into this room, those that need less taking no more than that.
fn even_share(mut wanted: [f32; 3], room: f32) -> f32 {
    wanted.sort_by(f32::total_cmp);
    let (mut left, mut of) = (room, 3.0);
    for width in wanted {
        if width * of > left {
            return (left / of).max(60.0);
        }
        left -= width;
        of -= 1.0;
    }
    f32::INFINITY
}

/// A choice of the toolbar: as wide as its text, cut where it may be no wider than `most`.
fn choice(ui: &mut Ui, salt: &'static str, text: String, most: Option<f32>, entries: impl FnOnce(&mut Ui)) -> egui::Response {
    let combo = egui::ComboBox::from_id_salt(salt).selected_text(text).width(60.0);
    let Some(most) = most.filter(|most| most.is_finite()) else { return combo.show_ui(ui, entries).response };
    // A text is cut by the room there is, not by the width that is asked for; the gap after it is counted in.
    ui.scope(|ui| {
        ui.set_max_width(most - theme::GAP);
        combo.truncate().show_ui(ui, entries).response
    })
    .inner
}

fn objective_ui(ui: &mut Ui, document: &Document, most: Option<f32>, commands: &mut Commands) {
    use crate::plan::node::Node as _;
    let goals = &document.plan().objective;
    let response = choice(ui, "objective", objective_text(goals), most, |ui| {
        for (name, own) in OBJECTIVES {
            if ui.selectable_label(own == goals.as_slice(), name).clicked() {
                commands.set("objective", own.to_vec().tree().inline());
            }
        }
        ui.separator();
        if ui.button("Edit in the inspector…").clicked() {
            commands.go_to("objective");
        }
    });
    response.accessible_name("Objective").on_hover_text(format!("{}\nWhat is wanted most, then next", objective_text(goals)));
}

fn scenario_ui(ui: &mut Ui, document: &Document, view: &ViewState, most: Option<f32>, commands: &mut Commands) {
    let response = choice(ui, "scenario", scenario_text(document), most, |ui| {
        if ui.selectable_label(document.scenario().is_empty(), "Base plan").clicked() {
            commands.send(Request::PickScenario(String::new()));
        }
        for name in document.plan().scenarios.keys() {
            if ui.selectable_label(document.scenario() == name, name).clicked() {
                commands.send(Request::PickScenario(name.clone()));
            }
        }
        ui.separator();
        for command in [
            UiCommand::NewScenario,
            UiCommand::DuplicateScenario,
            UiCommand::RenameScenario,
            UiCommand::CombineScenarios,
            UiCommand::DeleteScenario,
        ] {
            menu_item_ui(ui, command, document, view, commands);
        }
    });
    let tip = format!("{}\nThe variation of the plan that is solved and shown", scenario_text(document));
    response.accessible_name("Scenario").on_hover_text(tip);
}

fn scenario_text(document: &Document) -> String {
    format!("Scenario {}", if document.scenario().is_empty() { "base" } else { document.scenario() })
}

/// Says that edits go into the picked scenario, and leads back to the base plan.
pub fn scenario_band_ui(ui: &mut Ui, document: &Document, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    ui.horizontal(|ui| {
        let count = document.override_count();
        let changes = if count == 1 { "1 change".to_owned() } else { format!("{count} changes") };
        // The buttons first: a long name gives way to them.
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.button("Edit base instead").on_hover_text(UiCommand::EditBase.text_and_tooltip().1).clicked() {
                commands.run(UiCommand::EditBase);
            }
            if ui.button("What it changes").clicked() {
                commands.select(format!("scenarios.{}", document.scenario()));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let editing = format!("Editing scenario {} · {changes}", document.scenario());
                ui.add(egui::Label::new(RichText::new(editing).color(tokens.accent)).truncate());
            });
        });
    });
}

fn baseline_text(document: &Document) -> String {
    document.baseline().map_or_else(|| "No baseline".to_owned(), |baseline| format!("Baseline {}", baseline.name))
}

fn baseline_ui(ui: &mut Ui, document: &Document, view: &ViewState, most: Option<f32>, commands: &mut Commands) {
    let text = baseline_text(document);
    let response = choice(ui, "baseline", text.clone(), most, |ui| {
        menu_item_ui(ui, UiCommand::PinBaseline, document, view, commands);
        menu_item_ui(ui, UiCommand::ClearBaseline, document, view, commands);
    });
    response.accessible_name("Baseline").on_hover_text(format!("{text}\nWhat every key figure is compared with"));
}

/// How the answer stands, in a few words.
#[must_use]
pub fn status_text(document: &Document) -> String {
    if document.unread.is_some() {
        return "Can't be read".into();
    }
    let makes_some = |document: &Document| document.results().is_some_and(|results| results.kpis.answer_tokens_ttok > 0.0);
    if checklist::is_lacking(document.plan()) && !makes_some(document) && document.plan().training.is_empty() {
        // The best of a plan that can make nothing yet is no answer to anybody's question.
        return "Nothing to solve yet".into();
    }
    if document.is_slow() {
        let seconds = document.solving_seconds();
        return if seconds > 1.0 { format!("Solving · {} s", words::grouped(seconds, 0)) } else { "Solving".into() };
    }
    if document.is_blocked() {
        return "Has problems".into();
    }
    let Some(newest) = document.newest() else { return "Not solved".into() };
    if newest.revision != document.revision() && !document.is_solving() {
        return "For the plan before this edit".into();
    }
    if newest.coarse {
        return "Coarse · full answer follows".into();
    }
    if let Some(results) = newest.answer.results.as_ref().filter(|results| !newest.canonical && results.status == Status::Optimal) {
        let goals = document.plan().objective.len();
        return match results.phases.last().filter(|_| results.phases.len() < goals) {
            Some(found) => format!("≈ {} found · settling", words::sentence(words::goal(&found.name))),
            None => "≈ Settling".to_owned(),
        };
    }
    match newest.answer.results.as_ref().map(|results| (results.status, results.certificate.checked)) {
        Some((Status::Optimal, true)) => format!("Optimal · checked · {} ms", words::number(newest.wall_ms.round())),
        Some((Status::Optimal, false)) => "Optimal · not checked".into(),
        Some((Status::Stopped, _)) => "Stopped early".into(),
        Some((Status::Infeasible, _)) => "Limits contradict each other".into(),
        Some((Status::Unbounded, _)) => "Something is free and unlimited".into(),
        Some((Status::Nothing, _)) => "Nothing can be made".into(),
        Some((Status::Failed, _)) => "The solver failed".into(),
        None => "No answer".into(),
    }
}

fn status_pill_ui(ui: &mut Ui, document: &Document, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    let text = status_text(document);
    let color = if text.starts_with("Optimal · checked") {
        tokens.accent
    } else if text.starts_with("Solving")
        || text.starts_with("Coarse")
        || text.starts_with('≈')
        || text.starts_with("Not")
        || text.starts_with("Nothing")
        || text.starts_with("No answer")
        || text.starts_with("For the plan")
    {
        tokens.quiet
    } else {
        tokens.bad
    };
    let ground = if color == tokens.accent { tokens.accent_soft } else { tokens.field };
    if widgets::pill_ui(ui, &text, color, ground).on_hover_text("Show the solve status").clicked() {
        commands.run(if document.is_blocked() { UiCommand::ShowProblems } else { UiCommand::ShowStatus });
    }
}
