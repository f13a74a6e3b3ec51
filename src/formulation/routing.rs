//! Tasks, each done in the way that is best for all.
//!
//! For each class k of tasks and period p, with routed\[k,w,p] million tasks done in way w (a product alone, or one
//! first and another where it failed), of which a share pass\[w] comes out right:
//!
//!   Σ_w routed = tasks\[k,p]                                              (million tasks)
//!   Σ_w (pass\[w] − need\[k,p]) · routed ≥ 0
//!
//! and for each market r and product m that tasks may ask
//!
//!   Σ_{k at r} Σ_w 1e-6 · tokens\[w,m] · routed = sold\[r,m,p] to tasks      (Ttok)
//!
//! with tokens\[w,m] the answer tokens of m for a task done in way w: of the second in a cascade those of a task times
//! the share that is asked again. From there on they are demand like any other, but pay nothing.
//!
//! The dual of the second row is what a point of quality costs; that of the first what one more task does.

use super::Builder;
use super::builder::{Bound, When};
use super::expr::Expr;
use super::layout::RoutedCols;
use super::program::Col;
use crate::resolved::{PeriodIx, Table};

/// Adds the columns and the rows.
pub fn add(builder: &mut Builder<'_>) {
    let resolved = builder.resolved;
    // What tasks ask of each demand, by period.
    let mut asked: Vec<Table<PeriodIx, Expr>> =
        resolved.demands.iter().map(|_| Table::build(&resolved.calendar.periods, |_| Expr::default())).collect();
    for task in &resolved.tasks {
        let mut cols: Vec<Table<PeriodIx, Option<Col>>> = task.ways.iter().map(|_| Table::default()).collect();
        for period in resolved.calendar.periods.keys() {
            let (mut all, mut right) = (Expr::default(), Expr::default());
            for (number, (way, cols)) in task.ways.iter().zip(&mut cols).enumerate() {
                let demands: Vec<(usize, f64)> =
                    way.steps.iter().filter_map(|(product, tokens)| Some((resolved.demand_of(task.market, *product)?, *tokens))).collect();
                let sells = |demand: usize| builder.layout.demands.get(demand).is_some_and(|cols| !cols.sold[period].is_empty());
                if task.millions[period] <= 0.0 || !demands.iter().all(|(demand, _)| sells(*demand)) {
                    cols.push(None);
                    continue;
                }
                let col = builder.column("routed", &[&task.id], When::slice(period, number), f64::INFINITY);
                all.add(col, 1.0);
                right.add(col, way.pass - task.need[period]);
                for (demand, tokens) in demands {
                    if let Some(asked) = asked.get_mut(demand) {
                        asked[period].add(col, 1e-6 * tokens);
                    }
                }
                cols.push(Some(col));
            }
            let (per_day, need) = (task.millions_per_task_per_day[period], task.need[period]);
            let stated = if per_day > 0.0 { task.millions[period] / per_day } else { 0.0 };
            if task.millions[period] > 0.0 {
                let count = builder.limit(format!("tasks.{}.tasks_per_day", task.id), "tasks/day", stated, per_day);
                let bound = Bound::Equal(task.millions[period]);
                builder.row("routing", "done", &[&task.id], When::period(period), all.clone(), bound, Some(count));
            }
            if task.millions[period] > 0.0 && need > 0.0 {
                let quality = builder.share_limit(format!("tasks.{}.pass_fraction", task.id), need, all);
                builder.row("routing", "right", &[&task.id], When::period(period), right, Bound::AtLeast(0.0), Some(quality));
            }
        }
        builder.layout.routed.push(RoutedCols { ways: cols });
    }
    for (index, (demand, asked)) in resolved.demands.iter().zip(asked).enumerate() {
        let Some(position) = demand.tasks() else { continue };
        let ids = [resolved.markets[demand.market].id.as_str(), resolved.products[demand.product].id.as_str()];
        for (period, mut row) in asked.pairs().map(|(period, asked)| (period, asked.clone())) {
            let sold = builder.layout.demands.get(index).and_then(|cols| cols.sold[period].get(position).copied());
            let Some(sold) = sold else { continue };
            row.add(sold, -1.0);
            builder.row("routing", "asked_by_tasks", &ids, When::period(period), row, Bound::Equal(0.0), None);
        }
    }
}
