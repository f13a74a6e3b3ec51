//! The fit of the correction: one inverse of the covariance of all targets, from which every correction with
//! some of them left out follows at once (`α' = α − A⁻¹[:, out]·(A⁻¹[out, out])⁻¹·α[out]`).

use super::choose::Pools;
use super::correction::{Compact, Correction, Names, compact, kernel, scale};
use super::training::Target;

/// The fit itself: the inverse of the covariance of all targets, from which the weights of every
/// correction with some targets left out follow at once.
#[derive(Debug, Clone)]
pub struct Fit {
    names: Names,
    points: Vec<Compact>,
    weights: Vec<f64>,
    inverse: Vec<Vec<f64>>,
}

impl Fit {
    /// Fits to all targets; a second or so.
    #[must_use]
    pub fn new(targets: &[Target]) -> Self {
        let mut names = Names::default();
        let points: Vec<Compact> = targets.iter().map(|target| compact(&target.features, |name| names.add(name))).collect();
        let noise = |index: usize| {
            let beyond = targets.get(index).is_some_and(|target| target.ended);
            let noise = if beyond { scale::NOISE_BEYOND } else { scale::NOISE };
            noise * noise
        };
        let covariance: Vec<Vec<f64>> = points
            .iter()
            .enumerate()
            .map(|(row, left)| {
                points
                    .iter()
                    .enumerate()
                    .map(|(column, right)| kernel(left, right) + if row == column { noise(row) } else { 0.0 })
                    .collect()
            })
            .collect();
        let inverse = inverted(covariance);
        let weights = inverse.iter().map(|row| row.iter().zip(targets).map(|(entry, target)| entry * target.ln_factor).sum()).collect();
        Self { names, points, weights, inverse }
    }

    /// The correction as if these targets had never been measured.
    #[must_use]
    pub fn without(&self, left_out: &[usize]) -> Correction {
        let at = |row: usize, column: usize| self.inverse.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0.0);
        let block: Vec<Vec<f64>> = left_out.iter().map(|&row| left_out.iter().map(|&column| at(row, column)).collect()).collect();
        let block = inverted(block);
        let weight = |index: usize| self.weights.get(index).copied().unwrap_or(0.0);
        let moved: Vec<f64> = block.iter().map(|row| row.iter().zip(left_out).map(|(entry, &index)| entry * weight(index)).sum()).collect();
        let mut weights = self.weights.clone();
        for (index, weight) in weights.iter_mut().enumerate() {
            let shift: f64 = left_out.iter().zip(&moved).map(|(&column, moved)| at(index, column) * moved).sum();
            *weight = if left_out.contains(&index) { 0.0 } else { *weight - shift };
        }
        Correction::new(self.names.clone(), &self.points, &weights)
    }

    /// The table that ships.
    #[must_use]
    pub fn to_csv(&self, targets: &[Target]) -> String {
        let mut text = String::from(
            "chip,vendor,served_model,family,precision,pools,speculation,ragged,tpot_s,prompt_tokens,answer_tokens,ln_factor,weight\n",
        );
        for (target, weight) in targets.iter().zip(&self.weights) {
            let features = &target.features;
            let yes = |flag: bool| if flag { "yes" } else { "" };
            let pools = if features.pools == Pools::Two { 2 } else { 1 };
            text.push_str(&format!(
                "{},{},{},{},{},{pools},{},{},{:.6},{},{},{:.5},{:.5}\n",
                features.chip,
                features.vendor,
                features.served_model,
                features.family,
                features.precision,
                yes(features.speculation),
                yes(features.ragged),
                features.ln_tpot.exp(),
                target.lengths.0,
                target.lengths.1,
                target.ln_factor,
                weight
            ));
        }
        text
    }
}

/// The inverse of a symmetric positive matrix, by Cholesky.
fn inverted(mut matrix: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let size = matrix.len();
    // L, in place, row by row.
    for row in 0..size {
        let (above, below) = matrix.split_at_mut(row);
        let Some(current) = below.first_mut() else { continue };
        for (column, pivot_row) in above.iter().enumerate() {
            let dot: f64 = current.iter().zip(pivot_row).take(column).map(|(left, right)| left * right).sum();
            if let (Some(entry), Some(pivot)) = (current.get_mut(column), pivot_row.get(column)) {
                *entry = (*entry - dot) / pivot;
            }
        }
        let dot: f64 = current.iter().take(row).map(|entry| entry * entry).sum();
        if let Some(entry) = current.get_mut(row) {
            *entry = (*entry - dot).max(1e-12).sqrt();
        }
    }
    // L⁻¹ by rows, kept transposed: column c of L⁻¹ is solved forward from c.
    let mut lower: Vec<Vec<f64>> = Vec::with_capacity(size);
    for start in 0..size {
        let mut column = vec![0.0; size];
        for row in start..size {
            let Some(entries) = matrix.get(row) else { continue };
            let dot: f64 = entries.iter().zip(&column).take(row).skip(start).map(|(left, right)| left * right).sum();
            let pivot = entries.get(row).copied().unwrap_or(1.0);
            if let Some(entry) = column.get_mut(row) {
                *entry = (if row == start { 1.0 } else { 0.0 } - dot) / pivot;
            }
        }
        lower.push(column);
    }
    // A⁻¹ = L⁻ᵀ·L⁻¹.
    (0..size)
        .map(|row| {
            (0..size)
                .map(|column| {
                    let from = row.max(column);
                    lower
                        .get(row)
                        .zip(lower.get(column))
                        .map_or(0.0, |(left, right)| left.iter().zip(right).skip(from).map(|(left, right)| left * right).sum())
                })
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::inverted;

    #[test]
    fn an_inverse_times_its_matrix_is_one() {
        let matrix = vec![vec![4.0, 1.0, 0.5], vec![1.0, 3.0, 0.2], vec![0.5, 0.2, 2.0]];
        let inverse = inverted(matrix.clone());
        for (row, left) in matrix.iter().enumerate() {
            let product: Vec<f64> =
                (0..3).map(|column| left.iter().zip(&inverse).map(|(entry, right)| entry * right[column]).sum()).collect();
            for (column, sum) in product.into_iter().enumerate() {
                assert!((sum - if row == column { 1.0 } else { 0.0 }).abs() < 1e-12);
            }
        }
    }
}
