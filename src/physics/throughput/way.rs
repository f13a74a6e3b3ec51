//! One way of serving that the roofline computes: a precision and a number of pools, corrected by
//! what was measured nearest.

use super::OperatingPoint;
use super::band::{GAIN_OF_A_YEAR, band, is_old, slope};
use super::choose::{Candidate, Limits, Pools, Shape, Workload, best_on, shapes};
use super::constants::Constants;
use super::correction::{Distance, Prepared};
use super::lookup::{Lookup, typed_factor};
use super::measured::{MeasuredIndex, roofline_of};
use super::roofline::{Layout, Roofline};
use super::sizes::Precision;
use super::training::{Features, UNLIMITED_TPOT_S};
use crate::catalog::{Evidence, Serving};

/// Logarithm of the factor between the times per token at which faster answers are tried.
const STEP_LN: f64 = 0.2;

/// Below this share of a limit something else than the time per token binds.
const SLACK: f64 = 0.99;

/// Times that a factor is read again at the time per token it leads to.
const SETTLING: usize = 5;

/// Most of them.
const MOST_STEPS: usize = 16;

/// Where a faster answer gives less than this share of the rate, the frontier is not flat.
const FLAT: f64 = 0.85;

/// A step in the software factor by which the slope of the rate is felt.
const FEELING_STEP: f64 = 1.1;

/// More than this many times the best rate ever measured for a chip and served model is unproven.
const UNPROVEN_FROM: f64 = 1.5;

/// A precision and a number of pools, ready to be asked.
pub(super) struct Way<'a> {
    lookup: &'a Lookup<'a>,
    precision: Precision,
    pools: Pools,
    /// Two pools were shown to work, or one pool serves.
    shown: bool,
    roofline: Roofline,
    workload: Workload,
    correction: Prepared,
    pub distance: Distance,
    /// A factor typed in the plan.
    typed: Option<f64>,
    /// The newest measurement of the pair, where there is one.
    newest: Option<&'static str>,
    /// The best rate ever measured for the pair.
    best_measured: Option<f64>,
}

/// What a way reaches under limits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Corrected {
    candidate: Candidate,
    factor: f64,
    limits: Limits,
    shape: Shape,
}

impl Corrected {
    /// The chips it runs on.
    pub fn chips(&self) -> f64 {
        self.candidate.replica().chips()
    }

    /// Answer tokens per second and chip.
    pub fn answer_tok_per_s(&self) -> f64 {
        self.candidate.answer_tok_per_s * self.factor
    }

    /// Time per token, in s.
    pub fn tpot_s(&self) -> f64 {
        self.candidate.tpot_s / self.factor
    }
}

impl<'a> Way<'a> {
    /// `None` where sizes are missing.
    pub fn new(lookup: &'a Lookup<'a>, precision: Precision, pools: Pools, shown: bool) -> Option<Self> {
        let Lookup { chip, model, need, .. } = *lookup;
        let roofline = roofline_of(chip, model, precision, Constants::CALIBRATED)?;
        let index = MeasuredIndex::embedded();
        let pair = index.pair(&chip.id, &model.id);
        let workload = need.workload();
        let mut features = Features::of(
            chip,
            model,
            precision.name,
            pools,
            (need.prompt_tokens, need.answer_tokens),
            need.limits().tpot_s.min(UNLIMITED_TPOT_S),
        );
        features.speculation = workload.speculation.drafted > 0.0;
        let typed = typed_factor(lookup.catalog, chip);
        let distance = lookup.correction.distance(&features);
        let correction = lookup.correction.prepared(&features);
        Some(Self {
            lookup,
            precision,
            pools,
            shown,
            roofline,
            workload,
            distance,
            typed,
            newest: pair.iter().map(|run| run.date.as_str()).max(),
            best_measured: pair.iter().map(|run| run.answer_tok_per_s).max_by(f64::total_cmp),
            correction,
        })
    }

    /// The best of every shape under the limits. None depends on how many chips there are to choose
    /// from, so that more of them never lead to a slower answer.
    pub fn options(&self, limits: Limits) -> Vec<Corrected> {
        shapes(&self.roofline, &self.workload, self.pools).into_iter().filter_map(|shape| self.best_on(shape, limits)).collect()
    }

    /// The best of one shape. What answers faster at a higher rate is the better answer to the
    /// looser limit too: so the frontier rises with the time per token.
    fn best_on(&self, shape: Shape, limits: Limits) -> Option<Corrected> {
        let mut best = self.at_on(shape, limits)?;
        // Where something else than the time per token binds, the factor is that of the time
        // reached, whatever the limit was.
        for _ in 0..SETTLING {
            // Runs without any limit are known as such.
            if limits.tpot_s.is_infinite() || best.tpot_s() >= SLACK * limits.tpot_s {
                break;
            }
            let settled = Corrected { factor: self.factor(best.tpot_s()), ..best };
            if settled.tpot_s() > limits.tpot_s {
                break;
            }
            best = settled;
        }
        // Faster answers are tried at times per token that are the same for every limit, so that a
        // looser limit finds what a tighter one found; on a steep frontier the first ends it.
        let mut step = (best.tpot_s().min(limits.tpot_s).ln() / STEP_LN).floor();
        for _ in 0..MOST_STEPS {
            let Some(faster) = self.at_on(shape, Limits { tpot_s: (step * STEP_LN).exp(), ..limits }) else { break };
            if faster.answer_tok_per_s() < FLAT * best.answer_tok_per_s() {
                break;
            }
            if faster.answer_tok_per_s() > best.answer_tok_per_s() {
                best = faster;
            }
            step -= 1.0;
        }
        Some(best)
    }

    /// The best at the limits on at most so many chips; `None` where nothing meets them.
    pub fn at(&self, limits: Limits, most_chips: f64) -> Option<Corrected> {
        shapes(&self.roofline, &self.workload, self.pools)
            .into_iter()
            .filter_map(|shape| self.at_on(shape, limits))
            .filter(|corrected| corrected.chips() <= most_chips)
            .max_by(|left, right| left.answer_tok_per_s().total_cmp(&right.answer_tok_per_s()))
    }

    fn at_on(&self, shape: Shape, limits: Limits) -> Option<Corrected> {
        let factor = self.factor(limits.tpot_s);
        Some(Corrected { candidate: self.with(factor, limits, shape)?, factor, limits, shape })
    }

    /// The factor on the roofline's speed at a time per token.
    fn factor(&self, tpot_s: f64) -> f64 {
        self.typed.unwrap_or_else(|| self.correction.ln_factor(tpot_s).exp())
    }

    /// The roofline's best with a factor on its speed. Software that runs at 0.6 of the roofline
    /// takes 1/0.6 of its times: the roofline must meet limits that much tighter.
    fn with(&self, factor: f64, limits: Limits, shape: Shape) -> Option<Candidate> {
        let scaled = Limits { tpot_s: limits.tpot_s * factor, ttft_s: limits.ttft_s * factor };
        best_on(&self.roofline, &self.workload, scaled, self.pools, shape)
    }

    /// How much the rate changes with the speed of the software.
    fn slope(&self, corrected: &Corrected) -> f64 {
        let reached = corrected.candidate.answer_tok_per_s;
        let felt =
            self.with(corrected.factor * FEELING_STEP, corrected.limits, corrected.shape).map_or(reached, |felt| felt.answer_tok_per_s);
        slope(1.0 + (felt / reached).ln() / FEELING_STEP.ln())
    }

    /// What cached context costs, in words.
    fn cache_in_words(&self) -> String {
        let bytes = self.roofline.cache_bytes_per_token();
        match self.lookup.need.cache_fetch_gb_per_s {
            Some(rate) => format!("; cached context of {bytes:.0} bytes a token fetched at {rate} GB/s per chip"),
            None => format!(
                "; cached context of {bytes:.0} bytes a token in the chips' memory, with that of {} more requests for each in flight",
                self.workload.cache.kept_per_request
            ),
        }
    }

    /// The operating point of what was reached.
    pub fn point(&self, corrected: &Corrected) -> OperatingPoint {
        let Corrected { candidate, factor, .. } = corrected;
        let layout = match candidate.configuration.layout {
            Layout::Tensor => "per replica",
            Layout::Expert => "per replica, experts spread",
        };
        let pools = match candidate.serving {
            Serving::Disaggregated => format!("; prefill apart on {} chips", candidate.prefill_chips),
            _ => String::new(),
        };
        let answer_tok_per_s = corrected.answer_tok_per_s();
        let above = self.best_measured.is_some_and(|best| answer_tok_per_s > UNPROVEN_FROM * best);
        let (rests_on, graded) = match (self.typed, self.distance) {
            (Some(_), _) => (format!("roofline times {factor:.2}, the software factor stated in the plan"), Evidence::Stated),
            (None, Distance::Nothing) => {
                (format!("roofline times {factor:.2}; nothing was measured with this vendor's software"), Evidence::Modelled)
            }
            (None, distance) => (format!("roofline times {factor:.2}, learnt from: {}", distance.label()), Evidence::Calibrated),
        };
        let old = self.newest.is_some_and(is_old) && self.distance == Distance::SamePair;
        let evidence = if self.lookup.is_stated {
            Evidence::Stated
        } else if !self.shown || above || self.lookup.unpublished {
            Evidence::Unproven
        } else {
            graded
        };
        let mut source = rests_on;
        if !self.shown {
            source.push_str("; two pools were never shown on this chip with a served model like this");
        }
        if self.lookup.unpublished {
            source.push_str("; nobody has published how many drafted tokens this served model accepts");
        }
        if self.workload.cache.hit_fraction > 0.0 {
            source.push_str(&self.cache_in_words());
        }
        if let (true, Some(best)) = (above, self.best_measured) {
            source.push_str(&format!("; the best ever measured for this chip and served model is {best:.0} tok/s"));
        }
        if old {
            source.push_str("; its measurements are more than a year old");
        }
        OperatingPoint {
            replica: candidate.replica(),
            prefill_tok_per_s: candidate.prefill_tok_per_s * factor,
            decode_tok_per_s: candidate.decode_tok_per_s * factor,
            answer_tok_per_s,
            tpot_ms: corrected.tpot_s() * 1e3,
            evidence,
            band_fraction: band((self.distance, self.pools), self.slope(corrected), corrected.tpot_s(), self.lookup.need.answer_tokens)
                + if old { GAIN_OF_A_YEAR } else { 0.0 },
            configuration: format!(
                "{}, {} chips {layout}, {} requests in flight{pools}",
                self.precision.name, candidate.configuration.chips, candidate.configuration.batch
            ),
            source,
        }
    }
}
