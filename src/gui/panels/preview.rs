//! What a chip or served model would give before anything is built with it: the frontier with its band,
//! its grade, what it rests on, and what is missing. Drawn as the chart of answers is.

use crate::words;
use std::sync::Arc;

use egui::{CollapsingHeader, Id, Label, RichText, Ui, vec2};

use crate::catalog::{Catalog, Chip, Evidence, ServedModel};
use crate::charts::frontier::{Drawn, grades, preview};
use crate::charts::{Body, Chart, ColorKey, Order};
use crate::gui::document::Document;
use crate::gui::theme;
use crate::gui::widgets::chart::{picture_ui, table_ui};
use crate::gui::widgets::dot_ui;
use crate::physics::throughput::frontier::Frontier;
use crate::physics::throughput::{OperatingPoint, ServingNeed};
use crate::plan::{Plan, Product};
use crate::resolved::own::{self, Configs, Derived};
use crate::resolved::serving::{frontier_of, need_of, served_model_of, ways};

/// Most partners that something is looked at with.
const MOST: usize = 3;

/// Catalog chips for a served model of a plan without chips, and a served model for chips without products.
const USUAL_CHIPS: [&str; 3] = ["h200_sxm", "b200_sxm", "gb300_nvl72"];
const USUAL_MODEL: &str = "deepseek-v3-r1";

/// Height of the picture without its legend, and of a line of that in a narrow panel.
const HEIGHT: f32 = 170.0;
const LEGEND_LINE: f32 = 18.0;

/// Height of the table.
const TABLE_HEIGHT: f32 = 180.0;

/// Lengths and limit where no product says any.
const PLAIN: ServingNeed<'static> = ServingNeed { tpot_ms: Some(50.0), ..ServingNeed::plain(4096.0, 1024.0) };

/// A name of the catalog without what stands in brackets: in a legend there is no room for it.
fn short_name(name: &str) -> String {
    name.split(" (").next().unwrap_or(name).to_owned()
}

/// One chip with one served model.
struct Line {
    name: String,
    frontier: Arc<Frontier>,
    best: Result<OperatingPoint, String>,
    misses: Vec<&'static str>,
}

/// Everything that is shown of a preview.
struct Preview {
    chart: Chart,
    lines: Vec<Line>,
    derived: Vec<Derived>,
}

/// A pair to look at: name, colour, chip, served model.
pub(super) type Pair = (String, ColorKey, Chip, ServedModel);

/// What is looked at for: its words and its need.
fn need_in_words(need: &ServingNeed<'_>) -> String {
    let limit = need.tpot_ms.map_or_else(String::new, |ms| format!(", {} ms per token", words::number(ms)));
    format!("prompts of {} and answers of {} tokens{limit}", words::number(need.prompt_tokens), words::number(need.answer_tokens))
}

impl Preview {
    fn of(subtitle: String, pairs: Vec<(Pair, ServingNeed<'_>)>, order: Order, derived: Vec<Derived>) -> Self {
        let catalog = Catalog::embedded();
        let mut colors = Vec::new();
        let lines: Vec<Line> = pairs
            .into_iter()
            .map(|((name, color, chip, model), need)| {
                colors.push(color);
                let best = ways(&chip, &model, &need)
                    .and_then(|points| points.into_iter().next().ok_or_else(|| "it can't serve at any speed".to_owned()));
                let misses = match &best {
                    Ok(point) if point.evidence != Evidence::Measured => {
                        catalog.known_misses(&chip, &model, need.answer_tokens).map(|miss| miss.sentence).collect()
                    }
                    _ => Vec::new(),
                };
                Line { name, frontier: frontier_of(&chip, &model, &need), best, misses }
            })
            .collect();
        let drawn: Vec<Drawn<'_>> = lines
            .iter()
            .zip(colors)
            .map(|(line, color)| Drawn {
                name: line.name.clone(),
                color,
                frontier: &line.frontier,
                point: line.best.as_ref().ok().map(|point| (point.tpot_ms, point.answer_tok_per_s)),
                planned: false,
            })
            .collect();
        Self { chart: preview(subtitle, &drawn, Arc::new(order)), lines, derived }
    }

    /// Of a chip of the plan with the plan's products; `None` where the plan says nothing of it.
    fn of_chip(plan: &Plan, id: &str, configs: &Configs) -> Option<Self> {
        let catalog = Catalog::embedded();
        let chip = own::chip(plan, id, catalog)?.into_owned();
        let mut pairs: Vec<(Pair, ServingNeed<'_>)> = Vec::new();
        for (product_id, product) in plan.products.iter().take(MOST) {
            let Some(model) = served_model_of(plan, product, plan.horizon.start, catalog, configs) else { continue };
            let pair = (words::sentence(product_id), ColorKey::Product(product_id.clone()), chip.clone(), model.into_owned());
            pairs.push((pair, need_of(product, plan.horizon.start)));
        }
        let mut subtitle = "for the products of the plan".to_owned();
        if pairs.is_empty() {
            let model = catalog.served_model(USUAL_MODEL)?.clone();
            subtitle = format!("with {}, {}", model.name, need_in_words(&PLAIN));
            pairs.push(((model.name.clone(), ColorKey::Load, chip, model), PLAIN));
        }
        let order = Order { products: plan.products.keys().cloned().collect(), ..Order::default() };
        Some(Self::of(subtitle, pairs, order, Vec::new()))
    }

    /// Of a served model of the plan on the plan's chips; `None` where the plan says nothing of it.
    fn of_served_model(plan: &Plan, id: &str, configs: &Configs) -> Option<Self> {
        let catalog = Catalog::embedded();
        let (model, derived) = own::served_model(plan, id, catalog, configs)?;
        let product: Option<&Product> = plan
            .products
            .values()
            .find(|product| product.served_model.dates().any(|(_, served)| served == id))
            .or_else(|| plan.products.values().next());
        // Of the day on which it first stands behind the product.
        let since = |product: &Product| product.served_model.dates().find(|(_, served)| *served == id).map(|(month, _)| month);
        let need = product.map_or(PLAIN, |product| need_of(product, since(product).unwrap_or(plan.horizon.start).max(plan.horizon.start)));
        let mut chips: Vec<(String, String, Chip)> = Vec::new();
        for (chip_id, stated) in &plan.chips {
            let Some(chip) = own::chip(plan, chip_id, catalog) else { continue };
            let name = stated.name.clone().unwrap_or_else(|| short_name(&chip.name));
            chips.push((name, chip_id.clone(), chip.into_owned()));
        }
        if chips.is_empty() {
            let usual = USUAL_CHIPS.iter().filter_map(|id| catalog.chip(id));
            chips.extend(usual.map(|chip| (short_name(&chip.name), chip.id.clone(), chip.clone())));
        }
        let order = Order { chips: chips.iter().map(|(_, id, _)| id.clone()).collect(), ..Order::default() };
        let pairs =
            chips.into_iter().take(MOST).map(|(name, id, chip)| ((name, ColorKey::Chip(id), chip, model.clone().into_owned()), need));
        Some(Self::of(need_in_words(&need), pairs.collect(), order, derived))
    }
}

/// Draws the preview of an entry of the plan's chips or served models; nothing for other parts.
pub(super) fn entry_ui(ui: &mut Ui, document: &Document, entity: &str) {
    let (map, id) = match entity.split_once('.') {
        Some((map @ ("chips" | "served_models"), id)) if !id.contains('.') => (map, id),
        _ => return,
    };
    let made = kept(ui, &format!("{map} {id} {}", document.revision()), || match map {
        "chips" => Preview::of_chip(document.plan(), id, &document.series().configs),
        _ => Preview::of_served_model(document.plan(), id, &document.series().configs),
    });
    ui.add_space(theme::GAP);
    ui.label(theme::title("What it would give"));
    match made.as_ref() {
        Some(preview) => show_ui(ui, preview),
        None => {
            let ask = if map == "chips" {
                "Nothing is known of this chip. Pick it from the catalog, or state its memory (`hbm_gb`, `hbm_tb_per_s`) and a dense rate (`bf16_dense_tflops`)."
            } else {
                "Nothing is known of this served model. Pick it from the catalog, name its `config` beside the plan, or state its sizes: `total_params_b`, `layers`, `kv_heads`."
            };
            ui.add(Label::new(RichText::new(ask).color(theme::tokens(ui).warn)).wrap());
        }
    }
}

/// Draws the preview of entries of the catalog side by side, for one need.
pub(super) fn pairs_ui(ui: &mut Ui, key: &str, need: ServingNeed<'_>, pairs: impl FnOnce() -> Vec<Pair>) {
    let made = kept(ui, &format!("{key} {need:?}"), || {
        let pairs: Vec<(Pair, ServingNeed<'_>)> = pairs().into_iter().map(|pair| (pair, need)).collect();
        if pairs.is_empty() {
            return None;
        }
        let chips = pairs.iter().filter_map(|((_, color, ..), _)| if let ColorKey::Chip(id) = color { Some(id.clone()) } else { None });
        let order = Order { chips: chips.collect(), ..Order::default() };
        Some(Preview::of(need_in_words(&need), pairs, order, Vec::new()))
    });
    if let Some(preview) = made.as_ref() {
        ui.add_space(theme::GAP);
        ui.label(theme::title("What it would give"));
        show_ui(ui, preview);
    }
}

/// The preview made for a key, kept until another key comes.
fn kept(ui: &Ui, key: &str, make: impl FnOnce() -> Option<Preview>) -> Arc<Option<Preview>> {
    type Kept = (String, Arc<Option<Preview>>);
    let slot = Id::unique("preview of a frontier");
    if let Some((_, made)) = ui.data(|data| data.get_temp::<Kept>(slot)).filter(|(known, _)| known == key) {
        return made;
    }
    let made = Arc::new(make());
    ui.data_mut(|data| data.insert_temp(slot, (key.to_owned(), Arc::clone(&made))));
    made
}

fn show_ui(ui: &mut Ui, preview: &Preview) {
    ui.add(Label::new(theme::quiet(ui, &preview.chart.subtitle)).wrap());
    let width = ui.available_width().max(220.0);
    // In a narrow panel every name of the legend takes a line of its own.
    let names = if let Body::Lines { traces, .. } = &preview.chart.body { traces.len() } else { 0 };
    picture_ui(ui, &preview.chart, vec2(width, HEIGHT + LEGEND_LINE * names as f32));
    for line in &preview.lines {
        line_ui(ui, line);
    }
    if !preview.derived.is_empty() {
        CollapsingHeader::new("Sizes that follow from others").id_salt("derived sizes").show(ui, |ui| {
            for derived in &preview.derived {
                let words = format!("{}: {}, {}", words::label_of(derived.field), words::number(derived.value), derived.rule);
                ui.add(Label::new(theme::quiet(ui, words)).wrap());
            }
        });
    }
    if let Some(table) = &preview.chart.beside {
        CollapsingHeader::new(&table.title).id_salt("rests on").show(ui, |ui| table_ui(ui, table, TABLE_HEIGHT));
    }
}

/// Rate, grade and band of one pair; or what is missing.
fn line_ui(ui: &mut Ui, line: &Line) {
    match &line.best {
        Ok(point) => {
            ui.horizontal_wrapped(|ui| {
                dot_ui(ui, theme::grade(ui, point.evidence.label()), point.evidence.meaning());
                let words = format!(
                    "{}: {} tok/s per chip at {} ms, {} ±{}",
                    line.name,
                    words::number(point.answer_tok_per_s),
                    words::number(point.tpot_ms),
                    point.evidence,
                    words::percent(point.band_fraction)
                );
                ui.label(words).on_hover_text(format!(
                    "{}; {}\nAt all speeds: {}",
                    point.configuration,
                    point.source,
                    grades(&line.frontier)
                ));
            });
            ui.add(Label::new(theme::quiet(ui, &point.source)).wrap());
        }
        Err(reason) => {
            let words = format!("{}: {reason}", line.name);
            ui.add(Label::new(RichText::new(words).color(theme::tokens(ui).warn)).wrap());
        }
    }
    for miss in &line.misses {
        ui.add(Label::new(RichText::new(format!("Known miss: {miss}")).small().color(theme::tokens(ui).warn)).wrap());
    }
}
