//! How chips serve products: the replica that their rate belongs to, and how their time is split
//! between prompts and answers.

pub use super::findings::ServingAt;
use super::{PeriodInfo, Results};
use crate::diagnostic::Diagnostic;
use crate::physics::throughput::Replica;
use crate::words::{fixed, grouped};

impl ServingAt {
    /// Chips that prefill and that decode, mean over the horizon.
    #[must_use]
    pub fn mean_chips(&self, periods: &[PeriodInfo]) -> [f64; 2] {
        let days: f64 = periods.iter().map(|period| period.days).sum();
        [&self.prefill_chips, &self.decode_chips]
            .map(|chips| periods.iter().zip(chips).map(|(period, chips)| period.days * chips).sum::<f64>() / days.max(f64::MIN_POSITIVE))
    }

    /// The replicas in use, in words.
    #[must_use]
    pub fn replicas_in_words(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        for (period, replica) in self.replicas.iter().enumerate() {
            let Some(replica) = replica.filter(|_| self.chips(period) > 0.0) else { continue };
            if !words.contains(&replica.in_words()) {
                words.push(replica.in_words());
            }
        }
        words.join(", then ")
    }

    /// Chips that prefill to chips that decode: `1 : 2.4`; `all decode` where there are no prompts.
    #[must_use]
    pub fn split_in_words(&self, periods: &[PeriodInfo]) -> String {
        let [prefill, decode] = self.mean_chips(periods);
        if prefill <= 1e-9 * decode {
            "all decode".to_owned()
        } else if decode <= 1e-9 * prefill {
            "all prefill".to_owned()
        } else if decode >= prefill {
            format!("1 : {}", fixed(decode / prefill, 2))
        } else {
            format!("{} : 1", fixed(prefill / decode, 2))
        }
    }

    /// Chips at work in a period.
    fn chips(&self, period: usize) -> f64 {
        let at = |chips: &[f64]| chips.get(period).copied().unwrap_or(0.0);
        at(&self.prefill_chips) + at(&self.decode_chips)
    }
}

/// Chips below which work is taken for the solver's dust.
const DUST_CHIPS: f64 = 1e-4;

/// A warning for each place, chip and product at which work is done by fewer chips than one replica.
pub(super) fn less_than_a_replica(results: &Results) -> Vec<Diagnostic> {
    results.serving.iter().filter_map(|at| warning(results, at)).collect()
}

fn warning(results: &Results, at: &ServingAt) -> Option<Diagnostic> {
    let mut short: Vec<(&str, f64, Replica)> = Vec::new();
    for (position, (period, replica)) in results.periods.iter().zip(&at.replicas).enumerate() {
        let Some(replica) = replica.filter(|replica| replica.chips() > 1.0) else { continue };
        let standing = at.standing_chips.get(position).copied().unwrap_or(0.0);
        if at.chips(position) > DUST_CHIPS && standing < replica.chips() * (1.0 - 1e-6) {
            short.push((period.label.as_str(), standing, replica));
        }
    }
    let (first, standing, replica) = short.first()?;
    let name = |named: &[super::Named], index: usize| named.get(index).map_or_else(String::new, |named| named.name.clone());
    let site = results.sites.get(at.site).map_or("", |site| site.name.as_str());
    let product = results.products.get(at.product).map_or("", |product| product.id.as_str());
    let more = match short.len() {
        1 => String::new(),
        2 => format!(", and too few in {} as well", short.last().map_or("", |(label, ..)| label)),
        count => format!(", and too few in {} more periods, the last of them {}", count - 1, short.last().map_or("", |(label, ..)| label)),
    };
    let message = format!(
        "In {first} {} {} at {site} make `{product}`, but one replica takes {}{more}. So few can't serve it.",
        grouped(*standing, 1),
        name(&results.chips, at.chip),
        replica.in_words(),
    );
    let help = "Plan in whole racks or halls, which keeps to whole replicas, or let this chip serve elsewhere.";
    Some(Diagnostic::warning("less-than-a-replica", format!("products.{product}"), message).help(help))
}
