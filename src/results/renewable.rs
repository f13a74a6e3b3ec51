//! Renewable energy against what is used: one set of sums, for the key figure and for the chart.
//!
//! Renewable is what renewable contracts bring and what certificates are of, less what batteries lose of
//! it. What a battery loses is charged to the hour in which it goes in: of what is
//! charged, 1 − η² never comes back. Over a period, in which a battery ends where it began, that is
//! charge less discharge.

use super::{Results, Role};

/// Energy of a period as a renewable share sees it, GWh.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Renewable {
    /// Drawn through meters and from plant, what charges batteries included.
    pub drawn_gwh: f64,
    /// Facility load.
    pub load_gwh: f64,
    /// Renewable draw and certificates, less what batteries lose: in whatever hour it comes.
    pub renewable_gwh: f64,
    /// So much of it comes in the slice in which as much is drawn.
    pub matched_gwh: f64,
}

impl Renewable {
    /// The sums of a period over the sites that are taken in.
    #[must_use]
    pub fn of(results: &Results, period: usize, takes: &dyn Fn(usize) -> bool) -> Self {
        let mut sums = Self::default();
        let at = |rows: &[Vec<f64>], slice: usize| rows.get(period).and_then(|row| row.get(slice)).copied().unwrap_or(0.0);
        for (slice, info) in results.slices.iter().enumerate() {
            let gigawatt_hours = info.hours.get(period).copied().unwrap_or(0.0) * 1e-3;
            let (mut drawn, mut renewable) = (0.0, 0.0);
            for contract in results.contracts.iter().filter(|contract| takes(contract.site)) {
                if contract.kind.role == Role::Store {
                    renewable -= at(&contract.losses_mw, slice);
                    continue;
                }
                let mw = at(&contract.draw_mw, slice);
                drawn += mw;
                renewable += at(&contract.certificates_mw, slice) + if contract.renewable { mw } else { 0.0 };
            }
            let load: f64 =
                results.power.iter().enumerate().filter(|(site, _)| takes(*site)).map(|(_, power)| at(&power.load_mw, slice)).sum();
            sums.drawn_gwh += drawn * gigawatt_hours;
            sums.load_gwh += load * gigawatt_hours;
            sums.renewable_gwh += renewable * gigawatt_hours;
            sums.matched_gwh += drawn.min(renewable).max(0.0) * gigawatt_hours;
        }
        sums
    }

    /// The sums of the whole horizon, all sites together.
    #[must_use]
    pub fn of_all(results: &Results) -> Self {
        (0..results.periods.len()).map(|period| Self::of(results, period, &|_| true)).fold(Self::default(), |sum, of| Self {
            drawn_gwh: sum.drawn_gwh + of.drawn_gwh,
            load_gwh: sum.load_gwh + of.load_gwh,
            renewable_gwh: sum.renewable_gwh + of.renewable_gwh,
            matched_gwh: sum.matched_gwh + of.matched_gwh,
        })
    }
}
