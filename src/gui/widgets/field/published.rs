//! What was published of a number, below its field.

use egui::{Label, Sense, Ui};

use super::editor::Editor;
use crate::catalog::{Catalog, PublishedRow};
use crate::gui::{defaults, theme};
use crate::plan::Plan;
use crate::words::{counted, short};

/// What was published of the number at a path: the nearest row, with all of them and their sources to be read.
pub fn published_ui(ui: &mut Ui, editor: &Editor<'_>, path: &str) {
    hosted_ui(ui, editor, path);
    let country = country_of(editor.document.plan(), path).unwrap_or_default();
    let rows = Catalog::embedded().published_beside(path, &country);
    let Some(first) = rows.first() else { return };
    let more = if rows.len() > 1 { format!(" · {}", counted(rows.len() - 1, "more row")) } else { String::new() };
    let text = format!("Published: {}{more}", in_words(first));
    let label = ui.add(Label::new(theme::quiet(ui, text)).wrap().sense(Sense::hover()));
    label.on_hover_ui(|ui| {
        ui.set_max_width(460.0);
        for row in rows {
            ui.label(in_words(row));
            let note = if row.note.is_empty() { String::new() } else { format!(" {}.", row.note.trim_end_matches('.')) };
            ui.label(theme::quiet(ui, format!("{} ({}).{note}", row.source, row.confidence.label())));
        }
    });
}

/// What hosts ask for tokens of the served model that a price is of.
fn hosted_ui(ui: &mut Ui, editor: &Editor<'_>, path: &str) {
    let Some((product, part)) = priced(editor.document.plan(), path) else { return };
    let model = defaults::served_model_of(editor.document.plan(), &product);
    let Some(row) = Catalog::embedded().hosted_price(&model) else { return };
    let words = match part {
        Part::Answer => format!("{} $ ({} to {})", short(row.answer.median), short(row.answer.low), short(row.answer.high)),
        Part::Prompt => format!("{} $ ({} to {})", short(row.prompt.median), short(row.prompt.low), short(row.prompt.high)),
        Part::Cached => match row.cached_prompt_usd_per_mtok {
            Some(price) => format!("{} $", short(price)),
            None => return,
        },
    };
    let label = ui.add(Label::new(theme::quiet(ui, format!("Hosts ask {words}, {}", row.basis()))).wrap().sense(Sense::hover()));
    label.on_hover_text(format!("{} ({}).", row.source, row.confidence.label()));
}

/// A part of a price of tokens.
#[derive(Clone, Copy)]
enum Part {
    Answer,
    Prompt,
    Cached,
}

/// The product whose tokens a path prices, and which of them; none where it prices none. Tokens bought from others
/// have one price with the prompts in it, which is none of the hosts' parts.
fn priced(plan: &Plan, path: &str) -> Option<(String, Part)> {
    let keys: Vec<&str> = path.split('.').collect();
    let ["markets", _, "demand", product, "segments", _, "usd_per_mtok", part] = keys.as_slice() else { return None };
    let part = match *part {
        "answer" => Part::Answer,
        "prompt" => Part::Prompt,
        "cached_prompt" => Part::Cached,
        _ => return None,
    };
    plan.products.contains_key(*product).then(|| ((*product).to_owned(), part))
}

/// `power transformer, US: 128 weeks, about 29 months (2025-06)`.
fn in_words(row: &PublishedRow) -> String {
    let place = if row.region.is_empty() { String::new() } else { format!(", {}", row.region) };
    format!("{}{place}: {}", row.what, row.in_words())
}

/// The country of the site that a path is of.
fn country_of(plan: &Plan, path: &str) -> Option<String> {
    let mut keys = path.split('.');
    let site = match (keys.next()?, keys.next()?) {
        ("sites", id) => plan.sites.get(id)?,
        ("contracts", id) => plan.sites.get(&plan.contracts.get(id)?.site.0)?,
        _ => return None,
    };
    Some(site.country.clone())
}
