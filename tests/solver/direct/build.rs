//! States small programs in a few lines.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use tokenworks::formulation::program::{Col, Column, Key, Limit, Linear, NO_INDEX, Phase, Program, Row, RowIx, Sense, Symbol};
use tokenworks::formulation::scale;

/// A program under construction.
#[derive(Default)]
pub struct Build {
    pub program: Program,
}

impl Build {
    pub fn new() -> Self {
        Self::default()
    }

    fn key(noun: &'static str, number: usize) -> Key {
        Key { noun, entities: [Symbol::NONE; 4], period: number as u32, slice: NO_INDEX, future: Symbol::NONE }
    }

    /// A column between two values.
    pub fn column(&mut self, noun: &'static str, lower: f64, upper: f64) -> Col {
        let number = self.program.columns.len();
        self.program.columns.push(Column { key: Self::key(noun, number), lower, upper, whole: false, limit: None });
        Col(number as u32)
    }

    /// A column that must be a whole number in an integer run.
    pub fn whole(&mut self, noun: &'static str, lower: f64, upper: f64) -> Col {
        let col = self.column(noun, lower, upper);
        self.program.columns[col.0 as usize].whole = true;
        col
    }

    /// A row between two values.
    pub fn row(&mut self, family: &'static str, terms: &[(Col, f64)], lower: f64, upper: f64) -> RowIx {
        let number = self.program.rows.len();
        self.program.rows.push(Row {
            key: Self::key(family, number),
            family,
            terms: terms.to_vec(),
            lower,
            upper,
            limit: None,
            scale: 1.0,
        });
        RowIx(number as u32)
    }

    pub fn at_most(&mut self, family: &'static str, terms: &[(Col, f64)], upper: f64) -> RowIx {
        self.row(family, terms, f64::NEG_INFINITY, upper)
    }

    pub fn at_least(&mut self, family: &'static str, terms: &[(Col, f64)], lower: f64) -> RowIx {
        self.row(family, terms, lower, f64::INFINITY)
    }

    pub fn equal(&mut self, family: &'static str, terms: &[(Col, f64)], value: f64) -> RowIx {
        self.row(family, terms, value, value)
    }

    /// Says that a row states a limit of the plan.
    pub fn limit(&mut self, row: RowIx, path: &str, value: f64, lp_per_plan: f64) -> u32 {
        let limit = self.push_limit(path, value, lp_per_plan);
        self.program.rows[row.0 as usize].limit = Some(limit);
        limit
    }

    /// Says that a column's upper bound states a limit of the plan.
    pub fn bound_limit(&mut self, col: Col, path: &str, value: f64, lp_per_plan: f64) -> u32 {
        let limit = self.push_limit(path, value, lp_per_plan);
        self.program.columns[col.0 as usize].limit = Some(limit);
        limit
    }

    fn push_limit(&mut self, path: &str, value: f64, lp_per_plan: f64) -> u32 {
        self.program.limits.push(Limit { path: path.to_owned(), unit: "u", value, lp_per_plan });
        self.program.limits.len() as u32 - 1
    }

    pub fn linear(name: &'static str, terms: &[(Col, f64)], constant: f64) -> Linear {
        Linear { name, unit: "u", terms: terms.to_vec(), constant }
    }

    pub fn phase(&mut self, name: &'static str, sense: Sense, terms: &[(Col, f64)], constant: f64, tolerance: f64) -> &mut Phase {
        let goal = Self::linear(name, terms, constant);
        self.program.phases.push(Phase { goal, sense, tolerance, at_least: None, per: None, floor: None });
        self.program.phases.last_mut().unwrap()
    }

    pub fn maximise(&mut self, name: &'static str, terms: &[(Col, f64)]) -> &mut Phase {
        self.phase(name, Sense::Maximise, terms, 0.0, 0.0)
    }

    pub fn minimise(&mut self, name: &'static str, terms: &[(Col, f64)]) -> &mut Phase {
        self.phase(name, Sense::Minimise, terms, 0.0, 0.0)
    }

    /// The finished program.
    pub fn done(mut self) -> Program {
        scale::finish(&mut self.program).unwrap();
        self.program
    }
}

/// Whether two numbers agree within a share of the larger (or of one).
#[track_caller]
pub fn assert_near(value: f64, expected: f64, tolerance: f64) {
    let size = expected.abs().max(1.0);
    assert!((value - expected).abs() <= tolerance * size, "{value} is not {expected} within {tolerance:e}");
}
