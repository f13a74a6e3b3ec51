//! The linear program as data: columns, rows and objectives with typed keys.
//!
//! The families write into it; `solve` states it through good_lp. Keys are made of entity ids (not
//! of positions), so that a row of yesterday's program and the same row of today's can be matched
//! when a basis is carried over.

use std::collections::HashMap;

/// The name of a family of rows: `"hall_capacity"`, as in FAMILIES.
pub type Family = &'static str;

/// The id of an entity, hashed (FNV-1a, 64 bits). [`Program::symbols`] gives it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Symbol(
    /// The hash; 0 for "no entity".
    pub u64,
);

impl Symbol {
    /// No entity.
    pub const NONE: Self = Self(0);

    /// The symbol of an id.
    #[must_use]
    pub fn new(id: &str) -> Self {
        let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(hash | 1)
    }
}

/// No period or slice in a key.
pub const NO_INDEX: u32 = u32::MAX;

/// What a column or a row is about. Two programs of two versions of a plan use the same key for the
/// same thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The noun of a column (`"chips_installed"`) or the family of a row, with a detail where a family states several kinds.
    pub noun: &'static str,
    /// Up to four entities.
    pub entities: [Symbol; 4],
    /// Period, or [`NO_INDEX`].
    pub period: u32,
    /// Slice, day or segment, or [`NO_INDEX`].
    pub slice: u32,
    /// The future it belongs to where several are stated together; [`Symbol::NONE`] for what all share.
    pub future: Symbol,
}

/// Index of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Col(
    /// Position in [`Program::columns`].
    pub u32,
);

/// Index of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowIx(
    /// Position in [`Program::rows`].
    pub u32,
);

/// The limit of the plan that a row or bound states.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// Where it stands in the plan: `sites.abilene.interconnect_mw`.
    pub path: String,
    /// Unit of the plan's number: `MW`.
    pub unit: &'static str,
    /// The plan's number in force.
    pub value: f64,
    /// Change of the right-hand side (LP units) per unit of the plan's number.
    pub lp_per_plan: f64,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// What it is.
    pub key: Key,
    /// Smallest value.
    pub lower: f64,
    /// Largest value, or infinity.
    pub upper: f64,
    /// Must be a whole number in an integer run (in units of the column).
    pub whole: bool,
    /// The limit stated by the upper bound, if a plan states one: index into [`Program::limits`].
    pub limit: Option<u32>,
}

/// A row: `lower ≤ Σ coefficient · column ≤ upper`.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it states.
    pub key: Key,
    /// The family that stated it.
    pub family: Family,
    /// Columns and coefficients; each column at most once, sorted by column after `scale::finish`.
    pub terms: Vec<(Col, f64)>,
    /// Smallest value, or minus infinity.
    pub lower: f64,
    /// Largest value, or infinity.
    pub upper: f64,
    /// The limit of the plan it states: index into [`Program::limits`].
    pub limit: Option<u32>,
    /// Factor the row was multiplied by for the solver (a power of two, set by `scale`).
    pub scale: f64,
}

/// Which way an objective goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// As much as possible.
    Maximise,
    /// As little as possible.
    Minimise,
}

/// A linear function that can be a goal.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// `tokens`, `cost`, `revenue`.
    pub name: &'static str,
    /// Unit: `Ttok`, `M$`.
    pub unit: &'static str,
    /// Columns and coefficients.
    pub terms: Vec<(Col, f64)>,
    /// Constant.
    pub constant: f64,
}

impl Linear {
    /// Its value at a point.
    #[must_use]
    pub fn value(&self, point: &[f64]) -> f64 {
        self.constant
            + self.terms.iter().map(|(col, coefficient)| coefficient * point.get(col.0 as usize).copied().unwrap_or(0.0)).sum::<f64>()
    }
}

/// One step of a run: a linear function to be made best, holding what earlier steps reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Phase {
    /// The function.
    pub goal: Linear,
    /// Which way.
    pub sense: Sense,
    /// Share of this phase's best value that later phases may give up.
    pub tolerance: f64,
    /// Least value the goal function named here must have (cost for a token target): (function, at least).
    pub at_least: Option<(Linear, f64)>,
    /// Divide by this function (Charnes–Cooper): least goal per unit of it, at least the given share of its best.
    pub per: Option<(Linear, f64)>,
    /// What the share above is of, where that is not the divisor itself.
    pub floor: Option<Linear>,
}

/// The linear program.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Columns, all of them ≥ 0 unless they say otherwise.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<Row>,
    /// The limits stated by the plan.
    pub limits: Vec<Limit>,
    /// Steps of the run, in order.
    pub phases: Vec<Phase>,
    /// Ids by symbol, for names in files and sentences.
    pub symbols: HashMap<Symbol, String>,
}

impl Program {
    /// A name that a person can read, such as `draw[grid,2027Q1,winter/08]` without blanks.
    #[must_use]
    pub fn name(&self, key: &Key) -> String {
        let mut parts: Vec<String> = key
            .entities
            .iter()
            .filter(|symbol| **symbol != Symbol::NONE)
            .map(|symbol| self.symbols.get(symbol).cloned().unwrap_or_else(|| format!("{:x}", symbol.0)))
            .collect();
        if key.period != NO_INDEX {
            parts.push(format!("p{}", key.period));
        }
        if key.slice != NO_INDEX {
            parts.push(format!("t{}", key.slice));
        }
        if key.future != Symbol::NONE {
            let future = self.symbols.get(&key.future).cloned().unwrap_or_else(|| format!("{:x}", key.future.0));
            parts.push(format!("@{future}"));
        }
        if parts.is_empty() { key.noun.to_owned() } else { format!("{}[{}]", key.noun, parts.join(",")) }
    }

    /// Number of matrix entries.
    #[must_use]
    pub fn nonzeros(&self) -> usize {
        self.rows.iter().map(|row| row.terms.len()).sum()
    }
}
