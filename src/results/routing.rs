//! Which tasks went where, how well they came out, and what a point of quality costs.

use super::Results;
use super::read::Reading;
use super::tasks::{TaskRouting, WayTaken};
use crate::resolved::Ix as _;

/// Reads them off a point.
pub(super) fn routing(reading: &Reading<'_>) -> Vec<TaskRouting> {
    let tasks = reading.resolved.tasks.iter().zip(&reading.formulation.layout.routed);
    tasks
        .map(|(task, cols)| {
            let ways: Vec<WayTaken> = task
                .ways
                .iter()
                .zip(&cols.ways)
                .map(|(way, cols)| WayTaken {
                    name: way.name.clone(),
                    products: way.steps.iter().map(|(product, _)| product.position()).collect(),
                    pass_fraction: way.pass,
                    answer_tokens_per_task: way.steps.iter().map(|(_, tokens)| tokens).sum(),
                    measured: way.measured,
                    // Dust of the solver is no task.
                    millions: reading.by_period(|period| {
                        let done = reading.maybe(cols[period]);
                        if done > 1e-9 * task.millions[period] { done } else { 0.0 }
                    }),
                })
                .collect();
            let sum = |of: &dyn Fn(&WayTaken) -> f64| {
                reading
                    .by_period(|period| ways.iter().map(|way| way.millions.get(period.position()).copied().unwrap_or(0.0) * of(way)).sum())
            };
            let (done, right) = (sum(&|_| 1.0), sum(&|way| way.pass_fraction));
            TaskRouting {
                id: task.id.clone(),
                name: task.name.clone(),
                market: task.market.position(),
                millions: task.millions.iter().copied().collect(),
                need_fraction: task.need.iter().copied().collect(),
                pass_fraction: done.iter().zip(&right).map(|(done, right)| if *done > 0.0 { right / done } else { 0.0 }).collect(),
                answer_ttok: sum(&|way| 1e-6 * way.answer_tokens_per_task),
                ways,
            }
        })
        .collect()
}

impl Results {
    /// What one point more of a class's pass rate costs in a period, M$ as the goal counts it, found by solving: more,
    /// and what one point less saves where that is not the same. None where quality does not bind.
    #[must_use]
    pub fn quality_musd_per_point(&self, task: &str, period: usize) -> Option<(f64, Option<f64>)> {
        let path = format!("tasks.{task}.pass_fraction");
        let binding = self.binding.iter().find(|binding| binding.path == path && binding.period_index == Some(period))?;
        if !binding.unit.starts_with("M$") {
            return None;
        }
        Some((binding.dual.abs() * 0.01, binding.less.map(|less| less.abs() * 0.01)))
    }
}
