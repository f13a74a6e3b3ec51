//! Rows of the catalog picker: an entry's key facts, and what it would do for the plan.

use crate::words;
use std::sync::Arc;

use crate::catalog::{Catalog, Chip, Fact, ServedModel};
use crate::gui::provenance;
use crate::plan::Plan;
use crate::resolved::own::{self, Configs};
use crate::resolved::serving::served_model_of;
use crate::results::Results;
use crate::study::shortlist::{Candidate, Case};

use super::{Picker, Shelf, WAITING};

/// What the entries are compared for.
pub(super) struct Subject<'p> {
    /// Lengths, limits, PUE, prices.
    pub case: Case<'p>,
    /// The served model, for chips.
    model: Option<Arc<ServedModel>>,
    /// The chip, for served models.
    chip: Option<Arc<Chip>>,
}

/// Title, unit and meaning of a column.
pub(super) struct Heading {
    pub name: &'static str,
    pub unit: &'static str,
    pub doc: &'static str,
}

const fn heading(name: &'static str, unit: &'static str, doc: &'static str) -> Heading {
    Heading { name, unit, doc }
}

const CHIP_COLUMNS: [Heading; 6] = [
    heading("Tokens", "tok/s", "Answer tokens per second and chip for the product, prompts prefilled on the same chips"),
    heading("Energy", "tok/J", "Answer tokens per joule of facility energy"),
    heading("Cost", "$/Mtok", "Annuity, maintenance and power of a million answer tokens; without halls and egress"),
    heading("Price", "$", "Planning price per chip with server and network"),
    heading("Power", "kW", "IT power per chip with its share of host and network"),
    heading("Memory", "GB", "Memory per chip"),
];

const MODEL_COLUMNS: [Heading; 5] = [
    heading("Tokens", "tok/s", "Answer tokens per second and chip, prompts prefilled on the same chips"),
    heading("Size", "billion", "Parameters, billion"),
    heading("Active", "billion", "Parameters that one token uses, billion"),
    heading("Context", "tokens", "Longest context"),
    heading("Index", "", "Capability index, from which quality weights are made"),
];

/// The columns of a shelf.
pub(super) fn columns(shelf: Shelf) -> &'static [Heading] {
    match shelf {
        Shelf::Chips => &CHIP_COLUMNS,
        Shelf::ServedModels => &MODEL_COLUMNS,
    }
}

/// A number of a row.
pub(super) struct Cell {
    pub text: String,
    pub value: Option<f64>,
    /// Grade as the legend names it, and what it rests on.
    pub grade: Option<(&'static str, String)>,
    pub hover: String,
    pub quiet: bool,
}

/// A row.
pub(super) struct Row {
    pub id: String,
    pub name: String,
    pub detail: String,
    pub cells: Vec<Cell>,
}

/// An entry of the catalog before it is looked up.
pub(super) struct Entry {
    pub id: String,
    /// What a search looks through.
    pub words: String,
    name: String,
    detail: String,
    facts: Vec<Option<Fact>>,
    shelf: Shelf,
}

impl<'p> Subject<'p> {
    /// What a picker compares for in a plan.
    pub fn of(picker: &Picker, plan: &'p Plan, configs: &Configs, results: Option<&Results>) -> Self {
        let catalog = Catalog::embedded();
        let product = match picker.shelf {
            Shelf::Chips => plan.products.get(&picker.partner),
            Shelf::ServedModels => plan.products.values().next(),
        };
        Self {
            case: Case::new(plan, product, results),
            // Without a product the best measured model stands for all.
            model: product.map_or_else(
                || catalog.served_model("deepseek-v3-r1").cloned().map(Arc::new),
                |product| served_model_of(plan, product, plan.horizon.start, catalog, configs).map(|row| Arc::new(row.into_owned())),
            ),
            chip: own::chip(plan, &picker.partner, catalog)
                .map(|row| Arc::new(row.into_owned()))
                .or_else(|| catalog.chip(&picker.partner).cloned().map(Arc::new)),
        }
    }

    /// A chip and a served model to look up.
    pub fn pair(&self, id: &str) -> Option<(&Chip, &ServedModel)> {
        let catalog = Catalog::embedded();
        match (catalog.chip(id), catalog.served_model(id)) {
            (Some(chip), _) => Some((chip, self.model.as_deref()?)),
            (None, Some(model)) => Some((self.chip.as_deref()?, model)),
            (None, None) => None,
        }
    }

    /// Every entry of a shelf, as in the catalog.
    pub fn entries(shelf: Shelf) -> Vec<Entry> {
        let catalog = Catalog::embedded();
        match shelf {
            Shelf::Chips => catalog
                .chips()
                .iter()
                .map(|chip| Entry {
                    id: chip.id.clone(),
                    words: format!("{} {} {}", chip.name, chip.id, chip.vendor),
                    name: chip.name.clone(),
                    detail: format!("{}, {}, first delivered {}", chip.vendor, chip.cooling.label(), chip.release),
                    facts: ["capex_usd_per_chip", "allin_it_kw_per_chip", "hbm_gb"].map(|key| chip.fact(key)).into(),
                    shelf,
                })
                .collect(),
            Shelf::ServedModels => catalog
                .served_models()
                .iter()
                .map(|model| Entry {
                    id: model.id.clone(),
                    words: format!("{} {} {}", model.name, model.id, model.family),
                    name: model.name.clone(),
                    detail: format!("{}, published in {}", model.family, model.precisions.join(", ")),
                    facts: ["total_params_b", "active_params_b", "max_context_tokens", "capability_index"]
                        .map(|key| model.fact(key))
                        .into(),
                    shelf,
                })
                .collect(),
        }
    }
}

impl Entry {
    /// Its row; without a candidate where it was not looked up yet.
    pub fn row(self, candidate: Option<&Candidate>) -> Row {
        let mut cells = vec![tokens_cell(candidate)];
        if self.shelf == Shelf::Chips {
            let known = |value: Option<f64>| match (candidate, value) {
                (None, _) => plain_cell(WAITING.into(), None),
                (Some(_), None) => plain_cell("–".into(), None),
                (Some(_), Some(value)) => plain_cell(words::number(value), Some(value)),
            };
            cells.push(known(candidate.and_then(|candidate| candidate.tokens_per_joule)));
            cells.push(known(candidate.and_then(|candidate| candidate.cost).map(|cost| cost.total_usd())));
        }
        cells.extend(self.facts.iter().map(|fact| fact_cell(fact.as_ref())));
        Row { id: self.id, name: self.name, detail: self.detail, cells }
    }
}

fn plain_cell(text: String, value: Option<f64>) -> Cell {
    Cell { text, value, grade: None, hover: String::new(), quiet: true }
}

fn tokens_cell(candidate: Option<&Candidate>) -> Cell {
    match candidate.map(|candidate| (candidate, &candidate.ways)) {
        None => plain_cell(WAITING.into(), None),
        Some((_, Err(missing))) => Cell { hover: missing.clone(), ..plain_cell("–".into(), None) },
        Some((candidate, Ok(_))) => candidate.best().map_or_else(
            || plain_cell("–".into(), None),
            |point| {
                let mut words = format!("{} ±{}, {}", point.evidence, words::percent(point.band_fraction), point.source);
                for miss in &candidate.known_misses {
                    words.push('\n');
                    words.push_str(miss);
                }
                Cell {
                    text: words::number(point.answer_tok_per_s),
                    value: Some(point.answer_tok_per_s),
                    grade: Some((if candidate.known_misses.is_empty() { point.evidence.label() } else { "known miss" }, words)),
                    hover: point.configuration.clone(),
                    quiet: false,
                }
            },
        ),
    }
}

/// A number of the catalog with a dot for its grade; blank where it was not found.
fn fact_cell(fact: Option<&Fact>) -> Cell {
    let Some((fact, value)) = fact.and_then(|fact| Some((fact, fact.value?))) else {
        return Cell { hover: "Not found, left blank".into(), ..plain_cell("–".into(), None) };
    };
    Cell {
        text: words::number(value),
        value: Some(value),
        grade: Some((provenance::grade(fact.confidence), provenance::words(fact))),
        hover: provenance::words(fact),
        quiet: false,
    }
}
