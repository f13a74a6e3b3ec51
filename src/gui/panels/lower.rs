//! The lower panel: problems, solve status, log.

use crate::words;
use egui::{Align, Layout, RichText, Ui};

use crate::diagnostic::{Diagnostic, Severity};
use crate::gui::command::{Commands, UiCommand};
use crate::gui::document::{Document, Freshness};
use crate::gui::mend::mend_ui;
use crate::gui::theme;
use crate::gui::view::{LowerTab, ViewState};

/// Draws the lower panel.
pub fn lower_ui(ui: &mut Ui, document: &Document, view: &mut ViewState, commands: &mut Commands) {
    ui.horizontal(|ui| {
        let problems = document.problems().len();
        let tabs = [
            (
                LowerTab::Problems,
                UiCommand::ShowProblems,
                if problems == 0 { "Problems".to_owned() } else { format!("Problems {problems}") },
            ),
            (LowerTab::Status, UiCommand::ShowStatus, "Solve status".to_owned()),
            (LowerTab::Log, UiCommand::ShowLog, "Log".to_owned()),
        ];
        for (tab, command, text) in tabs {
            let selected = view.settings.lower_tab == tab;
            let tooltip = command.text_and_tooltip().1;
            if ui.add(egui::Button::selectable(selected, text)).on_hover_text(tooltip).clicked() {
                view.settings.lower_tab = tab;
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if crate::gui::widgets::icon_button_ui(ui, "×", "Close the lower panel").clicked() {
                commands.run(UiCommand::ToggleLower);
            }
        });
    });
    ui.add_space(2.0);
    match view.settings.lower_tab {
        LowerTab::Problems => problems_ui(ui, document, commands),
        LowerTab::Status => status_ui(ui, document),
        LowerTab::Log => log_ui(ui, view),
    }
}

/// What is wrong or doubtful; a click goes to the field.
pub fn problems_ui(ui: &mut Ui, document: &Document, commands: &mut Commands) {
    if document.problems().is_empty() {
        ui.label(theme::quiet(ui, "Nothing is wrong with this plan"));
        return;
    }
    egui::ScrollArea::vertical().id_salt("problems").auto_shrink(false).show(ui, |ui| {
        for problem in document.problems() {
            ui.horizontal(|ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    mend_ui(ui, document, problem, commands);
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| problem_ui(ui, document, problem, commands));
                });
            });
        }
    });
}

fn problem_ui(ui: &mut Ui, document: &Document, problem: &Diagnostic, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    let color = theme::severity(ui, problem.severity);
    // A plan that can't be read is mended in its text: there the words of the text are what is looked for.
    let as_text = document.unread.is_some();
    let said = |text: &str| if as_text { text.to_owned() } else { words::in_words(text) };
    let body = egui::TextStyle::Body.resolve(ui.style());
    let small = egui::TextStyle::Small.resolve(ui.style());
    let mut job = egui::text::LayoutJob::default();
    let text = |color| egui::TextFormat { font_id: body.clone(), color, ..egui::TextFormat::default() };
    let second = egui::TextFormat { font_id: small.clone(), color: tokens.quiet, ..egui::TextFormat::default() };
    job.append(
        match problem.severity {
            Severity::Error => "Error ",
            Severity::Warning => "Warning ",
            Severity::Note => "Note ",
        },
        0.0,
        text(color),
    );
    job.append(&said(&problem.message), 4.0, text(tokens.text));
    if let Some(help) = &problem.help {
        job.append(&said(help), 8.0, text(tokens.quiet));
    }
    // Said as the planner calls it; path and line are for whoever has the text open.
    let at = problem.span.map_or_else(String::new, |span| format!(" · line {}:{}", span.line, span.column));
    let place = if as_text { format!("{}{at}  {}", problem.path, problem.code) } else { words::subject(document.plan(), &problem.path) };
    job.append(&format!("\n{place}"), 0.0, second);
    job.wrap.max_width = ui.available_width() - 16.0;
    let button = egui::Button::new(job).frame_when_inactive(false).wrap();
    if ui.add(button).on_hover_text(format!("Go to the field\n{}{at}  {}", problem.path, problem.code)).clicked() {
        commands.go_to(&problem.path);
    }
}

/// How the last solve went.
pub fn status_ui(ui: &mut Ui, document: &Document) {
    egui::ScrollArea::vertical().id_salt("status").auto_shrink(false).show(ui, |ui| {
        let freshness = match document.freshness() {
            _ if document.is_solving() => "Solving; the last good answer is shown until the new one is in",
            Freshness::None => "There is no answer yet",
            Freshness::Fresh => "The answer belongs to the plan on screen",
            Freshness::Stale => "The answer belongs to the plan before this edit",
        };
        ui.label(freshness);
        let Some(newest) = document.newest() else { return };
        let Some(results) = &newest.answer.results else {
            ui.label("The plan has problems, so it was not solved");
            return;
        };
        let certificate = &results.certificate;
        let mut lines = vec![
            ("Status", super::toolbar::status_text(document)),
            (
                "Time",
                format!(
                    "{} ms, of which {} ms building and {} ms solving",
                    words::number(newest.wall_ms.round()),
                    words::number(results.solver.build_ms.round()),
                    words::number(results.solver.solve_ms.round())
                ),
            ),
            (
                "Size",
                format!(
                    "{} columns, {} rows, {} entries, {} iterations",
                    words::number(results.solver.columns as f64),
                    words::number(results.solver.rows as f64),
                    words::number(results.solver.nonzeros as f64),
                    words::number(results.solver.iterations as f64)
                ),
            ),
            (
                "Certificate",
                format!(
                    "{}; row residual {:.0e}, bound residual {:.0e}, dual residual {:.0e}, gap {:.0e}",
                    if certificate.checked { "checked" } else { "not met" },
                    certificate.max_row_residual,
                    certificate.max_bound_residual,
                    certificate.max_dual_residual,
                    certificate.relative_gap
                ),
            ),
            ("Energy balance", format!("{:.0e} MW at most off", results.energy_residual_mw)),
            ("Solver", format!("{} {}", results.solver.name, results.solver.version)),
        ];
        for phase in &results.phases {
            lines.push(("Goal", format!("{} {} {}", phase.name, words::number(phase.value), phase.unit)));
        }
        if !results.message.is_empty() {
            lines.push(("Message", results.message.clone()));
        }
        egui::Grid::new("status-grid").num_columns(2).spacing([16.0, 3.0]).show(ui, |ui| {
            for (name, value) in lines {
                ui.label(theme::quiet(ui, name));
                ui.label(value);
                ui.end_row();
            }
        });
        for give in &results.conflict {
            ui.label(&give.sentence);
        }
    });
}

fn log_ui(ui: &mut Ui, view: &ViewState) {
    if view.log.lines.is_empty() {
        ui.label(theme::quiet(ui, "Nothing has happened yet"));
        return;
    }
    let height = ui.text_style_height(&egui::TextStyle::Body);
    egui::ScrollArea::vertical().id_salt("log").auto_shrink(false).stick_to_bottom(true).show_rows(
        ui,
        height,
        view.log.lines.len(),
        |ui, range| {
            for line in view.log.lines.range(range) {
                ui.horizontal(|ui| {
                    ui.label(theme::quiet(ui, words::hour(line.at_s / 60.0)));
                    let color = if line.severity == Severity::Note { theme::tokens(ui).text } else { theme::severity(ui, line.severity) };
                    ui.label(RichText::new(&line.text).color(color));
                });
            }
        },
    );
}

/// The line at the very bottom of the window.
pub fn status_bar_ui(ui: &mut Ui, document: &Document, view: &ViewState, commands: &mut Commands) {
    let tokens = theme::tokens(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 18.0;
        let errors = document.problems().iter().filter(|problem| problem.is_error()).count();
        let warnings = document.problems().iter().filter(|problem| problem.severity == Severity::Warning).count();
        let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
        let color = if errors > 0 {
            tokens.bad
        } else if warnings > 0 {
            tokens.warn
        } else {
            tokens.quiet
        };
        let text = RichText::new(format!("{}, {}", plural(errors, "error"), plural(warnings, "warning"))).small().color(color);
        if ui.add(egui::Button::new(text).frame_when_inactive(false).small()).on_hover_text("Show the problems").clicked() {
            commands.run(UiCommand::ShowProblems);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let saved = if document.is_read_only() {
                "Read only"
            } else if document.is_dirty() {
                "Not saved"
            } else if document.path.is_some() {
                "Saved"
            } else {
                "Not on disk yet"
            };
            ui.label(theme::quiet(ui, saved));
            if let Some(said) = view.unshown.as_ref().filter(|_| ui.available_width() > 180.0) {
                let text = RichText::new("Some letters show as boxes").small().color(tokens.warn);
                if ui.add(egui::Button::new(text).frame_when_inactive(false).small()).on_hover_text(said).clicked() {
                    commands.run(UiCommand::ShowLog);
                }
            }
            if let Some(results) = document.results().filter(|_| ui.available_width() > 280.0) {
                ui.label(theme::quiet(ui, super::evidence::in_short(results)));
            }
        });
    });
}
