//! What a distribution says before anything is drawn: its names, its ends, whether correlations can be had.

use super::{Distribution, Sample, Uncertain};

/// How far out the tails of a normal distribution are tried: one in some thirty thousand lies beyond.
const TAIL: f64 = 4.0;

impl Uncertain {
    /// What correlations call it: its name, else its first path.
    #[must_use]
    pub fn id(&self) -> &str {
        if self.name.is_empty() { self.paths.first().map_or("", String::as_str) } else { &self.name }
    }
}

/// The lowest and highest number that a distribution gives; of those without ends, one far out.
#[must_use]
pub fn ends_of(is: &Distribution) -> (f64, f64) {
    match is {
        Distribution::Uniform(of) => (of.low, of.high),
        Distribution::Triangular(of) => (of.low, of.high),
        Distribution::Normal(of) => (of.mean - TAIL * of.deviation, of.mean + TAIL * of.deviation),
        Distribution::Lognormal(of) => (of.median * (-TAIL * of.log_deviation).exp(), of.median * (TAIL * of.log_deviation).exp()),
        Distribution::Discrete(of) => {
            (of.values.iter().copied().fold(f64::INFINITY, f64::min), of.values.iter().copied().fold(f64::NEG_INFINITY, f64::max))
        }
    }
}

/// The lower triangle of the root of the correlations of normal scores that give the rank correlations
/// asked for (`2 sin(π ρ / 6)`, exact for normal scores); `None` where no numbers can be correlated so.
/// Names that are unknown are passed over.
#[must_use]
pub fn correlations_of(sample: &Sample) -> Option<Vec<Vec<f64>>> {
    let names: Vec<&str> = sample.inputs.iter().map(Uncertain::id).collect();
    let mut of = vec![vec![0.0; names.len()]; names.len()];
    for (index, row) in of.iter_mut().enumerate() {
        if let Some(own) = row.get_mut(index) {
            *own = 1.0;
        }
    }
    let place = |name: &str| names.iter().position(|known| *known == name);
    for correlation in &sample.correlations {
        let (Some(first), Some(second)) = (place(&correlation.first), place(&correlation.second)) else { continue };
        if first != second {
            let score = 2.0 * (std::f64::consts::PI * correlation.rank / 6.0).sin();
            of[first][second] = score;
            of[second][first] = score;
        }
    }
    root(&of)
}

/// The lower triangular root of a matrix (Cholesky); `None` where it has none.
#[must_use]
pub fn root(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let size = matrix.len();
    let mut lower = vec![vec![0.0; size]; size];
    for row in 0..size {
        for column in 0..=row {
            let sum: f64 = (0..column).map(|inner| lower[row][inner] * lower[column][inner]).sum();
            let left = matrix[row][column] - sum;
            if row == column {
                if left <= 1e-9 {
                    return None;
                }
                lower[row][row] = left.sqrt();
            } else {
                lower[row][column] = left / lower[column][column];
            }
        }
    }
    Some(lower)
}
