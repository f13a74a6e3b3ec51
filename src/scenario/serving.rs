//! What the throughput model says about catalog chips and a plan's products, remembered: looking a
//! pair up takes far longer than an edit may, and the answer depends on nothing but the question.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::catalog::{self, Catalog};
use crate::physics::throughput::frontier::{Frontier, frontier};
use crate::physics::throughput::{OperatingPoint, ServingNeed, TwoPools, operating_points};
use crate::plan::{Disaggregated, Plan, Product};

/// Answers kept at most; a dragged length asks a new question at every step.
const KEPT: usize = 4096;

/// Answers by question.
struct Memory<T>(Mutex<Option<HashMap<String, T>>>);

impl<T: Clone> Memory<T> {
    const fn new() -> Self {
        Self(Mutex::new(None))
    }

    fn recall(&self, chip: &catalog::Chip, model: &catalog::ServedModel, need: &ServingNeed<'_>, look_up: impl FnOnce() -> T) -> T {
        let key = format!("{}|{}|{need:?}", chip.id, model.id);
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lock().as_ref().and_then(|known| known.get(&key).cloned());
        if let Some(answer) = known {
            return answer;
        }
        // Nobody waits while it is looked up: the window asks the same questions as the solver's thread.
        let answer = look_up();
        let mut known = lock();
        let known = known.get_or_insert_with(HashMap::new);
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(key, answer.clone());
        answer
    }
}

/// The ways in which a chip can serve, best first; or what is missing, in words.
pub type Ways = Result<Vec<OperatingPoint>, String>;

static WAYS: Memory<Ways> = Memory::new();
static FRONTIERS: Memory<Arc<Frontier>> = Memory::new();

/// What a product asks of a chip.
#[must_use]
pub fn need_of(product: &Product) -> ServingNeed<'_> {
    ServingNeed {
        prompt_tokens: product.prompt_tokens,
        answer_tokens: product.answer_tokens,
        cache_hit_fraction: product.cache_hit_fraction,
        tpot_ms: product.tpot_ms,
        ttft_ms: product.ttft_ms,
        precision: product.precision.as_deref(),
        speculative_acceptance_fraction: product.speculative_acceptance_fraction,
        two_pools: match product.disaggregated {
            Disaggregated::Shown => TwoPools::Shown,
            Disaggregated::Always => TwoPools::Always,
            Disaggregated::Never => TwoPools::Never,
        },
        most_chips: None,
    }
}

/// The catalog's served model behind a product, if the plan names one that the catalog knows.
#[must_use]
pub fn served_model_of<'c>(plan: &Plan, product: &Product, catalog: &'c Catalog) -> Option<&'c catalog::ServedModel> {
    catalog.served_model(plan.served_models.get(&product.served_model.0)?.catalog.as_deref()?)
}

/// The ways in which a catalog chip can serve, best first.
///
/// # Errors
/// What is missing, in a sentence.
pub fn ways(chip: &catalog::Chip, model: &catalog::ServedModel, need: &ServingNeed<'_>) -> Ways {
    WAYS.recall(chip, model, need, || operating_points(Catalog::embedded(), chip, model, need).map_err(|missing| missing.to_string()))
}

/// Throughput of a catalog chip against speed.
#[must_use]
pub fn frontier_of(chip: &catalog::Chip, model: &catalog::ServedModel, need: &ServingNeed<'_>) -> Arc<Frontier> {
    let any_speed = ServingNeed { tpot_ms: None, ..*need };
    FRONTIERS.recall(chip, model, &any_speed, || Arc::new(frontier(Catalog::embedded(), chip, model, &any_speed)))
}
