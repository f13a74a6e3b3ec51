//! File › Versions: what the plan was, with its key figures; any of them opens, or becomes what the
//! present plan is compared with.

use egui::{Label, RichText, ScrollArea, Ui};

use super::command::{Commands, Decision, Request};
use super::theme;
use crate::disk::versions::Version;
use crate::results::Results;

use super::panels::kpi::KPIS;

/// Key figures that tell versions apart.
const TOLD: [&str; 3] = ["Answer tokens", "Cost per Mtok", "NPV"];

/// The key figures of an answer in one line.
#[must_use]
pub fn figures(results: &Results) -> String {
    let told = KPIS.iter().filter(|kpi| TOLD.contains(&kpi.name)).map(|kpi| {
        let (figure, unit) = (kpi.words)((kpi.value)(results));
        format!("{} {figure} {unit}", kpi.name).trim_end().to_owned()
    });
    told.collect::<Vec<_>>().join(" · ")
}

/// How long ago something was, in words.
fn ago(version: &Version) -> String {
    let seconds = version.at.elapsed().map_or(0, |passed| passed.as_secs());
    let of = |count: u64, unit: &str| format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" });
    match seconds {
        0..60 => "just now".to_owned(),
        60..3600 => of(seconds / 60, "minute"),
        3600..86_400 => of(seconds / 3600, "hour"),
        _ => of(seconds / 86_400, "day"),
    }
}

/// Draws the list; whether it closes.
pub fn versions_ui(ui: &mut Ui, versions: &[Version], commands: &mut Commands) -> bool {
    ui.set_width(560.0_f32.min(ui.ctx().content_rect().width() - 60.0));
    ui.label(theme::title("Versions"));
    ui.label(theme::quiet(
        ui,
        "What the plan was when it was saved, and in between. The plan on screen stays as it is until you open another.",
    ));
    let height = (ui.ctx().content_rect().height() - 260.0).max(120.0);
    let mut done = false;
    ScrollArea::vertical().max_height(height).min_scrolled_height(height).auto_shrink([false, true]).show(ui, |ui| {
        if versions.is_empty() {
            ui.label(theme::quiet(ui, "There is none yet: the first is kept when the plan is saved."));
        }
        for (index, version) in versions.iter().enumerate() {
            theme::raised(ui).inner_margin(8).show(ui, |ui| {
                ui.set_width(ui.available_width());
                let mut send = |decision: Decision| {
                    commands.send(Request::Decide(decision));
                    done = true;
                };
                ui.horizontal(|ui| {
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                        if ui.button("Open").accessible_name(format!("Open version {}", index + 1)).clicked() {
                            send(Decision::OpenVersion(version.clone()));
                        }
                        let beside = ui.button("Compare with it").accessible_name(format!("Compare with version {}", index + 1));
                        if beside.on_hover_text("Solves it beside the window and makes it the baseline").clicked() {
                            send(Decision::CompareVersion(version.clone()));
                        }
                        ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                            let how = if version.saved { "saved" } else { "kept in between" };
                            ui.add(Label::new(RichText::new(format!("{}, {how}", ago(version))).text_style(theme::strong())).truncate());
                        });
                    });
                });
                ui.add(Label::new(theme::quiet(ui, &version.figures)).wrap());
            });
        }
    });
    ui.add_space(6.0);
    done | ui.button("Close").clicked()
}
