//! One look-up: a chip, a served model and a need, answered by measurements where they reach and
//! by the roofline where they do not.

use super::band::{GAIN_OF_A_YEAR, band, beyond_end, is_old, slope};
use super::choose::{Candidate, Limits, Pools};
use super::correction::{Correction, Distance};
use super::measured::{MeasuredIndex, Measurement};
use super::reach::{Reached, best_measured};
use super::sizes::{ChipRates, ModelSizes, PRECISIONS, Precision};
use super::way::{Corrected, Way};
use super::{OperatingPoint, ServingNeed, TwoPools};
use crate::catalog::{Catalog, Chip, Evidence, ServedModel};

/// The share of the limit on the time per token at which further operating points are looked for.
const FASTER_SHARES: [f64; 3] = [0.7, 0.5, 0.35];

/// A faster point is worth offering where it costs at least this share of the rate: the frontier
/// is steep there.
const STEEP_FRACTION: f64 = 0.1;

/// Lengths within this factor count as the same workload.
const SAME_LENGTH_FACTOR: f64 = 1.1;

/// True if two lengths differ by no more than the factor that counts as the same workload.
pub(super) fn same_length(left: f64, right: f64) -> bool {
    (left / right).ln().abs() <= SAME_LENGTH_FACTOR.ln()
}

/// What the runs on replicas up to one size give.
struct MeasuredOption {
    reached: Reached,
    runs: Vec<&'static Measurement>,
    pools: Pools,
}

/// A question that passed its first checks.
#[derive(Debug, Clone)]
pub(super) struct Lookup<'a> {
    /// Where measurements come from.
    pub catalog: &'a Catalog,
    /// The chip, perhaps with numbers of the plan.
    pub chip: &'a Chip,
    /// The served model, perhaps with numbers of the plan.
    pub model: &'a ServedModel,
    /// What is asked.
    pub need: &'a ServingNeed<'a>,
    /// Precisions to choose from.
    pub(super) precisions: Vec<Precision>,
    /// The planner changed or made up a number that a throughput depends on.
    pub is_stated: bool,
    /// What the roofline is corrected by.
    pub correction: &'a Correction,
    /// Nobody has published how many drafted tokens are accepted.
    pub unpublished: bool,
    /// Measurements of these very lengths are withheld.
    withhold: bool,
}

impl<'a> Lookup<'a> {
    /// Checks the question; the error is the reason in words.
    pub fn new(catalog: &'a Catalog, chip: &'a Chip, model: &'a ServedModel, need: &'a ServingNeed<'a>) -> Result<Self, String> {
        let is_length = |tokens: f64| tokens.is_finite() && tokens > 0.0;
        if !is_length(need.prompt_tokens) || !is_length(need.answer_tokens) {
            return Err("prompt and answer tokens must be above zero".to_owned());
        }
        let longest = need.prompt_tokens + need.answer_tokens;
        if let Some(most) = model.max_context_tokens.filter(|most| longest > *most) {
            return Err(format!("prompt and answer take {longest} tokens, its longest context is {most}"));
        }
        let unpublished = drafts_are_unpublished(catalog, model, need)?;
        Ok(Self {
            catalog,
            chip,
            model,
            need,
            unpublished,
            precisions: precisions_of(chip, model, need)?,
            is_stated: !is_as_in_catalog(catalog, chip, model),
            correction: Correction::embedded(),
            withhold: false,
        })
    }

    /// The same question as if these lengths had never been measured, with a correction that was
    /// learnt without them.
    pub const fn withholding(mut self, correction: &'a Correction) -> Self {
        self.correction = correction;
        self.withhold = true;
        self
    }

    /// The answer, best first: at most so many points.
    ///
    /// What is offered never falls with the chips that a replica may take: the options do not depend
    /// on that number, it only leaves out those that are too large. Where only larger replicas were
    /// measured, a smaller one is computed, and given no more than the smallest of them.
    pub fn points(&self, most: usize) -> Result<Vec<OperatingPoint>, String> {
        let allowed = self.need.most_chips();
        let options = self.measured_options();
        let rate = |option: &&MeasuredOption| option.reached.candidate.answer_tok_per_s;
        let within = |option: &&MeasuredOption| option.reached.replica.chips() <= allowed;
        if let Some(best) = options.iter().filter(within).max_by(|left, right| rate(left).total_cmp(&rate(right))) {
            return Ok(self.measured_points(best, most));
        }
        let mut points = self.computed_points(most)?;
        let chips = |option: &&MeasuredOption| option.reached.replica.chips();
        if let Some(least) =
            options.iter().min_by(|left, right| chips(left).total_cmp(&chips(right)).then(rate(right).total_cmp(&rate(left))))
        {
            let measured = rate(&least);
            let words = format!("; no more than {} were measured to give", least.reached.replica.in_words());
            for point in points.iter_mut().filter(|point| point.answer_tok_per_s > measured) {
                let share = measured / point.answer_tok_per_s;
                point.answer_tok_per_s = measured;
                point.prefill_tok_per_s *= share;
                point.decode_tok_per_s *= share;
                point.source.push_str(&words);
            }
            points = keep_steep(&points, |point| point.answer_tok_per_s);
        }
        Ok(points)
    }

    /// What was measured of this very question, for every size of replica; none where it goes beyond
    /// the measurements.
    fn measured_options(&self) -> Vec<MeasuredOption> {
        // A cache hit changes what is served: such a need was not measured. Runs that drafted tokens hold
        // the gain of their own acceptance.
        let other_drafts = self.need.speculative_acceptance_fraction > 0.0 && self.unpublished;
        if self.is_stated || self.withhold || self.need.cache_hit_fraction > 0.0 || other_drafts {
            return Vec::new();
        }
        let pair = MeasuredIndex::embedded().pair(&self.chip.id, &self.model.id);
        let drafted = self.need.speculative_acceptance_fraction > 0.0;
        let cells = self.precisions.iter().flat_map(|&precision| Pools::ALL.map(|pools| (precision, pools)));
        let limits = self.need.limits();
        let mut options = Vec::new();
        for (precision, pools) in cells.filter(|&(_, pools)| self.may_use(pools).is_some()) {
            let runs: Vec<&'static Measurement> = pair
                .iter()
                .filter(|run| {
                    same_lengths(run, self.need) && run.precision == precision && run.pools == pools && run.speculation == drafted
                })
                .collect();
            let mut sizes: Vec<f64> = runs.iter().map(|run| run.replica().chips()).collect();
            sizes.sort_by(f64::total_cmp);
            sizes.dedup();
            options.extend(sizes.into_iter().filter_map(|size| {
                let runs: Vec<_> = runs.iter().copied().filter(|run| run.replica().chips() <= size).collect();
                Some(MeasuredOption { reached: best_measured(&runs, limits)?, runs, pools })
            }));
        }
        options
    }

    /// Points that rest on measurements alone.
    fn measured_points(&self, best: &MeasuredOption, most: usize) -> Vec<OperatingPoint> {
        let MeasuredOption { reached: first, runs, pools } = best;
        let limits = self.need.limits();
        let reached_tpot_s = first.candidate.tpot_s;
        let mut found = vec![first.clone()];
        let runs: Vec<_> = runs.iter().copied().filter(|run| run.replica().chips() <= self.need.most_chips()).collect();
        if reached_tpot_s.is_finite() {
            found.extend(
                faster_limits(limits, reached_tpot_s).take(most.saturating_sub(1)).filter_map(|limits| best_measured(&runs, limits)),
            );
        }
        let prompt_per_answer = self.need.workload().prompt_per_answer();
        let points = found
            .into_iter()
            .map(|reached| {
                let Candidate { prefill_tok_per_s, decode_tok_per_s, .. } = reached.candidate;
                let old = is_old(&reached.date);
                OperatingPoint {
                    replica: reached.replica,
                    prefill_tok_per_s,
                    decode_tok_per_s,
                    // The measured rate itself where the lengths are the measured ones.
                    answer_tok_per_s: 1.0 / (1.0 / decode_tok_per_s + prompt_per_answer / prefill_tok_per_s),
                    tpot_ms: reached.likely_tpot_s.min(limits.tpot_s) * 1e3,
                    evidence: Evidence::Measured,
                    band_fraction: band((Distance::Between, *pools), slope(reached.slope), reached.likely_tpot_s, self.need.answer_tokens)
                        + beyond_end(reached.beyond)
                        + if old { GAIN_OF_A_YEAR } else { 0.0 },
                    configuration: reached.words,
                    source: if old { format!("{}; measured more than a year ago", reached.source) } else { reached.source },
                }
            })
            .collect::<Vec<_>>();
        keep_steep(&points, |point: &OperatingPoint| point.answer_tok_per_s)
    }

    /// Whether so many pools may serve, and if it was shown; `None` where the plan rules it out.
    fn may_use(&self, pools: Pools) -> Option<bool> {
        if pools == Pools::One {
            return Some(true);
        }
        match self.need.two_pools {
            TwoPools::Never => None,
            wish => {
                let shown = self.two_pools_shown();
                (shown || wish == TwoPools::Always).then_some(shown)
            }
        }
    }

    /// True if two pools of this chip were measured with this served model, or with one of its
    /// family and of half to twice its size.
    fn two_pools_shown(&self) -> bool {
        let index = MeasuredIndex::embedded();
        let close = |left: Option<f64>, right: Option<f64>| {
            left.zip(right).is_some_and(|(left, right)| (left / right).ln().abs() <= 2.0_f64.ln() + 1e-9)
        };
        index.two_pool_models(&self.chip.id).iter().any(|id| {
            *id == self.model.id
                || self.catalog.served_model(id).is_some_and(|shown| {
                    shown.family == self.model.family
                        && close(shown.active_params_b, self.model.active_params_b)
                        && close(shown.total_params_b, self.model.total_params_b)
                })
        })
    }

    /// Points of the roofline, corrected by what was measured nearest.
    fn computed_points(&self, most: usize) -> Result<Vec<OperatingPoint>, String> {
        let precisions = self.usable_precisions()?;
        let limits = self.need.limits();
        let allowed = self.need.most_chips();
        let mut best: Option<(Way<'_>, Corrected)> = None;
        let mut fits = false;
        let ways = precisions.iter().flat_map(|&precision| Pools::ALL.map(|pools| (precision, pools)));
        for (precision, pools) in ways {
            let Some(shown) = self.may_use(pools) else { continue };
            let Some(way) = Way::new(self, precision, pools, shown) else { continue };
            let within = way.options(limits).into_iter().filter(|option| option.chips() <= allowed);
            let Some(first) = within.max_by(|left, right| left.answer_tok_per_s().total_cmp(&right.answer_tok_per_s())) else {
                let open = Limits { tpot_s: f64::INFINITY, ttft_s: f64::INFINITY };
                fits |= way.at(open, allowed).is_some();
                continue;
            };
            if best.as_ref().is_none_or(|(_, best)| first.answer_tok_per_s() > best.answer_tok_per_s()) {
                best = Some((way, first));
            }
        }
        let Some((way, first)) = best else {
            return Err(if fits {
                "no configuration meets the limits on time per token and time to the first token"
            } else {
                "weights and caches of one request do not fit into any replica"
            }
            .to_owned());
        };
        let mut found = vec![first];
        found.extend(faster_limits(limits, first.tpot_s()).take(most.saturating_sub(1)).filter_map(|limits| way.at(limits, allowed)));
        Ok(keep_steep(&found, Corrected::answer_tok_per_s).into_iter().map(|corrected| way.point(&corrected)).collect())
    }

    /// The first point that one number of pools is computed to reach, with its distance.
    pub fn only(&self, pools: Pools) -> Option<(OperatingPoint, Distance)> {
        let limits = self.need.limits();
        self.usable_precisions().ok()?.into_iter().find_map(|precision| {
            let way = Way::new(self, precision, pools, true)?;
            let best =
                way.options(limits).into_iter().max_by(|left, right| left.answer_tok_per_s().total_cmp(&right.answer_tok_per_s()))?;
            Some((way.point(&best), way.distance))
        })
    }

    /// The precisions at which all sizes are known, or which sizes are missing, in words.
    fn usable_precisions(&self) -> Result<Vec<Precision>, String> {
        let mut missing = ModelSizes::of(self.model).err().unwrap_or_default();
        let served_is_known = missing.is_empty();
        let mut usable = Vec::new();
        for &precision in &self.precisions {
            match ChipRates::of(self.chip, precision) {
                Ok(_) => usable.push(precision),
                Err(names) => {
                    for name in names {
                        if !missing.contains(&name) {
                            missing.push(name);
                        }
                    }
                }
            }
        }
        if served_is_known && !usable.is_empty() {
            return Ok(usable);
        }
        Err(format!(
            "{} not found in the catalog; state {} in the plan, or a throughput",
            list(&missing),
            if missing.len() == 1 { "it" } else { "them" }
        ))
    }
}

/// Whether drafts are asked for of which nobody has published how many are accepted; an error where more
/// are asked for than were.
fn drafts_are_unpublished(catalog: &Catalog, model: &ServedModel, need: &ServingNeed<'_>) -> Result<bool, String> {
    let asked = need.speculative_acceptance_fraction;
    if asked <= 0.0 {
        return Ok(false);
    }
    if let Some(drafted) = need.drafted_tokens.filter(|drafted| *drafted < asked) {
        return Err(format!("{asked} tokens can't be accepted per step of {drafted} drafted"));
    }
    let Some((published, source)) = catalog.speculation(&model.id).and_then(|row| Some((row.accepted_tokens?, &row.source))) else {
        return Ok(true);
    };
    if asked > published * (1.0 + 1e-9) {
        return Err(format!(
            "speculation is stated to gain {asked} tokens per step; the most that was published for {} is {published} ({source}). State at most that, or a throughput",
            model.name
        ));
    }
    Ok(false)
}

/// The software factor of a chip where the plan states it, not the catalog.
pub(super) fn typed_factor(catalog: &Catalog, chip: &Chip) -> Option<f64> {
    let known = catalog.chip(&chip.id);
    chip.software_factor.filter(|_| known.is_none_or(|known| known.software_factor != chip.software_factor))
}

/// True if no number that a throughput depends on differs from the catalog.
pub(super) fn is_as_in_catalog(catalog: &Catalog, chip: &Chip, model: &ServedModel) -> bool {
    let rates = |chip: &Chip| {
        [
            chip.hbm_gb,
            chip.hbm_tb_per_s,
            chip.bf16_dense_tflops,
            chip.fp8_dense_tflops,
            chip.fp4_dense_tflops,
            chip.scaleup_domain_chips,
            chip.scaleup_gb_per_s_one_way,
            chip.scaleout_gb_per_s_one_way,
            chip.software_factor,
        ]
    };
    let same_chip = catalog.chip(&chip.id).is_some_and(|known| rates(known) == rates(chip));
    let same_model = catalog.served_model(&model.id).is_some_and(|known| ModelSizes::of(known) == ModelSizes::of(model));
    same_chip && same_model
}

/// The precisions to choose from: the one asked for, else those that this pair was measured with,
/// else those of the served model that the chip computes natively.
fn precisions_of(chip: &Chip, model: &ServedModel, need: &ServingNeed<'_>) -> Result<Vec<Precision>, String> {
    if let Some(name) = need.precision {
        return Precision::named(name)
            .map(|precision| vec![precision])
            .ok_or_else(|| format!("precision `{name}` is not one of bf16, fp8, int8, fp4, int4"));
    }
    let pair = MeasuredIndex::embedded().pair(&chip.id, &model.id);
    let measured: Vec<Precision> = PRECISIONS.into_iter().filter(|precision| pair.iter().any(|run| run.precision == *precision)).collect();
    if !measured.is_empty() {
        return Ok(measured);
    }
    let published: Vec<Precision> = model.precisions.iter().filter_map(|name| Precision::named(name)).collect();
    if published.is_empty() {
        return Err("the served model's precisions are not known".to_owned());
    }
    // 4-bit floats on a chip that unpacks them to 16 bits are served only where nothing else is
    // published: 8 bits are faster there.
    let native: Vec<Precision> =
        published.iter().copied().filter(|precision| precision.name != "fp4" || chip.fp4_dense_tflops > chip.fp8_dense_tflops).collect();
    Ok(if native.is_empty() { published } else { native })
}

/// Tighter limits around a time per token that was reached.
fn faster_limits(limits: Limits, reached_tpot_s: f64) -> impl Iterator<Item = Limits> {
    FASTER_SHARES.into_iter().map(move |share| Limits { tpot_s: reached_tpot_s.min(limits.tpot_s) * share, ttft_s: limits.ttft_s })
}

/// True if a run has the lengths of the need, closely enough to stand for it.
pub(super) fn same_lengths(run: &Measurement, need: &ServingNeed<'_>) -> bool {
    same_length(run.prompt_tokens, need.prompt_tokens) && same_length(run.answer_tokens, need.answer_tokens)
}

/// Keeps the first point, and those after it that cost enough of the rate to be worth a choice.
fn keep_steep<T: Clone>(points: &[T], rate: impl Fn(&T) -> f64) -> Vec<T> {
    let mut kept: Vec<T> = Vec::with_capacity(points.len());
    for point in points {
        if kept.last().is_none_or(|last| rate(point) < (1.0 - STEEP_FRACTION) * rate(last)) {
            kept.push(point.clone());
        }
    }
    kept
}

/// "a, b and c".
fn list(names: &[&str]) -> String {
    match names.split_last() {
        None => "numbers".to_owned(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}
