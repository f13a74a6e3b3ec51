//! A point of a study: what is changed of the plan, and what is asked of it then.

use std::sync::Arc;

use sha2::Digest as _;

use super::future::{Hedging, Way};
use crate::diagnostic::Diagnostic;
use crate::formulation::measures::Measure;
use crate::plan::Plan;
use crate::plan::edit::{Edit, apply_to_scratch};
use crate::plan::study::{Act, Group, vary};
use crate::resolved::Series;
use crate::results::sha256_of;

/// Most points of a chain.
pub const CHAIN: usize = 32;

/// One solve of a study.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// What it is, in words: "300 MW, 0.9 × price".
    pub label: String,
    /// Where it stands, one number for each axis, input or switch of the study.
    pub at: Vec<f64>,
    /// What is changed of the plan, in order.
    pub changes: Vec<Change>,
    /// What is asked of it.
    pub ask: Ask,
}

/// A change of the plan.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A number of the study acts on the plan's numbers.
    Number {
        /// Where they stand; `*` stands for every entry.
        paths: Vec<String>,
        /// What it does.
        act: Act,
        /// The number.
        value: f64,
    },
    /// Any other change.
    Edit(Edit),
}

/// What is asked of a point.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// The plan's own goals in turn.
    Answer,
    /// The same, and where prices form what each actor would gain by acting otherwise alone.
    AtRest,
    /// The same, with everything ordered as the base plan orders it: only what is done with it adapts.
    AsOrdered,
    /// The least or most of something within what the goals of the base plan may give up.
    Extreme {
        /// What kind of thing.
        group: Group,
        /// Its id.
        id: String,
        /// The most; otherwise the least.
        most: bool,
        /// Share of each goal that may be given up.
        give_up: f64,
        /// Only the first goal is kept.
        first_only: bool,
    },
    /// The best of one measure with another one held between its two ends.
    Held {
        /// Made as good as possible.
        optimise: Measure,
        /// Held.
        hold: Measure,
        /// How far from the level at the best of the first (0) to its own best (1).
        share: f64,
    },
    /// The whole curve of the best of one measure over another one, with its break points.
    Curve {
        /// Made as good as possible.
        optimise: Measure,
        /// Held.
        hold: Measure,
        /// Most points.
        at_most: u32,
    },
    /// Several futures, met in a way.
    Futures {
        /// Which futures, and what is wanted of them.
        hedging: Arc<Hedging>,
        /// How they are met.
        way: Way,
    },
}

impl Ask {
    /// Points whose programs are of one shape stand in one chain.
    pub(super) fn family(&self) -> u8 {
        match self {
            Self::Answer | Self::AtRest => 0,
            Self::AsOrdered => 1,
            Self::Extreme { .. } => 2,
            Self::Held { .. } => 3,
            Self::Curve { .. } => 4,
            Self::Futures { way: Way::Known(_), .. } => 5,
            Self::Futures { .. } => 6,
        }
    }

    /// Whether it is many solves by itself, and a chain of its own.
    pub(super) fn is_a_chain(&self) -> bool {
        self.family() == 6
    }

    /// Whether the answer rests on that of the base plan.
    pub(super) fn rests_on_base(&self) -> bool {
        !matches!(self, Self::Answer | Self::AtRest)
    }
}

/// The plan of a point.
///
/// # Errors
/// What is wrong with a change: its path, or a value that its field cannot take.
pub fn varied(plan: &Plan, point: &Point) -> Result<Plan, Vec<Diagnostic>> {
    varied_by(plan, &point.changes)
}

/// A plan with changes.
pub(super) fn varied_by(plan: &Plan, changes: &[Change]) -> Result<Plan, Vec<Diagnostic>> {
    let mut varied = plan.clone();
    varied.studies.clear();
    for change in changes {
        match change {
            Change::Number { paths, act, value } => vary::change(&mut varied, paths, act, *value)?,
            Change::Edit(edit) => apply_to_scratch(&mut varied, edit)?,
        }
    }
    Ok(varied)
}

/// SHA-256 of texts, each with its end, hexadecimal.
#[must_use]
pub fn digest_of<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut hasher = sha2::Sha256::new();
    for text in texts {
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    hasher.finalize().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// SHA-256 of the series that plans read.
#[must_use]
pub(super) fn digest_of_series(series: &Series) -> String {
    let files = series.files.iter().flat_map(|(id, values)| {
        let bits: String = values.iter().map(|value| format!("{:016x}", value.to_bits())).collect();
        [id.clone(), bits]
    });
    let texts: Vec<String> = files.chain([format!("{:?}", series.clocks), format!("{:?}", series.configs)]).collect();
    digest_of(texts.iter().map(String::as_str))
}

/// The key of a point: SHA-256 of its plan, the series, what is asked, the base plan where that matters, and
/// the version of the program. Two points with one key have one answer.
#[must_use]
pub(super) fn key(varied: &Result<Plan, Vec<Diagnostic>>, point: &Point, series: &str, base: &str) -> String {
    let plan = match varied {
        // Without a change it is the base plan, whose digest is known.
        Ok(_) if point.changes.is_empty() => base.to_owned(),
        Ok(plan) => sha256_of(plan),
        Err(_) => format!("{:?}", point.changes),
    };
    let base = if point.ask.rests_on_base() || varied.is_err() { base } else { "" };
    digest_of([plan.as_str(), series, format!("{:?}", point.ask).as_str(), base, env!("CARGO_PKG_VERSION")])
}
