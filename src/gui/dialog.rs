//! Questions that must be answered before going on, as modals of the window's own.
//! (The dialog library's message boxes answer Cancel where there is no dialog service.)

use crate::words;
use std::path::PathBuf;

use egui::{Id, Key, Modal, RichText, Ui};

use super::change::{self, Edit};
use super::command::{Commands, Decision, Menu, Request, Then, UiCommand};
use super::document::Document;
use super::files::Purpose;
use super::files::store::Recovery;
use super::palette::{Palette, palette_ui};
use super::panels::catalog::{Picker, picker_ui};
use super::roll_form::{RollForm, roll_form_ui};
use super::scenario_form::{ScenarioForm, scenario_form_ui};
use super::series_form::{SeriesForm, series_form_ui};
use super::templates::free_id;
use super::versions::versions_ui;
use super::view::ViewState;
use super::widgets::{has_keyboard, primary_ui, typed_over};
use super::wizard::{Wizard, wizard_ui};
use super::{dependents, theme};
use crate::disk::versions::Version;
use crate::plan::node::{Node, are_twins, id_problem, is_id_letter, twins};

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    /// The command palette.
    Palette(Palette),
    /// A new id for an entry.
    Rename {
        /// Which entry.
        path: String,
        /// What was typed.
        to: String,
    },
    /// Changes would be lost.
    Unsaved(Then),
    /// The file was changed by somebody else.
    ChangedOnDisk,
    /// Another file is where the plan is to be saved.
    Replace(PathBuf),
    /// Saving drops the file's comments.
    Comments,
    /// A path typed by hand, because no dialog service answers.
    PathField {
        /// What for.
        purpose: Purpose,
        /// What was typed.
        path: String,
        /// Why the field is shown.
        reason: String,
    },
    /// Unsaved work of an earlier session.
    Recovery {
        /// Name of the plan.
        name: String,
        /// What was kept.
        recovery: Recovery,
    },
    /// An entry is to be deleted that others depend on.
    DeleteAlso {
        /// The entry.
        path: String,
        /// Places that refer to it.
        references: Vec<String>,
        /// Another of its kind that they may refer to instead; empty if there is none.
        to: String,
    },
    /// A change that the picked scenario can't hold.
    IntoBase(Edit),
    /// A scenario to be named.
    Scenario(ScenarioForm),
    /// The plan rolled on.
    Roll(Box<RollForm>),
    /// What the plan was.
    Versions(Vec<Version>),
    /// Five questions for a new plan.
    Wizard(Wizard),
    /// A file with a series.
    Series(Box<SeriesForm>),
    /// The catalog picker.
    Catalog(Picker),
    /// All shortcuts.
    Shortcuts,
    /// About the program.
    About,
}

/// Draws the open question, if there is one.
pub fn dialog_ui(ui: &Ui, open: &mut Option<Dialog>, document: &Document, view: &ViewState, commands: &mut Commands) {
    let Some(mut dialog) = open.take() else { return };
    let context = ui.ctx().clone();
    take_keyboard(&context);
    let is_palette = matches!(dialog, Dialog::Palette(_));
    let shade = theme::tokens(ui).shade;
    let mut modal = Modal::new(Id::unique("dialog")).backdrop_color(shade).frame(frame(ui));
    if is_palette {
        let top = context.content_rect().height() * 0.12;
        modal = modal.area(Modal::default_area(Id::unique("dialog")).anchor(egui::Align2::CENTER_TOP, [0.0, top]));
    }
    let response = modal.show(&context, |ui| content_ui(ui, &mut dialog, document, view, commands));
    if !response.inner && !response.should_close() {
        open.get_or_insert(dialog);
    }
}

/// A question that has just opened takes the keyboard from what had it: Enter answers the question.
fn take_keyboard(context: &egui::Context) {
    let key = Id::unique("dialog-shown-in");
    let now = context.cumulative_pass_nr();
    let before = context.data(|data| data.get_temp::<u64>(key));
    if before.is_none_or(|before| before + 1 < now) {
        context.memory_mut(|memory| {
            if let Some(focused) = memory.focused() {
                memory.surrender_focus(focused);
            }
        });
    }
    context.data_mut(|data| data.insert_temp(key, now));
}

fn frame(ui: &Ui) -> egui::Frame {
    let tokens = theme::tokens(ui);
    egui::Frame::new()
        .fill(tokens.panel)
        .stroke(egui::Stroke::new(1.0, tokens.line))
        .corner_radius(egui::CornerRadius::same(10))
        .inner_margin(egui::Margin::same(18))
        .shadow(ui.visuals().window_shadow)
}

/// Draws a question's content; whether it is answered.
fn content_ui(ui: &mut Ui, dialog: &mut Dialog, document: &Document, view: &ViewState, commands: &mut Commands) -> bool {
    match dialog {
        Dialog::Palette(palette) => palette_ui(ui, palette, document, view, commands),
        Dialog::Wizard(wizard) => wizard_ui(ui, wizard, commands),
        Dialog::Catalog(picker) => picker_ui(ui, picker, document, commands),
        Dialog::DeleteAlso { path, references, to } => delete_ui(ui, path, references, to, document, commands),
        Dialog::Versions(versions) => versions_ui(ui, versions, commands),
        Dialog::Roll(form) => roll_form_ui(ui, form, commands),
        Dialog::Series(form) => series_form_ui(ui, form, document, commands),
        Dialog::Scenario(form) => scenario_form_ui(ui, form, document, commands),
        Dialog::IntoBase(edit) => question(
            ui,
            "A scenario can't hold this",
            &format!(
                "Scenario {} changes numbers of the plan; what is added, removed, renamed or moved is part of the base plan, and of every scenario: {}.",
                document.scenario(),
                edit.label(document.base())
            ),
            &[("Change the base plan", Some(Decision::IntoBase(edit.clone()))), ("Cancel", None)],
            commands,
        ),
        Dialog::Rename { path, to } => rename_ui(ui, path, to, document, commands),
        Dialog::Unsaved(then) => {
            let name = document.title();
            question(
                ui,
                &format!("Save the changes of “{name}”?"),
                "They are lost otherwise.",
                &[
                    ("Save", Some(Decision::SaveThen(then.clone()))),
                    ("Don't save", Some(Decision::DiscardThen(then.clone()))),
                    ("Keep editing", None),
                ],
                commands,
            )
        }
        Dialog::ChangedOnDisk => question(
            ui,
            "The file was changed by another program",
            "Its newer content would be lost by saving over it. You can also save under another name.",
            &[("Read it again", Some(Decision::TakeTheirs)), ("Save over it", Some(Decision::Overwrite)), ("Keep editing", None)],
            commands,
        ),
        Dialog::Replace(path) => question(
            ui,
            &format!("Replace {}?", path.file_name().unwrap_or_default().to_string_lossy()),
            "There is a file of this name in the folder already; what it holds would be lost.",
            &[("Keep it", None), ("Replace it", Some(Decision::Replace(path.clone())))],
            commands,
        ),
        Dialog::Comments => question(
            ui,
            "Saving drops the comments of this file",
            "The file holds comments, and a saved plan has none. Notes in the plan stay. To keep the commented file, save under another name.",
            &[
                ("Save under another name…", Some(Decision::KeepCommented)),
                ("Save without comments", Some(Decision::SaveWithoutComments)),
                ("Cancel", None),
            ],
            commands,
        ),
        Dialog::PathField { purpose, path, reason } => path_ui(ui, *purpose, path, reason, commands),
        Dialog::Recovery { name, recovery } => {
            let take = Decision::Recover(recovery.clone());
            question(
                ui,
                &format!("There is unsaved work on “{name}”"),
                "The program ended before it was saved. The file itself is untouched.",
                &[("Recover", Some(take)), ("Discard", Some(Decision::ForgetRecovery(recovery.clone()))), ("Ask again later", None)],
                commands,
            )
        }
        Dialog::Shortcuts => shortcuts_ui(ui),
        Dialog::About => {
            ui.set_width(320.0);
            ui.label(theme::title("Tokenworks"));
            ui.label(format!("Version {}", crate::version()));
            ui.label(theme::quiet(ui, "Sites, chips and power contracts in, the best token plan out."));
            if let Some(results) = document.newest_results() {
                ui.label(theme::quiet(ui, format!("Solver {} {}", results.solver.name, results.solver.version)));
            }
            ui.add_space(8.0);
            close_ui(ui, "Close")
        }
    }
}

/// A button that closes; it has the keyboard, so that Enter closes too.
fn close_ui(ui: &mut Ui, text: &str) -> bool {
    let button = ui.button(text);
    has_keyboard(ui, &button);
    button.clicked()
}

fn question(ui: &mut Ui, title: &str, text: &str, answers: &[(&str, Option<Decision>)], commands: &mut Commands) -> bool {
    ui.set_width(420.0_f32.min(ui.ctx().content_rect().width() - 60.0));
    ui.label(theme::title(title));
    ui.add_space(2.0);
    ui.label(RichText::new(text).color(theme::tokens(ui).quiet));
    ui.add_space(12.0);
    let mut answered = false;
    ui.horizontal_wrapped(|ui| {
        for (index, (name, decision)) in answers.iter().enumerate() {
            let response = if index == 0 { primary_ui(ui, name) } else { ui.button(*name) };
            if index == 0 {
                has_keyboard(ui, &response);
            }
            if response.clicked() {
                answered = true;
                if let Some(decision) = decision {
                    commands.send(Request::Decide(decision.clone()));
                }
            }
        }
    });
    answered
}

/// Offers to delete or to move what depends on an entry.
fn delete_ui(ui: &mut Ui, path: &str, references: &[String], to: &mut String, document: &Document, commands: &mut Commands) -> bool {
    let plan = document.base();
    ui.set_width(440.0_f32.min(ui.ctx().content_rect().width() - 60.0));
    let subject = words::subject(plan, path);
    ui.label(theme::title(format!("Delete {subject}?")));
    ui.label(theme::quiet(ui, "These refer to it, and can't be without it"));
    for place in references.iter().take(8) {
        ui.label(dependents::place_in_words(plan, place));
    }
    if references.len() > 8 {
        ui.label(theme::quiet(ui, format!("and {} more", references.len() - 8)));
    }
    ui.add_space(8.0);
    let mut done = false;
    let mut delete = |edit: Edit| commands.send(Request::Decide(Decision::Delete { edit, path: path.to_owned() }));
    let others = dependents::others(plan, path);
    if !others.is_empty() {
        ui.horizontal(|ui| {
            if primary_ui(ui, "Move them to").clicked() {
                delete(dependents::moved_to(plan, path, to));
                done = true;
            }
            let map = change::split(path).0;
            let called = |id: &str| words::called(plan, &format!("{map}.{id}"));
            let combo = egui::ComboBox::from_id_salt("instead").selected_text(called(to)).truncate().show_ui(ui, |ui| {
                for other in &others {
                    ui.selectable_value(to, other.clone(), called(other)).on_hover_text(other);
                }
            });
            combo.response.accessible_name("What they refer to instead");
        });
    }
    ui.horizontal(|ui| {
        let (edit, count) = dependents::with_all(plan, path);
        let text = if count == 1 { "Delete it too".to_owned() } else { format!("Delete all {count} too") };
        if ui.button(text).clicked() {
            delete(edit);
            done = true;
        }
        done |= ui.button("Cancel").clicked();
    });
    done
}

fn rename_ui(ui: &mut Ui, path: &str, to: &mut String, document: &Document, commands: &mut Commands) -> bool {
    ui.set_width(340.0);
    let (map, id) = change::split(path);
    let name = words::name_at(document.plan(), path);
    ui.label(theme::title(format!("Rename {}", name.clone().unwrap_or_else(|| id.to_owned()))));
    ui.label(theme::quiet(ui, "Everything that refers to it follows"));
    let label = "New name";
    let field =
        ui.add(egui::TextEdit::singleline(to).desired_width(f32::INFINITY).margin(egui::Margin::symmetric(8, 5))).accessible_name(label);
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if ui.memory(|memory| memory.focused().is_none()) {
        typed_over(ui, &field, to);
    }
    let taken: Vec<String> = document.value(map).map(Node::children).unwrap_or_default().into_iter().filter(|other| other != id).collect();
    let (new_id, problem) = if name.is_some() {
        let wanted = words::id_of(to);
        // A name that makes no id keeps the one there is, and so does one of which half would be lost.
        let is_lost = to.chars().any(|letter| letter.is_alphanumeric() && !is_id_letter(letter));
        let clashes = taken.iter().any(|other| are_twins(other, &wanted));
        let new = match id_problem(&wanted) {
            _ if is_lost => id.to_owned(),
            Some(_) => id.to_owned(),
            None if clashes => free_id(&taken, &wanted),
            None => wanted,
        };
        (new, to.trim().is_empty().then(|| "A name has at least one letter.".to_owned()))
    } else {
        // What is no id becomes one, as a name does.
        let wanted = if id_problem(to).is_some() { words::id_of(to) } else { to.clone() };
        let exists = taken
            .iter()
            .find(|other| are_twins(other, &wanted))
            .map(|other| if *other == wanted { format!("`{other}` exists already.") } else { twins(other, &wanted) });
        let problem = id_problem(&wanted)
            .map(|_| "It is called by its id, which holds letters, digits, `-` and `_` (Latin, Chinese, Japanese or Korean).".to_owned())
            .or(exists);
        (wanted, problem)
    };
    if let Some(problem) = &problem {
        ui.label(RichText::new(problem).small().color(theme::tokens(ui).bad));
    } else if name.is_some() || new_id != *to {
        ui.label(theme::quiet(ui, format!("id {new_id}")));
    }
    ui.add_space(8.0);
    let mut done = false;
    ui.horizontal(|ui| {
        let wanted = ui.add_enabled_ui(problem.is_none(), |ui| primary_ui(ui, "Rename").clicked()).inner;
        if problem.is_none() && (wanted || entered) {
            let new_name = name.filter(|name| name != to).map(|_| to.trim().to_owned());
            if new_name.is_some() || new_id != id {
                commands.send(Request::Decide(Decision::Rename { path: path.to_owned(), to: new_id, name: new_name }));
            }
            done = true;
        }
        done |= ui.button("Cancel").clicked();
    });
    done
}

fn path_ui(ui: &mut Ui, purpose: Purpose, path: &mut String, reason: &str, commands: &mut Commands) -> bool {
    ui.set_width(480.0_f32.min(ui.ctx().content_rect().width() - 60.0));
    ui.label(theme::title(purpose.title()));
    if !reason.is_empty() {
        ui.label(theme::quiet(ui, reason));
    }
    let hint = match purpose {
        Purpose::SaveWithSeries => "Path of a folder",
        Purpose::Export => "Path of the file",
        Purpose::Series => "Path of a file, such as series/prices.csv",
        Purpose::Open | Purpose::SaveAs => "Path of a plan file, such as plans/abilene.ron",
    };
    let field = ui
        .add(egui::TextEdit::singleline(path).hint_text(hint).desired_width(f32::INFINITY).margin(egui::Margin::symmetric(8, 5)))
        .accessible_name("Path");
    // Where a path without a folder leads is not to be guessed.
    let typed = std::path::Path::new(path.trim());
    if !path.trim().is_empty() && typed.is_relative() {
        ui.add(egui::Label::new(theme::quiet(ui, crate::disk::in_full(typed).display().to_string())).wrap());
    }
    // Asked before the focus is taken back, or Enter would go unnoticed.
    let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    if ui.memory(|memory| memory.focused().is_none()) {
        typed_over(ui, &field, path);
    }
    ui.add_space(8.0);
    let mut done = false;
    ui.horizontal(|ui| {
        let text = if matches!(purpose, Purpose::Open | Purpose::Series) { "Open" } else { "Save" };
        let ready = !path.trim().is_empty();
        let wanted = ui.add_enabled_ui(ready, |ui| primary_ui(ui, text).clicked()).inner;
        if ready && (wanted || entered) {
            commands.send(Request::Decide(Decision::Path(purpose, PathBuf::from(path.trim()))));
            done = true;
        }
        done |= ui.button("Cancel").clicked();
    });
    done
}

fn shortcuts_ui(ui: &mut Ui) -> bool {
    ui.set_width(520.0_f32.min(ui.ctx().content_rect().width() - 60.0));
    ui.label(theme::title("Keyboard shortcuts"));
    let height = (ui.ctx().content_rect().height() - 220.0).max(120.0);
    egui::ScrollArea::vertical().max_height(height).min_scrolled_height(height).auto_shrink([false, true]).show(ui, |ui| {
        for menu in Menu::ALL {
            ui.label(theme::quiet(ui, menu.title()));
            egui::Grid::new(("shortcuts", menu.title())).num_columns(2).min_col_width(220.0).spacing([12.0, 2.0]).show(ui, |ui| {
                for command in UiCommand::ALL.iter().copied().filter(|command| command.menu().0 == menu && !command.shortcuts().is_empty())
                {
                    ui.label(command.text());
                    let keys: Vec<String> = command.shortcuts().iter().map(|shortcut| ui.ctx().format_shortcut(shortcut)).collect();
                    ui.label(RichText::new(keys.join("  ")).color(theme::tokens(ui).quiet));
                    ui.end_row();
                }
            });
            ui.add_space(6.0);
        }
        ui.label(theme::quiet(
            ui,
            "In the plan tree: arrow keys walk, left and right close and open. In number fields: up and down change, Esc restores.",
        ));
    });
    ui.add_space(6.0);
    close_ui(ui, "Close")
}
