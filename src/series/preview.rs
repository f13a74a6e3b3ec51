//! A clean series at a glance: for the window and for the command line.

use super::reading::Clean;

/// What is shown before a series is accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// 365 days of 24 hours: a heat map.
    pub days: Vec<[f64; 24]>,
    /// All hours, the highest first: a duration curve.
    pub duration: Vec<f64>,
    /// The mean day.
    pub mean_day: [f64; 24],
    /// Least value.
    pub low: f64,
    /// Greatest value.
    pub high: f64,
    /// Mean of the year.
    pub mean: f64,
    /// What was put right.
    pub put_right: Vec<String>,
}

impl Preview {
    /// Of a clean series.
    #[must_use]
    pub fn of(clean: &Clean) -> Self {
        Self::of_values(&clean.values, clean.put_right.clone())
    }

    /// Of the hours of a year.
    #[must_use]
    pub fn of_values(values: &[f64], put_right: Vec<String>) -> Self {
        let days: Vec<[f64; 24]> = values
            .chunks(24)
            .map(|hours| {
                let mut day = [0.0; 24];
                for (slot, value) in day.iter_mut().zip(hours) {
                    *slot = *value;
                }
                day
            })
            .collect();
        let mut duration = values.to_vec();
        duration.sort_by(|a, b| b.total_cmp(a));
        let mut mean_day = [0.0; 24];
        for day in &days {
            for (mean, value) in mean_day.iter_mut().zip(day) {
                *mean += value / days.len() as f64;
            }
        }
        let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
        Self {
            low: duration.last().copied().unwrap_or(0.0),
            high: duration.first().copied().unwrap_or(0.0),
            days,
            duration,
            mean_day,
            mean,
            put_right,
        }
    }
}
