//! What stands along the axes of a chart: where, how many, and in what words.

use egui_plot::GridMark;

use crate::charts::ticks::{power_of_ten, ticks};
use crate::words::{grouped, hour, short};

/// What an axis says: names of categories, hours, numbers, or powers of ten.
#[derive(Clone)]
pub(super) enum Ticks {
    Names {
        names: Vec<String>,
        fit: f64,
    },
    Hours {
        fit: f64,
    },
    /// `edge` is the share of the axis at its end in which a number would be cut.
    Numbers {
        fit: usize,
        edge: f64,
    },
    Powers,
}

impl Ticks {
    pub(super) fn marks(&self, (low, high): (f64, f64)) -> Vec<GridMark> {
        let span = (high - low).max(1e-12);
        let stepped = |step: f64, values: Vec<f64>| -> Vec<GridMark> {
            let within = values.into_iter().filter(|value| (low..=high).contains(value));
            within.map(|value| GridMark { value, step_size: step }).collect()
        };
        match self {
            Self::Names { names, fit } => {
                let mut step = 1.0;
                while span / step > *fit {
                    step *= 2.0;
                }
                let values = (0..names.len()).map(|index| index as f64).filter(|value| value % step == 0.0).collect();
                stepped(step, values)
            }
            Self::Hours { fit } => {
                let step = [1.0, 2.0, 3.0, 4.0, 6.0, 12.0, 24.0, 48.0, 168.0, 672.0]
                    .into_iter()
                    .find(|step| span / step <= *fit)
                    .unwrap_or(2016.0);
                let first = (low / step).ceil() as i64;
                // The last hour would be cut at the edge.
                stepped(
                    step,
                    (first..first + 400).map(|index| index as f64 * step).take_while(|value| *value < high - 0.02 * span).collect(),
                )
            }
            Self::Numbers { fit, edge } => {
                let mut values = ticks(low, high, *fit).values;
                let step = values.iter().zip(values.iter().skip(1)).map(|(a, b)| b - a).next().unwrap_or(1.0);
                values.retain(|value| *value <= high - edge * span);
                stepped(step, values)
            }
            Self::Powers => {
                let between: &[f64] = if span < 2.5 { &[0.0, 2f64, 5.0] } else { &[0.0] };
                let values = (low.floor() as i32..=high.ceil() as i32)
                    .flat_map(|exponent| {
                        between.iter().map(move |times| f64::from(exponent) + if *times > 0.0 { times.log10() } else { 0.0 })
                    })
                    .collect();
                stepped(1.0, values)
            }
        }
    }

    pub(super) fn text(&self, mark: &GridMark) -> String {
        match self {
            Self::Names { names, .. } => names.get(mark.value.round().max(0.0) as usize).cloned().unwrap_or_default(),
            Self::Hours { .. } => hour(mark.value),
            Self::Numbers { .. } => grouped(mark.value, (-mark.step_size.log10() - 1e-9).ceil().clamp(0.0, 9.0) as usize),
            Self::Powers if (mark.value - mark.value.round()).abs() < 1e-9 => power_of_ten(mark.value.round() as i32),
            Self::Powers => short(10f64.powf(mark.value)),
        }
    }
}

/// A range upwards with so much room under its lowest number, in a picture of this height, that it keeps clear of the
/// numbers across, which stand under the corner too. `row` is the height of a line of text.
pub(super) fn clear_below((low, high): (f64, f64), ticks: &Ticks, height: f32, row: f32) -> (f64, f64) {
    let Some(lowest) = ticks.marks((low, high)).first().map(|mark| mark.value) else { return (low, high) };
    // Two lines of text stand under the frame at most. Half a line hangs under a number, the last tenth of it without ink.
    let share = f64::from(0.4 * row / (height - 2.0 * row).max(2.0 * row));
    (low.min((lowest - share * high) / (1.0 - share)), high)
}
