//! The command palette: any command and any part of the plan, by typing a few letters.

use egui::{Align2, Key, Modifiers, Sense, TextStyle, Ui, WidgetInfo, vec2};

use super::change;
use super::command::{Commands, Request, UiCommand};
use super::document::Document;
use super::panels::toolbar;
use super::panels::tree;
use super::theme;
use super::view::ViewState;
use crate::plan::Plan;
use crate::words;

/// What the palette remembers while it is open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Palette {
    /// What was typed.
    pub query: String,
    /// Which hit is picked.
    pub picked: usize,
}

/// What a hit does.
#[derive(Clone, Debug, PartialEq)]
enum Target {
    Command(UiCommand),
    Place(String),
    Panel(&'static str),
}

struct Hit {
    score: i32,
    text: String,
    detail: String,
    target: Target,
    enabled: bool,
}

/// How well `text` matches what was typed; `None` if letters are missing. Starts of words count most.
#[must_use]
pub fn score(query: &str, text: &str) -> Option<i32> {
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let mut at = 0;
    let mut score = 0;
    let mut last = None;
    for wanted in query.to_lowercase().chars().filter(|c| !c.is_whitespace()) {
        let found = text.iter().skip(at).position(|c| *c == wanted)? + at;
        let starts_word = found == 0 || text.get(found - 1).is_some_and(|c| !c.is_alphanumeric());
        score += if starts_word { 8 } else { 0 };
        score += if last.is_some_and(|last| last + 1 == found) { 5 } else { 0 };
        score -= i32::try_from(found - at).unwrap_or(9).min(9) / 3;
        last = Some(found);
        at = found + 1;
    }
    Some(score - i32::try_from(text.len() / 12).unwrap_or(0))
}

fn hits(query: &str, document: &Document, view: &ViewState, ui: &Ui) -> Vec<Hit> {
    let mut hits: Vec<Hit> = UiCommand::ALL
        .iter()
        .copied()
        .filter(|command| *command != UiCommand::Palette)
        .filter_map(|command| {
            let text = toolbar::text_now(command, document);
            Some(Hit {
                score: score(query, &text)? + 1,
                detail: command.shortcuts().first().map(|shortcut| ui.ctx().format_shortcut(shortcut)).unwrap_or_default(),
                enabled: toolbar::is_enabled(command, document, view),
                text,
                target: Target::Command(command),
            })
        })
        .collect();
    hits.extend(crate::study::STUDIES.iter().filter_map(|study| {
        let score = score(query, study.question)?;
        Some(Hit {
            score,
            text: study.question.to_owned(),
            detail: study.panel.to_owned(),
            target: Target::Panel(study.panel),
            enabled: true,
        })
    }));
    if !query.trim().is_empty() {
        let everything = document.plan();
        let all: std::collections::BTreeSet<String> = tree::rows(everything, &std::collections::BTreeSet::new())
            .into_iter()
            .map(|row| row.path)
            .chain(everything.sites.keys().map(|id| format!("sites.{id}")))
            .collect();
        for row in tree::rows(everything, &all) {
            // By its name, else by what it is, else by where it stands in the file: `contracts grid`.
            let detail = what_it_is(everything, &row.path);
            let stands = row.path.replace(['.', '_'], " ");
            if let Some(score) = score(query, &row.label).or_else(|| score(query, &detail)).or_else(|| score(query, &stands)) {
                hits.push(Hit { score, text: row.label, detail, target: Target::Place(row.path), enabled: true });
            }
        }
    }
    hits.sort_by_key(|hit| std::cmp::Reverse((hit.enabled, hit.score)));
    hits.truncate(60);
    hits
}

/// What a part of the plan is: "power contract", "hall type of Amarillo"; nothing of a section.
fn what_it_is(plan: &Plan, path: &str) -> String {
    let (map, id) = change::split(path);
    if map.is_empty() || id.is_empty() {
        return String::new();
    }
    let (holder, _) = change::split(map);
    let word = words::entity_word(map);
    if holder.contains('.') { format!("{word} of {}", words::called(plan, holder)) } else { word.to_owned() }
}

/// Draws the palette; whether it closes.
pub fn palette_ui(ui: &mut Ui, palette: &mut Palette, document: &Document, view: &ViewState, commands: &mut Commands) -> bool {
    ui.set_width(560.0_f32.min(ui.ctx().content_rect().width() - 60.0));
    let (down, up, enter) = ui.input_mut(|input| {
        (
            input.consume_key(Modifiers::NONE, Key::ArrowDown),
            input.consume_key(Modifiers::NONE, Key::ArrowUp),
            input.consume_key(Modifiers::NONE, Key::Enter),
        )
    });
    let before = palette.query.clone();
    let field = ui
        .add(
            egui::TextEdit::singleline(&mut palette.query)
                .hint_text("Search or run a command")
                .desired_width(f32::INFINITY)
                .margin(egui::Margin::symmetric(8, 6)),
        )
        .accessible_name("Search or run a command");
    if !field.has_focus() {
        field.request_focus();
    }
    if before != palette.query {
        palette.picked = 0;
    }
    let hits = hits(&palette.query, document, view, ui);
    if down {
        palette.picked = (palette.picked + 1).min(hits.len().saturating_sub(1));
    }
    if up {
        palette.picked = palette.picked.saturating_sub(1);
    }
    let mut chosen = if enter { Some(palette.picked) } else { None };
    ui.add_space(4.0);
    let height = 360.0_f32.min(ui.ctx().content_rect().height() - 160.0).max(80.0);
    ui.spacing_mut().item_spacing.y = 0.0;
    egui::ScrollArea::vertical().id_salt("palette").max_height(height).min_scrolled_height(height).auto_shrink([false, true]).show(
        ui,
        |ui| {
            if hits.is_empty() {
                ui.label(theme::quiet(ui, "Nothing is called that"));
            }
            for (index, hit) in hits.iter().enumerate() {
                let tokens = theme::tokens(ui);
                let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::click());
                let picked = index == palette.picked;
                response.widget_info(|| WidgetInfo::selected(egui::Role::ListBoxOption, hit.enabled, picked, &hit.text));
                if picked || response.hovered() {
                    ui.painter().rect_filled(
                        rect,
                        egui::CornerRadius::same(theme::FIELD_RADIUS),
                        if picked { tokens.accent_soft } else { tokens.field },
                    );
                }
                if picked && (down || up) {
                    response.scroll_to_me(None);
                }
                let color = if hit.enabled { tokens.text } else { tokens.quiet };
                let right = ui.painter().text(
                    rect.right_center() - vec2(10.0, 0.0),
                    Align2::RIGHT_CENTER,
                    &hit.detail,
                    TextStyle::Small.resolve(ui.style()),
                    tokens.quiet,
                );
                let mut job = egui::text::LayoutJob::simple_singleline(hit.text.clone(), TextStyle::Body.resolve(ui.style()), color);
                job.wrap = egui::text::TextWrapping::truncate_at_width((right.left() - rect.left() - 18.0).max(8.0));
                let galley = ui.painter().layout_job(job);
                let cut = galley.elided;
                ui.painter().galley(rect.left_center() + vec2(10.0, -galley.size().y / 2.0), galley, color);
                if response.clicked() {
                    chosen = Some(index);
                }
                if cut {
                    response.on_hover_text(&hit.text);
                }
            }
        },
    );
    let Some(hit) = chosen.and_then(|index| hits.get(index)).filter(|hit| hit.enabled) else { return false };
    match &hit.target {
        Target::Command(command) => commands.run(*command),
        Target::Place(path) => commands.send(Request::Select(path.clone())),
        Target::Panel(name) => commands.send(Request::ShowPanel(name)),
    }
    true
}

#[cfg(test)]
mod tests {
    use super::score;

    #[test]
    fn starts_of_words_win() {
        assert!(score("sav", "Save").is_some());
        assert!(score("zq", "Save").is_none());
        assert!(score("sa", "Save as…") > score("sa", "Presentation mode"));
        assert!(score("rl", "Reset layout") > score("rl", "Curl"));
    }
}
