//! Which whole numbers are in the way: a plan whose limits can be kept in fractions of a hall or a rack,
//! and not in whole ones.
//!
//! All of a kind (a hall type at a site, a chip at a site) are let be fractions, one kind after the
//! other: those without which the rest still contradicts itself have no part in it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use super::Stated;
use crate::formulation::program::{Linear, Phase, Program, Sense};
use crate::results::Give;
use crate::solve::{self, SolveOptions, Status};
use crate::words::short;

/// Longest time for the whole search, and seconds for one step of it.
const MOST: Duration = Duration::from_secs(20);
const STEP_S: f64 = 5.0;

/// Whole columns of one kind.
struct Kind {
    path: String,
    name: String,
    unit: &'static str,
    /// Their columns.
    cols: Vec<usize>,
}

/// The kinds whose whole numbers, together, keep the plan from having an answer.
pub(super) fn in_the_way(stated: &Stated, cancel: Option<&Arc<AtomicBool>>) -> Vec<Give> {
    let nothing = Linear { name: "nothing", unit: "", terms: Vec::new(), constant: 0.0 };
    let phase = Phase { goal: nothing, sense: Sense::Minimise, tolerance: 0.0, at_least: None, per: None, floor: None };
    let mut program = Program { phases: vec![phase], ..stated.formulation.program.clone() };
    let until = Instant::now() + MOST;
    let status = |program: &Program, whole: bool| {
        let options = SolveOptions { whole, time_limit_s: Some(STEP_S), cancel: cancel.cloned(), gap: 1.0, ..SolveOptions::default() };
        solve::solve(program, &options)
    };
    let divisible = status(&program, false);
    let mut kinds = kinds(stated);
    if divisible.status != Status::Optimal || kinds.is_empty() {
        return Vec::new();
    }
    let mut number = 0;
    while number < kinds.len() && Instant::now() < until {
        for col in &kinds[number].cols {
            program.columns[*col].whole = false;
        }
        if status(&program, true).status == Status::Infeasible {
            kinds.remove(number);
        } else {
            for col in &kinds[number].cols {
                program.columns[*col].whole = true;
            }
            number += 1;
        }
    }
    let many = kinds.len() > 1;
    kinds
        .into_iter()
        .map(|kind| {
            let value: f64 = kind.cols.iter().map(|col| divisible.point.get(*col).copied().unwrap_or(0.0)).sum();
            let sentence = format!(
                "{} come in whole {}, and no whole number of them keeps all limits{}; {} would, for instance. Allow fractions, or loosen what leaves no room for the next whole number.",
                kind.name,
                kind.unit,
                if many { " together with the others named here" } else { "" },
                short(value)
            );
            Give { path: kind.path, give: 0.0, unit: kind.unit, value, sentence }
        })
        .collect()
}

fn kinds(stated: &Stated) -> Vec<Kind> {
    let (resolved, layout) = (&stated.resolved, &stated.formulation.layout);
    let columns = &stated.formulation.program.columns;
    let is_whole = |col: usize| columns.get(col).is_some_and(|column| column.whole);
    let mut kinds: BTreeMap<String, Kind> = BTreeMap::new();
    for halls in &layout.halls {
        let place = &resolved.places[halls.place];
        let Some(kind) = place.site.as_ref().and_then(|site| site.buildable.get(halls.kind)) else { continue };
        let path = format!("sites.{}.buildable.{}", place.id, kind.id);
        let cols = halls.orders.iter().map(|(_, col)| col.0 as usize).filter(|col| is_whole(*col)).collect();
        kinds.insert(
            path.clone(),
            Kind { path, name: format!("Halls {} at {}", crate::words::words(&kind.id), place.name), unit: "halls", cols },
        );
    }
    for (pool, cols) in resolved.pools.iter().zip(&layout.pools) {
        let (place, chip) = (&resolved.places[pool.place], &resolved.chips[pool.chip]);
        let orders: Vec<usize> = cols.orders.iter().map(|(_, col)| col.0 as usize).filter(|col| is_whole(*col)).collect();
        let path = format!("chips.{}", chip.id);
        let kind = Kind { path, name: format!("{} at {}", chip.name, place.name), unit: "racks", cols: orders };
        kinds.insert(format!("chips.{}.{}", chip.id, place.id), kind);
    }
    kinds.into_values().filter(|kind| !kind.cols.is_empty()).collect()
}
