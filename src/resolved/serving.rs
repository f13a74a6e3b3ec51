//! What the throughput model says about chips and a plan's products, remembered: looking a
//! pair up takes far longer than an edit may, and the answer depends on nothing but the question.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::own::{self, Configs};
use crate::catalog::{self, Catalog};
use crate::physics::throughput::frontier::{Frontier, frontier};
use crate::physics::throughput::{OperatingPoint, ServingNeed, TwoPools, best_operating_point, operating_points};
use crate::plan::{Disaggregated, Month, Plan, Product, Steps};

/// Answers kept at most; a dragged length asks a new question at every step.
const KEPT: usize = 4096;

/// Answers by question.
struct Memory<T>(Mutex<Option<HashMap<String, T>>>);

impl<T: Clone> Memory<T> {
    const fn new() -> Self {
        Self(Mutex::new(None))
    }

    fn recall(&self, chip: &catalog::Chip, model: &catalog::ServedModel, asked: &dyn fmt::Debug, look_up: impl FnOnce() -> T) -> T {
        // What a plan changed of a row is another question.
        let known = Catalog::embedded();
        let chip_key = if known.chip(&chip.id) == Some(chip) { chip.id.clone() } else { format!("{chip:?}") };
        let model_key = if known.served_model(&model.id) == Some(model) { model.id.clone() } else { format!("{model:?}") };
        let key = format!("{chip_key}|{model_key}|{asked:?}");
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

/// The way that a plan counts on; or what is missing, in words.
pub type BestWay = Result<OperatingPoint, String>;

static WAYS: Memory<Ways> = Memory::new();
static BEST: Memory<BestWay> = Memory::new();
static FRONTIERS: Memory<Arc<Frontier>> = Memory::new();

/// What a product asks of a chip in a month; lengths that are dated later are those of their first date.
#[must_use]
pub fn need_of(product: &Product, month: Month) -> ServingNeed<'_> {
    let of = |steps: &Steps, none: f64| steps.at(month).or_else(|| steps.first()).unwrap_or(none);
    ServingNeed {
        prompt_tokens: of(&product.prompt_tokens, 0.0),
        answer_tokens: of(&product.answer_tokens, 1.0),
        cache_hit_fraction: of(&product.cache_hit_fraction, 0.0),
        cache_fetch_gb_per_s: product.cache_fetch_gb_per_s,
        cached_contexts_per_request: product.cached_contexts_per_request,
        drafted_tokens: product.speculative_drafted_tokens,
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

/// The served model behind a product in a month: the catalog's, or the plan's own by its config or sizes; `None` where
/// nothing is known of it.
#[must_use]
pub fn served_model_of<'c>(
    plan: &Plan,
    product: &Product,
    month: Month,
    catalog: &'c Catalog,
    configs: &Configs,
) -> Option<Cow<'c, catalog::ServedModel>> {
    own::served_model(plan, product.served_model.at_or_first(month), catalog, configs).map(|(row, _)| row)
}

/// The ways in which a chip can serve, best first.
///
/// # Errors
/// What is missing, in a sentence.
pub fn ways(chip: &catalog::Chip, model: &catalog::ServedModel, need: &ServingNeed<'_>) -> Ways {
    WAYS.recall(chip, model, need, || operating_points(Catalog::embedded(), chip, model, need).map_err(|missing| missing.to_string()))
}

/// The first of [`ways`] alone, in half the time.
///
/// # Errors
/// What is missing, in a sentence.
pub fn best_way(chip: &catalog::Chip, model: &catalog::ServedModel, need: &ServingNeed<'_>) -> BestWay {
    BEST.recall(chip, model, need, || best_operating_point(Catalog::embedded(), chip, model, need).map_err(|missing| missing.to_string()))
}

/// Throughput of a chip against speed.
#[must_use]
pub fn frontier_of(chip: &catalog::Chip, model: &catalog::ServedModel, need: &ServingNeed<'_>) -> Arc<Frontier> {
    let any_speed = ServingNeed { tpot_ms: None, ..*need };
    FRONTIERS.recall(chip, model, &any_speed, || Arc::new(frontier(Catalog::embedded(), chip, model, &any_speed)))
}

/// A frontier of a chip that has been asked for before, or looked up now.
pub(super) fn remembered(
    chip: &catalog::Chip,
    model: &catalog::ServedModel,
    asked: &dyn fmt::Debug,
    look_up: impl FnOnce() -> Frontier,
) -> Arc<Frontier> {
    FRONTIERS.recall(chip, model, asked, || Arc::new(look_up()))
}
