//! Numbers in turn, the same on every machine.

/// SplitMix64, by Steele, Lea and Flood (2014).
pub struct Dice(pub u64);

impl Dice {
    /// One of `sides`, from 0.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (word ^ (word >> 31)) % sides.max(1)
    }

    /// The same as a place in something of this length.
    pub fn below(&mut self, most: usize) -> usize {
        self.roll(most as u64) as usize
    }
}
