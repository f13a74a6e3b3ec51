//! Linear expressions.

use super::program::Col;

/// A linear expression.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expr {
    /// Columns and coefficients; a column may appear more than once until the program is finished.
    pub terms: Vec<(Col, f64)>,
    /// Constant.
    pub constant: f64,
}

impl Expr {
    /// One column.
    pub fn col(col: Col) -> Self {
        Self { terms: vec![(col, 1.0)], constant: 0.0 }
    }

    /// A number.
    pub fn number(constant: f64) -> Self {
        Self { terms: Vec::new(), constant }
    }

    /// Adds a multiple of a column.
    pub fn add(&mut self, col: Col, coefficient: f64) -> &mut Self {
        if coefficient != 0.0 {
            self.terms.push((col, coefficient));
        }
        self
    }

    /// Adds a multiple of another expression.
    pub fn add_expr(&mut self, other: &Self, factor: f64) -> &mut Self {
        if factor != 0.0 {
            self.terms.extend(other.terms.iter().map(|(col, coefficient)| (*col, coefficient * factor)));
            self.constant += other.constant * factor;
        }
        self
    }

    /// Whether it is the number zero.
    pub fn is_zero(&self) -> bool {
        self.terms.is_empty() && self.constant == 0.0
    }

    /// Its value at a point.
    pub fn value(&self, point: &[f64]) -> f64 {
        self.constant
            + self.terms.iter().map(|(col, coefficient)| coefficient * point.get(col.0 as usize).copied().unwrap_or(0.0)).sum::<f64>()
    }
}
