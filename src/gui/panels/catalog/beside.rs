//! Entries of the catalog side by side: what they would do for the plan, every number with its source.

use crate::words;
use egui::{Grid, Label, RichText, Ui};

use crate::catalog::{Catalog, Confidence, Fact};
use crate::charts::ColorKey;
use crate::gui::panels::preview;
use crate::gui::widgets::{dot_ui, primary_ui};
use crate::gui::{provenance, theme};
use crate::study::shortlist::Candidate;

use super::rows::Subject;
use super::{Picker, Shelf};

/// Width of a column.
const WIDTH: f32 = 152.0;

/// A line of the comparison: its name, and how it is read off an entry.
struct Line {
    name: String,
    cells: Vec<Option<Fact>>,
}

/// Draws what is picked side by side; the id of the one to take, once its button is pressed.
pub(super) fn beside_ui(ui: &mut Ui, picker: &mut Picker, subject: &Subject<'_>, read_only: bool) -> Option<String> {
    if picker.beside.is_empty() {
        ui.label(theme::title("Nothing is picked"));
        ui.label(theme::quiet(ui, "Click a name to see all that is known about it, or tick up to four to compare them."));
        return None;
    }
    let entries: Vec<(String, String, Option<Candidate>)> =
        picker.beside.iter().map(|id| (id.clone(), name_of(id), subject.candidate(id))).collect();
    let mut taken = None;
    ui.horizontal(|ui| {
        let text = if picker.sources { "Hide the sources" } else { "Show the sources" };
        if ui.selectable_label(picker.sources, text).clicked() {
            picker.sources = !picker.sources;
        }
    });
    Grid::new("side by side").striped(true).num_columns(entries.len() + 1).spacing([14.0, 5.0]).show(ui, |ui| {
        ui.label("");
        for (id, name, _) in &entries {
            ui.vertical(|ui| {
                ui.set_width(WIDTH);
                ui.add(Label::new(RichText::new(name).text_style(theme::strong())).wrap());
                let use_it = ui.add_enabled_ui(!read_only, |ui| primary_ui(ui, "Use this")).inner;
                if use_it.accessible_name(format!("Use {name}")).clicked() {
                    taken = Some(id.clone());
                }
            });
        }
        ui.end_row();
        done_ui(ui, &entries, picker.sources);
        for line in lines(picker.shelf, &picker.beside) {
            ui.label(theme::quiet(ui, &line.name));
            for cell in &line.cells {
                fact_ui(ui, cell.as_ref(), picker.sources);
            }
            ui.end_row();
        }
    });
    preview::pairs_ui(ui, &format!("catalog {} {}", picker.beside.join(" "), picker.partner), subject.case.need, || {
        let pairs = entries.iter().filter_map(|(id, name, _)| {
            let (chip, model) = subject.pair(id)?;
            Some((name.clone(), ColorKey::Chip(id.clone()), chip.clone(), model.clone()))
        });
        pairs.collect()
    });
    taken
}

fn name_of(id: &str) -> String {
    let catalog = Catalog::embedded();
    let chip = catalog.chip(id).map(|chip| chip.name.clone());
    chip.or_else(|| catalog.served_model(id).map(|model| model.name.clone())).unwrap_or_else(|| id.to_owned())
}

/// What the entries would do for the plan: rate and evidence, other speeds, energy, cost by part.
fn done_ui(ui: &mut Ui, entries: &[(String, String, Option<Candidate>)], sources: bool) {
    let line = |ui: &mut Ui, name: &str, cell: &dyn Fn(&mut Ui, &Candidate)| {
        ui.label(theme::quiet(ui, name));
        for (_, _, candidate) in entries {
            ui.vertical(|ui| {
                ui.set_width(WIDTH);
                match candidate {
                    Some(candidate) => cell(ui, candidate),
                    None => _ = ui.label("–"),
                }
            });
        }
        ui.end_row();
    };
    line(ui, "Answer tokens", &|ui, candidate| match &candidate.ways {
        Err(missing) => _ = ui.add(Label::new(RichText::new(missing).small().color(theme::tokens(ui).warn)).wrap()),
        Ok(points) => {
            for (rank, point) in points.iter().enumerate() {
                let text = format!("{} tok/s at {} ms", words::number(point.answer_tok_per_s), words::number(point.tpot_ms));
                let text = if rank == 0 { RichText::new(text) } else { theme::quiet(ui, format!("or {text}")) };
                ui.label(text).on_hover_text(&point.configuration);
            }
        }
    });
    line(ui, "Evidence", &|ui, candidate| {
        let Some(point) = candidate.best() else { return };
        ui.horizontal(|ui| {
            dot_ui(ui, theme::grade(ui, point.evidence.label()), point.evidence.meaning());
            let grade = ui.label(format!("{} ±{}", point.evidence, words::percent(point.band_fraction)));
            grade.on_hover_text(&point.source);
        });
        if sources {
            ui.add(Label::new(theme::quiet(ui, format!("{}; {}", point.configuration, point.source))).wrap());
        }
        for miss in &candidate.known_misses {
            ui.add(Label::new(RichText::new(*miss).small().color(theme::tokens(ui).warn)).wrap());
        }
    });
    if entries.iter().all(|(id, _, _)| Catalog::embedded().chip(id).is_none()) {
        return;
    }
    line(ui, "Energy", &|ui, candidate| {
        ui.label(candidate.tokens_per_joule.map_or_else(|| "–".to_owned(), |value| format!("{} tok/J", words::number(value))));
    });
    line(ui, "Cost", &|ui, candidate| match candidate.cost {
        Some(cost) => {
            ui.label(format!("{} $/Mtok", words::number(cost.total_usd())));
            let part = |usd: f64| words::number(usd);
            let parts = format!("chip {}, upkeep {}, power {}", part(cost.chip_usd), part(cost.maintenance_usd), part(cost.power_usd));
            ui.add(Label::new(theme::quiet(ui, parts)).wrap());
        }
        None if candidate.blanks.is_empty() => _ = ui.label("–"),
        None => _ = ui.add(Label::new(theme::quiet(ui, format!("– ({} not found)", candidate.blanks.join(" and ")))).wrap()),
    });
}

/// Every number of the catalog.
fn lines(shelf: Shelf, ids: &[String]) -> Vec<Line> {
    let catalog = Catalog::embedded();
    let keys: Vec<&'static str> = match shelf {
        Shelf::Chips => crate::catalog::CHIP_FIELDS.iter().map(|(key, _, _)| *key).collect(),
        Shelf::ServedModels => crate::catalog::SERVED_MODEL_FIELDS.iter().map(|(key, _, _)| *key).collect(),
    };
    keys.into_iter()
        .map(|key| Line {
            name: label(key),
            cells: ids
                .iter()
                .map(|id| match shelf {
                    Shelf::Chips => catalog.chip(id)?.fact(key),
                    Shelf::ServedModels => catalog.served_model(id)?.fact(key),
                })
                .collect(),
        })
        .collect()
}

/// A key of the catalog in words; its unit stands beside the number.
fn label(key: &str) -> String {
    let words = match key {
        "tdp_w" => "Thermal design power",
        "allin_it_kw_per_chip" => "All-in IT power",
        "hbm_gb" => "Memory",
        "hbm_tb_per_s" => "Memory bandwidth",
        "bf16_dense_tflops" => "Dense bf16",
        "fp8_dense_tflops" => "Dense fp8",
        "fp4_dense_tflops" => "Dense fp4",
        "scaleup_domain_chips" => "Scale-up domain",
        "scaleup_gb_per_s_one_way" => "Scale-up link, one way",
        "capex_usd_per_chip" => "Planning price",
        "capex_all_in_usd_per_chip" => "Price, all-in as published",
        "capex_implied_usd_per_chip" => "Price implied by cost of owning",
        "own_usd_per_chip_hour" => "Cost of owning",
        "rent_usd_per_chip_hour" => "Rent",
        "idle_power_fraction" => "Idle power, share",
        "availability_fraction" => "Availability, share",
        "om_fraction_of_capex_per_year" => "Upkeep, share of price",
        "total_params_b" => "Parameters",
        "active_params_b" => "Active parameters",
        "always_read_params_b" => "Always-read parameters",
        "routed_expert_params_b" => "Routed-expert parameters",
        "kv_elements_per_token" => "Cached per token",
        "kv_heads" => "Key-value heads",
        "hidden" => "Width",
        "decode_attention_flop" => "Attention, writing a token",
        "prefill_attention_flop" => "Attention, reading a token",
        "sparse_attention_tokens" => "Sparse attention over",
        "input_embedding_params_b" => "Input embeddings",
        "index_elements_per_token" => "Index cached per token",
        "index_flop" => "Work of the index",
        "state_elements_per_request" => "State kept per request",
        "max_context_tokens" => "Longest context",
        other => return words::sentence(&words::words(other)),
    };
    words.to_owned()
}

fn fact_ui(ui: &mut Ui, fact: Option<&Fact>, sources: bool) {
    let Some(fact) = fact else {
        ui.label("–");
        return;
    };
    ui.vertical(|ui| {
        ui.set_width(WIDTH);
        let Some(value) = fact.value else {
            ui.label(theme::quiet(ui, "not found"));
            return;
        };
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let grade = provenance::grade(fact.confidence);
            dot_ui(ui, theme::grade(ui, grade), &provenance::words(fact));
            ui.label(format!("{} {}", words::number(value), fact.unit).trim());
            if fact.confidence.is_weak() {
                let mark = if fact.confidence == Confidence::Low { "low confidence" } else { "default" };
                ui.label(RichText::new(mark).small().color(theme::tokens(ui).warn));
            }
        });
        if sources {
            ui.add(Label::new(theme::quiet(ui, format!("{}, {}", fact.source, fact.date))).wrap());
        }
    });
}
