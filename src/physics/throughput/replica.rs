//! The chips that an operating point needs at least.

/// The fewest chips that an operating point runs on, and how they are split.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Replica {
    /// Chips of the prefilling pool; 0 where one pool does both.
    pub prefill_chips: f64,
    /// Chips of the decoding pool, or of the only one.
    pub decode_chips: f64,
}

impl Replica {
    /// One pool of so many chips.
    #[must_use]
    pub const fn one_pool(chips: f64) -> Self {
        Self { prefill_chips: 0.0, decode_chips: chips }
    }

    /// All its chips.
    #[must_use]
    pub fn chips(&self) -> f64 {
        self.prefill_chips + self.decode_chips
    }

    /// In words: `8 chips`, `16 + 72 chips (prefill + decode)`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let plural = |chips: f64| if (chips - 1.0).abs() < 1e-9 { "chip" } else { "chips" };
        if self.prefill_chips > 0.0 {
            format!("{} + {} chips (prefill + decode)", self.prefill_chips, self.decode_chips)
        } else {
            format!("{} {}", self.decode_chips, plural(self.decode_chips))
        }
    }
}
