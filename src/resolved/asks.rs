//! What a product asks of chips, by date: the served model behind it and the lengths of its requests.
//!
//! Where these change by date, throughput is looked up once for each of what is asked, and every period
//! takes the rates of what is asked in it.

use std::sync::Arc;

use super::index::{AskIx, Ix as _, PeriodIx, Table};
use super::markets::Product;
use super::{Calendar, Resolver, own};
use crate::catalog;
use crate::plan::{self, Month};

/// What a product asks of chips for a while.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// First day of the first period in which it is asked.
    pub since: Month,
    /// Id of its served model in the plan.
    pub served_model: String,
    /// What is known of it, from the catalog or the plan; `None` where throughput must be stated.
    pub served: Option<Arc<catalog::ServedModel>>,
    /// Prompt tokens of a request.
    pub prompt_tokens: f64,
    /// Answer tokens of a request.
    pub answer_tokens: f64,
    /// Share of prompts found in the cache.
    pub cache_hit_fraction: f64,
    /// Prompt tokens to prefill per answer token.
    pub prompt_per_answer: f64,
    /// All prompt tokens per answer token, cached ones included.
    pub full_prompt_per_answer: f64,
}

impl Product {
    /// What is asked in a period.
    #[must_use]
    pub fn ask(&self, period: PeriodIx) -> &Ask {
        &self.asks[self.ask_of[period]]
    }

    /// What is asked first.
    #[must_use]
    pub fn first_ask(&self) -> &Ask {
        &self.asks[AskIx::new(0)]
    }

    /// Whether prompts are to be prefilled in some period.
    #[must_use]
    pub fn has_prompts(&self) -> bool {
        self.asks.iter().any(|ask| ask.prompt_per_answer > 0.0)
    }
}

impl Resolver<'_> {
    /// What a product asks: each thing once, and which of them by period.
    pub(super) fn asks(&mut self, calendar: &Calendar, id: &str, product: &plan::Product) -> (Table<AskIx, Ask>, Table<PeriodIx, AskIx>) {
        let plan = self.plan;
        let path = |field: &str| format!("products.{id}.{field}");
        let prompts = self.price(calendar, &product.prompt_tokens, &path("prompt_tokens"));
        let answers = self.price(calendar, &product.answer_tokens, &path("answer_tokens"));
        let hits = self.price(calendar, &product.cache_hit_fraction, &path("cache_hit_fraction"));
        if let Some(period) = calendar.periods.iter().find(|period| product.served_model.at(period.start).is_none()) {
            let message = format!("`{id}` has no served model in {}: its first comes later.", period.label);
            let help = format!("Name one for {} or before.", calendar.start);
            self.error("missing-step", path("served_model"), message, help);
        }
        let (mut asks, mut ask_of): (Table<AskIx, Ask>, Table<PeriodIx, AskIx>) = (Table::default(), Table::default());
        for (index, period) in calendar.periods.pairs() {
            let served_model = product.served_model.at_or_first(period.start);
            let (prompt_tokens, answer_tokens, hit) = (prompts[index], answers[index], hits[index]);
            let lengths = |ask: &Ask| [ask.prompt_tokens, ask.answer_tokens, ask.cache_hit_fraction];
            let same = |ask: &Ask| ask.served_model == served_model && lengths(ask) == [prompt_tokens, answer_tokens, hit];
            if let Some((known, _)) = asks.pairs().find(|(_, ask)| same(ask)) {
                ask_of.push(known);
                continue;
            }
            ask_of.push(AskIx::new(asks.len()));
            asks.push(Ask {
                since: period.start,
                served_model: served_model.to_owned(),
                served: own::served_model(plan, served_model, self.catalog, &self.series.configs)
                    .map(|(row, _)| Arc::new(row.into_owned())),
                prompt_tokens,
                answer_tokens,
                cache_hit_fraction: hit,
                prompt_per_answer: prompt_tokens / answer_tokens * (1.0 - hit),
                full_prompt_per_answer: prompt_tokens / answer_tokens,
            });
        }
        (asks, ask_of)
    }
}
