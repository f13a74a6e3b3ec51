//! The most that may be drawn in a slice.
//!
//! draw ≤ cap, and ≤ the lower cap in slices in which the supplier may hold it down    (MW)
//! draw ≤ output\[t] · contract_mw      where MW are contracted
//! draw ≤ output\[t] · MW alive         where plant stands
//!
//! Every draw enters the site's supply, and through the interconnect what comes from the grid.

use super::plant::alive;
use crate::formulation::Builder;
use crate::formulation::builder::{Bound, When};
use crate::formulation::expr::Expr;
use crate::resolved::supply::Output;
use crate::resolved::{Contract, ContractIx, Ix as _, PeriodIx};

/// Adds the rows of a period.
pub(super) fn add(builder: &mut Builder<'_>, index: ContractIx, contract: &Contract, period: PeriodIx) {
    let resolved = builder.resolved;
    let facets = &contract.facets;
    let cols = builder.layout.contracts[index].draw[period].clone();
    let contract_mw = builder.layout.contracts[index].contract_mw;
    let alive = alive(builder, index, contract, period);
    let ids = [contract.id.as_str()];
    // One number of the plan, however many slices it holds in.
    let (mut capped, mut held_down) = (None, None);
    for (position, (slice, col)) in resolved.calendar.slices_of[period].iter().zip(cols).enumerate() {
        let Some(col) = col else { continue };
        if let Some(supply) = builder.balance.supply[contract.place][period].get_mut(position) {
            supply.add(col, 1.0);
        }
        if contract.through_grid()
            && let Some(grid) = builder.balance.through_grid[contract.place][period].get_mut(position)
        {
            grid.add(col, 1.0);
        }
        let by_hour = facets.cap.as_ref().filter(|cap| !cap.is_flat()).map(|cap| cap.number(period, *slice));
        let cap = facets.cap.as_ref().map(|cap| (cap.mw.at(period, *slice), &cap.path, &mut capped)).filter(|(most, ..)| most.is_finite());
        let held = facets.hold_down.as_ref().filter(|held| held.slices.contains(slice));
        let held = held.map(|held| (held.cap_mw, &held.path, &mut held_down));
        // The lower of the two holds; where they are the same, the one for fewer hours is named.
        let lower = match (cap, held) {
            (Some(cap), Some(held)) => Some(if held.0 <= cap.0 { held } else { cap }),
            (cap, held) => held.or(cap),
        };
        if let Some((most, path, limit)) = lower {
            let of_cap = facets.cap.as_ref().is_some_and(|cap| cap.path == *path);
            let limit = match by_hour.filter(|_| of_cap) {
                // A limit by the hour is one number of the plan with a weight in each slice, or a number a slice.
                Some((path, value, per_unit)) => builder.limit(path, "MW", value, per_unit),
                None => *limit.get_or_insert_with(|| builder.limit(path.clone(), "MW", most, 1.0)),
            };
            builder.limit_column(col, limit);
            if let Some(column) = builder.program.columns.get_mut(col.0 as usize) {
                column.upper = most;
            }
        }
        let Some(output) = &facets.output else { continue };
        let mut row = Expr::col(col);
        let noun = match (&facets.plant, output) {
            (Some(_), _) => "plant_output",
            (None, Output::Profile(_)) => "produced",
            (None, Output::Flat(_)) => "block",
        };
        let gives = contract.output(period, *slice);
        row.add_expr(&alive, -gives);
        if let Some(contract_mw) = contract_mw {
            row.add(contract_mw, -gives);
        }
        builder.row("contract_terms", noun, &ids, When::slice(period, slice.position()), row, Bound::AtMost(0.0), None);
    }
}
