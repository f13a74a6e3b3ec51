//! How long it takes to check a proof without solving, and what the largest plan that may be asked for takes.

use tokenworks::catalog::Catalog;
use tokenworks::disk::studies::peak_memory_mib;
use tokenworks::formulation::size;
use tokenworks::plan::Plan;
use tokenworks::plan::edit::{Edit, apply};
use tokenworks::resolved::{Resolved, Series};
use tokenworks::solve::{self, SolveOptions};
use tokenworks::study::proved::{answer_from_proof, answer_with_proof};
use tokenworks::study::{self, Options};

use super::{SIZES, sized, timed};

/// Solves Texas as it is and at some sizes, and checks each proof three times. `which` names the sizes.
pub fn print(texas: &Plan, which: &[String]) {
    println!("Proofs: solved once, then read and checked by our own arithmetic; CPU ms. Aimed at: 100 for Texas, 1,000 at 100k columns.");
    let wanted = |name: &str| which.is_empty() || which.iter().any(|word| word == name);
    let mut plans = vec![("texas", texas.clone())];
    plans.extend(SIZES.iter().map(|size| (size.name, sized(texas, size))));
    for (name, mut plan) in plans.into_iter().filter(|(name, _)| wanted(name)) {
        // A proof is of the plan, not of its studies.
        plan.studies.clear();
        let ((answer, proof), solve_s) = timed(|| answer_with_proof(&plan, &Series::default(), &Options::default()));
        let columns = answer.results.as_ref().map_or(0, |results| results.solver.columns);
        match proof {
            Err(why) => println!("    {name:<8} {columns:>8} columns: {why}"),
            Ok(text) => {
                let mut checks = Vec::new();
                let mut state_ms = 0.0;
                for _ in 0..3 {
                    match answer_from_proof(&plan, &Series::default(), &text) {
                        Ok(proved) => {
                            checks.push(format!("{:.0}", proved.check_ms));
                            state_ms = proved.state_ms;
                        }
                        Err(why) => checks.push(format!("refused: {why:?}")),
                    }
                }
                println!(
                    "    {name:<8} {columns:>8} columns: {:>6.1} MB, solved in {solve_s:.1} s, stated in {state_ms:.0} ms, checked in {} ms",
                    text.len() as f64 / 1e6,
                    checks.join(", ")
                );
            }
        }
    }
}

/// Texas by the hour for as many years as may be asked for: stated, then solved for so many seconds.
pub fn largest(texas: &Plan, seconds: f64) {
    println!("The largest legal plan: Texas by the hour; at most {} columns are planned.", size::MAX_COLUMNS);
    let mut legal = None;
    for years in 1..=40 {
        let mut plan = texas.clone();
        plan.studies.clear();
        let edits = [("horizon.period_months", "12".to_owned()), ("horizon.periods", years.to_string()), ("slices", "Hourly".to_owned())];
        for (path, value) in edits {
            if let Err(problems) = apply(&mut plan, &Edit::set(path, value)) {
                println!("{path}: {problems:?}");
            }
        }
        match Resolved::new(&plan, Catalog::embedded(), &Series::default()) {
            Ok(resolved) if size::of(&resolved).columns() <= size::MAX_COLUMNS => {
                legal = Some((years, size::of(&resolved).columns(), plan));
            }
            Ok(_) => break,
            Err(problems) => {
                println!("{years} years: {problems:?}");
                break;
            }
        }
    }
    let Some((years, estimate, plan)) = legal else {
        println!("    none");
        return;
    };
    let before = peak_memory_mib().unwrap_or(0);
    let (stated, state_s) = timed(|| study::state(&plan, &Series::default(), &Options::default()));
    let Ok(stated) = stated else {
        println!("    refused");
        return;
    };
    let program = &stated.formulation.program;
    println!(
        "    {years} years, {estimate} columns estimated: {} columns, {} rows, {} entries; stated in {state_s:.1} s; peak {} MiB (before {before})",
        program.columns.len(),
        program.rows.len(),
        program.nonzeros(),
        peak_memory_mib().unwrap_or(0)
    );
    let (outcome, _) = timed(|| solve::solve(program, &SolveOptions { time_limit_s: Some(seconds), ..SolveOptions::default() }));
    println!(
        "    solved within {seconds} s: {}; {:.0} CPU s, {}; peak {} MiB",
        format!("{:?}", outcome.status).chars().take(60).collect::<String>(),
        outcome.cpu_seconds,
        outcome.solver,
        peak_memory_mib().unwrap_or(0)
    );
}
