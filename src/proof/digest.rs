//! Digests by which a proof knows its program and its series.

use sha2::{Digest as _, Sha256};

use crate::formulation::program::{Key, Linear, Phase, Program, Sense};
use crate::resolved::Series;

/// Writes a digest as lower-case hex.
pub(super) fn hex(digest: impl AsRef<[u8]>) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    digest.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|half| char::from(DIGITS[usize::from(half)])).collect()
}

/// SHA-256 of everything a solver is told: columns and rows by key with their bounds, the matrix, the
/// goals in turn. What only names things (limits, the text of ids) has no say.
#[must_use]
pub fn of_program(program: &Program) -> String {
    let mut all = Hash::default();
    all.count(program.columns.len());
    for column in &program.columns {
        all.key(&column.key);
        all.numbers(&[column.lower, column.upper]);
    }
    all.count(program.rows.len());
    for row in &program.rows {
        all.key(&row.key);
        all.numbers(&[row.lower, row.upper, row.scale]);
        all.count(row.terms.len());
        for (col, coefficient) in &row.terms {
            all.bytes.extend_from_slice(&col.0.to_le_bytes());
            all.numbers(&[*coefficient]);
        }
        all.drain();
    }
    all.count(program.phases.len());
    for phase in &program.phases {
        all.phase(phase);
    }
    all.end()
}

/// SHA-256 of the hourly series of a plan, with the clocks they are on.
#[must_use]
pub fn of_series(series: &Series) -> String {
    let mut all = Hash::default();
    for (id, values) in &series.files {
        all.text(id);
        all.count(values.len());
        all.numbers(values);
        all.drain();
    }
    for (id, hours) in &series.clocks {
        all.text(id);
        all.numbers(&[*hours]);
    }
    all.end()
}

/// Bytes on their way into a digest.
#[derive(Default)]
struct Hash {
    digest: Sha256,
    bytes: Vec<u8>,
}

impl Hash {
    /// Hands over what has gathered; large pieces cost less than many small ones.
    fn drain(&mut self) {
        if self.bytes.len() > 1 << 16 {
            self.digest.update(&self.bytes);
            self.bytes.clear();
        }
    }

    fn end(mut self) -> String {
        self.digest.update(&self.bytes);
        hex(self.digest.finalize())
    }

    fn count(&mut self, count: usize) {
        self.bytes.extend_from_slice(&(count as u64).to_le_bytes());
        self.drain();
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// Bits, so that no rounding hides a difference; minus nothing is nothing.
    fn numbers(&mut self, numbers: &[f64]) {
        for number in numbers {
            self.bytes.extend_from_slice(&(number + 0.0).to_bits().to_le_bytes());
        }
    }

    fn key(&mut self, key: &Key) {
        self.text(key.noun);
        for entity in key.entities {
            self.bytes.extend_from_slice(&entity.0.to_le_bytes());
        }
        self.bytes.extend_from_slice(&key.period.to_le_bytes());
        self.bytes.extend_from_slice(&key.slice.to_le_bytes());
    }

    fn linear(&mut self, function: Option<&Linear>) {
        self.count(function.map_or(0, |function| 1 + function.terms.len()));
        if let Some(function) = function {
            self.text(function.name);
            self.numbers(&[function.constant]);
            for (col, coefficient) in &function.terms {
                self.bytes.extend_from_slice(&col.0.to_le_bytes());
                self.numbers(&[*coefficient]);
            }
        }
        self.drain();
    }

    fn phase(&mut self, phase: &Phase) {
        self.linear(Some(&phase.goal));
        self.count(usize::from(phase.sense == Sense::Maximise));
        self.numbers(&[phase.tolerance]);
        self.linear(phase.at_least.as_ref().map(|(function, _)| function));
        self.numbers(&[phase.at_least.as_ref().map_or(0.0, |(_, least)| *least)]);
        self.linear(phase.per.as_ref().map(|(function, _)| function));
        self.numbers(&[phase.per.as_ref().map_or(0.0, |(_, share)| *share)]);
        self.linear(phase.floor.as_ref());
    }
}
