//! Choosing how to serve: chips per replica and requests in flight, under the limits of a product.
//!
//! ```text
//! aggregated:    TPOT = t_step + B·t_prefill/OSL
//!                answer tok/s/chip = B·OSL / ((OSL·t_step + (B+1)·t_prefill)·G)
//! disaggregated: chip-seconds per request = G_p·t_prefill + OSL·G_d·t_step/B
//!                answer tok/s/chip = 0.9·OSL / that
//! cache hits h: t_prefill = ((1 − h)·computing)³ + fetching³)^(1/3),  fetching = h·ISL·bytes/(G·rate)
//! speculation:  d tokens drafted, a of them accepted: t_step = (t_step(B·(1 + d)) + d·t_step(B)/L)/(1 + a)
//! ```

use super::replica::Replica;
use super::roofline::{Configuration, DISAGGREGATED_EFFICIENCY, Layout, Roofline};
use crate::catalog::{Catalog, Serving};

/// Most requests in flight on one replica under tensor parallelism: the most that the public sweeps
/// ran; published peaks of one pool stay below it too.
const MOST_REQUESTS: f64 = 512.0;

/// Most requests in flight per chip of a pool with spread experts (published peaks: about 900).
const MOST_REQUESTS_PER_CHIP: f64 = 1024.0;

/// Chips per replica under tensor parallelism.
const TENSOR_CHIPS: [f64; 4] = [1.0, 2.0, 4.0, 8.0];

/// Chips that share one node.
const NODE_CHIPS: f64 = 8.0;

/// Chips per replica where experts are spread and attention is replicated.
const EXPERT_CHIPS: [f64; 6] = [4.0, 8.0, 16.0, 32.0, 64.0, 72.0];

/// The requests of a product.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Workload {
    /// Prompt tokens per request, at least 1.
    pub prompt_tokens: f64,
    /// Answer tokens per request, at least 1.
    pub answer_tokens: f64,
    /// Cached context.
    pub cache: Cache,
    /// Tokens drafted ahead.
    pub speculation: Speculation,
}

/// Prompt tokens that are found in a cache instead of being computed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cache {
    /// Share of prompt tokens found in it, 0 to 1.
    pub hit_fraction: f64,
    /// Bytes per second and chip at which it is fetched; infinite where it lies in the chips' own memory.
    pub fetch_bytes_per_s: f64,
    /// Further requests' cached context that lies in the chips' memory for each request in flight:
    /// agents that wait for their tools keep theirs.
    pub kept_per_request: f64,
}

impl Cache {
    /// No cache.
    pub const NONE: Self = Self { hit_fraction: 0.0, fetch_bytes_per_s: f64::INFINITY, kept_per_request: 0.0 };
}

/// Tokens drafted ahead by a layer of the served model's own, and checked in one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speculation {
    /// Tokens drafted per step.
    pub drafted: f64,
    /// Of them, accepted on average.
    pub accepted: f64,
}

/// Best share of drafts accepted that was published: 85 to 90 % of `DeepSeek` V3's second tokens
/// (technical report, arXiv 2412.19437, section 5.4.3).
const BEST_SHARE_ACCEPTED: f64 = 0.9;

impl Speculation {
    /// No speculation.
    pub const NONE: Self = Self { drafted: 0.0, accepted: 0.0 };

    /// What runs of a served model that drafted tokens are taken to have done: as published, else one
    /// token drafted and 0.85 of it accepted, as of `DeepSeek` V3.
    #[must_use]
    pub fn usual(catalog: &Catalog, served_model: &str) -> Self {
        let published = catalog.speculation(served_model).and_then(|row| row.drafted_tokens.zip(row.accepted_tokens));
        published.map_or(Self { drafted: 1.0, accepted: 0.85 }, |(drafted, accepted)| Self { drafted, accepted })
    }

    /// With so many tokens accepted per step: as few are drafted as can be accepted.
    #[must_use]
    pub fn accepting(accepted: f64) -> Self {
        Self { drafted: (accepted / BEST_SHARE_ACCEPTED - 1e-9).ceil().max(0.0), accepted }
    }
}

impl Workload {
    /// A workload without caching and speculation.
    #[must_use]
    pub const fn plain(prompt_tokens: f64, answer_tokens: f64) -> Self {
        Self { prompt_tokens, answer_tokens, cache: Cache::NONE, speculation: Speculation::NONE }
    }

    /// Seconds per answer token of a batch that decodes.
    fn token_s(&self, roofline: &Roofline, configuration: Configuration) -> f64 {
        let Speculation { drafted, accepted } = self.speculation;
        let context = self.mean_context_tokens();
        if drafted <= 0.0 {
            return roofline.step_s(configuration, context, 1.0);
        }
        let drafts_s = drafted * roofline.step_s(configuration, context, 1.0) / roofline.served.layers;
        (roofline.step_s(configuration, context, 1.0 + drafted) + drafts_s) / (1.0 + accepted)
    }

    /// Seconds in which a replica makes the context of one request ready: what is not cached is
    /// computed while the rest is fetched.
    fn prefill_s(&self, roofline: &Roofline, whole_s: f64, chips: f64) -> f64 {
        let compute_s = whole_s * (1.0 - self.cache.hit_fraction);
        let fetch_s = self.fetch_s(roofline, chips);
        if fetch_s > 0.0 { (compute_s.powi(3) + fetch_s.powi(3)).cbrt() } else { compute_s }
    }

    /// Seconds in which so many chips fetch the cached part of one prompt.
    fn fetch_s(&self, roofline: &Roofline, chips: f64) -> f64 {
        self.cache.hit_fraction * self.prompt_tokens * roofline.cache_bytes_per_token() / (chips * self.cache.fetch_bytes_per_s)
    }

    /// Requests whose context lies in memory for each one in flight.
    fn contexts_per_request(&self) -> f64 {
        let cached = self.prompt_tokens * self.cache.hit_fraction / self.longest_context_tokens();
        1.0 + self.cache.kept_per_request * cached
    }

    /// True if weights and all context that is kept fit.
    fn fits(&self, roofline: &Roofline, configuration: Configuration) -> bool {
        let kept = Configuration { batch: configuration.batch * self.contexts_per_request(), ..configuration };
        roofline.fits(kept, self.longest_context_tokens())
    }

    /// Mean context during decoding, in tokens.
    #[must_use]
    pub fn mean_context_tokens(&self) -> f64 {
        self.prompt_tokens + self.answer_tokens / 2.0
    }

    /// Longest context of a request, in tokens.
    #[must_use]
    pub fn longest_context_tokens(&self) -> f64 {
        self.prompt_tokens + self.answer_tokens
    }

    /// Prompt tokens to prefill per answer token.
    #[must_use]
    pub fn prompt_per_answer(&self) -> f64 {
        self.prompt_tokens * (1.0 - self.cache.hit_fraction) / self.answer_tokens
    }
}

/// Limits of a product.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Longest time per answer token, in s; infinite where there is none.
    pub tpot_s: f64,
    /// Longest time to the first token, in s; infinite where there is none.
    pub ttft_s: f64,
}

/// What one way of serving reaches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Chips, requests in flight and layout (of the decoding pool where there are two).
    pub configuration: Configuration,
    /// Aggregated or disaggregated.
    pub serving: Serving,
    /// Chips of one prefilling replica, where there are two pools.
    pub prefill_chips: f64,
    /// Time per answer token, in s.
    pub tpot_s: f64,
    /// Time to the first token, in s.
    pub ttft_s: f64,
    /// Answer tokens per second and chip.
    pub answer_tok_per_s: f64,
    /// Prompt tokens (not found in the cache) per second and chip, prefilling only.
    pub prefill_tok_per_s: f64,
    /// Answer tokens per second and chip, decoding only.
    pub decode_tok_per_s: f64,
}

impl Candidate {
    /// The chips it runs on.
    #[must_use]
    pub fn replica(&self) -> Replica {
        let decode_chips = self.configuration.chips;
        let two_pools = self.serving == Serving::Disaggregated;
        Replica { prefill_chips: if two_pools { self.prefill_chips } else { 0.0 }, decode_chips }
    }
}

/// Scales two rates so that the harmonic rule `1/(1/decode + prompt_per_answer/prefill)` returns
/// `answer_tok_per_s` exactly; returns (prefill, decode).
#[must_use]
pub fn split_rates(answer_tok_per_s: f64, prefill_tok_per_s: f64, decode_tok_per_s: f64, prompt_per_answer: f64) -> (f64, f64) {
    let scale = answer_tok_per_s * (1.0 / decode_tok_per_s + prompt_per_answer / prefill_tok_per_s);
    (prefill_tok_per_s * scale, decode_tok_per_s * scale)
}

/// One pool of chips that prefills and decodes.
#[must_use]
pub fn aggregated(roofline: &Roofline, configuration: Configuration, workload: &Workload) -> Candidate {
    let Configuration { chips, batch, layout } = configuration;
    let answer = workload.answer_tokens;
    let step_s = workload.token_s(roofline, configuration);
    let whole_prefill_s = roofline.prefill_s(chips, layout, workload.prompt_tokens);
    let prefill_s = workload.prefill_s(roofline, whole_prefill_s, chips);
    let answer_tok_per_s = batch * answer / ((answer * step_s + (batch + 1.0) * prefill_s) * chips);
    let (prefill_tok_per_s, decode_tok_per_s) = split_rates(
        answer_tok_per_s,
        workload.prompt_tokens / (whole_prefill_s * chips),
        batch / (step_s * chips),
        workload.prompt_per_answer(),
    );
    Candidate {
        configuration,
        serving: Serving::Aggregated,
        prefill_chips: chips,
        tpot_s: step_s + batch * prefill_s / answer,
        ttft_s: first_token_s(roofline, configuration, workload) + step_s,
        answer_tok_per_s,
        prefill_tok_per_s,
        decode_tok_per_s,
    }
}

/// How long one prompt is prefilled, in s. Where experts are spread over many chips, a prompt is
/// computed by about as many chips as share one node.
fn first_token_s(roofline: &Roofline, configuration: Configuration, workload: &Workload) -> f64 {
    let together = match configuration.layout {
        Layout::Tensor => configuration.chips,
        Layout::Expert => configuration.chips.min(NODE_CHIPS),
    };
    // What is fetched has to be there before the rest can be computed on it.
    roofline.prefill_s(together, Layout::Tensor, workload.prompt_tokens) * (1.0 - workload.cache.hit_fraction)
        + workload.fetch_s(roofline, together)
}

/// One pool that prefills, another that decodes.
#[must_use]
pub fn disaggregated(roofline: &Roofline, prefill: Configuration, configuration: Configuration, workload: &Workload) -> Candidate {
    let Configuration { chips, batch, .. } = configuration;
    let step_s = workload.token_s(roofline, configuration);
    let whole_prefill_s = roofline.prefill_s(prefill.chips, prefill.layout, workload.prompt_tokens);
    let prefill_s = workload.prefill_s(roofline, whole_prefill_s, prefill.chips);
    let answer = workload.answer_tokens;
    let answer_tok_per_s = DISAGGREGATED_EFFICIENCY * answer / (prefill.chips * prefill_s + answer * chips * step_s / batch);
    let prompt_per_answer = workload.prompt_per_answer();
    let computed = workload.prompt_tokens * (1.0 - workload.cache.hit_fraction);
    let (prefill_tok_per_s, decode_tok_per_s) = if prompt_per_answer > 0.0 {
        (DISAGGREGATED_EFFICIENCY * computed / (prefill.chips * prefill_s), DISAGGREGATED_EFFICIENCY * batch / (step_s * chips))
    } else {
        // Nothing is prefilled; what fetching takes stands in the rate of answers.
        (DISAGGREGATED_EFFICIENCY * workload.prompt_tokens / (prefill.chips * whole_prefill_s), answer_tok_per_s)
    };
    Candidate {
        configuration,
        serving: Serving::Disaggregated,
        prefill_chips: prefill.chips,
        tpot_s: step_s,
        ttft_s: first_token_s(roofline, prefill, workload) + step_s,
        answer_tok_per_s,
        prefill_tok_per_s,
        decode_tok_per_s,
    }
}

/// How many pools of chips serve a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pools {
    /// One pool prefills and decodes.
    One,
    /// One pool prefills, another decodes.
    Two,
}

impl Pools {
    /// Both ways.
    pub const ALL: [Self; 2] = [Self::One, Self::Two];
}

/// A number of chips and how work is divided among them (of the decoding pool where there are two).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Chips of one replica.
    pub chips: f64,
    /// How work is divided.
    pub layout: Layout,
    /// Most requests in flight.
    most_requests: f64,
}

/// The shapes that so many pools may take.
///
/// One pool splits every matrix over its chips, and spreads experts only where the served model
/// fits in no other way: published runs of one pool are like that, and allowing more there made
/// the model twice as wrong about published peaks. Two pools may do either.
#[must_use]
pub fn shapes(roofline: &Roofline, workload: &Workload, pools: Pools) -> Vec<Shape> {
    let fits = |shape: &Shape| {
        let configuration = Configuration { chips: shape.chips, batch: 1.0, layout: shape.layout };
        workload.fits(roofline, configuration)
    };
    let fitting: Vec<Shape> = layouts(roofline).filter(fits).collect();
    if pools == Pools::One && fitting.iter().any(|shape| shape.layout == Layout::Tensor) {
        return fitting.into_iter().filter(|shape| shape.layout == Layout::Tensor).collect();
    }
    fitting
}

/// The best that one shape reaches under the limits: with the most requests that they allow.
#[must_use]
pub fn best_on(roofline: &Roofline, workload: &Workload, limits: Limits, pools: Pools, shape: Shape) -> Option<Candidate> {
    let prefill = match pools {
        Pools::One => None,
        Pools::Two => Some(smallest_prefill_replica(roofline, workload, limits)?),
    };
    let at = |batch: f64| Configuration { chips: shape.chips, batch, layout: shape.layout };
    // Prefill does not depend on the batch: it is worked out once for all that are tried.
    let first_s = first_token_s(roofline, prefill.unwrap_or(at(1.0)), workload);
    let between_s = match prefill {
        None => {
            let whole_s = roofline.prefill_s(shape.chips, shape.layout, workload.prompt_tokens);
            workload.prefill_s(roofline, whole_s, shape.chips) / workload.answer_tokens
        }
        Some(_) => 0.0,
    };
    let batch = largest_batch(shape.most_requests, |batch| {
        let step_s = workload.token_s(roofline, at(batch));
        step_s + batch * between_s <= limits.tpot_s && first_s + step_s <= limits.ttft_s && workload.fits(roofline, at(batch))
    })?;
    Some(match prefill {
        None => aggregated(roofline, at(batch), workload),
        Some(prefill) => disaggregated(roofline, prefill, at(batch), workload),
    })
}

/// The best way of serving under the limits; `None` where nothing fits or meets them.
#[must_use]
pub fn best(roofline: &Roofline, workload: &Workload, limits: Limits, pools: Pools) -> Option<Candidate> {
    shapes(roofline, workload, pools)
        .into_iter()
        .filter_map(|shape| best_on(roofline, workload, limits, pools, shape))
        .max_by(|left, right| left.answer_tok_per_s.total_cmp(&right.answer_tok_per_s))
}

/// The fewest chips on which the weights and one request fit, in one pool.
#[must_use]
pub fn fewest_chips(roofline: &Roofline, workload: &Workload) -> Option<f64> {
    layouts(roofline)
        .filter(|shape| workload.fits(roofline, Configuration { chips: shape.chips, batch: 1.0, layout: shape.layout }))
        .map(|shape| shape.chips)
        .min_by(f64::total_cmp)
}

/// Chips per replica, layout and most requests in flight that the chip's networks allow.
///
/// Tensor parallelism stays inside the scale-up domain; experts may also be spread over the
/// scale-out network.
fn layouts(roofline: &Roofline) -> impl Iterator<Item = Shape> {
    let chip = roofline.chip;
    let inside = move |chips: f64| chips <= 1.0 || (chip.link_bytes_per_s.is_some() && chips <= chip.domain_chips);
    let wide = roofline.served.has_experts();
    let tensor = TENSOR_CHIPS.into_iter().filter(move |&chips| inside(chips)).map(|chips| Shape {
        chips,
        layout: Layout::Tensor,
        most_requests: MOST_REQUESTS,
    });
    let expert = EXPERT_CHIPS
        .into_iter()
        .filter(move |&chips| wide && (inside(chips) || chip.scaleout_bytes_per_s.is_some()))
        .map(|chips| Shape { chips, layout: Layout::Expert, most_requests: MOST_REQUESTS_PER_CHIP * chips });
    tensor.chain(expert)
}

/// The fewest chips on which the weights fit and one prompt is prefilled in time: fewer chips
/// lose less to communication.
fn smallest_prefill_replica(roofline: &Roofline, workload: &Workload, limits: Limits) -> Option<Configuration> {
    layouts(roofline).map(|shape| Configuration { chips: shape.chips, batch: 1.0, layout: shape.layout }).find(|&configuration| {
        roofline.fits(configuration, workload.longest_context_tokens()) && first_token_s(roofline, configuration, workload) <= limits.ttft_s
    })
}

/// The largest whole batch from 1 to `most` that is allowed, where more is never allowed again.
///
/// Time per token, time to the first token and memory all grow with the batch, and so does the
/// rate per chip: the largest batch allowed is the best one.
fn largest_batch(most: f64, allowed: impl Fn(f64) -> bool) -> Option<f64> {
    if !allowed(1.0) {
        return None;
    }
    if allowed(most) {
        return Some(most);
    }
    let (mut low, mut high) = (1.0_f64, most);
    // Bisection on a log scale until the whole number is found (or close enough above 64).
    while (high / low > 1.01) && high - low > 1.0 {
        let middle = (low * high).sqrt().round().clamp(low, high);
        let middle = if middle <= low { low + 1.0 } else { middle };
        if middle >= high {
            break;
        }
        if allowed(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(low)
}

#[cfg(test)]
mod tests {
    use super::{largest_batch, split_rates};

    #[test]
    fn the_harmonic_rule_gives_back_the_rate() {
        let (prefill, decode) = split_rates(700.0, 9000.0, 1500.0, 4.0);
        assert!((1.0 / (1.0 / decode + 4.0 / prefill) - 700.0).abs() < 1e-9);
        assert!((prefill / decode - 6.0).abs() < 1e-9);
    }

    #[test]
    fn bisection_finds_the_whole_number() {
        assert_eq!(largest_batch(1024.0, |batch| batch <= 37.0), Some(37.0));
        assert_eq!(largest_batch(1024.0, |batch| batch <= 1.0), Some(1.0));
        assert_eq!(largest_batch(1024.0, |_| true), Some(1024.0));
        assert_eq!(largest_batch(1024.0, |_| false), None);
    }
}
