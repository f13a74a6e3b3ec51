//! How cost is written off, year by year, as shares of the cost.
//!
//! MACRS are the percentages of IRS Publication 946, table A-1 (half-year convention): half a year in
//! the first and in the last year, so five-year property takes six years.

pub use crate::plan::finance::WriteOff as Depreciation;

const MACRS3: [f64; 4] = [0.3333, 0.4445, 0.1481, 0.0741];
const MACRS5: [f64; 6] = [0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576];
const MACRS7: [f64; 8] = [0.1429, 0.2449, 0.1749, 0.1249, 0.0893, 0.0892, 0.0893, 0.0446];
const MACRS15: [f64; 16] =
    [0.05, 0.095, 0.0855, 0.077, 0.0693, 0.0623, 0.059, 0.059, 0.0591, 0.059, 0.0591, 0.059, 0.0591, 0.059, 0.0591, 0.0295];
const MACRS20: [f64; 21] = [
    0.0375, 0.07219, 0.06677, 0.06177, 0.05713, 0.05285, 0.04888, 0.04522, 0.04462, 0.04461, 0.04462, 0.04461, 0.04462, 0.04461, 0.04462,
    0.04461, 0.04462, 0.04461, 0.04462, 0.04461, 0.02231,
];

impl Depreciation {
    /// The share of the cost that is written off in a year of service (1 is the first).
    #[must_use]
    pub fn share(&self, year: usize) -> f64 {
        let Some(index) = year.checked_sub(1) else { return 0.0 };
        let of = |table: &[f64]| table.get(index).copied().unwrap_or(0.0);
        match self {
            Self::Straight(years) => (years - index as f64).clamp(0.0, 1.0) / years,
            Self::Macrs3 => of(&MACRS3),
            Self::Macrs5 => of(&MACRS5),
            Self::Macrs7 => of(&MACRS7),
            Self::Macrs15 => of(&MACRS15),
            Self::Macrs20 => of(&MACRS20),
            Self::Bonus(first) => (1.0 - first) * of(&MACRS5) + if index == 0 { *first } else { 0.0 },
        }
    }

    /// Years until all is written off.
    #[must_use]
    pub fn years(&self) -> usize {
        match self {
            Self::Straight(years) => years.ceil() as usize,
            Self::Macrs3 => MACRS3.len(),
            Self::Macrs5 | Self::Bonus(_) => MACRS5.len(),
            Self::Macrs7 => MACRS7.len(),
            Self::Macrs15 => MACRS15.len(),
            Self::Macrs20 => MACRS20.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Depreciation;

    #[test]
    fn everything_is_written_off_once() {
        use Depreciation::{Bonus, Macrs3, Macrs5, Macrs7, Macrs15, Macrs20, Straight};
        for kind in [Straight(5.0), Straight(2.5), Straight(0.5), Macrs3, Macrs5, Macrs7, Macrs15, Macrs20, Bonus(0.6), Bonus(1.0)] {
            let years = kind.years();
            let sum: f64 = (1..=years).map(|year| kind.share(year)).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{kind:?} sums to {sum}");
            assert_eq!((kind.share(0), kind.share(years + 1)), (0.0, 0.0), "{kind:?}");
            assert!(kind.share(years) > 0.0 || matches!(kind, Bonus(_)), "{kind:?}");
        }
    }

    #[test]
    fn parts_of_years_and_bonus_by_hand() {
        // 2.5 years: 0.4, 0.4, 0.2. Bonus of 60 %: 0.6 + 0.4 · 0.2 = 0.68, then 0.4 · 0.32 = 0.128.
        let straight = Depreciation::Straight(2.5);
        assert!([(1, 0.4), (2, 0.4), (3, 0.2)].iter().all(|(year, share)| (straight.share(*year) - share).abs() < 1e-15));
        let bonus = Depreciation::Bonus(0.6);
        assert!([(1, 0.68), (2, 0.128)].iter().all(|(year, share)| (bonus.share(*year) - share).abs() < 1e-15));
    }
}
